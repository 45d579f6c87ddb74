// SPDX-License-Identifier: Apache-2.0
/*
 * policy_answer, policy_match - grades, versions, dates, texts of a board,
 * where a machine goes, lists of components.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "credence.h"
#include "policy_ask.h"
#include "soft_log.h"

/* What is wrong with a condition is said where it stands. */
static void test_wrong(void **state)
{
	static const struct {
		const char *when;
		unsigned int column;
		const char *says;
	} rows[] = {
		{ "version: { at-least: latest }", 48, "not a version" },
		{ "version: { at-least: 1.0-rc1 }", 48, "not a version" },
		{ "version: { at-least: [1] }", 48, "must be a text" },
		{ "version: { above: 1 }", 38, "unknown key 'above'" },
		{ "version: { like: a, below: 1 }", 36, "alone" },
		{ "version: {}", 36, "empty" },
		{ "version: [ {} ]", 38, "empty" },
		{ "version: { not: { at-least: F.1 } }", 55, "not a version" },
		{ "license: { at-least: 1 }", 38, "unknown key 'at-least'" },
		{ "released: yesterday", 37, "must be a date" },
		{ "released: { below: 2020-01-01 }", 39, "unknown key" },
		{ "released: { from: 2020-13-01 }", 45, "must be a date" },
		{ "grade: certain", 34, "must be one of" },
		{ "grade: { at-least: good }", 46, "must be one of" },
		{ "grade: { at-least: measured, below: measured }", 63,
		  "no grade" },
		{ "grade: { like: x }", 36, "unknown key" },
		{ "destination: china", 40, "country code" },
		{ "destination: { like: C }", 40, "no { ... }" },
		{ "structure: bios", 38, "must be one of" },
		{ "class: webcm", 34,
		  "class, if not 'unknown', must be one of" },
		{ "component_list: nobody", 43, "not under component_lists" },
		{ "driver: signed", 35, "or none" },
		{ "driver: unknown", 35, "or none" },
		{ "driver: [ { name: x } ]", 35, "or none" },
		{ "driver: none", 35, "admit or waive" },
		{ "driver: {}", 35, "empty" },
		{ "driver: { not: { name: x } }", 37, "unknown key 'not'" },
		{ "driver: { device: { name: x } }", 45, "within another" },
		{ "device: { flags: { not: gone } }", 44, "never better" },
		{ "firmware: { digest: other }", 47, "not under digest_lists" },
	};
	struct crd_error err;
	struct crd_policy *p;
	char yaml[1024];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(yaml, sizeof(yaml),
			 HEAD RULE("%s", "refuse") OTHERWISE, rows[i].when);
		if (load(yaml, &p, &err) != -EBADMSG || err.line != 6 ||
		    err.column != rows[i].column ||
		    !strstr(err.text, rows[i].says))
			fail_msg("%s: %u:%u %s", rows[i].when, err.line,
				 err.column, err.text);
	}
}

/* More conditions on what is joined than there may be. */
static void test_too_many_joins(void **state)
{
	static char yaml[32768];
	struct crd_error err;
	struct crd_policy *p;
	int i, n = 0;

	n += snprintf(yaml, sizeof(yaml), HEAD "rules:\n");
	for (i = 0; i <= POL_MAX_JOINS; i++)
		n += snprintf(
			yaml + n, sizeof(yaml) - (size_t)n,
			"  - { id: r%d, when: { driver: { name: x } }, then: refuse, because: B }\n",
			i);
	snprintf(yaml + n, sizeof(yaml) - (size_t)n, OTHERWISE);
	assert_int_equal(load(yaml, &p, &err), -E2BIG);
	assert_int_equal(err.line, 7 + POL_MAX_JOINS);
}

static struct crd_component device(const char *vendor, int32_t sub)
{
	struct crd_component c = { .kind = CRD_KIND_DEVICE,
				   .vendor_id =
					   (int32_t)strtol(vendor, NULL, 16),
				   .device_id = 0x10d3,
				   .subvendor_id = sub,
				   .subdevice_id = sub < 0 ? -1 : 0x0001 };

