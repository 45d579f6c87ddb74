// SPDX-License-Identifier: Apache-2.0
/*
 * report - what people and machines read. Whole reports stand in golden/; with
 * CRD_UPDATE_GOLDEN set they are written anew, for a person to read over.
 */
#include <errno.h>
#include <jansson.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "report_scene.h"

static void test_golden(void **state)
{
	static struct be b;
	struct crd_registry *reg = small_registry();
	size_t i;

	for (i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++) {
		struct crd_policy *p = NULL;
		struct crd_report *r = golden_report(&goldens[i], &b, reg, &p);
		char *text = NULL, name[64];
		json_t *json;

		assert_int_equal(crd_report_text(r, 0, &text), 0);
		assert_int_equal(r->verdict, goldens[i].verdict);
		snprintf(name, sizeof(name), "%s.expected", goldens[i].name);
		compare(name, text);
		check_width(text);
		check_printable(text);
		free(text);
		assert_int_equal(crd_report_json(r, &text), 0);
		snprintf(name, sizeof(name), "%s.json", goldens[i].name);
		compare(name, text);
		check_printable(text);
		json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(json);
		assert_string_equal(
			json_string_value(json_object_get(json, "schema")),
			"credence-report-1");
		json_decref(json);
		free(text);
		crd_report_free(&r);
		crd_policy_free(&p);
		be_done(&b);
	}
	crd_registry_free(&reg);
}

static void test_inventory(void **state)
{
	static struct be b;
	struct crd_registry *reg = small_registry();
	struct crd_policy *p = NULL;
	struct crd_report *r = golden_report(&goldens[2], &b, reg, &p);
	const struct crd_inventory none = { 0 };
	struct crd_show show = { .inventory = &r->inventory,
				 .registry = reg,
				 .now = r->when };
	struct sink t = { 0 }, j = { 0 }, other = { 0 };

	assert_int_equal(crd_inventory_text(&show, put, &t), 0);
	compare("inventory.expected", t.str.ptr);
	check_width(t.str.ptr);
	assert_int_equal(crd_inventory_json(&show, put, &j), 0);
	compare("inventory.json", j.str.ptr);
	/* An inventory from elsewhere may come without a registry. */
	show.registry = NULL;
	assert_int_equal(crd_inventory_text(&show, put, &other), 0);
	assert_int_equal(crd_inventory_json(&show, put, &other), 0);
	crd_str_done(&other.str);
	show.inventory = &none;
	assert_int_equal(crd_inventory_json(&show, put, &other), 0);
	assert_non_null(strstr(other.str.ptr, "\"components\": []"));
	crd_str_done(&t.str);
	crd_str_done(&j.str);
	crd_str_done(&other.str);
	crd_report_free(&r);
	crd_policy_free(&p);
	be_done(&b);
	crd_registry_free(&reg);
}

/* Who cannot take more ends it; nothing is put after that. */
static void test_put_fails(void **state)
{
	static struct be b;
	struct crd_registry *reg = small_registry();
	struct crd_policy *p = NULL;
	struct crd_report *r = golden_report(&goldens[2], &b, reg, &p);
	struct sink sinks[3] = { { .err = -EPIPE },
				 { .err = -EPIPE },
				 { .err = -EPIPE } };
	const struct crd_show show = { .inventory = &r->inventory,
				       .registry = reg,
				       .now = r->when };
	int i;

	assert_int_equal(crd_report_json_put(r, put, &sinks[0]), -EPIPE);
	assert_int_equal(crd_inventory_json(&show, put, &sinks[1]), -EPIPE);
	assert_int_equal(crd_inventory_text(&show, put, &sinks[2]), -EPIPE);
	for (i = 0; i < 3; i++) {
		assert_int_equal(sinks[i].puts, 3);
		crd_str_done(&sinks[i].str);
	}
	crd_report_free(&r);
	crd_policy_free(&p);
	be_done(&b);
	crd_registry_free(&reg);
}

static void test_flags(void **state)
{
	static struct be b;
	struct crd_registry *reg = small_registry();
	struct crd_policy *p = NULL;
	struct crd_report *r = golden_report(&goldens[0], &b, reg, &p);
	char *plain, *colour, *quiet, *again;

	assert_int_equal(crd_report_text(r, 0, &plain), 0);
	assert_int_equal(crd_report_text(r, CRD_TEXT_COLOUR, &colour), 0);
	assert_int_equal(crd_report_text(r, CRD_TEXT_QUIET, &quiet), 0);
	assert_null(strchr(plain, '\033'));
	assert_non_null(strchr(colour, '\033'));
	assert_string_equal(strchr(quiet, '\n'), "\n");
	assert_int_equal(strncmp(plain, quiet, strlen(quiet)), 0);
	setlocale(LC_ALL, "");
	assert_int_equal(crd_report_text(r, 0, &again), 0);
	assert_string_equal(plain, again);
	free(plain);
	free(colour);
	free(quiet);
	free(again);
	crd_report_free(&r);
	crd_policy_free(&p);
	be_done(&b);
	crd_registry_free(&reg);
}

