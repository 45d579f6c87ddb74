// SPDX-License-Identifier: Apache-2.0
/* A component of an example, in the words that conditions have. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "example.h"
#include "policy_cond.h"

enum { MAX_NAMES = 64 };

#define DRIVER	 (1u << CRD_KIND_DRIVER)
#define FIRMWARE (1u << CRD_KIND_FIRMWARE)
#define DEVICE	 (1u << CRD_KIND_DEVICE)
#define PLATFORM (1u << CRD_KIND_PLATFORM)
#define ALL	 (DRIVER | FIRMWARE | DEVICE | PLATFORM)

/* The keys of conditions that describe a component by itself. */
static const struct part_key {
	enum crd_cond_key key;
	unsigned int kinds; /* that an example can give it */
	size_t text;	    /* of texts: where it is kept; 0: no text */
} part_keys[] = {
#define TEXT(key, kinds, name)                                      \
	{                                                           \
		key, kinds, offsetof(struct crd_example_part, name) \
	}
	{ CRD_COND_KIND, ALL, 0 },
	{ CRD_COND_CLASS, DEVICE, 0 },
	{ CRD_COND_PART, PLATFORM, 0 },
	{ CRD_COND_STRUCTURE, PLATFORM, 0 },
	{ CRD_COND_ID, DEVICE | PLATFORM, 0 },
	{ CRD_COND_SUBSYSTEM, DEVICE, 0 },
	{ CRD_COND_AUTHOR, DRIVER | FIRMWARE, 0 },
	{ CRD_COND_SIGNER, DRIVER, 0 },
	{ CRD_COND_ORIGIN, DRIVER | FIRMWARE, 0 },
	{ CRD_COND_FLAGS, ALL, 0 },
	{ CRD_COND_DIGEST, ALL, 0 },
	{ CRD_COND_VENDOR, ALL, 0 },
	{ CRD_COND_GRADE, ALL, 0 },
	{ CRD_COND_DRIVER, DEVICE, 0 },
	{ CRD_COND_FIRMWARE, DEVICE, 0 },
	TEXT(CRD_COND_BUS, DEVICE, bus),
	TEXT(CRD_COND_NAME, ALL, name),
	TEXT(CRD_COND_PORT, DEVICE, port),
	TEXT(CRD_COND_PATH, DRIVER | FIRMWARE, path),
	TEXT(CRD_COND_LICENSE, DRIVER | FIRMWARE, license),
	TEXT(CRD_COND_VERSION, ALL, version),
	TEXT(CRD_COND_RELEASED, PLATFORM, released),
	TEXT(CRD_COND_MANUFACTURER, DEVICE | PLATFORM, manufacturer),
	TEXT(CRD_COND_PRODUCT, DEVICE | PLATFORM, product),
	TEXT(CRD_COND_SERIAL, DEVICE | PLATFORM, serial),
};

enum { N_PART_KEYS = sizeof(part_keys) / sizeof(part_keys[0]) };

/* A word of a condition. */
static int want_word(const struct crd_load *l, const struct crd_node *node,
		     enum crd_cond_key key, unsigned int *ret_index)
{
	return crd_want_word(l, node, crd_cond_name(key),
			     crd_cond_specs[key].words, ret_index);
}

/* One element, or a list of them: add is called for each. */
static int each(const struct crd_load *l, const struct crd_node *node,
		const char *what, struct crd_example_part *part,
		int (*add)(const struct crd_load *l,
			   const struct crd_node *node,
			   struct crd_example_part *part))
{
	const struct crd_node *c;
	int ret;

	if (node->type != CRD_NODE_LIST)
		return add(l, node, part);
	ret = crd_want_list(l, node, what, MAX_NAMES);
	for (c = crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = add(l, c, part);
	return ret;
}

static int add_class(const struct crd_load *l, const struct crd_node *node,
		     struct crd_example_part *part)
{
	unsigned int i = 0;
	int ret = want_word(l, node, CRD_COND_CLASS, &i);

	part->classes |= 1u << i;
	return ret;
}

static int add_flag(const struct crd_load *l, const struct crd_node *node,
		    struct crd_example_part *part)
{
	unsigned int i = 0;
	int ret = want_word(l, node, CRD_COND_FLAGS, &i);

