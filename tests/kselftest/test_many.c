// SPDX-License-Identifier: Apache-2.0
/*
 * Very many records: all are there, memory is what the bytes need. What
 * appending and reading cost at the beginning and in the end is only told: the
 * benchmark `records` asks for it, and no test depends on how busy a machine is.
 * CRD_RECORDS gives their number (default 5,000).
 */
#include "kselftest_harness.h"
#include "measurer.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 3000

#define PARTS 10
#define CHUNK 50
#define TIMES 3
/* As the README says: besides the bytes, 1/512 of them, and so much. */
#define TABLES	    512
#define MEMORY_MORE (20 * 1024)

static unsigned int wanted(void)
{
	const char *text = getenv("CRD_RECORDS");

	return text ? atoi(text) : 5000;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/*
 * The least that a load can be: an ELF header that is none. That it failed is
 * recorded a little later: wait for that.
 */
static double append(unsigned int n)
{
	static const uint8_t garbage[64] = "\177ELF";
	double start = now();

	while (n--)
		load_bytes(garbage, sizeof(garbage), "");
	while (file_number(STATUS_FILE, "put_off="))
		usleep(1000);
	return now() - start;
}

/* Seconds for each record, the best of all chunks. */
static double append_cost(unsigned int n)
{
	double best = 0, took;

	for (; n >= CHUNK; n -= CHUNK) {
		took = append(CHUNK) / CHUNK;
		if (!best || took < best)
			best = took;
	}
	return best;
}

/*
 * Seconds for each byte, the best of some. Into the same few pages each time:
 * memory for the whole would cost more the larger it is.
 */
static double read_cost(void)
{
	static uint8_t room[64 * 1024];
	double best = 0, took;
	size_t len;
	ssize_t n;
	int i, fd;

	for (i = 0; i < TIMES; i++) {
		fd = open(LOG_FILE, O_RDONLY);
		if (fd < 0)
			return 0;
		took = now();
		for (len = 0; (n = read(fd, room, sizeof(room))) > 0; len += n)
			;
		took = now() - took;
		close(fd);
		if (n < 0 || !len)
			return 0;
		if (!i || took / len < best)
			best = took / len;
	}
	return best;
}

static double least(const double *figures, int from, int to)
{
	double best = figures[from];

	while (++from < to)
		if (figures[from] < best)
			best = figures[from];
	return best;
}

TEST(many_records)
{
	unsigned int n = wanted(), i;
	uint64_t bytes, memory;
	double cost[PARTS], small, large;
	struct log log;

	cost[0] = append_cost(n / PARTS);
	small = read_cost();
	for (i = 1; i < PARTS; i++)
		cost[i] = append_cost(n / PARTS);
	large = read_cost();
	TH_LOG("append: %.0f records/s at first, %.0f in the end",
	       1 / least(cost, 0, TIMES),
	       1 / least(cost, PARTS - TIMES, PARTS));
	TH_LOG("read: %.1f MB/s at first, %.1f in the end", 1e-6 / small,
	       1e-6 / large);
	ASSERT_LT(0, small);

	bytes = file_number(STATUS_FILE, "bytes=");
	memory = file_number(STATUS_FILE, "memory=");
	TH_LOG("%llu bytes, memory %llu", (unsigned long long)bytes,
	       (unsigned long long)memory);
	EXPECT_LT(memory, bytes + bytes / TABLES + MEMORY_MORE);
	EXPECT_TRUE(status_has("state=ok"));
	ASSERT_EQ(0, log_read(&log));
	EXPECT_LT(n, log.records);
	log_done(&log);
	EXPECT_EQ(NULL, golden_rule());
}

/* What is left in the log's memory is filled: one record says so, and stays. */
TEST(the_bound_is_told_once_and_holds)
{
	struct want full = { .event = CRD_EV_LOG_FULL };
	uint64_t bound = file_number(STATUS_FILE, "log_max=") * 1024;
	uint64_t memory;
	struct log log;

	while (status_has("state=ok"))
		append(1000);
	append(100);
	EXPECT_TRUE(status_has("state=full"));
	EXPECT_LE(100, file_number(STATUS_FILE, "dropped="));
	memory = file_number(STATUS_FILE, "memory=");
	EXPECT_LT(memory, bound + bound / TABLES + MEMORY_MORE);
	ASSERT_EQ(0, log_read(&log));
	EXPECT_EQ(1, log_count(&log, full));
	log_done(&log);
	EXPECT_EQ(NULL, golden_rule());
}

TEST_HARNESS_MAIN
