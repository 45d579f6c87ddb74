// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "page.h"

void crd_page_begin(struct crd_page *p, enum crd_colour colour)
{
	static const char *const codes[] = { "",	   "\033[1m",
					     "\033[2m",	   "\033[1;31m",
					     "\033[1;32m", "\033[1;33m" };

	if (p->colour)
		crd_str_puts(&p->str, codes[colour]);
}

void crd_page_end(struct crd_page *p, enum crd_colour colour)
{
	if (p->colour && colour != PLAIN)
		crd_str_puts(&p->str, "\033[0m");
}

void crd_page_put(struct crd_page *p, enum crd_colour colour, const char *text)
{
	crd_page_begin(p, colour);
	crd_str_puts(&p->str, text);
	crd_page_end(p, colour);
}

void crd_page_heading(struct crd_page *p, const char *text)
{
	crd_str_puts(&p->str, "\n");
	crd_page_put(p, BOLD, text);
	crd_str_puts(&p->str, "\n");
}

size_t crd_page_columns(const char *text, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++)
		n += ((uint8_t)text[i] & 0xc0) != 0x80;
	return n;
}

void crd_page_flow(struct crd_page *p, const char *text, size_t at,
		   size_t indent)
{
	size_t len, wide;
	bool first = true;

	while (*text) {
		len = strcspn(text, " ");
		wide = crd_page_columns(text, len);
		if (!first && at + 1 + wide > CRD_PAGE_WIDTH) {
			crd_str_fmt(&p->str, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			crd_str_puts(&p->str, " ");
			at++;
		}
		crd_str_add(&p->str, text, len);
		at += wide;
		first = false;
		text += len + (text[len] == ' ');
	}
	crd_str_puts(&p->str, "\n");
}

/* As many bytes as make so many characters. */
static size_t bytes_of(const char *text, size_t characters)
{
	size_t len = 0;

	while (characters--) {
		len++;
		while (((uint8_t)text[len] & 0xc0) == 0x80)
			len++;
	}
	return len;
}

void crd_page_cell(struct crd_page *p, enum crd_colour colour, const char *text,
		   size_t width)
{
	size_t n = crd_page_columns(text, strlen(text));
	struct crd_str cut = { 0 };

	if (n > width) {
		crd_str_add(&cut, text, bytes_of(text, width - 2));
		crd_str_puts(&cut, "..");
		p->str.failed |= cut.failed;
		crd_page_put(p, colour, cut.ptr ? cut.ptr : "");
		crd_str_done(&cut);
		n = width;
	} else {
		crd_page_put(p, colour, text);
	}
	crd_str_fmt(&p->str, "%*s", (int)(width - n + 1), "");
}

int crd_page_flush(struct crd_page *p, crd_put_fn put, void *ctx)
{
	int ret = p->str.failed ? -ENOMEM : 0;

	if (!ret && p->str.len)
		ret = put(p->str.ptr, p->str.len, ctx);
	p->str.len = 0;
	return ret;
}
