// SPDX-License-Identifier: Apache-2.0
/*
 * What an example writes as people do and a log has as numbers: ids of devices
 * and of firmware, digests, and versions of what has a number for one. The
 * forms are those in which a condition names them (policies/README.md).
 */
#include <errno.h>
#include <string.h>

#include "credence.h"
#include "example.h"
#include "policy_cond.h"

/* Digits of that base, so many of them; *at is behind them. */
static bool read_number(const char **at, unsigned int base, unsigned int least,
			unsigned int most, uint64_t *ret_number)
{
	uint64_t n = 0;
	unsigned int i;

	for (i = 0; i < most; i++) {
		int digit = crd_hex_digit((uint8_t)(*at)[i]);

		if (digit < 0 || digit >= (int)base)
			break;
		n = n * base + (uint64_t)digit;
	}
	*at += i;
	*ret_number = n;
	return i >= least;
}

/* "8086:10d3" */
static int load_pair(const struct crd_load *l, const struct crd_node *node,
		     const char *what, int32_t *ret_vendor, int32_t *ret_device)
{
	uint64_t vendor = 0, device = 0;
	const char *text, *at;
	int ret = crd_want_text(l, node, what, &text);

	if (ret)
		return ret;
	at = text;
	if (!read_number(&at, 16, 4, 4, &vendor) || *at++ != ':' ||
	    !read_number(&at, 16, 4, 4, &device) || *at)
		return crd_node_fail(
			l, node,
			"'%.20s' is no %s such as \"8086:10d3\", in lower case",
			text, what);
	*ret_vendor = (int32_t)vendor;
	*ret_device = (int32_t)device;
	return 0;
}

/* As EFI writes it; the first three parts are stored the other way round. */
static bool read_guid(const char *text, uint8_t guid[static CRD_GUID_BYTES])
{
	static const uint8_t order[CRD_GUID_BYTES] = { 3,  2,  1,  0, 5,  4,
						       7,  6,  8,  9, 10, 11,
						       12, 13, 14, 15 };
	uint64_t byte = 0;
	size_t i;

	for (i = 0; i < CRD_GUID_BYTES; i++) {
		if ((i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-')
			return false;
		if (!read_number(&text, 16, 2, 2, &byte))
			return false;
		guid[order[i]] = (uint8_t)byte;
	}
	return !*text;
}

static int load_guid(const struct crd_load *l, const struct crd_node *node,
		     struct crd_example_part *part)
{
	const char *text;
	int ret = crd_want_text(l, node, "id", &text);

	if (!ret && !read_guid(text, part->guid))
		ret = crd_node_fail(
			l, node,
			"'%.40s' is no GUID such as \"00112233-4455-6677-8899-aabbccddeeff\", in lower case",
			text);
	part->has_guid = !ret;
	return ret;
}

/* How a version is written that is a number. */
enum form { FORM_TEXT, FORM_HEX, FORM_DECIMAL, FORM_USB, FORM_TPM };

static enum form form_of(const struct crd_example_part *part)
{
	if (part->kind == CRD_KIND_DEVICE)
		return part->bus && !strcmp(part->bus, "usb") ? FORM_USB :
								FORM_HEX;
	if (part->kind != CRD_KIND_PLATFORM)
		return FORM_TEXT;
	switch (part->part) {
	case CRD_PART_ACPI:
	case CRD_PART_CPU:
		return FORM_HEX;
	case CRD_PART_ESRT:
		return FORM_DECIMAL;
	case CRD_PART_TPM:
		return FORM_TPM;
	default:
		return FORM_TEXT;
	}
}

/* "7.85.17.51968" */
static bool read_tpm(const char **at, uint64_t *ret_number)
{
	uint64_t n = 0, part = 0;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		if (i && *(*at)++ != '.')
			return false;
		if (!read_number(at, 10, 1, 5, &part) || part > UINT16_MAX)
			return false;
		n = n << 16 | part;
	}
	*ret_number = n;
	return true;
}

static bool read_version(const char *at, enum form form, unsigned int digits,
			 uint64_t *ret_number)
{
	uint64_t minor = 0;
	bool ok;

	switch (form) {
	case FORM_HEX:
		ok = *at++ == '0' && *at++ == 'x' &&
		     read_number(&at, 16, 1, digits, ret_number);
		break;
	case FORM_DECIMAL:
		ok = read_number(&at, 10, 1, 10, ret_number) &&
		     *ret_number <= UINT32_MAX;
		break;
	case FORM_USB:
		ok = read_number(&at, 16, 1, 2, ret_number) && *at++ == '.' &&
		     read_number(&at, 16, 2, 2, &minor);
		*ret_number = *ret_number << 8 | minor;
		break;
	default:
		ok = read_tpm(&at, ret_number);
		break;
	}
	return ok && !*at;
}

static int load_version(const struct crd_load *l, const struct crd_node *node,
			struct crd_example_part *part)
{
	static const char *const such[] = {
		[FORM_HEX] = "0xb4, in lower-case hexadecimal",
		[FORM_DECIMAL] = "66309, in decimal",
		[FORM_USB] = "1.07, of a USB device",
		[FORM_TPM] = "7.85.17.51968, four numbers below 65536",
	};
	unsigned int digits = part->kind == CRD_KIND_DEVICE ? 4 : 8;
	enum form form = form_of(part);

	if (form == FORM_TEXT ||
	    read_version(part->version, form, digits, &part->number))
		return 0;
	return crd_node_fail(l, node, "'%.40s' is no version such as %s",
			     part->version, such[form]);
}

int crd_example_numbers_load(const struct crd_load *l,
			     const struct crd_node **values,
			     struct crd_example_part *part)
{
	const struct crd_node *id = values[CRD_COND_ID];
	const struct crd_node *subsystem = values[CRD_COND_SUBSYSTEM];
	int ret = 0;

	if (id && part->kind == CRD_KIND_PLATFORM)
		ret = load_guid(l, id, part);
	else if (id)
		ret = load_pair(l, id, "id", &part->vendor_id,
				&part->device_id);
	if (!ret && subsystem)
		ret = load_pair(l, subsystem, "subsystem", &part->subvendor_id,
				&part->subdevice_id);
	if (!ret && values[CRD_COND_VERSION])
		ret = load_version(l, values[CRD_COND_VERSION], part);
	return ret;
}

bool crd_example_digest(const char *text, size_t len,
			struct crd_digest *ret_digest)
{
	struct crd_buf hex = { (const uint8_t *)text, len };
	struct crd_digest d = { .len = (uint16_t)(len / 2) };

	d.alg = len == 64  ? CRD_ALG_SHA256 :
		len == 96  ? CRD_ALG_SHA384 :
		len == 128 ? CRD_ALG_SHA512 :
			     0;
	if (!d.alg || !crd_hex_read(hex, crd_hex_digit, d.bytes))
		return false;
	*ret_digest = d;
	return true;
}
