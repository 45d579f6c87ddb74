// SPDX-License-Identifier: Apache-2.0
/* policy_extend - a policy that extends another is stricter, or says it is not. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "policy_text.h"

#define ID_A "00112233445566778899aabbccddeeff00112233"
#define ID_B "ff112233445566778899aabbccddeeff00112233"

static const char office[] =
	"policy: office\n"
	"version: 7\n"
	"authority: A\n"
	"description: For offices.\n"
	"valid: { from: 2026-01-01, until: 2026-12-31 }\n"
	"requires:\n"
	"  identity: pinned\n"
	"  freshness: 10m\n"
	"  secure_boot: on\n"
	"  lockdown: integrity\n"
	"  measurer: reference\n"
	"  bank: sha384\n"
	"  coverage: [modules, usb]\n"
	"  activity: { not: [kexec, bpf] }\n"
	"references: { measurers: [ { build_id: \"" ID_A "\" } ] }\n"
	"digest_lists: [ { id: base, digests: [\"" SHA256
	"\"], known: yes } ]\n"
	"rules:\n"
	"  - { id: radio, when: { kind: device, class: [wireless, network] }, then: refer, because: B }\n"
	"  - { id: good, when: { digest: base }, then: admit, because: B }\n"
	"  - { id: quoted, when: { name: unknown }, then: refer, because: B }\n"
	"otherwise: { known: admit, unknown: refer }\n"
	"presence: [ { id: one-tpm, component: { part: tpm }, exactly: 1, then: refer, because: B } ]\n"
	"waivers:\n"
	"  - { id: W-1, rule: radio, component: { name: a }, until: 2026-06-30, approved_by: P, because: B }\n";

struct shelf {
	const char *name, *text;
	const char *name2, *text2;
};

static int fetch(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	const struct shelf *shelf = ctx;

	if (!strcmp(file, shelf->name))
		*ret_bytes = crd_buf_of(shelf->text);
	else if (shelf->name2 && !strcmp(file, shelf->name2))
		*ret_bytes = crd_buf_of(shelf->text2);
	else
		return -ENOENT;
	return 0;
}

static int take(const char *yaml, struct shelf *shelf,
		struct crd_policy **ret_policy, struct crd_error *err)
{
	memset(err, 0, sizeof(*err));
	*ret_policy = NULL;
	return crd_policy_load(small_buf(yaml), fetch, shelf, ret_policy, err);
}

/* Lines 1 to 4; a case's own text follows from line 5 on. */
#define CHILD	      "policy: rooms\nversion: 1\nauthority: A\nextends: office.yaml\n"
#define LOOSENS(what) "loosens: [ { what: " what ", because: So be it } ]\n"
#define RADIO(when, then)                                       \
	"rules: [ { id: radio, when: { " when " }, then: " then \
	", because: C } ]\n"
#define ALIKE "class: [network, wireless], kind: device"

