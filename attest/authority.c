// SPDX-License-Identifier: Apache-2.0
/*
 * authority - who signed a manifest: a detached CMS signature (RFC 5652),
 * checked by OpenSSL, with a chain of X.509 certificates (RFC 5280) up to a
 * pinned one.
 *
 * signature.c reads the same format and is another job. There a kernel's
 * module was signed, of which only a digest is known, by a certificate that
 * the policy names itself, whose dates and issuer nobody looks at, as the
 * kernel does not; 200 of them are looked at in a verdict. Here the bytes are
 * at hand, and what counts is all that X.509 has to say: chain, dates, usages.
 * That is OpenSSL's work. What it is given is walked through before, so that
 * it sees nothing but SignedData, in DER, within limits.
 */
#include "authority.h"

#include <errno.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "authority_private.h"
#include "der.h"
#include "reader.h"
#include "text_private.h"

static const uint8_t oid_signed_data[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
static const uint8_t oid_data[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";

static bool is_oid(struct crd_buf oid, const uint8_t *want, size_t n)
{
	return crd_buf_equal(oid, (struct crd_buf){ want, n - 1 });
}

static unsigned int count(struct crd_der *d, uint8_t tag, unsigned int max)
{
	unsigned int n = 0;

	while (der_peek(d) && n <= max) {
		der_take(d, tag);
		n++;
	}
	return d->failed ? max + 1 : n;
}

/* SignedData (RFC 5652, 5.1). NULL, or what is not as it should be. */
static const char *door_signed_data(struct crd_der *data)
{
	int version = crd_der_small(data);
	struct crd_der content, list;

	der_take(data, DER_SET);
	content = der_enter(data, DER_SEQUENCE);
	if (data->failed || (version != 1 && version != 3) ||
	    !is_oid(der_take(&content, DER_OID), oid_data, sizeof(oid_data)))
		return "is malformed";
	if (!der_end(&content))
		return "carries what it signs; a detached one is needed";
	if (der_peek(data) == DER_CONTEXT(0)) {
		list = der_enter(data, DER_CONTEXT(0));
		if (count(&list, DER_SEQUENCE, CRD_MAX_SIGNER_CERTS) >
		    CRD_MAX_SIGNER_CERTS)
			return "brings too many certificates, or malformed ones";
	}
	if (der_peek(data) == DER_CONTEXT(1))
		return "brings revocation lists, which are not supported";
	list = der_enter(data, DER_SET);
	if (!der_end(data))
		return "is malformed";
	if (count(&list, DER_SEQUENCE, 1) != 1)
		return "has not exactly one signer";
	return NULL;
}

/* OpenSSL takes other forms and other contents as well; we do not. */
static const char *door(struct crd_buf cms)
{
	static const char pem[] = "-----BEGIN";
	struct crd_der d = der_of(cms);
	struct crd_der info = der_enter(&d, DER_SEQUENCE);
	struct crd_buf type = der_take(&info, DER_OID);
	struct crd_der tagged = der_enter(&info, DER_CONTEXT(0));
	struct crd_der data = der_enter(&tagged, DER_SEQUENCE);

	if (!cms.len)
		return "is empty";
	if (cms.len > sizeof(pem) && !memcmp(cms.ptr, pem, sizeof(pem) - 1))
		return "is PEM; DER is needed (openssl cms -outform DER)";
	if (cms.len > CRD_MAX_CMS)
		return "is over 64 KiB";
	if (d.failed || info.failed)
		return "is cut short, or no DER";
	if (!der_end(&d))
		return "has something behind its end";
	if (!is_oid(type, oid_signed_data, sizeof(oid_signed_data)) ||
	    !der_end(&info) || !der_end(&tagged) || data.failed)
		return "is no CMS SignedData";
	return door_signed_data(&data);
}

static int say(const struct crd_check *c, enum crd_seal_fault fault,
	       const char *text)
{
	ERR_clear_error();
	*c->ret_fault = fault;
	return crd_fail(c->err, 0, 0, "%s", text);
}

static int parse(struct crd_check *c, struct crd_buf cms)
{
	const unsigned char *at = cms.ptr;
	const char *fault = door(cms);
	char text[128];

	if (!fault) {
		c->cms = CMS_ContentInfo_new_ex(crd_libctx(), NULL);
		if (!c->cms)
			return crd_crypto_error(-ENOMEM);
		if (!d2i_CMS_ContentInfo(&c->cms, &at, (long)cms.len)) {
			c->cms = NULL; /* freed by that */
			if (crd_crypto_error(0))
				return -ENOMEM;
			fault = "is malformed";
		}
	}
	if (!fault)
		return 0;
	snprintf(text, sizeof(text), "the signature %s", fault);
	return say(c, CRD_SEAL_MALFORMED, text);
}

/* Hash and scheme of the one signature. NULL: good. */
static const char *weak_signature(CMS_SignerInfo *info,
				  struct crd_signed_by *by)
{
	X509_ALGOR *digest, *scheme;
	const ASN1_OBJECT *oid;
	const char *name = "";
	int nid;

	CMS_SignerInfo_get0_algs(info, NULL, NULL, &digest, &scheme);
	X509_ALGOR_get0(&oid, NULL, NULL, digest);
	switch (OBJ_obj2nid(oid)) {
	case NID_sha256:
		name = "sha256";
		break;
	case NID_sha384:
		name = "sha384";
		break;
	case NID_sha512:
		name = "sha512";
		break;
	default:
		return "the signature is over a weak or unknown hash; SHA-256, SHA-384 or SHA-512 is needed";
	}
	strcpy(by->hash, name);
	X509_ALGOR_get0(&oid, NULL, NULL, scheme);
	nid = OBJ_obj2nid(oid);
	if (nid == NID_rsaEncryption || nid == NID_sha256WithRSAEncryption ||
	    nid == NID_sha384WithRSAEncryption ||
	    nid == NID_sha512WithRSAEncryption ||
	    nid == NID_ecdsa_with_SHA256 || nid == NID_ecdsa_with_SHA384 ||
	    nid == NID_ecdsa_with_SHA512)
		return NULL;
	return "the signature is of no supported kind: RSA (PKCS #1 v1.5) or ECDSA, over SHA-256, SHA-384 or SHA-512";
}

/* Also fills in what kind of key it is. NULL: good. */
static const char *weak_key(X509 *cert, struct crd_signed_by *by)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	char group[32];
	int bits;

	if (key && EVP_PKEY_is_a(key, "RSA")) {
		bits = EVP_PKEY_get_bits(key);
		snprintf(by->key, sizeof(by->key), "RSA-%d", bits);
		if (bits < 2048 || bits > 8192)
			return "the signer's RSA key has fewer than 2048 or more than 8192 bits";
		return NULL;
	}
	if (key && EVP_PKEY_is_a(key, "EC") &&
	    EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1) {
		const char *curve = EC_curve_nid2nist(OBJ_sn2nid(group));

		if (curve &&
		    (!strcmp(curve, "P-256") || !strcmp(curve, "P-384") ||
		     !strcmp(curve, "P-521"))) {
			strcpy(by->key, curve);
			return NULL;
		}
	}
	return "the signer's key is neither RSA nor on P-256, P-384 or P-521";
}

static const char *wrong_usage(X509 *cert)
{
	uint32_t flags = X509_get_extension_flags(cert);

	if (flags & EXFLAG_INVALID)
		return "the signer's certificate has malformed extensions";
	if (!(flags & EXFLAG_KUSAGE) ||
	    !(X509_get_key_usage(cert) & KU_DIGITAL_SIGNATURE))
		return "the signer's certificate is not for signatures: its key usage must have digitalSignature";
	if (!(flags & EXFLAG_XKUSAGE) ||
	    !(X509_get_extended_key_usage(cert) & XKU_CODE_SIGN))
		return "the signer's certificate is not for policies: its extended key usage must have codeSigning";
	return NULL;
}

/* What the certificate is, whoever it is from. */
static int describe(X509 *cert, struct crd_signed_by *by)
{
	by->fingerprint.alg = CRD_ALG_SHA256;
	by->fingerprint.len = 32;
	if (X509_digest(cert, crd_alg_md(CRD_ALG_SHA256), by->fingerprint.bytes,
			NULL) != 1)
		return crd_crypto_error(-EIO);
	if (!crd_x509_time(X509_get0_notBefore(cert), &by->from) ||
	    !crd_x509_time(X509_get0_notAfter(cert), &by->until))
		return -EBADMSG;
	return crd_x509_subject(cert, by->subject);
}

/* OpenSSL finds the signer's certificate: one it brings, or a pinned one. */
static int find_signer(struct crd_check *c)
{
	STACK_OF(CMS_SignerInfo) * infos;

	CMS_set1_signers_certs(c->cms, c->anchors ? c->anchors->certs : NULL,
			       0);
	infos = CMS_get0_SignerInfos(c->cms);
	if (!infos || sk_CMS_SignerInfo_num(infos) != 1)
		return say(c, CRD_SEAL_MALFORMED,
			   "the signature has not exactly one signer");
	c->info = sk_CMS_SignerInfo_value(infos, 0);
	CMS_SignerInfo_get0_algs(c->info, NULL, &c->signer, NULL, NULL);
	if (!c->signer)
		return say(
			c, CRD_SEAL_STRANGER,
			"the signature does not bring its signer's certificate, and the authority's own is not that");
	return 0;
}

/*
 * CMS_verify() makes a BIO of its own over one that is memory, and loses it if
 * a signature names no hash that it knows. So this does not look like memory.
 */
static BIO *content_bio(struct crd_buf manifest)
{
	BIO *memory = BIO_new_mem_buf(manifest.ptr, (int)manifest.len);
	BIO *filter = BIO_new(BIO_f_null());

	if (memory && filter)
		return BIO_push(filter, memory);
	BIO_free(memory);
	BIO_free(filter);
	return NULL;
}

static int check_signature(struct crd_check *c, struct crd_buf manifest)
{
	BIO *content = content_bio(manifest);
	int good;

	if (!content)
		return crd_crypto_error(-ENOMEM);
	good = CMS_verify(
		c->cms, c->anchors ? c->anchors->certs : NULL, NULL, content,
		NULL, CMS_DETACHED | CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY);
	BIO_free_all(content);
	if (good == 1)
		return 0;
	if (crd_crypto_error(0))
		return -ENOMEM;
	return say(
		c, CRD_SEAL_WRONG,
		"the signature does not fit the manifest: one of them was changed, or belongs to another");
}

/* All there is to the signature itself; then whose it is. */
static int check(struct crd_check *c, struct crd_buf manifest,
		 struct crd_buf cms)
{
	const char *fault;
	int ret = parse(c, cms);

	if (!ret && !*c->ret_fault)
		ret = find_signer(c);
	if (ret || *c->ret_fault)
		return ret;
	ret = describe(c->signer, &c->by);
	if (ret == -EBADMSG)
		return say(c, CRD_SEAL_MALFORMED,
			   "the signer's certificate is malformed");
	if (ret)
		return ret;
	fault = weak_signature(c->info, &c->by);
	if (!fault)
		fault = weak_key(c->signer, &c->by);
	if (fault)
		return say(c, CRD_SEAL_WEAK, fault);
	ret = check_signature(c, manifest);
	if (ret || *c->ret_fault)
		return ret;
	fault = wrong_usage(c->signer);
	if (fault)
		return say(c, CRD_SEAL_USAGE, fault);
	return crd_chain_check(c);
}

int crd_authority_check(const struct crd_anchors *anchors,
			struct crd_buf manifest, struct crd_buf cms,
			int64_t now, struct crd_signed_by *ret_by,
			enum crd_seal_fault *ret_fault, struct crd_error *err)
{
	struct crd_check c = { .anchors = anchors,
			       .now = now,
			       .ret_fault = ret_fault,
			       .err = err };
	int ret;

	*ret_fault = CRD_SEAL_GOOD;
	if (manifest.len > CRD_MAX_MANIFEST)
		return say(&c, CRD_SEAL_MALFORMED, "the manifest is too long");
	if (!crd_libctx())
		return -EIO;
	ret = check(&c, manifest, cms);
	CMS_ContentInfo_free(c.cms);
	ERR_clear_error();
	if (!ret && !*ret_fault)
		*ret_by = c.by;
	return ret;
}
