// SPDX-License-Identifier: Apache-2.0
/*
 * The component list of paccor: TCG component identifiers in JSON, as plain
 * fields (Platform Certificate Profile 1.1) or as traits (2.x), under names of
 * which paccor itself writes several spellings. What a maker or a model is
 * depends on the registry that the component's class comes from.
 */
#include <errno.h>
#include <openssl/evp.h>
#include <string.h>

#include "bid_trait.h"

/* Eight hexadecimal digits, or four bytes in base64. */
static bool class_value(struct crd_buf text, uint32_t *ret_value)
{
	uint8_t bytes[8] = { 0 };
	uint32_t value = 0;
	size_t i;

	if (text.len == 8 && text.ptr[7] == '=') {
		if (EVP_DecodeBlock(bytes, text.ptr, 8) < 4)
			return false;
		*ret_value =
			(uint32_t)crd_field_be((struct crd_buf){ bytes, 4 });
		return true;
	}
	for (i = 0; i < text.len && text.len == 8; i++) {
		int digit = crd_hex_any_digit(text.ptr[i]);

		if (digit < 0)
			return false;
		value = value << 4 | (uint32_t)digit;
	}
	*ret_value = value;
	return text.len == 8;
}

/* Part n, from 0, of "8086:1028:"; empty if there is none. */
static struct crd_buf part(struct crd_buf text, unsigned int n)
{
	const uint8_t *at;

	for (;; n--) {
		at = text.len ? memchr(text.ptr, ':', text.len) : NULL;
		if (!n || !at)
			break;
		text.len -= (size_t)(at + 1 - text.ptr);
		text.ptr = at + 1;
	}
	if (n)
		return (struct crd_buf){ NULL, 0 };
	if (at)
		text.len = (size_t)(at - text.ptr);
	return crd_bid_trim(text);
}

static int from_pcie(struct crd_bid_reader *r, const struct crd_tcg_raw *raw,
		     uint32_t value, struct crd_bid_item *item)
{
	const struct {
		const char *what;
		int32_t *said;
		struct crd_buf text;
	} ids[] = {
		{ "vendor id", &item->vendor, part(raw->maker, 0) },
		{ "subsystem vendor id", &item->subvendor,
		  part(raw->maker, 1) },
		{ "device id", &item->device, part(raw->model, 0) },
		{ "subsystem id", &item->subdevice, part(raw->model, 1) },
		{ "revision", &item->revision, raw->revision },
	};
	size_t i;
	int ret = 0;

	item->bus = "pci";
	item->class_code = value & 0xffffff;
	/* all of these are numbers */
	item->name = item->maker = item->version = (struct crd_buf){ NULL, 0 };
	item->serial = part(raw->serial, 0);
	if (!item->serial.len)
		item->serial = part(raw->serial, 1);
	for (i = 0; !ret && i < sizeof(ids) / sizeof(ids[0]); i++)
		ret = crd_bid_set_hex(r, ids[i].what, ids[i].said, ids[i].text,
				      4);
	return ret;
}

/* The TCG's maker of a TPM is its id in hexadecimal: 53544d20, "STM ". */
static void from_smbios(const struct crd_tcg_raw *raw, uint32_t value,
			struct crd_bid_item *item)
{
	uint8_t type = value >> 16 & 0xff;

	if (type == 43) {
		item->is = crd_bid_word(crd_buf_of("tpm"));
		item->name = (struct crd_buf){ NULL, 0 };
		return;
	}
	if (type == 39) {
		item->is = crd_bid_word(crd_buf_of("psu"));
		return;
	}
	item->is = crd_bid_word_smbios(type);
	if (type == 0)
		item->version = raw->model;
	if (type == 3) /* its model is a number for the kind of case */
		item->name = (struct crd_buf){ NULL, 0 };
	if (type == 4 && raw->revision.len) {
		item->name = raw->revision;
		item->version = (struct crd_buf){ NULL, 0 };
	}
}

static int from_storage(struct crd_bid_reader *r, const struct crd_tcg_raw *raw,
			uint32_t value, struct crd_bid_item *item)
{
	int ret;

	item->is = crd_bid_word(crd_buf_of("disk"));
	if (value >> 24 != 2) /* ATA, SCSI: on no bus that is measured */
		return 0;
	item->is = crd_bid_word(crd_buf_of("nvme"));
	item->bus = "pci";
	item->class_code = value & 0xffffff;
	item->maker = (struct crd_buf){ NULL, 0 };
	item->serial = part(raw->serial, 1);
	ret = crd_bid_set_hex(r, "vendor id", &item->vendor,
			      part(raw->maker, 0), 4);
	return ret ? ret :
		     crd_bid_set_hex(r, "subsystem vendor id", &item->subvendor,
				     part(raw->maker, 1), 4);
}

enum { TCG_NETWORK = 0x0009, TCG_ETHERNET = 0x00090002 };

