// SPDX-License-Identifier: Apache-2.0
/*
 * How good a fact is: what the kernel read for itself is worth more than a text
 * that a driver or a board tells about itself, and that more than nothing. The
 * answer to every question of a policy has such a grade, and a record.
 */
#include "appraise_private.h"
#include "credence.h"
#include "policy_joined.h"

/* Of an answer that is there, and that is not about a vendor. */
static enum crd_grade grade_of(const struct crd_matcher *m,
			       const struct crd_cond *cond)
{
	const struct crd_component *c = m->c;

	switch (cond->key) {
	case CRD_COND_AUTHOR:
	case CRD_COND_LICENSE:
	case CRD_COND_RELEASED:
	case CRD_COND_PRODUCT:
	case CRD_COND_SERIAL:
		return CRD_GRADE_TEXT;
	case CRD_COND_MANUFACTURER:
		return c->part == CRD_PART_CPU || c->part == CRD_PART_TPM ?
			       CRD_GRADE_MEASURED :
			       CRD_GRADE_TEXT;
	case CRD_COND_VERSION: /* a number of the hardware, or a text */
		return c->kind == CRD_KIND_DEVICE || c->part >= CRD_PART_ACPI ?
			       CRD_GRADE_MEASURED :
			       CRD_GRADE_TEXT;
	case CRD_COND_SIGNER:
		return c->signing.result == CRD_SIGNED_VALID ?
			       CRD_GRADE_CERTIFIED :
			       CRD_GRADE_MEASURED;
	case CRD_COND_SITE:
	case CRD_COND_DESTINATION:
	case CRD_COND_PURPOSE:
		return CRD_GRADE_DECLARED;
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
	case CRD_COND_RELEASED:
		return m->released != INT32_MIN;
	case CRD_COND_VENDOR:
	case CRD_COND_JURISDICTION:
	case CRD_COND_LISTED:
	case CRD_COND_GRADE:
		return m->registry && c->n_vendors;
	case CRD_COND_DESTINATION:
		return m->context.destination != NULL;
	case CRD_COND_DRIVER:
	case CRD_COND_FIRMWARE:
	case CRD_COND_DEVICE:
		return crd_joined_witness(m, cond) != CRD_NO_ENTRY;
	case CRD_COND_KIND:
	case CRD_COND_FLAGS:
	case CRD_COND_SIGNER:
	case CRD_COND_ORIGIN:
	case CRD_COND_PART:
	case CRD_COND_STRUCTURE:
	case CRD_COND_COMPONENT:
		return true;
	default:
		return m->text[cond->key].ptr != NULL;
	}
}

static bool about_vendor(enum crd_cond_key key)
{
	return key == CRD_COND_VENDOR || key == CRD_COND_JURISDICTION ||
	       key == CRD_COND_LISTED || key == CRD_COND_GRADE;
}

struct crd_fact crd_fact_of(const struct crd_matcher *m,
			    const struct crd_cond *cond)
{
	const struct crd_component *c = m->c;
	struct crd_component other;
	struct crd_fact f = {
		.grade = CRD_GRADE_UNKNOWN,
		.recnum = c->recnum,
		.in_group = c->in_group,
		.item = c->item,
	};

	f.asked = crd_cond_asked(cond, c);
	f.known = f.asked && is_known(m, cond);
	if (!f.known)
		return f;
	f.grade = about_vendor(cond->key) ? c->grade : grade_of(m, cond);
	if (crd_cond_is_join(cond->key)) { /* it is the other that answers */
		crd_joined_get(m, cond, crd_joined_witness(m, cond), &other);
		f.recnum = other.recnum;
		f.in_group = other.in_group;
		f.item = other.item;
	}
	/* of a machine's own word everything is just that */
	if ((c->grade == CRD_GRADE_SELF_REPORTED ||
	     c->grade == CRD_GRADE_DECLARED) &&
	    f.grade < c->grade)
		f.grade = c->grade;
	return f;
}
