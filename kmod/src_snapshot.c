// SPDX-License-Identifier: GPL-2.0-only
/*
 * No list of modules is exported, but all of them, and the built-in ones
 * that have parameters or a version, stand in one kset: /sys/module. It is
 * taken while events wait at the gate, so that no module is in both the
 * snapshot and a record of its own, or in neither.
 */
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "credence.h"
#include "event.h"
#include "measure.h"
#include "procfile.h"
#include "src_snapshot.h"

#define CRD_SNAPSHOT_EXTRA	64	/* that may come while we allocate */
#define CRD_SNAPSHOT_BUILD_ID	64

static struct {
	struct kobject **kobj;
	unsigned int n;
} crd_snap;

static struct kset *crd_snapshot_kset(void)
{
	return THIS_MODULE->mkobj.kobj.kset;
}

static unsigned int crd_snapshot_count(struct kset *kset)
{
	struct kobject *kobj;
	unsigned int n = 0;

	spin_lock(&kset->list_lock);
	list_for_each_entry(kobj, &kset->list, entry)
		n++;
	spin_unlock(&kset->list_lock);
	return n;
}

/* A reference keeps the kobject, and the module around it, in memory. */
static bool crd_snapshot_fill(struct kset *kset, unsigned int room)
{
	struct kobject *kobj;
	bool fits = true;

	spin_lock(&kset->list_lock);
	list_for_each_entry(kobj, &kset->list, entry) {
		if (kobj == &THIS_MODULE->mkobj.kobj)
			continue;
		if (crd_snap.n == room) {
			fits = false;
			break;
		}
		if (kobject_get_unless_zero(kobj))
			crd_snap.kobj[crd_snap.n++] = kobj;
	}
	spin_unlock(&kset->list_lock);
	return fits;
}

void crd_snapshot_drop(void)
{
	while (crd_snap.n)
		kobject_put(crd_snap.kobj[--crd_snap.n]);
	kvfree(crd_snap.kobj);
	crd_snap.kobj = NULL;
}

/* Take hold of everything there is. 0 or -ENOMEM. */
int crd_snapshot_take(void)
{
	struct kset *kset = crd_snapshot_kset();
	unsigned int room;

	for (;;) {
		room = crd_snapshot_count(kset) + CRD_SNAPSHOT_EXTRA;
		crd_snap.kobj = kvmalloc_array(room, sizeof(*crd_snap.kobj),
					       GFP_KERNEL);
		if (!crd_snap.kobj)
			return -ENOMEM;
		if (crd_snapshot_fill(kset, room))
			return 0;
		crd_snapshot_drop();
	}
}

/* Texts go away first when a module does; a live one can be held. */
static void crd_snapshot_texts(struct crd_event *item, struct module *mod)
{
	if (mod->state != MODULE_STATE_LIVE || !try_module_get(mod))
		return;
	if (mod->version)
		crd_event_str(item, CRD_F_VERSION, mod->version);
	if (mod->srcversion)
		crd_event_str(item, CRD_F_SRCVERSION, mod->srcversion);
	module_put(mod);
}

static void crd_snapshot_module(struct crd_event *item, struct module *mod)
{
	u8 id[CRD_SNAPSHOT_BUILD_ID];
	size_t len;

	crd_event_uint(item, CRD_F_ORIGIN, CRD_ORIGIN_PRE_EXISTING, 1);
#ifdef CONFIG_MODULE_SIG
	if (mod->sig_ok)
		crd_event_uint(item, CRD_F_SIG_STATUS, CRD_SIG_VERIFIED, 1);
#endif
	crd_snapshot_texts(item, mod);
	crd_event_uint(item, CRD_F_TAINTS, mod->taints, 8);
	len = crd_procfile_build_id(mod->name, id, sizeof(id));
	if (len)
		crd_event_bytes(item, CRD_F_BUILD_ID, id, len);
}

static void crd_snapshot_item(struct crd_event *item, struct kobject *kobj)
{
	struct module_kobject *mk = container_of(kobj, struct module_kobject,
						 kobj);

	crd_event_str(item, CRD_F_NAME, kobject_name(kobj));
	if (mk->mod)
		crd_snapshot_module(item, mk->mod);
	else
		crd_event_uint(item, CRD_F_ORIGIN, CRD_ORIGIN_BUILT_IN, 1);
}

/* Items from @from on, as many as one record holds; returns the next. */
static unsigned int crd_snapshot_pack(struct crd_event *ev, unsigned int from)
{
	const size_t most = CRD_MAX_CONTENT - 2 * CRD_EVENT_PROLOGUE;
	struct crd_event item;
	unsigned int i;

	for (i = from; i < crd_snap.n && i - from < CRD_MAX_ITEMS; i++) {
		bool fits;

		crd_event_init(&item, CRD_EV_SNAPSHOT);
		crd_snapshot_item(&item, crd_snap.kobj[i]);
		fits = i == from ||
		       crd_event_size(ev) + crd_event_size(&item) < most;
		if (fits)
			crd_event_nest(ev, CRD_F_ITEM, &item);
		crd_event_free(&item);
		if (!fits)
			break;
	}
	return i;
}

/* Write what was taken: one record, unless there is a very great deal. */
void crd_snapshot_record(void)
{
	struct crd_event ev;
	unsigned int i = 0;
	u64 recnum;

	do {
		crd_event_init(&ev, CRD_EV_SNAPSHOT);
		i = crd_snapshot_pack(&ev, i);
		crd_measure(&ev, &recnum);
		crd_event_free(&ev);
	} while (i < crd_snap.n);
	crd_snapshot_drop();
}
