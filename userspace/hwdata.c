// SPDX-License-Identifier: Apache-2.0
/*
 * pci.ids and usb.ids: lines "8086  Intel Corporation", after each vendor its
 * devices, "\t10d3  82574L Gigabit Network Connection", each in ascending
 * order; then sections of other things, whose lines begin with a capital. The
 * files are large and a machine's ids few: they are mapped and bisected.
 */
#include "hwdata.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hex.h"
#include "sys.h"

#define MAX_FILE (64u << 20)
#define N_RECENT 16 /* vendors remembered */
#define N_GAPS	 8

struct block {
	uint32_t vendor;
	struct crd_buf name;
	struct crd_buf devices; /* the lines of its devices */
};

/* Bytes of the file in which no vendor begins. */
struct gap {
	size_t from, to;
};

struct ids {
	const char *bus;
	const char *files[2];
	bool tried;
	struct crd_buf text;
	struct block recent[N_RECENT];
	size_t n;
	struct gap gaps[N_GAPS]; /* the largest that were found */
};

struct crd_hwdata {
	int root;
	struct ids lists[2];
};

struct crd_hwdata *crd_hwdata_new(const char *root)
{
	struct crd_hwdata *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->root = crd_sys_folder(AT_FDCWD, root ? root : "/");
	h->lists[0] = (struct ids){ .bus = "pci",
				    .files = { "usr/share/misc/pci.ids",
					       "usr/share/hwdata/pci.ids" } };
	h->lists[1] = (struct ids){ .bus = "usb",
				    .files = { "usr/share/misc/usb.ids",
					       "usr/share/hwdata/usb.ids" } };
	return h;
}

void crd_hwdata_free(struct crd_hwdata **hwdata)
{
	struct crd_hwdata *h = *hwdata;
	size_t i;

	if (!h)
		return;
	for (i = 0; i < 2; i++)
		if (h->lists[i].text.len)
			munmap((void *)h->lists[i].text.ptr,
			       h->lists[i].text.len);
	if (h->root >= 0)
		close(h->root);
	free(h);
	*hwdata = NULL;
}

static bool map(int root, const char *path, struct crd_buf *ret_text)
{
	int fd = crd_sys_open(root, path);
	void *at = MAP_FAILED;
	struct stat st;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    st.st_size <= MAX_FILE)
		at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd,
			  0);
	close(fd);
	if (at == MAP_FAILED)
		return false;
	*ret_text = (struct crd_buf){ at, (size_t)st.st_size };
	return true;
}

static size_t line_end(struct crd_buf t, size_t at)
{
	const uint8_t *end = memchr(t.ptr + at, '\n', t.len - at);

	return end ? (size_t)(end - t.ptr) : t.len;
}

static size_t line_start(struct crd_buf t, size_t at)
{
	const uint8_t *before = memrchr(t.ptr, '\n', at);

	return before ? (size_t)(before - t.ptr) + 1 : 0;
}

/*
 * Four hexadecimal digits and two blanks, after so many tabs: the id, and the
 * name. False: another kind of line.
 */
static bool entry(struct crd_buf t, size_t at, size_t end, size_t tabs,
		  uint32_t *ret_id, struct crd_buf *ret_name)
{
	uint32_t id = 0;
	size_t i;

	if (end - at < tabs + 6)
		return false;
	for (i = 0; i < tabs; i++)
		if (t.ptr[at++] != '\t')
			return false;
	for (i = 0; i < 4; i++) {
		int digit = crd_hex_digit(t.ptr[at++]);

		if (digit < 0)
			return false;
		id = id << 4 | (uint32_t)digit;
	}
	if (t.ptr[at] != ' ' || t.ptr[at + 1] != ' ')
		return false;
	*ret_id = id;
	*ret_name = (struct crd_buf){ t.ptr + at + 2, end - at - 2 };
	return true;
}

/* The line after which nothing of this list comes: a section of others. */
static bool is_section(struct crd_buf t, size_t at)
{
	return isupper(t.ptr[at]);
}

/* Past a gap, if this is in one; where the next one begins. */
static size_t skip_gap(const struct ids *ids, size_t at, size_t *ret_next)
{
	const struct gap *gap;

	*ret_next = SIZE_MAX;
	for (gap = ids->gaps; gap < ids->gaps + N_GAPS; gap++) {
		if (at >= gap->from && at < gap->to)
			return skip_gap(ids, gap->to, ret_next);
		if (gap->from > at && gap->from < *ret_next)
			*ret_next = gap->from;
	}
	return at;
}