	part->flags |= 1u << i;
	return ret;
}

static int add_signer(const struct crd_load *l, const struct crd_node *node,
		      struct crd_example_part *part)
{
	unsigned int bit = 0;
	int ret = crd_want_signer(l, node, &bit);

	part->signer |= 1ull << bit;
	return ret;
}

static int add_author(const struct crd_load *l, const struct crd_node *node,
		      struct crd_example_part *part)
{
	if (part->n_authors == CRD_MAX_AUTHORS)
		return crd_node_fail(l, node, "more than %d authors",
				     CRD_MAX_AUTHORS);
	return crd_want_text(l, node, "author",
			     &part->authors[part->n_authors++]);
}

/* A list's digest: one that is on no other, if there is such a one. */
static bool digest_of_list(const struct crd_policy *p, const char *id,
			   struct crd_digest *ret_digest)
{
	uint64_t lists, best = UINT64_MAX;
	size_t i;

	for (i = 0; i < p->n_digests; i++) {
		const struct crd_digest_entry *e = &p->digests[i];
		struct crd_digest d = { .len = e->len };

		if (strcmp(p->lists[e->list].id, id))
			continue;
		d.alg = e->len == 32 ? CRD_ALG_SHA256 :
			e->len == 48 ? CRD_ALG_SHA384 :
				       CRD_ALG_SHA512;
		memcpy(d.bytes, e->bytes, e->len);
		lists = crd_digests_find(p, &d);
		if (__builtin_popcountll(lists) < __builtin_popcountll(best)) {
			*ret_digest = d;
			best = lists;
		}
	}
	return best != UINT64_MAX;
}

static int load_digest(const struct crd_load *l, const struct crd_node *node,
		       struct crd_example_part *part)
{
	const char *text;
	int ret = crd_want_text(l, node, "digest", &text);

	if (ret || digest_of_list(l->policy, text, &part->digest) ||
	    crd_example_digest(text, node->len, &part->digest))
		return ret;
	return crd_node_fail(
		l, node,
		"'%.40s' is neither a digest list with a digest on it nor a digest (SHA-256, SHA-384, SHA-512) in lower-case hexadecimal",
		text);
}

static int load_vendor(const struct crd_load *l, const struct crd_node *node,
		       struct crd_example_part *part)
{
	if (node->type == CRD_NODE_TEXT && node->plain &&
	    !strcmp(node->text, "unknown")) {
		part->vendor_unknown = true;
		return 0;
	}
	return crd_want_id(l, node, "vendor", &part->vendor);
}

static int load_part(const struct crd_load *l, const struct crd_node *node,
		     int kind, uint32_t device, uint32_t *ret_index);

/* v: values by key. */
static int load_lists(const struct crd_load *l, const struct crd_node **v,
		      struct crd_example_part *part)
{
	static const struct {
		enum crd_cond_key key;
		int (*add)(const struct crd_load *l,
			   const struct crd_node *node,
			   struct crd_example_part *part);
	} lists[] = {
		{ CRD_COND_CLASS, add_class },
		{ CRD_COND_FLAGS, add_flag },
		{ CRD_COND_SIGNER, add_signer },
		{ CRD_COND_AUTHOR, add_author },
	};
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (v[lists[i].key])
			ret = each(l, v[lists[i].key],
				   crd_cond_name(lists[i].key), part,
				   lists[i].add);
	}
	return ret;
}

static int load_words(const struct crd_load *l, const struct crd_node **v,
		      struct crd_example_part *part)
{
	const struct {
		enum crd_cond_key key;
		int *to;
	} words[] = {
		{ CRD_COND_PART, &part->part },
		{ CRD_COND_STRUCTURE, &part->structure },
		{ CRD_COND_ORIGIN, &part->origin },
		{ CRD_COND_GRADE, &part->grade },
	};
	unsigned int index = 0;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < sizeof(words) / sizeof(words[0]); i++) {
		if (!v[words[i].key])
			continue;
		ret = want_word(l, v[words[i].key], words[i].key, &index);
		*words[i].to = (int)index;
	}
	return ret;
}

/* A day of the calendar: one that is none would be no date, as if not said. */
static int load_released(const struct crd_load *l, const struct crd_node *node)
{
	int32_t day;

	return node ? crd_want_date(l, node, "released", &day) : 0;
}

