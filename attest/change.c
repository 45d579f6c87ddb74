// SPDX-License-Identifier: Apache-2.0
/* The rules by name; change_rule.c tells which of them holds. */
#include "change.h"
#include "appraise_private.h"

#define RULE(name, word, kind, text)                      \
	[CRD_RULE_##name] = { .id = word,                 \
			      .class = CRD_CHANGE_##kind, \
			      .because = text }
#define TOLERATED(name, word, nouns, text) \
	[CRD_RULE_##name] = { word, CRD_CHANGE_TOLERATED, text, nouns }

static const struct crd_rule_says rules[CRD_RULE_MAX] = {
	RULE(NONE, "none", TOLERATED, "Nothing changed."),
	TOLERATED(SLOT, "slot", "places",
		  "It sits in another place, and is the same."),
	TOLERATED(ADDRESS, "address", "addresses given out at each start",
		  "Addresses are given out at each start."),
	TOLERATED(OWN_SERIAL, "own-serial", "serial numbers",
		  "Each machine has serial numbers of its own."),
	TOLERATED(OWN_KEY, "own-key", "attestation keys",
		  "Each machine has a key of its own."),
	TOLERATED(PLACEHOLDER, "placeholder", "texts that say nothing",
		  "A text that says nothing was exchanged for another."),
	TOLERATED(ASSET_TAG, "asset-tag", "asset tags",
		  "Asset tags are whoever owns the machine's to write."),
	TOLERATED(PLACED_TABLE, "placed-table", "tables that hold addresses",
		  "The table holds addresses or a state of each start."),
	RULE(KERNEL_NEWER, "kernel-newer", UPDATE,
	     "The kernel is a newer one."),
	RULE(FOLLOWS_KERNEL, "follows-kernel", UPDATE,
	     "It belongs to the kernel, which is another one."),
	RULE(DRIVER_NEWER, "driver-newer", UPDATE,
	     "A newer version of the driver, by the same signer."),
	RULE(DRIVER_LOADED, "driver-loaded", UPDATE,
	     "A driver that was not needed then, by a signer of drivers that were there."),
	RULE(NOT_LOADED, "not-loaded", UPDATE,
	     "It was not needed since the start, or is not used any more."),
	RULE(BOUND, "bound", UPDATE,
	     "A driver has taken the device, or has let it go."),
	RULE(FIRMWARE_NEWER, "firmware-newer", UPDATE,
	     "A newer version of its firmware, by its own word."),
	RULE(FOLLOWS_FIRMWARE, "follows-firmware", UPDATE,
	     "The board's firmware made it, and is a newer one."),
	RULE(MEASURER_NEWER, "measurer-newer", UPDATE,
	     "The measurer is a newer one."),
	RULE(RAISED, "raised", UPDATE, "It is better protected than before."),
	RULE(LIKE_FOR_LIKE, "like-for-like", REPAIR,
	     "Another one of the same maker and model is in its place."),
	RULE(TAKEN_OUT, "taken-out", REPAIR, "It was taken out, or unplugged."),
	RULE(KEY_CHANGED, "key-changed", SUSPICION,
	     "Another key signed: this is not the same machine, or its TPM was changed or cleared."),
	RULE(IDENTITY_CHANGED, "identity-changed", SUSPICION,
	     "The machine says that it is another one."),
	RULE(TPM_CHANGED, "tpm-changed", SUSPICION, "The TPM is another one."),
	RULE(NEW_DEVICE, "new-device", SUSPICION,
	     "A device that could take in or carry away data, and was not there."),
	RULE(NEW_PART, "new-part", SUSPICION, "A part that was not there."),
	RULE(NEW_DRIVER, "new-driver", SUSPICION,
	     "A driver that was not there, and that no signer of accepted drivers vouches for."),
	RULE(NEW_FIRMWARE, "new-firmware", SUSPICION,
	     "A firmware image that was not there, and that nothing vouches for."),
	RULE(SERIAL_TWICE, "serial-twice", SUSPICION,
	     "It has the serial number of another one that is there too: one of them is a copy."),
	RULE(MISSING_PART, "missing-part", SUSPICION,
	     "A part is missing that can hold data or protects them."),
	RULE(ANOTHER_MAKER, "another-maker", SUSPICION,
	     "It is of another maker."),
	RULE(ANOTHER_MODEL, "another-model", SUSPICION, "It is another model."),
	RULE(ANOTHER_KIND, "another-kind", SUSPICION,
	     "It has become another kind of thing."),
	RULE(ANOTHER_DRIVER, "another-driver", SUSPICION,
	     "Another driver has taken the device."),
	RULE(ANOTHER_PATH, "another-path", SUSPICION,
	     "It was loaded from another place."),
	RULE(SAYS_OTHERWISE, "says-otherwise", SUSPICION,
	     "It describes itself otherwise, and has the same id."),
	RULE(SAME_VERSION, "same-version", SUSPICION,
	     "Its contents changed, and nothing says that they are a newer version."),
	RULE(DOWNGRADE, "downgrade", SUSPICION,
	     "It is an older version, which may have known faults."),
	RULE(UNSEEN, "unseen", SUSPICION,
	     "Its contents were seen before, and are not now."),
	RULE(SIGNER_LOST, "signer-lost", SUSPICION,
	     "It was signed, and is not any more."),
	RULE(SIGNER_CHANGED, "signer-changed", SUSPICION,
	     "Somebody else has signed it."),
	RULE(NEW_MARK, "new-mark", SUSPICION,
	     "It has a mark that speaks against it, and had not."),
	RULE(LOWERED, "lowered", SUSPICION,
	     "It is less protected than before."),
	RULE(UNEXPLAINED, "unexplained", SUSPICION,
	     "It changed, and no rule explains it."),
};

const struct crd_rule_says *crd_rule_says(enum crd_change_rule rule)
{
	return &rules[(unsigned int)rule < CRD_RULE_MAX ? rule :
							  CRD_RULE_UNEXPLAINED];
}

struct crd_buf crd_thing_text(const struct crd_things *things,
			      const struct crd_thing *thing,
			      enum crd_trait_what what)
{
	return crd_trait_text(things, crd_trait_of(things, thing, what));
}

enum crd_age crd_trait_age(const struct crd_change_view *v,
			   const struct crd_difference *d,
			   enum crd_trait_what what)
{
	struct crd_buf old = crd_thing_text(v->before, d->before, what);
	struct crd_buf new = crd_thing_text(v->after, d->after, what);

	switch (what) {
	case CRD_T_DATE:
		return crd_date_age(old, new);
	case CRD_T_NAME: /* "iwlwifi-59.ucode" */
		return crd_word_age(old, new, "-_/", 1);
	case CRD_T_KERNEL_BUILD:
		/*
		 * "#1 SMP Debian 6.1.192-2 (2026-11-16)"; others have the time
		 * there, of which one number alone tells nothing
		 */
		return crd_word_age(old, new, " ", 2);
	default:
		return crd_version_age(old, new);
	}
}

enum crd_change_rule crd_rule_by_age(enum crd_age age,
				     enum crd_change_rule newer,
				     enum crd_change_rule same)
{
	switch (age) {
	case CRD_OLDER:
		return CRD_RULE_DOWNGRADE;
	case CRD_NEWER:
		return newer;
	default:
		return same;
	}
}

enum crd_change_rule crd_rule_of_marks(const struct crd_difference *d)
{
	uint32_t came = d->after->flags & ~d->before->flags & CRD_BAD_MARKS;

	if (came & CRD_FLAG_SAME_SERIAL)
		return CRD_RULE_SERIAL_TWICE;
	if (came)
		return CRD_RULE_NEW_MARK;
	if (d->before->flags & ~d->after->flags & CRD_BAD_MARKS)
		return CRD_RULE_RAISED;
	return CRD_RULE_NONE;
}
