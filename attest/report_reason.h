/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_reason - what a report for people tells one by one: reasons, and what
 * was waived. Many components of which the same is said are one item.
 */
#ifndef CRD_REPORT_REASON_H
#define CRD_REPORT_REASON_H

#include "appraise_private.h"

struct crd_told {
	const struct crd_finding *f;
	const char *rest; /* of its sentence, after the component's name */
	size_t at;	  /* its place in the report */
	size_t first;	  /* that of the first in its item */
};

struct crd_items {
	struct crd_told *told;
	size_t n, next;
	unsigned int number; /* of the item, from 1 */
};

/* The findings that the verdict rests on: what made it, then what is milder. */
int crd_items_reasons(const struct crd_report *report, struct crd_items *items);
/* Those that a waiver sets aside, in the report's order. */
int crd_items_waived(const struct crd_report *report, struct crd_items *items);
void crd_items_done(struct crd_items *items);
/* The next item's findings, n of them; NULL: there is none. */
const struct crd_told *crd_items_next(struct crd_items *items, size_t *ret_n);

/* What is said of all of them. */
void crd_told_say(struct crd_str *str, const struct crd_told *told, size_t n);
/* One text of each, "; " between; once, if it is the same in all of them. */
enum crd_told_what { CRD_TOLD_COMPONENT, CRD_TOLD_OBSERVED, CRD_TOLD_PLACE };
void crd_told_list(struct crd_str *str, const struct crd_told *told, size_t n,
		   enum crd_told_what what);

#endif /* CRD_REPORT_REASON_H */
