/* SPDX-License-Identifier: Apache-2.0 */
/* policy_text - policies of a few words, for tests. */
#ifndef POLICY_TEXT_H
#define POLICY_TEXT_H

#include "attest/policy_private.h"
#include "small_registry.h"

#define HEAD                                               \
	"policy: test\n"                                   \
	"version: 1\n"                                     \
	"authority: A\n"                                   \
	"valid: { from: 2026-01-01, until: 2026-12-31 }\n" \
	"requires: { identity: any, freshness: 10m, secure_boot: any, lockdown: none, measurer: any }\n"
#define OTHERWISE "otherwise: { known: admit, unknown: refer }\n"
#define RULE(when, then) \
	"rules: [ { id: r, when: { " when " }, then: " then ", because: B } ]\n"
#define WHEN(when) HEAD RULE(when, "refuse") OTHERWISE
#define WAIVER(text)                                                       \
	HEAD RULE("kind: driver", "refuse") OTHERWISE "waivers: [ { " text \
						      " } ]\n"
#define LISTS(text)                                                        \
	HEAD "digest_lists: [ " text " ]\n" RULE("kind: driver", "refuse") \
		OTHERWISE
#define SHA256 \
	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static inline int load(const char *yaml, struct crd_policy **ret_policy,
		       struct crd_error *err)
{
	memset(err, 0, sizeof(*err));
	*ret_policy = NULL;
	return crd_policy_load(small_buf(yaml), NULL, NULL, ret_policy, err);
}

static inline struct crd_policy *good(const char *yaml)
{
	struct crd_policy *p;
	struct crd_error err;

	if (load(yaml, &p, &err))
		fail_msg("%u:%u %s\n%s", err.line, err.column, err.text, yaml);
	return p;
}

#endif /* POLICY_TEXT_H */
