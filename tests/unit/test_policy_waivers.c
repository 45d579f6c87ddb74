// SPDX-License-Identifier: Apache-2.0
/* policy_waivers, policy_machine - who is excused, on which machine, until when. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "credence.h"
#include "filled.h"
#include "policy_text.h"
#include "soft_log.h"

#define AK_A \
	"000b00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define AK_B \
	"000bff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define W(more)                                                  \
	WAIVER("id: w, rule: r, component: { name: a }, until: " \
	       "2026-06-30, approved_by: P, because: B" more)
#define UUID "4c4c4544-0042-3510-8052-b4c04f334433"

static const struct {
	const char *more, *says;
} bad_machines[] = {
	{ ", machine: {}", "named by" },
	{ ", machine: a", "must be a map" },
	{ ", machine: { manufacturer: Dell Inc. }", "named by" },
	{ ", machine: { serial: 7XK2 }", "one of a maker's" },
	{ ", machine: { Serial: 7XK2 }", "unknown key" },
	{ ", machine: { ak: ~ }", "nothing" },
	{ ", machine: { ak: 000b }", "name of a TPM key" },
	{ ", machine: { ak: \"" AK_A "0\" }", "name of a TPM key" },
	{ ", machine: { ak: \"" AK_A "00\" }", "name of a TPM key" },
	{ ", machine: { ak: \"0004" AK_A "\" }", "name of a TPM key" },
	{ ", machine: { ak: 000B00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff }",
	  "name of a TPM key" },
	{ ", machine: { uuid: 4C4C4544-0042-3510-8052-B4C04F334433 }",
	  "small letters" },
	{ ", machine: { uuid: 4c4c4544004235108052b4c04f334433 }", "like" },
	{ ", machine: { uuid: " UUID "0 }", "like" },
	{ ", machine: { uuid: 00000000-0000-0000-0000-000000000000 }",
	  "fills" },
	{ ", machine: { uuid: ffffffff-ffff-ffff-ffff-ffffffffffff }",
	  "fills" },
	{ ", machine: { uuid: 03000200-0400-0500-0006-000700080009 }",
	  "fills" },
	{ ", machine: { product: To be filled by O.E.M. }", "fills" },
	{ ", machine: { product: P, serial: Default string }", "fills" },
	{ ", machine: { product: P, serial: \"0\" }", "fills" },
	{ ", machine: { product: P, serial: \"00000000\" }", "fills" },
	{ ", machine: { product: P, serial: FFFFFFFF }", "fills" },
	{ ", machine: { product: P, serial: Not Specified }", "fills" },
	{ ", machine: { product: P, serial: \" \" }", "fills" },
	{ ", machine: { product: P, serial: System Serial Number }", "fills" },
	{ ", machine: { product: P, serial: Unknown }", "fills" },
	{ ", machine: { product: P, serial: \"...\" }", "fills" },
	{ ", machine: { product: P, manufacturer: None }", "fills" },
	{ ", machine: { product: P }, lot: [ { product: Q } ]", "not both" },
	{ ", lot: []", "empty" },
	{ ", lot: {}", "lacks 'file'" },
	{ ", lot: { file: \"../x\" }", "below the policy's folder" },
	{ ", lot: { file: x }", "cannot be read here" },
	{ ", lot: [ { product: Q }, { product: Unknown } ]", "fills" },
	{ ", lot: x", "must be a list" },
	{ ", machines: x", "unknown key" },
};

static void test_bad_machines(void **state)
{
	struct crd_policy *p;
	struct crd_error err;
	char yaml[1024];
	size_t i;

	for (i = 0; i < sizeof(bad_machines) / sizeof(*bad_machines); i++) {
		snprintf(yaml, sizeof(yaml), W("%s"), bad_machines[i].more);
		if (!load(yaml, &p, &err) || err.line != 8 ||
		    err.column < 100 || !strstr(err.text, bad_machines[i].says))
			fail_msg("%u:%u %s\n%s", err.line, err.column, err.text,
				 yaml);
	}
}

/* SMBIOS type 1, as the log has it. */
static void put_system(struct soft_bytes *to, const char *maker,
		       const char *product, const char *serial,
		       const uint8_t *uuid)
{
	uint8_t data[27] = { 1, 27, 1, 0, 1, 2, 0, 3 };
	struct crd_buf area = { data, sizeof(data) };

	memcpy(data + 8, uuid, 16);
	soft_tlv_be(to, CRD_F_PART, CRD_PART_SMBIOS, 1);
	soft_tlv_be(to, CRD_F_SMBIOS_TYPE, 1, 1);
	soft_tlv(to, CRD_F_DATA, area.ptr, area.len);
	soft_tlv_text(to, CRD_F_STRING, maker);
	soft_tlv_text(to, CRD_F_STRING, product);
	soft_tlv_text(to, CRD_F_STRING, serial);
}

