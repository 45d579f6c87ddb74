/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions of the kernel that are redirected to ours. Two belong to this
 * room: security_kernel_post_read_file() and security_kernel_post_load_data(),
 * where the kernel has read a whole file, or was handed a buffer, and has not
 * used it yet. Sources bring others of their own. Ours may sleep.
 */
#ifndef _CRD_HOOK_H
#define _CRD_HOOK_H

#include <linux/fs.h>
#include <linux/ftrace.h>
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

/**
 * struct crd_hook - one redirected function
 * @name: its symbol; for messages and for the anchor too
 * @target: where it begins; NULL if it is not exported: looked up by @name
 * @ours: what runs instead, between crd_hook_enter() and crd_hook_leave()
 * @optional: a kernel that has it not, or not traceable, is not refused
 * @found: told of @target before the redirect is in force; may be NULL
 * @on: it is redirected
 * @ops: ftrace's handle
 */
struct crd_hook {
	const char *name;
	void *target;
	void *ours;
	bool optional;
	void (*found)(void *target);
	bool on;
	struct ftrace_ops ops;
};

void crd_hook_handle(enum kernel_read_file_id id, crd_hook_fn fn);
void crd_hook_want(struct crd_hook *hook);
void crd_hook_enter(void);
void crd_hook_leave(void);
int crd_hook_start(void);
void crd_hook_stop(void);
const char *crd_hook_name(unsigned int i);

#endif /* _CRD_HOOK_H */
