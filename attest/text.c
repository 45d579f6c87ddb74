// SPDX-License-Identifier: Apache-2.0
#include "text_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FMT_ROOM = 96, /* for what most formats give */
	LONGEST_WORD = 40,
};

static const char digits[] = "0123456789abcdef";

static bool str_room(struct crd_str *str, size_t more)
{
	size_t cap = str->cap ? str->cap : 128;
	char *ptr;

	if (str->failed)
		return false;
	if (str->cap - str->len > more)
		return true;
	while (cap - str->len <= more)
		cap *= 2;
	ptr = realloc(str->ptr, cap);
	if (!ptr) {
		str->failed = true;
		return false;
	}
	str->ptr = ptr;
	str->cap = cap;
	return true;
}

void crd_str_add(struct crd_str *str, const char *ptr, size_t len)
{
	if (!str_room(str, len))
		return;
	if (len)
		memcpy(str->ptr + str->len, ptr, len);
	str->len += len;
	str->ptr[str->len] = '\0';
}

void crd_str_puts(struct crd_str *str, const char *text)
{
	crd_str_add(str, text, strlen(text));
}

void crd_str_fmt(struct crd_str *str, const char *fmt, ...)
{
	va_list ap;
	int n;

	/* twice only if it is long */
	if (!str_room(str, FMT_ROOM))
		return;
	va_start(ap, fmt);
	n = vsnprintf(str->ptr + str->len, FMT_ROOM, fmt, ap);
	va_end(ap);
	if (n >= FMT_ROOM && str_room(str, (size_t)n + 1)) {
		va_start(ap, fmt);
		n = vsnprintf(str->ptr + str->len, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	if (n < 0)
		str->failed = true;
	if (str->failed)
		str->ptr[str->len] = '\0';
	else
		str->len += (size_t)n;
}

void crd_str_cell(struct crd_str *str, const char *text)
{
	crd_str_puts(str, "\"");
	if (text && *text && strchr("=+-@\t\r", *text))
		crd_str_puts(str, "'");
	for (; text && *text; text++) {
		if (*text == '"')
			crd_str_puts(str, "\"");
		crd_str_add(str, text, 1);
	}
	crd_str_puts(str, "\"");
}

char *crd_str_take(struct crd_str *str)
{
	char *ptr;

	crd_str_add(str, "", 0); /* an empty text is a text */
	ptr = str->ptr;
	if (str->failed) {
		free(ptr);
		ptr = NULL;
	}
	memset(str, 0, sizeof(*str));
	return ptr;
}

void crd_str_done(struct crd_str *str)
{
	free(str->ptr);
	memset(str, 0, sizeof(*str));
}

/* Unicode 15, table 3-7: bounds of the second byte by the first. */
size_t crd_utf8_len(const uint8_t *ptr, size_t left)
{
	uint8_t c, lo = 0x80, hi = 0xbf;
	size_t i, len;

	if (!left)
		return 0;
	c = ptr[0];
	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4)
		return 0;
	len = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (len > left)
		return 0;
	if (c == 0xe0)
		lo = 0xa0;
	else if (c == 0xed)
		hi = 0x9f;
	else if (c == 0xf0)
		lo = 0x90;
	else if (c == 0xf4)
		hi = 0x8f;
	if (ptr[1] < lo || ptr[1] > hi)
		return 0;
	for (i = 2; i < len; i++) {
		if ((ptr[i] & 0xc0) != 0x80)
			return 0;
	}
	return len;
}

static uint32_t utf8_code(const uint8_t *ptr, size_t len)
{
	uint32_t code = ptr[0];
	size_t i;

	if (len > 1)
		code &= 0xffu >> (len + 1);
	for (i = 1; i < len; i++)
		code = code << 6 | (ptr[i] & 0x3f);
	return code;
}

/* Controls, and characters that are invisible or turn the writing around. */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{ 0x0000, 0x001f }, { 0x007f, 0x009f },	  { 0x00ad, 0x00ad },
	{ 0x061c, 0x061c }, { 0x115f, 0x1160 },	  { 0x180b, 0x180f },
	{ 0x200b, 0x200f }, { 0x2028, 0x202e },	  { 0x2060, 0x206f },
	{ 0x3164, 0x3164 }, { 0xe000, 0xf8ff },	  { 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 },	  { 0xfff0, 0xfffb },
	{ 0xfffe, 0xffff }, { 0x1d173, 0x1d17a }, { 0xe0000, 0x10ffff },
};

