/* SPDX-License-Identifier: GPL-2.0-only */
/* A place, as a text put together from its steps: "0000:00/1c.0/00.0". */
#ifndef _CRD_PLACE_H
#define _CRD_PLACE_H

#include <linux/compiler_attributes.h>
#include <linux/types.h>
#include "event.h"

/* The longest that real machines have is about 60. */
#define CRD_PLACE_MAX		256

/**
 * struct crd_place - the text so far
 * @text: ends with a NUL
 * @len: bytes of it, without the NUL
 * @cut: there was more
 */
struct crd_place {
	char text[CRD_PLACE_MAX];
	size_t len;
	bool cut;
};

__printf(2, 3)
void crd_place_add(struct crd_place *place, const char *fmt, ...);
void crd_place_put(struct crd_event *ev, u8 field,
		   const struct crd_place *place);

#endif /* _CRD_PLACE_H */
