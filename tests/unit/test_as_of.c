// SPDX-License-Identifier: Apache-2.0
/*
 * as of - lists, waivers and the policy's period on the first day, on the last
 * one and beside them, whatever the clock says. Now is 2026-09-21.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "appraise_scene.h"
#include "text_private.h"

/* list-a: huawei from 2019-08-13; list-b: its parent from 2026-09-21 */
#define PERIOD(from, until, list)                                                \
	"policy: test\nversion: 3\nauthority: A\n"                               \
	"valid: { from: " from ", until: " until " }\n"                          \
	"requires: { identity: pinned, freshness: 1m, secure_boot: on, "         \
	"lockdown: integrity, measurer: any }\n"                                 \
	"rules:\n"                                                               \
	"  - { id: listed, when: { kind: driver, listed: " list                  \
	" }, then: refuse, because: No. }\n"                                     \
	"  - { id: fw, when: { kind: firmware }, then: admit, because: Yes. }\n" \
	"otherwise: { known: admit, unknown: admit }\n"
#define WAIVED                                                                                    \
	"waivers:\n"                                                                              \
	"  - { id: W, rule: listed, component: { kind: driver, name: hinic, signer: verified }, " \
	"from: 2020-02-29, until: 2021-03-01, approved_by: X, because: Y. }\n"

struct as_of {
	const char *day; /* NULL: that of now */
	const char *yaml;
	enum crd_verdict verdict;
	const char *check, *waiver; /* who says so; NULL: nobody */
};

static const char wide[] = PERIOD("2000-01-01", "2100-12-31", "list-a");
static const char parent[] = PERIOD("2000-01-01", "2100-12-31", "list-b");
static const char narrow[] = PERIOD("2016-02-29", "2017-01-31", "list-a");
static const char waived[] = PERIOD("2000-01-01", "2100-12-31", "list-a")
	WAIVED;

static const struct as_of rows[] = {
	{ NULL, wide, CRD_REFUSE, "listed", NULL },
	{ NULL, parent, CRD_REFUSE, "listed", NULL },
	{ "2026-09-21", parent, CRD_REFUSE, "listed", NULL },
	{ "2026-09-20", parent, CRD_ADMIT, NULL, NULL },
	{ "2019-08-13", wide, CRD_REFUSE, "listed", NULL },
	{ "2019-08-12", wide, CRD_ADMIT, NULL, NULL },
	{ "2018-01-01", wide, CRD_ADMIT, NULL, NULL },
	{ "2100-12-31", wide, CRD_REFUSE, "listed", NULL },
	{ "2101-01-01", wide, CRD_REFUSE, "in-force", NULL },
	{ NULL, narrow, CRD_REFUSE, "in-force", NULL },
	{ "2016-02-28", narrow, CRD_REFUSE, "in-force", NULL },
	{ "2016-02-29", narrow, CRD_ADMIT, NULL, NULL },
	{ "2017-01-31", narrow, CRD_ADMIT, NULL, NULL },
	{ "2017-02-01", narrow, CRD_REFUSE, "in-force", NULL },
	{ NULL, waived, CRD_REFUSE, "listed", NULL },
	{ "2020-02-28", waived, CRD_REFUSE, "listed", NULL },
	{ "2020-02-29", waived, CRD_ADMIT, "listed", "W" },
	{ "2021-03-01", waived, CRD_ADMIT, "listed", "W" },
	{ "2021-03-02", waived, CRD_REFUSE, "listed", NULL },
};

static void listed_driver(struct be *b)
{
	struct be_driver hinic = BE_GOOD("hinic");

	hinic.authors[0] = "Huawei Technologies CO., Ltd";
	be_load(b, hinic);
}

static int32_t day_of(const char *text)
{
	int32_t day = 0;

	if (text)
		assert_true(crd_date_parse(text, strlen(text), &day));
	return day;
}

static bool says(const struct crd_report *r, const struct as_of *row)
{
	const struct crd_finding *f =
		row->check ? find(r, row->check, CRD_FAILED) : NULL;

	if (!f && row->waiver)
		f = find(r, row->check, CRD_PASSED);
	if (r->verdict != row->verdict || !row->check != !f)
		return false;
	if (!row->check)
		return !find(r, "listed", CRD_FAILED);
	return !row->waiver == !f->waiver &&
	       (!f->waiver || !strcmp(f->waiver, row->waiver));
}

static void test_days(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_report *r;
		struct scene s;

		start_scene(&s);
		listed_driver(&s.be);
		close_scene(&s);
		s.yaml = rows[i].yaml;
		s.in.as_of = day_of(rows[i].day);
		r = run(&s);
		if (!says(r, &rows[i]))
			fail_msg("row %zu, as of %s: %s", i,
				 rows[i].day ? rows[i].day : "now",
				 crd_verdict_name(r->verdict));
		crd_report_free(&r);
		end_scene(&s);
	}
}

/* Who reads the verdict sees that it is of another day; otherwise nothing. */
static void test_told(void **state)
{
	static const char *const days[] = { NULL, "2018-01-01" };
	size_t i;

	for (i = 0; i < 2; i++) {
		struct crd_report *r;
		struct scene s;
		char *text, *json;

		start_scene(&s);
		close_scene(&s);
		s.yaml = wide;
		s.in.as_of = day_of(days[i]);
		r = run(&s);
		r->policy = NULL; /* gone with run() */
		assert_int_equal(crd_report_text(r, 0, &text), 0);
		assert_int_equal(crd_report_json(r, &json), 0);
		assert_int_equal(strstr(text, "As of 2018-01-01") != NULL, i);
		assert_int_equal(
			strstr(json, "\"as_of\": \"2018-01-01\"") != NULL, i);
		assert_non_null(strstr(text, "2026-09-21"));
		free(text);
		free(json);
		crd_report_free(&r);
		end_scene(&s);
	}
}

/* Another day's lists do not make an old challenge fresh. */
static void test_challenge(void **state)
{
	struct crd_report *r;
	struct scene s;

	start_scene(&s);
	close_scene(&s);
	s.yaml = wide;
	s.in.as_of = crd_date_of(s.in.now);
	s.in.now += 24 * 60 * 60;
	r = run(&s);
	assert_int_equal(r->verdict, CRD_REFUSE);
	assert_int_equal(r->stages[CRD_STAGE_FRESHNESS], CRD_FAILED);
	crd_report_free(&r);
	end_scene(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_challenge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
