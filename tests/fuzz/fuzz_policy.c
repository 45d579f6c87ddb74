// SPDX-License-Identifier: Apache-2.0
/*
 * Policy YAML: any bytes either load or are refused with a place. A policy
 * that loads is also asked about a component, so that matching is fuzzed too.
 */
#include <stdlib.h>
#include <string.h>

#include "attest/policy_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The file that a digest list names is the policy itself. */
static int fetch(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	*ret_bytes = *(struct crd_buf *)ctx;
	return 0;
}

static void ask(const struct crd_policy *policy)
{
	static const struct crd_component component = {
		.kind = CRD_KIND_DRIVER,
		.name = { (const uint8_t *)"hi\\x6eic", 8 },
		.authors = { { (const uint8_t *)"Somebody", 8 } },
		.n_authors = 1,
		.flags = CRD_FLAG_UNSIGNED,
	};
	struct crd_matcher m;
	size_t i;

	if (crd_matcher_init(&m, policy, NULL, 20000))
		return;
	if (!crd_matcher_set(&m, &component)) {
		for (i = 0; i < policy->n_rules; i++) {
			crd_matcher_holds(&m, policy->rules[i].when, false);
			crd_matcher_waiver(&m, (uint32_t)i);
		}
		crd_matcher_known(&m);
	}
	crd_matcher_done(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crd_buf bytes = { data, size };
	struct crd_policy *policy = NULL;
	struct crd_error err = { 0 };
	int ret;

	ret = crd_policy_load(bytes, fetch, &bytes, &policy, &err);
	if (!ret) {
		ask(policy);
		crd_policy_free(&policy);
	} else if (!err.line || !err.column || !err.text[0]) {
		abort(); /* an error without a place or a word */
	}
	return 0;
}
