// SPDX-License-Identifier: Apache-2.0
/* What a registry knows of one thing: the question, and the row that answers. */
#include "lookup.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "appraise_private.h"
#include "maker.h"

/* What stands before the colon, and the scheme that it means. */
static const struct {
	const char *word, *scheme, *list, *example;
} words[] = {
	{ "pci", "pci", "pci.ids", "four hexadecimal digits, pci:8086" },
	{ "usb", "usb", "usb.ids", "four hexadecimal digits, usb:8087" },
	{ "pnp", "pnp", "pnp.ids", "three letters, pnp:DEL" },
	{ "oui", "oui", "the IEEE's list",
	  "a MAC address or its beginning, oui:00:e0:fc" },
	{ "jedec", "jedec", NULL, "bank and code, jedec:1:ce" },
	{ "tpm", "tpm", NULL, "a TCG vendor id, tpm:INTC" },
	{ "cpuid", "cpuid", NULL, "a processor's vendor, cpuid:GenuineIntel" },
	{ "smbios", "smbios", NULL, "a manufacturer, smbios:'Dell Inc.'" },
	{ "author", "modsigner", NULL, "a driver's author, author:Intel" },
	{ "modsigner", "modsigner", NULL, "a signer or an author" },
	{ "firmware", "firmware", NULL,
	  "the name of an image, firmware:iwlwifi-x.ucode" },
	{ "entity", "entity", NULL, "an id of entities.csv, entity:intel" },
	{ "list", "list", NULL, "an id of lists.csv, list:us-ndaa-889" },
};
enum { N_WORDS = sizeof(words) / sizeof(words[0]) };

const char *crd_lookup_public_list(const char *scheme)
{
	size_t i;

	for (i = 0; i < N_WORDS; i++)
		if (!strcmp(words[i].scheme, scheme))
			return words[i].list;
	return NULL;
}

static int bad(struct crd_error *err, const char *what, size_t word)
{
	struct crd_str all = { 0 };
	size_t i;

	if (word < N_WORDS) {
		crd_fail_at(err, 0, 0, -EINVAL, "'%.80s': give %s", what,
			    words[word].example);
		return -EINVAL;
	}
	for (i = 0; i < N_WORDS; i++)
		crd_str_fmt(&all, "%s%s:", i ? ", " : "", words[i].word);
	crd_fail_at(
		err, 0, 0, -EINVAL,
		"'%.80s' does not say of what kind it is; begin with one of %s",
		what, all.ptr ? all.ptr : "");
	crd_str_done(&all);
	return -EINVAL;
}

static void fold(char *text, int (*to)(int c))
{
	for (; *text; text++)
		*text = (char)to((unsigned char)*text);
}

/* 00:E0:FC, 00-e0-fc-12-34-56, 00e0fc: digits; else the text as it is. */
static void bare_address(char *text)
{
	char digits[LKP_MAX_VALUE];
	size_t i, n = 0;

	for (i = 0; text[i]; i++) {
		if (crd_hex_any_digit((uint8_t)text[i]) >= 0)
			digits[n++] = (char)tolower((unsigned char)text[i]);
		else if (text[i] != ':' && text[i] != '-')
			return;
	}
	if (n < 6 || n > 12)
		return;
	memcpy(text, digits, n);
	text[n] = '\0';
}

/* The value as the tables write it; false: it has not the form of one. */
static bool normalize(struct crd_lookup *l)
{
	char *v = l->value;

	if (!strcmp(l->scheme, "pci") || !strcmp(l->scheme, "usb")) {
		fold(v, tolower);
		if (!strncmp(v, "0x", 2))
			memmove(v, v + 2, strlen(v + 2) + 1);
		return strlen(v) == 4 && crd_is_hex(crd_buf_of(v));
	}
	if (!strcmp(l->scheme, "pnp")) {
		fold(v, toupper);
		return strlen(v) == 3;
	}
	if (!strcmp(l->scheme, "oui"))
		bare_address(v);
	if (!strcmp(l->scheme, "tpm") && strlen(v) == 8)
		fold(v, tolower);
	return *v;
}

/* "smbios17": in a structure of that type; gives the length of "smbios". */
static size_t take_type(struct crd_lookup *l, const char *what, size_t len)
{
	static const char word[] = "smbios";
	const size_t base = sizeof(word) - 1;
	int type = 0;
	size_t i;

	if (len <= base || len > base + 3 || memcmp(what, word, base))
		return len;
	for (i = base; i < len; i++) {
		if (!isdigit((unsigned char)what[i]))
			return len;
		type = type * 10 + (what[i] - '0');
	}
	l->smbios_type = type;
	return type < 256 ? base : len;
}

/*
 * Without a kind it is the name of a company: an id of entities.csv in any
 * case and with spaces, or else what firmware would call it.
 */
