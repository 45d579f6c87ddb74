// SPDX-License-Identifier: Apache-2.0
/*
 * An explanation for people: a block for each component, what decided first,
 * then the rules that did not matter, each with the reason.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"

struct block {
	struct crd_page *p;
	const struct crd_explainer *e;
};

/* In the reader's language. */
static const char *texts_in(const struct block *b, struct crd_texts texts)
{
	return crd_texts_in(b->e->policy, texts, b->e->report->language);
}

/* Text after `lead`, that goes on below where it began. */
static void flow(struct crd_page *p, unsigned int indent, const char *lead,
		 struct crd_str *text)
{
	size_t wide = strlen(lead);

	p->str.failed |= text->failed;
	crd_str_fmt(&p->str, "%*s%s", (int)indent, "", lead);
	crd_page_flow(p, text->ptr ? text->ptr : "", indent + wide, indent + 2);
	crd_str_done(text);
}

/* What is wanted after the lead; below it what was found, and doubt. */
static void say_answer(const struct block *b, struct crd_str *lead,
		       const struct crd_answer *a, enum crd_side side)
{
	struct crd_str found = { 0 }, doubt = { 0 };

	crd_cond_say(lead, b->e->policy, a->cond);
	flow(b->p, 4, "- ", lead);
	if (a->fact.asked) {
		crd_fact_say(&found, &b->e->m, a->cond);
		crd_str_puts(&found, " (");
		crd_answer_grade(&found, b->e, a);
		crd_str_puts(&found, ")");
		flow(b->p, 6, "found ", &found);
	}
	crd_answer_doubt(&doubt, b->e, a, side);
	if (doubt.len)
		flow(b->p, 6, "", &doubt);
	b->p->str.failed |= doubt.failed;
	crd_str_done(&doubt);
}

static void say_conditions(const struct block *b, struct crd_when when,
			   enum crd_side side)
{
	uint32_t i;

	for (i = 0; i < when.n; i++) {
		struct crd_answer a = crd_answer_of(b->e, when, i, side);
		struct crd_str lead = { 0 };

		say_answer(b, &lead, &a, side);
	}
}

/* Those that were looked at, and do not help; of a rule, or of a presence. */
static void say_waivers(const struct block *b, uint32_t rule, uint32_t presence)
{
	const struct crd_policy *p = b->e->policy;
	size_t i;

	for (i = 0; i < p->n_waivers; i++) {
		const struct crd_waiver *w = &p->waivers[i];
		struct crd_str text = { 0 }, why = { 0 };

		if (w->rule != rule || w->presence != presence)
			continue;
		crd_waiver_fault(&why, b->e, w);
		if (why.len)
			crd_str_fmt(&text, "%s does not cover it: %s.", w->id,
				    why.ptr);
		text.failed |= why.failed;
		crd_str_done(&why);
		if (text.len)
			flow(b->p, 4, "waiver ", &text);
		crd_str_done(&text);
	}
}

static enum crd_colour colour_of(enum crd_verdict verdict)
{
	return verdict == CRD_ADMIT ? GREEN :
	       verdict == CRD_REFER ? YELLOW :
				      RED;
}

/* "REFUSE" in its colour, then the rest of the line. */
static void say_verdict(const struct block *b, struct crd_str *text)
{
	static const char *const words[] = { "ADMIT", "REFER", "REFUSE" };
	enum crd_verdict verdict = b->e->decision.verdict;

	crd_str_puts(&b->p->str, "  ");
	crd_page_put(b->p, colour_of(verdict), words[verdict]);
	b->p->str.failed |= text->failed;
	crd_page_flow(b->p, text->ptr ? text->ptr : "",
		      2 + strlen(words[verdict]), 4);
	crd_str_done(text);
}

static void say_deciders(const struct block *b)
{
	const struct crd_policy *p = b->e->policy;
	struct crd_str text = { 0 };
	uint32_t i;

	for (i = 0; i < p->n_rules; i++) {
		uint32_t at = b->e->order[i];
		const struct crd_rule *rule = &p->rules[at];

		if (!crd_rule_decides(b->e, at))
			continue;
		crd_str_fmt(&text, " by rule %s: %s", rule->id,
			    texts_in(b, rule->because));
		say_verdict(b, &text);
		say_conditions(b, rule->when, crd_rule_side(rule));
		say_waivers(b, at, CRD_NOT_OF);
	}
	if (b->e->decision.ruled)
		return;
	crd_str_puts(&text, " by `otherwise`: no rule decides, and it ");
	crd_known_say(&text, b->e);
	crd_str_puts(&text, ".");
	say_verdict(b, &text);
}

