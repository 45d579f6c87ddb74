// SPDX-License-Identifier: Apache-2.0
/* Who makes what: load the four tables, check them against each other. */
#include "registry_check.h"

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
static const char *const schemes[] = { "pci",	"usb",	 "pnp",	   "tpm",
				       "oui",	"jedec", "smbios", "modsigner",
				       "cpuid", NULL };

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

/* A copy that outlives the row; a field and its comma leave room for it. */
static const char *keep(struct crd_registry *reg, struct crd_buf text)
{
	char *copy = reg->text + reg->text_len;

	if (text.len)
		memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	reg->text_len += text.len + 1;
	return copy;
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
	struct crd_entity *e;
	int ret = crd_check_limit(c, REG_MAX_ENTITIES);

	if (!ret && !c->unchecked)
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
	e = &reg->entities[reg->n_entities++];
	memset(e, 0, sizeof(*e));
	e->id = keep(reg, crd_check_field(c, ENT_ID));
	e->id_len = (uint16_t)crd_check_field(c, ENT_ID).len;
	e->name = keep(reg, crd_check_field(c, ENT_NAME));
	e->parent_id = keep(reg, crd_check_field(c, ENT_PARENT));
	memcpy(e->hq, crd_check_field(c, ENT_HQ).ptr, 2);
	memcpy(e->ultimate, crd_check_field(c, ENT_ULTIMATE).ptr, 2);
	e->parent = REG_NONE;
	return 0;
}

static int index_entities(struct crd_registry *reg)
{
	size_t i, slot, n = 64;

	while (n < 2 * reg->n_entities)
		n *= 2;
	reg->slots = malloc(n * sizeof(*reg->slots));
	if (!reg->slots)
		return -ENOMEM;
	memset(reg->slots, 0xff, n * sizeof(*reg->slots)); /* REG_NONE */
	reg->n_slots = n;
	for (i = 0; i < reg->n_entities; i++) {
		slot = crd_registry_slot(
			reg,
			(struct crd_buf){ (const uint8_t *)reg->entities[i].id,
					  reg->entities[i].id_len });
		reg->slots[slot] = (uint16_t)i;
	}
	return 0;
}

static int link_parent(struct crd_registry *reg, size_t i,
		       struct crd_error *err)
{
	struct crd_entity *e = &reg->entities[i];

	if (!*e->parent_id)
		return 0;
	e->parent = crd_registry_entity(reg, e->parent_id);
	if (e->parent != REG_NONE)
		return 0;
	return crd_table_fail(&reg->entities_csv, i, ENT_PARENT, err,
			      "parent '%s' is not in this table", e->parent_id);
}

/* Each chain ends, within bounds, in a root of the country that it says. */
static int check_chain(const struct crd_registry *reg, size_t i,
		       struct crd_error *err)
{
	const struct crd_entity *root = &reg->entities[i];
	unsigned int steps = 0;

	while (root->parent != REG_NONE && steps++ < REG_MAX_CHAIN)
		root = &reg->entities[root->parent];
	if (root->parent != REG_NONE)
		return crd_table_fail(
			&reg->entities_csv, i, ENT_PARENT, err,
			"the parents of '%s' go in a circle, or are more than %d",
			reg->entities[i].id, REG_MAX_CHAIN);
	if (!strcmp(root->hq, reg->entities[i].ultimate))
		return 0;
	return crd_table_fail(&reg->entities_csv, i, ENT_ULTIMATE, err,
			      "ultimate parent '%s' is in %s, not in %s",
			      root->id, root->hq, reg->entities[i].ultimate);
}

static int load_parents(struct crd_registry *reg, struct crd_error *err)
{
	size_t i;
	int ret = index_entities(reg);

	for (i = 0; !ret && i < reg->n_entities; i++)
		ret = link_parent(reg, i, err);
	for (i = 0; !ret && i < reg->n_entities; i++)
		ret = check_chain(reg, i, err);
	return ret;
}

