// SPDX-License-Identifier: Apache-2.0
#include <credence.h>
#include <errno.h>
#include <stdlib.h>

#include "bundle.h"
#include "io.h"
#include "options.h"
#include "paths.h"

struct lot {
	struct crd_verifier trust; /* its keys */
	uint32_t pcr;
	const char *reference_file;
	const char **args;
	struct crd_paths paths;
	char name[PATH_MAX]; /* the one that was asked for last */
	struct crd_lot *lot;
	struct crd_bundle reference;
};

static const char *name_of(uint32_t name, void *ctx)
{
	struct lot *w = ctx;

	return crd_paths_get(&w->paths, name, w->name);
}

/* -1: go on, or the exit code, as below. */
static int find_bundles(struct lot *w)
{
	struct crd_error err;
	int r = crd_verifier_load_aks(&w->trust, &err);

	if (r < 0)
		return crd_io_fail(crd_io_input_exit(r), &err);
	return crd_paths_find(&w->paths, w->args);
}

static int read_reference(struct lot *w)
{
	int r;

	if (!w->reference_file)
		return -1;
	r = crd_bundle_read(w->reference_file, &w->trust, w->pcr,
			    &w->reference);
	if (r < 0)
		r = crd_bundle_need_genuine(CRD_EXIT_USAGE, w->reference_file,
					    &w->reference);
	if (r < 0 && crd_lot_reference(w->lot, &w->reference.attester) < 0)
		return crd_io_no_memory();
	return r;
}

/* One that is no evidence is one of the lot all the same. */
static int add(struct lot *w, uint32_t name)
{
	struct crd_bundle b = { 0 };
	struct crd_error err = { 0 };
	int r = crd_bundle_load(name_of(name, w), &w->trust, w->pcr, &b, &err);

	if (r == -EBADMSG || r == -E2BIG || r == -EOPNOTSUPP)
		r = crd_lot_leave_out(w->lot, name, true, CRD_REASON_MALFORMED,
				      err.text);
	else if (r < 0)
		return crd_io_fail(crd_io_input_exit(r), &err);
	else if (!b.attester.genuine)
		r = crd_lot_leave_out(w->lot, name, false, b.attester.reason,
				      b.attester.why);
	else
		r = crd_lot_add(w->lot, name, &b.attester);
	crd_bundle_done(&b);
	return r < 0 ? crd_io_no_memory() : -1;
}

static int add_all(struct lot *w)
{
	uint32_t i;
	int r = -1;

	for (i = 0; r < 0 && i < w->paths.n; i++)
		r = add(w, i);
	return r;
}

static int look(struct lot *w, uint32_t name)
{
	struct crd_bundle b = { 0 };
	int r = crd_bundle_read(name_of(name, w), &w->trust, w->pcr, &b);

	if (r >= 0)
		return r;
	r = crd_lot_look(w->lot, name, &b.attester, &w->reference.attester);
	crd_bundle_done(&b);
	if (r == -ESTALE)
		return crd_io_error(CRD_EXIT_FAILURE,
				    "%s changed while it was looked at",
				    name_of(name, w));
	return r < 0 ? crd_io_no_memory() : -1;
}

static int compare(struct lot *w)
{
	uint32_t name;
	int r = -1;

	if (crd_lot_settle(w->lot, &name) < 0)
		return crd_io_no_memory();
	if (name != CRD_NO_NAME)
		r = crd_bundle_read(name_of(name, w), &w->trust, w->pcr,
				    &w->reference);
	while (r < 0 && crd_lot_next(w->lot, &name))
		r = look(w, name);
	return r;
}

static int print(struct lot *w)
{
	const struct crd_lot_show show = {
		.lot = w->lot,
		.name = name_of,
		.name_ctx = w,
		.reference = w->reference_file,
		.flags = crd_io_text_flags(),
		.put = crd_io_put,
	};
	struct crd_lot_sum sum;
	int r;

	r = crd_io_is_json() ? crd_lot_json(&show) :
	    crd_io_is_csv()  ? crd_lot_csv(&show) :
			       crd_lot_text(&show);
	r = crd_io_answered(r);
	if (r >= 0)
		return r;
	crd_lot_sum(w->lot, &sum);
	if (sum.malformed)
		return CRD_EXIT_MALFORMED;
	if (sum.unproven)
		return CRD_EXIT_REFUSED;
	return sum.differ || sum.twins ? CRD_EXIT_REFERRED : CRD_EXIT_OK;
}

static int run(const struct crd_cmd *cmd, int argc, char **argv)
{
	struct lot w = { .pcr = CRD_PCR_DEFAULT };
	const struct crd_option opts[] = {
		{ "reference", 0, CRD_OPT_TEXT, &w.reference_file, "FILE",
		  "evidence of the machine that all should be like" },
		CRD_BUNDLE_OPTIONS(&w.trust, &w.pcr),
		{ 0 },
	};
	int r;

	w.args = calloc((size_t)argc + 1, sizeof(*w.args));
	if (!w.args || crd_lot_new(&w.lot) < 0) {
		free(w.args);
		return crd_io_no_memory();
	}
	r = crd_options_parse(cmd, opts, argc, argv, w.args, (size_t)argc);
	if (r < 0)
		r = crd_options_need("EVIDENCE", w.args[0]);
	if (r < 0)
		r = find_bundles(&w);
	if (r < 0)
		r = read_reference(&w);
	if (r < 0)
		r = add_all(&w);
	if (r < 0)
		r = compare(&w);
	if (r < 0)
		r = print(&w);
	crd_lot_free(&w.lot);
	crd_bundle_done(&w.reference);
	crd_paths_done(&w.paths);
	crd_verifier_done(&w.trust);
	free(w.args);
	return r;
}

const struct crd_cmd crd_cmd_lot = {
	.name = "lot",
	.summary =
		"are all machines of a delivery alike; which differ, in what",
	.synopsis = "[--reference FILE] [OPTION...] EVIDENCE...",
	.notes =
		"EVIDENCE is a file, or a folder of files *.evidence and *.cbor.\n"
		"Exit: 0 all are alike, 4 some differ or share a key or serial number, 3 a\n"
		"bundle is not proven, 5 a bundle is malformed.",
	.csv = true,
	.run = run,
};
