// SPDX-License-Identifier: GPL-2.0-only
/*
 * Redirects security_kernel_post_load_data() to nowhere else, as a live patch
 * might: whoever wants to redirect it too must be told that it is taken.
 */
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/security.h>

static void notrace crd_take_hook_hit(unsigned long ip, unsigned long parent_ip,
				      struct ftrace_ops *ops,
				      struct ftrace_regs *fregs)
{
}

static struct ftrace_ops crd_take_hook_ops = {
	.func = crd_take_hook_hit,
	.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_RECURSION,
};

static int __init crd_take_hook_init(void)
{
	int rc;

	rc = ftrace_set_filter_ip(&crd_take_hook_ops,
				  (unsigned long)security_kernel_post_load_data,
				  0, 0);
	return rc ? rc : register_ftrace_function(&crd_take_hook_ops);
}

static void __exit crd_take_hook_exit(void)
{
	unregister_ftrace_function(&crd_take_hook_ops);
	ftrace_free_filter(&crd_take_hook_ops);
}

module_init(crd_take_hook_init);
module_exit(crd_take_hook_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Credence authors");
MODULE_DESCRIPTION("Test: holds the redirect of security_kernel_post_load_data");
