/* SPDX-License-Identifier: GPL-2.0-only */
/* What the administrator chose when loading the module. */
#ifndef _CRD_PARAMS_H
#define _CRD_PARAMS_H

#include <linux/types.h>
#include "uapi/credence.h"

#define CRD_LOG_MAX_DEFAULT	16384	/* KiB */
#define CRD_LOG_MAX_LEAST	64
#define CRD_LOG_MAX_MOST	(CRD_MAX_LOG / 1024)
#define CRD_TIMEOUT_DEFAULT	20000	/* ms */
#define CRD_TIMEOUT_LEAST	10
#define CRD_TIMEOUT_MOST	100000	/* below the hung-task limit of 120 s */

struct crd_params {
	unsigned int pcr;
	bool closed;		/* fail=closed */
	bool unloadable;
	unsigned int log_max;	/* KiB */
	unsigned int timeout;	/* ms */
};

#endif /* _CRD_PARAMS_H */
