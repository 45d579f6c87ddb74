// SPDX-License-Identifier: GPL-2.0-only
/* Escaping: hostile bytes first. */
#include "../../kmod/text.h"
#include "suites.h"

#define FILLER	0xa5

static const struct text_case {
	const char *name;
	const char *in;
	size_t len;
	size_t limit;
	const char *out;
	bool cut;
} text_cases[] = {
	{ "a newline", "a\nb", 3, 64, "a\\x0ab" },
	{ "NUL", "a\0b", 3, 64, "a\\x00b" },
	{ "delete", "\x7f", 1, 64, "\\x7f" },
	{ "escape sequence", "\x1b[2J", 4, 64, "\\x1b[2J" },
	{ "a backslash", "\\x41", 4, 64, "\\x5cx41" },
	{ "a lone tail", "\x80", 1, 64, "\\x80" },
	{ "a head alone", "\xc3", 1, 64, "\\xc3" },
	{ "a head and a letter", "\303a", 2, 64, "\\xc3a" },
	{ "cut short", "\xe2\x82", 2, 64, "\\xe2\\x82" },
	{ "tail missing in the middle", "\xe2\x82z", 3, 64, "\\xe2\\x82z" },
	{ "overlong slash", "\xc0\xaf", 2, 64, "\\xc0\\xaf" },
	{ "overlong in three", "\xe0\x80\x80", 3, 64, "\\xe0\\x80\\x80" },
	{ "overlong in four", "\xf0\x8f\xbf\xbf", 4, 64,
	  "\\xf0\\x8f\\xbf\\xbf" },
	{ "a surrogate", "\xed\xa0\x80", 3, 64, "\\xed\\xa0\\x80" },
	{ "beyond Unicode", "\xf4\x90\x80\x80", 4, 64,
	  "\\xf4\\x90\\x80\\x80" },
	{ "five bytes", "\xf8\x88\x80\x80\x80", 5, 64,
	  "\\xf8\\x88\\x80\\x80\\x80" },
	{ "0xff", "\xff", 1, 64, "\\xff" },
	{ "no room for an escape", "ab\n", 3, 5, "ab", true },
	{ "no room for a character", "ab\xe2\x82\xac", 5, 4, "ab", true },
	{ "no room at all", "a", 1, 0, "", true },
	{ "nothing, in no room", "", 0, 0, "" },
	{ "nothing", "", 0, 64, "" },
	{ "plain", "Jane Doe <jane@example.org>", 27, 64,
	  "Jane Doe <jane@example.org>" },
	{ "just fits", "abcd", 4, 4, "abcd" },
	{ "one too many", "abcde", 5, 4, "abcd", true },
	{ "an escape just fits", "a\n", 2, 5, "a\\x0a" },
	{ "two bytes", "\xc3\xa9", 2, 64, "\xc3\xa9" },
	{ "three bytes", "\xe2\x82\xac", 3, 64, "\xe2\x82\xac" },
	{ "three bytes, just fits", "\xe2\x82\xac", 3, 3, "\xe2\x82\xac" },
	{ "four bytes", "\xf0\x9f\x94\x91", 4, 64, "\xf0\x9f\x94\x91" },
	{ "the last of Unicode", "\xf4\x8f\xbf\xbf", 4, 64,
	  "\xf4\x8f\xbf\xbf" },
};

static void text_escape_table(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(text_cases); i++) {
		const struct text_case *c = &text_cases[i];
		size_t want = strlen(c->out);
		bool cut = false;
		u8 out[80];
		size_t n;

		memset(out, FILLER, sizeof(out));
		n = crd_text_escape(out, c->limit, c->in, c->len, &cut);
		KUNIT_EXPECT_EQ_MSG(test, n, want, "%s", c->name);
		KUNIT_EXPECT_EQ_MSG(test, cut, c->cut, "%s", c->name);
		expect_bytes(test, c->name, c->out, out, min(n, want));
		KUNIT_EXPECT_EQ_MSG(test, out[n], (u8)FILLER, "%s", c->name);
	}
}

/* Each byte alone: itself, or its escape, and never more than the growth. */
static void text_escape_every_byte(struct kunit *test)
{
	unsigned int c;

	for (c = 0; c < 256; c++) {
		bool plain = c >= 0x20 && c < 0x7f && c != '\\';
		u8 out[CRD_TEXT_GROWTH];
		char want[8], in = c;
		bool cut = false;
		size_t n;

		snprintf(want, sizeof(want), "\\x%02x", c);
		n = crd_text_escape(out, sizeof(out), &in, 1, &cut);
		KUNIT_EXPECT_FALSE(test, cut);
		KUNIT_EXPECT_EQ(test, n, plain ? 1 : strlen(want));
		expect_bytes(test, want, plain ? &in : want, out, n);
	}
}

/* What was cut before stays told. */
static void text_cut_sticks(struct kunit *test)
{
	bool cut = true;
	u8 out[4];

	crd_text_escape(out, sizeof(out), "a", 1, &cut);
	KUNIT_EXPECT_TRUE(test, cut);
}

static struct kunit_case text_kunit_cases[] = {
	KUNIT_CASE(text_escape_table),
	KUNIT_CASE(text_escape_every_byte),
	KUNIT_CASE(text_cut_sticks),
	{}
};

struct kunit_suite crd_text_suite = {
	.name = "crd_text",
	.test_cases = text_kunit_cases,
};
