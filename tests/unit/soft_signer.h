/* SPDX-License-Identifier: Apache-2.0 */
/*
 * soft_signer - a signer of modules in software, for tests: certificates as
 * the kernel's build makes them, and PKCS#7 signatures as its sign-file does,
 * or bent in one place. Written from RFC 5652, not from the code under test.
 */
#ifndef SOFT_SIGNER_H
#define SOFT_SIGNER_H

#include <openssl/x509v3.h>

#include "attest/attest_private.h"
#include "soft_ak.h"

#define OID_SIGNED_DATA	   "06092a864886f70d010702"
#define OID_DATA	   "06092a864886f70d010701"
#define OID_ENVELOPED	   "06092a864886f70d010703"
#define OID_CONTENT_TYPE   "06092a864886f70d010903"
#define OID_MESSAGE_DIGEST "06092a864886f70d010904"
#define OID_SIGNING_TIME   "06092a864886f70d010905"
#define ALG_SHA1	   "300706052b0e03021a"
#define ALG_SHA256	   "300b0609608648016503040201"
#define ALG_SHA256_NULL	   "300d06096086480165030402010500"
#define ALG_SHA384	   "300b0609608648016503040202"
#define ALG_SHA512	   "300b0609608648016503040203"
#define ALG_SHA3_256	   "300b0609608648016503040208"
#define ALG_RSA		   "300d06092a864886f70d0101010500"
#define ALG_RSA_SHA256	   "300d06092a864886f70d01010b0500"
#define ALG_RSA_SHA384	   "300d06092a864886f70d01010c0500"
#define ALG_RSA_PSS	   "300d06092a864886f70d01010a3000"
#define ALG_ECDSA_SHA256   "300a06082a8648ce3d040302"
#define ALG_ECDSA_SHA384   "300a06082a8648ce3d040303"
#define ALG_ED25519	   "300506032b6570"
#define ALG_ML_DSA_65	   "300b0609608648016503040312"

/* Appends a DER element around what is given. */
static inline void soft_der(struct soft_bytes *to, uint8_t tag,
			    const void *value, size_t n)
{
	soft_be(to, tag, 1);
	if (n >= 0x80 && n < 0x100)
		soft_be(to, 0x81, 1);
	if (n >= 0x100)
		soft_be(to, 0x82, 1);
	soft_be(to, n, n < 0x100 ? 1 : 2);
	soft_put(to, value, n);
}

static inline void soft_der_hex(struct soft_bytes *to, const char *hex)
{
	struct soft_bytes bytes;

	soft_hex(&bytes, hex);
	soft_put(to, bytes.b, bytes.n);
}

/* Puts an element's head in front of everything that is in `of`. */
static inline void soft_der_wrap(struct soft_bytes *of, uint8_t tag)
{
	struct soft_bytes inner = *of;

	of->n = 0;
	soft_der(of, tag, inner.b, inner.n);
}

struct soft_signer {
	EVP_PKEY *key;
	X509 *cert;
	bool rsa;
	struct crd_cert trusted; /* the same, parsed */
};

