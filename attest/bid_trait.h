/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bid_trait - a TCG component identifier as paccor writes it in JSON: plain
 * fields or traits, under names of which it has several spellings.
 */
#ifndef CRD_BID_TRAIT_H
#define CRD_BID_TRAIT_H

#include "bid_private.h"

/* Registries of component classes, below 2.23.133.18.3 */
enum crd_tcg_registry {
	CRD_TCG_NONE,
	CRD_TCG_TCG,
	CRD_TCG_SMBIOS,
	CRD_TCG_PCIE,
	CRD_TCG_STORAGE,
};

/* One component as it is written. */
struct crd_tcg_raw {
	struct crd_buf registry, class, maker, model, serial, revision;
	struct crd_buf status;
	bool ethernet, wireless;
};

enum crd_tcg_registry crd_tcg_registry_of(struct crd_buf oid);
int crd_tcg_read(struct crd_bid_reader *r, const json_t *object,
		 struct crd_tcg_raw *raw);
/* The same of an array of traits. */
int crd_tcg_read_traits(struct crd_bid_reader *r, const json_t *traits,
			struct crd_tcg_raw *raw);

#endif /* CRD_BID_TRAIT_H */
