// SPDX-License-Identifier: Apache-2.0
/*
 * presence - how many there must and may be; what is certain counts for, what
 * is possible counts against, and nothing is only nothing if it would be seen.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "appraise_scene.h"
#include "filled.h"

#define RULES_LAX                                                                     \
	"rules: [ { id: any, when: { flags: dynamic }, then: refer, because: B } ]\n" \
	"otherwise: { known: admit, unknown: admit }\n"
#define P(more)	   "presence: [ { id: p, because: Why., " more " } ]\n"
#define WITH(more) HEAD(LAX) P(more) RULES_LAX

static void test_wrong(void **state)
{
	static const struct {
		const char *more, *says;
		unsigned int column;
	} rows[] = {
		{ "component: { kind: device }, then: refuse",
		  "needs 'at-least', 'at-most' or 'exactly'", 13 },
		{ "component: { kind: device }, exactly: 1, at-most: 2, then: refuse",
		  "stands alone", 75 },
		{ "component: { kind: device }, at-least: 0, then: refuse",
		  "always so", 76 },
		{ "component: { kind: device }, at-least: 2, at-most: 1, then: refuse",
		  "below at-least", 88 },
		{ "component: { kind: device }, at-most: -1, then: refuse",
		  "number from 1", 75 },
		{ "component: { kind: device }, at-most: one, then: refuse",
		  "number from 1", 75 },
		{ "component: { kind: device }, at-most: \"0\", then: refuse",
		  "number from 1", 75 },
		{ "component: { kind: device }, at-most: 1000001, then: refuse",
		  "1000000 at most", 75 },
		{ "component: { kind: device }, exactly: 1, then: admit",
		  "must be one of", 84 },
		{ "component: {}, exactly: 1, then: refuse", "is empty", 48 },
		{ "component: { kinds: device }, exactly: 1, then: refuse",
		  "unknown key", 50 },
		{ "exactly: 1, then: refuse", "lacks 'component'", 13 },
		{ "component: { kind: device }, exactly: 1", "lacks 'then'",
		  13 },
		/* a later record must not take away, nor bring */
		{ "component: { flags: { not: gone } }, at-most: 0, then: refuse",
		  "never better", 57 },
		{ "component: { flags: gone }, at-least: 1, then: refuse",
		  "never better", 57 },
		{ "component: { flags: gone }, exactly: 1, then: refuse",
		  "never better", 57 },
		{ "component: { driver: none }, at-most: 0, then: refuse",
		  "admit or waive", 58 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_policy *p = NULL;
		struct crd_error err = { .text = "" };
		char yaml[1024];

		snprintf(yaml, sizeof(yaml), HEAD(LAX) P("%s") RULES_LAX,
			 rows[i].more);
		if (crd_policy_load(small_buf(yaml), NULL, NULL, &p, &err) !=
			    -EBADMSG ||
		    err.line != 6 || err.column != rows[i].column ||
		    !strstr(err.text, rows[i].says))
			fail_msg("%s: %u:%u %s", rows[i].more, err.line,
				 err.column, err.text);
	}
}

static void test_ids(void **state)
{
	static const char *const yaml[] = {
		HEAD(LAX) "presence:\n"
			  "  - { id: p, component: { kind: device }, at-most: 9, then: refer, because: B }\n"
			  "  - { id: p, component: { kind: driver }, at-most: 9, then: refer, because: B }\n" RULES_LAX,
		HEAD(LAX) "presence: [ { id: any, component: { kind: device }, at-most: 9, then: refer, because: B } ]\n" RULES_LAX,
		HEAD(LAX) "presence: []\n" RULES_LAX,
		HEAD(LAX) "presence: {}\n" RULES_LAX,
	};
	struct crd_error err;
	size_t i;

	for (i = 0; i < sizeof(yaml) / sizeof(yaml[0]); i++) {
		struct crd_policy *p = NULL;

		assert_int_equal(crd_policy_load(small_buf(yaml[i]), NULL, NULL,
						 &p, &err),
				 -EBADMSG);
	}
}

