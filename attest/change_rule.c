// SPDX-License-Identifier: Apache-2.0
/* Which rule holds for a change: one function for each sort of thing. */
#include <string.h>

#include "appraise_private.h"
#include "change.h"
#include "credence.h"

/* "8086:10d3": the vendor's half, or the device's. */
static enum crd_change_rule ids_rule(struct crd_buf old, struct crd_buf new)
{
	if (old.len < 4 || new.len < 4 || memcmp(old.ptr, new.ptr, 4))
		return CRD_RULE_ANOTHER_MAKER;
	return CRD_RULE_ANOTHER_MODEL;
}

static bool is_usb(const struct crd_things *things,
		   const struct crd_thing *thing)
{
	struct crd_buf at = crd_thing_text(things, thing, CRD_T_ADDRESS);

	return at.len > 4 && !memcmp(at.ptr, "usb/", 4);
}

static enum crd_change_rule device_marks(const struct crd_difference *d)
{
	enum crd_change_rule rule = crd_rule_of_marks(d);

	if (rule != CRD_RULE_NONE)
		return rule;
	return d->after->flags & ~d->before->flags & CRD_FLAG_GONE ?
		       CRD_RULE_TAKEN_OUT :
		       CRD_RULE_BOUND; /* it came and went before */
}

static enum crd_change_rule device_version(const struct crd_change_view *v,
					   const struct crd_difference *d,
					   enum crd_change_rule same)
{
	/* of a card it is of the silicon, which no update changes */
	return crd_rule_by_age(crd_trait_age(v, d, CRD_T_VERSION),
			       is_usb(v->after, d->after) ?
				       CRD_RULE_FIRMWARE_NEWER :
				       CRD_RULE_LIKE_FOR_LIKE,
			       same);
}

static enum crd_change_rule device_rule(const struct crd_change_view *v,
					const struct crd_difference *d)
{
	switch (d->what) {
	case CRD_T_IDS:
	case CRD_T_SUBSYSTEM:
		return ids_rule(d->old, d->new);
	case CRD_T_CLASS:
		return CRD_RULE_ANOTHER_KIND;
	case CRD_T_VERSION:
		return device_version(v, d, CRD_RULE_UNEXPLAINED);
	case CRD_T_DIGEST:
		return device_version(v, d, CRD_RULE_SAME_VERSION);
	case CRD_T_MAKER:
	case CRD_T_PRODUCT:
		return CRD_RULE_SAYS_OTHERWISE;
	case CRD_T_DRIVER:
		return d->old.ptr && d->new.ptr ? CRD_RULE_ANOTHER_DRIVER :
						  CRD_RULE_BOUND;
	case CRD_T_MARKS:
		return device_marks(d);
	default:
		return CRD_RULE_UNEXPLAINED;
	}
}

static enum crd_change_rule follows_board(const struct crd_change_view *v,
					  enum crd_change_rule otherwise)
{
	return v->board == CRD_NEWER ? CRD_RULE_FOLLOWS_FIRMWARE : otherwise;
}

static enum crd_change_rule board_firmware(const struct crd_change_view *v,
					   const struct crd_difference *d)
{
	if (d->what == CRD_T_MAKER)
		return CRD_RULE_ANOTHER_MAKER;
	return crd_rule_by_age(v->board, CRD_RULE_FIRMWARE_NEWER,
			       CRD_RULE_SAME_VERSION);
}

static enum crd_change_rule smbios_rule(const struct crd_change_view *v,
					const struct crd_difference *d)
{
	enum crd_change_rule rule;

	if (!d->after->type)
		return board_firmware(v, d);
	switch (d->what) {
	case CRD_T_MAKER:
		return CRD_RULE_ANOTHER_MAKER;
	case CRD_T_PRODUCT:
		return CRD_RULE_ANOTHER_MODEL;
	case CRD_T_VERSION:
		return follows_board(v, CRD_RULE_ANOTHER_MODEL);
	case CRD_T_MARKS:
		rule = crd_rule_of_marks(d);
		return rule == CRD_RULE_NONE ? CRD_RULE_UNEXPLAINED : rule;
	default:
		return follows_board(v, CRD_RULE_UNEXPLAINED);
	}
}

static enum crd_change_rule acpi_rule(const struct crd_change_view *v,
				      const struct crd_difference *d)
{
	switch (d->what) {
	case CRD_T_MAKER:
		return follows_board(v, CRD_RULE_ANOTHER_MAKER);
	case CRD_T_MARKS:
		return d->new.ptr ? CRD_RULE_NEW_MARK : CRD_RULE_RAISED;
	default:
		return follows_board(
			v, crd_rule_by_age(crd_trait_age(v, d, CRD_T_VERSION),
					   CRD_RULE_SAME_VERSION,
					   CRD_RULE_SAME_VERSION));
	}
}

