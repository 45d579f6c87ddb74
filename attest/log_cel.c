// SPDX-License-Identifier: Apache-2.0
/*
 * log_cel - the measurer's log, TCG Canonical Event Log in TLV encoding, as
 * kmod/uapi/credence.h specifies it. Validate, then hand over, record by
 * record; nothing is allocated for a record.
 *
 * A record's content is compared with its digest before anything in it is
 * believed. So a byte changed after the fact is always a measurer log fault
 * with a record number, whatever else the byte would have broken.
 */
#include <credence.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "attest_private.h"
#include "bounds.h"
#include "reader.h"

/* Of a step: the log is refused, reason and sentence are noted. */
#define REFUSED 1

struct bank {
	uint16_t alg;
	uint16_t used; /* hash really used; see CRD_F_BANK */
	struct crd_hasher hasher;
	bool known; /* hasher is set up */
};

struct walk {
	struct crd_reader r;
	struct crd_record rec;
	uint64_t next; /* recnum that has to come */
	uint32_t pcr;
	unsigned int n_banks;
	struct bank banks[CRD_MAX_BANKS];
	enum crd_reason reason;
	struct crd_error *err;
};

#define REFUSE(w, ...)                          \
	((w)->reason = CRD_REASON_LOG_MEASURER, \
	 crd_fail((w)->err, REFUSED, (w)->rec.offset, __VA_ARGS__))

static int malformed_at(struct walk *w, size_t at, const char *what)
{
	return crd_fail(w->err, -EBADMSG, at,
			"measurer log, record %" PRIu64 ": %s (byte %zu)",
			w->next, what, at);
}

static int malformed(struct walk *w, const char *what)
{
	return malformed_at(w, rd_offset(&w->r), what);
}

/* The next TLV; anything but that type fails the reader. */
static struct crd_buf take_tlv(struct crd_reader *r, uint8_t type)
{
	if (rd_u8(r) != type)
		r->failed = true;
	return rd_take(r, rd_be32(r));
}

static int read_digest(struct walk *w, struct crd_reader *r)
{
	struct crd_digest *d = &w->rec.digests[w->rec.n_digests];
	struct crd_buf value;
	size_t size;

	d->alg = rd_u8(r);
	value = rd_take(r, rd_be32(r));
	size = crd_alg_size(d->alg);
	if (rd_failed(r) || !value.len || value.len > CRD_MAX_DIGEST ||
	    (size && value.len != size))
		return malformed(w, "a digest has the wrong size");
	for (unsigned int i = 0; i < w->rec.n_digests; i++)
		if (w->rec.digests[i].alg == d->alg)
			return malformed(w, "two digests for one bank");
	d->len = (uint16_t)value.len;
	memcpy(d->bytes, value.ptr, value.len);
	w->rec.n_digests++;
	return 0;
}

static int read_digests(struct walk *w, struct crd_buf in)
{
	struct crd_reader r;
	int ret;

	rd_init(&r, in, 0);
	w->rec.n_digests = 0;
	while (rd_left(&r)) {
		if (w->rec.n_digests == CRD_MAX_BANKS)
			return malformed(w, "too many digests");
		ret = read_digest(w, &r);
		if (ret)
			return ret;
	}
	return w->rec.n_digests ? 0 : malformed(w, "no digest");
}

static int read_content_tlv(struct walk *w)
{
	struct crd_reader *r = &w->r;
	size_t start = r->pos;
	uint8_t type = rd_u8(r);
	uint32_t len = rd_be32(r);

	if (!rd_failed(r) && len > CRD_MAX_CONTENT)
		return crd_fail(w->err, -E2BIG, rd_offset(r),
				"measurer log, record %" PRIu64
				": content of %" PRIu32 " bytes, over %u",
				w->next, len, CRD_MAX_CONTENT);
	w->rec.content = rd_take(r, len);
	if (rd_failed(r))
		return malformed(w, "the content is cut short");
	w->rec.content_tlv.ptr = r->in.ptr + start;
	w->rec.content_tlv.len = r->pos - start;
	if (type != CRD_CEL_CONTENT)
		return REFUSE(w,
			      "measurer log, record %" PRIu64
			      ": content of the unknown type %u",
			      w->next, type);
	return 0;
}

