// SPDX-License-Identifier: Apache-2.0
/*
 * What the log tells of the time since the start beside components: sleep,
 * code that came in by other ways, and how far the measurer can see. Such a
 * record can only lower trust; none of them makes up for anything.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "appraise_private.h"
#include "credence.h"

/* Index in crd_activity_names of a value of CRD_F_ACTIVITY. */
static unsigned int activity_word(uint64_t activity)
{
	static const uint8_t words[] = {
		[CRD_ACTIVITY_KEXEC_IMAGE] = 1,
		[CRD_ACTIVITY_KEXEC_INITRAMFS] = 1,
		[CRD_ACTIVITY_KEXEC_LOAD] = 1,
		[CRD_ACTIVITY_BPF] = 2,
		[CRD_ACTIVITY_LIVEPATCH] = 3,
		[CRD_ACTIVITY_KPROBE] = 4,
		[CRD_ACTIVITY_FTRACE] = 5,
	};

	return activity < sizeof(words) ? words[activity] : 0;
}

static void note_activity(struct crd_events *ev, const struct crd_record *rec)
{
	uint64_t activity = 0;
	unsigned int word;

	crd_field_u64(rec->fields, CRD_F_ACTIVITY, &activity);
	word = activity_word(activity);
	if (!ev->activity[word]++)
		ev->activity_at[word] = rec->recnum;
}

/* "firmware: every image ..." : the word before the colon. */
static struct crd_buf word_of(struct crd_buf text)
{
	const uint8_t *colon = text.len ? memchr(text.ptr, ':', text.len) :
					  NULL;

	if (colon)
		text.len = (size_t)(colon - text.ptr);
	return text;
}

static void note_coverage(struct crd_events *ev, const struct crd_record *rec,
			  const struct crd_requires *req)
{
	struct crd_field_iter it = { rec->fields };
	struct crd_buf value;
	unsigned int i;
	uint8_t type;

	if (!ev->coverage.ptr)
		ev->coverage = rec->fields;
	while (crd_field_next(&it, &type, &value)) {
		for (i = 0; type == CRD_F_SEEN && i < req->n_coverage; i++) {
			if (ev->seen_at[i] > rec->recnum &&
			    crd_buf_equal(word_of(value),
					  crd_buf_of(req->coverage[i])))
				ev->seen_at[i] = rec->recnum;
		}
	}
}

/* Only who ends a transition knows what became of the TPM. */
static void note_power(struct crd_events *ev, const struct crd_record *rec,
		       struct crd_buf anchor)
{
	uint64_t power = 0, before, after;

	crd_field_u64(rec->fields, CRD_F_POWER, &power);
	ev->leaving = power != CRD_POWER_RESUME && power != CRD_POWER_RESTORED;
	ev->power_at = rec->recnum;
	if (ev->leaving)
		return;
	ev->sleeps++;
	if (!crd_field_u64(anchor, CRD_F_RESET_COUNT, &before) ||
	    !crd_field_u64(rec->fields, CRD_F_RESET_COUNT, &after)) {
		ev->uncounted++;
	} else if (before != after && !ev->resets++) {
		ev->reset_at = rec->recnum;
		ev->reset_before = before;
		ev->reset_after = after;
	}
}

void crd_events_start(struct crd_events *ev)
{
	memset(ev, 0, sizeof(*ev));
	memset(ev->seen_at, 0xff, sizeof(ev->seen_at));
}

void crd_events_note(struct crd_work *w, const struct crd_record *rec)
{
	uint64_t deferred = 0;

	if (rec->event == CRD_EV_COVERAGE)
		note_coverage(&w->events, rec, &w->in->policy->requires);
	else if (rec->event == CRD_EV_ACTIVITY)
		note_activity(&w->events, rec);
	else if (rec->event == CRD_EV_POWER)
		note_power(&w->events, rec, w->anchor);
	crd_field_u64(rec->fields, CRD_F_DEFERRED, &deferred);
	w->events.deferred += deferred != 0;
}

