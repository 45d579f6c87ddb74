// SPDX-License-Identifier: Apache-2.0
/* seen - versions never go back, whoever asks, and whatever was left. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"
#include "store.h"

#define THREADS 24

static struct crd_digest digest(uint8_t fill)
{
	struct crd_digest d = { .alg = CRD_ALG_SHA256, .len = 32 };

	memset(d.bytes, fill, 32);
	return d;
}

static struct crd_store *open_store(const char *name)
{
	struct crd_store *store = NULL;
	struct crd_error err;

	assert_int_equal(crd_store_open(scratch_path(name), true, &store, &err),
			 0);
	return store;
}

struct step {
	uint8_t ids[2]; /* of the authorities pinned; 0: none */
	unsigned int own;
	enum crd_seal_kind kind;
	const char *name;
	uint64_t version;
	uint8_t content;
	enum crd_seen_result want;
	uint64_t newest;
};

static const struct step steps[] = {
	{ { 1 }, 0, CRD_SEAL_POLICY, "lab", 3, 'a', CRD_SEEN_FIRST, 0 },
	{ { 1 }, 0, CRD_SEAL_POLICY, "lab", 3, 'a', CRD_SEEN_SAME, 3 },
	{ { 1 }, 0, CRD_SEAL_POLICY, "lab", 3, 'b', CRD_SEEN_DIFFERS, 3 },
	{ { 1 }, 0, CRD_SEAL_POLICY, "lab", 2, 'a', CRD_SEEN_OLDER, 3 },
	{ { 1 }, 0, CRD_SEAL_POLICY, "lab", 1, 'c', CRD_SEEN_OLDER, 3 },
	{ { 1 }, 0, CRD_SEAL_POLICY, "lab", 4, 'd', CRD_SEEN_NEWER, 3 },
	{ { 1 }, 0, CRD_SEAL_POLICY, "lab", 3, 'a', CRD_SEEN_OLDER, 4 },
	/* another kind, name or authority is another thing */
	{ { 1 }, 0, CRD_SEAL_REGISTRY, "lab", 1, 'a', CRD_SEEN_FIRST, 0 },
	{ { 1 }, 0, CRD_SEAL_WAIVERS, "lab", 1, 'a', CRD_SEEN_FIRST, 0 },
	{ { 1 }, 0, CRD_SEAL_POLICY, "Lab", 1, 'a', CRD_SEEN_FIRST, 0 },
	{ { 1 }, 0, CRD_SEAL_POLICY, "", 1, 'a', CRD_SEEN_FIRST, 0 },
	{ { 2 }, 0, CRD_SEAL_POLICY, "lab", 1, 'a', CRD_SEEN_FIRST, 0 },
	/* with both pinned, an older key brings nothing back */
	{ { 2, 1 }, 0, CRD_SEAL_POLICY, "lab", 3, 'x', CRD_SEEN_OLDER, 4 },
	{ { 1, 2 }, 1, CRD_SEAL_POLICY, "lab", 4, 'x', CRD_SEEN_DIFFERS, 4 },
	{ { 1, 2 }, 1, CRD_SEAL_POLICY, "lab", 4, 'd', CRD_SEEN_SAME, 4 },
	/* which was kept, under the one that now vouches for it */
	{ { 2 }, 0, CRD_SEAL_POLICY, "lab", 3, 'x', CRD_SEEN_OLDER, 4 },
	{ { 1, 2 }, 1, CRD_SEAL_POLICY, "lab", 5, 'e', CRD_SEEN_NEWER, 4 },
	{ { 1, 2 }, 0, CRD_SEAL_POLICY, "lab", 4, 'd', CRD_SEEN_OLDER, 5 },
	{ { 1 }, 0, CRD_SEAL_POLICY, "lab", UINT64_MAX, 'z', CRD_SEEN_NEWER, 4 },
	{ { 1 }, 0, CRD_SEAL_POLICY, "lab", 1, 'z', CRD_SEEN_OLDER, UINT64_MAX },
};

static int see(struct crd_store *store, const struct step *s,
	       uint64_t *ret_newest, enum crd_seen_result *ret_result,
	       struct crd_error *err)
{
	const struct crd_digest ids[] = { digest(s->ids[0]),
					  digest(s->ids[1]) };
	const struct crd_seen seen = { s->kind, s->name, s->version,
				       digest(s->content) };

	return crd_store_see(store, ids, s->ids[1] ? 2 : 1, s->own, &seen,
			     ret_newest, ret_result, err);
}

static void test_steps(void **state)
{
	enum crd_seen_result result;
	uint64_t newest;
	struct crd_error err = { 0 };
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		/* opened anew: what counts is on disk */
		struct crd_store *store = open_store("steps");
		int r = see(store, &steps[i], &newest, &result, &err);

		if (r || result != steps[i].want || newest != steps[i].newest)
			fail_msg("step %zu: %d, %d, %llu, %s", i, r, result,
				 (unsigned long long)newest, err.text);
		crd_store_free(&store);
	}
}

/* The record of step 0, below scratch. */
static void find_record(const char *folder, char *path, size_t size)
{
	struct crd_digest id = digest(1), d;
	const struct crd_buf parts[] = {
		{ id.bytes, 32 },
		{ (const uint8_t *)"policy", 7 },
		{ (const uint8_t *)"lab", 3 },
	};
	char hex[65];
	size_t i;

	assert_int_equal(crd_hash(CRD_ALG_SHA256, parts, 3, &d), 0);
	for (i = 0; i < 32; i++)
		sprintf(hex + 2 * i, "%02x", d.bytes[i]);
	snprintf(path, size, "%s/seen/%s", folder, hex);
}

