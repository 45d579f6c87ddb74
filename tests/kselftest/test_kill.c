// SPDX-License-Identifier: Apache-2.0
/*
 * Loads that are killed while they are under way, at any point: each leaves
 * its record, and nothing else. More of them than there are brackets
 * (kmod/bracket.c), so that one that is not given back would show.
 */
#include "kselftest_harness.h"
#include "measurer.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 600

#define KILLS	  1100
#define STOCK	  "nls_ascii"
#define STATUS_OK "state=ok"

/* What the child told before it was killed. */
struct told {
	bool begun;
	bool ended;
	int result;
};

struct tally {
	unsigned int begun;
	unsigned int ended;
	unsigned int up;
};

static uint64_t monotonic_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void sleep_ns(uint64_t ns)
{
	struct timespec t = { ns / 1000000000, ns % 1000000000 };

	nanosleep(&t, NULL);
}

static void child(volatile struct told *told, const char *path)
{
	told->begun = true;
	told->result = load_file(path, "");
	told->ended = true;
	_exit(0);
}

/* One load, killed after so long. */
static void kill_one(volatile struct told *told, const char *path, uint64_t ns,
		     struct tally *tally)
{
	pid_t pid;

	memset((void *)told, 0, sizeof(*told));
	pid = fork();
	if (!pid)
		child(told, path);
	while (!told->begun)
		sched_yield();
	sleep_ns(ns);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	tally->begun++;
	tally->ended += told->ended;
	tally->up += !unload(STOCK);
}

/* How long a load takes that nobody kills. */
static uint64_t load_ns(const char *path)
{
	uint64_t start = monotonic_ns();

	if (load_file(path, "") || unload(STOCK))
		return 0;
	return monotonic_ns() - start;
}

TEST(killed_loads_leave_their_record_and_nothing_else)
{
	uint64_t from, whole, least = UINT64_MAX;
	struct tally tally = { .begun = 0 };
	volatile struct told *told;
	struct want up, failed;
	unsigned int i, records;
	struct log log;
	char path[256];

	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, told);
	snprintf(path, sizeof(path), "%s", stock_module(STOCK));
	for (i = 0; i < 5; i++) {
		whole = load_ns(path);
		ASSERT_NE(0, whole);
		if (whole < least)
			least = whole;
	}
	from = log_records();
	/* Evenly over the whole load and a little beyond. */
	for (i = 0; i < KILLS; i++)
		kill_one(told, path, least * (i % 97) / 80, &tally);
	TH_LOG("%u begun, %u ended by themselves, %u came up, a load %u us",
	       tally.begun, tally.ended, tally.up,
	       (unsigned int)(least / 1000));

	up = (struct want){ from, CRD_EV_MODULE, STOCK };
	failed = (struct want){ from, CRD_EV_MODULE_RESULT };
	ASSERT_EQ(0, log_read(&log));
	/* Each that came up has one record; one that failed after that, two. */
	records = log_count(&log, up);
	EXPECT_LE(tally.up, records);
	EXPECT_GE(KILLS, records);
	/* What had begun in the kernel was seen to its end. */
	EXPECT_LE(tally.ended, records + log_count(&log, failed));
	EXPECT_TRUE(status_has(STATUS_OK));
	EXPECT_EQ(NULL, golden_rule());
	log_done(&log);

	/* There is room for as many as ever. */
	from = log_records();
	for (i = 0; i < 5; i++)
		EXPECT_NE(0, load_ns(path));
	EXPECT_TRUE(status_has(STATUS_OK));
	EXPECT_TRUE(status_has("missed=0"));
}

TEST_HARNESS_MAIN
