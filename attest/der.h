/* SPDX-License-Identifier: Apache-2.0 */
/*
 * der - a bounded cursor over DER (X.690), as strict as signatures need it:
 * tags of one byte, definite lengths in their shortest form.
 *
 * As with reader.h, a read that does not fit fails for good and gives empty
 * views; a parser reads all it wants and asks der_end() once.
 */
#ifndef CRD_DER_H
#define CRD_DER_H

#include "attest.h"

/* Universal class; DER_CONTEXT(n) is [n], constructed or primitive. */
#define DER_BOOLEAN	    0x01
#define DER_INTEGER	    0x02
#define DER_BIT_STRING	    0x03
#define DER_OCTET_STRING    0x04
#define DER_NULL	    0x05
#define DER_OID		    0x06
#define DER_SEQUENCE	    0x30
#define DER_SET		    0x31
#define DER_CONTEXT(n)	    (0xa0 + (n))
#define DER_CONTEXT_PRIM(n) (0x80 + (n))

struct crd_der {
	struct crd_buf left;
	bool failed;
};

static inline struct crd_der der_of(struct crd_buf in)
{
	return (struct crd_der){ in, false };
}

/* Tag of the next element; 0, which is no tag, at the end or after a failure. */
static inline uint8_t der_peek(const struct crd_der *d)
{
	return d->failed || !d->left.len ? 0 : d->left.ptr[0];
}

/* The next element, header included; *ret_value: without it. */
struct crd_buf crd_der_element(struct crd_der *d, uint8_t tag,
			       struct crd_buf *ret_value);

/* The value of the next element, which must have that tag. */
static inline struct crd_buf der_take(struct crd_der *d, uint8_t tag)
{
	struct crd_buf value;

	crd_der_element(d, tag, &value);
	return value;
}

/* A cursor over the value of the next element. */
static inline struct crd_der der_enter(struct crd_der *d, uint8_t tag)
{
	struct crd_buf value = der_take(d, tag);

	return (struct crd_der){ value, d->failed };
}

/* One that may be there. */
static inline void der_skip(struct crd_der *d, uint8_t tag)
{
	if (der_peek(d) == tag)
		der_take(d, tag);
}

/* Every read fitted, and nothing is left. */
static inline bool der_end(const struct crd_der *d)
{
	return !d->failed && !d->left.len;
}

/* An INTEGER from 0 to 127. */
int crd_der_small(struct crd_der *d);
/* A positive INTEGER's bytes without the zero that keeps it positive. */
struct crd_buf crd_der_unsigned(struct crd_der *d);

#endif /* CRD_DER_H */
