/* SPDX-License-Identifier: Apache-2.0 */
/* The registry from inside: tables, entities, and what policy asks of them. */
#ifndef CRD_REGISTRY_PRIVATE_H
#define CRD_REGISTRY_PRIVATE_H

#include <string.h>

#include "attest.h"
#include "text_private.h"

enum {
	REG_MAX_FILE = 64 * 1024 * 1024,
	REG_MAX_LINE = 8192,
	REG_MAX_ENTITIES = 65534, /* an index is 16 bits */
	REG_MAX_LISTS = 256,	  /* bits of struct crd_list_set */
	REG_MAX_COLUMNS = 16,
	REG_MAX_SOURCES = 4096,
	REG_MAX_FIRMWARE = 255, /* bytes of a pattern */
	REG_MAX_VERSION = 18,	/* digits */
	REG_MAX_CHAIN = 32,	/* parents above one another */
};

#define REG_NONE 0xffffu

/* table.c: one strict CSV file, and one row of it as fields. */
struct crd_table {
	const char *file;
	unsigned int n_columns;
	struct crd_buf bytes; /* borrowed */
};

struct crd_row {
	const uint8_t *start;
	size_t len;	   /* without the newline */
	unsigned int line; /* for errors */
	struct crd_buf field[REG_MAX_COLUMNS];
	size_t used;		    /* of room */
	uint8_t room[REG_MAX_LINE]; /* fields that had doubled quotes */
};

/* Goes through a table; keeps the row before, to compare. */
struct crd_cursor {
	const struct crd_table *table;
	const struct crd_row *row;
	size_t n_rows;	     /* read so far, this one too */
	size_t next;	     /* offset */
	unsigned int n_same; /* first fields that are those of the row before */
	struct crd_row rows[2];
};

/* The header; columns: the one wanted, names separated by commas. */
int crd_table_open(struct crd_table *table, const char *file,
		   const char *columns, struct crd_buf bytes,
		   struct crd_cursor *cursor, struct crd_error *err);
/*
 * 1: cursor->row is the next row; 0: there is none. An error, and cursor->next
 * has moved: a row, at the wrong place; has not: no row, to be skipped.
 */
int crd_table_next(struct crd_cursor *cursor, struct crd_error *err);
/* Past a line that is no row. */
void crd_table_skip(struct crd_cursor *cursor);
/* The row at that offset; set row->line for errors. */
int crd_table_row(const struct crd_table *table, size_t offset,
		  struct crd_row *row, struct crd_error *err);
/*
 * Its first n fields, and its length; n < columns. Rows that are passed by in
 * the thousands need not be read whole. Unlike above, a row that was never
 * checked may be taken for what it is not; false only if it begins with quotes
 * and is none.
 */
bool crd_table_key(const struct crd_table *table, size_t offset, unsigned int n,
		   struct crd_row *row);
/* Where the line begins that byte `at` is in. */
size_t crd_table_line(const struct crd_table *table, size_t at);
/*
 * The row that begins with those n fields, and where it stands; false: there is
 * none, and it would stand there.
 */
bool crd_table_find(const struct crd_table *table, const struct crd_buf *key,
		    unsigned int n, struct crd_row *row, size_t *ret_at);
/* An error about a field of a line, with its byte column; the same of a row. */
int crd_table_fail(const struct crd_table *table, unsigned int line,
		   unsigned int column, struct crd_error *err, const char *fmt,
		   ...) __attribute__((format(printf, 5, 6)));
int crd_row_fail(const struct crd_table *table, const struct crd_row *row,
		 unsigned int column, struct crd_error *err, const char *fmt,
		 ...) __attribute__((format(printf, 5, 6)));

/* For "%.*s". */
#define CRD_FIELD(field) (int)(field).len, (const char *)(field).ptr

