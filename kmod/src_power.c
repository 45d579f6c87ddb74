// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleep, hibernation and restart. While devices sleep the TPM does too, and
 * must not be spoken to: after TPM2_Shutdown(STATE) an extend would spoil the
 * state that it is to wake up with. A device of our own tells when that is:
 * its prepare() runs after all tasks are frozen and before any device is
 * suspended, its complete() after all are awake again. What happens between is
 * put aside and recorded then; user space can load nothing meanwhile.
 */
#include <linux/err.h>
#include <linux/notifier.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/reboot.h>
#include <linux/suspend.h>
#include "measure.h"
#include "source.h"

#define CRD_POWER_NAME	"credence"

static struct platform_device *crd_power_device;
/* Events put aside in the last sleep, for the record that ends it. */
static unsigned int crd_power_aside;

/* @counters: also what the TPM says of resets since; it may be another's. */
static void crd_power_record(enum crd_power power, const char *reason,
			     bool counters)
{
	struct crd_event ev;

	crd_event_init(&ev, CRD_EV_POWER);
	if (reason)
		crd_event_str(&ev, CRD_F_REASON, reason);
	if (counters) {
		crd_event_uint(&ev, CRD_F_COUNT, crd_power_aside, 8);
		crd_source_clock(&ev);
	}
	crd_event_uint(&ev, CRD_F_POWER, power, 1);
	crd_measure(&ev, NULL);
	crd_event_free(&ev);
	if (counters)
		crd_power_aside = 0;
}

static int crd_power_prepare(struct device *dev)
{
	crd_measure_pause();
	return 0;
}

static void crd_power_complete(struct device *dev)
{
	crd_power_aside = crd_measure_unpause();
}

static const struct dev_pm_ops crd_power_ops = {
	.prepare = crd_power_prepare,
	.complete = crd_power_complete,
};

static struct platform_driver crd_power_driver = {
	.driver = {
		.name = CRD_POWER_NAME,
		.pm = &crd_power_ops,
		.suppress_bind_attrs = true,
	},
};

static int crd_power_notify(struct notifier_block *nb, unsigned long event,
			    void *data)
{
	switch (event) {
	case PM_SUSPEND_PREPARE:
		crd_power_record(CRD_POWER_SUSPEND, NULL, false);
		break;
	case PM_POST_SUSPEND:
		crd_power_record(CRD_POWER_RESUME, NULL, true);
		break;
	case PM_HIBERNATION_PREPARE:
		crd_power_record(CRD_POWER_HIBERNATE, NULL, false);
		break;
	case PM_POST_HIBERNATION:
		crd_power_record(CRD_POWER_RESTORED, NULL, true);
		break;
	case PM_RESTORE_PREPARE:
		crd_power_record(CRD_POWER_RESTART,
				 "an image of hibernation takes over", false);
		break;
	case PM_POST_RESTORE:
		crd_power_record(CRD_POWER_RESTORED, "it did not", true);
		break;
	default:
		break;
	}
	return NOTIFY_DONE;
}

/* Before the others: what they load for the way down is within the bracket. */
static struct notifier_block crd_power_nb = {
	.notifier_call = crd_power_notify,
	.priority = INT_MAX,
};

static int crd_power_reboot(struct notifier_block *nb, unsigned long event,
			    void *command)
{
	crd_power_record(event == SYS_RESTART ? CRD_POWER_RESTART :
						CRD_POWER_OFF, NULL, false);
	return NOTIFY_DONE;
}

static struct notifier_block crd_reboot_nb = {
	.notifier_call = crd_power_reboot,
	.priority = INT_MAX,
};

static int crd_power_add_device(void)
{
	int rc = platform_driver_register(&crd_power_driver);

	if (rc)
		return rc;
	crd_power_device = platform_device_register_simple(CRD_POWER_NAME,
							   PLATFORM_DEVID_NONE,
							   NULL, 0);
	if (!IS_ERR(crd_power_device))
		return 0;
	platform_driver_unregister(&crd_power_driver);
	return PTR_ERR(crd_power_device);
}

static void crd_power_remove_device(void)
{
	platform_device_unregister(crd_power_device);
	platform_driver_unregister(&crd_power_driver);
}

static int crd_power_start(void)
{
	int rc = crd_power_add_device();

	if (rc)
		return rc;
	rc = register_pm_notifier(&crd_power_nb);
	if (rc)
		goto err_remove_device;
	rc = register_reboot_notifier(&crd_reboot_nb);
	if (rc)
		goto err_pm_notifier;
	return 0;

err_pm_notifier:
	crd_measure_abandon();
	unregister_pm_notifier(&crd_power_nb);
err_remove_device:
	crd_power_remove_device();
	return rc;
}

static void crd_power_stop(void)
{
	unregister_reboot_notifier(&crd_reboot_nb);
	unregister_pm_notifier(&crd_power_nb);
	crd_power_remove_device();
}

static void crd_power_cover(struct crd_event *ev, u8 field)
{
	if (field == CRD_F_SEEN)
		crd_event_str(ev, field, "power: suspend, hibernation, restart, and the TPM's counters after sleep");
	else
		crd_event_str(ev, field, "power-crash: a restart after a crash of the kernel, or a kexec by it");
}

const struct crd_source crd_source_power = {
	.name = "power",
	.start = crd_power_start,
	.cover = crd_power_cover,
	.stop = crd_power_stop,
};
