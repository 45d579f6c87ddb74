// SPDX-License-Identifier: Apache-2.0
/*
 * explain - how the rules came to their answers, in words and for machines. It
 * must say what the judge did: nothing else, and all of it.
 */
#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "report_scene.h"

static const char *const explained[] = { "admit", "refuse", "waived", "trouble",
					 "gap" };

static const struct golden *golden_called(const char *name)
{
	size_t i;

	for (i = 0; strcmp(goldens[i].name, name); i++)
		;
	return &goldens[i];
}

static char *explain(const struct crd_report *r, const char *component,
		     bool json)
{
	struct sink sink = { 0 };

	assert_int_equal(json ? crd_explain_json(r, component, put, &sink) :
				crd_explain_text(r, component, 0, put, &sink),
			 0);
	return crd_str_take(&sink.str);
}

/* What an explanation adds to a report, and no more. */
static char *explained_json(const struct crd_report *r)
{
	char *text = explain(r, NULL, true);
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *c;
	json_t *all = json_array();
	size_t i;

	assert_non_null(json);
	json_array_foreach(json_object_get(json, "components"), i, c)
		json_array_append(all, json_object_get(c, "explained"));
	free(text);
	text = json_dumps(all, JSON_SORT_KEYS | JSON_INDENT(1));
	json_decref(all);
	json_decref(json);
	return text;
}

static void test_golden(void **state)
{
	static struct be b;
	struct crd_registry *reg = small_registry();
	size_t i;

	for (i = 0; i < sizeof(explained) / sizeof(explained[0]); i++) {
		const struct golden *g = golden_called(explained[i]);
		struct crd_policy *p = NULL;
		struct crd_report *r = golden_report(g, &b, reg, &p);
		char name[64], *text = explain(r, NULL, false);

		snprintf(name, sizeof(name), "%s.explained", g->name);
		compare(name, text);
		check_width(text);
		check_printable(text);
		free(text);
		text = explained_json(r);
		check_printable(text);
		if (g->waived)
			compare("waived-explained.json", text);
		free(text);
		crd_report_free(&r);
		crd_policy_free(&p);
		be_done(&b);
	}
	crd_registry_free(&reg);
}

static const char *text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

