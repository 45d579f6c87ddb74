// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "challenge.h"
#include "cmd_policy.h"
#include "io.h"
#include "options.h"
#include "verifier.h"

static void print(const struct crd_verifier *v)
{
	const struct crd_digest *d = crd_policy_digest(v->policy);
	const char *name = crd_policy_name(v->policy);
	char hex[2 * CRD_MAX_DIGEST + 1];

	crd_hex(d->bytes, d->len, hex);
	if (crd_io_is_json()) {
		printf("{\"credence-policy\": 1, \"name\": ");
		crd_io_json_string(stdout, name);
		printf(", \"version\": %" PRIu64 ", \"sha256\": \"%s\"}\n",
		       crd_policy_version(v->policy), hex);
	} else if (!crd_io_is_quiet()) {
		printf("%s version %" PRIu64 ": good, sha256 %s\n", name,
		       crd_policy_version(v->policy), hex);
	}
}

static int check(struct crd_verifier *v)
{
	struct crd_error err;
	int r = crd_verifier_load_all(v, &err);

	if (r < 0)
		return crd_io_fail(crd_io_input_exit(r), &err);
	print(v);
	crd_verifier_done(v);
	return CRD_EXIT_OK;
}

static int check_registry(const char *const words[3],
			  const struct crd_verifier *v, const char *root)
{
	if (!words[1] || strcmp(words[1], "check"))
		return crd_io_error(
			CRD_EXIT_USAGE,
			"say what to do: credence policy registry check [DIR]");
	if (words[2] && v->registry_dir)
		return crd_io_error(CRD_EXIT_USAGE,
				    "give either DIR or --registry");
	return crd_policy_registry(words[2] ? words[2] : v->registry_dir, root);
}

/* Those that have options of their own. */
static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} verbs[] = {
	{ "sign", crd_policy_sign },
	{ "verify-signature", crd_policy_verify_signature },
};

static int run(const struct crd_cmd *cmd, int argc, char **argv)
{
	const char *words[3] = { NULL, NULL, NULL };
	const char *root = NULL;
	struct crd_verifier v = { 0 };
	const struct crd_option opts[] = {
		{ "registry", 0, CRD_OPT_TEXT, &v.registry_dir, "DIR",
		  "vendor registry; default: the installed one" },
		{ "waivers", 0, CRD_OPT_LIST, &v.waivers, "FILE",
		  "a file of waivers for that policy; repeats" },
		{ "root", 0, CRD_OPT_TEXT, &root, "DIR",
		  "read lists of ids from below DIR; for tests" },
		{ 0 },
	};
	size_t i;
	int r;

	for (i = 0; argc > 1 && i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (!strcmp(argv[1], verbs[i].name))
			return verbs[i].run(argc - 1, argv + 1);
	}
	r = crd_options_parse(cmd, opts, argc, argv, words, 3);
	if (r >= 0)
		return r;
	if (words[0] && !strcmp(words[0], "registry"))
		return check_registry(words, &v, root);
	if (!words[0] || strcmp(words[0], "check") || words[2])
		return crd_io_error(
			CRD_EXIT_USAGE,
			"say what to do: credence policy check FILE, sign, or verify-signature");
	r = crd_options_need("FILE", words[1]);
	if (r >= 0)
		return r;
	v.policy_file = words[1];
	return check(&v);
}

const struct crd_cmd crd_cmd_policy = {
	.name = "policy",
	.summary =
		"check a policy or a registry, sign it, or see who signed it",
	.synopsis =
		"check FILE | registry check [DIR] | sign FILE|DIR ... | verify-signature FILE|DIR ...",
	.notes =
		"'credence policy sign --help' and 'credence policy verify-signature --help' show\n"
		"the options of these: --key, --cert, --chain, --passphrase-file, --policy, --name;\n"
		"--authority, --now.",
	.run = run,
};
