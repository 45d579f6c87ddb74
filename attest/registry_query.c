// SPDX-License-Identifier: Apache-2.0
/* Questions to a loaded registry; all tables are sorted by their key. */
#include "registry_private.h"

#include <string.h>

uint16_t crd_registry_entity(const struct crd_registry *registry,
			     const char *id)
{
	size_t mid, lo = 0, hi = registry->n_entities;
	int order;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		order = strcmp(id, registry->entities[mid].id);
		if (!order)
			return (uint16_t)mid;
		if (order < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return REG_NONE;
}

uint16_t crd_registry_list(const struct crd_registry *registry, const char *id)
{
	size_t i;

	for (i = 0; i < registry->n_lists; i++) {
		if (!strcmp(registry->lists[i].id, id))
			return (uint16_t)i;
	}
	return REG_NONE;
}

bool crd_registry_has_list(const struct crd_registry *registry,
			   const char *list)
{
	return crd_registry_list(registry, list) != REG_NONE;
}

/* strcmp() of a text with a length and one with a terminator. */
static int compare(struct crd_buf a, const char *b)
{
	size_t len = strlen(b);
	int order = a.len ? memcmp(a.ptr, b, a.len < len ? a.len : len) : 0;

	if (order)
		return order;
	return (a.len > len) - (a.len < len);
}

uint16_t crd_registry_find(const struct crd_registry *registry,
			   const char *scheme, struct crd_buf value)
{
	const struct crd_table *t = &registry->identifiers_csv;
	size_t mid, lo = 0, hi = t->n_rows;
	int order;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		order = strcmp(scheme, crd_cell(t, mid, 0));
		if (!order)
			order = compare(value, crd_cell(t, mid, 1));
		if (!order)
			return crd_registry_entity(registry,
						   crd_cell(t, mid, 2));
		if (order < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return REG_NONE;
}

const char *crd_registry_lookup(const struct crd_registry *registry,
				const char *scheme, const char *value)
{
	uint16_t entity =
		crd_registry_find(registry, scheme, crd_buf_of(value));

	return entity == REG_NONE ? NULL : registry->entities[entity].id;
}

const struct crd_digest *
crd_registry_digest(const struct crd_registry *registry)
{
	return &registry->digest;
}

bool crd_registry_has_country(const struct crd_registry *registry,
			      const char *code)
{
	size_t i;

	for (i = 0; i < registry->n_entities; i++) {
		if (!strcmp(registry->entities[i].hq, code))
			return true;
	}
	return false;
}

/* Loading made sure that every chain ends. */
bool crd_registry_below(const struct crd_registry *registry, uint16_t entity,
			uint16_t above)
{
	while (entity != REG_NONE && entity != above)
		entity = registry->entities[entity].parent;
	return entity != REG_NONE;
}

void crd_registry_lists_of(const struct crd_registry *registry, uint16_t entity,
			   int32_t day, struct crd_list_set *ret_set)
{
	const struct crd_entity *e;
	const struct crd_listing *l;
	unsigned int i;

	for (; entity != REG_NONE; entity = e->parent) {
		e = &registry->entities[entity];
		l = &registry->listings[e->first_listing];
		for (i = 0; i < e->n_listings; i++) {
			if (l[i].since <= day)
				crd_list_set_add(ret_set, l[i].list);
		}
	}
}

const struct crd_listing *
crd_registry_listing(const struct crd_registry *registry, uint16_t entity,
		     uint16_t list, int32_t day)
{
	const struct crd_entity *e;
	const struct crd_listing *l;
	unsigned int i;

	for (; entity != REG_NONE; entity = e->parent) {
		e = &registry->entities[entity];
		l = &registry->listings[e->first_listing];
		for (i = 0; i < e->n_listings; i++) {
			if (l[i].list == list && l[i].since <= day)
				return &l[i];
		}
	}
	return NULL;
}
