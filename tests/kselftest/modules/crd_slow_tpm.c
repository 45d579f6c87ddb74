// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the TPM slow, for whoever uses it: it is done with a command no sooner
 * than so many ms after it was first asked whether it is.
 */
#include <linux/device.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tpm.h>

static unsigned int ms = 5;
module_param(ms, uint, 0444);
MODULE_PARM_DESC(ms, "how slow");

static const struct tpm_class_ops *real;
static struct tpm_class_ops *slow;
static struct tpm_chip *chip;
static ktime_t since;	/* 0: not asked yet; one command at a time */

static u8 crd_slow_status(struct tpm_chip *chip)
{
	u8 status = real->status(chip);

	if (!since)
		since = ktime_get();
	if ((status & real->req_complete_mask) != real->req_complete_val)
		return status;
	if (ktime_ms_delta(ktime_get(), since) < ms)
		return status ^ real->req_complete_mask;
	since = 0;
	return status;
}

static int __init crd_slow_tpm_init(void)
{
	chip = tpm_default_chip();
	if (!chip)
		return -ENODEV;
	real = chip->ops;
	slow = kmemdup(real, sizeof(*real), GFP_KERNEL);
	if (!slow) {
		put_device(&chip->dev);
		return -ENOMEM;
	}
	slow->status = crd_slow_status;
	chip->ops = slow;
	return 0;
}

static void __exit crd_slow_tpm_exit(void)
{
	chip->ops = real;
	kfree(slow);
	put_device(&chip->dev);
}

module_init(crd_slow_tpm_init);
module_exit(crd_slow_tpm_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Credence authors");
MODULE_DESCRIPTION("Test: makes the TPM slow");
