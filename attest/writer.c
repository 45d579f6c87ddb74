// SPDX-License-Identifier: Apache-2.0
/* writer - bytes appended to a growing, bounded block. */
#include "writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void set_error(struct crd_writer *w, int error)
{
	if (!w->error)
		w->error = error;
}

static void resize(struct crd_writer *w, size_t size)
{
	uint8_t *bytes = realloc(w->bytes, size);

	if (!bytes) {
		set_error(w, -ENOMEM);
		return;
	}
	w->bytes = bytes;
	w->size = size;
}

void crd_writer_init(struct crd_writer *w, size_t limit, size_t reserve)
{
	memset(w, 0, sizeof(*w));
	w->limit = limit;
	if (reserve > limit)
		reserve = limit;
	resize(w, reserve ? reserve : 1);
}

static bool make_room(struct crd_writer *w, size_t n)
{
	size_t size = w->size;

	if (w->error)
		return false;
	if (n > w->limit - w->len) {
		set_error(w, -E2BIG);
		return false;
	}
	if (n > w->size - w->len) {
		while (size < w->len + n)
			size *= 2;
		resize(w, size);
	}
	return !w->error;
}

void crd_writer_bytes(struct crd_writer *w, struct crd_buf bytes)
{
	if (!bytes.len || !make_room(w, bytes.len))
		return;
	memcpy(w->bytes + w->len, bytes.ptr, bytes.len);
	w->len += bytes.len;
}

void crd_writer_be(struct crd_writer *w, uint64_t value, size_t n)
{
	if (!make_room(w, n))
		return;
	for (size_t i = 0; i < n; i++)
		w->bytes[w->len++] = (uint8_t)(value >> 8 * (n - 1 - i));
}

int crd_writer_finish(struct crd_writer *w, uint8_t **ret_bytes,
		      size_t *ret_len)
{
	if (w->error) {
		free(w->bytes);
		return w->error;
	}
	*ret_bytes = w->bytes;
	*ret_len = w->len;
	return 0;
}
