// SPDX-License-Identifier: Apache-2.0
/* dmi - SMBIOS tables that hold, and tables that do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attest.h"

#define BUF(text) \
	((struct crd_buf){ (const uint8_t *)(text), sizeof(text) - 1 })

static void test_broken(void **state)
{
	static const struct {
		const char *what;
		struct crd_buf table;
	} rows[] = {
		{ "a header cut", BUF("\x01\x05\x00") },
		{ "no length", BUF("\x01\x00\x00\x00\x00\x00") },
		{ "a length below the header's",
		  BUF("\x01\x03\x00\x00\x00\x00") },
		{ "a length past the end", BUF("\x01\x09\x00\x00\x00\x00") },
		{ "no room for strings", BUF("\x01\x04\x00\x00") },
		{ "one NUL", BUF("\x01\x04\x00\x00\x00") },
		{ "a string without end", BUF("\x01\x04\x00\x00"
					      "abc") },
		{ "strings without end", BUF("\x01\x04\x00\x00"
					     "abc\0def\0") },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_buf left = rows[i].table;
		struct crd_dmi s = { .type = 99 };

		if (crd_dmi_next(&left, &s) != CRD_DMI_BROKEN ||
		    left.len != rows[i].table.len || s.type != 99)
			fail_msg("%s", rows[i].what);
	}
}

static void next_is(struct crd_buf *strings, const char *want)
{
	struct crd_buf s;

	if (!want) {
		assert_false(crd_dmi_string(strings, &s));
		return;
	}
	assert_true(crd_dmi_string(strings, &s));
	assert_int_equal(s.len, strlen(want));
	assert_memory_equal(s.ptr, want, s.len);
}

static void test_whole(void **state)
{
	struct crd_buf left = BUF("\x01\x05\x34\x12\xaa"
				  "one\0two\0\0"
				  "\x02\x04\x01\x00\0\0"
				  "\x0b\x04\x02\x00\0late\0\0"
				  "\x7f\x04\xff\xff\0\0"
				  "\x01\x04");
	struct crd_dmi s;

	assert_int_equal(crd_dmi_next(&left, &s), CRD_DMI_ONE);
	assert_int_equal(s.type, 1);
	assert_int_equal(s.handle, 0x1234);
	assert_int_equal(s.data.len, 5);
	next_is(&s.strings, "one");
	next_is(&s.strings, "two");
	next_is(&s.strings, NULL);
	assert_int_equal(crd_dmi_next(&left, &s), CRD_DMI_ONE);
	assert_int_equal(s.type, 2);
	next_is(&s.strings, NULL);
	/* an empty string hides none behind it */
	assert_int_equal(crd_dmi_next(&left, &s), CRD_DMI_ONE);
	next_is(&s.strings, "");
	next_is(&s.strings, "late");
	next_is(&s.strings, NULL);
	/* what is behind the table's end is no part of it */
	assert_int_equal(crd_dmi_next(&left, &s), CRD_DMI_ONE);
	assert_int_equal(s.type, 127);
	assert_int_equal(crd_dmi_next(&left, &s), CRD_DMI_END);
}

/* Every beginning of a table: what it has is found, nothing behind it read. */
static void test_cut(void **state)
{
	static const char table[] = "\x01\x05\x34\x12\xaa"
				    "one\0two\0\0"
				    "\x02\x04\x01\x00\0\0";
	size_t len;

	for (len = 0; len < sizeof(table) - 1; len++) {
		uint8_t *copy = malloc(len ? len : 1);
		struct crd_buf left = { copy, len };
		struct crd_dmi s;
		unsigned int n = 0;
		enum crd_dmi_end end;

		memcpy(copy, table, len);
		while ((end = crd_dmi_next(&left, &s)) == CRD_DMI_ONE)
			n++;
		assert_int_equal(n, len >= 14);
		assert_int_equal(end, len && len != 14 ? CRD_DMI_BROKEN :
							 CRD_DMI_END);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests_name("dmi", tests, NULL, NULL);
}
