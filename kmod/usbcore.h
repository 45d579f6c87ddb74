/* SPDX-License-Identifier: GPL-2.0-only */
/* usbcore, where it is there: neither loaded for us nor kept in by us. */
#ifndef _CRD_USBCORE_H
#define _CRD_USBCORE_H

#include "bus.h"

bool crd_usbcore_hold(void);
void crd_usbcore_put(void);
int crd_usbcore_bus(crd_bus_type *ret_type);

#endif /* _CRD_USBCORE_H */
