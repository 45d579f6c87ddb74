/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pair - brings the items of two sides together, rule by rule: what an earlier
 * rule has paired is out of the later ones. n log n for each rule.
 */
#ifndef CRD_PAIR_H
#define CRD_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRD_UNPAIRED UINT32_MAX
#define CRD_PAIR_KEY 64

struct crd_pair_key {
	uint8_t bytes[CRD_PAIR_KEY];
};

/* The key of an item under a rule; equal keys pair. False: it has none. */
typedef bool (*crd_pair_key_fn)(const void *side, size_t item,
				unsigned int rule,
				struct crd_pair_key *ret_key);

/* a_to_b[n_a], b_to_a[n_b]: the other's index, or CRD_UNPAIRED. Of several
 * items with one key the first of each side pair, then the second ...
 */
int crd_pair(const void *a, size_t n_a, const void *b, size_t n_b,
	     unsigned int n_rules, crd_pair_key_fn key, uint32_t *a_to_b,
	     uint32_t *b_to_a);

#endif /* CRD_PAIR_H */
