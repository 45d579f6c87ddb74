// SPDX-License-Identifier: Apache-2.0
/* der, cert - bytes that are no DER and no certificate, and those that are. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/der.h"
#include "attest/reader.h"
#include "soft_signer.h"

static struct soft_signer rsa, ec;

static int make_signers(void **state)
{
	soft_signer_of(&rsa, EVP_RSA_gen(2048), "RSA", 1);
	soft_signer_of(&ec, EVP_EC_gen("P-256"), "EC", 2);
	return 0;
}

static int drop_signers(void **state)
{
	soft_signer_done(&rsa);
	soft_signer_done(&ec);
	return 0;
}

/* Lengths that DER does not allow, or that go past the end. */
static void test_der(void **state)
{
	static const char *const bad[] = {
		"",	    "30",	    "3080",	      "30800000",
		"308100",   "30817f",	    "30820080",	      "308200010500",
		"3001",	    "300201",	    "30850000000001", "30ff",
		"3082ffff", "3084ffffffff", "318100",	      "0500",
	};
	struct soft_bytes bytes;
	struct crd_der d, inner;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		soft_hex(&bytes, bad[i]);
		d = der_of(soft_buf(&bytes));
		inner = der_enter(&d, DER_SEQUENCE);
		if (!d.failed || !inner.failed || inner.left.len)
			fail_msg("%s", bad[i]);
		/* failed for good */
		assert_int_equal(der_peek(&d), 0);
		assert_int_equal(crd_der_small(&d), -1);
		assert_false(der_end(&d));
	}
	soft_hex(&bytes, "30050201030500");
	d = der_of(soft_buf(&bytes));
	inner = der_enter(&d, DER_SEQUENCE);
	assert_true(der_end(&d));
	assert_int_equal(crd_der_small(&inner), 3);
	assert_false(der_end(&inner));
	assert_int_equal(der_take(&inner, DER_NULL).len, 0);
	assert_true(der_end(&inner));
}

static void test_numbers(void **state)
{
	static const struct {
		const char *hex;
		int len; /* -1: no such number */
	} rows[] = {
		{ "0200", -1 },	     { "0201ff", -1 }, { "02020001", -1 },
		{ "02020080", 1 },   { "020101", 1 },  { "0202ff01", -1 },
		{ "0203008000", 2 }, { "020100", 0 },
	};
	struct soft_bytes bytes;
	struct crd_der d;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct crd_buf n;

		soft_hex(&bytes, rows[i].hex);
		d = der_of(soft_buf(&bytes));
		n = crd_der_unsigned(&d);
		if (d.failed != (rows[i].len < 0) ||
		    (!d.failed && (int)n.len != rows[i].len))
			fail_msg("%s: %zu bytes", rows[i].hex, n.len);
	}
}

/* A certificate: cut, turned, weak, of another kind. */
static void test_bad_certs(void **state)
{
	struct crd_cert cert;
	struct crd_error err;
	struct soft_bytes der;
	uint8_t *copy;
	size_t n;

	soft_cert_der(ec.cert, &der);
	for (n = 0; n < der.n; n++) {
		copy = malloc(n ? n : 1);
		memcpy(copy, der.b, n);
		assert_int_equal(crd_cert_parse((struct crd_buf){ copy, n },
						&cert, &err),
				 -EBADMSG);
		free(copy);
	}
	for (n = 0; n < 8 * der.n; n++) { /* no crash, no leak */
		der.b[n / 8] ^= (uint8_t)(1 << n % 8);
		if (!crd_cert_parse(soft_buf(&der), &cert, &err))
			crd_cert_done(&cert);
		der.b[n / 8] ^= (uint8_t)(1 << n % 8);
	}
	soft_be(&der, 0, 1);
	assert_int_equal(crd_cert_parse(soft_buf(&der), &cert, &err), -EBADMSG);
	copy = calloc(1, 8193);
	assert_int_equal(crd_cert_parse((struct crd_buf){ copy, 8193 }, &cert,
					&err),
			 -E2BIG);
	free(copy);
}

static void test_kinds_of_keys(void **state)
{
	static const struct {
		const char *type, *what;
		unsigned int bits;
		int want;
	} rows[] = {
		{ "RSA", NULL, 1024, -EBADMSG },
		{ "RSA", NULL, 2047, -EBADMSG },
		{ "RSA", NULL, 3072, 0 },
		{ "EC", "P-521", 0, 0 },
		{ "EC", "secp256k1", 0, -EOPNOTSUPP },
		{ "EC", "P-224", 0, -EOPNOTSUPP },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		EVP_PKEY *key = rows[i].what ? EVP_EC_gen(rows[i].what) :
					       EVP_RSA_gen(rows[i].bits);
		X509 *x = soft_cert(key, "Some", 1, false);
		struct crd_cert cert = { 0 };
		struct soft_bytes der;

		soft_cert_der(x, &der);
		if (crd_cert_parse(soft_buf(&der), &cert, NULL) != rows[i].want)
			fail_msg("%s %s %u", rows[i].type, rows[i].what,
				 rows[i].bits);
		assert_null(cert.key_id.ptr);
		crd_cert_done(&cert);
		X509_free(x);
		EVP_PKEY_free(key);
	}
}

static void test_names(void **state)
{
	struct crd_buf name = crd_common_name(rsa.trusted.subject);

	assert_true(crd_buf_equal(
		name, (struct crd_buf){ (const uint8_t *)"RSA", 3 }));
	assert_null(crd_common_name((struct crd_buf){ NULL, 0 }).ptr);
	assert_null(crd_common_name(rsa.trusted.serial).ptr);
	name = rsa.trusted.subject;
	for (; name.len; name.len--) /* cut anywhere: no overread */
		crd_common_name(name);
}

/* What the key signs it verifies, and nothing else. */
static void test_verify(void **state)
{
	const struct soft_signer *signers[] = { &rsa, &ec };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct soft_sig s = { .by = signers[i],
				      .hash = CRD_ALG_SHA256 };
		struct crd_digest d = soft_digest(CRD_ALG_SHA256, "abc", 3);
		struct soft_bytes sig;

		soft_sign_bytes(&s, "abc", 3, &sig);
		assert_int_equal(crd_cert_verify(&signers[i]->trusted,
						 soft_buf(&sig), &d),
				 1);
		assert_int_equal(crd_cert_verify(&signers[1 - i]->trusted,
						 soft_buf(&sig), &d),
				 0);
		sig.n--;
		assert_int_equal(crd_cert_verify(&signers[i]->trusted,
						 soft_buf(&sig), &d),
				 0);
		sig.n++;
		d.bytes[0] ^= 1;
		assert_int_equal(crd_cert_verify(&signers[i]->trusted,
						 soft_buf(&sig), &d),
				 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_der),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_bad_certs),
		cmocka_unit_test(test_kinds_of_keys),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_verify),
	};

	return cmocka_run_group_tests(tests, make_signers, drop_signers);
}
