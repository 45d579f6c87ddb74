// SPDX-License-Identifier: Apache-2.0
/* registry - tables that break a rule, with the place; then what it knows. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/registry_check.h"
#include "small_registry.h"

enum { ENTITIES, IDENTIFIERS, LISTS, LISTINGS, SOURCES, RELEASE, N_TABLES };

static const char *const good[] = { small_entities, small_identifiers,
				    small_lists,    small_listings,
				    small_sources,  small_release };

#define GOOD                                                         \
	{                                                            \
		good[0], good[1], good[2], good[3], good[4], good[5] \
	}

/* A table with `old` replaced once by `new`, or replaced as a whole. */
struct bad {
	const char *what;
	int table;
	const char *old;
	const char *new;
	int ret;
	unsigned int line, column;
	const char *says;
};

static const struct bad bad[] = {
	{ "empty", ENTITIES, NULL, "", -EBADMSG, 1, 1, "empty" },
	{ "no last newline", ENTITIES, NULL, "entity_id,name", -EBADMSG, 1, 1,
	  "cut short" },
	{ "header: name", LISTS, "title", "titel", -EBADMSG, 1, 9, "header" },
	{ "header: order", LISTS, "list_id,title", "title,list_id", -EBADMSG, 1,
	  1, "header" },
	{ "header: more", IDENTIFIERS, ",note", ",note,extra", -EBADMSG, 1, 36,
	  "more fields" },
	{ "header: fewer", IDENTIFIERS, ",note", "", -EBADMSG, 1, 30,
	  "fewer fields" },
	{ "row: fewer", IDENTIFIERS, "pci,19e5,huawei,src,x",
	  "pci,19e5,huawei,src", -EBADMSG, 5, 20, "fewer fields" },
	{ "row: more", IDENTIFIERS, "pci,19e5,huawei,src,x",
	  "pci,19e5,huawei,src,x,y", -EBADMSG, 5, 23, "more fields" },
	{ "empty line", IDENTIFIERS, "pci,19e5", "\npci,19e5", -EBADMSG, 5, 1,
	  "empty line" },
	{ "CR", IDENTIFIERS, "huawei,src,x\n", "huawei,src,x\r\n", -EBADMSG, 2,
	  54, "control" },
	{ "tab", IDENTIFIERS, "pci,19e5,", "pci,\t19e5,", -EBADMSG, 5, 5,
	  "control" },
	{ "not UTF-8", ENTITIES, "Huawei Holding", "Huawei \xff", -EBADMSG, 3,
	  23, "UTF-8" },
	{ "overlong UTF-8", ENTITIES, "Huawei Holding", "\xc0\xaf", -EBADMSG, 3,
	  16, "UTF-8" },
	{ "surrogate", ENTITIES, "Huawei Holding", "\xed\xa0\x80", -EBADMSG, 3,
	  16, "UTF-8" },
	{ "right-to-left override", ENTITIES, "Huawei Holding",
	  "Hu\xe2\x80\xae", -EBADMSG, 3, 18, "invisible" },
	{ "byte order mark", LISTS, "list_id", "\xef\xbb\xbflist_id", -EBADMSG,
	  1, 1, "invisible" },
	{ "quote in the middle", IDENTIFIERS, "pci,19e5", "pci,19\"e5",
	  -EBADMSG, 5, 7, "quote inside" },
	{ "quote at the end", IDENTIFIERS, "pci,19e5", "pci,19e5\"", -EBADMSG,
	  5, 9, "quote inside" },
	{ "quote left open", IDENTIFIERS, "pci,19e5", "pci,\"19e5", -EBADMSG, 5,
	  5, "not closed" },
	{ "last quote left open", IDENTIFIERS, "8086,intel,src,x\n",
	  "8086,intel,src,\"x\n", -EBADMSG, 6, 20, "not closed" },
	{ "doubled quote left open", IDENTIFIERS, "8086,intel,src,x\n",
	  "8086,intel,src,\"x\"\"\n", -EBADMSG, 6, 20, "not closed" },
	{ "text behind a quote", IDENTIFIERS, "pci,19e5", "pci,\"19e5\"6",
	  -EBADMSG, 5, 11, "after a closing" },
	{ "space behind a quote", IDENTIFIERS, "pci,19e5", "pci,\"19e5\" ",
	  -EBADMSG, 5, 11, "after a closing" },
	{ "newline within quotes", IDENTIFIERS, "pci,19e5", "pci,\"19\ne5\"",
	  -EBADMSG, 5, 5, "not closed" },
	{ "control within quotes", IDENTIFIERS, "pci,19e5", "pci,\"19\1e5\"",
	  -EBADMSG, 5, 8, "control" },
	{ "DEL, last of eight bytes", IDENTIFIERS, "modsigner,Intel,",
	  "modsigner,Intel12\x7f,", -EBADMSG, 3, 18, "control" },
	{ "not UTF-8 within quotes", IDENTIFIERS, "Technologies CO.",
	  "Technologies \xc3 CO.", -EBADMSG, 2, 32, "UTF-8" },
	{ "UTF-8 cut by a newline", IDENTIFIERS, "pci,19e5,huawei,src,x",
	  "pci,19e5,huawei,src,\xe2\x82", -EBADMSG, 5, 21, "UTF-8" },
	{ "outer space within quotes", IDENTIFIERS, "pci,19e5,huawei,src,x",
	  "pci,19e5,huawei,src,\"x \"", -EBADMSG, 5, 21, "space" },
	{ "quotes, and out of order", IDENTIFIERS, "modsigner,Newbridge",
	  "modsigner,\"Hua\"\"\"", -EBADMSG, 4, 11, "'Hua\"' stands after" },
	{ "parent is no id", ENTITIES, "Huawei Holding,,",
	  "Huawei Holding,\"a\"\"b\",", -EBADMSG, 3, 31, "not an id" },
	{ "outer space", IDENTIFIERS, "pci,19e5,huawei,src", "pci,19e5, huawei",
	  -EBADMSG, 5, 10, "space" },
	{ "unsorted", IDENTIFIERS, "modsigner,Newbridge", "modsigner,A",
	  -EBADMSG, 4, 11, "not sorted" },
	{ "row twice", IDENTIFIERS, "pci,8086,intel,src,x",
	  "pci,19e5,huawei,src,x", -EBADMSG, 6, 1, "twice" },
	{ "value twice", IDENTIFIERS, "pci,8086,intel,src,x",
	  "pci,19e5,intel,src,x", -EBADMSG, 6, 5, "twice" },
	{ "entity twice", ENTITIES, "ibm,IBM", "huawei-holding,IBM", -EBADMSG,
	  4, 1, "twice" },
	{ "id with capitals", ENTITIES, "\nibm", "\niBM", -EBADMSG, 4, 1,
	  "not an id" },
	{ "id with two dashes", ENTITIES, "\nibm", "\nib--m", -EBADMSG, 4, 1,
	  "not an id" },
	{ "no name", ENTITIES, ",IBM,", ",,", -EBADMSG, 4, 5, "empty" },
	{ "country", ENTITIES, "IBM,,US", "IBM,,us", -EBADMSG, 4, 10,
	  "country" },
	{ "country of three", ENTITIES, "IBM,,US", "IBM,,USA", -EBADMSG, 4, 10,
	  "country" },
	{ "kind", ENTITIES, "chipmaker", "chips", -EBADMSG, 5, 32, "none of" },
	{ "confidence", ENTITIES, "chipmaker,high", "chipmaker,sure", -EBADMSG,
	  5, 42, "high, medium, low" },
	{ "date 30 February", ENTITIES, "vendor,high,x,2026-01-01",
	  "vendor,high,x,2026-02-30", -EBADMSG, 4, 30, "date" },
	{ "date 29 February 2025", ENTITIES, "vendor,high,x,2026-01-01",
	  "vendor,high,x,2025-02-29", -EBADMSG, 4, 30, "date" },
	{ "date of one digit", ENTITIES, "vendor,high,x,2026-01-01",
	  "vendor,high,x,2026-1-01", -EBADMSG, 4, 30, "date" },
	{ "no such parent", ENTITIES, "Huawei Holding,,",
	  "Huawei Holding,nobody,", -EBADMSG, 3, 31, "parent 'nobody'" },
	{ "parents in a circle", ENTITIES, "Huawei Holding,,",
	  "Huawei Holding,huawei,", -EBADMSG, 2, 40, "circle" },
	{ "its own parent", ENTITIES, "IBM,,US", "IBM,ibm,US", -EBADMSG, 4, 9,
	  "circle" },
	{ "ultimate parent elsewhere", ENTITIES, "US,CN,network",
	  "US,US,network", -EBADMSG, 6, 44, "ultimate parent" },
	{ "scheme", IDENTIFIERS, "pci,8086", "pcj,8086", -EBADMSG, 6, 1,
	  "none of" },
	{ "pci id too long", IDENTIFIERS, "pci,8086", "pci,80860", -EBADMSG, 6,
	  5, "not a pci id" },
	{ "pci id in capitals", IDENTIFIERS, "pci,19e5", "pci,19E5", -EBADMSG,
	  5, 5, "not a pci id" },
	{ "no such entity", IDENTIFIERS, "19e5,huawei", "19e5,huaway", -EBADMSG,
	  5, 10, "huaway" },
	{ "no such list", LISTINGS, "list-b,huawei", "list-c,huawei", -EBADMSG,
	  3, 1, "list-c" },
	{ "listed nobody", LISTINGS, "list-a,huawei,", "list-a,huaway,",
	  -EBADMSG, 2, 8, "huaway" },
	{ "listing date", LISTINGS, "2026-09-21", "soon", -EBADMSG, 3, 23,
	  "date" },
	{ "listing ends before it begins", LISTINGS, "2019-08-13,,",
	  "2019-08-13,2019-08-12,", -EBADMSG, 2, 26, "before the effective" },
	{ "listing end date", LISTINGS, "2019-08-13,,", "2019-08-13,never,",
	  -EBADMSG, 2, 26, "date" },
	{ "no such source", IDENTIFIERS, "8086,intel,src", "8086,intel,scr",
	  -EBADMSG, 6, 16, "'scr' is not in sources.csv" },
	{ "no source", IDENTIFIERS, "8086,intel,src", "8086,intel,", -EBADMSG,
	  6, 16, "sources.csv" },
	{ "source id", SOURCES, "\nsrc", "\nSrc", -EBADMSG, 2, 1, "not an id" },
	{ "source twice", SOURCES, "\nsrc", "\nsrc,A,2026-01-01,\nsrc",
	  -EBADMSG, 3, 1, "twice" },
	{ "source without a title", SOURCES, "Source", "", -EBADMSG, 2, 5,
	  "empty" },
	{ "source without a day", SOURCES, "2026-01-01", "2026-01", -EBADMSG, 2,
	  12, "date" },
	{ "no release", RELEASE, "7,2026-01-01\n", "", -EBADMSG, 2, 1,
	  "missing" },
	{ "two releases", RELEASE, "7,2026-01-01", "7,2026-01-01\n8,2026-01-02",
	  -E2BIG, 3, 1, "more than 1" },
	{ "release 0", RELEASE, "7,", "0,", -EBADMSG, 2, 1, "number" },
	{ "release 07", RELEASE, "7,", "07,", -EBADMSG, 2, 1, "number" },
	{ "release 1.0", RELEASE, "7,", "1.0,", -EBADMSG, 2, 1, "number" },
	{ "release of 19 digits", RELEASE, "7,", "1000000000000000000,",
	  -EBADMSG, 2, 1, "number" },
	{ "release without a number", RELEASE, "7,", ",", -EBADMSG, 2, 1,
	  "number" },
	{ "release day", RELEASE, "2026-01-01", "2026-02-29", -EBADMSG, 2, 3,
	  "date" },
	{ "oui in capitals", IDENTIFIERS, "pci,19e5", "oui,00E0FC", -EBADMSG, 5,
	  5, "not a oui id" },
	{ "tpm of five letters", IDENTIFIERS, "pci,8086", "tpm,INTCC", -EBADMSG,
	  6, 5, "not a tpm id" },
	{ "firmware: a star in the middle", IDENTIFIERS, "modsigner,\"Huawei",
	  "firmware,a*b,huawei,src,x\nmodsigner,\"Huawei", -EBADMSG, 2, 10,
	  "not a firmware id" },
	{ "firmware: all of it", IDENTIFIERS, "modsigner,\"Huawei",
	  "firmware,*,huawei,src,x\nmodsigner,\"Huawei", -EBADMSG, 2, 10,
	  "not a firmware id" },
	{ "firmware from the root", IDENTIFIERS, "modsigner,\"Huawei",
	  "firmware,/lib/a,huawei,src,x\nmodsigner,\"Huawei", -EBADMSG, 2, 10,
	  "not a firmware id" },
	{ "list date", LISTS, "2020-01-01", "2020-13-01", -EBADMSG, 3, 28,
	  "date" },
};