static bool true_of(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

/* Only the last condition looked at may fail, and then no rule matches. */
static void check_conditions(const json_t *rule)
{
	const json_t *conds = json_object_get(rule, "conditions");
	size_t i, n = json_array_size(conds);

	assert_true(n > 0);
	for (i = 0; i < n; i++) {
		const json_t *c = json_array_get(conds, i);

		if (i + 1 < n)
			assert_true(true_of(c, "holds"));
		else
			assert_int_equal(true_of(c, "holds"),
					 true_of(rule, "matched"));
		if (true_of(c, "known"))
			assert_string_not_equal(text_of(c, "grade"), "unknown");
	}
}

/* Is there such a finding of that rule about that component? */
static bool is_found(const struct crd_report *r, const json_t *component,
		     const char *check, bool waived)
{
	char place[64];
	size_t i, len;

	len = (size_t)snprintf(
		place, sizeof(place), "measurer log, record %d",
		(int)json_integer_value(json_object_get(component, "record")));
	for (i = 0; i < r->n_findings; i++) {
		const struct crd_finding *f = &r->findings[i];

		if (f->stage == CRD_STAGE_POLICY && f->place &&
		    !strcmp(f->check, check) && !f->waiver == !waived &&
		    !strncmp(f->place, place, len))
			return true;
	}
	return false;
}

static enum crd_verdict verdict_of(const json_t *o)
{
	const char *word = text_of(o, "verdict");

	return !strcmp(word, "admit") ? CRD_ADMIT :
	       !strcmp(word, "refer") ? CRD_REFER :
					CRD_REFUSE;
}

static void check_component(const struct crd_report *r, const json_t *c)
{
	const json_t *x = json_object_get(c, "explained"), *rule;
	const json_t *all = json_object_get(x, "rules");
	enum crd_verdict verdict = verdict_of(x);
	size_t i, decide = 0;

	assert_int_equal(json_array_size(all), N_RULES);
	json_array_foreach(all, i, rule)
	{
		check_conditions(rule);
		if (json_object_get(rule, "waiver"))
			assert_true(
				is_found(r, c, text_of(rule, "rule"), true));
		if (!true_of(rule, "decides"))
			continue;
		decide++;
		assert_true(true_of(rule, "matched"));
		assert_string_equal(text_of(rule, "then"),
				    text_of(x, "verdict"));
		if (verdict != CRD_ADMIT)
			assert_true(
				is_found(r, c, text_of(rule, "rule"), false));
	}
	assert_int_equal(!decide, json_object_get(x, "otherwise") != NULL);
	if (!decide && verdict != CRD_ADMIT)
		assert_true(is_found(r, c,
				     !strcmp(text_of(x, "otherwise"), "known") ?
					     "otherwise-known" :
					     "otherwise-unknown",
				     false));
}

/*
 * What is explained is what the judge did: the worst of all is the verdict of
 * the stage, and each rule that decides has its finding. Each component once,
 * as findings bring those together that are alike.
 */
static void test_agrees_with_judge(void **state)
{
	static const struct golden all = {
		"all", { 0, 1, 2, 3, 4, 5, 6, 8 }, 8, 0, true, CRD_REFUSE, NULL
	};
	static struct be b;
	struct crd_registry *reg = small_registry();
	struct crd_policy *p = NULL;
	struct crd_report *r = golden_report(&all, &b, reg, &p);
	enum crd_verdict worst = CRD_ADMIT, verdict;
	char *text = explain(r, NULL, true);
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *c;
	size_t i;

	assert_true(r->judged);
	json_array_foreach(json_object_get(json, "components"), i, c)
	{
		check_component(r, c);
		verdict = verdict_of(json_object_get(c, "explained"));
		if (verdict > worst)
			worst = verdict;
	}
	assert_int_equal(i, 8);
	assert_int_equal(worst, r->verdict);
	json_decref(json);
	free(text);
	crd_report_free(&r);
	crd_policy_free(&p);
	be_done(&b);
	crd_registry_free(&reg);
}

/* The order of rules in their file changes nothing, in the text neither. */
static void test_order(void **state)
{
	static const int turned[N_RULES] = { 5, 4, 3, 2, 1, 0 };
	static struct be b;
	struct crd_registry *reg = small_registry();
	struct crd_policy *p = NULL;
	struct crd_report *r =
		golden_report(golden_called("refuse"), &b, reg, &p);
	struct crd_policy *other = policy_of(turned, "");
	struct crd_report *s = appraise(&b, other, reg);
	char *x = explain(r, NULL, false), *y = explain(s, NULL, false);

	assert_string_equal(x, y);
	free(x);
	free(y);
	crd_report_free(&r);
	crd_report_free(&s);
	crd_policy_free(&p);
	crd_policy_free(&other);
	be_done(&b);
	crd_registry_free(&reg);
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)); text++)
		n++;
	return n;
}

/* Whom the operator asked for, and nobody else. */
static void test_filter(void **state)
{
	static const struct {
		const char *name;
		size_t n;
	} cases[] = {
		{ "pci/0000:00:02.0", 1 },
		{ "device/0000:00:02.0", 1 },
		{ "0000:00:02.0", 1 },
		{ "network card 0000:00:02.0", 1 },
		{ "e1000e", 1 },
		{ "driver/e1000e", 1 },
		{ "usb/1-1:1.0", 2 },
		{ "firmware/carl9170-1.fw", 1 },
		{ "driver/carl9170-1.fw", 0 },
		{ "usb/0000:00:02.0", 0 },
		{ "e1000", 0 },
		{ "e1000e ", 0 },
		{ "", 0 },
	};
	static struct be b;
	struct crd_registry *reg = small_registry();
	struct crd_policy *p = NULL;
	struct crd_report *r =
		golden_report(golden_called("trouble"), &b, reg, &p);
	char *text;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text = explain(r, cases[i].name, false);
		if (count(text, "(measurer log, record ") != cases[i].n)
			fail_msg("%s: %s", cases[i].name, text);
		assert_int_equal(count(text, "There is no such component"),
				 !cases[i].n);
		assert_int_equal(crd_explain_finds(r, cases[i].name),
				 cases[i].n > 0);
		free(text);
		text = explain(r, cases[i].name, true);
		assert_int_equal(count(text, "\"explained\""), cases[i].n);
		free(text);
	}
	crd_report_free(&r);
	crd_policy_free(&p);
	be_done(&b);
	crd_registry_free(&reg);
}

