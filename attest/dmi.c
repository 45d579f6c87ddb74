// SPDX-License-Identifier: Apache-2.0
/*
 * SMBIOS structures (DMTF DSP0134, 6.1): a header of type, length and handle,
 * the rest of the formatted area, then strings, each with a NUL, then a NUL.
 */
#include <string.h>

#include "attest.h"
#include "reader.h"

#define HEADER	     4
#define END_OF_TABLE 127

/* Past the strings; false if the two NULs at their end are not there. */
static bool skip_strings(struct crd_reader *r, struct crd_buf all,
			 struct crd_buf *ret_strings)
{
	size_t from = rd_offset(r), left = rd_left(r), i;

	for (i = 0; i + 1 < left; i++) {
		if (all.ptr[from + i] || all.ptr[from + i + 1])
			continue;
		/* without strings these are the two NULs, else the first ends
		 * the last string
		 */
		*ret_strings = rd_take(r, i ? i + 1 : 0);
		rd_take(r, i ? 1 : 2);
		return true;
	}
	return false;
}

enum crd_dmi_end crd_dmi_next(struct crd_buf *left,
			      struct crd_dmi *ret_structure)
{
	struct crd_dmi s = { 0 };
	struct crd_reader r;
	uint8_t len;

	if (!left->len)
		return CRD_DMI_END;
	rd_init(&r, *left, 0);
	s.type = rd_u8(&r);
	len = rd_u8(&r);
	s.handle = rd_u8(&r);
	s.handle |= (uint16_t)(rd_u8(&r) << 8);
	if (rd_failed(&r) || len < HEADER)
		return CRD_DMI_BROKEN;
	rd_init(&r, *left, 0);
	s.data = rd_take(&r, len);
	if (rd_failed(&r) || !skip_strings(&r, *left, &s.strings))
		return CRD_DMI_BROKEN;
	left->ptr += rd_offset(&r);
	left->len -= rd_offset(&r);
	if (s.type == END_OF_TABLE)
		left->len = 0;
	*ret_structure = s;
	return CRD_DMI_ONE;
}

bool crd_dmi_string(struct crd_buf *strings, struct crd_buf *ret_string)
{
	size_t len = strings->len ?
			     strnlen((const char *)strings->ptr, strings->len) :
			     0;

	if (!strings->len)
		return false;
	*ret_string = (struct crd_buf){ strings->ptr, len };
	len += len < strings->len;
	strings->ptr += len;
	strings->len -= len;
	return true;
}
