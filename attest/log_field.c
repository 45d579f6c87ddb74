// SPDX-License-Identifier: Apache-2.0
/*
 * log_field - the fields inside a record of the measurer's log: order, widths
 * and well-formedness, as kmod/uapi/credence.h specifies them.
 */
#include <credence.h>
#include <errno.h>
#include <string.h>

#include "attest_private.h"
#include "bounds.h"
#include "hex.h"
#include "reader.h"

#define MAX_BUILD_ID	    64
#define MAX_PAYLOAD_DIGESTS 2 /* a signature may need another hash */

enum form { UNKNOWN, UINT, TEXT, BYTES, HASH, ITEM };

#define TEXT_FIELD(count)                    \
	{                                    \
		TEXT, count, 0, CRD_MAX_TEXT \
	}
#define UINT_FIELD(width)             \
	{                             \
		UINT, 1, width, width \
	}

/* min and max: bytes of the value; count: how often, at most. */
static const struct field {
	enum form form;
	uint16_t count;
	uint32_t min, max;
} fields[] = {
	[CRD_F_TRUNCATED] = { BYTES, 1, 1, 255 },
	[CRD_F_NAME] = TEXT_FIELD(1),
	[CRD_F_PATH] = { TEXT, 1, 0, CRD_MAX_PATH },
	[CRD_F_ORIGIN] = UINT_FIELD(1),
	[CRD_F_SIZE] = UINT_FIELD(8),
	[CRD_F_DIGEST] = { HASH, 1, 0, 0 },
	[CRD_F_PAYLOAD_DIGEST] = { HASH, MAX_PAYLOAD_DIGESTS, 0, 0 },
	[CRD_F_SIGNATURE] = { BYTES, 1, 1, CRD_MAX_SIGNATURE },
	[CRD_F_SIG_STATUS] = UINT_FIELD(1),
	[CRD_F_AUTHOR] = TEXT_FIELD(CRD_MAX_REPEAT),
	[CRD_F_LICENSE] = TEXT_FIELD(1),
	[CRD_F_VERSION] = TEXT_FIELD(1),
	[CRD_F_SRCVERSION] = TEXT_FIELD(1),
	[CRD_F_VERMAGIC] = TEXT_FIELD(1),
	[CRD_F_INTREE] = UINT_FIELD(1),
	[CRD_F_FIRMWARE] = TEXT_FIELD(CRD_MAX_REPEAT),
	[CRD_F_DESCRIPTION] = TEXT_FIELD(1),
	[CRD_F_ALIAS_VENDOR] = TEXT_FIELD(CRD_MAX_REPEAT),
	[CRD_F_TAINTS] = UINT_FIELD(8),
	[CRD_F_LOAD_FLAGS] = UINT_FIELD(4),
	[CRD_F_BUILD_ID] = { BYTES, 1, 1, MAX_BUILD_ID },
	[CRD_F_PID] = UINT_FIELD(4),
	[CRD_F_UID] = UINT_FIELD(4),
	[CRD_F_COMM] = TEXT_FIELD(1),
	[CRD_F_FILE_DIGEST] = { HASH, 1, 0, 0 },
	[CRD_F_REF] = UINT_FIELD(8),
	[CRD_F_RESULT] = UINT_FIELD(4),
	[CRD_F_REASON] = TEXT_FIELD(1),
	[CRD_F_COUNT] = UINT_FIELD(8),
	[CRD_F_DEVICE] = TEXT_FIELD(1),
	[CRD_F_DRIVER] = TEXT_FIELD(1),
	[CRD_F_BUS] = TEXT_FIELD(1),
	[CRD_F_MODULE] = TEXT_FIELD(1),
	[CRD_F_ITEM] = { ITEM, CRD_MAX_ITEMS, 0, CRD_MAX_CONTENT },
	[CRD_F_PARENT] = TEXT_FIELD(1),
	[CRD_F_PORT] = TEXT_FIELD(1),
	[CRD_F_VENDOR_ID] = UINT_FIELD(2),
	[CRD_F_DEVICE_ID] = UINT_FIELD(2),
	[CRD_F_SUBVENDOR_ID] = UINT_FIELD(2),
	[CRD_F_SUBDEVICE_ID] = UINT_FIELD(2),
	[CRD_F_CLASS] = UINT_FIELD(4),
	[CRD_F_REVISION] = UINT_FIELD(2),
	[CRD_F_MANUFACTURER] = TEXT_FIELD(1),
	[CRD_F_PRODUCT] = TEXT_FIELD(1),
	[CRD_F_SERIAL] = TEXT_FIELD(1),
	[CRD_F_DSN] = UINT_FIELD(8),
	[CRD_F_DEVICE_FLAGS] = UINT_FIELD(4),
	[CRD_F_INTERFACE] = UINT_FIELD(1),
	[CRD_F_REF_ITEM] = UINT_FIELD(4),
	[CRD_F_PCR_FOUND] = { HASH, CRD_MAX_BANKS, 0, 0 },
	[CRD_F_RESET_COUNT] = UINT_FIELD(4),
	[CRD_F_RESTART_COUNT] = UINT_FIELD(4),
	[CRD_F_CLOCK] = UINT_FIELD(8),
	[CRD_F_CLOCK_SAFE] = UINT_FIELD(1),
	[CRD_F_BOOT_ID] = { BYTES, 1, 16, 16 },
	[CRD_F_INSTANCE] = { BYTES, 1, 16, 16 },
	[CRD_F_KERNEL_RELEASE] = TEXT_FIELD(1),
	[CRD_F_KERNEL_VERSION] = TEXT_FIELD(1),
	[CRD_F_MACHINE] = TEXT_FIELD(1),
	[CRD_F_LOCKDOWN] = UINT_FIELD(1),
	[CRD_F_SECURE_BOOT] = UINT_FIELD(1),
	[CRD_F_KERNEL_TAINT] = UINT_FIELD(8),
	[CRD_F_BANK] = { UINT, CRD_MAX_BANKS, 4, 4 },
	[CRD_F_PARAM] = TEXT_FIELD(CRD_MAX_ANCHOR_REPEAT),
	[CRD_F_HOOK] = TEXT_FIELD(CRD_MAX_ANCHOR_REPEAT),
	[CRD_F_MEASURER_VERSION] = TEXT_FIELD(1),
	[CRD_F_OFFSET] = UINT_FIELD(8),
	[CRD_F_PART] = UINT_FIELD(1),
	[CRD_F_SMBIOS_TYPE] = UINT_FIELD(1),
	[CRD_F_HANDLE] = UINT_FIELD(2),
	[CRD_F_DATA] = { BYTES, 1, 1, CRD_MAX_DATA },
	[CRD_F_STRING] = TEXT_FIELD(CRD_MAX_STRINGS),
	[CRD_F_OEM_ID] = TEXT_FIELD(1),
	[CRD_F_OEM_TABLE_ID] = TEXT_FIELD(1),
	[CRD_F_OEM_REVISION] = UINT_FIELD(4),
	[CRD_F_CREATOR_ID] = TEXT_FIELD(1),
	[CRD_F_CREATOR_REVISION] = UINT_FIELD(4),
	[CRD_F_DYNAMIC] = UINT_FIELD(1),
	[CRD_F_FW_CLASS] = { BYTES, 1, 16, 16 },
	[CRD_F_FW_TYPE] = UINT_FIELD(4),
	[CRD_F_FW_VERSION] = UINT_FIELD(4),
	[CRD_F_FW_LOWEST] = UINT_FIELD(4),
	[CRD_F_FW_FLAGS] = UINT_FIELD(4),
	[CRD_F_FW_LAST_VERSION] = UINT_FIELD(4),
	[CRD_F_FW_LAST_STATUS] = UINT_FIELD(4),
	[CRD_F_CPU_FAMILY] = UINT_FIELD(4),
	[CRD_F_CPU_MODEL] = UINT_FIELD(4),
	[CRD_F_CPU_STEPPING] = UINT_FIELD(4),
	[CRD_F_MICROCODE] = UINT_FIELD(4),
	[CRD_F_TPM_FIRMWARE] = UINT_FIELD(8),
	[CRD_F_TPM_REVISION] = UINT_FIELD(4),
	[CRD_F_BUS_ENCRYPTION] = UINT_FIELD(1),
	[CRD_F_SEEN] = TEXT_FIELD(CRD_MAX_STRINGS),
	[CRD_F_NOT_SEEN] = TEXT_FIELD(CRD_MAX_STRINGS),
	[CRD_F_POWER] = UINT_FIELD(1),
	[CRD_F_ACTIVITY] = UINT_FIELD(1),
	[CRD_F_DEFERRED] = UINT_FIELD(1),
};

