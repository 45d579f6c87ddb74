// SPDX-License-Identifier: Apache-2.0
/*
 * monotone - what must be so for every policy and every machine, tried with
 * many that are drawn by lot: more evidence against, more rules against and
 * fewer waivers never make a verdict better, and order means nothing.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "random_machine.h"

#define N_POLICIES 120
#define N_MACHINES 6 /* that each of them judges */

static struct be be;
static struct crd_registry *reg;

/* What is drawn, and what came of it. */
struct draw {
	unsigned int seed;
	struct dice dice;
	struct draft draft;
	struct crd_policy *policy;
	struct crd_context context;
	uint64_t covered; /* records, by the quote */
	unsigned int n[CRD_REFUSE + 1][CRD_REFUSE + 1]; /* before, after */
	void (*judge_bind)(struct draw *w, enum crd_verdict before,
			   const char *what);
};

static struct crd_policy *load_draft(const struct draft *draft,
				     unsigned int seed)
{
	const char *yaml = policy_yaml(draft);
	struct crd_error err = { .text = "" };
	struct crd_policy *p = NULL;

	if (crd_policy_load(small_buf(yaml), random_fetch, NULL, &p, &err))
		fail_msg("seed %u: %u:%u %s\n%s", seed, err.line, err.column,
			 err.text, yaml);
	return p;
}

static struct crd_report *judge_by(const struct draw *w,
				   const struct crd_policy *policy)
{
	struct crd_appraisal in = { .policy = policy,
				    .registry = reg,
				    .now = BE_NOW,
				    .context = w->context };
	struct crd_error err = { .text = "" };
	struct crd_report *r = NULL;
	struct crd_inventory inv;

	if (crd_inventory_from_log(soft_log_buf(&be.log), w->covered, &inv,
				   &err))
		fail_msg("seed %u: %s", w->seed, err.text);
	assert_int_equal(crd_judge_inventory(&in, &inv, &r), 0);
	return r;
}

static enum crd_verdict verdict_by(const struct draw *w,
				   const struct crd_policy *policy)
{
	struct crd_report *r = judge_by(w, policy);
	enum crd_verdict verdict = r->verdict;

	crd_report_free(&r);
	return verdict;
}

static void fail_draw(const struct draw *w, const char *what,
		      const struct draft *other)
{
	struct crd_report *r = judge_by(w, w->policy);
	char *text = NULL;

	crd_report_text(r, 0, &text);
	print_error("seed %u: %s\n%s\n%s\n", w->seed, what, text,
		    policy_yaml(&w->draft));
	if (other)
		print_error("and the other:\n%s\n", policy_yaml(other));
	free(text);
	crd_report_free(&r);
	fail();
}

static void must_not_improve(struct draw *w, enum crd_verdict before,
			     enum crd_verdict after, const char *what,
			     const struct draft *other)
{
	char say[256];

	w->n[before][after]++;
	if (after >= before)
		return;
	snprintf(say, sizeof(say), "%s: %s became %s", what,
		 crd_verdict_name(before), crd_verdict_name(after));
	fail_draw(w, say, other);
}

/* Tried with each machine under each policy. */
typedef void (*try_fn)(struct draw *w);

static void for_all(unsigned int seed, const struct taste *taste, try_fn try,
		    struct draw *w)
{
	unsigned int i, k;

	for (i = 0; i < N_POLICIES; i++) {
		w->seed = seed + i;
		w->dice.state = w->seed;
		w->draft = draw_policy(&w->dice, taste);
		w->policy = load_draft(&w->draft, w->seed);
		for (k = 0; k < N_MACHINES; k++) {
			draw_machine(&be, &w->dice);
			w->covered = be.n;
			if (!roll(&w->dice, 3))
				w->covered -=
					roll(&w->dice, (unsigned int)be.n);
			w->context = draw_context(&w->dice);
			try(w);
		}
		crd_policy_free(&w->policy);
	}
}

/* Draws that show nothing would pass as well. */
static void must_have_shown(const struct draw *w, bool changes)
{
	unsigned int all = N_POLICIES * N_MACHINES / 20;
	const unsigned int(*n)[CRD_REFUSE + 1] = w->n;

	print_message("admit %u %u %u, refer %u %u, refuse %u\n", n[0][0],
		      n[0][1], n[0][2], n[1][1], n[1][2], n[2][2]);
	assert_true(n[0][0] > all && n[1][1] > all && n[2][2] > all);
	if (changes)
		assert_true(n[0][1] + n[0][2] && n[1][2]);
}

struct mark {
	uint64_t n;
	size_t len;
};

static struct mark mark(void)
{
	return (struct mark){ be.n, be.log.n };
}

static void back_to(struct mark m)
{
	be.n = m.n;
	be.log.n = m.len;
}

