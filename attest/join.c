// SPDX-License-Identifier: Apache-2.0
/*
 * join - which driver serves which device with which firmware, from the log
 * alone. Entries that speak of one thing are brought together by sorting them
 * by what they call it, then read in the order of the log. n log n; a name's
 * hash is compared first, the name itself always.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "credence.h"
#include "maker.h"

/* By what entries are brought together. */
enum by {
	BY_DEVICE, /* bus and name */
	BY_MODULE, /* name of the module */
	BY_PORT,
	BY_SERIAL, /* bus, ids, serial number */
	N_BY
};

/* A mention: an entry under a name. */
struct mention {
	uint32_t hash;
	uint32_t entry;
	uint32_t when; /* entry whose place in time counts */
	bool parent;   /* it is PARENT that bears the name */
};

struct join {
	struct crd_inventory *inv;
	enum by by;
	struct mention *mentions;
	size_t n, cap;
};

#define MAX_PARTS 4

static struct crd_buf field(struct crd_buf fields, uint8_t type)
{
	struct crd_buf value = { NULL, 0 };

	crd_field_get(fields, type, &value);
	return value;
}

static struct crd_link *link_of(const struct crd_inventory *inv, uint32_t entry)
{
	return &inv->links[inv->entries[entry].link];
}

/* "pci/0000:00:1c.0" in two. */
static void split(struct crd_buf text, struct crd_buf *parts)
{
	const uint8_t *slash = text.len ? memchr(text.ptr, '/', text.len) :
					  NULL;

	if (!slash)
		return;
	parts[0] = (struct crd_buf){ text.ptr, (size_t)(slash - text.ptr) };
	parts[1] = (struct crd_buf){ slash + 1, text.len - parts[0].len - 1 };
}

/* The name of a mention, in parts; not one of them is compared if it is "". */
static void name_of(const struct join *j, const struct mention *m,
		    struct crd_buf *parts)
{
	const struct crd_inventory *inv = j->inv;
	struct crd_buf fields = crd_entry_fields(inv, &inv->entries[m->entry]);

	memset(parts, 0, MAX_PARTS * sizeof(*parts));
	switch (j->by) {
	case BY_DEVICE:
		if (m->parent) {
			split(field(fields, CRD_F_PARENT), parts);
			break;
		}
		parts[0] = field(fields, CRD_F_BUS);
		parts[1] = field(fields, CRD_F_DEVICE);
		break;
	case BY_MODULE:
		if (inv->entries[m->entry].event == CRD_EV_MODULE) {
			parts[0] = field(fields, CRD_F_NAME);
			break;
		}
		if (m->entry != m->when) /* a device: its driver's record */
			fields = crd_entry_fields(inv, &inv->entries[m->when]);
		parts[0] = field(fields, CRD_F_MODULE);
		break;
	case BY_PORT:
		parts[0] = field(fields, CRD_F_PORT);
		break;
	default:
		parts[0] = field(fields, CRD_F_SERIAL);
		parts[1] = field(fields, CRD_F_VENDOR_ID);
		parts[2] = field(fields, CRD_F_DEVICE_ID);
		parts[3] = field(fields, CRD_F_BUS);
		break;
	}
}

static uint32_t hash_of(const struct crd_buf *parts)
{
	uint32_t hash = 2166136261u;
	size_t i, k;

	for (i = 0; i < MAX_PARTS; i++) {
		for (k = 0; k < parts[i].len; k++)
			hash = (hash ^ parts[i].ptr[k]) * 16777619u;
		hash *= 16777619u;
	}
	return hash;
}

