// SPDX-License-Identifier: Apache-2.0
/* policy registry check: everything that is wrong with a registry. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "challenge.h"
#include "cmd_policy.h"
#include "idlist.h"
#include "io.h"
#include "verifier.h"

struct shown {
	const char *dir; /* NULL: the installed one */
	bool any;
};

static void json_fault(struct shown *s, const struct crd_fault *fault)
{
	printf("%s\n  {\"file\": ", s->any ? "," : "");
	crd_io_json_string(stdout, fault->file);
	printf(", \"line\": %u, \"column\": %u, \"severity\": \"%s\", \"text\": ",
	       fault->line, fault->column,
	       fault->warning ? "warning" : "error");
	crd_io_json_string(stdout, fault->text);
	printf("}");
	s->any = true;
}

/* As compilers have it, so that editors find the place. */
static void on_fault(const struct crd_fault *fault, void *ctx)
{
	struct shown *s = ctx;

	if (crd_io_is_json()) {
		json_fault(s, fault);
		return;
	}
	if (fault->warning && crd_io_is_quiet())
		return;
	fprintf(stderr, "%s%s%s:%u:%u: %s: %s\n", s->dir ? s->dir : "",
		s->dir ? "/" : "", fault->file, fault->line, fault->column,
		fault->warning ? "warning" : "error", fault->text);
}

static void conclude(const struct crd_audit *a, const char *missing)
{
	char hex[2 * CRD_MAX_DIGEST + 1];
	char day[CRD_TIME_TEXT];

	crd_time_format((int64_t)a->date * 24 * 60 * 60, day);
	day[strlen("2026-01-31")] = '\0';
	crd_hex(a->digest.bytes, a->digest.len, hex);
	if (crd_io_is_json()) {
		printf("%s], \"errors\": %zu, \"warnings\": %zu, \"version\": %" PRIu64
		       ", \"date\": \"%s\", \"sha256\": \"%s\", \"not_compared\": ",
		       "\n ", a->errors, a->warnings, a->version, day, hex);
		crd_io_json_string(stdout, missing);
		printf("}\n");
		return;
	}
	if (*missing)
		crd_io_note(
			"ids were not compared with what is not installed: %s",
			missing);
	if (crd_io_is_quiet())
		return;
	printf("version %" PRIu64
	       " of %s: %zu entities, %zu identifiers, %zu lists, %zu listings, %zu sources\n",
	       a->version, day, a->entities, a->identifiers, a->lists,
	       a->listings, a->sources);
	printf("%zu errors, %zu warnings%s%s\n", a->errors, a->warnings,
	       a->errors ? "" : "; sha256 ", a->errors ? "" : hex);
}

static int audit(const struct crd_registry_files *files, const char *dir,
		 struct crd_idlist *lists)
{
	struct shown shown = { .dir = dir };
	struct crd_audit a = { .named = crd_idlist_named,
			       .named_ctx = lists,
			       .fault = on_fault,
			       .fault_ctx = &shown };
	int r;

	if (crd_io_is_json())
		printf("{\"credence-registry\": 1, \"faults\": [");
	r = crd_registry_audit(files, &a);
	if (r < 0)
		return crd_io_error(CRD_EXIT_FAILURE, "%s", strerror(-r));
	conclude(&a, crd_idlist_missing(lists));
	return a.errors ? CRD_EXIT_USAGE : CRD_EXIT_OK;
}

int crd_policy_registry(const char *dir, const char *root)
{
	struct crd_registry_files files = { 0 };
	struct crd_registry_bytes bytes;
	struct crd_idlist *lists;
	struct crd_error err;
	int r = crd_registry_open(dir, &files, &bytes, &err);

	if (r < 0)
		return crd_io_fail(crd_io_input_exit(r), &err);
	lists = crd_idlist_new(root);
	r = lists ? audit(&files, dir, lists) :
		    crd_io_error(CRD_EXIT_FAILURE, "%s", strerror(ENOMEM));
	crd_idlist_free(&lists);
	crd_registry_bytes_free(&bytes);
	return r;
}
