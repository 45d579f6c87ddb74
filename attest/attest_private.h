/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of attest/ share among themselves, one section per file, in
 * the order in which data flows. reader.h, writer.h and cbor.h are apart since
 * their functions are inline or their callers few.
 */
#ifndef CRD_ATTEST_PRIVATE_H
#define CRD_ATTEST_PRIVATE_H

#include <credence.h>
#include <openssl/types.h>

#include "attest.h"

/* alg.c */

/*
 * The library's own OpenSSL context, made once: openssl.cnf and whatever the
 * program sets up in the default context do not reach appraisals. NULL if
 * libcrypto cannot provide it.
 */
struct ossl_lib_ctx_st *crd_libctx(void);
/* Fetched once; NULL if unknown. */
const EVP_MD *crd_alg_md(uint16_t alg);

/* One hash state used many times, without an allocation for each digest. */
struct crd_hasher {
	uint16_t alg;
	const EVP_MD *md;
	EVP_MD_CTX *ctx;
};
int crd_hasher_init(struct crd_hasher *h, uint16_t alg);
int crd_hasher_digest(struct crd_hasher *h, const struct crd_buf *parts,
		      size_t n, uint8_t *ret_bytes);
/* *pcr = H(*pcr || digest) */
int crd_hasher_extend(struct crd_hasher *h, struct crd_digest *pcr,
		      const uint8_t *digest, size_t len);
void crd_hasher_done(struct crd_hasher *h);

/* key.c */

/* TPM_ALG_ID of the schemes (Algorithm Registry, table 3). */
#define CRD_TPM_RSA    0x0001
#define CRD_TPM_ECC    0x0023
#define CRD_TPM_NULL   0x0010
#define CRD_TPM_RSASSA 0x0014
#define CRD_TPM_RSAPSS 0x0016
#define CRD_TPM_ECDSA  0x0018

struct crd_ak_kind;
struct crd_ak {
	const struct crd_ak_kind *kind;
	uint32_t attributes; /* TPMA_OBJECT */
	uint16_t scheme;     /* CRD_TPM_NULL: none fixed */
	uint16_t hash;	     /* of the scheme; 0: none */
	struct crd_digest name_digest;
	uint8_t name[CRD_MAX_NAME];
	EVP_PKEY_CTX *verify; /* initialised, never used itself: copied */
};

/* Is signature (as libcrypto takes it) good for that digest? 1, 0, -errno */
int crd_ak_verify(const struct crd_ak *ak, struct crd_buf signature,
		  const struct crd_digest *digest);
/* Bytes of a coordinate; 0 for RSA. */
size_t crd_ak_coordinate_size(const struct crd_ak *ak);

/*
 * A libcrypto key from raw numbers: RSA of 2048 to 4096 bits; a point, not
 * compressed, of the curve. -EBADMSG: they make no acceptable key.
 */
#define CRD_MAX_COORDINATE 66 /* P-521 */
int crd_key_rsa(struct crd_buf modulus, unsigned int e, EVP_PKEY **ret_key);
int crd_key_ec(const char *group, struct crd_buf point, EVP_PKEY **ret_key);
/*
 * What a libcrypto call that failed means: -ENOMEM, or `otherwise`. Empties
 * the thread's queue of errors.
 */
int crd_crypto_error(int otherwise);

/* cert.c */

/*
 * A certificate (RFC 5280) as policies trust it: a name and a key. Dates,
 * issuer's signature, usages are not looked at: see policies/README.md.
 */
struct crd_cert {
	uint8_t *der; /* owned; what follows are views into it */
	struct crd_buf whole;
	struct crd_buf issuer; /* DER, header included, as signatures name it */
	struct crd_buf serial; /* INTEGER's value, as it stands */
	struct crd_buf subject;
	struct crd_buf key_id; /* subjectKeyIdentifier; ptr NULL: none */
	uint16_t type;	       /* CRD_TPM_RSA or CRD_TPM_ECC */
	EVP_PKEY *key;
	unsigned int owner; /* index of who is trusted by it */
};
/* -EBADMSG, -E2BIG, -EOPNOTSUPP: a kind of key that is not supported. */
int crd_cert_parse(struct crd_buf der, struct crd_cert *ret_cert,
		   struct crd_error *err);
