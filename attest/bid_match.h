/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bid_match - which declared part is which measured one. Each is matched once,
 * the surest ground first: ids of the bus; serial number; maker and model;
 * maker and a word of the model; maker and class.
 */
#ifndef CRD_BID_MATCH_H
#define CRD_BID_MATCH_H

#include "bid_private.h"

#define CRD_MAX_MATCHED 4096 /* parts on each side */

/* On what ground; surer is larger. */
enum crd_bid_how {
	CRD_HOW_NOT,
	CRD_HOW_ONLY, /* nothing agrees, but there is just one of the sort */
	CRD_HOW_CLASS,
	CRD_HOW_WORD,
	CRD_HOW_MODEL,
	CRD_HOW_SERIAL,
	CRD_HOW_IDS,
	CRD_HOW_MAX,
};

#define CRD_NO_MATE UINT32_MAX

struct crd_bid_part {
	uint32_t entry;
	uint32_t line; /* declared: of the bill */
	uint8_t kind, part, smbios_type, seen;
	char bus;	     /* 'p', 'u'; 0: not said */
	bool root_bus, late; /* measured: after the TPM signed */
	int32_t vendor, device, subvendor, subdevice, revision;
	uint32_t class_code, words, slot;
	uint16_t vendors[4];
	uint8_t n_vendors;
	char *model, *other_model; /* " intel r xeon r gold 6338 "; or NULL */
	char *serial;		   /* likewise */
	uint32_t mate;
	uint8_t how;
};

struct crd_bid_side {
	const struct crd_inventory *inv;
	const struct crd_registry *registry;
	struct crd_bid_part *parts;
	size_t n;
};

struct crd_bid_match {
	struct crd_bid_side declared, measured;
	uint32_t *words; /* of each measured entry, its interfaces' too */
};

/* -E2BIG: more than CRD_MAX_MATCHED parts on a side. done() in any case. */
int crd_bid_match(struct crd_bid_match *m);
void crd_bid_match_done(struct crd_bid_match *m);

/* bid_differ.c: what both sides of a pair say, and differs. */
struct crd_bid_pair {
	const struct crd_bid_part *p, *q; /* declared, measured */
	struct crd_component declared, measured;
	struct crd_str seen, want; /* empty: nothing differs */
	bool no_identity;	   /* too little is said to tell */
	bool no_digest;		   /* none in that hash */
};
void crd_bid_differ(struct crd_bid_pair *pair);

/* bid_part.c: the parts of a side. */
int crd_bid_parts(struct crd_bid_match *m, bool measured);
bool crd_bid_part_shares(const struct crd_bid_part *a,
			 const struct crd_bid_part *b);
/* The same letters and digits; both must be there. */
bool crd_bid_same_text(const char *a, const char *b);

#endif /* CRD_BID_MATCH_H */
