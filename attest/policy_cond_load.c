// SPDX-License-Identifier: Apache-2.0
/* The values of a condition: words, texts, patterns, ranges, ids of lists. */
#include <errno.h>
#include <string.h>

#include "policy_cond.h"

static int add_value(const struct crd_load *l, struct crd_cond *cond,
		     const struct crd_node *node, enum crd_how how)
{
	struct crd_policy *p = l->policy;
	struct crd_value *v;

	/* As many values as nodes at most: room was made for all. */
	v = &p->values[p->n_values++];
	v->text.ptr = (const uint8_t *)node->text;
	v->text.len = node->len;
	v->how = (uint8_t)how;
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
	return add_value(l, cond, node, CRD_HOW_IS);
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

static int load_component_list(const struct crd_load *l, struct crd_cond *cond,
			       const struct crd_node *node)
{
	const struct crd_policy *p = l->policy;
	const char *id;
	size_t i;
	int ret = crd_want_id(l, node, "component_list", &id);

	if (ret)
		return ret;
	for (i = 0; i < p->n_component_lists; i++) {
		if (!strcmp(p->component_lists[i].id, id)) {
			cond->mask |= 1ull << i;
			return 0;
		}
	}
	return crd_node_fail(l, node, "'%s' is not under component_lists", id);
}

static int load_country(const struct crd_load *l, struct crd_cond *cond,
			const struct crd_node *node)
{
	const char *text;
	int ret = crd_want_text(l, node, crd_cond_name(cond->key), &text);

	if (ret)
		return ret;
	if (node->len != 2 || text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' ||
	    text[1] > 'Z')
		return crd_node_fail(
			l, node,
			"'%.20s' is not a country code of two capital letters",
			text);
	return add_value(l, cond, node, CRD_HOW_IS);
}

static int load_day(const struct crd_load *l, struct crd_cond *cond,
		    const struct crd_node *node, enum crd_how how)
{
	int32_t day = 0;
	int ret = crd_want_date(l, node, crd_cond_name(cond->key), &day);

	if (!ret)
		ret = add_value(l, cond, node, how);
	if (!ret)
		l->policy->values[l->policy->n_values - 1].day = day;
	return ret;
}

static bool is_unknown(const struct crd_node *node)
{
	return node->type == CRD_NODE_TEXT && node->plain &&
	       !strcmp(node->text, "unknown");
}

static int load_element(const struct crd_load *l, struct crd_cond *cond,
			const struct crd_node *node)
{
	const char *what = crd_cond_name(cond->key);
	unsigned int index;
	const char *text;
	int ret;

	if (cond->key == CRD_COND_CLASS) {
		if (is_unknown(node)) {
			cond->unknown = true;
			return 0;
		}
		what = "class, if not 'unknown',"; /* no word of these */
	}
	if (crd_cond_specs[cond->key].words) {
		ret = crd_want_word(l, node, what,
				    crd_cond_specs[cond->key].words, &index);
		if (!ret)
			cond->mask |= 1ull << index;
		return ret;
	}
	if (crd_cond_specs[cond->key].form == CRD_FORM_SIGNERS) {
		ret = crd_want_signer(l, node, &index);
		if (!ret)
			cond->mask |= 1ull << index;
		return ret;
	}
	if (is_unknown(node)) {
		cond->unknown = true;
		return 0;
	}
	switch (crd_cond_specs[cond->key].form) {
	case CRD_FORM_TEXT:
	case CRD_FORM_VERSION:
		return load_text(l, cond, node);
	case CRD_FORM_DATE:
		return load_day(l, cond, node, CRD_HOW_IS);
	case CRD_FORM_COMPONENTS:
		return load_component_list(l, cond, node);
	case CRD_FORM_DIGESTS:
		return load_digest(l, cond, node);
	case CRD_FORM_COUNTRY:
		return load_country(l, cond, node);
	default:
		ret = crd_want_id(l, node, crd_cond_name(cond->key), &text);
		return ret ? ret : add_value(l, cond, node, CRD_HOW_IS);
	}
}

/* { like: pattern } or { like: [patterns] } */
static int load_like(const struct crd_load *l, struct crd_cond *cond,
		     const struct crd_node *value)
{
	bool list = value->type == CRD_NODE_LIST;
	const struct crd_node *node;
	const char *text;
	int ret = 0;

	if (list)
		ret = crd_want_list(l, value, "like", POL_MAX_NODES);
	for (node = list ? crd_node_first(l->yaml, value) : value; !ret && node;
	     node = list ? crd_node_next(l->yaml, node) : NULL) {
		ret = crd_want_text(l, node, "a pattern", &text);
		if (!ret)
			ret = add_value(l, cond, node, CRD_HOW_LIKE);
	}
	return ret;
}

static int load_bound(const struct crd_load *l, struct crd_cond *cond,
		      const struct crd_node *node, enum crd_how how)
{
	const char *text;
	int ret = crd_want_text(l, node, "a version", &text);

	if (ret)
		return ret;
	if (!crd_version_is_bound(
		    (struct crd_buf){ (const uint8_t *)text, node->len }))
		return crd_node_fail(
			l, node,
			"'%.60s' is not a version that others can be compared with: decimal numbers joined by dots or hyphens, or 0x and hexadecimal digits",
			text);
	return add_value(l, cond, node, how);
}

/* Grades from the best to this one, or those that are worse. */
static int load_grades(const struct crd_load *l, const struct crd_node *node,
		       enum crd_how how, uint64_t *mask)
{
	const char *const *words = crd_cond_specs[CRD_COND_GRADE].words;
	unsigned int word = 0;
	int ret = crd_want_word(l, node, "grade", words, &word);
	uint64_t better = (2ull << word) - 1; /* and this one */

	*mask &= how == CRD_HOW_AT_LEAST ? better : ~better;
	return ret;
}

static int load_limit(const struct crd_load *l, struct crd_cond *cond,
		      const struct crd_node *node, enum crd_how how,
		      uint64_t *grades)
{
	switch (crd_cond_specs[cond->key].form) {
	case CRD_FORM_DATE:
		return load_day(l, cond, node, how);
	case CRD_FORM_GRADE:
		return load_grades(l, node, how, grades);
	default:
		return load_bound(l, cond, node, how);
	}
}

/* Both ends, or one of them. */
static int load_range(const struct crd_load *l, struct crd_cond *cond,
		      const struct crd_node *least,
		      const struct crd_node *below)
{
	uint64_t grades = (2ull << CRD_GRADE_UNKNOWN) - 1;
	int ret = 0;

	if (least)
		ret = load_limit(l, cond, least, CRD_HOW_AT_LEAST, &grades);
	if (!ret && below && least && cond->n)
		l->policy->values[l->policy->n_values - 1].also = true;
	if (!ret && below)
		ret = load_limit(l, cond, below, CRD_HOW_BELOW, &grades);
	if (crd_cond_specs[cond->key].form == CRD_FORM_GRADE)
		cond->mask |= grades;
	if (!ret && crd_cond_specs[cond->key].form == CRD_FORM_GRADE && !grades)
		ret = crd_node_fail(l, below, "no grade is between these two");
	return ret;
}

/* A map among the values: a pattern, or a range. */
static int load_map(const struct crd_load *l, struct crd_cond *cond,
		    const struct crd_node *map)
{
	static const struct crd_key like[] = { { "like", false } };
	static const struct crd_key version[] = { { "like", false },
						  { "at-least", false },
						  { "below", false } };
	static const struct crd_key date[] = { { "from", false },
					       { "before", false } };
	const char *name = crd_cond_name(cond->key);
	const struct crd_node *v[3];
	int ret;

	if (!map->n_children)
		return crd_node_fail(l, map, "'%s' has an empty { }", name);
	switch (crd_cond_specs[cond->key].form) {
	case CRD_FORM_TEXT:
		ret = crd_want_map(l, map, "a pattern", like, 1, v);
		return ret ? ret : load_like(l, cond, v[0]);
	case CRD_FORM_VERSION:
		ret = crd_want_map(l, map, name, version, 3, v);
		if (!ret && v[0] && (v[1] || v[2]))
			ret = crd_node_fail(
				l, map, "'like' stands alone, without a range");
		if (ret)
			return ret;
		return v[0] ? load_like(l, cond, v[0]) :
			      load_range(l, cond, v[1], v[2]);
	case CRD_FORM_GRADE:
		ret = crd_want_map(l, map, name, version + 1, 2, v);
		return ret ? ret : load_range(l, cond, v[0], v[1]);
	case CRD_FORM_DATE:
		ret = crd_want_map(l, map, name, date, 2, v);
		return ret ? ret : load_range(l, cond, v[0], v[1]);
	default:
		return crd_node_fail(
			l, map,
			"'%s' takes words and lists of words, no { ... }",
			name);
	}
}

int crd_cond_values_load(const struct crd_load *l, struct crd_cond *cond,
			 const struct crd_node *node)
{
	const struct crd_node *c;
	int ret;

	if (node->type == CRD_NODE_MAP)
		return load_map(l, cond, node);
	if (node->type == CRD_NODE_TEXT)
		return load_element(l, cond, node);
	ret = crd_want_list(l, node, crd_cond_name(cond->key), POL_MAX_NODES);
	for (c = crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = c->type == CRD_NODE_MAP ? load_map(l, cond, c) :
						load_element(l, cond, c);
	return ret;
}
