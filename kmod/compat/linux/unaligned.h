/* SPDX-License-Identifier: GPL-2.0-only */
/* <asm/unaligned.h> became <linux/unaligned.h> in 6.12. */
#ifdef CRD_HAVE_UNALIGNED_H
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif
