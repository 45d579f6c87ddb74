// SPDX-License-Identifier: Apache-2.0
/* replay - what part of a log a quoted PCR value vouches for. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "soft_log.h"

static const uint8_t banks[] = { CRD_ALG_SHA1, CRD_ALG_SHA256, CRD_ALG_SHA384 };
static struct soft_log log_bytes;

struct result {
	uint64_t records, covered;
	enum crd_reason reason;
	int ret;
};

static struct crd_digest zero(uint16_t bank)
{
	return (struct crd_digest){ .alg = bank,
				    .len = (uint16_t)crd_alg_size(bank) };
}

static struct result replay(uint16_t bank, const struct crd_digest *start,
			    const struct crd_digest *quoted)
{
	struct result r = { .records = 99, .covered = 99 };
	struct crd_error err = { .text = "" };

	r.ret = crd_replay(soft_log_buf(&log_bytes), bank, start, quoted,
			   &r.records, &r.covered, &r.reason, &err);
	if (r.ret || r.reason != CRD_REASON_NONE)
		assert_true(err.text[0] != '\0');
	return r;
}

struct extend {
	struct crd_digest pcr;
	uint64_t stop;
};

/* The test's own replay, one digest after the other. */
static int extend_record(const struct crd_record *rec, void *ctx)
{
	struct extend *ex = ctx;

	if (rec->recnum == ex->stop)
		return 1;
	for (unsigned int i = 0; i < rec->n_digests; i++)
		if (rec->digests[i].alg == ex->pcr.alg)
			crd_extend(&ex->pcr, rec->digests[i].bytes,
				   rec->digests[i].len);
	return 0;
}

static struct crd_digest value_after(struct crd_digest start, uint64_t records)
{
	struct extend ex = { start, records };
	enum crd_reason reason;

	crd_cel_walk(soft_log_buf(&log_bytes), extend_record, &ex, &reason,
		     NULL);
	return ex.pcr;
}

/* P01: the log may run past the quote by any number of records. */
static void test_every_prefix(void **state)
{
	for (int b = 0; b < 3; b++) {
		struct crd_digest start = zero(banks[b]);

		soft_log_good(&log_bytes, 3, banks, 20);
		for (uint64_t n = 1; n <= 21; n++) {
			struct crd_digest quoted = value_after(start, n);
			struct result r = replay(banks[b], &start, &quoted);

			assert_int_equal(r.ret, 0);
			assert_int_equal(r.reason, CRD_REASON_NONE);
			assert_int_equal(r.records, 21);
			assert_int_equal(r.covered, n);
		}
	}
}

static void test_long_tail(void **state)
{
	struct crd_digest start = zero(CRD_ALG_SHA256), quoted;
	const uint8_t bank = CRD_ALG_SHA256;
	struct result r;

	soft_log_good(&log_bytes, 1, &bank, 1000);
	quoted = value_after(start, 1);
	r = replay(bank, &start, &quoted);
	assert_int_equal(r.reason, CRD_REASON_NONE);
	assert_int_equal(r.records, 1001);
	assert_int_equal(r.covered, 1);
}

static void test_mismatch(void **state)
{
	struct crd_digest start = zero(CRD_ALG_SHA256), quoted;
	struct result r;

	soft_log_good(&log_bytes, 3, banks, 5);
	quoted = value_after(start, 4);
	quoted.bytes[0] ^= 1;
	r = replay(CRD_ALG_SHA256, &start, &quoted);
	assert_int_equal(r.reason, CRD_REASON_PCR_MISMATCH);
	assert_int_equal(r.covered, 0);
	quoted.bytes[0] ^= 1;
	start.bytes[31] = 1;
	r = replay(CRD_ALG_SHA256, &start, &quoted);
	assert_int_equal(r.reason, CRD_REASON_PCR_MISMATCH);
}

/* A forged anchor may name the quoted value as the one found: no cover. */
static void test_anchor_not_covered(void **state)
{
	struct crd_digest quoted = zero(CRD_ALG_SHA256);
	struct result r;

	soft_log_good(&log_bytes, 3, banks, 5);
	r = replay(CRD_ALG_SHA256, &quoted, &quoted);
	assert_int_equal(r.ret, 0);
	assert_int_equal(r.reason, CRD_REASON_PCR_MISMATCH);
	assert_int_equal(r.covered, 0);
}

