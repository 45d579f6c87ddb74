// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts of one USB device, or of one interface of it: what usbcore has read
 * and checked. Nothing is asked of the device again, so that what is recorded
 * is what drivers will go by. The texts are the device's own: anything.
 */
#include <crypto/sha2.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <linux/usb.h>
#include "bus.h"
#include "credence.h"
#include "measure.h"
#include "source.h"

/* Hubs on the way to a device: the standard allows 5. */
#define CRD_USB_DEPTH	16

/* usbcore's types are not exported; on its bus there are these two. */
static bool crd_usb_is_device(const struct device *dev)
{
	return dev->type && !strcmp(dev->type->name, "usb_device");
}

static struct usb_device *crd_usb_device(struct device *dev)
{
	if (crd_usb_is_device(dev))
		return to_usb_device(dev);
	return interface_to_usbdev(to_usb_interface(dev));
}

/* The controller: its place on PCI, or what it is called elsewhere. */
static void crd_usb_place_controller(struct crd_place *place,
				     struct device *dev)
{
	struct device *up = dev;

	while (up && !dev_is_pci(up))
		up = up->parent;
	if (up)
		crd_pci_place(place, to_pci_dev(up));
	if (up != dev)
		crd_place_add(place, "%s%s/%s", up ? "/" : "",
			      dev->bus ? dev->bus->name : "device",
			      dev_name(dev));
}

/*
 * A controller has two root hubs if it knows SuperSpeed, each with ports
 * numbered from 1, and a hub of that speed is a device on both.
 */
static const char *crd_usb_side(const struct usb_bus *bus)
{
	const struct usb_device *root = bus->root_hub;

	return root && root->speed >= USB_SPEED_SUPER ? "usb3" : "usb";
}

static void crd_usb_place_ports(struct crd_place *place,
				const struct usb_device *udev)
{
	u8 port[CRD_USB_DEPTH];
	unsigned int n = 0;

	for (; udev->parent; udev = udev->parent) {
		if (n == ARRAY_SIZE(port))
			place->cut = true;
		else
			port[n++] = udev->portnum;
	}
	if (n)
		crd_place_add(place, "/%u", port[--n]);
	while (n)
		crd_place_add(place, ".%u", port[--n]);
}

static void crd_usb_place_interface(struct crd_place *place,
				    const struct usb_device *udev,
				    const struct usb_interface *intf)
{
	const struct usb_host_config *config = udev->actconfig;

	crd_place_add(place, ":%u.%u",
		      config ? config->desc.bConfigurationValue : 0,
		      intf->cur_altsetting->desc.bInterfaceNumber);
}

/* "0000:00/04.0/usb/1.2", and of its interface "0000:00/04.0/usb/1.2:1.0" */
static void crd_bus_usb_place(struct crd_place *place, struct device *dev)
{
	struct usb_device *udev = crd_usb_device(dev);

	crd_usb_place_controller(place, udev->bus->controller);
	crd_place_add(place, "/%s", crd_usb_side(udev->bus));
	crd_usb_place_ports(place, udev);
	if (!crd_usb_is_device(dev))
		crd_usb_place_interface(place, udev, to_usb_interface(dev));
}

/* Bytes of the raw descriptors of configuration @i that usbcore kept. */
static size_t crd_usb_config_len(const struct usb_device *udev, unsigned int i)
{
	if (!udev->config || !udev->rawdescriptors || !udev->rawdescriptors[i])
		return 0;
	return le16_to_cpu(udev->config[i].desc.wTotalLength);
}

static size_t crd_usb_descriptors_len(const struct usb_device *udev)
{
	size_t len = sizeof(udev->descriptor);
	unsigned int i;

	for (i = 0; i < udev->descriptor.bNumConfigurations; i++)
		len += crd_usb_config_len(udev, i);
	return len;
}

static void crd_usb_descriptors(const struct usb_device *udev, u8 *buf)
{
	unsigned int i;

	memcpy(buf, &udev->descriptor, sizeof(udev->descriptor));
	buf += sizeof(udev->descriptor);
	for (i = 0; i < udev->descriptor.bNumConfigurations; i++) {
		size_t len = crd_usb_config_len(udev, i);

		if (len)
			memcpy(buf, udev->rawdescriptors[i], len);
		buf += len;
	}
}

