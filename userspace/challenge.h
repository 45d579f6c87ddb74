/* SPDX-License-Identifier: Apache-2.0 */
/*
 * challenge - the nonce file that goes from verifier to attester:
 *
 *   {"credence-challenge": 1, "nonce": "64 lower-case hex digits",
 *    "issued": "2026-01-31T12:00:00Z", "expires": "2026-01-31T12:10:00Z"}
 *
 * These four members, each once, in any order, and nothing else.
 */
#ifndef CRD_CHALLENGE_H
#define CRD_CHALLENGE_H

#include <stddef.h>
#include <stdint.h>

#include "attest.h"

#define CRD_CHALLENGE_NONCE    32
#define CRD_CHALLENGE_MAX_DAYS 31
#define CRD_CHALLENGE_VALID    (10 * 60) /* seconds, unless asked */
#define CRD_CHALLENGE_TEXT     256	 /* bytes of a formatted one */
#define CRD_TIME_TEXT	       21	 /* with its NUL */

/* Random bytes of the kernel's; -EIO. At most 256. */
int crd_challenge_random(uint8_t *bytes, size_t len);
/* A fresh nonce from the kernel, valid from now on. */
int crd_challenge_new(int64_t now, int64_t seconds,
		      struct crd_challenge *ret_challenge);
/* -EBADMSG, and *err says what and where. */
int crd_challenge_parse(const uint8_t *bytes, size_t len,
			struct crd_challenge *ret_challenge,
			struct crd_error *err);
void crd_challenge_format(const struct crd_challenge *challenge,
			  char text[static CRD_CHALLENGE_TEXT]);
/* Reads and parses a file; -EBADMSG and the codes of crd_io_read(). */
int crd_challenge_read(const char *path, struct crd_challenge *ret_challenge,
		       struct crd_error *err);

/* "2026-01-31T12:00:00Z" only; years 1970 to 9999. */
int crd_time_parse(const char *text, size_t len, int64_t *ret_time);
void crd_time_format(int64_t when, char text[static CRD_TIME_TEXT]);
/* "30s" "10m" "2h" "1d"; more than nothing, at most CRD_CHALLENGE_MAX_DAYS. */
int crd_duration_parse(const char *text, int64_t *ret_seconds);

/* Lower-case hex with a NUL; text has room for 2 * len + 1. */
void crd_hex(const uint8_t *bytes, size_t len, char *text);
/* Exactly len bytes from 2 * len digits; -EBADMSG. */
int crd_unhex(const char *text, size_t text_len, uint8_t *bytes, size_t len);

#endif /* CRD_CHALLENGE_H */
