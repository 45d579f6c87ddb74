/* SPDX-License-Identifier: Apache-2.0 */
/* modinfo - the key=value strings of a module file (ELF section .modinfo). */
#ifndef CRD_MODINFO_H
#define CRD_MODINFO_H

#include "attest.h"

/* -EBADMSG: no ELF64 little-endian object with such a section. Borrows. */
int crd_modinfo_find(struct crd_buf module, struct crd_buf *ret_section);
/* The next value of key in what is left; false when there is none. */
bool crd_modinfo_next(struct crd_buf *left, const char *key,
		      struct crd_buf *ret_value);

#endif /* CRD_MODINFO_H */
