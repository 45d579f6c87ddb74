/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store - the state folder; nobody else opens the files in it.
 *
 *   open/NONCE   challenges given out, as their file
 *   used/NONCE   challenges spent: which evidence, which verdict, when
 *   seen/ID      the newest version of what an authority signed: see below
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
#include "authority.h"

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

/*
 * store_seen.c: versions never go back. Of each thing that an authority signs
 * (its kind and name) the newest version that was let in is kept, and what it
 * was. One process at a time compares and writes, under a lock; a record that
 * is damaged is an error, a missing one is a beginning.
 */
struct crd_seen {
	enum crd_seal_kind kind;
	const char *name;
	uint64_t version;
	struct crd_digest content; /* of its manifest */
};
enum crd_seen_result {
	CRD_SEEN_FIRST,
	CRD_SEEN_SAME,
	CRD_SEEN_NEWER,
	CRD_SEEN_OLDER,	  /* a newer one was seen */
	CRD_SEEN_DIFFERS, /* this version was seen, and was another */
};
/*
 * ids: of the pinned authorities, of which ids[own] vouches for this one;
 * the records of all of them count, so that an older key of the same authority
 * brings back nothing. Kept durably if it is first or newer. *ret_newest: the
 * newest version known before; 0: none.
 */
int crd_store_see(struct crd_store *store, const struct crd_digest *ids,
		  size_t n_ids, size_t own, const struct crd_seen *seen,
		  uint64_t *ret_newest, enum crd_seen_result *ret_result,
		  struct crd_error *err);

#endif /* CRD_STORE_H */
