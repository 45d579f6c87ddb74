// SPDX-License-Identifier: Apache-2.0
/* quote - what is no genuine quote over this challenge is refused, by class. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "soft_ak.h"
#include "tests/vectors/quote_swtpm.h"

#define PCRS CRD_QUOTE_PCRS

static const uint8_t nonce[32] = "0123456789abcdefghijklmnopqrstu";

/* A good quote and everything needed to check it. */
struct scene {
	struct soft_ak soft;
	struct crd_ak *ak;
	struct soft_quote quote;
	struct crd_digest pcr_digest;
	struct crd_pcrs pcrs;
	struct crd_quote_expect expect;
	struct soft_bytes attest, sig;
};

static void scene_sign(struct scene *s)
{
	soft_quote_marshal(&s->quote, &s->attest);
	soft_ak_sign(&s->soft, soft_buf(&s->attest), &s->sig);
}

static void scene_init(struct scene *s, int kind)
{
	struct soft_bytes public;

	memset(s, 0, sizeof(*s));
	soft_ak_new(&s->soft, kind);
	soft_ak_public(&s->soft, &public);
	assert_int_equal(crd_ak_parse(soft_buf(&public), &s->ak, NULL), 0);
	soft_pcrs(&s->pcrs, CRD_ALG_SHA256, PCRS, s->soft.kind->hash,
		  &s->pcr_digest);
	s->expect.qualifying = (struct crd_buf){ nonce, sizeof(nonce) };
	s->expect.pcrs = PCRS;
	s->quote = (struct soft_quote){
		.magic = 0xff544347,
		.type = 0x8018,
		.extra = { nonce, sizeof(nonce) },
		.safe = 1,
		.banks = 1,
		.bank = CRD_ALG_SHA256,
		.map = { 0xff, 0xff },
		.map_size = 3,
		.pcr_digest = { s->pcr_digest.bytes, s->pcr_digest.len },
	};
	scene_sign(s);
}

static void scene_done(struct scene *s)
{
	crd_ak_free(&s->ak);
	soft_ak_done(&s->soft);
}

/* Checks, and that nothing but a genuine quote is handed out. */
static int check(const struct scene *s, struct crd_buf attest,
		 struct crd_buf sig, enum crd_reason *ret_reason)
{
	struct crd_quote quote;
	struct crd_error err = { .text = "" };
	struct crd_quote untouched;
	int ret;

	memset(&quote, 0x5a, sizeof(quote));
	untouched = quote;
	ret = crd_quote_check(s->ak, attest, sig, &s->expect, &s->pcrs, &quote,
			      ret_reason, &err);
	if (ret)
		assert_int_equal(*ret_reason, CRD_REASON_MALFORMED);
	if (ret || *ret_reason != CRD_REASON_NONE) {
		assert_memory_equal(&quote, &untouched, sizeof(quote));
		assert_true(err.text[0] != '\0');
	}
	return ret;
}

static void expect_row(const struct scene *s, const char *what, int want_ret,
		       enum crd_reason want)
{
	enum crd_reason reason;
	int ret = check(s, soft_buf(&s->attest), soft_buf(&s->sig), &reason);

	if (ret == want_ret && reason == want)
		return;
	fail_msg("%s: got %d %s, want %d %s", what, ret,
		 crd_reason_name(reason), want_ret, crd_reason_name(want));
}

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

static void test_cut_everywhere(void **state)
{
	struct scene s;
	enum crd_reason reason;
	struct crd_buf cut;

	scene_init(&s, SOFT_P256);
	for (size_t n = 0; n < s.attest.n; n++) {
		cut = (struct crd_buf){ s.attest.b, n };
		assert_int_equal(check(&s, cut, soft_buf(&s.sig), &reason),
				 -EBADMSG);
	}
	for (size_t n = 0; n < s.sig.n; n++) {
		cut = (struct crd_buf){ s.sig.b, n };
		assert_int_equal(check(&s, soft_buf(&s.attest), cut, &reason),
				 -EBADMSG);
	}
	scene_done(&s);
}

