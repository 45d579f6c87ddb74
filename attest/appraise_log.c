// SPDX-License-Identifier: Apache-2.0
/* Logs: is the measurer's log whole, and the one that the TPM vouches for? */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "attest_private.h"
#include "credence.h"

/* Findings about gaps are for people; past these one line gives the count. */
#define MAX_GAPS 16

struct log_walk {
	struct crd_work *w;
	struct crd_replayer replayer;
	struct crd_digest found; /* PCR before record 0; alg 0: not said */
	bool replaying;
	struct crd_error *err;
	uint64_t records;
	uint64_t gaps;
	struct {
		uint64_t recnum;
		uint16_t event;
		struct crd_buf reason;
	} gap[MAX_GAPS];
};

static bool is_gap(uint16_t event)
{
	return event == CRD_EV_FAULT || event == CRD_EV_LOG_FULL ||
	       event == CRD_EV_HOOK_LOST || event == CRD_EV_UNLOAD;
}

/* One walk both reads and replays a log, if there is what to compare with. */
static int on_anchor(struct log_walk *lw, const struct crd_record *rec)
{
	struct crd_work *w = lw->w;

	w->anchor = rec->fields;
	w->pcr = rec->pcr;
	if (!w->genuine || !w->ak_trusted ||
	    w->pcr != w->in->policy->requires.pcr ||
	    !crd_anchor_pcr(w->anchor, w->report->quote.bank, &lw->found))
		return 0;
	lw->replaying = true;
	return crd_replayer_start(&lw->replayer, w->report->quote.bank,
				  &lw->found, &w->evidence.pcrs.value[w->pcr],
				  lw->err);
}

static int on_record(const struct crd_record *rec, void *ctx)
{
	struct log_walk *lw = ctx;
	int ret = 0;

	lw->records += !rec->group;
	if (rec->event == CRD_EV_ANCHOR)
		ret = on_anchor(lw, rec);
	crd_events_note(lw->w, rec);
	if (!ret && lw->replaying)
		ret = crd_replayer_add(&lw->replayer, rec);
	if (ret)
		return ret;
	if (is_gap(rec->event)) {
		if (lw->gaps < MAX_GAPS) {
			lw->gap[lw->gaps].recnum = rec->recnum;
			lw->gap[lw->gaps].event = rec->event;
			crd_field_get(rec->fields, CRD_F_REASON,
				      &lw->gap[lw->gaps].reason);
		}
		lw->gaps++;
	}
	return crd_inventory_add(rec, &lw->w->report->inventory, lw->err);
}

static const char *gap_sentence(uint16_t event)
{
	switch (event) {
	case CRD_EV_FAULT:
		return "The TPM did not take a measurement; what came after it is not proven.";
	case CRD_EV_LOG_FULL:
		return "The log was full; what was loaded after that is not in it.";
	case CRD_EV_HOOK_LOST:
		return "The measurer was switched off for a time; something may have been loaded unseen.";
	default:
		return "The measurer was removed; what was loaded after that is not in the log.";
	}
}

static const char *gap_name(uint16_t event)
{
	switch (event) {
	case CRD_EV_FAULT:
		return "fault";
	case CRD_EV_LOG_FULL:
		return "log-full";
	case CRD_EV_HOOK_LOST:
		return "hook-lost";
	default:
		return "unload";
	}
}

static int say_gap(struct log_walk *lw, unsigned int i)
{
	struct crd_str seen = { 0 }, place = { 0 };
	int ret;

	crd_str_puts(&seen, gap_name(lw->gap[i].event));
	if (lw->gap[i].reason.len) {
		crd_str_puts(&seen, ": ");
		crd_str_safe(&seen, lw->gap[i].reason);
	}
	crd_str_fmt(&place, "measurer log, record %" PRIu64, lw->gap[i].recnum);
	ret = crd_fail_check(
		lw->w, CRD_STAGE_LOGS, CRD_REASON_LOG_GAP, "complete",
		&(struct crd_says){
			.observed = seen.ptr,
			.expected = "a log without gaps since the start",
			.place = place.ptr,
			.sentence = gap_sentence(lw->gap[i].event),
			.next_step = "Restart the machine and measure again.",
		});
	crd_str_done(&seen);
	crd_str_done(&place);
	return ret;
}

