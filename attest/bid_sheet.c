// SPDX-License-Identifier: Apache-2.0
#include "bid_sheet.h"

#include <errno.h>
#include <string.h>

int crd_sheet_check(struct crd_bid_reader *r, struct crd_buf bytes)
{
	size_t len, i;

	r->line = 1;
	for (i = 0; i < bytes.len; i += len) {
		uint8_t c = bytes.ptr[i];

		len = crd_utf8_len(bytes.ptr + i, bytes.len - i);
		if (!len)
			return crd_bid_fail(
				r, -EBADMSG,
				"not UTF-8; save it as \"CSV UTF-8\"");
		if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') ||
		    c == 0x7f)
			return crd_bid_fail(r, -EBADMSG,
					    "a control character, 0x%02x", c);
		r->line += c == '\n';
	}
	return 0;
}

static bool at_end(const struct crd_sheet *s)
{
	return !s->left.len || *s->left.ptr == '\n' || *s->left.ptr == '\r';
}

static uint8_t take(struct crd_sheet *s)
{
	uint8_t c = *s->left.ptr++;

	s->left.len--;
	s->next_line += c == '\n';
	return c;
}

/* To its closing quote. A text is never longer than what it is read from. */
static int read_quoted(struct crd_sheet *s, struct crd_buf *field)
{
	uint8_t *to = s->room + s->used;
	size_t len = 0;

	take(s);
	while (s->left.len) {
		uint8_t c = take(s);

		if (c == '"') {
			if (!s->left.len || *s->left.ptr != '"')
				break;
			take(s);
		} else if (!s->left.len) {
			return crd_bid_fail(s->r, -EBADMSG,
					    "a quote is not closed");
		}
		to[len++] = c;
	}
	s->used += len;
	*field = (struct crd_buf){ to, len };
	if (!at_end(s) && (char)*s->left.ptr != s->separator)
		return crd_bid_fail(s->r, -EBADMSG,
				    "text after a closing quote");
	return 0;
}

static int read_bare(struct crd_sheet *s, struct crd_buf *field)
{
	field->ptr = s->left.ptr;
	while (!at_end(s) && (char)*s->left.ptr != s->separator) {
		if (*s->left.ptr == '"')
			return crd_bid_fail(
				s->r, -EBADMSG,
				"a quote inside a field that is not quoted");
		take(s);
	}
	field->len = (size_t)(s->left.ptr - field->ptr);
	return 0;
}

static void end_line(struct crd_sheet *s)
{
	if (!s->left.len)
		return;
	if (take(s) != '\r')
		return;
	if (s->left.len && *s->left.ptr == '\n')
		take(s);
	else
		s->next_line++;
}

/* ="0012" and '0012: texts that a spreadsheet was to leave alone */
static struct crd_buf plain(struct crd_buf text)
{
	text = crd_bid_trim(text);
	if (text.len >= 3 && text.ptr[0] == '=' && text.ptr[1] == '"' &&
	    text.ptr[text.len - 1] == '"') {
		text.ptr += 2;
		text.len -= 3;
	} else if (text.len > 1 && text.ptr[0] == '\'') {
		text.ptr++;
		text.len--;
	}
	return crd_bid_trim(text);
}

int crd_sheet_row(struct crd_sheet *s)
{
	struct crd_buf field;
	int ret;

	s->n_fields = 0;
	s->used = 0;
	s->r->line = s->next_line;
	for (;;) {
		field = (struct crd_buf){ s->left.ptr, 0 };
		ret = s->left.len && *s->left.ptr == '"' ?
			      read_quoted(s, &field) :
			      read_bare(s, &field);
		if (ret)
			return ret;
		field = plain(field);
		if (s->n_fields < CRD_SHEET_COLUMNS)
			s->field[s->n_fields++] = field;
		else if (field.len)
			return crd_bid_fail(s->r, -E2BIG,
					    "more than %d columns",
					    CRD_SHEET_COLUMNS);
		if (at_end(s))
			break;
		take(s);
	}
	end_line(s);
	return 0;
}

bool crd_sheet_take_sep(struct crd_sheet *s)
{
	if (s->left.len < 5 || memcmp(s->left.ptr, "sep=", 4) ||
	    (s->left.ptr[4] != ';' && s->left.ptr[4] != ',' &&
	     s->left.ptr[4] != '\t') ||
	    (s->left.len > 5 && s->left.ptr[5] != '\r' &&
	     s->left.ptr[5] != '\n'))
		return false;
	s->separator = (char)s->left.ptr[4];
	s->left.ptr += 5;
	s->left.len -= 5;
	end_line(s);
	return true;
}
