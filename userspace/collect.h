/* SPDX-License-Identifier: Apache-2.0 */
/* collect - the logs that the kernel offers, whole and bounded. */
#ifndef CRD_COLLECT_H
#define CRD_COLLECT_H

#include <stddef.h>
#include <stdint.h>

#include "attest.h"

/* Below root; bytes NULL where the kernel offers no such file. */
#define CRD_PATH_MEASURER "sys/kernel/security/credence/log"
#define CRD_PATH_TCG	  "sys/kernel/security/tpm0/binary_bios_measurements"
#define CRD_PATH_IMA	  "sys/kernel/security/ima/binary_runtime_measurements"

struct crd_log {
	uint8_t *bytes;
	size_t len;
};

struct crd_logs {
	struct crd_log measurer;
	struct crd_log tcg;
	struct crd_log ima;
};

/* root NULL: "/". Absent is not an error; -E2BIG over CRD_MAX_LOG_FILE. */
int crd_collect_file(const char *root, const char *path,
		     struct crd_log *ret_log, struct crd_error *err);
int crd_collect_logs(const char *root, struct crd_logs *ret_logs,
		     struct crd_error *err);
void crd_collect_done(struct crd_logs *logs);
/*
 * Banks of a measurer's log, as its first record has them; *ret_n 0 if it
 * has no first record that can be read.
 */
void crd_collect_banks(const struct crd_log *log, uint16_t *ret_banks,
		       size_t max, size_t *ret_n);
/*
 * Strongest bank active in the TPM that the log has too, or, without a log
 * that says, strongest of the TPM; 0: only ones too weak.
 */
uint16_t crd_collect_choose_bank(const uint16_t *tpm, size_t n_tpm,
				 const uint16_t *log, size_t n_log);

#endif /* CRD_COLLECT_H */
