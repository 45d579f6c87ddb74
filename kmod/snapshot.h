/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is there when we start: sources add items, many to a record, and the
 * records are written right after the anchor.
 */
#ifndef _CRD_SNAPSHOT_H
#define _CRD_SNAPSHOT_H

#include <linux/types.h>
#include "credence.h"
#include "event.h"

/* All of the start but the anchor. */
#define CRD_SNAPSHOT_RECORDS	(CRD_MAX_START_RECORDS - 1)

/**
 * struct crd_snapshot - items put together to groups
 * @group: SNAPSHOT events, filled one after the other; the last is kept for
 *	the coverage record
 * @groups: how many have been begun
 * @items: in the last of them
 * @left_out: items for which there was no room
 */
struct crd_snapshot {
	struct crd_event group[CRD_SNAPSHOT_RECORDS];
	unsigned int groups;
	unsigned int items;
	u64 left_out;
};

void crd_snapshot_init(struct crd_snapshot *snap);
void crd_snapshot_free(struct crd_snapshot *snap);
void crd_snapshot_add(struct crd_snapshot *snap, const struct crd_event *item);

struct crd_event *crd_snapshot_coverage(struct crd_snapshot *snap);

#endif /* _CRD_SNAPSHOT_H */
