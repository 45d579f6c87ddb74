// SPDX-License-Identifier: Apache-2.0
/*
 * judge - the policy's judgement of components that no evidence vouches for is
 * that of the same components in evidence.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "appraise_scene.h"

/* The findings of the stage policy, as one text. */
static char *policy_findings(const struct crd_report *r)
{
	char *text = calloc(1, 65536);
	size_t i, n = 0;

	for (i = 0; i < r->n_findings; i++) {
		const struct crd_finding *f = &r->findings[i];

		if (f->stage == CRD_STAGE_POLICY)
			n += (size_t)snprintf(text + n, 65536 - n,
					      "%s %d %d %s | %s | %s\n",
					      f->check, f->outcome, f->verdict,
					      f->component ? f->component : "",
					      f->place ? f->place : "",
					      f->sentence);
	}
	return text;
}

static struct crd_report *judge(const struct crd_appraisal *in,
				struct crd_inventory *inv)
{
	struct crd_report *r = NULL;

	assert_int_equal(crd_judge_inventory(in, inv, &r), 0);
	assert_non_null(r);
	/* it is the report's now */
	assert_null(inv->entries);
	return r;
}

/* Whatever is in the machine. */
static void test_same_as_appraised(void **state)
{
	static const bend_fn bends[] = { NULL,	       listed,	   below_listed,
					 unsigned_one, changed_fw, closed_one };
	size_t i;

	for (i = 0; i < sizeof(bends) / sizeof(bends[0]); i++) {
		struct crd_inventory inv;
		struct crd_report *r, *appraised = NULL;
		struct crd_policy *policy;
		char *a, *b;
		struct scene s;

		start_scene(&s);
		if (bends[i])
			bends[i](&s, 0);
		close_scene(&s);
		policy = policy_of(s.yaml);
		s.in.policy = policy;
		assert_int_equal(crd_appraise(&s.in, &appraised), 0);
		assert_int_equal(crd_inventory_from_log(soft_log_buf(&s.be.log),
							UINT64_MAX, &inv, NULL),
				 0);
		r = judge(&s.in, &inv);
		assert_int_equal(r->verdict, appraised->verdict);
		a = policy_findings(r);
		b = policy_findings(appraised);
		assert_string_equal(a, b);
		assert_int_equal(r->stages[CRD_STAGE_POLICY],
				 appraised->stages[CRD_STAGE_POLICY]);
		assert_int_equal(r->stages[CRD_STAGE_QUOTE], CRD_NOT_EVALUATED);
		assert_false(r->fresh);
		free(a);
		free(b);
		crd_report_free(&r);
		crd_report_free(&appraised);
		crd_policy_free(&policy);
		end_scene(&s);
	}
}

/* One driver without a signature, by its fields alone. */
static struct crd_inventory one_driver(void)
{
	static uint8_t bytes[64];
	struct soft_bytes fields = { .n = 0 };
	struct crd_said said = { .event = CRD_EV_MODULE };
	struct crd_inventory inv;

	soft_tlv_text(&fields, CRD_F_NAME, "evil");
	soft_tlv_be(&fields, CRD_F_SIG_STATUS, CRD_SIG_NONE, 1);
	memcpy(bytes, fields.b, fields.n);
	said.len = (uint32_t)fields.n;
	assert_int_equal(
		crd_inventory_from_said((struct crd_buf){ bytes, fields.n },
					&said, 1, &inv),
		0);
	return inv;
}

static void test_said(void **state)
{
	struct crd_policy *policy = policy_of(lax_yaml);
	struct crd_registry *reg = small_registry();
	struct crd_appraisal in = { .policy = policy,
				    .registry = reg,
				    .now = BE_NOW };
	struct crd_inventory inv = one_driver();
	const struct crd_finding *f;
	struct crd_report *r;

	inv.source = "bid.csv, line";
	r = judge(&in, &inv);
	assert_int_equal(r->verdict, CRD_REFUSE);
	f = find(r, "unsigned", CRD_FAILED);
	assert_non_null(f);
	assert_string_equal(f->place, "bid.csv, line 0");
	assert_string_equal(r->policy_name, "test");
	crd_report_free(&r);

	/* What a judgement needs, and has not, refuses here as well. */
	inv = one_driver();
	in.registry = NULL;
	r = judge(&in, &inv);
	assert_non_null(find(r, "registry", CRD_NOT_EVALUATED));
	crd_report_free(&r);
	inv = one_driver();
	in.registry = reg;
	in.now = 1798761600;
	r = judge(&in, &inv);
	assert_non_null(find(r, "in-force", CRD_FAILED));
	crd_report_free(&r);
	crd_policy_free(&policy);
	crd_registry_free(&reg);
}

/* Nothing at all: nothing speaks against it, and no stage has passed for it. */
static void test_nothing(void **state)
{
	struct crd_policy *policy = policy_of(lax_yaml);
	struct crd_registry *reg = small_registry();
	struct crd_appraisal in = { .policy = policy,
				    .registry = reg,
				    .now = BE_NOW };
	struct crd_inventory inv;
	struct crd_report *r;
	unsigned int stage;

	assert_int_equal(crd_inventory_from_said((struct crd_buf){ NULL, 0 },
						 NULL, 0, &inv),
			 0);
	r = judge(&in, &inv);
	assert_int_equal(r->verdict, CRD_ADMIT);
	for (stage = 0; stage < CRD_STAGE_COMPONENTS; stage++)
		assert_int_equal(r->stages[stage], CRD_NOT_EVALUATED);
	crd_report_free(&r);
	crd_policy_free(&policy);
	crd_registry_free(&reg);
}

/* Nobody gets a milder answer by a record that he adds later. */
static void test_left_again(void **state)
{
	static const struct {
		const char *rule;
		bool gone;
		enum crd_verdict verdict;
	} cases[] = {
		{ "flags: gone }, then: refer", false, CRD_REFUSE },
		{ "flags: gone }, then: refer", true, CRD_REFUSE },
		{ "flags: gone }, then: refuse", true, CRD_REFUSE },
		{ "driver: { license: GPL } }, then: refer", true, CRD_REFUSE },
		/* what it is does not change, and may be milder */
		{ "class: network }, then: refer", false, CRD_REFER },
		{ "class: network }, then: refer", true, CRD_REFER },
		{ "class: network, flags: gone }, then: refer", true,
		  CRD_REFUSE },
		{ "class: network }, then: admit", true, CRD_ADMIT },
	};
	const struct be_device card = { .bus = "pci",
					.name = "0000:00:05.0",
					.vendor = 0xf00d,
					.product = 1,
					.class_code = 0x020000 };
	char yaml[1024];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crd_report *r;
		struct scene s;

		snprintf(
			yaml, sizeof(yaml),
			HEAD(LAX) "rules:\n  - { id: r, when: { kind: device, "
				  "%s, because: B }\n"
				  "otherwise: { known: admit, unknown: refuse }\n",
			cases[i].rule);
		start_scene(&s);
		be_anchor(&s.be);
		be_device(&s.be, CRD_EV_DEVICE, card);
		if (cases[i].gone)
			be_device(&s.be, CRD_EV_DEVICE_GONE, card);
		close_scene(&s);
		s.yaml = yaml;
		r = run(&s);
		assert_int_equal(r->verdict, cases[i].verdict);
		crd_report_free(&r);
		end_scene(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_as_appraised),
		cmocka_unit_test(test_said),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_left_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
