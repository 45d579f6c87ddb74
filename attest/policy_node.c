// SPDX-License-Identifier: Apache-2.0
/*
 * Nodes compared by what was written: maps and lists are sets, whatever their
 * order. `unknown` and "unknown" differ, no other word does by its quotes.
 */
#include <string.h>

#include "policy_private.h"

bool crd_node_has(const struct crd_yaml *ya, const struct crd_node *a,
		  const struct crd_yaml *yb, const struct crd_node *child)
{
	const struct crd_node *c = crd_node_first(ya, a);

	for (; c; c = crd_node_next(ya, c)) {
		if (a->type == CRD_NODE_MAP &&
		    strcmp(ya->nodes[c->key].text, yb->nodes[child->key].text))
			continue;
		if (crd_node_same(ya, c, yb, child))
			return true;
	}
	return false;
}

static bool has_all(const struct crd_yaml *ya, const struct crd_node *a,
		    const struct crd_yaml *yb, const struct crd_node *b)
{
	const struct crd_node *c = crd_node_first(yb, b);

	for (; c; c = crd_node_next(yb, c)) {
		if (!crd_node_has(ya, a, yb, c))
			return false;
	}
	return true;
}

bool crd_node_same(const struct crd_yaml *ya, const struct crd_node *a,
		   const struct crd_yaml *yb, const struct crd_node *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == CRD_NODE_TEXT)
		return !strcmp(a->text, b->text) &&
		       (a->plain == b->plain || strcmp(a->text, "unknown"));
	return has_all(ya, a, yb, b) && has_all(yb, b, ya, a);
}
