// SPDX-License-Identifier: Apache-2.0
/* Conditions: `when` of a rule and `component` of a waiver become tables. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_cond.h"

static int load_when(const struct crd_load *l, const struct crd_node *node,
		     const char *what, bool benefit, bool inner,
		     struct crd_when *ret_when);

/*
 * A record may only lower trust. That a load failed, a device left, or something
 * came after the quote is said by a record that anybody with root may add
 * later: it must not take a component out of a rule that refuses, nor into one
 * that admits.
 */
#define EXCUSES                                                          \
	(CRD_FLAG_FAILED | CRD_FLAG_NOT_COVERED | CRD_FLAG_DEFERRED |    \
	 CRD_FLAG_GONE | CRD_FLAG_RE_IDENTIFIED | CRD_FLAG_SAME_SERIAL | \
	 CRD_FLAG_CONTRADICTED | CRD_FLAG_LOOK_ALIKE)

static bool is_excuse(const struct crd_cond *cond)
{
	return cond->key == CRD_COND_FLAGS && cond->mask & EXCUSES;
}

static int check_excuse(const struct crd_load *l, const struct crd_node *node,
			const struct crd_cond *cond, bool benefit)
{
	if (!is_excuse(cond) || cond->negate == benefit)
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
	if (crd_cond_is_join(key)) /* see load_joins() */
		return 0;
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
		ret = crd_cond_values_load(l, cond, value);
	if (!ret)
		ret = check_excuse(l, node, cond, benefit);
	return ret;
}

/* `none`, or conditions of what it is joined to. */
static int load_join(const struct crd_load *l, struct crd_cond *cond,
		     const struct crd_node *node, bool benefit)
{
	struct crd_policy *p = l->policy;
	const char *name = crd_cond_name(cond->key);

	if (p->n_joins == POL_MAX_JOINS)
		return crd_fail_at(
			l->err, node->line, node->column, -E2BIG,
			"more than %d conditions on a driver, firmware or device of something else",
			POL_MAX_JOINS);
	cond->join = p->n_joins++;
	if (node->type == CRD_NODE_MAP)
		return load_when(l, node, name, benefit, true, &cond->inner);
	if (node->type != CRD_NODE_TEXT || !node->plain ||
	    strcmp(node->text, "none"))
		return crd_node_fail(
			l, node,
			"'%s' must be conditions of that %s, as in a when; or none",
			name, name);
	cond->none = true;
	if (!benefit)
		return crd_node_fail(
			l, node,
			"'%s: none' may admit or waive only: a later record can take it away",
			name);
	return 0;
}

/* Conditions on the conditions' own, once all of the when has its place. */
static int load_joins(const struct crd_load *l, const struct crd_when *when,
		      const struct crd_node **values, bool benefit, bool inner)
{
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < when->n; i++) {
		struct crd_cond *cond = &l->policy->conds[when->first + i];

		if (!crd_cond_is_join(cond->key))
			continue;
		ret = inner ? crd_node_fail(
				      l, values[cond->key],
				      "'%s' cannot stand within another such condition",
				      crd_cond_name(cond->key)) :
			      load_join(l, cond, values[cond->key], benefit);
	}
	return ret;
}

/* What can have all of these answers, and is of a kind that is asked for. */
static uint8_t kinds_of(const struct crd_policy *p, const struct crd_when *when)
{
	const struct crd_cond *cond = &p->conds[when->first];
	uint64_t kinds = (1u << CRD_KIND_MAX) - 1;
	uint32_t i;

	for (i = 0; i < when->n; i++) {
		kinds &= crd_cond_specs[cond[i].key].kinds;
		if (cond[i].key == CRD_COND_KIND)
			kinds &= cond[i].negate ? ~cond[i].mask : cond[i].mask;
	}
	return (uint8_t)kinds;
}

static int load_when(const struct crd_load *l, const struct crd_node *node,
		     const char *what, bool benefit, bool inner,
		     struct crd_when *ret_when)
{
	struct crd_key keys[CRD_COND_MAX];
	const struct crd_node *values[CRD_COND_MAX];
	unsigned int i;
	int ret;

	for (i = 0; i < CRD_COND_MAX; i++)
		keys[i] = (struct crd_key){ crd_cond_specs[i].name, false };
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
	ret_when->kinds = kinds_of(l->policy, ret_when);
	return ret ? ret : load_joins(l, ret_when, values, benefit, inner);
}

int crd_when_load(const struct crd_load *l, const struct crd_node *node,
		  const char *what, bool benefit, struct crd_when *ret_when)
{
	return load_when(l, node, what, benefit, false, ret_when);
}

bool crd_when_late(const struct crd_policy *policy, struct crd_when when)
{
	const struct crd_cond *cond = &policy->conds[when.first];
	uint32_t i;

	for (i = 0; i < when.n; i++) {
		if (is_excuse(&cond[i]) || crd_cond_is_join(cond[i].key))
			return true;
	}
	return false;
}