	c.bus = small_buf("pci");
	c.name = small_buf("0000:00:03.0");
	return c;
}

/* Who says who made it: a bus, a text, nobody. */
static void test_grades(void **state)
{
	struct crd_registry *reg = small_registry();
	struct crd_component c = device("8086", -1);
	struct ask a = { .c = &c, .reg = reg };

	crd_component_find_vendors(&c, reg);
	ASK(&a, { "grade: measured", true, true },
	    { "grade: [certified, measured]", true, true },
	    { "grade: certified", false, false },
	    { "grade: { at-least: measured }", true, true },
	    { "grade: { at-least: certified }", false, false },
	    { "grade: { not: { at-least: certified } }", true, true },
	    { "grade: { below: certified }", true, true },
	    { "grade: { below: measured }", false, false },
	    { "grade: { at-least: unknown }", true, true },
	    { "grade: { at-least: text, below: measured }", false, false },
	    { "grade: { at-least: text, below: certified }", true, true },
	    { "grade: unknown", false, false },
	    { "grade: { not: unknown }", true, true }, );
	/* a subsystem of nobody known: in doubt, what is worse */
	c = device("8086", 0x1234);
	crd_component_find_vendors(&c, reg);
	ASK(&a, { "grade: measured", true, false },
	    { "grade: { below: measured }", true, false },
	    { "grade: unknown", true, false },
	    { "grade: { not: { at-least: measured } }", true, false }, );
	c = device("1234", -1);
	crd_component_find_vendors(&c, reg);
	ASK(&a, { "grade: unknown", true, true },
	    { "grade: { at-least: declared }", false, false },
	    { "grade: { below: text }", true, true }, );
	a.reg = NULL;
	ASK(&a, { "grade: unknown", true, true },
	    { "grade: { at-least: declared }", false, false }, );
	crd_registry_free(&reg);
}

/* A driver's vendor is a text; a firmware image's is nobody's word. */
static void test_text_grade(void **state)
{
	struct crd_registry *reg = small_registry();
	struct crd_component c = { .kind = CRD_KIND_DRIVER };
	const struct ask a = { .c = &c, .reg = reg };

	c.authors[c.n_authors++] = small_buf("Intel");
	crd_component_find_vendors(&c, reg);
	ASK(&a, { "grade: text", true, true },
	    { "grade: { below: measured }", true, true },
	    { "vendor: intel, grade: { at-least: measured }", false, false }, );
	memset(&c, 0, sizeof(c));
	c.kind = CRD_KIND_FIRMWARE;
	crd_component_find_vendors(&c, reg);
	ASK(&a, { "grade: unknown", true, true },
	    { "grade: { at-least: text }", false, false }, );
	/* a slot names nobody: no answer, and no doubt */
	c.kind = CRD_KIND_PLATFORM;
	c.part = CRD_PART_SMBIOS;
	c.smbios_type = 9;
	ASK(&a, { "grade: unknown", false, false },
	    { "grade: { not: measured }", false, false }, );
	crd_registry_free(&reg);
}

