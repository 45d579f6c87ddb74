// SPDX-License-Identifier: Apache-2.0
/*
 * example - the examples of a policy: what of them is refused when the policy is
 * read, what a component that is described in words turns into, and what is told
 * of those that pass and those that do not.
 */
#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "policy_text.h"

#define LISTED \
	"digest_lists: [ { id: ok, known: yes, digests: [ " SHA256 " ] } ]\n"
#define RULES                                                                                                       \
	"rules:\n"                                                                                                  \
	"  - { id: listed, when: { listed: [list-a, list-b] }, then: refuse, because: No. }\n"                      \
	"  - { id: unsigned, when: { kind: driver, flags: [unsigned, unverified] }, then: refuse, because: No. }\n" \
	"  - { id: closed, when: { flags: proprietary }, then: refer, because: Ask. }\n"                            \
	"  - { id: fw, when: { kind: firmware, digest: { not: ok } }, then: refuse, because: Changed. }\n"          \
	"  - { id: radio, when: { kind: device, class: wireless }, then: refuse, because: No radio. }\n"            \
	"  - { id: gone, when: { flags: [gone, not-covered] }, then: refer, because: Who took it? }\n"              \
	"  - { id: bridge, when: { kind: device, class: bridge }, then: admit, because: It carries. }\n"            \
	"  - { id: tpm, when: { kind: platform, part: tpm }, then: admit, because: It is wanted. }\n"               \
	"  - { id: usb, when: { bus: usb, id: \"0951:1666\" }, then: refer, because: A stick. }\n"
#define WITH(examples) HEAD LISTED RULES OTHERWISE "examples:\n" examples
#define ONE(component, expect)                                              \
	WITH("  - { name: e, component: { " component " }, expect: " expect \
	     " }\n")

