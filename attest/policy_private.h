/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policy from inside, one section per file. The YAML text becomes a tree of
 * nodes (policy_yaml.c), the tree becomes tables (policy.c, policy_when.c,
 * policy_digests.c), the tables judge components (policy_match.c). One policy
 * may come from several files: itself, those that it extends, waivers.
 */
#ifndef CRD_POLICY_PRIVATE_H
#define CRD_POLICY_PRIVATE_H

#include "policy_load.h"

/* policy_digests.c: sorted digests with the lists that hold them. */
struct crd_digest_entry {
	uint8_t bytes[CRD_MAX_DIGEST];
	uint8_t len;
	uint8_t list;
};

struct crd_digest_list {
	const char *id;
	bool known; /* who is on it counts as known */
};

int crd_digests_load(const struct crd_load *l, const struct crd_node *node);
/* Bits of the lists that hold the digest. */
uint64_t crd_digests_find(const struct crd_policy *policy,
			  const struct crd_digest *digest);

/* policy_components.c: lists of whole components, from CSV files. */
enum crd_column {
	CRD_COLUMN_KIND,
	CRD_COLUMN_ID,
	CRD_COLUMN_SUBSYSTEM,
	CRD_COLUMN_NAME,
	CRD_COLUMN_SERIAL,
	CRD_COLUMN_VERSION,
	CRD_COLUMN_DIGEST,
	CRD_COLUMN_NOTE,
	CRD_N_COLUMNS
};

struct crd_reference_row {
	struct crd_buf field[CRD_COLUMN_NOTE]; /* "": does not matter */
	uint8_t kind, list;
};

struct crd_component_list {
	const char *id;
	bool known;  /* who is on it counts as known */
	char *texts; /* of its rows */
};

int crd_components_load(const struct crd_load *l, const struct crd_node *node);
void crd_components_done(struct crd_policy *policy);
struct crd_matcher;
/*
 * Bits of the lists on which the component stands; *ret_maybe: on which it may
 * stand, as it does not say all that a row asks for.
 */
uint64_t crd_components_find(const struct crd_matcher *m, uint64_t *ret_maybe);

/* policy_requires.c */
enum { CRD_N_ACTIVITIES = 6 };
extern const char *const crd_activity_names[]; /* NULL at the end */

extern const char *const crd_requires_names[]; /* keys; NULL at the end */
/* node NULL: it has none of its own, but those of what it extends. */
int crd_requires_load(const struct crd_load *l, const struct crd_node *node);
/* policy_signers.c: certificates, and who is trusted by them. */
struct crd_signer {
	const char *id;
	bool distribution; /* who made the kernel, too */
};

/*
 * Bits of a `signer` condition. The first are those of enum crd_sig_status,
 * what the kernel said; the others are what was found here.
 */
enum {
	CRD_SIGNER_DISTRIBUTION = 3,
	CRD_SIGNER_WRONG,
	CRD_SIGNER_UNKNOWN_KEY,
	CRD_SIGNER_UNREADABLE,
	CRD_SIGNER_WORDS,
	CRD_SIGNER_FIRST = 16, /* of policy->signers */
};

struct crd_cert;
int crd_signers_load(const struct crd_load *l, const struct crd_node *node);
void crd_signers_done(struct crd_policy *policy);
/* The word or id at that bit; NULL: none. */
const char *crd_signer_name(const struct crd_policy *policy, unsigned int bit);
/* -EBADMSG: no such word or id, or one that can never hold here. */
int crd_want_signer(const struct crd_load *l, const struct crd_node *node,
		    unsigned int *ret_bit);
/* Sets c->signing, if it is a driver with a signature. -ENOMEM, -EIO */
int crd_signer_find(const struct crd_policy *policy, struct crd_component *c);
/* The same through what was found before; memo may be NULL. */
int crd_signing_memo_find(struct crd_signing_memo *memo,
			  const struct crd_policy *policy,
			  struct crd_component *c);
/* What the kernel said and what was found of a driver, as bits. */
uint64_t crd_signer_bits(const struct crd_policy *policy,
			 const struct crd_component *c);

/* policy_texts.c: a text for people, in one or more languages. */
struct crd_wording {
	const char *language, *text;
};

/* A range of policy->wordings; the first is in the language of its file. */
struct crd_texts {
	uint32_t first, n; /* n 0: there is none */
};

/* "fr", "pt-BR", "zh-Hant": BCP 47, spelt as it recommends. */
int crd_want_language(const struct crd_load *l, const struct crd_node *node,
		      const char *what, const char **ret_tag);
/* A text, or a map of languages to texts. */
int crd_texts_load(const struct crd_load *l, const struct crd_node *node,
		   const char *what, struct crd_texts *ret_texts);
