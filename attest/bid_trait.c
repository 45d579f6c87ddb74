// SPDX-License-Identifier: Apache-2.0
/* Names are told apart by their letters alone: paccor's readers do so too. */
#include "bid_trait.h"

#include <errno.h>
#include <string.h>

/* "2.23.133.18.3.4" */
enum crd_tcg_registry crd_tcg_registry_of(struct crd_buf oid)
{
	static const struct {
		const char *oid;
		enum crd_tcg_registry registry;
	} known[] = {
		{ "2.23.133.18.3.1", CRD_TCG_TCG },
		{ "2.23.133.18.3.3", CRD_TCG_SMBIOS },
		{ "2.23.133.18.3.4", CRD_TCG_PCIE },
		{ "2.23.133.18.3.5", CRD_TCG_STORAGE },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (crd_buf_equal(oid, crd_buf_of(known[i].oid)))
			return known[i].registry;
	}
	return CRD_TCG_NONE;
}

/* What an SMBIOS table says where nothing is known. */
static bool is_blank(struct crd_buf text)
{
	return crd_bid_is(text, "notspecified") || crd_bid_is(text, "unknown");
}

static int set(struct crd_bid_reader *r, const char *what, struct crd_buf *said,
	       const json_t *value)
{
	static const char *const wraps[] = { "string", "oid", "utf8",
					     "base64" };
	struct crd_buf text;
	size_t i;

	for (i = 0; i < 4 && json_is_object(value); i++) {
		if (json_object_get(value, wraps[i]))
			value = json_object_get(value, wraps[i]);
	}
	if (!json_is_string(value))
		return 0;
	text = (struct crd_buf){ (const uint8_t *)json_string_value(value),
				 json_string_length(value) };
	if (text.len > CRD_MAX_BID_TEXT)
		return crd_bid_fail(r, -E2BIG, "%s: longer than %d bytes", what,
				    CRD_MAX_BID_TEXT);
	return is_blank(text) ? 0 : crd_bid_set_text(r, what, said, text);
}

/* A member by any of its names, all of which are said. */
static int get(struct crd_bid_reader *r, const json_t *object,
	       const char *const *names, struct crd_buf *said)
{
	json_t *value;
	const char *key;
	size_t i;
	int ret = 0;

	json_object_foreach((json_t *)object, key, value)
	{
		for (i = 0; !ret && names[i]; i++) {
			if (crd_bid_is(crd_buf_of(key), names[i]))
				ret = set(r, names[0], said, value);
		}
	}
	return ret;
}

static json_t *member(const json_t *object, const char *folded)
{
	json_t *value;
	const char *key;

	json_object_foreach((json_t *)object, key, value)
	{
		if (crd_bid_is(crd_buf_of(key), folded))
			return value;
	}
	return NULL;
}

static int read_class(struct crd_bid_reader *r, const json_t *class,
		      struct crd_tcg_raw *raw)
{
	static const char *const registries[] = { "componentclassregistry",
						  "registry", NULL };
	static const char *const values[] = { "componentclassvalue", "value",
					      "base64", NULL };
	const json_t *value = member(class, "componentclassvalue");
	int ret = get(r, class, registries, &raw->registry);

	if (ret)
		return ret;
	return get(r, json_is_object(value) ? value : class, values,
		   &raw->class);
}

static int read_addresses(struct crd_bid_reader *r, const json_t *addresses,
			  struct crd_tcg_raw *raw)
{
	size_t i;

	if (!json_is_array(addresses))
		return 0;
	for (i = 0; i < json_array_size(addresses); i++) {
		const json_t *one = json_array_get(addresses, i);

		struct crd_buf type = { NULL, 0 };
		static const char *const types[] = { "addresstype", NULL };
		int ret = get(r, one, types, &type);

		if (ret)
			return ret;
		raw->ethernet |=
			member(one, "ethernetmac") ||
			crd_buf_equal(type, crd_buf_of("2.23.133.17.1"));
		raw->wireless |=
			member(one, "wlanmac") ||
			crd_buf_equal(type, crd_buf_of("2.23.133.17.2"));
	}
	return 0;
}

