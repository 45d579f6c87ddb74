// SPDX-License-Identifier: Apache-2.0
/*
 * The report for machines. Keys are sorted, so equal reports are equal bytes;
 * "schema" changes when a key changes its meaning or goes, not when one comes.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"

#define REPORT_SCHEMA	 "credence-report-1"
#define INVENTORY_SCHEMA "credence-inventory-1"

/* json_object_set_new() refuses NULL values, so failures add up in ok. */
static void set(json_t *object, const char *key, json_t *value, bool *ok)
{
	if (json_object_set_new(object, key, value))
		*ok = false;
}

static void set_text(json_t *object, const char *key, const char *text,
		     bool *ok)
{
	if (text)
		set(object, key, json_string(text), ok);
}

/* Numbers past what JSON readers hold exactly become texts. */
static void set_number(json_t *object, const char *key, uint64_t n, bool *ok)
{
	char text[32];

	if (n <= (1ull << 53)) {
		set(object, key, json_integer((json_int_t)n), ok);
		return;
	}
	snprintf(text, sizeof(text), "%" PRIu64, n);
	set(object, key, json_string(text), ok);
}

static void set_str(json_t *object, const char *key, struct crd_str *str,
		    bool *ok)
{
	if (str->failed)
		*ok = false;
	else if (str->len)
		set(object, key, json_stringn(str->ptr, str->len), ok);
	crd_str_done(str);
}

static void set_safe(json_t *object, const char *key, struct crd_buf bytes,
		     bool *ok)
{
	struct crd_str str = { 0 };

	if (!bytes.ptr)
		return;
	crd_str_safe(&str, bytes);
	if (!str.len)
		set(object, key, json_string(""), ok);
	set_str(object, key, &str, ok);
}

static void set_digest(json_t *object, const char *key,
		       const struct crd_digest *d, bool *ok)
{
	struct crd_str str = { 0 };

	if (!d->alg)
		return;
	crd_str_fmt(&str, "%s:",
		    crd_alg_name(d->alg) ? crd_alg_name(d->alg) : "unknown");
	crd_str_hex(&str, d->bytes, d->len);
	set_str(object, key, &str, ok);
}

static void set_time(json_t *object, const char *key, int64_t when, bool *ok)
{
	set(object, key, json_integer(when), ok);
}

static json_t *flags_json(uint32_t flags, bool *ok)
{
	json_t *array = json_array();
	const char *name;
	unsigned int bit;

	for (bit = 0; (name = crd_flag_name(bit)); bit++) {
		if (flags >> bit & 1 &&
		    json_array_append_new(array, json_string(name)))
			*ok = false;
	}
	return array;
}

static json_t *authors_json(const struct crd_component *c, bool *ok)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < c->n_authors; i++) {
		struct crd_str str = { 0 };

		crd_str_safe(&str, c->authors[i]);
		if (str.failed ||
		    json_array_append_new(array,
					  json_stringn(str.ptr ? str.ptr : "",
						       str.len)))
			*ok = false;
		crd_str_done(&str);
	}
	return array;
}

static json_t *vendors_json(const struct crd_component *c,
			    const struct crd_registry *registry, bool *ok)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; registry && i < c->n_vendors; i++) {
		const struct crd_entity *e = &registry->entities[c->vendors[i]];
		json_t *v = json_object();

		set_text(v, "entity", e->id, ok);
		set_text(v, "name", e->name, ok);
		set_text(v, "hq_jurisdiction", e->hq, ok);
		set_text(v, "ultimate_parent_jurisdiction", e->ultimate, ok);
		set_text(v, "basis", c->entity_basis, ok);
		set_text(v, "grade", crd_grade_name(c->grade), ok);
		if (json_array_append_new(array, v))
			*ok = false;
	}
	return array;
}

static void set_hex(json_t *object, const char *key, struct crd_buf bytes,
		    bool *ok)
{
	struct crd_str str = { 0 };

	crd_str_hex(&str, bytes.ptr, bytes.len);
	set_str(object, key, &str, ok);
}

static json_t *signer_json(const struct crd_component *c,
			   const struct crd_policy *policy, bool *ok)
{
	struct crd_signer_named named = crd_signer_named(policy, c);
	json_t *o = json_object();

	set_text(o, "result", crd_signed_name(c->signing.result), ok);
	if (named.who) {
		set_text(o, "id", named.who->id, ok);
		set(o, "distribution", json_boolean(named.who->distribution),
		    ok);
	}
	set_safe(o, "name", named.name, ok);
	set_hex(o, "serial", named.serial, ok);
	set_hex(o, "key_id", named.key_id, ok);
	return o;
}

