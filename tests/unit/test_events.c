// SPDX-License-Identifier: Apache-2.0
/* events - sleep, other ways into the kernel, and how far the measurer sees. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "appraise_scene.h"

/* After the ordinary machine: power events, "S1 R1": event, reset count. */
struct power_row {
	const char *what;
	const char *events;
	int late; /* how many of them come after the quote */
	enum crd_verdict verdict;
	enum crd_reason reason;
};

static const struct power_row power_rows[] = {
	{ "reset in sleep", "S- R2", 0, CRD_REFUSE, CRD_REASON_ROLLBACK },
	{ "reset, then more", "S- R2 S- R2", 0, CRD_REFUSE,
	  CRD_REASON_ROLLBACK },
	{ "counts backwards", "S- R0", 0, CRD_REFUSE, CRD_REASON_ROLLBACK },
	{ "hibernation", "H- B2", 0, CRD_REFUSE, CRD_REASON_ROLLBACK },
	{ "reset, not covered", "S- R2", 1, CRD_REFUSE, CRD_REASON_ROLLBACK },
	{ "no start", "R2", 0, CRD_REFUSE, CRD_REASON_ROLLBACK },
	{ "on the way to sleep", "S-", 0, CRD_REFER, CRD_REASON_LOG_GAP },
	{ "after one sleep to the next", "S- R1 H-", 0, CRD_REFER,
	  CRD_REASON_LOG_GAP },
	{ "restart", "X-", 0, CRD_REFER, CRD_REASON_LOG_GAP },
	{ "off", "O-", 0, CRD_REFER, CRD_REASON_LOG_GAP },
	{ "no such power event", "?-", 0, CRD_REFER, CRD_REASON_LOG_GAP },
	{ "slept", "S- R1", 0, CRD_ADMIT, CRD_REASON_NONE },
	{ "slept twice", "S- R1 S- R1", 0, CRD_ADMIT, CRD_REASON_NONE },
	{ "hibernation that failed", "H- B1", 0, CRD_ADMIT, CRD_REASON_NONE },
	{ "an image did not take over", "X- B1", 0, CRD_ADMIT,
	  CRD_REASON_NONE },
	{ "slept after it", "S-", 1, CRD_ADMIT, CRD_REASON_NONE },
	{ "a counter is missing", "S- R-", 0, CRD_ADMIT, CRD_REASON_NONE },
};

static int add_powers(struct be *b, const char *events)
{
	static const char letters[] = "?SRHBXO";
	int n = 0;

	for (; *events; events += events[2] ? 3 : 2, n++)
		be_power(b, (uint8_t)(strchr(letters, events[0]) - letters),
			 events[1] == '-' ? UINT32_MAX :
					    (uint32_t)(events[1] - '0'));
	return n;
}

static void test_power(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(power_rows) / sizeof(power_rows[0]); i++) {
		const struct power_row *row = &power_rows[i];
		const struct crd_finding *f;
		struct crd_report *r;
		struct scene s;

		start_scene(&s);
		add_powers(&s.be, row->events);
		s.covered = s.be.n - (uint64_t)row->late;
		close_scene(&s);
		r = run(&s);
		f = find(r, "power", CRD_FAILED);
		if (r->verdict != row->verdict ||
		    (f ? f->reason : CRD_REASON_NONE) != row->reason)
			fail_msg("%s: %s %s", row->what,
				 crd_verdict_name(r->verdict),
				 f ? crd_reason_name(f->reason) : "-");
		all_stages(r);
		crd_report_free(&r);
		end_scene(&s);
	}
}

/* That nothing could be compared is said, and is not "passed". */
static void test_power_words(void **state)
{
	static const struct {
		const char *events;
		enum crd_outcome outcome;
	} rows[] = {
		{ "S- R-", CRD_NOT_EVALUATED },
		{ "S- R1", CRD_PASSED },
		{ "S- R1 S- R2", CRD_FAILED },
	};
	size_t i;

	for (i = 0; i < 3; i++) {
		struct crd_report *r;
		struct scene s;
		unsigned int outcome;

		start_scene(&s);
		add_powers(&s.be, rows[i].events);
		close_scene(&s);
		r = run(&s);
		for (outcome = 0; outcome < 3; outcome++)
			assert_int_equal(find(r, "power", outcome) != NULL,
					 outcome == rows[i].outcome);
		crd_report_free(&r);
		end_scene(&s);
	}
}

/* An item of a batch is no weaker than a record. */
static void test_power_in_a_batch(void **state)
{
	struct soft_record group = soft_record(0, CRD_EV_BATCH);
	struct soft_bytes item;
	struct crd_report *r;
	struct scene s;

	start_scene(&s);
	soft_item_lead(&item, CRD_EV_POWER, true);
	soft_tlv_be(&item, CRD_F_RESET_COUNT, 9, 4);
	soft_tlv_be(&item, CRD_F_POWER, CRD_POWER_RESUME, 1);
	soft_item(&group, &item);
	soft_item_lead(&item, CRD_EV_UNLOAD, true);
	soft_item(&group, &item);
	be_add(&s.be, &group);
	close_scene(&s);
	r = run(&s);
	assert_int_equal(r->verdict, CRD_REFUSE);
	assert_non_null(find(r, "power", CRD_FAILED));
	assert_non_null(find(r, "complete", CRD_FAILED));
	assert_int_equal(r->covered, r->records);
	crd_report_free(&r);
	end_scene(&s);
}

struct demand_row {
	const char *demand; /* under requires */
	bool holds;
};

