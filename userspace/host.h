/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host - a machine as its kernel and files tell of it now, without the
 * measurer: devices from sysfs, the platform from SMBIOS, ACPI and the rest,
 * drivers from /proc and module files. Self-reported, all of it.
 */
#ifndef CRD_HOST_H
#define CRD_HOST_H

#include "attest.h"

struct crd_host;

/*
 * root NULL: "/". What cannot be read is said to be not seen, in a COVERAGE
 * record; -ENOENT: nothing at all could be.
 */
int crd_host_read(const char *root, struct crd_host **ret_host,
		  struct crd_error *err);
const struct crd_inventory *crd_host_inventory(const struct crd_host *host);
void crd_host_free(struct crd_host **host);

#endif /* CRD_HOST_H */
