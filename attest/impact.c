// SPDX-License-Identifier: Apache-2.0
/*
 * One bundle after the other under both policies. The cause of a verdict is
 * whatever asks for just that verdict: rules, by the components that they hold
 * for, and checks of the machine as a whole. What asks for less is no cause.
 */
#include "impact.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "impact_private.h"

/* The causes of one machine's verdict under one policy. */
struct tally {
	struct crd_impact *impact;
	unsigned int side;
	enum crd_verdict verdict;
	bool changed;
	size_t n[CRD_CAUSE_MAX];    /* distinct ones */
	size_t only[CRD_CAUSE_MAX]; /* row of the first of each */
	size_t firm;		    /* causes that no waiver sets aside */
};

int crd_impact_new(const struct crd_impact_in *in,
		   struct crd_impact **ret_impact)
{
	struct crd_impact *impact = calloc(1, sizeof(*impact));

	if (!impact)
		return -ENOMEM;
	impact->in = *in;
	if (crd_signing_memo_new(&impact->memos[0]) ||
	    crd_signing_memo_new(&impact->memos[1])) {
		crd_impact_free(&impact);
		return -ENOMEM;
	}
	*ret_impact = impact;
	return 0;
}

void crd_impact_free(struct crd_impact **impact)
{
	if (*impact) {
		crd_impact_table_done(&(*impact)->table);
		crd_signing_memo_free(&(*impact)->memos[0]);
		crd_signing_memo_free(&(*impact)->memos[1]);
	}
	free(*impact);
	*impact = NULL;
}

void crd_impact_sum(const struct crd_impact *impact,
		    struct crd_impact_sum *ret_sum)
{
	*ret_sum = impact->sum;
}

/* A machine counts once for a cause, however many components have it. */
static int count(struct tally *t, enum crd_cause cause, const char *text,
		 const char *more)
{
	struct crd_impact *im = t->impact;
	struct crd_impact_row *row;
	int ret = crd_impact_row(&im->table, t->side, cause, text, more, &row);

	if (ret)
		return ret;
	if (!row) {
		im->table.lost++;
		t->n[cause]++;
		return 0;
	}
	if (row->last == im->n)
		return 0;
	row->last = im->n;
	row->machines++;
	row->changed += t->changed;
	if (!t->n[cause]++)
		t->only[cause] = (size_t)(row - im->table.rows);
	return 0;
}

/* What it is, without where it sits: "driver hinic", "device 8086:10d3". */
static void name_component(struct crd_str *str, const struct crd_component *c)
{
	if (c->kind == CRD_KIND_DEVICE && c->vendor_id >= 0) {
		crd_str_fmt(str, "%s ", crd_class_noun(c));
		crd_ids_say(str, c);
	} else {
		crd_component_label(str, c);
	}
}

static const char *vendor_of(const struct crd_component *c)
{
	return c->entity ? c->entity : "unknown";
}

static int count_rule(struct tally *t, const char *rule, bool waivable,
		      const struct crd_component *c)
{
	struct crd_str name = { 0 };
	int ret;

	name_component(&name, c);
	if (name.failed || !name.ptr)
		ret = -ENOMEM;
	else
		ret = count(t, CRD_CAUSE_RULE, rule, NULL);
	if (!ret)
		ret = count(t, CRD_CAUSE_COMPONENT, name.ptr, NULL);
	if (!ret)
		ret = count(t, CRD_CAUSE_VENDOR, vendor_of(c), NULL);
	if (!ret && waivable)
		ret = count(t, CRD_CAUSE_WAIVER, rule, name.ptr);
	t->firm += !waivable;
	crd_str_done(&name);
	return ret;
}

static int count_component(struct tally *t, const struct crd_explainer *e,
			   const struct crd_component *c)
{
	uint32_t i;
	int ret = 0;

	if (e->decision.verdict != t->verdict)
		return 0;
	if (!e->decision.ruled)
		return count_rule(t,
				  e->decision.known ? CRD_CHECK_KNOWN :
						      CRD_CHECK_UNKNOWN,
				  false, c);
	for (i = 0; !ret && i < e->policy->n_rules; i++) {
		if (crd_rule_decides(e, i))
			ret = count_rule(t, e->policy->rules[i].id, true, c);
	}
	return ret;
}