/* What is wrong is told with its place, when the policy is read. */
static const struct {
	const char *yaml;
	const char *want;
} refused[] = {
	{ WITH("  []\n"), "empty" },
	{ WITH("  - { name: e, expect: admit }\n"),
	  "either a component or a list" },
	{ WITH("  - { name: e, expect: admit, component: { kind: driver }, components: [ { kind: driver } ] }\n"),
	  "either a component or a list" },
	{ WITH("  - { name: e, component: { kind: driver } }\n"),
	  "lacks 'expect'" },
	{ WITH("  - { component: { kind: driver }, expect: admit }\n"),
	  "lacks 'name'" },
	{ WITH("  - { name: e, component: { kind: driver }, expect: maybe }\n"),
	  "expect must be one of: admit, refer, refuse" },
	{ WITH("  - { name: e, component: { kind: driver }, expect: admit, rule: none }\n"),
	  "there is no rule 'none'" },
	{ WITH("  - { name: e, component: { kind: driver }, expect: admit, as_of: 2026-02-30 }\n"),
	  "date" },
	{ WITH("  - { name: e, component: { kind: driver }, expect: admit, machine: {} }\n"),
	  "named by ak, uuid, serial or product" },
	{ WITH("  - { name: e, component: { kind: driver }, expect: admit, machine: { serial: S } }\n"),
	  "give product or manufacturer too" },
	{ WITH("  - { name: e, component: { kind: driver }, expect: admit, machine: { ak: 00 } }\n"),
	  "name of a TPM key" },
	{ WITH("  - { name: e, component: { kind: driver }, expect: admit, machine: { product: To be filled by O.E.M. } }\n"),
	  "only fills the field" },
	{ WITH("  - { name: e, component: { kind: driver }, expect: admit, machine: { name: m } }\n"),
	  "unknown key 'name'" },
	{ WITH("  - { name: e, component: { kind: driver }, expect: admit, why: x }\n"),
	  "unknown key 'why'" },
	{ WITH("  - { name: e, component: { kind: driver }, expect: admit }\n"
	       "  - { name: e, component: { kind: driver }, expect: admit }\n"),
	  "stands twice" },
	{ WITH("  - { name: e, components: [], expect: admit }\n"), "empty" },
	{ ONE("name: x", "admit"), "lacks 'kind'" },
	{ ONE("kind: card", "admit"), "kind must be one of" },
	{ ONE("kind: device, signer: none", "admit"),
	  "a component of kind device has no signer" },
	{ ONE("kind: driver, class: network", "admit"),
	  "a component of kind driver has no class" },
	{ ONE("kind: driver, part: tpm", "admit"), "has no part" },
	{ ONE("kind: platform, author: A", "admit"), "has no author" },
	{ ONE("kind: platform, part: smbios, structure: leg", "admit"),
	  "structure must be one of" },
	{ WITH("  - { name: e, component: { kind: driver }, expect: admit, context: { room: 1 } }\n"),
	  "unknown key 'room'" },
	{ WITH("  - { name: e, component: { kind: driver }, expect: admit, context: { destination: CAN } }\n"),
	  "two capital letters" },
	{ WITH("  - { name: e, component: { kind: driver }, expect: admit, context: { destination: cn } }\n"),
	  "two capital letters" },
	{ ONE("kind: platform, origin: file", "admit"), "has no origin" },
	{ ONE("kind: device, class: toaster", "admit"),
	  "class must be one of" },
	{ ONE("kind: device, class: []", "admit"), "empty" },
	{ ONE("kind: driver, flags: [unsigned, pretty]", "admit"),
	  "flags must be one of" },
	{ ONE("kind: driver, origin: sky", "admit"), "origin must be one of" },
	{ ONE("kind: driver, grade: hearsay", "admit"),
	  "grade must be one of" },
	{ ONE("kind: driver, signer: debian", "admit"), "not under signers" },
	{ ONE("kind: driver, signer: distribution", "admit"),
	  "needs a signer" },
	{ ONE("kind: device, id: \"8086:10D3\"", "admit"), "no id" },
	{ ONE("kind: device, id: \"8086\"", "admit"), "no id" },
	{ ONE("kind: device, id: \"8086:10d30\"", "admit"), "no id" },
	{ ONE("kind: device, id: \"8086-10d3\"", "admit"), "no id" },
	{ ONE("kind: firmware, digest: other", "admit"),
	  "neither a digest list" },
	{ ONE("kind: firmware, digest: 00ff", "admit"),
	  "neither a digest list" },
	{ ONE("kind: driver, jurisdiction: CN", "admit"),
	  "unknown key 'jurisdiction'" },
	{ ONE("kind: driver, listed: list-a", "admit"),
	  "unknown key 'listed'" },
	{ ONE("kind: driver, driver: { name: x }", "admit"),
	  "a component of kind driver has no driver" },
	{ ONE("kind: device, driver: { kind: firmware }", "admit"),
	  "this is the place of a driver" },
	{ ONE("kind: device, driver: { class: network }", "admit"),
	  "has no class" },
	{ ONE("kind: device, firmware: { signer: none }", "admit"),
	  "has no signer" },
	{ ONE("kind: driver, name: [a, b]", "admit"), "name" },
	{ WITH("  { name: e }\n"), "examples must be a list" },
};

static void test_refused(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct crd_policy *p;
		struct crd_error err;

		if (load(refused[i].yaml, &p, &err) != -EBADMSG || !err.line ||
		    !strstr(err.text, refused[i].want))
			fail_msg("want '%s', got '%s' for\n%s", refused[i].want,
				 err.text,
				 strstr(refused[i].yaml, "examples:"));
		assert_null(p);
	}
}

static int put(const char *text, size_t len, void *ctx)
{
	crd_str_add(ctx, text, len);
	return 0;
}

static char *told(const char *yaml, bool json, struct crd_tried *tried)
{
	struct crd_policy *p = good(yaml);
	struct crd_registry *reg = small_registry();
	const struct crd_trial trial = { .policy = p, .registry = reg };
	struct crd_error err = { .text = "" };
	struct crd_str str = { 0 };
	int ret;

	ret = json ? crd_policy_test_json(&trial, put, &str, tried, &err) :
		     crd_policy_test_text(&trial, put, &str, tried, &err);
	if (ret)
		fail_msg("%d %s", ret, err.text);
	crd_policy_free(&p);
	crd_registry_free(&reg);
	return crd_str_take(&str);
}

