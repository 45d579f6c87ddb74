// SPDX-License-Identifier: Apache-2.0
/*
 * example_number, example_platform, policy_example_part - an example can make
 * every condition hold that a rule can have, each key and each word of it. A key
 * that is added to the language must get a row here.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/policy_cond.h"
#include "soft_signer.h"

#include "policy_text.h" /* whose SHA256 is no function */

#define SHA384 SHA256 "00112233445566778899aabbccddeeff"
#define SHA512 SHA256 SHA256
#define GUID   "00112233-4455-6677-8899-aabbccddeeff"

static const char head[] = HEAD
	"digest_lists:\n"
	"  - { id: ok, digests: [ " SHA256 " ] }\n"
	"  - { id: long, digests: [ " SHA384 ", " SHA512 " ] }\n"
	"component_lists: [ { id: approved, file: approved.csv } ]\n"
	"signers:\n"
	"  - { id: ours, certificates: ours.der, distribution: yes }\n"
	"  - { id: vendor, certificates: vendor.der }\n";
static const char csv[] = "kind,id,subsystem,name,serial,version,digest,note\n"
			  "device,8086:10d3,8086:a01f,,S1,0x2,,x\n"
			  "firmware,,,,,," SHA384 ",x\n";
static struct soft_bytes ours, vendor;

static int fetch(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	*ret_bytes = !strcmp(file, "ours.der")	 ? soft_buf(&ours) :
		     !strcmp(file, "vendor.der") ? soft_buf(&vendor) :
						   small_buf(csv);
	return 0;
}

static void make_cert(const char *name, struct soft_bytes *to)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = soft_cert(key, name, 1, true);

	soft_cert_der(cert, to);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static int make(void **state)
{
	make_cert("Ours", &ours);
	make_cert("Vendor", &vendor);
	return 0;
}

