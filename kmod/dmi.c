// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SMBIOS table, by the kernel's own walk. dmi_walk() calls for a structure
 * whose length covers its header and whose strings end within the table, and
 * for no other; it stops at the first that is too short, and leaves out one
 * that is cut off. So the structures are back to back, and can be copied: what
 * is parsed is what was digested, whoever may write to that memory.
 */
#include <crypto/sha2.h>
#include <linux/dmi.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "measure.h"
#include "platform.h"
#include "smbios.h"
#include "source.h"

#define CRD_DMI_MAX_TABLE	(1024 * 1024)
/* Items, and their bytes: no table may crowd out all other components. */
#define CRD_DMI_MAX_ITEMS	512
#define CRD_DMI_MAX_BYTES	(512 * 1024)

/* What the coverage record tells of the table. */
static struct {
	int error;
	u64 structures;		/* in the table */
	unsigned int items;	/* in the log */
	u64 left_out;		/* wanted, but there was no room */
	bool whole;		/* digested */
} crd_dmi;

/**
 * struct crd_dmi_copy - the table, put together structure by structure
 * @size: bytes of all structures
 * @structures: how many
 * @buf: NULL on the walk that only counts
 * @room: bytes there
 * @len: bytes used; whole structures, less than @size if they did not fit
 */
struct crd_dmi_copy {
	u64 size;
	u64 structures;
	u8 *buf;
	size_t room;
	size_t len;
};

static size_t crd_dmi_size(const struct dmi_header *dm)
{
	const u8 *p = (const u8 *)dm;
	size_t n = dm->length;

	while (p[n] || p[n + 1])
		n++;
	return n + 2;
}

static void crd_dmi_count(const struct dmi_header *dm, void *ctx)
{
	struct crd_dmi_copy *copy = ctx;

	copy->size += crd_dmi_size(dm);
	copy->structures++;
}

static void crd_dmi_take(const struct dmi_header *dm, void *ctx)
{
	struct crd_dmi_copy *copy = ctx;
	size_t n = crd_dmi_size(dm);

	/* Nothing after the first that did not fit. */
	if (n > copy->room - copy->len) {
		copy->room = copy->len;
		return;
	}
	memcpy(copy->buf + copy->len, dm, n);
	copy->len += n;
}

/* 0; -ENXIO: there is no table; -ENOMEM. */
static int crd_dmi_get(struct crd_dmi_copy *copy)
{
	int rc;

	rc = dmi_walk(crd_dmi_count, copy);
	if (rc)
		return rc;
	copy->room = min_t(u64, copy->size, CRD_DMI_MAX_TABLE);
	copy->buf = kvmalloc(copy->room, GFP_KERNEL);
	if (!copy->buf)
		return -ENOMEM;
	return dmi_walk(crd_dmi_take, copy);
}

static int crd_dmi_table(struct crd_snapshot *snap,
			 const struct crd_dmi_copy *copy)
{
	u8 sha256[SHA256_DIGEST_SIZE];
	struct crd_event item;
	int rc;

	crd_event_init(&item, CRD_EV_PLATFORM);
	crd_event_uint(&item, CRD_F_SIZE, copy->size, 8);
	if (copy->len == copy->size) {
		rc = crd_measure_image(copy->buf, copy->len, copy->len, sha256,
				       sha256);
		if (rc)
			item.err = rc;
		crd_source_digest(&item, CRD_F_DIGEST, sha256);
	} else {
		crd_event_cut(&item, CRD_F_DIGEST);
	}
	crd_event_uint(&item, CRD_F_COUNT, copy->structures, 8);
	crd_event_uint(&item, CRD_F_PART, CRD_PART_SMBIOS_TABLE, 1);
	return crd_platform_add(snap, &item);
}

/* One structure, if there is room; @bytes is what they have used. */
static int crd_dmi_structure(struct crd_snapshot *snap,
			     const struct crd_smbios *st, size_t *bytes)
{
	struct crd_event item;

	crd_event_init(&item, CRD_EV_PLATFORM);
	crd_smbios_fields(&item, st);
	if (crd_dmi.items == CRD_DMI_MAX_ITEMS ||
	    *bytes + crd_event_size(&item) > CRD_DMI_MAX_BYTES) {
		crd_dmi.left_out++;
		crd_event_free(&item);
		return 0;
	}
	crd_dmi.items++;
	*bytes += crd_event_size(&item);
	return crd_platform_add(snap, &item);
}

static int crd_dmi_structures(struct crd_snapshot *snap,
			      const struct crd_dmi_copy *copy)
{
	struct crd_smbios st;
	size_t bytes = 0;
	size_t pos = 0;
	int rc = 0;

	while (!rc && crd_smbios_next(copy->buf, copy->len, &pos, &st))
		if (crd_smbios_wanted(st.type))
			rc = crd_dmi_structure(snap, &st, &bytes);
	return rc;
}

int crd_dmi_snapshot(struct crd_snapshot *snap)
{
	struct crd_dmi_copy copy = {};
	int rc;

	memset(&crd_dmi, 0, sizeof(crd_dmi));
	crd_dmi.error = crd_dmi_get(&copy);
	if (crd_dmi.error)
		rc = copy.size && !copy.buf ? -ENOMEM : 0;
	else
		rc = crd_dmi_table(snap, &copy);
	if (!rc && !crd_dmi.error)
		rc = crd_dmi_structures(snap, &copy);
	crd_dmi.structures = copy.structures;
	crd_dmi.whole = copy.len == copy.size;
	kvfree(copy.buf);
	return rc;
}

static void crd_dmi_not_seen(struct crd_event *ev, u8 field)
{
	if (crd_dmi.error) {
		crd_platform_say(ev, field, "smbios: there is no table, or it cannot be read (error %d)",
				 crd_dmi.error);
		return;
	}
	crd_platform_say(ev, field, "smbios: structures of other types, but for the digest over all; what the kernel's walk does not reach");
	if (!crd_dmi.whole)
		crd_platform_say(ev, field, "smbios: the table is over %u bytes; the rest is not read, and there is no digest",
				 CRD_DMI_MAX_TABLE);
	if (crd_dmi.left_out)
		crd_platform_say(ev, field, "smbios: did not fit: %llu structures of the types that are recorded",
				 crd_dmi.left_out);
}

void crd_dmi_cover(struct crd_event *ev, u8 field)
{
	if (field == CRD_F_NOT_SEEN)
		crd_dmi_not_seen(ev, field);
	else if (!crd_dmi.error)
		crd_platform_say(ev, field, "smbios: %u of %llu structures, types 0 1 2 3 4 9 11 16 17 41 43",
				 crd_dmi.items, crd_dmi.structures);
}
