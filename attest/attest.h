/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attest - the appraisal library: bytes in, findings out.
 *
 * Pure: no TPM, file, socket, clock, locale or printing. Time, keys and trust
 * anchors are passed in; the same input gives the same output everywhere.
 *
 * Conventions, unless a function says otherwise
 *  - 0 is success, -errno is failure: -EBADMSG malformed or cut short, -E2BIG
 *    over a limit of bounds.h, -EOPNOTSUPP unknown algorithm or version,
 *    -ENOMEM. On failure *err, if given, says what and where, and nothing was
 *    stored in ret_* parameters.
 *  - "Untrusted" is not an error but a result, in a struct.
 *  - struct crd_buf borrows: the bytes must outlive what was parsed from them.
 *  - x_free() takes the address of a pointer, accepts NULL in it, sets it NULL.
 *  - Nothing here is thread-aware; distinct objects may be used in parallel,
 *    const objects may be shared.
 *  - libcrypto is used in a context of the library's own, without openssl.cnf;
 *    the calling thread's queue of libcrypto errors is emptied.
 */
#ifndef CRD_ATTEST_H
#define CRD_ATTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crd_buf {
	const uint8_t *ptr;
	size_t len;
};

/* What went wrong, where; text is one line, printable, without a newline. */
#define CRD_ERROR_TEXT 512
struct crd_error {
	size_t offset;		/* byte offset in the input, when line is 0 */
	unsigned int line;	/* from 1; 0: this input has no lines */
	unsigned int column;	/* from 1, in bytes */
	char text[CRD_ERROR_TEXT];
};

/* alg.c: hash algorithms (TCG Algorithm Registry, table 3). */
#define CRD_MAX_DIGEST 64
#define CRD_ALG_SHA1	0x0004
#define CRD_ALG_SHA256	0x000b
#define CRD_ALG_SHA384	0x000c
#define CRD_ALG_SHA512	0x000d

struct crd_digest {
	uint16_t alg;			/* TPM_ALG_ID */
	uint16_t len;
	uint8_t bytes[CRD_MAX_DIGEST];
};

/* NULL if unknown; "sha256" and so on, as the kernel spells them */
const char *crd_alg_name(uint16_t alg);
/* 0 if unknown */
uint16_t crd_alg_from_name(const char *name);
/* Bytes of a digest; 0 if unknown */
size_t crd_alg_size(uint16_t alg);
/* Strength order for choosing a bank: SHA-512 > SHA-384 > SHA-256; others 0. */
int crd_alg_rank(uint16_t alg);
/* Hash of parts[0..n-1] one after the other. -EOPNOTSUPP, -EIO (libcrypto). */
int crd_hash(uint16_t alg, const struct crd_buf *parts, size_t n,
	     struct crd_digest *ret_digest);
/* sha256.c: the same of one part, without what crd_hash() takes to get ready */
void crd_sha256(struct crd_buf bytes, struct crd_digest *ret_digest);
/* PCR extend: *pcr = H(*pcr || digest), H = pcr->alg. */
int crd_extend(struct crd_digest *pcr, const uint8_t *digest, size_t len);
bool crd_digest_equal(const struct crd_digest *a, const struct crd_digest *b);

/*
 * Reason classes: stable words that a machine may match on; design section 6.
 * CRD_REASON_NONE goes with a check that passed.
 */
enum crd_reason {
	CRD_REASON_NONE = 0,
	CRD_REASON_MALFORMED,
	CRD_REASON_QUOTE_TYPE,
	CRD_REASON_QUOTE_SIG,
	CRD_REASON_NONCE,
	CRD_REASON_STALE,
	CRD_REASON_AK_UNTRUSTED,
	CRD_REASON_EK_UNTRUSTED,
	CRD_REASON_EK_WEAK,
	CRD_REASON_BINDING,
	CRD_REASON_PCR_COVERAGE,
	CRD_REASON_PCR_BANK,
	CRD_REASON_PCR_MISMATCH,
	CRD_REASON_LOG_TCG,
	CRD_REASON_LOG_IMA,
	CRD_REASON_LOG_MEASURER,
	CRD_REASON_LOG_GAP,
	CRD_REASON_REQUIRED_EVENT,
	CRD_REASON_ROLLBACK,
	CRD_REASON_CLONE,
	CRD_REASON_INVENTORY,
	CRD_REASON_PLATFORM_CERT,
	CRD_REASON_POLICY_RULE,
	CRD_REASON_TPM_FIRMWARE,
	CRD_REASON_MAX,
};

/* "QUOTE_TYPE" and so on; never NULL. */
const char *crd_reason_name(enum crd_reason reason);

/*
 * key.c: the attestation key (AK), from a marshalled TPM2B_PUBLIC or
 * TPMT_PUBLIC (TPM 2.0 Library, Part 2, 12.2.4). RSA 2048-4096 with RSASSA or
 * RSAPSS, ECC P-256 and P-384 with ECDSA. Built from raw numbers, no decoder.
 */
#define CRD_MAX_NAME (2 + CRD_MAX_DIGEST)
struct crd_ak;
int crd_ak_parse(struct crd_buf public_area, struct crd_ak **ret_ak,
		 struct crd_error *err);