/* NULL: of a later format version 1 writer; allowed, and ignored. */
static const struct field *find_field(uint8_t type)
{
	if (type >= sizeof(fields) / sizeof(fields[0]) ||
	    fields[type].form == UNKNOWN)
		return NULL;
	return &fields[type];
}

/* \xHH, and only for a byte that has to be escaped. */
static bool escape_valid(struct crd_buf text)
{
	int high, low, byte;

	if (text.len < 4 || text.ptr[1] != 'x')
		return false;
	high = crd_hex_digit(text.ptr[2]);
	low = crd_hex_digit(text.ptr[3]);
	if (high < 0 || low < 0)
		return false;
	byte = high * 16 + low;
	return byte < 0x20 || byte == 0x7f || byte == '\\' || byte >= 0x80;
}

static bool text_valid(struct crd_buf text)
{
	while (text.len) {
		size_t n = crd_utf8_char(text);

		if (!n || text.ptr[0] < 0x20 || text.ptr[0] == 0x7f)
			return false;
		if (text.ptr[0] == '\\') {
			if (!escape_valid(text))
				return false;
			n = 4;
		}
		text.ptr += n;
		text.len -= n;
	}
	return true;
}

static bool hash_valid(struct crd_buf value)
{
	size_t size = value.len ? crd_alg_size(value.ptr[0]) : 0;

	if (size)
		return value.len == 1 + size;
	return value.len >= 2 && value.len <= 1 + CRD_MAX_DIGEST;
}

