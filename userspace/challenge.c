// SPDX-License-Identifier: Apache-2.0
#include "challenge.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "hex.h"
#include "io.h"

#define DAY	 86400
#define MAX_TIME 253402300799 /* the end of 9999 */

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

int crd_unhex(const char *text, size_t text_len, uint8_t *bytes, size_t len)
{
	struct crd_buf hex = { (const uint8_t *)text, text_len };

	return text_len == 2 * len && crd_hex_read(hex, crd_hex_digit, bytes) ?
		       0 :
		       -EBADMSG;
}

/*
 * Days since 1970-01-01 of a date in the Gregorian calendar, and back. The C
 * library's functions would read the time zone's file for this. Years begin in
 * March here, so that the leap day is a year's last.
 */
static int64_t days_of(int year, int month, int day)
{
	int64_t y = year - (month <= 2);
	int64_t of_year =
		(153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return y * 365 + y / 4 - y / 100 + y / 400 + of_year - 719468;
}

struct date {
	int year, month, day;
};

static struct date date_of(int64_t days)
{
	struct date d = { .year = 1970, .month = 1, .day = 1 };

	/* a guess that is never too late, then a year or month at a time */
	d.year += (int)(days / 366);
	while (days_of(d.year + 1, 1, 1) <= days)
		d.year++;
	while (d.month < 12 && days_of(d.year, d.month + 1, 1) <= days)
		d.month++;
	d.day += (int)(days - days_of(d.year, d.month, 1));
	return d;
}

static bool time_shape(const char *text, size_t len)
{
	static const char shape[] = "0000-00-00T00:00:00Z";
	size_t i;

	if (len != sizeof(shape) - 1)
		return false;
	for (i = 0; i < len; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if (shape[i] == '0' ? !digit : text[i] != shape[i])
			return false;
	}
	return true;
}

static int number(const char *text, size_t n)
{
	int v = 0;

	for (; n; n--, text++)
		v = v * 10 + (*text - '0');
	return v;
}

int crd_time_parse(const char *text, size_t len, int64_t *ret_time)
{
	int year, month, day, hour, minute, second;
	struct date same;
	int64_t days;

	if (!time_shape(text, len))
		return -EBADMSG;
	year = number(text, 4);
	month = number(text + 5, 2);
	day = number(text + 8, 2);
	hour = number(text + 11, 2);
	minute = number(text + 14, 2);
	second = number(text + 17, 2);
	if (year < 1970 || month < 1 || month > 12 || day < 1 || hour > 23 ||
	    minute > 59 || second > 59)
		return -EBADMSG;
	days = days_of(year, month, day);
	same = date_of(days);
	/* 30 February comes back as another day */
	if (same.month != month || same.day != day)
		return -EBADMSG;
	*ret_time = days * DAY + hour * 3600 + minute * 60 + second;
	return 0;
}

void crd_time_format(int64_t when, char text[static CRD_TIME_TEXT])
{
	struct date d;
	int second;

	if (when < 0 || when > MAX_TIME) {
		snprintf(text, CRD_TIME_TEXT, "-");
		return;
	}
	d = date_of(when / DAY);
	second = (int)(when % DAY);
	snprintf(text, CRD_TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02uZ",
		 (unsigned int)d.year % 10000, (unsigned int)d.month % 100,
		 (unsigned int)d.day % 100, (unsigned int)(second / 3600) % 100,
		 (unsigned int)(second / 60) % 60, (unsigned int)second % 60);
}

int crd_duration_parse(const char *text, int64_t *ret_seconds)
{
	static const struct {
		char letter;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', DAY } };
	size_t n = strspn(text, "0123456789"), i;
	int64_t total = 0;

	if (n == 0 || n > 7 || !text[n] || text[n + 1])
		return -EBADMSG;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (text[n] == units[i].letter)
			total = number(text, n) * units[i].seconds;
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
		return wrong(s,
			     "a time such as 2026-01-31T12:00:00Z is expected");
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
