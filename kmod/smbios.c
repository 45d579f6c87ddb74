// SPDX-License-Identifier: GPL-2.0-only
/*
 * A structure is a formatted area, whose second byte is its length, then
 * NUL-terminated strings, then one more NUL; without strings, two NULs. The
 * firmware that wrote it is what we are here to look at: nothing in it holds
 * until it was checked.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "smbios.h"

/* Two NULs from @from on; false if the table ends before. */
static bool crd_smbios_end(const u8 *table, size_t len, size_t from,
			   size_t *ret_end)
{
	for (; from + 2 <= len; from++) {
		if (!table[from] && !table[from + 1]) {
			*ret_end = from;
			return true;
		}
	}
	return false;
}

/**
 * crd_smbios_next() - read the structure at a position
 * @table: structures back to back
 * @len: bytes there
 * @pos: where it begins; moved behind it on success only
 * @ret_st: set on success only
 *
 * Return: false at the end, and at the first structure that is not whole,
 * behind which nothing can be found.
 */
bool crd_smbios_next(const u8 *table, size_t len, size_t *pos,
		     struct crd_smbios *ret_st)
{
	size_t left = len - *pos;
	const u8 *p = table + *pos;
	size_t end;

	if (*pos > len || left < CRD_SMBIOS_HEADER || p[1] < CRD_SMBIOS_HEADER)
		return false;
	if (!crd_smbios_end(p, left, p[1], &end))
		return false;
	ret_st->type = p[0];
	ret_st->handle = get_unaligned_le16(p + 2);
	ret_st->data = p;
	ret_st->data_len = p[1];
	ret_st->strings = p + p[1];
	/* The first of the two NULs is the last string's, if there is one. */
	ret_st->strings_len = end > p[1] ? end + 1 - p[1] : 0;
	*pos += end + 2;
	return true;
}

/**
 * crd_smbios_string() - read the string at a position
 * @st: the structure
 * @pos: 0 for the first; moved behind it
 * @ret_text: not NUL-terminated for the purpose of the caller
 * @ret_len: may be 0: an empty string before others hides none of them
 *
 * Return: false when there are no more.
 */
bool crd_smbios_string(const struct crd_smbios *st, size_t *pos,
		       const char **ret_text, size_t *ret_len)
{
	const char *text = (const char *)st->strings + *pos;

	if (*pos >= st->strings_len)
		return false;
	*ret_text = text;
	*ret_len = strnlen(text, st->strings_len - *pos);
	*pos += *ret_len + 1;
	return true;
}

/*
 * What tells who made the machine and of what: firmware, system, board,
 * chassis, processor, slots, strings of the maker's own, memory, devices on
 * the board, and the controllers that manage it.
 */
bool crd_smbios_wanted(u8 type)
{
	static const u8 types[] = { 0, 1, 2, 3, 4, 9, 11, 16, 17, 41, 43 };

	return memchr(types, type, sizeof(types));
}

/* PART to STRING. Every string, whether the formatted area refers to it. */
void crd_smbios_fields(struct crd_event *ev, const struct crd_smbios *st)
{
	unsigned int n = 0;
	const char *text;
	size_t pos = 0;
	size_t len;

	crd_event_uint(ev, CRD_F_PART, CRD_PART_SMBIOS, 1);
	crd_event_uint(ev, CRD_F_SMBIOS_TYPE, st->type, 1);
	crd_event_uint(ev, CRD_F_HANDLE, st->handle, 2);
	crd_event_bytes(ev, CRD_F_DATA, st->data,
			min_t(size_t, st->data_len, CRD_MAX_DATA));
	while (crd_smbios_string(st, &pos, &text, &len)) {
		if (n++ == CRD_MAX_STRINGS) {
			crd_event_cut(ev, CRD_F_STRING);
			break;
		}
		crd_event_text(ev, CRD_F_STRING, text, len, CRD_MAX_TEXT);
	}
}
