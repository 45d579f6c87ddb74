/* SPDX-License-Identifier: GPL-2.0-only */
/* securityfs credence/: the log and the state, for root to read. */
#ifndef _CRD_FS_H
#define _CRD_FS_H

int crd_fs_start(void);
void crd_fs_stop(void);

#endif /* _CRD_FS_H */