/*
 * In that language (NULL: that of the policy), or else in a broader one
 * ("fr" for "fr-CA"), or else in that of its file. NULL: there is none.
 */
const char *crd_texts_in(const struct crd_policy *policy,
			 struct crd_texts texts, const char *language);
/* Is there one in that language, or in a broader one? */
bool crd_texts_has(const struct crd_policy *policy, struct crd_texts texts,
		   const char *language);

/* policy.c */
struct crd_rule {
	const char *id;
	enum crd_verdict then;
	struct crd_when when;
	bool late;     /* a record that came later may have made it hold */
	bool replaces; /* one of what its file extends */
	struct crd_texts because;
	struct crd_texts advice; /* may be none */
	const struct crd_node *node;
	unsigned int line;
	uint8_t file;
};

/* policy_presence.c: how many there must or may be. */
struct crd_presence {
	const char *id;
	struct crd_when possible; /* has_most: what counts against it */
	struct crd_when certain;  /* least: what counts towards it */
	uint32_t least, most;
	bool has_most;
	enum crd_verdict then;
	struct crd_texts because;
	struct crd_texts advice; /* may be none */
	const struct crd_node *node;
	unsigned int line;
	uint8_t file;
};

int crd_presence_load(const struct crd_load *l, const struct crd_node *node);
/* No rule has the id of one of them. */
int crd_presence_check(const struct crd_load *l);

/* policy_named.c: the rule or presence that has this id. */
#define CRD_NOT_OF UINT32_MAX /* there is none */
struct crd_policy;
uint32_t crd_rule_named(const struct crd_policy *policy, const char *id);
uint32_t crd_presence_named(const struct crd_policy *policy, const char *id);

/* policy_waivers.c: a rule is set aside for something, or a presence as it is. */
struct crd_waiver {
	const char *id;
	uint32_t rule;		   /* or CRD_NOT_OF */
	uint32_t presence;	   /* or CRD_NOT_OF */
	struct crd_when component; /* of a rule */
	int32_t from, until;	   /* days, both included */
	const char *approved_by;
	struct crd_texts because;
	uint32_t machine, n_machines; /* in policy->machines; n 0: all */
	const struct crd_node *node;
	uint8_t file;
};

int crd_waivers_load(const struct crd_load *l, const struct crd_node *node);

/* policy_machine.c: a machine that a waiver is for; all that is given holds. */
struct crd_machine_want {
	uint8_t ak[CRD_MAX_NAME];
	size_t ak_len;				     /* 0: any */
	const char *manufacturer, *product, *serial; /* NULL: any */
	const char *uuid;
};

/* The machine that is appraised; "": not said, or a text that says nothing. */
enum { CRD_MACHINE_TEXT = 256 };
struct crd_machine {
	struct crd_buf ak; /* name of the key that signed; ptr NULL: none */
	char manufacturer[CRD_MACHINE_TEXT], product[CRD_MACHINE_TEXT];
	char serial[CRD_MACHINE_TEXT], uuid[40];
};

/* machine, lot: NULL if not given. Fills that part of the waiver. */
int crd_machines_load(const struct crd_load *l, const struct crd_node *machine,
		      const struct crd_node *lot, struct crd_waiver *w);
/* One machine, as a waiver has it. */
int crd_machine_load(const struct crd_load *l, const struct crd_node *node,
		     struct crd_machine_want *ret_machine);
/* One that is just that and nothing else; its key is borrowed. */
void crd_machine_be(struct crd_machine *machine,
		    const struct crd_machine_want *want);
/* From the log's SMBIOS system structure. ak is borrowed. */
void crd_machine_read(struct crd_machine *machine,
		      const struct crd_inventory *inventory, struct crd_buf ak);
/* The machine of the waiver that this one is; NULL: none, or not known. */
const struct crd_machine_want *
crd_machine_find(const struct crd_policy *policy,
		 const struct crd_waiver *waiver,
		 const struct crd_machine *machine);
/* "known by its TPM key (measured)" */
void crd_machine_say(struct crd_str *str, const struct crd_machine_want *want);
/* That, or the waiver is for all machines. */
bool crd_machine_fits(const struct crd_policy *policy,
		      const struct crd_waiver *waiver,
		      const struct crd_machine *machine);

struct crd_reference {
	uint8_t build_id[POL_MAX_BUILD_ID];
	size_t len;
	const char *note;
};

/* Where something was said; node NULL: nowhere, it is the default. */
struct crd_said_at {
	const struct crd_node *node;
	uint8_t file;
};

