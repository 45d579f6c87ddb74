// SPDX-License-Identifier: Apache-2.0
/* Of a comparison: what is like what, who changed places, and the result. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "diff_private.h"

static int what_order(const struct crd_thing *x, const struct crd_thing *y)
{
	int order = (int)x->sort - y->sort;

	if (!order)
		order = (int)x->type - y->type;
	return order ? order : memcmp(x->id.bytes, y->id.bytes, CRD_TAG);
}

/* Those before come first. */
static int like_order(const void *a, const void *b)
{
	const struct crd_like *x = a, *y = b;
	int order = what_order(x->thing, y->thing);

	if (!order)
		order = (int)y->before - x->before;
	return order ? order :
		       memcmp(x->thing->serial.bytes, y->thing->serial.bytes,
			      CRD_TAG);
}

static int tag_order(const void *a, const void *b)
{
	return memcmp(a, b, CRD_TAG);
}

int crd_diffing_index(struct crd_diffing *d)
{
	size_t i;

	d->like = malloc((d->n_before + d->n_after + 1) * sizeof(*d->like));
	d->contents = malloc((d->n_before + 1) * sizeof(*d->contents));
	if (!d->like || !d->contents)
		return -ENOMEM;
	for (i = 0; i < d->n_before; i++) {
		const struct crd_thing *t = &d->before.things[i];

		d->like[d->n_like++] = (struct crd_like){ t, true };
		d->contents[i] = t->content;
	}
	for (i = 0; i < d->n_after; i++)
		d->like[d->n_like++] =
			(struct crd_like){ &d->after.things[i], false };
	qsort(d->like, d->n_like, sizeof(*d->like), like_order);
	qsort(d->contents, d->n_before, sizeof(*d->contents), tag_order);
	return 0;
}

