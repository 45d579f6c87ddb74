/* SPDX-License-Identifier: Apache-2.0 */
/* A table of the registry while it is read, and checks of its fields. */
#ifndef CRD_REGISTRY_CHECK_H
#define CRD_REGISTRY_CHECK_H

#include "registry.h"
#include "registry_private.h"

/* Columns of entities.csv. */
enum {
	ENT_ID,
	ENT_NAME,
	ENT_PARENT,
	ENT_HQ,
	ENT_ULTIMATE,
	ENT_KIND,
	ENT_CONFIDENCE,
	ENT_BASIS,
	ENT_AS_OF
};

/* Who wants all of the errors, not only the first. */
struct crd_faults {
	crd_fault_fn fn;
	void *ctx;
	size_t n; /* errors */
};

/* The row being read, and where errors go. */
struct crd_check {
	struct crd_cursor cursor;
	struct crd_registry *reg;
	struct crd_error *err;
	const char *source;	/* of the row before */
	struct crd_faults *all; /* NULL: the first error ends it */
	size_t before;		/* all->n as this row began */
	bool unchecked;
};

/*
 * An error in c->err. Without c->all it is what ret says; else it is told, and
 * reading goes on with 0.
 */
int crd_check_told(const struct crd_check *c, const struct crd_table *table,
		   int ret);
/* Was something told of this row? Then it is not to be relied on. */
static inline bool crd_check_bad(const struct crd_check *c)
{
	return c->all && c->all->n != c->before;
}

/* registry_rows.c: all tables, each after those that it names. */
int crd_registry_read_tables(struct crd_check *c,
			     const struct crd_registry_files *files);
/* registry_entity.c: a copy of the text that outlives the row. */
const char *crd_registry_keep(struct crd_registry *reg, struct crd_buf text);
/* One more entity; there is room for it. */
void crd_entity_keep(struct crd_registry *reg, const struct crd_row *row);
/* Entities to their parents, and by their ids. */
int crd_registry_link(struct crd_check *c);
/* None is there yet: each is read when it is asked for. */
int crd_registry_link_later(struct crd_check *c);
/* registry.c: all of it, into c->reg. */
int crd_check_read(struct crd_check *c, const struct crd_registry_files *files);

int crd_registry_digest_files(const struct crd_registry_files *files,
			      struct crd_digest *ret_digest);

static inline struct crd_buf crd_check_field(const struct crd_check *c,
					     unsigned int column)
{
	return c->cursor.row->field[column];
}

/* About a field of that row. */
#define crd_check_fail(c, column, ...)                                  \
	crd_check_told((c), (c)->cursor.table,                          \
		       crd_row_fail((c)->cursor.table, (c)->cursor.row, \
				    (column), (c)->err, __VA_ARGS__))

static inline bool crd_field_is(struct crd_buf field, const char *text)
{
	return field.len == strlen(text) && !memcmp(field.ptr, text, field.len);
}

/* One of these words; the last is NULL. */
int crd_check_word(const struct crd_check *c, unsigned int column,
		   const char *const *words);
int crd_check_id(const struct crd_check *c, unsigned int column);
int crd_check_filled(const struct crd_check *c, unsigned int column);
int crd_check_date(const struct crd_check *c, unsigned int column,
		   int32_t *ret_day);
int crd_check_country(const struct crd_check *c, unsigned int column);
/* The first columns are a key, which may not repeat. */
int crd_check_unique(const struct crd_check *c, unsigned int n_keys);
/* No more rows than that. */
int crd_check_limit(const struct crd_check *c, size_t limit);

#endif /* CRD_REGISTRY_CHECK_H */
