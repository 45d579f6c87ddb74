// SPDX-License-Identifier: Apache-2.0
/* key - public areas that make no attestation key, and those that do. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "soft_ak.h"
#include "tests/vectors/quote_swtpm.h"

/* Parses memory of the exact size, so that ASan sees overreads. */
static int parse(const struct soft_bytes *bytes, struct crd_ak **ret_ak,
		 struct crd_error *err)
{
	uint8_t *copy = malloc(bytes->n ? bytes->n : 1);
	int ret;

	memcpy(copy, bytes->b, bytes->n);
	*ret_ak = NULL;
	err->text[0] = '\0';
	ret = crd_ak_parse((struct crd_buf){ copy, bytes->n }, ret_ak, err);
	free(copy);
	if (ret) {
		assert_null(*ret_ak);
		assert_true(err->text[0] != '\0');
	}
	return ret;
}

static void expect(const char *what, const struct soft_bytes *bytes, int want)
{
	struct crd_error err;
	struct crd_ak *ak;
	int ret = parse(bytes, &ak, &err);

	crd_ak_free(&ak);
	assert_null(ak);
	if (ret != want)
		fail_msg("%s: got %d, want %d (%s)", what, ret, want, err.text);
}

static void wrap(const struct soft_bytes *inner, struct soft_bytes *to)
{
	to->n = 0;
	soft_2b(to, inner->b, inner->n);
}

static void test_cut_everywhere(void **state)
{
	struct soft_bytes whole, bytes;
	struct soft_ak soft;

	for (int kind = SOFT_P256; kind <= SOFT_RSASSA; kind++) {
		soft_ak_new(&soft, kind);
		soft_ak_public(&soft, &whole);
		bytes = whole;
		for (bytes.n = 0; bytes.n < whole.n; bytes.n++)
			expect("TPM2B cut", &bytes, -EBADMSG);
		bytes.n = 0;
		soft_put(&bytes, whole.b + 2, whole.n - 2);
		while (bytes.n--)
			expect("TPMT cut", &bytes, -EBADMSG);
		soft_ak_done(&soft);
	}
}

static void test_sizes_that_lie(void **state)
{
	struct soft_bytes whole, bytes;
	struct soft_ak soft;

	soft_ak_new(&soft, SOFT_P256);
	soft_ak_public(&soft, &whole);
	bytes = whole;
	soft_be(&bytes, 0, 1);
	expect("a byte after a TPM2B", &bytes, -EBADMSG);
	bytes.b[1]++;
	expect("a byte inside", &bytes, -EBADMSG);
	bytes = whole;
	bytes.b[1]--;
	expect("outer size small", &bytes, -EBADMSG);
	bytes = whole;
	bytes.b[1]++;
	expect("outer size large", &bytes, -EBADMSG);
	bytes = whole;
	memset(bytes.b + 2 + 8, 0xff, 2);
	expect("authPolicy of 65535 bytes", &bytes, -EBADMSG);
	bytes = whole;
	memset(bytes.b + whole.n - 34, 0xff, 2);
	expect("y of 65535 bytes", &bytes, -EBADMSG);
	bytes.n = 0;
	soft_put(&bytes, whole.b + 2, whole.n - 2);
	soft_be(&bytes, 0, 1);
	expect("a byte after a TPMT", &bytes, -EBADMSG);
	bytes.n = 3000;
	expect("too long", &bytes, -E2BIG);
	soft_ak_done(&soft);
}

/* Public areas that parse and name what no attestation key may be. */
struct bent {
	const char *what;
	int kind;
	int ret;
	void (*bend)(struct soft_public *p);
};

#define BEND(name, change)                             \
	static void bend_##name(struct soft_public *p) \
	{                                              \
		change;                                \
	}
