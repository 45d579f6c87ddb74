// SPDX-License-Identifier: Apache-2.0
#include "host.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "collect.h"
#include "credence.h"
#include "io.h"
#include "modinfo.h"

#define MAX_MODULES	4096
#define MODULE_NAME_MAX 64

/* Room for what is said of all modules, as fields of a log would say it. */
#define MAX_BYTES (64u * 1024 * 1024)

struct crd_host {
	struct crd_inventory inventory;
	uint8_t *bytes; /* inventory.log */
	size_t len, size;
	/* while reading */
	const char *root;
	char release[MODULE_NAME_MAX + 1];
	struct crd_log dep; /* modules.dep */
	int error;	    /* 0 or the first -errno */
};

void crd_host_free(struct crd_host **host)
{
	if (!*host)
		return;
	crd_inventory_done(&(*host)->inventory);
	free((*host)->bytes);
	free((*host)->dep.bytes);
	free(*host);
	*host = NULL;
}

const struct crd_inventory *crd_host_inventory(const struct crd_host *host)
{
	return &host->inventory;
}

static bool make_room(struct crd_host *h, size_t more)
{
	size_t size = h->size ? h->size : 65536;
	uint8_t *bytes;

	if (h->error)
		return false;
	while (size - h->len < more)
		size *= 2;
	if (size > MAX_BYTES) {
		h->error = -E2BIG;
		return false;
	}
	bytes = size == h->size ? h->bytes : realloc(h->bytes, size);
	if (!bytes) {
		h->error = -ENOMEM;
		return false;
	}
	h->bytes = bytes;
	h->size = size;
	return true;
}

/* A field as in a log: type, length as u32 big-endian, escaped text. */
static void keep(struct crd_host *h, uint8_t type, struct crd_buf raw)
{
	size_t len = raw.len < CRD_MAX_TEXT / 4 ? raw.len : CRD_MAX_TEXT / 4;
	uint8_t *at;

	if (!raw.ptr || !make_room(h, 5 + 4 * len + 5))
		return;
	at = h->bytes + h->len;
	crd_io_escape((const char *)raw.ptr, len, (char *)at + 5, 4 * len + 5);
	len = strlen((const char *)at + 5);
	at[0] = type;
	at[1] = at[2] = 0;
	at[3] = (uint8_t)(len >> 8);
	at[4] = (uint8_t)len;
	h->len += 5 + len;
}

static struct crd_buf trim(struct crd_buf text)
{
	while (text.len && (text.ptr[text.len - 1] == '\n' ||
			    text.ptr[text.len - 1] == ' '))
		text.len--;
	return text;
}

/* /sys/module/NAME/FILE, to be freed; empty if it is not there */
static struct crd_buf attribute(const struct crd_host *h, const char *name,
				const char *file, struct crd_log *ret_log)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "sys/module/%s/%s", name, file);
	if (crd_collect_file(h->root, path, ret_log, NULL) < 0 ||
	    !ret_log->bytes)
		return (struct crd_buf){ 0 };
	return trim((struct crd_buf){ ret_log->bytes, ret_log->len });
}

static void keep_attribute(struct crd_host *h, uint8_t type, const char *name,
			   const char *file)
{
	struct crd_log log = { 0 };
	struct crd_buf text = attribute(h, name, file, &log);

	if (text.len)
		keep(h, type, text);
	free(log.bytes);
}

/* Letters as in /proc/modules and /sys/module/NAME/taint. */
static uint32_t taint_flags(struct crd_buf letters)
{
	uint32_t flags = 0;
	size_t i;

	for (i = 0; i < letters.len; i++) {
		switch (letters.ptr[i]) {
		case 'P':
			flags |= CRD_FLAG_PROPRIETARY;
			break;
		case 'O':
			flags |= CRD_FLAG_OUT_OF_TREE;
			break;
		case 'F':
			flags |= CRD_FLAG_FORCED;
			break;
		case 'C':
			flags |= CRD_FLAG_STAGING;
			break;
		case 'E':
			flags |= CRD_FLAG_UNSIGNED;
			break;
		default:
			break;
		}
	}
	return flags;
}

/* A module's name has '_' where its file may have '-'. */
static bool is_file_of(const char *path, size_t len, const char *name)
{
	const char *base = memrchr(path, '/', len);
	size_t n = strlen(name), i;

	base = base ? base + 1 : path;
	if ((size_t)(path + len - base) <= n || base[n] != '.')
		return false;
	for (i = 0; i < n; i++)
		if ((base[i] == '-' ? '_' : base[i]) != name[i])
			return false;
	return true;
}

/* "kernel/drivers/.../name.ko" as modules.dep has it */
static struct crd_buf path_of(const struct crd_host *h, const char *name)
{
	const char *line = (const char *)h->dep.bytes, *end, *colon;

