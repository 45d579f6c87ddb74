// SPDX-License-Identifier: Apache-2.0
/*
 * How good a fact is: what the kernel read for itself is worth more than a text
 * that a driver or a board tells about itself, and that more than nothing. The
 * answer to every question of a policy has such a grade, and a record.
 */
#include "appraise_private.h"
#include "credence.h"

/* Of an answer that is there, and that is not about a vendor. */
static enum crd_grade grade_of(const struct crd_matcher *m,
			       const struct crd_cond *cond)
{
	switch (cond->key) {
	case CRD_COND_AUTHOR:
	case CRD_COND_LICENSE:
	case CRD_COND_VERSION:
		return CRD_GRADE_TEXT;
	case CRD_COND_SIGNER:
		return m->c->signing.result == CRD_SIGNED_VALID ?
			       CRD_GRADE_CERTIFIED :
			       CRD_GRADE_MEASURED;
	default:
		return CRD_GRADE_MEASURED;
	}
}

static bool is_known(const struct crd_matcher *m, const struct crd_cond *cond)
{
	const struct crd_component *c = m->c;

	switch (cond->key) {
	case CRD_COND_CLASS:
		return c->has_class;
	case CRD_COND_AUTHOR:
		return c->n_authors != 0;
	case CRD_COND_DIGEST:
		return c->digest.alg != 0;
	case CRD_COND_VENDOR:
	case CRD_COND_JURISDICTION:
	case CRD_COND_LISTED:
		return m->registry && c->n_vendors;
	case CRD_COND_BUS:
	case CRD_COND_ID:
	case CRD_COND_NAME:
	case CRD_COND_PATH:
	case CRD_COND_LICENSE:
	case CRD_COND_VERSION:
		return m->text[cond->key].ptr != NULL;
	default: /* kind, flags, signer ...: there is always an answer */
		return true;
	}
}

static bool about_vendor(enum crd_cond_key key)
{
	return key == CRD_COND_VENDOR || key == CRD_COND_JURISDICTION ||
	       key == CRD_COND_LISTED;
}

struct crd_fact crd_fact_of(const struct crd_matcher *m,
			    const struct crd_cond *cond)
{
	const struct crd_component *c = m->c;
	struct crd_fact f = {
		.grade = CRD_GRADE_UNKNOWN,
		.recnum = c->recnum,
		.in_group = c->in_group,
		.item = c->item,
	};

	f.asked = crd_cond_applies(cond->key, c->kind);
	f.known = f.asked && is_known(m, cond);
	if (!f.known)
		return f;
	f.grade = about_vendor(cond->key) ? c->grade : grade_of(m, cond);
	/* of a machine's own word everything is just that */
	if (c->grade == CRD_GRADE_SELF_REPORTED ||
	    c->grade == CRD_GRADE_DECLARED)
		f.grade = c->grade;
	return f;
}
