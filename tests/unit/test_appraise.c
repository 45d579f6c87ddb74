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

#include "build_evidence.h"
#include "small_registry.h"

#define HEAD(requires)                                     \
	"policy: test\nversion: 3\nauthority: A\n"         \
	"valid: { from: 2026-01-01, until: 2026-12-31 }\n" \
	"requires: { " requires " }\n"
#define STRICT                                               \
	"identity: pinned, freshness: 1m, secure_boot: on, " \
	"lockdown: integrity, measurer: any"
#define LAX                                                \
	"identity: any, freshness: 7d, secure_boot: any, " \
	"lockdown: none, measurer: any"
#define RULES                                                                                                       \
	"rules:\n"                                                                                                  \
	"  - { id: listed, when: { listed: [list-a, list-b] }, then: refuse, because: No. }\n"                      \
	"  - { id: unsigned, when: { kind: driver, flags: [unsigned, unverified] }, then: refuse, because: No. }\n" \
	"  - { id: closed, when: { flags: proprietary }, then: refer, because: Ask. }\n"                            \
	"  - { id: fw, when: { kind: firmware, digest: { not: ok } }, then: refuse, because: Changed. }\n"          \
	"otherwise: { known: admit, unknown: refer }\n"                                                             \
	"digest_lists:\n"                                                                                           \
	"  - { id: ok, known: yes, digests: [ " OK_DIGEST " ] }\n"
#define OK_DIGEST \
	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define BAD_DIGEST \
	"ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char strict_yaml[] = HEAD(STRICT) RULES;
static const char lax_yaml[] = HEAD(LAX) RULES;
static const char sha384_yaml[] = HEAD(STRICT ", bank: sha384") RULES;
static const char reference_yaml[] = HEAD(
	"identity: pinned, freshness: 1m, secure_boot: on, lockdown: integrity, measurer: reference") "references: { measurers: [ { build_id: 3031323334353637383961626364656667686970 } ] }\n" RULES;
static const char trusted_yaml[] = HEAD(
	"identity: pinned, freshness: 1m, secure_boot: on, lockdown: integrity, measurer: reference") "references: { measurers: [ { build_id: 303132333435363738396162636465666768696a } ] }\n" RULES;

static struct crd_policy *policy_of(const char *yaml)
{
	struct crd_policy *policy = NULL;
	struct crd_error err = { .text = "" };

	if (crd_policy_load(small_buf(yaml), NULL, NULL, &policy, &err))
		fail_msg("%u:%u %s", err.line, err.column, err.text);
	return policy;
}

/* What a case may bend, before and after the bundle is closed. */
struct scene {
	struct be be;
	const char *yaml;
	struct crd_registry *reg;
	uint64_t covered; /* UINT64_MAX: all */
	bool without_log;
	struct crd_appraisal in;
};

static void ordinary(struct be *b)
{
	struct be_driver e1000 = BE_GOOD("e1000");

	e1000.authors[0] = "Intel";
	be_snapshot(b, NULL, 0);
	be_load(b, e1000);
	be_load(b, (struct be_driver)BE_GOOD("carl9170"));
	be_firmware(b, "carl9170-1.fw", OK_DIGEST);
}

static struct crd_report *run(struct scene *s)
{
	struct crd_policy *policy = policy_of(s->yaml);
	struct crd_report *report = NULL;

	s->in.policy = policy;
	assert_int_equal(crd_appraise(&s->in, &report), 0);
	assert_non_null(report);
	crd_policy_free(&policy);
	return report;
}

static void close_scene(struct scene *s)
{
	be_close(&s->be, s->covered == UINT64_MAX ? s->be.n : s->covered,
		 !s->without_log);
	s->in = be_appraisal(&s->be, NULL, s->reg);
}

static void start_scene(struct scene *s)
{
	memset(s, 0, sizeof(*s));
	s->yaml = strict_yaml;
	s->covered = UINT64_MAX;
	s->reg = small_registry();
	be_start(&s->be);
	ordinary(&s->be);
}

static void end_scene(struct scene *s)
{
	be_done(&s->be);
	crd_registry_free(&s->reg);
}

static const struct crd_finding *
find(const struct crd_report *r, const char *check, enum crd_outcome outcome)
{
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		if (!strcmp(r->findings[i].check, check) &&
		    r->findings[i].outcome == outcome)
			return &r->findings[i];
	}
	return NULL;
}

/* Bends; called with the log written (0) and the bundle closed (1). */
typedef void (*bend_fn)(struct scene *s, int closed);

