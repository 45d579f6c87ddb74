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
#include "modlist.h"
#include "procfile.h"

#define CRD_MODLIST_EXTRA	64	/* that may come while we allocate */
#define CRD_MODLIST_BUILD_ID	64

struct crd_modlist {
	struct kobject **kobj;
	unsigned int n;
};

static struct kset *crd_modlist_kset(void)
{
	return THIS_MODULE->mkobj.kobj.kset;
}

static unsigned int crd_modlist_count(struct kset *kset)
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
static bool crd_modlist_fill(struct crd_modlist *list, struct kset *kset,
			     unsigned int room)
{
	struct kobject *kobj;
	bool fits = true;

	spin_lock(&kset->list_lock);
	list_for_each_entry(kobj, &kset->list, entry) {
		if (kobj == &THIS_MODULE->mkobj.kobj)
			continue;
		if (list->n == room) {
			fits = false;
			break;
		}
		if (kobject_get_unless_zero(kobj))
			list->kobj[list->n++] = kobj;
	}
	spin_unlock(&kset->list_lock);
	return fits;
}

static void crd_modlist_drop(struct crd_modlist *list)
{
	while (list->n)
		kobject_put(list->kobj[--list->n]);
	kvfree(list->kobj);
	list->kobj = NULL;
}

/* Take hold of everything there is. 0 or -ENOMEM. */
static int crd_modlist_take(struct crd_modlist *list)
{
	struct kset *kset = crd_modlist_kset();
	unsigned int room;

	for (;;) {
		room = crd_modlist_count(kset) + CRD_MODLIST_EXTRA;
		list->kobj = kvmalloc_array(room, sizeof(*list->kobj),
					    GFP_KERNEL);
		if (!list->kobj)
			return -ENOMEM;
		if (crd_modlist_fill(list, kset, room))
			return 0;
		crd_modlist_drop(list);
	}
}

/* Texts go away first when a module does; a live one can be held. */
static void crd_modlist_texts(struct crd_event *item, struct module *mod)
{
	if (mod->state != MODULE_STATE_LIVE || !try_module_get(mod))
		return;
	if (mod->version)
		crd_event_str(item, CRD_F_VERSION, mod->version);
	if (mod->srcversion)
		crd_event_str(item, CRD_F_SRCVERSION, mod->srcversion);
	module_put(mod);
}

static void crd_modlist_module(struct crd_event *item, struct module *mod)
{
	u8 id[CRD_MODLIST_BUILD_ID];
	size_t len;

	crd_event_uint(item, CRD_F_ORIGIN, CRD_ORIGIN_PRE_EXISTING, 1);
#ifdef CONFIG_MODULE_SIG
	if (mod->sig_ok)
		crd_event_uint(item, CRD_F_SIG_STATUS, CRD_SIG_VERIFIED, 1);
#endif
	crd_modlist_texts(item, mod);
	crd_event_uint(item, CRD_F_TAINTS, mod->taints, 8);
	len = crd_procfile_build_id(mod->name, id, sizeof(id));
	if (len)
		crd_event_bytes(item, CRD_F_BUILD_ID, id, len);
}

static void crd_modlist_item(struct crd_event *item, struct kobject *kobj)
{
	struct module_kobject *mk = container_of(kobj, struct module_kobject,
						 kobj);

	crd_event_str(item, CRD_F_NAME, kobject_name(kobj));
	if (mk->mod)
		crd_modlist_module(item, mk->mod);
	else
		crd_event_uint(item, CRD_F_ORIGIN, CRD_ORIGIN_BUILT_IN, 1);
}

/* One item for each. 0 or -ENOMEM. */
int crd_modlist_snapshot(struct crd_snapshot *snap)
{
	struct crd_modlist list = { NULL };
	struct crd_event item;
	unsigned int i;
	int rc;

	rc = crd_modlist_take(&list);
	if (rc)
		return rc;
	for (i = 0; i < list.n; i++) {
		crd_event_init(&item, CRD_EV_MODULE);
		crd_modlist_item(&item, list.kobj[i]);
		crd_snapshot_add(snap, &item);
		crd_event_free(&item);
	}
	crd_modlist_drop(&list);
	return 0;
}
