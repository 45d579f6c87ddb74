// SPDX-License-Identifier: Apache-2.0
/* An inventory for machines: as in a report, with what is known around it. */
#include <errno.h>
#include <string.h>

#include "credence.h"
#include "inventory_private.h"
#include "json_set.h"
#include "registry_private.h"

#define INVENTORY_SCHEMA "credence-inventory-1"

static json_t *lists_json(const struct crd_show *show,
			  const struct crd_component *c, bool *ok)
{
	const struct crd_list_set set = crd_lists_of(show, c);
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < show->registry->n_lists; i++) {
		if (crd_list_set_has(&set, (uint16_t)i))
			append(array, json_string(show->registry->lists[i].id),
			       ok);
	}
	return array;
}

/* Of a list that anybody may have edited: a text. */
static json_t *names_json(const struct crd_show *show,
			  const struct crd_component *c, bool *ok)
{
	struct crd_str vendor = { 0 }, device = { 0 };
	json_t *o = NULL;

	if (crd_device_name(show, c, &vendor, &device)) {
		o = json_object();
		set_text(o, "grade", crd_grade_name(CRD_GRADE_TEXT), ok);
		set_str(o, "vendor", &vendor, ok);
		set_str(o, "device", &device, ok);
	}
	crd_str_done(&vendor);
	crd_str_done(&device);
	return o;
}

void crd_show_component(const struct crd_show *show,
			const struct crd_component *c, json_t *o, bool *ok)
{
	json_t *names = names_json(show, c, ok);

	set_text(o, "grade", crd_grade_name(c->grade), ok);
	if (names)
		set(o, "names", names, ok);
	if (show->registry && c->n_vendors)
		set(o, "lists", lists_json(show, c, ok), ok);
}

static json_t *coverage_json(const struct crd_inventory *inv, uint8_t wanted,
			     bool *ok)
{
	json_t *array = json_array();
	struct crd_field_iter it;
	struct crd_buf value;
	uint8_t type;
	size_t i;

	for (i = 0; i < inv->n_entries; i++) {
		if (inv->entries[i].event != CRD_EV_COVERAGE)
			continue;
		it.left = crd_entry_fields(inv, &inv->entries[i]);
		while (crd_field_next(&it, &type, &value)) {
			struct crd_str str = { 0 };

			if (type != wanted || !value.len)
				continue;
			crd_str_safe(&str, value);
			append(array,
			       str.failed ? NULL :
					    json_stringn(str.ptr, str.len),
			       ok);
			crd_str_done(&str);
		}
	}
	return array;
}

struct contradictions {
	json_t *array;
	bool *ok;
};

static int on_contradiction(const struct crd_contradiction *c, void *ctx)
{
	struct contradictions *all = ctx;
	json_t *o = json_object();

	set_text(o, "component", c->component, all->ok);
	set_text(o, "log", c->log, all->ok);
	set_text(o, "now", c->now, all->ok);
	if (c->entry) {
		set_number(o, "record", c->entry->recnum, all->ok);
		set_number(o, "item", c->entry->item, all->ok);
	}
	append(all->array, o, all->ok);
	return 0;
}

static int set_contradictions(json_t *o, const struct crd_show *show, bool *ok)
{
	struct contradictions all = { json_array(), ok };
	int ret = 0;

	if (show->beside)
		ret = crd_inventory_compare(show->inventory, show->beside,
					    on_contradiction, &all);
	set(o, "contradictions", all.array, ok);
	return ret;
}

int crd_inventory_json(const struct crd_show *show, crd_put_fn put, void *ctx)
{
	const struct crd_inventory *inv = show->inventory;
	json_t *coverage = json_object(), *o = json_object();
	bool ok = true;
	int ret;

	set_text(o, "schema", INVENTORY_SCHEMA, &ok);
	set_text(o, "source",
		 inv->self_reported ? "self-reported" : "measurer's log", &ok);
	set_text(o, "lost", show->lost, &ok);
	if (show->as_of)
		set_day(o, "as_of", show->as_of, &ok);
	set(coverage, "seen", coverage_json(inv, CRD_F_SEEN, &ok), &ok);
	set(coverage, "not_seen", coverage_json(inv, CRD_F_NOT_SEEN, &ok), &ok);
	set(o, "coverage", coverage, &ok);
	ret = set_contradictions(o, show, &ok);
	if (ret) {
		json_decref(o);
		return ret;
	}
	return crd_json_finish(o, ok, show, NULL, NULL, put, ctx);
}
