// SPDX-License-Identifier: Apache-2.0
/*
 * A bill of materials from a spreadsheet: the columns that policies/README.md
 * lists, under the names that people give them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bid_sheet.h"

enum column {
	UNUSED,
	KIND,
	CLASS,
	ITEM, /* what it is, or else what it is called */
	NAME,
	MAKER,
	SUPPLIER,
	PART_NUMBER,
	SERIAL,
	VERSION,
	LICENSE,
	IDS,
	HASH,
	PROPERTY,
};

static const struct {
	const char *name; /* folded */
	enum column column;
} columns[] = {
	{ "kind", KIND },
	{ "type", KIND },
	{ "class", CLASS },
	{ "category", CLASS },
	{ "function", CLASS },
	{ "item", ITEM },
	{ "component", ITEM },
	{ "part", ITEM },
	{ "name", NAME },
	{ "model", NAME },
	{ "product", ITEM },
	{ "productname", ITEM },
	{ "manufacturer", MAKER },
	{ "vendor", MAKER },
	{ "maker", MAKER },
	{ "make", MAKER },
	{ "brand", MAKER },
	{ "supplier", SUPPLIER },
	{ "reseller", SUPPLIER },
	{ "distributor", SUPPLIER },
	{ "partnumber", PART_NUMBER },
	{ "partno", PART_NUMBER },
	{ "mpn", PART_NUMBER },
	{ "sku", PART_NUMBER },
	{ "serial", SERIAL },
	{ "serialnumber", SERIAL },
	{ "serialno", SERIAL },
	{ "version", VERSION },
	{ "firmwareversion", VERSION },
	{ "license", LICENSE },
	{ "id", IDS },
	{ "pciid", IDS },
	{ "usbid", IDS },
	{ "sha256", HASH },
	{ "sha384", HASH },
	{ "sha512", HASH },
	{ "vendorid", PROPERTY },
	{ "deviceid", PROPERTY },
	{ "productid", PROPERTY },
	{ "subsystemvendorid", PROPERTY },
	{ "subsystemdeviceid", PROPERTY },
	{ "subsystemid", PROPERTY },
	{ "classcode", PROPERTY },
	{ "revision", PROPERTY },
	{ "bus", PROPERTY },
	{ "quantity", PROPERTY },
	{ "qty", PROPERTY },
};

struct bill {
	struct crd_sheet s;
	enum column column[CRD_SHEET_COLUMNS];
	struct crd_buf header[CRD_SHEET_COLUMNS];
	size_t n_columns;
	uint8_t *header_room;
	size_t n_skipped; /* rows with nothing of use */
};

static enum column column_of(struct crd_buf name)
{
	size_t i;

	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		if (crd_bid_is(name, columns[i].name))
			return columns[i].column;
	}
	return UNUSED;
}

/* How many columns are known if the header is cut at that sign. */
static size_t count_known(const struct crd_sheet *s, char separator)
{
	struct crd_sheet try = *s;
	size_t i, known = 0;
	int ret;

	try.separator = separator;
	do {
		ret = crd_sheet_row(&try);
	} while (!ret && crd_sheet_is_empty(&try) && try.left.len);
	for (i = 0; !ret && i < try.n_fields; i++)
		known += column_of(try.field[i]) != UNUSED;
	return known;
}

static int find_separator(struct crd_sheet *s)
{
	static const char signs[] = { ';', ',', '\t' };
	const uint8_t *end;
	size_t i, known, best = 0;

	if (crd_sheet_take_sep(s))
		return 0;
	for (i = 0; i < sizeof(signs); i++) {
		known = count_known(s, signs[i]);
		if (known > best) {
			best = known;
			s->separator = signs[i];
		}
	}
	s->r->line = 1;
	if (best >= 2)
		return 0;
	end = s->left.len ? memchr(s->left.ptr, '\n', s->left.len) : NULL;
	return crd_bid_fail(
		s->r, -EBADMSG,
		"no header with columns such as model, manufacturer, quantity, separated by ';', ',' or tabs; the first row is '%.*s'",
		(int)(end ? end - s->left.ptr : (ptrdiff_t)s->left.len),
		(const char *)s->left.ptr);
}

