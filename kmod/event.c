// SPDX-License-Identifier: GPL-2.0-only
/*
 * Encode an event. The buffer starts with room for the prologue (content TLV
 * header, FORMAT, EVENT, TIME, TRUNCATED); it is written last, right before
 * the fields, so that nothing is moved or copied.
 */
#include <linux/unaligned.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include "event.h"
#include "text.h"

#define CRD_EVENT_MAX	(CRD_EVENT_PROLOGUE + CRD_MAX_CONTENT)

void crd_event_init(struct crd_event *ev, enum crd_event_type type)
{
	memset(ev, 0, sizeof(*ev));
	ev->type = type;
	ev->len = CRD_EVENT_PROLOGUE;
}

/* For records that must come about when there is no memory. */
void crd_event_init_small(struct crd_event *ev, enum crd_event_type type,
			  u8 *buf, size_t size)
{
	crd_event_init(ev, type);
	ev->fixed = true;
	ev->buf = buf;
	ev->cap = size;
}

void crd_event_free(struct crd_event *ev)
{
	if (!ev->fixed)
		kvfree(ev->buf);
	ev->buf = NULL;
	ev->cap = 0;
	ev->len = CRD_EVENT_PROLOGUE;
}

/* Bytes of all fields so far. */
size_t crd_event_size(const struct crd_event *ev)
{
	return ev->len - CRD_EVENT_PROLOGUE;
}

