// SPDX-License-Identifier: Apache-2.0
/*
 * What kind of device it is: the class codes of PCI (PCI Code and ID
 * Assignment, 1.16) and of USB interfaces (usb.org, Defined Class Codes) as the
 * words of policies. The one place that knows them. A code may be worth several
 * words, and what stands in no row is "other".
 */
#include "appraise_private.h"

#define ANY 0x100 /* of a subclass or protocol */

#define STORAGE	   (1u << CRD_CLASS_STORAGE)
#define NETWORK	   (1u << CRD_CLASS_NETWORK)
#define WIRELESS   (1u << CRD_CLASS_WIRELESS)
#define DISPLAY	   (1u << CRD_CLASS_DISPLAY)
#define AUDIO	   (1u << CRD_CLASS_AUDIO)
#define CAMERA	   (1u << CRD_CLASS_CAMERA)
#define MEMORY	   (1u << CRD_CLASS_MEMORY)
#define BRIDGE	   (1u << CRD_CLASS_BRIDGE)
#define SERIAL	   (1u << CRD_CLASS_SERIAL)
#define SYSTEM	   (1u << CRD_CLASS_SYSTEM)
#define INPUT	   (1u << CRD_CLASS_INPUT)
#define KEYBOARD   (1u << CRD_CLASS_KEYBOARD)
#define MOUSE	   (1u << CRD_CLASS_MOUSE)
#define PROCESSOR  (1u << CRD_CLASS_PROCESSOR)
#define CONTROLLER (1u << CRD_CLASS_CONTROLLER)
#define CRYPTO	   (1u << CRD_CLASS_CRYPTO)
#define USB_DISK   (1u << CRD_CLASS_USB_STORAGE)
#define HUB	   (1u << CRD_CLASS_HUB)
#define PRINTER	   (1u << CRD_CLASS_PRINTER)
#define SMARTCARD  (1u << CRD_CLASS_SMARTCARD)
#define COMPOSITE  (1u << CRD_CLASS_COMPOSITE)
#define VENDOR	   (1u << CRD_CLASS_VENDOR_SPECIFIC)
#define OTHER	   (1u << CRD_CLASS_OTHER)

struct class_row {
	uint16_t base, sub, protocol;
	uint32_t words;
	const char *noun;
};

/* The first row that fits counts. */
static const struct class_row pci_rows[] = {
	{ 0x00, 0x01, ANY, DISPLAY, "graphics card" },
	{ 0x01, 0x08, ANY, STORAGE, "NVMe drive" },
	{ 0x01, ANY, ANY, STORAGE, "disk controller" },
	/* "other" is what nearly every Wi-Fi card says */
	{ 0x02, 0x80, ANY, NETWORK | WIRELESS, "network card" },
	{ 0x02, ANY, ANY, NETWORK, "network card" },
	{ 0x03, ANY, ANY, DISPLAY, "graphics card" },
	{ 0x04, 0x00, ANY, CAMERA, "video device" },
	{ 0x04, ANY, ANY, AUDIO, "sound card" },
	{ 0x05, ANY, ANY, MEMORY, "memory controller" },
	{ 0x06, ANY, ANY, BRIDGE, "bridge" },
	{ 0x07, ANY, ANY, SERIAL, "serial controller" },
	{ 0x08, ANY, ANY, SYSTEM, "system device" },
	{ 0x09, 0x00, ANY, INPUT | KEYBOARD, "keyboard controller" },
	{ 0x09, 0x02, ANY, INPUT | MOUSE, "mouse controller" },
	{ 0x09, ANY, ANY, INPUT, "input controller" },
	{ 0x0b, ANY, ANY, PROCESSOR, "processor" },
	{ 0x0c, 0x03, ANY, CONTROLLER, "USB controller" },
	{ 0x0c, ANY, ANY, CONTROLLER, "bus controller" },
	{ 0x0d, 0x20, ANY, WIRELESS | NETWORK, "wireless network card" },
	{ 0x0d, 0x21, ANY, WIRELESS | NETWORK, "wireless network card" },
	{ 0x0d, ANY, ANY, WIRELESS, "wireless device" },
	{ 0x0f, ANY, ANY, WIRELESS, "satellite receiver" },
	{ 0x10, ANY, ANY, CRYPTO, "encryption device" },
	{ 0x12, ANY, ANY, PROCESSOR, "accelerator" },
	{ 0x40, ANY, ANY, PROCESSOR, "coprocessor" },
	{ 0xff, ANY, ANY, VENDOR, "device of no standard class" },
	{ ANY, ANY, ANY, OTHER, "device" },
};

