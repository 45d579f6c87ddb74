/* SPDX-License-Identifier: Apache-2.0 */
/* claims - what a machine says of itself; bound into the quote, not proven. */
#ifndef CRD_CLAIMS_H
#define CRD_CLAIMS_H

#include "attest.h"
#include "tpm.h"

/* *ret_bytes, CBOR, is to be freed with free(). */
int crd_claims_collect(const struct crd_tpm_info *tpm, uint8_t **ret_bytes,
		       size_t *ret_len, struct crd_error *err);

#endif /* CRD_CLAIMS_H */
