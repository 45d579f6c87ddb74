// SPDX-License-Identifier: Apache-2.0
/* Conditions: `when` of a rule and `component` of a waiver become tables. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_private.h"

/* How the values of a key are written. */
enum form {
	FORM_WORDS,
	FORM_TEXT,
	FORM_DIGESTS,
	FORM_SIGNERS,
	FORM_ID,
	FORM_COUNTRY
};

static const char *const kind_words[] = { "driver", "firmware", "device",
					  "platform", NULL };
static const char *const part_words[] = { "other", "smbios", "smbios-table",
					  "acpi",  "esrt",   "cpu",
					  "tpm",   NULL };
static const char *const origin_words[] = {
	"unmeasured", "file",	"memory",   "anonymous", "pre-existing",
	"built-in",   "cached", "platform", NULL
};
/* In the order of enum crd_flag. */
static const char *const flag_words[] = {
	"unsigned",	"unverified", "out-of-tree",   "proprietary",
	"staging",	"unmeasured", "pre-existing",  "built-in",
	"from-memory",	"failed",     "forced",	       "not-covered",
	"deferred",	"gone",	      "re-identified", "same-serial",
	"contradicted", "external",   "dynamic",       "look-alike",
	NULL
};

#define DRIVER	 (1u << CRD_KIND_DRIVER)
#define FIRMWARE (1u << CRD_KIND_FIRMWARE)
#define DEVICE	 (1u << CRD_KIND_DEVICE)
#define PLATFORM (1u << CRD_KIND_PLATFORM)
#define ALL	 (DRIVER | FIRMWARE | DEVICE | PLATFORM)

/* In the order of enum crd_cond_key. */
static const struct {
	const char *name;
	enum form form;
	unsigned int kinds; /* that can have it */
	const char *const *words;
} cond_keys[CRD_COND_MAX] = {
	{ "kind", FORM_WORDS, ALL, kind_words },
	{ "flags", FORM_WORDS, ALL, flag_words },
	{ "signer", FORM_SIGNERS, DRIVER, NULL },
	{ "origin", FORM_WORDS, DRIVER | FIRMWARE, origin_words },
	{ "class", FORM_WORDS, DEVICE, crd_class_names },
	{ "part", FORM_WORDS, PLATFORM, part_words },
	{ "bus", FORM_TEXT, DEVICE, NULL },
	{ "id", FORM_TEXT, DEVICE, NULL },
	{ "name", FORM_TEXT, ALL, NULL },
	{ "path", FORM_TEXT, DRIVER | FIRMWARE, NULL },
	{ "author", FORM_TEXT, DRIVER | FIRMWARE, NULL },
	{ "license", FORM_TEXT, DRIVER | FIRMWARE, NULL },
	{ "version", FORM_TEXT, DRIVER | FIRMWARE, NULL },
	{ "digest", FORM_DIGESTS, ALL, NULL },
	{ "vendor", FORM_ID, ALL, NULL },
	{ "jurisdiction", FORM_COUNTRY, ALL, NULL },
	{ "listed", FORM_ID, ALL, NULL },
};

const char *crd_cond_name(enum crd_cond_key key)
{
	return cond_keys[key].name;
}

bool crd_cond_applies(enum crd_cond_key key, enum crd_kind kind)
{
	return cond_keys[key].kinds >> kind & 1;
}

static int add_value(const struct crd_load *l, struct crd_cond *cond,
		     const struct crd_node *node, bool like)
{
	struct crd_policy *p = l->policy;
	struct crd_value *v;

	/* As many values as nodes at most: room was made for all. */
	v = &p->values[p->n_values++];
	v->text.ptr = (const uint8_t *)node->text;
	v->text.len = node->len;
	v->like = like;
	v->line = node->line;
	v->column = node->column;
	cond->n++;
	return 0;
}

static int load_text(const struct crd_load *l, struct crd_cond *cond,
		     const struct crd_node *node)
{
	const char *text;
	int ret = crd_want_text(l, node, crd_cond_name(cond->key), &text);

	if (ret)
		return ret;
	if (strpbrk(text, "*?"))
		return crd_node_fail(
			l, node,
			"'%.60s' has * or ?; write { like: \"...\" } if it is a pattern",
			text);
	return add_value(l, cond, node, false);
}