static bool parse_name(struct crd_lookup *l, const char *what)
{
	size_t i, len = strlen(what);
	bool number = true; /* which could be that of anything */

	for (i = 0; i < N_WORDS; i++)
		if (!strcmp(what, words[i].word))
			return false;
	if (!len || len >= sizeof(l->value))
		return false;
	for (i = 0; i < len; i++)
		number &= crd_hex_any_digit((uint8_t)what[i]) >= 0;
	for (i = 0; i <= len; i++)
		l->value[i] = what[i] == ' ' ?
				      '-' :
				      (char)tolower((unsigned char)what[i]);
	l->scheme = "entity";
	if (crd_registry_entity(l->reg, l->value) == REG_NONE) {
		l->scheme = "smbios";
		memcpy(l->value, what, len + 1);
		return !number;
	}
	return true;
}

static int parse(struct crd_lookup *l, struct crd_error *err)
{
	const char *what = l->ask->what, *colon = strchr(what, ':');
	size_t i, len = colon ? (size_t)(colon - what) : 0;

	l->scheme = "";
	if (!colon)
		return parse_name(l, what) ? 0 : bad(err, what, N_WORDS);
	len = take_type(l, what, len);
	for (i = 0; i < N_WORDS; i++)
		if (strlen(words[i].word) == len &&
		    !memcmp(words[i].word, what, len))
			break;
	if (i == N_WORDS)
		return bad(err, what, i);
	l->scheme = words[i].scheme;
	if (snprintf(l->value, sizeof(l->value), "%s", colon + 1) >=
		    (int)sizeof(l->value) ||
	    !normalize(l))
		return bad(err, what, i);
	return 0;
}

static void found_row(struct crd_lookup *l, size_t at, enum crd_found found)
{
	const struct crd_buf *bytes = &l->reg->identifiers_csv.bytes;
	size_t i;

	l->found = found;
	l->entity = crd_registry_entity_of(l->reg, l->id->field[2]);
	l->id->line = 1;
	for (i = 0; i < at; i++)
		l->id->line += bytes->ptr[i] == '\n';
}

static bool find_exact(struct crd_lookup *l, const char *scheme,
		       struct crd_buf value, enum crd_found found)
{
	size_t at;

	if (!crd_registry_row(l->reg, scheme, value, l->id, &at))
		return false;
	found_row(l, at, found);
	return true;
}

/* As a driver's authors are looked up. */
static void find_author(struct crd_lookup *l, struct crd_buf value)
{
	struct crd_buf name = crd_author_name(value);

	if (!find_exact(l, "modsigner", value, CRD_FOUND_EXACT) && name.len)
		find_exact(l, "modsigner", name, CRD_FOUND_NAME);
}

/* What a text of SMBIOS names: all rules of it are maker.c's. */
static void find_maker(struct crd_lookup *l, struct crd_buf value)
{
	static const enum crd_found founds[] = {
		[CRD_MAKER_UNKNOWN] = CRD_FOUND_NOT,
		[CRD_MAKER_PLACEHOLDER] = CRD_FOUND_PLACEHOLDER,
		[CRD_MAKER_LOOK_ALIKE] = CRD_FOUND_LOOK_ALIKE,
		[CRD_MAKER_EXACT] = CRD_FOUND_EXACT,
		[CRD_MAKER_PATTERN] = CRD_FOUND_PATTERN,
		[CRD_MAKER_FORM] = CRD_FOUND_FORM,
		[CRD_MAKER_JEDEC] = CRD_FOUND_JEDEC,
	};
	struct crd_maker maker;

	crd_maker_find(l->reg, l->smbios_type, value, &maker);
	if (maker.scheme)
		find_exact(l, maker.scheme, crd_buf_of(maker.value),
			   founds[maker.how]);
	l->found = founds[maker.how];
	l->entity = maker.entity ? crd_registry_entity(l->reg, maker.entity) :
				   REG_NONE;
}

/* bank:code, or a spelling of it that firmware uses */
static void find_jedec(struct crd_lookup *l, struct crd_buf value)
{
	struct crd_jedec code;
	char text[16];

	if (find_exact(l, "jedec", value, CRD_FOUND_EXACT) ||
	    crd_jedec_parse(value, &code) != CRD_JEDEC_CODE)
		return;
	snprintf(text, sizeof(text), "%u:%02x", code.bank, code.code);
	find_exact(l, "jedec", crd_buf_of(text), CRD_FOUND_JEDEC);
}

static void find(struct crd_lookup *l)
{
	struct crd_buf value = crd_buf_of(l->value);
	size_t at;

	if (!strcmp(l->scheme, "entity"))
		l->entity = crd_registry_entity_of(l->reg, value);
	else if (!strcmp(l->scheme, "list"))
		l->list = crd_registry_list_of(l->reg, value);
	else if (!strcmp(l->scheme, "smbios"))
		find_maker(l, value);
	else if (!strcmp(l->scheme, "jedec"))
		find_jedec(l, value);
	else if (!strcmp(l->scheme, "modsigner"))
		find_author(l, value);
	else if (find_exact(l, l->scheme, value, CRD_FOUND_EXACT))
		return;
	else if (!strcmp(l->scheme, "firmware") &&
		 crd_registry_firmware(l->reg, value, l->id, &at))
		found_row(l, at, CRD_FOUND_PATTERN);
	else if (!strcmp(l->scheme, "oui") &&
		 crd_registry_oui(l->reg, value, l->id, &at))
		found_row(l, at, CRD_FOUND_PREFIX);
}