void crd_ak_free(struct crd_ak **ak);
/* TPM name: nameAlg u16 || H(TPMT_PUBLIC); borrowed from the ak. */
struct crd_buf crd_ak_name(const struct crd_ak *ak);
/*
 * NULL if the attributes are those of an AK: fixedTPM, fixedParent,
 * sensitiveDataOrigin, restricted, sign set; decrypt, encryptedDuplication
 * clear; a signing scheme is fixed. Otherwise the word for what is wrong.
 */
const char *crd_ak_attributes_fault(const struct crd_ak *ak);
/* "ecc-p256", "rsa2048" ... for people */
const char *crd_ak_kind(const struct crd_ak *ak);

/* quote.c: TPMS_ATTEST (Part 2, 10.12.12) and its checks. */
struct crd_quote {
	struct crd_buf signer;		/* qualified name */
	struct crd_buf extra;		/* qualifyingData */
	uint64_t clock;			/* ms */
	uint32_t reset_count;
	uint32_t restart_count;
	bool safe;
	uint64_t firmware;
	uint16_t bank;			/* of the only selection */
	uint32_t pcrs;			/* bit n: PCR n */
	struct crd_buf pcr_digest;
};

/* One bank's values, as quoted or carried beside the quote. */
struct crd_pcrs {
	uint16_t bank;
	uint32_t mask;			/* bit n: value[n] is set */
	struct crd_digest value[24];
};

struct crd_quote_expect {
	struct crd_buf qualifying;	/* whole value wanted in extraData */
	bool any_qualifying;		/* whatever it answered: nothing is
					 * said of freshness, nor of claims
					 */
	uint32_t pcrs;			/* exactly these PCRs */
};

/*
 * The one doorway: structure, signature over the received bytes with the key's
 * own scheme, magic and type, qualifying data, exact selection (one bank, no
 * more, no fewer PCRs), pcrDigest over the values given.
 * Returns 0 with *ret_reason NONE (genuine) or the first failing class and
 * a sentence in err; -EBADMSG or -E2BIG if a structure does not parse (then
 * *ret_reason is MALFORMED). *ret_quote is valid only with reason NONE.
 * pcrs->value[n] must stand for each n in expect->pcrs, else PCR_COVERAGE.
 */
int crd_quote_check(const struct crd_ak *ak, struct crd_buf attest,
		    struct crd_buf signature,
		    const struct crd_quote_expect *expect,
		    const struct crd_pcrs *pcrs, struct crd_quote *ret_quote,
		    enum crd_reason *ret_reason, struct crd_error *err);

/*
 * log_cel.c: validate, then iterate. A record's views borrow from the log.
 */
struct crd_record {
	uint64_t recnum;
	size_t offset;			/* of the record in the log */
	uint32_t pcr;
	unsigned int n_digests;
	struct crd_digest digests[8];	/* CRD_MAX_BANKS */
	struct crd_buf content_tlv;	/* what is hashed */
	struct crd_buf content;		/* its value */
	uint16_t group;			/* event of the group that it is an
					 * item of; 0: a record of its own
					 */
	uint32_t item;			/* its place there, from 0 */
	uint16_t event;			/* enum crd_event_type */
	uint64_t time;			/* ns since boot */
	struct crd_buf fields;		/* after FORMAT, EVENT, TIME */
};

typedef int (*crd_record_fn)(const struct crd_record *rec, void *ctx);
/*
 * Walks the whole log: framing, order of TLVs, recnum contiguous from 0, one
 * pcr, the same banks in each record, digests equal to H(content TLV) for
 * each bank this library knows (as CRD_F_BANK of the anchor says), format
 * magic and version, field order and widths, known event types, anchor first
 * and only once. fn (may be NULL) is called for each record in order, as soon
 * as that record is found sound, and after a group's own record for each of
 * its items (group is set; content is the item's). Its non-zero return ends the
 * walk and is returned. *ret_reason: NONE, or LOG_MEASURER with 0 and a sentence in err
 * (a record is not what was measured, or not at its place), or MALFORMED with
 * -EBADMSG, -E2BIG or -EOPNOTSUPP (bytes that are no such log).
 */
int crd_cel_walk(struct crd_buf log, crd_record_fn fn, void *ctx,
		 enum crd_reason *ret_reason, struct crd_error *err);

/*
 * The value that the anchor found in its PCR, for crd_replay(). -ENOENT if it
 * does not say, -EBADMSG if record 0 is no sound anchor. Later records are not
 * looked at.
 */
int crd_cel_anchor_pcr(struct crd_buf log, uint16_t bank,
		       struct crd_digest *ret_pcr);

/* A field of a record's content or of an item: the next TLV, or false. */
struct crd_field_iter {
	struct crd_buf left;
};
bool crd_field_next(struct crd_field_iter *it, uint8_t *ret_type,
		    struct crd_buf *ret_value);
/* First field of that type; false if absent. */
bool crd_field_get(struct crd_buf fields, uint8_t type, struct crd_buf *ret_value);
/* Big-endian integer field of 1 to 8 bytes; false if absent. */
bool crd_field_u64(struct crd_buf fields, uint8_t type, uint64_t *ret_value);

/*
 * replay.c: a log against one quoted PCR. The log may run past the quote.
 * *ret_covered: how many records, from the first, the quote covers (the
 * largest prefix whose replay equals the value, at least the anchor);
 * *ret_reason PCR_MISMATCH if no prefix does, PCR_BANK if the log has no digest
 * for that bank, otherwise as crd_cel_walk(). start is the PCR before record
 * 0, taken from the anchor by the caller: crd_cel_anchor_pcr().
 */
