// SPDX-License-Identifier: Apache-2.0
/*
 * All that is wrong with a registry, and what is only strange about it: for
 * those who keep it, before others judge by it.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "registry_check.h"

/* Columns that are looked at once more. */
enum { ID_SCHEME, ID_VALUE, ID_ENTITY, ID_SOURCE };
enum { LISTING_DATE = 2, SOURCE_DATE = 2 };

struct audit {
	struct crd_audit *out;
	struct crd_faults all;
	struct crd_check check;
	struct crd_error err;
};

static void on_fault(const struct crd_fault *fault, void *ctx)
{
	struct audit *a = ctx;

	a->out->errors++;
	a->out->fault(fault, a->out->fault_ctx);
}

/* What was just put into a->err, of that table. */
static void tell(struct audit *a, const struct crd_table *table, bool warning)
{
	const struct crd_fault fault = {
		.file = table->file,
		.line = a->err.line,
		.column = a->err.column,
		.text = a->err.text + strlen(table->file) + 2,
		.warning = warning,
	};

	*(warning ? &a->out->warnings : &a->out->errors) += 1;
	a->out->fault(&fault, a->out->fault_ctx);
}

/* The next word of letters and digits; false: no more. */
static bool next_word(struct crd_buf *text, struct crd_buf *ret_word)
{
	size_t n = 0;

	while (text->len && !isalnum(*text->ptr) && *text->ptr < 0x80) {
		text->ptr++;
		text->len--;
	}
	while (n < text->len && (isalnum(text->ptr[n]) || text->ptr[n] >= 0x80))
		n++;
	*ret_word = (struct crd_buf){ text->ptr, n };
	text->ptr += n;
	text->len -= n;
	return n;
}

static bool same_word(struct crd_buf a, struct crd_buf b)
{
	size_t i;

	for (i = 0; i < a.len && a.len == b.len; i++)
		if (tolower(a.ptr[i]) != tolower(b.ptr[i]))
			return false;
	return a.len == b.len;
}

