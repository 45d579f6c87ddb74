// SPDX-License-Identifier: Apache-2.0
/* reader - what the cursor needs beside the inline reads. */
#include "reader.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void make_printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

int crd_fail(struct crd_error *err, int ret, size_t offset, const char *fmt,
	     ...)
{
	va_list args;

	if (!err)
		return ret;
	err->offset = offset;
	err->line = 0;
	err->column = 0;
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	make_printable(err->text);
	return ret;
}

int crd_fail_short(struct crd_error *err, const struct crd_reader *r,
		   const char *what)
{
	return crd_fail(err, -EBADMSG, rd_offset(r),
			"%s is cut short or a length in it is wrong (byte %zu)",
			what, rd_offset(r));
}

bool crd_buf_equal(struct crd_buf a, struct crd_buf b)
{
	return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

/*
 * Table 3-7: the lead byte fixes the length and narrows the second byte, which
 * is what keeps out overlong forms, surrogates and what lies past U+10FFFF.
 */
static const struct utf8_lead {
	uint8_t first, last;
	uint8_t size;
	uint8_t low, high; /* of the second byte */
} utf8_leads[] = {
	{ 0x00, 0x7f, 1, 0x00, 0x00 }, { 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf }, { 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf }, { 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

static const struct utf8_lead *find_lead(uint8_t byte)
{
	const size_t n = sizeof(utf8_leads) / sizeof(utf8_leads[0]);

	for (size_t i = 0; i < n; i++)
		if (byte >= utf8_leads[i].first && byte <= utf8_leads[i].last)
			return &utf8_leads[i];
	return NULL;
}

size_t crd_utf8_char(struct crd_buf text)
{
	const struct utf8_lead *lead;

	if (!text.len)
		return 0;
	lead = find_lead(text.ptr[0]);
	if (!lead || lead->size > text.len)
		return 0;
	if (lead->size > 1 &&
	    (text.ptr[1] < lead->low || text.ptr[1] > lead->high))
		return 0;
	for (size_t i = 2; i < lead->size; i++)
		if ((text.ptr[i] & 0xc0) != 0x80)
			return 0;
	return lead->size;
}

bool crd_utf8_valid(struct crd_buf text)
{
	while (text.len) {
		size_t n = crd_utf8_char(text);

		if (!n)
			return false;
		text.ptr += n;
		text.len -= n;
	}
	return true;
}
