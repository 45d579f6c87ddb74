// SPDX-License-Identifier: Apache-2.0
/* The tables of the registry row by row: what each column must be. */
#include "maker_private.h"
#include "registry_check.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

/* Columns, in file order. */
enum { IDN_SCHEME, IDN_VALUE, IDN_ENTITY, IDN_SOURCE, IDN_NOTE };
enum {
	LST_ID,
	LST_TITLE,
	LST_AUTHORITY,
	LST_JURISDICTION,
	LST_DATE,
	LST_CITATION,
	LST_PROHIBITS
};
enum {
	LIS_LIST,
	LIS_ENTITY,
	LIS_DATE,
	LIS_END,
	LIS_SCOPE,
	LIS_CITATION,
	LIS_CONFIDENCE
};
enum { SRC_ID, SRC_TITLE, SRC_DATE };
enum { REL_VERSION, REL_DATE };

static const char entity_columns[] =
	"entity_id,name,parent_entity_id,hq_jurisdiction,ultimate_parent_jurisdiction,kind,confidence,basis,as_of";
static const char identifier_columns[] = "scheme,value,entity_id,source,note";
static const char list_columns[] =
	"list_id,title,authority,jurisdiction,effective_date,citation,prohibits";
static const char listing_columns[] =
	"list_id,entity_id,effective_date,end_date,scope,citation,confidence";
static const char source_columns[] = "source_id,title,date,address";
static const char release_columns[] = "version,date";

static const char *const kinds[] = { "vendor",	"odm",	    "chipmaker",
				     "memory",	"storage",  "network",
				     "display", "security", "software",
				     "tpm",	"other",    NULL };
static const char *const confidences[] = { "high", "medium", "low", NULL };
static const char *const schemes[] = { "pci",		"usb",		"pnp",
				       "tpm",		"oui",		"jedec",
				       "smbios",	"modsigner",	"cpuid",
				       "firmware",	"form",		"words",
				       "words-battery", "words-memory", NULL };

/* Room for one more than n; grows by doubling. */
static int grow(void **array, size_t n, size_t size)
{
	void *more;

	if (n & (n - 1) || (n && n < 64))
		return 0;
	more = realloc(*array, (n ? 2 * n : 64) * size);
	if (!more)
		return -ENOMEM;
	*array = more;
	return 0;
}

/* What nothing is looked up by. */
static int check_entity(const struct crd_check *c)
{
	int32_t day;
	int ret = crd_check_id(c, ENT_ID);

	if (!ret && crd_check_field(c, ENT_PARENT).len)
		ret = crd_check_id(c, ENT_PARENT);
	if (!ret)
		ret = crd_check_word(c, ENT_KIND, kinds);
	if (!ret)
		ret = crd_check_word(c, ENT_CONFIDENCE, confidences);
	if (!ret)
		ret = crd_check_filled(c, ENT_BASIS);
	if (!ret)
		ret = crd_check_date(c, ENT_AS_OF, &day);
	return ret;
}

static int read_entity(struct crd_check *c)
{
	struct crd_registry *reg = c->reg;
	int ret = crd_check_limit(c, REG_MAX_ENTITIES);

	if (!ret)
		ret = check_entity(c);
	if (!ret)
		ret = crd_check_unique(c, 1);
	if (!ret)
		ret = crd_check_filled(c, ENT_NAME);
	if (!ret)
		ret = crd_check_country(c, ENT_HQ);
	if (!ret)
		ret = crd_check_country(c, ENT_ULTIMATE);
	if (!ret)
		ret = grow((void **)&reg->entities, reg->n_entities,
			   sizeof(*reg->entities));
	if (ret)
		return ret;
	crd_entity_keep(reg, c->cursor.row);
	return 0;
}

/* "HP@", from PNP ids */
static bool is_pnp(struct crd_buf text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] < '@' || text.ptr[i] > 'Z')
			return false;
	}
	return text.len == 3;
}