static json_t *component_json(const struct crd_component *c,
			      const struct crd_registry *registry,
			      const struct crd_policy *policy, bool *ok)
{
	json_t *o = json_object();

	set_text(o, "kind", crd_kind_name(c->kind), ok);
	set_number(o, "record", c->recnum, ok);
	set_number(o, "item", c->item, ok);
	set_safe(o, "name", c->name, ok);
	set_safe(o, "path", c->path, ok);
	set_safe(o, "license", c->license, ok);
	set_safe(o, "version", c->version, ok);
	set_safe(o, "vermagic", c->vermagic, ok);
	set_safe(o, "srcversion", c->srcversion, ok);
	set_text(o, "origin", crd_origin_name(c->origin), ok);
	if (c->kind == CRD_KIND_DRIVER) {
		set_text(o, "signature", crd_sig_status_name(c->sig_status),
			 ok);
		if (c->signature.ptr)
			set(o, "signer", signer_json(c, policy, ok), ok);
		set(o, "authors", authors_json(c, ok), ok);
		set(o, "vendors", vendors_json(c, registry, ok), ok);
	}
	set_digest(o, "digest", &c->digest, ok);
	set_digest(o, "payload_digest", &c->payload, ok);
	set_digest(o, "payload_digest_too", &c->payload_too, ok);
	set(o, "flags", flags_json(c->flags, ok), ok);
	if (c->flags & CRD_FLAG_FAILED)
		set(o, "result", json_integer(c->result), ok);
	return o;
}

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

static json_t *policy_json(const struct crd_report *r, bool *ok)
{
	json_t *o = json_object();

	set_text(o, "name", r->policy_name, ok);
	set_number(o, "version", r->policy_version, ok);
	set_digest(o, "digest", &r->policy_digest, ok);
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

static int put_component(const struct out *out, const struct crd_component *c,
			 const struct crd_registry *registry)
{
	bool ok = true;
	json_t *o = component_json(
		c, registry, out->report ? out->report->policy : NULL, &ok);
	char *text = NULL;
	int ret;

	if (o && ok)
		text = json_dumps(o, JSON_SORT_KEYS | JSON_INDENT(2));
	json_decref(o);
	ret = text ? put_deeper(out, text) : -ENOMEM;
	free(text);
	return ret;
}

static int put_components(const struct out *out,
			  const struct crd_inventory *inv,
			  const struct crd_registry *registry)
{
	struct crd_inventory_iter it = { .inventory = inv,
					 .registry = registry };
	struct crd_component c;
	size_t signatures = 0;
	bool some = false;
	int ret = 0;

	while (!ret && crd_inventory_next(&it, &c)) {
		if (c.signature.ptr && out->report &&
		    signatures < out->report->n_signings)
			c.signing = out->report->signings[signatures++];
		ret = put(out, some ? ",\n    " : "\n    ");
		if (!ret)
			ret = put_component(out, &c, registry);
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
		      const struct crd_inventory *inv,
		      const struct crd_registry *registry)
{
	const char *at = strstr(text, NO_COMPONENTS);
	int ret;

	if (!at)
		return -EINVAL;
	at += strlen(NO_COMPONENTS);
	ret = out->put(text, (size_t)(at - text), out->ctx);
	if (!ret)
		ret = put_components(out, inv, registry);
	if (!ret)
		ret = put(out, at);
	return ret ? ret : put(out, "\n");
}

/* Takes the object over. */
static int finish(json_t *o, bool ok, const struct crd_inventory *inv,
		  const struct crd_registry *registry, const struct out *out)
{
	char *text = NULL;
	int ret;

	set(o, "components", json_array(), &ok);
	if (ok && o)
		text = json_dumps(o, JSON_SORT_KEYS | JSON_INDENT(2));
	json_decref(o);
	if (!text)
		return -ENOMEM;
	ret = put_around(out, text, inv, registry);
	free(text);
	return ret;
}

int crd_report_json_put(const struct crd_report *report, crd_put_fn put_text,
			void *ctx)
{
	const struct out out = { put_text, ctx, report };
	json_t *o = json_object();
	bool ok = true;

	set_text(o, "schema", REPORT_SCHEMA, &ok);
	set_text(o, "verdict", crd_verdict_name(report->verdict), &ok);
	set(o, "evidence_malformed", json_boolean(report->evidence_malformed),
	    &ok);
	set(o, "fresh", json_boolean(report->fresh), &ok);
	set_time(o, "when", report->when, &ok);
	set_text(o, "machine", report->machine, &ok);
	set_text(o, "ak_name", report->ak_name, &ok);
	set(o, "policy", policy_json(report, &ok), &ok);
	set_digest(o, "evidence_digest", &report->evidence_digest, &ok);
	set_digest(o, "registry_digest", &report->registry_digest, &ok);
	set_number(o, "records", report->records, &ok);
	set_number(o, "covered", report->covered, &ok);
	if (report->quote.bank)
		set(o, "quote", quote_json(report, &ok), &ok);
	set(o, "stages", stages_json(report, &ok), &ok);
	set(o, "findings", findings_json(report, &ok), &ok);
	return finish(o, ok, &report->inventory, report->registry, &out);
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

int crd_inventory_json(const struct crd_inventory *inventory,
		       const struct crd_registry *registry, crd_put_fn put_text,
		       void *ctx)
{
	const struct out out = { put_text, ctx, NULL };
	json_t *o = json_object();
	bool ok = true;

	set_text(o, "schema", INVENTORY_SCHEMA, &ok);
	return finish(o, ok, inventory, registry, &out);
}
