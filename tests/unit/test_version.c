// SPDX-License-Identifier: Apache-2.0
/* version - what has an order, and which; dates of firmware; ages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/version.h"
#include "policy_text.h"

/* Versions that have no order at all: nothing is guessed from them. */
static void test_without_order(void **state)
{
	static const char *const texts[] = {
		"",
		"F.42",
		"N1CET81W (1.49 )",
		"1.0.2k",
		"1.10a",
		"0xg",
		"0x",
		"0x12345678901234567", /* 17 digits */
		"x1",
		"-1",
		".1",
		" 1",
		"1.",
		"1..2",
		"1.2/3",
		"1.2.",
		"1\x01",
		"1.a", /* one letter may be a number to somebody */
		"1.B.2",
		"1.x6",
		"1.a\xc3\xa9",
		"vv1",
		"v",
		"unknown",
		"1000000000000000000", /* 19 digits */
		"1.1000000000000000000",
		"1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17",
		"\xd9\xa1.\xd9\xa2", /* digits, but not ours */
	};
	struct crd_version v;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (crd_version_read(small_buf(texts[i]), &v))
			fail_msg("'%s' has an order", texts[i]);
	}
}

/* Each comes before the next; where the mark is '=', they are alike. */
static const struct {
	const char *text;
	char mark;
} rising[] = {
	{ "0", '<' },
	{ "0.0.1", '<' },
	{ "0.9", '<' },
	{ "1.0~beta", '=' },
	{ "1.0rc1", '=' },
	{ "1-dev", '=' },
	{ "1.alpha.7", '=' },
	{ "1.0.pre", '<' },
	{ "1", '=' },
	{ "1.0", '=' },
	{ "v1.0.0", '=' },
	{ "01.00", '=' },
	{ "1.0-k", '=' },
	{ "1.0-device", '=' }, /* no preview */
	{ "1.0 (2019)", '=' },
	{ "1.0+git", '=' },
	{ "1_x", '=' },
	{ "1.bin", '<' },
	{ "1.0.0.1", '<' },
	{ "1.2", '<' },
	{ "1.9", '<' },
	{ "1.10", '<' },
	{ "1.10-1", '<' },
	{ "2-rc1", '<' },
	{ "2", '<' },
	{ "6.1.0-9-amd64", '<' },
	{ "6.1.0-40", '<' },
	{ "6.1.0-56-amd64", '=' },
	{ "6.1.0.56", '<' },
	{ "6.11.4-301.fc41.x86_64", '=' },
	{ "6.11.4-301.fc42.x86_64", '<' },
	{ "6.11.4-302.el9_4", '<' },
	{ "6.12.1", '<' },
	{ "7.85.17.51968", '<' },
	{ "999999999999999999", '<' },
	{ "999999999999999999.1", '.' },
};

static void test_order(void **state)
{
	size_t i, k, n = sizeof(rising) / sizeof(rising[0]);
	struct crd_version a, b;
	int order;

	for (i = 0; i < n; i++) {
		bool alike = true;

		assert_true(crd_version_read(small_buf(rising[i].text), &a));
		for (k = i; k < n; k++) {
			assert_true(crd_version_read(small_buf(rising[k].text),
						     &b));
			assert_true(crd_version_order(&a, &b, &order));
			if (alike ? order : order >= 0)
				fail_msg("%s, %s: %d", rising[i].text,
					 rising[k].text, order);
			assert_true(crd_version_order(&b, &a, &order));
			if (alike ? order : order <= 0)
				fail_msg("%s, %s: %d", rising[k].text,
					 rising[i].text, order);
			alike = alike && rising[k].mark == '=';
		}
	}
}

/* Hexadecimal is another kind of number: 0x10 is neither 10 nor 16. */
static void test_hexadecimal(void **state)
{
	struct crd_version a, b;
	int order;

	assert_true(crd_version_read(small_buf("0x10"), &a));
	assert_true(crd_version_read(small_buf("0xF"), &b));
	assert_true(crd_version_order(&a, &b, &order));
	assert_true(order > 0);
	assert_true(crd_version_read(small_buf("0x000f"), &a));
	assert_true(crd_version_order(&a, &b, &order));
	assert_int_equal(order, 0);
	assert_true(crd_version_read(small_buf("0xffffffffffffffff"), &a));
	assert_true(crd_version_order(&a, &b, &order));
	assert_true(order > 0);
	assert_true(crd_version_read(small_buf("16"), &b));
	assert_false(crd_version_order(&a, &b, &order));
}

