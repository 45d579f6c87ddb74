// SPDX-License-Identifier: Apache-2.0
/*
 * impact - many machines under two policies: what is counted, for whom, and
 * that it does not depend on who counted; evidence at rest; the memo of
 * signatures changes nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "appraise_scene.h"
#include "attest/impact_private.h"
#include "attest/text_private.h"

/* Machines of a site, by what they have besides ordinary drivers. */
enum kind {
	GOOD,
	LISTED,
	CLOSED,
	BOTH,
	TWICE,
	MANY,
	UNSIGNED,
	OPEN_BOOT,
	N_KINDS
};

/* More than a report has lines for under one rule. */
enum { MANY_DRIVERS = 90 };

struct site {
	struct crd_registry *reg;
	uint8_t *bundle[N_KINDS];
	size_t len[N_KINDS];
};

static void load_kind(struct scene *s, enum kind kind)
{
	struct be_driver more = BE_GOOD("closed2");
	char name[16];
	int i;

	if (kind == LISTED || kind == BOTH)
		load_named(s, "Huawei Technologies CO., Ltd");
	if (kind == CLOSED || kind == BOTH || kind == TWICE)
		load_closed(s);
	more.license = "Proprietary";
	if (kind == TWICE)
		be_load(&s->be, more);
	more.name = name;
	for (i = 0; kind == MANY && i < MANY_DRIVERS; i++) {
		snprintf(name, sizeof(name), "many%d", i);
		be_load(&s->be, more);
	}
	if (kind == UNSIGNED)
		load_bad(s, CRD_SIG_NONE);
}

static void make_kind(struct site *site, enum kind kind)
{
	struct scene s;

	start_scene(&s);
	if (kind == OPEN_BOOT) {
		s.be.lockdown = 0;
		be_anchor(&s.be);
		ordinary(&s.be);
	}
	load_kind(&s, kind);
	close_scene(&s);
	site->len[kind] = s.in.evidence.len;
	site->bundle[kind] = malloc(site->len[kind]);
	assert_non_null(site->bundle[kind]);
	memcpy(site->bundle[kind], s.in.evidence.ptr, site->len[kind]);
	end_scene(&s);
}

static int make_site(void **state)
{
	static struct site site;
	int kind;

	site.reg = small_registry();
	for (kind = 0; kind < N_KINDS; kind++)
		make_kind(&site, kind);
	*state = &site;
	return 0;
}

static int leave_site(void **state)
{
	struct site *site = *state;
	int kind;

	for (kind = 0; kind < N_KINDS; kind++)
		free(site->bundle[kind]);
	crd_registry_free(&site->reg);
	return 0;
}

static struct crd_buf bundle_of(const struct site *site, enum kind kind)
{
	return (struct crd_buf){ site->bundle[kind], site->len[kind] };
}

/* The policies: nothing is asked; some rules; some demands too. */
#define POLICY(name, requires, rules)                                     \
	"policy: " name "\nversion: 3\nauthority: A\n"                    \
	"valid: { from: 2026-01-01, until: 2026-12-31 }\n"                \
	"requires: { identity: pinned, freshness: 1m, secure_boot: any, " \
	"measurer: any, " requires " }\n"                                 \
				   "rules:\n" rules                       \
				   "otherwise: { known: admit, unknown: admit }\n"
#define R_NONE                                                            \
	"  - { id: nobody, when: { name: no-such-driver }, then: refuse," \
	" because: B }\n"
#define R_LISTED                                                              \
	"  - { id: listed, when: { listed: list-a }, then: refuse, because: " \
	"B }\n"
#define R_CLOSED                                                                  \
	"  - { id: closed, when: { flags: proprietary }, then: refuse, because: " \
	"B }\n"
#define R_ASK                                                                    \
	"  - { id: closed, when: { flags: proprietary }, then: refer, because: " \
	"B }\n"
#define R_SAME \
	"  - { id: again, when: { license: NVIDIA }, then: refuse, because: B }\n"

