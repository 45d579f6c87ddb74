// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TPM may be slow, say no, or hang. A command runs on a worker of our own
 * and the caller waits for it at most @timeout; a worker that has not come
 * back makes every later command fail at once instead of waiting again.
 */
#include <linux/unaligned.h>
#include <linux/device.h>
#include <linux/string.h>
#include "tpm.h"

#define CRD_TPM2_CC_READ_CLOCK	0x0181
#define CRD_TPM_HEADER		10
#define CRD_TPM_TIME_INFO	25
/* moreData, capability, count; then a property and its value each */
#define CRD_TPM_CAPABILITY	9
#define CRD_TPM_PROPERTY	8

static void crd_tpm_work(struct work_struct *work)
{
	struct crd_tpm *tpm = container_of(work, struct crd_tpm, work);

	tpm->result = tpm->job(tpm);
	complete(&tpm->done);
}

/*
 * Have a job done by the worker; the caller holds @lock.
 * -EBUSY: an earlier one still hangs; -ETIMEDOUT: this one has not come back.
 */
static int crd_tpm_run(struct crd_tpm *tpm, int (*job)(struct crd_tpm *tpm))
{
	tpm->job = job;
	reinit_completion(&tpm->done);
	tpm->busy = true;
	queue_work(tpm->wq, &tpm->work);
	if (!wait_for_completion_timeout(&tpm->done,
					 msecs_to_jiffies(tpm->timeout))) {
		pr_err("the TPM has not answered for %u ms; records from here on are not in PCR %u\n",
		       tpm->timeout, tpm->pcr);
		return -ETIMEDOUT;
	}
	tpm->busy = false;
	return tpm->result;
}

/* One that was given up may have come back since. */
static bool crd_tpm_hangs(struct crd_tpm *tpm)
{
	return tpm->busy && !try_wait_for_completion(&tpm->done);
}

static int crd_tpm_job_extend(struct crd_tpm *tpm)
{
	return tpm_pcr_extend(tpm->chip, tpm->pcr, tpm->digests);
}

/**
 * crd_tpm_extend() - extend every bank
 * @tpm: the TPM
 * @digests: one for each allocated bank, in the chip's order
 *
 * Return: 0; -EBUSY: an earlier command still hangs; -ETIMEDOUT: this one has
 * not come back in time; -EIO: the TPM answered with an error; other -errno
 * of the driver.
 */
int crd_tpm_extend(struct crd_tpm *tpm, struct tpm_digest *digests)
{
	unsigned int i;
	int rc = -EBUSY;

	mutex_lock(&tpm->lock);
	if (crd_tpm_hangs(tpm))
		goto out;
	for (i = 0; i < tpm->chip->nr_allocated_banks; i++) {
		tpm->digests[i] = digests[i];
		tpm->digests[i].alg_id = tpm->chip->allocated_banks[i].alg_id;
	}
	rc = crd_tpm_run(tpm, crd_tpm_job_extend);
	if (rc > 0)
		pr_err_ratelimited("the TPM refused to extend PCR %u (response %#x)\n",
				   tpm->pcr, rc);
	else if (rc)
		pr_err_ratelimited("could not extend PCR %u (error %d)\n",
				   tpm->pcr, rc);
out:
	mutex_unlock(&tpm->lock);
	return rc > 0 ? -EIO : rc;
}

static int crd_tpm_job_read(struct crd_tpm *tpm)
{
	return tpm_pcr_read(tpm->chip, tpm->pcr, &tpm->digests[tpm->bank]);
}

/* The value of our PCR in one bank, as it stands now; as crd_tpm_extend(). */
int crd_tpm_read(struct crd_tpm *tpm, unsigned int bank,
		 struct tpm_digest *ret_value)
{
	struct tpm_digest *value = &tpm->digests[bank];
	int rc = -EBUSY;

	mutex_lock(&tpm->lock);
	if (crd_tpm_hangs(tpm))
		goto out;
	tpm->bank = bank;
	memset(value, 0, sizeof(*value));
	value->alg_id = tpm->chip->allocated_banks[bank].alg_id;
	rc = crd_tpm_run(tpm, crd_tpm_job_read);
	if (!rc)
		*ret_value = *value;
out:
	mutex_unlock(&tpm->lock);
	return rc > 0 ? -EIO : rc;
}

static int crd_tpm_job_clock(struct crd_tpm *tpm)
{
	struct crd_tpm_clock *clock = &tpm->clock;
	struct tpm_buf *buf;
	const u8 *p;
	ssize_t rc;

	buf = crd_tpm_buf_new(TPM2_ST_NO_SESSIONS, CRD_TPM2_CC_READ_CLOCK);
	if (!buf)
		return -ENOMEM;
	rc = tpm_try_get_ops(tpm->chip);
	if (rc)
		goto err_free;
	rc = tpm_transmit_cmd(tpm->chip, buf, CRD_TPM_TIME_INFO,
			      "reading the clock");
	tpm_put_ops(tpm->chip);
	if (rc)
		goto err_free;
	if (get_unaligned_be32(buf->data + 2) <
	    CRD_TPM_HEADER + CRD_TPM_TIME_INFO) {
		rc = -EBADMSG;
		goto err_free;
	}
	p = buf->data + CRD_TPM_HEADER;
	clock->time = get_unaligned_be64(p);
	clock->clock = get_unaligned_be64(p + 8);
	clock->reset_count = get_unaligned_be32(p + 16);
	clock->restart_count = get_unaligned_be32(p + 20);
	clock->safe = p[24];
err_free:
	crd_tpm_buf_free(buf);
	return rc;
}

/**
 * crd_tpm_read_clock() - TPM2_ReadClock
 * @tpm: the TPM
 * @ret_clock: reset and restart counters and clock; set on success only
 *
 * Return: as crd_tpm_extend(), or -EBADMSG: it answered something else.
 */
