// SPDX-License-Identifier: Apache-2.0
/*
 * The loaded modules: names and taints from /proc/modules, version from
 * /sys/module, the rest from the file that modules.dep says is theirs, which
 * need not be what was loaded.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "credence.h"
#include "host_private.h"
#include "modinfo.h"

#define MAX_MODULES 4096
#define MAX_LIST    (4u << 20)	/* /proc/modules */
#define MAX_DEP	    (32u << 20) /* modules.dep */

struct module {
	char name[CRD_SYS_NAME];
	uint64_t taints;
	struct crd_buf path; /* in modules.dep; empty: none there */
};

struct modules {
	struct module *all;
	size_t n;
	size_t odd;    /* lines of the list that are none */
	size_t unread; /* their files */
	char release[CRD_SYS_NAME + 1];
};

/* Letters as in /proc/modules, bits as in /proc/sys/kernel/tainted. */
static uint64_t taints_of(const char *line, size_t len)
{
	static const struct {
		char letter;
		uint8_t bit;
	} taints[] = {
		{ 'P', 0 },  { 'F', 1 },  { 'C', 10 }, { 'O', 12 },
		{ 'E', 13 }, { 'K', 15 }, { 'N', 18 },
	};
	const char *at = memrchr(line, '(', len);
	uint64_t bits = 0;
	size_t i;

	for (; at && at < line + len; at++) {
		for (i = 0; i < sizeof(taints) / sizeof(taints[0]); i++)
			if (*at == taints[i].letter)
				bits |= 1ull << taints[i].bit;
	}
	return bits;
}

/* A name that could lead out of /sys/module is not a module's. */
static bool is_module_name(const char *name, size_t len)
{
	return len && len < CRD_SYS_NAME &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789_-") >= len;
}

static void read_list(struct modules *m, const char *text)
{
	size_t len, name;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		name = strcspn(text, " \n");
		if (!is_module_name(text, name) || m->n == MAX_MODULES) {
			m->odd++;
			continue;
		}
		memcpy(m->all[m->n].name, text, name);
		m->all[m->n++].taints = taints_of(text, len);
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct module *)a)->name,
		      ((const struct module *)b)->name);
}

/* Of ".../name.ko" the name; its file may have '-' where it has '_'. */
static bool name_of(const char *path, size_t len, char *name)
{
	const char *base = memrchr(path, '/', len), *dot;
	size_t i, n;

	base = base ? base + 1 : path;
	dot = memchr(base, '.', (size_t)(path + len - base));
	n = dot ? (size_t)(dot - base) : 0;
	if (!n || n >= CRD_SYS_NAME)
		return false;
	for (i = 0; i < n; i++)
		name[i] = base[i] == '-' ? '_' : base[i];
	name[n] = '\0';
	return true;
}

/* One pass: a line is "path: paths it depends on". */
static void find_paths(struct modules *m, const char *dep)
{
	struct module key, *found;
	const char *end, *colon;

	for (; *dep; dep = end + (*end == '\n')) {
		end = strchrnul(dep, '\n');
		colon = memchr(dep, ':', (size_t)(end - dep));
		if (!colon || !name_of(dep, (size_t)(colon - dep), key.name))
			continue;
		found = bsearch(&key, m->all, m->n, sizeof(key), by_name);
		if (found && !found->path.ptr)
			found->path = (struct crd_buf){ (const uint8_t *)dep,
							(size_t)(colon - dep) };
	}
}

static void put_all(struct crd_fields *f, uint8_t type, struct crd_buf info,
		    const char *key)
{
	struct crd_buf value;
	unsigned int n = 0;

	while (n++ < CRD_MAX_REPEAT && crd_modinfo_next(&info, key, &value))
		crd_fields_text(f, type, value.ptr, value.len);
}

static void put_first(struct crd_fields *f, uint8_t type, struct crd_buf info,
		      const char *key)
{
	struct crd_buf value;

	if (crd_modinfo_next(&info, key, &value))
		crd_fields_text(f, type, value.ptr, value.len);
}

/* What /sys/module/NAME has, else what its file has. */
static void put_version(struct crd_host *h, uint8_t type, const char *name,
			struct crd_buf info, const char *key)
{
	char path[2 * CRD_SYS_NAME], text[CRD_SYS_ATTRIBUTE];
	ssize_t n;

	snprintf(path, sizeof(path), "sys/module/%s/%s", name, key);
	n = crd_sys_read(h->root, path, text, sizeof(text));
	if (n > 0)
		crd_fields_text(&h->fields, type, text, (size_t)n);
	else if (n < 0 && n != -ENOENT)
		put_first(&h->fields, type, info, key);
}

/* The taint of a module without a signature that could be verified */
static bool is_tainted(const struct module *mod)
{
	return mod->taints >> 13 & 1;
}

/*
 * What the kernel thought of the signature shows in the taint alone: without
 * the one, a signature that is there was found good.
 */
