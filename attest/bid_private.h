/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bills of materials from inside. A format's reader fills in one item after
 * the other (bid_cyclonedx.c, bid_spdx.c, bid_paccor.c, bid_csv.c); bid_item.c
 * knows the numbers in which they are written, bid_word.c and bid_phrase.c the
 * words; bid.c keeps them as
 * the fields that a log would have; bid_component.c reads them back.
 */
#ifndef CRD_BID_PRIVATE_H
#define CRD_BID_PRIVATE_H

#include <jansson.h>

#include "appraise_private.h"
#include "bid.h"
#include "credence.h"
#include "fields.h"

/*
 * Fields of a declared component beside those of a log, past all of the log's
 * numbers. Never looked for in a log.
 */
enum {
	CRD_DF_WORD = 0xf0,	   /* text: what it is, in the bill's word */
	CRD_DF_SUPPLIER = 0xf1,	   /* text */
	CRD_DF_PART_NUMBER = 0xf2, /* text */
	CRD_DF_CLASS = 0xf3,	   /* u32: bits of enum crd_class */
	CRD_DF_SEEN = 0xf4,	   /* u8: enum crd_seen */
	CRD_DF_SAYS = 0xf5,	   /* u8: enum crd_says_what, if not all */
};

/* Does a measurer's log have such a thing? */
enum crd_seen { CRD_SEEN, CRD_SEEN_PERHAPS, CRD_SEEN_NEVER };

/* What a word such as "network card" or "DIMM" says a thing is. */
struct crd_bid_word {
	const char *word; /* folded; * at its end: and more */
	uint8_t kind;	  /* enum crd_kind */
	uint8_t part, smbios_type;
	uint8_t seen; /* enum crd_seen */
	uint32_t classes;
};

/* bid_word.c */
/* The word, whatever its case, blanks and hyphens; NULL: none is known. */
const struct crd_bid_word *crd_bid_word(struct crd_buf text);
/* In small letters and digits; of "wifi*" more than `least` must be there. */
const struct crd_bid_word *crd_bid_word_folded(const char *folded,
					       size_t least);
/* The one of that SMBIOS structure, or device of these classes; never NULL. */
const struct crd_bid_word *crd_bid_word_smbios(uint8_t type);

/* How much of what it is a bill says in words that are understood. */
enum crd_says_what {
	CRD_SAYS_NOTHING, /* or only half of it, or what contradicts itself */
	CRD_SAYS_DEVICE,  /* but not of which class */
	CRD_SAYS_ALL,
};

/* bid_phrase.c: what a text of several words says. */
struct crd_bid_phrase {
	const struct crd_bid_word *is; /* NULL: no word in it is known */
	uint32_t classes;	       /* of all its words */
	bool unclear; /* more stands there, which is not understood */
	bool whole;   /* and no name of a product */
};
struct crd_bid_phrase crd_bid_phrase(struct crd_buf text);
/* "4G": a network, or how large a thing is. */
bool crd_bid_word_is_size(const struct crd_bid_word *is);

/* One item of a bill. Texts are views: they are copied by crd_bid_add(). */
struct crd_bid_item {
	const struct crd_bid_word *is; /* NULL: not known */
	struct crd_buf word;	       /* as the bill has it */
	uint32_t classes;	       /* beside those of `is` */
	bool unclear;		       /* what it is, for all its words */
	struct crd_buf name, maker, supplier, version, serial;
	struct crd_buf part_number, license;
	struct crd_digest digest;
	const char *bus;	/* "pci", "usb"; NULL: not said */
	int32_t vendor, device; /* -1: not said */
	int32_t subvendor, subdevice, revision;
	int32_t class_code;
	uint32_t quantity;
	char id[20]; /* what it is called if nothing else is said */
};

struct crd_bid_reader {
	struct crd_bid *bid;
	struct crd_fields fields;
	uint32_t *quantities; /* of fields.items, as bid->places is */
	size_t n_parts;
	struct crd_error *err;
	char place[192];   /* of what is being read */
	unsigned int line; /* CSV */
};

