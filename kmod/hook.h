/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The redirect of security_kernel_post_read_file() and
 * security_kernel_post_load_data(): the kernel has read a whole file, or was
 * handed a buffer, and has not used it yet. Handlers may sleep.
 */
#ifndef _CRD_HOOK_H
#define _CRD_HOOK_H

#include <linux/fs.h>
#include <linux/kernel_read_file.h>

/**
 * struct crd_read - something that the kernel is about to use
 * @file: where it came from; NULL for a buffer from user space
 * @data: the very bytes that will be used
 * @size: how many
 * @verdict: what the kernel's own security modules said, 0 or -errno
 */
struct crd_read {
	struct file *file;
	const u8 *data;
	size_t size;
	int verdict;
};

/* 0 or -errno to refuse. */
typedef int (*crd_hook_fn)(const struct crd_read *rd);

void crd_hook_handle(enum kernel_read_file_id id, crd_hook_fn fn);
int crd_hook_start(void);
void crd_hook_stop(void);
const char *crd_hook_name(unsigned int i);

#endif /* _CRD_HOOK_H */
