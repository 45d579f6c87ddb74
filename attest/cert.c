// SPDX-License-Identifier: Apache-2.0
/*
 * cert - an X.509 certificate (RFC 5280, section 4.1) as a name and a key. It
 * is trusted because a policy names it, so only what names the key and the key
 * itself are read; the key is built from raw numbers, as in key.c.
 */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "attest_private.h"
#include "bounds.h"
#include "der.h"
#include "reader.h"

/* Object identifiers, as their DER values. */
#define OID(bytes)                                          \
	{                                                   \
		(const uint8_t *)(bytes), sizeof(bytes) - 1 \
	}
static const struct crd_buf oid_rsa =
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");
static const struct crd_buf oid_ec = OID("\x2a\x86\x48\xce\x3d\x02\x01");
static const struct crd_buf oid_key_id = OID("\x55\x1d\x0e");
static const struct crd_buf oid_common_name = OID("\x55\x04\x03");

static const struct curve {
	struct crd_buf oid;
	size_t size; /* bytes of a coordinate */
	const char *group;
} curves[] = {
	{ OID("\x2a\x86\x48\xce\x3d\x03\x01\x07"), 32, "P-256" },
	{ OID("\x2b\x81\x04\x00\x22"), 48, "P-384" },
	{ OID("\x2b\x81\x04\x00\x23"), 66, "P-521" },
};

static int read_rsa(struct crd_buf bits, struct crd_cert *cert)
{
	struct crd_der d = der_of(bits);
	struct crd_der key = der_enter(&d, DER_SEQUENCE);
	struct crd_buf n = crd_der_unsigned(&key), e = crd_der_unsigned(&key);
	unsigned int exponent = 0;
	size_t i;

	if (!der_end(&d) || !der_end(&key) || e.len > sizeof(exponent))
		return -EBADMSG;
	for (i = 0; i < e.len; i++)
		exponent = exponent << 8 | e.ptr[i];
	cert->type = CRD_TPM_RSA;
	return crd_key_rsa(n, exponent, &cert->key);
}

static int read_ec(struct crd_buf curve, struct crd_buf point,
		   struct crd_cert *cert)
{
	size_t i;

	for (i = 0; i < sizeof(curves) / sizeof(*curves); i++) {
		if (!crd_buf_equal(curve, curves[i].oid))
			continue;
		if (point.len != 1 + 2 * curves[i].size)
			return -EBADMSG;
		cert->type = CRD_TPM_ECC;
		return crd_key_ec(curves[i].group, point, &cert->key);
	}
	return -EOPNOTSUPP;
}

/* SubjectPublicKeyInfo (4.1.2.7; RFC 3279, 2.3) */
static int read_key(struct crd_der *tbs, struct crd_cert *cert)
{
	struct crd_der info = der_enter(tbs, DER_SEQUENCE);
	struct crd_der alg = der_enter(&info, DER_SEQUENCE);
	struct crd_buf oid = der_take(&alg, DER_OID);
	struct crd_buf bits = der_take(&info, DER_BIT_STRING);

	/* whole bytes: the first says how many bits of the last do not count */
	if (!der_end(&info) || alg.failed || !bits.len || bits.ptr[0])
		return -EBADMSG;
	bits.ptr++;
	bits.len--;
	if (crd_buf_equal(oid, oid_rsa))
		return read_rsa(bits, cert);
	if (crd_buf_equal(oid, oid_ec))
		return read_ec(der_take(&alg, DER_OID), bits, cert);
	return -EOPNOTSUPP;
}

/* Extensions (4.2), for the one that names the key (4.2.1.2) */
static bool read_extensions(struct crd_der *tbs, struct crd_cert *cert)
{
	struct crd_der tagged = der_enter(tbs, DER_CONTEXT(3));
	struct crd_der list = der_enter(&tagged, DER_SEQUENCE);

	while (list.left.len && !list.failed) {
		struct crd_der ext = der_enter(&list, DER_SEQUENCE);
		struct crd_buf oid = der_take(&ext, DER_OID);
		struct crd_der value;

		der_skip(&ext, DER_BOOLEAN);
		value = der_enter(&ext, DER_OCTET_STRING);
		if (!der_end(&ext))
			return false;
		if (!crd_buf_equal(oid, oid_key_id))
			continue;
		if (cert->key_id.ptr)
			return false;
		cert->key_id = der_take(&value, DER_OCTET_STRING);
		if (!der_end(&value) || !cert->key_id.len)
			return false;
	}
	return der_end(&tagged) && der_end(&list);
}

