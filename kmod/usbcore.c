// SPDX-License-Identifier: GPL-2.0-only
/*
 * usbcore is a module on most kernels, and not there on machines without USB.
 * To use its symbols as everybody does would load it with us and keep it in;
 * they are looked up while it is there, and given back. The USB bus itself is
 * not exported: a driver that claims no device learns it by being registered.
 */
#include <linux/module.h>
#include <linux/usb.h>
#include "usbcore.h"

/* Hold on to usbcore, so that it can be called; false if it is not live. */
bool crd_usbcore_hold(void)
{
	return symbol_get(usb_register_driver);
}

void crd_usbcore_put(void)
{
	symbol_put(usb_register_driver);
}

static int crd_usbcore_probe(struct usb_interface *intf,
			     const struct usb_device_id *id)
{
	return -ENODEV;
}

static void crd_usbcore_disconnect(struct usb_interface *intf)
{
}

/*
 * No ids, and no way for user space to add some or to bind it by hand. Were
 * it allowed to probe asynchronously, its going would wait for all probes that
 * are, of which some may wait for us.
 */
static struct usb_driver crd_usbcore_driver = {
	.name = "credence",
	.probe = crd_usbcore_probe,
	.disconnect = crd_usbcore_disconnect,
	.no_dynamic_id = 1,
};

/**
 * crd_usbcore_bus() - find the USB bus
 * @ret_type: set on success; good as long as usbcore stays
 *
 * usbcore must be held. Return: 0 or -errno; -ENODEV if the administrator
 * has switched USB off (nousb).
 */
int crd_usbcore_bus(crd_bus_type *ret_type)
{
	typeof(usb_register_driver) *reg = symbol_get(usb_register_driver);
	typeof(usb_deregister) *dereg = symbol_get(usb_deregister);
	struct device_driver *core = crd_usb_core_driver(&crd_usbcore_driver);
	int rc = -ENOENT;

	core->suppress_bind_attrs = true;
	core->probe_type = PROBE_FORCE_SYNCHRONOUS;
	if (reg && dereg)
		rc = reg(&crd_usbcore_driver, NULL, NULL);
	if (!rc) {
		*ret_type = core->bus;
		dereg(&crd_usbcore_driver);
	}
	if (dereg)
		symbol_put(usb_deregister);
	if (reg)
		symbol_put(usb_register_driver);
	return rc;
}
