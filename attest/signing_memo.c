// SPDX-License-Identifier: Apache-2.0
/*
 * What was found of signatures before: checking one costs more than all else
 * about a driver, and the machines of a site have the same drivers. Found again
 * by a hash of all that the check looks at; a table of fixed size, in which a
 * newer answer takes the place of an older one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attest_private.h"
#include "policy_private.h"

enum { SLOTS = 16384, KEY = 32 };

struct slot {
	uint8_t key[KEY];
	struct crd_signing signing;
	bool used;
};

struct crd_signing_memo {
	const struct crd_policy *policy; /* whose answers these are */
	struct crd_hasher hasher;
	struct slot slots[SLOTS];
};

int crd_signing_memo_new(struct crd_signing_memo **ret_memo)
{
	struct crd_signing_memo *memo = calloc(1, sizeof(*memo));
	int ret = memo ? crd_hasher_init(&memo->hasher, CRD_ALG_SHA256) :
			 -ENOMEM;

	if (ret)
		crd_signing_memo_free(&memo);
	else
		*ret_memo = memo;
	return ret;
}

void crd_signing_memo_free(struct crd_signing_memo **memo)
{
	if (*memo)
		crd_hasher_done(&(*memo)->hasher);
	free(*memo);
	*memo = NULL;
}

static int key_of(struct crd_signing_memo *memo, const struct crd_component *c,
		  uint8_t ret_key[KEY])
{
	/* two lengths before it, so that nothing can slip from part to part */
	const uint16_t head[] = { c->payload.alg, c->payload.len,
				  c->payload_too.alg, c->payload_too.len };
	const struct crd_buf parts[] = {
		{ (const uint8_t *)head, sizeof(head) },
		{ c->payload.bytes, c->payload.len },
		{ c->payload_too.bytes, c->payload_too.len },
		c->signature,
	};

	return crd_hasher_digest(&memo->hasher, parts,
				 sizeof(parts) / sizeof(parts[0]), ret_key);
}

int crd_signing_memo_find(struct crd_signing_memo *memo,
			  const struct crd_policy *policy,
			  struct crd_component *c)
{
	uint8_t key[KEY];
	struct slot *slot;
	int ret;

	/* without certificates there is nothing to check, so nothing to save */
	if (!memo || !policy->n_certs || c->kind != CRD_KIND_DRIVER ||
	    !c->signature.ptr)
		return crd_signer_find(policy, c);
	if (memo->policy != policy) {
		memset(memo->slots, 0, sizeof(memo->slots));
		memo->policy = policy;
	}
	ret = key_of(memo, c, key);
	if (ret)
		return ret;
	slot = &memo->slots[(key[0] << 8 | key[1]) % SLOTS];
	if (slot->used && !memcmp(slot->key, key, KEY)) {
		c->signing = slot->signing;
		return 0;
	}
	ret = crd_signer_find(policy, c);
	if (ret)
		return ret;
	memcpy(slot->key, key, KEY);
	slot->signing = c->signing;
	slot->used = true;
	return 0;
}
