// SPDX-License-Identifier: GPL-2.0-only
/* A live patch: /proc/cmdline reads "patched". */
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

static int crd_livepatch_cmdline_show(struct seq_file *m, void *v)
{
	seq_puts(m, "patched\n");
	return 0;
}

static struct klp_func crd_livepatch_funcs[] = {
	{
		.old_name = "cmdline_proc_show",
		.new_func = crd_livepatch_cmdline_show,
	},
	{}
};

static struct klp_object crd_livepatch_objects[] = {
	{ .funcs = crd_livepatch_funcs }, /* no name: the kernel's own image */
	{}
};

static struct klp_patch crd_livepatch = {
	.mod = THIS_MODULE,
	.objs = crd_livepatch_objects,
};

static int __init crd_livepatch_init(void)
{
	return klp_enable_patch(&crd_livepatch);
}

/* Never: a patch that is in force holds its module. */
static void __exit crd_livepatch_exit(void)
{
}

module_init(crd_livepatch_init);
module_exit(crd_livepatch_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Credence authors");
MODULE_DESCRIPTION("Test: a live patch");
MODULE_INFO(livepatch, "Y");