/* Where fields stand: what may come before them and within them. */
enum place { RECORD, SNAPSHOT, BATCH, SNAPSHOT_ITEM, BATCH_ITEM };

static int read_fields(struct crd_buf in, size_t origin, enum place place,
		       struct crd_error *err);

/* EVENT, in a batch then TIME, lead each item. */
static int read_item(struct crd_buf in, size_t origin, enum place group,
		     struct crd_error *err)
{
	bool timed = group == BATCH;
	struct crd_record item;
	struct crd_buf rest;

	if (!crd_item_lead(in, timed, &item, &rest))
		return crd_fail(err, -EBADMSG, origin,
				"an item without event%s",
				timed ? " and time" : "");
	return read_fields(rest, origin + (size_t)(rest.ptr - in.ptr),
			   timed ? BATCH_ITEM : SNAPSHOT_ITEM, err);
}

static int check_value(uint8_t type, const struct field *f,
		       struct crd_buf value, size_t at, struct crd_error *err)
{
	bool valid = true;

	if (f->form == HASH)
		valid = hash_valid(value);
	else if (value.len < f->min)
		valid = false;
	else if (value.len > f->max && f->form == UINT)
		valid = false;
	else if (value.len > f->max)
		return crd_fail(err, -E2BIG, at,
				"field 0x%02x is %zu bytes, over %u", type,
				value.len, f->max);
	else if (f->form == TEXT)
		valid = text_valid(value);
	if (!valid)
		return crd_fail(err, -EBADMSG, at,
				"field 0x%02x has the wrong size or is no "
				"properly escaped text",
				type);
	return 0;
}

struct order {
	int last;
	unsigned int count; /* of the last type, so far */
};

static int check_order(struct order *order, uint8_t type, const struct field *f,
		       size_t at, struct crd_error *err)
{
	order->count = type == order->last ? order->count + 1 : 1;
	if (type < order->last)
		return crd_fail(err, -EBADMSG, at,
				"field 0x%02x comes after field 0x%02x", type,
				(unsigned int)order->last);
	order->last = type;
	if (f && order->count > f->count)
		return crd_fail(err, f->count > 1 ? -E2BIG : -EBADMSG, at,
				"field 0x%02x comes more than %u times", type,
				f->count);
	return 0;
}

static bool allowed(uint8_t type, enum place place)
{
	if (type == CRD_F_ITEM)
		return place == SNAPSHOT || place == BATCH;
	return type > CRD_F_TIME; /* those are read by the caller */
}

static int read_fields(struct crd_buf in, size_t origin, enum place place,
		       struct crd_error *err)
{
	struct order order = { .last = CRD_F_TIME, .count = 1 };
	struct crd_reader r;
	int ret = 0;

	rd_init(&r, in, origin);
	while (rd_left(&r) && !ret) {
		size_t at = rd_offset(&r);
		uint8_t type = rd_u8(&r);
		struct crd_buf value = rd_take(&r, rd_be32(&r));
		const struct field *f = find_field(type);

		if (rd_failed(&r))
			break;
		if (!allowed(type, place))
			return crd_fail(err, -EBADMSG, at,
					"field 0x%02x must not be here", type);
		ret = check_order(&order, type, f, at, err);
		if (!ret && f && f->form == ITEM)
			ret = read_item(value, at + CRD_TLV_HEADER, place, err);
		else if (!ret && f)
			ret = check_value(type, f, value, at, err);
	}
	if (rd_failed(&r))
		return crd_fail_short(err, &r, "a field");
	return ret;
}

int crd_fields_check(uint16_t event, struct crd_buf in, size_t origin,
		     struct crd_error *err)
{
	enum place place = event == CRD_EV_SNAPSHOT ? SNAPSHOT :
			   event == CRD_EV_BATCH    ? BATCH :
						      RECORD;

	return read_fields(in, origin, place, err);
}

bool crd_field_next(struct crd_field_iter *it, uint8_t *ret_type,
		    struct crd_buf *ret_value)
{
	struct crd_reader r;
	struct crd_buf value;
	uint8_t type;

	rd_init(&r, it->left, 0);
	type = rd_u8(&r);
	value = rd_take(&r, rd_be32(&r));
	if (rd_failed(&r))
		return false;
	it->left.ptr += r.pos;
	it->left.len -= r.pos;
	*ret_type = type;
	*ret_value = value;
	return true;
}

bool crd_field_get(struct crd_buf in, uint8_t type, struct crd_buf *ret_value)
{
	struct crd_field_iter it = { in };
	struct crd_buf value;
	uint8_t found;

	while (crd_field_next(&it, &found, &value)) {
		if (found != type)
			continue;
		*ret_value = value;
		return true;
	}
	return false;
}

bool crd_field_u64(struct crd_buf in, uint8_t type, uint64_t *ret_value)
{
	struct crd_buf value;
	struct crd_reader r;

	if (!crd_field_get(in, type, &value) || value.len < 1 || value.len > 8)
		return false;
	rd_init(&r, value, 0);
	*ret_value = rd_be(&r, value.len);
	return true;
}
