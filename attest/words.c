// SPDX-License-Identifier: Apache-2.0
/*
 * A text as words, for comparing names. Letters and digits make words, all else
 * stands between them; an apostrophe is dropped ("INT'L" is "intl"). Which
 * letters are one is written down here and in policies/registry/README.md, and
 * depends on no locale.
 */
#include "words.h"

#include <string.h>

/* Letters that look like Latin ones, in either case. */
static const struct {
	uint16_t code;
	char looks;
} twins[] = {
	/* Greek */
	{ 0x391, 'a' },
	{ 0x392, 'b' },
	{ 0x395, 'e' },
	{ 0x396, 'z' },
	{ 0x397, 'h' },
	{ 0x399, 'i' },
	{ 0x39a, 'k' },
	{ 0x39c, 'm' },
	{ 0x39d, 'n' },
	{ 0x39f, 'o' },
	{ 0x3a1, 'p' },
	{ 0x3a4, 't' },
	{ 0x3a5, 'y' },
	{ 0x3a7, 'x' },
	{ 0x3b1, 'a' },
	{ 0x3b5, 'e' },
	{ 0x3b7, 'n' },
	{ 0x3b9, 'i' },
	{ 0x3ba, 'k' },
	{ 0x3bd, 'v' },
	{ 0x3bf, 'o' },
	{ 0x3c1, 'p' },
	{ 0x3c4, 't' },
	{ 0x3c5, 'u' },
	{ 0x3c7, 'x' },
	{ 0x3c9, 'w' },
	{ 0x3f2, 'c' },
	{ 0x3f3, 'j' },
	{ 0x3f9, 'c' },
	{ 0x37f, 'j' },
	/* Cyrillic */
	{ 0x405, 's' },
	{ 0x406, 'i' },
	{ 0x408, 'j' },
	{ 0x410, 'a' },
	{ 0x412, 'b' },
	{ 0x415, 'e' },
	{ 0x41a, 'k' },
	{ 0x41c, 'm' },
	{ 0x41d, 'h' },
	{ 0x41e, 'o' },
	{ 0x420, 'p' },
	{ 0x421, 'c' },
	{ 0x422, 't' },
	{ 0x423, 'y' },
	{ 0x425, 'x' },
	{ 0x42c, 'b' },
	{ 0x430, 'a' },
	{ 0x432, 'b' },
	{ 0x433, 'r' },
	{ 0x435, 'e' },
	{ 0x43a, 'k' },
	{ 0x43c, 'm' },
	{ 0x43d, 'h' },
	{ 0x43e, 'o' },
	{ 0x440, 'p' },
	{ 0x441, 'c' },
	{ 0x442, 't' },
	{ 0x443, 'y' },
	{ 0x445, 'x' },
	{ 0x448, 'w' },
	{ 0x44c, 'b' },
	{ 0x451, 'e' },
	{ 0x455, 's' },
	{ 0x456, 'i' },
	{ 0x457, 'i' },
	{ 0x458, 'j' },
	{ 0x474, 'v' },
	{ 0x475, 'v' },
	{ 0x4ae, 'y' },
	{ 0x4af, 'y' },
	{ 0x4ba, 'h' },
	{ 0x4bb, 'h' },
	{ 0x4c0, 'l' },
	{ 0x4cf, 'l' },
	{ 0x500, 'd' },
	{ 0x501, 'd' },
	{ 0x50c, 'g' },
	{ 0x51a, 'q' },
	{ 0x51b, 'q' },
	{ 0x51c, 'w' },
	{ 0x51d, 'w' },
	/* Armenian */
	{ 0x555, 'o' },
	{ 0x57d, 'u' },
	{ 0x578, 'n' },
	{ 0x570, 'h' },
	{ 0x585, 'o' },
	{ 0x581, 'g' },
	{ 0x584, 'q' },
	/* Latin letters of phonetics and Roman numerals */
	{ 0x251, 'a' },
	{ 0x261, 'g' },
	{ 0x269, 'i' },
	{ 0x26a, 'i' },
	{ 0x274, 'n' },
	{ 0x280, 'r' },
	{ 0x28f, 'y' },
	{ 0x29f, 'l' },
	{ 0x1d00, 'a' },
	{ 0x1d04, 'c' },
	{ 0x1d05, 'd' },
	{ 0x1d07, 'e' },
	{ 0x1d0a, 'j' },
	{ 0x1d0b, 'k' },
	{ 0x1d0d, 'm' },
	{ 0x1d0f, 'o' },
	{ 0x1d18, 'p' },
	{ 0x1d1b, 't' },
	{ 0x1d1c, 'u' },
	{ 0x1d20, 'v' },
	{ 0x1d21, 'w' },
	{ 0x1d22, 'z' },
	{ 0x2160, 'i' },
	{ 0x2164, 'v' },
	{ 0x2169, 'x' },
	{ 0x216c, 'l' },
	{ 0x216d, 'c' },
	{ 0x216e, 'd' },
	{ 0x216f, 'm' },
	{ 0x2170, 'i' },
	{ 0x2174, 'v' },
	{ 0x2179, 'x' },
	{ 0x217c, 'l' },
	{ 0x217d, 'c' },
	{ 0x217e, 'd' },
	{ 0x217f, 'm' },
};

