/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signer - an authority's key at work: CMS signatures over manifests. The key
 * is a file (PKCS#8 in PEM, encrypted or not); keys in tokens are not
 * supported, but anything that makes a detached CMS signature in DER over the
 * manifest does as well.
 */
#ifndef CRD_SIGNER_H
#define CRD_SIGNER_H

#include "attest.h"

struct crd_signer_files {
	const char *key;	/* PEM */
	const char *cert;	/* PEM, of that key */
	const char *chain;	/* PEM, certificates above it; NULL: none */
	const char *passphrase; /* a file, its first line; NULL: ask */
};

struct crd_signer;
/* -EBADMSG: not what they should be, or they do not belong together. */
int crd_signer_load(const struct crd_signer_files *files,
		    struct crd_signer **ret_signer, struct crd_error *err);
void crd_signer_free(struct crd_signer **signer);
/* DER; *ret_bytes: free(). */
int crd_signer_sign(const struct crd_signer *signer, struct crd_buf manifest,
		    uint8_t **ret_bytes, size_t *ret_len,
		    struct crd_error *err);

#endif /* CRD_SIGNER_H */