/* Categories of traits, below 2.23.133.19.2 */
static struct crd_buf *by_category(struct crd_tcg_raw *raw, struct crd_buf oid,
				   const char **ret_what)
{
	const struct {
		const char *oid, *what;
		struct crd_buf *said;
	} categories[] = {
		{ "2.23.133.19.2.1", "manufacturer", &raw->maker },
		{ "2.23.133.19.2.2", "model", &raw->model },
		{ "2.23.133.19.2.3", "revision", &raw->revision },
		{ "2.23.133.19.2.4", "serial", &raw->serial },
		{ "2.23.133.19.2.7", "class", &raw->class },
		{ "2.23.133.19.2.8", "manufacturer", &raw->maker },
		{ "2.23.133.19.2.9", "model", &raw->model },
		{ "2.23.133.19.2.10", "serial", &raw->serial },
		{ "2.23.133.19.2.13", "revision", &raw->revision },
	};
	size_t i;

	for (i = 0; i < sizeof(categories) / sizeof(categories[0]); i++) {
		if (crd_buf_equal(oid, crd_buf_of(categories[i].oid))) {
			*ret_what = categories[i].what;
			return categories[i].said;
		}
	}
	return NULL;
}

static int read_trait(struct crd_bid_reader *r, const json_t *trait,
		      struct crd_tcg_raw *raw)
{
	static const char *const category[] = { "traitcategory", NULL };
	static const char *const registry[] = { "traitregistry", NULL };
	static const char *const texts[] = { "traitvalue", "utf8", "ia5",
					     "base64", NULL };
	const json_t *value = member(trait, "traitvalue");
	struct crd_buf oid = { NULL, 0 }, from = { NULL, 0 }, *said;
	const char *what = "";
	int ret = get(r, trait, category, &oid);

	if (!ret)
		ret = get(r, trait, registry, &from);
	if (ret)
		return ret;
	/* its class is of that registry, whoever defines the trait */
	if (crd_tcg_registry_of(from) != CRD_TCG_NONE && !raw->registry.len)
		raw->registry = from;
	if (json_is_string(member(trait, "componentclass")))
		return set(r, "class", &raw->class,
			   member(trait, "componentclass"));
	said = by_category(raw, oid, &what);
	if (said)
		return get(r, json_is_object(value) ? value : trait, texts,
			   said);
	return crd_tcg_read(r, json_is_object(value) ? value : trait, raw);
}

int crd_tcg_read_traits(struct crd_bid_reader *r, const json_t *traits,
			struct crd_tcg_raw *raw)
{
	size_t i, mark;
	int ret = 0;

	for (i = 0; !ret && i < json_array_size(traits); i++) {
		mark = crd_bid_enter(r, "traits", (long)i);
		ret = json_is_object(json_array_get(traits, i)) ?
			      read_trait(r, json_array_get(traits, i), raw) :
			      crd_bid_fail(r, -EBADMSG, "not an object");
		crd_bid_leave(r, mark);
	}
	return ret;
}

/* Traits in traits are as deep as JSON may be. */
int crd_tcg_read(struct crd_bid_reader *r, const json_t *object,
		 struct crd_tcg_raw *raw)
{
	static const char *const maker[] = { "manufacturer",
					     "componentmanufacturer",
					     "platformmanufacturerstr", NULL };
	static const char *const model[] = { "model", "componentmodel",
					     "platformmodel", NULL };
	static const char *const serial[] = { "serial", "componentserial",
					      "platformserial", NULL };
	static const char *const revision[] = { "revision", "componentrevision",
						"platformversion", NULL };
	static const char *const status[] = { "status", NULL };
	const json_t *class = member(object, "componentclass");
	const json_t *whole = member(object, "componentidentifierv11");
	int ret = get(r, object, maker, &raw->maker);

	if (!ret)
		ret = get(r, object, model, &raw->model);
	if (!ret)
		ret = get(r, object, serial, &raw->serial);
	if (!ret)
		ret = get(r, object, revision, &raw->revision);
	if (!ret)
		ret = get(r, object, status, &raw->status);
	if (!ret && json_is_object(class))
		ret = read_class(r, class, raw);
	if (!ret)
		ret = read_addresses(r, member(object, "addresses"), raw);
	if (!ret)
		ret = read_addresses(r, member(object, "componentaddresses"),
				     raw);
	if (!ret && json_is_object(whole))
		ret = crd_tcg_read(r,
				   json_is_object(member(whole, "traitvalue")) ?
					   member(whole, "traitvalue") :
					   whole,
				   raw);
	if (!ret && json_is_array(member(object, "traits")))
		ret = crd_tcg_read_traits(r, member(object, "traits"), raw);
	return ret;
}
