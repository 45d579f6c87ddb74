// SPDX-License-Identifier: Apache-2.0
/*
 * Components of a measurer log: what the policy sees of each driver and
 * firmware image. Only facts of the log and the registry; no judgement.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "credence.h"
#include "registry_private.h"

enum {
	MAX_COMPONENTS = 131072,
	FIRST_COMPONENTS = 64,
	REPEAT_WINDOW = 4096, /* how far back a repeat is looked for */
};

/* Bits of the kernel's taint word (Documentation/admin-guide). */
#define TAINT_PROPRIETARY (1ull << 0)
#define TAINT_FORCED	  (1ull << 1)
#define TAINT_STAGING	  (1ull << 10)
#define TAINT_OUT_OF_TREE (1ull << 12)
#define TAINT_UNSIGNED	  (1ull << 13)

/* finit_module(2): ignore symbol versions, ignore vermagic */
#define LOAD_IGNORES 0x3u

/* What the flags are derived from, beside the component itself. */
/* What the flags are derived from, beside the component itself. */
struct facts {
	uint64_t taints;
	uint64_t load_flags;
	bool intree;
	bool has_origin;
};

const char *crd_flag_name(unsigned int bit)
{
	static const char *const names[] = {
		"unsigned",    "unverified", "out-of-tree",  "proprietary",
		"staging",     "unmeasured", "pre-existing", "built-in",
		"from-memory", "failed",     "forced",	     "not-covered",
	};

	return bit < sizeof(names) / sizeof(names[0]) ? names[bit] : NULL;
}

static uint64_t be(struct crd_buf value)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < value.len && i < 8; i++)
		n = n << 8 | value.ptr[i];
	return n;
}

static bool read_hash(struct crd_buf value, struct crd_digest *ret_digest)
{
	struct crd_digest d = { 0 };

	if (!value.len || crd_alg_size(value.ptr[0]) != value.len - 1)
		return false;
	d.alg = value.ptr[0];
	d.len = (uint16_t)(value.len - 1);
	memcpy(d.bytes, value.ptr + 1, d.len);
	*ret_digest = d;
	return true;
}

static void read_text(struct crd_component *c, uint8_t type,
		      struct crd_buf value)
{
	switch (type) {
	case CRD_F_NAME:
		c->name = value;
		break;
	case CRD_F_PATH:
		c->path = value;
		break;
	case CRD_F_LICENSE:
		c->license = value;
		break;
	case CRD_F_VERSION:
		c->version = value;
		break;
	case CRD_F_VERMAGIC:
		c->vermagic = value;
		break;
	case CRD_F_SRCVERSION:
		c->srcversion = value;
		break;
	case CRD_F_SIGNATURE:
		c->signature = value;
		break;
	case CRD_F_AUTHOR:
		if (c->n_authors < CRD_MAX_AUTHORS)
			c->authors[c->n_authors++] = value;
		break;
	default: /* of no use to a policy, or newer than this reader */
		break;
	}
}

static void read_field(struct crd_component *c, struct facts *f, uint8_t type,
		       struct crd_buf value)
{
	switch (type) {
	case CRD_F_ORIGIN:
		c->origin = (uint8_t)be(value);
		f->has_origin = true;
		break;
	case CRD_F_DIGEST:
		read_hash(value, &c->digest);
		break;
	case CRD_F_PAYLOAD_DIGEST:
		read_hash(value, &c->payload);
		break;
	case CRD_F_SIG_STATUS:
		c->sig_status = (uint8_t)be(value);
		break;
	case CRD_F_INTREE:
		f->intree = be(value) == 1;
		break;
	case CRD_F_TAINTS:
		f->taints = be(value);
		break;
	case CRD_F_LOAD_FLAGS:
		f->load_flags = be(value);
		break;
	case CRD_F_RESULT:
		c->result = (int32_t)(uint32_t)be(value);
		break;
	default:
		read_text(c, type, value);
		break;
	}
}

static void read_fields(struct crd_component *c, struct facts *f,
			struct crd_buf fields)
{
	struct crd_field_iter it = { fields };
	struct crd_buf value;
	uint8_t type;

	c->fields = fields;
	while (crd_field_next(&it, &type, &value))
		read_field(c, f, type, value);
}