static const struct row {
	enum crd_cond_key key;
	const char *when;
	const char *holds, *fails; /* examples, without what they expect */
} rows[] = {
#define DEVICE(text)   "component: { kind: device, " text " }"
#define DRIVER(text)   "component: { kind: driver, " text " }"
#define FIRMWARE(text) "component: { kind: firmware, " text " }"
#define PLATFORM(text) "component: { kind: platform, " text " }"
	{ CRD_COND_KIND, "kind: driver", DRIVER("name: x"), DEVICE("name: x") },
	{ CRD_COND_FLAGS, "flags: external", DEVICE("flags: external"),
	  DEVICE("flags: gone") },
	{ CRD_COND_SIGNER, "signer: ours", DRIVER("signer: ours"),
	  DRIVER("signer: vendor") },
	{ CRD_COND_SIGNER, "signer: vendor", DRIVER("signer: vendor"),
	  DRIVER("signer: verified") },
	{ CRD_COND_ORIGIN, "origin: { not: file }", FIRMWARE("origin: cached"),
	  FIRMWARE("origin: file") },
	{ CRD_COND_CLASS, "class: camera", DEVICE("class: [audio, camera]"),
	  DEVICE("class: audio") },
	{ CRD_COND_PART, "part: tpm", PLATFORM("part: tpm"),
	  PLATFORM("part: cpu") },
	{ CRD_COND_STRUCTURE, "structure: board", PLATFORM("structure: board"),
	  PLATFORM("structure: system") },
	{ CRD_COND_BUS, "bus: usb", DEVICE("bus: usb"), DEVICE("name: x") },
	{ CRD_COND_ID, "id: \"8086:10d3\"", DEVICE("id: \"8086:10d3\""),
	  DEVICE("id: \"8086:10d4\"") },
	{ CRD_COND_ID, "id: " GUID, PLATFORM("part: esrt, id: " GUID),
	  PLATFORM("part: esrt, id: 11112233-4455-6677-8899-aabbccddeeff") },
	{ CRD_COND_SUBSYSTEM, "subsystem: \"8086:a01f\"",
	  DEVICE("id: \"8086:10d3\", subsystem: \"8086:a01f\""),
	  DEVICE("id: \"8086:10d3\", subsystem: \"8086:a01e\"") },
	{ CRD_COND_SUBSYSTEM, "subsystem: unknown", DEVICE("name: x"),
	  DEVICE("bus: usb") },
	{ CRD_COND_NAME, "name: { like: \"h*\" }", DRIVER("name: hinic"),
	  DRIVER("name: e1000") },
	{ CRD_COND_PORT, "port: 0000:00/1c.0", DEVICE("port: 0000:00/1c.0"),
	  DEVICE("port: 0000:00/1d.0") },
	{ CRD_COND_PATH, "path: { like: \"/tmp/*\" }", DRIVER("path: /tmp/x"),
	  DRIVER("path: /lib/x") },
	{ CRD_COND_AUTHOR, "author: Me", DRIVER("author: [You, Me]"),
	  DRIVER("author: You") },
	{ CRD_COND_LICENSE, "license: MIT", DRIVER("license: MIT"),
	  DRIVER("name: x") },
	{ CRD_COND_VERSION, "kind: driver, version: { below: 2.1.5 }",
	  DRIVER("version: 2.1.4"), DRIVER("version: 2.1.5") },
	{ CRD_COND_VERSION, "version: { at-least: 0x10 }",
	  DEVICE("version: 0x10"), DEVICE("version: 0xf") },
	{ CRD_COND_VERSION, "version: { at-least: \"1.10\" }",
	  DEVICE("bus: usb, version: \"1.10\""),
	  DEVICE("bus: usb, version: 1.07") },
	{ CRD_COND_VERSION, "structure: firmware, version: 1.2.3",
	  PLATFORM("structure: firmware, version: 1.2.3"),
	  PLATFORM("structure: firmware, version: F.3") },
	{ CRD_COND_VERSION, "structure: chassis, version: V2",
	  PLATFORM("structure: chassis, version: V2"),
	  PLATFORM("structure: chassis, manufacturer: M") },
	{ CRD_COND_VERSION, "part: cpu, version: { not: { at-least: 0xb4 } }",
	  PLATFORM("part: cpu, version: 0xb3"),
	  PLATFORM("part: cpu, version: 0xb4") },
	{ CRD_COND_VERSION, "part: acpi, version: 0x20240102",
	  PLATFORM("part: acpi, version: 0x20240102"),
	  PLATFORM("part: acpi, version: 0x20240103") },
	{ CRD_COND_VERSION, "part: esrt, version: { below: 66310 }",
	  PLATFORM("part: esrt, version: 66309"),
	  PLATFORM("part: esrt, version: 4294967295") },
	{ CRD_COND_VERSION, "part: tpm, version: { below: 7.85.17.51969 }",
	  PLATFORM("part: tpm, version: 7.85.17.51968"),
	  PLATFORM("part: tpm, version: 7.85.18.0") },
	{ CRD_COND_RELEASED, "released: { before: 2020-01-01 }",
	  PLATFORM("structure: firmware, released: 2019-12-31"),
	  PLATFORM("structure: firmware, released: 2020-01-01") },
	{ CRD_COND_RELEASED, "released: unknown",
	  PLATFORM("structure: firmware"),
	  PLATFORM("structure: firmware, released: 2020-01-01") },
	{ CRD_COND_MANUFACTURER, "manufacturer: Me",
	  PLATFORM("structure: memory, manufacturer: Me"),
	  PLATFORM("structure: memory, manufacturer: You") },
	{ CRD_COND_MANUFACTURER, "manufacturer: Me",
	  PLATFORM("part: cpu, manufacturer: Me"),
	  PLATFORM("part: cpu, manufacturer: You") },
	{ CRD_COND_PRODUCT, "product: X1", DEVICE("bus: usb, product: X1"),
	  DEVICE("bus: usb, product: X2") },
	{ CRD_COND_PRODUCT, "product: X1",
	  PLATFORM("structure: processor, product: X1"),
	  PLATFORM("structure: processor, product: X2") },
	{ CRD_COND_PRODUCT, "structure: firmware, product: X1, version: X1",
	  PLATFORM("structure: firmware, product: X1"),
	  PLATFORM("structure: firmware, product: X2, version: X2") },
	{ CRD_COND_SERIAL, "serial: S1",
	  PLATFORM("structure: system, manufacturer: M, serial: S1"),
	  PLATFORM("structure: system, manufacturer: M, serial: S2") },
	{ CRD_COND_SERIAL, "serial: S1",
	  PLATFORM("structure: memory, serial: S1"),
	  PLATFORM("structure: memory") },
	{ CRD_COND_DIGEST, "digest: ok", FIRMWARE("digest: ok"),
	  FIRMWARE("digest: long") },
	{ CRD_COND_DIGEST, "digest: long", DRIVER("digest: \"" SHA384 "\""),
	  DRIVER("digest: \"" SHA256 "\"") },
	{ CRD_COND_DIGEST, "digest: long", PLATFORM("part: acpi, digest: long"),
	  PLATFORM("part: acpi") },
	{ CRD_COND_DIGEST, "digest: long", DEVICE("digest: \"" SHA512 "\""),
	  DEVICE("name: x") },
	{ CRD_COND_COMPONENT, "component_list: approved",
	  DEVICE("id: \"8086:10d3\", subsystem: \"8086:a01f\", serial: S1, version: 0x2"),
	  DEVICE("id: \"8086:10d3\", subsystem: \"8086:a01f\", serial: S1, version: 0x3") },
	{ CRD_COND_COMPONENT, "component_list: approved",
	  FIRMWARE("digest: \"" SHA384 "\""), FIRMWARE("name: x") },
	{ CRD_COND_VENDOR, "vendor: huawei", DEVICE("vendor: huawei"),
	  DEVICE("vendor: intel") },
	{ CRD_COND_VENDOR, "vendor: unknown", DEVICE("vendor: unknown"),
	  DEVICE("vendor: intel") },
	{ CRD_COND_VENDOR, "vendor: intel",
	  DEVICE("id: \"19e5:1822\", subsystem: \"8086:0001\""),
	  DEVICE("id: \"19e5:1822\", subsystem: \"19e5:0001\"") },
	{ CRD_COND_JURISDICTION, "jurisdiction: CN", DRIVER("vendor: huawei"),
	  DRIVER("vendor: ibm") },
	{ CRD_COND_LISTED, "listed: list-a", DEVICE("id: \"19e5:1822\""),
	  DEVICE("id: \"8086:10d3\"") },
	{ CRD_COND_GRADE, "grade: { below: text }", DEVICE("vendor: unknown"),
	  DEVICE("vendor: intel, grade: measured") },
	{ CRD_COND_KERNEL, "kernel: { at-least: \"6.1\", below: 6.1.0-40 }",
	  DEVICE("name: x") ", kernel: 6.1.0-39-amd64",
	  DEVICE("name: x") ", kernel: 6.1.0-40-amd64" },
	{ CRD_COND_KERNEL, "kernel: unknown", DEVICE("name: x"),
	  DEVICE("name: x") ", kernel: \"6.12\"" },
	{ CRD_COND_SITE, "site: gate",
	  DEVICE("name: x") ", context: { site: gate }", DEVICE("name: x") },
	{ CRD_COND_DESTINATION, "destination: CN",
	  DEVICE("name: x") ", context: { destination: CN }",
	  DEVICE("name: x") ", context: { destination: CA }" },
	{ CRD_COND_PURPOSE, "purpose: xray",
	  DEVICE("name: x") ", context: { purpose: xray }", DEVICE("name: x") },
	{ CRD_COND_DRIVER, "kind: device, driver: { signer: none }",
	  DEVICE("driver: { name: d, signer: none }"),
	  DEVICE("driver: { name: d }") },
	{ CRD_COND_DRIVER, "kind: firmware, driver: { name: d }",
	  DEVICE("driver: { name: d }, firmware: { name: f }"),
	  DEVICE("driver: { name: e }, firmware: { name: f }") },
	{ CRD_COND_FIRMWARE, "kind: device, firmware: { digest: { not: ok } }",
	  DEVICE("firmware: { name: f }"), DEVICE("firmware: { digest: ok }") },
	{ CRD_COND_FIRMWARE, "kind: driver, firmware: { name: f }",
	  DEVICE("driver: { name: d }, firmware: { name: f }"),
	  DEVICE("driver: { name: d }, firmware: { name: g }") },
	{ CRD_COND_DEVICE, "kind: driver, device: { vendor: huawei }",
	  DEVICE("vendor: huawei, driver: { name: d }"),
	  DEVICE("vendor: intel, driver: { name: d }") },
	{ CRD_COND_DEVICE,
	  "kind: firmware, device: { subsystem: \"8086:a01f\" }",
	  DEVICE("id: \"8086:10d3\", subsystem: \"8086:a01f\", firmware: { name: f }"),
	  DEVICE("id: \"8086:10d3\", firmware: { name: f }") },
};

