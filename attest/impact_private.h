/* SPDX-License-Identifier: Apache-2.0 */
/* Impact from inside: counting tables, and what their rows mean. */
#ifndef CRD_IMPACT_PRIVATE_H
#define CRD_IMPACT_PRIVATE_H

#include "impact.h"

/* What can be the cause of a verdict. */
enum crd_cause {
	CRD_CAUSE_RULE,	     /* id of a rule, or otherwise-known ... */
	CRD_CAUSE_CHECK,     /* what `requires` asks of the machine, ... */
	CRD_CAUSE_COMPONENT, /* "driver hinic", "device 8086:10d3" */
	CRD_CAUSE_VENDOR,    /* id of an entity */
	CRD_CAUSE_WAIVER,    /* a rule, then a component; a presence */
	CRD_CAUSE_MAX,
};

/* A cause of the new policy's verdicts, or of those of the old one. */
struct crd_impact_row {
	char *text;
	char *more;	   /* WAIVER of a rule: the component; else NULL */
	uint8_t cause;	   /* enum crd_cause */
	uint8_t side;	   /* 0: the policy before, 1: the one after */
	uint64_t machines; /* that have their verdict by it, among others */
	uint64_t changed;  /* of these: whose verdict the policies differ in */
	uint64_t alone;	   /* machines with no other cause of its kind */
	uint64_t last;	   /* machine that touched it last */
};

/* impact_table.c: rows by their side, cause and text. */
struct crd_impact_table {
	struct crd_impact_row *rows;
	size_t n, cap;
	uint32_t *slots; /* row + 1; 0: free */
	size_t n_slots;	 /* a power of two, more than rows */
	uint64_t lost;	 /* causes that found no room */
};

/* *ret_row: NULL if the table is full. -ENOMEM */
int crd_impact_row(struct crd_impact_table *table, unsigned int side,
		   enum crd_cause cause, const char *text, const char *more,
		   struct crd_impact_row **ret_row);
void crd_impact_table_done(struct crd_impact_table *table);

struct crd_impact {
	struct crd_impact_in in;
	struct crd_impact_sum sum;
	struct crd_impact_table table;
	struct crd_signing_memo *memos[2]; /* of each policy */
	uint64_t n;			   /* machines so far */
};

/* Rows to show: of one side and cause, the most frequent first. */
struct crd_impact_list {
	const struct crd_impact_row **rows;
	size_t n;
};
enum crd_impact_by {
	CRD_BY_CHANGED, /* that made a difference */
	CRD_BY_ALONE,	/* that alone hold a machine back */
};
int crd_impact_list(const struct crd_impact *impact, unsigned int side,
		    enum crd_cause cause, enum crd_impact_by by,
		    struct crd_impact_list *ret_list);
void crd_impact_list_done(struct crd_impact_list *list);

/* The sections of an answer: what changed for worse, by the new policy's
 * rules, and for better, as the old one's are gone.
 */
extern const char *const crd_cause_names[CRD_CAUSE_MAX]; /* "rules" ... */

#endif /* CRD_IMPACT_PRIVATE_H */
