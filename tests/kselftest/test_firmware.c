// SPDX-License-Identifier: Apache-2.0
/*
 * Firmware images are measured before a driver has them: asked for through
 * the stock module test_firmware, which knows every way of asking, and by a
 * real driver. Case H15 of the attacks.
 */
#include "kselftest_harness.h"
#include "measurer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 60

#define TRIGGER "/sys/devices/virtual/misc/test_firmware/"
#define BLOB	"carl9170-1.fw" /* brought in from firmware-linux-free */
#define PACKED	"packed.fw"	/* the same, only there as packed.fw.xz */
#define PACKED2 "packed2.fw"	/* the same, only there as packed2.fw.zst */
/* scripts/debug-kernel puts it into a kernel */
#define BUILT_IN "crd-builtin.fw"
/*
 * Each test has a name of its own: what a driver still holds is handed out
 * again without being read again.
 */
#define COPY	  "copy-of-"
#define SMALL	  1000 /* test_firmware's own buffer has 1024 bytes */
#define FOLDER	  "/lib/firmware/"
#define ELSEWHERE "/tmp/elsewhere"
#define SEARCH	  "/sys/module/firmware_class/parameters/path"
#define PUSH	  "/sys/class/firmware/"
#define BATCH	  4 /* requests that test_firmware makes at once */

/* The loader's options (drivers/base/firmware_loader/firmware.h). */
#define UEVENT		  1
#define NOWAIT		  2
#define USERHELPER	  4
#define NO_WARN		  8
#define NOCACHE		  16
#define NOFALLBACK_SYSFS  32
#define FALLBACK_PLATFORM 64
#define PARTIAL		  128

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

/* What a record of an image for test_firmware's device says. */
struct expected {
	const char *name;
	const char *path; /* NULL: no file was read */
	uint8_t origin;
	uint32_t flags;
	const uint8_t *image;
	size_t len;
};

static void expect_fields(struct __test_metadata *_metadata,
			  struct crd_buf fields, struct expected want)
{
	struct crd_buf none;

	EXPECT_TRUE(field_is_text(fields, CRD_F_NAME, want.name));
	EXPECT_EQ(want.origin, field_u64(fields, CRD_F_ORIGIN));
	EXPECT_EQ(want.flags, field_u64(fields, CRD_F_LOAD_FLAGS));
	EXPECT_EQ(want.len, field_u64(fields, CRD_F_SIZE));
	EXPECT_TRUE(
		field_is_digest_of(fields, CRD_F_DIGEST, want.image, want.len));
	EXPECT_TRUE(field_is_text(fields, CRD_F_DEVICE, "test_firmware"));
	EXPECT_TRUE(field_is_text(fields, CRD_F_BUS, "misc"));
	EXPECT_FALSE(crd_field_get(fields, CRD_F_PARENT, &none));
	EXPECT_EQ(want.path != NULL, crd_field_get(fields, CRD_F_PATH, &none));
	if (want.path) {
		EXPECT_TRUE(field_is_text(fields, CRD_F_PATH, want.path));
	}
}

TEST_F(firmware, request)
{
	struct want want = { self->from, CRD_EV_FIRMWARE, NULL };
	struct crd_record rec;
	struct crd_buf none;

	ASSERT_EQ(0, file_puts(TRIGGER "trigger_request", BLOB));
	ASSERT_TRUE(firmware_record(&self->log, self->from, &rec));
	expect_fields(_metadata, rec.fields,
		      (struct expected){ BLOB, FOLDER BLOB, CRD_ORIGIN_FILE,
					 UEVENT, self->image, self->len });
	EXPECT_FALSE(crd_field_get(rec.fields, CRD_F_FILE_DIGEST, &none));
	EXPECT_FALSE(crd_field_get(rec.fields, CRD_F_OFFSET, &none));
	EXPECT_EQ(getpid(), field_u64(rec.fields, CRD_F_PID));
	EXPECT_EQ(1, log_count(&self->log, want));
}

