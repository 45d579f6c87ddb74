// SPDX-License-Identifier: Apache-2.0
/*
 * Policy YAML: any bytes either load or are refused with a place. A policy
 * that loads is also asked about a component, so that matching is fuzzed too.
 */
#include <stdlib.h>
#include <string.h>

#include "attest/policy_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char parent[] =
	"policy: parent\nversion: 1\nauthority: A\n"
	"valid: { from: 2026-01-01, until: 2026-12-31 }\n"
	"requires: { identity: pinned, freshness: 10m, secure_boot: on, lockdown: integrity, measurer: any, coverage: [usb], activity: { not: [kexec] } }\n"
	"digest_lists: [ { id: base, digests: [0000000000000000000000000000000000000000000000000000000000000000], known: yes } ]\n"
	"rules: [ { id: r, when: { kind: driver, name: hinic }, then: refer, because: B } ]\n"
	"otherwise: { known: admit, unknown: refer }\n"
	"waivers: [ { id: w, rule: r, component: { name: a }, until: 2026-02-01, approved_by: P, because: B } ]\n";

/* What is extended is a good policy; other files are the policy itself. */
static int fetch(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	*ret_bytes = strstr(file, "parent") ? crd_buf_of(parent) :
					      *(struct crd_buf *)ctx;
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
	static const struct crd_machine machine = { .product = "P" };
	enum crd_waiver_lack why;
	struct crd_matcher m;
	size_t i;

	if (crd_matcher_init(&m, policy, NULL, 20000))
		return;
	m.machine = &machine;
	if (!crd_matcher_set(&m, &component)) {
		for (i = 0; i < policy->n_rules; i++) {
			crd_matcher_holds(&m, policy->rules[i].when, false);
			crd_matcher_waiver(&m, (uint32_t)i);
			crd_matcher_lapsed(&m, (uint32_t)i, &why);
			crd_texts_in(policy, policy->rules[i].because, "fr-CA");
		}
		crd_matcher_known(&m);
	}
	crd_matcher_done(&m);
}

/* The same bytes as a file of waivers. */
static void try_waivers(struct crd_buf bytes)
{
	struct crd_policy *policy = NULL;
	struct crd_error err = { 0 };

	if (crd_policy_load(crd_buf_of(parent), NULL, NULL, &policy, NULL))
		abort();
	if (!crd_policy_add_waivers(policy, bytes, "w", fetch, &bytes, &err))
		ask(policy);
	else if (!err.line || !err.column || !err.text[0])
		abort();
	crd_policy_free(&policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crd_buf bytes = { data, size };
	struct crd_policy *policy = NULL;
	struct crd_error err = { 0 };
	int ret;

	try_waivers(bytes);
	ret = crd_policy_load(bytes, fetch, &bytes, &policy, &err);
	if (!ret) {
		ask(policy);
		crd_policy_free(&policy);
	} else if (!err.line || !err.column || !err.text[0]) {
		abort(); /* an error without a place or a word */
	}
	return 0;
}
