// SPDX-License-Identifier: GPL-2.0-only
/*
 * Append, then extend. What cannot be appended or extended leaves a mark that
 * stays: FAULT once for the first extend that failed, LOG_FULL once for the
 * bound. Entries are never freed.
 */
#include <linux/unaligned.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include "log.h"

#define CRD_LOG_DIGEST	(CRD_TLV_HEADER + \
			 sizeof_field(struct tpm_digest, digest))
#define CRD_LOG_HEAD	(CRD_TLV_HEADER + 8 + CRD_TLV_HEADER + 1 + \
			 CRD_TLV_HEADER + CRD_MAX_BANKS * CRD_LOG_DIGEST)

static u8 *crd_log_tlv(u8 *p, u8 type, size_t len)
{
	*p++ = type;
	put_unaligned_be32(len, p);
	return p + 4;
}

/* Everything of a record before its content; returns its length. */
static size_t crd_log_head(const struct crd_log *log, u8 *head,
			   const struct tpm_digest *digests)
{
	size_t size = 0;
	unsigned int i;
	u8 *p;

	for (i = 0; i < log->banks; i++)
		size += CRD_TLV_HEADER + log->bank[i].size;

	p = crd_log_tlv(head, CRD_CEL_RECNUM, 8);
	put_unaligned_be64(log->next, p);
	p = crd_log_tlv(p + 8, CRD_CEL_PCR, 1);
	*p++ = log->pcr;
	p = crd_log_tlv(p, CRD_CEL_DIGESTS, size);
	for (i = 0; i < log->banks; i++) {
		p = crd_log_tlv(p, log->bank[i].alg & 0xff, log->bank[i].size);
		memcpy(p, digests[i].digest, log->bank[i].size);
		p += log->bank[i].size;
	}
	return p - head;
}

static int crd_log_append(struct crd_log *log, const u8 *content, size_t len,
			  const struct tpm_digest *digests,
			  enum crd_log_how how)
{
	u8 head[CRD_LOG_HEAD];
	struct crd_store_part part[2] = {
		{ .data = head, .len = crd_log_head(log, head, digests) },
		{ .data = content, .len = len },
	};
	int rc;

	rc = crd_store_append(&log->store, part, ARRAY_SIZE(part),
			      how == CRD_LOG_RESERVED);
	if (!rc)
		WRITE_ONCE(log->next, log->next + 1);
	return rc;
}

static int crd_log_extend(struct crd_log *log, struct tpm_digest *digests)
{
	u64 start = ktime_get_ns();
	int rc;

	rc = log->ops->extend(log->ctx, digests);
	if (rc)
		log->extend_errors++;
	WRITE_ONCE(log->extend_ns, log->extend_ns + ktime_get_ns() - start);
	return rc;
}

/* Out of line, and so off the caller's stack: FAULT, LOG_FULL. */
static noinline_for_stack void crd_log_write(struct crd_log *log,
					     const struct crd_log_note *note)
{
	struct tpm_digest digests[CRD_MAX_BANKS];
	u8 buf[CRD_LOG_NOTE_MAX];
	int len;

	memset(digests, 0, sizeof(digests));
	len = log->ops->note(note, buf);
	if (len < 0 || log->ops->digest(log->ctx, buf, len, digests) ||
	    crd_log_append(log, buf, len, digests, CRD_LOG_RESERVED))
		return;
	crd_log_extend(log, digests);
}

static void crd_log_set_failed(struct crd_log *log, u64 ref, int error,
			       const char *reason)
{
	struct crd_log_note note = {
		.type = CRD_EV_FAULT,
		.ref = ref,
		.result = error,
		.reason = reason,
	};

	if (log->failed)
		return;
	if (log->paused) {
		log->aside_error = error;
		return;
	}
	WRITE_ONCE(log->failed, error);
	crd_log_write(log, &note);
}

