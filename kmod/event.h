/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One event: fields appended in the order of their numbers, then encoded to
 * the content TLV of a record (see uapi/credence.h). Errors stick: a caller
 * appends everything and asks once, at crd_event_encode().
 */
#ifndef _CRD_EVENT_H
#define _CRD_EVENT_H

#include <linux/bitmap.h>
#include <linux/types.h>
#include "credence.h"

/* Room kept before the fields for what is known only at the end. */
#define CRD_EVENT_MAX_CUT	24
#define CRD_EVENT_PROLOGUE	(CRD_TLV_HEADER + (CRD_TLV_HEADER + 6) + \
				 (CRD_TLV_HEADER + 2) + (CRD_TLV_HEADER + 8) + \
				 (CRD_TLV_HEADER + CRD_EVENT_MAX_CUT))
/* EVENT and TRUNCATED in front of an item's fields. */
#define CRD_EVENT_ITEM_LEAD	((CRD_TLV_HEADER + 2) + \
				 (CRD_TLV_HEADER + CRD_EVENT_MAX_CUT))
/* Enough for FAULT, LOG_FULL and HOOK_LOST with a reason of 100 bytes. */
#define CRD_EVENT_SMALL		(CRD_EVENT_PROLOGUE + 480)

/**
 * struct crd_event - an event being put together
 * @type: what happened
 * @err: first error; later appends do nothing
 * @fixed: @buf is the caller's and does not grow
 * @buf: prologue, then the fields; NULL until the first append
 * @len: bytes used, prologue included
 * @cap: bytes there
 * @cut: fields that were shortened
 */
struct crd_event {
	enum crd_event_type type;
	int err;
	bool fixed;
	u8 *buf;
	size_t len;
	size_t cap;
	DECLARE_BITMAP(cut, 256);
};

void crd_event_init(struct crd_event *ev, enum crd_event_type type);
void crd_event_init_small(struct crd_event *ev, enum crd_event_type type,
			  u8 *buf, size_t size);
void crd_event_free(struct crd_event *ev);

void crd_event_bytes(struct crd_event *ev, u8 field, const void *data,
		     size_t len);
void crd_event_uint(struct crd_event *ev, u8 field, u64 value,
		    unsigned int width);
void crd_event_text(struct crd_event *ev, u8 field, const char *text,
		    size_t len, size_t limit);
void crd_event_str(struct crd_event *ev, u8 field, const char *text);
void crd_event_hash(struct crd_event *ev, u8 field, u16 alg, const u8 *digest,
		    size_t len);
void crd_event_cut(struct crd_event *ev, u8 field);
void crd_event_join(struct crd_event *ev, const struct crd_event *fields);
void crd_event_nest(struct crd_event *ev, const struct crd_event *item);
size_t crd_event_size(const struct crd_event *ev);

int crd_event_encode(struct crd_event *ev, const u8 **ret_content,
		     size_t *ret_len);

#endif /* _CRD_EVENT_H */
