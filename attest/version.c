// SPDX-License-Identifier: Apache-2.0
/*
 * The order of versions and of the dates that firmware bears. Only what is
 * plain has an order: guessing that "F.42" comes after "E.50" would be wrong as
 * often as right.
 */
#include <string.h>

#include "version.h"

enum { MAX_DIGITS = 18, MAX_HEX = 16 };

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Takes the number at the start; false: too long, or none. */
static bool take_number(struct crd_buf *text, uint64_t *ret_number)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < text->len && is_digit(text->ptr[i]); i++) {
		if (i == MAX_DIGITS)
			return false;
		n = n * 10 + (uint64_t)(text->ptr[i] - '0');
	}
	text->ptr += i;
	text->len -= i;
	*ret_number = n;
	return i;
}

static bool read_hex(struct crd_buf text, struct crd_version *v)
{
	size_t i;

	if (text.len < 3 || text.len > 2 + MAX_HEX || text.ptr[0] != '0' ||
	    text.ptr[1] != 'x')
		return false;
	for (i = 2; i < text.len; i++) {
		int value = crd_hex_any_digit(text.ptr[i]);

		if (value < 0)
			return false;
		v->runs[0] = v->runs[0] << 4 | (uint64_t)value;
	}
	v->n = 1;
	v->hex = true;
	return true;
}

/* Numbers; text is left with what follows them. */
static bool take_runs(struct crd_buf *text, struct crd_version *v)
{
	while (take_number(text, &v->runs[v->n])) {
		v->n++;
		if (text->len < 2 ||
		    (text->ptr[0] != '.' && text->ptr[0] != '-') ||
		    !is_digit(text->ptr[1]))
			return true;
		if (v->n == CRD_MAX_RUNS)
			return false;
		text->ptr++;
		text->len--;
	}
	return false;
}

/* "~", or the word of a preview after a dot, a hyphen or nothing. */
static bool is_preview(struct crd_buf rest)
{
	static const char *const words[] = { "rc", "alpha", "beta", "pre",
					     "dev" };
	size_t i, len;

	if (rest.len && rest.ptr[0] == '~')
		return true;
	if (rest.len && (rest.ptr[0] == '-' || rest.ptr[0] == '.')) {
		rest.ptr++;
		rest.len--;
	}
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		len = strlen(words[i]);
		if (rest.len >= len && !memcmp(rest.ptr, words[i], len) &&
		    (rest.len == len || !is_letter(rest.ptr[len])))
			return true;
	}
	return false;
}

/* What may follow the numbers: "-amd64", " (2019)", ".fc41.x86_64". */
static bool is_tail(struct crd_buf rest)
{
	if (rest.len && rest.ptr[0] == '.')
		return rest.len > 2 && is_letter(rest.ptr[1]) &&
		       is_letter(rest.ptr[2]);
	return !rest.len || (rest.ptr[0] && strchr(" -+_(,;", rest.ptr[0]));
}

bool crd_version_read(struct crd_buf text, struct crd_version *ret_version)
{
	struct crd_version v = { .n = 0 };

	if (!text.len) /* nor is there a place to read from */
		return false;
	if (read_hex(text, &v)) {
		*ret_version = v;
		return true;
	}
	if (text.len && (text.ptr[0] == 'v' || text.ptr[0] == 'V')) {
		text.ptr++;
		text.len--;
	}
	if (!take_runs(&text, &v))
		return false;
	v.before = is_preview(text);
	/* "1.0.2k" and "0x1g": who knows what the letter means */
	if (!v.before && !is_tail(text))
		return false;
	*ret_version = v;
	return true;
}

bool crd_version_is_bound(struct crd_buf text)
{
	struct crd_version v = { .n = 0 };

	return read_hex(text, &v) || (take_runs(&text, &v) && !text.len);
}

bool crd_version_order(const struct crd_version *a, const struct crd_version *b,
		       int *ret_order)
{
	unsigned int i, n = a->n > b->n ? a->n : b->n;

	if (a->hex != b->hex)
		return false;
	for (i = 0; i < n; i++) {
		uint64_t x = i < a->n ? a->runs[i] : 0;
		uint64_t y = i < b->n ? b->runs[i] : 0;

		if (x != y) {
			*ret_order = x < y ? -1 : 1;
			return true;
		}
	}
	*ret_order = (int)b->before - (int)a->before;
	return true;
}

/* "MM/DD/YYYY": DMTF DSP0134, 7.1.5; with two digits of the year no more. */
bool crd_day_read(struct crd_buf text, int32_t *ret_day)
{
	const char *t = (const char *)text.ptr;
	char iso[10];

	if (text.len != 10)
		return false;
	if (t[2] != '/' || t[5] != '/')
		return crd_date_parse(t, text.len, ret_day);
	memcpy(iso, t + 6, 4);
	iso[4] = iso[7] = '-';
	memcpy(iso + 5, t, 2);
	memcpy(iso + 8, t + 3, 2);
	return crd_date_parse(iso, sizeof(iso), ret_day);
}

static enum crd_age age_of(int order)
{
	return order < 0 ? CRD_OLDER : order ? CRD_NEWER : CRD_SAME_AGE;
}

/* How the later one stands to the earlier one. */
static enum crd_age read_age(const struct crd_version *before,
			     const struct crd_version *after)
{
	int order;

	return crd_version_order(after, before, &order) ? age_of(order) :
							  CRD_OTHER_AGE;
}

enum crd_age crd_version_age(struct crd_buf before, struct crd_buf after)
{
	struct crd_version old, new;

	if (crd_buf_equal(before, after))
		return CRD_SAME_AGE;
	if (!crd_version_read(before, &old) || !crd_version_read(after, &new))
		return CRD_OTHER_AGE;
	return read_age(&old, &new);
}

enum crd_age crd_date_age(struct crd_buf before, struct crd_buf after)
{
	int32_t old, new;

	if (crd_buf_equal(before, after))
		return CRD_SAME_AGE;
	if (!crd_day_read(before, &old) || !crd_day_read(after, &new))
		return CRD_OTHER_AGE;
	return age_of((new > old) - (new < old));
}

/* Where the first word begins in which they differ. */
static size_t word_that_differs(struct crd_buf a, struct crd_buf b,
				const char *between)
{
	size_t i, word = 0;

	for (i = 0; i < a.len && i < b.len && a.ptr[i] == b.ptr[i]; i++) {
		if (a.ptr[i] && strchr(between, a.ptr[i]))
			word = i + 1;
	}
	return word;
}

enum crd_age crd_word_age(struct crd_buf before, struct crd_buf after,
			  const char *between, unsigned int numbers)
{
	size_t word = word_that_differs(before, after, between);
	struct crd_version old, new;

	if (crd_buf_equal(before, after))
		return CRD_SAME_AGE;
	if (!before.len || !after.len)
		return CRD_OTHER_AGE;
	before = (struct crd_buf){ before.ptr + word, before.len - word };
	after = (struct crd_buf){ after.ptr + word, after.len - word };
	if (!crd_version_read(before, &old) || !crd_version_read(after, &new) ||
	    old.n < numbers || new.n < numbers)
		return CRD_OTHER_AGE;
	return read_age(&old, &new);
}

enum crd_age crd_age_both(enum crd_age a, enum crd_age b)
{
	bool a_tells = a == CRD_OLDER || a == CRD_NEWER;
	bool b_tells = b == CRD_OLDER || b == CRD_NEWER;

	if (a == b || (a_tells && !b_tells))
		return a;
	return b_tells && !a_tells ? b : CRD_OTHER_AGE;
}