static int say_gaps(struct log_walk *lw)
{
	struct crd_str seen = { 0 };
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < lw->gaps && i < MAX_GAPS; i++)
		ret = say_gap(lw, i);
	if (ret || lw->gaps <= MAX_GAPS)
		return ret;
	crd_str_fmt(&seen, "%" PRIu64 " more such records",
		    lw->gaps - MAX_GAPS);
	ret = crd_fail_check(
		lw->w, CRD_STAGE_LOGS, CRD_REASON_LOG_GAP, "complete",
		&(struct crd_says){
			.observed = seen.ptr,
			.place = "measurer log",
			.sentence =
				"The log has more gaps than are listed here.",
		});
	crd_str_done(&seen);
	return ret;
}

static int bad_log(struct crd_work *w, enum crd_reason reason,
		   const struct crd_error *err)
{
	struct crd_str place = { 0 };
	int ret;

	crd_str_fmt(&place, "measurer log, byte %zu", err->offset);
	ret = crd_fail_check(
		w, CRD_STAGE_LOGS, reason, "measurer-log",
		&(struct crd_says){
			.observed = err->text,
			.expected = "an unbroken log as the measurer writes it",
			.place = place.ptr,
			.sentence =
				"The measurer's log is damaged or was altered.",
			.next_step =
				"Have the machine attest again; if this repeats, treat the machine as tampered with.",
		});
	crd_str_done(&place);
	return ret;
}

static int check_found(struct crd_work *w, const struct crd_digest *found)
{
	static const uint8_t zero[CRD_MAX_DIGEST];
	struct crd_str seen = { 0 };
	int ret;

	if (!memcmp(found->bytes, zero, found->len))
		return crd_pass(
			w, CRD_STAGE_LOGS, "pcr-found",
			&(struct crd_says){
				.sentence =
					"Nothing had used the measurer's register before it started.",
			});
	crd_str_hex(&seen, found->bytes, found->len);
	ret = crd_fail_check(
		w, CRD_STAGE_LOGS, CRD_REASON_LOG_GAP, "pcr-found",
		&(struct crd_says){
			.observed = seen.ptr,
			.expected = "zeros",
			.place = "measurer log, record 0",
			.sentence =
				"Something used the measurer's register before it started: an earlier start of it, or somebody else.",
			.next_step =
				"Restart the machine, so that the measurer starts once and first.",
		});
	crd_str_done(&seen);
	return ret;
}

static int say_replay(struct crd_work *w, enum crd_reason reason,
		      const struct crd_error *err)
{
	struct crd_report *r = w->report;
	struct crd_str seen = { 0 };
	int ret;

	if (reason != CRD_REASON_NONE) {
		return crd_fail_check(
			w, CRD_STAGE_LOGS, reason, "replay",
			&(struct crd_says){
				.observed = err->text,
				.expected =
					"a log that leads to the value that the TPM signed",
				.place = "measurer log",
				.sentence =
					"The log is not the one that the TPM vouches for: entries were changed, removed or added.",
				.next_step =
					"Have the machine attest again; if this repeats, treat the machine as tampered with.",
			});
	}
	w->replayed = true;
	crd_str_fmt(&seen, "%" PRIu64 " of %" PRIu64 " records", r->covered,
		    r->records);
	ret = crd_pass(
		w, CRD_STAGE_LOGS, "replay",
		&(struct crd_says){
			.observed = seen.ptr,
			.sentence =
				"The log is the one that the TPM vouches for, entry by entry.",
		});
	if (!ret && r->records > r->covered) {
		seen.len = 0;
		crd_str_fmt(&seen, "records %" PRIu64 " to %" PRIu64,
			    r->covered, r->records - 1);
		ret = crd_pass(
			w, CRD_STAGE_LOGS, "after-quote",
			&(struct crd_says){
				.observed = seen.ptr,
				.place = "measurer log",
				.sentence =
					"The log goes on after the TPM signed. What came later is shown, but not covered; it can only count against the machine.",
			});
	}
	crd_str_done(&seen);
	return ret;
}

static int conclude_replay(struct log_walk *lw)
{
	struct crd_work *w = lw->w;
	enum crd_reason reason;
	struct crd_error err = { 0 };
	int ret;

	if (w->pcr != w->in->policy->requires.pcr) {
		crd_fail_at(&err, 0, 0, 0,
			    "a log of PCR %u; the policy asks for PCR %u",
			    w->pcr, w->in->policy->requires.pcr);
		return say_replay(w, CRD_REASON_PCR_COVERAGE, &err);
	}
	if (!lw->replaying) {
		crd_fail_at(&err, 0, 0, 0,
			    "the anchor names no value for the quoted bank");
		return say_replay(w, CRD_REASON_PCR_BANK, &err);
	}
	ret = check_found(w, &lw->found);
	if (ret)
		return ret;
	reason = crd_replayer_finish(&lw->replayer, &err);
	if (reason == CRD_REASON_NONE)
		w->report->covered = lw->replayer.covered;
	return say_replay(w, reason, &err);
}

