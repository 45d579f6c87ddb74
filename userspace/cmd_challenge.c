// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "challenge.h"
#include "io.h"
#include "options.h"
#include "store.h"

/*
 * The store first: a challenge that was given out but is not known would be
 * refused later, one that is known but was never given out harms nobody.
 */
static int issue(const char *state, const char *output, int64_t seconds)
{
	char text[CRD_CHALLENGE_TEXT], expires[CRD_TIME_TEXT];
	struct crd_store *store = NULL;
	struct crd_challenge c;
	struct crd_error err;
	int r;

	r = crd_store_open(state, true, &store, &err);
	if (r < 0)
		return crd_io_fail(CRD_EXIT_FAILURE, &err);
	r = crd_challenge_new(time(NULL), seconds, &c);
	if (r < 0)
		crd_io_err(&err, r, "the kernel gives no random bytes: %m");
	if (r == 0)
		r = crd_store_add(store, &c, &err);
	crd_store_free(&store);
	if (r < 0)
		return crd_io_fail(CRD_EXIT_FAILURE, &err);
	crd_challenge_format(&c, text);
	r = crd_io_write(output, 0600, text, strlen(text), &err);
	if (r < 0)
		return crd_io_fail(crd_io_input_exit(r), &err);
	crd_time_format(c.expires, expires);
	if (strcmp(output, "-"))
		crd_io_note("wrote %s, valid until %s", output, expires);
	if (strcmp(output, "-") && crd_io_is_json())
		fputs(text, stdout);
	return CRD_EXIT_OK;
}

static int run(const struct crd_cmd *cmd, int argc, char **argv)
{
	const char *state = NULL, *output = "-";
	int64_t seconds = CRD_CHALLENGE_VALID;
	const struct crd_option opts[] = {
		{ "output", 'o', CRD_OPT_TEXT, &output, "FILE",
		  "where the challenge goes; default: standard output" },
		{ "valid", 0, CRD_OPT_DURATION, &seconds, "TIME",
		  "how long it may be used: 30s, 10m (default), 2h, 1d" },
		{ "state", 0, CRD_OPT_TEXT, &state, "DIR",
		  "state folder; default: CREDENCE_STATE_DIR, " CRD_STATE_DIR },
		{ 0 },
	};
	int r = crd_options_parse(cmd, opts, argc, argv, NULL, 0);

	return r >= 0 ? r : issue(state, output, seconds);
}

const struct crd_cmd crd_cmd_challenge = {
	.name = "challenge",
	.summary = "make a fresh nonce file for a machine to answer",
	.synopsis = "[-o FILE] [--valid TIME] [--state DIR]",
	.notes =
		"The challenge is also kept in the state folder, where 'credence verify'\n"
		"looks it up and marks it as used: it is good for one verdict.",
	.run = run,
};