static const char old_yaml[] = POLICY("old", "lockdown: none", R_NONE);
static const char ask_yaml[] = POLICY("ask", "lockdown: none", R_LISTED R_ASK);
static const char new_yaml[] =
	POLICY("new", "lockdown: none", R_LISTED R_CLOSED);
static const char same_yaml[] =
	POLICY("same", "lockdown: none", R_CLOSED R_SAME);
static const char boot_yaml[] =
	POLICY("boot", "lockdown: integrity", R_LISTED R_CLOSED);

struct run {
	struct crd_policy *before, *after;
	struct crd_impact_in in;
	struct crd_impact *impact;
};

static void begin(struct run *r, const struct site *site, const char *before,
		  const char *after)
{
	r->before = policy_of(before);
	r->after = policy_of(after);
	r->in = (struct crd_impact_in){ .before = r->before,
					.after = r->after,
					.registry = site->reg,
					.now = BE_NOW };
	assert_int_equal(crd_impact_new(&r->in, &r->impact), 0);
}

static void end(struct run *r)
{
	crd_impact_free(&r->impact);
	crd_policy_free(&r->before);
	crd_policy_free(&r->after);
}

static struct crd_impact_answer add(struct crd_impact *impact,
				    const struct site *site, enum kind kind)
{
	struct crd_impact_answer a;

	assert_int_equal(crd_impact_add(impact, bundle_of(site, kind), &a), 0);
	assert_false(a.malformed);
	return a;
}

static const struct crd_impact_row *row(const struct run *r, unsigned int side,
					enum crd_cause cause, const char *text,
					const char *more)
{
	const struct crd_impact_table *t = &r->impact->table;
	size_t i;

	for (i = 0; i < t->n; i++) {
		const struct crd_impact_row *at = &t->rows[i];

		if (at->side == side && at->cause == cause &&
		    !strcmp(at->text, text) &&
		    (!more || !strcmp(at->more, more)))
			return at;
	}
	return NULL;
}

static void test_verdicts(void **state)
{
	static const struct {
		const char *before, *after;
		enum kind kind;
		enum crd_verdict was, is;
	} cases[] = {
		{ old_yaml, old_yaml, GOOD, CRD_ADMIT, CRD_ADMIT },
		{ old_yaml, new_yaml, GOOD, CRD_ADMIT, CRD_ADMIT },
		{ old_yaml, new_yaml, LISTED, CRD_ADMIT, CRD_REFUSE },
		{ old_yaml, ask_yaml, CLOSED, CRD_ADMIT, CRD_REFER },
		{ ask_yaml, new_yaml, CLOSED, CRD_REFER, CRD_REFUSE },
		{ ask_yaml, new_yaml, LISTED, CRD_REFUSE, CRD_REFUSE },
		{ new_yaml, old_yaml, BOTH, CRD_REFUSE, CRD_ADMIT },
		{ new_yaml, ask_yaml, CLOSED, CRD_REFUSE, CRD_REFER },
		{ old_yaml, boot_yaml, GOOD, CRD_ADMIT, CRD_ADMIT },
		{ old_yaml, boot_yaml, OPEN_BOOT, CRD_ADMIT, CRD_REFUSE },
		{ boot_yaml, old_yaml, OPEN_BOOT, CRD_REFUSE, CRD_ADMIT },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crd_impact_answer a;
		struct crd_impact_sum sum;
		struct run r;

		begin(&r, *state, cases[i].before, cases[i].after);
		a = add(r.impact, *state, cases[i].kind);
		assert_int_equal(a.before, cases[i].was);
		assert_int_equal(a.after, cases[i].is);
		crd_impact_sum(r.impact, &sum);
		assert_int_equal(sum.machines[a.before][a.after], 1);
		assert_int_equal(sum.worse, a.after > a.before);
		assert_int_equal(sum.better, a.after < a.before);
		assert_int_equal(sum.same, a.after == a.before);
		end(&r);
	}
}