/* "10:ce": bank, code */
static bool is_jedec(struct crd_buf text)
{
	size_t n = 0;

	while (n < text.len && text.ptr[n] >= '0' && text.ptr[n] <= '9')
		n++;
	return n && n <= 3 && text.ptr[0] != '0' && n < text.len &&
	       text.ptr[n] == ':' && text.len - n - 1 == 2 &&
	       crd_is_hex((struct crd_buf){ text.ptr + n + 1, 2 });
}

/* As the TPM says it: up to four characters, or the number that they are. */
static bool is_tpm(struct crd_buf text)
{
	return (text.len == 8 && crd_is_hex(text)) ||
	       (text.len && text.len <= 4);
}

/* A prefix in capitals would pass for a company's name, and never match. */
static bool is_oui(struct crd_buf text)
{
	size_t i;

	if (text.len != 6 && text.len != 7 && text.len != 9)
		return text.len > 0;
	for (i = 0; i < text.len; i++) {
		if (crd_hex_any_digit(text.ptr[i]) < 0)
			return true;
	}
	return crd_is_hex(text);
}

/* A file's name, or its beginning and a "*", as a driver asks for it. */
static bool is_firmware(struct crd_buf text)
{
	const uint8_t *star = memchr(text.ptr, '*', text.len);

	return text.len && text.len <= REG_MAX_FIRMWARE && text.ptr[0] != '/' &&
	       (!star || (star > text.ptr && star == text.ptr + text.len - 1));
}

/* Ids that have a form must have it: a typing error would never match. */
static bool id_has_form(struct crd_buf scheme, struct crd_buf value)
{
	if (crd_field_is(scheme, "pci") || crd_field_is(scheme, "usb"))
		return value.len == 4 && crd_is_hex(value);
	if (crd_field_is(scheme, "pnp"))
		return is_pnp(value);
	if (crd_field_is(scheme, "jedec"))
		return is_jedec(value);
	if (crd_field_is(scheme, "tpm"))
		return is_tpm(value);
	if (crd_field_is(scheme, "oui"))
		return is_oui(value);
	if (crd_field_is(scheme, "firmware"))
		return is_firmware(value);
	return value.len > 0;
}

static int check_source(struct crd_check *c)
{
	struct crd_buf source = crd_check_field(c, IDN_SOURCE);
	const struct crd_registry *reg = c->reg;
	size_t i;

	/* most have that of the row before */
	if (c->source && crd_field_is(source, c->source))
		return 0;
	for (i = 0; i < reg->n_sources; i++) {
		if (crd_field_is(source, reg->sources[i].id)) {
			c->source = reg->sources[i].id;
			return 0;
		}
	}
	return crd_check_fail(c, IDN_SOURCE,
			      "source '%.*s' is not in sources.csv",
			      CRD_FIELD(source));
}

static int read_identifier(struct crd_check *c)
{
	struct crd_buf entity = crd_check_field(c, IDN_ENTITY);
	const char *wrong;
	int ret = 0;

	/* most have the scheme of the one before, which was checked */
	if (!c->cursor.n_same)
		ret = crd_check_word(c, IDN_SCHEME, schemes);
	if (!ret)
		ret = crd_check_unique(c, 2);
	if (!ret && !id_has_form(crd_check_field(c, IDN_SCHEME),
				 crd_check_field(c, IDN_VALUE)))
		ret = crd_check_fail(c, IDN_VALUE, "'%.*s' is not a %.*s id",
				     CRD_FIELD(crd_check_field(c, IDN_VALUE)),
				     CRD_FIELD(crd_check_field(c, IDN_SCHEME)));
	wrong = ret ? NULL :
		      crd_maker_check(crd_check_field(c, IDN_SCHEME),
				      crd_check_field(c, IDN_VALUE));
	if (wrong)
		ret = crd_check_fail(c, IDN_VALUE, "'%.*s' %s",
				     CRD_FIELD(crd_check_field(c, IDN_VALUE)),
				     wrong);
	if (!ret && crd_registry_entity_of(c->reg, entity) == REG_NONE)
		ret = crd_check_fail(c, IDN_ENTITY,
				     "entity '%.*s' is not in entities.csv",
				     CRD_FIELD(entity));
	return ret ? ret : check_source(c);
}

