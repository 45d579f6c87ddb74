// SPDX-License-Identifier: Apache-2.0
/* Questions to a policy, and what it names against a registry. */
#include <errno.h>
#include <stdio.h>

#include "policy_private.h"

const char *crd_policy_name(const struct crd_policy *policy)
{
	return policy->name;
}

uint32_t crd_policy_pcr(const struct crd_policy *policy)
{
	return policy->requires.pcr;
}

uint64_t crd_policy_version(const struct crd_policy *policy)
{
	return policy->version;
}

const struct crd_digest *crd_policy_digest(const struct crd_policy *policy)
{
	return &policy->digest;
}

const char *crd_policy_file_name(const struct crd_policy *policy, uint8_t file)
{
	return policy->files[file].path ? policy->files[file].path :
					  "the policy";
}

bool crd_policy_needs_registry(const struct crd_policy *policy)
{
	size_t i;

	for (i = 0; i < policy->n_conds; i++) {
		if (policy->conds[i].key == CRD_COND_VENDOR ||
		    policy->conds[i].key == CRD_COND_JURISDICTION ||
		    policy->conds[i].key == CRD_COND_LISTED ||
		    policy->conds[i].key == CRD_COND_GRADE)
			return true;
	}
	/* A vendor that resolves makes a component known. */
	return policy->otherwise_known != policy->otherwise_unknown;
}

/* A place in another file than the policy itself stands in the text. */
static int fail_in(const struct crd_policy *policy, uint8_t file,
		   unsigned int line, unsigned int column, const char *text,
		   struct crd_error *err)
{
	if (!policy->files[file].path)
		return crd_fail_at(err, line, column, -EBADMSG, "%s", text);
	return crd_fail_at(err, 0, 0, -EBADMSG, "%.120s:%u:%u: %s",
			   policy->files[file].path, line, column, text);
}

static int check_value(const struct crd_policy *policy,
		       const struct crd_registry *reg,
		       const struct crd_cond *cond, const struct crd_value *v,
		       struct crd_error *err)
{
	enum crd_cond_key key = cond->key;
	char why[CRD_ERROR_TEXT];
	const char *text = (const char *)v->text.ptr;
	const char *lack = NULL;

	if (key == CRD_COND_VENDOR &&
	    crd_registry_entity(reg, text) == REG_NONE)
		lack = "entity";
	if (key == CRD_COND_LISTED && !crd_registry_has_list(reg, text))
		lack = "list";
	if (key == CRD_COND_JURISDICTION &&
	    !crd_registry_has_country(reg, text))
		lack = "country";
	if (!lack)
		return 0;
	snprintf(why, sizeof(why), "%s '%.80s' is not in the registry", lack,
		 text);
	return fail_in(policy, cond->file, v->line, v->column, why, err);
}

int crd_policy_check(const struct crd_policy *policy,
		     const struct crd_registry *registry, struct crd_error *err)
{
	const struct crd_cond *c = policy->conds;
	const struct crd_cond *end = c + policy->n_conds;
	uint32_t i;
	int ret = 0;

	for (; c < end; c++) {
		for (i = 0; !ret && i < c->n; i++)
			ret = check_value(policy, registry, c,
					  &policy->values[c->first + i], err);
	}
	return ret;
}
