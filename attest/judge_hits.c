// SPDX-License-Identifier: Apache-2.0
/*
 * What the rules hold of, kept until all was judged. What decides and what a
 * waiver sets aside have lines of their own, so that neither hides the other.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"

/*
 * One module loaded a thousand times is one line; past so many different
 * components for one rule, or for one waiver, the rest gets one line together,
 * which names as many as this.
 */
#define MAX_LINES_A_RULE   64
#define MAX_LINES_A_WAIVER 16
#define MAX_NAMED	   16

static bool same_component(const struct crd_component *a,
			   const struct crd_component *b)
{
	uint32_t flags = a->flags ^ b->flags;

	return a->kind == b->kind && !(flags & ~CRD_FLAG_NOT_COVERED) &&
	       a->origin == b->origin && crd_buf_equal(a->name, b->name) &&
	       a->vendor_id == b->vendor_id && a->device_id == b->device_id &&
	       a->part == b->part && a->smbios_type == b->smbios_type &&
	       crd_buf_equal(a->product, b->product) &&
	       crd_buf_equal(a->path, b->path) &&
	       crd_digest_equal(&a->digest, &b->digest) &&
	       a->n_authors == b->n_authors &&
	       crd_buf_equal(a->authors[0], b->authors[0]);
}

static size_t n_lines(const struct crd_policy *p)
{
	return p->n_rules + CRD_N_OTHERWISE + p->n_waivers;
}

int crd_hits_start(struct crd_judge *j)
{
	j->lines = calloc(n_lines(j->policy), sizeof(*j->lines));
	return j->lines ? 0 : -ENOMEM;
}

void crd_hits_done(struct crd_judge *j)
{
	size_t i;

	for (i = 0; j->lines && i < n_lines(j->policy); i++)
		free(j->lines[i].named);
	free(j->lines);
	free(j->hits);
}

static struct crd_lines *lines_of(const struct crd_judge *j,
				  const struct crd_hit *hit)
{
	const struct crd_policy *p = j->policy;

	if (!hit->waiver)
		return &j->lines[hit->rule];
	return &j->lines[p->n_rules + CRD_N_OTHERWISE +
			 (size_t)(hit->waiver - p->waivers)];
}

/* What nobody vouches for, then what came from outside the kernel's image. */
static unsigned int rank_of(const struct crd_component *c, bool known)
{
	const uint32_t doubt = CRD_FLAG_UNSIGNED | CRD_FLAG_UNVERIFIED |
			       CRD_FLAG_OUT_OF_TREE | CRD_FLAG_FORCED;

	return (known ? 0 : 4) | (c->flags & CRD_FLAG_BUILT_IN ? 0 : 2) |
	       (c->flags & doubt ? 1 : 0);
}

/* The same again, if it is among those. */
static bool count_again(struct crd_hit *hits, size_t n,
			const struct crd_hit *hit)
{
	for (; n; n--, hits++) {
		if (hits->rule == hit->rule && hits->waiver == hit->waiver &&
		    same_component(&hits->c, &hit->c)) {
			hits->count++;
			return true;
		}
	}
	return false;
}

/* Past the lines: counted, and named unless enough are that are as bad. */
static int add_rest(struct crd_lines *lines, const struct crd_hit *hit)
{
	size_t at, n = lines->n_named;

	if (!lines->named) {
		lines->named = calloc(MAX_NAMED, sizeof(*lines->named));
		if (!lines->named)
			return -ENOMEM;
	}
	if (count_again(lines->named, n, hit))
		return 0;
	lines->rest++;
	for (at = n; at && lines->named[at - 1].rank < hit->rank; at--)
		;
	if (at == MAX_NAMED)
		return 0;
	if (n < MAX_NAMED)
		lines->n_named++;
	else
		n--;
	memmove(lines->named + at + 1, lines->named + at,
		(n - at) * sizeof(*hit));
	lines->named[at] = *hit;
	return 0;
}

int crd_hit_add(struct crd_judge *j, uint32_t rule,
		const struct crd_waiver *waiver, bool known)
{
	const struct crd_hit hit = { .rule = rule,
				     .c = *j->m.c,
				     .waiver = waiver,
				     .count = 1,
				     .check = crd_hit_check(j, rule),
				     .rank = rank_of(j->m.c, known) };
	struct crd_lines *lines = lines_of(j, &hit);
	struct crd_hit *more;
	size_t cap;

	if (count_again(j->hits, j->n_hits, &hit))
		return 0;
	if (lines->n == (waiver ? MAX_LINES_A_WAIVER : MAX_LINES_A_RULE))
		return add_rest(lines, &hit);
	if (j->n_hits == j->cap) {
		cap = j->cap ? 2 * j->cap : 64;
		more = realloc(j->hits, cap * sizeof(*more));
		if (!more)
			return -ENOMEM;
		j->hits = more;
		j->cap = cap;
	}
	lines->n++;
	j->hits[j->n_hits++] = hit;
	return 0;
}

/* By component, then by id: not by the place of a rule in its file. */
static int hit_order(const void *a, const void *b)
{
	const struct crd_hit *x = a, *y = b;

	if (x->c.recnum != y->c.recnum)
		return x->c.recnum < y->c.recnum ? -1 : 1;
	if (x->c.item != y->c.item)
		return x->c.item < y->c.item ? -1 : 1;
	return strcmp(x->check, y->check);
}

/* The rest of a rule, or of a waiver, after its last line. */
int crd_hits_say(struct crd_judge *j)
{
	struct crd_lines *lines;
	size_t i;
	int ret = 0;

	if (j->n_hits)
		qsort(j->hits, j->n_hits, sizeof(*j->hits), hit_order);
	for (i = 0; !ret && i < j->n_hits; i++) {
		ret = crd_hit_say(j, &j->hits[i]);
		lines = lines_of(j, &j->hits[i]);
		lines->n--;
		if (!ret && !lines->n && lines->rest)
			ret = crd_rest_say(j, lines);
	}
	return ret;
}
