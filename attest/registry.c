// SPDX-License-Identifier: Apache-2.0
/* Who makes what: load the four tables, check them against each other. */
#include "registry_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Columns, in file order. */
enum {
	ENT_ID,
	ENT_NAME,
	ENT_PARENT,
	ENT_HQ,
	ENT_ULTIMATE,
	ENT_KIND,
	ENT_CONFIDENCE,
	ENT_BASIS,
	ENT_AS_OF
};
enum { IDN_SCHEME, IDN_VALUE, IDN_ENTITY, IDN_NOTE };
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
	LIS_SCOPE,
	LIS_CITATION,
	LIS_CONFIDENCE
};

static const char entity_columns[] =
	"entity_id,name,parent_entity_id,hq_jurisdiction,ultimate_parent_jurisdiction,kind,confidence,basis,as_of";
static const char identifier_columns[] = "scheme,value,entity_id,note";
static const char list_columns[] =
	"list_id,title,authority,jurisdiction,effective_date,citation,prohibits";
static const char listing_columns[] =
	"list_id,entity_id,effective_date,scope,citation,confidence";

static const char *const kinds[] = { "vendor",	"odm",	    "chipmaker",
				     "memory",	"storage",  "network",
				     "display", "security", "software",
				     "tpm",	"other",    NULL };
static const char *const confidences[] = { "high", "medium", "low", NULL };
static const char *const schemes[] = { "pci",	 "usb",	      "pnp",
				       "tpm",	 "oui",	      "jedec",
				       "smbios", "modsigner", NULL };

/* One table being checked: what an error needs to say where. */
struct check {
	const struct crd_table *table;
	struct crd_buf bytes;
	struct crd_error *err;
};

static bool is_word(const char *const *words, const char *text)
{
	for (; *words; words++) {
		if (!strcmp(*words, text))
			return true;
	}
	return false;
}

static int check_word(const struct check *c, size_t row, unsigned int column,
		      const char *const *words)
{
	struct crd_str all = { 0 };
	const char *text = crd_cell(c->table, row, column);
	const char *const *w;
	int ret;

	if (is_word(words, text))
		return 0;
	for (w = words; *w; w++)
		crd_str_fmt(&all, "%s%s", w == words ? "" : ", ", *w);
	ret = crd_table_fail(c->table, c->bytes, row, column, c->err,
			     "'%s' is none of: %s", text,
			     all.ptr ? all.ptr : "");
	crd_str_done(&all);
	return ret;
}

/* kebab-case: "us-ndaa-889" */
static int check_id(const struct check *c, size_t row, unsigned int column)
{
	const char *text = crd_cell(c->table, row, column);
	char before = '-';
	const char *p;

	for (p = text; *p; before = *p++) {
		if (*p == '-' && before == '-')
			break;
		if (*p != '-' && !(*p >= 'a' && *p <= 'z') &&
		    !(*p >= '0' && *p <= '9'))
			break;
	}
	if (!*p && before != '-')
		return 0;
	return crd_table_fail(
		c->table, c->bytes, row, column, c->err,
		"'%s' is not an id: lower-case letters and digits, words joined by '-'",
		text);
}

static int check_filled(const struct check *c, size_t row, unsigned int column)
{
	if (*crd_cell(c->table, row, column))
		return 0;
	return crd_table_fail(c->table, c->bytes, row, column, c->err,
			      "this field may not be empty");
}

static int check_date(const struct check *c, size_t row, unsigned int column,
		      int32_t *ret_day)
{
	const char *text = crd_cell(c->table, row, column);

	if (crd_date_parse(text, strlen(text), ret_day))
		return 0;
	return crd_table_fail(c->table, c->bytes, row, column, c->err,
			      "'%s' is not a date like 2026-01-31", text);
}

static bool is_country(const char *text)
{
	return text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' &&
	       text[1] <= 'Z' && !text[2];
}

static int check_country(const struct check *c, size_t row, unsigned int column)
{
	const char *text = crd_cell(c->table, row, column);

	if (is_country(text))
		return 0;
	return crd_table_fail(c->table, c->bytes, row, column, c->err,
			      "'%s' is not a country code like CA", text);
}

