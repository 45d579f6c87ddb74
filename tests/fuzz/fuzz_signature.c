// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_signature - u16 length and a certificate, the rest a PKCS#7 signature.
 * Checked as they are; then the certificate's own parts are put where the
 * signature names its key, so that what lies behind that is reached.
 */
#include <errno.h>

#include "attest/reader.h"
#include "credence.h"
#include "tests/unit/soft_signer.h"

static struct soft_signer soft;
static struct crd_digest digests[2];

static void need(int good)
{
	if (!good)
		abort();
}

static void inside(struct crd_buf part, struct crd_buf whole)
{
	need(!part.ptr || (part.ptr >= whole.ptr &&
			   part.ptr + part.len <= whole.ptr + whole.len));
}

static enum crd_signed check(const struct crd_signature *sig,
			     const struct crd_cert *certs, size_t n)
{
	enum crd_signed result = CRD_SIGNED_MAX;
	size_t at = n;

	need(!crd_signature_check(sig, digests, 2, certs, n, &result, &at));
	need(result > CRD_SIGNED_UNSEEN && result < CRD_SIGNED_MAX);
	need((result == CRD_SIGNED_VALID) == (at < n));
	return result;
}

static void set_up(void)
{
	soft_signer_of(&soft, EVP_EC_gen("P-256"), "Fuzz", 1);
	digests[0] = soft_digest(CRD_ALG_SHA256, "payload", 7);
	digests[1] = soft_digest(CRD_ALG_SHA384, "payload", 7);
}

/* Whatever it says of itself, this key has not signed. */
static void check_soft(struct crd_signature sig)
{
	if (sig.issuer.ptr) {
		sig.issuer = soft.trusted.issuer;
		sig.serial = soft.trusted.serial;
	} else {
		sig.key_id = soft.trusted.key_id;
	}
	need(check(&sig, &soft.trusted, 1) != CRD_SIGNED_VALID);
	if (sig.attributes.ptr)
		need(sig.message_digest.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crd_signature sig = { 0 };
	struct crd_cert cert = { 0 };
	struct crd_buf der, pkcs7;
	struct crd_error err;
	struct crd_reader r;
	int ret;

	if (!soft.key)
		set_up();
	rd_init(&r, (struct crd_buf){ data, size }, 0);
	der = rd_tpm2b(&r);
	pkcs7 = rd_take(&r, rd_left(&r));
	ret = crd_signature_parse(pkcs7, &sig, &err);
	need(!ret || ret == -EBADMSG || ret == -E2BIG || ret == -EOPNOTSUPP);
	if (!ret) {
		inside(sig.issuer, pkcs7);
		inside(sig.serial, pkcs7);
		inside(sig.key_id, pkcs7);
		inside(sig.attributes, pkcs7);
		inside(sig.message_digest, pkcs7);
		inside(sig.value, pkcs7);
		need(!sig.issuer.ptr != !sig.key_id.ptr);
		inside(crd_common_name(sig.issuer), pkcs7);
		check_soft(sig);
	}
	if (crd_cert_parse(der, &cert, &err))
		return 0;
	inside(crd_common_name(cert.subject), cert.whole);
	if (!ret)
		check(&sig, &cert, 1);
	crd_cert_done(&cert);
	return 0;
}
