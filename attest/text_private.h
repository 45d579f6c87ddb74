/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text: building it, showing hostile bytes safely, dates, error messages.
 * Private to the library.
 */
#ifndef CRD_TEXT_PRIVATE_H
#define CRD_TEXT_PRIVATE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attest.h"
#include "hex.h"

/*
 * A growing text. After a failed allocation everything added is dropped and
 * `failed` stays set, so callers add freely and ask once, in crd_str_take().
 */
struct crd_str {
	char *ptr;
	size_t len;
	size_t cap;
	bool failed;
};

void crd_str_add(struct crd_str *str, const char *ptr, size_t len);
void crd_str_puts(struct crd_str *str, const char *text);
void crd_str_fmt(struct crd_str *str, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Bytes from outside: what could disturb a terminal becomes \xHH. */
void crd_str_safe(struct crd_str *str, struct crd_buf bytes);
/*
 * A CSV cell (RFC 4180), quoted. What a spreadsheet would take for a formula
 * gets an apostrophe in front. NULL: empty.
 */
void crd_str_cell(struct crd_str *str, const char *text);
/* Its four hexadecimal digits, without an end. Returns what follows them. */
char *crd_put_hex4(char *out, uint16_t value);
void crd_str_hex(struct crd_str *str, const uint8_t *ptr, size_t len);
void crd_str_date(struct crd_str *str, int32_t days);
/* 2026-01-31 10:00:00 UTC */
void crd_str_time(struct crd_str *str, int64_t seconds);
/* Hands the text over and empties str; NULL: out of memory. */
char *crd_str_take(struct crd_str *str);
void crd_str_done(struct crd_str *str);

static inline struct crd_buf crd_buf_of(const char *text)
{
	struct crd_buf buf = { (const uint8_t *)text, 0 };

	while (text && text[buf.len])
		buf.len++;
	return buf;
}

bool crd_buf_equal(struct crd_buf a, struct crd_buf b); /* reader.c */

/* Length of the well-formed UTF-8 character at ptr; 0: malformed. */
size_t crd_utf8_len(const uint8_t *ptr, size_t left);
/* May this character be shown as it is? len from crd_utf8_len(). */
bool crd_utf8_showable(const uint8_t *ptr, size_t len);

/*
 * Undo the log's \xHH. Returns `escaped` itself when there is nothing to undo,
 * otherwise a view of `room`, which holds at least escaped.len bytes.
 */
struct crd_buf crd_unescape(struct crd_buf escaped, uint8_t *room);

/* Days since 1970-01-01 of "2026-01-31"; false unless it is such a date. */
bool crd_date_parse(const char *text, size_t len, int32_t *ret_days);
/* Day of a time; rounds towards the past. */
int32_t crd_date_of(int64_t seconds);

/* Fills err, if given, with one safe line, and returns ret. */
int crd_fail_at(struct crd_error *err, unsigned int line, unsigned int column,
		int ret, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

#endif /* CRD_TEXT_PRIVATE_H */