static void test_driver_version(void **state)
{
	struct crd_component c = { .kind = CRD_KIND_DRIVER };
	const struct ask a = { .c = &c };

	c.version = small_buf("1.10-k");
	ASK(&a, { "version: { at-least: \"1.9\" }", true, true },
	    { "version: { at-least: \"1.10\" }", true, true },
	    { "version: { at-least: \"1.11\" }", false, false },
	    { "version: { below: \"1.11\" }", true, true },
	    { "version: { below: \"1.10\" }", false, false },
	    { "version: { not: { below: \"1.10\" } }", true, true },
	    { "version: { at-least: \"1\", below: \"2\" }", true, true },
	    { "version: { at-least: \"1.2\", below: \"1.3\" }", false, false },
	    { "version: [ \"3\", { at-least: \"1.2\", below: \"1.3\" }, { at-least: \"1.5\" } ]",
	      true, true },
	    { "version: [ { at-least: \"1.2\", below: \"1.3\" }, \"1.10-k\" ]",
	      true, true },
	    { "version: { not: [ { at-least: \"9\" }, \"2\" ] }", true, true },
	    { "version: { like: \"1.*\" }", true, true },
	    { "version: { at-least: 0x1 }", false, false },
	    { "version: { not: { at-least: 0x1 } }", true, false }, );
	/* no order: nothing holds, and so `not` counts against */
	c.version = small_buf("F.42");
	ASK(&a, { "version: { at-least: \"1\" }", false, false },
	    { "version: { below: \"1\" }", false, false },
	    { "version: { not: { at-least: \"1\" } }", true, false },
	    { "version: { not: { below: \"1\" } }", true, false },
	    { "version: [ { at-least: \"1\" }, unknown ]", true, true },
	    { "version: { not: [ { at-least: \"1\" }, unknown ] }", false,
	      false },
	    { "version: [ { at-least: \"1\" }, F.42 ]", true, true },
	    { "version: { not: [ { at-least: \"1\" }, F.42 ] }", false,
	      false }, );
	c.version = (struct crd_buf){ NULL, 0 };
	ASK(&a, { "version: { below: \"1\" }", false, false },
	    { "version: { not: { below: \"1\" } }", true, false },
	    { "version: [ { below: \"1\" }, unknown ]", true, true }, );
}

static struct crd_component part(struct soft_bytes *fields, uint8_t part)
{
	struct crd_component c;

	soft_tlv_be(fields, CRD_F_PART, part, 1);
	crd_component_read(&c, CRD_KIND_PLATFORM, soft_buf(fields), 0);
	return c;
}

/* Numbers of the platform, as the texts that people know them by. */
static void test_part_versions(void **state)
{
	static const uint8_t guid[16] = { 0x33, 0x22, 0x11, 0x00, 0x55, 0x44,
					  0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb,
					  0xcc, 0xdd, 0xee, 0xff };
	struct soft_bytes f = { .n = 0 };
	struct crd_component c;
	const struct ask a = { .c = &c };

	soft_tlv(&f, CRD_F_FW_CLASS, guid, sizeof(guid));
	soft_tlv_be(&f, CRD_F_FW_VERSION, 65550, 4);
	c = part(&f, CRD_PART_ESRT);
	ASK(&a, { "version: { at-least: \"65550\" }", true, true },
	    { "version: { below: \"65550\" }", false, false },
	    { "version: \"65550\"", true, true },
	    { "id: 00112233-4455-6677-8899-aabbccddeeff", true, true },
	    { "id: { not: 00112233-4455-6677-8899-aabbccddeeff }", false,
	      false },
	    { "serial: unknown", false, false },
	    { "structure: { not: firmware }", false, false }, );
	f.n = 0;
	soft_tlv_be(&f, CRD_F_MICROCODE, 0xb4, 4);
	c = part(&f, CRD_PART_CPU);
	ASK(&a, { "version: { at-least: 0xb4 }", true, true },
	    { "version: { below: 0xb4 }", false, false },
	    { "version: { at-least: \"180\" }", false, false },
	    { "id: unknown", false, false },
	    { "id: { not: x }", false, false }, );
	f.n = 0;
	soft_tlv_be(&f, CRD_F_TPM_FIRMWARE, 0x000700550011cb00, 8);
	c = part(&f, CRD_PART_TPM);
	ASK(&a, { "version: 7.85.17.51968", true, true },
	    { "version: { at-least: \"7.85\" }", true, true },
	    { "version: { below: 7.85.17 }", false, false }, );
	f.n = 0;
	soft_tlv_be(&f, CRD_F_OEM_REVISION, 0x20240102, 4);
	c = part(&f, CRD_PART_ACPI);
	ASK(&a, { "version: { at-least: 0x20240101 }", true, true },
	    { "manufacturer: unknown", false, false }, );
	f.n = 0;
	c = part(&f, CRD_PART_SMBIOS_TABLE);
	ASK(&a, { "version: unknown", false, false },
	    { "version: { not: { at-least: \"1\" } }", false, false }, );
	/* one that could say, and does not: doubt */
	f.n = 0;
	c = part(&f, CRD_PART_ESRT);
	ASK(&a, { "version: unknown", true, true },
	    { "version: { not: { at-least: \"1\" } }", true, false },
	    { "id: unknown", true, true }, );
}

