/* SPDX-License-Identifier: GPL-2.0-only */
/* The modules that were there before the measurer. */
#ifndef _CRD_SRC_SNAPSHOT_H
#define _CRD_SRC_SNAPSHOT_H

int crd_snapshot_take(void);
void crd_snapshot_record(void);
void crd_snapshot_drop(void);

#endif /* _CRD_SRC_SNAPSHOT_H */
