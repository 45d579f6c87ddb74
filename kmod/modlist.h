/* SPDX-License-Identifier: GPL-2.0-only */
/* The modules that were there before the measurer. */
#ifndef _CRD_MODLIST_H
#define _CRD_MODLIST_H

#include "snapshot.h"

int crd_modlist_snapshot(struct crd_snapshot *snap);

#endif /* _CRD_MODLIST_H */