/* An SMBIOS structure with its strings, one for each place that has one. */
static struct crd_component structure(struct soft_bytes *f, uint8_t type,
				      const char *const *strings, size_t n)
{
	uint8_t data[0x28] = { type, sizeof(data) };
	size_t i;

	f->n = 0;
	for (i = 0x04; i <= 0x08; i++)
		data[i] = (uint8_t)(i - 3);
	data[0x18] = data[0x20] = 4;
	data[0x17] = 1;
	data[0x1a] = data[0x10] = 2;
	soft_tlv_be(f, CRD_F_SMBIOS_TYPE, type, 1);
	soft_tlv(f, CRD_F_DATA, data, sizeof(data));
	for (i = 0; i < n; i++)
		soft_tlv_text(f, CRD_F_STRING, strings[i]);
	return part(f, CRD_PART_SMBIOS);
}

static void test_board(void **state)
{
	static const char *const strings[] = { "ACME", "Product", "3.2",
					       "SER-1", "03/04/2020" };
	static struct soft_bytes f;
	struct crd_component c = structure(&f, 0, strings, 5);
	const struct ask a = { .c = &c };

	ASK(&a, { "structure: firmware", true, true },
	    { "structure: [board, system]", false, false },
	    { "structure: { not: board }", true, true },
	    { "manufacturer: ACME", true, true },
	    { "manufacturer: { like: \"AC*\" }", true, true },
	    { "version: Product", true, true },
	    { "released: 2020-03-04", true, true },
	    { "released: { before: 2020-03-05 }", true, true },
	    { "released: { before: 2020-03-04 }", false, false },
	    { "released: { from: 2020-03-04 }", true, true },
	    { "released: { from: 2020-03-05 }", false, false },
	    { "released: { from: 2020-01-01, before: 2021-01-01 }", true,
	      true },
	    { "released: { from: 2019-01-01, before: 2020-01-01 }", false,
	      false },
	    { "released: [ { from: 2019-01-01, before: 2020-01-01 }, 2020-03-04 ]",
	      true, true },
	    { "released: { not: { from: 2020-03-05 } }", true, true },
	    { "serial: { not: x }", false, false }, );
	c = structure(&f, 2, strings, 5);
	ASK(&a, { "structure: board", true, true },
	    { "product: Product", true, true },
	    { "version: { at-least: \"3.2\" }", true, true },
	    { "serial: SER-1", true, true },
	    { "released: { not: 2020-01-01 }", false, false }, );
	c = structure(&f, 4, strings, 5);
	ASK(&a, { "structure: processor", true, true },
	    { "serial: SER-1", true, true },
	    { "version: unknown", false, false }, );
	c = structure(&f, 17, strings, 5);
	ASK(&a, { "structure: memory", true, true },
	    { "manufacturer: ACME, product: Product, serial: SER-1", true,
	      true }, );
	c = structure(&f, 16, strings, 5);
	ASK(&a, { "structure: memory-array", true, true },
	    { "manufacturer: unknown", false, false },
	    { "serial: { not: x }", false, false }, );
	c = structure(&f, 200, strings, 5);
	ASK(&a, { "structure: other", true, true }, );
	/* dates that are none, and texts that are not there */
	c = structure(&f, 0, (const char *const[]){ "a", "b", "", "", "never" },
		      5);
	ASK(&a, { "released: unknown", true, true },
	    { "released: { before: 2020-01-01 }", false, false },
	    { "released: { not: { from: 2020-01-01 } }", true, false }, );
	c = structure(&f, 2, strings, 2);
	ASK(&a, { "serial: unknown", true, true },
	    { "serial: { not: SER-1 }", true, false }, );
}