static char *with(const char *text, const char *old, const char *new)
{
	const char *at = old ? strstr(text, old) : text;
	char *out = malloc(strlen(text) + strlen(new) + 1);

	assert_non_null(at);
	assert_non_null(out);
	memcpy(out, text, (size_t)(at - text));
	strcpy(out + (at - text), new);
	if (old)
		strcat(out, at + strlen(old));
	return out;
}

static int load(const char *const *text, struct crd_registry **ret_reg,
		struct crd_error *err)
{
	struct crd_registry_files files = { small_buf(text[ENTITIES]),
					    small_buf(text[IDENTIFIERS]),
					    small_buf(text[LISTS]),
					    small_buf(text[LISTINGS]),
					    small_buf(text[SOURCES]),
					    small_buf(text[RELEASE]),
					    false };

	memset(err, 0, sizeof(*err));
	return crd_registry_load(&files, ret_reg, err);
}

static void test_bad(void **state)
{
	static const char *const files[] = { "entities.csv", "identifiers.csv",
					     "lists.csv",    "listings.csv",
					     "sources.csv",  "release.csv" };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct bad *b = &bad[i];
		const char *text[] = GOOD;
		char *bent = with(good[b->table], b->old, b->new);
		struct crd_registry *reg = NULL;
		struct crd_error err;
		int ret;

		text[b->table] = bent;
		ret = load(text, &reg, &err);
		if (ret != b->ret || err.line != b->line ||
		    err.column != b->column || !strstr(err.text, b->says) ||
		    strncmp(err.text, files[b->table],
			    strlen(files[b->table])) ||
		    reg)
			fail_msg("%s: %d %u:%u '%s'", b->what, ret, err.line,
				 err.column, err.text);
		free(bent);
	}
}

