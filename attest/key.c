// SPDX-License-Identifier: Apache-2.0
/*
 * key - the attestation key, from a TPMT_PUBLIC (TPM 2.0 Library, Part 2,
 * 12.2.4) or the TPM2B_PUBLIC around it. The libcrypto key is built from the
 * raw numbers; no DER decoder is involved.
 */
#include <errno.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "attest_private.h"
#include "bounds.h"
#include "reader.h"

/* TPMA_OBJECT (Part 2, 8.3). */
#define ATTR_FIXED_TPM		   0x00000002u
#define ATTR_FIXED_PARENT	   0x00000010u
#define ATTR_SENSITIVE_DATA_ORIGIN 0x00000020u
#define ATTR_ENCRYPTED_DUPLICATION 0x00000800u
#define ATTR_RESTRICTED		   0x00010000u
#define ATTR_DECRYPT		   0x00020000u
#define ATTR_SIGN		   0x00040000u

/* TPM_ALG_ID that a public area may name and an AK does not use. */
#define TPM_KEYEDHASH 0x0008
#define TPM_SYMCIPHER 0x0025
#define TPM_RSAES     0x0015
#define TPM_OAEP      0x0017
#define TPM_ECDH      0x0019
#define TPM_ECDAA     0x001a
#define TPM_ECSCHNORR 0x001c

#define RSA_DEFAULT_EXPONENT 65537u /* what exponent 0 stands for */
#define MIN_RSA_BYTES	     256
#define MAX_RSA_BYTES	     512

struct crd_ak_kind {
	uint16_t type;
	uint16_t bits_or_curve;
	size_t size;	   /* bytes of modulus or coordinate */
	const char *name;  /* for people */
	const char *group; /* libcrypto's name of the curve */
};

static const struct crd_ak_kind kinds[] = {
	{ CRD_TPM_RSA, 2048, 256, "rsa2048", NULL },
	{ CRD_TPM_RSA, 3072, 384, "rsa3072", NULL },
	{ CRD_TPM_RSA, 4096, 512, "rsa4096", NULL },
	{ CRD_TPM_ECC, 0x0003, 32, "ecc-p256", "P-256" },
	{ CRD_TPM_ECC, 0x0004, 48, "ecc-p384", "P-384" },
};

/* The public area, as views. */
struct public_area {
	struct crd_buf bytes; /* TPMT_PUBLIC, what the name is made of */
	uint16_t type;
	uint16_t name_alg;
	uint32_t attributes;
	uint16_t scheme;
	uint16_t hash;
	uint16_t bits_or_curve;
	uint32_t exponent;
	struct crd_buf n;    /* RSA */
	struct crd_buf x, y; /* ECC */
};

static const struct crd_ak_kind *find_kind(uint16_t type, uint16_t what)
{
	const size_t n = sizeof(kinds) / sizeof(kinds[0]);

	for (size_t i = 0; i < n; i++)
		if (kinds[i].type == type && kinds[i].bits_or_curve == what)
			return &kinds[i];
	return NULL;
}

/* TPMT_SYM_DEF_OBJECT: only storage keys have one, which an AK is not. */
static void skip_symmetric(struct crd_reader *r)
{
	if (rd_be16(r) != CRD_TPM_NULL)
		rd_be32(r); /* key bits, mode */
}

/* TPMT_RSA_SCHEME and TPMT_ECC_SCHEME */
static void read_scheme(struct crd_reader *r, struct public_area *p)
{
	p->scheme = rd_be16(r);
	if (p->scheme == CRD_TPM_NULL || p->scheme == TPM_RSAES)
		return;
	p->hash = rd_be16(r);
	if (p->scheme == TPM_ECDAA)
		rd_be16(r); /* count */
}

static void read_rsa(struct crd_reader *r, struct public_area *p)
{
	skip_symmetric(r);
	read_scheme(r, p);
	p->bits_or_curve = rd_be16(r);
	p->exponent = rd_be32(r);
	p->n = rd_tpm2b(r);
}

static void read_ecc(struct crd_reader *r, struct public_area *p)
{
	skip_symmetric(r);
	read_scheme(r, p);
	p->bits_or_curve = rd_be16(r);
	if (rd_be16(r) != CRD_TPM_NULL) /* kdf */
		rd_be16(r);
	p->x = rd_tpm2b(r);
	p->y = rd_tpm2b(r);
}

