// SPDX-License-Identifier: Apache-2.0
/*
 * A module is extended into the PCR before any of its code runs. crd_init_pcr
 * reads the PCR in the callback of its parameter and in its init; both values
 * must be the log replayed up to and with that module's own record.
 */
#include "kselftest_harness.h"
#include "measurer.h"

#define MODULES	   "/in/"
#define PARAMETERS "/sys/module/crd_init_pcr/parameters/"

static void parameter(const char *name, char *ret, size_t size)
{
	char path[128];
	uint8_t *bytes;
	size_t len;

	ret[0] = 0;
	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	if (file_read(path, &bytes, &len))
		return;
	snprintf(ret, size, "%.*s", (int)strcspn((char *)bytes, "\n"),
		 (char *)bytes);
	free(bytes);
}

TEST(extended_before_its_code_runs)
{
	struct want want = { log_records(), CRD_EV_MODULE, "crd_init_pcr" };
	char at_param[80], at_init[80], with[129], without[129];
	struct crd_record rec;
	struct log log;

	ASSERT_EQ(0, load_file(MODULES "crd_init_pcr.ko", "pcr=13"));
	parameter("at_param", at_param, sizeof(at_param));
	parameter("at_init", at_init, sizeof(at_init));
	ASSERT_EQ(0, unload("crd_init_pcr"));
	ASSERT_EQ(0, log_read(&log));
	ASSERT_EQ(1, log_count(&log, want));
	ASSERT_TRUE(log_find(&log, want, &rec));
	log_replay_to(&log, rec.recnum, with);
	log_replay_to(&log, rec.recnum - 1, without);
	EXPECT_STRNE(with, without);
	EXPECT_STREQ(with, at_param);
	EXPECT_STREQ(with, at_init);
	log_done(&log);
}

struct failing {
	const char *args;
	int error;
};

static const struct failing
	failing[] = {
		{ "error=1", EPERM },	{ "error=12", ENOMEM },
		{ "error=22", EINVAL }, { "error=19", ENODEV },
		{ "error=517", 517 }, /* EPROBE_DEFER: more than user space knows */
	};

TEST(failing_init_is_recorded_with_its_error)
{
	unsigned int i;

	for (i = 0; i < sizeof(failing) / sizeof(failing[0]); i++) {
		struct want want = { log_records(), CRD_EV_MODULE,
				     "crd_init_fail" };
		struct crd_record rec, result;
		struct log log;

		EXPECT_EQ(-failing[i].error,
			  load_file(MODULES "crd_init_fail.ko",
				    failing[i].args));
		ASSERT_EQ(0, log_read(&log));
		ASSERT_TRUE(log_find(&log, want, &rec));
		ASSERT_TRUE(log_find_ref(&log, CRD_EV_MODULE_RESULT, &rec,
					 &result));
		EXPECT_EQ(-failing[i].error,
			  (int32_t)field_u64(result.fields, CRD_F_RESULT));
		log_done(&log);
	}
}

TEST(unsigned_and_out_of_tree_are_said)
{
	struct want want = { log_records(), CRD_EV_MODULE, "crd_plain" };
	struct crd_record rec;
	struct crd_buf value;
	struct log log;

	ASSERT_EQ(0, load_file(MODULES "crd_plain.ko", "number=1"));
	EXPECT_EQ(0, unload("crd_plain"));
	ASSERT_EQ(0, log_read(&log));
	ASSERT_TRUE(log_find(&log, want, &rec));
	EXPECT_EQ(CRD_SIG_NONE, field_u64(rec.fields, CRD_F_SIG_STATUS));
	EXPECT_FALSE(crd_field_get(rec.fields, CRD_F_INTREE, &value));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_VERSION, "1"));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_AUTHOR,
				  "The Credence authors"));
	EXPECT_EQ(NULL, golden_rule());
	log_done(&log);
}

TEST_HARNESS_MAIN