static int read_record(struct walk *w)
{
	struct crd_buf recnum, pcr, digests;
	struct crd_reader number;
	int ret;

	w->rec.offset = rd_offset(&w->r);
	recnum = take_tlv(&w->r, CRD_CEL_RECNUM);
	pcr = take_tlv(&w->r, CRD_CEL_PCR);
	digests = take_tlv(&w->r, CRD_CEL_DIGESTS);
	if (rd_failed(&w->r) || recnum.len != 8 || pcr.len != 1)
		return malformed(w, "not record number, PCR and digests");
	rd_init(&number, recnum, 0);
	w->rec.recnum = rd_be64(&number);
	w->rec.pcr = pcr.ptr[0];
	ret = read_digests(w, digests);
	return ret ? ret : read_content_tlv(w);
}

/*
 * What the anchor says about a bank. A hash other than the bank's own can only
 * be SHA-256: a weaker one would let contents be exchanged.
 */
static uint16_t hash_used(struct crd_buf content, uint16_t bank)
{
	struct crd_field_iter it = { content };
	struct crd_buf value;
	uint8_t type;

	while (crd_field_next(&it, &type, &value)) {
		if (type != CRD_F_BANK || value.len != 4 ||
		    (value.ptr[0] << 8 | value.ptr[1]) != bank)
			continue;
		return (uint16_t)(value.ptr[2] << 8 | value.ptr[3]);
	}
	return bank;
}

static int start_bank(struct walk *w, struct bank *bank, uint16_t alg)
{
	int ret;

	bank->alg = alg;
	bank->used = hash_used(w->rec.content, alg);
	if (bank->used != alg && bank->used != CRD_ALG_SHA256)
		return REFUSE(w,
			      "measurer log, record 0: bank 0x%04x is said to "
			      "be extended with hash 0x%04x",
			      alg, bank->used);
	if (!crd_alg_size(bank->used))
		return 0;
	ret = crd_hasher_init(&bank->hasher, bank->used);
	bank->known = !ret;
	return ret ? crd_fail(w->err, ret, 0, "libcrypto has no hash 0x%04x",
			      bank->used) :
		     0;
}

static int start_banks(struct walk *w)
{
	int ret = 0;

	w->pcr = w->rec.pcr;
	if (w->pcr > CRD_PCR_MAX)
		return REFUSE(w,
			      "measurer log, record 0: PCR %" PRIu32
			      " can be reset by software",
			      w->pcr);
	for (unsigned int i = 0; i < w->rec.n_digests && !ret; i++) {
		ret = start_bank(w, &w->banks[i], w->rec.digests[i].alg);
		w->n_banks = i + 1;
	}
	return ret;
}

static int check_place(struct walk *w)
{
	const struct crd_record *rec = &w->rec;
	bool same = rec->n_digests == w->n_banks;

	if (rec->recnum != w->next)
		return REFUSE(w,
			      "measurer log: record number %" PRIu64
			      " where %" PRIu64 " has to be",
			      rec->recnum, w->next);
	if (rec->recnum == 0)
		return start_banks(w);
	if (rec->pcr != w->pcr)
		return REFUSE(w,
			      "measurer log, record %" PRIu64
			      ": PCR changes from %" PRIu32 " to %" PRIu32,
			      rec->recnum, w->pcr, rec->pcr);
	for (unsigned int i = 0; same && i < w->n_banks; i++)
		same = rec->digests[i].alg == w->banks[i].alg;
	if (!same)
		return REFUSE(w,
			      "measurer log, record %" PRIu64
			      ": not the banks of record 0",
			      rec->recnum);
	return 0;
}

static int check_digest(struct walk *w, struct bank *bank,
			const struct crd_digest *logged)
{
	uint8_t bytes[CRD_MAX_DIGEST] = { 0 }; /* a longer bank: zero padded */
	int ret;

	if (!bank->known)
		return 0;
	ret = crd_hasher_digest(&bank->hasher, &w->rec.content_tlv, 1, bytes);
	if (ret)
		return crd_fail(w->err, ret, 0, "libcrypto could not hash");
	if (memcmp(bytes, logged->bytes, logged->len))
		return REFUSE(w,
			      "measurer log, record %" PRIu64
			      ": content does not fit its digest in bank "
			      "0x%04x",
			      w->rec.recnum, bank->alg);
	return 0;
}

