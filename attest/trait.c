// SPDX-License-Identifier: Apache-2.0
/* What drivers, firmware and devices say of themselves, and of the start. */
#include <string.h>

#include "appraise_private.h"
#include "attest_private.h"
#include "credence.h"
#include "thing.h"

/* Flags that are of the thing, not of the moment it was recorded at. */
#define LASTING (~(uint32_t)(CRD_FLAG_NOT_COVERED | CRD_FLAG_DEFERRED))

const char *crd_trait_name(enum crd_trait_what what)
{
	static const char *const names[CRD_T_MAX] = {
		[CRD_T_NAME] = "name",
		[CRD_T_IDS] = "id",
		[CRD_T_CLASS] = "class",
		[CRD_T_SUBSYSTEM] = "subsystem id",
		[CRD_T_MAKER] = "manufacturer",
		[CRD_T_PRODUCT] = "product",
		[CRD_T_VERSION] = "version",
		[CRD_T_DATE] = "date",
		[CRD_T_SOURCE] = "source version",
		[CRD_T_DIGEST] = "digest",
		[CRD_T_SIZE] = "size",
		[CRD_T_SIGNED] = "signature",
		[CRD_T_SIGNER] = "signer",
		[CRD_T_SIGNING_KEY] = "signing key",
		[CRD_T_AUTHOR] = "author",
		[CRD_T_PATH] = "path",
		[CRD_T_MARKS] = "marks",
		[CRD_T_DRIVER] = "driver",
		[CRD_T_DATA] = "data",
		[CRD_T_TEXTS] = "texts",
		[CRD_T_COUNT] = "count",
		[CRD_T_LOWEST] = "lowest version",
		[CRD_T_KERNEL] = "kernel",
		[CRD_T_KERNEL_BUILD] = "kernel build",
		[CRD_T_ARCH] = "architecture",
		[CRD_T_SECURE_BOOT] = "Secure Boot",
		[CRD_T_LOCKDOWN] = "lockdown",
		[CRD_T_MEASURER] = "measurer",
		[CRD_T_BUILD] = "measurer's build",
		[CRD_T_SETTINGS] = "measurer's settings",
		[CRD_T_HOOKS] = "measurer's hooks",
		[CRD_T_BUS_ENCRYPTION] = "bus encryption",
		[CRD_T_SERIAL] = "serial number",
		[CRD_T_DSN] = "device serial number",
		[CRD_T_UUID] = "UUID",
		[CRD_T_KEY] = "attestation key",
		[CRD_T_PLACE] = "place",
		[CRD_T_ASSET] = "asset tag",
		[CRD_T_ADDRESS] = "address",
		[CRD_T_PLACED_DIGEST] = "digest",
		[CRD_T_STATE] = "state",
		[CRD_T_STEM] = "name",
	};

	return (unsigned int)what < CRD_T_MAX ? names[what] : "trait";
}

static struct crd_buf field(struct crd_buf fields, uint8_t type)
{
	struct crd_buf value = { NULL, 0 };

	crd_field_get(fields, type, &value);
	return value;
}

static void add_marks(struct crd_things *t, uint32_t flags)
{
	struct crd_str text = { 0 };

	crd_flags_say(&text, flags);
	crd_trait_add(t, CRD_T_MARKS, CRD_ROLE_CONTENT,
		      (struct crd_buf){ (uint8_t *)text.ptr, text.len });
	t->texts.failed |= text.failed;
	crd_str_done(&text);
}

/*
 * A module's path without what changes with each kernel, and without what
 * tells how it is packed.
 */