BEND(none, (void)p)
BEND(keyed_hash, p->type = 0x0008)
BEND(symcipher, p->type = 0x0025)
BEND(name_sha1, p->name_alg = CRD_ALG_SHA1)
BEND(name_null, p->name_alg = 0x0010)
BEND(name_sm3, p->name_alg = 0x0012)
BEND(hash_sha1, p->hash = CRD_ALG_SHA1)
BEND(hash_none, p->hash = 0)
BEND(hash_sm3, p->hash = 0x0012)
BEND(scheme_ecdaa, p->scheme = 0x001a)
BEND(scheme_sm2, p->scheme = 0x001b)
BEND(scheme_schnorr, p->scheme = 0x001c)
BEND(scheme_oaep, p->scheme = 0x0017)
BEND(scheme_rsassa, p->scheme = 0x0014)
BEND(scheme_ecdsa, p->scheme = 0x0018)
BEND(curve_p521, p->bits_or_curve = 5)
BEND(curve_none, p->bits_or_curve = 0)
BEND(curve_p384, p->bits_or_curve = 4)
BEND(bits_1024, p->bits_or_curve = 1024)
BEND(bits_3072, p->bits_or_curve = 3072)
BEND(bits_2056, p->bits_or_curve = 2056)
BEND(exponent_one, p->exponent = 1)
BEND(exponent_three, p->exponent = 3)
BEND(exponent_even, p->exponent = 65538)
BEND(exponent_f4, p->exponent = 65537)
BEND(exponent_other, p->exponent = 65539)
BEND(scheme_null, p->scheme = 0x0010)
BEND(symmetric, p->symmetric = 0x0006)

static const struct bent bent_rows[] = {
	{ "keyed hash", SOFT_P256, -EOPNOTSUPP, bend_keyed_hash },
	{ "cipher", SOFT_RSASSA, -EOPNOTSUPP, bend_symcipher },
	{ "name SHA-1", SOFT_P256, -EOPNOTSUPP, bend_name_sha1 },
	{ "name NULL", SOFT_P256, -EOPNOTSUPP, bend_name_null },
	{ "name SM3", SOFT_P256, -EOPNOTSUPP, bend_name_sm3 },
	{ "ECDSA SHA-1", SOFT_P256, -EOPNOTSUPP, bend_hash_sha1 },
	{ "RSASSA SHA-1", SOFT_RSASSA, -EOPNOTSUPP, bend_hash_sha1 },
	{ "RSAPSS SHA-1", SOFT_RSAPSS, -EOPNOTSUPP, bend_hash_sha1 },
	{ "no hash", SOFT_P256, -EOPNOTSUPP, bend_hash_none },
	{ "SM3", SOFT_P256, -EOPNOTSUPP, bend_hash_sm3 },
	{ "SM2", SOFT_P256, -EOPNOTSUPP, bend_scheme_sm2 },
	{ "Schnorr", SOFT_P256, -EOPNOTSUPP, bend_scheme_schnorr },
	{ "RSASSA for ECC", SOFT_P256, -EOPNOTSUPP, bend_scheme_rsassa },
	{ "OAEP", SOFT_RSASSA, -EOPNOTSUPP, bend_scheme_oaep },
	{ "ECDSA for RSA", SOFT_RSASSA, -EOPNOTSUPP, bend_scheme_ecdsa },
	{ "P-521", SOFT_P256, -EOPNOTSUPP, bend_curve_p521 },
	{ "no curve", SOFT_P256, -EOPNOTSUPP, bend_curve_none },
	{ "1024 bits", SOFT_RSASSA, -EOPNOTSUPP, bend_bits_1024 },
	{ "2056 bits", SOFT_RSASSA, -EOPNOTSUPP, bend_bits_2056 },
	{ "ECDAA shifts the rest", SOFT_P256, -EBADMSG, bend_scheme_ecdaa },
	{ "P-256 point said P-384", SOFT_P256, -EBADMSG, bend_curve_p384 },
	{ "P-384 point said P-256", SOFT_P384, -EBADMSG, bend_none },
	{ "2048 bits said 3072", SOFT_RSASSA, -EBADMSG, bend_bits_3072 },
	{ "exponent 1", SOFT_RSASSA, -EBADMSG, bend_exponent_one },
	{ "exponent 3", SOFT_RSASSA, -EBADMSG, bend_exponent_three },
	{ "exponent even", SOFT_RSASSA, -EBADMSG, bend_exponent_even },

	{ "exponent 65537", SOFT_RSASSA, 0, bend_exponent_f4 },
	{ "exponent 65539", SOFT_RSASSA, 0, bend_exponent_other },
	{ "no scheme", SOFT_P256, 0, bend_scheme_null },
	{ "no RSA scheme", SOFT_RSASSA, 0, bend_scheme_null },
	{ "symmetric", SOFT_RSASSA, 0, bend_symmetric },
	{ "good ECC", SOFT_P256, 0, bend_none },
	{ "good RSA", SOFT_RSAPSS, 0, bend_none },
};