static void check_demand(const struct demand_row *row, const char *check,
			 void (*add)(struct scene *s))
{
	const struct crd_finding *f;
	struct crd_report *r;
	struct scene s;
	char yaml[4096];

	snprintf(yaml, sizeof(yaml), HEAD(STRICT ", %s") RULES, row->demand);
	start_scene(&s);
	s.yaml = yaml;
	add(&s);
	close_scene(&s);
	r = run(&s);
	f = find(r, check, CRD_FAILED);
	if (!f != row->holds || (f && f->reason != CRD_REASON_REQUIRED_EVENT) ||
	    r->verdict != (row->holds ? CRD_ADMIT : CRD_REFUSE))
		fail_msg("%s: %s", row->demand, crd_verdict_name(r->verdict));
	crd_report_free(&r);
	end_scene(&s);
}

static void add_coverage(struct scene *s)
{
	static const char *const seen[] = { "firmware: every image: really",
					    "pci", "usb-interfaces: x",
					    "smbios: some", NULL };
	static const char *const blind[] = { "dma: x", "smbios: the rest",
					     NULL };
	static const char *const late[] = { "bpf: programs", NULL };
	static const char *const none[] = { NULL };

	be_coverage(&s->be, seen, blind);
	s->covered = s->be.n;
	be_coverage(&s->be, late, none);
}

static void test_coverage(void **state)
{
	static const struct demand_row rows[] = {
		{ "coverage: [usb]", false },
		{ "coverage: [firm]", false },
		{ "coverage: [dma]", false },
		{ "coverage: [firmware, usb]", false },
		{ "coverage: [bpf]", false }, /* not covered by the quote */
		{ "coverage: [firmware]", true },
		{ "coverage: [pci, firmware, usb-interfaces]", true },
		{ "coverage: [smbios]", true },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_demand(&rows[i], "coverage", add_coverage);
}

static void add_nothing(struct scene *s)
{
}

static void add_bpf(struct scene *s)
{
	be_activity(&s->be, CRD_ACTIVITY_BPF);
}

static void add_late_kexec(struct scene *s)
{
	s->covered = s->be.n;
	be_activity(&s->be, CRD_ACTIVITY_KEXEC_LOAD);
}

static void add_odd(struct scene *s)
{
	be_activity(&s->be, 200);
}

static void test_activity(void **state)
{
	static const struct {
		void (*add)(struct scene *s);
		struct demand_row row;
	} rows[] = {
		{ add_bpf, { "activity: none", false } },
		{ add_bpf, { "activity: { not: bpf }", false } },
		{ add_bpf, { "activity: { not: [kexec, bpf] }", false } },
		{ add_late_kexec, { "activity: { not: kexec }", false } },
		{ add_odd, { "activity: none", false } },
		{ add_odd, { "activity: { not: bpf }", false } },
		{ add_nothing, { "coverage: [pci]", false } },
		{ add_nothing, { "activity: none", true } },
		{ add_bpf, { "activity: any", true } },
		{ add_bpf, { "activity: { not: kexec }", true } },
		{ add_odd, { "activity: any", true } },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_demand(&rows[i].row,
			     strstr(rows[i].row.demand, "coverage") ?
				     "coverage" :
				     "activity",
			     rows[i].add);
}

/* SMBIOS and the processor itself, family 6, model 0x9e, stepping 10. */
static void test_contradiction(void **state)
{
	static const struct {
		const char *what, *maker;
		uint32_t eax;
		bool contradicted;
	} rows[] = {
		{ "another stepping", "GenuineIntel", 0x000906e9, true },
		{ "another model", "GenuineIntel", 0x000806ea, true },
		{ "another family", "AuthenticAMD", 0x00900f1a, true },
		{ "the same", "GenuineIntel", 0x000906ea, false },
		{ "reserved bits", "GenuineIntel", 0x100906ea, false },
		{ "not said", "GenuineIntel", 0, false },
		{ "not of ours", "Somebody", 0x000806ea, false },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct soft_record r = soft_record(0, CRD_EV_PLATFORM);
		struct crd_inventory_iter it = { 0 };
		struct crd_component c;
		struct crd_report *report;
		uint8_t data[16] = { 4, 16 };
		struct scene s;
		int k;

		start_scene(&s);
		soft_tlv_text(&r.content, CRD_F_MANUFACTURER, rows[i].maker);
		soft_tlv_be(&r.content, CRD_F_PART, CRD_PART_CPU, 1);
		soft_tlv_be(&r.content, CRD_F_CPU_FAMILY, 6, 4);
		soft_tlv_be(&r.content, CRD_F_CPU_MODEL, 0x9e, 4);
		soft_tlv_be(&r.content, CRD_F_CPU_STEPPING, 10, 4);
		be_add(&s.be, &r);
		for (k = 0; k < 4; k++)
			data[8 + k] = (uint8_t)(rows[i].eax >> 8 * k);
		r = soft_record(0, CRD_EV_PLATFORM);
		soft_tlv_be(&r.content, CRD_F_PART, CRD_PART_SMBIOS, 1);
		soft_tlv_be(&r.content, CRD_F_SMBIOS_TYPE, 4, 1);
		soft_tlv(&r.content, CRD_F_DATA, data, sizeof(data));
		be_add(&s.be, &r);
		close_scene(&s);
		report = run(&s);
		it.inventory = &report->inventory;
		while (crd_inventory_next(&it, &c) && c.part != CRD_PART_SMBIOS)
			continue;
		if (!(c.flags & CRD_FLAG_CONTRADICTED) == rows[i].contradicted)
			fail_msg("%s: flags 0x%x", rows[i].what, c.flags);
		crd_report_free(&report);
		end_scene(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_power),
		cmocka_unit_test(test_power_words),
		cmocka_unit_test(test_power_in_a_batch),
		cmocka_unit_test(test_coverage),
		cmocka_unit_test(test_activity),
		cmocka_unit_test(test_contradiction),
	};

	return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
