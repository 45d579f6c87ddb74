// SPDX-License-Identifier: Apache-2.0
/*
 * Code that gets into the kernel by other ways than modules and firmware
 * leaves a record that it did.
 */
#include "kselftest_harness.h"
#include "measurer.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/kexec.h>
#include <sys/syscall.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 60

#define KERNEL	   "/in/vmlinuz"
#define INITRAMFS  "/tmp/initramfs"
#define PROBES	   "/sys/kernel/tracing/kprobe_events"
#define LIVEPATCH  "/sys/kernel/livepatch/crd_livepatch/"
#define SECOND_CPU "/sys/devices/system/cpu/cpu1/online"
#define PROGRAMS   9

FIXTURE(activity)
{
	uint64_t from;
	struct log log;
};

FIXTURE_SETUP(activity)
{
	self->from = log_records();
	ASSERT_LT(0, self->from);
}

FIXTURE_TEARDOWN(activity)
{
	const char *fault = golden_rule();

	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
	log_done(&self->log);
}

/* The n-th record of that kind from a number on. */
static bool find_kind(const struct log *log, uint64_t from, uint8_t kind,
		      unsigned int n, struct crd_record *ret)
{
	struct want want = { from, CRD_EV_ACTIVITY, NULL };
	unsigned int i;

	for (i = 0; log_nth(log, want, i, ret); i++) {
		if (field_u64(ret->fields, CRD_F_ACTIVITY) == kind && !n--)
			return true;
	}
	return false;
}

static void expect_counted(struct __test_metadata *_metadata, struct log *log,
			   uint64_t from, uint8_t kind)
{
	struct crd_record rec = { .event = 0 };

	ASSERT_EQ(0, log_read(log));
	ASSERT_TRUE(find_kind(log, from, kind, 0, &rec));
	EXPECT_LE(1, field_u64(rec.fields, CRD_F_COUNT));
	EXPECT_EQ(getpid(), field_u64(rec.fields, CRD_F_PID));
	EXPECT_EQ(0, field_u64(rec.fields, CRD_F_UID));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_COMM, "test_activity"));
}

static bool covered(struct crd_buf fields, uint8_t field, const char *word)
{
	struct crd_field_iter it = { fields };
	struct crd_buf value;
	uint8_t type;

	while (crd_field_next(&it, &type, &value)) {
		if (type == field && value.len > strlen(word) &&
		    !memcmp(value.ptr, word, strlen(word)))
			return true;
	}
	return false;
}

/* What these kernels have functions for, and what nobody sees. */
TEST_F(activity, coverage)
{
	static const char *const seen[] = {
		"modules:",
		"modules-decompressed:",
		"firmware:",
		"firmware-built-in:",
		"firmware-cached:",
		"kexec:",
		"bpf:",
		"livepatch:",
		"kprobe:",
		"ftrace:",
	};
	static const char *const not_seen[] = {
		"modules-built-in:", "firmware-early:",
		"firmware-own-way:", "dma:",
		"kexec-load:",
	};
	struct want want = { 0, CRD_EV_COVERAGE, NULL };
	struct crd_record rec;
	size_t i;

	ASSERT_EQ(0, log_read(&self->log));
	ASSERT_TRUE(log_find(&self->log, want, &rec));
	for (i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		EXPECT_TRUE(covered(rec.fields, CRD_F_SEEN, seen[i]))
		{
			TH_LOG("%s", seen[i]);
		}
	for (i = 0; i < sizeof(not_seen) / sizeof(not_seen[0]); i++)
		EXPECT_TRUE(covered(rec.fields, CRD_F_NOT_SEEN, not_seen[i]))
		{
			TH_LOG("%s", not_seen[i]);
		}
}

/* The measurer has put probes and redirects of its own by now. */
TEST_F(activity, not_of_the_measurer)
{
	struct crd_record rec;

	ASSERT_EQ(0, log_read(&self->log));
	EXPECT_FALSE(find_kind(&self->log, 0, CRD_ACTIVITY_KPROBE, 0, &rec));
	EXPECT_FALSE(find_kind(&self->log, 0, CRD_ACTIVITY_FTRACE, 0, &rec));
}

/* Both files are recorded before the kernel looks into them. */
TEST_F(activity, kexec_file)
{
	static const uint8_t initramfs[] = "070701 begins an archive";
	struct crd_record rec;
	uint8_t *image;
	size_t len;
	int kernel, fd;

	ASSERT_EQ(0, file_read(KERNEL, &image, &len));
	fd = open(INITRAMFS, O_CREAT | O_TRUNC | O_RDWR, 0600);
	ASSERT_EQ(sizeof(initramfs), write(fd, initramfs, sizeof(initramfs)));
	close(fd);
	fd = open(INITRAMFS, O_RDONLY);
	kernel = open(KERNEL, O_RDONLY);
	ASSERT_LE(0, kernel);
	EXPECT_EQ(0, syscall(SYS_kexec_file_load, kernel, fd, 1, "", 0));
	ASSERT_EQ(0, log_read(&self->log));
	ASSERT_TRUE(find_kind(&self->log, self->from, CRD_ACTIVITY_KEXEC_IMAGE,
			      0, &rec));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_PATH, KERNEL));
	EXPECT_EQ(len, field_u64(rec.fields, CRD_F_SIZE));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, image, len));
	ASSERT_TRUE(find_kind(&self->log, rec.recnum,
			      CRD_ACTIVITY_KEXEC_INITRAMFS, 0, &rec));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_PATH, INITRAMFS));
	EXPECT_TRUE(field_is_digest_of(rec.fields, CRD_F_DIGEST, initramfs,
				       sizeof(initramfs)));
	EXPECT_EQ(getpid(), field_u64(rec.fields, CRD_F_PID));
	syscall(SYS_kexec_file_load, -1, -1, 0, NULL, KEXEC_FILE_UNLOAD);
	close(kernel);
	close(fd);
	free(image);
}

