// SPDX-License-Identifier: Apache-2.0
/* log_field - fields that fit their digest and are wrong in themselves. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "log_scene.h"

/* Fields of a record that fit their digest, and are wrong in themselves. */
struct field_row {
	const char *what;
	int ret;
	uint8_t type;
	const char *value; /* hex */
};

static const struct field_row field_rows[] = {
	{ "format again", -EBADMSG, CRD_F_FORMAT, "4352444e0001" },
	{ "event again", -EBADMSG, CRD_F_EVENT, "0003" },
	{ "time again", -EBADMSG, CRD_F_TIME, "0000000000000000" },
	{ "origin of 2", -EBADMSG, CRD_F_ORIGIN, "0001" },
	{ "origin of 0", -EBADMSG, CRD_F_ORIGIN, "" },
	{ "size of 4", -EBADMSG, CRD_F_SIZE, "00000001" },
	{ "size of 9", -EBADMSG, CRD_F_SIZE, "000000000000000001" },
	{ "pid of 8", -EBADMSG, CRD_F_PID, "0000000000000001" },
	{ "result of 2", -EBADMSG, CRD_F_RESULT, "ffff" },
	{ "bank of 2", -EBADMSG, CRD_F_BANK, "000b" },
	{ "boot id of 15", -EBADMSG, CRD_F_BOOT_ID,
	  "000102030405060708090a0b0c0d0e" },
	{ "boot id of 17", -E2BIG, CRD_F_BOOT_ID,
	  "000102030405060708090a0b0c0d0e0f10" },
	{ "empty hash", -EBADMSG, CRD_F_DIGEST, "" },
	{ "hash without digest", -EBADMSG, CRD_F_DIGEST, "0b" },
	{ "hash too short", -EBADMSG, CRD_F_DIGEST, "0b00" },
	{ "unknown hash without digest", -EBADMSG, CRD_F_DIGEST, "12" },
	{ "build id empty", -EBADMSG, CRD_F_BUILD_ID, "" },
	{ "newline", -EBADMSG, CRD_F_NAME, "61620a" },
	{ "NUL", -EBADMSG, CRD_F_NAME, "6100" },
	{ "DEL", -EBADMSG, CRD_F_NAME, "7f" },
	{ "lone backslash", -EBADMSG, CRD_F_NAME, "615c" },
	{ "backslash n", -EBADMSG, CRD_F_NAME, "5c6e6161" },
	{ "escape cut", -EBADMSG, CRD_F_NAME, "5c7830" },
	{ "escape in capitals", -EBADMSG, CRD_F_NAME, "5c783041" },
	{ "escape of a letter", -EBADMSG, CRD_F_NAME, "5c783431" },
	{ "lone continuation", -EBADMSG, CRD_F_NAME, "80" },
	{ "overlong 2", -EBADMSG, CRD_F_NAME, "c080" },
	{ "overlong 3", -EBADMSG, CRD_F_NAME, "e08080" },
	{ "overlong 4", -EBADMSG, CRD_F_NAME, "f0808080" },
	{ "surrogate", -EBADMSG, CRD_F_NAME, "eda080" },
	{ "past U+10FFFF", -EBADMSG, CRD_F_NAME, "f4908080" },
	{ "lead f5", -EBADMSG, CRD_F_NAME, "f5808080" },
	{ "sequence cut", -EBADMSG, CRD_F_NAME, "e282" },
	{ "path with a tab", -EBADMSG, CRD_F_PATH, "2f09" },
	{ "item in no group", -EBADMSG, CRD_F_ITEM, "01000000020003" },
	{ "vendor id of 4", -EBADMSG, CRD_F_VENDOR_ID, "00008086" },
	{ "class of 3", -EBADMSG, CRD_F_CLASS, "020000" },
	{ "serial with a newline", -EBADMSG, CRD_F_SERIAL, "310a" },
	{ "SMBIOS data empty", -EBADMSG, CRD_F_DATA, "" },
	{ "firmware class of 15", -EBADMSG, CRD_F_FW_CLASS,
	  "000102030405060708090a0b0c0d0e" },
	{ "power of 2", -EBADMSG, CRD_F_POWER, "0001" },

	{ "good origin", 0, CRD_F_ORIGIN, "01" },
	{ "good escapes", 0, CRD_F_NAME, "5c7830615c7866665c783563" },
	{ "good UTF-8", 0, CRD_F_NAME, "c3a9e282acf09f9880efbfbdee8080" },
	{ "empty text", 0, CRD_F_NAME, "" },
	{ "good unknown hash", 0, CRD_F_DIGEST, "1200" },
	{ "unknown field", 0, 0x7f, "00ff" },
	{ "unknown field, high", 0, 0xff, "00ff" },
};

static void test_fields(void **state)
{
	for (size_t i = 0; i < sizeof(field_rows) / sizeof(field_rows[0]);
	     i++) {
		const struct field_row *row = &field_rows[i];
		struct soft_record r = soft_record(1, CRD_EV_MODULE);
		struct soft_bytes value;

		soft_hex(&value, row->value);
		soft_tlv(&r.content, row->type, value.b, value.n);
		soft_log_good(&log_bytes, 1, one_bank, 0);
		soft_log_add(&log_bytes, &r);
		expect(row->what, row->ret,
		       row->ret ? CRD_REASON_MALFORMED : CRD_REASON_NONE,
		       row->ret ? 1 : 2);
	}
}

