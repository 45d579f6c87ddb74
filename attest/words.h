/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: a text as the words that names are compared by. */
#ifndef CRD_WORDS_H
#define CRD_WORDS_H

#include "text_private.h"

enum {
	WORDS_MAX_TEXT = 255, /* no name of a maker is longer */
	WORDS_MAX = 64,
	WORDS_ROOM = 768, /* a character becomes at most three bytes */
};

/* How much of a letter's looks is forgotten. */
enum crd_words_fold {
	CRD_WORDS_CASE,	 /* A and a are one */
	CRD_WORDS_LOOKS, /* so are 0 and o, and Cyrillic, Greek, wide letters */
	CRD_WORDS_BARE,	 /* so are e with an accent and without */
};

struct crd_words {
	char text[WORDS_ROOM + 1]; /* words with one space between them */
	size_t len;
	uint16_t end[WORDS_MAX]; /* of each word, in text */
	unsigned int n;
	bool strange; /* has letters that only a disguise needs */
};

/* False: too long for a name; there are no words then. */
bool crd_words_of(struct crd_buf text, enum crd_words_fold fold,
		  struct crd_words *ret_words);
/*
 * What those look like, as CRD_WORDS_BARE: word for word, but for bytes of
 * another encoding.
 */
void crd_words_look(const struct crd_words *words, struct crd_words *ret_looks);
/*
 * The letter that a word looks to begin with whose first byte that is, but that
 * "rn" and "vv" are one letter; 0: it depends on more.
 */
char crd_words_looks_of(uint8_t byte);
/* Number of words without the legal forms at their end: "acme co ltd" is 1. */
unsigned int crd_words_name(const struct crd_words *words);
/* Word i is that one. */
bool crd_word_is(const struct crd_words *words, unsigned int i,
		 const char *word);

static inline struct crd_buf crd_word(const struct crd_words *words,
				      unsigned int i)
{
	size_t from = i ? words->end[i - 1] + 1u : 0;

	return (struct crd_buf){ (const uint8_t *)words->text + from,
				 words->end[i] - from };
}

#endif /* CRD_WORDS_H */