/* U+00E0 to U+00FF, U+0100 to U+017F without what is over or under them. */
static const char bare_latin_1[] = "aaaaaa?ceeeeiiiidnooooo?ouuuuy?y";
static const char bare_latin_a[] =
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii??jjkkkllllllllll"
	"nnnnnnnnnoooooo??rrrrrrsssssssstttttt"
	"uuuuuuuuuuuuwwyyyzzzzzzs";

/* Separators beyond ASCII: marks, dashes, quotes, spaces. */
static const struct {
	uint16_t first, last;
} separators[] = {
	{ 0x00a0, 0x00a9 }, { 0x00ab, 0x00ac }, { 0x00ae, 0x00b1 },
	{ 0x00b4, 0x00b8 }, { 0x00bb, 0x00bf }, { 0x00d7, 0x00d7 },
	{ 0x00f7, 0x00f7 }, { 0x2000, 0x200a }, { 0x2010, 0x2018 },
	{ 0x201a, 0x2027 }, { 0x202f, 0x205f }, { 0x2122, 0x2122 },
	{ 0x3000, 0x3002 },
};

/* What a character is to a name. */
enum role { LETTER, BETWEEN, DROPPED, HIDDEN };

struct scan {
	struct crd_words *words;
	enum crd_words_fold fold;
	size_t from;  /* of the word that is being written */
	bool open;    /* there is one */
	bool twins;   /* it has letters that look like Latin ones */
	bool foreign; /* it has letters that look like none */
};

static uint32_t code_of(const uint8_t *ptr, size_t len)
{
	uint32_t code = len > 1 ? ptr[0] & (0xffu >> (len + 1)) : ptr[0];
	size_t i;

	for (i = 1; i < len; i++)
		code = code << 6 | (ptr[i] & 0x3f);
	return code;
}

