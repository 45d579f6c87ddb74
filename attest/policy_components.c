// SPDX-License-Identifier: Apache-2.0
/*
 * Lists of whole components: a CSV file with a row for each, of which every
 * field that is not empty must fit. Rows are held by kind and id, and found by
 * those of the component.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_cond.h"

#define COLUMNS "kind,id,subsystem,name,serial,version,digest,note"

/* Whose answer a column is compared with. */
static const enum crd_cond_key columns[CRD_COLUMN_DIGEST] = {
	[CRD_COLUMN_ID] = CRD_COND_ID,
	[CRD_COLUMN_SUBSYSTEM] = CRD_COND_SUBSYSTEM,
	[CRD_COLUMN_NAME] = CRD_COND_NAME,
	[CRD_COLUMN_SERIAL] = CRD_COND_SERIAL,
	[CRD_COLUMN_VERSION] = CRD_COND_VERSION,
};

static int row_order(const void *a, const void *b)
{
	const struct crd_reference_row *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return crd_field_order(x->field[CRD_COLUMN_ID],
			       y->field[CRD_COLUMN_ID]);
}

static int find_kind(struct crd_buf text)
{
	const char *const *words = crd_cond_specs[CRD_COND_KIND].words;
	int i;

	for (i = 0; words[i]; i++) {
		if (crd_buf_equal(text, crd_buf_of(words[i])))
			return i;
	}
	return -1;
}

/* Is it lower-case hexadecimal of a hash that counts? */
static bool is_digest(struct crd_buf hex)
{
	size_t i;

	if (hex.len != 64 && hex.len != 96 && hex.len != 128)
		return false;
	for (i = 0; i < hex.len; i++) {
		uint8_t c = hex.ptr[i];

		if ((c < '0' || c > '9') && (c < 'a' || c > 'f'))
			return false;
	}
	return true;
}

/* What is wrong with the row; NULL: nothing. */
static const char *row_fault(const struct crd_buf *field)
{
	int kind = find_kind(field[CRD_COLUMN_KIND]);
	unsigned int i;

	if (kind < 0)
		return "the kind is none of: driver, firmware, device, platform";
	if (field[CRD_COLUMN_DIGEST].len &&
	    !is_digest(field[CRD_COLUMN_DIGEST]))
		return "the digest is no SHA-256, SHA-384 or SHA-512 in lower-case hexadecimal";
	if (!field[CRD_COLUMN_ID].len && !field[CRD_COLUMN_NAME].len &&
	    !field[CRD_COLUMN_SERIAL].len && !field[CRD_COLUMN_DIGEST].len)
		return "it needs an id, a name, a serial or a digest";
	for (i = CRD_COLUMN_ID; i < CRD_COLUMN_DIGEST; i++) {
		if (field[i].len &&
		    !crd_cond_applies(columns[i], (enum crd_kind)kind))
			return "it has a field that such a component never has";
	}
	return NULL;
}

static int add_row(struct crd_policy *p, size_t *cap, const struct crd_row *row,
		   char **text)
{
	struct crd_reference_row *more, *to;
	unsigned int i;

	if (p->n_reference_rows == *cap) {
		*cap = *cap ? 2 * *cap : 64;
		more = realloc(p->reference_rows, *cap * sizeof(*more));
		if (!more)
			return -ENOMEM;
		p->reference_rows = more;
	}
	to = &p->reference_rows[p->n_reference_rows++];
	to->list = (uint8_t)(p->n_component_lists - 1);
	to->kind = (uint8_t)find_kind(row->field[CRD_COLUMN_KIND]);
	for (i = 0; i < CRD_COLUMN_NOTE; i++) {
		memcpy(*text, row->field[i].ptr, row->field[i].len);
		to->field[i] = (struct crd_buf){ (const uint8_t *)*text,
						 row->field[i].len };
		*text += row->field[i].len;
	}
	return 0;
}

