// SPDX-License-Identifier: Apache-2.0
/*
 * A policy that extends another has all that the other says, and may only be
 * stricter: for every machine its verdict is at least as severe. Where it is
 * not, it says so under `loosens`, with a reason, key by key; policies/README.md
 * has what counts as looser. What is looser and not declared is an error.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_private.h"

/* As it was written, on one line, for an error: "[a, b]". */
static void say_node(struct crd_str *str, const struct crd_yaml *y,
		     const struct crd_node *node)
{
	const char *sep = node->type == CRD_NODE_MAP ? "{ " : "[";
	const struct crd_node *c = crd_node_first(y, node);

	if (node->type == CRD_NODE_TEXT) {
		crd_str_puts(str, node->text);
		return;
	}
	for (; c && str->len < CRD_ERROR_TEXT; c = crd_node_next(y, c)) {
		crd_str_puts(str, sep);
		if (c->key != CRD_NO_NODE)
			crd_str_fmt(str, "%s: ", y->nodes[c->key].text);
		say_node(str, y, c);
		sep = ", ";
	}
	crd_str_puts(str, node->type == CRD_NODE_MAP ? " }" : "]");
}

static struct crd_loosening *find(const struct crd_load *l, const char *what)
{
	struct crd_policy *p = l->policy;
	size_t i;

	for (i = 0; i < p->n_loosens; i++) {
		if (p->loosens[i].file == l->file &&
		    !strcmp(p->loosens[i].what, what))
			return &p->loosens[i];
	}
	return NULL;
}

int crd_looser(const struct crd_load *l, const struct crd_node *node,
	       const char *group, const char *name, struct crd_said_at base)
{
	struct crd_loosening *declared;
	struct crd_str what = { 0 }, said = { 0 };
	int ret = 0;

	crd_str_fmt(&what, "%s%s%s", group, *name ? "." : "", name);
	if (base.node) {
		crd_str_fmt(&said, " (line %u: ", base.node->line);
		say_node(&said, &l->policy->files[base.file].yaml, base.node);
		crd_str_puts(&said, ")");
	}
	if (what.failed || said.failed)
		ret = -ENOMEM;
	declared = ret ? NULL : find(l, what.ptr);
	if (declared)
		declared->used = true;
	else if (!ret)
		ret = crd_node_fail(
			l, node,
			"looser than %.60s has it%.80s; declare it under loosens: as '%s'",
			l->base->path, said.ptr ? said.ptr : "", what.ptr);
	crd_str_done(&what);
	crd_str_done(&said);
	return ret;
}

/* What a rule may have otherwise and still be the same one, only stricter. */
static bool may_differ(const char *key)
{
	return !strcmp(key, "then") || !strcmp(key, "because") ||
	       !strcmp(key, "advice");
}

static bool asks_all_of(const struct crd_yaml *ya, const struct crd_node *a,
			const struct crd_yaml *yb, const struct crd_node *b)
{
	const struct crd_node *c = crd_node_first(yb, b);

	for (; c; c = crd_node_next(yb, c)) {
		if (!may_differ(yb->nodes[c->key].text) &&
		    !crd_node_has(ya, a, yb, c))
			return false;
	}
	return true;
}

bool crd_rules_ask_alike(const struct crd_policy *policy,
			 const struct crd_rule *a, const struct crd_rule *b)
{
	const struct crd_yaml *ya = &policy->files[a->file].yaml;
	const struct crd_yaml *yb = &policy->files[b->file].yaml;

	return asks_all_of(ya, a->node, yb, b->node) &&
	       asks_all_of(yb, b->node, ya, a->node);
}

/* What stays an id of its own, so that only its owner gives it a meaning. */
static bool knows(const char *what, const char *group, const char **ret_name)
{
	size_t len = strlen(group);

	*ret_name = what + len + 1;
	return !strncmp(what, group, len) && what[len] == '.' && what[len + 1];
}

static bool is_one_of(const char *name, const char *const *names)
{
	while (*names && strcmp(*names, name))
		names++;
	return *names != NULL;
}

