/* SPDX-License-Identifier: GPL-2.0-only */
/* One load of a module, from its image to its record. */
#ifndef _CRD_LOAD_H
#define _CRD_LOAD_H

#include <crypto/sha2.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>
#include "event.h"
#include "hook.h"
#include "measure.h"

/**
 * struct crd_load - one load, from the image on
 * @later: writes the MODULE_RESULT record
 * @rcu: frees it from atomic context
 * @result: what the system call returned; CRD_BRACKET_UNSEEN
 * @recorded: there is a MODULE record, or there was an attempt at one
 * @ref: where that is in the log
 * @has_flags: a probe saw finit_module(2) and its flags
 * @has_sig: the image has an appended signature
 * @packed: what was read is not what the kernel uses, but has to be unpacked
 * @flags: those of finit_module(2)
 * @stored: digest of what was read, if @packed
 * @name: COMING knows it; before, what modinfo says
 * @source: PATH, ORIGIN
 * @image: SIZE to SIGNATURE
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
	bool has_flags;
	bool has_sig;
	bool packed;
	u32 flags;
	u8 stored[SHA256_DIGEST_SIZE];
	char name[MODULE_NAME_LEN];
	struct crd_event source;
	struct crd_event image;
	struct crd_event info;
	struct crd_event id;
	struct crd_event who;
};

struct crd_load *crd_load_new(void);
struct crd_load *crd_load_capture(const struct crd_read *rd, bool packed);
int crd_load_unpack(struct crd_load *load, const struct crd_read *rd);
void crd_load_free_fields(struct crd_load *load);
void crd_load_drop(void *data);

void crd_load_put_image(struct crd_event *ev, const struct crd_load *load,
			bool sig_ok);
void crd_load_put(struct crd_event *ev, const struct crd_load *load);

#endif /* _CRD_LOAD_H */
