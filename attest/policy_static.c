// SPDX-License-Identifier: Apache-2.0
/*
 * What is wrong or odd about a policy before any machine is judged by it. It
 * claims nothing that is not so for every machine (policy_imply.c); what it is
 * silent about may be odd all the same.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "credence.h"
#include "policy_static.h"

/* Pairs of rules grow with the square of their number. */
enum { MAX_OVERLAPS = 100 };

struct lint {
	const struct crd_policy *policy;
	int32_t day;
	crd_lint_fn fn;
	void *ctx;
	struct crd_asks *asks; /* of each rule */
	bool *waived;	       /* each rule: may be set aside */
};

static int tell(const struct lint *t, enum crd_lint_severity severity,
		const char *check, uint8_t file, const struct crd_node *node,
		const char *fmt, ...) __attribute__((format(printf, 6, 7)));

static int tell(const struct lint *t, enum crd_lint_severity severity,
		const char *check, uint8_t file, const struct crd_node *node,
		const char *fmt, ...)
{
	struct crd_lint lint = { severity, check, NULL, 0, 0, "" };
	struct crd_error safe;
	char text[CRD_ERROR_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	crd_fail_at(&safe, 0, 0, 0, "%s", text);
	lint.file = t->policy->files[file].path;
	lint.line = node->line;
	lint.column = node->column;
	lint.text = safe.text;
	return t->fn(&lint, t->ctx);
}

static bool is_severe(const struct crd_rule *a, const struct crd_rule *b)
{
	return a->then > b->then;
}

/* Of two that ask for the same, the first written is the one to keep. */
static bool comes_first(const struct crd_rule *a, const struct crd_rule *b)
{
	return a->file != b->file ? a->file > b->file :
				    a->node->line < b->node->line ||
					    (a->node->line == b->node->line &&
					     a->node->column < b->node->column);
}

/* The rule that makes another one idle; NULL: none is known to. */
static const struct crd_rule *find_cover(const struct lint *t, size_t i)
{
	const struct crd_policy *p = t->policy;
	const struct crd_rule *rule = &p->rules[i], *other;
	size_t j;

	for (j = 0; j < p->n_rules; j++) {
		other = &p->rules[j];
		if (j == i || other->then < rule->then || t->waived[j] ||
		    !crd_asks_cover(&t->asks[j], &t->asks[i]))
			continue;
		if (is_severe(other, rule) ||
		    !crd_asks_cover(&t->asks[i], &t->asks[j]) ||
		    comes_first(other, rule))
			return other;
	}
	return NULL;
}

static int check_rule(const struct lint *t, size_t i)
{
	const struct crd_rule *rule = &t->policy->rules[i];
	const struct crd_rule *cover;

	if (!t->asks[i].kinds)
		return tell(
			t, CRD_LINT_ERROR, "contradictory", rule->file,
			t->asks[i].when,
			"rule '%s' can never hold: no kind of component has all that it asks for",
			rule->id);
	cover = find_cover(t, i);
	if (!cover)
		return 0;
	if (is_severe(cover, rule))
		return tell(
			t, CRD_LINT_WARNING, "unreachable", rule->file,
			rule->node,
			"rule '%s' never decides: wherever it holds, so does '%s' (line %u), which is more severe",
			rule->id, cover->id, cover->line);
	return tell(
		t, CRD_LINT_WARNING, "redundant", rule->file, rule->node,
		"rule '%s' changes no verdict: wherever it holds, so does '%s' (line %u), with the same outcome",
		rule->id, cover->id, cover->line);
}

/* Both may hold, and do not say the same; the more severe one decides. */
static bool overlap(const struct lint *t, size_t i, size_t j)
{
	const struct crd_asks *a = &t->asks[i], *b = &t->asks[j];

	return a->kinds && b->kinds &&
	       t->policy->rules[i].then < t->policy->rules[j].then &&
	       (crd_asks_touch(a, b) || crd_asks_touch(b, a)) &&
	       !crd_asks_cover(b, a);
}

static int check_overlaps(const struct lint *t)
{
	const struct crd_policy *p = t->policy;
	size_t i, j, n = 0;
	int ret = 0;

	for (i = 0; i < p->n_rules; i++) {
		for (j = 0; !ret && j < p->n_rules && n < MAX_OVERLAPS; j++) {
			if (!overlap(t, i, j))
				continue;
			n++;
			ret = tell(
				t, CRD_LINT_NOTE, "overlap", p->rules[i].file,
				p->rules[i].node,
				"rules '%s' (%s) and '%s' (%s, line %u) may both hold; then the second decides",
				p->rules[i].id,
				crd_verdict_name(p->rules[i].then),
				p->rules[j].id,
				crd_verdict_name(p->rules[j].then),
				p->rules[j].line);
		}
	}
	return ret;
}

/* What a kernel's own image shows: a part of it has no signature. */
static const struct crd_component own_part = {
	.kind = CRD_KIND_DRIVER,
	.name = { (const uint8_t *)"part", 4 },
	.vendor_id = -1,
	.device_id = -1,
	.grade = CRD_GRADE_UNKNOWN,
	.sig_status = CRD_SIG_NONE,
	.origin = CRD_ORIGIN_BUILT_IN,
	.flags = CRD_FLAG_BUILT_IN,
};

static bool asks_signer(const struct crd_policy *p, const struct crd_rule *rule)
{
	const struct crd_cond *c = p->conds + rule->when.first;
	uint32_t i;

	for (i = 0; i < rule->when.n; i++) {
		if (c[i].key == CRD_COND_SIGNER)
			return true;
	}
	return false;
}

static int check_built_in(const struct lint *t, const struct crd_matcher *m)
{
	const struct crd_policy *p = t->policy;
	const struct crd_rule *r = p->rules, *end = r + p->n_rules;
	int ret = 0;

	for (; !ret && r < end; r++) {
		if (r->then != CRD_ADMIT && asks_signer(p, r) &&
		    crd_matcher_holds(m, r->when, false))
			ret = tell(
				t, CRD_LINT_NOTE, "built-in", r->file, r->node,
				"rule '%s' (%s) also holds for built-in drivers: these have no signature, as they are part of the kernel's image; write origin: { not: built-in } beside it",
				r->id, crd_verdict_name(r->then));
	}
	return ret;
}

/* Rules about signers that speak of what no signer signs. */
static int check_signers(const struct lint *t)
{
	struct crd_matcher m;
	int ret = crd_matcher_init(&m, t->policy, NULL, t->day);

	if (ret)
		return ret;
	ret = crd_matcher_set(&m, &own_part);
	if (!ret)
		ret = check_built_in(t, &m);
	crd_matcher_done(&m);
	return ret;
}

static int tell_lack(const struct crd_lack *lack, void *ctx)
{
	return tell(ctx, CRD_LINT_NOTE, "languages", lack->file, lack->node,
		    "not in %s, as other texts are: %s", lack->language,
		    lack->named);
}

static int check_dates(const struct lint *t, const struct crd_waiver *w)
{
	const struct crd_policy *p = t->policy;

	if (w->until < t->day)
		return tell(t, CRD_LINT_WARNING, "expired", w->file, w->node,
			    "waiver '%s' has ended", w->id);
	if (w->until < p->from || w->from > p->until)
		return tell(
			t, CRD_LINT_WARNING, "never-in-force", w->file, w->node,
			"waiver '%s' is for no day on which the policy is in force",
			w->id);
	if (w->from > t->day)
		return tell(t, CRD_LINT_NOTE, "not-yet", w->file, w->node,
			    "waiver '%s' has not begun", w->id);
	return 0;
}

/* Of a count, that is, of which no component makes it narrow. */
static int check_presence_waiver(const struct lint *t,
				 const struct crd_waiver *w)
{
	int ret = 0;

	if (!w->n_machines)
		ret = tell(
			t, CRD_LINT_NOTE, "broad-waiver", w->file, w->node,
			"waiver '%s' sets '%s' aside for every machine: it names no machine or lot",
			w->id, t->policy->presence[w->presence].id);
	return ret ? ret : check_dates(t, w);
}

static int check_waiver(const struct lint *t, const struct crd_waiver *w)
{
	struct crd_asks asks =
		crd_asks_of(t->policy, w->file, w->node, "component", true);
	const struct crd_rule *rule = &t->policy->rules[w->rule];

	if (!asks.kinds)
		return tell(
			t, CRD_LINT_ERROR, "contradictory", w->file, asks.when,
			"waiver '%s' can never hold: no kind of component has all that it asks for",
			w->id);
	if (crd_asks_exclude(&asks, &t->asks[w->rule]))
		return tell(
			t, CRD_LINT_ERROR, "idle-waiver", w->file, asks.when,
			"waiver '%s' covers nothing for which rule '%s' (line %u) holds",
			w->id, rule->id, rule->line);
	return check_dates(t, w);
}

static bool is_named(const struct crd_policy *p, enum crd_cond_key key,
		     uint64_t mask)
{
	size_t i;

	for (i = 0; i < p->n_conds; i++) {
		if (p->conds[i].key == key && p->conds[i].mask & mask)
			return true;
	}
	return false;
}

static int check_unused_lists(const struct lint *t)
{
	const struct crd_policy *p = t->policy;
	const struct crd_node *root = &p->files[0].yaml.nodes[0];
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < p->n_lists; i++) {
		if (!p->lists[i].known &&
		    !is_named(p, CRD_COND_DIGEST, 1ull << i))
			ret = tell(
				t, CRD_LINT_WARNING, "unused", 0, root,
				"no rule or waiver names the digest list '%s', and it makes nothing known",
				p->lists[i].id);
	}
	for (i = 0; !ret && i < p->n_component_lists; i++) {
		if (!p->component_lists[i].known &&
		    !is_named(p, CRD_COND_COMPONENT, 1ull << i))
			ret = tell(
				t, CRD_LINT_WARNING, "unused", 0, root,
				"no rule or waiver names the component list '%s', and it makes nothing known",
				p->component_lists[i].id);
	}
	return ret;
}

