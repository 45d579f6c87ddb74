// SPDX-License-Identifier: Apache-2.0
/*
 * bid_match - a delivery against its bid: what is missing, extra, different or
 * not comparable, and on what ground parts are taken for the same.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/bid_match.h"
#include "bid_text.h"
#include "policy_text.h"

/* What was measured, a line for each: "sort key=value key=value", '|' ends. */
struct scene {
	struct crd_fields fields;
	struct crd_work w;
	struct crd_appraisal in;
	struct crd_report report;
	struct crd_policy *policy;
	struct crd_registry *reg;
	struct crd_bid *bid;
};

static const struct key {
	const char *name;
	uint8_t type;
	unsigned int width; /* 0: text */
} keys[] = {
	{ "name", CRD_F_NAME, 0 },
	{ "version", CRD_F_VERSION, 0 },
	{ "author", CRD_F_AUTHOR, 0 },
	{ "device", CRD_F_DEVICE, 0 },
	{ "bus", CRD_F_BUS, 0 },
	{ "parent", CRD_F_PARENT, 0 },
	{ "vendor", CRD_F_VENDOR_ID, 2 },
	{ "id", CRD_F_DEVICE_ID, 2 },
	{ "subvendor", CRD_F_SUBVENDOR_ID, 2 },
	{ "subid", CRD_F_SUBDEVICE_ID, 2 },
	{ "class", CRD_F_CLASS, 4 },
	{ "rev", CRD_F_REVISION, 2 },
	{ "maker", CRD_F_MANUFACTURER, 0 },
	{ "product", CRD_F_PRODUCT, 0 },
	{ "serial", CRD_F_SERIAL, 0 },
	{ "flags", CRD_F_DEVICE_FLAGS, 4 },
	{ "interface", CRD_F_INTERFACE, 1 },
	{ "part", CRD_F_PART, 1 },
	{ "type", CRD_F_SMBIOS_TYPE, 1 },
};

static void put_key(struct crd_fields *f, char *word)
{
	char *value = strchr(word, '=');
	struct crd_digest d = { CRD_ALG_SHA256, 32, { 0 } };
	size_t i;

	assert_non_null(value);
	*value++ = '\0';
	if (!strcmp(word, "digest")) {
		memset(d.bytes, value[0] == '1' ? 0x11 : 0, 32);
		crd_fields_hash(f, CRD_F_DIGEST, &d);
		return;
	}
	for (i = 0; i < strlen(value); i++) {
		if (value[i] == '_')
			value[i] = ' ';
	}
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].name, word))
			continue;
		if (keys[i].width)
			crd_fields_uint(f, keys[i].type,
					strtoul(value, NULL, 16),
					keys[i].width);
		else
			crd_fields_str(f, keys[i].type, value);
		return;
	}
	fail_msg("no key %s", word);
}

static void put_line(struct crd_fields *f, char *line)
{
	static const struct {
		const char *sort;
		uint16_t event;
	} sorts[] = { { "driver", CRD_EV_MODULE },
		      { "firmware", CRD_EV_FIRMWARE },
		      { "device", CRD_EV_DEVICE },
		      { "platform", CRD_EV_PLATFORM } };
	char *save = NULL, *word = strtok_r(line, " ", &save);
	size_t i;

	for (i = 0; i < 4; i++) {
		if (!strcmp(sorts[i].sort, word))
			crd_fields_begin(f, sorts[i].event);
	}
	while ((word = strtok_r(NULL, " ", &save)))
		put_key(f, word);
	crd_fields_end(f);
}

static const uint8_t coverage[] = { CRD_F_SEEN, 0,   0,	  0,   7,   'p',
				    'c',	'i', ':', ' ', 'x', 'y' };

