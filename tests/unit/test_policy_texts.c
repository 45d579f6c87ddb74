// SPDX-License-Identifier: Apache-2.0
/* policy_texts - language tags, texts in several languages, and which is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "policy_text.h"

static void test_tags(void **state)
{
	static const char *const good_tags[] = { "en",	   "fr",
						 "no",	   "haw",
						 "pt-BR",  "zh-Hant",
						 "es-419", "zh-Hant-TW" };
	static const char *const bad_tags[] = {
		"",	    "e",	"NO",	     "En",
		"english",  "en-",	"-en",	     "en--GB",
		"en_GB",    "en-gb",	"zh-hant",   "zh-TW-Hant",
		"en-GB-x",  "es-41",	"es-4199",   "zh-HanT",
		"en-GB-",   "zh-Hant-", "x-secret",  "i-klingon",
		"zh-Hantx", "en GB",	"\xc3\xa9n", "zh-Hant-TW-1"
	};
	size_t i;

	for (i = 0; i < sizeof(good_tags) / sizeof(*good_tags); i++) {
		if (!crd_language_valid(good_tags[i]))
			fail_msg("%s is good", good_tags[i]);
	}
	for (i = 0; i < sizeof(bad_tags) / sizeof(*bad_tags); i++) {
		if (crd_language_valid(bad_tags[i]))
			fail_msg("%s is bad", bad_tags[i]);
	}
}

#define BECAUSE(language, because)                                             \
	HEAD language "rules: [ { id: r, when: { kind: driver }, then: refuse" \
		      ", because: " because " } ]\n" OTHERWISE

static void test_bad(void **state)
{
	static const struct {
		const char *yaml;
		unsigned int line, column;
		const char *says;
	} rows[] = {
		{ BECAUSE("", "{}"), 6, 66, "language of this file" },
		{ BECAUSE("", "[a]"), 6, 66, "must be a text" },
		{ BECAUSE("", "{ en: [a] }"), 6, 72, "must be a text" },
		{ BECAUSE("", "{ en: }"), 6, 68, "nothing" },
		{ BECAUSE("", "{ en: \"\" }"), 6, 72, "empty" },
		{ BECAUSE("", "{ en: A, en: B }"), 6, 75, "twice" },
		{ BECAUSE("", "{ en: A, NO: B }"), 6, 75, "'NO' is not" },
		{ BECAUSE("", "{ en: A, fr_CA: B }"), 6, 75, "not the tag" },
		{ BECAUSE("", "{ en: A, en-gb: B }"), 6, 75, "not the tag" },
		{ BECAUSE("", "{ fr: A }"), 6, 66, "'en', the language" },
		{ BECAUSE("language: fr\n", "{ en: A }"), 7, 66, "'fr'" },
		{ BECAUSE("language: fr-CA\n", "{ fr: A }"), 7, 66, "fr-CA" },
		{ BECAUSE("language: FR\n", "A"), 6, 11, "'FR' is not" },
		{ BECAUSE("language: [fr]\n", "A"), 6, 11, "a text" },
		{ BECAUSE("language: ~\n", "A"), 6, 11, "nothing" },
		{ BECAUSE("language: french\n", "A"), 6, 11, "french" },
	};
	struct crd_policy *p;
	struct crd_error err;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!load(rows[i].yaml, &p, &err) || err.line != rows[i].line ||
		    err.column != rows[i].column ||
		    !strstr(err.text, rows[i].says))
			fail_msg("%u:%u %s\n%s", err.line, err.column, err.text,
				 rows[i].yaml);
	}
}

static void test_too_many(void **state)
{
	struct crd_str yaml = { 0 };
	struct crd_policy *p;
	struct crd_error err;
	char c;
	int n;

	crd_str_puts(&yaml, HEAD "rules: [ { id: r, when: { kind: driver }, "
				 "then: refuse, because: { en: A");
	for (c = 'a', n = 1; n <= POL_MAX_LANGUAGES; n++, c++)
		crd_str_fmt(&yaml, ", q%c%s: A", n > 26 ? c - 26 : c,
			    n > 26 ? "a" : "");
	crd_str_puts(&yaml, " } } ]\n" OTHERWISE);
	assert_int_not_equal(load(yaml.ptr, &p, &err), 0);
	assert_non_null(strstr(err.text, "more than 32 languages"));
	crd_str_done(&yaml);
}

/* Which wording is shown to whom. */
static void test_lookup(void **state)
{
	static const char several[] =
		"{ fr: F, en: E, pt-BR: B, zh-Hant: H, \"no\": N }";
	static const struct {
		const char *language, *because, *asked, *shown;
	} rows[] = {
		{ "", "E", NULL, "E" },
		{ "", "E", "fr", "E" },
		{ "", several, NULL, "E" },
		{ "", several, "en", "E" },
		{ "", several, "en-GB", "E" },
		{ "", several, "fr", "F" },
		{ "", several, "fr-CA", "F" },
		{ "", several, "fry", "E" },
		{ "", several, "pt-BR", "B" },
		{ "", several, "pt", "E" }, /* not more than was asked for */
		{ "", several, "pt-PT", "E" },
		{ "", several, "zh-Hant-TW", "H" },
		{ "", several, "zh", "E" },
		{ "", several, "no", "N" },
		{ "", several, "de", "E" },
		{ "language: fr\n", several, NULL, "F" },
		{ "language: fr\n", several, "de", "F" },
		{ "language: fr\n", several, "en", "E" },
		{ "language: fr\n", "Voyons", "en", "Voyons" },
	};
	char yaml[1024];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct crd_policy *p;
		const char *shown;

		snprintf(yaml, sizeof(yaml), BECAUSE("%s", "%s"),
			 rows[i].language, rows[i].because);
		p = good(yaml);
		shown = crd_texts_in(p, p->rules[0].because, rows[i].asked);
		if (strcmp(shown, rows[i].shown))
			fail_msg("row %zu: %s", i, shown);
		assert_null(crd_texts_in(p, p->rules[0].advice, "en"));
		crd_policy_free(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_lookup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
