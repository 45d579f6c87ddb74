// SPDX-License-Identifier: Apache-2.0
/*
 * One real bundle through all of it: a Debian 6.1 virtual machine measured by
 * credence.ko, quoted by swtpm, packed by `credence attest`. What holds for it
 * must stop to hold with any bit of it changed.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "soft_ak.h"

#define BUNDLE	     "tests/fuzz/corpus/evidence/machine" /* a seed as well */
#define NONCE	     "eac5f1bf7a1752fcd8b298b49f80217ad97c5ea39e30a97c20d0f9e403168817"
#define MEASURER_PCR 13
#define STEP	     61 /* one byte in so many is changed */

static uint8_t bytes[64 * 1024];
static size_t n_bytes;

static int load(void **state)
{
	FILE *f = fopen(BUNDLE, "rb");

	if (!f) {
		print_error("no %s: start this at the top of the tree\n",
			    BUNDLE);
		return -1;
	}
	n_bytes = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	return n_bytes ? 0 : -1;
}

struct answer {
	enum crd_reason quote, log;
	uint64_t records, covered;
	struct crd_quote said;
};

static int check_quote(const struct crd_evidence *ev, struct answer *answer)
{
	struct crd_digest qualifying;
	struct crd_quote_expect expect = { 0 };
	struct soft_bytes nonce;
	struct crd_ak *ak;
	int ret = crd_ak_parse(ev->ak, &ak, NULL);

	if (ret)
		return ret;
	soft_hex(&nonce, NONCE);
	crd_qualifying_data(soft_buf(&nonce), ev->claims, &qualifying);
	expect.qualifying =
		(struct crd_buf){ qualifying.bytes, qualifying.len };
	expect.pcrs = CRD_QUOTE_PCRS;
	ret = crd_ak_attributes_fault(ak) ? -EPERM : 0;
	if (!ret)
		ret = crd_quote_check(ak, ev->attest, ev->signature, &expect,
				      &ev->pcrs, &answer->said, &answer->quote,
				      NULL);
	crd_ak_free(&ak);
	return ret;
}

static int appraise(struct crd_evidence *ev, struct answer *answer)
{
	struct crd_digest start;
	int ret;

	memset(answer, 0, sizeof(*answer));
	ret = crd_evidence_decode((struct crd_buf){ bytes, n_bytes }, ev, NULL);
	if (!ret)
		ret = check_quote(ev, answer);
	if (!ret)
		ret = crd_cel_anchor_pcr(ev->log_measurer, ev->pcrs.bank,
					 &start);
	if (!ret)
		ret = crd_replay(ev->log_measurer, ev->pcrs.bank, &start,
				 &ev->pcrs.value[MEASURER_PCR],
				 &answer->records, &answer->covered,
				 &answer->log, NULL);
	return ret;
}

static void test_genuine(void **state)
{
	struct crd_evidence ev;
	struct answer answer;

	assert_int_equal(appraise(&ev, &answer), 0);
	assert_int_equal(answer.quote, CRD_REASON_NONE);
	assert_int_equal(answer.log, CRD_REASON_NONE);
	assert_int_equal(answer.records, 40);
	assert_int_equal(answer.covered, 40);
	assert_int_equal(answer.said.pcrs, CRD_QUOTE_PCRS);
	assert_true(answer.said.safe);
}

/* Every part that is signed, or hashed into what is. */
static bool fails_with(size_t at)
{
	struct crd_evidence ev;
	struct answer answer;
	bool failed;

	bytes[at] ^= (uint8_t)(1 << at % 8);
	failed = appraise(&ev, &answer) || answer.quote != CRD_REASON_NONE ||
		 answer.log != CRD_REASON_NONE;
	bytes[at] ^= (uint8_t)(1 << at % 8);
	return failed;
}

static void expect_all_fail(struct crd_buf part, size_t step)
{
	size_t from = (size_t)(part.ptr - bytes);

	for (size_t at = from; at < from + part.len; at += step)
		if (!fails_with(at))
			fail_msg("accepted with byte %zu changed", at);
}

static void test_changed(void **state)
{
	struct crd_evidence ev;
	struct answer answer;

	assert_int_equal(appraise(&ev, &answer), 0);
	expect_all_fail(ev.attest, 1);
	expect_all_fail(ev.signature, 1);
	expect_all_fail(ev.claims, 1);
	expect_all_fail(ev.log_measurer, STEP);
	test_genuine(state);
}

/* Of the key, what is not attributes or policy makes another key. */
static void test_changed_key(void **state)
{
	struct crd_evidence ev;
	struct answer answer;

	assert_int_equal(appraise(&ev, &answer), 0);
	expect_all_fail((struct crd_buf){ ev.ak.ptr + ev.ak.len - 66, 66 }, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_genuine),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_changed_key),
	};

	return cmocka_run_group_tests_name("machine", tests, load, NULL);
}