/* One rule, one component: it alone, and one waiver would save the machine. */
static void test_alone(void **state)
{
	const struct crd_impact_row *at;
	struct run r;

	begin(&r, *state, old_yaml, new_yaml);
	add(r.impact, *state, CLOSED);
	at = row(&r, 1, CRD_CAUSE_RULE, "closed", NULL);
	assert_non_null(at);
	assert_int_equal(at->machines, 1);
	assert_int_equal(at->changed, 1);
	assert_int_equal(at->alone, 1);
	at = row(&r, 1, CRD_CAUSE_WAIVER, "closed", "driver nvidia");
	assert_int_equal(at->alone, 1);
	at = row(&r, 1, CRD_CAUSE_COMPONENT, "driver nvidia", NULL);
	assert_int_equal(at->alone, 1);
	at = row(&r, 1, CRD_CAUSE_VENDOR, "unknown", NULL);
	assert_int_equal(at->changed, 1);
	assert_null(row(&r, 0, CRD_CAUSE_RULE, "closed", NULL));
	end(&r);
}

static void test_two_rules(void **state)
{
	const struct crd_impact_row *at;
	struct run r;

	begin(&r, *state, old_yaml, new_yaml);
	add(r.impact, *state, BOTH);
	at = row(&r, 1, CRD_CAUSE_RULE, "closed", NULL);
	assert_int_equal(at->changed, 1);
	assert_int_equal(at->alone, 0);
	at = row(&r, 1, CRD_CAUSE_RULE, "listed", NULL);
	assert_int_equal(at->changed, 1);
	assert_int_equal(at->alone, 0);
	at = row(&r, 1, CRD_CAUSE_VENDOR, "huawei", NULL);
	assert_int_equal(at->alone, 0);
	at = row(&r, 1, CRD_CAUSE_WAIVER, "listed", "driver hinic");
	assert_int_equal(at->alone, 0);
	end(&r);
}

/* Past what a report tells one by one: the rule still is the only cause. */
static void test_many_components(void **state)
{
	const struct crd_impact_row *at;
	struct run r;

	begin(&r, *state, old_yaml, new_yaml);
	add(r.impact, *state, MANY);
	at = row(&r, 1, CRD_CAUSE_RULE, "closed", NULL);
	assert_int_equal(at->machines, 1);
	assert_int_equal(at->alone, 1);
	assert_null(row(&r, 1, CRD_CAUSE_CHECK, "closed", NULL));
	assert_non_null(row(&r, 1, CRD_CAUSE_COMPONENT, "driver many89", NULL));
	end(&r);
}

/* Two components under one rule: the rule alone, but no one waiver helps. */
static void test_two_components(void **state)
{
	const struct crd_impact_row *at;
	struct run r;

	begin(&r, *state, old_yaml, new_yaml);
	add(r.impact, *state, TWICE);
	at = row(&r, 1, CRD_CAUSE_RULE, "closed", NULL);
	assert_int_equal(at->machines, 1);
	assert_int_equal(at->alone, 1);
	at = row(&r, 1, CRD_CAUSE_WAIVER, "closed", "driver nvidia");
	assert_int_equal(at->alone, 0);
	at = row(&r, 1, CRD_CAUSE_WAIVER, "closed", "driver closed2");
	assert_int_equal(at->alone, 0);
	end(&r);
}

/* Two rules for one component: neither is alone, the component is. */
static void test_one_component_two_rules(void **state)
{
	const struct crd_impact_row *at;
	struct run r;

	begin(&r, *state, old_yaml, same_yaml);
	add(r.impact, *state, CLOSED);
	at = row(&r, 1, CRD_CAUSE_RULE, "again", NULL);
	assert_int_equal(at->alone, 0);
	at = row(&r, 1, CRD_CAUSE_WAIVER, "closed", "driver nvidia");
	assert_int_equal(at->alone, 0);
	at = row(&r, 1, CRD_CAUSE_COMPONENT, "driver nvidia", NULL);
	assert_int_equal(at->alone, 1);
	end(&r);
}

static void test_demands(void **state)
{
	const struct crd_impact_row *at;
	struct run r;

	begin(&r, *state, old_yaml, boot_yaml);
	add(r.impact, *state, OPEN_BOOT);
	at = row(&r, 1, CRD_CAUSE_CHECK, "lockdown", NULL);
	assert_non_null(at);
	assert_int_equal(at->changed, 1);
	assert_int_equal(at->alone, 1);
	end(&r);
}