static void begin(struct scene *s, const char *yaml, const char *bid,
		  const char *measured)
{
	char *copy = strdup(measured), *save = NULL, *line;
	size_t i;

	memset(s, 0, sizeof(*s));
	for (line = strtok_r(copy, "|", &save); line;
	     line = strtok_r(NULL, "|", &save))
		put_line(&s->fields, line);
	free(copy);
	assert_int_equal(s->fields.error, 0);
	s->policy = good(yaml);
	s->reg = small_registry();
	s->bid = bid ? read_bid(bid, CRD_BID_BY_CONTENT) : NULL;
	s->in = (struct crd_appraisal){ .policy = s->policy,
					.registry = s->reg,
					.bid = s->bid };
	s->w = (struct crd_work){ .in = &s->in,
				  .report = &s->report,
				  .replayed = true };
	s->report.coverage = (struct crd_buf){ coverage, sizeof(coverage) };
	assert_int_equal(
		crd_inventory_from_said(
			(struct crd_buf){ s->fields.bytes, s->fields.len },
			s->fields.items, s->fields.n, &s->report.inventory),
		0);
	/* as if the TPM had signed all of it */
	s->report.inventory.self_reported = false;
	for (i = 0; i < s->report.inventory.n_entries; i++)
		s->report.inventory.entries[i].flags = 0;
}

static void end(struct scene *s)
{
	struct crd_report *r = calloc(1, sizeof(*r));

	*r = s->report;
	crd_report_free(&r);
	crd_bid_free(&s->bid);
	crd_policy_free(&s->policy);
	crd_registry_free(&s->reg);
	crd_fields_done(&s->fields);
}

/* The findings: the check's last word, then the sentence. */
static const char *told(const struct scene *s)
{
	static char all[16384];
	size_t i, n = 0;

	all[0] = '\0';
	for (i = 0; i < s->report.n_findings; i++) {
		const struct crd_finding *f = &s->report.findings[i];

		if (strcmp(f->check, "bid"))
			n += (size_t)snprintf(all + n, sizeof(all) - n, "%s\n",
					      f->sentence);
	}
	return all;
}

static const char *summary(const struct scene *s)
{
	size_t i;

	for (i = 0; i < s->report.n_findings; i++) {
		if (!strcmp(s->report.findings[i].check, "bid"))
			return s->report.findings[i].observed;
	}
	return "";
}

#define PLAIN WHEN("kind: firmware")
#define ROWS(rows) \
	"kind;model;manufacturer;quantity;serial;pci_id;usb_id;version;sha256;part_number;revision;subsystem_vendor_id\n" rows
#define NIC0 \
	"device device=0000:01:00.0 bus=pci vendor=8086 id=1572 class=20000 subvendor=8086"
#define NIC1 \
	"device device=0000:01:00.1 bus=pci vendor=8086 id=1572 class=20000 subvendor=8086"
#define NIC2 \
	"device device=0000:02:00.0 bus=pci vendor=8086 id=1572 class=20000 subvendor=8086"
#define BRIDGE \
	"device device=0000:00:1c.0 bus=pci vendor=8086 id=a110 class=60400"

