// SPDX-License-Identifier: Apache-2.0
/*
 * The things that a machine is made of. A log tells what happened: a device
 * that comes and goes is in it many times, a firmware image for each time that
 * it was asked for. Here each is once, as it was last.
 */
#include "thing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "attest_private.h"
#include "credence.h"
#include "maker.h"

static void *grow(void *array, size_t *cap, size_t n, size_t size)
{
	size_t more = *cap ? 2 * *cap : 256;

	if (n < *cap)
		return array;
	array = realloc(array, more * size);
	if (array)
		*cap = more;
	return array;
}

void crd_trait_add(struct crd_things *t, enum crd_trait_what what,
		   enum crd_role role, struct crd_buf text)
{
	size_t at = t->texts.len;
	void *more;

	if (!text.len)
		return;
	more = grow(t->traits, &t->traits_cap, t->n_traits, sizeof(*t->traits));
	if (more)
		t->traits = more;
	crd_str_safe(&t->texts, text);
	if (!more || t->texts.failed || t->texts.len > UINT32_MAX) {
		t->texts.failed = true;
		return;
	}
	t->traits[t->n_traits++] =
		(struct crd_trait){ (uint8_t)what, (uint8_t)role, (uint32_t)at,
				    (uint32_t)(t->texts.len - at) };
}

void crd_trait_add_said(struct crd_things *t, enum crd_trait_what what,
			enum crd_role role, struct crd_buf text)
{
	crd_trait_add(t, what, crd_is_placeholder(text) ? CRD_ROLE_VOID : role,
		      text);
}

void crd_trait_add_hex(struct crd_things *t, enum crd_trait_what what,
		       enum crd_role role, struct crd_buf bytes)
{
	struct crd_str hex = { 0 };

	crd_str_hex(&hex, bytes.ptr, bytes.len);
	crd_trait_add(t, what, role,
		      (struct crd_buf){ (uint8_t *)hex.ptr, hex.len });
	t->texts.failed |= hex.failed;
	crd_str_done(&hex);
}

void crd_trait_add_number(struct crd_things *t, enum crd_trait_what what,
			  enum crd_role role, uint64_t n)
{
	struct crd_str text = { 0 };

	crd_str_fmt(&text, "0x%llx", (unsigned long long)n);
	crd_trait_add(t, what, role,
		      (struct crd_buf){ (uint8_t *)text.ptr, text.len });
	t->texts.failed |= text.failed;
	crd_str_done(&text);
}

void crd_trait_add_digest(struct crd_things *t, enum crd_trait_what what,
			  enum crd_role role, const struct crd_digest *digest)
{
	struct crd_str text = { 0 };
	const char *name = crd_alg_name(digest->alg);

	if (!digest->alg)
		return;
	crd_str_fmt(&text, "%s:", name ? name : "unknown");
	crd_str_hex(&text, digest->bytes, digest->len);
	crd_trait_add(t, what, role,
		      (struct crd_buf){ (uint8_t *)text.ptr, text.len });
	t->texts.failed |= text.failed;
	crd_str_done(&text);
}

const struct crd_trait *crd_trait_of(const struct crd_things *things,
				     const struct crd_thing *thing,
				     enum crd_trait_what what)
{
	uint32_t i;

	for (i = thing->first; i < thing->first + thing->n; i++) {
		if (things->traits[i].what == what)
			return &things->traits[i];
	}
	return NULL;
}

struct crd_buf crd_trait_text(const struct crd_things *things,
			      const struct crd_trait *trait)
{
	if (!trait)
		return (struct crd_buf){ NULL, 0 };
	return (struct crd_buf){ (uint8_t *)things->texts.ptr + trait->at,
				 trait->len };
}

/* The traits of one role, or up to CONTENT, as one short digest. */
static bool tag_of(const struct crd_things *t, const struct crd_thing *thing,
		   enum crd_role from, enum crd_role to, struct crd_tag *tag)
{
	struct crd_str all = { 0 };
	struct crd_digest digest;
	bool some = false;
	uint32_t i;

	for (i = thing->first; i < thing->first + thing->n; i++) {
		const struct crd_trait *trait = &t->traits[i];

		if (trait->role < from || trait->role > to)
			continue;
		some = true;
		/* safe text has no newline */
		crd_str_fmt(&all, "%u ", trait->what);
		crd_str_add(&all, t->texts.ptr + trait->at, trait->len);
		crd_str_puts(&all, "\n");
	}
	crd_sha256((struct crd_buf){ (uint8_t *)all.ptr, all.len }, &digest);
	memcpy(tag->bytes, digest.bytes, CRD_TAG);
	some &= !all.failed;
	crd_str_done(&all);
	return some;
}

static void set_tags(struct crd_things *t, struct crd_thing *thing)
{
	tag_of(t, thing, CRD_ROLE_ID, CRD_ROLE_ID, &thing->id);
	tag_of(t, thing, CRD_ROLE_ID, CRD_ROLE_CONTENT, &thing->content);
	thing->has_serial = tag_of(t, thing, CRD_ROLE_SERIAL, CRD_ROLE_SERIAL,
				   &thing->serial);
	thing->has_place =
		tag_of(t, thing, CRD_ROLE_PLACE, CRD_ROLE_PLACE, &thing->place);
	thing->has_stem =
		tag_of(t, thing, CRD_ROLE_STEM, CRD_ROLE_STEM, &thing->stem);
}