/*
 * A TPM2B_PUBLIC begins with the size of the rest. No TPMT_PUBLIC is as short
 * as its own first field, the type, would then say: the two cannot be mixed up.
 */
static void unwrap(struct crd_reader *r, struct crd_buf in)
{
	rd_init(r, in, 0);
	if (rd_be16(r) + 2u == in.len)
		return;
	rd_init(r, in, 0);
}

/* Also where a TPM2B_PUBLIC ends whose size does not fit what follows. */
static int other_type(uint16_t type, struct crd_error *err)
{
	if (type == TPM_KEYEDHASH || type == TPM_SYMCIPHER)
		return crd_fail(err, -EOPNOTSUPP, 0,
				"key type 0x%04x is neither RSA nor ECC", type);
	return crd_fail(err, -EBADMSG, 0,
			"the attestation key begins with 0x%04x: neither its "
			"size nor a key type",
			type);
}

static int read_public(struct crd_buf in, struct public_area *p,
		       struct crd_error *err)
{
	struct crd_reader r;

	memset(p, 0, sizeof(*p));
	if (in.len > CRD_MAX_PUBLIC)
		return crd_fail(err, -E2BIG, 0,
				"the attestation key is %zu bytes, over %u",
				in.len, CRD_MAX_PUBLIC);
	unwrap(&r, in);
	p->bytes.ptr = r.in.ptr + r.pos;
	p->bytes.len = in.len - r.pos;
	p->type = rd_be16(&r);
	p->name_alg = rd_be16(&r);
	p->attributes = rd_be32(&r);
	rd_tpm2b(&r); /* authPolicy */
	if (p->type == CRD_TPM_RSA)
		read_rsa(&r, p);
	else if (p->type == CRD_TPM_ECC)
		read_ecc(&r, p);
	else if (!rd_failed(&r))
		return other_type(p->type, err);
	if (rd_failed(&r))
		return crd_fail_short(err, &r, "the attestation key");
	if (rd_left(&r))
		return crd_fail(err, -EBADMSG, rd_offset(&r),
				"%zu bytes follow the attestation key's end",
				rd_left(&r));
	return 0;
}

static bool hash_is_strong(uint16_t alg)
{
	return crd_alg_rank(alg) > 0;
}

static bool scheme_is_known(const struct public_area *p)
{
	if (p->scheme == CRD_TPM_NULL)
		return true;
	if (!hash_is_strong(p->hash))
		return false;
	if (p->type == CRD_TPM_ECC)
		return p->scheme == CRD_TPM_ECDSA;
	return p->scheme == CRD_TPM_RSASSA || p->scheme == CRD_TPM_RSAPSS;
}

/*
 * What a libcrypto call that failed means: memory ran out, or `otherwise`. The
 * first cause lies deepest in the thread's queue, which is emptied.
 */
int crd_crypto_error(int otherwise)
{
	unsigned long code;

	while ((code = ERR_get_error()))
		if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE)
			otherwise = -ENOMEM;
	return otherwise;
}

/* OSSL_PARAM integers are in the machine's byte order. */
static int to_native(struct crd_buf big_endian, uint8_t *ret_bytes)
{
	BIGNUM *bn = BN_bin2bn(big_endian.ptr, (int)big_endian.len, NULL);
	int n = -1;

	if (bn)
		n = BN_bn2nativepad(bn, ret_bytes, (int)big_endian.len);
	BN_free(bn);
	return n < 0 ? -ENOMEM : 0;
}

static int import(const char *type, OSSL_PARAM *params, EVP_PKEY **ret_key)
{
	EVP_PKEY_CTX *ctx;
	int ret = 0;

	ERR_clear_error();
	ctx = EVP_PKEY_CTX_new_from_name(crd_libctx(), type, NULL);
	if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1)
		ret = crd_crypto_error(-EIO);
	else if (EVP_PKEY_fromdata(ctx, ret_key, EVP_PKEY_PUBLIC_KEY, params) !=
		 1)
		ret = crd_crypto_error(-EBADMSG);
	EVP_PKEY_CTX_free(ctx);
	return ret;
}