/* Every cut of every table is refused, unless it falls between two rows. */
static void test_cut(void **state)
{
	size_t len;
	int t;

	for (t = 0; t < N_TABLES; t++) {
		for (len = 0; len < strlen(good[t]); len++) {
			const char *text[] = GOOD;
			char *cut = strndup(good[t], len);
			struct crd_registry *reg = NULL;
			struct crd_error err;
			int ret;

			text[t] = cut;
			ret = load(text, &reg, &err);
			if (!len || cut[len - 1] != '\n')
				assert_int_equal(ret, -EBADMSG);
			if (ret)
				assert_null(reg);
			crd_registry_free(&reg);
			free(cut);
		}
	}
}

static void test_limits(void **state)
{
	const char *text[] = GOOD;
	struct crd_registry *reg = NULL;
	struct crd_error err;
	char *big = calloc(1, REG_MAX_LINE + 200);
	char *at;

	strcpy(big, small_listings);
	at = big + strlen(big);
	at += sprintf(at, "list-b,ibm,2020-01-01,,");
	memset(at, 'x', REG_MAX_LINE);
	strcat(big, ",c,high\n");
	text[LISTINGS] = big;
	assert_int_equal(load(text, &reg, &err), -E2BIG);
	assert_int_equal(err.line, 4);
	free(big);

	/* One list more than there are bits. */
	big = calloc(REG_MAX_LISTS + 2, 64);
	at = big +
	     sprintf(big,
		     "list_id,title,authority,jurisdiction,effective_date,citation,prohibits\n");
	for (int i = 0; i <= REG_MAX_LISTS; i++)
		at += sprintf(at, "l%03d,T,A,US,2020-01-01,c,p\n", i);
	text[LISTS] = big;
	text[LISTINGS] = good[LISTINGS];
	assert_int_equal(load(text, &reg, &err), -E2BIG);
	assert_int_equal(err.line, REG_MAX_LISTS + 2);
	free(big);
}

