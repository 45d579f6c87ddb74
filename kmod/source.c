// SPDX-License-Identifier: GPL-2.0-only
/* Fields that sources have in common. */
#include <crypto/sha2.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tpm.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include "measure.h"
#include "source.h"

static void crd_source_path(struct crd_event *ev, struct file *file)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	char *path;

	if (!buf) {
		ev->err = -ENOMEM;
		return;
	}
	path = file_path(file, buf, PATH_MAX);
	if (IS_ERR(path))
		crd_event_cut(ev, CRD_F_PATH);
	else
		crd_event_text(ev, CRD_F_PATH, path, strlen(path),
			       CRD_MAX_PATH);
	kfree(buf);
}

/* PATH and ORIGIN. A memfd and an unlinked file have no link to them. */
void crd_source_origin(struct crd_event *ev, struct file *file)
{
	enum crd_origin origin = CRD_ORIGIN_MEMORY;

	if (file) {
		crd_source_path(ev, file);
		origin = file_inode(file)->i_nlink ? CRD_ORIGIN_FILE :
						     CRD_ORIGIN_ANONYMOUS;
	}
	crd_event_uint(ev, CRD_F_ORIGIN, origin, 1);
}

void crd_source_digest(struct crd_event *ev, u8 field, const u8 *sha256)
{
	crd_event_hash(ev, field, TPM_ALG_SHA256, sha256, SHA256_DIGEST_SIZE);
}

/* Who it is that does this; in any context. */
void crd_source_note_who(struct crd_who *ret_who)
{
	ret_who->pid = task_tgid_nr(current);
	ret_who->uid = from_kuid_munged(&init_user_ns, current_uid());
	strscpy(ret_who->comm, current->comm, sizeof(ret_who->comm));
}

/* PID, UID and COMM. */
void crd_source_put_who(struct crd_event *ev, const struct crd_who *who)
{
	crd_event_uint(ev, CRD_F_PID, who->pid, 4);
	crd_event_uint(ev, CRD_F_UID, who->uid, 4);
	crd_event_str(ev, CRD_F_COMM, who->comm);
}

/* Those of the current process. */
void crd_source_who(struct crd_event *ev)
{
	struct crd_who who;

	crd_source_note_who(&who);
	crd_source_put_who(ev, &who);
}

/* RESET_COUNT to CLOCK_SAFE, if the TPM tells. */
void crd_source_clock(struct crd_event *ev)
{
	struct crd_tpm_clock clock;

	if (crd_tpm_read_clock(crd_measure_tpm(), &clock))
		return;
	crd_event_uint(ev, CRD_F_RESET_COUNT, clock.reset_count, 4);
	crd_event_uint(ev, CRD_F_RESTART_COUNT, clock.restart_count, 4);
	crd_event_uint(ev, CRD_F_CLOCK, clock.clock, 8);
	crd_event_uint(ev, CRD_F_CLOCK_SAFE, clock.safe, 1);
}