int crd_replay(struct crd_buf log, uint16_t bank, const struct crd_digest *start,
	       const struct crd_digest *quoted, uint64_t *ret_records,
	       uint64_t *ret_covered, enum crd_reason *ret_reason,
	       struct crd_error *err);

/*
 * evidence.c: the bundle, a CMW collection in CBOR; evidence.cddl specifies it.
 * Items absent from the bundle have ptr NULL.
 */
#define CRD_EVIDENCE_TYPE "application/vnd.credence.evidence+cbor"
#define CRD_QUOTE_PCRS 0x0000ffffu	/* PCRs 0-15 */

struct crd_evidence {
	struct crd_buf attest;		/* TPMS_ATTEST */
	struct crd_buf signature;	/* TPMT_SIGNATURE */
	struct crd_buf ak;		/* TPM2B_PUBLIC */
	struct crd_buf ak_cert;		/* DER */
	struct crd_buf ek_cert;		/* DER */
	struct crd_buf log_measurer;	/* CEL-TLV, as securityfs gave it */
	struct crd_buf log_tcg;
	struct crd_buf log_ima;
	struct crd_buf claims;		/* CBOR map, self-reported; hashed as is */
	struct crd_pcrs pcrs;		/* the quoted bank */
};

/* Bytes are borrowed from `bundle`. */
int crd_evidence_decode(struct crd_buf bundle, struct crd_evidence *ret_evidence,
			struct crd_error *err);
/* *ret_bytes: to be freed with free(). */
int crd_evidence_encode(const struct crd_evidence *evidence, uint8_t **ret_bytes,
			size_t *ret_len);
/*
 * The qualifying data that binds nonce and claims into the quote:
 * SHA-256("CREDENCE-EVIDENCE-1" || u16 len(nonce) || nonce || SHA-256(claims))
 */
#define CRD_NONCE_MIN 16
#define CRD_NONCE_MAX 64
int crd_qualifying_data(struct crd_buf nonce, struct crd_buf claims,
			struct crd_digest *ret_qualifying);

/*
 * Self-reported claims: a flat CBOR map, text to text. Built by the agent,
 * shown, labelled self-reported, by the report.
 */
struct crd_claim {
	const char *key;		/* e.g. "agent.version" */
	const char *value;		/* UTF-8 */
};
int crd_claims_encode(const struct crd_claim *claims, size_t n,
		      uint8_t **ret_bytes, size_t *ret_len);
/* Calls fn for each claim, in order; views borrow. */
int crd_claims_walk(struct crd_buf claims,
		    int (*fn)(struct crd_buf key, struct crd_buf value, void *ctx),
		    void *ctx, struct crd_error *err);

/*
 * registry.c: who makes what. Tables are CSV files (policies/registry); the
 * caller reads them, this parses and validates them.
 */
struct crd_registry;
struct crd_registry_files {
	struct crd_buf entities;	/* entities.csv */
	struct crd_buf identifiers;	/* identifiers.csv */
	struct crd_buf lists;		/* lists.csv */
	struct crd_buf listings;	/* listings.csv */
	struct crd_buf sources;		/* sources.csv */
	struct crd_buf release;		/* release.csv */
	/* To look things up in, by one thread and not to judge by: entities and
	 * identifiers are taken for well-formed and read when asked for, sources
	 * and release not at all; there is no digest.
	 */
	bool unchecked;
};
/* Borrows the files' bytes until crd_registry_free().
 * err->text begins with the file's name; line and column are set.
 */
int crd_registry_load(const struct crd_registry_files *files,
		      struct crd_registry **ret_registry, struct crd_error *err);
void crd_registry_free(struct crd_registry **registry);
/* Entity id for (scheme, value), e.g. ("pci", "19e5"); NULL if unknown. */
const char *crd_registry_lookup(const struct crd_registry *registry,
				const char *scheme, const char *value);
bool crd_registry_has_list(const struct crd_registry *registry, const char *list);
/* Which edition it is, from 1 up, and its day (since 1970-01-01); both 0 if
 * that was not read.
 */
uint64_t crd_registry_version(const struct crd_registry *registry);
int32_t crd_registry_date(const struct crd_registry *registry);
/* SHA-256 over the six files in the order of the struct, each preceded by
 * its length as u64 big-endian. Its alg is 0 if they were not checked.
 */
const struct crd_digest *crd_registry_digest(const struct crd_registry *registry);

/* component.c: what the policy sees of one component. */
enum crd_kind {
	CRD_KIND_DRIVER,
	CRD_KIND_FIRMWARE,
	CRD_KIND_DEVICE,
	CRD_KIND_PLATFORM,	/* a part of the board or its firmware */
	CRD_KIND_MAX,
};

/* device_class.c: bits of what crd_class_words() gives. */
enum crd_class {
	CRD_CLASS_STORAGE,
	CRD_CLASS_NETWORK,
	CRD_CLASS_WIRELESS,
	CRD_CLASS_DISPLAY,
	CRD_CLASS_AUDIO,
	CRD_CLASS_CAMERA,
	CRD_CLASS_MEMORY,
	CRD_CLASS_BRIDGE,
	CRD_CLASS_SERIAL,
	CRD_CLASS_SYSTEM,
	CRD_CLASS_INPUT,
	CRD_CLASS_KEYBOARD,
	CRD_CLASS_MOUSE,
	CRD_CLASS_PROCESSOR,
	CRD_CLASS_CONTROLLER,
	CRD_CLASS_CRYPTO,
	CRD_CLASS_HUB,
	CRD_CLASS_USB_STORAGE,
	CRD_CLASS_PRINTER,
	CRD_CLASS_SMARTCARD,
	CRD_CLASS_COMPOSITE,
	CRD_CLASS_OTHER,
	CRD_CLASS_VENDOR_SPECIFIC,
	CRD_CLASS_MAX,
};