/* Small and the same everywhere; quality does not matter. */
static unsigned int next(unsigned int *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

static bool same_findings(const struct crd_report *a,
			  const struct crd_report *b)
{
	size_t i;

	if (a->verdict != b->verdict || a->n_findings != b->n_findings)
		return false;
	for (i = 0; i < a->n_findings; i++) {
		if (strcmp(a->findings[i].check, b->findings[i].check) ||
		    strcmp(a->findings[i].sentence, b->findings[i].sentence))
			return false;
	}
	return true;
}

static void shuffle(int *order, unsigned int *seed)
{
	int i, k, t;

	for (i = N_RULES - 1; i > 0; i--) {
		k = (int)(next(seed) % (unsigned int)(i + 1));
		t = order[i];
		order[i] = order[k];
		order[k] = t;
	}
}

/* The order in which rules are written changes nothing. */
static void test_order(void **state)
{
	struct crd_registry *reg = small_registry();
	struct crd_policy *p = policy_of(NULL, waiver);
	int order[N_RULES] = { 0, 1, 2, 3, 4, 5 };
	unsigned int seed = 1, i, n;

	for (i = 0; i < 60; i++) {
		static struct be b;
		struct crd_policy *q;
		struct crd_report *r, *s;

		be_start(&b);
		for (n = next(&seed) % 12; n; n--)
			add_component(&b, next(&seed) % 9);
		be_close(&b, b.n, true);
		shuffle(order, &seed);
		q = policy_of(order, waiver);
		r = appraise(&b, p, reg);
		s = appraise(&b, q, reg);
		assert_true(same_findings(r, s));
		crd_report_free(&r);
		crd_report_free(&s);
		crd_policy_free(&q);
		be_done(&b);
	}
	crd_policy_free(&p);
	crd_registry_free(&reg);
}

/* One more record never makes a verdict better, wherever the quote ends. */
static void test_more_records(void **state)
{
	struct crd_registry *reg = small_registry();
	struct crd_policy *p = policy_of(NULL, waiver);
	unsigned int seed = 2, i, n;

	for (i = 0; i < 40; i++) {
		enum crd_verdict before = CRD_ADMIT;
		static struct be b;

		be_start(&b);
		for (n = 0; n < 10; n++) {
			struct crd_report *r;

			add_component(&b, next(&seed));
			be_close(&b, 1 + next(&seed) % b.n, true);
			r = appraise(&b, p, reg);
			assert_true(r->verdict >= before);
			before = r->verdict;
			crd_report_free(&r);
		}
		be_done(&b);
	}
	crd_policy_free(&p);
	crd_registry_free(&reg);
}

/* A waiver: on its last day, the day after, and for another driver. */
static void test_waiver(void **state)
{
	static const struct {
		const char *driver;
		int64_t now;
		enum crd_verdict verdict;
	} rows[] = {
		{ "hinic", BE_NOW, CRD_REFER }, /* the rule on countries */
		{ "hinic", BE_NOW + 86400, CRD_REFUSE },
		{ "hinic2", BE_NOW, CRD_REFUSE },
		{ "Hinic", BE_NOW, CRD_REFUSE },
	};
	struct crd_registry *reg = small_registry();
	struct crd_policy *p = policy_of(NULL, waiver);
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct be b;
		struct crd_appraisal in;
		struct crd_report *r;

		be_start(&b);
		add_named(&b, rows[i].driver, "Huawei Technologies CO., Ltd");
		b.challenge.issued = rows[i].now;
		b.challenge.expires = rows[i].now;
		be_close(&b, b.n, true);
		in = be_appraisal(&b, p, reg);
		in.now = rows[i].now;
		assert_int_equal(crd_appraise(&in, &r), 0);
		assert_int_equal(r->verdict, rows[i].verdict);
		crd_report_free(&r);
		be_done(&b);
	}
	crd_policy_free(&p);
	crd_registry_free(&reg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_inventory),
		cmocka_unit_test(test_put_fails),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_more_records),
		cmocka_unit_test(test_waiver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
