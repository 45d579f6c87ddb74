// SPDX-License-Identifier: Apache-2.0
/* challenge - only the one form is read; times and durations are exact. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "challenge.h"
#include "io.h"

#define N     "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define I     "\"issued\": \"2026-01-31T12:00:00Z\""
#define E     "\"expires\": \"2026-01-31T12:10:00Z\""
#define F     "\"credence-challenge\": 1"
#define NONCE "\"nonce\": \"" N "\""

static int parse(const char *text, struct crd_challenge *c,
		 struct crd_error *err)
{
	return crd_challenge_parse((const uint8_t *)text, strlen(text), c, err);
}

static void test_bad(void **state)
{
	static const struct {
		const char *text, *says;
		unsigned int line, column;
	} bad[] = {
		{ "", "no '{'", 1, 1 },
		{ "[]", "no '{'", 1, 1 },
		{ "{", "member's name", 1, 2 },
		{ "{}", "member's name", 1, 2 },
		{ "{" F "}", "nonce is missing", 0, 0 },
		{ "{" F "," NONCE "," I "}", "expires is missing", 0, 0 },
		{ "{" F "," NONCE "," E "}", "issued is missing", 0, 0 },
		{ "{" NONCE "," I "," E "}", "credence-challenge is missing", 0,
		  0 },
		{ "{" F "," NONCE "," I "," E, "',' or '}'", 1, 168 },
		{ "{" F "," NONCE "," I "," E "}}", "more after", 1, 169 },
		{ "{" F "," NONCE "," I "," E "} x", "more after", 1, 170 },
		{ "{" F "," NONCE "," I "," E ",}", "member's name", 0, 0 },
		{ "{" F "," F "," NONCE "," I "," E "}", "twice", 0, 0 },
		{ "{" F "," NONCE "," NONCE "," I "," E "}", "twice", 0, 0 },
		{ "{" F "," NONCE "," I "," E ",\"x\":1}", "unknown member", 0,
		  0 },
		{ "{\"credence-challenge\": 2," NONCE "," I "," E "}",
		  "must be 1", 0, 0 },
		{ "{\"credence-challenge\": \"1\"," NONCE "," I "," E "}",
		  "must be 1", 0, 0 },
		{ "{\"credence-challenge\": 10," NONCE "," I "," E "}",
		  "',' or '}'", 0, 0 },
		{ "{\"credence-challenge\" 1," NONCE "," I "," E "}",
		  "':' is expected", 0, 0 },
		{ "{" F ",\n \"nonce\": 5," I "," E "}", "a string", 2, 11 },
		{ "{" F ",\"nonce\": \"\"," I "," E "}", "64 lower-case", 0,
		  0 },
		{ "{" F ",\"nonce\": \"" N "00\"," I "," E "}", "64 lower-case",
		  0, 0 },
		{ "{" F ",\"nonce\": \"0x" N "\"," I "," E "}", "64 lower-case",
		  0, 0 },
		{ "{" F ",\"nonce\": \"00112233445566778899AABBCCDDEEFF"
		  "00112233445566778899aabbccddeeff\"," I "," E "}",
		  "64 lower-case", 0, 0 },
		{ "{" F ",\"nonce\": \"\\u0030\"," I "," E "}",
		  "without escapes", 0, 0 },
		{ "{" F ",\"nonce\": \"a\nb\"," I "," E "}", "without escapes",
		  0, 0 },
		{ "{" F ",\"nonce\": \"" N ", " I "," E "}", "64 lower-case", 0,
		  0 },
		{ "{" F "," NONCE ",\"issued\": 1769860800," E "}", "a string",
		  0, 0 },
		{ "{" F "," NONCE ",\"issued\": \"2026-02-30T12:00:00Z\"," E
		  "}",
		  "a time such as", 0, 0 },
		{ "{" F "," NONCE ",\"issued\": \"2026-01-31T12:00:00+01\"," E
		  "}",
		  "a time such as", 0, 0 },
		{ "{" F "," NONCE "," I ",\"expires\": "
		  "\"2026-01-31T12:00:00Z\"}",
		  "before it is issued", 0, 0 },
		{ "{" F "," NONCE "," I ",\"expires\": "
		  "\"2026-03-31T12:00:00Z\"}",
		  "31 days", 0, 0 },
	};
	struct crd_challenge c;
	struct crd_error err;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(parse(bad[i].text, &c, &err), -EBADMSG);
		if (!strstr(err.text, bad[i].says))
			fail_msg("case %zu says: %s", i, err.text);
		if (!bad[i].line)
			continue;
		assert_int_equal(err.line, bad[i].line);
		assert_int_equal(err.column, bad[i].column);
	}
}

/* Cut at each byte: never read, never past the end (the sanitizer looks). */
static void test_cut(void **state)
{
	static const char good[] = "{" F "," NONCE "," I "," E "}";
	struct crd_challenge c;
	size_t len;

	for (len = 0; len < sizeof(good) - 1; len++) {
		uint8_t *copy = malloc(len ? len : 1);

		assert_non_null(copy);
		memcpy(copy, good, len);
		assert_int_equal(crd_challenge_parse(copy, len, &c, NULL),
				 -EBADMSG);
		free(copy);
	}
}

static void test_nul_and_size(void **state)
{
	uint8_t big[CRD_MAX_CHALLENGE_FILE + 1];
	struct crd_challenge c;
	struct crd_error err;

	memset(big, ' ', sizeof(big));
	assert_int_equal(crd_challenge_parse(big, sizeof(big), &c, &err),
			 -EBADMSG);
	assert_int_equal(crd_challenge_parse((const uint8_t *)"{\0}", 3, &c,
					     &err),
			 -EBADMSG);
}

