// SPDX-License-Identifier: Apache-2.0
/*
 * Milliseconds of CPU time that loading the registry in a folder takes: its
 * files from the page cache, parsed, checked against each other, digested.
 * usage: registry DIR
 */
#include <stdio.h>
#include <stdlib.h>

#include "attest/attest.h"
#include "rate.h"

#define SECONDS 1.0

static struct crd_buf read_file(const char *dir, const char *name)
{
	char path[4096];
	uint8_t *bytes;
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (!f || fseek(f, 0, SEEK_END))
		rate_die(path);
	len = (size_t)ftell(f);
	rewind(f);
	bytes = malloc(len + 1);
	if (!bytes || fread(bytes, 1, len, f) != len)
		rate_die(path);
	fclose(f);
	return (struct crd_buf){ bytes, len };
}

static void load(void *ctx)
{
	struct crd_registry_files files = {
		.entities = read_file(ctx, "entities.csv"),
		.identifiers = read_file(ctx, "identifiers.csv"),
		.lists = read_file(ctx, "lists.csv"),
		.listings = read_file(ctx, "listings.csv"),
		.sources = read_file(ctx, "sources.csv"),
		.release = read_file(ctx, "release.csv"),
	};
	struct crd_registry *registry = NULL;

	if (crd_registry_load(&files, &registry, NULL))
		rate_die("crd_registry_load");
	crd_registry_free(&registry);
	free((void *)files.entities.ptr);
	free((void *)files.identifiers.ptr);
	free((void *)files.lists.ptr);
	free((void *)files.listings.ptr);
	free((void *)files.sources.ptr);
	free((void *)files.release.ptr);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: registry DIR\n");
		return 2;
	}
	printf("%.3f\n", 1e3 / rate_of(load, argv[1], SECONDS));
	return 0;
}