/* The key columns may not repeat; rows are sorted, so look one row back. */
static int check_unique(const struct check *c, size_t row, unsigned int n_keys)
{
	unsigned int i;

	if (!row)
		return 0;
	for (i = 0; i < n_keys; i++) {
		if (strcmp(crd_cell(c->table, row, i),
			   crd_cell(c->table, row - 1, i)))
			return 0;
	}
	return crd_table_fail(c->table, c->bytes, row, n_keys - 1, c->err,
			      "'%s' stands twice",
			      crd_cell(c->table, row, n_keys - 1));
}

static int too_many(const struct crd_table *table, size_t limit,
		    struct crd_error *err)
{
	if (table->n_rows <= limit)
		return 0;
	return crd_fail_at(err, (unsigned int)limit + 2, 1, -E2BIG,
			   "%s: more than %zu rows", table->file, limit);
}

static int load_entities(struct crd_registry *reg, const struct check *c)
{
	int32_t day;
	size_t i;
	int ret = too_many(c->table, REG_MAX_ENTITIES, c->err);

	for (i = 0; !ret && i < c->table->n_rows; i++) {
		struct crd_entity *e = &reg->entities[i];

		ret = check_id(c, i, ENT_ID);
		if (!ret)
			ret = check_unique(c, i, 1);
		if (!ret)
			ret = check_filled(c, i, ENT_NAME);
		if (!ret)
			ret = check_country(c, i, ENT_HQ);
		if (!ret)
			ret = check_country(c, i, ENT_ULTIMATE);
		if (!ret)
			ret = check_word(c, i, ENT_KIND, kinds);
		if (!ret)
			ret = check_word(c, i, ENT_CONFIDENCE, confidences);
		if (!ret)
			ret = check_filled(c, i, ENT_BASIS);
		if (!ret)
			ret = check_date(c, i, ENT_AS_OF, &day);
		if (ret)
			break;
		e->id = crd_cell(c->table, i, ENT_ID);
		e->name = crd_cell(c->table, i, ENT_NAME);
		memcpy(e->hq, crd_cell(c->table, i, ENT_HQ), 3);
		memcpy(e->ultimate, crd_cell(c->table, i, ENT_ULTIMATE), 3);
		e->parent = REG_NONE;
		reg->n_entities = i + 1;
	}
	return ret;
}

static int link_parent(struct crd_registry *reg, const struct check *c,
		       size_t i)
{
	const char *parent = crd_cell(c->table, i, ENT_PARENT);

	if (!*parent)
		return 0;
	reg->entities[i].parent = crd_registry_entity(reg, parent);
	if (reg->entities[i].parent != REG_NONE)
		return 0;
	return crd_table_fail(c->table, c->bytes, i, ENT_PARENT, c->err,
			      "parent '%s' is not in this table", parent);
}

/* Each chain ends, within bounds, in a root of the country that it says. */
static int check_chain(const struct crd_registry *reg, const struct check *c,
		       size_t i)
{
	const struct crd_entity *root = &reg->entities[i];
	unsigned int steps = 0;

	while (root->parent != REG_NONE && steps++ < REG_MAX_CHAIN)
		root = &reg->entities[root->parent];
	if (root->parent != REG_NONE)
		return crd_table_fail(
			c->table, c->bytes, i, ENT_PARENT, c->err,
			"the parents of '%s' go in a circle, or are more than %d",
			reg->entities[i].id, REG_MAX_CHAIN);
	if (!strcmp(root->hq, reg->entities[i].ultimate))
		return 0;
	return crd_table_fail(c->table, c->bytes, i, ENT_ULTIMATE, c->err,
			      "ultimate parent '%s' is in %s, not in %s",
			      root->id, root->hq, reg->entities[i].ultimate);
}

static int load_parents(struct crd_registry *reg, const struct check *c)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < reg->n_entities; i++)
		ret = link_parent(reg, c, i);
	for (i = 0; !ret && i < reg->n_entities; i++)
		ret = check_chain(reg, c, i);
	return ret;
}