static bool is_known(const char *what)
{
	static const char *const otherwise[] = { "known", "unknown", NULL };
	static const char *const alone[] = { "valid", "references", NULL };
	const char *name;

	if (is_one_of(what, alone))
		return true;
	if (knows(what, "otherwise", &name))
		return is_one_of(name, otherwise);
	if (knows(what, "requires", &name))
		return is_one_of(name, crd_requires_names);
	return knows(what, "rules", &name) || knows(what, "waivers", &name) ||
	       knows(what, "digest_lists", &name) ||
	       knows(what, "component_lists", &name) ||
	       knows(what, "signers", &name);
}

static int load_loosening(const struct crd_load *l, const struct crd_node *node)
{
	static const struct crd_key keys[] = { { "what", true },
					       { "because", true } };
	struct crd_loosening *entry = &l->policy->loosens[l->policy->n_loosens];
	const struct crd_node *v[2];
	int ret = crd_want_map(l, node, "a loosening", keys, 2, v);

	if (!ret)
		ret = crd_want_text(l, v[0], "what", &entry->what);
	if (!ret && !is_known(entry->what))
		ret = crd_node_fail(
			l, v[0],
			"'%s' is nothing that can be loosened; write requires.KEY, otherwise.KEY, rules.ID, waivers.ID, signers.ID, digest_lists.ID, references or valid",
			entry->what);
	if (!ret && find(l, entry->what))
		ret = crd_node_fail(l, v[0], "'%s' stands twice", entry->what);
	if (!ret)
		ret = crd_texts_load(l, v[1], "because", &entry->because);
	entry->node = node;
	entry->file = l->file;
	l->policy->n_loosens += !ret;
	return ret;
}