enum { CRD_N_REQUIRES = 10 };
struct crd_requires {
	bool identity_pinned;
	int64_t freshness; /* seconds */
	bool secure_boot;
	unsigned int lockdown; /* enum crd_lockdown, at least */
	bool measurer_reference;
	uint16_t bank;	  /* weakest accepted */
	unsigned int pcr; /* whose log counts */
	const char *coverage[POL_MAX_COVERAGE];
	unsigned int n_coverage;
	uint32_t no_activity; /* bits of crd_activity_names */
	bool bid_match;	      /* the delivery is as its bid declares */
	struct crd_said_at said[CRD_N_REQUIRES]; /* as crd_requires_names */
};

/* policy_extend.c: what a policy that extends another is held against. */
struct crd_base {
	const char *path;
	struct crd_requires requires;
	int32_t from, until;
	enum crd_verdict known, unknown;
	struct crd_said_at said_valid, said_known, said_unknown;
};

struct crd_loosening {
	const char *what; /* "requires.freshness", "rules.wireless" */
	struct crd_texts because;
	const struct crd_node *node;
	bool used;
	bool removes; /* that rule is no more */
	uint8_t file;
};

/* The policy at that path, and all that it extends; then what it left. */
int crd_extends_load(const struct crd_load *l, const struct crd_node *node,
		     struct crd_base *ret_base);
int crd_loosens_load(const struct crd_load *l, const struct crd_node *node);
/* Once the rules are there, before anything counts on their numbers. */
int crd_loosens_remove(const struct crd_load *l);
/* Once all else is loaded: says what was declared in vain. */
int crd_loosens_settle(const struct crd_load *l);
/* 0 if it is declared; node: what is looser, base: what it is looser than. */
int crd_looser(const struct crd_load *l, const struct crd_node *node,
	       const char *group, const char *name, struct crd_said_at base);
/* Do they speak of the same components, whatever they make of them? */
struct crd_rule;
bool crd_rules_ask_alike(const struct crd_policy *policy,
			 const struct crd_rule *a, const struct crd_rule *b);

/* A file that the policy was made from. */
struct crd_policy_file {
	struct crd_yaml yaml; /* owns every text that stands in it */
	struct crd_digest digest;
	char *path;	  /* as it was named; NULL: the policy itself */
	bool waivers;	  /* a file of waivers, for `name` */
	const char *name; /* of the policy */
	uint64_t version;
	size_t waivers_left; /* of it, which this policy does not have */
};

/* policy_example.c; example.h has what an example is. */
struct crd_example;
struct crd_example_part;
int crd_examples_load(const struct crd_load *l, const struct crd_node *node);

struct crd_policy {
	struct crd_policy_file files[POL_MAX_FILES]; /* the first is itself */
	size_t n_files;
	struct crd_digest digest;
	const char *name;
	const char *language;
	uint64_t version;
	const char *authority;
	const char *description;
	int32_t from, until;
	struct crd_requires requires;
	struct crd_reference *references;
	size_t n_references;
	struct crd_digest_list lists[POL_MAX_LISTS];
	size_t n_lists;
	struct crd_digest_entry *digests;
	size_t n_digests;
	struct crd_component_list component_lists[POL_MAX_COMPONENT_LISTS];
	size_t n_component_lists;
	struct crd_reference_row *reference_rows; /* by kind and id */
	size_t n_reference_rows;
	uint32_t n_joins; /* conditions that are one */
	struct crd_signer signers[POL_MAX_SIGNERS];
	size_t n_signers;
	struct crd_cert *certs;
	size_t n_certs;
	struct crd_rule *rules;
	size_t n_rules;
	struct crd_presence *presence;
	size_t n_presence;
	struct crd_waiver *waivers;
	size_t n_waivers;
	struct crd_machine_want *machines;
	size_t n_machines;
	enum crd_verdict otherwise_known, otherwise_unknown;
	struct crd_said_at said_valid, said_known, said_unknown;
	struct crd_cond *conds;
	size_t n_conds;
	struct crd_value *values;
	size_t n_values;
	struct crd_wording *wordings;
	size_t n_wordings;
	struct crd_loosening *loosens;
	size_t n_loosens;
	struct crd_example *examples;
	size_t n_examples;
	struct crd_example_part *example_parts;
	size_t n_example_parts;
};

/* One file, l->file, into the policy; first what it extends. */
int crd_policy_load_file(struct crd_load *l, struct crd_buf bytes);

/* "the policy", or how the file was named. */
const char *crd_policy_file_name(const struct crd_policy *policy, uint8_t file);
/* Room for the conditions of one more file: no more than it has nodes. */
int crd_policy_make_room(struct crd_policy *policy,
			 const struct crd_yaml *yaml);