/* Parents one above the other: as many as allowed, and one more. */
static void chain(int n, int want)
{
	const char *text[] = {
		NULL,
		"scheme,value,entity_id,source,note\n",
		"list_id,title,authority,jurisdiction,effective_date,citation,prohibits\n",
		"list_id,entity_id,effective_date,end_date,scope,citation,confidence\n",
		good[SOURCES],
		good[RELEASE],
	};
	char *big = calloc((size_t)n + 2, 160), *at = big;
	struct crd_registry *reg = NULL;
	struct crd_error err;

	at += sprintf(at, "%.*s\n", (int)strcspn(small_entities, "\n"),
		      small_entities);
	for (int i = 0; i < n; i++) {
		at += sprintf(at, "e%03d,N,", i);
		if (i)
			at += sprintf(at, "e%03d", i - 1);
		at += sprintf(at, ",US,US,other,low,b,2020-01-01\n");
	}
	text[ENTITIES] = big;
	assert_int_equal(load(text, &reg, &err), want);
	crd_registry_free(&reg);
	free(big);
}

static void test_chain(void **state)
{
	chain(REG_MAX_CHAIN + 1, 0);
	chain(REG_MAX_CHAIN + 2, -EBADMSG);
}

static void test_lookup(void **state)
{
	struct crd_registry *reg = small_registry();

	assert_string_equal(crd_registry_lookup(reg, "pci", "19e5"), "huawei");
	assert_string_equal(crd_registry_lookup(reg, "modsigner",
						"Huawei Technologies CO., Ltd"),
			    "huawei");
	assert_null(crd_registry_lookup(reg, "pci", "19E5"));
	assert_null(crd_registry_lookup(reg, "pci", "19e"));
	assert_null(crd_registry_lookup(reg, "pci", "19e50"));
	assert_null(crd_registry_lookup(reg, "usb", "19e5"));
	assert_null(crd_registry_lookup(reg, "pci", ""));
	assert_null(crd_registry_lookup(reg, "", ""));
	assert_true(crd_registry_has_list(reg, "list-a"));
	assert_false(crd_registry_has_list(reg, "list-"));
	assert_true(crd_registry_has_country(reg, "CN"));
	assert_false(crd_registry_has_country(reg, "CA"));
	assert_int_equal(crd_registry_digest(reg)->len, 32);
	assert_int_equal(crd_registry_version(reg), 7);
	assert_int_equal(crd_registry_date(reg), 20454);
	crd_registry_free(&reg);
	crd_registry_free(&reg);
	assert_null(reg);
}

