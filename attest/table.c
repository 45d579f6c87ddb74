// SPDX-License-Identifier: Apache-2.0
/*
 * One strict CSV file (RFC 4180): exact header, UTF-8 without controls, one
 * row a line, no outer spaces, rows sorted and unique. A verdict waits for
 * this, so it is one pass over the bytes as they are: fields are views, and
 * only one with doubled quotes is copied. Every loop ends at a newline, which
 * the file is known to end with.
 */
#include "registry_private.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What a byte may be to the scanner; of most, nothing but text. */
enum { TEXT, COMMA, QUOTE, NEWLINE, ODD };

static const uint8_t kind_of[256] = {
	[0 ... 9] = ODD, ['\n'] = NEWLINE, [11 ... 31] = ODD,
	['"'] = QUOTE,	 [','] = COMMA,	   [0x7f ... 0xff] = ODD,
};

/* A word whose eight bytes are all that one. */
#define EACH(byte) (0x0101010101010101u * (byte))

/*
 * Past plain text, and commas if `quoted`. Eight bytes at a time: a byte's top
 * bit is set in `stop` if it is below 0x20, above 0x7e, a quote or a comma.
 * Borrows and carries may set bits too much, but only behind the first one.
 */
static inline const uint8_t *skip_text(const uint8_t *at, const uint8_t *end,
				       bool quoted)
{
	uint64_t word, quote, comma, stop;

	while (end - at >= 8) {
		memcpy(&word, at, 8);
		word = le64toh(word);
		quote = word ^ EACH('"');
		comma = word ^ EACH(',');
		stop = word | (word + EACH(1)) | (word - EACH(0x20)) |
		       (quote - EACH(1));
		if (!quoted)
			stop |= comma - EACH(1);
		stop &= EACH(0x80);
		if (stop)
			return at + __builtin_ctzll(stop) / 8;
		at += 8;
	}
	while (kind_of[*at] == TEXT || (quoted && *at == ','))
		at++;
	return at;
}

/* An error at that byte of the row. */
static int fail_byte(const struct crd_table *table, const struct crd_row *row,
		     const uint8_t *at, struct crd_error *err, const char *what)
{
	return crd_fail_at(err, row->line, (unsigned int)(at - row->start) + 1,
			   -EBADMSG, "%s: %s", table->file, what);
}

static int too_long(const struct crd_table *table, const struct crd_row *row,
		    struct crd_error *err)
{
	return crd_fail_at(err, row->line, 1, -E2BIG,
			   "%s: a line is longer than %d bytes", table->file,
			   REG_MAX_LINE);
}

/* Past a character that is not ASCII, if it may be there. */
static int skip_odd(const struct crd_table *table, const struct crd_row *row,
		    const uint8_t **p, struct crd_error *err)
{
	const uint8_t *end = table->bytes.ptr + table->bytes.len;
	size_t len = crd_utf8_len(*p, (size_t)(end - *p));

	if (!len)
		return fail_byte(table, row, *p, err, "not UTF-8");
	if (!crd_utf8_showable(*p, len))
		return fail_byte(table, row, *p, err,
				 "a control or invisible character");
	*p += len;
	return 0;
}

/* To the comma or newline that ends it. */
static int scan_bare(const struct crd_table *table, struct crd_row *row,
		     const uint8_t **p, struct crd_buf *field,
		     struct crd_error *err)
{
	const uint8_t *end = table->bytes.ptr + table->bytes.len;
	const uint8_t *at = *p;
	int ret;

	for (;;) {
		at = skip_text(at, end, false);
		if (kind_of[*at] != ODD)
			break;
		ret = skip_odd(table, row, &at, err);
		if (ret)
			return ret;
	}
	if (*at == '"')
		return fail_byte(table, row, at, err,
				 "a quote inside an unquoted field");
	*field = (struct crd_buf){ *p, (size_t)(at - *p) };
	*p = at;
	return 0;
}

/* Each two quotes are one. */
static int undouble(const struct crd_table *table, struct crd_row *row,
		    struct crd_buf *field, struct crd_error *err)
{
	uint8_t *to = row->room + row->used;
	size_t i, len = 0;

	/* the line, whose end was not looked for yet, is longer still */
	if (field->len > sizeof(row->room) - row->used)
		return too_long(table, row, err);
	for (i = 0; i < field->len; i++) {
		i += field->ptr[i] == '"';
		to[len++] = field->ptr[i];
	}
	row->used += len;
	*field = (struct crd_buf){ to, len };
	return 0;
}

/* To its closing quote; leaves *p behind that. */
static int scan_quoted(const struct crd_table *table, struct crd_row *row,
		       const uint8_t **p, struct crd_buf *field,
		       struct crd_error *err)
{
	const uint8_t *end = table->bytes.ptr + table->bytes.len;
	const uint8_t *at = *p + 1;
	bool doubled = false;
	int ret;