static int check_digests(struct walk *w)
{
	int ret = 0;

	for (unsigned int i = 0; i < w->n_banks && !ret; i++)
		ret = check_digest(w, &w->banks[i], &w->rec.digests[i]);
	return ret;
}

/* FORMAT, EVENT and TIME lead each content. */
static int read_lead(struct walk *w)
{
	struct crd_reader r, format, number;
	struct crd_buf value[3];
	size_t at = (size_t)(w->rec.content.ptr - w->r.in.ptr);

	rd_init(&r, w->rec.content, 0);
	value[0] = take_tlv(&r, CRD_F_FORMAT);
	value[1] = take_tlv(&r, CRD_F_EVENT);
	value[2] = take_tlv(&r, CRD_F_TIME);
	if (rd_failed(&r) || value[0].len != 6 || value[1].len != 2 ||
	    value[2].len != 8)
		return malformed_at(w, at,
				    "content without format, event and time");
	rd_init(&format, value[0], 0);
	if (rd_be32(&format) != CRD_FORMAT_MAGIC)
		return malformed_at(w, at,
				    "content is not of the Credence format");
	if (rd_be16(&format) != CRD_FORMAT_VERSION)
		return crd_fail(w->err, -EOPNOTSUPP, w->rec.offset,
				"measurer log, record %" PRIu64
				": this program does not know that version of "
				"the format",
				w->next);
	rd_init(&number, value[1], 0);
	w->rec.event = rd_be16(&number);
	rd_init(&number, value[2], 0);
	w->rec.time = rd_be64(&number);
	w->rec.fields = rd_take(&r, rd_left(&r));
	return 0;
}

static bool event_known(uint16_t event)
{
	return event >= CRD_EV_ANCHOR && event <= CRD_EV_POWER;
}

static int check_event(struct walk *w)
{
	const struct crd_record *rec = &w->rec;

	if (!event_known(rec->event))
		return REFUSE(w,
			      "measurer log, record %" PRIu64
			      ": unknown event %u",
			      rec->recnum, rec->event);
	if (rec->recnum == 0 && rec->event != CRD_EV_ANCHOR)
		return REFUSE(w, "measurer log, record 0: not an anchor");
	if (rec->recnum != 0 && rec->event == CRD_EV_ANCHOR)
		return REFUSE(w,
			      "measurer log, record %" PRIu64
			      ": a second anchor; the measurer was started "
			      "again",
			      rec->recnum);
	return 0;
}

/* Puts the record's number before what is wrong with a field. */
static int check_fields(struct walk *w)
{
	size_t at = (size_t)(w->rec.fields.ptr - w->r.in.ptr);
	struct crd_error inner;
	int ret = crd_fields_check(w->rec.event, w->rec.fields, at, &inner);

	if (ret)
		crd_fail(w->err, ret, inner.offset,
			 "measurer log, record %" PRIu64 ": %.180s",
			 w->rec.recnum, inner.text);
	return ret;
}

/* What an item stands for: any known event but an anchor or a group. */
static int check_item(const struct crd_record *item, void *ctx)
{
	struct walk *w = ctx;

	if (event_known(item->event) && item->event != CRD_EV_ANCHOR &&
	    !crd_is_group(item->event))
		return 0;
	return REFUSE(w,
		      "measurer log, record %" PRIu64 ", item %" PRIu32
		      ": event %u has no place in a group",
		      item->recnum, item->item, item->event);
}

static bool bank_extended(const struct walk *w, struct crd_buf said)
{
	uint16_t alg = (uint16_t)(said.ptr[0] << 8 | said.ptr[1]);
	uint16_t used = (uint16_t)(said.ptr[2] << 8 | said.ptr[3]);

	for (unsigned int i = 0; i < w->n_banks; i++)
		if (w->banks[i].alg == alg)
			return w->banks[i].used == used;
	return false;
}