/* That very name, else the longest beginning; nothing is guessed. */
static void test_firmware(void **state)
{
	static const struct {
		const char *name, *entity;
	} rows[] = {
		{ "fw", "ibm" },
		{ "fw*", "huawei" },
		{ "fwa", "huawei" },
		{ "fw ", "huawei" },
		{ "fw!", "huawei" },
		{ "fw/", "huawei" },
		{ "fw/x.bin", "intel" },
		{ "fw/x", "huawei" },
		{ "fw/x.bin2", "huawei" },
		{ "fw/x-", "newbridge" },
		{ "fw/x-1/2.bin", "newbridge" },
		{ "fw/x-\xc3\xa9", "newbridge" },
		{ "fw/y", "huawei" },
		{ "f", NULL },
		{ "Fw", NULL },
		{ "", NULL },
		{ "afw", NULL },
		{ "zz", NULL },
		{ "a", "intel" },
		{ "pci", NULL },
	};
	const char *text[] = GOOD;
	char *ids = with(good[IDENTIFIERS], "modsigner,\"Huawei",
			 "firmware,a,intel,src,\nfirmware,fw,ibm,src,\n"
			 "firmware,fw*,huawei,src,\n"
			 "firmware,fw/x-*,newbridge,src,\n"
			 "firmware,fw/x.bin,intel,src,\nmodsigner,\"Huawei");
	struct crd_registry *reg = NULL;
	struct crd_error err;
	struct crd_row row;
	size_t i, at;

	text[IDENTIFIERS] = ids;
	if (load(text, &reg, &err))
		fail_msg("%u:%u %s", err.line, err.column, err.text);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool found = crd_registry_firmware(reg, small_buf(rows[i].name),
						   &row, &at);

		if (found != (rows[i].entity != NULL) ||
		    (found && !crd_field_is(row.field[2], rows[i].entity)))
			fail_msg("'%s': %.*s", rows[i].name,
				 found ? (int)row.field[2].len : 0,
				 found ? (const char *)row.field[2].ptr : "");
	}
	crd_registry_free(&reg);
	free(ids);
}