	for (; line && *line; line = end + (*end == '\n')) {
		end = strchrnul(line, '\n');
		colon = memchr(line, ':', (size_t)(end - line));
		if (colon && is_file_of(line, (size_t)(colon - line), name))
			return (struct crd_buf){ (const uint8_t *)line,
						 (size_t)(colon - line) };
	}
	return (struct crd_buf){ 0 };
}

static void take_modinfo(struct crd_host *h, struct crd_buf module)
{
	struct crd_buf section, left, value;
	unsigned int n = 0;

	if (crd_modinfo_find(module, &section) < 0)
		return;
	left = section;
	while (n++ < CRD_MAX_AUTHORS &&
	       crd_modinfo_next(&left, "author", &value))
		keep(h, CRD_F_AUTHOR, value);
	left = section;
	if (crd_modinfo_next(&left, "license", &value))
		keep(h, CRD_F_LICENSE, value);
	left = section;
	if (crd_modinfo_next(&left, "vermagic", &value))
		keep(h, CRD_F_VERMAGIC, value);
}

/* Only a module file that is not compressed; else its fields stay unknown. */
static void read_module_file(struct crd_host *h, const char *name)
{
	struct crd_buf path = path_of(h, name);
	char full[PATH_MAX];
	struct crd_log log = { 0 };

	if (!path.ptr || path.len > PATH_MAX / 2)
		return;
	snprintf(full, sizeof(full), "lib/modules/%s/%.*s", h->release,
		 (int)path.len, (const char *)path.ptr);
	keep(h, CRD_F_PATH,
	     (struct crd_buf){ (const uint8_t *)full, strlen(full) });
	if (crd_collect_file(h->root, full, &log, NULL) == 0 && log.bytes)
		take_modinfo(h, (struct crd_buf){ log.bytes, log.len });
	free(log.bytes);
}

static void add_module(struct crd_host *h, const char *name)
{
	struct crd_inventory *inv = &h->inventory;
	struct crd_entry *e = &inv->entries[inv->n_entries++];
	struct crd_log taint = { 0 };

	inv->n++;
	e->event = CRD_EV_MODULE;
	e->flags = (uint16_t)(CRD_FLAG_UNMEASURED | CRD_FLAG_NOT_COVERED |
			      taint_flags(attribute(h, name, "taint", &taint)));
	free(taint.bytes);
	e->offset = (uint32_t)h->len;
	keep(h, CRD_F_NAME,
	     (struct crd_buf){ (const uint8_t *)name, strlen(name) });
	keep_attribute(h, CRD_F_VERSION, name, "version");
	keep_attribute(h, CRD_F_SRCVERSION, name, "srcversion");
	read_module_file(h, name);
	e->len = (uint32_t)(h->len - e->offset);
}

/* A name that could lead out of /sys/module is not a module's. */
static bool is_module_name(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_-") == strlen(name);
}

static int read_modules(struct crd_host *h, struct crd_log *list,
			struct crd_error *err)
{
	char name[MODULE_NAME_MAX];
	char *line = (char *)list->bytes, *rest = NULL;
	size_t n;

	h->inventory.self_reported = true;
	h->inventory.entries =
		calloc(MAX_MODULES, sizeof(*h->inventory.entries));
	if (!h->inventory.entries)
		return crd_io_err(err, -ENOMEM, "out of memory");
	for (line = strtok_r(line, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		n = strcspn(line, " ");
		if (h->inventory.n == MAX_MODULES || n >= sizeof(name))
			return crd_io_err(
				err, -E2BIG,
				"/proc/modules is over its limit of %d modules",
				MAX_MODULES);
		memcpy(name, line, n);
		name[n] = '\0';
		if (!is_module_name(name))
			return crd_io_err(err, -EBADMSG,
					  "/proc/modules: not a module's name");
		add_module(h, name);
	}
	h->inventory.log = (struct crd_buf){ h->bytes, h->len };
	if (h->error)
		return crd_io_err(err, h->error,
				  "what the modules say of themselves: %s",
				  strerror(-h->error));
	return 0;
}

int crd_host_read(const char *root, struct crd_host **ret_host,
		  struct crd_error *err)
{
	struct crd_host *h = calloc(1, sizeof(*h));
	struct crd_log list = { 0 };
	char dep[PATH_MAX];
	struct utsname u;
	int r;

	if (!h)
		return crd_io_err(err, -ENOMEM, "out of memory");
	h->root = root;
	if (uname(&u) == 0)
		snprintf(h->release, sizeof(h->release), "%s", u.release);
	r = crd_collect_file(root, "proc/modules", &list, err);
	if (r == 0 && !list.bytes)
		r = crd_io_err(
			err, -ENOENT,
			"there is neither a measurer's log nor /proc/modules");
	if (r < 0)
		goto out;
	snprintf(dep, sizeof(dep), "lib/modules/%s/modules.dep", h->release);
	r = crd_collect_file(root, dep, &h->dep, err);
	if (r == 0)
		r = read_modules(h, &list, err);
	if (r == 0) {
		*ret_host = h;
		h = NULL;
	}
out:
	free(list.bytes);
	crd_host_free(&h);
	return r;
}