static const char *const sees_all[] = { "modules: x", "firmware: x", "pci: x",
					"usb: x",     "smbios: x",   "acpi: x",
					"esrt: x",    "cpu: x",	     "tpm: x",
					NULL };
static const char *const nothing[] = { NULL };

static const struct be_device card = {
	.bus = "pci",
	.name = "0000:00:03.0",
	.port = "0000:00/03.0",
	.vendor = 0x8086,
	.product = 0x10d3,
	.class_code = 0x020000,
	.serial = "S1",
};
static const struct be_device other = {
	.bus = "pci",
	.name = "0000:00:04.0",
	.port = "0000:00/04.0",
	.vendor = 0x1234,
	.product = 1,
};

static void add_device(struct be *b, struct be_device d)
{
	be_device(b, CRD_EV_DEVICE, d);
}

/* What the machine has beside three drivers and a firmware image. */
enum has {
	ONE = 1,
	TWO = 2,
	UNCLEAR = 4,	 /* one whose class and maker are not known */
	GONE = 8,	 /* the first one left again */
	LATE = 16,	 /* one more after the quote */
	BLIND = 32,	 /* no record says what is seen */
	LATE_SIGHT = 64, /* it does, after the quote */
	PACKED = 128,	 /* not all of the start is in the log */
	NO_USB = 256,
};

static const char *const sees_no_usb[] = { "modules: x", "firmware: x",
					   "pci: x", NULL };
static const char *const packed[] = { "snapshot: more than fits", NULL };

static struct crd_report *appraise(struct scene *s, unsigned int has,
				   const char *yaml)
{
	struct be_device d = card;

	start_scene(s);
	s->yaml = yaml;
	if (!(has & (BLIND | LATE_SIGHT)))
		be_coverage(&s->be, has & NO_USB ? sees_no_usb : sees_all,
			    has & PACKED ? packed : nothing);
	if (has & (ONE | TWO))
		add_device(&s->be, card);
	if (has & TWO) {
		d.name = "0000:00:05.0";
		d.port = "0000:00/05.0";
		add_device(&s->be, d);
	}
	if (has & UNCLEAR)
		add_device(&s->be, other);
	if (has & GONE)
		be_device(&s->be, CRD_EV_DEVICE_GONE, card);
	s->covered = s->be.n;
	d.name = "0000:00:06.0";
	d.port = "0000:00/06.0";
	if (has & LATE)
		add_device(&s->be, d);
	if (has & LATE_SIGHT)
		be_coverage(&s->be, sees_all, nothing);
	close_scene(s);
	return run(s);
}

#define NET	 "component: { kind: device, class: network }"
#define NOT_ELSE "component: { kind: device, class: { not: display } }"
#define INTEL	 "component: { kind: device, vendor: intel }"
#define DRIVERS	 "component: { kind: driver, name: { like: \"*e\" } }"