bool crd_lookup_row(const struct crd_table *table, uint32_t line,
		    struct crd_row *row)
{
	const struct crd_buf *bytes = &table->bytes;
	const uint8_t *at = bytes->ptr, *end = bytes->ptr + bytes->len;
	uint32_t n;

	for (n = 1; n < line && at < end; n++) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : end;
	}
	row->line = line;
	return line && at < end &&
	       !crd_table_row(table, (size_t)(at - bytes->ptr), row, NULL);
}

static void find_source(struct crd_lookup *l)
{
	const struct crd_registry *reg = l->reg;
	size_t i;

	for (i = 0; i < reg->n_sources; i++)
		if (crd_buf_equal(crd_buf_of(reg->sources[i].id),
				  l->id->field[LKP_ID_SOURCE]))
			break;
	if (i < reg->n_sources)
		crd_lookup_row(&reg->sources_csv, reg->sources[i].line,
			       l->source);
	else
		l->source->line = 0;
}

/* Blocks that are divided are in lists of their own: the longest first. */
static enum crd_named ask_oui(struct crd_lookup *l)
{
	static const uint8_t lengths[] = { 9, 7, 6 };
	struct crd_buf value = crd_buf_of(l->value);
	enum crd_named named = CRD_NAMED_NOT;
	size_t i;

	if (!crd_is_hex(value) || value.len < 6)
		return l->ask->named("oui", value, &l->name, l->ask->named_ctx);
	for (i = 0; i < sizeof(lengths) && named == CRD_NAMED_NOT; i++) {
		if (lengths[i] > value.len)
			continue;
		value.len = lengths[i];
		named = l->ask->named("oui", value, &l->name,
				      l->ask->named_ctx);
		value.len = strlen(l->value);
	}
	return named;
}

/*
 * A help, with one exception: the registry has prefixes of listed companies
 * only, and the names of all others.
 */
static void ask_public_list(struct crd_lookup *l)
{
	l->named = CRD_NAMED_NO_LIST;
	if (!l->ask->named || !crd_lookup_public_list(l->scheme))
		return;
	if (strcmp(l->scheme, "oui")) {
		l->named = l->ask->named(l->scheme, crd_buf_of(l->value),
					 &l->name, l->ask->named_ctx);
		return;
	}
	l->named = ask_oui(l);
	if (l->named == CRD_NAMED && l->entity == REG_NONE)
		find_exact(l, "oui", l->name, CRD_FOUND_LISTED_NAME);
}

int crd_lookup_start(const struct crd_registry *registry,
		     const struct crd_question *ask,
		     struct crd_lookup *ret_lookup, struct crd_error *err)
{
	struct crd_lookup l = { .reg = registry,
				.ask = ask,
				.smbios_type = CRD_MAKER_ANY_TYPE,
				.entity = REG_NONE,
				.list = REG_NONE };
	int ret = parse(&l, err);

	if (ret)
		return ret;
	l.id = calloc(1, sizeof(*l.id));
	l.source = calloc(1, sizeof(*l.source));
	if (!l.id || !l.source) {
		crd_lookup_done(&l);
		return -ENOMEM;
	}
	find(&l);
	ask_public_list(&l);
	if (l.id->line)
		find_source(&l);
	*ret_lookup = l;
	return 0;
}

void crd_lookup_done(struct crd_lookup *l)
{
	free(l->id);
	free(l->source);
	l->id = NULL;
	l->source = NULL;
}

static int listings_of_list(const struct crd_lookup *l,
			    int (*fn)(const struct crd_listing *listing,
				      void *ctx),
			    void *ctx)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < l->reg->n_listings; i++)
		if (l->reg->listings[i].list == l->list)
			ret = fn(&l->reg->listings[i], ctx);
	return ret;
}

int crd_lookup_listings(const struct crd_lookup *l,
			int (*fn)(const struct crd_listing *listing, void *ctx),
			void *ctx)
{
	const struct crd_entity *e;
	uint16_t entity;
	unsigned int i;
	int ret = 0;

	if (l->list != REG_NONE)
		return listings_of_list(l, fn, ctx);
	for (entity = l->entity; entity != REG_NONE && !ret;
	     entity = e->parent) {
		e = &l->reg->entities[entity];
		for (i = 0; !ret && i < e->n_listings; i++)
			ret = fn(&l->reg->listings[e->first_listing + i], ctx);
	}
	return ret;
}
