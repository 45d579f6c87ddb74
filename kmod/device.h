/* SPDX-License-Identifier: GPL-2.0-only */
/* Who asks for something: a device, what drives it, where it sits. */
#ifndef _CRD_DEVICE_H
#define _CRD_DEVICE_H

#include <linux/device.h>
#include <linux/module.h>
#include "event.h"

#define CRD_DEVICE_DRIVER	128

/**
 * struct crd_device_driver - names of a driver
 * @driver: empty if there is none
 * @module: empty if it is built in
 * @cut: @driver was longer
 */
struct crd_device_driver {
	char driver[CRD_DEVICE_DRIVER];
	char module[MODULE_NAME_LEN];
	bool cut;
};

bool crd_device_module(const struct device_driver *drv, char *ret_name,
		       size_t size);
bool crd_device_bound(const struct device *dev, struct crd_device_driver *ret);
void crd_device_put_names(struct crd_event *ev, const struct device *dev,
			  const char *bus, const struct crd_device_driver *drv);
void crd_device_put_parent(struct crd_event *ev, const struct device *dev);
void crd_device_put(struct crd_event *ev, const struct device *dev);

#endif /* _CRD_DEVICE_H */
