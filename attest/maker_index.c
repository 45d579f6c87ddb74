// SPDX-License-Identifier: Apache-2.0
/*
 * The patterns of a registry by what their words look like; what is equal also
 * looks equal, so this finds both. All are read when the registry is loaded; or,
 * where nothing is judged, those of a first letter when it is asked for.
 */
#include "maker_private.h"

#include <errno.h>
#include <stdlib.h>

enum {
	MIN_ROW = 9, /* bytes: "words,a,\n" and no quotes, or it is longer */
	BYTES_A_HEAD = 256,
};

const char *const crd_scope_names[CRD_SCOPE_MAX] = {
	[CRD_SCOPE_BATTERY] = "words-battery",
	[CRD_SCOPE_MEMORY] = "words-memory",
	[CRD_SCOPE_EXACT] = "smbios",
	[CRD_SCOPE_ALL] = "words",
};

/* FNV-1a */
uint32_t crd_makers_hash(uint32_t hash, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		hash = (hash ^ (uint8_t)text[i]) * 0x01000193u;
	return hash;
}

static size_t head_of(const struct crd_makers *m, uint32_t hash)
{
	return (hash ^ hash >> 16) & (m->n_heads - 1);
}

static const struct crd_pattern *at(const struct crd_makers *m, uint32_t number)
{
	return number ? &m->patterns[number - 1] : NULL;
}

const struct crd_pattern *crd_makers_first(const struct crd_makers *m,
					   uint32_t hash)
{
	return at(m, m->heads[head_of(m, hash)]);
}

const struct crd_pattern *crd_makers_next(const struct crd_makers *m,
					  const struct crd_pattern *pattern)
{
	return at(m, pattern->next);
}

struct crd_buf crd_pattern_words(struct crd_buf value, bool *ret_more)
{
	*ret_more = value.len > 2 && value.ptr[value.len - 1] == '*' &&
		    value.ptr[value.len - 2] == ' ';
	if (*ret_more)
		value.len -= 2;
	return value;
}

static void add(struct crd_makers *m, size_t row, struct crd_buf value,
		enum crd_maker_scope scope)
{
	struct crd_pattern p = { .row = (uint32_t)row,
				 .scope = (uint8_t)scope };
	struct crd_words w;
	uint32_t *head;

	if (scope != CRD_SCOPE_EXACT)
		value = crd_pattern_words(value, &p.more);
	if (!crd_words_of(value, CRD_WORDS_BARE, &w) || !w.n)
		return;
	p.looks = crd_makers_hash(CRD_MAKERS_SEED, w.text, w.len);
	head = &m->heads[head_of(m, p.looks)];
	p.next = *head;
	m->patterns[m->n++] = p;
	*head = (uint32_t)m->n;
}

/* The rows of one scheme stand together, in the order of their values. */
static void add_range(const struct crd_registry *reg,
		      enum crd_maker_scope scope, uint8_t first, uint8_t last)
{
	const struct crd_buf key[] = { crd_buf_of(crd_scope_names[scope]),
				       { &first, 1 } };
	const struct crd_table *table = &reg->identifiers_csv;
	struct crd_row row;
	size_t offset;

	/* it stands before all that begin with it, or is the first of them */
	crd_table_find(table, key, 2, &row, &offset);
	for (; offset < table->bytes.len; offset += row.len + 1) {
		/* fails only where nobody checked it */
		if (!crd_table_key(table, offset, 2, &row) ||
		    !crd_buf_equal(row.field[0], key[0]) || !row.field[1].len ||
		    row.field[1].ptr[0] < first || row.field[1].ptr[0] > last)
			break;
		add(reg->makers, offset, row.field[1], scope);
	}
}

/* May a word begin with that byte that looks to begin with that letter? */
static bool may_begin(uint8_t byte, char letter)
{
	char looks = crd_words_looks_of(byte);

	return !letter || !looks || looks == letter ||
	       (looks == 'r' && letter == 'm') ||
	       (looks == 'v' && letter == 'w');
}

/* letter 0: all */
static void read_letter(const struct crd_registry *reg, char letter)
{
	bool *there = reg->makers->there;
	enum crd_maker_scope scope;
	unsigned int first, end;

	for (first = 0; first < 256; first = end + 1) {
		for (end = first; end < 256; end++) {
			if (there[end] || !may_begin((uint8_t)end, letter))
				break;
			there[end] = true;
		}
		if (end == first)
			continue;
		for (scope = 0; scope < CRD_SCOPE_MAX; scope++)
			add_range(reg, scope, (uint8_t)first,
				  (uint8_t)(end - 1));
	}
}

void crd_makers_want(const struct crd_registry *registry, char letter)
{
	if (registry->later && !registry->makers->there[(uint8_t)letter])
		read_letter(registry, letter);
}

int crd_makers_load(struct crd_registry *registry)
{
	size_t len = registry->identifiers_csv.bytes.len;
	struct crd_makers *m = calloc(1, sizeof(*m));

	if (!m)
		return -ENOMEM;
	registry->makers = m;
	m->n_heads = 64;
	while (m->n_heads < len / BYTES_A_HEAD)
		m->n_heads *= 2;
	/* what is not touched costs nothing */
	m->patterns = malloc((len / MIN_ROW + 1) * sizeof(*m->patterns));
	m->heads = calloc(m->n_heads, sizeof(*m->heads));
	if (!m->patterns || !m->heads)
		return -ENOMEM;
	if (!registry->later)
		read_letter(registry, 0);
	return 0;
}

void crd_makers_free(struct crd_makers **makers)
{
	struct crd_makers *m = *makers;

	if (!m)
		return;
	free(m->patterns);
	free(m->heads);
	free(m);
	*makers = NULL;
}
