/* SPDX-License-Identifier: Apache-2.0 */
/* What a registry knows of one thing, before it is put into words or JSON. */
#ifndef CRD_LOOKUP_H
#define CRD_LOOKUP_H

#include "registry.h"
#include "registry_private.h"

enum { LKP_MAX_VALUE = 256 };

/* How the row that answers was found. */
enum crd_found {
	CRD_FOUND_NOT,
	CRD_FOUND_EXACT,
	CRD_FOUND_NAME,	       /* an author without his mail address */
	CRD_FOUND_PREFIX,      /* the longest assignment */
	CRD_FOUND_LISTED_NAME, /* that a public list has for it */
	CRD_FOUND_PATTERN,
	CRD_FOUND_JEDEC, /* by the code that the text is */
	CRD_FOUND_FORM,	 /* a code that its form gives away; no row */
	CRD_FOUND_PLACEHOLDER,
	CRD_FOUND_LOOK_ALIKE, /* of `entity`, which it is not */
};

struct crd_lookup {
	const struct crd_registry *reg;
	const struct crd_question *ask;
	const char *scheme; /* "pci", "entity", "list" */
	int smbios_type;    /* CRD_MAKER_ANY_TYPE: not said */
	char value[LKP_MAX_VALUE];
	enum crd_found found;
	uint16_t entity, list; /* REG_NONE */
	struct crd_row *id;    /* NULL: no row of identifiers.csv */
	struct crd_row *source;
	enum crd_named named;
	struct crd_buf name; /* in the public list */
};

/* 0, -EINVAL with a sentence in err, or -ENOMEM. */
int crd_lookup_start(const struct crd_registry *registry,
		     const struct crd_question *ask,
		     struct crd_lookup *ret_lookup, struct crd_error *err);
void crd_lookup_done(struct crd_lookup *lookup);
static inline bool crd_lookup_known(const struct crd_lookup *l)
{
	return l->list != REG_NONE ||
	       (l->entity != REG_NONE && l->found != CRD_FOUND_LOOK_ALIKE);
}
/* "pci.ids"; NULL: there is no public list of such ids */
const char *crd_lookup_public_list(const char *scheme);

/* Whole rows, as the file has them. */
bool crd_lookup_row(const struct crd_table *table, uint32_t line,
		    struct crd_row *row);
/* Columns of these tables; see policies/registry/README.md. */
enum {
	LKP_ID_SCHEME = 0,
	LKP_ID_VALUE = 1,
	LKP_ID_SOURCE = 3,
	LKP_ID_NOTE = 4,
	LKP_SOURCE_ID = 0,
	LKP_SOURCE_TITLE = 1,
	LKP_SOURCE_DATE = 2,
	LKP_SOURCE_ADDRESS = 3,
	LKP_ENTITY_KIND = 5,
	LKP_ENTITY_CONFIDENCE = 6,
	LKP_ENTITY_BASIS = 7,
	LKP_ENTITY_AS_OF = 8,
	LKP_LIST_TITLE = 1,
	LKP_LIST_AUTHORITY = 2,
	LKP_LIST_JURISDICTION = 3,
	LKP_LIST_DATE = 4,
	LKP_LIST_CITATION = 5,
	LKP_LIST_PROHIBITS = 6,
	LKP_LISTING_DATE = 2,
	LKP_LISTING_END = 3,
	LKP_LISTING_SCOPE = 4,
	LKP_LISTING_CITATION = 5,
	LKP_LISTING_CONFIDENCE = 6,
};

/*
 * Each listing that counts for the entity, its own first; or, with a list,
 * each of that list. fn's non-zero return ends it.
 */
int crd_lookup_listings(const struct crd_lookup *lookup,
			int (*fn)(const struct crd_listing *listing, void *ctx),
			void *ctx);

#endif /* CRD_LOOKUP_H */