static bool is_hex(struct crd_buf text, size_t len)
{
	size_t i;
	uint8_t c;

	for (i = 0; i < text.len; i++) {
		c = text.ptr[i];
		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return text.len == len;
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
	return n && n < text.len && text.ptr[n] == ':' &&
	       is_hex((struct crd_buf){ text.ptr + n + 1, text.len - n - 1 },
		      2);
}

/* Ids that have a form must have it: a typing error would never match. */
static bool id_has_form(struct crd_buf scheme, struct crd_buf value)
{
	if (crd_field_is(scheme, "pci") || crd_field_is(scheme, "usb"))
		return is_hex(value, 4);
	if (crd_field_is(scheme, "pnp"))
		return is_pnp(value);
	if (crd_field_is(scheme, "jedec"))
		return is_jedec(value);
	return value.len > 0;
}

static int read_identifier(struct crd_check *c)
{
	struct crd_registry *reg = c->reg;
	struct crd_buf entity = crd_check_field(c, IDN_ENTITY);
	int ret = 0;

	/* most have the scheme of the one before, which was checked */
	if (!c->cursor.n_same)
		ret = crd_check_word(c, IDN_SCHEME, schemes);
	if (!ret)
		ret = crd_check_unique(c, 2);
	if (ret)
		return ret;
	if (!id_has_form(crd_check_field(c, IDN_SCHEME),
			 crd_check_field(c, IDN_VALUE)))
		return crd_check_fail(
			c, IDN_VALUE, "'%.*s' is not a %.*s id",
			CRD_FIELD(crd_check_field(c, IDN_VALUE)),
			CRD_FIELD(crd_check_field(c, IDN_SCHEME)));
	if (crd_registry_entity_of(reg, entity) == REG_NONE)
		return crd_check_fail(c, IDN_ENTITY,
				      "entity '%.*s' is not in entities.csv",
				      CRD_FIELD(entity));
	return 0;
}

static int read_list(struct crd_check *c)
{
	struct crd_registry *reg = c->reg;
	int32_t day;
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
	reg->lists[reg->n_lists++] =
		(struct crd_list){ keep(reg, crd_check_field(c, LST_ID)),
				   keep(reg, crd_check_field(c, LST_TITLE)) };
	return 0;
}

static int read_listing(struct crd_check *c)
{
	struct crd_registry *reg = c->reg;
	struct crd_listing l = {
		.list = crd_registry_list_of(reg, crd_check_field(c, LIS_LIST)),
		.entity = crd_registry_entity_of(
			reg, crd_check_field(c, LIS_ENTITY)),
	};
	int ret;

	if (l.list == REG_NONE)
		return crd_check_fail(c, LIS_LIST,
				      "list '%.*s' is not in lists.csv",
				      CRD_FIELD(crd_check_field(c, LIS_LIST)));
	if (l.entity == REG_NONE)
		return crd_check_fail(
			c, LIS_ENTITY, "entity '%.*s' is not in entities.csv",
			CRD_FIELD(crd_check_field(c, LIS_ENTITY)));
	ret = crd_check_date(c, LIS_DATE, &l.since);
	if (!ret)
		ret = crd_check_filled(c, LIS_SCOPE);
	if (!ret)
		ret = crd_check_filled(c, LIS_CITATION);
	if (!ret)
		ret = crd_check_word(c, LIS_CONFIDENCE, confidences);
	if (!ret)
		ret = grow((void **)&reg->listings, reg->n_listings,
			   sizeof(*reg->listings));
	if (ret)
		return ret;
	l.scope = keep(reg, crd_check_field(c, LIS_SCOPE));
	reg->listings[reg->n_listings++] = l;
	return 0;
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

static void sort_listings(struct crd_registry *reg)
{
	struct crd_entity *e;
	size_t i = reg->n_listings;

	if (i)
		qsort(reg->listings, i, sizeof(*reg->listings), listing_order);
	while (i--) {
		e = &reg->entities[reg->listings[i].entity];
		e->first_listing = (uint32_t)i;
		e->n_listings++;
	}
}

/* read_row NULL: the header only */
static int read_table(struct crd_check *c, struct crd_table *table,
		      const char *file, const char *columns,
		      struct crd_buf bytes,
		      int (*read_row)(struct crd_check *c))
{
	int ret =
		crd_table_open(table, file, columns, bytes, &c->cursor, c->err);

	while (!ret && read_row) {
		ret = crd_table_next(&c->cursor, c->err);
		if (ret <= 0)
			return ret;
		ret = read_row(c);
	}
	return ret;
}

static int read_tables(struct crd_check *c,
		       const struct crd_registry_files *files)
{
	struct crd_registry *reg = c->reg;
	int ret;

	reg->text = malloc(files->entities.len + files->lists.len +
			   files->listings.len + 1);
	if (!reg->text)
		return -ENOMEM;
	ret = read_table(c, &reg->entities_csv, "entities.csv", entity_columns,
			 files->entities, read_entity);
	if (!ret)
		ret = load_parents(reg, c->err);
	if (!ret)
		ret = read_table(c, &reg->identifiers_csv, "identifiers.csv",
				 identifier_columns, files->identifiers,
				 files->unchecked ? NULL : read_identifier);
	if (!ret)
		ret = read_table(c, &reg->lists_csv, "lists.csv", list_columns,
				 files->lists, read_list);
	if (!ret)
		ret = read_table(c, &reg->listings_csv, "listings.csv",
				 listing_columns, files->listings,
				 read_listing);
	if (!ret)
		sort_listings(reg);
	return ret;
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
	struct crd_check *c = malloc(sizeof(*c));
	int ret = -ENOMEM;

	if (!reg || !c)
		goto out;
	c->reg = reg;
	c->err = err;
	c->unchecked = files->unchecked;
	ret = read_tables(c, files);
	if (!ret && !files->unchecked)
		ret = digest_files(files, &reg->digest);
	if (ret)
		goto out;
	*ret_registry = reg;
	reg = NULL;
out:
	free(c);
	crd_registry_free(&reg);
	return ret;
}

void crd_registry_free(struct crd_registry **registry)
{
	struct crd_registry *reg = *registry;

	if (!reg)
		return;
	free(reg->entities);
	free(reg->lists);
	free(reg->listings);
	free(reg->slots);
	free(reg->text);
	free(reg);
	*registry = NULL;
}