static uint32_t lower(uint32_t c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
	    (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
		return c + 0x20;
	if (c >= 0x400 && c <= 0x40f)
		return c + 0x50;
	if ((c >= 0x100 && c <= 0x137 && c != 0x130) ||
	    (c >= 0x14a && c <= 0x177))
		return c | 1;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return c + (c & 1);
	return c == 0x178 ? 0xff : c;
}

/* The ASCII letter that it looks like, small; 0: none. */
static char twin_of(uint32_t c)
{
	static const char in_order[] =
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
	size_t i;

	if (c >= 0xff01 && c <= 0xff5e)
		return (char)lower(c - 0xfee0);
	if (c >= 0x1d400 && c <= 0x1d6a3)
		return in_order[(c - 0x1d400) % 52];
	if (c >= 0x1d7ce && c <= 0x1d7ff)
		return (char)('0' + (c - 0x1d7ce) % 10);
	for (i = 0; i < sizeof(twins) / sizeof(twins[0]); i++) {
		if (twins[i].code == c)
			return twins[i].looks;
	}
	return 0;
}

static uint32_t bare(uint32_t c)
{
	char base = '?';

	if (c >= 0xe0 && c <= 0xff)
		base = bare_latin_1[c - 0xe0];
	else if (c >= 0x100 && c <= 0x17f)
		base = bare_latin_a[c - 0x100];
	return base == '?' ? c : (uint32_t)base;
}

/* ASCII that is read for another letter. */
static uint32_t looks(uint32_t c)
{
	switch (c) {
	case '0':
		return 'o';
	case '1':
	case 'i':
	case '|':
		return 'l';
	case '5':
		return 's';
	default:
		return c;
	}
}

static bool is_alnum(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

static enum role role_of(uint32_t c, const uint8_t *ptr, size_t len)
{
	size_t i;

	if (c < 0x80)
		return is_alnum(c) ? LETTER : c == '\'' ? DROPPED : BETWEEN;
	if (c < 0xa0)
		return BETWEEN;
	if (c == 0x2019)
		return DROPPED;
	for (i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
		if (c >= separators[i].first && c <= separators[i].last)
			return BETWEEN;
	}
	if (!crd_utf8_showable(ptr, len))
		return HIDDEN;
	/* wide punctuation is what it is wide of */
	if (c >= 0xff01 && c <= 0xff5e && !is_alnum(c - 0xfee0))
		return BETWEEN;
	return LETTER;
}

static void put(struct scan *s, const void *ptr, size_t len)
{
	struct crd_words *w = s->words;

	if (w->n == WORDS_MAX || w->len + len + 1 > WORDS_ROOM)
		return; /* cannot be, of WORDS_MAX_TEXT bytes, but for n */
	if (!s->open) {
		if (w->n)
			w->text[w->len++] = ' ';
		s->from = w->len;
		s->open = true;
		s->twins = s->foreign = false;
	}
	memcpy(w->text + w->len, ptr, len);
	w->len += len;
}

/* "rn" is read as "m", "vv" as "w". */
static void fold_pairs(struct scan *s)
{
	struct crd_words *w = s->words;
	size_t to = s->from, i;

	for (i = s->from; i < w->len; i++) {
		char c = w->text[i], next = i + 1 < w->len ? w->text[i + 1] : 0;

		if ((c == 'r' && next == 'n') || (c == 'v' && next == 'v')) {
			c = c == 'r' ? 'm' : 'w';
			i++;
		}
		w->text[to++] = c;
	}
	w->len = to;
}

static void close_word(struct scan *s)
{
	struct crd_words *w = s->words;

	if (!s->open)
		return;
	if (s->fold != CRD_WORDS_CASE)
		fold_pairs(s);
	w->strange |= s->twins && !s->foreign;
	w->end[w->n++] = (uint16_t)w->len;
	s->open = false;
}

static void put_letter(struct scan *s, uint32_t c, const uint8_t *ptr,
		       size_t len)
{
	char twin = c < 0x80 ? 0 : twin_of(c);
	uint32_t letter = lower(c);
	uint8_t out[2];
	bool open = s->open;

	if (s->fold != CRD_WORDS_CASE && twin)
		letter = lower((uint8_t)twin);
	if (s->fold == CRD_WORDS_BARE)
		letter = bare(letter);
	if (s->fold != CRD_WORDS_CASE)
		letter = looks(letter);
	if (letter >= 0x800) {
		put(s, ptr, len);
	} else if (letter >= 0x80) {
		out[0] = (uint8_t)(0xc0 | letter >> 6);
		out[1] = (uint8_t)(0x80 | (letter & 0x3f));
		put(s, out, 2);
	} else {
		out[0] = (uint8_t)letter;
		put(s, out, 1);
	}
	if (!open)
		s->twins = s->foreign = false;
	s->twins |= twin != 0;
	s->foreign |= c >= 0x80 && !twin && bare(lower(c)) >= 0x80;
}

static void put_char(struct scan *s, const uint8_t *ptr, size_t len)
{
	uint32_t c = code_of(ptr, len);

	switch (role_of(c, ptr, len)) {
	case LETTER:
		put_letter(s, c, ptr, len);
		break;
	case BETWEEN:
		/* a bar stands for the letter l where looks count */
		if (c == '|' && s->fold != CRD_WORDS_CASE)
			put(s, "l", 1);
		else
			close_word(s);
		break;
	case HIDDEN:
		s->words->strange = true;
		if (s->fold == CRD_WORDS_CASE)
			put(s, ptr, len);
		break;
	case DROPPED:
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

bool crd_words_of(struct crd_buf text, enum crd_words_fold fold,
		  struct crd_words *ret_words)
{
	struct scan s = { .words = ret_words, .fold = fold };
	size_t i, len;

	ret_words->len = 0;
	ret_words->n = 0;
	ret_words->strange = false;
	if (text.len > WORDS_MAX_TEXT)
		return false;
	for (i = 0; i < text.len; i += len) {
		len = crd_utf8_len(text.ptr + i, text.len - i);
		if (len) {
			put_char(&s, text.ptr + i, len);
			continue;
		}
		len = 1;
		put_raw(&s, text.ptr[i]);
	}
	close_word(&s);
	ret_words->text[ret_words->len] = '\0';
	return ret_words->n < WORDS_MAX;
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
