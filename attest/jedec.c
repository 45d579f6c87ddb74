// SPDX-License-Identifier: Apache-2.0
/*
 * Codes of JEP106 as firmware writes them into SMBIOS type 17. A code is a bank
 * and a byte with an odd parity bit; memory modules carry the number of banks
 * before it in a byte of its own, with or without such a bit, or one 0x7f for
 * each. Every spelling that has two readings is left unclear: a wrong maker is
 * worse than none.
 */
#include <string.h>

#include "maker.h"
#include "text_private.h"

enum {
	MAX_BYTES = 8,	 /* of the longest spelling: DDR to DDR3 */
	MAX_BEFORE = 17, /* banks before the last of JEP106BO, the 18th */
	NEXT_BANK = 0x7f,
	YEAR_FIRST = 5, /* a date of production: DDR2 came in 2004 */
	YEAR_LAST = 0x26,
	WEEK_LAST = 0x53,
};

/* Which byte of a pair is the count of banks, and may the other be. */
enum order { COUNT_FIRST, COUNT_LAST };

struct code {
	uint8_t bytes[MAX_BYTES];
	unsigned int n;
	bool decimal; /* no digit above 9, and nothing that marks a code */
	enum order order;
};

static bool is_odd(uint8_t byte)
{
	return __builtin_parity(byte);
}

/* Case counts for no letter. */
static bool skip(struct crd_buf *text, const char *mark)
{
	size_t i, len = strlen(mark);

	if (text->len < len)
		return false;
	for (i = 0; i < len; i++) {
		uint8_t c = text->ptr[i];

		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (c != (uint8_t)mark[i])
			return false;
	}
	text->ptr += len;
	text->len -= len;
	return true;
}

static bool skip_end(struct crd_buf *text, char mark)
{
	if (!text->len || text->ptr[text->len - 1] != (uint8_t)mark)
		return false;
	text->len--;
	return true;
}

/* Pairs of digits, with or without a space between them. */
static bool read_bytes(struct crd_buf text, struct code *c)
{
	size_t i = 0;
	int high, low;

	while (i < text.len) {
		if (c->n && text.ptr[i] == ' ')
			i++;
		if (text.len - i < 2 || c->n == MAX_BYTES)
			return false;
		high = crd_hex_any_digit(text.ptr[i]);
		low = crd_hex_any_digit(text.ptr[i + 1]);
		if (high < 0 || low < 0)
			return false;
		if (high > 9 || low > 9)
			c->decimal = false;
		c->bytes[c->n++] = (uint8_t)(high << 4 | low);
		i += 2;
	}
	return true;
}

/*
 * The marks that firmware puts around a code. Those around "unknown" are of
 * programs that took the two bytes for a number: the count comes last.
 */
static bool read_text(struct crd_buf text, struct code *c)
{
	c->decimal = true;
	if (skip(&text, "jedec id:")) {
		c->decimal = false;
	} else if (skip(&text, "unknown - [0x")) {
		c->order = COUNT_LAST;
		c->decimal = false;
		if (!skip_end(&text, ']'))
			return false;
	} else if (skip(&text, "unknown id:0x")) {
		c->order = COUNT_LAST;
		c->decimal = false;
	} else if (skip(&text, "unknown (0x") || skip(&text, "unknown (")) {
		c->order = COUNT_LAST;
		c->decimal = false;
		if (!skip_end(&text, ')'))
			return false;
	} else if (skip(&text, "0x")) {
		c->decimal = false;
	}
	return read_bytes(text, c) && (c->order == COUNT_FIRST || c->n == 2);
}

static bool set(unsigned int before, uint8_t byte, struct crd_jedec *ret_code)
{
	if (before > MAX_BEFORE || !is_odd(byte) || !(byte & 0x7f) ||
	    (byte & 0x7f) == NEXT_BANK)
		return false;
	*ret_code = (struct crd_jedec){ (uint8_t)(before + 1), byte };
	return true;
}

static bool read_pair(uint8_t count, uint8_t byte, struct crd_jedec *ret_code)
{
	if (count == NEXT_BANK)
		return set(1, byte, ret_code);
	if (count & 0x80 && !is_odd(count))
		return false;
	return set(count & 0x7f, byte, ret_code);
}

