// SPDX-License-Identifier: GPL-2.0-only
/*
 * Joins event, digest, log and TPM. Nothing that reaches this file is
 * dropped without a record or a state that says so.
 */
#include <linux/module.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "measure.h"

/* How long a reader waits for records that were put off. */
#define CRD_SETTLE	HZ

enum crd_gate {
	CRD_GATE_SHUT,		/* wait: the anchor is not written yet */
	CRD_GATE_OPEN,
	CRD_GATE_OFF,		/* there will be no log */
};

static struct {
	struct crd_params params;
	struct crd_tpm tpm;
	struct crd_digest digest;
	struct crd_log log;
	enum crd_gate gate;
	wait_queue_head_t gate_wait;
	unsigned long lost;	/* bit per enum crd_lost */
	atomic64_t missed;
	struct workqueue_struct *wq;	/* ordered */
	atomic64_t put_off;
	atomic64_t caught_up;
} crd;

static const char *const crd_lost_reason[CRD_LOST_KINDS] = {
	[CRD_LOST_RESULT] = "return probe did not run: results of loads are not seen",
	[CRD_LOST_PROBE] = "return probe out of instances: results of loads are not seen",
	[CRD_LOST_NOTIFIER] = "a module was loaded unseen by the module notifier",
	[CRD_LOST_IMAGE] = "a module came up and no image was seen",
};

static int crd_measure_op_digest(void *ctx, const u8 *content, size_t len,
				 struct tpm_digest *digests)
{
	return crd_digest_banks(&crd.digest, content, len, digests);
}

static int crd_measure_op_extend(void *ctx, struct tpm_digest *digests)
{
	return crd_tpm_extend(&crd.tpm, digests);
}

static int crd_measure_op_note(const struct crd_log_note *note, u8 *buf)
{
	u8 small[CRD_EVENT_SMALL];
	struct crd_event ev;
	const u8 *content;
	size_t len;
	int rc;

	crd_event_init_small(&ev, note->type, small, sizeof(small));
	if (note->type != CRD_EV_BATCH) {
		crd_event_uint(&ev, CRD_F_REF, note->ref, 8);
		crd_event_uint(&ev, CRD_F_RESULT, (u32)note->result, 4);
		crd_event_str(&ev, CRD_F_REASON, note->reason);
	}
	if (note->count)
		crd_event_uint(&ev, CRD_F_COUNT, note->count, 8);
	rc = crd_event_encode(&ev, &content, &len);
	if (rc)
		return rc;
	if (len > CRD_LOG_NOTE_MAX)
		return -E2BIG;
	memcpy(buf, content, len);
	return len;
}

static const struct crd_log_ops crd_measure_ops = {
	.digest = crd_measure_op_digest,
	.extend = crd_measure_op_extend,
	.note = crd_measure_op_note,
};

/* May what was just measured, or not, go on? 0 or -EIO. */
int crd_measure_verdict(void)
{
	return crd.params.closed && crd_log_bad(&crd.log) ? -EIO : 0;
}

static int crd_measure_add(struct crd_event *ev, enum crd_log_how how,
			   struct crd_ref *ret_ref)
{
	const u8 *content;
	size_t len;
	int rc;

	rc = crd_event_encode(ev, &content, &len);
	if (rc) {
		crd_log_fail(&crd.log, rc, "an event could not be encoded");
		return rc;
	}
	return crd_log_add(&crd.log, content, len, how, ret_ref);
}

static bool crd_measure_wait(void)
{
	wait_event(crd.gate_wait, READ_ONCE(crd.gate) != CRD_GATE_SHUT);
	return crd.gate == CRD_GATE_OPEN;
}

/**
 * crd_measure() - record an event and extend the PCR by it
 * @ev: the event; stays the caller's, who frees it
 * @ret_ref: where it is in the log; may be NULL
 *
 * Return: 0 if what was measured may be used; -EIO if it may not, because
 * fail=closed was asked for and the log is not complete.
 */
int crd_measure(struct crd_event *ev, struct crd_ref *ret_ref)
{
	struct crd_ref ref = { CRD_REF_NONE, CRD_REF_ALONE };

	if (crd_measure_wait())
		crd_measure_add(ev, ev->type == CRD_EV_UNLOAD ?
				CRD_LOG_RESERVED : CRD_LOG_NORMAL, &ref);
	if (ret_ref)
		*ret_ref = ref;
	return crd.gate == CRD_GATE_OPEN ? crd_measure_verdict() : 0;
}

