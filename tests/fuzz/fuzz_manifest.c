// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_manifest - a manifest: refused with a place, or written again it is the
 * same bytes: no two texts are one manifest.
 */
#include <stdlib.h>
#include <string.h>

#include "attest/authority.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int good)
{
	if (!good)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crd_manifest m = { 0 };
	struct crd_error err = { 0 };
	char *text = NULL;
	size_t i;

	if (crd_manifest_parse((struct crd_buf){ data, size }, &m, &err)) {
		need(err.line && err.column && err.text[0]);
		return 0;
	}
	for (i = 0; i < m.n_files; i++) {
		need(!memchr(m.files[i].name.ptr, 0, m.files[i].name.len));
		need(m.files[i].name.ptr[0] != '/');
	}
	need(!crd_manifest_format(&m, &text, &err));
	need(strlen(text) == size && !memcmp(text, data, size));
	free(text);
	crd_manifest_done(&m);
	return 0;
}
