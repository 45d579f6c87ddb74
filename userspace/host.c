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

/* Texts of the components, each in a piece of its own. */
struct text {
	struct text *next;
	char bytes[];
};

struct crd_host {
	struct crd_inventory inventory;
	struct text *texts;
	/* while reading */
	const char *root;
	const struct crd_registry *registry;
	char release[MODULE_NAME_MAX + 1];
	struct crd_log dep; /* modules.dep */
	bool failed;	    /* out of memory */
};

void crd_host_free(struct crd_host **host)
{
	struct text *t, *next;

	if (!*host)
		return;
	for (t = (*host)->texts; t; t = next) {
		next = t->next;
		free(t);
	}
	crd_inventory_done(&(*host)->inventory);
	free((*host)->dep.bytes);
	free(*host);
	*host = NULL;
}

const struct crd_inventory *crd_host_inventory(const struct crd_host *host)
{
	return &host->inventory;
}

/* An escaped copy that lives as long as the host does. */
static struct crd_buf keep(struct crd_host *h, struct crd_buf raw)
{
	size_t len = raw.len < CRD_MAX_TEXT / 4 ? raw.len : CRD_MAX_TEXT / 4;
	struct text *t = malloc(sizeof(*t) + 4 * len + 5);

	if (!t) {
		h->failed = true;
		return (struct crd_buf){ NULL, 0 };
	}
	crd_io_escape((const char *)raw.ptr, len, t->bytes, 4 * len + 5);
	t->next = h->texts;
	h->texts = t;
	return (struct crd_buf){ (const uint8_t *)t->bytes, strlen(t->bytes) };
}

static struct crd_buf trim(struct crd_buf text)
{
	while (text.len && (text.ptr[text.len - 1] == '\n' ||
			    text.ptr[text.len - 1] == ' '))
		text.len--;
	return text;
}

/* /sys/module/NAME/FILE; empty if it is not there */
static struct crd_buf attribute(struct crd_host *h, const char *name,
				const char *file)
{
	char path[PATH_MAX];
	struct crd_log log = { 0 };
	struct crd_buf text = { 0 };

	snprintf(path, sizeof(path), "sys/module/%s/%s", name, file);
	if (crd_collect_file(h->root, path, &log, NULL) == 0 && log.bytes)
		text = trim((struct crd_buf){ log.bytes, log.len });
	text = text.len ? keep(h, text) : (struct crd_buf){ 0 };
	free(log.bytes);
	return text;
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

static void add_author(struct crd_component *c, struct crd_buf author)
{
	if (c->n_authors < CRD_MAX_AUTHORS && author.ptr)
		c->authors[c->n_authors++] = author;
}

static void take_modinfo(struct crd_host *h, struct crd_component *c,
			 struct crd_buf module)
{
	struct crd_buf section, left, value;

	if (crd_modinfo_find(module, &section) < 0)
		return;
	left = section;
	while (crd_modinfo_next(&left, "author", &value))
		add_author(c, keep(h, value));
	left = section;
	if (crd_modinfo_next(&left, "license", &value))
		c->license = keep(h, value);
	left = section;
	if (crd_modinfo_next(&left, "vermagic", &value))
		c->vermagic = keep(h, value);
}

/* Only a module file that is not compressed; else its fields stay unknown. */
static void read_module_file(struct crd_host *h, struct crd_component *c,
			     const char *name)
{
	struct crd_buf path = path_of(h, name);
	char full[PATH_MAX];
	struct crd_log log = { 0 };

	if (!path.ptr || path.len > PATH_MAX / 2)
		return;
	snprintf(full, sizeof(full), "lib/modules/%s/%.*s", h->release,
		 (int)path.len, (const char *)path.ptr);
	c->path = keep(h,
		       (struct crd_buf){ (const uint8_t *)full, strlen(full) });
	if (crd_collect_file(h->root, full, &log, NULL) == 0 && log.bytes)
		take_modinfo(h, c, (struct crd_buf){ log.bytes, log.len });
	free(log.bytes);
}

static void add_module(struct crd_host *h, const char *name)
{
	struct crd_component *c = &h->inventory.components[h->inventory.n++];

	c->kind = CRD_KIND_DRIVER;
	c->name = keep(h,
		       (struct crd_buf){ (const uint8_t *)name, strlen(name) });
	c->version = attribute(h, name, "version");
	c->srcversion = attribute(h, name, "srcversion");
	c->flags = CRD_FLAG_UNMEASURED | CRD_FLAG_NOT_COVERED |
		   taint_flags(attribute(h, name, "taint"));
	read_module_file(h, c, name);
	crd_component_find_vendors(c, h->registry);
	c->grade = CRD_GRADE_SELF_REPORTED;
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

	h->inventory.components =
		calloc(MAX_MODULES, sizeof(*h->inventory.components));
	if (!h->inventory.components)
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
	return h->failed ? crd_io_err(err, -ENOMEM, "out of memory") : 0;
}

int crd_host_read(const char *root, const struct crd_registry *registry,
		  struct crd_host **ret_host, struct crd_error *err)
{
	struct crd_host *h = calloc(1, sizeof(*h));
	struct crd_log list = { 0 };
	char dep[PATH_MAX];
	struct utsname u;
	int r;

	if (!h)
		return crd_io_err(err, -ENOMEM, "out of memory");
	h->root = root;
	h->registry = registry;
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
