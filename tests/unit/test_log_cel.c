// SPDX-License-Identifier: Apache-2.0
/* log_cel, log_field - logs that lie about order, digests, framing or text. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "soft_log.h"

static const uint8_t one_bank[] = { CRD_ALG_SHA256 };
static struct soft_log log_bytes;

static int count_record(const struct crd_record *rec, void *ctx)
{
	unsigned int *n = ctx;

	assert_int_equal(rec->recnum, *n);
	(*n)++;
	return 0;
}

/* Walks log_bytes, in memory of its exact size, so that ASan sees overreads. */
static int walk(unsigned int *n, enum crd_reason *reason, struct crd_error *err)
{
	uint8_t *copy = malloc(log_bytes.n ? log_bytes.n : 1);
	int ret;

	memcpy(copy, log_bytes.b, log_bytes.n);
	*n = 0;
	err->text[0] = '\0';
	ret = crd_cel_walk((struct crd_buf){ copy, log_bytes.n }, count_record,
			   n, reason, err);
	free(copy);
	if (ret || *reason != CRD_REASON_NONE)
		assert_true(err->text[0] != '\0');
	if (ret)
		assert_int_equal(*reason, CRD_REASON_MALFORMED);
	return ret;
}

static void expect(const char *what, int want_ret, enum crd_reason want,
		   unsigned int want_n)
{
	struct crd_error err;
	enum crd_reason reason;
	unsigned int n;
	int ret = walk(&n, &reason, &err);

	if (ret == want_ret && reason == want && n == want_n)
		return;
	fail_msg("%s: got %d %s after %u records, want %d %s after %u (%s)",
		 what, ret, crd_reason_name(reason), n, want_ret,
		 crd_reason_name(want), want_n, err.text);
}

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
BEND(event_ten, soft_lead(&r->content, 10))
BEND(event_anchor, soft_lead(&r->content, CRD_EV_ANCHOR))
BEND(empty, r->content.n = 0)
BEND(lead_cut, r->content.n -= 13)
BEND(magic, r->content.b[5] ^= 1)
BEND(version, r->content.b[10] = 2)
BEND(format_wide,
     (r->content.n = 0, soft_tlv_be(&r->content, CRD_F_FORMAT, 0x4352444e, 7)))
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
	{ "event 10", 0, CRD_REASON_LOG_MEASURER, bend_event_ten },
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

	for (uint16_t event = 0; event < 12; event++) {
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
}

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
	{ "item cut", -EBADMSG, CRD_F_ITEM, "1000000005616263" },
	{ "item in item", -EBADMSG, CRD_F_ITEM, "3000000000" },
	{ "event in item", -EBADMSG, CRD_F_ITEM, "01000000020003" },
	{ "item out of order", -EBADMSG, CRD_F_ITEM,
	  "12000000010110000000016110" },
	{ "two names in item", -EBADMSG, CRD_F_ITEM,
	  "100000000161100000000162" },
	{ "text in item", -EBADMSG, CRD_F_ITEM, "10000000010a" },

	{ "good origin", 0, CRD_F_ORIGIN, "01" },
	{ "good escapes", 0, CRD_F_NAME, "5c7830615c7866665c783563" },
	{ "good UTF-8", 0, CRD_F_NAME, "c3a9e282acf09f9880efbfbdee8080" },
	{ "empty text", 0, CRD_F_NAME, "" },
	{ "good unknown hash", 0, CRD_F_DIGEST, "1200" },
	{ "good item", 0, CRD_F_ITEM, "1000000001611200000001ff" },
	{ "empty item", 0, CRD_F_ITEM, "" },
	{ "unknown field", 0, 0x7e, "00ff" },
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
	expect_repeats(CRD_F_PCR_FOUND, "1200", CRD_MAX_BANKS, 0);
	expect_repeats(CRD_F_PCR_FOUND, "1200", CRD_MAX_BANKS + 1, -E2BIG);
	expect_repeats(0x7e, "61", 100, 0);
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
	soft_tlv_text(&r.content, 0x7e, "a");
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
		cmocka_unit_test(test_record_numbers),
		cmocka_unit_test(test_content_against_digest),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_bent_records),
		cmocka_unit_test(test_anchor),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_field_order),
		cmocka_unit_test(test_text_limits),
		cmocka_unit_test(test_content_limit),
		cmocka_unit_test(test_log_limit),
		cmocka_unit_test(test_banks),
		cmocka_unit_test(test_bank_rule),
		cmocka_unit_test(test_callback_ends_walk),
		cmocka_unit_test(test_record_contents),
		cmocka_unit_test(test_field_iteration),
	};

	return cmocka_run_group_tests_name("log_cel", tests, NULL, NULL);
}