static int load_values(const struct crd_load *l, const struct crd_node **v,
		       struct crd_example_part *part)
{
	const struct part_key *k = part_keys;
	int ret = load_lists(l, v, part);

	if (!ret)
		ret = load_words(l, v, part);
	if (!ret && v[CRD_COND_DIGEST])
		ret = load_digest(l, v[CRD_COND_DIGEST], part);
	if (!ret && v[CRD_COND_VENDOR])
		ret = load_vendor(l, v[CRD_COND_VENDOR], part);
	for (; !ret && k < part_keys + N_PART_KEYS; k++) {
		if (k->text && v[k->key])
			ret = crd_want_text(
				l, v[k->key], crd_cond_name(k->key),
				(const char **)(void *)((char *)part +
							k->text));
	}
	if (!ret)
		ret = load_released(l, v[CRD_COND_RELEASED]);
	if (!ret)
		ret = crd_example_possible(l, v, part);
	if (!ret)
		ret = crd_example_numbers_load(l, v, part);
	return ret;
}

static int load_joined(const struct crd_load *l, const struct crd_node **v,
		       uint32_t index)
{
	struct crd_policy *p = l->policy;
	int ret = 0;

	if (v[CRD_COND_DRIVER])
		ret = load_part(l, v[CRD_COND_DRIVER], CRD_KIND_DRIVER, index,
				&p->example_parts[index].driver);
	if (!ret && v[CRD_COND_FIRMWARE])
		ret = load_part(l, v[CRD_COND_FIRMWARE], CRD_KIND_FIRMWARE,
				index, &p->example_parts[index].firmware);
	return ret;
}

/* Its keys; what its kind cannot have is told. v: values by key. */
static int load_keys(const struct crd_load *l, const struct crd_node *node,
		     int kind, enum crd_kind *ret_kind,
		     const struct crd_node **v)
{
	const struct crd_node *values[N_PART_KEYS];
	struct crd_key keys[N_PART_KEYS];
	unsigned int i, is = (unsigned int)(kind < 0 ? 0 : kind);
	int ret;

	for (i = 0; i < N_PART_KEYS; i++)
		keys[i] = (struct crd_key){ crd_cond_name(part_keys[i].key),
					    !i && kind < 0 };
	ret = crd_want_map(l, node, "a component", keys, N_PART_KEYS, values);
	if (!ret && values[0])
		ret = want_word(l, values[0], CRD_COND_KIND, &is);
	if (!ret && kind >= 0 && is != (unsigned int)kind)
		ret = crd_node_fail(l, values[0], "this is the place of a %s",
				    crd_kind_name((enum crd_kind)kind));
	for (i = 0; !ret && i < N_PART_KEYS; i++) {
		v[part_keys[i].key] = values[i];
		if (values[i] && !(part_keys[i].kinds >> is & 1))
			ret = crd_node_fail(l, values[i],
					    "a component of kind %s has no %s",
					    crd_kind_name((enum crd_kind)is),
					    keys[i].name);
	}
	*ret_kind = (enum crd_kind)is;
	return ret;
}

/* kind: what it has to be, or -1: it says so itself. */
static int load_part(const struct crd_load *l, const struct crd_node *node,
		     int kind, uint32_t device, uint32_t *ret_index)
{
	struct crd_policy *p = l->policy;
	uint32_t index = (uint32_t)p->n_example_parts++;
	struct crd_example_part *part = &p->example_parts[index];
	const struct crd_node *v[CRD_COND_MAX] = { NULL };
	int ret;

	*part = (struct crd_example_part){ .node = node,
					   .vendor_id = -1,
					   .device_id = -1,
					   .subvendor_id = -1,
					   .subdevice_id = -1,
					   .structure = -1,
					   .origin = -1,
					   .grade = -1,
					   .driver = CRD_NO_ENTRY,
					   .firmware = CRD_NO_ENTRY,
					   .device = device };
	*ret_index = index;
	ret = load_keys(l, node, kind, &part->kind, v);
	if (!ret)
		ret = load_values(l, v, part);
	return ret ? ret : load_joined(l, v, index);
}

int crd_example_part_load(const struct crd_load *l, const struct crd_node *node)
{
	uint32_t index;

	return load_part(l, node, -1, CRD_NO_ENTRY, &index);
}
