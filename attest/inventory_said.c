// SPDX-License-Identifier: Apache-2.0
/* The inventory of a machine without a log: what it says of itself. */
#include <errno.h>
#include <stdlib.h>

#include "appraise_private.h"

int crd_inventory_from_said(struct crd_buf bytes, const struct crd_said *said,
			    size_t n, struct crd_inventory *ret_inventory)
{
	struct crd_inventory inv = { .log = bytes, .self_reported = true };
	struct crd_entry *e;
	size_t i;
	int ret;

	inv.entries = calloc(n + 1, sizeof(*inv.entries));
	if (!inv.entries)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		e = &inv.entries[i];
		e->offset = said[i].offset;
		e->len = said[i].len;
		e->recnum = (uint32_t)i;
		e->event = (uint8_t)said[i].event;
		if (crd_inventory_kind(e) < 0)
			continue;
		e->flags = CRD_FLAG_NOT_COVERED;
		inv.n_kind[crd_inventory_kind(e)]++;
		inv.n++;
	}
	inv.n_entries = inv.cap = n;
	ret = crd_inventory_join(&inv);
	if (ret)
		crd_inventory_done(&inv);
	else
		*ret_inventory = inv;
	return ret;
}
