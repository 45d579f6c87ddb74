/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Digests: one per active PCR bank over a record's content, and the SHA-256
 * of images.
 */
#ifndef _CRD_DIGEST_H
#define _CRD_DIGEST_H

#include <crypto/hash.h>
#include <crypto/sha2.h>
#include <linux/rwsem.h>
#include <linux/tpm.h>
#include <linux/types.h>
#include "credence.h"

/**
 * struct crd_digest_bank - how one bank's digests are made
 * @alg: TPM_ALG_ID of the bank
 * @used: TPM_ALG_ID of the hash really used; SHA-256 if the kernel has not
 *	the bank's own
 * @size: bytes of the bank's digest
 * @tfm: NULL if it is SHA-256
 */
struct crd_digest_bank {
	u16 alg;
	u16 used;
	u16 size;
	struct crypto_shash *tfm;
};

/**
 * struct crd_digest - the hashes in use
 * @lock: readers hash, the writer exchanges @sha256 for a faster one
 */
struct crd_digest {
	struct rw_semaphore lock;
	struct crypto_shash *sha256;
	unsigned int banks;
	struct crd_digest_bank bank[CRD_MAX_BANKS];
};

int crd_digest_start(struct crd_digest *dg, const struct tpm_chip *chip);
void crd_digest_stop(struct crd_digest *dg);
int crd_digest_banks(struct crd_digest *dg, const u8 *data, size_t len,
		     struct tpm_digest *ret_digests);
int crd_digest_image(struct crd_digest *dg, const u8 *data, size_t payload,
		     size_t len, u8 *ret_payload, u8 *ret_whole);
int crd_digest_once(u16 alg, const u8 *data, size_t len, u8 *ret_digest);
void crd_digest_pick(struct crd_digest *dg);
void crd_digest_driver(struct crd_digest *dg, char *buf, size_t size);
const char *crd_digest_name(u16 alg);

#endif /* _CRD_DIGEST_H */
