// SPDX-License-Identifier: Apache-2.0
/* What a rule did to a component, as a finding. */
#include <errno.h>
#include <inttypes.h>

#include "judge.h"

void crd_place_say(struct crd_str *str, const struct crd_inventory *inv,
		   const struct crd_component *c)
{
	const char *source = inv->source ? inv->source : "measurer log, record";
	struct crd_buf word = crd_declared_word(c);

	if (inv->places)
		crd_str_fmt(str, "%s %s", source, inv->places[c->recnum]);
	else
		crd_str_fmt(str, "%s %" PRIu64, source, c->recnum);
	if (c->in_group)
		crd_str_fmt(str, ", item %u", c->item);
	if (!word.len)
		return;
	crd_str_puts(str, " (\"");
	crd_str_safe(str, word);
	crd_str_puts(str, "\")");
}

static void say_place(struct crd_str *str, const struct crd_judge *j,
		      const struct crd_hit *hit)
{
	crd_place_say(str, &j->w->report->inventory, &hit->c);
	if (hit->count > 1)
		crd_str_fmt(str, " and %" PRIu64 " more", hit->count - 1);
}

const char *crd_hit_text(const struct crd_judge *j, struct crd_texts texts)
{
	return crd_texts_in(j->policy, texts, j->w->in->language);
}

void crd_waiver_say(struct crd_str *sentence, const struct crd_judge *j,
		    const struct crd_waiver *wv)
{
	const struct crd_machine_want *want =
		crd_machine_find(j->policy, wv, j->m.machine);

	crd_str_fmt(sentence, " Waiver %s, approved by %s, covers this until ",
		    wv->id, wv->approved_by);
	crd_str_date(sentence, wv->until);
	if (want) {
		crd_str_puts(sentence, " on this machine, ");
		crd_machine_say(sentence, want);
	}
	crd_str_fmt(sentence, ": %s", crd_hit_text(j, wv->because));
}

/* A waiver that would have covered it is what the reader will ask for. */
void crd_lapsed_say(struct crd_str *sentence, const struct crd_waiver *wv,
		    enum crd_waiver_lack why)
{
	if (!wv)
		return;
	crd_str_fmt(sentence, " Waiver %s is not in force: ", wv->id);
	switch (why) {
	case CRD_WAIVER_ENDED:
		crd_str_puts(sentence, "it ended on ");
		crd_str_date(sentence, wv->until);
		break;
	case CRD_WAIVER_NOT_YET:
		crd_str_puts(sentence, "it begins on ");
		crd_str_date(sentence, wv->from);
		break;
	default:
		crd_str_puts(sentence, "it is for other machines");
		break;
	}
	crd_str_puts(sentence, ".");
}

/* The id of a waiver that would cover it, were it in force. */
static const char *lapsed_id(const struct crd_judge *j,
			     const struct crd_hit *hit)
{
	enum crd_waiver_lack why;
	const struct crd_waiver *wv = NULL;

	if (!hit->waiver && hit->rule < j->policy->n_rules)
		wv = crd_matcher_lapsed(&j->m, hit->rule, &why);
	return wv ? wv->id : NULL;
}

/* A rule as its author wrote it, around what was found. */
static void say_rule(struct crd_judge *j, const struct crd_hit *hit,
		     struct crd_str *sentence, struct crd_str *observed,
		     struct crd_str *expected)
{
	const struct crd_rule *rule = &j->policy->rules[hit->rule];
	const struct crd_waiver *wv = hit->waiver;
	enum crd_waiver_lack why = CRD_WAIVER_ENDED;

	crd_str_puts(sentence, " ");
	crd_say_why(sentence, &j->m, rule->when);
	crd_str_fmt(sentence, ". %s", crd_hit_text(j, rule->because));
	crd_say_observed(observed, &j->m, rule->when);
	crd_say_expected(expected, j->policy, rule->when);
	if (wv) {
		crd_waiver_say(sentence, j, wv);
	} else if (rule->then != CRD_ADMIT) {
		wv = crd_matcher_lapsed(&j->m, hit->rule, &why);
		crd_lapsed_say(sentence, wv, why);
	}
}

static void say_otherwise(struct crd_judge *j, const struct crd_hit *hit,
			  struct crd_str *sentence, struct crd_str *observed,
			  struct crd_str *expected)
{
	static const char *const unknown[CRD_KIND_MAX] = {
		" is unknown: no rule speaks of it, its author is not in the registry, no verified signature and no digest list vouches for it.",
		" is unknown: no rule speaks of it, and no digest list vouches for it.",
		" is unknown: no rule speaks of it, and its vendor id is not in the registry.",
		" is unknown: no rule speaks of it, and no maker that it names is in the registry.",
	};
	bool declared = hit->c.grade == CRD_GRADE_DECLARED;
	bool known = hit->rule - j->policy->n_rules == CRD_OTHERWISE_KNOWN;

