// SPDX-License-Identifier: Apache-2.0
/*
 * ACPI tables. Only root may read them; to others their names are shown. The
 * header (ACPI 6.5, 5.2.6) is 36 bytes, little-endian.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "credence.h"
#include "host_private.h"

#define TABLES	  "sys/firmware/acpi/tables"
#define MAX_TABLE (16u << 20)
#define HEADER	  36

/* "SSDT12": names of tables that come more than once are numbered. */
static size_t signature_len(const char *name)
{
	size_t len = strlen(name);

	return len < 4 ? len : 4;
}

static uint32_t le32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Filled up with NULs or blanks. */
static void put_padded(struct crd_fields *f, uint8_t type, const uint8_t *p,
		       size_t len)
{
	while (len && (!p[len - 1] || p[len - 1] == ' '))
		len--;
	crd_fields_text(f, type, p, len);
}

/* FACS is memory shared with the firmware: it has no such header. */
static bool has_header(struct crd_buf table)
{
	return table.len >= HEADER && memcmp(table.ptr, "FACS", 4) != 0;
}

static void put_table(struct crd_fields *f, struct crd_buf table,
		      const struct crd_digest *digest)
{
	const uint8_t *p = table.ptr;
	bool header = has_header(table);

	crd_fields_uint(f, CRD_F_SIZE, table.len, 8);
	crd_fields_hash(f, CRD_F_DIGEST, digest);
	if (header)
		crd_fields_uint(f, CRD_F_REVISION, p[8], 2);
	crd_fields_uint(f, CRD_F_PART, CRD_PART_ACPI, 1);
	if (!header)
		return;
	put_padded(f, CRD_F_OEM_ID, p + 10, 6);
	put_padded(f, CRD_F_OEM_TABLE_ID, p + 16, 8);
	crd_fields_uint(f, CRD_F_OEM_REVISION, le32(p + 24), 4);
	put_padded(f, CRD_F_CREATOR_ID, p + 28, 4);
	crd_fields_uint(f, CRD_F_CREATOR_REVISION, le32(p + 32), 4);
}

static int add_table(struct crd_host *h, int folder, const char *name,
		     bool dynamic)
{
	struct crd_buf table = { 0 };
	struct crd_digest digest;
	uint8_t *bytes = NULL;
	int r;

	r = crd_sys_slurp(folder, name, MAX_TABLE, &bytes, &table.len);
	table.ptr = bytes;
	if (!r)
		crd_sha256(table, &digest);
	crd_fields_begin(&h->fields, CRD_EV_PLATFORM);
	crd_fields_text(&h->fields, CRD_F_NAME, name, signature_len(name));
	if (!r)
		put_table(&h->fields, table, &digest);
	else
		crd_fields_uint(&h->fields, CRD_F_PART, CRD_PART_ACPI, 1);
	if (dynamic)
		crd_fields_uint(&h->fields, CRD_F_DYNAMIC, 1, 1);
	crd_fields_end(&h->fields);
	free(bytes);
	return r;
}

static int add_folder(struct crd_host *h, const char *path, bool dynamic)
{
	int folder = crd_sys_folder(h->root, path);
	struct crd_sys_names names = { 0 };
	int r = folder < 0 ? folder : crd_sys_list(folder, &names);
	size_t i, unread = 0;

	for (i = 0; r != -ENOMEM && i < names.n; i++) {
		/* "data" and "dynamic" are folders */
		if (islower((unsigned char)names.name[i][0]))
			continue;
		if (add_table(h, folder, names.name[i], dynamic))
			unread++;
	}
	if (unread)
		crd_host_not_seen(
			h, "acpi: what is in %zu tables, which cannot be read",
			unread);
	crd_sys_names_done(&names);
	if (folder >= 0)
		close(folder);
	return r;
}

int crd_host_acpi(struct crd_host *h)
{
	int r = add_folder(h, TABLES, false);

	if (r)
		return r;
	r = add_folder(h, TABLES "/dynamic", true);
	return r == -ENOENT ? 0 : r; /* of those there may be none */
}