static void machine_of(const char *maker, const char *product,
		       const char *serial, const uint8_t *uuid, size_t times,
		       struct crd_machine *ret_machine)
{
	static struct soft_bytes bytes;
	struct crd_said said[2];
	struct crd_inventory inv;
	struct crd_buf none = { NULL, 0 };
	size_t i;

	bytes.n = 0;
	put_system(&bytes, maker, product, serial, uuid);
	for (i = 0; i < times; i++)
		said[i] = (struct crd_said){ CRD_EV_PLATFORM, 0,
					     (uint32_t)bytes.n };
	assert_int_equal(crd_inventory_from_said(soft_buf(&bytes), said, times,
						 &inv),
			 0);
	/* what is not proven names nobody: so it is with what is said */
	crd_machine_read(ret_machine, &inv, none);
	assert_string_equal(ret_machine->product, "");
	assert_string_equal(ret_machine->uuid, "");
	for (i = 0; i < times; i++)
		inv.entries[i].flags &= ~(uint32_t)CRD_FLAG_NOT_COVERED;
	crd_machine_read(ret_machine, &inv, none);
	crd_inventory_done(&inv);
}

/* 4c4c4544-0042-3510-8052-b4c04f334433 as a table stores it */
static const uint8_t stored[16] = { 0x44, 0x45, 0x4c, 0x4c, 0x42, 0x00,
				    0x10, 0x35, 0x80, 0x52, 0xb4, 0xc0,
				    0x4f, 0x33, 0x44, 0x33 };

static void test_read(void **state)
{
	static const uint8_t zeros[16],
		def[16] = { 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9 };
	struct crd_machine m;

	machine_of("Dell Inc.", "Latitude 7440", "7XK2  ", stored, 1, &m);
	assert_string_equal(m.manufacturer, "Dell Inc.");
	assert_string_equal(m.product, "Latitude 7440");
	assert_string_equal(m.serial, "7XK2");
	assert_string_equal(m.uuid, UUID);
	machine_of("A\\xe9B", "a\\x5cb", "To be filled by O.E.M.", zeros, 1,
		   &m);
	assert_string_equal(m.manufacturer, "A\xe9"
					    "B");
	assert_string_equal(m.product, "a\\b");
	assert_string_equal(m.serial, "");
	assert_string_equal(m.uuid, "");
	machine_of("M", "P", "S/N 1", def, 1, &m);
	assert_string_equal(m.uuid, "");
	/* two stories */
	machine_of("Dell Inc.", "Latitude 7440", "7XK2", stored, 2, &m);
	assert_string_equal(m.product, "");
	assert_string_equal(m.uuid, "");
}

/* J06: what only fills a field tells of no machine. */
static void test_filled_machine(void **state)
{
	static const char *const filled[] = { FILLED };
	static const char *const wanted[] = {
		W(", machine: { product: P, serial: \"1\" }"),
		W(", machine: { product: P, manufacturer: M }"),
		W(", machine: { manufacturer: M, serial: \"S1\" }"),
	};
	struct crd_machine m;
	size_t i, k;

	for (i = 0; i < sizeof(filled) / sizeof(*filled); i++) {
		machine_of(filled[i], filled[i], filled[i], stored, 1, &m);
		assert_string_equal(m.manufacturer, "");
		assert_string_equal(m.product, "");
		assert_string_equal(m.serial, "");
		assert_string_equal(m.uuid, UUID);
		machine_of(filled[i], "P", filled[i], stored, 1, &m);
		assert_string_equal(m.product, "P");
		for (k = 0; k < sizeof(wanted) / sizeof(*wanted); k++) {
			struct crd_policy *p = good(wanted[k]);

			assert_false(crd_machine_fits(p, p->waivers, &m));
			crd_policy_free(&p);
		}
	}
}

