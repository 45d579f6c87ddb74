// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processors that are alike in everything recorded are one item: a machine of
 * one kind shows one, one of mixed microcode shows two.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "platform.h"

#define CRD_CPU_MAX_KINDS	64

/* All bytes count when two are compared: filled up with zeros. */
struct crd_cpu_id {
	char vendor[16];
	char model_name[64];
	u32 family;
	u32 model;
	u32 stepping;
	u32 microcode;
};

struct crd_cpu_kind {
	struct crd_cpu_id id;
	u64 count;
};

static struct {
	unsigned int kinds;
	unsigned int seen;
	unsigned int left_out;	/* of a kind for which there was no room */
	unsigned int offline;
} crd_cpu;

/* The one place where architectures differ. */
#ifdef CONFIG_X86
static bool crd_cpu_read(unsigned int cpu, struct crd_cpu_id *ret_id)
{
	const struct cpuinfo_x86 *c = &cpu_data(cpu);

	memset(ret_id, 0, sizeof(*ret_id));
	strscpy(ret_id->vendor, c->x86_vendor_id, sizeof(ret_id->vendor));
	strscpy(ret_id->model_name, c->x86_model_id,
		sizeof(ret_id->model_name));
	ret_id->family = c->x86;
	ret_id->model = c->x86_model;
	ret_id->stepping = c->x86_stepping;
	ret_id->microcode = c->microcode;
	return true;
}
#else
static bool crd_cpu_read(unsigned int cpu, struct crd_cpu_id *ret_id)
{
	return false;
}
#endif

/* The kind's entry, a new one if there is room, else NULL. */
static struct crd_cpu_kind *crd_cpu_find(struct crd_cpu_kind *kinds,
					 const struct crd_cpu_id *id)
{
	unsigned int i;

	for (i = 0; i < crd_cpu.kinds; i++)
		if (!memcmp(&kinds[i].id, id, sizeof(*id)))
			return &kinds[i];
	if (i == CRD_CPU_MAX_KINDS)
		return NULL;
	kinds[i].id = *id;
	crd_cpu.kinds++;
	return &kinds[i];
}

static void crd_cpu_sort(struct crd_cpu_kind *kinds)
{
	struct crd_cpu_kind *kind;
	struct crd_cpu_id id;
	unsigned int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu) {
		if (!crd_cpu_read(cpu, &id))
			break;
		kind = crd_cpu_find(kinds, &id);
		if (kind) {
			kind->count++;
			crd_cpu.seen++;
		} else {
			crd_cpu.left_out++;
		}
	}
	crd_cpu.offline = num_present_cpus() - num_online_cpus();
	cpus_read_unlock();
}

static int crd_cpu_add(struct crd_snapshot *snap,
		       const struct crd_cpu_kind *kind)
{
	struct crd_event item;

	crd_event_init(&item, CRD_EV_PLATFORM);
	crd_event_uint(&item, CRD_F_COUNT, kind->count, 8);
	crd_event_str(&item, CRD_F_MANUFACTURER, kind->id.vendor);
	crd_event_str(&item, CRD_F_PRODUCT, kind->id.model_name);
	crd_event_uint(&item, CRD_F_PART, CRD_PART_CPU, 1);
	crd_event_uint(&item, CRD_F_CPU_FAMILY, kind->id.family, 4);
	crd_event_uint(&item, CRD_F_CPU_MODEL, kind->id.model, 4);
	crd_event_uint(&item, CRD_F_CPU_STEPPING, kind->id.stepping, 4);
	crd_event_uint(&item, CRD_F_MICROCODE, kind->id.microcode, 4);
	return crd_platform_add(snap, &item);
}

int crd_cpu_snapshot(struct crd_snapshot *snap)
{
	struct crd_cpu_kind *kinds;
	unsigned int i;
	int rc = 0;

	memset(&crd_cpu, 0, sizeof(crd_cpu));
	kinds = kcalloc(CRD_CPU_MAX_KINDS, sizeof(*kinds), GFP_KERNEL);
	if (!kinds)
		return -ENOMEM;
	crd_cpu_sort(kinds);
	for (i = 0; !rc && i < crd_cpu.kinds; i++)
		rc = crd_cpu_add(snap, &kinds[i]);
	kfree(kinds);
	return rc;
}

static void crd_cpu_not_seen(struct crd_event *ev, u8 field)
{
	if (!crd_cpu.seen) {
		crd_platform_say(ev, field, "cpu: not on this architecture");
		return;
	}
	crd_platform_say(ev, field, "microcode: only the revision in force when the measurer started; not its bytes, nor who loaded it before the kernel");
	if (crd_cpu.offline)
		crd_platform_say(ev, field, "cpu: %u processors that are not online",
				 crd_cpu.offline);
	if (crd_cpu.left_out)
		crd_platform_say(ev, field, "cpu: %u processors of still other kinds",
				 crd_cpu.left_out);
}

void crd_cpu_cover(struct crd_event *ev, u8 field)
{
	if (field == CRD_F_NOT_SEEN)
		crd_cpu_not_seen(ev, field);
	else if (crd_cpu.seen)
		crd_platform_say(ev, field, "cpu: %u processors of %u kinds, with their microcode's revision",
				 crd_cpu.seen, crd_cpu.kinds);
}
