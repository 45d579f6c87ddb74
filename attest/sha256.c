// SPDX-License-Identifier: Apache-2.0
/*
 * SHA-256 for who hashes little and has to be quick: fetching an algorithm
 * (alg.c) takes libcrypto as long as an inventory does all in all. These
 * functions need no fetching; libcrypto calls them deprecated, and has them.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "attest.h"

void crd_sha256(struct crd_buf bytes, struct crd_digest *ret_digest)
{
	struct crd_digest digest = { .alg = CRD_ALG_SHA256,
				     .len = SHA256_DIGEST_LENGTH };
	SHA256_CTX ctx;

	SHA256_Init(&ctx);
	SHA256_Update(&ctx, bytes.ptr, bytes.len);
	SHA256_Final(digest.bytes, &ctx);
	*ret_digest = digest;
}
