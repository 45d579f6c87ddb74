/* SPDX-License-Identifier: Apache-2.0 */
/* A table of the registry while it is read, and checks of its fields. */
#ifndef CRD_REGISTRY_CHECK_H
#define CRD_REGISTRY_CHECK_H

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

/* The row being read, and where errors go. */
struct crd_check {
	struct crd_cursor cursor;
	struct crd_registry *reg;
	struct crd_error *err;
	const char *source; /* of the row before */
	bool unchecked;
};

/* registry_rows.c: all tables, each after those that it names. */
int crd_registry_read_tables(struct crd_check *c,
			     const struct crd_registry_files *files);
/* registry.c: entities to their parents, and by their ids. */
int crd_registry_link(struct crd_registry *reg, struct crd_error *err);

static inline struct crd_buf crd_check_field(const struct crd_check *c,
					     unsigned int column)
{
	return c->cursor.row->field[column];
}

/* About a field of that row. */
#define crd_check_fail(c, column, ...)                                      \
	crd_table_fail((c)->cursor.table, (c)->cursor.n_rows - 1, (column), \
		       (c)->err, __VA_ARGS__)

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
