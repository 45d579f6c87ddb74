// SPDX-License-Identifier: Apache-2.0
/* reader, writer, cbor - reads that do not fit, and how failure sticks. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/cbor.h"
#include "soft_ak.h"

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };

static struct crd_reader reader_of(const void *from, size_t n)
{
	struct crd_reader r;

	rd_init(&r, (struct crd_buf){ from, n }, 100);
	return r;
}

static void test_reads(void **state)
{
	struct crd_reader r = reader_of(bytes, 9);

	assert_int_equal(rd_u8(&r), 0x01);
	assert_int_equal(rd_be16(&r), 0x0203);
	assert_int_equal(rd_be32(&r), 0x04050607);
	assert_int_equal(rd_left(&r), 2);
	assert_int_equal(rd_offset(&r), 107);
	assert_false(rd_failed(&r));
	r = reader_of(bytes, 9);
	assert_true(rd_be64(&r) == 0x0102030405060708);
	assert_int_equal(rd_u8(&r), 9);
	assert_int_equal(rd_left(&r), 0);
	assert_false(rd_failed(&r));
}

static void test_failure_sticks(void **state)
{
	for (size_t n = 0; n < 8; n++) {
		struct crd_reader r = reader_of(bytes, n);

		assert_int_equal(rd_be64(&r), 0);
		assert_true(rd_failed(&r));
		assert_int_equal(rd_left(&r), 0);
		assert_int_equal(rd_offset(&r), 100);
		assert_int_equal(rd_u8(&r), 0);
		assert_null(rd_take(&r, 0).ptr);
		assert_true(rd_failed(&r));
	}
}

static void test_take(void **state)
{
	static const size_t sizes[] = { 10, 11, SIZE_MAX, SIZE_MAX - 8,
					(size_t)1 << 63 };

	for (size_t i = 0; i < 5; i++) {
		struct crd_reader r = reader_of(bytes, 9);

		rd_u8(&r);
		assert_null(rd_take(&r, sizes[i]).ptr);
		assert_true(rd_failed(&r));
		assert_int_equal(rd_offset(&r), 101);
	}
	for (size_t n = 0; n <= 9; n++) {
		struct crd_reader r = reader_of(bytes, 9);
		struct crd_buf got = rd_take(&r, n);

		assert_ptr_equal(got.ptr, bytes);
		assert_int_equal(got.len, n);
		assert_false(rd_failed(&r));
	}
}

static void test_nothing(void **state)
{
	struct crd_reader r = reader_of(NULL, 0);

	assert_int_equal(rd_take(&r, 0).len, 0);
	assert_false(rd_failed(&r));
	rd_u8(&r);
	assert_true(rd_failed(&r));
}

static void test_tpm2b(void **state)
{
	static const uint8_t two[] = { 0, 2, 'a', 'b', 0, 3, 'c', 'd' };
	struct crd_reader r = reader_of(two, sizeof(two));
	struct crd_buf got = rd_tpm2b(&r);

	assert_int_equal(got.len, 2);
	assert_memory_equal(got.ptr, "ab", 2);
	got = rd_tpm2b(&r);
	assert_null(got.ptr);
	assert_true(rd_failed(&r));
	assert_int_equal(rd_offset(&r), 106);
}

static void test_errors(void **state)
{
	struct crd_reader r = reader_of(bytes, 3);
	char big[600];
	struct crd_error err;

	assert_int_equal(crd_fail(NULL, -EBADMSG, 1, "%d", 1), -EBADMSG);
	assert_int_equal(crd_fail(&err, -E2BIG, 7, "a\nb\x1b[31m\x7f%s", "\t"),
			 -E2BIG);
	assert_string_equal(err.text, "a?b?[31m??");
	assert_int_equal(err.offset, 7);
	assert_int_equal(err.line, 0);
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	crd_fail(&err, 0, 0, "%s", big);
	assert_int_equal(strlen(err.text), CRD_ERROR_TEXT - 1);
	rd_be32(&r);
	assert_int_equal(crd_fail_short(&err, &r, "it"), -EBADMSG);
	assert_int_equal(err.offset, 100);
}

static void test_utf8(void **state)
{
	static const struct {
		const char *hex;
		size_t first; /* bytes of the first character; 0: bad */
	} rows[] = {
		{ "80", 0 },	   { "bf", 0 },	      { "c080", 0 },
		{ "c1bf", 0 },	   { "c2", 0 },	      { "c27f", 0 },
		{ "c2c0", 0 },	   { "e09fbf", 0 },   { "e0a0", 0 },
		{ "e0a07f", 0 },   { "eda080", 0 },   { "edbfbf", 0 },
		{ "f08fbfbf", 0 }, { "f4908080", 0 }, { "f5808080", 0 },
		{ "f0908080", 4 }, { "f48fbfbf", 4 }, { "ed9fbf", 3 },
		{ "ee8080", 3 },   { "e0a080", 3 },   { "dfbf", 2 },
		{ "c280", 2 },	   { "7f", 1 },	      { "00", 1 },
		{ "ff", 0 },	   { "fe", 0 },	      { "f09080", 0 },
		{ "f0908041", 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct soft_bytes b;

		soft_hex(&b, rows[i].hex);
		assert_int_equal(crd_utf8_char(soft_buf(&b)), rows[i].first);
		assert_int_equal(crd_utf8_valid(soft_buf(&b)),
				 rows[i].first != 0);
	}
	assert_int_equal(crd_utf8_char((struct crd_buf){ NULL, 0 }), 0);
	assert_true(crd_utf8_valid((struct crd_buf){ NULL, 0 }));
}

