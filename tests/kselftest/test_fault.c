// SPDX-License-Identifier: Apache-2.0
/*
 * A TPM that stops answering. The story gives the machine a software TPM
 * through the kernel's proxy: CRD_SWTPM is its process, CRD_FAIL the mode.
 */
#include "kselftest_harness.h"
#include "measurer.h"

#include <signal.h>
#include <time.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 120

#define STOCK "dummy"
#define OTHER "veth"
/*
 * Seconds. The story has the measurer wait 6 for an answer; a load that waited
 * again would take as long, one that does not takes a second even where all is
 * slow.
 */
#define WAIT_LIMIT   20.0
#define STICKY_LIMIT 5.0

static pid_t swtpm(void)
{
	const char *pid = getenv("CRD_SWTPM");

	return pid ? atoi(pid) : -1;
}

static bool closed(void)
{
	const char *mode = getenv("CRD_FAIL");

	return mode && !strcmp(mode, "closed");
}

static double timed_load(const char *name, int *ret_error)
{
	struct timespec start, end;

	clock_gettime(CLOCK_MONOTONIC, &start);
	*ret_error = load_file(stock_module(name), "");
	clock_gettime(CLOCK_MONOTONIC, &end);
	return (end.tv_sec - start.tv_sec) +
	       (end.tv_nsec - start.tv_nsec) / 1e9;
}

TEST(works_before)
{
	int err;

	timed_load(STOCK, &err);
	EXPECT_EQ(0, err);
	EXPECT_EQ(0, unload(STOCK));
	EXPECT_EQ(NULL, golden_rule());
	EXPECT_FALSE(status_has("state=failed"));
}

TEST(waits_within_bounds_and_remembers)
{
	struct want faults = { log_records(), CRD_EV_FAULT, NULL };
	struct want loads = { faults.from, CRD_EV_MODULE, STOCK };
	struct log log;
	double took;
	int err;

	ASSERT_EQ(0, kill(swtpm(), SIGSTOP));
	took = timed_load(STOCK, &err);
	EXPECT_GT(WAIT_LIMIT, took)
	{
		TH_LOG("took %f s", took);
	}
	EXPECT_EQ(closed(), err != 0);
	took = timed_load(OTHER, &err);
	EXPECT_GT(STICKY_LIMIT, took);
	EXPECT_EQ(closed(), err != 0);
	EXPECT_TRUE(status_has("state=failed"));
	ASSERT_EQ(0, log_read(&log));
	EXPECT_EQ(1, log_count(&log, faults));
	EXPECT_EQ(1, log_count(&log, loads));
	log_done(&log);
	ASSERT_EQ(0, kill(swtpm(), SIGCONT));
}

/* Read, and yet not handed to the driver. */
TEST(firmware_is_refused_as_well)
{
	int err = file_puts("/sys/devices/virtual/misc/test_firmware/"
			    "trigger_request",
			    "carl9170-1.fw");

	EXPECT_EQ(closed() ? -EIO : 0, err);
}

TEST(stays_failed_when_the_tpm_is_back)
{
	int err;

	usleep(500000);
	if (module_is_loaded(STOCK))
		unload(STOCK);
	timed_load(STOCK, &err);
	EXPECT_EQ(closed(), err != 0);
	EXPECT_TRUE(status_has("state=failed"));
	EXPECT_NE(NULL, golden_rule());
}

TEST_HARNESS_MAIN
