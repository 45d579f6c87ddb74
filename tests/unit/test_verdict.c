// SPDX-License-Identifier: Apache-2.0
/*
 * appraise - what holds for whole verdicts: damage is never admitted, nothing
 * passes unproven, more records never help.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "appraise_scene.h"

static void test_admitted(void **state)
{
	static const char *const yaml[] = { strict_yaml, lax_yaml,
					    trusted_yaml };
	size_t i;

	for (i = 0; i < 3; i++) {
		struct crd_report *r;
		struct scene s;

		start_scene(&s);
		s.yaml = yaml[i];
		close_scene(&s);
		r = run(&s);
		if (r->verdict != CRD_ADMIT) {
			char *text = NULL;

			crd_report_text(r, 0, &text);
			fail_msg("%s", text);
		}
		assert_true(r->fresh);
		assert_int_equal(r->covered, r->records);
		assert_string_equal(r->machine, "6.1.0-56-amd64 x86_64");
		assert_int_equal(r->stages[CRD_STAGE_POLICY], CRD_PASSED);
		/* Not evaluated is said so, also where all is well. */
		assert_non_null(find(r, "boot-image", CRD_NOT_EVALUATED));
		assert_non_null(find(r, "tcg-log", CRD_NOT_EVALUATED));
		assert_non_null(find(r, "ima-log", CRD_NOT_EVALUATED));
		assert_non_null(find(r, "ek-certificate", CRD_NOT_EVALUATED));
		all_stages(r);
		crd_report_free(&r);
		end_scene(&s);
	}
}

/* How many components are marked as not covered. */
static size_t count_uncovered(const struct crd_report *r)
{
	struct crd_inventory_iter it = { .inventory = &r->inventory };
	struct crd_component c;
	size_t n = 0;

	while (crd_inventory_next(&it, &c))
		n += (c.flags & CRD_FLAG_NOT_COVERED) != 0;
	return n;
}

/* The log may run past the quote; what comes later can only lower. */
static void test_after_quote(void **state)
{
	struct crd_report *r;
	struct scene s;
	int i;

	start_scene(&s);
	s.covered = s.be.n;
	for (i = 0; i < 300; i++)
		be_load(&s.be, (struct be_driver)BE_GOOD("dummy"));
	close_scene(&s);
	r = run(&s);
	assert_int_equal(r->verdict, CRD_ADMIT);
	assert_int_equal(r->covered + 300, r->records);
	assert_non_null(find(r, "after-quote", CRD_PASSED));
	assert_int_equal(count_uncovered(r), 300);
	crd_report_free(&r);
	end_scene(&s);
}

/* Nothing passes on what no trusted key signed. */
static void test_unauthenticated(void **state)
{
	static const bend_fn bends[] = { other_nonce, other_key, unrestricted };
	size_t i;

	for (i = 0; i < 3; i++) {
		struct crd_report *r;
		struct scene s;

		start_scene(&s);
		bends[i](&s, 0);
		close_scene(&s);
		bends[i](&s, 1);
		r = run(&s);
		assert_int_equal(r->stages[CRD_STAGE_BOOT], CRD_NOT_EVALUATED);
		assert_int_equal(r->stages[CRD_STAGE_COMPONENTS],
				 CRD_NOT_EVALUATED);
		assert_null(find(r, "replay", CRD_PASSED));
		assert_non_null(find(r, "rules", CRD_NOT_EVALUATED));
		assert_true(r->inventory.n > 0);
		assert_int_equal(count_uncovered(r), r->inventory.n);
		all_stages(r);
		crd_report_free(&r);
		end_scene(&s);
	}
}

/* A policy that does not pin takes any proper key, but not another one. */
static void test_any_identity(void **state)
{
	struct crd_report *r;
	struct scene s;

	start_scene(&s);
	s.yaml = lax_yaml;
	close_scene(&s);
	s.in.n_trusted_aks = 0;
	r = run(&s);
	assert_int_equal(r->verdict, CRD_ADMIT);
	assert_non_null(find(r, "ak-pinned", CRD_NOT_EVALUATED));
	crd_report_free(&r);
	s.in.trusted_aks = &other_ak;
	s.in.n_trusted_aks = 1;
	r = run(&s);
	assert_int_equal(r->verdict, CRD_REFUSE);
	crd_report_free(&r);
	end_scene(&s);
}

