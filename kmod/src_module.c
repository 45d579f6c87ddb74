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
#include <crypto/sha2.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "bracket.h"
#include "hook.h"
#include "image.h"
#include "measure.h"
#include "modlist.h"
#include "source.h"

/* Loads that began before us may still be without a bracket for so long. */
#define CRD_MODULE_GRACE	(5 * HZ)

/**
 * struct crd_load - one load, from the image on
 * @later: writes the MODULE_RESULT record
 * @rcu: frees it from atomic context
 * @result: what the system call returned; CRD_BRACKET_UNSEEN
 * @recorded: there is a MODULE record, or there was an attempt at one
 * @ref: where that is in the log
 * @has_image: the fields below were taken from an image
 * @has_flags: a probe saw finit_module(2) and its flags
 * @has_sig: the image has an appended signature
 * @flags: those of finit_module(2)
 * @name: COMING knows it; before, what modinfo says
 * @source: PATH to SIGNATURE
 * @info: AUTHOR to ALIAS_VENDOR
 * @id: BUILD_ID
 * @who: PID, UID, COMM
 */
struct crd_load {
	struct crd_later later;
	struct rcu_head rcu;
	long result;
	bool recorded;
	struct crd_ref ref;
	bool has_image;
	bool has_flags;
	bool has_sig;
	u32 flags;
	char name[MODULE_NAME_LEN];
	struct crd_event source;
	struct crd_event info;
	struct crd_event id;
	struct crd_event who;
};

static unsigned long crd_module_since;

static void crd_module_free_fields(struct crd_load *load)
{
	crd_event_free(&load->source);
	crd_event_free(&load->info);
	crd_event_free(&load->id);
	crd_event_free(&load->who);
}

static void crd_module_drop(void *data)
{
	struct crd_load *load = data;

	if (load)
		crd_module_free_fields(load);
	kfree(load);
}

static bool crd_module_settled(void)
{
	return time_after(jiffies, READ_ONCE(crd_module_since) +
				   CRD_MODULE_GRACE);
}

/* Common end of MODULE and MODULE_RESULT, in the order of the numbers. */
static void crd_module_put_image(struct crd_event *ev,
				 const struct crd_load *load, bool sig_ok)
{
	enum crd_sig_status sig = CRD_SIG_NONE;

	if (sig_ok)
		sig = CRD_SIG_VERIFIED;
	else if (load->has_sig)
		sig = CRD_SIG_UNVERIFIED;
	crd_event_join(ev, &load->source);
	crd_event_uint(ev, CRD_F_SIG_STATUS, sig, 1);
	crd_event_join(ev, &load->info);
}

static void crd_module_put_load(struct crd_event *ev,
				const struct crd_load *load)
{
	if (load->has_flags)
		crd_event_uint(ev, CRD_F_LOAD_FLAGS, load->flags, 4);
	crd_event_join(ev, &load->id);
	crd_event_join(ev, &load->who);
}

