// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices: what is on the PCI and USB buses at the start, and from then on
 * each device that comes or goes and each driver that gets or leaves one.
 * USB interfaces are devices of their own on the USB bus.
 *
 * The driver core calls us, in the task that does the work, between
 *
 *	ADD_DEVICE		the device is on its bus; its drivers are not
 *				tried before we return
 *	BIND_DRIVER		a driver's probe is next
 *	DRIVER_NOT_BOUND	the probe failed
 *	UNBIND_DRIVER		the driver's remove is next
 *	UNBOUND_DRIVER		it is over; new to us only if we came between
 *	REMOVED_DEVICE		the device is off its bus; DEL_DEVICE would come
 *				before UNBIND_DRIVER and out of order
 *
 * It asks for no answer: what cannot be recorded cannot be kept out here. The
 * device and its parents are held while we are called, and we keep no pointer
 * to them but an address to compare.
 *
 * Locks. We are called under locks of the device, its parents, its hub or
 * slot, and wait there: for the start to be over, for the TPM (extend_timeout
 * at most). What we wait for therefore takes none of these. The start reads
 * the buses without their locks: a device on its way out waits in its event, a
 * driver likewise, or it is past it and crd_device_bound() is careful.
 * Extending needs the log's mutex and a TPM that is bound. A TPM behind the
 * very device that is waiting still works, as its driver has not been told to
 * leave yet, or fails within the time-out. Allocations are what any driver's
 * probe or remove does here; the driver core forbids I/O for them where that
 * could be a loop.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/wait.h>
#include "bus.h"
#include "device.h"
#include "known.h"
#include "measure.h"
#include "source.h"
#include "usbcore.h"

/**
 * struct crd_bus - a bus that we watch
 * @ops: how it describes its devices
 * @nb: our entry in its chain
 * @type: NULL while it is not there
 * @watched: @nb is in its chain
 * @walking: we are looking at what is there; its events wait
 */
struct crd_bus {
	const struct crd_bus_ops *ops;
	struct notifier_block nb;
	crd_bus_type type;
	bool watched;
	bool walking;
};

static struct crd_bus crd_pci = { .ops = &crd_bus_pci, .type = &pci_bus_type };
static struct crd_bus crd_usb = { .ops = &crd_bus_usb };

/* Over all of the above but @walking's end; and may new buses be watched? */
static DEFINE_MUTEX(crd_bus_lock);
static bool crd_bus_started;
static DECLARE_WAIT_QUEUE_HEAD(crd_bus_wait);

/* The fields of a device, @all of them or those to know it by. */
static void crd_bus_put(struct crd_event *ev, const struct crd_bus *bus,
			struct device *dev, bool all, const char *reason)
{
	struct crd_place place = { .len = 0 };
	struct crd_device_driver drv;

	crd_device_bound(dev, &drv);
	crd_known_bind(dev, *drv.driver && ev->type != CRD_EV_UNBIND);
	bus->ops->place(&place, dev);

	if (all && bus->ops->put_digest)
		bus->ops->put_digest(ev, dev);
	if (reason)
		crd_event_str(ev, CRD_F_REASON, reason);
	crd_device_put_names(ev, dev, bus->ops->name, &drv);
	if (all)
		crd_device_put_parent(ev, dev);
	crd_place_put(ev, CRD_F_PORT, &place);
	bus->ops->put_facts(ev, dev, all);
}

static void crd_bus_record(const struct crd_bus *bus, struct device *dev,
			   enum crd_event_type type, const char *reason)
{
	struct crd_event ev;

	crd_event_init(&ev, type);
	crd_bus_put(&ev, bus, dev, type == CRD_EV_DEVICE, reason);
	crd_measure(&ev, NULL);
	crd_event_free(&ev);
}

/* What went wrong here shows as an event that cannot be put together. */
static void crd_bus_fault(int error)
{
	struct crd_event ev;

	crd_event_init(&ev, CRD_EV_DEVICE);
	ev.err = error;
	crd_measure(&ev, NULL);
}

/* Have the device recorded, unless it is already. */
static void crd_bus_device(const struct crd_bus *bus, struct device *dev)
{
	int rc = crd_known_add(dev);

	if (rc == -ENOMEM)
		crd_bus_fault(rc);
	if (rc != -EEXIST)
		crd_bus_record(bus, dev, CRD_EV_DEVICE, NULL);
}

/*
 * An event of a device without a record: it was on its way out when we walked
 * over its bus. It gets its record all the same.
 */
