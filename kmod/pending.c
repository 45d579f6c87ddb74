// SPDX-License-Identifier: GPL-2.0-only
/*
 * An event's content is complete here: a TLV whose value begins with FORMAT.
 * As an item of a batch it is the same bytes without FORMAT.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "pending.h"

/* Content TLV's header and FORMAT: u32 magic, u16 version. */
#define CRD_PENDING_SKIP	(CRD_TLV_HEADER + CRD_TLV_HEADER + 6)
/* DEFERRED: one byte. */
#define CRD_PENDING_MARK	(CRD_TLV_HEADER + 1)

void crd_pending_init(struct crd_pending *p, const u8 *content, size_t len,
		      enum crd_log_how how)
{
	memset(p, 0, sizeof(*p));
	p->content = content;
	p->len = len;
	p->how = how;
	p->ref.recnum = CRD_REF_NONE;
	p->ref.item = CRD_REF_ALONE;
}

/*
 * A copy that outlives its task, marked DEFERRED, which has the highest number
 * of all fields and so comes last. NULL: no memory, or no room for the mark.
 */
struct crd_pending *crd_pending_defer(const struct crd_pending *p)
{
	struct crd_pending *copy;
	u8 *to;

	if (p->len - CRD_TLV_HEADER + CRD_PENDING_MARK > CRD_MAX_CONTENT)
		return NULL;
	copy = kvmalloc(sizeof(*copy) + p->len + CRD_PENDING_MARK, GFP_KERNEL);
	if (!copy)
		return NULL;
	to = (u8 *)(copy + 1);
	crd_pending_init(copy, to, p->len + CRD_PENDING_MARK, p->how);
	copy->owned = true;
	memcpy(to, p->content, p->len);
	put_unaligned_be32(copy->len - CRD_TLV_HEADER, to + 1);
	to += p->len;
	*to = CRD_F_DEFERRED;
	put_unaligned_be32(1, to + 1);
	to[CRD_TLV_HEADER] = 1;
	return copy;
}

/* Its task may go on, and with it goes the entry. */
void crd_pending_finish(struct crd_pending *p)
{
	list_del(&p->node);
	if (p->owned)
		kvfree(p);
	else
		p->done = true;
}

static size_t crd_pending_item(const struct crd_pending *p)
{
	return CRD_TLV_HEADER + p->len - CRD_PENDING_SKIP;
}

/**
 * crd_pending_take() - take from a queue what can be committed together
 * @from: the queue, not empty
 * @to: empty; gets at least the first
 * @lead: bytes of a batch in front of its first item
 *
 * Return: how many.
 */
unsigned int crd_pending_take(struct list_head *from, struct list_head *to,
			      size_t lead)
{
	struct crd_pending *p, *next;
	size_t size = lead;
	unsigned int n = 0;

	list_for_each_entry_safe(p, next, from, node) {
		size += crd_pending_item(p);
		if (n && (p->how != CRD_LOG_NORMAL || n == CRD_MAX_ITEMS ||
			  size > CRD_MAX_CONTENT))
			break;
		list_move_tail(&p->node, to);
		n++;
		if (p->how != CRD_LOG_NORMAL)
			break;
	}
	return n;
}

static u8 *crd_pending_put(u8 *to, const struct crd_pending *p)
{
	size_t len = p->len - CRD_PENDING_SKIP;

	*to = CRD_F_ITEM;
	put_unaligned_be32(len, to + 1);
	memcpy(to + CRD_TLV_HEADER, p->content + CRD_PENDING_SKIP, len);
	return to + CRD_TLV_HEADER + len;
}

/**
 * crd_pending_batch() - the content TLV of a batch
 * @some: as crd_pending_take() chose them
 * @lead: content TLV of a batch without items
 * @lead_len: of that
 * @ret_len: bytes in all
 *
 * Return: to be freed by kvfree(); NULL: no memory.
 */
u8 *crd_pending_batch(const struct list_head *some, const u8 *lead,
		      size_t lead_len, size_t *ret_len)
{
	const struct crd_pending *p;
	size_t len = lead_len;
	u8 *buf, *to;

	list_for_each_entry(p, some, node)
		len += crd_pending_item(p);
	buf = kvmalloc(len, GFP_KERNEL);
	if (!buf)
		return NULL;
	memcpy(buf, lead, lead_len);
	put_unaligned_be32(len - CRD_TLV_HEADER, buf + 1);
	to = buf + lead_len;
	list_for_each_entry(p, some, node)
		to = crd_pending_put(to, p);
	*ret_len = len;
	return buf;
}
