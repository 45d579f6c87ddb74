// SPDX-License-Identifier: Apache-2.0
/* policy_match - what conditions mean, and waivers. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "credence.h"
#include "filled.h"
#include "policy_text.h"

/* As it is defined, without a thought of speed. */
static bool slow_glob(const char *p, const char *t)
{
	if (!*p)
		return !*t;
	if (*p == '*')
		return slow_glob(p + 1, t) || (*t && slow_glob(p, t + 1));
	return *t && (*p == '?' || *p == *t) && slow_glob(p + 1, t + 1);
}

/* Every short pattern on every short text of two letters. */
static void test_all_globs(void **state)
{
	enum { PATTERNS = 4 * 4 * 4 * 4 * 4, TEXTS = 32 };
	char pattern[6], text[6];
	unsigned int p, t, i;

	for (p = 0; p < PATTERNS * 6; p++) {
		for (i = 0; i < p / PATTERNS; i++)
			pattern[i] = "ab*?"[p % PATTERNS >> (2 * i) & 3];
		pattern[i] = '\0';
		for (t = 0; t < TEXTS * 6; t++) {
			for (i = 0; i < t / TEXTS; i++)
				text[i] = "ab"[t % TEXTS >> i & 1];
			text[i] = '\0';
			if (crd_glob(small_buf(pattern), small_buf(text)) !=
			    slow_glob(pattern, text))
				fail_msg("%s on %s", pattern, text);
		}
	}
}

static void test_globs(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool match;
	} rows[] = {
		{ "*", "", true },
		{ "?", "", false },
		{ "", "", true },
		{ "", "a", false },
		{ "a*", "a", true },
		{ "a*", "ba", false },
		{ "*a", "aaab", false },
		{ "*a*b*", "xxaxxbxx", true },
		{ "a?c", "abc", true },
		{ "a?c", "ac", false },
		{ "?", "\xc3\xa9", true },
		{ "??", "\xc3\xa9", false },
		{ "a**b", "ab", true },
		{ "[a]", "a", false },
		{ "a.c", "abc", false },
		{ "A*", "abc", false },
		{ "*/net/*.ko", "/lib/net/x.ko", true },
		{ "*\xa9", "\xc3\xa9", false },
	};
	char bomb[513], text[4097];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (crd_glob(small_buf(rows[i].pattern),
			     small_buf(rows[i].text)) != rows[i].match)
			fail_msg("%s on %s", rows[i].pattern, rows[i].text);
	}
	/* No pattern makes it slow: at most pattern times text steps. */
	for (i = 0; i < 512; i += 2)
		memcpy(bomb + i, "*a", 2);
	bomb[512] = '\0';
	memset(text, 'a', 4096);
	text[4096] = '\0';
	text[4095] = 'b';
	assert_false(crd_glob(small_buf(bomb), small_buf(text)));
}

/* One condition, one component: does it hold to refuse, and to admit? */
struct fact {
	const char *when;
	bool refuse, admit;
};

static struct crd_component driver(const char *author, const char *author2)
{
	struct crd_component c = { .kind = CRD_KIND_DRIVER };

	c.name = small_buf("hi\\x5cnic");
	c.origin = CRD_ORIGIN_FILE;
	c.sig_status = CRD_SIG_VERIFIED;
	c.license = small_buf("GPL");
	if (author)
		c.authors[c.n_authors++] = small_buf(author);
	if (author2)
		c.authors[c.n_authors++] = small_buf(author2);
	return c;
}

static void check_facts(const struct crd_component *given,
			const struct fact *facts, size_t n)
{
	struct crd_registry *reg = small_registry();
	struct crd_component c = *given;
	struct crd_matcher m;
	char yaml[1024];
	unsigned int a;
	size_t i;

	for (a = 0; a < c.n_authors; a++) {
		uint16_t v = crd_registry_find(reg, "modsigner", c.authors[a]);

		if (v != REG_NONE)
			c.vendors[c.n_vendors++] = v;
		else
			c.n_strangers++;
	}
	for (i = 0; i < n; i++) {
		struct crd_policy *p;
		bool refuse, admit;

		snprintf(yaml, sizeof(yaml),
			 HEAD "digest_lists: [ { id: ok, digests: [ " SHA256
			      " ] } ]\n" RULE("%s", "refuse") OTHERWISE,
			 facts[i].when);
		p = good(yaml);
		assert_int_equal(crd_matcher_init(&m, p, reg, 20800), 0);
		assert_int_equal(crd_matcher_set(&m, &c), 0);
		refuse = crd_matcher_holds(&m, p->rules[0].when, false);
		admit = crd_matcher_holds(&m, p->rules[0].when, true);
		if (refuse != facts[i].refuse || admit != facts[i].admit)
			fail_msg("%s: refuse %d admit %d", facts[i].when,
				 refuse, admit);
		crd_matcher_done(&m);
		crd_policy_free(&p);
	}
	crd_registry_free(&reg);
}

