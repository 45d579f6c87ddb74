// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hash by the kernel's crypto API. Nothing here may cause a module to be
 * loaded: what is not there yet when we start would come up unmeasured.
 */
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "digest.h"

/* Some drivers keep preemption off for a whole update. */
#define CRD_DIGEST_STEP		(64 * 1024)

static const struct {
	u16 alg;
	const char *name;
} crd_digest_algs[] = {
	{ TPM_ALG_SHA1, "sha1" },	{ TPM_ALG_SHA256, "sha256" },
	{ TPM_ALG_SHA384, "sha384" },	{ TPM_ALG_SHA512, "sha512" },
	{ TPM_ALG_SM3_256, "sm3" },	{ 0x0027, "sha3-256" },
	{ 0x0028, "sha3-384" },		{ 0x0029, "sha3-512" },
};

/* The crypto API's name of a TPM_ALG_ID, NULL if unknown. */
const char *crd_digest_name(u16 alg)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(crd_digest_algs); i++)
		if (crd_digest_algs[i].alg == alg)
			return crd_digest_algs[i].name;
	return NULL;
}

static struct crypto_shash *crd_digest_alloc(const char *name)
{
	return crypto_alloc_shash(name, 0, CRYPTO_NOLOAD);
}

static void crd_digest_bank_start(struct crd_digest_bank *bank,
				  const struct tpm_bank_info *info)
{
	const char *name = crd_digest_name(info->alg_id);
	struct crypto_shash *tfm;

	bank->alg = info->alg_id;
	bank->size = info->digest_size;
	bank->used = TPM_ALG_SHA256;
	bank->tfm = NULL;
	if (info->alg_id == TPM_ALG_SHA256 || !name)
		return;
	tfm = crd_digest_alloc(name);
	if (!IS_ERR(tfm) && crypto_shash_digestsize(tfm) == bank->size) {
		bank->tfm = tfm;
		bank->used = bank->alg;
		return;
	}
	if (!IS_ERR(tfm))
		crypto_free_shash(tfm);
	pr_notice("no %s in this kernel at this time; its PCR bank is extended with SHA-256\n",
		  name);
}

int crd_digest_start(struct crd_digest *dg, const struct tpm_chip *chip)
{
	unsigned int i;

	memset(dg, 0, sizeof(*dg));
	init_rwsem(&dg->lock);
	dg->sha256 = crd_digest_alloc("sha256");
	if (IS_ERR(dg->sha256)) {
		pr_err("no SHA-256 in this kernel; load its module first\n");
		return PTR_ERR(dg->sha256);
	}
	dg->banks = chip->nr_allocated_banks;
	for (i = 0; i < dg->banks; i++)
		crd_digest_bank_start(&dg->bank[i], &chip->allocated_banks[i]);
	return 0;
}

void crd_digest_stop(struct crd_digest *dg)
{
	unsigned int i;

	for (i = 0; i < dg->banks; i++)
		if (dg->bank[i].tfm)
			crypto_free_shash(dg->bank[i].tfm);
	crypto_free_shash(dg->sha256);
}

/**
 * crd_digest_banks() - digest a record's content for every bank
 * @dg: the hashes
 * @data: content TLV
 * @len: its length
 * @ret_digests: zeroed by the caller; one for each bank
 *
 * A bank whose hash is missing gets the SHA-256, cut or padded by zeros.
 */
int crd_digest_banks(struct crd_digest *dg, const u8 *data, size_t len,
		     struct tpm_digest *ret_digests)
{
	u8 sha256[SHA256_DIGEST_SIZE];
	unsigned int i;
	int rc;

	down_read(&dg->lock);
	rc = crypto_shash_tfm_digest(dg->sha256, data, len, sha256);
	up_read(&dg->lock);
	for (i = 0; !rc && i < dg->banks; i++) {
		ret_digests[i].alg_id = dg->bank[i].alg;
		if (dg->bank[i].tfm)
			rc = crypto_shash_tfm_digest(dg->bank[i].tfm, data, len,
						     ret_digests[i].digest);
		else
			memcpy(ret_digests[i].digest, sha256,
			       min_t(size_t, dg->bank[i].size,
				     sizeof(sha256)));
	}
	return rc;
}

