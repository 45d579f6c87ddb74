// SPDX-License-Identifier: Apache-2.0
/*
 * USB devices and their interfaces, as the kernel parsed their descriptors. A
 * device's texts are its own word, and may hold anything.
 */
#include <stdlib.h>
#include <string.h>

#include "credence.h"
#include "host_private.h"

static bool is_interface(const struct crd_host_device *d)
{
	return strchr(d->name, ':') != NULL;
}

/* "3/1/1", decimal, as one number of 24 bits. */
static bool class_of(const struct crd_host_device *d, const char *key,
		     uint64_t *ret_class)
{
	char line[32], *at = line, *end;
	uint64_t class = 0;
	const char *text;
	unsigned int i;
	size_t len;

	text = crd_sys_uevent(d->uevent, key, &len);
	if (!text || len >= sizeof(line))
		return false;
	memcpy(line, text, len);
	line[len] = '\0';
	for (i = 0; i < 3; i++, at = end) {
		unsigned long part;

		at += i && *at == '/';
		part = strtoul(at, &end, 10);
		if (end == at || part > 255)
			return false;
		class = class << 8 | part;
	}
	*ret_class = class;
	return true;
}

static void put_hex(struct crd_host *h, const struct crd_host_device *d,
		    uint8_t type, unsigned int place)
{
	uint64_t value;

	if (crd_host_uevent_hex(d, "PRODUCT", place, &value))
		crd_fields_uint(&h->fields, type, value, 2);
}

static void put_text(struct crd_host *h, const struct crd_host_device *d,
		     uint8_t type, const char *file)
{
	char text[CRD_SYS_ATTRIBUTE];
	ssize_t n = crd_sys_read(d->folder, file, text, sizeof(text));

	if (n > 0)
		crd_fields_text(&h->fields, type, text, (size_t)n);
}

static bool is_root_hub(const struct crd_host_device *d)
{
	return !strchr(d->name, '-');
}

static uint32_t flags_of(const struct crd_host_device *d)
{
	uint32_t flags = crd_host_removable(d);
	uint64_t authorized;

	if (is_root_hub(d))
		flags |= CRD_DEVICE_ROOT_HUB;
	if (crd_sys_read_number(d->folder, "authorized", 10, &authorized) &&
	    !authorized)
		flags |= CRD_DEVICE_UNAUTHORIZED;
	return flags;
}

static void end_device(struct crd_host *h, const struct crd_host_device *d)
{
	uint32_t flags = flags_of(d);

	put_hex(h, d, CRD_F_REVISION, 2);
	put_text(h, d, CRD_F_MANUFACTURER, "manufacturer");
	put_text(h, d, CRD_F_PRODUCT, "product");
	put_text(h, d, CRD_F_SERIAL, "serial");
	if (flags)
		crd_fields_uint(&h->fields, CRD_F_DEVICE_FLAGS, flags, 4);
}

static void add_device(struct crd_host *h, struct crd_host_device *d)
{
	uint64_t class;

	crd_host_device_begin(h, d);
	put_hex(h, d, CRD_F_VENDOR_ID, 0);
	put_hex(h, d, CRD_F_DEVICE_ID, 1);
	if (class_of(d, is_interface(d) ? "INTERFACE" : "TYPE", &class))
		crd_fields_uint(&h->fields, CRD_F_CLASS, class, 4);
	if (is_interface(d)) {
		/* "1-1:1.0": configuration, then the interface */
		const char *dot = strrchr(d->name, '.');
		uint64_t number;

		if (dot && crd_sys_number(dot + 1, 10, &number) && number < 256)
			crd_fields_uint(&h->fields, CRD_F_INTERFACE, number, 1);
	} else {
		end_device(h, d);
	}
	crd_fields_end(&h->fields);
}

int crd_host_usb(struct crd_host *h)
{
	return crd_host_devices(h, "usb", add_device);
}