/* TBSCertificate (4.1.2) */
static int read_tbs(struct crd_der *tbs, struct crd_cert *cert)
{
	struct crd_buf value;
	int ret;

	der_skip(tbs, DER_CONTEXT(0)); /* version */
	cert->serial = der_take(tbs, DER_INTEGER);
	der_take(tbs, DER_SEQUENCE); /* of the issuer's signature */
	cert->issuer = crd_der_element(tbs, DER_SEQUENCE, &value);
	der_take(tbs, DER_SEQUENCE); /* validity */
	cert->subject = crd_der_element(tbs, DER_SEQUENCE, &value);
	ret = read_key(tbs, cert);
	if (ret)
		return ret;
	der_skip(tbs, DER_CONTEXT_PRIM(1)); /* unique identifiers */
	der_skip(tbs, DER_CONTEXT_PRIM(2));
	if (der_peek(tbs) && !read_extensions(tbs, cert))
		return -EBADMSG;
	return der_end(tbs) && cert->serial.len ? 0 : -EBADMSG;
}

static int read_cert(struct crd_cert *cert)
{
	struct crd_der d = der_of(cert->whole);
	struct crd_der outer = der_enter(&d, DER_SEQUENCE);
	struct crd_der tbs = der_enter(&outer, DER_SEQUENCE);

	der_take(&outer, DER_SEQUENCE);
	der_take(&outer, DER_BIT_STRING);
	if (!der_end(&d) || !der_end(&outer))
		return -EBADMSG;
	return read_tbs(&tbs, cert);
}

int crd_cert_parse(struct crd_buf der, struct crd_cert *ret_cert,
		   struct crd_error *err)
{
	struct crd_cert cert = { 0 };
	int ret;

	if (der.len > CRD_MAX_CERT)
		return crd_fail(err, -E2BIG, 0,
				"a certificate is %zu bytes, over %d", der.len,
				CRD_MAX_CERT);
	cert.der = malloc(der.len + 1);
	if (!cert.der)
		return -ENOMEM;
	if (der.len)
		memcpy(cert.der, der.ptr, der.len);
	cert.whole = (struct crd_buf){ cert.der, der.len };
	ret = read_cert(&cert);
	if (!ret) {
		*ret_cert = cert;
		return 0;
	}
	crd_cert_done(&cert);
	if (ret == -EOPNOTSUPP)
		return crd_fail(
			err, ret, 0,
			"the certificate's key is neither RSA nor on P-256, P-384 or P-521");
	if (ret == -EBADMSG)
		crd_fail(
			err, ret, 0,
			"not a certificate, or its key is malformed or weak (RSA below 2048 bits)");
	return ret;
}

void crd_cert_done(struct crd_cert *cert)
{
	EVP_PKEY_free(cert->key);
	free(cert->der);
	memset(cert, 0, sizeof(*cert));
}

static bool set_up(const struct crd_cert *cert, EVP_PKEY_CTX *ctx,
		   uint16_t hash)
{
	if (EVP_PKEY_verify_init(ctx) != 1)
		return false;
	if (cert->type == CRD_TPM_RSA &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1)
		return false;
	return EVP_PKEY_CTX_set_signature_md(ctx, crd_alg_md(hash)) == 1;
}

int crd_cert_verify(const struct crd_cert *cert, struct crd_buf signature,
		    const struct crd_digest *digest)
{
	EVP_PKEY_CTX *ctx;
	int ret;

	ERR_clear_error();
	ctx = EVP_PKEY_CTX_new_from_pkey(crd_libctx(), cert->key, NULL);
	if (!ctx || !set_up(cert, ctx, digest->alg)) {
		EVP_PKEY_CTX_free(ctx);
		return crd_crypto_error(-EIO);
	}
	ret = EVP_PKEY_verify(ctx, signature.ptr, signature.len, digest->bytes,
			      digest->len);
	EVP_PKEY_CTX_free(ctx);
	return ret == 1 ? 1 : crd_crypto_error(0);
}

/* Name (4.1.2.4): the last common name is the most particular one. */
struct crd_buf crd_common_name(struct crd_buf name)
{
	struct crd_buf found = { NULL, 0 };
	struct crd_der d = der_of(name);
	struct crd_der rdns = der_enter(&d, DER_SEQUENCE);

	while (der_peek(&rdns)) {
		struct crd_der rdn = der_enter(&rdns, DER_SET);

		while (der_peek(&rdn)) {
			struct crd_der pair = der_enter(&rdn, DER_SEQUENCE);
			struct crd_buf oid = der_take(&pair, DER_OID);
			struct crd_buf text;

			crd_der_element(&pair, der_peek(&pair), &text);
			if (!pair.failed && crd_buf_equal(oid, oid_common_name))
				found = text;
		}
	}
	return found;
}