static void expect_repeats(uint8_t type, const char *hex, int n, int ret)
{
	struct soft_record r = soft_record(1, CRD_EV_MODULE);
	struct soft_bytes value;

	soft_hex(&value, hex);
	while (n-- > 0)
		soft_tlv(&r.content, type, value.b, value.n);
	soft_log_good(&log_bytes, 1, one_bank, 0);
	soft_log_add(&log_bytes, &r);
	expect("repeats", ret, ret ? CRD_REASON_MALFORMED : CRD_REASON_NONE,
	       ret ? 1 : 2);
}

static void test_repeats(void **state)
{
	expect_repeats(CRD_F_NAME, "61", 1, 0);
	expect_repeats(CRD_F_NAME, "61", 2, -EBADMSG);
	expect_repeats(CRD_F_AUTHOR, "61", CRD_MAX_REPEAT, 0);
	expect_repeats(CRD_F_AUTHOR, "61", CRD_MAX_REPEAT + 1, -E2BIG);
	expect_repeats(CRD_F_ALIAS_VENDOR, "61", CRD_MAX_REPEAT + 1, -E2BIG);
	expect_repeats(CRD_F_PAYLOAD_DIGEST, "1200", 2, 0);
	expect_repeats(CRD_F_PAYLOAD_DIGEST, "1200", 3, -E2BIG);
	expect_repeats(CRD_F_STRING, "61", CRD_MAX_STRINGS, 0);
	expect_repeats(CRD_F_STRING, "61", CRD_MAX_STRINGS + 1, -E2BIG);
	expect_repeats(CRD_F_NOT_SEEN, "61", CRD_MAX_STRINGS + 1, -E2BIG);
	expect_repeats(CRD_F_BUS, "61", 2, -EBADMSG);
	expect_repeats(CRD_F_PCR_FOUND, "1200", CRD_MAX_BANKS, 0);
	expect_repeats(CRD_F_PCR_FOUND, "1200", CRD_MAX_BANKS + 1, -E2BIG);
	expect_repeats(0x7f, "61", 100, 0);
}

static void test_field_order(void **state)
{
	struct soft_record r = soft_record(1, CRD_EV_MODULE);

	soft_tlv_be(&r.content, CRD_F_ORIGIN, 1, 1);
	soft_tlv_text(&r.content, CRD_F_NAME, "a");
	soft_log_good(&log_bytes, 1, one_bank, 0);
	soft_log_add(&log_bytes, &r);
	expect("descending", -EBADMSG, CRD_REASON_MALFORMED, 1);
	r = soft_record(1, CRD_EV_MODULE);
	soft_tlv_text(&r.content, 0x7f, "a");
	soft_tlv_text(&r.content, CRD_F_NAME, "a");
	soft_log_good(&log_bytes, 1, one_bank, 0);
	soft_log_add(&log_bytes, &r);
	expect("after unknown", -EBADMSG, CRD_REASON_MALFORMED, 1);
	r = soft_record(1, CRD_EV_MODULE);
	soft_be(&r.content, CRD_F_NAME, 1);
	soft_be(&r.content, 0xffffffff, 4);
	soft_log_good(&log_bytes, 1, one_bank, 0);
	soft_log_add(&log_bytes, &r);
	expect("length of 2^32-1", -EBADMSG, CRD_REASON_MALFORMED, 1);
}

static void test_text_limits(void **state)
{
	static const struct {
		uint8_t type;
		size_t n;
		int ret;
	} rows[] = {
		{ CRD_F_NAME, CRD_MAX_TEXT, 0 },
		{ CRD_F_NAME, CRD_MAX_TEXT + 1, -E2BIG },
		{ CRD_F_PATH, CRD_MAX_TEXT + 1, 0 },
	};
	char text[CRD_MAX_TEXT + 1];

	memset(text, 'a', sizeof(text));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct soft_record r = soft_record(1, CRD_EV_MODULE);

		soft_tlv(&r.content, rows[i].type, text, rows[i].n);
		soft_log_good(&log_bytes, 1, one_bank, 0);
		soft_log_add(&log_bytes, &r);
		expect("text", rows[i].ret,
		       rows[i].ret ? CRD_REASON_MALFORMED : CRD_REASON_NONE,
		       rows[i].ret ? 1 : 2);
	}
}

static void test_field_iteration(void **state)
{
	struct soft_bytes bytes = { .n = 0 };
	struct crd_field_iter it;
	struct crd_buf value;
	uint8_t type;

	soft_tlv_text(&bytes, CRD_F_NAME, "ab");
	soft_tlv_text(&bytes, CRD_F_AUTHOR, "");
	for (size_t n = 0; n < bytes.n; n++) {
		unsigned int count = 0;

		it.left = (struct crd_buf){ bytes.b, n };
		while (crd_field_next(&it, &type, &value))
			count++;
		assert_int_equal(count, n >= 7);
	}
	it.left = soft_buf(&bytes);
	assert_true(crd_field_next(&it, &type, &value));
	assert_int_equal(type, CRD_F_NAME);
	assert_int_equal(value.len, 2);
	assert_true(crd_field_next(&it, &type, &value));
	assert_int_equal(type, CRD_F_AUTHOR);
	assert_int_equal(value.len, 0);
	assert_false(crd_field_next(&it, &type, &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_field_order),
		cmocka_unit_test(test_text_limits),
		cmocka_unit_test(test_field_iteration),
	};

	return cmocka_run_group_tests_name("log_field", tests, NULL, NULL);
}
