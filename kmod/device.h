/* SPDX-License-Identifier: GPL-2.0-only */
/* Who asks for something: a device, what drives it, where it sits. */
#ifndef _CRD_DEVICE_H
#define _CRD_DEVICE_H

#include <linux/device.h>
#include "event.h"

bool crd_device_module(const struct device_driver *drv, char *ret_name,
		       size_t size);
void crd_device_put(struct crd_event *ev, const struct device *dev);

#endif /* _CRD_DEVICE_H */
