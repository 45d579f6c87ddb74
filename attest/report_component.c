// SPDX-License-Identifier: Apache-2.0
/* One component for machines: what it is, who made it, what it is joined to. */
#include <stdlib.h>

#include "appraise_private.h"
#include "credence.h"
#include "json_set.h"

static json_t *flags_json(uint32_t flags, bool *ok)
{
	json_t *array = json_array();
	const char *name;
	unsigned int bit;

	for (bit = 0; (name = crd_flag_name(bit)); bit++) {
		if (flags >> bit & 1 &&
		    json_array_append_new(array, json_string(name)))
			*ok = false;
	}
	return array;
}

static json_t *authors_json(const struct crd_component *c, bool *ok)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < c->n_authors; i++) {
		struct crd_str str = { 0 };

		crd_str_safe(&str, c->authors[i]);
		if (str.failed ||
		    json_array_append_new(array,
					  json_stringn(str.ptr ? str.ptr : "",
						       str.len)))
			*ok = false;
		crd_str_done(&str);
	}
	return array;
}

static json_t *vendors_json(const struct crd_component *c,
			    const struct crd_registry *registry, bool *ok)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; registry && i < c->n_vendors; i++) {
		const struct crd_entity *e = &registry->entities[c->vendors[i]];
		json_t *v = json_object();

		set_text(v, "entity", e->id, ok);
		set_text(v, "name", e->name, ok);
		set_text(v, "hq_jurisdiction", e->hq, ok);
		set_text(v, "ultimate_parent_jurisdiction", e->ultimate, ok);
		set_text(v, "basis", c->entity_basis, ok);
		set_text(v, "grade", crd_grade_name(c->grade), ok);
		if (json_array_append_new(array, v))
			*ok = false;
	}
	return array;
}

static json_t *classes_json(const struct crd_component *c, bool *ok)
{
	uint32_t words = crd_class_words(c);
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < CRD_CLASS_MAX; i++) {
		if (words >> i & 1)
			append(array, json_string(crd_class_names[i]), ok);
	}
	return array;
}

/* Where a component stands in this report. */
static json_t *place_json(const struct crd_inventory *inv, uint32_t entry,
			  bool *ok)
{
	const struct crd_entry *e = &inv->entries[entry];
	json_t *o = json_object();

	set_number(o, "record", e->recnum, ok);
	set_number(o, "item", e->item, ok);
	return o;
}

static json_t *driver_json(const struct crd_inventory *inv,
			   const struct crd_link *link, bool *ok)
{
	struct crd_buf fields =
		crd_entry_fields(inv, &inv->entries[link->binding]);
	struct crd_buf name = { NULL, 0 }, module = { NULL, 0 };
	json_t *o = json_object();

	crd_field_get(fields, CRD_F_DRIVER, &name);
	crd_field_get(fields, CRD_F_MODULE, &module);
	set_safe(o, "name", name, ok);
	set_safe(o, "module", module, ok);
	set(o, "bound", json_boolean(link->bound), ok);
	if (link->module != CRD_NO_ENTRY)
		set(o, "measured", place_json(inv, link->module, ok), ok);
	return o;
}

static void set_join(json_t *o, const struct crd_component *c,
		     const struct crd_inventory *inv,
		     const struct crd_registry *registry, bool *ok)
{
	const struct crd_link *link = crd_inventory_link(inv, c->entry);
	json_t *firmware = json_array();
	uint32_t image = link->firmware;
	char *text = NULL;

	if (link->binding != CRD_NO_ENTRY)
		set(o, "driver", driver_json(inv, link, ok), ok);
	for (; image != CRD_NO_ENTRY;
	     image = crd_inventory_link(inv, image)->next)
		append(firmware, place_json(inv, image, ok), ok);
	set(o, "firmware", firmware, ok);
	if (link->before != CRD_NO_ENTRY)
		set(o, "before", place_json(inv, link->before, ok), ok);
	if (crd_join_say(inv, registry, NULL, c->entry, &text))
		*ok = false;
	set_text(o, "sentence", text, ok);
	free(text);
}

