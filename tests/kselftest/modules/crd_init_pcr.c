// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a PCR as the very first thing that a module can do, in the callback
 * of its parameter, and again in its init. Both values stay readable below
 * /sys/module/crd_init_pcr/parameters: replaying the log up to and with this
 * module's own record must give them both.
 *
 * Load with pcr=13.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/tpm.h>

#define SHA256_SIZE	32

static char at_param[2 * SHA256_SIZE + 1];
static char at_init[2 * SHA256_SIZE + 1];
static unsigned int pcr;

static int read_pcr(char *ret_hex)
{
	struct tpm_digest value = { .alg_id = TPM_ALG_SHA256 };
	struct tpm_chip *chip = tpm_default_chip();
	int rc;

	if (!chip)
		return -ENODEV;
	rc = tpm_pcr_read(chip, pcr, &value);
	put_device(&chip->dev);
	if (rc)
		return rc > 0 ? -EIO : rc;
	snprintf(ret_hex, 2 * SHA256_SIZE + 1, "%*phN", SHA256_SIZE,
		 value.digest);
	return 0;
}

static int set_pcr(const char *text, const struct kernel_param *kp)
{
	int rc = param_set_uint(text, kp);

	return rc ? rc : read_pcr(at_param);
}

static const struct kernel_param_ops pcr_ops = {
	.set = set_pcr,
	.get = param_get_uint,
};

module_param_cb(pcr, &pcr_ops, &pcr, 0444);
MODULE_PARM_DESC(pcr, "PCR to read");
module_param_string(at_param, at_param, sizeof(at_param), 0444);
MODULE_PARM_DESC(at_param, "SHA-256 bank's value when pcr= was set (read only)");
module_param_string(at_init, at_init, sizeof(at_init), 0444);
MODULE_PARM_DESC(at_init, "SHA-256 bank's value at init (read only)");

static int __init crd_init_pcr_init(void)
{
	return read_pcr(at_init);
}

static void __exit crd_init_pcr_exit(void)
{
}

module_init(crd_init_pcr_init);
module_exit(crd_init_pcr_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Credence authors");
MODULE_DESCRIPTION("Test: shows the PCR as this module's own code finds it");
