/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal - policy, registry and waivers under a pinned authority: every file
 * that is read is held against the manifest that the authority signed. The
 * bytes that were compared are those that are used; no file is read twice.
 */
#ifndef CRD_SEAL_H
#define CRD_SEAL_H

#include <stdbool.h>

#include "authority.h"

/* Where the operator of a verifier pins one for all: authority.pem there. */
#define CRD_CONFIG_DIR "/etc/credence"
#define CRD_MAX_SEALS  34 /* policy, registry, files of waivers */

/*
 * What is to be signed: instead of being held against a manifest, the files of
 * that kind are written into one.
 */
struct crd_gather {
	enum crd_seal_kind kind;
	struct crd_manifest manifest; /* files only; their names are owned */
};

struct crd_pin {
	/* asked for */
	const char *anchor_file; /* NULL: the installed one, if there is one */
	bool allow_older;
	bool nobody;		   /* even if one is installed: for drafts */
	const char *state_dir;	   /* NULL: as crd_store_open() */
	bool keep_out;		   /* the state folder is another's to make */
	int64_t now;		   /* of signatures; 0: the clock's */
	struct crd_gather *gather; /* NULL: no */
	/* loaded */
	struct crd_anchors *anchors; /* NULL: nobody is pinned */
	struct crd_seal seals[CRD_MAX_SEALS];
	size_t n_seals;
};

/* clang-format off */
#define CRD_PIN_OPTIONS(p)                                                \
	{ "authority", 0, CRD_OPT_TEXT, &(p)->anchor_file, "FILE",        \
	  "whose signature policy, registry and waivers must have" },     \
	{ "allow-older", 0, CRD_OPT_FLAG, &(p)->allow_older, NULL,        \
	  "let a version count although a newer one was seen" },          \
	{ "state", 0, CRD_OPT_TEXT, &(p)->state_dir, "DIR",               \
	  "state folder; default: CREDENCE_STATE_DIR, " CRD_STATE_DIR }
/* clang-format on */

/*
 * The anchors, from --authority, else from the configuration. Failures: those
 * of crd_io_read(), -EBADMSG and -E2BIG.
 */
int crd_pin_load(struct crd_pin *pin, struct crd_error *err);
void crd_pin_done(struct crd_pin *pin);

/*
 * What was signed of the policy, the file of waivers or the registry's folder
 * at `path`. *ret_sealed is NULL if nobody is pinned: then nothing is held
 * against anything. -EKEYREJECTED: not signed, or not so that it counts.
 */
struct crd_sealed;
int crd_sealed_open(const struct crd_pin *pin, enum crd_seal_kind kind,
		    const char *path, struct crd_sealed **ret_sealed,
		    struct crd_error *err);
/*
 * The same to look at, whether somebody is pinned or not; CRD_SEAL_MAX: a file,
 * of whatever kind it is.
 */
int crd_sealed_look(const struct crd_pin *pin, enum crd_seal_kind kind,
		    const char *path, struct crd_sealed **ret_sealed,
		    struct crd_error *err);
void crd_sealed_free(struct crd_sealed **sealed);
const struct crd_manifest *crd_sealed_manifest(const struct crd_sealed *sealed);
const struct crd_signed_by *crd_sealed_by(const struct crd_sealed *sealed);
/* Of a file that was read, by its name in the manifest. -EKEYREJECTED */
int crd_sealed_check(const struct crd_sealed *sealed, const char *name,
		     struct crd_buf bytes, struct crd_error *err);
/*
 * All is read and sound. name and version are what it says of itself (NULL, 0:
 * nothing). Held against what was seen before, kept, noted in pin->seals.
 * -EKEYREJECTED; other failures are the state folder's.
 */
int crd_sealed_accept(struct crd_pin *pin, const struct crd_sealed *sealed,
		      const char *name, uint64_t version,
		      struct crd_error *err);

void crd_gather_done(struct crd_gather *gather);

/* FILE.sum, DIR/registry.sum; with ".p7s" behind it, its signature. */
int crd_sealed_path(enum crd_seal_kind kind, const char *path,
		    const char *ending, char *to, size_t size);
/* The name of a file in the manifest beside it. */
const char *crd_sealed_name(const char *path);

#endif /* CRD_SEAL_H */
