// SPDX-License-Identifier: Apache-2.0
/*
 * screen - a bid before the policy: what is declared decides, what only a
 * measurement shows decides nothing and is said.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bid_text.h"
#include "policy_text.h"

#define NOW 1780000000 /* 2026-05-28 */

static struct crd_report *screen(const char *yaml, struct crd_bid **bid,
				 const char *text, bool with_registry,
				 struct crd_policy **ret_policy,
				 struct crd_registry **ret_reg)
{
	struct crd_appraisal in = { .now = NOW };
	struct crd_report *r = NULL;

	in.policy = *ret_policy = good(yaml);
	*ret_reg = with_registry ? small_registry() : NULL;
	in.registry = *ret_reg;
	*bid = read_bid(text, CRD_BID_BY_CONTENT);
	assert_int_equal(crd_screen(&in, *bid, &r), 0);
	return r;
}

static const struct crd_finding *find(const struct crd_report *r,
				      const char *check)
{
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		if (!strcmp(r->findings[i].check, check))
			return &r->findings[i];
	}
	return NULL;
}

#define ROW(text) "kind;manufacturer;model;version;license;sha256\n" text "\n"
#define PRESENCE(what, bounds)                                          \
	HEAD "presence: [ { id: p, component: { " what " }, " bounds    \
	     ", then: refuse, because: B. } ]\n" RULE("version: \"9\"", \
						      "refuse") OTHERWISE
#define NONE_OF(what) PRESENCE(what, "at-most: 0")
#define ONE_OF(what)  PRESENCE(what, "at-least: 1")
#define ADMITS	      HEAD RULE("kind: driver", "admit") OTHERWISE

