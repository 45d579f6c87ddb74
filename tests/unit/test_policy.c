// SPDX-License-Identifier: Apache-2.0
/* policy - what is refused, and where. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "policy_text.h"

/* Lines 1 to 5; a case's own text follows from line 6 on. */
struct bad {
	const char *what;
	const char *yaml;
	unsigned int line, column;
	const char *says;
};

static const struct bad bad[] = {
	{ "nothing", "", 1, 1, "empty" },
	{ "a comment only", "# x\n", 2, 1, "empty" },
	{ "an empty map", "{}\n", 1, 1, "lacks 'policy'" },
	{ "a text", "hello\n", 1, 1, "must be a map" },
	{ "a list", "- a\n", 1, 1, "must be a map" },
	{ "no rules", HEAD OTHERWISE, 1, 1, "lacks 'rules'" },
	{ "empty rules", HEAD "rules: []\n" OTHERWISE, 6, 8, "empty" },
	{ "rules of nothing", HEAD "rules:\n" OTHERWISE, 6, 1, "not nothing" },
	{ "no otherwise", HEAD RULE("kind: driver", "refuse"), 1, 1,
	  "lacks 'otherwise'" },
	{ "otherwise without unknown",
	  HEAD RULE("kind: driver", "refuse") "otherwise: { known: admit }\n",
	  7, 12, "lacks 'unknown'" },
	/* keys */
	{ "misspelt key", WHEN("kinds: driver"), 6, 27, "unknown key 'kinds'" },
	{ "misspelt key at the top", HEAD "rule: []\n" OTHERWISE, 6, 1,
	  "unknown key 'rule'" },
	{ "key in capitals", WHEN("Kind: driver"), 6, 27, "unknown key" },
	{ "key twice", WHEN("kind: driver, kind: firmware"), 6, 41, "twice" },
	{ "key twice at the top", HEAD "version: 2\n", 6, 1, "line 2" },
	{ "key is a list", HEAD "[a]: b\n", 6, 1, "key" },
	{ "rule id twice",
	  HEAD
	  "rules:\n  - { id: r, when: { kind: driver }, then: refuse, because: B }\n"
	  "  - { id: r, when: { kind: driver }, then: admit, because: B }\n" OTHERWISE,
	  8, 11, "line 7" },
	{ "rule without because",
	  HEAD
	  "rules: [ { id: r, when: { kind: driver }, then: refuse } ]\n" OTHERWISE,
	  6, 10, "lacks 'because'" },
	/* YAML's tricks */
	{ "alias", WHEN("name: *a"), 6, 34, "aliases" },
	{ "anchor", WHEN("name: &a b"), 6, 36, "anchors" },
	{ "tag", WHEN("name: !!str b"), 6, 39, "tags" },
	{ "local tag", WHEN("name: !x b"), 6, 36, "tags" },
	{ "merge key", WHEN("<<: { kind: driver }"), 6, 27, "unknown key" },
	{ "directive", "%YAML 1.2\n---\n" WHEN("kind: driver"), 2, 1,
	  "directives" },
	{ "two documents", WHEN("kind: driver") "---\na: b\n", 8, 1,
	  "more than one" },
	{ "tab", HEAD "rules:\n\t- a\n", 7, 1, "tab" },
	{ "byte order mark", "\xef\xbb\xbf" WHEN("kind: driver"), 1, 1,
	  "invisible" },
	{ "not UTF-8", WHEN("name: \xff"), 6, 33, "UTF-8" },
	{ "right-to-left override", WHEN("name: a\xe2\x80\xae"), 6, 34,
	  "invisible" },
	{ "the same, escaped", WHEN("name: \"\\u202e\""), 6, 33, "invisible" },
	{ "zero byte, escaped", WHEN("name: \"a\\0\""), 6, 33, "invisible" },
	{ "bracket left open", HEAD "rules: [\n", 8, 2, "not YAML" },
	{ "indentation", HEAD "  rules: []\n", 7, 4, "not YAML" },
	{ "deep", WHEN("name: [[[[[[[[[[[[a]]]]]]]]]]]]"), 6, 41, "deeply" },
	/* scalars that other readers would turn into something else */
	{ "~", WHEN("name: ~"), 6, 33, "nothing" },
	{ "null", WHEN("name: null"), 6, 33, "nothing" },
	{ "nothing written", WHEN("name: "), 6, 27, "nothing" },
	{ "empty text", WHEN("name: ''"), 6, 33, "empty" },
	{ "secure_boot: true",
	  "policy: a\nversion: 1\nauthority: A\nvalid: { from: 2026-01-01, until: 2026-12-31 }\n"
	  "requires: { identity: any, freshness: 1m, secure_boot: true, lockdown: none, measurer: any }\n" RULE(
		  "kind: driver", "refuse") OTHERWISE,
	  5, 56, "any, on" },
	{ "then: Refuse", HEAD RULE("kind: driver", "Refuse") OTHERWISE, 6, 49,
	  "admit, refer, refuse" },
	{ "then: deny", HEAD RULE("kind: driver", "deny") OTHERWISE, 6, 49,
	  "not 'deny'" },
	{ "country NOR", WHEN("jurisdiction: NOR"), 6, 41, "country code" },
	{ "country no", WHEN("jurisdiction: no"), 6, 41, "country code" },
	{ "pattern not said so", WHEN("name: snd_*"), 6, 33, "like" },
	{ "quoted pattern not said so", WHEN("name: \"snd?\""), 6, 33, "like" },
	/* conditions */
	{ "empty when", WHEN(""), 6, 25, "everything" },
	{ "kind: disk", WHEN("kind: disk"), 6, 33,
	  "driver, firmware, device, platform" },
	{ "class: disk", WHEN("class: disk"), 6, 34, "storage, network" },
	{ "class: quoted", WHEN("class: \"unknown\""), 6, 34,
	  "storage, network" },
	{ "part: bios", WHEN("part: bios"), 6, 33, "smbios, smbios-table" },
	{ "gone may not excuse", WHEN("kind: device, flags: { not: gone }"), 6,
	  48, "never better" },
	{ "gone may not admit",
	  HEAD RULE("flags: re-identified", "admit") OTHERWISE, 6, 34,
	  "never better" },
	{ "flag unknown", WHEN("flags: unsinged"), 6, 34, "unsigned" },
	{ "empty list", WHEN("name: []"), 6, 33, "empty" },
	{ "not of not", WHEN("name: { not: { not: a } }"), 6, 42,
	  "unknown key 'not'" },
	{ "not beside like", WHEN("name: { not: a, like: b }"), 6, 43,
	  "unknown key 'like'" },
	{ "empty not", WHEN("name: {}"), 6, 33, "empty" },
	{ "like of a word", WHEN("kind: { like: d }"), 6, 33, "no {" },
	{ "number", WHEN("name: { like: [ [ a ] ] }"), 6, 43, "a list" },
	{ "digest list unheard of", WHEN("digest: nolist"), 6, 35,
	  "digest_lists" },
	{ "failed as an excuse", WHEN("flags: { not: failed }"), 6, 34,
	  "never better" },
	{ "not-covered as an excuse",
	  WHEN("flags: { not: [unsigned, not-covered] }"), 6, 34,
	  "never better" },
	{ "failed as a merit", HEAD RULE("flags: failed", "admit") OTHERWISE, 6,
	  34, "never better" },
	/* waivers */
	{ "waiver without a date",
	  WAIVER("id: w, rule: r, component: { name: a }, approved_by: P, because: B"),
	  8, 12, "lacks 'until'" },
	{ "waiver for no rule",
	  WAIVER("id: w, rule: s, component: { name: a }, until: 2026-02-01, approved_by: P, because: B"),
	  8, 27, "no rule or presence 's'" },
	{ "waiver for everything",
	  WAIVER("id: w, rule: r, component: { kind: driver }, until: 2026-02-01, approved_by: P, because: B"),
	  8, 41, "name, path or digest" },
	{ "waiver for all but one",
	  WAIVER("id: w, rule: r, component: { name: { not: a } }, until: 2026-02-01, approved_by: P, because: B"),
	  8, 41, "name, path or digest" },
	{ "waiver with an excuse",
	  WAIVER("id: w, rule: r, component: { name: a, flags: failed }, until: 2026-02-01, approved_by: P, because: B"),
	  8, 59, "never better" },
	{ "waiver that ends before it begins",
	  WAIVER("id: w, rule: r, component: { name: a }, from: 2026-02-02, until: 2026-02-01, approved_by: P, because: B"),
	  8, 79, "before" },
	{ "waiver on 30 February",
	  WAIVER("id: w, rule: r, component: { name: a }, until: 2026-02-30, approved_by: P, because: B"),
	  8, 61, "date" },
	/* digest lists */
	{ "list without digests", LISTS("{ id: a }"), 6, 17, "either" },
	{ "list with both",
	  LISTS("{ id: a, file: b, digests: [ " SHA256 " ] }"), 6, 17,
	  "either" },
	{ "list twice",
	  LISTS("{ id: a, digests: [ " SHA256
		" ] }, { id: a, digests: [ " SHA256 " ] }"),
	  6, 113, "twice" },
	{ "list called unknown",
	  LISTS("{ id: unknown, digests: [ " SHA256 " ] }"), 6, 23, "unknown" },
	{ "SHA-1",
	  LISTS("{ id: a, digests: [ da39a3ee5e6b4b0d3255bfef95601890afd80709 ] }"),
	  6, 37, "SHA-256" },
	{ "digest cut short", LISTS("{ id: a, digests: [ 0011 ] }"), 6, 37,
	  "SHA-256" },
	{ "digest and more", LISTS("{ id: a, digests: [ " SHA256 "x ] }"), 6,
	  37, "SHA-256" },
	{ "file, but nobody reads files", LISTS("{ id: a, file: b }"), 6, 32,
	  "cannot be read" },
	{ "file above", LISTS("{ id: a, file: ../b }"), 6, 32, "below" },
	{ "file above, later", LISTS("{ id: a, file: b/../../c }"), 6, 32,
	  "below" },
	{ "absolute file", LISTS("{ id: a, file: /etc/passwd }"), 6, 32,
	  "below" },
	{ "known: true",
	  LISTS("{ id: a, known: true, digests: [ " SHA256 " ] }"), 6, 33,
	  "no, yes" },
};

