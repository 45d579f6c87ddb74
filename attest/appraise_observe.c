// SPDX-License-Identifier: Apache-2.0
/*
 * What was seen of a component, and what a rule wants instead: the two columns
 * beside the sentence of appraise_say.c.
 */
#include "appraise_private.h"
#include "credence.h"
#include "judge.h"
#include "policy_joined.h"

static void observe_classes(struct crd_str *str, const struct crd_component *c)
{
	uint32_t words = crd_class_words(c);
	unsigned int i;

	crd_str_puts(str, words ? "class" : "class unknown");
	for (i = 0; i < CRD_CLASS_MAX; i++) {
		if (words >> i & 1)
			crd_str_fmt(str, " %s", crd_class_names[i]);
	}
}

/* What the maker was concluded from. */
static void observe_maker(struct crd_str *str, const struct crd_component *c)
{
	if (c->kind == CRD_KIND_DEVICE) {
		crd_str_puts(str, c->vendor_id < 0 ? "no id" : "id ");
		crd_ids_say(str, c);
		if (c->subvendor_id >= 0)
			crd_str_fmt(str, ", subsystem of %04x",
				    (unsigned int)c->subvendor_id);
		return;
	}
	crd_str_puts(str, c->manufacturer.ptr ? "manufacturer \"" :
						"no manufacturer");
	if (!c->manufacturer.ptr)
		return;
	crd_str_safe(str, c->manufacturer);
	crd_str_puts(str, "\"");
}

static void observe_authors(struct crd_str *str, const struct crd_component *c)
{
	unsigned int i;

	for (i = 0; i < c->n_authors; i++) {
		crd_str_puts(str, i ? ", \"" : "author \"");
		crd_str_safe(str, c->authors[i]);
		crd_str_puts(str, "\"");
	}
	if (!c->n_authors)
		crd_str_puts(str, "no author");
}

static void observe_listings(struct crd_str *str, const struct crd_matcher *m,
			     const struct crd_cond *cond)
{
	const struct crd_listing *l;
	unsigned int v;
	uint32_t i;

	for (v = 0; v < m->c->n_vendors; v++) {
		for (i = 0; i < cond->n; i++) {
			uint16_t list = m->indexes[cond->first + i];

			l = list == REG_NONE ?
				    NULL :
				    crd_registry_listing(m->registry,
							 m->c->vendors[v], list,
							 m->day);
			if (!l)
				continue;
			crd_str_fmt(str, "; %s since ",
				    m->registry->lists[list].id);
			crd_str_date(str, l->since);
		}
	}
}

/* Whoever builds a device can give it the numbers of another one. */
static const char *strength(const struct crd_component *c)
{
	return c->kind == CRD_KIND_DEVICE && c->grade == CRD_GRADE_MEASURED ?
		       ", identifier only" :
		       "";
}

static void observe_vendor(struct crd_str *str, const struct crd_matcher *m,
			   const struct crd_cond *cond)
{
	const struct crd_entity *e;
	unsigned int v;

	if (m->c->kind >= CRD_KIND_DEVICE)
		observe_maker(str, m->c);
	else
		observe_authors(str, m->c);
	if (!m->registry || !m->c->n_vendors) {
		crd_str_puts(str, "; vendor unknown");
		return;
	}
	for (v = 0; v < m->c->n_vendors; v++) {
		e = &m->registry->entities[m->c->vendors[v]];
		crd_str_fmt(str, "; vendor %s (%s, last owner %s; grade %s%s)",
			    e->id, e->hq, e->ultimate,
			    crd_grade_name(m->c->grade), strength(m->c));
	}
	if (cond->key == CRD_COND_LISTED)
		observe_listings(str, m, cond);
}

static void observe_digest(struct crd_str *str, const struct crd_component *c)
{
	if (!c->digest.alg) {
		crd_str_puts(str, "no digest");
		return;
	}
	crd_str_fmt(str, "%s:", crd_alg_name(c->digest.alg));
	crd_str_hex(str, c->digest.bytes, c->digest.len);
}

static void observe_text(struct crd_str *str, const struct crd_cond *cond,
			 struct crd_buf text)
{
	crd_str_fmt(str, "%s ", crd_cond_name(cond->key));
	if (!text.ptr) {
		crd_str_puts(str, "unknown");
		return;
	}
	crd_str_puts(str, "\"");
	crd_str_safe(str, text);
	crd_str_puts(str, "\"");
}

