/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SMBIOS structures (DSP0134, section 6.1) in a buffer of bounded length.
 * Pure: bytes in, structures and fields out.
 */
#ifndef _CRD_SMBIOS_H
#define _CRD_SMBIOS_H

#include <linux/types.h>
#include "event.h"

#define CRD_SMBIOS_HEADER	4	/* type, length, handle */
#define CRD_SMBIOS_END		127	/* type of the last structure */

/**
 * struct crd_smbios - one structure; points into the table
 * @type: its type
 * @handle: by which other structures refer to it
 * @data: formatted area, header included
 * @data_len: at least the header's, at most 255
 * @strings: each with its NUL, without the one more that ends them
 * @strings_len: 0 if there are none
 */
struct crd_smbios {
	u8 type;
	u16 handle;
	const u8 *data;
	size_t data_len;
	const u8 *strings;
	size_t strings_len;
};

bool crd_smbios_next(const u8 *table, size_t len, size_t *pos,
		     struct crd_smbios *ret_st);
bool crd_smbios_string(const struct crd_smbios *st, size_t *pos,
		       const char **ret_text, size_t *ret_len);
bool crd_smbios_wanted(u8 type);
void crd_smbios_fields(struct crd_event *ev, const struct crd_smbios *st);

#endif /* _CRD_SMBIOS_H */
