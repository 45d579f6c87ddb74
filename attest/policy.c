// SPDX-License-Identifier: Apache-2.0
/* A policy: the schema of its top level and its rules. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_private.h"

static const char *const verdict_words[] = { "admit", "refer", "refuse", NULL };

static int load_valid(const struct crd_load *l, const struct crd_node *node)
{
	static const struct crd_key keys[] = { { "from", true },
					       { "until", true } };
	struct crd_policy *p = l->policy;
	const struct crd_node *v[2];
	int ret = crd_want_map(l, node, "valid", keys, 2, v);

	if (!ret)
		ret = crd_want_date(l, v[0], "from", &p->from);
	if (!ret)
		ret = crd_want_date(l, v[1], "until", &p->until);
	if (!ret && p->until < p->from)
		ret = crd_node_fail(l, v[1], "until is before from");
	if (!ret && l->base &&
	    (p->from < l->base->from || p->until > l->base->until))
		ret = crd_looser(l, node, "valid", "", l->base->said_valid);
	p->said_valid = (struct crd_said_at){ node, l->file };
	return ret;
}

static bool read_build_id(const char *hex, size_t len,
			  struct crd_reference *ref)
{
	static const char digits[] = "0123456789abcdef";
	const char *hi, *lo;
	size_t i;

	if (len % 2 || len < 16 || len > 2 * POL_MAX_BUILD_ID)
		return false;
	for (i = 0; i < len / 2; i++) {
		hi = strchr(digits, hex[2 * i]);
		lo = strchr(digits, hex[2 * i + 1]);
		if (!hi || !lo)
			return false;
		ref->build_id[i] =
			(uint8_t)((hi - digits) << 4 | (lo - digits));
	}
	ref->len = len / 2;
	return true;
}

static int load_reference(const struct crd_load *l, const struct crd_node *node)
{
	static const struct crd_key keys[] = { { "build_id", true },
					       { "note", false } };
	struct crd_policy *p = l->policy;
	struct crd_reference *ref = &p->references[p->n_references];
	const struct crd_node *v[2];
	const char *text;
	int ret = crd_want_map(l, node, "a measurer", keys, 2, v);

	if (!ret)
		ret = crd_want_text(l, v[0], "build_id", &text);
	if (!ret && !read_build_id(text, v[0]->len, ref))
		ret = crd_node_fail(
			l, v[0],
			"build_id must be 8 to %d bytes in lower-case hexadecimal",
			POL_MAX_BUILD_ID);
	if (!ret && v[1])
		ret = crd_want_text(l, v[1], "note", &ref->note);
	p->n_references++;
	return ret;
}

/* In what it extends, that measurer would be refused. */
static bool is_new(const struct crd_load *l, const struct crd_reference *ref,
		   const struct crd_reference *old, size_t n_old)
{
	size_t i;

	for (i = 0; i < n_old; i++) {
		if (old[i].len == ref->len &&
		    !memcmp(old[i].build_id, ref->build_id, ref->len))
			return false;
	}
	return l->base && l->base->requires.measurer_reference;
}

/* They replace those of what it extends. */
static int load_references(const struct crd_load *l,
			   const struct crd_node *node)
{
	static const struct crd_key keys[] = { { "measurers", true } };
	struct crd_policy *p = l->policy;
	struct crd_reference *old = p->references;
	size_t n_old = p->n_references;
	const struct crd_node *c, *v[1];
	int ret = crd_want_map(l, node, "references", keys, 1, v);

	if (!ret)
		ret = crd_want_list(l, v[0], "measurers", POL_MAX_REFERENCES);
	if (ret)
		return ret;
	p->references = calloc(v[0]->n_children, sizeof(*p->references));
	if (!p->references) {
		p->references = old;
		return -ENOMEM;
	}
	p->n_references = 0;
	for (c = crd_node_first(l->yaml, v[0]); !ret && c;
	     c = crd_node_next(l->yaml, c)) {
		ret = load_reference(l, c);
		if (!ret &&
		    is_new(l, &p->references[p->n_references - 1], old, n_old))
			ret = crd_looser(l, c, "references", "",
					 (struct crd_said_at){ NULL, 0 });
	}
	free(old);
	return ret;
}

