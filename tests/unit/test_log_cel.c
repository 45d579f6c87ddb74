// SPDX-License-Identifier: Apache-2.0
/* log_cel - logs that lie about order, digests, framing or banks. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "log_scene.h"

/* G01: numbers of the third record of four; -1 for "as it should be". */
static void test_record_numbers(void **state)
{
	static const struct {
		const char *what;
		uint64_t first, third;
		unsigned int good;
	} rows[] = {
		{ "gap", 0, 3, 2 },
		{ "repeat", 0, 1, 2 },
		{ "backwards", 0, 0, 2 },
		{ "2^64-1", 0, UINT64_MAX, 2 },
		{ "2^32 too much", 0, 0x100000002, 2 },
		{ "first is 1", 1, 2, 0 },
		{ "first is 2^64-1", UINT64_MAX, 2, 0 },
	};
	struct soft_record r;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		log_bytes.n = 0;
		r = soft_record(rows[i].first, CRD_EV_ANCHOR);
		soft_anchor_fields(&r);
		soft_log_add(&log_bytes, &r);
		r = soft_record(1, CRD_EV_MODULE);
		soft_log_add(&log_bytes, &r);
		r.recnum = rows[i].third;
		soft_log_add(&log_bytes, &r);
		r.recnum = 3;
		soft_log_add(&log_bytes, &r);
		expect(rows[i].what, 0, CRD_REASON_LOG_MEASURER, rows[i].good);
	}
}

/* G02: every byte of every content, with the digests left as they were. */
static void test_content_against_digest(void **state)
{
	struct crd_error err;
	enum crd_reason reason;
	unsigned int n;

	soft_log_good(&log_bytes, 1, one_bank, 2);
	expect("good", 0, CRD_REASON_NONE, 3);
	for (size_t at = 0; at < log_bytes.n; at++) {
		int ret;

		log_bytes.b[at] ^= 0x20;
		ret = walk(&n, &reason, &err);
		if (!ret && reason == CRD_REASON_NONE)
			fail_msg("accepted with byte %zu changed", at);
		log_bytes.b[at] ^= 0x20;
	}
	log_bytes.b[log_bytes.n - 1] ^= 1;
	expect("last byte", 0, CRD_REASON_LOG_MEASURER, 2);
	walk(&n, &reason, &err);
	assert_non_null(strstr(err.text, "record 2"));
}

static void test_cut_everywhere(void **state)
{
	size_t whole, second, third;

	soft_log_good(&log_bytes, 1, one_bank, 0);
	second = log_bytes.n;
	soft_log_good(&log_bytes, 1, one_bank, 1);
	third = log_bytes.n;
	soft_log_good(&log_bytes, 1, one_bank, 2);
	whole = log_bytes.n;
	for (size_t n = 1; n < whole; n++) {
		log_bytes.n = n;
		if (n != second && n != third)
			expect("cut", -EBADMSG, CRD_REASON_MALFORMED,
			       (n > second) + (n > third));
	}
	log_bytes.n = 0;
	expect("empty", 0, CRD_REASON_LOG_MEASURER, 0);
}

static void put_wide_format(struct soft_record *r)
{
	r->content.n = 0;
	soft_tlv_be(&r->content, CRD_F_FORMAT, CRD_FORMAT_MAGIC, 7);
}

/* Records that hang together badly, bent after a good anchor. */
struct bent {
	const char *what;
	int ret;
	enum crd_reason reason;
	void (*bend)(struct soft_record *r);
};

#define BEND(name, change)                             \
	static void bend_##name(struct soft_record *r) \
	{                                              \
		change;                                \
	}

