// SPDX-License-Identifier: Apache-2.0
/* evidence - bundles that are not what evidence.cddl says. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <credence.h>

#include "attest/bounds.h"
#include "soft_bundle.h"

/* Memory of the exact size, so that ASan sees overreads. */
static int decode(const struct soft_bytes *bytes, struct crd_error *err)
{
	struct crd_evidence ev, untouched;
	uint8_t *copy = malloc(bytes->n ? bytes->n : 1);
	int ret;

	memcpy(copy, bytes->b, bytes->n);
	memset(&ev, 0x5a, sizeof(ev));
	untouched = ev;
	err->text[0] = '\0';
	ret = crd_evidence_decode((struct crd_buf){ copy, bytes->n }, &ev, err);
	free(copy);
	if (ret) {
		assert_memory_equal(&ev, &untouched, sizeof(ev));
		assert_true(err->text[0] != '\0');
		assert_true(err->offset <= bytes->n);
	}
	return ret;
}

static void expect(const char *what, const struct soft_bytes *bytes, int want)
{
	struct crd_error err;
	int ret = decode(bytes, &err);

	if (ret != want)
		fail_msg("%s: got %d, want %d (%s)", what, ret, want, err.text);
}

static void test_cut_everywhere(void **state)
{
	struct soft_bytes bytes;
	size_t whole;

	bundle_of(&bytes, good_items, N_ITEMS);
	expect("whole", &bytes, 0);
	whole = bytes.n;
	for (bytes.n = 0; bytes.n < whole; bytes.n++)
		expect("cut", &bytes, -EBADMSG);
	soft_be(&bytes, 0, 1);
	expect("a byte more", &bytes, -EBADMSG);
}

static void test_members_left_out(void **state)
{
	static const bool required[N_ITEMS] = {
		1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0
	};

	for (size_t out = 0; out < N_ITEMS; out++) {
		struct item items[N_ITEMS];
		struct soft_bytes bytes;
		size_t n = 0;

		for (size_t i = 0; i < N_ITEMS; i++)
			if (i != out)
				items[n++] = good_items[i];
		bundle_of(&bytes, items, n);
		expect(good_items[out].label, &bytes,
		       required[out] ? -EBADMSG : 0);
	}
}

static void test_members_misplaced(void **state)
{
	struct item items[N_ITEMS + 1];
	struct soft_bytes bytes;

	for (size_t i = 0; i + 1 < N_ITEMS; i++) {
		memcpy(items, good_items, sizeof(good_items));
		items[i] = good_items[i + 1];
		items[i + 1] = good_items[i];
		bundle_of(&bytes, items, N_ITEMS);
		expect("exchanged", &bytes, -EBADMSG);
		memcpy(items, good_items, sizeof(good_items));
		memmove(items + i + 1, good_items + i,
			(N_ITEMS - i) * sizeof(items[0]));
		bundle_of(&bytes, items, N_ITEMS + 1);
		expect("twice", &bytes, -EBADMSG);
	}
}