/* What is described, and what decides about it. */
static void test_judged(void **state)
{
	static const struct {
		const char *component;
		const char *expect, *by;
	} cases[] = {
		/* what is not said is ordinary */
		{ "kind: driver", "admit", "otherwise" },
		{ "kind: device", "refer", "otherwise" },
		{ "kind: firmware", "refuse", "fw" },
		{ "kind: platform", "refer", "otherwise" },
		/* who made it */
		{ "kind: device, id: \"8086:10d3\"", "admit", "otherwise" },
		{ "kind: device, id: \"19e5:1822\"", "refuse", "listed" },
		{ "kind: device, bus: usb, id: \"19e5:1822\"", "refer",
		  "otherwise" },
		{ "kind: device, vendor: intel", "admit", "otherwise" },
		{ "kind: device, vendor: huawei", "refuse", "listed" },
		{ "kind: device, vendor: unknown, id: \"8086:10d3\"", "refer",
		  "otherwise" },
		{ "kind: driver, author: \"Huawei Technologies CO., Ltd\"",
		  "refuse", "listed" },
		{ "kind: driver, author: [Intel, \"Huawei Technologies CO., Ltd\"]",
		  "refuse", "listed" },
		{ "kind: driver, vendor: huawei", "refuse", "listed" },
		{ "kind: platform, part: smbios, vendor: huawei", "refuse",
		  "listed" },
		{ "kind: platform, part: smbios, vendor: ibm", "admit",
		  "otherwise" },
		/* what the kernel said of it, and flags */
		{ "kind: driver, signer: none", "refuse", "unsigned" },
		{ "kind: driver, signer: unverified", "refuse", "unsigned" },
		{ "kind: driver, signer: verified", "admit", "otherwise" },
		{ "kind: driver, flags: unsigned", "refuse", "unsigned" },
		{ "kind: driver, flags: proprietary", "refer", "closed" },
		{ "kind: driver, license: Closed", "refer", "closed" },
		{ "kind: driver, license: GPL", "admit", "otherwise" },
		{ "kind: driver, flags: not-covered", "refer", "gone" },
		{ "kind: device, vendor: intel, flags: gone", "refer", "gone" },
		/* what it is for */
		{ "kind: device, class: wireless, vendor: intel", "refuse",
		  "radio" },
		{ "kind: device, class: [network, wireless], vendor: intel",
		  "refuse", "radio" },
		{ "kind: device, class: bridge, vendor: unknown", "admit",
		  "bridge" },
		{ "kind: device, bus: usb, id: \"0951:1666\"", "refer", "usb" },
		{ "kind: platform, part: tpm", "admit", "tpm" },
		/* contents */
		{ "kind: firmware, digest: ok", "admit", "otherwise" },
		{ "kind: firmware, digest: \"" SHA256 "\"", "admit",
		  "otherwise" },
		{ "kind: firmware, flags: unmeasured", "refuse", "fw" },
		/* what it is joined to is there too */
		{ "kind: device, vendor: intel, driver: { signer: none }",
		  "refuse", "unsigned" },
		{ "kind: device, vendor: intel, driver: { author: Intel }",
		  "admit", "otherwise" },
		{ "kind: device, vendor: intel, driver: { name: d }, firmware: { digest: ok }",
		  "admit", "otherwise" },
		{ "kind: device, vendor: intel, firmware: { name: f }",
		  "refuse", "fw" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crd_tried tried;
		char yaml[4096], *text;

		snprintf(
			yaml, sizeof(yaml),
			WITH("  - { name: e, component: { %s }, expect: %s, rule: %s }\n"),
			cases[i].component, cases[i].expect, cases[i].by);
		text = told(yaml, false, &tried);
		if (tried.failed || tried.examples != 1)
			fail_msg("%s:\n%s", cases[i].component, text);
		free(text);
	}
}

/* What conditions ask beside the component: a context, a join, a grade. */
static void test_around(void **state)
{
	static const struct {
		const char *when, *example;
	} cases[] = {
		{ "kind: device, destination: CN",
		  "component: { kind: device, vendor: intel }, context: { destination: CN }, expect: refuse, rule: r" },
		{ "kind: device, destination: CN",
		  "component: { kind: device, vendor: intel }, context: { destination: CA }, expect: admit, rule: otherwise" },
		{ "kind: device, purpose: xray",
		  "component: { kind: device, vendor: intel }, context: { purpose: xray, site: gate }, expect: refuse, rule: r" },
		{ "kind: device, driver: { signer: none }",
		  "component: { kind: device, vendor: intel, driver: { signer: none } }, expect: refuse, rule: r" },
		{ "kind: device, driver: { signer: none }",
		  "component: { kind: device, vendor: intel, driver: { signer: verified } }, expect: admit, rule: otherwise" },
		{ "kind: device, firmware: { name: f }",
		  "component: { kind: device, vendor: intel, firmware: { name: f } }, expect: refuse, rule: r" },
		{ "kind: device, firmware: { name: g }",
		  "component: { kind: device, vendor: intel, driver: { name: d }, firmware: { name: f, vendor: intel } }, expect: refer, rule: otherwise" },
		{ "kind: platform, structure: board",
		  "component: { kind: platform, part: smbios, structure: board, vendor: ibm }, expect: refuse, rule: r" },
		{ "kind: platform, structure: board",
		  "component: { kind: platform, part: smbios, structure: system, vendor: ibm }, expect: admit, rule: otherwise" },
		{ "vendor: intel, grade: declared",
		  "component: { kind: device, vendor: intel, grade: declared }, expect: refuse, rule: r" },
		{ "vendor: intel, grade: declared",
		  "component: { kind: device, vendor: intel }, expect: admit, rule: otherwise" },
		{ "kind: device, port: { like: \"0000:00/*\" }",
		  "component: { kind: device, vendor: intel, port: 0000:00/1c.0 }, expect: refuse, rule: r" },
		{ "serial: S-1",
		  "component: { kind: device, vendor: intel, serial: S-1 }, expect: refuse, rule: r" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crd_tried tried;
		char yaml[4096], *text;

		snprintf(yaml, sizeof(yaml),
			 WHEN("%s") "examples: [ { name: e, %s } ]\n",
			 cases[i].when, cases[i].example);
		text = told(yaml, false, &tried);
		if (tried.failed || tried.examples != 1)
			fail_msg("%s:\n%s", cases[i].example, text);
		free(text);
	}
}

#define AK   "000b" SHA256
#define UUID "4c4c4544-0042-3510-8052-b4c04f334433"

/* Waivers for one machine, and those that say which one they are. */
static void test_machines(void **state)
{
	static const struct {
		const char *example;
		const char *expect, *by;
	} cases[] = {
		{ "name: a", "refuse", "r" },
		{ "name: a }, machine: { ak: " AK, "admit", "otherwise" },
		{ "name: a }, machine: { ak: " AK ", product: Q", "admit",
		  "otherwise" },
		{ "name: a }, machine: { product: P", "refuse", "r" },
		{ "name: c }, machine: { ak: " AK, "refuse", "r" },
		{ "name: b }, machine: { manufacturer: M, product: P, serial: S",
		  "admit", "otherwise" },
		{ "name: b }, machine: { manufacturer: M, product: P", "refuse",
		  "r" },
		{ "name: b }, machine: { manufacturer: N, product: P, serial: S",
		  "refuse", "r" },
		{ "name: c }, machine: { uuid: " UUID, "admit", "otherwise" },
		{ "name: c }, machine: { ak: " AK ", uuid: " UUID, "admit",
		  "otherwise" },
		/* for every machine */
		{ "name: d", "admit", "otherwise" },
		{ "name: d }, machine: { product: P", "admit", "otherwise" },
	};
	static const char policy[] = HEAD RULE("kind: driver", "refuse")
		OTHERWISE "waivers:\n"
#define FOR(id, machine)                                           \
	"  - { id: " id ", rule: r, component: { name: " id " }, " \
	"until: 2026-12-31, approved_by: P, because: B" machine " }\n"
		FOR("a", ", machine: { ak: " AK " }") FOR(
			"b",
			", machine: { manufacturer: M, product: P, serial: S }")
			FOR("c",
			    ", lot: [ { product: Q, serial: S }, { uuid: " UUID
			    " } ]") FOR("d", "");
	struct crd_tried tried;
	char yaml[4096], *text;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(
			yaml, sizeof(yaml),
			"%sexamples: [ { name: e, expect: %s, rule: %s, component: { kind: driver, %s } } ]\n",
			policy, cases[i].expect, cases[i].by, cases[i].example);
		text = told(yaml, false, &tried);
		if (tried.failed || tried.examples != 1)
			fail_msg("%s:\n%s", cases[i].example, text);
		free(text);
	}
}

/* How many there are counts in a machine, not for a component by itself. */
static void test_counts(void **state)
{
	static const struct {
		const char *example;
		bool passes;
	} cases[] = {
		{ "component: { kind: device, vendor: intel }, expect: admit",
		  true },
		{ "component: { kind: device, class: wireless, vendor: intel }, expect: refuse, rule: no-radio",
		  true },
		{ "components: [ { kind: device, vendor: intel } ], expect: refer, rule: one-tpm",
		  true },
		{ "components: [ { kind: device, vendor: intel } ], expect: refer, rule: no-radio",
		  false },
		{ "components: [ { kind: platform, part: tpm, vendor: intel } ], expect: admit",
		  true },
		{ "components: [ { kind: platform, part: tpm, vendor: intel }, { kind: platform, part: tpm, vendor: intel } ], expect: refer, rule: one-tpm",
		  true },
	};
	static const char policy[] = HEAD RULE("kind: driver", "refuse")
		OTHERWISE
		"presence:\n"
		"  - { id: one-tpm, component: { part: tpm }, exactly: 1, then: refer, because: One. }\n"
		"  - { id: no-radio, component: { class: wireless }, at-most: 0, then: refuse, because: None. }\n";
	struct crd_tried tried;
	char yaml[4096], *text;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(yaml, sizeof(yaml),
			 "%sexamples: [ { name: e, %s } ]\n", policy,
			 cases[i].example);
		text = told(yaml, false, &tried);
		if (tried.failed == cases[i].passes)
			fail_msg("%s:\n%s", cases[i].example, text);
		assert_int_equal(tried.rules, 3);
		if (!cases[i].passes)
			assert_non_null(strstr(text, "count one-tpm\n"));
		free(text);
	}
}