/* The first that does not come before it. */
static size_t find_like(const struct crd_diffing *d, const struct crd_like *one,
			bool any_serial)
{
	size_t mid, lo = 0, hi = d->n_like;
	int order;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		order = any_serial ?
				what_order(d->like[mid].thing, one->thing) :
				like_order(&d->like[mid], one);
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool crd_diffing_has_like(const struct crd_diffing *d,
			  const struct crd_thing *after)
{
	const struct crd_like one = { after, true };
	size_t i = find_like(d, &one, true);

	return i < d->n_like && !what_order(d->like[i].thing, after) &&
	       d->like[i].before;
}

bool crd_diffing_knows(const struct crd_diffing *d,
		       const struct crd_thing *after)
{
	return bsearch(&after->content, d->contents, d->n_before,
		       sizeof(*d->contents), tag_order);
}

bool crd_diffing_serial_twice(const struct crd_diffing *d,
			      const struct crd_thing *after)
{
	const struct crd_like one = { after, false };
	size_t i = find_like(d, &one, false), end = i + 2;
	size_t n = after->uncovered;

	for (; after->has_serial && i < end && i < d->n_like; i++)
		n += !like_order(&d->like[i], &one);
	return n > 1;
}

static bool has_moved(const struct crd_draft *draft)
{
	return draft->before && draft->after &&
	       draft->change.kind == CRD_CHANGE_MOVED;
}

/* A draft by where it came from. */
struct move {
	uint8_t sort;
	const struct crd_tag *from, *to;
	struct crd_draft *draft;
};

static int move_order(const void *a, const void *b)
{
	const struct move *x = a, *y = b;
	int order = (int)x->sort - y->sort;

	if (!order)
		order = memcmp(x->from->bytes, y->from->bytes, CRD_TAG);
	if (!order)
		order = memcmp(x->to->bytes, y->to->bytes, CRD_TAG);
	return order ? order : (x->draft > y->draft) - (x->draft < y->draft);
}

static bool is_back(const struct move *x, const struct move *y)
{
	return !memcmp(x->from->bytes, y->to->bytes, CRD_TAG) &&
	       !memcmp(x->to->bytes, y->from->bytes, CRD_TAG) &&
	       x->sort == y->sort;
}

/* Without memory for it they are just told as moved. */
void crd_diffing_find_swaps(struct crd_diffing *d)
{
	struct move *moves = malloc((d->n_drafts + 1) * sizeof(*moves));
	struct move way_back, *found;
	size_t i, n = 0;

	for (i = 0; moves && i < d->n_drafts; i++) {
		struct crd_draft *draft = &d->drafts[i];

		if (has_moved(draft))
			moves[n++] = (struct move){ draft->after->sort,
						    &draft->before->place,
						    &draft->after->place,
						    draft };
	}
	if (n)
		qsort(moves, n, sizeof(*moves), move_order);
	for (i = 0; i < n; i++) {
		size_t mid, lo = 0, hi = n;

		way_back = (struct move){ moves[i].sort, moves[i].to,
					  moves[i].from, NULL };
		while (lo < hi) {
			mid = lo + (hi - lo) / 2;
			if (move_order(&moves[mid], &way_back) < 0)
				lo = mid + 1;
			else
				hi = mid;
		}
		found = lo < n ? &moves[lo] : NULL;
		if (found && is_back(&moves[i], found))
			moves[i].draft->change.kind = CRD_CHANGE_SWAPPED;
	}
	free(moves);
}

/* "network card 0000:00:03.0 (8086:10d3)" */
static void say_thing(struct crd_str *str, const struct crd_things *things,
		      const struct crd_thing *thing)
{
	const struct crd_inventory *inv = &things->machine->inventory;
	struct crd_component c;
	struct crd_buf place;

	if (!crd_inventory_get(inv, NULL, thing->entry, &c)) {
		crd_str_puts(str, "start of the system");
		return;
	}
	crd_component_label(str, &c);
	if (c.kind == CRD_KIND_DEVICE && c.vendor_id >= 0) {
		crd_str_puts(str, " (");
		crd_ids_say(str, &c);
		crd_str_puts(str, ")");
	}
	place = crd_thing_text(things, thing, CRD_T_PLACE);
	if (thing->sort == CRD_SORT_SMBIOS && place.len) {
		crd_str_puts(str, " in ");
		crd_str_add(str, (const char *)place.ptr, place.len);
	}
}

static void say_where(struct crd_str *str, const struct crd_things *things,
		      const struct crd_thing *thing)
{
	const struct crd_inventory *inv = &things->machine->inventory;
	const struct crd_entry *e;

	if (thing->entry >= inv->n_entries) {
		crd_str_puts(str, "measurer log, record 0");
		return;
	}
	e = &inv->entries[thing->entry];
	crd_str_fmt(str, "measurer log, record %" PRIu32, e->recnum);
	if (e->group)
		crd_str_fmt(str, ", item %u", e->item);
}

static int say(struct crd_diffing *d, struct crd_draft *draft)
{
	const struct crd_things *things = draft->after ? &d->after : &d->before;
	const struct crd_thing *thing = draft->after ? draft->after :
						       draft->before;
	struct crd_change *c = &draft->change;
	struct crd_str component = { 0 }, was = { 0 }, where = { 0 };

	say_thing(&component, things, thing);
	say_where(&where, things, thing);
	c->component = crd_str_take(&component);
	c->where = crd_str_take(&where);
	if (c->kind == CRD_CHANGE_REPLACED) {
		say_thing(&was, &d->before, draft->before);
		c->was = crd_str_take(&was);
		if (!c->was)
			return -ENOMEM;
	}
	return c->component && c->where ? 0 : -ENOMEM;
}

static int change_order(const void *a, const void *b)
{
	const struct crd_draft *x = a, *y = b;
	const struct crd_thing *s = x->after ? x->after : x->before;
	const struct crd_thing *t = y->after ? y->after : y->before;
	int order = (int)y->change.class - (int)x->change.class;

	if (!order)
		order = (int)s->sort - t->sort;
	if (!order)
		order = strcmp(x->change.component, y->change.component);
	if (!order)
		order = (int)x->change.kind - (int)y->change.kind;
	return order ? order : (s->entry > t->entry) - (s->entry < t->entry);
}

static int finish_tolerated(struct crd_diffing *d)
{
	unsigned int rule;

	d->diff->tolerated = calloc(CRD_RULE_MAX, sizeof(*d->diff->tolerated));
	if (!d->diff->tolerated)
		return -ENOMEM;
	for (rule = 0; rule < CRD_RULE_MAX; rule++) {
		const struct crd_rule_says *says = crd_rule_says(rule);

		if (d->tolerated[rule])
			d->diff->tolerated[d->diff->n_tolerated++] =
				(struct crd_tolerated){ says->id, says->noun,
							d->tolerated[rule] };
	}
	return 0;
}

int crd_diffing_finish(struct crd_diffing *d)
{
	struct crd_diff *diff = d->diff;
	size_t i;
	int ret = finish_tolerated(d);

	for (i = 0; !ret && i < d->n_drafts; i++)
		ret = say(d, &d->drafts[i]);
	diff->changes = malloc((d->n_drafts + 1) * sizeof(*diff->changes));
	if (ret || !diff->changes)
		return -ENOMEM;
	if (d->n_drafts)
		qsort(d->drafts, d->n_drafts, sizeof(*d->drafts), change_order);
	for (i = 0; i < d->n_drafts; i++) {
		diff->changes[i] = d->drafts[i].change;
		diff->n_class[diff->changes[i].class]++;
	}
	diff->n = d->n_drafts;
	d->n_drafts = 0;
	return 0;
}

void crd_change_done(struct crd_change *change)
{
	size_t i;

	for (i = 0; i < change->n_details; i++) {
		free(change->details[i].before);
		free(change->details[i].after);
	}
	free(change->details);
	free(change->component);
	free(change->was);
	free(change->where);
}

void crd_diff_free(struct crd_diff **diff)
{
	struct crd_diff *d = *diff;
	size_t i;

	if (!d)
		return;
	for (i = 0; i < d->n; i++)
		crd_change_done(&d->changes[i]);
	free(d->changes);
	free(d->tolerated);
	free(d);
	*diff = NULL;
}

enum crd_change_class crd_diff_class(const struct crd_diff *diff)
{
	return diff->n ? diff->changes[0].class : CRD_CHANGE_TOLERATED;
}

const char *crd_change_class_name(enum crd_change_class class)
{
	static const char *const names[] = { "tolerated", "update", "repair",
					     "suspicion" };

	return (unsigned int)class < CRD_CHANGE_CLASS_MAX ? names[class] :
							    "suspicion";
}

const char *crd_change_kind_name(enum crd_change_kind kind)
{
	static const char *const names[] = { "changed",	 "moved", "swapped",
					     "replaced", "added", "doubled",
					     "removed" };

	return (unsigned int)kind < CRD_CHANGE_KIND_MAX ? names[kind] :
							  "changed";
}
