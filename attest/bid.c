// SPDX-License-Identifier: Apache-2.0
/*
 * A bill of materials as an inventory: which format it is, its items as the
 * fields that a log would have.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bid_private.h"

const char *crd_bid_format_name(enum crd_bid_format format)
{
	static const char *const names[] = { "by content", "cyclonedx", "spdx",
					     "paccor", "csv" };

	return (unsigned int)format < CRD_BID_FORMATS ? names[format] : NULL;
}

int crd_bid_fail(struct crd_bid_reader *r, int ret, const char *fmt, ...)
{
	char text[2 * CRD_ERROR_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return crd_fail_at(r->err, r->line, r->line ? 1 : 0, ret, "%s%s%s",
			   r->line ? "" : r->place,
			   r->line || !*r->place ? "" : ": ", text);
}

int crd_bid_say(struct crd_bid_reader *r, const char *fmt, ...)
{
	char text[2 * CRD_ERROR_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	free(r->bid->said);
	r->bid->said = strdup(text);
	return r->bid->said ? 0 : -ENOMEM;
}

/* A thing of which the bill says nothing that is known is a device. */
static const struct crd_bid_word *what_is(const struct crd_bid_item *item)
{
	static const struct crd_bid_word thing = {
		"device", CRD_KIND_DEVICE, 0, 0, CRD_SEEN_PERHAPS, 0
	};

	if (item->is)
		return item->is;
	return item->bus && item->vendor >= 0 ?
		       crd_bid_word(crd_buf_of("device")) :
		       &thing;
}

static void put_text(struct crd_fields *f, uint8_t type, struct crd_buf text)
{
	if (text.len)
		crd_fields_text(f, type, text.ptr, text.len);
}

static void put_id(struct crd_fields *f, uint8_t type, int32_t id)
{
	if (id >= 0)
		crd_fields_uint(f, type, (uint32_t)id, 2);
}

static void put_device(struct crd_fields *f, const struct crd_bid_item *item)
{
	put_text(f, CRD_F_DEVICE, item->name);
	if (item->bus)
		crd_fields_str(f, CRD_F_BUS, item->bus);
	put_id(f, CRD_F_VENDOR_ID, item->vendor);
	put_id(f, CRD_F_DEVICE_ID, item->device);
	put_id(f, CRD_F_SUBVENDOR_ID, item->subvendor);
	put_id(f, CRD_F_SUBDEVICE_ID, item->subdevice);
	if (item->class_code >= 0 && item->bus)
		crd_fields_uint(f, CRD_F_CLASS, (uint32_t)item->class_code, 4);
	put_id(f, CRD_F_REVISION, item->revision);
}

static void put_said(struct crd_fields *f, const struct crd_bid_item *item)
{
	put_text(f, CRD_F_MANUFACTURER, item->maker);
	put_text(f, CRD_F_PRODUCT, item->name);
	put_text(f, CRD_F_SERIAL, item->serial);
}

static enum crd_says_what says_what(const struct crd_bid_item *item,
				    const struct crd_bid_word *is,
				    uint32_t classes)
{
	if (item->unclear)
		return CRD_SAYS_NOTHING;
	if (is->kind != CRD_KIND_DEVICE || classes)
		return CRD_SAYS_ALL;
	/* without a word, its place on a bus says so */
	return item->is || (item->bus && item->vendor >= 0) ? CRD_SAYS_DEVICE :
							      CRD_SAYS_NOTHING;
}

