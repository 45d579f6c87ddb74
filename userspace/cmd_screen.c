// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bidfile.h"
#include "io.h"
#include "options.h"
#include "verifier.h"

struct screen {
	struct crd_verifier v;
	const char *bid_file;
	const char *format; /* NULL: by content */
	int64_t now;	    /* -1: the clock's */
	struct crd_bid *bid;
};

static int load(struct screen *s)
{
	struct crd_error err;
	int r;

	/* signatures are as good as they were then */
	s->v.pin.now = s->now >= 0 ? s->now : time(NULL);
	r = crd_verifier_load_both(&s->v, &err);
	if (r < 0)
		return crd_io_fail(crd_io_input_exit(r), &err);
	r = crd_bidfile_read(s->bid_file, s->format, &s->bid, &err);
	if (r == -EBADMSG || r == -E2BIG || r == -EOPNOTSUPP)
		return crd_io_fail(CRD_EXIT_MALFORMED, &err);
	return r < 0 ? crd_io_fail(crd_io_input_exit(r), &err) : -1;
}

static int judge(struct screen *s)
{
	struct crd_appraisal in = {
		.policy = s->v.policy,
		.registry = s->v.registry,
		.now = s->now >= 0 ? s->now : time(NULL),
		.language = s->v.language,
		.as_of = s->v.as_of,
		.context = s->v.context,
		.seals = s->v.pin.seals,
		.n_seals = s->v.pin.n_seals,
	};
	struct crd_report *report = NULL;
	int r = crd_screen(&in, s->bid, &report);

	if (r == 0 && crd_verifier_asked(&s->v, report) >= 0) {
		crd_report_free(&report);
		return CRD_EXIT_USAGE;
	}
	if (r == 0)
		r = crd_verifier_print(&s->v, report);
	if (r < 0)
		r = crd_io_error(CRD_EXIT_FAILURE, "no verdict: %s",
				 strerror(-r));
	else
		r = crd_verifier_exit(report);
	crd_report_free(&report);
	return r;
}

static int run(const struct crd_cmd *cmd, int argc, char **argv)
{
	struct screen s = { .now = -1 };
	const struct crd_option opts[] = {
		CRD_POLICY_OPTIONS(&s.v),
		{ "bid-format", 0, CRD_OPT_TEXT, &s.format, "FORMAT",
		  CRD_BID_FORMAT_HELP },
		{ "now", 0, CRD_OPT_TIME, &s.now, "TIME",
		  "screen as of TIME, e.g. 2026-01-31T12:00:00Z" },
		{ 0 },
	};
	int r;

	r = crd_options_parse(cmd, opts, argc, argv, &s.bid_file, 1);
	if (r < 0)
		r = crd_options_need("--policy", s.v.policy_file);
	if (r < 0)
		r = crd_options_need("BID", s.bid_file);
	if (r < 0)
		r = load(&s);
	if (r < 0)
		r = judge(&s);
	crd_bid_free(&s.bid);
	crd_verifier_done(&s.v);
	return r;
}

const struct crd_cmd crd_cmd_screen = {
	.name = "screen",
	.summary =
		"compare a bid's bill of materials with a policy, before buying",
	.synopsis = "--policy FILE [OPTION...] BID",
	.notes =
		"BID is CycloneDX 1.4 to 1.7, SPDX 2.3 or a paccor component list in JSON, or CSV.\n"
		"What is declared is judged; nothing was measured. On delivery: credence verify\n"
		"--against-bid BID.",
	.run = run,
};