/* Categories, the upper half, as far as they are known without doubt. */
static const struct crd_bid_word *from_tcg(uint32_t value)
{
	static const struct {
		uint32_t value, mask;
		const char *word;
	} classes[] = {
		{ 0x00010000, 0xffff0000, "cpu" },
		{ 0x00020000, 0xffff0000, "chassis" },
		{ 0x00030003, 0xffffffff, "board" },
		{ 0x00050002, 0xffffffff, "graphics" },
		{ 0x00060000, 0xffff0000, "memory" },
		{ 0x00070000, 0xffff0000, "disk" },
		{ 0x00090000, 0xffff0000, "network" },
		{ 0x00130002, 0xfffffffe, "bios" },
		{ 0x00130000, 0xffff0000, "firmware" },
	};
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if ((value & classes[i].mask) == classes[i].value)
			return crd_bid_word(crd_buf_of(classes[i].word));
	}
	return NULL;
}

/* By its class; ids and models are where the class's registry has them. */
static int from_class(struct crd_bid_reader *r, const struct crd_tcg_raw *raw,
		      struct crd_bid_item *item)
{
	uint32_t value;

	if (!class_value(raw->class, &value))
		return crd_bid_fail(
			r, -EBADMSG,
			"the class is neither 8 hexadecimal digits nor 4 bytes in base64");
	switch (crd_tcg_registry_of(raw->registry)) {
	case CRD_TCG_PCIE:
		return from_pcie(r, raw, value, item);
	case CRD_TCG_SMBIOS:
		from_smbios(raw, value, item);
		return 0;
	case CRD_TCG_STORAGE:
		return from_storage(r, raw, value, item);
	case CRD_TCG_TCG:
		item->is = from_tcg(value);
		/* which of the others are radios is not known */
		item->unclear = value >> 16 == TCG_NETWORK &&
				value != TCG_ETHERNET;
		return 0;
	default:
		return 0;
	}
}

/* An address says more than a class that says nothing, or none. */
static void from_addresses(const struct crd_tcg_raw *raw,
			   struct crd_bid_item *item)
{
	enum crd_tcg_registry of = crd_tcg_registry_of(raw->registry);

	if (raw->class.len && of != CRD_TCG_TCG && of != CRD_TCG_NONE)
		return;
	if (raw->wireless) {
		item->is = crd_bid_word(crd_buf_of("wifi"));
		item->unclear = false;
	} else if (raw->ethernet && !item->is) {
		item->is = crd_bid_word(crd_buf_of("network"));
	}
}

static int interpret(struct crd_bid_reader *r, const struct crd_tcg_raw *raw,
		     struct crd_bid_item *item)
{
	int ret = 0;

	item->word = raw->class;
	item->name = raw->model;
	item->maker = raw->maker;
	item->serial = raw->serial;
	item->version = raw->revision;
	if (raw->class.len)
		ret = from_class(r, raw, item);
	from_addresses(raw, item);
	return ret;
}

/* The platform stands in the list once more, as SMBIOS structure 1. */
static bool is_again(const struct crd_tcg_raw *platform,
		     const struct crd_tcg_raw *raw)
{
	uint32_t value;

	return platform->model.len && class_value(raw->class, &value) &&
	       crd_tcg_registry_of(raw->registry) == CRD_TCG_SMBIOS &&
	       value >> 16 == 1 && crd_buf_equal(platform->maker, raw->maker) &&
	       crd_buf_equal(platform->model, raw->model);
}

static int read_one(struct crd_bid_reader *r, const json_t *component,
		    const struct crd_tcg_raw *platform)
{
	struct crd_tcg_raw raw = { 0 };
	struct crd_bid_item item;
	int ret;

	crd_bid_item_init(&item);
	if (json_is_array(component))
		ret = crd_tcg_read_traits(r, component, &raw);
	else if (json_is_object(component))
		ret = crd_tcg_read(r, component, &raw);
	else
		return crd_bid_fail(r, -EBADMSG, "not an object");
	if (ret || is_again(platform, &raw) ||
	    crd_bid_is(raw.status, "removed"))
		return ret;
	ret = interpret(r, &raw, &item);
	return ret ? ret : crd_bid_add(r, &item);
}

static int read_platform(struct crd_bid_reader *r, const json_t *root,
			 struct crd_tcg_raw *platform)
{
	json_t *object;
	struct crd_bid_item item;
	size_t mark = crd_bid_enter(r, "PLATFORM", -1);
	int ret = 0;

	crd_bid_item_init(&item);
	object = json_object_get(root, "PLATFORM");
	if (object && !json_is_object(object))
		ret = crd_bid_fail(r, -EBADMSG, "not an object");
	else if (object)
		ret = crd_tcg_read(r, object, platform);
	if (!ret && (platform->maker.len || platform->model.len)) {
		crd_bid_set_word(&item, crd_buf_of("system"));
		item.maker = platform->maker;
		item.name = platform->model;
		item.version = platform->revision;
		item.serial = platform->serial;
		ret = crd_bid_add(r, &item);
	}
	crd_bid_leave(r, mark);
	return ret;
}

int crd_bid_paccor(struct crd_bid_reader *r, const json_t *root)
{
	struct crd_tcg_raw platform = { 0 };
	json_t *components;
	size_t i, mark;
	int ret = crd_bid_json_array(r, root, "COMPONENTS", &components);

	if (!ret)
		ret = crd_bid_say(r, "paccor component list, JSON");
	if (!ret)
		ret = read_platform(r, root, &platform);
	for (i = 0; !ret && components && i < json_array_size(components);
	     i++) {
		mark = crd_bid_enter(r, "COMPONENTS", (long)i);
		ret = read_one(r, json_array_get(components, i), &platform);
		crd_bid_leave(r, mark);
	}
	return ret;
}
