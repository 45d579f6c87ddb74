/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle - evidence that is looked at by itself, without a challenge: read,
 * and proven as far as it can be. For lot, diff and verify --baseline.
 */
#ifndef CRD_BUNDLE_H
#define CRD_BUNDLE_H

#include "compare.h"
#include "verifier.h"

struct crd_bundle {
	uint8_t *bytes;
	struct crd_attester attester; /* borrows them */
};

/* 0: read, genuine or not. -EBADMSG, -E2BIG, -EOPNOTSUPP: it is no evidence. */
int crd_bundle_load(const char *path, const struct crd_verifier *trust,
		    uint32_t pcr, struct crd_bundle *ret_bundle,
		    struct crd_error *err);
/*
 * -1: read, genuine or not. Otherwise the exit code, after a message: 5 if it
 * is no evidence.
 */
int crd_bundle_read(const char *path, const struct crd_verifier *trust,
		    uint32_t pcr, struct crd_bundle *ret_bundle);
void crd_bundle_done(struct crd_bundle *bundle);
/* -1: it is genuine. Otherwise `code`, after a message that says why not. */
int crd_bundle_need_genuine(int code, const char *path,
			    const struct crd_bundle *bundle);

/* clang-format off */
#define CRD_BUNDLE_OPTIONS(v, number)                                    \
	{ "ak", 0, CRD_OPT_LIST, &(v)->aks, "FILE|NAME",                 \
	  "key to trust: its TPM2B_PUBLIC, or its TPM name; repeats" },  \
	{ "pcr", 0, CRD_OPT_PCR, number, "N",                            \
	  "PCR of the measurer's log; default: 13" }
/* clang-format on */

#endif /* CRD_BUNDLE_H */