#define FACTS(c, ...)                                                    \
	do {                                                             \
		static const struct fact facts[] = { __VA_ARGS__ };      \
		check_facts((c), facts, sizeof(facts) / sizeof(*facts)); \
	} while (0)

static void test_listed_author(void **state)
{
	struct crd_component c = driver("Huawei Technologies CO., Ltd", NULL);

	FACTS(&c, { "kind: driver", true, true },
	      { "kind: firmware", false, false },
	      { "kind: { not: firmware }", true, true },
	      { "name: \"hi\\\\nic\"", true, true },
	      { "name: { like: hi*c }", true, true },
	      { "name: { not: { like: hi* } }", false, false },
	      { "name: [ a, { like: '??\\nic' } ]", true, true },
	      { "license: [GPL, NO]", true, true },
	      { "license: gpl", false, false },
	      { "signer: verified", true, true },
	      { "signer: [none, unverified]", false, false },
	      { "listed: list-a", true, true },
	      { "listed: [list-b, list-a]", true, true },
	      { "listed: { not: list-a }", false, false },
	      { "vendor: huawei", true, true },
	      { "vendor: huawei-holding", true, true },
	      { "vendor: { not: intel }", true, true },
	      { "jurisdiction: CN", true, true },
	      { "jurisdiction: { not: [CN, unknown] }", false, false },
	      { "kind: driver, vendor: huawei, signer: none", false, false });
}

/* In the US, owned in CN: in both, and what counts is what is worse. */
static void test_two_countries(void **state)
{
	struct crd_component c = driver("Newbridge", NULL);

	FACTS(&c, { "jurisdiction: US", true, false },
	      { "jurisdiction: CN", true, false },
	      { "jurisdiction: [CN, US]", true, true },
	      { "jurisdiction: { not: US }", true, false },
	      { "jurisdiction: { not: [US, CN] }", false, false },
	      { "listed: list-a", false, false },
	      { "listed: list-b", true, true });
}

static void test_two_authors(void **state)
{
	struct crd_component c =
		driver("Intel", "Huawei Technologies CO., Ltd");

	FACTS(&c, { "vendor: intel", true, false },
	      { "listed: list-a", true, false },
	      { "author: Intel", true, false },
	      { "author: { not: Intel }", true, false },
	      { "author: { like: '*' }", true, true },
	      { "jurisdiction: { not: US }", true, false });
}

/* A second author who is nobody known: doubt, so no benefit. */
static void test_half_known(void **state)
{
	struct crd_component c = driver("Intel", "Nobody");

	FACTS(&c, { "vendor: intel", true, false },
	      { "vendor: unknown", false, true },
	      { "jurisdiction: US", true, false });
}

static void test_nothing_known(void **state)
{
	struct crd_component c = driver(NULL, NULL);

	c.license.ptr = NULL;
	FACTS(&c, { "vendor: intel", false, false },
	      { "vendor: unknown", true, true },
	      { "vendor: { not: intel }", true, false },
	      { "vendor: { not: [intel, unknown] }", false, false },
	      { "listed: list-a", false, false },
	      { "listed: { not: list-a }", true, false },
	      { "jurisdiction: { not: [CA, US] }", true, false },
	      { "jurisdiction: { not: [CA, US, unknown] }", false, false },
	      { "author: { like: '*' }", false, false },
	      { "author: unknown", true, true },
	      { "author: \"unknown\"", false, false },
	      { "license: { not: GPL }", true, false },
	      { "version: { not: 1.10 }", true, false },
	      { "digest: ok", false, false },
	      { "digest: { not: ok }", true, false },
	      { "digest: unknown", true, true }, { "path: x", false, false });
}

