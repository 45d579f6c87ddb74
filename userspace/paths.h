/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paths - the files that an operator means by naming files and folders. Of a
 * folder, and of those in it, these are the ones called *.evidence and *.cbor.
 */
#ifndef CRD_PATHS_H
#define CRD_PATHS_H

#include <limits.h>
#include <stddef.h>

#include "attest.h"

#define CRD_MAX_PATHS 1000000

/*
 * A path is where its folder and where its name begin in the text, which has
 * each folder once: there may be very many of them, and they are kept.
 */
struct crd_path {
	uint32_t folder, name;
};

struct crd_paths {
	struct crd_path *at; /* sorted by their bytes, each once */
	size_t n, cap;
	char *text;
	size_t len, size;
	size_t others; /* files in the folders that were left aside */
};

/*
 * Those that the operands name, which end with NULL; says how many files of
 * folders are left aside. -1: go on, or the exit code: a folder cannot be read,
 * there are more than CRD_MAX_PATHS, or none.
 */
int crd_paths_find(struct crd_paths *paths, const char **operands);
/* The i-th of them, which is put together in `buf`. */
const char *crd_paths_get(const struct crd_paths *paths, size_t i,
			  char buf[PATH_MAX]);
void crd_paths_done(struct crd_paths *paths);

#endif /* CRD_PATHS_H */
