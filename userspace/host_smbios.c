// SPDX-License-Identifier: Apache-2.0
/* The SMBIOS table, structure by structure; its texts are the vendor's word. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "credence.h"
#include "host_private.h"

#define TABLE	  "sys/firmware/dmi/tables/DMI"
#define MAX_TABLE (1u << 20)
#define MAX_ITEMS 1024

/* The types that a measurer records (design, section 4). */
static bool wanted(uint8_t type)
{
	static const uint8_t types[] = { 0, 1, 2, 3, 4, 9, 11, 16, 17, 41, 43 };

	return memchr(types, type, sizeof(types));
}

static void add_structure(struct crd_host *h, const struct crd_dmi *s)
{
	struct crd_fields *f = &h->fields;
	struct crd_buf left = s->strings, text;
	unsigned int n = 0;

	crd_fields_begin(f, CRD_EV_PLATFORM);
	crd_fields_uint(f, CRD_F_PART, CRD_PART_SMBIOS, 1);
	crd_fields_uint(f, CRD_F_SMBIOS_TYPE, s->type, 1);
	crd_fields_uint(f, CRD_F_HANDLE, s->handle, 2);
	crd_fields_bytes(f, CRD_F_DATA, s->data.ptr, s->data.len);
	while (n++ < CRD_MAX_STRINGS && crd_dmi_string(&left, &text))
		crd_fields_text(f, CRD_F_STRING, text.ptr, text.len);
	if (left.len)
		crd_fields_cut(f, CRD_F_STRING);
	crd_fields_end(f);
}

static void add_table(struct crd_host *h, struct crd_buf table, size_t n)
{
	struct crd_digest digest;

	crd_sha256(table, &digest);
	crd_fields_begin(&h->fields, CRD_EV_PLATFORM);
	crd_fields_uint(&h->fields, CRD_F_SIZE, table.len, 8);
	crd_fields_hash(&h->fields, CRD_F_DIGEST, &digest);
	crd_fields_uint(&h->fields, CRD_F_COUNT, n, 8);
	crd_fields_uint(&h->fields, CRD_F_PART, CRD_PART_SMBIOS_TABLE, 1);
	crd_fields_end(&h->fields);
}

static int add_all(struct crd_host *h, struct crd_buf table)
{
	struct crd_buf left = table;
	enum crd_dmi_end end;
	struct crd_dmi s;
	size_t n = 0, shown = 0, left_out = 0;

	while ((end = crd_dmi_next(&left, &s)) == CRD_DMI_ONE) {
		n++;
		/* the digest is over what was walked, as the measurer's */
		table.len =
			(size_t)(s.strings.ptr + s.strings.len + 1 - table.ptr);
		if (!s.strings.len)
			table.len++;
		if (!wanted(s.type))
			continue;
		if (shown++ < MAX_ITEMS)
			add_structure(h, &s);
		else
			left_out++;
	}
	if (end == CRD_DMI_BROKEN)
		crd_host_not_seen(
			h,
			"smbios: what follows structure %zu, which is where the table is broken",
			n);
	if (left_out)
		crd_host_not_seen(h,
				  "smbios: %zu structures beyond the first %d",
				  left_out, MAX_ITEMS);
	if (!n)
		return -EBADMSG;
	add_table(h, table, n);
	return 0;
}

int crd_host_smbios(struct crd_host *h)
{
	struct crd_buf table = { 0 };
	uint8_t *bytes = NULL;
	int r = crd_sys_slurp(h->root, TABLE, MAX_TABLE, &bytes, &table.len);

	if (r < 0)
		return r;
	table.ptr = bytes;
	r = add_all(h, table);
	free(bytes);
	return r;
}
