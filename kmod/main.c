// SPDX-License-Identifier: GPL-2.0-only
/*
 * Credence measurer: drivers and firmware into a TPM PCR and a log, before
 * they are used. This file starts the rooms in order and stops them in
 * reverse; what they do is theirs.
 */
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include "anchor.h"
#include "fs.h"
#include "hook.h"
#include "measure.h"
#include "snapshot.h"
#include "source.h"

static int pcr = CRD_PCR_DEFAULT;
module_param(pcr, int, 0444);
MODULE_PARM_DESC(pcr, "PCR to extend, 0 to 15 (default 13); 16 to 23 can be reset by software and are refused");

static char *fail = "open";
module_param(fail, charp, 0444);
MODULE_PARM_DESC(fail, "open (default): loads go on when a measurement fails, and the log says so; closed: they are refused with EIO");

static bool unloadable;
module_param(unloadable, bool, 0444);
MODULE_PARM_DESC(unloadable, "1: the measurer can be unloaded, which is itself measured (default 0: it cannot)");

static unsigned int log_max = CRD_LOG_MAX_DEFAULT;
module_param(log_max, uint, 0444);
MODULE_PARM_DESC(log_max, "most memory for the log in KiB (default 16384); at the bound a log-full record is written");

static unsigned int extend_timeout = CRD_TIMEOUT_DEFAULT;
module_param(extend_timeout, uint, 0444);
MODULE_PARM_DESC(extend_timeout, "longest wait for the TPM in ms (default 20000); after that the state is failed");

/*
 * Once the modules' source has begun, a load may wait at the gate with the
 * chain of module notifiers held: who has a notifier in it stands before.
 */
static const struct crd_source *const crd_sources[] = {
	&crd_source_devices,
	&crd_source_module,
	&crd_source_firmware,
	&crd_source_power,
	&crd_source_platform,
	&crd_source_activity,
};

static int __init crd_check_params(struct crd_params *p)
{
	if (pcr < 0 || pcr > CRD_PCR_MAX) {
		pr_err("pcr=%d is refused: give 0 to %d; higher ones can be reset by software or do not exist\n",
		       pcr, CRD_PCR_MAX);
		return -EINVAL;
	}
	if (strcmp(fail, "open") && strcmp(fail, "closed")) {
		pr_err("fail= takes open or closed\n");
		return -EINVAL;
	}
	if (log_max < CRD_LOG_MAX_LEAST || log_max > CRD_LOG_MAX_MOST) {
		pr_err("log_max=%u is refused: give %d to %d (KiB)\n", log_max,
		       CRD_LOG_MAX_LEAST, CRD_LOG_MAX_MOST);
		return -EINVAL;
	}
	if (extend_timeout < CRD_TIMEOUT_LEAST ||
	    extend_timeout > CRD_TIMEOUT_MOST) {
		pr_err("extend_timeout=%u is refused: give %d to %d (ms)\n",
		       extend_timeout, CRD_TIMEOUT_LEAST, CRD_TIMEOUT_MOST);
		return -EINVAL;
	}
	p->pcr = pcr;
	p->closed = !strcmp(fail, "closed");
	p->unloadable = unloadable;
	p->log_max = log_max;
	p->timeout = extend_timeout;
	return 0;
}

static void crd_stop_sources(size_t n)
{
	while (n--)
		crd_sources[n]->stop();
}

static void crd_drain_sources(size_t n)
{
	while (n--)
		if (crd_sources[n]->drain)
			crd_sources[n]->drain();
}

static int __init crd_start_sources(void)
{
	size_t i;
	int rc;

	for (i = 0; i < ARRAY_SIZE(crd_sources); i++) {
		rc = crd_sources[i]->start();
		if (rc) {
			pr_err("cannot measure %s (%d)\n", crd_sources[i]->name,
			       rc);
			crd_measure_abandon();
			crd_stop_sources(i);
			crd_drain_sources(i);
			return rc;
		}
	}
	return 0;
}

