// SPDX-License-Identifier: GPL-2.0-only
/*
 * ftrace moves the instruction pointer at the entry of the kernel's function
 * to ours, which then runs as if the caller had called it: in the caller's
 * context, free to sleep. Ours calls the original, and that call is let
 * through because it comes from this module.
 *
 * PERMANENT: kernel.ftrace_enabled cannot be cleared while we are there.
 * RECURSION: we call nothing that is traced, and must never be skipped.
 */
#include <linux/atomic.h>
#include <linux/ftrace.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/security.h>
#include <linux/string.h>
#include <linux/wait.h>
#include "hook.h"
#include "procfile.h"

#define CRD_HOOKS_MAX		8
#define CRD_FTRACE_SWITCH	"/proc/sys/kernel/ftrace_enabled"

static crd_hook_fn crd_hook_table[READING_MAX_ID];
static atomic_t crd_hook_inside;
static DECLARE_WAIT_QUEUE_HEAD(crd_hook_idle);

/* Which source wants these bytes; set before the hooks are in force. */
void crd_hook_handle(enum kernel_read_file_id id, crd_hook_fn fn)
{
	crd_hook_table[id] = fn;
}

static int crd_hook_dispatch(const struct crd_read *rd, unsigned int id)
{
	int rc = rd->verdict;

	if (id < READING_MAX_ID && crd_hook_table[id]) {
		rc = crd_hook_table[id](rd);
		if (rd->verdict)
			rc = rd->verdict;
	}
	return rc;
}

void crd_hook_enter(void)
{
	atomic_inc(&crd_hook_inside);
}

void crd_hook_leave(void)
{
	if (atomic_dec_and_test(&crd_hook_inside))
		wake_up_all(&crd_hook_idle);
}

static int crd_hook_post_read_file(struct file *file, char *buf, loff_t size,
				   enum kernel_read_file_id id)
{
	struct crd_read rd = { .file = file, .data = buf, .size = size };
	int rc;

	crd_hook_enter();
	rd.verdict = security_kernel_post_read_file(file, buf, size, id);
	rc = crd_hook_dispatch(&rd, id);
	crd_hook_leave();
	return rc;
}

static int crd_hook_post_load_data(char *buf, loff_t size,
				   enum kernel_load_data_id id,
				   char *description)
{
	struct crd_read rd = { .data = buf, .size = size };
	int rc;

	crd_hook_enter();
	rd.verdict = security_kernel_post_load_data(buf, size, id, description);
	rc = crd_hook_dispatch(&rd, id);
	crd_hook_leave();
	return rc;
}

static struct crd_hook crd_hook_read = {
	.name = "security_kernel_post_read_file",
	.target = security_kernel_post_read_file,
	.ours = crd_hook_post_read_file,
};

static struct crd_hook crd_hook_load = {
	.name = "security_kernel_post_load_data",
	.target = security_kernel_post_load_data,
	.ours = crd_hook_post_load_data,
};

static struct crd_hook *crd_hooks[CRD_HOOKS_MAX] = {
	&crd_hook_read,
	&crd_hook_load,
};

static unsigned int crd_hooks_used = 2;

/* One more function to redirect; wanted before the hooks are in force. */
void crd_hook_want(struct crd_hook *hook)
{
	if (!WARN_ON(crd_hooks_used == CRD_HOOKS_MAX))
		crd_hooks[crd_hooks_used++] = hook;
}

/* Name of the i-th function in force, "" for one not there, NULL at the end. */
const char *crd_hook_name(unsigned int i)
{
	if (i >= crd_hooks_used)
		return NULL;
	return crd_hooks[i]->on ? crd_hooks[i]->name : "";
}

static void notrace crd_hook_redirect(unsigned long ip, unsigned long parent_ip,
				      struct ftrace_ops *ops,
				      struct ftrace_regs *fregs)
{
	struct crd_hook *hook = container_of(ops, struct crd_hook, ops);

	if (!within_module(parent_ip, THIS_MODULE))
		ftrace_regs_set_instruction_pointer(fregs,
						    (unsigned long)hook->ours);
}

/* As for live patches: registers are saved only where ARGS is not enough. */
#ifdef CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS
#define CRD_HOOK_REGS	0
#else
#define CRD_HOOK_REGS	FTRACE_OPS_FL_SAVE_REGS
#endif

static bool crd_hook_ftrace_off(void)
{
	char value[8];

	return crd_procfile_read(CRD_FTRACE_SWITCH, value, sizeof(value)) > 0 &&
	       value[0] == '0';
}