/* Does the example, which says what it is of, end with that rule? */
static bool is_refused(const char *when, const char *example,
		       struct crd_registry *reg)
{
	struct crd_error err = { .text = "" };
	struct crd_policy *p = NULL;
	struct crd_tried tried;
	char yaml[4096];
	int ret;

	snprintf(yaml, sizeof(yaml),
		 "%s" RULE("%s", "refuse") OTHERWISE
		 "examples: [ { name: e, %s, expect: refuse, rule: r } ]\n",
		 head, when, example);
	if (crd_policy_load(small_buf(yaml), fetch, NULL, &p, &err))
		fail_msg("%u:%u %s\n%s", err.line, err.column, err.text, yaml);
	ret = crd_policy_test(&(struct crd_trial){ .policy = p,
						   .registry = reg },
			      &tried, &err);
	if (ret && !strstr(err.text, "was expected"))
		fail_msg("%s\n%s", err.text, yaml);
	crd_policy_free(&p);
	return !ret;
}

static void test_rows(void **state)
{
	struct crd_registry *reg = small_registry();
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!is_refused(rows[i].when, rows[i].holds, reg))
			fail_msg("%s does not hold for %s", rows[i].when,
				 rows[i].holds);
		if (is_refused(rows[i].when, rows[i].fails, reg))
			fail_msg("%s holds for %s", rows[i].when,
				 rows[i].fails);
	}
	crd_registry_free(&reg);
}