static void set_device(json_t *o, const struct crd_component *c, bool *ok)
{
	struct crd_str id = { 0 };

	crd_ids_say(&id, c);
	set_str(o, "id", &id, ok);
	set_safe(o, "bus", c->bus, ok);
	set_safe(o, "parent", c->parent, ok);
	set_safe(o, "port", c->port, ok);
	set(o, "class", classes_json(c, ok), ok);
}

static void set_hex(json_t *object, const char *key, struct crd_buf bytes,
		    bool *ok)
{
	struct crd_str str = { 0 };

	crd_str_hex(&str, bytes.ptr, bytes.len);
	set_str(object, key, &str, ok);
}

static json_t *signer_json(const struct crd_component *c,
			   const struct crd_policy *policy, bool *ok)
{
	struct crd_signer_named named = crd_signer_named(policy, c);
	json_t *o = json_object();

	set_text(o, "result", crd_signed_name(c->signing.result), ok);
	if (named.who) {
		set_text(o, "id", named.who->id, ok);
		set(o, "distribution", json_boolean(named.who->distribution),
		    ok);
	}
	set_safe(o, "name", named.name, ok);
	set_hex(o, "serial", named.serial, ok);
	set_hex(o, "key_id", named.key_id, ok);
	return o;
}

json_t *crd_component_json(const struct crd_component *c,
			   const struct crd_inventory *inv,
			   const struct crd_registry *registry,
			   const struct crd_policy *policy, bool *ok)
{
	bool declared = inv->declared && inv->places;
	json_t *o = json_object();
	struct crd_str label = { 0 };

	set_text(o, "kind", crd_kind_name(c->kind), ok);
	set_number(o, "record", c->recnum, ok);
	set_number(o, "item", c->item, ok);
	set_safe(o, "name", c->name, ok);
	set_safe(o, "path", c->path, ok);
	set_safe(o, "license", c->license, ok);
	set_safe(o, "version", c->version, ok);
	set_safe(o, "vermagic", c->vermagic, ok);
	set_safe(o, "srcversion", c->srcversion, ok);
	if (declared) {
		set_text(o, "place", inv->places[c->recnum], ok);
		set_safe(o, "word", crd_declared_word(c), ok);
	}
	if (!declared && c->kind <= CRD_KIND_FIRMWARE)
		set_text(o, "origin", crd_origin_name(c->origin), ok);
	if (c->kind == CRD_KIND_DRIVER) {
		if (!declared)
			set_text(o, "signature",
				 crd_sig_status_name(c->sig_status), ok);
		if (c->signature.ptr)
			set(o, "signer", signer_json(c, policy, ok), ok);
		set(o, "authors", authors_json(c, ok), ok);
	}
	set(o, "vendors", vendors_json(c, registry, ok), ok);
	if (c->kind == CRD_KIND_DEVICE) {
		set_device(o, c, ok);
		set_join(o, c, inv, registry, ok);
	}
	if (c->kind >= CRD_KIND_DEVICE) {
		crd_component_label(&label, c);
		set_str(o, "label", &label, ok);
		set_safe(o, "manufacturer", c->manufacturer, ok);
		set_safe(o, "product", c->product, ok);
		set_safe(o, "serial", c->serial, ok);
	}
	set_digest(o, "digest", &c->digest, ok);
	set_digest(o, "payload_digest", &c->payload, ok);
	set_digest(o, "payload_digest_too", &c->payload_too, ok);
	set(o, "flags", flags_json(c->flags, ok), ok);
	set_text(o, "looks_like", c->looks_like, ok);
	if (c->flags & CRD_FLAG_FAILED)
		set(o, "result", json_integer(c->result), ok);
	return o;
}
