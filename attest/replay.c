// SPDX-License-Identifier: Apache-2.0
/*
 * replay - a measurer log against one quoted PCR. Log and quote are never read
 * at one instant: records that come after the quote are normal.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "attest_private.h"
#include "reader.h"

static const struct crd_digest *find_digest(const struct crd_record *rec,
					    uint16_t bank)
{
	for (unsigned int i = 0; i < rec->n_digests; i++)
		if (rec->digests[i].alg == bank)
			return &rec->digests[i];
	return NULL;
}

static bool values_fit(uint16_t bank, const struct crd_digest *start,
		       const struct crd_digest *quoted)
{
	size_t size = crd_alg_size(bank);

	return size && start->alg == bank && start->len == size &&
	       quoted->alg == bank && quoted->len == size;
}

int crd_replayer_start(struct crd_replayer *re, uint16_t bank,
		       const struct crd_digest *start,
		       const struct crd_digest *quoted, struct crd_error *err)
{
	int ret;

	*re = (struct crd_replayer){ .bank = bank, .quoted = quoted };
	if (!values_fit(bank, start, quoted)) {
		re->bank_missing = true;
		return 0;
	}
	re->pcr = *start;
	ret = crd_hasher_init(&re->hasher, bank);
	return ret ? crd_fail(err, ret, 0, "libcrypto has no hash 0x%04x",
			      bank) :
		     0;
}

int crd_replayer_add(struct crd_replayer *re, const struct crd_record *rec)
{
	const struct crd_digest *d = find_digest(rec, re->bank);
	int ret;

	if (rec->group) /* its record was extended, whole */
		return 0;
	re->records++;
	re->bank_missing |= !d;
	if (re->bank_missing)
		return 0;
	ret = crd_hasher_extend(&re->hasher, &re->pcr, d->bytes, d->len);
	if (ret)
		return ret;
	if (crd_digest_equal(&re->pcr, re->quoted))
		re->covered = re->records;
	return 0;
}

/*
 * A quote that covers not even the anchor proves nothing about this log: the
 * starting value is the log's own word. Hence at least one record.
 */
enum crd_reason crd_replayer_finish(const struct crd_replayer *re,
				    struct crd_error *err)
{
	if (re->bank_missing) {
		crd_fail(err, 0, 0,
			 "the measurer log cannot be compared in bank 0x%04x: "
			 "it has no digests, or no starting value, for it",
			 re->bank);
		return CRD_REASON_PCR_BANK;
	}
	if (re->covered)
		return CRD_REASON_NONE;
	crd_fail(err, 0, 0,
		 "no part of the measurer log (%" PRIu64
		 " records) leads to the quoted PCR value",
		 re->records);
	return CRD_REASON_PCR_MISMATCH;
}

void crd_replayer_done(struct crd_replayer *re)
{
	crd_hasher_done(&re->hasher);
}

/* -ENOENT ends the walk early: without the bank nothing can be compared. */
static int on_record(const struct crd_record *rec, void *ctx)
{
	struct crd_replayer *re = ctx;
	int ret = crd_replayer_add(re, rec);

	return !ret && re->bank_missing ? -ENOENT : ret;
}

int crd_replay(struct crd_buf log, uint16_t bank,
	       const struct crd_digest *start, const struct crd_digest *quoted,
	       uint64_t *ret_records, uint64_t *ret_covered,
	       enum crd_reason *ret_reason, struct crd_error *err)
{
	struct crd_replayer re;
	int ret;

	*ret_reason = CRD_REASON_MALFORMED;
	ret = crd_replayer_start(&re, bank, start, quoted, err);
	if (!ret && !re.bank_missing)
		ret = crd_cel_walk(log, on_record, &re, ret_reason, err);
	crd_replayer_done(&re);
	if (!re.bank_missing && (ret || *ret_reason != CRD_REASON_NONE))
		return ret;
	if (!re.bank_missing) {
		*ret_records = re.records;
		*ret_covered = re.covered;
	}
	*ret_reason = crd_replayer_finish(&re, err);
	return 0;
}
