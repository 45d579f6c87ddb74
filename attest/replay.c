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

struct replay {
	uint16_t bank;
	struct crd_hasher hasher;
	struct crd_digest pcr;
	const struct crd_digest *quoted;
	uint64_t records;
	uint64_t covered;
	bool bank_missing;
};

static const struct crd_digest *find_digest(const struct crd_record *rec,
					    uint16_t bank)
{
	for (unsigned int i = 0; i < rec->n_digests; i++)
		if (rec->digests[i].alg == bank)
			return &rec->digests[i];
	return NULL;
}

static int replay_record(const struct crd_record *rec, void *ctx)
{
	struct replay *re = ctx;
	const struct crd_digest *d = find_digest(rec, re->bank);
	int ret;

	if (!d) {
		re->bank_missing = true;
		return -ENOENT;
	}
	ret = crd_hasher_extend(&re->hasher, &re->pcr, d->bytes, d->len);
	if (ret)
		return ret;
	re->records++;
	if (crd_digest_equal(&re->pcr, re->quoted))
		re->covered = re->records;
	return 0;
}

static bool values_fit(uint16_t bank, const struct crd_digest *start,
		       const struct crd_digest *quoted)
{
	size_t size = crd_alg_size(bank);

	return size && start->alg == bank && start->len == size &&
	       quoted->alg == bank && quoted->len == size;
}

static int no_bank(uint16_t bank, enum crd_reason *ret_reason,
		   struct crd_error *err)
{
	*ret_reason = CRD_REASON_PCR_BANK;
	return crd_fail(err, 0, 0,
			"the measurer log cannot be compared in bank 0x%04x: "
			"it has no digests, or no starting value, for it",
			bank);
}

/*
 * A quote that covers not even the anchor proves nothing about this log: the
 * starting value is the log's own word. Hence at least one record.
 */
static void conclude(const struct replay *re, enum crd_reason *ret_reason,
		     struct crd_error *err)
{
	*ret_reason = CRD_REASON_NONE;
	if (re->covered)
		return;
	*ret_reason = CRD_REASON_PCR_MISMATCH;
	crd_fail(err, 0, 0,
		 "no part of the measurer log (%" PRIu64
		 " records) leads to the quoted PCR value",
		 re->records);
}

int crd_replay(struct crd_buf log, uint16_t bank,
	       const struct crd_digest *start, const struct crd_digest *quoted,
	       uint64_t *ret_records, uint64_t *ret_covered,
	       enum crd_reason *ret_reason, struct crd_error *err)
{
	struct replay re = { .bank = bank, .quoted = quoted };
	int ret;

	if (!values_fit(bank, start, quoted))
		return no_bank(bank, ret_reason, err);
	*ret_reason = CRD_REASON_MALFORMED;
	ret = crd_hasher_init(&re.hasher, bank);
	if (ret)
		return crd_fail(err, ret, 0, "libcrypto has no hash 0x%04x",
				bank);
	re.pcr = *start;
	ret = crd_cel_walk(log, replay_record, &re, ret_reason, err);
	crd_hasher_done(&re.hasher);
	if (re.bank_missing)
		return no_bank(bank, ret_reason, err);
	if (ret || *ret_reason != CRD_REASON_NONE)
		return ret;
	*ret_records = re.records;
	*ret_covered = re.covered;
	conclude(&re, ret_reason, err);
	return 0;
}