	crd_str_puts(sentence, known	? " is known, but no rule admits it." :
			       declared ? unknown[CRD_KIND_PLATFORM] :
					  unknown[hit->c.kind]);
	crd_str_puts(observed,
		     hit->c.entity ? hit->c.entity : "vendor unknown");
	if (hit->c.kind >= CRD_KIND_DEVICE) {
		crd_str_puts(observed, hit->c.vendor_id < 0 ? "" : ", id ");
		crd_ids_say(observed, &hit->c);
	} else if (!declared && hit->c.kind == CRD_KIND_DRIVER) {
		crd_str_puts(observed, "; ");
		crd_signer_observe(observed, j->policy, &hit->c);
	}
	crd_str_puts(expected, known ? "a rule that admits it" :
				       "a component that is known");
}

enum crd_verdict crd_hit_verdict(const struct crd_judge *j, uint32_t rule)
{
	const struct crd_policy *p = j->policy;

	if (rule < p->n_rules)
		return p->rules[rule].then;
	return rule - p->n_rules == CRD_OTHERWISE_KNOWN ? p->otherwise_known :
							  p->otherwise_unknown;
}

const char *crd_hit_check(const struct crd_judge *j, uint32_t rule)
{
	if (rule < j->policy->n_rules)
		return j->policy->rules[rule].id;
	return rule - j->policy->n_rules == CRD_OTHERWISE_KNOWN ?
		       CRD_CHECK_KNOWN :
		       CRD_CHECK_UNKNOWN;
}

static const char *next_step(const struct crd_judge *j,
			     const struct crd_hit *hit)
{
	const char *advice = NULL;

	if (hit->rule < j->policy->n_rules)
		advice = crd_hit_text(j, j->policy->rules[hit->rule].advice);
	if (advice || hit->waiver)
		return advice;
	if (hit->c.grade == CRD_GRADE_DECLARED &&
	    crd_hit_verdict(j, hit->rule) == CRD_REFUSE)
		return "Ask for another part in its place; or ask the policy's authority for a waiver.";
	return crd_hit_verdict(j, hit->rule) == CRD_REFUSE ?
		       "Remove or replace it, restart and measure again; or ask the policy's authority for a waiver." :
		       "Ask the person who decides for this site.";
}

int crd_hit_say(struct crd_judge *j, const struct crd_hit *hit)
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
	say_place(&place, j, hit);
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
			waived ? CRD_ADMIT : crd_hit_verdict(j, hit->rule),
			hit->check,
			&(struct crd_says){ label.ptr, observed.ptr,
					    expected.ptr, place.ptr,
					    sentence.ptr, next_step(j, hit),
					    waived ? hit->waiver->id : NULL,
					    lapsed_id(j, hit) });
	crd_str_done(&label);
	crd_str_done(&place);
	crd_str_done(&sentence);
	crd_str_done(&observed);
	crd_str_done(&expected);
	return ret;
}

/* So many bytes of names are read; after them it is only counted. */
#define MAX_NAMES_TEXT 1024

/* The names of those kept, as far as they go; how many there are. */
static size_t say_names(const struct crd_judge *j,
			const struct crd_lines *lines, struct crd_str *names,
			struct crd_str *place)
{
	size_t i;

	for (i = 0; i < lines->n_named && names->len < MAX_NAMES_TEXT; i++) {
		crd_str_puts(names, i ? ", " : "");
		crd_component_label(names, &lines->named[i].c);
		crd_str_puts(place, i ? ", " : "");
		say_place(place, j, &lines->named[i]);
	}
	return i;
}

int crd_rest_say(struct crd_judge *j, const struct crd_lines *lines)
{
	const struct crd_hit *first = lines->named;
	struct crd_str names = { 0 }, place = { 0 }, sentence = { 0 };
	const struct crd_waiver *waiver = first->waiver;
	uint64_t left;
	int ret = -ENOMEM;

	left = lines->rest - say_names(j, lines, &names, &place);
	if (left)
		crd_str_fmt(&names, " and %" PRIu64 " more", left);
	crd_str_fmt(&sentence, "Rule %s: %" PRIu64 " more component%s: %s.",
		    first->check, lines->rest, lines->rest == 1 ? "" : "s",
		    names.ptr ? names.ptr : "");
	if (waiver)
		crd_waiver_say(&sentence, j, waiver);
	if (!names.failed && !place.failed && !sentence.failed)
		ret = crd_report_add(
			j->w->report, CRD_STAGE_POLICY,
			waiver ? CRD_PASSED : CRD_FAILED,
			waiver ? CRD_REASON_NONE : CRD_REASON_POLICY_RULE,
			waiver ? CRD_ADMIT : crd_hit_verdict(j, first->rule),
			first->check,
			&(struct crd_says){
				.component = lines->rest == 1 ? names.ptr :
								NULL,
				.observed = names.ptr,
				.place = place.ptr,
				.sentence = sentence.ptr,
				.next_step = next_step(j, first),
				.waiver = waiver ? waiver->id : NULL });
	crd_str_done(&names);
	crd_str_done(&place);
	crd_str_done(&sentence);
	return ret;
}