static void crd_module_write_result(struct crd_load *load)
{
	struct crd_event ev;

	crd_event_init(&ev, CRD_EV_MODULE_RESULT);
	crd_event_str(&ev, CRD_F_NAME, load->name);
	if (!load->recorded) {
		crd_module_put_image(&ev, load, false);
		crd_module_put_load(&ev, load);
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
	crd_module_drop(load);
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

static struct crd_load *crd_module_new(void)
{
	struct crd_load *load = kzalloc(sizeof(*load), GFP_KERNEL);

	if (!load)
		return NULL;
	load->ref = (struct crd_ref){ CRD_REF_NONE, CRD_REF_ALONE };
	crd_event_init(&load->source, CRD_EV_MODULE);
	crd_event_init(&load->info, CRD_EV_MODULE);
	crd_event_init(&load->id, CRD_EV_MODULE);
	crd_event_init(&load->who, CRD_EV_MODULE);
	crd_source_who(&load->who);
	return load;
}

/* Fields PATH to SIGNATURE. */
static void crd_module_put_source(struct crd_load *load,
				  const struct crd_read *rd,
				  const struct crd_image *im)
{
	struct crd_event *ev = &load->source;
	u8 payload[SHA256_DIGEST_SIZE];
	u8 whole[SHA256_DIGEST_SIZE];
	int rc;

	rc = crd_measure_image(rd->data, im->payload, rd->size, payload, whole);
	if (rc)
		ev->err = rc;
	crd_source_origin(ev, rd->file);
	crd_event_uint(ev, CRD_F_SIZE, rd->size, 8);
	crd_source_digest(ev, CRD_F_DIGEST, whole);
	crd_source_digest(ev, CRD_F_PAYLOAD_DIGEST, payload);
	if (im->sig_len > CRD_MAX_SIGNATURE)
		crd_event_cut(ev, CRD_F_SIGNATURE);
	else if (im->sig)
		crd_event_bytes(ev, CRD_F_SIGNATURE, im->sig, im->sig_len);
}

static struct crd_load *crd_module_capture(const struct crd_read *rd)
{
	struct crd_load *load = crd_module_new();
	struct crd_image *im = kmalloc(sizeof(*im), GFP_KERNEL);

	if (!load || !im)
		goto err_free;
	crd_image_parse(im, rd->data, rd->size);
	load->has_image = true;
	load->has_sig = im->sig;
	snprintf(load->name, sizeof(load->name), "%.*s", (int)im->name.len,
		 im->name.text ?: "");
	crd_module_put_source(load, rd, im);
	crd_image_info(im, &load->info);
	if (im->build_id && im->build_id_len <= CRD_MAX_TEXT)
		crd_event_bytes(&load->id, CRD_F_BUILD_ID, im->build_id,
				im->build_id_len);
	kfree(im);
	return load;

err_free:
	kfree(im);
	crd_module_drop(load);
	return NULL;
}

/* Something was not recorded for want of memory: a fault, and its verdict. */
static int crd_module_fault(void)
{
	struct crd_event ev;

	crd_event_init(&ev, CRD_EV_MODULE);
	ev.err = -ENOMEM;
	return crd_measure(&ev, NULL);
}

/* A module's image was read, or handed over by init_module(2). */
static int crd_module_read(const struct crd_read *rd)
{
	struct crd_bracket_view before;
	struct crd_load *load = crd_module_capture(rd);

	if (!load)
		return crd_module_fault();
	if (crd_bracket_attach(load, &before)) {
		crd_module_drop(load);
		crd_measure_lost(CRD_LOST_PROBE);
		return crd_measure_verdict();
	}
	load->flags = before.flags;
	load->has_flags = rd->file && !before.opened_here;
	crd_module_drop(before.load);
	if (!crd_bracket_armed() ||
	    (before.opened_here && crd_module_settled()))
		crd_measure_lost(CRD_LOST_RESULT);
	return crd_measure_verdict();
}

/* COMING without an image: what struct module knows must do. */
static struct crd_load *crd_module_unseen(const struct module *mod)
{
	struct crd_bracket_view before;
	struct crd_load *load = crd_module_new();

	if (!load)
		return NULL;
	crd_event_uint(&load->source, CRD_F_ORIGIN, CRD_ORIGIN_UNMEASURED, 1);
	if (mod->version)
		crd_event_str(&load->info, CRD_F_VERSION, mod->version);
	if (mod->srcversion)
		crd_event_str(&load->info, CRD_F_SRCVERSION, mod->srcversion);
	if (crd_bracket_attach(load, &before)) {
		crd_module_drop(load);
		return NULL;
	}
	crd_module_drop(before.load);
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
	crd_module_put_image(&ev, load, crd_module_sig_ok(mod));
	crd_event_uint(&ev, CRD_F_TAINTS, mod->taints, 8);
	crd_module_put_load(&ev, load);
	rc = crd_measure(&ev, &load->ref);
	crd_event_free(&ev);
	strscpy(load->name, mod->name, sizeof(load->name));
	load->recorded = true;
	crd_module_free_fields(load);
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
		crd_module_drop(crd_bracket_close());
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
	crd_hook_handle(READING_MODULE, crd_module_read);
	rc = crd_bracket_start();
	if (rc)
		goto err_notifier;
	return 0;

err_notifier:
	crd_measure_abandon();
	unregister_module_notifier(&crd_module_nb);
	crd_measure_drain();
err_free_brackets:
	crd_bracket_free(crd_module_drop);
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
	crd_bracket_free(crd_module_drop);
}

static void crd_module_cover(struct crd_event *ev, u8 field)
{
	if (field == CRD_F_SEEN)
		crd_event_str(ev, field, "modules: each load and its result, from files and from memory");
	else
		crd_event_str(ev, field, "modules-before: what was loaded before the measurer is named, not measured");
}

const struct crd_source crd_source_module = {
	.name = "modules",
	.start = crd_module_start,
	.snapshot = crd_modlist_snapshot,
	.cover = crd_module_cover,
	.stop = crd_module_stop,
	.drain = crd_module_drain,
};
