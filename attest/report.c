// SPDX-License-Identifier: Apache-2.0
/* The report as an object: findings go in, the verdict only gets worse. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"

const char *crd_verdict_name(enum crd_verdict verdict)
{
	static const char *const names[] = { "admit", "refer", "refuse" };

	return (unsigned int)verdict < 3 ? names[verdict] : "refuse";
}

const char *crd_stage_name(enum crd_stage stage)
{
	static const char *const names[] = { "structure",  "identity",
					     "freshness",  "quote",
					     "logs",	   "boot",
					     "components", "policy" };

	return (unsigned int)stage < CRD_STAGE_MAX ? names[stage] : "unknown";
}

const char *crd_outcome_name(enum crd_outcome outcome)
{
	static const char *const names[] = { "not-evaluated", "passed",
					     "failed" };

	return (unsigned int)outcome < 3 ? names[outcome] : "failed";
}

/* A safe copy; NULL stays NULL. False: out of memory. */
static bool copy(char **ret_copy, const char *text)
{
	struct crd_str str = { 0 };

	*ret_copy = NULL;
	if (!text)
		return true;
	crd_str_safe(&str, crd_buf_of(text));
	*ret_copy = crd_str_take(&str);
	return *ret_copy != NULL;
}

static void finding_done(struct crd_finding *f)
{
	free(f->check);
	free(f->component);
	free(f->observed);
	free(f->expected);
	free(f->place);
	free(f->sentence);
	free(f->next_step);
	free(f->waiver);
	free(f->lapsed);
}

static bool fill(struct crd_finding *f, const char *check,
		 const struct crd_says *says)
{
	return copy(&f->check, check) && copy(&f->component, says->component) &&
	       copy(&f->observed, says->observed) &&
	       copy(&f->expected, says->expected) &&
	       copy(&f->place, says->place) &&
	       copy(&f->sentence, says->sentence) &&
	       copy(&f->next_step, says->next_step) &&
	       copy(&f->waiver, says->waiver) && copy(&f->lapsed, says->lapsed);
}

static struct crd_finding *make_room(struct crd_report *report)
{
	size_t n = report->n_findings;
	struct crd_finding *f = report->findings;

	/* The array doubles at powers of two, so needs no size of its own. */
	if (!(n & (n - 1))) {
		f = realloc(f, (n ? 2 * n : 1) * sizeof(*f));
		if (!f)
			return NULL;
		report->findings = f;
	}
	return f + n;
}

int crd_report_add(struct crd_report *report, enum crd_stage stage,
		   enum crd_outcome outcome, enum crd_reason reason,
		   enum crd_verdict verdict, const char *check,
		   const struct crd_says *says)
{
	struct crd_finding f = { .stage = stage,
				 .outcome = outcome,
				 .reason = reason,
				 .verdict = verdict };
	size_t at = report->n_findings;

	if (verdict > report->verdict)
		report->verdict = verdict;
	if (!make_room(report) || !fill(&f, check, says)) {
		finding_done(&f);
		report->verdict = CRD_REFUSE;
		return -ENOMEM;
	}
	while (at && report->findings[at - 1].stage > stage)
		at--;
	memmove(report->findings + at + 1, report->findings + at,
		(report->n_findings - at) * sizeof(f));
	report->findings[at] = f;
	report->n_findings++;
	return 0;
}

/*
 * A stage passed if something in it did, nothing failed, and nothing that the
 * policy requires was left unchecked.
 */
void crd_report_settle(struct crd_report *report)
{
	const struct crd_finding *f = report->findings;
	const struct crd_finding *end = f + report->n_findings;
	bool open[CRD_STAGE_MAX] = { false };
	unsigned int i;

	memset(report->stages, 0, sizeof(report->stages));
	for (; f < end; f++) {
		if (f->outcome > report->stages[f->stage])
			report->stages[f->stage] = f->outcome;
		if (f->outcome == CRD_NOT_EVALUATED && f->verdict != CRD_ADMIT)
			open[f->stage] = true;
	}
	for (i = 0; i < CRD_STAGE_MAX; i++) {
		if (open[i] && report->stages[i] == CRD_PASSED)
			report->stages[i] = CRD_NOT_EVALUATED;
	}
}

int crd_report_refuse(struct crd_report *report, enum crd_stage stage,
		      enum crd_reason reason, const char *check,
		      const char *observed, const char *expected,
		      const char *sentence)
{
	struct crd_says says = {
		.observed = observed,
		.expected = expected,
		.sentence = sentence,
	};
	int ret = crd_report_add(report, stage, CRD_FAILED, reason, CRD_REFUSE,
				 check, &says);

	crd_report_settle(report);
	report->stages[stage] = CRD_FAILED;
	return ret;
}

void crd_report_free(struct crd_report **report)
{
	struct crd_report *r = *report;
	size_t i;

	if (!r)
		return;
	for (i = 0; i < r->n_findings; i++)
		finding_done(&r->findings[i]);
	free(r->findings);
	crd_inventory_done(&r->inventory);
	free(r->signings);
	free(r->decided);
	free(r->policy_name);
	free(r->bid);
	free(r->bid_left_out);
	free(r->machine);
	free(r);
	*report = NULL;
}