/* The TPM is about to sleep: from here on events are put aside. */
void crd_measure_pause(void)
{
	crd_log_pause(&crd.log);
}

/* It is awake again; returns how many events had been put aside. */
unsigned int crd_measure_unpause(void)
{
	return crd_log_resume(&crd.log);
}

/* A hook did not run when it should have: told of once for each kind. */
void crd_measure_lost(enum crd_lost kind)
{
	u8 small[CRD_EVENT_SMALL];
	struct crd_event ev;
	struct crd_ref ref;

	atomic64_inc(&crd.missed);
	if (test_and_set_bit(kind, &crd.lost) || !crd_measure_wait())
		return;
	pr_err("%s\n", crd_lost_reason[kind]);
	crd_event_init_small(&ev, CRD_EV_HOOK_LOST, small, sizeof(small));
	crd_event_str(&ev, CRD_F_REASON, crd_lost_reason[kind]);
	crd_measure_add(&ev, CRD_LOG_RESERVED, &ref);
}

int crd_measure_image(const u8 *data, size_t payload, size_t len,
		      u8 *ret_payload, u8 *ret_whole)
{
	return crd_digest_image(&crd.digest, data, payload, len, ret_payload,
				ret_whole);
}

void crd_measure_pick_hash(void)
{
	crd_digest_pick(&crd.digest);
}

static void crd_measure_run_later(struct work_struct *work)
{
	struct crd_later *later = container_of(work, struct crd_later, work);

	later->run(later);
	atomic64_inc(&crd.caught_up);
	wake_up_all(&crd.log.wait);
}

/* Have @run called in process context, in order. @later may be freed by it. */
void crd_measure_later(struct crd_later *later,
		       void (*run)(struct crd_later *later))
{
	later->run = run;
	INIT_WORK(&later->work, crd_measure_run_later);
	atomic64_inc(&crd.put_off);
	queue_work(crd.wq, &later->work);
}

/* Nobody may put off anything any more. */
void crd_measure_drain(void)
{
	drain_workqueue(crd.wq);
}

/*
 * Who has seen a load fail should find its result in the log: wait for what
 * was put off so far, but not for a TPM that hangs. 0 or -ERESTARTSYS.
 */
int crd_measure_settle(void)
{
	s64 want = atomic64_read(&crd.put_off);
	long rc;

	rc = wait_event_killable_timeout(crd.log.wait,
					 atomic64_read(&crd.caught_up) >= want,
					 CRD_SETTLE);
	return rc < 0 ? rc : 0;
}

static void crd_measure_set_gate(enum crd_gate gate)
{
	WRITE_ONCE(crd.gate, gate);
	wake_up_all(&crd.gate_wait);
}

/*
 * The anchor must make it into the PCR, whatever fail= says. What else belongs
 * to the start follows it, and only then the gate is opened.
 */
int crd_measure_open(struct crd_event *anchor, struct crd_event *more,
		     unsigned int n)
{
	struct crd_ref ref;
	unsigned int i;
	int rc;

	rc = crd_measure_add(anchor, CRD_LOG_NORMAL, &ref);
	if (rc)
		pr_err("could not write the first record (%d)\n", rc);
	for (i = 0; !rc && i < n; i++)
		crd_measure_add(&more[i], CRD_LOG_NORMAL, &ref);
	crd_measure_set_gate(rc ? CRD_GATE_OFF : CRD_GATE_OPEN);
	return rc;
}

/* Start-up failed: whoever waits goes on unmeasured, as if we had not been. */
void crd_measure_abandon(void)
{
	crd_measure_set_gate(CRD_GATE_OFF);
}

