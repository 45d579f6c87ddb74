/* SPDX-License-Identifier: Apache-2.0 */
/* The registry from inside: tables, entities, and what policy asks of them. */
#ifndef CRD_REGISTRY_PRIVATE_H
#define CRD_REGISTRY_PRIVATE_H

#include "attest.h"
#include "text_private.h"

enum {
	REG_MAX_FILE = 64 * 1024 * 1024,
	REG_MAX_LINE = 8192,
	REG_MAX_ENTITIES = 65534, /* an index is 16 bits */
	REG_MAX_LISTS = 256,	  /* bits of struct crd_list_set */
	REG_MAX_COLUMNS = 16,
	REG_MAX_CHAIN = 32, /* parents above one another */
};

#define REG_NONE 0xffffu

/* table.c: one strict CSV file as cells. */
struct crd_table {
	const char *file;
	unsigned int n_columns;
	size_t n_rows;	    /* without the header */
	const char **cells; /* row by row, NUL-terminated */
	char *text;	    /* what the cells point into */
};

/* columns: the header wanted, names separated by commas. */
int crd_table_load(struct crd_table *table, const char *file,
		   const char *columns, struct crd_buf bytes,
		   struct crd_error *err);
void crd_table_done(struct crd_table *table);
/* An error about that cell, with its line and byte column. */
int crd_table_fail(const struct crd_table *table, struct crd_buf bytes,
		   size_t row, unsigned int column, struct crd_error *err,
		   const char *fmt, ...) __attribute__((format(printf, 6, 7)));

static inline const char *crd_cell(const struct crd_table *table, size_t row,
				   unsigned int column)
{
	return table->cells[row * table->n_columns + column];
}

struct crd_entity {
	const char *id;
	const char *name;
	uint16_t parent; /* REG_NONE: a root */
	uint16_t n_listings;
	uint32_t first_listing; /* in by_entity */
	char hq[3];
	char ultimate[3];
};

struct crd_list {
	const char *id;
	const char *title;
};

struct crd_listing {
	uint16_t list;
	uint16_t entity;
	int32_t since; /* day */
	const char *scope;
};

struct crd_registry {
	struct crd_table entities_csv, identifiers_csv, lists_csv, listings_csv;
	struct crd_entity *entities;
	struct crd_list *lists;
	struct crd_listing *listings; /* by entity */
	size_t n_entities, n_lists, n_listings;
	struct crd_digest digest;
};

struct crd_list_set {
	uint64_t word[REG_MAX_LISTS / 64];
};

static inline void crd_list_set_add(struct crd_list_set *set, uint16_t list)
{
	set->word[list / 64] |= 1ull << (list % 64);
}

static inline bool crd_list_set_has(const struct crd_list_set *set,
				    uint16_t list)
{
	return set->word[list / 64] >> (list % 64) & 1;
}

/* Index by id, REG_NONE if there is none. */
uint16_t crd_registry_entity(const struct crd_registry *registry,
			     const char *id);
uint16_t crd_registry_list(const struct crd_registry *registry, const char *id);
/* As crd_registry_lookup(), for text with a length; gives the index. */
uint16_t crd_registry_find(const struct crd_registry *registry,
			   const char *scheme, struct crd_buf value);
bool crd_registry_has_country(const struct crd_registry *registry,
			      const char *code);
/* Is `entity` that one, or somewhere below it? */
bool crd_registry_below(const struct crd_registry *registry, uint16_t entity,
			uint16_t above);
/* Lists in force on `day` for the entity or a parent of it. */
void crd_registry_lists_of(const struct crd_registry *registry, uint16_t entity,
			   int32_t day, struct crd_list_set *ret_set);
/* The earliest listing behind a bit of that set, and who is listed. */
const struct crd_listing *
crd_registry_listing(const struct crd_registry *registry, uint16_t entity,
		     uint16_t list, int32_t day);

#endif /* CRD_REGISTRY_PRIVATE_H */
