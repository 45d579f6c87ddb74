// SPDX-License-Identifier: Apache-2.0
/*
 * A bid before the policy: what is declared is judged by the same rules as what
 * is measured. What only a measurement can show is not guessed at: it is said,
 * as what the delivery must show.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bid_private.h"

/* Not checked, and no reason against the bid. */
static int later(struct crd_work *w, enum crd_stage stage, const char *check,
		 const char *sentence)
{
	return crd_skip(w, stage, false, check, sentence);
}

static int later_if(struct crd_work *w, bool required, enum crd_stage stage,
		    const char *check, const char *sentence)
{
	return required ? later(w, stage, check, sentence) : 0;
}

static int later_text(struct crd_work *w, enum crd_stage stage,
		      const char *check, struct crd_str *sentence)
{
	int ret = sentence->failed ? -ENOMEM :
				     later(w, stage, check, sentence->ptr);

	crd_str_done(sentence);
	return ret;
}

static int say_structure(struct crd_work *w, const struct crd_bid *bid,
			 size_t n_parts)
{
	struct crd_str seen = { 0 }, sentence = { 0 };
	int ret;

	crd_str_fmt(&seen, "%s: %zu items, %zu parts", bid->said, bid->n_lines,
		    n_parts);
	crd_str_puts(&sentence,
		     "The bill of materials is whole and was read as ");
	crd_str_fmt(&sentence, "%s.", bid->said);
	if (bid->left_out)
		crd_str_fmt(&sentence, " Left out: %s.", bid->left_out);
	if (seen.failed || sentence.failed)
		ret = -ENOMEM;
	else
		ret = crd_pass(w, CRD_STAGE_STRUCTURE, "bill",
			       &(struct crd_says){ .observed = seen.ptr,
						   .sentence = sentence.ptr });
	crd_str_done(&seen);
	crd_str_done(&sentence);
	return ret;
}

static int say_trust(struct crd_work *w)
{
	const struct crd_requires *r = &w->in->policy->requires;
	struct crd_str fresh = { 0 };
	int ret;

	ret = later(
		w, CRD_STAGE_IDENTITY, "identity",
		r->identity_pinned ?
			"The machine must sign with a key that was noted at delivery." :
			"The machine must sign with a key of its TPM.");
	crd_str_fmt(
		&fresh,
		"The machine must answer a challenge not older than %lld seconds.",
		(long long)r->freshness);
	if (ret)
		crd_str_done(&fresh);
	else
		ret = later_text(w, CRD_STAGE_FRESHNESS, "freshness", &fresh);
	if (!ret)
		ret = later(
			w, CRD_STAGE_QUOTE, "quote",
			"The machine's TPM must sign what was measured in it.");
	if (!ret)
		ret = later(w, CRD_STAGE_LOGS, "log",
			    "The machine must show the measurer's log.");
	return ret;
}

static int say_boot(struct crd_work *w)
{
	const struct crd_requires *r = &w->in->policy->requires;
	int ret;

	ret = later(
		w, CRD_STAGE_BOOT, "boot",
		"How the machine starts must be shown by the machine itself.");
	if (!ret)
		ret = later_if(w, r->secure_boot, CRD_STAGE_BOOT, "secure-boot",
			       "Secure Boot must be on.");
	if (!ret)
		ret = later_if(
			w, r->lockdown != CRD_LOCKDOWN_NONE, CRD_STAGE_BOOT,
			"lockdown",
			r->lockdown == CRD_LOCKDOWN_INTEGRITY ?
				"The kernel must be locked down, at least to integrity." :
				"The kernel must be locked down to confidentiality.");
	if (!ret)
		ret = later_if(
			w, r->measurer_reference, CRD_STAGE_BOOT, "measurer",
			"The measurer must be one of the policy's references.");
	return ret;
}