/* Values of one scalar of the head; "" means that it is good. */
static const struct {
	const char *key, *value, *says;
} scalars[] = {
	{ "version", "0", "number" },
	{ "version", "-1", "number" },
	{ "version", "+1", "number" },
	{ "version", "01", "number" },
	{ "version", "0x10", "number" },
	{ "version", "0o17", "number" },
	{ "version", "1e3", "number" },
	{ "version", "1.0", "number" },
	{ "version", "1_000", "number" },
	{ "version", "\"1\"", "number" },
	{ "version", "on", "number" },
	{ "version", "~", "number" },
	{ "version", "[1]", "number" },
	{ "version", "9999999999999999", "number" },
	{ "version", "999999999999999", "" },
	{ "policy", "a b", "letters" },
	{ "policy", "\xc3\xa9", "letters" },
	{ "policy", "NO", "" },
	{ "policy", "1.10", "" },
	{ "authority", "~", "nothing" },
	{ "authority", "NO", "" },
	{ "authority", "0123", "" },
	{ "authority", "12:30:00", "" },
	{ "authority", "1e3", "" },
	{ "authority", "yes", "" },
	{ "freshness", "10", "unit" },
	{ "freshness", "m", "unit" },
	{ "freshness", "1.5m", "unit" },
	{ "freshness", "10 m", "unit" },
	{ "freshness", "0s", "unit" },
	{ "freshness", "10M", "unit" },
	{ "freshness", "010m", "unit" },
	{ "freshness", "-1m", "unit" },
	{ "freshness", "367d", "unit" },
	{ "freshness", "366d", "" },
	{ "freshness", "1s", "" },
	{ "freshness", "999999999999999d", "unit" },
	{ "from", "2026-1-1", "date" },
	{ "from", "2026-02-29", "date" },
	{ "from", "20260101", "date" },
	{ "from", "1969-12-31", "date" },
	{ "from", "2027-01-01", "before" },
	{ "from", "2024-02-29", "" },
	{ "from", "2026-12-31", "" },
	{ "from", "2026-01-01T00", "date" },
	{ "lockdown", "on", "none, integrity, confidentiality" },
	{ "lockdown", "confidentiality", "" },
	{ "identity", "yes", "any, pinned" },
	{ "measurer", "reference", "references" },
	{ "bank", "sha1", "sha256, sha384, sha512" },
	{ "bank", "SHA256", "sha256, sha384, sha512" },
	{ "bank", "sha512", "" },
	{ "coverage", "usb", "list" },
	{ "coverage", "[]", "empty" },
	{ "coverage", "[usb, firmware-built-in]", "" },
	{ "activity", "some", "any, none" },
	{ "activity", "{ like: bpf }", "like" },
	{ "activity", "{ not: sleep }", "kexec, bpf" },
	{ "activity", "{ not: other }", "kexec, bpf" },
	{ "activity", "{ not: [] }", "empty" },
	{ "activity", "{ not: [kexec, ftrace] }", "" },
	{ "activity", "{ not: bpf }", "" },
	{ "activity", "none", "" },
	{ "activity", "any", "" },
};

