// SPDX-License-Identifier: Apache-2.0
/* Counting rows, found by what they are about. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "impact_private.h"

enum { FIRST_SLOTS = 256 };

const char *const crd_cause_names[] = { "rules", "checks", "components",
					"vendors", "waivers" };

static uint32_t hash_text(uint32_t hash, const char *text)
{
	/* FNV-1a; the end of the text counts too */
	do {
		hash = (hash ^ (uint8_t)*text) * 16777619u;
	} while (*text++);
	return hash;
}

static uint32_t hash_row(unsigned int side, enum crd_cause cause,
			 const char *text, const char *more)
{
	uint32_t hash = 2166136261u ^ (side * CRD_CAUSE_MAX + cause);

	hash = hash_text(hash, text);
	return more ? hash_text(hash, more) : hash;
}

static bool is_row(const struct crd_impact_row *row, unsigned int side,
		   enum crd_cause cause, const char *text, const char *more)
{
	return row->side == side && row->cause == cause &&
	       !strcmp(row->text, text) && !row->more == !more &&
	       (!more || !strcmp(row->more, more));
}

/* Its slot, or the free one where it would be. */
static uint32_t *slot_of(const struct crd_impact_table *t, unsigned int side,
			 enum crd_cause cause, const char *text,
			 const char *more)
{
	size_t at = hash_row(side, cause, text, more) & (t->n_slots - 1);

	while (t->slots[at] &&
	       !is_row(&t->rows[t->slots[at] - 1], side, cause, text, more))
		at = (at + 1) & (t->n_slots - 1);
	return &t->slots[at];
}

static int grow_slots(struct crd_impact_table *t)
{
	size_t want = t->n_slots ? 2 * t->n_slots : FIRST_SLOTS, i;
	uint32_t *slots = calloc(want, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	free(t->slots);
	t->slots = slots;
	t->n_slots = want;
	for (i = 0; i < t->n; i++) {
		const struct crd_impact_row *r = &t->rows[i];

		*slot_of(t, r->side, r->cause, r->text, r->more) =
			(uint32_t)i + 1;
	}
	return 0;
}

static int grow_rows(struct crd_impact_table *t)
{
	size_t cap = t->cap ? 2 * t->cap : FIRST_SLOTS / 2;
	struct crd_impact_row *rows = realloc(t->rows, cap * sizeof(*rows));

	if (!rows)
		return -ENOMEM;
	t->rows = rows;
	t->cap = cap;
	return 0;
}

static int add_row(struct crd_impact_table *t, unsigned int side,
		   enum crd_cause cause, const char *text, const char *more)
{
	struct crd_impact_row row = { .side = (uint8_t)side,
				      .cause = (uint8_t)cause };

	row.text = strdup(text);
	row.more = more ? strdup(more) : NULL;
	if (!row.text || (more && !row.more)) {
		free(row.text);
		free(row.more);
		return -ENOMEM;
	}
	t->rows[t->n++] = row;
	return 0;
}

int crd_impact_row(struct crd_impact_table *table, unsigned int side,
		   enum crd_cause cause, const char *text, const char *more,
		   struct crd_impact_row **ret_row)
{
	uint32_t *slot;
	int ret = 0;

	if (2 * (table->n + 1) > table->n_slots)
		ret = grow_slots(table);
	if (!ret && table->n == table->cap)
		ret = grow_rows(table);
	if (ret)
		return ret;
	slot = slot_of(table, side, cause, text, more);
	if (!*slot && table->n == CRD_IMPACT_ROWS) {
		*ret_row = NULL;
		return 0;
	}
	if (!*slot) {
		ret = add_row(table, side, cause, text, more);
		if (ret)
			return ret;
		*slot = (uint32_t)table->n;
	}
	*ret_row = &table->rows[*slot - 1];
	return 0;
}

void crd_impact_table_done(struct crd_impact_table *table)
{
	size_t i;

	for (i = 0; i < table->n; i++) {
		free(table->rows[i].text);
		free(table->rows[i].more);
	}
	free(table->rows);
	free(table->slots);
	memset(table, 0, sizeof(*table));
}

static int by_count(uint64_t a, uint64_t b)
{
	return a == b ? 0 : a > b ? -1 : 1;
}

/* Most frequent first; equals by name, not by who was counted first. */
static int row_order(const struct crd_impact_row *a,
		     const struct crd_impact_row *b, enum crd_impact_by by)
{
	int order = by == CRD_BY_ALONE ? by_count(a->alone, b->alone) :
					 by_count(a->changed, b->changed);

	if (!order)
		order = by_count(a->machines, b->machines);
	if (!order)
		order = strcmp(a->text, b->text);
	return order || !a->more || !b->more ? order : strcmp(a->more, b->more);
}

static int order_changed(const void *a, const void *b)
{
	return row_order(*(const struct crd_impact_row *const *)a,
			 *(const struct crd_impact_row *const *)b,
			 CRD_BY_CHANGED);
}

static int order_alone(const void *a, const void *b)
{
	return row_order(*(const struct crd_impact_row *const *)a,
			 *(const struct crd_impact_row *const *)b,
			 CRD_BY_ALONE);
}

int crd_impact_list(const struct crd_impact *impact, unsigned int side,
		    enum crd_cause cause, enum crd_impact_by by,
		    struct crd_impact_list *ret_list)
{
	const struct crd_impact_table *t = &impact->table;
	const struct crd_impact_row **rows = calloc(t->n + 1, sizeof(*rows));
	size_t i, n = 0;

	if (!rows)
		return -ENOMEM;
	for (i = 0; i < t->n; i++) {
		const struct crd_impact_row *r = &t->rows[i];

		if (r->side == side && r->cause == cause &&
		    (by == CRD_BY_ALONE ? r->alone : r->changed))
			rows[n++] = r;
	}
	if (n)
		qsort(rows, n, sizeof(*rows),
		      by == CRD_BY_ALONE ? order_alone : order_changed);
	*ret_list = (struct crd_impact_list){ rows, n };
	return 0;
}

void crd_impact_list_done(struct crd_impact_list *list)
{
	free(list->rows);
	memset(list, 0, sizeof(*list));
}
