// SPDX-License-Identifier: Apache-2.0
#include "pair.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct keyed {
	struct crd_pair_key key;
	uint32_t item;
};

static int order(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int by_key = memcmp(x->key.bytes, y->key.bytes, CRD_PAIR_KEY);

	return by_key ? by_key : (x->item > y->item) - (x->item < y->item);
}

/* Those of one side that have no partner yet, by their keys. */
static size_t gather(const void *side, size_t n, unsigned int rule,
		     crd_pair_key_fn key, const uint32_t *partner,
		     struct keyed *ret_keyed)
{
	size_t i, n_keyed = 0;

	for (i = 0; i < n; i++) {
		struct keyed *k = &ret_keyed[n_keyed];

		memset(k, 0, sizeof(*k));
		k->item = (uint32_t)i;
		if (partner[i] == CRD_UNPAIRED && key(side, i, rule, &k->key))
			n_keyed++;
	}
	if (n_keyed)
		qsort(ret_keyed, n_keyed, sizeof(*ret_keyed), order);
	return n_keyed;
}

static void merge(const struct keyed *a, size_t n_a, const struct keyed *b,
		  size_t n_b, uint32_t *a_to_b, uint32_t *b_to_a)
{
	size_t i = 0, k = 0;

	while (i < n_a && k < n_b) {
		int by_key =
			memcmp(a[i].key.bytes, b[k].key.bytes, CRD_PAIR_KEY);

		if (!by_key) {
			a_to_b[a[i].item] = b[k].item;
			b_to_a[b[k].item] = a[i].item;
		}
		i += by_key <= 0;
		k += by_key >= 0;
	}
}

int crd_pair(const void *a, size_t n_a, const void *b, size_t n_b,
	     unsigned int n_rules, crd_pair_key_fn key, uint32_t *a_to_b,
	     uint32_t *b_to_a)
{
	struct keyed *keyed = malloc((n_a + n_b + 1) * sizeof(*keyed));
	unsigned int rule;
	size_t x, y;

	if (!keyed)
		return -ENOMEM;
	memset(a_to_b, 0xff, n_a * sizeof(*a_to_b));
	memset(b_to_a, 0xff, n_b * sizeof(*b_to_a));
	for (rule = 0; rule < n_rules; rule++) {
		x = gather(a, n_a, rule, key, a_to_b, keyed);
		y = gather(b, n_b, rule, key, b_to_a, keyed + x);
		merge(keyed, x, keyed + x, y, a_to_b, b_to_a);
	}
	free(keyed);
	return 0;
}
