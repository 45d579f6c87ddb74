// SPDX-License-Identifier: Apache-2.0
/* Attempts of root to switch the measuring off. */
#include "kselftest_harness.h"
#include "measurer.h"

#include <pthread.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 120

#define STOCK		"dummy"
#define NO_HARDWARE	"padlock_sha"
#define FTRACE_ENABLED	"/proc/sys/kernel/ftrace_enabled"
#define KPROBES_ENABLED "/sys/kernel/debug/kprobes/enabled"

static volatile bool stop_loading;

static void *load_all_the_time(void *arg)
{
	const char *path = arg;
	intptr_t loads = 0;

	while (!stop_loading) {
		loads += !load_file(path, "");
		unload(STOCK);
	}
	return (void *)loads;
}

static void expect_golden(struct __test_metadata *_metadata)
{
	const char *fault = golden_rule();

	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
}

TEST(ftrace_cannot_be_switched_off_under_load)
{
	struct want want = { log_records(), CRD_EV_MODULE, STOCK };
	char path[256];
	struct log log;
	pthread_t thread;
	void *loads;
	int i;

	ASSERT_NE(NULL, stock_module(STOCK));
	snprintf(path, sizeof(path), "%s", stock_module(STOCK));
	ASSERT_EQ(0, pthread_create(&thread, NULL, load_all_the_time, path));
	for (i = 0; i < 50; i++) {
		/* -EBUSY, or since 7.x -EOPNOTSUPP */
		EXPECT_GT(0, file_puts(FTRACE_ENABLED, "0"));
		usleep(20000);
	}
	stop_loading = true;
	pthread_join(thread, &loads);
	ASSERT_EQ(0, log_read(&log));
	EXPECT_LT(0, (intptr_t)loads);
	EXPECT_EQ((intptr_t)loads, log_count(&log, want));
	log_done(&log);
	expect_golden(_metadata);
}

/*
 * With all kprobes disarmed, a good and a failing load are either recorded as
 * always or the gap is: HOOK_LOST.
 */
TEST(disarmed_kprobes_are_noticed)
{
	struct want module = { log_records(), CRD_EV_MODULE, STOCK };
	struct want lost = { module.from, CRD_EV_HOOK_LOST, NULL };
	static const uint8_t garbage[4096] = "\177ELF";
	struct want failed = { module.from, CRD_EV_MODULE_RESULT, NULL };
	struct log log;

	ASSERT_EQ(0, file_puts(KPROBES_ENABLED, "0"));
	EXPECT_EQ(0, load_file(stock_module(STOCK), ""));
	EXPECT_EQ(-ENOEXEC, load_bytes(garbage, sizeof(garbage), ""));
	EXPECT_EQ(0, unload(STOCK));
	ASSERT_EQ(0, file_puts(KPROBES_ENABLED, "1"));
	ASSERT_EQ(0, log_read(&log));
	EXPECT_EQ(1, log_count(&log, module));
	EXPECT_TRUE(log_count(&log, failed) == 1 || log_count(&log, lost) > 0);
	log_done(&log);
	expect_golden(_metadata);
}

/* After that, everything is as before. */
TEST(armed_again)
{
	struct want module = { log_records(), CRD_EV_MODULE, STOCK };
	struct log log;

	EXPECT_EQ(0, load_file(stock_module(STOCK), ""));
	EXPECT_EQ(0, unload(STOCK));
	ASSERT_EQ(0, log_read(&log));
	EXPECT_EQ(1, log_count(&log, module));
	log_done(&log);
	expect_golden(_metadata);
}

/* Filters that root sets in tracefs must not reach the measurer's hooks. */
TEST(tracefs_filters_do_not_matter)
{
	struct want module = { log_records(), CRD_EV_MODULE, STOCK };
	struct log log;

	EXPECT_EQ(0, file_puts("/sys/kernel/tracing/set_ftrace_notrace",
			       "security_*"));
	EXPECT_EQ(0, file_puts("/sys/kernel/tracing/tracing_on", "0"));
	EXPECT_EQ(0, load_file(stock_module(STOCK), ""));
	EXPECT_EQ(0, unload(STOCK));
	EXPECT_EQ(0, truncate("/sys/kernel/tracing/set_ftrace_notrace", 0));
	ASSERT_EQ(0, log_read(&log));
	EXPECT_EQ(1, log_count(&log, module));
	log_done(&log);
	expect_golden(_metadata);
}

TEST(default_unload_is_refused)
{
	uint64_t before = log_records();

	EXPECT_GT(0, unload("credence"));
	EXPECT_TRUE(module_is_loaded("credence"));
	EXPECT_EQ(before, log_records());
	expect_golden(_metadata);
}

TEST_HARNESS_MAIN