/* Say precisely why; an errno alone is a riddle to who must mend it. */
static void crd_hook_explain(const struct crd_hook *hook, int rc)
{
	if (rc == -ENODEV)
		pr_err("cannot hook %s: ftrace has disabled itself after a fault in this boot; reboot\n",
		       hook->name);
	else if (crd_hook_ftrace_off())
		pr_err("cannot hook %s: ftrace is switched off; run sysctl kernel.ftrace_enabled=1 and load again\n",
		       hook->name);
	else if (rc == -EBUSY)
		pr_err("cannot hook %s: a live patch, a BPF program or another module has redirected it already; unload that first\n",
		       hook->name);
	else if (rc == -EINVAL)
		pr_err("cannot hook %s: this kernel has no trace entry there; a kernel with CONFIG_DYNAMIC_FTRACE and CONFIG_SECURITY is needed\n",
		       hook->name);
	else
		pr_err("cannot hook %s: error %d\n", hook->name, rc);
}

/* Static, so that it is known for one of ours. */
static struct kprobe crd_hook_finder;

/*
 * Where a function begins that is not exported. A probe finds it, which is
 * never armed. The probe may have been put behind the landing mark of an
 * indirect branch (ENDBR); how far from the beginning, the symbol table says.
 */
static int crd_hook_find(struct crd_hook *hook)
{
	char text[KSYM_SYMBOL_LEN];
	unsigned long addr, offset;
	const char *plus;
	int rc;

	memset(&crd_hook_finder, 0, sizeof(crd_hook_finder));
	crd_hook_finder.symbol_name = hook->name;
	crd_hook_finder.flags = KPROBE_FLAG_DISABLED;
	rc = register_kprobe(&crd_hook_finder);
	if (rc)
		return rc;
	addr = (unsigned long)crd_hook_finder.addr;
	unregister_kprobe(&crd_hook_finder);
	sprint_symbol(text, addr);
	plus = strrchr(text, '+');
	if (!plus || sscanf(plus, "+%lx/", &offset) != 1 || offset > addr)
		return -ENOENT;
	hook->target = (void *)(addr - offset);
	return 0;
}

static int crd_hook_register(struct crd_hook *hook)
{
	int rc;

	if (hook->found)
		hook->found(hook->target);
	hook->ops.func = crd_hook_redirect;
	hook->ops.flags = CRD_HOOK_REGS | FTRACE_OPS_FL_RECURSION |
			  FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT;
	rc = ftrace_set_filter_ip(&hook->ops, (unsigned long)hook->target, 0,
				  0);
	if (rc == -EINVAL && hook->optional)
		rc = -ENOENT;
	if (!rc)
		rc = register_ftrace_function(&hook->ops);
	if (rc)
		ftrace_free_filter(&hook->ops);
	hook->on = !rc;
	return rc;
}

/* Not there is one thing, held by somebody else another. */
static int crd_hook_add(struct crd_hook *hook)
{
	int rc = 0;

	if (!hook->target)
		rc = crd_hook_find(hook);
	if (!rc)
		rc = crd_hook_register(hook);
	else if (hook->optional)
		rc = -ENOENT;
	if (rc == -ENOENT && hook->optional) {
		pr_notice("this kernel has no %s to hook\n", hook->name);
		return 0;
	}
	if (rc)
		crd_hook_explain(hook, rc);
	return rc;
}

static void crd_hook_remove(struct crd_hook *hook)
{
	if (!hook->on)
		return;
	if (unregister_ftrace_function(&hook->ops))
		pr_err("could not unhook %s\n", hook->name);
	ftrace_free_filter(&hook->ops);
	hook->on = false;
}

/*
 * Callers that were redirected may still be in our text: some before the
 * count, some inside (a request for firmware may wait for user space for a
 * minute), some on their last instructions. Every task must have
 * been through a voluntary switch twice, with the count at zero in between.
 */
static void crd_hook_drain(void)
{
	synchronize_rcu_tasks();
	wait_event(crd_hook_idle, !atomic_read(&crd_hook_inside));
	synchronize_rcu_tasks();
}

static void crd_hook_remove_first(unsigned int n)
{
	while (n--)
		crd_hook_remove(crd_hooks[n]);
}

/* All hooks that this kernel can have, or none. */
int crd_hook_start(void)
{
	unsigned int i;
	int rc;

	for (i = 0; i < crd_hooks_used; i++) {
		rc = crd_hook_add(crd_hooks[i]);
		if (rc) {
			crd_hook_remove_first(i);
			return rc;
		}
	}
	return 0;
}

void crd_hook_stop(void)
{
	crd_hook_remove_first(crd_hooks_used);
	crd_hook_drain();
}
