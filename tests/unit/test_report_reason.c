// SPDX-License-Identifier: Apache-2.0
/*
 * report_reason - what made the verdict comes first, and what is said of many is
 * said once.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attest/report_reason.h"

struct row {
	const char *check, *component, *rest; /* after "The driver x" */
	enum crd_outcome outcome;
	enum crd_verdict verdict;
	const char *waiver;
};

static void add(struct crd_report *r, const struct row *row)
{
	char sentence[256];

	snprintf(sentence, sizeof(sentence), "%s%s%s",
		 row->component ? "The " : "",
		 row->component ? row->component : "", row->rest);
	assert_int_equal(
		crd_report_add(r, CRD_STAGE_POLICY, row->outcome,
			       CRD_REASON_NONE, row->verdict, row->check,
			       &(struct crd_says){ .component = row->component,
						   .observed = row->check,
						   .place = row->component,
						   .sentence = sentence,
						   .waiver = row->waiver }),
		0);
}

static struct crd_report *report_of(const struct row *rows, size_t n)
{
	struct crd_report *r = calloc(1, sizeof(*r));

	while (n--)
		add(r, rows++);
	return r;
}

/* "refuse: The driver x ...|refer: ..." */
static char *told(struct crd_report *r, bool waived)
{
	struct crd_str str = { 0 };
	const struct crd_told *t;
	struct crd_items items;
	unsigned int number = 0;
	size_t n;

	assert_int_equal(waived ? crd_items_waived(r, &items) :
				  crd_items_reasons(r, &items),
			 0);
	while ((t = crd_items_next(&items, &n))) {
		assert_int_equal(items.number, ++number);
		crd_str_fmt(&str, "%s%s: ", number > 1 ? "|" : "",
			    crd_verdict_name(t->f->verdict));
		crd_told_say(&str, t, n);
	}
	assert_int_equal(items.number, number);
	crd_items_done(&items);
	return str.len ? crd_str_take(&str) : strdup("");
}

static void told_is(struct crd_report *r, const char *text)
{
	char *got = told(r, false);

	assert_string_equal(got, text);
	free(got);
	crd_report_free(&r);
}

#define REASONS(rows, text) \
	told_is(report_of(rows, sizeof(rows) / sizeof(rows[0])), text)

static void test_none(void **state)
{
	static const struct row rows[] = {
		{ "a", NULL, "Good.", CRD_PASSED, CRD_ADMIT, NULL },
		{ "b", NULL, "Unseen.", CRD_NOT_EVALUATED, CRD_ADMIT, NULL },
	};

	REASONS(rows, "");
}

/* What made the verdict, then the rest, each in the report's order. */
static void test_order(void **state)
{
	static const struct row rows[] = {
		{ "a", NULL, "A.", CRD_FAILED, CRD_REFER, NULL },
		{ "b", NULL, "B.", CRD_FAILED, CRD_REFUSE, NULL },
		{ "c", NULL, "C.", CRD_FAILED, CRD_REFER, NULL },
		{ "a", NULL, "D.", CRD_FAILED, CRD_REFUSE, NULL },
	};

	REASONS(rows, "refuse: B.|refuse: D.|refer: A.|refer: C.");
}

/* What could not be checked counts where nothing that failed is as bad. */
static void test_unchecked(void **state)
{
	static const struct row both[] = {
		{ "a", NULL, "A.", CRD_NOT_EVALUATED, CRD_REFUSE, NULL },
		{ "b", NULL, "B.", CRD_FAILED, CRD_REFUSE, NULL },
	};
	static const struct row milder[] = {
		{ "b", NULL, "B.", CRD_FAILED, CRD_REFER, NULL },
		{ "c", NULL, "C.", CRD_NOT_EVALUATED, CRD_REFER, NULL },
		{ "a", NULL, "A.", CRD_NOT_EVALUATED, CRD_REFUSE, NULL },
	};
	static const struct row alone[] = {
		{ "a", NULL, "A.", CRD_NOT_EVALUATED, CRD_REFUSE, NULL },
		{ "c", NULL, "C.", CRD_NOT_EVALUATED, CRD_REFER, NULL },
	};

	REASONS(both, "refuse: B.");
	REASONS(milder, "refuse: A.|refer: B.");
	REASONS(alone, "refuse: A.|refer: C.");
}

