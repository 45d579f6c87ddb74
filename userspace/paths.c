// SPDX-License-Identifier: Apache-2.0
#include "paths.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io.h"

enum { MAX_DEPTH = 16 };

static int keep(struct crd_paths *paths, const char *path,
		struct crd_error *err)
{
	char **more = paths->at;

	if (paths->n == CRD_MAX_PATHS)
		return crd_io_err(err, -E2BIG, "more than %d files",
				  CRD_MAX_PATHS);
	if (paths->n == paths->cap) {
		paths->cap = paths->cap ? 2 * paths->cap : 64;
		more = realloc(more, paths->cap * sizeof(*more));
		if (!more)
			return crd_io_err(err, -ENOMEM, "out of memory");
		paths->at = more;
	}
	more[paths->n] = strdup(path);
	if (!more[paths->n])
		return crd_io_err(err, -ENOMEM, "out of memory");
	paths->n++;
	return 0;
}

static bool is_evidence(const char *name)
{
	static const char *const endings[] = { ".evidence", ".cbor" };
	size_t i, len = strlen(name);

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t end = strlen(endings[i]);

		if (len > end && !strcmp(name + len - end, endings[i]))
			return true;
	}
	return false;
}

static int walk(struct crd_paths *paths, const char *folder, int depth,
		struct crd_error *err);

/* Links are not followed: a folder that leads to itself has no end. */
static int visit(struct crd_paths *paths, const char *folder, const char *name,
		 int depth, struct crd_error *err)
{
	size_t len = strlen(folder);
	char path[PATH_MAX];
	struct stat st;

	if ((size_t)snprintf(path, sizeof(path), "%s%s%s", folder,
			     len && folder[len - 1] == '/' ? "" : "/",
			     name) >= sizeof(path))
		return crd_io_err(err, -ENAMETOOLONG, "%s/%s is too long",
				  folder, name);
	if (lstat(path, &st) < 0)
		return crd_io_err(err, -errno, "cannot read %s: %m", path);
	if (S_ISDIR(st.st_mode))
		return walk(paths, path, depth + 1, err);
	if (S_ISREG(st.st_mode) && is_evidence(name))
		return keep(paths, path, err);
	paths->others++;
	return 0;
}

static int walk(struct crd_paths *paths, const char *folder, int depth,
		struct crd_error *err)
{
	struct dirent *entry;
	DIR *dir;
	int r = 0;

	if (depth > MAX_DEPTH)
		return crd_io_err(err, -E2BIG, "%s: folders deeper than %d",
				  folder, MAX_DEPTH);
	dir = opendir(folder);
	if (!dir)
		return crd_io_err(err, -errno, "cannot open %s: %m", folder);
	for (errno = 0; r == 0 && (entry = readdir(dir)); errno = 0) {
		if (entry->d_name[0] != '.')
			r = visit(paths, folder, entry->d_name, depth, err);
	}
	if (r == 0 && errno)
		r = crd_io_err(err, -errno, "cannot read %s: %m", folder);
	closedir(dir);
	return r;
}

static int add(struct crd_paths *paths, const char *path, struct crd_error *err)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return walk(paths, path, 0, err);
	return keep(paths, path, err);
}

static int order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct crd_paths *paths)
{
	size_t i, n = 0;

	if (paths->n)
		qsort(paths->at, paths->n, sizeof(*paths->at), order);
	for (i = 0; i < paths->n; i++) {
		if (n && !strcmp(paths->at[n - 1], paths->at[i]))
			free(paths->at[i]);
		else
			paths->at[n++] = paths->at[i];
	}
	paths->n = n;
}

int crd_paths_find(struct crd_paths *paths, const char **operands)
{
	struct crd_error err;
	int r = 0;

	for (; r == 0 && *operands; operands++)
		r = add(paths, *operands, &err);
	if (r < 0)
		return crd_io_fail(crd_io_input_exit(r), &err);
	sort(paths);
	if (paths->others)
		crd_io_note(
			"%zu other files in the folders are left aside: neither *.evidence nor *.cbor",
			paths->others);
	if (!paths->n)
		return crd_io_error(CRD_EXIT_USAGE, "there is no evidence");
	return -1;
}

void crd_paths_done(struct crd_paths *paths)
{
	while (paths->n)
		free(paths->at[--paths->n]);
	free(paths->at);
	memset(paths, 0, sizeof(*paths));
}
