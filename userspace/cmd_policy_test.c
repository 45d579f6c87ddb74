// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd_policy.h"
#include "io.h"
#include "options.h"
#include "verifier.h"

static int put(const char *text, size_t len, void *ctx)
{
	if (!crd_io_is_quiet() || crd_io_is_json())
		fwrite(text, 1, len, stdout);
	return 0;
}

static int try_examples(const struct crd_verifier *v)
{
	const struct crd_trial trial = {
		.policy = v->policy,
		.registry = v->registry,
		.language = v->language,
		.as_of = v->as_of,
		.flags = crd_io_colour() ? CRD_TEXT_COLOUR : 0,
	};
	struct crd_error err = { .text = "" };
	struct crd_tried tried;
	int r;

	if (crd_io_is_json())
		r = crd_policy_test_json(&trial, put, NULL, &tried, &err);
	else
		r = crd_policy_test_text(&trial, put, NULL, &tried, &err);
	if (r == -EBADMSG)
		return crd_io_error(CRD_EXIT_USAGE, "%s:%u:%u: %s",
				    v->policy_file, err.line, err.column,
				    err.text);
	if (r < 0)
		return crd_io_error(CRD_EXIT_FAILURE, "no result: %s",
				    strerror(-r));
	return tried.failed ? CRD_EXIT_EXAMPLES : CRD_EXIT_OK;
}

int crd_policy_try(int argc, char **argv)
{
	static const struct crd_cmd cmd = {
		.name = "policy test",
		.summary = "try the examples that stand in a policy",
		.synopsis = "FILE [OPTION...]",
	};
	struct crd_verifier v = { 0 };
	const struct crd_option opts[] = {
		{ "registry", 0, CRD_OPT_TEXT, &v.registry_dir, "DIR",
		  "vendor registry; default: the installed one" },
		{ "waivers", 0, CRD_OPT_LIST, &v.waivers, "FILE",
		  "a file of waivers for that policy; repeats" },
		{ "as-of", 0, CRD_OPT_DAY, &v.as_of, "DAY",
		  "of examples that name no day; default: the policy's first" },
		{ "language", 0, CRD_OPT_TEXT, &v.language, "TAG",
		  "of the policy's reasons, e.g. fr, where they are in it" },
		{ 0 },
	};
	struct crd_error err;
	int r = crd_options_parse(&cmd, opts, argc, argv, &v.policy_file, 1);

	if (r < 0)
		r = crd_options_need("FILE", v.policy_file);
	if (r >= 0)
		return r;
	r = crd_verifier_load_all(&v, &err);
	r = r < 0 ? crd_io_fail(crd_io_input_exit(r), &err) : try_examples(&v);
	crd_verifier_done(&v);
	return r;
}
