// SPDX-License-Identifier: Apache-2.0
/* Boot: what the measurer's anchor says of the start, against `requires`. */
#include "appraise_private.h"
#include "credence.h"

static int check_measurer(struct crd_work *w)
{
	const struct crd_policy *p = w->in->policy;
	struct crd_buf id = { NULL, 0 };
	struct crd_str seen = { 0 };
	bool known = false;
	size_t i;
	int ret;

	crd_field_get(w->anchor, CRD_F_BUILD_ID, &id);
	for (i = 0; i < p->n_references && id.len; i++)
		known |= crd_buf_equal(
			id, (struct crd_buf){ p->references[i].build_id,
					      p->references[i].len });
	crd_str_puts(&seen, id.len ? "build id " : "no build id");
	crd_str_hex(&seen, id.ptr, id.len);
	if (known)
		ret = crd_pass(
			w, CRD_STAGE_BOOT, "measurer",
			&(struct crd_says){
				.observed = seen.ptr,
				.place = "measurer log, record 0",
				.sentence =
					"The measurer says that it is one of those on the policy's reference list.",
			});
	else if (!p->requires.measurer_reference)
		ret = crd_report_add(
			w->report, CRD_STAGE_BOOT, CRD_NOT_EVALUATED,
			CRD_REASON_NONE, CRD_ADMIT, "measurer",
			&(struct crd_says){
				.observed = seen.ptr,
				.place = "measurer log, record 0",
				.sentence =
					"Which build of the measurer this is was not checked: the policy does not ask.",
			});
	else
		ret = crd_fail_check(
			w, CRD_STAGE_BOOT, CRD_REASON_REQUIRED_EVENT,
			"measurer",
			&(struct crd_says){
				.observed = seen.ptr,
				.expected =
					"a build id on the policy's reference list",
				.place = "measurer log, record 0",
				.sentence =
					"The measurer is not one of those that the policy trusts.",
				.next_step =
					"Install a measurer of the reference list, or add this build to it after checking it.",
			});
	crd_str_done(&seen);
	return ret;
}

static int check_state(struct crd_work *w, const char *check, bool required,
		       bool good, const char *seen, const char *wanted,
		       const char *next_step)
{
	struct crd_str sentence = { 0 };
	struct crd_says says = {
		.observed = seen,
		.expected = wanted,
		.place = "measurer log, record 0",
	};
	int ret;

	if (required && !good)
		crd_str_fmt(
			&sentence,
			"The policy demands %s, but the machine was started with: %s.",
			wanted, seen);
	else if (required)
		crd_str_fmt(&sentence, "As the policy demands: %s.", seen);
	else
		crd_str_fmt(
			&sentence,
			"The machine was started with %s; the policy does not ask.",
			seen);
	says.sentence = sentence.ptr;
	if (!required)
		says.expected = NULL;
	if (required && !good) {
		says.next_step = next_step;
		ret = crd_fail_check(w, CRD_STAGE_BOOT,
				     CRD_REASON_REQUIRED_EVENT, check, &says);
	} else {
		ret = crd_report_add(w->report, CRD_STAGE_BOOT,
				     required ? CRD_PASSED : CRD_NOT_EVALUATED,
				     CRD_REASON_NONE, CRD_ADMIT, check, &says);
	}
	crd_str_done(&sentence);
	return ret;
}

static int check_secure_boot(struct crd_work *w)
{
	uint64_t state = CRD_SECURE_BOOT_UNKNOWN;
	const char *seen = "Secure Boot in an unknown state";

	crd_field_u64(w->anchor, CRD_F_SECURE_BOOT, &state);
	if (state == CRD_SECURE_BOOT_ON)
		seen = "Secure Boot on";
	else if (state == CRD_SECURE_BOOT_OFF)
		seen = "Secure Boot off";
	else if (state == CRD_SECURE_BOOT_NO_EFI)
		seen = "no Secure Boot, as it does not start by EFI";
	return check_state(
		w, "secure-boot", w->in->policy->requires.secure_boot,
		state == CRD_SECURE_BOOT_ON, seen, "Secure Boot on",
		"Switch Secure Boot on in the firmware settings and restart.");
}

static int check_lockdown(struct crd_work *w)
{
	static const char *const levels[] = {
		"kernel lockdown none", "kernel lockdown integrity",
		"kernel lockdown confidentiality"
	};
	unsigned int least = w->in->policy->requires.lockdown;
	uint64_t state = UINT64_MAX;

	crd_field_u64(w->anchor, CRD_F_LOCKDOWN, &state);
	return check_state(
		w, "lockdown", least > 0,
		state <= CRD_LOCKDOWN_CONFIDENTIALITY && state >= least,
		state <= CRD_LOCKDOWN_CONFIDENTIALITY ?
			levels[state] :
			"kernel lockdown in an unknown state",
		levels[least],
		"Start the kernel with Secure Boot, or with lockdown= on its command line.");
}

int crd_appraise_boot(struct crd_work *w)
{
	const struct crd_requires *req = &w->in->policy->requires;
	int ret;

	if (!w->replayed) {
		ret = crd_skip(
			w, CRD_STAGE_BOOT,
			req->secure_boot || req->lockdown ||
				req->measurer_reference,
			"boot-state",
			"Not checked: no trusted TPM statement vouches for what the log says about the start.");
	} else {
		ret = check_measurer(w);
		if (!ret)
			ret = check_secure_boot(w);
		if (!ret)
			ret = check_lockdown(w);
	}
	if (!ret)
		ret = crd_skip(
			w, CRD_STAGE_BOOT, false, "boot-image",
			"The boot image was not compared with reference values; that the measurer is genuine is the kernel's own word.");
	return ret;
}
