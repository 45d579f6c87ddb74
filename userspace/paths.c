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

enum { MAX_DEPTH = 16, NO_FOLDER = 0 };

static int no_memory(struct crd_error *err)
{
	return crd_io_err(err, -ENOMEM, "out of memory");
}

/* The text grows and moves: *ret_at is where this begins in it. */
static int keep_text(struct crd_paths *paths, const char *text,
		     uint32_t *ret_at, struct crd_error *err)
{
	size_t len = strlen(text) + 1, size = paths->size;
	char *more = paths->text;

	if (len > UINT32_MAX - paths->len)
		return crd_io_err(err, -E2BIG,
				  "the names of the files are over 4 GiB");
	if (len > size - paths->len) {
		size += size / 2 + PATH_MAX;
		more = realloc(more, size);
		if (!more)
			return no_memory(err);
		paths->text = more;
		paths->size = size;
	}
	*ret_at = (uint32_t)paths->len;
	memcpy(more + paths->len, text, len);
	paths->len += len;
	return 0;
}

static int keep(struct crd_paths *paths, uint32_t folder, const char *name,
		struct crd_error *err)
{
	struct crd_path *more = paths->at;
	size_t cap = paths->cap;
	int r;

	if (paths->n == CRD_MAX_PATHS)
		return crd_io_err(err, -E2BIG, "more than %d files",
				  CRD_MAX_PATHS);
	if (paths->n == cap) {
		cap += cap / 2 + 64;
		more = realloc(more, cap * sizeof(*more));
		if (!more)
			return no_memory(err);
		paths->at = more;
		paths->cap = cap;
	}
	more[paths->n].folder = folder;
	r = keep_text(paths, name, &more[paths->n].name, err);
	paths->n += r == 0;
	return r;
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
static int visit(struct crd_paths *paths, uint32_t folder, const char *name,
		 int depth, struct crd_error *err)
{
	const char *in = paths->text + folder;
	char path[PATH_MAX];
	struct stat st;

	if ((size_t)snprintf(path, sizeof(path), "%s%s", in, name) >=
	    sizeof(path))
		return crd_io_err(err, -ENAMETOOLONG,
				  "a path is too long: %s%s", in, name);
	if (lstat(path, &st) < 0)
		return crd_io_err(err, -errno, "cannot read %s: %m", path);
	if (S_ISDIR(st.st_mode))
		return walk(paths, path, depth + 1, err);
	if (S_ISREG(st.st_mode) && is_evidence(name))
		return keep(paths, folder, name, err);
	paths->others++;
	return 0;
}

/* With the slash that stands before a name in it. */
static int keep_folder(struct crd_paths *paths, const char *folder,
		       uint32_t *ret_at, struct crd_error *err)
{
	size_t len = strlen(folder);
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s%s", folder,
			     len && folder[len - 1] == '/' ? "" : "/") >=
	    sizeof(path))
		return crd_io_err(err, -ENAMETOOLONG, "a path is too long: %s/",
				  folder);
	return keep_text(paths, path, ret_at, err);
}

static int walk(struct crd_paths *paths, const char *folder, int depth,
		struct crd_error *err)
{
	struct dirent *entry;
	uint32_t at = NO_FOLDER;
	DIR *dir;
	int r;

	if (depth > MAX_DEPTH)
		return crd_io_err(err, -E2BIG, "%s: folders deeper than %d",
				  folder, MAX_DEPTH);
	dir = opendir(folder);
	if (!dir)
		return crd_io_err(err, -errno, "cannot open %s: %m", folder);
	r = keep_folder(paths, folder, &at, err);
	for (errno = 0; r == 0 && (entry = readdir(dir)); errno = 0) {
		if (entry->d_name[0] != '.')
			r = visit(paths, at, entry->d_name, depth, err);
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
	if (strlen(path) >= PATH_MAX)
		return crd_io_err(err, -ENAMETOOLONG, "a path is too long: %s",
				  path);
	return keep(paths, NO_FOLDER, path, err);
}

/* The bytes of a folder and those of a name, as those of one path. */
struct bytes {
	const char *at, *then;
};

static struct bytes bytes_of(const struct crd_paths *paths,
			     const struct crd_path *path)
{
	return (struct bytes){ paths->text + path->folder,
			       paths->text + path->name };
}

static unsigned char next_byte(struct bytes *b)
{
	if (!*b->at && b->then) {
		b->at = b->then;
		b->then = NULL;
	}
	return *b->at ? (unsigned char)*b->at++ : '\0';
}

static int order(const void *a, const void *b, void *ctx)
{
	struct bytes x = bytes_of(ctx, a), y = bytes_of(ctx, b);
	unsigned char cx, cy;

	do {
		cx = next_byte(&x);
		cy = next_byte(&y);
	} while (cx && cx == cy);
	return cx - cy;
}

static void sort(struct crd_paths *paths)
{
	size_t i, n = 0;

	if (paths->n)
		qsort_r(paths->at, paths->n, sizeof(*paths->at), order, paths);
	for (i = 0; i < paths->n; i++) {
		if (!n || order(&paths->at[n - 1], &paths->at[i], paths))
			paths->at[n++] = paths->at[i];
	}
	paths->n = n;
}

/* The text begins with what stands before a name that is a path already. */
int crd_paths_find(struct crd_paths *paths, const char **operands)
{
	struct crd_error err;
	uint32_t no_folder;
	int r = keep_text(paths, "", &no_folder, &err);

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

const char *crd_paths_get(const struct crd_paths *paths, size_t i,
			  char buf[PATH_MAX])
{
	const struct crd_path *path = &paths->at[i];

	snprintf(buf, PATH_MAX, "%s%s", paths->text + path->folder,
		 paths->text + path->name);
	return buf;
}

void crd_paths_done(struct crd_paths *paths)
{
	free(paths->text);
	free(paths->at);
	memset(paths, 0, sizeof(*paths));
}