static int read_rows(const struct crd_load *l, struct crd_cursor *c,
		     const struct crd_table *table, size_t *cap,
		     struct crd_error *why)
{
	struct crd_policy *p = l->policy;
	char *text = p->component_lists[p->n_component_lists - 1].texts;
	const char *fault;
	int ret;

	while ((ret = crd_table_next(c, why)) == 1) {
		fault = row_fault(c->row->field);
		if (fault)
			return crd_table_fail(table, c->n_rows - 1, 0, why,
					      "%s", fault);
		if (p->n_reference_rows == POL_MAX_REFERENCE_ROWS)
			return crd_fail_at(why, c->row->line, 1, -E2BIG,
					   "more than %d rows in all lists",
					   POL_MAX_REFERENCE_ROWS);
		ret = add_row(p, cap, c->row, &text);
		if (ret)
			return ret;
	}
	if (!ret && !c->n_rows)
		return crd_fail_at(why, 1, 1, -EBADMSG, "no row");
	return ret;
}

static int read_file(const struct crd_load *l, const struct crd_node *node,
		     struct crd_buf bytes, size_t *cap)
{
	struct crd_policy *p = l->policy;
	struct crd_component_list *list =
		&p->component_lists[p->n_component_lists - 1];
	struct crd_cursor *c = malloc(sizeof(*c));
	struct crd_error why = { .text = "" };
	struct crd_table table;
	int ret = -ENOMEM;

	list->texts = malloc(bytes.len + 1);
	if (c && list->texts)
		ret = crd_table_open(&table, node->text, COLUMNS, bytes, c,
				     &why);
	if (!ret)
		ret = read_rows(l, c, &table, cap, &why);
	free(c);
	if (!ret || ret == -ENOMEM)
		return ret;
	return crd_fail_at(l->err, node->line, node->column, ret,
			   "%.80s, line %u: %s", node->text, why.line,
			   why.text);
}

static int load_list(const struct crd_load *l, const struct crd_node *node,
		     size_t *cap)
{
	static const char *const yes_no[] = { "no", "yes", NULL };
	static const struct crd_key keys[] = { { "id", true },
					       { "file", true },
					       { "known", false } };
	struct crd_component_list list = { 0 };
	struct crd_buf bytes = { NULL, 0 };
	struct crd_policy *p = l->policy;
	const struct crd_node *v[3];
	unsigned int known = 0;
	size_t i;
	int ret = crd_want_map(l, node, "a component list", keys, 3, v);

	if (!ret)
		ret = crd_want_id(l, v[0], "id", &list.id);
	if (!ret && v[2])
		ret = crd_want_word(l, v[2], "known", yes_no, &known);
	if (ret)
		return ret;
	for (i = 0; i < p->n_component_lists; i++) {
		if (!strcmp(p->component_lists[i].id, list.id))
			return crd_node_fail(l, v[0], "id '%s' stands twice",
					     list.id);
	}
	if (!strcmp(list.id, "unknown"))
		return crd_node_fail(l, v[0], "'unknown' cannot be an id");
	if (known && l->base)
		ret = crd_looser(l, node, "component_lists", list.id,
				 (struct crd_said_at){ NULL, 0 });
	if (!ret)
		ret = crd_want_file(l, v[1], "file", &bytes);
	if (ret)
		return ret;
	list.known = known;
	p->component_lists[p->n_component_lists++] = list;
	return read_file(l, v[1], bytes, cap);
}