static const struct class_row usb_rows[] = {
	{ 0x00, ANY, ANY, COMPOSITE, "USB device" },
	{ 0x01, ANY, ANY, AUDIO, "USB sound device" },
	{ 0x02, 0x02, ANY, SERIAL, "USB modem or serial port" },
	{ 0x02, 0x06, ANY, NETWORK, "USB network adapter" },
	{ 0x02, 0x0d, ANY, NETWORK, "USB network adapter" },
	{ 0x02, 0x0e, ANY, NETWORK | WIRELESS, "USB mobile network adapter" },
	{ 0x02, ANY, ANY, SERIAL, "USB communication device" },
	{ 0x03, 0x01, 0x01, INPUT | KEYBOARD, "USB keyboard" },
	{ 0x03, 0x01, 0x02, INPUT | MOUSE, "USB mouse" },
	{ 0x03, ANY, ANY, INPUT, "USB input device" },
	{ 0x06, ANY, ANY, CAMERA, "USB camera" },
	{ 0x07, ANY, ANY, PRINTER, "USB printer" },
	{ 0x08, ANY, ANY, STORAGE | USB_DISK, "USB storage" },
	{ 0x09, ANY, ANY, HUB, "USB hub" },
	{ 0x0b, ANY, ANY, SMARTCARD, "USB smart card reader" },
	{ 0x0e, ANY, ANY, CAMERA, "USB camera" },
	{ 0x10, ANY, ANY, AUDIO | CAMERA, "USB audio and video device" },
	{ 0xe0, 0x01, 0x03, NETWORK, "USB network adapter" },
	{ 0xe0, ANY, ANY, WIRELESS, "USB wireless adapter" },
	{ 0xef, 0x02, 0x01, COMPOSITE, "USB device" },
	{ 0xef, 0x04, ANY, NETWORK, "USB network adapter" },
	{ 0xef, ANY, ANY, OTHER, "USB device" },
	{ 0xff, ANY, ANY, VENDOR, "USB device of no standard class" },
	{ ANY, ANY, ANY, OTHER, "USB device" },
};

static const struct class_row *find_row(const struct class_row *row,
					uint32_t code)
{
	uint16_t base = code >> 16 & 0xff, sub = code >> 8 & 0xff;
	uint16_t protocol = code & 0xff;

	while ((row->base != ANY && row->base != base) ||
	       (row->sub != ANY && row->sub != sub) ||
	       (row->protocol != ANY && row->protocol != protocol))
		row++;
	return row;
}

/* Of what is declared in words, without a code: all of the words count. */
static const struct class_row said_rows[] = {
	{ 0, 0, 0, STORAGE, "storage device" },
	{ 0, 0, 0, STORAGE | USB_DISK, "USB storage" },
	{ 0, 0, 0, NETWORK, "network card" },
	{ 0, 0, 0, NETWORK | WIRELESS, "wireless network card" },
	{ 0, 0, 0, WIRELESS, "wireless device" },
	{ 0, 0, 0, DISPLAY, "display device" },
	{ 0, 0, 0, AUDIO, "sound device" },
	{ 0, 0, 0, CAMERA, "camera" },
	{ 0, 0, 0, INPUT, "input device" },
	{ 0, 0, 0, INPUT | KEYBOARD, "keyboard" },
	{ 0, 0, 0, INPUT | KEYBOARD | WIRELESS, "wireless keyboard" },
	{ 0, 0, 0, INPUT | MOUSE | WIRELESS, "wireless mouse" },
	{ 0, 0, 0, INPUT | MOUSE, "mouse" },
	{ 0, 0, 0, PRINTER, "printer" },
	{ 0, 0, 0, SMARTCARD, "smart card reader" },
	{ 0, 0, 0, SERIAL, "serial device" },
	{ 0, 0, 0, CRYPTO, "encryption device" },
	{ 0, 0, 0, PROCESSOR, "accelerator" },
	{ 0, 0, 0, BRIDGE, "bridge" },
	{ 0, 0, 0, CONTROLLER, "controller" },
	{ 0, 0, 0, HUB, "hub" },
	{ 0, 0, 0, MEMORY, "memory controller" },
	{ 0, 0, 0, SYSTEM, "system device" },
	{ 0, 0, 0, VENDOR, "device of no standard class" },
	{ 0, 0, 0, AUDIO | CAMERA, "audio and video device" },
	{ 0, 0, 0, 0, "device" },
};

static const struct class_row *said_row(uint32_t words)
{
	static const struct class_row radio = { 0, 0, 0, WIRELESS,
						"wireless device" };
	const struct class_row *row = said_rows;

	while (row->words && row->words != words)
		row++;
	return !row->words && words & WIRELESS ? &radio : row;
}

static const struct class_row *row_of(const struct crd_component *c)
{
	static const struct class_row unknown = { ANY, ANY, ANY, 0, "device" };

	if (!c->has_class)
		return &unknown;
	if (c->said_class)
		return said_row(c->said_class);
	if (crd_buf_equal(c->bus, crd_buf_of("pci")))
		return find_row(pci_rows, c->class_code);
	if (crd_buf_equal(c->bus, crd_buf_of("usb")))
		return find_row(usb_rows, c->class_code);
	return &unknown;
}

uint32_t crd_class_words(const struct crd_component *c)
{
	return c->said_class ? c->said_class : row_of(c)->words;
}

const char *crd_class_noun(const struct crd_component *c)
{
	return row_of(c)->noun;
}

const char *const crd_class_names[] = {
	"storage",   "network",	 "wireless",	    "display",	 "audio",
	"camera",    "memory",	 "bridge",	    "serial",	 "system",
	"input",     "keyboard", "mouse",	    "processor", "controller",
	"crypto",    "hub",	 "usb-storage",	    "printer",	 "smartcard",
	"composite", "other",	 "vendor-specific", NULL
};