static void add_path(struct crd_things *t, struct crd_buf path)
{
	static const char *const packed[] = { ".xz", ".zst", ".gz" };
	struct crd_buf rel = t->release;
	struct crd_str text = { 0 };
	size_t i = 0;

	for (i = 0; i < sizeof(packed) / sizeof(packed[0]); i++) {
		struct crd_buf end = crd_buf_of(packed[i]);

		if (path.len > end.len &&
		    !memcmp(path.ptr + path.len - end.len, end.ptr, end.len))
			path.len -= end.len;
	}
	if (path.len > 4 && !memcmp(path.ptr, "/usr/", 5)) {
		path.ptr += 4;
		path.len -= 4;
	}
	for (i = 0; i < path.len;) {
		if (rel.len && path.len - i >= rel.len &&
		    !memcmp(path.ptr + i, rel.ptr, rel.len)) {
			crd_str_puts(&text, "*");
			i += rel.len;
			rel.len = 0; /* once */
		} else {
			crd_str_add(&text, (const char *)path.ptr + i++, 1);
		}
	}
	crd_trait_add(t, CRD_T_PATH, CRD_ROLE_CONTENT,
		      (struct crd_buf){ (uint8_t *)text.ptr, text.len });
	t->texts.failed |= text.failed;
	crd_str_done(&text);
}

static void add_signer(struct crd_things *t, const struct crd_component *c)
{
	const struct crd_signer_named named = crd_signer_named(NULL, c);

	if (!c->signature.ptr)
		return;
	crd_trait_add(t, CRD_T_SIGNER, CRD_ROLE_CONTENT, named.name);
	crd_trait_add_hex(t, CRD_T_SIGNING_KEY, CRD_ROLE_CONTENT,
			  named.key_id.ptr ? named.key_id : named.serial);
}

static void add_signed(struct crd_things *t, const struct crd_component *c)
{
	const char *word = c->flags & CRD_FLAG_UNSIGNED	  ? "none" :
			   c->flags & CRD_FLAG_UNVERIFIED ? "not verified" :
							    "verified";

	if (c->origin != CRD_ORIGIN_BUILT_IN)
		crd_trait_add(t, CRD_T_SIGNED, CRD_ROLE_CONTENT,
			      crd_buf_of(word));
}

static void traits_of_driver(struct crd_things *t,
			     const struct crd_component *c)
{
	crd_trait_add(t, CRD_T_NAME, CRD_ROLE_ID, c->name);
	crd_trait_add(t, CRD_T_VERSION, CRD_ROLE_CONTENT, c->version);
	crd_trait_add(t, CRD_T_SOURCE, CRD_ROLE_CONTENT, c->srcversion);
	crd_trait_add_digest(t, CRD_T_DIGEST, CRD_ROLE_CONTENT, &c->digest);
	add_signed(t, c);
	add_signer(t, c);
	crd_trait_add(t, CRD_T_AUTHOR, CRD_ROLE_CONTENT, c->authors[0]);
	add_path(t, c->path);
	add_marks(t, c->flags & LASTING);
}

/* "iwlwifi-59.ucode" and "iwlwifi-63.ucode": what is the same in both. */
static void add_stem(struct crd_things *t, struct crd_buf name)
{
	struct crd_str text = { 0 };
	bool digit, before = false;
	size_t i;

	for (i = 0; i < name.len; i++, before = digit) {
		digit = name.ptr[i] >= '0' && name.ptr[i] <= '9';
		if (!digit)
			crd_str_add(&text, (const char *)name.ptr + i, 1);
		else if (!before)
			crd_str_puts(&text, "#");
	}
	crd_trait_add(t, CRD_T_STEM, CRD_ROLE_STEM,
		      (struct crd_buf){ (uint8_t *)text.ptr, text.len });
	t->texts.failed |= text.failed;
	crd_str_done(&text);
}

static void traits_of_firmware(struct crd_things *t,
			       const struct crd_component *c)
{
	crd_trait_add(t, CRD_T_NAME, CRD_ROLE_ID, c->name);
	crd_trait_add_digest(t, CRD_T_DIGEST, CRD_ROLE_CONTENT, &c->digest);
	add_path(t, c->path);
	add_marks(t, c->flags & LASTING);
	add_stem(t, c->name);
}

