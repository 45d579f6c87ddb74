// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other ways by which code gets into the kernel. What kexec_file_load(2) reads
 * passes the read hooks and is recorded like any image. The rest is watched by
 * probes on the functions that do it: the first time, and each time that the
 * count has doubled, there is a record, so that the log stays bounded.
 *
 * Observation only, none of it is needed to start. No function here is called
 * often: loads, registrations.
 */
#include <crypto/sha2.h>
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/perf_event.h>
#include <linux/ptrace.h>
#include <linux/security.h>
#include "hook.h"
#include "measure.h"
#include "source.h"

/**
 * struct crd_watch - something that is counted
 * @seen: for the coverage record
 * @not_seen: likewise, if there is nothing to probe
 * @on: there is a probe
 * @count: how often, so far
 * @next: at what count there is a record (again)
 * @busy: bit 0: a record is on its way
 * @who: whose call was the reason for it
 * @later: writes it
 */
struct crd_watch {
	const char *seen;
	const char *not_seen;
	bool on;
	atomic64_t count;
	s64 next;
	unsigned long busy;
	struct crd_who who;
	struct crd_later later;
};

/**
 * struct crd_watch_probe - a function that does it
 * @kind: what
 * @counts: whether this call is one; NULL: each
 * @kp: on its entry
 * @on: it is there
 */
struct crd_watch_probe {
	enum crd_activity kind;
	bool (*counts)(struct pt_regs *regs);
	struct kprobe kp;
	bool on;
};

static bool crd_watch_is_kexec(struct pt_regs *regs)
{
	return (u32)regs_get_kernel_argument(regs, 0) == LOADING_KEXEC_IMAGE;
}

/* The same function tells perf of programs that go away. */
static bool crd_watch_is_bpf_load(struct pt_regs *regs)
{
	return (u32)regs_get_kernel_argument(regs, 1) ==
	       PERF_BPF_EVENT_PROG_LOAD;
}

static bool crd_watch_is_ours(unsigned long addr)
{
	return within_module(addr, THIS_MODULE);
}

static bool crd_watch_is_foreign(struct pt_regs *regs)
{
	return !crd_watch_is_ours(regs_get_kernel_argument(regs, 0));
}

/* Tracing alone changes nothing; the moved instruction pointer does. */
static bool crd_watch_is_redirect(struct pt_regs *regs)
{
	unsigned long addr = regs_get_kernel_argument(regs, 0);
	const struct ftrace_ops *ops = (const struct ftrace_ops *)addr;

	return !crd_watch_is_ours(addr) && ops->flags & FTRACE_OPS_FL_IPMODIFY;
}

static int crd_watch_hit(struct kprobe *kp, struct pt_regs *regs);

#define CRD_PROBE(what, symbol, filter) {				\
	.kind = (what),							\
	.counts = (filter),						\
	.kp = { .symbol_name = (symbol), .pre_handler = crd_watch_hit },\
}

/* What 6.1 to 7.3 have; none has all. */
static struct crd_watch_probe crd_probes[] = {
	CRD_PROBE(CRD_ACTIVITY_KEXEC_LOAD, "security_kernel_load_data",
		  crd_watch_is_kexec),
	CRD_PROBE(CRD_ACTIVITY_BPF, "perf_event_bpf_event",
		  crd_watch_is_bpf_load),
	CRD_PROBE(CRD_ACTIVITY_LIVEPATCH, "klp_enable_patch", NULL),
	CRD_PROBE(CRD_ACTIVITY_KPROBE, "register_kprobe", crd_watch_is_foreign),
	CRD_PROBE(CRD_ACTIVITY_FTRACE, "register_ftrace_function",
		  crd_watch_is_redirect),
	/* BPF programs at a function's entry and return. */
	CRD_PROBE(CRD_ACTIVITY_FTRACE, "register_ftrace_direct", NULL),
	CRD_PROBE(CRD_ACTIVITY_FTRACE, "register_ftrace_direct_multi", NULL),
	CRD_PROBE(CRD_ACTIVITY_FTRACE, "update_ftrace_direct_add", NULL),
};

static struct crd_watch crd_watches[] = {
	[CRD_ACTIVITY_KEXEC_LOAD] = {
		.seen = "kexec: kexec_load(2), that it was called",
		.not_seen = "kexec: kexec_load(2)",
	},
	[CRD_ACTIVITY_BPF] = {
		.seen = "bpf: programs that were loaded, counted",
		.not_seen = "bpf: programs",
	},
	[CRD_ACTIVITY_LIVEPATCH] = {
		.seen = "livepatch: live patches, counted",
		.not_seen = "livepatch: live patches",
	},
	[CRD_ACTIVITY_KPROBE] = {
		.seen = "kprobe: probes of others, counted",
		.not_seen = "kprobe: probes of others",
	},
	[CRD_ACTIVITY_FTRACE] = {
		.seen = "ftrace: functions redirected by others, counted",
		.not_seen = "ftrace: functions redirected by others",
	},
};

