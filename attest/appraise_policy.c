// SPDX-License-Identifier: Apache-2.0
/*
 * Components and policy: each component against each rule, the most severe
 * rule that no waiver covers decides. The order of rules decides nothing.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"

/*
 * One module loaded a thousand times is one line; past so many different
 * components for one rule the rest is counted only.
 */
#define MAX_LINES_A_RULE 64

/* Pseudo rules behind the real ones. */
enum { OTHERWISE_KNOWN, OTHERWISE_UNKNOWN, N_OTHERWISE };

struct hit {
	uint32_t rule; /* index, or n_rules + pseudo rule */
	struct crd_component c;
	const struct crd_waiver *waiver;
	uint64_t count;
	const char *check; /* the rule's id */
};

struct judge {
	struct crd_work *w;
	const struct crd_policy *policy;
	struct crd_matcher m;
	struct hit *hits;
	size_t n_hits, cap;
	uint64_t *lines; /* per rule */
	uint64_t *more;	 /* per rule: past MAX_LINES_A_RULE */
	uint64_t admitted;
};

static bool same_component(const struct crd_component *a,
			   const struct crd_component *b)
{
	uint32_t flags = a->flags ^ b->flags;

	return a->kind == b->kind && !(flags & ~CRD_FLAG_NOT_COVERED) &&
	       a->origin == b->origin && crd_buf_equal(a->name, b->name) &&
	       a->vendor_id == b->vendor_id && a->device_id == b->device_id &&
	       a->part == b->part && a->smbios_type == b->smbios_type &&
	       crd_buf_equal(a->product, b->product) &&
	       crd_buf_equal(a->path, b->path) &&
	       crd_digest_equal(&a->digest, &b->digest) &&
	       a->n_authors == b->n_authors &&
	       crd_buf_equal(a->authors[0], b->authors[0]);
}

static int add_hit(struct judge *j, uint32_t rule,
		   const struct crd_waiver *waiver)
{
	struct hit *hit;
	size_t i, cap;

	for (i = 0; i < j->n_hits; i++) {
		hit = &j->hits[i];
		if (hit->rule == rule && hit->waiver == waiver &&
		    same_component(&hit->c, j->m.c)) {
			hit->count++;
			return 0;
		}
	}
	if (j->lines[rule] == MAX_LINES_A_RULE) {
		/* What is waived needs no counting: it decides nothing. */
		j->more[rule] += !waiver;
		return 0;
	}
	if (j->n_hits == j->cap) {
		cap = j->cap ? 2 * j->cap : 64;
		hit = realloc(j->hits, cap * sizeof(*hit));
		if (!hit)
			return -ENOMEM;
		j->hits = hit;
		j->cap = cap;
	}
	j->lines[rule]++;
	j->hits[j->n_hits++] = (struct hit){ rule, *j->m.c, waiver, 1, NULL };
	return 0;
}

/* The most severe rule that holds unwaived; false: none holds. */
static int decide(struct judge *j, bool *ret_any, enum crd_verdict *ret_worst)
{
	const struct crd_policy *p = j->policy;
	const struct crd_waiver *waiver;
	const struct crd_rule *rule;
	uint32_t i;
	int ret = 0;

	*ret_any = false;
	*ret_worst = CRD_ADMIT;
	for (i = 0; !ret && i < p->n_rules; i++) {
		rule = &p->rules[i];
		if (!crd_matcher_holds(&j->m, rule->when,
				       rule->then == CRD_ADMIT))
			continue;
		waiver = rule->then == CRD_ADMIT ? NULL :
						   crd_matcher_waiver(&j->m, i);
		if (waiver) {
			ret = add_hit(j, i, waiver);
			continue;
		}
		*ret_any = true;
		if (rule->then > *ret_worst)
			*ret_worst = rule->then;
	}
	return ret;
}

static int note_deciders(struct judge *j, enum crd_verdict worst)
{
	const struct crd_policy *p = j->policy;
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < p->n_rules; i++) {
		if (p->rules[i].then == worst &&
		    crd_matcher_holds(&j->m, p->rules[i].when, false) &&
		    !crd_matcher_waiver(&j->m, i))
			ret = add_hit(j, i, NULL);
	}
	return ret;
}

