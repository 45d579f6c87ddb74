// SPDX-License-Identifier: Apache-2.0
/*
 * Entities: all of them, read row by row and held against each other; or, where
 * nothing is judged, each with those above it when it is asked for, of the
 * thousands that a machine has nothing to do with.
 */
#include "registry_check.h"

#include <errno.h>
#include <stdlib.h>

/* A copy that outlives the row; a field and its comma leave room for it. */
const char *crd_registry_keep(struct crd_registry *reg, struct crd_buf text)
{
	char *copy = reg->text + reg->text_len;

	if (text.len)
		memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	reg->text_len += text.len + 1;
	return copy;
}

/* Nothing if it is none, which was told of. */
static void keep_country(char country[3], struct crd_buf text)
{
	if (text.len == 2)
		memcpy(country, text.ptr, 2);
}

void crd_entity_keep(struct crd_registry *reg, const struct crd_row *row)
{
	const struct crd_buf *field = row->field;
	struct crd_entity *e = &reg->entities[reg->n_entities++];

	memset(e, 0, sizeof(*e));
	e->id = crd_registry_keep(reg, field[ENT_ID]);
	e->id_len = (uint16_t)field[ENT_ID].len;
	e->name = crd_registry_keep(reg, field[ENT_NAME]);
	e->parent_id = crd_registry_keep(reg, field[ENT_PARENT]);
	e->line = row->line;
	keep_country(e->hq, field[ENT_HQ]);
	keep_country(e->ultimate, field[ENT_ULTIMATE]);
	e->parent = REG_NONE;
}

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

/* The slot of that id, or the free one where it would be. */
static size_t slot_of(const struct crd_registry *registry, struct crd_buf id)
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

static void take_slot(struct crd_registry *reg, size_t number)
{
	const struct crd_entity *e = &reg->entities[number];
	struct crd_buf id = { (const uint8_t *)e->id, e->id_len };

	reg->slots[slot_of(reg, id)] = (uint16_t)number;
}

/* Room for n entities, none of which is there yet. */
static int new_slots(struct crd_registry *reg, size_t n_entities)
{
	size_t n = 64;
	uint16_t *slots;

	while (n < 2 * n_entities)
		n *= 2;
	slots = malloc(n * sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	memset(slots, 0xff, n * sizeof(*slots)); /* REG_NONE */
	free(reg->slots);
	reg->slots = slots;
	reg->n_slots = n;
	return 0;
}

static int index_entities(struct crd_registry *reg)
{
	int ret = new_slots(reg, reg->n_entities);
	size_t i;

	for (i = 0; !ret && i < reg->n_entities; i++)
		take_slot(reg, i);
	return ret;
}

static int link_parent(const struct crd_check *c, size_t i)
{
	struct crd_registry *reg = c->reg;
	struct crd_entity *e = &reg->entities[i];

	if (!*e->parent_id)
		return 0;
	e->parent = crd_registry_entity(reg, e->parent_id);
	if (e->parent != REG_NONE)
		return 0;
	return crd_check_told(c, &reg->entities_csv,
			      crd_table_fail(&reg->entities_csv, e->line,
					     ENT_PARENT, c->err,
					     "parent '%s' is not in this table",
					     e->parent_id));
}

/* Each chain ends, within bounds, in a root of the country that it says. */
static int check_chain(const struct crd_check *c, size_t i)
{
	const struct crd_registry *reg = c->reg;
	const struct crd_entity *e = &reg->entities[i], *root = e;
	unsigned int steps = 0;

	while (root->parent != REG_NONE && steps++ < REG_MAX_CHAIN)
		root = &reg->entities[root->parent];
	if (root->parent != REG_NONE)
		return crd_check_told(
			c, &reg->entities_csv,
			crd_table_fail(
				&reg->entities_csv, e->line, ENT_PARENT, c->err,
				"the parents of '%s' go in a circle, or are more than %d",
				e->id, REG_MAX_CHAIN));
	/* a country that is none was told of before */
	if (!strcmp(root->hq, e->ultimate) || !*root->hq || !*e->ultimate)
		return 0;
	return crd_check_told(
		c, &reg->entities_csv,
		crd_table_fail(&reg->entities_csv, e->line, ENT_ULTIMATE,
			       c->err,
			       "ultimate parent '%s' is in %s, not in %s",
			       root->id, root->hq, e->ultimate));
}

int crd_registry_link(struct crd_check *c)
{
	size_t i;
	int ret = index_entities(c->reg);

	for (i = 0; !ret && i < c->reg->n_entities; i++)
		ret = link_parent(c, i);
	for (i = 0; !ret && i < c->reg->n_entities; i++)
		ret = check_chain(c, i);
	return ret;
}

int crd_registry_link_later(struct crd_check *c)
{
	struct crd_registry *reg = c->reg;

	/* of its full size, so that nothing moves; untouched, it costs none */
	reg->entities = calloc(REG_MAX_ENTITIES, sizeof(*reg->entities));
	if (!reg->entities)
		return -ENOMEM;
	reg->later = reg;
	return new_slots(reg, 0);
}

/* Is it among those from `first` on? Then it is above itself. */
static bool in_chain(const struct crd_registry *reg, size_t first,
		     struct crd_buf id)
{
	for (; first < reg->n_entities; first++) {
		if (crd_field_is(id, reg->entities[first].id))
			return true;
	}
	return false;
}

/* Reads it and what is above it, up to one that is there or has no parent. */
static bool read_chain(struct crd_registry *reg, struct crd_buf id)
{
	size_t at, first = reg->n_entities;
	struct crd_entity *below = NULL;
	struct crd_row row;
	uint16_t number;

	row.line = 0; /* which one it is, nobody counted */
	for (; id.len; id = crd_buf_of(below->parent_id)) {
		number = reg->slots[slot_of(reg, id)];
		if (number == REG_NONE) {
			if (reg->n_entities - first > REG_MAX_CHAIN ||
			    reg->n_entities == REG_MAX_ENTITIES ||
			    in_chain(reg, first, id) ||
			    !crd_table_find(&reg->entities_csv, &id, 1, &row,
					    &at))
				return false;
			number = (uint16_t)reg->n_entities;
			crd_entity_keep(reg, &row);
		}
		if (below)
			below->parent = number;
		if (number < first)
			break;
		below = &reg->entities[number];
	}
	return true;
}

/* Nothing is left of a chain that is broken; REG_NONE then. */
static uint16_t read_later(struct crd_registry *reg, struct crd_buf id)
{
	size_t i, first = reg->n_entities, text_len = reg->text_len;
	bool ok = read_chain(reg, id);

	if (ok && 2 * reg->n_entities > reg->n_slots)
		ok = !index_entities(reg);
	if (!ok) {
		reg->n_entities = first;
		reg->text_len = text_len;
		return REG_NONE;
	}
	for (i = first; i < reg->n_entities; i++)
		take_slot(reg, i);
	return (uint16_t)first;
}

uint16_t crd_registry_entity_of(const struct crd_registry *registry,
				struct crd_buf id)
{
	uint16_t number;

	/* no id is empty, and a NULL is not to be compared */
	if (!id.len)
		return REG_NONE;
	number = registry->slots[slot_of(registry, id)];
	if (number == REG_NONE && registry->later)
		number = read_later(registry->later, id);
	return number;
}

uint16_t crd_registry_entity(const struct crd_registry *registry,
			     const char *id)
{
	return crd_registry_entity_of(registry, crd_buf_of(id));
}