static int crd_bus_notify(struct notifier_block *nb, unsigned long action,
			  void *data)
{
	const struct crd_bus *bus = container_of(nb, struct crd_bus, nb);
	struct device *dev = data;

	wait_event(crd_bus_wait, !READ_ONCE(bus->walking));
	switch (action) {
	case BUS_NOTIFY_ADD_DEVICE:
		crd_bus_device(bus, dev);
		break;
	case BUS_NOTIFY_BIND_DRIVER:
		crd_bus_device(bus, dev);
		crd_bus_record(bus, dev, CRD_EV_BIND, NULL);
		break;
	case BUS_NOTIFY_DRIVER_NOT_BOUND:
		crd_bus_device(bus, dev);
		crd_bus_record(bus, dev, CRD_EV_UNBIND,
			       "the driver did not take it");
		break;
	case BUS_NOTIFY_UNBIND_DRIVER:
		crd_bus_device(bus, dev);
		crd_bus_record(bus, dev, CRD_EV_UNBIND, NULL);
		break;
	case BUS_NOTIFY_UNBOUND_DRIVER:
		if (crd_known_bind(dev, false))
			crd_bus_record(bus, dev, CRD_EV_UNBIND, NULL);
		break;
	case BUS_NOTIFY_REMOVED_DEVICE:
		crd_bus_device(bus, dev);
		crd_bus_record(bus, dev, CRD_EV_DEVICE_GONE, NULL);
		crd_known_remove(dev);
		break;
	default:
		break;
	}
	return NOTIFY_DONE;
}

/* From here on the bus's events come to us, and wait. */
static int crd_bus_watch(struct crd_bus *bus)
{
	int rc;

	bus->nb = (struct notifier_block){
		.notifier_call = crd_bus_notify,
		.priority = INT_MAX,	/* before whoever uses the device */
	};
	WRITE_ONCE(bus->walking, true);
	rc = bus_register_notifier(bus->type, &bus->nb);
	bus->watched = !rc;
	return rc;
}

static void crd_bus_walked(struct crd_bus *bus)
{
	WRITE_ONCE(bus->walking, false);
	wake_up_all(&crd_bus_wait);
}

static void crd_bus_leave(struct crd_bus *bus)
{
	if (bus->watched)
		bus_unregister_notifier(bus->type, &bus->nb);
	bus->watched = false;
}

struct crd_bus_walk {
	const struct crd_bus *bus;
	struct crd_snapshot *snap;
};

static int crd_bus_item(struct device *dev, void *data)
{
	struct crd_bus_walk *walk = data;
	struct crd_event ev;
	int rc;

	rc = crd_known_add(dev);
	if (rc)
		return rc;
	crd_event_init(&ev, CRD_EV_DEVICE);
	crd_bus_put(&ev, walk->bus, dev, true, NULL);
	crd_snapshot_add(walk->snap, &ev);
	crd_event_free(&ev);
	return 0;
}

static int crd_bus_take(struct crd_bus *bus, struct crd_snapshot *snap)
{
	struct crd_bus_walk walk = { bus, snap };
	int rc = crd_bus_watch(bus);

	if (!rc)
		rc = bus_for_each_dev(bus->type, NULL, &walk, crd_bus_item);
	crd_bus_walked(bus);
	return rc;
}

/* Is the USB bus there? It then stays until crd_usbcore_put(). */
static bool crd_bus_find_usb(int *ret_error)
{
	*ret_error = 0;
	if (!crd_usbcore_hold())
		return false;
	if (!crd_usb.type)
		*ret_error = crd_usbcore_bus(&crd_usb.type);
	/* nousb: there is no bus, and nothing is left unseen. */
	if (*ret_error == -ENODEV)
		*ret_error = 0;
	if (!crd_usb.type)
		crd_usbcore_put();
	return crd_usb.type;
}

/*
 * Called while events wait at the gate. A device that appears now is seen by
 * the walk, or has an event after it, or both: then it is known already.
 */
static int crd_bus_snapshot(struct crd_snapshot *snap)
{
	int rc;

	mutex_lock(&crd_bus_lock);
	rc = crd_bus_take(&crd_pci, snap);
	if (!rc && crd_bus_find_usb(&rc)) {
		rc = crd_bus_take(&crd_usb, snap);
		crd_usbcore_put();
	}
	crd_bus_started = true;
	mutex_unlock(&crd_bus_lock);
	return rc;
}

static int crd_bus_late(struct device *dev, void *data)
{
	crd_bus_device(&crd_usb, dev);
	return 0;
}

/*
 * No controller's driver can have started before usbcore was live; one that
 * was quick since then is found by the walk.
 */
static int crd_bus_watch_usb(void)
{
	int rc;

	if (!crd_bus_find_usb(&rc))
		return rc;
	rc = crd_bus_watch(&crd_usb);
	if (!rc)
		bus_for_each_dev(crd_usb.type, NULL, NULL, crd_bus_late);
	crd_bus_walked(&crd_usb);
	crd_usbcore_put();
	return rc;
}