static void test_counts(void **state)
{
	static const struct {
		const char *yaml;
		unsigned int has;
		enum crd_outcome outcome;
	} rows[] = {
		{ WITH(NET ", exactly: 1, then: refer"), 0, CRD_FAILED },
		{ WITH(NET ", exactly: 1, then: refer"), ONE, CRD_PASSED },
		{ WITH(NET ", exactly: 1, then: refer"), TWO, CRD_FAILED },
		{ WITH(NET ", at-least: 1, then: refer"), 0, CRD_FAILED },
		{ WITH(NET ", at-least: 1, then: refer"), TWO, CRD_PASSED },
		{ WITH(NET ", at-most: 1, then: refer"), ONE, CRD_PASSED },
		{ WITH(NET ", at-most: 1, then: refer"), TWO, CRD_FAILED },
		{ WITH(NET ", at-most: 0, then: refer"), 0, CRD_PASSED },
		{ WITH(NET ", at-most: 0, then: refer"), ONE, CRD_FAILED },
		{ WITH(NET ", exactly: 0, then: refer"), ONE, CRD_FAILED },
		{ WITH(NET ", at-least: 1, at-most: 2, then: refer"), TWO,
		  CRD_PASSED },
		/* doubt: possible is enough against, not for */
		{ WITH(NOT_ELSE ", at-most: 1, then: refer"), ONE | UNCLEAR,
		  CRD_FAILED },
		{ WITH(NOT_ELSE ", at-least: 2, then: refer"), ONE | UNCLEAR,
		  CRD_FAILED },
		{ WITH(NOT_ELSE ", at-least: 1, then: refer"), ONE | UNCLEAR,
		  CRD_PASSED },
		{ WITH(INTEL ", at-most: 1, then: refer"), ONE | UNCLEAR,
		  CRD_PASSED },
		/* gone, or after the quote: against, not for */
		{ WITH(NET ", at-least: 1, then: refer"), ONE | GONE,
		  CRD_FAILED },
		{ WITH(NET ", at-most: 0, then: refer"), ONE | GONE,
		  CRD_FAILED },
		{ WITH(NET ", exactly: 1, then: refer"), TWO | GONE,
		  CRD_FAILED },
		{ WITH(NET ", at-least: 1, then: refer"), LATE, CRD_FAILED },
		{ WITH(NET ", at-most: 1, then: refer"), ONE | LATE,
		  CRD_FAILED },
		/* one approved serial number, twice */
		{ WITH("component: { serial: S1 }, exactly: 1, then: refer"),
		  ONE, CRD_PASSED },
		{ WITH("component: { serial: S1 }, exactly: 1, then: refer"),
		  TWO, CRD_FAILED },
		/* what is not seen is not there only if it would be seen */
		{ WITH(NET ", at-most: 0, then: refer"), BLIND,
		  CRD_NOT_EVALUATED },
		{ WITH(NET ", at-most: 0, then: refer"), BLIND | ONE,
		  CRD_FAILED },
		{ WITH(NET ", exactly: 1, then: refer"), BLIND | ONE,
		  CRD_NOT_EVALUATED },
		{ WITH(NET ", at-least: 1, then: refer"), BLIND | ONE,
		  CRD_PASSED },
		{ WITH(NET ", at-most: 0, then: refer"), LATE_SIGHT,
		  CRD_NOT_EVALUATED },
		{ WITH(NET ", at-most: 0, then: refer"), PACKED,
		  CRD_NOT_EVALUATED },
		{ WITH(NET ", at-most: 0, then: refer"), NO_USB,
		  CRD_NOT_EVALUATED },
		{ WITH("component: { class: network, bus: pci }, at-most: 0, then: refer"),
		  NO_USB, CRD_PASSED },
		{ WITH("component: { class: network, bus: sdio }, at-most: 0, then: refer"),
		  0, CRD_NOT_EVALUATED },
		{ WITH("component: { class: network, bus: { not: pci } }, at-most: 0, then: refer"),
		  NO_USB, CRD_NOT_EVALUATED },
		{ WITH("component: { kind: driver, name: evil }, at-most: 0, then: refer"),
		  NO_USB, CRD_PASSED },
		{ WITH("component: { name: evil }, at-most: 0, then: refer"),
		  NO_USB, CRD_NOT_EVALUATED },
		{ WITH("component: { part: tpm }, at-most: 0, then: refer"),
		  NO_USB, CRD_NOT_EVALUATED },
		{ WITH("component: { kind: platform }, at-most: 0, then: refer"),
		  0, CRD_PASSED },
		{ WITH("component: { structure: board }, at-most: 0, then: refer"),
		  NO_USB, CRD_NOT_EVALUATED },
		{ WITH(DRIVERS ", exactly: 1, then: refer"), 0, CRD_FAILED },
		{ WITH("component: { kind: driver }, exactly: 2, then: refer"),
		  0, CRD_PASSED },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool ok = rows[i].outcome == CRD_PASSED;
		struct crd_report *r;
		struct scene s;

		r = appraise(&s, rows[i].has, rows[i].yaml);
		if (!find(r, "p", rows[i].outcome) ||
		    (r->verdict != (ok ? CRD_ADMIT : CRD_REFER))) {
			char *text = NULL;

			crd_report_text(r, 0, &text);
			fail_msg("row %zu: %s\n%s", i, rows[i].yaml, text);
		}
		crd_report_free(&r);
		end_scene(&s);
	}
}

