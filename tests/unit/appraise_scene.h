/* SPDX-License-Identifier: Apache-2.0 */
/*
 * appraise_scene - a machine that would be admitted, a policy for it, and ways
 * to bend one thing of it.
 */
#ifndef APPRAISE_SCENE_H
#define APPRAISE_SCENE_H

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

static inline struct crd_policy *policy_of(const char *yaml)
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

static inline void ordinary(struct be *b)
{
	struct be_driver e1000 = BE_GOOD("e1000");

	e1000.authors[0] = "Intel";
	be_snapshot(b, NULL, 0);
	be_load(b, e1000);
	be_load(b, (struct be_driver)BE_GOOD("carl9170"));
	be_firmware(b, "carl9170-1.fw", OK_DIGEST);
}

static inline struct crd_report *run(struct scene *s)
{
	struct crd_policy *policy = policy_of(s->yaml);
	struct crd_report *report = NULL;

	s->in.policy = policy;
	assert_int_equal(crd_appraise(&s->in, &report), 0);
	assert_non_null(report);
	crd_policy_free(&policy);
	return report;
}

static inline void close_scene(struct scene *s)
{
	be_close(&s->be, s->covered == UINT64_MAX ? s->be.n : s->covered,
		 !s->without_log);
	s->in = be_appraisal(&s->be, NULL, s->reg);
}

static inline void start_scene(struct scene *s)
{
	memset(s, 0, sizeof(*s));
	s->yaml = strict_yaml;
	s->covered = UINT64_MAX;
	s->reg = small_registry();
	be_start(&s->be);
	ordinary(&s->be);
}

static inline void end_scene(struct scene *s)
{
	be_done(&s->be);
	crd_registry_free(&s->reg);
}

static inline const struct crd_finding *
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

#define BEND(name, before, after)                            \
	static inline void name(struct scene *s, int closed) \
	{                                                    \
		if (!closed) {                               \
			before;                              \
		} else {                                     \
			after;                               \
		}                                            \
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

static inline void load_named(struct scene *s, const char *author)
{
	struct be_driver d = BE_GOOD("hinic");

	d.authors[0] = author;
	be_load(&s->be, d);
}

static inline void load_bad(struct scene *s, uint8_t sig)
{
	struct be_driver d = BE_GOOD("evil");

	d.sig_status = sig;
	be_load(&s->be, d);
}

static inline void load_closed(struct scene *s)
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

/* Every stage says something in every case, also when it could not run. */
static inline void all_stages(const struct crd_report *r)
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

#endif /* APPRAISE_SCENE_H */
