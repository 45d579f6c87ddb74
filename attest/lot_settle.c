// SPDX-License-Identifier: Apache-2.0
/*
 * Who is alike. Two machines are if they are made of the same things, wherever
 * these sit. What most of them are made of is what they should be; where
 * several are as frequent, that of the machine with the lowest name.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lot_private.h"

enum { MAX_TWINS = 1000 };

static int name_order(const void *a, const void *b)
{
	const struct crd_lot_row *x = a, *y = b;

	return (x->name > y->name) - (x->name < y->name);
}

static int row_order(const void *a, const void *b)
{
	const struct crd_lot_row *x = a, *y = b;
	int order = crd_tag_order(&x->made_of, &y->made_of);

	if (!order)
		order = crd_tag_order(&x->placed, &y->placed);
	return order ? order : name_order(a, b);
}

/* Marks speak of rows by their place, which sorting changes. */
static int sort_rows(struct crd_lot *lot)
{
	uint32_t *place;
	size_t i;

	for (i = 0; i < lot->n_rows; i++)
		lot->rows[i].config = (uint32_t)i;
	if (lot->n_rows)
		qsort(lot->rows, lot->n_rows, sizeof(*lot->rows), row_order);
	place = malloc((lot->n_rows + 1) * sizeof(*place));
	if (!place)
		return -ENOMEM;
	for (i = 0; i < lot->n_rows; i++)
		place[lot->rows[i].config] = (uint32_t)i;
	for (i = 0; i < lot->n_marks; i++)
		lot->marks[i].row = place[lot->marks[i].row];
	free(place);
	return 0;
}

static int make_configs(struct crd_lot *lot)
{
	struct crd_lot_config *c = NULL;
	const struct crd_lot_row *last = NULL;
	size_t i;

	lot->configs = calloc(lot->n_rows + 1, sizeof(*lot->configs));
	if (!lot->configs)
		return -ENOMEM;
	for (i = 0; i < lot->n_rows; i++) {
		const struct crd_lot_row *row = &lot->rows[i];

		if (!last || crd_tag_order(&last->made_of, &row->made_of))
			lot->n_made_of++;
		if (!last || crd_tag_order(&last->made_of, &row->made_of) ||
		    crd_tag_order(&last->placed, &row->placed)) {
			c = &lot->configs[lot->n_configs++];
			c->first = (uint32_t)i;
			c->name = row->name;
		}
		c->n++;
		last = row;
	}
	return 0;
}

static const struct crd_lot_row *row_of_config(const struct crd_lot *lot,
					       const struct crd_lot_config *c)
{
	return &lot->rows[c->first];
}

/* Those made of the same things stand together. */
static size_t made_alike(const struct crd_lot *lot, size_t from,
			 size_t *ret_rows, uint32_t *ret_name)
{
	size_t i;

	*ret_rows = 0;
	*ret_name = CRD_NO_NAME;
	for (i = from;
	     i < lot->n_configs &&
	     !crd_tag_order(&row_of_config(lot, &lot->configs[i])->made_of,
			    &row_of_config(lot, &lot->configs[from])->made_of);
	     i++) {
		*ret_rows += lot->configs[i].n;
		if (lot->configs[i].name < *ret_name)
			*ret_name = lot->configs[i].name;
	}
	return i;
}

/* More rows win, then the lower name. */
static bool wins(size_t rows, uint32_t name, size_t best, uint32_t best_name)
{
	return rows > best || (rows == best && name < best_name);
}

static void choose_reference(struct crd_lot *lot)
{
	size_t from, to, i, rows, best = 0, begin = 0, end = 0;
	uint32_t name, best_name = CRD_NO_NAME;

	for (from = 0; from < lot->n_configs; from = to) {
		to = made_alike(lot, from, &rows, &name);
		if (!wins(rows, name, best, best_name))
			continue;
		best = rows;
		best_name = name;
		begin = from;
		end = to;
	}
	best = 0;
	for (i = begin; i < end; i++) {
		const struct crd_lot_config *c = &lot->configs[i];

		if (!wins(c->n, c->name, best, best_name))
			continue;
		best = c->n;
		best_name = c->name;
		lot->reference = *row_of_config(lot, c);
	}
}