/* Nor is a component excused for a number that it does not say. */
static void test_filled_component(void **state)
{
	static const char *const filled[] = { FILLED, "S1" };
	static const struct {
		const char *yaml;
		bool unsaid, s1; /* is it excused? */
	} rows[] = {
#define C(more)                                            \
	WAIVER("id: w, rule: r, component: { name: a" more \
	       " }, until: 2026-12-31, approved_by: P, because: B")
		{ C(""), true, true },
		{ C(", serial: unknown"), true, false },
		{ C(", serial: S1"), false, true },
		{ C(", serial: { not: S2 }"), false, true },
		{ C(", serial: { not: [S1, unknown] }"), false, false },
		{ C(", serial: [\"00000000\", Not Specified, Unknown]"), false,
		  false },
		{ C(", manufacturer: unknown"), true, false },
		{ C(", product: { like: \"*\" }"), false, true },
#undef C
	};
	enum { N = sizeof(filled) / sizeof(*filled) };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows) * N; i++) {
		struct crd_component c = { .kind = CRD_KIND_DEVICE };
		struct crd_policy *p = good(rows[i / N].yaml);
		struct crd_matcher m;

		c.name = crd_buf_of("a");
		c.serial = c.manufacturer = c.product =
			crd_buf_of(filled[i % N]);
		assert_int_equal(crd_matcher_init(&m, p, NULL, 20600), 0);
		assert_int_equal(crd_matcher_set(&m, &c), 0);
		if (!crd_matcher_waiver(&m, 0) !=
		    !(i % N == N - 1 ? rows[i / N].s1 : rows[i / N].unsaid))
			fail_msg("'%s'\n%s", filled[i % N], rows[i / N].yaml);
		crd_matcher_done(&m);
		crd_policy_free(&p);
	}
}

static void test_fits(void **state)
{
	static const struct {
		const char *more;
		bool fits;
	} rows[] = {
		{ "", true },
		{ ", machine: { product: Latitude 7440 }", true },
		{ ", machine: { product: latitude 7440 }", false },
		{ ", machine: { product: Latitude }", false },
		{ ", machine: { product: Latitude 7440, serial: 7XK2 }", true },
		{ ", machine: { product: Latitude 7440, serial: 7XK3 }",
		  false },
		{ ", machine: { manufacturer: Dell Inc., serial: 7XK2 }",
		  true },
		{ ", machine: { manufacturer: Dell, serial: 7XK2 }", false },
		{ ", machine: { uuid: " UUID " }", true },
		{ ", machine: { uuid: 5c4c4544-0042-3510-8052-b4c04f334433 }",
		  false },
		{ ", machine: { ak: " AK_A " }", true },
		{ ", machine: { ak: " AK_B " }", false },
		{ ", machine: { ak: " AK_A ", uuid: " UUID " }", true },
		{ ", machine: { ak: " AK_B ", uuid: " UUID " }", false },
		{ ", lot: [ { ak: " AK_B " }, { product: Latitude 7440 } ]",
		  true },
		{ ", lot: [ { ak: " AK_B " }, { product: Latitude 7441 } ]",
		  false },
		{ ", lot: [ { ak: " AK_B " }, { ak: " AK_A " } ]", true },
	};
	struct crd_machine m, nobody = { .product = "" };
	struct soft_bytes ak = { 0 };
	char yaml[1024];
	size_t i;

	machine_of("Dell Inc.", "Latitude 7440", "7XK2", stored, 1, &m);
	soft_hex(&ak, AK_A);
	m.ak = soft_buf(&ak);
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct crd_policy *p;

		snprintf(yaml, sizeof(yaml), W("%s"), rows[i].more);
		p = good(yaml);
		if (crd_machine_fits(p, p->waivers, &m) != rows[i].fits)
			fail_msg("%s", rows[i].more);
		/* whoever is not known is none of them */
		assert_int_equal(crd_machine_fits(p, p->waivers, NULL),
				 !rows[i].more[0]);
		assert_int_equal(crd_machine_fits(p, p->waivers, &nobody),
				 !rows[i].more[0]);
		crd_policy_free(&p);
	}
}

static int fetch(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	assert_string_equal(file, "lots/a.txt");
	*ret_bytes = crd_buf_of(ctx);
	return 0;
}

