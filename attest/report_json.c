// SPDX-License-Identifier: Apache-2.0
/*
 * The report for machines. Keys are sorted, so equal reports are equal bytes;
 * "schema" changes when a key changes its meaning or goes, not when one comes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "credence.h"
#include "explain.h"
#include "inventory_private.h"
#include "json_set.h"
#include "report_authority.h"

#define REPORT_SCHEMA "credence-report-1"

static json_t *finding_json(const struct crd_finding *f, bool *ok)
{
	json_t *o = json_object();

	set_text(o, "stage", crd_stage_name(f->stage), ok);
	set_text(o, "outcome", crd_outcome_name(f->outcome), ok);
	set_text(o, "reason", crd_reason_name(f->reason), ok);
	set_text(o, "verdict", crd_verdict_name(f->verdict), ok);
	set_text(o, "check", f->check, ok);
	set_text(o, "component", f->component, ok);
	set_text(o, "observed", f->observed, ok);
	set_text(o, "expected", f->expected, ok);
	set_text(o, "place", f->place, ok);
	set_text(o, "sentence", f->sentence, ok);
	set_text(o, "next_step", f->next_step, ok);
	set_text(o, "waiver", f->waiver, ok);
	set_text(o, "waiver_not_in_force", f->lapsed, ok);
	return o;
}

static json_t *findings_json(const struct crd_report *r, bool *ok)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		if (json_array_append_new(array,
					  finding_json(&r->findings[i], ok)))
			*ok = false;
	}
	return array;
}

static json_t *stages_json(const struct crd_report *r, bool *ok)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < CRD_STAGE_MAX; i++) {
		json_t *o = json_object();

		set_text(o, "stage", crd_stage_name(i), ok);
		set_text(o, "outcome", crd_outcome_name(r->stages[i]), ok);
		if (json_array_append_new(array, o))
			*ok = false;
	}
	return array;
}

static json_t *context_json(const struct crd_context *c, bool *ok)
{
	json_t *o = json_object();

	set_text(o, "site", c->site, ok);
	set_text(o, "destination", c->destination, ok);
	set_text(o, "purpose", c->purpose, ok);
	return o;
}

static json_t *bid_json(const struct crd_report *r, bool *ok)
{
	json_t *o = json_object();

	set_text(o, "format", r->bid, ok);
	set_digest(o, "digest", &r->bid_digest, ok);
	if (r->inventory.declared)
		set_text(o, "label", "declared, nothing was measured", ok);
	return o;
}

static json_t *said_json(struct crd_buf fields, uint8_t want, bool *ok)
{
	struct crd_field_iter it = { fields };
	json_t *array = json_array();
	struct crd_buf value;
	uint8_t type;

	while (crd_field_next(&it, &type, &value)) {
		struct crd_str str = { 0 };

		if (type != want || !value.len)
			continue;
		crd_str_safe(&str, value);
		append(array,
		       str.failed ? NULL : json_stringn(str.ptr, str.len), ok);
		crd_str_done(&str);
	}
	return array;
}

/* The measurer's own words on what it sees and what it does not. */
static json_t *coverage_json(const struct crd_report *r, bool *ok)
{
	json_t *o = json_object();

	set(o, "seen", said_json(r->coverage, CRD_F_SEEN, ok), ok);
	set(o, "not_seen", said_json(r->coverage, CRD_F_NOT_SEEN, ok), ok);
	return o;
}

static json_t *quote_json(const struct crd_report *r, bool *ok)
{
	const struct crd_quote *q = &r->quote;
	json_t *o = json_object();

	set_text(o, "bank", crd_alg_name(q->bank), ok);
	set_number(o, "clock", q->clock, ok);
	set_number(o, "reset_count", q->reset_count, ok);
	set_number(o, "restart_count", q->restart_count, ok);
	set_number(o, "firmware", q->firmware, ok);
	set(o, "safe", json_boolean(q->safe), ok);
	return o;
}

/* What an object looks like that has no components yet. */
#define NO_COMPONENTS "\n  \"components\": ["

struct out {
	crd_put_fn put;
	void *ctx;
	const struct crd_report *report; /* NULL: an inventory only */
	struct crd_explainer *explain;	 /* NULL: nothing is */
};

static int put(const struct out *out, const char *text)
{
	return *text ? out->put(text, strlen(text), out->ctx) : 0;
}

/* Two levels deeper. A line's end in the text is one of JSON's, never ours. */
static int put_deeper(const struct out *out, const char *text)
{
	const char *end;
	int ret = 0;

	while (!ret && (end = strchr(text, '\n'))) {
		ret = out->put(text, (size_t)(end - text), out->ctx);
		if (!ret)
			ret = put(out, "\n    ");
		text = end + 1;
	}
	return ret ? ret : put(out, text);
}

static int put_component(const struct out *out, const struct crd_show *show,
			 const struct crd_component *c)
{
	const struct crd_report *report = out->report;
	bool ok = true;
	json_t *o = crd_component_json(c, show->inventory, show->registry,
				       report ? report->policy : NULL, &ok);
	char *text = NULL;
	int ret = 0;

	if (show->now)
		crd_show_component(show, c, o, &ok);
	if (out->explain)
		ret = crd_explain_component(out->explain, c, o, &ok);
	if (!ret && o && ok)
		text = json_dumps(o, JSON_SORT_KEYS | JSON_INDENT(2));
	json_decref(o);
	ret = text ? put_deeper(out, text) : -ENOMEM;
	free(text);
	return ret;
}

