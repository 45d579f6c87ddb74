// SPDX-License-Identifier: Apache-2.0
/* Which components to show, and facts of theirs that text and JSON share. */
#include <string.h>

#include "credence.h"
#include "inventory_private.h"
#include "registry_private.h"

static bool is(struct crd_buf text, const char *word)
{
	return crd_buf_equal(text, crd_buf_of(word));
}

static bool fits_bus(const struct crd_filter *f, const struct crd_component *c)
{
	if (!f->bus)
		return true;
	if (c->kind == CRD_KIND_PLATFORM)
		return !strcmp(f->bus, "platform");
	return is(c->bus, f->bus);
}

static bool fits_class(const struct crd_filter *f,
		       const struct crd_component *c)
{
	unsigned int bit;

	if (!f->class)
		return true;
	for (bit = 0; crd_class_names[bit]; bit++) {
		if (!strcmp(crd_class_names[bit], f->class))
			return c->kind == CRD_KIND_DEVICE &&
			       crd_class_words(c) >> bit & 1;
	}
	return false;
}

static bool has_id(int32_t id, const char *text)
{
	static const char hex[] = "0123456789abcdef";
	int i;

	for (i = 0; i < 4; i++) {
		if (text[i] != hex[id >> (12 - 4 * i) & 15])
			return false;
	}
	return id >= 0 && !text[4];
}

static bool fits_vendor(const struct crd_show *show,
			const struct crd_component *c)
{
	const char *vendor = show->filter.vendor;
	uint16_t above;
	unsigned int i;

	if (!vendor)
		return true;
	if (has_id(c->vendor_id, vendor) || has_id(c->subvendor_id, vendor))
		return true;
	if (!show->registry)
		return false;
	above = crd_registry_entity(show->registry, vendor);
	for (i = 0; above != REG_NONE && i < c->n_vendors; i++) {
		if (crd_registry_below(show->registry, c->vendors[i], above))
			return true;
	}
	return false;
}

struct crd_list_set crd_lists_of(const struct crd_show *show,
				 const struct crd_component *c)
{
	struct crd_list_set set = { { 0 } };
	unsigned int i;

	for (i = 0; show->registry && i < c->n_vendors; i++)
		crd_registry_lists_of(show->registry, c->vendors[i],
				      show->as_of ? show->as_of :
						    crd_date_of(show->now),
				      &set);
	return set;
}

static bool is_listed(const struct crd_show *show,
		      const struct crd_component *c)
{
	const struct crd_list_set none = { { 0 } };
	const struct crd_list_set set = crd_lists_of(show, c);

	return memcmp(&set, &none, sizeof(set)) != 0;
}

bool crd_filter_is_empty(const struct crd_filter *f)
{
	return !f->bus && !f->kind && !f->class && !f->vendor && !f->listed &&
	       !f->unsigned_only;
}

bool crd_filter_fits(const struct crd_show *show, const struct crd_component *c)
{
	const struct crd_filter *f = &show->filter;

	return fits_bus(f, c) &&
	       (!f->kind || !strcmp(f->kind, crd_kind_name(c->kind))) &&
	       fits_class(f, c) && fits_vendor(show, c) &&
	       (!f->listed || is_listed(show, c)) &&
	       (!f->unsigned_only ||
		(c->kind == CRD_KIND_DRIVER &&
		 crd_kernel_word_of(c) != CRD_WORD_VERIFIED &&
		 !(c->flags & CRD_FLAG_BUILT_IN)));
}

static bool is_one_of(const char *word, const char *const *words)
{
	while (*words && strcmp(word, *words))
		words++;
	return *words;
}

/* "8086", or an entity of the registry */
static bool is_vendor(const char *text, const struct crd_registry *registry)
{
	if (strlen(text) == 4 && crd_is_hex(crd_buf_of(text)))
		return true;
	return registry && crd_registry_entity(registry, text) != REG_NONE;
}

const char *crd_filter_fault(const struct crd_filter *f,
			     const struct crd_registry *registry)
{
	static const char *const buses[] = { "pci", "usb", "platform", NULL };
	static const char *const kinds[] = { "device", "driver", "firmware",
					     "platform", NULL };

	if (f->bus && !is_one_of(f->bus, buses))
		return f->bus;
	if (f->kind && !is_one_of(f->kind, kinds))
		return f->kind;
	if (f->class && !is_one_of(f->class, crd_class_names))
		return f->class;
	return f->vendor && !is_vendor(f->vendor, registry) ? f->vendor : NULL;
}

void crd_lists_say(struct crd_str *str, const struct crd_show *show,
		   const struct crd_component *c)
{
	const struct crd_list_set set = crd_lists_of(show, c);
	const char *sep = "";
	size_t i;

	for (i = 0; show->registry && i < show->registry->n_lists; i++) {
		if (!crd_list_set_has(&set, (uint16_t)i))
			continue;
		crd_str_fmt(str, "%s%s", sep, show->registry->lists[i].id);
		sep = ", ";
	}
}

enum crd_kernel_word crd_kernel_word_of(const struct crd_component *c)
{
	if (c->sig_status > CRD_SIG_UNVERIFIED)
		return CRD_WORD_UNKNOWN;
	if (c->sig_status == CRD_SIG_NONE)
		return CRD_WORD_NONE;
	return c->sig_status == CRD_SIG_VERIFIED &&
			       !(c->flags & CRD_FLAG_UNVERIFIED) ?
		       CRD_WORD_VERIFIED :
		       CRD_WORD_UNVERIFIED;
}

const char *crd_kernel_word_name(enum crd_kernel_word state)
{
	static const char *const names[] = { "verified", "none", "unverified",
					     "unknown" };

	return names[state];
}

static bool name_of(const struct crd_show *show, const struct crd_component *c,
		    int32_t device, struct crd_str *ret)
{
	struct crd_buf name;
	const char *bus = is(c->bus, "pci") ? "pci" : "usb";

	if (!show->name(bus, (uint16_t)c->vendor_id, device, &name,
			show->name_ctx))
		return false;
	crd_str_safe(ret, name);
	return true;
}

bool crd_device_name(const struct crd_show *show, const struct crd_component *c,
		     struct crd_str *ret_vendor, struct crd_str *ret_device)
{
	if (!show->name || c->kind != CRD_KIND_DEVICE || c->vendor_id < 0 ||
	    (!is(c->bus, "pci") && !is(c->bus, "usb")))
		return false;
	if (!name_of(show, c, -1, ret_vendor))
		return false;
	if (c->device_id >= 0)
		name_of(show, c, c->device_id, ret_device);
	return true;
}
