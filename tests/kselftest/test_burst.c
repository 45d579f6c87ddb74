// SPDX-License-Identifier: Apache-2.0
/*
 * Many loads at once: records = loads, replay exact. The story runs this with
 * one, two and eight processors.
 */
#include "kselftest_harness.h"
#include "measurer.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 600 /* a debug kernel's */

#define BURST 64
#define SAME  "dummy"

static void expect_golden(struct __test_metadata *_metadata)
{
	const char *fault = golden_rule();

	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
}

TEST(different_modules)
{
	static char paths[BURST][256];
	unsigned int n = stock_modules(paths, BURST), i;
	uint64_t from = log_records();
	int results[BURST];
	struct log log;
	char name[64];

	ASSERT_EQ(BURST, n);
	for (i = 0; i < n; i++) {
		module_name(paths[i], name, sizeof(name));
		unload(name);
	}
	load_burst(load_file, paths, n, results);
	ASSERT_EQ(0, log_read(&log));
	for (i = 0; i < n; i++) {
		struct want want = { from, CRD_EV_MODULE, NULL };
		struct crd_record rec, result;

		module_name(paths[i], name, sizeof(name));
		want.name = name;
		EXPECT_EQ(1, log_count(&log, want))
		{
			TH_LOG("%s: %s", name, strerror(results[i]));
		}
		ASSERT_TRUE(log_find(&log, want, &rec));
		EXPECT_EQ(results[i] != 0,
			  log_find_ref(&log, CRD_EV_MODULE_RESULT, &rec,
				       &result))
		{
			TH_LOG("%s: %s, record %llu", name,
			       strerror(results[i]),
			       (unsigned long long)rec.recnum);
		}
		unload(name);
	}
	log_done(&log);
	expect_golden(_metadata);
}

/* A file for each, so that the kernel reads each. */
TEST(the_same_module)
{
	struct want loaded = { .event = CRD_EV_MODULE, .name = SAME };
	struct want failed = { .event = CRD_EV_MODULE_RESULT };
	static char paths[BURST][256];
	int results[BURST];
	unsigned int i, up = 0;
	struct log log;

	if (module_is_loaded(SAME))
		ASSERT_EQ(0, unload(SAME));
	ASSERT_NE(NULL, stock_module(SAME));
	for (i = 0; i < BURST; i++)
		snprintf(paths[i], sizeof(paths[i]), "%s", stock_module(SAME));
	loaded.from = log_records();
	failed.from = loaded.from;
	load_burst(load_memfd, paths, BURST, results);
	for (i = 0; i < BURST; i++)
		up += !results[i];
	EXPECT_EQ(1, up);
	ASSERT_EQ(0, log_read(&log));
	EXPECT_EQ(up, log_count(&log, loaded));
	EXPECT_EQ(BURST - up, log_count(&log, failed));
	log_done(&log);
	unload(SAME);
	expect_golden(_metadata);
}

/*
 * One file: since 6.5 the kernel reads it once for all that ask for it at the
 * same time, and gives them all its answer.
 */
TEST(the_same_file)
{
	struct want loaded = { .event = CRD_EV_MODULE, .name = SAME };
	struct want failed = { .event = CRD_EV_MODULE_RESULT };
	static char paths[BURST][256];
	int results[BURST];
	unsigned int i, up = 0;
	struct log log;

	ASSERT_NE(NULL, stock_module(SAME));
	for (i = 0; i < BURST; i++)
		snprintf(paths[i], sizeof(paths[i]), "%s", stock_module(SAME));
	loaded.from = log_records();
	failed.from = loaded.from;
	load_burst(load_file, paths, BURST, results);
	for (i = 0; i < BURST; i++)
		up += !results[i];
	EXPECT_LE(1, up);
	ASSERT_EQ(0, log_read(&log));
	EXPECT_EQ(1, log_count(&log, loaded));
	EXPECT_GE(BURST - up, log_count(&log, failed));
	log_done(&log);
	unload(SAME);
	expect_golden(_metadata);
}

TEST_HARNESS_MAIN
