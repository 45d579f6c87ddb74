// SPDX-License-Identifier: Apache-2.0
/* What a registry knows of one thing, for people. */
#include "lookup.h"

#include <errno.h>
#include <stdlib.h>

#include "page.h"

struct text {
	const struct crd_lookup *l;
	struct crd_page page;
	struct crd_row *row; /* room for one */
	size_t held, listings;
};

static void line(struct text *t, struct crd_str *str, size_t indent)
{
	crd_str_fmt(&t->page.str, "%*s", (int)indent, "");
	crd_page_flow(&t->page, str->ptr ? str->ptr : "", indent, indent + 2);
	t->page.str.failed |= str->failed;
	crd_str_done(str);
}

static void add_field(struct crd_str *str, const char *before,
		      const struct crd_row *row, unsigned int column)
{
	if (!row->field[column].len)
		return;
	crd_str_puts(str, before);
	crd_str_safe(str, row->field[column]);
}

/* "pci:19e5", as it was asked */
static void say_question(struct text *t, struct crd_str *str)
{
	crd_str_safe(str, crd_buf_of(t->l->ask->what));
}

static const char *how(enum crd_found found)
{
	switch (found) {
	case CRD_FOUND_NAME:
		return "the name without the mail address";
	case CRD_FOUND_PREFIX:
		return "the longest assignment that fits";
	case CRD_FOUND_LISTED_NAME:
		return "the name that the list of this machine has for it";
	case CRD_FOUND_PATTERN:
		return "a pattern that fits";
	case CRD_FOUND_JEDEC:
		return "the code that the text is";
	case CRD_FOUND_FORM:
		return "a code of the maker's own form";
	default:
		return "to the letter";
	}
}

/* The row that answers, and who says so. */
static void grounds(struct text *t)
{
	const struct crd_lookup *l = t->l;
	const struct crd_row *source = l->source;
	struct crd_str str = { 0 };

	if (l->found == CRD_FOUND_NOT || l->found >= CRD_FOUND_PLACEHOLDER)
		return;
	crd_str_fmt(&str, "found: %s", how(l->found));
	if (l->id->line) {
		add_field(&str, ", ", l->id, LKP_ID_SCHEME);
		add_field(&str, " '", l->id, LKP_ID_VALUE);
		crd_str_fmt(&str, "' in identifiers.csv:%u", l->id->line);
	}
	line(t, &str, 2);
	if (l->id->line && source->line) {
		add_field(&str, "source: ", source, LKP_SOURCE_TITLE);
		add_field(&str, "; ", source, LKP_SOURCE_DATE);
		add_field(&str, "; ", source, LKP_SOURCE_ADDRESS);
		add_field(&str, " (", source, LKP_SOURCE_ID);
		crd_str_fmt(&str, ", sources.csv:%u)", source->line);
		line(t, &str, 2);
	}
	if (l->id->line && l->id->field[LKP_ID_NOTE].len) {
		add_field(&str, "note: ", l->id, LKP_ID_NOTE);
		line(t, &str, 2);
	}
}

/* A help for the reader: nothing is decided by it. */
static void public_list(struct text *t)
{
	const char *list = crd_lookup_public_list(t->l->scheme);
	struct crd_str str = { 0 };

	if (!list || !t->l->ask->named)
		return;
	crd_str_fmt(&str, "%s of this machine: ", list);
	if (t->l->named == CRD_NAMED)
		crd_str_safe(&str, t->l->name);
	else
		crd_str_puts(&str, t->l->named == CRD_NAMED_NOT ?
					   "does not have it" :
					   "not installed");
	line(t, &str, 2);
}

static void entity(struct text *t, uint16_t number, const char *role)
{
	const struct crd_entity *e = &t->l->reg->entities[number];
	struct crd_str str = { 0 };

	crd_str_fmt(&str, "%s: ", role);
	crd_str_safe(&str, crd_buf_of(e->name));
	crd_str_fmt(&str, " (%s), headquarters in %s", e->id, e->hq);
	line(t, &str, 2);
	if (!crd_lookup_row(&t->l->reg->entities_csv, e->line, t->row))
		return;
	add_field(&str, "", t->row, LKP_ENTITY_KIND);
	add_field(&str, "; confidence ", t->row, LKP_ENTITY_CONFIDENCE);
	add_field(&str, ": ", t->row, LKP_ENTITY_BASIS);
	add_field(&str, "; as of ", t->row, LKP_ENTITY_AS_OF);
	crd_str_fmt(&str, " (entities.csv:%u)", e->line);
	line(t, &str, 4);
}

static void chain(struct text *t)
{
	const struct crd_entity *all = t->l->reg->entities;
	uint16_t number = t->l->entity;
	struct crd_str str = { 0 };

	crd_page_heading(&t->page, "Who");
	entity(t, number, "maker");
	while (all[number].parent != REG_NONE) {
		number = all[number].parent;
		entity(t, number,
		       all[number].parent == REG_NONE ? "last owner" : "owner");
	}
	crd_str_fmt(&str, "jurisdictions: %s", all[t->l->entity].hq);
	if (strcmp(all[t->l->entity].hq, all[number].hq))
		crd_str_fmt(&str, ", and %s through its last owner",
			    all[number].hq);
	line(t, &str, 2);
}

/* "in force since 2019-08-13", of that day */
static void standing(struct text *t, const struct crd_listing *l,
		     struct crd_str *str)
{
	int32_t day = t->l->ask->day;
	bool holds = crd_listing_holds(l, day);

