// SPDX-License-Identifier: Apache-2.0
/* text - hostile bytes made safe to show, and times in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>

#include "attest/text_private.h"
#include "small_registry.h"

static void test_safe_text(void **state)
{
	static const struct {
		const char *from, *to;
	} rows[] = {
		{ "plain", "plain" },
		{ "\xc3\xa9", "\xc3\xa9" },
		{ "\033[2J", "\\x1b[2J" },
		{ "\xc2\x9b"
		  "2J",
		  "\\xc2\\x9b2J" },
		{ "a\xe2\x80\xae"
		  "b",
		  "a\\xe2\\x80\\xaeb" },
		{ "\xef\xbb\xbf", "\\xef\\xbb\\xbf" },
		{ "\xff\xfe", "\\xff\\xfe" },
		{ "\xe2\x80", "\\xe2\\x80" },
		{ "\xf0\x9f\x99\x82", "\xf0\x9f\x99\x82" },
		{ "\n", "\\x0a" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_str str = { 0 };
		char *text;

		crd_str_safe(&str, small_buf(rows[i].from));
		text = crd_str_take(&str);
		assert_string_equal(text, rows[i].to);
		free(text);
	}
}

/* Of every length around that at which room has to be made. */
static void test_formats(void **state)
{
	char want[700], part[300];
	size_t len;

	for (len = 0; len < sizeof(part); len++) {
		struct crd_str str = { 0 };

		memset(part, 'x', len);
		part[len] = '\0';
		snprintf(want, sizeof(want), "<%s>%s%d", part, part, -7);
		crd_str_fmt(&str, "<%s>", part);
		crd_str_fmt(&str, "%s%d", part, -7);
		assert_false(str.failed);
		assert_int_equal(str.len, strlen(want));
		assert_string_equal(str.ptr, want);
		crd_str_done(&str);
	}
}

static void test_hex(void **state)
{
	static const uint8_t bytes[] = { 0x00, 0x0f, 0xa0, 0xff };
	struct crd_str str = { 0 };
	char out[5] = "....";

	crd_str_hex(&str, bytes, sizeof(bytes));
	assert_string_equal(str.ptr, "000fa0ff");
	crd_str_done(&str);
	assert_ptr_equal(crd_put_hex4(out, 0x0a9f), out + 4);
	assert_string_equal(out, "0a9f");
}

/* Too long an error ends behind a word, and says that there was more. */
static void test_long_errors(void **state)
{
	static const struct {
		const char *piece; /* repeated */
		const char *end;
	} rows[] = {
		{ "word ", "word word..." },
		{ "x", "xxxx..." },
		{ "\xc3\xa9", "\xc3\xa9..." },
		{ "\033", "\\x1b..." },
	};
	char text[2 * CRD_ERROR_TEXT + 8];
	struct crd_error err;
	size_t i, len;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *piece = rows[i].piece, *end = rows[i].end;

		for (len = 0; len < 2 * CRD_ERROR_TEXT; len += strlen(piece))
			strcpy(text + len, piece);
		crd_fail_at(&err, 1, 2, -EBADMSG, "%s", text);
		len = strlen(err.text);
		assert_true(len < sizeof(err.text));
		assert_true(len > sizeof(err.text) - 50);
		assert_string_equal(err.text + len - strlen(end), end);
	}
	/* the longest that is whole */
	memset(text, 'y', CRD_ERROR_TEXT);
	text[CRD_ERROR_TEXT - 1] = '\0';
	crd_fail_at(&err, 1, 2, -EBADMSG, "%s", text);
	assert_string_equal(err.text, text);
}

static void test_times(void **state)
{
	static const struct {
		int64_t when;
		const char *text;
	} rows[] = {
		{ 0, "1970-01-01 00:00:00 UTC" },
		{ -1, "1969-12-31 23:59:59 UTC" },
		{ 951782400, "2000-02-29 00:00:00 UTC" },
		{ 4107542399, "2100-02-28 23:59:59 UTC" },
		{ 4107542400, "2100-03-01 00:00:00 UTC" },
		{ INT64_MAX, "a time out of range" },
		{ INT64_MIN, "a time out of range" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_str str = { 0 };
		char *text;

		crd_str_time(&str, rows[i].when);
		text = crd_str_take(&str);
		assert_string_equal(text, rows[i].text);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_safe_text),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_long_errors),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
