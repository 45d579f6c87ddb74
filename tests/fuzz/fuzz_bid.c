// SPDX-License-Identifier: Apache-2.0
/*
 * Bills of materials of every format, told apart by content; what is no JSON is
 * a spreadsheet's. What is read holds together, and reads the same again.
 */
#include <stdlib.h>
#include <string.h>

#include "attest/bid_match.h"
#include "small_registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct crd_registry *registry(void)
{
	static struct crd_registry *reg;

	if (!reg)
		reg = small_registry();
	return reg;
}

static void look(const struct crd_bid *bid)
{
	struct crd_inventory_iter it = { .inventory = &bid->inventory,
					 .registry = registry() };
	struct crd_component c;
	size_t n = 0;

	while (crd_inventory_next(&it, &c)) {
		struct crd_str str = { 0 };

		if (c.recnum >= bid->n_lines || !bid->places[c.recnum][0] ||
		    c.grade != CRD_GRADE_DECLARED ||
		    c.flags & ~(uint32_t)CRD_FLAG_LOOK_ALIKE ||
		    (!c.n_vendors && !c.n_strangers))
			abort();
		crd_component_label(&str, &c);
		crd_str_done(&str);
		n++;
	}
	if (!n || n != bid->inventory.n || n > CRD_MAX_BID_PARTS ||
	    bid->n_lines > CRD_MAX_BID_LINES || !bid->said)
		abort();
}

/* As if it had been measured: nothing is matched twice. */
static void compare(const struct crd_bid *bid)
{
	struct crd_bid_match m = {
		.declared = { .inv = &bid->inventory, .registry = registry() },
		.measured = { .inv = &bid->inventory, .registry = registry() },
	};
	size_t i;

	if (bid->inventory.n <= 256 && crd_bid_match(&m))
		abort();
	for (i = 0; i < m.declared.n; i++) {
		const struct crd_bid_part *p = &m.declared.parts[i];

		if (p->mate != CRD_NO_MATE &&
		    (p->mate >= m.measured.n ||
		     m.measured.parts[p->mate].mate != i))
			abort();
	}
	crd_bid_match_done(&m);
}

static void read_as(struct crd_buf bytes, enum crd_bid_format format)
{
	struct crd_bid *bid = NULL, *again = NULL;
	struct crd_error err = { .text = "" };

	if (crd_bid_read(bytes, format, &bid, &err)) {
		if (!err.text[0] || bid)
			abort();
		return;
	}
	look(bid);
	compare(bid);
	if (crd_bid_read(bytes, bid->format, &again, &err) ||
	    again->inventory.log.len != bid->inventory.log.len ||
	    memcmp(again->inventory.log.ptr, bid->inventory.log.ptr,
		   bid->inventory.log.len))
		abort();
	crd_bid_free(&bid);
	crd_bid_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_as((struct crd_buf){ data, size }, CRD_BID_BY_CONTENT);
	return 0;
}
