// SPDX-License-Identifier: Apache-2.0
/* What a report says of who signed policy, registry and waivers. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/appraise_private.h"
#include "attest/authority.h"
#include "build_evidence.h"
#include "small_registry.h"

static const char yaml[] =
	"policy: test\nversion: 3\nauthority: A\n"
	"valid: { from: 2026-01-01, until: 2026-12-31 }\n"
	"requires: { identity: any, freshness: 1m, secure_boot: any, "
	"lockdown: none, measurer: any }\n"
	"rules: [ { id: v, when: { vendor: unknown, kind: driver, name: none }, then: refer, because: B. } ]\n"
	"otherwise: { known: admit, unknown: refer }\n";

static const char waivers[] =
	"waivers_for: test\nversion: 2\nauthority: A\n"
	"waivers: [ { id: W, rule: v, component: { kind: driver, name: none }, "
	"until: 2026-09-01, approved_by: D, because: R. } ]\n";

static struct crd_seal seal_of(enum crd_seal_kind kind, const char *name,
			       uint64_t version)
{
	struct crd_seal s = { .kind = kind,
			      .version = version,
			      .date = "2026-02-03",
			      .by = { .subject = "CN=Signer",
				      .anchor = "CN=Root",
				      .key = "P-256",
				      .hash = "sha256",
				      .from = 1767225600,
				      .until = 1798761600 } };

	strcpy(s.name, name);
	s.by.fingerprint.alg = CRD_ALG_SHA256;
	s.by.fingerprint.len = 32;
	memset(s.by.fingerprint.bytes, 0xab, 32);
	return s;
}

struct told {
	char *text, *json;
};

static struct told tell(const struct crd_seal *seals, size_t n,
			enum crd_verdict *ret_verdict)
{
	struct crd_policy *policy = NULL;
	struct crd_registry *registry = small_registry();
	struct crd_report *r = NULL;
	struct crd_appraisal in;
	struct told told = { 0 };
	struct crd_str flat = { 0 };
	struct be b;
	char *p;

	be_start(&b);
	be_load(&b, (struct be_driver)BE_GOOD("e1000e"));
	be_close(&b, b.n, true);
	assert_int_equal(
		crd_policy_load(small_buf(yaml), NULL, NULL, &policy, NULL), 0);
	assert_int_equal(crd_policy_add_waivers(policy, small_buf(waivers),
						"some/spring.yaml", NULL, NULL,
						NULL),
			 0);
	in = be_appraisal(&b, policy, registry);
	in.seals = seals;
	in.n_seals = n;
	assert_int_equal(crd_appraise(&in, &r), 0);
	assert_int_equal(crd_report_text(r, 0, &told.text), 0);
	assert_int_equal(crd_report_json(r, &told.json), 0);
	*ret_verdict = r->verdict;
	/* lines are folded anywhere: undo that */
	for (p = told.text; *p; p++) {
		if (*p != '\n' &&
		    !(*p == ' ' && flat.len && flat.ptr[flat.len - 1] == ' '))
			crd_str_add(&flat, p, 1);
		else if (*p == '\n')
			crd_str_puts(&flat, " ");
	}
	free(told.text);
	told.text = crd_str_take(&flat);
	crd_report_free(&r);
	crd_policy_free(&policy);
	crd_registry_free(&registry);
	be_done(&b);
	return told;
}

static void drop(struct told *told)
{
	free(told->text);
	free(told->json);
}

static void has(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("no '%s' in: %s", what, text);
}

static void test_nobody(void **state)
{
	enum crd_verdict verdict;
	struct told told = tell(NULL, 0, &verdict);
	json_t *o = json_loads(told.json, 0, NULL);

	has(told.text,
	    "The policy is not authenticated: no authority is pinned");
	has(told.text, "policy test, version 3; not authenticated");
	has(told.text, "registry version 7 of 2026-01-01; not authenticated");
	assert_true(json_is_null(
		json_object_get(json_object_get(o, "policy"), "signed")));
	assert_true(json_is_null(
		json_object_get(json_object_get(o, "registry"), "signed")));
	has(told.text,
	    "waivers some/spring.yaml, version 2; not authenticated");
	json_decref(o);
	drop(&told);
}

