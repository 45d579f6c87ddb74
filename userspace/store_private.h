/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the state folder's room share. */
#ifndef CRD_STORE_PRIVATE_H
#define CRD_STORE_PRIVATE_H

#include <limits.h>

#include "store.h"

struct crd_store {
	char dir[PATH_MAX];
	int open; /* folders */
	int used;
};

/* A whole file, synced, under a name that nobody looks for. */
int crd_store_write_temp(int dir, const char *text, char temp[static 32]);
/* That names in a folder are what they are stays so after a power cut. */
int crd_store_sync_names(int dir);
/* A small file of ours, no symbolic link; *ret_bytes: free(). */
int crd_store_read_record(int dir, const char *name, uint8_t **ret_bytes,
			  size_t *ret_len);

#endif /* CRD_STORE_PRIVATE_H */
