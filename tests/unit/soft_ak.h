/* SPDX-License-Identifier: Apache-2.0 */
/*
 * soft_ak - an attestation key in software, for tests: marshals a public area,
 * makes statements as a TPM would, or as it never would, and signs them. By
 * the tables of the TPM 2.0 Library, Part 2, and not by the code under test.
 */
#ifndef SOFT_AK_H
#define SOFT_AK_H

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attest/attest.h"

#define SOFT_AK_ATTRIBUTES 0x00050072u
#define SOFT_MAX	   4096

/* Bytes under construction; more than SOFT_MAX ends the test. */
struct soft_bytes {
	uint8_t b[SOFT_MAX];
	size_t n;
};

static inline void soft_put(struct soft_bytes *to, const void *from, size_t n)
{
	if (n > SOFT_MAX - to->n)
		abort();
	if (n)
		memcpy(to->b + to->n, from, n);
	to->n += n;
}

static inline void soft_be(struct soft_bytes *to, uint64_t value, int n)
{
	while (n-- > 0) {
		uint8_t byte = n < 8 ? (uint8_t)(value >> 8 * n) : 0;

		soft_put(to, &byte, 1);
	}
}

static inline void soft_2b(struct soft_bytes *to, const void *from, size_t n)
{
	soft_be(to, n, 2);
	soft_put(to, from, n);
}

static inline struct crd_buf soft_buf(const struct soft_bytes *from)
{
	return (struct crd_buf){ from->b, from->n };
}

static inline void soft_hex(struct soft_bytes *to, const char *hex)
{
	unsigned int byte;

	to->n = 0;
	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		soft_be(to, byte, 1);
}

struct soft_kind {
	const char *name;
	uint16_t type, scheme, hash;
	uint16_t bits_or_curve;
	const char *group; /* NULL: RSA */
	int coordinate;
};

static const struct soft_kind soft_kinds[] = {
	{ "ecc-p256", 0x0023, 0x0018, CRD_ALG_SHA256, 3, "P-256", 32 },
	{ "ecc-p384", 0x0023, 0x0018, CRD_ALG_SHA384, 4, "P-384", 48 },
	{ "rsa2048", 0x0001, 0x0014, CRD_ALG_SHA256, 2048, NULL, 0 },
	{ "rsa2048", 0x0001, 0x0016, CRD_ALG_SHA256, 2048, NULL, 0 },
	{ "rsa3072", 0x0001, 0x0014, CRD_ALG_SHA384, 3072, NULL, 0 },
	{ "rsa4096", 0x0001, 0x0016, CRD_ALG_SHA512, 4096, NULL, 0 },
};
enum { SOFT_P256, SOFT_P384, SOFT_RSASSA, SOFT_RSAPSS, SOFT_N = 6 };

struct soft_ak {
	const struct soft_kind *kind;
	EVP_PKEY *key;
};

static inline void soft_check(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "soft_ak: %s failed\n", what);
	abort();
}

static inline void soft_ak_new(struct soft_ak *ak, int kind)
{
	ak->kind = &soft_kinds[kind];
	ak->key = ak->kind->group ? EVP_EC_gen(ak->kind->group) :
				    EVP_RSA_gen(ak->kind->bits_or_curve);
	soft_check(ak->key != NULL, "key generation");
}

static inline void soft_ak_done(struct soft_ak *ak)
{
	EVP_PKEY_free(ak->key);
}

static inline void soft_put_number(struct soft_bytes *to, const EVP_PKEY *key,
				   const char *param, int size)
{
	uint8_t bytes[512];
	BIGNUM *bn = NULL;

	soft_check(EVP_PKEY_get_bn_param(key, param, &bn) == 1, param);
	soft_check(BN_bn2binpad(bn, bytes, size) == size, "padding");
	BN_free(bn);
	soft_2b(to, bytes, (size_t)size);
}

/* A public area with its parts at hand, to be bent before it is marshalled. */
struct soft_public {
	uint16_t type, name_alg;
	uint32_t attributes;
	uint16_t symmetric, scheme, hash, bits_or_curve;
	uint32_t exponent;
	uint16_t kdf;
};

static inline struct soft_public soft_public_of(const struct soft_ak *ak)
{
	return (struct soft_public){
		.type = ak->kind->type,
		.name_alg = CRD_ALG_SHA256,
		.attributes = SOFT_AK_ATTRIBUTES,
		.symmetric = 0x0010,
		.scheme = ak->kind->scheme,
		.hash = ak->kind->hash,
		.bits_or_curve = ak->kind->bits_or_curve,
		.kdf = 0x0010,
	};
}