	for (;;) {
		at = skip_text(at, end, true);
		if (kind_of[*at] == ODD) {
			ret = skip_odd(table, row, &at, err);
			if (ret)
				return ret;
			continue;
		}
		if (*at == '\n')
			return fail_byte(table, row, *p, err,
					 "a quote is not closed");
		if (at[1] != '"')
			break;
		doubled = true;
		at += 2;
	}
	if (at[1] != ',' && at[1] != '\n')
		return fail_byte(table, row, at + 1, err,
				 "text after a closing quote");
	*field = (struct crd_buf){ *p + 1, (size_t)(at - *p - 1) };
	*p = at + 1;
	return doubled ? undouble(table, row, field, err) : 0;
}

static int outer_space(const struct crd_table *table, const struct crd_row *row,
		       const uint8_t *at, struct crd_error *err)
{
	return fail_byte(table, row, at, err,
			 "a space before or after a field");
}

int crd_table_row(const struct crd_table *table, size_t offset,
		  struct crd_row *row, struct crd_error *err)
{
	const uint8_t *start, *p = table->bytes.ptr + offset;
	struct crd_buf *field;
	unsigned int n = 0;
	int ret;

	row->start = p;
	row->used = 0;
	if (*p == '\n')
		return fail_byte(table, row, p, err, "an empty line");
	for (;; p++) {
		start = p;
		if (n == table->n_columns)
			return fail_byte(table, row, p, err,
					 "more fields than the header has");
		field = &row->field[n++];
		ret = *p == '"' ? scan_quoted(table, row, &p, field, err) :
				  scan_bare(table, row, &p, field, err);
		if (ret)
			return ret;
		if (field->len &&
		    (field->ptr[0] == ' ' || field->ptr[field->len - 1] == ' '))
			return outer_space(table, row, start, err);
		if (*p == '\n')
			break;
	}
	row->len = (size_t)(p - row->start);
	if (row->len > REG_MAX_LINE)
		return too_long(table, row, err);
	if (n != table->n_columns)
		return fail_byte(table, row, p, err,
				 "fewer fields than the header has");
	return 0;
}

/* A field that begins at `at`, if it stands there as it is: without quotes. */
static bool bare_field(struct crd_buf bytes, size_t at, struct crd_buf *ret)
{
	const uint8_t *p = bytes.ptr + at, *end;

	end = at < bytes.len ? memchr(p, ',', bytes.len - at) : NULL;
	if (!end || *p == '"')
		return false;
	*ret = (struct crd_buf){ p, (size_t)(end - p) };
	return true;
}

bool crd_table_key(const struct crd_table *table, size_t offset, unsigned int n,
		   struct crd_row *row)
{
	struct crd_buf bytes = table->bytes;
	size_t at = offset;
	const uint8_t *end;
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!bare_field(bytes, at, &row->field[i]))
			return !crd_table_row(table, offset, row, NULL);
		at += row->field[i].len + 1;
	}
	row->start = bytes.ptr + offset;
	end = memchr(bytes.ptr + at - 1, '\n', bytes.len - at + 1);
	row->len = end ? (size_t)(end - row->start) : bytes.len - offset;
	return true;
}

/* The line that byte `at` is in; no field has a newline in it. */
size_t crd_table_line(const struct crd_table *table, size_t at)
{
	const uint8_t *before = memrchr(table->bytes.ptr, '\n', at);

	return before ? (size_t)(before - table->bytes.ptr) + 1 : 0;
}

bool crd_table_find(const struct crd_table *table, const struct crd_buf *key,
		    unsigned int n, struct crd_row *row, size_t *ret_at)
{
	size_t start, lo = 0, hi = table->bytes.len;
	unsigned int i;
	int order;

	while (lo < hi) {
		start = crd_table_line(table, lo + (hi - lo) / 2);
		/* fails only where nobody checked it */
		if (!crd_table_key(table, start, n, row))
			break;
		order = start ? 0 : 1; /* past the header */
		for (i = 0; i < n && !order; i++)
			order = crd_field_order(key[i], row->field[i]);
		*ret_at = start;
		if (!order)
			return !crd_table_row(table, start, row, NULL);
		if (order < 0)
			hi = start;
		else
			lo = start + row->len + 1;
	}
	*ret_at = lo;
	return false;
}

/* Byte column of a field in its line, counting the quoting. */
static unsigned int column_of(struct crd_buf line, unsigned int field)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < line.len && field; i++) {
		if (line.ptr[i] == '"')
			quoted = !quoted;
		else if (line.ptr[i] == ',' && !quoted)
			field--;
	}
	return (unsigned int)i + 1;
}

/* Line n, from 0, without its newline. */
static struct crd_buf line_at(struct crd_buf bytes, size_t n)
{
	struct crd_buf line = bytes;
	const uint8_t *end;

	for (;; n--) {
		end = line.len ? memchr(line.ptr, '\n', line.len) : NULL;
		if (!end || !n)
			break;
		line.len -= (size_t)(end + 1 - line.ptr);
		line.ptr = end + 1;
	}
	if (end)
		line.len = (size_t)(end - line.ptr);
	return line;
}

