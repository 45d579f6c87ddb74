/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions on what a component is joined to: the driver and the firmware of
 * a device, the devices of a driver. Each is asked once for each component, and
 * the answers are brought together along the log's joins, so that neither many
 * components nor many rules make it slow.
 *
 * Doubt counts against. A rule that refuses or refers holds if it does for any
 * that is joined; one that admits, or a waiver, if it does for all of them, and
 * there is at least one that the quote covers.
 */
#ifndef CRD_POLICY_JOINED_H
#define CRD_POLICY_JOINED_H

#include "parts.h"
#include "policy_private.h"

struct crd_joined;
/* Asks all of them, if the policy has any. -ENOMEM */
int crd_joined_load(struct crd_matcher *m, const struct crd_parts *parts);
void crd_joined_free(struct crd_joined **joined);
/* For the component that m was set to. */
bool crd_joined_holds(const struct crd_matcher *m, const struct crd_cond *cond,
		      bool benefit);
/*
 * One that it is joined to, for people: the first for which the conditions hold
 * to refuse, or else the first of all. Of a driver without a record of its own
 * it is the entry that names it. CRD_NO_ENTRY: it is joined to nothing.
 */
uint32_t crd_joined_witness(const struct crd_matcher *m,
			    const struct crd_cond *cond);
/*
 * That entry as a component. False: it only names a driver that has no record;
 * then c has its place and nothing else.
 */
bool crd_joined_get(const struct crd_matcher *m, const struct crd_cond *cond,
		    uint32_t entry, struct crd_component *ret_c);
/* Whose entries those are; m has joins. */
const struct crd_inventory *crd_joined_inventory(const struct crd_matcher *m);
/*
 * The entry of the device that a device is one with, so that both count once: a
 * USB device and its interfaces are one. Its own, if it stands alone.
 */
uint32_t crd_device_root(const struct crd_inventory *inv, uint32_t entry);

#endif /* CRD_POLICY_JOINED_H */