/* How many there are: a check, which one waiver sets aside, as a rule's. */
static void test_counts(void **state)
{
	static const char counts[] =
		"presence: [ { id: few, component: { kind: driver }, at-most: 1, then: refuse, because: B } ]\n";
	char yaml[4096];
	const struct crd_impact_row *at;
	struct run r;

	snprintf(yaml, sizeof(yaml), "%s%s", new_yaml, counts);
	begin(&r, *state, old_yaml, yaml);
	add(r.impact, *state, GOOD);
	at = row(&r, 1, CRD_CAUSE_CHECK, "few", NULL);
	assert_non_null(at);
	assert_int_equal(at->alone, 1);
	at = row(&r, 1, CRD_CAUSE_WAIVER, "few", NULL);
	assert_non_null(at);
	assert_null(at->more);
	assert_int_equal(at->alone, 1);
	/* two of them would have to be waived */
	add(r.impact, *state, CLOSED);
	assert_int_equal(row(&r, 1, CRD_CAUSE_WAIVER, "few", NULL)->alone, 1);
	at = row(&r, 1, CRD_CAUSE_WAIVER, "closed", "driver nvidia");
	assert_int_equal(at->alone, 0);
	end(&r);
	/* what the boot lacks cannot be waived */
	snprintf(yaml, sizeof(yaml), "%s%s", boot_yaml, counts);
	begin(&r, *state, old_yaml, yaml);
	add(r.impact, *state, OPEN_BOOT);
	assert_int_equal(row(&r, 1, CRD_CAUSE_WAIVER, "few", NULL)->alone, 0);
	assert_null(row(&r, 1, CRD_CAUSE_WAIVER, "lockdown", NULL));
	end(&r);
}

/* Nor can it be waived that no rule decides. */
static void test_otherwise(void **state)
{
	char yaml[4096], *at;
	struct run r;

	snprintf(yaml, sizeof(yaml), "%s", old_yaml);
	at = strstr(yaml, "known: admit, unknown: admit");
	assert_non_null(at);
	memcpy(at, "known: refer", 12);
	begin(&r, *state, old_yaml, yaml);
	add(r.impact, *state, GOOD);
	assert_non_null(row(&r, 1, CRD_CAUSE_RULE, "otherwise-known", NULL));
	assert_null(row(&r, 1, CRD_CAUSE_WAIVER, "otherwise-known", NULL));
	end(&r);
}

/* For better, it is the old policy's rules that tell why. */
static void test_better(void **state)
{
	const struct crd_impact_row *at;
	struct run r;

	begin(&r, *state, new_yaml, old_yaml);
	add(r.impact, *state, CLOSED);
	at = row(&r, 0, CRD_CAUSE_RULE, "closed", NULL);
	assert_int_equal(at->changed, 1);
	assert_null(row(&r, 1, CRD_CAUSE_RULE, "closed", NULL));
	end(&r);
}

/* What stays refused has causes, but none of a change. */
static void test_unchanged(void **state)
{
	const struct crd_impact_row *at;
	struct crd_impact_list list;
	struct run r;

	begin(&r, *state, new_yaml, new_yaml);
	add(r.impact, *state, CLOSED);
	at = row(&r, 1, CRD_CAUSE_RULE, "closed", NULL);
	assert_int_equal(at->machines, 1);
	assert_int_equal(at->changed, 0);
	assert_int_equal(crd_impact_list(r.impact, 1, CRD_CAUSE_RULE,
					 CRD_BY_CHANGED, &list),
			 0);
	assert_int_equal(list.n, 0);
	crd_impact_list_done(&list);
	end(&r);
}

static void test_malformed(void **state)
{
	const struct site *site = *state;
	struct crd_impact_answer a;
	struct crd_impact_sum sum;
	struct run r;
	size_t len;

	begin(&r, site, old_yaml, new_yaml);
	for (len = 0; len < site->len[GOOD]; len += 97) {
		struct crd_buf cut = { site->bundle[GOOD], len };

		assert_int_equal(crd_impact_add(r.impact, cut, &a), 0);
		assert_true(a.malformed);
	}
	crd_impact_sum(r.impact, &sum);
	assert_int_equal(sum.malformed, (len + 96) / 97);
	assert_int_equal(sum.same + sum.worse + sum.better, 0);
	assert_int_equal(r.impact->n, 0);
	end(&r);
}