static void test_device(void **state)
{
	struct soft_bytes f = { .n = 0 };
	struct crd_component c;
	const struct ask a = { .c = &c };

	soft_tlv_text(&f, CRD_F_BUS, "pci");
	soft_tlv_text(&f, CRD_F_DEVICE, "0000:00:03.0");
	soft_tlv_text(&f, CRD_F_PORT, "0000:00/03.0");
	soft_tlv_be(&f, CRD_F_SUBVENDOR_ID, 0x8086, 2);
	soft_tlv_be(&f, CRD_F_SUBDEVICE_ID, 0xa01f, 2);
	soft_tlv_be(&f, CRD_F_REVISION, 2, 2);
	soft_tlv_be(&f, CRD_F_DSN, 0x001b21ffff112233, 8);
	crd_component_read(&c, CRD_KIND_DEVICE, soft_buf(&f), 0);
	ASK(&a, { "subsystem: \"8086:a01f\"", true, true },
	    { "subsystem: { not: \"8086:a01f\" }", false, false },
	    { "port: { like: \"*/03.0\" }", true, true },
	    { "version: { at-least: 0x2 }", true, true },
	    { "version: 0x2", true, true },
	    { "serial: 001b21ffff112233", true, true },
	    { "product: unknown", true, true }, );
	f.n = 0;
	soft_tlv_text(&f, CRD_F_BUS, "usb");
	soft_tlv_be(&f, CRD_F_REVISION, 0x0107, 2);
	soft_tlv_text(&f, CRD_F_SERIAL, "A\\x5cB");
	crd_component_read(&c, CRD_KIND_DEVICE, soft_buf(&f), 0);
	ASK(&a, { "version: \"1.07\"", true, true },
	    { "version: { below: \"1.10\" }", true, true },
	    { "serial: 'A\\B'", true, true },
	    { "subsystem: unknown", false, false },
	    { "subsystem: { not: \"8086:a01f\" }", false, false }, );
	f.n = 0;
	crd_component_read(&c, CRD_KIND_DEVICE, soft_buf(&f), 0);
	ASK(&a, { "subsystem: unknown", true, true },
	    { "serial: { not: x }", true, false },
	    { "version: { not: { at-least: 0x1 } }", true, false }, );
}

/* J06: a serial number of a PCI device that nobody has set. */
static void test_unset_number(void **state)
{
	static const uint64_t unset[] = { 0, UINT64_MAX };
	size_t i;

	for (i = 0; i < 2; i++) {
		struct soft_bytes f = { .n = 0 };
		struct crd_component c;
		const struct ask a = { .c = &c };

		soft_tlv_text(&f, CRD_F_BUS, "pci");
		soft_tlv_be(&f, CRD_F_DSN, unset[i], 8);
		crd_component_read(&c, CRD_KIND_DEVICE, soft_buf(&f), 0);
		ASK(&a, { "serial: unknown", true, true },
		    { "serial: { not: x }", true, false },
		    { "serial: [\"0000000000000000\", ffffffffffffffff]", false,
		      false }, );
	}
}

/* What the operator told; what he was asked for and did not tell is unknown. */
static void test_context(void **state)
{
	struct crd_component c = { .kind = CRD_KIND_FIRMWARE };
	struct ask a = { .c = &c };

	ASK(&a, { "destination: CN", false, false },
	    { "destination: { not: CA }", true, false },
	    { "destination: { not: [CA, unknown] }", false, false },
	    { "destination: unknown", true, true },
	    { "site: { not: ottawa }", true, false },
	    { "purpose: unknown, site: unknown", true, true }, );
	a.context = (struct crd_context){ "ottawa", "CN", "export" };
	ASK(&a, { "destination: CN", true, true },
	    { "destination: [CA, CN]", true, true },
	    { "destination: { not: [CA, US] }", true, true },
	    { "destination: { not: CN }", false, false },
	    { "site: ottawa", true, true },
	    { "site: { like: \"o*\" }", true, true },
	    { "purpose: { not: export }", false, false },
	    { "purpose: export, kind: driver", false, false }, );
}

