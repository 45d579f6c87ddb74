/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events on their way into the log: each waits in a queue with what it needs
 * to be committed, alone or together with others as one batch.
 */
#ifndef _CRD_PENDING_H
#define _CRD_PENDING_H

#include <linux/limits.h>
#include <linux/list.h>
#include <linux/types.h>
#include "credence.h"

#define CRD_REF_NONE	U64_MAX
#define CRD_REF_ALONE	U32_MAX

/**
 * struct crd_ref - where an event is in the log
 * @recnum: of its record; CRD_REF_NONE: it is not in the log, or not yet
 * @item: of that record, if that is a batch; else CRD_REF_ALONE
 */
struct crd_ref {
	u64 recnum;
	u32 item;
};

/* How a record is added. */
enum crd_log_how {
	CRD_LOG_NORMAL,
	CRD_LOG_RESERVED,	/* may use the reserve; a record of its own */
};

/**
 * struct crd_pending - one event that waits
 * @node: in the queue
 * @content: its content TLV
 * @len: of that
 * @how: whether the reserve may be used
 * @owned: no task waits for it; to be freed when it is committed
 * @done: committed; @rc and @ref are set
 * @rc: 0 if it is in the log and in the PCR, else -errno
 * @ref: where it is in the log
 */
struct crd_pending {
	struct list_head node;
	const u8 *content;
	size_t len;
	enum crd_log_how how;
	bool owned;
	bool done;
	int rc;
	struct crd_ref ref;
};

void crd_pending_init(struct crd_pending *p, const u8 *content, size_t len,
		      enum crd_log_how how);
struct crd_pending *crd_pending_defer(const struct crd_pending *p);
void crd_pending_finish(struct crd_pending *p);
unsigned int crd_pending_take(struct list_head *from, struct list_head *to,
			      size_t lead);
u8 *crd_pending_batch(const struct list_head *some, const u8 *lead,
		      size_t lead_len, size_t *ret_len);

#endif /* _CRD_PENDING_H */
