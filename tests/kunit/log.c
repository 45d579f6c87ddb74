// SPDX-License-Identifier: GPL-2.0-only
/*
 * The log, with a TPM of our own that fails when it is told to: order, marks
 * that stay, the bound and the reserve, what comes while the TPM sleeps.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/unaligned.h>
#include "../../kmod/log.h"
#include "suites.h"

#define LOG_MAX	(CRD_LOG_RESERVE + 16 * 1024)
#define PCR		11
#define EXTENDS		64
/* recnum, pcr, digests' header, two banks */
#define RECORD_HEAD	(13 + 6 + 5 + (5 + 4) + (5 + 6))
/* Content TLV's header, FORMAT, EVENT, TIME, and SIZE to tell them apart */
#define CONTENT		(5 + 11 + 7 + 13 + 13)

static const struct crd_log_bank log_banks[] = {
	{ .alg = 0x000b, .size = 4 },
	{ .alg = 0x010c, .size = 6 },
};

/**
 * struct log_scene - a log and what stands around it
 * @log: the log
 * @digest_rc: what the next digest gives
 * @extend_rc: what every extend gives
 * @extends: how many there were
 * @extended: the first byte of each extend's first digest
 * @gate: while taken, extends wait
 */
struct log_scene {
	struct crd_log log;
	int digest_rc;
	int extend_rc;
	unsigned int extends;
	u8 extended[EXTENDS];
	struct mutex gate;	/* extends */
};

static u8 sum(const u8 *bytes, size_t len)
{
	u8 s = 0;

	while (len--)
		s = s * 31 + *bytes++;
	return s;
}

/* A digest that is a sum, in every byte, and another one for each bank. */
static int fake_digest(void *ctx, const u8 *content, size_t len,
		       struct tpm_digest *digests)
{
	struct log_scene *s = ctx;
	int rc = s->digest_rc;
	unsigned int i;

	s->digest_rc = 0;
	for (i = 0; i < ARRAY_SIZE(log_banks); i++) {
		digests[i].alg_id = log_banks[i].alg;
		memset(digests[i].digest, sum(content, len) + i,
		       log_banks[i].size);
	}
	return rc;
}

static int fake_extend(void *ctx, struct tpm_digest *digests)
{
	struct log_scene *s = ctx;

	mutex_lock(&s->gate);
	if (s->extends < EXTENDS)
		s->extended[s->extends] = digests[0].digest[0];
	s->extends++;
	mutex_unlock(&s->gate);
	return s->extend_rc;
}

/* FORMAT, EVENT, TIME as every content begins, then one u64. */
static size_t content(u8 *buf, u16 event, u64 value)
{
	u8 *p = buf;

	*p++ = CRD_CEL_CONTENT;
	put_unaligned_be32(CONTENT - 5, p);
	memcpy(p + 4, "\0\0\0\0\006CRDN\0\001\001\0\0\0\002", 16);
	put_unaligned_be16(event, p + 20);
	memcpy(p + 22, "\002\0\0\0\010\0\0\0\0\0\0\0\0", 13);
	memcpy(p + 35, "\x13\0\0\0\x08", 5);
	put_unaligned_be64(value, p + 40);
	return CONTENT;
}

/* A note's reference for its value; a batch's lead ends after TIME. */
static int fake_note(const struct crd_log_note *note, u8 *buf)
{
	size_t len = content(buf, note->type, note->ref);

	if (note->type == CRD_EV_BATCH) {
		len -= 13;
		put_unaligned_be32(len - 5, buf + 1);
	}
	return len;
}

static const struct crd_log_ops fake_ops = {
	.digest = fake_digest,
	.extend = fake_extend,
	.note = fake_note,
};

static int log_init(struct kunit *test)
{
	struct log_scene *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, s);
	test->priv = s;
	mutex_init(&s->gate);
	return crd_log_init(&s->log, LOG_MAX, PCR, log_banks,
			    ARRAY_SIZE(log_banks), &fake_ops, s);
}

static void log_exit(struct kunit *test)
{
	struct log_scene *s = test->priv;

	if (s)
		crd_log_exit(&s->log);
}

static int add(struct kunit *test, u64 value, enum crd_log_how how,
	       struct crd_ref *ret_ref)
{
	struct log_scene *s = test->priv;
	u8 bytes[CONTENT];

	return crd_log_add(&s->log, bytes,
			   content(bytes, CRD_EV_MODULE, value), how, ret_ref);
}

static void expect_ref(struct kunit *test, struct crd_ref ref, u64 recnum,
		       u32 item)
{
	KUNIT_EXPECT_EQ(test, ref.recnum, recnum);
	KUNIT_EXPECT_EQ(test, ref.item, item);
}

