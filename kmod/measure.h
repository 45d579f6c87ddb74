/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one doorway: an event goes in, and when the call returns it is in the
 * log and in the PCR, or the state says that it is not. Process context.
 */
#ifndef _CRD_MEASURE_H
#define _CRD_MEASURE_H

#include <linux/seq_file.h>
#include <linux/workqueue.h>
#include "digest.h"
#include "event.h"
#include "log.h"
#include "params.h"
#include "tpm.h"

/* What may go missing; each kind is told of once. */
enum crd_lost {
	CRD_LOST_RESULT,	/* no bracket around a load */
	CRD_LOST_PROBE,		/* a return probe had no room */
	CRD_LOST_NOTIFIER,	/* a load that the notifier did not see */
	CRD_LOST_IMAGE,		/* a module came up and no image was seen */
	CRD_LOST_KINDS
};

/* An event, or a chore, for which the caller could not sleep. */
struct crd_later {
	struct work_struct work;
	void (*run)(struct crd_later *later);
};

int crd_measure_start(const struct crd_params *params);
void crd_measure_stop(void);

/* Events wait between start and open, so that the anchor comes first. */
int crd_measure_open(struct crd_event *anchor, struct crd_event *more,
		     unsigned int n);
void crd_measure_abandon(void);

int crd_measure(struct crd_event *ev, struct crd_ref *ret_ref);
int crd_measure_verdict(void);
void crd_measure_pause(void);
unsigned int crd_measure_unpause(void);
void crd_measure_lost(enum crd_lost kind);
int crd_measure_image(const u8 *data, size_t payload, size_t len,
		      u8 *ret_payload, u8 *ret_whole);
void crd_measure_pick_hash(void);
void crd_measure_later(struct crd_later *later,
		       void (*run)(struct crd_later *later));
void crd_measure_drain(void);
int crd_measure_settle(void);

struct crd_log *crd_measure_log(void);
struct crd_tpm *crd_measure_tpm(void);
const struct crd_digest *crd_measure_digest(void);
const struct crd_params *crd_measure_params(void);
void crd_measure_show(struct seq_file *m);

#endif /* _CRD_MEASURE_H */
