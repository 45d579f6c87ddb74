/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hwdata - names for ids, from the lists that distributions install. A help
 * for who reads an inventory: nothing is decided by them.
 */
#ifndef CRD_HWDATA_H
#define CRD_HWDATA_H

#include "attest.h"

struct crd_hwdata;

/* root NULL: "/". Nothing is opened before a name is asked for. */
struct crd_hwdata *crd_hwdata_new(const char *root);
void crd_hwdata_free(struct crd_hwdata **hwdata);
/* Is the list of that bus installed? */
bool crd_hwdata_has(const char *bus, struct crd_hwdata *hwdata);
/*
 * A crd_name_fn; ctx is the hwdata. The name of a vendor, or with a device of
 * that; bus "pci" or "usb".
 */
bool crd_hwdata_name(const char *bus, uint16_t vendor, int32_t device,
		     struct crd_buf *ret_name, void *ctx);

#endif /* CRD_HWDATA_H */