/* The verdict is that of `then`, also where it could not be checked. */
static void test_verdict(void **state)
{
	struct crd_report *r;
	struct scene s;

	r = appraise(&s, ONE, WITH(NET ", at-most: 0, then: refuse"));
	assert_int_equal(r->verdict, CRD_REFUSE);
	crd_report_free(&r);
	end_scene(&s);
	r = appraise(&s, BLIND, WITH(NET ", at-most: 0, then: refuse"));
	assert_int_equal(r->verdict, CRD_REFUSE);
	assert_int_equal(r->stages[CRD_STAGE_POLICY], CRD_NOT_EVALUATED);
	crd_report_free(&r);
	end_scene(&s);
}

static void test_words(void **state)
{
	const struct crd_finding *f;
	struct crd_report *r;
	struct scene s;

	r = appraise(&s, TWO,
		     WITH(NET ", at-most: 1, then: refuse, advice: Do."));
	f = find(r, "p", CRD_FAILED);
	assert_non_null(f);
	assert_string_equal(
		f->sentence,
		"Of components with kind device and class network the policy wants at most 1, and there are 2. Why.");
	assert_string_equal(
		f->observed,
		"2: network card 0000:00:03.0, network card 0000:00:05.0");
	assert_string_equal(f->expected,
			    "at most 1 with kind device and class network");
	assert_string_equal(f->place,
			    "measurer log, record 6, measurer log, record 7");
	assert_string_equal(f->next_step, "Do.");
	crd_report_free(&r);
	end_scene(&s);
	r = appraise(&s, NO_USB, WITH(NET ", at-most: 0, then: refuse"));
	f = find(r, "p", CRD_NOT_EVALUATED);
	assert_non_null(f);
	assert_non_null(strstr(
		f->sentence,
		"could not be checked: the measurer does not say that it sees usb."));
	crd_report_free(&r);
	end_scene(&s);
}

#define WAIVED(policy, more)                        \
	policy "waivers: [ { id: W, rule: p, " more \
	       ", approved_by: The Director, because: Old. } ]\n"

/* Too many, too few, or not to be checked: set aside, and told. */
static void test_waived(void **state)
{
	static const struct {
		const char *yaml;
		unsigned int has;
	} rows[] = {
		{ WAIVED(WITH(NET ", at-most: 0, then: refuse"),
			 "until: 2026-12-31"),
		  TWO },
		{ WAIVED(WITH(NET ", exactly: 1, then: refuse"),
			 "until: 2026-09-21"),
		  0 },
		{ WAIVED(WITH(NET ", at-most: 0, then: refer"),
			 "until: 2026-12-31"),
		  BLIND },
	};
	const struct crd_finding *f;
	struct crd_report *r;
	struct scene s;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		r = appraise(&s, rows[i].has, rows[i].yaml);
		f = find(r, "p", CRD_PASSED);
		assert_non_null(f);
		assert_string_equal(f->waiver, "W");
		assert_null(f->lapsed);
		assert_null(f->next_step);
		assert_int_equal(f->verdict, CRD_ADMIT);
		assert_int_equal(r->verdict, CRD_ADMIT);
		assert_int_equal(r->stages[CRD_STAGE_POLICY], CRD_PASSED);
		assert_non_null(strstr(
			f->sentence,
			"Why. Waiver W, approved by The Director, covers this until 2026-"));
		crd_report_free(&r);
		end_scene(&s);
	}
}