static int crd_event_grow(struct crd_event *ev, size_t need)
{
	size_t cap = max_t(size_t, ev->cap * 2, 1024);
	u8 *buf;

	if (need > CRD_EVENT_MAX)
		return -E2BIG;
	if (ev->fixed)
		return -ENOSPC;
	while (cap < need)
		cap *= 2;
	buf = kvmalloc(cap, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	if (ev->buf)
		memcpy(buf, ev->buf, ev->len);
	kvfree(ev->buf);
	ev->buf = buf;
	ev->cap = cap;
	return 0;
}

/* Make room for @len more bytes; NULL once anything has failed. */
static u8 *crd_event_room(struct crd_event *ev, size_t len)
{
	if (ev->err)
		return NULL;
	if (len > CRD_MAX_CONTENT) {
		ev->err = -E2BIG;
		return NULL;
	}
	if (!ev->buf || ev->len + len > ev->cap)
		ev->err = crd_event_grow(ev, ev->len + len);
	return ev->err ? NULL : ev->buf + ev->len;
}

static u8 *crd_event_put(u8 *p, u8 type, const void *data, size_t len)
{
	*p = type;
	put_unaligned_be32(len, p + 1);
	memcpy(p + CRD_TLV_HEADER, data, len);
	return p + CRD_TLV_HEADER + len;
}

void crd_event_bytes(struct crd_event *ev, u8 field, const void *data,
		     size_t len)
{
	u8 *p = crd_event_room(ev, CRD_TLV_HEADER + len);

	if (!p)
		return;
	crd_event_put(p, field, data, len);
	ev->len += CRD_TLV_HEADER + len;
}

/* @width: 1, 2, 4 or 8 bytes, as the field's definition says. */
void crd_event_uint(struct crd_event *ev, u8 field, u64 value,
		    unsigned int width)
{
	u8 be[8];

	put_unaligned_be64(value, be);
	crd_event_bytes(ev, field, be + sizeof(be) - width, width);
}

void crd_event_cut(struct crd_event *ev, u8 field)
{
	__set_bit(field, ev->cut);
}

/* Text that may hold anything, of which at most @limit escaped bytes stay. */
void crd_event_text(struct crd_event *ev, u8 field, const char *text,
		    size_t len, size_t limit)
{
	size_t most = min(limit, len * CRD_TEXT_GROWTH);
	u8 *p = crd_event_room(ev, CRD_TLV_HEADER + most);
	bool cut = false;
	size_t n;

	if (!p)
		return;
	n = crd_text_escape(p + CRD_TLV_HEADER, most, text, len, &cut);
	*p = field;
	put_unaligned_be32(n, p + 1);
	ev->len += CRD_TLV_HEADER + n;
	if (cut)
		crd_event_cut(ev, field);
}

void crd_event_str(struct crd_event *ev, u8 field, const char *text)
{
	crd_event_text(ev, field, text, strlen(text), CRD_MAX_TEXT);
}

void crd_event_hash(struct crd_event *ev, u8 field, u16 alg, const u8 *digest,
		    size_t len)
{
	u8 *p = crd_event_room(ev, CRD_TLV_HEADER + 1 + len);

	if (!p)
		return;
	*p++ = field;
	put_unaligned_be32(1 + len, p);
	p += 4;
	*p++ = alg & 0xff;
	memcpy(p, digest, len);
	ev->len += CRD_TLV_HEADER + 1 + len;
}

/* Append all fields of another event as they are. */
void crd_event_join(struct crd_event *ev, const struct crd_event *fields)
{
	size_t len = crd_event_size(fields);
	u8 *p;

	if (fields->err && !ev->err)
		ev->err = fields->err;
	bitmap_or(ev->cut, ev->cut, fields->cut, 256);
	p = crd_event_room(ev, len);
	if (!p || !len)
		return;
	memcpy(p, fields->buf + CRD_EVENT_PROLOGUE, len);
	ev->len += len;
}

static size_t crd_event_list_cut(const struct crd_event *ev, u8 *list)
{
	unsigned int field;
	size_t n = 0;

	for_each_set_bit(field, ev->cut, 256)
		if (n < CRD_EVENT_MAX_CUT)
			list[n++] = field;
	return n;
}

/* EVENT and TRUNCATED in front of an item's fields; returns their length. */
static size_t crd_event_item_lead(const struct crd_event *ev, u8 *lead)
{
	u8 cut[CRD_EVENT_MAX_CUT];
	u8 type[2];
	size_t n;
	u8 *p;

	put_unaligned_be16(ev->type, type);
	p = crd_event_put(lead, CRD_F_EVENT, type, sizeof(type));
	n = crd_event_list_cut(ev, cut);
	if (n)
		p = crd_event_put(p, CRD_F_TRUNCATED, cut, n);
	return p - lead;
}

/* Append another event, as an item of this one, which is a group. */
void crd_event_nest(struct crd_event *ev, const struct crd_event *item)
{
	u8 lead[CRD_EVENT_ITEM_LEAD];
	size_t len = crd_event_size(item);
	size_t n = crd_event_item_lead(item, lead);
	u8 *p;

	if (item->err && !ev->err)
		ev->err = item->err;
	p = crd_event_room(ev, CRD_TLV_HEADER + n + len);
	if (!p)
		return;
	p = crd_event_put(p, CRD_F_ITEM, lead, n);
	put_unaligned_be32(n + len, p - n - 4);
	if (len)
		memcpy(p, item->buf + CRD_EVENT_PROLOGUE, len);
	ev->len += CRD_TLV_HEADER + n + len;
}

/**
 * crd_event_encode() - finish an event
 * @ev: the event; to be freed by the caller, after the content was used
 * @ret_content: the content TLV, within @ev
 * @ret_len: its length
 *
 * Return: 0, or the first error that any append met.
 */
int crd_event_encode(struct crd_event *ev, const u8 **ret_content,
		     size_t *ret_len)
{
	u8 head[CRD_EVENT_PROLOGUE];
	u8 cut[CRD_EVENT_MAX_CUT];
	u8 value[8];
	u8 *p = head + CRD_TLV_HEADER;
	size_t n;

	crd_event_room(ev, 0);
	if (ev->err)
		return ev->err;

	put_unaligned_be32(CRD_FORMAT_MAGIC, value);
	put_unaligned_be16(CRD_FORMAT_VERSION, value + 4);
	p = crd_event_put(p, CRD_F_FORMAT, value, 6);
	put_unaligned_be16(ev->type, value);
	p = crd_event_put(p, CRD_F_EVENT, value, 2);
	put_unaligned_be64(ktime_get_boottime_ns(), value);
	p = crd_event_put(p, CRD_F_TIME, value, 8);
	n = crd_event_list_cut(ev, cut);
	if (n)
		p = crd_event_put(p, CRD_F_TRUNCATED, cut, n);

	n = p - head;
	if (n - CRD_TLV_HEADER + crd_event_size(ev) > CRD_MAX_CONTENT) {
		ev->err = -E2BIG;
		return ev->err;
	}
	head[0] = CRD_CEL_CONTENT;
	put_unaligned_be32(n - CRD_TLV_HEADER + crd_event_size(ev), head + 1);
	p = ev->buf + CRD_EVENT_PROLOGUE - n;
	memcpy(p, head, n);
	*ret_content = p;
	*ret_len = n + crd_event_size(ev);
	return 0;
}
