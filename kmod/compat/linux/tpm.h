/* SPDX-License-Identifier: GPL-2.0-only */
/* struct tpm_buf became one allocation of the caller's in 7.x. */
#ifndef _CRD_COMPAT_LINUX_TPM_H
#define _CRD_COMPAT_LINUX_TPM_H

#include <linux/slab.h>
#include_next <linux/tpm.h>

static inline struct tpm_buf *crd_tpm_buf_new(u16 tag, u32 ordinal)
{
#ifdef CRD_HAVE_TPM_BUF_H
	struct tpm_buf *buf = kzalloc(TPM_BUFSIZE, GFP_KERNEL);

	if (!buf)
		return NULL;
	tpm_buf_init(buf, TPM_BUFSIZE);
	tpm_buf_reset(buf, tag, ordinal);
	return buf;
#else
	struct tpm_buf *buf = kzalloc(sizeof(*buf), GFP_KERNEL);

	if (buf && tpm_buf_init(buf, tag, ordinal)) {
		kfree(buf);
		buf = NULL;
	}
	return buf;
#endif
}

static inline void crd_tpm_buf_free(struct tpm_buf *buf)
{
#ifndef CRD_HAVE_TPM_BUF_H
	tpm_buf_destroy(buf);
#endif
	kfree(buf);
}

#endif /* _CRD_COMPAT_LINUX_TPM_H */