/* What is not stricter, what it must be declared as, and what is said. */
static const struct {
	const char *what, *yaml;
	unsigned int column; /* in line 5 */
	const char *says;
} looser[] = {
	{ "requires.identity", "requires: { identity: any }\n", 23,
	  "(line 7: pinned)" },
	{ "requires.freshness", "requires: { freshness: 11m }\n", 24,
	  "(line 8: 10m)" },
	{ "requires.freshness", "requires: { freshness: 601s }\n", 24,
	  "(line 8: 10m)" },
	{ "requires.secure_boot", "requires: { secure_boot: any }\n", 26,
	  "(line 9: on)" },
	{ "requires.lockdown", "requires: { lockdown: none }\n", 23,
	  "(line 10: integrity)" },
	{ "requires.measurer", "requires: { measurer: any }\n", 23,
	  "(line 11: reference)" },
	{ "requires.bank", "requires: { bank: sha256 }\n", 19,
	  "(line 12: sha384)" },
	{ "requires.pcr", "requires: { pcr: 12 }\n", 18,
	  "office.yaml has it;" },
	{ "requires.coverage", "requires: { coverage: [modules, pci] }\n", 23,
	  "(line 13: [modules, usb])" },
	{ "requires.activity", "requires: { activity: any }\n", 23,
	  "(line 14: { not: [kexec, bpf] })" },
	{ "requires.activity", "requires: { activity: { not: kexec } }\n", 23,
	  "line 14" },
	{ "references",
	  "references: { measurers: [ { build_id: \"" ID_A
	  "\" }, { build_id: \"" ID_B "\" } ] }\n",
	  86, "office.yaml" },
	{ "valid", "valid: { from: 2026-01-01, until: 2027-01-01 }\n", 8,
	  "(line 5: { from: 2026-01-01, until: 2026-12-31 })" },
	{ "valid", "valid: { from: 2025-12-31, until: 2026-12-31 }\n", 8,
	  "line 5" },
	{ "otherwise.unknown", "otherwise: { unknown: admit }\n", 23,
	  "(line 21: refer)" },
	{ "digest_lists.more",
	  "digest_lists: [ { id: more, digests: [\"" SHA256
	  "\"], known: yes } ]\n",
	  17, "office.yaml" },
	{ "rules.radio", RADIO(ALIKE, "admit"), 10, "(line 18: { id: radio, " },
	{ "rules.radio", RADIO("class: wireless, kind: device", "refuse"), 10,
	  "line 18" },
	{ "rules.radio", RADIO(ALIKE ", name: a", "refuse"), 10, "line 18" },
	{ "rules.radio", RADIO("kind: device", "refuse"), 10, "line 18" },
	{ "rules.quoted",
	  "rules: [ { id: quoted, when: { name: \"unknown\" }, then: refuse, because: C } ]\n",
	  10, "line 20" },
	{ "rules.new",
	  "rules: [ { id: new, when: { name: a }, then: admit, because: C } ]\n",
	  10, "(line 21: refer)" },
	{ "waivers.W-2",
	  "waivers: [ { id: W-2, rule: radio, component: { name: a }, until: 2026-06-30, approved_by: P, because: B } ]\n",
	  18, "office.yaml" },
	{ "waivers.W-3",
	  "waivers: [ { id: W-3, rule: one-tpm, machine: { product: P }, until: 2026-06-30, approved_by: P, because: B } ]\n",
	  18, "office.yaml" },
};

#define WAIVES(id, of)            \
	"{ id: " id ", rule: " of \
	", until: 2026-06-30, approved_by: P, because: B }"
#define ONE ", component: { name: a }"

static void test_looser(void **state)
{
	struct shelf shelf = { .name = "office.yaml", .text = office };
	struct crd_policy *p;
	struct crd_error err;
	char yaml[1024], wanted[64];
	size_t i;

	for (i = 0; i < sizeof(looser) / sizeof(*looser); i++) {
		snprintf(yaml, sizeof(yaml), CHILD "%s", looser[i].yaml);
		snprintf(wanted, sizeof(wanted), "as '%s'", looser[i].what);
		if (take(yaml, &shelf, &p, &err) != -EBADMSG || err.line != 5 ||
		    err.column != looser[i].column ||
		    !strstr(err.text, looser[i].says) ||
		    !strstr(err.text, wanted))
			fail_msg("%s: %u:%u %s", looser[i].what, err.line,
				 err.column, err.text);
		/* declared, it is a policy */
		snprintf(yaml, sizeof(yaml), CHILD LOOSENS("%s") "%s",
			 looser[i].what, looser[i].yaml);
		if (take(yaml, &shelf, &p, &err))
			fail_msg("%s: %u:%u %s", looser[i].what, err.line,
				 err.column, err.text);
		assert_true(p->n_loosens == 1 && p->loosens[0].used &&
			    !p->loosens[0].removes);
		crd_policy_free(&p);
		/* under another name it is not */
		snprintf(yaml, sizeof(yaml), CHILD LOOSENS("%s") "%s",
			 i ? "requires.identity" : "valid", looser[i].yaml);
		assert_int_equal(take(yaml, &shelf, &p, &err), -EBADMSG);
	}
}

/* Of its own: there nothing holds that a waiver could take away. */
#define NEW \
	"rules: [ { id: new, when: { kind: driver }, then: refuse, because: C } ]\n"
#define FEW                                                                      \
	"presence: [ { id: few, component: { kind: device }, at-most: 3, then: " \
	"refer, because: B } ]\n"

