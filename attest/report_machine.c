// SPDX-License-Identifier: Apache-2.0
/*
 * The report for people, about the machine itself: its devices with all that
 * the log joins to them, what happened beside loads, and what stays unseen.
 */
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "credence.h"
#include "page.h"

enum { MAX_DEVICES = 64 }; /* past these the rest is counted */

/* What passed, and a person may still want to hear. */
static bool worth_knowing(const struct crd_finding *f)
{
	static const char *const checks[] = {
		"after-quote",	     "power",
		"deferred",	     "activity",
		"baseline-update",   "baseline-repair",
		"baseline-compared", "bid"
	};
	size_t i;

	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (f->outcome == CRD_PASSED && !strcmp(f->check, checks[i]))
			return f->observed != NULL;
	}
	return false;
}

void crd_report_notes(struct crd_page *p, const struct crd_report *r)
{
	const struct crd_finding *f = r->findings;
	bool some = false;
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		if (!worth_knowing(&f[i]))
			continue;
		if (!some)
			crd_page_heading(p, "Worth knowing");
		some = true;
		crd_str_puts(&p->str, "  -  ");
		crd_page_flow(p, f[i].sentence, 5, 5);
	}
}

/* Bridges and hubs carry others; a composite device is its interfaces. */
static bool worth_a_line(const struct crd_inventory *inv,
			 const struct crd_component *c)
{
	const uint32_t carriers = 1u << CRD_CLASS_BRIDGE | 1u << CRD_CLASS_HUB |
				  1u << CRD_CLASS_SYSTEM |
				  1u << CRD_CLASS_COMPOSITE;
	uint32_t words = crd_class_words(c);

	return c->kind == CRD_KIND_DEVICE &&
	       (crd_inventory_link(inv, c->entry)->firmware != CRD_NO_ENTRY ||
		!words || words & ~carriers || c->flags & ~CRD_FLAG_DEFERRED);
}

/* What the machine has, driver and firmware with it. */
void crd_report_devices(struct crd_page *p, const struct crd_report *r)
{
	struct crd_inventory_iter it = { .inventory = &r->inventory,
					 .registry = r->registry };
	struct crd_component c;
	size_t n = 0;
	char *text;

	while (crd_inventory_next(&it, &c)) {
		if (!worth_a_line(&r->inventory, &c) || n++ >= MAX_DEVICES)
			continue;
		if (n == 1)
			crd_page_heading(p, "Devices");
		if (crd_join_say(&r->inventory, r->registry, r->policy, c.entry,
				 &text)) {
			p->str.failed = true;
			return;
		}
		crd_str_puts(&p->str, "  -  ");
		crd_page_flow(p, text, 5, 5);
		free(text);
	}
	if (n > MAX_DEVICES)
		crd_str_fmt(&p->str, "  and %zu more\n", n - MAX_DEVICES);
}

/* The measurer's own words. */
void crd_report_blind_spots(struct crd_page *p, const struct crd_report *r)
{
	struct crd_field_iter it = { r->coverage };
	struct crd_buf value;
	bool some = false;
	uint8_t type;

	while (crd_field_next(&it, &type, &value)) {
		struct crd_str text = { 0 };

		if (type != CRD_F_NOT_SEEN || !value.len)
			continue;
		if (!some)
			crd_page_heading(
				p,
				"What the measurer cannot see, by its own word");
		some = true;
		crd_str_safe(&text, value);
		crd_str_puts(&p->str, "  -  ");
		crd_page_flow(p, text.ptr ? text.ptr : "", 5, 5);
		p->str.failed |= text.failed;
		crd_str_done(&text);
	}
}