/* Lists and signers that no condition names. */
static int check_unused(const struct lint *t)
{
	const uint64_t found = 1ull << CRD_SIGNER_WRONG |
			       1ull << CRD_SIGNER_UNKNOWN_KEY |
			       1ull << CRD_SIGNER_UNREADABLE;
	const struct crd_policy *p = t->policy;
	const struct crd_node *root = &p->files[0].yaml.nodes[0];
	size_t i;
	int ret = check_unused_lists(t);

	for (i = 0; !ret && i < p->n_signers; i++) {
		uint64_t mask = found | 1ull << (CRD_SIGNER_FIRST + i);

		if (p->signers[i].distribution)
			mask |= 1ull << CRD_SIGNER_DISTRIBUTION;
		if (!is_named(p, CRD_COND_SIGNER, mask))
			ret = tell(
				t, CRD_LINT_WARNING, "unused", 0, root,
				"no rule or waiver names the signer '%s': all that it does is to make its drivers known",
				p->signers[i].id);
	}
	if (!ret && p->n_references && !p->requires.measurer_reference)
		ret = tell(
			t, CRD_LINT_WARNING, "unused", 0, root,
			"there are references, but requires does not say measurer: reference");
	return ret;
}

static int check_whole(const struct lint *t)
{
	const struct crd_policy *p = t->policy;
	const struct crd_node *root = &p->files[0].yaml.nodes[0];
	int ret = 0;

	if (t->day > p->until)
		ret = tell(t, CRD_LINT_WARNING, "expired", 0, root,
			   "the policy is no more in force");
	else if (t->day < p->from)
		ret = tell(t, CRD_LINT_NOTE, "not-yet", 0, root,
			   "the policy is not yet in force");
	if (!ret && p->otherwise_unknown == CRD_ADMIT)
		ret = tell(
			t, CRD_LINT_NOTE, "lax", 0, root,
			"otherwise: unknown: admit lets in what nobody knows and no rule speaks of");
	return ret;
}

