/* SPDX-License-Identifier: Apache-2.0 */
/*
 * io - files and messages. The only room that prints errors, and the only one
 * that opens files named by the operator.
 */
#ifndef CRD_IO_H
#define CRD_IO_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "attest.h"

/* Exit codes: documented in credence(1), never changed. */
enum crd_exit {
	CRD_EXIT_OK = 0,      /* done; verify and gate: admitted */
	CRD_EXIT_FAILURE = 1, /* environment, TPM, kernel interface */
	CRD_EXIT_USAGE = 2,   /* usage, or what the operator gave is wrong */
	CRD_EXIT_REFUSED = 3,
	CRD_EXIT_REFERRED = 4,
	CRD_EXIT_MALFORMED = 5, /* evidence malformed or over a limit */
	CRD_EXIT_EXAMPLES = 6,	/* policy test: an example failed */
	CRD_EXIT_UNKNOWN = 7,	/* policy lookup: nothing is known of it */
};

/* Limits of what is read from files. */
#define CRD_MAX_EVIDENCE_FILE  (64u << 20)
#define CRD_MAX_LOG_FILE       (32u << 20)
#define CRD_MAX_POLICY_FILE    (1u << 20)
#define CRD_MAX_REGISTRY_FILE  (64u << 20)
#define CRD_MAX_CHALLENGE_FILE 4096u
#define CRD_MAX_KEY_FILE       4096u

/* How messages look from now on; verb is borrowed, NULL before dispatch. */
void crd_io_verb(const char *verb);
void crd_io_json(bool json);
void crd_io_csv(bool csv);
void crd_io_quiet(bool quiet);
bool crd_io_is_json(void);
bool crd_io_is_csv(void);
bool crd_io_is_quiet(void);
/* Standard output is a terminal and NO_COLOR is not set. */
bool crd_io_colour(void);
/* CRD_TEXT_COLOUR and CRD_TEXT_QUIET, as they are asked for. */
unsigned int crd_io_text_flags(void);

/*
 * Prints "credence VERB: text" on stderr, with --format json also an error
 * object on stdout; returns code. What is not printable is escaped.
 */
int crd_io_error(int code, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The same with the text of err. */
int crd_io_fail(int code, const struct crd_error *err);
int crd_io_no_memory(void);
/* What came of putting an answer: -1, or says that there is none. */
int crd_io_answered(int rc);
/* A crd_put_fn: to standard output, whose errors main() looks for. */
int crd_io_put(const char *text, size_t len, void *ctx);
/* A message on stderr, unless --quiet. */
void crd_io_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Fills *err, with no place, and returns rc: for rooms that do not print. */
int crd_io_err(struct crd_error *err, int rc, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/*
 * Exit code for a failure with a file that the operator named: 2 if another
 * name or content would help, else 1.
 */
int crd_io_input_exit(int rc);

/* Copies text so that it is printable on one line; *out ends with NUL. */
void crd_io_escape(const char *text, size_t len, char *out, size_t size);
/* Writes text as a JSON string, with the quotes. */
void crd_io_json_string(FILE *out, const char *text);

/*
 * Whole file, to its end whatever its size claims to be; "-" is standard
 * input. -E2BIG if longer than max. *ret_bytes has a NUL after its end and is
 * to be freed with free().
 */
int crd_io_read(const char *path, size_t max, uint8_t **ret_bytes,
		size_t *ret_len, struct crd_error *err);
/*
 * The same without a copy, for installed files, which are replaced and not
 * written to: whoever cuts one short while it is mapped ends us. munmap() it.
 */
int crd_io_map(const char *path, size_t max, const uint8_t **ret_bytes,
	       size_t *ret_len, struct crd_error *err);
int crd_io_read_fd(int fd, size_t max, uint8_t **ret_bytes, size_t *ret_len);
/*
 * Whole or not at all: a temporary file beside it, synced, renamed, folder
 * synced. "-" is standard output; a device or a pipe is written to as it is.
 */
int crd_io_write(const char *path, mode_t mode, const void *bytes, size_t len,
		 struct crd_error *err);
/* -EIO and the like if not everything could be written. */
int crd_io_write_fd(int fd, const void *bytes, size_t len);

#endif /* CRD_IO_H */
