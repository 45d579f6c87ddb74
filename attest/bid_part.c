// SPDX-License-Identifier: Apache-2.0
/* A component as far as a bill can be compared with it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bid_match.h"
#include "maker.h"

/* In lower case, words between single blanks; NULL: says nothing. */
static int spell(struct crd_buf escaped, char **ret_words)
{
	uint8_t room[CRD_MAX_TEXT];
	struct crd_buf text;
	bool blank = true;
	size_t i, n = 0;
	char *out;

	*ret_words = NULL;
	if (!escaped.len || escaped.len > sizeof(room))
		return 0;
	text = crd_unescape(escaped, room);
	if (crd_is_placeholder(text))
		return 0;
	out = malloc(text.len + 3);
	if (!out)
		return -ENOMEM;
	out[n++] = ' ';
	for (i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];

		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c >= 0x80) {
			out[n++] = (char)c;
			blank = false;
		} else if (!blank) {
			out[n++] = ' ';
			blank = true;
		}
	}
	if (!blank)
		out[n++] = ' ';
	out[n] = '\0';
	if (n > 1)
		*ret_words = out;
	else
		free(out);
	return 0;
}

bool crd_bid_same_text(const char *a, const char *b)
{
	if (!a || !b)
		return false;
	for (;; a++, b++) {
		a += *a == ' ';
		b += *b == ' ';
		if (*a != *b)
			return false;
		if (!*a)
			return true;
	}
}

bool crd_bid_part_shares(const struct crd_bid_part *a,
			 const struct crd_bid_part *b)
{
	unsigned int i, k;

	for (i = 0; i < a->n_vendors; i++) {
		for (k = 0; k < b->n_vendors; k++) {
			if (a->vendors[i] == b->vendors[k])
				return true;
		}
	}
	return false;
}

/* The function's digit and the dot before it: not of the slot. */
static uint32_t slot_of(struct crd_buf address)
{
	uint32_t hash = 2166136261u;
	size_t i;

	for (i = 0; i + 2 < address.len; i++)
		hash = (hash ^ address.ptr[i]) * 16777619u;
	return hash;
}

static bool on_root_bus(struct crd_buf address)
{
	return address.len == 12 && !memcmp(address.ptr + 5, "00:", 3);
}

/* String n of an SMBIOS structure, from 1. */
static struct crd_buf smbios_string(const struct crd_component *c, uint8_t at)
{
	struct crd_field_iter it = { c->fields };
	struct crd_buf data, value;
	uint8_t type, n;

	if (!crd_field_get(c->fields, CRD_F_DATA, &data) || at >= data.len)
		return (struct crd_buf){ NULL, 0 };
	n = data.ptr[at];
	while (n && crd_field_next(&it, &type, &value)) {
		if (type == CRD_F_STRING && !--n)
			return value;
	}
	return (struct crd_buf){ NULL, 0 };
}

/* An empty socket is no part. */
static bool is_empty(const struct crd_component *c)
{
	struct crd_buf data;

	if (c->part != CRD_PART_SMBIOS ||
	    !crd_field_get(c->fields, CRD_F_DATA, &data))
		return false;
	if (c->smbios_type == 17)
		return data.len > 0x0d && !data.ptr[0x0c] && !data.ptr[0x0d];
	return c->smbios_type == 4 && data.len > 0x18 &&
	       !(data.ptr[0x18] & 0x40);
}

static bool is_comparable(const struct crd_component *c, bool measured)
{
	uint64_t flags = 0, interface;

	if (!measured && crd_declared_seen(c) == CRD_SEEN_NEVER)
		return false;
	if (c->flags & (CRD_FLAG_GONE | CRD_FLAG_FAILED))
		return false;
	if (c->kind == CRD_KIND_PLATFORM) {
		if (!measured || c->part == CRD_PART_TPM)
			return true;
		return c->part == CRD_PART_SMBIOS && !is_empty(c) &&
		       (c->smbios_type <= 4 || c->smbios_type == 17);
	}
	if (c->kind != CRD_KIND_DEVICE)
		return true;
	crd_field_u64(c->fields, CRD_F_DEVICE_FLAGS, &flags);
	return !(flags & (CRD_DEVICE_ROOT_HUB | CRD_DEVICE_VIRTUAL)) &&
	       !crd_field_u64(c->fields, CRD_F_INTERFACE, &interface);
}

static struct crd_buf base_name(struct crd_buf path)
{
	size_t at = path.len;