static struct crd_thing *new_thing(struct crd_things *t, uint32_t entry)
{
	void *more = grow(t->things, &t->cap, t->n, sizeof(*t->things));
	struct crd_thing *thing;

	if (!more)
		return NULL;
	t->things = more;
	thing = &t->things[t->n];
	memset(thing, 0, sizeof(*thing));
	thing->entry = entry;
	thing->first = (uint32_t)t->n_traits;
	return thing;
}

static void end_thing(struct crd_things *t, struct crd_thing *thing)
{
	thing->n = (uint32_t)(t->n_traits - thing->first);
	set_tags(t, thing);
	t->n++;
}

static int add_component(struct crd_things *t, const struct crd_component *c)
{
	struct crd_thing *thing = new_thing(t, c->entry);
	bool is_part = true;

	if (!thing)
		return -ENOMEM;
	thing->uncovered = c->flags & CRD_FLAG_NOT_COVERED;
	thing->only_cached = c->kind == CRD_KIND_FIRMWARE && !c->digest.alg &&
			     c->origin == CRD_ORIGIN_CACHED;
	if (c->kind == CRD_KIND_PLATFORM)
		is_part = crd_traits_of_platform(t, c, thing);
	else
		crd_traits_of(t, c, thing);
	if (is_part)
		end_thing(t, thing);
	else
		t->n_traits = thing->first;
	return t->texts.failed ? -ENOMEM : 0;
}

static int add_start(struct crd_things *t)
{
	struct crd_thing *thing = new_thing(t, CRD_NO_ENTRY);

	if (!thing)
		return -ENOMEM;
	crd_field_get(t->machine->anchor, CRD_F_KERNEL_RELEASE, &t->release);
	thing->sort = CRD_SORT_START;
	crd_traits_of_start(t);
	end_thing(t, thing);
	return t->texts.failed ? -ENOMEM : 0;
}

static int tag_order(const struct crd_tag *a, const struct crd_tag *b)
{
	return memcmp(a->bytes, b->bytes, CRD_TAG);
}

/*
 * What is one thing together: a device of the same identity at the same place,
 * drivers and images that are alike. Parts of the board are never one.
 */
static int same_order(const void *a, const void *b)
{
	const struct crd_thing *x = a, *y = b;
	int order = (int)x->sort - y->sort;

	if (!order)
		order = (int)x->type - y->type;
	if (!order)
		order = x->sort == CRD_SORT_DEVICE ?
				tag_order(&x->id, &y->id) :
				tag_order(&x->content, &y->content);
	if (!order)
		order = tag_order(&x->place, &y->place);
	return order ? order : tag_order(&x->serial, &y->serial);
}

static int time_order(const void *a, const void *b)
{
	const struct crd_thing *x = a, *y = b;
	int order = same_order(a, b);

	return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

static int name_order(const void *a, const void *b)
{
	const struct crd_thing *x = a, *y = b;
	int order = (int)x->sort - y->sort;

	if (!order)
		order = tag_order(&x->id, &y->id);
	return order ? order : (int)x->only_cached - y->only_cached;
}

/* An image that the kernel held in memory was measured when it got there. */
static void drop_cached(struct crd_things *t)
{
	size_t i, kept = 0;

	qsort(t->things, t->n, sizeof(*t->things), name_order);
	for (i = 0; i < t->n; i++) {
		const struct crd_thing *one = &t->things[i];
		const struct crd_thing *last = kept ? &t->things[kept - 1] :
						      NULL;

		if (one->only_cached && last && last->sort == one->sort &&
		    !tag_order(&last->id, &one->id))
			continue;
		t->things[kept++] = *one;
	}
	t->n = kept;
}

/* The last of each counts, but what the quote covers before what it does not. */
static void drop_repeats(struct crd_things *t)
{
	size_t i, kept = 0;

	qsort(t->things, t->n, sizeof(*t->things), time_order);
	for (i = 0; i < t->n; i++) {
		struct crd_thing *one = &t->things[i];
		struct crd_thing *last = kept ? &t->things[kept - 1] : NULL;

		if (!last || one->sort >= CRD_SORT_SMBIOS ||
		    same_order(last, one))
			t->things[kept++] = *one;
		else if (!one->uncovered)
			*last = *one;
	}
	t->n = kept;
}

/* An order that does not hang on when things were found. */
static int things_order(const void *a, const void *b)
{
	const struct crd_thing *x = a, *y = b;
	int order = (int)x->uncovered - y->uncovered;

	if (!order)
		order = same_order(a, b);
	if (!order)
		order = tag_order(&x->content, &y->content);
	return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

int crd_things_of(const struct crd_attester *machine, bool other_machine,
		  struct crd_things *ret_things)
{
	struct crd_inventory_iter it = { .inventory = &machine->inventory };
	struct crd_things t = { .machine = machine,
				.other_machine = other_machine };
	struct crd_component c;
	int ret = add_start(&t);

	while (!ret && crd_inventory_next(&it, &c))
		ret = add_component(&t, &c);
	if (ret) {
		crd_things_done(&t);
		return ret;
	}
	drop_cached(&t);
	drop_repeats(&t);
	qsort(t.things, t.n, sizeof(*t.things), things_order);
	*ret_things = t;
	return 0;
}

void crd_things_done(struct crd_things *things)
{
	crd_str_done(&things->texts);
	free(things->traits);
	free(things->things);
	memset(things, 0, sizeof(*things));
}
