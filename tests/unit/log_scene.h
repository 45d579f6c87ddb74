/* SPDX-License-Identifier: Apache-2.0 */
/* log_scene - one log at a time, and the walk over it. */
#ifndef LOG_SCENE_H
#define LOG_SCENE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "soft_log.h"

static const uint8_t one_bank[] = { CRD_ALG_SHA256 };
static struct soft_log log_bytes;

static inline int count_record(const struct crd_record *rec, void *ctx)
{
	unsigned int *n = ctx;

	assert_int_equal(rec->recnum, *n);
	(*n)++;
	return 0;
}

/* Walks log_bytes, in memory of its exact size, so that ASan sees overreads. */
static inline int walk(unsigned int *n, enum crd_reason *reason,
		       struct crd_error *err)
{
	uint8_t *copy = malloc(log_bytes.n ? log_bytes.n : 1);
	int ret;

	memcpy(copy, log_bytes.b, log_bytes.n);
	*n = 0;
	err->text[0] = '\0';
	ret = crd_cel_walk((struct crd_buf){ copy, log_bytes.n }, count_record,
			   n, reason, err);
	free(copy);
	if (ret || *reason != CRD_REASON_NONE)
		assert_true(err->text[0] != '\0');
	if (ret)
		assert_int_equal(*reason, CRD_REASON_MALFORMED);
	return ret;
}

static inline void expect(const char *what, int want_ret, enum crd_reason want,
			  unsigned int want_n)
{
	struct crd_error err;
	enum crd_reason reason;
	unsigned int n;
	int ret = walk(&n, &reason, &err);

	if (ret == want_ret && reason == want && n == want_n)
		return;
	fail_msg("%s: got %d %s after %u records, want %d %s after %u (%s)",
		 what, ret, crd_reason_name(reason), n, want_ret,
		 crd_reason_name(want), want_n, err.text);
}

#endif /* LOG_SCENE_H */