/* The rows are about the key that they say, and no key is without one. */
static void test_every_key(void **state)
{
	char want[40];
	size_t i, key;
	bool has;

	for (key = 0; key < CRD_COND_MAX; key++) {
		has = false;
		snprintf(want, sizeof(want), "%s: ", crd_cond_specs[key].name);
		for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			if (rows[i].key != key)
				continue;
			has = true;
			if (!strstr(rows[i].when, want))
				fail_msg("%s is not about %s", rows[i].when,
					 crd_cond_specs[key].name);
		}
		if (!has)
			fail_msg("no example makes '%s' hold",
				 crd_cond_specs[key].name);
	}
}

/* Words that a key takes; a component of some kind has each of them. */
static void try_words(enum crd_cond_key key, const char *const *words,
		      struct crd_registry *reg)
{
	static const char *const kinds[] = { "driver", "firmware", "device",
					     "platform" };
	const char *name = crd_cond_specs[key].name;
	char when[100], example[200];
	bool holds;
	size_t k;

	for (; *words; words++) {
		snprintf(when, sizeof(when), "%s: %s", name, *words);
		holds = false;
		for (k = 0; k < 4 && !holds; k++) {
			if (!(crd_cond_specs[key].kinds >> k & 1))
				continue;
			snprintf(example, sizeof(example),
				 "component: { kind: %s, %s: %s }", kinds[k],
				 name, *words);
			if (key == CRD_COND_KIND)
				snprintf(example, sizeof(example),
					 "component: { %s }", when);
			if (key == CRD_COND_GRADE) /* that of a vendor */
				snprintf(
					example, sizeof(example),
					"component: { kind: %s, vendor: %s, %s }",
					kinds[k],
					strcmp(*words, "unknown") ? "intel" :
								    "unknown",
					when);
			holds = is_refused(when, example, reg);
		}
		if (!holds)
			fail_msg("no example makes '%s' hold", when);
	}
}

static void test_every_word(void **state)
{
	static const char *const signers[] = {
		"verified",    "unverified", "none", "distribution", "wrong",
		"unknown-key", "unreadable", "ours", "vendor",	     NULL
	};
	struct crd_registry *reg = small_registry();
	enum crd_cond_key key;
	size_t n = 0;

	for (key = 0; key < CRD_COND_MAX; key++) {
		if (!crd_cond_specs[key].words)
			continue;
		n++;
		try_words(key, crd_cond_specs[key].words, reg);
	}
	assert_int_equal(n, 7);
	try_words(CRD_COND_SIGNER, signers, reg);
	crd_registry_free(&reg);
}