/* group NULL: RSA of so many bits; key_id: with subjectKeyIdentifier */
static inline X509 *soft_cert(EVP_PKEY *key, const char *name, long serial,
			      bool key_id)
{
	X509 *x = X509_new();
	X509_NAME *n = X509_get_subject_name(x);
	X509V3_CTX ctx;
	X509_EXTENSION *ext;

	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
	X509_NAME_add_entry_by_txt(n, "O", MBSTRING_UTF8,
				   (const unsigned char *)"Tests", -1, -1, 0);
	X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8,
				   (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(x, n);
	/* long over: the kernel does not look, nor do we */
	ASN1_TIME_set(X509_getm_notBefore(x), 0);
	ASN1_TIME_set(X509_getm_notAfter(x), 1);
	X509_set_pubkey(x, key);
	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	ext = key_id ? X509V3_EXT_conf_nid(NULL, &ctx,
					   NID_subject_key_identifier, "hash") :
		       NULL;
	if (ext)
		X509_add_ext(x, ext, -1);
	X509_EXTENSION_free(ext);
	soft_check(X509_sign(x, key,
			     EVP_PKEY_is_a(key, "ED25519") ? NULL :
							     EVP_sha256()) > 0,
		   "X509_sign");
	return x;
}

static inline void soft_cert_der(X509 *cert, struct soft_bytes *to)
{
	unsigned char *der = NULL;
	int n = i2d_X509(cert, &der);

	soft_check(n > 0, "i2d_X509");
	to->n = 0;
	soft_put(to, der, (size_t)n);
	OPENSSL_free(der);
}

static inline void soft_signer_of(struct soft_signer *s, EVP_PKEY *key,
				  const char *name, long serial)
{
	struct soft_bytes der;

	soft_check(key != NULL, "key generation");
	s->key = key;
	s->rsa = EVP_PKEY_is_a(key, "RSA");
	s->cert = soft_cert(key, name, serial, true);
	soft_cert_der(s->cert, &der);
	soft_check(!crd_cert_parse(soft_buf(&der), &s->trusted, NULL),
		   "crd_cert_parse");
}

static inline void soft_signer_done(struct soft_signer *s)
{
	crd_cert_done(&s->trusted);
	X509_free(s->cert);
	EVP_PKEY_free(s->key);
}

/* One signature with its parts at hand; hex texts are DER elements. */
struct soft_sig {
	const struct soft_signer *by;
	const char *payload; /* what was signed */
	uint16_t hash;
	bool by_key_id;
	bool attributes;
	/* to bend it; NULL and 0: as it should be */
	const char *type, *content, *set_hash, *info_hash, *scheme;
	const char *version, *info_version, *serial;
	const char *more_content, *certificates, *unsigned_attributes;
	const char *attribute_type; /* of the content-type attribute */
	const char *digest_of;	    /* the digest that attributes claim */
	const char *more_attribute;
	bool no_digest, no_type, twice, none;
	const char *tail, *data_tail, *info_tail;
};

static inline const char *soft_or(const char *bent, const char *straight)
{
	return bent ? bent : straight;
}

static inline const char *soft_hash_alg(uint16_t hash)
{
	return hash == CRD_ALG_SHA512 ? ALG_SHA512 :
	       hash == CRD_ALG_SHA384 ? ALG_SHA384 :
					ALG_SHA256;
}

static inline struct crd_digest soft_digest(uint16_t hash, const void *ptr,
					    size_t n)
{
	struct crd_buf part = { ptr, n };
	struct crd_digest d = { 0 };

	soft_check(!crd_hash(hash, &part, 1, &d), "crd_hash");
	return d;
}

static inline void soft_attribute(struct soft_bytes *to, const char *oid,
				  const struct soft_bytes *value)
{
	struct soft_bytes set = *value, attr = { .n = 0 };

	soft_der_wrap(&set, 0x31);
	soft_der_hex(&attr, oid);
	soft_put(&attr, set.b, set.n);
	soft_der(to, 0x30, attr.b, attr.n);
}

/* The attributes' bytes, without their own head. */
static inline void soft_attributes(const struct soft_sig *s,
				   struct soft_bytes *to)
{
	const char *of = soft_or(s->digest_of, s->payload);
	struct crd_digest d = soft_digest(s->hash, of, strlen(of));
	struct soft_bytes value = { .n = 0 };

	to->n = 0;
	if (!s->no_type) {
		soft_der_hex(&value, soft_or(s->attribute_type, OID_DATA));
		soft_attribute(to, OID_CONTENT_TYPE, &value);
	}
	if (!s->no_digest) {
		value.n = 0;
		soft_der(&value, 0x04, d.bytes, d.len);
		soft_attribute(to, OID_MESSAGE_DIGEST, &value);
	}
	if (s->more_attribute)
		soft_der_hex(to, s->more_attribute);
}

/* Signs the digest of those bytes as module signatures are made. */
static inline void soft_sign_bytes(const struct soft_sig *s, const void *ptr,
				   size_t n, struct soft_bytes *to)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	size_t len = SOFT_MAX;

	soft_check(EVP_DigestSignInit(md, NULL, crd_alg_md(s->hash), NULL,
				      s->by->key) == 1 &&
			   EVP_DigestSign(md, to->b, &len, ptr, n) == 1,
		   "EVP_DigestSign");
	EVP_MD_CTX_free(md);
	to->n = len;
}

