// SPDX-License-Identifier: Apache-2.0
/* quote - what is no genuine quote over this challenge is refused, by class. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "quote_scene.h"
#include "tests/vectors/quote_swtpm.h"

/* Statements signed by the trusted key, and still no good: A01, A11, A12. */
struct bent {
	const char *what;
	enum crd_reason reason;
	void (*bend)(struct soft_quote *q);
};

static const uint8_t long_extra[64] = "0123456789abcdefghijklmnopqrstu";
static const char hex_extra[] = "303132333435363738396162636465666768"
				"696a6b6c6d6e6f7071727374757600";

#define BEND(name, change)                            \
	static void bend_##name(struct soft_quote *q) \
	{                                             \
		change;                               \
	}
#define BEND_EXTRA(name, from, size) \
	BEND(name,                   \
	     q->extra = ((struct crd_buf){ (const uint8_t *)(from), size }))

BEND(magic_zero, q->magic = 0)
BEND(magic_near, q->magic = 0xff544346)
BEND(magic_swapped, q->magic = 0x474354ff)
BEND(type_certify, q->type = 0x8017)
BEND(type_nv, q->type = 0x8014)
BEND(type_time, q->type = 0x8019)
BEND(type_creation, q->type = 0x801a)
BEND(type_zero, q->type = 0)
BEND_EXTRA(extra_none, NULL, 0)
BEND_EXTRA(extra_prefix, nonce, 31)
BEND_EXTRA(extra_suffix, nonce + 1, 31)
BEND_EXTRA(extra_more, long_extra, 33)
BEND_EXTRA(extra_long, long_extra, 64)
BEND_EXTRA(extra_hex, hex_extra, 64)
BEND(map_fewer, q->map[1] = 0x7f)
BEND(map_more, q->map[2] = 0x01)
BEND(map_other, (q->map[0] = q->map[1] = 0, q->map[2] = 1))
BEND(map_none, q->map[0] = q->map[1] = 0)
BEND(map_short, q->map_size = 1)
BEND(map_beyond, (q->map_size = 4, q->map[3] = 1))
BEND(banks_none, q->banks = 0)
BEND(banks_twice, q->banks = 2)
BEND(bank_other, q->bank = CRD_ALG_SHA384)
BEND(bank_unknown, q->bank = 0x0012)
BEND(digest_none, q->pcr_digest.len = 0)
BEND(digest_cut, q->pcr_digest.len = 31)
BEND(digest_wrong, q->pcr_digest.ptr = nonce)

static const struct bent bent_rows[] = {
	{ "A01 magic zero", CRD_REASON_QUOTE_TYPE, bend_magic_zero },
	{ "A01 magic one bit off", CRD_REASON_QUOTE_TYPE, bend_magic_near },
	{ "A01 magic swapped", CRD_REASON_QUOTE_TYPE, bend_magic_swapped },
	{ "certify", CRD_REASON_QUOTE_TYPE, bend_type_certify },
	{ "NV certify", CRD_REASON_QUOTE_TYPE, bend_type_nv },
	{ "time", CRD_REASON_QUOTE_TYPE, bend_type_time },
	{ "creation", CRD_REASON_QUOTE_TYPE, bend_type_creation },
	{ "type zero", CRD_REASON_QUOTE_TYPE, bend_type_zero },
	{ "A11 empty", CRD_REASON_NONCE, bend_extra_none },
	{ "A11 prefix", CRD_REASON_NONCE, bend_extra_prefix },
	{ "A11 suffix", CRD_REASON_NONCE, bend_extra_suffix },
	{ "A11 plus one", CRD_REASON_NONCE, bend_extra_more },
	{ "A11 64 bytes", CRD_REASON_NONCE, bend_extra_long },
	{ "A11 hex text", CRD_REASON_NONCE, bend_extra_hex },
	{ "PCR 15 missing", CRD_REASON_PCR_COVERAGE, bend_map_fewer },
	{ "PCR 16 added", CRD_REASON_PCR_COVERAGE, bend_map_more },
	{ "A12 only PCR 16", CRD_REASON_PCR_COVERAGE, bend_map_other },
	{ "no PCR", CRD_REASON_PCR_COVERAGE, bend_map_none },
	{ "bitmap of one byte", CRD_REASON_PCR_COVERAGE, bend_map_short },
	{ "PCR 24", CRD_REASON_PCR_COVERAGE, bend_map_beyond },
	{ "no bank", CRD_REASON_PCR_COVERAGE, bend_banks_none },
	{ "bank twice", CRD_REASON_PCR_COVERAGE, bend_banks_twice },
	{ "another bank", CRD_REASON_PCR_COVERAGE, bend_bank_other },
	{ "unknown bank", CRD_REASON_PCR_COVERAGE, bend_bank_unknown },
	{ "no digest", CRD_REASON_PCR_MISMATCH, bend_digest_none },
	{ "digest cut", CRD_REASON_PCR_MISMATCH, bend_digest_cut },
	{ "digest wrong", CRD_REASON_PCR_MISMATCH, bend_digest_wrong },
};