	while (at && path.ptr[at - 1] != '/')
		at--;
	if (at) {
		path.ptr += at;
		path.len -= at;
	}
	return path;
}

static int fill_texts(struct crd_bid_part *p, const struct crd_component *c,
		      bool measured)
{
	struct crd_buf model = c->product, other = { NULL, 0 };
	int ret;

	if (c->kind <= CRD_KIND_FIRMWARE)
		model = base_name(c->name);
	if (!measured)
		other = crd_declared_text(c, CRD_DF_PART_NUMBER);
	else if (c->part == CRD_PART_SMBIOS && c->smbios_type == 1)
		other = smbios_string(c, 0x06); /* where Lenovo has it */
	/* what firmware is called is its version */
	if (!measured && c->part == CRD_PART_SMBIOS && !c->smbios_type &&
	    c->version.len)
		model = c->version;
	ret = spell(model, &p->model);
	if (!ret)
		ret = spell(other, &p->other_model);
	if (!ret)
		ret = spell(c->serial, &p->serial);
	return ret;
}

static void fill(struct crd_bid_part *p, const struct crd_component *c)
{
	uint64_t word;

	p->entry = c->entry;
	p->line = (uint32_t)c->recnum;
	p->kind = (uint8_t)c->kind;
	p->part = c->part;
	p->smbios_type = c->smbios_type;
	p->late = c->flags & CRD_FLAG_NOT_COVERED;
	p->bus = c->bus.len ? (char)c->bus.ptr[0] : '\0';
	p->vendor = c->vendor_id;
	p->device = c->device_id;
	p->subvendor = c->subvendor_id;
	p->subdevice = p->revision = -1;
	if (crd_field_u64(c->fields, CRD_F_SUBDEVICE_ID, &word))
		p->subdevice = (int32_t)word;
	if (crd_field_u64(c->fields, CRD_F_REVISION, &word))
		p->revision = (int32_t)word;
	p->class_code = c->class_code;
	p->words = crd_class_words(c);
	p->seen = (uint8_t)crd_declared_seen(c);
	while (p->n_vendors < c->n_vendors && p->n_vendors < 4) {
		p->vendors[p->n_vendors] = c->vendors[p->n_vendors];
		p->n_vendors++;
	}
	p->slot = slot_of(c->device);
	p->root_bus = on_root_bus(c->device);
	p->mate = CRD_NO_MATE;
}

/* What the interfaces of a USB device are for, it is for. */
static int gather_words(struct crd_bid_match *m)
{
	const struct crd_inventory *inv = m->measured.inv;
	struct crd_inventory_iter it = { .inventory = inv };
	struct crd_component c;
	uint64_t interface;
	uint32_t parent;

	m->words = calloc(inv->n_entries + 1, sizeof(*m->words));
	if (!m->words)
		return -ENOMEM;
	while (crd_inventory_next(&it, &c)) {
		if (c.kind != CRD_KIND_DEVICE ||
		    !crd_field_u64(c.fields, CRD_F_INTERFACE, &interface))
			continue;
		parent = crd_inventory_link(inv, c.entry)->parent;
		if (parent < inv->n_entries)
			m->words[parent] |= crd_class_words(&c);
	}
	return 0;
}

/* A bill with several of a thing gives one number for all: no one's. */
static void drop_shared_serials(struct crd_bid_side *side)
{
	size_t i;

	for (i = 1; i < side->n; i++) {
		if (side->parts[i].line != side->parts[i - 1].line)
			continue;
		free(side->parts[i].serial);
		free(side->parts[i - 1].serial);
		side->parts[i].serial = side->parts[i - 1].serial = NULL;
	}
}

int crd_bid_parts(struct crd_bid_match *m, bool measured)
{
	struct crd_bid_side *side = measured ? &m->measured : &m->declared;
	struct crd_inventory_iter it = { .inventory = side->inv,
					 .registry = side->registry };
	struct crd_bid_part *p;
	struct crd_component c;
	int ret = measured ? gather_words(m) : 0;

	side->parts = calloc(CRD_MAX_MATCHED, sizeof(*side->parts));
	if (!side->parts)
		return -ENOMEM;
	while (!ret && crd_inventory_next(&it, &c)) {
		if (!is_comparable(&c, measured))
			continue;
		if (side->n == CRD_MAX_MATCHED)
			return -E2BIG;
		p = &side->parts[side->n++];
		fill(p, &c);
		if (measured)
			p->words |= m->words[c.entry];
		ret = fill_texts(p, &c, measured);
	}
	if (!ret && !measured)
		drop_shared_serials(side);
	return ret;
}
