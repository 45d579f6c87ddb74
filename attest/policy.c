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

static int load_references(const struct crd_load *l,
			   const struct crd_node *node)
{
	static const struct crd_key keys[] = { { "measurers", true } };
	const struct crd_node *c, *v[1];
	int ret = crd_want_map(l, node, "references", keys, 1, v);

	if (!ret)
		ret = crd_want_list(l, v[0], "measurers", POL_MAX_REFERENCES);
	if (ret)
		return ret;
	l->policy->references =
		calloc(v[0]->n_children, sizeof(*l->policy->references));
	if (!l->policy->references)
		return -ENOMEM;
	for (c = crd_node_first(l->yaml, v[0]); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = load_reference(l, c);
	return ret;
}

static int load_rule(const struct crd_load *l, const struct crd_node *node)
{
	static const struct crd_key keys[] = {
		{ "id", true },	     { "when", true },	  { "then", true },
		{ "because", true }, { "advice", false },
	};
	struct crd_policy *p = l->policy;
	struct crd_rule *rule = &p->rules[p->n_rules];
	const struct crd_node *v[5];
	unsigned int then = CRD_REFUSE;
	size_t i;
	int ret = crd_want_map(l, node, "a rule", keys, 5, v);

	if (!ret)
		ret = crd_want_id(l, v[0], "id", &rule->id);
	for (i = 0; !ret && i < p->n_rules; i++) {
		if (!strcmp(p->rules[i].id, rule->id))
			ret = crd_node_fail(
				l, v[0],
				"rule '%s' stands twice; it is in line %u already",
				rule->id, p->rules[i].line);
	}
	if (!ret)
		ret = crd_want_word(l, v[2], "then", verdict_words, &then);
	rule->then = then;
	rule->node = node;
	rule->line = node->line;
	rule->file = l->file;
	if (!ret)
		ret = crd_when_load(l, v[1], "when", then == CRD_ADMIT,
				    &rule->when);
	if (!ret)
		ret = crd_texts_load(l, v[3], "because", &rule->because);
	if (!ret && v[4])
		ret = crd_texts_load(l, v[4], "advice", &rule->advice);
	p->n_rules++;
	return ret;
}

static int load_rules(const struct crd_load *l, const struct crd_node *node)
{
	const struct crd_node *c;
	int ret = crd_want_list(l, node, "rules", POL_MAX_RULES);

	if (ret)
		return ret;
	l->policy->rules = calloc(node->n_children, sizeof(*l->policy->rules));
	if (!l->policy->rules)
		return -ENOMEM;
	for (c = crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = load_rule(l, c);
	return ret;
}

static int load_otherwise(const struct crd_load *l, const struct crd_node *node)
{
	static const struct crd_key keys[] = { { "known", true },
					       { "unknown", true } };
	struct crd_policy *p = l->policy;
	const struct crd_node *v[2];
	unsigned int known = CRD_REFUSE, unknown = CRD_REFUSE;
	int ret = crd_want_map(l, node, "otherwise", keys, 2, v);

	if (!ret)
		ret = crd_want_word(l, v[0], "known", verdict_words, &known);
	if (!ret)
		ret = crd_want_word(l, v[1], "unknown", verdict_words,
				    &unknown);
	p->otherwise_known = known;
	p->otherwise_unknown = unknown;
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
	TOP_MAX
};

static const struct crd_key top_keys[TOP_MAX] = {
	{ "policy", true },	  { "version", true },
	{ "authority", true },	  { "valid", true },
	{ "description", false }, { "requires", true },
	{ "references", false },  { "digest_lists", false },
	{ "signers", false },	  { "rules", true },
	{ "otherwise", true },	  { "waivers", false },
	{ "language", false },
};

static int load_head(const struct crd_load *l, const struct crd_node **v)
{
	struct crd_policy *p = l->policy;
	int ret = crd_want_id(l, v[TOP_POLICY], "policy", &p->name);

	if (!ret)
		ret = crd_want_number(l, v[TOP_VERSION], "version",
				      &p->version);
	if (!ret)
		ret = crd_want_text(l, v[TOP_AUTHORITY], "authority",
				    &p->authority);
	if (!ret)
		ret = load_valid(l, v[TOP_VALID]);
	if (!ret && v[TOP_DESCRIPTION])
		ret = crd_want_text(l, v[TOP_DESCRIPTION], "description",
				    &p->description);
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
			l, v[TOP_REQUIRES],
			"measurer: reference needs references: measurers:");
	if (!ret && v[TOP_DIGESTS])
		ret = crd_digests_load(l, v[TOP_DIGESTS]);
	if (!ret && v[TOP_SIGNERS])
		ret = crd_signers_load(l, v[TOP_SIGNERS]);
	if (!ret)
		ret = load_rules(l, v[TOP_RULES]);
	if (!ret)
		ret = load_otherwise(l, v[TOP_OTHERWISE]);
	if (!ret && v[TOP_WAIVERS])
		ret = crd_waivers_load(l, v[TOP_WAIVERS]);
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

/* The policy itself becomes its first file. */
static int load(struct crd_policy *p, struct crd_buf bytes, crd_fetch_fn fetch,
		void *ctx, struct crd_error *err)
{
	struct crd_policy_file *file = &p->files[p->n_files++];
	struct crd_load l = { .yaml = &file->yaml,
			      .policy = p,
			      .fetch = fetch,
			      .fetch_ctx = ctx,
			      .err = err,
			      .language = "en" };
	const struct crd_node *v[TOP_MAX];
	int ret;

	ret = crd_hash(CRD_ALG_SHA256, &bytes, 1, &file->digest);
	if (!ret)
		ret = crd_yaml_load(bytes, &file->yaml, err);
	if (!ret)
		ret = crd_policy_make_room(p, &file->yaml);
	if (!ret)
		ret = crd_want_map(&l, &file->yaml.nodes[0], "a policy",
				   top_keys, TOP_MAX, v);
	if (!ret && v[TOP_LANGUAGE])
		ret = crd_want_language(&l, v[TOP_LANGUAGE], "language",
					&l.language);
	p->language = l.language;
	p->digest = file->digest;
	if (!ret)
		ret = load_head(&l, v);
	if (!ret)
		ret = load_body(&l, v);
	return ret;
}

int crd_policy_load(struct crd_buf yaml, crd_fetch_fn fetch, void *ctx,
		    struct crd_policy **ret_policy, struct crd_error *err)
{
	struct crd_policy *p = calloc(1, sizeof(*p));
	int ret;

	if (!p)
		return -ENOMEM;
	ret = load(p, yaml, fetch, ctx, err);
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
	crd_signers_done(p);
	free(p->rules);
	free(p->waivers);
	free(p->machines);
	free(p->conds);
	free(p->values);
	free(p->wordings);
	free(p);
	*policy = NULL;
}
