/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several answers to one question, and none: policy_private.h states what that
 * means for a rule that refuses and for one that admits.
 */
#ifndef CRD_POLICY_FOLD_H
#define CRD_POLICY_FOLD_H

#include "policy_cond.h"

/* `in` for one of several answers, folded into the whole. */
struct crd_fold {
	bool benefit;
	bool negate;
	bool holds;
};

static inline struct crd_fold crd_fold_start(const struct crd_cond *cond,
					     bool benefit)
{
	return (struct crd_fold){ benefit, cond->negate, benefit };
}

static inline void crd_fold_held(struct crd_fold *f, bool holds)
{
	f->holds = f->benefit ? f->holds && holds : f->holds || holds;
}

static inline void crd_fold_add(struct crd_fold *f, bool in)
{
	crd_fold_held(f, in != f->negate);
}

/* The evidence does not say. */
static inline bool crd_holds_unknown(const struct crd_cond *cond, bool benefit)
{
	if (cond->negate)
		return !benefit && !cond->unknown;
	return cond->unknown;
}

/* policy_vendor.c */
bool crd_match_vendor(const struct crd_matcher *m, const struct crd_cond *cond,
		      bool benefit);
bool crd_match_grade(const struct crd_matcher *m, const struct crd_cond *cond,
		     bool benefit);
bool crd_match_destination(const struct crd_matcher *m,
			   const struct crd_cond *cond, bool benefit);

#endif /* CRD_POLICY_FOLD_H */
