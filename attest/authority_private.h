/* SPDX-License-Identifier: Apache-2.0 */
/* What authority.c (the signature) and anchors.c (the chain) share. */
#ifndef CRD_AUTHORITY_PRIVATE_H
#define CRD_AUTHORITY_PRIVATE_H

#include <openssl/cms.h>
#include <openssl/x509.h>

#include "attest_private.h"
#include "authority.h"

struct crd_anchors {
	STACK_OF(X509) * certs;
	X509_STORE *store; /* the same, for chains */
	struct crd_digest ids[CRD_MAX_ANCHORS];
};

/* One signature being checked. */
struct crd_check {
	const struct crd_anchors *anchors; /* NULL: nobody is pinned */
	int64_t now;
	CMS_ContentInfo *cms;
	CMS_SignerInfo *info; /* in cms */
	X509 *signer;	      /* likewise */
	struct stack_st_X509 *brought;
	struct crd_signed_by by;
	enum crd_seal_fault *ret_fault;
	struct crd_error *err;
};

/* anchors.c */

/* From the signer up to an anchor; also says which, in c->by. As the caller. */
int crd_chain_check(struct crd_check *c);
/* Seconds since 1970 UTC; false: no time. */
bool crd_x509_time(const ASN1_TIME *time, int64_t *ret_seconds);
/* RFC 2253, printable, cut to what there is room for. */
int crd_x509_subject(const X509 *cert, char to[static CRD_MAX_SUBJECT]);

#endif /* CRD_AUTHORITY_PRIVATE_H */
