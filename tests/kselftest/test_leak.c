// SPDX-License-Identifier: Apache-2.0
/*
 * Loads that fail leave no memory behind, beyond the log itself. CRD_TRIES
 * gives their number (default 2000).
 */
#include "kselftest_harness.h"
#include "measurer.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 1100 /* a debug kernel is slow; so has the story */

#define SLACK_KIB 4096

static unsigned int tries(void)
{
	const char *text = getenv("CRD_TRIES");

	return text ? atoi(text) : 2000;
}

/* Kernel memory in use, without the measurer's log. */
static long kernel_kib(void)
{
	file_puts("/proc/sys/vm/drop_caches", "3");
	return (long)file_number("/proc/meminfo", "Slab:") +
	       (long)file_number("/proc/meminfo", "VmallocUsed:") +
	       (long)file_number("/proc/meminfo", "Percpu:") -
	       (long)(file_number(STATUS_FILE, "memory=") / 1024);
}

/*
 * Freed memory is not given back there for long, and each allocation has a
 * description: how much there is says nothing. What leaks, kmemleak tells, whom
 * the machine asks in the end.
 */
static bool kernel_keeps_what_is_freed(void)
{
	return !system("zcat /proc/config.gz 2>/dev/null | "
		       "grep -q '^CONFIG_KASAN=y'");
}

/* Nine times garbage, then a module whose init fails. */
static int fail_once(unsigned int i)
{
	static const uint8_t garbage[4096] = "\177ELF";

	if (i % 10)
		return load_bytes(garbage, sizeof(garbage), "");
	return load_file("/in/crd_init_fail.ko", "error=19");
}

static unsigned int load_events(void)
{
	return log_events(CRD_EV_MODULE) + log_events(CRD_EV_MODULE_RESULT);
}

TEST(failed_loads_leave_nothing)
{
	unsigned int i, n = tries();
	unsigned int events;
	long before, grown;
	const char *fault;

	for (i = 0; i < 200; i++) /* let caches and pools settle */
		EXPECT_GT(0, fail_once(i));
	events = load_events();
	ASSERT_LT(0, events);
	before = kernel_kib();
	for (i = 0; i < n; i++)
		ASSERT_GT(0, fail_once(i));
	grown = kernel_kib() - before;
	TH_LOG("%ld KiB more after %u tries", grown, n);
	if (!kernel_keeps_what_is_freed())
		EXPECT_GE(SLACK_KIB, grown);
	/* an event for each try, and one more for each module that got far */
	EXPECT_EQ(events + n + n / 10, load_events());
	fault = golden_rule();
	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
}

TEST_HARNESS_MAIN