/* The next entry from `at` that is not better than the machine; n: none. */
static size_t next_cause(const struct crd_report *report, size_t at,
			 size_t *signatures)
{
	for (; at < report->inventory.n_entries; at++) {
		*signatures += !!(report->decided[at] & CRD_DECIDED_SIGNED);
		if ((report->decided[at] & CRD_DECIDED_VERDICT) ==
		    report->verdict)
			break;
	}
	return at;
}

/* Those alone are asked again that the judge came to the same verdict about. */
static int count_components(struct tally *t, const struct crd_report *report)
{
	const struct crd_inventory *inv = &report->inventory;
	struct crd_explainer e = { 0 };
	struct crd_component c;
	size_t at, signatures = 0;
	int ret;

	if (!report->judged)
		return 0;
	at = next_cause(report, 0, &signatures);
	if (at == inv->n_entries)
		return 0;
	ret = crd_explainer_init(&e, report, NULL);
	for (; !ret && at < inv->n_entries;
	     at = next_cause(report, at + 1, &signatures)) {
		if (!crd_inventory_get(inv, report->registry, (uint32_t)at, &c))
			continue;
		if (c.signature.ptr && signatures <= report->n_signings)
			c.signing = report->signings[signatures - 1];
		ret = crd_explainer_set(&e, &c);
		if (!ret)
			ret = count_component(t, &e, &c);
	}
	crd_explainer_done(&e);
	return ret;
}

/* Does it say how many there are? That, a waiver may set aside. */
static bool is_presence(const struct crd_policy *p, const struct crd_finding *f)
{
	return p && f->stage == CRD_STAGE_POLICY &&
	       crd_presence_named(p, f->check) != CRD_NOT_OF;
}

static int count_check(struct tally *t, const struct crd_policy *p,
		       const struct crd_finding *f)
{
	int ret = count(t, CRD_CAUSE_CHECK, f->check, NULL);

	if (ret)
		return ret;
	if (is_presence(p, f))
		return count(t, CRD_CAUSE_WAIVER, f->check, NULL);
	t->firm++;
	return 0;
}

static bool is_rule(const struct crd_policy *p, const char *check)
{
	return crd_rule_named(p, check) != CRD_NOT_OF ||
	       !strcmp(check, CRD_CHECK_KNOWN) ||
	       !strcmp(check, CRD_CHECK_UNKNOWN);
}

/* What a rule says of a component, or of many, is counted there. */
static int count_checks(struct tally *t, const struct crd_report *report)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < report->n_findings; i++) {
		const struct crd_finding *f = &report->findings[i];

		if (f->outcome != CRD_PASSED && f->verdict == t->verdict &&
		    !(f->stage == CRD_STAGE_POLICY && report->policy &&
		      is_rule(report->policy, f->check)))
			ret = count_check(t, report->policy, f);
	}
	return ret;
}

/* Causes that are there beside all those of one kind. */
static size_t beside(const struct tally *t, enum crd_cause cause)
{
	switch (cause) {
	case CRD_CAUSE_CHECK:
		return t->n[CRD_CAUSE_RULE];
	case CRD_CAUSE_WAIVER:
		return t->firm;
	default:
		return t->n[CRD_CAUSE_CHECK];
	}
}

/* The only rule, or the only check, is what holds the machine back alone. */
static void count_alone(struct tally *t)
{
	struct crd_impact_row *rows = t->impact->table.rows;
	unsigned int i;

	for (i = 0; i < CRD_CAUSE_MAX; i++) {
		size_t others = beside(t, i);

		if (t->n[i] == 1 && !others && t->only[i] < t->impact->table.n)
			rows[t->only[i]].alone++;
	}
}