int crd_key_rsa(struct crd_buf modulus, unsigned int e, EVP_PKEY **ret_key)
{
	uint8_t n[MAX_RSA_BYTES];
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, n, modulus.len),
		OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_RSA_E, &e),
		OSSL_PARAM_construct_end(),
	};
	int ret;

	/* Full length, odd, and no exponent that makes forging easier. */
	if (modulus.len < MIN_RSA_BYTES || modulus.len > MAX_RSA_BYTES ||
	    !(modulus.ptr[0] & 0x80) || !(modulus.ptr[modulus.len - 1] & 1) ||
	    !(e & 1) || e < RSA_DEFAULT_EXPONENT)
		return -EBADMSG;
	ret = to_native(modulus, n);
	return ret ? ret : import("RSA", params, ret_key);
}

/* libcrypto refuses a point that is not on the curve when it decodes it. */
int crd_key_ec(const char *group, struct crd_buf point, EVP_PKEY **ret_key)
{
	uint8_t bytes[1 + 2 * CRD_MAX_COORDINATE]; /* OSSL_PARAM knows no const */
	OSSL_PARAM params[3];
	char name[8];

	if (!point.len || point.len > sizeof(bytes) ||
	    point.ptr[0] != POINT_CONVERSION_UNCOMPRESSED)
		return -EBADMSG;
	strcpy(name, group);
	memcpy(bytes, point.ptr, point.len);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
						     name, strlen(name));
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
						      bytes, point.len);
	params[2] = OSSL_PARAM_construct_end();
	return import("EC", params, ret_key);
}

static int build_rsa(const struct crd_ak_kind *kind,
		     const struct public_area *p, EVP_PKEY **ret_key)
{
	if (p->n.len != kind->size)
		return -EBADMSG;
	return crd_key_rsa(p->n,
			   p->exponent ? p->exponent : RSA_DEFAULT_EXPONENT,
			   ret_key);
}

/* A TPM may leave out leading zeros of a coordinate. */
static bool put_coordinate(struct crd_buf from, uint8_t *to, size_t size)
{
	if (!from.len || from.len > size)
		return false;
	memset(to, 0, size - from.len);
	memcpy(to + size - from.len, from.ptr, from.len);
	return true;
}

static int build_ecc(const struct crd_ak_kind *kind,
		     const struct public_area *p, EVP_PKEY **ret_key)
{
	uint8_t point[1 + 2 * CRD_MAX_COORDINATE];

	point[0] = POINT_CONVERSION_UNCOMPRESSED;
	if (!put_coordinate(p->x, point + 1, kind->size) ||
	    !put_coordinate(p->y, point + 1 + kind->size, kind->size))
		return -EBADMSG;
	return crd_key_ec(kind->group,
			  (struct crd_buf){ point, 1 + 2 * kind->size },
			  ret_key);
}

static bool set_scheme(EVP_PKEY_CTX *ctx, const struct crd_ak *ak)
{
	int padding = ak->scheme == CRD_TPM_RSAPSS ? RSA_PKCS1_PSS_PADDING :
						     RSA_PKCS1_PADDING;

	if (EVP_PKEY_verify_init(ctx) != 1)
		return false;
	if (ak->kind->type == CRD_TPM_RSA &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, padding) != 1)
		return false;
	return EVP_PKEY_CTX_set_signature_md(ctx, crd_alg_md(ak->hash)) == 1;
}

static int init_verify(struct crd_ak *ak, EVP_PKEY *key)
{
	ERR_clear_error();
	ak->verify = EVP_PKEY_CTX_new_from_pkey(crd_libctx(), key, NULL);
	if (!ak->verify || !set_scheme(ak->verify, ak))
		return crd_crypto_error(-EIO);
	return 0;
}

static int set_name(struct crd_ak *ak, const struct public_area *p)
{
	int ret = crd_hash(p->name_alg, &p->bytes, 1, &ak->name_digest);

	if (ret)
		return ret;
	ak->name[0] = (uint8_t)(p->name_alg >> 8);
	ak->name[1] = (uint8_t)p->name_alg;
	memcpy(ak->name + 2, ak->name_digest.bytes, ak->name_digest.len);
	return 0;
}

static int build(struct crd_ak *ak, const struct public_area *p,
		 struct crd_error *err)
{
	EVP_PKEY *key = NULL;
	int ret;

	ret = set_name(ak, p);
	if (!ret && p->type == CRD_TPM_RSA)
		ret = build_rsa(ak->kind, p, &key);
	else if (!ret)
		ret = build_ecc(ak->kind, p, &key);
	if (!ret && ak->scheme != CRD_TPM_NULL)
		ret = init_verify(ak, key);
	EVP_PKEY_free(key);
	if (ret == -EBADMSG)
		crd_fail(err, ret, 0,
			 "the numbers of the attestation key "
			 "make no valid %s key",
			 ak->kind->name);
	else if (ret)
		crd_fail(err, ret, 0, "libcrypto could not load the key");
	return ret;
}

