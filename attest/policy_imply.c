// SPDX-License-Identifier: Apache-2.0
/*
 * What can be told of two sets of conditions from their words alone: that one
 * is never met, that one is met wherever the other is, that both are never met
 * at once. Sound and no more: "true" is so for every component under every
 * registry; "false" says nothing. It works on what was written, value by
 * value, and takes no value for part of another: a pattern is only like itself,
 * an entity has no owner, a flag has nothing to do with an origin.
 */
#include <string.h>

#include "policy_static.h"

static int key_of(const char *name)
{
	int key;

	for (key = 0; key < CRD_COND_MAX; key++) {
		if (!strcmp(crd_cond_name(key), name))
			return key;
	}
	return -1;
}

/* One condition: its values, and whether they are wanted or not. */
struct ask {
	const struct crd_yaml *yaml;
	const struct crd_node *values; /* one, or a list of them */
	bool negate;
};

static struct ask ask_of(const struct crd_asks *s, const struct crd_node *node)
{
	struct ask ask = { s->yaml, node, false };
	const struct crd_node *first = NULL;

	if (node->type == CRD_NODE_MAP)
		first = crd_node_first(s->yaml, node);
	if (first && !strcmp(s->yaml->nodes[first->key].text, "not")) {
		ask.values = first;
		ask.negate = true;
	}
	return ask;
}

/* NULL: it does not ask for that. */
static const struct crd_node *find(const struct crd_asks *s, const char *key)
{
	const struct crd_node *c = crd_node_first(s->yaml, s->when);

	while (c && strcmp(s->yaml->nodes[c->key].text, key))
		c = crd_node_next(s->yaml, c);
	return c;
}

static const struct crd_node *value_first(const struct ask *a)
{
	return a->values->type == CRD_NODE_LIST ?
		       crd_node_first(a->yaml, a->values) :
		       a->values;
}

static const struct crd_node *value_next(const struct ask *a,
					 const struct crd_node *v)
{
	return a->values->type == CRD_NODE_LIST ? crd_node_next(a->yaml, v) :
						  NULL;
}

static bool has_value(const struct ask *a, const struct ask *b,
		      const struct crd_node *value)
{
	const struct crd_node *v = value_first(a);

	while (v && !crd_node_same(a->yaml, v, b->yaml, value))
		v = value_next(a, v);
	return v != NULL;
}

/* Has a all values of b? */
static bool has_values(const struct ask *a, const struct ask *b)
{
	const struct crd_node *v = value_first(b);

	while (v && has_value(a, b, v))
		v = value_next(b, v);
	return !v;
}

static bool shares_value(const struct ask *a, const struct ask *b)
{
	const struct crd_node *v = value_first(b);

	while (v && !has_value(a, b, v))
		v = value_next(b, v);
	return v != NULL;
}

/* Words and texts only, so that two that differ are two. */
static bool is_literal(const struct ask *a)
{
	const struct crd_node *v = value_first(a);

	while (v && v->type == CRD_NODE_TEXT)
		v = value_next(a, v);
	return !v;
}

static bool says_unknown(const struct ask *a)
{
	const struct crd_node *v = value_first(a);

	while (v && !(v->type == CRD_NODE_TEXT && v->plain &&
		      !strcmp(v->text, "unknown")))
		v = value_next(a, v);
	return v != NULL;
}

static bool is_one_of(const char *key, const char *const *keys)
{
	while (*keys && strcmp(*keys, key))
		keys++;
	return *keys != NULL;
}

/* Of each component there is one answer to these at most. */
static bool is_single(const char *key)
{
	static const char *const keys[] = { "origin", "part", "bus",	 "id",
					    "name",   "path", "license", NULL };

	return is_one_of(key, keys);
}

/* To these, "all answers fit" means that one of them fits. */
static bool is_plain(const char *key)
{
	static const char *const keys[] = { "flags",  "signer",	      "origin",
					    "class",  "part",	      "bus",
					    "id",     "name",	      "path",
					    "author", "license",      "digest",
					    "vendor", "jurisdiction", "listed",
					    NULL };

	return is_one_of(key, keys);
}

static unsigned int kinds_named(const struct ask *a)
{
	unsigned int kinds = 0, kind;
	const struct crd_node *v;

	for (v = value_first(a); v; v = value_next(a, v)) {
		for (kind = 0; kind < CRD_KIND_MAX; kind++) {
			if (!strcmp(v->text, crd_kind_name(kind)))
				kinds |= 1u << kind;
		}
	}
	return a->negate ? ~kinds : kinds;
}