static void test_writer(void **state)
{
	struct crd_writer w;
	uint8_t *got = NULL;
	size_t len = 0;

	crd_writer_init(&w, 100, 0);
	crd_writer_be(&w, 0x0102030405060708, 8);
	crd_writer_bytes(&w, (struct crd_buf){ bytes, 9 });
	crd_writer_bytes(&w, (struct crd_buf){ NULL, 0 });
	crd_writer_be(&w, 0xabcd, 1);
	assert_int_equal(crd_writer_finish(&w, &got, &len), 0);
	assert_int_equal(len, 18);
	assert_memory_equal(got, bytes, 8);
	assert_memory_equal(got + 8, bytes, 9);
	assert_int_equal(got[17], 0xcd);
	free(got);
}

static void test_writer_limit(void **state)
{
	struct crd_writer w;
	uint8_t *got = NULL;
	size_t len = 0;

	crd_writer_init(&w, 10, 1000);
	crd_writer_bytes(&w, (struct crd_buf){ bytes, 9 });
	crd_writer_be(&w, 1, 2);
	crd_writer_be(&w, 1, 1); /* would fit, but failure sticks */
	assert_int_equal(crd_writer_finish(&w, &got, &len), -E2BIG);
	assert_null(got);
	crd_writer_init(&w, 10, 10);
	crd_writer_bytes(&w, (struct crd_buf){ bytes, SIZE_MAX });
	assert_int_equal(crd_writer_finish(&w, &got, &len), -E2BIG);
	crd_writer_init(&w, 10, 1);
	crd_writer_bytes(&w, (struct crd_buf){ bytes, 9 });
	crd_writer_be(&w, 1, 1);
	assert_int_equal(crd_writer_finish(&w, &got, &len), 0);
	assert_int_equal(len, 10);
	free(got);
}