static void test_bent_areas(void **state)
{
	struct soft_bytes inner, bytes;
	struct soft_public p;
	struct soft_ak soft;

	for (size_t i = 0; i < sizeof(bent_rows) / sizeof(bent_rows[0]); i++) {
		const struct bent *row = &bent_rows[i];

		soft_ak_new(&soft, row->kind);
		p = soft_public_of(&soft);
		row->bend(&p);
		if (row->kind == SOFT_P384)
			p.bits_or_curve = 3;
		soft_marshal(&soft, &p, &inner);
		wrap(&inner, &bytes);
		expect(row->what, &bytes, row->ret);
		expect(row->what, &inner, row->ret);
		soft_ak_done(&soft);
	}
}

/* A point that is not on the curve would leak, or verify, anything. */
static void test_points(void **state)
{
	struct soft_bytes good, bytes;
	struct soft_ak soft;
	size_t x, y;

	soft_ak_new(&soft, SOFT_P256);
	soft_ak_public(&soft, &good);
	y = good.n - 32;
	x = y - 34;
	for (size_t bit = 0; bit < 256; bit++) {
		bytes = good;
		bytes.b[y + bit / 8] ^= (uint8_t)(1 << bit % 8);
		expect("y changed", &bytes, -EBADMSG);
	}
	bytes = good;
	memset(bytes.b + x, 0xff, 32);
	expect("x past the field", &bytes, -EBADMSG);
	bytes = good;
	memset(bytes.b + x, 0, 32);
	memset(bytes.b + y, 0, 32);
	expect("zero", &bytes, -EBADMSG);
	bytes = good;
	bytes.n = y - 2;
	soft_be(&bytes, 0, 2);
	bytes.b[1] = (uint8_t)(bytes.n - 2);
	expect("no y", &bytes, -EBADMSG);
	soft_ak_done(&soft);
}

/* Coordinates may come without their leading zeros. */
static void test_short_coordinate(void **state)
{
	struct soft_bytes good, bytes;
	struct soft_ak soft;
	struct crd_error err;
	struct crd_ak *ak;
	size_t y;

	for (;;) {
		soft_ak_new(&soft, SOFT_P256);
		soft_ak_public(&soft, &good);
		soft_ak_done(&soft);
		y = good.n - 32;
		if (!good.b[y])
			break;
	}
	bytes.n = 0;
	soft_put(&bytes, good.b, y - 2);
	soft_2b(&bytes, good.b + y + 1, 31);
	bytes.b[1]--;
	assert_int_equal(parse(&bytes, &ak, &err), 0);
	crd_ak_free(&ak);
	bytes.n = y - 2;
	soft_be(&bytes, 33, 2);
	soft_be(&bytes, 0, 1);
	soft_put(&bytes, good.b + y, 32);
	bytes.b[1] = good.b[1] + 1;
	expect("33 bytes", &bytes, -EBADMSG);
}

static void test_moduli(void **state)
{
	struct soft_bytes good, bytes;
	struct soft_ak soft;
	size_t n;

	soft_ak_new(&soft, SOFT_RSASSA);
	soft_ak_public(&soft, &good);
	n = good.n - 256;
	bytes = good;
	bytes.b[good.n - 1] &= 0xfe;
	expect("even", &bytes, -EBADMSG);
	bytes = good;
	bytes.b[n] &= 0x7f;
	expect("2047 bits", &bytes, -EBADMSG);
	bytes = good;
	memset(bytes.b + n, 0, 256);
	expect("zero", &bytes, -EBADMSG);
	bytes = good;
	bytes.n = n - 2;
	soft_2b(&bytes, NULL, 0);
	bytes.b[0] = 0;
	bytes.b[1] = (uint8_t)(bytes.n - 2);
	expect("none", &bytes, -EBADMSG);
	soft_ak_done(&soft);
}