static int say_reset(struct crd_work *w)
{
	const struct crd_events *ev = &w->events;
	struct crd_str seen = { 0 }, expected = { 0 }, place = { 0 };
	int ret;

	crd_str_fmt(&seen, "%" PRIu64 " resets of the TPM", ev->reset_after);
	crd_str_fmt(&expected, "%" PRIu64 ", as at the start",
		    ev->reset_before);
	crd_str_fmt(&place, "measurer log, record %" PRIu64, ev->reset_at);
	ret = crd_fail_check(
		w, CRD_STAGE_LOGS, CRD_REASON_ROLLBACK, "power",
		&(struct crd_says){
			.observed = seen.ptr,
			.expected = expected.ptr,
			.place = place.ptr,
			.sentence =
				"The TPM was reset while the machine slept, so that it forgot what was measured before.",
			.next_step =
				"Restart the machine, so that it is measured from its start; hibernation does not go together with this.",
		});
	crd_str_done(&seen);
	crd_str_done(&expected);
	crd_str_done(&place);
	return ret;
}

/* It signed on its way to sleep: what is loaded on the way is not in here. */
static int say_leaving(struct crd_work *w)
{
	struct crd_str place = { 0 };
	int ret;

	crd_str_fmt(&place, "measurer log, record %" PRIu64,
		    w->events.power_at);
	ret = crd_report_add(
		w->report, CRD_STAGE_LOGS, CRD_FAILED, CRD_REASON_LOG_GAP,
		CRD_REFER, "power",
		&(struct crd_says){
			.observed = "about to sleep, to restart or to go off",
			.expected = "a machine that stays on, or is back",
			.place = place.ptr,
			.sentence =
				"The machine was about to sleep or to go off as it attested, and did not say that it came back.",
			.next_step = "Have the machine attest again.",
		});
	crd_str_done(&place);
	return ret;
}

/* Something that passed, with its number, for a person to know. */
static int say_note(struct crd_work *w, const char *check, uint64_t n,
		    const char *sentence)
{
	struct crd_str seen = { 0 };
	int ret;

	crd_str_fmt(&seen, "%" PRIu64 " times", n);
	ret = crd_pass(w, CRD_STAGE_LOGS, check,
		       &(struct crd_says){ .observed = seen.ptr,
					   .sentence = sentence });
	crd_str_done(&seen);
	return ret;
}

int crd_appraise_power(struct crd_work *w)
{
	const struct crd_events *ev = &w->events;
	int ret = 0;

	if (ev->resets)
		ret = say_reset(w);
	if (!ret && ev->uncounted)
		ret = crd_skip(
			w, CRD_STAGE_LOGS, false, "power",
			"Whether the TPM was reset while the machine slept could not be compared: a counter is missing.");
	if (!ret && ev->leaving && ev->power_at < w->report->covered)
		ret = say_leaving(w);
	if (!ret && ev->sleeps && !ev->resets && !ev->uncounted)
		ret = say_note(
			w, "power", ev->sleeps,
			"The machine slept, or tried to; the TPM was not reset meanwhile.");
	if (!ret && ev->deferred)
		ret = say_note(
			w, "deferred", ev->deferred,
			"Something was recorded after the fact, as the TPM slept: the TPM vouches for what it was, not for when.");
	return ret;
}

static void list_words(struct crd_str *str, struct crd_buf fields, uint8_t want)
{
	struct crd_field_iter it = { fields };
	struct crd_buf value;
	const char *sep = "";
	uint8_t type;

	while (crd_field_next(&it, &type, &value)) {
		if (type != want)
			continue;
		crd_str_puts(str, sep);
		crd_str_safe(str, word_of(value));
		sep = ", ";
	}
}

static size_t count_fields(struct crd_buf fields, uint8_t want)
{
	struct crd_field_iter it = { fields };
	struct crd_buf value;
	size_t n = 0;
	uint8_t type;

	while (crd_field_next(&it, &type, &value))
		n += type == want;
	return n;
}

