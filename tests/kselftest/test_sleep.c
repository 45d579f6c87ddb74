// SPDX-License-Identifier: Apache-2.0
/*
 * Suspend, as far as devices, to idle, to RAM: what begins and what ends it is
 * recorded, the TPM's counters with it; what happens while the TPM is asleep
 * is recorded when it is awake again; the log replays to the PCR.
 */
#include "kselftest_harness.h"
#include "measurer.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 240

#define MODULES	 "/in/"
#define FIRMWARE "carl9170-1.fw"
#define STOCK	 "dummy"
#define POWER	 "/sys/power/"
#define WAKE	 "/sys/class/rtc/rtc0/wakealarm"
#define SECONDS	 "+4"

FIXTURE(sleep)
{
	struct log log;
};

FIXTURE_VARIANT(sleep)
{
	const char *test;  /* of /sys/power/pm_test */
	const char *state; /* of /sys/power/state */
	unsigned int restarts;
};

FIXTURE_VARIANT_ADD(sleep, devices_only){
	.test = "devices",
	.state = "mem",
	.restarts = 0,
};

/* Nothing would wake this machine from it. */
FIXTURE_VARIANT_ADD(sleep, to_idle){
	.test = "devices",
	.state = "freeze",
	.restarts = 0,
};

FIXTURE_VARIANT_ADD(sleep, to_ram){
	.test = "none",
	.state = "mem",
	.restarts = 1,
};

FIXTURE_SETUP(sleep)
{
	char args[80];

	snprintf(args, sizeof(args), "firmware=%s", FIRMWARE);
	ASSERT_EQ(0, load_file(MODULES "crd_pm_fw.ko", args));
}

FIXTURE_TEARDOWN(sleep)
{
	EXPECT_EQ(0, unload("crd_pm_fw"));
	log_done(&self->log);
}

struct counters {
	uint64_t resets;
	uint64_t restarts;
};

/* As the last record that has them says: of the last sleep, or of the start. */
static bool last_counters(struct counters *ret)
{
	struct want any = { .from = 0 };
	struct crd_record rec;
	bool found = false;
	struct log log;

	if (log_read(&log))
		return false;
	for (; log_find(&log, any, &rec); any.from = rec.recnum + 1)
		found |= crd_field_u64(rec.fields, CRD_F_RESET_COUNT,
				       &ret->resets) &&
			 crd_field_u64(rec.fields, CRD_F_RESTART_COUNT,
				       &ret->restarts);
	log_done(&log);
	return found;
}

static int go_to_sleep(const char *test, const char *state)
{
	int err = file_puts(POWER "pm_test", test);

	if (err)
		return err;
	if (!strcmp(test, "none")) {
		file_puts(WAKE, "0");
		err = file_puts(WAKE, SECONDS);
	}
	if (!err)
		err = file_puts(POWER "state", state);
	file_puts(POWER "pm_test", "none");
	return err;
}

TEST_F(sleep, is_recorded_and_what_happened_in_it)
{
	struct want power = { log_records(), CRD_EV_POWER, NULL };
	struct want firmware = { power.from, CRD_EV_FIRMWARE, FIRMWARE };
	struct want loads = { power.from, CRD_EV_MODULE, STOCK };
	struct crd_record began, read, ended;
	struct counters before;

	ASSERT_TRUE(last_counters(&before));
	ASSERT_EQ(0, go_to_sleep(variant->test, variant->state));
	ASSERT_EQ(0, load_file(stock_module(STOCK), ""));
	EXPECT_EQ(0, unload(STOCK));

	ASSERT_EQ(0, log_read(&self->log));
	ASSERT_EQ(2, log_count(&self->log, power));
	ASSERT_EQ(1, log_count(&self->log, firmware));
	ASSERT_EQ(1, log_count(&self->log, loads));
	ASSERT_TRUE(log_find(&self->log, power, &began));
	ASSERT_TRUE(log_find(&self->log, firmware, &read));
	power.from = began.recnum + 1;
	ASSERT_TRUE(log_find(&self->log, power, &ended));
	EXPECT_EQ(CRD_POWER_SUSPEND, field_u64(began.fields, CRD_F_POWER));
	EXPECT_EQ(CRD_POWER_RESUME, field_u64(ended.fields, CRD_F_POWER));
	EXPECT_LT(began.recnum, read.recnum);
	EXPECT_LT(read.recnum, ended.recnum);
	EXPECT_EQ(1, field_u64(read.fields, CRD_F_DEFERRED));
	EXPECT_EQ(1, field_u64(ended.fields, CRD_F_COUNT));
	EXPECT_EQ(before.resets, field_u64(ended.fields, CRD_F_RESET_COUNT));
	EXPECT_EQ(before.restarts + variant->restarts,
		  field_u64(ended.fields, CRD_F_RESTART_COUNT));
	EXPECT_EQ(NULL, golden_rule());
}

TEST_HARNESS_MAIN
