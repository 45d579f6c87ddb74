// SPDX-License-Identifier: GPL-2.0-only
/* smbios, esrt - the measurer's parsers of what the firmware left in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "rooms.h"

/* A literal without its last NUL, and its length. */
#define CUT(literal) (const u8 *)(literal), sizeof(literal) - 1

/* In a block of its very size, so that a byte too far is caught. */
static u8 *exact(const u8 *bytes, size_t len)
{
	u8 *copy = malloc(len ? len : 1);

	memcpy(copy, bytes, len);
	return copy;
}

/* How far a walk goes, and how many structures it gives. */
static const struct walk_row {
	const char *what;
	const u8 *bytes;
	size_t len;
	unsigned int structures;
	size_t end;
} walk_rows[] = {
	{ "nothing", CUT(""), 0, 0 },
	{ "half a header", CUT("\x01\x04\x00"), 0, 0 },
	{ "a header without its end", CUT("\x01\x04\x00\x01"), 0, 0 },
	{ "one NUL of two", CUT("\x01\x04\x00\x01\x00"), 0, 0 },
	{ "length 0", CUT("\x01\x00\x00\x01\x00\x00"), 0, 0 },
	{ "length 3", CUT("\x01\x03\x00\x01\x00\x00"), 0, 0 },
	{ "length beyond the table", CUT("\x01\xff\x00\x01\x00\x00"), 0, 0 },
	{ "length up to the table's end", CUT("\x01\x06\x00\x01\x00\x00"), 0,
	  0 },
	{ "length to one before its end", CUT("\x01\x05\x00\x01\x00\x00"), 0,
	  0 },
	{ "a string without an end", CUT("\x01\x04\x00\x01name"), 0, 0 },
	{ "strings without an end", CUT("\x01\x04\x00\x01name\0x\0"), 0, 0 },
	{ "the least", CUT("\x7f\x04\x00\x01\x00\x00"), 1, 6 },
	{ "one and a bit", CUT("\x01\x04\x00\x01\x00\x00\x02"), 1, 6 },
	{ "one, then one too short",
	  CUT("\x01\x04\x00\x01\x00\x00\x02\x03\x00\x02\x00\x00"), 1, 6 },
	{ "one, then one cut off",
	  CUT("\x01\x04\x00\x01\x00\x00\x02\x04\x00\x02x\x00"), 1, 6 },
	{ "two", CUT("\x01\x04\x00\x01\x00\x00\x02\x05\x00\x02zname\0\0"), 2,
	  17 },
	{ "two NULs in the formatted area",
	  CUT("\x01\x07\x00\x01\x00\x00\x00name\0\0"), 1, 13 },
	{ "nothing behind an end-of-table is hidden",
	  CUT("\x7f\x04\x00\x01\x00\x00\x01\x04\x00\x02\x00\x00"), 2, 12 },
};

static void test_walk(void **state)
{
	const struct walk_row *row;
	struct crd_smbios st;

	for (row = walk_rows; row < walk_rows + ARRAY_SIZE(walk_rows); row++) {
		u8 *table = exact(row->bytes, row->len);
		unsigned int n = 0;
		size_t pos = 0;

		while (crd_smbios_next(table, row->len, &pos, &st))
			n++;
		if (n != row->structures || pos != row->end)
			fail_msg("%s: %u structures, up to %zu", row->what, n,
				 pos);
		free(table);
	}
}

static void test_walk_from_beyond(void **state)
{
	u8 *table = exact(CUT("\x01\x04\x00\x01\x00\x00"));
	struct crd_smbios st;
	size_t pos = 7;

	assert_false(crd_smbios_next(table, 6, &pos, &st));
	assert_int_equal(pos, 7);
	free(table);
}

/* Strings, each with a bar behind it. */
static const struct string_row {
	const u8 *bytes;
	size_t len;
	const char *strings;
} string_rows[] = {
	{ CUT("\x01\x04\x00\x01\x00\x00"), "" },
	{ CUT("\x01\x04\x00\x01"
	      "a\0\0"),
	  "a|" },
	{ CUT("\x01\x04\x00\x01"
	      "a\0bc\0d\0\0"),
	  "a|bc|d|" },
	/* The kernel's own look-up ends at the empty one. */
	{ CUT("\x01\x04\x00\x01"
	      "\0hidden\0\0"),
	  "|hidden|" },
	{ CUT("\x01\x04\x00\x01"
	      " \0\0"),
	  " |" },
};