BEND(pcr, r->pcr = 12)
BEND(pcr_wide, r->pcr_width = 2)
BEND(pcr_none, r->pcr_width = 0)
BEND(recnum_wide, r->recnum_width = 9)
BEND(recnum_narrow, r->recnum_width = 4)
BEND(digest_short, r->digest_change = -1)
BEND(digest_long, r->digest_change = 1)
BEND(digest_zero, r->used[0] = 0)
BEND(digest_none, r->n_banks = 0)
BEND(bank_more, soft_set_banks(r, 2, (uint8_t[]){ 0x0b, 0x0c }))
BEND(bank_other, soft_set_banks(r, 1, (uint8_t[]){ 0x0c }))
BEND(bank_twice, soft_set_banks(r, 2, (uint8_t[]){ 0x0b, 0x0b }))
BEND(bank_many, soft_set_banks(r, 9,
			       (uint8_t[]){ 0x0b, 0x0c, 0x0d, 0x04, 0x12, 0x27,
					    0x28, 0x29, 0x30 }))
BEND(type, r->content_type = 80)
BEND(event_zero, soft_lead(&r->content, 0))
BEND(event_unknown, soft_lead(&r->content, CRD_EV_POWER + 1))
BEND(event_anchor, soft_lead(&r->content, CRD_EV_ANCHOR))
BEND(empty, r->content.n = 0)
BEND(lead_cut, r->content.n -= 13)
BEND(magic, r->content.b[5] ^= 1)
BEND(version, r->content.b[10] = 2)
BEND(format_wide, put_wide_format(r))
BEND(time_first, r->content.b[11] = CRD_F_TIME)

static const struct bent bent_rows[] = {
	{ "PCR changes", 0, CRD_REASON_LOG_MEASURER, bend_pcr },
	{ "PCR of 2 bytes", -EBADMSG, CRD_REASON_MALFORMED, bend_pcr_wide },
	{ "PCR of no byte", -EBADMSG, CRD_REASON_MALFORMED, bend_pcr_none },
	{ "number of 9", -EBADMSG, CRD_REASON_MALFORMED, bend_recnum_wide },
	{ "number of 4", -EBADMSG, CRD_REASON_MALFORMED, bend_recnum_narrow },
	{ "digest short", -EBADMSG, CRD_REASON_MALFORMED, bend_digest_short },
	{ "digest long", -EBADMSG, CRD_REASON_MALFORMED, bend_digest_long },
	{ "digest zero", 0, CRD_REASON_LOG_MEASURER, bend_digest_zero },
	{ "no digest", -EBADMSG, CRD_REASON_MALFORMED, bend_digest_none },
	{ "bank added", 0, CRD_REASON_LOG_MEASURER, bend_bank_more },
	{ "another bank", 0, CRD_REASON_LOG_MEASURER, bend_bank_other },
	{ "bank twice", -EBADMSG, CRD_REASON_MALFORMED, bend_bank_twice },
	{ "nine banks", -EBADMSG, CRD_REASON_MALFORMED, bend_bank_many },
	{ "content type", 0, CRD_REASON_LOG_MEASURER, bend_type },
	{ "event 0", 0, CRD_REASON_LOG_MEASURER, bend_event_zero },
	{ "event 19", 0, CRD_REASON_LOG_MEASURER, bend_event_unknown },
	{ "second anchor", 0, CRD_REASON_LOG_MEASURER, bend_event_anchor },
	{ "no content", -EBADMSG, CRD_REASON_MALFORMED, bend_empty },
	{ "no time", -EBADMSG, CRD_REASON_MALFORMED, bend_lead_cut },
	{ "magic", -EBADMSG, CRD_REASON_MALFORMED, bend_magic },
	{ "version", -EOPNOTSUPP, CRD_REASON_MALFORMED, bend_version },
	{ "format of 7", -EBADMSG, CRD_REASON_MALFORMED, bend_format_wide },
	{ "time first", -EBADMSG, CRD_REASON_MALFORMED, bend_time_first },
};

static void test_bent_records(void **state)
{
	for (size_t i = 0; i < sizeof(bent_rows) / sizeof(bent_rows[0]); i++) {
		struct soft_record r = soft_record(1, CRD_EV_MODULE);

		soft_log_good(&log_bytes, 1, one_bank, 0);
		bent_rows[i].bend(&r);
		soft_log_add(&log_bytes, &r);
		expect(bent_rows[i].what, bent_rows[i].ret, bent_rows[i].reason,
		       1);
	}
}