/* The driver, firmware or device that was asked about instead. */
static void observe_joined(struct crd_str *str, const struct crd_matcher *m,
			   const struct crd_cond *cond)
{
	uint32_t entry = crd_joined_witness(m, cond);
	const char *what = crd_cond_name(cond->key);
	struct crd_component c;

	if (entry == CRD_NO_ENTRY) {
		crd_str_fmt(str, "no %s", what);
		return;
	}
	if (crd_joined_get(m, cond, entry, &c)) {
		crd_component_label(str, &c);
		crd_str_puts(str, " of ");
	} else {
		crd_str_fmt(str, "%s without a record of its own, named in ",
			    what);
	}
	crd_place_say(str, crd_joined_inventory(m), &c);
}

static void observe_grade(struct crd_str *str, const struct crd_matcher *m)
{
	if (!m->registry || !m->c->n_vendors) {
		crd_str_puts(str, "grade unknown");
		return;
	}
	crd_str_fmt(str, "grade %s%s", crd_grade_name(m->c->grade),
		    strength(m->c));
	if (m->c->n_strangers)
		crd_str_puts(str, ", and unknown of another");
}

static void observe_lists(struct crd_str *str, const struct crd_matcher *m)
{
	const char *sep = "on the component list ";
	size_t i;

	for (i = 0; i < m->policy->n_component_lists; i++) {
		if (!(m->component_lists >> i & 1))
			continue;
		crd_str_fmt(str, "%s%s", sep, m->policy->component_lists[i].id);
		sep = ", ";
	}
	if (!m->component_lists)
		crd_str_puts(str, "on no component list");
}

void crd_fact_say(struct crd_str *str, const struct crd_matcher *m,
		  const struct crd_cond *cond)
{
	const struct crd_component *c = m->c;

	switch (cond->key) {
	case CRD_COND_KIND:
		crd_str_fmt(str, "kind %s", crd_kind_name(c->kind));
		break;
	case CRD_COND_FLAGS:
		crd_str_puts(str, c->flags ? "flags " : "no flags");
		crd_flags_say(str, c->flags);
		break;
	case CRD_COND_SIGNER:
		crd_signer_observe(str, m->policy, c);
		break;
	case CRD_COND_ORIGIN:
		crd_str_fmt(str, "origin %s", crd_origin_name(c->origin));
		break;
	case CRD_COND_CLASS:
		observe_classes(str, c);
		break;
	case CRD_COND_PART:
	case CRD_COND_STRUCTURE:
		crd_component_label(str, c);
		break;
	case CRD_COND_AUTHOR:
		observe_authors(str, c);
		break;
	case CRD_COND_DIGEST:
		observe_digest(str, c);
		break;
	case CRD_COND_COMPONENT:
		observe_lists(str, m);
		break;
	case CRD_COND_VENDOR:
	case CRD_COND_JURISDICTION:
	case CRD_COND_LISTED:
		observe_vendor(str, m, cond);
		break;
	case CRD_COND_GRADE:
		observe_grade(str, m);
		break;
	case CRD_COND_DESTINATION:
		observe_text(str, cond, crd_buf_of(m->context.destination));
		break;
	case CRD_COND_DRIVER:
	case CRD_COND_FIRMWARE:
	case CRD_COND_DEVICE:
		observe_joined(str, m, cond);
		break;
	default:
		observe_text(str, cond, m->text[cond->key]);
		break;
	}
}

void crd_say_observed(struct crd_str *str, const struct crd_matcher *m,
		      struct crd_when when)
{
	const struct crd_cond *cond = &m->policy->conds[when.first];
	bool said = false;
	uint32_t i;

	for (i = 0; i < when.n; i++) {
		if (!crd_worth_saying(&cond[i]) && when.n > 1)
			continue;
		if (said)
			crd_str_puts(str, "; ");
		said = true;
		crd_fact_say(str, m, &cond[i]);
	}
}

/* "no driver with listed us-ndaa-889": the kind, if it is one, is the noun. */
void crd_say_expected(struct crd_str *str, const struct crd_policy *policy,
		      struct crd_when when)
{
	const struct crd_cond *cond = &policy->conds[when.first];
	bool noun = when.n > 1 && cond->key == CRD_COND_KIND && !cond->negate &&
		    !(cond->mask & (cond->mask - 1));
	uint32_t i, first = noun;

	if (!noun)
		crd_str_puts(str, "nothing with ");
	else
		crd_str_fmt(str, "no %s with ",
			    crd_kind_name((enum crd_kind)__builtin_ctzll(
				    cond->mask)));
	for (i = first; i < when.n; i++) {
		if (i > first)
			crd_str_puts(str, i + 1 == when.n ? " and " : ", ");
		crd_cond_say(str, policy, &cond[i]);
	}
}
