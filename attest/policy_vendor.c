// SPDX-License-Identifier: Apache-2.0
/* Conditions on who made a component, where they are, and how well it is known. */
#include <string.h>

#include "policy_fold.h"

static bool vendor_in(const struct crd_matcher *m, const struct crd_cond *cond,
		      uint16_t vendor)
{
	const uint16_t *index = &m->indexes[cond->first];
	uint32_t i;

	for (i = 0; i < cond->n; i++) {
		if (index[i] != REG_NONE &&
		    crd_registry_below(m->registry, vendor, index[i]))
			return true;
	}
	return false;
}

static bool country_in(const struct crd_matcher *m, const struct crd_cond *cond,
		       const char *country)
{
	const struct crd_value *v = &m->policy->values[cond->first];
	uint32_t i;

	for (i = 0; i < cond->n; i++) {
		if (!memcmp(v[i].text.ptr, country, 2))
			return true;
	}
	return false;
}

static bool listed_in(const struct crd_matcher *m, const struct crd_cond *cond,
		      uint16_t vendor)
{
	const struct crd_list_set *want = &m->listed[cond - m->policy->conds];
	struct crd_list_set have = { { 0 } };
	size_t i;

	crd_registry_lists_of(m->registry, vendor, m->day, &have);
	for (i = 0; i < REG_MAX_LISTS / 64; i++) {
		if (want->word[i] & have.word[i])
			return true;
	}
	return false;
}

/* An ACPI table, a slot: nobody is named, so there is no doubt who it is. */
static bool names_nobody(const struct crd_component *c)
{
	return c->kind == CRD_KIND_PLATFORM && !c->n_vendors &&
	       !c->n_strangers && c->grade != CRD_GRADE_DECLARED;
}

/*
 * How good the statement is that says who made it; none, if somebody is named
 * whom the registry does not know.
 */
bool crd_match_grade(const struct crd_matcher *m, const struct crd_cond *cond,
		     bool benefit)
{
	struct crd_fold f = crd_fold_start(cond, benefit);
	const struct crd_component *c = m->c;

	if (names_nobody(c))
		return false;
	if (m->registry && c->n_vendors)
		crd_fold_add(&f, cond->mask >> c->grade & 1);
	if (!m->registry || !c->n_vendors || c->n_strangers)
		crd_fold_add(&f, cond->mask >> CRD_GRADE_UNKNOWN & 1);
	return f.holds;
}

/*
 * To admit or to waive, an author who is not in the registry makes the whole
 * unknown: it may be anybody.
 */
bool crd_match_vendor(const struct crd_matcher *m, const struct crd_cond *cond,
		      bool benefit)
{
	struct crd_fold f = crd_fold_start(cond, benefit);
	const struct crd_entity *e;
	unsigned int i;

	if (names_nobody(m->c))
		return false;
	if (!m->registry || !m->c->n_vendors || (benefit && m->c->n_strangers))
		return crd_holds_unknown(cond, benefit);
	for (i = 0; i < m->c->n_vendors; i++) {
		uint16_t vendor = m->c->vendors[i];

		e = &m->registry->entities[vendor];
		if (cond->key == CRD_COND_VENDOR) {
			crd_fold_add(&f, vendor_in(m, cond, vendor));
		} else if (cond->key == CRD_COND_LISTED) {
			crd_fold_add(&f, listed_in(m, cond, vendor));
		} else {
			crd_fold_add(&f, country_in(m, cond, e->hq));
			crd_fold_add(&f, country_in(m, cond, e->ultimate));
		}
	}
	return f.holds;
}

bool crd_match_destination(const struct crd_matcher *m,
			   const struct crd_cond *cond, bool benefit)
{
	if (!m->context.destination)
		return crd_holds_unknown(cond, benefit);
	return country_in(m, cond, m->context.destination) != cond->negate;
}
