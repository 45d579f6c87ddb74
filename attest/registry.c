// SPDX-License-Identifier: Apache-2.0
/* Who makes what: load the tables, check them against each other. */
#include "maker_private.h"
#include "registry_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* By entity, then list, then date: the first of a kind is the earliest. */
static int listing_order(const void *a, const void *b)
{
	const struct crd_listing *x = a, *y = b;

	if (x->entity != y->entity)
		return x->entity < y->entity ? -1 : 1;
	if (x->list != y->list)
		return x->list < y->list ? -1 : 1;
	return (x->since > y->since) - (x->since < y->since);
}

static void sort_listings(struct crd_registry *reg)
{
	struct crd_entity *e;
	size_t i = reg->n_listings;

	if (i)
		qsort(reg->listings, i, sizeof(*reg->listings), listing_order);
	while (i--) {
		e = &reg->entities[reg->listings[i].entity];
		e->first_listing = (uint32_t)i;
		e->n_listings++;
	}
}

int crd_registry_digest_files(const struct crd_registry_files *files,
			      struct crd_digest *ret_digest)
{
	const struct crd_buf *file[] = { &files->entities, &files->identifiers,
					 &files->lists,	   &files->listings,
					 &files->sources,  &files->release };
	enum { N = sizeof(file) / sizeof(file[0]) };
	struct crd_buf parts[2 * N];
	uint8_t len[N][8];
	size_t i, k;

	for (i = 0; i < N; i++) {
		for (k = 0; k < 8; k++)
			len[i][k] = (uint8_t)((uint64_t)file[i]->len >>
					      (56 - 8 * k));
		parts[2 * i] = (struct crd_buf){ len[i], 8 };
		parts[2 * i + 1] = *file[i];
	}
	return crd_hash(CRD_ALG_SHA256, parts, 2 * N, ret_digest);
}

int crd_check_read(struct crd_check *c, const struct crd_registry_files *files)
{
	int ret;

	c->reg->text = malloc(files->entities.len + files->lists.len +
			      files->listings.len + files->sources.len + 1);
	if (!c->reg->text)
		return -ENOMEM;
	ret = crd_registry_read_tables(c, files);
	if (!ret)
		sort_listings(c->reg);
	return ret;
}

int crd_registry_load(const struct crd_registry_files *files,
		      struct crd_registry **ret_registry, struct crd_error *err)
{
	struct crd_registry *reg = calloc(1, sizeof(*reg));
	struct crd_check *c = calloc(1, sizeof(*c));
	int ret = -ENOMEM;

	if (!reg || !c)
		goto out;
	reg->memos = calloc(2 * REG_VENDOR_MEMOS, sizeof(*reg->memos));
	if (!reg->memos)
		goto out;
	c->reg = reg;
	c->err = err;
	c->unchecked = files->unchecked;
	ret = crd_check_read(c, files);
	if (!ret)
		ret = crd_makers_load(reg);
	if (!ret && !files->unchecked)
		ret = crd_registry_digest_files(files, &reg->digest);
	if (ret)
		goto out;
	*ret_registry = reg;
	reg = NULL;
out:
	free(c);
	crd_registry_free(&reg);
	return ret;
}

void crd_registry_free(struct crd_registry **registry)
{
	struct crd_registry *reg = *registry;

	if (!reg)
		return;
	free(reg->entities);
	free(reg->lists);
	free(reg->listings);
	free(reg->sources);
	free(reg->slots);
	free(reg->text);
	crd_makers_free(&reg->makers);
	free(reg->memos);
	free(reg);
	*registry = NULL;
}