static int say_seen(struct crd_work *w)
{
	struct crd_str seen = { 0 }, sentence = { 0 };
	size_t blind = count_fields(w->events.coverage, CRD_F_NOT_SEEN);
	int ret;

	list_words(&seen, w->events.coverage, CRD_F_SEEN);
	ret = crd_pass(w, CRD_STAGE_COMPONENTS, "coverage",
		       &(struct crd_says){
			       .observed = seen.ptr,
			       .sentence = "The measurer says what it can see.",
		       });
	if (!ret && blind) {
		crd_str_fmt(
			&sentence,
			"What the measurer says that it cannot see, %zu things, listed apart.",
			blind);
		ret = crd_skip(w, CRD_STAGE_COMPONENTS, false, "not-seen",
			       sentence.ptr);
	}
	crd_str_done(&seen);
	crd_str_done(&sentence);
	return ret;
}

/* What came after the quote can be anybody's word: it widens no coverage. */
static int say_missing(struct crd_work *w)
{
	const struct crd_requires *req = &w->in->policy->requires;
	struct crd_str lacks = { 0 }, sentence = { 0 };
	unsigned int i;
	int ret = 0;

	for (i = 0; i < req->n_coverage; i++) {
		if (w->events.seen_at[i] >= w->report->covered)
			crd_str_fmt(&lacks, "%s%s", lacks.len ? ", " : "",
				    req->coverage[i]);
	}
	if (lacks.len) {
		crd_str_fmt(
			&sentence,
			"The measurer did not watch what the policy demands: %s.",
			lacks.ptr);
		ret = crd_fail_check(
			w, CRD_STAGE_COMPONENTS, CRD_REASON_REQUIRED_EVENT,
			"coverage",
			&(struct crd_says){
				.observed = w->events.coverage.ptr ?
						    "not among what it sees" :
						    "no word on what it sees",
				.expected = lacks.ptr,
				.sentence = sentence.ptr,
				.next_step =
					"Use a measurer and a kernel that can see it, and look at the machine's own messages for why it could not.",
			});
	}
	crd_str_done(&lacks);
	crd_str_done(&sentence);
	return ret;
}

int crd_appraise_coverage(struct crd_work *w)
{
	int ret;

	if (w->events.coverage.ptr)
		ret = say_seen(w);
	else
		ret = crd_skip(
			w, CRD_STAGE_COMPONENTS, false, "coverage",
			"The measurer does not say what it can see and what not.");
	return ret ? ret : say_missing(w);
}

static void list_activity(struct crd_str *str, const struct crd_events *ev,
			  uint32_t mask)
{
	unsigned int i;

	for (i = 0; crd_activity_names[i]; i++) {
		if (ev->activity[i] && mask >> i & 1)
			crd_str_fmt(str,
				    "%s%s (%" PRIu64 ", record %" PRIu64 ")",
				    str->len ? ", " : "", crd_activity_names[i],
				    ev->activity[i], ev->activity_at[i]);
	}
}

static int say_activity(struct crd_work *w, const char *seen)
{
	struct crd_str sentence = { 0 };
	int ret;

	if (seen)
		crd_str_fmt(
			&sentence,
			"Code came into the kernel by other ways than modules, which the policy does not forbid: %s.",
			seen);
	else
		crd_str_puts(
			&sentence,
			"No other way into the kernel than modules was used, as far as the measurer sees.");
	ret = crd_pass(w, CRD_STAGE_COMPONENTS, "activity",
		       &(struct crd_says){ .observed = seen,
					   .sentence = sentence.ptr });
	crd_str_done(&sentence);
	return ret;
}

int crd_appraise_activity(struct crd_work *w)
{
	uint32_t forbidden = w->in->policy->requires.no_activity;
	struct crd_str seen = { 0 }, bad = { 0 };
	int ret;

	list_activity(&seen, &w->events, UINT32_MAX);
	list_activity(&bad, &w->events, forbidden);
	if (bad.len)
		ret = crd_fail_check(
			w, CRD_STAGE_COMPONENTS, CRD_REASON_REQUIRED_EVENT,
			"activity",
			&(struct crd_says){
				.observed = bad.ptr,
				.expected = "none of that",
				.place = "measurer log",
				.sentence =
					"Code came into the kernel, or was about to, by a way that the policy forbids.",
				.next_step =
					"Find out who did it and why, restart and measure again.",
			});
	else
		ret = say_activity(w, seen.ptr);
	crd_str_done(&seen);
	crd_str_done(&bad);
	return ret;
}