static void put_item(struct crd_fields *f, const struct crd_bid_item *item,
		     const struct crd_bid_word *is)
{
	bool software = is->kind <= CRD_KIND_FIRMWARE;
	enum crd_says_what says;
	uint32_t classes;

	if (software || (is->kind == CRD_KIND_PLATFORM && !is->part))
		put_text(f, CRD_F_NAME, item->name);
	if (item->digest.alg)
		crd_fields_hash(f, CRD_F_DIGEST, &item->digest);
	if (software)
		put_text(f, CRD_F_AUTHOR, item->maker);
	put_text(f, CRD_F_LICENSE, item->license);
	put_text(f, CRD_F_VERSION, item->version);
	if (is->kind == CRD_KIND_DEVICE)
		put_device(f, item);
	if (!software)
		put_said(f, item);
	if (is->kind == CRD_KIND_PLATFORM)
		crd_fields_uint(f, CRD_F_PART, is->part, 1);
	if (is->part == CRD_PART_SMBIOS)
		crd_fields_uint(f, CRD_F_SMBIOS_TYPE, is->smbios_type, 1);
	classes = is->kind == CRD_KIND_DEVICE ? is->classes | item->classes : 0;
	put_text(f, CRD_DF_WORD, item->word);
	put_text(f, CRD_DF_SUPPLIER, item->supplier);
	put_text(f, CRD_DF_PART_NUMBER, item->part_number);
	if (classes)
		crd_fields_uint(f, CRD_DF_CLASS, classes, 4);
	crd_fields_uint(f, CRD_DF_SEEN, is->seen, 1);
	says = says_what(item, is, classes);
	if (says != CRD_SAYS_ALL)
		crd_fields_uint(f, CRD_DF_SAYS, says, 1);
}

static int check_texts(struct crd_bid_reader *r,
		       const struct crd_bid_item *item)
{
	const struct crd_buf *texts[] = {
		&item->word,	    &item->name,    &item->maker,
		&item->supplier,    &item->version, &item->serial,
		&item->part_number, &item->license,
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i]->len > CRD_MAX_BID_TEXT)
			return crd_bid_fail(r, -E2BIG,
					    "a text of more than %d bytes",
					    CRD_MAX_BID_TEXT);
	}
	return 0;
}

/* Room for the line that comes, at powers of two. */
static int keep_line(struct crd_bid_reader *r, uint32_t quantity)
{
	struct crd_bid *bid = r->bid;
	size_t n = bid->n_lines, cap = n ? 2 * n : 1;
	uint32_t *quantities;
	char **places, line[32];

	if (!(n & (n - 1))) {
		places = realloc(bid->places, cap * sizeof(*places));
		if (!places)
			return -ENOMEM;
		bid->places = places;
		quantities = realloc(r->quantities, cap * sizeof(*quantities));
		if (!quantities)
			return -ENOMEM;
		r->quantities = quantities;
	}
	snprintf(line, sizeof(line), "line %u", r->line);
	bid->places[n] = strdup(r->line ? line : r->place);
	if (!bid->places[n])
		return -ENOMEM;
	r->quantities[n] = quantity;
	bid->n_lines++;
	return 0;
}

int crd_bid_add(struct crd_bid_reader *r, struct crd_bid_item *item)
{
	static const uint16_t events[CRD_KIND_MAX] = {
		CRD_EV_MODULE, CRD_EV_FIRMWARE, CRD_EV_DEVICE, CRD_EV_PLATFORM
	};
	const struct crd_bid_word *is;
	int ret = check_texts(r, item);

	if (ret)
		return ret;
	crd_bid_use_name(item);
	is = what_is(item);
	if (r->bid->n_lines == CRD_MAX_BID_LINES)
		return crd_bid_fail(r, -E2BIG, "more than %d items",
				    CRD_MAX_BID_LINES);
	if (CRD_MAX_BID_PARTS - r->n_parts < item->quantity)
		return crd_bid_fail(r, -E2BIG, "more than %d parts in all",
				    CRD_MAX_BID_PARTS);
	if (!item->name.len)
		item->name = item->part_number;
	if (!item->bus) /* numbers of who knows what register */
		item->vendor = item->device = item->subvendor = -1;
	if (!item->name.len && item->vendor >= 0 && item->device >= 0) {
		snprintf(item->id, sizeof(item->id), "%04x:%04x",
			 (unsigned int)item->vendor,
			 (unsigned int)item->device);
		item->name = crd_buf_of(item->id);
	}
	/* a word for what it is will do: who makes it stays unknown */
	if (!item->name.len && !item->maker.len && !item->supplier.len &&
	    !item->word.len && item->vendor < 0)
		return crd_bid_fail(
			r, -EBADMSG,
			"says neither what it is called nor who makes it");
	crd_fields_begin(&r->fields, events[is->kind]);
	put_item(&r->fields, item, is);
	crd_fields_end(&r->fields);
	if (r->fields.error)
		return crd_bid_fail(r, r->fields.error, "out of room");
	r->n_parts += item->quantity;
	ret = keep_line(r, item->quantity);
	return ret ? crd_bid_fail(r, ret, "out of memory") : 0;
}

