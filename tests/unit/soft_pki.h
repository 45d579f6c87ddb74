/* SPDX-License-Identifier: Apache-2.0 */
/*
 * soft_pki - authorities and signers in software, for tests: certificates with
 * what they may and may not, and CMS signatures over texts.
 */
#ifndef SOFT_PKI_H
#define SOFT_PKI_H

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "soft_ak.h"

#define PKI_FROM  1767225600 /* 2026-01-01 */
#define PKI_UNTIL 1798761600 /* 2027-01-01 */
#define PKI_NOW	  1780000000 /* in between */

struct pki_cert {
	EVP_PKEY *key;
	X509 *cert;
};

struct pki_want {
	const char *name;
	const struct pki_cert *issuer; /* NULL: itself */
	const char *usage;	       /* NULL: no such extension */
	const char *purpose;
	const char *basic;
	EVP_PKEY *key; /* NULL: P-256 */
	const EVP_MD *md;
	time_t from, until; /* 0: PKI_FROM, PKI_UNTIL */
};

#define PKI_SIGNER .usage = "digitalSignature", .purpose = "codeSigning"
#define PKI_CA	   .usage = "keyCertSign,cRLSign", .basic = "critical,CA:TRUE"

static inline void pki_extension(X509 *cert, const struct pki_want *w, int nid,
				 const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;

	if (!value)
		return;
	X509V3_set_ctx(&ctx, w->issuer ? w->issuer->cert : cert, cert, NULL,
		       NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	soft_check(ext && X509_add_ext(cert, ext, -1) == 1, value);
	X509_EXTENSION_free(ext);
}

static inline struct pki_cert pki_make(struct pki_want w)
{
	static long serial = 1;
	struct pki_cert c = { w.key ? w.key : EVP_EC_gen("P-256"), X509_new() };
	X509_NAME *name = X509_get_subject_name(c.cert);

	soft_check(c.key && c.cert, "pki_make");
	X509_set_version(c.cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(c.cert), serial++);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
				   (const unsigned char *)w.name, -1, -1, 0);
	X509_set_issuer_name(c.cert,
			     w.issuer ? X509_get_subject_name(w.issuer->cert) :
					name);
	ASN1_TIME_set(X509_getm_notBefore(c.cert), w.from ? w.from : PKI_FROM);
	ASN1_TIME_set(X509_getm_notAfter(c.cert),
		      w.until ? w.until : PKI_UNTIL);
	X509_set_pubkey(c.cert, c.key);
	pki_extension(c.cert, &w, NID_basic_constraints, w.basic);
	pki_extension(c.cert, &w, NID_key_usage, w.usage);
	pki_extension(c.cert, &w, NID_ext_key_usage, w.purpose);
	pki_extension(c.cert, &w, NID_subject_key_identifier, "hash");
	soft_check(X509_sign(c.cert, w.issuer ? w.issuer->key : c.key,
			     w.md ? w.md : EVP_sha256()) > 0,
		   "X509_sign");
	return c;
}

static inline void pki_drop(struct pki_cert *c)
{
	X509_free(c->cert);
	EVP_PKEY_free(c->key);
}

/* What is made is freed with OPENSSL_free(). */
static inline struct crd_buf pki_der(CMS_ContentInfo *cms)
{
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);

	soft_check(n > 0, "i2d_CMS_ContentInfo");
	return (struct crd_buf){ der, (size_t)n };
}

static inline CMS_ContentInfo *pki_begin(void)
{
	CMS_ContentInfo *cms =
		CMS_sign(NULL, NULL, NULL, NULL,
			 CMS_PARTIAL | CMS_DETACHED | CMS_BINARY);

	soft_check(cms != NULL, "CMS_sign");
	return cms;
}

static inline void pki_end(CMS_ContentInfo *cms, struct crd_buf text,
			   unsigned int flags)
{
	BIO *bio = BIO_new_mem_buf(text.ptr, (int)text.len);

	soft_check(CMS_final(cms, bio, NULL, flags | CMS_BINARY) == 1,
		   "CMS_final");
	BIO_free(bio);
}

/* One signer; between may be NULL. */
static inline struct crd_buf pki_sign(const struct pki_cert *signer,
				      const struct pki_cert *between,
				      const EVP_MD *md, unsigned int flags,
				      struct crd_buf text)
{
	CMS_ContentInfo *cms = pki_begin();
	struct crd_buf der;

	soft_check(CMS_add1_signer(cms, signer->cert, signer->key,
				   md ? md : EVP_sha256(),
				   flags | CMS_BINARY | CMS_NOSMIMECAP) != NULL,
		   "CMS_add1_signer");
	if (between)
		soft_check(CMS_add1_cert(cms, between->cert) == 1,
			   "CMS_add1_cert");
	pki_end(cms, text, CMS_DETACHED);
	der = pki_der(cms);
	CMS_ContentInfo_free(cms);
	return der;
}

/* The certificates as PEM, for crd_anchors_parse(). free() it. */
static inline char *pki_pem(const struct pki_cert *const *certs, size_t n)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *at, *pem;
	long len;
	size_t i;

	for (i = 0; i < n; i++)
		soft_check(PEM_write_bio_X509(bio, certs[i]->cert) == 1, "PEM");
	len = BIO_get_mem_data(bio, &at);
	pem = strndup(at, (size_t)len);
	BIO_free(bio);
	return pem;
}

#endif /* SOFT_PKI_H */
