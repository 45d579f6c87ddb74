// SPDX-License-Identifier: Apache-2.0
/*
 * Modules in files that the kernel itself unpacks. Where it cannot, or not
 * that format, the attempt is recorded with the file's digest alone. And what
 * else finit_module(2) can be told.
 */
#include "kselftest_harness.h"
#include "measurer.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* <linux/module.h> */
#define MODULE_INIT_IGNORE_MODVERSIONS 1
#define MODULE_INIT_IGNORE_VERMAGIC    2
#define MODULE_INIT_COMPRESSED_FILE    4

#define NAME  "crd_plain"
#define PLAIN "/in/" NAME ".ko"
#define TRIES 16

FIXTURE(packed)
{
	uint64_t from;
	struct log log;
	uint8_t *plain;
	size_t plain_len;
	uint8_t *stored;
	size_t stored_len;
	char path[64];
	bool known;
};

/* The kernel takes one format, and says which. */
FIXTURE_VARIANT(packed)
{
	const char *format, *suffix;
};

FIXTURE_VARIANT_ADD(packed, gzip){ "gzip", "gz" };
FIXTURE_VARIANT_ADD(packed, xz){ "xz", "xz" };
FIXTURE_VARIANT_ADD(packed, zstd){ "zstd", "zst" };

static bool kernel_unpacks(const char *format)
{
	uint8_t *text;
	size_t len;
	bool same;

	if (file_read("/sys/module/compression", &text, &len))
		return false;
	same = len == strlen(format) + 1 && !memcmp(text, format, len - 1);
	free(text);
	return same;
}

FIXTURE_SETUP(packed)
{
	snprintf(self->path, sizeof(self->path), PLAIN ".%s", variant->suffix);
	ASSERT_EQ(0, file_read(PLAIN, &self->plain, &self->plain_len));
	ASSERT_EQ(0, file_read(self->path, &self->stored, &self->stored_len));
	self->known = kernel_unpacks(variant->format);
	self->from = log_records();
}

FIXTURE_TEARDOWN(packed)
{
	const char *fault = golden_rule();

	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
	unload(NAME);
	free(self->plain);
	free(self->stored);
	log_done(&self->log);
}

static int load_flags(const char *path, int flags)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, "", flags))
		err = -errno;
	close(fd);
	return err;
}

static int load_packed(const char *path)
{
	return load_flags(path, MODULE_INIT_COMPRESSED_FILE);
}

/* One record, of what came out of the file. */
TEST_F(packed, load)
{
	struct want want = { self->from, CRD_EV_MODULE, NAME };
	struct want lost = { self->from, CRD_EV_HOOK_LOST, NULL };
	struct crd_record rec;

	if (!self->known)
		SKIP(return, "not this kernel's format");
	ASSERT_EQ(0, load_packed(self->path));
	ASSERT_EQ(0, log_read(&self->log));
	EXPECT_EQ(1, log_count(&self->log, want));
	EXPECT_EQ(0, log_count(&self->log, lost));
	ASSERT_TRUE(log_find(&self->log, want, &rec));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_PATH, self->path));
	EXPECT_EQ(CRD_ORIGIN_FILE, field_u64(rec.fields, CRD_F_ORIGIN));
	EXPECT_EQ(self->plain_len, field_u64(rec.fields, CRD_F_SIZE));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, self->plain,
				       self->plain_len));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_FILE_DIGEST,
				       self->stored, self->stored_len));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_LICENSE, "GPL"));
	EXPECT_EQ(MODULE_INIT_COMPRESSED_FILE,
		  field_u64(rec.fields, CRD_F_LOAD_FLAGS));
}

/*
 * Of what the kernel did not unpack it has used nothing. Its reader of zstd is
 * content with what there is: then that was used, the beginning of the module.
 */
TEST_F(packed, cut_short)
{
	struct want modules = { self->from, CRD_EV_MODULE, NULL };
	struct want results = { self->from, CRD_EV_MODULE_RESULT, NULL };
	size_t half = self->stored_len / 2;
	struct crd_record rec;
	struct crd_buf digest;
	uint64_t size;
	int fd;

	fd = open("/tmp/half", O_CREAT | O_TRUNC | O_WRONLY, 0600);
	ASSERT_EQ(half, write(fd, self->stored, half));
	close(fd);
	EXPECT_GT(0, load_packed("/tmp/half"));
	ASSERT_EQ(0, log_read(&self->log));
	EXPECT_EQ(0, log_count(&self->log, modules));
	ASSERT_TRUE(log_find(&self->log, results, &rec));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_FILE_DIGEST,
				       self->stored, half));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_PATH, "/tmp/half"));
	if (!crd_field_get(rec.fields, CRD_F_DIGEST, &digest))
		return;
	EXPECT_STREQ("zst", variant->suffix);
	size = field_u64(rec.fields, CRD_F_SIZE);
	ASSERT_GT(self->plain_len, size);
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, self->plain,
				       size));
}

