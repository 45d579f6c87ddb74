// SPDX-License-Identifier: Apache-2.0
/*
 * Firmware images are measured before a driver has them: asked for through
 * the stock module test_firmware, which knows every way of asking.
 */
#include "kselftest_harness.h"
#include "measurer.h"

#include <fcntl.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 60

#define TRIGGER "/sys/devices/virtual/misc/test_firmware/"
#define BLOB	"carl9170-1.fw" /* brought in from firmware-linux-free */
#define PACKED	"packed.fw"	/* the same, only there as packed.fw.xz */
/*
 * Each test has a name of its own: what a driver still holds is handed out
 * again without being read again.
 */
#define COPY   "copy-of-"
#define SMALL  1000 /* test_firmware's own buffer has 1024 bytes */
#define FOLDER "/lib/firmware/"

FIXTURE(firmware)
{
	uint64_t from;
	uint8_t *image;
	size_t len;
	struct log log;
};

FIXTURE_SETUP(firmware)
{
	if (!module_is_loaded("test_firmware"))
		ASSERT_EQ(0, load_file(stock_module("test_firmware"), ""));
	ASSERT_EQ(0, file_read(FOLDER BLOB, &self->image, &self->len));
	file_puts(TRIGGER "reset", "1");
	self->from = log_records();
}

FIXTURE_TEARDOWN(firmware)
{
	const char *fault = golden_rule();

	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
	free(self->image);
	log_done(&self->log);
}

static int copy_to(const char *path, const uint8_t *bytes, size_t len)
{
	close(open(path, O_CREAT | O_TRUNC | O_WRONLY, 0644));
	return file_write(path, bytes, len);
}

static bool firmware_record(struct log *log, uint64_t from,
			    struct crd_record *ret)
{
	struct want want = { .from = from, .event = CRD_EV_FIRMWARE };

	return !log_read(log) && log_find(log, want, ret);
}

TEST_F(firmware, request)
{
	struct crd_record rec;

	ASSERT_EQ(0, file_puts(TRIGGER "trigger_request", BLOB));
	ASSERT_TRUE(firmware_record(&self->log, self->from, &rec));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, self->image,
				       self->len));
	EXPECT_EQ(self->len, field_u64(rec.fields, CRD_F_SIZE));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_PATH, FOLDER BLOB));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_NAME, BLOB));
	EXPECT_EQ(CRD_ORIGIN_FILE, field_u64(rec.fields, CRD_F_ORIGIN));
}

/* The caller waits, the work is done on a queue of the kernel's. */
TEST_F(firmware, request_nowait)
{
	struct crd_record rec;

	ASSERT_EQ(0, copy_to(FOLDER COPY "nowait", self->image, self->len));
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_async_request", COPY "nowait"));
	ASSERT_TRUE(firmware_record(&self->log, self->from, &rec));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, self->image,
				       self->len));
}

TEST_F(firmware, request_into_buffer)
{
	struct crd_record rec;

	ASSERT_EQ(0, copy_to(FOLDER COPY "into", self->image, SMALL));
	ASSERT_EQ(0, file_puts(TRIGGER "config_name", COPY "into"));
	ASSERT_EQ(0, file_puts(TRIGGER "config_into_buf", "1"));
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_batched_requests", "1"));
	ASSERT_TRUE(firmware_record(&self->log, self->from, &rec));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, self->image,
				       SMALL));
}

/* One reading serves a batch of requests for the same image. */
TEST_F(firmware, batch)
{
	struct want want = { self->from, CRD_EV_FIRMWARE, NULL };

	ASSERT_EQ(0, copy_to(FOLDER COPY "batch", self->image, self->len));
	ASSERT_EQ(0, file_puts(TRIGGER "config_name", COPY "batch"));
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_batched_requests", "1"));
	ASSERT_EQ(0, log_read(&self->log));
	EXPECT_LE(1, log_count(&self->log, want));
}

TEST_F(firmware, stored_compressed)
{
	struct crd_record rec;
	uint8_t *packed;
	size_t len;

	ASSERT_EQ(0, file_read(FOLDER PACKED ".xz", &packed, &len));
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_request", PACKED));
	ASSERT_TRUE(firmware_record(&self->log, self->from, &rec));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_PATH, FOLDER PACKED ".xz"));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, packed, len));
	free(packed);
}

TEST_F(firmware, changed_file)
{
	struct crd_record rec;
	uint8_t changed[64] = "not what the vendor shipped";

	ASSERT_EQ(0, copy_to(FOLDER COPY "changed", changed, sizeof(changed)));
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_request", COPY "changed"));
	ASSERT_TRUE(firmware_record(&self->log, self->from, &rec));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, changed,
				       sizeof(changed)));
}

TEST_F(firmware, not_there)
{
	struct want want = { self->from, CRD_EV_FIRMWARE, NULL };

	EXPECT_EQ(-ENOENT, file_puts(TRIGGER "trigger_request", "no-such.fw"));
	ASSERT_EQ(0, log_read(&self->log));
	EXPECT_EQ(0, log_count(&self->log, want));
}

TEST_HARNESS_MAIN