static void put_signature(struct crd_fields *f, const struct module *mod,
			  int fd)
{
	if (!crd_modinfo_signed(fd))
		crd_fields_uint(f, CRD_F_SIG_STATUS, CRD_SIG_NONE, 1);
	else
		crd_fields_uint(f, CRD_F_SIG_STATUS,
				is_tainted(mod) ? CRD_SIG_UNVERIFIED :
						  CRD_SIG_VERIFIED,
				1);
}

static void put_modinfo(struct crd_host *h, const char *name,
			struct crd_buf info)
{
	struct crd_fields *f = &h->fields;
	struct crd_buf value;

	put_all(f, CRD_F_AUTHOR, info, "author");
	put_first(f, CRD_F_LICENSE, info, "license");
	put_version(h, CRD_F_VERSION, name, info, "version");
	put_version(h, CRD_F_SRCVERSION, name, info, "srcversion");
	put_first(f, CRD_F_VERMAGIC, info, "vermagic");
	if (info.len)
		crd_fields_uint(f, CRD_F_INTREE,
				crd_modinfo_next(&info, "intree", &value), 1);
}

static void put_firmware(struct crd_fields *f, struct crd_buf info)
{
	put_all(f, CRD_F_FIRMWARE, info, "firmware");
	put_first(f, CRD_F_DESCRIPTION, info, "description");
}

/* The file's descriptor, or -1; its path is said if there is one. */
static int open_file(struct crd_host *h, const struct modules *m,
		     const struct module *mod)
{
	char path[PATH_MAX];
	struct stat st;
	int fd;

	if (!mod->path.len || mod->path.len > PATH_MAX / 2)
		return -1;
	snprintf(path, sizeof(path), "/lib/modules/%s/%.*s", m->release,
		 (int)mod->path.len, (const char *)mod->path.ptr);
	/* as the kernel sees it, whatever our root */
	crd_fields_path(&h->fields, CRD_F_PATH, path);
	fd = crd_sys_open(h->root, path + 1);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	crd_fields_uint(&h->fields, CRD_F_SIZE, (uint64_t)st.st_size, 8);
	return fd;
}

/* A compressed file says nothing without being unpacked: not seen. */
static void add_module(struct crd_host *h, struct modules *m,
		       const struct module *mod)
{
	struct crd_buf info = { 0 };
	uint8_t *bytes = NULL;
	int fd;

	crd_fields_begin(&h->fields, CRD_EV_MODULE);
	crd_fields_str(&h->fields, CRD_F_NAME, mod->name);
	fd = open_file(h, m, mod);
	if (fd >= 0 && crd_modinfo_read(fd, &bytes, &info.len) == 0) {
		info.ptr = bytes;
		put_signature(&h->fields, mod, fd);
	} else {
		m->unread++;
		if (is_tainted(mod))
			crd_fields_uint(&h->fields, CRD_F_SIG_STATUS,
					CRD_SIG_NONE, 1);
	}
	put_modinfo(h, mod->name, info);
	put_firmware(&h->fields, info);
	crd_fields_uint(&h->fields, CRD_F_TAINTS, mod->taints, 8);
	crd_fields_end(&h->fields);
	free(bytes);
	if (fd >= 0)
		close(fd);
}

/* modules.dep only if there is a module to look for. */
static void find_files(struct crd_host *h, struct modules *m,
		       uint8_t **ret_bytes)
{
	char path[PATH_MAX];
	struct utsname u;
	size_t len;

	if (!m->n || uname(&u) < 0)
		return;
	snprintf(m->release, sizeof(m->release), "%s", u.release);
	snprintf(path, sizeof(path), "lib/modules/%s/modules.dep", m->release);
	if (crd_sys_slurp(h->root, path, MAX_DEP, ret_bytes, &len) == 0)
		find_paths(m, (char *)*ret_bytes);
}

int crd_host_modules(struct crd_host *h)
{
	struct modules m = { .n = 0 };
	uint8_t *list = NULL, *dep = NULL;
	size_t i, len;
	int r = crd_sys_slurp(h->root, "proc/modules", MAX_LIST, &list, &len);

	if (r < 0)
		return r;
	m.all = calloc(MAX_MODULES, sizeof(*m.all));
	if (!m.all) {
		free(list);
		return -ENOMEM;
	}
	read_list(&m, (char *)list);
	qsort(m.all, m.n, sizeof(*m.all), by_name);
	find_files(h, &m, &dep);
	for (i = 0; i < m.n; i++)
		add_module(h, &m, &m.all[i]);
	if (m.odd)
		crd_host_not_seen(
			h,
			"modules: %zu lines of /proc/modules that name none, or are too many",
			m.odd);
	if (m.unread)
		crd_host_not_seen(
			h,
			"modules: signature, author and licence of %zu, whose files are absent or compressed",
			m.unread);
	free(m.all);
	free(list);
	free(dep);
	return 0;
}
