/* SPDX-License-Identifier: GPL-2.0-only */
/* READING_MODULE_COMPRESSED is there in 7.x; no #ifdef sees an enumerator. */
#ifndef _CRD_COMPAT_LINUX_KERNEL_READ_FILE_H
#define _CRD_COMPAT_LINUX_KERNEL_READ_FILE_H

#include <linux/string.h>
#include_next <linux/kernel_read_file.h>

/* READING_MAX_ID where there is none. */
static inline unsigned int crd_reading_module_compressed(void)
{
	unsigned int id;

	for (id = 0; id < READING_MAX_ID; id++)
		if (!strcmp(kernel_read_file_id_str(id),
			    "kernel-module-compressed"))
			break;
	return id;
}

#endif /* _CRD_COMPAT_LINUX_KERNEL_READ_FILE_H */
