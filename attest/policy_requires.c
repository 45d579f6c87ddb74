// SPDX-License-Identifier: Apache-2.0
/* `requires` of a policy: what is asked of the machine as a whole. */
#include "credence.h"
#include "policy_private.h"

const char *const crd_activity_names[] = { "other",	"kexec",  "bpf",
					   "livepatch", "kprobe", "ftrace",
					   NULL };

/*
 * The PCR whose log counts. Root can extend any other with a log of his own
 * making, while the measurer's still tells the truth.
 */
static int load_pcr(const struct crd_load *l, const struct crd_node *node,
		    unsigned int *ret_pcr)
{
	uint64_t pcr = CRD_PCR_DEFAULT;
	int ret = 0;

	if (node)
		ret = crd_want_number(l, node, "pcr", &pcr);
	if (!ret && pcr > CRD_PCR_MAX)
		ret = crd_node_fail(l, node, "pcr must be from 1 to %d",
				    CRD_PCR_MAX);
	if (!ret)
		*ret_pcr = (unsigned int)pcr;
	return ret;
}

/* Words that the measurer's coverage record has to bear. */
static int load_coverage(const struct crd_load *l, const struct crd_node *node)
{
	struct crd_requires *r = &l->policy->requires;
	const struct crd_node *c;
	int ret = crd_want_list(l, node, "coverage", POL_MAX_COVERAGE);

	for (c = ret ? NULL : crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = crd_want_id(l, c, "coverage",
				  &r->coverage[r->n_coverage++]);
	return ret;
}

static int load_activity_words(const struct crd_load *l,
			       const struct crd_node *node, uint32_t *ret_mask)
{
	const struct crd_node *c = node;
	bool list = node->type == CRD_NODE_LIST;
	unsigned int word;
	int ret = 0;

	if (list) {
		ret = crd_want_list(l, node, "activity", POL_MAX_NODES);
		c = crd_node_first(l->yaml, node);
	}
	for (; !ret && c; c = list ? crd_node_next(l->yaml, c) : NULL) {
		ret = crd_want_word(l, c, "activity", crd_activity_names + 1,
				    &word);
		if (!ret) /* and what this reader does not know */
			*ret_mask |= 2u << word | 1;
	}
	return ret;
}

/* any, none, or { not: [ ... ] } */
static int load_activity(const struct crd_load *l, const struct crd_node *node,
			 uint32_t *ret_mask)
{
	static const char *const words[] = { "any", "none", NULL };
	static const struct crd_key keys[] = { { "not", true } };
	const struct crd_node *value;
	unsigned int word = 0;
	int ret;

	if (node->type == CRD_NODE_MAP) {
		ret = crd_want_map(l, node, "activity", keys, 1, &value);
		return ret ? ret : load_activity_words(l, value, ret_mask);
	}
	ret = crd_want_word(l, node, "activity", words, &word);
	if (word)
		*ret_mask = UINT32_MAX;
	return ret;
}

int crd_requires_load(const struct crd_load *l, const struct crd_node *node)
{
	static const char *const identity[] = { "any", "pinned", NULL };
	static const char *const on[] = { "any", "on", NULL };
	static const char *const lockdown[] = { "none", "integrity",
						"confidentiality", NULL };
	static const char *const measurer[] = { "any", "reference", NULL };
	static const char *const banks[] = { "sha256", "sha384", "sha512",
					     NULL };
	static const struct crd_key keys[] = {
		{ "identity", true },	 { "freshness", true },
		{ "secure_boot", true }, { "lockdown", true },
		{ "measurer", true },	 { "bank", false },
		{ "pcr", false },	 { "coverage", false },
		{ "activity", false },
	};
	struct crd_requires *r = &l->policy->requires;
	const struct crd_node *v[9];
	unsigned int word = 0;
	int ret = crd_want_map(l, node, "requires", keys, 9, v);

	if (!ret)
		ret = crd_want_word(l, v[0], "identity", identity, &word);
	r->identity_pinned = word;
	if (!ret)
		ret = crd_want_duration(l, v[1], "freshness", &r->freshness);
	if (!ret)
		ret = crd_want_word(l, v[2], "secure_boot", on, &word);
	r->secure_boot = word;
	if (!ret)
		ret = crd_want_word(l, v[3], "lockdown", lockdown,
				    &r->lockdown);
	if (!ret)
		ret = crd_want_word(l, v[4], "measurer", measurer, &word);
	r->measurer_reference = word;
	word = 0;
	if (!ret && v[5])
		ret = crd_want_word(l, v[5], "bank", banks, &word);
	r->bank = crd_alg_from_name(banks[word]);
	if (!ret)
		ret = load_pcr(l, v[6], &r->pcr);
	if (!ret && v[7])
		ret = load_coverage(l, v[7]);
	if (!ret && v[8])
		ret = load_activity(l, v[8], &r->no_activity);
	return ret;
}