/* Many at once: one is loaded, and has one record. */
TEST_F(packed, at_once)
{
	struct want want = { self->from, CRD_EV_MODULE, NAME };
	struct want lost = { self->from, CRD_EV_HOOK_LOST, NULL };
	pid_t pids[TRIES];
	int i, status;

	if (!self->known)
		SKIP(return, "not this kernel's format");
	for (i = 0; i < TRIES; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			load_packed(self->path);
			_exit(0);
		}
	}
	for (i = 0; i < TRIES; i++)
		ASSERT_EQ(pids[i], waitpid(pids[i], &status, 0));
	ASSERT_EQ(0, log_read(&self->log));
	EXPECT_EQ(1, log_count(&self->log, want));
	EXPECT_EQ(0, log_count(&self->log, lost));
	EXPECT_TRUE(module_is_loaded(NAME));
}

/* Forced in, which skips the kernel's look at the signature. */
TEST(ignoring_versions)
{
	const int flags = MODULE_INIT_IGNORE_MODVERSIONS |
			  MODULE_INIT_IGNORE_VERMAGIC;
	struct want want = { log_records(), CRD_EV_MODULE, NAME };
	struct crd_record rec;
	struct log log;

	ASSERT_EQ(0, load_flags(PLAIN, flags));
	EXPECT_EQ(0, unload(NAME));
	ASSERT_EQ(0, log_read(&log));
	EXPECT_EQ(1, log_count(&log, want));
	ASSERT_TRUE(log_find(&log, want, &rec));
	EXPECT_EQ(flags, field_u64(rec.fields, CRD_F_LOAD_FLAGS));
	/* taint F: a module that was forced */
	EXPECT_TRUE(field_u64(rec.fields, CRD_F_TAINTS) & 1 << 1);
	log_done(&log);
}

/* The digests of one field, of which the second is in another hash. */
static unsigned int payload_digests(struct crd_buf fields, uint8_t *ret_algs,
				    unsigned int max)
{
	struct crd_field_iter it = { fields };
	struct crd_buf value;
	unsigned int n = 0;
	uint8_t type;

	while (crd_field_next(&it, &type, &value)) {
		if (type == CRD_F_PAYLOAD_DIGEST && n < max)
			ret_algs[n++] = value.ptr[0];
	}
	return n;
}

static bool kernel_has_sha512(void)
{
	uint8_t *text;
	size_t len;
	bool has;

	if (file_read("/proc/crypto", &text, &len))
		return false;
	has = strstr((char *)text, ": sha512\n");
	free(text);
	return has;
}

/*
 * Who checks a signature by SHA-512 without the file needs the payload's
 * digest in that; where the kernel has not got it, there is SHA-256 alone.
 */
TEST(signed_by_sha512)
{
	struct want want = { log_records(), CRD_EV_MODULE, NAME };
	uint8_t algs[4] = { 0 };
	struct crd_record rec;
	struct log log;

	ASSERT_EQ(0, load_file("/in/crd_sha512.ko", ""));
	EXPECT_EQ(0, unload(NAME));
	if (!kernel_has_sha512())
		ASSERT_EQ(0, system("modprobe crypto-sha512"));
	ASSERT_TRUE(kernel_has_sha512());
	ASSERT_EQ(0, load_file("/in/crd_sha512.ko", ""));
	EXPECT_EQ(0, unload(NAME));
	ASSERT_EQ(0, log_read(&log));
	EXPECT_EQ(2, log_count(&log, want));
	ASSERT_TRUE(log_nth(&log, want, 1, &rec));
	EXPECT_EQ(CRD_SIG_UNVERIFIED, field_u64(rec.fields, CRD_F_SIG_STATUS));
	EXPECT_EQ(2, payload_digests(rec.fields, algs, 4));
	EXPECT_EQ(CRD_ALG_SHA256, algs[0]);
	EXPECT_EQ(CRD_ALG_SHA512, algs[1]);
	log_done(&log);
}

TEST_HARNESS_MAIN