static void crd_watch_write(const struct crd_watch *watch, s64 count)
{
	struct crd_event ev;

	crd_event_init(&ev, CRD_EV_ACTIVITY);
	crd_source_put_who(&ev, &watch->who);
	crd_event_uint(&ev, CRD_F_COUNT, count, 8);
	crd_event_uint(&ev, CRD_F_ACTIVITY, watch - crd_watches, 1);
	crd_measure(&ev, NULL);
	crd_event_free(&ev);
}

static void crd_watch_run(struct crd_later *later)
{
	struct crd_watch *watch = container_of(later, struct crd_watch, later);
	s64 count;

	do {
		count = atomic64_read(&watch->count);
		crd_watch_write(watch, count);
		WRITE_ONCE(watch->next, count * 2);
		clear_bit_unlock(0, &watch->busy);
		/* Either we see the count, or who counts sees us gone. */
		smp_mb__after_atomic();
	} while (atomic64_read(&watch->count) >= count * 2 &&
		 !test_and_set_bit_lock(0, &watch->busy));
}

static int crd_watch_hit(struct kprobe *kp, struct pt_regs *regs)
{
	struct crd_watch_probe *probe =
		container_of(kp, struct crd_watch_probe, kp);
	struct crd_watch *watch = &crd_watches[probe->kind];

	if (probe->counts && !probe->counts(regs))
		return 0;
	if (atomic64_inc_return(&watch->count) >= READ_ONCE(watch->next) &&
	    !test_and_set_bit_lock(0, &watch->busy)) {
		crd_source_note_who(&watch->who);
		crd_measure_later(&watch->later, crd_watch_run);
	}
	return 0;
}

static int crd_activity_kexec(const struct crd_read *rd, enum crd_activity kind)
{
	u8 sha256[SHA256_DIGEST_SIZE];
	struct crd_event ev;
	int rc;

	if (rd->verdict)
		return rd->verdict;
	crd_event_init(&ev, CRD_EV_ACTIVITY);
	crd_source_origin(&ev, rd->file);
	rc = crd_measure_image(rd->data, rd->size, rd->size, sha256, sha256);
	if (rc)
		ev.err = rc;
	crd_event_uint(&ev, CRD_F_SIZE, rd->size, 8);
	crd_source_digest(&ev, CRD_F_DIGEST, sha256);
	crd_source_who(&ev);
	crd_event_uint(&ev, CRD_F_ACTIVITY, kind, 1);
	rc = crd_measure(&ev, NULL);
	crd_event_free(&ev);
	return rc;
}

static int crd_activity_kexec_image(const struct crd_read *rd)
{
	return crd_activity_kexec(rd, CRD_ACTIVITY_KEXEC_IMAGE);
}

static int crd_activity_kexec_initramfs(const struct crd_read *rd)
{
	return crd_activity_kexec(rd, CRD_ACTIVITY_KEXEC_INITRAMFS);
}

/* A probe that cannot be put is no error: the coverage record says so. */
static int crd_activity_start(void)
{
	unsigned int i;

	crd_hook_handle(READING_KEXEC_IMAGE, crd_activity_kexec_image);
	crd_hook_handle(READING_KEXEC_INITRAMFS, crd_activity_kexec_initramfs);
	for (i = 0; i < ARRAY_SIZE(crd_probes); i++) {
		struct crd_watch_probe *probe = &crd_probes[i];

		probe->on = !register_kprobe(&probe->kp);
		if (probe->on)
			crd_watches[probe->kind].on = true;
	}
	return 0;
}

static void crd_activity_stop(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(crd_probes); i++)
		if (crd_probes[i].on)
			unregister_kprobe(&crd_probes[i].kp);
}

static void crd_activity_drain(void)
{
	crd_measure_drain();
}

static void crd_activity_cover(struct crd_event *ev, u8 field)
{
	bool seen = field == CRD_F_SEEN;
	unsigned int i;

	if (seen)
		crd_event_str(ev, field,
			      "kexec: what kexec_file_load(2) reads");
	else
		crd_event_str(ev, field,
			      "kexec-load: the bytes that kexec_load(2) takes");
	for (i = 0; i < ARRAY_SIZE(crd_watches); i++) {
		const struct crd_watch *watch = &crd_watches[i];

		if (!watch->seen || watch->on != seen)
			continue;
		crd_event_str(ev, field, seen ? watch->seen : watch->not_seen);
	}
}

const struct crd_source crd_source_activity = {
	.name = "activity",
	.start = crd_activity_start,
	.cover = crd_activity_cover,
	.stop = crd_activity_stop,
	.drain = crd_activity_drain,
};
