// SPDX-License-Identifier: Apache-2.0
/*
 * A log against what the machine says of itself now. Things pair by their key
 * alone: what they are called, as it is one machine at one time. Of those, what both say must be equal;
 * what only one of them can know is no contradiction.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "credence.h"
#include "pair.h"

enum { MAX_KEY = 4, MAX_SAID = 10 };

/* One sort of thing. `both`: one that only the log has is one too. */
static const struct sort {
	uint16_t event;
	uint8_t part; /* 0: of any */
	bool both;
	uint8_t key[MAX_KEY];
	uint8_t said[MAX_SAID];
} sorts[] = {
	{ CRD_EV_DEVICE,
	  0,
	  true,
	  { CRD_F_BUS, CRD_F_DEVICE },
	  { CRD_F_VENDOR_ID, CRD_F_DEVICE_ID, CRD_F_SUBVENDOR_ID,
	    CRD_F_SUBDEVICE_ID, CRD_F_CLASS, CRD_F_REVISION, CRD_F_MANUFACTURER,
	    CRD_F_PRODUCT, CRD_F_SERIAL } },
	/* what is not loaded any more was unloaded */
	{ CRD_EV_MODULE, 0, false, { CRD_F_NAME }, { CRD_F_SRCVERSION } },
	{ CRD_EV_PLATFORM,
	  CRD_PART_SMBIOS,
	  true,
	  { CRD_F_SMBIOS_TYPE, CRD_F_HANDLE },
	  { CRD_F_DATA, CRD_F_STRING } },
	{ CRD_EV_PLATFORM,
	  CRD_PART_SMBIOS_TABLE,
	  true,
	  { CRD_F_PART },
	  { CRD_F_SIZE, CRD_F_DIGEST } },
	{ CRD_EV_PLATFORM,
	  CRD_PART_ACPI,
	  true,
	  { CRD_F_NAME, CRD_F_OEM_TABLE_ID, CRD_F_DIGEST },
	  { 0 } },
	{ CRD_EV_PLATFORM,
	  CRD_PART_ESRT,
	  true,
	  { CRD_F_FW_CLASS },
	  { CRD_F_FW_TYPE, CRD_F_FW_VERSION, CRD_F_FW_LOWEST,
	    CRD_F_FW_FLAGS } },
	{ CRD_EV_PLATFORM,
	  CRD_PART_CPU,
	  true,
	  { CRD_F_CPU_FAMILY, CRD_F_CPU_MODEL, CRD_F_CPU_STEPPING },
	  { CRD_F_MANUFACTURER, CRD_F_MICROCODE } },
};

enum { N_SORTS = sizeof(sorts) / sizeof(sorts[0]) };

/* The measurer itself: the anchor speaks of it, no record. */
#define MEASURER "credence"

struct thing {
	struct crd_pair_key key;
	uint32_t entry;
};

/* What is there, the last of each key; in the order of entries. */
struct side {
	const struct crd_inventory *inv;
	struct thing *things;
	size_t n;
	uint32_t *other; /* of each thing, on the other side */
	size_t n_sort[N_SORTS];
};

struct compare {
	struct side log, now;
	int (*fn)(const struct crd_contradiction *c, void *ctx);
	void *ctx;
};

static struct crd_buf fields_of(const struct crd_inventory *inv, uint32_t entry)
{
	return crd_entry_fields(inv, &inv->entries[entry]);
}

static const struct sort *sort_of(const struct crd_inventory *inv,
				  uint32_t entry)
{
	const struct crd_entry *e = &inv->entries[entry];
	const struct sort *s;
	uint64_t part = 0;

	crd_field_u64(crd_entry_fields(inv, e), CRD_F_PART, &part);
	for (s = sorts; s < sorts + N_SORTS; s++) {
		if (s->event == e->event && (!s->part || s->part == part))
			return s;
	}
	return NULL;
}

/* Its n-th field of that type, from 0; empty if it has none. */
static struct crd_buf nth(struct crd_buf fields, uint8_t type, size_t n)
{
	struct crd_field_iter it = { fields };
	struct crd_buf value;
	uint8_t found;

	while (crd_field_next(&it, &found, &value)) {
		if (found == type && !n--)
			return value;
	}
	return (struct crd_buf){ NULL, 0 };
}

