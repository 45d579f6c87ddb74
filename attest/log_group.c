// SPDX-License-Identifier: Apache-2.0
/*
 * log_group - the items of SNAPSHOT and BATCH records, each of them handed
 * over as what it stands for: a record of its own.
 */
#include <credence.h>

#include "attest_private.h"
#include "reader.h"

/* The next TLV as an integer of that width; anything else fails the reader. */
static uint64_t take_number(struct crd_reader *r, uint8_t type, size_t width)
{
	struct crd_reader number;

	if (rd_u8(r) != type || rd_be32(r) != width)
		r->failed = true;
	rd_init(&number, rd_take(r, width), 0);
	return rd_be(&number, width);
}

bool crd_item_lead(struct crd_buf item, bool timed, struct crd_record *rec,
		   struct crd_buf *ret_fields)
{
	struct crd_reader r;

	rd_init(&r, item, 0);
	rec->event = (uint16_t)take_number(&r, CRD_F_EVENT, 2);
	if (timed)
		rec->time = take_number(&r, CRD_F_TIME, 8);
	if (rd_failed(&r))
		return false;
	*ret_fields = rd_take(&r, rd_left(&r));
	return true;
}

int crd_group_walk(const struct crd_record *group, crd_record_fn fn, void *ctx)
{
	struct crd_field_iter it = { group->fields };
	struct crd_record rec = *group;
	struct crd_buf value;
	uint8_t type;
	int ret = 0;

	rec.group = group->event;
	rec.item = 0;
	while (!ret && crd_field_next(&it, &type, &value)) {
		if (type != CRD_F_ITEM)
			continue;
		rec.content = value;
		crd_item_lead(value, group->event == CRD_EV_BATCH, &rec,
			      &rec.fields);
		ret = fn(&rec, ctx);
		rec.item++;
	}
	return ret;
}