static bool is_pad(const uint8_t *bytes, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (bytes[i] != 0 && bytes[i] != 0xff)
			return false;
	}
	return true;
}

/* "1315": the fifteenth week of 2013? "0032" is a number. */
static bool may_be_date(const struct code *c)
{
	return c->decimal &&
	       (!c->bytes[0] ||
		(c->bytes[0] >= YEAR_FIRST && c->bytes[0] <= YEAR_LAST &&
		 c->bytes[1] >= 1 && c->bytes[1] <= WEEK_LAST));
}

static bool read_two(const struct code *c, struct crd_jedec *ret_code)
{
	struct crd_jedec swapped, plain;
	bool is_plain = read_pair(c->bytes[0], c->bytes[1], &plain);
	bool is_swapped = !c->decimal && c->bytes[1] != NEXT_BANK &&
			  read_pair(c->bytes[1], c->bytes[0], &swapped);

	if (may_be_date(c))
		return false;
	if (c->order == COUNT_LAST)
		is_plain = false;
	*ret_code = is_plain ? plain : swapped;
	return is_plain || is_swapped;
}

/* Pairs: who made the module, and others that have a part in it. */
static bool read_pairs(const struct code *c, bool swap,
		       struct crd_jedec *ret_code)
{
	struct crd_jedec other;
	const uint8_t *b = c->bytes;
	unsigned int i;

	if (!read_pair(b[swap], b[!swap], ret_code))
		return false;
	for (i = 2; i < c->n; i += 2) {
		if (!is_pad(b + i, 2) &&
		    !read_pair(b[i + swap], b[i + !swap], &other))
			return false;
	}
	return true;
}

/* One 0x7f for each bank before it, the byte, and nothing more. */
static bool read_run(const struct code *c, struct crd_jedec *ret_code)
{
	unsigned int n = 0;

	while (n < c->n && c->bytes[n] == NEXT_BANK)
		n++;
	return n < c->n && set(n, c->bytes[n], ret_code) &&
	       is_pad(c->bytes + n + 1, c->n - n - 1);
}

static bool read_long(const struct code *c, struct crd_jedec *ret_code)
{
	if (read_run(c, ret_code))
		return true;
	/* a pair with a count, and nothing more */
	if (!c->bytes[0] || !is_pad(c->bytes + 2, c->n - 2))
		return false;
	return read_pair(c->bytes[0], c->bytes[1], ret_code) ||
	       read_pair(c->bytes[1], c->bytes[0], ret_code);
}

static bool read_code(const struct code *c, struct crd_jedec *ret_code)
{
	switch (c->n) {
	case 2:
		return read_two(c, ret_code);
	case 4:
		if (c->decimal && !is_pad(c->bytes + 2, 2))
			return false; /* a date, a number of its own */
		return read_pairs(c, false, ret_code) ||
		       read_pairs(c, true, ret_code);
	case 6:
		return read_pairs(c, false, ret_code);
	case 7:
	case 8:
		return read_long(c, ret_code);
	default:
		return false;
	}
}

/* "Bank 6, Hex 0x9B": as the table itself is printed. */
static bool read_printed(struct crd_buf text, struct crd_jedec *ret_code)
{
	struct code c = { 0 };
	unsigned int bank = 0;

	if (!skip(&text, "bank "))
		return false;
	while (text.len && text.ptr[0] >= '0' && text.ptr[0] <= '9' &&
	       bank <= MAX_BEFORE + 1) {
		bank = bank * 10 + (text.ptr[0] - '0');
		text.ptr++;
		text.len--;
	}
	if (!bank || !skip(&text, ", hex 0x") || !read_bytes(text, &c) ||
	    c.n != 1)
		return false;
	return set(bank - 1, c.bytes[0], ret_code);
}

enum crd_jedec_form crd_jedec_parse(struct crd_buf text,
				    struct crd_jedec *ret_code)
{
	struct code c = { 0 };

	if (read_printed(text, ret_code))
		return CRD_JEDEC_CODE;
	if (!read_text(text, &c))
		return CRD_JEDEC_NOT;
	if (!c.n || is_pad(c.bytes, c.n))
		return CRD_JEDEC_EMPTY;
	return read_code(&c, ret_code) ? CRD_JEDEC_CODE : CRD_JEDEC_UNCLEAR;
}