/* False if it lacks a part of its key: it cannot be told from others. */
static bool key_of(const struct sort *s, struct crd_buf fields,
		   struct crd_pair_key *ret_key)
{
	struct crd_digest digest;
	struct crd_str all = { 0 };
	struct crd_buf value;
	size_t i;
	bool ok = true;

	for (i = 0; ok && i < MAX_KEY && s->key[i]; i++) {
		ok = crd_field_get(fields, s->key[i], &value);
		if (ok)
			crd_str_fmt(&all, "%zu ", value.len);
		if (ok)
			crd_str_add(&all, (const char *)value.ptr, value.len);
	}
	if (!ok || all.failed) {
		crd_str_done(&all);
		return false;
	}
	crd_sha256((struct crd_buf){ (uint8_t *)all.ptr, all.len }, &digest);
	crd_str_done(&all);
	memset(ret_key, 0, sizeof(*ret_key));
	memcpy(ret_key->bytes, digest.bytes, digest.len);
	ret_key->bytes[digest.len] = (uint8_t)(s - sorts);
	return true;
}

static bool is_there(const struct side *side, uint32_t entry)
{
	return !(side->inv->entries[entry].flags &
		 (CRD_FLAG_GONE | CRD_FLAG_FAILED));
}

static int by_key(const void *a, const void *b)
{
	const struct thing *x = a, *y = b;
	int order = memcmp(x->key.bytes, y->key.bytes, CRD_PAIR_KEY);

	return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

static int by_entry(const void *a, const void *b)
{
	const struct thing *x = a, *y = b;

	return (x->entry > y->entry) - (x->entry < y->entry);
}

/* A later one counts. */
static void keep_last(struct side *side)
{
	size_t i, n = 0;

	if (!side->n)
		return;
	qsort(side->things, side->n, sizeof(*side->things), by_key);
	for (i = 0; i < side->n; i++) {
		n -= n && !memcmp(side->things[n - 1].key.bytes,
				  side->things[i].key.bytes, CRD_PAIR_KEY);
		side->things[n++] = side->things[i];
	}
	side->n = n;
	qsort(side->things, side->n, sizeof(*side->things), by_entry);
}

static int gather(struct side *side)
{
	const struct crd_inventory *inv = side->inv;
	const struct sort *s;
	struct crd_pair_key key;
	uint32_t i;

	side->things = malloc((inv->n_entries + 1) * sizeof(*side->things));
	side->other = malloc((inv->n_entries + 1) * sizeof(*side->other));
	if (!side->things || !side->other)
		return -ENOMEM;
	for (i = 0; i < inv->n_entries; i++) {
		s = sort_of(inv, i);
		if (!s || !key_of(s, fields_of(inv, i), &key))
			continue;
		side->n_sort[s - sorts]++;
		if (is_there(side, i))
			side->things[side->n++] = (struct thing){ key, i };
	}
	keep_last(side);
	return 0;
}

/* There is one rule: what it is called. */
static bool pair_key(const void *side, size_t item, unsigned int rule,
		     struct crd_pair_key *ret_key)
{
	const struct side *s = side;

	*ret_key = s->things[item].key;
	return true;
}

/* Has that side looked there at all? Its coverage says "usb: ..." if it has. */
static bool covers(const struct crd_inventory *inv, struct crd_buf word)
{
	struct crd_field_iter it;
	struct crd_buf value;
	uint8_t type;
	size_t i;

	for (i = 0; i < inv->n_entries; i++) {
		if (inv->entries[i].event != CRD_EV_COVERAGE)
			continue;
		it.left = fields_of(inv, (uint32_t)i);
		while (crd_field_next(&it, &type, &value)) {
			if (type == CRD_F_SEEN && value.len > word.len &&
			    value.ptr[word.len] == ':' &&
			    !memcmp(value.ptr, word.ptr, word.len))
				return true;
		}
	}
	return false;
}

/* Could that side have such a thing, or is it blind to all of the sort? */
static bool could_have(const struct side *side, const struct sort *s,
		       struct crd_buf fields)
{
	struct crd_buf bus;

	if (s->event == CRD_EV_MODULE) /* whoever has none has seen none */
		return true;
	if (s->event != CRD_EV_DEVICE)
		return side->n_sort[s - sorts] > 0;
	return crd_field_get(fields, CRD_F_BUS, &bus) && bus.len &&
	       covers(side->inv, bus);
}

static bool is_measurer(const struct sort *s, struct crd_buf fields)
{
	return s->event == CRD_EV_MODULE &&
	       crd_buf_equal(nth(fields, CRD_F_NAME, 0), crd_buf_of(MEASURER));
}

static int say(const struct compare *cmp, uint32_t log_entry,
	       const struct side *side, uint32_t entry, struct crd_str *log,
	       struct crd_str *now)
{
	const struct crd_inventory *inv = cmp->log.inv;
	struct crd_contradiction c = { 0 };
	struct crd_component component;
	struct crd_str label = { 0 };
	int ret = -ENOMEM;

	if (crd_inventory_get(side->inv, NULL, entry, &component))
		crd_component_label(&label, &component);
	if (!label.failed && !log->failed && !now->failed) {
		c.component = label.ptr ? label.ptr : "";
		c.log = log->ptr ? log->ptr : "";
		c.now = now->ptr ? now->ptr : "";
		if (log_entry != CRD_NO_ENTRY)
			c.entry = &inv->entries[log_entry];
		ret = cmp->fn(&c, cmp->ctx);
	}
	crd_str_done(&label);
	crd_str_done(log);
	crd_str_done(now);
	return ret;
}

static void say_value(struct crd_str *str, uint8_t type, struct crd_buf value)
{
	bool text = type == CRD_F_STRING || type == CRD_F_SERIAL ||
		    type == CRD_F_MANUFACTURER || type == CRD_F_PRODUCT ||
		    type == CRD_F_SRCVERSION;

	if (text) {
		crd_str_puts(str, "\"");
		crd_str_safe(str, value);
		crd_str_puts(str, "\"");
		return;
	}
	if (type == CRD_F_DIGEST &&
	    value.len) { /* its algorithm stands first */
		value.ptr++;
		value.len--;
	}
	crd_str_hex(str, value.ptr, value.len);
}

static const char *field_name(uint8_t type)
{
	static const struct {
		uint8_t type;
		const char *name;
	} names[] = {
		{ CRD_F_VENDOR_ID, "vendor id" },
		{ CRD_F_DEVICE_ID, "device id" },
		{ CRD_F_SUBVENDOR_ID, "subsystem vendor id" },
		{ CRD_F_SUBDEVICE_ID, "subsystem id" },
		{ CRD_F_CLASS, "class" },
		{ CRD_F_REVISION, "revision" },
		{ CRD_F_MANUFACTURER, "manufacturer" },
		{ CRD_F_PRODUCT, "product" },
		{ CRD_F_SERIAL, "serial number" },
		{ CRD_F_SRCVERSION, "source version" },
		{ CRD_F_DATA, "data" },
		{ CRD_F_STRING, "text" },
		{ CRD_F_SIZE, "size" },
		{ CRD_F_DIGEST, "digest" },
		{ CRD_F_FW_TYPE, "firmware type" },
		{ CRD_F_FW_VERSION, "firmware version" },
		{ CRD_F_FW_LOWEST, "lowest firmware version" },
		{ CRD_F_FW_FLAGS, "firmware flags" },
		{ CRD_F_MICROCODE, "microcode" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].type == type)
			return names[i].name;
	}
	return "field";
}