static bool is_hex(const char *text, size_t least, size_t most)
{
	size_t len = strspn(text, "0123456789abcdef");

	return !text[len] && len >= least && len <= most;
}

/* Ids that have a form must have it: a typing error would never match. */
static bool id_has_form(const char *scheme, const char *value)
{
	if (!strcmp(scheme, "pci") || !strcmp(scheme, "usb"))
		return is_hex(value, 4, 4);
	if (!strcmp(scheme, "pnp"))
		return strlen(value) == 3 &&
		       strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ@") == 3;
	if (!strcmp(scheme, "jedec"))
		return strspn(value, "0123456789") > 0 &&
		       value[strspn(value, "0123456789")] == ':' &&
		       is_hex(value + strspn(value, "0123456789") + 1, 2, 2);
	return *value != '\0';
}

static int check_identifiers(const struct crd_registry *reg,
			     const struct check *c)
{
	const char *entity;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < c->table->n_rows; i++) {
		ret = check_word(c, i, IDN_SCHEME, schemes);
		if (!ret)
			ret = check_unique(c, i, 2);
		if (ret)
			break;
		if (!id_has_form(crd_cell(c->table, i, IDN_SCHEME),
				 crd_cell(c->table, i, IDN_VALUE)))
			ret = crd_table_fail(c->table, c->bytes, i, IDN_VALUE,
					     c->err, "'%s' is not a %s id",
					     crd_cell(c->table, i, IDN_VALUE),
					     crd_cell(c->table, i, IDN_SCHEME));
		entity = crd_cell(c->table, i, IDN_ENTITY);
		if (!ret && crd_registry_entity(reg, entity) == REG_NONE)
			ret = crd_table_fail(
				c->table, c->bytes, i, IDN_ENTITY, c->err,
				"entity '%s' is not in entities.csv", entity);
	}
	return ret;
}

static int load_lists(struct crd_registry *reg, const struct check *c)
{
	int32_t day;
	size_t i;
	int ret = too_many(c->table, REG_MAX_LISTS, c->err);

	for (i = 0; !ret && i < c->table->n_rows; i++) {
		ret = check_id(c, i, LST_ID);
		if (!ret)
			ret = check_unique(c, i, 1);
		if (!ret)
			ret = check_filled(c, i, LST_TITLE);
		if (!ret)
			ret = check_filled(c, i, LST_AUTHORITY);
		if (!ret)
			ret = check_country(c, i, LST_JURISDICTION);
		if (!ret)
			ret = check_date(c, i, LST_DATE, &day);
		if (!ret)
			ret = check_filled(c, i, LST_CITATION);
		if (ret)
			break;
		reg->lists[i].id = crd_cell(c->table, i, LST_ID);
		reg->lists[i].title = crd_cell(c->table, i, LST_TITLE);
		reg->n_lists = i + 1;
	}
	return ret;
}

static int load_listing(struct crd_registry *reg, const struct check *c,
			size_t i, struct crd_listing *l)
{
	const char *list = crd_cell(c->table, i, LIS_LIST);
	const char *entity = crd_cell(c->table, i, LIS_ENTITY);
	int ret;

	l->list = crd_registry_list(reg, list);
	l->entity = crd_registry_entity(reg, entity);
	l->scope = crd_cell(c->table, i, LIS_SCOPE);
	if (l->list == REG_NONE)
		return crd_table_fail(c->table, c->bytes, i, LIS_LIST, c->err,
				      "list '%s' is not in lists.csv", list);
	if (l->entity == REG_NONE)
		return crd_table_fail(c->table, c->bytes, i, LIS_ENTITY, c->err,
				      "entity '%s' is not in entities.csv",
				      entity);
	ret = check_date(c, i, LIS_DATE, &l->since);
	if (!ret)
		ret = check_filled(c, i, LIS_SCOPE);
	if (!ret)
		ret = check_filled(c, i, LIS_CITATION);
	if (!ret)
		ret = check_word(c, i, LIS_CONFIDENCE, confidences);
	return ret;
}

/* By entity, then list, then date: the first of a kind is the earliest. */
static int listing_order(const void *a, const void *b)
{
	const struct crd_listing *x = a, *y = b;

	if (x->entity != y->entity)
		return x->entity < y->entity ? -1 : 1;
	if (x->list != y->list)
		return x->list < y->list ? -1 : 1;
	return (x->since > y->since) - (x->since < y->since);
}