/* How good a statement of provenance is; smaller is better (design 6). */
enum crd_grade {
	CRD_GRADE_CERTIFIED,
	CRD_GRADE_MEASURED,
	CRD_GRADE_TEXT,
	CRD_GRADE_SELF_REPORTED,
	CRD_GRADE_DECLARED,
	CRD_GRADE_UNKNOWN,
};

enum crd_flag {
	CRD_FLAG_UNSIGNED	= 1 << 0,	/* no signature */
	CRD_FLAG_UNVERIFIED	= 1 << 1,	/* signature, not verified */
	CRD_FLAG_OUT_OF_TREE	= 1 << 2,
	CRD_FLAG_PROPRIETARY	= 1 << 3,
	CRD_FLAG_STAGING	= 1 << 4,
	CRD_FLAG_UNMEASURED	= 1 << 5,
	CRD_FLAG_PRE_EXISTING	= 1 << 6,
	CRD_FLAG_BUILT_IN	= 1 << 7,
	CRD_FLAG_FROM_MEMORY	= 1 << 8,	/* init_module, memfd */
	CRD_FLAG_FAILED		= 1 << 9,	/* the load failed */
	CRD_FLAG_FORCED		= 1 << 10,	/* ignore-version flags, taint F */
	CRD_FLAG_NOT_COVERED	= 1 << 11,	/* after the quote */
	CRD_FLAG_DEFERRED	= 1 << 12,	/* recorded after the fact */
	CRD_FLAG_GONE		= 1 << 13,	/* a device that left again */
	CRD_FLAG_RE_IDENTIFIED	= 1 << 14,	/* its port held another */
	CRD_FLAG_SAME_SERIAL	= 1 << 15,	/* as another's, elsewhere */
	CRD_FLAG_CONTRADICTED	= 1 << 16,	/* two sources disagree */
	CRD_FLAG_EXTERNAL	= 1 << 17,	/* outside, or removable */
	CRD_FLAG_DYNAMIC	= 1 << 18,	/* ACPI table, loaded later */
	CRD_FLAG_LOOK_ALIKE	= 1 << 19,	/* a name made to be misread */
};
/* "unsigned", "out-of-tree" ...; NULL past the last. */
const char *crd_flag_name(unsigned int bit);

/*
 * signature.c: what the library itself found of a driver's signature, with the
 * certificates that the policy trusts; beside sig_status, the kernel's word.
 */
enum crd_signed {
	CRD_SIGNED_UNSEEN = 0,	/* none in the log, or not looked at */
	CRD_SIGNED_VALID,	/* by a certificate of the policy */
	CRD_SIGNED_WRONG,	/* names such a one, but is not its signature */
	CRD_SIGNED_UNKNOWN_KEY,	/* names a key that the policy does not know */
	CRD_SIGNED_UNREADABLE,	/* malformed, weak, or of no supported kind */
	CRD_SIGNED_MAX,
};
/* "unchecked", "valid", "wrong", "unknown-key" ... */
const char *crd_signed_name(enum crd_signed result);
struct crd_signing {
	uint16_t cert;		/* VALID: index in the policy */
	uint8_t result;		/* enum crd_signed */
};

#define CRD_MAX_AUTHORS 16		/* CRD_MAX_REPEAT */
struct crd_component {
	enum crd_kind kind;
	uint64_t recnum;		/* record that shows it */
	bool in_group;			/* one of several in its record */
	unsigned int item;		/* index in a group record */
	uint32_t entry;			/* its place in the inventory */
	/* Views into the log, still escaped; ptr NULL: not said. */
	struct crd_buf name;
	struct crd_buf path;
	struct crd_buf license;
	struct crd_buf version;
	struct crd_buf vermagic;
	struct crd_buf srcversion;
	struct crd_buf signature;
	struct crd_buf authors[CRD_MAX_AUTHORS];
	unsigned int n_authors;
	struct crd_digest digest;	/* alg 0: unmeasured */
	struct crd_digest payload;	/* alg 0: same as digest */
	struct crd_digest payload_too;	/* in another hash; alg 0: none */
	uint8_t sig_status;		/* enum crd_sig_status */
	struct crd_signing signing;	/* beside the kernel's word */
	uint8_t origin;			/* enum crd_origin */
	uint32_t flags;			/* enum crd_flag */
	int32_t result;			/* 0 or -errno of the load */
	/* Through the registry; NULL: unknown. */
	const char *entity;		/* entity id */
	const char *entity_basis;	/* "module author", "pci alias" ... */
	enum crd_grade grade;		/* of that statement */
	const char *looks_like;		/* LOOK_ALIKE: the id of whom */
	struct crd_buf fields;		/* all of them, for crd_field_get() */
	/* Every entity its authors name, first said first; entity is the
	 * first. Numbers within the registry, for the library's own use.
	 */
	uint16_t vendors[CRD_MAX_AUTHORS];
	unsigned int n_vendors;
	unsigned int n_strangers;	/* authors, ids not in the registry */