/* The kernel's own list: license_is_gpl_compatible() */
static bool license_is_free(struct crd_buf license)
{
	static const char *const names[] = {
		"GPL",		"GPL v2",	"GPL and additional rights",
		"Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (crd_buf_equal(license, crd_buf_of(names[i])))
			return true;
	}
	return false;
}

static uint32_t origin_flags(const struct crd_component *c)
{
	bool seen = c->digest.alg != 0;

	switch (c->origin) {
	case CRD_ORIGIN_FILE:
		return seen ? 0 : CRD_FLAG_UNMEASURED;
	case CRD_ORIGIN_MEMORY:
	case CRD_ORIGIN_ANONYMOUS:
		return CRD_FLAG_FROM_MEMORY | (seen ? 0 : CRD_FLAG_UNMEASURED);
	case CRD_ORIGIN_PRE_EXISTING:
		return CRD_FLAG_PRE_EXISTING;
	case CRD_ORIGIN_BUILT_IN:
		return CRD_FLAG_BUILT_IN;
	default: /* UNMEASURED, and what this reader does not know */
		return CRD_FLAG_UNMEASURED;
	}
}

/* A built-in driver is part of the kernel image and carries no signature. */
static uint32_t signature_flags(const struct crd_component *c,
				const struct facts *f)
{
	if (c->origin == CRD_ORIGIN_BUILT_IN)
		return 0;
	switch (c->sig_status) {
	case CRD_SIG_NONE:
		return CRD_FLAG_UNSIGNED;
	case CRD_SIG_VERIFIED:
		return f->taints & TAINT_UNSIGNED ? CRD_FLAG_UNVERIFIED : 0;
	default:
		return CRD_FLAG_UNVERIFIED;
	}
}

static uint32_t driver_flags(const struct crd_component *c,
			     const struct facts *f)
{
	bool modinfo = c->digest.alg != 0; /* the image was there to read */
	uint32_t flags = signature_flags(c, f);

	if (f->taints & TAINT_OUT_OF_TREE || (modinfo && !f->intree))
		flags |= CRD_FLAG_OUT_OF_TREE;
	if (f->taints & TAINT_PROPRIETARY ||
	    ((modinfo || c->license.ptr) && !license_is_free(c->license)))
		flags |= CRD_FLAG_PROPRIETARY;
	if (f->taints & TAINT_STAGING)
		flags |= CRD_FLAG_STAGING;
	if (f->taints & TAINT_FORCED || f->load_flags & LOAD_IGNORES)
		flags |= CRD_FLAG_FORCED;
	return flags;
}

static struct crd_component *push(struct crd_inventory_builder *w)
{
	struct crd_inventory *inv = &w->inv;
	struct crd_component *c;
	size_t cap;

	if (inv->n == w->cap) {
		cap = w->cap ? w->cap + w->cap / 2 : FIRST_COMPONENTS;
		c = realloc(inv->components, cap * sizeof(*c));
		if (!c)
			return NULL;
		inv->components = c;
		w->cap = cap;
	}
	c = &inv->components[inv->n++];
	memset(c, 0, sizeof(*c));
	return c;
}

static int add(struct crd_inventory_builder *w, const struct crd_record *rec,
	       unsigned int item, enum crd_kind kind, struct crd_buf fields,
	       uint8_t origin)
{
	struct crd_component *c;
	struct facts f = { 0 };

	if (w->inv.n == MAX_COMPONENTS)
		return crd_fail_at(w->err, 0, 0, -E2BIG,
				   "measurer log: more than %d components",
				   MAX_COMPONENTS);
	c = push(w);
	if (!c)
		return -ENOMEM;
	c->kind = kind;
	c->recnum = rec->recnum;
	c->item = item;
	read_fields(c, &f, fields);
	if (!f.has_origin)
		c->origin = origin;
	c->flags = origin_flags(c);
	if (kind == CRD_KIND_DRIVER)
		c->flags |= driver_flags(c, &f);
	if (rec->event == CRD_EV_MODULE_RESULT)
		c->flags |= CRD_FLAG_FAILED;
	crd_component_find_vendors(c, w->registry);
	return 0;
}

static int add_items(struct crd_inventory_builder *w,
		     const struct crd_record *rec)
{
	struct crd_field_iter it = { rec->fields };
	struct crd_buf value;
	unsigned int item = 0;
	uint8_t type;
	int ret = 0;

	while (!ret && crd_field_next(&it, &type, &value)) {
		if (type != CRD_F_ITEM)
			continue;
		ret = add(w, rec, item++, CRD_KIND_DRIVER, value,
			  CRD_ORIGIN_PRE_EXISTING);
		if (!ret)
			w->inv.components[w->inv.n - 1].in_group = true;
	}
	return ret;
}

