// SPDX-License-Identifier: Apache-2.0
/*
 * The measurer refuses to start with what it cannot stand behind, and says
 * why. Run on a machine where it is not loaded yet.
 */
#include "kselftest_harness.h"
#include "measurer.h"

#define MEASURER "/credence.ko"

struct refused {
	const char *args;
	const char *message; /* must be in the kernel's log */
};

static const struct refused refused[] = {
	{ "pcr=16", "pcr" },
	{ "pcr=17", "pcr" },
	{ "pcr=20", "pcr" },
	{ "pcr=23", "pcr" },
	{ "pcr=24", "pcr" },
	{ "pcr=-1", "pcr" },
	{ "pcr=4294967309", NULL },
	{ "pcr=thirteen", NULL },
	{ "log_max=63", "log_max" },
	{ "log_max=32769", "log_max" },
	{ "fail=maybe", "fail" },
	{ "fail=", "fail" },
	{ "unloadable=perhaps", NULL },
};

TEST(bad_parameters)
{
	unsigned int i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		kmsg_mark();
		EXPECT_GT(0, load_file(MEASURER, refused[i].args))
		{
			TH_LOG("%s was accepted", refused[i].args);
			unload("credence");
		}
		EXPECT_FALSE(module_is_loaded("credence"));
		EXPECT_NE(0, access(LOG_FILE, F_OK));
		if (refused[i].message)
			EXPECT_TRUE(kmsg_has(refused[i].message))
			{
				TH_LOG("%s: no message", refused[i].args);
			}
	}
}

TEST(refuses_while_ftrace_is_off)
{
	ASSERT_EQ(0, file_puts("/proc/sys/kernel/ftrace_enabled", "0"));
	kmsg_mark();
	EXPECT_GT(0, load_file(MEASURER, ""));
	EXPECT_TRUE(kmsg_has("ftrace"));
	EXPECT_FALSE(module_is_loaded("credence"));
	ASSERT_EQ(0, file_puts("/proc/sys/kernel/ftrace_enabled", "1"));
}

/* A failed start leaves nothing behind: no record, no extend. */
TEST(failed_starts_left_the_pcr_alone)
{
	struct crd_digest pcr;
	static const uint8_t zeros[CRD_MAX_DIGEST];

	ASSERT_EQ(0, tpm_pcr_value(CRD_ALG_SHA256, 13, &pcr));
	EXPECT_EQ(0, memcmp(pcr.bytes, zeros, pcr.len));
}

TEST(another_pcr)
{
	struct crd_record anchor;
	struct want first = { .from = 0 };
	const char *fault;
	struct log log;

	ASSERT_EQ(0, load_file(MEASURER, "pcr=11 unloadable=1"));
	ASSERT_EQ(0, log_read(&log));
	ASSERT_TRUE(log_find(&log, first, &anchor));
	EXPECT_EQ(11, anchor.pcr);
	log_done(&log);
	fault = golden_rule();
	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
	EXPECT_EQ(0, unload("credence"));
}

/* What the UNLOAD record said is only in the PCR now: the log is gone. */
TEST(unload_is_extended_and_seen_after_a_new_start)
{
	struct crd_digest before, unloaded, found;
	struct crd_buf bytes;
	struct log log;

	ASSERT_EQ(0, load_file(MEASURER, "unloadable=1"));
	ASSERT_EQ(0, tpm_pcr_value(CRD_ALG_SHA256, 13, &before));
	ASSERT_EQ(0, unload("credence"));
	ASSERT_EQ(0, tpm_pcr_value(CRD_ALG_SHA256, 13, &unloaded));
	EXPECT_FALSE(crd_digest_equal(&before, &unloaded));
	ASSERT_EQ(0, load_file(MEASURER, ""));
	ASSERT_EQ(0, log_read(&log));
	bytes = (struct crd_buf){ log.bytes, log.len };
	ASSERT_EQ(0, crd_cel_anchor_pcr(bytes, CRD_ALG_SHA256, &found));
	EXPECT_TRUE(crd_digest_equal(&unloaded, &found));
	log_done(&log);
}

TEST_HARNESS_MAIN