	t->held += holds;
	crd_str_puts(str, holds		 ? "in force since " :
			  l->since > day ? "not in force, begins " :
					   "no longer in force, from ");
	crd_str_date(str, l->since);
	if (l->until != INT32_MAX) {
		crd_str_puts(str, " until ");
		crd_str_date(str, l->until);
	}
}

static void list_row(struct text *t, uint16_t number)
{
	const struct crd_list *list = &t->l->reg->lists[number];
	struct crd_str str = { 0 };

	if (!crd_lookup_row(&t->l->reg->lists_csv, list->line, t->row))
		return;
	add_field(&str, "", t->row, LKP_LIST_TITLE);
	line(t, &str, 4);
	add_field(&str, "authority: ", t->row, LKP_LIST_AUTHORITY);
	add_field(&str, " (", t->row, LKP_LIST_JURISDICTION);
	add_field(&str, "), since ", t->row, LKP_LIST_DATE);
	add_field(&str, "; ", t->row, LKP_LIST_CITATION);
	crd_str_fmt(&str, " (lists.csv:%u)", list->line);
	line(t, &str, 4);
	add_field(&str, "effect: ", t->row, LKP_LIST_PROHIBITS);
	line(t, &str, 4);
}

static int listing(const struct crd_listing *l, void *ctx)
{
	struct text *t = ctx;
	const struct crd_registry *reg = t->l->reg;
	bool of_list = t->l->list != REG_NONE;
	struct crd_str str = { 0 };

	t->listings++;
	crd_str_fmt(&str, "%s: ",
		    of_list ? reg->entities[l->entity].id :
			      reg->lists[l->list].id);
	standing(t, l, &str);
	if (of_list || l->entity != t->l->entity) {
		crd_str_puts(&str, of_list ? "; " : "; through its owner ");
		crd_str_safe(&str, crd_buf_of(reg->entities[l->entity].name));
	}
	line(t, &str, 2);
	if (!of_list)
		list_row(t, l->list);
	if (!crd_lookup_row(&reg->listings_csv, l->line, t->row))
		return 0;
	add_field(&str, "scope: ", t->row, LKP_LISTING_SCOPE);
	add_field(&str, "; ", t->row, LKP_LISTING_CITATION);
	add_field(&str, "; confidence ", t->row, LKP_LISTING_CONFIDENCE);
	crd_str_fmt(&str, " (listings.csv:%u)", l->line);
	line(t, &str, 4);
	return 0;
}

static void listings(struct text *t)
{
	struct crd_str str = { 0 };

	crd_str_puts(&str, t->l->list == REG_NONE ? "Lists, as of " :
						    "Who is on it, as of ");
	crd_str_date(&str, t->l->ask->day);
	if (t->l->ask->as_of)
		crd_str_puts(&str, ", not today");
	crd_page_heading(&t->page, str.ptr ? str.ptr : "");
	t->page.str.failed |= str.failed;
	crd_str_done(&str);
	crd_lookup_listings(t->l, listing, t);
	if (!t->listings)
		crd_str_puts(&str,
			     t->l->list == REG_NONE ?
				     "on none that the registry knows" :
				     "no company that the registry knows");
	else
		crd_str_fmt(&str, "%zu of %zu in force", t->held, t->listings);
	line(t, &str, 2);
}

static void answer(struct text *t)
{
	const struct crd_lookup *l = t->l;
	const struct crd_registry *reg = l->reg;
	struct crd_str str = { 0 };

	say_question(t, &str);
	if (l->list != REG_NONE) {
		crd_str_puts(&str, " is a list");
	} else if (crd_lookup_known(l)) {
		crd_str_puts(&str, " is ");
		crd_str_safe(&str, crd_buf_of(reg->entities[l->entity].name));
	} else if (l->found == CRD_FOUND_PLACEHOLDER) {
		crd_str_puts(
			&str,
			" is unknown: a text that firmware leaves where nothing was entered");
	} else if (l->found == CRD_FOUND_LOOK_ALIKE) {
		crd_str_puts(&str,
			     " is unknown, and suspicious: it looks like ");
		crd_str_safe(&str, crd_buf_of(reg->entities[l->entity].name));
		crd_str_puts(&str, ", but is written with other letters");
	} else {
		crd_str_puts(&str,
			     " is unknown: the registry has nothing of it");
	}
	line(t, &str, 0);
}

int crd_lookup_text(const struct crd_registry *registry,
		    const struct crd_question *ask, bool *ret_known,
		    char **ret_text, struct crd_error *err)
{
	struct crd_lookup l = { 0 };
	struct text t = { .l = &l,
			  .page = { .colour = ask->flags & CRD_TEXT_COLOUR } };
	int ret = crd_lookup_start(registry, ask, &l, err);

	if (ret)
		return ret;
	t.row = malloc(sizeof(*t.row));
	if (!t.row)
		t.page.str.failed = true;
	answer(&t);
	grounds(&t);
	public_list(&t);
	if (t.row && l.list != REG_NONE)
		list_row(&t, l.list);
	if (t.row && l.entity != REG_NONE && crd_lookup_known(&l))
		chain(&t);
	if (t.row && crd_lookup_known(&l))
		listings(&t);
	free(t.row);
	*ret_known = crd_lookup_known(&l);
	crd_lookup_done(&l);
	*ret_text = crd_str_take(&t.page.str);
	return *ret_text ? 0 : -ENOMEM;
}
