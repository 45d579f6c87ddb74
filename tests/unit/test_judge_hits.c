// SPDX-License-Identifier: Apache-2.0
/*
 * judge_hits - many components for one rule: what a waiver sets aside is told
 * whatever else there is, and nobody hides behind a crowd.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "appraise_scene.h"

#define CROWD_RULES                                                                       \
	HEAD(LAX)                                                                         \
	"rules:\n"                                                                        \
	"  - { id: other, when: { kind: driver, name: { like: \"a*\" } }, then: refer,\n" \
	"      because: Ask. }\n"                                                         \
	"  - { id: every, when: { kind: driver, name: { like: [\"d*\", x] } },\n"         \
	"      then: refuse, because: No. }\n"                                            \
	"otherwise: { known: admit, unknown: admit }\n"
#define WAIVER(id, name)                                                  \
	"  - { id: " id                                                   \
	", rule: every, component: { kind: driver, name: { like: \"" name \
	"\" } }, until: 2026-12-31, approved_by: B, because: Old. }\n"

static const char no_waiver[] = CROWD_RULES;
static const char waives_x[] = CROWD_RULES "waivers:\n" WAIVER("W-x", "x");
static const char waives_both[] = CROWD_RULES "waivers:\n" WAIVER("W-d", "d*")
	WAIVER("W-x", "x");

/* Drivers d000, d001 ..., then x, as often as that, from elsewhere. */
static void load_crowd(struct be *b, unsigned int n, unsigned int times)
{
	struct be_driver x = BE_GOOD("x");
	unsigned int i;

	for (i = 0; i < n; i++) {
		char name[16];

		snprintf(name, sizeof(name), "d%03u", i);
		be_load(b, (struct be_driver)BE_GOOD(name));
	}
	x.outside = true;
	while (times--)
		be_load(b, x);
}

static struct crd_report *crowd(struct scene *s, const char *yaml,
				unsigned int n, unsigned int times)
{
	start_scene(s);
	s->yaml = yaml;
	load_crowd(&s->be, n, times);
	close_scene(s);
	return run(s);
}

/* The n-th finding of that rule, from 0; NULL: there are not so many. */
static const struct crd_finding *of_rule(const struct crd_report *r, size_t n)
{
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		if (!strcmp(r->findings[i].check, "every") && !n--)
			return &r->findings[i];
	}
	return NULL;
}

static void test_all_have_lines(void **state)
{
	struct scene s;
	struct crd_report *r = crowd(&s, no_waiver, 63, 1);

	assert_string_equal(of_rule(r, 63)->component, "driver x");
	assert_null(of_rule(r, 64));
	crd_report_free(&r);
	end_scene(&s);
}

/* Past the lines of a rule: one, however often it was loaded. */
static void test_one_more(void **state)
{
	unsigned int times;

	for (times = 1; times < 4; times++) {
		struct scene s;
		struct crd_report *r = crowd(&s, no_waiver, 64, times);
		const struct crd_finding *f = of_rule(r, 64);

		assert_string_equal(f->sentence,
				    "Rule every: 1 more component: driver x.");
		assert_string_equal(f->component, "driver x");
		assert_string_equal(f->observed, "driver x");
		assert_int_equal(f->verdict, CRD_REFUSE);
		assert_int_equal(f->outcome, CRD_FAILED);
		assert_non_null(f->next_step);
		assert_non_null(strstr(f->place, "measurer log, record "));
		assert_true((times > 1) == !!strstr(f->place, " and "));
		assert_null(of_rule(r, 65));
		crd_report_free(&r);
		end_scene(&s);
	}
}

/* The worst is named first, though it came last; who is not, is counted. */
static void test_many_more(void **state)
{
	struct scene s;
	struct crd_report *r = crowd(&s, no_waiver, 100, 1);
	const struct crd_finding *f = of_rule(r, 64);

	assert_null(of_rule(r, 65));
	assert_null(f->component);
	assert_string_equal(
		f->sentence,
		"Rule every: 37 more components: driver x, driver d064, driver d065, driver d066, driver d067, driver d068, driver d069, driver d070, driver d071, driver d072, driver d073, driver d074, driver d075, driver d076, driver d077, driver d078 and 21 more.");
	crd_report_free(&r);
	end_scene(&s);
}

/* However long the names are, the text is not. */
static void test_long_names(void **state)
{
	struct scene s;
	struct crd_report *r;
	const struct crd_finding *f;
	unsigned int i;

	start_scene(&s);
	s.yaml = no_waiver;
	for (i = 0; i < 90; i++) {
		char name[601];

		memset(name, 'z', sizeof(name) - 1);
		name[600] = '\0';
		name[0] = 'd';
		name[1] = (char)('0' + i / 10);
		name[2] = (char)('0' + i % 10);
		be_load(&s.be, (struct be_driver)BE_GOOD(name));
	}
	close_scene(&s);
	r = run(&s);
	f = of_rule(r, 64);
	assert_non_null(strstr(f->sentence, "Rule every: 26 more components"));
	assert_non_null(strstr(f->sentence, " and 24 more."));
	assert_true(strlen(f->sentence) < 2048);
	crd_report_free(&r);
	end_scene(&s);
}

/* It stands with its own rule, whatever comes after. */
static void test_place(void **state)
{
	struct scene s;
	struct crd_report *r;
	size_t i = 0;

	start_scene(&s);
	s.yaml = no_waiver;
	load_crowd(&s.be, 65, 0);
	be_load(&s.be, (struct be_driver)BE_GOOD("a"));
	close_scene(&s);
	r = run(&s);
	while (strcmp(r->findings[i].sentence,
		      "Rule every: 1 more component: driver d064.")) {
		i++;
		assert_true(i < r->n_findings);
	}
	assert_string_equal(r->findings[i - 1].component, "driver d063");
	assert_string_equal(r->findings[i + 1].component, "driver a");
	crd_report_free(&r);
	end_scene(&s);
}

/* A crowd that is refused leaves no waiver out of the report. */
static void test_waived(void **state)
{
	struct scene s;
	struct crd_report *r = crowd(&s, waives_x, 64, 1);
	const struct crd_finding *f = of_rule(r, 64);

	assert_string_equal(f->component, "driver x");
	assert_string_equal(f->waiver, "W-x");
	assert_int_equal(f->outcome, CRD_PASSED);
	assert_null(of_rule(r, 65));
	crd_report_free(&r);
	end_scene(&s);
}

/* Nor does a crowd that another waiver sets aside. */
static void test_waivers(void **state)
{
	struct scene s;
	struct crd_report *r = crowd(&s, waives_both, 18, 1);
	const struct crd_finding *f = of_rule(r, 16);

	assert_int_equal(r->verdict, CRD_ADMIT);
	assert_string_equal(f->waiver, "W-d");
	assert_int_equal(f->outcome, CRD_PASSED);
	assert_int_equal(f->reason, CRD_REASON_NONE);
	assert_string_equal(
		f->sentence,
		"Rule every: 2 more components: driver d016, driver d017. Waiver W-d, approved by B, covers this until 2026-12-31: Old.");
	assert_string_equal(of_rule(r, 17)->waiver, "W-x");
	assert_string_equal(of_rule(r, 17)->component, "driver x");
	crd_report_free(&r);
	end_scene(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_have_lines),
		cmocka_unit_test(test_one_more),
		cmocka_unit_test(test_many_more),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_waived),
		cmocka_unit_test(test_waivers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