#define BEND(name, before, after)                     \
	static void name(struct scene *s, int closed) \
	{                                             \
		if (!closed) {                        \
			before;                       \
		} else {                              \
			after;                        \
		}                                     \
	}
#define NOTHING ((void)0)

static uint8_t other_name[34];
static const struct crd_buf other_ak = { other_name, sizeof(other_name) };

BEND(no_challenge, NOTHING, s->in.challenge = NULL)
BEND(short_nonce, NOTHING, s->be.challenge.nonce_len = 15)
BEND(other_nonce, NOTHING, s->be.challenge.nonce[0] ^= 1)
BEND(expired, NOTHING, s->be.challenge.expires = BE_NOW - 1)
BEND(too_old, s->be.challenge.issued = BE_NOW - 61, NOTHING)
BEND(future, s->be.challenge.issued = BE_NOW + 1, NOTHING)
BEND(absurd_issue, s->be.challenge.issued = INT64_MIN, NOTHING)
BEND(no_ak, NOTHING, s->in.n_trusted_aks = 0)
BEND(other_key, NOTHING, s->in.trusted_aks = &other_ak)
BEND(unrestricted, s->be.attributes = 0x00040072u, NOTHING)
BEND(no_log, s->without_log = true, NOTHING)
BEND(sb_off, s->be.secure_boot = 0; be_anchor(&s->be);
     ordinary(&s->be), NOTHING)
BEND(sb_none, s->be.secure_boot = CRD_SECURE_BOOT_NO_EFI; be_anchor(&s->be);
     ordinary(&s->be), NOTHING)
BEND(no_lockdown, s->be.lockdown = 0; be_anchor(&s->be);
     ordinary(&s->be), NOTHING)
BEND(odd_lockdown, s->be.lockdown = 77; be_anchor(&s->be);
     ordinary(&s->be), NOTHING)
BEND(pcr_used, s->be.found = 1; be_anchor(&s->be); ordinary(&s->be), NOTHING)
BEND(fault, be_event(&s->be, CRD_EV_FAULT, "tpm: 0x101"), NOTHING)
BEND(log_full, be_event(&s->be, CRD_EV_LOG_FULL, NULL), NOTHING)
BEND(hook_lost, be_event(&s->be, CRD_EV_HOOK_LOST, "\\x1b[2J"), NOTHING)
BEND(unload, be_event(&s->be, CRD_EV_UNLOAD, NULL), NOTHING)
BEND(late_fault, be_event(&s->be, CRD_EV_FAULT, NULL);
     s->covered = s->be.n - 1, NOTHING)
BEND(nothing_covered, s->covered = 0, NOTHING)
BEND(weak_bank, s->yaml = sha384_yaml, NOTHING)
BEND(other_measurer, s->yaml = reference_yaml, NOTHING)
BEND(not_yet, NOTHING, s->in.now = 1735689600;
     s->be.challenge.issued = s->in.now; s->be.challenge.expires = s->in.now)
BEND(over, NOTHING, s->in.now = 1798761600; s->be.challenge.issued = s->in.now;
     s->be.challenge.expires = s->in.now)
BEND(flip_log, s->be.log.b[s->be.log.n - 3] ^= 1, NOTHING)
BEND(cut_log, s->be.log.n -= 3, NOTHING)
BEND(no_registry, NOTHING, s->in.registry = NULL)

static void load_named(struct scene *s, const char *author)
{
	struct be_driver d = BE_GOOD("hinic");

	d.authors[0] = author;
	be_load(&s->be, d);
}

static void load_bad(struct scene *s, uint8_t sig)
{
	struct be_driver d = BE_GOOD("evil");

	d.sig_status = sig;
	be_load(&s->be, d);
}

static void load_closed(struct scene *s)
{
	struct be_driver d = BE_GOOD("nvidia");

	d.license = "NVIDIA";
	be_load(&s->be, d);
}

BEND(listed, load_named(s, "Huawei Technologies CO., Ltd"), NOTHING)
BEND(listed_mail, load_named(s, "Huawei Technologies CO., Ltd <x@y.z>"),
     NOTHING)
BEND(below_listed, load_named(s, "Newbridge"), NOTHING)
BEND(unsigned_one, load_bad(s, CRD_SIG_NONE), NOTHING)
BEND(unverified, load_bad(s, CRD_SIG_UNVERIFIED), NOTHING)
BEND(odd_signature, load_bad(s, 200), NOTHING)
BEND(changed_fw, be_firmware(&s->be, "carl9170-1.fw", BAD_DIGEST), NOTHING)
BEND(unseen_fw, be_firmware(&s->be, "x.fw", NULL), NOTHING)
BEND(late_listed, load_named(s, "Huawei Technologies CO., Ltd");
     s->covered = s->be.n - 1, NOTHING)
