/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verifier - everything that an appraisal needs besides the evidence: policy,
 * registry, trusted keys. For verify, gate and policy check.
 */
#ifndef CRD_VERIFIER_H
#define CRD_VERIFIER_H

#include <limits.h>
#include <stdbool.h>

#include "attest.h"
#include "options.h"
#include "seal.h"
#include "store.h"

/* The files that a registry borrows from. */
#define CRD_N_REGISTRY_FILES 6
struct crd_registry_bytes {
	uint8_t *file[CRD_N_REGISTRY_FILES];
	size_t mapped[CRD_N_REGISTRY_FILES]; /* bytes; 0: read */
};

struct crd_verifier {
	/* asked for */
	const char *policy_file;
	const char *registry_dir; /* NULL: the installed one */
	struct crd_list aks;	  /* files or names in hex */
	struct crd_list waivers;  /* files of them */
	const char *language;	  /* of the policy's texts; NULL: its own */
	int32_t as_of;		  /* day; 0: that of the appraisal */
	struct crd_pin pin;	  /* who must have signed all that */
	const char *explain;	  /* NULL: not; "": every component */
	struct crd_list contexts; /* "site=ottawa" ... */
	/* loaded */
	struct crd_context context;
	struct crd_policy *policy;
	struct crd_registry *registry; /* NULL: not needed */
	struct crd_registry_bytes registry_bytes;
	struct crd_buf ak_names[CRD_MAX_LIST];
	uint8_t ak_bytes[CRD_MAX_LIST][CRD_MAX_NAME];
};

/* clang-format off */
#define CRD_POLICY_OPTIONS(v)                                             \
	{ "policy", 'p', CRD_OPT_TEXT, &(v)->policy_file, "FILE",         \
	  "the site's policy, or the name of an installed one" },         \
	{ "registry", 0, CRD_OPT_TEXT, &(v)->registry_dir, "DIR",         \
	  "vendor registry; default: the installed one" },                \
	{ "as-of", 0, CRD_OPT_DAY, &(v)->as_of, "DAY",                    \
	  "lists, waivers and period of the policy of that day" },        \
	{ "context", 0, CRD_OPT_LIST, &(v)->contexts, "KEY=VALUE",        \
	  "site=, destination= or purpose= of the machine; repeats" },    \
	{ "waivers", 0, CRD_OPT_LIST, &(v)->waivers, "FILE",              \
	  "a file of waivers for that policy; repeats" },                 \
	{ "language", 0, CRD_OPT_TEXT, &(v)->language, "TAG",             \
	  "of the policy's reasons, e.g. fr, where they are in it" },     \
	{ "explain", 0, CRD_OPT_MAYBE, &(v)->explain, "NAME",             \
	  "how rules came to their answer; one component, rule or presence, or all" }, \
	CRD_PIN_OPTIONS(&(v)->pin)
/* With what an appraisal of evidence needs besides. */
#define CRD_VERIFIER_OPTIONS(v)                                           \
	CRD_POLICY_OPTIONS(v),                                            \
	{ "ak", 0, CRD_OPT_LIST, &(v)->aks, "FILE|NAME",                  \
	  "key to trust: its TPM2B_PUBLIC, or its TPM name; repeats" }
/* clang-format on */

/*
 * All of it, checked: the policy against the registry too, if it needs one.
 * Failures: those of crd_io_read(), -EBADMSG and -E2BIG for wrong content.
 */
int crd_verifier_load(struct crd_verifier *v, struct crd_error *err);
/* The same with the registry, even if no rule needs it: who knows makers? */
int crd_verifier_load_both(struct crd_verifier *v, struct crd_error *err);
/* The policy, then the registry even if no rule needs it, whoever signed them
 * or not; for policy check.
 */
int crd_verifier_load_all(struct crd_verifier *v, struct crd_error *err);
/* The keys alone, for who compares and has no policy. */
int crd_verifier_load_aks(struct crd_verifier *v, struct crd_error *err);
/* Only the registry, signed if an authority is pinned. */
int crd_verifier_load_registry(struct crd_verifier *v, struct crd_error *err);
void crd_verifier_done(struct crd_verifier *v);
/* Trusts one more key, by its TPM2B_PUBLIC. */
int crd_verifier_trust(struct crd_verifier *v, struct crd_buf public_area,
		       struct crd_error *err);
/*
 * dir NULL: the installed one; unchecked: see struct crd_registry_files. Free
 * the registry, then its bytes.
 */
int crd_registry_read(const char *dir, bool unchecked,
		      struct crd_registry **ret_registry,
		      struct crd_registry_bytes *ret_bytes,
		      struct crd_error *err);
/* Only its files; .unchecked says which, and is kept. */
int crd_registry_open(const char *dir, struct crd_registry_files *files,
		      struct crd_registry_bytes *ret_bytes,
		      struct crd_error *err);
void crd_registry_bytes_free(struct crd_registry_bytes *bytes);

/* Policies and registry as installed; CREDENCE_DATA_DIR for other places. */
int crd_data_path(const char *folder, const char *name, const char *ending,
		  char path[static PATH_MAX]);

/*
 * -1, or the exit status, said, if what is to be explained is not there. Before
 * anything is printed or spent.
 */
int crd_verifier_asked(const struct crd_verifier *v,
		       const struct crd_report *report);
/* On standard output, as text or JSON, as the operator wants it. */
int crd_verifier_print(const struct crd_verifier *v,
		       const struct crd_report *report);
/* 0, 3, 4 or 5. */
int crd_verifier_exit(const struct crd_report *report);

#endif /* CRD_VERIFIER_H */
