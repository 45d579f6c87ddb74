/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader - a bounded cursor over bytes that nobody vouches for.
 *
 * A read that does not fit fails for good: every later read gives zeros and
 * empty views, the cursor stays where the read began. So a parser is a list of
 * reads and asks rd_failed() once, before it uses anything.
 */
#ifndef CRD_READER_H
#define CRD_READER_H

#include "attest.h"

struct crd_reader {
	struct crd_buf in;
	size_t pos;    /* next byte of in */
	size_t origin; /* where in begins in the caller's input */
	bool failed;
};

static inline void rd_init(struct crd_reader *r, struct crd_buf in,
			   size_t origin)
{
	r->in = in;
	if (!in.ptr) /* so that pointers into nothing stay defined */
		r->in.ptr = (const uint8_t *)"";
	r->pos = 0;
	r->origin = origin;
	r->failed = false;
}

static inline bool rd_failed(const struct crd_reader *r)
{
	return r->failed;
}

static inline size_t rd_left(const struct crd_reader *r)
{
	return r->failed ? 0 : r->in.len - r->pos;
}

/* For errors: where the cursor is, or where the first bad read began. */
static inline size_t rd_offset(const struct crd_reader *r)
{
	return r->origin + r->pos;
}

static inline struct crd_buf rd_take(struct crd_reader *r, size_t n)
{
	struct crd_buf out = { NULL, 0 };

	if (r->failed || n > r->in.len - r->pos) {
		r->failed = true;
		return out;
	}
	out.ptr = r->in.ptr + r->pos;
	out.len = n;
	r->pos += n;
	return out;
}

/* Big-endian, n from 1 to 8. */
static inline uint64_t rd_be(struct crd_reader *r, size_t n)
{
	struct crd_buf b = rd_take(r, n);
	uint64_t value = 0;

	for (size_t i = 0; i < b.len; i++)
		value = value << 8 | b.ptr[i];
	return value;
}

static inline uint8_t rd_u8(struct crd_reader *r)
{
	return (uint8_t)rd_be(r, 1);
}

static inline uint16_t rd_be16(struct crd_reader *r)
{
	return (uint16_t)rd_be(r, 2);
}

static inline uint32_t rd_be32(struct crd_reader *r)
{
	return (uint32_t)rd_be(r, 4);
}

static inline uint64_t rd_be64(struct crd_reader *r)
{
	return rd_be(r, 8);
}

/* TPM2B: u16 size, then as many bytes. */
static inline struct crd_buf rd_tpm2b(struct crd_reader *r)
{
	return rd_take(r, rd_be16(r));
}

/*
 * Fills *err, if there is one, and returns ret, so that a caller can write
 * return crd_fail(...). The text is made printable.
 */
int crd_fail(struct crd_error *err, int ret, size_t offset, const char *fmt,
	     ...) __attribute__((format(printf, 4, 5)));
/* -EBADMSG for a reader that failed: what was cut short, and where. */
int crd_fail_short(struct crd_error *err, const struct crd_reader *r,
		   const char *what);

bool crd_buf_equal(struct crd_buf a, struct crd_buf b);
/* Well-formed UTF-8 (Unicode 15, table 3-7). */
bool crd_utf8_valid(struct crd_buf text);
/* Bytes of the UTF-8 character at the start of text; 0 if there is none. */
size_t crd_utf8_char(struct crd_buf text);

#endif /* CRD_READER_H */
