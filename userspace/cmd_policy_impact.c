// SPDX-License-Identifier: Apache-2.0
/*
 * policy impact: many bundles under two policies. The processors share the
 * bundles, each counts by itself, and the counts are added up in the end, so
 * that the answer does not depend on who took which.
 */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd_policy.h"
#include "context.h"
#include "impact.h"
#include "io.h"
#include "options.h"
#include "paths.h"
#include "verifier.h"

enum { MAX_WORKERS = 64, KEEP_UP_TO = 32 << 20 };

struct impact {
	struct crd_verifier after, before;
	const char *html_file;
	int64_t now; /* -1: the clock's */
	const char **args;
	struct crd_paths paths;
	char name[PATH_MAX]; /* the one that was asked for last */
	struct crd_impact_in in;
	struct crd_impact_answer *answers; /* one of each path */
	atomic_size_t next;		   /* path that nobody has taken */
	atomic_bool stop;
};

struct worker {
	struct impact *w;
	struct crd_impact *impact;
	pthread_t thread;
	int rc;
	struct crd_error err;
};

/* Both are judged in the same way, so one set of options is for both. */
static int load(struct impact *w)
{
	struct crd_verifier *a = &w->after, *b = &w->before;
	struct crd_error err;
	int r;

	w->now = w->now >= 0 ? w->now : time(NULL);
	/* drafts are what it is for; nothing is let in by its answer */
	a->pin.nobody = true;
	b->pin.nobody = true;
	b->registry_dir = a->registry_dir;
	b->aks = a->aks;
	b->contexts = a->contexts;
	b->as_of = a->as_of;
	r = crd_verifier_load(a, &err);
	if (r == 0)
		r = crd_verifier_load(b, &err);
	if (r < 0)
		return crd_io_fail(crd_io_input_exit(r), &err);
	w->in = (struct crd_impact_in){
		.before = b->policy,
		.after = a->policy,
		.registry = a->registry ? a->registry : b->registry,
		.trusted_aks = a->ak_names,
		.n_trusted_aks = a->aks.n,
		.now = w->now,
		.as_of = a->as_of,
		.context = a->context,
	};
	return -1;
}

/* -1: go on, or the exit code. */
static int find_bundles(struct impact *w)
{
	int r = crd_paths_find(&w->paths, w->args + 1);

	if (r >= 0)
		return r;
	w->answers = calloc(w->paths.n, sizeof(*w->answers));
	return w->answers ? -1 : crd_io_no_memory();
}

static int add(struct worker *k, size_t at)
{
	char buf[PATH_MAX];
	const char *path = crd_paths_get(&k->w->paths, at, buf);
	uint8_t *bytes;
	size_t len;
	int r = crd_io_read(path, CRD_MAX_EVIDENCE_FILE, &bytes, &len, &k->err);

	if (r < 0)
		return r;
	r = crd_impact_add(k->impact, (struct crd_buf){ bytes, len },
			   &k->w->answers[at]);
	free(bytes);
	return r < 0 ? crd_io_err(&k->err, r, "%s: %s", path, strerror(-r)) : 0;
}

static void *work(void *ctx)
{
	struct worker *k = ctx;
	size_t at;

	while (!atomic_load(&k->w->stop)) {
		at = atomic_fetch_add(&k->w->next, 1);
		if (at >= k->w->paths.n)
			break;
		k->rc = add(k, at);
		if (k->rc < 0)
			atomic_store(&k->w->stop, true);
	}
	return NULL;
}

static size_t n_workers(const struct impact *w)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (n < 1)
		n = 1;
	if (n > MAX_WORKERS)
		n = MAX_WORKERS;
	return (size_t)n < w->paths.n ? (size_t)n : w->paths.n;
}

/* The first is this thread itself. */
static int start_all(struct impact *w, struct worker *workers, size_t n,
		     size_t *ret_started)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < n; i++) {
		workers[i].w = w;
		r = crd_impact_new(&w->in, &workers[i].impact);
	}
	*ret_started = 0;
	for (i = 1; r == 0 && i < n; i++) {
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			break; /* then the others do its work */
		*ret_started = i;
	}
	if (r == 0)
		work(&workers[0]);
	for (i = 1; i <= *ret_started; i++)
		pthread_join(workers[i].thread, NULL);
	return r;
}

/* *ret_sum: what all of them have counted. */
static int run_all(struct impact *w, struct worker *workers, size_t n)
{
	size_t started, i;

	if (start_all(w, workers, n, &started) < 0)
		return crd_io_no_memory();
	for (i = 0; i <= started; i++) {
		if (workers[i].rc < 0)
			return crd_io_fail(crd_io_input_exit(workers[i].rc),
					   &workers[i].err);
	}
	for (i = 1; i <= started; i++) {
		if (crd_impact_merge(workers[0].impact, workers[i].impact) < 0)
			return crd_io_no_memory();
	}
	return -1;
}

