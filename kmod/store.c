// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages, not one allocation a record: the memory used stays within a few
 * pages of the bytes served. A page never moves and a byte never changes once
 * @len covers it, so that readers need no lock.
 */
#include <asm/barrier.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "store.h"

#define CRD_STORE_SLOTS		(PAGE_SIZE / sizeof(u8 *))
#define CRD_STORE_TABLE		(CRD_STORE_SLOTS * PAGE_SIZE)

/* @reserve: take from what was put aside if there is nothing else. */
static u8 *crd_store_page(struct crd_store *st, bool reserve)
{
	u8 *page = (u8 *)get_zeroed_page(GFP_KERNEL | __GFP_NOWARN);
	int i;

	for (i = 0; !page && reserve && i < CRD_STORE_SPARE; i++)
		swap(page, st->spare[i]);
	if (page)
		st->pages++;
	return page;
}

static int crd_store_back(struct crd_store *st, u64 at, bool reserve)
{
	size_t table = div_u64(at, CRD_STORE_TABLE);
	size_t slot = (at / PAGE_SIZE) % CRD_STORE_SLOTS;

	if (table >= st->tables)
		return -ENOSPC;
	if (!st->dir[table])
		st->dir[table] = (u8 **)crd_store_page(st, reserve);
	if (!st->dir[table])
		return -ENOMEM;
	if (!st->dir[table][slot])
		st->dir[table][slot] = crd_store_page(st, reserve);
	return st->dir[table][slot] ? 0 : -ENOMEM;
}

static u8 *crd_store_at(const struct crd_store *st, u64 at)
{
	return st->dir[div_u64(at, CRD_STORE_TABLE)]
		      [(at / PAGE_SIZE) % CRD_STORE_SLOTS] + at % PAGE_SIZE;
}

static size_t crd_store_left(u64 at)
{
	return PAGE_SIZE - at % PAGE_SIZE;
}

int crd_store_init(struct crd_store *st, u64 max, u64 reserve)
{
	int i;

	memset(st, 0, sizeof(*st));
	st->max = max;
	st->reserve = reserve;
	st->tables = div_u64(max, CRD_STORE_TABLE) + 1;
	st->dir = kcalloc(st->tables, sizeof(*st->dir), GFP_KERNEL);
	if (!st->dir)
		return -ENOMEM;
	for (i = 0; i < CRD_STORE_SPARE; i++) {
		st->spare[i] = (u8 *)get_zeroed_page(GFP_KERNEL);
		if (!st->spare[i]) {
			crd_store_exit(st);
			return -ENOMEM;
		}
	}
	return 0;
}

void crd_store_exit(struct crd_store *st)
{
	size_t i, k;

	for (i = 0; st->dir && i < st->tables; i++) {
		for (k = 0; st->dir[i] && k < CRD_STORE_SLOTS; k++)
			free_page((unsigned long)st->dir[i][k]);
		free_page((unsigned long)st->dir[i]);
	}
	kfree(st->dir);
	st->dir = NULL;
	for (i = 0; i < CRD_STORE_SPARE; i++)
		free_page((unsigned long)st->spare[i]);
}

static void crd_store_write(struct crd_store *st, u64 at, const u8 *data,
			    size_t len)
{
	while (len) {
		size_t n = min(len, crd_store_left(at));

		memcpy(crd_store_at(st, at), data, n);
		at += n;
		data += n;
		len -= n;
	}
}

/**
 * crd_store_append() - add bytes, all or none
 * @st: the store; the caller keeps other writers out
 * @part: the bytes, in pieces
 * @parts: how many pieces
 * @reserve: may use the reserve
 *
 * Return: 0, -ENOSPC at the bound, -ENOMEM.
 */
int crd_store_append(struct crd_store *st, const struct crd_store_part *part,
		     unsigned int parts, bool reserve)
{
	u64 bound = reserve ? st->max : st->max - st->reserve;
	u64 end = st->len;
	unsigned int i;
	u64 at;
	int rc;

	for (i = 0; i < parts; i++)
		end += part[i].len;
	if (end > bound)
		return -ENOSPC;
	for (at = round_down(st->len, PAGE_SIZE); at < end; at += PAGE_SIZE) {
		rc = crd_store_back(st, at, reserve);
		if (rc)
			return rc;
	}
	at = st->len;
	for (i = 0; i < parts; i++) {
		crd_store_write(st, at, part[i].data, part[i].len);
		at += part[i].len;
	}
	/* Pairs with crd_store_len(): the bytes before the length. */
	smp_store_release(&st->len, end);
	return 0;
}

u64 crd_store_len(const struct crd_store *st)
{
	/* Pairs with crd_store_append(). */
	return smp_load_acquire(&st->len);
}

/* All memory held, in bytes. */
u64 crd_store_memory(const struct crd_store *st)
{
	return (u64)(READ_ONCE(st->pages) + CRD_STORE_SPARE) * PAGE_SIZE +
	       st->tables * sizeof(*st->dir);
}

/* The bytes in one piece from @from on; 0 at the end. */
size_t crd_store_span(const struct crd_store *st, u64 from,
		      const u8 **ret_data)
{
	u64 len = crd_store_len(st);

	if (from >= len)
		return 0;
	*ret_data = crd_store_at(st, from);
	return min_t(u64, crd_store_left(from), len - from);
}

/* Copy out exactly @len bytes, or -ENODATA if they are not there. */
int crd_store_copy(const struct crd_store *st, u64 from, void *to, size_t len)
{
	const u8 *data;
	size_t n;

	if (from + len > crd_store_len(st))
		return -ENODATA;
	while (len) {
		n = min(len, crd_store_span(st, from, &data));
		memcpy(to, data, n);
		from += n;
		to += n;
		len -= n;
	}
	return 0;
}