/* A file of keys' names. */
static void test_lot_file(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		const char *says;
	} rows[] = {
		{ AK_A, 1, "" },
		{ AK_A "\n", 1, "" },
		{ "# lot 3\n\n" AK_A "  desk 4\r\n" AK_B "\n", 2, "" },
		{ "", 0, "no machine in it" },
		{ "# nothing\n", 0, "no machine in it" },
		{ AK_A "\nx\n", 0, "line 2" },
		{ AK_A AK_A "\n", 0, "line 1" },
		{ " " AK_A "\n", 0, "line 1" },
		{ "\n\n000b\n", 0, "line 3" },
	};
	static const char yaml[] = W(", lot: { file: lots/a.txt }");
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct crd_policy *p = NULL;
		struct crd_error err = { 0 };
		int ret = crd_policy_load(small_buf(yaml), fetch,
					  (void *)(uintptr_t)rows[i].text, &p,
					  &err);

		if (!ret != !rows[i].says[0] ||
		    !strstr(err.text, rows[i].says) ||
		    (ret ? !err.line : p->n_machines != rows[i].n))
			fail_msg("row %zu: %d %s", i, ret, err.text);
		crd_policy_free(&p);
	}
}

#define FILE_OF(head, waivers) head "waivers: [ { " waivers " } ]\n"
#define GOOD_HEAD	       "waivers_for: test\nversion: 3\nauthority: A\n"
#define FULL(id)                                               \
	"id: " id ", rule: r, component: { name: a }, until: " \
	"2026-06-30, approved_by: P, because: B"

static void test_bad_files(void **state)
{
	static const struct {
		const char *yaml;
		unsigned int line, column;
		const char *says;
	} rows[] = {
		{ "", 1, 1, "empty" },
		{ "a\n", 1, 1, "a map" },
		{ "waivers: [ { " FULL("x") " } ]\n", 1, 1,
		  "lacks 'waivers_for'" },
		{ GOOD_HEAD, 1, 1, "lacks 'waivers'" },
		{ GOOD_HEAD "waivers: []\n", 4, 10, "empty" },
		{ GOOD_HEAD GOOD_HEAD, 4, 1, "twice" },
		{ FILE_OF("waivers_for: other\nversion: 3\nauthority: A\n",
			  FULL("x")),
		  1, 14, "'other', not for 'test'" },
		{ FILE_OF("waivers_for: NO\nversion: 3\nauthority: A\n",
			  FULL("x")),
		  1, 14, "'NO', not for 'test'" },
		{ FILE_OF("waivers_for: test\nversion: 3.1\nauthority: A\n",
			  FULL("x")),
		  2, 10, "number" },
		{ FILE_OF("waivers_for: test\nversion: 0\nauthority: A\n",
			  FULL("x")),
		  2, 10, "number" },
		{ FILE_OF("waivers_for: test\nversion: 1\nauthority: ~\n",
			  FULL("x")),
		  3, 12, "nothing" },
		{ FILE_OF(GOOD_HEAD, FULL("w")), 4, 18,
		  "line 8 of the policy" },
		{ FILE_OF(GOOD_HEAD,
			  "id: x, rule: q, component: { name: a }, until: 2026-06-30, approved_by: P, because: B"),
		  4, 27, "no rule or presence 'q'" },
		{ FILE_OF(GOOD_HEAD,
			  "id: x, rule: r, component: { kind: driver }, until: 2026-06-30, approved_by: P, because: B"),
		  4, 41, "name, path or digest" },
		{ FILE_OF(GOOD_HEAD,
			  "id: x, rule: r, component: { name: a }, approved_by: P, because: B"),
		  4, 12, "lacks 'until'" },
		{ FILE_OF(GOOD_HEAD "rules: []\n", FULL("x")), 4, 1,
		  "unknown key" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct crd_policy *p = good(W(""));
		struct crd_error err = { 0 };
		int ret = crd_policy_add_waivers(p, small_buf(rows[i].yaml),
						 "w.yaml", NULL, NULL, &err);

		if (ret != -EBADMSG || err.line != rows[i].line ||
		    err.column != rows[i].column ||
		    !strstr(err.text, rows[i].says))
			fail_msg("row %zu: %u:%u %s", i, err.line, err.column,
				 err.text);
		assert_int_equal(p->n_waivers, 1);
		crd_policy_free(&p);
	}
}

#define COUNTED                                                                                  \
	HEAD "presence:\n"                                                                       \
	     "  - { id: one, component: { part: tpm }, exactly: 1, then: refuse, because: B }\n" \
	     "  - { id: radio, component: { class: wireless }, at-most: 0, then: refer, because: B }\n"
#define OF_COUNT(text)                                   \
	COUNTED RULE("kind: driver", "refuse") OTHERWISE \
		"waivers: [ { " text                     \
		", until: 2026-06-30, approved_by: P, because: B } ]\n"

/* Of a presence: the machine or lot, and no component; of a rule, with one. */
static void test_presence_wrong(void **state)
{
	static const struct {
		const char *yaml;
		unsigned int column;
		const char *says;
	} rows[] = {
		{ OF_COUNT(
			  "id: w, rule: radio, component: { class: wireless, name: a }"),
		  44, "'radio' counts components of a machine" },
		{ OF_COUNT("id: w, rule: one, component: {}"), 42,
		  "without 'component'" },
		{ OF_COUNT("id: w, rule: r"), 12,
		  "a waiver of a rule lacks 'component'" },
		{ OF_COUNT("id: w, rule: Radio"), 25, "no rule or presence" },
		{ OF_COUNT("id: w, rule: two, machine: { product: P }"), 25,
		  "no rule or presence 'two'" },
		{ OF_COUNT("id: w, rule: one, machine: { serial: S }"), 39,
		  "one of a maker's" },
		{ OF_COUNT("id: w, presence: one"), 12, "unknown key" },
	};
	struct crd_error err;
	struct crd_policy *p;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (load(rows[i].yaml, &p, &err) != -EBADMSG ||
		    err.line != 11 || !strstr(err.text, rows[i].says))
			fail_msg("row %zu: %u:%u %s", i, err.line, err.column,
				 err.text);
	}
}

