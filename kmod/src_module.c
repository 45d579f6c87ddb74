// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules. A load is put together from four sights, all in one task:
 *
 *	the system call begins		a bracket is opened
 *	the image was read		hashed and taken apart here
 *	COMING				one MODULE record, before any code of
 *					the module runs
 *	the system call returns		MODULE_RESULT if it failed
 *
 * An image that never gets to COMING (bad signature, wrong version, a name
 * that is there already) has no MODULE record; its MODULE_RESULT says all.
 */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/static_call.h>
#include <linux/string.h>
#include <uapi/linux/module.h>
#include "bracket.h"
#include "hook.h"
#include "load.h"
#include "measure.h"
#include "modlist.h"
#include "source.h"

/* Loads that began before us may still be without a bracket for so long. */
#define CRD_MODULE_GRACE	(5 * HZ)

static unsigned long crd_module_since;

static bool crd_module_settled(void)
{
	return time_after(jiffies, READ_ONCE(crd_module_since) +
				   CRD_MODULE_GRACE);
}

static void crd_module_write_result(struct crd_load *load)
{
	struct crd_event ev;

	crd_event_init(&ev, CRD_EV_MODULE_RESULT);
	crd_event_str(&ev, CRD_F_NAME, load->name);
	if (!load->recorded) {
		crd_load_put_image(&ev, load, false);
		crd_load_put(&ev, load);
	} else {
		crd_event_join(&ev, &load->who);
		if (load->ref.recnum != CRD_REF_NONE)
			crd_event_uint(&ev, CRD_F_REF, load->ref.recnum, 8);
	}
	crd_event_uint(&ev, CRD_F_RESULT, (u32)load->result, 4);
	if (load->ref.item != CRD_REF_ALONE)
		crd_event_uint(&ev, CRD_F_REF_ITEM, load->ref.item, 4);
	crd_measure(&ev, NULL);
	crd_event_free(&ev);
}

static void crd_module_end(struct crd_later *later)
{
	struct crd_load *load = container_of(later, struct crd_load, later);

	if (load->result == CRD_BRACKET_UNSEEN)
		load->result = -ECANCELED;
	if (load->result < 0)
		crd_module_write_result(load);
	else
		crd_measure_lost(CRD_LOST_NOTIFIER);
	crd_load_drop(load);
}

/*
 * The system call returns, in atomic context. A success that has its record
 * needs nothing more, and has nothing left that only a task may free.
 */
static void crd_module_done(void *data, long result)
{
	struct crd_load *load = data;

	load->result = result;
	if (result >= 0 && load->recorded)
		kfree_rcu(load, rcu);
	else
		crd_measure_later(&load->later, crd_module_end);
}

/* Something was not recorded for want of memory: a fault, and its verdict. */
static int crd_module_fault(void)
{
	struct crd_event ev;

	crd_event_init(&ev, CRD_EV_MODULE);
	ev.err = -ENOMEM;
	return crd_measure(&ev, NULL);
}

/* An image belongs to the system call under way. */
static int crd_module_attach(struct crd_load *load, const struct crd_read *rd)
{
	struct crd_bracket_view before;

	if (crd_bracket_attach(load, &before)) {
		crd_load_drop(load);
		crd_measure_lost(CRD_LOST_PROBE);
		return crd_measure_verdict();
	}
	load->flags = before.flags;
	load->has_flags = rd->file && !before.opened_here;
	crd_load_drop(before.load);
	if (!crd_bracket_armed() ||
	    (before.opened_here && crd_module_settled()))
		crd_measure_lost(CRD_LOST_RESULT);
	return crd_measure_verdict();
}

/* A file that the kernel is going to unpack: it uses other bytes. */
static int crd_module_read_packed(const struct crd_read *rd)
{
	struct crd_load *load = crd_load_capture(rd, true);

	return load ? crd_module_attach(load, rd) : crd_module_fault();
}

static int crd_module_unpacked(struct crd_load *load, const struct crd_read *rd)
{
	return crd_load_unpack(load, rd) ? crd_module_fault() :
					   crd_measure_verdict();
}

/*
 * A module's image was read, or handed over by init_module(2), or unpacked
 * out of what was read.
 */
static int crd_module_read(const struct crd_read *rd)
{
	struct crd_bracket_view view = { .load = NULL };
	struct crd_load *load;

	crd_bracket_peek(&view);
	load = view.load;
	if (load && load->packed && !load->recorded)
		return crd_module_unpacked(load, rd);
	if (rd->file && view.flags & MODULE_INIT_COMPRESSED_FILE)
		return crd_module_read_packed(rd);
	load = crd_load_capture(rd, false);
	return load ? crd_module_attach(load, rd) : crd_module_fault();
}

