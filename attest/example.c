// SPDX-License-Identifier: Apache-2.0
/*
 * An example as an inventory: fields of a log for what fields can say, and
 * statements for what only a registry, a key or other records would tell.
 */
#include "example.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "attest_private.h"
#include "credence.h"
#include "fields.h"
#include "policy_cond.h"

/* Flags that say what the origin says already. */
#define ORIGIN_FLAGS                                                       \
	(CRD_FLAG_UNMEASURED | CRD_FLAG_PRE_EXISTING | CRD_FLAG_BUILT_IN | \
	 CRD_FLAG_FROM_MEMORY)

enum { MAX_NAME = 32 };

struct build {
	const struct crd_policy *policy;
	const struct crd_registry *registry;
	struct crd_fields fields;
	struct crd_stated *stated;
	uint32_t n;
};

/* "example-3": of what has no name in the example. */
static const char *name_of(const struct crd_policy *p, uint32_t index,
			   char room[static MAX_NAME])
{
	const struct crd_example_part *part = &p->example_parts[index];

	if (part->name)
		return part->name;
	snprintf(room, MAX_NAME, "example-%u", index);
	return room;
}

static const char *bus_of(const struct crd_example_part *part)
{
	return part->bus ? part->bus : "pci";
}

static int origin_of(const struct crd_example_part *part)
{
	if (part->origin >= 0)
		return part->origin;
	return part->flags & CRD_FLAG_PRE_EXISTING ? CRD_ORIGIN_PRE_EXISTING :
	       part->flags & CRD_FLAG_BUILT_IN	   ? CRD_ORIGIN_BUILT_IN :
	       part->flags & CRD_FLAG_FROM_MEMORY  ? CRD_ORIGIN_MEMORY :
						     CRD_ORIGIN_FILE;
}

/* Contents that are on no list, unless it says otherwise. */
static void put_digest(struct build *b, const struct crd_example_part *part)
{
	static const uint8_t ordinary[32] = "an example's contents";
	struct crd_digest d = part->digest;
	int origin = origin_of(part);

	if (part->flags & CRD_FLAG_UNMEASURED ||
	    origin == CRD_ORIGIN_BUILT_IN ||
	    origin == CRD_ORIGIN_PRE_EXISTING || !origin)
		return;
	if (!d.alg) {
		d.alg = CRD_ALG_SHA256;
		d.len = sizeof(ordinary);
		memcpy(d.bytes, ordinary, sizeof(ordinary));
	}
	crd_fields_hash(&b->fields, CRD_F_DIGEST, &d);
}

static uint8_t kernels_word(const struct crd_example_part *part)
{
	if (part->signer & 1u << CRD_SIG_NONE ||
	    part->flags & CRD_FLAG_UNSIGNED)
		return CRD_SIG_NONE;
	if (part->signer & 1u << CRD_SIG_UNVERIFIED ||
	    part->flags & CRD_FLAG_UNVERIFIED)
		return CRD_SIG_UNVERIFIED;
	return CRD_SIG_VERIFIED;
}

static void put_driver(struct build *b, const struct crd_example_part *part,
		       const char *name)
{
	struct crd_fields *f = &b->fields;
	unsigned int i;

	crd_fields_begin(f, CRD_EV_MODULE);
	crd_fields_str(f, CRD_F_NAME, name);
	if (part->path)
		crd_fields_path(f, CRD_F_PATH, part->path);
	crd_fields_uint(f, CRD_F_ORIGIN, (uint64_t)origin_of(part), 1);
	put_digest(b, part);
	crd_fields_uint(f, CRD_F_SIG_STATUS, kernels_word(part), 1);
	for (i = 0; i < part->n_authors; i++)
		crd_fields_str(f, CRD_F_AUTHOR, part->authors[i]);
	crd_fields_str(f, CRD_F_LICENSE, part->license ? part->license : "GPL");
	crd_fields_str(f, CRD_F_VERSION, part->version);
	crd_fields_uint(f, CRD_F_INTREE, 1, 1);
	crd_fields_end(f);
}

static void put_firmware(struct build *b, const struct crd_example_part *part,
			 const char *name)
{
	const struct crd_policy *p = b->policy;
	const struct crd_example_part *device =
		part->device == CRD_NO_ENTRY ? NULL :
					       &p->example_parts[part->device];
	struct crd_fields *f = &b->fields;
	char room[MAX_NAME];
	unsigned int i;

	crd_fields_begin(f, CRD_EV_FIRMWARE);
	crd_fields_str(f, CRD_F_NAME, name);
	if (part->path)
		crd_fields_path(f, CRD_F_PATH, part->path);
	crd_fields_uint(f, CRD_F_ORIGIN, (uint64_t)origin_of(part), 1);
	put_digest(b, part);
	for (i = 0; i < part->n_authors; i++)
		crd_fields_str(f, CRD_F_AUTHOR, part->authors[i]);
	crd_fields_str(f, CRD_F_LICENSE, part->license);
	crd_fields_str(f, CRD_F_VERSION, part->version);
	if (device) {
		crd_fields_str(f, CRD_F_DEVICE, name_of(p, part->device, room));
		crd_fields_str(f, CRD_F_BUS, bus_of(device));
		if (device->driver != CRD_NO_ENTRY)
			crd_fields_str(f, CRD_F_MODULE,
				       name_of(p, device->driver, room));
	}
	crd_fields_end(f);
}