/* Each value of a field that both have, and where they differ. */
static int compare_field(const struct compare *cmp, uint32_t a, uint32_t b,
			 uint8_t type)
{
	struct crd_buf x = fields_of(cmp->log.inv, a);
	struct crd_buf y = fields_of(cmp->now.inv, b);
	size_t n;
	int ret = 0;

	for (n = 0; !ret; n++) {
		struct crd_buf old = nth(x, type, n), new = nth(y, type, n);
		struct crd_str log = { 0 }, now = { 0 };

		if (!old.ptr || !new.ptr)
			break;
		if (crd_buf_equal(old, new))
			continue;
		crd_str_fmt(&log, "%s ", field_name(type));
		say_value(&log, type, old);
		crd_str_fmt(&now, "%s ", field_name(type));
		say_value(&now, type, new);
		ret = say(cmp, a, &cmp->log, a, &log, &now);
	}
	return ret;
}

/* The driver that a device has; empty: none. */
static struct crd_buf driver_of(const struct crd_inventory *inv, uint32_t entry,
				uint8_t type)
{
	const struct crd_link *link = crd_inventory_link(inv, entry);

	if (!link->bound || link->binding == CRD_NO_ENTRY)
		return (struct crd_buf){ NULL, 0 };
	return nth(fields_of(inv, link->binding), type, 0);
}