/* TPMT_PUBLIC */
static inline void soft_marshal(const struct soft_ak *ak,
				const struct soft_public *p,
				struct soft_bytes *to)
{
	to->n = 0;
	soft_be(to, p->type, 2);
	soft_be(to, p->name_alg, 2);
	soft_be(to, p->attributes, 4);
	soft_2b(to, NULL, 0); /* authPolicy */
	soft_be(to, p->symmetric, 2);
	if (p->symmetric != 0x0010)
		soft_be(to, 0x00800043, 4);
	soft_be(to, p->scheme, 2);
	if (p->scheme != 0x0010)
		soft_be(to, p->hash, 2);
	soft_be(to, p->bits_or_curve, 2);
	if (!ak->kind->group) {
		soft_be(to, p->exponent, 4);
		soft_put_number(to, ak->key, OSSL_PKEY_PARAM_RSA_N,
				ak->kind->bits_or_curve / 8);
		return;
	}
	soft_be(to, p->kdf, 2);
	soft_put_number(to, ak->key, OSSL_PKEY_PARAM_EC_PUB_X,
			ak->kind->coordinate);
	soft_put_number(to, ak->key, OSSL_PKEY_PARAM_EC_PUB_Y,
			ak->kind->coordinate);
}

/* The TPM2B_PUBLIC as a TPM gives it out. */
static inline void soft_ak_public(const struct soft_ak *ak,
				  struct soft_bytes *to)
{
	struct soft_public p = soft_public_of(ak);
	struct soft_bytes inner;

	soft_marshal(ak, &p, &inner);
	to->n = 0;
	soft_2b(to, inner.b, inner.n);
}

static inline void soft_put_ecdsa(struct soft_bytes *to, const uint8_t *der,
				  size_t len, int size)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)len);
	uint8_t bytes[64];

	soft_check(sig != NULL, "d2i_ECDSA_SIG");
	BN_bn2binpad(ECDSA_SIG_get0_r(sig), bytes, size);
	soft_2b(to, bytes, (size_t)size);
	BN_bn2binpad(ECDSA_SIG_get0_s(sig), bytes, size);
	soft_2b(to, bytes, (size_t)size);
	ECDSA_SIG_free(sig);
}

/* TPMT_SIGNATURE over msg */
static inline void soft_ak_sign(const struct soft_ak *ak, struct crd_buf msg,
				struct soft_bytes *to)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx;
	uint8_t bytes[512];
	size_t len = sizeof(bytes);

	soft_check(EVP_DigestSignInit_ex(ctx, &pctx,
					 crd_alg_name(ak->kind->hash), NULL,
					 NULL, ak->key, NULL) == 1,
		   "sign init");
	if (ak->kind->scheme == 0x0016)
		EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING);
	soft_check(EVP_DigestSign(ctx, bytes, &len, msg.ptr, msg.len) == 1,
		   "sign");
	EVP_MD_CTX_free(ctx);
	to->n = 0;
	soft_be(to, ak->kind->scheme, 2);
	soft_be(to, ak->kind->hash, 2);
	if (ak->kind->group)
		soft_put_ecdsa(to, bytes, len, ak->kind->coordinate);
	else
		soft_2b(to, bytes, len);
}

/* A statement with its parts at hand. */
struct soft_quote {
	uint32_t magic;
	uint16_t type;
	struct crd_buf extra;
	uint8_t safe;
	uint32_t banks; /* selections; each of `bank` with `map` */
	uint16_t bank;
	uint8_t map[8];
	uint8_t map_size;
	struct crd_buf pcr_digest;
};

static inline void soft_quote_marshal(const struct soft_quote *q,
				      struct soft_bytes *to)
{
	static const uint8_t signer[34] = { 0, 0x0b, 1, 2, 3 };

	to->n = 0;
	soft_be(to, q->magic, 4);
	soft_be(to, q->type, 2);
	soft_2b(to, signer, sizeof(signer));
	soft_2b(to, q->extra.ptr, q->extra.len);
	soft_be(to, 0x123456, 8); /* clock */
	soft_be(to, 7, 4);	  /* resetCount */
	soft_be(to, 3, 4);	  /* restartCount */
	soft_be(to, q->safe, 1);
	soft_be(to, 0x2019102300163636, 8); /* firmwareVersion */
	soft_be(to, q->banks, 4);
	for (uint32_t i = 0; i < q->banks; i++) {
		soft_be(to, q->bank, 2);
		soft_be(to, q->map_size, 1);
		soft_put(to, q->map, q->map_size);
	}
	soft_2b(to, q->pcr_digest.ptr, q->pcr_digest.len);
}

/* Values n, n+1 ... of a bank, and the digest a quote over them has. */
static inline void soft_pcrs(struct crd_pcrs *pcrs, uint16_t bank,
			     uint32_t mask, uint16_t scheme_hash,
			     struct crd_digest *ret_digest)
{
	struct crd_buf parts[24];
	size_t n_parts = 0;

	memset(pcrs, 0, sizeof(*pcrs));
	pcrs->bank = bank;
	pcrs->mask = mask;
	for (unsigned int n = 0; n < 24; n++) {
		struct crd_digest *d = &pcrs->value[n];

		if (!(mask >> n & 1))
			continue;
		d->alg = bank;
		d->len = (uint16_t)crd_alg_size(bank);
		memset(d->bytes, (int)(0x30 + n), d->len);
		parts[n_parts++] = (struct crd_buf){ d->bytes, d->len };
	}
	soft_check(!crd_hash(scheme_hash, parts, n_parts, ret_digest), "hash");
}

#endif /* SOFT_AK_H */
