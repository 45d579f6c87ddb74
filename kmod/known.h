/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices that have their record. Addresses are compared, never followed. */
#ifndef _CRD_KNOWN_H
#define _CRD_KNOWN_H

#include <linux/types.h>

int crd_known_add(const void *dev);
bool crd_known_bind(const void *dev, bool bound);
void crd_known_remove(const void *dev);
void crd_known_clear(void);

#endif /* _CRD_KNOWN_H */