static void put_device(struct build *b, const struct crd_example_part *part,
		       const char *name)
{
	struct crd_fields *f = &b->fields;
	char room[MAX_NAME];

	crd_fields_begin(f, CRD_EV_DEVICE);
	if (part->digest.alg)
		crd_fields_hash(f, CRD_F_DIGEST, &part->digest);
	crd_fields_str(f, CRD_F_DEVICE, name);
	if (part->driver != CRD_NO_ENTRY)
		crd_fields_str(f, CRD_F_DRIVER,
			       name_of(b->policy, part->driver, room));
	crd_fields_str(f, CRD_F_BUS, bus_of(part));
	if (part->driver != CRD_NO_ENTRY)
		crd_fields_str(f, CRD_F_MODULE,
			       name_of(b->policy, part->driver, room));
	crd_fields_str(f, CRD_F_PORT, part->port);
	if (part->vendor_id >= 0) {
		crd_fields_uint(f, CRD_F_VENDOR_ID, (uint64_t)part->vendor_id,
				2);
		crd_fields_uint(f, CRD_F_DEVICE_ID, (uint64_t)part->device_id,
				2);
	}
	if (part->subvendor_id >= 0) {
		crd_fields_uint(f, CRD_F_SUBVENDOR_ID,
				(uint64_t)part->subvendor_id, 2);
		crd_fields_uint(f, CRD_F_SUBDEVICE_ID,
				(uint64_t)part->subdevice_id, 2);
	}
	if (part->version)
		crd_fields_uint(f, CRD_F_REVISION, part->number, 2);
	crd_fields_str(f, CRD_F_MANUFACTURER, part->manufacturer);
	crd_fields_str(f, CRD_F_PRODUCT, part->product);
	crd_fields_str(f, CRD_F_SERIAL, part->serial);
	crd_fields_end(f);
}

/* The first certificate of a signer who makes the bits true. */
static struct crd_signing signing_of(const struct crd_policy *p, uint64_t bits)
{
	static const uint8_t results[] = {
		[CRD_SIGNER_WRONG] = CRD_SIGNED_WRONG,
		[CRD_SIGNER_UNKNOWN_KEY] = CRD_SIGNED_UNKNOWN_KEY,
		[CRD_SIGNER_UNREADABLE] = CRD_SIGNED_UNREADABLE,
	};
	unsigned int i, owner;

	for (i = CRD_SIGNER_WRONG; i < CRD_SIGNER_WORDS; i++) {
		if (bits >> i & 1)
			return (struct crd_signing){ .result = results[i] };
	}
	for (i = 0; i < p->n_certs; i++) {
		owner = p->certs[i].owner;
		if (bits >> (CRD_SIGNER_FIRST + owner) & 1 ||
		    (bits >> CRD_SIGNER_DISTRIBUTION & 1 &&
		     p->signers[owner].distribution))
			return (struct crd_signing){
				.cert = (uint16_t)i,
				.result = CRD_SIGNED_VALID,
			};
	}
	return (struct crd_signing){ .result = CRD_SIGNED_UNSEEN };
}

static int state(struct build *b, const struct crd_example_part *part,
		 struct crd_error *err)
{
	struct crd_stated *s = &b->stated[b->n];
	uint16_t entity;

	*s = (struct crd_stated){ .part = part };
	if (part->kind == CRD_KIND_DRIVER)
		s->signing = signing_of(b->policy, part->signer);
	if (!part->vendor)
		return 0;
	entity = b->registry ? crd_registry_entity(b->registry, part->vendor) :
			       REG_NONE;
	if (entity == REG_NONE)
		return crd_fail_at(err, part->node->line, part->node->column,
				   -EBADMSG,
				   "entity '%.80s' is not in the registry",
				   part->vendor);
	s->vendor = entity;
	return 0;
}

static int put(struct build *b, uint32_t index, struct crd_error *err)
{
	const struct crd_example_part *part = &b->policy->example_parts[index];
	char room[MAX_NAME];
	const char *name = name_of(b->policy, index, room);
	int ret = state(b, part, err);

	if (ret)
		return ret;
	b->n++;
	switch (part->kind) {
	case CRD_KIND_DRIVER:
		put_driver(b, part, name);
		break;
	case CRD_KIND_FIRMWARE:
		put_firmware(b, part, name);
		break;
	case CRD_KIND_DEVICE:
		put_device(b, part, name);
		break;
	default:
		crd_example_put_platform(&b->fields, part);
		break;
	}
	return b->fields.error;
}