static int check_algorithms(const struct public_area *p, struct crd_error *err)
{
	if (!hash_is_strong(p->name_alg))
		return crd_fail(err, -EOPNOTSUPP, 0,
				"name algorithm 0x%04x of the attestation key "
				"is not supported",
				p->name_alg);
	if (!find_kind(p->type, p->bits_or_curve))
		return crd_fail(err, -EOPNOTSUPP, 0,
				"%s 0x%04x of the attestation key is not "
				"supported",
				p->type == CRD_TPM_RSA ? "RSA size" : "curve",
				p->bits_or_curve);
	if (!scheme_is_known(p))
		return crd_fail(err, -EOPNOTSUPP, 0,
				"signing scheme 0x%04x with hash 0x%04x of "
				"the attestation key is not supported",
				p->scheme, p->hash);
	return 0;
}

int crd_ak_parse(struct crd_buf public_area, struct crd_ak **ret_ak,
		 struct crd_error *err)
{
	struct public_area p;
	struct crd_ak *ak;
	int ret;

	ret = read_public(public_area, &p, err);
	if (!ret)
		ret = check_algorithms(&p, err);
	if (ret)
		return ret;
	ak = calloc(1, sizeof(*ak));
	if (!ak)
		return crd_fail(err, -ENOMEM, 0, "out of memory");
	ak->kind = find_kind(p.type, p.bits_or_curve);
	ak->attributes = p.attributes;
	ak->scheme = p.scheme;
	ak->hash = p.hash;
	ret = build(ak, &p, err);
	if (ret)
		crd_ak_free(&ak);
	else
		*ret_ak = ak;
	return ret;
}

void crd_ak_free(struct crd_ak **ak)
{
	if (!*ak)
		return;
	EVP_PKEY_CTX_free((*ak)->verify);
	free(*ak);
	*ak = NULL;
}

struct crd_buf crd_ak_name(const struct crd_ak *ak)
{
	return (struct crd_buf){ ak->name, 2u + ak->name_digest.len };
}

const char *crd_ak_kind(const struct crd_ak *ak)
{
	return ak->kind->name;
}

size_t crd_ak_coordinate_size(const struct crd_ak *ak)
{
	return ak->kind->type == CRD_TPM_ECC ? ak->kind->size : 0;
}

static const struct {
	uint32_t bit;
	bool wanted;
	const char *fault;
} attribute_rules[] = {
	{ ATTR_FIXED_TPM, true, "fixedTPM is clear" },
	{ ATTR_FIXED_PARENT, true, "fixedParent is clear" },
	{ ATTR_SENSITIVE_DATA_ORIGIN, true, "sensitiveDataOrigin is clear" },
	{ ATTR_RESTRICTED, true, "restricted is clear" },
	{ ATTR_SIGN, true, "sign is clear" },
	{ ATTR_DECRYPT, false, "decrypt is set" },
	{ ATTR_ENCRYPTED_DUPLICATION, false, "encryptedDuplication is set" },
};

const char *crd_ak_attributes_fault(const struct crd_ak *ak)
{
	const size_t n = sizeof(attribute_rules) / sizeof(attribute_rules[0]);

	for (size_t i = 0; i < n; i++)
		if (!!(ak->attributes & attribute_rules[i].bit) !=
		    attribute_rules[i].wanted)
			return attribute_rules[i].fault;
	return ak->scheme == CRD_TPM_NULL ? "no signing scheme is fixed" : NULL;
}

/*
 * The context is copied, not used: a copy costs well under a microsecond, and
 * a const ak may be shared among threads.
 */
int crd_ak_verify(const struct crd_ak *ak, struct crd_buf signature,
		  const struct crd_digest *digest)
{
	EVP_PKEY_CTX *ctx;
	int ret;

	ERR_clear_error();
	ctx = ak->verify ? EVP_PKEY_CTX_dup(ak->verify) : NULL;
	if (!ctx)
		return crd_crypto_error(-ENOMEM);
	ret = EVP_PKEY_verify(ctx, signature.ptr, signature.len, digest->bytes,
			      digest->len);
	EVP_PKEY_CTX_free(ctx);
	return ret == 1 ? 1 : crd_crypto_error(0);
}