static void test_texts_stay(void **state)
{
	struct crd_component c = driver("NO", NULL);

	c.version = small_buf("1.10");
	c.license = small_buf("0x10");
	FACTS(&c, { "version: 1.10", true, true },
	      { "version: 1.1", false, false },
	      { "version: \"1.10\"", true, true }, { "author: NO", true, true },
	      { "author: 'no'", false, false }, { "license: 0x10", true, true },
	      { "license: 16", false, false });
}

static void test_digests(void **state)
{
	struct crd_component c = driver(NULL, NULL);
	int i;

	c.digest.alg = CRD_ALG_SHA256;
	c.digest.len = 32;
	for (i = 0; i < 32; i++)
		c.digest.bytes[i] = (uint8_t)(i % 16 * 0x11);
	FACTS(&c, { "digest: ok", true, true },
	      { "digest: { not: ok }", false, false });
	c.digest.bytes[31] ^= 1;
	FACTS(&c, { "digest: ok", false, false },
	      { "digest: { not: ok }", true, true });
	c.payload = c.digest;
	c.payload.bytes[31] ^= 1;
	FACTS(&c, { "digest: ok", true, true });
}

/* First and last day of a waiver belong to it. */
static void test_waiver_days(void **state)
{
	static const struct {
		const char *day;
		bool covers;
	} rows[] = { { "2026-02-01", false },
		     { "2026-02-02", true },
		     { "2026-02-28", true },
		     { "2026-03-01", false } };
	struct crd_policy *p = good(WAIVER(
		"id: w, rule: r, component: { name: \"hi\\\\nic\" }, from: 2026-02-02, until: 2026-02-28, approved_by: P, because: B"));
	struct crd_component c = driver(NULL, NULL);
	struct crd_matcher m;
	int32_t day;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(crd_date_parse(rows[i].day, 10, &day));
		assert_int_equal(crd_matcher_init(&m, p, NULL, day), 0);
		assert_int_equal(crd_matcher_set(&m, &c), 0);
		assert_int_equal(crd_matcher_waiver(&m, 0) != NULL,
				 rows[i].covers);
		crd_matcher_done(&m);
	}
	crd_policy_free(&p);
}

static void test_known(void **state)
{
	static const struct {
		uint8_t sig;
		uint32_t flags;
		enum crd_kind kind;
		bool known;
	} rows[] = {
		{ CRD_SIG_VERIFIED, 0, CRD_KIND_DRIVER, true },
		{ CRD_SIG_VERIFIED, CRD_FLAG_UNVERIFIED, CRD_KIND_DRIVER,
		  false },
		{ CRD_SIG_NONE, 0, CRD_KIND_DRIVER, false },
		{ CRD_SIG_UNVERIFIED, 0, CRD_KIND_DRIVER, false },
		{ CRD_SIG_VERIFIED, 0, CRD_KIND_FIRMWARE, false },
	};
	struct crd_policy *p = good(WHEN("kind: driver"));
	struct crd_matcher m;
	size_t i;

	assert_int_equal(crd_matcher_init(&m, p, NULL, 0), 0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_component c = { .kind = rows[i].kind,
					   .sig_status = rows[i].sig,
					   .flags = rows[i].flags };

		assert_int_equal(crd_matcher_set(&m, &c), 0);
		assert_int_equal(crd_matcher_known(&m), rows[i].known);
	}
	crd_matcher_done(&m);
	crd_policy_free(&p);
}

struct shipped {
	char *text[3];
	int n;
};

static char *slurp(const char *path)
{
	char *text = calloc(1, 65536);
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	assert_in_range(fread(text, 1, 65535, f), 1, 65534);
	fclose(f);
	return text;
}

static int fetch_shipped(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	struct shipped *s = ctx;
	char path[256];

	snprintf(path, sizeof(path), "policies/%s", file);
	s->text[s->n] = slurp(path);
	*ret_bytes = small_buf(s->text[s->n++]);
	return 0;
}

static void test_shipped(void **state)
{
	static const char *const names[] = { "chancery", "laboratory" };
	int i;

	for (i = 0; i < 2; i++) {
		struct shipped s = { .n = 0 };
		struct crd_error err = { .text = "" };
		struct crd_policy *p = NULL;
		char path[64];
		char *yaml;

		snprintf(path, sizeof(path), "policies/%s.yaml", names[i]);
		yaml = slurp(path);
		if (crd_policy_load(small_buf(yaml), fetch_shipped, &s, &p,
				    &err))
			fail_msg("%s: %u:%u %s", path, err.line, err.column,
				 err.text);
		assert_string_equal(crd_policy_name(p), names[i]);
		assert_true(p->n_digests > 20);
		crd_policy_free(&p);
		while (s.n)
			free(s.text[--s.n]);
		free(yaml);
	}
}

