/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cbor - the part of CBOR (RFC 8949) that evidence uses, deterministic
 * encoding (4.2.1) only: definite lengths, shortest heads. Reading borrows.
 *
 * A read of another type than asked for, or of a longer head than needed,
 * fails the reader; see reader.h.
 */
#ifndef CRD_CBOR_H
#define CRD_CBOR_H

#include "reader.h"
#include "writer.h"

enum crd_cbor_major {
	CRD_CBOR_UINT = 0,
	CRD_CBOR_BYTES = 2,
	CRD_CBOR_TEXT = 3,
	CRD_CBOR_ARRAY = 4,
	CRD_CBOR_MAP = 5,
};

/* Value, length or count of the next item. */
uint64_t crd_cbor_head(struct crd_reader *r, enum crd_cbor_major major);
/* Byte or text string; text is checked to be UTF-8. */
struct crd_buf crd_cbor_string(struct crd_reader *r, enum crd_cbor_major major);
/* Is the next item this text? */
bool crd_cbor_expect(struct crd_reader *r, const char *text);

void crd_cbor_put_head(struct crd_writer *w, enum crd_cbor_major major,
		       uint64_t value);
void crd_cbor_put_string(struct crd_writer *w, enum crd_cbor_major major,
			 struct crd_buf string);

#endif /* CRD_CBOR_H */