	/* Of devices and platform parts; a device's name is its address. */
	struct crd_buf bus, device;
	struct crd_buf parent, port;
	struct crd_buf driver, module;	/* firmware: that asked */
	struct crd_buf manufacturer, product, serial;
	struct crd_buf released;		/* SMBIOS: "MM/DD/YYYY" */
	int32_t vendor_id, device_id;		/* -1: not said */
	int32_t subvendor_id, subdevice_id;	/* likewise */
	uint32_t class_code;
	uint32_t said_class;		/* words declared without a code */
	bool has_class;
	uint8_t part;			/* enum crd_part; 0: none */
	uint8_t smbios_type;
};

/* What it is for, as bits of enum crd_class; 0: not known. */
uint32_t crd_class_words(const struct crd_component *device);
/* "network card" */
const char *crd_class_noun(const struct crd_component *device);
extern const char *const crd_class_names[];	/* NULL at the end */

/*
 * inventory.c: components of a measurer log, in log order. MODULE_RESULT
 * records are folded into the module they speak of (flag FAILED, result), or
 * stand as a component of their own when it never got further. covered: from
 * crd_replay().
 *
 * Kept is one small entry for each component, and for each record that joins
 * components; what they say is read from the log when it is asked for.
 */
struct crd_entry {
	uint32_t offset, len;		/* of its fields, in the log */
	uint32_t recnum;
	uint16_t item;			/* in a group */
	uint8_t event;			/* enum crd_event_type */
	uint8_t group;			/* as in struct crd_record */
	uint32_t tag;			/* begin of its digest; 0: none */
	int32_t result;			/* as in struct crd_component */
	uint32_t flags;			/* beside what its fields say */
	uint32_t link;			/* in links; 0: none */
};

/*
 * join.c: the entries that a device or a firmware image is joined to by the
 * log; CRD_NO_ENTRY: none. "This card, driven by X, runs firmware Z."
 */
#define CRD_NO_ENTRY UINT32_MAX
struct crd_link {
	uint32_t parent;	/* DEVICE: the device it is part of or behind;
				 * FIRMWARE: the device that asked; BIND:
				 * the device that was bound
				 */
	uint32_t binding;	/* DEVICE: whose DRIVER and MODULE it had last;
				 * its own entry, if that says so
				 */
	uint32_t module;	/* the driver's module, as it was measured */
	uint32_t firmware;	/* DEVICE: the first image that it got */
	uint32_t next;		/* FIRMWARE: the device's next image */
	uint32_t before;	/* DEVICE: what was at its port, and differs */
	uint32_t gone;		/* DEVICE: when it left */
	bool bound;		/* DEVICE: it still has that driver */
};

struct crd_stated;
struct crd_inventory {
	struct crd_buf log;		/* borrowed */
	struct crd_entry *entries;
	size_t n_entries, cap;
	struct crd_link *links;		/* NULL: not joined */
	size_t n;			/* components */
	size_t n_kind[CRD_KIND_MAX];
	bool self_reported;		/* no log, but the machine's word */
	bool declared;			/* nor that: a bill of materials */
	const char *source;		/* where its records are, in words; NULL:
					 * "measurer log, record"
					 */
	const struct crd_stated *stated; /* of each entry, in an example; NULL */
	struct crd_buf anchor;		/* of an example, likewise */
	const struct crd_machine *machine; /* in an example that says it */
	bool partial;			/* no whole machine: what it lacks is
					 * no fault
					 */
	char *const *places;		/* of each record, instead of a number:
					 * "components[3]"; NULL: numbers
					 */
};
int crd_inventory_from_log(struct crd_buf log, uint64_t covered,
			   struct crd_inventory *ret_inventory,
			   struct crd_error *err);
void crd_inventory_done(struct crd_inventory *inventory);

/*
 * Without a log: what a machine says of itself, as the fields that its log
 * would have, labelled self-reported. The caller vouches for their form.
 */
struct crd_said {
	uint16_t event;			/* enum crd_event_type */
	uint32_t offset, len;		/* of its fields, in bytes */
};
/* Raw text as a log has it, at most max bytes; what found no room is left. */
size_t crd_escape(struct crd_buf *raw, char *out, size_t max);
int crd_inventory_from_said(struct crd_buf bytes, const struct crd_said *said,
			    size_t n, struct crd_inventory *ret_inventory);

/* The next component, or false. Start with .inventory and .registry set. */
struct crd_inventory_iter {
	const struct crd_inventory *inventory;
	const struct crd_registry *registry;	/* NULL: vendors unknown */
	size_t next;				/* entry */
};
bool crd_inventory_next(struct crd_inventory_iter *it,
			struct crd_component *ret_component);
/* The component of one entry; false if the entry is none. */
bool crd_inventory_get(const struct crd_inventory *inventory,
		       const struct crd_registry *registry, uint32_t entry,
		       struct crd_component *ret_component);
/* What the log joins it to; never NULL. */
const struct crd_link *crd_inventory_link(const struct crd_inventory *inventory,
					  uint32_t entry);
/* The fields of an entry, for crd_field_get(). */
struct crd_buf crd_entry_fields(const struct crd_inventory *inventory,
				const struct crd_entry *entry);