void crd_cert_done(struct crd_cert *cert);
/* Is it that key's signature over the digest? 1, 0, -errno */
int crd_cert_verify(const struct crd_cert *cert, struct crd_buf signature,
		    const struct crd_digest *digest);
/* The common name in a DER name, as it stands there; ptr NULL: none. */
struct crd_buf crd_common_name(struct crd_buf name);

/* signature.c */

/* What a module's appended signature says, unverified; views into it. */
struct crd_signature {
	uint16_t type; /* CRD_TPM_RSA or CRD_TPM_ECC */
	uint16_t hash;
	struct crd_buf issuer, serial; /* whose it is: both, */
	struct crd_buf key_id;	       /* or this one */
	struct crd_buf attributes;     /* signed, header included */
	struct crd_buf message_digest; /* among these */
	struct crd_buf value;
};
/* -EBADMSG, -E2BIG, -EOPNOTSUPP: well made, but of no supported kind. */
int crd_signature_parse(struct crd_buf der, struct crd_signature *ret_sig,
			struct crd_error *err);
/*
 * The signature against digests of what it should be over and certificates.
 * 0 with *ret_result, and *ret_cert if that is CRD_SIGNED_VALID; -errno if
 * libcrypto failed.
 */
int crd_signature_check(const struct crd_signature *sig,
			const struct crd_digest *digests, size_t n_digests,
			const struct crd_cert *certs, size_t n_certs,
			enum crd_signed *ret_result, size_t *ret_cert);

/* log_field.c */

/*
 * Order, widths and text of a content's fields after FORMAT, EVENT and TIME;
 * of a group's items too. 0, -EBADMSG, -E2BIG; origin is where they begin, for
 * err.
 */
int crd_fields_check(uint16_t event, struct crd_buf fields, size_t origin,
		     struct crd_error *err);

/* log_group.c */

static inline bool crd_is_group(uint16_t event)
{
	return event == CRD_EV_SNAPSHOT || event == CRD_EV_BATCH;
}

/* Event, and time if timed, into rec; what follows them. False: not there. */
bool crd_item_lead(struct crd_buf item, bool timed, struct crd_record *rec,
		   struct crd_buf *ret_fields);
/* Hands the items of a group that was found sound to fn, one by one. */
int crd_group_walk(const struct crd_record *group, crd_record_fn fn, void *ctx);

/* log_cel.c: the PCR that an anchor's fields say was found, in one bank. */
bool crd_anchor_pcr(struct crd_buf fields, uint16_t bank,
		    struct crd_digest *ret_pcr);

/* replay.c */

/*
 * A replay record by record, for who walks the log anyway: start, then each
 * record of a walk in order, then finish, whose answers are crd_replay()'s for
 * a log that was walked to its end. done() in any case; zeros are fine for it.
 */
struct crd_replayer {
	uint16_t bank;
	struct crd_hasher hasher;
	struct crd_digest pcr;
	const struct crd_digest *quoted;
	uint64_t records;
	uint64_t covered;
	bool bank_missing; /* values or digests of the bank */
};
int crd_replayer_start(struct crd_replayer *re, uint16_t bank,
		       const struct crd_digest *start,
		       const struct crd_digest *quoted, struct crd_error *err);
int crd_replayer_add(struct crd_replayer *re, const struct crd_record *rec);
enum crd_reason crd_replayer_finish(const struct crd_replayer *re,
				    struct crd_error *err);
void crd_replayer_done(struct crd_replayer *re);

#endif /* CRD_ATTEST_PRIVATE_H */
