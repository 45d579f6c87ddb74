/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TPM: the default chip, its active banks, and extends that take a
 * bounded time whatever the TPM does.
 */
#ifndef _CRD_TPM_H
#define _CRD_TPM_H

#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/tpm.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include "credence.h"

/* Most that are read at once. */
#define CRD_TPM_PROPERTIES	16

/* TPMS_TIME_INFO, as TPM2_ReadClock returns it. */
struct crd_tpm_clock {
	u64 time;
	u64 clock;
	u32 reset_count;
	u32 restart_count;
	u8 safe;
};

/**
 * struct crd_tpm - the TPM and the one command that may be under way
 * @chip: referenced
 * @pcr: the PCR that is ours
 * @timeout: longest wait for one command, in ms
 * @lock: one command at a time; under it all below
 * @job: what the worker is to do
 * @busy: @done of the last command is still to be taken; the caller's, not
 *	the worker's, so that a late answer is never taken for the next one's
 * @result: of the last command that came back: 0, -errno, or a TPM response
 * @digests: what is to be extended, or was read
 * @bank: which of them is to be read
 * @first: property to be read
 * @n: how many of them
 * @values: theirs
 * @clock: what was read
 */
struct crd_tpm {
	struct tpm_chip *chip;
	u32 pcr;
	unsigned int timeout;
	struct mutex lock;	/* one command at a time */
	struct workqueue_struct *wq;
	struct work_struct work;
	struct completion done;
	int (*job)(struct crd_tpm *tpm);
	bool busy;
	int result;
	struct tpm_digest digests[CRD_MAX_BANKS];
	unsigned int bank;
	u32 first;
	unsigned int n;
	u32 values[CRD_TPM_PROPERTIES];
	struct crd_tpm_clock clock;
};

int crd_tpm_start(struct crd_tpm *tpm, u32 pcr, unsigned int timeout);
void crd_tpm_stop(struct crd_tpm *tpm);
int crd_tpm_extend(struct crd_tpm *tpm, struct tpm_digest *digests);
int crd_tpm_read(struct crd_tpm *tpm, unsigned int bank,
		 struct tpm_digest *ret_value);
int crd_tpm_read_clock(struct crd_tpm *tpm, struct crd_tpm_clock *ret_clock);
int crd_tpm_read_properties(struct crd_tpm *tpm, u32 first, unsigned int n,
			    u32 *ret_values);

#endif /* _CRD_TPM_H */