/* The caller waits, the work is done on a queue of the kernel's. */
TEST_F(firmware, request_nowait)
{
	struct crd_record rec;

	ASSERT_EQ(0, copy_to(FOLDER COPY "nowait", self->image, self->len));
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_async_request", COPY "nowait"));
	ASSERT_TRUE(firmware_record(&self->log, self->from, &rec));
	expect_fields(_metadata, rec.fields,
		      (struct expected){ COPY "nowait", FOLDER COPY "nowait",
					 CRD_ORIGIN_FILE, UEVENT | NOWAIT,
					 self->image, self->len });
}

/* Into the driver's own buffer: each request reads for itself. */
TEST_F(firmware, request_into_buffer)
{
	struct want want = { self->from, CRD_EV_FIRMWARE, COPY "into" };
	struct crd_record rec;
	unsigned int n;

	ASSERT_EQ(0, copy_to(FOLDER COPY "into", self->image, SMALL));
	ASSERT_EQ(0, file_puts(TRIGGER "config_name", COPY "into"));
	ASSERT_EQ(0, file_puts(TRIGGER "config_into_buf", "1"));
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_batched_requests", "1"));
	ASSERT_EQ(0, log_read(&self->log));
	for (n = 0; log_nth(&self->log, want, n, &rec); n++)
		expect_fields(
			_metadata, rec.fields,
			(struct expected){ COPY "into", FOLDER COPY "into",
					   CRD_ORIGIN_FILE, UEVENT | NOCACHE,
					   self->image, SMALL });
	EXPECT_EQ(BATCH, n);
}

TEST_F(firmware, part_of_a_file)
{
	const size_t offset = 300, size = 500;
	struct crd_record rec;

	ASSERT_EQ(0, copy_to(FOLDER COPY "part", self->image, self->len));
	ASSERT_EQ(0, file_puts(TRIGGER "config_name", COPY "part"));
	ASSERT_EQ(0, file_puts(TRIGGER "config_into_buf", "1"));
	ASSERT_EQ(0, file_puts(TRIGGER "config_partial", "1"));
	ASSERT_EQ(0, file_puts(TRIGGER "config_buf_size", "500"));
	ASSERT_EQ(0, file_puts(TRIGGER "config_file_offset", "300"));
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_batched_requests", "1"));
	ASSERT_TRUE(firmware_record(&self->log, self->from, &rec));
	expect_fields(_metadata, rec.fields,
		      (struct expected){ COPY "part", FOLDER COPY "part",
					 CRD_ORIGIN_FILE,
					 UEVENT | NOCACHE | PARTIAL,
					 self->image + offset, size });
	EXPECT_EQ(offset, field_u64(rec.fields, CRD_F_OFFSET));
}

/* One reading serves a batch of requests for the same image. */
static void expect_batch(struct __test_metadata *_metadata,
			 const struct log *log, uint64_t from,
			 struct expected cached)
{
	struct want want = { from, CRD_EV_FIRMWARE, cached.name };
	unsigned int read = 0, all = 0;
	struct crd_record rec;

	for (; log_nth(log, want, all, &rec); all++) {
		struct expected wanted = cached;
		char path[80];

		if (field_u64(rec.fields, CRD_F_ORIGIN) == CRD_ORIGIN_FILE) {
			snprintf(path, sizeof(path), FOLDER "%s", cached.name);
			wanted.origin = CRD_ORIGIN_FILE;
			wanted.path = path;
			read++;
		}
		expect_fields(_metadata, rec.fields, wanted);
	}
	EXPECT_EQ(BATCH, all);
	EXPECT_LE(1, read);
	EXPECT_GT(BATCH, read);
}