static const struct verdict {
	const char *name, *yaml, *bid;
	enum crd_verdict verdict;
	const char *check; /* a finding; NULL: none in particular */
	const char *place;
} verdicts[] = {
	{ "a known maker", WHEN("kind: firmware"), ROW("NIC;Intel;X710"),
	  CRD_ADMIT, "admitted", NULL },
	{ "an unknown maker", WHEN("kind: firmware"), ROW("NIC;Nobody;X710"),
	  CRD_REFER, "otherwise-unknown", "bid, line 2 (\"NIC\")" },
	{ "no maker", WHEN("kind: firmware"), ROW("NIC;;X710"), CRD_REFER,
	  "otherwise-unknown", "bid, line 2 (\"NIC\")" },
	{ "a listed maker", WHEN("listed: list-a"),
	  ROW("NIC;Intel;X710\nNIC;Huawei Technologies CO., Ltd;H"), CRD_REFUSE,
	  "r", "bid, line 3 (\"NIC\")" },
	{ "who owns it", WHEN("jurisdiction: CN"), ROW("board;Newbridge;B"),
	  CRD_REFUSE, "r", "bid, line 2 (\"board\")" },
	{ "its class, in words", WHEN("class: wireless"), ROW("WLAN;Intel;AX"),
	  CRD_REFUSE, "r", NULL },
	{ "what it is", WHEN("part: tpm"), ROW("TPM;Intel;T"), CRD_REFUSE, "r",
	  NULL },
	{ "its version", WHEN("version: \"1.2\""), ROW("driver;Intel;ice;1.2"),
	  CRD_REFUSE, "r", NULL },
	{ "another version", WHEN("version: \"1.3\""),
	  ROW("driver;Intel;ice;1.2"), CRD_ADMIT, NULL, NULL },
	{ "its name", WHEN("name: { like: \"i*\" }"),
	  ROW("driver;Intel;ice;1.2"), CRD_REFUSE, "r", NULL },
	{ "its digest",
	  HEAD "digest_lists: [ { id: d, digests: [ " ZEROS
	       " ] } ]\n" RULE("digest: d", "refuse") OTHERWISE,
	  ROW("driver;Intel;ice;;;" ZEROS), CRD_REFUSE, "r", NULL },
	{ "its digest is not on the list",
	  HEAD "digest_lists: [ { id: d, digests: [ " ONES
	       " ] } ]\n" RULE("digest: { not: d }", "refuse") OTHERWISE,
	  ROW("driver;Intel;ice;;;" ZEROS), CRD_REFUSE, "r", NULL },

	/* what only a measurement shows, negated or not, decides nothing */
	{ "no digest",
	  HEAD "digest_lists: [ { id: d, digests: [ " ONES
	       " ] } ]\n" RULE("digest: { not: d }", "refuse") OTHERWISE,
	  ROW("driver;Intel;ice"), CRD_ADMIT, "measured-only", NULL },
	{ "not signed", WHEN("signer: none"), ROW("driver;Intel;ice"),
	  CRD_ADMIT, "measured-only", NULL },
	{ "not signed by him", WHEN("signer: { not: verified }"),
	  ROW("driver;Intel;ice"), CRD_ADMIT, "measured-only", NULL },
	{ "flags", WHEN("flags: unmeasured"), ROW("driver;Intel;ice"),
	  CRD_ADMIT, "measured-only", NULL },
	{ "no flags", WHEN("flags: { not: unsigned }"), ROW("driver;Intel;ice"),
	  CRD_ADMIT, "measured-only", NULL },
	{ "origin", WHEN("origin: { not: file }"), ROW("driver;Intel;ice"),
	  CRD_ADMIT, "measured-only", NULL },
	{ "path", WHEN("path: { not: /lib/x.ko }"), ROW("driver;Intel;ice"),
	  CRD_ADMIT, "measured-only", NULL },
	{ "nor does it admit",
	  HEAD RULE("signer: { not: none }", "admit") OTHERWISE,
	  ROW("driver;Nobody;ice"), CRD_REFER, "otherwise-unknown", NULL },
	{ "a rule that admits", ADMITS, ROW("driver;Nobody;ice"), CRD_ADMIT,
	  NULL, NULL },
	{ "each of many is judged", WHEN("listed: list-a"),
	  CDX(THING
	      ", { \"type\": \"device-driver\", \"name\": \"h\", \"publisher\": \"Huawei Technologies CO., Ltd\" }"),
	  CRD_REFUSE, "r", "bid, components[1] (\"device-driver\")" },

	/* words that are not understood do not count for the bidder */
	{ "a radio in no known word", WHEN("class: wireless"),
	  ROW("Placa;Intel;AX"), CRD_REFER, "bid-not-understood",
	  "bid, line 2 (\"Placa\")" },
	{ "negated", WHEN("class: { not: wireless }"), ROW("Placa;Intel;AX"),
	  CRD_REFUSE, "bid-not-understood", NULL },
	{ "is it a radio, or something else", WHEN("kind: driver"),
	  ROW("Placa;Intel;AX"), CRD_REFER, "bid-not-understood", NULL },
	{ "a part", WHEN("part: tpm"), ROW("Placa;Intel;AX"), CRD_REFER,
	  "bid-not-understood", NULL },
	{ "a structure", WHEN("structure: board"), ROW("Placa;Intel;AX"),
	  CRD_REFER, "bid-not-understood", NULL },
	{ "a device, and which is not asked", WHEN("kind: driver"),
	  ROW("device;Intel;AX"), CRD_ADMIT, NULL, NULL },
	{ "a device, and which is asked", WHEN("class: wireless"),
	  ROW("device;Intel;AX"), CRD_REFER, "bid-not-understood", NULL },
	{ "nobody asks", WHEN("version: \"1\""), ROW("Placa;Intel;AX"),
	  CRD_ADMIT, NULL, NULL },
	{ "no class, by its name", WHEN("class: [ wireless, unknown ]"),
	  ROW("Placa;Intel;AX"), CRD_REFUSE, "r", NULL },
	{ "a class is not unknown", WHEN("class: [ wireless, unknown ]"),
	  ROW("NIC;Intel;AX"), CRD_ADMIT, NULL, NULL },
	{ "none, and it is not known", NONE_OF("class: wireless"),
	  ROW("Placa;Intel;AX"), CRD_REFER, "p", NULL },
	{ "none, and there is one", NONE_OF("class: wireless"),
	  ROW("Wireless card;Intel;AX"), CRD_REFUSE, "p", NULL },
	{ "none, and so it is", NONE_OF("class: wireless"),
	  ROW("NIC;Intel;X710"), CRD_ADMIT, "p", NULL },
	{ "one that is half said is none", ONE_OF("part: tpm"),
	  ROW("TPM ready;Intel;T"), CRD_REFUSE, "p", NULL },
};

static void test_verdicts(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		const struct verdict *v = &verdicts[i];
		const struct crd_finding *f;
		struct crd_policy *policy;
		struct crd_registry *reg;
		struct crd_report *r;
		struct crd_bid *bid;

		r = screen(v->yaml, &bid, v->bid, true, &policy, &reg);
		f = v->check ? find(r, v->check) : NULL;
		if (r->verdict != v->verdict || (v->check && !f) ||
		    (v->place && strcmp(f->place, v->place)))
			fail_msg("%s: %s, at %s", v->name,
				 crd_verdict_name(r->verdict),
				 f && f->place ? f->place : "no place");
		assert_int_equal(r->stages[CRD_STAGE_QUOTE], CRD_NOT_EVALUATED);
		crd_report_free(&r);
		crd_bid_free(&bid);
		crd_policy_free(&policy);
		crd_registry_free(&reg);
	}
}