static int load_digest(const struct crd_load *l, struct crd_cond *cond,
		       const struct crd_node *node)
{
	const char *id;
	size_t i;
	int ret = crd_want_id(l, node, "digest", &id);

	if (ret)
		return ret;
	for (i = 0; i < l->policy->n_lists; i++) {
		if (!strcmp(l->policy->lists[i].id, id)) {
			cond->mask |= 1ull << i;
			return 0;
		}
	}
	return crd_node_fail(l, node, "'%s' is not under digest_lists", id);
}

static int load_country(const struct crd_load *l, struct crd_cond *cond,
			const struct crd_node *node)
{
	const char *text;
	int ret = crd_want_text(l, node, "jurisdiction", &text);

	if (ret)
		return ret;
	if (node->len != 2 || text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' ||
	    text[1] > 'Z')
		return crd_node_fail(
			l, node,
			"'%.20s' is not a country code of two capital letters",
			text);
	return add_value(l, cond, node, false);
}

static int load_element(const struct crd_load *l, struct crd_cond *cond,
			const struct crd_node *node)
{
	unsigned int index;
	const char *text;
	int ret;

	if (cond_keys[cond->key].form == FORM_WORDS) {
		ret = crd_want_word(l, node, crd_cond_name(cond->key),
				    cond_keys[cond->key].words, &index);
		if (!ret)
			cond->mask |= 1ull << index;
		return ret;
	}
	if (cond_keys[cond->key].form == FORM_SIGNERS) {
		ret = crd_want_signer(l, node, &index);
		if (!ret)
			cond->mask |= 1ull << index;
		return ret;
	}
	if (node->type == CRD_NODE_TEXT && node->plain &&
	    !strcmp(node->text, "unknown")) {
		cond->unknown = true;
		return 0;
	}
	switch (cond_keys[cond->key].form) {
	case FORM_TEXT:
		return load_text(l, cond, node);
	case FORM_DIGESTS:
		return load_digest(l, cond, node);
	case FORM_COUNTRY:
		return load_country(l, cond, node);
	default:
		ret = crd_want_id(l, node, crd_cond_name(cond->key), &text);
		return ret ? ret : add_value(l, cond, node, false);
	}
}

/* { like: pattern } or { like: [patterns] } */
static int load_like(const struct crd_load *l, struct crd_cond *cond,
		     const struct crd_node *map)
{
	static const struct crd_key keys[] = { { "like", true } };
	const struct crd_node *node, *value;
	const char *text;
	bool list;
	int ret;

	if (cond_keys[cond->key].form != FORM_TEXT)
		return crd_node_fail(
			l, map,
			"'%s' takes words and lists of words, no { ... }",
			crd_cond_name(cond->key));
	ret = crd_want_map(l, map, "a pattern", keys, 1, &value);
	if (ret)
		return ret;
	list = value->type == CRD_NODE_LIST;
	if (list)
		ret = crd_want_list(l, value, "like", POL_MAX_NODES);
	for (node = list ? crd_node_first(l->yaml, value) : value; !ret && node;
	     node = list ? crd_node_next(l->yaml, node) : NULL) {
		ret = crd_want_text(l, node, "a pattern", &text);
		if (!ret)
			ret = add_value(l, cond, node, true);
	}
	return ret;
}