static void say_driver(struct crd_str *str, struct crd_buf driver,
		       struct crd_buf module)
{
	if (!driver.len) {
		crd_str_puts(str, "no driver");
		return;
	}
	crd_str_puts(str, "driver ");
	crd_str_safe(str, driver);
	crd_str_puts(str, module.len ? ", module " : ", in the kernel");
	crd_str_safe(str, module);
}

static int compare_driver(const struct compare *cmp, uint32_t a, uint32_t b)
{
	struct crd_buf old = driver_of(cmp->log.inv, a, CRD_F_DRIVER);
	struct crd_buf new = driver_of(cmp->now.inv, b, CRD_F_DRIVER);
	struct crd_buf old_mod = driver_of(cmp->log.inv, a, CRD_F_MODULE);
	struct crd_buf new_mod = driver_of(cmp->now.inv, b, CRD_F_MODULE);
	struct crd_str log = { 0 }, now = { 0 };

	if (crd_buf_equal(old, new) && crd_buf_equal(old_mod, new_mod))
		return 0;
	say_driver(&log, old, old_mod);
	say_driver(&now, new, new_mod);
	return say(cmp, a, &cmp->log, a, &log, &now);
}

static int compare_two(const struct compare *cmp, const struct sort *s,
		       uint32_t a, uint32_t b)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < MAX_SAID && s->said[i]; i++)
		ret = compare_field(cmp, a, b, s->said[i]);
	if (!ret && s->event == CRD_EV_DEVICE)
		ret = compare_driver(cmp, a, b);
	return ret;
}

/* Of the log: each is there, and says the same. */
static int compare_log(const struct compare *cmp)
{
	const struct side *log = &cmp->log;
	struct crd_str has = { 0 }, not = { 0 };
	const struct sort *s;
	uint32_t entry;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < log->n; i++) {
		entry = log->things[i].entry;
		s = sort_of(log->inv, entry);
		if (log->other[i] != CRD_UNPAIRED) {
			ret = compare_two(cmp, s, entry,
					  cmp->now.things[log->other[i]].entry);
		} else if (s->both && could_have(&cmp->now, s,
						 fields_of(log->inv, entry))) {
			crd_str_puts(&has, "it is there");
			crd_str_puts(&not, "it is not there");
			ret = say(cmp, entry, log, entry, &has, &not );
		}
	}
	return ret;
}

/* Of the machine: each is in the log. */
static int compare_now(const struct compare *cmp)
{
	const struct side *now = &cmp->now;
	struct crd_str has = { 0 }, not = { 0 };
	const struct sort *s;
	struct crd_buf fields;
	uint32_t entry;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < now->n; i++) {
		entry = now->things[i].entry;
		s = sort_of(now->inv, entry);
		fields = fields_of(now->inv, entry);
		if (now->other[i] != CRD_UNPAIRED || is_measurer(s, fields) ||
		    !could_have(&cmp->log, s, fields))
			continue;
		crd_str_puts(&has, "it is there");
		crd_str_puts(&not, "it was never seen");
		ret = say(cmp, CRD_NO_ENTRY, now, entry, &not, &has);
	}
	return ret;
}

static void side_done(struct side *side)
{
	free(side->things);
	free(side->other);
}

int crd_inventory_compare(
	const struct crd_inventory *log, const struct crd_inventory *now,
	int (*fn)(const struct crd_contradiction *c, void *ctx), void *ctx)
{
	struct compare cmp = { { .inv = log }, { .inv = now }, fn, ctx };
	int ret = gather(&cmp.log);

	if (!ret)
		ret = gather(&cmp.now);
	if (!ret)
		ret = crd_pair(&cmp.log, cmp.log.n, &cmp.now, cmp.now.n, 1,
			       pair_key, cmp.log.other, cmp.now.other);
	if (!ret)
		ret = compare_log(&cmp);
	if (!ret)
		ret = compare_now(&cmp);
	side_done(&cmp.log);
	side_done(&cmp.now);
	return ret;
}