/* A new key is to be drawn too. */
static void test_all_keys(void **state)
{
	unsigned int key;

	for (key = 0; key < CRD_COND_MAX; key++) {
		if (!domains[key].values[0] && !crd_cond_is_join(key))
			fail_msg("%s has no values in random_policy.h",
				 crd_cond_name(key));
	}
}

static void judge_late(struct draw *w, enum crd_verdict before,
		       const char *what)
{
	must_not_improve(w, before, verdict_by(w, w->policy), what, NULL);
}

/* Whatever comes after the quote, under whatever policy. */
static void try_late_record(struct draw *w)
{
	enum crd_verdict before = verdict_by(w, w->policy);
	struct mark m = mark();
	unsigned int i;

	for (i = 0; i < 3; i++) {
		put_record(&be, &w->dice);
		judge_late(w, before, "a record after the quote");
		if (roll(&w->dice, 2))
			back_to(m);
	}
}

static void test_late_records(void **state)
{
	const struct taste taste = { .no_needs = false };
	struct draw w = { .judge_bind = NULL };

	for_all(1000, &taste, try_late_record, &w);
	must_have_shown(&w, true);
}

/* Covered as well, if all before it was. */
static void judge_more(struct draw *w, enum crd_verdict before,
		       const char *what)
{
	uint64_t covered = w->covered;

	if (covered == be.n - 1)
		w->covered = be.n;
	must_not_improve(w, before, verdict_by(w, w->policy), what, NULL);
	w->covered = covered;
}

/* That something ended, under whatever policy. */
static void try_end(struct draw *w)
{
	enum crd_verdict before = verdict_by(w, w->policy);
	struct mark m = mark();

	put_device(&be, CRD_EV_DEVICE_GONE, draw_device(&w->dice));
	judge_more(w, before, "a device that left");
	back_to(m);
	put_binding(&be, &w->dice, CRD_EV_UNBIND);
	judge_more(w, before, "a driver that let go");
	back_to(m);
	be_result(&be, roll(&w->dice, (unsigned int)be.n), -ENODEV, NULL);
	judge_more(w, before, "a load that failed");
	back_to(m);
}

static void test_ends(void **state)
{
	const struct taste taste = { .no_needs = false };
	struct draw w = { .judge_bind = NULL };

	for_all(2000, &taste, try_end, &w);
	must_have_shown(&w, true);
}

/*
 * One more of anything, by names that nothing else has. A policy that wants
 * some to be there may be content with it, so there is none.
 */
static void try_component(struct draw *w)
{
	enum crd_verdict before = verdict_by(w, w->policy);
	struct be_driver driver = draw_driver(&w->dice);
	struct random_device device = draw_device(&w->dice);
	struct mark m = mark();

	driver.name = "stranger";
	be_load(&be, driver);
	judge_more(w, before, "one more driver");
	back_to(m);
	device.is.name = "7-7";
	put_device(&be, CRD_EV_DEVICE, device);
	judge_more(w, before, "one more device");
	back_to(m);
	be_firmware(&be, "stranger.fw",
		    roll(&w->dice, 2) ? RANDOM_OTHER_DIGEST : NULL);
	judge_more(w, before, "one more firmware image");
	back_to(m);
	put_part(&be, &w->dice);
	judge_more(w, before, "one more part");
	back_to(m);
	be_result(&be, UINT64_MAX, -ENOEXEC, &driver);
	judge_more(w, before, "a load that never got further");
	back_to(m);
}

static void test_components(void **state)
{
	const struct taste taste = { .no_needs = true };
	struct draw w = { .judge_bind = NULL };

	for_all(3000, &taste, try_component, &w);
	must_have_shown(&w, true);
}

/* A driver for a device, both of which are there; some had one before. */
static void try_bind(struct draw *w)
{
	struct random_device device = draw_device(&w->dice);
	struct be_driver driver = draw_driver(&w->dice);
	enum crd_verdict before;
	struct mark m;

	put_device(&be, CRD_EV_DEVICE, device);
	be_load(&be, driver);
	if (roll(&w->dice, 2)) {
		struct be_driver first = draw_driver(&w->dice);

		be_load(&be, first);
		device.is.driver = device.is.module = first.name;
		put_device(&be, CRD_EV_BIND, device);
	}
	w->covered = be.n;
	before = verdict_by(w, w->policy);
	m = mark();
	device.is.driver = device.is.module = driver.name;
	put_device(&be, CRD_EV_BIND, device);
	w->judge_bind(w, before, "one more binding");
	back_to(m);
	put_binding(&be, &w->dice, CRD_EV_BIND);
	w->judge_bind(w, before, "another binding");
	back_to(m);
}

