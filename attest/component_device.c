// SPDX-License-Identifier: Apache-2.0
/*
 * What the log says of a device or of a part of the platform: the fields that
 * a policy can ask for, as views into the log.
 */
#include <string.h>

#include "appraise_private.h"
#include "credence.h"

/* DMTF DSP0134, 7 */
static const struct crd_smbios_strings smbios_strings[] = {
	{ 0, 0x04, 0x05, 0x05, 0x00, 0x08 },  /* firmware */
	{ 1, 0x04, 0x05, 0x06, 0x07, 0x00 },  /* system */
	{ 2, 0x04, 0x05, 0x06, 0x07, 0x00 },  /* board */
	{ 3, 0x04, 0x00, 0x06, 0x07, 0x00 },  /* chassis */
	{ 4, 0x07, 0x10, 0x00, 0x20, 0x00 },  /* processor: what it is called */
	{ 17, 0x17, 0x1a, 0x00, 0x18, 0x00 }, /* memory: part number */
};

static void read_text(struct crd_component *c, uint8_t type,
		      struct crd_buf value)
{
	switch (type) {
	case CRD_F_DRIVER:
		c->driver = value;
		break;
	case CRD_F_MODULE:
		c->module = value;
		break;
	case CRD_F_PARENT:
		c->parent = value;
		break;
	case CRD_F_PORT:
		c->port = value;
		break;
	case CRD_F_MANUFACTURER:
		c->manufacturer = value;
		break;
	case CRD_F_PRODUCT:
		c->product = value;
		break;
	case CRD_F_SERIAL:
		c->serial = value;
		break;
	default: /* of no use to a policy, or newer than this reader */
		break;
	}
}

static void read_ids(struct crd_component *c, uint8_t type,
		     struct crd_buf value)
{
	switch (type) {
	case CRD_F_VENDOR_ID:
		c->vendor_id = (int32_t)crd_field_be(value);
		break;
	case CRD_F_DEVICE_ID:
		c->device_id = (int32_t)crd_field_be(value);
		break;
	case CRD_F_SUBVENDOR_ID:
		c->subvendor_id = (int32_t)crd_field_be(value);
		break;
	case CRD_F_SUBDEVICE_ID:
		c->subdevice_id = (int32_t)crd_field_be(value);
		break;
	case CRD_F_CLASS:
		c->class_code = (uint32_t)crd_field_be(value);
		c->has_class = true;
		break;
	case CRD_F_DEVICE_FLAGS:
		if (crd_field_be(value) &
		    (CRD_DEVICE_EXTERNAL | CRD_DEVICE_REMOVABLE))
			c->flags |= CRD_FLAG_EXTERNAL;
		break;
	case CRD_F_PART:
		c->part = (uint8_t)crd_field_be(value);
		break;
	case CRD_F_SMBIOS_TYPE:
		c->smbios_type = (uint8_t)crd_field_be(value);
		break;
	case CRD_F_DYNAMIC:
		if (crd_field_be(value) == 1)
			c->flags |= CRD_FLAG_DYNAMIC;
		break;
	default:
		read_text(c, type, value);
		break;
	}
}

/* String number n of the structure, from 1; an empty one is not said. */
static struct crd_buf smbios_string(struct crd_buf fields, uint8_t n)
{
	struct crd_field_iter it = { fields };
	struct crd_buf value;
	uint8_t type;

	while (n && crd_field_next(&it, &type, &value)) {
		if (type == CRD_F_STRING && !--n && value.len)
			return value;
	}
	return (struct crd_buf){ NULL, 0 };
}

static struct crd_buf smbios_text(struct crd_buf fields, struct crd_buf data,
				  uint8_t at)
{
	return smbios_string(fields, at && at < data.len ? data.ptr[at] : 0);
}

const struct crd_smbios_strings *crd_smbios_strings(uint8_t type)
{
	size_t i;

	for (i = 0; i < sizeof(smbios_strings) / sizeof(*smbios_strings); i++) {
		if (smbios_strings[i].type == type)
			return &smbios_strings[i];
	}
	return NULL;
}

static void read_smbios(struct crd_component *c)
{
	const struct crd_smbios_strings *s = crd_smbios_strings(c->smbios_type);
	struct crd_buf data, f = c->fields;

	if (!s || !crd_field_get(f, CRD_F_DATA, &data))
		return;
	c->manufacturer = smbios_text(f, data, s->maker);
	c->product = smbios_text(f, data, s->product);
	c->version = smbios_text(f, data, s->version);
	c->serial = smbios_text(f, data, s->serial);
	c->released = smbios_text(f, data, s->released);
}

void crd_component_read_device(struct crd_component *c)
{
	struct crd_field_iter it = { c->fields };
	struct crd_buf value;
	uint8_t type;

	c->vendor_id = c->device_id = -1;
	c->subvendor_id = c->subdevice_id = -1;
	while (crd_field_next(&it, &type, &value)) {
		if (type == CRD_F_DEVICE)
			c->device = value;
		else if (type == CRD_F_BUS)
			c->bus = value;
		else if (type == CRD_F_DEFERRED && crd_field_be(value))
			c->flags |= CRD_FLAG_DEFERRED;
		else
			read_ids(c, type, value);
	}
	if (c->kind == CRD_KIND_DEVICE)
		c->name = c->device;
	if (c->kind == CRD_KIND_PLATFORM && c->part == CRD_PART_SMBIOS &&
	    !c->manufacturer.ptr)
		read_smbios(c);
}