static void test_bent_statements(void **state)
{
	const size_t n = sizeof(bent_rows) / sizeof(bent_rows[0]);
	struct scene s;
	struct soft_quote good;

	scene_init(&s, SOFT_P256);
	good = s.quote;
	for (size_t i = 0; i < n; i++) {
		s.quote = good;
		bent_rows[i].bend(&s.quote);
		scene_sign(&s);
		expect_row(&s, bent_rows[i].what, 0, bent_rows[i].reason);
	}
	s.quote = good;
	scene_sign(&s);
	expect_row(&s, "good again", 0, CRD_REASON_NONE);
	scene_done(&s);
}

BEND(safe_two, q->safe = 2)
BEND(map_empty, q->map_size = 0)
BEND(map_five, q->map_size = 5)
BEND(banks_many, q->banks = 17)

static void test_bent_structures(void **state)
{
	static const struct bent rows[] = {
		{ "safe is 2", CRD_REASON_MALFORMED, bend_safe_two },
		{ "no bitmap", CRD_REASON_MALFORMED, bend_map_empty },
		{ "bitmap of 5", CRD_REASON_MALFORMED, bend_map_five },
		{ "17 banks", CRD_REASON_MALFORMED, bend_banks_many },
	};
	struct scene s;
	struct soft_quote good;

	scene_init(&s, SOFT_P256);
	good = s.quote;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		s.quote = good;
		rows[i].bend(&s.quote);
		scene_sign(&s);
		expect_row(&s, rows[i].what, -EBADMSG, rows[i].reason);
	}
	scene_done(&s);
}

/* Bitmaps of two and four bytes say the same as one of three. */
static void test_bitmap_sizes(void **state)
{
	struct scene s;

	scene_init(&s, SOFT_P256);
	for (uint8_t size = 2; size <= 4; size++) {
		s.quote.map_size = size;
		scene_sign(&s);
		expect_row(&s, "bitmap size", 0, CRD_REASON_NONE);
	}
	scene_done(&s);
}

/* The values beside the quote: A13 and its relatives. */
static void test_values(void **state)
{
	struct scene s;
	struct crd_pcrs good;

	scene_init(&s, SOFT_P256);
	good = s.pcrs;

	s.pcrs.mask &= ~(1u << 7);
	expect_row(&s, "value missing", 0, CRD_REASON_PCR_COVERAGE);
	s.pcrs = good;
	s.pcrs.mask |= 1u << 20;
	s.pcrs.value[20] = s.pcrs.value[3];
	expect_row(&s, "A13 value added", 0, CRD_REASON_PCR_COVERAGE);
	s.pcrs = good;
	s.pcrs.value[9].len = 20;
	expect_row(&s, "value of another size", 0, CRD_REASON_PCR_COVERAGE);
	s.pcrs = good;
	s.pcrs.value[9].alg = CRD_ALG_SHA384;
	expect_row(&s, "value of another bank", 0, CRD_REASON_PCR_COVERAGE);
	s.pcrs = good;
	s.pcrs.bank = 0;
	expect_row(&s, "no bank", 0, CRD_REASON_PCR_COVERAGE);
	s.pcrs = good;
	s.pcrs.value[15].bytes[31] ^= 1;
	expect_row(&s, "value changed", 0, CRD_REASON_PCR_MISMATCH);
	s.pcrs = good;
	s.pcrs.value[1] = good.value[2];
	s.pcrs.value[2] = good.value[1];
	expect_row(&s, "values swapped", 0, CRD_REASON_PCR_MISMATCH);
	s.pcrs = good;
	expect_row(&s, "good", 0, CRD_REASON_NONE);
	scene_done(&s);
}

/* A careless caller gets a refusal, not a pass. */
static void test_expectations(void **state)
{
	struct scene s;

	scene_init(&s, SOFT_P256);
	s.expect.pcrs = 0;
	expect_row(&s, "nothing wanted", 0, CRD_REASON_PCR_COVERAGE);
	s.expect.pcrs = PCRS | 1u << 24;
	expect_row(&s, "PCR 24 wanted", 0, CRD_REASON_PCR_COVERAGE);
	s.expect.pcrs = 0x0001;
	expect_row(&s, "less wanted", 0, CRD_REASON_PCR_COVERAGE);
	s.expect.pcrs = PCRS;
	s.expect.qualifying.len = 0;
	expect_row(&s, "no nonce wanted", 0, CRD_REASON_NONCE);
	s.quote.extra.len = 0;
	scene_sign(&s);
	expect_row(&s, "no nonce at all", 0, CRD_REASON_NONCE);
	scene_done(&s);
}