/* Words that many a company has in its name. */
static bool is_common(struct crd_buf word)
{
	static const char *const common[] = {
		"and",		 "co",	    "company",	    "computer",
		"computers",	 "corp",    "corporation",  "electronic",
		"electronics",	 "gmbh",    "group",	    "inc",
		"international", "limited", "ltd",	    "of",
		"semiconductor", "systems", "technologies", "technology",
		"the",
	};
	size_t i;

	if (word.len < 2)
		return true;
	for (i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (same_word(word, crd_buf_of(common[i])))
			return true;
	return false;
}

static bool has_word(struct crd_buf text, struct crd_buf word)
{
	struct crd_buf other;

	while (next_word(&text, &other))
		if (same_word(word, other))
			return true;
	return false;
}

/* The name with its brands, or the id, has a word of the other's. */
static bool resembles(const struct crd_entity *e, struct crd_buf name)
{
	struct crd_buf word;
	bool any = false;

	while (next_word(&name, &word)) {
		if (is_common(word))
			continue;
		any = true;
		if (has_word(crd_buf_of(e->name), word) ||
		    has_word(crd_buf_of(e->id), word))
			return true;
	}
	return !any; /* nothing to compare */
}

/* Which list a scheme's ids stand in, and the source that claims so. */
static const struct {
	const char *scheme, *source, *list;
} lists[] = {
	{ "pci", "pci-ids", "pci.ids" },
	{ "usb", "usb-ids", "usb.ids" },
	{ "pnp", "uefi-pnp-ids", "pnp.ids" },
	{ "oui", "ieee-ra", "the IEEE's list" },
};

/*
 * Nothing is wrong with an id that is seen elsewhere only, if its source does
 * not say that it is from that list.
 */
static void audit_id(struct audit *a, const struct crd_row *row, size_t list)
{
	const struct crd_registry *reg = a->check.reg;
	uint16_t entity = crd_registry_entity_of(reg, row->field[ID_ENTITY]);
	struct crd_buf value = row->field[ID_VALUE], name;
	enum crd_named named = a->out->named(lists[list].scheme, value, &name,
					     a->out->named_ctx);
	bool claims = crd_field_is(row->field[ID_SOURCE], lists[list].source);

	if (named == CRD_NAMED_NOT) {
		crd_row_fail(&reg->identifiers_csv, row, ID_VALUE, &a->err,
			     claims ? "'%.*s' is not in %s" :
				      "'%.*s' is not in %s, nor said to be",
			     CRD_FIELD(value), lists[list].list);
		tell(a, &reg->identifiers_csv, !claims);
	} else if (named == CRD_NAMED && entity != REG_NONE &&
		   !crd_buf_equal(value, name) &&
		   !resembles(&reg->entities[entity], name)) {
		crd_row_fail(&reg->identifiers_csv, row, ID_ENTITY, &a->err,
			     "%.*s '%.*s' is '%.*s' in %s, not '%s'",
			     CRD_FIELD(row->field[ID_SCHEME]), CRD_FIELD(value),
			     CRD_FIELD(name), lists[list].list,
			     reg->entities[entity].name);
		tell(a, &reg->identifiers_csv, true);
	}
}

/* Every row of a table that has the form of one. */
static void each_row(struct audit *a, const struct crd_table *table,
		     void (*fn)(struct audit *a, const struct crd_row *row))
{
	struct crd_cursor *c = &a->check.cursor;
	size_t at;
	int ret;

	c->table = table;
	c->row = NULL;
	c->n_rows = 0;
	c->next = 0;
	crd_table_skip(c); /* the header */
	c->n_rows = 0;
	for (;;) {
		at = c->next;
		ret = crd_table_next(c, NULL);
		if (!ret)
			return;
		if (c->next == at)
			crd_table_skip(c);
		else
			fn(a, c->row);
	}
}

static void audit_identifier(struct audit *a, const struct crd_row *row)
{
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (crd_field_is(row->field[ID_SCHEME], lists[i].scheme))
			audit_id(a, row, i);
}

/* Nobody can have read on a later day than that of the edition. */
static void audit_day(struct audit *a, const struct crd_table *table,
		      const struct crd_row *row, unsigned int column)
{
	struct crd_buf text = row->field[column];
	int32_t day;

	if (!crd_date_parse((const char *)text.ptr, text.len, &day) ||
	    !a->check.reg->date || day <= a->check.reg->date)
		return;
	crd_row_fail(table, row, column, &a->err,
		     "this day is after that of release.csv");
	tell(a, table, true);
}

static void audit_entity(struct audit *a, const struct crd_row *row)
{
	audit_day(a, &a->check.reg->entities_csv, row, ENT_AS_OF);
}

static void audit_source(struct audit *a, const struct crd_row *row)
{
	audit_day(a, &a->check.reg->sources_csv, row, SOURCE_DATE);
}

static void audit_listings(struct audit *a)
{
	const struct crd_registry *reg = a->check.reg;
	const struct crd_listing *l;
	size_t i;

	for (i = 0; i < reg->n_listings; i++) {
		l = &reg->listings[i];
		if (l->since >= reg->lists[l->list].since)
			continue;
		crd_table_fail(
			&reg->listings_csv, l->line, LISTING_DATE, &a->err,
			"'%s' is listed before the list '%s' is in force",
			reg->entities[l->entity].id, reg->lists[l->list].id);
		tell(a, &reg->listings_csv, true);
	}
}

static void conclude(struct audit *a)
{
	const struct crd_registry *reg = a->check.reg;

	each_row(a, &reg->entities_csv, audit_entity);
	each_row(a, &reg->sources_csv, audit_source);
	if (a->out->named)
		each_row(a, &reg->identifiers_csv, audit_identifier);
	audit_listings(a);
}

static void count(struct audit *a)
{
	const struct crd_registry *reg = a->check.reg;
	const uint8_t *at = reg->identifiers_csv.bytes.ptr;
	const uint8_t *end = at + reg->identifiers_csv.bytes.len;

	a->out->entities = reg->n_entities;
	a->out->lists = reg->n_lists;
	a->out->listings = reg->n_listings;
	a->out->sources = reg->n_sources;
	a->out->version = reg->version;
	a->out->date = reg->date;
	a->out->digest = reg->digest;
	for (; at < end; at++)
		a->out->identifiers += *at == '\n';
	a->out->identifiers -= a->out->identifiers != 0; /* the header */
}

int crd_registry_audit(const struct crd_registry_files *files,
		       struct crd_audit *audit)
{
	struct crd_registry *reg = calloc(1, sizeof(*reg));
	struct audit *a = calloc(1, sizeof(*a));
	int ret = -ENOMEM;

	if (!reg || !a)
		goto out;
	audit->errors = 0;
	audit->warnings = 0;
	a->out = audit;
	a->all = (struct crd_faults){ .fn = on_fault, .ctx = a };
	a->check.reg = reg;
	a->check.err = &a->err;
	a->check.all = &a->all;
	ret = crd_check_read(&a->check, files);
	if (!ret)
		ret = crd_registry_digest_files(files, &reg->digest);
	if (!ret) {
		conclude(a);
		count(a);
	} else if (audit->errors && ret != -ENOMEM) {
		ret = 0; /* told */
	}
out:
	free(a);
	crd_registry_free(&reg);
	return ret;
}
