// SPDX-License-Identifier: Apache-2.0
/*
 * signature - a module's appended signature: PKCS#7 SignedData (RFC 5652,
 * section 5), detached, with one signer, as the kernel's sign-file makes it.
 *
 * What was signed is not here, only its digest, which is all that is needed.
 * The signature names its key by issuer and serial number, or by key id; the
 * certificate itself comes from the policy. Those that a signature brings along
 * prove nothing and are passed over.
 */
#include <errno.h>
#include <string.h>

#include "attest_private.h"
#include "credence.h"
#include "der.h"
#include "reader.h"

#define OID(bytes)                                          \
	{                                                   \
		(const uint8_t *)(bytes), sizeof(bytes) - 1 \
	}
static const struct crd_buf oid_signed_data =
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02");
static const struct crd_buf oid_data =
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01");
static const struct crd_buf oid_content_type =
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03");
static const struct crd_buf oid_message_digest =
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04");

/* Hashes, and signatures with the hash that they go with (0: any). */
static const struct algorithm {
	struct crd_buf oid;
	uint16_t hash;
	uint16_t type; /* CRD_TPM_RSA, CRD_TPM_ECC; 0: this is a hash */
} algorithms[] = {
	{ OID("\x60\x86\x48\x01\x65\x03\x04\x02\x01"), CRD_ALG_SHA256, 0 },
	{ OID("\x60\x86\x48\x01\x65\x03\x04\x02\x02"), CRD_ALG_SHA384, 0 },
	{ OID("\x60\x86\x48\x01\x65\x03\x04\x02\x03"), CRD_ALG_SHA512, 0 },
	{ OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"), 0, CRD_TPM_RSA },
	{ OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"), CRD_ALG_SHA256,
	  CRD_TPM_RSA },
	{ OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c"), CRD_ALG_SHA384,
	  CRD_TPM_RSA },
	{ OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d"), CRD_ALG_SHA512,
	  CRD_TPM_RSA },
	{ OID("\x2a\x86\x48\xce\x3d\x04\x03\x02"), CRD_ALG_SHA256,
	  CRD_TPM_ECC },
	{ OID("\x2a\x86\x48\xce\x3d\x04\x03\x03"), CRD_ALG_SHA384,
	  CRD_TPM_ECC },
	{ OID("\x2a\x86\x48\xce\x3d\x04\x03\x04"), CRD_ALG_SHA512,
	  CRD_TPM_ECC },
};

/*
 * AlgorithmIdentifier without parameters, or with NULL: those that are known
 * here have no others. *ret_alg NULL: one that is not known.
 */
static bool read_algorithm(struct crd_der *d, const struct algorithm **ret_alg)
{
	struct crd_der alg = der_enter(d, DER_SEQUENCE);
	struct crd_buf oid = der_take(&alg, DER_OID);
	size_t i;

	*ret_alg = NULL;
	if (alg.failed)
		return false;
	for (i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++) {
		if (crd_buf_equal(algorithms[i].oid, oid))
			*ret_alg = &algorithms[i];
	}
	if (!*ret_alg)
		return true;
	if (der_peek(&alg) == DER_NULL && der_take(&alg, DER_NULL).len)
		return false;
	return der_end(&alg);
}

/* SignerIdentifier (5.3); the version says which it is. */
static void read_signer_id(struct crd_der *info, struct crd_signature *sig,
			   int version)
{
	struct crd_der both;
	struct crd_buf value;

	if (version == 3) {
		sig->key_id = der_take(info, DER_CONTEXT_PRIM(0));
		info->failed |= !sig->key_id.len;
		return;
	}
	both = der_enter(info, DER_SEQUENCE);
	sig->issuer = crd_der_element(&both, DER_SEQUENCE, &value);
	sig->serial = der_take(&both, DER_INTEGER);
	info->failed |= !der_end(&both) || !sig->serial.len;
}

/* The one value of an attribute, which may stand there once. */
static bool take_one(struct crd_buf oid, struct crd_buf wanted,
		     struct crd_der *values, uint8_t tag, struct crd_buf *to)
{
	if (!crd_buf_equal(oid, wanted))
		return true;
	if (to->ptr)
		return false;
	*to = der_take(values, tag);
	return der_end(values) && to->len;
}

/* SignedAttributes (5.3; 11.1 and 11.2): content type and digest must be. */
static bool read_attributes(struct crd_der *info, struct crd_signature *sig)
{
	struct crd_buf value, type = { NULL, 0 };
	struct crd_der list;

	sig->attributes = crd_der_element(info, DER_CONTEXT(0), &value);
	list = der_of(value);
	while (der_peek(&list)) {
		struct crd_der attr = der_enter(&list, DER_SEQUENCE);
		struct crd_buf oid = der_take(&attr, DER_OID);
		struct crd_der values = der_enter(&attr, DER_SET);

		if (!der_end(&attr) ||
		    !take_one(oid, oid_content_type, &values, DER_OID, &type) ||
		    !take_one(oid, oid_message_digest, &values,
			      DER_OCTET_STRING, &sig->message_digest))
			return false;
	}
	return der_end(&list) && crd_buf_equal(type, oid_data) &&
	       sig->message_digest.ptr;
}

/* SignerInfo (5.3) */
static int read_signer(struct crd_der *infos, struct crd_signature *sig,
		       int version)
{
	struct crd_der info = der_enter(infos, DER_SEQUENCE);
	const struct algorithm *hash, *scheme;

	if (crd_der_small(&info) != version)
		return -EBADMSG;
	read_signer_id(&info, sig, version);
	if (!read_algorithm(&info, &hash))
		return -EBADMSG;
	if (der_peek(&info) == DER_CONTEXT(0) && !read_attributes(&info, sig))
		return -EBADMSG;
	if (!read_algorithm(&info, &scheme))
		return -EBADMSG;
	sig->value = der_take(&info, DER_OCTET_STRING);
	der_skip(&info, DER_CONTEXT(1)); /* unsigned, so of no meaning */
	if (!der_end(&info) || !sig->value.len)
		return -EBADMSG;
	if (!hash || hash->type || !scheme || !scheme->type ||
	    (scheme->hash && scheme->hash != hash->hash))
		return -EOPNOTSUPP;
	sig->hash = hash->hash;
	sig->type = scheme->type;
	return 0;
}

/* SignedData (5.1) */
static int read_signed_data(struct crd_der *data, struct crd_signature *sig)
{
	int ret, version = crd_der_small(data);
	struct crd_der hashes = der_enter(data, DER_SET);
	struct crd_der content = der_enter(data, DER_SEQUENCE);
	const struct algorithm *hash;
	struct crd_der infos;

	if (version != 1 && version != 3)
		return -EBADMSG;
	if (!read_algorithm(&hashes, &hash) || !der_end(&hashes))
		return -EBADMSG;
	/* detached: nothing after the type */
	if (!crd_buf_equal(der_take(&content, DER_OID), oid_data) ||
	    !der_end(&content))
		return -EBADMSG;
	der_skip(data, DER_CONTEXT(0)); /* certificates */
	der_skip(data, DER_CONTEXT(1)); /* revocation lists */
	infos = der_enter(data, DER_SET);
	if (!der_end(data))
		return -EBADMSG;
	ret = read_signer(&infos, sig, version);
	if (!ret && !der_end(&infos))
		ret = -EOPNOTSUPP; /* several signers */
	if (!ret && (!hash || hash->type || hash->hash != sig->hash))
		ret = -EBADMSG;
	return ret;
}

int crd_signature_parse(struct crd_buf der, struct crd_signature *ret_sig,
			struct crd_error *err)
{
	struct crd_der d = der_of(der);
	struct crd_der info = der_enter(&d, DER_SEQUENCE);
	struct crd_buf type = der_take(&info, DER_OID);
	struct crd_der tagged = der_enter(&info, DER_CONTEXT(0));
	struct crd_der data = der_enter(&tagged, DER_SEQUENCE);
	struct crd_signature sig = { 0 };
	int ret;

	if (der.len > CRD_MAX_SIGNATURE)
		return crd_fail(err, -E2BIG, 0,
				"the signature is %zu bytes, over %d", der.len,
				CRD_MAX_SIGNATURE);
	if (!der_end(&d) || !der_end(&info) || !der_end(&tagged) ||
	    !crd_buf_equal(type, oid_signed_data))
		ret = -EBADMSG;
	else
		ret = read_signed_data(&data, &sig);
	if (ret == -EOPNOTSUPP)
		return crd_fail(
			err, ret, 0,
			"the signature has several signers, or a hash or kind of key that is weak or not supported");
	if (ret)
		return crd_fail(err, ret, 0,
				"the signature is no PKCS#7 of one signer");
	*ret_sig = sig;
	return 0;
}

/* Is it that certificate that the signature names? */
static bool names(const struct crd_signature *sig, const struct crd_cert *cert)
{
	if (sig->key_id.ptr)
		return crd_buf_equal(sig->key_id, cert->key_id);
	return crd_buf_equal(sig->issuer, cert->issuer) &&
	       crd_buf_equal(sig->serial, cert->serial);
}

/* The digest that the key has signed: the payload's, or the attributes'. */
static int signed_digest(const struct crd_signature *sig,
			 const struct crd_digest *payload,
			 struct crd_digest *ret_digest)
{
	static const uint8_t set = DER_SET; /* RFC 5652, 5.4 */
	struct crd_buf parts[2] = { { &set, 1 }, sig->attributes };

	if (!sig->attributes.ptr) {
		*ret_digest = *payload;
		return 0;
	}
	parts[1].ptr++;
	parts[1].len--;
	return crd_hash(sig->hash, parts, 2, ret_digest);
}

static bool lies(const struct crd_signature *sig,
		 const struct crd_digest *payload)
{
	return sig->attributes.ptr &&
	       !crd_buf_equal(sig->message_digest,
			      (struct crd_buf){ payload->bytes, payload->len });
}

static int verify(const struct crd_signature *sig, const struct crd_cert *cert,
		  const struct crd_digest *payload)
{
	struct crd_digest digest;
	int ret;

	if (sig->type != cert->type || lies(sig, payload))
		return 0;
	ret = signed_digest(sig, payload, &digest);
	return ret ? ret : crd_cert_verify(cert, sig->value, &digest);
}

int crd_signature_check(const struct crd_signature *sig,
			const struct crd_digest *digests, size_t n_digests,
			const struct crd_cert *certs, size_t n_certs,
			enum crd_signed *ret_result, size_t *ret_cert)
{
	enum crd_signed result = CRD_SIGNED_UNKNOWN_KEY;
	size_t i, at = 0;
	int ret;

	while (at < n_digests && digests[at].alg != sig->hash)
		at++;
	/* Another certificate may have the same name, so all are tried. */
	for (i = 0; i < n_certs; i++) {
		if (!names(sig, &certs[i]))
			continue;
		if (at == n_digests) {
			*ret_result = CRD_SIGNED_UNREADABLE;
			return 0;
		}
		result = CRD_SIGNED_WRONG;
		ret = verify(sig, &certs[i], &digests[at]);
		if (ret < 0)
			return ret;
		if (ret) {
			*ret_cert = i;
			result = CRD_SIGNED_VALID;
			break;
		}
	}
	*ret_result = result;
	return 0;
}

const char *crd_signed_name(enum crd_signed result)
{
	static const char *const names_of[CRD_SIGNED_MAX] = {
		"unchecked", "valid", "wrong", "unknown-key", "unreadable",
	};

	return result < CRD_SIGNED_MAX ? names_of[result] : "unchecked";
}