static const char *const stricter[] = {
	"",
	"requires: { identity: pinned, freshness: 10m, secure_boot: on, lockdown: integrity }\n",
	"requires: { freshness: 599s, lockdown: confidentiality, bank: sha512 }\n",
	"requires: { pcr: 13, coverage: [usb, power, modules], activity: none }\n",
	"requires: { activity: { not: [bpf, ftrace, kexec] } }\n",
	"references: { measurers: [ { build_id: \"" ID_A "\", note: N } ] }\n",
	"valid: { from: 2026-01-02, until: 2026-12-30 }\n",
	"otherwise: { known: refer }\n",
	"otherwise: { known: refuse, unknown: refuse }\n",
	"otherwise: { unknown: refer }\n",
	"digest_lists: [ { id: more, digests: [\"" SHA256 "\"] } ]\n",
	RADIO(ALIKE, "refer"),
	RADIO(ALIKE, "refuse"),
	"rules: [ { id: new, when: { name: a }, then: refer, because: C } ]\n",
	"rules: [ { id: quoted, when: { name: unknown }, then: refuse, because: C, advice: D } ]\n",
	NEW "waivers: [ " WAIVES("w", "new" ONE) " ]\n",
	FEW "waivers: [ " WAIVES("w", "few") " ]\n",
};

static void test_stricter(void **state)
{
	struct shelf shelf = { .name = "office.yaml", .text = office };
	struct crd_policy *p;
	struct crd_error err;
	char yaml[1024];
	size_t i;

	for (i = 0; i < sizeof(stricter) / sizeof(*stricter); i++) {
		snprintf(yaml, sizeof(yaml), CHILD "%s", stricter[i]);
		if (take(yaml, &shelf, &p, &err))
			fail_msg("%s: %u:%u %s", stricter[i], err.line,
				 err.column, err.text);
		crd_policy_free(&p);
	}
}

/* A waiver of its own rule may be declared all the same; a check tells it. */
static void test_own_waiver(void **state)
{
	struct shelf shelf = { .name = "office.yaml", .text = office };
	struct crd_policy *p;
	struct crd_error err;

	assert_int_equal(take(CHILD LOOSENS("waivers.w") NEW
			      "waivers: [ " WAIVES("w", "new" ONE) " ]\n",
			      &shelf, &p, &err),
			 0);
	assert_int_equal(p->n_loosens, 1);
	assert_false(p->loosens[0].used);
	crd_policy_free(&p);
	/* that there is one does not excuse what there is not */
	assert_int_equal(take(CHILD LOOSENS("waivers.x") NEW
			      "waivers: [ " WAIVES("w", "new" ONE) " ]\n",
			      &shelf, &p, &err),
			 -EBADMSG);
	assert_non_null(strstr(err.text, "no 'waivers.x' here"));
}

/* What it took over from the one between them is not its own. */
static void test_waiver_three_deep(void **state)
{
	static const char rooms[] = CHILD NEW FEW;
	static const char *const of[] = { "new" ONE, "few" };
	struct shelf shelf = { "rooms.yaml", rooms, "office.yaml", office };
	struct crd_policy *p;
	struct crd_error err;
	char yaml[512];
	size_t i;

	for (i = 0; i < 2; i++) {
		snprintf(
			yaml, sizeof(yaml),
			"policy: vault\nversion: 1\nauthority: A\nextends: rooms.yaml\n"
			"waivers: [ { id: w, rule: %s, until: 2026-06-30, approved_by: P, because: B } ]\n",
			of[i]);
		assert_int_equal(take(yaml, &shelf, &p, &err), -EBADMSG);
		assert_int_equal(err.line, 5);
		assert_non_null(strstr(err.text, "as 'waivers.w'"));
	}
}

