// SPDX-License-Identifier: Apache-2.0
/*
 * claims - what the agent says of its machine: a flat CBOR map of text to
 * text, keys in deterministic order. Hashed into the quote together with the
 * challenge's nonce, so that neither can be exchanged.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attest_private.h"
#include "bounds.h"
#include "cbor.h"

#define BINDING_LABEL "CREDENCE-EVIDENCE-1"

static struct crd_buf text_buf(const char *text)
{
	return (struct crd_buf){ (const uint8_t *)text, strlen(text) };
}

/* Order of the encoded keys (RFC 8949, 4.2.1): the length comes first. */
static int compare_keys(struct crd_buf a, struct crd_buf b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return a.len ? memcmp(a.ptr, b.ptr, a.len) : 0;
}

static int compare_claims(const void *a, const void *b)
{
	const struct crd_claim *const *x = a, *const *y = b;

	return compare_keys(text_buf((*x)->key), text_buf((*y)->key));
}

static bool claim_valid(const struct crd_claim *c)
{
	struct crd_buf key = text_buf(c->key);

	return key.len && key.len <= CRD_MAX_CLAIM_KEY && crd_utf8_valid(key) &&
	       crd_utf8_valid(text_buf(c->value));
}

/* -EINVAL: a key is empty, too long or there twice, or no UTF-8. */
static int check_claims(const struct crd_claim **sorted, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!claim_valid(sorted[i]) ||
		    (i && !strcmp(sorted[i - 1]->key, sorted[i]->key)))
			return -EINVAL;
	return 0;
}

static int put_claims(const struct crd_claim **sorted, size_t n,
		      uint8_t **ret_bytes, size_t *ret_len)
{
	struct crd_writer w;

	crd_writer_init(&w, CRD_MAX_CLAIMS, 1024);
	crd_cbor_put_head(&w, CRD_CBOR_MAP, n);
	for (size_t i = 0; i < n; i++) {
		crd_cbor_put_string(&w, CRD_CBOR_TEXT,
				    text_buf(sorted[i]->key));
		crd_cbor_put_string(&w, CRD_CBOR_TEXT,
				    text_buf(sorted[i]->value));
	}
	return crd_writer_finish(&w, ret_bytes, ret_len);
}

int crd_claims_encode(const struct crd_claim *claims, size_t n,
		      uint8_t **ret_bytes, size_t *ret_len)
{
	const struct crd_claim **sorted;
	int ret;

	sorted = calloc(n ? n : 1, sizeof(const struct crd_claim *));
	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		sorted[i] = &claims[i];
	qsort(sorted, n, sizeof(const struct crd_claim *), compare_claims);
	ret = check_claims(sorted, n);
	if (!ret)
		ret = put_claims(sorted, n, ret_bytes, ret_len);
	free(sorted);
	return ret;
}

int crd_claims_walk(struct crd_buf claims,
		    int (*fn)(struct crd_buf key, struct crd_buf value,
			      void *ctx),
		    void *ctx, struct crd_error *err)
{
	struct crd_buf key, value, last = { NULL, 0 };
	struct crd_reader r;
	uint64_t count;
	int ret = 0;

	if (claims.len > CRD_MAX_CLAIMS)
		return crd_fail(err, -E2BIG, 0, "claims: %zu bytes, over %u",
				claims.len, CRD_MAX_CLAIMS);
	rd_init(&r, claims, 0);
	count = crd_cbor_head(&r, CRD_CBOR_MAP);
	for (uint64_t i = 0; i < count && !ret; i++) {
		key = crd_cbor_string(&r, CRD_CBOR_TEXT);
		value = crd_cbor_string(&r, CRD_CBOR_TEXT);
		if (rd_failed(&r))
			break;
		if (!key.len || key.len > CRD_MAX_CLAIM_KEY ||
		    compare_keys(last, key) >= 0)
			return crd_fail(err, -EBADMSG, rd_offset(&r),
					"claims: a key is empty, too long, "
					"repeated or out of order");
		last = key;
		ret = fn ? fn(key, value, ctx) : 0;
	}
	if (rd_failed(&r))
		return crd_fail_short(err, &r, "claims: the map");
	if (!ret && rd_left(&r))
		return crd_fail(err, -EBADMSG, rd_offset(&r),
				"claims: %zu bytes follow the map",
				rd_left(&r));
	return ret;
}

int crd_qualifying_data(struct crd_buf nonce, struct crd_buf claims,
			struct crd_digest *ret_qualifying)
{
	const uint8_t len[2] = { (uint8_t)(nonce.len >> 8),
				 (uint8_t)nonce.len };
	struct crd_digest claims_digest;
	int ret;

	if (nonce.len < CRD_NONCE_MIN || nonce.len > CRD_NONCE_MAX)
		return -EINVAL;
	ret = crd_hash(CRD_ALG_SHA256, &claims, 1, &claims_digest);
	if (ret)
		return ret;
	return crd_hash(CRD_ALG_SHA256,
			(const struct crd_buf[]){
				text_buf(BINDING_LABEL),
				{ len, sizeof(len) },
				nonce,
				{ claims_digest.bytes, claims_digest.len },
			},
			4, ret_qualifying);
}