/* A policy may like a device for the driver that it had not. */
static void test_binds(void **state)
{
	const struct taste taste = { .no_needs = true, .no_fine_joins = true };
	struct draw w = { .judge_bind = judge_more };

	for_all(4000, &taste, try_bind, &w);
	must_have_shown(&w, true);
}

/* But not for one that it had after the quote. */
static void test_late_binds(void **state)
{
	const struct taste taste = { .no_needs = false };
	struct draw w = { .judge_bind = judge_late };
	unsigned int seed;

	for (seed = 4400; seed < 4800; seed += N_POLICIES)
		for_all(seed, &taste, try_bind, &w);
	must_have_shown(&w, true);
}

static void shuffle(struct dice *d, struct piece *p, unsigned int n)
{
	struct piece swap;
	unsigned int k;

	for (; n > 1; n--) {
		k = roll(d, n);
		swap = p[k];
		p[k] = p[n - 1];
		p[n - 1] = swap;
	}
}

static enum crd_verdict least_severe(const struct draft *draft)
{
	return draft->known > draft->unknown ? draft->known : draft->unknown;
}

static void judge_other(struct draw *w, const struct draft *draft,
			enum crd_verdict before, const char *what)
{
	struct crd_policy *other = load_draft(draft, w->seed);

	must_not_improve(w, before, verdict_by(w, other), what, draft);
	crd_policy_free(&other);
}

/*
 * A rule decides instead of `otherwise`: one that is as severe at least makes
 * nothing better.
 */
static void try_rule(struct draw *w)
{
	enum crd_verdict before = verdict_by(w, w->policy);
	enum crd_verdict then = least_severe(&w->draft);
	const struct taste any = { false };
	struct draft more = w->draft;

	if (then == CRD_ADMIT || roll(&w->dice, 2))
		then += then < CRD_REFUSE;
	add_rule(&more, &w->dice, &any, then);
	shuffle(&w->dice, more.rules, more.n_rules);
	judge_other(w, &more, before, "one more rule");
	more = w->draft;
	add_presence(&more, &w->dice, &any);
	judge_other(w, &more, before, "one more presence");
}

static void test_rules(void **state)
{
	const struct taste any = { false };
	struct draw w = { .judge_bind = NULL };

	for_all(5000, &any, try_rule, &w);
	must_have_shown(&w, true);
}

static void take_out(struct piece *p, unsigned int *n, unsigned int which)
{
	memmove(p + which, p + which + 1, (--*n - which) * sizeof(*p));
}

/* The same of a rule that a waiver set aside. */
static void try_without_waiver(struct draw *w)
{
	enum crd_verdict before = verdict_by(w, w->policy);
	unsigned int i;

	for (i = 0; i < w->draft.n_waivers; i++) {
		struct draft fewer = w->draft;

		if (fewer.waivers[i].then < least_severe(&fewer))
			continue;
		take_out(fewer.waivers, &fewer.n_waivers, i);
		judge_other(w, &fewer, before, "one waiver less");
	}
}

static void test_waivers(void **state)
{
	const struct taste any = { false };
	struct draw w = { .judge_bind = NULL };

	for_all(6000, &any, try_without_waiver, &w);
	must_have_shown(&w, true);
}

/*
 * A waiver of a presence never makes it worse, and when all are waived it is as
 * if there were none.
 */
static void try_presence_waivers(struct draw *w)
{
	enum crd_verdict last = verdict_by(w, w->policy), none;
	struct draft none_left = w->draft, waived = w->draft;
	struct crd_policy *other;
	unsigned int i;

	for (i = 0; i < w->draft.n_presence; i++) {
		enum crd_verdict before = last;

		add_presence_waiver(&waived, i, "until: 2026-12-31");
		other = load_draft(&waived, w->seed);
		last = verdict_by(w, other);
		crd_policy_free(&other);
		/* read backwards: one waiver less */
		must_not_improve(w, last, before, "one waiver of a presence",
				 &waived);
	}
	/* what would be waived is no more */
	for (i = none_left.n_waivers; i--;) {
		if (strstr(none_left.waivers[i].text, "rule: p"))
			take_out(none_left.waivers, &none_left.n_waivers, i);
	}
	none_left.n_presence = 0;
	other = load_draft(&none_left, w->seed);
	none = verdict_by(w, other);
	crd_policy_free(&other);
	if (none != last)
		fail_draw(w, "all waived is not as none there", &waived);
}

static void test_presence_waivers(void **state)
{
	const struct taste taste = { .counts = true };
	struct draw w = { .judge_bind = NULL };

	for_all(6500, &taste, try_presence_waivers, &w);
	must_have_shown(&w, true);
}

static const char *or_none(const char *text)
{
	return text ? text : "-";
}

