/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of host share: one machine being read. */
#ifndef CRD_HOST_PRIVATE_H
#define CRD_HOST_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "fields.h"
#include "host.h"
#include "sys.h"

#define CRD_HOST_DRIVERS   64 /* remembered, with their modules */
#define CRD_HOST_COVER	   64 /* CRD_MAX_STRINGS */
#define CRD_HOST_LINE	   256
#define CRD_HOST_USB_BUSES 64 /* told apart */

struct crd_host_driver {
	char bus[8];
	char name[CRD_SYS_NAME];
	char module[CRD_SYS_NAME]; /* "": built in */
};

/* Lines of the COVERAGE record. */
struct crd_host_cover {
	char line[CRD_HOST_COVER][CRD_HOST_LINE];
	size_t n;
};

struct crd_host {
	struct crd_inventory inventory; /* borrows fields */
	struct crd_fields fields;
	int root; /* folder */
	struct crd_host_driver drivers[CRD_HOST_DRIVERS];
	size_t n_drivers;
	uint64_t superspeed; /* bit n: root hub usbN is of USB 3 */
	struct crd_host_cover seen, not_seen;
};

/* host.c: "word: explanation" */
void crd_host_seen(struct crd_host *h, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void crd_host_not_seen(struct crd_host *h, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Each adds its items. 0; -ENOENT: this machine has none of that; other errors:
 * it may have, but they cannot be read.
 */
int crd_host_pci(struct crd_host *h);
int crd_host_usb(struct crd_host *h);
int crd_host_smbios(struct crd_host *h);
int crd_host_acpi(struct crd_host *h);
int crd_host_esrt(struct crd_host *h);
int crd_host_cpu(struct crd_host *h);
int crd_host_tpm(struct crd_host *h);
int crd_host_modules(struct crd_host *h);

/* host_device.c: what the buses have in common. */

/* A device's folder below /sys/bus/BUS/devices, and its uevent file. */
struct crd_host_device {
	const char *bus;
	const char *name;
	int folder;
	char uevent[CRD_SYS_ATTRIBUTE];
	char parent[2 * CRD_SYS_NAME]; /* "pci/0000:00:1c.0", or "" */
	char port[CRD_HOST_LINE];
};

/*
 * Calls one() for each device of the bus, in the order of their names, its
 * folder open. Those that cannot be read are counted and said not to be seen.
 */
int crd_host_devices(struct crd_host *h, const char *bus,
		     void (*one)(struct crd_host *h,
				 struct crd_host_device *d));
/* An item's beginning, up to its port; DEVICE, driver and all. */
void crd_host_device_begin(struct crd_host *h, const struct crd_host_device *d);
/* A number that a line of uevent has at that place: "PCI_ID=8086:10D3". */
bool crd_host_uevent_hex(const struct crd_host_device *d, const char *key,
			 unsigned int place, uint64_t *ret_value);
/* enum crd_device_flag of what the attribute `removable` says. */
uint32_t crd_host_removable(const struct crd_host_device *d);
#endif /* CRD_HOST_PRIVATE_H */