BEND(closed_one, load_closed(s), NOTHING)

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

/* Every stage says something in every case, also when it could not run. */
static void all_stages(const struct crd_report *r)
{
	bool seen[CRD_STAGE_MAX] = { false };
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		assert_non_null(r->findings[i].sentence);
		assert_true(i == 0 ||
			    r->findings[i - 1].stage <= r->findings[i].stage);
		seen[r->findings[i].stage] = true;
	}
	for (i = 0; i < CRD_STAGE_MAX; i++)
		assert_true(seen[i]);
}

static void test_admitted(void **state)
{
	static const char *const yaml[] = { strict_yaml, lax_yaml,
					    trusted_yaml };
	size_t i;

	for (i = 0; i < 3; i++) {
		struct crd_report *r;
		struct scene s;

		start_scene(&s);
		s.yaml = yaml[i];
		close_scene(&s);
		r = run(&s);
		if (r->verdict != CRD_ADMIT) {
			char *text = NULL;

			crd_report_text(r, 0, &text);
			fail_msg("%s", text);
		}
		assert_true(r->fresh);
		assert_int_equal(r->covered, r->records);
		assert_string_equal(r->machine, "6.1.0-56-amd64 x86_64");
		assert_int_equal(r->stages[CRD_STAGE_POLICY], CRD_PASSED);
		/* Not evaluated is said so, also where all is well. */
		assert_non_null(find(r, "boot-image", CRD_NOT_EVALUATED));
		assert_non_null(find(r, "tcg-log", CRD_NOT_EVALUATED));
		assert_non_null(find(r, "ima-log", CRD_NOT_EVALUATED));
		assert_non_null(find(r, "ek-certificate", CRD_NOT_EVALUATED));
		all_stages(r);
		crd_report_free(&r);
		end_scene(&s);
	}
}

/* The log may run past the quote; what comes later can only lower. */
static void test_after_quote(void **state)
{
	struct crd_report *r;
	struct scene s;
	int i;

	start_scene(&s);
	s.covered = s.be.n;
	for (i = 0; i < 300; i++)
		be_load(&s.be, (struct be_driver)BE_GOOD("dummy"));
	close_scene(&s);
	r = run(&s);
	assert_int_equal(r->verdict, CRD_ADMIT);
	assert_int_equal(r->covered + 300, r->records);
	assert_non_null(find(r, "after-quote", CRD_PASSED));
	assert_true(r->inventory.components[r->inventory.n - 1].flags &
		    CRD_FLAG_NOT_COVERED);
	crd_report_free(&r);
	end_scene(&s);
}

/* Nothing passes on what no trusted key signed. */
static void test_unauthenticated(void **state)
{
	static const bend_fn bends[] = { other_nonce, other_key, unrestricted };
	size_t i, k;

	for (i = 0; i < 3; i++) {
		struct crd_report *r;
		struct scene s;

		start_scene(&s);
		bends[i](&s, 0);
		close_scene(&s);
		bends[i](&s, 1);
		r = run(&s);
		assert_int_equal(r->stages[CRD_STAGE_BOOT], CRD_NOT_EVALUATED);
		assert_int_equal(r->stages[CRD_STAGE_COMPONENTS],
				 CRD_NOT_EVALUATED);
		assert_null(find(r, "replay", CRD_PASSED));
		assert_non_null(find(r, "rules", CRD_NOT_EVALUATED));
		assert_true(r->inventory.n > 0);
		for (k = 0; k < r->inventory.n; k++)
			assert_true(r->inventory.components[k].flags &
				    CRD_FLAG_NOT_COVERED);
		all_stages(r);
		crd_report_free(&r);
		end_scene(&s);
	}
}

/* A policy that does not pin takes any proper key, but not another one. */
static void test_any_identity(void **state)
{
	struct crd_report *r;
	struct scene s;

	start_scene(&s);
	s.yaml = lax_yaml;
	close_scene(&s);
	s.in.n_trusted_aks = 0;
	r = run(&s);
	assert_int_equal(r->verdict, CRD_ADMIT);
	assert_non_null(find(r, "ak-pinned", CRD_NOT_EVALUATED));
	crd_report_free(&r);
	s.in.trusted_aks = &other_ak;
	s.in.n_trusted_aks = 1;
	r = run(&s);
	assert_int_equal(r->verdict, CRD_REFUSE);
	crd_report_free(&r);
	end_scene(&s);
}

