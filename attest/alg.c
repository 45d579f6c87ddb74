// SPDX-License-Identifier: Apache-2.0
/* alg - the hash algorithms: one table of id, name, size, strength. */
#include "attest_private.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "reader.h"

enum { N_ALGS = 4 };

static const struct alg {
	uint16_t id;
	uint8_t size;
	int rank;	  /* 0: not to be chosen */
	const char *name; /* as the kernel spells it */
	const char *ossl; /* as libcrypto does */
} algs[N_ALGS] = {
	{ CRD_ALG_SHA1, 20, 0, "sha1", "SHA1" },
	{ CRD_ALG_SHA256, 32, 1, "sha256", "SHA2-256" },
	{ CRD_ALG_SHA384, 48, 2, "sha384", "SHA2-384" },
	{ CRD_ALG_SHA512, 64, 3, "sha512", "SHA2-512" },
};

/*
 * Set once by fetch_all(), constant afterwards. A fetch costs more than the
 * digest of a log record, hence not one for each use.
 */
static CRYPTO_ONCE fetch_once = CRYPTO_ONCE_STATIC_INIT;
static OSSL_LIB_CTX *libctx;
static EVP_MD *mds[N_ALGS];

static void release_all(void)
{
	for (size_t i = 0; i < N_ALGS; i++) {
		EVP_MD_free(mds[i]);
		mds[i] = NULL;
	}
	OSSL_LIB_CTX_free(libctx);
	libctx = NULL;
}

/*
 * CMS and X.509 in OpenSSL 3.0 still go by the old numbers of hashes. A fetched
 * one has its number only if the process's table had that hash before, and a
 * program may have spared itself the table, so these few are put there first.
 */
static bool name_hashes(void)
{
	return EVP_add_digest(EVP_sha256()) == 1 &&
	       EVP_add_digest(EVP_sha384()) == 1 &&
	       EVP_add_digest(EVP_sha512()) == 1;
}

static void fetch_all(void)
{
	libctx = name_hashes() ? OSSL_LIB_CTX_new() : NULL;
	if (!libctx)
		return;
	for (size_t i = 0; i < N_ALGS; i++)
		mds[i] = EVP_MD_fetch(libctx, algs[i].ossl, NULL);
	OPENSSL_atexit(release_all);
}

static const struct alg *find_alg(uint16_t id)
{
	for (size_t i = 0; i < N_ALGS; i++)
		if (algs[i].id == id)
			return &algs[i];
	return NULL;
}

OSSL_LIB_CTX *crd_libctx(void)
{
	return CRYPTO_THREAD_run_once(&fetch_once, fetch_all) ? libctx : NULL;
}

const EVP_MD *crd_alg_md(uint16_t alg)
{
	const struct alg *a = find_alg(alg);

	return a && crd_libctx() ? mds[a - algs] : NULL;
}

const char *crd_alg_name(uint16_t alg)
{
	const struct alg *a = find_alg(alg);

	return a ? a->name : NULL;
}

uint16_t crd_alg_from_name(const char *name)
{
	for (size_t i = 0; i < N_ALGS; i++)
		if (!strcmp(algs[i].name, name))
			return algs[i].id;
	return 0;
}

size_t crd_alg_size(uint16_t alg)
{
	const struct alg *a = find_alg(alg);

	return a ? a->size : 0;
}

int crd_alg_rank(uint16_t alg)
{
	const struct alg *a = find_alg(alg);

	return a ? a->rank : 0;
}

int crd_hasher_init(struct crd_hasher *h, uint16_t alg)
{
	h->alg = alg;
	h->ctx = NULL;
	if (!find_alg(alg))
		return -EOPNOTSUPP;
	h->md = crd_alg_md(alg);
	if (!h->md)
		return -EIO;
	h->ctx = EVP_MD_CTX_new();
	return h->ctx ? 0 : -ENOMEM;
}

int crd_hasher_digest(struct crd_hasher *h, const struct crd_buf *parts,
		      size_t n, uint8_t *ret_bytes)
{
	if (EVP_DigestInit_ex2(h->ctx, h->md, NULL) != 1)
		return -EIO;
	for (size_t i = 0; i < n; i++)
		if (EVP_DigestUpdate(h->ctx, parts[i].ptr, parts[i].len) != 1)
			return -EIO;
	return EVP_DigestFinal_ex(h->ctx, ret_bytes, NULL) == 1 ? 0 : -EIO;
}

int crd_hasher_extend(struct crd_hasher *h, struct crd_digest *pcr,
		      const uint8_t *digest, size_t len)
{
	const struct crd_buf parts[] = { { pcr->bytes, pcr->len },
					 { digest, len } };

	return crd_hasher_digest(h, parts, 2, pcr->bytes);
}

void crd_hasher_done(struct crd_hasher *h)
{
	EVP_MD_CTX_free(h->ctx);
	h->ctx = NULL;
}

int crd_hash(uint16_t alg, const struct crd_buf *parts, size_t n,
	     struct crd_digest *ret_digest)
{
	struct crd_digest out = { .alg = alg,
				  .len = (uint16_t)crd_alg_size(alg) };
	struct crd_hasher h;
	int ret;

	ret = crd_hasher_init(&h, alg);
	if (!ret)
		ret = crd_hasher_digest(&h, parts, n, out.bytes);
	crd_hasher_done(&h);
	if (!ret)
		*ret_digest = out;
	return ret;
}

int crd_extend(struct crd_digest *pcr, const uint8_t *digest, size_t len)
{
	const struct crd_buf parts[] = { { pcr->bytes, pcr->len },
					 { digest, len } };

	return crd_hash(pcr->alg, parts, 2, pcr);
}

bool crd_digest_equal(const struct crd_digest *a, const struct crd_digest *b)
{
	return a->alg == b->alg &&
	       crd_buf_equal((struct crd_buf){ a->bytes, a->len },
			     (struct crd_buf){ b->bytes, b->len });
}
