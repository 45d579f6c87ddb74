// SPDX-License-Identifier: GPL-2.0-only
/*
 * Escape text so that it is well-formed UTF-8 without control characters,
 * whatever bytes a driver's author, a file name or a process put there.
 */
#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "text.h"

/* Unicode 15, table 3-7: the second byte's range depends on the first. */
static const struct {
	u8 first, last, low, high, len;
} crd_text_utf8[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static bool crd_text_tail(const u8 *in, size_t from, size_t to)
{
	for (; from < to; from++)
		if (in[from] < 0x80 || in[from] > 0xbf)
			return false;
	return true;
}

/* Length of the well-formed multi-byte character at @in, 0 if there is none. */
static size_t crd_text_char(const u8 *in, size_t left)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(crd_text_utf8); i++) {
		if (in[0] < crd_text_utf8[i].first ||
		    in[0] > crd_text_utf8[i].last)
			continue;
		if (left < crd_text_utf8[i].len ||
		    in[1] < crd_text_utf8[i].low ||
		    in[1] > crd_text_utf8[i].high ||
		    !crd_text_tail(in, 2, crd_text_utf8[i].len))
			return 0;
		return crd_text_utf8[i].len;
	}
	return 0;
}

static bool crd_text_plain(u8 c)
{
	return c >= 0x20 && c < 0x7f && c != '\\';
}

/**
 * crd_text_escape() - escape text for the log
 * @out: room for @limit bytes
 * @limit: most bytes to write; the cut is at a whole character
 * @in: text, of any bytes
 * @len: its length
 * @ret_cut: set to true if not all of @in fitted; else not touched
 *
 * Return: the number of bytes written.
 */
size_t crd_text_escape(u8 *out, size_t limit, const char *in, size_t len,
		       bool *ret_cut)
{
	const u8 *p = (const u8 *)in;
	const u8 *end = p + len;
	size_t n = 0;

	while (p < end) {
		u8 esc[4] = { '\\', 'x', hex_asc_hi(*p), hex_asc_lo(*p) };
		size_t used = 1;
		size_t put = 1;
		const u8 *from = p;

		if (!crd_text_plain(*p)) {
			used = crd_text_char(p, end - p);
			put = used;
			if (!used) {
				used = 1;
				put = sizeof(esc);
				from = esc;
			}
		}
		if (n + put > limit) {
			*ret_cut = true;
			break;
		}
		memcpy(out + n, from, put);
		n += put;
		p += used;
	}
	return n;
}