/* At most 8 configurations of 64 KiB. */
static void crd_bus_usb_digest(struct crd_event *ev, struct device *dev)
{
	u8 sha256[SHA256_DIGEST_SIZE];
	const struct usb_device *udev;
	size_t len;
	u8 *buf;
	int rc;

	if (!crd_usb_is_device(dev))
		return;
	udev = to_usb_device(dev);
	len = crd_usb_descriptors_len(udev);
	buf = kvmalloc(len, GFP_KERNEL);
	if (!buf) {
		ev->err = -ENOMEM;
		return;
	}
	crd_usb_descriptors(udev, buf);
	rc = crd_measure_image(buf, len, len, sha256, sha256);
	kvfree(buf);
	if (rc)
		ev->err = rc;
	crd_event_uint(ev, CRD_F_SIZE, len, 8);
	crd_source_digest(ev, CRD_F_DIGEST, sha256);
}

static u32 crd_usb_class(u8 class, u8 subclass, u8 protocol)
{
	return class << 16 | subclass << 8 | protocol;
}

static u32 crd_usb_flags(const struct usb_device *udev)
{
	u32 flags = 0;

	if (udev->dev.removable == DEVICE_REMOVABLE)
		flags |= CRD_DEVICE_REMOVABLE;
	if (!udev->authorized)
		flags |= CRD_DEVICE_UNAUTHORIZED;
	if (!udev->parent)
		flags |= CRD_DEVICE_ROOT_HUB;
	return flags;
}

static void crd_usb_put_texts(struct crd_event *ev,
			      const struct usb_device *udev)
{
	if (udev->manufacturer)
		crd_event_str(ev, CRD_F_MANUFACTURER, udev->manufacturer);
	if (udev->product)
		crd_event_str(ev, CRD_F_PRODUCT, udev->product);
	if (udev->serial)
		crd_event_str(ev, CRD_F_SERIAL, udev->serial);
}

static void crd_usb_device_facts(struct crd_event *ev,
				 const struct usb_device *udev, bool all)
{
	const struct usb_device_descriptor *desc = &udev->descriptor;

	crd_event_uint(ev, CRD_F_CLASS,
		       crd_usb_class(desc->bDeviceClass, desc->bDeviceSubClass,
				     desc->bDeviceProtocol), 4);
	if (!all)
		return;
	crd_event_uint(ev, CRD_F_REVISION, le16_to_cpu(desc->bcdDevice), 2);
	crd_usb_put_texts(ev, udev);
	crd_event_uint(ev, CRD_F_DEVICE_FLAGS, crd_usb_flags(udev), 4);
}

/* What is common to all interfaces stands in the device's own record. */
static void crd_usb_interface_facts(struct crd_event *ev,
				    const struct usb_interface *intf, bool all)
{
	const struct usb_interface_descriptor *desc;

	desc = &intf->cur_altsetting->desc;
	crd_event_uint(ev, CRD_F_CLASS,
		       crd_usb_class(desc->bInterfaceClass,
				     desc->bInterfaceSubClass,
				     desc->bInterfaceProtocol), 4);
	if (all)
		crd_event_uint(ev, CRD_F_DEVICE_FLAGS,
			       intf->authorized ? 0 : CRD_DEVICE_UNAUTHORIZED,
			       4);
	crd_event_uint(ev, CRD_F_INTERFACE, desc->bInterfaceNumber, 1);
}

static void crd_bus_usb_facts(struct crd_event *ev, struct device *dev,
			      bool all)
{
	const struct usb_device *udev = crd_usb_device(dev);

	crd_event_uint(ev, CRD_F_VENDOR_ID,
		       le16_to_cpu(udev->descriptor.idVendor), 2);
	crd_event_uint(ev, CRD_F_DEVICE_ID,
		       le16_to_cpu(udev->descriptor.idProduct), 2);
	if (crd_usb_is_device(dev))
		crd_usb_device_facts(ev, udev, all);
	else
		crd_usb_interface_facts(ev, to_usb_interface(dev), all);
}

const struct crd_bus_ops crd_bus_usb = {
	.name = "usb",
	.put_digest = crd_bus_usb_digest,
	.place = crd_bus_usb_place,
	.put_facts = crd_bus_usb_facts,
};
