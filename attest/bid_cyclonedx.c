// SPDX-License-Identifier: Apache-2.0
/*
 * CycloneDX in JSON (bom-1.4.schema.json to bom-1.7.schema.json). What is of
 * use for hardware is alike in all of them, but that `manufacturer` came with
 * 1.6: before, the supplier of a part is as a rule who made it.
 */
#include <errno.h>
#include <string.h>

#include "bid_private.h"

static int read_organization(struct crd_bid_reader *r, const json_t *object,
			     const char *key, struct crd_buf *ret_name)
{
	json_t *org;
	size_t mark;
	int ret = crd_bid_json_object(r, object, key, &org);

	if (ret || !org)
		return ret;
	mark = crd_bid_enter(r, key, -1);
	ret = crd_bid_json_text(r, org, "name", ret_name);
	crd_bid_leave(r, mark);
	return ret;
}

/* Whoever is named first: publisher, author, authors. */
static int read_authors(struct crd_bid_reader *r, const json_t *component,
			struct crd_buf *ret_name)
{
	struct crd_buf publisher = { NULL, 0 }, author = { NULL, 0 };
	struct crd_buf name = { NULL, 0 };
	json_t *authors;
	int ret = crd_bid_json_text(r, component, "publisher", &publisher);

	if (!ret)
		ret = crd_bid_json_text(r, component, "author", &author);
	if (!ret)
		ret = crd_bid_json_array(r, component, "authors", &authors);
	if (!ret && authors && json_is_object(json_array_get(authors, 0)))
		ret = crd_bid_json_text(r, json_array_get(authors, 0), "name",
					&name);
	*ret_name = publisher.len ? publisher : author.len ? author : name;
	return ret;
}

static int read_makers(struct crd_bid_reader *r, const json_t *component,
		       struct crd_bid_item *item)
{
	int ret = read_organization(r, component, "manufacturer", &item->maker);

	if (!ret)
		ret = read_organization(r, component, "supplier",
					&item->supplier);
	if (!ret && !item->maker.len)
		ret = read_authors(r, component, &item->maker);
	return ret;
}

static int read_hash(struct crd_bid_reader *r, const json_t *hash, void *ctx)
{
	struct crd_buf alg = { NULL, 0 }, content = { NULL, 0 };
	int ret = crd_bid_json_text(r, hash, "alg", &alg);

	if (!ret)
		ret = crd_bid_json_text(r, hash, "content", &content);
	return ret ? ret : crd_bid_set_hash(r, ctx, alg, content);
}

static int read_property(struct crd_bid_reader *r, const json_t *property,
			 void *ctx)
{
	struct crd_buf name = { NULL, 0 }, value = { NULL, 0 };
	int ret = crd_bid_json_text(r, property, "name", &name);

	/* long ones are for others: a value may be a whole file */
	if (ret || json_string_length(json_object_get(property, "value")) >
			   CRD_MAX_BID_TEXT)
		return ret;
	ret = crd_bid_json_text(r, property, "value", &value);
	return ret ? ret : crd_bid_set_property(r, ctx, name, value);
}

static int read_license(struct crd_bid_reader *r, const json_t *component,
			struct crd_bid_item *item)
{
	json_t *licenses, *choice, *license;
	int ret = crd_bid_json_array(r, component, "licenses", &licenses);

	choice = json_array_get(licenses, 0);
	if (ret || !json_is_object(choice))
		return ret;
	ret = crd_bid_json_text(r, choice, "expression", &item->license);
	if (ret || item->license.len)
		return ret;
	ret = crd_bid_json_object(r, choice, "license", &license);
	if (ret || !license)
		return ret;
	ret = crd_bid_json_text(r, license, "id", &item->license);
	if (!ret && !item->license.len)
		ret = crd_bid_json_text(r, license, "name", &item->license);
	return ret;
}

static int read_names(struct crd_bid_reader *r, const json_t *component,
		      struct crd_bid_item *item)
{
	struct crd_buf type = { NULL, 0 }, cpe = { NULL, 0 };
	struct crd_buf purl = { NULL, 0 };
	int ret = crd_bid_json_text(r, component, "type", &type);

