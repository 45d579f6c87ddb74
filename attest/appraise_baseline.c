// SPDX-License-Identifier: Apache-2.0
/*
 * Components: the machine against itself as it was accepted. A suspicion is
 * for a person to look at; updates and repairs are told, and decide nothing.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "appraise_private.h"
#include "compare.h"
#include "diff_say.h"

enum { MAX_TOLD = 64 }; /* of one class; past these the rest is counted */

/* The machine under appraisal, as the other side of a comparison. */
static struct crd_attester as_attester(const struct crd_work *w)
{
	struct crd_attester a = {
		.genuine = true,
		.evidence_digest = w->report->evidence_digest,
		.anchor = w->anchor,
		.records = w->report->records,
		.covered = w->report->covered,
		.inventory = w->report->inventory,
	};

	strcpy(a.ak_name, w->report->ak_name);
	return a;
}

/* "digest "x"; path "y"", of one side. */
static void say_side(struct crd_str *str, const struct crd_change *c,
		     bool before)
{
	size_t i;

	for (i = 0; i < c->n_details; i++) {
		const struct crd_change_detail *d = &c->details[i];

		crd_str_fmt(str, "%s%s ", i ? "; " : "", d->what);
		crd_value_say(str, d->what, before ? d->before : d->after);
	}
	if (c->n_details)
		return;
	crd_str_puts(str, before == (c->kind == CRD_CHANGE_REMOVED) ?
				  "it is there" :
				  "it is not there");
}

static void say_sentence(struct crd_str *str, const struct crd_change *c)
{
	static const char *const verbs[CRD_CHANGE_KIND_MAX] = {
		"has changed",
		"has moved",
		"has changed places",
		"is in the place of another",
		"is new",
		"is there once more",
		"is gone",
	};

	crd_str_fmt(str,
		    "The %s %s since this machine was accepted. %s (Rule %s.)",
		    c->component, verbs[c->kind], c->because, c->rule);
}

static int tell(struct crd_work *w, const struct crd_change *c)
{
	static const char *const checks[CRD_CHANGE_CLASS_MAX] = {
		"baseline-tolerated",
		"baseline-update",
		"baseline-repair",
		"baseline",
	};
	bool suspect = c->class == CRD_CHANGE_SUSPICION;
	struct crd_str sentence = { 0 }, before = { 0 }, after = { 0 };
	int ret = -ENOMEM;

	say_sentence(&sentence, c);
	say_side(&before, c, true);
	say_side(&after, c, false);
	if (!sentence.failed && !before.failed && !after.failed)
		ret = crd_report_add(
			w->report, CRD_STAGE_COMPONENTS,
			suspect ? CRD_FAILED : CRD_PASSED,
			suspect ? CRD_REASON_INVENTORY : CRD_REASON_NONE,
			suspect ? CRD_REFER : CRD_ADMIT, checks[c->class],
			&(struct crd_says){
				.component = c->component,
				.observed = after.ptr,
				.expected = before.ptr,
				.place = c->where,
				.sentence = sentence.ptr,
				.next_step =
					suspect ?
						"Find out who changed it and why; if that is in order, take this evidence as the new baseline." :
						NULL,
			});
	crd_str_done(&sentence);
	crd_str_done(&before);
	crd_str_done(&after);
	return ret;
}

static int tell_all(struct crd_work *w, const struct crd_diff *diff)
{
	size_t told[CRD_CHANGE_CLASS_MAX] = { 0 }, i;
	int ret = 0;

	for (i = 0; !ret && i < diff->n; i++) {
		const struct crd_change *c = &diff->changes[i];

		if (told[c->class]++ < MAX_TOLD)
			ret = tell(w, c);
	}
	return ret;
}

static int sum_up(struct crd_work *w, const struct crd_diff *diff)
{
	struct crd_str sentence = { 0 }, seen = { 0 };
	int ret = -ENOMEM;

	crd_str_fmt(&seen, "%zu suspicions, %zu repairs, %zu updates",
		    diff->n_class[CRD_CHANGE_SUSPICION],
		    diff->n_class[CRD_CHANGE_REPAIR],
		    diff->n_class[CRD_CHANGE_UPDATE]);
	crd_str_fmt(&sentence,
		    "%zu components were compared with the accepted baseline.",
		    diff->n_compared);
	if (diff->n_tolerated) {
		crd_str_puts(&sentence, " Tolerated: ");
		crd_tolerated_say(&sentence, diff->tolerated,
				  diff->n_tolerated);
		crd_str_puts(&sentence, ".");
	}
	if (!sentence.failed && !seen.failed)
		ret = crd_pass(w, CRD_STAGE_COMPONENTS, "baseline-compared",
			       &(struct crd_says){ .observed = seen.ptr,
						   .sentence = sentence.ptr });
	crd_str_done(&sentence);
	crd_str_done(&seen);
	return ret;
}

int crd_appraise_baseline(struct crd_work *w)
{
	const struct crd_attester after = as_attester(w);
	struct crd_diff *diff = NULL;
	int ret;

	if (!w->in->baseline)
		return 0;
	if (!w->replayed)
		return crd_skip(
			w, CRD_STAGE_COMPONENTS, true, "baseline",
			"Not compared with the baseline: what the machine loaded is not proven.");
	ret = crd_diff_new(w->in->baseline, &after, 0, &diff);
	if (!ret)
		ret = sum_up(w, diff);
	if (!ret)
		ret = tell_all(w, diff);
	crd_diff_free(&diff);
	return ret;
}
