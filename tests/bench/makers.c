// SPDX-License-Identifier: Apache-2.0
/*
 * Whom texts of SMBIOS name, by the registry in a folder.
 * usage: makers DIR         lines "TYPE TAB TEXT" in, "HOW TAB ENTITY TAB SCHEME
 *                           TAB VALUE" out; TYPE -1: of any structure
 *        makers DIR time    the same lines in, a table of times out
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attest/maker.h"

#define MAX_LINES 100000
#define ROUNDS	  20

struct line {
	int type;
	struct crd_buf text;
};

static struct crd_registry_files files;
static struct line lines[MAX_LINES];
static size_t n_lines;

static int fail(const char *what)
{
	fprintf(stderr, "makers: %s\n", what);
	return 1;
}

static int read_file(const char *dir, const char *name, struct crd_buf *ret)
{
	char path[4096];
	uint8_t *bytes;
	long len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (!f || fseek(f, 0, SEEK_END) < 0)
		return fail(path);
	len = ftell(f);
	if (len < 0)
		return fail(path);
	rewind(f);
	bytes = malloc((size_t)len + 1);
	if (!bytes || fread(bytes, 1, (size_t)len, f) != (size_t)len)
		return fail(path);
	fclose(f);
	*ret = (struct crd_buf){ bytes, (size_t)len };
	return 0;
}

static void read_lines(void)
{
	char *line = NULL, *tab;
	size_t cap = 0;
	ssize_t len;

	while (n_lines < MAX_LINES && (len = getline(&line, &cap, stdin)) > 0) {
		if (line[len - 1] == '\n')
			len--;
		tab = memchr(line, '\t', (size_t)len);
		if (!tab)
			continue;
		lines[n_lines].type = atoi(line);
		lines[n_lines++].text =
			(struct crd_buf){ (uint8_t *)tab + 1,
					  (size_t)(line + len - tab - 1) };
		line = NULL; /* is kept */
		cap = 0;
	}
	free(line);
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void answer(const struct crd_registry *registry)
{
	struct crd_maker m;
	size_t i;

	for (i = 0; i < n_lines; i++) {
		crd_maker_find(registry, lines[i].type, lines[i].text, &m);
		printf("%s\t%s\t%s\t%s\n", crd_maker_how_name(m.how),
		       m.entity ? m.entity : "", m.scheme ? m.scheme : "",
		       m.value);
	}
}

/* The best of some rounds. */
static int measure(struct crd_registry **registry)
{
	double load = 1e12, ask = 1e12, begin;
	struct crd_maker m;
	unsigned int round;
	size_t i;

	for (round = 0; round < ROUNDS; round++) {
		crd_registry_free(registry);
		begin = now_us();
		if (crd_registry_load(&files, registry, NULL))
			return fail("cannot load the registry");
		if (now_us() - begin < load)
			load = now_us() - begin;
		begin = now_us();
		for (i = 0; i < n_lines; i++)
			crd_maker_find(*registry, lines[i].type, lines[i].text,
				       &m);
		if (now_us() - begin < ask)
			ask = now_us() - begin;
	}
	printf("load\t%.0f us\nask\t%.3f us each, %zu texts\n", load,
	       n_lines ? ask / (double)n_lines : 0, n_lines);
	return 0;
}

int main(int argc, char **argv)
{
	struct crd_registry *registry = NULL;
	struct crd_error err = { 0 };
	int ret;

	if (argc < 2)
		return fail("usage: makers DIR [time]");
	if (read_file(argv[1], "entities.csv", &files.entities) ||
	    read_file(argv[1], "identifiers.csv", &files.identifiers) ||
	    read_file(argv[1], "lists.csv", &files.lists) ||
	    read_file(argv[1], "listings.csv", &files.listings) ||
	    read_file(argv[1], "sources.csv", &files.sources) ||
	    read_file(argv[1], "release.csv", &files.release))
		return 1;
	if (crd_registry_load(&files, &registry, &err)) {
		fprintf(stderr, "makers: %u:%u: %s\n", err.line, err.column,
			err.text);
		return 1;
	}
	read_lines();
	ret = argc > 2 ? measure(&registry) : 0;
	if (argc == 2)
		answer(registry);
	crd_registry_free(&registry);
	return ret;
}