static int crd_module_unpack_nothing(struct crd_load_info *info,
				     const void *buf, size_t size)
{
	return -EOPNOTSUPP;
}

DEFINE_STATIC_CALL(crd_module_unpacker, crd_module_unpack_nothing);

static void crd_module_found_unpacker(void *target)
{
	static_call_update(crd_module_unpacker, target);
}

/*
 * Instead of module_decompress(), where no read hook sees what comes out of
 * it. Nothing is refused here: who calls it would not free what it made. It is
 * refused at COMING.
 */
static int crd_module_unpack(struct crd_load_info *info, const void *buf,
			     size_t size)
{
	struct crd_bracket_view view = { .load = NULL };
	struct crd_load *load;
	int rc;

	crd_hook_enter();
	rc = static_call(crd_module_unpacker)(info, buf, size);
	crd_bracket_peek(&view);
	load = view.load;
	if (!rc && load && !load->recorded) {
		struct crd_read rd = { .data = info->hdr, .size = info->len };

		crd_module_unpacked(load, &rd);
	}
	crd_hook_leave();
	return rc;
}

static struct crd_hook crd_module_unpack_hook = {
	.name = "module_decompress",
	.ours = crd_module_unpack,
	.optional = true,
	.found = crd_module_found_unpacker,
};

/* Newer kernels show both what is stored and what comes out of it. */
static void crd_module_hook(void)
{
	unsigned int packed = crd_reading_module_compressed();

	crd_hook_handle(READING_MODULE, crd_module_read);
	if (packed < READING_MAX_ID)
		crd_hook_handle(packed, crd_module_read_packed);
	else if (IS_ENABLED(CONFIG_MODULE_DECOMPRESS))
		crd_hook_want(&crd_module_unpack_hook);
}

static bool crd_module_sees_unpacked(void)
{
	return !IS_ENABLED(CONFIG_MODULE_DECOMPRESS) ||
	       crd_reading_module_compressed() < READING_MAX_ID ||
	       crd_module_unpack_hook.on;
}

/* COMING without an image: what struct module knows must do. */
static struct crd_load *crd_module_unseen(const struct module *mod)
{
	struct crd_bracket_view before;
	struct crd_load *load = crd_load_new();

	if (!load)
		return NULL;
	crd_event_uint(&load->source, CRD_F_ORIGIN, CRD_ORIGIN_UNMEASURED, 1);
	if (mod->version)
		crd_event_str(&load->info, CRD_F_VERSION, mod->version);
	if (mod->srcversion)
		crd_event_str(&load->info, CRD_F_SRCVERSION, mod->srcversion);
	if (crd_bracket_attach(load, &before)) {
		crd_load_drop(load);
		return NULL;
	}
	crd_load_drop(before.load);
	if (crd_module_settled())
		crd_measure_lost(CRD_LOST_IMAGE);
	return load;
}

static bool crd_module_sig_ok(const struct module *mod)
{
#ifdef CONFIG_MODULE_SIG
	return mod->sig_ok;
#else
	return false;
#endif
}

/* The one record of a load, before the module's first instruction. */
static int crd_module_coming(const struct module *mod)
{
	struct crd_bracket_view view;
	struct crd_load *load = NULL;
	struct crd_event ev;
	int rc;

	if (crd_bracket_missed())
		crd_measure_lost(CRD_LOST_PROBE);
	if (!crd_bracket_armed())
		crd_measure_lost(CRD_LOST_RESULT);
	if (crd_bracket_peek(&view))
		load = view.load;
	if (!load || load->recorded)
		load = crd_module_unseen(mod);
	if (!load)
		return crd_module_fault();

	crd_event_init(&ev, CRD_EV_MODULE);
	crd_event_str(&ev, CRD_F_NAME, mod->name);
	crd_load_put_image(&ev, load, crd_module_sig_ok(mod));
	crd_event_uint(&ev, CRD_F_TAINTS, mod->taints, 8);
	crd_load_put(&ev, load);
	rc = crd_measure(&ev, &load->ref);
	crd_event_free(&ev);
	strscpy(load->name, mod->name, sizeof(load->name));
	load->recorded = true;
	crd_load_free_fields(load);
	return rc;
}