/* One that is waived holds nothing back, but was tried. */
static void test_waived_count(void **state)
{
	static const char policy[] = HEAD RULE("kind: driver", "refuse")
		OTHERWISE
		"presence: [ { id: no-radio, component: { class: wireless }, at-most: 0, then: refuse, because: None. } ]\n"
		"waivers: [ { id: w, rule: no-radio, until: 2026-06-30, approved_by: P, because: B } ]\n"
		"examples:\n"
		"  - { name: spring, component: { kind: device, class: wireless, vendor: intel }, expect: admit, rule: otherwise, as_of: 2026-06-30 }\n"
		"  - { name: summer, component: { kind: device, class: wireless, vendor: intel }, expect: refuse, rule: no-radio, as_of: 2026-07-01 }\n";
	struct crd_tried tried;
	char *text = told(policy, false, &tried);

	if (tried.failed || tried.untouched != 1)
		fail_msg("%s", text);
	free(text);
}

/* Which day it is decides what is listed, and whether the policy counts. */
static void test_days(void **state)
{
	static const struct {
		const char *day, *expect, *by;
		bool passes;
	} cases[] = {
		{ "2026-09-20", "admit", "otherwise", true },
		{ "2026-09-21", "refuse", "listed", true },
		{ "2026-09-21", "admit", "otherwise", false },
		{ "2027-01-01", "admit", "otherwise", false },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crd_tried tried;
		char yaml[4096], *text;

		snprintf(
			yaml, sizeof(yaml),
			WITH("  - { name: e, component: { kind: device, vendor: newbridge }, as_of: %s, expect: %s, rule: %s }\n"),
			cases[i].day, cases[i].expect, cases[i].by);
		text = told(yaml, false, &tried);
		if (tried.failed == cases[i].passes)
			fail_msg("%s:\n%s", cases[i].day, text);
		if (i == 3)
			assert_non_null(
				strstr(text, "The policy is not in force"));
		free(text);
	}
}

