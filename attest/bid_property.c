// SPDX-License-Identifier: Apache-2.0
/*
 * Properties, which every tool names in its own way: what counts is the last
 * part of the name, after ':' or '.', whatever its case, hyphens and
 * underscores. What is none of these is of no use here.
 */
#include <errno.h>
#include <string.h>

#include "bid_private.h"

enum property {
	VENDOR_ID,
	DEVICE_ID,
	SUBVENDOR_ID,
	SUBDEVICE_ID,
	CLASS_CODE,
	REVISION,
	BUS,
	WORD,
	SERIAL,
	PART_NUMBER,
	QUANTITY,
	BIOS,
};

/* bus: a name that only makes sense there */
static const struct {
	const char *name;
	enum property property;
	const char *bus;
} names[] = {
	{ "vendorid", VENDOR_ID, NULL },
	{ "vid", VENDOR_ID, NULL },
	{ "pcivendorid", VENDOR_ID, "pci" },
	{ "usbvendorid", VENDOR_ID, "usb" },
	{ "idvendor", VENDOR_ID, "usb" },
	{ "deviceid", DEVICE_ID, NULL },
	{ "productid", DEVICE_ID, NULL },
	{ "pid", DEVICE_ID, NULL },
	{ "pcideviceid", DEVICE_ID, "pci" },
	{ "usbproductid", DEVICE_ID, "usb" },
	{ "idproduct", DEVICE_ID, "usb" },
	{ "subvendorid", SUBVENDOR_ID, "pci" },
	{ "subsystemvendorid", SUBVENDOR_ID, "pci" },
	{ "subdeviceid", SUBDEVICE_ID, "pci" },
	{ "subsystemdeviceid", SUBDEVICE_ID, "pci" },
	{ "subsystemid", SUBDEVICE_ID, "pci" },
	{ "pciclasscode", CLASS_CODE, "pci" },
	{ "classcode", CLASS_CODE, NULL },
	{ "pcirevision", REVISION, "pci" },
	{ "revision", REVISION, NULL },
	{ "bus", BUS, NULL },
	{ "transport", BUS, NULL },
	{ "busprotocol", BUS, NULL },
	{ "hardwareclass", WORD, NULL },
	{ "devicetype", WORD, NULL },
	{ "class", WORD, NULL },
	{ "function", WORD, NULL },
	{ "serialnumber", SERIAL, NULL },
	{ "serial", SERIAL, NULL },
	{ "deviceserial", SERIAL, NULL },
	{ "partnumber", PART_NUMBER, NULL },
	{ "quantity", QUANTITY, NULL },
	{ "qty", QUANTITY, NULL },
	{ "biosrevision", BIOS, NULL }, /* who has one is the BIOS */
};

static struct crd_buf last_part(struct crd_buf name)
{
	size_t at = name.len;

	if (!at)
		return name;
	while (at && name.ptr[at - 1] != ':' && name.ptr[at - 1] != '.')
		at--;
	name.ptr += at;
	name.len -= at;
	return name;
}

/* Does the name say the bus before its last part, as "acme:pci:vendor-id"? */
static const char *bus_in(struct crd_buf name)
{
	static const char *const buses[] = { "pci", "usb" };
	size_t i, at, len;

	for (at = 0; at < name.len; at += len + 1) {
		for (len = 0; at + len < name.len &&
			      name.ptr[at + len] != ':' &&
			      name.ptr[at + len] != '.';)
			len++;
		for (i = 0; i < 2 && at + len < name.len; i++) {
			if (crd_bid_is((struct crd_buf){ name.ptr + at, len },
				       buses[i]))
				return buses[i];
		}
	}
	return NULL;
}

/* Other things are called so too: only what looks like it is an id. */
static bool looks_like_id(struct crd_buf value, size_t max)
{
	size_t i = 0;

	value = crd_bid_trim(value);
	if (value.len > 2 && value.ptr[0] == '0' &&
	    (value.ptr[1] | 0x20) == 'x')
		i = 2;
	if (value.len == i || value.len - i > max)
		return false;
	for (; i < value.len; i++) {
		if (crd_hex_any_digit(value.ptr[i]) < 0)
			return false;
	}
	return true;
}

static int set_class(struct crd_bid_reader *r, struct crd_bid_item *item,
		     struct crd_buf value)
{
	struct crd_buf said = crd_bid_trim(value);
	int32_t code = -1;
	size_t digits = said.len;
	int ret = crd_bid_set_hex(r, "class code", &code, value, 6);

	if (ret)
		return ret;
	if (digits > 2 && (said.ptr[1] | 0x20) == 'x') /* "0x0200" */
		digits -= 2;
	/* base and subclass, as lspci prints it; or the interface too */
	if (digits <= 4)
		code <<= 8;
	item->class_code = code;
	return 0;
}

static int set_id(struct crd_bid_reader *r, struct crd_bid_item *item,
		  enum property property, struct crd_buf value)
{
	const struct {
		const char *what;
		int32_t *said;
	} ids[] = {
		[VENDOR_ID] = { "vendor id", &item->vendor },
		[DEVICE_ID] = { "device id", &item->device },
		[SUBVENDOR_ID] = { "subsystem vendor id", &item->subvendor },
		[SUBDEVICE_ID] = { "subsystem id", &item->subdevice },
		[REVISION] = { "revision", &item->revision },
	};

	if (!looks_like_id(value, property == CLASS_CODE ? 6 : 4))
		return 0;
	if (property == CLASS_CODE)
		return set_class(r, item, value);
	return crd_bid_set_hex(r, ids[property].what, ids[property].said, value,
			       4);
}

static int set(struct crd_bid_reader *r, struct crd_bid_item *item,
	       enum property property, struct crd_buf value)
{
	switch (property) {
	case BUS:
		return crd_bid_set_bus(r, item, value);
	case WORD:
		crd_bid_set_word(item, value);
		if (crd_bid_is(value, "pcidevice"))
			return crd_bid_set_bus(r, item, crd_buf_of("pci"));
		if (crd_bid_is(value, "usbdevice"))
			return crd_bid_set_bus(r, item, crd_buf_of("usb"));
		return 0;
	case SERIAL: /* "redacted:3XYZ", as cdx-hbom has it */
		if (value.len >= 8 && !memcmp(value.ptr, "redacted", 8))
			return 0;
		return crd_bid_set_text(r, "serial number", &item->serial,
					value);
	case PART_NUMBER:
		return crd_bid_set_text(r, "part number", &item->part_number,
					value);
	case QUANTITY:
		return crd_bid_set_quantity(r, item, value);
	case BIOS:
		crd_bid_set_word(item, crd_buf_of("bios"));
		return 0;
	default:
		return set_id(r, item, property, value);
	}
}

int crd_bid_set_property(struct crd_bid_reader *r, struct crd_bid_item *item,
			 struct crd_buf name, struct crd_buf value)
{
	const char *bus = bus_in(name);
	struct crd_buf last = last_part(name);
	size_t i;
	int ret;

	for (i = 0; last.len && i < sizeof(names) / sizeof(names[0]); i++) {
		if (!crd_bid_is(last, names[i].name))
			continue;
		ret = set(r, item, names[i].property, value);
		if (names[i].bus)
			bus = names[i].bus;
		if (!ret && bus && names[i].property <= CLASS_CODE &&
		    crd_bid_trim(value).len)
			ret = crd_bid_set_bus(r, item, crd_buf_of(bus));
		return ret;
	}
	return 0;
}