static int read_source(struct crd_check *c)
{
	struct crd_registry *reg = c->reg;
	int32_t day;
	int ret = crd_check_limit(c, REG_MAX_SOURCES);

	if (!ret)
		ret = crd_check_id(c, SRC_ID);
	if (!ret)
		ret = crd_check_unique(c, 1);
	if (!ret)
		ret = crd_check_filled(c, SRC_TITLE);
	if (!ret)
		ret = crd_check_date(c, SRC_DATE, &day);
	if (!ret)
		ret = grow((void **)&reg->sources, reg->n_sources,
			   sizeof(*reg->sources));
	if (ret)
		return ret;
	reg->sources[reg->n_sources++] = (struct crd_source){
		crd_registry_keep(reg, crd_check_field(c, SRC_ID)),
		c->cursor.row->line
	};
	return 0;
}

/* Of what the tables are one edition; one row. */
static int read_release(struct crd_check *c)
{
	struct crd_buf text = crd_check_field(c, REL_VERSION);
	uint64_t version = 0;
	size_t i;
	int ret = crd_check_limit(c, 1);

	if (ret)
		return ret;
	for (i = 0; i < text.len && isdigit(text.ptr[i]); i++)
		version = version * 10 + (text.ptr[i] - '0');
	if (i < text.len || !i || i > REG_MAX_VERSION || text.ptr[0] == '0')
		return crd_check_fail(c, REL_VERSION,
				      "'%.*s' is not a number from 1",
				      CRD_FIELD(text));
	c->reg->version = version;
	return crd_check_date(c, REL_DATE, &c->reg->date);
}

static int read_list(struct crd_check *c)
{
	struct crd_registry *reg = c->reg;
	int32_t day = 0;
	int ret = crd_check_limit(c, REG_MAX_LISTS);

	if (!ret)
		ret = crd_check_id(c, LST_ID);
	if (!ret)
		ret = crd_check_unique(c, 1);
	if (!ret)
		ret = crd_check_filled(c, LST_TITLE);
	if (!ret)
		ret = crd_check_filled(c, LST_AUTHORITY);
	if (!ret)
		ret = crd_check_country(c, LST_JURISDICTION);
	if (!ret)
		ret = crd_check_date(c, LST_DATE, &day);
	if (!ret)
		ret = crd_check_filled(c, LST_CITATION);
	if (!ret)
		ret = grow((void **)&reg->lists, reg->n_lists,
			   sizeof(*reg->lists));
	if (ret)
		return ret;
	reg->lists[reg->n_lists++] = (struct crd_list){
		crd_registry_keep(reg, crd_check_field(c, LST_ID)),
		crd_registry_keep(reg, crd_check_field(c, LST_TITLE)),
		c->cursor.row->line,
		day,
	};
	return 0;
}

/* Its last day; nothing: it is in force. */
static int read_end(const struct crd_check *c, struct crd_listing *l)
{
	int ret;

	l->until = INT32_MAX;
	if (!crd_check_field(c, LIS_END).len)
		return 0;
	ret = crd_check_date(c, LIS_END, &l->until);
	if (!ret && l->until < l->since)
		ret = crd_check_fail(
			c, LIS_END,
			"the end date is before the effective date");
	return ret;
}

