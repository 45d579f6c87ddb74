// SPDX-License-Identifier: Apache-2.0
#include <credence.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundle.h"
#include "io.h"
#include "options.h"

struct diff {
	struct crd_verifier trust; /* its keys */
	uint32_t pcr;
	const char *files[2];
	struct crd_bundle bundles[2];
};

static int read_both(struct diff *w)
{
	struct crd_error err;
	int i, r;

	r = crd_verifier_load_aks(&w->trust, &err);
	if (r < 0)
		return crd_io_fail(crd_io_input_exit(r), &err);
	for (i = 0, r = -1; i < 2 && r < 0; i++) {
		r = crd_bundle_read(w->files[i], &w->trust, w->pcr,
				    &w->bundles[i]);
		if (r < 0)
			r = crd_bundle_need_genuine(
				CRD_EXIT_REFUSED, w->files[i], &w->bundles[i]);
	}
	return r;
}

static int print(struct diff *w, const struct crd_diff *diff)
{
	char *text = NULL;
	int r;

	if (crd_io_is_json())
		r = crd_diff_json(diff, &w->bundles[0].attester,
				  &w->bundles[1].attester, &text);
	else
		r = crd_diff_text(diff, crd_io_text_flags(), &text);
	if (r < 0)
		return r;
	fputs(text, stdout);
	if (crd_io_is_json())
		putchar('\n');
	free(text);
	return 0;
}

static int compare(struct diff *w)
{
	struct crd_diff *diff = NULL;
	int r = crd_diff_new(&w->bundles[0].attester, &w->bundles[1].attester,
			     0, &diff);

	if (r == 0)
		r = print(w, diff);
	if (r < 0)
		r = crd_io_error(CRD_EXIT_FAILURE, "no comparison: %s",
				 strerror(-r));
	else
		r = crd_diff_class(diff) == CRD_CHANGE_SUSPICION ?
			    CRD_EXIT_REFERRED :
			    CRD_EXIT_OK;
	crd_diff_free(&diff);
	return r;
}

static int run(const struct crd_cmd *cmd, int argc, char **argv)
{
	struct diff w = { .pcr = CRD_PCR_DEFAULT };
	const struct crd_option opts[] = {
		CRD_BUNDLE_OPTIONS(&w.trust, &w.pcr),
		{ 0 },
	};
	int r = crd_options_parse(cmd, opts, argc, argv, w.files, 2);

	if (r < 0)
		r = crd_options_need("BEFORE", w.files[0]);
	if (r < 0)
		r = crd_options_need("AFTER", w.files[1]);
	if (r < 0 && !strcmp(w.files[0], "-") && !strcmp(w.files[1], "-"))
		r = crd_io_error(CRD_EXIT_USAGE,
				 "only one can come from standard input");
	if (r < 0)
		r = read_both(&w);
	if (r < 0)
		r = compare(&w);
	crd_bundle_done(&w.bundles[0]);
	crd_bundle_done(&w.bundles[1]);
	crd_verifier_done(&w.trust);
	return r;
}

const struct crd_cmd crd_cmd_diff = {
	.name = "diff",
	.summary = "what changed in a machine: update, repair or suspicion",
	.synopsis = "[OPTION...] BEFORE AFTER",
	.notes =
		"Exit: 0 nothing suspicious changed, 4 a person must look, 3 a bundle is not\n"
		"proven, 5 a bundle is malformed.",
	.run = run,
};
