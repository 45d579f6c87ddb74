/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel tests share: the measurer's files read whole, records found
 * in them, modules loaded in every way the kernel has, and the golden rule.
 */
#ifndef KSELFTEST_MEASURER_H
#define KSELFTEST_MEASURER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attest.h"
#include "credence.h"

#define SECURITYFS     "/sys/kernel/security/" CRD_DIR "/"
#define LOG_FILE       SECURITYFS CRD_FILE_LOG
#define LOG_ASCII_FILE SECURITYFS CRD_FILE_LOG_ASCII
#define STATUS_FILE    SECURITYFS CRD_FILE_STATUS

/* Whole file, NUL-terminated beyond its length; 0 or -errno. */
int file_read(const char *path, uint8_t **ret_bytes, size_t *ret_len);
/* One write(2); 0 or -errno. */
int file_write(const char *path, const void *bytes, size_t len);
int file_puts(const char *path, const char *text);
/* The number after that text in the file; 0 if there is none. */
uint64_t file_number(const char *path, const char *key);
/* The measurer's status holds this text. */
bool status_has(const char *text);

/* The measurer's log as it is now. log_read() checks all of it. */
struct log {
	uint8_t *bytes;
	size_t len;
	uint64_t records;
};

int log_read(struct log *ret_log);
void log_done(struct log *log);
/* Records in the log now; 0 if it cannot be read. */
uint64_t log_records(void);
/* Such events in the log now, alone or in groups; 0 if it cannot be read. */
unsigned int log_events(uint16_t event);

/*
 * Which records, and items of groups: from a record on, of an event, with a
 * name (NULL: any).
 */
struct want {
	uint64_t from;
	uint16_t event;
	const char *name;
};

unsigned int log_count(const struct log *log, struct want want);
/* The first such record; its views borrow from the log. */
bool log_find(const struct log *log, struct want want,
	      struct crd_record *ret_record);
/* The n-th, from 0. */
bool log_nth(const struct log *log, struct want want, unsigned int n,
	     struct crd_record *ret_record);
/* The record of such an event that refers to that one (CRD_F_REF, REF_ITEM). */
bool log_find_ref(const struct log *log, uint16_t event,
		  const struct crd_record *of, struct crd_record *ret_record);
/* The SHA-256 PCR after that record, as 64 hex digits; "": an error. */
void log_replay_to(const struct log *log, uint64_t last, char *ret_hex);
bool field_is_text(struct crd_buf fields, uint8_t type, const char *text);
uint64_t field_u64(struct crd_buf fields, uint8_t type);
/* The field's digest is that of these bytes. */
bool field_is_digest_of(struct crd_buf fields, uint8_t type,
			const uint8_t *bytes, size_t len);

/*
 * The golden rule: the log, replayed, equals the PCR that the TPM reports, in
 * every active bank. NULL if it holds, else what does not. Retries while
 * records are being added.
 */
const char *golden_rule(void);
/* Active banks, from the TPM's folder in sysfs. */
unsigned int tpm_banks(uint16_t *ret_algs, unsigned int max);
int tpm_pcr_value(uint16_t alg, unsigned int pcr, struct crd_digest *ret);

/* Path of a stock module in the guest; NULL if it was not brought in. */
const char *stock_module(const char *name);
/* Stock modules without dependencies, sorted; how many there are. */
unsigned int stock_modules(char (*ret_paths)[256], unsigned int max);
/* "sd_mod" for ".../sd-mod.ko" */
void module_name(const char *path, char *ret_name, size_t size);
bool module_is_loaded(const char *name);
/* All return 0 or -errno of the load. */
int load_file(const char *path, const char *args);
int load_memory(const char *path, const char *args);
int load_bytes(const uint8_t *bytes, size_t len, const char *args);
int load_memfd(const char *path, const char *args);
int unload(const char *name);

#define BURST_MAX 64
typedef int (*load_fn)(const char *path, const char *args);
/* One process each, all at once; results[i]: errno, 0 if it came up. */
void load_burst(load_fn load, char (*paths)[256], unsigned int n, int *results);

/* How many tasks sleep in a function of the kernel whose name begins so. */
unsigned int tasks_in(const char *prefix);

/* The kernel's messages since kmsg_mark() hold this text. */
void kmsg_mark(void);
bool kmsg_has(const char *text);

#endif /* KSELFTEST_MEASURER_H */
