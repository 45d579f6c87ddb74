// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ESRT, where the firmware left it. The memory is the firmware's only if
 * the kernel found the table good and kept it: else it was given away at boot
 * and holds anything by now. A node in sysfs says that it was kept.
 */
#include <linux/efi.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "esrt.h"
#include "platform.h"

static struct {
	const char *absent;	/* why nothing was read; else NULL */
	unsigned int entries;
} crd_efi;

static int crd_efi_entries(struct crd_snapshot *snap, unsigned int count)
{
	size_t size = CRD_ESRT_HEADER + (size_t)count * CRD_ESRT_ENTRY;
	struct crd_event item;
	const u8 *table;
	unsigned int i;
	int rc = 0;

	table = memremap(efi.esrt, size, MEMREMAP_WB);
	if (!table)
		return -ENOMEM;
	for (i = 0; !rc && i < count; i++) {
		crd_event_init(&item, CRD_EV_PLATFORM);
		crd_esrt_fields(&item, table + CRD_ESRT_HEADER +
				       i * CRD_ESRT_ENTRY);
		rc = crd_platform_add(snap, &item);
	}
	memunmap((void *)table);
	crd_efi.entries = count;
	return rc;
}

static bool crd_efi_count(unsigned int *ret_count)
{
	const u8 *table = memremap(efi.esrt, CRD_ESRT_HEADER, MEMREMAP_WB);
	bool good;

	if (!table)
		return false;
	good = crd_esrt_count(table, CRD_ESRT_HEADER, ret_count);
	memunmap((void *)table);
	return good;
}

static const char *crd_efi_absent(void)
{
	static const char *const path[] = { "efi", "esrt" };

	if (!efi_enabled(EFI_BOOT))
		return "not started by EFI";
	if (!efi_enabled(EFI_CONFIG_TABLES) ||
	    efi.esrt == EFI_INVALID_TABLE_ADDR)
		return "the firmware has no such table";
	if (!crd_platform_node(path, ARRAY_SIZE(path)))
		return "the kernel did not keep the firmware's table";
	return NULL;
}

int crd_efi_snapshot(struct crd_snapshot *snap)
{
	unsigned int count;

	memset(&crd_efi, 0, sizeof(crd_efi));
	crd_efi.absent = crd_efi_absent();
	if (crd_efi.absent)
		return 0;
	if (!crd_efi_count(&count)) {
		crd_efi.absent = "the table is not of a known form";
		return 0;
	}
	return crd_efi_entries(snap, count);
}

void crd_efi_cover(struct crd_event *ev, u8 field)
{
	if (field == CRD_F_NOT_SEEN && crd_efi.absent)
		crd_platform_say(ev, field, "esrt: %s", crd_efi.absent);
	else if (field == CRD_F_SEEN && !crd_efi.absent)
		crd_platform_say(ev, field, "esrt: %u firmware resources that can be updated",
				 crd_efi.entries);
}
