// SPDX-License-Identifier: Apache-2.0
/*
 * One strict CSV file: exact header, UTF-8 without controls, one row a line,
 * no outer spaces, rows sorted and unique. libcsv takes the quoting apart; it
 * is fed line by line so that an error knows where it is.
 */
#include "registry_private.h"

#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	struct crd_table *table;
	struct csv_parser csv;
	const char **row; /* cells of the line being read */
	unsigned int n_cells;
	size_t used; /* of table->text */
	bool row_done;
	bool too_many;
};

static int no_space(unsigned char c)
{
	return 0; /* keep outer spaces: they are refused later */
}

static int newline(unsigned char c)
{
	return c == '\n';
}

/* The text has room for all: a cell and its NUL replace bytes and a comma. */
static void on_cell(void *ptr, size_t len, void *ctx)
{
	struct reader *rd = ctx;
	char *to = rd->table->text + rd->used;

	if (rd->n_cells == rd->table->n_columns) {
		rd->too_many = true;
		return;
	}
	if (len)
		memcpy(to, ptr, len);
	to[len] = '\0';
	rd->used += len + 1;
	rd->row[rd->n_cells++] = to;
}

static void on_row(int c, void *ctx)
{
	struct reader *rd = ctx;

	rd->row_done = true;
}

/* Byte column of a cell in its line, counting the quoting. */
static unsigned int cell_column(struct crd_buf line, unsigned int cell)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < line.len && cell; i++) {
		if (line.ptr[i] == '"')
			quoted = !quoted;
		else if (line.ptr[i] == ',' && !quoted)
			cell--;
	}
	return (unsigned int)i + 1;
}

/* Line n (from 0) without its newline. */
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