static void test_good(void **state)
{
	static const char *const good[] = {
		"{" F "," NONCE "," I "," E "}",
		"{" F "," NONCE "," I "," E "}\n",
		" {\r\n\t" E " ,\n" I ", " NONCE ", " F " } ",
	};
	struct crd_challenge c;
	size_t i;

	for (i = 0; i < 3; i++) {
		memset(&c, 0xff, sizeof(c));
		assert_int_equal(parse(good[i], &c, NULL), 0);
		assert_int_equal(c.nonce_len, 32);
		assert_int_equal(c.nonce[1], 0x11);
		assert_int_equal(c.nonce[31], 0xff);
		assert_int_equal(c.issued, 1769860800);
		assert_int_equal(c.expires, 1769861400);
	}
}

static void test_round(void **state)
{
	char text[CRD_CHALLENGE_TEXT];
	struct crd_challenge a, b, other;

	assert_int_equal(crd_challenge_new(1769860800, 600, &a), 0);
	assert_int_equal(crd_challenge_new(1769860800, 600, &other), 0);
	assert_memory_not_equal(a.nonce, other.nonce, 32);
	crd_challenge_format(&a, text);
	assert_int_equal(parse(text, &b, NULL), 0);
	assert_memory_equal(a.nonce, b.nonce, 32);
	assert_int_equal(a.issued, b.issued);
	assert_int_equal(a.expires, b.expires);
}

static void test_times(void **state)
{
	static const struct {
		const char *text;
		int64_t when;
	} good[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T00:00:01Z", 1 },
		{ "1999-12-31T23:59:59Z", 946684799 },
		{ "2000-02-29T00:00:00Z", 951782400 },
		{ "2024-02-29T12:00:00Z", 1709208000 },
		{ "2038-01-19T03:14:08Z", 2147483648 },
		{ "2100-03-01T00:00:00Z", 4107542400 },
		{ "9999-12-31T23:59:59Z", 253402300799 },
	};
	static const char *const bad[] = {
		"",
		"Z",
		"2026-01-31",
		"2026-01-31 12:00:00Z",
		"2026-01-31T12:00:00",
		"2026-01-31T12:00:00z",
		"2026-1-31T12:00:00ZZ",
		"2026-01-31T12:00:60Z",
		"2026-01-31T24:00:00Z",
		"2026-01-31T12:60:00Z",
		"2026-00-31T12:00:00Z",
		"2026-13-31T12:00:00Z",
		"2026-01-00T12:00:00Z",
		"2026-01-32T12:00:00Z",
		"2026-04-31T12:00:00Z",
		"2025-02-29T12:00:00Z",
		"2100-02-29T12:00:00Z",
		"1969-12-31T23:59:59Z",
		"+026-01-31T12:00:00Z",
		"2026-01-31T12:00:-1Z",
	};
	char text[CRD_TIME_TEXT];
	int64_t when;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (crd_time_parse(bad[i], strlen(bad[i]), &when) != -EBADMSG)
			fail_msg("taken for a time: %s", bad[i]);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(crd_time_parse(good[i].text, 20, &when), 0);
		assert_int_equal(when, good[i].when);
		crd_time_format(when, text);
		assert_string_equal(text, good[i].text);
	}
	crd_time_format(-1, text);
	assert_string_equal(text, "-");
	crd_time_format(INT64_MAX, text);
	assert_string_equal(text, "-");
}

/* Every day from 1970 to 2400 comes back, one after the other. */
static void test_every_day(void **state)
{
	char text[CRD_TIME_TEXT];
	int64_t day, when;

	for (day = 0; day < 157000; day++) {
		crd_time_format(day * 86400 + 86399, text);
		assert_int_equal(crd_time_parse(text, 20, &when), 0);
		assert_int_equal(when, day * 86400 + 86399);
	}
}

static void test_durations(void **state)
{
	static const char *const bad[] = {
		"",    "m",  "10",  "0s",	 "-1m",	 "1.5h", "10 m", "10mm",
		"10M", "1w", "32d", "99999999s", "745h", " 1s",	 "+1s",
	};
	static const struct {
		const char *text;
		int64_t seconds;
	} good[] = { { "1s", 1 },	 { "10m", 600 },
		     { "2h", 7200 },	 { "1d", 86400 },
		     { "31d", 2678400 }, { "2678400s", 2678400 },
		     { "007s", 7 } };
	int64_t seconds;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (crd_duration_parse(bad[i], &seconds) != -EBADMSG)
			fail_msg("taken for a duration: %s", bad[i]);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(crd_duration_parse(good[i].text, &seconds), 0);
		assert_int_equal(seconds, good[i].seconds);
	}
}

static void test_hex(void **state)
{
	static const char *const bad[] = { "",	 "0",  "000", "0g",
					   "0G", "AB", "0x",  " 0" };
	uint8_t byte;
	char text[5];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(crd_unhex(bad[i], strlen(bad[i]), &byte, 1),
				 -EBADMSG);
	assert_int_equal(crd_unhex("a5", 2, &byte, 1), 0);
	assert_int_equal(byte, 0xa5);
	crd_hex((const uint8_t *)"\x0f\xf0", 2, text);
	assert_string_equal(text, "0ff0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_nul_and_size),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_hex),
	};

	return cmocka_run_group_tests_name("challenge", tests, NULL, NULL);
}