static int crd_digest_update(struct shash_desc *desc, const u8 *data,
			     size_t len)
{
	int rc = 0;

	while (len && !rc) {
		size_t n = min_t(size_t, len, CRD_DIGEST_STEP);

		rc = crypto_shash_update(desc, data, n);
		data += n;
		len -= n;
		cond_resched();
	}
	return rc;
}

/* The digest of what was hashed so far, without ending it. */
static int crd_digest_peek(struct shash_desc *desc, void *state, u8 *ret_digest)
{
	int rc = crypto_shash_export(desc, state);

	if (!rc)
		rc = crypto_shash_final(desc, ret_digest);
	if (!rc)
		rc = crypto_shash_import(desc, state);
	return rc;
}

/**
 * crd_digest_image() - both digests of an image in one pass
 * @dg: the hashes
 * @data: the image
 * @payload: bytes before the appended signature
 * @len: all bytes
 * @ret_payload: SHA-256 of the first @payload bytes
 * @ret_whole: SHA-256 of all
 */
int crd_digest_image(struct crd_digest *dg, const u8 *data, size_t payload,
		     size_t len, u8 *ret_payload, u8 *ret_whole)
{
	struct shash_desc *desc;
	void *state;
	int rc = -ENOMEM;

	down_read(&dg->lock);
	desc = kmalloc(sizeof(*desc) + crypto_shash_descsize(dg->sha256),
		       GFP_KERNEL);
	state = kmalloc(crypto_shash_statesize(dg->sha256), GFP_KERNEL);
	if (!desc || !state)
		goto out;
	desc->tfm = dg->sha256;
	rc = crypto_shash_init(desc);
	if (!rc)
		rc = crd_digest_update(desc, data, payload);
	if (!rc && payload < len)
		rc = crd_digest_peek(desc, state, ret_payload);
	if (!rc)
		rc = crd_digest_update(desc, data + payload, len - payload);
	if (!rc)
		rc = crypto_shash_final(desc, ret_whole);
	if (!rc && payload == len)
		memcpy(ret_payload, ret_whole, SHA256_DIGEST_SIZE);
out:
	up_read(&dg->lock);
	kfree(state);
	kfree(desc);
	return rc;
}

/**
 * crd_digest_once() - a digest by a hash that is seldom wanted
 * @alg: TPM_ALG_ID
 * @data: what to hash
 * @len: its length
 * @ret_digest: SHA512_DIGEST_SIZE bytes
 *
 * Return: bytes of the digest, -ENOENT if the kernel lacks the hash now, or
 * another error.
 */
int crd_digest_once(u16 alg, const u8 *data, size_t len, u8 *ret_digest)
{
	const char *name = crd_digest_name(alg);
	struct crypto_shash *tfm;
	struct shash_desc *desc;
	int rc = -ENOMEM;

	tfm = name ? crd_digest_alloc(name) : ERR_PTR(-ENOENT);
	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	desc = kmalloc(sizeof(*desc) + crypto_shash_descsize(tfm), GFP_KERNEL);
	if (desc && crypto_shash_digestsize(tfm) <= SHA512_DIGEST_SIZE) {
		desc->tfm = tfm;
		rc = crypto_shash_init(desc);
		if (!rc)
			rc = crd_digest_update(desc, data, len);
		if (!rc)
			rc = crypto_shash_final(desc, ret_digest);
		if (!rc)
			rc = crypto_shash_digestsize(tfm);
	}
	kfree(desc);
	crypto_free_shash(tfm);
	return rc;
}

/* Take the best SHA-256 that there is now. May sleep for long. */
void crd_digest_pick(struct crd_digest *dg)
{
	struct crypto_shash *tfm = crd_digest_alloc("sha256");
	struct crypto_shash *old;

	if (IS_ERR(tfm))
		return;
	down_write(&dg->lock);
	old = dg->sha256;
	dg->sha256 = tfm;
	up_write(&dg->lock);
	crypto_free_shash(old);
}

void crd_digest_driver(struct crd_digest *dg, char *buf, size_t size)
{
	down_read(&dg->lock);
	strscpy(buf, crypto_shash_driver_name(dg->sha256), size);
	up_read(&dg->lock);
}
