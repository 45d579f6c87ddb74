// SPDX-License-Identifier: Apache-2.0
/* Modules from files and memory, and loads that fail, with their records. */
#include "kselftest_harness.h"
#include "measurer.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 120

#define STOCK	    "dummy"	  /* a signed module of the distribution */
#define NO_HARDWARE "padlock_sha" /* its init fails with -ENODEV here */

FIXTURE(module)
{
	struct log log;
	uint64_t from;
	uint8_t *image;
	size_t len;
	char path[256];
};

FIXTURE_SETUP(module)
{
	const char *path = stock_module(STOCK);

	ASSERT_NE(NULL, path);
	snprintf(self->path, sizeof(self->path), "%s", path);
	ASSERT_EQ(0, file_read(self->path, &self->image, &self->len));
	if (module_is_loaded(STOCK))
		ASSERT_EQ(0, unload(STOCK));
	self->from = log_records();
	ASSERT_LT(0, self->from);
}

FIXTURE_TEARDOWN(module)
{
	const char *fault = golden_rule();

	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
	unload(STOCK);
	free(self->image);
	log_done(&self->log);
}

/* The MODULE record since set-up, which must be the only one. */
static struct crd_record only_record(struct __test_metadata *_metadata,
				     struct log *log, uint64_t from,
				     const char *name)
{
	struct want want = { from, CRD_EV_MODULE, name };
	struct crd_record rec = { .event = 0 };

	EXPECT_EQ(0, log_read(log));
	EXPECT_EQ(1, log_count(log, want));
	log_find(log, want, &rec);
	return rec;
}

/* The MODULE_RESULT records since set-up: how many, and the first's result. */
static unsigned int results(struct log *log, uint64_t from, int *ret_error)
{
	struct want want = { .from = from, .event = CRD_EV_MODULE_RESULT };
	struct crd_record rec;

	*ret_error = 0;
	if (log_read(log))
		return 0;
	if (log_find(log, want, &rec))
		*ret_error = (int32_t)field_u64(rec.fields, CRD_F_RESULT);
	return log_count(log, want);
}

TEST_F(module, from_a_file)
{
	struct crd_record rec;

	ASSERT_EQ(0, load_file(self->path, ""));
	rec = only_record(_metadata, &self->log, self->from, STOCK);
	ASSERT_EQ(CRD_EV_MODULE, rec.event);
	EXPECT_EQ(CRD_ORIGIN_FILE, field_u64(rec.fields, CRD_F_ORIGIN));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_PATH, self->path));
	EXPECT_EQ(self->len, field_u64(rec.fields, CRD_F_SIZE));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, self->image,
				       self->len));
	EXPECT_EQ(CRD_SIG_VERIFIED, field_u64(rec.fields, CRD_F_SIG_STATUS));
	EXPECT_EQ(1, field_u64(rec.fields, CRD_F_INTREE));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_LICENSE, "GPL"));
	EXPECT_EQ(getpid(), field_u64(rec.fields, CRD_F_PID));
	EXPECT_EQ(0, field_u64(rec.fields, CRD_F_UID));
}

/* ... [ELF][PKCS#7][12 bytes, the last 4 the length][28 bytes of marker] */
TEST_F(module, signature_and_payload)
{
	static const char marker[] = "~Module signature appended~\n";
	size_t tail = self->len - (sizeof(marker) - 1), sig, payload;
	struct crd_record rec;
	struct crd_buf value;

	ASSERT_EQ(0, memcmp(self->image + tail, marker, sizeof(marker) - 1));
	sig = (size_t)self->image[tail - 4] << 24 |
	      self->image[tail - 3] << 16 | self->image[tail - 2] << 8 |
	      self->image[tail - 1];
	payload = tail - 12 - sig;
	ASSERT_EQ(0, load_file(self->path, ""));
	rec = only_record(_metadata, &self->log, self->from, STOCK);
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_PAYLOAD_DIGEST,
				       self->image, payload));
	ASSERT_TRUE(crd_field_get(rec.fields, CRD_F_SIGNATURE, &value));
	ASSERT_EQ(sig, value.len);
	EXPECT_EQ(0, memcmp(value.ptr, self->image + payload, sig));
}

TEST_F(module, from_memory)
{
	struct crd_record rec;
	struct crd_buf path;

	ASSERT_EQ(0, load_memory(self->path, ""));
	rec = only_record(_metadata, &self->log, self->from, STOCK);
	EXPECT_EQ(CRD_ORIGIN_MEMORY, field_u64(rec.fields, CRD_F_ORIGIN));
	EXPECT_FALSE(crd_field_get(rec.fields, CRD_F_PATH, &path));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, self->image,
				       self->len));
	EXPECT_EQ(getpid(), field_u64(rec.fields, CRD_F_PID));
	EXPECT_EQ(0, field_u64(rec.fields, CRD_F_UID));
}

