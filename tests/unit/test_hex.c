// SPDX-License-Identifier: Apache-2.0
/* hex - which characters are digits, and what pairs of them make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attest/hex.h"

static struct crd_buf text(const char *s)
{
	return (struct crd_buf){ (const uint8_t *)s, strlen(s) };
}

/* Each byte that there is,. */
static void test_digits(void **state)
{
	static const char small[] = "0123456789abcdef";
	static const char capital[] = "0123456789ABCDEF";
	int c, i, any, lower;

	for (c = 0; c < 256; c++) {
		lower = any = -1;
		for (i = 0; i < 16; i++) {
			if (c == small[i])
				lower = any = i;
			if (c == capital[i])
				any = i;
		}
		assert_int_equal(crd_hex_digit((uint8_t)c), lower);
		assert_int_equal(crd_hex_any_digit((uint8_t)c), any);
	}
}

static void test_is_hex(void **state)
{
	static const struct {
		const char *text;
		bool is;
	} rows[] = {
		{ "0x10", false },
		{ "19E5", false },
		{ "19e5 ", false },
		{ " 19e5", false },
		{ "-1", false },
		{ "19g5", false },
		{ "\xef\xbc\x91", false }, /* a 1 of full width */
		{ "", true },
		{ "0", true },
		{ "19e5", true },
		{ "00e0fc", true },
		{ "0123456789abcdef", true },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (crd_is_hex(text(rows[i].text)) != rows[i].is)
			fail_msg("'%s'", rows[i].text);
	}
}

static void test_bytes(void **state)
{
	static const struct {
		const char *text;
		bool lower, any;
	} rows[] = {
		{ "0", false, false },	  { "0a1", false, false },
		{ "0x", false, false },	  { " 0", false, false },
		{ "0 ", false, false },	  { "0a:0", false, false },
		{ "0a0g", false, false }, { "0aG0", false, false },
		{ "", true, true },	  { "0A1f", false, true },
		{ "0a1F", false, true },  { "0a1f", true, true },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_buf hex = text(rows[i].text);
		/* of the size that is needed, for the sanitizer to see more */
		uint8_t *bytes = malloc(hex.len / 2 + !hex.len);

		assert_non_null(bytes);
		assert_int_equal(crd_hex_read(hex, crd_hex_digit, bytes),
				 rows[i].lower);
		assert_int_equal(crd_hex_read(hex, crd_hex_any_digit, bytes),
				 rows[i].any);
		if (rows[i].any && hex.len)
			assert_memory_equal(bytes, "\x0a\x1f", 2);
		free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digits),
		cmocka_unit_test(test_is_hex),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