/* The record at @at is this one; returns where the next begins. */
static u64 expect_record(struct kunit *test, u64 at, u64 recnum,
			 const u8 *body, size_t len)
{
	struct log_scene *s = test->priv;
	u8 *got = kunit_kzalloc(test, RECORD_HEAD + len, GFP_KERNEL);
	u8 want[RECORD_HEAD] = {};

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, got);
	memcpy(want,
	       "\0\0\0\0\010\0\0\0\0\0\0\0\0\001\0\0\0\001\013\003\0\0\0\024\013\0\0\0\004\0\0\0\0\014\0\0\0\006",
	       38);
	put_unaligned_be64(recnum, want + 5);
	memset(want + 29, sum(body, len), 4);
	memset(want + 38, sum(body, len) + 1, 6);
	KUNIT_ASSERT_EQ(test, crd_store_copy(&s->log.store, at, got,
					     RECORD_HEAD + len), 0);
	expect_bytes(test, "head", want, got, RECORD_HEAD);
	expect_bytes(test, "content", body, got + RECORD_HEAD, len);
	return at + RECORD_HEAD + len;
}

static u64 expect_event(struct kunit *test, u64 at, u64 recnum, u16 event,
			u64 value)
{
	u8 bytes[CONTENT];

	return expect_record(test, at, recnum, bytes,
			     content(bytes, event, value));
}

static void expect_end(struct kunit *test, u64 at)
{
	struct log_scene *s = test->priv;

	KUNIT_EXPECT_EQ(test, crd_store_len(&s->log.store), at);
}

static void log_order(struct kunit *test)
{
	struct log_scene *s = test->priv;
	struct crd_ref ref;
	u8 bytes[CONTENT];
	u64 at = 0, i;

	for (i = 0; i < 5; i++) {
		KUNIT_EXPECT_EQ(test, add(test, 100 + i, CRD_LOG_NORMAL, &ref),
				0);
		expect_ref(test, ref, i, CRD_REF_ALONE);
	}
	for (i = 0; i < 5; i++) {
		at = expect_event(test, at, i, CRD_EV_MODULE, 100 + i);
		content(bytes, CRD_EV_MODULE, 100 + i);
		KUNIT_EXPECT_EQ(test, s->extended[i], sum(bytes, CONTENT));
	}
	expect_end(test, at);
	KUNIT_EXPECT_EQ(test, s->extends, 5U);
	KUNIT_EXPECT_EQ(test, s->log.batches, 0ULL);
	KUNIT_EXPECT_FALSE(test, crd_log_bad(&s->log));
}

/* The record is there, FAULT tells of it once, and that stays. */
static void log_extend_fails(struct kunit *test)
{
	struct log_scene *s = test->priv;
	struct crd_ref ref;
	u64 at;

	add(test, 1, CRD_LOG_NORMAL, &ref);
	s->extend_rc = -ETIME;
	KUNIT_EXPECT_EQ(test, add(test, 2, CRD_LOG_NORMAL, &ref), -ETIME);
	expect_ref(test, ref, 1, CRD_REF_ALONE);
	KUNIT_EXPECT_TRUE(test, crd_log_bad(&s->log));
	KUNIT_EXPECT_EQ(test, add(test, 3, CRD_LOG_NORMAL, &ref), -ETIME);
	expect_ref(test, ref, 3, CRD_REF_ALONE);
	s->extend_rc = 0;
	KUNIT_EXPECT_EQ(test, add(test, 4, CRD_LOG_NORMAL, &ref), 0);

	at = expect_event(test, 0, 0, CRD_EV_MODULE, 1);
	at = expect_event(test, at, 1, CRD_EV_MODULE, 2);
	at = expect_event(test, at, 2, CRD_EV_FAULT, 1);
	at = expect_event(test, at, 3, CRD_EV_MODULE, 3);
	at = expect_event(test, at, 4, CRD_EV_MODULE, 4);
	expect_end(test, at);
	KUNIT_EXPECT_EQ(test, s->log.failed, -ETIME);
	/* 2, its FAULT, and 3 */
	KUNIT_EXPECT_EQ(test, s->log.extend_errors, 3ULL);
	KUNIT_EXPECT_TRUE(test, crd_log_bad(&s->log));
}

