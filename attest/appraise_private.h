/* SPDX-License-Identifier: Apache-2.0 */
/* Appraisal and report from inside, one section per file. */
#ifndef CRD_APPRAISE_PRIVATE_H
#define CRD_APPRAISE_PRIVATE_H

#include "attest.h"
#include "policy_private.h"

/* The kernel's word on a signature is not known: no enum crd_sig_status. */
#define CRD_SIG_UNKNOWN 255

/* component.c: one component from its fields; origin: if they name none. */
void crd_component_read(struct crd_component *c, enum crd_kind kind,
			struct crd_buf fields, uint8_t origin);
/* component_device.c: the same for what devices and platform parts have. */
void crd_component_read_device(struct crd_component *c);
/*
 * Where an SMBIOS structure keeps the numbers of the strings that name who made
 * it, and what it is. 0: it has none.
 */
struct crd_smbios_strings {
	uint8_t type, maker, product, version, serial, released;
};
/* NULL: structures of that type name nobody. */
const struct crd_smbios_strings *crd_smbios_strings(uint8_t type);
/* CRD_F_DIGEST: algorithm and bytes. False: of no known size. */
bool crd_read_hash(struct crd_buf value, struct crd_digest *ret_digest);
/* A big-endian integer of at most 8 bytes. */
uint64_t crd_field_be(struct crd_buf value);

/* component_vendor.c: entity, basis, grade and vendors, from its authors. */
/* "Name <mail>", "Name, <mail>": the name. Anything else: empty. */
struct crd_buf crd_author_name(struct crd_buf author);
void crd_component_find_vendors(struct crd_component *component,
				const struct crd_registry *registry);

/* example.c: what an example states of it beside its fields. */
void crd_stated_apply(const struct crd_stated *stated,
		      const struct crd_registry *registry,
		      struct crd_component *c);
/* bid_component.c: what a bill calls it, in its own word. */
struct crd_buf crd_declared_word(const struct crd_component *c);
/*
 * bid_doubt.c: keys of conditions, as bits, that a declared component does not
 * answer for certain, as its bill says in no words that are understood what it
 * is. 0 of what was measured.
 */
uint64_t crd_declared_doubt(const struct crd_component *c);

/* inventory.c: built record by record. inv->log is set by the caller. */
int crd_inventory_add(const struct crd_record *rec, struct crd_inventory *inv,
		      struct crd_error *err);
/* enum crd_kind of what an entry shows; -1: no component. */
int crd_inventory_kind(const struct crd_entry *entry);
/* Marks what was recorded at or after `covered`. */
void crd_inventory_cover(struct crd_inventory *inventory, uint64_t covered);

/* join.c: links and the flags that come of them, once all is read. */
int crd_inventory_join(struct crd_inventory *inventory);
/* contradict.c: the flag, where two sources disagree. */
void crd_inventory_contradict(struct crd_inventory *inventory);

/* component_say.c: components in words. */
/* "driver hinic" */
void crd_component_label(struct crd_str *str, const struct crd_component *c);
/* join_say.c: "8086:10d3", or nothing. */
void crd_ids_say(struct crd_str *str, const struct crd_component *c);
/* "unsigned, out-of-tree" */
void crd_flags_say(struct crd_str *str, uint32_t flags);
const char *crd_kind_name(enum crd_kind kind);
const char *crd_origin_name(uint8_t origin);
const char *crd_sig_status_name(uint8_t status);
const char *crd_grade_name(enum crd_grade grade);

/* report_machine.c: sections of the report for people. */
struct crd_page;
void crd_report_notes(struct crd_page *p, const struct crd_report *r);
void crd_report_devices(struct crd_page *p, const struct crd_report *r);
void crd_report_blind_spots(struct crd_page *p, const struct crd_report *r);
/* signer_say.c: who signed a driver, in words. */
struct crd_signer_named {
	const struct crd_signer *who; /* NULL: nobody whom the policy trusts */
	struct crd_buf name;	      /* common name; ptr NULL: none */
	struct crd_buf serial, key_id;
};
/* From the certificate, or else as the signature itself names its key. */
struct crd_signer_named crd_signer_named(const struct crd_policy *policy,
					 const struct crd_component *c);
struct crd_signer_named crd_cert_named(const struct crd_policy *policy,
				       size_t cert);
void crd_signer_named_say(struct crd_str *str,
			  const struct crd_signer_named *named);
void crd_signer_why(struct crd_str *str, const struct crd_policy *policy,
		    const struct crd_component *c);
void crd_signer_observe(struct crd_str *str, const struct crd_policy *policy,
			const struct crd_component *c);
void crd_signers_count(struct crd_str *str, const struct crd_report *report);

/* report.c: what a check has to say; every text may be NULL, is copied. */
struct crd_says {
	const char *component;
	const char *observed;
	const char *expected;
	const char *place;
	const char *sentence;
	const char *next_step;
	const char *waiver;
	const char *lapsed;
};

