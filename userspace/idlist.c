// SPDX-License-Identifier: Apache-2.0
/*
 * pnp.ids has lines "INL<tab>InnoLux". The IEEE's lists have two lines for an
 * assignment: "70-B3-D5   (hex)<tab><tab>ACME" and "F2F000-F2FFFF     (base
 * 16)<tab><tab>ACME", the second without a range where a block is not divided.
 * They are read once, and sorted, by what they assign and by name.
 */
#include "idlist.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hex.h"
#include "hwdata.h"
#include "sys.h"

#define MAX_FILE    (64u << 20)
#define MAX_ENTRIES (1u << 20)
#define KEY	    10 /* of nine hexadecimal digits, with the NUL */

struct entry {
	char key[KEY];
	struct crd_buf name;
};

struct list {
	struct entry *by_key, *by_name;
	size_t n, cap;
	uint8_t *text[4];
	bool tried, lacking;
};

enum { PCI, USB, PNP, OUI, N_LISTS };

struct crd_idlist {
	int root;
	struct crd_hwdata *hwdata;
	struct list list[N_LISTS];
	char missing[64];
};

static const struct {
	const char *scheme, *list;
	const char *files[4]; /* of each, the first folder that has it */
} kinds[N_LISTS] = {
	[PCI] = { "pci", "pci.ids", { NULL } },
	[USB] = { "usb", "usb.ids", { NULL } },
	[PNP] = { "pnp", "pnp.ids", { "pnp.ids" } },
	[OUI] = { "oui",
		  "oui.txt",
		  { "oui.txt", "mam.txt", "oui36.txt", "iab.txt" } },
};

struct crd_idlist *crd_idlist_new(const char *root)
{
	struct crd_idlist *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->root = crd_sys_folder(AT_FDCWD, root ? root : "/");
	l->hwdata = crd_hwdata_new(root);
	if (!l->hwdata)
		crd_idlist_free(&l);
	return l;
}

void crd_idlist_free(struct crd_idlist **lists)
{
	struct crd_idlist *l = *lists;
	size_t i, k;

	if (!l)
		return;
	for (i = 0; i < N_LISTS; i++) {
		free(l->list[i].by_key);
		free(l->list[i].by_name);
		for (k = 0; k < 4; k++)
			free(l->list[i].text[k]);
	}
	crd_hwdata_free(&l->hwdata);
	if (l->root >= 0)
		close(l->root);
	free(l);
	*lists = NULL;
}

static struct crd_buf trim(struct crd_buf text)
{
	while (text.len && isspace(text.ptr[0])) {
		text.ptr++;
		text.len--;
	}
	while (text.len && isspace(text.ptr[text.len - 1]))
		text.len--;
	return text;
}

/* False: out of memory, or too many. */
static bool add(struct list *list, const char *key, struct crd_buf name)
{
	struct entry *more;

	if (list->n == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 4096;
		if (list->cap > MAX_ENTRIES)
			return false;
		more = realloc(list->by_key, list->cap * sizeof(*more));
		if (!more)
			return false;
		list->by_key = more;
	}
	strcpy(list->by_key[list->n].key, key);
	list->by_key[list->n++].name = name;
	return true;
}

/* "INL\tInnoLux" */
static bool pnp_line(struct list *list, struct crd_buf line, char *prefix)
{
	char key[KEY] = { 0 };

	if (line.len < 5 || line.ptr[3] != '\t')
		return true;
	memcpy(key, line.ptr, 3);
	return add(list, key,
		   trim((struct crd_buf){ line.ptr + 4, line.len - 4 }));
}

/* Lower-case hexadecimal digits at the beginning, without '-'; at most max. */
static size_t digits(struct crd_buf text, char *out, size_t max)
{
	size_t i, n = 0;

	for (i = 0; i < text.len && n < max; i++) {
		if (crd_hex_any_digit(text.ptr[i]) >= 0)
			out[n++] = (char)tolower(text.ptr[i]);
		else if (text.ptr[i] != '-')
			break;
	}
	return n;
}

/* The block that the line before began, and what of it is assigned. */
static bool oui_line(struct list *list, struct crd_buf line, char *prefix)
{
	static const char hex[] = "(hex)", base[] = "(base 16)";
	const uint8_t *at = memmem(line.ptr, line.len, hex, strlen(hex));
	char range[12], key[KEY] = { 0 };
	size_t n = 0;

	if (at) {
		memset(prefix, 0, KEY);
		digits(line, prefix, 6);
		return true;
	}
	at = memmem(line.ptr, line.len, base, strlen(base));
	if (!at || strlen(prefix) != 6)
		return true;
	memcpy(key, prefix, 6);
	/* as far as first and last are the same */
	if (digits(line, range, sizeof(range)) == sizeof(range))
		while (n < 3 && range[n] == range[6 + n]) {
			key[6 + n] = range[n];
			n++;
		}
	at += strlen(base);
	return add(list, key,
		   trim((struct crd_buf){
			   at, (size_t)(line.ptr + line.len - at) }));
}

static bool read_lines(struct list *list, struct crd_buf text,
		       bool (*fn)(struct list *list, struct crd_buf line,
				  char *prefix))
{
	char prefix[KEY] = { 0 };
	struct crd_buf line;
	const uint8_t *end;

	while (text.len) {
		end = memchr(text.ptr, '\n', text.len);
		line = (struct crd_buf){ text.ptr,
					 end ? (size_t)(end - text.ptr) :
					       text.len };
		if (!fn(list, line, prefix))
			return false;
		text.ptr += line.len + (end != NULL);
		text.len -= line.len + (end != NULL);
	}
	return true;
}

