/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every bound of this library on what outsiders can grow. The bounds of the
 * measurer's log stand in kmod/uapi/credence.h, with the format; CRD_MAX_LOG
 * there is that of other logs too. Not called limits.h: with this folder on the
 * include path that would hide the system's.
 */
#ifndef CRD_BOUNDS_H
#define CRD_BOUNDS_H

/* Evidence (evidence.cddl). */
#define CRD_MAX_EVIDENCE  (64u * 1024 * 1024) /* the whole bundle */
#define CRD_MAX_CLAIMS	  (256u * 1024)	      /* self-reported claims */
#define CRD_MAX_SMALL	  (16u * 1024)	      /* any other item */
#define CRD_MAX_CLAIM_KEY 128		      /* bytes */

/* TPM structures: several times what a TPM can make. */
#define CRD_MAX_PUBLIC	   2048 /* TPM2B_PUBLIC */
#define CRD_MAX_ATTEST	   2048 /* TPMS_ATTEST */
#define CRD_MAX_TPM_SIG	   2048 /* TPMT_SIGNATURE */
#define CRD_MAX_SELECTIONS 16	/* TPM2_NUM_PCR_BANKS */
#define CRD_N_PCRS	   24	/* PCRs of a PC client TPM */

/* Certificates of signers: several times what a CA makes. */
#define CRD_MAX_CERT 8192

/* Measurer's log: fields marked (*) of the anchor, but for BANK. */
#define CRD_MAX_ANCHOR_REPEAT 64

#endif /* CRD_BOUNDS_H */
