// SPDX-License-Identifier: Apache-2.0
/*
 * Memory that runs out inside libcrypto, at every allocation in turn: a quote
 * that could not be checked is not checked, and nothing leaks or is believed.
 */
#include <openssl/crypto.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "quote_scene.h"

static long until_failure; /* allocations left; negative: no failure */
static bool failed;

static bool fail_now(void)
{
	if (until_failure < 0 || until_failure-- > 0)
		return false;
	failed = true;
	return true;
}

static void *counting_malloc(size_t n, const char *file, int line)
{
	return fail_now() ? NULL : malloc(n);
}

static void *counting_realloc(void *p, size_t n, const char *file, int line)
{
	return fail_now() ? NULL : realloc(p, n);
}

static void counting_free(void *p, const char *file, int line)
{
	free(p);
}

/* Whether anything failed: once nothing does, all places have been tried. */
static bool try_at(const struct scene *s, const struct soft_bytes *public,
		   long at, bool genuine)
{
	struct crd_ak *ak = NULL;
	struct crd_quote quote;
	enum crd_reason reason = CRD_REASON_MALFORMED;
	int ret;

	failed = false;
	until_failure = at;
	ret = crd_ak_parse(soft_buf(public), &ak, NULL);
	if (!ret)
		ret = crd_quote_check(ak, soft_buf(&s->attest),
				      soft_buf(&s->sig), &s->expect, &s->pcrs,
				      &quote, &reason, NULL);
	until_failure = -1;
	crd_ak_free(&ak);
	assert_null(ak);
	if (!genuine)
		assert_true(ret || reason != CRD_REASON_NONE);
	else if (!failed)
		assert_true(!ret && reason == CRD_REASON_NONE);
	return failed;
}

static void test_every_allocation(void **state)
{
	static const int kinds[] = { SOFT_P256, SOFT_RSASSA, SOFT_RSAPSS };
	struct soft_bytes public;
	struct scene s;

	for (size_t k = 0; k < 3; k++) {
		long at = 0;

		scene_init(&s, kinds[k]);
		soft_ak_public(&s.soft, &public);
		while (try_at(&s, &public, at, true))
			at++;
		assert_true(at > 20);
		s.sig.b[s.sig.n - 1] ^= 1;
		for (; at >= 0; at--)
			try_at(&s, &public, at, false);
		s.sig.b[s.sig.n - 1] ^= 1;
		expect_row(&s, "afterwards", 0, CRD_REASON_NONE);
		scene_done(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_allocation),
	};

	until_failure = -1;
	if (!CRYPTO_set_mem_functions(counting_malloc, counting_realloc,
				      counting_free))
		return 1;
	return cmocka_run_group_tests_name("nomem", tests, NULL, NULL);
}