TEST_F(module, from_a_memfd)
{
	struct crd_record rec;

	ASSERT_EQ(0, load_memfd(self->path, ""));
	rec = only_record(_metadata, &self->log, self->from, STOCK);
	EXPECT_EQ(CRD_ORIGIN_ANONYMOUS, field_u64(rec.fields, CRD_F_ORIGIN));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, self->image,
				       self->len));
}

TEST_F(module, unsigned_is_recorded_as_such)
{
	static const char marker[] = "~Module signature appended~\n";
	size_t tail = self->len - (sizeof(marker) - 1);
	struct crd_record rec;
	struct crd_buf value;
	size_t sig;

	sig = (size_t)self->image[tail - 4] << 24 |
	      self->image[tail - 3] << 16 | self->image[tail - 2] << 8 |
	      self->image[tail - 1];
	ASSERT_EQ(0, load_bytes(self->image, tail - 12 - sig, ""));
	rec = only_record(_metadata, &self->log, self->from, STOCK);
	EXPECT_EQ(CRD_SIG_NONE, field_u64(rec.fields, CRD_F_SIG_STATUS));
	EXPECT_FALSE(crd_field_get(rec.fields, CRD_F_SIGNATURE, &value));
	/* taint E: an unsigned module */
	EXPECT_TRUE(field_u64(rec.fields, CRD_F_TAINTS) & 1 << 13);
}

TEST_F(module, failing_init)
{
	char path[256];
	struct crd_record rec, result;
	int err;

	ASSERT_NE(NULL, stock_module(NO_HARDWARE));
	snprintf(path, sizeof(path), "%s", stock_module(NO_HARDWARE));
	err = load_file(path, "");
	ASSERT_EQ(-ENODEV, err);
	rec = only_record(_metadata, &self->log, self->from, NO_HARDWARE);
	ASSERT_EQ(CRD_EV_MODULE, rec.event);
	ASSERT_TRUE(
		log_find_ref(&self->log, CRD_EV_MODULE_RESULT, &rec, &result));
	EXPECT_EQ(-ENODEV, (int32_t)field_u64(result.fields, CRD_F_RESULT));
}

TEST_F(module, garbage)
{
	static const uint8_t garbage[4096] = "\177ELF, or so it says";
	struct want modules = { self->from, CRD_EV_MODULE, NULL };
	int err;

	EXPECT_EQ(-ENOEXEC, load_bytes(garbage, sizeof(garbage), ""));
	EXPECT_EQ(1, results(&self->log, self->from, &err));
	EXPECT_EQ(-ENOEXEC, err);
	EXPECT_EQ(0, log_count(&self->log, modules));
}

TEST_F(module, changed_after_signing)
{
	struct want modules = { self->from, CRD_EV_MODULE, NULL };
	int err;

	self->image[self->len / 2] ^= 1;
	EXPECT_EQ(-EKEYREJECTED, load_bytes(self->image, self->len, ""));
	EXPECT_EQ(1, results(&self->log, self->from, &err));
	EXPECT_EQ(-EKEYREJECTED, err);
	EXPECT_EQ(0, log_count(&self->log, modules));
}

TEST_F(module, made_for_another_kernel)
{
	/* With module versions on, only what follows the release counts. */
	uint8_t *magic = memmem(self->image, self->len, " SMP preempt ", 13);
	size_t unsigned_len = self->len - 28;
	int err;

	ASSERT_NE(NULL, magic);
	magic[1] = 'X';
	EXPECT_EQ(-ENOEXEC, load_bytes(self->image, unsigned_len, ""));
	EXPECT_EQ(1, results(&self->log, self->from, &err));
	EXPECT_EQ(-ENOEXEC, err);
}

TEST_F(module, already_loaded)
{
	int err;

	ASSERT_EQ(0, load_file(self->path, ""));
	self->from = log_records();
	EXPECT_EQ(-EEXIST, load_file(self->path, ""));
	EXPECT_EQ(1, results(&self->log, self->from, &err));
	EXPECT_EQ(-EEXIST, err);
}

TEST_F(module, bad_parameter)
{
	struct crd_record rec, result;

	/* Unknown parameters are only warned about; a bad value is refused. */
	EXPECT_EQ(-EINVAL, load_file(self->path, "numdummies=many"));
	rec = only_record(_metadata, &self->log, self->from, STOCK);
	ASSERT_EQ(CRD_EV_MODULE, rec.event);
	ASSERT_TRUE(
		log_find_ref(&self->log, CRD_EV_MODULE_RESULT, &rec, &result));
	EXPECT_EQ(-EINVAL, (int32_t)field_u64(result.fields, CRD_F_RESULT));
}

TEST_HARNESS_MAIN
