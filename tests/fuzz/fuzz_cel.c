// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_cel - a measurer's log as it is; then with its digests put right, so
 * that what lies behind the digests is reached.
 */
#include <credence.h>
#include <stdlib.h>
#include <string.h>

#include "attest/reader.h"

static void need(int good)
{
	if (!good)
		abort();
}

struct seen {
	struct crd_buf log;
	uint64_t records;
	uint32_t items; /* of the last record */
	uint16_t group; /* event of the last record */
};

static void look_at_fields(struct crd_buf fields)
{
	struct crd_field_iter it = { fields };
	struct crd_buf value;
	uint64_t number;
	uint8_t type;

	while (crd_field_next(&it, &type, &value)) {
		need(value.ptr + value.len <= fields.ptr + fields.len);
		crd_field_u64(fields, type, &number);
	}
	need(!it.left.len); /* what was validated is read to its end */
}

static void look_at_item(const struct crd_record *rec, struct seen *seen)
{
	need(rec->recnum + 1 == seen->records);
	need(rec->group == seen->group && rec->item == seen->items++);
	need(rec->event != CRD_EV_ANCHOR && rec->event != CRD_EV_SNAPSHOT &&
	     rec->event != CRD_EV_BATCH);
}

static int look(const struct crd_record *rec, void *ctx)
{
	struct seen *seen = ctx;

	look_at_fields(rec->fields);
	if (rec->group) {
		look_at_item(rec, seen);
		return 0;
	}
	need(rec->recnum == seen->records++);
	need(rec->offset < seen->log.len && rec->n_digests >= 1);
	need(rec->content_tlv.ptr + rec->content_tlv.len <=
	     seen->log.ptr + seen->log.len);
	need((rec->event == CRD_EV_ANCHOR) == (rec->recnum == 0));
	seen->group = rec->event;
	seen->items = 0;
	return 0;
}

static void try_log(struct crd_buf log)
{
	struct crd_digest start = { .alg = CRD_ALG_SHA256, .len = 32 };
	struct seen seen = { .log = log };
	uint64_t records = 0, covered = 0;
	enum crd_reason reason;
	struct crd_error err;
	int ret = crd_cel_walk(log, look, &seen, &reason, &err);

	need(!ret == (reason != CRD_REASON_MALFORMED));
	need(reason != CRD_REASON_NONE || seen.records);
	crd_cel_anchor_pcr(log, CRD_ALG_SHA256, &start);
	ret = crd_replay(log, CRD_ALG_SHA256, &start, &start, &records,
			 &covered, &reason, &err);
	need(ret || reason != CRD_REASON_NONE || covered <= records);
}

/* SHA-256 of each content into the first bank, where a seed has SHA-256. */
static void put_right(uint8_t *bytes, size_t n)
{
	struct crd_buf log = { bytes, n }, digests, tlv;
	struct crd_digest digest;
	struct crd_reader r;

	rd_init(&r, log, 0);
	while (rd_left(&r)) {
		rd_take(&r, 5 + 8 + 5 + 1 + 1);
		digests = rd_take(&r, rd_be32(&r));
		tlv.ptr = bytes + r.pos;
		rd_u8(&r);
		tlv.len = 5 + rd_take(&r, rd_be32(&r)).len;
		if (rd_failed(&r) || digests.len < 5 + 32)
			return;
		crd_hash(CRD_ALG_SHA256, &tlv, 1, &digest);
		memcpy(bytes + (digests.ptr - bytes) + 5, digest.bytes, 32);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + 1);

	try_log((struct crd_buf){ data, size });
	memcpy(copy, data, size);
	put_right(copy, size);
	try_log((struct crd_buf){ copy, size });
	free(copy);
	return 0;
}
