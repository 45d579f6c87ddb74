/* SPDX-License-Identifier: Apache-2.0 */
/* The registry of policies/registry, for tests of its rows. */
#ifndef REAL_REGISTRY_H
#define REAL_REGISTRY_H

#include <stdio.h>
#include <stdlib.h>

#include "attest/attest.h"

static uint8_t *real_bytes[6];

static inline struct crd_buf real_file(size_t i, const char *name)
{
	struct crd_buf buf = { NULL, 0 };
	char path[64];
	long len;
	FILE *f;

	snprintf(path, sizeof(path), "policies/registry/%s", name);
	f = fopen(path, "rb");
	if (!f || fseek(f, 0, SEEK_END)) {
		perror(path);
		abort();
	}
	len = ftell(f);
	if (len <= 0)
		abort();
	rewind(f);
	real_bytes[i] = malloc((size_t)len);
	if (!real_bytes[i] ||
	    fread(real_bytes[i], 1, (size_t)len, f) != (size_t)len)
		abort();
	fclose(f);
	buf.ptr = real_bytes[i];
	buf.len = (size_t)len;
	return buf;
}

static inline struct crd_registry *real_registry(bool unchecked)
{
	struct crd_registry_files files = {
		.entities = real_file(0, "entities.csv"),
		.identifiers = real_file(1, "identifiers.csv"),
		.lists = real_file(2, "lists.csv"),
		.listings = real_file(3, "listings.csv"),
		.sources = real_file(4, "sources.csv"),
		.release = real_file(5, "release.csv"),
		.unchecked = unchecked,
	};
	struct crd_registry *reg = NULL;
	struct crd_error err = { .text = "" };

	if (crd_registry_load(&files, &reg, &err)) {
		fprintf(stderr, "%u:%u %s\n", err.line, err.column, err.text);
		abort();
	}
	return reg;
}

static inline void real_registry_free(struct crd_registry **reg)
{
	size_t i;

	crd_registry_free(reg);
	for (i = 0; i < 6; i++) {
		free(real_bytes[i]);
		real_bytes[i] = NULL;
	}
}

#endif /* REAL_REGISTRY_H */
