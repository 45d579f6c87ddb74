/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The EFI System Resource Table (UEFI 2.10, section 23.4) in a buffer of
 * bounded length. Pure: bytes in, entries and fields out.
 */
#ifndef _CRD_ESRT_H
#define _CRD_ESRT_H

#include <linux/types.h>
#include "event.h"

#define CRD_ESRT_HEADER		16
#define CRD_ESRT_ENTRY		40
#define CRD_ESRT_MAX		128	/* entries; the kernel's limit */

bool crd_esrt_count(const u8 *table, size_t len, unsigned int *ret_count);
void crd_esrt_fields(struct crd_event *ev, const u8 *entry);

#endif /* _CRD_ESRT_H */
