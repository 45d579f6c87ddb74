// SPDX-License-Identifier: Apache-2.0
/*
 * A policy's examples, tried: each goes to the judge, and what he says is told,
 * with his reasons if it is not what was expected.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "example.h"
#include "explain.h"
#include "json_set.h"

enum { SECONDS_OF_DAY = 86400, LEAD = 8 };

/* One example, judged. */
struct tried {
	const struct crd_example *example;
	struct crd_scene scene;
	struct crd_report *report;
	struct crd_explainer explainer;
	struct crd_str decided_by; /* ids, ", " between them */
	bool as_wanted;		   /* the rule, if one is to decide, did */
	bool passed;
};

struct trial {
	const struct crd_trial *in;
	struct crd_tried count;
	bool *touched; /* per rule */
	crd_put_fn put;
	void *ctx;
	int (*show)(struct trial *t, struct tried *x);
	struct crd_page page;
	struct crd_error *err;
};

static void note_decider(struct tried *x, const char *id)
{
	const char *want = x->example->rule;
	const char *at = x->decided_by.ptr;
	size_t len = strlen(id);

	x->as_wanted |= want && !strcmp(want, id);
	for (; at && (at = strstr(at, id)); at += len) {
		if ((at == x->decided_by.ptr || at[-1] == ' ') &&
		    (!at[len] || at[len] == ','))
			return;
	}
	crd_str_fmt(&x->decided_by, "%s%s", x->decided_by.len ? ", " : "", id);
}

static void note_rules(struct trial *t, struct tried *x)
{
	const struct crd_explainer *e = &x->explainer;
	const struct crd_policy *p = e->policy;
	bool worst = e->decision.verdict == x->report->verdict;
	uint32_t i;

	for (i = 0; i < p->n_rules; i++) {
		t->touched[e->order[i]] |= e->rulings[e->order[i]].holds;
		if (worst && crd_rule_decides(e, e->order[i]))
			note_decider(x, p->rules[e->order[i]].id);
	}
	if (worst && !e->decision.ruled)
		note_decider(x, "otherwise");
}

/* Those that count components leave findings. */
static void note_counts(struct trial *t, struct tried *x)
{
	const struct crd_policy *p = t->in->policy;
	const struct crd_report *r = x->report;
	size_t i, k;

	for (i = 0; i < p->n_presence; i++) {
		for (k = 0; k < r->n_findings; k++) {
			const struct crd_finding *f = &r->findings[k];

			bool waived = f->waiver != NULL;

			if ((f->outcome != CRD_FAILED && !waived) ||
			    strcmp(f->check, p->presence[i].id))
				continue;
			t->touched[p->n_rules + i] = true;
			if (f->verdict == r->verdict && !waived)
				note_decider(x, f->check);
		}
	}
}

/* The id of a rule, or past those of what is counted. */
static const char *id_of(const struct crd_policy *p, size_t i)
{
	return i < p->n_rules ? p->rules[i].id : p->presence[i - p->n_rules].id;
}

/* Who decided, and whether that is what was expected. */
static int look(struct trial *t, struct tried *x)
{
	struct crd_inventory_iter it = { .inventory = &x->report->inventory,
					 .registry = t->in->registry };
	struct crd_component c;
	int ret = crd_explainer_init(&x->explainer, x->report, NULL);

	x->as_wanted = !x->example->rule;
	while (!ret && crd_inventory_next(&it, &c)) {
		ret = crd_explainer_set(&x->explainer, &c);
		if (!ret)
			note_rules(t, x);
	}
	if (!ret)
		note_counts(t, x);
	x->passed = x->as_wanted && x->report->verdict == x->example->expect;
	return ret;
}

static int32_t day_of(const struct trial *t, const struct crd_example *example)
{
	if (example->as_of)
		return example->as_of;
	return t->in->as_of ? t->in->as_of : t->in->policy->from;
}

