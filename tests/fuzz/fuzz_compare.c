// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_compare - two machines against each other. The input is records, each a
 * byte (event; top bit: of the second machine), a length of two bytes, and
 * fields as a log has them. A machine is like itself; two are alike in a lot if
 * and only if nothing but what may vary is between them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attest/attest_private.h"
#include "attest/compare.h"

enum { MAX_RECORDS = 4096, SECOND = 0x80 };

static struct crd_said said[2][MAX_RECORDS];

static void need(int good)
{
	if (!good)
		abort();
}

/* A machine of those records that a log could hold. */
static void machine_of(struct crd_buf all, int side, struct crd_attester *ret)
{
	struct crd_attester a = { .genuine = true };
	size_t at = 0, n = 0, i;

	while (all.len - at >= 3 && n < MAX_RECORDS) {
		uint8_t event = all.ptr[at] & ~SECOND;
		size_t len = (size_t)all.ptr[at + 1] << 8 | all.ptr[at + 2];
		int second = !!(all.ptr[at] & SECOND);
		struct crd_buf fields;

		at += 3;
		if (len > all.len - at)
			break;
		fields = (struct crd_buf){ all.ptr + at, len };
		at += len;
		if (second != side || crd_is_group(event) ||
		    crd_fields_check(event, fields, 0, NULL))
			continue;
		if (event == CRD_EV_ANCHOR)
			a.anchor = fields;
		else
			said[side][n++] = (struct crd_said){
				event, (uint32_t)(fields.ptr - all.ptr),
				(uint32_t)len
			};
	}
	need(!crd_inventory_from_said(all, said[side], n, &a.inventory));
	a.inventory.self_reported = false;
	for (i = 0; i < a.inventory.n_entries; i++)
		a.inventory.entries[i].flags &= ~(uint32_t)CRD_FLAG_NOT_COVERED;
	snprintf(a.ak_name, sizeof(a.ak_name), "%d", side);
	a.evidence_digest.bytes[0] = (uint8_t)side;
	*ret = a;
}

static enum crd_change_class compare(const struct crd_attester *a,
				     const struct crd_attester *b,
				     unsigned int flags)
{
	enum crd_change_class class;
	struct crd_diff *diff = NULL;
	char *text = NULL, *json = NULL;
	size_t i;

	need(!crd_diff_new(a, b, flags, &diff));
	class = crd_diff_class(diff);
	for (i = 1; i < diff->n; i++)
		need(diff->changes[i - 1].class >= diff->changes[i].class);
	need(!crd_diff_text(diff, 0, &text));
	need(!crd_diff_json(diff, a, b, &json));
	need(a != b || !diff->n);
	free(text);
	free(json);
	crd_diff_free(&diff);
	return class;
}

static size_t differ_in_a_lot(const struct crd_attester *a,
			      const struct crd_attester *b)
{
	struct crd_lot_sum sum;
	struct crd_lot *lot;
	uint32_t name;

	need(!crd_lot_new(&lot));
	need(!crd_lot_add(lot, 0, a));
	need(!crd_lot_add(lot, 1, b));
	need(!crd_lot_settle(lot, &name));
	need(name == 0);
	while (crd_lot_next(lot, &name))
		need(!crd_lot_look(lot, name, name ? b : a, a));
	crd_lot_sum(lot, &sum);
	need(sum.alike + sum.differ == 2);
	crd_lot_free(&lot);
	return sum.differ;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crd_buf all = { data, size };
	struct crd_attester a, b;
	enum crd_change_class class;

	machine_of(all, 0, &a);
	machine_of(all, 1, &b);
	need(compare(&a, &a, 0) == CRD_CHANGE_TOLERATED);
	compare(&a, &b, 0);
	class = compare(&a, &b, CRD_DIFF_OTHER_MACHINE);
	need((class == CRD_CHANGE_TOLERATED) == !differ_in_a_lot(&a, &b));
	crd_attester_done(&a);
	crd_attester_done(&b);
	return 0;
}