void crd_bid_item_init(struct crd_bid_item *item);
/* -EBADMSG and the like, said with the place. */
int crd_bid_fail(struct crd_bid_reader *r, int ret, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int crd_bid_add(struct crd_bid_reader *r, struct crd_bid_item *item);
/* Sets *said or says that the bill contradicts itself. */
int crd_bid_set_text(struct crd_bid_reader *r, const char *what,
		     struct crd_buf *said, struct crd_buf text);

/* bid_item.c: numbers and words. Empty text: nothing is set. */
int crd_bid_set_hex(struct crd_bid_reader *r, const char *what, int32_t *said,
		    struct crd_buf text, unsigned int max_digits);
int crd_bid_set_quantity(struct crd_bid_reader *r, struct crd_bid_item *item,
			 struct crd_buf text);
int crd_bid_set_bus(struct crd_bid_reader *r, struct crd_bid_item *item,
		    struct crd_buf text);
/* What stands in the word's place: sets word, and is if it is known. */
void crd_bid_set_word(struct crd_bid_item *item, struct crd_buf text);
/* What its name says of what it is, when all else is read. */
void crd_bid_use_name(struct crd_bid_item *item);
/* alg: "SHA-256", "sha256". Of several the first of 256, 384, 512 stays. */
int crd_bid_set_hash(struct crd_bid_reader *r, struct crd_bid_item *item,
		     struct crd_buf alg, struct crd_buf hex);
/* By the last part of its name: "cdx:device:serialNumber", "pci.vendor_id". */
int crd_bid_set_property(struct crd_bid_reader *r, struct crd_bid_item *item,
			 struct crd_buf name, struct crd_buf value);
/* Vendor, product and version of a CPE; type and version of a package URL. */
void crd_bid_set_cpe(struct crd_bid_item *item, struct crd_buf cpe);
void crd_bid_set_purl(struct crd_bid_item *item, struct crd_buf purl);
/* Letters and digits of ASCII in lower case, other letters as they are. */
size_t crd_bid_fold(struct crd_buf text, char *out, size_t size);
struct crd_buf crd_bid_trim(struct crd_buf text);
bool crd_bid_is(struct crd_buf text, const char *folded);

/* bid_json.c */
int crd_bid_json_load(struct crd_buf bytes, json_t **ret_root,
		      struct crd_error *err);
/* Empty if it is not there, null or blank. */
int crd_bid_json_text(struct crd_bid_reader *r, const json_t *object,
		      const char *key, struct crd_buf *ret_text);
/* NULL if it is not there; -EBADMSG if it is none. */
int crd_bid_json_object(struct crd_bid_reader *r, const json_t *object,
			const char *key, json_t **ret_value);
int crd_bid_json_array(struct crd_bid_reader *r, const json_t *object,
		       const char *key, json_t **ret_value);
/*
 * Each element of an array of objects, with the array's place and number as
 * the place; none if the array is not there. Ends with the first failure.
 */
typedef int (*crd_bid_json_fn)(struct crd_bid_reader *r, const json_t *object,
			       void *ctx);
int crd_bid_json_each(struct crd_bid_reader *r, const json_t *object,
		      const char *key, crd_bid_json_fn fn, void *ctx);
/* Adds ".key" or "key[n]" to the place; take back with crd_bid_leave(). */
size_t crd_bid_enter(struct crd_bid_reader *r, const char *key, long n);
void crd_bid_leave(struct crd_bid_reader *r, size_t mark);

int crd_bid_cyclonedx(struct crd_bid_reader *r, const json_t *root);
int crd_bid_spdx(struct crd_bid_reader *r, const json_t *root);
int crd_bid_paccor(struct crd_bid_reader *r, const json_t *root);
int crd_bid_csv(struct crd_bid_reader *r, struct crd_buf bytes);
/* bid->said */
int crd_bid_say(struct crd_bid_reader *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* bid_component.c: what a log's fields do not have; vendors. */
void crd_component_declare(struct crd_component *c,
			   const struct crd_registry *registry);
/* A text of it; ptr NULL: not said, or not declared at all. */
struct crd_buf crd_declared_text(const struct crd_component *c, uint8_t type);
enum crd_seen crd_declared_seen(const struct crd_component *c);
/* bid_doubt.c: a finding for each line that crd_declared_doubt() is about. */
int crd_bid_say_doubts(struct crd_work *w);
/* bid.c: what bid the report is about. -ENOMEM */
int crd_report_name_bid(struct crd_report *report, const struct crd_bid *bid);

#endif /* CRD_BID_PRIVATE_H */