static void test_bytes_left_over(void **state)
{
	struct scene s;
	struct crd_error err;
	struct crd_quote quote;
	enum crd_reason reason;

	scene_init(&s, SOFT_P256);
	soft_be(&s.attest, 0, 1);
	soft_ak_sign(&s.soft, soft_buf(&s.attest), &s.sig);
	assert_int_equal(crd_quote_check(s.ak, soft_buf(&s.attest),
					 soft_buf(&s.sig), &s.expect, &s.pcrs,
					 &quote, &reason, &err),
			 -EBADMSG);
	assert_int_equal(err.offset, s.attest.n - 1);
	scene_sign(&s);
	soft_be(&s.sig, 0, 1);
	assert_int_equal(crd_quote_check(s.ak, soft_buf(&s.attest),
					 soft_buf(&s.sig), &s.expect, &s.pcrs,
					 &quote, &reason, &err),
			 -EBADMSG);
	assert_int_equal(err.offset, s.sig.n - 1);
	scene_done(&s);
}

/* A10: where each length stands, and how it lies. The lie is signed. */
static void test_length_lies(void **state)
{
	static const struct {
		size_t at;
		int width;
	} lengths[] = {
		{ 6, 2 },   /* qualifiedSigner */
		{ 42, 2 },  /* extraData */
		{ 101, 4 }, /* selections */
		{ 107, 1 }, /* bitmap */
		{ 111, 2 }, /* pcrDigest */
	};
	static const int lies[] = { -1, 1, 2, 100, -33, 0x7f };
	struct scene s;

	scene_init(&s, SOFT_P256);
	for (size_t i = 0; i < 5; i++) {
		for (size_t k = 0; k < 6; k++) {
			uint8_t *low = s.attest.b + lengths[i].at +
				       lengths[i].width - 1;
			enum crd_reason reason;

			*low = (uint8_t)(*low + lies[k]);
			soft_ak_sign(&s.soft, soft_buf(&s.attest), &s.sig);
			if (!check(&s, soft_buf(&s.attest), soft_buf(&s.sig),
				   &reason))
				assert_int_not_equal(reason, CRD_REASON_NONE);
			scene_sign(&s);
		}
		memset(s.attest.b + lengths[i].at, 0xff,
		       (size_t)lengths[i].width);
		soft_ak_sign(&s.soft, soft_buf(&s.attest), &s.sig);
		expect_row(&s, "all ones", -EBADMSG, CRD_REASON_MALFORMED);
		scene_sign(&s);
	}
	expect_row(&s, "good", 0, CRD_REASON_NONE);
	scene_done(&s);
}