/* The driver recorded there; records are in ascending order. */
static struct crd_component *driver_at(struct crd_inventory *inv,
				       uint64_t recnum)
{
	size_t mid, lo = 0, hi = inv->n;
	struct crd_component *c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		c = &inv->components[mid];
		if (c->recnum == recnum)
			return c->in_group || c->kind != CRD_KIND_DRIVER ?
				       NULL :
				       c;
		if (c->recnum < recnum)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/*
 * A second try of an image that is recorded already and that the kernel turned
 * away as "there already" says nothing new: two processes asked for one driver.
 */
static bool is_repeat(const struct crd_inventory *inv,
		      const struct crd_record *rec, int32_t result)
{
	struct crd_buf value = { NULL, 0 };
	struct crd_digest digest = { 0 };
	size_t i, back = 0;

	if (result != -EEXIST ||
	    !crd_field_get(rec->fields, CRD_F_DIGEST, &value) ||
	    !read_hash(value, &digest))
		return false;
	for (i = inv->n; i && back < REPEAT_WINDOW; i--, back++) {
		if (inv->components[i - 1].kind == CRD_KIND_DRIVER &&
		    crd_digest_equal(&inv->components[i - 1].digest, &digest))
			return true;
	}
	return false;
}

static int add_result(struct crd_inventory_builder *w,
		      const struct crd_record *rec)
{
	struct crd_component *c = NULL;
	uint64_t ref, word = 0;
	int32_t result;

	crd_field_u64(rec->fields, CRD_F_RESULT, &word);
	result = (int32_t)(uint32_t)word;
	if (crd_field_u64(rec->fields, CRD_F_REF, &ref))
		c = driver_at(&w->inv, ref);
	if (!c && is_repeat(&w->inv, rec, result))
		return 0;
	if (!c)
		return add(w, rec, 0, CRD_KIND_DRIVER, rec->fields,
			   CRD_ORIGIN_UNMEASURED);
	/* Lowers nothing and excuses nothing: rules see the attempt. */
	c->result = result;
	c->flags |= CRD_FLAG_FAILED;
	return 0;
}

int crd_inventory_add(const struct crd_record *rec,
		      struct crd_inventory_builder *w)
{
	switch (rec->event) {
	case CRD_EV_SNAPSHOT:
		return add_items(w, rec);
	case CRD_EV_MODULE:
		return add(w, rec, 0, CRD_KIND_DRIVER, rec->fields,
			   CRD_ORIGIN_UNMEASURED);
	case CRD_EV_MODULE_RESULT:
		return add_result(w, rec);
	case CRD_EV_FIRMWARE:
		return add(w, rec, 0, CRD_KIND_FIRMWARE, rec->fields,
			   CRD_ORIGIN_UNMEASURED);
	default: /* says nothing of a component */
		return 0;
	}
}

static int on_record(const struct crd_record *rec, void *ctx)
{
	return crd_inventory_add(rec, ctx);
}

void crd_inventory_cover(struct crd_inventory *inventory, uint64_t covered)
{
	struct crd_component *c = inventory->components;
	struct crd_component *end = c + inventory->n;

	for (; c < end; c++) {
		if (c->recnum >= covered)
			c->flags |= CRD_FLAG_NOT_COVERED;
	}
}

int crd_inventory_from_log(struct crd_buf log, uint64_t covered,
			   const struct crd_registry *registry,
			   struct crd_inventory *ret_inventory,
			   struct crd_error *err)
{
	struct crd_inventory_builder w = { .registry = registry, .err = err };
	enum crd_reason reason;
	int ret;

	ret = crd_cel_walk(log, on_record, &w, &reason, err);
	if (!ret && reason != CRD_REASON_NONE)
		ret = -EBADMSG;
	if (ret) {
		crd_inventory_done(&w.inv);
		return ret;
	}
	crd_inventory_cover(&w.inv, covered);
	*ret_inventory = w.inv;
	return 0;
}

void crd_inventory_done(struct crd_inventory *inventory)
{
	free(inventory->components);
	memset(inventory, 0, sizeof(*inventory));
}
