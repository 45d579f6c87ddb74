/* SPDX-License-Identifier: GPL-2.0-only */
/* Text from outside: what the log may hold of it. */
#ifndef _CRD_TEXT_H
#define _CRD_TEXT_H

#include <linux/types.h>

/* One byte of input becomes at most this many. */
#define CRD_TEXT_GROWTH		4

size_t crd_text_escape(u8 *out, size_t limit, const char *in, size_t len,
		       bool *ret_cut);

#endif /* _CRD_TEXT_H */
