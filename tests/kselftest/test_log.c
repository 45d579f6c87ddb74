// SPDX-License-Identifier: Apache-2.0
/*
 * The start of the log and the golden rule: the log read from securityfs,
 * replayed by attest/, equals the PCR that the TPM reports, in every bank.
 */
#include "kselftest_harness.h"
#include "measurer.h"

#include <sys/utsname.h>

static struct crd_record anchor_of(struct log *log)
{
	struct crd_record anchor = { .event = 0 };
	struct want first = { .event = CRD_EV_ANCHOR };

	if (!log_read(log))
		log_find(log, first, &anchor);
	return anchor;
}

/* Text of a file's first line. */
static void line_of(const char *path, char *ret, size_t size)
{
	uint8_t *bytes;
	size_t len;

	ret[0] = 0;
	if (file_read(path, &bytes, &len))
		return;
	snprintf(ret, size, "%.*s", (int)strcspn((char *)bytes, "\n"),
		 (char *)bytes);
	free(bytes);
}

static unsigned int count_fields(struct crd_buf fields, uint8_t type)
{
	struct crd_field_iter it = { fields };
	struct crd_buf value;
	unsigned int n = 0;
	uint8_t t;

	while (crd_field_next(&it, &t, &value))
		n += t == type;
	return n;
}

static bool has_text(struct crd_buf fields, uint8_t type, const char *part)
{
	struct crd_field_iter it = { fields };
	struct crd_buf value;
	uint8_t t;

	while (crd_field_next(&it, &t, &value)) {
		if (t == type &&
		    memmem(value.ptr, value.len, part, strlen(part)))
			return true;
	}
	return false;
}

TEST(anchor_is_first_and_only)
{
	struct want anchors = { .event = CRD_EV_ANCHOR };
	struct log log;
	struct crd_record anchor = anchor_of(&log);

	ASSERT_EQ(CRD_EV_ANCHOR, anchor.event);
	EXPECT_EQ(0, anchor.recnum);
	EXPECT_EQ(1, log_count(&log, anchors));
	log_done(&log);
}

TEST(anchor_names_kernel_and_boot)
{
	char text[128], hex[64] = "";
	struct utsname un;
	struct log log;
	struct crd_record anchor = anchor_of(&log);
	struct crd_buf id;
	size_t i;

	ASSERT_EQ(CRD_EV_ANCHOR, anchor.event);
	ASSERT_EQ(0, uname(&un));
	EXPECT_TRUE(
		field_is_text(anchor.fields, CRD_F_KERNEL_RELEASE, un.release));
	EXPECT_TRUE(
		field_is_text(anchor.fields, CRD_F_KERNEL_VERSION, un.version));
	EXPECT_TRUE(field_is_text(anchor.fields, CRD_F_MACHINE, un.machine));
	ASSERT_TRUE(crd_field_get(anchor.fields, CRD_F_BOOT_ID, &id));
	ASSERT_EQ(16, id.len);
	line_of("/proc/sys/kernel/random/boot_id", text, sizeof(text));
	for (i = 0; i < id.len; i++)
		snprintf(hex + strlen(hex), 8, "%s%02x",
			 i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			 id.ptr[i]);
	EXPECT_STREQ(text, hex);
	log_done(&log);
}

TEST(anchor_names_the_measurer)
{
	uint8_t *note;
	size_t len;
	struct log log;
	struct crd_record anchor = anchor_of(&log);
	struct crd_buf id;

	ASSERT_EQ(CRD_EV_ANCHOR, anchor.event);
	ASSERT_TRUE(crd_field_get(anchor.fields, CRD_F_BUILD_ID, &id));
	ASSERT_EQ(0, file_read("/sys/module/credence/notes/.note.gnu.build-id",
			       &note, &len));
	EXPECT_NE(NULL, memmem(note, len, id.ptr, id.len));
	EXPECT_TRUE(has_text(anchor.fields, CRD_F_PARAM, "pcr=13"));
	EXPECT_TRUE(has_text(anchor.fields, CRD_F_HOOK,
			     "security_kernel_post_read_file"));
	EXPECT_TRUE(has_text(anchor.fields, CRD_F_HOOK,
			     "security_kernel_post_load_data"));
	EXPECT_EQ(16, crd_field_get(anchor.fields, CRD_F_INSTANCE, &id) ?
			      id.len :
			      0);
	free(note);
	log_done(&log);
}