static void test_bounds(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{ "", false },	       { "v1", false },
		{ "1.0-rc1", false },  { "1.0 ", false },
		{ "6.x", false },      { "1.*", false },
		{ "1.0-k", false },    { "0x", false },
		{ "1", true },	       { "5.10", true },
		{ "0xb4", true },      { "6.1.0-40", true },
		{ "7.85.17.0", true }, { "latest", false },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (crd_version_is_bound(small_buf(rows[i].text)) !=
		    rows[i].good)
			fail_msg("%s", rows[i].text);
	}
}

static void test_days(void **state)
{
	static const char *const bad[] = {
		"",	      "01/02/20",   "1/2/2020",	   "13/01/2020",
		"02/30/2020", "02/29/2021", "01-02-2020",  "2020/01/02",
		"01/02/1969", "aa/bb/cccc", "01/02/20200", "00/10/2020",
	};
	int32_t day = 0;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (crd_day_read(small_buf(bad[i]), &day))
			fail_msg("%s", bad[i]);
	}
	assert_true(crd_day_read(small_buf("01/02/1970"), &day));
	assert_int_equal(day, 1);
	assert_true(crd_day_read(small_buf("02/29/2020"), &day));
	assert_int_equal(day, 18321);
	assert_true(crd_day_read(small_buf("2020-02-29"), &day));
	assert_int_equal(day, 18321);
}

/*
 * Ages as diff, lot and a baseline ask for them: each row holds the other way
 * round too.
 */
static const struct {
	const char *old, *new;
	enum crd_age age;
} ages[] = {
	/* nothing tells which is newer, though they differ */
	{ "a", "", CRD_OTHER_AGE },
	{ "", "1", CRD_OTHER_AGE },
	{ "F.42", "E.50", CRD_OTHER_AGE },
	{ "F.42", "F.43", CRD_OTHER_AGE },
	{ "A00", "B00", CRD_OTHER_AGE },
	{ "A00", "A01", CRD_OTHER_AGE },
	{ "N1WET58W (1.58 )", "N1WET60W (1.60 )", CRD_OTHER_AGE },
	{ "alpha", "beta", CRD_OTHER_AGE },
	{ "x1", "1", CRD_OTHER_AGE },
	{ "1.1w", "1.1x", CRD_OTHER_AGE },
	{ "1.1", "1.1a", CRD_OTHER_AGE },
	{ "2024a", "2024beta", CRD_OTHER_AGE },
	{ "1.2.", "1.3", CRD_OTHER_AGE },
	{ "0x10", "16", CRD_OTHER_AGE },
	{ "0x10", "17", CRD_OTHER_AGE },
	{ "0x1g", "0x2", CRD_OTHER_AGE },
	{ "0x00000000000000001", "0x2", CRD_OTHER_AGE }, /* 17 digits */
	{ "18446744073709551616", "18446744073709551617", CRD_OTHER_AGE },
	{ "9", "18446744073709551617", CRD_OTHER_AGE },
	{ "0000000000000000001", "2", CRD_OTHER_AGE }, /* 19 digits */
	{ "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17", "2", CRD_OTHER_AGE },
	/* the same, with an order or without */
	{ "", "", CRD_SAME_AGE },
	{ "F.42", "F.42", CRD_SAME_AGE },
	{ "18446744073709551616", "18446744073709551616", CRD_SAME_AGE },
	{ "1.20.0", "1.20.0", CRD_SAME_AGE },
	{ "1.02", "1.2", CRD_SAME_AGE },
	{ "1", "1.0", CRD_SAME_AGE },
	{ "1.0", "1.0.0", CRD_SAME_AGE },
	{ "v1.2", "1.2", CRD_SAME_AGE },
	{ "V1.2", "v1.2", CRD_SAME_AGE },
	{ "1-2", "1.2", CRD_SAME_AGE },
	{ "000000000000000001", "1", CRD_SAME_AGE }, /* 18 digits */
	{ "0x0f", "0xF", CRD_SAME_AGE },
	{ "1.0 alpha", "1.0 beta", CRD_SAME_AGE }, /* a blank is no hyphen */
	{ "1.0-rc1", "1.0-rc2", CRD_SAME_AGE },
	{ "6.1.0-56-amd64", "6.1.0-56-evil", CRD_SAME_AGE },
	/* numbers by their size */
	{ "1.9.0", "1.10.0", CRD_NEWER },
	{ "1.02", "1.10", CRD_NEWER },
	{ "1.0", "1.0.0.1", CRD_NEWER },
	{ "v1.2", "1.3", CRD_NEWER },
	{ "1.2", "v1.3", CRD_NEWER },
	{ "999999999999999998", "999999999999999999", CRD_NEWER },
	{ "1.0-rc1", "1.0", CRD_NEWER },
	{ "1.0rc1", "1.0.0", CRD_NEWER },
	{ "1.0~1", "1.0", CRD_NEWER },
	{ "0.9", "1.0-rc1", CRD_NEWER },
	{ "0x9", "0x10", CRD_NEWER },
	{ "0xff", "0x100", CRD_NEWER },
	{ "0xf4", "0xF8", CRD_NEWER },
	{ "6.1.0-56-amd64", "6.1.0-57-amd64", CRD_NEWER },
	{ "6.1.12", "6.12.1", CRD_NEWER },
	{ "5.14.0-427.el9.x86_64", "5.14.0-427.13.1.el9_4.x86_64", CRD_NEWER },
};