static int tally(struct crd_impact *im, unsigned int side,
		 const struct crd_report *report, bool changed)
{
	struct tally t = { .impact = im,
			   .side = side,
			   .verdict = report->verdict,
			   .changed = changed };
	unsigned int i;
	int ret;

	if (report->verdict == CRD_ADMIT)
		return 0;
	for (i = 0; i < CRD_CAUSE_MAX; i++)
		t.only[i] = SIZE_MAX;
	ret = count_checks(&t, report);
	if (!ret)
		ret = count_components(&t, report);
	if (!ret)
		count_alone(&t);
	return ret;
}

static int appraise(const struct crd_impact *im, struct crd_buf bundle,
		    unsigned int side, struct crd_report **ret_report)
{
	const struct crd_appraisal a = {
		.evidence = bundle,
		.at_rest = true,
		.policy = side ? im->in.after : im->in.before,
		.memo = im->memos[side],
		.registry = im->in.registry,
		.trusted_aks = im->in.trusted_aks,
		.n_trusted_aks = im->in.n_trusted_aks,
		.now = im->in.now,
		.as_of = im->in.as_of,
		.language = im->in.language,
		.context = im->in.context,
	};

	return crd_appraise(&a, ret_report);
}

static int add_machine(struct crd_impact *im, const struct crd_report *before,
		       const struct crd_report *after)
{
	bool changed = before->verdict != after->verdict;
	int ret;

	/* rows know who touched them last: 0 is nobody */
	im->n++;
	/* why it was so before is told of those that get better only */
	ret = after->verdict < before->verdict ? tally(im, 0, before, true) : 0;
	if (!ret)
		ret = tally(im, 1, after,
			    changed && after->verdict > before->verdict);
	if (ret)
		return ret;
	im->sum.machines[before->verdict][after->verdict]++;
	im->sum.same += !changed;
	im->sum.worse += after->verdict > before->verdict;
	im->sum.better += after->verdict < before->verdict;
	return 0;
}

int crd_impact_add(struct crd_impact *impact, struct crd_buf bundle,
		   struct crd_impact_answer *ret_answer)
{
	struct crd_report *before = NULL, *after = NULL;
	int ret = appraise(impact, bundle, 1, &after);

	if (!ret && after->evidence_malformed) {
		impact->sum.malformed++;
		*ret_answer = (struct crd_impact_answer){
			.before = CRD_REFUSE,
			.after = CRD_REFUSE,
			.malformed = true,
		};
		goto out;
	}
	if (!ret)
		ret = appraise(impact, bundle, 0, &before);
	if (!ret)
		ret = add_machine(impact, before, after);
	if (!ret)
		*ret_answer = (struct crd_impact_answer){
			.before = (uint8_t)before->verdict,
			.after = (uint8_t)after->verdict,
		};
out:
	crd_report_free(&before);
	crd_report_free(&after);
	return ret;
}

static void merge_sums(struct crd_impact_sum *into,
		       const struct crd_impact_sum *from)
{
	unsigned int b, a;

	for (b = 0; b < 3; b++) {
		for (a = 0; a < 3; a++)
			into->machines[b][a] += from->machines[b][a];
	}
	into->same += from->same;
	into->worse += from->worse;
	into->better += from->better;
	into->malformed += from->malformed;
}

int crd_impact_merge(struct crd_impact *into, struct crd_impact *from)
{
	size_t i;

	for (i = 0; i < from->table.n; i++) {
		const struct crd_impact_row *r = &from->table.rows[i];
		struct crd_impact_row *row;
		int ret = crd_impact_row(&into->table, r->side, r->cause,
					 r->text, r->more, &row);

		if (ret)
			return ret;
		if (!row) {
			into->table.lost++;
			continue;
		}
		row->machines += r->machines;
		row->changed += r->changed;
		row->alone += r->alone;
	}
	into->table.lost += from->table.lost;
	into->n += from->n;
	merge_sums(&into->sum, &from->sum);
	return 0;
}