/* Names longer than any pattern, of every length about the limit. */
static void test_firmware_long(void **state)
{
	const char *text[] = GOOD;
	char *ids, name[2 * REG_MAX_FIRMWARE], line[2 * REG_MAX_FIRMWARE];
	struct crd_registry *reg = NULL;
	struct crd_error err;
	struct crd_row row;
	size_t at, n;

	memset(name, 'n', sizeof(name));
	snprintf(line, sizeof(line),
		 "firmware,%.*s*,ibm,src,\nmodsigner,\"Huawei",
		 REG_MAX_FIRMWARE - 1, name);
	ids = with(good[IDENTIFIERS], "modsigner,\"Huawei", line);
	text[IDENTIFIERS] = ids;
	if (load(text, &reg, &err))
		fail_msg("%u:%u %s", err.line, err.column, err.text);
	for (n = REG_MAX_FIRMWARE - 3; n < sizeof(name); n++)
		assert_int_equal(crd_registry_firmware(
					 reg,
					 (struct crd_buf){ (uint8_t *)name, n },
					 &row, &at),
				 n >= REG_MAX_FIRMWARE - 1);
	crd_registry_free(&reg);
	free(ids);
}

/* The longest assignment first: a block may be cut up and lent. */
static void test_oui(void **state)
{
	static const struct {
		const char *hex, *entity;
	} rows[] = {
		{ "00e0fc", "huawei" },	     { "00e0fc123456", "huawei" },
		{ "00e0fca12345", "intel" }, { "00e0fcabc345", "ibm" },
		{ "00e0fcabc", "ibm" },	     { "00e0fca", "intel" },
		{ "00e0f", NULL },	     { "", NULL },
		{ "00e0fd123456", NULL },    { "00e0fcabd345", "intel" },
	};
	const char *text[] = GOOD;
	char *ids = with(good[IDENTIFIERS], "pci,19e5",
			 "oui,00e0fc,huawei,src,\noui,00e0fca,intel,src,\n"
			 "oui,00e0fcabc,ibm,src,\npci,19e5");
	struct crd_registry *reg = NULL;
	struct crd_error err;
	struct crd_row row;
	size_t i, at;

	text[IDENTIFIERS] = ids;
	if (load(text, &reg, &err))
		fail_msg("%u:%u %s", err.line, err.column, err.text);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool found = crd_registry_oui(reg, small_buf(rows[i].hex), &row,
					      &at);

		if (found != (rows[i].entity != NULL) ||
		    (found && !crd_field_is(row.field[2], rows[i].entity)))
			fail_msg("%s", rows[i].hex);
	}
	crd_registry_free(&reg);
	free(ids);
}