/* As strcmp(), of which the tables' order is made. */
static inline int crd_field_order(struct crd_buf a, struct crd_buf b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.ptr, b.ptr, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

struct crd_entity {
	const char *id;
	const char *name;
	const char *parent_id; /* "": a root */
	uint16_t id_len;       /* at most REG_MAX_LINE */
	uint16_t parent;       /* REG_NONE: a root */
	uint16_t n_listings;
	uint32_t first_listing; /* in by_entity */
	uint32_t line;
	char hq[3];
	char ultimate[3];
};

struct crd_list {
	const char *id;
	const char *title;
	uint32_t line;
	int32_t since; /* day */
};

struct crd_listing {
	uint16_t list;
	uint16_t entity;
	int32_t since, until; /* days, both belong to it */
	const char *scope;
	uint32_t line;
};

struct crd_source {
	const char *id;
	uint32_t line;
};

/* What was found of a vendor id, and whether it was: KNOWN | id << 16 | entity */
typedef _Atomic uint64_t crd_vendor_memo_t;
enum { REG_VENDOR_MEMOS = 256 };

struct crd_registry {
	struct crd_table entities_csv, identifiers_csv, lists_csv, listings_csv;
	struct crd_table sources_csv, release_csv;
	struct crd_registry *later; /* itself, if entities are read when asked
				     * for, by one thread; NULL: all are there
				     */
	uint16_t *slots;	    /* entities by the hash of their id */
	size_t n_slots;		    /* a power of two, more than entities */
	char *text;		    /* ids, names, titles, scopes */
	size_t text_len;
	struct crd_entity *entities;
	struct crd_list *lists;
	struct crd_listing *listings; /* by entity */
	struct crd_source *sources;
	size_t n_entities, n_lists, n_listings, n_sources;
	struct crd_makers *makers; /* maker.c */
	crd_vendor_memo_t *memos;  /* of pci ids, then of usb ids */
	uint64_t version;	   /* 0: not read */
	int32_t date;
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
uint16_t crd_registry_entity_of(const struct crd_registry *registry,
				struct crd_buf id);
uint16_t crd_registry_entity(const struct crd_registry *registry,
			     const char *id);
uint16_t crd_registry_list(const struct crd_registry *registry, const char *id);
uint16_t crd_registry_list_of(const struct crd_registry *registry,
			      struct crd_buf id);
/* As crd_registry_lookup(), for text with a length; gives the index. */
uint16_t crd_registry_find(const struct crd_registry *registry,
			   const char *scheme, struct crd_buf value);
/*
 * The same for the number of a vendor on PCI, or else USB. A machine has few of
 * them and each often, so what was found is remembered; from any thread.
 */
uint16_t crd_registry_vendor(const struct crd_registry *registry, bool pci,
			     uint16_t id);
/*
 * The row of that identifier in identifiers.csv, and where it begins; false:
 * there is none, and it would stand there.
 */
bool crd_registry_row(const struct crd_registry *registry, const char *scheme,
		      struct crd_buf value, struct crd_row *row,
		      size_t *ret_at);
/* The same for the longest pattern that fits the name of an image ... */
bool crd_registry_firmware(const struct crd_registry *registry,
			   struct crd_buf name, struct crd_row *row,
			   size_t *ret_at);
/* ... and for the longest assignment that a MAC address begins with. */
bool crd_registry_oui(const struct crd_registry *registry, struct crd_buf hex,
		      struct crd_row *row, size_t *ret_at);
bool crd_registry_has_country(const struct crd_registry *registry,
			      const char *code);
/* Is `entity` that one, or somewhere below it? */
bool crd_registry_below(const struct crd_registry *registry, uint16_t entity,
			uint16_t above);
/* Lists in force on `day` for the entity or a parent of it. */
void crd_registry_lists_of(const struct crd_registry *registry, uint16_t entity,
			   int32_t day, struct crd_list_set *ret_set);
static inline bool crd_listing_holds(const struct crd_listing *l, int32_t day)
{
	return l->since <= day && day <= l->until;
}

/* The earliest listing behind a bit of that set, and who is listed. */
const struct crd_listing *
crd_registry_listing(const struct crd_registry *registry, uint16_t entity,
		     uint16_t list, int32_t day);

#endif /* CRD_REGISTRY_PRIVATE_H */
