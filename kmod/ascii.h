/* SPDX-License-Identifier: GPL-2.0-only */
/* Records as text, one line each. */
#ifndef _CRD_ASCII_H
#define _CRD_ASCII_H

#include <linux/seq_file.h>
#include "store.h"

u64 crd_ascii_next(const struct crd_store *st, u64 offset);
int crd_ascii_show(struct seq_file *m, const struct crd_store *st, u64 offset);

#endif /* _CRD_ASCII_H */