static void test_result(void **state)
{
	struct crd_quote quote;
	enum crd_reason reason;
	struct scene s;

	scene_init(&s, SOFT_RSASSA);
	assert_int_equal(crd_quote_check(s.ak, soft_buf(&s.attest),
					 soft_buf(&s.sig), &s.expect, &s.pcrs,
					 &quote, &reason, NULL),
			 0);
	assert_int_equal(reason, CRD_REASON_NONE);
	assert_int_equal(quote.signer.len, 34);
	assert_int_equal(quote.extra.len, sizeof(nonce));
	assert_int_equal(quote.clock, 0x123456);
	assert_int_equal(quote.reset_count, 7);
	assert_int_equal(quote.restart_count, 3);
	assert_true(quote.safe);
	assert_int_equal(quote.firmware, 0x2019102300163636);
	assert_int_equal(quote.bank, CRD_ALG_SHA256);
	assert_int_equal(quote.pcrs, PCRS);
	assert_int_equal(quote.pcr_digest.len, 32);
	s.quote.safe = 0;
	scene_sign(&s);
	assert_int_equal(crd_quote_check(s.ak, soft_buf(&s.attest),
					 soft_buf(&s.sig), &s.expect, &s.pcrs,
					 &quote, &reason, NULL),
			 0);
	assert_false(quote.safe);
	scene_done(&s);
}

/* Statements that a TPM really made. */
static void load_vector(struct scene *s, const char *public, uint16_t bank,
			const char *pcr13)
{
	struct soft_bytes bytes;

	memset(s, 0, sizeof(*s));
	soft_hex(&bytes, public);
	assert_int_equal(crd_ak_parse(soft_buf(&bytes), &s->ak, NULL), 0);
	assert_null(crd_ak_attributes_fault(s->ak));
	s->pcrs.bank = bank;
	s->pcrs.mask = PCRS;
	for (unsigned int n = 0; n < 16; n++) {
		s->pcrs.value[n].alg = bank;
		s->pcrs.value[n].len = (uint16_t)crd_alg_size(bank);
	}
	soft_hex(&bytes, pcr13);
	memcpy(s->pcrs.value[13].bytes, bytes.b, bytes.n);
	s->expect.pcrs = PCRS;
}

static void expect_vector(struct scene *s, const char *attest, const char *sig,
			  enum crd_reason reason)
{
	struct soft_bytes wanted;

	soft_hex(&wanted, V_NONCE);
	s->expect.qualifying = soft_buf(&wanted);
	soft_hex(&s->attest, attest);
	soft_hex(&s->sig, sig);
	expect_row(s, attest, 0, reason);
}

static void test_swtpm_ecdsa(void **state)
{
	struct scene s;

	load_vector(&s, V_ECC256_PUBLIC, CRD_ALG_SHA256, V_PCR13_SHA256);
	expect_vector(&s, V_ECC256_ATTEST, V_ECC256_SIG, CRD_REASON_NONE);
	expect_vector(&s, V_ECC256_ATTEST, V_PCR16_SIG, CRD_REASON_QUOTE_SIG);
	expect_vector(&s, V_PCR16_ATTEST, V_PCR16_SIG, CRD_REASON_PCR_COVERAGE);
	expect_vector(&s, V_TWO_BANKS_ATTEST, V_TWO_BANKS_SIG,
		      CRD_REASON_PCR_COVERAGE);
	s.pcrs.value[13].bytes[0] ^= 1;
	expect_vector(&s, V_ECC256_ATTEST, V_ECC256_SIG,
		      CRD_REASON_PCR_MISMATCH);
	crd_ak_free(&s.ak);
}

static void test_swtpm_rsa(void **state)
{
	struct scene s;

	load_vector(&s, V_RSASSA_PUBLIC, CRD_ALG_SHA256, V_PCR13_SHA256);
	expect_vector(&s, V_RSASSA_ATTEST, V_RSASSA_SIG, CRD_REASON_NONE);
	expect_vector(&s, V_CERTIFY_ATTEST, V_CERTIFY_SIG,
		      CRD_REASON_QUOTE_TYPE);
	expect_vector(&s, V_ECC256_ATTEST, V_ECC256_SIG, CRD_REASON_QUOTE_SIG);
	crd_ak_free(&s.ak);
	load_vector(&s, V_RSAPSS_PUBLIC, CRD_ALG_SHA384, V_PCR13_SHA384);
	expect_vector(&s, V_RSAPSS_ATTEST, V_RSAPSS_SIG, CRD_REASON_NONE);
	crd_ak_free(&s.ak);
}

static void *check_often(void *arg)
{
	const struct scene *s = arg;
	struct crd_quote quote;
	enum crd_reason reason;

	for (int i = 0; i < 200; i++)
		if (crd_quote_check(s->ak, soft_buf(&s->attest),
				    soft_buf(&s->sig), &s->expect, &s->pcrs,
				    &quote, &reason, NULL) ||
		    reason != CRD_REASON_NONE)
			return arg;
	return NULL;
}

/* A const key may be shared. */
static void test_threads(void **state)
{
	pthread_t threads[4];
	struct scene s;

	scene_init(&s, SOFT_RSASSA);
	for (int i = 0; i < 4; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, check_often, &s), 0);
	for (int i = 0; i < 4; i++) {
		void *failed;

		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bent_statements),
		cmocka_unit_test(test_bent_structures),
		cmocka_unit_test(test_bitmap_sizes),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_expectations),
		cmocka_unit_test(test_result),
		cmocka_unit_test(test_swtpm_ecdsa),
		cmocka_unit_test(test_swtpm_rsa),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