TEST(anchor_names_the_tpm_state)
{
	uint16_t algs[CRD_MAX_BANKS];
	unsigned int n = tpm_banks(algs, CRD_MAX_BANKS), i;
	struct crd_digest zero;
	struct log log;
	struct crd_record anchor = anchor_of(&log);
	struct crd_buf bytes = { log.bytes, log.len };

	ASSERT_EQ(CRD_EV_ANCHOR, anchor.event);
	ASSERT_LT(0, n);
	EXPECT_EQ(n, anchor.n_digests);
	EXPECT_EQ(n, count_fields(anchor.fields, CRD_F_BANK));
	EXPECT_EQ(n, count_fields(anchor.fields, CRD_F_PCR_FOUND));
	for (i = 0; i < n; i++) {
		static const uint8_t zeros[CRD_MAX_DIGEST];

		ASSERT_EQ(0, crd_cel_anchor_pcr(bytes, algs[i], &zero));
		EXPECT_EQ(0, memcmp(zero.bytes, zeros, zero.len));
	}
	EXPECT_NE(UINT64_MAX, field_u64(anchor.fields, CRD_F_RESET_COUNT));
	EXPECT_NE(UINT64_MAX, field_u64(anchor.fields, CRD_F_RESTART_COUNT));
	log_done(&log);
}

TEST(anchor_names_lockdown_and_secure_boot)
{
	static const char *const modes[] = { "[none]", "[integrity]",
					     "[confidentiality]" };
	bool efi = !access("/sys/firmware/efi", F_OK);
	char text[128];
	uint64_t mode;
	struct log log;
	struct crd_record anchor = anchor_of(&log);

	ASSERT_EQ(CRD_EV_ANCHOR, anchor.event);
	mode = field_u64(anchor.fields, CRD_F_LOCKDOWN);
	ASSERT_GT(3, mode);
	line_of("/sys/kernel/security/lockdown", text, sizeof(text));
	EXPECT_NE(NULL, strstr(text, modes[mode]));
	EXPECT_EQ(efi ? CRD_SECURE_BOOT_ON : CRD_SECURE_BOOT_NO_EFI,
		  field_u64(anchor.fields, CRD_F_SECURE_BOOT));
	EXPECT_NE(UINT64_MAX, field_u64(anchor.fields, CRD_F_KERNEL_TAINT));
	log_done(&log);
}

TEST(start_up_costs_few_extends)
{
	struct want modules = { .event = CRD_EV_MODULE };
	struct crd_record first;
	struct log log;

	ASSERT_EQ(0, log_read(&log));
	if (!log_find(&log, modules, &first))
		first.recnum = log.records;
	EXPECT_GE(10, first.recnum);
	log_done(&log);
}

struct before {
	const char *name;
	unsigned int items, found;
};

static int count_before(const struct crd_record *rec, void *ctx)
{
	struct before *before = ctx;

	if (rec->group != CRD_EV_SNAPSHOT || rec->event != CRD_EV_MODULE)
		return 0;
	before->items++;
	before->found += field_is_text(rec->fields, CRD_F_NAME, before->name) &&
			 field_u64(rec->fields, CRD_F_ORIGIN) ==
				 CRD_ORIGIN_PRE_EXISTING;
	return 0;
}

/* CRD_BEFORE: modules the rig loaded before the measurer. */
TEST(modules_there_before_are_recorded)
{
	struct before before = { getenv("CRD_BEFORE") };
	enum crd_reason reason;
	struct crd_error err;
	struct log log;

	if (!before.name)
		SKIP(return, "no module was loaded before");
	ASSERT_EQ(0, log_read(&log));
	ASSERT_EQ(0, crd_cel_walk((struct crd_buf){ log.bytes, log.len },
				  count_before, &before, &reason, &err));
	EXPECT_LE(1, before.items);
	EXPECT_EQ(1, before.found);
	log_done(&log);
}

TEST(log_replays_to_the_pcr_in_every_bank)
{
	const char *fault = golden_rule();

	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
}

TEST(log_replays_after_more_loads)
{
	char paths[20][256], name[64];
	unsigned int n = stock_modules(paths, 20), i;
	unsigned int before = log_events(CRD_EV_MODULE);
	const char *fault;

	ASSERT_LT(0, n);
	for (i = 0; i < n; i++)
		load_file(paths[i], "");
	for (i = 0; i < n; i++) {
		module_name(paths[i], name, sizeof(name));
		unload(name);
	}
	EXPECT_LE(before + n, log_events(CRD_EV_MODULE));
	fault = golden_rule();
	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
}

TEST_HARNESS_MAIN