/* What a device has no answer to never matches, whichever way it is asked. */
static void test_device(void **state)
{
	struct crd_component c = { .kind = CRD_KIND_DEVICE };

	c.name = small_buf("0000:00:03.0");
	c.bus = small_buf("pci");
	c.vendor_id = 0x8086;
	c.device_id = 0x10d3;
	c.class_code = 0x028000;
	c.has_class = true;
	FACTS(&c, { "kind: device", true, true },
	      { "kind: [driver, firmware, platform]", false, false },
	      { "class: network", true, true },
	      { "class: [storage, wireless]", true, true },
	      { "class: { not: storage }", true, true },
	      { "class: { not: network }", false, false },
	      { "bus: pci", true, true }, { "bus: { not: usb }", true, true },
	      { "id: \"8086:10d3\"", true, true },
	      { "id: { like: \"8086:*\" }", true, true },
	      { "id: \"8086:10D3\"", false, false },
	      { "name: { like: \"0000:00:*\" }", true, true },
	      { "flags: { not: external }", true, true },
	      { "signer: none", false, false },
	      { "signer: { not: verified }", false, false },
	      { "origin: { not: file }", false, false },
	      { "author: { not: A }", false, false },
	      { "author: unknown", false, false },
	      { "path: { not: /x }", false, false },
	      { "license: { not: GPL }", false, false },
	      { "license: unknown", false, false },
	      { "part: { not: cpu }", false, false },
	      { "digest: { not: ok }", false, false },
	      { "digest: unknown", false, false });
}

/* Where a device could say and does not, there is doubt. */
static void test_silent_device(void **state)
{
	struct crd_component c = { .kind = CRD_KIND_DEVICE };

	c.vendor_id = c.device_id = -1;
	FACTS(&c, { "class: network", false, false },
	      { "class: { not: network }", true, false },
	      { "bus: { not: pci }", true, false },
	      { "id: unknown", true, true }, { "vendor: unknown", true, true },
	      { "vendor: { not: intel }", true, false });
}

static void test_platform(void **state)
{
	struct crd_component c = { .kind = CRD_KIND_PLATFORM };

	c.part = CRD_PART_ACPI;
	c.name = small_buf("SSDT");
	c.digest.alg = CRD_ALG_SHA256;
	c.digest.len = 32;
	c.flags = CRD_FLAG_DYNAMIC;
	FACTS(&c, { "kind: platform", true, true },
	      { "part: acpi", true, true },
	      { "part: [cpu, tpm]", false, false },
	      { "part: { not: cpu }", true, true },
	      { "flags: dynamic", true, true }, { "name: SSDT", true, true },
	      { "digest: { not: ok }", true, true },
	      { "class: { not: network }", false, false },
	      { "bus: unknown", false, false },
	      { "id: { not: \"8086:10d3\" }", false, false },
	      { "vendor: unknown", false, false },
	      { "vendor: { not: intel }", false, false },
	      { "jurisdiction: { not: US }", false, false },
	      { "listed: { not: list-a }", false, false });
	/* who names a maker that nobody knows is in doubt, though */
	c.n_strangers = 1;
	FACTS(&c, { "vendor: unknown", true, true },
	      { "jurisdiction: { not: US }", true, false });
}

/* What only fills a field is not said. */
static void test_fillers(void **state)
{
	struct crd_component c = { .kind = CRD_KIND_PLATFORM };

	c.part = CRD_PART_SMBIOS;
	c.smbios_type = 1;
	c.manufacturer = small_buf("To be filled by O.E.M.");
	c.product = small_buf("System Product Name");
	c.serial = small_buf("0000000");
	c.flags = CRD_FLAG_LOOK_ALIKE;
	FACTS(&c, { "manufacturer: unknown", true, true },
	      { "manufacturer: To be filled by O.E.M.", false, false },
	      { "product: unknown", true, true },
	      { "serial: unknown", true, true },
	      { "serial: \"0000000\"", false, false },
	      { "serial: { not: S1 }", true, false });
	c.serial = small_buf("0000001");
	FACTS(&c, { "serial: \"0000001\"", true, true },
	      { "serial: unknown", false, false });
}

