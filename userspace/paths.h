/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paths - the files that an operator means by naming files and folders. Of a
 * folder, and of those in it, these are the ones called *.evidence and *.cbor.
 */
#ifndef CRD_PATHS_H
#define CRD_PATHS_H

#include <stddef.h>

#include "attest.h"

#define CRD_MAX_PATHS 1000000

struct crd_paths {
	char **at; /* sorted by their bytes, each once */
	size_t n, cap;
	size_t others; /* files in the folders that were left aside */
};

/*
 * Those that the operands name, which end with NULL; says how many files of
 * folders are left aside. -1: go on, or the exit code: a folder cannot be read,
 * there are more than CRD_MAX_PATHS, or none.
 */
int crd_paths_find(struct crd_paths *paths, const char **operands);
void crd_paths_done(struct crd_paths *paths);

#endif /* CRD_PATHS_H */