/* As microcode is asked for: from a file or not at all. */
TEST_F(firmware, request_direct)
{
	ASSERT_EQ(0, copy_to(FOLDER COPY "direct", self->image, self->len));
	ASSERT_EQ(0, file_puts(TRIGGER "config_name", COPY "direct"));
	ASSERT_EQ(0, file_puts(TRIGGER "config_sync_direct", "1"));
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_batched_requests", "1"));
	ASSERT_EQ(0, log_read(&self->log));
	expect_batch(_metadata, &self->log, self->from,
		     (struct expected){ COPY "direct", NULL, CRD_ORIGIN_CACHED,
					UEVENT | NO_WARN | NOFALLBACK_SYSFS,
					self->image, self->len });
}

TEST_F(firmware, batch)
{
	ASSERT_EQ(0, copy_to(FOLDER COPY "batch", self->image, self->len));
	ASSERT_EQ(0, file_puts(TRIGGER "config_name", COPY "batch"));
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_batched_requests", "1"));
	ASSERT_EQ(0, log_read(&self->log));
	expect_batch(_metadata, &self->log, self->from,
		     (struct expected){ COPY "batch", NULL, CRD_ORIGIN_CACHED,
					UEVENT, self->image, self->len });
}

TEST_F(firmware, batch_nowait)
{
	ASSERT_EQ(0, copy_to(FOLDER COPY "later", self->image, self->len));
	ASSERT_EQ(0, file_puts(TRIGGER "config_name", COPY "later"));
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_batched_requests_async", "1"));
	ASSERT_EQ(0, log_read(&self->log));
	expect_batch(_metadata, &self->log, self->from,
		     (struct expected){ COPY "later", NULL, CRD_ORIGIN_CACHED,
					UEVENT | NOWAIT, self->image,
					self->len });
}

/* The digest is of what the driver gets, and that of the file beside it. */
static void expect_unpacked(struct __test_metadata *_metadata, struct log *log,
			    uint64_t from, struct expected want)
{
	struct crd_record rec;
	uint8_t *packed;
	size_t len;

	ASSERT_EQ(0, file_read(want.path, &packed, &len));
	ASSERT_TRUE(firmware_record(log, from, &rec));
	expect_fields(_metadata, rec.fields, want);
	EXPECT_TRUE(
		field_is_digest_of(rec.fields, CRD_F_FILE_DIGEST, packed, len));
	free(packed);
}

TEST_F(firmware, stored_compressed)
{
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_request", PACKED));
	expect_unpacked(_metadata, &self->log, self->from,
			(struct expected){ PACKED, FOLDER PACKED ".xz",
					   CRD_ORIGIN_FILE, UEVENT, self->image,
					   self->len });
}

TEST_F(firmware, stored_compressed_by_zstd)
{
	int err = file_puts(TRIGGER "trigger_request", PACKED2);

	if (err == -ENOENT)
		SKIP(return, "this kernel's loader knows no zstd");
	ASSERT_EQ(0, err);
	expect_unpacked(_metadata, &self->log, self->from,
			(struct expected){ PACKED2, FOLDER PACKED2 ".zst",
					   CRD_ORIGIN_FILE, UEVENT, self->image,
					   self->len });
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

TEST_F(firmware, changed_search_path)
{
	struct crd_record rec;

	mkdir(ELSEWHERE, 0755);
	ASSERT_EQ(0, copy_to(ELSEWHERE "/" COPY "else", self->image, SMALL));
	ASSERT_EQ(0, file_puts(SEARCH, ELSEWHERE));
	EXPECT_EQ(0, file_puts(TRIGGER "trigger_request", COPY "else"));
	ASSERT_EQ(0, file_puts(SEARCH, " "));
	ASSERT_TRUE(firmware_record(&self->log, self->from, &rec));
	expect_fields(_metadata, rec.fields,
		      (struct expected){ COPY "else", ELSEWHERE "/" COPY "else",
					 CRD_ORIGIN_FILE, UEVENT, self->image,
					 SMALL });
}

/* Found in the platform's own firmware; test_firmware puts it there. */
TEST_F(firmware, from_the_platform)
{
	static const uint8_t image[] = {
		0x55, 0xaa, 0x55, 0xaa, 0x01, 0x02, 0x03, 0x04,
		0x55, 0xaa, 0x55, 0xaa, 0x05, 0x06, 0x07, 0x08,
		0x55, 0xaa, 0x55, 0xaa, 0x10, 0x20, 0x30, 0x40,
		0x55, 0xaa, 0x55, 0xaa, 0x50, 0x60, 0x70, 0x80,
	};
	struct crd_record rec;

	if (system("grep -q ' efi_get_embedded_fw$' /proc/kallsyms"))
		SKIP(return, "this kernel looks for none in the platform");
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_request_platform",
			       COPY "platform"));
	ASSERT_TRUE(firmware_record(&self->log, self->from, &rec));
	expect_fields(_metadata, rec.fields,
		      (struct expected){ COPY "platform", NULL,
					 CRD_ORIGIN_PLATFORM,
					 UEVENT | FALLBACK_PLATFORM, image,
					 sizeof(image) });
}