static const char mixed[] = WITH(
	"  - { name: a card, component: { kind: device, vendor: intel }, expect: admit }\n"
	"  - { name: a radio, component: { kind: device, class: wireless, vendor: intel }, expect: admit }\n"
	"  - { name: the wrong rule, component: { kind: driver, signer: none }, expect: refuse, rule: listed }\n"
	"  - name: two of them\n"
	"    components:\n"
	"      - { kind: platform, part: tpm }\n"
	"      - { kind: device, vendor: huawei }\n"
	"    expect: refuse\n"
	"    rule: listed\n");

static void test_text(void **state)
{
	static const char *const wants[] = {
		"passed  a card: admit, by otherwise\n",
		"FAILED  a radio: refuse, where admit was expected, by radio (line ",
		"REFUSE by rule radio: No radio.",
		"FAILED  the wrong rule: refuse, by unsigned, where listed was to decide (line",
		"passed  two of them: refuse, by listed\n",
		"4 examples: 2 passed, 2 failed\n",
		"Rules that no example touches: closed, fw, gone, bridge, usb\n",
	};
	struct crd_tried tried;
	char *text = told(mixed, false, &tried);
	size_t i;

	for (i = 0; i < sizeof(wants) / sizeof(wants[0]); i++) {
		if (!strstr(text, wants[i]))
			fail_msg("no '%s' in\n%s", wants[i], text);
	}
	/* of those that pass the name is enough */
	assert_null(strstr(text, "REFUSE by rule listed"));
	assert_int_equal(tried.examples, 4);
	assert_int_equal(tried.failed, 2);
	assert_int_equal(tried.rules, 9);
	assert_int_equal(tried.untouched, 5);
	free(text);
	text = told(HEAD LISTED RULES OTHERWISE, false, &tried);
	assert_non_null(strstr(text, "0 examples: 0 passed, 0 failed\n"));
	free(text);
}

