/* SPDX-License-Identifier: Apache-2.0 */
/*
 * authority - who answers for a policy, a registry, a file of waivers. The
 * same conventions as in attest.h.
 *
 * An authority signs a manifest, which names every file and its digest; each
 * file is then held against the manifest. The operator pins the authority: by
 * its own certificate or by one that it signs with.
 */
#ifndef CRD_AUTHORITY_H
#define CRD_AUTHORITY_H

#include "attest.h"

/* What can be signed. A signature over one kind is none over another. */
enum crd_seal_kind {
	CRD_SEAL_POLICY,
	CRD_SEAL_REGISTRY,
	CRD_SEAL_WAIVERS,
	CRD_SEAL_MAX,
};
/* "policy", "registry", "waivers"; never NULL */
const char *crd_seal_kind_name(enum crd_seal_kind kind);

/*
 * manifest.c: FILE.sum, in the format of sha256sum, in strict form:
 *
 *   # credence-manifest 1
 *   # kind: policy
 *   # name: laboratory
 *   # version: 3
 *   # date: 2026-11-26
 *   9f2c...  laboratory.yaml
 *   77ab...  digests/firmware-linux-free.sha256
 *
 * The first file is what was signed (of a registry, a table); the others are
 * what it needs. Names are relative to the manifest's folder and stay below
 * it. Nothing else may stand there, so one content has one form.
 */
#define CRD_MAX_MANIFEST       (128u * 1024)
#define CRD_MAX_MANIFEST_FILES 512
#define CRD_MAX_MANIFEST_NAME  128 /* bytes of name: */

struct crd_manifest_file {
	struct crd_buf name;
	struct crd_digest digest; /* SHA-256 */
};
struct crd_manifest {
	enum crd_seal_kind kind;
	struct crd_buf name;
	uint64_t version;    /* at least 1 */
	struct crd_buf date; /* "2026-11-26" */
	struct crd_manifest_file *files;
	size_t n_files;
	/* SHA-256 of the lines that name files: the same however often it is
	 * signed
	 */
	struct crd_digest content;
};
/* Views borrow from text. Errors have a line. crd_manifest_done() it. */
int crd_manifest_parse(struct crd_buf text, struct crd_manifest *ret_manifest,
		       struct crd_error *err);
void crd_manifest_done(struct crd_manifest *manifest);
/*
 * Are these the bytes of the file that is so named? -ENOENT: not named;
 * -EKEYREJECTED: others. err says which.
 */
int crd_manifest_check(const struct crd_manifest *manifest, const char *name,
		       struct crd_buf bytes, struct crd_error *err);
/*
 * The text that parses to this; content is not looked at. -EINVAL if none
 * does: a name with a line's end, no files ... *ret_text: free().
 */
int crd_manifest_format(const struct crd_manifest *manifest, char **ret_text,
			struct crd_error *err);

/*
 * authority.c: the CMS signature (RFC 5652) over a manifest, FILE.sum.p7s:
 * DER, detached, one signer, whose certificate leads to a pinned one.
 */
#define CRD_MAX_CMS	     (64u * 1024)
#define CRD_MAX_ANCHOR_FILE  (256u * 1024)
#define CRD_MAX_ANCHORS	     16
#define CRD_MAX_SIGNER_CERTS 16 /* that a signature brings along */
#define CRD_MAX_SIGNER_CHAIN 5	/* between signer and anchor */

/* Certificates that are trusted to sign, or to name who may. */
struct crd_anchors;
/* PEM, one or several, text between them; or one certificate in DER. */
int crd_anchors_parse(struct crd_buf bytes, struct crd_anchors **ret_anchors,
		      struct crd_error *err);
void crd_anchors_free(struct crd_anchors **anchors);
size_t crd_anchors_n(const struct crd_anchors *anchors);
/*
 * What stays the same when an anchor's certificate is renewed: SHA-256 of its
 * SubjectPublicKeyInfo. i below crd_anchors_n().
 */
const struct crd_digest *crd_anchors_id(const struct crd_anchors *anchors,
					size_t i);

/* Of a certificate, for people. */
#define CRD_MAX_SUBJECT 256
struct crd_signed_by {
	char subject[CRD_MAX_SUBJECT]; /* RFC 2253, printable */
	struct crd_digest fingerprint; /* SHA-256 of the certificate */
	char key[16];		       /* "RSA-3072", "P-256" */
	char hash[8];		       /* "sha256" */
	int64_t from, until;	       /* seconds since 1970 UTC */
	char anchor[CRD_MAX_SUBJECT];  /* subject of the pinned one */
	size_t anchor_index;	       /* which of them */
};

/* Why a signature does not count; each has a sentence in err. */
enum crd_seal_fault {
	CRD_SEAL_GOOD = 0,
	CRD_SEAL_MALFORMED, /* no such signature, or over a limit */
	CRD_SEAL_WRONG,	    /* not over these bytes */
	CRD_SEAL_WEAK,	    /* SHA-1, RSA below 2048 bits, ... */
	CRD_SEAL_USAGE,	    /* the certificate is for something else */
	CRD_SEAL_EXPIRED,   /* or not yet valid */
	CRD_SEAL_STRANGER,  /* not under a pinned authority */
};
/*
 * The signature over the manifest's bytes, as of a time.
 *
 * Demanded: SHA-256, SHA-384 or SHA-512; RSA (PKCS #1 v1.5) of 2048 to 8192
 * bits or ECDSA on P-256, P-384, P-521; a signer's certificate with key usage
 * digitalSignature and extended key usage codeSigning, both stated; each
 * certificate up to the anchor valid at `now`, made with at least 112 bits of
 * security (OpenSSL's level 2), and those between allowed to sign certificates,
 * and, if they restrict their use, for codeSigning. Revocation is not looked
 * at. anchors NULL: whether the signature and its certificate are sound, under
 * nobody.
 *
 * 0 with *ret_fault, and *ret_by if that is CRD_SEAL_GOOD; -ENOMEM, -EIO.
 */
int crd_authority_check(const struct crd_anchors *anchors,
			struct crd_buf manifest, struct crd_buf cms,
			int64_t now, struct crd_signed_by *ret_by,
			enum crd_seal_fault *ret_fault, struct crd_error *err);

/* What an appraisal is told of where its policy, registry and waivers are from. */
struct crd_seal {
	enum crd_seal_kind kind;
	char name[CRD_MAX_MANIFEST_NAME + 1];
	uint64_t version;
	char date[11];
	struct crd_signed_by by;
	/* The operator let it count although this verifier has seen ... */
	uint64_t newer; /* this version; 0: none */
	bool differs;	/* this very version, but other files */
};

#endif /* CRD_AUTHORITY_H */
