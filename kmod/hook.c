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
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/security.h>
#include <linux/wait.h>
#include "hook.h"
#include "procfile.h"

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

static void crd_hook_leave(void)
{
	if (atomic_dec_and_test(&crd_hook_inside))
		wake_up_all(&crd_hook_idle);
}

static int crd_hook_post_read_file(struct file *file, char *buf, loff_t size,
				   enum kernel_read_file_id id)
{
	struct crd_read rd = { .file = file, .data = buf, .size = size };
	int rc;

	atomic_inc(&crd_hook_inside);
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

	atomic_inc(&crd_hook_inside);
	rd.verdict = security_kernel_post_load_data(buf, size, id, description);
	rc = crd_hook_dispatch(&rd, id);
	crd_hook_leave();
	return rc;
}

/**
 * struct crd_hook - one redirected function
 * @name: for messages and for the anchor
 * @target: the kernel's function
 * @ours: what runs instead
 * @ops: ftrace's handle
 */
struct crd_hook {
	const char *name;
	void *target;
	void *ours;
	struct ftrace_ops ops;
};

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

#define CRD_HOOK(function, to) {					\
	.name = #function,						\
	.target = (function),						\
	.ours = (to),							\
	.ops = {							\
		.func = crd_hook_redirect,				\
		.flags = CRD_HOOK_REGS | FTRACE_OPS_FL_RECURSION |	\
			 FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT, \
	},								\
}

static struct crd_hook crd_hooks[] = {
	CRD_HOOK(security_kernel_post_read_file, crd_hook_post_read_file),
	CRD_HOOK(security_kernel_post_load_data, crd_hook_post_load_data),
};

/* Name of the i-th redirected function, NULL after the last. */
const char *crd_hook_name(unsigned int i)
{
	return i < ARRAY_SIZE(crd_hooks) ? crd_hooks[i].name : NULL;
}

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

static int crd_hook_add(struct crd_hook *hook)
{
	int rc;

	rc = ftrace_set_filter_ip(&hook->ops, (unsigned long)hook->target, 0,
				  0);
	if (!rc)
		rc = register_ftrace_function(&hook->ops);
	if (rc) {
		crd_hook_explain(hook, rc);
		ftrace_free_filter(&hook->ops);
	}
	return rc;
}

static void crd_hook_remove(struct crd_hook *hook)
{
	if (unregister_ftrace_function(&hook->ops))
		pr_err("could not unhook %s\n", hook->name);
	ftrace_free_filter(&hook->ops);
}

/*
 * Callers that were redirected may still be in our text: some before the
 * count, some inside, some on their last instructions. Every task must have
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
		crd_hook_remove(&crd_hooks[n]);
}

/* All hooks or none. */
int crd_hook_start(void)
{
	unsigned int i;
	int rc;

	for (i = 0; i < ARRAY_SIZE(crd_hooks); i++) {
		rc = crd_hook_add(&crd_hooks[i]);
		if (rc) {
			crd_hook_remove_first(i);
			return rc;
		}
	}
	return 0;
}

void crd_hook_stop(void)
{
	crd_hook_remove_first(ARRAY_SIZE(crd_hooks));
	crd_hook_drain();
}