/* In the kernel's own image; only where tests have put it. */
TEST_F(firmware, part_of_the_kernel)
{
	static const char image[] = "part of the kernel\n";
	struct want want = { self->from, CRD_EV_FIRMWARE, NULL };
	struct crd_record rec;

	if (system("zcat /proc/config.gz 2>/dev/null | grep -q '" BUILT_IN "'"))
		SKIP(return, "this kernel has no firmware built in");
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_request", BUILT_IN));
	ASSERT_TRUE(firmware_record(&self->log, self->from, &rec));
	expect_fields(_metadata, rec.fields,
		      (struct expected){ BUILT_IN, NULL, CRD_ORIGIN_BUILT_IN,
					 UEVENT, (const uint8_t *)image,
					 sizeof(image) - 1 });
	EXPECT_EQ(1, log_count(&self->log, want));
}

static int push(const char *name, const uint8_t *image, size_t len)
{
	char path[128];
	int i, err = -ENOENT;

	/* The interface appears in the kernel's own time. */
	snprintf(path, sizeof(path), PUSH "%s/loading", name);
	for (i = 0; i < 100 && err; i++) {
		err = file_puts(path, "1");
		usleep(50000);
	}
	snprintf(path, sizeof(path), PUSH "%s/data", name);
	if (!err)
		err = file_write(path, image, len);
	snprintf(path, sizeof(path), PUSH "%s/loading", name);
	return err ? err : file_puts(path, "0");
}

/*
 * User space pushes what was asked for: one record when it does, with who it
 * is, and one when the driver gets it.
 */
TEST_F(firmware, pushed_on_request)
{
	struct want want = { self->from, CRD_EV_FIRMWARE, NULL };
	struct crd_record pushed, got;
	pid_t asks = fork();
	int status;

	if (!asks)
		_exit(file_puts(TRIGGER "trigger_custom_fallback",
				"pushed.fw") ?
			      1 :
			      0);
	ASSERT_EQ(0, push("pushed.fw", self->image, SMALL));
	ASSERT_EQ(asks, waitpid(asks, &status, 0));
	ASSERT_EQ(0, status);
	ASSERT_EQ(0, log_read(&self->log));
	EXPECT_EQ(2, log_count(&self->log, want));
	ASSERT_TRUE(log_find(&self->log, want, &pushed));
	EXPECT_EQ(CRD_ORIGIN_MEMORY, field_u64(pushed.fields, CRD_F_ORIGIN));
	EXPECT_EQ(getpid(), field_u64(pushed.fields, CRD_F_PID));
	EXPECT_TRUE(field_is_digest_of(pushed.fields, CRD_F_DIGEST, self->image,
				       SMALL));
	want.name = "pushed.fw";
	ASSERT_TRUE(log_find(&self->log, want, &got));
	expect_fields(_metadata, got.fields,
		      (struct expected){ "pushed.fw", NULL, CRD_ORIGIN_MEMORY,
					 NOWAIT | USERHELPER, self->image,
					 SMALL });
}

