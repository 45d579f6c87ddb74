/* SPDX-License-Identifier: Apache-2.0 */
/* maker.c from inside: the patterns of a registry, ready to be matched. */
#ifndef CRD_MAKER_PRIVATE_H
#define CRD_MAKER_PRIVATE_H

#include "maker.h"
#include "registry_private.h"
#include "words.h"

/* Where a row of identifiers.csv holds. */
enum crd_maker_scope {
	CRD_SCOPE_ALL,	   /* words */
	CRD_SCOPE_BATTERY, /* words-battery: type 22 */
	CRD_SCOPE_MEMORY,  /* words-memory: type 17 */
	CRD_SCOPE_EXACT,   /* smbios: here only to be looked like */
	CRD_SCOPE_MAX
};

struct crd_pattern {
	uint32_t looks; /* hash of what its words look like */
	uint32_t row;	/* in identifiers.csv, which is smaller */
	uint8_t scope;
	bool more; /* other words may follow */
};

struct crd_makers {
	struct crd_pattern *patterns;
	size_t n;
	uint32_t *slots; /* by looks: index + 1; 0: free */
	size_t n_slots;	 /* a power of two */
};

/* NULL: a row's value may stand under that scheme; else what is wrong. */
const char *crd_maker_check(struct crd_buf scheme, struct crd_buf value);
/* Of a registry whose identifiers are there. */
int crd_makers_load(struct crd_registry *registry);
void crd_makers_free(struct crd_makers **makers);

/* maker_form.c: the name of the form that a text has; NULL: none. */
const char *crd_maker_form(int smbios_type, struct crd_buf text);
bool crd_maker_is_form(struct crd_buf name);

#endif /* CRD_MAKER_PRIVATE_H */