static int load_rule(const struct crd_load *l, const struct crd_node *node,
		     struct crd_rule *rule, const struct crd_node **ret_id)
{
	static const struct crd_key keys[] = {
		{ "id", true },	     { "when", true },	  { "then", true },
		{ "because", true }, { "advice", false },
	};
	const struct crd_node *v[5];
	unsigned int then = CRD_REFUSE;
	int ret = crd_want_map(l, node, "a rule", keys, 5, v);

	if (!ret)
		ret = crd_want_id(l, v[0], "id", &rule->id);
	if (!ret)
		ret = crd_want_word(l, v[2], "then", verdict_words, &then);
	*ret_id = v[0];
	rule->then = then;
	rule->node = node;
	rule->line = node->line;
	rule->file = l->file;
	if (!ret)
		ret = crd_when_load(l, v[1], "when", then == CRD_ADMIT,
				    &rule->when);
	if (!ret)
		rule->late = then != CRD_ADMIT &&
			     crd_when_late(l->policy, rule->when);
	if (!ret)
		ret = crd_texts_load(l, v[3], "because", &rule->because);
	if (!ret && v[4])
		ret = crd_texts_load(l, v[4], "advice", &rule->advice);
	return ret;
}

/* A component that no rule decided there would get more. */
static bool is_below(const struct crd_base *base, enum crd_verdict then)
{
	return then < base->known || then < base->unknown;
}

/* In the place of the rule of that id of what it extends, or behind all. */
static int place_rule(const struct crd_load *l, const struct crd_rule *rule,
		      const struct crd_node *id)
{
	struct crd_policy *p = l->policy;
	const struct crd_rule *old;
	size_t i;
	int ret = 0;

	i = crd_rule_named(p, rule->id);
	if (i == CRD_NOT_OF)
		i = p->n_rules; /* where it will stand */
	old = &p->rules[i];
	if (i < p->n_rules && (!l->base || old->file == l->file))
		return crd_node_fail(
			l, id,
			"rule '%s' stands twice; it is in line %u already",
			rule->id, old->line);
	if (i < p->n_rules &&
	    (rule->then < old->then || !crd_rules_ask_alike(p, rule, old)))
		ret = crd_looser(l, rule->node, "rules", rule->id,
				 (struct crd_said_at){ old->node, old->file });
	else if (i == p->n_rules && l->base && is_below(l->base, rule->then))
		ret = crd_looser(l, rule->node, "rules", rule->id,
				 rule->then < l->base->unknown ?
					 l->base->said_unknown :
					 l->base->said_known);
	if (!ret) {
		bool replaces = i < p->n_rules;

		p->rules[i] = *rule;
		p->rules[i].replaces = replaces;
		p->n_rules += !replaces;
	}
	return ret;
}

static int load_rules(const struct crd_load *l, const struct crd_node *node)
{
	struct crd_policy *p = l->policy;
	const struct crd_node *c;
	struct crd_rule *more;
	int ret = crd_want_list(l, node, "rules", POL_MAX_RULES - p->n_rules);

	if (ret)
		return ret;
	more = realloc(p->rules,
		       (p->n_rules + node->n_children) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	p->rules = more;
	for (c = crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c)) {
		struct crd_rule rule = { 0 };
		const struct crd_node *id;

		ret = load_rule(l, c, &rule, &id);
		if (!ret)
			ret = place_rule(l, &rule, id);
	}
	return ret;
}

static int load_outcome(const struct crd_load *l, const struct crd_node *node,
			const char *what, enum crd_verdict least,
			enum crd_verdict *ret_verdict, struct crd_said_at *said)
{
	unsigned int word;
	int ret;

	if (!node) /* as in what it extends */
		return 0;
	ret = crd_want_word(l, node, what, verdict_words, &word);
	if (!ret && l->base && word < least)
		ret = crd_looser(l, node, "otherwise", what, *said);
	if (!ret)
		*ret_verdict = word;
	*said = (struct crd_said_at){ node, l->file };
	return ret;
}

static int load_otherwise(const struct crd_load *l, const struct crd_node *node)
{
	const struct crd_key keys[] = { { "known", !l->base },
					{ "unknown", !l->base } };
	struct crd_policy *p = l->policy;
	const struct crd_base *base = l->base;
	const struct crd_node *v[2];
	int ret = crd_want_map(l, node, "otherwise", keys, 2, v);

	if (!ret)
		ret = load_outcome(l, v[0], "known",
				   base ? base->known : CRD_ADMIT,
				   &p->otherwise_known, &p->said_known);
	if (!ret)
		ret = load_outcome(l, v[1], "unknown",
				   base ? base->unknown : CRD_ADMIT,
				   &p->otherwise_unknown, &p->said_unknown);
	return ret;
}

