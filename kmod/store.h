/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes that only ever grow, in pages: one writer at a time (the caller's
 * lock), any number of readers without a lock.
 */
#ifndef _CRD_STORE_H
#define _CRD_STORE_H

#include <linux/types.h>

#define CRD_STORE_SPARE		3

/**
 * struct crd_store - an append-only run of bytes
 * @dir: directory of tables of pages
 * @tables: entries of @dir
 * @max: bytes that may be used in all
 * @reserve: of @max, bytes kept for records that must not fail
 * @len: bytes that readers may see; published by a release store
 * @pages: pages in use, tables included
 * @spare: pages put aside for when there is no memory
 */
struct crd_store {
	u8 ***dir;
	size_t tables;
	u64 max;
	u64 reserve;
	u64 len;
	unsigned long pages;
	u8 *spare[CRD_STORE_SPARE];
};

struct crd_store_part {
	const void *data;
	size_t len;
};

int crd_store_init(struct crd_store *st, u64 max, u64 reserve);
void crd_store_exit(struct crd_store *st);
int crd_store_append(struct crd_store *st, const struct crd_store_part *part,
		     unsigned int parts, bool reserve);
u64 crd_store_len(const struct crd_store *st);
u64 crd_store_memory(const struct crd_store *st);
size_t crd_store_span(const struct crd_store *st, u64 from,
		      const u8 **ret_data);
int crd_store_copy(const struct crd_store *st, u64 from, void *to, size_t len);

#endif /* _CRD_STORE_H */