/* What such a thing does not have, and numbers that are none, at the place. */
static void test_refused(void **state)
{
	static const struct {
		const char *component, *want;
	} bad[] = {
		{ "kind: device, subsystem: 8086", "no subsystem such as" },
		{ "kind: device, subsystem: \"8086:A01F\"", "in lower case" },
		{ "kind: device, subsystem: \"8086:a01f0\"", "no subsystem" },
		{ "kind: device, bus: usb, subsystem: \"8086:a01f\"",
		  "a component of kind device has no subsystem if it is 'usb'" },
		{ "kind: driver, subsystem: \"8086:a01f\"",
		  "kind driver has no subsystem" },
		{ "kind: device, version: 2", "no version such as 0xb4" },
		{ "kind: device, version: 0x", "no version" },
		{ "kind: device, version: 0x10000", "no version" },
		{ "kind: device, version: 0xB4", "no version" },
		{ "kind: device, bus: usb, version: 1.7", "such as 1.07" },
		{ "kind: device, bus: usb, version: 1.077", "such as 1.07" },
		{ "kind: platform, part: cpu, version: 0x100000000",
		  "no version" },
		{ "kind: platform, part: esrt, version: 4294967296",
		  "such as 66309" },
		{ "kind: platform, part: esrt, version: 1.2", "such as 66309" },
		{ "kind: platform, part: tpm, version: 7.85.17",
		  "four numbers" },
		{ "kind: platform, part: tpm, version: 7.85.17.65536",
		  "four numbers" },
		{ "kind: platform, part: tpm, version: 1.2.3.4.5",
		  "four numbers" },
		{ "kind: platform, part: esrt, id: \"8086:10d3\"", "no GUID" },
		{ "kind: platform, part: esrt, id: 00112233-4455-6677-8899-aabbccddeef",
		  "no GUID" },
		{ "kind: platform, part: esrt, id: " GUID "0", "no GUID" },
		{ "kind: platform, part: tpm, id: " GUID,
		  "has no id if it is 'tpm'" },
		{ "kind: platform, released: 2020-01-01",
		  "has no released if it is 'other'" },
		{ "kind: platform, structure: board, released: 2020-01-01",
		  "has no released if it is 'board'" },
		{ "kind: platform, structure: firmware, released: 2020-02-30",
		  "must be a date" },
		{ "kind: platform, structure: firmware, released: 01/31/2020",
		  "must be a date" },
		{ "kind: driver, released: 2020-01-01", "has no released" },
		{ "kind: platform, structure: firmware, serial: S1",
		  "has no serial if it is 'firmware'" },
		{ "kind: platform, structure: chassis, product: X",
		  "has no product if it is 'chassis'" },
		{ "kind: platform, structure: slot, manufacturer: X",
		  "has no manufacturer if it is 'slot'" },
		{ "kind: platform, part: acpi, manufacturer: X",
		  "has no manufacturer if it is 'acpi'" },
		{ "kind: platform, part: cpu, structure: board",
		  "only `part: smbios` has a structure" },
		{ "kind: platform, structure: firmware, product: A, version: B",
		  "cannot differ" },
		{ "kind: driver, digest: " SHA256 "00", "neither" },
		{ "kind: driver, digest: \"" SHA256
		  "00112233445566778899aabbccddeefg\"",
		  "neither" },
	};
	struct crd_policy *p;
	struct crd_error err;
	char yaml[4096];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(
			yaml, sizeof(yaml),
			WHEN("kind: driver") "examples: [ { name: e, component: { %s }, expect: admit } ]\n",
			bad[i].component);
		if (load(yaml, &p, &err) != -EBADMSG || err.line != 8 ||
		    !strstr(err.text, bad[i].want))
			fail_msg("%s: %u: %s", bad[i].component, err.line,
				 err.text);
	}
	if (load(WHEN("kind: driver") "examples: [ { name: e, component: { kind: driver }, expect: admit, kernel: [a] } ]\n",
		 &p, &err) != -EBADMSG ||
	    !strstr(err.text, "kernel must be a text"))
		fail_msg("%s", err.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_every_key),
		cmocka_unit_test(test_every_word),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, make, NULL);
}
