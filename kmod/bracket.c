// SPDX-License-Identifier: GPL-2.0-only
/*
 * Return probes on the system calls, and a table of brackets keyed by task.
 *
 * The table is ours and not part of the probe's instance: when a module's
 * init oopses, the kernel recycles the instance without calling us. Such a
 * bracket is taken over when its task_struct's address comes back.
 */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/kprobes.h>
#include <linux/list.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "bracket.h"
#include "sysname.h"

#define CRD_BRACKETS		1024	/* loads at the same time */
#define CRD_BRACKET_BITS	7

struct crd_bracket {
	struct hlist_node node;
	const struct task_struct *task;
	void *load;
	u32 flags;
	bool probed;		/* a return probe will close it */
};

static struct {
	raw_spinlock_t lock;	/* over all below; taken in probe handlers */
	struct hlist_head used[1 << CRD_BRACKET_BITS];
	struct hlist_head unused;
	struct crd_bracket *pool;
	unsigned long missed;
	crd_bracket_done done;
} crd_br = {
	.lock = __RAW_SPIN_LOCK_UNLOCKED(crd_br.lock),
};

static struct hlist_head *crd_bracket_slot(const struct task_struct *task)
{
	return &crd_br.used[hash_ptr(task, CRD_BRACKET_BITS)];
}

static struct crd_bracket *crd_bracket_find(const struct task_struct *task)
{
	struct crd_bracket *br;

	hlist_for_each_entry(br, crd_bracket_slot(task), node)
		if (br->task == task)
			return br;
	return NULL;
}

/* The current task's bracket, a new one if need be; NULL if there are none. */
static struct crd_bracket *crd_bracket_open(void)
{
	struct crd_bracket *br = crd_bracket_find(current);

	if (br || hlist_empty(&crd_br.unused))
		return br;
	br = hlist_entry(crd_br.unused.first, struct crd_bracket, node);
	hlist_del(&br->node);
	br->task = current;
	br->load = NULL;
	br->flags = 0;
	br->probed = false;
	hlist_add_head(&br->node, crd_bracket_slot(current));
	return br;
}

static void *crd_bracket_put(struct crd_bracket *br)
{
	void *load = br->load;

	hlist_del(&br->node);
	hlist_add_head(&br->node, &crd_br.unused);
	br->load = NULL;
	br->task = NULL;
	return load;
}

/* A bracket left open by a dead task, or by a call whose end was not seen. */
static void *crd_bracket_take_over(struct crd_bracket *br, u32 flags)
{
	void *stale = br->load;

	br->load = NULL;
	br->flags = flags;
	br->probed = true;
	return stale;
}

static int crd_bracket_enter(u32 flags)
{
	struct crd_bracket *br;
	unsigned long irq;
	void *stale = NULL;

	raw_spin_lock_irqsave(&crd_br.lock, irq);
	br = crd_bracket_open();
	if (br)
		stale = crd_bracket_take_over(br, flags);
	else
		crd_br.missed++;
	raw_spin_unlock_irqrestore(&crd_br.lock, irq);
	if (stale)
		crd_br.done(stale, CRD_BRACKET_UNSEEN);
	return br ? 0 : 1;
}

/* End the current task's bracket; what was attached is the caller's now. */
void *crd_bracket_close(void)
{
	struct crd_bracket *br;
	unsigned long irq;
	void *load = NULL;

	raw_spin_lock_irqsave(&crd_br.lock, irq);
	br = crd_bracket_find(current);
	if (br)
		load = crd_bracket_put(br);
	raw_spin_unlock_irqrestore(&crd_br.lock, irq);
	return load;
}

static int crd_bracket_enter_finit(struct kretprobe_instance *ri,
				   struct pt_regs *regs)
{
	return crd_bracket_enter(crd_sys_third_arg(regs));
}

static int crd_bracket_enter_init(struct kretprobe_instance *ri,
				  struct pt_regs *regs)
{
	return crd_bracket_enter(0);
}

static int crd_bracket_leave(struct kretprobe_instance *ri,
			     struct pt_regs *regs)
{
	void *load = crd_bracket_close();

	if (load)
		crd_br.done(load, (long)regs_return_value(regs));
	return 0;
}

/*
 * All probes of a system can be disarmed through debugfs, and nothing tells
 * us. A probe on a function of our own does: call it and see.
 */
static atomic_t crd_canary_sings;

static noinline __noclone void crd_bracket_canary(void)
{
	barrier();
}

static int crd_bracket_canary_hit(struct kprobe *kp, struct pt_regs *regs)
{
	atomic_inc(&crd_canary_sings);
	return 0;
}

static struct kprobe crd_canary = {
	.addr = (kprobe_opcode_t *)crd_bracket_canary,
	.pre_handler = crd_bracket_canary_hit,
};

/* Are probes armed at this moment? */
bool crd_bracket_armed(void)
{
	int before = atomic_read(&crd_canary_sings);

	crd_bracket_canary();
	return atomic_read(&crd_canary_sings) != before;
}

#define CRD_PROBE(symbol, enter, must) {				\
	.rp = {								\
		.kp.symbol_name = (symbol),				\
		.entry_handler = (enter),				\
		.handler = crd_bracket_leave,				\
		.maxactive = CRD_BRACKETS,				\
	},								\
	.required = (must),						\
}

