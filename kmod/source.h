/* SPDX-License-Identifier: GPL-2.0-only */
/* Sources turn what happened into events. */
#ifndef _CRD_SOURCE_H
#define _CRD_SOURCE_H

#include <linux/fs.h>
#include <linux/sched.h>
#include "event.h"
#include "snapshot.h"

/**
 * struct crd_source - something that can be measured
 * @name: for messages
 * @start: from here on its events are measured
 * @snapshot: adds an item for each thing that was there before; called once,
 *	while events wait at the gate, so that nothing is both in the snapshot
 *	and in a record of its own, or in neither; may be NULL
 * @cover: adds the texts of one field of the coverage record, CRD_F_SEEN or
 *	CRD_F_NOT_SEEN: "word: explanation"; may be NULL
 * @stop: no new events; those under way may go on
 * @drain: waits for those under way, and frees; may be NULL
 */
struct crd_source {
	const char *name;
	int (*start)(void);
	int (*snapshot)(struct crd_snapshot *snap);
	void (*cover)(struct crd_event *ev, u8 field);
	void (*stop)(void);
	void (*drain)(void);
};

extern const struct crd_source crd_source_devices;
extern const struct crd_source crd_source_module;
extern const struct crd_source crd_source_firmware;
extern const struct crd_source crd_source_power;
extern const struct crd_source crd_source_platform;
extern const struct crd_source crd_source_activity;

/* A process, where the event has to wait. */
struct crd_who {
	u32 pid;
	u32 uid;
	char comm[TASK_COMM_LEN];
};

/* Shared fields, in the order of their numbers. */
void crd_source_origin(struct crd_event *ev, struct file *file);
void crd_source_digest(struct crd_event *ev, u8 field, const u8 *sha256);
void crd_source_note_who(struct crd_who *ret_who);
void crd_source_put_who(struct crd_event *ev, const struct crd_who *who);
void crd_source_who(struct crd_event *ev);
void crd_source_clock(struct crd_event *ev);

#endif /* _CRD_SOURCE_H */
