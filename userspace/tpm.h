/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tpm - the TPM of this machine: its banks, its attestation key, quotes.
 * ESAPI stays behind this header, in tpm*.c.
 *
 * Between open and close SIGINT, SIGTERM and SIGHUP wait: whatever way out is
 * taken, nothing is left loaded in the TPM. (SIGQUIT ends a hung TPM.)
 */
#ifndef CRD_TPM_H
#define CRD_TPM_H

#include <stdbool.h>
#include <stdint.h>

#include "attest.h"

/*
 * Where our attestation keys stay: owner range, "CR" in the low bytes. One
 * handle for each kind, so that a machine can have both.
 */
#define CRD_AK_HANDLE_ECC 0x81004352u
#define CRD_AK_HANDLE_RSA 0x81004353u

#define CRD_TCTI_DEFAULT "device:/dev/tpmrm0"
#define CRD_MAX_TPM_BLOB 4096 /* a marshalled structure */
#define CRD_MAX_EK_CERT	 16384

struct crd_tpm;

struct crd_blob {
	uint8_t bytes[CRD_MAX_TPM_BLOB];
	size_t len;
};

/* An AK ready to sign; public_area is a TPM2B_PUBLIC. */
struct crd_tpm_ak {
	uint32_t tr; /* ESYS_TR */
	uint32_t handle;
	bool created; /* it was not there before */
	struct crd_blob public_area;
};

struct crd_tpm_quote {
	struct crd_blob attest;	   /* TPMS_ATTEST */
	struct crd_blob signature; /* TPMT_SIGNATURE */
	struct crd_pcrs pcrs;
	unsigned int tries;
};

struct crd_tpm_info {
	char manufacturer[8];
	char vendor[20];
	char firmware[24]; /* "version 1.version 2", hex */
};

enum crd_ak_alg { CRD_AK_ECC, CRD_AK_RSA };

/* conf NULL: TPM2TOOLS_TCTI, else CRD_TCTI_DEFAULT. Failures: see *err. */
int crd_tpm_open(const char *conf, struct crd_tpm **ret_tpm,
		 struct crd_error *err);
void crd_tpm_close(struct crd_tpm **tpm);
/* A signal waits: stop and clean up. */
bool crd_tpm_interrupted(void);

int crd_tpm_info(struct crd_tpm *tpm, struct crd_tpm_info *ret_info,
		 struct crd_error *err);
/*
 * Active banks that hold all of the PCRs in the mask, up to max;
 * *ret_n of them, as TPM_ALG_ID.
 */
int crd_tpm_banks(struct crd_tpm *tpm, uint32_t pcrs, uint16_t *ret_banks,
		  size_t max, size_t *ret_n, struct crd_error *err);
/* DER, to be freed; *ret_bytes NULL if this TPM has none of that kind. */
int crd_tpm_ek_cert(struct crd_tpm *tpm, enum crd_ak_alg alg,
		    uint8_t **ret_bytes, size_t *ret_len,
		    struct crd_error *err);

/*
 * The key at handle (0: the default one), made there if nothing is there.
 * -EEXIST: what is there is no key of ours.
 */
int crd_tpm_ak(struct crd_tpm *tpm, enum crd_ak_alg alg, uint32_t handle,
	       struct crd_tpm_ak *ret_ak, struct crd_error *err);

/*
 * PCR values and a quote over them that fit: repeated while something is
 * extended in between. -EAGAIN if it never stopped, -EINTR on a signal.
 */
int crd_tpm_quote(struct crd_tpm *tpm, const struct crd_tpm_ak *ak,
		  uint16_t bank, uint32_t pcrs, struct crd_buf qualifying,
		  struct crd_tpm_quote *ret_quote, struct crd_error *err);

#endif /* CRD_TPM_H */
