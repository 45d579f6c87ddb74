/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys - bounded reading of /sys and /proc: every list, name and attribute has
 * a limit, nothing that is opened can block, and a file of no size has one.
 */
#ifndef CRD_SYS_H
#define CRD_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CRD_SYS_NAME	  64   /* a device's or a module's name, with NUL */
#define CRD_SYS_MAX_NAMES 4096 /* in one folder */
#define CRD_SYS_ATTRIBUTE 4096 /* sysfs gives no more than a page */

/* A file descriptor, or -errno. path is below dir. */
int crd_sys_open(int dir, const char *path);
int crd_sys_folder(int dir, const char *path);
/*
 * The beginning of a file, at most size - 1 bytes and a NUL, without spaces and
 * newlines at its end. Bytes read, or -errno.
 */
ssize_t crd_sys_read(int dir, const char *path, char *buf, size_t size);
/* As it is, all of it: -E2BIG if longer than max. To be freed. */
int crd_sys_slurp(int dir, const char *path, size_t max, uint8_t **ret_bytes,
		  size_t *ret_len);
/* A symbolic link's target; false if there is none or it is too long. */
bool crd_sys_link(int dir, const char *path, char *buf, size_t size);
/* Its last part, in buf. */
const char *crd_sys_link_name(int dir, const char *path, char *buf,
			      size_t size);
/* A whole text that is one number; base 10 or 16. */
bool crd_sys_number(const char *text, int base, uint64_t *ret_value);
/* The same from a file. */
bool crd_sys_read_number(int dir, const char *path, int base,
			 uint64_t *ret_value);
/* The value of KEY= in a uevent file's text, up to the end of its line. */
const char *crd_sys_uevent(const char *text, const char *key, size_t *ret_len);

/* The names in a folder, sorted, numbers in them by value. */
struct crd_sys_names {
	char (*name)[CRD_SYS_NAME];
	size_t n;
	size_t left_out; /* too long, or too many */
};
/* 0, -ENOENT, ... */
int crd_sys_list(int dir, struct crd_sys_names *ret_names);
void crd_sys_names_done(struct crd_sys_names *names);

#endif /* CRD_SYS_H */