static void log_digest_fails(struct kunit *test)
{
	struct log_scene *s = test->priv;
	struct crd_ref ref;

	s->digest_rc = -ENOMEM;
	KUNIT_EXPECT_EQ(test, add(test, 1, CRD_LOG_NORMAL, &ref), -ENOMEM);
	expect_ref(test, ref, CRD_REF_NONE, CRD_REF_ALONE);
	expect_end(test, expect_event(test, 0, 0, CRD_EV_FAULT, 0));
	KUNIT_EXPECT_TRUE(test, crd_log_bad(&s->log));
}

/* Something never got as far as the log. */
static void log_told_of_failure(struct kunit *test)
{
	struct log_scene *s = test->priv;
	struct crd_ref ref;
	u64 at;

	add(test, 1, CRD_LOG_NORMAL, &ref);
	crd_log_fail(&s->log, -ENOMEM, "test");
	crd_log_fail(&s->log, -EIO, "the second is not told");
	at = expect_event(test, 0, 0, CRD_EV_MODULE, 1);
	expect_end(test, expect_event(test, at, 1, CRD_EV_FAULT, 1));
	KUNIT_EXPECT_EQ(test, s->log.failed, -ENOMEM);
}

/* At the bound: one LOG_FULL, nothing after it, except from the reserve. */
static void log_bound(struct kunit *test)
{
	struct log_scene *s = test->priv;
	u64 n, at, last = (LOG_MAX - CRD_LOG_RESERVE) / (RECORD_HEAD + CONTENT);
	struct crd_ref ref;
	u8 small[CONTENT];

	for (n = 0; n < last; n++)
		KUNIT_ASSERT_EQ(test, add(test, n, CRD_LOG_NORMAL, &ref), 0);
	KUNIT_EXPECT_FALSE(test, crd_log_bad(&s->log));
	KUNIT_EXPECT_EQ(test, add(test, n, CRD_LOG_NORMAL, &ref), -ENOSPC);
	expect_ref(test, ref, CRD_REF_NONE, CRD_REF_ALONE);
	KUNIT_EXPECT_TRUE(test, crd_log_bad(&s->log));

	/* a smaller one would fit, and must not slip in */
	content(small, CRD_EV_MODULE, 0);
	put_unaligned_be32(CONTENT - 13 - 5, small + 1);
	KUNIT_EXPECT_EQ(test, crd_log_add(&s->log, small, CONTENT - 13,
					  CRD_LOG_NORMAL, &ref), -ENOSPC);
	KUNIT_EXPECT_EQ(test, add(test, 7, CRD_LOG_RESERVED, &ref), 0);
	expect_ref(test, ref, last + 1, CRD_REF_ALONE);

	at = last * (RECORD_HEAD + CONTENT);
	at = expect_event(test, at, last, CRD_EV_LOG_FULL, last);
	at = expect_event(test, at, last + 1, CRD_EV_MODULE, 7);
	expect_end(test, at);
	KUNIT_EXPECT_EQ(test, s->log.dropped, 2ULL);
	KUNIT_EXPECT_EQ(test, s->log.failed, 0);
}

/* The reserve has an end too. */
static void log_reserve_ends(struct kunit *test)
{
	struct log_scene *s = test->priv;
	struct crd_ref ref;
	u64 n, most = LOG_MAX / (RECORD_HEAD + CONTENT);

	for (n = 0; n < most; n++)
		KUNIT_ASSERT_EQ(test, add(test, n, CRD_LOG_RESERVED, &ref), 0);
	KUNIT_EXPECT_EQ(test, add(test, n, CRD_LOG_RESERVED, &ref), -ENOSPC);
	expect_end(test, most * (RECORD_HEAD + CONTENT));
	KUNIT_EXPECT_TRUE(test, s->log.full);
}

/* A batch of two of these: each without FORMAT, and, if late, DEFERRED. */
static u64 expect_batch(struct kunit *test, u64 at, u64 recnum,
			const u64 *values, size_t n, bool late)
{
	size_t item = CONTENT - 16 + (late ? 6 : 0);
	size_t lead = CONTENT - 13;
	u8 *want, *p, one[CONTENT];
	size_t i, len = lead + n * (5 + item);

	want = kunit_kzalloc(test, len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, want);
	content(one, CRD_EV_BATCH, 0);
	memcpy(want, one, lead);
	put_unaligned_be32(len - 5, want + 1);
	for (i = 0, p = want + lead; i < n; i++, p += 5 + item) {
		content(one, CRD_EV_MODULE, values[i]);
		*p = CRD_F_ITEM;
		put_unaligned_be32(item, p + 1);
		memcpy(p + 5, one + 16, CONTENT - 16);
		if (!late)
			continue;
		p[5 + CONTENT - 16] = CRD_F_DEFERRED;
		memcpy(p + 5 + CONTENT - 15, "\0\0\0\x01\x01", 5);
	}
	return expect_record(test, at, recnum, want, len);
}