/* Checks its signature, and keeps what was found for the report. */
static int find_signer(struct judge *j, struct crd_component *c)
{
	struct crd_report *r = j->w->report;
	struct crd_signing *more;
	int ret = crd_signer_find(j->policy, c);

	if (ret || !c->signature.ptr)
		return ret;
	/* full when it is empty, or at a power of two */
	if (!(r->n_signings & (r->n_signings - 1))) {
		more = realloc(r->signings,
			       (r->n_signings ? 2 * r->n_signings : 1) *
				       sizeof(*more));
		if (!more)
			return -ENOMEM;
		r->signings = more;
	}
	r->signings[r->n_signings++] = c->signing;
	return 0;
}

static int judge_component(struct judge *j, const struct crd_component *c)
{
	const struct crd_policy *p = j->policy;
	enum crd_verdict worst;
	bool any, known;
	int ret = crd_matcher_set(&j->m, c);

	if (!ret)
		ret = decide(j, &any, &worst);
	if (ret)
		return ret;
	if (any && worst != CRD_ADMIT)
		return note_deciders(j, worst);
	if (!any) {
		known = crd_matcher_known(&j->m);
		worst = known ? p->otherwise_known : p->otherwise_unknown;
		if (worst != CRD_ADMIT)
			return add_hit(j,
				       (uint32_t)p->n_rules +
					       (known ? OTHERWISE_KNOWN :
							OTHERWISE_UNKNOWN),
				       NULL);
	}
	j->admitted++;
	return 0;
}

static void say_place(struct crd_str *str, const struct hit *hit)
{
	const struct crd_component *c = &hit->c;

	crd_str_fmt(str, "measurer log, record %" PRIu64, c->recnum);
	if (c->in_group)
		crd_str_fmt(str, ", item %u", c->item);
	if (hit->count > 1)
		crd_str_fmt(str, " and %" PRIu64 " more", hit->count - 1);
}

/* A rule as its author wrote it, around what was found. */
static void say_rule(struct judge *j, const struct hit *hit,
		     struct crd_str *sentence, struct crd_str *observed,
		     struct crd_str *expected)
{
	const struct crd_rule *rule = &j->policy->rules[hit->rule];
	const struct crd_waiver *wv = hit->waiver;

	crd_str_puts(sentence, " ");
	crd_say_why(sentence, &j->m, rule->when);
	crd_str_fmt(sentence, ". %s", rule->because);
	crd_say_observed(observed, &j->m, rule->when);
	crd_say_expected(expected, j->policy, rule->when);
	if (!wv)
		return;
	crd_str_fmt(sentence, " Waiver %s, approved by %s, covers this until ",
		    wv->id, wv->approved_by);
	crd_str_date(sentence, wv->until);
	crd_str_fmt(sentence, ": %s", wv->because);
}

static void say_otherwise(struct judge *j, const struct hit *hit,
			  struct crd_str *sentence, struct crd_str *observed,
			  struct crd_str *expected)
{
	static const char *const unknown[CRD_KIND_MAX] = {
		" is unknown: no rule speaks of it, its author is not in the registry, no verified signature and no digest list vouches for it.",
		" is unknown: no rule speaks of it, its author is not in the registry, no verified signature and no digest list vouches for it.",
		" is unknown: no rule speaks of it, and its vendor id is not in the registry.",
		" is unknown: no rule speaks of it, and no maker that it names is in the registry.",
	};
	bool known = hit->rule - j->policy->n_rules == OTHERWISE_KNOWN;

	crd_str_puts(sentence, known ? " is known, but no rule admits it." :
				       unknown[hit->c.kind]);
	crd_str_puts(observed,
		     hit->c.entity ? hit->c.entity : "vendor unknown");
	if (hit->c.kind >= CRD_KIND_DEVICE) {
		crd_str_puts(observed, hit->c.vendor_id < 0 ? "" : ", id ");
		crd_ids_say(observed, &hit->c);
	} else {
		crd_str_puts(observed, "; ");
		crd_signer_observe(observed, j->policy, &hit->c);
	}
	crd_str_puts(expected, known ? "a rule that admits it" :
				       "a component that is known");
}

static enum crd_verdict hit_verdict(const struct judge *j, uint32_t rule)
{
	const struct crd_policy *p = j->policy;

	if (rule < p->n_rules)
		return p->rules[rule].then;
	return rule - p->n_rules == OTHERWISE_KNOWN ? p->otherwise_known :
						      p->otherwise_unknown;
}

