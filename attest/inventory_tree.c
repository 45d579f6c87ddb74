// SPDX-License-Identifier: Apache-2.0
/*
 * Devices in their place: children below what they sit behind. A log is a
 * stranger's, and may say that two devices sit behind each other: what no root
 * leads to is shown as a root of its own, and no branch is deeper than
 * MAX_DEPTH.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "credence.h"
#include "inventory_private.h"

enum { MAX_DEPTH = 32 };

/* A device, sorted by parent and name. */
struct node {
	uint32_t parent; /* CRD_NO_ENTRY: none */
	uint32_t entry;
};

struct crd_tree {
	const struct crd_inventory *inv;
	struct node *nodes;
	size_t n;
	uint8_t *marks;		  /* by entry */
	size_t at[MAX_DEPTH + 1]; /* the next node of each depth */
	uint32_t parent[MAX_DEPTH + 1];
	unsigned int depth;
	size_t rest; /* nodes, when the roots are done */
};

enum {
	SHOWN = 1,
	WANTED = 2, /* it fits, or something behind it does */
	HELD = 4,   /* a module or an image that a device has */
};

static struct crd_buf field(const struct crd_inventory *inv, uint32_t entry,
			    uint8_t type)
{
	struct crd_buf value = { NULL, 0 };

	crd_field_get(crd_entry_fields(inv, &inv->entries[entry]), type,
		      &value);
	return value;
}

static bool is_digit(struct crd_buf b, size_t i)
{
	return i < b.len && b.ptr[i] >= '0' && b.ptr[i] <= '9';
}

/* Numbers in it by their value: "1-2" before "1-10". */
static int name_order(struct crd_buf a, struct crd_buf b)
{
	size_t i = 0, k, na, nb;

	while (i < a.len && i < b.len && a.ptr[i] == b.ptr[i])
		i++;
	for (k = i; k && is_digit(a, k - 1); k--)
		;
	for (na = k; is_digit(a, na); na++)
		;
	for (nb = k; is_digit(b, nb); nb++)
		;
	if (na != nb && na > i && nb > i && a.ptr[k] != '0' && b.ptr[k] != '0')
		return na < nb ? -1 : 1;
	if (i < a.len && i < b.len)
		return a.ptr[i] < b.ptr[i] ? -1 : 1;
	return (a.len > b.len) - (a.len < b.len);
}

static int node_order(const void *a, const void *b, void *ctx)
{
	const struct node *x = a, *y = b;
	int order;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	order = name_order(field(ctx, x->entry, CRD_F_BUS),
			   field(ctx, y->entry, CRD_F_BUS));
	if (!order)
		order = name_order(field(ctx, x->entry, CRD_F_DEVICE),
				   field(ctx, y->entry, CRD_F_DEVICE));
	return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

static bool fits(const struct crd_show *show, uint32_t entry)
{
	struct crd_component c;

	return entry != CRD_NO_ENTRY &&
	       crd_inventory_get(show->inventory, show->registry, entry, &c) &&
	       crd_filter_fits(show, &c);
}

/* Itself, its driver or an image of its. */
static bool device_fits(const struct crd_show *show, uint32_t entry)
{
	const struct crd_link *link =
		crd_inventory_link(show->inventory, entry);
	uint32_t image;

	if (crd_filter_is_empty(&show->filter) || fits(show, entry) ||
	    fits(show, link->module))
		return true;
	for (image = link->firmware; image != CRD_NO_ENTRY;
	     image = crd_inventory_link(show->inventory, image)->next) {
		if (fits(show, image))
			return true;
	}
	return false;
}

/* What it holds is not to be shown once more by itself. */
static void hold(struct crd_tree *t, uint32_t entry)
{
	const struct crd_link *link = crd_inventory_link(t->inv, entry);
	uint32_t image;

	if (link->module != CRD_NO_ENTRY)
		t->marks[link->module] |= HELD;
	for (image = link->firmware; image != CRD_NO_ENTRY;
	     image = crd_inventory_link(t->inv, image)->next)
		t->marks[image] |= HELD;
}

/* Upwards until somebody is wanted already, so each is passed once. */
static void want(struct crd_tree *t, uint32_t entry)
{
	while (entry != CRD_NO_ENTRY && !(t->marks[entry] & WANTED)) {
		t->marks[entry] |= WANTED;
		entry = crd_inventory_link(t->inv, entry)->parent;
	}
}

static void fill(struct crd_tree *t, const struct crd_show *show)
{
	const struct crd_inventory *inv = t->inv;
	uint32_t i;

	for (i = 0; i < inv->n_entries; i++) {
		if (inv->entries[i].event != CRD_EV_DEVICE)
			continue;
		t->nodes[t->n++] =
			(struct node){ crd_inventory_link(inv, i)->parent, i };
		hold(t, i);
		if (device_fits(show, i))
			want(t, i);
	}
	if (t->n)
		qsort_r(t->nodes, t->n, sizeof(*t->nodes), node_order,
			(void *)inv);
}

/* The first node of those behind that parent. */
static size_t first_of(const struct crd_tree *t, uint32_t parent)
{
	size_t mid, lo = 0, hi = t->n;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (t->nodes[mid].parent < parent)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int crd_tree_new(const struct crd_show *show, struct crd_tree **ret_tree)
{
	const struct crd_inventory *inv = show->inventory;
	struct crd_tree *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->inv = inv;
	t->nodes =
		malloc((inv->n_kind[CRD_KIND_DEVICE] + 1) * sizeof(*t->nodes));
	t->marks = calloc(inv->n_entries + 1, 1);
	if (!t->nodes || !t->marks) {
		crd_tree_free(&t);
		return -ENOMEM;
	}
	fill(t, show);
	t->parent[0] = CRD_NO_ENTRY;
	t->at[0] = first_of(t, CRD_NO_ENTRY);
	*ret_tree = t;
	return 0;
}

void crd_tree_free(struct crd_tree **tree)
{
	if (!*tree)
		return;
	free((*tree)->nodes);
	free((*tree)->marks);
	free(*tree);
	*tree = NULL;
}

/* Shown now; what is behind it comes next. */
static void enter(struct crd_tree *t, uint32_t entry, uint32_t *ret_entry,
		  unsigned int *ret_depth)
{
	t->marks[entry] |= SHOWN;
	*ret_entry = entry;
	*ret_depth = t->depth;
	if (t->depth == MAX_DEPTH)
		return;
	t->depth++;
	t->parent[t->depth] = entry;
	t->at[t->depth] = first_of(t, entry);
}

bool crd_tree_next(struct crd_tree *t, uint32_t *ret_entry,
		   unsigned int *ret_depth)
{
	for (;;) {
		size_t *at = &t->at[t->depth];
		uint32_t entry;

		if (*at < t->n && t->nodes[*at].parent == t->parent[t->depth]) {
			entry = t->nodes[(*at)++].entry;
		} else if (t->depth) {
			t->depth--;
			continue;
		} else if (t->rest < t->n) {
			entry = t->nodes[t->rest++].entry;
		} else {
			return false;
		}
		if ((t->marks[entry] & (SHOWN | WANTED)) != WANTED)
			continue;
		enter(t, entry, ret_entry, ret_depth);
		return true;
	}
}

bool crd_tree_holds(const struct crd_tree *t, uint32_t entry)
{
	return t->marks[entry] & HELD;
}
