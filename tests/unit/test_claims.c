// SPDX-License-Identifier: Apache-2.0
/* claims - maps that are not what evidence.cddl says; the binding value. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/bounds.h"
#include "soft_ak.h"

static int count_claim(struct crd_buf key, struct crd_buf value, void *ctx)
{
	return ++*(int *)ctx == 100 ? -EIO : 0;
}

static void test_bad_claims(void **state)
{
	static const struct {
		const char *what;
		const char *hex;
		int ret;
	} rows[] = {
		{ "nothing", "", -EBADMSG },
		{ "an array", "80", -EBADMSG },
		{ "a key alone", "a16161", -EBADMSG },
		{ "value a number", "a1616101", -EBADMSG },
		{ "key a number", "a1016161", -EBADMSG },
		{ "key empty", "a1606161", -EBADMSG },
		{ "key twice",
		  "a2616161626161"
		  "6163",
		  -EBADMSG },
		{ "unsorted",
		  "a2616261626161"
		  "6163",
		  -EBADMSG },
		{ "long before short",
		  "a262616161626162"
		  "6163",
		  -EBADMSG },
		{ "nested", "a16161a0", -EBADMSG },
		{ "indefinite", "bf61616161ff", -EBADMSG },
		{ "key no UTF-8", "a161ff6161", -EBADMSG },
		{ "value no UTF-8", "a1616161ff", -EBADMSG },
		{ "2^64-1 claims", "bbffffffffffffffff", -EBADMSG },
		{ "byte more", "a000", -EBADMSG },
		{ "one more announced", "a261616162", -EBADMSG },
		{ "empty map", "a0", 0 },
		{ "two", "a2616161626261616163", 0 },
	};
	struct soft_bytes bytes;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_error err = { .text = "" };
		int n = 0, ret;

		soft_hex(&bytes, rows[i].hex);
		ret = crd_claims_walk(soft_buf(&bytes), count_claim, &n, &err);
		if (ret != rows[i].ret)
			fail_msg("%s: got %d (%s)", rows[i].what, ret,
				 err.text);
	}
}

static void test_claims_encoding(void **state)
{
	static const struct crd_claim claims[] = {
		{ "b", "two" },
		{ "aa", "three" },
		{ "a", "\xc3\xa9" },
	};
	static const char wanted[] = "\xa3\x61"
				     "a\x62\xc3\xa9\x61"
				     "b\x63"
				     "two\x62"
				     "aa\x65three";
	uint8_t *bytes;
	size_t len;
	int n = 0;

	assert_int_equal(crd_claims_encode(claims, 3, &bytes, &len), 0);
	assert_int_equal(len, sizeof(wanted) - 1);
	assert_memory_equal(bytes, wanted, len);
	assert_int_equal(crd_claims_walk((struct crd_buf){ bytes, len },
					 count_claim, &n, NULL),
			 0);
	assert_int_equal(n, 3);
	n = 98;
	assert_int_equal(crd_claims_walk((struct crd_buf){ bytes, len },
					 count_claim, &n, NULL),
			 -EIO);
	free(bytes);
	assert_int_equal(crd_claims_encode(NULL, 0, &bytes, &len), 0);
	assert_int_equal(len, 1);
	free(bytes);
}

static void test_claims_not_encoded(void **state)
{
	static const struct crd_claim rows[][2] = {
		{ { "a", "1" }, { "a", "2" } },
		{ { "", "1" }, { "a", "2" } },
		{ { "a", "\xff" }, { "b", "2" } },
		{ { "\xff", "1" }, { "b", "2" } },
	};
	char *big = malloc(CRD_MAX_CLAIMS + 1);
	struct crd_claim claim = { "a", big };
	uint8_t *bytes;
	size_t len;

	for (size_t i = 0; i < 4; i++)
		assert_int_equal(crd_claims_encode(rows[i], 2, &bytes, &len),
				 -EINVAL);
	memset(big, 'a', CRD_MAX_CLAIMS);
	big[CRD_MAX_CLAIMS] = '\0';
	assert_int_equal(crd_claims_encode(&claim, 1, &bytes, &len), -E2BIG);
	claim = (struct crd_claim){ big, "a" };
	assert_int_equal(crd_claims_encode(&claim, 1, &bytes, &len), -EINVAL);
	free(big);
}

/* Computed with sha256sum from the definition in evidence.cddl. */
static void test_qualifying_data(void **state)
{
	static const uint8_t nonce[64] = { 1, 2,  3,  4,  5,  6,  7,  8,
					   9, 10, 11, 12, 13, 14, 15, 16 };
	static const char wanted[] = "2148e95482f626484201cc482c6c90f7"
				     "edf625a7f46427e6ab249db51cd57a74";
	const struct crd_buf claims = { (const uint8_t *)"\xa0", 1 };
	struct crd_digest got, other;
	struct soft_bytes hex;

	soft_hex(&hex, wanted);
	assert_int_equal(crd_qualifying_data((struct crd_buf){ nonce, 16 },
					     claims, &got),
			 0);
	assert_int_equal(got.alg, CRD_ALG_SHA256);
	assert_memory_equal(got.bytes, hex.b, 32);
	assert_int_equal(crd_qualifying_data((struct crd_buf){ nonce, 17 },
					     claims, &other),
			 0);
	assert_false(crd_digest_equal(&got, &other));
	assert_int_equal(crd_qualifying_data((struct crd_buf){ nonce, 64 },
					     claims, &other),
			 0);
	assert_int_equal(crd_qualifying_data((struct crd_buf){ nonce, 15 },
					     claims, &other),
			 -EINVAL);
	assert_int_equal(crd_qualifying_data((struct crd_buf){ nonce, 65 },
					     claims, &other),
			 -EINVAL);
	assert_int_equal(crd_qualifying_data((struct crd_buf){ nonce, 0 },
					     claims, &other),
			 -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_claims),
		cmocka_unit_test(test_claims_encoding),
		cmocka_unit_test(test_claims_not_encoded),
		cmocka_unit_test(test_qualifying_data),
	};

	return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
