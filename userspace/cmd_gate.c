// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent.h"
#include "challenge.h"
#include "io.h"
#include "options.h"
#include "verifier.h"

/* The nonce lives in this process only, so there is nothing to spend. */
static int judge(const struct crd_verifier *v, size_t n_aks,
		 const struct crd_challenge *c, const struct crd_attested *a)
{
	const struct crd_appraisal in = {
		.evidence = { a->evidence, a->len },
		.challenge = c,
		.policy = v->policy,
		.registry = v->registry,
		.seals = v->pin.seals,
		.n_seals = v->pin.n_seals,
		.trusted_aks = v->ak_names,
		.n_trusted_aks = n_aks,
		.now = time(NULL),
		.language = v->language,
		.as_of = v->as_of,
		.context = v->context,
	};
	struct crd_report *report = NULL;
	int r;

	r = crd_appraise(&in, &report);
	if (r == 0 && crd_verifier_asked(v, report) >= 0) {
		crd_report_free(&report);
		return CRD_EXIT_USAGE;
	}
	if (r == 0)
		r = crd_verifier_print(v, report);
	if (r < 0)
		r = crd_io_error(CRD_EXIT_FAILURE, "no verdict: %s",
				 strerror(-r));
	else
		r = crd_verifier_exit(report);
	crd_report_free(&report);
	return r;
}

static int keep(const char *path, const struct crd_attested *a)
{
	struct crd_error err;
	int r;

	if (!path)
		return 0;
	r = crd_io_write(path, 0600, a->evidence, a->len, &err);
	return r < 0 ? crd_io_fail(crd_io_input_exit(r), &err) : 0;
}

static int gate(struct crd_verifier *v, const struct crd_agent *agent,
		const char *output)
{
	struct crd_attested a = { 0 };
	size_t n_aks = v->aks.n;
	struct crd_challenge c;
	struct crd_error err;
	int r;

	r = crd_challenge_new(time(NULL), CRD_CHALLENGE_VALID, &c);
	if (r < 0)
		return crd_io_error(CRD_EXIT_FAILURE,
				    "the kernel gives no random bytes: %m");
	r = crd_agent_attest(agent, &c, &a, &err);
	/* no key given: the one in this machine's TPM, as we found it */
	if (r == 0 && !n_aks) {
		r = crd_verifier_trust(
			v, (struct crd_buf){ a.ak.bytes, a.ak.len }, &err);
		n_aks = 1;
	}
	if (r < 0) {
		r = crd_io_fail(r == -E2BIG ? CRD_EXIT_MALFORMED :
					      CRD_EXIT_FAILURE,
				&err);
		goto out;
	}
	r = keep(output, &a);
	if (r)
		goto out;
	r = judge(v, n_aks, &c, &a);
	crd_io_note(
		"this machine judged itself: the verdict is only as good as the boot it runs from");
out:
	crd_agent_done(&a);
	return r;
}

static int run(const struct crd_cmd *cmd, int argc, char **argv)
{
	struct crd_verifier v = { 0 };
	struct crd_agent agent = { 0 };
	const char *output = NULL;
	struct crd_error err;
	const struct crd_option opts[] = {
		{ "output", 'o', CRD_OPT_TEXT, &output, "FILE",
		  "keep the evidence" },
		CRD_VERIFIER_OPTIONS(&v),
		CRD_AGENT_OPTIONS(&agent),
		{ 0 },
	};
	int r = crd_options_parse(cmd, opts, argc, argv, NULL, 0);

	if (r < 0)
		r = crd_options_need("--policy", v.policy_file);
	if (r < 0)
		r = crd_agent_check(&agent);
	if (r < 0 && output && !strcmp(output, "-"))
		r = crd_io_error(
			CRD_EXIT_USAGE,
			"--output -: standard output is for the verdict");
	if (r >= 0)
		return r;
	r = crd_verifier_load(&v, &err);
	r = r < 0 ? crd_io_fail(crd_io_input_exit(r), &err) :
		    gate(&v, &agent, output);
	crd_verifier_done(&v);
	return r;
}

const struct crd_cmd crd_cmd_gate = {
	.name = "gate",
	.summary = "measure, attest and verify on this machine, in one go",
	.synopsis = "--policy FILE [OPTION...]",
	.notes =
		"A machine that judges itself can be no more honest than the system it was\n"
		"started from: boot it from a medium of yours, or use challenge, attest and\n"
		"verify on two machines. Without --ak the key found in the TPM is taken.",
	.run = run,
};
