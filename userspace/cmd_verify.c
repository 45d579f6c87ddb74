// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bidfile.h"
#include "bundle.h"
#include "challenge.h"
#include "io.h"
#include "options.h"
#include "store.h"
#include "verifier.h"

struct verify {
	struct crd_verifier v;
	const char *challenge_file;
	const char *evidence_file;
	const char *baseline_file;
	int64_t now; /* -1: the clock's */
	struct crd_challenge challenge;
	struct crd_store *store;
	enum crd_spent spent;
	struct crd_digest spent_on;
	struct crd_bundle baseline;
	uint8_t *evidence;
	size_t evidence_len;
	const char *bid_file;	/* NULL: no bid */
	const char *bid_format; /* NULL: by content */
	struct crd_bid *bid;
};

static bool same_challenge(const struct crd_challenge *a,
			   const struct crd_challenge *b)
{
	return a->issued == b->issued && a->expires == b->expires;
}

/* How the challenge stands; what was given out counts, not what came back. */
static int look_up(struct verify *w)
{
	struct crd_challenge kept = { 0 };
	struct crd_error err;
	int r;

	r = crd_store_open(w->v.pin.state_dir, false, &w->store, &err);
	if (r == 0)
		r = crd_store_find(w->store, &w->challenge, &w->spent, &kept,
				   &w->spent_on, &err);
	if (r < 0)
		return crd_io_fail(CRD_EXIT_FAILURE, &err);
	if (w->spent == CRD_OPEN && !same_challenge(&kept, &w->challenge))
		return crd_io_error(
			CRD_EXIT_USAGE,
			"%s: its times are not those of the challenge given out",
			w->challenge_file);
	return -1;
}

/*
 * The operator's word is that it was accepted; that nobody changed it since is
 * checked. Whether the key is still the same is for the comparison to say.
 */
static int load_baseline(struct verify *w)
{
	const struct crd_verifier any_key = { 0 };
	struct crd_error err;
	int r;

	if (!w->baseline_file)
		return -1;
	r = crd_bundle_load(w->baseline_file, &any_key,
			    crd_policy_pcr(w->v.policy), &w->baseline, &err);
	if (r < 0)
		return crd_io_fail(crd_io_input_exit(r), &err);
	return crd_bundle_need_genuine(CRD_EXIT_USAGE, w->baseline_file,
				       &w->baseline);
}

static int load(struct verify *w)
{
	struct crd_error err;
	int r;

	/* signatures are as good as they were then */
	w->v.pin.now = w->now >= 0 ? w->now : time(NULL);
	w->v.pin.keep_out = true;
	r = crd_challenge_read(w->challenge_file, &w->challenge, &err);
	if (r == 0)
		r = w->bid_file ? crd_verifier_load_both(&w->v, &err) :
				  crd_verifier_load(&w->v, &err);
	if (r == 0 && w->bid_file)
		r = crd_bidfile_read(w->bid_file, w->bid_format, &w->bid, &err);
	if (r < 0)
		return crd_io_fail(crd_io_input_exit(r), &err);
	r = load_baseline(w);
	if (r < 0)
		r = look_up(w);
	if (r >= 0)
		return r;
	r = crd_io_read(w->evidence_file, CRD_MAX_EVIDENCE_FILE, &w->evidence,
			&w->evidence_len, &err);
	if (r < 0)
		return crd_io_fail(r == -E2BIG ? CRD_EXIT_MALFORMED :
						 crd_io_input_exit(r),
				   &err);
	return -1;
}

static int refuse(struct crd_report *report, const char *observed,
		  const char *sentence)
{
	return crd_report_refuse(report, CRD_STAGE_FRESHNESS, CRD_REASON_NONCE,
				 "challenge", observed,
				 "a challenge of this verifier, not yet used",
				 sentence);
}

static int refuse_used(struct crd_report *report)
{
	return refuse(
		report, "challenge already used",
		"This evidence answers a challenge that has already led to a verdict; it may be a copy.");
}

/* Kept evidence may be looked at again, as of a time, by its own challenge. */
static bool is_reappraisal(const struct verify *w,
			   const struct crd_report *report)
{
	return w->spent == CRD_USED && w->now >= 0 &&
	       crd_digest_equal(&w->spent_on, &report->evidence_digest);
}

/*
 * Before anything is printed. 0: the verdict stands as it is in the report,
 * which may now say that the challenge was used; -errno: there is none.
 */
static int settle(struct verify *w, struct crd_report *report,
		  struct crd_error *err)
{
	int r = 0;

