// SPDX-License-Identifier: Apache-2.0
/*
 * The answers of a component to what a policy asks, made ready once: texts
 * without the log's escapes, numbers as the texts that people know them by.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "credence.h"
#include "maker.h"
#include "policy_cond.h"

enum {
	GUID_BYTES = 16,
	SMBIOS_FIRMWARE = 0,
	SMBIOS_CHASSIS = 3,
	SMBIOS_PROCESSOR = 4,
	SMBIOS_MEMORY = 17,
};

/* Texts that stand in the log as they are asked for. */
static struct crd_buf said(const struct crd_component *c, enum crd_cond_key key)
{
	switch (key) {
	case CRD_COND_BUS:
		return c->bus;
	case CRD_COND_NAME:
		return c->name;
	case CRD_COND_PORT:
		return c->port;
	case CRD_COND_PATH:
		return c->path;
	case CRD_COND_LICENSE:
		return c->license;
	case CRD_COND_VERSION:
		return c->version;
	case CRD_COND_RELEASED:
		return c->released;
	case CRD_COND_MANUFACTURER:
		return c->manufacturer;
	case CRD_COND_PRODUCT:
		return c->product;
	case CRD_COND_SERIAL:
		return c->serial;
	default:
		return (struct crd_buf){ NULL, 0 };
	}
}

static void make_pair(char *out, size_t size, int32_t a, int32_t b)
{
	if (a >= 0 && b >= 0)
		snprintf(out, size, "%04x:%04x", (unsigned int)a & 0xffff,
			 (unsigned int)b & 0xffff);
}

/* As EFI writes it; the first three parts are stored the other way round. */
static void make_guid(char *out, size_t size, struct crd_buf g)
{
	const uint8_t *p = g.ptr;

	if (g.len == GUID_BYTES)
		snprintf(
			out, size,
			"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
			p[3], p[2], p[1], p[0], p[5], p[4], p[7], p[6], p[8],
			p[9], p[10], p[11], p[12], p[13], p[14], p[15]);
}

static void make_id(char *out, size_t size, const struct crd_component *c)
{
	struct crd_buf guid;

	if (c->kind == CRD_KIND_DEVICE)
		make_pair(out, size, c->vendor_id, c->device_id);
	else if (c->part == CRD_PART_ESRT &&
		 crd_field_get(c->fields, CRD_F_FW_CLASS, &guid))
		make_guid(out, size, guid);
}

static void make_part_version(char *out, size_t size,
			      const struct crd_component *c)
{
	uint64_t n;

	if (c->part == CRD_PART_ESRT &&
	    crd_field_u64(c->fields, CRD_F_FW_VERSION, &n))
		snprintf(out, size, "%" PRIu64, n);
	else if (c->part == CRD_PART_CPU &&
		 crd_field_u64(c->fields, CRD_F_MICROCODE, &n))
		snprintf(out, size, "0x%" PRIx64, n);
	else if (c->part == CRD_PART_ACPI &&
		 crd_field_u64(c->fields, CRD_F_OEM_REVISION, &n))
		snprintf(out, size, "0x%" PRIx64, n);
	else if (c->part == CRD_PART_TPM &&
		 crd_field_u64(c->fields, CRD_F_TPM_FIRMWARE, &n))
		snprintf(out, size, "%u.%u.%u.%u", (unsigned int)(n >> 48),
			 (unsigned int)(n >> 32 & 0xffff),
			 (unsigned int)(n >> 16 & 0xffff),
			 (unsigned int)(n & 0xffff));
}

/* The revision: of PCI a number, of USB four decimal digits, "1.07". */
static void make_revision(char *out, size_t size, const struct crd_component *c)
{
	uint64_t n;

	if (!crd_field_u64(c->fields, CRD_F_REVISION, &n))
		return;
	if (crd_buf_equal(c->bus, crd_buf_of("usb")))
		snprintf(out, size, "%x.%02x", (unsigned int)(n >> 8 & 0xff),
			 (unsigned int)(n & 0xff));
	else
		snprintf(out, size, "0x%" PRIx64, n);
}

static void make_serial(char *out, size_t size, const struct crd_component *c)
{
	uint64_t dsn;

	if (!c->serial.len && crd_field_u64(c->fields, CRD_F_DSN, &dsn))
		snprintf(out, size, "%016" PRIx64, dsn);
}

static void make(char *out, size_t size, const struct crd_component *c,
		 enum crd_cond_key key)
{
	*out = '\0';
	switch (key) {
	case CRD_COND_ID:
		make_id(out, size, c);
		break;
	case CRD_COND_SUBSYSTEM:
		make_pair(out, size, c->subvendor_id, c->subdevice_id);
		break;
	case CRD_COND_VERSION:
		if (c->kind == CRD_KIND_DEVICE)
			make_revision(out, size, c);
		else if (c->kind == CRD_KIND_PLATFORM)
			make_part_version(out, size, c);
		break;
	case CRD_COND_SERIAL:
		make_serial(out, size, c);
		break;
	default:
		break;
	}
}