static int __init crd_take_snapshot(struct crd_snapshot *snap)
{
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < ARRAY_SIZE(crd_sources); i++)
		if (crd_sources[i]->snapshot)
			rc = crd_sources[i]->snapshot(snap);
	if (rc)
		pr_err("cannot take the first snapshot (%d)\n", rc);
	return rc;
}

/* What each source sees, then what it does not: fields ascend. */
static void __init crd_fill_coverage(struct crd_event *ev, u64 left_out)
{
	static const u8 fields[] = { CRD_F_SEEN, CRD_F_NOT_SEEN };
	size_t i, k;

	if (left_out)
		crd_event_uint(ev, CRD_F_COUNT, left_out, 8);
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		for (k = 0; k < ARRAY_SIZE(crd_sources); k++)
			if (crd_sources[k]->cover)
				crd_sources[k]->cover(ev, fields[i]);
	if (left_out)
		crd_event_str(ev, CRD_F_NOT_SEEN, "snapshot: more components than its records can hold");
}

/* The first records: the anchor, what was there before us, the coverage. */
static int __init crd_write_start(void)
{
	struct crd_snapshot snap;
	struct crd_event anchor;
	int rc;

	crd_snapshot_init(&snap);
	crd_event_init(&anchor, CRD_EV_ANCHOR);
	rc = crd_take_snapshot(&snap);
	if (!rc)
		rc = crd_anchor_fill(&anchor);
	if (!rc) {
		crd_fill_coverage(crd_snapshot_coverage(&snap), snap.left_out);
		rc = crd_measure_open(&anchor, snap.group, snap.groups);
	}
	crd_event_free(&anchor);
	crd_snapshot_free(&snap);
	return rc;
}

/*
 * Sources and hooks first, with their events waiting at the gate; then the
 * first records are put together and written, and the gate is opened.
 */
static int __init crd_init(void)
{
	struct crd_params params;
	int rc;

	rc = crd_check_params(&params);
	if (rc)
		return rc;
	rc = crd_measure_start(&params);
	if (rc)
		return rc;
	rc = crd_fs_start();
	if (rc)
		goto err_stop_measure;
	rc = crd_start_sources();
	if (rc)
		goto err_stop_fs;
	rc = crd_hook_start();
	if (rc)
		goto err_stop_sources;
	rc = crd_write_start();
	if (rc)
		goto err_stop_hooks;

	if (!params.unloadable)
		__module_get(THIS_MODULE);
	pr_info("measuring into PCR %u\n", params.pcr);
	/* Not waited for. It is measured like any other. */
	request_module_nowait("crypto-sha256");
	return 0;

err_stop_hooks:
	crd_measure_abandon();
	crd_hook_stop();
err_stop_sources:
	crd_measure_abandon();
	crd_stop_sources(ARRAY_SIZE(crd_sources));
	crd_drain_sources(ARRAY_SIZE(crd_sources));
err_stop_fs:
	crd_fs_stop();
err_stop_measure:
	crd_measure_stop();
	return rc;
}

static void crd_write_unload(void)
{
	struct crd_event ev;

	crd_event_init(&ev, CRD_EV_UNLOAD);
	crd_source_who(&ev);
	crd_event_str(&ev, CRD_F_REASON, "unloaded on request");
	crd_measure(&ev, NULL);
	crd_event_free(&ev);
}

/* Only with unloadable=1: else we hold a reference on ourselves. */
static void __exit crd_exit(void)
{
	crd_write_unload();
	crd_hook_stop();
	crd_stop_sources(ARRAY_SIZE(crd_sources));
	crd_drain_sources(ARRAY_SIZE(crd_sources));
	crd_fs_stop();
	crd_measure_stop();
	pr_notice("unloaded; nothing is measured any more\n");
}

module_init(crd_init);
module_exit(crd_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Credence authors");
MODULE_DESCRIPTION("Credence measurer: drivers and firmware into a TPM PCR and a log");
MODULE_VERSION("0.1.0");