static int load_elements(const struct crd_load *l, struct crd_cond *cond,
			 const struct crd_node *node)
{
	const struct crd_node *c;
	int ret;

	if (node->type == CRD_NODE_MAP)
		return load_like(l, cond, node);
	if (node->type == CRD_NODE_TEXT)
		return load_element(l, cond, node);
	ret = crd_want_list(l, node, crd_cond_name(cond->key), POL_MAX_NODES);
	for (c = crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = c->type == CRD_NODE_MAP ? load_like(l, cond, c) :
						load_element(l, cond, c);
	return ret;
}

/*
 * A record may only lower trust. That a load failed, a device left, or something
 * came after the quote is said by a record that anybody with root may add
 * later: it must not take a component out of a rule that refuses, nor into one
 * that admits.
 */
static int check_excuse(const struct crd_load *l, const struct crd_node *node,
			const struct crd_cond *cond, bool benefit)
{
	const uint64_t excuses = CRD_FLAG_FAILED | CRD_FLAG_NOT_COVERED |
				 CRD_FLAG_DEFERRED | CRD_FLAG_GONE |
				 CRD_FLAG_RE_IDENTIFIED | CRD_FLAG_SAME_SERIAL |
				 CRD_FLAG_CONTRADICTED | CRD_FLAG_LOOK_ALIKE;

	if (cond->key != CRD_COND_FLAGS || !(cond->mask & excuses) ||
	    cond->negate == benefit)
		return 0;
	return crd_node_fail(
		l, node,
		"what a later record may say ('failed', 'not-covered', 'gone' ...) may make a verdict worse, never better");
}

static int load_cond(const struct crd_load *l, enum crd_cond_key key,
		     const struct crd_node *node, bool benefit)
{
	static const struct crd_key keys[] = { { "not", true } };
	struct crd_policy *p = l->policy;
	struct crd_cond *cond = &p->conds[p->n_conds++];
	const struct crd_node *value = node;
	const struct crd_node *first = NULL;
	int ret = 0;

	cond->key = key;
	cond->line = node->line;
	cond->column = node->column;
	cond->file = l->file;
	cond->first = (uint32_t)p->n_values;
	if (node->type == CRD_NODE_MAP)
		first = crd_node_first(l->yaml, node);
	if (node->type == CRD_NODE_MAP && !node->n_children)
		return crd_node_fail(l, node, "'%s' is empty",
				     crd_cond_name(key));
	if (first && !strcmp(l->yaml->nodes[first->key].text, "not")) {
		cond->negate = true;
		ret = crd_want_map(l, node, "a condition with 'not'", keys, 1,
				   &value);
	}
	if (!ret)
		ret = load_elements(l, cond, value);
	if (!ret)
		ret = check_excuse(l, node, cond, benefit);
	return ret;
}

int crd_when_load(const struct crd_load *l, const struct crd_node *node,
		  const char *what, bool benefit, struct crd_when *ret_when)
{
	struct crd_key keys[CRD_COND_MAX];
	const struct crd_node *values[CRD_COND_MAX];
	unsigned int i;
	int ret;

	for (i = 0; i < CRD_COND_MAX; i++)
		keys[i] = (struct crd_key){ cond_keys[i].name, false };
	ret = crd_want_map(l, node, what, keys, CRD_COND_MAX, values);
	if (!ret && !node->n_children)
		ret = crd_node_fail(l, node,
				    "%s is empty: it would speak of everything",
				    what);
	ret_when->first = (uint32_t)l->policy->n_conds;
	/* In the order of the keys, cheap ones first, not as written. */
	for (i = 0; !ret && i < CRD_COND_MAX; i++) {
		if (values[i])
			ret = load_cond(l, i, values[i], benefit);
	}
	ret_when->n = (uint32_t)l->policy->n_conds - ret_when->first;
	return ret;
}

static const char *bit_name(const struct crd_policy *policy,
			    enum crd_cond_key key, unsigned int bit)
{
	switch (cond_keys[key].form) {
	case FORM_DIGESTS:
		return policy->lists[bit].id;
	case FORM_SIGNERS:
		return crd_signer_name(policy, bit);
	default:
		return cond_keys[key].words[bit];
	}
}

static void say_mask(struct crd_str *str, const struct crd_policy *policy,
		     const struct crd_cond *cond, const char **sep)
{
	unsigned int i;

	for (i = 0; i < 64; i++) {
		if (!(cond->mask >> i & 1))
			continue;
		crd_str_fmt(str, "%s%s", *sep, bit_name(policy, cond->key, i));
		*sep = ", ";
	}
}

void crd_cond_say(struct crd_str *str, const struct crd_policy *policy,
		  const struct crd_cond *cond)
{
	bool quote = cond_keys[cond->key].form == FORM_TEXT;
	const char *sep = "";
	uint32_t i;

	crd_str_fmt(str, "%s %s", crd_cond_name(cond->key),
		    cond->negate ? "not " : "");
	say_mask(str, policy, cond, &sep);
	for (i = 0; i < cond->n; i++) {
		const struct crd_value *v = &policy->values[cond->first + i];

		crd_str_fmt(str, quote ? "%s%s\"%s\"" : "%s%s%s", sep,
			    v->like ? "like " : "", (const char *)v->text.ptr);
		sep = ", ";
	}
	if (cond->unknown)
		crd_str_fmt(str, "%sunknown", sep);
}
