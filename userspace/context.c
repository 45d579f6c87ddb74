// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include <errno.h>
#include <string.h>

#include "io.h"

enum { MAX_WORD = 64 };

static bool is_country(const char *text)
{
	return strlen(text) == 2 && text[0] >= 'A' && text[0] <= 'Z' &&
	       text[1] >= 'A' && text[1] <= 'Z';
}

/* As ids in a policy, so that neither of them needs quotes. */
static bool is_word(const char *text)
{
	size_t len = strlen(text);

	return len && len <= MAX_WORD &&
	       strspn(text,
		      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		      "0123456789-_.") == len;
}

static int parse(const char *word, struct crd_context *c, struct crd_error *err)
{
	const struct {
		const char *key;
		const char **value;
		bool (*good)(const char *text);
		const char *form;
	} rows[] = {
		{ "site=", &c->site, is_word,
		  "at most 64 letters, digits, '-', '_' and '.'" },
		{ "destination=", &c->destination, is_country,
		  "a country code of two capital letters" },
		{ "purpose=", &c->purpose, is_word,
		  "at most 64 letters, digits, '-', '_' and '.'" },
	};
	size_t i, len;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		len = strlen(rows[i].key);
		if (strncmp(word, rows[i].key, len))
			continue;
		if (*rows[i].value)
			return crd_io_err(err, -EINVAL,
					  "--context %s is given twice",
					  rows[i].key);
		if (!rows[i].good(word + len))
			return crd_io_err(err, -EINVAL,
					  "--context %.100s: it must be %s",
					  word, rows[i].form);
		*rows[i].value = word + len;
		return 0;
	}
	return crd_io_err(
		err, -EINVAL,
		"--context %.100s: give site=, destination= or purpose= with a value",
		word);
}

int crd_context_parse(const struct crd_list *words,
		      struct crd_context *ret_context, struct crd_error *err)
{
	struct crd_context c = { NULL, NULL, NULL };
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < words->n; i++)
		r = parse(words->items[i], &c, err);
	if (r == 0)
		*ret_context = c;
	return r;
}