bool crd_utf8_showable(const uint8_t *ptr, size_t len)
{
	uint32_t code = utf8_code(ptr, len);
	size_t i;

	if (code >= 0x20 && code < 0x7f)
		return true;
	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (code >= hidden[i].first && code <= hidden[i].last)
			return false;
	}
	return true;
}

void crd_str_safe(struct crd_str *str, struct crd_buf bytes)
{
	size_t i, len, pos = 0;

	while (pos < bytes.len) {
		len = crd_utf8_len(bytes.ptr + pos, bytes.len - pos);
		if (len && crd_utf8_showable(bytes.ptr + pos, len)) {
			crd_str_add(str, (const char *)bytes.ptr + pos, len);
			pos += len;
			continue;
		}
		for (i = 0; i < (len ? len : 1); i++, pos++)
			crd_str_fmt(str, "\\x%02x", bytes.ptr[pos]);
	}
}

void crd_str_hex(struct crd_str *str, const uint8_t *ptr, size_t len)
{
	char hex[2];
	size_t i;

	for (i = 0; i < len; i++) {
		hex[0] = digits[ptr[i] >> 4];
		hex[1] = digits[ptr[i] & 15];
		crd_str_add(str, hex, sizeof(hex));
	}
}

char *crd_put_hex4(char *out, uint16_t value)
{
	unsigned int shift;

	for (shift = 16; shift; shift -= 4)
		*out++ = digits[value >> (shift - 4) & 15];
	return out;
}

struct crd_buf crd_unescape(struct crd_buf escaped, uint8_t *room)
{
	struct crd_buf out = { room, 0 };
	const uint8_t *p = escaped.ptr;
	size_t i = 0;

	if (!escaped.len || !memchr(p, '\\', escaped.len))
		return escaped;
	while (i < escaped.len) {
		if (p[i] == '\\' && escaped.len - i >= 4 && p[i + 1] == 'x' &&
		    crd_hex_digit(p[i + 2]) >= 0 &&
		    crd_hex_digit(p[i + 3]) >= 0) {
			room[out.len++] =
				(uint8_t)(crd_hex_digit(p[i + 2]) << 4 |
					  crd_hex_digit(p[i + 3]));
			i += 4;
		} else {
			room[out.len++] = p[i++];
		}
	}
	return out;
}

/* A character as the log has it, in out; its bytes there. */
static size_t escape_char(const uint8_t *ptr, size_t len, char *out)
{
	static const char hex[] = "0123456789abcdef";

	if (len && *ptr >= 0x20 && *ptr != 0x7f && *ptr != '\\') {
		memcpy(out, ptr, len);
		return len;
	}
	out[0] = '\\';
	out[1] = 'x';
	out[2] = hex[*ptr >> 4];
	out[3] = hex[*ptr & 15];
	return 4;
}

size_t crd_escape(struct crd_buf *raw, char *out, size_t max)
{
	size_t len, n, at = 0;
	char one[4];

	while (raw->len) {
		len = crd_utf8_len(raw->ptr, raw->len);
		n = escape_char(raw->ptr, len, one);
		if (n > max - at)
			break;
		memcpy(out + at, one, n);
		at += n;
		len = len ? len : 1;
		raw->ptr += len;
		raw->len -= len;
	}
	return at;
}

/*
 * Days of the civil calendar, counted in eras of 400 years whose year begins
 * in March, so that the leap day is the last day of its year.
 */
