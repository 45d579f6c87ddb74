// SPDX-License-Identifier: Apache-2.0
/* store - a challenge is spent once, whoever asks and whatever was left. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "challenge.h"
#include "scratch.h"
#include "store.h"

#define THREADS 50

static struct crd_challenge fresh(void)
{
	struct crd_challenge c;

	assert_int_equal(crd_challenge_new(1769860800, 600, &c), 0);
	return c;
}

static struct crd_store *open_store(const char *name)
{
	struct crd_store *store = NULL;
	struct crd_error err;

	assert_int_equal(crd_store_open(scratch_path(name), true, &store, &err),
			 0);
	return store;
}

static struct crd_report report_of(uint8_t fill)
{
	struct crd_report r = { .verdict = CRD_REFUSE, .when = 1769860900 };

	r.evidence_digest.alg = CRD_ALG_SHA256;
	r.evidence_digest.len = 32;
	memset(r.evidence_digest.bytes, fill, 32);
	return r;
}

static enum crd_spent find(struct crd_store *s, const struct crd_challenge *c,
			   struct crd_digest *on)
{
	struct crd_challenge kept;
	enum crd_spent spent = CRD_USED;
	struct crd_error err;

	assert_int_equal(crd_store_find(s, c, &spent, &kept, on, &err), 0);
	if (spent == CRD_OPEN)
		assert_int_equal(kept.expires, c->expires);
	return spent;
}

static void test_open_bad(void **state)
{
	struct crd_store *store = NULL;
	struct crd_error err;

	assert_int_equal(crd_store_open(scratch_path("no"), false, &store,
					&err),
			 -ENOENT);
	assert_non_null(strstr(err.text, "credence challenge"));
	assert_int_equal(crd_store_open(scratch_path("no/way"), true, &store,
					&err),
			 -ENOENT);
	scratch_write("file", "x", 1);
	assert_int_equal(crd_store_open(scratch_path("file"), true, &store,
					&err),
			 -ENOTDIR);
	assert_null(store);
	crd_store_free(&store);
}

static void test_life(void **state)
{
	struct crd_store *store = open_store("life");
	struct crd_challenge c = fresh(), other = fresh();
	struct crd_report report = report_of(0xab);
	struct crd_digest on = { 0 };
	struct crd_error err;

	assert_int_equal(find(store, &c, &on), CRD_UNKNOWN);
	assert_int_equal(crd_store_add(store, &c, &err), 0);
	assert_int_equal(crd_store_add(store, &c, &err), -EEXIST);
	assert_int_equal(find(store, &c, &on), CRD_OPEN);
	assert_int_equal(find(store, &other, &on), CRD_UNKNOWN);
	assert_int_equal(crd_store_spend(store, &c, &report, &err), 0);
	assert_int_equal(find(store, &c, &on), CRD_USED);
	assert_true(crd_digest_equal(&on, &report.evidence_digest));
	/* the first record stays as it was */
	report = report_of(0xcd);
	assert_int_equal(crd_store_spend(store, &c, &report, &err), -EEXIST);
	assert_int_equal(find(store, &c, &on), CRD_USED);
	assert_int_equal(on.bytes[0], 0xab);
	crd_store_free(&store);
	store = open_store("life");
	assert_int_equal(find(store, &c, &on), CRD_USED);
	crd_store_free(&store);
}

/* A crash between the two steps of spending leaves both files. */
static void test_half_spent(void **state)
{
	struct crd_store *store = open_store("half");
	struct crd_challenge c = fresh();
	struct crd_report report = report_of(1);
	char text[CRD_CHALLENGE_TEXT], name[100], hex[65];
	struct crd_digest on;
	struct crd_error err;

	assert_int_equal(crd_store_add(store, &c, &err), 0);
	assert_int_equal(crd_store_spend(store, &c, &report, &err), 0);
	crd_hex(c.nonce, 32, hex);
	snprintf(name, sizeof(name), "half/open/%s", hex);
	crd_challenge_format(&c, text);
	scratch_write(name, text, strlen(text));
	assert_int_equal(find(store, &c, &on), CRD_USED);
	assert_int_equal(crd_store_spend(store, &c, &report, &err), -EEXIST);
	crd_store_free(&store);
}

/* Records that somebody damaged are errors or used, never open. */
static void test_damaged(void **state)
{
	struct crd_store *store = open_store("damaged");
	struct crd_challenge c = fresh(), kept;
	char name[100], hex[65];
	enum crd_spent spent;
	struct crd_digest on;
	struct crd_error err;

	crd_hex(c.nonce, 32, hex);
	snprintf(name, sizeof(name), "damaged/open/%s", hex);
	scratch_write(name, "{", 1);
	assert_int_equal(crd_store_find(store, &c, &spent, &kept, &on, &err),
			 -EBADMSG);
	unlink(scratch_path(name));
	snprintf(name, sizeof(name), "damaged/used/%s", hex);
	scratch_write(name, "", 0);
	assert_int_equal(find(store, &c, &on), CRD_USED);
	assert_int_equal(on.alg, 0);
	scratch_write(name, "\"evidence\": \"abc", 15);
	assert_int_equal(find(store, &c, &on), CRD_USED);
	assert_int_equal(on.alg, 0);
	crd_store_free(&store);
}

struct racer {
	pthread_t thread;
	const struct crd_challenge *c;
	pthread_barrier_t *start;
	int result;
};

static void *race(void *ctx)
{
	struct racer *racer = ctx;
	struct crd_report report = report_of(2);
	struct crd_store *store = NULL;
	struct crd_error err;
	char path[512];

	snprintf(path, sizeof(path), "%s/race", scratch);
	racer->result = crd_store_open(path, false, &store, &err);
	pthread_barrier_wait(racer->start);
	if (racer->result == 0)
		racer->result = crd_store_spend(store, racer->c, &report, &err);
	crd_store_free(&store);
	return NULL;
}

static void test_race(void **state)
{
	struct crd_store *store = open_store("race");
	struct racer racers[THREADS];
	pthread_barrier_t start;
	struct crd_error err;
	int round, i, won;

	for (round = 0; round < 20; round++) {
		struct crd_challenge c = fresh();

		assert_int_equal(crd_store_add(store, &c, &err), 0);
		pthread_barrier_init(&start, NULL, THREADS);
		for (i = 0; i < THREADS; i++) {
			racers[i] = (struct racer){ .c = &c, .start = &start };
			assert_int_equal(pthread_create(&racers[i].thread, NULL,
							race, &racers[i]),
					 0);
		}
		for (won = 0, i = 0; i < THREADS; i++) {
			pthread_join(racers[i].thread, NULL);
			won += racers[i].result == 0;
			assert_true(racers[i].result == 0 ||
				    racers[i].result == -EEXIST);
		}
		assert_int_equal(won, 1);
		pthread_barrier_destroy(&start);
	}
	crd_store_free(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open_bad),
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_half_spent),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_race),
	};

	return cmocka_run_group_tests_name("store", tests, scratch_make,
					   scratch_drop);
}
