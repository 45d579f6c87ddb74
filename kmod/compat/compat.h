/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Forced in front of every file. Rooms are written to the newest kernel's
 * interfaces; what older ones lack is added here and in compat/linux/, each
 * by a probe where there is one, by the version where there is not.
 */
#ifndef _CRD_COMPAT_H
#define _CRD_COMPAT_H

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

/*
 * The firmware loader's option for reading a part of a file. It stands in no
 * public header; 6.1 to 7.3 agree on it.
 */
#define CRD_FW_OPT_PARTIAL	BIT(7)

/*
 * The beginning of the module loader's struct load_info, where it leaves the
 * image that it has unpacked. It stands in no public header; these members
 * have not moved since 5.17, which brought unpacking, and are read up to 7.x,
 * where the read hook sees the same bytes.
 */
struct crd_load_info {
	const char *name;
	struct module *mod;
	const void *hdr;
	unsigned long len;
};

#endif /* _CRD_COMPAT_H */