static inline void soft_sid(const struct soft_sig *s, struct soft_bytes *to)
{
	const struct crd_cert *c = &s->by->trusted;
	struct soft_bytes sid = { .n = 0 };

	if (s->by_key_id) {
		soft_der(to, 0x80, c->key_id.ptr, c->key_id.len);
		return;
	}
	soft_put(&sid, c->issuer.ptr, c->issuer.len);
	if (s->serial)
		soft_der_hex(&sid, s->serial);
	else
		soft_der(&sid, 0x02, c->serial.ptr, c->serial.len);
	soft_der(to, 0x30, sid.b, sid.n);
}

static inline void soft_signer_info(const struct soft_sig *s,
				    struct soft_bytes *to)
{
	struct soft_bytes info = { .n = 0 }, attrs, set, value;

	soft_der_hex(&info, soft_or(s->info_version,
				    s->by_key_id ? "020103" : "020101"));
	soft_sid(s, &info);
	soft_der_hex(&info, soft_or(s->info_hash, soft_hash_alg(s->hash)));
	if (s->attributes) {
		soft_attributes(s, &attrs);
		set = attrs;
		soft_der_wrap(&set, 0x31);
		soft_sign_bytes(s, set.b, set.n, &value);
		soft_der(&info, 0xa0, attrs.b, attrs.n);
	} else {
		soft_sign_bytes(s, s->payload, strlen(s->payload), &value);
	}
	soft_der_hex(&info, soft_or(s->scheme, s->by->rsa ? ALG_RSA :
					       s->hash == CRD_ALG_SHA384 ?
							    ALG_ECDSA_SHA384 :
							    ALG_ECDSA_SHA256));
	soft_der(&info, 0x04, value.b, value.n);
	if (s->unsigned_attributes)
		soft_der_hex(&info, s->unsigned_attributes);
	if (s->info_tail)
		soft_der_hex(&info, s->info_tail);
	soft_der(to, 0x30, info.b, info.n);
}

static inline void soft_sig_make(const struct soft_sig *s,
				 struct soft_bytes *to)
{
	struct soft_bytes hashes = { .n = 0 }, content = { .n = 0 };
	struct soft_bytes infos = { .n = 0 };

	to->n = 0;
	soft_der_hex(to,
		     soft_or(s->version, s->by_key_id ? "020103" : "020101"));
	soft_der_hex(&hashes, soft_or(s->set_hash, soft_hash_alg(s->hash)));
	soft_der(to, 0x31, hashes.b, hashes.n);
	soft_der_hex(&content, soft_or(s->content, OID_DATA));
	if (s->more_content)
		soft_der_hex(&content, s->more_content);
	soft_der(to, 0x30, content.b, content.n);
	if (s->certificates)
		soft_der_hex(to, s->certificates);
	if (!s->none)
		soft_signer_info(s, &infos);
	if (s->twice)
		soft_signer_info(s, &infos);
	soft_der(to, 0x31, infos.b, infos.n);
	if (s->data_tail)
		soft_der_hex(to, s->data_tail);
	soft_der_wrap(to, 0x30);
	soft_der_wrap(to, 0xa0);
	content = *to;
	to->n = 0;
	soft_der_hex(to, soft_or(s->type, OID_SIGNED_DATA));
	soft_put(to, content.b, content.n);
	soft_der_wrap(to, 0x30);
	if (s->tail)
		soft_der_hex(to, s->tail);
}

#endif /* SOFT_SIGNER_H */