static void test_bad(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct crd_policy *p;
		struct crd_error err;
		int ret = load(bad[i].yaml, &p, &err);

		if ((ret != -EBADMSG && ret != -E2BIG) || p ||
		    err.line != bad[i].line || err.column != bad[i].column ||
		    !strstr(err.text, bad[i].says)) {
			print_error("%s: %d %u:%u '%s'\n", bad[i].what, ret,
				    err.line, err.column, err.text);
			assert_int_equal(ret, 1);
		}
	}
}

static void head_with(char *out, const char *key, const char *value)
{
	static const struct {
		const char *key, *value, *before;
	} parts[] = {
		{ "policy", "p", "policy: " },
		{ "version", "1", "\nversion: " },
		{ "authority", "A", "\nauthority: " },
		{ "from", "2026-01-01",
		  "\nvalid: { until: 2026-12-31, from: " },
		{ "freshness", "10m", " }\nrequires: { freshness: " },
		{ "identity", "any", ", identity: " },
		{ "measurer", "any", ", measurer: " },
		{ "bank", "sha256", ", bank: " },
		{ "lockdown", "none", ", secure_boot: any, lockdown: " },
		{ "coverage", "[modules]", ", coverage: " },
		{ "activity", "any", ", activity: " },
	};
	size_t i;

	*out = '\0';
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		strcat(out, parts[i].before);
		strcat(out, strcmp(parts[i].key, key) ? parts[i].value : value);
	}
	strcat(out, " }\n" RULE("kind: driver", "refuse") OTHERWISE);
}

