// SPDX-License-Identifier: Apache-2.0
/*
 * Components and policy: each component against each rule, the most severe
 * rule that no waiver covers decides. The order of rules decides nothing.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "policy_joined.h"

struct crd_decision crd_decide(const struct crd_matcher *m,
			       struct crd_ruling *rulings)
{
	const struct crd_policy *p = m->policy;
	const uint32_t *next = m->rules_of[m->c->kind];
	const uint32_t *end = next + m->n_rules_of[m->c->kind];
	struct crd_decision d = { .verdict = CRD_ADMIT };
	const struct crd_rule *rule;
	enum crd_verdict otherwise;
	struct crd_ruling *r;
	bool settled = false;

	memset(rulings, 0, p->n_rules * sizeof(*rulings));
	for (; next < end; next++) {
		rule = &p->rules[*next];
		if (!crd_matcher_holds(m, rule->when, rule->then == CRD_ADMIT))
			continue;
		r = &rulings[*next];
		r->holds = true;
		d.held = true;
		if (rule->then != CRD_ADMIT)
			r->waiver = crd_matcher_waiver(m, *next);
		if (r->waiver)
			continue;
		d.ruled = true;
		settled |= !rule->late;
		if (rule->then > d.verdict)
			d.verdict = rule->then;
	}
	d.known = crd_matcher_known(m);
	otherwise = d.known ? p->otherwise_known : p->otherwise_unknown;
	/* who can add a record must not get a milder answer by it */
	if (!d.ruled || (!settled && otherwise > d.verdict)) {
		d.ruled = false;
		d.verdict = otherwise;
	}
	return d;
}

/* Checks its signature, and keeps what was found for the report. */
static int find_signer(struct crd_component *c, void *ctx)
{
	struct crd_judge *j = ctx;
	struct crd_report *r = j->w->report;
	struct crd_signing *more;
	int ret;

	if (r->inventory.stated) /* an example says whose it is */
		return 0;
	ret = crd_signing_memo_find(j->w->in->memo, j->policy, c);
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

/* What waivers set aside, and what decides. */
static int note_rulings(struct crd_judge *j, const struct crd_decision *d)
{
	const struct crd_policy *p = j->policy;
	const struct crd_ruling *ruling;
	uint32_t i;
	int ret = 0;

	/* of most components no rule says anything */
	for (i = 0; d->held && !ret && i < p->n_rules; i++) {
		ruling = &j->rulings[i];
		if (ruling->waiver)
			ret = crd_hit_add(j, i, ruling->waiver, d->known);
		else if (ruling->holds && d->verdict != CRD_ADMIT &&
			 p->rules[i].then == d->verdict)
			ret = crd_hit_add(j, i, NULL, d->known);
	}
	return ret;
}

static int judge_component(struct crd_judge *j, const struct crd_component *c)
{
	uint32_t n_rules = (uint32_t)j->policy->n_rules;
	struct crd_decision d;
	int ret = crd_matcher_set(&j->m, c);

	if (ret)
		return ret;
	crd_presence_note(j);
	d = crd_decide(&j->m, j->rulings);
	j->w->report->decided[c->entry] =
		(uint8_t)(d.verdict |
			  (c->signature.ptr ? CRD_DECIDED_SIGNED : 0));
	ret = note_rulings(j, &d);
	if (ret)
		return ret;
	if (d.verdict == CRD_ADMIT)
		j->admitted++;
	else if (!d.ruled)
		return crd_hit_add(j,
				   n_rules + (d.known ? CRD_OTHERWISE_KNOWN :
							CRD_OTHERWISE_UNKNOWN),
				   NULL, d.known);
	return 0;
}

static int say_admitted(struct crd_judge *j)
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

/* Whose each signature is, before anything is asked about a driver. */
static int read_parts(struct crd_judge *j, struct crd_parts *parts)
{
	const struct crd_report *r = j->w->report;
	int ret = crd_parts_init(parts, &r->inventory, j->w->in->registry);

	if (!ret)
		ret = crd_parts_read(parts, find_signer, j);
	parts->signings = r->signings;
	parts->n_signings = r->n_signings;
	return ret;
}

static int judge_components(struct crd_judge *j, const struct crd_parts *parts)
{
	struct crd_parts_iter it = { .parts = parts };
	const struct crd_component *c;
	int ret = 0;

	while (!ret && (c = crd_parts_next(&it)))
		ret = judge_component(j, c);
	return ret;
}

static int judge_all(struct crd_judge *j)
{
	struct crd_parts parts = { .kept = NULL };
	int ret;

	j->w->report->decided =
		calloc(j->w->report->inventory.n_entries + 1, 1);
	if (!j->w->report->decided)
		return -ENOMEM;
	j->rulings = calloc(j->policy->n_rules + 1, sizeof(*j->rulings));
	if (!j->rulings)
		return -ENOMEM;
	ret = crd_hits_start(j);
	if (!ret)
		ret = read_parts(j, &parts);
	if (!ret)
		ret = crd_joined_load(&j->m, &parts);
	if (!ret)
		ret = crd_presence_start(j);
	if (!ret)
		ret = judge_components(j, &parts);
	crd_parts_done(&parts);
	if (!ret)
		ret = crd_hits_say(j);
	if (!ret)
		ret = crd_presence_say(j);
	return ret ? ret : say_admitted(j);
}

int crd_judge_rules(struct crd_work *w)
{
	struct crd_judge j = { .w = w, .policy = w->in->policy };
	struct crd_machine machine;
	int ret = crd_matcher_init(&j.m, w->in->policy, w->in->registry,
				   crd_appraisal_day(w->in));

	/* Which machine it is, only evidence can say, and an example. */
	j.m.machine = w->report->inventory.machine;
	if (!ret && w->replayed && w->ak && j.policy->n_machines) {
		crd_machine_read(&machine, &w->report->inventory,
				 crd_ak_name(w->ak));
		j.m.machine = &machine;
	}
	if (!ret) {
		w->report->anchor = w->anchor;
		crd_matcher_about(&j.m, &w->in->context, w->anchor);
		ret = judge_all(&j);
	}
	crd_matcher_done(&j.m);
	crd_presence_done(&j);
	crd_hits_done(&j);
	free(j.rulings);
	if (!ret)
		w->report->judged = true;
	return ret;
}