static void test_members_bent(void **state)
{
	static const struct {
		const char *what;
		int at;
		struct item item;
		int ret;
	} rows[] = {
		{ "unknown label",
		  0,
		  { "bk", VND "tpm2b-public", "k", 4 },
		  -EBADMSG },
		{ "empty label",
		  0,
		  { "", VND "tpm2b-public", "k", 4 },
		  -EBADMSG },
		{ "label in capitals",
		  0,
		  { "AK", VND "tpm2b-public", "k", 4 },
		  -EBADMSG },
		{ "other media type",
		  0,
		  { "ak", VND "tpms-attest", "k", 4 },
		  -EBADMSG },
		{ "no media type", 0, { "ak", "", "k", 4 }, -EBADMSG },
		{ "other indicator",
		  0,
		  { "ak", VND "tpm2b-public", "k", 2 },
		  -EBADMSG },
		{ "cert as evidence",
		  4,
		  { "ak-cert", "application/pkix-cert", "c", 4 },
		  -EBADMSG },
		{ "other collection",
		  8,
		  { "__cmwc_t", TAG "0", "", -1 },
		  -EOPNOTSUPP },
		{ "claims no map",
		  3,
		  { "claims", VND "claims+cbor", "\x80", 4 },
		  -EBADMSG },
		{ "claims empty",
		  3,
		  { "claims", VND "claims+cbor", "", 4 },
		  -EBADMSG },
		{ "claims longer",
		  3,
		  { "claims", VND "claims+cbor", "\xa0\xa0", 4 },
		  -EBADMSG },
		{ "no PCR values",
		  1,
		  { "pcrs", VND "pcrs+cbor", "", 4 },
		  -EBADMSG },
		{ "empty attest is for others to refuse",
		  2,
		  { "attest", VND "tpms-attest", "", 4 },
		  0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct item items[N_ITEMS];
		struct soft_bytes bytes;

		memcpy(items, good_items, sizeof(good_items));
		items[rows[i].at] = rows[i].item;
		bundle_of(&bytes, items, N_ITEMS);
		expect(rows[i].what, &bytes, rows[i].ret);
	}
}

/* Not deterministic, or no CBOR at all. */
static void test_heads(void **state)
{
	static const struct {
		const char *what;
		const char *hex;
	} rows[] = {
		{ "nothing", "" },
		{ "an array", "80" },
		{ "a number", "00" },
		{ "text", "6161" },
		{ "a tag", "d9d9f7a0" },
		{ "null", "f6" },
		{ "an empty map", "a0" },
		{ "indefinite map", "bfff" },
		{ "head of 1 byte for 11", "b80b" },
		{ "head of 2 bytes for 11", "b9000b" },
		{ "head of 8 bytes for 11", "bb000000000000000b" },
		{ "2^64-1 members", "bbffffffffffffffff" },
		{ "reserved head", "bc" },
		{ "label of 2^63 bytes", "a17b8000000000000000" },
		{ "label of 2^32-1 bytes", "a17affffffff" },
		{ "label of bytes", "a142616b" },
		{ "indefinite label", "a17f62616bff" },
		{ "label no UTF-8", "a162ff6b" },
		{ "JSON", "7b2261223a317d" },
	};
	struct soft_bytes bytes;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		soft_hex(&bytes, rows[i].hex);
		expect(rows[i].what, &bytes, -EBADMSG);
	}
}