static enum crd_age turned(enum crd_age age)
{
	return age == CRD_NEWER ? CRD_OLDER :
	       age == CRD_OLDER ? CRD_NEWER :
				  age;
}

static void test_ages(void **state)
{
	for (size_t i = 0; i < sizeof(ages) / sizeof(*ages); i++) {
		struct crd_buf old = small_buf(ages[i].old);
		struct crd_buf new = small_buf(ages[i].new);

		if (crd_version_age(old, new) != ages[i].age ||
		    crd_version_age(new, old) != turned(ages[i].age))
			fail_msg("'%s', '%s': %d, back %d", ages[i].old,
				 ages[i].new, crd_version_age(old, new),
				 crd_version_age(new, old));
	}
}

/* A rule of a policy and a comparison never tell two orders. */
static void test_one_order(void **state)
{
	struct crd_version a, b;
	int order;

	for (size_t i = 0; i < sizeof(ages) / sizeof(*ages); i++) {
		struct crd_buf old = small_buf(ages[i].old);
		struct crd_buf new = small_buf(ages[i].new);
		bool told = crd_version_read(old, &a) &&
			    crd_version_read(new, &b) &&
			    crd_version_order(&b, &a, &order);

		if (!told) {
			assert_true(ages[i].age == CRD_OTHER_AGE ||
				    crd_buf_equal(old, new));
			continue;
		}
		assert_int_equal(ages[i].age, order < 0 ? CRD_OLDER :
					      order	? CRD_NEWER :
							  CRD_SAME_AGE);
	}
}

static void test_date_ages(void **state)
{
	static const struct {
		const char *old, *new;
		enum crd_age age;
	} rows[] = {
		{ "", "01/01/2026", CRD_OTHER_AGE },
		{ "1x/31/2025", "01/01/2026", CRD_OTHER_AGE },
		{ "12/31/25", "01/01/2026", CRD_OTHER_AGE },
		{ "02/30/2025", "01/01/2026", CRD_OTHER_AGE },
		{ "31/12/2025", "01/01/2026", CRD_OTHER_AGE },
		{ "1.0", "1.1", CRD_OTHER_AGE }, /* no dates */
		{ "20250101", "20260101", CRD_OTHER_AGE },
		{ "", "", CRD_SAME_AGE },
		{ "soon", "soon", CRD_SAME_AGE },
		{ "02/01/2026", "02/01/2026", CRD_SAME_AGE },
		{ "02/01/2026", "2026-02-01", CRD_SAME_AGE },
		{ "12/31/2025", "01/01/2026", CRD_NEWER },
		{ "01/31/2026", "02/01/2026", CRD_NEWER },
		{ "2026-01-01", "2026-02-01", CRD_NEWER },
		{ "2026-01-01", "02/01/2026", CRD_NEWER },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct crd_buf old = small_buf(rows[i].old);
		struct crd_buf new = small_buf(rows[i].new);

		if (crd_date_age(old, new) != rows[i].age ||
		    crd_date_age(new, old) != turned(rows[i].age))
			fail_msg("'%s', '%s'", rows[i].old, rows[i].new);
	}
}

