/* SPDX-License-Identifier: Apache-2.0 */
/* bidfile - bills of materials as files. For screen and verify. */
#ifndef CRD_BIDFILE_H
#define CRD_BIDFILE_H

#include "bid.h"

#define CRD_BID_FORMAT_HELP \
	"cyclonedx, spdx, paccor or csv; default: by content"

/*
 * format: a name, NULL: by content. -EINVAL: no such format; failures of
 * crd_io_read(); -EBADMSG, -E2BIG and -EOPNOTSUPP for wrong content.
 */
int crd_bidfile_read(const char *path, const char *format,
		     struct crd_bid **ret_bid, struct crd_error *err);

#endif /* CRD_BIDFILE_H */