	if (w->spent == CRD_UNKNOWN)
		r = refuse(
			report, "challenge unknown",
			"This verifier never gave out the challenge that the evidence answers.");
	else if (w->spent == CRD_USED && !is_reappraisal(w, report))
		r = refuse_used(report);
	else if (w->spent == CRD_OPEN && report->fresh) {
		r = crd_store_spend(w->store, &w->challenge, report, err);
		if (r != -EEXIST)
			return r;
		r = refuse_used(report);
	}
	if (r < 0)
		crd_io_err(err, r, "no verdict: %s", strerror(-r));
	return r;
}

static int print(const struct verify *w, const struct crd_report *report)
{
	int r = crd_verifier_print(&w->v, report);

	if (r < 0)
		return crd_io_error(CRD_EXIT_FAILURE, "no verdict: %s",
				    strerror(-r));
	return crd_verifier_exit(report);
}

static int judge(struct verify *w)
{
	struct crd_appraisal in = {
		.evidence = { w->evidence, w->evidence_len },
		.baseline = w->baseline_file ? &w->baseline.attester : NULL,
		.challenge = &w->challenge,
		.policy = w->v.policy,
		.registry = w->v.registry,
		.seals = w->v.pin.seals,
		.n_seals = w->v.pin.n_seals,
		.trusted_aks = w->v.ak_names,
		.n_trusted_aks = w->v.aks.n,
		.now = w->now >= 0 ? w->now : time(NULL),
		.language = w->v.language,
		.as_of = w->v.as_of,
		.context = w->v.context,
		.bid = w->bid,
	};
	struct crd_report *report = NULL;
	struct crd_error err;
	int r;

	r = crd_appraise(&in, &report);
	if (r < 0)
		return crd_io_error(CRD_EXIT_FAILURE, "no verdict: %s",
				    strerror(-r));
	r = crd_verifier_asked(&w->v, report);
	if (r >= 0)
		goto out;
	r = settle(w, report, &err);
	r = r < 0 ? crd_io_fail(CRD_EXIT_FAILURE, &err) : print(w, report);
out:
	crd_report_free(&report);
	return r;
}

static int check(const struct verify *w)
{
	int r = crd_options_need("--challenge", w->challenge_file);

	if (r < 0)
		r = crd_options_need("--policy", w->v.policy_file);
	if (r < 0)
		r = crd_options_need("EVIDENCE", w->evidence_file);
	if (r < 0 && !strcmp(w->evidence_file, "-") &&
	    !strcmp(w->challenge_file, "-"))
		r = crd_io_error(
			CRD_EXIT_USAGE,
			"challenge and evidence cannot both come from standard input");
	return r;
}

static int run(const struct crd_cmd *cmd, int argc, char **argv)
{
	struct verify w = { .now = -1 };
	const struct crd_option opts[] = {
		{ "challenge", 'c', CRD_OPT_TEXT, &w.challenge_file, "FILE",
		  "the challenge that the evidence answers" },
		CRD_VERIFIER_OPTIONS(&w.v),
		{ "baseline", 0, CRD_OPT_TEXT, &w.baseline_file, "FILE",
		  "evidence of this machine that was accepted; compare with it" },
		{ "against-bid", 0, CRD_OPT_TEXT, &w.bid_file, "BID",
		  "compare the delivery with what its bid declared" },
		{ "bid-format", 0, CRD_OPT_TEXT, &w.bid_format, "FORMAT",
		  CRD_BID_FORMAT_HELP },
		{ "now", 0, CRD_OPT_TIME, &w.now, "TIME",
		  "appraise as of TIME, e.g. 2026-01-31T12:00:00Z" },
		{ 0 },
	};
	int r;

	r = crd_options_parse(cmd, opts, argc, argv, &w.evidence_file, 1);
	if (r < 0)
		r = check(&w);
	if (r < 0)
		r = load(&w);
	if (r < 0)
		r = judge(&w);
	crd_store_free(&w.store);
	crd_verifier_done(&w.v);
	crd_bundle_done(&w.baseline);
	crd_bid_free(&w.bid);
	free(w.evidence);
	return r;
}

const struct crd_cmd crd_cmd_verify = {
	.name = "verify",
	.summary = "compare evidence with a policy; admit, refer or refuse",
	.synopsis = "--challenge FILE --policy FILE [OPTION...] EVIDENCE",
	.notes =
		"A challenge is spent by the first genuine answer to it, before its verdict is\n"
		"shown. With --now, the evidence that spent a challenge may be appraised again.",
	.run = run,
};
