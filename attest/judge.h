/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge - components before the rules. judge.c decides, judge_hits.c keeps
 * what is to be told, judge_say.c tells it;
 * whoever else wants to know what a rule does to a component asks here too.
 */
#ifndef CRD_JUDGE_H
#define CRD_JUDGE_H

#include "appraise_private.h"

/* Pseudo rules behind the real ones. */
enum { CRD_OTHERWISE_KNOWN, CRD_OTHERWISE_UNKNOWN, CRD_N_OTHERWISE };
#define CRD_CHECK_KNOWN	  "otherwise-known"
#define CRD_CHECK_UNKNOWN "otherwise-unknown"

/* What one rule says of a component. */
struct crd_ruling {
	bool holds;
	const struct crd_waiver *waiver; /* that sets it aside, or NULL */
};

/* What all of them together say of it. */
struct crd_decision {
	enum crd_verdict verdict;
	bool ruled; /* by a rule; if not, by `otherwise` */
	bool known;
	bool held; /* some rule holds, waived or not */
};

/*
 * The decision about the component that the matcher was set to; rulings has
 * room for one of each rule. The most severe rule that holds unwaived decides.
 */
struct crd_decision crd_decide(const struct crd_matcher *m,
			       struct crd_ruling *rulings);

struct crd_hit {
	uint32_t rule; /* index, or n_rules + pseudo rule */
	struct crd_component c;
	const struct crd_waiver *waiver;
	uint64_t count;
	const char *check; /* the rule's id */
	unsigned int rank; /* the worse the higher */
};

/*
 * What one rule refuses or refers, or one waiver sets aside: so many lines, then
 * the rest in one.
 */
struct crd_lines {
	uint32_t n;
	uint64_t rest;	       /* components without a line */
	struct crd_hit *named; /* some of them, the worst first; or NULL */
	size_t n_named;
};

struct crd_found;
struct crd_judge {
	struct crd_work *w;
	const struct crd_policy *policy;
	struct crd_matcher m;
	struct crd_hit *hits;
	size_t n_hits, cap;
	struct crd_ruling *rulings;
	struct crd_lines *lines; /* per rule, pseudo rule, waiver */
	uint64_t admitted;
	struct crd_found *found; /* per presence */
};

/* Everything in the report's inventory; findings of the stage policy. */
int crd_judge_rules(struct crd_work *w);

/* judge_presence.c: how many there are of what the policy counts. */
int crd_presence_start(struct crd_judge *j);
void crd_presence_done(struct crd_judge *j);
/* Counts the component that j->m was set to. */
void crd_presence_note(struct crd_judge *j);
int crd_presence_say(struct crd_judge *j);

/* judge_hits.c */
int crd_hits_start(struct crd_judge *j);
void crd_hits_done(struct crd_judge *j);
/*
 * That the rule holds for the component that j->m was set to, and is set aside
 * there by that waiver, if any; known: somebody vouches for it.
 */
int crd_hit_add(struct crd_judge *j, uint32_t rule,
		const struct crd_waiver *waiver, bool known);
/* All of them, as findings. */
int crd_hits_say(struct crd_judge *j);

/* judge_say.c */
/* In the reader's language; NULL: there is none. */
const char *crd_hit_text(const struct crd_judge *j, struct crd_texts texts);
/* "measurer log, record 17, item 3" */
void crd_place_say(struct crd_str *str, const struct crd_inventory *inv,
		   const struct crd_component *c);
enum crd_verdict crd_hit_verdict(const struct crd_judge *j, uint32_t rule);
/* The rule's id, or "otherwise-known" and "otherwise-unknown" */
const char *crd_hit_check(const struct crd_judge *j, uint32_t rule);
/* That it is in force; that one is not (NULL: says nothing), and why. */
void crd_waiver_say(struct crd_str *sentence, const struct crd_judge *j,
		    const struct crd_waiver *waiver);
void crd_lapsed_say(struct crd_str *sentence, const struct crd_waiver *waiver,
		    enum crd_waiver_lack why);
int crd_hit_say(struct crd_judge *j, const struct crd_hit *hit);
/* What has no line of its own. */
int crd_rest_say(struct crd_judge *j, const struct crd_lines *lines);

#endif /* CRD_JUDGE_H */
