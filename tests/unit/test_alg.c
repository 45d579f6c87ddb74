// SPDX-License-Identifier: Apache-2.0
/* alg, reason - the tables, and known answers for each hash. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/attest_private.h"
#include "soft_ak.h"

/* FIPS 180-2, appendix: "abc" */
static const struct {
	uint16_t alg;
	const char *name;
	size_t size;
	int rank;
	const char *abc;
} rows[] = {
	{ CRD_ALG_SHA1, "sha1", 20, 0,
	  "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ CRD_ALG_SHA256, "sha256", 32, 1,
	  "ba7816bf8f01cfea414140de5dae2223"
	  "b00361a396177a9cb410ff61f20015ad" },
	{ CRD_ALG_SHA384, "sha384", 48, 2,
	  "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
	  "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7" },
	{ CRD_ALG_SHA512, "sha512", 64, 3,
	  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"
	  "0a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
	  "454d4423643ce80e2a9ac94fa54ca49f" },
};
enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };

static struct crd_buf text(const char *from)
{
	return (struct crd_buf){ (const uint8_t *)from, strlen(from) };
}

static void test_unknown(void **state)
{
	static const uint16_t ids[] = { 0, 1, 0x0010, 0x0012, 0x0027, 0xffff };
	static const char *const names[] = { "",	"SHA256",  "sha-256",
					     "sha256 ", "sha2561", "md5" };
	const struct crd_buf abc = text("abc");

	for (size_t i = 0; i < 6; i++) {
		struct crd_digest d = { .alg = 77 };
		struct crd_digest pcr = { .alg = ids[i], .len = 32 };

		assert_null(crd_alg_name(ids[i]));
		assert_int_equal(crd_alg_size(ids[i]), 0);
		assert_int_equal(crd_alg_rank(ids[i]), 0);
		assert_null(crd_alg_md(ids[i]));
		assert_int_equal(crd_hash(ids[i], &abc, 1, &d), -EOPNOTSUPP);
		assert_int_equal(d.alg, 77);
		assert_int_equal(crd_extend(&pcr, abc.ptr, 3), -EOPNOTSUPP);
		assert_int_equal(crd_alg_from_name(names[i]), 0);
	}
}

static void test_tables(void **state)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		assert_string_equal(crd_alg_name(rows[i].alg), rows[i].name);
		assert_int_equal(crd_alg_from_name(rows[i].name), rows[i].alg);
		assert_int_equal(crd_alg_size(rows[i].alg), rows[i].size);
		assert_int_equal(crd_alg_rank(rows[i].alg), rows[i].rank);
	}
}

static void test_hash(void **state)
{
	const struct crd_buf parts[] = {
		text("a"), { NULL, 0 }, text("b"), text(""), text("c")
	};

	for (size_t i = 0; i < N_ROWS; i++) {
		struct soft_bytes wanted;
		struct crd_digest d;

		soft_hex(&wanted, rows[i].abc);
		assert_int_equal(crd_hash(rows[i].alg, parts, 5, &d), 0);
		assert_int_equal(d.alg, rows[i].alg);
		assert_int_equal(d.len, rows[i].size);
		assert_memory_equal(d.bytes, wanted.b, wanted.n);
	}
}

/* A PCR of zeros, extended with a digest: H(zeros || digest). */
static void test_extend(void **state)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		struct crd_digest pcr = { .alg = rows[i].alg,
					  .len = (uint16_t)rows[i].size };
		struct crd_digest d, wanted;
		uint8_t both[2 * CRD_MAX_DIGEST] = { 0 };
		const struct crd_buf abc = text("abc");
		const struct crd_buf whole = { both, 2 * rows[i].size };

		crd_hash(rows[i].alg, &abc, 1, &d);
		memcpy(both + d.len, d.bytes, d.len);
		crd_hash(rows[i].alg, &whole, 1, &wanted);
		assert_int_equal(crd_extend(&pcr, d.bytes, d.len), 0);
		assert_true(crd_digest_equal(&pcr, &wanted));
	}
}

static void test_digest_equal(void **state)
{
	struct crd_digest a = { .alg = CRD_ALG_SHA256, .len = 32 };
	struct crd_digest b = a;

	assert_true(crd_digest_equal(&a, &b));
	b.bytes[40] = 1; /* past its length: not part of it */
	assert_true(crd_digest_equal(&a, &b));
	b.bytes[31] = 1;
	assert_false(crd_digest_equal(&a, &b));
	b = a;
	b.len = 20;
	assert_false(crd_digest_equal(&a, &b));
	b = a;
	b.alg = CRD_ALG_SHA384;
	assert_false(crd_digest_equal(&a, &b));
}

/* One state, many digests: nothing of one may stay for the next. */
static void test_hasher(void **state)
{
	const struct crd_buf abc = text("abc"), other = text("other");
	uint8_t got[CRD_MAX_DIGEST];
	struct crd_hasher h;

	assert_int_equal(crd_hasher_init(&h, 0x0012), -EOPNOTSUPP);
	crd_hasher_done(&h);
	for (size_t i = 0; i < N_ROWS; i++) {
		struct soft_bytes wanted;

		soft_hex(&wanted, rows[i].abc);
		assert_int_equal(crd_hasher_init(&h, rows[i].alg), 0);
		for (int n = 0; n < 3; n++) {
			assert_int_equal(crd_hasher_digest(&h, &other, 1, got),
					 0);
			assert_int_equal(crd_hasher_digest(&h, &abc, 1, got),
					 0);
			assert_memory_equal(got, wanted.b, wanted.n);
		}
		crd_hasher_done(&h);
	}
}

static void *hash_often(void *arg)
{
	const struct crd_buf abc = text("abc");
	struct crd_digest d;

	for (int i = 0; i < 1000; i++)
		if (crd_hash(CRD_ALG_SHA256, &abc, 1, &d) || d.bytes[0] != 0xba)
			return arg;
	return NULL;
}

static void test_threads(void **state)
{
	pthread_t threads[4];
	int self;

	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hash_often,
						&self),
				 0);
	for (int i = 0; i < 4; i++) {
		void *failed;

		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
}

static void test_reason_names(void **state)
{
	for (int i = 0; i < CRD_REASON_MAX; i++) {
		const char *name = crd_reason_name((enum crd_reason)i);

		assert_non_null(name);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
				name, crd_reason_name((enum crd_reason)k));
		for (; *name; name++)
			assert_true((*name >= 'A' && *name <= 'Z') ||
				    *name == '_');
	}
	assert_string_equal(crd_reason_name(CRD_REASON_QUOTE_TYPE),
			    "QUOTE_TYPE");
	assert_string_equal(crd_reason_name(CRD_REASON_MAX), "UNKNOWN");
	assert_string_equal(crd_reason_name((enum crd_reason) - 1), "UNKNOWN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_extend),
		cmocka_unit_test(test_digest_equal),
		cmocka_unit_test(test_hasher),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_reason_names),
	};

	return cmocka_run_group_tests_name("alg", tests, NULL, NULL);
}