static void test_strings(void **state)
{
	const struct string_row *row = string_rows;
	struct crd_smbios st;

	for (; row < string_rows + ARRAY_SIZE(string_rows); row++) {
		u8 *table = exact(row->bytes, row->len);
		char seen[64] = "";
		const char *text;
		size_t table_pos = 0, pos = 0, len;

		assert_true(crd_smbios_next(table, row->len, &table_pos, &st));
		while (crd_smbios_string(&st, &pos, &text, &len)) {
			strncat(seen, text, len);
			strcat(seen, "|");
		}
		assert_string_equal(seen, row->strings);
		free(table);
	}
}

static void test_wanted(void **state)
{
	static const u8 want[] = { 0, 1, 2, 3, 4, 9, 11, 16, 17, 41, 43 };
	unsigned int type, n = 0;

	for (type = 0; type < 256; type++)
		n += crd_smbios_wanted(type);
	assert_int_equal(n, sizeof(want));
	for (n = 0; n < sizeof(want); n++)
		assert_true(crd_smbios_wanted(want[n]));
}

static void fields_of(struct crd_event *ev, const u8 *table, size_t len)
{
	struct crd_smbios st;
	size_t pos = 0;

	crd_event_init(ev, CRD_EV_PLATFORM);
	assert_true(crd_smbios_next(table, len, &pos, &st));
	assert_int_equal(pos, len);
	crd_smbios_fields(ev, &st);
	assert_int_equal(ev->err, 0);
}

static void test_fields(void **state)
{
	static const u8 table[] = "\x11\x05\x34\x12\x99one\n\0two\\\xff\0";
	static const struct {
		u8 type, len;
		const char *value;
	} want[] = {
		{ CRD_F_PART, 1, "\x01" },
		{ CRD_F_SMBIOS_TYPE, 1, "\x11" },
		{ CRD_F_HANDLE, 2, "\x12\x34" },
		{ CRD_F_DATA, 5, "\x11\x05\x34\x12\x99" },
		{ CRD_F_STRING, 7, "one\\x0a" },
		{ CRD_F_STRING, 11, "two\\x5c\\xff" },
	};
	struct event_field field;
	struct crd_event ev;
	size_t pos = 0, i;

	fields_of(&ev, table, sizeof(table));
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		assert_true(event_next(&ev, &pos, &field));
		assert_int_equal(field.type, want[i].type);
		assert_int_equal(field.len, want[i].len);
		assert_memory_equal(field.value, want[i].value, want[i].len);
	}
	assert_false(event_next(&ev, &pos, &field));
	assert_false(ev.cut[CRD_F_STRING]);
	crd_event_free(&ev);
}

/* @n strings of @each letters. */
static void strings_of(struct crd_event *ev, unsigned int n, size_t each)
{
	size_t len = 4 + n * (each + 1) + (n ? 1 : 2), i;
	u8 *table = calloc(1, len);

	memcpy(table, "\x0b\x04\x01\x00", 4);
	for (i = 0; i < n; i++)
		memset(table + 4 + i * (each + 1), 'a', each);
	fields_of(ev, table, len);
	free(table);
}

static void test_limits(void **state)
{
	static const struct {
		unsigned int strings;
		size_t each;
		unsigned int kept;
		size_t kept_each;
		bool cut;
	} rows[] = {
		{ 0, 0, 0, 0, false },	      { 64, 1, 64, 1, false },
		{ 65, 1, 64, 1, true },	      { 1000, 1, 64, 1, true },
		{ 1, 1024, 1, 1024, false },  { 1, 1025, 1, 1024, true },
		{ 2, 100000, 2, 1024, true }, { 200, 3000, 64, 1024, true },
	};
	struct event_field field;
	struct crd_event ev;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned int kept = 0;
		size_t pos = 0;

		strings_of(&ev, rows[i].strings, rows[i].each);
		while (event_next(&ev, &pos, &field)) {
			if (field.type != CRD_F_STRING)
				continue;
			assert_int_equal(field.len, rows[i].kept_each);
			kept++;
		}
		assert_int_equal(kept, rows[i].kept);
		assert_int_equal(!!ev.cut[CRD_F_STRING], rows[i].cut);
		crd_event_free(&ev);
	}
}