static int config_order(const void *a, const void *b)
{
	const struct crd_lot_config *x = a, *y = b;

	return (x->name > y->name) - (x->name < y->name);
}

static void compare_configs(struct crd_lot *lot)
{
	size_t i, k;

	for (i = 0; i < lot->n_configs; i++) {
		struct crd_lot_config *c = &lot->configs[i];
		const struct crd_lot_row *row = row_of_config(lot, c);

		c->alike =
			!crd_tag_order(&row->made_of, &lot->reference.made_of);
		c->is_reference =
			c->alike &&
			!crd_tag_order(&row->placed, &lot->reference.placed);
	}
	if (lot->n_configs)
		qsort(lot->configs, lot->n_configs, sizeof(*lot->configs),
		      config_order);
	for (i = 0; i < lot->n_configs; i++) {
		for (k = 0; k < lot->configs[i].n; k++)
			lot->rows[lot->configs[i].first + k].config =
				(uint32_t)i;
	}
}

static int mark_order(const void *a, const void *b, void *ctx)
{
	const struct crd_lot_mark *x = a, *y = b;
	const struct crd_lot *lot = ctx;
	int order = (int)x->kind - y->kind;

	if (!order)
		order = crd_tag_order(&x->tag, &y->tag);
	return order ? order :
		       name_order(&lot->rows[x->row], &lot->rows[y->row]);
}

/* Marks of one kind and tag, from `from`; without those of one row twice. */
static size_t mark_run(const struct crd_lot *lot, size_t from, size_t *ret_rows,
		       bool *ret_one_bundle, uint32_t *ret_name)
{
	const struct crd_lot_mark *m = &lot->marks[from];
	size_t i;

	*ret_rows = 0;
	*ret_one_bundle = true;
	*ret_name = CRD_NO_NAME;
	for (i = from; i < lot->n_marks && lot->marks[i].kind == m->kind &&
		       !crd_tag_order(&lot->marks[i].tag, &m->tag);
	     i++) {
		const struct crd_lot_row *row = &lot->rows[lot->marks[i].row];

		*ret_rows += i == from ||
			     lot->marks[i].row != lot->marks[i - 1].row;
		*ret_one_bundle &= !crd_tag_order(&row->evidence,
						  &lot->rows[m->row].evidence);
		if (row->name < *ret_name)
			*ret_name = row->name;
	}
	return i;
}

static int twin_order(const void *a, const void *b)
{
	const struct crd_lot_twin *x = a, *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

/* The same bundle under two names shares everything: that is told once. */
static int find_twins(struct crd_lot *lot)
{
	size_t from, to, rows;
	uint32_t name;
	bool one_bundle;

	if (lot->n_marks)
		qsort_r(lot->marks, lot->n_marks, sizeof(*lot->marks),
			mark_order, lot);
	lot->twins = calloc(MAX_TWINS, sizeof(*lot->twins));
	if (!lot->twins)
		return -ENOMEM;
	for (from = 0; from < lot->n_marks; from = to) {
		uint8_t kind = lot->marks[from].kind;

		to = mark_run(lot, from, &rows, &one_bundle, &name);
		if (rows < 2 || (one_bundle && kind != CRD_MARK_EVIDENCE))
			continue;
		if (lot->n_twins == MAX_TWINS) {
			lot->more_twins++;
			continue;
		}
		lot->twins[lot->n_twins++] = (struct crd_lot_twin){
			(uint32_t)from, (uint32_t)(to - from), name,
			kind == CRD_MARK_SERIAL && rows > 2 &&
				2 * rows >= lot->n_rows,
			NULL
		};
	}
	if (lot->n_twins)
		qsort(lot->twins, lot->n_twins, sizeof(*lot->twins),
		      twin_order);
	return 0;
}

int crd_lot_settle(struct crd_lot *lot, uint32_t *ret_reference)
{
	int ret = sort_rows(lot);

	if (!ret)
		ret = make_configs(lot);
	if (ret)
		return ret;
	if (!lot->has_reference)
		choose_reference(lot);
	compare_configs(lot);
	lot->settled = true;
	*ret_reference = lot->has_reference || !lot->n_rows ?
				 CRD_NO_NAME :
				 lot->reference.name;
	return find_twins(lot);
}