static void test_attributes(void **state)
{
	static const struct {
		uint32_t flip;
		const char *fault;
	} rows[] = {
		{ 0x00000002, "fixedTPM is clear" },
		{ 0x00000010, "fixedParent is clear" },
		{ 0x00000020, "sensitiveDataOrigin is clear" },
		{ 0x00010000, "restricted is clear" },
		{ 0x00020000, "decrypt is set" },
		{ 0x00040000, "sign is clear" },
		{ 0x00000800, "encryptedDuplication is set" },
		{ 0x00000040, NULL }, /* userWithAuth */
		{ 0x00000400, NULL }, /* noDA */
	};
	struct soft_bytes bytes;
	struct soft_public p;
	struct soft_ak soft;
	struct crd_error err;
	struct crd_ak *ak;

	soft_ak_new(&soft, SOFT_P256);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		p = soft_public_of(&soft);
		p.attributes ^= rows[i].flip;
		soft_marshal(&soft, &p, &bytes);
		assert_int_equal(parse(&bytes, &ak, &err), 0);
		if (rows[i].fault)
			assert_string_equal(crd_ak_attributes_fault(ak),
					    rows[i].fault);
		else
			assert_null(crd_ak_attributes_fault(ak));
		crd_ak_free(&ak);
	}
	p = soft_public_of(&soft);
	p.scheme = 0x0010;
	soft_marshal(&soft, &p, &bytes);
	assert_int_equal(parse(&bytes, &ak, &err), 0);
	assert_string_equal(crd_ak_attributes_fault(ak),
			    "no signing scheme is fixed");
	crd_ak_free(&ak);
	soft_ak_done(&soft);
}

static void test_kinds(void **state)
{
	struct soft_bytes bytes;
	struct soft_ak soft;
	struct crd_error err;
	struct crd_ak *ak;

	for (int kind = 0; kind < SOFT_N; kind++) {
		soft_ak_new(&soft, kind);
		soft_ak_public(&soft, &bytes);
		assert_int_equal(parse(&bytes, &ak, &err), 0);
		assert_string_equal(crd_ak_kind(ak), soft_kinds[kind].name);
		assert_null(crd_ak_attributes_fault(ak));
		crd_ak_free(&ak);
		soft_ak_done(&soft);
	}
}

/* The name that the TPM itself gave to the key. */
static void test_names(void **state)
{
	static const char *const rows[][2] = {
		{ V_ECC256_PUBLIC, V_ECC256_NAME },
		{ V_RSASSA_PUBLIC, V_RSASSA_NAME },
		{ V_RSAPSS_PUBLIC, V_RSAPSS_NAME },
	};

	for (size_t i = 0; i < 3; i++) {
		struct soft_bytes bytes, name, inner = { .n = 0 };
		struct crd_error err;
		struct crd_ak *ak;

		soft_hex(&bytes, rows[i][0]);
		soft_hex(&name, rows[i][1]);
		soft_put(&inner, bytes.b + 2, bytes.n - 2);
		assert_int_equal(parse(&bytes, &ak, &err), 0);
		assert_int_equal(crd_ak_name(ak).len, name.n);
		assert_memory_equal(crd_ak_name(ak).ptr, name.b, name.n);
		crd_ak_free(&ak);
		assert_int_equal(parse(&inner, &ak, &err), 0);
		assert_memory_equal(crd_ak_name(ak).ptr, name.b, name.n);
		crd_ak_free(&ak);
	}
}

static void test_name_algorithms(void **state)
{
	static const uint16_t algs[] = { CRD_ALG_SHA256, CRD_ALG_SHA384,
					 CRD_ALG_SHA512 };
	struct soft_bytes bytes;
	struct soft_ak soft;

	soft_ak_new(&soft, SOFT_P256);
	for (size_t i = 0; i < 3; i++) {
		struct soft_public p = soft_public_of(&soft);
		struct crd_error err;
		struct crd_ak *ak;

		p.name_alg = algs[i];
		soft_marshal(&soft, &p, &bytes);
		assert_int_equal(parse(&bytes, &ak, &err), 0);
		assert_int_equal(crd_ak_name(ak).len,
				 2 + crd_alg_size(algs[i]));
		assert_int_equal(crd_ak_name(ak).ptr[1], algs[i]);
		crd_ak_free(&ak);
	}
	soft_ak_done(&soft);
}

static void test_free_nothing(void **state)
{
	struct crd_ak *ak = NULL;

	crd_ak_free(&ak);
	assert_null(ak);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_sizes_that_lie),
		cmocka_unit_test(test_bent_areas),
		cmocka_unit_test(test_points),
		cmocka_unit_test(test_short_coordinate),
		cmocka_unit_test(test_moduli),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_name_algorithms),
		cmocka_unit_test(test_free_nothing),
	};

	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
