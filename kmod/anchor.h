/* SPDX-License-Identifier: GPL-2.0-only */
/* The first record: what the measurer found, and how it was started. */
#ifndef _CRD_ANCHOR_H
#define _CRD_ANCHOR_H

#include "event.h"

int crd_anchor_fill(struct crd_event *ev);

#endif /* _CRD_ANCHOR_H */