/* --- evidence at rest ------------------------------------------------------ */

static enum crd_verdict at_rest(struct scene *s, const struct crd_buf *aks,
				size_t n_aks)
{
	struct crd_report *r;
	enum crd_verdict verdict;

	s->in.at_rest = true;
	s->in.challenge = NULL;
	s->in.trusted_aks = aks;
	s->in.n_trusted_aks = n_aks;
	r = run(s);
	assert_false(r->fresh);
	assert_int_equal(r->stages[CRD_STAGE_FRESHNESS], CRD_NOT_EVALUATED);
	verdict = r->verdict;
	crd_report_free(&r);
	return verdict;
}

static void test_at_rest(void **state)
{
	struct crd_buf own;
	struct scene s;

	start_scene(&s);
	close_scene(&s);
	own = s.be.ak_name;
	assert_int_equal(at_rest(&s, NULL, 0), CRD_ADMIT);
	assert_int_equal(at_rest(&s, &own, 1), CRD_ADMIT);
	assert_int_equal(at_rest(&s, &other_ak, 1), CRD_REFUSE);
	end_scene(&s);
}

/* The signature and the log count as ever. */
static void test_at_rest_damaged(void **state)
{
	static const bend_fn bends[] = { flip_log, nothing_covered, fault,
					 unrestricted, listed };
	size_t i;

	for (i = 0; i < sizeof(bends) / sizeof(bends[0]); i++) {
		struct scene s;

		start_scene(&s);
		bends[i](&s, 0);
		close_scene(&s);
		bends[i](&s, 1);
		if (bends[i] == flip_log)
			close_scene(&s);
		assert_int_equal(at_rest(&s, NULL, 0), CRD_REFUSE);
		end_scene(&s);
	}
}

/* --- who counted ------------------------------------------------------------ */

static int put(const char *text, size_t len, void *ctx)
{
	crd_str_add(ctx, text, len);
	return 0;
}

static const char *named(size_t bundle, void *ctx)
{
	static const char *const names[] = { "a",
					     "<script>alert(1)</script>",
					     "=1+1",
					     "line\nbreak",
					     "caf\xc3\xa9 & \"co\"",
					     "\xff\xfe",
					     "g" };

	return names[bundle % 7];
}

typedef int (*show_fn)(const struct crd_impact_show *show);

static char *shown(const struct crd_impact *impact,
		   const struct crd_impact_answer *answers, size_t n,
		   show_fn show)
{
	struct crd_str str = { 0 };
	const struct crd_impact_show s = { .impact = impact,
					   .n = n,
					   .answers = answers,
					   .name = named,
					   .put = put,
					   .put_ctx = &str };

	assert_int_equal(show(&s), 0);
	return crd_str_take(&str);
}

/* However the machines are dealt out, the sum is the same to the letter. */
static void test_merge(void **state)
{
	static const show_fn shows[] = { crd_impact_text, crd_impact_json,
					 crd_impact_csv, crd_impact_html };
	struct crd_impact_answer answers[N_KINDS];
	struct crd_impact *part;
	struct run one, sum;
	int split, kind;
	size_t i;

	begin(&one, *state, ask_yaml, boot_yaml);
	for (kind = 0; kind < N_KINDS; kind++)
		answers[kind] = add(one.impact, *state, kind);
	for (split = 0; split < 1 << N_KINDS; split += 5) {
		begin(&sum, *state, ask_yaml, boot_yaml);
		assert_int_equal(crd_impact_new(&sum.in, &part), 0);
		for (kind = N_KINDS - 1; kind >= 0; kind--)
			add(split >> kind & 1 ? part : sum.impact, *state,
			    kind);
		assert_int_equal(crd_impact_merge(sum.impact, part), 0);
		crd_impact_free(&part);
		for (i = 0; i < sizeof(shows) / sizeof(shows[0]); i++) {
			char *a = shown(one.impact, answers, N_KINDS, shows[i]);
			char *b = shown(sum.impact, answers, N_KINDS, shows[i]);

			assert_string_equal(a, b);
			free(a);
			free(b);
		}
		end(&sum);
	}
	end(&one);
}