int crd_loosens_load(const struct crd_load *l, const struct crd_node *node)
{
	struct crd_policy *p = l->policy;
	const struct crd_node *c;
	struct crd_loosening *more;
	int ret;

	if (!l->base)
		return crd_node_fail(
			l, node, "loosens: is for a policy that extends one");
	ret = crd_want_list(l, node, "loosens", POL_MAX_RULES);
	if (ret)
		return ret;
	more = realloc(p->loosens,
		       (p->n_loosens + node->n_children) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	p->loosens = more;
	memset(more + p->n_loosens, 0, node->n_children * sizeof(*more));
	for (c = crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = load_loosening(l, c);
	return ret;
}

static void remove_rule(struct crd_policy *p, size_t at)
{
	p->n_rules--;
	memmove(p->rules + at, p->rules + at + 1,
		(p->n_rules - at) * sizeof(*p->rules));
}

/* A rule that is only declared is taken out; one that is not there is wrong. */
static int settle_rule(const struct crd_load *l, struct crd_loosening *entry,
		       const char *id)
{
	struct crd_policy *p = l->policy;
	uint32_t i = crd_rule_named(p, id);

	if (i == CRD_NOT_OF)
		return crd_node_fail(l, entry->node, "there is no rule '%s'",
				     id);
	if (p->rules[i].file != l->file) {
		entry->used = entry->removes = true;
		remove_rule(p, i);
	}
	return 0;
}

int crd_loosens_remove(const struct crd_load *l)
{
	struct crd_policy *p = l->policy;
	const char *name;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < p->n_loosens; i++) {
		struct crd_loosening *entry = &p->loosens[i];

		if (entry->file == l->file && !entry->used &&
		    knows(entry->what, "rules", &name))
			ret = settle_rule(l, entry, name);
	}
	if (!ret && !p->n_rules)
		ret = crd_node_fail(l, &l->yaml->nodes[0],
				    "no rule is left of what it extends");
	return ret;
}

/* One of a rule that it adds: declared in vain, which a check tells. */
static bool has_waiver(const struct crd_policy *p, const char *what)
{
	const char *name;
	size_t i;

	for (i = 0; knows(what, "waivers", &name) && i < p->n_waivers; i++) {
		if (!strcmp(p->waivers[i].id, name))
			return true;
	}
	return false;
}

int crd_loosens_settle(const struct crd_load *l)
{
	static const char *const ids[] = { "waivers", "digest_lists",
					   "component_lists", "signers" };
	struct crd_policy *p = l->policy;
	const char *name;
	size_t i, j;

	for (i = 0; i < p->n_loosens; i++) {
		struct crd_loosening *entry = &p->loosens[i];

		if (entry->file != l->file || entry->used ||
		    has_waiver(p, entry->what))
			continue;
		for (j = 0; j < sizeof(ids) / sizeof(*ids); j++) {
			if (knows(entry->what, ids[j], &name))
				return crd_node_fail(
					l, entry->node,
					"there is no '%s' here that loosens anything",
					entry->what);
		}
	}
	return 0;
}

/* In a circle, or the same file under two names. */
static int check_circle(const struct crd_load *l, const struct crd_node *node,
			const struct crd_digest *digest)
{
	const struct crd_policy *p = l->policy;
	size_t i;

	for (i = 0; i < p->n_files; i++) {
		if (crd_digest_equal(&p->files[i].digest, digest))
			return crd_node_fail(
				l, node,
				"%.120s extends itself, over others or at once",
				node->text);
	}
	return 0;
}

/* An error there is an error here, in that line there. */
static int say_there(const struct crd_load *l, const struct crd_node *node,
		     const struct crd_load *there, int ret)
{
	const struct crd_error *why = there->err;

	if (ret == -ENOMEM || ret == -EIO)
		return ret;
	return crd_fail_at(l->err, node->line, node->column, ret,
			   "%.100s:%u:%u: %.150s",
			   l->policy->files[there->file].path, why->line,
			   why->column, why->text);
}

/* "tiers/" of "tiers/office.yaml": where it looks for its own files. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strndup(path, slash ? (size_t)(slash - path) + 1 : 0);
}

static int load_parent(const struct crd_load *l, const struct crd_node *node,
		       struct crd_buf bytes, char *path)
{
	struct crd_policy *p = l->policy;
	struct crd_policy_file *file = &p->files[p->n_files];
	struct crd_error why = { 0 };
	struct crd_load there = *l;
	char *folder = folder_of(path);
	int ret = folder ? 0 : -ENOMEM;

	there.yaml = &file->yaml;
	there.file = (uint8_t)p->n_files;
	there.folder = folder;
	there.err = &why;
	file->path = path;
	p->n_files++;
	if (!ret)
		ret = crd_policy_load_file(&there, bytes);
	if (ret)
		ret = say_there(l, node, &there, ret);
	free(folder);
	return ret;
}

int crd_extends_load(const struct crd_load *l, const struct crd_node *node,
		     struct crd_base *ret_base)
{
	struct crd_policy *p = l->policy;
	struct crd_buf bytes = { NULL, 0 };
	struct crd_digest digest;
	char *path = NULL;
	int ret;

	if (p->n_files > POL_MAX_PARENTS)
		return crd_fail_at(
			l->err, node->line, node->column, -E2BIG,
			"more than %d policies that extend one another",
			POL_MAX_PARENTS);
	ret = crd_want_file(l, node, "extends", &bytes);
	if (!ret)
		ret = crd_hash(CRD_ALG_SHA256, &bytes, 1, &digest);
	if (!ret)
		ret = check_circle(l, node, &digest);
	if (!ret)
		path = crd_load_path(l, node->text);
	if (!ret && !path)
		ret = -ENOMEM;
	if (!ret)
		ret = load_parent(l, node, bytes, path);
	if (ret)
		return ret;
	/* They were approved for that policy, not for this one. */
	p->files[l->file + 1].waivers_left = p->n_waivers;
	p->n_waivers = 0;
	p->description = NULL;
	*ret_base = (struct crd_base){
		.path = path,
		.requires = p->requires,
		.from = p->from,
		.until = p->until,
		.said_valid = p->said_valid,
		.said_known = p->said_known,
		.said_unknown = p->said_unknown,
		.known = p->otherwise_known,
		.unknown = p->otherwise_unknown,
	};
	return 0;
}