static enum crd_change_rule cpu_rule(const struct crd_change_view *v,
				     const struct crd_difference *d)
{
	switch (d->what) {
	case CRD_T_MAKER:
		return CRD_RULE_ANOTHER_MAKER;
	case CRD_T_VERSION: /* its microcode */
		return crd_rule_by_age(crd_trait_age(v, d, CRD_T_VERSION),
				       CRD_RULE_FIRMWARE_NEWER,
				       CRD_RULE_UNEXPLAINED);
	case CRD_T_COUNT:
		return CRD_RULE_UNEXPLAINED;
	default:
		return CRD_RULE_ANOTHER_MODEL;
	}
}

static bool is_word(struct crd_buf text, const char *word)
{
	return crd_buf_equal(text, crd_buf_of(word));
}

static enum crd_change_rule tpm_rule(const struct crd_change_view *v,
				     const struct crd_difference *d)
{
	switch (d->what) {
	case CRD_T_VERSION:
		return crd_rule_by_age(crd_trait_age(v, d, CRD_T_VERSION),
				       CRD_RULE_FIRMWARE_NEWER,
				       CRD_RULE_UNEXPLAINED);
	case CRD_T_DATA: /* of the specification */
		return crd_rule_by_age(crd_trait_age(v, d, CRD_T_VERSION),
				       CRD_RULE_FIRMWARE_NEWER,
				       CRD_RULE_TPM_CHANGED);
	case CRD_T_BUS_ENCRYPTION:
		if (is_word(d->new, "on"))
			return CRD_RULE_RAISED;
		return is_word(d->old, "on") || v->kernel == CRD_SAME_AGE ?
			       CRD_RULE_LOWERED :
			       CRD_RULE_FOLLOWS_KERNEL;
	default:
		return CRD_RULE_TPM_CHANGED;
	}
}

static enum crd_change_rule esrt_rule(const struct crd_change_view *v,
				      const struct crd_difference *d)
{
	enum crd_age age = crd_version_age(d->old, d->new);

	if (d->what == CRD_T_VERSION)
		return crd_rule_by_age(age, CRD_RULE_FIRMWARE_NEWER,
				       CRD_RULE_UNEXPLAINED);
	if (d->what == CRD_T_LOWEST)
		return age == CRD_NEWER || !d->old.ptr ? CRD_RULE_RAISED :
							 CRD_RULE_LOWERED;
	return CRD_RULE_UNEXPLAINED;
}

/* The higher word stands later. */
static enum crd_change_rule level_rule(const struct crd_difference *d,
				       const char *const *words, int n)
{
	int i, old = -1, new = -1;

	for (i = 0; i < n; i++) {
		if (is_word(d->old, words[i]))
			old = i;
		if (is_word(d->new, words[i]))
			new = i;
	}
	return new > old ? CRD_RULE_RAISED : CRD_RULE_LOWERED;
}

static enum crd_change_rule measurer_rule(const struct crd_change_view *v,
					  const struct crd_difference *d)
{
	enum crd_age age = crd_trait_age(v, d, CRD_T_MEASURER);
	/* the same one, built for another kernel */
	bool built = age == CRD_SAME_AGE && v->kernel != CRD_SAME_AGE;

	return crd_rule_by_age(age, CRD_RULE_MEASURER_NEWER,
			       built ? CRD_RULE_FOLLOWS_KERNEL :
				       CRD_RULE_SAME_VERSION);
}

static enum crd_change_rule start_rule(const struct crd_change_view *v,
				       const struct crd_difference *d)
{
	static const char *const lockdowns[] = { "none", "integrity",
						 "confidentiality" };
	static const char *const boots[] = { "on" };

	switch (d->what) {
	case CRD_T_KERNEL:
	case CRD_T_KERNEL_BUILD:
		return crd_rule_by_age(v->kernel, CRD_RULE_KERNEL_NEWER,
				       CRD_RULE_UNEXPLAINED);
	case CRD_T_SECURE_BOOT:
		return level_rule(d, boots, 1);
	case CRD_T_LOCKDOWN:
		return level_rule(d, lockdowns, 3);
	case CRD_T_MEASURER:
	case CRD_T_BUILD:
		return measurer_rule(v, d);
	case CRD_T_HOOKS:
		return measurer_rule(v, d) == CRD_RULE_SAME_VERSION ?
			       CRD_RULE_UNEXPLAINED :
			       measurer_rule(v, d);
	case CRD_T_KEY:
		return CRD_RULE_KEY_CHANGED;
	default:
		return CRD_RULE_UNEXPLAINED;
	}
}

static enum crd_change_rule loose_rule(const struct crd_difference *d)
{
	switch (d->what) {
	case CRD_T_ADDRESS:
		return CRD_RULE_ADDRESS;
	case CRD_T_ASSET:
		return CRD_RULE_ASSET_TAG;
	case CRD_T_KEY:
		return CRD_RULE_OWN_KEY;
	default:
		return CRD_RULE_PLACED_TABLE;
	}
}

static enum crd_change_rule serial_rule(const struct crd_change_view *v,
					const struct crd_difference *d)
{
	if (v->other_machine)
		return CRD_RULE_OWN_SERIAL;
	if (d->after->sort == CRD_SORT_SMBIOS && d->after->type == 1)
		return CRD_RULE_IDENTITY_CHANGED;
	return CRD_RULE_LIKE_FOR_LIKE;
}

