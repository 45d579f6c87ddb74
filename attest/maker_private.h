/* SPDX-License-Identifier: Apache-2.0 */
/* maker.c from inside: the patterns of a registry, ready to be matched. */
#ifndef CRD_MAKER_PRIVATE_H
#define CRD_MAKER_PRIVATE_H

#include "maker.h"
#include "registry_private.h"
#include "words.h"

/* Where a row of identifiers.csv holds; of two, the first one counts. */
enum crd_maker_scope {
	CRD_SCOPE_BATTERY, /* words-battery: type 22 */
	CRD_SCOPE_MEMORY,  /* words-memory: type 17 */
	CRD_SCOPE_EXACT,   /* smbios: here only to be looked like */
	CRD_SCOPE_ALL,	   /* words */
	CRD_SCOPE_MAX
};

extern const char *const crd_scope_names[CRD_SCOPE_MAX];

struct crd_pattern {
	uint32_t looks; /* hash of what its words look like */
	uint32_t row;	/* in identifiers.csv, which is smaller */
	uint32_t next;	/* of those in the same place; index + 1, 0: none */
	uint8_t scope;
	bool more; /* other words may follow */
};

struct crd_makers {
	struct crd_pattern *patterns; /* room for all; it never moves */
	size_t n;
	uint32_t *heads; /* by looks: index + 1; 0: none */
	size_t n_heads;	 /* a power of two */
	bool there[256]; /* those that begin with that byte are */
};

/* NULL: a row's value may stand under that scheme; else what is wrong. */
const char *crd_maker_check(struct crd_buf scheme, struct crd_buf value);

/* maker_index.c: of a registry whose identifiers are there. */
int crd_makers_load(struct crd_registry *registry);
void crd_makers_free(struct crd_makers **makers);
/* Those whose words may look to begin with that letter are there from now on. */
void crd_makers_want(const struct crd_registry *registry, char letter);
/* The hash of words goes on where that of the words before ended. */
#define CRD_MAKERS_SEED 0x811c9dc5u
uint32_t crd_makers_hash(uint32_t hash, const char *text, size_t len);
/* Patterns among which all with that hash of their looks are; NULL: no more. */
const struct crd_pattern *crd_makers_first(const struct crd_makers *makers,
					   uint32_t hash);
const struct crd_pattern *crd_makers_next(const struct crd_makers *makers,
					  const struct crd_pattern *pattern);
/* A pattern's words; *ret_more: it ends with a star. */
struct crd_buf crd_pattern_words(struct crd_buf value, bool *ret_more);

/* maker_form.c: the name of the form that a text has; NULL: none. */
const char *crd_maker_form(int smbios_type, struct crd_buf text);
bool crd_maker_is_form(struct crd_buf name);

#endif /* CRD_MAKER_PRIVATE_H */