#define OLD(component)                                                     \
	{                                                                  \
		"old", component, " is old.", CRD_FAILED, CRD_REFUSE, NULL \
	}

static void test_together(void **state)
{
	static const struct row four[] = {
		OLD("a"),
		{ "ask", "x", " is odd.", CRD_FAILED, CRD_REFER, NULL },
		OLD("b"),
		{ "bad", "x", " is bad.", CRD_FAILED, CRD_REFUSE, NULL },
		OLD("c"),
		OLD("a"),
	};

	REASONS(four,
		"refuse: The a is old. The same holds for 3 more components: b, c, a.|refuse: The x is bad.|refer: The x is odd.");
}

/* Few; of another rule, verdict or sentence; not about a component. */
static void test_apart(void **state)
{
	static const struct row three[] = { OLD("a"), OLD("b"), OLD("c") };
	static const struct row others[] = {
		OLD("a"),
		OLD("b"),
		OLD("c"),
		{ "other", "d", " is old.", CRD_FAILED, CRD_REFUSE, NULL },
		{ "old", "d", " is old.", CRD_FAILED, CRD_REFER, NULL },
		{ "old", "d", " is older.", CRD_FAILED, CRD_REFUSE, NULL },
		{ "old", NULL, " is old.", CRD_FAILED, CRD_REFUSE, NULL },
	};
	static const struct row nameless[] = {
		{ "n", NULL, "N.", CRD_FAILED, CRD_REFER, NULL },
		{ "n", NULL, "N.", CRD_FAILED, CRD_REFER, NULL },
		{ "n", NULL, "N.", CRD_FAILED, CRD_REFER, NULL },
		{ "n", NULL, "N.", CRD_FAILED, CRD_REFER, NULL },
	};

	REASONS(three,
		"refuse: The a is old.|refuse: The b is old.|refuse: The c is old.");
	REASONS(others,
		"refuse: The a is old.|refuse: The b is old.|refuse: The c is old.|refuse: The d is old.|refuse: The d is older.|refuse:  is old.|refer: The d is old.");
	REASONS(nameless, "refer: N.|refer: N.|refer: N.|refer: N.");
}

#define WAIVED(component, waiver)                                           \
	{                                                                   \
		"old", component, " is old.", CRD_PASSED, CRD_ADMIT, waiver \
	}

static void test_waived(void **state)
{
	static const struct row rows[] = {
		WAIVED("a", "W-1"), WAIVED("b", "W-2"), WAIVED("c", "W-1"),
		WAIVED("d", "W-1"), OLD("x"),		WAIVED("e", "W-1"),
	};
	struct crd_report *r = report_of(rows, sizeof(rows) / sizeof(rows[0]));
	char *text = told(r, true);

	assert_string_equal(
		text,
		"admit: The a is old. The same holds for 3 more components: c, d, e.|admit: The b is old.");
	free(text);
	crd_report_free(&r);
}

/* In the details: what is the same in all is there once. */
static void test_list(void **state)
{
	static const struct row rows[] = { OLD("a"), OLD("b"), OLD("c"),
					   OLD("d") };
	struct crd_report *r = report_of(rows, sizeof(rows) / sizeof(rows[0]));
	struct crd_str where = { 0 }, found = { 0 };
	const struct crd_told *t;
	struct crd_items items;
	size_t n;

	assert_int_equal(crd_items_reasons(r, &items), 0);
	t = crd_items_next(&items, &n);
	assert_int_equal(n, 4);
	crd_told_list(&where, t, n, CRD_TOLD_PLACE);
	crd_told_list(&found, t, n, CRD_TOLD_OBSERVED);
	assert_string_equal(where.ptr, "a; b; c; d");
	assert_string_equal(found.ptr, "old");
	assert_null(crd_items_next(&items, &n));
	crd_str_done(&where);
	crd_str_done(&found);
	crd_items_done(&items);
	crd_report_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_unchecked),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_apart),
		cmocka_unit_test(test_waived),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
