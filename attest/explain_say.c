// SPDX-License-Identifier: Apache-2.0
/* Grades, doubt and waivers of an explanation, in words. */
#include "explain.h"

#include <inttypes.h>

static const char *const sides[] = {
	[CRD_SIDE_AGAINST] = "a rule that refuses or refers",
	[CRD_SIDE_ADMIT] = "a rule that admits",
	[CRD_SIDE_WAIVE] = "a waiver",
};

void crd_answer_grade(struct crd_str *str, const struct crd_explainer *e,
		      const struct crd_answer *a)
{
	char *const *places = e->report->inventory.places;

	if (a->fact.known)
		crd_str_fmt(str, "%s, ", crd_grade_name(a->fact.grade));
	if (places)
		crd_str_puts(str, places[a->fact.recnum]);
	else
		crd_str_fmt(str, "record %" PRIu64, a->fact.recnum);
	if (a->fact.in_group)
		crd_str_fmt(str, ", item %u", a->fact.item);
}

static bool about_vendor(const struct crd_cond *cond)
{
	return cond->key == CRD_COND_VENDOR ||
	       cond->key == CRD_COND_JURISDICTION ||
	       cond->key == CRD_COND_LISTED;
}

static void say_unknown(struct crd_str *str, const struct crd_explainer *e,
			const struct crd_cond *cond)
{
	const struct crd_component *c = e->m.c;

	if (about_vendor(cond) && c->kind == CRD_KIND_PLATFORM &&
	    !c->n_vendors && !c->n_strangers)
		crd_str_puts(str, "it names nobody");
	else if (about_vendor(cond) && c->n_vendors)
		crd_str_puts(
			str,
			"one of those whom it names is not in the registry, so its vendor counts as unknown");
	else if (about_vendor(cond))
		crd_str_puts(str, "its vendor is unknown");
	else if (cond->key == CRD_COND_DIGEST)
		crd_str_puts(str, "its contents were not seen");
	else
		crd_str_fmt(str, "its %s is unknown", crd_cond_name(cond->key));
}

/* The matcher went by what the evidence does not say. */
static bool went_by_doubt(const struct crd_explainer *e,
			  const struct crd_answer *a, enum crd_side side)
{
	if (!a->fact.known)
		return true;
	return about_vendor(a->cond) && side != CRD_SIDE_AGAINST &&
	       e->m.c->n_strangers;
}

static unsigned int n_answers(const struct crd_explainer *e,
			      const struct crd_cond *cond)
{
	if (about_vendor(cond))
		return e->m.c->n_vendors;
	return cond->key == CRD_COND_AUTHOR ? e->m.c->n_authors : 1;
}

static void say_doubt(struct crd_str *str, const struct crd_explainer *e,
		      const struct crd_answer *a, enum crd_side side)
{
	say_unknown(str, e, a->cond);
	if (a->cond->unknown && a->holds)
		crd_str_puts(str, ", and that is asked for by name");
	else if (a->cond->unknown && a->cond->negate)
		crd_str_puts(str, ", and that is left out by name");
	else if (a->cond->negate)
		crd_str_fmt(str, ", and `not` %s then for %s",
			    a->holds ? "holds" : "does not hold", sides[side]);
	else
		crd_str_puts(
			str,
			", and what is asked for holds only where the evidence says so");
}

void crd_answer_doubt(struct crd_str *str, const struct crd_explainer *e,
		      const struct crd_answer *a, enum crd_side side)
{
	if (!a->fact.asked && crd_cond_applies(a->cond->key, e->m.c->kind)) {
		crd_str_fmt(
			str,
			"only a measurement shows its %s, so it never holds for what is declared",
			crd_cond_name(a->cond->key));
	} else if (!a->fact.asked) {
		crd_str_fmt(str, "a %s has no %s, so it never holds",
			    e->m.c->kind == CRD_KIND_PLATFORM ?
				    "part of the platform" :
			    e->m.c->kind == CRD_KIND_FIRMWARE ?
				    "firmware image" :
				    crd_kind_name(e->m.c->kind),
			    crd_cond_name(a->cond->key));
	} else if (went_by_doubt(e, a, side)) {
		say_doubt(str, e, a, side);
	} else if (a->cond->key == CRD_COND_SIGNER && a->cond->negate &&
		   !a->holds && side != CRD_SIDE_AGAINST &&
		   !(crd_signer_bits(e->policy, e->m.c) & a->cond->mask)) {
		crd_str_fmt(
			str,
			"the verifier could not check the signature, and `not` does not hold then for %s",
			sides[side]);
	} else if (n_answers(e, a->cond) > 1) {
		crd_str_fmt(str,
			    side == CRD_SIDE_AGAINST ?
				    "of several answers one is enough for %s" :
				    "of several answers all have to fit for %s",
			    sides[side]);
	}
}

const char *crd_known_word(enum crd_known_by by)
{
	static const char *const words[] = { "nothing", "vendor", "signature",
					     "digest", "component list" };

	return words[by];
}

void crd_known_say(struct crd_str *str, const struct crd_explainer *e)
{
	const struct crd_component *c = e->m.c;

	switch (crd_matcher_known_by(&e->m)) {
	case CRD_KNOWN_BY_VENDOR:
		crd_str_fmt(str,
			    "is known, as its vendor %s is in the registry",
			    c->entity ?
				    c->entity :
				    e->m.registry->entities[c->vendors[0]].id);
		break;
	case CRD_KNOWN_BY_SIGNATURE:
		crd_str_puts(str, "is known, as its signature was verified");
		break;
	case CRD_KNOWN_BY_DIGEST:
		crd_str_puts(
			str,
			"is known, as its digest is on a list that says so");
		break;
	case CRD_KNOWN_BY_LIST:
		crd_str_puts(
			str,
			"is known, as it is on a component list that says so");
		break;
	default:
		crd_str_puts(
			str,
			c->kind <= CRD_KIND_FIRMWARE ?
				"is unknown: no author in the registry, no verified signature, no digest list vouches for it" :
				"is unknown: nobody in the registry vouches for it");
		break;
	}
}

void crd_waiver_fault(struct crd_str *str, const struct crd_explainer *e,
		      const struct crd_waiver *waiver)
{
	struct crd_answer a;

	if (e->m.day < waiver->from) {
		crd_str_puts(str, "it is not in force before ");
		crd_str_date(str, waiver->from);
	} else if (e->m.day > waiver->until) {
		crd_str_puts(str, "it ended on ");
		crd_str_date(str, waiver->until);
	} else if (!crd_machine_fits(e->policy, waiver, e->m.machine)) {
		crd_str_puts(str, "it is for another machine");
	} else if (crd_answer_failed(e, waiver->component, CRD_SIDE_WAIVE,
				     &a)) {
		crd_str_puts(str, "it is for ");
		crd_cond_say(str, e->policy, a.cond);
		crd_str_puts(str, "; found ");
		crd_fact_say(str, &e->m, a.cond);
	}
}
