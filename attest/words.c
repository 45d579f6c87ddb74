// SPDX-License-Identifier: Apache-2.0
/*
 * A text as words, for comparing names. Letters and digits make words, all else
 * stands between them; an apostrophe is dropped ("INT'L" is "intl"). Most names
 * are ASCII, which is read without asking what each letter is.
 */
#include "words.h"

#include <string.h>

#include "letter.h"

struct scan {
	struct crd_words *words;
	enum crd_words_fold fold;
	const char *table; /* of ASCII */
	bool open;	   /* a word is being written */
	bool twins;	   /* it has letters that look like Latin ones */
	bool foreign;	   /* it has letters that look like none */
};

static uint32_t code_of(const uint8_t *ptr, size_t len)
{
	uint32_t code = len > 1 ? ptr[0] & (0xffu >> (len + 1)) : ptr[0];
	size_t i;

	for (i = 1; i < len; i++)
		code = code << 6 | (ptr[i] & 0x3f);
	return code;
}

/*
 * Each byte of ASCII as it is written in a word, by case alone and by looks. A
 * space: it stands between words; an apostrophe: it is dropped.
 */
static const char by_case[] = "                                "
			      "       '        0123456789      "
			      " abcdefghijklmnopqrstuvwxyz     "
			      " abcdefghijklmnopqrstuvwxyz     ";
static const char by_looks[] = "                                "
			       "       '        ol234s6789      "
			       " abcdefghljklmnopqrstuvwxyz     "
			       " abcdefghljklmnopqrstuvwxyz l   ";

/* Room for so many bytes of the word that is being written; NULL: none. */
static char *room(struct scan *s, size_t len)
{
	struct crd_words *w = s->words;

	if (w->n == WORDS_MAX || w->len + len + 1 > WORDS_ROOM)
		return NULL; /* cannot be, of WORDS_MAX_TEXT bytes, but for n */
	if (!s->open) {
		if (w->n)
			w->text[w->len++] = ' ';
		s->open = true;
		s->twins = s->foreign = false;
	}
	w->len += len;
	return w->text + w->len - len;
}

static void put(struct scan *s, const void *ptr, size_t len)
{
	char *to = room(s, len);

	if (to)
		memcpy(to, ptr, len);
}

/* "rn" is read as "m", "vv" as "w". */
static inline bool joins(char last, char c)
{
	return (c == 'n' && last == 'r') || (c == 'v' && last == 'v');
}

static inline char joined(char c)
{
	return c == 'n' ? 'm' : 'w';
}

/* One of the table's letters. */
static void put_small(struct scan *s, char c)
{
	char *to = s->words->text + s->words->len;

	if (s->table == by_looks && s->open && joins(to[-1], c)) {
		to[-1] = joined(c);
		return;
	}
	to = room(s, 1);
	if (to)
		*to = c;
}

static void close_word(struct scan *s)
{
	struct crd_words *w = s->words;

	if (!s->open)
		return;
	w->strange |= s->twins && !s->foreign;
	w->end[w->n++] = (uint16_t)w->len;
	s->open = false;
}

/* The letters of ASCII that go on with a word; returns how many. */
static size_t put_more(struct scan *s, const uint8_t *ptr, size_t len)
{
	char *at = s->words->text + s->words->len, c;
	const char *end = s->words->text + WORDS_ROOM - 1;
	const char *table = s->table;
	size_t i;

	for (i = 0; i < len && ptr[i] < sizeof(by_case) - 1; i++) {
		c = table[ptr[i]];
		if (c == ' ' || c == '\'' || at == end)
			break;
		if (table == by_looks && joins(at[-1], c))
			at[-1] = joined(c);
		else
			*at++ = c;
	}
	s->words->len = (size_t)(at - s->words->text);
	return i;
}

/* ASCII, most of most names; returns how many bytes were read. */
static size_t put_ascii(struct scan *s, const uint8_t *ptr, size_t len)
{
	char c = s->table[*ptr];

	if (c == ' ') {
		close_word(s);
		return 1;
	}
	if (c == '\'')
		return 1;
	put_small(s, c);
	return s->open ? 1 + put_more(s, ptr + 1, len - 1) : 1;
}

static void put_letter(struct scan *s, uint32_t c, const uint8_t *ptr,
		       size_t len)
{
	char twin = crd_letter_twin(c);
	uint32_t letter = crd_letter_small(c);
	uint8_t out[2];

	if (s->fold != CRD_WORDS_CASE && twin)
		letter = crd_letter_small((uint8_t)twin);
	if (s->fold == CRD_WORDS_BARE)
		letter = crd_letter_bare(letter);
	if (letter >= 0x800) {
		put(s, ptr, len);
	} else if (letter >= 0x80) {
		out[0] = (uint8_t)(0xc0 | letter >> 6);
		out[1] = (uint8_t)(0x80 | (letter & 0x3f));
		put(s, out, 2);
	} else {
		put_small(s, s->table[letter]);
	}
	s->twins |= twin != 0;
	s->foreign |= !twin && crd_letter_bare(crd_letter_small(c)) >= 0x80;
}