/* Nothing to set aside, or not in force. */
static void test_not_waived(void **state)
{
	static const struct {
		const char *yaml;
		unsigned int has;
		enum crd_verdict verdict;
		const char *lapsed, *says;
	} rows[] = {
		{ WAIVED(WITH(NET ", at-most: 2, then: refuse"),
			 "until: 2026-12-31"),
		  TWO, CRD_ADMIT, NULL, "so it is." },
		{ WAIVED(WITH(NET ", at-most: 0, then: refuse"),
			 "until: 2026-09-20"),
		  TWO, CRD_REFUSE, "W",
		  "Waiver W is not in force: it ended on 2026-09-20." },
		{ WAIVED(WITH(NET ", at-most: 0, then: refer"),
			 "from: 2026-09-22, until: 2026-12-31"),
		  ONE, CRD_REFER, "W", "it begins on 2026-09-22." },
		{ WAIVED(WITH(NET ", at-most: 0, then: refer"),
			 "machine: { product: P }, until: 2026-12-31"),
		  BLIND, CRD_REFER, "W", "it is for other machines." },
		/* another one is not this one */
		{ HEAD(LAX) "presence:\n"
			    "  - { id: p, " NET
			    ", at-most: 0, then: refuse, because: B }\n"
			    "  - { id: q, " NET
			    ", at-most: 1, then: refuse, because: B }\n" RULES_LAX
			    "waivers: [ { id: W, rule: q, until: 2026-12-31, approved_by: P, because: B } ]\n",
		  ONE, CRD_REFUSE, NULL, "and there are 1. B" },
	};
	const struct crd_finding *f;
	struct crd_report *r;
	struct scene s;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		r = appraise(&s, rows[i].has, rows[i].yaml);
		f = find(r, "p",
			 rows[i].verdict == CRD_ADMIT ? CRD_PASSED :
			 rows[i].has == BLIND	      ? CRD_NOT_EVALUATED :
							CRD_FAILED);
		assert_non_null(f);
		assert_null(f->waiver);
		if (!f->lapsed != !rows[i].lapsed ||
		    r->verdict != rows[i].verdict ||
		    !strstr(f->sentence, rows[i].says))
			fail_msg("row %zu: %s", i, f->sentence);
		crd_report_free(&r);
		end_scene(&s);
	}
}

/* For the machine that signed, by the name of its key. */
static void test_waived_machine(void **state)
{
	static const char policy[] = HEAD(LAX)
		P(NET ", at-most: 0, then: refuse") RULES_LAX;
	char yaml[2048], ak[2 * CRD_MAX_NAME + 1];
	const struct crd_finding *f;
	struct crd_report *r;
	struct scene s;
	int i;

	r = appraise(&s, ONE, policy);
	assert_int_equal(r->verdict, CRD_REFUSE);
	memcpy(ak, r->ak_name, sizeof(ak));
	assert_true(ak[0]);
	crd_report_free(&r);
	for (i = 0; i < 2; i++) {
		snprintf(
			yaml, sizeof(yaml),
			"%swaivers: [ { id: W, rule: p, lot: [ { product: P }, { ak: %s } ], until: 2026-12-31, approved_by: P, because: B } ]\n",
			policy, ak);
		s.yaml = yaml;
		r = run(&s);
		f = find(r, "p", i ? CRD_FAILED : CRD_PASSED);
		assert_non_null(f);
		assert_int_equal(r->verdict, i ? CRD_REFUSE : CRD_ADMIT);
		assert_non_null(strstr(
			f->sentence,
			i ? "for other machines" :
			    "on this machine, known by its TPM key (measured)"));
		crd_report_free(&r);
		ak[20] = ak[20] == '0' ? '1' : '0';
	}
	end_scene(&s);
}

/* A USB device with its interfaces is one. */
static void test_interfaces(void **state)
{
	struct be_device stick = { .bus = "usb",
				   .name = "1-1",
				   .port = "p/usb/1",
				   .vendor = 0x951,
				   .product = 1,
				   .class_code = 0xe00101 };
	struct be_device part = stick;
	struct crd_report *r;
	struct scene s;
	int i;

	part.parent = "usb/1-1";
	part.interface = true;
	start_scene(&s);
	s.yaml = WITH(
		"component: { class: wireless }, exactly: 1, then: refuse");
	be_coverage(&s.be, sees_all, nothing);
	add_device(&s.be, stick);
	for (i = 0; i < 3; i++) {
		static const char *const names[] = { "1-1:1.0", "1-1:1.1",
						     "1-1:1.2" };

		part.name = names[i];
		part.port = names[i];
		add_device(&s.be, part);
	}
	close_scene(&s);
	r = run(&s);
	assert_int_equal(r->verdict, CRD_ADMIT);
	crd_report_free(&r);
	end_scene(&s);
}

