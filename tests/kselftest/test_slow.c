// SPDX-License-Identifier: Apache-2.0
/*
 * Many loads at once on a TPM that is slow: they share extends, all are in
 * the log in order, and none of them runs before it is in the PCR.
 */
#include "kselftest_harness.h"
#include "measurer.h"
#include "relay.h"

#include <time.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 300

#define MEASURER "/credence.ko"
#define STATE	 "/run/tpm"
#define BURST	 20
#define PROBE	 "/in/crd_init_pcr.ko"
#define AT_INIT	 "/sys/module/crd_init_pcr/parameters/at_init"

FIXTURE(slow)
{
	struct relay relay;
	char paths[BURST][256];
	int results[BURST];
};

FIXTURE_VARIANT(slow)
{
	uint32_t delay_ms; /* of each extend */
	uint32_t busy_ms;  /* with something else, when the loads begin */
	unsigned int most; /* extends */
};

/* Loads are slow here as well: how many come together is left open. */
FIXTURE_VARIANT_ADD(slow, by_5ms){
	.delay_ms = 5,
	.most = BURST,
};

/* The first is on its way to the TPM until all others have come. */
FIXTURE_VARIANT_ADD(slow, all_wait){
	.busy_ms = 90000,
	.most = 2,
};

/* Such as are not loaded, and the probe as the last. */
static bool choose_modules(char (*paths)[256])
{
	static char all[BURST_MAX][256];
	unsigned int n = stock_modules(all, BURST_MAX), i, k = 0;
	char name[64];

	for (i = 0; i < n && k < BURST - 1; i++) {
		module_name(all[i], name, sizeof(name));
		if (!module_is_loaded(name))
			memcpy(paths[k++], all[i], sizeof(all[i]));
	}
	snprintf(paths[k], sizeof(paths[k]), PROBE);
	return k == BURST - 1;
}

static int load_one(const char *path, const char *args)
{
	return load_file(path, strcmp(path, PROBE) ? args : "pcr=13");
}

FIXTURE_SETUP(slow)
{
	struct relay_fault slow = {
		.command = RELAY_PCR_EXTEND,
		.times = variant->delay_ms ? RELAY_ALWAYS : 0,
		.delay_ms = variant->delay_ms,
	};

	ASSERT_EQ(0, system("rm -rf " STATE " && cp -r /tpm " STATE));
	ASSERT_EQ(0, relay_start(&self->relay, STATE));
	ASSERT_EQ(0, load_file(MEASURER, "unloadable=1 extend_timeout=100000"));
	ASSERT_TRUE(choose_modules(self->paths));
	relay_set(&self->relay, slow);
	if (variant->busy_ms)
		ASSERT_EQ(0, relay_keep_busy(&self->relay, variant->busy_ms));
}

FIXTURE_TEARDOWN(slow)
{
	char name[64];
	unsigned int i;

	for (i = 0; i < BURST; i++) {
		module_name(self->paths[i], name, sizeof(name));
		unload(name);
	}
	EXPECT_EQ(0, unload("credence"));
	relay_stop(&self->relay);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* The PCR as the probe's init found it is the log's at or after its record. */
static bool probe_was_in(const struct log *log, const struct crd_record *rec)
{
	char at_init[65], replayed[65];
	uint8_t *bytes;
	uint64_t last;
	size_t len;

	if (file_read(AT_INIT, &bytes, &len))
		return false;
	snprintf(at_init, sizeof(at_init), "%s", (char *)bytes);
	free(bytes);
	for (last = rec->recnum; last < log->records; last++) {
		log_replay_to(log, last, replayed);
		if (replayed[0] && !strcmp(at_init, replayed))
			return true;
	}
	return false;
}

/*
 * Once all of them wait, it for the TPM and the others for it, or it is clear
 * that they never will.
 */
static void *let_the_first_go(void *ctx)
{
	struct relay *relay = ctx;
	unsigned int i;

	for (i = 0; i < 800 && tasks_in("crd_") < BURST; i++)
		usleep(100000);
	relay_busy_cut(relay);
	return NULL;
}

TEST_F(slow, loads_share_extends_and_keep_their_order)
{
	uint64_t from = log_records();
	uint32_t extends = relay_extends(&self->relay);
	struct want batches = { from, CRD_EV_BATCH, NULL };
	struct crd_record rec;
	struct log log;
	unsigned int i;
	pthread_t release;
	double start;
	char name[64];

	if (variant->busy_ms)
		ASSERT_EQ(0, pthread_create(&release, NULL, let_the_first_go,
					    &self->relay));
	start = now();
	load_burst(load_one, self->paths, BURST, self->results);
	start = now() - start;
	if (variant->busy_ms)
		pthread_join(release, NULL);
	extends = relay_extends(&self->relay) - extends;
	TH_LOG("%u loads, %u extends, %.0f ms", BURST, extends, start * 1e3);
	EXPECT_GE(variant->most, extends);

	ASSERT_EQ(0, log_read(&log));
	EXPECT_EQ(extends, log.records - from);
	if (variant->busy_ms)
		EXPECT_EQ(1, log_count(&log, batches));
	for (i = 0; i < BURST; i++) {
		struct want want = { from, CRD_EV_MODULE, name };

		EXPECT_EQ(0, self->results[i]);
		module_name(self->paths[i], name, sizeof(name));
		EXPECT_EQ(1, log_count(&log, want))
		{
			TH_LOG("%s", name);
		}
		ASSERT_TRUE(log_find(&log, want, &rec));
	}
	EXPECT_TRUE(probe_was_in(&log, &rec));
	log_done(&log);
	EXPECT_EQ(NULL, golden_rule());
}

TEST_HARNESS_MAIN