enum {
	TOP_POLICY,
	TOP_VERSION,
	TOP_AUTHORITY,
	TOP_VALID,
	TOP_DESCRIPTION,
	TOP_REQUIRES,
	TOP_REFERENCES,
	TOP_DIGESTS,
	TOP_SIGNERS,
	TOP_RULES,
	TOP_OTHERWISE,
	TOP_WAIVERS,
	TOP_LANGUAGE,
	TOP_EXTENDS,
	TOP_LOOSENS,
	TOP_COMPONENTS,
	TOP_PRESENCE,
	TOP_EXAMPLES,
	TOP_MAX
};

static const struct crd_key top_keys[TOP_MAX] = {
	{ "policy", true },	  { "version", true },
	{ "authority", true },	  { "valid", true },
	{ "description", false }, { "requires", true },
	{ "references", false },  { "digest_lists", false },
	{ "signers", false },	  { "rules", true },
	{ "otherwise", true },	  { "waivers", false },
	{ "language", false },	  { "extends", false },
	{ "loosens", false },	  { "component_lists", false },
	{ "presence", false },	  { "examples", false },
};

static int load_head(const struct crd_load *l, const struct crd_node **v)
{
	struct crd_policy *p = l->policy;
	struct crd_policy_file *file = &p->files[l->file];
	int ret = crd_want_id(l, v[TOP_POLICY], "policy", &p->name);

	if (!ret)
		ret = crd_want_number(l, v[TOP_VERSION], "version",
				      &p->version);
	if (!ret)
		ret = crd_want_text(l, v[TOP_AUTHORITY], "authority",
				    &p->authority);
	if (!ret && v[TOP_VALID])
		ret = load_valid(l, v[TOP_VALID]);
	if (!ret && v[TOP_DESCRIPTION])
		ret = crd_want_text(l, v[TOP_DESCRIPTION], "description",
				    &p->description);
	file->name = p->name;
	file->version = p->version;
	return ret;
}

/* Rules come before waivers; what both of them name comes before both. */
static int load_body(const struct crd_load *l, const struct crd_node **v)
{
	struct crd_policy *p = l->policy;
	int ret = crd_requires_load(l, v[TOP_REQUIRES]);

	if (!ret && v[TOP_REFERENCES])
		ret = load_references(l, v[TOP_REFERENCES]);
	if (!ret && p->requires.measurer_reference && !p->n_references)
		ret = crd_node_fail(
			l,
			v[TOP_REQUIRES] ? v[TOP_REQUIRES] : &l->yaml->nodes[0],
			"measurer: reference needs references: measurers:");
	if (!ret && v[TOP_DIGESTS])
		ret = crd_digests_load(l, v[TOP_DIGESTS]);
	if (!ret && v[TOP_COMPONENTS])
		ret = crd_components_load(l, v[TOP_COMPONENTS]);
	if (!ret && v[TOP_SIGNERS])
		ret = crd_signers_load(l, v[TOP_SIGNERS]);
	if (!ret && v[TOP_RULES])
		ret = load_rules(l, v[TOP_RULES]);
	if (!ret && l->base)
		ret = crd_loosens_remove(l);
	if (!ret && v[TOP_PRESENCE])
		ret = crd_presence_load(l, v[TOP_PRESENCE]);
	if (!ret)
		ret = crd_presence_check(l);
	if (!ret && v[TOP_OTHERWISE])
		ret = load_otherwise(l, v[TOP_OTHERWISE]);
	if (!ret && v[TOP_WAIVERS])
		ret = crd_waivers_load(l, v[TOP_WAIVERS]);
	if (!ret && v[TOP_EXAMPLES])
		ret = crd_examples_load(l, v[TOP_EXAMPLES]);
	return ret;
}