/* It began to load before us and was not listed in sysfs for the snapshot. */
static void crd_module_before_us(const struct module *mod)
{
	struct crd_event ev;

	crd_event_init(&ev, CRD_EV_MODULE);
	crd_event_str(&ev, CRD_F_NAME, mod->name);
	crd_event_uint(&ev, CRD_F_ORIGIN, CRD_ORIGIN_PRE_EXISTING, 1);
	crd_event_uint(&ev, CRD_F_TAINTS, mod->taints, 8);
	crd_measure(&ev, NULL);
	crd_event_free(&ev);
}

/* The crypto API may have to wait for a self-test: not in the notifier. */
static void crd_module_pick_hash(struct crd_later *later)
{
	crd_measure_pick_hash();
	kfree(later);
}

static void crd_module_new_hash(void)
{
	struct crd_later *later = kmalloc(sizeof(*later), GFP_KERNEL);

	if (later)
		crd_measure_later(later, crd_module_pick_hash);
}

static void crd_module_live(const struct module *mod)
{
	struct crd_bracket_view view;

	if (!crd_bracket_peek(&view))
		crd_module_before_us(mod);
	else if (view.opened_here)
		crd_load_drop(crd_bracket_close());
	/* sha256_ssse3, sha2_ce, padlock_sha: there may be a faster one now. */
	if (strstr(mod->name, "sha"))
		crd_module_new_hash();
}

/*
 * No probe will see the return: GOING in the loading task is a failed init,
 * with an error that cannot be known.
 */
static void crd_module_going(void)
{
	struct crd_bracket_view view;
	struct crd_load *load;

	if (!crd_bracket_peek(&view) || !view.opened_here || !view.load)
		return;
	load = view.load;
	if (load->recorded)
		crd_module_done(crd_bracket_close(), -ECANCELED);
}

static int crd_module_notify(struct notifier_block *nb, unsigned long state,
			     void *data)
{
	const struct module *mod = data;

	if (mod == THIS_MODULE)
		return NOTIFY_DONE;
	switch (state) {
	case MODULE_STATE_COMING:
		return notifier_from_errno(crd_module_coming(mod));
	case MODULE_STATE_LIVE:
		crd_module_live(mod);
		break;
	case MODULE_STATE_GOING:
		crd_module_going();
		break;
	default:
		break;
	}
	return NOTIFY_DONE;
}

/* First in the chain: nobody else looks at the module before us. */
static struct notifier_block crd_module_nb = {
	.notifier_call = crd_module_notify,
	.priority = INT_MAX,
};

/*
 * The notifier before the probes: a load that gets a bracket is then sure to
 * be seen at COMING.
 */
static int crd_module_start(void)
{
	int rc;

	crd_module_since = jiffies;
	rc = crd_bracket_init(crd_module_done);
	if (rc)
		return rc;
	rc = register_module_notifier(&crd_module_nb);
	if (rc)
		goto err_free_brackets;
	crd_module_hook();
	rc = crd_bracket_start();
	if (rc)
		goto err_notifier;
	return 0;

err_notifier:
	crd_measure_abandon();
	unregister_module_notifier(&crd_module_nb);
	crd_measure_drain();
err_free_brackets:
	crd_bracket_free(crd_load_drop);
	return rc;
}

static void crd_module_stop(void)
{
	crd_bracket_stop();
	unregister_module_notifier(&crd_module_nb);
}

static void crd_module_drain(void)
{
	crd_measure_drain();
	crd_bracket_free(crd_load_drop);
}

static void crd_module_cover(struct crd_event *ev, u8 field)
{
	if (field == CRD_F_SEEN) {
		crd_event_str(ev, field,
			      "modules: each load and its result, from files and from memory");
		if (crd_module_sees_unpacked())
			crd_event_str(ev, field,
				      "modules-decompressed: what the kernel itself unpacks");
		return;
	}
	crd_event_str(ev, field,
		      "modules-before: what was loaded before the measurer is named, not measured");
	crd_event_str(ev, field,
		      "modules-built-in: code in the kernel's own image; some of it is named");
	if (!crd_module_sees_unpacked())
		crd_event_str(ev, field,
			      "modules-decompressed: of a file that the kernel unpacks only what is stored");
}

const struct crd_source crd_source_module = {
	.name = "modules",
	.start = crd_module_start,
	.snapshot = crd_modlist_snapshot,
	.cover = crd_module_cover,
	.stop = crd_module_stop,
	.drain = crd_module_drain,
};
