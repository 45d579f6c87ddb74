// SPDX-License-Identifier: Apache-2.0
/*
 * Policy YAML: any bytes either load or are refused with a place. A policy
 * that loads is also asked about a component, so that matching is fuzzed too.
 */
#include <stdlib.h>
#include <string.h>

#include "attest/appraise_private.h"
#include "credence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char parent[] =
	"policy: parent\nversion: 1\nauthority: A\n"
	"valid: { from: 2026-01-01, until: 2026-12-31 }\n"
	"requires: { identity: pinned, freshness: 10m, secure_boot: on, lockdown: integrity, measurer: any, coverage: [usb], activity: { not: [kexec] } }\n"
	"digest_lists: [ { id: base, digests: [0000000000000000000000000000000000000000000000000000000000000000], known: yes } ]\n"
	"rules: [ { id: r, when: { kind: driver, name: hinic }, then: refer, because: B } ]\n"
	"otherwise: { known: admit, unknown: refer }\n"
	"waivers: [ { id: w, rule: r, component: { name: a }, until: 2026-02-01, approved_by: P, because: B } ]\n";

/* Where the line "%%" is; NULL: nowhere. */
static const uint8_t *find_cut(struct crd_buf all)
{
	return all.len ? memmem(all.ptr, all.len, "\n%%\n", 4) : NULL;
}

/*
 * What is extended is a good policy; other files are what follows that line, or
 * the policy itself.
 */
static int fetch(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	struct crd_buf all = *(struct crd_buf *)ctx;
	const uint8_t *cut = find_cut(all);

	if (cut)
		all = (struct crd_buf){ cut + 4,
					all.len - (size_t)(cut + 4 - all.ptr) };
	*ret_bytes = strstr(file, "parent") ? crd_buf_of(parent) : all;
	return 0;
}

/* What comes before that line. */
static struct crd_buf policy_part(struct crd_buf all)
{
	const uint8_t *cut = find_cut(all);

	if (cut)
		all.len = (size_t)(cut + 1 - all.ptr);
	return all;
}

static void ask_rules(struct crd_matcher *m, const struct crd_policy *policy)
{
	enum crd_waiver_lack why;
	size_t i;

	for (i = 0; i < policy->n_rules; i++) {
		crd_matcher_holds(m, policy->rules[i].when, false);
		crd_matcher_waiver(m, (uint32_t)i);
		crd_matcher_lapsed(m, (uint32_t)i, &why);
		crd_texts_in(policy, policy->rules[i].because, "fr-CA");
	}
	crd_matcher_known(m);
}

/* Each of its questions, and what is told of it. */
static void ask_conditions(struct crd_matcher *m,
			   const struct crd_policy *policy)
{
	size_t i;

	for (i = 0; i < policy->n_conds; i++) {
		struct crd_str str = { 0 };

		crd_matcher_cond(m, &policy->conds[i], true);
		crd_fact_of(m, &policy->conds[i]);
		crd_fact_say(&str, m, &policy->conds[i]);
		crd_cond_say(&str, policy, &policy->conds[i]);
		crd_str_done(&str);
	}
}

static void ask(const struct crd_policy *policy)
{
	static const struct crd_component components[] = {
		{
			.kind = CRD_KIND_DRIVER,
			.name = { (const uint8_t *)"hi\\x6eic", 8 },
			.authors = { { (const uint8_t *)"Somebody", 8 } },
			.n_authors = 1,
			.flags = CRD_FLAG_UNSIGNED,
		},
		{
			.kind = CRD_KIND_DEVICE,
			.bus = { (const uint8_t *)"pci", 3 },
			.serial = { (const uint8_t *)"S1", 2 },
			.vendor_id = 0x8086,
			.device_id = 0x10d3,
			.subvendor_id = -1,
			.subdevice_id = -1,
		},
		{
			.kind = CRD_KIND_PLATFORM,
			.part = CRD_PART_SMBIOS,
			.version = { (const uint8_t *)"1.10-rc1", 8 },
			.released = { (const uint8_t *)"02/29/2024", 10 },
		},
	};
	static const struct crd_machine machine = { .product = "P" };
	const struct crd_context context = { "ottawa", "CA", NULL };
	struct crd_matcher m;
	size_t i;

	if (crd_matcher_init(&m, policy, NULL, 20000))
		return;
	m.machine = &machine;
	crd_matcher_about(&m, &context, (struct crd_buf){ NULL, 0 });
	for (i = 0; i < sizeof(components) / sizeof(components[0]); i++) {
		if (crd_matcher_set(&m, &components[i]))
			continue;
		ask_rules(&m, policy);
		ask_conditions(&m, policy);
	}
	crd_matcher_done(&m);
}

static int put(const char *text, size_t len, void *ctx)
{
	return 0;
}

/* Its examples, judged and explained. */
static void try_examples(const struct crd_policy *policy)
{
	const struct crd_trial trial = { .policy = policy };
	struct crd_error err = { 0 };
	struct crd_tried text, json;
	int ret = crd_policy_test_text(&trial, put, NULL, &text, &err);

	if (ret != crd_policy_test_json(&trial, put, NULL, &json, &err) ||
	    text.failed != json.failed || text.untouched != json.untouched)
		abort();
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
	ret = crd_policy_load(policy_part(bytes), fetch, &bytes, &policy, &err);
	if (!ret) {
		ask(policy);
		try_examples(policy);
		crd_policy_free(&policy);
	} else if (!err.line || !err.column || !err.text[0]) {
		abort(); /* an error without a place or a word */
	}
	return 0;
}
