/* SPDX-License-Identifier: GPL-2.0-only */
/* What one device on a bus says of itself, and where it sits. */
#ifndef _CRD_BUS_H
#define _CRD_BUS_H

#include <linux/device.h>
#include <linux/pci.h>
#include <linux/types.h>
#include "event.h"
#include "place.h"

/* A bus: to a const struct in newer kernels only. */
#define crd_bus_type	typeof(((struct device *)NULL)->bus)

/**
 * struct crd_bus_ops - how one bus describes its devices
 * @name: CRD_F_BUS
 * @put_digest: the fields SIZE and DIGEST; may be NULL
 * @place: where the device sits, without numbers given by enumeration
 * @put_facts: the fields VENDOR_ID to INTERFACE; all of them, or only those
 *	by which a device is known again
 *
 * Called while the device is on its bus, or leaving it: its parents are there.
 */
struct crd_bus_ops {
	const char *name;
	void (*put_digest)(struct crd_event *ev, struct device *dev);
	void (*place)(struct crd_place *place, struct device *dev);
	void (*put_facts)(struct crd_event *ev, struct device *dev, bool all);
};

extern const struct crd_bus_ops crd_bus_pci;
extern const struct crd_bus_ops crd_bus_usb;

void crd_pci_place(struct crd_place *place, struct pci_dev *pdev);

#endif /* _CRD_BUS_H */
