/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry - for those who keep a vendor registry, and those who ask it: all
 * that is wrong with its tables, and all that it knows of an id. The
 * conventions are those of attest.h.
 */
#ifndef CRD_REGISTRY_H
#define CRD_REGISTRY_H

#include "attest.h"

/* One thing about one place of a table. */
struct crd_fault {
	const char *file; /* "identifiers.csv" */
	unsigned int line, column;
	const char *text; /* one safe line */
	bool warning;	  /* strange, but not wrong */
};
typedef void (*crd_fault_fn)(const struct crd_fault *fault, void *ctx);

/* What a public list of ids says of an id: "pci", "usb", "pnp", "oui". */
enum crd_named {
	CRD_NAMED_NO_LIST, /* it is not here to be asked */
	CRD_NAMED_NOT,	   /* it does not have that id */
	CRD_NAMED,
};
typedef enum crd_named (*crd_named_fn)(const char *scheme, struct crd_buf value,
				       struct crd_buf *ret_name, void *ctx);

struct crd_audit {
	crd_named_fn named; /* NULL: no lists */
	void *named_ctx;
	crd_fault_fn fault; /* called for each, in the order of reading */
	void *fault_ctx;
	/* results */
	size_t errors, warnings;
	size_t entities, identifiers, lists, listings, sources;
	uint64_t version;
	int32_t date;
	struct crd_digest digest;
};
/*
 * registry_audit.c: every error that crd_registry_load() might stop at, and
 * what is only strange: ids that the public list does not have, or has under
 * a name that shares no word with that of the entity; dates out of order. A
 * table without its header ends it. 0, however much is wrong, or -ENOMEM.
 */
int crd_registry_audit(const struct crd_registry_files *files,
		       struct crd_audit *audit);

/* lookup*.c: what is known of one thing, and on what grounds. */
struct crd_question {
	const char *what;   /* "pci:19e5", "smbios17:Samsung", "list:x" */
	int32_t day;	    /* since 1970-01-01: lists in force then */
	bool as_of;	    /* that day was asked for */
	crd_named_fn named; /* NULL: no public lists */
	void *named_ctx;
	unsigned int flags; /* CRD_TEXT_COLOUR */
};
/*
 * The row that answers with its source; the entity and its owners up to the
 * last; where they are; each list that names one of them, in force on that day
 * or not. *ret_known false: the registry does not know it, which the text says.
 * -EINVAL: that is no question; err says what one is. *ret_text: free().
 */
int crd_lookup_text(const struct crd_registry *registry,
		    const struct crd_question *ask, bool *ret_known,
		    char **ret_text, struct crd_error *err);
int crd_lookup_json(const struct crd_registry *registry,
		    const struct crd_question *ask, bool *ret_known,
		    char **ret_text, struct crd_error *err);

#endif /* CRD_REGISTRY_H */