/* RFC 8949, appendix A, and one step to either side of each boundary. */
static void test_cbor_heads(void **state)
{
	static const struct {
		uint64_t value;
		const char *hex;
	} rows[] = {
		{ 0, "00" },
		{ 23, "17" },
		{ 24, "1818" },
		{ 255, "18ff" },
		{ 256, "190100" },
		{ 65535, "19ffff" },
		{ 65536, "1a00010000" },
		{ 0xffffffff, "1affffffff" },
		{ 0x100000000, "1b0000000100000000" },
		{ UINT64_MAX, "1bffffffffffffffff" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct soft_bytes wanted;
		struct crd_writer w;
		struct crd_reader r;
		uint8_t *got;
		size_t len;

		soft_hex(&wanted, rows[i].hex);
		crd_writer_init(&w, 16, 0);
		crd_cbor_put_head(&w, CRD_CBOR_UINT, rows[i].value);
		assert_int_equal(crd_writer_finish(&w, &got, &len), 0);
		assert_int_equal(len, wanted.n);
		assert_memory_equal(got, wanted.b, len);
		r = reader_of(got, len);
		assert_true(crd_cbor_head(&r, CRD_CBOR_UINT) == rows[i].value);
		assert_false(rd_failed(&r));
		r = reader_of(got, len);
		assert_int_equal(crd_cbor_head(&r, CRD_CBOR_MAP), 0);
		assert_true(rd_failed(&r));
		r = reader_of(got, len - 1);
		assert_int_equal(crd_cbor_head(&r, CRD_CBOR_UINT), 0);
		assert_true(rd_failed(&r));
		free(got);
	}
}

static void test_cbor_not_shortest(void **state)
{
	static const char *const rows[] = {
		"1800",
		"1817",
		"190000",
		"1900ff",
		"1a00000000",
		"1a0000ffff",
		"1b00000000",
		"1b00000000ffffffff",
		"1b0000000000000000",
		"1c",
		"1d",
		"1e",
		"1f",
		"1cffff",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct soft_bytes b;
		struct crd_reader r;

		soft_hex(&b, rows[i]);
		r = reader_of(b.b, b.n);
		assert_int_equal(crd_cbor_head(&r, CRD_CBOR_UINT), 0);
		assert_true(rd_failed(&r));
		assert_int_equal(rd_offset(&r), 100);
	}
}

static void test_cbor_strings(void **state)
{
	static const struct {
		const char *hex;
		enum crd_cbor_major major;
		int good;
	} rows[] = {
		{ "43616263", CRD_CBOR_BYTES, 1 },
		{ "63616263", CRD_CBOR_TEXT, 1 },
		{ "40", CRD_CBOR_BYTES, 1 },
		{ "41ff", CRD_CBOR_BYTES, 1 },
		{ "61ff", CRD_CBOR_TEXT, 0 },
		{ "43616263", CRD_CBOR_TEXT, 0 },
		{ "436162", CRD_CBOR_BYTES, 0 },
		{ "5bffffffffffffffff61", CRD_CBOR_BYTES, 0 },
		{ "5b000000010000000061", CRD_CBOR_BYTES, 0 },
		{ "5f4161ff", CRD_CBOR_BYTES, 0 },
		{ "580161", CRD_CBOR_BYTES, 0 },
		{ "", CRD_CBOR_BYTES, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct soft_bytes b;
		struct crd_reader r;
		struct crd_buf got;

		soft_hex(&b, rows[i].hex);
		r = reader_of(b.b, b.n);
		got = crd_cbor_string(&r, rows[i].major);
		assert_int_equal(!rd_failed(&r), rows[i].good);
		assert_int_equal(got.ptr != NULL, rows[i].good);
		if (!rows[i].good)
			assert_int_equal(rd_offset(&r), 100);
	}
}

static void test_cbor_expect(void **state)
{
	struct crd_reader r = reader_of("\x62"
					"ak\x62"
					"ak\x01",
					7);

	assert_true(crd_cbor_expect(&r, "ak"));
	assert_false(crd_cbor_expect(&r, "a"));
	assert_false(rd_failed(&r));
	assert_false(crd_cbor_expect(&r, "ak"));
	assert_true(rd_failed(&r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_failure_sticks),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_tpm2b),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_writer),
		cmocka_unit_test(test_writer_limit),
		cmocka_unit_test(test_cbor_heads),
		cmocka_unit_test(test_cbor_not_shortest),
		cmocka_unit_test(test_cbor_strings),
		cmocka_unit_test(test_cbor_expect),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