static void crd_log_set_full(struct crd_log *log)
{
	struct crd_log_note note = {
		.type = CRD_EV_LOG_FULL,
		.ref = log->next,
		.result = -ENOSPC,
		.reason = "log_max reached",
		.count = log->store.max,
	};

	log->dropped++;
	if (log->full)
		return;
	WRITE_ONCE(log->full, true);
	crd_log_write(log, &note);
}

/* One content, one record. @ret_recnum is set if it is in the log. */
static int crd_log_commit_one(struct crd_log *log, const u8 *content,
			      size_t len, enum crd_log_how how, u64 *ret_recnum)
{
	struct tpm_digest digests[CRD_MAX_BANKS];
	u64 recnum = log->next;
	int rc;

	memset(digests, 0, sizeof(digests));
	rc = log->ops->digest(log->ctx, content, len, digests);
	if (rc) {
		crd_log_set_failed(log, recnum, rc, "digest failed");
		return rc;
	}
	/* Once full, always full: a smaller record must not slip in after. */
	if (log->full && how == CRD_LOG_NORMAL)
		rc = -ENOSPC;
	else
		rc = crd_log_append(log, content, len, digests, how);
	if (rc && rc != -ENOSPC)
		crd_log_set_failed(log, recnum, rc, "no memory for a record");
	if (rc)
		return rc;

	*ret_recnum = recnum;
	rc = crd_log_extend(log, digests);
	if (rc)
		crd_log_set_failed(log, recnum, rc, "extend failed");
	return rc;
}

static void crd_log_commit_each(struct crd_log *log, struct list_head *some)
{
	struct crd_pending *p;

	list_for_each_entry(p, some, node) {
		p->rc = crd_log_commit_one(log, p->content, p->len, p->how,
					   &p->ref.recnum);
		if (p->rc == -ENOSPC && p->ref.recnum == CRD_REF_NONE)
			crd_log_set_full(log);
	}
}

/* Nothing was done unless 0 is returned: then all have the same fate. */
static int crd_log_commit_batch(struct crd_log *log, struct list_head *some)
{
	const struct crd_log_note note = { .type = CRD_EV_BATCH };
	u64 recnum = CRD_REF_NONE;
	u8 lead[CRD_LOG_NOTE_MAX];
	struct crd_pending *p;
	u32 item = 0;
	size_t len;
	u8 *batch;
	int rc;

	rc = log->ops->note(&note, lead);
	if (rc < 0)
		return rc;
	batch = crd_pending_batch(some, lead, rc, &len);
	if (!batch)
		return -ENOMEM;
	rc = crd_log_commit_one(log, batch, len, CRD_LOG_NORMAL, &recnum);
	kvfree(batch);
	if (recnum == CRD_REF_NONE)
		return rc;
	list_for_each_entry(p, some, node) {
		p->rc = rc;
		p->ref.recnum = recnum;
		p->ref.item = item++;
	}
	log->batches++;
	return 0;
}

/* Everything that is queued now, in its order; returns how many events. */
static unsigned int crd_log_commit(struct crd_log *log)
{
	struct crd_pending *p, *next;
	unsigned int n, all = 0;
	LIST_HEAD(todo);

	spin_lock(&log->queue_lock);
	list_splice_init(&log->queue, &todo);
	spin_unlock(&log->queue_lock);
	while (!list_empty(&todo)) {
		LIST_HEAD(some);

		n = crd_pending_take(&todo, &some, CRD_LOG_NOTE_MAX);
		if (n == 1 || crd_log_commit_batch(log, &some))
			crd_log_commit_each(log, &some);
		list_for_each_entry_safe(p, next, &some, node)
			crd_pending_finish(p);
		all += n;
	}
	return all;
}

/* The TPM sleeps: keep copies for later, and let the tasks go on. */
static void crd_log_put_aside(struct crd_log *log)
{
	struct crd_pending *p, *next, *copy;
	LIST_HEAD(todo);

	spin_lock(&log->queue_lock);
	list_splice_init(&log->queue, &todo);
	spin_unlock(&log->queue_lock);
	list_for_each_entry_safe(p, next, &todo, node) {
		copy = crd_pending_defer(p);
		if (copy)
			list_add_tail(&copy->node, &log->aside);
		else
			log->aside_error = -ENOMEM;
		crd_pending_finish(p);
	}
}

