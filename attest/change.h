/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change - the rules of what to think of a change. One function for each sort
 * of thing; each names the rule that a difference falls under. What no rule
 * explains is UNEXPLAINED, and suspect.
 */
#ifndef CRD_CHANGE_H
#define CRD_CHANGE_H

#include "thing.h"
#include "version.h"

enum crd_change_rule {
	CRD_RULE_NONE,
	/* tolerated */
	CRD_RULE_SLOT,
	CRD_RULE_ADDRESS,
	CRD_RULE_OWN_SERIAL,
	CRD_RULE_OWN_KEY,
	CRD_RULE_PLACEHOLDER,
	CRD_RULE_ASSET_TAG,
	CRD_RULE_PLACED_TABLE,
	/* update */
	CRD_RULE_KERNEL_NEWER,
	CRD_RULE_FOLLOWS_KERNEL,
	CRD_RULE_DRIVER_NEWER,
	CRD_RULE_DRIVER_LOADED,
	CRD_RULE_NOT_LOADED,
	CRD_RULE_BOUND,
	CRD_RULE_FIRMWARE_NEWER,
	CRD_RULE_FOLLOWS_FIRMWARE,
	CRD_RULE_MEASURER_NEWER,
	CRD_RULE_RAISED,
	/* repair */
	CRD_RULE_LIKE_FOR_LIKE,
	CRD_RULE_TAKEN_OUT,
	/* suspicion */
	CRD_RULE_KEY_CHANGED,
	CRD_RULE_IDENTITY_CHANGED,
	CRD_RULE_TPM_CHANGED,
	CRD_RULE_NEW_DEVICE,
	CRD_RULE_NEW_PART,
	CRD_RULE_NEW_DRIVER,
	CRD_RULE_NEW_FIRMWARE,
	CRD_RULE_SERIAL_TWICE,
	CRD_RULE_MISSING_PART,
	CRD_RULE_ANOTHER_MAKER,
	CRD_RULE_ANOTHER_MODEL,
	CRD_RULE_ANOTHER_KIND,
	CRD_RULE_ANOTHER_DRIVER,
	CRD_RULE_ANOTHER_PATH,
	CRD_RULE_SAYS_OTHERWISE,
	CRD_RULE_SAME_VERSION,
	CRD_RULE_DOWNGRADE,
	CRD_RULE_UNSEEN,
	CRD_RULE_SIGNER_LOST,
	CRD_RULE_SIGNER_CHANGED,
	CRD_RULE_NEW_MARK,
	CRD_RULE_LOWERED,
	CRD_RULE_UNEXPLAINED,
	CRD_RULE_MAX,
};

struct crd_rule_says {
	const char *id;
	enum crd_change_class class;
	const char *because;
	const char *noun; /* of those tolerated: "serial numbers" */
};
const struct crd_rule_says *crd_rule_says(enum crd_change_rule rule);

/* What rules look at beside the two things themselves. */
struct crd_change_view {
	const struct crd_things *before, *after;
	bool other_machine;
	enum crd_age kernel, board; /* the board's firmware */
	struct crd_tag *signers;    /* of drivers before, sorted */
	size_t n_signers;
};

/* Both sides paired: a trait that differs. Texts without ptr: it has none. */
struct crd_difference {
	const struct crd_thing *before, *after;
	enum crd_trait_what what;
	enum crd_role role; /* the less telling of both */
	struct crd_buf old, new;
};
enum crd_change_rule crd_rule_of_trait(const struct crd_change_view *view,
				       const struct crd_difference *d);
enum crd_change_rule crd_rule_of_added(const struct crd_change_view *view,
				       const struct crd_thing *thing);
enum crd_change_rule crd_rule_of_removed(const struct crd_change_view *view,
					 const struct crd_thing *thing);
/* change.c: for those who tell which rule holds. */
struct crd_buf crd_thing_text(const struct crd_things *things,
			      const struct crd_thing *thing,
			      enum crd_trait_what what);
/* How that trait of the later thing stands to the earlier one's. */
enum crd_age crd_trait_age(const struct crd_change_view *view,
			   const struct crd_difference *d,
			   enum crd_trait_what what);
/* DOWNGRADE, newer, or same where nothing tells. */
enum crd_change_rule crd_rule_by_age(enum crd_age age,
				     enum crd_change_rule newer,
				     enum crd_change_rule same);
/* Marks that speak against a thing, come or gone; else NONE. */
#define CRD_BAD_MARKS                                                       \
	(CRD_FLAG_UNSIGNED | CRD_FLAG_UNVERIFIED | CRD_FLAG_OUT_OF_TREE |   \
	 CRD_FLAG_PROPRIETARY | CRD_FLAG_STAGING | CRD_FLAG_UNMEASURED |    \
	 CRD_FLAG_FROM_MEMORY | CRD_FLAG_FORCED | CRD_FLAG_RE_IDENTIFIED |  \
	 CRD_FLAG_SAME_SERIAL | CRD_FLAG_CONTRADICTED | CRD_FLAG_EXTERNAL | \
	 CRD_FLAG_DYNAMIC)
enum crd_change_rule crd_rule_of_marks(const struct crd_difference *d);

/* change_software.c */
enum crd_change_rule crd_rule_of_driver(const struct crd_change_view *view,
					const struct crd_difference *d);
enum crd_change_rule crd_rule_of_image(const struct crd_change_view *view,
				       const struct crd_difference *d);
/* Does a signer of drivers that were there vouch for it? */
bool crd_driver_vouched_for(const struct crd_change_view *view,
			    const struct crd_thing *driver);
/* Signer and key of a driver that the kernel verified; false: it did not. */
bool crd_signer_tag(const struct crd_things *things,
		    const struct crd_thing *driver, bool name_only,
		    struct crd_tag *ret_tag);

#endif /* CRD_CHANGE_H */