/* What the rule holds of; of the rest how many, and what stood against it. */
static void test_rule(void **state)
{
	static struct be b;
	struct crd_registry *reg = small_registry();
	struct crd_policy *p = NULL;
	struct crd_report *r =
		golden_report(golden_called("trouble"), &b, reg, &p);
	const size_t all = r->inventory.n;
	char *text = explain(r, "listed", false), want[64];

	assert_true(crd_explain_finds(r, "listed"));
	assert_int_equal(count(text, "(measurer log, record "), 1);
	assert_non_null(strstr(text, "\nnetwork card 0000:01:00.0 ("));
	assert_non_null(strstr(text, "\nrule listed\n  refuse: The supplier"));
	snprintf(want, sizeof(want), "    matched 1 of %zu components\n", all);
	assert_non_null(strstr(text, want));
	snprintf(want, sizeof(want), "    not %zu, as it wants listed ",
		 all - 1);
	assert_non_null(strstr(text, want));
	free(text);

	/* one that holds of nothing */
	text = explain(r, "closed", false);
	snprintf(want, sizeof(want), "    matched 0 of %zu components\n", all);
	assert_non_null(strstr(text, want));
	assert_int_equal(count(text, "(measurer log, record "), 0);
	assert_null(strstr(text, "no such component"));
	free(text);

	text = explain(r, "listed", true);
	assert_int_equal(count(text, "\"explained\""), all);
	assert_int_equal(count(text, "\"rule\": "), all);
	assert_int_equal(count(text, "\"rule\": \"listed\""), all);
	free(text);

	assert_false(crd_explain_finds(r, "liste"));
	r->judged = false;
	assert_true(crd_explain_finds(r, "liste"));
	crd_report_free(&r);
	crd_policy_free(&p);
	be_done(&b);
	crd_registry_free(&reg);
}

/* One rule, one waiver for it, one driver; a text that must be there. */
struct said {
	const char *when, *then;
	const char *waiver;
	const char *authors[3];
	const char *want;
};

#define WAIVED(component, dates)                                              \
	"waivers: [ { id: W-9, rule: r, component: { " component " }, " dates \
	", approved_by: D, because: B } ]\n"

#define COUNTED(more)                                                                                 \
	"presence: [ { id: c, component: { kind: driver }, at-most: 0, then: refer, because: B } ]\n" \
	"waivers: [ { id: W-9, rule: c" more                                                          \
	", approved_by: D, because: B } ]\n"

static const struct said saids[] = {
	/* doubt */
	{ "vendor: { not: intel }",
	  "refuse",
	  "",
	  { "Nobody" },
	  "its vendor is unknown, and `not` holds then for a rule that refuses or refers" },
	{ "jurisdiction: { not: CN }",
	  "admit",
	  "",
	  { "Nobody" },
	  "its vendor is unknown, and `not` does not hold then for a rule that admits" },
	{ "jurisdiction: { not: CN }",
	  "admit",
	  "",
	  { "Intel", "Nobody" },
	  "one of those whom it names is not in the registry, so its vendor counts as unknown, and `not` does not hold" },
	{ "vendor: unknown",
	  "refer",
	  "",
	  { "Nobody" },
	  "its vendor is unknown, and that is asked for by name" },
	{ "vendor: { not: [intel, unknown] }",
	  "refer",
	  "",
	  { "Nobody" },
	  "its vendor is unknown, and that is left out by name" },
	{ "vendor: intel",
	  "refer",
	  "",
	  { NULL },
	  "its vendor is unknown, and what is asked for holds only where the evidence says so" },
	{ "version: \"1.0\"",
	  "refer",
	  "",
	  { NULL },
	  "its version is unknown, and what is asked for" },
	{ "class: network",
	  "refuse",
	  "",
	  { NULL },
	  "a driver has no class, so it never holds" },
	{ "vendor: intel",
	  "refuse",
	  "",
	  { "Intel", "Newbridge" },
	  "of several answers one is enough for a rule that refuses or refers" },
	{ "vendor: intel",
	  "admit",
	  "",
	  { "Intel", "Newbridge" },
	  "of several answers all have to fit for a rule that admits" },
	/* waivers */
	{ "kind: driver",
	  "refuse",
	  WAIVED("name: d", "until: 2026-12-31"),
	  { NULL },
	  "Waived: rule r (refuse) matched: waiver W-9, approved by D, is in force until 2026-12-31: B" },
	{ "kind: driver",
	  "refuse",
	  WAIVED("name: other", "until: 2026-12-31"),
	  { NULL },
	  "waiver W-9 does not cover it: it is for name \"other\"; found name \"d\"." },
	{ "kind: driver",
	  "refuse",
	  WAIVED("name: d", "until: 2026-02-01"),
	  { NULL },
	  "waiver W-9 does not cover it: it ended on 2026-02-01." },
	{ "kind: driver",
	  "refuse",
	  WAIVED("name: d", "from: 2026-12-30, until: 2026-12-31"),
	  { NULL },
	  "waiver W-9 does not cover it: it is not in force before 2026-12-30." },
	/* what is counted */
	{ "kind: device",
	  "refuse",
	  COUNTED(", until: 2026-12-31"),
	  { NULL },
	  "count c waived: Of components with kind driver the policy wants none, and there are 1. B Waiver W-9, approved by D, covers this until 2026-12-31: B found 1: driver d" },
	{ "kind: device",
	  "refuse",
	  COUNTED(", until: 2026-02-01"),
	  { NULL },
	  "waiver W-9 does not cover it: it ended on 2026-02-01." },
	{ "kind: device",
	  "refuse",
	  COUNTED(", machine: { product: P }, until: 2026-12-31"),
	  { NULL },
	  "waiver W-9 does not cover it: it is for another machine." },
	/* what no rule decides */
	{ "kind: device",
	  "refuse",
	  "",
	  { NULL },
	  "ADMIT by `otherwise`: no rule decides, and it is known, as its signature was verified." },
};

