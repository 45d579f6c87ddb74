// SPDX-License-Identifier: Apache-2.0
/* `requires` of a policy: what is asked of the machine as a whole. */
#include <string.h>

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
	uint64_t pcr;
	int ret = crd_want_number(l, node, "pcr", &pcr);

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

/* Keys in the order of crd_requires_names. */
enum {
	REQ_IDENTITY,
	REQ_FRESHNESS,
	REQ_SECURE_BOOT,
	REQ_LOCKDOWN,
	REQ_MEASURER,
	REQ_BANK,
	REQ_PCR,
	REQ_COVERAGE,
	REQ_ACTIVITY,
	REQ_BID,
	REQ_FIRST_OPTIONAL = REQ_BANK,
};

const char *const crd_requires_names[CRD_N_REQUIRES + 1] = {
	"identity", "freshness", "secure_boot", "lockdown", "measurer", "bank",
	"pcr",	    "coverage",	 "activity",	"bid",	    NULL
};

static int load_word(const struct crd_load *l, const struct crd_node *node,
		     unsigned int key, struct crd_requires *r)
{
	static const char *const identity[] = { "any", "pinned", NULL };
	static const char *const on[] = { "any", "on", NULL };
	static const char *const lockdown[] = { "none", "integrity",
						"confidentiality", NULL };
	static const char *const measurer[] = { "any", "reference", NULL };
	static const char *const bid[] = { "any", "match", NULL };
	static const char *const banks[] = { "sha256", "sha384", "sha512",
					     NULL };
	static const char *const *const words[] = {
		[REQ_IDENTITY] = identity, [REQ_SECURE_BOOT] = on,
		[REQ_LOCKDOWN] = lockdown, [REQ_MEASURER] = measurer,
		[REQ_BANK] = banks,	   [REQ_BID] = bid,
	};
	unsigned int word = 0;
	int ret = crd_want_word(l, node, crd_requires_names[key], words[key],
				&word);

	if (ret)
		return ret;
	if (key == REQ_IDENTITY)
		r->identity_pinned = word;
	else if (key == REQ_SECURE_BOOT)
		r->secure_boot = word;
	else if (key == REQ_LOCKDOWN)
		r->lockdown = word;
	else if (key == REQ_MEASURER)
		r->measurer_reference = word;
	else if (key == REQ_BID)
		r->bid_match = word;
	else
		r->bank = crd_alg_from_name(banks[word]);
	return 0;
}

static int load_key(const struct crd_load *l, const struct crd_node *node,
		    unsigned int key, struct crd_requires *r)
{
	switch (key) {
	case REQ_FRESHNESS:
		return crd_want_duration(l, node, "freshness", &r->freshness);
	case REQ_PCR:
		return load_pcr(l, node, &r->pcr);
	case REQ_COVERAGE:
		r->n_coverage = 0;
		return load_coverage(l, node);
	case REQ_ACTIVITY:
		r->no_activity = 0;
		return load_activity(l, node, &r->no_activity);
	default:
		return load_word(l, node, key, r);
	}
}

static bool covers(const struct crd_requires *r,
		   const struct crd_requires *base)
{
	unsigned int i, j;

	for (i = 0; i < base->n_coverage; i++) {
		for (j = 0; j < r->n_coverage; j++) {
			if (!strcmp(base->coverage[i], r->coverage[j]))
				break;
		}
		if (j == r->n_coverage)
			return false;
	}
	return true;
}

/* Would a machine get past r that does not get past base? */
static bool is_looser(unsigned int key, const struct crd_requires *r,
		      const struct crd_requires *base)
{
	switch (key) {
	case REQ_IDENTITY:
		return base->identity_pinned && !r->identity_pinned;
	case REQ_FRESHNESS:
		return r->freshness > base->freshness;
	case REQ_SECURE_BOOT:
		return base->secure_boot && !r->secure_boot;
	case REQ_LOCKDOWN:
		return r->lockdown < base->lockdown;
	case REQ_MEASURER:
		return base->measurer_reference && !r->measurer_reference;
	case REQ_BANK:
		return crd_alg_rank(r->bank) < crd_alg_rank(base->bank);
	case REQ_PCR: /* another log counts */
		return r->pcr != base->pcr;
	case REQ_COVERAGE:
		return !covers(r, base);
	case REQ_BID:
		return base->bid_match && !r->bid_match;
	default:
		return base->no_activity & ~r->no_activity;
	}
}

int crd_requires_load(const struct crd_load *l, const struct crd_node *node)
{
	struct crd_requires *r = &l->policy->requires;
	const struct crd_node *v[CRD_N_REQUIRES];
	struct crd_key keys[CRD_N_REQUIRES];
	unsigned int i;
	int ret;

	if (!node)
		return 0;
	for (i = 0; i < CRD_N_REQUIRES; i++)
		keys[i] =
			(struct crd_key){ crd_requires_names[i],
					  !l->base && i < REQ_FIRST_OPTIONAL };
	if (!l->base) {
		r->bank = CRD_ALG_SHA256;
		r->pcr = CRD_PCR_DEFAULT;
	}
	ret = crd_want_map(l, node, "requires", keys, CRD_N_REQUIRES, v);
	for (i = 0; !ret && i < CRD_N_REQUIRES; i++) {
		if (!v[i])
			continue;
		ret = load_key(l, v[i], i, r);
		if (!ret && l->base && is_looser(i, r, &l->base->requires))
			ret = crd_looser(l, v[i], "requires",
					 crd_requires_names[i],
					 l->base->requires.said[i]);
		r->said[i] = (struct crd_said_at){ v[i], l->file };
	}
	return ret;
}
