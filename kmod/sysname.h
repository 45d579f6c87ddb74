/* SPDX-License-Identifier: GPL-2.0-only */
/* The system calls' symbols and registers, by architecture. */
#ifndef _CRD_SYSNAME_H
#define _CRD_SYSNAME_H

#include <linux/ptrace.h>
#include <linux/types.h>

/*
 * A wrapper takes one argument, the registers of user space, in which the
 * third argument of the call is found.
 */
#if defined(CONFIG_X86_64)
#define CRD_SYS_FINIT_MODULE		"__x64_sys_finit_module"
#define CRD_SYS_INIT_MODULE		"__x64_sys_init_module"
#define CRD_SYS_COMPAT_FINIT_MODULE	"__ia32_sys_finit_module"
#define CRD_SYS_COMPAT_INIT_MODULE	"__ia32_sys_init_module"
/* dx by either calling convention */
#define crd_sys_third(user)		((u32)(user)->dx)
#elif defined(CONFIG_ARM64)
#define CRD_SYS_FINIT_MODULE		"__arm64_sys_finit_module"
#define CRD_SYS_INIT_MODULE		"__arm64_sys_init_module"
#define crd_sys_third(user)		((u32)(user)->regs[2])
#else
#error "no system call names for this architecture"
#endif

static inline u32 crd_sys_third_arg(struct pt_regs *regs)
{
	const struct pt_regs *user;

	user = (const struct pt_regs *)regs_get_kernel_argument(regs, 0);
	return crd_sys_third(user);
}

#endif /* _CRD_SYSNAME_H */
