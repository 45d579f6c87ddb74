// SPDX-License-Identifier: Apache-2.0
/* `examples` of a policy: what they are of, and what must become of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "example.h"

static const char *const verdict_words[] = { "admit", "refer", "refuse", NULL };

enum {
	EX_NAME,
	EX_EXPECT,
	EX_COMPONENT,
	EX_COMPONENTS,
	EX_RULE,
	EX_AS_OF,
	EX_CONTEXT,
	EX_KERNEL,
	EX_MACHINE,
	EX_MAX
};

static int check_rule(const struct crd_load *l, const struct crd_node *node,
		      struct crd_example *e)
{
	const struct crd_policy *p = l->policy;
	int ret = crd_want_id(l, node, "rule", &e->rule);

	if (ret || !strcmp(e->rule, "otherwise") ||
	    crd_rule_named(p, e->rule) != CRD_NOT_OF ||
	    crd_presence_named(p, e->rule) != CRD_NOT_OF)
		return ret;
	return crd_node_fail(l, node,
			     "there is no rule '%s', and it is not `otherwise`",
			     e->rule);
}

/* As --context has it. */
static int load_context(const struct crd_load *l, const struct crd_node *node,
			struct crd_context *context)
{
	static const struct crd_key keys[] = { { "site", false },
					       { "destination", false },
					       { "purpose", false } };
	static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const struct crd_node *v[3];
	int ret = crd_want_map(l, node, "context", keys, 3, v);

	if (!ret && v[0])
		ret = crd_want_text(l, v[0], "site", &context->site);
	if (!ret && v[1])
		ret = crd_want_text(l, v[1], "destination",
				    &context->destination);
	if (!ret && v[1] &&
	    (v[1]->len != 2 || strspn(context->destination, capitals) != 2))
		ret = crd_node_fail(
			l, v[1],
			"'%.20s' is not a country code of two capital letters",
			context->destination);
	if (!ret && v[2])
		ret = crd_want_text(l, v[2], "purpose", &context->purpose);
	return ret;
}

static int load_parts(const struct crd_load *l, const struct crd_node *node,
		      const struct crd_node **v)
{
	const struct crd_node *c;
	int ret;

	if (!v[EX_COMPONENT] == !v[EX_COMPONENTS])
		return crd_node_fail(
			l, node,
			"an example has either a component or a list of components");
	if (v[EX_COMPONENT])
		return crd_example_part_load(l, v[EX_COMPONENT]);
	ret = crd_want_list(l, v[EX_COMPONENTS], "components",
			    POL_MAX_EXAMPLE_PARTS);
	for (c = crd_node_first(l->yaml, v[EX_COMPONENTS]); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = crd_example_part_load(l, c);
	return ret;
}

static int load_example(const struct crd_load *l, const struct crd_node *node)
{
	static const struct crd_key keys[EX_MAX] = {
		{ "name", true },	{ "expect", true },
		{ "component", false }, { "components", false },
		{ "rule", false },	{ "as_of", false },
		{ "context", false },	{ "kernel", false },
		{ "machine", false },
	};
	struct crd_policy *p = l->policy;
	struct crd_example *e = &p->examples[p->n_examples++];
	const struct crd_node *v[EX_MAX];
	unsigned int expect = CRD_REFUSE;
	size_t i;
	int ret = crd_want_map(l, node, "an example", keys, EX_MAX, v);

	e->node = node;
	e->whole = v[EX_COMPONENTS];
	e->first = (uint32_t)p->n_example_parts;
	if (!ret)
		ret = crd_want_text(l, v[EX_NAME], "name", &e->name);
	for (i = 0; !ret && i + 1 < p->n_examples; i++) {
		if (!strcmp(p->examples[i].name, e->name))
			ret = crd_node_fail(
				l, v[EX_NAME],
				"the example '%.60s' stands twice; it is in line %u already",
				e->name, p->examples[i].node->line);
	}
	if (!ret)
		ret = crd_want_word(l, v[EX_EXPECT], "expect", verdict_words,
				    &expect);
	e->expect = (enum crd_verdict)expect;
	if (!ret && v[EX_RULE])
		ret = check_rule(l, v[EX_RULE], e);
	if (!ret && v[EX_AS_OF])
		ret = crd_want_date(l, v[EX_AS_OF], "as_of", &e->as_of);
	if (!ret && v[EX_CONTEXT])
		ret = load_context(l, v[EX_CONTEXT], &e->context);
	if (!ret && v[EX_KERNEL])
		ret = crd_want_text(l, v[EX_KERNEL], "kernel", &e->kernel);
	e->has_machine = v[EX_MACHINE];
	if (!ret && v[EX_MACHINE])
		ret = crd_machine_load(l, v[EX_MACHINE], &e->machine);
	if (!ret)
		ret = load_parts(l, node, v);
	e->n = (uint32_t)p->n_example_parts - e->first;
	return ret;
}

int crd_examples_load(const struct crd_load *l, const struct crd_node *node)
{
	struct crd_policy *p = l->policy;
	const struct crd_node *c;
	int ret = crd_want_list(l, node, "examples", POL_MAX_EXAMPLES);

	/* those of what it extends are tried there */
	if (ret || l->file)
		return ret;
	p->examples = calloc(node->n_children, sizeof(*p->examples));
	/* no more parts than nodes */
	p->example_parts = calloc(l->yaml->n, sizeof(*p->example_parts));
	if (!p->examples || !p->example_parts)
		return -ENOMEM;
	for (c = crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = load_example(l, c);
	return ret;
}