static void test_scalars(void **state)
{
	char yaml[1024];
	size_t i;

	for (i = 0; i < sizeof(scalars) / sizeof(scalars[0]); i++) {
		struct crd_policy *p;
		struct crd_error err;
		int ret;

		head_with(yaml, scalars[i].key, scalars[i].value);
		ret = load(yaml, &p, &err);
		if (!!ret != !!scalars[i].says[0] ||
		    !strstr(err.text, scalars[i].says) ||
		    (ret && !(err.line && err.column)))
			fail_msg("%s: %s: %d %u:%u '%s'", scalars[i].key,
				 scalars[i].value, ret, err.line, err.column,
				 err.text);
		crd_policy_free(&p);
	}
}

/* Every cut of a good policy is refused or is a policy; never worse. */
static void test_cut(void **state)
{
	const char *yaml = WAIVER(
		"id: w, rule: r, component: { name: a }, until: 2026-02-01, approved_by: P, because: B");
	size_t len;

	for (len = 0; len < strlen(yaml) - 2; len++) {
		char *cut = strndup(yaml, len);
		struct crd_policy *p;
		struct crd_error err;

		if (load(cut, &p, &err)) {
			assert_true(err.line && err.column && err.text[0]);
		} else {
			/* only whole: before the waivers begin */
			assert_null(strstr(cut, "waivers"));
			crd_policy_free(&p);
		}
		free(cut);
	}
}

static void test_limits(void **state)
{
	size_t n = POL_MAX_BYTES + 1;
	char *big = malloc(n + 1);
	struct crd_policy *p;
	struct crd_error err;
	int ret;

	memset(big, '#', n);
	big[n] = '\0';
	ret = load(big, &p, &err);
	assert_int_equal(ret, -E2BIG);
	/* A list with more elements than nodes. */
	strcpy(big, HEAD "rules: [");
	while (strlen(big) < 100)
		strcat(big, " ");
	memset(big + strlen(big), 'a', 400000);
	for (size_t i = strlen(HEAD) + 9; i < 400000; i += 2)
		big[i] = ',';
	big[400000] = '\0';
	ret = load(big, &p, &err);
	assert_int_equal(ret, -E2BIG);
	/* A text beyond its bound. */
	strcpy(big, HEAD "description: ");
	memset(big + strlen(big), 'a', POL_MAX_TEXT + 1);
	strcpy(big + strlen(HEAD) + 13 + POL_MAX_TEXT + 1,
	       "\n" RULE("kind: driver", "refuse") OTHERWISE);
	ret = load(big, &p, &err);
	assert_int_equal(ret, -E2BIG);
	free(big);
}

