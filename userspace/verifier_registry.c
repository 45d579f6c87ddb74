// SPDX-License-Identifier: Apache-2.0
/* The registry's tables, from the folder that is asked for or installed. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io.h"
#include "verifier.h"

int crd_data_path(const char *folder, const char *name, const char *ending,
		  char path[static PATH_MAX])
{
	const char *data = getenv("CREDENCE_DATA_DIR");

	if (!data || !*data)
		data = CRD_DATA_DIR;
	return (size_t)snprintf(path, PATH_MAX, "%s/%s%s%s%s", data, folder,
				*name ? "/" : "", name, ending) < PATH_MAX ?
		       0 :
		       -ENAMETOOLONG;
}

/* The one that is asked for, else the installed one. */
static const char *registry_path(const char *dir, char path[static PATH_MAX])
{
	if (dir)
		return dir;
	return crd_data_path("policies/registry", "", "", path) < 0 ? "" : path;
}

/* A clone, or a machine where nothing was installed: what is missing, by name. */
static int not_installed(const char *asked, const char *dir, int r,
			 struct crd_error *err)
{
	if (r == 0 || asked || access(dir, F_OK) == 0)
		return r;
	return crd_io_err(
		err, -ENOENT,
		"no vendor registry is installed in %s: give --registry DIR, or the folder above policies/ in CREDENCE_DATA_DIR",
		dir);
}

/* What is only looked things up in is mapped: little of it is needed. */
static int read_registry_file(const char *dir, const char *name, bool map,
			      struct crd_registry_bytes *bytes, size_t i,
			      struct crd_buf *ret_buf, struct crd_error *err)
{
	char path[PATH_MAX];
	const uint8_t *at;
	size_t len;
	int r;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, name) >=
	    sizeof(path))
		return crd_io_err(err, -ENAMETOOLONG, "--registry is too long");
	if (map)
		r = crd_io_map(path, CRD_MAX_REGISTRY_FILE, &at, &len, err);
	else
		r = crd_io_read(path, CRD_MAX_REGISTRY_FILE, &bytes->file[i],
				&len, err);
	if (r < 0)
		return r;
	if (map) {
		bytes->file[i] = (uint8_t *)(uintptr_t)at;
		bytes->mapped[i] = len;
	}
	*ret_buf = (struct crd_buf){ bytes->file[i], len };
	return 0;
}

/* sealed: what the files must be; NULL: whatever they are */
static int open_files(const char *dir, const struct crd_sealed *sealed,
		      struct crd_registry_files *files,
		      struct crd_registry_bytes *ret_bytes,
		      struct crd_error *err)
{
	static const char *const names[CRD_N_REGISTRY_FILES] = {
		"entities.csv", "identifiers.csv", "lists.csv",
		"listings.csv", "sources.csv",	   "release.csv"
	};
	struct crd_buf *const bufs[CRD_N_REGISTRY_FILES] = {
		&files->entities, &files->identifiers, &files->lists,
		&files->listings, &files->sources,     &files->release
	};
	const size_t n = files->unchecked ? 4 : CRD_N_REGISTRY_FILES;
	struct crd_registry_bytes bytes = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; i < n && r == 0; i++) {
		r = read_registry_file(dir, names[i], files->unchecked, &bytes,
				       i, bufs[i], err);
		if (r == 0)
			r = crd_sealed_check(sealed, names[i], *bufs[i], err);
	}
	if (r < 0)
		crd_registry_bytes_free(&bytes);
	*ret_bytes = bytes;
	return r;
}

int crd_registry_open(const char *dir, struct crd_registry_files *files,
		      struct crd_registry_bytes *ret_bytes,
		      struct crd_error *err)
{
	char installed[PATH_MAX];
	const char *path = registry_path(dir, installed);

	return not_installed(
		dir, path, open_files(path, NULL, files, ret_bytes, err), err);
}

static int read_registry(const char *dir, bool unchecked,
			 const struct crd_sealed *sealed,
			 struct crd_registry **ret_registry,
			 struct crd_registry_bytes *ret_bytes,
			 struct crd_error *err)
{
	struct crd_registry_files in = { .unchecked = unchecked };
	struct crd_error why;
	int r = open_files(dir, sealed, &in, ret_bytes, err);

	if (r < 0)
		return r;
	r = crd_registry_load(&in, ret_registry, &why);
	if (r < 0) {
		crd_io_err(err, r, "%s/%s (line %u, column %u)", dir, why.text,
			   why.line, why.column);
		crd_registry_bytes_free(ret_bytes);
	}
	return r;
}

int crd_registry_read(const char *dir, bool unchecked,
		      struct crd_registry **ret_registry,
		      struct crd_registry_bytes *ret_bytes,
		      struct crd_error *err)
{
	char installed[PATH_MAX];
	const char *path = registry_path(dir, installed);

	return not_installed(dir, path,
			     read_registry(path, unchecked, NULL, ret_registry,
					   ret_bytes, err),
			     err);
}

int crd_verifier_load_registry(struct crd_verifier *v, struct crd_error *err)
{
	char installed[PATH_MAX];
	const char *dir = registry_path(v->registry_dir, installed);
	struct crd_sealed *sealed = NULL;
	int r = crd_sealed_open(&v->pin, CRD_SEAL_REGISTRY, dir, &sealed, err);

	if (r == 0)
		r = read_registry(dir, false, sealed, &v->registry,
				  &v->registry_bytes, err);
	if (r == 0)
		r = crd_sealed_accept(&v->pin, sealed, NULL,
				      crd_registry_version(v->registry), err);
	crd_sealed_free(&sealed);
	return not_installed(v->registry_dir, dir, r, err);
}

void crd_registry_bytes_free(struct crd_registry_bytes *bytes)
{
	size_t i;

	for (i = 0; i < CRD_N_REGISTRY_FILES; i++) {
		if (bytes->mapped[i])
			munmap(bytes->file[i], bytes->mapped[i]);
		else
			free(bytes->file[i]);
		bytes->file[i] = NULL;
		bytes->mapped[i] = 0;
	}
}
