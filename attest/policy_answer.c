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

/* "8086:10d3"; of every device, so not by printf */
static void make_pair(char *out, int32_t a, int32_t b)
{
	if (a < 0 || b < 0)
		return;
	out = crd_put_hex4(out, (uint16_t)a);
	*out++ = ':';
	*crd_put_hex4(out, (uint16_t)b) = '\0';
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
		make_pair(out, c->vendor_id, c->device_id);
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
		make_pair(out, c->subvendor_id, c->subdevice_id);
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

	for (i = 0; i < m->n_texts; i++)
		need += said(c, m->texts[i]).len;
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
	size_t at = *used;

	if (!from.ptr || !from.len) /* there may be no room at all */
		return from;
	*used += from.len;
	return crd_unescape(from, m->room + at);
}

void crd_matcher_want(struct crd_matcher *m)
{
	const uint64_t listed =
		1ull << CRD_COND_ID | 1ull << CRD_COND_SUBSYSTEM |
		1ull << CRD_COND_NAME | 1ull << CRD_COND_SERIAL |
		1ull << CRD_COND_VERSION;
	uint64_t wanted = m->policy->n_component_lists ? listed : 0;
	unsigned int key;
	size_t i;

	for (i = 0; i < m->policy->n_conds; i++)
		m->asked |= 1ull << m->policy->conds[i].key;
	wanted |= m->asked;
	for (key = CRD_COND_BUS; key < CRD_COND_DIGEST; key++) {
		if (wanted >> key & 1)
			m->texts[m->n_texts++] = (uint8_t)key;
	}
}

/*
 * "To be filled by O.E.M." is no maker, model or serial number, and a device
 * whose serial number is all zeros or all ones has none.
 */
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

	for (i = 0; i < m->n_texts; i++) {
		enum crd_cond_key key = m->texts[i];
		struct crd_buf *text = &m->text[key];

		*text = unescape(m, said(c, key), &used);
		make(m->made[key], sizeof(m->made[key]), c, key);
		if (*m->made[key])
			*text = crd_buf_of(m->made[key]);
		if (says_nothing(key, *text))
			*text = (struct crd_buf){ NULL, 0 };
	}
	for (i = 0; i < c->n_authors; i++)
		m->authors[i] = unescape(m, c->authors[i], &used);
	m->released = INT32_MIN;
	if (m->text[CRD_COND_RELEASED].ptr)
		crd_day_read(m->text[CRD_COND_RELEASED], &m->released);
}

static void answer(struct crd_matcher *m, enum crd_cond_key key, uint64_t words)
{
	m->words[key] = words;
	m->worded |= 1ull << key;
}

static void set_words(struct crd_matcher *m, const struct crd_component *c)
{
	m->worded = 0;
	answer(m, CRD_COND_KIND, 1ull << c->kind);
	answer(m, CRD_COND_FLAGS, c->flags);
	/* what this reader does not know counts as unmeasured */
	answer(m, CRD_COND_ORIGIN,
	       1ull << (c->origin <= CRD_ORIGIN_PLATFORM ? c->origin : 0));
	answer(m, CRD_COND_PART,
	       1ull << (c->part <= CRD_PART_TPM ? c->part : 0));
	if (c->part == CRD_PART_SMBIOS)
		answer(m, CRD_COND_STRUCTURE,
		       1ull << crd_smbios_bit(c->smbios_type));
	if (c->has_class && m->asked >> CRD_COND_CLASS & 1)
		answer(m, CRD_COND_CLASS, crd_class_words(c));
	/* these alone do not answer it */
	if (m->asked >> CRD_COND_SIGNER & 1)
		m->words[CRD_COND_SIGNER] = crd_signer_bits(m->policy, c);
}

int crd_matcher_set(struct crd_matcher *m, const struct crd_component *c)
{
	int ret = make_room(m, c);

	if (ret)
		return ret;
	m->c = c;
	set_words(m, c);
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
