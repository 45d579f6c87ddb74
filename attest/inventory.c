// SPDX-License-Identifier: Apache-2.0
/*
 * The components of a measurer log. A record may be as small as a hundred
 * bytes, and the log is a stranger's: so an entry is a fraction of the smallest
 * record. A group's item can be smaller than its entry; the bound on how many
 * there are bounds those.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "attest_private.h"
#include "bid_private.h"
#include "example.h"

enum {
	MAX_ENTRIES = 262144,
	REPEAT_WINDOW = 4096, /* entries back in which a repeat is sought */
	/* TLVs of number, PCR, one digest, content, its format, event, time */
	SMALLEST_RECORD = 13 + 6 + 5 + 6 + 5 + 11 + 7 + 13,
	SMALLEST_ITEM = 5 + 7, /* TLVs of item and event */
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

struct crd_buf crd_entry_fields(const struct crd_inventory *inv,
				const struct crd_entry *e)
{
	return (struct crd_buf){ inv->log.ptr + e->offset, e->len };
}

/*
 * Room for as many entries as the log can need, once: no array grows by
 * copying, and pages that are never written to take no memory.
 */
static int make_room(struct crd_inventory *inv)
{
	if (inv->entries)
		return 0;
	inv->cap = inv->log.len / SMALLEST_ITEM + 1;
	if (inv->cap > MAX_ENTRIES)
		inv->cap = MAX_ENTRIES;
	inv->entries = malloc(inv->cap * sizeof(*inv->entries));
	return inv->entries ? 0 : -ENOMEM;
}

static bool is_driver(const struct crd_entry *e)
{
	return e->event == CRD_EV_MODULE || e->event == CRD_EV_MODULE_RESULT;
}

static int add(const struct crd_record *rec, struct crd_inventory *inv,
	       struct crd_error *err)
{
	struct crd_entry *e;
	int ret = make_room(inv);

	if (ret)
		return ret;
	if (inv->n_entries == MAX_ENTRIES)
		return crd_fail_at(err, 0, 0, -E2BIG,
				   "measurer log: more than %d components",
				   MAX_ENTRIES);
	if (inv->n_entries == inv->cap) /* a walk of some other log */
		return -EINVAL;
	e = &inv->entries[inv->n_entries++];
	*e = (struct crd_entry){
		.offset = (uint32_t)(rec->fields.ptr - inv->log.ptr),
		.len = (uint32_t)rec->fields.len,
		.recnum = (uint32_t)rec->recnum,
		.item = (uint16_t)rec->item,
		.event = (uint8_t)rec->event,
		.group = (uint8_t)rec->group,
	};
	if (is_driver(e))
		e->tag = tag_of(rec->fields);
	if (e->event == CRD_EV_MODULE_RESULT)
		e->flags = CRD_FLAG_FAILED;
	if (crd_inventory_kind(e) >= 0) {
		inv->n++;
		inv->n_kind[crd_inventory_kind(e)]++;
	}
	return 0;
}

/* Entries are in ascending order of record and item. */
static int order_of(const struct crd_entry *e, uint64_t recnum, uint64_t item)
{
	if (e->recnum != recnum)
		return e->recnum < recnum ? -1 : 1;
	return e->item == item ? 0 : e->item < item ? -1 : 1;
}