int crd_policy_make_room(struct crd_policy *policy, const struct crd_yaml *yaml)
{
	size_t n_conds = policy->n_conds + yaml->n;
	size_t n_values = policy->n_values + yaml->n;
	struct crd_value *values;
	struct crd_cond *conds;

	conds = realloc(policy->conds, n_conds * sizeof(*conds));
	if (!conds)
		return -ENOMEM;
	policy->conds = conds;
	memset(conds + policy->n_conds, 0, yaml->n * sizeof(*conds));
	values = realloc(policy->values, n_values * sizeof(*values));
	if (!values)
		return -ENOMEM;
	policy->values = values;
	memset(values + policy->n_values, 0, yaml->n * sizeof(*values));
	return 0;
}

/* The keys of its top level; what it extends may have many of them for it. */
static int want_top(const struct crd_load *l, const struct crd_node **v)
{
	const struct crd_node *root = &l->yaml->nodes[0];
	struct crd_key keys[TOP_MAX];
	int ret;

	memcpy(keys, top_keys, sizeof(keys));
	keys[TOP_VALID].required = keys[TOP_REQUIRES].required = false;
	keys[TOP_RULES].required = keys[TOP_OTHERWISE].required = false;
	ret = crd_want_map(l, root, "a policy", keys, TOP_MAX, v);
	if (!ret && !v[TOP_EXTENDS])
		ret = crd_want_map(l, root, "a policy", top_keys, TOP_MAX, v);
	return ret;
}

static int load_extends(struct crd_load *l, const struct crd_node **v,
			struct crd_base *base)
{
	int ret;

	if (!v[TOP_EXTENDS])
		return 0;
	ret = crd_extends_load(l, v[TOP_EXTENDS], base);
	l->base = base;
	l->language = l->policy->language;
	return ret;
}

int crd_policy_load_file(struct crd_load *l, struct crd_buf bytes)
{
	struct crd_policy *p = l->policy;
	struct crd_policy_file *file = &p->files[l->file];
	const struct crd_node *v[TOP_MAX];
	struct crd_base base;
	int ret;

	l->base = NULL;
	ret = crd_hash(CRD_ALG_SHA256, &bytes, 1, &file->digest);
	if (!ret)
		ret = crd_yaml_load(bytes, &file->yaml, l->err);
	if (!ret)
		ret = want_top(l, v);
	if (!ret)
		ret = load_extends(l, v, &base);
	if (!ret)
		ret = crd_policy_make_room(p, &file->yaml);
	if (!ret && v[TOP_LANGUAGE])
		ret = crd_want_language(l, v[TOP_LANGUAGE], "language",
					&l->language);
	p->language = l->language;
	if (!ret && v[TOP_LOOSENS])
		ret = crd_loosens_load(l, v[TOP_LOOSENS]);
	if (!ret)
		ret = load_head(l, v);
	if (!ret)
		ret = load_body(l, v);
	if (!ret && l->base)
		ret = crd_loosens_settle(l);
	l->base = NULL; /* it was ours */
	return ret;
}

int crd_policy_load(struct crd_buf yaml, crd_fetch_fn fetch, void *ctx,
		    struct crd_policy **ret_policy, struct crd_error *err)
{
	struct crd_policy *p = calloc(1, sizeof(*p));
	struct crd_load l = { .policy = p,
			      .fetch = fetch,
			      .fetch_ctx = ctx,
			      .err = err,
			      .language = "en" };
	int ret;

	if (!p)
		return -ENOMEM;
	l.yaml = &p->files[0].yaml;
	p->n_files = 1;
	ret = crd_policy_load_file(&l, yaml);
	p->digest = p->files[0].digest;
	if (ret)
		crd_policy_free(&p);
	else
		*ret_policy = p;
	return ret;
}

static void file_done(struct crd_policy_file *file)
{
	crd_yaml_done(&file->yaml);
	free(file->path);
}

void crd_policy_free(struct crd_policy **policy)
{
	struct crd_policy *p = *policy;
	size_t i;

	if (!p)
		return;
	for (i = 0; i < p->n_files; i++)
		file_done(&p->files[i]);
	free(p->references);
	free(p->digests);
	crd_components_done(p);
	crd_signers_done(p);
	free(p->rules);
	free(p->presence);
	free(p->waivers);
	free(p->machines);
	free(p->conds);
	free(p->values);
	free(p->wordings);
	free(p->loosens);
	free(p->examples);
	free(p->example_parts);
	free(p);
	*policy = NULL;
}