/* All that a report says, but for the policy's digest. */
static char *said_by(const struct crd_report *r)
{
	struct crd_str all = { 0 };
	size_t i;

	crd_str_fmt(&all, "%s\n", crd_verdict_name(r->verdict));
	for (i = 0; i < r->n_findings; i++) {
		const struct crd_finding *f = &r->findings[i];

		crd_str_fmt(&all, "%d %d %d %s|%s|%s|%s|%s|%s|%s|%s|%s\n",
			    f->stage, f->outcome, f->verdict, f->check,
			    or_none(f->component), or_none(f->observed),
			    or_none(f->expected), or_none(f->place),
			    f->sentence, or_none(f->next_step),
			    or_none(f->waiver), or_none(f->lapsed));
	}
	assert_false(all.failed);
	return crd_str_take(&all);
}

/* The same findings, in the same order. */
static void try_order(struct draw *w)
{
	struct draft other = w->draft;
	struct crd_policy *policy;
	struct crd_report *a, *b;
	char *x, *y;

	shuffle(&w->dice, other.rules, other.n_rules);
	shuffle(&w->dice, other.waivers, other.n_waivers);
	shuffle(&w->dice, other.presence, other.n_presence);
	policy = load_draft(&other, w->seed);
	a = judge_by(w, w->policy);
	b = judge_by(w, policy);
	x = said_by(a);
	y = said_by(b);
	w->n[a->verdict][b->verdict]++;
	if (a->verdict != b->verdict || strcmp(x, y)) {
		print_error("%s\n%s\n", x, y);
		fail_draw(w, "the order of the policy's parts", &other);
	}
	free(x);
	free(y);
	crd_report_free(&a);
	crd_report_free(&b);
	crd_policy_free(&policy);
}

static void test_order(void **state)
{
	const struct taste taste = { .many_waivers = true };
	struct draw w = { .judge_bind = NULL };

	for_all(7000, &taste, try_order, &w);
	must_have_shown(&w, false);
}

/* All anew: the bytes of the report are the same. */
static void try_twice(struct draw *w)
{
	struct crd_policy *again = load_draft(&w->draft, w->seed);
	struct crd_report *a = judge_by(w, w->policy);
	struct crd_report *b = judge_by(w, again);
	char *x = NULL, *y = NULL;

	assert_int_equal(crd_report_json(a, &x), 0);
	assert_int_equal(crd_report_json(b, &y), 0);
	w->n[a->verdict][b->verdict]++;
	if (strcmp(x, y)) {
		print_error("%s\n%s\n", x, y);
		fail_draw(w, "the same twice", NULL);
	}
	free(x);
	free(y);
	crd_report_free(&a);
	crd_report_free(&b);
	crd_policy_free(&again);
}

static void test_twice(void **state)
{
	const struct taste any = { false };
	struct draw w = { .judge_bind = NULL };

	for_all(8000, &any, try_twice, &w);
	must_have_shown(&w, false);
}

/* A component that nobody and nothing vouches for, among the others. */
static void put_unknown(struct dice *d)
{
	struct be_driver driver = draw_driver(d);
	struct random_device device = draw_device(d);

	if (roll(d, 2)) {
		driver.name = "stranger";
		driver.sig_status = CRD_SIG_NONE;
		driver.authors[0] = roll(d, 2) ? "Somebody" : NULL;
		driver.authors[1] = NULL;
		driver.digest = roll(d, 2) ? 11 : 0;
		be_load(&be, driver);
		return;
	}
	device.is.vendor = roll(d, 2) ? 0x1234 : 0;
	device.is.serial = NULL; /* none of the list's */
	device.is.subvendor = 0;
	put_device(&be, CRD_EV_DEVICE, device);
}

/* Rules that refuse or refer, waivers, `known`: nothing lets it in. */
static void try_unknown(struct draw *w)
{
	struct mark m = mark();
	enum crd_verdict verdict;

	if (w->draft.unknown == CRD_ADMIT)
		return;
	put_unknown(&w->dice);
	verdict = verdict_by(w, w->policy);
	w->n[verdict][verdict]++;
	if (verdict == CRD_ADMIT)
		fail_draw(w, "an unknown component is admitted", NULL);
	back_to(m);
}

static void test_unknown(void **state)
{
	const struct taste taste = { .no_admit_rules = true };
	struct draw w = { .judge_bind = NULL };

	for_all(9000, &taste, try_unknown, &w);
	assert_true(w.n[CRD_REFER][CRD_REFER] > 100);
	assert_true(w.n[CRD_REFUSE][CRD_REFUSE] > 100);
}

static int setup(void **state)
{
	reg = small_registry();
	return 0;
}

static int teardown(void **state)
{
	crd_registry_free(&reg);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_keys),
		cmocka_unit_test(test_late_records),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_components),
		cmocka_unit_test(test_binds),
		cmocka_unit_test(test_late_binds),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_waivers),
		cmocka_unit_test(test_presence_waivers),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
