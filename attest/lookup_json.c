// SPDX-License-Identifier: Apache-2.0
/* What a registry knows of one thing, for machines. */
#include "lookup.h"

#include <errno.h>
#include <stdlib.h>

#include "json_set.h"

struct json {
	const struct crd_lookup *l;
	struct crd_row *row; /* room for one */
	json_t *listings;
	bool ok;
};

static void set_field(json_t *o, const char *key, const struct crd_row *row,
		      unsigned int column, bool *ok)
{
	if (row->field[column].len)
		set_safe(o, key, row->field[column], ok);
}

/* "identifiers.csv:17" */
static void set_place(json_t *o, const char *file, uint32_t line, bool *ok)
{
	struct crd_str str = { 0 };

	crd_str_fmt(&str, "%s:%u", file, line);
	set_str(o, "place", &str, ok);
}

static const char *found_name(enum crd_found found)
{
	static const char *const names[] = {
		[CRD_FOUND_NOT] = "not",
		[CRD_FOUND_EXACT] = "exact",
		[CRD_FOUND_NAME] = "name",
		[CRD_FOUND_PREFIX] = "prefix",
		[CRD_FOUND_LISTED_NAME] = "listed-name",
		[CRD_FOUND_PATTERN] = "pattern",
		[CRD_FOUND_JEDEC] = "jedec",
		[CRD_FOUND_FORM] = "form",
		[CRD_FOUND_PLACEHOLDER] = "placeholder",
		[CRD_FOUND_LOOK_ALIKE] = "look-alike",
	};

	return names[found];
}

static json_t *identifier_json(struct json *j)
{
	const struct crd_row *id = j->l->id, *source = j->l->source;
	json_t *o = json_object(), *s;

	set_field(o, "scheme", id, LKP_ID_SCHEME, &j->ok);
	set_field(o, "value", id, LKP_ID_VALUE, &j->ok);
	set_field(o, "note", id, LKP_ID_NOTE, &j->ok);
	set_place(o, "identifiers.csv", id->line, &j->ok);
	if (source->line) {
		s = json_object();
		set_field(s, "id", source, LKP_SOURCE_ID, &j->ok);
		set_field(s, "title", source, LKP_SOURCE_TITLE, &j->ok);
		set_field(s, "date", source, LKP_SOURCE_DATE, &j->ok);
		set_field(s, "address", source, LKP_SOURCE_ADDRESS, &j->ok);
		set_place(s, "sources.csv", source->line, &j->ok);
		set(o, "source", s, &j->ok);
	}
	return o;
}

static json_t *entity_json(struct json *j, uint16_t number)
{
	const struct crd_entity *e = &j->l->reg->entities[number];
	json_t *o = json_object();

	set_text(o, "entity", e->id, &j->ok);
	set_text(o, "name", e->name, &j->ok);
	set_text(o, "hq_jurisdiction", e->hq, &j->ok);
	if (crd_lookup_row(&j->l->reg->entities_csv, e->line, j->row)) {
		set_field(o, "kind", j->row, LKP_ENTITY_KIND, &j->ok);
		set_field(o, "confidence", j->row, LKP_ENTITY_CONFIDENCE,
			  &j->ok);
		set_field(o, "basis", j->row, LKP_ENTITY_BASIS, &j->ok);
		set_field(o, "as_of", j->row, LKP_ENTITY_AS_OF, &j->ok);
	}
	set_place(o, "entities.csv", e->line, &j->ok);
	return o;
}

static json_t *chain_json(struct json *j)
{
	json_t *array = json_array();
	uint16_t number;

	for (number = j->l->entity; number != REG_NONE;
	     number = j->l->reg->entities[number].parent)
		append(array, entity_json(j, number), &j->ok);
	return array;
}

static json_t *jurisdictions_json(struct json *j)
{
	const struct crd_entity *e = &j->l->reg->entities[j->l->entity];
	json_t *array = json_array();

	append(array, json_string(e->hq), &j->ok);
	if (strcmp(e->hq, e->ultimate))
		append(array, json_string(e->ultimate), &j->ok);
	return array;
}

