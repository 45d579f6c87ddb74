/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by tpm*.c only: the TSS, loaded when a TPM is wanted. */
#ifndef CRD_TPM_PRIVATE_H
#define CRD_TPM_PRIVATE_H

#include <signal.h>
#include <tss2/tss2_esys.h>
#include <tss2/tss2_mu.h>
#include <tss2/tss2_rc.h>
#include <tss2/tss2_tctildr.h>

#include "tpm.h"

/* tpm_api.c: a verifier needs no TPM, so it does not load its libraries. */
/* clang-format off */
#define CRD_TSS_LDR(X)             \
	X(Tss2_TctiLdr_Initialize) \
	X(Tss2_TctiLdr_Finalize)
#define CRD_TSS_MU(X)                     \
	X(Tss2_MU_TPM2B_PUBLIC_Marshal)   \
	X(Tss2_MU_TPMT_SIGNATURE_Marshal) \
	X(Tss2_MU_TPMS_ATTEST_Unmarshal)
#define CRD_TSS_ESYS(X)         \
	X(Esys_Initialize)      \
	X(Esys_Finalize)        \
	X(Esys_Free)            \
	X(Esys_GetCapability)   \
	X(Esys_PCR_Read)        \
	X(Esys_Quote)           \
	X(Esys_ReadPublic)      \
	X(Esys_CreatePrimary)   \
	X(Esys_Create)          \
	X(Esys_Load)            \
	X(Esys_EvictControl)    \
	X(Esys_FlushContext)    \
	X(Esys_TR_FromTPMPublic) \
	X(Esys_TR_Close)        \
	X(Esys_NV_ReadPublic)   \
	X(Esys_NV_Read)
/* clang-format on */

/* clang-format off */
struct crd_tss {
#define X(f) __typeof__(f) *f;
	CRD_TSS_LDR(X)
	CRD_TSS_MU(X)
	CRD_TSS_ESYS(X)
	X(Tss2_RC_Decode)	/* NULL: not there */
#undef X
};
/* clang-format on */

extern struct crd_tss crd_tss;

int crd_tss_load(struct crd_error *err);
/* Says which command failed and what the layer's code means; -EIO. */
int crd_tss_fail(struct crd_error *err, TSS2_RC rc, const char *what);

/* tpm.c */
struct crd_tpm {
	TSS2_TCTI_CONTEXT *tcti;
	ESYS_CONTEXT *esys;
	sigset_t signals_before;
};

/* Is there something at this handle (persistent object or NV index)? */
int crd_tpm_has_handle(struct crd_tpm *tpm, uint32_t handle, bool *ret_has,
		       struct crd_error *err);

#endif /* CRD_TPM_PRIVATE_H */