/* H01, G12: left out, exchanged, doubled records are another history. */
static void test_altered_history(void **state)
{
	struct crd_digest start = zero(CRD_ALG_SHA256), quoted;
	const uint8_t bank = CRD_ALG_SHA256;
	struct soft_record r = soft_record(0, CRD_EV_ANCHOR);
	struct result result;

	soft_log_good(&log_bytes, 1, &bank, 3);
	quoted = value_after(start, 4);
	log_bytes.n = 0;
	soft_anchor_fields(&r);
	soft_log_add(&log_bytes, &r);
	for (unsigned int i = 1; i <= 3; i++) {
		char name[16];

		snprintf(name, sizeof(name), "module%u", i == 3 ? 3 : 3 - i);
		r = soft_record(i, CRD_EV_MODULE);
		soft_module_fields(&r, name);
		soft_log_add(&log_bytes, &r);
	}
	result = replay(bank, &start, &quoted);
	assert_int_equal(result.reason, CRD_REASON_PCR_MISMATCH);
	assert_int_equal(result.records, 4);
}

static void test_banks(void **state)
{
	static const struct {
		const char *what;
		uint16_t bank, start, quoted;
	} rows[] = {
		{ "not in the log", CRD_ALG_SHA512, CRD_ALG_SHA512,
		  CRD_ALG_SHA512 },
		{ "unknown", 0x12, 0x12, 0x12 },
		{ "none", 0, 0, 0 },
		{ "start of another", CRD_ALG_SHA256, CRD_ALG_SHA384,
		  CRD_ALG_SHA256 },
		{ "quote of another", CRD_ALG_SHA256, CRD_ALG_SHA256,
		  CRD_ALG_SHA384 },
	};

	soft_log_good(&log_bytes, 3, banks, 2);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_digest start = zero(rows[i].start);
		struct crd_digest quoted = zero(rows[i].quoted);
		struct result r = replay(rows[i].bank, &start, &quoted);

		if (r.ret || r.reason != CRD_REASON_PCR_BANK)
			fail_msg("%s: %d %s", rows[i].what, r.ret,
				 crd_reason_name(r.reason));
	}
}

/* A log that is no log is that, whatever the PCR says. */
static void test_bad_logs(void **state)
{
	struct crd_digest start = zero(CRD_ALG_SHA256), quoted;
	const uint8_t bank = CRD_ALG_SHA256;
	struct result r;

	soft_log_good(&log_bytes, 1, &bank, 3);
	quoted = value_after(start, 4);
	log_bytes.b[log_bytes.n - 1] ^= 1;
	r = replay(bank, &start, &quoted);
	assert_int_equal(r.ret, 0);
	assert_int_equal(r.reason, CRD_REASON_LOG_MEASURER);
	log_bytes.n--;
	r = replay(bank, &start, &quoted);
	assert_int_equal(r.ret, -EBADMSG);
	assert_int_equal(r.reason, CRD_REASON_MALFORMED);
	assert_int_equal(r.records, 99);
	log_bytes.n = 0;
	r = replay(bank, &start, &quoted);
	assert_int_equal(r.reason, CRD_REASON_LOG_MEASURER);
}

static void test_anchor_pcr(void **state)
{
	struct crd_digest found = { .alg = 77 };
	struct soft_record r;

	soft_log_good(&log_bytes, 3, banks, 2);
	for (int b = 0; b < 3; b++) {
		assert_int_equal(crd_cel_anchor_pcr(soft_log_buf(&log_bytes),
						    banks[b], &found),
				 0);
		assert_int_equal(found.alg, banks[b]);
		assert_int_equal(found.len, crd_alg_size(banks[b]));
	}
	found.alg = 77;
	assert_int_equal(crd_cel_anchor_pcr(soft_log_buf(&log_bytes),
					    CRD_ALG_SHA512, &found),
			 -ENOENT);
	log_bytes.n = 0;
	assert_int_equal(crd_cel_anchor_pcr(soft_log_buf(&log_bytes),
					    CRD_ALG_SHA256, &found),
			 -EBADMSG);
	r = soft_record(0, CRD_EV_MODULE);
	soft_log_add(&log_bytes, &r);
	assert_int_equal(crd_cel_anchor_pcr(soft_log_buf(&log_bytes),
					    CRD_ALG_SHA256, &found),
			 -EBADMSG);
	assert_int_equal(found.alg, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_prefix),
		cmocka_unit_test(test_long_tail),
		cmocka_unit_test(test_mismatch),
		cmocka_unit_test(test_anchor_not_covered),
		cmocka_unit_test(test_altered_history),
		cmocka_unit_test(test_banks),
		cmocka_unit_test(test_bad_logs),
		cmocka_unit_test(test_anchor_pcr),
	};

	return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
