/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison of two machines under way. */
#ifndef CRD_DIFF_PRIVATE_H
#define CRD_DIFF_PRIVATE_H

#include "change.h"

/* A change, and the things that it is about; NULL: on that side it is not. */
struct crd_draft {
	const struct crd_thing *before, *after;
	struct crd_change change;
};

/* A thing among its like. */
struct crd_like {
	const struct crd_thing *thing;
	bool before;
};

struct crd_diffing {
	struct crd_things before, after;
	size_t n_before, n_after; /* of those that the quote covers */
	struct crd_change_view view;
	uint32_t *to_after, *to_before;
	struct crd_draft *drafts;
	size_t n_drafts;
	struct crd_like *like; /* all of both, sorted by what they are */
	size_t n_like;
	struct crd_tag *contents; /* of before's things, sorted */
	size_t tolerated[CRD_RULE_MAX];
	struct crd_diff *diff;
};

/* diff_find.c */
int crd_diffing_index(struct crd_diffing *d);
/* Was one of the same maker and model, or name, there before? */
bool crd_diffing_has_like(const struct crd_diffing *d,
			  const struct crd_thing *after);
/* Is one of the same content there before? For what the quote does not cover. */
bool crd_diffing_knows(const struct crd_diffing *d,
		       const struct crd_thing *after);
/* Do two that are there now bear its serial number? */
bool crd_diffing_serial_twice(const struct crd_diffing *d,
			      const struct crd_thing *after);
/* Of two that took each other's place: both. */
void crd_diffing_find_swaps(struct crd_diffing *d);
/* The result: changes in words and in order, what was tolerated. */
int crd_diffing_finish(struct crd_diffing *d);
void crd_change_done(struct crd_change *change);

#endif /* CRD_DIFF_PRIVATE_H */