/* A version in the midst of a text. */
static void test_words(void **state)
{
	static const struct {
		const char *old, *new, *between;
		unsigned int numbers;
		enum crd_age age;
	} rows[] = {
		{ "", "fw-1", "-", 1, CRD_OTHER_AGE },
		{ "fw-", "fw-1", "-", 1, CRD_OTHER_AGE },
		{ "fw", "fw-1", "-", 1, CRD_OTHER_AGE },
		{ "rtl8168.fw", "rtl8169.fw", "-_/", 1, CRD_OTHER_AGE },
		{ "a-b1-2.fw", "a-b2-1.fw", "-_/", 1, CRD_OTHER_AGE },
		{ "fw-9a.bin", "fw-10a.bin", "-", 1, CRD_OTHER_AGE },
		{ "fw-9.bin", "fw-10.bin", "/", 1, CRD_OTHER_AGE },
		{ "fw-9", "fw-10", "", 1, CRD_OTHER_AGE },
		{ "on Oct 2 2026", "on Oct 9 2025", " ", 2, CRD_OTHER_AGE },
		{ "at 10:59:59 2026", "at 11:00:00", " ", 1, CRD_OTHER_AGE },
		{ "Debian 6.1-1 x", "Other 6.2-1 x", " ", 2, CRD_OTHER_AGE },
		{ "Debian 6.1-1 (b)", "Debian 6.1-1 (c)", " ", 2,
		  CRD_OTHER_AGE },
		{ "", "", " ", 1, CRD_SAME_AGE },
		{ "fw-b", "fw-b", "-", 1, CRD_SAME_AGE },
		{ "fw-1.bin", "fw-1.0.bin", "-", 1, CRD_SAME_AGE },
		{ "fw-46.ucode", "fw-59.ucode", "-_/", 1, CRD_NEWER },
		{ "fw-9.ucode", "fw-46.ucode", "-_/", 1, CRD_NEWER },
		{ "x/guc_70.1.1.bin", "x/guc_70.5.bin", "-_/", 1, CRD_NEWER },
		{ "x/guc_70.1.bin", "x/guc_70.1.2.bin", "-_/", 1, CRD_NEWER },
		{ "fw-v1.bin", "fw-v2.bin", "-", 1, CRD_NEWER },
		{ "1.2", "1.3", " ", 2, CRD_NEWER },
		{ "#1 SMP Debian 6.1.192-2 (2026-11-16)",
		  "#1 SMP Debian 6.1.193-1 (2026-12-01)", " ", 2, CRD_NEWER },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct crd_buf old = small_buf(rows[i].old);
		struct crd_buf new = small_buf(rows[i].new);

		if (crd_word_age(old, new, rows[i].between, rows[i].numbers) !=
			    rows[i].age ||
		    crd_word_age(new, old, rows[i].between, rows[i].numbers) !=
			    turned(rows[i].age))
			fail_msg("'%s', '%s'", rows[i].old, rows[i].new);
	}
}

/* A thing without that trait. */
static void test_absent(void **state)
{
	struct crd_buf none = { NULL, 0 }, one = small_buf("1.0");
	struct crd_version v;
	int32_t day;

	assert_false(crd_version_read(none, &v));
	assert_false(crd_day_read(none, &day));
	assert_int_equal(crd_version_age(none, none), CRD_SAME_AGE);
	assert_int_equal(crd_version_age(none, one), CRD_OTHER_AGE);
	assert_int_equal(crd_version_age(one, none), CRD_OTHER_AGE);
	assert_int_equal(crd_date_age(none, none), CRD_SAME_AGE);
	assert_int_equal(crd_date_age(none, small_buf("01/01/2026")),
			 CRD_OTHER_AGE);
	assert_int_equal(crd_word_age(none, none, " ", 1), CRD_SAME_AGE);
	assert_int_equal(crd_word_age(none, one, " ", 1), CRD_OTHER_AGE);
	assert_int_equal(crd_word_age(one, none, " ", 1), CRD_OTHER_AGE);
}

/* No two of four say more than they know. */
static void test_both(void **state)
{
	static const enum crd_age rows[][3] = {
		{ CRD_NEWER, CRD_NEWER, CRD_NEWER },
		{ CRD_NEWER, CRD_SAME_AGE, CRD_NEWER },
		{ CRD_NEWER, CRD_OTHER_AGE, CRD_NEWER },
		{ CRD_NEWER, CRD_OLDER, CRD_OTHER_AGE },
		{ CRD_OLDER, CRD_OLDER, CRD_OLDER },
		{ CRD_OLDER, CRD_SAME_AGE, CRD_OLDER },
		{ CRD_OLDER, CRD_OTHER_AGE, CRD_OLDER },
		{ CRD_SAME_AGE, CRD_SAME_AGE, CRD_SAME_AGE },
		{ CRD_SAME_AGE, CRD_OTHER_AGE, CRD_OTHER_AGE },
		{ CRD_OTHER_AGE, CRD_OTHER_AGE, CRD_OTHER_AGE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(crd_age_both(rows[i][0], rows[i][1]),
				 rows[i][2]);
		assert_int_equal(crd_age_both(rows[i][1], rows[i][0]),
				 rows[i][2]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_order),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_hexadecimal),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_ages),
		cmocka_unit_test(test_one_order),
		cmocka_unit_test(test_date_ages),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
