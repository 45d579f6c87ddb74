/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare - machines against each other: a machine then and now, or the
 * machines of one delivery. Conventions are those of attest.h.
 */
#ifndef CRD_COMPARE_H
#define CRD_COMPARE_H

#include "attest.h"

/*
 * attester.c: a bundle by itself, whatever challenge it answered: nothing is
 * said of freshness, and self-reported claims are not looked at. Genuine: a
 * proper attestation key signed it, the log is the one that its PCR vouches
 * for, and has no gap.
 */
struct crd_attester_in {
	struct crd_buf bundle;
	uint32_t pcr;			   /* of the measurer's log */
	const struct crd_buf *trusted_aks; /* names; none: any key will do */
	size_t n_trusted_aks;
};

struct crd_attester {
	bool genuine;
	enum crd_reason reason; /* NONE, or why it is not genuine */
	char why[CRD_ERROR_TEXT];
	char ak_name[2 * CRD_MAX_NAME + 1]; /* hex; "" if no key */
	struct crd_digest evidence_digest;  /* SHA-256 of the bundle */
	struct crd_buf anchor;		    /* fields of record 0 */
	uint64_t records, covered;
	struct crd_inventory inventory; /* empty unless genuine */
};
/*
 * -EBADMSG, -E2BIG, -EOPNOTSUPP: the bundle cannot be read as one. Borrows the
 * bundle until crd_attester_done().
 */
int crd_attester_read(const struct crd_attester_in *in,
		      struct crd_attester *ret_machine, struct crd_error *err);
void crd_attester_done(struct crd_attester *machine);

/*
 * diff.c: two machines, component by component. What a change is, and what to
 * think of it: rules are listed in change.c and in credence-diff(1). Where
 * several hold for one component, the most suspicious decides.
 */
enum crd_change_class {
	CRD_CHANGE_TOLERATED, /* what legitimately varies */
	CRD_CHANGE_UPDATE,    /* software that came the ordinary way */
	CRD_CHANGE_REPAIR,    /* a part for one of its like */
	CRD_CHANGE_SUSPICION, /* all that no rule explains */
	CRD_CHANGE_CLASS_MAX,
};
const char *crd_change_class_name(enum crd_change_class class);

enum crd_change_kind {
	CRD_CHANGE_CHANGED,  /* the same thing, says something else */
	CRD_CHANGE_MOVED,    /* the same thing in another place */
	CRD_CHANGE_SWAPPED,  /* two that changed places */
	CRD_CHANGE_REPLACED, /* another thing in its place */
	CRD_CHANGE_ADDED,
	CRD_CHANGE_DOUBLED, /* added, beside one of its like */
	CRD_CHANGE_REMOVED,
	CRD_CHANGE_KIND_MAX,
};
const char *crd_change_kind_name(enum crd_change_kind kind);

struct crd_change_detail {
	const char *what; /* "digest", "serial number" ... */
	const char *rule; /* that it falls under */
	enum crd_change_class class;
	char *before, *after; /* safe text; NULL: it says none */
};

struct crd_change {
	enum crd_change_kind kind;
	enum crd_change_class class; /* of the worst of its rules */
	const char *rule;	     /* that rule: "signer-lost" ... */
	const char *because;	     /* a sentence about it */
	char *component;	     /* safe text; as it is now, if it is */
	char *was;		     /* REPLACED: as it was; else NULL */
	char *where;		     /* "measurer log, record 7, item 3" */
	struct crd_change_detail *details;
	size_t n_details;
};

struct crd_tolerated {
	const char *rule;
	const char *what; /* "serial numbers" ... */
	size_t n;	  /* components */
};

struct crd_diff {
	struct crd_change *changes; /* worst first; without TOLERATED ones */
	size_t n;
	size_t n_class[CRD_CHANGE_CLASS_MAX];
	struct crd_tolerated *tolerated;
	size_t n_tolerated;
	size_t n_compared;  /* components found on both sides */
	size_t n_uncovered; /* of `after`, past its quote */
};

/* Two that should be alike: keys and serial numbers are their own. */
#define CRD_DIFF_OTHER_MACHINE (1 << 0)
/* Both genuine, and kept until crd_diff_free(). */
int crd_diff_new(const struct crd_attester *before,
		 const struct crd_attester *after, unsigned int flags,
		 struct crd_diff **ret_diff);
void crd_diff_free(struct crd_diff **diff);
/* The worst class of all changes. */
enum crd_change_class crd_diff_class(const struct crd_diff *diff);
/* diff_say.c: *ret_text is freed with free(). flags: CRD_TEXT_... */
int crd_diff_text(const struct crd_diff *diff, unsigned int flags,
		  char **ret_text);
int crd_diff_json(const struct crd_diff *diff,
		  const struct crd_attester *before,
		  const struct crd_attester *after, char **ret_text);
/*
 * lot.c: machines that should be alike. Each bundle is read twice at most: to
 * add it, and to be looked at again if it is not like the others. In between
 * 60 bytes are kept of it, 24 for its key and 24 for each serial number;
 * comparisons are kept for each distinct configuration. Names are the caller's
 * numbers, ascending in the order that answers are to have.
 *
 *	for each bundle: crd_lot_add(), or crd_lot_leave_out()
 *	crd_lot_settle()
 *	while (crd_lot_next()) crd_lot_look()
 *	crd_lot_text(), crd_lot_json(), crd_lot_csv()
 */
struct crd_lot;
#define CRD_NO_NAME UINT32_MAX
int crd_lot_new(struct crd_lot **ret_lot);
void crd_lot_free(struct crd_lot **lot);
/* The machine that the others should be like; none: the most frequent. */
int crd_lot_reference(struct crd_lot *lot, const struct crd_attester *machine);
/* A genuine one. Nothing of it is kept by address. */
int crd_lot_add(struct crd_lot *lot, uint32_t name,
		const struct crd_attester *machine);
/* One that is not compared: malformed, or why it is not proven. */
int crd_lot_leave_out(struct crd_lot *lot, uint32_t name, bool malformed,
		      enum crd_reason reason, const char *why);
/* *ret_reference: whom to look at first; CRD_NO_NAME if it was given, or if
 * there is none.
 */
int crd_lot_settle(struct crd_lot *lot, uint32_t *ret_reference);
/* Who must be looked at again; false: nobody more. */
bool crd_lot_next(struct crd_lot *lot, uint32_t *ret_name);
/* -ESTALE: it is not what was added under that name. */
int crd_lot_look(struct crd_lot *lot, uint32_t name,
		 const struct crd_attester *machine,
		 const struct crd_attester *reference);

struct crd_lot_sum {
	size_t proven, alike, differ;
	size_t unproven, malformed; /* not compared */
	size_t configurations;	    /* distinct, of those proven */
	size_t twins;		    /* keys and serial numbers seen twice */
};
void crd_lot_sum(const struct crd_lot *lot, struct crd_lot_sum *ret_sum);

/* lot_say.c */
struct crd_lot_show {
	const struct crd_lot *lot;
	/* good until the next is asked for */
	const char *(*name)(uint32_t name, void *ctx);
	void *name_ctx;
	const char *reference; /* its name, or NULL */
	unsigned int flags;    /* CRD_TEXT_... */
	crd_put_fn put;
	void *put_ctx;
};
int crd_lot_text(const struct crd_lot_show *show);
int crd_lot_json(const struct crd_lot_show *show);
/* RFC 4180; a line for each machine, or for each change of it. */
int crd_lot_csv(const struct crd_lot_show *show);

#endif /* CRD_COMPARE_H */