static const char *text_at(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void test_json(void **state)
{
	struct crd_tried tried;
	char *text = told(mixed, true, &tried);
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	const json_t *e, *s = json_object_get(json, "summary");

	assert_non_null(json);
	assert_string_equal(text_at(json, "schema"), "credence-policy-test-1");
	assert_int_equal(json_array_size(json_object_get(json, "examples")), 4);
	e = json_array_get(json_object_get(json, "examples"), 1);
	assert_string_equal(text_at(e, "name"), "a radio");
	assert_string_equal(text_at(e, "expected"), "admit");
	assert_string_equal(text_at(e, "verdict"), "refuse");
	assert_string_equal(text_at(e, "decided_by"), "radio");
	assert_true(json_is_false(json_object_get(e, "passed")));
	e = json_array_get(json_object_get(e, "components"), 0);
	assert_string_equal(text_at(json_object_get(e, "explained"), "verdict"),
			    "refuse");
	assert_int_equal(json_integer_value(json_object_get(s, "failed")), 2);
	assert_int_equal(json_array_size(json_object_get(s, "untouched_rules")),
			 5);
	json_decref(json);
	free(text);
	text = told(HEAD LISTED RULES OTHERWISE, true, &tried);
	json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(json);
	json_decref(json);
	free(text);
}

/* As a check: the first that fails is the error, and has a place. */
static void test_check(void **state)
{
	struct crd_policy *p = good(mixed);
	struct crd_registry *reg = small_registry();
	const struct crd_trial trial = { .policy = p, .registry = reg };
	struct crd_error err = { .text = "" };
	struct crd_tried tried;

	assert_int_equal(crd_policy_test(&trial, &tried, &err), -EBADMSG);
	assert_string_equal(
		err.text,
		"the example 'a radio' ends with refuse by radio, where admit was expected");
	assert_true(err.line > 1 && err.column > 1);
	crd_policy_free(&p);
	p = good(ONE("kind: device, vendor: nobody", "admit"));
	assert_int_equal(crd_policy_test(&(struct crd_trial){ .policy = p,
							      .registry = reg },
					 &tried, &err),
			 -EBADMSG);
	assert_string_equal(err.text, "entity 'nobody' is not in the registry");
	crd_policy_free(&p);
	crd_registry_free(&reg);
}

static int full(const char *text, size_t len, void *ctx)
{
	return -EIO;
}

static void test_put_fails(void **state)
{
	struct crd_policy *p = good(mixed);
	struct crd_registry *reg = small_registry();
	const struct crd_trial trial = { .policy = p, .registry = reg };
	struct crd_error err;
	struct crd_tried tried;

	assert_int_equal(crd_policy_test_text(&trial, full, NULL, &tried, &err),
			 -EIO);
	assert_int_equal(crd_policy_test_json(&trial, full, NULL, &tried, &err),
			 -EIO);
	crd_policy_free(&p);
	crd_registry_free(&reg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_judged),
		cmocka_unit_test(test_around),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_machines),
		cmocka_unit_test(test_waived_count),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_put_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
