// SPDX-License-Identifier: GPL-2.0-only
/* Put a place together. What does not fit is cut, and said so in the event. */
#include <linux/kernel.h>
#include "credence.h"
#include "place.h"

void crd_place_add(struct crd_place *place, const char *fmt, ...)
{
	size_t left = sizeof(place->text) - place->len;
	va_list args;
	size_t n;

	va_start(args, fmt);
	n = vsnprintf(place->text + place->len, left, fmt, args);
	va_end(args);
	if (n >= left) {
		n = left - 1;
		place->cut = true;
	}
	place->len += n;
}

void crd_place_put(struct crd_event *ev, u8 field,
		   const struct crd_place *place)
{
	crd_event_text(ev, field, place->text, place->len, CRD_MAX_TEXT);
	if (place->cut)
		crd_event_cut(ev, field);
}