static int say_coverage(struct crd_work *w)
{
	const struct crd_requires *r = &w->in->policy->requires;
	struct crd_str sees = { 0 };
	unsigned int i;
	int ret = later_if(
		w, r->no_activity, CRD_STAGE_COMPONENTS, "activity",
		"Code must not have come into the kernel by ways that the policy forbids.");

	if (!ret)
		ret = later_if(
			w, r->bid_match, CRD_STAGE_COMPONENTS, "bid-match",
			"The delivery must be as this bid declares it: verify --against-bid.");
	if (ret || !r->n_coverage)
		return ret;
	crd_str_puts(&sees, "The measurer must see: ");
	for (i = 0; i < r->n_coverage; i++)
		crd_str_fmt(&sees, "%s%s", i ? ", " : "", r->coverage[i]);
	crd_str_puts(&sees, ".");
	return later_text(w, CRD_STAGE_COMPONENTS, "coverage", &sees);
}

static int say_components(struct crd_work *w)
{
	const size_t *n = w->report->inventory.n_kind;
	struct crd_str seen = { 0 };
	int ret;

	crd_str_fmt(
		&seen,
		"%zu drivers, %zu firmware images, %zu devices, %zu platform parts",
		n[CRD_KIND_DRIVER], n[CRD_KIND_FIRMWARE], n[CRD_KIND_DEVICE],
		n[CRD_KIND_PLATFORM]);
	if (seen.failed)
		ret = -ENOMEM;
	else
		ret = crd_pass(
			w, CRD_STAGE_COMPONENTS, "declared",
			&(struct crd_says){
				.observed = seen.ptr,
				.sentence =
					"The parts are declared by the bidder; nothing was measured.",
			});
	crd_str_done(&seen);
	return ret ? ret : say_coverage(w);
}

/* Does the rule ask what no part of this bill can answer? */
static bool needs_measurement(const struct crd_work *w,
			      const struct crd_rule *rule, bool digests)
{
	const struct crd_cond *cond = &w->in->policy->conds[rule->when.first];
	uint32_t i;

	for (i = 0; i < rule->when.n; i++) {
		if (crd_cond_measured(&cond[i]) ||
		    (cond[i].key == CRD_COND_DIGEST && !digests))
			return true;
	}
	return false;
}

/* Has all that could have one a digest? */
static bool all_digests(const struct crd_inventory *inv)
{
	struct crd_inventory_iter it = { .inventory = inv };
	struct crd_component c;

	while (crd_inventory_next(&it, &c)) {
		if (c.kind <= CRD_KIND_FIRMWARE && !c.digest.alg)
			return false;
	}
	return true;
}

static int say_rules(struct crd_work *w)
{
	const struct crd_policy *p = w->in->policy;
	bool digests = all_digests(&w->report->inventory);
	struct crd_str rules = { 0 };
	size_t i, n = 0;

	crd_str_puts(
		&rules,
		"Rules that ask what only a measurement shows (signatures, origins, flags, places, what drives what, digests) were not applied: ");
	for (i = 0; i < p->n_rules; i++) {
		if (needs_measurement(w, &p->rules[i], digests))
			crd_str_fmt(&rules, "%s%s", n++ ? ", " : "",
				    p->rules[i].id);
	}
	crd_str_puts(&rules, ".");
	if (n)
		return later_text(w, CRD_STAGE_POLICY, "measured-only", &rules);
	crd_str_done(&rules);
	return 0;
}

int crd_screen(const struct crd_appraisal *in, struct crd_bid *bid,
	       struct crd_report **ret_report)
{
	struct crd_work w = { .in = in };
	size_t n_parts = bid->inventory.n;
	int ret = crd_judge_inventory(in, &bid->inventory, &w.report);

	if (ret)
		return ret;
	memset(&w.report->evidence_digest, 0,
	       sizeof(w.report->evidence_digest));
	w.report->bid_digest = bid->digest;
	ret = crd_report_name_bid(w.report, bid);
	if (!ret)
		ret = say_structure(&w, bid, n_parts);
	if (!ret)
		ret = say_trust(&w);
	if (!ret)
		ret = say_boot(&w);
	if (!ret)
		ret = say_components(&w);
	if (!ret)
		ret = say_rules(&w);
	if (!ret)
		ret = crd_bid_say_doubts(&w);
	if (ret) {
		crd_report_free(&w.report);
		return ret;
	}
	crd_report_settle(w.report);
	*ret_report = w.report;
	return 0;
}
