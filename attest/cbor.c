// SPDX-License-Identifier: Apache-2.0
/* cbor - deterministic CBOR, as much of it as evidence needs. */
#include "cbor.h"

#include <string.h>

/*
 * A head's first byte: major type in the upper three bits, below it the value
 * when under 24, or 24 to 27 for 1, 2, 4 or 8 bytes that follow. 31, the
 * indefinite length, is not of the deterministic encoding.
 */
static uint64_t read_value(struct crd_reader *r, unsigned int info)
{
	static const uint64_t least[] = { 24, 0x100, 0x10000, 0x100000000 };
	uint64_t value;

	if (info < 24)
		return info;
	if (info > 27) {
		r->failed = true;
		return 0;
	}
	value = rd_be(r, (size_t)1 << (info - 24));
	if (value < least[info - 24])
		r->failed = true; /* a shorter head would have done */
	return value;
}

uint64_t crd_cbor_head(struct crd_reader *r, enum crd_cbor_major major)
{
	size_t start = r->pos;
	uint8_t first = rd_u8(r);
	uint64_t value = read_value(r, first & 0x1f);

	if (first >> 5 != (unsigned int)major)
		r->failed = true;
	if (!rd_failed(r))
		return value;
	r->pos = start;
	return 0;
}

struct crd_buf crd_cbor_string(struct crd_reader *r, enum crd_cbor_major major)
{
	const struct crd_buf none = { NULL, 0 };
	size_t start = r->pos;
	uint64_t len = crd_cbor_head(r, major);
	struct crd_buf string = none;

	if (len > rd_left(r))
		r->failed = true;
	else
		string = rd_take(r, (size_t)len);
	if (!rd_failed(r) && major == CRD_CBOR_TEXT && !crd_utf8_valid(string))
		r->failed = true;
	if (!rd_failed(r))
		return string;
	r->pos = start;
	return none;
}

bool crd_cbor_expect(struct crd_reader *r, const char *text)
{
	struct crd_buf found = crd_cbor_string(r, CRD_CBOR_TEXT);

	return !rd_failed(r) &&
	       crd_buf_equal(found, (struct crd_buf){ (const uint8_t *)text,
						      strlen(text) });
}

void crd_cbor_put_head(struct crd_writer *w, enum crd_cbor_major major,
		       uint64_t value)
{
	unsigned int top = (unsigned int)major << 5;
	unsigned int size = 0; /* 2 to that power bytes follow */

	if (value < 24) {
		crd_writer_be(w, top | value, 1);
		return;
	}
	while (size < 3 && value >> (8u << size))
		size++;
	crd_writer_be(w, top | (24 + size), 1);
	crd_writer_be(w, value, (size_t)1 << size);
}

void crd_cbor_put_string(struct crd_writer *w, enum crd_cbor_major major,
			 struct crd_buf string)
{
	crd_cbor_put_head(w, major, string.len);
	crd_writer_bytes(w, string);
}
