/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Forced in front of every file. Rooms are written to the newest kernel's
 * interfaces; what older ones lack is added here and in compat/linux/, each
 * by a probe where there is one, by the version where there is not.
 */
#ifndef _CRD_COMPAT_H
#define _CRD_COMPAT_H

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#endif /* _CRD_COMPAT_H */