static int check_twice(const struct bill *b, size_t n)
{
	struct crd_buf name = b->header[n];
	size_t i;

	for (i = 0; i < n && name.len; i++) {
		if (crd_buf_equal(name, b->header[i]))
			return crd_bid_fail(b->s.r, -EBADMSG,
					    "two columns are called '%.*s'",
					    name.len > 60 ? 60 : (int)name.len,
					    (const char *)name.ptr);
	}
	return 0;
}

static int read_header(struct bill *b)
{
	struct crd_sheet *s = &b->s;
	size_t i;
	int ret;

	do {
		ret = crd_sheet_row(s);
	} while (!ret && crd_sheet_is_empty(s) && s->left.len);
	for (i = 0; !ret && i < s->n_fields; i++) {
		b->column[i] = column_of(s->field[i]);
		b->header[i] = s->field[i];
		ret = check_twice(b, i);
	}
	b->n_columns = s->n_fields;
	/* the texts of the header stay */
	b->header_room = s->room;
	s->room = malloc(s->left.len + 1);
	return ret ? ret : s->room ? 0 : -ENOMEM;
}

static int set_ids(struct crd_bid_reader *r, struct crd_bid_item *item,
		   struct crd_buf header, struct crd_buf value)
{
	const uint8_t *colon = memchr(value.ptr, ':', value.len);
	struct crd_buf vendor = value, device;
	int ret = 0;

	if (!colon)
		return crd_bid_fail(
			r, -EBADMSG,
			"the id '%.*s' is not vendor:device, such as 8086:1572",
			(int)(value.len > 40 ? 40 : value.len), value.ptr);
	vendor.len = (size_t)(colon - value.ptr);
	device = (struct crd_buf){ colon + 1, value.len - vendor.len - 1 };
	if (crd_bid_is(header, "pciid") || crd_bid_is(header, "usbid"))
		ret = crd_bid_set_bus(r, item,
				      crd_buf_of(crd_bid_is(header, "pciid") ?
							 "pci" :
							 "usb"));
	if (!ret)
		ret = crd_bid_set_hex(r, "vendor id", &item->vendor, vendor, 4);
	if (!ret)
		ret = crd_bid_set_hex(r, "device id", &item->device, device, 4);
	return ret;
}

/* In a column for it a number is one, or was spoilt by the spreadsheet. */
static int set_property(struct crd_bid_reader *r, struct crd_bid_item *item,
			struct crd_buf header, struct crd_buf value)
{
	static const char *const ids[] = {
		"vendorid",	     "deviceid",	  "productid",
		"subsystemvendorid", "subsystemdeviceid", "subsystemid"
	};
	int32_t number = -1;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (crd_bid_is(header, ids[i]))
			ret = crd_bid_set_hex(r, ids[i], &number, value, 4);
	}
	return ret ? ret : crd_bid_set_property(r, item, header, value);
}

static int set_field(const struct bill *b, struct crd_bid_item *item, size_t i)
{
	struct crd_buf value = b->s.field[i], header = b->header[i];
	struct crd_bid_reader *r = b->s.r;

	switch (b->column[i]) {
	case KIND:
	case CLASS:
		crd_bid_set_word(item, value);
		return 0;
	case NAME:
		return crd_bid_set_text(r, "name", &item->name, value);
	case MAKER:
		return crd_bid_set_text(r, "manufacturer", &item->maker, value);
	case SUPPLIER:
		return crd_bid_set_text(r, "supplier", &item->supplier, value);
	case PART_NUMBER:
		return crd_bid_set_text(r, "part number", &item->part_number,
					value);
	case SERIAL:
		return crd_bid_set_text(r, "serial number", &item->serial,
					value);
	case VERSION:
		return crd_bid_set_text(r, "version", &item->version, value);
	case LICENSE:
		return crd_bid_set_text(r, "license", &item->license, value);
	case IDS:
		return set_ids(r, item, header, value);
	case HASH:
		return crd_bid_set_hash(r, item, header, value);
	case PROPERTY:
		return set_property(r, item, header, value);
	default:
		return 0;
	}
}

