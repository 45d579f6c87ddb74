// SPDX-License-Identifier: Apache-2.0
/*
 * The decision. Stages run in order; each leaves at least one finding, also
 * when it could not run. What a stage may rely on is what earlier stages left
 * in struct crd_work, never that they were called.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "report_authority.h"

int crd_pass(struct crd_work *w, enum crd_stage stage, const char *check,
	     const struct crd_says *says)
{
	return crd_report_add(w->report, stage, CRD_PASSED, CRD_REASON_NONE,
			      CRD_ADMIT, check, says);
}

int crd_fail_check(struct crd_work *w, enum crd_stage stage,
		   enum crd_reason reason, const char *check,
		   const struct crd_says *says)
{
	return crd_report_add(w->report, stage, CRD_FAILED, reason, CRD_REFUSE,
			      check, says);
}

int crd_skip(struct crd_work *w, enum crd_stage stage, bool required,
	     const char *check, const char *sentence)
{
	return crd_report_add(w->report, stage, CRD_NOT_EVALUATED,
			      CRD_REASON_NONE,
			      required ? CRD_REFUSE : CRD_ADMIT, check,
			      &(struct crd_says){ .sentence = sentence });
}

static int ignore_claim(struct crd_buf key, struct crd_buf value, void *ctx)
{
	return 0;
}

static int malformed(struct crd_work *w, const char *check,
		     const struct crd_error *err)
{
	struct crd_str place = { 0 };
	int ret;

	crd_str_fmt(&place, "evidence, byte %zu", err->offset);
	w->report->evidence_malformed = true;
	ret = crd_fail_check(
		w, CRD_STAGE_STRUCTURE, CRD_REASON_MALFORMED, check,
		&(struct crd_says){
			.observed = err->text,
			.expected = "a well-formed bundle",
			.place = place.ptr,
			.sentence =
				"The evidence file is damaged or is not a Credence evidence file.",
			.next_step =
				"Fetch the file again, or have the machine attest again.",
		});
	crd_str_done(&place);
	return ret;
}

/* 0 with *ret_ok, or -errno that leaves no verdict at all. */
static int appraise_structure(struct crd_work *w, bool *ret_ok)
{
	struct crd_error err = { 0 };
	int ret = crd_evidence_decode(w->in->evidence, &w->evidence, &err);

	if (ret == -ENOMEM || ret == -EIO)
		return ret;
	if (ret)
		return malformed(w, "bundle", &err);
	ret = crd_claims_walk(w->evidence.claims, ignore_claim, NULL, &err);
	if (ret == -ENOMEM || ret == -EIO)
		return ret;
	if (ret)
		return malformed(w, "claims", &err);
	*ret_ok = true;
	return crd_pass(w, CRD_STAGE_STRUCTURE, "bundle",
			&(struct crd_says){
				.sentence = "The evidence file is whole.",
			});
}

/* Nothing after a damaged bundle can be looked at. */
static int skip_rest(struct crd_work *w)
{
	unsigned int stage;
	int ret = 0;

	for (stage = CRD_STAGE_IDENTITY; !ret && stage < CRD_STAGE_MAX; stage++)
		ret = crd_skip(
			w, stage, true, crd_stage_name(stage),
			"Not checked: the evidence file could not be read.");
	return ret;
}

static int run(struct crd_work *w)
{
	static int (*const stages[])(struct crd_work *) = {
		crd_appraise_identity, crd_appraise_freshness,
		crd_appraise_quote,    crd_appraise_logs,
		crd_appraise_boot,     crd_appraise_policy,
	};
	bool whole = false;
	size_t i;
	int ret = appraise_structure(w, &whole);

	if (!ret && !whole)
		return skip_rest(w);
	for (i = 0; !ret && i < sizeof(stages) / sizeof(stages[0]); i++)
		ret = stages[i](w);
	return ret;
}

static int start(struct crd_report *report, const struct crd_appraisal *in)
{
	int ret;

	report->when = in->now;
	report->as_of = in->as_of;
	report->registry = in->registry;
	report->policy = in->policy;
	report->seals = in->seals;
	report->n_seals = in->n_seals;
	report->language = in->language;
	report->context = in->context;
	report->policy_name = strdup(crd_policy_name(in->policy));
	report->policy_version = crd_policy_version(in->policy);
	report->policy_digest = *crd_policy_digest(in->policy);
	if (in->registry)
		report->registry_digest = *crd_registry_digest(in->registry);
	if (!report->policy_name)
		return -ENOMEM;
	ret = crd_hash(CRD_ALG_SHA256, &in->evidence, 1,
		       &report->evidence_digest);
	return ret ? ret : crd_report_note_seals(report);
}

int crd_report_new(const struct crd_appraisal *in,
		   struct crd_report **ret_report)
{
	struct crd_report *report = calloc(1, sizeof(*report));
	int ret = report ? start(report, in) : -ENOMEM;

	if (ret)
		crd_report_free(&report);
	else
		*ret_report = report;
	return ret;
}

int crd_appraise(const struct crd_appraisal *in, struct crd_report **ret_report)
{
	struct crd_work w = { .in = in };
	int ret = crd_report_new(in, &w.report);

	if (ret)
		return ret;
	ret = run(&w);
	crd_ak_free(&w.ak);
	if (ret) {
		crd_report_free(&w.report);
		return ret;
	}
	crd_report_settle(w.report);
	*ret_report = w.report;
	return 0;
}
