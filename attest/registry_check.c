// SPDX-License-Identifier: Apache-2.0
/* What a field of the registry must be; errors say what it is instead. */
#include "registry_check.h"

#include <errno.h>

int crd_check_told(const struct crd_check *c, const struct crd_table *table,
		   int ret)
{
	size_t skip = strlen(table->file) + 2; /* "lists.csv: " */
	struct crd_fault fault = { .file = table->file };

	if (!c->all || (ret != -EBADMSG && ret != -E2BIG))
		return ret;
	fault.line = c->err->line;
	fault.column = c->err->column;
	fault.text = c->err->text + skip;
	c->all->n++;
	c->all->fn(&fault, c->all->ctx);
	return 0;
}

int crd_check_word(const struct crd_check *c, unsigned int column,
		   const char *const *words)
{
	struct crd_str all = { 0 };
	const char *const *w;
	int ret;

	for (w = words; *w; w++) {
		if (crd_field_is(crd_check_field(c, column), *w))
			return 0;
	}
	for (w = words; *w; w++)
		crd_str_fmt(&all, "%s%s", w == words ? "" : ", ", *w);
	ret = crd_check_fail(c, column, "'%.*s' is none of: %s",
			     CRD_FIELD(crd_check_field(c, column)),
			     all.ptr ? all.ptr : "");
	crd_str_done(&all);
	return ret;
}

/* kebab-case: "us-ndaa-889" */
static bool is_id(struct crd_buf text)
{
	uint8_t c, before = '-';
	size_t i;

	for (i = 0; i < text.len; i++, before = c) {
		c = text.ptr[i];
		if (c == '-' && before == '-')
			return false;
		if (c != '-' && !(c >= 'a' && c <= 'z') &&
		    !(c >= '0' && c <= '9'))
			return false;
	}
	return before != '-';
}

int crd_check_id(const struct crd_check *c, unsigned int column)
{
	if (is_id(crd_check_field(c, column)))
		return 0;
	return crd_check_fail(
		c, column,
		"'%.*s' is not an id: lower-case letters and digits, words joined by '-'",
		CRD_FIELD(crd_check_field(c, column)));
}

int crd_check_filled(const struct crd_check *c, unsigned int column)
{
	if (crd_check_field(c, column).len)
		return 0;
	return crd_check_fail(c, column, "this field may not be empty");
}

int crd_check_date(const struct crd_check *c, unsigned int column,
		   int32_t *ret_day)
{
	struct crd_buf text = crd_check_field(c, column);

	if (crd_date_parse((const char *)text.ptr, text.len, ret_day))
		return 0;
	return crd_check_fail(c, column, "'%.*s' is not a date like 2026-01-31",
			      CRD_FIELD(text));
}

int crd_check_country(const struct crd_check *c, unsigned int column)
{
	struct crd_buf text = crd_check_field(c, column);

	if (text.len == 2 && text.ptr[0] >= 'A' && text.ptr[0] <= 'Z' &&
	    text.ptr[1] >= 'A' && text.ptr[1] <= 'Z')
		return 0;
	return crd_check_fail(c, column, "'%.*s' is not a country code like CA",
			      CRD_FIELD(text));
}

/* The key columns may not repeat; rows are sorted, so look one row back. */
int crd_check_unique(const struct crd_check *c, unsigned int n_keys)
{
	if (c->cursor.n_same < n_keys)
		return 0;
	return crd_check_fail(c, n_keys - 1, "'%.*s' stands twice",
			      CRD_FIELD(crd_check_field(c, n_keys - 1)));
}

int crd_check_limit(const struct crd_check *c, size_t limit)
{
	if (c->cursor.n_rows <= limit)
		return 0;
	/* what comes now is not looked at, told or not */
	crd_check_told(c, c->cursor.table,
		       crd_fail_at(c->err, c->cursor.row->line, 1, -E2BIG,
				   "%s: more than %zu rows",
				   c->cursor.table->file, limit));
	return -E2BIG;
}