#define STRICT                                                                                                                                                    \
	"policy: strict\nversion: 1\nauthority: A\n"                                                                                                              \
	"valid: { from: 2026-01-01, until: 2026-12-31 }\n"                                                                                                        \
	"requires: { identity: pinned, freshness: 90s, secure_boot: on, lockdown: confidentiality, measurer: reference, coverage: [usb, pci], activity: none }\n" \
	"references: { measurers: [ { build_id: 0011223344556677, note: n } ] }\n" RULE(                                                                          \
		"signer: none", "refuse") OTHERWISE

/* Nothing that is required of a machine refuses a bid; all of it is said. */
static void test_requires(void **state)
{
	static const struct {
		const char *check, *says;
	} laters[] = {
		{ "identity", "noted at delivery" },
		{ "freshness", "90 seconds" },
		{ "quote", "TPM must sign" },
		{ "log", "measurer's log" },
		{ "secure-boot", "Secure Boot" },
		{ "lockdown", "confidentiality" },
		{ "measurer", "references" },
		{ "coverage", "usb, pci" },
		{ "activity", "forbids" },
		{ "measured-only", "not applied: r." },
	};
	struct crd_policy *policy;
	struct crd_registry *reg;
	struct crd_report *r;
	struct crd_bid *bid;
	size_t i;

	r = screen(STRICT, &bid, ROW("NIC;Intel;X710"), true, &policy, &reg);
	assert_int_equal(r->verdict, CRD_ADMIT);
	for (i = 0; i < sizeof(laters) / sizeof(laters[0]); i++) {
		const struct crd_finding *f = find(r, laters[i].check);

		if (!f || f->outcome != CRD_NOT_EVALUATED ||
		    f->verdict != CRD_ADMIT ||
		    !strstr(f->sentence, laters[i].says))
			fail_msg("%s: %s", laters[i].check,
				 f ? f->sentence : "no finding");
	}
	for (i = CRD_STAGE_IDENTITY; i <= CRD_STAGE_BOOT; i++)
		assert_int_equal(r->stages[i], CRD_NOT_EVALUATED);
	assert_int_equal(r->stages[CRD_STAGE_STRUCTURE], CRD_PASSED);
	assert_int_equal(r->evidence_digest.alg, 0);
	assert_true(crd_digest_equal(&r->bid_digest, &bid->digest));
	crd_report_free(&r);
	crd_bid_free(&bid);
	crd_policy_free(&policy);
	crd_registry_free(&reg);
}

/* Without a registry a rule about vendors cannot be judged: not admitted. */
static void test_no_registry(void **state)
{
	struct crd_policy *policy;
	struct crd_registry *reg;
	struct crd_report *r;
	struct crd_bid *bid;

	r = screen(WHEN("listed: list-a"), &bid, ROW("NIC;Intel;X710"), false,
		   &policy, &reg);
	assert_int_equal(r->verdict, CRD_REFUSE);
	assert_int_equal(find(r, "registry")->outcome, CRD_NOT_EVALUATED);
	crd_report_free(&r);
	crd_bid_free(&bid);
	crd_policy_free(&policy);
}

/* It is said that nothing was measured, in every form. */
static void test_label(void **state)
{
	struct crd_policy *policy;
	struct crd_registry *reg;
	struct crd_report *r;
	struct crd_bid *bid;
	char *text = NULL;
	unsigned int flags;

	r = screen(STRICT, &bid,
		   ROW("NIC;Intel;X710\nLaptop;Intel;L\nOS;Intel;Linux"), true,
		   &policy, &reg);
	for (flags = 0; flags <= CRD_TEXT_QUIET; flags += CRD_TEXT_QUIET) {
		assert_int_equal(crd_report_text(r, flags, &text), 0);
		assert_non_null(
			strstr(text, "ADMIT: nothing speaks against this bid"));
		assert_non_null(strstr(text, "nothing was measured"));
		if (!flags) {
			assert_non_null(
				strstr(text, "what the delivery must still"));
			assert_non_null(strstr(text, "Bid: CSV, separated by"));
			assert_null(strstr(text, "log records are covered"));
			assert_null(strstr(text, "without a driver"));
			assert_null(strstr(text, "  evidence "));
		}
		free(text);
	}
	assert_int_equal(crd_report_json(r, &text), 0);
	assert_non_null(strstr(text, "\"declared, nothing was measured\""));
	assert_non_null(strstr(text, "\"place\": \"line 2\""));
	assert_non_null(strstr(text, "\"label\": \"system L\""));
	assert_non_null(strstr(text, "\"label\": \"OS Linux\""));
	assert_non_null(strstr(text, "\"grade\": \"declared\""));
	assert_null(strstr(text, "\"signature\""));
	assert_null(strstr(text, "evidence_digest"));
	free(text);
	crd_report_free(&r);
	crd_bid_free(&bid);
	crd_policy_free(&policy);
	crd_registry_free(&reg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_requires),
		cmocka_unit_test(test_no_registry),
		cmocka_unit_test(test_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