/* "network card 0000:00:03.0 (Intel), driven by e1000e signed by ..., runs
 * firmware Z": a device and what it is joined to. policy: whose signers are
 * named; NULL: the kernel's word is told. *ret_text: free().
 */
struct crd_policy;
int crd_join_say(const struct crd_inventory *inventory,
		 const struct crd_registry *registry,
		 const struct crd_policy *policy, uint32_t entry,
		 char **ret_text);

/*
 * dmi.c: SMBIOS structures one by one, as a table or a log's record has them.
 * Views borrow.
 */
struct crd_dmi {
	uint8_t type;
	uint16_t handle;
	struct crd_buf data;		/* formatted area, header included */
	struct crd_buf strings;		/* each with its NUL */
};
enum crd_dmi_end { CRD_DMI_ONE, CRD_DMI_END, CRD_DMI_BROKEN };
/* What is left after BROKEN is left as it was. */
enum crd_dmi_end crd_dmi_next(struct crd_buf *left,
				    struct crd_dmi *ret_structure);
/* The next of its strings, without the NUL; false: no more. */
bool crd_dmi_string(struct crd_buf *strings, struct crd_buf *ret_string);

/* policy.c: policies/README.md is the reference of the language. */
/*
 * Files that a policy names (lists, certificates, what it extends and what that
 * names in turn) are fetched through `fetch`, by their path from it; it
 * returns 0 and bytes that stay until crd_policy_load() returns. NULL: a
 * policy that names a file is an error.
 */
typedef int (*crd_fetch_fn)(const char *file, void *ctx, struct crd_buf *ret_bytes);
int crd_policy_load(struct crd_buf yaml, crd_fetch_fn fetch, void *ctx,
		    struct crd_policy **ret_policy, struct crd_error *err);
void crd_policy_free(struct crd_policy **policy);
/*
 * A file of waivers for that policy; path is for messages. After a failure the
 * policy is to be freed, not used.
 */
int crd_policy_add_waivers(struct crd_policy *policy, struct crd_buf yaml,
			   const char *path, crd_fetch_fn fetch, void *ctx,
			   struct crd_error *err);
/* Of the file that was added last; 0: none was. */
uint64_t crd_policy_waivers_version(const struct crd_policy *policy);
const char *crd_policy_name(const struct crd_policy *policy);
uint64_t crd_policy_version(const struct crd_policy *policy);
/* The PCR whose log it asks for. */
uint32_t crd_policy_pcr(const struct crd_policy *policy);
/* SHA-256 of the policy's bytes. */
const struct crd_digest *crd_policy_digest(const struct crd_policy *policy);
/* Is it the tag of a language (BCP 47) that a policy's texts may be in? */
bool crd_language_valid(const char *tag);
/* Does a rule speak of vendor, jurisdiction or lists? */
bool crd_policy_needs_registry(const struct crd_policy *policy);
/* Are the lists, entities and countries it names known? line, column in err. */
int crd_policy_check(const struct crd_policy *policy,
		     const struct crd_registry *registry, struct crd_error *err);
/*
 * policy_static.c: what is wrong (it can never be meant) or odd about it, on
 * that day; a note is worth knowing. file is NULL in the policy itself; texts
 * are safe to show. fn's non-zero return ends it and is returned.
 */
enum crd_lint_severity { CRD_LINT_NOTE, CRD_LINT_WARNING, CRD_LINT_ERROR };
const char *crd_lint_severity_name(enum crd_lint_severity severity);
struct crd_lint {
	enum crd_lint_severity severity;
	const char *check;	/* "unreachable", "expired" ... */
	const char *file;
	unsigned int line, column;
	const char *text;
};
typedef int (*crd_lint_fn)(const struct crd_lint *lint, void *ctx);
int crd_policy_lint(const struct crd_policy *policy, int32_t day,
		    crd_lint_fn fn, void *ctx);
/* policy_languages.c: is any text in that language, or in a broader one? */
bool crd_policy_speaks(const struct crd_policy *policy, const char *language);

/* appraise.c: the decision. */
enum crd_verdict { CRD_ADMIT, CRD_REFER, CRD_REFUSE };
const char *crd_verdict_name(enum crd_verdict verdict);	/* "admit" ... */

enum crd_stage {
	CRD_STAGE_STRUCTURE,
	CRD_STAGE_IDENTITY,
	CRD_STAGE_FRESHNESS,
	CRD_STAGE_QUOTE,
	CRD_STAGE_LOGS,
	CRD_STAGE_BOOT,		/* boot image and measurer */
	CRD_STAGE_COMPONENTS,
	CRD_STAGE_POLICY,
	CRD_STAGE_MAX,
};
const char *crd_stage_name(enum crd_stage stage);

enum crd_outcome {
	CRD_NOT_EVALUATED = 0,
	CRD_PASSED,
	CRD_FAILED,
};
const char *crd_outcome_name(enum crd_outcome outcome);

struct crd_seal;

/* One answer, for people and machines; all text is escaped and owned. */
struct crd_finding {
	enum crd_stage stage;
	enum crd_outcome outcome;
	enum crd_reason reason;
	enum crd_verdict verdict;	/* what this finding alone asks for */
	char *check;			/* "pcr-selection", a rule's id ... */
	char *component;		/* "driver hinic"; NULL: none */
	char *observed;
	char *expected;
	char *place;			/* "measurer log, record 17" */
	char *sentence;			/* for a reader who is no engineer */
	char *next_step;		/* NULL: none */
	char *waiver;			/* id of the waiver that covers it */
	char *lapsed;			/* id of one that would, not in force */
};