/* As crd_page_flow() breaks lines, so texts are compared without breaks. */
static void unbreak(char *text)
{
	char *to = text, *start = text;

	for (; *text; text++) {
		if ((*text == '\n' || *text == ' ') && to > start &&
		    to[-1] == ' ')
			continue;
		*to++ = *text == '\n' ? ' ' : *text;
	}
	*to = '\0';
}

static void test_said(void **state)
{
	static struct be b;
	struct crd_registry *reg = small_registry();
	size_t i, k;

	for (i = 0; i < sizeof(saids) / sizeof(saids[0]); i++) {
		const struct said *s = &saids[i];
		struct be_driver d = BE_GOOD("d");
		struct crd_policy *p = NULL;
		struct crd_report *r;
		struct crd_error err;
		char yaml[2048], *text;

		snprintf(
			yaml, sizeof(yaml),
			HEAD DIGESTS
			"rules: [ { id: r, when: { %s }, then: %s, because: B } ]\n" OTHERWISE
			"%s",
			s->when, s->then, s->waiver);
		if (crd_policy_load(small_buf(yaml), NULL, NULL, &p, &err))
			fail_msg("%s: %s", yaml, err.text);
		for (k = 0; k < 3; k++)
			d.authors[k] = s->authors[k];
		be_start(&b);
		be_load(&b, d);
		be_close(&b, b.n, true);
		r = appraise(&b, p, reg);
		text = explain(r, NULL, false);
		check_width(text);
		unbreak(text);
		if (!strstr(text, s->want))
			fail_msg("no '%s' in:\n%s", s->want, text);
		free(text);
		crd_report_free(&r);
		crd_policy_free(&p);
		be_done(&b);
	}
	crd_registry_free(&reg);
}

/* Where the rules were not applied there is nothing to explain. */
static void test_not_judged(void **state)
{
	static struct be b;
	struct crd_registry *reg = small_registry();
	struct crd_policy *p = policy_of(NULL, "");
	struct crd_appraisal in;
	struct crd_report *r = NULL;
	char *text;

	be_start(&b);
	add_component(&b, 0);
	be_close(&b, b.n, true);
	in = be_appraisal(&b, p, reg);
	in.n_trusted_aks = 0;
	assert_int_equal(crd_appraise(&in, &r), 0);
	assert_false(r->judged);
	text = explain(r, NULL, false);
	assert_non_null(strstr(text, "The rules were not applied"));
	free(text);
	text = explain(r, NULL, true);
	assert_null(strstr(text, "\"explained\""));
	free(text);
	crd_report_free(&r);
	crd_policy_free(&p);
	be_done(&b);
	crd_registry_free(&reg);
}

/* Who cannot take more ends it. */
static void test_put_fails(void **state)
{
	static struct be b;
	struct crd_registry *reg = small_registry();
	struct crd_policy *p = NULL;
	struct crd_report *r =
		golden_report(golden_called("refuse"), &b, reg, &p);
	struct sink t = { .err = -EIO }, j = { .err = -EIO };

	assert_int_equal(crd_explain_text(r, NULL, 0, put, &t), -EIO);
	assert_int_equal(t.puts, 3);
	assert_int_equal(crd_explain_json(r, NULL, put, &j), -EIO);
	assert_int_equal(j.puts, 3);
	crd_str_done(&t.str);
	crd_str_done(&j.str);
	crd_report_free(&r);
	crd_policy_free(&p);
	be_done(&b);
	crd_registry_free(&reg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_agrees_with_judge),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_rule),
		cmocka_unit_test(test_said),
		cmocka_unit_test(test_not_judged),
		cmocka_unit_test(test_put_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