static const struct crd_waiver *ask_count(const struct crd_policy *p,
					  uint32_t presence, const char *day,
					  const struct crd_machine *machine,
					  enum crd_waiver_lack *ret_why)
{
	const struct crd_waiver *w;
	struct crd_matcher m;
	int32_t today;

	assert_true(crd_date_parse(day, 10, &today));
	assert_int_equal(crd_matcher_init(&m, p, NULL, today), 0);
	m.machine = machine;
	w = crd_matcher_presence_waiver(&m, presence);
	if (!w)
		crd_matcher_presence_lapsed(&m, presence, ret_why);
	crd_matcher_done(&m);
	return w;
}

/* By machine, lot, day and file, as those of rules. */
static void test_presence_waivers(void **state)
{
	static const char file[] = GOOD_HEAD
		"waivers:\n"
		"- { id: lot, rule: radio, lot: [ { product: Q }, { ak: " AK_B
		" } ], from: 2026-02-01, until: 2026-12-31, approved_by: P, because: B }\n"
		"- { id: all, rule: radio, until: 2026-03-31, approved_by: P, because: B }\n";
	struct crd_policy *p =
		good(OF_COUNT("id: w, rule: one, machine: { product: P }"));
	struct crd_machine machine_p = { .product = "P" };
	struct crd_machine machine_q = { .product = "Q" };
	const struct {
		uint32_t presence;
		const char *day;
		const struct crd_machine *machine;
		const char *waiver;
		enum crd_waiver_lack why;
	} rows[] = {
		{ 0, "2026-01-01", &machine_p, "w", 0 },
		{ 0, "2026-06-30", &machine_p, "w", 0 },
		{ 0, "2026-07-01", &machine_p, NULL, CRD_WAIVER_ENDED },
		{ 0, "2026-01-01", &machine_q, NULL, CRD_WAIVER_OTHER_MACHINE },
		{ 0, "2026-01-01", NULL, NULL, CRD_WAIVER_OTHER_MACHINE },
		{ 1, "2026-01-01", NULL, "all", 0 },
		{ 1, "2026-01-31", &machine_q, "all", 0 },
		{ 1, "2026-02-01", &machine_q, "lot", 0 },
		{ 1, "2026-02-01", &machine_p, "all", 0 },
		{ 1, "2026-04-01", &machine_p, NULL, CRD_WAIVER_OTHER_MACHINE },
		{ 1, "2026-12-31", &machine_q, "lot", 0 },
	};
	enum crd_waiver_lack why;
	const struct crd_waiver *w;
	struct crd_error err;
	size_t i;

	assert_int_equal(crd_policy_add_waivers(p, small_buf(file), "f", NULL,
						NULL, &err),
			 0);
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		why = CRD_WAIVER_ENDED;
		w = ask_count(p, rows[i].presence, rows[i].day, rows[i].machine,
			      &why);
		if (!w != !rows[i].waiver ||
		    (w && strcmp(w->id, rows[i].waiver)) ||
		    (!w && why != rows[i].why))
			fail_msg("row %zu: %s, %d", i, w ? w->id : "none", why);
	}
	crd_policy_free(&p);
}

static const struct crd_waiver *ask(const struct crd_policy *p,
				    const char *name, const char *day,
				    const struct crd_machine *machine,
				    const struct crd_waiver **ret_lapsed,
				    enum crd_waiver_lack *ret_why)
{
	struct crd_component c = { .kind = CRD_KIND_DRIVER };
	const struct crd_waiver *w;
	struct crd_matcher m;
	int32_t today;

