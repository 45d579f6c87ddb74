// SPDX-License-Identifier: Apache-2.0
/*
 * A device with all that the log joins to it, in one sentence: who made it,
 * which driver serves it and who vouches for that, which firmware it runs.
 */
#include <errno.h>

#include "appraise_private.h"
#include "credence.h"
#include "policy_private.h"

/* Past these the rest is counted. */
#define MAX_IMAGES 8

struct say {
	const struct crd_inventory *inv;
	const struct crd_registry *registry;
	const struct crd_policy *policy; /* NULL: no signers to look up */
	struct crd_str *str;
};

void crd_ids_say(struct crd_str *str, const struct crd_component *c)
{
	if (c->vendor_id >= 0 && c->device_id >= 0)
		crd_str_fmt(str, "%04x:%04x", (unsigned int)c->vendor_id,
			    (unsigned int)c->device_id);
}

static void say_identity(const struct say *s, const struct crd_component *c)
{
	crd_component_label(s->str, c);
	crd_str_puts(s->str, " (");
	if (c->entity)
		crd_str_puts(s->str, s->registry->entities[c->vendors[0]].name);
	else
		crd_str_puts(s->str, "vendor unknown");
	if (c->vendor_id >= 0 && c->device_id >= 0) {
		crd_str_puts(s->str, ", ");
		crd_ids_say(s->str, c);
	}
	crd_str_puts(s->str, ")");
}

/* By whom, where the policy names the signer; else what the kernel said. */
static void say_signer(const struct say *s, struct crd_component *module)
{
	struct crd_signer_named named;

	if (s->policy && crd_signer_find(s->policy, module))
		s->str->failed = true;
	if (module->signing.result == CRD_SIGNED_WRONG)
		crd_str_puts(s->str, " (signature not genuine)");
	else if (module->flags & CRD_FLAG_UNSIGNED)
		crd_str_puts(s->str, " (not signed)");
	else if (module->signing.result == CRD_SIGNED_VALID) {
		named = crd_cert_named(s->policy, module->signing.cert);
		crd_str_fmt(s->str, " (signed by %s)", named.who->id);
	} else if (module->flags & CRD_FLAG_UNVERIFIED)
		crd_str_puts(s->str, " (signature not verified)");
	else
		crd_str_puts(s->str, " (signature verified)");
}

/* How the driver's own record vouches for it. */
static void say_module(const struct say *s, const struct crd_link *link)
{
	struct crd_component module;

	if (!crd_inventory_get(s->inv, s->registry, link->module, &module)) {
		crd_str_puts(s->str, " (no record of its module)");
		return;
	}
	if (module.flags & CRD_FLAG_BUILT_IN)
		crd_str_puts(s->str, " (built into the kernel)");
	else
		say_signer(s, &module);
}

static void say_driver(const struct say *s, const struct crd_link *link)
{
	struct crd_buf driver = { NULL, 0 }, module = { NULL, 0 };
	struct crd_buf fields;

	if (link->binding == CRD_NO_ENTRY) {
		crd_str_puts(s->str, ", without a driver");
		return;
	}
	fields = crd_entry_fields(s->inv, &s->inv->entries[link->binding]);
	crd_field_get(fields, CRD_F_DRIVER, &driver);
	crd_field_get(fields, CRD_F_MODULE, &module);
	crd_str_puts(s->str,
		     link->bound ? ", driven by " : ", once driven by ");
	crd_str_safe(s->str, driver);
	if (!module.ptr) {
		crd_str_puts(s->str, " (built into the kernel)");
		return;
	}
	say_module(s, link);
}

/* Images that differ; one that was asked for again is told once. */
static void say_firmware(const struct say *s, const struct crd_link *link)
{
	uint32_t entry = link->firmware;
	struct crd_component image, last = { 0 };
	unsigned int n = 0;

	while (crd_inventory_get(s->inv, s->registry, entry, &image)) {
		entry = crd_inventory_link(s->inv, entry)->next;
		if (n && crd_buf_equal(image.name, last.name) &&
		    crd_digest_equal(&image.digest, &last.digest))
			continue;
		if (n == MAX_IMAGES) {
			crd_str_puts(s->str, " and more");
			return;
		}
		crd_str_puts(s->str, n++	 ? ", " :
				     link->bound ? ", runs firmware " :
						   ", got firmware ");
		crd_str_safe(s->str, image.name);
		last = image;
	}
}

static void say_marks(const struct say *s, const struct crd_component *c,
		      const struct crd_link *link)
{
	struct crd_component other;

	if (c->flags & CRD_FLAG_GONE)
		crd_str_puts(s->str, "; it has left again");
	if (crd_inventory_get(s->inv, s->registry, link->before, &other)) {
		crd_str_puts(s->str, "; before it, its port held the ");
		say_identity(s, &other);
	}
	if (c->flags & CRD_FLAG_SAME_SERIAL)
		crd_str_puts(
			s->str,
			"; another device gives the same serial number at the same time");
}

int crd_join_say(const struct crd_inventory *inv,
		 const struct crd_registry *registry,
		 const struct crd_policy *policy, uint32_t entry,
		 char **ret_text)
{
	struct crd_str str = { 0 };
	const struct say s = { inv, registry, policy, &str };
	const struct crd_link *link = crd_inventory_link(inv, entry);
	struct crd_component c;

	if (!crd_inventory_get(inv, registry, entry, &c) ||
	    c.kind != CRD_KIND_DEVICE)
		return -EINVAL;
	say_identity(&s, &c);
	if (!inv->declared) { /* a bill joins nothing */
		say_driver(&s, link);
		say_firmware(&s, link);
		say_marks(&s, &c, link);
	}
	*ret_text = crd_str_take(&str);
	return *ret_text ? 0 : -ENOMEM;
}
