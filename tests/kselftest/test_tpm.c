// SPDX-License-Identifier: Apache-2.0
/*
 * A TPM that is slow, says no, says nonsense, says nothing, goes away, comes
 * back reset: each ends, within bounds, in a state that is recorded and stays.
 * What the verifier says of each is for the story to ask, with the evidence
 * that is left in /out.
 *
 * The TPM's state is copied from /tpm for each test, so that all have the same
 * key; the measurer is loaded and unloaded by each.
 */
#include "kselftest_harness.h"
#include "measurer.h"
#include "relay.h"

#include <time.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 300

#define MEASURER "/credence.ko"
#define STATE	 "/run/tpm"
#define STOCK	 "dummy"
#define OTHER	 "veth"
/* ms: the longest wait for the TPM, and what a load may take on top. */
#define TIMEOUT	   3000
#define LOAD_LIMIT 4000
/* A load may wait for its own record, and for the record of the fault. */
#define WAITS 2

enum expect {
	FINE,	/* nothing to be noticed */
	FAILED, /* a FAULT record, and the state says so */
	UNSEEN, /* only the verifier can tell */
};

FIXTURE(tpm)
{
	struct relay relay;
	bool loaded;
};

FIXTURE_VARIANT(tpm)
{
	const char *name;
	bool closed;
	struct relay_fault fault;
	enum relay_reset reset;
	bool gone;
	enum expect expect;
};