enum crd_change_rule crd_rule_of_trait(const struct crd_change_view *view,
				       const struct crd_difference *d)
{
	static enum crd_change_rule (*const by_sort[])(
		const struct crd_change_view *,
		const struct crd_difference *) = {
		[CRD_SORT_START] = start_rule,
		[CRD_SORT_DEVICE] = device_rule,
		[CRD_SORT_DRIVER] = crd_rule_of_driver,
		[CRD_SORT_FIRMWARE] = crd_rule_of_image,
		[CRD_SORT_SMBIOS] = smbios_rule,
		[CRD_SORT_ACPI] = acpi_rule,
		[CRD_SORT_ESRT] = esrt_rule,
		[CRD_SORT_CPU] = cpu_rule,
		[CRD_SORT_TPM] = tpm_rule,
		[CRD_SORT_OTHER] = NULL,
	};

	switch (d->role) {
	case CRD_ROLE_VOID:
		return CRD_RULE_PLACEHOLDER;
	case CRD_ROLE_STEM:
		return CRD_RULE_NONE;
	case CRD_ROLE_PLACE:
		return CRD_RULE_SLOT;
	case CRD_ROLE_LOOSE:
		return loose_rule(d);
	case CRD_ROLE_SERIAL:
		return serial_rule(view, d);
	default:
		return by_sort[d->after->sort] ?
			       by_sort[d->after->sort](view, d) :
			       CRD_RULE_UNEXPLAINED;
	}
}

static uint32_t class_of(const struct crd_things *things,
			 const struct crd_thing *thing)
{
	struct crd_component c;

	if (thing->sort != CRD_SORT_DEVICE ||
	    !crd_inventory_get(&things->machine->inventory, NULL, thing->entry,
			       &c))
		return 0;
	return crd_class_words(&c);
}

#define TAKES_OR_CARRIES                                        \
	(1u << CRD_CLASS_STORAGE | 1u << CRD_CLASS_NETWORK |    \
	 1u << CRD_CLASS_WIRELESS | 1u << CRD_CLASS_INPUT |     \
	 1u << CRD_CLASS_KEYBOARD | 1u << CRD_CLASS_MOUSE |     \
	 1u << CRD_CLASS_USB_STORAGE | 1u << CRD_CLASS_CAMERA | \
	 1u << CRD_CLASS_AUDIO | 1u << CRD_CLASS_SERIAL |       \
	 1u << CRD_CLASS_SMARTCARD)
#define HOLDS_OR_PROTECTS                                   \
	(1u << CRD_CLASS_STORAGE | 1u << CRD_CLASS_CRYPTO | \
	 1u << CRD_CLASS_SMARTCARD)

enum crd_change_rule crd_rule_of_added(const struct crd_change_view *v,
				       const struct crd_thing *thing)
{
	switch (thing->sort) {
	case CRD_SORT_DEVICE:
		return class_of(v->after, thing) & TAKES_OR_CARRIES ?
			       CRD_RULE_NEW_DEVICE :
			       CRD_RULE_NEW_PART;
	case CRD_SORT_DRIVER:
		if (v->kernel != CRD_SAME_AGE &&
		    thing->flags & CRD_FLAG_BUILT_IN)
			return CRD_RULE_FOLLOWS_KERNEL;
		return crd_driver_vouched_for(v, thing) ?
			       CRD_RULE_DRIVER_LOADED :
			       CRD_RULE_NEW_DRIVER;
	case CRD_SORT_FIRMWARE:
		return CRD_RULE_NEW_FIRMWARE;
	case CRD_SORT_TPM:
		return CRD_RULE_TPM_CHANGED;
	case CRD_SORT_ACPI:
		return follows_board(v, CRD_RULE_NEW_PART);
	case CRD_SORT_SMBIOS:
		return thing->type == 17 ? CRD_RULE_NEW_PART :
					   follows_board(v, CRD_RULE_NEW_PART);
	default:
		return CRD_RULE_NEW_PART;
	}
}

enum crd_change_rule crd_rule_of_removed(const struct crd_change_view *v,
					 const struct crd_thing *thing)
{
	switch (thing->sort) {
	case CRD_SORT_DEVICE:
		return class_of(v->before, thing) & HOLDS_OR_PROTECTS ?
			       CRD_RULE_MISSING_PART :
			       CRD_RULE_TAKEN_OUT;
	case CRD_SORT_DRIVER:
		if (v->kernel != CRD_SAME_AGE &&
		    thing->flags & CRD_FLAG_BUILT_IN)
			return CRD_RULE_FOLLOWS_KERNEL;
		return CRD_RULE_NOT_LOADED;
	case CRD_SORT_FIRMWARE:
		return CRD_RULE_NOT_LOADED;
	case CRD_SORT_TPM:
		return CRD_RULE_TPM_CHANGED;
	case CRD_SORT_SMBIOS:
		return thing->type == 17 ?
			       CRD_RULE_TAKEN_OUT :
			       follows_board(v, CRD_RULE_MISSING_PART);
	case CRD_SORT_ACPI:
		return follows_board(v, CRD_RULE_MISSING_PART);
	default:
		return CRD_RULE_MISSING_PART;
	}
}