/* Every bank that the anchor speaks of is extended, and in one way. */
static int check_anchor(struct walk *w)
{
	struct crd_field_iter it = { w->rec.fields };
	struct crd_buf value;
	uint8_t type;

	while (crd_field_next(&it, &type, &value))
		if (type == CRD_F_BANK && !bank_extended(w, value))
			return REFUSE(w, "measurer log, record 0: a bank of "
					 "the anchor has no digest, or two "
					 "hashes");
	return 0;
}

static int step(struct walk *w)
{
	int ret = read_record(w);

	if (!ret)
		ret = check_place(w);
	if (!ret)
		ret = check_digests(w);
	if (!ret)
		ret = read_lead(w);
	if (!ret)
		ret = check_event(w);
	if (!ret)
		ret = check_fields(w);
	if (!ret && crd_is_group(w->rec.event))
		ret = crd_group_walk(&w->rec, check_item, w);
	if (!ret && w->next == 0)
		ret = check_anchor(w);
	w->next++;
	return ret;
}

static void walk_done(struct walk *w)
{
	for (unsigned int i = 0; i < w->n_banks; i++)
		crd_hasher_done(&w->banks[i].hasher);
}

/* 0 at the end, REFUSED, -errno, or what fn said, with reason NONE. */
static int walk(struct walk *w, crd_record_fn fn, void *ctx)
{
	int ret;

	while (rd_left(&w->r)) {
		w->reason = CRD_REASON_MALFORMED;
		ret = step(w);
		if (ret)
			return ret;
		w->reason = CRD_REASON_NONE;
		ret = fn ? fn(&w->rec, ctx) : 0;
		if (!ret && fn && crd_is_group(w->rec.event))
			ret = crd_group_walk(&w->rec, fn, ctx);
		if (ret)
			return ret;
	}
	if (!w->next)
		return REFUSE(w, "measurer log: empty, not even an anchor");
	return 0;
}

int crd_cel_walk(struct crd_buf log, crd_record_fn fn, void *ctx,
		 enum crd_reason *ret_reason, struct crd_error *err)
{
	struct walk w = { .err = err };
	int ret;

	*ret_reason = CRD_REASON_MALFORMED;
	if (log.len > CRD_MAX_LOG)
		return crd_fail(err, -E2BIG, 0,
				"the measurer log is %zu bytes, over %u",
				log.len, CRD_MAX_LOG);
	rd_init(&w.r, log, 0);
	ret = walk(&w, fn, ctx);
	walk_done(&w);
	*ret_reason = w.reason;
	return w.reason == CRD_REASON_LOG_MEASURER ? 0 : ret;
}

bool crd_anchor_pcr(struct crd_buf fields, uint16_t bank,
		    struct crd_digest *ret_pcr)
{
	struct crd_field_iter it = { fields };
	struct crd_buf value;
	uint8_t type;

	while (crd_field_next(&it, &type, &value)) {
		if (type != CRD_F_PCR_FOUND || !value.len ||
		    value.ptr[0] != bank || value.len - 1 != crd_alg_size(bank))
			continue;
		ret_pcr->alg = bank;
		ret_pcr->len = (uint16_t)(value.len - 1);
		memcpy(ret_pcr->bytes, value.ptr + 1, value.len - 1);
		return true;
	}
	return false;
}

struct anchor_pcr {
	uint16_t bank;
	struct crd_digest *ret_pcr;
};

/* Ends the walk at the first record: 1 found, -ENOENT not said. */
static int find_pcr(const struct crd_record *rec, void *ctx)
{
	const struct anchor_pcr *want = ctx;

	return crd_anchor_pcr(rec->fields, want->bank, want->ret_pcr) ? 1 :
									-ENOENT;
}

int crd_cel_anchor_pcr(struct crd_buf log, uint16_t bank,
		       struct crd_digest *ret_pcr)
{
	struct anchor_pcr want = { bank, ret_pcr };
	enum crd_reason reason;
	int ret = crd_cel_walk(log, find_pcr, &want, &reason, NULL);

	if (ret == 1)
		return 0;
	return ret ? ret : -EBADMSG;
}
