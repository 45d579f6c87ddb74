// SPDX-License-Identifier: Apache-2.0
/*
 * Waivers: a rule is set aside for something, for a time, by somebody who
 * answers for it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_private.h"

static int find_rule(const struct crd_load *l, const struct crd_node *node,
		     struct crd_waiver *w)
{
	const struct crd_policy *p = l->policy;
	const char *id;
	int ret = crd_want_id(l, node, "rule", &id);

	if (ret)
		return ret;
	for (w->rule = 0; w->rule < p->n_rules; w->rule++) {
		if (!strcmp(p->rules[w->rule].id, id))
			break;
	}
	if (w->rule == p->n_rules)
		return crd_node_fail(l, node, "there is no rule '%s'", id);
	if (p->rules[w->rule].then == CRD_ADMIT)
		return crd_node_fail(
			l, node, "rule '%s' admits: there is nothing to waive",
			id);
	return 0;
}

/* A waiver is for something, not for everything that a rule is about. */
static int check_narrow(const struct crd_load *l, const struct crd_node *node,
			const struct crd_when *when)
{
	const struct crd_cond *c = &l->policy->conds[when->first];
	uint32_t i;

	for (i = 0; i < when->n; i++) {
		if (!c[i].negate && !c[i].unknown &&
		    (c[i].key == CRD_COND_NAME || c[i].key == CRD_COND_PATH ||
		     c[i].key == CRD_COND_DIGEST))
			return 0;
	}
	return crd_node_fail(
		l, node,
		"a waiver must give the name, path or digest of what it covers");
}

static int load_waiver_dates(const struct crd_load *l,
			     const struct crd_node *from,
			     const struct crd_node *until, struct crd_waiver *w)
{
	int ret = crd_want_date(l, until, "until", &w->until);

	w->from = l->policy->from;
	if (!ret && from)
		ret = crd_want_date(l, from, "from", &w->from);
	if (!ret && w->until < w->from)
		ret = crd_node_fail(l, until, "until is before from");
	return ret;
}

static int load_waiver(const struct crd_load *l, const struct crd_node *node)
{
	static const struct crd_key keys[] = {
		{ "id", true },	     { "rule", true },	{ "component", true },
		{ "until", true },   { "from", false }, { "approved_by", true },
		{ "because", true },
	};
	struct crd_policy *p = l->policy;
	struct crd_waiver *w = &p->waivers[p->n_waivers];
	const struct crd_node *v[7];
	size_t i;
	int ret = crd_want_map(l, node, "a waiver", keys, 7, v);

	w->node = node;
	w->file = l->file;
	if (!ret)
		ret = crd_want_id(l, v[0], "id", &w->id);
	for (i = 0; !ret && i < p->n_waivers; i++) {
		if (!strcmp(p->waivers[i].id, w->id))
			ret = crd_node_fail(l, v[0], "waiver '%s' stands twice",
					    w->id);
	}
	if (!ret)
		ret = find_rule(l, v[1], w);
	if (!ret)
		ret = crd_when_load(l, v[2], "component", true, &w->component);
	if (!ret)
		ret = check_narrow(l, v[2], &w->component);
	if (!ret)
		ret = load_waiver_dates(l, v[4], v[3], w);
	if (!ret)
		ret = crd_want_text(l, v[5], "approved_by", &w->approved_by);
	if (!ret)
		ret = crd_texts_load(l, v[6], "because", &w->because);
	p->n_waivers++;
	return ret;
}

int crd_waivers_load(const struct crd_load *l, const struct crd_node *node)
{
	const struct crd_node *c;
	int ret = crd_want_list(l, node, "waivers", POL_MAX_WAIVERS);

	if (ret)
		return ret;
	l->policy->waivers =
		calloc(node->n_children, sizeof(*l->policy->waivers));
	if (!l->policy->waivers)
		return -ENOMEM;
	for (c = crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = load_waiver(l, c);
	return ret;
}

const struct crd_waiver *crd_matcher_waiver(const struct crd_matcher *m,
					    uint32_t rule)
{
	const struct crd_waiver *w = m->policy->waivers;
	const struct crd_waiver *end = w + m->policy->n_waivers;

	for (; w < end; w++) {
		if (w->rule == rule && m->day >= w->from &&
		    m->day <= w->until &&
		    crd_matcher_holds(m, w->component, true))
			return w;
	}
	return NULL;
}