static void test_longest_formatted_area(void **state)
{
	u8 table[257] = { 1, 255 };
	struct event_field field = { 0 };
	struct crd_event ev;
	size_t pos = 0;

	fields_of(&ev, table, sizeof(table));
	do
		assert_true(event_next(&ev, &pos, &field));
	while (field.type != CRD_F_DATA);
	assert_int_equal(field.len, 255);
	assert_memory_equal(field.value, table, 255);
	crd_event_free(&ev);
}

#define ESRT_V1 "\x01\0\0\0\0\0\0\0"

static void test_esrt_count(void **state)
{
	static const struct {
		const u8 *bytes;
		size_t len;
		bool good;
		unsigned int count;
	} rows[] = {
		{ CUT(""), false, 0 },
		{ CUT("\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0"), false, 0 },
		{ CUT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), false, 0 },
		{ CUT("\0\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0"), false, 0 },
		{ CUT("\0\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0"), false, 0 },
		{ CUT("\x81\0\0\0\0\0\0\0" ESRT_V1), false, 0 },
		{ CUT("\xff\xff\xff\xff\0\0\0\0" ESRT_V1), false, 0 },
		{ CUT("\x01\0\0\x80\0\0\0\0" ESRT_V1), false, 0 },
		{ CUT("\x80\0\0\0\0\0\0\0" ESRT_V1), true, 128 },
		{ CUT("\0\0\0\0\xff\xff\xff\xff" ESRT_V1), true, 0 },
		{ CUT("\x02\0\0\0\x01\0\0\0" ESRT_V1), true, 2 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 *table = exact(rows[i].bytes, rows[i].len);
		unsigned int count = 0;

		assert_int_equal(crd_esrt_count(table, rows[i].len, &count),
				 rows[i].good);
		assert_int_equal(count, rows[i].count);
		free(table);
	}
}

static void test_esrt_fields(void **state)
{
	static const struct {
		u8 type, len;
		const char *value;
	} want[] = {
		{ CRD_F_PART, 1, "\x04" },
		{ CRD_F_FW_CLASS, 16, "0123456789abcdef" },
		{ CRD_F_FW_TYPE, 4, "\x00\x00\x00\x01" },
		{ CRD_F_FW_VERSION, 4, "\x00\x01\x02\x03" },
		{ CRD_F_FW_LOWEST, 4, "\x00\x01\x02\x02" },
		{ CRD_F_FW_FLAGS, 4, "\x80\x00\x00\x00" },
		{ CRD_F_FW_LAST_VERSION, 4, "\xff\xff\xff\xff" },
		{ CRD_F_FW_LAST_STATUS, 4, "\x00\x00\x00\x06" },
	};
	u8 *entry = exact(CUT("0123456789abcdef"
			      "\x01\0\0\0"
			      "\x03\x02\x01\0"
			      "\x02\x02\x01\0"
			      "\0\0\0\x80"
			      "\xff\xff\xff\xff"
			      "\x06\0\0\0"));
	struct event_field field;
	struct crd_event ev;
	size_t pos = 0, i;

	crd_event_init(&ev, CRD_EV_PLATFORM);
	crd_esrt_fields(&ev, entry);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		assert_true(event_next(&ev, &pos, &field));
		assert_int_equal(field.type, want[i].type);
		assert_int_equal(field.len, want[i].len);
		assert_memory_equal(field.value, want[i].value, want[i].len);
	}
	assert_false(event_next(&ev, &pos, &field));
	crd_event_free(&ev);
	free(entry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_walk_from_beyond),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_wanted),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_longest_formatted_area),
		cmocka_unit_test(test_esrt_count),
		cmocka_unit_test(test_esrt_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