/* 0 or -ENOMEM. Keeps findings in the order of stages, lowers the verdict. */
int crd_report_add(struct crd_report *report, enum crd_stage stage,
		   enum crd_outcome outcome, enum crd_reason reason,
		   enum crd_verdict verdict, const char *check,
		   const struct crd_says *says);
static inline bool crd_context_given(const struct crd_context *c)
{
	return c->site || c->destination || c->purpose;
}

/* Sets the outcome of each stage from its findings. */
void crd_report_settle(struct crd_report *report);

/* appraise_events.c: what happened since the start, noted on the way. */
struct crd_events {
	struct crd_buf coverage; /* fields of the first such record */
	uint64_t seen_at[POL_MAX_COVERAGE]; /* record that says so */
	uint64_t activity[CRD_N_ACTIVITIES], activity_at[CRD_N_ACTIVITIES];
	uint64_t deferred;
	uint64_t sleeps, uncounted, resets;
	uint64_t reset_at, reset_before, reset_after;
	uint64_t power_at; /* the last such record */
	bool leaving;	   /* it begins what no other has ended */
};

/* appraise.c: one appraisal under way. */
struct crd_work {
	const struct crd_appraisal *in;
	struct crd_report *report;
	struct crd_evidence evidence;
	struct crd_ak *ak;
	bool ak_trusted; /* as far as the policy demands */
	bool in_time;	 /* a challenge, neither old nor from the future */
	bool genuine;	 /* the quote is that key's, over this nonce */
	bool log_parsed;
	bool replayed; /* the quote vouches for the log's beginning */
	/* from the anchor; views into the log */
	struct crd_buf anchor;
	uint32_t pcr;
	struct crd_events events;
};

/* An empty report of what is to be appraised by what. */
int crd_report_new(const struct crd_appraisal *in,
		   struct crd_report **ret_report);
/* Whose lists, waivers and period of the policy count. */
static inline int32_t crd_appraisal_day(const struct crd_appraisal *in)
{
	return in->as_of ? in->as_of : crd_date_of(in->now);
}

void crd_events_start(struct crd_events *events);
void crd_events_note(struct crd_work *w, const struct crd_record *rec);
/* Findings of the stages logs and components. */
int crd_appraise_power(struct crd_work *w);
int crd_appraise_coverage(struct crd_work *w);
int crd_appraise_activity(struct crd_work *w);

/* Shorthands; "could not be checked" refuses where the policy requires it. */
int crd_pass(struct crd_work *w, enum crd_stage stage, const char *check,
	     const struct crd_says *says);
int crd_fail_check(struct crd_work *w, enum crd_stage stage,
		   enum crd_reason reason, const char *check,
		   const struct crd_says *says);
int crd_skip(struct crd_work *w, enum crd_stage stage, bool required,
	     const char *check, const char *sentence);

/* appraise_quote.c, appraise_log.c, appraise_policy.c: groups of stages. */
int crd_appraise_identity(struct crd_work *w);
int crd_appraise_freshness(struct crd_work *w);
int crd_appraise_quote(struct crd_work *w);
int crd_appraise_logs(struct crd_work *w);
int crd_appraise_boot(struct crd_work *w);
int crd_appraise_policy(struct crd_work *w);
/* appraise_baseline.c: a part of the stage components. */
int crd_appraise_baseline(struct crd_work *w);
/* appraise_bid.c: findings of the stage components. */
int crd_appraise_bid(struct crd_work *w);

/* appraise_say.c: why a rule holds for a component, in words. */
void crd_say_why(struct crd_str *str, const struct crd_matcher *m,
		 struct crd_when when);
/* Does a condition tell more than the component's label? */
bool crd_worth_saying(const struct crd_cond *cond);

/*
 * fact.c: how good the answer to one condition's question is, and which record
 * gives it, for the component that the matcher was set to.
 */
struct crd_fact {
	bool asked;	      /* false: its kind has no such answer */
	bool known;	      /* false: the evidence does not say */
	enum crd_grade grade; /* CRD_GRADE_UNKNOWN if it is not known */
	uint64_t recnum;      /* of the record that says it */
	bool in_group;	      /* one of several there: */
	unsigned int item;
};
struct crd_fact crd_fact_of(const struct crd_matcher *m,
			    const struct crd_cond *cond);

/* appraise_observe.c */
/* The answer in words: "kind driver", "path \"/lib/x.ko\"" ... */
void crd_fact_say(struct crd_str *str, const struct crd_matcher *m,
		  const struct crd_cond *cond);
void crd_say_observed(struct crd_str *str, const struct crd_matcher *m,
		      struct crd_when when);
void crd_say_expected(struct crd_str *str, const struct crd_policy *policy,
		      struct crd_when when);

#endif /* CRD_APPRAISE_PRIVATE_H */
