// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that asks for firmware while it wakes up, as some do: the TPM may
 * still be asleep then. "into_buf", since the kernel keeps no copy of that for
 * the time of a sleep, and so has to read the file.
 */
#include <linux/err.h>
#include <linux/firmware.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/slab.h>

#define NAME	"crd_pm_fw"
#define ROOM	(256 * 1024)

static char *firmware = "";
module_param(firmware, charp, 0444);
MODULE_PARM_DESC(firmware, "what to ask for");

static unsigned int served;
module_param(served, uint, 0444);
MODULE_PARM_DESC(served, "how often it was there (read only)");

static int crd_pm_fw_resume(struct device *dev)
{
	const struct firmware *fw;
	void *buf = kmalloc(ROOM, GFP_KERNEL);
	int rc;

	if (!buf)
		return -ENOMEM;
	rc = request_firmware_into_buf(&fw, firmware, dev, buf, ROOM);
	if (!rc) {
		served++;
		release_firmware(fw);
	}
	kfree(buf);
	return 0;
}

static const struct dev_pm_ops crd_pm_fw_ops = {
	.resume = crd_pm_fw_resume,
	.thaw = crd_pm_fw_resume,
	.restore = crd_pm_fw_resume,
};

static struct platform_driver crd_pm_fw_driver = {
	.driver = {
		.name = NAME,
		.pm = &crd_pm_fw_ops,
	},
};

static struct platform_device *crd_pm_fw_device;

static int __init crd_pm_fw_init(void)
{
	int rc = platform_driver_register(&crd_pm_fw_driver);

	if (rc)
		return rc;
	crd_pm_fw_device = platform_device_register_simple(NAME, -1, NULL, 0);
	if (!IS_ERR(crd_pm_fw_device))
		return 0;
	platform_driver_unregister(&crd_pm_fw_driver);
	return PTR_ERR(crd_pm_fw_device);
}

static void __exit crd_pm_fw_exit(void)
{
	platform_device_unregister(crd_pm_fw_device);
	platform_driver_unregister(&crd_pm_fw_driver);
}

module_init(crd_pm_fw_init);
module_exit(crd_pm_fw_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Credence authors");
MODULE_DESCRIPTION("Test: its device asks for firmware when it wakes up");
