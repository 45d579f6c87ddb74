/* SPDX-License-Identifier: Apache-2.0 */
/*
 * version - versions and the dates of firmware, and which comes first, as
 * policies/README.md defines it ("Versions and dates"). Rules of a policy and
 * comparisons of machines ask this one order: 0x and hexadecimal digits, or
 * numbers in decimal joined by dots and hyphens. Anything else has none.
 */
#ifndef CRD_VERSION_H
#define CRD_VERSION_H

#include "text_private.h"

enum { CRD_MAX_RUNS = 16 };

struct crd_version {
	uint64_t runs[CRD_MAX_RUNS];
	unsigned int n;
	bool hex;
	bool before; /* a preview of the version with these numbers */
};

/* False: it has no order. */
bool crd_version_read(struct crd_buf text, struct crd_version *ret_version);
/* < 0, 0, > 0; false: they cannot be compared. */
bool crd_version_order(const struct crd_version *a, const struct crd_version *b,
		       int *ret_order);
/* Of a bound: nothing may follow the numbers. */
bool crd_version_is_bound(struct crd_buf text);
/* "MM/DD/YYYY" as SMBIOS has it, and "2026-01-31". */
bool crd_day_read(struct crd_buf text, int32_t *ret_day);

/* Older, the same, newer; or other, where nothing tells which is newer. */
enum crd_age { CRD_OLDER, CRD_SAME_AGE, CRD_NEWER, CRD_OTHER_AGE };
/* What is equal is the same, whether it has an order or not. */
enum crd_age crd_version_age(struct crd_buf before, struct crd_buf after);
enum crd_age crd_date_age(struct crd_buf before, struct crd_buf after);
/*
 * Of texts of which a version of at least so many numbers is a word, such as
 * "iwlwifi-59.ucode": the first that differs, between any of the characters
 * of `between`. What is before it must be alike, what follows is not compared.
 */
enum crd_age crd_word_age(struct crd_buf before, struct crd_buf after,
			  const char *between, unsigned int numbers);
/* What two ages of one thing say: other, if one says the opposite. */
enum crd_age crd_age_both(enum crd_age a, enum crd_age b);

#endif /* CRD_VERSION_H */