static int fail_field(const struct crd_table *table, struct crd_buf line,
		      unsigned int number, unsigned int column,
		      struct crd_error *err, const char *fmt, va_list ap)
{
	char text[2 * CRD_ERROR_TEXT];

	vsnprintf(text, sizeof(text), fmt, ap);
	return crd_fail_at(err, number, column_of(line, column), -EBADMSG,
			   "%s: %s", table->file, text);
}

int crd_table_fail(const struct crd_table *table, unsigned int line,
		   unsigned int column, struct crd_error *err, const char *fmt,
		   ...)
{
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = fail_field(table, line_at(table->bytes, line - 1), line, column,
			 err, fmt, ap);
	va_end(ap);
	return ret;
}

int crd_row_fail(const struct crd_table *table, const struct crd_row *row,
		 unsigned int column, struct crd_error *err, const char *fmt,
		 ...)
{
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = fail_field(table, (struct crd_buf){ row->start, row->len },
			 row->line, column, err, fmt, ap);
	va_end(ap);
	return ret;
}

static int check_header(const struct crd_table *table,
			const struct crd_row *row, const char *columns,
			struct crd_error *err)
{
	struct crd_buf line = { row->start, row->len };
	const char *want = columns;
	unsigned int i;
	size_t len;

	for (i = 0; i < table->n_columns; i++) {
		len = strcspn(want, ",");
		if (!crd_buf_equal(row->field[i],
				   (struct crd_buf){ (const uint8_t *)want,
						     len }))
			return crd_fail_at(err, 1, column_of(line, i), -EBADMSG,
					   "%s: the header is not '%s'",
					   table->file, columns);
		want += len + (want[len] == ',');
	}
	return 0;
}

static int check_file(const struct crd_table *table, struct crd_error *err)
{
	const struct crd_buf *bytes = &table->bytes;

	if (bytes->len > REG_MAX_FILE)
		return crd_fail_at(err, 1, 1, -E2BIG,
				   "%s: larger than %d bytes", table->file,
				   REG_MAX_FILE);
	if (!bytes->len)
		return crd_fail_at(err, 1, 1, -EBADMSG, "%s: empty",
				   table->file);
	if (bytes->ptr[bytes->len - 1] != '\n')
		return crd_fail_at(err, 1, 1, -EBADMSG,
				   "%s: the last line is cut short",
				   table->file);
	return 0;
}

static unsigned int count_columns(const char *columns)
{
	unsigned int n = 1;

	for (; *columns; columns++)
		n += *columns == ',';
	return n;
}

int crd_table_open(struct crd_table *table, const char *file,
		   const char *columns, struct crd_buf bytes,
		   struct crd_cursor *cursor, struct crd_error *err)
{
	struct crd_row *row = &cursor->rows[1];
	int ret;

	*table = (struct crd_table){ file, count_columns(columns), bytes };
	cursor->table = table;
	cursor->row = NULL;
	cursor->n_rows = 0;
	row->line = 1;
	ret = check_file(table, err);
	if (!ret)
		ret = crd_table_row(table, 0, row, err);
	if (!ret)
		ret = check_header(table, row, columns, err);
	if (!ret)
		cursor->next = row->len + 1;
	return ret;
}

/* Sorted by byte order of the fields, no row twice. */
static int check_order(struct crd_cursor *c, const struct crd_row *row,
		       struct crd_error *err)
{
	const struct crd_row *before = c->row;
	unsigned int i, n = c->table->n_columns;
	int order = -1;

	c->n_same = 0;
	if (!before)
		return 0;
	for (i = 0; i < n; i++) {
		order = crd_field_order(before->field[i], row->field[i]);
		if (order)
			break;
	}
	c->n_same = i;
	if (order < 0)
		return 0;
	if (i == n)
		return fail_byte(c->table, row, row->start, err,
				 "a row stands twice");
	return crd_row_fail(c->table, row, i, err,
			    "rows are not sorted: '%.*s' stands after '%.*s'",
			    CRD_FIELD(row->field[i]),
			    CRD_FIELD(before->field[i]));
}

int crd_table_next(struct crd_cursor *c, struct crd_error *err)
{
	struct crd_row *row = &c->rows[c->row == &c->rows[0]];
	int ret;

	if (c->next == c->table->bytes.len)
		return 0;
	row->line = (unsigned int)c->n_rows + 2;
	ret = crd_table_row(c->table, c->next, row, err);
	if (ret)
		return ret;
	ret = check_order(c, row, err);
	c->row = row;
	c->next += row->len + 1;
	c->n_rows++;
	return ret ? ret : 1;
}

void crd_table_skip(struct crd_cursor *c)
{
	const struct crd_buf *bytes = &c->table->bytes;
	const uint8_t *end =
		memchr(bytes->ptr + c->next, '\n', bytes->len - c->next);

	c->next = (size_t)(end + 1 - bytes->ptr);
	c->n_rows++;
}