#define GOOD                                                               \
	"credence-seen 1\nversion: 3\ncontent: "                           \
	"6161616161616161616161616161616161616161616161616161616161616161" \
	"\nkind: policy\nname: lab\n"

/* A record that is not just as it was written is an error, and stays. */
static void test_damaged(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"credence-seen 1\n",
		"credence-seen 1\nversion: 3\n",
		"credence-seen 2\nversion: 3\ncontent: "
		"6161616161616161616161616161616161616161616161616161616161616161"
		"\nkind: policy\nname: lab\n",
		"credence-seen 1\nversion: 0\ncontent: "
		"6161616161616161616161616161616161616161616161616161616161616161"
		"\nkind: policy\nname: lab\n",
		"credence-seen 1\nversion: 3\ncontent: 61\nkind: policy\nname: lab\n",
		"credence-seen 1\nversion: 3\ncontent: "
		"6161616161616161616161616161616161616161616161616161616161616161"
		"\nkind: registry\nname: lab\n",
		"credence-seen 1\nversion: 3\ncontent: "
		"6161616161616161616161616161616161616161616161616161616161616161"
		"\nkind: policy\nname: other\n",
		GOOD "\n",
		" " GOOD,
	};
	struct crd_store *store = open_store("damaged");
	enum crd_seen_result result;
	struct crd_error err;
	char path[256];
	uint64_t newest;
	size_t i;

	find_record("damaged", path, sizeof(path));
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		int r;

		scratch_write(path, texts[i], strlen(texts[i]));
		r = see(store, &steps[0], &newest, &result, &err);
		if (r != -EBADMSG || !strstr(err.text, "damaged"))
			fail_msg("%zu: %d %s", i, r, err.text);
	}
	scratch_write(path, GOOD "\0x", sizeof(GOOD) + 1);
	assert_int_equal(see(store, &steps[0], &newest, &result, &err),
			 -EBADMSG);
	scratch_write(path, GOOD, strlen(GOOD));
	assert_int_equal(see(store, &steps[0], &newest, &result, &err), 0);
	assert_int_equal(result, CRD_SEEN_SAME);
	/* gone, it is a beginning */
	assert_int_equal(unlink(scratch_path(path)), 0);
	assert_int_equal(see(store, &steps[0], &newest, &result, &err), 0);
	assert_int_equal(result, CRD_SEEN_FIRST);
	/* a link leads nowhere */
	assert_int_equal(unlink(scratch_path(path)), 0);
	assert_int_equal(symlink("/dev/null", scratch_path(path)), 0);
	assert_int_equal(see(store, &steps[0], &newest, &result, &err),
			 -EBADMSG);
	crd_store_free(&store);
}

static void test_no_folder(void **state)
{
	struct crd_store *store = open_store("blocked");
	enum crd_seen_result result;
	struct crd_error err;
	uint64_t newest;

	scratch_write("blocked/seen", "x", 1);
	assert_int_equal(see(store, &steps[0], &newest, &result, &err),
			 -ENOTDIR);
	assert_non_null(strstr(err.text, "blocked/seen"));
	crd_store_free(&store);
}

struct racer {
	pthread_t thread;
	pthread_barrier_t *start;
	struct step step;
	enum crd_seen_result result;
	int r;
};

static void *race(void *ctx)
{
	struct racer *racer = ctx;
	struct crd_store *store = NULL;
	struct crd_error err;
	char path[512];
	uint64_t newest;

	snprintf(path, sizeof(path), "%s/race", scratch);
	racer->r = crd_store_open(path, false, &store, &err);
	pthread_barrier_wait(racer->start);
	if (racer->r == 0)
		racer->r =
			see(store, &racer->step, &newest, &racer->result, &err);
	crd_store_free(&store);
	return NULL;
}

/* Many at once with many versions: the highest is what is left. */
static void test_race(void **state)
{
	struct crd_store *store = open_store("race");
	struct racer racers[THREADS];
	pthread_barrier_t start;
	enum crd_seen_result result;
	struct crd_error err;
	uint64_t newest;
	int round, i;

	for (round = 0; round < 10; round++) {
		pthread_barrier_init(&start, NULL, THREADS);
		for (i = 0; i < THREADS; i++) {
			racers[i] = (struct racer){ .start = &start,
						    .step = steps[0] };
			/* two of each version, with different content */
			racers[i].step.version =
				(uint64_t)(100 * round + i / 2 + 1);
			racers[i].step.content = (uint8_t)(1 + i % 2);
			assert_int_equal(pthread_create(&racers[i].thread, NULL,
							race, &racers[i]),
					 0);
		}
		for (i = 0; i < THREADS; i++) {
			pthread_join(racers[i].thread, NULL);
			assert_int_equal(racers[i].r, 0);
		}
		/* of the two with the highest version one was let in */
		assert_int_equal((racers[THREADS - 1].result ==
				  CRD_SEEN_DIFFERS) +
					 (racers[THREADS - 2].result ==
					  CRD_SEEN_DIFFERS),
				 1);
		assert_int_equal(see(store, &steps[0], &newest, &result, &err),
				 0);
		assert_int_equal(newest, 100 * round + THREADS / 2);
		pthread_barrier_destroy(&start);
	}
	crd_store_free(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_no_folder),
		cmocka_unit_test(test_race),
	};

	return cmocka_run_group_tests_name("seen", tests, scratch_make,
					   scratch_drop);
}
