// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_quote - u16 length and TPM2B_PUBLIC, u16 length and TPMS_ATTEST, the
 * rest TPMT_SIGNATURE. Checked as it is; then the statement once more under a
 * signature made for it, so that what lies behind the signature is reached.
 */
#include "attest/reader.h"
#include "tests/unit/soft_ak.h"

static struct soft_ak soft;
static struct crd_ak *trusted;
static const uint8_t nonce[32] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
				   11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
				   22, 23, 24, 25, 26, 27, 28, 29, 30, 31 };

static void need(int good)
{
	if (!good)
		abort();
}

/* A genuine quote says what was asked, in the bytes themselves. */
static void check(const struct crd_ak *ak, struct crd_buf attest,
		  struct crd_buf sig)
{
	const struct crd_quote_expect expect = {
		.qualifying = { nonce, sizeof(nonce) },
		.pcrs = CRD_QUOTE_PCRS,
	};
	enum crd_reason reason = CRD_REASON_MAX;
	struct crd_digest digest;
	struct crd_quote quote;
	struct crd_error err;
	struct crd_pcrs pcrs;
	int ret;

	soft_pcrs(&pcrs, CRD_ALG_SHA256, CRD_QUOTE_PCRS, CRD_ALG_SHA256,
		  &digest);
	ret = crd_quote_check(ak, attest, sig, &expect, &pcrs, &quote, &reason,
			      &err);
	need(!ret == (reason != CRD_REASON_MALFORMED));
	if (ret || reason != CRD_REASON_NONE)
		return;
	need(!memcmp(attest.ptr, "\xff\x54\x43\x47\x80\x18", 6));
	need(crd_buf_equal(quote.extra, expect.qualifying));
	need(quote.pcrs == CRD_QUOTE_PCRS && quote.bank == CRD_ALG_SHA256);
	need(quote.pcr_digest.ptr + quote.pcr_digest.len ==
	     attest.ptr + attest.len);
}

static void set_up(void)
{
	struct soft_bytes public;

	soft_ak_new(&soft, SOFT_P256);
	soft_ak_public(&soft, &public);
	need(!crd_ak_parse(soft_buf(&public), &trusted, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crd_buf public, attest, sig;
	struct soft_bytes made;
	struct crd_reader r;
	struct crd_error err;
	struct crd_ak *ak = NULL;

	if (!trusted)
		set_up();
	rd_init(&r, (struct crd_buf){ data, size }, 0);
	public = rd_tpm2b(&r);
	attest = rd_tpm2b(&r);
	sig = rd_take(&r, rd_left(&r));
	if (!crd_ak_parse(public, &ak, &err)) {
		need(crd_ak_name(ak).len > 2 && crd_ak_kind(ak));
		crd_ak_attributes_fault(ak);
		check(ak, attest, sig);
		crd_ak_free(&ak);
	}
	check(trusted, attest, sig);
	soft_ak_sign(&soft, attest, &made);
	check(trusted, attest, soft_buf(&made));
	return 0;
}
