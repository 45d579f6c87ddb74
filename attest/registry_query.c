// SPDX-License-Identifier: Apache-2.0
/* Questions to a loaded registry; all tables are sorted by their key. */
#include "registry_private.h"

#include <stdatomic.h>
#include <string.h>

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

bool crd_registry_row(const struct crd_registry *registry, const char *scheme,
		      struct crd_buf value, struct crd_row *row, size_t *ret_at)
{
	const struct crd_buf key[] = { crd_buf_of(scheme), value };

	return crd_table_find(&registry->identifiers_csv, key, 2, row, ret_at);
}

uint16_t crd_registry_find(const struct crd_registry *registry,
			   const char *scheme, struct crd_buf value)
{
	struct crd_row row;
	size_t at;

	return crd_registry_row(registry, scheme, value, &row, &at) ?
		       crd_registry_entity_of(registry, row.field[2]) :
		       REG_NONE;
}

uint16_t crd_registry_vendor(const struct crd_registry *registry, bool pci,
			     uint16_t id)
{
	const uint64_t mark = 1ull << 32 | (uint64_t)id << 16;
	crd_vendor_memo_t *memo = &registry->memos[id % REG_VENDOR_MEMOS];
	char hex[4];
	uint64_t found;

	if (!pci)
		memo += REG_VENDOR_MEMOS;
	found = atomic_load_explicit(memo, memory_order_relaxed);
	if ((found & ~0xffffull) != mark) {
		crd_put_hex4(hex, id);
		found = mark | crd_registry_find(
				       registry, pci ? "pci" : "usb",
				       (struct crd_buf){ (const uint8_t *)hex,
							 sizeof(hex) });
		atomic_store_explicit(memo, found, memory_order_relaxed);
	}
	return (uint16_t)found;
}

/* How much of the name the row at `at` begins with; 0: of another scheme. */
static size_t shared(const struct crd_registry *registry, const char *scheme,
		     size_t at, struct crd_buf name, struct crd_row *row)
{
	const struct crd_table *table = &registry->identifiers_csv;
	struct crd_buf value;
	size_t n = 0;

	if (at >= table->bytes.len || crd_table_row(table, at, row, NULL) ||
	    crd_field_order(crd_buf_of(scheme), row->field[0]))
		return 0;
	value = row->field[1];
	while (n < value.len && n < name.len && value.ptr[n] == name.ptr[n])
		n++;
	return n;
}

/*
 * No pattern shares more with the name than the rows between which it would
 * stand. So one that fits is found at once, and of none there is little to try.
 */
bool crd_registry_firmware(const struct crd_registry *registry,
			   struct crd_buf name, struct crd_row *row,
			   size_t *ret_at)
{
	const struct crd_table *table = &registry->identifiers_csv;
	uint8_t pattern[REG_MAX_FIRMWARE];
	size_t n, at;

	if (crd_registry_row(registry, "firmware", name, row, ret_at))
		return true;
	at = *ret_at;
	n = shared(registry, "firmware", at, name, row);
	if (at) {
		at = shared(registry, "firmware", crd_table_line(table, at - 1),
			    name, row);
		if (at > n)
			n = at;
	}
	if (n >= sizeof(pattern))
		n = sizeof(pattern) - 1;
	for (; n; n--) {
		memcpy(pattern, name.ptr, n);
		pattern[n] = '*';
		if (crd_registry_row(registry, "firmware",
				     (struct crd_buf){ pattern, n + 1 }, row,
				     ret_at))
			return true;
	}
	return false;
}

bool crd_registry_oui(const struct crd_registry *registry, struct crd_buf hex,
		      struct crd_row *row, size_t *ret_at)
{
	static const uint8_t lengths[] = { 9, 7, 6 };
	size_t i;

	for (i = 0; i < sizeof(lengths); i++) {
		if (hex.len >= lengths[i] &&
		    crd_registry_row(registry, "oui",
				     (struct crd_buf){ hex.ptr, lengths[i] },
				     row, ret_at))
			return true;
	}
	return false;
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