/* Many of them: some are shown, all are counted. */
static void test_many(void **state)
{
	const struct crd_finding *f;
	struct crd_report *r;
	struct scene s;
	int i;

	start_scene(&s);
	s.yaml = WITH(NET ", at-most: 3, then: refuse");
	be_coverage(&s.be, sees_all, nothing);
	for (i = 0; i < 40; i++) {
		struct be_device d = card;
		char name[16];

		snprintf(name, sizeof(name), "0000:%02x:00.0", i);
		d.name = d.port = name;
		add_device(&s.be, d);
	}
	close_scene(&s);
	r = run(&s);
	f = find(r, "p", CRD_FAILED);
	assert_non_null(f);
	assert_non_null(strstr(f->observed, "40: network card 0000:00:00.0"));
	assert_non_null(strstr(f->observed, "0000:07:00.0 and more"));
	assert_null(strstr(f->observed, "0000:08:00.0"));
	crd_report_free(&r);
	end_scene(&s);
}

/* J06: a serial number that is required must be one, or nobody minds. */
static void test_filled(void **state)
{
	static const struct {
		const char *yaml;
		bool without, with; /* one: admitted? */
	} rows[] = {
		{ WITH("component: { kind: device, serial: { not: unknown } }, at-least: 1, then: refuse"),
		  false, true },
		{ WITH("component: { kind: device, serial: S1 }, exactly: 1, then: refuse"),
		  false, true },
		{ WITH("component: { kind: device, serial: { not: S2 } }, at-least: 1, then: refuse"),
		  false, true },
		{ WITH("component: { kind: device, serial: unknown }, at-most: 0, then: refuse"),
		  false, true },
		/* what is not known may be the one that there must not be */
		{ WITH("component: { kind: device, serial: { not: S1 } }, at-most: 0, then: refuse"),
		  false, true },
		{ WITH("component: { kind: device }, exactly: 1, then: refuse"),
		  true, true },
	};
	static const char *const serials[] = { FILLED, "S1" };
	enum { N = sizeof(serials) / sizeof(serials[0]) };
	size_t i, k;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]) * N; i++) {
		struct be_device d = card;
		struct crd_report *r;
		struct scene s;
		bool admit;

		k = i / N;
		d.serial = serials[i % N];
		admit = i % N == N - 1 ? rows[k].with : rows[k].without;
		start_scene(&s);
		s.yaml = rows[k].yaml;
		be_coverage(&s.be, sees_all, nothing);
		add_device(&s.be, d);
		close_scene(&s);
		r = run(&s);
		if (r->verdict != (admit ? CRD_ADMIT : CRD_REFUSE))
			fail_msg("'%s': %s", d.serial, rows[k].yaml);
		crd_report_free(&r);
		end_scene(&s);
	}
}

/* By id: the order in the file decides nothing, not even of the report. */
static void test_order(void **state)
{
#define A \
	"{ id: a, component: { kind: device }, at-least: 1, then: refer, because: B }"
#define B \
	"{ id: b, component: { kind: driver }, at-most: 0, then: refuse, because: B }"
	static const char *const yaml[] = {
		HEAD(LAX) "presence: [ " A ", " B " ]\n" RULES_LAX,
		HEAD(LAX) "presence: [ " B ", " A " ]\n" RULES_LAX,
	};
	size_t i, k, n;

	for (i = 0; i < 2; i++) {
		const char *checks[2] = { "", "" };
		struct crd_report *r;
		struct scene s;

		r = appraise(&s, 0, yaml[i]);
		assert_int_equal(r->verdict, CRD_REFUSE);
		for (k = n = 0; k < r->n_findings && n < 2; k++) {
			if (r->findings[k].outcome == CRD_FAILED)
				checks[n++] = r->findings[k].check;
		}
		assert_string_equal(checks[0], "a");
		assert_string_equal(checks[1], "b");
		crd_report_free(&r);
		end_scene(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_verdict),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_waived),
		cmocka_unit_test(test_not_waived),
		cmocka_unit_test(test_waived_machine),
		cmocka_unit_test(test_interfaces),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_filled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