/* G07: what record 0 must be. */
static void test_anchor(void **state)
{
	struct soft_record r;

	for (uint16_t event = 0; event < 21; event++) {
		log_bytes.n = 0;
		r = soft_record(0, event);
		soft_log_add(&log_bytes, &r);
		if (event == CRD_EV_ANCHOR)
			expect("anchor", 0, CRD_REASON_NONE, 1);
		else
			expect("no anchor", 0, CRD_REASON_LOG_MEASURER, 0);
	}
	for (uint32_t pcr = 16; pcr < 256; pcr += 7) {
		log_bytes.n = 0;
		r = soft_record(0, CRD_EV_ANCHOR);
		r.pcr = pcr;
		soft_log_add(&log_bytes, &r);
		expect("resettable PCR", 0, CRD_REASON_LOG_MEASURER, 0);
	}
	log_bytes.n = 0;
	r = soft_record(0, CRD_EV_ANCHOR);
	soft_tlv_be(&r.content, CRD_F_BANK, 0x000c000c, 4);
	soft_log_add(&log_bytes, &r);
	expect("bank without digest", 0, CRD_REASON_LOG_MEASURER, 0);
	log_bytes.n = 0;
	r = soft_record(0, CRD_EV_ANCHOR);
	soft_set_banks(&r, 1, (uint8_t[]){ CRD_ALG_SHA512 });
	soft_tlv_be(&r.content, CRD_F_BANK, 0x000d000d, 4);
	soft_tlv_be(&r.content, CRD_F_BANK, 0x000d000b, 4);
	soft_log_add(&log_bytes, &r);
	expect("two hashes for a bank", 0, CRD_REASON_LOG_MEASURER, 0);
}

/* A content that says it is huge is refused before anything is reserved. */
static void test_content_limit(void **state)
{
	static const uint8_t head[] = { CRD_CEL_CONTENT, 0, 4, 0, 1 };
	struct soft_bytes bytes = { .n = 0 };
	uint8_t digest[32] = { 0 };
	struct soft_bytes digests = { .n = 0 };

	soft_log_good(&log_bytes, 1, one_bank, 0);
	soft_tlv(&digests, CRD_ALG_SHA256, digest, sizeof(digest));
	soft_tlv_be(&bytes, CRD_CEL_RECNUM, 1, 8);
	soft_tlv_be(&bytes, CRD_CEL_PCR, 13, 1);
	soft_tlv(&bytes, CRD_CEL_DIGESTS, digests.b, digests.n);
	soft_put(&bytes, head, sizeof(head));
	soft_log_put(&log_bytes, bytes.b, bytes.n);
	expect("content too big", -E2BIG, CRD_REASON_MALFORMED, 1);
}

static void test_log_limit(void **state)
{
	const struct crd_buf big = { log_bytes.b, 32u * 1024 * 1024 + 1 };
	enum crd_reason reason;

	assert_int_equal(crd_cel_walk(big, NULL, NULL, &reason, NULL), -E2BIG);
	assert_int_equal(reason, CRD_REASON_MALFORMED);
}

/* D06: one, two, four banks, one of them without a hash in the kernel. */
static void test_banks(void **state)
{
	static const uint8_t banks[] = { CRD_ALG_SHA256, CRD_ALG_SHA1,
					 CRD_ALG_SHA384, 0x12, CRD_ALG_SHA512 };

	for (unsigned int n = 1; n <= 5; n++) {
		soft_log_good(&log_bytes, n, banks, 3);
		expect("banks", 0, CRD_REASON_NONE, 4);
	}
}

