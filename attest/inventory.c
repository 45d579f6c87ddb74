// SPDX-License-Identifier: Apache-2.0
/*
 * The components of a measurer log. A record may be as small as a hundred
 * bytes and a group's item as small as five, and the log is a stranger's: so
 * an entry is kept for each record, not for each component, and is a fraction
 * of the smallest record.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "credence.h"

enum {
	MAX_COMPONENTS = 131072,
	REPEAT_WINDOW = 4096, /* components back in which a repeat is sought */
	/* TLVs of number, PCR, one digest, content, its format, event, time */
	SMALLEST_RECORD = 13 + 6 + 5 + 6 + 5 + 11 + 7 + 13,
};

_Static_assert(sizeof(struct crd_entry) * 2 < SMALLEST_RECORD,
	       "entries have to be small against the log");

/* A short look-alike of a digest, so that most records need no reading. */
static uint32_t tag_of(struct crd_buf fields)
{
	struct crd_buf value = { NULL, 0 };
	struct crd_digest d = { 0 };
	uint32_t tag;

	if (!crd_field_get(fields, CRD_F_DIGEST, &value) ||
	    !crd_read_hash(value, &d))
		return 0;
	memcpy(&tag, d.bytes, sizeof(tag));
	return tag ? tag : 1;
}

static struct crd_buf fields_of(const struct crd_inventory *inv,
				const struct crd_entry *e)
{
	return (struct crd_buf){ inv->log.ptr + e->offset, e->len };
}

/*
 * Room for as many records as the log can hold, once: no array grows by
 * copying, and pages that are never written to take no memory.
 */
static int make_room(struct crd_inventory *inv)
{
	if (inv->entries)
		return 0;
	inv->cap = inv->log.len / SMALLEST_RECORD + 1;
	inv->entries = malloc(inv->cap * sizeof(*inv->entries));
	return inv->entries ? 0 : -ENOMEM;
}

static int add(const struct crd_record *rec, struct crd_inventory *inv,
	       size_t components, struct crd_error *err)
{
	int ret;

	if (components > MAX_COMPONENTS - inv->n)
		return crd_fail_at(err, 0, 0, -E2BIG,
				   "measurer log: more than %d components",
				   MAX_COMPONENTS);
	ret = make_room(inv);
	if (ret)
		return ret;
	if (inv->n_entries == inv->cap) /* a walk of some other log */
		return -EINVAL;
	inv->entries[inv->n_entries++] = (struct crd_entry){
		.offset = (uint32_t)(rec->fields.ptr - inv->log.ptr),
		.len = (uint32_t)rec->fields.len,
		.recnum = (uint32_t)rec->recnum,
		.tag = rec->event == CRD_EV_FIRMWARE ? 0 : tag_of(rec->fields),
		.event = rec->event,
		.flags = rec->event == CRD_EV_MODULE_RESULT ? CRD_FLAG_FAILED :
							      0,
	};
	inv->n += components;
	return 0;
}

static bool next_item(struct crd_field_iter *it, struct crd_buf *ret_fields)
{
	uint8_t type;

	while (crd_field_next(it, &type, ret_fields)) {
		if (type == CRD_F_ITEM)
			return true;
	}
	return false;
}

static size_t count_items(struct crd_buf fields)
{
	struct crd_field_iter it = { fields };
	struct crd_buf item;
	size_t n = 0;

	while (next_item(&it, &item))
		n++;
	return n;
}

/* The driver recorded there; records are in ascending order. */
static struct crd_entry *driver_at(struct crd_inventory *inv, uint64_t recnum)
{
	size_t mid, lo = 0, hi = inv->n_entries;
	struct crd_entry *e;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		e = &inv->entries[mid];
		if (e->recnum == recnum)
			return e->event == CRD_EV_SNAPSHOT ||
					       e->event == CRD_EV_FIRMWARE ?
				       NULL :
				       e;
		if (e->recnum < recnum)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static bool has_digest(struct crd_buf fields, struct crd_buf digest)
{
	struct crd_buf value;

	return crd_field_get(fields, CRD_F_DIGEST, &value) &&
	       crd_buf_equal(value, digest);
}

/* *window: components that may still be looked at. */
static bool shows_digest(const struct crd_inventory *inv,
			 const struct crd_entry *e, struct crd_buf digest,
			 uint32_t tag, size_t *window)
{
	struct crd_field_iter it = { fields_of(inv, e) };
	struct crd_buf item;

	if (e->event != CRD_EV_SNAPSHOT) {
		--*window;
		return e->tag == tag && has_digest(it.left, digest);
	}
	while (*window && next_item(&it, &item)) {
		--*window;
		if (has_digest(item, digest))
			return true;
	}
	return false;
}

/*
 * A second try of an image that is recorded already and that the kernel turned
 * away as "there already" says nothing new: two processes asked for one driver.
 */
static bool is_repeat(const struct crd_inventory *inv,
		      const struct crd_record *rec, int32_t result)
{
	struct crd_buf digest = { NULL, 0 };
	size_t i, window = REPEAT_WINDOW;
	uint32_t tag = tag_of(rec->fields);

	if (result != -EEXIST || !tag)
		return false;
	crd_field_get(rec->fields, CRD_F_DIGEST, &digest);
	for (i = inv->n_entries; i && window; i--) {
		if (shows_digest(inv, &inv->entries[i - 1], digest, tag,
				 &window))
			return true;
	}
	return false;
}

static int add_result(const struct crd_record *rec, struct crd_inventory *inv,
		      struct crd_error *err)
{
	struct crd_entry *e = NULL;
	uint64_t ref, word = 0;
	int32_t result;
	int ret;