static struct crd_probe {
	struct kretprobe rp;
	bool required;
	bool on;
} crd_probes[] = {
	CRD_PROBE(CRD_SYS_FINIT_MODULE, crd_bracket_enter_finit, true),
	CRD_PROBE(CRD_SYS_INIT_MODULE, crd_bracket_enter_init, true),
#ifdef CRD_SYS_COMPAT_FINIT_MODULE
	CRD_PROBE(CRD_SYS_COMPAT_FINIT_MODULE, crd_bracket_enter_finit, false),
	CRD_PROBE(CRD_SYS_COMPAT_INIT_MODULE, crd_bracket_enter_init, false),
#endif
};

/* Name of the i-th probe in force, "" for one not there, NULL at the end. */
const char *crd_bracket_name(unsigned int i)
{
	if (i >= ARRAY_SIZE(crd_probes))
		return NULL;
	return crd_probes[i].on ? crd_probes[i].rp.kp.symbol_name : "";
}

/**
 * crd_bracket_peek() - look at the current task's bracket
 * @ret_view: set if there is one
 *
 * Return: whether there is one.
 */
bool crd_bracket_peek(struct crd_bracket_view *ret_view)
{
	struct crd_bracket *br;
	unsigned long irq;

	raw_spin_lock_irqsave(&crd_br.lock, irq);
	br = crd_bracket_find(current);
	if (br) {
		ret_view->load = br->load;
		ret_view->flags = br->flags;
		ret_view->opened_here = !br->probed;
	}
	raw_spin_unlock_irqrestore(&crd_br.lock, irq);
	return br;
}

/**
 * crd_bracket_attach() - attach something to the current task's bracket
 * @load: belongs to the bracket until crd_bracket_close() or @done
 * @ret_before: the bracket as it was; ->load is the caller's to free
 *
 * If no probe saw the call, a bracket is opened here; LIVE or GOING of the
 * module notifier will have to close it.
 *
 * Return: 0, or -ENOSPC if there is no free bracket.
 */
int crd_bracket_attach(void *load, struct crd_bracket_view *ret_before)
{
	struct crd_bracket *br;
	unsigned long irq;

	raw_spin_lock_irqsave(&crd_br.lock, irq);
	br = crd_bracket_open();
	if (br) {
		ret_before->load = br->load;
		ret_before->flags = br->flags;
		ret_before->opened_here = !br->probed;
		br->load = load;
	} else {
		crd_br.missed++;
	}
	raw_spin_unlock_irqrestore(&crd_br.lock, irq);
	return br ? 0 : -ENOSPC;
}

/* Calls that went by without a bracket for want of room. */
unsigned long crd_bracket_missed(void)
{
	unsigned long n = READ_ONCE(crd_br.missed);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(crd_probes); i++)
		n += READ_ONCE(crd_probes[i].rp.nmissed);
	return n;
}

/* The table alone; probes come later. */
int crd_bracket_init(crd_bracket_done done)
{
	unsigned int i;

	crd_br.done = done;
	crd_br.pool = kcalloc(CRD_BRACKETS, sizeof(*crd_br.pool), GFP_KERNEL);
	if (!crd_br.pool)
		return -ENOMEM;
	for (i = 0; i < CRD_BRACKETS; i++)
		hlist_add_head(&crd_br.pool[i].node, &crd_br.unused);
	return 0;
}

static int crd_bracket_probe(struct crd_probe *probe)
{
	int rc = register_kretprobe(&probe->rp);

	probe->on = !rc;
	if (!rc || !probe->required)
		return 0;
	pr_err("cannot probe %s (%d)%s\n", probe->rp.kp.symbol_name, rc,
	       rc == -ENOENT || rc == -EINVAL ?
	       "; a kernel with CONFIG_KPROBES and loadable modules is needed" :
	       "");
	return rc;
}

/* No new brackets. Calls under way return without us. */
static void crd_bracket_unprobe(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(crd_probes); i++)
		if (crd_probes[i].on)
			unregister_kretprobe(&crd_probes[i].rp);
	/* A return handler that had begun has ended after this. */
	synchronize_rcu();
}

int crd_bracket_start(void)
{
	unsigned int i;
	int rc;

	rc = register_kprobe(&crd_canary);
	if (rc) {
		pr_err("cannot probe a function of our own (%d); a kernel with CONFIG_KPROBES is needed\n",
		       rc);
		return rc;
	}
	for (i = 0; i < ARRAY_SIZE(crd_probes); i++) {
		rc = crd_bracket_probe(&crd_probes[i]);
		if (rc)
			goto err_stop;
	}
	if (!crd_bracket_armed()) {
		pr_err("kprobes do not run: set kernel.ftrace_enabled and debugfs kprobes/enabled to 1 and load again\n");
		rc = -EBUSY;
		goto err_stop;
	}
	return 0;

err_stop:
	crd_bracket_stop();
	return rc;
}

void crd_bracket_stop(void)
{
	crd_bracket_unprobe();
	unregister_kprobe(&crd_canary);
}

/* After the hooks and the notifier are gone: give back what is attached. */
void crd_bracket_free(void (*drop)(void *load))
{
	unsigned int i;

	for (i = 0; i < CRD_BRACKETS; i++)
		if (crd_br.pool[i].load)
			drop(crd_br.pool[i].load);
	kfree(crd_br.pool);
	crd_br.pool = NULL;
}
