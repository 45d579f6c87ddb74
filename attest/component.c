// SPDX-License-Identifier: Apache-2.0
/*
 * What the policy sees of a component, read from its fields.
 * Only facts of the log and the registry; no judgement.
 */
#include <string.h>

#include "appraise_private.h"
#include "credence.h"

/* Bits of the kernel's taint word (Documentation/admin-guide). */
#define TAINT_PROPRIETARY (1ull << 0)
#define TAINT_FORCED	  (1ull << 1)
#define TAINT_STAGING	  (1ull << 10)
#define TAINT_OUT_OF_TREE (1ull << 12)
#define TAINT_UNSIGNED	  (1ull << 13)

/* finit_module(2): ignore symbol versions, ignore vermagic */
#define LOAD_IGNORES 0x3u

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
		"unsigned",	"unverified", "out-of-tree",   "proprietary",
		"staging",	"unmeasured", "pre-existing",  "built-in",
		"from-memory",	"failed",     "forced",	       "not-covered",
		"deferred",	"gone",	      "re-identified", "same-serial",
		"contradicted", "external",   "dynamic",       "look-alike",
	};

	return bit < sizeof(names) / sizeof(names[0]) ? names[bit] : NULL;
}

uint64_t crd_field_be(struct crd_buf value)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < value.len && i < 8; i++)
		n = n << 8 | value.ptr[i];
	return n;
}

bool crd_read_hash(struct crd_buf value, struct crd_digest *ret_digest)
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
		c->origin = (uint8_t)crd_field_be(value);
		f->has_origin = true;
		break;
	case CRD_F_DIGEST:
		crd_read_hash(value, &c->digest);
		break;
	case CRD_F_PAYLOAD_DIGEST:
		crd_read_hash(value,
			      c->payload.alg ? &c->payload_too : &c->payload);
		break;
	case CRD_F_SIG_STATUS:
		c->sig_status = (uint8_t)crd_field_be(value);
		break;
	case CRD_F_INTREE:
		f->intree = crd_field_be(value) == 1;
		break;
	case CRD_F_TAINTS:
		f->taints = crd_field_be(value);
		break;
	case CRD_F_LOAD_FLAGS:
		f->load_flags = crd_field_be(value);
		break;
	case CRD_F_RESULT:
		c->result = (int32_t)(uint32_t)crd_field_be(value);
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
	case CRD_ORIGIN_CACHED:
	case CRD_ORIGIN_PLATFORM:
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

void crd_component_read(struct crd_component *c, enum crd_kind kind,
			struct crd_buf fields, uint8_t origin)
{
	struct facts f = { 0 };

	memset(c, 0, sizeof(*c));
	c->kind = kind;
	read_fields(c, &f, fields);
	if (!f.has_origin)
		c->origin = origin;
	if (kind == CRD_KIND_DRIVER || kind == CRD_KIND_FIRMWARE)
		c->flags = origin_flags(c);
	if (kind == CRD_KIND_DRIVER)
		c->flags |= driver_flags(c, &f);
	crd_component_read_device(c);
}