/* Each part is an entry of its own; those of one item share its fields. */
static int finish(struct crd_bid_reader *r)
{
	struct crd_inventory *inv = &r->bid->inventory;
	struct crd_entry *e;
	size_t i;
	uint32_t k;

	if (!r->n_parts)
		return crd_fail_at(r->err, 1, 1, -EBADMSG,
				   "lists no component");
	inv->entries = calloc(r->n_parts, sizeof(*inv->entries));
	if (!inv->entries)
		return crd_fail_at(r->err, 0, 0, -ENOMEM, "out of memory");
	inv->cap = r->n_parts;
	inv->declared = true;
	inv->source = "bid,";
	inv->places = r->bid->places;
	inv->log = (struct crd_buf){ r->fields.bytes, r->fields.len };
	r->bid->bytes = r->fields.bytes;
	r->fields.bytes = NULL;
	for (i = 0; i < r->fields.n; i++) {
		for (k = 0; k < r->quantities[i]; k++) {
			e = &inv->entries[inv->n_entries++];
			e->offset = r->fields.items[i].offset;
			e->len = r->fields.items[i].len;
			e->event = (uint8_t)r->fields.items[i].event;
			e->recnum = (uint32_t)i;
			e->item = (uint16_t)k;
			inv->n_kind[crd_inventory_kind(e)]++;
			inv->n++;
		}
	}
	return 0;
}

static const struct {
	const char *key;
	enum crd_bid_format format;
	int (*read)(struct crd_bid_reader *r, const json_t *root);
} json_formats[] = {
	{ "bomFormat", CRD_BID_CYCLONEDX, crd_bid_cyclonedx },
	{ "spdxVersion", CRD_BID_SPDX, crd_bid_spdx },
	{ "COMPONENTS", CRD_BID_PACCOR, crd_bid_paccor },
};

enum { N_JSON_FORMATS = sizeof(json_formats) / sizeof(json_formats[0]) };

/* The one format whose key is there; N_JSON_FORMATS: none, or several. */
static size_t json_format(const json_t *root)
{
	size_t i, found = N_JSON_FORMATS;

	for (i = 0; i < N_JSON_FORMATS; i++) {
		if (!json_object_get(root, json_formats[i].key))
			continue;
		if (found != N_JSON_FORMATS)
			return N_JSON_FORMATS;
		found = i;
	}
	return found;
}

static int read_json(struct crd_bid_reader *r, struct crd_buf bytes,
		     enum crd_bid_format format)
{
	json_t *root = NULL;
	size_t i;
	int ret = crd_bid_json_load(bytes, &root, r->err);

	if (ret)
		return ret;
	i = json_format(root);
	if (format != CRD_BID_BY_CONTENT) {
		for (i = 0; json_formats[i].format != format;)
			i++;
	}
	if (i < N_JSON_FORMATS) {
		r->bid->format = json_formats[i].format;
		ret = json_formats[i].read(r, root);
	} else {
		ret = crd_fail_at(
			r->err, 1, 1, -EBADMSG,
			"JSON, but it has not just one of bomFormat (CycloneDX), spdxVersion (SPDX 2) and COMPONENTS (paccor)");
	}
	json_decref(root);
	return ret;
}