static const struct comparison {
	const char *name, *bid, *measured;
	enum crd_verdict verdict;
	const char *told;    /* all sentences, each with its line's end */
	const char *summary; /* begins so; NULL: any */
} comparisons[] = {
	{ "by ids", ROWS("nic;X710;Intel;1;;8086:1572\n"), NIC0, CRD_ADMIT, "",
	  "found by ids: 1, " },
	{ "by ids, whatever the name", ROWS("nic;Y;Nobody;1;;8086:1572\n"),
	  NIC0, CRD_ADMIT, "", "found by ids: 1, " },
	{ "missing by its id", ROWS("nic;X710;Intel;1;;8086:1573\n"), BRIDGE,
	  CRD_REFER,
	  "Missing: the bid declares the network card X710; it was not measured.\n",
	  NULL },
	{ "another in its place", ROWS("nic;X710;Intel;1;;8086:1573\n"), NIC0,
	  CRD_REFER,
	  "Missing: the bid declares the network card X710; it was not measured.\n"
	  "Extra: the network card 0000:01:00.0 (intel, id 8086:1572) was measured; the bid does not declare it.\n",
	  NULL },
	{ "two of three", ROWS("nic;X710;Intel;3;;8086:1572\n"), NIC0 "|" NIC2,
	  CRD_REFER,
	  "Missing: the bid declares 3 of the network card X710; 2 were measured.\n",
	  "found by ids: 2, " },
	{ "a second port of a card", ROWS("nic;X710;Intel;1;;8086:1572\n"),
	  NIC0 "|" NIC1, CRD_ADMIT, "", NULL },
	{ "two cards with a port each, one of them with two",
	  ROWS("nic;X710;Intel;2;;8086:1572\n"), NIC0 "|" NIC1 "|" NIC2,
	  CRD_ADMIT, "", "found by ids: 2, " },
	{ "ports counted as cards", ROWS("nic;X710;Intel;2;;8086:1572\n"),
	  NIC0 "|" NIC1, CRD_ADMIT, "", "found by ids: 2, " },
	{ "an undeclared card", ROWS("nic;X710;Intel;1;;8086:1572\n"),
	  NIC0 "|" NIC2, CRD_REFER,
	  "Extra: the network card 0000:02:00.0 (intel, id 8086:1572) was measured; the bid does not declare it.\n",
	  NULL },
	{ "a gate behind a declared card is none of its functions",
	  ROWS("graphics;G;Intel;1;;8086:46a8\n"),
	  "device device=0000:01:00.0 bus=pci vendor=8086 id=46a8 class=30000|"
	  "device device=0000:01:00.1 bus=pci vendor=8086 id=1 class=40300|"
	  "device device=0000:01:00.2 bus=pci vendor=8086 id=2 class=20000",
	  CRD_REFER,
	  "Extra: the network card 0000:01:00.2 (intel, id 8086:0002) was measured; the bid does not declare it.\n",
	  NULL },
	{ "nor one of another maker", ROWS("graphics;G;Intel;1;;8086:46a8\n"),
	  "device device=0000:01:00.0 bus=pci vendor=8086 id=46a8 class=30000|"
	  "device device=0000:01:00.1 bus=pci vendor=19e5 id=1 class=40300",
	  CRD_REFER,
	  "Extra: the sound card 0000:01:00.1 (huawei, id 19e5:0001) was measured; the bid does not declare it.\n",
	  NULL },
	{ "the chipset is not listed", ROWS("nic;X710;Intel;1;;8086:1572\n"),
	  NIC0
	  "|" BRIDGE
	  "|device device=0000:00:17.0 bus=pci vendor=8086 id=1 class=10601"
	  "|device device=0000:00:14.0 bus=pci vendor=8086 id=2 class=c0330",
	  CRD_ADMIT, "", NULL },
	{ "but disks and network cards on it are",
	  ROWS("nic;X710;Intel;1;;8086:1572\n"),
	  NIC0
	  "|device device=0000:00:1f.6 bus=pci vendor=8086 id=1 class=20000"
	  "|device device=0000:00:17.0 bus=pci vendor=8086 id=2 class=10802",
	  CRD_REFER,
	  "Extra: the network card 0000:00:1f.6 (intel, id 8086:0001) was measured; the bid does not declare it.\n"
	  "Extra: the NVMe drive 0000:00:17.0 (intel, id 8086:0002) was measured; the bid does not declare it.\n",
	  NULL },
	{ "memory and processors are of the chipset on its own bus only",
	  ROWS("nic;X710;Intel;1;;8086:1572\n"),
	  NIC0
	  "|device device=0000:00:14.2 bus=pci vendor=8086 id=3 class=50000"
	  "|device device=0000:00:0b.0 bus=pci vendor=8086 id=4 class=120000"
	  "|device device=0000:02:00.0 bus=pci vendor=8086 id=5 class=120000"
	  "|device device=0000:03:00.0 bus=pci vendor=8086 id=6 class=50000",
	  CRD_REFER,
	  "Extra: the accelerator 0000:02:00.0 (intel, id 8086:0005) was measured; the bid does not declare it.\n"
	  "Extra: the memory controller 0000:03:00.0 (intel, id 8086:0006) was measured; the bid does not declare it.\n",
	  NULL },
	{ "a bid that lists bridges lists all",
	  ROWS("bridge;P;Intel;1;;8086:a110\n"),
	  BRIDGE
	  "|device device=0000:00:14.0 bus=pci vendor=8086 id=2 class=c0330",
	  CRD_REFER,
	  "Extra: the USB controller 0000:00:14.0 (intel, id 8086:0002) was measured; the bid does not declare it.\n",
	  NULL },
	{ "the subsystem and the revision differ",
	  ROWS("nic;X710;Intel;1;;8086:1572;;;;;2;19e5\n"), NIC0 " rev=1",
	  CRD_REFER,
	  "Different: the network card X710 was declared with subsystem vendor 19e5, revision 0002, and measured with subsystem vendor 8086, revision 0001.\n",
	  NULL },
	{ "of two, the one that does not contradict",
	  ROWS("nic;X710;Intel;1;;8086:1572;;;;;2\n"
	       "nic;X710-b;Intel;1;;8086:1572;;;;;1\n"),
	  NIC0 " rev=1|" NIC2 " rev=2", CRD_ADMIT, "", NULL },
	{ "by maker and class", ROWS("nic;X710;Intel;1\n"), NIC0, CRD_ADMIT, "",
	  "found by ids: 0, by serial number: 0, by maker and model: 0, by a word of the model: 0, by maker and class: 1;" },
	{ "another maker", ROWS("nic;H1;Newbridge;1\n"), NIC0, CRD_REFER,
	  "Missing: the bid declares the network card H1; it was not measured.\n"
	  "Extra: the network card 0000:01:00.0 (intel, id 8086:1572) was measured; the bid does not declare it.\n",
	  NULL },
	{ "a radio is no cable", ROWS("wifi;AX;Intel;1\n"), NIC0, CRD_REFER,
	  "Missing: the bid declares the wireless network card AX; it was not measured.\n"
	  "Extra: the network card 0000:01:00.0 (intel, id 8086:1572) was measured; the bid does not declare it.\n",
	  NULL },
	{ "nothing to go by", ROWS("nic;F1;Nobody;1\n"), NIC0, CRD_REFER,
	  "Extra: the network card 0000:01:00.0 (intel, id 8086:1572) was measured; the bid does not declare it.\n"
	  "Cannot be compared, as the bid gives neither ids nor a maker and a model that can be compared: network card F1.\n",
	  NULL },
	{ "a bus that is not measured", ROWS("webcam;C;Nobody;1;;;04f2:b761\n"),
	  BRIDGE, CRD_ADMIT,
	  "Cannot be compared, as they were not found, and may be on a bus that is not measured or not plugged in: camera C.\n",
	  NULL },
	{ "disks on SATA, batteries, systems",
	  ROWS("hdd;D;Intel;2\nbattery;B;Intel;1\nos;L;Intel;1\n"), BRIDGE,
	  CRD_ADMIT,
	  "Cannot be compared, as the measurer does not see such parts: battery B, os L.\n"
	  "Cannot be compared, as they were not found, and may be on a bus that is not measured or not plugged in: storage device D.\n",
	  NULL },
	{ "a USB device by its serial number, with its interfaces",
	  ROWS("keyboard;K-120;Intel;1;S-1\n"),
	  "device device=1-1 bus=usb vendor=8086 id=1 class=0 product=K_120 serial=S1|"
	  "device device=1-1:1.0 bus=usb parent=usb/1-1 vendor=8086 id=1 class=30101 interface=0|"
	  "device device=usb1 bus=usb vendor=1d6b id=2 class=90000 flags=10",
	  CRD_ADMIT, "", "found by ids: 0, by serial number: 1" },
	{ "a USB device that is an interface to the network",
	  ROWS("nic;X710;Intel;1;;8086:1572\n"),
	  NIC0
	  "|device device=1-1 bus=usb vendor=8086 id=1 class=90000|"
	  "device device=1-1:1.0 bus=usb parent=usb/1-1 vendor=8086 id=1 class=20600 interface=0|"
	  "device device=1-2 bus=usb vendor=8086 id=2 class=90000",
	  CRD_REFER,
	  "Extra: the USB hub 1-1 (vendor unknown, id 8086:0001) was measured; the bid does not declare it.\n",
	  NULL },

	{ "memory by part number", ROWS("memory;;Intel;2;;;;;;M1\n"),
	  "platform product=M1 part=1 type=11|platform product=m_1 part=1 type=11",
	  CRD_ADMIT, "", NULL },
	{ "a module too many", ROWS("memory;M1;Intel;1\n"),
	  "platform product=M1 part=1 type=11|platform product=M1 part=1 type=11",
	  CRD_REFER,
	  "Extra: the SMBIOS memory module M1 (vendor unknown) was measured; the bid does not declare it.\n",
	  NULL },
	{ "memory that the bid does not speak of", ROWS("nic;X;Intel;1\n"),
	  NIC0 "|platform product=M1 part=1 type=11", CRD_ADMIT, "", NULL },
	{ "a processor by a word of its name", ROWS("cpu;Xeon Gold 6338;;1\n"),
	  "platform product=Intel(R)_Xeon(R)_Gold_6338_CPU part=1 type=4",
	  CRD_ADMIT, "",
	  "found by ids: 0, by serial number: 0, by maker and model: 0, by a word of the model: 1," },
	{ "another processor", ROWS("cpu;Xeon Gold 6348;;1\n"),
	  "platform product=Xeon_Gold_6338 part=1 type=4", CRD_REFER,
	  "Different: the processor Xeon Gold 6348 was declared with maker \"\", model \"Xeon Gold 6348\", and measured with maker \"\", model \"Xeon Gold 6338\".\n",
	  NULL },
	{ "a board by its serial number", ROWS("board;B1;;1;S-77\n"),
	  "platform product=B2 serial=S77 part=1 type=2", CRD_ADMIT, "",
	  "found by ids: 0, by serial number: 1" },
	{ "another serial number", ROWS("board;B1;;1;S77\n"),
	  "platform product=B1 serial=S78 part=1 type=2", CRD_REFER,
	  "Different: the board B1 was declared with serial number \"S77\", and measured with serial number \"S78\".\n",
	  NULL },
	{ "what only fills a field is no serial number",
	  ROWS("board;B1;;1;S77\n"),
	  "platform product=B1 serial=To_be_filled_by_O.E.M. part=1 type=2",
	  CRD_ADMIT, "", NULL },
	{ "one number for several is none's", ROWS("memory;M1;;2;S77\n"),
	  "platform product=M1 serial=S1 part=1 type=11|platform product=M1 serial=S2 part=1 type=11",
	  CRD_ADMIT, "", NULL },
	{ "the version of the firmware", ROWS("bios;BIOS;;1;;;;1.2\n"),
	  "platform product=1.3 part=1 type=0", CRD_REFER,
	  "Different: the firmware BIOS was declared with maker \"\", model \"1.2\", and measured with maker \"\", model \"1.3\".\n",
	  NULL },
	{ "a case without a name", ROWS("chassis;Tower;;1\n"),
	  "platform part=1 type=3", CRD_ADMIT,
	  "Cannot be compared, as the bid gives neither ids nor a maker and a model that can be compared: chassis Tower.\n",
	  NULL },

	{ "drivers: name, version, digest",
	  ROWS("driver;snd-hda;;1;;;;1.2;" ONES "\ndriver;gone;;1\n"),
	  "driver name=snd_hda version=1.3 digest=0|driver name=other",
	  CRD_REFER,
	  "Different: the driver snd-hda was declared with version \"1.2\", digest " ONES
	  ", and measured with version \"1.3\", digest " ZEROS ".\n"
	  "Missing: the bid declares the driver gone; it was not measured.\n",
	  NULL },
	{ "a digest in a hash that the log has not",
	  ROWS("firmware;a.bin;;1;;;;;" ONES "\n"), "firmware name=x/a.bin",
	  CRD_ADMIT,
	  "Cannot be compared, as the log has no digest of them in that hash: firmware a.bin.\n",
	  NULL },
};

