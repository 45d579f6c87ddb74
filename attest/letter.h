/* SPDX-License-Identifier: Apache-2.0 */
/* letter.c: what a character beyond ASCII is to a name, and which are one. */
#ifndef CRD_LETTER_H
#define CRD_LETTER_H

#include <stddef.h>
#include <stdint.h>

enum crd_letter_role {
	CRD_LETTER_WORD,    /* part of one */
	CRD_LETTER_BETWEEN, /* stands between them */
	CRD_LETTER_DROPPED, /* as an apostrophe */
	CRD_LETTER_HIDDEN,  /* cannot be seen */
};

/* Of code point c, above 0x7f, whose UTF-8 that is. */
enum crd_letter_role crd_letter_role(uint32_t c, const uint8_t *ptr,
				     size_t len);
/* The small letter. */
uint32_t crd_letter_small(uint32_t c);
/* The ASCII letter or digit that it looks like, small; 0: none. */
char crd_letter_twin(uint32_t c);
/* A small Latin letter without what is over or under it; else c itself. */
uint32_t crd_letter_bare(uint32_t c);

#endif /* CRD_LETTER_H */