static int read_listing(struct crd_check *c)
{
	struct crd_registry *reg = c->reg;
	struct crd_listing l = {
		.list = crd_registry_list_of(reg, crd_check_field(c, LIS_LIST)),
		.entity = crd_registry_entity_of(
			reg, crd_check_field(c, LIS_ENTITY)),
	};
	int ret = 0;

	if (l.list == REG_NONE)
		ret = crd_check_fail(c, LIS_LIST,
				     "list '%.*s' is not in lists.csv",
				     CRD_FIELD(crd_check_field(c, LIS_LIST)));
	if (!ret && l.entity == REG_NONE)
		ret = crd_check_fail(c, LIS_ENTITY,
				     "entity '%.*s' is not in entities.csv",
				     CRD_FIELD(crd_check_field(c, LIS_ENTITY)));
	if (!ret)
		ret = crd_check_date(c, LIS_DATE, &l.since);
	if (!ret)
		ret = read_end(c, &l);
	if (!ret)
		ret = crd_check_filled(c, LIS_SCOPE);
	if (!ret)
		ret = crd_check_filled(c, LIS_CITATION);
	if (!ret)
		ret = crd_check_word(c, LIS_CONFIDENCE, confidences);
	if (!ret)
		ret = grow((void **)&reg->listings, reg->n_listings,
			   sizeof(*reg->listings));
	if (ret || crd_check_bad(c))
		return ret;
	l.line = c->cursor.row->line;
	l.scope = crd_registry_keep(reg, crd_check_field(c, LIS_SCOPE));
	reg->listings[reg->n_listings++] = l;
	return 0;
}

/* 1: there is a row to read, perhaps told of; 0: there is none. */
static int next_row(struct crd_check *c)
{
	size_t at;
	int ret;

	for (;;) {
		at = c->cursor.next;
		if (c->all)
			c->before = c->all->n;
		ret = crd_table_next(&c->cursor, c->err);
		if (ret >= 0)
			return ret;
		ret = crd_check_told(c, c->cursor.table, ret);
		if (ret)
			return ret;
		if (c->cursor.next != at)
			return 1;
		crd_table_skip(&c->cursor);
	}
}

/* read_row NULL: the header only. A table without one ends it, told or not. */
static int read_table(struct crd_check *c, struct crd_table *table,
		      const char *file, const char *columns,
		      struct crd_buf bytes,
		      int (*read_row)(struct crd_check *c))
{
	int ret =
		crd_table_open(table, file, columns, bytes, &c->cursor, c->err);

	if (ret)
		crd_check_told(c, table, ret);
	while (!ret && read_row) {
		ret = next_row(c);
		if (ret <= 0)
			return ret;
		ret = read_row(c);
	}
	return ret;
}

int crd_registry_read_tables(struct crd_check *c,
			     const struct crd_registry_files *files)
{
	const struct {
		struct crd_table *table;
		const char *file, *columns;
		struct crd_buf bytes;
		int (*read_row)(struct crd_check *c);
		int (*then)(struct crd_check *c);
		bool needless; /* where nothing is judged */
	} tables[] = {
		{ &c->reg->entities_csv, "entities.csv", entity_columns,
		  files->entities, c->unchecked ? NULL : read_entity,
		  c->unchecked ? crd_registry_link_later : crd_registry_link,
		  false },
		{ &c->reg->sources_csv, "sources.csv", source_columns,
		  files->sources, read_source, NULL, true },
		{ &c->reg->identifiers_csv, "identifiers.csv",
		  identifier_columns, files->identifiers,
		  c->unchecked ? NULL : read_identifier, NULL, false },
		{ &c->reg->lists_csv, "lists.csv", list_columns, files->lists,
		  read_list, NULL, false },
		{ &c->reg->listings_csv, "listings.csv", listing_columns,
		  files->listings, read_listing, NULL, false },
		{ &c->reg->release_csv, "release.csv", release_columns,
		  files->release, read_release, NULL, true },
	};
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (c->unchecked && tables[i].needless)
			continue;
		ret = read_table(c, tables[i].table, tables[i].file,
				 tables[i].columns, tables[i].bytes,
				 tables[i].read_row);
		if (!ret && tables[i].then)
			ret = tables[i].then(c);
	}
	if (!ret && !c->unchecked && !c->cursor.n_rows)
		ret = crd_check_told(
			c, c->cursor.table,
			crd_fail_at(c->err, 2, 1, -EBADMSG,
				    "release.csv: a row is missing"));
	return ret;
}