static void test_comparisons(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
		const struct comparison *c = &comparisons[i];
		struct scene s;

		begin(&s, PLAIN, c->bid, c->measured);
		assert_int_equal(crd_appraise_bid(&s.w), 0);
		if (strcmp(told(&s), c->told) ||
		    s.report.verdict != c->verdict ||
		    (c->summary &&
		     strncmp(summary(&s), c->summary, strlen(c->summary))))
			fail_msg("%s: %s\n%s%s\nwanted:\n%s", c->name,
				 crd_verdict_name(s.report.verdict), told(&s),
				 summary(&s), c->told);
		assert_true(
			crd_digest_equal(&s.report.bid_digest, &s.bid->digest));
		end(&s);
	}
}

#define MUST HEAD_MUST RULE("kind: firmware", "refuse") OTHERWISE
#define HEAD_MUST                                          \
	"policy: test\nversion: 1\nauthority: A\n"         \
	"valid: { from: 2026-01-01, until: 2026-12-31 }\n" \
	"requires: { identity: any, freshness: 10m, secure_boot: any, lockdown: none, measurer: any, bid: match }\n"

/* The policy may say that a delivery must be as its bid declares. */
static void test_required(void **state)
{
	static const struct {
		const char *yaml, *bid, *measured;
		enum crd_verdict verdict;
	} cases[] = {
		{ PLAIN, NULL, NIC0, CRD_ADMIT },
		{ MUST, NULL, NIC0, CRD_REFUSE },
		{ MUST, ROWS("nic;X710;Intel;1;;8086:1572\n"), NIC0,
		  CRD_ADMIT },
		{ MUST, ROWS("nic;X710;Intel;2;;8086:1572\n"), NIC0,
		  CRD_REFUSE },
		{ MUST, ROWS("nic;X710;Intel;1;;8086:1572\n"), NIC0 "|" NIC2,
		  CRD_REFUSE },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;

		begin(&s, cases[i].yaml, cases[i].bid, cases[i].measured);
		assert_int_equal(crd_appraise_bid(&s.w), 0);
		assert_int_equal(s.report.verdict, cases[i].verdict);
		end(&s);
	}
}

