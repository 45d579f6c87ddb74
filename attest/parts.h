/* SPDX-License-Identifier: Apache-2.0 */
/* parts - the components of an inventory, read once and asked often. */
#ifndef CRD_PARTS_H
#define CRD_PARTS_H

#include "attest.h"

struct crd_parts {
	const struct crd_inventory *inventory;
	const struct crd_registry *registry;
	/* of each component that shows a signature, in their order */
	const struct crd_signing *signings;
	size_t n_signings;
	struct crd_component *kept; /* all of them; NULL: too many */
};

int crd_parts_init(struct crd_parts *parts, const struct crd_inventory *inv,
		   const struct crd_registry *registry);
void crd_parts_done(struct crd_parts *parts);
/*
 * The first time: fn may add what it finds of each. A non-zero return ends it
 * and is returned. Then the caller sets signings, if any were found.
 */
typedef int (*crd_part_fn)(struct crd_component *c, void *ctx);
int crd_parts_read(struct crd_parts *parts, crd_part_fn fn, void *ctx);

/* Again; start with .parts set. Stays until the next call. NULL: no more. */
struct crd_parts_iter {
	const struct crd_parts *parts;
	size_t at, signature;
	struct crd_component c;
};
const struct crd_component *crd_parts_next(struct crd_parts_iter *it);

#endif /* CRD_PARTS_H */