static int check_tiers(const struct lint *t)
{
	const struct crd_policy *p = t->policy;
	const struct crd_loosening *l = p->loosens;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < p->n_loosens; i++) {
		if (!l[i].used)
			ret = tell(
				t, CRD_LINT_WARNING, "not-looser", l[i].file,
				l[i].node,
				"'%s' is not looser than in what it extends; take it out of loosens",
				l[i].what);
		else
			ret = tell(t, CRD_LINT_NOTE, "looser", l[i].file,
				   l[i].node, "%s%s: %s", l[i].what,
				   l[i].removes ? " is removed" : " is looser",
				   crd_texts_in(p, l[i].because, NULL));
	}
	for (i = 1; !ret && i < p->n_files; i++) {
		if (p->files[i].waivers_left)
			ret = tell(
				t, CRD_LINT_NOTE, "waivers-left", (uint8_t)i,
				&p->files[i].yaml.nodes[0],
				"%zu waivers of '%s' do not come along: they were approved for that policy",
				p->files[i].waivers_left, p->files[i].name);
	}
	return ret;
}

static int check_all(struct lint *t)
{
	const struct crd_policy *p = t->policy;
	size_t i;
	int ret;

	for (i = 0; i < p->n_rules; i++)
		t->asks[i] = crd_asks_of(p, p->rules[i].file, p->rules[i].node,
					 "when", p->rules[i].then == CRD_ADMIT);
	for (i = 0; i < p->n_waivers; i++) {
		if (p->waivers[i].rule != CRD_NOT_OF)
			t->waived[p->waivers[i].rule] = true;
	}
	ret = check_whole(t);
	if (!ret)
		ret = check_tiers(t);
	for (i = 0; !ret && i < p->n_rules; i++)
		ret = check_rule(t, i);
	for (i = 0; !ret && i < p->n_waivers; i++)
		ret = p->waivers[i].rule == CRD_NOT_OF ?
			      check_presence_waiver(t, &p->waivers[i]) :
			      check_waiver(t, &p->waivers[i]);
	if (!ret)
		ret = check_unused(t);
	if (!ret)
		ret = check_signers(t);
	if (!ret)
		ret = crd_policy_lacks(p, tell_lack, t);
	return ret ? ret : check_overlaps(t);
}

int crd_policy_lint(const struct crd_policy *policy, int32_t day,
		    crd_lint_fn fn, void *ctx)
{
	struct lint t = { policy, day, fn, ctx, NULL, NULL };
	int ret = -ENOMEM;

	t.asks = calloc(policy->n_rules, sizeof(*t.asks));
	t.waived = calloc(policy->n_rules, sizeof(*t.waived));
	if (t.asks && t.waived)
		ret = check_all(&t);
	free(t.asks);
	free(t.waived);
	return ret;
}

const char *crd_lint_severity_name(enum crd_lint_severity severity)
{
	static const char *const names[] = { "note", "warning", "error" };

	return names[severity];
}