static void test_signed(void **state)
{
	const struct crd_seal seals[] = {
		seal_of(CRD_SEAL_POLICY, "test", 3),
		seal_of(CRD_SEAL_REGISTRY, "registry", 7),
		seal_of(CRD_SEAL_WAIVERS, "spring", 2),
	};
	enum crd_verdict verdict, before;
	struct told none = tell(NULL, 0, &before);
	struct told told = tell(seals, 3, &verdict);
	json_t *o = json_loads(told.json, 0, NULL), *s;

	assert_int_equal(verdict, before);
	assert_null(strstr(told.text, "not authenticated"));
	has(told.text,
	    "policy test, version 3; signed by CN=Signer (P-256, sha256, certificate abab");
	has(told.text, "valid until 2027-01-01 00:00:00 UTC) under CN=Root");
	has(told.text, "registry version 7 of 2026-01-01; signed by CN=Signer");
	has(told.text,
	    "waivers some/spring.yaml, version 2; signed by CN=Signer");
	s = json_object_get(json_object_get(o, "policy"), "signed");
	assert_string_equal(json_string_value(json_object_get(s, "subject")),
			    "CN=Signer");
	assert_string_equal(json_string_value(json_object_get(s, "anchor")),
			    "CN=Root");
	assert_string_equal(
		json_string_value(json_object_get(s, "certificate")),
		"sha256:abababababababababababababababababababababababababababababababab");
	assert_int_equal(json_integer_value(json_object_get(s, "valid_until")),
			 1798761600);
	assert_null(json_object_get(s, "newer_seen"));
	s = json_object_get(o, "registry");
	assert_int_equal(json_integer_value(json_object_get(s, "version")), 7);
	assert_string_equal(json_string_value(json_object_get(s, "date")),
			    "2026-01-01");
	assert_true(json_is_object(json_object_get(s, "signed")));
	s = json_object_get(json_object_get(o, "policy"), "waivers");
	assert_int_equal(json_array_size(s), 1);
	s = json_object_get(json_array_get(s, 0), "signed");
	assert_string_equal(json_string_value(json_object_get(s, "name")),
			    "spring");
	json_decref(o);
	drop(&none);
	drop(&told);
}

static void test_older(void **state)
{
	struct crd_seal seals[] = { seal_of(CRD_SEAL_POLICY, "test", 3),
				    seal_of(CRD_SEAL_REGISTRY, "registry", 7) };
	enum crd_verdict verdict;
	struct told told;
	json_t *o, *s;

	seals[0].newer = 5;
	seals[1].differs = true;
	told = tell(seals, 2, &verdict);
	o = json_loads(told.json, 0, NULL);
	has(told.text,
	    "The policy test, version 3, is older than version 5, which this verifier has seen; the operator let it count.");
	has(told.text,
	    "The registry, version 7, is not the one of that version that this verifier has seen before");
	s = json_object_get(json_object_get(o, "policy"), "signed");
	assert_int_equal(json_integer_value(json_object_get(s, "newer_seen")),
			 5);
	s = json_object_get(json_object_get(o, "registry"), "signed");
	assert_true(json_is_true(json_object_get(s, "other_seen")));
	json_decref(o);
	drop(&told);
}

/* Also of evidence that cannot be read. */
static void test_malformed(void **state)
{
	const struct crd_seal seal = seal_of(CRD_SEAL_POLICY, "test", 3);
	struct crd_policy *policy = NULL;
	struct crd_report *r = NULL;
	struct crd_appraisal in = { .seals = &seal, .n_seals = 1 };
	char *text;

	assert_int_equal(
		crd_policy_load(small_buf(yaml), NULL, NULL, &policy, NULL), 0);
	in.policy = policy;
	assert_int_equal(crd_appraise(&in, &r), 0);
	assert_true(r->evidence_malformed);
	assert_int_equal(crd_report_text(r, 0, &text), 0);
	has(text, "signed by CN=Signer");
	free(text);
	crd_report_free(&r);
	crd_policy_free(&policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_older),
		cmocka_unit_test(test_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