/* Instead of the smallest one, or of one that is a part of it. */
static void keep_gap(struct ids *ids, size_t from, size_t to)
{
	struct gap *gap, *worst = ids->gaps;

	for (gap = ids->gaps; gap < ids->gaps + N_GAPS; gap++) {
		if (gap->from >= from && gap->to <= to)
			*gap = (struct gap){ 0, 0 };
		if (gap->to - gap->from < worst->to - worst->from)
			worst = gap;
	}
	if (to - from > worst->to - worst->from)
		*worst = (struct gap){ from, to };
}

/*
 * From `at` on, the first line that is an entry, or the end; *ret_id of a
 * section is beyond all. A vendor may have thousands of devices, and halving
 * comes by there again and again: where long nothing was found is remembered.
 */
static size_t next_entry(struct ids *ids, struct crd_buf t, size_t at,
			 size_t tabs, uint32_t *ret_id)
{
	struct crd_buf name;
	size_t from = at, end, gap = tabs ? SIZE_MAX : 0;

	while (at < t.len) {
		if (at >= gap) {
			at = skip_gap(ids, at, &gap);
			if (at >= t.len)
				break;
		}
		end = line_end(t, at);
		if (t.ptr[at] == '\t' && !tabs) {
			at = end + 1;
			continue;
		}
		if (entry(t, at, end, tabs, ret_id, &name))
			break;
		*ret_id = UINT32_MAX;
		if (!tabs && is_section(t, at))
			break;
		at = end + 1;
	}
	if (at > t.len)
		at = t.len;
	if (!tabs)
		keep_gap(ids, from, at);
	return at;
}

/* The first entry whose id is not below that one; t.len: none. */
static size_t bound(struct ids *ids, struct crd_buf t, size_t tabs,
		    uint32_t want)
{
	size_t lo = 0, hi = t.len, found = t.len, start, at;
	uint32_t id = UINT32_MAX;

	while (lo < hi) {
		start = line_start(t, lo + (hi - lo) / 2);
		at = next_entry(ids, t, start, tabs, &id);
		if (at < t.len && id < want) {
			lo = line_end(t, at) + 1;
		} else {
			found = at;
			hi = start;
		}
	}
	return found;
}

static bool find(struct ids *ids, struct crd_buf t, size_t tabs, uint32_t want,
		 size_t *ret_at, struct crd_buf *ret_name)
{
	size_t at = bound(ids, t, tabs, want);
	uint32_t id;

	*ret_at = at;
	return at < t.len &&
	       entry(t, at, line_end(t, at), tabs, &id, ret_name) && id == want;
}

/* NULL: no such vendor. */
static const struct block *find_vendor(struct ids *ids, uint32_t vendor)
{
	struct crd_buf t = ids->text;
	struct block *b;
	size_t i, at, end;

	for (i = 0; i < ids->n; i++)
		if (ids->recent[i].vendor == vendor)
			return &ids->recent[i];
	b = &ids->recent[ids->n < N_RECENT ? ids->n : N_RECENT - 1];
	b->vendor = UINT32_MAX;
	if (!find(ids, t, 0, vendor, &at, &b->name))
		return NULL;
	at = line_end(t, at);
	at += at < t.len;
	end = bound(ids, t, 0, vendor + 1);
	b->vendor = vendor;
	b->devices = (struct crd_buf){ t.ptr + at, end > at ? end - at : 0 };
	if (ids->n < N_RECENT)
		ids->n++;
	return b;
}

/* NULL: there is no such list. */
static struct ids *open_list(struct crd_hwdata *h, const char *bus)
{
	struct ids *ids = h->lists;

	while (ids < h->lists + 2 && strcmp(ids->bus, bus))
		ids++;
	if (ids == h->lists + 2 || h->root < 0)
		return NULL;
	if (!ids->tried)
		ids->tried = map(h->root, ids->files[0], &ids->text) ||
			     map(h->root, ids->files[1], &ids->text) || true;
	return ids->text.len ? ids : NULL;
}

bool crd_hwdata_has(const char *bus, struct crd_hwdata *h)
{
	return open_list(h, bus);
}

bool crd_hwdata_name(const char *bus, uint16_t vendor, int32_t device,
		     struct crd_buf *ret_name, void *ctx)
{
	struct ids *ids = open_list(ctx, bus);
	const struct block *b;
	struct crd_buf name;
	size_t at;

	b = ids ? find_vendor(ids, vendor) : NULL;
	if (!b)
		return false;
	if (device < 0)
		*ret_name = b->name;
	else if (find(ids, b->devices, 1, (uint32_t)device, &at, &name))
		*ret_name = name;
	else
		return false;
	return true;
}
