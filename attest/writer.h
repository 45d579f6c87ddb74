/* SPDX-License-Identifier: Apache-2.0 */
/*
 * writer - the mirror of the reader: bytes appended to a growing block. An
 * append that fails, fails for good; crd_writer_finish() says so once.
 */
#ifndef CRD_WRITER_H
#define CRD_WRITER_H

#include "attest.h"

struct crd_writer {
	uint8_t *bytes;
	size_t len, size;
	size_t limit; /* never larger than this */
	int error;    /* 0 or the first -errno */
};

/* reserve: bytes expected, so that a good guess costs one allocation. */
void crd_writer_init(struct crd_writer *w, size_t limit, size_t reserve);
void crd_writer_bytes(struct crd_writer *w, struct crd_buf bytes);
/* Big-endian, n from 1 to 8. */
void crd_writer_be(struct crd_writer *w, uint64_t value, size_t n);
/*
 * Hands the block to the caller, who frees it with free(); or frees it and
 * returns -ENOMEM, -E2BIG, or what error was set to.
 */
int crd_writer_finish(struct crd_writer *w, uint8_t **ret_bytes,
		      size_t *ret_len);

#endif /* CRD_WRITER_H */
