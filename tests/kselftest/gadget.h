/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USB devices of any kind, plugged into the kernel's own loop-back controller
 * (dummy_hcd): well-formed ones by configfs, and others by gadgetfs.
 */
#ifndef KSELFTEST_GADGET_H
#define KSELFTEST_GADGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ODD_VENDOR 0x0bad

struct gadget {
	uint16_t vendor;
	uint16_t product;
	uint16_t version;
	bool storage;
	bool keyboard;
	const char *text; /* manufacturer, product and serial; NULL: "x" */
};

/*
 * Plugs it in and waits until the host has it. The name is "usb/3-1", in a
 * buffer of MAX_NAME. 0 or -errno. Only one can be plugged at a time.
 */
int gadget_plug(const struct gadget *gadget, char *ret_name);
void gadget_unplug(void);
/* Leaves nothing in configfs, so that the modules can be unloaded. */
void gadget_remove(void);
/* Does the host let new devices in? */
void gadget_authorize(bool yes);

/* One interface, of no class, and then these bytes. */
int odd_gadget_plug(const uint8_t *junk, size_t len, char *ret_name);
void odd_gadget_unplug(void);

#endif /* KSELFTEST_GADGET_H */
