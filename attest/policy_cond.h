/* SPDX-License-Identifier: Apache-2.0 */
/* What keys a condition can have; for those who load, match and say them. */
#ifndef CRD_POLICY_COND_H
#define CRD_POLICY_COND_H

#include "policy_private.h"

/* How the values of a key are written. */
enum crd_form {
	CRD_FORM_WORDS,
	CRD_FORM_TEXT,
	CRD_FORM_VERSION, /* a text with an order */
	CRD_FORM_DATE,
	CRD_FORM_DIGESTS,
	CRD_FORM_COMPONENTS,
	CRD_FORM_SIGNERS,
	CRD_FORM_ID,
	CRD_FORM_COUNTRY,
	CRD_FORM_GRADE, /* words with an order */
	CRD_FORM_JOIN,	/* conditions */
};

struct crd_cond_spec {
	const char *name;
	enum crd_form form;
	unsigned int kinds; /* that can have it */
	const char *const *words;
};
extern const struct crd_cond_spec crd_cond_specs[CRD_COND_MAX];

/* policy_cond_load.c: what stands behind the key, and behind a `not`. */
int crd_cond_values_load(const struct crd_load *l, struct crd_cond *cond,
			 const struct crd_node *node);

/* policy_answer.c: can a part like this have no such text at all? */
bool crd_never_says(const struct crd_component *c, enum crd_cond_key key);

/* Keys that the conditions have, as bits. */
uint64_t crd_when_keys(const struct crd_policy *policy, struct crd_when when);

/* Bit of a type in a `structure` condition. */
unsigned int crd_smbios_bit(uint8_t type);

#endif /* CRD_POLICY_COND_H */
