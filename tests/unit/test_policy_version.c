// SPDX-License-Identifier: Apache-2.0
/* policy_version - what has an order, and which; dates of firmware. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_order),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_hexadecimal),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
