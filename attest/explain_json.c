// SPDX-License-Identifier: Apache-2.0
/* An explanation for machines: a key of each component of the report. */
#include <errno.h>

#include "explain.h"
#include "json_set.h"

static json_t *answer_json(const struct crd_explainer *e,
			   const struct crd_answer *a, enum crd_side side,
			   bool *ok)
{
	struct crd_str wanted = { 0 }, found = { 0 }, doubt = { 0 };
	json_t *o = json_object();

	crd_cond_say(&wanted, e->policy, a->cond);
	set_text(o, "key", crd_cond_name(a->cond->key), ok);
	set_str(o, "wanted", &wanted, ok);
	set(o, "holds", json_boolean(a->holds), ok);
	set(o, "asked", json_boolean(a->fact.asked), ok);
	set(o, "known", json_boolean(a->fact.known), ok);
	if (a->fact.asked) {
		crd_fact_say(&found, &e->m, a->cond);
		set_str(o, "found", &found, ok);
		set_text(o, "grade", crd_grade_name(a->fact.grade), ok);
		set_number(o, "record", a->fact.recnum, ok);
		if (a->fact.in_group)
			set_number(o, "item", a->fact.item, ok);
	}
	crd_answer_doubt(&doubt, e, a, side);
	set_str(o, "doubt", &doubt, ok);
	return o;
}

/* Up to the first that does not hold, as the matcher stops there. */
static json_t *answers_json(const struct crd_explainer *e, struct crd_when when,
			    enum crd_side side, bool *ok)
{
	json_t *array = json_array();
	bool holds = true;
	uint32_t i;

	for (i = 0; holds && i < when.n; i++) {
		struct crd_answer a = crd_answer_of(e, when, i, side);

		append(array, answer_json(e, &a, side, ok), ok);
		holds = a.holds;
	}
	return array;
}

/* Those of a rule that matched; the others were not looked at. */
static json_t *waivers_json(const struct crd_explainer *e, uint32_t rule,
			    bool *ok)
{
	const struct crd_policy *p = e->policy;
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < p->n_waivers; i++) {
		const struct crd_waiver *w = &p->waivers[i];
		struct crd_str why = { 0 };
		json_t *o;

		if (w->rule != rule) /* nor of a presence */
			continue;
		o = json_object();
		set_text(o, "waiver", w->id, ok);
		crd_waiver_fault(&why, e, w);
		set(o, "covers", json_boolean(!why.len), ok);
		set_str(o, "why_not", &why, ok);
		append(array, o, ok);
	}
	return array;
}

static json_t *rule_json(const struct crd_explainer *e, uint32_t at, bool *ok)
{
	const struct crd_rule *rule = &e->policy->rules[at];
	const struct crd_ruling *ruling = &e->rulings[at];
	json_t *o = json_object();

	set_text(o, "rule", rule->id, ok);
	set_text(o, "then", crd_verdict_name(rule->then), ok);
	set(o, "matched", json_boolean(ruling->holds), ok);
	set(o, "decides", json_boolean(crd_rule_decides(e, at)), ok);
	if (ruling->waiver)
		set_text(o, "waiver", ruling->waiver->id, ok);
	set(o, "conditions",
	    answers_json(e, rule->when, crd_rule_side(rule), ok), ok);
	if (ruling->holds && rule->then != CRD_ADMIT)
		set(o, "waivers", waivers_json(e, at, ok), ok);
	return o;
}

int crd_explain_component(struct crd_explainer *e,
			  const struct crd_component *c, json_t *o, bool *ok)
{
	bool wants = crd_explainer_wants(e, c);
	json_t *x, *rules;
	uint32_t i;
	int ret;

	if (!wants && e->rule == CRD_NOT_OF)
		return 0;
	ret = crd_explainer_set(e, c);
	if (ret)
		return ret;
	x = json_object();
	rules = json_array();
	for (i = 0; i < e->policy->n_rules; i++) {
		if (wants || e->order[i] == e->rule)
			append(rules, rule_json(e, e->order[i], ok), ok);
	}
	set_text(x, "verdict", crd_verdict_name(e->decision.verdict), ok);
	set_text(x, "known_by", crd_known_word(crd_matcher_known_by(&e->m)),
		 ok);
	if (!e->decision.ruled)
		set_text(x, "otherwise",
			 e->decision.known ? "known" : "unknown", ok);
	set(x, "rules", rules, ok);
	set(o, "explained", x, ok);
	return 0;
}