static void put_char(struct scan *s, const uint8_t *ptr, size_t len)
{
	uint32_t c = code_of(ptr, len);

	switch (crd_letter_role(c, ptr, len)) {
	case CRD_LETTER_WORD:
		put_letter(s, c, ptr, len);
		break;
	case CRD_LETTER_BETWEEN:
		close_word(s);
		break;
	case CRD_LETTER_HIDDEN:
		s->words->strange = true;
		if (s->fold == CRD_WORDS_CASE)
			put(s, ptr, len);
		break;
	case CRD_LETTER_DROPPED:
		break;
	}
}

/*
 * A byte of another encoding is a letter like no other; U+F780 to U+F7FF, so
 * that it cannot become part of one together with its neighbour.
 */
static void put_raw(struct scan *s, uint8_t byte)
{
	uint8_t out[] = { 0xef, (uint8_t)(0x9c + (byte >> 6)),
			  (uint8_t)(0x80 | (byte & 0x3f)) };

	put(s, out, sizeof(out));
	s->foreign = true;
}

static void scan(struct crd_buf text, enum crd_words_fold fold,
		 struct crd_words *words)
{
	struct scan s = {
		.words = words,
		.fold = fold,
		.table = fold == CRD_WORDS_CASE ? by_case : by_looks,
	};
	size_t i, len;

	words->len = 0;
	words->n = 0;
	words->strange = false;
	for (i = 0; i < text.len; i += len) {
		if (text.ptr[i] < 0x80) {
			len = put_ascii(&s, text.ptr + i, text.len - i);
			continue;
		}
		len = crd_utf8_len(text.ptr + i, text.len - i);
		if (len) {
			put_char(&s, text.ptr + i, len);
			continue;
		}
		len = 1;
		put_raw(&s, text.ptr[i]);
	}
	close_word(&s);
	words->text[words->len] = '\0';
}

bool crd_words_of(struct crd_buf text, enum crd_words_fold fold,
		  struct crd_words *ret_words)
{
	bool fits = text.len <= WORDS_MAX_TEXT;

	if (!fits)
		text.len = 0;
	scan(text, fold, ret_words);
	return fits && ret_words->n < WORDS_MAX;
}

void crd_words_look(const struct crd_words *words, struct crd_words *ret_looks)
{
	scan((struct crd_buf){ (const uint8_t *)words->text, words->len },
	     CRD_WORDS_BARE, ret_looks);
}

char crd_words_looks_of(uint8_t byte)
{
	char c = byte < sizeof(by_looks) - 1 ? by_looks[byte] : ' ';

	return c == ' ' || c == '\'' ? 0 : c;
}

bool crd_word_is(const struct crd_words *words, unsigned int i,
		 const char *word)
{
	return crd_buf_equal(crd_word(words, i), crd_buf_of(word));
}

/* Is that the end of the first n words? Returns how many of them it is. */
static unsigned int ends_with(const struct crd_words *w, unsigned int n,
			      const char *form)
{
	size_t len = strlen(form), end = w->end[n - 1];
	unsigned int k = 1;

	if (len + 1 > end || memcmp(w->text + end - len, form, len) != 0 ||
	    w->text[end - len - 1] != ' ')
		return 0;
	for (; *form; form++)
		k += *form == ' ';
	return k;
}

unsigned int crd_words_name(const struct crd_words *words)
{
	static const char *const forms[] = {
		"inc",	    "incorporated", "corp",	"corporation", "co",
		"company",  "ltd",	    "limited",	"llc",	       "llp",
		"lp",	    "plc",	    "gmbh",	"mbh",	       "ag",
		"kg",	    "kgaa",	    "se",	"sa",	       "sas",
		"sarl",	    "srl",	    "spa",	"sl",	       "bv",
		"nv",	    "oy",	    "oyj",	"ab",	       "asa",
		"as",	    "aps",	    "pty",	"pte",	       "pvt",
		"kk",	    "kft",	    "zrt",	"sro",	       "doo",
		"cjsc",	    "ojsc",	    "pjsc",	"jsc",	       "ooo",
		"ltda",	    "sdn",	    "bhd",	"s a",	       "s a s",
		"s p a",    "s r l",	    "s l",	"b v",	       "n v",
		"k k",	    "s r o",	    "d o o",	"a s",	       "tbk",
		"sp z o o", "s a de c v",   "sa de cv",
	};
	unsigned int n = words->n, cut;
	size_t i;

	do {
		cut = 0;
		for (i = 0;
		     n > 1 && !cut && i < sizeof(forms) / sizeof(forms[0]); i++)
			cut = ends_with(words, n, forms[i]);
		n -= cut;
	} while (cut);
	return n;
}