static void test_kernel(void **state)
{
	struct soft_bytes f = { .n = 0 };
	struct crd_component c = { .kind = CRD_KIND_DEVICE };
	struct ask a = { .c = &c };

	ASK(&a, { "kernel: { at-least: \"6.1\" }", false, false },
	    { "kernel: { not: { at-least: \"6.1\" } }", true, false }, );
	soft_tlv_text(&f, CRD_F_KERNEL_RELEASE, "6.1.0-56-amd64");
	a.anchor = soft_buf(&f);
	ASK(&a, { "kernel: { at-least: \"6.1\" }", true, true },
	    { "kernel: { at-least: 6.1.0-57 }", false, false },
	    { "kernel: { at-least: 6.1.0-56 }", true, true },
	    { "kernel: { below: \"6.12\" }", true, true },
	    { "kernel: { like: \"*-amd64\" }", true, true }, );
}

/* --- lists of components --- */

#define HEADER "kind,id,subsystem,name,serial,version,digest,note\n"

static const char *csv;

static int fetch(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	if (strcmp(file, "nics.csv"))
		return -ENOENT;
	*ret_bytes = small_buf(csv);
	return 0;
}

#define LIST(more) "component_lists: [ { id: nics, file: nics.csv" more " } ]\n"

static void test_wrong_lists(void **state)
{
	static const struct {
		const char *csv, *sections, *says;
	} rows[] = {
		{ "", LIST(""), "nics.csv" },
		{ HEADER, LIST(""), "no row" },
		{ "kind,id\ndevice,8086:10d3\n", LIST(""), "header" },
		{ HEADER "device,,,,,,,note\n", LIST(""), "needs an id" },
		{ HEADER "thing,8086:10d3,,,,,,\n", LIST(""), "kind is none" },
		{ HEADER "device,8086:10d3,,,,,abc,\n", LIST(""),
		  "digest is no" },
		{ HEADER "driver,8086:10d3,,e1000e,,,,\n", LIST(""),
		  "never has" },
		{ HEADER "device,b,,,,,,\ndevice,a,,,,,,\n", LIST(""),
		  "not sorted" },
		{ HEADER "device,a,,,,,,\ndevice,a,,,,,,\n", LIST(""),
		  "twice" },
		{ HEADER "device,a,,,,,\n", LIST(""), "line 2" },
		{ HEADER "device,a,,,,,,\n",
		  "component_lists: [ { id: x, file: other.csv } ]\n",
		  "cannot read" },
		{ HEADER "device,a,,,,,,\n",
		  "component_lists: [ { id: x, file: ../nics.csv } ]\n",
		  "below" },
		{ HEADER "device,a,,,,,,\n",
		  "component_lists: [ { id: unknown, file: nics.csv } ]\n",
		  "cannot be an id" },
		{ HEADER "device,a,,,,,,\n", "component_lists: [ { id: x } ]\n",
		  "lacks 'file'" },
		{ HEADER "device,a,,,,,,\n", LIST(", known: maybe"),
		  "must be one of" },
		{ HEADER "device,a,,,,,,\n",
		  "component_lists: [ { id: x, file: nics.csv }, { id: x, file: nics.csv } ]\n",
		  "twice" },
	};
	char yaml[1024];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_error err = { .text = "" };
		struct crd_policy *p = NULL;

		csv = rows[i].csv;
		snprintf(yaml, sizeof(yaml),
			 HEAD "%s" RULE("kind: driver", "refuse") OTHERWISE,
			 rows[i].sections);
		if (crd_policy_load(small_buf(yaml), fetch, NULL, &p, &err) !=
			    -EBADMSG ||
		    err.line != 6 || !strstr(err.text, rows[i].says))
			fail_msg("%s: %u:%u %s", rows[i].csv, err.line,
				 err.column, err.text);
	}
}

