// SPDX-License-Identifier: Apache-2.0
/* Files, modules in every way the kernel loads them, kernel messages. */
#include "measurer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MODULES "/lib/modules"

static int fd_read_all(int fd, uint8_t **ret_bytes, size_t *ret_len)
{
	size_t len = 0, room = 65536;
	uint8_t *bytes = NULL;
	ssize_t got;

	do {
		uint8_t *more = bytes;

		if (!bytes || len == room) {
			room *= 2;
			more = realloc(bytes, room + 1);
		}
		if (!more) {
			free(bytes);
			return -ENOMEM;
		}
		bytes = more;
		got = read(fd, bytes + len, room - len);
		if (got < 0) {
			free(bytes);
			return -errno;
		}
		len += got;
	} while (got);
	bytes[len] = 0;
	*ret_bytes = bytes;
	*ret_len = len;
	return 0;
}

/* Pseudo-files report no size: read until the end. */
int file_read(const char *path, uint8_t **ret_bytes, size_t *ret_len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = fd_read_all(fd, ret_bytes, ret_len);
	close(fd);
	return err;
}

int file_write(const char *path, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, bytes, len) != (ssize_t)len)
		err = errno ? -errno : -EIO;
	close(fd);
	return err;
}

int file_puts(const char *path, const char *text)
{
	return file_write(path, text, strlen(text));
}

uint64_t file_number(const char *path, const char *key)
{
	uint64_t value = 0;
	uint8_t *text;
	size_t len;
	char *at;

	if (file_read(path, &text, &len))
		return 0;
	at = strstr((char *)text, key);
	if (at)
		value = strtoull(at + strlen(key), NULL, 10);
	free(text);
	return value;
}

bool status_has(const char *text)
{
	uint8_t *status;
	size_t len;
	bool has;

	if (file_read(STATUS_FILE, &status, &len))
		return false;
	has = strstr((char *)status, text);
	free(status);
	return has;
}

void module_name(const char *path, char *ret_name, size_t size)
{
	const char *base = strrchr(path, '/');
	size_t i;

	base = base ? base + 1 : path;
	for (i = 0; i + 1 < size && base[i] && base[i] != '.'; i++)
		ret_name[i] = base[i] == '-' ? '_' : base[i];
	ret_name[i] = 0;
}

static char found_path[256];
static const char *wanted_name;

static int match_path(const char *path, const struct stat *st, int flag,
		      struct FTW *ftw)
{
	char name[64];

	if (flag != FTW_F || !strstr(path, ".ko"))
		return 0;
	module_name(path, name, sizeof(name));
	if (strcmp(name, wanted_name))
		return 0;
	snprintf(found_path, sizeof(found_path), "%s", path);
	return 1;
}

const char *stock_module(const char *name)
{
	wanted_name = name;
	if (nftw(MODULES, match_path, 16, FTW_PHYS) != 1)
		return NULL;
	return found_path;
}

/* modules.dep: "kernel/a.ko: kernel/b.ko ..."; nothing after the colon. */
unsigned int stock_modules(char (*ret_paths)[256], unsigned int max)
{
	char line[1024], release[40], path[160];
	unsigned int n = 0;
	uint8_t *text;
	size_t len;
	FILE *f;

	if (file_read("/proc/sys/kernel/osrelease", &text, &len))
		return 0;
	snprintf(release, sizeof(release), "%.*s",
		 (int)strcspn((char *)text, "\n"), text);
	free(text);
	snprintf(path, sizeof(path), MODULES "/%s/modules.dep", release);
	f = fopen(path, "r");
	while (f && n < max && fgets(line, sizeof(line), f)) {
		char *colon = strchr(line, ':');

		if (!colon || strcmp(colon, ":\n"))
			continue;
		*colon = 0;
		snprintf(ret_paths[n++], 256, MODULES "/%s/%.160s", release,
			 line);
	}
	if (f)
		fclose(f);
	return n;
}

bool module_is_loaded(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	return !access(path, F_OK);
}

int load_file(const char *path, const char *args)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, args, 0))
		err = -errno;
	close(fd);
	return err;
}

int load_bytes(const uint8_t *bytes, size_t len, const char *args)
{
	return syscall(SYS_init_module, bytes, len, args) ? -errno : 0;
}

int load_memory(const char *path, const char *args)
{
	uint8_t *bytes;
	size_t len;
	int err = file_read(path, &bytes, &len);

	if (err)
		return err;
	err = load_bytes(bytes, len, args);
	free(bytes);
	return err;
}

int load_memfd(const char *path, const char *args)
{
	int fd = memfd_create("module", MFD_CLOEXEC);
	uint8_t *bytes;
	size_t len;
	int err;

	if (fd < 0)
		return -errno;
	err = file_read(path, &bytes, &len);
	if (err) {
		close(fd);
		return err;
	}
	if (write(fd, bytes, len) != (ssize_t)len)
		err = -EIO;
	else if (syscall(SYS_finit_module, fd, args, 0))
		err = -errno;
	free(bytes);
	close(fd);
	return err;
}

/* All children start together when each finds its byte in the pipe. */
static pid_t start_load(load_fn load, const char *path, int gate)
{
	pid_t pid = fork();
	char byte;

	if (pid)
		return pid;
	if (read(gate, &byte, 1) < 0)
		_exit(255);
	_exit(-load(path, ""));
}

void load_burst(load_fn load, char (*paths)[256], unsigned int n, int *results)
{
	pid_t pids[BURST_MAX];
	int gate[2], status;
	unsigned int i;

	if (n > BURST_MAX || pipe(gate))
		return;
	for (i = 0; i < n; i++)
		pids[i] = start_load(load, paths[i], gate[0]);
	/* The children have copies of the writing end as well. */
	for (i = 0; i < n; i++)
		if (write(gate[1], "x", 1) != 1)
			return;
	for (i = 0; i < n; i++) {
		waitpid(pids[i], &status, 0);
		results[i] = WEXITSTATUS(status);
	}
	close(gate[0]);
	close(gate[1]);
}

unsigned int tasks_in(const char *prefix)
{
	DIR *proc = opendir("/proc");
	unsigned int n = 0;
	struct dirent *e;
	char path[300];
	uint8_t *where;
	size_t len;

	while (proc && (e = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/wchan", e->d_name);
		if (e->d_name[0] < '0' || e->d_name[0] > '9' ||
		    file_read(path, &where, &len))
			continue;
		n += len > strlen(prefix) &&
		     !memcmp(where, prefix, strlen(prefix));
		free(where);
	}
	if (proc)
		closedir(proc);
	return n;
}

int unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

static int kmsg = -1;

void kmsg_mark(void)
{
	if (kmsg < 0)
		kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	lseek(kmsg, 0, SEEK_END);
}

bool kmsg_has(const char *text)
{
	char line[8192];
	bool found = false;
	ssize_t got;

	while ((got = read(kmsg, line, sizeof(line) - 1)) > 0 ||
	       (got < 0 && errno == EPIPE)) {
		if (got < 0)
			continue;
		line[got] = 0;
		found = found || strstr(line, text);
	}
	return found;
}
