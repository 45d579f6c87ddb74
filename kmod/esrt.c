// SPDX-License-Identifier: GPL-2.0-only
/*
 * A header (u32 count, u32 room, u64 version), then as many entries, all
 * little-endian. An entry is what one updatable firmware says of itself: the
 * board's, or that of a controller on it.
 */
#include <linux/unaligned.h>
#include "esrt.h"

#define CRD_ESRT_VERSION	1
#define CRD_ESRT_GUID		16

/**
 * crd_esrt_count() - how many entries there are
 * @table: the header, at least
 * @len: bytes there
 * @ret_count: set on success only; at most CRD_ESRT_MAX
 *
 * Return: false for a header that is cut short, of another version, or that
 * claims too much. The entries are not looked at.
 */
bool crd_esrt_count(const u8 *table, size_t len, unsigned int *ret_count)
{
	u32 count;

	if (len < CRD_ESRT_HEADER)
		return false;
	count = get_unaligned_le32(table);
	if (get_unaligned_le64(table + 8) != CRD_ESRT_VERSION ||
	    count > CRD_ESRT_MAX)
		return false;
	*ret_count = count;
	return true;
}

/* PART to FW_LAST_STATUS of the CRD_ESRT_ENTRY bytes of an entry. */
void crd_esrt_fields(struct crd_event *ev, const u8 *entry)
{
	static const u8 fields[] = {
		CRD_F_FW_TYPE, CRD_F_FW_VERSION, CRD_F_FW_LOWEST,
		CRD_F_FW_FLAGS, CRD_F_FW_LAST_VERSION, CRD_F_FW_LAST_STATUS,
	};
	unsigned int i;

	crd_event_uint(ev, CRD_F_PART, CRD_PART_ESRT, 1);
	crd_event_bytes(ev, CRD_F_FW_CLASS, entry, CRD_ESRT_GUID);
	entry += CRD_ESRT_GUID;
	for (i = 0; i < sizeof(fields); i++)
		crd_event_uint(ev, fields[i],
			       get_unaligned_le32(entry + 4 * i), 4);
}