/*
 * What the evidence cannot say, but who asks: where the machine shall stand,
 * where it shall go, what for. NULL: not told.
 */
struct crd_context {
	const char *site;
	const char *destination;	/* a country, two capital letters */
	const char *purpose;
};

#define CRD_DECIDED_SIGNED 0x80
#define CRD_DECIDED_VERDICT 0x03

struct crd_report {
	enum crd_verdict verdict;
	bool evidence_malformed;	/* exit code 5 */
	bool fresh;			/* genuine quote over this nonce: the
					 * challenge may now be spent
					 */
	enum crd_outcome stages[CRD_STAGE_MAX];
	struct crd_finding *findings;	/* order: stage, then place */
	size_t n_findings;
	struct crd_inventory inventory;	/* borrows evidence and registry */
	const struct crd_registry *registry;	/* as passed in; may be NULL */
	struct crd_buf coverage;	/* fields of COVERAGE; ptr NULL: none */
	struct crd_buf anchor;		/* fields of ANCHOR; likewise */
	const struct crd_policy *policy;	/* as passed in; NULL: none */
	const char *language;			/* as passed in */
	struct crd_context context;	/* likewise */
	/* Of each component that shows a signature, in their order; fewer, or
	 * none, if not all of them were judged.
	 */
	struct crd_signing *signings;
	size_t n_signings;
	bool judged;			/* the rules were applied to it */
	/* By entry of the inventory: the enum crd_verdict that the rules came
	 * to about it, and CRD_DECIDED_SIGNED if it shows a signature. NULL
	 * unless judged.
	 */
	uint8_t *decided;
	uint64_t records, covered;
	struct crd_quote quote;		/* valid when the quote stage passed */
	struct crd_digest evidence_digest;	/* SHA-256 of the bundle */
	struct crd_digest policy_digest;
	struct crd_digest registry_digest;	/* alg 0: none used */
	struct crd_digest bid_digest;		/* alg 0: no bill */
	char *bid;			/* its format; NULL: no bill */
	char *bid_left_out;		/* what of it is no part; or NULL */
	char ak_name[2 * CRD_MAX_NAME + 1];	/* hex; "" if no key */
	char *policy_name;
	uint64_t policy_version;
	char *machine;			/* from the anchor: "6.1.0-56-amd64 x86_64" */
	int64_t when;			/* time passed in */
	int32_t as_of;			/* as passed in */
	const struct crd_seal *seals;	/* as passed in */
	size_t n_seals;
};

struct crd_challenge {
	uint8_t nonce[CRD_NONCE_MAX];
	size_t nonce_len;
	int64_t issued, expires;	/* seconds since 1970 UTC */
};

/*
 * signing_memo.c: signatures that were checked before, under one policy, so that
 * the same driver on many machines is checked once. It changes no answer. For
 * one thread at a time; of fixed size.
 */
struct crd_signing_memo;
int crd_signing_memo_new(struct crd_signing_memo **ret_memo);
void crd_signing_memo_free(struct crd_signing_memo **memo);

struct crd_attester;
struct crd_bid;
struct crd_appraisal {
	struct crd_buf evidence;
	/* compare.h: the same machine as it was accepted, proven; NULL: it is
	 * compared with nothing.
	 */
	const struct crd_attester *baseline;
	const struct crd_challenge *challenge;	/* NULL: freshness fails */
	bool at_rest;	/* from a store: whom it answered, and when, is not
			 * asked; whose key it is, only if keys are named
			 */
	const struct crd_policy *policy;
	const struct crd_registry *registry;	/* NULL: vendors unknown */
	const struct crd_buf *trusted_aks;	/* names, as crd_ak_name() */
	size_t n_trusted_aks;
	int64_t now;				/* seconds since 1970 UTC */
	struct crd_signing_memo *memo;		/* NULL: none */
	const char *language;	/* of the policy's texts; NULL: its own */
	/* Day since 1970-01-01 whose lists, waivers and period of the policy
	 * count; 0: that of now. The challenge is judged by now all the same.
	 */
	int32_t as_of;
	const struct crd_seal *seals;	/* authority.h: who signed policy,
					 * registry, waivers; NULL: nobody
					 * that the caller knows
					 */
	size_t n_seals;
	struct crd_context context;
	const struct crd_bid *bid;	/* bid.h: what was declared of this
					 * machine, to be compared with what
					 * was measured; NULL: nothing
					 */
};
/*
 * Every stage is in the report, those that could not run as NOT_EVALUATED. A
 * failed return (-ENOMEM, -EIO, ...) means: no verdict at all.
 */
int crd_appraise(const struct crd_appraisal *in, struct crd_report **ret_report);
void crd_report_free(struct crd_report **report);
/*
 * The policy's judgement of components without evidence: what a bid declares, an
 * example in a policy. Of `in` count the policy, the registry and the time;
 * evidence is not read, only its digest goes into the report. All stages but
 * components and policy stay NOT_EVALUATED and weigh nothing. Takes the
 * inventory over, and empties it, also on failure; what it borrows must outlive
 * the report.
 */
int crd_judge_inventory(const struct crd_appraisal *in,
			struct crd_inventory *inventory,
			struct crd_report **ret_report);