static int order_of(struct crd_buf a, struct crd_buf b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.ptr, b.ptr, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int name_order(const struct join *j, const struct mention *a,
		      const struct mention *b)
{
	struct crd_buf x[MAX_PARTS], y[MAX_PARTS];
	int i, order = 0;

	name_of(j, a, x);
	name_of(j, b, y);
	for (i = 0; !order && i < MAX_PARTS; i++)
		order = order_of(x[i], y[i]);
	return order;
}

static int mention_order(const void *a, const void *b, void *ctx)
{
	const struct mention *x = a, *y = b;
	int order;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	order = name_order(ctx, x, y);
	if (order)
		return order;
	if (x->when != y->when)
		return x->when < y->when ? -1 : 1;
	return (x->entry > y->entry) - (x->entry < y->entry);
}

static int add(struct join *j, uint32_t entry, uint32_t when, bool parent)
{
	struct mention m = { 0, entry, when, parent };
	struct crd_buf parts[MAX_PARTS];
	struct mention *more;

	name_of(j, &m, parts);
	if (!parts[0].len) /* it bears no such name */
		return 0;
	m.hash = hash_of(parts);
	if (j->n == j->cap) {
		j->cap = j->cap ? 2 * j->cap : 256;
		more = realloc(j->mentions, j->cap * sizeof(m));
		if (!more)
			return -ENOMEM;
		j->mentions = more;
	}
	j->mentions[j->n++] = m;
	return 0;
}

/* Who is spoken of, of device, driver and firmware; in the order of the log. */
static void join_device(struct join *j, size_t from, size_t to)
{
	const struct crd_inventory *inv = j->inv;
	uint32_t device = CRD_NO_ENTRY;
	size_t i;

	for (i = from; i < to; i++) {
		const struct mention *m = &j->mentions[i];
		struct crd_entry *e = &inv->entries[m->entry];

		if (e->event == CRD_EV_DEVICE && !m->parent) {
			device = m->entry;
		} else if (device == CRD_NO_ENTRY) {
			continue;
		} else if (e->event == CRD_EV_DEVICE ||
			   e->event == CRD_EV_FIRMWARE) {
			/* who asked is closer than what it sits on */
			if (!m->parent ||
			    link_of(inv, m->entry)->parent == CRD_NO_ENTRY)
				link_of(inv, m->entry)->parent = device;
		} else if (e->event == CRD_EV_BIND) {
			link_of(inv, m->entry)->parent = device;
			link_of(inv, device)->binding = m->entry;
			link_of(inv, device)->bound = true;
		} else if (e->event == CRD_EV_UNBIND) {
			link_of(inv, device)->bound = false;
		} else {
			inv->entries[device].flags |= CRD_FLAG_GONE;
			link_of(inv, device)->gone = m->entry;
		}
	}
}

/* The module that was there: the last one before, else the first one after. */
static void join_module(struct join *j, size_t from, size_t to)
{
	const struct crd_inventory *inv = j->inv;
	uint32_t module = CRD_NO_ENTRY;
	size_t i;

	for (i = to; i-- > from;) {
		if (inv->entries[j->mentions[i].entry].event == CRD_EV_MODULE)
			module = j->mentions[i].entry;
	}
	for (i = from; module != CRD_NO_ENTRY && i < to; i++) {
		const struct mention *m = &j->mentions[i];
		const struct crd_entry *e = &inv->entries[m->entry];

		if (e->event == CRD_EV_MODULE && !(e->flags & CRD_FLAG_FAILED))
			module = m->entry;
		else if (e->event != CRD_EV_MODULE)
			link_of(inv, m->entry)->module = module;
	}
}

static bool same_thing(const struct crd_inventory *inv, uint32_t a, uint32_t b)
{
	static const uint8_t identity[] = {
		CRD_F_DIGEST,	 CRD_F_BUS,	     CRD_F_VENDOR_ID,
		CRD_F_DEVICE_ID, CRD_F_SUBVENDOR_ID, CRD_F_SUBDEVICE_ID,
		CRD_F_CLASS,	 CRD_F_SERIAL,	     CRD_F_DSN,
	};
	struct crd_buf x = crd_entry_fields(inv, &inv->entries[a]);
	struct crd_buf y = crd_entry_fields(inv, &inv->entries[b]);
	size_t i;

	for (i = 0; i < sizeof(identity); i++) {
		if (!crd_buf_equal(field(x, identity[i]),
				   field(y, identity[i])))
			return false;
	}
	return true;
}

static void join_port(struct join *j, size_t from, size_t to)
{
	struct crd_inventory *inv = j->inv;
	size_t i;

	for (i = from + 1; i < to; i++) {
		uint32_t before = j->mentions[i - 1].entry;
		uint32_t after = j->mentions[i].entry;

		if (same_thing(inv, before, after))
			continue;
		inv->entries[after].flags |= CRD_FLAG_RE_IDENTIFIED;
		link_of(inv, after)->before = before;
	}
}

/* "0123456789" is the serial number of many. */
static bool tells(struct crd_buf serial)
{
	uint8_t room[CRD_MAX_TEXT];

	return serial.len <= sizeof(room) &&
	       !crd_is_placeholder(crd_unescape(serial, room));
}

/* Two at once that call themselves the same, each on a port of its own. */
static void join_serial(struct join *j, size_t from, size_t to)
{
	struct crd_inventory *inv = j->inv;
	size_t i;

	for (i = from + 1; i < to; i++) {
		uint32_t a = j->mentions[i - 1].entry;
		uint32_t b = j->mentions[i].entry;
		struct crd_buf x = crd_entry_fields(inv, &inv->entries[a]);
		struct crd_buf y = crd_entry_fields(inv, &inv->entries[b]);

		if (link_of(inv, a)->gone < b ||
		    !tells(field(x, CRD_F_SERIAL)) ||
		    crd_buf_equal(field(x, CRD_F_PORT), field(y, CRD_F_PORT)))
			continue;
		inv->entries[a].flags |= CRD_FLAG_SAME_SERIAL;
		inv->entries[b].flags |= CRD_FLAG_SAME_SERIAL;
	}
}

static int mention(struct join *j, uint32_t entry)
{
	const struct crd_entry *e = &j->inv->entries[entry];
	const struct crd_link *link = link_of(j->inv, entry);
	bool device = e->event == CRD_EV_DEVICE;
	int ret;

	switch (j->by) {
	case BY_DEVICE:
		if (crd_inventory_kind(e) == CRD_KIND_DRIVER)
			return 0;
		ret = add(j, entry, entry, false);
		if (!ret && (device || e->event == CRD_EV_FIRMWARE))
			ret = add(j, entry, entry, true);
		return ret;
	case BY_MODULE:
		if (device && link->binding != CRD_NO_ENTRY)
			return add(j, entry, link->binding, false);
		return e->event == CRD_EV_MODULE ||
				       e->event == CRD_EV_FIRMWARE ?
			       add(j, entry, entry, false) :
			       0;
	default:
		return device ? add(j, entry, entry, false) : 0;
	}
}

static int join_by(struct crd_inventory *inv, enum by by)
{
	static void (*const runs[N_BY])(struct join *, size_t, size_t) = {
		join_device,
		join_module,
		join_port,
		join_serial,
	};
	struct join j = { .inv = inv, .by = by };
	size_t from = 0, i;
	int ret = 0;

	for (i = 0; !ret && i < inv->n_entries; i++)
		ret = mention(&j, (uint32_t)i);
	if (!ret && j.n)
		qsort_r(j.mentions, j.n, sizeof(*j.mentions), mention_order,
			&j);
	for (i = 1; !ret && i <= j.n; i++) {
		const struct mention *m = &j.mentions[from];

		if (i < j.n && m->hash == j.mentions[i].hash &&
		    !name_order(&j, m, &j.mentions[i]))
			continue;
		runs[by](&j, from, i);
		from = i;
	}
	free(j.mentions);
	return ret;
}

static bool has_link(const struct crd_entry *e)
{
	return e->event == CRD_EV_DEVICE || e->event == CRD_EV_FIRMWARE ||
	       e->event == CRD_EV_BIND;
}

/* A link for each that has one; the first stands for none. */
static int make_links(struct crd_inventory *inv)
{
	const struct crd_link none = { CRD_NO_ENTRY, CRD_NO_ENTRY, CRD_NO_ENTRY,
				       CRD_NO_ENTRY, CRD_NO_ENTRY, CRD_NO_ENTRY,
				       CRD_NO_ENTRY, false };
	struct crd_buf driver;
	uint32_t n = 1;
	size_t i;

	for (i = 0; i < inv->n_entries; i++)
		n += has_link(&inv->entries[i]);
	inv->links = malloc(n * sizeof(*inv->links));
	if (!inv->links)
		return -ENOMEM;
	inv->links[0] = none;
	for (i = 0, n = 1; i < inv->n_entries; i++) {
		struct crd_entry *e = &inv->entries[i];

		if (!has_link(e))
			continue;
		e->link = n;
		inv->links[n] = none;
		/* one of a snapshot is bound already */
		if (e->event == CRD_EV_DEVICE &&
		    crd_field_get(crd_entry_fields(inv, e), CRD_F_DRIVER,
				  &driver)) {
			inv->links[n].binding = (uint32_t)i;
			inv->links[n].bound = true;
		}
		n++;
	}
	return 0;
}

/* Chains the images of each device, in the order of the log. */
static void chain_firmware(struct crd_inventory *inv)
{
	size_t i;

	for (i = inv->n_entries; i-- > 0;) {
		struct crd_link *link = link_of(inv, (uint32_t)i);
		struct crd_link *device;

		if (inv->entries[i].event != CRD_EV_FIRMWARE ||
		    link->parent == CRD_NO_ENTRY)
			continue;
		device = link_of(inv, link->parent);
		link->next = device->firmware;
		device->firmware = (uint32_t)i;
	}
}

int crd_inventory_join(struct crd_inventory *inv)
{
	int ret = make_links(inv);
	enum by by;

	for (by = BY_DEVICE; !ret && by < N_BY; by++)
		ret = join_by(inv, by);
	if (ret)
		return ret;
	chain_firmware(inv);
	crd_inventory_contradict(inv);
	return 0;
}

const struct crd_link *crd_inventory_link(const struct crd_inventory *inv,
					  uint32_t entry)
{
	static const struct crd_link none = { CRD_NO_ENTRY, CRD_NO_ENTRY,
					      CRD_NO_ENTRY, CRD_NO_ENTRY,
					      CRD_NO_ENTRY, CRD_NO_ENTRY,
					      CRD_NO_ENTRY, false };

	return inv->links && entry < inv->n_entries ? link_of(inv, entry) :
						      &none;
}
