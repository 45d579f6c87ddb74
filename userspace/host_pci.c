// SPDX-License-Identifier: Apache-2.0
/*
 * PCI devices. Their ids stand in one file each, uevent, from what the kernel
 * read when it found them: no configuration space is touched.
 */
#include "credence.h"
#include "host_private.h"

static void put_hex(struct crd_host *h, const struct crd_host_device *d,
		    uint8_t type, const char *key, unsigned int place,
		    unsigned int width)
{
	uint64_t value;

	if (crd_host_uevent_hex(d, key, place, &value))
		crd_fields_uint(&h->fields, type, value, width);
}

static void add_device(struct crd_host *h, struct crd_host_device *d)
{
	uint32_t flags = crd_host_removable(d);
	uint64_t revision, subvendor;
	char link[512];

	if (crd_sys_link(d->folder, "physfn", link, sizeof(link)))
		flags |= CRD_DEVICE_VIRTUAL;
	crd_host_device_begin(h, d);
	put_hex(h, d, CRD_F_VENDOR_ID, "PCI_ID", 0, 2);
	put_hex(h, d, CRD_F_DEVICE_ID, "PCI_ID", 1, 2);
	if (crd_host_uevent_hex(d, "PCI_SUBSYS_ID", 0, &subvendor) &&
	    subvendor) {
		crd_fields_uint(&h->fields, CRD_F_SUBVENDOR_ID, subvendor, 2);
		put_hex(h, d, CRD_F_SUBDEVICE_ID, "PCI_SUBSYS_ID", 1, 2);
	}
	put_hex(h, d, CRD_F_CLASS, "PCI_CLASS", 0, 4);
	/* hexadecimal with its prefix */
	if (crd_sys_read_number(d->folder, "revision", 16, &revision))
		crd_fields_uint(&h->fields, CRD_F_REVISION, revision, 2);
	if (flags)
		crd_fields_uint(&h->fields, CRD_F_DEVICE_FLAGS, flags, 4);
	crd_fields_end(&h->fields);
}

int crd_host_pci(struct crd_host *h)
{
	return crd_host_devices(h, "pci", add_device);
}
