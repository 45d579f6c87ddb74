// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "cmd_policy.h"
#include "io.h"
#include "options.h"
#include "policy_check.h"

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
	{ "impact", crd_policy_impact },
	{ "sign", crd_policy_sign },
	{ "verify-signature", crd_policy_verify_signature },
	{ "test", crd_policy_try },
};

static int look_up(const char *const words[3], const struct crd_verifier *v,
		   const char *root)
{
	if (!words[1] || words[2])
		return crd_io_error(
			CRD_EXIT_USAGE,
			"say what: credence policy lookup pci:8086");
	return crd_policy_lookup(words[1], v->registry_dir, root, v->as_of);
}

static int run(const struct crd_cmd *cmd, int argc, char **argv)
{
	const char *words[3] = { NULL, NULL, NULL };
	const char *root = NULL;
	struct crd_verifier v = { 0 };
	bool strict = false;
	const struct crd_option opts[] = {
		{ "registry", 0, CRD_OPT_TEXT, &v.registry_dir, "DIR",
		  "vendor registry; default: the installed one" },
		{ "waivers", 0, CRD_OPT_LIST, &v.waivers, "FILE",
		  "a file of waivers for that policy; repeats" },
		{ "as-of", 0, CRD_OPT_DAY, &v.as_of, "DAY",
		  "lists, and what has ended or begun, on that day" },
		{ "strict", 0, CRD_OPT_FLAG, &strict, NULL,
		  "warnings are errors" },
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
	if (words[0] && !strcmp(words[0], "lookup"))
		return look_up(words, &v, root);
	if (words[2])
		return crd_io_error(
			CRD_EXIT_USAGE,
			"'%s' is one argument too many; see 'credence policy --help'",
			words[2]);
	if (!words[0] || strcmp(words[0], "check"))
		return crd_io_error(
			CRD_EXIT_USAGE,
			"say what to do: credence policy check FILE, impact, test, sign, or verify-signature");
	if (words[2])
		return crd_io_error(CRD_EXIT_USAGE,
				    "'%s' is one argument too many", words[2]);
	r = crd_options_need("FILE", words[1]);
	if (r >= 0)
		return r;
	v.policy_file = words[1];
	return crd_policy_check_print(&v, strict);
}

const struct crd_cmd crd_cmd_policy = {
	.name = "policy",
	.summary = "check, sign or look into a policy or a vendor registry",
	.synopsis =
		"check FILE | test FILE | registry check [DIR] | lookup WHAT | impact NEW ... | sign FILE|DIR ... | verify-signature FILE|DIR ...",
	.notes =
		"'credence policy test --help' shows the options of that verb, --as-of, --language;\n"
		"'credence policy sign --help' and 'credence policy verify-signature --help' show\n"
		"the options of these: --key, --cert, --chain, --passphrase-file, --policy, --name;\n"
		"--authority, --now.",
	.run = run,
};
