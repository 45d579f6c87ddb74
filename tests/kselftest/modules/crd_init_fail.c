// SPDX-License-Identifier: GPL-2.0-only
/* A module whose init fails with -error (default 22, EINVAL). */
#include <linux/module.h>

static int error = 22;
module_param(error, int, 0444);
MODULE_PARM_DESC(error, "errno to fail with, 1 to 4095; 0 succeeds");

static int __init crd_init_fail_init(void)
{
	if (error < 0 || error > 4095)
		return -EINVAL;
	return -error;
}

static void __exit crd_init_fail_exit(void)
{
}

module_init(crd_init_fail_init);
module_exit(crd_init_fail_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Credence authors");
MODULE_DESCRIPTION("Test: its init fails");