/**
 * crd_log_add() - add an event and extend the PCR by it
 * @log: the log
 * @content: content TLV
 * @len: its length
 * @how: whether the reserve may be used
 * @ret_ref: where the event is in the log; set whenever it is there, also if
 *	its extend failed
 *
 * While the log is paused the event is only kept, and 0 returned.
 *
 * Return: 0 if the event is in the log and in the PCR, else -errno; what
 * went wrong is then also in the log, and stays in its state.
 */
int crd_log_add(struct crd_log *log, const u8 *content, size_t len,
		enum crd_log_how how, struct crd_ref *ret_ref)
{
	struct crd_pending p;

	crd_pending_init(&p, content, len, how);
	spin_lock(&log->queue_lock);
	list_add_tail(&p.node, &log->queue);
	spin_unlock(&log->queue_lock);

	mutex_lock(&log->lock);
	if (!p.done && log->paused)
		crd_log_put_aside(log);
	else if (!p.done)
		crd_log_commit(log);
	mutex_unlock(&log->lock);
	wake_up_interruptible_poll(&log->wait, EPOLLIN | EPOLLRDNORM);
	*ret_ref = p.ref;
	return p.rc;
}

/* From here on, until crd_log_resume(), the TPM is left alone. */
void crd_log_pause(struct crd_log *log)
{
	mutex_lock(&log->lock);
	log->paused = true;
	mutex_unlock(&log->lock);
}

/* Commit what was put aside; returns how many events that was. */
unsigned int crd_log_resume(struct crd_log *log)
{
	unsigned int n;

	mutex_lock(&log->lock);
	log->paused = false;
	if (log->aside_error)
		crd_log_set_failed(log, log->next, log->aside_error,
				   "no memory while the TPM was asleep");
	spin_lock(&log->queue_lock);
	list_splice_init(&log->aside, &log->queue);
	spin_unlock(&log->queue_lock);
	n = crd_log_commit(log);
	mutex_unlock(&log->lock);
	wake_up_interruptible_poll(&log->wait, EPOLLIN | EPOLLRDNORM);
	return n;
}

/* Something was not recorded at all: the log is not complete from here on. */
void crd_log_fail(struct crd_log *log, int error, const char *reason)
{
	mutex_lock(&log->lock);
	crd_log_set_failed(log, log->next, error, reason);
	mutex_unlock(&log->lock);
	wake_up_interruptible_poll(&log->wait, EPOLLIN | EPOLLRDNORM);
}

bool crd_log_bad(const struct crd_log *log)
{
	return READ_ONCE(log->failed) || READ_ONCE(log->full) ||
	       READ_ONCE(log->aside_error);
}

int crd_log_init(struct crd_log *log, u64 max, u8 pcr,
		 const struct crd_log_bank *bank, unsigned int banks,
		 const struct crd_log_ops *ops, void *ctx)
{
	memset(log, 0, sizeof(*log));
	mutex_init(&log->lock);
	init_waitqueue_head(&log->wait);
	spin_lock_init(&log->queue_lock);
	INIT_LIST_HEAD(&log->queue);
	INIT_LIST_HEAD(&log->aside);
	log->pcr = pcr;
	log->banks = banks;
	memcpy(log->bank, bank, banks * sizeof(*bank));
	log->ops = ops;
	log->ctx = ctx;
	return crd_store_init(&log->store, max, CRD_LOG_RESERVE);
}

void crd_log_exit(struct crd_log *log)
{
	struct crd_pending *p, *next;

	list_for_each_entry_safe(p, next, &log->aside, node)
		crd_pending_finish(p);
	crd_store_exit(&log->store);
	mutex_destroy(&log->lock);
}