struct digest_file {
	const char *name, *text;
	int ret;
};

static int fetch(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	const struct digest_file *f = ctx;

	assert_string_equal(file, "d/f.sha256");
	*ret_bytes = small_buf(f->text);
	return f->ret;
}

static void test_digest_files(void **state)
{
	static const struct {
		struct digest_file file;
		const char *says;
	} rows[] = {
		{ { "good", SHA256 "  a b\n# x\n\n" SHA256 " *c\n", 0 }, NULL },
		{ { "CRLF, no last newline", SHA256 "  a\r\n" SHA256 "  b", 0 },
		  NULL },
		{ { "escaped name", "\\" SHA256 "  a\\nb\n", 0 }, NULL },
		{ { "capitals",
		    "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF  a\n",
		    0 },
		  NULL },
		{ { "empty", "", 0 }, "no digest" },
		{ { "comments", "# a\n", 0 }, "no digest" },
		{ { "one blank", SHA256 " a\n", 0 }, "line 1" },
		{ { "no name", "# x\n" SHA256 "\n", 0 }, "line 2" },
		{ { "a blank for a name", SHA256 "  \n", 0 }, "line 1" },
		{ { "BSD style", "SHA256 (a) = " SHA256 "\n", 0 }, "line 1" },
		{ { "SHA-1", "da39a3ee5e6b4b0d3255bfef95601890afd80709  a\n",
		    0 },
		  "SHA-256" },
		{ { "a digit too many", SHA256 "0  a\n", 0 }, "line 1" },
		{ { "cannot be read", "", -ENOENT }, "No such file" },
	};
	const char *yaml = LISTS("{ id: a, known: yes, file: d/f.sha256 }");
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_policy *p = NULL;
		struct crd_error err = { .text = "" };
		int ret = crd_policy_load(small_buf(yaml), fetch,
					  (void *)&rows[i].file, &p, &err);

		if (!ret == !!rows[i].says ||
		    (ret && (!strstr(err.text, rows[i].says) || err.line != 6)))
			fail_msg("%s: %d '%s'", rows[i].file.name, ret,
				 err.text);
		crd_policy_free(&p);
	}
}

/* Names that the registry lacks are errors, with their place. */
static void test_check(void **state)
{
	static const struct {
		const char *when;
		unsigned int column;
		const char *says;
	} rows[] = { { "listed: [list-a, list-c]", 44, "list 'list-c'" },
		     { "vendor: huaway", 35, "entity 'huaway'" },
		     { "jurisdiction: { not: [US, ZZ] }", 53, "country 'ZZ'" },
		     { "listed: list-a, vendor: intel, name: nobody", 0,
		       NULL } };
	struct crd_registry *reg = small_registry();
	char yaml[1024];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_error err = { .text = "" };
		struct crd_policy *p;
		int ret;

		snprintf(yaml, sizeof(yaml), WHEN("%s"), rows[i].when);
		p = good(yaml);
		assert_true(crd_policy_needs_registry(p));
		ret = crd_policy_check(p, reg, &err);
		if (!ret != !rows[i].says ||
		    (ret && (err.line != 6 || err.column != rows[i].column ||
			     !strstr(err.text, rows[i].says))))
			fail_msg("%s: %d %u:%u %s", rows[i].when, ret, err.line,
				 err.column, err.text);
		crd_policy_free(&p);
	}
	crd_registry_free(&reg);
}

static void test_facts_of_a_policy(void **state)
{
	struct crd_policy *p = good(WHEN("kind: driver"));

	assert_string_equal(crd_policy_name(p), "test");
	assert_int_equal(crd_policy_version(p), 1);
	assert_int_equal(crd_policy_digest(p)->len, 32);
	assert_int_equal(p->requires.bank, CRD_ALG_SHA256);
	assert_int_equal(p->requires.freshness, 600);
	crd_policy_free(&p);
	crd_policy_free(&p);
	assert_null(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_digest_files),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_facts_of_a_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
