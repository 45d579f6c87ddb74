/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fields - what a machine says of itself, written as the fields that a
 * measurer's log would have (kmod/uapi/credence.h), so that one reader and one
 * display serve both.
 */
#ifndef CRD_FIELDS_H
#define CRD_FIELDS_H

#include <stddef.h>
#include <stdint.h>

#include "attest.h"

#define CRD_MAX_CUT 16 /* fields of one item that were cut */

/* Zeros are an empty one. After an error nothing more is added. */
struct crd_fields {
	uint8_t *bytes;
	size_t len, size;
	struct crd_said *items;
	size_t n, cap;
	int error; /* 0 or the first -errno */
	uint8_t cut[CRD_MAX_CUT];
	size_t n_cut;
};

/* An item: begin, its fields in ascending order, end. */
void crd_fields_begin(struct crd_fields *f, uint16_t event);
void crd_fields_end(struct crd_fields *f);

/* Raw text: escaped and cut as the log's. NULL: no field. */
void crd_fields_text(struct crd_fields *f, uint8_t type, const void *text,
		     size_t len);
/* NULL or empty: no field. */
void crd_fields_str(struct crd_fields *f, uint8_t type, const char *text);
/* The same, with the room of a path. */
void crd_fields_path(struct crd_fields *f, uint8_t type, const char *text);
void crd_fields_uint(struct crd_fields *f, uint8_t type, uint64_t value,
		     unsigned int width);
void crd_fields_bytes(struct crd_fields *f, uint8_t type, const void *ptr,
		      size_t len);
void crd_fields_hash(struct crd_fields *f, uint8_t type,
		     const struct crd_digest *digest);
/* More of that field was there than is said. */
void crd_fields_cut(struct crd_fields *f, uint8_t type);
void crd_fields_done(struct crd_fields *f);

#endif /* CRD_FIELDS_H */
