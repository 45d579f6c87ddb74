/* SPDX-License-Identifier: GPL-2.0-only */
/* Facts that the kernel shows to user space and to no module. */
#ifndef _CRD_PROCFILE_H
#define _CRD_PROCFILE_H

#include <linux/types.h>

ssize_t crd_procfile_read(const char *path, void *buf, size_t size);
size_t crd_procfile_build_id(const char *module, u8 *buf, size_t size);
size_t crd_note_build_id(const u8 *notes, size_t len, const u8 **ret_id);

#endif /* _CRD_PROCFILE_H */