/* Adds a failed finding, lowers the verdict to refuse. */
int crd_report_refuse(struct crd_report *report, enum crd_stage stage,
		      enum crd_reason reason, const char *check,
		      const char *observed, const char *expected,
		      const char *sentence);

/* report.c: stable text for golden tests; *ret_text is freed with free(). */
#define CRD_TEXT_COLOUR	(1 << 0)
#define CRD_TEXT_QUIET	(1 << 1)	/* the verdict line only */
int crd_report_text(const struct crd_report *report, unsigned int flags,
		    char **ret_text);
int crd_report_json(const struct crd_report *report, char **ret_text);
/*
 * The same bytes piece by piece, as JSON of many components is larger than the
 * evidence. put's non-zero return ends it and is returned.
 */
typedef int (*crd_put_fn)(const char *text, size_t len, void *ctx);
int crd_report_json_put(const struct crd_report *report, crd_put_fn put,
			void *ctx);

/*
 * explain*.c: for each component all rules, why they matched or not, by which
 * fact of which grade and record. name: "hinic", "driver/hinic",
 * "pci/0000:00:02.0" or the component's label in the report; the id of a rule:
 * what it holds of; of a presence: how many it counts. NULL: everything. The text
 * goes after that of crd_report_text(); the JSON is the report with a key
 * "explained" in each of those components; of a rule, in all of them, with that
 * rule only. Both put piece by piece.
 */
int crd_explain_text(const struct crd_report *report, const char *name,
		     unsigned int flags, crd_put_fn put, void *ctx);
int crd_explain_json(const struct crd_report *report, const char *name,
		     crd_put_fn put, void *ctx);
/* Is there anything called so? Always, if no rules were applied. */
bool crd_explain_finds(const struct crd_report *report, const char *name);

/*
 * example_test.c: the examples that stand in a policy, each judged by it. text
 * and JSON tell of each; the third stops at the first that fails, which is then
 * the error (-EBADMSG). An example that names a vendor whom the registry does
 * not know is an error too; err has the place. Other failures: put's, -ENOMEM.
 */
struct crd_trial {
	const struct crd_policy *policy;
	const struct crd_registry *registry;
	const char *language;		/* as in an appraisal */
	int32_t as_of;	/* of those that name no day; 0: the policy's first */
	unsigned int flags;		/* CRD_TEXT_COLOUR */
};
struct crd_tried {
	size_t examples, failed;
	size_t rules, untouched;	/* rules that hold in none of them */
};
int crd_policy_test_text(const struct crd_trial *trial, crd_put_fn put,
			 void *ctx, struct crd_tried *ret_tried,
			 struct crd_error *err);
int crd_policy_test_json(const struct crd_trial *trial, crd_put_fn put,
			 void *ctx, struct crd_tried *ret_tried,
			 struct crd_error *err);
int crd_policy_test(const struct crd_trial *trial, struct crd_tried *ret_tried,
		    struct crd_error *err);

/*
 * inventory_*.c: the components without a verdict, as a tree by bus.
 *
 * A name for ids, of a vendor (device -1) or of a device of his, from a list
 * that the caller has: a help, never identity. False: none.
 */
typedef bool (*crd_name_fn)(const char *bus, uint16_t vendor, int32_t device,
			    struct crd_buf *ret_name, void *ctx);

/* What to show; zeros are all of it. Everything named must hold. */
struct crd_filter {
	const char *bus;	/* "pci", "usb", "platform" */
	const char *kind;	/* "device", "driver", "firmware", "platform" */
	const char *class;	/* a word of crd_class_names[] */
	const char *vendor;	/* an id, "8086", or an entity or its parent */
	bool listed;		/* whose vendor stands on a list */
	bool unsigned_only;	/* drivers that no signature was verified of */
};
/* The word in it that is none; NULL: all are good. */
const char *crd_filter_fault(const struct crd_filter *filter,
			     const struct crd_registry *registry);

struct crd_show {
	const struct crd_inventory *inventory;
	const struct crd_inventory *beside;	/* self-reported, to be compared
						 * with a log; NULL: nothing
						 */
	const struct crd_registry *registry;	/* NULL: vendors unknown */
	struct crd_filter filter;
	crd_name_fn name;			/* NULL: no names */
	void *name_ctx;
	int64_t now;		/* lists that are in force then; not 0 */
	int32_t as_of;		/* day since 1970-01-01 instead; 0: now's */
	const char *lost;	/* what there is not without a log, or NULL */
	unsigned int flags;	/* CRD_TEXT_COLOUR */
};
int crd_inventory_text(const struct crd_show *show, crd_put_fn put, void *ctx);
int crd_inventory_json(const struct crd_show *show, crd_put_fn put, void *ctx);

/*
 * Where a log and what the machine says of itself disagree: one of them, or
 * what happened between them, is not as it should be. fn is called for each,
 * in the order of the log, then of the machine; its non-zero return ends it.
 */
struct crd_contradiction {
	const char *component;	/* "device pci/0000:00:02.0" */
	const char *log;	/* what the log says */
	const char *now;	/* what the machine says */
	const struct crd_entry *entry;	/* of the log; NULL: it has none */
};
int crd_inventory_compare(const struct crd_inventory *log,
			  const struct crd_inventory *now,
			  int (*fn)(const struct crd_contradiction *c,
				    void *ctx),
			  void *ctx);

#endif /* CRD_ATTEST_H */
