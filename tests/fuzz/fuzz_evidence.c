// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_evidence - a bundle, and the same bytes as claims. There
 * is one encoding of each bundle: what decodes, encodes to the same bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "attest/attest.h"

static void need(int good)
{
	if (!good)
		abort();
}

static void inside(struct crd_buf bundle, struct crd_buf part)
{
	need(!part.ptr || (part.ptr >= bundle.ptr &&
			   part.ptr + part.len <= bundle.ptr + bundle.len));
}

static int look(struct crd_buf key, struct crd_buf value, void *ctx)
{
	inside(*(struct crd_buf *)ctx, key);
	inside(*(struct crd_buf *)ctx, value);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crd_buf bundle = { data, size };
	struct crd_evidence ev;
	struct crd_error err;
	uint8_t *bytes;
	size_t len;

	crd_claims_walk(bundle, look, &bundle, &err);
	if (crd_evidence_decode(bundle, &ev, &err)) {
		need(err.offset <= size);
		return 0;
	}
	inside(bundle, ev.attest);
	inside(bundle, ev.signature);
	inside(bundle, ev.ak);
	inside(bundle, ev.ak_cert);
	inside(bundle, ev.ek_cert);
	inside(bundle, ev.log_measurer);
	inside(bundle, ev.log_tcg);
	inside(bundle, ev.log_ima);
	need(!crd_claims_walk(ev.claims, look, &bundle, &err));
	need(!crd_evidence_encode(&ev, &bytes, &len));
	need(len == size && !memcmp(bytes, data, size));
	free(bytes);
	return 0;
}