int crd_tpm_read_clock(struct crd_tpm *tpm, struct crd_tpm_clock *ret_clock)
{
	int rc = -EBUSY;

	mutex_lock(&tpm->lock);
	if (!crd_tpm_hangs(tpm))
		rc = crd_tpm_run(tpm, crd_tpm_job_clock);
	if (!rc)
		*ret_clock = tpm->clock;
	mutex_unlock(&tpm->lock);
	return rc > 0 ? -EIO : rc;
}

/* All @n properties from @first on, or none: 0 or -EBADMSG. */
static int crd_tpm_parse_properties(const u8 *p, size_t len, u32 first,
				    unsigned int n, u32 *ret_values)
{
	unsigned int i;

	if (len < CRD_TPM_CAPABILITY + n * CRD_TPM_PROPERTY ||
	    get_unaligned_be32(p + 1) != TPM2_CAP_TPM_PROPERTIES ||
	    get_unaligned_be32(p + 5) < n)
		return -EBADMSG;
	p += CRD_TPM_CAPABILITY;
	for (i = 0; i < n; i++, p += CRD_TPM_PROPERTY) {
		if (get_unaligned_be32(p) != first + i)
			return -EBADMSG;
		ret_values[i] = get_unaligned_be32(p + 4);
	}
	return 0;
}

static int crd_tpm_job_properties(struct crd_tpm *tpm)
{
	const size_t least = CRD_TPM_CAPABILITY + tpm->n * CRD_TPM_PROPERTY;
	struct tpm_buf *buf;
	u32 len;
	ssize_t rc;

	buf = crd_tpm_buf_new(TPM2_ST_NO_SESSIONS, TPM2_CC_GET_CAPABILITY);
	if (!buf)
		return -ENOMEM;
	tpm_buf_append_u32(buf, TPM2_CAP_TPM_PROPERTIES);
	tpm_buf_append_u32(buf, tpm->first);
	tpm_buf_append_u32(buf, tpm->n);
	rc = tpm_try_get_ops(tpm->chip);
	if (rc)
		goto err_free;
	rc = tpm_transmit_cmd(tpm->chip, buf, least, "reading properties");
	tpm_put_ops(tpm->chip);
	if (rc)
		goto err_free;
	/* The driver checked it to be what came, and at least a header. */
	len = get_unaligned_be32(buf->data + 2) - CRD_TPM_HEADER;
	rc = crd_tpm_parse_properties(buf->data + CRD_TPM_HEADER, len,
				      tpm->first, tpm->n, tpm->values);
err_free:
	crd_tpm_buf_free(buf);
	return rc;
}

/**
 * crd_tpm_read_properties() - TPM2_GetCapability of fixed properties
 * @tpm: the TPM
 * @first: the first property
 * @n: how many that follow each other, at most CRD_TPM_PROPERTIES
 * @ret_values: set on success only
 *
 * Return: as crd_tpm_read_clock().
 */
int crd_tpm_read_properties(struct crd_tpm *tpm, u32 first, unsigned int n,
			    u32 *ret_values)
{
	int rc = -EBUSY;

	if (n > CRD_TPM_PROPERTIES)
		return -EINVAL;
	mutex_lock(&tpm->lock);
	if (crd_tpm_hangs(tpm))
		goto out;
	tpm->first = first;
	tpm->n = n;
	rc = crd_tpm_run(tpm, crd_tpm_job_properties);
	if (!rc)
		memcpy(ret_values, tpm->values, n * sizeof(*ret_values));
out:
	mutex_unlock(&tpm->lock);
	return rc > 0 ? -EIO : rc;
}

static int crd_tpm_check(struct crd_tpm *tpm)
{
	/* Not tpm_is_tpm2(), which waits for whoever uses the TPM now. */
	if (!(tpm->chip->flags & TPM_CHIP_FLAG_TPM2)) {
		pr_err("the TPM is not a TPM 2.0; refusing to start\n");
		return -EOPNOTSUPP;
	}
	if (!tpm->chip->nr_allocated_banks) {
		pr_err("the TPM has no active PCR bank; activate one in the firmware setup\n");
		return -EOPNOTSUPP;
	}
	if (tpm->chip->nr_allocated_banks > CRD_MAX_BANKS) {
		pr_err("the TPM has %u active PCR banks, at most %u can be served\n",
		       tpm->chip->nr_allocated_banks, CRD_MAX_BANKS);
		return -E2BIG;
	}
	return 0;
}

int crd_tpm_start(struct crd_tpm *tpm, u32 pcr, unsigned int timeout)
{
	int rc;

	memset(tpm, 0, sizeof(*tpm));
	tpm->pcr = pcr;
	tpm->timeout = timeout;
	mutex_init(&tpm->lock);
	INIT_WORK(&tpm->work, crd_tpm_work);
	init_completion(&tpm->done);
	tpm->chip = tpm_default_chip();
	if (!tpm->chip) {
		pr_err("there is no TPM, or its driver is not loaded yet; refusing to start\n");
		return -ENODEV;
	}
	rc = crd_tpm_check(tpm);
	if (rc)
		goto err_put_chip;
	tpm->wq = alloc_ordered_workqueue("credence_tpm", WQ_MEM_RECLAIM);
	if (!tpm->wq) {
		rc = -ENOMEM;
		goto err_put_chip;
	}
	return 0;

err_put_chip:
	put_device(&tpm->chip->dev);
	return rc;
}

/* Waits for a worker that is still in the driver: the driver's own limit. */
void crd_tpm_stop(struct crd_tpm *tpm)
{
	destroy_workqueue(tpm->wq);
	put_device(&tpm->chip->dev);
}
