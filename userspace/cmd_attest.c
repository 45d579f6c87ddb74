// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "challenge.h"
#include "io.h"
#include "options.h"

struct outputs {
	const char *evidence;
	const char *key;
};

static void print_json(const struct crd_attested *a, const struct outputs *out)
{
	printf("{\"credence-attest\": 1, \"ak-name\": \"%s\", \"ak-handle\": \"0x%08x\"",
	       a->ak_name, a->ak_handle);
	if (out->key) {
		printf(", \"ak-public\": ");
		crd_io_json_string(stdout, out->key);
	}
	if (a->evidence) {
		printf(", \"bank\": \"%s\", \"evidence\": ",
		       crd_alg_name(a->bank));
		crd_io_json_string(stdout, out->evidence);
	}
	printf("}\n");
}

static int write_all(const struct crd_attested *a, const struct outputs *out)
{
	struct crd_error err;
	int r = 0;

	if (out->key)
		r = crd_io_write(out->key, 0644, a->ak.bytes, a->ak.len, &err);
	/* serial numbers and the like: for its owner only */
	if (r == 0 && a->evidence)
		r = crd_io_write(out->evidence, 0600, a->evidence, a->len,
				 &err);
	if (r < 0)
		return crd_io_fail(crd_io_input_exit(r), &err);
	crd_io_note("attestation key %s", a->ak_name);
	if (a->evidence && strcmp(out->evidence, "-"))
		crd_io_note("wrote %s: %zu bytes, bank %s%s", out->evidence,
			    a->len, crd_alg_name(a->bank),
			    a->tries > 1 ?
				    ", after PCRs changed under the quote" :
				    "");
	if (crd_io_is_json())
		print_json(a, out);
	return CRD_EXIT_OK;
}

static int attest(const struct crd_agent *agent, const char *challenge,
		  const struct outputs *out)
{
	struct crd_attested attested = { 0 };
	struct crd_challenge c;
	struct crd_error err;
	int r = 0;

	if (challenge)
		r = crd_challenge_read(challenge, &c, &err);
	if (r < 0)
		return crd_io_fail(crd_io_input_exit(r), &err);
	r = crd_agent_attest(agent, challenge ? &c : NULL, &attested, &err);
	if (r < 0)
		return crd_io_fail(r == -E2BIG ? CRD_EXIT_MALFORMED :
						 CRD_EXIT_FAILURE,
				   &err);
	r = write_all(&attested, out);
	crd_agent_done(&attested);
	return r;
}

static int check_outputs(const char *challenge, const struct outputs *out)
{
	bool piped = (out->evidence && !strcmp(out->evidence, "-")) ||
		     (out->key && !strcmp(out->key, "-"));
	int r;

	if (piped && crd_io_is_json())
		return crd_io_error(
			CRD_EXIT_USAGE,
			"binary output and --format json cannot both go to standard output");
	if (!challenge && !out->evidence && out->key)
		return -1;
	r = crd_options_need("--challenge", challenge);
	return r >= 0 ? r : crd_options_need("--output", out->evidence);
}

static int run(const struct crd_cmd *cmd, int argc, char **argv)
{
	const char *challenge = NULL;
	struct outputs out = { 0 };
	struct crd_agent agent = { 0 };
	const struct crd_option opts[] = {
		{ "challenge", 'c', CRD_OPT_TEXT, &challenge, "FILE",
		  "the verifier's challenge" },
		{ "output", 'o', CRD_OPT_TEXT, &out.evidence, "FILE",
		  "where the evidence goes" },
		CRD_AGENT_OPTIONS(&agent),
		{ "ak-public", 0, CRD_OPT_TEXT, &out.key, "FILE",
		  "write the key's TPM2B_PUBLIC, for 'verify --ak'" },
		{ 0 },
	};
	int r = crd_options_parse(cmd, opts, argc, argv, NULL, 0);

	if (r < 0)
		r = check_outputs(challenge, &out);
	if (r < 0)
		r = crd_agent_check(&agent);
	return r >= 0 ? r : attest(&agent, challenge, &out);
}

const struct crd_cmd crd_cmd_attest = {
	.name = "attest",
	.summary = "answer a challenge with signed evidence",
	.synopsis = "--challenge FILE -o FILE [OPTION...]\n"
		    "       credence attest --ak-public FILE [OPTION...]",
	.notes =
		"The key is made on first use and stays in the TPM. Give its public part to\n"
		"the verifier out of band: evidence alone does not say whose TPM signed it.",
	.run = run,
};
