// SPDX-License-Identifier: Apache-2.0
/* Which of two versions is newer, where that can be told from their texts. */
#include <stdlib.h>
#include <string.h>

#include "change.h"

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static struct crd_buf run_of(struct crd_buf *left, bool (*is)(uint8_t))
{
	struct crd_buf run = { left->ptr, 0 };

	while (run.len < left->len && is(left->ptr[run.len]))
		run.len++;
	left->ptr += run.len;
	left->len -= run.len;
	return run;
}

static enum crd_age age_of(int order)
{
	return order < 0 ? CRD_OLDER : order ? CRD_NEWER : CRD_SAME_AGE;
}

/* How the later one stands to the earlier one, as numbers of any length. */
static enum crd_age number_age(struct crd_buf old, struct crd_buf new)
{
	while (old.len && *old.ptr == '0') {
		old.ptr++;
		old.len--;
	}
	while (new.len &&*new.ptr == '0') {
		new.ptr++;
		new.len--;
	}
	if (old.len != new.len)
		return new.len > old.len ? CRD_NEWER : CRD_OLDER;
	return old.len ? age_of(memcmp(new.ptr, old.ptr, old.len)) :
			 CRD_SAME_AGE;
}

/* A letter behind a number counts up, as in "1.1w"; words only tell apart. */
static enum crd_age word_age(struct crd_buf old, struct crd_buf new,
			     bool counts)
{
	if (crd_buf_equal(old, new))
		return CRD_SAME_AGE;
	if (!counts || old.len > 1 || new.len > 1)
		return CRD_OTHER_AGE;
	if (old.len != new.len)
		return new.len ? CRD_NEWER : CRD_OLDER;
	return age_of(*new.ptr - *old.ptr);
}

/* "0x1f", as numbers are written here. */
static bool is_hex(struct crd_buf text)
{
	return text.len > 2 && text.len <= 18 && text.ptr[0] == '0' &&
	       text.ptr[1] == 'x';
}

static uint64_t hex_of(struct crd_buf text)
{
	uint64_t n = 0;
	size_t i;

	for (i = 2; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		n = n << 4 |
		    (uint64_t)(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return n;
}

/*
 * Past what both begin with; their age, if that tells it. *counts: a number
 * was before.
 */
static enum crd_age step(struct crd_buf *old, struct crd_buf *new, bool *counts)
{
	bool behind = *counts;
	bool letters = (!old->len || is_letter(*old->ptr)) &&
		       (!new->len || is_letter(*new->ptr));

	*counts = false;
	if (letters)
		return word_age(run_of(old, is_letter), run_of(new, is_letter),
				behind);
	if (!old->len || !new->len)
		return new->len ? CRD_NEWER : CRD_OLDER;
	if (is_digit(*old->ptr) && is_digit(*new->ptr)) {
		*counts = true;
		return number_age(run_of(old, is_digit), run_of(new, is_digit));
	}
	if (*old->ptr != *new->ptr)
		return CRD_OTHER_AGE;
	old->ptr++;
	old->len--;
	new->ptr++;
	new->len--;
	return CRD_SAME_AGE;
}

enum crd_age crd_version_age(struct crd_buf old, struct crd_buf new)
{
	enum crd_age age = CRD_SAME_AGE;
	bool counts = false;

	if (is_hex(old) && is_hex(new)) {
		uint64_t x = hex_of(old), y = hex_of(new);

		return age_of((y > x) - (y < x));
	}
	while (age == CRD_SAME_AGE && (old.len || new.len))
		age = step(&old, &new, &counts);
	return age;
}

/* "12/31/2026" as year, month, day; false: some other form. */
static bool turn(struct crd_buf text, char out[static 8])
{
	size_t i;

	if (text.len != 10 || text.ptr[2] != '/' || text.ptr[5] != '/')
		return false;
	for (i = 0; i < 10; i++) {
		if (i != 2 && i != 5 && !is_digit(text.ptr[i]))
			return false;
	}
	memcpy(out, text.ptr + 6, 4);
	memcpy(out + 4, text.ptr, 2);
	memcpy(out + 6, text.ptr + 3, 2);
	return true;
}

enum crd_age crd_date_age(struct crd_buf old, struct crd_buf new)
{
	char x[8], y[8];

	if (!turn(old, x) || !turn(new, y))
		return crd_version_age(old, new);
	return age_of(memcmp(y, x, sizeof(x)));
}