static bool begins(struct crd_buf bytes, const char *with)
{
	size_t len = strlen(with);

	return bytes.len >= len && !memcmp(bytes.ptr, with, len);
}

/* What people send instead. */
static int check_door(struct crd_buf bytes, struct crd_error *err)
{
	static const struct {
		const char *begin, *advice;
	} others[] = {
		{ "PK\x03\x04",
		  "a spreadsheet or an archive; save the sheet as CSV" },
		{ "\xd0\xcf\x11\xe0",
		  "a spreadsheet in an old form; save it as CSV" },
		{ "%PDF", "a PDF; ask for the list as CycloneDX or CSV" },
		{ "\xff\xfe", "UTF-16; save it as \"CSV UTF-8\"" },
		{ "\xfe\xff", "UTF-16; save it as \"CSV UTF-8\"" },
		{ "<", "XML, which is not read; give it as JSON" },
		{ "SPDXVersion:", "SPDX as tags; give it as JSON" },
	};
	size_t i;

	if (bytes.len > CRD_MAX_BID)
		return crd_fail_at(err, 1, 1, -E2BIG, "larger than %u bytes",
				   CRD_MAX_BID);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (begins(bytes, others[i].begin))
			return crd_fail_at(err, 1, 1, -EOPNOTSUPP, "%s",
					   others[i].advice);
	}
	if (!bytes.len)
		return crd_fail_at(err, 1, 1, -EBADMSG, "empty");
	return 0;
}

static int read_bid(struct crd_bid_reader *r, struct crd_buf bytes,
		    enum crd_bid_format format)
{
	size_t at;
	int ret = crd_hash(CRD_ALG_SHA256, &bytes, 1, &r->bid->digest);

	if (ret)
		return crd_fail_at(r->err, 0, 0, ret, "cannot be hashed");
	if (begins(bytes, "\xef\xbb\xbf")) {
		bytes.ptr += 3;
		bytes.len -= 3;
	}
	for (at = 0; at < bytes.len && bytes.ptr[at] <= ' '; at++)
		;
	ret = check_door((struct crd_buf){ bytes.ptr + at, bytes.len - at },
			 r->err);
	if (ret)
		return ret;
	if (format == CRD_BID_CSV ||
	    (format == CRD_BID_BY_CONTENT && bytes.ptr[at] != '{' &&
	     bytes.ptr[at] != '[')) {
		r->bid->format = CRD_BID_CSV;
		ret = crd_bid_csv(r, bytes);
	} else {
		ret = read_json(r, bytes, format);
	}
	return ret ? ret : finish(r);
}

int crd_bid_read(struct crd_buf bytes, enum crd_bid_format format,
		 struct crd_bid **ret_bid, struct crd_error *err)
{
	struct crd_bid_reader r = { .err = err };
	int ret = -ENOMEM;

	r.bid = calloc(1, sizeof(*r.bid));
	if (r.bid)
		ret = read_bid(&r, bytes, format);
	else
		crd_fail_at(err, 0, 0, ret, "out of memory");
	crd_fields_done(&r.fields);
	free(r.quantities);
	if (ret == -ENOMEM)
		crd_fail_at(err, 0, 0, ret, "out of memory");
	if (ret)
		crd_bid_free(&r.bid);
	else
		*ret_bid = r.bid;
	return ret;
}

void crd_bid_free(struct crd_bid **bid)
{
	struct crd_bid *b = *bid;

	if (!b)
		return;
	while (b->n_lines)
		free(b->places[--b->n_lines]);
	free(b->places);
	free(b->said);
	free(b->left_out);
	crd_inventory_done(&b->inventory);
	free(b->bytes);
	free(b);
	*bid = NULL;
}

int crd_report_name_bid(struct crd_report *report, const struct crd_bid *bid)
{
	report->bid = strdup(bid->said);
	if (bid->left_out)
		report->bid_left_out = strdup(bid->left_out);
	return report->bid && !report->bid_left_out == !bid->left_out ? 0 :
									-ENOMEM;
}