static int load_listings(struct crd_registry *reg, const struct check *c)
{
	struct crd_entity *e;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < c->table->n_rows; i++)
		ret = load_listing(reg, c, i, &reg->listings[i]);
	if (ret)
		return ret;
	reg->n_listings = i;
	if (i)
		qsort(reg->listings, i, sizeof(*reg->listings), listing_order);
	while (i--) {
		e = &reg->entities[reg->listings[i].entity];
		e->first_listing = (uint32_t)i;
		e->n_listings++;
	}
	return 0;
}

static int load_tables(struct crd_registry *reg,
		       const struct crd_registry_files *files,
		       struct crd_error *err)
{
	int ret = crd_table_load(&reg->entities_csv, "entities.csv",
				 entity_columns, files->entities, err);

	if (!ret)
		ret = crd_table_load(&reg->identifiers_csv, "identifiers.csv",
				     identifier_columns, files->identifiers,
				     err);
	if (!ret)
		ret = crd_table_load(&reg->lists_csv, "lists.csv", list_columns,
				     files->lists, err);
	if (!ret)
		ret = crd_table_load(&reg->listings_csv, "listings.csv",
				     listing_columns, files->listings, err);
	if (ret)
		return ret;
	reg->entities =
		calloc(reg->entities_csv.n_rows + 1, sizeof(*reg->entities));
	reg->lists = calloc(reg->lists_csv.n_rows + 1, sizeof(*reg->lists));
	reg->listings =
		calloc(reg->listings_csv.n_rows + 1, sizeof(*reg->listings));
	return reg->entities && reg->lists && reg->listings ? 0 : -ENOMEM;
}

static int digest_files(const struct crd_registry_files *files,
			struct crd_digest *ret_digest)
{
	const struct crd_buf *file[] = { &files->entities, &files->identifiers,
					 &files->lists, &files->listings };
	struct crd_buf parts[8];
	uint8_t len[4][8];
	size_t i, k;

	for (i = 0; i < 4; i++) {
		for (k = 0; k < 8; k++)
			len[i][k] = (uint8_t)((uint64_t)file[i]->len >>
					      (56 - 8 * k));
		parts[2 * i] = (struct crd_buf){ len[i], 8 };
		parts[2 * i + 1] = *file[i];
	}
	return crd_hash(CRD_ALG_SHA256, parts, 8, ret_digest);
}

int crd_registry_load(const struct crd_registry_files *files,
		      struct crd_registry **ret_registry, struct crd_error *err)
{
	struct crd_registry *reg = calloc(1, sizeof(*reg));
	int ret;

	if (!reg)
		return -ENOMEM;
	ret = load_tables(reg, files, err);
	if (!ret)
		ret = load_entities(reg,
				    &(struct check){ &reg->entities_csv,
						     files->entities, err });
	if (!ret)
		ret = load_parents(reg,
				   &(struct check){ &reg->entities_csv,
						    files->entities, err });
	if (!ret)
		ret = check_identifiers(
			reg, &(struct check){ &reg->identifiers_csv,
					      files->identifiers, err });
	if (!ret)
		ret = load_lists(reg, &(struct check){ &reg->lists_csv,
						       files->lists, err });
	if (!ret)
		ret = load_listings(reg,
				    &(struct check){ &reg->listings_csv,
						     files->listings, err });
	if (!ret)
		ret = digest_files(files, &reg->digest);
	if (ret)
		crd_registry_free(&reg);
	else
		*ret_registry = reg;
	return ret;
}

void crd_registry_free(struct crd_registry **registry)
{
	struct crd_registry *reg = *registry;

	if (!reg)
		return;
	crd_table_done(&reg->entities_csv);
	crd_table_done(&reg->identifiers_csv);
	crd_table_done(&reg->lists_csv);
	crd_table_done(&reg->listings_csv);
	free(reg->entities);
	free(reg->lists);
	free(reg->listings);
	free(reg);
	*registry = NULL;
}
