// SPDX-License-Identifier: Apache-2.0
/*
 * appraise - one decision after the other, bad evidence first. Each case bends
 * one thing of a machine that would be admitted.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "appraise_scene.h"

struct row {
	const char *what;
	bend_fn bend;
	enum crd_verdict verdict;
	enum crd_reason reason; /* of the finding below */
	const char *check;
	enum crd_stage stage;
	bool fresh;
};

static const struct row rows[] = {
	{ "no challenge", no_challenge, CRD_REFUSE, CRD_REASON_NONCE,
	  "challenge", CRD_STAGE_FRESHNESS, false },
	{ "nonce too short", short_nonce, CRD_REFUSE, CRD_REASON_NONCE,
	  "challenge", CRD_STAGE_FRESHNESS, false },
	{ "another nonce", other_nonce, CRD_REFUSE, CRD_REASON_NONCE, "nonce",
	  CRD_STAGE_FRESHNESS, false },
	{ "expired", expired, CRD_REFUSE, CRD_REASON_STALE, "challenge",
	  CRD_STAGE_FRESHNESS, false },
	{ "too old for the policy", too_old, CRD_REFUSE, CRD_REASON_STALE,
	  "challenge", CRD_STAGE_FRESHNESS, false },
	{ "from the future", future, CRD_REFUSE, CRD_REASON_STALE, "challenge",
	  CRD_STAGE_FRESHNESS, false },
	{ "issued at the beginning of time", absurd_issue, CRD_REFUSE,
	  CRD_REASON_STALE, "challenge", CRD_STAGE_FRESHNESS, false },
	{ "no pinned key", no_ak, CRD_REFUSE, CRD_REASON_AK_UNTRUSTED,
	  "ak-pinned", CRD_STAGE_IDENTITY, false },
	{ "another key pinned", other_key, CRD_REFUSE, CRD_REASON_AK_UNTRUSTED,
	  "ak-pinned", CRD_STAGE_IDENTITY, false },
	{ "key not restricted", unrestricted, CRD_REFUSE,
	  CRD_REASON_AK_UNTRUSTED, "ak-attributes", CRD_STAGE_IDENTITY, false },
	{ "no log", no_log, CRD_REFUSE, CRD_REASON_LOG_MEASURER, "measurer-log",
	  CRD_STAGE_LOGS, true },
	{ "log with a flipped bit", flip_log, CRD_REFUSE,
	  CRD_REASON_LOG_MEASURER, "measurer-log", CRD_STAGE_LOGS, true },
	{ "log cut short", cut_log, CRD_REFUSE, CRD_REASON_MALFORMED,
	  "measurer-log", CRD_STAGE_LOGS, true },
	{ "Secure Boot off", sb_off, CRD_REFUSE, CRD_REASON_REQUIRED_EVENT,
	  "secure-boot", CRD_STAGE_BOOT, true },
	{ "no Secure Boot", sb_none, CRD_REFUSE, CRD_REASON_REQUIRED_EVENT,
	  "secure-boot", CRD_STAGE_BOOT, true },
	{ "no lockdown", no_lockdown, CRD_REFUSE, CRD_REASON_REQUIRED_EVENT,
	  "lockdown", CRD_STAGE_BOOT, true },
	{ "an unheard-of lockdown", odd_lockdown, CRD_REFUSE,
	  CRD_REASON_REQUIRED_EVENT, "lockdown", CRD_STAGE_BOOT, true },
	{ "PCR used before", pcr_used, CRD_REFUSE, CRD_REASON_LOG_GAP,
	  "pcr-found", CRD_STAGE_LOGS, true },
	{ "fault", fault, CRD_REFUSE, CRD_REASON_LOG_GAP, "complete",
	  CRD_STAGE_LOGS, true },
	{ "log full", log_full, CRD_REFUSE, CRD_REASON_LOG_GAP, "complete",
	  CRD_STAGE_LOGS, true },
	{ "hook lost", hook_lost, CRD_REFUSE, CRD_REASON_LOG_GAP, "complete",
	  CRD_STAGE_LOGS, true },
	{ "unload", unload, CRD_REFUSE, CRD_REASON_LOG_GAP, "complete",
	  CRD_STAGE_LOGS, true },
	{ "fault after the quote", late_fault, CRD_REFUSE, CRD_REASON_LOG_GAP,
	  "complete", CRD_STAGE_LOGS, true },
	{ "quote before the anchor", nothing_covered, CRD_REFUSE,
	  CRD_REASON_PCR_MISMATCH, "replay", CRD_STAGE_LOGS, true },
	{ "bank too weak", weak_bank, CRD_REFUSE, CRD_REASON_PCR_BANK,
	  "pcr-bank", CRD_STAGE_QUOTE, true },
	{ "measurer not on the list", other_measurer, CRD_REFUSE,
	  CRD_REASON_REQUIRED_EVENT, "measurer", CRD_STAGE_BOOT, true },
	{ "policy not yet in force", not_yet, CRD_REFUSE,
	  CRD_REASON_POLICY_RULE, "in-force", CRD_STAGE_POLICY, true },
	{ "policy over", over, CRD_REFUSE, CRD_REASON_POLICY_RULE, "in-force",
	  CRD_STAGE_POLICY, true },
	{ "listed author", listed, CRD_REFUSE, CRD_REASON_POLICY_RULE, "listed",
	  CRD_STAGE_POLICY, true },
	{ "listed author with mail", listed_mail, CRD_REFUSE,
	  CRD_REASON_POLICY_RULE, "listed", CRD_STAGE_POLICY, true },
	{ "author owned by a listed one", below_listed, CRD_REFUSE,
	  CRD_REASON_POLICY_RULE, "listed", CRD_STAGE_POLICY, true },
	{ "unsigned", unsigned_one, CRD_REFUSE, CRD_REASON_POLICY_RULE,
	  "unsigned", CRD_STAGE_POLICY, true },
	{ "unverified", unverified, CRD_REFUSE, CRD_REASON_POLICY_RULE,
	  "unsigned", CRD_STAGE_POLICY, true },
	{ "signature state unheard of", odd_signature, CRD_REFUSE,
	  CRD_REASON_POLICY_RULE, "unsigned", CRD_STAGE_POLICY, true },
	{ "changed firmware", changed_fw, CRD_REFUSE, CRD_REASON_POLICY_RULE,
	  "fw", CRD_STAGE_POLICY, true },
	{ "firmware nobody saw", unseen_fw, CRD_REFUSE, CRD_REASON_POLICY_RULE,
	  "fw", CRD_STAGE_POLICY, true },
	{ "listed after the quote", late_listed, CRD_REFUSE,
	  CRD_REASON_POLICY_RULE, "listed", CRD_STAGE_POLICY, true },
	{ "closed source", closed_one, CRD_REFER, CRD_REASON_POLICY_RULE,
	  "closed", CRD_STAGE_POLICY, true },
};

static void check_row(const struct row *row)
{
	const struct crd_finding *f;
	struct crd_report *r;
	struct scene s;

	start_scene(&s);
	row->bend(&s, 0);
	close_scene(&s);
	row->bend(&s, 1);
	r = run(&s);
	f = find(r, row->check, CRD_FAILED);
	if (r->verdict != row->verdict || !f || f->reason != row->reason ||
	    f->stage != row->stage || f->verdict != row->verdict ||
	    r->stages[row->stage] != CRD_FAILED || r->fresh != row->fresh)
		fail_msg("%s: verdict %s, finding %s, fresh %d", row->what,
			 crd_verdict_name(r->verdict),
			 f ? crd_reason_name(f->reason) : "none", r->fresh);
	if (!f->sentence || !f->observed)
		fail_msg("%s: no sentence, or nothing observed", row->what);
	crd_report_free(&r);
	end_scene(&s);
}

static void test_refused(void **state)
{
	size_t i;

	memset(other_name, 1, sizeof(other_name));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