/*
 * policy_match.c: policy and registry joined for one appraisal, then asked
 * about one component after the other without allocating.
 *
 * Doubt counts against. Where a component has several answers (authors,
 * vendors, countries), one that fits is enough to refuse or refer, but all
 * must fit to admit or to waive. Where the evidence does not say, a plain
 * condition never holds; `not` holds to refuse or refer, never to admit or
 * waive. The word `unknown` asks for that case by name.
 *
 * What its kind cannot have (a device has no signer) is no doubt: a condition
 * on it never holds, negated or not.
 */
struct crd_joined;
struct crd_matcher {
	const struct crd_policy *policy;
	const struct crd_registry *registry; /* NULL: vendors unknown */
	const struct crd_machine *machine;   /* NULL: not known */
	int32_t day;
	uint64_t asked;		     /* keys that the policy has, as bits */
	uint8_t texts[CRD_COND_MAX]; /* those, and more, that are texts */
	unsigned int n_texts;
	uint16_t *indexes;	     /* of vendor and list values */
	struct crd_list_set *listed; /* per condition */
	uint32_t *rules;	     /* those that can hold, by kind */
	const uint32_t *rules_of[CRD_KIND_MAX];
	uint32_t n_rules_of[CRD_KIND_MAX];
	struct crd_context context;
	struct crd_joined *joined; /* NULL: nothing is joined */
	/* the component asked about */
	const struct crd_component *c;
	uint64_t words[CRD_COND_BUS]; /* those that are words, as bits ... */
	uint64_t worded;	      /* ... and keys that these alone answer */
	uint64_t digest_lists;
	uint64_t component_lists, maybe_lists;
	uint8_t *room; /* unescaped texts */
	size_t room_len;
	struct crd_buf text[CRD_COND_MAX]; /* name, path, ... */
	char made[CRD_COND_MAX][40];	   /* "8086:10d3" */
	struct crd_buf authors[CRD_MAX_AUTHORS];
	int32_t released; /* day; INT32_MIN: not said, or no date */
};

int crd_matcher_init(struct crd_matcher *m, const struct crd_policy *policy,
		     const struct crd_registry *registry, int32_t day);
void crd_matcher_done(struct crd_matcher *m);
/*
 * policy_answer.c: of the keys that the policy has, and of those that its lists
 * may need, which are texts.
 */
void crd_matcher_want(struct crd_matcher *m);
/*
 * What is the same for all components: given with the appraisal, and, if there
 * is a log, from its anchor. Borrowed.
 */
void crd_matcher_about(struct crd_matcher *m, const struct crd_context *context,
		       struct crd_buf anchor);
/* -ENOMEM */
int crd_matcher_set(struct crd_matcher *m, const struct crd_component *c);
bool crd_matcher_holds(const struct crd_matcher *m, struct crd_when when,
		       bool benefit);
/* One of its conditions alone. */
bool crd_matcher_cond(const struct crd_matcher *m, const struct crd_cond *cond,
		      bool benefit);
/* Resolved vendor, verified signature, or on a list that says so. */
enum crd_known_by {
	CRD_NOT_KNOWN = 0,
	CRD_KNOWN_BY_VENDOR,
	CRD_KNOWN_BY_SIGNATURE,
	CRD_KNOWN_BY_DIGEST,
	CRD_KNOWN_BY_LIST,
};
enum crd_known_by crd_matcher_known_by(const struct crd_matcher *m);
bool crd_matcher_known(const struct crd_matcher *m);
/*
 * policy_waivers.c: the waiver that covers this rule for this component, on this
 * day and machine; of several the one that lasts longest. NULL: none.
 */
const struct crd_waiver *crd_matcher_waiver(const struct crd_matcher *m,
					    uint32_t rule);
/* The same of a presence, which no component matters for. */
const struct crd_waiver *
crd_matcher_presence_waiver(const struct crd_matcher *m, uint32_t presence);
/* One that would, but is not in force: *ret_why; or NULL. */
enum crd_waiver_lack {
	CRD_WAIVER_ENDED,
	CRD_WAIVER_NOT_YET,
	CRD_WAIVER_OTHER_MACHINE,
};
const struct crd_waiver *crd_matcher_lapsed(const struct crd_matcher *m,
					    uint32_t rule,
					    enum crd_waiver_lack *ret_why);
const struct crd_waiver *
crd_matcher_presence_lapsed(const struct crd_matcher *m, uint32_t presence,
			    enum crd_waiver_lack *ret_why);
bool crd_glob(struct crd_buf pattern, struct crd_buf text);

#endif /* CRD_POLICY_PRIVATE_H */
