/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idlist - whose an id is by the lists that distributions install: PCI, USB,
 * PNP and IEEE's. For who keeps the registry; nothing is decided by them.
 */
#ifndef CRD_IDLIST_H
#define CRD_IDLIST_H

#include "registry.h"

struct crd_idlist;

/* root NULL: "/". NULL: out of memory. A list is read when it is first needed. */
struct crd_idlist *crd_idlist_new(const char *root);
void crd_idlist_free(struct crd_idlist **lists);
/*
 * A crd_named_fn; ctx is the lists. Of "oui" a value may be the name of a
 * company too, which then is the name found.
 */
enum crd_named crd_idlist_named(const char *scheme, struct crd_buf value,
				struct crd_buf *ret_name, void *ctx);
/* Lists that were asked for and are not here, "pci.ids, oui.txt"; "": none. */
const char *crd_idlist_missing(struct crd_idlist *lists);

#endif /* CRD_IDLIST_H */