static void add_ids(struct crd_things *t, const struct crd_component *c)
{
	struct crd_str text = { 0 };
	uint64_t n;

	crd_ids_say(&text, c);
	crd_trait_add(t, CRD_T_IDS, CRD_ROLE_ID,
		      (struct crd_buf){ (uint8_t *)text.ptr, text.len });
	text.len = 0;
	if (c->has_class)
		crd_str_fmt(&text, "%06x", c->class_code);
	if (crd_field_u64(c->fields, CRD_F_INTERFACE, &n))
		crd_str_fmt(&text, " interface %u", (unsigned int)n);
	crd_trait_add(t, CRD_T_CLASS, CRD_ROLE_ID,
		      (struct crd_buf){ (uint8_t *)text.ptr, text.len });
	text.len = 0;
	if (crd_field_u64(c->fields, CRD_F_SUBDEVICE_ID, &n) &&
	    c->subvendor_id >= 0)
		crd_str_fmt(&text, "%04x:%04x", (unsigned int)c->subvendor_id,
			    (unsigned int)n);
	else if (c->subvendor_id >= 0)
		crd_str_fmt(&text, "%04x", (unsigned int)c->subvendor_id);
	crd_trait_add(t, CRD_T_SUBSYSTEM, CRD_ROLE_CONTENT,
		      (struct crd_buf){ (uint8_t *)text.ptr, text.len });
	t->texts.failed |= text.failed;
	crd_str_done(&text);
}

/* Of what calls itself the kernel's own, the texts are the kernel's. */
static bool is_root_hub(const struct crd_component *c)
{
	uint64_t flags;

	return crd_field_u64(c->fields, CRD_F_DEVICE_FLAGS, &flags) &&
	       flags & CRD_DEVICE_ROOT_HUB;
}

static void add_own_words(struct crd_things *t, const struct crd_component *c)
{
	uint64_t revision;

	if (is_root_hub(c))
		return;
	crd_trait_add_said(t, CRD_T_MAKER, CRD_ROLE_CONTENT, c->manufacturer);
	crd_trait_add_said(t, CRD_T_PRODUCT, CRD_ROLE_CONTENT, c->product);
	if (crd_field_u64(c->fields, CRD_F_REVISION, &revision))
		crd_trait_add_number(t, CRD_T_VERSION, CRD_ROLE_CONTENT,
				     revision);
	crd_trait_add_digest(t, CRD_T_DIGEST, CRD_ROLE_CONTENT, &c->digest);
}

static void add_driver(struct crd_things *t, const struct crd_component *c)
{
	const struct crd_inventory *inv = &t->machine->inventory;
	const struct crd_link *link = crd_inventory_link(inv, c->entry);
	struct crd_buf driver = { NULL, 0 };

	if (link->bound && link->binding != CRD_NO_ENTRY)
		driver = field(crd_entry_fields(inv,
						&inv->entries[link->binding]),
			       CRD_F_DRIVER);
	crd_trait_add(t, CRD_T_DRIVER, CRD_ROLE_CONTENT, driver);
}

static void add_serials(struct crd_things *t, const struct crd_component *c)
{
	struct crd_buf dsn = field(c->fields, CRD_F_DSN);
	struct crd_str hex = { 0 };

	if (!is_root_hub(c))
		crd_trait_add_said(t, CRD_T_SERIAL, CRD_ROLE_SERIAL, c->serial);
	crd_str_hex(&hex, dsn.ptr, dsn.len);
	crd_trait_add_said(t, CRD_T_DSN, CRD_ROLE_SERIAL,
			   (struct crd_buf){ (uint8_t *)hex.ptr, hex.len });
	t->texts.failed |= hex.failed;
	crd_str_done(&hex);
}

static void traits_of_device(struct crd_things *t,
			     const struct crd_component *c)
{
	struct crd_str at = { 0 };

	add_ids(t, c);
	add_own_words(t, c);
	add_marks(t, c->flags & LASTING);
	add_driver(t, c);
	add_serials(t, c);
	crd_str_add(&at, (const char *)c->bus.ptr, c->bus.len);
	crd_str_puts(&at, "/");
	crd_str_add(&at, (const char *)c->device.ptr, c->device.len);
	/* without a port the address is all there is to tell where it sits */
	crd_trait_add(t, CRD_T_PLACE, CRD_ROLE_PLACE,
		      c->port.len ?
			      c->port :
			      (struct crd_buf){ (uint8_t *)at.ptr, at.len });
	crd_trait_add(t, CRD_T_ADDRESS, CRD_ROLE_LOOSE,
		      (struct crd_buf){ (uint8_t *)at.ptr, at.len });
	t->texts.failed |= at.failed;
	crd_str_done(&at);
}