/* What is inherited, replaced, left. */
static void test_whole(void **state)
{
	struct shelf shelf = { .name = "office.yaml", .text = office };
	struct crd_policy *p;
	struct crd_error err;
	struct crd_digest digest;

	assert_int_equal(
		take(CHILD
		     "loosens: [ { what: rules.good, because: { en: E, fr: F } } ]\n"
		     "requires: { freshness: 5m }\n"
		     "rules:\n"
		     "  - { id: new, when: { name: a }, then: refuse, because: C }\n"
		     "  - { id: radio, when: { " ALIKE
		     " }, then: refuse, because: D }\n"
		     "otherwise: { unknown: refuse }\n",
		     &shelf, &p, &err),
		0);
	assert_string_equal(p->name, "rooms");
	assert_int_equal(p->version, 1);
	assert_null(p->description);
	assert_int_equal(p->requires.freshness, 300);
	assert_true(p->requires.identity_pinned && p->requires.secure_boot);
	assert_int_equal(p->requires.n_coverage, 2);
	assert_int_equal(p->n_references, 1);
	assert_int_equal(p->n_rules, 3);
	assert_string_equal(p->rules[0].id, "radio");
	assert_int_equal(p->rules[0].then, CRD_REFUSE);
	assert_string_equal(crd_texts_in(p, p->rules[0].because, NULL), "D");
	assert_string_equal(p->rules[1].id, "quoted");
	assert_string_equal(p->rules[2].id, "new");
	assert_true(p->loosens[0].removes);
	assert_int_equal(p->otherwise_known, CRD_ADMIT);
	assert_int_equal(p->otherwise_unknown, CRD_REFUSE);
	/* waivers were approved for the office */
	assert_int_equal(p->n_waivers, 0);
	assert_int_equal(p->n_files, 2);
	assert_int_equal(p->files[1].waivers_left, 1);
	assert_string_equal(p->files[1].path, "office.yaml");
	assert_string_equal(p->files[1].name, "office");
	assert_int_equal(p->files[1].version, 7);
	crd_sha256(crd_buf_of(office), &digest);
	assert_true(crd_digest_equal(&p->files[1].digest, &digest));
	assert_false(crd_digest_equal(crd_policy_digest(p), &digest));
	crd_policy_free(&p);
}

/* Where nothing is known to be admitted, a new rule cannot loosen. */
static void test_otherwise_alike(void **state)
{
	static const char lax[] = HEAD RULE(
		"kind: driver",
		"refuse") "otherwise: { known: admit, unknown: admit }\n";
	static const char strict[] = HEAD RULE(
		"kind: driver",
		"refuse") "otherwise: { known: refuse, unknown: refuse }\n";
	static const char admit[] = CHILD
		"rules: [ { id: n, when: { name: a }, then: admit, because: C } ]\n";
	static const char refer[] = CHILD
		"rules: [ { id: n, when: { name: a }, then: refer, because: C } ]\n";
	struct shelf shelf = { .name = "office.yaml", .text = lax };
	struct crd_policy *p;
	struct crd_error err;

	assert_int_equal(take(admit, &shelf, &p, &err), 0);
	crd_policy_free(&p);
	shelf.text = strict;
	assert_int_equal(take(refer, &shelf, &p, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "refuse); declare it"));
}

