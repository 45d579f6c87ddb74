// SPDX-License-Identifier: Apache-2.0
#include "challenge.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "io.h"

#define DAY 86400

void crd_hex(const uint8_t *bytes, size_t len, char *text)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	text[2 * len] = '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int crd_unhex(const char *text, size_t text_len, uint8_t *bytes, size_t len)
{
	size_t i;

	if (text_len != 2 * len)
		return -EBADMSG;
	for (i = 0; i < len; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EBADMSG;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

static bool digits(const char *text, size_t n, int *ret_value)
{
	int v = 0;

	for (; n; n--, text++) {
		if (*text < '0' || *text > '9')
			return false;
		v = v * 10 + (*text - '0');
	}
	*ret_value = v;
	return true;
}

int crd_time_parse(const char *text, size_t len, int64_t *ret_time)
{
	struct tm tm = { 0 }, same;
	time_t when;

	if (len != CRD_TIME_TEXT - 1 || text[4] != '-' || text[7] != '-' ||
	    text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
	    text[19] != 'Z')
		return -EBADMSG;
	if (!digits(text, 4, &tm.tm_year) || !digits(text + 5, 2, &tm.tm_mon) ||
	    !digits(text + 8, 2, &tm.tm_mday) ||
	    !digits(text + 11, 2, &tm.tm_hour) ||
	    !digits(text + 14, 2, &tm.tm_min) ||
	    !digits(text + 17, 2, &tm.tm_sec))
		return -EBADMSG;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	same = tm;
	when = timegm(&same);
	/* 30 February and 25 o'clock come back as another date */
	if (when < 0 || same.tm_mon != tm.tm_mon ||
	    same.tm_mday != tm.tm_mday || same.tm_hour != tm.tm_hour ||
	    same.tm_min != tm.tm_min || same.tm_sec != tm.tm_sec)
		return -EBADMSG;
	*ret_time = when;
	return 0;
}

void crd_time_format(int64_t when, char text[static CRD_TIME_TEXT])
{
	time_t t = (time_t)when;
	struct tm tm;

	if (!gmtime_r(&t, &tm) ||
	    strftime(text, CRD_TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		strcpy(text, "-");
}

int crd_duration_parse(const char *text, int64_t *ret_seconds)
{
	static const struct {
		char letter;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', DAY } };
	size_t n = strspn(text, "0123456789"), i;
	int64_t total = 0;
	int value;

	if (n == 0 || n > 7 || !digits(text, n, &value) || !text[n] ||
	    text[n + 1])
		return -EBADMSG;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (text[n] == units[i].letter)
			total = value * units[i].seconds;
	if (total <= 0 || total > (int64_t)CRD_CHALLENGE_MAX_DAYS * DAY)
		return -EBADMSG;
	*ret_seconds = total;
	return 0;
}

int crd_challenge_random(uint8_t *bytes, size_t len)
{
	/* up to 256 bytes come whole once the kernel's pool is ready */
	return getrandom(bytes, len, 0) == (ssize_t)len ? 0 : -EIO;
}

int crd_challenge_new(int64_t now, int64_t seconds,
		      struct crd_challenge *ret_challenge)
{
	struct crd_challenge c = {
		.nonce_len = CRD_CHALLENGE_NONCE,
		.issued = now,
		.expires = now + seconds,
	};
	int r = crd_challenge_random(c.nonce, c.nonce_len);

	if (r == 0)
		*ret_challenge = c;
	return r;
}

void crd_challenge_format(const struct crd_challenge *challenge,
			  char text[static CRD_CHALLENGE_TEXT])
{
	char nonce[2 * CRD_NONCE_MAX + 1];
	char issued[CRD_TIME_TEXT], expires[CRD_TIME_TEXT];

	crd_hex(challenge->nonce, CRD_CHALLENGE_NONCE, nonce);
	crd_time_format(challenge->issued, issued);
	crd_time_format(challenge->expires, expires);
	snprintf(text, CRD_CHALLENGE_TEXT,
		 "{\"credence-challenge\": 1,\n \"nonce\": \"%.64s\",\n"
		 " \"issued\": \"%s\",\n \"expires\": \"%s\"}\n",
		 nonce, issued, expires);
}

/*
 * The little JSON that this file may hold, and no more: no escapes, no
 * nesting, no other member. A wider parser would only accept more.
 */
struct scan {
	const char *text;
	size_t len, at;
	struct crd_error *err;
};

static int wrong(const struct scan *s, const char *what)
{
	size_t i;
	int r = crd_io_err(s->err, -EBADMSG, "%s", what);

	if (!s->err)
		return r;
	s->err->offset = s->at;
	s->err->line = s->err->column = 1;
	for (i = 0; i < s->at && i < s->len; i++) {
		s->err->column++;
		if (s->text[i] == '\n') {
			s->err->line++;
			s->err->column = 1;
		}
	}
	return r;
}

static char next(struct scan *s)
{
	while (s->at < s->len && s->text[s->at] &&
	       strchr(" \t\r\n", s->text[s->at]))
		s->at++;
	return s->at < s->len ? s->text[s->at] : '\0';
}

static bool eat(struct scan *s, char c)
{
	if (next(s) != c || s->at >= s->len)
		return false;
	s->at++;
	return true;
}

/* A string of printable ASCII without escapes; borrowed. */
static bool string(struct scan *s, const char **ret, size_t *ret_len)
{
	size_t start;

	if (!eat(s, '"'))
		return false;
	start = s->at;
	while (s->at < s->len && s->text[s->at] >= ' ' &&
	       s->text[s->at] < 0x7f && s->text[s->at] != '\\' &&
	       s->text[s->at] != '"')
		s->at++;
	*ret = s->text + start;
	*ret_len = s->at - start;
	return eat(s, '"');
}

enum member { FORMAT, NONCE, ISSUED, EXPIRES, N_MEMBERS };

static const char *const members[N_MEMBERS] = {
	[FORMAT] = "credence-challenge",
	[NONCE] = "nonce",
	[ISSUED] = "issued",
	[EXPIRES] = "expires",
};

static int value(struct scan *s, enum member m, struct crd_challenge *c)
{
	const char *text;
	size_t len;

	if (m == FORMAT)
		return eat(s, '1') ? 0 :
				     wrong(s, "credence-challenge must be 1");
	if (next(s) != '"' || !string(s, &text, &len))
		return wrong(s, "a string without escapes is expected here");
	if (m == NONCE) {
		c->nonce_len = CRD_CHALLENGE_NONCE;
		if (crd_unhex(text, len, c->nonce, CRD_CHALLENGE_NONCE) == 0)
			return 0;
		return wrong(s, "nonce must be 64 lower-case hex digits");
	}
	if (crd_time_parse(text, len, m == ISSUED ? &c->issued : &c->expires))
		return wrong(s, "a time such as 2026-01-31T12:00:00Z is expected");
	return 0;
}

static int member(struct scan *s, bool seen[N_MEMBERS], struct crd_challenge *c)
{
	const char *name;
	size_t len;
	int m;

	if (!string(s, &name, &len))
		return wrong(s, "a member's name is expected here");
	for (m = 0; m < N_MEMBERS; m++)
		if (strlen(members[m]) == len && !memcmp(members[m], name, len))
			break;
	if (m == N_MEMBERS)
		return wrong(s, "unknown member");
	if (seen[m])
		return wrong(s, "this member is given twice");
	seen[m] = true;
	if (!eat(s, ':'))
		return wrong(s, "':' is expected here");
	return value(s, (enum member)m, c);
}

static int check(const struct scan *s, const bool seen[N_MEMBERS],
		 const struct crd_challenge *c)
{
	int m;

	for (m = 0; m < N_MEMBERS; m++)
		if (!seen[m])
			return crd_io_err(s->err, -EBADMSG, "%s is missing",
					  members[m]);
	if (c->expires <= c->issued)
		return crd_io_err(s->err, -EBADMSG,
				  "it expires before it is issued");
	if (c->expires - c->issued > (int64_t)CRD_CHALLENGE_MAX_DAYS * DAY)
		return crd_io_err(s->err, -EBADMSG,
				  "it is valid for more than %d days",
				  CRD_CHALLENGE_MAX_DAYS);
	return 0;
}

int crd_challenge_parse(const uint8_t *bytes, size_t len,
			struct crd_challenge *ret_challenge,
			struct crd_error *err)
{
	struct scan s = { .text = (const char *)bytes, .len = len, .err = err };
	struct crd_challenge c = { 0 };
	bool seen[N_MEMBERS] = { false };
	int r;

	if (len > CRD_MAX_CHALLENGE_FILE)
		return wrong(&s, "too long for a challenge");
	if (!eat(&s, '{'))
		return wrong(&s, "not a challenge file: no '{'");
	do {
		r = member(&s, seen, &c);
		if (r < 0)
			return r;
	} while (eat(&s, ','));
	if (!eat(&s, '}'))
		return wrong(&s, "',' or '}' is expected here");
	next(&s);
	if (s.at != len)
		return wrong(&s, "there is more after the challenge");
	r = check(&s, seen, &c);
	if (r == 0)
		*ret_challenge = c;
	return r;
}

int crd_challenge_read(const char *path, struct crd_challenge *ret_challenge,
		       struct crd_error *err)
{
	struct crd_error why;
	uint8_t *bytes = NULL;
	size_t len;
	int r;

	r = crd_io_read(path, CRD_MAX_CHALLENGE_FILE, &bytes, &len, err);
	if (r < 0)
		return r;
	r = crd_challenge_parse(bytes, len, ret_challenge, &why);
	if (r < 0 && why.line)
		crd_io_err(err, r, "%s:%u:%u: %s", path, why.line, why.column,
			   why.text);
	else if (r < 0)
		crd_io_err(err, r, "%s: %s", path, why.text);
	free(bytes);
	return r;
}
