// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "credence.h"
#include "host_private.h"

static void set(char *to, size_t size, const char *text, size_t len)
{
	if (len >= size)
		len = 0;
	memcpy(to, text, len);
	to[len] = '\0';
}

/* /sys/bus/BUS/drivers/NAME/module leads to it, if it is one. */
static void find_module(struct crd_host *h, struct crd_host_driver *d)
{
	char path[3 * CRD_SYS_NAME], link[512];
	const char *name;

	snprintf(path, sizeof(path), "sys/bus/%s/drivers/%s/module", d->bus,
		 d->name);
	name = crd_sys_link_name(h->root, path, link, sizeof(link));
	set(d->module, sizeof(d->module), name ? name : "",
	    name ? strlen(name) : 0);
}

/* NULL if its name is none. */
static const struct crd_host_driver *driver(struct crd_host *h, const char *bus,
					    const char *name, size_t len)
{
	struct crd_host_driver *d;
	size_t i;

	if (!len || len >= CRD_SYS_NAME || memchr(name, '/', len))
		return NULL;
	for (i = 0; i < h->n_drivers; i++) {
		d = &h->drivers[i];
		if (!strcmp(d->bus, bus) && strlen(d->name) == len &&
		    !memcmp(d->name, name, len))
			return d;
	}
	/* more than are ever there: the last place is used again */
	if (h->n_drivers == CRD_HOST_DRIVERS)
		h->n_drivers--;
	d = &h->drivers[h->n_drivers++];
	set(d->bus, sizeof(d->bus), bus, strlen(bus));
	set(d->name, sizeof(d->name), name, len);
	find_module(h, d);
	return d;
}

void crd_host_device_begin(struct crd_host *h, const struct crd_host_device *d)
{
	struct crd_fields *f = &h->fields;
	const struct crd_host_driver *drv = NULL;
	const char *name;
	size_t len;

	name = crd_sys_uevent(d->uevent, "DRIVER", &len);
	if (name && len)
		drv = driver(h, d->bus, name, len);
	crd_fields_begin(f, CRD_EV_DEVICE);
	crd_fields_str(f, CRD_F_DEVICE, d->name);
	if (name && len)
		crd_fields_text(f, CRD_F_DRIVER, name, len);
	crd_fields_str(f, CRD_F_BUS, d->bus);
	if (drv)
		crd_fields_str(f, CRD_F_MODULE, drv->module);
	crd_fields_str(f, CRD_F_PARENT, d->parent);
	crd_fields_str(f, CRD_F_PORT, d->port);
}

bool crd_host_uevent_hex(const struct crd_host_device *d, const char *key,
			 unsigned int place, uint64_t *ret_value)
{
	char digits[20] = "";
	const char *text;
	size_t left, len;

	text = crd_sys_uevent(d->uevent, key, &left);
	if (!text)
		return false;
	for (;; place--, text += len + 1, left -= len + 1) {
		for (len = 0;
		     len < left && text[len] != ':' && text[len] != '/'; len++)
			;
		if (!place)
			break;
		if (len == left)
			return false;
	}
	set(digits, sizeof(digits), text, len);
	return crd_sys_number(digits, 16, ret_value);
}

uint32_t crd_host_removable(const struct crd_host_device *d)
{
	char word[32];

	if (crd_sys_read(d->folder, "removable", word, sizeof(word)) <= 0)
		return 0;
	return strcmp(word, "removable") ? 0 : CRD_DEVICE_REMOVABLE;
}

/* "0000:00:1c.0": the bus's number and the rest, which is its place there */
static bool is_pci(const char *name, size_t len)
{
	size_t digits = strspn(name, "0123456789abcdef:.");

	return digits == len && len >= 12 && name[len - 2] == '.' &&
	       name[len - 5] == ':' && name[len - 8] == ':';
}

/* "1-1.2", "1-1.2:1.0", not "0000:00:1c.0" */
static const char *usb_ports(const char *name, size_t len)
{
	size_t bus = strspn(name, "0123456789");

	if (!bus || bus >= len || name[bus] != '-')
		return NULL;
	return strspn(name + bus + 1, "0123456789.:") == len - bus - 1 ?
		       name + bus + 1 :
		       NULL;
}

static bool is_root_hub(const char *name, size_t len)
{
	return len > 3 && !memcmp(name, "usb", 3) &&
	       strspn(name + 3, "0123456789") == len - 3;
}

static void add_port(char *port, const char *text, size_t len)
{
	size_t have = strlen(port);

	snprintf(port + have, CRD_HOST_LINE - have, "%s%.*s", have ? "/" : "",
		 (int)len, text);
}