/* Drivers first, as in a log, then devices, then what those ask for. */
static int put_all(struct build *b, const struct crd_example *example,
		   struct crd_error *err)
{
	static const enum crd_kind order[] = { CRD_KIND_PLATFORM,
					       CRD_KIND_DRIVER, CRD_KIND_DEVICE,
					       CRD_KIND_FIRMWARE };
	size_t i;
	uint32_t k;
	int ret = 0;

	for (i = 0; i < 4; i++) {
		for (k = 0; !ret && k < example->n; k++) {
			if (b->policy->example_parts[example->first + k].kind ==
			    order[i])
				ret = put(b, example->first + k, err);
		}
	}
	return ret;
}

/* What is of the machine comes last, and is no entry. */
static int put_anchor(struct build *b, const struct crd_example *example)
{
	crd_fields_begin(&b->fields, CRD_EV_ANCHOR);
	crd_fields_str(&b->fields, CRD_F_KERNEL_RELEASE, example->kernel);
	crd_fields_end(&b->fields);
	return b->fields.error;
}

static int make_inventory(struct build *b, struct crd_scene *scene)
{
	struct crd_inventory *inv = &scene->inventory;
	const struct crd_said *anchor = &b->fields.items[b->fields.n - 1];
	struct crd_entry *e;
	uint32_t i;
	int ret;

	ret = crd_inventory_from_said((struct crd_buf){ b->fields.bytes,
							b->fields.len },
				      b->fields.items, b->fields.n - 1, inv);
	if (ret)
		return ret;
	inv->anchor = (struct crd_buf){ b->fields.bytes + anchor->offset,
					anchor->len };
	scene->bytes = b->fields.bytes;
	b->fields.bytes = NULL;
	scene->stated = b->stated;
	inv->self_reported = false;
	inv->stated = b->stated;
	inv->source = "example, component";
	b->stated = NULL;
	for (i = 0; i < inv->n_entries; i++) {
		e = &inv->entries[i];
		e->recnum = i + 1;
		e->flags = scene->stated[i].part->flags;
	}
	return 0;
}

int crd_scene_build(const struct crd_policy *policy,
		    const struct crd_registry *registry,
		    const struct crd_example *example,
		    struct crd_scene *ret_scene, struct crd_error *err)
{
	struct build b = { .policy = policy, .registry = registry };
	int ret = -ENOMEM;

	memset(ret_scene, 0, sizeof(*ret_scene));
	b.stated = calloc(example->n + 1, sizeof(*b.stated));
	if (b.stated)
		ret = put_all(&b, example, err);
	if (!ret)
		ret = put_anchor(&b, example);
	if (!ret)
		ret = make_inventory(&b, ret_scene);
	if (!ret)
		ret_scene->inventory.partial = !example->whole;
	if (!ret && example->has_machine) {
		crd_machine_be(&ret_scene->machine, &example->machine);
		ret_scene->inventory.machine = &ret_scene->machine;
	}
	crd_fields_done(&b.fields);
	free(b.stated);
	return ret;
}

void crd_scene_done(struct crd_scene *scene)
{
	free(scene->stated);
	free(scene->bytes);
	memset(scene, 0, sizeof(*scene));
}

static void apply_vendor(const struct crd_stated *s,
			 const struct crd_registry *registry,
			 struct crd_component *c)
{
	if (s->part->vendor && registry) {
		c->entity = registry->entities[s->vendor].id;
		c->entity_basis = "the example";
		c->vendors[0] = s->vendor;
		c->n_vendors = 1;
		c->n_strangers = 0;
		c->grade = c->kind <= CRD_KIND_FIRMWARE ||
					   c->part == CRD_PART_SMBIOS ?
				   CRD_GRADE_TEXT :
				   CRD_GRADE_MEASURED;
	} else if (s->part->vendor_unknown) {
		c->entity = NULL;
		c->n_vendors = 0;
		c->n_strangers = 1;
		c->grade = CRD_GRADE_UNKNOWN;
	}
}

void crd_stated_apply(const struct crd_stated *s,
		      const struct crd_registry *registry,
		      struct crd_component *c)
{
	uint32_t computed = ORIGIN_FLAGS;

	if (c->kind == CRD_KIND_DRIVER)
		computed |= CRD_FLAG_UNSIGNED | CRD_FLAG_UNVERIFIED;
	/* what a licence says, if the example gives one */
	if (s->part->license)
		computed |= CRD_FLAG_PROPRIETARY;
	c->flags = (c->flags & computed) | s->part->flags;
	c->signing = s->signing;
	if (s->part->classes) {
		c->said_class = s->part->classes;
		c->has_class = true;
	}
	apply_vendor(s, registry, c);
	if (s->part->grade >= 0)
		c->grade = (enum crd_grade)s->part->grade;
}
