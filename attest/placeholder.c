// SPDX-License-Identifier: Apache-2.0
/*
 * Texts that only fill a field. Firmware leaves them where its maker was meant
 * to write a name or a number; they say nothing, and say it of many machines.
 * A text is one if it has no letter or digit, if it is one digit or letter of
 * `filling` all along, if it stands in `phrases`, or if all of its words, short
 * numbers and single letters aside, are of `filled` and `fields` with one at
 * least that tells ("A1_Manufacturer0", "Chassis Serial Number").
 */
#include "placeholder.h"

#include <string.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const char filling[] = "0fx";

/* As words, in small letters. */
static const char *const phrases[] = {
	"0123456789",
	"01234567890123456789ab",
	"1234567890",
	"123456789",
	"12345678",
	"1234567",
	"123456",
	"12345",
	"1234",
	"abcd",
	"abcdefg",
	"48spaces",
	"asset 1234567890",
	"asset 123456789000",
	"sys 1234567890",
	"mb 1234567890",
	"chassis 1234567890",
	"ssn12345678901234567",
	"msn12345678901234567",
	"bsn12345678901234567",
	"bss 0123456789",
	"csn12345678901234567",
	"dmichassismfgname",
	"dmichassismfr",
	"intel sr 1",
	"intel sr 2",
	"virtual battery 0",
	"virtual battery 1",
	"jedec id",
	"n a",
	"na",
	"no",
	"other",
	"out of spec",
	"outofspec",
	"reserved",
	"test",
	"sample",
	"todo",
	"tbd",
	"manu",
	"unde",
	"undefi",
	"inc",
	"o e m",
	"o e m s",
	"osv",
	"all in one",
	"ibvibv",
	"onboard",
	"on board",
	"bank 0",
	"bank 1",
	"bank 2",
	"bank 3",
};

/* One of these makes it one, if nothing but `fields` is beside it. */
static const char *const filled[] = {
	"defaultstring",
	"nodimm",
	"nomodule",
	"nomoduleinstalled",
	"notapplicable",
	"notavailable",
	"notdefined",
	"notinstalled",
	"notpresent",
	"notprovided",
	"notsettable",
	"notspecified",
	"sernum",
	"tobefilledbyoem",
	"manufact",
	"manufactture",
	"blank",
	"default",
	"defaultstring",
	"dummy",
	"dummymanufacturer",
	"empty",
	"filled",
	"fill",
	"filler",
	"invalid",
	"manufacter",
	"manufactur",
	"manufacture",
	"manufactured",
	"manufacturer",
	"manufacturers",
	"manufacturing",
	"mfg",
	"mfgr",
	"mfr",
	"nil",
	"noname",
	"none",
	"null",
	"odm",
	"oem",
	"oems",
	"partnum",
	"placeholder",
	"string",
	"strings",
	"uknown",
	"undefine",
	"undefined",
	"unkknown",
	"unknow",
	"unknown",
	"unkown",
	"unspecified",
	"vendor",
	"xxxxx",
	"absent",
	"unavailable",
	"undetermined",
	"unassigned",
};

/* What fields are called, and what is said around them. */
static const char *const fields[] = {
	"a1",	       "applicable", "array",	  "asset",	 "assigned",
	"available",   "bad",	     "bank",	  "base",	 "baseboard",
	"batt",	       "battery",    "be",	  "bios",	 "board",
	"by",	       "channel",    "chassis",	  "company",	 "cpu",
	"customer",    "data",	     "defined",	  "detected",	 "dimm",
	"dmi",	       "enclosure",  "entered",	  "family",	 "field",
	"id",	       "index",	     "info",	  "information", "inject",
	"installed",   "is",	     "mainboard", "main",	 "mem",
	"memory",      "mkf",	     "model",	  "module",	 "more",
	"motherboard", "name",	     "no",	  "node",	 "not",
	"num",	       "number",     "of",	  "out",	 "part",
	"platform",    "populated",  "present",	  "primary",	 "processor",
	"product",     "programmed", "provided",  "range",	 "revision",
	"secondary",   "serial",     "set",	  "sku",	 "slot",
	"smbios",      "sn",	     "socket",	  "spec",	 "specified",
	"stem",	       "sys",	     "system",	  "tag",	 "text",
	"this",	       "to",	     "type",	  "user",	 "value",
	"mb",	       "ver",	     "version",	  "yet",
};