/* Each field that a row has must fit; what is not said may fit. */
static void test_lists(void **state)
{
	struct crd_component c = device("8086", 0x8086);
	struct ask a = { .c = &c, .sections = LIST(""), .fetch = fetch };

	c.fields = (struct crd_buf){ NULL, 0 };
	csv = HEADER "device,8086:10d3,,,,,,any of that model\n"
		     "driver,,,e1000e,,,,\n";
	ASK(&a, { "component_list: nics", true, true },
	    { "component_list: { not: nics }", false, false }, );
	csv = HEADER "device,8086:10d3,8086:0001,,,,,\n";
	ASK(&a, { "component_list: nics", true, true }, );
	csv = HEADER "device,8086:10d3,8086:0002,,,,,\n"
		     "device,8086:10d4,,,,,,\n";
	ASK(&a, { "component_list: nics", false, false },
	    { "component_list: { not: nics }", true, true }, );
	/* the serial number is asked for, and it gives none */
	csv = HEADER "device,8086:10d3,,,S1,,,\n";
	ASK(&a, { "component_list: nics", false, false },
	    { "component_list: { not: nics }", true, false }, );
	c.serial = small_buf("S1");
	ASK(&a, { "component_list: nics", true, true }, );
	c.serial = small_buf("S2");
	ASK(&a, { "component_list: { not: nics }", true, true }, );
	/* by name alone, with a quoted field that has a comma and quotes */
	c.name = small_buf("a,\"b\"");
	csv = HEADER "device,,,\"a,\"\"b\"\"\",,,,\n";
	ASK(&a, { "component_list: nics", true, true }, );
	/* one that does not say what it is might be any of them */
	c.vendor_id = -1;
	csv = HEADER "device,8086:10d3,,,,,,\n";
	ASK(&a, { "component_list: nics", false, false },
	    { "component_list: { not: nics }", true, false }, );
	/* the same id of another kind */
	c.kind = CRD_KIND_PLATFORM;
	ASK(&a, { "component_list: { not: nics }", true, true }, );
}

static void test_listed_digest(void **state)
{
	struct crd_component c = { .kind = CRD_KIND_DRIVER };
	struct ask a = { .c = &c, .sections = LIST(""), .fetch = fetch };
	size_t i;

	csv = HEADER "driver,,,e1000e,,," SHA256 ",\n";
	c.name = small_buf("e1000e");
	ASK(&a, { "component_list: nics", false, false },
	    { "component_list: { not: nics }", true, false }, );
	c.payload.alg = CRD_ALG_SHA256;
	c.payload.len = 32;
	for (i = 0; i < 32; i++)
		c.payload.bytes[i] = (uint8_t)(i % 16 * 0x11);
	c.digest = c.payload;
	c.digest.bytes[0] = 1;
	ASK(&a, { "component_list: nics", true, true }, );
	c.payload.bytes[31] = 0;
	ASK(&a, { "component_list: nics", false, false },
	    { "component_list: { not: nics }", true, true }, );
}

static void test_list_known(void **state)
{
	struct crd_component c = device("1234", -1);
	const char *const known[] = { "", ", known: no", ", known: yes" };
	struct crd_matcher m;
	char yaml[1024];
	size_t i;

	csv = HEADER "device,1234:10d3,,,,,,\n";
	for (i = 0; i < 3; i++) {
		struct crd_error err = { .text = "" };
		struct crd_policy *p = NULL;

		snprintf(yaml, sizeof(yaml),
			 HEAD LIST("%s") RULE("kind: driver", "refuse")
				 OTHERWISE,
			 known[i]);
		assert_int_equal(crd_policy_load(small_buf(yaml), fetch, NULL,
						 &p, &err),
				 0);
		assert_int_equal(crd_matcher_init(&m, p, NULL, 20800), 0);
		assert_int_equal(crd_matcher_set(&m, &c), 0);
		assert_int_equal(crd_matcher_known(&m), i == 2);
		crd_matcher_done(&m);
		crd_policy_free(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_too_many_joins),
		cmocka_unit_test(test_grades),
		cmocka_unit_test(test_text_grade),
		cmocka_unit_test(test_driver_version),
		cmocka_unit_test(test_part_versions),
		cmocka_unit_test(test_board),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_unset_number),
		cmocka_unit_test(test_context),
		cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_wrong_lists),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_listed_digest),
		cmocka_unit_test(test_list_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