static const char *hit_check(const struct judge *j, uint32_t rule)
{
	if (rule < j->policy->n_rules)
		return j->policy->rules[rule].id;
	return rule - j->policy->n_rules == OTHERWISE_KNOWN ?
		       "otherwise-known" :
		       "otherwise-unknown";
}

static const char *next_step(const struct judge *j, const struct hit *hit)
{
	const char *advice = NULL;

	if (hit->rule < j->policy->n_rules)
		advice = j->policy->rules[hit->rule].advice;
	if (advice || hit->waiver)
		return advice;
	return hit_verdict(j, hit->rule) == CRD_REFUSE ?
		       "Remove or replace it, restart and measure again; or ask the policy's authority for a waiver." :
		       "Ask the person who decides for this site.";
}

static int say_hit(struct judge *j, const struct hit *hit)
{
	struct crd_str label = { 0 }, place = { 0 }, sentence = { 0 };
	struct crd_str observed = { 0 }, expected = { 0 };
	bool waived = hit->waiver != NULL;
	int ret = crd_matcher_set(&j->m, &hit->c);

	if (ret)
		return ret;
	crd_component_label(&label, &hit->c);
	crd_str_puts(&sentence, "The ");
	crd_component_label(&sentence, &hit->c);
	say_place(&place, hit);
	if (hit->rule < j->policy->n_rules)
		say_rule(j, hit, &sentence, &observed, &expected);
	else
		say_otherwise(j, hit, &sentence, &observed, &expected);
	if (label.failed || place.failed || sentence.failed ||
	    observed.failed || expected.failed)
		ret = -ENOMEM;
	else
		ret = crd_report_add(
			j->w->report, CRD_STAGE_POLICY,
			waived ? CRD_PASSED : CRD_FAILED,
			waived ? CRD_REASON_NONE : CRD_REASON_POLICY_RULE,
			waived ? CRD_ADMIT : hit_verdict(j, hit->rule),
			hit->check,
			&(struct crd_says){ label.ptr, observed.ptr,
					    expected.ptr, place.ptr,
					    sentence.ptr, next_step(j, hit),
					    waived ? hit->waiver->id : NULL });
	crd_str_done(&label);
	crd_str_done(&place);
	crd_str_done(&sentence);
	crd_str_done(&observed);
	crd_str_done(&expected);
	return ret;
}

static int say_more(struct judge *j, uint32_t rule)
{
	struct crd_str sentence = { 0 };
	int ret;

	if (!j->more[rule])
		return 0;
	crd_str_fmt(&sentence,
		    "The same holds for %" PRIu64 " more components.",
		    j->more[rule]);
	ret = crd_report_add(j->w->report, CRD_STAGE_POLICY, CRD_FAILED,
			     CRD_REASON_POLICY_RULE, hit_verdict(j, rule),
			     hit_check(j, rule),
			     &(struct crd_says){ .sentence = sentence.ptr });
	crd_str_done(&sentence);
	return ret;
}

static int say_admitted(struct judge *j)
{
	struct crd_str sentence = { 0 };
	int ret;

	crd_str_fmt(&sentence, "%" PRIu64 " of %zu components: no objection.",
		    j->admitted, j->w->report->inventory.n);
	ret = crd_pass(j->w, CRD_STAGE_POLICY, "admitted",
		       &(struct crd_says){ .sentence = sentence.ptr });
	crd_str_done(&sentence);
	return ret;
}

/* By component, then by id: not by the place of a rule in its file. */
static int hit_order(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	if (x->c.recnum != y->c.recnum)
		return x->c.recnum < y->c.recnum ? -1 : 1;
	if (x->c.item != y->c.item)
		return x->c.item < y->c.item ? -1 : 1;
	return strcmp(x->check, y->check);
}