	c.name = crd_buf_of(name);
	assert_true(crd_date_parse(day, 10, &today));
	assert_int_equal(crd_matcher_init(&m, p, NULL, today), 0);
	m.machine = machine;
	assert_int_equal(crd_matcher_set(&m, &c), 0);
	w = crd_matcher_waiver(&m, 0);
	*ret_lapsed = crd_matcher_lapsed(&m, 0, ret_why);
	crd_matcher_done(&m);
	return w;
}

/* Two files more; the longest of those in force is named. */
static void test_files(void **state)
{
	static const char second[] = GOOD_HEAD
		"waivers:\n"
		"- { id: late, rule: r, component: { name: a }, from: 2026-06-01, until: 2026-12-31, approved_by: P, because: B }\n"
		"- { id: b, rule: r, component: { name: b }, until: 2026-03-31, machine: { product: Q }, approved_by: P, because: B }\n";
	static const char third[] = GOOD_HEAD
		"language: fr\nwaivers:\n"
		"- { id: a2, rule: r, component: { name: a }, until: 2026-06-30, approved_by: P, because: Parce que }\n";
	static const struct {
		const char *name, *day, *waiver, *lapsed;
		enum crd_waiver_lack why;
	} rows[] = {
		{ "a", "2026-01-01", "a2", "late", CRD_WAIVER_NOT_YET },
		{ "a", "2026-06-01", "late", "late", 0 },
		{ "a", "2026-12-31", "late", "late", 0 },
		{ "a", "2027-01-01", NULL, "late", CRD_WAIVER_ENDED },
		{ "b", "2026-02-01", NULL, "b", CRD_WAIVER_OTHER_MACHINE },
		{ "c", "2026-02-01", NULL, NULL, 0 },
	};
	struct crd_policy *p = good(W(""));
	struct crd_machine q = { .product = "Q" };
	const struct crd_waiver *w, *lapsed;
	enum crd_waiver_lack why = 0;
	struct crd_error err;
	size_t i;

	assert_int_equal(crd_policy_add_waivers(p, small_buf(second), "2.yaml",
						NULL, NULL, &err),
			 0);
	assert_int_equal(crd_policy_add_waivers(p, small_buf(third), "3.yaml",
						NULL, NULL, &err),
			 0);
	assert_int_equal(p->n_waivers, 4);
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		w = ask(p, rows[i].name, rows[i].day, NULL, &lapsed, &why);
		if (!w != !rows[i].waiver ||
		    (w && strcmp(w->id, rows[i].waiver)) ||
		    !lapsed != !rows[i].lapsed ||
		    (lapsed && strcmp(lapsed->id, rows[i].lapsed)) ||
		    (!w && lapsed && why != rows[i].why))
			fail_msg("row %zu: %s, %s, %d", i, w ? w->id : "none",
				 lapsed ? lapsed->id : "none", why);
	}
	w = ask(p, "b", "2026-02-01", &q, &lapsed, &why);
	assert_string_equal(w->id, "b");
	w = ask(p, "b", "2026-04-01", &q, &lapsed, &why);
	assert_null(w);
	assert_int_equal(why, CRD_WAIVER_ENDED);
	assert_string_equal(crd_texts_in(p, p->waivers[3].because, "en"),
			    "Parce que");
	crd_policy_free(&p);
}

/* J03: a bound is a bound. */
static void test_many_files(void **state)
{
	struct crd_policy *p = good(W(""));
	struct crd_error err;
	char yaml[256];
	int i, ret = 0;

	for (i = 0; i <= POL_MAX_WAIVER_FILES + POL_MAX_PARENTS && !ret; i++) {
		snprintf(yaml, sizeof(yaml), FILE_OF(GOOD_HEAD, FULL("w%d")),
			 i);
		ret = crd_policy_add_waivers(p, small_buf(yaml), "f", NULL,
					     NULL, &err);
	}
	assert_int_equal(ret, -E2BIG);
	assert_int_equal(i, POL_MAX_WAIVER_FILES + POL_MAX_PARENTS + 1);
	crd_policy_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_machines),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_fits),
		cmocka_unit_test(test_filled_machine),
		cmocka_unit_test(test_filled_component),
		cmocka_unit_test(test_lot_file),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_presence_wrong),
		cmocka_unit_test(test_presence_waivers),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_many_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
