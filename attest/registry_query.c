// SPDX-License-Identifier: Apache-2.0
/* Questions to a loaded registry; all tables are sorted by their key. */
#include "registry_private.h"

#include <string.h>

/*
 * Eight bytes at a time, the last of them perhaps twice. Who writes the
 * registry is trusted not to look for collisions; they would cost time only.
 */
static size_t hash_of(struct crd_buf id)
{
	uint64_t word, hash = id.len;
	size_t i;

	if (id.len < 8) {
		for (i = 0; i < id.len; i++)
			hash = hash << 8 | id.ptr[i];
	} else {
		for (i = 0; i < id.len; i += 8) {
			if (i > id.len - 8)
				i = id.len - 8;
			memcpy(&word, id.ptr + i, 8);
			hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
			hash ^= hash >> 32;
		}
	}
	hash *= 0x9e3779b97f4a7c15u;
	return (size_t)(hash >> 32);
}

size_t crd_registry_slot(const struct crd_registry *registry, struct crd_buf id)
{
	size_t slot = hash_of(id) & (registry->n_slots - 1);
	const struct crd_entity *e;

	for (; registry->slots[slot] != REG_NONE;
	     slot = (slot + 1) & (registry->n_slots - 1)) {
		e = &registry->entities[registry->slots[slot]];
		if (e->id_len == id.len && !memcmp(e->id, id.ptr, id.len))
			break;
	}
	return slot;
}

uint16_t crd_registry_entity_of(const struct crd_registry *registry,
				struct crd_buf id)
{
	/* no id is empty, and a NULL is not to be compared */
	return id.len ? registry->slots[crd_registry_slot(registry, id)] :
			REG_NONE;
}

uint16_t crd_registry_entity(const struct crd_registry *registry,
			     const char *id)
{
	return crd_registry_entity_of(registry, crd_buf_of(id));
}

uint16_t crd_registry_list_of(const struct crd_registry *registry,
			      struct crd_buf id)
{
	size_t i;

	for (i = 0; i < registry->n_lists; i++) {
		if (crd_buf_equal(crd_buf_of(registry->lists[i].id), id))
			return (uint16_t)i;
	}
	return REG_NONE;
}

uint16_t crd_registry_list(const struct crd_registry *registry, const char *id)
{
	return crd_registry_list_of(registry, crd_buf_of(id));
}

bool crd_registry_has_list(const struct crd_registry *registry,
			   const char *list)
{
	return crd_registry_list(registry, list) != REG_NONE;
}

/* The line that byte `at` is in; no field has a newline in it. */
static size_t line_of(struct crd_buf bytes, size_t at)
{
	const uint8_t *before = memrchr(bytes.ptr, '\n', at);

	return before ? (size_t)(before - bytes.ptr) + 1 : 0;
}

uint16_t crd_registry_find(const struct crd_registry *registry,
			   const char *scheme, struct crd_buf value)
{
	const struct crd_table *table = &registry->identifiers_csv;
	size_t start, lo = 0, hi = table->bytes.len;
	struct crd_row row;
	int order;

	while (lo < hi) {
		start = line_of(table->bytes, lo + (hi - lo) / 2);
		/* fails only where nobody checked it */
		if (crd_table_row(table, start, &row, NULL))
			break;
		order = start ? crd_field_order(crd_buf_of(scheme),
						row.field[0]) :
				1; /* past the header */
		if (!order)
			order = crd_field_order(value, row.field[1]);
		if (!order)
			return crd_registry_entity_of(registry, row.field[2]);
		if (order < 0)
			hi = start;
		else
			lo = start + row.len + 1;
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

uint64_t crd_registry_version(const struct crd_registry *registry)
{
	return registry->version;
}

int32_t crd_registry_date(const struct crd_registry *registry)
{
	return registry->date;
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
			if (crd_listing_holds(&l[i], day))
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
			if (l[i].list == list && crd_listing_holds(&l[i], day))
				return &l[i];
		}
	}
	return NULL;
}
