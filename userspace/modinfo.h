/* SPDX-License-Identifier: Apache-2.0 */
/*
 * modinfo - what a module file says of itself: the key=value strings of its
 * ELF section .modinfo. Only what is needed is read of the file.
 */
#ifndef CRD_MODINFO_H
#define CRD_MODINFO_H

#include "attest.h"

/*
 * -EBADMSG: no ELF64 little-endian object with such a section, -E2BIG: one
 * beyond all reason. *ret_section is to be freed.
 */
int crd_modinfo_read(int fd, uint8_t **ret_section, size_t *ret_len);
/* The next value of key in what is left; false when there is none. Borrows. */
bool crd_modinfo_next(struct crd_buf *left, const char *key,
		      struct crd_buf *ret_value);
/* Is there a signature at the file's end? Whether it is good is not asked. */
bool crd_modinfo_signed(int fd);

#endif /* CRD_MODINFO_H */