static const struct {
	const char *what, *yaml;
	unsigned int line, column;
	const char *says;
} bad[] = {
	{ "no such file",
	  "policy: a\nversion: 1\nauthority: A\nextends: none.yaml\n", 4, 10,
	  "cannot read none.yaml" },
	{ "above",
	  "policy: a\nversion: 1\nauthority: A\nextends: ../office.yaml\n", 4,
	  10, "below the policy's folder" },
	{ "absolute",
	  "policy: a\nversion: 1\nauthority: A\nextends: /office.yaml\n", 4, 10,
	  "below the policy's folder" },
	{ "nothing", "policy: a\nversion: 1\nauthority: A\nextends: ~\n", 4, 10,
	  "nothing" },
	{ "two",
	  "policy: a\nversion: 1\nauthority: A\nextends: [office.yaml]\n", 4,
	  10, "a text" },
	{ "no version", "policy: a\nauthority: A\nextends: office.yaml\n", 1, 1,
	  "lacks 'version'" },
	{ "loosens alone",
	  HEAD LOOSENS("valid") RULE("kind: driver", "refuse") OTHERWISE, 6, 10,
	  "extends one" },
	{ "loosens nothing", CHILD "loosens: []\n", 5, 10, "empty" },
	{ "without a reason", CHILD "loosens: [ { what: valid } ]\n", 5, 12,
	  "lacks 'because'" },
	{ "a word", CHILD "loosens: [ valid ]\n", 5, 12, "must be a map" },
	{ "no such key", CHILD LOOSENS("requires.boot"), 5, 20,
	  "nothing that can" },
	{ "a key of the top", CHILD LOOSENS("requires"), 5, 20,
	  "nothing that can" },
	{ "its own name", CHILD LOOSENS("policy"), 5, 20, "nothing that can" },
	{ "nothing after the dot", CHILD LOOSENS("rules."), 5, 20,
	  "nothing that can" },
	{ "everything", CHILD LOOSENS("\"*\""), 5, 20, "nothing that can" },
	{ "twice",
	  CHILD
	  "loosens: [ { what: valid, because: A }, { what: valid, because: B } ]\n",
	  5, 49, "twice" },
	{ "no such rule", CHILD LOOSENS("rules.nope"), 5, 12,
	  "no rule 'nope'" },
	{ "no such waiver", CHILD LOOSENS("waivers.W-1"), 5, 12,
	  "no 'waivers.W-1' here" },
	{ "a known list of old", CHILD LOOSENS("digest_lists.base"), 5, 12,
	  "here that loosens" },
	{ "waiver for a rule that is replaced to admit",
	  CHILD LOOSENS("rules.radio") RADIO(
		  ALIKE,
		  "admit") "waivers: [ { id: w, rule: radio, component: { name: a }, until: 2026-06-30, approved_by: P, because: B } ]\n",
	  7, 27, "nothing to waive" },
	{ "waiver for a rule that is replaced by a stricter one",
	  CHILD RADIO(ALIKE, "refuse") "waivers: [ " WAIVES("w",
							    "radio" ONE) " ]\n",
	  6, 18, "as 'waivers.w'" },
	{ "waiver for what is nowhere",
	  CHILD "waivers: [ " WAIVES("w", "nope" ONE) " ]\n", 5, 27,
	  "no rule or presence 'nope'" },
	{ "waiver for a rule that is removed",
	  CHILD
	  "loosens: [ { what: rules.radio, because: B }, { what: waivers.w, because: B } ]\n"
	  "waivers: [ { id: w, rule: radio, component: { name: a }, until: 2026-06-30, approved_by: P, because: B } ]\n",
	  6, 27, "no rule or presence 'radio'" },
	{ "list of that id",
	  CHILD "digest_lists: [ { id: base, digests: [\"" SHA256 "\"] } ]\n",
	  5, 23, "twice" },
	{ "rule twice here",
	  CHILD
	  "rules:\n  - { id: n, when: { name: a }, then: refuse, because: B }\n  - { id: n, when: { name: a }, then: refuse, because: B }\n",
	  7, 11, "line 6" },
	{ "rule of old twice here",
	  CHILD
	  "rules:\n  - { id: radio, when: { " ALIKE
	  " }, then: refuse, because: B }\n  - { id: radio, when: { " ALIKE
	  " }, then: refuse, because: B }\n",
	  7, 11, "line 6" },
	{ "without parent's lists",
	  CHILD
	  "rules: [ { id: n, when: { digest: other }, then: refuse, because: B } ]\n",
	  5, 35, "not under digest_lists" },
	{ "misspelt key", CHILD "require: {}\n", 5, 1, "unknown key" },
	{ "misspelt key of requires", CHILD "requires: { fresh: 5m }\n", 5, 13,
	  "unknown key" },
};

static void test_bad(void **state)
{
	struct shelf shelf = { .name = "office.yaml", .text = office };
	struct crd_policy *p;
	struct crd_error err;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (take(bad[i].yaml, &shelf, &p, &err) != -EBADMSG ||
		    err.line != bad[i].line || err.column != bad[i].column ||
		    !strstr(err.text, bad[i].says))
			fail_msg("%s: %u:%u %s", bad[i].what, err.line,
				 err.column, err.text);
	}
	/* without anybody who reads files */
	assert_int_equal(load(CHILD, &p, &err), -EBADMSG);
	assert_int_equal(err.line, 4);
}

