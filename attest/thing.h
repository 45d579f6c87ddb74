/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thing - what a machine is made of, as it is compared: each component once,
 * with what it says of itself in traits. A trait's role tells what a change of
 * it means before any rule does.
 */
#ifndef CRD_THING_H
#define CRD_THING_H

#include "compare.h"
#include "text_private.h"

enum crd_sort {
	CRD_SORT_START,	 /* how the system was started: the anchor */
	CRD_SORT_DEVICE, /* one for each kind from here on */
	CRD_SORT_DRIVER,
	CRD_SORT_FIRMWARE,
	CRD_SORT_SMBIOS, /* and its type, in struct crd_thing */
	CRD_SORT_TABLE,	 /* SMBIOS, as a whole */
	CRD_SORT_ACPI,
	CRD_SORT_ESRT,
	CRD_SORT_CPU,
	CRD_SORT_TPM,
	CRD_SORT_OTHER,
};

enum crd_trait_what {
	CRD_T_NAME,
	CRD_T_IDS,
	CRD_T_CLASS,
	CRD_T_SUBSYSTEM,
	CRD_T_MAKER,
	CRD_T_PRODUCT,
	CRD_T_VERSION,
	CRD_T_DATE,
	CRD_T_SOURCE, /* srcversion */
	CRD_T_DIGEST,
	CRD_T_SIZE,
	CRD_T_SIGNED, /* the kernel's word */
	CRD_T_SIGNER,
	CRD_T_SIGNING_KEY,
	CRD_T_AUTHOR,
	CRD_T_PATH,
	CRD_T_MARKS, /* flags */
	CRD_T_DRIVER,
	CRD_T_DATA,
	CRD_T_TEXTS,
	CRD_T_COUNT,
	CRD_T_LOWEST,
	CRD_T_KERNEL,
	CRD_T_KERNEL_BUILD,
	CRD_T_ARCH,
	CRD_T_SECURE_BOOT,
	CRD_T_LOCKDOWN,
	CRD_T_MEASURER,
	CRD_T_BUILD,
	CRD_T_SETTINGS,
	CRD_T_HOOKS,
	CRD_T_BUS_ENCRYPTION,
	CRD_T_SERIAL,
	CRD_T_DSN,
	CRD_T_UUID,
	CRD_T_KEY,
	CRD_T_PLACE,
	CRD_T_ASSET,
	CRD_T_ADDRESS,
	CRD_T_PLACED_DIGEST, /* of what holds addresses */
	CRD_T_STATE,
	CRD_T_STEM, /* a name without its numbers */
	CRD_T_MAX,
};
const char *crd_trait_name(enum crd_trait_what what);

enum crd_role {
	CRD_ROLE_ID,	  /* makes it what it is */
	CRD_ROLE_CONTENT, /* what a change of is a change */
	CRD_ROLE_SERIAL,  /* which one of its like */
	CRD_ROLE_PLACE,
	CRD_ROLE_LOOSE, /* may vary */
	CRD_ROLE_VOID,	/* a text that says nothing: as if it were not there */
	CRD_ROLE_STEM,	/* for pairing only */
};

struct crd_trait {
	uint8_t what, role;
	uint32_t at, len; /* in the texts */
};

/* Short digests: of what is equal, equal. */
#define CRD_TAG 16
struct crd_tag {
	uint8_t bytes[CRD_TAG];
};

struct crd_thing {
	uint8_t sort;
	uint8_t type;	  /* of SMBIOS; OTHER: enum crd_part */
	bool uncovered;	  /* seen after the quote */
	bool only_cached; /* an image of which the log has but the name */
	uint32_t entry;	  /* in the inventory; CRD_NO_ENTRY: START */
	uint32_t flags;	  /* enum crd_flag */
	uint32_t first, n;
	bool has_serial, has_place, has_stem;
	struct crd_tag id, content, serial, place, stem;
};

struct crd_things {
	const struct crd_attester *machine;
	bool other_machine; /* CRD_DIFF_OTHER_MACHINE */
	struct crd_str texts;
	struct crd_trait *traits;
	size_t n_traits, traits_cap;
	struct crd_thing *things;
	size_t n, cap;
	struct crd_buf release; /* of the kernel, to take out of paths */
};

/* All of a machine, in an order of their own; those past the quote last. */
int crd_things_of(const struct crd_attester *machine, bool other_machine,
		  struct crd_things *ret_things);
void crd_things_done(struct crd_things *things);
/* Its trait of that name; NULL: none. */
const struct crd_trait *crd_trait_of(const struct crd_things *things,
				     const struct crd_thing *thing,
				     enum crd_trait_what what);
struct crd_buf crd_trait_text(const struct crd_things *things,
			      const struct crd_trait *trait);

/*
 * For who adds traits to the last thing, each at most once. The text is made
 * safe; an empty one is no trait.
 */
void crd_trait_add(struct crd_things *things, enum crd_trait_what what,
		   enum crd_role role, struct crd_buf text);
/* The same of a text that may be a placeholder. */
void crd_trait_add_said(struct crd_things *things, enum crd_trait_what what,
			enum crd_role role, struct crd_buf text);
void crd_trait_add_hex(struct crd_things *things, enum crd_trait_what what,
		       enum crd_role role, struct crd_buf bytes);
void crd_trait_add_number(struct crd_things *things, enum crd_trait_what what,
			  enum crd_role role, uint64_t n);
void crd_trait_add_digest(struct crd_things *things, enum crd_trait_what what,
			  enum crd_role role, const struct crd_digest *digest);

/* trait.c, trait_platform.c: sort, and the traits of one component. */
void crd_traits_of_start(struct crd_things *things);
void crd_traits_of(struct crd_things *things, const struct crd_component *c,
		   struct crd_thing *thing);
/* False: it is no part, as an empty slot. */
bool crd_traits_of_platform(struct crd_things *things,
			    const struct crd_component *c,
			    struct crd_thing *thing);

#endif /* CRD_THING_H */