static const char *name_of(size_t bundle, void *ctx)
{
	struct impact *w = ctx;

	return crd_paths_get(&w->paths, bundle, w->name);
}

static int put_file(const char *text, size_t len, void *ctx)
{
	const char *path = ctx;
	struct crd_error err;
	int r = crd_io_write(path, 0644, text, len, &err);

	if (r < 0)
		crd_io_fail(CRD_EXIT_FAILURE, &err);
	return r;
}

static int print(struct impact *w, const struct crd_impact *impact)
{
	struct crd_impact_show show = {
		.impact = impact,
		.n = w->paths.n,
		.answers = w->answers,
		.name = name_of,
		.name_ctx = w,
		.flags = crd_io_text_flags(),
		.put = crd_io_put,
	};
	struct crd_impact_sum sum;
	int r;

	r = crd_io_is_json() ? crd_impact_json(&show) :
	    crd_io_is_csv()  ? crd_impact_csv(&show) :
			       crd_impact_text(&show);
	r = crd_io_answered(r);
	if (r >= 0)
		return r;
	if (w->html_file) {
		show.put = put_file;
		show.put_ctx = (void *)(uintptr_t)w->html_file;
		if (crd_impact_html(&show) < 0)
			return CRD_EXIT_FAILURE;
	}
	crd_impact_sum(impact, &sum);
	return sum.malformed ? CRD_EXIT_MALFORMED : CRD_EXIT_OK;
}

/*
 * What one bundle took serves the next. Were it given back each time, the most
 * would depend on when all workers happen to be at their own most.
 */
static void keep_memory(void)
{
	mallopt(M_MMAP_THRESHOLD, KEEP_UP_TO);
	mallopt(M_TRIM_THRESHOLD, KEEP_UP_TO);
}

static int count(struct impact *w)
{
	struct worker workers[MAX_WORKERS] = { { 0 } };
	size_t i, n = n_workers(w);
	int r;

	keep_memory();
	r = run_all(w, workers, n);
	if (r < 0)
		r = print(w, workers[0].impact);
	for (i = 0; i < n; i++)
		crd_impact_free(&workers[i].impact);
	return r;
}

static int run_with(const struct crd_cmd *cmd, struct impact *w, int argc,
		    char **argv)
{
	const struct crd_option opts[] = {
		{ "against", 0, CRD_OPT_TEXT, &w->before.policy_file, "OLD",
		  "the policy to compare with" },
		{ "registry", 0, CRD_OPT_TEXT, &w->after.registry_dir, "DIR",
		  "vendor registry; default: the installed one" },
		{ "as-of", 0, CRD_OPT_DAY, &w->after.as_of, "DAY",
		  "lists, waivers and period of the policies of that day" },
		{ "context", 0, CRD_OPT_LIST, &w->after.contexts, "KEY=VALUE",
		  "site, destination or purpose; repeats" },
		{ "ak", 0, CRD_OPT_LIST, &w->after.aks, "FILE|NAME",
		  "key to trust; repeats; default: any key" },
		{ "waivers", 0, CRD_OPT_LIST, &w->after.waivers, "FILE",
		  "a file of waivers for the new policy; repeats" },
		{ "now", 0, CRD_OPT_TIME, &w->now, "TIME",
		  "appraise as of 2026-01-31T10:00:00Z" },
		{ "html", 0, CRD_OPT_TEXT, &w->html_file, "FILE",
		  "write a page with a chart there, too" },
		{ 0 },
	};
	int r = crd_options_parse(cmd, opts, argc, argv, w->args, (size_t)argc);

	if (r < 0)
		r = crd_options_need("NEW", w->args[0]);
	if (r < 0)
		r = crd_options_need("--against", w->before.policy_file);
	if (r < 0)
		r = crd_options_need("EVIDENCE", w->args[1]);
	if (r >= 0)
		return r;
	w->after.policy_file = w->args[0];
	r = load(w);
	if (r < 0)
		r = find_bundles(w);
	return r < 0 ? count(w) : r;
}

static const struct crd_cmd command = {
	.name = "policy impact",
	.summary = "what another policy would change, over many machines",
	.synopsis = "NEW --against OLD [OPTION...] EVIDENCE...",
	.notes =
		"EVIDENCE is a file, or a folder of files *.evidence and *.cbor. Signatures and\n"
		"logs are checked; when a machine attested, and to whom, is not asked.\n"
		"Exit: 0 counted, 5 a file is no evidence.",
	.csv = true,
};

int crd_policy_impact(int argc, char **argv)
{
	struct impact w = { .now = -1 };
	int r;

	w.args = calloc((size_t)argc + 1, sizeof(*w.args));
	r = w.args ? run_with(&command, &w, argc, argv) : crd_io_no_memory();
	free(w.answers);
	crd_paths_done(&w.paths);
	crd_verifier_done(&w.after);
	crd_verifier_done(&w.before);
	free(w.args);
	return r;
}