static void test_no_registry(void **state)
{
	struct crd_report *r;
	struct scene s;

	start_scene(&s);
	close_scene(&s);
	no_registry(&s, 1);
	r = run(&s);
	assert_int_equal(r->verdict, CRD_REFUSE);
	assert_non_null(find(r, "registry", CRD_NOT_EVALUATED));
	crd_report_free(&r);
	end_scene(&s);
}

/* No cut and no flipped bit of a bundle is ever admitted. */
static void test_damage(void **state)
{
	struct crd_policy *policy = policy_of(strict_yaml);
	struct crd_report *r;
	struct scene s;
	size_t i;

	start_scene(&s);
	close_scene(&s);
	s.in.policy = policy;
	for (i = 0; i < s.be.bundle_len; i += 1 + i / 400) {
		s.in.evidence.len = i;
		assert_int_equal(crd_appraise(&s.in, &r), 0);
		assert_int_equal(r->verdict, CRD_REFUSE);
		assert_true(r->evidence_malformed);
		assert_false(r->fresh);
		all_stages(r);
		crd_report_free(&r);
	}
	s.in.evidence.len = s.be.bundle_len;
	for (i = 0; i < s.be.bundle_len; i++) {
		s.be.bundle[i] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(crd_appraise(&s.in, &r), 0);
		if (r->verdict == CRD_ADMIT)
			fail_msg("admitted with byte %zu flipped", i);
		all_stages(r);
		crd_report_free(&r);
		s.be.bundle[i] ^= (uint8_t)(1 << i % 8);
	}
	assert_int_equal(crd_appraise(&s.in, &r), 0);
	assert_int_equal(r->verdict, CRD_ADMIT);
	crd_report_free(&r);
	end_scene(&s);
	crd_policy_free(&policy);
}

/* Which record may make a verdict better? None. */
static void test_monotone(void **state)
{
	static const bend_fn more[] = { listed,	    unsigned_one, changed_fw,
					closed_one, fault,	  unload,
					unseen_fw,  below_listed };
	enum { N = sizeof(more) / sizeof(more[0]) };
	unsigned int set, i;

	for (set = 0; set < 1u << N; set += 5) {
		enum crd_verdict before = CRD_ADMIT;
		struct scene s;

		start_scene(&s);
		for (i = 0; i <= N; i++) {
			struct crd_report *r;

			if (i && !(set >> (i - 1) & 1))
				continue;
			if (i)
				more[i - 1](&s, 0);
			be_result(&s.be, s.be.n - 1, ENODEV, NULL);
			close_scene(&s);
			r = run(&s);
			assert_true(r->verdict >= before);
			before = r->verdict;
			crd_report_free(&r);
		}
		end_scene(&s);
	}
}

static void test_refuse_later(void **state)
{
	struct crd_report *r;
	struct scene s;

	start_scene(&s);
	close_scene(&s);
	r = run(&s);
	assert_int_equal(r->verdict, CRD_ADMIT);
	assert_int_equal(crd_report_refuse(r, CRD_STAGE_FRESHNESS,
					   CRD_REASON_NONCE, "used", "o", "e",
					   "s"),
			 0);
	assert_int_equal(r->verdict, CRD_REFUSE);
	assert_int_equal(r->stages[CRD_STAGE_FRESHNESS], CRD_FAILED);
	assert_int_equal(find(r, "used", CRD_FAILED)->reason, CRD_REASON_NONCE);
	all_stages(r);
	crd_report_free(&r);
	crd_report_free(&r);
	end_scene(&s);
}

/* Thousands of one kind are one line and a count, not thousands of lines. */
static void test_storm(void **state)
{
	struct crd_report *r;
	struct scene s;
	char name[32];
	int i;

	start_scene(&s);
	for (i = 0; i < 200; i++)
		load_bad(&s, CRD_SIG_NONE);
	for (i = 0; i < 100; i++) {
		struct be_driver d = BE_GOOD(name);

		snprintf(name, sizeof(name), "bad%d", i);
		d.sig_status = CRD_SIG_NONE;
		be_load(&s.be, d);
	}
	close_scene(&s);
	r = run(&s);
	assert_int_equal(r->verdict, CRD_REFUSE);
	assert_non_null(
		strstr(find(r, "unsigned", CRD_FAILED)->place, "and 199 more"));
	assert_true(r->n_findings < 120);
	crd_report_free(&r);
	end_scene(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_admitted),
		cmocka_unit_test(test_after_quote),
		cmocka_unit_test(test_unauthenticated),
		cmocka_unit_test(test_any_identity),
		cmocka_unit_test(test_no_registry),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_monotone),
		cmocka_unit_test(test_refuse_later),
		cmocka_unit_test(test_storm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