void crd_traits_of(struct crd_things *t, const struct crd_component *c,
		   struct crd_thing *thing)
{
	thing->flags = c->flags;
	switch (c->kind) {
	case CRD_KIND_DRIVER:
		thing->sort = CRD_SORT_DRIVER;
		traits_of_driver(t, c);
		break;
	case CRD_KIND_FIRMWARE:
		thing->sort = CRD_SORT_FIRMWARE;
		traits_of_firmware(t, c);
		break;
	default:
		thing->sort = CRD_SORT_DEVICE;
		traits_of_device(t, c);
		break;
	}
}

/* All fields of that type, one a line. */
static void add_all(struct crd_things *t, enum crd_trait_what what,
		    struct crd_buf fields, uint8_t type)
{
	struct crd_field_iter it = { fields };
	struct crd_str text = { 0 };
	struct crd_buf value;
	uint8_t found;

	while (crd_field_next(&it, &found, &value)) {
		if (found != type)
			continue;
		if (text.len)
			crd_str_puts(&text, ", ");
		crd_str_add(&text, (const char *)value.ptr, value.len);
	}
	crd_trait_add(t, what, CRD_ROLE_CONTENT,
		      (struct crd_buf){ (uint8_t *)text.ptr, text.len });
	t->texts.failed |= text.failed;
	crd_str_done(&text);
}

static const char *word_of(struct crd_buf fields, uint8_t type,
			   const char *const *words, size_t n)
{
	uint64_t value;

	if (!crd_field_u64(fields, type, &value))
		return "";
	return value < n ? words[value] : "unknown";
}

void crd_traits_of_start(struct crd_things *t)
{
	static const char *const lockdowns[] = { "none", "integrity",
						 "confidentiality" };
	static const char *const boots[] = { "off", "on", "no EFI" };
	struct crd_buf f = t->machine->anchor;

	crd_trait_add(t, CRD_T_NAME, CRD_ROLE_ID, crd_buf_of("start"));
	crd_trait_add(t, CRD_T_KERNEL, CRD_ROLE_CONTENT,
		      field(f, CRD_F_KERNEL_RELEASE));
	crd_trait_add(t, CRD_T_KERNEL_BUILD, CRD_ROLE_CONTENT,
		      field(f, CRD_F_KERNEL_VERSION));
	crd_trait_add(t, CRD_T_ARCH, CRD_ROLE_CONTENT, field(f, CRD_F_MACHINE));
	crd_trait_add(t, CRD_T_SECURE_BOOT, CRD_ROLE_CONTENT,
		      crd_buf_of(word_of(f, CRD_F_SECURE_BOOT, boots, 3)));
	crd_trait_add(t, CRD_T_LOCKDOWN, CRD_ROLE_CONTENT,
		      crd_buf_of(word_of(f, CRD_F_LOCKDOWN, lockdowns, 3)));
	crd_trait_add(t, CRD_T_MEASURER, CRD_ROLE_CONTENT,
		      field(f, CRD_F_MEASURER_VERSION));
	crd_trait_add_hex(t, CRD_T_BUILD, CRD_ROLE_CONTENT,
			  field(f, CRD_F_BUILD_ID));
	add_all(t, CRD_T_SETTINGS, f, CRD_F_PARAM);
	add_all(t, CRD_T_HOOKS, f, CRD_F_HOOK);
	crd_trait_add(t, CRD_T_KEY,
		      t->other_machine ? CRD_ROLE_LOOSE : CRD_ROLE_CONTENT,
		      crd_buf_of(t->machine->ak_name));
}