/* A listing counts from its day on, and for what is below the listed one. */
static void test_listings(void **state)
{
	static const struct {
		const char *entity, *list, *day;
		bool listed;
	} rows[] = {
		{ "huawei", "list-a", "2019-08-12", false },
		{ "huawei", "list-a", "2019-08-13", true },
		{ "huawei", "list-b", "2026-09-20", false },
		{ "huawei", "list-b", "2026-09-21", true },
		{ "huawei-holding", "list-a", "2026-09-21", false },
		{ "newbridge", "list-a", "2026-09-21", false },
		{ "newbridge", "list-b", "2026-09-21", true },
		{ "intel", "list-a", "2026-09-21", false },
		/* the last day still counts */
		{ "ibm", "list-b", "2021-12-31", false },
		{ "ibm", "list-b", "2022-01-01", true },
		{ "ibm", "list-b", "2022-02-28", true },
		{ "ibm", "list-b", "2022-03-01", false },
		{ "ibm", "list-b", "2024-02-28", false },
		{ "ibm", "list-b", "2024-02-29", true },
		{ "ibm", "list-b", "2024-03-01", false },
	};
	const char *text[] = GOOD;
	char *ended = with(good[LISTINGS], "list-b,huawei-holding",
			   "list-b,huawei-holding,2026-09-21,,s,c,high\n"
			   "list-b,ibm,2022-01-01,2022-02-28,s,c,high\n"
			   "list-b,ibm,2024-02-29,2024-02-29,s,c,high\n"
			   "list-b,ibm");
	struct crd_registry *reg = NULL;
	struct crd_error err;
	size_t i;

	text[LISTINGS] = ended;
	if (load(text, &reg, &err))
		fail_msg("%u:%u %s", err.line, err.column, err.text);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint16_t e = crd_registry_entity(reg, rows[i].entity);
		uint16_t l = crd_registry_list(reg, rows[i].list);
		struct crd_list_set set = { { 0 } };
		int32_t day;

		assert_true(crd_date_parse(rows[i].day, 10, &day));
		crd_registry_lists_of(reg, e, day, &set);
		assert_int_equal(crd_list_set_has(&set, l), rows[i].listed);
		assert_int_equal(crd_registry_listing(reg, e, l, day) != NULL,
				 rows[i].listed);
	}
	crd_registry_free(&reg);
	free(ended);
}

/* Doubled quotes are one, in what is kept and in what is looked for. */
static void test_quotes(void **state)
{
	const char *text[] = GOOD;
	char *entities = with(good[0], "IBM,,", "\"I \"\"B\"\" \"\"M\",,");
	char *ids = with(
		good[1], "modsigner,Intel,",
		"modsigner,\"I \"\"N\"\"\",intel,src,x\nmodsigner,\"I, N\",");
	struct crd_registry *reg = NULL;
	struct crd_error err;

	text[ENTITIES] = entities;
	text[IDENTIFIERS] = ids;
	if (load(text, &reg, &err))
		fail_msg("%u:%u %s", err.line, err.column, err.text);
	assert_string_equal(reg->entities[crd_registry_entity(reg, "ibm")].name,
			    "I \"B\" \"M");
	assert_string_equal(crd_registry_lookup(reg, "modsigner", "I \"N\""),
			    "intel");
	assert_string_equal(crd_registry_lookup(reg, "modsigner", "I, N"),
			    "intel");
	assert_null(crd_registry_lookup(reg, "modsigner", "I \"\"N\"\""));
	crd_registry_free(&reg);
	free(entities);
	free(ids);
}

