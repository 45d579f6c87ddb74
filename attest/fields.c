// SPDX-License-Identifier: Apache-2.0
#include "fields.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "credence.h"

/* Room for what is said of everything in a machine. */
#define MAX_BYTES (64u * 1024 * 1024)
#define MAX_ITEMS 65536

void crd_fields_done(struct crd_fields *f)
{
	free(f->bytes);
	free(f->items);
	memset(f, 0, sizeof(*f));
}

static bool make_room(struct crd_fields *f, size_t more)
{
	size_t size = f->size ? f->size : 16384;
	uint8_t *bytes;

	if (f->error)
		return false;
	while (size - f->len < more)
		size *= 2;
	if (size == f->size)
		return true;
	bytes = size > MAX_BYTES ? NULL : realloc(f->bytes, size);
	if (!bytes) {
		f->error = size > MAX_BYTES ? -E2BIG : -ENOMEM;
		return false;
	}
	f->bytes = bytes;
	f->size = size;
	return true;
}

void crd_fields_begin(struct crd_fields *f, uint16_t event)
{
	size_t cap = f->cap ? 2 * f->cap : 256;
	struct crd_said *items = f->items;

	if (f->error)
		return;
	if (f->n == f->cap) {
		items = cap > MAX_ITEMS ? NULL :
					  realloc(items, cap * sizeof(*items));
		if (!items) {
			f->error = cap > MAX_ITEMS ? -E2BIG : -ENOMEM;
			return;
		}
		f->items = items;
		f->cap = cap;
	}
	items[f->n++] =
		(struct crd_said){ .event = event, .offset = (uint32_t)f->len };
	f->n_cut = 0;
}

static void put_header(uint8_t *at, uint8_t type, size_t len)
{
	at[0] = type;
	at[1] = (uint8_t)(len >> 24);
	at[2] = (uint8_t)(len >> 16);
	at[3] = (uint8_t)(len >> 8);
	at[4] = (uint8_t)len;
}

void crd_fields_cut(struct crd_fields *f, uint8_t type)
{
	if (f->n_cut < CRD_MAX_CUT && !memchr(f->cut, type, f->n_cut))
		f->cut[f->n_cut++] = type;
}

/* What was cut is known last, and stands first. */
static void put_cut(struct crd_fields *f, size_t begin)
{
	size_t more = CRD_TLV_HEADER + f->n_cut;
	uint8_t *at;

	if (!f->n_cut || !make_room(f, more))
		return;
	at = f->bytes + begin;
	memmove(at + more, at, f->len - begin);
	put_header(at, CRD_F_TRUNCATED, f->n_cut);
	memcpy(at + CRD_TLV_HEADER, f->cut, f->n_cut);
	f->len += more;
}

void crd_fields_end(struct crd_fields *f)
{
	struct crd_said *item;

	if (f->error)
		return;
	item = &f->items[f->n - 1];
	put_cut(f, item->offset);
	item->len = (uint32_t)(f->len - item->offset);
}

static void put_text(struct crd_fields *f, uint8_t type, const char *text,
		     size_t len, size_t max)
{
	struct crd_buf raw = { (const uint8_t *)text, len };
	uint8_t *at;

	if (!text || !make_room(f, CRD_TLV_HEADER + max))
		return;
	at = f->bytes + f->len;
	len = crd_escape(&raw, (char *)at + CRD_TLV_HEADER, max);
	if (raw.len)
		crd_fields_cut(f, type);
	put_header(at, type, len);
	f->len += CRD_TLV_HEADER + len;
}

void crd_fields_text(struct crd_fields *f, uint8_t type, const void *text,
		     size_t len)
{
	put_text(f, type, text, len, CRD_MAX_TEXT);
}

void crd_fields_str(struct crd_fields *f, uint8_t type, const char *text)
{
	if (text && *text)
		put_text(f, type, text, strlen(text), CRD_MAX_TEXT);
}

void crd_fields_path(struct crd_fields *f, uint8_t type, const char *text)
{
	put_text(f, type, text, strlen(text), CRD_MAX_PATH);
}

void crd_fields_bytes(struct crd_fields *f, uint8_t type, const void *ptr,
		      size_t len)
{
	if (!make_room(f, CRD_TLV_HEADER + len))
		return;
	put_header(f->bytes + f->len, type, len);
	memcpy(f->bytes + f->len + CRD_TLV_HEADER, ptr, len);
	f->len += CRD_TLV_HEADER + len;
}

void crd_fields_uint(struct crd_fields *f, uint8_t type, uint64_t value,
		     unsigned int width)
{
	uint8_t bytes[8];
	unsigned int i;

	for (i = 0; i < width; i++)
		bytes[i] = (uint8_t)(value >> 8 * (width - 1 - i));
	crd_fields_bytes(f, type, bytes, width);
}

void crd_fields_hash(struct crd_fields *f, uint8_t type,
		     const struct crd_digest *digest)
{
	uint8_t bytes[1 + CRD_MAX_DIGEST];

	bytes[0] = (uint8_t)digest->alg;
	memcpy(bytes + 1, digest->bytes, digest->len);
	crd_fields_bytes(f, type, bytes, 1u + digest->len);
}