static int judge_all(struct judge *j)
{
	struct crd_inventory_iter it = {
		.inventory = &j->w->report->inventory,
		.registry = j->w->in->registry,
	};
	uint32_t rule, n_rules = (uint32_t)j->policy->n_rules + N_OTHERWISE;
	struct crd_component c;
	size_t i;
	int ret = 0;

	j->lines = calloc(n_rules, sizeof(*j->lines));
	j->more = calloc(n_rules, sizeof(*j->more));
	if (!j->lines || !j->more)
		return -ENOMEM;
	while (!ret && crd_inventory_next(&it, &c)) {
		ret = find_signer(j, &c);
		if (!ret)
			ret = judge_component(j, &c);
	}
	for (i = 0; i < j->n_hits; i++)
		j->hits[i].check = hit_check(j, j->hits[i].rule);
	if (j->n_hits)
		qsort(j->hits, j->n_hits, sizeof(*j->hits), hit_order);
	for (i = 0; !ret && i < j->n_hits; i++)
		ret = say_hit(j, &j->hits[i]);
	for (rule = 0; !ret && rule < n_rules; rule++)
		ret = say_more(j, rule);
	return ret ? ret : say_admitted(j);
}

static int apply_rules(struct crd_work *w)
{
	struct judge j = { .w = w, .policy = w->in->policy };
	int ret = crd_matcher_init(&j.m, w->in->policy, w->in->registry,
				   crd_date_of(w->in->now));

	if (!ret)
		ret = judge_all(&j);
	crd_matcher_done(&j.m);
	free(j.hits);
	free(j.lines);
	free(j.more);
	return ret;
}

static int check_in_force(struct crd_work *w)
{
	const struct crd_policy *p = w->in->policy;
	int32_t today = crd_date_of(w->in->now);
	struct crd_str seen = { 0 }, expected = { 0 };
	int ret;

	crd_str_date(&seen, today);
	crd_str_puts(&expected, "a day from ");
	crd_str_date(&expected, p->from);
	crd_str_puts(&expected, " until ");
	crd_str_date(&expected, p->until);
	if (seen.failed || expected.failed)
		ret = -ENOMEM;
	else if (today >= p->from && today <= p->until)
		ret = crd_pass(w, CRD_STAGE_POLICY, "in-force",
			       &(struct crd_says){
				       .sentence = "The policy is in force.",
			       });
	else
		ret = crd_fail_check(
			w, CRD_STAGE_POLICY, CRD_REASON_POLICY_RULE, "in-force",
			&(struct crd_says){
				.observed = seen.ptr,
				.expected = expected.ptr,
				.place = "policy, valid",
				.sentence =
					"The policy is not in force on this day.",
				.next_step =
					"Get the policy that is in force from its authority.",
			});
	crd_str_done(&seen);
	crd_str_done(&expected);
	return ret;
}

static int say_inventory(struct crd_work *w)
{
	const struct crd_inventory *inv = &w->report->inventory;
	struct crd_str seen = { 0 };
	int ret;

	crd_str_fmt(
		&seen,
		"%zu drivers, %zu firmware images, %zu devices, %zu platform parts",
		inv->n_kind[CRD_KIND_DRIVER], inv->n_kind[CRD_KIND_FIRMWARE],
		inv->n_kind[CRD_KIND_DEVICE], inv->n_kind[CRD_KIND_PLATFORM]);
	ret = crd_pass(
		w, CRD_STAGE_COMPONENTS, "inventory",
		&(struct crd_says){
			.observed = seen.ptr,
			.sentence =
				"What was loaded, and the devices that the kernel found, are known from the measurer's log.",
		});
	crd_str_done(&seen);
	if (!ret)
		ret = crd_appraise_coverage(w);
	if (!ret)
		ret = crd_appraise_activity(w);
	if (!ret && !w->in->registry &&
	    crd_policy_needs_registry(w->in->policy))
		ret = crd_skip(
			w, CRD_STAGE_COMPONENTS, true, "registry",
			"The policy asks about vendors, but there is no registry to look them up in.");
	return ret;
}

int crd_appraise_policy(struct crd_work *w)
{
	int ret;

	if (!w->replayed) {
		ret = crd_skip(
			w, CRD_STAGE_COMPONENTS, true, "inventory",
			w->log_parsed ?
				"Not checked: the log lists components, but no trusted TPM statement vouches for it." :
				"Not checked: there is no usable log.");
		if (!ret)
			ret = check_in_force(w);
		if (!ret)
			ret = crd_skip(
				w, CRD_STAGE_POLICY, true, "rules",
				"The rules were not applied: what the machine loaded is not proven.");
		return ret;
	}
	ret = say_inventory(w);
	if (!ret)
		ret = check_in_force(w);
	return ret ? ret : apply_rules(w);
}