static int key_order(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->key,
		      ((const struct entry *)b)->key);
}

static int name_order(const void *a, const void *b)
{
	const struct crd_buf *x = &((const struct entry *)a)->name;
	const struct crd_buf *y = &((const struct entry *)b)->name;
	int order = memcmp(x->ptr, y->ptr, x->len < y->len ? x->len : y->len);

	return order ? order : (x->len > y->len) - (x->len < y->len);
}

static bool sort(struct list *list)
{
	size_t size = list->n * sizeof(*list->by_key);

	list->by_name = malloc(size);
	if (!list->by_name)
		return false;
	memcpy(list->by_name, list->by_key, size);
	qsort(list->by_key, list->n, sizeof(*list->by_key), key_order);
	qsort(list->by_name, list->n, sizeof(*list->by_name), name_order);
	return true;
}

static void read_file(struct crd_idlist *l, size_t kind, size_t i)
{
	static const char *const folders[] = { "usr/share/hwdata",
					       "usr/share/ieee-data",
					       "usr/share/misc" };
	struct list *list = &l->list[kind];
	char path[64];
	size_t f, len;

	for (f = 0; f < sizeof(folders) / sizeof(folders[0]); f++) {
		snprintf(path, sizeof(path), "%s/%s", folders[f],
			 kinds[kind].files[i]);
		if (crd_sys_slurp(l->root, path, MAX_FILE, &list->text[i],
				  &len) < 0)
			continue;
		if (!read_lines(list, (struct crd_buf){ list->text[i], len },
				kind == PNP ? pnp_line : oui_line))
			list->lacking = true;
		return;
	}
	/* what is divided is in lists of its own, which not all have */
	list->lacking |= i == 0;
}

static void try(struct crd_idlist *l, size_t kind)
{
	struct list *list = &l->list[kind];
	size_t i;

	list->tried = true;
	if (kind == PCI || kind == USB)
		list->lacking = !crd_hwdata_has(kinds[kind].scheme, l->hwdata);
	for (i = 0; i < 4 && kinds[kind].files[i]; i++)
		read_file(l, kind, i);
	if (kind >= PNP && !list->lacking)
		list->lacking = !list->n || !sort(list);
}

static enum crd_named by_key(const struct list *list, struct crd_buf value,
			     struct crd_buf *ret_name)
{
	struct entry want = { 0 }, *found;

	if (value.len >= KEY)
		return CRD_NAMED_NOT;
	memcpy(want.key, value.ptr, value.len);
	found = bsearch(&want, list->by_key, list->n, sizeof(want), key_order);
	if (!found)
		return CRD_NAMED_NOT;
	*ret_name = found->name;
	return CRD_NAMED;
}

/* These lists leave out quotes that a name has. */
static enum crd_named by_name(const struct list *list, struct crd_buf value,
			      struct crd_buf *ret_name)
{
	uint8_t bare[256];
	struct entry want = { .name = { bare, 0 } };
	size_t i;

	if (value.len > sizeof(bare))
		return CRD_NAMED_NOT;
	for (i = 0; i < value.len; i++)
		if (value.ptr[i] != '"')
			bare[want.name.len++] = value.ptr[i];
	*ret_name = value;
	return bsearch(&want, list->by_name, list->n, sizeof(want),
		       name_order) ?
		       CRD_NAMED :
		       CRD_NAMED_NOT;
}

static bool is_prefix(struct crd_buf text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (crd_hex_any_digit(text.ptr[i]) < 0)
			return false;
	return text.len == 6 || text.len == 7 || text.len == 9;
}

static enum crd_named by_number(const struct crd_idlist *l, size_t kind,
				struct crd_buf value, struct crd_buf *ret_name)
{
	uint8_t id[2];

	if (value.len != 4 || !crd_hex_read(value, crd_hex_any_digit, id))
		return CRD_NAMED_NOT;
	return crd_hwdata_name(kinds[kind].scheme,
			       (uint16_t)(id[0] << 8 | id[1]), -1, ret_name,
			       l->hwdata) ?
		       CRD_NAMED :
		       CRD_NAMED_NOT;
}

enum crd_named crd_idlist_named(const char *scheme, struct crd_buf value,
				struct crd_buf *ret_name, void *ctx)
{
	struct crd_idlist *l = ctx;
	size_t kind = 0;

	while (kind < N_LISTS && strcmp(kinds[kind].scheme, scheme))
		kind++;
	if (kind == N_LISTS)
		return CRD_NAMED_NO_LIST;
	if (!l->list[kind].tried)
		try(l, kind);
	if (l->list[kind].lacking)
		return CRD_NAMED_NO_LIST;
	if (kind < PNP)
		return by_number(l, kind, value, ret_name);
	if (kind == OUI && !is_prefix(value))
		return by_name(&l->list[kind], value, ret_name);
	return by_key(&l->list[kind], value, ret_name);
}

const char *crd_idlist_missing(struct crd_idlist *l)
{
	size_t i, len = 0;

	l->missing[0] = '\0';
	for (i = 0; i < N_LISTS; i++)
		if (l->list[i].tried && l->list[i].lacking)
			len += (size_t)snprintf(l->missing + len,
						sizeof(l->missing) - len,
						"%s%s", len ? ", " : "",
						kinds[i].list);
	return l->missing;
}
