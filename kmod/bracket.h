/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bracket around each finit_module(2) and init_module(2): what the hooks
 * see between the call and its return belongs to one load. The kernel does
 * not nest these calls within a task, so the task is the key.
 */
#ifndef _CRD_BRACKET_H
#define _CRD_BRACKET_H

#include <linux/types.h>

/* A result that is no return value: the end of the call was not seen. */
#define CRD_BRACKET_UNSEEN	1

/**
 * typedef crd_bracket_done - a bracketed call returns
 * @load: what crd_bracket_attach() was given
 * @result: what the call returns
 *
 * Atomic context.
 */
typedef void (*crd_bracket_done)(void *load, long result);

/**
 * struct crd_bracket_view - the current task's bracket
 * @load: what was attached last, or NULL
 * @flags: third argument of finit_module(2)
 * @opened_here: no probe had seen the call
 */
struct crd_bracket_view {
	void *load;
	u32 flags;
	bool opened_here;
};

int crd_bracket_init(crd_bracket_done done);
int crd_bracket_start(void);
void crd_bracket_stop(void);
void crd_bracket_free(void (*drop)(void *load));

bool crd_bracket_peek(struct crd_bracket_view *ret_view);
int crd_bracket_attach(void *load, struct crd_bracket_view *ret_before);
void *crd_bracket_close(void);
bool crd_bracket_armed(void);
unsigned long crd_bracket_missed(void);
const char *crd_bracket_name(unsigned int i);

#endif /* _CRD_BRACKET_H */
