// SPDX-License-Identifier: Apache-2.0
/* credence - measured drivers and firmware, signed evidence, a verdict. */
#include <openssl/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "io.h"

static const struct crd_cmd *const commands[] = {
	&crd_cmd_inventory, &crd_cmd_challenge, &crd_cmd_attest,
	&crd_cmd_verify,    &crd_cmd_gate,	&crd_cmd_policy,
	&crd_cmd_lot,	    &crd_cmd_diff,	&crd_cmd_screen,
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int print_help(void)
{
	size_t i;

	printf("usage: credence VERB [OPTION...]\n"
	       "Decides whether equipment may enter: measured, signed, compared.\n\n");
	for (i = 0; i < N_COMMANDS; i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
	printf("\n'credence VERB --help' shows the options of one verb.\n"
	       "Exit: 0 admitted or done, 1 operational failure, 2 usage or input wrong,\n"
	       "      3 refused, 4 referred to a person, 5 evidence malformed,\n"
	       "      6 an example of a policy failed,\n"
	       "      7 'policy lookup' knows nothing of it.\n");
	return CRD_EXIT_OK;
}

/* So that even a usage error found before --format is told as asked for. */
static void find_format(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strcmp(argv[i], "--format=json") ||
		    (!strcmp(argv[i], "--format") && i + 1 < argc &&
		     !strcmp(argv[i + 1], "json")))
			crd_io_json(true);
	}
}

static int run(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : NULL;
	size_t i;

	find_format(argc, argv);
	if (!verb)
		return crd_io_error(CRD_EXIT_USAGE,
				    "no verb; see 'credence --help'");
	if (!strcmp(verb, "--help") || !strcmp(verb, "-h") ||
	    !strcmp(verb, "help"))
		return print_help();
	if (!strcmp(verb, "--version")) {
		printf("credence " CRD_VERSION "\n");
		return CRD_EXIT_OK;
	}
	for (i = 0; i < N_COMMANDS; i++) {
		if (strcmp(verb, commands[i]->name))
			continue;
		crd_io_verb(verb);
		return commands[i]->run(commands[i], argc - 1, argv + 1);
	}
	return crd_io_error(CRD_EXIT_USAGE,
			    "unknown verb '%s'; see 'credence --help'", verb);
}

int main(int argc, char **argv)
{
	int code;

	/*
	 * Its configuration file could name engines and providers: nothing
	 * that a verdict should hang on, and reading it costs a millisecond.
	 */
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	/* a reader that went away is an error to report, not a death */
	signal(SIGPIPE, SIG_IGN);
	code = run(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		crd_io_json(false);
		return crd_io_error(CRD_EXIT_FAILURE,
				    "cannot write to standard output: %m");
	}
	return code;
}