static void say_waived(const struct block *b)
{
	const struct crd_policy *p = b->e->policy;
	uint32_t i;

	for (i = 0; i < p->n_rules; i++) {
		uint32_t at = b->e->order[i];
		const struct crd_waiver *w = b->e->rulings[at].waiver;
		struct crd_str text = { 0 };

		if (!w)
			continue;
		crd_str_fmt(
			&text,
			"rule %s (%s) matched: waiver %s, approved by %s, is in force until ",
			p->rules[at].id, crd_verdict_name(p->rules[at].then),
			w->id, w->approved_by);
		crd_str_date(&text, w->until);
		crd_str_fmt(&text, ": %s", texts_in(b, w->because));
		flow(b->p, 2, "Waived: ", &text);
		say_conditions(b, p->rules[at].when, CRD_SIDE_AGAINST);
	}
}

/* What matched, and weighs less than what decided. */
static void say_outweighed(const struct block *b)
{
	const struct crd_policy *p = b->e->policy;
	struct crd_str text = { 0 };
	uint32_t i;

	for (i = 0; i < p->n_rules; i++) {
		uint32_t at = b->e->order[i];

		if (!b->e->rulings[at].holds || b->e->rulings[at].waiver ||
		    crd_rule_decides(b->e, at))
			continue;
		crd_str_fmt(&text, "%s%s (%s)", text.len ? ", " : "",
			    p->rules[at].id,
			    crd_verdict_name(p->rules[at].then));
	}
	if (text.len)
		flow(b->p, 2, "Matched too, and weighs less: ", &text);
	crd_str_done(&text);
}

/* Rules about another kind of component are many, and their reason is one. */
static bool is_elsewhere(const struct crd_answer *a)
{
	return a->cond->key == CRD_COND_KIND;
}

static void say_unmatched(const struct block *b)
{
	const struct crd_policy *p = b->e->policy;
	struct crd_str text = { 0 }, elsewhere = { 0 };
	bool some = false;
	uint32_t i;

	for (i = 0; i < p->n_rules; i++) {
		uint32_t at = b->e->order[i];
		const struct crd_rule *rule = &p->rules[at];
		enum crd_side side = crd_rule_side(rule);
		struct crd_answer a;

		if (b->e->rulings[at].holds ||
		    !crd_answer_failed(b->e, rule->when, side, &a))
			continue;
		if (is_elsewhere(&a)) {
			crd_str_fmt(&elsewhere, "%s%s",
				    elsewhere.len ? ", " : "", rule->id);
			continue;
		}
		if (!some)
			crd_str_puts(&b->p->str, "  Did not match:\n");
		some = true;
		crd_str_fmt(&text, "%s (%s): ", rule->id,
			    crd_verdict_name(rule->then));
		say_answer(b, &text, &a, side);
	}
	if (elsewhere.len) {
		crd_str_fmt(&text, "%s: %s", crd_kind_name(b->e->m.c->kind),
			    elsewhere.ptr);
		flow(b->p, 2, "Not about its kind, ", &text);
	}
	b->p->str.failed |= elsewhere.failed;
	crd_str_done(&elsewhere);
}

static void say_component(const struct block *b)
{
	const struct crd_component *c = b->e->m.c;
	struct crd_str place = { 0 };

	crd_str_puts(&b->p->str, "\n");
	crd_page_begin(b->p, BOLD);
	crd_component_label(&b->p->str, c);
	crd_page_end(b->p, BOLD);
	crd_place_say(&place, &b->e->report->inventory, c);
	crd_str_fmt(&b->p->str, " (%s)\n", place.ptr ? place.ptr : "");
	b->p->str.failed |= place.failed;
	crd_str_done(&place);
	say_deciders(b);
	say_waived(b);
	say_outweighed(b);
	say_unmatched(b);
}

/* One that counts, as the judge found it. */
static void say_count(const struct block *b, const struct crd_finding *f,
		      uint32_t presence)
{
	struct crd_str text = { 0 };

	crd_str_fmt(&b->p->str, "\ncount %s\n", f->check);
	crd_str_fmt(&text, "%s: %s",
		    f->waiver ? "waived" : crd_verdict_name(f->verdict),
		    f->sentence);
	flow(b->p, 2, "", &text);
	crd_str_fmt(&text, "%s", f->observed);
	flow(b->p, 4, "found ", &text);
	if (f->place && *f->place)
		crd_str_puts(&text, f->place);
	if (text.len)
		flow(b->p, 4, "where ", &text);
	crd_str_done(&text);
	if (f->verdict != CRD_ADMIT)
		say_waivers(b, CRD_NOT_OF, presence);
}

/* What is not about one component, but about how many there are. */
static void say_counts(const struct block *b)
{
	const struct crd_report *r = b->e->report;
	const struct crd_policy *p = b->e->policy;
	uint32_t k;
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		for (k = 0; k < p->n_presence; k++) {
			if (b->e->name && k != b->e->presence)
				continue;
			if (!strcmp(r->findings[i].check, p->presence[k].id))
				say_count(b, &r->findings[i], k);
		}
	}
}