static void test_shown(void **state)
{
	struct crd_impact_answer answers[N_KINDS];
	struct run r;
	char *text;
	int kind;

	begin(&r, *state, old_yaml, boot_yaml);
	for (kind = 0; kind < N_KINDS; kind++)
		answers[kind] = add(r.impact, *state, kind);
	text = shown(r.impact, answers, N_KINDS, crd_impact_html);
	assert_null(strstr(text, "<script"));
	assert_non_null(strstr(text, "&lt;script&gt;"));
	assert_non_null(strstr(text, "&amp; &quot;co&quot;"));
	assert_null(strstr(text, "http"));
	assert_non_null(strstr(text, "<svg"));
	free(text);
	text = shown(r.impact, answers, N_KINDS, crd_impact_csv);
	assert_non_null(strstr(text, "\"'=1+1\",admit,refuse,worse\n"));
	assert_non_null(strstr(text, "\"line\\x0abreak\""));
	free(text);
	text = shown(r.impact, answers, N_KINDS, crd_impact_text);
	assert_non_null(strstr(text, "closed (3 by this alone)"));
	assert_non_null(strstr(text, "closed for driver nvidia"));
	assert_null(strstr(text, "\xff"));
	free(text);
	end(&r);
}

/* --- tables ------------------------------------------------------------------ */

static void test_table_full(void **state)
{
	struct crd_impact_table t = { 0 };
	struct crd_impact_row *at;
	char name[16];
	int i;

	for (i = 0; i < CRD_IMPACT_ROWS; i++) {
		snprintf(name, sizeof(name), "%d", i);
		assert_int_equal(crd_impact_row(&t, i & 1, CRD_CAUSE_RULE, name,
						NULL, &at),
				 0);
		assert_non_null(at);
		at->machines = (uint64_t)i;
	}
	assert_int_equal(
		crd_impact_row(&t, 0, CRD_CAUSE_RULE, "more", NULL, &at), 0);
	assert_null(at);
	for (i = 0; i < CRD_IMPACT_ROWS; i += 777) {
		snprintf(name, sizeof(name), "%d", i);
		crd_impact_row(&t, i & 1, CRD_CAUSE_RULE, name, NULL, &at);
		assert_int_equal(at->machines, i);
	}
	crd_impact_table_done(&t);
}

/* A rule and a component cannot run into one another. */
static void test_table_keys(void **state)
{
	static const char *const texts[][2] = {
		{ "a", NULL }, { "a", "" },   { "ab", "c" },
		{ "a", "bc" }, { "", "abc" },
	};
	struct crd_impact_row *at;
	struct crd_impact_table t = { 0 };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		crd_impact_row(&t, 1, CRD_CAUSE_WAIVER, texts[i][0],
			       texts[i][1], &at);
		assert_int_equal(t.n, i + 1);
	}
	crd_impact_row(&t, 0, CRD_CAUSE_WAIVER, "a", NULL, &at);
	assert_int_equal(t.n, i + 1);
	crd_impact_row(&t, 0, CRD_CAUSE_RULE, "a", NULL, &at);
	assert_int_equal(t.n, i + 2);
	crd_impact_table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_two_rules),
		cmocka_unit_test(test_two_components),
		cmocka_unit_test(test_many_components),
		cmocka_unit_test(test_one_component_two_rules),
		cmocka_unit_test(test_demands),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_otherwise),
		cmocka_unit_test(test_better),
		cmocka_unit_test(test_unchanged),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_at_rest),
		cmocka_unit_test(test_at_rest_damaged),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_table_full),
		cmocka_unit_test(test_table_keys),
	};

	return cmocka_run_group_tests_name("impact", tests, make_site,
					   leave_site);
}