bool crd_never_says(const struct crd_component *c, enum crd_cond_key key)
{
	uint8_t part = c->part <= CRD_PART_TPM ? c->part : 0;
	bool board = part == CRD_PART_SMBIOS &&
		     c->smbios_type <= SMBIOS_PROCESSOR;
	bool memory = part == CRD_PART_SMBIOS &&
		      c->smbios_type == SMBIOS_MEMORY;

	if (key == CRD_COND_SUBSYSTEM)
		return c->bus.ptr && !crd_buf_equal(c->bus, crd_buf_of("pci"));
	if (c->kind != CRD_KIND_PLATFORM)
		return false;
	switch (key) {
	case CRD_COND_ID:
		return part != CRD_PART_ESRT;
	case CRD_COND_VERSION:
		return !(board && c->smbios_type != SMBIOS_PROCESSOR) &&
		       part < CRD_PART_ACPI;
	case CRD_COND_RELEASED:
		return !board || c->smbios_type != SMBIOS_FIRMWARE;
	case CRD_COND_MANUFACTURER:
		return !board && !memory && part < CRD_PART_CPU;
	case CRD_COND_PRODUCT:
		return !(board && c->smbios_type != SMBIOS_CHASSIS) &&
		       !memory && part < CRD_PART_CPU;
	case CRD_COND_SERIAL:
		return !(board && c->smbios_type != SMBIOS_FIRMWARE) && !memory;
	default:
		return false;
	}
}

static int make_room(struct crd_matcher *m, const struct crd_component *c)
{
	size_t need = 0;
	unsigned int i;
	uint8_t *room;

	for (i = 0; i < CRD_COND_MAX; i++)
		need += said(c, i).len;
	for (i = 0; i < c->n_authors; i++)
		need += c->authors[i].len;
	if (need <= m->room_len)
		return 0;
	room = realloc(m->room, need);
	if (!room)
		return -ENOMEM;
	m->room = room;
	m->room_len = need;
	return 0;
}

static struct crd_buf unescape(struct crd_matcher *m, struct crd_buf from,
			       size_t *used)
{
	uint8_t *room = m->room + *used;

	*used += from.len;
	return from.ptr ? crd_unescape(from, room) : from;
}

/* Of the keys that the policy has, and of those that its lists may need. */
static bool wanted(const struct crd_matcher *m, enum crd_cond_key key)
{
	const uint64_t listed =
		1ull << CRD_COND_ID | 1ull << CRD_COND_SUBSYSTEM |
		1ull << CRD_COND_NAME | 1ull << CRD_COND_SERIAL |
		1ull << CRD_COND_VERSION;

	return m->asked >> key & 1 ||
	       (m->policy->n_component_lists && listed >> key & 1);
}

/* "To be filled by O.E.M." is no maker, model or serial number. */
static bool says_nothing(enum crd_cond_key key, struct crd_buf text)
{
	return (key == CRD_COND_MANUFACTURER || key == CRD_COND_PRODUCT ||
		key == CRD_COND_SERIAL) &&
	       crd_is_placeholder(text);
}

static void set_texts(struct crd_matcher *m, const struct crd_component *c)
{
	size_t used = 0;
	unsigned int i;

	for (i = CRD_COND_BUS; i < CRD_COND_DIGEST; i++) {
		m->text[i] = (struct crd_buf){ NULL, 0 };
		if (!wanted(m, i))
			continue;
		m->text[i] = unescape(m, said(c, i), &used);
		make(m->made[i], sizeof(m->made[i]), c, i);
		if (*m->made[i])
			m->text[i] = crd_buf_of(m->made[i]);
		else if (says_nothing(i, m->text[i]))
			m->text[i] = (struct crd_buf){ NULL, 0 };
	}
	for (i = 0; i < c->n_authors; i++)
		m->authors[i] = unescape(m, c->authors[i], &used);
	m->released = INT32_MIN;
	if (m->text[CRD_COND_RELEASED].ptr)
		crd_day_read(m->text[CRD_COND_RELEASED], &m->released);
}

int crd_matcher_set(struct crd_matcher *m, const struct crd_component *c)
{
	int ret = make_room(m, c);

	if (ret)
		return ret;
	m->c = c;
	set_texts(m, c);
	m->digest_lists = crd_digests_find(m->policy, &c->digest) |
			  crd_digests_find(m->policy, &c->payload) |
			  crd_digests_find(m->policy, &c->payload_too);
	m->component_lists = crd_components_find(m, &m->maybe_lists);
	return 0;
}

void crd_matcher_about(struct crd_matcher *m, const struct crd_context *context,
		       struct crd_buf anchor)
{
	m->context = *context;
	m->text[CRD_COND_SITE] = crd_buf_of(context->site);
	m->text[CRD_COND_PURPOSE] = crd_buf_of(context->purpose);
	crd_field_get(anchor, CRD_F_KERNEL_RELEASE, &m->text[CRD_COND_KERNEL]);
}
