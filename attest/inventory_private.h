/* SPDX-License-Identifier: Apache-2.0 */
/* How an inventory is shown, shared by text and JSON. */
#ifndef CRD_INVENTORY_PRIVATE_H
#define CRD_INVENTORY_PRIVATE_H

#include "appraise_private.h"
#include "registry_private.h"

/* inventory_filter.c: does the component itself fit? */
bool crd_filter_fits(const struct crd_show *show,
		     const struct crd_component *c);
bool crd_filter_is_empty(const struct crd_filter *filter);
/* Lists that a vendor of it stands on. */
struct crd_list_set crd_lists_of(const struct crd_show *show,
				 const struct crd_component *c);
/* The same in words: ", "-separated ids; "": none. */
void crd_lists_say(struct crd_str *str, const struct crd_show *show,
		   const struct crd_component *c);
/* What the kernel thought of a driver's signature, as far as it is known. */
enum crd_kernel_word {
	CRD_WORD_VERIFIED,
	CRD_WORD_NONE,
	CRD_WORD_UNVERIFIED,
	CRD_WORD_UNKNOWN
};
enum crd_kernel_word crd_kernel_word_of(const struct crd_component *driver);
const char *crd_kernel_word_name(enum crd_kernel_word state);
/* "Intel Corporation 82574L", by show->name; false: no name. */
bool crd_device_name(const struct crd_show *show, const struct crd_component *c,
		     struct crd_str *ret_vendor, struct crd_str *ret_device);

/* inventory_tree.c: devices in their place. */
struct crd_tree;
/* What fits, and what it sits behind. */
int crd_tree_new(const struct crd_show *show, struct crd_tree **ret_tree);
void crd_tree_free(struct crd_tree **tree);
/* The next one, depth first; a bus begins where *ret_depth is 0. */
bool crd_tree_next(struct crd_tree *tree, uint32_t *ret_entry,
		   unsigned int *ret_depth);
/* Is that module the driver of a device, or that firmware a device's? */
bool crd_tree_holds(const struct crd_tree *tree, uint32_t entry);

#endif /* CRD_INVENTORY_PRIVATE_H */