static int try_one(struct trial *t, const struct crd_example *example)
{
	struct tried x = { .example = example };
	struct crd_appraisal in = {
		.policy = t->in->policy,
		.registry = t->in->registry,
		.language = t->in->language,
		.context = example->context,
		.as_of = day_of(t, example),
		.now = (int64_t)day_of(t, example) * SECONDS_OF_DAY,
	};
	int ret = crd_scene_build(in.policy, in.registry, example, &x.scene,
				  t->err);

	if (!ret)
		ret = crd_judge_inventory(&in, &x.scene.inventory, &x.report);
	if (!ret)
		ret = look(t, &x);
	if (!ret) {
		t->count.examples++;
		t->count.failed += !x.passed;
		ret = x.decided_by.failed ? -ENOMEM : t->show(t, &x);
	}
	if (x.explainer.policy)
		crd_explainer_done(&x.explainer);
	crd_report_free(&x.report);
	crd_scene_done(&x.scene);
	crd_str_done(&x.decided_by);
	return ret;
}

static int try_all(struct trial *t)
{
	const struct crd_policy *p = t->in->policy;
	size_t i;
	int ret = 0;

	t->count.rules = p->n_rules + p->n_presence;
	t->touched = calloc(t->count.rules + 1, sizeof(*t->touched));
	if (!t->touched)
		return -ENOMEM;
	for (i = 0; !ret && i < p->n_examples; i++)
		ret = try_one(t, &p->examples[i]);
	for (i = 0; i < t->count.rules; i++)
		t->count.untouched += !t->touched[i];
	return ret;
}

/* What speaks against all of it, whatever it is: no day of the policy's ... */
static void say_general(struct crd_page *page, const struct crd_report *r)
{
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		if (r->findings[i].component ||
		    r->findings[i].verdict == CRD_ADMIT)
			continue;
		crd_str_fmt(&page->str, "%*s", LEAD, "");
		crd_page_flow(page, r->findings[i].sentence, LEAD, LEAD);
	}
}

static void say_line(struct crd_page *page, const struct tried *x)
{
	const struct crd_example *e = x->example;
	const char *by = x->decided_by.ptr;
	struct crd_str line = { 0 };

	crd_page_put(page, x->passed ? GREEN : RED,
		     x->passed ? "passed" : "FAILED");
	crd_str_puts(&page->str, "  ");
	crd_str_safe(&line, crd_buf_of(e->name));
	if (x->passed || x->report->verdict == e->expect)
		crd_str_fmt(&line, ": %s", crd_verdict_name(e->expect));
	else
		crd_str_fmt(&line, ": %s, where %s was expected",
			    crd_verdict_name(x->report->verdict),
			    crd_verdict_name(e->expect));
	if (by)
		crd_str_fmt(&line, ", by %s", by);
	if (!x->as_wanted)
		crd_str_fmt(&line, ", where %s was to decide", e->rule);
	if (!x->passed)
		crd_str_fmt(&line, " (line %u)", e->node->line);
	crd_page_flow(page, line.ptr ? line.ptr : "", LEAD, LEAD);
	page->str.failed |= line.failed;
	crd_str_done(&line);
}

static int show_text(struct trial *t, struct tried *x)
{
	int ret;

	say_line(&t->page, x);
	if (x->passed)
		return crd_page_flush(&t->page, t->put, t->ctx);
	say_general(&t->page, x->report);
	ret = crd_explain_put(&x->explainer, &t->page, t->put, t->ctx);
	crd_str_puts(&t->page.str, "\n");
	return ret ? ret : crd_page_flush(&t->page, t->put, t->ctx);
}

static void say_untouched(struct trial *t)
{
	const struct crd_policy *p = t->in->policy;
	struct crd_str line = { 0 };
	size_t i;

	for (i = 0; i < t->count.rules; i++) {
		if (!t->touched[i])
			crd_str_fmt(&line, "%s%s", line.len ? ", " : "",
				    id_of(p, i));
	}
	if (line.len) {
		crd_str_puts(&t->page.str, "Rules that no example touches: ");
		crd_page_flow(&t->page, line.ptr, 31, 2);
	}
	t->page.str.failed |= line.failed;
	crd_str_done(&line);
}

int crd_policy_test_text(const struct crd_trial *trial, crd_put_fn put,
			 void *ctx, struct crd_tried *ret_tried,
			 struct crd_error *err)
{
	struct trial t = { .in = trial,
			   .put = put,
			   .ctx = ctx,
			   .show = show_text,
			   .page.colour = trial->flags & CRD_TEXT_COLOUR,
			   .err = err };
	int ret = try_all(&t);

	if (!ret) {
		crd_str_fmt(&t.page.str,
			    "%zu example%s: %zu passed, %zu failed\n",
			    t.count.examples, t.count.examples == 1 ? "" : "s",
			    t.count.examples - t.count.failed, t.count.failed);
		say_untouched(&t);
		ret = crd_page_flush(&t.page, put, ctx);
	}
	crd_str_done(&t.page.str);
	free(t.touched);
	*ret_tried = t.count;
	return ret;
}