/* usbcore is live. Before the snapshot that is all it needs to know. */
static void crd_bus_usb_came(void)
{
	int rc = 0;

	mutex_lock(&crd_bus_lock);
	if (crd_bus_started && !crd_usb.watched)
		rc = crd_bus_watch_usb();
	mutex_unlock(&crd_bus_lock);
	if (rc)
		crd_bus_fault(rc);
}

/* usbcore has left, and taken its bus and our entry in its chain with it. */
static void crd_bus_usb_left(const struct module *mod)
{
	mutex_lock(&crd_bus_lock);
	if (crd_usb.type && within_module((unsigned long)crd_usb.type, mod)) {
		crd_usb.watched = false;
		WRITE_ONCE(crd_usb.type, NULL);
	}
	mutex_unlock(&crd_bus_lock);
	wake_up_all(&crd_bus_wait);
}

static int crd_bus_module(struct notifier_block *nb, unsigned long state,
			  void *data)
{
	const struct module *mod = data;

	if (state == MODULE_STATE_LIVE && !strcmp(mod->name, "usbcore"))
		crd_bus_usb_came();
	if (state == MODULE_STATE_GOING)
		crd_bus_usb_left(mod);
	return NOTIFY_DONE;
}

static struct notifier_block crd_bus_module_nb = {
	.notifier_call = crd_bus_module,
};

/*
 * To learn the USB bus registers a driver, for which a kernel may want the
 * locks of USB devices: now, while nobody who has one waits for us.
 */
static int crd_bus_start(void)
{
	int rc;

	rc = register_module_notifier(&crd_bus_module_nb);
	if (rc)
		return rc;
	mutex_lock(&crd_bus_lock);
	if (crd_bus_find_usb(&rc))
		crd_usbcore_put();
	mutex_unlock(&crd_bus_lock);
	if (rc)
		unregister_module_notifier(&crd_bus_module_nb);
	return rc;
}

/* Leave the USB bus, if it stays while we do so. */
static bool crd_bus_leave_usb(void)
{
	bool left = true;

	mutex_lock(&crd_bus_lock);
	if (crd_usb.watched) {
		left = crd_usbcore_hold();
		if (left) {
			crd_bus_leave(&crd_usb);
			crd_usbcore_put();
		}
	}
	mutex_unlock(&crd_bus_lock);
	return left;
}

/* A usbcore that is on its way out looks through its chain: be there still. */
static void crd_bus_stop(void)
{
	mutex_lock(&crd_bus_lock);
	crd_bus_started = false;
	crd_bus_leave(&crd_pci);
	mutex_unlock(&crd_bus_lock);
	if (!crd_bus_leave_usb())
		wait_event(crd_bus_wait, !READ_ONCE(crd_usb.type));
	unregister_module_notifier(&crd_bus_module_nb);
}

static void crd_bus_drain(void)
{
	crd_known_clear();
}

static const char *const crd_bus_seen[] = {
	"pci: each device there at the start, added or removed, and each driver before its probe",
	"usb: likewise, also when usbcore is loaded later; descriptors as the kernel holds them",
	"usb-interfaces: each interface is a device of its own",
};

static const char *const crd_bus_not_seen[] = {
	"platform: devices that firmware or board code describes, and their drivers",
	"acpi: likewise",
	"i2c: devices and their drivers",
	"spi: devices and their drivers",
	"sdio: cards and their drivers",
	"thunderbolt: devices as such; what they bring to PCI and USB is seen",
	"hid: devices behind a bus that is seen or not, and their drivers",
	"scsi: disks and other units behind a controller",
	"other-buses: any bus but pci and usb",
	"pci-config: configuration space but for ids, class, revision and serial number",
	"not-enumerated: devices that do not answer on their bus, or do so later as others",
	"device-veto: devices and drivers cannot be kept out, even with fail=closed",
};

static void crd_bus_cover(struct crd_event *ev, u8 field)
{
	bool seen = field == CRD_F_SEEN;
	const char *const *text = seen ? crd_bus_seen : crd_bus_not_seen;
	size_t n = seen ? ARRAY_SIZE(crd_bus_seen) :
			  ARRAY_SIZE(crd_bus_not_seen);

	while (n--)
		crd_event_str(ev, field, *text++);
}

const struct crd_source crd_source_devices = {
	.name = "devices",
	.start = crd_bus_start,
	.snapshot = crd_bus_snapshot,
	.cover = crd_bus_cover,
	.stop = crd_bus_stop,
	.drain = crd_bus_drain,
};
