// SPDX-License-Identifier: Apache-2.0
#include "sys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"

/* A pipe or a terminal in a made-up tree must not keep us waiting. */
#define FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

int crd_sys_open(int dir, const char *path)
{
	int fd = openat(dir, path, FLAGS);

	return fd < 0 ? -errno : fd;
}

int crd_sys_folder(int dir, const char *path)
{
	int fd = openat(dir, path, FLAGS | O_DIRECTORY);

	return fd < 0 ? -errno : fd;
}

ssize_t crd_sys_read(int dir, const char *path, char *buf, size_t size)
{
	int fd = crd_sys_open(dir, path);
	size_t len = 0;
	ssize_t n;

	buf[0] = '\0';
	if (fd < 0)
		return fd;
	/* an attribute comes in one piece; a second read would cost as much */
	do {
		n = read(fd, buf, size - 1);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return n;
	len = (size_t)n;
	while (len && (buf[len - 1] == '\n' || buf[len - 1] == ' '))
		len--;
	buf[len] = '\0';
	return (ssize_t)len;
}

int crd_sys_slurp(int dir, const char *path, size_t max, uint8_t **ret_bytes,
		  size_t *ret_len)
{
	int fd = crd_sys_open(dir, path);
	int r;

	if (fd < 0)
		return fd;
	r = crd_io_read_fd(fd, max, ret_bytes, ret_len);
	close(fd);
	return r;
}

bool crd_sys_link(int dir, const char *path, char *buf, size_t size)
{
	ssize_t n = readlinkat(dir, path, buf, size);

	if (n < 0 || (size_t)n >= size)
		n = 0;
	buf[n] = '\0';
	return n > 0;
}

const char *crd_sys_link_name(int dir, const char *path, char *buf, size_t size)
{
	char *slash;

	if (!crd_sys_link(dir, path, buf, size))
		return NULL;
	slash = strrchr(buf, '/');
	return slash ? slash + 1 : buf;
}

bool crd_sys_number(const char *text, int base, uint64_t *ret_value)
{
	char *end;
	uint64_t value;

	/* strtoull takes blanks and signs; a kernel writes none */
	if (!strchr("0123456789abcdefABCDEF", *text) || !*text)
		return false;
	errno = 0;
	value = strtoull(text, &end, base);
	if (errno || *end)
		return false;
	*ret_value = value;
	return true;
}

bool crd_sys_read_number(int dir, const char *path, int base,
			 uint64_t *ret_value)
{
	char text[32];
	ssize_t n = crd_sys_read(dir, path, text, sizeof(text));

	return n > 0 && strlen(text) == (size_t)n &&
	       crd_sys_number(text, base, ret_value);
}

const char *crd_sys_uevent(const char *text, const char *key, size_t *ret_len)
{
	size_t len = strlen(key);

	while (*text) {
		size_t line = strcspn(text, "\n");

		if (line > len && text[len] == '=' && !memcmp(text, key, len)) {
			*ret_len = line - len - 1;
			return text + len + 1;
		}
		text += line + (text[line] == '\n');
	}
	return NULL;
}

static int by_version(const void *a, const void *b)
{
	int order = strverscmp(a, b);

	/* leading zeros make different names that strverscmp may call equal */
	return order ? order : strcmp(a, b);
}

static int take(struct crd_sys_names *names, size_t *cap, const char *name)
{
	size_t len = strlen(name);
	void *more;

	if (len >= CRD_SYS_NAME || names->n == CRD_SYS_MAX_NAMES) {
		names->left_out++;
		return 0;
	}
	if (names->n == *cap) {
		*cap = *cap ? 2 * *cap : 32;
		more = realloc(names->name, *cap * CRD_SYS_NAME);
		if (!more)
			return -ENOMEM;
		names->name = more;
	}
	memcpy(names->name[names->n++], name, len + 1);
	return 0;
}

/* Takes fd over. */
static int read_folder(int fd, struct crd_sys_names *names)
{
	DIR *folder = fdopendir(fd);
	size_t cap = 0;
	struct dirent *d;
	int r = 0;

	if (!folder) {
		r = -errno;
		close(fd);
		return r;
	}
	while (!r && names->left_out < CRD_SYS_MAX_NAMES &&
	       (errno = 0, d = readdir(folder))) {
		if (d->d_name[0] != '.')
			r = take(names, &cap, d->d_name);
	}
	if (!r && errno)
		r = -errno;
	closedir(folder);
	return r;
}

int crd_sys_list(int dir, struct crd_sys_names *ret_names)
{
	struct crd_sys_names names = { 0 };
	int fd = crd_sys_folder(dir, ".");
	int r = fd < 0 ? fd : read_folder(fd, &names);

	if (r < 0) {
		crd_sys_names_done(&names);
		return r;
	}
	if (names.n)
		qsort(names.name, names.n, CRD_SYS_NAME, by_version);
	*ret_names = names;
	return 0;
}

void crd_sys_names_done(struct crd_sys_names *names)
{
	free(names->name);
	memset(names, 0, sizeof(*names));
}
