// SPDX-License-Identifier: Apache-2.0
/*
 * `presence`: how many components of a kind there must or may be. What counts
 * towards a lower bound must be certain, so it is asked as a rule that admits;
 * what counts against an upper one need only be possible.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_private.h"

static int want_count(const struct crd_load *l, const struct crd_node *node,
		      const char *what, uint32_t *ret_count)
{
	uint64_t count = 0;
	int ret = 0;

	if (node->type != CRD_NODE_TEXT || !node->plain ||
	    strcmp(node->text, "0"))
		ret = crd_want_number(l, node, what, &count);
	if (!ret && count > POL_MAX_COUNT)
		ret = crd_node_fail(l, node, "%s may be %d at most", what,
				    POL_MAX_COUNT);
	if (!ret)
		*ret_count = (uint32_t)count;
	return ret;
}

enum {
	KEY_ID,
	KEY_COMPONENT,
	KEY_EXACTLY,
	KEY_LEAST,
	KEY_MOST,
	KEY_THEN,
	KEY_BECAUSE,
	KEY_ADVICE,
	N_KEYS
};

static int load_bounds(const struct crd_load *l, const struct crd_node *node,
		       const struct crd_node **v, struct crd_presence *p)
{
	const struct crd_node *least = v[KEY_LEAST], *most = v[KEY_MOST];
	int ret = 0;

	if (v[KEY_EXACTLY] && (least || most))
		return crd_node_fail(
			l, v[KEY_EXACTLY],
			"'exactly' stands alone, without 'at-least' and 'at-most'");
	if (v[KEY_EXACTLY])
		least = most = v[KEY_EXACTLY];
	if (!least && !most)
		return crd_node_fail(
			l, node,
			"a presence needs 'at-least', 'at-most' or 'exactly'");
	if (least)
		ret = want_count(l, least, "at-least", &p->least);
	p->has_most = most != NULL;
	if (!ret && most)
		ret = want_count(l, most, "at-most", &p->most);
	if (!ret && least && !most && !p->least)
		ret = crd_node_fail(l, least, "at least 0 is always so");
	if (!ret && most && p->most < p->least)
		ret = crd_node_fail(l, most, "at-most is below at-least");
	return ret;
}

static int check_id(const struct crd_load *l, const struct crd_node *node,
		    const char *id)
{
	const struct crd_policy *p = l->policy;
	size_t i;

	for (i = 0; i < p->n_presence; i++) {
		if (!strcmp(p->presence[i].id, id))
			return crd_node_fail(l, node,
					     "presence '%s' stands twice", id);
	}
	return 0;
}

int crd_presence_check(const struct crd_load *l)
{
	const struct crd_policy *p = l->policy;
	size_t i;

	for (i = 0; i < p->n_presence; i++) {
		if (crd_rule_named(p, p->presence[i].id) != CRD_NOT_OF)
			return crd_node_fail(
				l, &l->yaml->nodes[0],
				"'%s' is the id of a rule and of a presence",
				p->presence[i].id);
	}
	return 0;
}

/* The same conditions twice, where both bounds are given. */
static int load_component(const struct crd_load *l, const struct crd_node *node,
			  struct crd_presence *p)
{
	int ret = 0;

	if (p->has_most)
		ret = crd_when_load(l, node, "component", false, &p->possible);
	if (!ret && p->least)
		ret = crd_when_load(l, node, "component", true, &p->certain);
	return ret;
}

static int load_presence(const struct crd_load *l, const struct crd_node *node)
{
	static const struct crd_key keys[N_KEYS] = {
		{ "id", true },	      { "component", true },
		{ "exactly", false }, { "at-least", false },
		{ "at-most", false }, { "then", true },
		{ "because", true },  { "advice", false },
	};
	static const char *const then_words[] = { "refer", "refuse", NULL };
	struct crd_presence *p = &l->policy->presence[l->policy->n_presence];
	const struct crd_node *v[N_KEYS];
	unsigned int then = 0;
	int ret = crd_want_map(l, node, "a presence", keys, N_KEYS, v);

	memset(p, 0, sizeof(*p));
	p->node = node;
	p->line = node->line;
	p->file = l->file;
	if (!ret)
		ret = crd_want_id(l, v[KEY_ID], "id", &p->id);
	if (!ret)
		ret = check_id(l, v[KEY_ID], p->id);
	if (!ret)
		ret = load_bounds(l, node, v, p);
	if (!ret)
		ret = load_component(l, v[KEY_COMPONENT], p);
	if (!ret)
		ret = crd_want_word(l, v[KEY_THEN], "then", then_words, &then);
	p->then = then ? CRD_REFUSE : CRD_REFER;
	if (!ret)
		ret = crd_texts_load(l, v[KEY_BECAUSE], "because", &p->because);
	if (!ret && v[KEY_ADVICE])
		ret = crd_texts_load(l, v[KEY_ADVICE], "advice", &p->advice);
	l->policy->n_presence++;
	return ret;
}

int crd_presence_load(const struct crd_load *l, const struct crd_node *node)
{
	struct crd_policy *p = l->policy;
	struct crd_presence *more;
	const struct crd_node *c;
	int ret = crd_want_list(l, node, "presence",
				POL_MAX_PRESENCE - p->n_presence);

	if (ret)
		return ret;
	more = realloc(p->presence,
		       (p->n_presence + node->n_children) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	p->presence = more;
	/* each condition may be loaded twice */
	ret = crd_policy_make_room(p, l->yaml);
	for (c = crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = load_presence(l, c);
	return ret;
}