static json_t *list_json(struct json *j, uint16_t number)
{
	const struct crd_list *list = &j->l->reg->lists[number];
	json_t *o = json_object();

	set_text(o, "id", list->id, &j->ok);
	if (crd_lookup_row(&j->l->reg->lists_csv, list->line, j->row)) {
		set_field(o, "title", j->row, LKP_LIST_TITLE, &j->ok);
		set_field(o, "authority", j->row, LKP_LIST_AUTHORITY, &j->ok);
		set_field(o, "jurisdiction", j->row, LKP_LIST_JURISDICTION,
			  &j->ok);
		set_field(o, "effective_date", j->row, LKP_LIST_DATE, &j->ok);
		set_field(o, "citation", j->row, LKP_LIST_CITATION, &j->ok);
		set_field(o, "prohibits", j->row, LKP_LIST_PROHIBITS, &j->ok);
	}
	set_place(o, "lists.csv", list->line, &j->ok);
	return o;
}

static int add_listing(const struct crd_listing *l, void *ctx)
{
	struct json *j = ctx;
	json_t *o = json_object();

	set(o, "in_force", json_boolean(crd_listing_holds(l, j->l->ask->day)),
	    &j->ok);
	if (j->l->list == REG_NONE)
		set(o, "list", list_json(j, l->list), &j->ok);
	set_text(o, "entity", j->l->reg->entities[l->entity].id, &j->ok);
	set_text(o, "name", j->l->reg->entities[l->entity].name, &j->ok);
	if (crd_lookup_row(&j->l->reg->listings_csv, l->line, j->row)) {
		set_field(o, "effective_date", j->row, LKP_LISTING_DATE,
			  &j->ok);
		set_field(o, "end_date", j->row, LKP_LISTING_END, &j->ok);
		set_field(o, "scope", j->row, LKP_LISTING_SCOPE, &j->ok);
		set_field(o, "citation", j->row, LKP_LISTING_CITATION, &j->ok);
		set_field(o, "confidence", j->row, LKP_LISTING_CONFIDENCE,
			  &j->ok);
	}
	set_place(o, "listings.csv", l->line, &j->ok);
	append(j->listings, o, &j->ok);
	return 0;
}

static json_t *public_json(struct json *j)
{
	json_t *o = json_object();

	set_text(o, "list", crd_lookup_public_list(j->l->scheme), &j->ok);
	set_text(o, "state",
		 j->l->named == CRD_NAMED     ? "has it" :
		 j->l->named == CRD_NAMED_NOT ? "does not have it" :
						"not installed",
		 &j->ok);
	if (j->l->named == CRD_NAMED)
		set_safe(o, "name", j->l->name, &j->ok);
	return o;
}

static void fill(struct json *j, json_t *o)
{
	const struct crd_lookup *l = j->l;

	set(o, "credence-lookup", json_integer(1), &j->ok);
	set_safe(o, "query", crd_buf_of(l->ask->what), &j->ok);
	set(o, "known", json_boolean(crd_lookup_known(l)), &j->ok);
	set_day(o, "as_of", l->ask->day, &j->ok);
	set_text(o, "found", found_name(l->found), &j->ok);
	if (l->id->line)
		set(o, "identifier", identifier_json(j), &j->ok);
	if (crd_lookup_public_list(l->scheme) && l->ask->named)
		set(o, "public_list", public_json(j), &j->ok);
	if (l->found == CRD_FOUND_LOOK_ALIKE && l->entity != REG_NONE)
		set_text(o, "looks_like", l->reg->entities[l->entity].id,
			 &j->ok);
	if (!crd_lookup_known(l))
		return;
	if (l->list != REG_NONE) {
		set(o, "list", list_json(j, l->list), &j->ok);
	} else {
		set(o, "entities", chain_json(j), &j->ok);
		set(o, "jurisdictions", jurisdictions_json(j), &j->ok);
	}
	j->listings = json_array();
	crd_lookup_listings(l, add_listing, j);
	set(o, "listings", j->listings, &j->ok);
}

int crd_lookup_json(const struct crd_registry *registry,
		    const struct crd_question *ask, bool *ret_known,
		    char **ret_text, struct crd_error *err)
{
	struct crd_lookup l = { 0 };
	struct json j = { .l = &l, .ok = true };
	json_t *o;
	int ret = crd_lookup_start(registry, ask, &l, err);

	if (ret)
		return ret;
	o = json_object();
	j.row = malloc(sizeof(*j.row));
	if (o && j.row)
		fill(&j, o);
	*ret_text = o && j.row && j.ok ?
			    json_dumps(o, JSON_INDENT(2) | JSON_SORT_KEYS) :
			    NULL;
	*ret_known = crd_lookup_known(&l);
	json_decref(o);
	free(j.row);
	crd_lookup_done(&l);
	return *ret_text ? 0 : -ENOMEM;
}
