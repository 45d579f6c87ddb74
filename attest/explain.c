// SPDX-License-Identifier: Apache-2.0
/* The components of a report before the rules once more, one at a time. */
#include "explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_joined.h"

static int by_severity(const void *a, const void *b, void *ctx)
{
	const struct crd_policy *p = ctx;
	const struct crd_rule *x = &p->rules[*(const uint32_t *)a];
	const struct crd_rule *y = &p->rules[*(const uint32_t *)b];

	if (x->then != y->then)
		return x->then > y->then ? -1 : 1;
	return strcmp(x->id, y->id);
}

/* Which machine it was to the judge: known by the key that signed. */
static void read_machine(struct crd_explainer *e)
{
	struct crd_buf hex = crd_buf_of(e->report->ak_name);

	e->m.machine = e->report->inventory.machine;
	if (!hex.len || !e->policy->n_machines ||
	    !crd_hex_read(hex, crd_hex_digit, e->ak))
		return;
	crd_machine_read(&e->machine, &e->report->inventory,
			 (struct crd_buf){ e->ak, hex.len / 2 });
	e->m.machine = &e->machine;
}

/* The rule or presence of the policy that has this id. */
static void find_ids(struct crd_explainer *e)
{
	e->rule = e->presence = CRD_NOT_OF;
	if (!e->name || !e->policy)
		return;
	e->rule = crd_rule_named(e->policy, e->name);
	e->presence = crd_presence_named(e->policy, e->name);
}

int crd_explainer_init(struct crd_explainer *e, const struct crd_report *report,
		       const char *name)
{
	struct crd_policy *p = (struct crd_policy *)(uintptr_t)report->policy;
	const struct crd_parts parts = { .inventory = &report->inventory,
					 .registry = report->registry,
					 .signings = report->signings,
					 .n_signings = report->n_signings };
	uint32_t i;
	int ret;

	*e = (struct crd_explainer){ .report = report,
				     .policy = p,
				     .name = name };
	find_ids(e);
	ret = crd_matcher_init(&e->m, p, report->registry,
			       report->as_of ? report->as_of :
					       crd_date_of(report->when));
	if (!ret) {
		read_machine(e);
		crd_matcher_about(&e->m, &report->context, report->anchor);
		ret = crd_joined_load(&e->m, &parts);
	}
	if (ret) {
		crd_matcher_done(&e->m);
		return ret;
	}
	e->rulings = calloc(p->n_rules + 1, sizeof(*e->rulings));
	e->order = calloc(p->n_rules + 1, sizeof(*e->order));
	if (!e->rulings || !e->order) {
		crd_explainer_done(e);
		return -ENOMEM;
	}
	for (i = 0; i < p->n_rules; i++)
		e->order[i] = i;
	qsort_r(e->order, p->n_rules, sizeof(*e->order), by_severity, p);
	return 0;
}

void crd_explainer_done(struct crd_explainer *e)
{
	crd_matcher_done(&e->m);
	free(e->rulings);
	free(e->order);
	memset(e, 0, sizeof(*e));
}

static bool is_called(const char *want, struct crd_buf first,
		      struct crd_buf name)
{
	struct crd_str str = { 0 };
	bool same;

	if (first.ptr) {
		crd_str_safe(&str, first);
		crd_str_puts(&str, "/");
	}
	crd_str_safe(&str, name);
	same = str.ptr && !strcmp(str.ptr, want);
	crd_str_done(&str);
	return same;
}

/* "hinic", "driver/hinic", "pci/0000:00:02.0", "SMBIOS system X1" */
bool crd_explainer_wants(const struct crd_explainer *e,
			 const struct crd_component *c)
{
	const struct crd_buf none = { NULL, 0 };
	struct crd_str label = { 0 };
	bool wants;

	if (!e->name)
		return true;
	if (c->name.ptr &&
	    (is_called(e->name, none, c->name) ||
	     is_called(e->name, crd_buf_of(crd_kind_name(c->kind)), c->name) ||
	     (c->bus.ptr && is_called(e->name, c->bus, c->name))))
		return true;
	crd_component_label(&label, c);
	wants = label.ptr && !strcmp(label.ptr, e->name);
	crd_str_done(&label);
	return wants;
}

bool crd_explain_finds(const struct crd_report *report, const char *name)
{
	struct crd_explainer e = { .policy = report->policy, .name = name };
	struct crd_inventory_iter it = { .inventory = &report->inventory };
	struct crd_component c;

	find_ids(&e);
	if (!report->judged || e.rule != CRD_NOT_OF || e.presence != CRD_NOT_OF)
		return true;
	while (crd_inventory_next(&it, &c)) {
		if (crd_explainer_wants(&e, &c))
			return true;
	}
	return false;
}

int crd_explainer_set(struct crd_explainer *e, const struct crd_component *c)
{
	int ret = crd_matcher_set(&e->m, c);

	if (!ret)
		e->decision = crd_decide(&e->m, e->rulings);
	return ret;
}

bool crd_rule_decides(const struct crd_explainer *e, uint32_t rule)
{
	return e->decision.ruled && e->rulings[rule].holds &&
	       !e->rulings[rule].waiver &&
	       e->policy->rules[rule].then == e->decision.verdict;
}

enum crd_side crd_rule_side(const struct crd_rule *rule)
{
	return rule->then == CRD_ADMIT ? CRD_SIDE_ADMIT : CRD_SIDE_AGAINST;
}

struct crd_answer crd_answer_of(const struct crd_explainer *e,
				struct crd_when when, uint32_t i,
				enum crd_side side)
{
	const struct crd_cond *cond = &e->policy->conds[when.first + i];

	return (struct crd_answer){
		.cond = cond,
		.holds =
			crd_matcher_cond(&e->m, cond, side != CRD_SIDE_AGAINST),
		.fact = crd_fact_of(&e->m, cond),
	};
}

bool crd_answer_failed(const struct crd_explainer *e, struct crd_when when,
		       enum crd_side side, struct crd_answer *ret_answer)
{
	uint32_t i;

	for (i = 0; i < when.n; i++) {
		*ret_answer = crd_answer_of(e, when, i, side);
		if (!ret_answer->holds)
			return true;
	}
	return false;
}