/* Kept while the TPM sleeps; then one record, one extend, all marked late. */
static void log_asleep(struct kunit *test)
{
	static const u64 values[] = { 5, 6, 7 };
	struct log_scene *s = test->priv;
	struct crd_ref ref;
	u64 at;
	size_t i;

	add(test, 1, CRD_LOG_NORMAL, &ref);
	crd_log_pause(&s->log);
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		KUNIT_EXPECT_EQ(test, add(test, values[i], CRD_LOG_NORMAL,
					  &ref), 0);
		expect_ref(test, ref, CRD_REF_NONE, CRD_REF_ALONE);
	}
	KUNIT_EXPECT_EQ(test, s->extends, 1U);
	KUNIT_EXPECT_EQ(test, crd_log_resume(&s->log), 3U);
	KUNIT_EXPECT_EQ(test, s->extends, 2U);
	KUNIT_EXPECT_EQ(test, s->log.batches, 1ULL);
	KUNIT_EXPECT_EQ(test, add(test, 8, CRD_LOG_NORMAL, &ref), 0);
	expect_ref(test, ref, 2, CRD_REF_ALONE);

	at = expect_event(test, 0, 0, CRD_EV_MODULE, 1);
	at = expect_batch(test, at, 1, values, ARRAY_SIZE(values), true);
	at = expect_event(test, at, 2, CRD_EV_MODULE, 8);
	expect_end(test, at);
	KUNIT_EXPECT_FALSE(test, crd_log_bad(&s->log));
}

static void log_asleep_for_nothing(struct kunit *test)
{
	struct log_scene *s = test->priv;

	crd_log_pause(&s->log);
	KUNIT_EXPECT_EQ(test, crd_log_resume(&s->log), 0U);
	expect_end(test, 0);
	KUNIT_EXPECT_EQ(test, s->extends, 0U);
}

/* A failure while the TPM sleeps is told when it is awake. */
static void log_fails_asleep(struct kunit *test)
{
	struct log_scene *s = test->priv;

	crd_log_pause(&s->log);
	crd_log_fail(&s->log, -ENOMEM, "test");
	KUNIT_EXPECT_TRUE(test, crd_log_bad(&s->log));
	expect_end(test, 0);
	crd_log_resume(&s->log);
	expect_end(test, expect_event(test, 0, 0, CRD_EV_FAULT, 0));
	KUNIT_EXPECT_EQ(test, s->log.failed, -ENOMEM);
}

/* What may use the reserve is a record of its own, in its place. */
static void log_reserved_alone(struct kunit *test)
{
	static const u64 pair[] = { 1, 2 };
	struct log_scene *s = test->priv;
	struct crd_ref ref;
	u64 at = 0;

	crd_log_pause(&s->log);
	add(test, 1, CRD_LOG_NORMAL, &ref);
	add(test, 2, CRD_LOG_NORMAL, &ref);
	add(test, 3, CRD_LOG_RESERVED, &ref);
	add(test, 4, CRD_LOG_NORMAL, &ref);
	KUNIT_EXPECT_EQ(test, crd_log_resume(&s->log), 4U);
	at = expect_batch(test, at, 0, pair, 2, true);
	KUNIT_EXPECT_EQ(test, s->log.next, 3ULL);
	KUNIT_EXPECT_EQ(test, s->extends, 3U);
	KUNIT_EXPECT_EQ(test, s->log.batches, 1ULL);
}

/* A batch that does not fit is not lost: what fits goes in one by one. */
static void log_batch_at_bound(struct kunit *test)
{
	struct log_scene *s = test->priv;
	u64 n, last = (LOG_MAX - CRD_LOG_RESERVE) / (RECORD_HEAD + CONTENT);
	struct crd_ref ref;

	for (n = 0; n + 1 < last; n++)
		KUNIT_ASSERT_EQ(test, add(test, n, CRD_LOG_NORMAL, &ref), 0);
	crd_log_pause(&s->log);
	for (n = 0; n < 8; n++)
		add(test, 1000 + n, CRD_LOG_NORMAL, &ref);
	KUNIT_EXPECT_EQ(test, crd_log_resume(&s->log), 8U);
	KUNIT_EXPECT_TRUE(test, s->log.full);
	KUNIT_EXPECT_GE(test, s->log.dropped, 7ULL);
	KUNIT_EXPECT_EQ(test, s->log.batches, 0ULL);
	KUNIT_EXPECT_EQ(test, (u64)s->extends, s->log.next);
}

