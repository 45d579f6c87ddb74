/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain - how the rules came to what they say of a component. It asks what
 * the judge asks (crd_decide(), crd_matcher_cond()), never a copy of it.
 */
#ifndef CRD_EXPLAIN_H
#define CRD_EXPLAIN_H

#include <jansson.h>

#include "judge.h"
#include "page.h"

/* Whom a condition serves: that decides what doubt does to it. */
enum crd_side { CRD_SIDE_AGAINST, CRD_SIDE_ADMIT, CRD_SIDE_WAIVE };

/* One report being explained, one component after the other. */
struct crd_explainer {
	const struct crd_report *report;
	const struct crd_policy *policy;
	const char *name;	 /* only what is called so; NULL: everything */
	uint32_t rule, presence; /* that is called so, or CRD_NOT_OF */
	struct crd_matcher m;
	struct crd_ruling *rulings; /* in the order of the policy */
	uint32_t *order;	    /* most severe first, then by id */
	struct crd_decision decision;
	struct crd_machine machine;
	uint8_t ak[CRD_MAX_NAME];
};

int crd_explainer_init(struct crd_explainer *e, const struct crd_report *report,
		       const char *name);
void crd_explainer_done(struct crd_explainer *e);
/* Is it one that was asked for? */
bool crd_explainer_wants(const struct crd_explainer *e,
			 const struct crd_component *c);
/* Decides about it once more, and keeps how. -ENOMEM */
int crd_explainer_set(struct crd_explainer *e, const struct crd_component *c);
/* Did that rule make the decision? */
bool crd_rule_decides(const struct crd_explainer *e, uint32_t rule);
enum crd_side crd_rule_side(const struct crd_rule *rule);

/* One condition of a `when`, as the matcher answered it. */
struct crd_answer {
	const struct crd_cond *cond;
	bool holds;
	struct crd_fact fact;
};
/*
 * The answer to condition i of it; after one that does not hold the matcher
 * asks no more, and so does nobody else.
 */
struct crd_answer crd_answer_of(const struct crd_explainer *e,
				struct crd_when when, uint32_t i,
				enum crd_side side);
/* The first condition that does not hold. False: all of them do. */
bool crd_answer_failed(const struct crd_explainer *e, struct crd_when when,
		       enum crd_side side, struct crd_answer *ret_answer);

/* explain_say.c */
/* "measured, record 1, item 12" */
void crd_answer_grade(struct crd_str *str, const struct crd_explainer *e,
		      const struct crd_answer *a);
/* What doubt, or several answers, did to it; nothing, if neither did. */
void crd_answer_doubt(struct crd_str *str, const struct crd_explainer *e,
		      const struct crd_answer *a, enum crd_side side);
/* Why it is known, or not: "its vendor is in the registry" */
void crd_known_say(struct crd_str *str, const struct crd_explainer *e);
const char *crd_known_word(enum crd_known_by by);
/* Why that waiver does not set the rule aside here; nothing: it would. */
void crd_waiver_fault(struct crd_str *str, const struct crd_explainer *e,
		      const struct crd_waiver *waiver);

/* explain_text.c: all blocks that are wanted, without a heading. */
int crd_explain_put(struct crd_explainer *e, struct crd_page *p, crd_put_fn put,
		    void *ctx);

/* explain_json.c: the key "explained" of a component. */
int crd_explain_component(struct crd_explainer *e,
			  const struct crd_component *c, json_t *o, bool *ok);

#endif /* CRD_EXPLAIN_H */