int crd_table_fail(const struct crd_table *table, struct crd_buf bytes,
		   size_t row, unsigned int column, struct crd_error *err,
		   const char *fmt, ...)
{
	struct crd_buf line = line_at(bytes, row + 1);
	char text[CRD_ERROR_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return crd_fail_at(err, (unsigned int)row + 2,
			   cell_column(line, column), -EBADMSG, "%s: %s",
			   table->file, text);
}

/* The bytes as such: encoding, controls, line length, last newline. */
static int check_line(const char *file, struct crd_buf line, unsigned int n,
		      struct crd_error *err)
{
	size_t len, pos = 0;

	if (line.len > REG_MAX_LINE)
		return crd_fail_at(err, n, 1, -E2BIG,
				   "%s: a line is longer than %d bytes", file,
				   REG_MAX_LINE);
	while (pos < line.len) {
		if (line.ptr[pos] >= 0x20 && line.ptr[pos] < 0x7f) {
			pos++;
			continue;
		}
		len = crd_utf8_len(line.ptr + pos, line.len - pos);
		if (!len)
			return crd_fail_at(err, n, (unsigned int)pos + 1,
					   -EBADMSG, "%s: not UTF-8", file);
		if (!crd_utf8_showable(line.ptr + pos, len))
			return crd_fail_at(
				err, n, (unsigned int)pos + 1, -EBADMSG,
				"%s: a control or invisible character", file);
		pos += len;
	}
	return 0;
}

static int read_row(struct reader *rd, struct crd_buf line, unsigned int n,
		    struct crd_error *err)
{
	const char *file = rd->table->file;
	unsigned int want = rd->table->n_columns;

	rd->n_cells = 0;
	rd->row_done = false;
	rd->too_many = false;
	/* The newline is part of what libcsv sees: it ends the row. */
	if (csv_parse(&rd->csv, line.ptr, line.len + 1, on_cell, on_row, rd) !=
	    line.len + 1) {
		if (csv_error(&rd->csv) == CSV_ENOMEM)
			return -ENOMEM;
		return crd_fail_at(
			err, n, 1, -EBADMSG,
			"%s: a quote inside an unquoted field, or text after a closing quote",
			file);
	}
	if (!rd->row_done)
		return crd_fail_at(err, n, 1, -EBADMSG,
				   line.len ? "%s: a quote is not closed" :
					      "%s: an empty line",
				   file);
	if (rd->too_many || rd->n_cells != want)
		return crd_fail_at(err, n, cell_column(line, rd->n_cells),
				   -EBADMSG,
				   "%s: %s fields than the %u of the header",
				   file, rd->too_many ? "more" : "fewer", want);
	return 0;
}

static int check_header(struct reader *rd, const char *columns,
			struct crd_buf line, struct crd_error *err)
{
	const char *want = columns;
	unsigned int i;
	size_t len;

	for (i = 0; i < rd->n_cells; i++) {
		len = strcspn(want, ",");
		if (strlen(rd->row[i]) != len || strncmp(rd->row[i], want, len))
			return crd_fail_at(err, 1, cell_column(line, i),
					   -EBADMSG,
					   "%s: the header is not '%s'",
					   rd->table->file, columns);
		want += len + (want[len] == ',');
	}
	return 0;
}

/* Sorted by byte order of the fields, no row twice, no outer spaces. */
static int check_order(struct reader *rd, size_t row, struct crd_buf line,
		       struct crd_error *err)
{
	const struct crd_table *table = rd->table;
	unsigned int n = (unsigned int)row + 2;
	unsigned int i;
	int order = -1;
	size_t len;

	for (i = 0; i < table->n_columns; i++) {
		len = strlen(rd->row[i]);
		if (len && (rd->row[i][0] == ' ' || rd->row[i][len - 1] == ' '))
			return crd_fail_at(err, n, cell_column(line, i),
					   -EBADMSG,
					   "%s: a space before or after '%s'",
					   table->file, rd->row[i]);
	}
	if (!row)
		return 0;
	for (i = 0; i < table->n_columns; i++) {
		order = strcmp(crd_cell(table, row - 1, i), rd->row[i]);
		if (order)
			break;
	}
	if (i == table->n_columns)
		return crd_fail_at(err, n, 1, -EBADMSG,
				   "%s: a row stands twice", table->file);
	if (order > 0)
		return crd_fail_at(
			err, n, cell_column(line, i), -EBADMSG,
			"%s: rows are not sorted: '%s' stands after '%s'",
			table->file, rd->row[i], crd_cell(table, row - 1, i));
	return 0;
}

static int read_lines(struct reader *rd, const char *columns,
		      struct crd_buf bytes, struct crd_error *err)
{
	struct crd_table *table = rd->table;
	struct crd_buf line, left = bytes;
	const char *header[REG_MAX_COLUMNS];
	unsigned int n;
	int ret = 0;

	for (n = 1; left.len; n++) {
		line = line_at(left, 0);
		rd->row = n == 1 ? header :
				   table->cells +
					   table->n_rows * table->n_columns;
		ret = check_line(table->file, line, n, err);
		if (!ret)
			ret = read_row(rd, line, n, err);
		if (!ret)
			ret = n == 1 ?
				      check_header(rd, columns, line, err) :
				      check_order(rd, table->n_rows, line, err);
		if (ret)
			break;
		table->n_rows += n > 1;
		left.ptr += line.len + 1;
		left.len -= line.len + 1;
	}
	rd->row = NULL;
	return ret;
}

static unsigned int count_columns(const char *columns)
{
	unsigned int n = 1;

	for (; *columns; columns++)
		n += *columns == ',';
	return n;
}

static int check_file(const char *file, struct crd_buf bytes,
		      struct crd_error *err)
{
	if (bytes.len > REG_MAX_FILE)
		return crd_fail_at(err, 1, 1, -E2BIG,
				   "%s: larger than %d bytes", file,
				   REG_MAX_FILE);
	if (!bytes.len)
		return crd_fail_at(err, 1, 1, -EBADMSG, "%s: empty", file);
	if (bytes.ptr[bytes.len - 1] != '\n')
		return crd_fail_at(err, 1, 1, -EBADMSG,
				   "%s: the last line is cut short", file);
	return 0;
}

int crd_table_load(struct crd_table *table, const char *file,
		   const char *columns, struct crd_buf bytes,
		   struct crd_error *err)
{
	struct reader rd = { .table = table };
	size_t i, lines = 0;
	int ret;

	memset(table, 0, sizeof(*table));
	table->file = file;
	table->n_columns = count_columns(columns);
	ret = check_file(file, bytes, err);
	if (ret)
		return ret;
	for (i = 0; i < bytes.len; i++)
		lines += bytes.ptr[i] == '\n';
	table->text = malloc(bytes.len);
	table->cells = calloc(lines, table->n_columns * sizeof(char *));
	if (!table->text || !table->cells ||
	    csv_init(&rd.csv, CSV_STRICT | CSV_STRICT_FINI)) {
		crd_table_done(table);
		return -ENOMEM;
	}
	csv_set_space_func(&rd.csv, no_space);
	csv_set_term_func(&rd.csv, newline);
	ret = read_lines(&rd, columns, bytes, err);
	csv_free(&rd.csv);
	if (ret)
		crd_table_done(table);
	return ret;
}

void crd_table_done(struct crd_table *table)
{
	free(table->text);
	free(table->cells);
	memset(table, 0, sizeof(*table));
}
