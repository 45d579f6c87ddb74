/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bid - a declared bill of materials: what a bidder says is in a machine, as
 * components of grade `declared`. Nothing of it was measured.
 *
 * Formats, told apart by their content:
 *  - CycloneDX 1.4 to 1.7, JSON (ECMA-424): metadata.component and components,
 *    nested ones too;
 *  - SPDX 2.2 and 2.3, JSON: packages;
 *  - the component list of paccor, JSON: PLATFORM, COMPONENTS, with the TCG's
 *    component class registries (TCG, SMBIOS, PCIe, storage) and traits;
 *  - CSV as spreadsheets write it: see policies/README.md for its columns.
 *
 * A bill is one machine's. It is a stranger's text: what has a limit below is
 * refused beyond it, as are keys that stand twice, NUL, and what is not UTF-8.
 */
#ifndef CRD_BID_H
#define CRD_BID_H

#include "attest.h"

#define CRD_MAX_BID	     (16u * 1024 * 1024) /* bytes of a file */
#define CRD_MAX_BID_DEPTH    64			 /* of arrays and objects */
#define CRD_MAX_BID_VALUES   500000		 /* in JSON */
#define CRD_MAX_BID_LINES    16384		 /* items listed */
#define CRD_MAX_BID_QUANTITY 1024		 /* of one item */
#define CRD_MAX_BID_PARTS    65536		 /* all quantities together */
#define CRD_MAX_BID_TEXT     1000 /* bytes of a text that is used */

enum crd_bid_format {
	CRD_BID_BY_CONTENT,
	CRD_BID_CYCLONEDX,
	CRD_BID_SPDX,
	CRD_BID_PACCOR,
	CRD_BID_CSV,
	CRD_BID_FORMATS,
};

/* "cyclonedx" ...; NULL past the last */
const char *crd_bid_format_name(enum crd_bid_format format);

struct crd_bid {
	enum crd_bid_format format;
	char *said;		  /* "CycloneDX 1.6, JSON" */
	char *left_out;		  /* what of the file is no part; or NULL */
	struct crd_digest digest; /* SHA-256 of the file */
	/* Of grade declared: recnum is an index of places. */
	struct crd_inventory inventory;
	char **places; /* "components[3]", "line 4" */
	size_t n_lines;
	uint8_t *bytes; /* what the inventory borrows */
};

/*
 * Reads a bill. Nothing is borrowed from bytes. -EBADMSG, -E2BIG, -EOPNOTSUPP
 * (a version that is not known), -ENOMEM; err has the line where the format
 * has lines, else its text begins with the place, such as "components[3].name".
 */
int crd_bid_read(struct crd_buf bytes, enum crd_bid_format format,
		 struct crd_bid **ret_bid, struct crd_error *err);
void crd_bid_free(struct crd_bid **bid);

/*
 * screen.c: a bill held against a policy before anything is bought. Of `in`
 * count the policy, the registry (NULL: vendors unknown), the times and the
 * language. What the policy requires of a machine, and rules that ask what only
 * a measurement shows, are NOT_EVALUATED and weigh nothing; the findings say
 * that the delivery must show it. Takes the bill's inventory; the bill must
 * outlive the report.
 */
int crd_screen(const struct crd_appraisal *in, struct crd_bid *bid,
	       struct crd_report **ret_report);

#endif /* CRD_BID_H */
