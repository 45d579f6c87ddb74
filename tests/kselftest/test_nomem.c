// SPDX-License-Identifier: Apache-2.0
/*
 * No memory: the first allocation fails, then the second, and so on, of the
 * measurer's start, and of what it does when it runs. Each time either the
 * record is there or the state says that one is missing, and with fail=closed
 * nothing is let in without. For kernels with fault injection.
 *
 * CRD_DENSE: every one of so many first allocations of a start (default 200);
 * beyond, ever fewer of them, as most are return probes, all alike.
 */
#include "kselftest_harness.h"
#include "measurer.h"

#include <fcntl.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 3000

#define MEASURER "/credence.ko"
#define STOCK	 "nls_ascii"
#define FIRMWARE "carl9170-1.fw"
#define TRIGGER	 "/sys/devices/virtual/misc/test_firmware/trigger_request"
#define NTH	 "/proc/thread-self/fail-nth"
#define DEBUGFS	 "/sys/kernel/debug/"
/* More allocations than any one of these steps has. */
#define MOST 100000

static bool fault_injection(void)
{
	static const char *const settings[][2] = {
		{ "failslab/ignore-gfp-wait", "N" },
		{ "failslab/verbose", "0" },
		{ "fail_page_alloc/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/ignore-gfp-highmem", "N" },
		{ "fail_page_alloc/min-order", "0" },
		{ "fail_page_alloc/verbose", "0" },
	};
	char path[96];
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		snprintf(path, sizeof(path), DEBUGFS "%s", settings[i][0]);
		if (file_puts(path, settings[i][1]))
			return false;
	}
	return !access(NTH, W_OK);
}

static void fail_nth(unsigned int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", n);
	file_puts(NTH, text);
}

/* Was the failure asked for injected? And no more of them. */
static bool fail_end(void)
{
	bool injected = false;
	char left[16] = "";
	int fd = open(NTH, O_RDWR | O_CLOEXEC);

	if (fd >= 0 && read(fd, left, sizeof(left) - 1) > 0)
		injected = atoi(left) == 0;
	(void)!pwrite(fd, "0", 1, 0);
	close(fd);
	return injected;
}

static int start_measurer(bool closed)
{
	return load_file(MEASURER,
			 closed ? "unloadable=1 fail=closed" : "unloadable=1");
}

static unsigned int dense(void)
{
	const char *text = getenv("CRD_DENSE");

	return text ? atoi(text) : 200;
}

TEST(at_the_start)
{
	unsigned int n, tries = 0, started = 0;
	bool injected = true;
	int err;

	if (!fault_injection())
		SKIP(return, "this kernel has no fault injection");
	for (n = 1; injected && n < MOST; n += n < dense() ? 1 : n / 8) {
		fail_nth(n);
		err = start_measurer(true);
		injected = fail_end();
		tries++;
		if (err) {
			EXPECT_NE(0, access(STATUS_FILE, F_OK));
			EXPECT_FALSE(module_is_loaded("credence"));
			continue;
		}
		started++;
		/* It did without, and is whole. */
		EXPECT_TRUE(status_has("state=ok"));
		EXPECT_EQ(NULL, golden_rule());
		ASSERT_EQ(0, unload("credence"));
	}
	TH_LOG("%u tries, the last at allocation %u; %u started", tries, n,
	       started);
	EXPECT_FALSE(injected);
	EXPECT_LE(1, started);
}

FIXTURE(nomem)
{
	int unused;
};

FIXTURE_VARIANT(nomem)
{
	bool closed;
	uint16_t event;
	const char *name;
	int (*run)(void);
	void (*undo)(void);
};

static int run_load(void)
{
	return load_file(stock_module(STOCK), "");
}

static void undo_load(void)
{
	unload(STOCK);
}

static int run_memory(void)
{
	return load_memory(stock_module(STOCK), "");
}

static int run_firmware(void)
{
	return file_puts(TRIGGER, FIRMWARE);
}

static int run_read(void)
{
	uint8_t *bytes;
	size_t len;
	int err = file_read(LOG_FILE, &bytes, &len);

	if (!err)
		free(bytes);
	return err;
}

static void undo_nothing(void)
{
}

#define NOMEM(id, mode, ...)                              \
	FIXTURE_VARIANT_ADD(nomem, id##_##mode)           \
	{                                                 \
		.closed = sizeof(#mode) == 7, __VA_ARGS__ \
	}

NOMEM(load, open, CRD_EV_MODULE, STOCK, run_load, undo_load);
NOMEM(load, closed, CRD_EV_MODULE, STOCK, run_load, undo_load);
NOMEM(memory, open, CRD_EV_MODULE, STOCK, run_memory, undo_load);
NOMEM(memory, closed, CRD_EV_MODULE, STOCK, run_memory, undo_load);
NOMEM(firmware, open, CRD_EV_FIRMWARE, FIRMWARE, run_firmware, undo_nothing);
NOMEM(firmware, closed, CRD_EV_FIRMWARE, FIRMWARE, run_firmware, undo_nothing);
NOMEM(read, open, 0, NULL, run_read, undo_nothing);

FIXTURE_SETUP(nomem)
{
	if (!fault_injection())
		SKIP(return, "this kernel has no fault injection");
	if (!module_is_loaded("test_firmware"))
		ASSERT_EQ(0, load_file(stock_module("test_firmware"), ""));
	ASSERT_EQ(0, start_measurer(variant->closed));
}

FIXTURE_TEARDOWN(nomem)
{
	variant->undo();
	unload("credence");
}

TEST_F(nomem, recorded_or_said_to_be_missing)
{
	unsigned int n, failures = 0, starts = 1;
	bool injected = true;

	for (n = 1; injected && n < MOST; n++) {
		struct want want = { log_records(), variant->event,
				     variant->name };
		struct log log;
		bool failed;
		int err;

		fail_nth(n);
		err = variant->run();
		injected = fail_end();
		failed = status_has("state=failed");
		ASSERT_EQ(0, log_read(&log));
		if (!err && variant->event && !failed)
			EXPECT_LE(1, log_count(&log, want))
			{
				TH_LOG("allocation %u: no record", n);
			}
		if (failed && variant->closed)
			EXPECT_NE(0, err)
			{
				TH_LOG("allocation %u: let in", n);
			}
		log_done(&log);
		variant->undo();
		failures += err != 0;
		if (!failed)
			continue;
		ASSERT_EQ(0, unload("credence"));
		ASSERT_EQ(0, start_measurer(variant->closed));
		starts++;
	}
	TH_LOG("%u allocations; %u times it failed, %u times the state did",
	       n - 2, failures, starts - 1);
	EXPECT_FALSE(injected);
	EXPECT_LE(3, n);
	EXPECT_EQ(NULL, golden_rule());
}

TEST_HARNESS_MAIN
