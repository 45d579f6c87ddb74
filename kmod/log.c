// SPDX-License-Identifier: GPL-2.0-only
/*
 * Append, then extend. What cannot be appended or extended leaves a mark that
 * stays: FAULT once for the first extend that failed, LOG_FULL once for the
 * bound. Entries are never freed.
 */
#include <linux/unaligned.h>
#include <linux/ktime.h>
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

static int crd_log_add_locked(struct crd_log *log, const u8 *content,
			      size_t len, struct tpm_digest *digests,
			      enum crd_log_how how, u64 *ret_recnum)
{
	u64 recnum = log->next;
	int rc;

	/* Once full, always full: a smaller record must not slip in after. */
	if (log->full && how == CRD_LOG_NORMAL)
		rc = -ENOSPC;
	else
		rc = crd_log_append(log, content, len, digests, how);
	if (rc == -ENOSPC)
		crd_log_set_full(log);
	else if (rc)
		crd_log_set_failed(log, recnum, rc, "no memory for a record");
	if (rc)
		return rc;

	*ret_recnum = recnum;
	rc = crd_log_extend(log, digests);
	if (rc)
		crd_log_set_failed(log, recnum, rc, "extend failed");
	return rc;
}

/**
 * crd_log_add() - add a record and extend the PCR by it
 * @log: the log
 * @content: content TLV
 * @len: its length
 * @how: whether the reserve may be used
 * @ret_recnum: the record's number; set whenever the record is in the log,
 *	also if its extend failed
 *
 * Return: 0 if the record is in the log and in the PCR, else -errno; what
 * went wrong is then also in the log, and stays in its state.
 */
int crd_log_add(struct crd_log *log, const u8 *content, size_t len,
		enum crd_log_how how, u64 *ret_recnum)
{
	struct tpm_digest digests[CRD_MAX_BANKS];
	int rc;

	memset(digests, 0, sizeof(digests));
	rc = log->ops->digest(log->ctx, content, len, digests);
	mutex_lock(&log->lock);
	if (rc)
		crd_log_set_failed(log, log->next, rc, "digest failed");
	else
		rc = crd_log_add_locked(log, content, len, digests, how,
					ret_recnum);
	mutex_unlock(&log->lock);
	wake_up_interruptible_poll(&log->wait, EPOLLIN | EPOLLRDNORM);
	return rc;
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
	return READ_ONCE(log->failed) || READ_ONCE(log->full);
}

int crd_log_init(struct crd_log *log, u64 max, u8 pcr,
		 const struct crd_log_bank *bank, unsigned int banks,
		 const struct crd_log_ops *ops, void *ctx)
{
	memset(log, 0, sizeof(*log));
	mutex_init(&log->lock);
	init_waitqueue_head(&log->wait);
	log->pcr = pcr;
	log->banks = banks;
	memcpy(log->bank, bank, banks * sizeof(*bank));
	log->ops = ops;
	log->ctx = ctx;
	return crd_store_init(&log->store, max, CRD_LOG_RESERVE);
}

void crd_log_exit(struct crd_log *log)
{
	crd_store_exit(&log->store);
	mutex_destroy(&log->lock);
}