/* Kinds of components that can meet them: bits. 0: none can. */
static unsigned int kinds_of(const struct crd_asks *s)
{
	unsigned int kinds = (1u << CRD_KIND_MAX) - 1, kind;
	const struct crd_node *c = crd_node_first(s->yaml, s->when);

	for (; c; c = crd_node_next(s->yaml, c)) {
		const char *name = s->yaml->nodes[c->key].text;
		struct ask ask = ask_of(s, c);
		int key = key_of(name);

		for (kind = 0; key >= 0 && kind < CRD_KIND_MAX; kind++) {
			if (!crd_cond_applies(key, kind))
				kinds &= ~(1u << kind);
		}
		if (key == CRD_COND_KIND)
			kinds &= kinds_named(&ask);
	}
	return kinds;
}

struct crd_asks crd_asks_of(const struct crd_policy *policy, uint8_t file,
			    const struct crd_node *map, const char *key,
			    bool benefit)
{
	struct crd_asks s = { &policy->files[file].yaml, NULL, benefit, 0 };
	const struct crd_node *c = crd_node_first(s.yaml, map);

	while (strcmp(s.yaml->nodes[c->key].text, key))
		c = crd_node_next(s.yaml, c);
	s.when = c;
	s.kinds = kinds_of(&s);
	return s;
}

/* Where a's condition holds, does b's? */
static bool implies(const struct crd_asks *a, const struct crd_node *node_a,
		    const struct crd_asks *b, const struct crd_node *node_b,
		    const char *key)
{
	struct ask x = ask_of(a, node_a), y = ask_of(b, node_b);

	if (a->benefit != b->benefit &&
	    (b->benefit || !is_plain(key) || says_unknown(&x)))
		return false;
	if (x.negate != y.negate)
		return false;
	if (x.values->type == CRD_NODE_MAP || y.values->type == CRD_NODE_MAP)
		return crd_node_same(x.yaml, x.values, y.yaml, y.values);
	return x.negate ? has_values(&x, &y) : has_values(&y, &x);
}

bool crd_asks_cover(const struct crd_asks *b, const struct crd_asks *a)
{
	const struct crd_node *c = crd_node_first(b->yaml, b->when);
	const struct crd_node *own;

	if (a->kinds & ~b->kinds)
		return false;
	for (; c; c = crd_node_next(b->yaml, c)) {
		const char *key = b->yaml->nodes[c->key].text;

		if (!strcmp(key, "kind"))
			continue;
		own = find(a, key);
		if (!own || !implies(a, own, b, c, key))
			return false;
	}
	return true;
}

/* No one answer fits both. */
static bool excludes(const struct crd_asks *a, const struct crd_node *node_a,
		     const struct crd_asks *b, const struct crd_node *node_b)
{
	struct ask x = ask_of(a, node_a), y = ask_of(b, node_b);

	if (x.negate && y.negate)
		return false;
	if (x.negate)
		return has_values(&x, &y);
	if (y.negate)
		return has_values(&y, &x);
	return is_literal(&x) && is_literal(&y) && !shares_value(&x, &y);
}

bool crd_asks_exclude(const struct crd_asks *a, const struct crd_asks *b)
{
	const struct crd_node *c = crd_node_first(b->yaml, b->when);
	const struct crd_node *own;

	if (!(a->kinds & b->kinds))
		return true;
	for (; c; c = crd_node_next(b->yaml, c)) {
		const char *key = b->yaml->nodes[c->key].text;

		own = is_single(key) ? find(a, key) : NULL;
		if (own && excludes(a, own, b, c))
			return true;
	}
	return false;
}

/* Of each key that both have, are there values that they share? */
static bool touches(const struct crd_asks *a, const struct crd_node *node_a,
		    const struct crd_asks *b, const struct crd_node *node_b)
{
	struct ask x = ask_of(a, node_a), y = ask_of(b, node_b);

	return x.negate || y.negate || shares_value(&x, &y);
}

bool crd_asks_touch(const struct crd_asks *a, const struct crd_asks *b)
{
	const struct crd_node *c = crd_node_first(b->yaml, b->when);
	const struct crd_node *own;

	for (; c; c = crd_node_next(b->yaml, c)) {
		const char *key = b->yaml->nodes[c->key].text;

		if (!strcmp(key, "kind"))
			continue;
		own = find(a, key);
		if (!own || !touches(a, own, b, c))
			return false;
	}
	return !crd_asks_exclude(a, b);
}