int crd_measure_start(const struct crd_params *params)
{
	struct crd_log_bank bank[CRD_MAX_BANKS];
	unsigned int i;
	int rc;

	crd.params = *params;
	init_waitqueue_head(&crd.gate_wait);
	rc = crd_tpm_start(&crd.tpm, params->pcr, params->timeout);
	if (rc)
		return rc;
	rc = crd_digest_start(&crd.digest, crd.tpm.chip);
	if (rc)
		goto err_stop_tpm;
	for (i = 0; i < crd.digest.banks; i++) {
		bank[i].alg = crd.digest.bank[i].alg;
		bank[i].size = crd.digest.bank[i].size;
	}
	rc = crd_log_init(&crd.log, (u64)params->log_max * 1024, params->pcr,
			  bank, crd.digest.banks, &crd_measure_ops, NULL);
	if (rc)
		goto err_stop_digest;
	crd.wq = alloc_ordered_workqueue("credence", 0);
	if (!crd.wq) {
		rc = -ENOMEM;
		goto err_exit_log;
	}
	return 0;

err_exit_log:
	crd_log_exit(&crd.log);
err_stop_digest:
	crd_digest_stop(&crd.digest);
err_stop_tpm:
	crd_tpm_stop(&crd.tpm);
	return rc;
}

/* Nobody may measure any more. The TPM's worker ends first: it is ours. */
void crd_measure_stop(void)
{
	destroy_workqueue(crd.wq);
	crd_tpm_stop(&crd.tpm);
	crd_log_exit(&crd.log);
	crd_digest_stop(&crd.digest);
}

struct crd_log *crd_measure_log(void)
{
	return &crd.log;
}

struct crd_tpm *crd_measure_tpm(void)
{
	return &crd.tpm;
}

const struct crd_digest *crd_measure_digest(void)
{
	return &crd.digest;
}

const struct crd_params *crd_measure_params(void)
{
	return &crd.params;
}

static const char *crd_measure_state(void)
{
	if (READ_ONCE(crd.log.failed))
		return "failed";
	if (READ_ONCE(crd.log.full))
		return "full";
	return READ_ONCE(crd.lost) ? "hooks-lost" : "ok";
}

static void crd_measure_show_banks(struct seq_file *m)
{
	unsigned int i;

	seq_puts(m, "banks=");
	for (i = 0; i < crd.digest.banks; i++) {
		const struct crd_digest_bank *bank = &crd.digest.bank[i];
		const char *name = crd_digest_name(bank->alg);

		seq_puts(m, i ? "," : "");
		if (name)
			seq_puts(m, name);
		else
			seq_printf(m, "%#06x", bank->alg);
		if (bank->used != bank->alg)
			seq_printf(m, "(%s)", crd_digest_name(bank->used));
	}
	seq_putc(m, '\n');
}

/* The text of credence/status: key=value lines. */
void crd_measure_show(struct seq_file *m)
{
	char driver[CRYPTO_MAX_ALG_NAME];

	crd_digest_driver(&crd.digest, driver, sizeof(driver));
	seq_printf(m, "state=%s\n", crd_measure_state());
	seq_printf(m, "version=%s\n", THIS_MODULE->version);
	seq_printf(m, "format=%u\n", CRD_FORMAT_VERSION);
	seq_printf(m, "records=%llu\n", READ_ONCE(crd.log.next));
	seq_printf(m, "bytes=%llu\n", crd_store_len(&crd.log.store));
	seq_printf(m, "memory=%llu\n", crd_store_memory(&crd.log.store));
	seq_printf(m, "log_max=%u\n", crd.params.log_max);
	seq_printf(m, "pcr=%u\n", crd.params.pcr);
	crd_measure_show_banks(m);
	seq_printf(m, "fail=%s\n", crd.params.closed ? "closed" : "open");
	seq_printf(m, "unloadable=%d\n", crd.params.unloadable);
	seq_printf(m, "extend_timeout=%u\n", crd.params.timeout);
	seq_printf(m, "sha256_driver=%s\n", driver);
	seq_printf(m, "error=%d\n", READ_ONCE(crd.log.failed));
	seq_printf(m, "extend_errors=%llu\n", READ_ONCE(crd.log.extend_errors));
	seq_printf(m, "extend_ns=%llu\n", READ_ONCE(crd.log.extend_ns));
	seq_printf(m, "batches=%llu\n", READ_ONCE(crd.log.batches));
	seq_printf(m, "paused=%d\n", READ_ONCE(crd.log.paused));
	seq_printf(m, "put_off=%lld\n", atomic64_read(&crd.put_off) -
		   atomic64_read(&crd.caught_up));
	seq_printf(m, "dropped=%llu\n", READ_ONCE(crd.log.dropped));
	seq_printf(m, "missed=%lld\n", atomic64_read(&crd.missed));
}