/* Errors there are told with their place there. */
static void test_bad_parent(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "", "tiers/office.yaml:1:1: empty" },
		{ "policy: x\n", "tiers/office.yaml:1:1: a policy lacks" },
		{ HEAD RULE("kind: sofa", "refuse") OTHERWISE,
		  "tiers/office.yaml:6:33: kind must be" },
		{ HEAD RULE("kind: driver", "refuse") OTHERWISE "waivers: []\n",
		  "tiers/office.yaml:8:10: waivers is empty" },
		{ "policy: x\nversion: 1\nauthority: A\nextends: up.yaml\n",
		  "tiers/office.yaml:4:10: cannot read tiers/up.yaml" },
		{ "policy: x\nversion: 1\nauthority: A\nextends: ../up.yaml\n",
		  "tiers/office.yaml:4:10: extends must be" },
	};
	struct shelf shelf = { .name = "tiers/office.yaml" };
	struct crd_policy *p;
	struct crd_error err;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		shelf.text = rows[i].text;
		if (take("policy: a\nversion: 1\nauthority: A\n"
			 "extends: tiers/office.yaml\n",
			 &shelf, &p, &err) != -EBADMSG ||
		    err.line != 4 || err.column != 10 ||
		    !strstr(err.text, rows[i].says))
			fail_msg("%zu: %u:%u %s", i, err.line, err.column,
				 err.text);
	}
}

/* Over three files, in folders of their own, in two languages. */
static void test_chain(void **state)
{
	static const char middle[] =
		"policy: m\nversion: 2\nauthority: A\nlanguage: fr\n"
		"extends: base/office.yaml\nrequires: { freshness: 5m }\n"
		"rules: [ { id: m, when: { name: m }, then: refer, because: { fr: Oui, en: Yes } } ]\n";
	static const char child[] =
		"policy: c\nversion: 3\nauthority: A\nextends: tiers/m.yaml\n"
		"rules: [ { id: c, when: { name: c }, then: refer, because: Non } ]\n";
	struct shelf shelf = { "tiers/m.yaml", middle, "tiers/base/office.yaml",
			       office };
	struct crd_policy *p;
	struct crd_error err;

	assert_int_equal(take(child, &shelf, &p, &err), 0);
	assert_int_equal(p->n_files, 3);
	assert_int_equal(p->n_rules, 5);
	assert_string_equal(p->files[2].path, "tiers/base/office.yaml");
	assert_string_equal(p->language, "fr");
	assert_string_equal(crd_texts_in(p, p->rules[3].because, NULL), "Oui");
	assert_string_equal(crd_texts_in(p, p->rules[4].because, "fr"), "Non");
	assert_string_equal(crd_texts_in(p, p->rules[0].because, "fr"), "B");
	crd_policy_free(&p);
	/* the middle has tightened: that is what counts */
	assert_int_equal(take("policy: c\nversion: 3\nauthority: A\n"
			      "extends: tiers/m.yaml\n"
			      "requires: { freshness: 6m }\n",
			      &shelf, &p, &err),
			 -EBADMSG);
	assert_non_null(strstr(err.text, "(line 6: 5m)"));
}

static int fetch_same(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	*ret_bytes = *(struct crd_buf *)ctx;
	return 0;
}

/* Each is another one; ctx counts them. */
static int fetch_next(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	static char text[16][80];
	int *n = ctx;

	assert_true(*n < 16);
	snprintf(text[*n], sizeof(text[0]),
		 "policy: p%d\nversion: 1\nauthority: A\nextends: x.yaml\n",
		 *n);
	*ret_bytes = crd_buf_of(text[*n]);
	++*n;
	return 0;
}

static void test_endless(void **state)
{
	struct crd_buf self = crd_buf_of(CHILD);
	struct crd_policy *p = NULL;
	struct crd_error err;
	int n = 0;

	assert_int_equal(crd_policy_load(self, fetch_same, &self, &p, &err),
			 -EBADMSG);
	assert_non_null(strstr(err.text, "extends itself"));
	assert_int_equal(crd_policy_load(self, fetch_next, &n, &p, &err),
			 -E2BIG);
	assert_non_null(strstr(err.text, "x.yaml:4:10: "));
	assert_int_equal(n, POL_MAX_PARENTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looser),
		cmocka_unit_test(test_stricter),
		cmocka_unit_test(test_own_waiver),
		cmocka_unit_test(test_waiver_three_deep),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_otherwise_alike),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_bad_parent),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_endless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