static int parse_log(struct log_walk *lw)
{
	struct crd_work *w = lw->w;
	enum crd_reason reason = CRD_REASON_MALFORMED;
	struct crd_error err = { 0 };
	int ret;

	w->report->inventory.log = w->evidence.log_measurer;
	crd_events_start(&w->events);
	lw->err = &err;
	ret = crd_cel_walk(w->evidence.log_measurer, on_record, lw, &reason,
			   &err);
	w->report->records = lw->records;
	if (!ret && reason == CRD_REASON_NONE)
		ret = crd_inventory_join(&w->report->inventory);
	if (ret || reason != CRD_REASON_NONE) /* part of a truth is none */
		crd_inventory_done(&w->report->inventory);
	/* -EOPNOTSUPP: a later version of the format, so no log to us */
	if (ret == -EBADMSG || ret == -E2BIG || ret == -EOPNOTSUPP) {
		w->report->evidence_malformed = true;
		return bad_log(w, CRD_REASON_MALFORMED, &err);
	}
	if (ret)
		return ret;
	if (reason != CRD_REASON_NONE)
		return bad_log(w, reason, &err);
	w->log_parsed = true;
	w->report->coverage = w->events.coverage;
	return crd_pass(
		w, CRD_STAGE_LOGS, "measurer-log",
		&(struct crd_says){
			.sentence =
				"The measurer's log is in itself consistent.",
		});
}

static int set_machine(struct crd_work *w)
{
	struct crd_str str = { 0 };
	struct crd_buf release = { NULL, 0 }, arch = { NULL, 0 };

	if (!crd_field_get(w->anchor, CRD_F_KERNEL_RELEASE, &release))
		return 0;
	crd_str_safe(&str, release);
	if (crd_field_get(w->anchor, CRD_F_MACHINE, &arch)) {
		crd_str_puts(&str, " ");
		crd_str_safe(&str, arch);
	}
	w->report->machine = crd_str_take(&str);
	return w->report->machine ? 0 : -ENOMEM;
}

static int appraise_measurer(struct crd_work *w)
{
	struct log_walk lw = { .w = w };
	int ret;

	if (!w->evidence.log_measurer.ptr)
		return crd_fail_check(
			w, CRD_STAGE_LOGS, CRD_REASON_LOG_MEASURER,
			"measurer-log",
			&(struct crd_says){
				.observed = "no log of the measurer",
				.expected = "the measurer's log",
				.place = "evidence",
				.sentence =
					"The machine did not send the measurer's log, so nothing is known about its drivers and firmware.",
				.next_step =
					"Load the measurer at the start of the machine and attest again.",
			});
	ret = parse_log(&lw);
	crd_replayer_done(&lw.replayer);
	if (!ret && w->log_parsed)
		ret = set_machine(w);
	if (!ret && w->log_parsed && w->genuine && w->ak_trusted)
		ret = conclude_replay(&lw);
	else if (!ret && w->log_parsed)
		ret = crd_skip(
			w, CRD_STAGE_LOGS, true, "replay",
			"Not checked: no trusted TPM statement vouches for this log.");
	/* Flags of what the quote does not reach; all of it if none. */
	if (!ret)
		crd_inventory_cover(&w->report->inventory, w->report->covered);
	if (!ret && w->log_parsed)
		ret = crd_appraise_power(w);
	return ret ? ret : say_gaps(&lw);
}

int crd_appraise_logs(struct crd_work *w)
{
	int ret = appraise_measurer(w);

	if (!ret)
		ret = crd_skip(
			w, CRD_STAGE_LOGS, false, "restart-counters",
			"Whether the machine was restarted in between was not compared: this key's counters are disguised by the TPM.");
	if (!ret)
		ret = crd_skip(
			w, CRD_STAGE_LOGS, false, "tcg-log",
			w->evidence.log_tcg.ptr ?
				"The firmware's event log is carried, but not evaluated." :
				"There is no firmware event log.");
	if (!ret)
		ret = crd_skip(
			w, CRD_STAGE_LOGS, false, "ima-log",
			w->evidence.log_ima.ptr ?
				"The IMA log is carried, but not evaluated." :
				"There is no IMA log.");
	return ret;
}
