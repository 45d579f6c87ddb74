// SPDX-License-Identifier: Apache-2.0
/* policy lookup: what the registry knows of one thing, and on what grounds. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd_policy.h"
#include "idlist.h"
#include "io.h"
#include "verifier.h"

static int answer(const struct crd_registry *registry,
		  const struct crd_question *ask)
{
	struct crd_error err = { .text = "" };
	char *text = NULL;
	bool known = false;
	int r = crd_io_is_json() ?
			crd_lookup_json(registry, ask, &known, &text, &err) :
			crd_lookup_text(registry, ask, &known, &text, &err);

	if (r < 0)
		return crd_io_error(
			r == -EINVAL ? CRD_EXIT_USAGE : CRD_EXIT_FAILURE, "%s",
			err.text[0] ? err.text : strerror(-r));
	if (crd_io_is_json() || !crd_io_is_quiet())
		printf("%s%s", text, crd_io_is_json() ? "\n" : "");
	free(text);
	return known ? CRD_EXIT_OK : CRD_EXIT_UNKNOWN;
}

int crd_policy_lookup(const char *what, const char *dir, const char *root,
		      int32_t day)
{
	struct crd_idlist *lists = crd_idlist_new(root);
	const struct crd_question ask = {
		.what = what,
		.day = day ? day : (int32_t)(time(NULL) / (24 * 60 * 60)),
		.as_of = day != 0,
		.named = lists ? crd_idlist_named : NULL,
		.named_ctx = lists,
		.flags = crd_io_colour() ? CRD_TEXT_COLOUR : 0,
	};
	struct crd_registry *registry = NULL;
	struct crd_registry_bytes bytes;
	struct crd_error err;
	int r = crd_registry_read(dir, false, &registry, &bytes, &err);

	if (r < 0) {
		r = crd_io_fail(crd_io_input_exit(r), &err);
	} else {
		r = answer(registry, &ask);
		crd_registry_free(&registry);
		crd_registry_bytes_free(&bytes);
	}
	crd_idlist_free(&lists);
	return r;
}
