// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a device is called, and what drives it. Nobody holds it still for us: a
 * driver may leave meanwhile, but its module's memory stays until an RCU grace
 * period is over.
 */
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "device.h"

#define CRD_DEVICE_PARENT	128	/* a bus, a device's name */

/**
 * crd_device_module() - the module that a driver is part of
 * @drv: the driver; stays in memory meanwhile
 * @ret_name: the module's name
 * @size: room for it
 *
 * A driver's owner can be a library that has registered it for another module.
 * Where the driver itself lies tells better.
 *
 * Return: whether it is part of a module.
 */
bool crd_device_module(const struct device_driver *drv, char *ret_name,
		       size_t size)
{
	struct kset *kset = THIS_MODULE->mkobj.kobj.kset;
	const struct module_kobject *mk;
	bool found = false;
	struct kobject *kobj;

	spin_lock(&kset->list_lock);
	list_for_each_entry(kobj, &kset->list, entry) {
		mk = container_of(kobj, struct module_kobject, kobj);
		if (!mk->mod || !within_module((unsigned long)drv, mk->mod))
			continue;
		strscpy(ret_name, mk->mod->name, size);
		found = true;
		break;
	}
	spin_unlock(&kset->list_lock);
	if (!found && drv->owner)
		strscpy(ret_name, drv->owner->name, size);
	return found || drv->owner;
}

static bool crd_device_is(const struct device *dev, const char *type)
{
	return dev->type && dev->type->name && !strcmp(dev->type->name, type);
}

/* Has it a driver of its own? */
bool crd_device_bound(const struct device *dev, struct crd_device_driver *ret)
{
	const struct device_driver *drv;

	memset(ret, 0, sizeof(*ret));
	rcu_read_lock();
	drv = READ_ONCE(dev->driver);
	if (drv) {
		ret->cut = strscpy(ret->driver, drv->name,
				   sizeof(ret->driver)) < 0;
		crd_device_module(drv, ret->module, sizeof(ret->module));
	}
	rcu_read_unlock();
	return *ret->driver;
}

/**
 * struct crd_device_interfaces - what drives a USB device's interfaces
 * @dev: the device
 * @first: the driver of an interface that has one
 * @differ: another interface has another
 */
struct crd_device_interfaces {
	const struct device *dev;
	struct crd_device_driver first;
	bool differ;
};

static int crd_device_interface(struct device *dev, void *data)
{
	struct crd_device_interfaces *found = data;
	struct crd_device_driver drv;

	if (dev->parent != found->dev || !crd_device_is(dev, "usb_interface") ||
	    !crd_device_bound(dev, &drv))
		return 0;
	if (*found->first.driver && strcmp(found->first.driver, drv.driver))
		found->differ = true;
	found->first = drv;
	return 0;
}

/*
 * A USB device as a whole has a driver that tells nothing; what drives it is
 * bound to its interfaces. If these are several, nobody knows which one asks.
 * The bus knows of an interface that is just being probed, its parent not yet.
 */
static bool crd_device_interfaces(const struct device *dev,
				  struct crd_device_driver *ret)
{
	struct crd_device_interfaces found = { .dev = dev };

	if (!dev->bus || !crd_device_is(dev, "usb_device"))
		return false;
	bus_for_each_dev(dev->bus, NULL, &found, crd_device_interface);
	*ret = found.first;
	return *ret->driver && !found.differ;
}

/* What drives a device without a driver is its nearest ancestor's. */
static void crd_device_driver(const struct device *dev,
			      struct crd_device_driver *ret)
{
	while (dev && !crd_device_interfaces(dev, ret) &&
	       !crd_device_bound(dev, ret))
		dev = dev->parent;
}

/* A device of no bus (misc, net) has its class for one. */
static const char *crd_device_bus(const struct device *dev)
{
	if (dev->bus)
		return dev->bus->name;
	return dev->class ? dev->class->name : NULL;
}

/* The nearest ancestor on a bus whose devices are measured. */
void crd_device_put_parent(struct crd_event *ev, const struct device *dev)
{
	char text[CRD_DEVICE_PARENT];

	for (dev = dev->parent; dev; dev = dev->parent) {
		if (!dev->bus || (strcmp(dev->bus->name, "pci") &&
				  strcmp(dev->bus->name, "usb")))
			continue;
		snprintf(text, sizeof(text), "%s/%s", dev->bus->name,
			 dev_name(dev));
		crd_event_str(ev, CRD_F_PARENT, text);
		return;
	}
}

/* DEVICE to MODULE. */
void crd_device_put_names(struct crd_event *ev, const struct device *dev,
			  const char *bus, const struct crd_device_driver *drv)
{
	crd_event_str(ev, CRD_F_DEVICE, dev_name(dev));
	if (*drv->driver)
		crd_event_str(ev, CRD_F_DRIVER, drv->driver);
	if (drv->cut)
		crd_event_cut(ev, CRD_F_DRIVER);
	if (bus)
		crd_event_str(ev, CRD_F_BUS, bus);
	if (*drv->module)
		crd_event_str(ev, CRD_F_MODULE, drv->module);
}

/* DEVICE to MODULE, PARENT. The caller has a reference on the device. */
void crd_device_put(struct crd_event *ev, const struct device *dev)
{
	struct crd_device_driver drv = { .driver = "" };

	crd_device_driver(dev, &drv);
	crd_device_put_names(ev, dev, crd_device_bus(dev), &drv);
	crd_device_put_parent(ev, dev);
}