/* For how many components a rule was asked, and what stood against it. */
struct tally {
	uint64_t all, held;
	uint64_t *failed; /* by its conditions */
};

static int tally_start(struct tally *t, const struct crd_explainer *e)
{
	*t = (struct tally){ 0 };
	if (e->rule == CRD_NOT_OF)
		return 0;
	t->failed = calloc(e->policy->rules[e->rule].when.n + 1,
			   sizeof(*t->failed));
	return t->failed ? 0 : -ENOMEM;
}

/* Does the rule hold? If not, counts by the first condition that does not. */
static bool tally_note(struct tally *t, const struct crd_explainer *e)
{
	const struct crd_rule *rule = &e->policy->rules[e->rule];
	uint32_t i;

	t->all++;
	if (e->rulings[e->rule].holds) {
		t->held++;
		return true;
	}
	for (i = 0; i < rule->when.n; i++) {
		if (!crd_answer_of(e, rule->when, i, crd_rule_side(rule)).holds)
			break;
	}
	t->failed[i]++;
	return false;
}

static void say_rule(const struct block *b, const struct tally *t)
{
	const struct crd_policy *p = b->e->policy;
	const struct crd_rule *rule = &p->rules[b->e->rule];
	struct crd_str text = { 0 };
	uint32_t i;

	crd_str_fmt(&b->p->str, "\nrule %s\n", rule->id);
	crd_str_fmt(&text, "%s: %s", crd_verdict_name(rule->then),
		    texts_in(b, rule->because));
	flow(b->p, 2, "", &text);
	crd_str_fmt(&text, "%" PRIu64 " of %" PRIu64 " components", t->held,
		    t->all);
	flow(b->p, 4, "matched ", &text);
	for (i = 0; i < rule->when.n; i++) {
		if (!t->failed[i])
			continue;
		crd_str_fmt(&text, "%" PRIu64 ", as it wants ", t->failed[i]);
		crd_cond_say(&text, p, &p->conds[rule->when.first + i]);
		flow(b->p, 4, "not ", &text);
	}
}

/* Each component that is wanted; how many of them there were. */
static int put_components(const struct block *b, struct crd_explainer *e,
			  struct tally *t, crd_put_fn put, void *ctx,
			  size_t *ret_n)
{
	struct crd_inventory_iter it = { .inventory = &e->report->inventory,
					 .registry = e->report->registry };
	struct crd_component c;
	size_t signatures = 0;
	bool wants;
	int ret = 0;

	while (!ret && crd_inventory_next(&it, &c)) {
		if (c.signature.ptr && signatures < e->report->n_signings)
			c.signing = e->report->signings[signatures++];
		wants = crd_explainer_wants(e, &c);
		if (!wants && e->rule == CRD_NOT_OF)
			continue;
		ret = crd_explainer_set(e, &c);
		if (ret)
			break;
		if (t->failed && tally_note(t, e))
			wants = true;
		if (!wants)
			continue;
		++*ret_n;
		say_component(b);
		ret = crd_page_flush(b->p, put, ctx);
	}
	return ret;
}

int crd_explain_put(struct crd_explainer *e, struct crd_page *p, crd_put_fn put,
		    void *ctx)
{
	const bool ids = e->rule != CRD_NOT_OF || e->presence != CRD_NOT_OF;
	const struct block b = { p, e };
	struct tally tally;
	size_t n = 0;
	int ret = tally_start(&tally, e);

	if (!ret)
		ret = put_components(&b, e, &tally, put, ctx, &n);
	if (!ret && tally.failed)
		say_rule(&b, &tally);
	if (!ret && (!e->name || e->presence != CRD_NOT_OF))
		say_counts(&b);
	if (!ret && !n && !ids)
		crd_str_puts(&p->str,
			     e->name ? "  There is no such component.\n" :
				       "  There are no components.\n");
	free(tally.failed);
	return ret;
}

int crd_explain_text(const struct crd_report *report, const char *name,
		     unsigned int flags, crd_put_fn put, void *ctx)
{
	struct crd_page p = { .colour = flags & CRD_TEXT_COLOUR };
	struct crd_explainer e = { 0 };
	int ret = 0;

	crd_page_heading(&p, "Rule by rule");
	if (!report->judged)
		crd_str_puts(
			&p.str,
			"  The rules were not applied: what the machine loaded is not proven.\n");
	else
		ret = crd_explainer_init(&e, report, name);
	if (!ret && report->judged)
		ret = crd_explain_put(&e, &p, put, ctx);
	if (!ret)
		ret = crd_page_flush(&p, put, ctx);
	crd_explainer_done(&e);
	crd_str_done(&p.str);
	return ret;
}
