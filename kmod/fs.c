// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three files. Reading takes no lock: the log only grows, and its length is
 * published after its bytes. Readers see whole records only. securityfs
 * reports a size of 0; read to the end of file.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/security.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "ascii.h"
#include "credence.h"
#include "fs.h"
#include "measure.h"

/* -EPERM: also for root of a user namespace, who owns nothing here. */
static int crd_fs_may_open(void)
{
	return capable(CAP_SYS_ADMIN) ? crd_measure_settle() : -EPERM;
}

static int crd_fs_log_open(struct inode *inode, struct file *file)
{
	return crd_fs_may_open();
}

static ssize_t crd_fs_log_read(struct file *file, char __user *buf,
			       size_t count, loff_t *pos)
{
	const struct crd_store *st = &crd_measure_log()->store;
	size_t done = 0;

	if (*pos < 0)
		return -EINVAL;
	while (done < count) {
		const u8 *data;
		size_t n = crd_store_span(st, *pos + done, &data);

		n = min(n, count - done);
		if (!n)
			break;
		if (copy_to_user(buf + done, data, n))
			return -EFAULT;
		done += n;
	}
	*pos += done;
	return done;
}

static loff_t crd_fs_log_llseek(struct file *file, loff_t offset, int whence)
{
	return fixed_size_llseek(file, offset, whence,
				 crd_store_len(&crd_measure_log()->store));
}

static __poll_t crd_fs_log_poll(struct file *file, poll_table *wait)
{
	struct crd_log *log = crd_measure_log();

	poll_wait(file, &log->wait, wait);
	if (crd_store_len(&log->store) > READ_ONCE(file->f_pos))
		return EPOLLIN | EPOLLRDNORM;
	return 0;
}

static const struct file_operations crd_fs_log_fops = {
	.owner = THIS_MODULE,
	.open = crd_fs_log_open,
	.read = crd_fs_log_read,
	.llseek = crd_fs_log_llseek,
	.poll = crd_fs_log_poll,
};

/*
 * log_ascii: a walk over records. Where the last one asked for began is
 * remembered, so that reading on costs nothing; going back walks again.
 */
struct crd_fs_walk {
	loff_t index;
	u64 offset;
};

static void *crd_fs_ascii_at(struct crd_fs_walk *walk, loff_t index)
{
	const struct crd_store *st = &crd_measure_log()->store;

	if (index < walk->index) {
		walk->index = 0;
		walk->offset = 0;
	}
	while (walk->index < index) {
		u64 next = crd_ascii_next(st, walk->offset);

		if (!next)
			return NULL;
		walk->offset = next;
		walk->index++;
	}
	return crd_store_len(st) > walk->offset ? walk : NULL;
}

static void *crd_fs_ascii_start(struct seq_file *m, loff_t *pos)
{
	return crd_fs_ascii_at(m->private, *pos);
}

static void *crd_fs_ascii_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return crd_fs_ascii_at(m->private, *pos);
}

static void crd_fs_ascii_stop(struct seq_file *m, void *v)
{
}

static int crd_fs_ascii_show(struct seq_file *m, void *v)
{
	const struct crd_fs_walk *walk = v;

	return crd_ascii_show(m, &crd_measure_log()->store, walk->offset);
}

static const struct seq_operations crd_fs_ascii_ops = {
	.start = crd_fs_ascii_start,
	.next = crd_fs_ascii_next,
	.stop = crd_fs_ascii_stop,
	.show = crd_fs_ascii_show,
};

static int crd_fs_ascii_open(struct inode *inode, struct file *file)
{
	return crd_fs_may_open() ?:
	       seq_open_private(file, &crd_fs_ascii_ops,
				sizeof(struct crd_fs_walk));
}

static __poll_t crd_fs_ascii_poll(struct file *file, poll_table *wait)
{
	struct crd_log *log = crd_measure_log();
	struct seq_file *m = file->private_data;

	poll_wait(file, &log->wait, wait);
	if (m->count || READ_ONCE(log->next) > READ_ONCE(m->index))
		return EPOLLIN | EPOLLRDNORM;
	return 0;
}

static const struct file_operations crd_fs_ascii_fops = {
	.owner = THIS_MODULE,
	.open = crd_fs_ascii_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.poll = crd_fs_ascii_poll,
	.release = seq_release_private,
};

static int crd_fs_status_show(struct seq_file *m, void *v)
{
	crd_measure_show(m);
	return 0;
}

static int crd_fs_status_open(struct inode *inode, struct file *file)
{
	return crd_fs_may_open() ?:
	       single_open(file, crd_fs_status_show, NULL);
}

static const struct file_operations crd_fs_status_fops = {
	.owner = THIS_MODULE,
	.open = crd_fs_status_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

static const struct {
	const char *name;
	const struct file_operations *fops;
} crd_fs_files[] = {
	{ CRD_FILE_LOG, &crd_fs_log_fops },
	{ CRD_FILE_LOG_ASCII, &crd_fs_ascii_fops },
	{ CRD_FILE_STATUS, &crd_fs_status_fops },
};

static struct dentry *crd_fs_dir;
static struct dentry *crd_fs_nodes[ARRAY_SIZE(crd_fs_files)];

/* Files first, folder last: right for every kernel's securityfs_remove(). */
void crd_fs_stop(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(crd_fs_files); i++) {
		securityfs_remove(crd_fs_nodes[i]);
		crd_fs_nodes[i] = NULL;
	}
	securityfs_remove(crd_fs_dir);
	crd_fs_dir = NULL;
}

int crd_fs_start(void)
{
	struct dentry *node;
	size_t i;

	crd_fs_dir = securityfs_create_dir(CRD_DIR, NULL);
	if (IS_ERR(crd_fs_dir)) {
		pr_err("cannot make securityfs %s (%ld); a kernel with CONFIG_SECURITYFS is needed\n",
		       CRD_DIR, PTR_ERR(crd_fs_dir));
		return PTR_ERR(crd_fs_dir);
	}
	for (i = 0; i < ARRAY_SIZE(crd_fs_files); i++) {
		node = securityfs_create_file(crd_fs_files[i].name, 0400,
					      crd_fs_dir, NULL,
					      crd_fs_files[i].fops);
		if (IS_ERR(node)) {
			crd_fs_stop();
			return PTR_ERR(node);
		}
		crd_fs_nodes[i] = node;
	}
	return 0;
}