/* Every byte in every place of a word: the scanner looks at eight at once. */
static void test_bytes(void **state)
{
	char note[] = "8086,intel,src,x\"abcdefghijklmnop\"";
	struct crd_error err;
	int byte, at;

	for (at = 0; at < 16; at++) {
		for (byte = 1; byte < 0x100; byte++) {
			const char *text[] = GOOD;
			bool fine = byte >= 0x20 && byte < 0x7f && byte != '"';
			struct crd_registry *reg = NULL;
			char *ids;

			memcpy(note + 15, "\"abcdefghijklmnop\"", 18);
			note[16 + at] = (char)byte;
			note[33] = '\0';
			note[32] = '"';
			if (byte == ' ')
				fine = at && at != 15;
			ids = with(good[1], "8086,intel,src,x", note);
			text[IDENTIFIERS] = ids;
			if (!load(text, &reg, &err) != fine)
				fail_msg("byte %02x at %d: %s", byte, at,
					 err.text);
			crd_registry_free(&reg);
			free(ids);
		}
	}
}

static char *slurp(const char *name)
{
	char path[128];
	size_t cap = 4 * 1024 * 1024;
	char *text = calloc(1, cap);
	FILE *f;

	snprintf(path, sizeof(path), "policies/registry/%s", name);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_in_range(fread(text, 1, cap - 1, f), 1, cap - 2);
	fclose(f);
	return text;
}

/* Of every number, twice, and with all others asked for in between. */
static void vendors_by_number(const struct crd_registry *reg)
{
	static const char *const schemes[] = { "usb", "pci" };
	char hex[8];
	uint32_t i;

	for (i = 0; i < 4 * 65536; i++) {
		snprintf(hex, sizeof(hex), "%04x", i / 2 & 0xffff);
		if (crd_registry_vendor(reg, i % 2, (uint16_t)(i / 2)) !=
		    crd_registry_find(reg, schemes[i % 2], small_buf(hex)))
			fail_msg("%s:%s", schemes[i % 2], hex);
	}
}

/* The registry that we ship, and the facts that the story rests on. */
static void test_shipped(void **state)
{
	char *text[] = { slurp("entities.csv"), slurp("identifiers.csv"),
			 slurp("lists.csv"),	slurp("listings.csv"),
			 slurp("sources.csv"),	slurp("release.csv") };
	struct crd_list_set set = { { 0 } };
	struct crd_registry *reg = NULL;
	struct crd_error err;
	uint16_t e;
	int i;

	if (load((const char *const *)text, &reg, &err))
		fail_msg("%u:%u %s", err.line, err.column, err.text);
	assert_true(reg->n_entities > 1000);
	e = crd_registry_find(reg, "modsigner",
			      small_buf("Huawei Technologies CO., Ltd"));
	assert_string_equal(reg->entities[e].id, "huawei");
	crd_registry_lists_of(reg, e, 20600, &set);
	assert_true(
		crd_list_set_has(&set, crd_registry_list(reg, "us-ndaa-889")));
	/* A person is not the company of the same name. */
	assert_null(crd_registry_lookup(reg, "modsigner", "Roland Dreier"));
	vendors_by_number(reg);
	crd_registry_free(&reg);
	for (i = 0; i < N_TABLES; i++)
		free(text[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_firmware),
		cmocka_unit_test(test_firmware_long),
		cmocka_unit_test(test_oui),
		cmocka_unit_test(test_listings),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
