/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host - the drivers of a machine without the measurer, as /proc, /sys and
 * the module files tell it now: self-reported, all of it.
 */
#ifndef CRD_HOST_H
#define CRD_HOST_H

#include "attest.h"

struct crd_host;

/* root NULL: "/". -ENOENT: no /proc/modules there. */
int crd_host_read(const char *root, struct crd_host **ret_host,
		  struct crd_error *err);
const struct crd_inventory *crd_host_inventory(const struct crd_host *host);
void crd_host_free(struct crd_host **host);

#endif /* CRD_HOST_H */
