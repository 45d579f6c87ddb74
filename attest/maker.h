/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who a text of the machine names: manufacturers as firmware writes them, and
 * texts that say nothing. policies/registry/README.md has the rules.
 */
#ifndef CRD_MAKER_H
#define CRD_MAKER_H

#include "attest.h"

/*
 * placeholder.c: does that text only fill a field ("To be filled by O.E.M.",
 * "Default string", zeros, all F)? Empty and blank are. For any text that
 * firmware gives: names, serial numbers, asset tags, versions.
 */
bool crd_is_placeholder(struct crd_buf text);

/* jedec.c: a manufacturer's code of JEP106 in a spelling that firmware uses. */
enum crd_jedec_form {
	CRD_JEDEC_NOT,	   /* no such spelling */
	CRD_JEDEC_EMPTY,   /* zeros, all F: there is no code in it */
	CRD_JEDEC_UNCLEAR, /* such a spelling, but no one code */
	CRD_JEDEC_CODE,
};
struct crd_jedec {
	uint8_t bank; /* from 1 */
	uint8_t code; /* with its parity bit, as in SPD */
};
enum crd_jedec_form crd_jedec_parse(struct crd_buf text,
				    struct crd_jedec *ret_code);

/* maker.c: the manufacturer of an SMBIOS structure. */
enum crd_maker_how {
	CRD_MAKER_UNKNOWN,
	CRD_MAKER_PLACEHOLDER, /* the text names nobody */
	/* Reads like `entity`, in other letters: unknown, and suspicious. */
	CRD_MAKER_LOOK_ALIKE,
	CRD_MAKER_EXACT,   /* a row of scheme smbios */
	CRD_MAKER_PATTERN, /* of scheme words, words-battery ... */
	CRD_MAKER_FORM,	   /* a code that its form gives away */
	CRD_MAKER_JEDEC,
};
struct crd_maker {
	enum crd_maker_how how;
	uint16_t number;    /* of the entity, in the registry */
	const char *entity; /* its id; NULL: unknown, placeholder */
	/* The row of identifiers.csv that decided; NULL where entity is. */
	const char *scheme;
	char value[128]; /* cut if longer */
};
/* Any type of structure: only what holds for all of them is looked up. */
#define CRD_MAKER_ANY_TYPE (-1)
/* text: as the firmware wrote it, not escaped. */
void crd_maker_find(const struct crd_registry *registry, int smbios_type,
		    struct crd_buf text, struct crd_maker *ret_maker);
/* "exact", "pattern", "look-alike" ... */
const char *crd_maker_how_name(enum crd_maker_how how);

#endif /* CRD_MAKER_H */