/* Kinds of machine: true of many makers' things. */
static const char *const kinds[] = {
	"acid",	       "aio",	    "barebone",	  "board",     "box",
	"chassis",     "company",   "compatible", "computer",  "computers",
	"desktop",     "device",    "embedded",	  "fanless",   "gaming",
	"generic",     "gpu",	    "industrial", "laptop",    "lead",
	"machine",     "mainboard", "mainbrd",	  "memory",    "mini",
	"motherboard", "netbook",   "notebook",	  "pad",       "pc",
	"personal",    "portable",  "ruggedpc",	  "server",    "standard",
	"system",      "systems",   "tablet",	  "ultrabook", "workstation",
	"vpu",	       "vs",
};

/* Generations of processors, which some write for the maker of the board. */
static const char *const generations[] = {
	"alderlake",  "apollolake", "baytrail",	  "braswell",	 "cherrytrail",
	"cometlake",  "geminilake", "jasperlake", "whiskeylake", "broadwell",
	"coffeelake", "haswell",    "icelake",	  "kabylake",	 "raptorlake",
	"skylake",    "tigerlake",  "adl",	  "adn",	 "apl",
	"bsw",	      "cfl",	    "cht",	  "cml",	 "cz",
	"dl",	      "ehl",	    "glk",	  "icl",	 "il",
	"jsl",	      "kbl",	    "ln",	  "mtl",	 "pk",
	"rb",	      "rn",	    "ro",	  "rpl",	 "rr",
	"skl",	      "sr",	    "tgl",	  "whl",	 "wl",
};

static bool in(const char *const *table, size_t n, struct crd_buf word)
{
	size_t i;

	for (i = 0; word.len && i < n; i++) {
		/* most differ in the first letter already */
		if ((uint8_t)table[i][0] == word.ptr[0] &&
		    crd_buf_equal(word, crd_buf_of(table[i])))
			return true;
	}
	return false;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* "manufacturer12": the word without its number; of "12" nothing is left. */
static struct crd_buf without_number(struct crd_buf word)
{
	while (word.len && is_digit(word.ptr[word.len - 1]))
		word.len--;
	return word;
}

static bool begins(struct crd_buf word, const char *with)
{
	size_t len = strlen(with);

	return word.len >= len && word.len <= len + 1 &&
	       !memcmp(word.ptr, with, len);
}

static bool is_field(struct crd_buf word)
{
	return in(fields, N(fields), word) || begins(word, "dimm") ||
	       begins(word, "channel");
}

/* "0000", "FFFF-FFFF", "0x00" */
static bool is_filling(struct crd_buf text)
{
	uint8_t first = 0, c;
	size_t i, n = 0;

	if (text.len > 2 && text.ptr[0] == '0' && (text.ptr[1] | 0x20) == 'x')
		text = (struct crd_buf){ text.ptr + 2, text.len - 2 };
	for (i = 0; i < text.len; i++) {
		c = text.ptr[i];
		if (!is_digit(c) && c < 0x80)
			c |= 0x20;
		if (!is_digit(c) && !(c >= 'a' && c <= 'z') && c < 0x80)
			continue;
		if (first && c != first)
			return false;
		first = c;
		n++;
	}
	/* one digit may be a number, but for zero */
	return !first ||
	       (strchr(filling, first) != NULL && (first == '0' || n > 1));
}

/* All of the words are said of fields, and more than one or a telling one. */
static bool is_filled(const struct crd_words *w)
{
	unsigned int i, n_fields = 0;
	bool tells = false, numbered = false;
	struct crd_buf word, name;

	for (i = 0; i < w->n; i++) {
		word = crd_word(w, i);
		name = without_number(word);
		/* a longer number is one: "No. 4711" */
		if (word.len - name.len > (name.len ? 3u : 2u))
			return false;
		if (name.len <= 1)
			numbered = true;
		else if (in(filled, N(filled), name))
			tells = true;
		else if (is_field(name))
			n_fields++;
		else
			return false;
	}
	return tells || (n_fields > 1 && !numbered);
}

bool crd_words_fill(struct crd_buf text, const struct crd_words *words)
{
	struct crd_buf all = { (const uint8_t *)words->text, words->len };

	return !words->n || is_filling(text) || in(phrases, N(phrases), all) ||
	       is_filled(words);
}

bool crd_words_nobody(const struct crd_words *words)
{
	struct crd_buf word, name;
	unsigned int i;

	for (i = 0; i < words->n; i++) {
		word = crd_word(words, i);
		name = without_number(word);
		if (name.len && !crd_buf_equal(name, crd_buf_of("nb")) &&
		    !in(kinds, N(kinds), word) &&
		    !in(generations, N(generations), name))
			return false;
	}
	return true;
}

bool crd_is_placeholder(struct crd_buf text)
{
	struct crd_words words;

	if (!crd_words_of(text, CRD_WORDS_CASE, &words))
		return is_filling(text);
	return crd_words_fill(text, &words);
}
