// SPDX-License-Identifier: Apache-2.0
/*
 * The components of an inventory with what was found of their signatures. They
 * are asked for several times; reading one and looking up its makers costs more
 * than a hundred rules, so they are kept, unless a log has very many.
 */
#include "parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KEPT = 4096 };

int crd_parts_init(struct crd_parts *p, const struct crd_inventory *inv,
		   const struct crd_registry *registry)
{
	*p = (struct crd_parts){ .inventory = inv, .registry = registry };
	if (inv->n && inv->n <= MAX_KEPT) {
		p->kept = malloc(inv->n * sizeof(*p->kept));
		if (!p->kept)
			return -ENOMEM;
	}
	return 0;
}

void crd_parts_done(struct crd_parts *p)
{
	free(p->kept);
	memset(p, 0, sizeof(*p));
}

int crd_parts_read(struct crd_parts *p, crd_part_fn fn, void *ctx)
{
	struct crd_inventory_iter it = { .inventory = p->inventory,
					 .registry = p->registry };
	struct crd_component c;
	size_t n = 0;
	int ret = 0;

	while (!ret && crd_inventory_next(&it, &c)) {
		ret = fn(&c, ctx);
		if (p->kept)
			p->kept[n++] = c;
	}
	return ret;
}

const struct crd_component *crd_parts_next(struct crd_parts_iter *it)
{
	const struct crd_parts *p = it->parts;

	if (p->kept)
		return it->at < p->inventory->n ? &p->kept[it->at++] : NULL;
	while (it->at < p->inventory->n_entries) {
		if (!crd_inventory_get(p->inventory, p->registry,
				       (uint32_t)it->at++, &it->c))
			continue;
		if (it->c.signature.ptr && it->signature < p->n_signings)
			it->c.signing = p->signings[it->signature++];
		return &it->c;
	}
	return NULL;
}
