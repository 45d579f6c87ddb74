// SPDX-License-Identifier: Apache-2.0
/*
 * Which letters are one. It is written down here and in
 * policies/registry/README.md, and depends on no locale.
 */
#include "letter.h"

#include "text_private.h"

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

uint32_t crd_letter_small(uint32_t c)
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

char crd_letter_twin(uint32_t c)
{
	static const char in_order[] =
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
	size_t i;

	if (c >= 0xff01 && c <= 0xff5e)
		return (char)crd_letter_small(c - 0xfee0);
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

uint32_t crd_letter_bare(uint32_t c)
{
	char base = '?';

	if (c >= 0xe0 && c <= 0xff)
		base = bare_latin_1[c - 0xe0];
	else if (c >= 0x100 && c <= 0x17f)
		base = bare_latin_a[c - 0x100];
	return base == '?' ? c : (uint32_t)base;
}

static bool is_alnum(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

enum crd_letter_role crd_letter_role(uint32_t c, const uint8_t *ptr, size_t len)
{
	size_t i;

	if (c < 0xa0)
		return CRD_LETTER_BETWEEN;
	if (c == 0x2019)
		return CRD_LETTER_DROPPED;
	for (i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
		if (c >= separators[i].first && c <= separators[i].last)
			return CRD_LETTER_BETWEEN;
	}
	if (!crd_utf8_showable(ptr, len))
		return CRD_LETTER_HIDDEN;
	/* wide punctuation is what it is wide of */
	if (c >= 0xff01 && c <= 0xff5e && !is_alnum(c - 0xfee0))
		return CRD_LETTER_BETWEEN;
	return CRD_LETTER_WORD;
}
