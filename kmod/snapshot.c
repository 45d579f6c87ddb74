// SPDX-License-Identifier: GPL-2.0-only
/*
 * Groups: a bounded number of records, and so of extends, however many items
 * there are. What does not fit is counted, and the coverage record tells.
 */
#include <linux/string.h>
#include "snapshot.h"

/* A group's content, less what is written in front of its items. */
#define CRD_SNAPSHOT_MOST	(CRD_MAX_CONTENT - CRD_EVENT_PROLOGUE)

void crd_snapshot_init(struct crd_snapshot *snap)
{
	memset(snap, 0, sizeof(*snap));
}

void crd_snapshot_free(struct crd_snapshot *snap)
{
	while (snap->groups)
		crd_event_free(&snap->group[--snap->groups]);
}

static bool crd_snapshot_fits(const struct crd_snapshot *snap, size_t size)
{
	return snap->groups && snap->items < CRD_MAX_ITEMS &&
	       crd_event_size(&snap->group[snap->groups - 1]) + size <=
	       CRD_SNAPSHOT_MOST;
}

/**
 * crd_snapshot_add() - add one component
 * @snap: the snapshot
 * @item: its event; stays the caller's, who frees it
 *
 * An error of @item sticks to its group and comes out when that is written.
 */
void crd_snapshot_add(struct crd_snapshot *snap, const struct crd_event *item)
{
	size_t size = crd_event_size(item) + CRD_TLV_HEADER +
		      CRD_EVENT_ITEM_LEAD;

	if (!crd_snapshot_fits(snap, size)) {
		if (snap->groups == CRD_SNAPSHOT_RECORDS - 1 ||
		    size > CRD_SNAPSHOT_MOST) {
			snap->left_out++;
			return;
		}
		crd_event_init(&snap->group[snap->groups++], CRD_EV_SNAPSHOT);
		snap->items = 0;
	}
	crd_event_nest(&snap->group[snap->groups - 1], item);
	snap->items++;
}

/* The COVERAGE event, empty, as the last of the start's records. */
struct crd_event *crd_snapshot_coverage(struct crd_snapshot *snap)
{
	struct crd_event *ev = &snap->group[snap->groups++];

	crd_event_init(ev, CRD_EV_COVERAGE);
	return ev;
}