static int put_components(const struct out *out, const struct crd_show *show)
{
	struct crd_inventory_iter it = { .inventory = show->inventory,
					 .registry = show->registry };
	struct crd_component c;
	size_t signatures = 0;
	bool some = false;
	int ret = 0;

	while (!ret && crd_inventory_next(&it, &c)) {
		if (c.signature.ptr && out->report &&
		    signatures < out->report->n_signings)
			c.signing = out->report->signings[signatures++];
		if (!crd_filter_fits(show, &c))
			continue;
		ret = put(out, some ? ",\n    " : "\n    ");
		if (!ret)
			ret = put_component(out, show, &c);
		some = true;
	}
	return ret || !some ? ret : put(out, "\n  ");
}

/*
 * The object has an empty array of components; they are written into it one by
 * one. Only a key of the outermost object is two blanks deep, and no text has
 * a line's end in it, so its place is unmistakable.
 */
static int put_around(const struct out *out, const char *text,
		      const struct crd_show *show)
{
	const char *at = strstr(text, NO_COMPONENTS);
	int ret;

	if (!at)
		return -EINVAL;
	at += strlen(NO_COMPONENTS);
	ret = out->put(text, (size_t)(at - text), out->ctx);
	if (!ret)
		ret = put_components(out, show);
	if (!ret)
		ret = put(out, at);
	return ret ? ret : put(out, "\n");
}

int crd_json_finish(json_t *o, bool ok, const struct crd_show *show,
		    const struct crd_report *report,
		    struct crd_explainer *explain, crd_put_fn put_text,
		    void *ctx)
{
	const struct out out = { put_text, ctx, report, explain };
	char *text = NULL;
	int ret;

	set(o, "components", json_array(), &ok);
	if (ok && o)
		text = json_dumps(o, JSON_SORT_KEYS | JSON_INDENT(2));
	json_decref(o);
	if (!text)
		return -ENOMEM;
	ret = put_around(&out, text, show);
	free(text);
	return ret;
}

static int put_report(const struct crd_report *report,
		      struct crd_explainer *explain, crd_put_fn put_text,
		      void *ctx)
{
	const struct crd_show show = { .inventory = &report->inventory,
				       .registry = report->registry };
	json_t *o = json_object();
	bool ok = true;

	set_text(o, "schema", REPORT_SCHEMA, &ok);
	set_text(o, "verdict", crd_verdict_name(report->verdict), &ok);
	set(o, "evidence_malformed", json_boolean(report->evidence_malformed),
	    &ok);
	set(o, "fresh", json_boolean(report->fresh), &ok);
	set_time(o, "when", report->when, &ok);
	if (report->as_of)
		set_day(o, "as_of", report->as_of, &ok);
	set_text(o, "machine", report->machine, &ok);
	set_text(o, "ak_name", report->ak_name, &ok);
	crd_report_authority_json(o, report, &ok);
	if (crd_context_given(&report->context))
		set(o, "context", context_json(&report->context, &ok), &ok);
	set_digest(o, "evidence_digest", &report->evidence_digest, &ok);
	if (report->bid)
		set(o, "bid", bid_json(report, &ok), &ok);
	set_digest(o, "registry_digest", &report->registry_digest, &ok);
	set_number(o, "records", report->records, &ok);
	set_number(o, "covered", report->covered, &ok);
	if (report->quote.bank)
		set(o, "quote", quote_json(report, &ok), &ok);
	if (report->coverage.ptr)
		set(o, "coverage", coverage_json(report, &ok), &ok);
	set(o, "stages", stages_json(report, &ok), &ok);
	set(o, "findings", findings_json(report, &ok), &ok);
	return crd_json_finish(o, ok, &show, report, explain, put_text, ctx);
}

int crd_report_json_put(const struct crd_report *report, crd_put_fn put_text,
			void *ctx)
{
	return put_report(report, NULL, put_text, ctx);
}

int crd_explain_json(const struct crd_report *report, const char *name,
		     crd_put_fn put_text, void *ctx)
{
	struct crd_explainer e = { 0 };
	int ret = 0;

	if (report->judged)
		ret = crd_explainer_init(&e, report, name);
	if (!ret)
		ret = put_report(report, report->judged ? &e : NULL, put_text,
				 ctx);
	crd_explainer_done(&e);
	return ret;
}

static int put_str(const char *text, size_t len, void *ctx)
{
	struct crd_str *str = ctx;

	crd_str_add(str, text, len);
	return str->failed ? -ENOMEM : 0;
}

int crd_report_json(const struct crd_report *report, char **ret_text)
{
	struct crd_str str = { 0 };
	int ret = crd_report_json_put(report, put_str, &str);

	if (ret) {
		crd_str_done(&str);
		return ret;
	}
	*ret_text = crd_str_take(&str);
	return *ret_text ? 0 : -ENOMEM;
}
