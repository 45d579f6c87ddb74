// SPDX-License-Identifier: Apache-2.0
/*
 * Digest lists: files as sha256sum(1) writes them, or digests in the policy
 * itself. Which hash it is follows from the length; SHA-1 is not accepted.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_private.h"

/* Reads the digest at the start of text; false unless it is a whole one. */
static bool read_digest(const char *text, size_t len,
			struct crd_digest_entry *ret_entry, size_t *ret_used)
{
	struct crd_digest_entry e = { 0 };
	size_t n = 0;

	while (n < len && n <= 2 * CRD_MAX_DIGEST &&
	       crd_hex_any_digit((uint8_t)text[n]) >= 0)
		n++;
	if (n != 64 && n != 96 && n != 128)
		return false;
	crd_hex_read((struct crd_buf){ (const uint8_t *)text, n },
		     crd_hex_any_digit, e.bytes);
	e.len = n / 2;
	*ret_entry = e;
	*ret_used = n;
	return true;
}

static int add_digest(struct crd_policy *p, size_t *cap,
		      struct crd_digest_entry *entry)
{
	struct crd_digest_entry *more;

	if (p->n_digests == *cap) {
		*cap = *cap ? 2 * *cap : 64;
		more = realloc(p->digests, *cap * sizeof(*more));
		if (!more)
			return -ENOMEM;
		p->digests = more;
	}
	entry->list = (uint8_t)(p->n_lists - 1);
	p->digests[p->n_digests++] = *entry;
	return 0;
}

/* "DIGEST  name" or "DIGEST *name", comment, or nothing. */
static int read_line(struct crd_policy *p, size_t *cap, const char *line,
		     size_t len)
{
	struct crd_digest_entry entry;
	size_t used;

	if (len && line[len - 1] == '\r')
		len--;
	if (!len || line[0] == '#')
		return 0;
	if (line[0] == '\\') { /* sha256sum(1): the name is escaped */
		line++;
		len--;
	}
	if (!read_digest(line, len, &entry, &used) || len < used + 3 ||
	    line[used] != ' ' ||
	    (line[used + 1] != ' ' && line[used + 1] != '*'))
		return -EBADMSG;
	return add_digest(p, cap, &entry);
}

static int read_file(const struct crd_load *l, const struct crd_node *node,
		     struct crd_buf bytes, size_t *cap)
{
	const char *p = (const char *)bytes.ptr;
	size_t before = l->policy->n_digests;
	size_t len, left = bytes.len;
	unsigned int line;
	int ret = 0;

	if (bytes.len > POL_MAX_LIST_BYTES)
		return crd_fail_at(l->err, node->line, node->column, -E2BIG,
				   "%s: larger than %d bytes", node->text,
				   POL_MAX_LIST_BYTES);
	for (line = 1; left && !ret; line++) {
		const char *end = memchr(p, '\n', left);

		len = end ? (size_t)(end - p) : left;
		ret = read_line(l->policy, cap, p, len);
		if (ret == -EBADMSG)
			return crd_node_fail(
				l, node,
				"%.120s, line %u: not 'DIGEST  name' as sha256sum writes it (SHA-256, SHA-384 or SHA-512)",
				node->text, line);
		len += end != NULL;
		p += len;
		left -= len;
	}
	if (!ret && l->policy->n_digests == before)
		return crd_node_fail(l, node,
				     "%.120s: there is no digest in it",
				     node->text);
	return ret;
}

static int load_file(const struct crd_load *l, const struct crd_node *node,
		     size_t *cap)
{
	struct crd_buf bytes = { NULL, 0 };
	int ret = crd_want_file(l, node, "file", &bytes);

	return ret ? ret : read_file(l, node, bytes, cap);
}

static int load_inline(const struct crd_load *l, const struct crd_node *node,
		       size_t *cap)
{
	const struct crd_node *c;
	struct crd_digest_entry entry;
	const char *text;
	size_t used;
	int ret = crd_want_list(l, node, "digests", POL_MAX_NODES);

	if (ret)
		return ret;
	for (c = crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c)) {
		ret = crd_want_text(l, c, "a digest", &text);
		if (ret)
			break;
		if (!read_digest(text, c->len, &entry, &used) || used != c->len)
			return crd_node_fail(
				l, c,
				"not a SHA-256, SHA-384 or SHA-512 digest in hexadecimal");
		ret = add_digest(l->policy, cap, &entry);
	}
	return ret;
}

static int load_list(const struct crd_load *l, const struct crd_node *node,
		     size_t *cap)
{
	static const char *const yes_no[] = { "no", "yes", NULL };
	static const struct crd_key keys[] = { { "id", true },
					       { "file", false },
					       { "digests", false },
					       { "known", false } };
	const struct crd_node *v[4];
	struct crd_policy *p = l->policy;
	struct crd_digest_list list = { 0 };
	unsigned int known = 0;
	size_t i;
	int ret = crd_want_map(l, node, "a digest list", keys, 4, v);

	if (!ret)
		ret = crd_want_id(l, v[0], "id", &list.id);
	if (!ret && v[3])
		ret = crd_want_word(l, v[3], "known", yes_no, &known);
	if (ret)
		return ret;
	for (i = 0; i < p->n_lists; i++) {
		if (!strcmp(p->lists[i].id, list.id))
			return crd_node_fail(l, v[0], "id '%s' stands twice",
					     list.id);
	}
	if (!strcmp(list.id, "unknown"))
		return crd_node_fail(l, v[0], "'unknown' cannot be an id");
	if (!v[1] == !v[2])
		return crd_node_fail(
			l, node,
			"a digest list needs either 'file' or 'digests'");
	if (known && l->base)
		ret = crd_looser(l, node, "digest_lists", list.id,
				 (struct crd_said_at){ NULL, 0 });
	if (ret)
		return ret;
	list.known = known;
	p->lists[p->n_lists++] = list;
	return v[1] ? load_file(l, v[1], cap) : load_inline(l, v[2], cap);
}

static int entry_order(const void *a, const void *b)
{
	const struct crd_digest_entry *x = a, *y = b;
	int order = (x->len > y->len) - (x->len < y->len);

	if (!order)
		order = memcmp(x->bytes, y->bytes, x->len);
	return order ? order : (x->list > y->list) - (x->list < y->list);
}

int crd_digests_load(const struct crd_load *l, const struct crd_node *node)
{
	struct crd_policy *p = l->policy;
	const struct crd_node *c;
	size_t cap = p->n_digests;
	int ret = crd_want_list(l, node, "digest_lists",
				POL_MAX_LISTS - p->n_lists);

	for (c = ret ? NULL : crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = load_list(l, c, &cap);
	if (!ret && p->n_digests)
		qsort(p->digests, p->n_digests, sizeof(*p->digests),
		      entry_order);
	return ret;
}

uint64_t crd_digests_find(const struct crd_policy *policy,
			  const struct crd_digest *digest)
{
	size_t mid, lo = 0, hi = policy->n_digests;
	struct crd_digest_entry want = { .len = (uint8_t)digest->len };
	uint64_t lists = 0;

	if (!digest->alg || !crd_alg_rank(digest->alg))
		return 0;
	memcpy(want.bytes, digest->bytes, digest->len);
	while (lo < hi) { /* the first that is not smaller */
		mid = lo + (hi - lo) / 2;
		if (entry_order(&policy->digests[mid], &want) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < policy->n_digests && policy->digests[lo].len == want.len &&
	       !memcmp(policy->digests[lo].bytes, want.bytes, want.len);
	     lo++)
		lists |= 1ull << policy->digests[lo].list;
	return lists;
}