struct log_task {
	struct kunit *test;
	struct task_struct *task;
	u64 value;
	int rc;
	struct crd_ref ref;
	struct completion done;
};

static int log_task(void *data)
{
	struct log_task *t = data;

	t->rc = add(t->test, t->value, CRD_LOG_NORMAL, &t->ref);
	complete(&t->done);
	return 0;
}

static unsigned int queued(struct crd_log *log)
{
	struct crd_pending *p;
	unsigned int n = 0;

	spin_lock(&log->queue_lock);
	list_for_each_entry(p, &log->queue, node)
		n++;
	spin_unlock(&log->queue_lock);
	return n;
}

static bool wait_until_queued(struct crd_log *log, unsigned int n)
{
	unsigned int tries;

	for (tries = 0; tries < 1000 && queued(log) != n; tries++)
		msleep(20);
	return queued(log) == n;
}

static void start(struct log_task *t, struct kunit *test, u64 value)
{
	t->test = test;
	t->value = value;
	init_completion(&t->done);
	t->task = kthread_run(log_task, t, "crd_kunit/%llu", value);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t->task);
}

/* While one event waits for the TPM, those that come share the next extend. */
static void log_group(struct kunit *test)
{
	struct log_scene *s = test->priv;
	struct log_task t[4] = {};
	u64 values[3], at;
	size_t i;

	mutex_lock(&s->gate);
	start(&t[0], test, 10);
	/* the first holds the log and waits at the gate */
	for (i = 0; i < 1000 && READ_ONCE(s->log.next) != 1; i++)
		msleep(20);
	for (i = 1; i < ARRAY_SIZE(t); i++) {
		start(&t[i], test, 10 + i);
		KUNIT_EXPECT_TRUE(test, wait_until_queued(&s->log, i));
		values[i - 1] = 10 + i;
	}
	mutex_unlock(&s->gate);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		wait_for_completion(&t[i].done);
		KUNIT_EXPECT_EQ(test, t[i].rc, 0);
		expect_ref(test, t[i].ref, i ? 1 : 0,
			   i ? i - 1 : CRD_REF_ALONE);
	}
	at = expect_event(test, 0, 0, CRD_EV_MODULE, 10);
	expect_end(test, expect_batch(test, at, 1, values, 3, false));
	KUNIT_EXPECT_EQ(test, s->extends, 2U);
	KUNIT_EXPECT_EQ(test, s->log.batches, 1ULL);
}

/* The extend of a batch fails for all in it. */
static void log_group_fails(struct kunit *test)
{
	struct log_scene *s = test->priv;
	struct log_task t[3] = {};
	size_t i;

	mutex_lock(&s->gate);
	start(&t[0], test, 10);
	for (i = 0; i < 1000 && READ_ONCE(s->log.next) != 1; i++)
		msleep(20);
	for (i = 1; i < ARRAY_SIZE(t); i++) {
		start(&t[i], test, 10 + i);
		KUNIT_EXPECT_TRUE(test, wait_until_queued(&s->log, i));
	}
	s->extend_rc = -EIO;
	mutex_unlock(&s->gate);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		wait_for_completion(&t[i].done);
		KUNIT_EXPECT_EQ(test, t[i].rc, -EIO);
		KUNIT_EXPECT_NE(test, t[i].ref.recnum, CRD_REF_NONE);
	}
	KUNIT_EXPECT_EQ(test, t[1].ref.recnum, t[2].ref.recnum);
	KUNIT_EXPECT_TRUE(test, crd_log_bad(&s->log));
	/* the first, its FAULT, the batch */
	KUNIT_EXPECT_EQ(test, s->log.next, 3ULL);
}

static struct kunit_case log_kunit_cases[] = {
	KUNIT_CASE(log_order),
	KUNIT_CASE(log_extend_fails),
	KUNIT_CASE(log_digest_fails),
	KUNIT_CASE(log_told_of_failure),
	KUNIT_CASE(log_bound),
	KUNIT_CASE(log_reserve_ends),
	KUNIT_CASE(log_asleep),
	KUNIT_CASE(log_asleep_for_nothing),
	KUNIT_CASE(log_fails_asleep),
	KUNIT_CASE(log_reserved_alone),
	KUNIT_CASE(log_batch_at_bound),
	KUNIT_CASE(log_group),
	KUNIT_CASE(log_group_fails),
	{}
};

struct kunit_suite crd_log_suite = {
	.name = "crd_log",
	.init = log_init,
	.exit = log_exit,
	.test_cases = log_kunit_cases,
};
