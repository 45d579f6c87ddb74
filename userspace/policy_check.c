// SPDX-License-Identifier: Apache-2.0
#include "policy_check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "challenge.h"
#include "io.h"

struct printer {
	const struct crd_verifier *v;
	unsigned int n[CRD_LINT_ERROR + 1];
};

static bool is_waivers(const struct crd_verifier *v, const char *file)
{
	size_t i;

	for (i = 0; i < v->waivers.n; i++) {
		if (!strcmp(v->waivers.items[i], file))
			return true;
	}
	return false;
}

/* What a policy extends is named from the policy's folder. */
static void print_place(const struct crd_verifier *v,
			const struct crd_lint *lint, char *out, size_t size)
{
	const char *policy = v->policy_file;
	const char *slash = strrchr(policy, '/');
	int folder = slash ? (int)(slash - policy) + 1 : 0;

	if (!lint->file)
		snprintf(out, size, "%s", policy);
	else if (is_waivers(v, lint->file))
		snprintf(out, size, "%s", lint->file);
	else
		snprintf(out, size, "%.*s%s", folder, policy, lint->file);
}

static void print_json(const struct printer *p, const struct crd_lint *lint,
		       const char *file)
{
	bool first = p->n[0] + p->n[1] + p->n[2] == 1;

	printf("%s\n  {\"severity\": \"%s\", \"check\": \"%s\", \"file\": ",
	       first ? "" : ",", crd_lint_severity_name(lint->severity),
	       lint->check);
	crd_io_json_string(stdout, file);
	printf(", \"line\": %u, \"column\": %u, \"text\": ", lint->line,
	       lint->column);
	crd_io_json_string(stdout, lint->text);
	printf("}");
}

static int print_lint(const struct crd_lint *lint, void *ctx)
{
	struct printer *p = ctx;
	char place[4096], safe[4096];

	p->n[lint->severity]++;
	print_place(p->v, lint, place, sizeof(place));
	if (crd_io_is_json()) {
		print_json(p, lint, place);
		return 0;
	}
	if (crd_io_is_quiet())
		return 0;
	crd_io_escape(place, strlen(place), safe, sizeof(safe));
	printf("%s:%u:%u: %s: %s [%s]\n", safe, lint->line, lint->column,
	       crd_lint_severity_name(lint->severity), lint->text, lint->check);
	return 0;
}

static void print_head(const struct crd_verifier *v)
{
	const struct crd_digest *d = crd_policy_digest(v->policy);
	char hex[2 * CRD_MAX_DIGEST + 1];

	crd_hex(d->bytes, d->len, hex);
	printf("{\"credence-policy\": 1, \"name\": ");
	crd_io_json_string(stdout, crd_policy_name(v->policy));
	printf(", \"version\": %" PRIu64
	       ", \"sha256\": \"%s\", \"findings\": [",
	       crd_policy_version(v->policy), hex);
}

static void print_tail(const struct printer *p, bool good)
{
	const struct crd_verifier *v = p->v;
	const struct crd_digest *d = crd_policy_digest(v->policy);
	char hex[2 * CRD_MAX_DIGEST + 1];

	crd_hex(d->bytes, d->len, hex);
	printf("%s version %" PRIu64 ": %s", crd_policy_name(v->policy),
	       crd_policy_version(v->policy), good ? "good" : "WRONG");
	if (p->n[CRD_LINT_ERROR])
		printf(", %u error%s", p->n[CRD_LINT_ERROR],
		       p->n[CRD_LINT_ERROR] == 1 ? "" : "s");
	if (p->n[CRD_LINT_WARNING])
		printf(", %u warning%s", p->n[CRD_LINT_WARNING],
		       p->n[CRD_LINT_WARNING] == 1 ? "" : "s");
	printf(", sha256 %s\n", hex);
}

/* The first example that does not end as it says is an error. */
static int print_example(struct printer *p)
{
	const struct crd_trial trial = { .policy = p->v->policy,
					 .registry = p->v->registry };
	struct crd_error err = { .text = "" };
	struct crd_tried tried;
	int r = crd_policy_test(&trial, &tried, &err);

	if (r != -EBADMSG)
		return r;
	return print_lint(&(struct crd_lint){ .severity = CRD_LINT_ERROR,
					      .check = "example",
					      .line = err.line,
					      .column = err.column,
					      .text = err.text },
			  p);
}

static int print_all(struct crd_verifier *v, bool strict)
{
	int32_t day = v->as_of ? v->as_of : (int32_t)(time(NULL) / 86400);
	struct printer p = { .v = v };
	bool good;

	if (crd_io_is_json())
		print_head(v);
	if (crd_policy_lint(v->policy, day, print_lint, &p) < 0 ||
	    print_example(&p) < 0)
		return crd_io_no_memory();
	good = !p.n[CRD_LINT_ERROR] && !(strict && p.n[CRD_LINT_WARNING]);
	if (crd_io_is_json())
		printf("], \"good\": %s}\n", good ? "true" : "false");
	else if (!crd_io_is_quiet())
		print_tail(&p, good);
	return good ? CRD_EXIT_OK : CRD_EXIT_USAGE;
}

int crd_policy_check_print(struct crd_verifier *v, bool strict)
{
	struct crd_error err;
	int r = crd_verifier_load_all(v, &err);

	r = r < 0 ? crd_io_fail(crd_io_input_exit(r), &err) :
		    print_all(v, strict);
	crd_verifier_done(v);
	return r;
}