static void flip_all(struct scene *s, struct soft_bytes *bytes)
{
	enum crd_reason reason;

	for (size_t bit = 0; bit < 8 * bytes->n; bit++) {
		int ret;

		bytes->b[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ret = check(s, soft_buf(&s->attest), soft_buf(&s->sig),
			    &reason);
		if (!ret && reason == CRD_REASON_NONE)
			fail_msg("accepted with bit %zu flipped", bit);
		bytes->b[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

/* A06, for every kind of key. */
static void test_bit_sweep(void **state)
{
	struct scene s;

	for (int kind = 0; kind < SOFT_N; kind++) {
		scene_init(&s, kind);
		expect_row(&s, "before", 0, CRD_REASON_NONE);
		flip_all(&s, &s.attest);
		flip_all(&s, &s.sig);
		expect_row(&s, "after", 0, CRD_REASON_NONE);
		scene_done(&s);
	}
}

static void test_foreign_signatures(void **state)
{
	struct scene s, other;

	scene_init(&s, SOFT_P256);
	scene_init(&other, SOFT_P256);
	soft_ak_sign(&other.soft, soft_buf(&s.attest), &s.sig);
	expect_row(&s, "another key", 0, CRD_REASON_QUOTE_SIG);
	scene_done(&other);
	scene_init(&other, SOFT_RSASSA);
	soft_ak_sign(&other.soft, soft_buf(&s.attest), &s.sig);
	expect_row(&s, "another algorithm", 0, CRD_REASON_QUOTE_SIG);
	scene_done(&other);
	scene_done(&s);
}

/* Never several paddings or hashes: only what the key says is tried. */
static void test_scheme_is_the_keys(void **state)
{
	static const uint16_t schemes[] = { 0x0010, 0x0014, 0x0005,
					    0x001a, 0x001b, 0xffff };
	struct scene s;

	scene_init(&s, SOFT_RSAPSS);
	s.soft.kind = &soft_kinds[SOFT_RSASSA];
	scene_sign(&s);
	expect_row(&s, "RSASSA for RSAPSS", 0, CRD_REASON_QUOTE_SIG);
	s.sig.b[1] = 0x16;
	expect_row(&s, "relabelled", 0, CRD_REASON_QUOTE_SIG);
	s.soft.kind = &soft_kinds[SOFT_RSAPSS];
	scene_sign(&s);
	expect_row(&s, "good", 0, CRD_REASON_NONE);
	for (size_t i = 0; i < 6; i++) {
		s.sig.b[0] = (uint8_t)(schemes[i] >> 8);
		s.sig.b[1] = (uint8_t)schemes[i];
		expect_row(&s, "scheme", 0, CRD_REASON_QUOTE_SIG);
	}
	scene_sign(&s);
	s.sig.b[3] = CRD_ALG_SHA384;
	expect_row(&s, "hash", 0, CRD_REASON_QUOTE_SIG);
	scene_done(&s);
}

static void put_ecdsa(struct scene *s, const char *r, const char *sv)
{
	struct soft_bytes n;

	s->sig.n = 4;
	soft_hex(&n, r);
	soft_2b(&s->sig, n.b, n.n);
	soft_hex(&n, sv);
	soft_2b(&s->sig, n.b, n.n);
}

static void test_ecdsa_numbers(void **state)
{
	/* order of P-256 */
	static const char order[] = "ffffffff00000000ffffffffffffffff"
				    "bce6faada7179e84f3b9cac2fc632551";
	static const char *const rows[][2] = {
		{ "", "" },	 { "00", "00" },   { "01", "" },
		{ "", "01" },	 { "01", "00" },   { "00", "01" },
		{ "01", "01" },	 { order, order }, { order, "01" },
		{ "01", order }, { "80", "80" },   { "ff", "7f" },
	};
	struct scene s;

	scene_init(&s, SOFT_P256);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put_ecdsa(&s, rows[i][0], rows[i][1]);
		expect_row(&s, "numbers", 0, CRD_REASON_QUOTE_SIG);
	}
	scene_done(&s);
}

/* A TPM may leave out leading zeros; it may not put any before 32 bytes. */
static void test_ecdsa_leading_zeros(void **state)
{
	struct soft_bytes r, sv;
	struct scene s;

	scene_init(&s, SOFT_P256);
	do {
		scene_sign(&s);
	} while (s.sig.b[6]); /* first byte of r: zero once in 256 */
	r.n = sv.n = 0;
	soft_put(&r, s.sig.b + 7, 31);
	soft_put(&sv, s.sig.b + 40, 32);
	s.sig.n = 4;
	soft_2b(&s.sig, r.b, r.n);
	soft_2b(&s.sig, sv.b, sv.n);
	expect_row(&s, "left out", 0, CRD_REASON_NONE);
	s.sig.n = 4;
	soft_be(&s.sig, 33, 2);
	soft_be(&s.sig, 0, 2);
	soft_put(&s.sig, r.b, r.n);
	soft_2b(&s.sig, sv.b, sv.n);
	expect_row(&s, "one too many", 0, CRD_REASON_QUOTE_SIG);
	scene_done(&s);
}

static void test_too_long(void **state)
{
	static uint8_t many[65536];
	const struct crd_buf big = { many, sizeof(many) };
	enum crd_reason reason;
	struct scene s;

	scene_init(&s, SOFT_P256);
	assert_int_equal(check(&s, big, soft_buf(&s.sig), &reason), -E2BIG);
	assert_int_equal(check(&s, soft_buf(&s.attest), big, &reason), -E2BIG);
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
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_bytes_left_over),
		cmocka_unit_test(test_length_lies),
		cmocka_unit_test(test_bit_sweep),
		cmocka_unit_test(test_foreign_signatures),
		cmocka_unit_test(test_scheme_is_the_keys),
		cmocka_unit_test(test_ecdsa_numbers),
		cmocka_unit_test(test_ecdsa_leading_zeros),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_result),
		cmocka_unit_test(test_swtpm_ecdsa),
		cmocka_unit_test(test_swtpm_rsa),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
