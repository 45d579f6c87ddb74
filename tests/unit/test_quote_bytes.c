// SPDX-License-Identifier: Apache-2.0
/* quote - bytes that do not parse, flipped bits, signatures of others. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "quote_scene.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_bytes_left_over),
		cmocka_unit_test(test_length_lies),
		cmocka_unit_test(test_bit_sweep),
		cmocka_unit_test(test_foreign_signatures),
		cmocka_unit_test(test_scheme_is_the_keys),
		cmocka_unit_test(test_ecdsa_numbers),
		cmocka_unit_test(test_ecdsa_leading_zeros),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests_name("quote_bytes", tests, NULL, NULL);
}