static void test_no_registry(void **state)
{
	struct crd_report *r;
	struct scene s;

	start_scene(&s);
	close_scene(&s);
	no_registry(&s, 1);
	r = run(&s);
	assert_int_equal(r->verdict, CRD_REFUSE);
	assert_non_null(find(r, "registry", CRD_NOT_EVALUATED));
	crd_report_free(&r);
	end_scene(&s);
}

/* No cut and no flipped bit of a bundle is ever admitted. */
static void test_damage(void **state)
{
	struct crd_policy *policy = policy_of(strict_yaml);
	struct crd_report *r;
	struct scene s;
	size_t i;

	start_scene(&s);
	close_scene(&s);
	s.in.policy = policy;
	for (i = 0; i < s.be.bundle_len; i += 1 + i / 400) {
		s.in.evidence.len = i;
		assert_int_equal(crd_appraise(&s.in, &r), 0);
		assert_int_equal(r->verdict, CRD_REFUSE);
		assert_true(r->evidence_malformed);
		assert_false(r->fresh);
		all_stages(r);
		crd_report_free(&r);
	}
	s.in.evidence.len = s.be.bundle_len;
	for (i = 0; i < s.be.bundle_len; i++) {
		s.be.bundle[i] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(crd_appraise(&s.in, &r), 0);
		if (r->verdict == CRD_ADMIT)
			fail_msg("admitted with byte %zu flipped", i);
		all_stages(r);
		crd_report_free(&r);
		s.be.bundle[i] ^= (uint8_t)(1 << i % 8);
	}
	assert_int_equal(crd_appraise(&s.in, &r), 0);
	assert_int_equal(r->verdict, CRD_ADMIT);
	crd_report_free(&r);
	end_scene(&s);
	crd_policy_free(&policy);
}

/* Which record may make a verdict better? None. */
static void test_monotone(void **state)
{
	static const bend_fn more[] = { listed,	    unsigned_one, changed_fw,
					closed_one, fault,	  unload,
					unseen_fw,  below_listed };
	enum { N = sizeof(more) / sizeof(more[0]) };
	unsigned int set, i;

	for (set = 0; set < 1u << N; set += 5) {
		enum crd_verdict before = CRD_ADMIT;
		struct scene s;

		start_scene(&s);
		for (i = 0; i <= N; i++) {
			struct crd_report *r;

			if (i && !(set >> (i - 1) & 1))
				continue;
			if (i)
				more[i - 1](&s, 0);
			be_result(&s.be, s.be.n - 1, ENODEV, NULL);
			close_scene(&s);
			r = run(&s);
			assert_true(r->verdict >= before);
			before = r->verdict;
			crd_report_free(&r);
		}
		end_scene(&s);
	}
}

static void test_refuse_later(void **state)
{
	struct crd_report *r;
	struct scene s;

	start_scene(&s);
	close_scene(&s);
	r = run(&s);
	assert_int_equal(r->verdict, CRD_ADMIT);
	assert_int_equal(crd_report_refuse(r, CRD_STAGE_FRESHNESS,
					   CRD_REASON_NONCE, "used", "o", "e",
					   "s"),
			 0);
	assert_int_equal(r->verdict, CRD_REFUSE);
	assert_int_equal(r->stages[CRD_STAGE_FRESHNESS], CRD_FAILED);
	assert_int_equal(find(r, "used", CRD_FAILED)->reason, CRD_REASON_NONCE);
	all_stages(r);
	crd_report_free(&r);
	crd_report_free(&r);
	end_scene(&s);
}

/* Thousands of one kind are one line and a count, not thousands of lines. */
static void test_storm(void **state)
{
	struct crd_report *r;
	struct scene s;
	char name[32];
	int i;

	start_scene(&s);
	for (i = 0; i < 200; i++)
		load_bad(&s, CRD_SIG_NONE);
	for (i = 0; i < 100; i++) {
		struct be_driver d = BE_GOOD(name);

		snprintf(name, sizeof(name), "bad%d", i);
		d.sig_status = CRD_SIG_NONE;
		be_load(&s.be, d);
	}
	close_scene(&s);
	r = run(&s);
	assert_int_equal(r->verdict, CRD_REFUSE);
	assert_non_null(
		strstr(find(r, "unsigned", CRD_FAILED)->place, "and 199 more"));
	assert_true(r->n_findings < 120);
	crd_report_free(&r);
	end_scene(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_admitted),
		cmocka_unit_test(test_after_quote),
		cmocka_unit_test(test_unauthenticated),
		cmocka_unit_test(test_any_identity),
		cmocka_unit_test(test_no_registry),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_monotone),
		cmocka_unit_test(test_refuse_later),
		cmocka_unit_test(test_storm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
