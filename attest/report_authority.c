// SPDX-License-Identifier: Apache-2.0
/*
 * Which policy, registry and waivers a verdict rests on, and who signed them:
 * as findings, for people and for machines. What the library is told in the
 * appraisal's seals the caller has checked.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "appraise_private.h"
#include "authority.h"
#include "json_set.h"
#include "page.h"
#include "report_authority.h"

/* Files of waivers and what was signed of them are in the same order. */
static const struct crd_seal *find(const struct crd_report *r,
				   enum crd_seal_kind kind, size_t nth)
{
	size_t i;

	for (i = 0; i < r->n_seals; i++) {
		if (r->seals[i].kind == kind && nth-- == 0)
			return &r->seals[i];
	}
	return NULL;
}

/* "The policy laboratory, version 3," */
static void say_what(struct crd_str *str, const struct crd_seal *seal)
{
	const char *kind = crd_seal_kind_name(seal->kind);

	crd_str_fmt(str, "The %s", kind);
	if (strcmp(seal->name, kind))
		crd_str_fmt(str, " %s", seal->name);
	crd_str_fmt(str, ", version %" PRIu64 ",", seal->version);
}

static int note_signed(struct crd_report *report, const struct crd_seal *seal)
{
	struct crd_str str = { 0 };
	int ret = -ENOMEM;

	say_what(&str, seal);
	crd_str_fmt(&str,
		    " %s signed by %s, whom the pinned authority vouches for.",
		    seal->kind == CRD_SEAL_WAIVERS ? "are" : "is",
		    seal->by.subject);
	if (!str.failed)
		ret = crd_report_add(
			report, CRD_STAGE_POLICY, CRD_PASSED, CRD_REASON_NONE,
			CRD_ADMIT, "authority",
			&(struct crd_says){
				.component = crd_seal_kind_name(seal->kind),
				.observed = seal->by.subject,
				.expected = seal->by.anchor,
				.sentence = str.ptr });
	crd_str_done(&str);
	return ret;
}

/* The operator said so; whoever reads the verdict is told. */
static int note_older(struct crd_report *report, const struct crd_seal *seal)
{
	struct crd_str str = { 0 };
	int ret = -ENOMEM;

	say_what(&str, seal);
	if (seal->differs)
		crd_str_puts(
			&str,
			" is not the one of that version that this verifier has seen before; the operator let it count.");
	else
		crd_str_fmt(
			&str,
			" is older than version %" PRIu64
			", which this verifier has seen; the operator let it count.",
			seal->newer);
	if (!str.failed)
		ret = crd_report_add(
			report, CRD_STAGE_POLICY, CRD_NOT_EVALUATED,
			CRD_REASON_NONE, CRD_ADMIT, "authority-older",
			&(struct crd_says){
				.component = crd_seal_kind_name(seal->kind),
				.sentence = str.ptr });
	crd_str_done(&str);
	return ret;
}

int crd_report_note_seals(struct crd_report *report)
{
	const struct crd_seal *seal = report->seals;
	size_t i;
	int ret = 0;

	if (!report->n_seals)
		return crd_report_add(
			report, CRD_STAGE_POLICY, CRD_NOT_EVALUATED,
			CRD_REASON_NONE, CRD_ADMIT, "authority",
			&(struct crd_says){
				.sentence =
					"The policy is not authenticated: no authority is pinned, so whoever could write the file decides.",
			});
	for (i = 0; i < report->n_seals && !ret; i++) {
		ret = note_signed(report, &seal[i]);
		if (!ret && (seal[i].newer || seal[i].differs))
			ret = note_older(report, &seal[i]);
	}
	return ret;
}

static void line(struct crd_page *p, const char *label, struct crd_str *text)
{
	crd_str_fmt(&p->str, "  %-12s ", label);
	crd_page_flow(p, text->ptr ? text->ptr : "", 15, 15);
	p->str.failed |= text->failed;
	crd_str_done(text);
}

static void say_signer(struct crd_str *str, const struct crd_seal *seal)
{
	if (!seal) {
		crd_str_puts(str, "; not authenticated");
		return;
	}
	crd_str_fmt(str, "; signed by %s (%s, %s, certificate ",
		    seal->by.subject, seal->by.key, seal->by.hash);
	crd_str_hex(str, seal->by.fingerprint.bytes, seal->by.fingerprint.len);
	crd_str_puts(str, ", valid until ");
	crd_str_time(str, seal->by.until);
	crd_str_fmt(str, ") under %s", seal->by.anchor);
}

static void policy_line(struct crd_page *p, const struct crd_report *r)
{
	struct crd_str str = { 0 };

	crd_str_fmt(&str, "%s, version %" PRIu64, r->policy_name,
		    r->policy_version);
	say_signer(&str, find(r, CRD_SEAL_POLICY, 0));
	line(p, "policy", &str);
}