/* J06, each of them in each field; in all others it would be a text. */
static void test_filled(void **state)
{
	static const char *const filled[] = { FILLED };
	size_t i;

	for (i = 0; i < sizeof(filled) / sizeof(filled[0]); i++) {
		struct crd_component c = { .kind = CRD_KIND_DEVICE };

		c.manufacturer = c.product = c.serial = small_buf(filled[i]);
		c.port = small_buf(filled[i]);
		FACTS(&c, { "manufacturer: unknown", true, true },
		      { "product: unknown", true, true },
		      { "serial: unknown", true, true },
		      { "serial: { not: unknown }", false, false },
		      { "manufacturer: { not: A }", true, false },
		      { "product: { not: A }", true, false },
		      { "serial: { not: A }", true, false },
		      { "serial: { like: \"*\" }", false, false },
		      { "serial: { not: { like: \"?*\" } }", true, false },
		      { "serial: [\"00000000\", \"FFFFFFFF\", Not Specified, To be filled by O.E.M.]",
			false, false },
		      { "port: { like: \"*\" }", true, true },
		      { "port: unknown", false, false });
	}
}

/* The same questions to a driver: it has no bus and is no part. */
static void test_driver_is_no_device(void **state)
{
	struct crd_component c = driver("Intel", NULL);

	FACTS(&c, { "class: { not: network }", false, false },
	      { "part: { not: cpu }", false, false },
	      { "bus: unknown", false, false }, { "id: unknown", false, false },
	      { "kind: driver, bus: { not: pci }", false, false });
}

static void test_classes(void **state)
{
	static const struct {
		const char *bus;
		uint32_t code;
		uint32_t words;
	} rows[] = {
		{ "pci", 0x000000, 1u << CRD_CLASS_OTHER },
		{ "pci", 0x000100, 1u << CRD_CLASS_DISPLAY },
		{ "pci", 0x010802, 1u << CRD_CLASS_STORAGE },
		{ "pci", 0x020000, 1u << CRD_CLASS_NETWORK },
		{ "pci", 0x028000,
		  1u << CRD_CLASS_NETWORK | 1u << CRD_CLASS_WIRELESS },
		{ "pci", 0x060400, 1u << CRD_CLASS_BRIDGE },
		{ "pci", 0x0c0330, 1u << CRD_CLASS_CONTROLLER },
		{ "pci", 0x770000, 1u << CRD_CLASS_OTHER },
		{ "usb", 0x000000, 1u << CRD_CLASS_COMPOSITE },
		{ "usb", 0x020600, 1u << CRD_CLASS_NETWORK },
		{ "usb", 0x030101,
		  1u << CRD_CLASS_INPUT | 1u << CRD_CLASS_KEYBOARD },
		{ "usb", 0x030000, 1u << CRD_CLASS_INPUT },
		{ "usb", 0x080650,
		  1u << CRD_CLASS_STORAGE | 1u << CRD_CLASS_USB_STORAGE },
		{ "usb", 0x090000, 1u << CRD_CLASS_HUB },
		{ "usb", 0xe00101, 1u << CRD_CLASS_WIRELESS },
		{ "usb", 0xe00103, 1u << CRD_CLASS_NETWORK },
		{ "usb", 0xff0000, 1u << CRD_CLASS_VENDOR_SPECIFIC },
		{ "i2c", 0x020000, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_component c = { .kind = CRD_KIND_DEVICE };

		c.bus = small_buf(rows[i].bus);
		c.class_code = rows[i].code;
		assert_int_equal(crd_class_words(&c), 0);
		c.has_class = true;
		if (crd_class_words(&c) != rows[i].words)
			fail_msg("%s %06x: 0x%x", rows[i].bus, rows[i].code,
				 crd_class_words(&c));
		assert_non_null(crd_class_noun(&c));
	}
	assert_null(crd_class_names[CRD_CLASS_MAX]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_globs),
		cmocka_unit_test(test_all_globs),
		cmocka_unit_test(test_listed_author),
		cmocka_unit_test(test_two_countries),
		cmocka_unit_test(test_two_authors),
		cmocka_unit_test(test_half_known),
		cmocka_unit_test(test_nothing_known),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_silent_device),
		cmocka_unit_test(test_platform),
		cmocka_unit_test(test_fillers),
		cmocka_unit_test(test_filled),
		cmocka_unit_test(test_driver_is_no_device),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_texts_stay),
		cmocka_unit_test(test_digests),
		cmocka_unit_test(test_waiver_days),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
