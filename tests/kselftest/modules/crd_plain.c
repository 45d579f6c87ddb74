// SPDX-License-Identifier: GPL-2.0-only
/* A module that does nothing, under whatever name it is built. */
#include <linux/module.h>

static int number;
module_param(number, int, 0444);
MODULE_PARM_DESC(number, "does nothing");

static int __init crd_plain_init(void)
{
	return 0;
}

static void __exit crd_plain_exit(void)
{
}

module_init(crd_plain_init);
module_exit(crd_plain_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Credence authors");
MODULE_DESCRIPTION("Test: does nothing");
MODULE_VERSION("1");
