/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of the platform. Each adds what is there to the snapshot, and
 * says what of it is seen; they do not know each other.
 */
#ifndef _CRD_PLATFORM_H
#define _CRD_PLATFORM_H

#include <linux/types.h>
#include "event.h"
#include "snapshot.h"

/* Tables that come later are records of their own. */
void crd_acpi_start(void);

/* 0 or -ENOMEM: what is absent or not readable is for the coverage to say. */
int crd_dmi_snapshot(struct crd_snapshot *snap);
int crd_acpi_snapshot(struct crd_snapshot *snap);
int crd_efi_snapshot(struct crd_snapshot *snap);
int crd_cpu_snapshot(struct crd_snapshot *snap);

/* After the snapshot; @field is CRD_F_SEEN, then CRD_F_NOT_SEEN. */
void crd_dmi_cover(struct crd_event *ev, u8 field);
void crd_acpi_cover(struct crd_event *ev, u8 field);
void crd_efi_cover(struct crd_event *ev, u8 field);
void crd_cpu_cover(struct crd_event *ev, u8 field);

/* What they share. */
int crd_platform_add(struct crd_snapshot *snap, struct crd_event *item);
void crd_platform_padded(struct crd_event *ev, u8 field, const void *text,
			 size_t len);
bool crd_platform_node(const char *const *path, unsigned int n);
__printf(3, 4)
void crd_platform_say(struct crd_event *ev, u8 field, const char *fmt, ...);

#endif /* _CRD_PLATFORM_H */
