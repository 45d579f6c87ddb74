// SPDX-License-Identifier: Apache-2.0
/*
 * Waivers: a rule is set aside for something, or a presence on a machine, for a
 * time, by somebody who answers for it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_private.h"

/* The rule of that id, or else the presence. */
static int find_target(const struct crd_load *l, const struct crd_node *node,
		       struct crd_waiver *w)
{
	const struct crd_policy *p = l->policy;
	const char *id;
	int ret = crd_want_id(l, node, "rule", &id);

	w->rule = w->presence = CRD_NOT_OF;
	if (ret)
		return ret;
	w->rule = crd_rule_named(p, id);
	w->presence = crd_presence_named(p, id);
	if (w->rule == CRD_NOT_OF && w->presence == CRD_NOT_OF)
		return crd_node_fail(l, node,
				     "there is no rule or presence '%s'", id);
	if (w->rule != CRD_NOT_OF && p->rules[w->rule].then == CRD_ADMIT)
		return crd_node_fail(
			l, node, "rule '%s' admits: there is nothing to waive",
			id);
	return 0;
}

/* Of a rule or presence that this file adds, it leaves what the base has. */
static bool is_of_base(const struct crd_load *l, const struct crd_waiver *w)
{
	const struct crd_policy *p = l->policy;

	if (w->presence != CRD_NOT_OF)
		return p->presence[w->presence].file != l->file;
	return p->rules[w->rule].file != l->file || p->rules[w->rule].replaces;
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

/* What is counted is the machine's: no component is left out of it. */
static int load_what(const struct crd_load *l, const struct crd_node *node,
		     const struct crd_node *component, struct crd_waiver *w)
{
	int ret;

	if (w->presence != CRD_NOT_OF && component)
		return crd_node_fail(
			l, component,
			"'%s' counts components of a machine: a waiver sets it aside as a whole, for a machine or lot, without 'component'",
			l->policy->presence[w->presence].id);
	if (w->presence != CRD_NOT_OF)
		return 0;
	if (!component)
		return crd_node_fail(l, node,
				     "a waiver of a rule lacks 'component'");
	ret = crd_when_load(l, component, "component", true, &w->component);
	return ret ? ret : check_narrow(l, component, &w->component);
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

static int check_twice(const struct crd_load *l, const struct crd_node *node,
		       const struct crd_waiver *w)
{
	const struct crd_policy *p = l->policy;
	size_t i;

	for (i = 0; i < p->n_waivers; i++) {
		if (!strcmp(p->waivers[i].id, w->id))
			return crd_node_fail(
				l, node,
				"waiver '%s' stands twice; it is in line %u of %.120s already",
				w->id, p->waivers[i].node->line,
				crd_policy_file_name(p, p->waivers[i].file));
	}
	return 0;
}

static int load_waiver(const struct crd_load *l, const struct crd_node *node)
{
	static const struct crd_key keys[] = {
		{ "id", true },		{ "rule", true },
		{ "component", false }, { "until", true },
		{ "from", false },	{ "approved_by", true },
		{ "because", true },	{ "machine", false },
		{ "lot", false },
	};
	struct crd_policy *p = l->policy;
	struct crd_waiver *w = &p->waivers[p->n_waivers];
	const struct crd_node *v[9];
	int ret = crd_want_map(l, node, "a waiver", keys, 9, v);

	w->node = node;
	w->file = l->file;
	if (!ret)
		ret = crd_want_id(l, v[0], "id", &w->id);
	if (!ret)
		ret = check_twice(l, v[0], w);
	if (!ret)
		ret = find_target(l, v[1], w);
	if (!ret && l->base && is_of_base(l, w))
		ret = crd_looser(l, v[0], "waivers", w->id,
				 (struct crd_said_at){ NULL, 0 });
	if (!ret)
		ret = load_what(l, node, v[2], w);
	if (!ret)
		ret = load_waiver_dates(l, v[4], v[3], w);
	if (!ret)
		ret = crd_want_text(l, v[5], "approved_by", &w->approved_by);
	if (!ret)
		ret = crd_texts_load(l, v[6], "because", &w->because);
	if (!ret)
		ret = crd_machines_load(l, v[7], v[8], w);
	p->n_waivers++;
	return ret;
}

int crd_waivers_load(const struct crd_load *l, const struct crd_node *node)
{
	struct crd_policy *p = l->policy;
	const struct crd_node *c;
	struct crd_waiver *more;
	int ret = crd_want_list(l, node, "waivers",
				POL_MAX_WAIVERS - p->n_waivers);

	if (ret)
		return ret;
	more = realloc(p->waivers,
		       (p->n_waivers + node->n_children) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	p->waivers = more;
	memset(more + p->n_waivers, 0, node->n_children * sizeof(*more));
	for (c = crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = load_waiver(l, c);
	return ret;
}

enum {
	FILE_FOR,
	FILE_VERSION,
	FILE_AUTHORITY,
	FILE_LANGUAGE,
	FILE_WAIVERS,
	FILE_MAX
};

static int load_file(struct crd_load *l, struct crd_policy_file *file)
{
	static const struct crd_key keys[FILE_MAX] = {
		{ "waivers_for", true }, { "version", true },
		{ "authority", true },	 { "language", false },
		{ "waivers", true },
	};
	const struct crd_node *v[FILE_MAX];
	const char *authority;
	int ret = crd_want_map(l, &l->yaml->nodes[0], "a file of waivers", keys,
			       FILE_MAX, v);

	if (!ret)
		ret = crd_want_id(l, v[FILE_FOR], "waivers_for", &file->name);
	if (!ret && strcmp(file->name, l->policy->name))
		ret = crd_node_fail(
			l, v[FILE_FOR],
			"these waivers are for the policy '%s', not for '%s'",
			file->name, l->policy->name);
	if (!ret)
		ret = crd_want_number(l, v[FILE_VERSION], "version",
				      &file->version);
	if (!ret)
		ret = crd_want_text(l, v[FILE_AUTHORITY], "authority",
				    &authority);
	if (!ret && v[FILE_LANGUAGE])
		ret = crd_want_language(l, v[FILE_LANGUAGE], "language",
					&l->language);
	return ret ? ret : crd_waivers_load(l, v[FILE_WAIVERS]);
}

int crd_policy_add_waivers(struct crd_policy *policy, struct crd_buf yaml,
			   const char *path, crd_fetch_fn fetch, void *ctx,
			   struct crd_error *err)
{
	struct crd_policy_file *file = &policy->files[policy->n_files];
	struct crd_load l = { .yaml = &file->yaml,
			      .policy = policy,
			      .fetch = fetch,
			      .fetch_ctx = ctx,
			      .err = err,
			      .file = (uint8_t)policy->n_files,
			      .language = policy->language };
	size_t n_waivers = policy->n_waivers;
	int ret;

	if (policy->n_files == POL_MAX_FILES)
		return crd_fail_at(err, 1, 1, -E2BIG,
				   "more than %d files of waivers",
				   POL_MAX_WAIVER_FILES);
	file->waivers = true;
	file->path = strdup(path);
	if (!file->path)
		return -ENOMEM;
	policy->n_files++;
	ret = crd_hash(CRD_ALG_SHA256, &yaml, 1, &file->digest);
	if (!ret)
		ret = crd_yaml_load(yaml, &file->yaml, err);
	if (!ret)
		ret = crd_policy_make_room(policy, &file->yaml);
	if (!ret)
		ret = load_file(&l, file);
	if (ret)
		policy->n_waivers = n_waivers;
	return ret;
}

uint64_t crd_policy_waivers_version(const struct crd_policy *policy)
{
	const struct crd_policy_file *last =
		&policy->files[policy->n_files - 1];

	return last->waivers ? last->version : 0;
}

static bool is_today(const struct crd_matcher *m, const struct crd_waiver *w)
{
	return m->day >= w->from && m->day <= w->until;
}

/* Of two, the one to name: not by its place in a file. */
static bool is_better(const struct crd_waiver *w, const struct crd_waiver *than)
{
	if (!than || w->until != than->until)
		return !than || w->until > than->until;
	return strcmp(w->id, than->id) < 0;
}

/* What a waiver is asked to set aside; one of the two is CRD_NOT_OF. */
struct target {
	uint32_t rule, presence;
};

static bool is_of(const struct crd_waiver *w, struct target of)
{
	return w->rule == of.rule && w->presence == of.presence;
}

static bool covers(const struct crd_matcher *m, const struct crd_waiver *w)
{
	return w->rule == CRD_NOT_OF ||
	       crd_matcher_holds(m, w->component, true);
}

static const struct crd_waiver *find_waiver(const struct crd_matcher *m,
					    struct target of)
{
	const struct crd_waiver *w = m->policy->waivers;
	const struct crd_waiver *end = w ? w + m->policy->n_waivers : w;
	const struct crd_waiver *best = NULL;

	for (; w < end; w++) {
		if (is_of(w, of) && is_today(m, w) && is_better(w, best) &&
		    crd_machine_fits(m->policy, w, m->machine) && covers(m, w))
			best = w;
	}
	return best;
}

static const struct crd_waiver *find_lapsed(const struct crd_matcher *m,
					    struct target of,
					    enum crd_waiver_lack *ret_why)
{
	const struct crd_waiver *w = m->policy->waivers;
	const struct crd_waiver *end = w ? w + m->policy->n_waivers : w;
	const struct crd_waiver *best = NULL;

	for (; w < end; w++) {
		if (is_of(w, of) && is_better(w, best) && covers(m, w))
			best = w;
	}
	if (!best)
		return NULL;
	if (!crd_machine_fits(m->policy, best, m->machine))
		*ret_why = CRD_WAIVER_OTHER_MACHINE;
	else
		*ret_why = m->day < best->from ? CRD_WAIVER_NOT_YET :
						 CRD_WAIVER_ENDED;
	return best;
}

const struct crd_waiver *crd_matcher_waiver(const struct crd_matcher *m,
					    uint32_t rule)
{
	return find_waiver(m, (struct target){ rule, CRD_NOT_OF });
}

const struct crd_waiver *
crd_matcher_presence_waiver(const struct crd_matcher *m, uint32_t presence)
{
	return find_waiver(m, (struct target){ CRD_NOT_OF, presence });
}

const struct crd_waiver *crd_matcher_lapsed(const struct crd_matcher *m,
					    uint32_t rule,
					    enum crd_waiver_lack *ret_why)
{
	return find_lapsed(m, (struct target){ rule, CRD_NOT_OF }, ret_why);
}

const struct crd_waiver *
crd_matcher_presence_lapsed(const struct crd_matcher *m, uint32_t presence,
			    enum crd_waiver_lack *ret_why)
{
	return find_lapsed(m, (struct target){ CRD_NOT_OF, presence }, ret_why);
}
