// SPDX-License-Identifier: Apache-2.0
/* Questions to a loaded registry; all tables are sorted by their key. */
#include "registry_private.h"

#include <stdatomic.h>
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

bool crd_registry_row(const struct crd_registry *registry, const char *scheme,
		      struct crd_buf value, struct crd_row *row, size_t *ret_at)
{
	const struct crd_table *table = &registry->identifiers_csv;
	const struct crd_buf first = crd_buf_of(scheme);
	size_t start, lo = 0, hi = table->bytes.len;
	int order;

	while (lo < hi) {
		start = line_of(table->bytes, lo + (hi - lo) / 2);
		/* fails only where nobody checked it */
		if (!crd_table_key(table, start, 2, row))
			break;
		order = start ? crd_field_order(first, row->field[0]) :
				1; /* past the header */
		if (!order)
			order = crd_field_order(value, row->field[1]);
		*ret_at = start;
		if (!order)
			return !crd_table_row(table, start, row, NULL);
		if (order < 0)
			hi = start;
		else
			lo = start + row->len + 1;
	}
	*ret_at = lo;
	return false;
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

size_t crd_registry_first(const struct crd_registry *registry,
			  const char *scheme)
{
	struct crd_row row;
	size_t at;

	/* no value is empty */
	crd_registry_row(registry, scheme, crd_buf_of(""), &row, &at);
	return at;
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
	const struct crd_buf *bytes = &registry->identifiers_csv.bytes;
	uint8_t pattern[REG_MAX_FIRMWARE];
	size_t n, at;

	if (crd_registry_row(registry, "firmware", name, row, ret_at))
		return true;
	at = *ret_at;
	n = shared(registry, "firmware", at, name, row);
	if (at) {
		at = shared(registry, "firmware", line_of(*bytes, at - 1), name,
			    row);
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
