/* SPDX-License-Identifier: GPL-2.0-only */
/* ftrace_regs_set_instruction_pointer() had another name before 6.2. */
#ifndef _CRD_COMPAT_LINUX_FTRACE_H
#define _CRD_COMPAT_LINUX_FTRACE_H

#include_next <linux/ftrace.h>

#ifndef ftrace_regs_set_instruction_pointer
#define ftrace_regs_set_instruction_pointer(fregs, ip) \
	ftrace_instruction_pointer_set(fregs, ip)
#endif

#endif /* _CRD_COMPAT_LINUX_FTRACE_H */