	if (!ret)
		ret = crd_bid_json_text(r, component, "name", &item->name);
	if (!ret && (!type.len || !item->name.len))
		return crd_bid_fail(r, -EBADMSG, "has no %s",
				    type.len ? "name" : "type");
	if (!ret)
		ret = crd_bid_json_text(r, component, "version",
					&item->version);
	if (!ret)
		ret = crd_bid_json_text(r, component, "cpe", &cpe);
	if (!ret)
		ret = crd_bid_json_text(r, component, "purl", &purl);
	if (!ret)
		ret = read_makers(r, component, item);
	if (ret)
		return ret;
	crd_bid_set_word(item, type);
	/* "BIOS", as tools call it */
	if (crd_bid_is(type, "firmware"))
		crd_bid_set_word(item, item->name);
	crd_bid_set_cpe(item, cpe);
	crd_bid_set_purl(item, purl);
	return 0;
}

static int read_one(struct crd_bid_reader *r, const json_t *component,
		    void *unused);

/* metadata: NULL, or where what is not said of the whole machine may stand */
static int read_component(struct crd_bid_reader *r, const json_t *component,
			  const json_t *metadata)
{
	struct crd_bid_item item;
	int ret;

	crd_bid_item_init(&item);
	ret = read_names(r, component, &item);
	if (!ret && metadata && !item.maker.len)
		ret = read_organization(r, metadata, "manufacture",
					&item.maker);
	if (!ret && metadata && !item.supplier.len)
		ret = read_organization(r, metadata, "supplier",
					&item.supplier);
	if (!ret && metadata && crd_bid_is(item.word, "device"))
		crd_bid_set_word(&item, crd_buf_of("system"));
	if (!ret)
		ret = crd_bid_json_each(r, component, "hashes", read_hash,
					&item);
	if (!ret)
		ret = read_license(r, component, &item);
	if (!ret)
		ret = crd_bid_json_each(r, component, "properties",
					read_property, &item);
	if (!ret)
		ret = crd_bid_add(r, &item);
	return ret ? ret :
		     crd_bid_json_each(r, component, "components", read_one,
				       NULL);
}

/* As deep as JSON may be: CRD_MAX_BID_DEPTH, two levels for each. */
static int read_one(struct crd_bid_reader *r, const json_t *component,
		    void *unused)
{
	return read_component(r, component, NULL);
}

static int read_metadata(struct crd_bid_reader *r, const json_t *root)
{
	json_t *metadata, *component;
	size_t mark, inner;
	int ret = crd_bid_json_object(r, root, "metadata", &metadata);

	if (ret || !metadata)
		return ret;
	mark = crd_bid_enter(r, "metadata", -1);
	ret = crd_bid_json_object(r, metadata, "component", &component);
	if (!ret && component) {
		inner = crd_bid_enter(r, "component", -1);
		ret = read_component(r, component, metadata);
		crd_bid_leave(r, inner);
	}
	crd_bid_leave(r, mark);
	return ret;
}

int crd_bid_cyclonedx(struct crd_bid_reader *r, const json_t *root)
{
	static const char *const versions[] = { "1.4", "1.5", "1.6", "1.7" };
	struct crd_buf format = { NULL, 0 }, version = { NULL, 0 };
	size_t i;
	int ret = crd_bid_json_text(r, root, "bomFormat", &format);

	if (!ret)
		ret = crd_bid_json_text(r, root, "specVersion", &version);
	if (ret)
		return ret;
	if (!crd_buf_equal(format, crd_buf_of("CycloneDX")))
		return crd_bid_fail(r, -EBADMSG,
				    "bomFormat is not \"CycloneDX\"");
	for (i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		if (crd_buf_equal(version, crd_buf_of(versions[i])))
			break;
	}
	if (i == sizeof(versions) / sizeof(versions[0]))
		return crd_bid_fail(
			r, -EOPNOTSUPP,
			"specVersion '%.*s' is none of 1.4, 1.5, 1.6, 1.7",
			(int)(version.len > 20 ? 20 : version.len),
			version.len ? (const char *)version.ptr : "");
	ret = crd_bid_say(r, "CycloneDX %s, JSON", versions[i]);
	if (!ret)
		ret = read_metadata(r, root);
	return ret ? ret :
		     crd_bid_json_each(r, root, "components", read_one, NULL);
}