/* What nothing vouches for proves no delivery. */
static void test_not_proven(void **state)
{
	struct scene s;

	begin(&s, PLAIN, ROWS("nic;X710;Intel;1;;8086:1572\n"), NIC0);
	s.w.replayed = false;
	assert_int_equal(crd_appraise_bid(&s.w), 0);
	assert_int_equal(s.report.verdict, CRD_REFUSE);
	assert_int_equal(s.report.findings[0].outcome, CRD_NOT_EVALUATED);
	end(&s);
}

/* What came after the TPM signed is no part of the delivery, but an extra. */
static void test_late(void **state)
{
	struct scene s;

	begin(&s, PLAIN, ROWS("nic;X710;Intel;1;;8086:1572\n"), NIC0);
	s.report.inventory.entries[0].flags = CRD_FLAG_NOT_COVERED;
	assert_int_equal(crd_appraise_bid(&s.w), 0);
	assert_int_equal(s.report.verdict, CRD_REFER);
	assert_non_null(strstr(told(&s), "Missing: "));
	assert_non_null(strstr(told(&s), "Extra: "));
	end(&s);
}

static void test_many(void **state)
{
	struct crd_str bid = { 0 };
	struct scene s;
	unsigned int i;

	crd_str_puts(&bid, "kind;model;manufacturer;pci_id\n");
	for (i = 0; i < 100; i++)
		crd_str_fmt(&bid, "nic;N%u;Intel;8086:%x\n", i, i);
	begin(&s, PLAIN, bid.ptr, BRIDGE);
	assert_int_equal(crd_appraise_bid(&s.w), 0);
	assert_int_equal(s.report.n_findings, 64 + 2);
	assert_non_null(strstr(told(&s), "36 more parts are missing"));
	end(&s);
	for (; i < 5000; i++)
		crd_str_fmt(&bid, "nic;N%u;Intel;8086:%x\n", i, i);
	begin(&s, PLAIN, bid.ptr, BRIDGE);
	assert_int_equal(crd_appraise_bid(&s.w), 0);
	assert_int_equal(s.report.verdict, CRD_REFUSE);
	assert_non_null(strstr(s.report.findings[0].sentence, "too many"));
	end(&s);
	crd_str_done(&bid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comparisons),
		cmocka_unit_test(test_required),
		cmocka_unit_test(test_not_proven),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
