/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The log: records in the order in which they were extended. One mutex covers
 * append and extend, so that log order is PCR order; append comes first, so
 * that the log may be ahead of the PCR and never behind. Events that queue up
 * for the mutex while the TPM is busy are committed together.
 */
#ifndef _CRD_LOG_H
#define _CRD_LOG_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/tpm.h>
#include <linux/types.h>
#include <linux/wait.h>
#include "credence.h"
#include "pending.h"
#include "store.h"

/* Kept free for LOG_FULL, FAULT, HOOK_LOST and UNLOAD. */
#define CRD_LOG_RESERVE		(16 * 1024)
#define CRD_LOG_NOTE_MAX	512

/* Records that the log itself must write. */
struct crd_log_note {
	enum crd_event_type type;
	u64 ref;
	int result;
	const char *reason;
	u64 count;
};

/**
 * struct crd_log_ops - what a log needs of the rooms around it
 * @digest: one digest per bank over the content TLV
 * @extend: extend the PCR; bounded time; 0 or -errno
 * @note: encode a note to at most CRD_LOG_NOTE_MAX bytes; their number or
 *	-errno. A BATCH has none of a note's fields; its items are added by the
 *	log.
 */
struct crd_log_ops {
	int (*digest)(void *ctx, const u8 *content, size_t len,
		      struct tpm_digest *digests);
	int (*extend)(void *ctx, struct tpm_digest *digests);
	int (*note)(const struct crd_log_note *note, u8 *buf);
};

/* One bank: its algorithm, and the size of its digest. */
struct crd_log_bank {
	u16 alg;
	u16 size;
};

/**
 * struct crd_log - a log
 * @lock: over append and extend; readers do not take it
 * @store: the records' bytes
 * @next: number of the next record
 * @failed: first error of an extend or of memory; stays
 * @full: the bound was reached; stays
 * @dropped: events that came after the bound; LOG_FULL told of them
 * @extend_errors: records that are in the log and not in the PCR
 * @extend_ns: time spent waiting for the TPM, all extends together
 * @batches: records that hold more than one event
 * @wait: woken for each new record
 * @queue_lock: over @queue; taken last, never held for long
 * @queue: events whose tasks wait for @lock
 * @paused: the TPM may be asleep, and must not be spoken to
 * @aside: events that came meanwhile
 * @aside_error: one of them could not be kept
 */
struct crd_log {
	struct mutex lock;	/* append and extend */
	struct crd_store store;
	u64 next;
	u8 pcr;
	unsigned int banks;
	struct crd_log_bank bank[CRD_MAX_BANKS];
	int failed;
	bool full;
	u64 dropped;
	u64 extend_errors;
	u64 extend_ns;
	u64 batches;
	wait_queue_head_t wait;
	spinlock_t queue_lock;	/* queue */
	struct list_head queue;
	bool paused;
	struct list_head aside;
	int aside_error;
	const struct crd_log_ops *ops;
	void *ctx;
};

int crd_log_init(struct crd_log *log, u64 max, u8 pcr,
		 const struct crd_log_bank *bank, unsigned int banks,
		 const struct crd_log_ops *ops, void *ctx);
void crd_log_exit(struct crd_log *log);
int crd_log_add(struct crd_log *log, const u8 *content, size_t len,
		enum crd_log_how how, struct crd_ref *ret_ref);
void crd_log_pause(struct crd_log *log);
unsigned int crd_log_resume(struct crd_log *log);
void crd_log_fail(struct crd_log *log, int error, const char *reason);
bool crd_log_bad(const struct crd_log *log);

#endif /* _CRD_LOG_H */