/* The other way round: user space begins, and no driver has asked. */
TEST_F(firmware, uploaded)
{
	struct crd_record rec;
	struct crd_buf none;

	if (file_puts(TRIGGER "upload_register", "uploaded"))
		SKIP(return, "this kernel has no firmware upload");
	ASSERT_EQ(0, push("uploaded", self->image, SMALL));
	ASSERT_TRUE(firmware_record(&self->log, self->from, &rec));
	EXPECT_EQ(CRD_ORIGIN_MEMORY, field_u64(rec.fields, CRD_F_ORIGIN));
	EXPECT_FALSE(crd_field_get(rec.fields, CRD_F_DEVICE, &none));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, self->image,
				       SMALL));
	file_puts(TRIGGER "upload_unregister", "uploaded");
}

/*
 * Before it sleeps the kernel reads again what drivers have asked for, for no
 * device; after, they get it from there.
 */
TEST_F(firmware, cached_over_suspend)
{
	struct want want = { 0, CRD_EV_FIRMWARE, COPY "asleep" };
	struct crd_record rec;
	struct crd_buf none;

	ASSERT_EQ(0, copy_to(FOLDER COPY "asleep", self->image, self->len));
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_request", COPY "asleep"));
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_request", BLOB));
	ASSERT_EQ(0, file_puts("/sys/power/pm_test", "freezer"));
	want.from = log_records();
	ASSERT_EQ(0, file_puts("/sys/power/state", "freeze"));
	file_puts("/sys/power/pm_test", "none");
	ASSERT_EQ(0, log_read(&self->log));
	ASSERT_TRUE(log_find(&self->log, want, &rec));
	EXPECT_EQ(CRD_ORIGIN_FILE, field_u64(rec.fields, CRD_F_ORIGIN));
	EXPECT_FALSE(crd_field_get(rec.fields, CRD_F_DEVICE, &none));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, self->image,
				       self->len));
	log_done(&self->log);

	want.from = log_records();
	ASSERT_EQ(0, file_puts(TRIGGER "trigger_request", COPY "asleep"));
	ASSERT_EQ(0, log_read(&self->log));
	ASSERT_TRUE(log_find(&self->log, want, &rec));
	expect_fields(_metadata, rec.fields,
		      (struct expected){ COPY "asleep", NULL, CRD_ORIGIN_CACHED,
					 UEVENT, self->image, self->len });
}

/* The driver of a DUX-FAST board asks for that board's firmware. */
TEST_F(firmware, of_a_real_driver)
{
	struct want want = { self->from, CRD_EV_FIRMWARE,
			     "usbduxfast_firmware.bin" };
	struct crd_record rec;
	uint8_t *image;
	size_t len;

	ASSERT_EQ(0, file_read(FOLDER "usbduxfast_firmware.bin", &image, &len));
	ASSERT_EQ(0, system("modprobe usbduxfast && "
			    "sh /in/gadget.sh 13d8 0010"));
	ASSERT_EQ(0, log_read(&self->log));
	ASSERT_TRUE(log_find(&self->log, want, &rec));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, image, len));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_BUS, "usb"));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_DEVICE, "1-1"));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_DRIVER, "usbduxfast"));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_MODULE, "usbduxfast"));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_PARENT, "usb/usb1"));
	free(image);
}

TEST_F(firmware, not_there)
{
	struct want want = { self->from, CRD_EV_FIRMWARE, NULL };

	EXPECT_EQ(-ENOENT, file_puts(TRIGGER "trigger_request", "no-such.fw"));
	EXPECT_EQ(-EINVAL, file_puts(TRIGGER "trigger_request", "../a.fw"));
	ASSERT_EQ(0, log_read(&self->log));
	EXPECT_EQ(0, log_count(&self->log, want));
}

TEST_HARNESS_MAIN