/* The driver recorded there, by itself or (in_group) in a group. */
static struct crd_entry *driver_at(struct crd_inventory *inv, uint64_t recnum,
				   bool in_group, uint64_t item)
{
	size_t mid, lo = 0, hi = inv->n_entries;
	struct crd_entry *e;
	int order;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		e = &inv->entries[mid];
		order = order_of(e, recnum, item);
		if (!order)
			return is_driver(e) && !!e->group == in_group ? e :
									NULL;
		if (order < 0)
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

/*
 * A second try of an image that is recorded already and that the kernel turned
 * away as "there already" says nothing new: two processes asked for one driver.
 */
static bool is_repeat(const struct crd_inventory *inv,
		      const struct crd_record *rec, int32_t result)
{
	struct crd_buf digest = { NULL, 0 };
	uint32_t tag = tag_of(rec->fields);
	size_t i, end = 0;

	if (result != -EEXIST || !tag)
		return false;
	crd_field_get(rec->fields, CRD_F_DIGEST, &digest);
	if (inv->n_entries > REPEAT_WINDOW)
		end = inv->n_entries - REPEAT_WINDOW;
	for (i = inv->n_entries; i > end; i--) {
		if (inv->entries[i - 1].tag == tag &&
		    has_digest(crd_entry_fields(inv, &inv->entries[i - 1]),
			       digest))
			return true;
	}
	return false;
}

static int add_result(const struct crd_record *rec, struct crd_inventory *inv,
		      struct crd_error *err)
{
	struct crd_entry *e = NULL;
	uint64_t ref, item = 0, word = 0;
	int32_t result;
	bool in_group;
	int ret;

	crd_field_u64(rec->fields, CRD_F_RESULT, &word);
	result = (int32_t)(uint32_t)word;
	in_group = crd_field_u64(rec->fields, CRD_F_REF_ITEM, &item);
	if (crd_field_u64(rec->fields, CRD_F_REF, &ref))
		e = driver_at(inv, ref, in_group, item);
	if (!e && is_repeat(inv, rec, result))
		return 0;
	if (!e) {
		ret = add(rec, inv, err);
		if (!ret)
			inv->entries[inv->n_entries - 1].result = result;
		return ret;
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
	case CRD_EV_MODULE:
	case CRD_EV_FIRMWARE:
	case CRD_EV_DEVICE:
	case CRD_EV_PLATFORM:
	case CRD_EV_DEVICE_GONE: /* these three join, and show nothing */
	case CRD_EV_BIND:
	case CRD_EV_UNBIND:
	case CRD_EV_COVERAGE: /* shown, but no component */
		return add(rec, inv, err);
	case CRD_EV_MODULE_RESULT:
		return add_result(rec, inv, err);
	default: /* says nothing of a component */
		return 0;
	}
}

int crd_inventory_kind(const struct crd_entry *e)
{
	switch (e->event) {
	case CRD_EV_MODULE:
	case CRD_EV_MODULE_RESULT:
		return CRD_KIND_DRIVER;
	case CRD_EV_FIRMWARE:
		return CRD_KIND_FIRMWARE;
	case CRD_EV_DEVICE:
		return CRD_KIND_DEVICE;
	case CRD_EV_PLATFORM:
		return CRD_KIND_PLATFORM;
	default:
		return -1;
	}
}

/* What a machine does not say of itself is unknown, where a log has it all. */
static void self_report(struct crd_component *c)
{
	struct crd_buf status;

	c->grade = CRD_GRADE_SELF_REPORTED;
	if (crd_field_get(c->fields, CRD_F_SIG_STATUS, &status))
		return;
	c->sig_status = CRD_SIG_UNKNOWN;
	c->flags &= ~(uint32_t)(CRD_FLAG_UNSIGNED | CRD_FLAG_UNVERIFIED);
}

bool crd_inventory_get(const struct crd_inventory *inv,
		       const struct crd_registry *registry, uint32_t entry,
		       struct crd_component *c)
{
	const struct crd_entry *e;
	uint8_t origin;

	if (entry >= inv->n_entries)
		return false;
	e = &inv->entries[entry];
	if (crd_inventory_kind(e) < 0)
		return false;
	origin = e->group == CRD_EV_SNAPSHOT ? CRD_ORIGIN_PRE_EXISTING :
					       CRD_ORIGIN_UNMEASURED;
	crd_component_read(c, (enum crd_kind)crd_inventory_kind(e),
			   crd_entry_fields(inv, e), origin);
	c->recnum = e->recnum;
	c->in_group = e->group;
	c->item = e->item;
	c->entry = entry;
	c->flags |= e->flags;
	if (e->flags & CRD_FLAG_FAILED)
		c->result = e->result;
	if (inv->declared) {
		crd_component_declare(c, registry);
		return true;
	}
	crd_component_find_vendors(c, registry);
	if (inv->self_reported)
		self_report(c);
	if (inv->stated)
		crd_stated_apply(&inv->stated[entry], registry, c);
	return true;
}

bool crd_inventory_next(struct crd_inventory_iter *it,
			struct crd_component *ret_component)
{
	while (it->next < it->inventory->n_entries) {
		if (crd_inventory_get(it->inventory, it->registry,
				      (uint32_t)it->next++, ret_component))
			return true;
	}
	return false;
}

void crd_inventory_cover(struct crd_inventory *inventory, uint64_t covered)
{
	size_t i;

	for (i = 0; i < inventory->n_entries; i++) {
		if (inventory->entries[i].recnum >= covered)
			inventory->entries[i].flags |= CRD_FLAG_NOT_COVERED;
	}
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
	if (!ret)
		ret = crd_inventory_join(&f.inv);
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
	free(inventory->links);
	memset(inventory, 0, sizeof(*inventory));
}