/* The first member's value, bent inside. */
static void test_values(void **state)
{
	static const struct {
		const char *what;
		const char *hex; /* after the label "ak" */
	} rows[] = {
		{ "no array", "436b6579" },
		{ "array of 2", "82" },
		{ "array of 4", "84" },
		{ "indefinite array", "9f" },
		{ "type a number", "831832" },
		{ "array head too long", "9803" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct soft_bytes bytes = { .n = 0 }, rest;

		head(&bytes, 5, N_ITEMS, 0);
		text(&bytes, "ak");
		soft_hex(&rest, rows[i].hex);
		soft_put(&bytes, rest.b, rest.n);
		text(&bytes, good_items[0].type);
		string(&bytes, 2, "key", 3);
		head(&bytes, 0, 4, 0);
		for (size_t k = 1; k < N_ITEMS; k++)
			put_item(&bytes, &good_items[k]);
		expect(rows[i].what, &bytes, -EBADMSG);
	}
}

static void pcrs_bundle(struct soft_bytes *to, const struct soft_bytes *pcrs)
{
	to->n = 0;
	head(to, 5, N_ITEMS, 0);
	put_item(to, &good_items[0]);
	text(to, "pcrs");
	head(to, 4, 3, 0);
	text(to, good_items[1].type);
	string(to, 2, pcrs->b, pcrs->n);
	head(to, 0, 4, 0);
	for (size_t k = 2; k < N_ITEMS; k++)
		put_item(to, &good_items[k]);
}

static void test_pcr_values(void **state)
{
#define V32    \
	"5820" \
	"0000000000000000000000000000000000000000000000000000000000000000"
	static const struct {
		const char *what;
		const char *hex;
		int ret;
	} rows[] = {
		{ "one value", "820ba100" V32, 0 },
		{ "PCR 23", "820ba117" V32, 0 },
		{ "PCR 24", "820ba11818" V32, -EBADMSG },
		{ "PCR 2^32", "820ba11b0000000100000000" V32, -EBADMSG },
		{ "no value", "820ba0", -EBADMSG },
		{ "twice", "820ba200" V32 "00" V32, -EBADMSG },
		{ "backwards", "820ba201" V32 "00" V32, -EBADMSG },
		{ "one announced more", "820ba200" V32, -EBADMSG },
		{ "2^64-1 announced", "820bbbffffffffffffffff00" V32,
		  -EBADMSG },
		{ "one byte more", "820ba100" V32 "00", -EBADMSG },
		{ "value of 31",
		  "820ba100581f"
		  "00000000000000000000000000000000000000000000000000000000000000",
		  -EBADMSG },
		{ "value of text", "820ba1007820" V32, -EBADMSG },
		{ "SHA-384 bank", "820ca100" V32, -EBADMSG },
		{ "bank SM3", "8212a100" V32, -EOPNOTSUPP },
		{ "bank 0", "8200a100" V32, -EOPNOTSUPP },
		{ "bank 2^16 + 11", "821a0001000ba100" V32, -EOPNOTSUPP },
		{ "bank is text", "82616ba100" V32, -EBADMSG },
		{ "array of 3", "830ba100" V32, -EBADMSG },
		{ "long number", "820ba11800" V32, -EBADMSG },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct soft_bytes pcrs, bytes;

		soft_hex(&pcrs, rows[i].hex);
		pcrs_bundle(&bytes, &pcrs);
		expect(rows[i].what, &bytes, rows[i].ret);
	}
}

static void test_flips_never_crash(void **state)
{
	struct soft_bytes bytes;
	struct crd_error err;

	bundle_of(&bytes, good_items, N_ITEMS);
	for (size_t bit = 0; bit < 8 * bytes.n; bit++) {
		bytes.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
		decode(&bytes, &err);
		bytes.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	expect("good", &bytes, 0);
}

static uint8_t *big_bundle(size_t at_log, size_t *ret_len)
{
	struct crd_evidence ev = { 0 };
	uint8_t *log = calloc(1, at_log);
	uint8_t *bytes = NULL;
	const uint8_t claims[] = { 0xa0 };

	ev.attest = ev.signature = ev.ak = (struct crd_buf){ log, 1 };
	ev.claims = (struct crd_buf){ claims, 1 };
	ev.log_measurer = (struct crd_buf){ log, at_log };
	ev.pcrs.bank = CRD_ALG_SHA256;
	ev.pcrs.mask = 1;
	ev.pcrs.value[0].alg = CRD_ALG_SHA256;
	ev.pcrs.value[0].len = 32;
	if (crd_evidence_encode(&ev, &bytes, ret_len))
		bytes = NULL;
	free(log);
	return bytes;
}

static void test_limits(void **state)
{
	static const uint8_t byte;
	struct crd_evidence ev;
	struct soft_bytes bytes = { .n = 0 };
	uint8_t *big;
	size_t len;

	big = big_bundle(CRD_MAX_LOG, &len);
	assert_non_null(big);
	assert_int_equal(crd_evidence_decode((struct crd_buf){ big, len }, &ev,
					     NULL),
			 0);
	assert_int_equal(ev.log_measurer.len, CRD_MAX_LOG);
	free(big);
	assert_null(big_bundle(CRD_MAX_LOG + 1, &len));
	assert_int_equal(
		crd_evidence_decode((struct crd_buf){ &byte,
						      CRD_MAX_EVIDENCE + 1u },
				    &ev, NULL),
		-E2BIG);
	/* an item over its limit, all there */
	big = calloc(1, CRD_MAX_SMALL + 200);
	head(&bytes, 5, N_ITEMS, 0);
	text(&bytes, "ak");
	head(&bytes, 4, 3, 0);
	text(&bytes, VND "tpm2b-public");
	head(&bytes, 2, CRD_MAX_SMALL + 1, 2);
	memcpy(big, bytes.b, bytes.n);
	big[bytes.n + CRD_MAX_SMALL + 1] = 4;
	assert_int_equal(crd_evidence_decode(
				 (struct crd_buf){ big, CRD_MAX_SMALL + 200 },
				 &ev, NULL),
			 -E2BIG);
	free(big);
}

static void fill(struct crd_evidence *ev)
{
	struct crd_buf *const bufs[] = { &ev->attest,  &ev->signature,
					 &ev->ak,      &ev->ak_cert,
					 &ev->ek_cert, &ev->log_measurer,
					 &ev->log_tcg, &ev->log_ima };
	static const uint8_t claims[] = { 0xa1, 0x61, 'k', 0x61, 'v' };
	static uint8_t bytes[8][70000];
	struct crd_digest unused;

	memset(ev, 0, sizeof(*ev));
	for (size_t i = 0; i < 8; i++) {
		bytes[i][0] = (uint8_t)i;
		*bufs[i] = (struct crd_buf){ bytes[i], 20 + i * 50 };
	}
	ev->log_measurer.len = sizeof(bytes[0]);
	ev->claims = (struct crd_buf){ claims, sizeof(claims) };
	soft_pcrs(&ev->pcrs, CRD_ALG_SHA384, CRD_QUOTE_PCRS, CRD_ALG_SHA256,
		  &unused);
}

static bool same(struct crd_buf a, struct crd_buf b)
{
	return a.len == b.len && !memcmp(a.ptr, b.ptr, a.len);
}

static void test_round_trip(void **state)
{
	struct crd_evidence in, out;
	uint8_t *bytes, *again;
	size_t len, again_len;

	fill(&in);
	assert_int_equal(crd_evidence_encode(&in, &bytes, &len), 0);
	assert_int_equal(crd_evidence_decode((struct crd_buf){ bytes, len },
					     &out, NULL),
			 0);
	assert_true(same(in.attest, out.attest));
	assert_true(same(in.signature, out.signature));
	assert_true(same(in.ak, out.ak));
	assert_true(same(in.ak_cert, out.ak_cert));
	assert_true(same(in.ek_cert, out.ek_cert));
	assert_true(same(in.log_measurer, out.log_measurer));
	assert_true(same(in.log_tcg, out.log_tcg));
	assert_true(same(in.log_ima, out.log_ima));
	assert_true(same(in.claims, out.claims));
	assert_memory_equal(&in.pcrs, &out.pcrs, sizeof(in.pcrs));
	assert_true(out.attest.ptr > bytes && out.attest.ptr < bytes + len);
	assert_int_equal(crd_evidence_encode(&out, &again, &again_len), 0);
	assert_int_equal(again_len, len);
	assert_memory_equal(again, bytes, len);
	free(again);
	free(bytes);
}

static void test_round_trip_least(void **state)
{
	struct crd_evidence in, out;
	uint8_t *bytes;
	size_t len;

	fill(&in);
	in.ak_cert.ptr = in.ek_cert.ptr = in.log_measurer.ptr = NULL;
	in.log_tcg.ptr = in.log_ima.ptr = NULL;
	assert_int_equal(crd_evidence_encode(&in, &bytes, &len), 0);
	assert_int_equal(crd_evidence_decode((struct crd_buf){ bytes, len },
					     &out, NULL),
			 0);
	assert_null(out.ak_cert.ptr);
	assert_null(out.log_measurer.ptr);
	free(bytes);
}

static void test_encode_incomplete(void **state)
{
	struct crd_evidence in;
	uint8_t *bytes = NULL;
	size_t len;

	fill(&in);
	in.claims.ptr = NULL;
	assert_int_equal(crd_evidence_encode(&in, &bytes, &len), -EINVAL);
	fill(&in);
	in.pcrs.mask = 0;
	assert_int_equal(crd_evidence_encode(&in, &bytes, &len), -EINVAL);
	fill(&in);
	in.attest.ptr = NULL;
	assert_int_equal(crd_evidence_encode(&in, &bytes, &len), -EINVAL);
	fill(&in);
	in.ak.len = CRD_MAX_SMALL + 1;
	assert_int_equal(crd_evidence_encode(&in, &bytes, &len), -E2BIG);
	assert_null(bytes);
}

/* The encoder's bytes are those of this test's own encoder. */
static void test_encoding(void **state)
{
	struct soft_bytes wanted;
	struct crd_evidence ev;
	uint8_t *bytes;
	size_t len;

	bundle_of(&wanted, good_items, N_ITEMS);
	assert_int_equal(crd_evidence_decode(soft_buf(&wanted), &ev, NULL), 0);
	assert_int_equal(ev.pcrs.value[15].bytes[0], 15);
	assert_int_equal(crd_evidence_encode(&ev, &bytes, &len), 0);
	assert_int_equal(len, wanted.n);
	assert_memory_equal(bytes, wanted.b, len);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_members_left_out),
		cmocka_unit_test(test_members_misplaced),
		cmocka_unit_test(test_members_bent),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_pcr_values),
		cmocka_unit_test(test_flips_never_crash),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_round_trip_least),
		cmocka_unit_test(test_encode_incomplete),
		cmocka_unit_test(test_encoding),
	};

	return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