#define FAULT_VARIANT(id, mode, how, ...)                            \
	FIXTURE_VARIANT_ADD(tpm, id##_##mode)                        \
	{                                                            \
		.name = #id "-" #mode, .closed = sizeof(#mode) == 7, \
		.expect = (how), __VA_ARGS__                         \
	}

/* In both modes. */
#define FAULT(id, how, ...)                        \
	FAULT_VARIANT(id, open, how, __VA_ARGS__); \
	FAULT_VARIANT(id, closed, how, __VA_ARGS__)

#define EXTEND(count, ...) \
	.fault = { .command = RELAY_PCR_EXTEND, .times = (count), __VA_ARGS__ }

FAULT(none, FINE, EXTEND(0));
FAULT(slow_5ms, FINE, EXTEND(RELAY_ALWAYS, .delay_ms = 5));
FAULT(slow_500ms, FINE, EXTEND(RELAY_ALWAYS, .delay_ms = 500));
/* The kernel's driver gives up after 750 ms. */
FAULT(slow_2s, FAILED, EXTEND(RELAY_ALWAYS, .delay_ms = 2000));
FAULT(retry_thrice, FINE, EXTEND(3, .answer = 0x922));
FAULT(retry_always, FAILED, EXTEND(RELAY_ALWAYS, .answer = 0x922));
FAULT(failure_once, FAILED, EXTEND(1, .answer = 0x101));
FAULT(initialize, FAILED, EXTEND(RELAY_ALWAYS, .answer = 0x100));
FAULT(lockout, FAILED, EXTEND(RELAY_ALWAYS, .answer = 0x921));
FAULT(locality, FAILED, EXTEND(1, .answer = 0x907));
FAULT(short_answer, FAILED, EXTEND(1, .bytes = 6));
FAULT(nonsense, FAILED, EXTEND(1, .bytes = 64));
FAULT(silent, FAILED, EXTEND(RELAY_ALWAYS, .silent = true));
FAULT(gone, FAILED, .gone = true);
FAULT(reset, UNSEEN, .reset = RELAY_RESET);
FAULT(unstarted, FAILED, .reset = RELAY_UNSTARTED);

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int timed_load(const char *name, double *ret_seconds)
{
	double start = now();
	int err = load_file(stock_module(name), "");

	*ret_seconds = now() - start;
	return err;
}

static int start_measurer(bool closed)
{
	char args[80];

	snprintf(args, sizeof(args), "unloadable=1 fail=%s extend_timeout=%d",
		 closed ? "closed" : "open", TIMEOUT);
	return load_file(MEASURER, args);
}

static int fresh_state(void)
{
	return system("rm -rf " STATE " && cp -r /tpm " STATE);
}

/* The quote is of whatever TPM is there now. */
static int attest(const struct relay *relay, const char *name)
{
	char command[200];

	snprintf(command, sizeof(command),
		 "credence attest --quiet --tcti device:/dev/tpm%d "
		 "-c /in/challenge.json -o /out/%s",
		 relay->shared->number, name);
	return system(command);
}

FIXTURE_SETUP(tpm)
{
	ASSERT_EQ(0, fresh_state());
	ASSERT_EQ(0, relay_start(&self->relay, STATE));
	ASSERT_EQ(0, start_measurer(variant->closed));
	self->loaded = true;
}

FIXTURE_TEARDOWN(tpm)
{
	unload(STOCK);
	unload(OTHER);
	if (self->loaded)
		EXPECT_EQ(0, unload("credence"));
	relay_stop(&self->relay);
}

TEST_F(tpm, each_ends_in_a_recorded_state)
{
	bool failed = variant->expect == FAILED;
	struct want faults = { .event = CRD_EV_FAULT };
	struct want loads = { .event = CRD_EV_MODULE, .name = OTHER };
	struct log log;
	double took;

	ASSERT_EQ(0, timed_load(STOCK, &took));
	ASSERT_EQ(0, unload(STOCK));
	EXPECT_TRUE(status_has("state=ok"));

	relay_set(&self->relay, variant->fault);
	relay_reset(&self->relay, variant->reset);
	if (variant->gone)
		relay_stop(&self->relay);
	EXPECT_EQ(failed && variant->closed, timed_load(OTHER, &took) != 0);
	EXPECT_GT((LOAD_LIMIT + WAITS * TIMEOUT) / 1000.0, took)
	{
		TH_LOG("took %f s", took);
	}
	EXPECT_TRUE(status_has(failed ? "state=failed" : "state=ok"));
	ASSERT_EQ(0, log_read(&log));
	EXPECT_EQ(failed, log_count(&log, faults));
	EXPECT_EQ(1, log_count(&log, loads));
	log_done(&log);

	/* What was not recorded once cannot be made good. */
	if (variant->gone) {
		ASSERT_EQ(0, fresh_state());
		ASSERT_EQ(0, relay_start(&self->relay, STATE));
	}
	relay_set(&self->relay, (struct relay_fault){ .times = 0 });
	if (variant->reset == RELAY_UNSTARTED)
		relay_reset(&self->relay, RELAY_RESET);
	EXPECT_EQ(failed && variant->closed, timed_load(STOCK, &took) != 0);
	EXPECT_TRUE(status_has(failed ? "state=failed" : "state=ok"));
	EXPECT_EQ(0, attest(&self->relay, variant->name));
}

/* Somebody else keeps the TPM busy. */
FIXTURE(busy)
{
	struct relay relay;
};

FIXTURE_SETUP(busy)
{
	ASSERT_EQ(0, fresh_state());
	ASSERT_EQ(0, relay_start(&self->relay, STATE));
}

FIXTURE_TEARDOWN(busy)
{
	unload(STOCK);
	unload(OTHER);
	unload("credence");
	relay_stop(&self->relay);
}

/* The first load waits as long as it must, and no later one does. */
TEST_F(busy, no_load_waits_longer_than_the_limit)
{
	struct want faults = { .event = CRD_EV_FAULT };
	struct log log;
	double took;

	ASSERT_EQ(0, start_measurer(false));
	ASSERT_EQ(0, relay_keep_busy(&self->relay, 3 * TIMEOUT));
	EXPECT_EQ(0, timed_load(STOCK, &took));
	EXPECT_LT(TIMEOUT / 1000.0 - 0.1, took);
	EXPECT_GT((TIMEOUT + LOAD_LIMIT / 2) / 1000.0, took);
	EXPECT_EQ(0, timed_load(OTHER, &took));
	EXPECT_GT(LOAD_LIMIT / 2 / 1000.0, took);
	EXPECT_TRUE(status_has("state=failed"));
	ASSERT_EQ(0, log_read(&log));
	EXPECT_EQ(1, log_count(&log, faults));
	log_done(&log);
	relay_busy_end(&self->relay);
	/* The extend that was given up has come to its end by now. */
	EXPECT_TRUE(status_has("state=failed"));
	EXPECT_EQ(0, attest(&self->relay, "busy"));
}

/* Then the measurer does not start, and keeps nobody from loading. */
TEST_F(busy, at_the_start_it_stays_out)
{
	double start, took;

	ASSERT_EQ(0, relay_keep_busy(&self->relay, 3 * TIMEOUT));
	start = now();
	EXPECT_GT(0, start_measurer(true));
	EXPECT_GT((3 * TIMEOUT + LOAD_LIMIT) / 1000.0, now() - start);
	EXPECT_FALSE(module_is_loaded("credence"));
	EXPECT_EQ(0, timed_load(STOCK, &took));
	relay_busy_end(&self->relay);
	EXPECT_EQ(0, start_measurer(true));
}

TEST_HARNESS_MAIN
