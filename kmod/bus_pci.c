// SPDX-License-Identifier: GPL-2.0-only
/* Facts of one PCI device, as the kernel read them when it found it. */
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include "bus.h"
#include "credence.h"

/* Bridges on the way to a device; PCI has room for 255 below one another. */
#define CRD_PCI_DEPTH	64

/**
 * crd_pci_place() - where a device sits: "0000:00/1c.0/00.0"
 * @place: to be added to
 * @pdev: the device
 *
 * The root bus is the firmware's choice; below it slots and functions are
 * wired, while bus numbers are given out anew each time. A virtual function
 * has no slot: it is known by its distance from the physical one.
 *
 * A device holds its bus, a bus its bridge, and so on up.
 */
void crd_pci_place(struct crd_place *place, struct pci_dev *pdev)
{
	struct pci_dev *pf = pci_physfn(pdev);
	const struct pci_bus *bus;
	u8 bridge[CRD_PCI_DEPTH];
	unsigned int n = 0;

	for (bus = pf->bus; bus->parent; bus = bus->parent) {
		if (n == ARRAY_SIZE(bridge))
			place->cut = true;
		else if (bus->self)
			bridge[n++] = bus->self->devfn;
	}
	crd_place_add(place, "%04x:%02x", pci_domain_nr(pf->bus), bus->number);
	while (n--)
		crd_place_add(place, "/%02x.%d", PCI_SLOT(bridge[n]),
			      PCI_FUNC(bridge[n]));
	crd_place_add(place, "/%02x.%d", PCI_SLOT(pf->devfn),
		      PCI_FUNC(pf->devfn));
	if (pdev != pf)
		crd_place_add(place, "/vf%u",
			      pci_dev_id(pdev) - pci_dev_id(pf));
}

static void crd_bus_pci_place(struct crd_place *place, struct device *dev)
{
	crd_pci_place(place, to_pci_dev(dev));
}

static u32 crd_pci_flags(struct pci_dev *pdev)
{
	u32 flags = 0;

	if (pdev->untrusted)
		flags |= CRD_DEVICE_EXTERNAL;
	if (dev_is_removable(&pdev->dev))
		flags |= CRD_DEVICE_REMOVABLE;
	if (pdev->is_virtfn)
		flags |= CRD_DEVICE_VIRTUAL;
	return flags;
}

/*
 * The only fact that has to be asked for. A device asleep is left alone: to
 * wake it runs its driver, which might wait for us.
 */
static u64 crd_pci_dsn(struct pci_dev *pdev)
{
	if (pm_runtime_suspended(&pdev->dev) ||
	    pdev->current_state == PCI_D3cold)
		return 0;
	return pci_get_dsn(pdev);
}

static void crd_bus_pci_facts(struct crd_event *ev, struct device *dev,
			      bool all)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	u64 dsn;

	crd_event_uint(ev, CRD_F_VENDOR_ID, pdev->vendor, 2);
	crd_event_uint(ev, CRD_F_DEVICE_ID, pdev->device, 2);
	if (all && pdev->subsystem_vendor) {
		crd_event_uint(ev, CRD_F_SUBVENDOR_ID, pdev->subsystem_vendor,
			       2);
		crd_event_uint(ev, CRD_F_SUBDEVICE_ID, pdev->subsystem_device,
			       2);
	}
	crd_event_uint(ev, CRD_F_CLASS, pdev->class, 4);
	if (!all)
		return;
	crd_event_uint(ev, CRD_F_REVISION, pdev->revision, 2);
	dsn = crd_pci_dsn(pdev);
	if (dsn)
		crd_event_uint(ev, CRD_F_DSN, dsn, 8);
	crd_event_uint(ev, CRD_F_DEVICE_FLAGS, crd_pci_flags(pdev), 4);
}

const struct crd_bus_ops crd_bus_pci = {
	.name = "pci",
	.place = crd_bus_pci_place,
	.put_facts = crd_bus_pci_facts,
};