/* The rule for a bank whose hash the kernel lacks: SHA-256, cut or padded. */
static void test_bank_rule(void **state)
{
	static const struct {
		const char *what;
		uint8_t bank;
		uint16_t used, said;
		enum crd_reason reason;
	} rows[] = {
		{ "cut", CRD_ALG_SHA1, CRD_ALG_SHA256, CRD_ALG_SHA256,
		  CRD_REASON_NONE },
		{ "padded", CRD_ALG_SHA512, CRD_ALG_SHA256, CRD_ALG_SHA256,
		  CRD_REASON_NONE },
		{ "unknown, padded", 0x12, CRD_ALG_SHA256, CRD_ALG_SHA256,
		  CRD_REASON_NONE },
		{ "unknown, own hash", 0x12, 0, 0x12, CRD_REASON_NONE },
		{ "said, not done", CRD_ALG_SHA512, CRD_ALG_SHA512,
		  CRD_ALG_SHA256, CRD_REASON_LOG_MEASURER },
		{ "done, not said", CRD_ALG_SHA512, CRD_ALG_SHA256,
		  CRD_ALG_SHA512, CRD_REASON_LOG_MEASURER },
		{ "SHA-1 for SHA-256", CRD_ALG_SHA256, CRD_ALG_SHA1,
		  CRD_ALG_SHA1, CRD_REASON_LOG_MEASURER },
		{ "unknown for SHA-256", CRD_ALG_SHA256, 0, 0x12,
		  CRD_REASON_LOG_MEASURER },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct soft_record r = soft_record(0, CRD_EV_ANCHOR);

		soft_set_banks(&r, 1, &rows[i].bank);
		r.used[0] = rows[i].used;
		soft_tlv_be(&r.content, CRD_F_BANK,
			    (uint64_t)rows[i].bank << 16 | rows[i].said, 4);
		log_bytes.n = 0;
		soft_log_add(&log_bytes, &r);
		expect(rows[i].what, 0, rows[i].reason,
		       rows[i].reason == CRD_REASON_NONE);
	}
}

static int stop_at_two(const struct crd_record *rec, void *ctx)
{
	return rec->recnum == 2 ? *(int *)ctx : 0;
}

static void test_callback_ends_walk(void **state)
{
	enum crd_reason reason;
	int wanted[] = { -EIO, 5, 1 };

	soft_log_good(&log_bytes, 1, one_bank, 4);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(crd_cel_walk(soft_log_buf(&log_bytes),
					      stop_at_two, &wanted[i], &reason,
					      NULL),
				 wanted[i]);
		assert_int_equal(reason, CRD_REASON_NONE);
	}
}

static int look(const struct crd_record *rec, void *ctx)
{
	uint64_t number = 0;
	struct crd_buf value;

	if (rec->recnum != 1)
		return 0;
	assert_int_equal(rec->pcr, 13);
	assert_int_equal(rec->event, CRD_EV_MODULE);
	assert_int_equal(rec->time, 123456789);
	assert_int_equal(rec->n_digests, 1);
	assert_int_equal(rec->digests[0].alg, CRD_ALG_SHA256);
	assert_ptr_equal(rec->content.ptr, rec->content_tlv.ptr + 5);
	assert_true(crd_field_get(rec->fields, CRD_F_NAME, &value));
	assert_memory_equal(value.ptr, "module1", 7);
	assert_true(crd_field_u64(rec->fields, CRD_F_SIZE, &number));
	assert_int_equal(number, 4096);
	assert_false(crd_field_get(rec->fields, CRD_F_LICENSE, &value));
	assert_false(crd_field_u64(rec->fields, CRD_F_LICENSE, &number));
	assert_false(crd_field_u64(rec->fields, CRD_F_DIGEST, &number));
	return 7;
}

static void test_record_contents(void **state)
{
	enum crd_reason reason;

	soft_log_good(&log_bytes, 1, one_bank, 2);
	assert_int_equal(crd_cel_walk(soft_log_buf(&log_bytes), look, NULL,
				      &reason, NULL),
			 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record_numbers),
		cmocka_unit_test(test_content_against_digest),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_bent_records),
		cmocka_unit_test(test_anchor),
		cmocka_unit_test(test_content_limit),
		cmocka_unit_test(test_log_limit),
		cmocka_unit_test(test_banks),
		cmocka_unit_test(test_bank_rule),
		cmocka_unit_test(test_callback_ends_walk),
		cmocka_unit_test(test_record_contents),
	};

	return cmocka_run_group_tests_name("log_cel", tests, NULL, NULL);
}