static void registry_line(struct crd_page *p, const struct crd_report *r)
{
	struct crd_str str = { 0 };

	if (!r->registry || !r->registry_digest.alg)
		return;
	crd_str_fmt(&str, "version %" PRIu64 " of ",
		    crd_registry_version(r->registry));
	crd_str_date(&str, crd_registry_date(r->registry));
	say_signer(&str, find(r, CRD_SEAL_REGISTRY, 0));
	line(p, "registry", &str);
}

/* Policies that it extends, which its manifest covers; then files of waivers. */
static void file_lines(struct crd_page *p, const struct crd_report *r)
{
	size_t i, nth = 0;

	for (i = 1; r->policy && i < r->policy->n_files; i++) {
		const struct crd_policy_file *f = &r->policy->files[i];
		struct crd_str str = { 0 };

		if (!f->waivers)
			crd_str_fmt(&str, "%s, version %" PRIu64 ", ", f->name,
				    f->version);
		crd_str_safe(&str, crd_buf_of(f->path));
		if (f->waivers) {
			crd_str_fmt(&str, ", version %" PRIu64, f->version);
			say_signer(&str, find(r, CRD_SEAL_WAIVERS, nth++));
		}
		line(p, f->waivers ? "waivers" : "extends", &str);
	}
}

void crd_report_authority(struct crd_page *p, const struct crd_report *r)
{
	crd_page_heading(p, "Policy and registry");
	policy_line(p, r);
	file_lines(p, r);
	registry_line(p, r);
}

static json_t *seal_json(const struct crd_seal *seal, bool *ok)
{
	json_t *o = json_object();

	set_text(o, "name", seal->name, ok);
	set_number(o, "version", seal->version, ok);
	set_text(o, "date", seal->date, ok);
	set_text(o, "subject", seal->by.subject, ok);
	set_digest(o, "certificate", &seal->by.fingerprint, ok);
	set_text(o, "key", seal->by.key, ok);
	set_text(o, "hash", seal->by.hash, ok);
	set_time(o, "valid_from", seal->by.from, ok);
	set_time(o, "valid_until", seal->by.until, ok);
	set_text(o, "anchor", seal->by.anchor, ok);
	if (seal->newer)
		set_number(o, "newer_seen", seal->newer, ok);
	if (seal->differs)
		set(o, "other_seen", json_true(), ok);
	return o;
}

/* null where nobody vouches */
static void set_seal(json_t *o, const struct crd_seal *seal, bool *ok)
{
	set(o, "signed", seal ? seal_json(seal, ok) : json_null(), ok);
}

static json_t *registry_json(const struct crd_report *r, bool *ok)
{
	struct crd_str date = { 0 };
	json_t *o = json_object();

	set_number(o, "version", crd_registry_version(r->registry), ok);
	crd_str_date(&date, crd_registry_date(r->registry));
	set_str(o, "date", &date, ok);
	set_digest(o, "digest", &r->registry_digest, ok);
	set_seal(o, find(r, CRD_SEAL_REGISTRY, 0), ok);
	return o;
}

/* The policies that it extends, or the files of waivers, with who signed these. */
static json_t *files_json(const struct crd_report *r, bool waivers, bool *ok)
{
	const struct crd_policy *p = r->policy;
	json_t *array = json_array();
	size_t i, nth = 0;

	for (i = 1; i < p->n_files; i++) {
		const struct crd_policy_file *f = &p->files[i];
		json_t *o;

		if (f->waivers != waivers)
			continue;
		o = json_object();
		set_text(o, "file", f->path, ok);
		if (!waivers)
			set_text(o, "name", f->name, ok);
		set_number(o, "version", f->version, ok);
		set_digest(o, "digest", &f->digest, ok);
		if (waivers)
			set_seal(o, find(r, CRD_SEAL_WAIVERS, nth++), ok);
		append(array, o, ok);
	}
	return array;
}

static json_t *policy_json(const struct crd_report *r, bool *ok)
{
	json_t *o = json_object();

	if (r->policy && r->policy->n_files > 1) {
		set(o, "extends", files_json(r, false, ok), ok);
		set(o, "waivers", files_json(r, true, ok), ok);
	}
	set_text(o, "name", r->policy_name, ok);
	set_number(o, "version", r->policy_version, ok);
	set_digest(o, "digest", &r->policy_digest, ok);
	set_seal(o, find(r, CRD_SEAL_POLICY, 0), ok);
	return o;
}

void crd_report_authority_json(json_t *o, const struct crd_report *r, bool *ok)
{
	set(o, "policy", policy_json(r, ok), ok);
	if (r->registry && r->registry_digest.alg)
		set(o, "registry", registry_json(r, ok), ok);
}