int crd_components_load(const struct crd_load *l, const struct crd_node *node)
{
	struct crd_policy *p = l->policy;
	size_t cap = p->n_reference_rows;
	const struct crd_node *c;
	int ret = crd_want_list(l, node, "component_lists",
				POL_MAX_COMPONENT_LISTS - p->n_component_lists);

	for (c = ret ? NULL : crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = load_list(l, c, &cap);
	if (!ret && p->n_reference_rows)
		qsort(p->reference_rows, p->n_reference_rows,
		      sizeof(*p->reference_rows), row_order);
	return ret;
}

void crd_components_done(struct crd_policy *policy)
{
	size_t i;

	for (i = 0; i < policy->n_component_lists; i++)
		free(policy->component_lists[i].texts);
	free(policy->reference_rows);
}

static bool is_hash(struct crd_buf hex, const struct crd_digest *digest)
{
	static const uint8_t digits[] = "0123456789abcdef";
	size_t i;

	if (!digest->alg || hex.len != 2u * digest->len)
		return false;
	for (i = 0; i < digest->len; i++) {
		if (hex.ptr[2 * i] != digits[digest->bytes[i] >> 4] ||
		    hex.ptr[2 * i + 1] != digits[digest->bytes[i] & 15])
			return false;
	}
	return true;
}

enum fits { FITS, MAY_FIT, FITS_NOT };

static enum fits row_fits(const struct crd_matcher *m,
			  const struct crd_reference_row *row)
{
	const struct crd_component *c = m->c;
	enum fits fits = FITS;
	struct crd_buf digest = row->field[CRD_COLUMN_DIGEST];
	unsigned int i;

	for (i = CRD_COLUMN_ID; i < CRD_COLUMN_DIGEST; i++) {
		if (!row->field[i].len)
			continue;
		if (!m->text[columns[i]].ptr)
			fits = MAY_FIT;
		else if (!crd_buf_equal(row->field[i], m->text[columns[i]]))
			return FITS_NOT;
	}
	if (digest.len && !c->digest.alg)
		fits = MAY_FIT;
	else if (digest.len && !is_hash(digest, &c->digest) &&
		 !is_hash(digest, &c->payload) &&
		 !is_hash(digest, &c->payload_too))
		return FITS_NOT;
	return fits;
}

/* Rows of its kind with that id. */
static void find_rows(const struct crd_matcher *m, struct crd_buf id,
		      uint64_t *sure, uint64_t *maybe)
{
	const struct crd_policy *p = m->policy;
	struct crd_reference_row want = { .kind = (uint8_t)m->c->kind };
	size_t mid, lo = 0, hi = p->n_reference_rows;

	want.field[CRD_COLUMN_ID] = id;
	while (lo < hi) { /* the first that is not smaller */
		mid = lo + (hi - lo) / 2;
		if (row_order(&p->reference_rows[mid], &want) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < p->n_reference_rows; lo++) {
		const struct crd_reference_row *row = &p->reference_rows[lo];
		enum fits fits;

		if (row_order(row, &want))
			break;
		fits = row_fits(m, row);
		if (fits == FITS)
			*sure |= 1ull << row->list;
		else if (fits == MAY_FIT)
			*maybe |= 1ull << row->list;
	}
}

/* One that does not say its id may be any of them. */
static void find_any(const struct crd_matcher *m, uint64_t *maybe)
{
	const struct crd_policy *p = m->policy;
	size_t i;

	for (i = 0; i < p->n_reference_rows; i++) {
		if (p->reference_rows[i].kind == m->c->kind &&
		    row_fits(m, &p->reference_rows[i]) != FITS_NOT)
			*maybe |= 1ull << p->reference_rows[i].list;
	}
}

uint64_t crd_components_find(const struct crd_matcher *m, uint64_t *ret_maybe)
{
	struct crd_buf id = m->text[CRD_COND_ID];
	uint64_t sure = 0;

	*ret_maybe = 0;
	if (!m->policy->n_reference_rows)
		return 0;
	find_rows(m, (struct crd_buf){ NULL, 0 }, &sure, ret_maybe);
	if (id.ptr)
		find_rows(m, id, &sure, ret_maybe);
	else if (crd_cond_applies(CRD_COND_ID, m->c->kind) &&
		 !crd_never_says(m->c, CRD_COND_ID))
		find_any(m, ret_maybe);
	return sure;
}
