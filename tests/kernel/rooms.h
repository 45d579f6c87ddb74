/* SPDX-License-Identifier: GPL-2.0-only */
/* The parsers of the platform's tables and what they write to, compiled in. */
#ifndef TESTS_KERNEL_ROOMS_H
#define TESTS_KERNEL_ROOMS_H

/* First: of <linux/types.h> and some others the system has its own. */
#include "kernel.h"

#include "kmod/esrt.c"
#include "kmod/event.c"
#include "kmod/smbios.c"
#include "kmod/text.c"

/* One field of an event; @pos is 0 for the first and is moved behind it. */
struct event_field {
	u8 type;
	const u8 *value;
	size_t len;
};

static inline bool event_next(const struct crd_event *ev, size_t *pos,
			      struct event_field *ret)
{
	const u8 *p = ev->buf + CRD_EVENT_PROLOGUE + *pos;

	if (*pos + CRD_TLV_HEADER > crd_event_size(ev))
		return false;
	ret->type = p[0];
	ret->len = kernel_get(p + 1, 4, true);
	ret->value = p + CRD_TLV_HEADER;
	*pos += CRD_TLV_HEADER + ret->len;
	return *pos <= crd_event_size(ev);
}

#endif /* TESTS_KERNEL_ROOMS_H */