	crd_field_u64(rec->fields, CRD_F_RESULT, &word);
	result = (int32_t)(uint32_t)word;
	if (crd_field_u64(rec->fields, CRD_F_REF, &ref))
		e = driver_at(inv, ref);
	if (!e && is_repeat(inv, rec, result))
		return 0;
	if (!e) {
		ret = add(rec, inv, 1, err);
		if (ret)
			return ret;
		e = &inv->entries[inv->n_entries - 1];
	}
	/* Lowers nothing and excuses nothing: rules see the attempt. */
	e->result = result;
	e->flags |= CRD_FLAG_FAILED;
	return 0;
}

int crd_inventory_add(const struct crd_record *rec, struct crd_inventory *inv,
		      struct crd_error *err)
{
	switch (rec->event) {
	case CRD_EV_SNAPSHOT:
		return add(rec, inv, count_items(rec->fields), err);
	case CRD_EV_MODULE:
	case CRD_EV_FIRMWARE:
		return add(rec, inv, 1, err);
	case CRD_EV_MODULE_RESULT:
		return add_result(rec, inv, err);
	default: /* says nothing of a component */
		return 0;
	}
}

/* One that is no group; or of a group, from the fields of one item. */
static void read_component(const struct crd_inventory_iter *it,
			   const struct crd_entry *e, struct crd_buf fields,
			   struct crd_component *c)
{
	const struct crd_inventory *inv = it->inventory;
	bool group = e->event == CRD_EV_SNAPSHOT;

	crd_component_read(c,
			   e->event == CRD_EV_FIRMWARE ? CRD_KIND_FIRMWARE :
							 CRD_KIND_DRIVER,
			   fields,
			   group ? CRD_ORIGIN_PRE_EXISTING :
				   CRD_ORIGIN_UNMEASURED);
	c->recnum = e->recnum;
	c->in_group = group;
	c->item = group ? it->item : 0;
	c->flags = inv->self_reported ? e->flags : c->flags | e->flags;
	if (e->flags & CRD_FLAG_FAILED)
		c->result = e->result;
	crd_component_find_vendors(c, it->registry);
	if (inv->self_reported)
		c->grade = CRD_GRADE_SELF_REPORTED;
}

bool crd_inventory_next(struct crd_inventory_iter *it,
			struct crd_component *ret_component)
{
	const struct crd_inventory *inv = it->inventory;
	const struct crd_entry *e;
	struct crd_buf item;

	for (;;) {
		/* items.left: of the entry before `next`, if that is a group */
		if (it->items.left.len && next_item(&it->items, &item)) {
			read_component(it, &inv->entries[it->next - 1], item,
				       ret_component);
			it->item++;
			return true;
		}
		it->items.left.len = 0;
		if (it->next == inv->n_entries)
			return false;
		e = &inv->entries[it->next++];
		if (e->event != CRD_EV_SNAPSHOT) {
			read_component(it, e, fields_of(inv, e), ret_component);
			return true;
		}
		it->items.left = fields_of(inv, e);
		it->item = 0;
	}
}

void crd_inventory_cover(struct crd_inventory *inventory, uint64_t covered)
{
	size_t i;

	for (i = 0; i < inventory->n_entries; i++) {
		if (inventory->entries[i].recnum >= covered)
			inventory->entries[i].flags |= CRD_FLAG_NOT_COVERED;
	}
}

size_t crd_inventory_firmware(const struct crd_inventory *inventory)
{
	size_t i, n = 0;

	for (i = 0; i < inventory->n_entries; i++)
		n += inventory->entries[i].event == CRD_EV_FIRMWARE;
	return n;
}

struct from_log {
	struct crd_inventory inv;
	struct crd_error *err;
};

static int on_record(const struct crd_record *rec, void *ctx)
{
	struct from_log *f = ctx;

	return crd_inventory_add(rec, &f->inv, f->err);
}

int crd_inventory_from_log(struct crd_buf log, uint64_t covered,
			   struct crd_inventory *ret_inventory,
			   struct crd_error *err)
{
	struct from_log f = { .inv.log = log, .err = err };
	enum crd_reason reason;
	int ret;

	ret = crd_cel_walk(log, on_record, &f, &reason, err);
	if (!ret && reason != CRD_REASON_NONE)
		ret = -EBADMSG;
	if (ret) {
		crd_inventory_done(&f.inv);
		return ret;
	}
	crd_inventory_cover(&f.inv, covered);
	*ret_inventory = f.inv;
	return 0;
}

void crd_inventory_done(struct crd_inventory *inventory)
{
	free(inventory->entries);
	memset(inventory, 0, sizeof(*inventory));
}
