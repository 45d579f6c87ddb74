// SPDX-License-Identifier: Apache-2.0
/*
 * Components and policy as stages of an appraisal, and without one; judge.c
 * applies the rules.
 */
#include <errno.h>
#include <string.h>

#include "judge.h"

static int check_in_force(struct crd_work *w)
{
	const struct crd_policy *p = w->in->policy;
	int32_t today = crd_appraisal_day(w->in);
	struct crd_str seen = { 0 }, expected = { 0 };
	int ret;

	crd_str_date(&seen, today);
	crd_str_puts(&expected, "a day from ");
	crd_str_date(&expected, p->from);
	crd_str_puts(&expected, " until ");
	crd_str_date(&expected, p->until);
	if (seen.failed || expected.failed)
		ret = -ENOMEM;
	else if (today >= p->from && today <= p->until)
		ret = crd_pass(w, CRD_STAGE_POLICY, "in-force",
			       &(struct crd_says){
				       .sentence = "The policy is in force.",
			       });
	else
		ret = crd_fail_check(
			w, CRD_STAGE_POLICY, CRD_REASON_POLICY_RULE, "in-force",
			&(struct crd_says){
				.observed = seen.ptr,
				.expected = expected.ptr,
				.place = "policy, valid",
				.sentence =
					"The policy is not in force on this day.",
				.next_step =
					"Get the policy that is in force from its authority.",
			});
	crd_str_done(&seen);
	crd_str_done(&expected);
	return ret;
}

static int check_registry(struct crd_work *w)
{
	if (w->in->registry || !crd_policy_needs_registry(w->in->policy))
		return 0;
	return crd_skip(
		w, CRD_STAGE_COMPONENTS, true, "registry",
		"The policy asks about vendors, but there is no registry to look them up in.");
}

static int say_inventory(struct crd_work *w)
{
	const struct crd_inventory *inv = &w->report->inventory;
	struct crd_str seen = { 0 };
	int ret;

	crd_str_fmt(
		&seen,
		"%zu drivers, %zu firmware images, %zu devices, %zu platform parts",
		inv->n_kind[CRD_KIND_DRIVER], inv->n_kind[CRD_KIND_FIRMWARE],
		inv->n_kind[CRD_KIND_DEVICE], inv->n_kind[CRD_KIND_PLATFORM]);
	ret = crd_pass(
		w, CRD_STAGE_COMPONENTS, "inventory",
		&(struct crd_says){
			.observed = seen.ptr,
			.sentence =
				"What was loaded, and the devices that the kernel found, are known from the measurer's log.",
		});
	crd_str_done(&seen);
	if (!ret)
		ret = crd_appraise_coverage(w);
	if (!ret)
		ret = crd_appraise_activity(w);
	return ret ? ret : check_registry(w);
}

int crd_appraise_policy(struct crd_work *w)
{
	int ret;

	if (!w->replayed) {
		ret = crd_skip(
			w, CRD_STAGE_COMPONENTS, true, "inventory",
			w->log_parsed ?
				"Not checked: the log lists components, but no trusted TPM statement vouches for it." :
				"Not checked: there is no usable log.");
		if (!ret)
			ret = crd_appraise_baseline(w);
		if (!ret)
			ret = crd_appraise_bid(w);
		if (!ret)
			ret = check_in_force(w);
		if (!ret)
			ret = crd_skip(
				w, CRD_STAGE_POLICY, true, "rules",
				"The rules were not applied: what the machine loaded is not proven.");
		return ret;
	}
	ret = say_inventory(w);
	if (!ret)
		ret = crd_appraise_baseline(w);
	if (!ret)
		ret = crd_appraise_bid(w);
	if (!ret)
		ret = check_in_force(w);
	return ret ? ret : crd_judge_rules(w);
}

int crd_judge_inventory(const struct crd_appraisal *in,
			struct crd_inventory *inventory,
			struct crd_report **ret_report)
{
	struct crd_work w = { .in = in };
	int ret = crd_report_new(in, &w.report);

	if (ret) {
		crd_inventory_done(inventory);
		return ret;
	}
	w.report->inventory = *inventory;
	memset(inventory, 0, sizeof(*inventory));
	w.anchor = w.report->inventory.anchor;
	ret = check_registry(&w);
	if (!ret)
		ret = check_in_force(&w);
	if (!ret)
		ret = crd_judge_rules(&w);
	if (ret) {
		crd_report_free(&w.report);
		return ret;
	}
	crd_report_settle(w.report);
	*ret_report = w.report;
	return 0;
}
