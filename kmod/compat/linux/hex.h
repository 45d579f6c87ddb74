/* SPDX-License-Identifier: GPL-2.0-only */
/* <linux/hex.h> was part of <linux/kernel.h> before 6.4. */
#ifdef CRD_HAVE_HEX_H
#include_next <linux/hex.h>
#else
#include <linux/kernel.h>
#endif