/* Nothing to load is enough: it has been asked for. */
TEST_F(activity, kexec_load)
{
	EXPECT_EQ(0, syscall(SYS_kexec_load, 0, 0, NULL, 0));
	expect_counted(_metadata, &self->log, self->from,
		       CRD_ACTIVITY_KEXEC_LOAD);
}

static int load_program(void)
{
	/* r0 = 0; exit */
	static const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insns = (uintptr_t)code,
		.insn_cnt = 2,
		.license = (uintptr_t) "GPL",
	};

	return syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

/* A record at the first and whenever the count has doubled, not at each. */
TEST_F(activity, bpf_programs)
{
	uint64_t count = 0;
	unsigned int records = 0;
	struct crd_record rec;
	int i, fd;

	for (i = 0; i < PROGRAMS; i++) {
		fd = load_program();
		ASSERT_LE(0, fd);
		close(fd);
	}
	expect_counted(_metadata, &self->log, self->from, CRD_ACTIVITY_BPF);
	while (find_kind(&self->log, self->from, CRD_ACTIVITY_BPF, records,
			 &rec)) {
		EXPECT_LE(2 * count, field_u64(rec.fields, CRD_F_COUNT));
		count = field_u64(rec.fields, CRD_F_COUNT);
		records++;
	}
	EXPECT_LT(PROGRAMS, 2 * count);
	EXPECT_GE(4, records);
}

TEST_F(activity, kprobe)
{
	ASSERT_EQ(0, file_puts(PROBES, "p:crdtest schedule"));
	expect_counted(_metadata, &self->log, self->from, CRD_ACTIVITY_KPROBE);
	EXPECT_EQ(0, file_puts(PROBES, ""));
}

/* The attempt is what counts: this function is the measurer's already. */
TEST_F(activity, redirect)
{
	EXPECT_EQ(-EBUSY, load_file("/in/crd_take_hook.ko", ""));
	expect_counted(_metadata, &self->log, self->from, CRD_ACTIVITY_FTRACE);
}

static bool in_transition(void)
{
	uint8_t *text;
	bool still;
	size_t len;

	if (file_read(LIVEPATCH "transition", &text, &len))
		return false;
	still = text[0] == '1';
	free(text);
	return still;
}

/*
 * With one processor until all is patched: on the way the scheduler is, and
 * of that QEMU may die if another processor runs it (as in tests/vm/init).
 */
TEST_F(activity, livepatch)
{
	uint8_t *text;
	size_t len;
	int i;

	ASSERT_EQ(0, file_puts(SECOND_CPU, "0"));
	ASSERT_EQ(0, load_file("/in/crd_livepatch.ko", ""));
	expect_counted(_metadata, &self->log, self->from,
		       CRD_ACTIVITY_LIVEPATCH);
	ASSERT_EQ(0, file_read("/proc/cmdline", &text, &len));
	EXPECT_EQ(0, strcmp((char *)text, "patched\n"));
	free(text);
	for (i = 0; i < 300 && in_transition(); i++)
		usleep(100000);
	EXPECT_FALSE(in_transition());
	EXPECT_EQ(0, file_puts(SECOND_CPU, "1"));
}

TEST_HARNESS_MAIN
