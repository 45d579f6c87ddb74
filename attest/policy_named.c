// SPDX-License-Identifier: Apache-2.0
/* What of a policy has that id; an id stands once. */
#include <string.h>

#include "policy_private.h"

uint32_t crd_rule_named(const struct crd_policy *policy, const char *id)
{
	uint32_t i;

	for (i = 0; i < policy->n_rules; i++) {
		if (!strcmp(policy->rules[i].id, id))
			return i;
	}
	return CRD_NOT_OF;
}

uint32_t crd_presence_named(const struct crd_policy *policy, const char *id)
{
	uint32_t i;

	for (i = 0; i < policy->n_presence; i++) {
		if (!strcmp(policy->presence[i].id, id))
			return i;
	}
	return CRD_NOT_OF;
}