/* "NIC": what it is; "Intel X710": what it is called. */
static void use_item_columns(const struct bill *b, struct crd_bid_item *item)
{
	const struct crd_buf *field = b->s.field;
	struct crd_bid_phrase p;
	size_t i;

	for (i = 0; i < b->s.n_fields; i++) {
		if (b->column[i] != ITEM || !field[i].len)
			continue;
		p = crd_bid_phrase(field[i]);
		if (p.is || item->name.len)
			crd_bid_set_word(item, field[i]);
		if (!p.whole && !item->name.len)
			item->name = field[i];
	}
}

static int read_item(struct bill *b)
{
	struct crd_sheet *s = &b->s;
	struct crd_bid_item item;
	bool used = false;
	size_t i;
	int ret = 0;

	crd_bid_item_init(&item);
	for (i = 0; !ret && i < s->n_fields; i++) {
		if (!s->field[i].len)
			continue;
		if (i >= b->n_columns)
			return crd_bid_fail(s->r, -EBADMSG,
					    "more fields than the header has");
		used |= b->column[i] != UNUSED;
		ret = set_field(b, &item, i);
	}
	if (ret)
		return ret;
	if (!used) { /* a total, a remark */
		b->n_skipped++;
		return 0;
	}
	use_item_columns(b, &item);
	if (item.vendor >= 0 && !item.bus)
		return crd_bid_fail(
			s->r, -EBADMSG,
			"a vendor id, but no bus: give pci or usb in a column bus");
	return crd_bid_add(s->r, &item);
}

static int say_sheet(const struct bill *b)
{
	const char *sign = b->s.separator == ';' ? "';'" :
			   b->s.separator == ',' ? "','" :
						   "tabs";
	struct crd_str str = { 0 };
	size_t i;

	for (i = 0; i < b->n_columns; i++) {
		if (b->column[i] != UNUSED || !b->header[i].len)
			continue;
		crd_str_puts(&str, str.len ? ", " : "columns not used: ");
		crd_str_safe(&str, b->header[i]);
	}
	if (b->n_skipped)
		crd_str_fmt(&str, "%s%zu rows with nothing in the others",
			    str.len ? "; " : "", b->n_skipped);
	if (str.failed) {
		crd_str_done(&str);
		return -ENOMEM;
	}
	if (str.len)
		b->s.r->bid->left_out = crd_str_take(&str);
	return crd_bid_say(b->s.r, "CSV, separated by %s", sign);
}

static int read_bill(struct bill *b)
{
	int ret = find_separator(&b->s);

	if (!ret)
		ret = read_header(b);
	while (!ret && b->s.left.len) {
		ret = crd_sheet_row(&b->s);
		if (!ret && !crd_sheet_is_empty(&b->s))
			ret = read_item(b);
	}
	return ret ? ret : say_sheet(b);
}

int crd_bid_csv(struct crd_bid_reader *r, struct crd_buf bytes)
{
	struct bill *b;
	int ret = crd_sheet_check(r, bytes);

	if (ret)
		return ret;
	b = calloc(1, sizeof(*b));
	if (!b)
		return -ENOMEM;
	b->s = (struct crd_sheet){ .r = r, .left = bytes, .next_line = 1 };
	b->s.room = malloc(bytes.len + 1);
	ret = b->s.room ? read_bill(b) : -ENOMEM;
	free(b->s.room);
	free(b->header_room);
	free(b);
	r->line = 0;
	return ret;
}
