// SPDX-License-Identifier: GPL-2.0-only
/*
 * The platform: what the board, its firmware, its processors and its TPM say
 * of themselves. Most of it is there once and for all when we start.
 */
#include <linux/kernel.h>
#include <linux/kernfs.h>
#include <linux/kobject.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "measure.h"
#include "platform.h"
#include "procfile.h"
#include "source.h"

#define CRD_PLATFORM_SAY	200
#define CRD_PLATFORM_TPM_PARAM \
	"/sys/module/tpm/parameters/disable_pcr_integrity"

/* TPM 2.0 Structures, table 23: TPM_PT_FIXED and what follows it. */
enum crd_platform_pt {
	CRD_PT_REVISION		= 0x102,
	CRD_PT_MANUFACTURER	= 0x105,
	CRD_PT_VENDOR_STRING	= 0x106,	/* and three more */
	CRD_PT_FIRMWARE		= 0x10b,	/* and one more */
	CRD_PT_END		= 0x10d,
};

#define CRD_PT_FIRST		CRD_PT_REVISION
#define CRD_PT_COUNT		(CRD_PT_END - CRD_PT_FIRST)
#define CRD_PT_VENDOR_STRINGS	4

static int crd_platform_tpm_error;

/* Add one item, which is freed. */
int crd_platform_add(struct crd_snapshot *snap, struct crd_event *item)
{
	int rc = item->err;

	if (!rc)
		crd_snapshot_add(snap, item);
	crd_event_free(item);
	return rc;
}

/* Text in a field of fixed size, filled up with NULs or spaces. */
void crd_platform_padded(struct crd_event *ev, u8 field, const void *text,
			 size_t len)
{
	const char *p = text;

	while (len && (!p[len - 1] || p[len - 1] == ' '))
		len--;
	crd_event_text(ev, field, p, len, CRD_MAX_TEXT);
}

/*
 * Is there a node of this path below /sys/firmware? Asked of the nodes
 * themselves, so that it is no matter what is mounted there, or whether.
 */
bool crd_platform_node(const char *const *path, unsigned int n)
{
	struct kernfs_node *kn = firmware_kobj->sd;
	struct kernfs_node *next;
	unsigned int i;

	kernfs_get(kn);
	for (i = 0; kn && i < n; i++) {
		next = kernfs_find_and_get(kn, path[i]);
		kernfs_put(kn);
		kn = next;
	}
	if (!kn)
		return false;
	kernfs_put(kn);
	return true;
}

void crd_platform_say(struct crd_event *ev, u8 field, const char *fmt, ...)
{
	char text[CRD_PLATFORM_SAY];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	crd_event_str(ev, field, text);
}

/* Are commands to the TPM, extends above all, protected on the wire? */
static enum crd_bus_encryption crd_platform_bus_encryption(void)
{
	char off;

	if (!IS_ENABLED(CONFIG_TCG_TPM2_HMAC))
		return CRD_BUS_ENCRYPTION_ABSENT;
	if (crd_procfile_read(CRD_PLATFORM_TPM_PARAM, &off, 1) != 1)
		return CRD_BUS_ENCRYPTION_UNKNOWN;
	return off == 'Y' ? CRD_BUS_ENCRYPTION_OFF : CRD_BUS_ENCRYPTION_ON;
}

static void crd_platform_tpm(struct crd_event *ev, const u32 *pt)
{
	u8 text[4 * CRD_PT_VENDOR_STRINGS];
	unsigned int i;

	put_unaligned_be32(pt[CRD_PT_MANUFACTURER - CRD_PT_FIRST], text);
	crd_platform_padded(ev, CRD_F_MANUFACTURER, text, 4);
	for (i = 0; i < CRD_PT_VENDOR_STRINGS; i++)
		put_unaligned_be32(pt[CRD_PT_VENDOR_STRING - CRD_PT_FIRST + i],
				   text + 4 * i);
	crd_platform_padded(ev, CRD_F_PRODUCT, text, sizeof(text));
	crd_event_uint(ev, CRD_F_PART, CRD_PART_TPM, 1);
	pt += CRD_PT_FIRMWARE - CRD_PT_FIRST;
	crd_event_uint(ev, CRD_F_TPM_FIRMWARE, (u64)pt[0] << 32 | pt[1], 8);
	pt += CRD_PT_REVISION - CRD_PT_FIRMWARE;
	crd_event_uint(ev, CRD_F_TPM_REVISION, pt[0], 4);
}

static int crd_platform_tpm_snapshot(struct crd_snapshot *snap)
{
	u32 pt[CRD_PT_COUNT];
	struct crd_event item;
	int rc;

	rc = crd_tpm_read_properties(crd_measure_tpm(), CRD_PT_FIRST,
				     CRD_PT_COUNT, pt);
	crd_platform_tpm_error = rc;
	crd_event_init(&item, CRD_EV_PLATFORM);
	if (!rc)
		crd_platform_tpm(&item, pt);
	else
		crd_event_uint(&item, CRD_F_PART, CRD_PART_TPM, 1);
	crd_event_uint(&item, CRD_F_BUS_ENCRYPTION,
		       crd_platform_bus_encryption(), 1);
	return crd_platform_add(snap, &item);
}

static void crd_platform_tpm_cover(struct crd_event *ev, u8 field)
{
	if (field == CRD_F_SEEN && !crd_platform_tpm_error)
		crd_platform_say(ev, field, "tpm: maker, model and firmware version, as it says itself");
	if (field == CRD_F_NOT_SEEN && crd_platform_tpm_error)
		crd_platform_say(ev, field, "tpm: it did not tell its maker and firmware (error %d)",
				 crd_platform_tpm_error);
}

/* What no part of us could see, whatever the machine. */
static void crd_platform_blind(struct crd_event *ev, u8 field)
{
	static const char *const blind[] = {
		"option-rom: what is in the expansion ROMs of devices is not read",
		"board-firmware: the code of the board's firmware, management engines, BMC and embedded controllers is not read",
	};
	unsigned int i;

	for (i = 0; field == CRD_F_NOT_SEEN && i < ARRAY_SIZE(blind); i++)
		crd_event_str(ev, field, blind[i]);
}

static const struct {
	int (*snapshot)(struct crd_snapshot *snap);
	void (*cover)(struct crd_event *ev, u8 field);
} crd_platform_parts[] = {
	{ crd_dmi_snapshot, crd_dmi_cover },
	{ crd_acpi_snapshot, crd_acpi_cover },
	{ crd_efi_snapshot, crd_efi_cover },
	{ crd_cpu_snapshot, crd_cpu_cover },
	{ crd_platform_tpm_snapshot, crd_platform_tpm_cover },
};

static int crd_platform_snapshot(struct crd_snapshot *snap)
{
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < ARRAY_SIZE(crd_platform_parts); i++)
		rc = crd_platform_parts[i].snapshot(snap);
	return rc;
}

static void crd_platform_cover(struct crd_event *ev, u8 field)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(crd_platform_parts); i++)
		crd_platform_parts[i].cover(ev, field);
	crd_platform_blind(ev, field);
}

static int crd_platform_start(void)
{
	crd_acpi_start();
	return 0;
}

/* The hooks end it: it has nothing else of its own. */
static void crd_platform_stop(void)
{
}

const struct crd_source crd_source_platform = {
	.name = "platform",
	.start = crd_platform_start,
	.snapshot = crd_platform_snapshot,
	.cover = crd_platform_cover,
	.stop = crd_platform_stop,
};