static int32_t days_from_civil(int32_t y, int32_t m, int32_t d)
{
	int32_t era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void civil_from_days(int64_t z, int64_t *y, int *m, int *d)
{
	int64_t era, doe, yoe, doy, mp;

	z += 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*m = (int)(mp < 10 ? mp + 3 : mp - 9);
	*y = yoe + era * 400 + (*m <= 2);
}

static bool two_digits(const char *p, int32_t *ret_value)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return false;
	*ret_value = (p[0] - '0') * 10 + (p[1] - '0');
	return true;
}

bool crd_date_parse(const char *text, size_t len, int32_t *ret_days)
{
	static const uint8_t days[] = { 31, 29, 31, 30, 31, 30,
					31, 31, 30, 31, 30, 31 };
	int32_t c, yy, y, m, d;

	if (len != 10 || text[4] != '-' || text[7] != '-' ||
	    !two_digits(text, &c) || !two_digits(text + 2, &yy) ||
	    !two_digits(text + 5, &m) || !two_digits(text + 8, &d))
		return false;
	y = c * 100 + yy;
	if (y < 1970 || m < 1 || m > 12 || d < 1 || d > days[m - 1])
		return false;
	if (m == 2 && d == 29 && (y % 4 || (y % 100 == 0 && y % 400)))
		return false;
	*ret_days = days_from_civil(y, m, d);
	return true;
}

int32_t crd_date_of(int64_t seconds)
{
	int64_t days = seconds / 86400 - (seconds % 86400 < 0);

	if (days > INT32_MAX)
		return INT32_MAX;
	return days < INT32_MIN ? INT32_MIN : (int32_t)days;
}

void crd_str_date(struct crd_str *str, int32_t days)
{
	int64_t y;
	int m, d;

	civil_from_days(days, &y, &m, &d);
	crd_str_fmt(str, "%04lld-%02d-%02d", (long long)y, m, d);
}

void crd_str_time(struct crd_str *str, int64_t seconds)
{
	int32_t days = crd_date_of(seconds);
	int rest = (int)(seconds - (int64_t)days * 86400);

	if (days == INT32_MAX || days == INT32_MIN) {
		crd_str_puts(str, "a time out of range");
		return;
	}
	crd_str_date(str, days);
	crd_str_fmt(str, " %02d:%02d:%02d UTC", rest / 3600, rest / 60 % 60,
		    rest % 60);
}

/* Length without the last character. */
static size_t utf8_cut(const char *text, size_t len)
{
	while (len && ((uint8_t)text[--len] & 0xc0) == 0x80)
		;
	return len;
}

/* Behind its last word, or character; room is left for "...". */
static size_t cut_text(const char *text, size_t len, size_t max)
{
	size_t i;

	while (len > max)
		len = utf8_cut(text, len);
	for (i = len; i && len - i < LONGEST_WORD; i--) {
		if (text[i - 1] == ' ')
			return i - 1;
	}
	return len;
}

int crd_fail_at(struct crd_error *err, unsigned int line, unsigned int column,
		int ret, const char *fmt, ...)
{
	static const char more[] = "...";
	const size_t max = sizeof(err->text) - sizeof(more);
	char raw[CRD_ERROR_TEXT];
	struct crd_str safe = { 0 };
	bool cut;
	va_list ap;

	if (!err)
		return ret;
	memset(err, 0, sizeof(*err));
	err->line = line;
	err->column = column;
	va_start(ap, fmt);
	cut = vsnprintf(raw, sizeof(raw), fmt, ap) >= (int)sizeof(raw);
	va_end(ap);
	crd_str_safe(&safe, crd_buf_of(raw));
	cut |= safe.len >= sizeof(err->text);
	if (safe.ptr && cut)
		safe.len = cut_text(safe.ptr, safe.len, max);
	if (safe.ptr)
		memcpy(err->text, safe.ptr, safe.len);
	if (safe.ptr && cut)
		memcpy(err->text + safe.len, more, sizeof(more));
	crd_str_done(&safe);
	return ret;
}