static void set_parent(struct crd_host_device *d, const char *bus,
		       const char *name, size_t len)
{
	if (len < CRD_SYS_NAME)
		snprintf(d->parent, sizeof(d->parent), "%s/%.*s", bus, (int)len,
			 name);
}

/* The number of a USB bus, of its root hub's name. */
static unsigned int bus_number(const char *name)
{
	return (unsigned int)strtoul(name + 3, NULL, 10) % CRD_HOST_USB_BUSES;
}

/* One folder on the way from the root of all devices to this one. */
static void pass(const struct crd_host *h, struct crd_host_device *d,
		 const char *name, size_t len, bool last, size_t *usb_at)
{
	const char *ports = usb_ports(name, len);

	if (len > 3 && !memcmp(name, "pci", 3) && strchr(name, ':')) {
		add_port(d->port, name + 3, len - 3);
	} else if (is_pci(name, len)) {
		add_port(d->port, name + len - 4, 4);
		if (!last)
			set_parent(d, "pci", name, len);
	} else if (is_root_hub(name, len)) {
		add_port(d->port, "usb3",
			 h->superspeed >> bus_number(name) & 1 ? 4 : 3);
		*usb_at = strlen(d->port);
		if (!last)
			set_parent(d, "usb", name, len);
	} else if (ports && *usb_at) {
		/* its whole path of ports, so instead of the hub's before it */
		d->port[*usb_at] = '\0';
		add_port(d->port, ports, (size_t)(name + len - ports));
		if (!last)
			set_parent(d, "usb", name, len);
	}
}

static void find_place(const struct crd_host *h, struct crd_host_device *d,
		       const char *link)
{
	const char *at = strstr(link, "/devices/");
	size_t len, usb_at = 0;

	d->parent[0] = d->port[0] = '\0';
	if (!at)
		return;
	for (at += strlen("/devices/"); *at; at += len + (at[len] == '/')) {
		len = strcspn(at, "/");
		pass(h, d, at, len, !at[len], &usb_at);
	}
}

/*
 * A controller has two root hubs if it knows SuperSpeed, with ports numbered
 * alike. Root hubs are read before what hangs on them.
 */
static void note_speed(struct crd_host *h, const struct crd_host_device *d)
{
	uint64_t mbit;

	if (is_root_hub(d->name, strlen(d->name)) &&
	    crd_sys_read_number(d->folder, "speed", 10, &mbit) && mbit >= 5000)
		h->superspeed |= 1ull << bus_number(d->name);
}

/* False: it is gone, or what it leads to is no device. */
static bool open_device(struct crd_host *h, struct crd_host_device *d, int all)
{
	char link[PATH_MAX];

	d->folder = crd_sys_folder(all, d->name);
	if (d->folder < 0)
		return false;
	if (crd_sys_read(d->folder, "uevent", d->uevent, sizeof(d->uevent)) <
	    0) {
		close(d->folder);
		return false;
	}
	note_speed(h, d);
	crd_sys_link(all, d->name, link, sizeof(link));
	find_place(h, d, link);
	return true;
}

/* A root hub stands before what hangs on it. */
static bool comes_first(const char *bus, const char *name)
{
	return strncmp(name, bus, strlen(bus)) == 0;
}

/* Those that come first, or the others; how many could not be read. */
static size_t
read_devices(struct crd_host *h, struct crd_host_device *d, int all,
	     const struct crd_sys_names *names, bool first,
	     void (*one)(struct crd_host *h, struct crd_host_device *d))
{
	size_t i, missed = 0;

	for (i = 0; i < names->n; i++) {
		d->name = names->name[i];
		if (comes_first(d->bus, d->name) != first)
			continue;
		if (!open_device(h, d, all)) {
			missed++;
			continue;
		}
		one(h, d);
		close(d->folder);
	}
	return missed;
}

int crd_host_devices(struct crd_host *h, const char *bus,
		     void (*one)(struct crd_host *h, struct crd_host_device *d))
{
	struct crd_host_device d = { .bus = bus };
	struct crd_sys_names names = { 0 };
	size_t missed;
	char path[64];
	int all, r;

	snprintf(path, sizeof(path), "sys/bus/%s/devices", bus);
	all = crd_sys_folder(h->root, path);
	r = all < 0 ? all : crd_sys_list(all, &names);
	missed = read_devices(h, &d, all, &names, true, one) +
		 read_devices(h, &d, all, &names, false, one);
	if (missed + names.left_out)
		crd_host_not_seen(h, "%s: %zu devices that cannot be read", bus,
				  missed + names.left_out);
	crd_sys_names_done(&names);
	if (all >= 0)
		close(all);
	return r;
}
