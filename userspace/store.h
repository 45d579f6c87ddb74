/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store - the state folder; nobody else opens the files in it.
 *
 *   open/NONCE   challenges given out, as their file
 *   used/NONCE   challenges spent: which evidence, which verdict, when
 *
 * A challenge is spent by the appearance of used/NONCE: made whole under
 * another name, then linked to that name, which fails if it is there. The
 * file in open/ goes afterwards; where both are, the challenge is used.
 */
#ifndef CRD_STORE_H
#define CRD_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attest.h"

#define CRD_STATE_DIR "/var/lib/credence"

struct crd_store;

enum crd_spent { CRD_UNKNOWN, CRD_OPEN, CRD_USED };

/* dir NULL: CREDENCE_STATE_DIR, else CRD_STATE_DIR. Made if make is set. */
int crd_store_open(const char *dir, bool make, struct crd_store **ret_store,
		   struct crd_error *err);
void crd_store_free(struct crd_store **store);

/* Keeps a challenge that is given out. */
int crd_store_add(struct crd_store *store, const struct crd_challenge *c,
		  struct crd_error *err);
/*
 * How it stands. With CRD_OPEN *ret_kept is the challenge as it was given
 * out; with CRD_USED *ret_evidence is the digest of what it was spent on
 * (alg 0 if the record does not say).
 */
int crd_store_find(struct crd_store *store, const struct crd_challenge *c,
		   enum crd_spent *ret_spent, struct crd_challenge *ret_kept,
		   struct crd_digest *ret_evidence, struct crd_error *err);
/* Spends it, durably, for one caller only; -EEXIST for all others. */
int crd_store_spend(struct crd_store *store, const struct crd_challenge *c,
		    const struct crd_report *report, struct crd_error *err);

#endif /* CRD_STORE_H */