/* For machines: each component as --explain has it. */
static json_t *components_json(struct tried *x, bool *ok)
{
	struct crd_inventory_iter it = { .inventory = &x->report->inventory,
					 .registry = x->report->registry };
	json_t *array = json_array();
	struct crd_component c;

	while (crd_inventory_next(&it, &c)) {
		json_t *o = json_object();
		struct crd_str label = { 0 };

		crd_component_label(&label, &c);
		set_str(o, "label", &label, ok);
		if (crd_explain_component(&x->explainer, &c, o, ok))
			*ok = false;
		append(array, o, ok);
	}
	return array;
}

static int put_json(struct trial *t, json_t *o, bool ok, const char *lead)
{
	char *text = o && ok ? json_dumps(o, JSON_SORT_KEYS | JSON_INDENT(1)) :
			       NULL;
	int ret = text ? t->put(lead, strlen(lead), t->ctx) : -ENOMEM;

	json_decref(o);
	if (!ret)
		ret = t->put(text, strlen(text), t->ctx);
	free(text);
	return ret;
}

static int show_json(struct trial *t, struct tried *x)
{
	const struct crd_example *e = x->example;
	json_t *o = json_object();
	bool ok = true;

	set_text(o, "name", e->name, &ok);
	set_number(o, "line", e->node->line, &ok);
	set_text(o, "expected", crd_verdict_name(e->expect), &ok);
	set_text(o, "rule", e->rule, &ok);
	set_text(o, "verdict", crd_verdict_name(x->report->verdict), &ok);
	set_text(o, "decided_by", x->decided_by.ptr, &ok);
	set(o, "passed", json_boolean(x->passed), &ok);
	set(o, "components", components_json(x, &ok), &ok);
	return put_json(t, o, ok, t->count.examples > 1 ? ",\n" : "\n");
}

static int put_tail(struct trial *t)
{
	const struct crd_policy *p = t->in->policy;
	json_t *o = json_object(), *untouched = json_array();
	bool ok = true;
	size_t i;

	for (i = 0; i < t->count.rules; i++) {
		if (!t->touched[i])
			append(untouched, json_string(id_of(p, i)), &ok);
	}
	set_text(o, "policy", p->name, &ok);
	set_number(o, "version", p->version, &ok);
	set_number(o, "passed", t->count.examples - t->count.failed, &ok);
	set_number(o, "failed", t->count.failed, &ok);
	set(o, "untouched_rules", untouched, &ok);
	return put_json(t, o, ok, "],\n\"summary\": ");
}

int crd_policy_test_json(const struct crd_trial *trial, crd_put_fn put,
			 void *ctx, struct crd_tried *ret_tried,
			 struct crd_error *err)
{
	static const char head[] =
		"{\n\"schema\": \"credence-policy-test-1\",\n\"examples\": [";
	struct trial t = { .in = trial,
			   .put = put,
			   .ctx = ctx,
			   .show = show_json,
			   .err = err };
	int ret = put(head, strlen(head), ctx);

	if (!ret)
		ret = try_all(&t);
	if (!ret)
		ret = put_tail(&t);
	if (!ret)
		ret = put("}\n", 2, ctx);
	free(t.touched);
	*ret_tried = t.count;
	return ret;
}

/* The first that fails is the error, with its place. */
static int show_first(struct trial *t, struct tried *x)
{
	const struct crd_example *e = x->example;

	if (x->passed)
		return 0;
	return crd_fail_at(
		t->err, e->node->line, e->node->column, -EBADMSG,
		"the example '%.60s' ends with %s by %.60s, where %s%s%.60s was expected",
		e->name, crd_verdict_name(x->report->verdict),
		x->decided_by.ptr ? x->decided_by.ptr : "the policy as a whole",
		crd_verdict_name(e->expect), e->rule ? " by " : "",
		e->rule ? e->rule : "");
}

int crd_policy_test(const struct crd_trial *trial, struct crd_tried *ret_tried,
		    struct crd_error *err)
{
	struct trial t = { .in = trial, .show = show_first, .err = err };
	int ret = try_all(&t);

	free(t.touched);
	*ret_tried = t.count;
	return ret;
}
