/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guest - a benchmark that is the first process of a virtual machine.
 *
 * On the kernel command line:
 *	policy=ima		measure under IMA: func=MODULE_CHECK
 *	policy=credence		measure with /credence.ko
 * /pre/NAME.ko, in order of name, are loaded before that.
 */
#ifndef GUEST_H
#define GUEST_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define GUEST_MAX_IMAGE	 (8u << 20)
#define GUEST_MAX_TEXT	 8192
#define GUEST_SECURITYFS "/sys/kernel/security"

static char guest_cmdline[GUEST_MAX_TEXT];

/* There is nobody to return to: say it, and end the machine. */
static inline void guest_stop(void)
{
	fflush(stdout);
	sync();
	reboot(RB_POWER_OFF);
}

static inline void guest_die(const char *what, const char *name)
{
	printf("FAIL %s %s: %s\n", what, name, strerror(errno));
	guest_stop();
}

static inline double guest_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* The whole file, or as much of it as fits; 0 if it cannot be opened. */
static inline size_t guest_read_file(const char *path, char *to, size_t max)
{
	size_t len = 0;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	while (len < max && (n = read(fd, to + len, max - len)) > 0)
		len += (size_t)n;
	close(fd);
	return len;
}

static inline void guest_write_file(const char *path, const char *from,
				    size_t len)
{
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, from, len) != (ssize_t)len)
		guest_die("write", path);
	close(fd);
}

static inline void guest_prepare(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/copy", 0755);
	if (mount("proc", "/proc", "proc", 0, NULL) ||
	    mount("sys", "/sys", "sysfs", 0, NULL) ||
	    mount("security", GUEST_SECURITYFS, "securityfs", 0, NULL))
		guest_die("mount", GUEST_SECURITYFS);
	guest_cmdline[guest_read_file("/proc/cmdline", guest_cmdline,
				      GUEST_MAX_TEXT - 1)] = 0;
}

/* Value of word= on the kernel command line, as a number. */
static inline int guest_option(const char *word, int otherwise)
{
	const char *at = strstr(guest_cmdline, word);

	return at ? (int)strtol(at + strlen(word), NULL, 10) : otherwise;
}

static inline int guest_insert(const char *path, double *ret_us)
{
	double start = guest_now_us();
	long rc;
	int fd;

	/* open() is in it: some policies measure there */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	rc = syscall(SYS_finit_module, fd, "", 0);
	*ret_us = guest_now_us() - start;
	close(fd);
	return rc ? -1 : 0;
}

static inline int guest_is_module(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".ko");
}

static inline void guest_load_before(void)
{
	struct dirent **list;
	char path[PATH_MAX];
	double us;
	int i, n;

	n = scandir("/pre", &list, guest_is_module, alphasort);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/pre/%s", list[i]->d_name);
		if (guest_insert(path, &us))
			guest_die("load", path);
	}
}

static inline void guest_start_measuring(void)
{
	static const char rule[] = "measure func=MODULE_CHECK\n";
	double us;

	if (strstr(guest_cmdline, "policy=ima"))
		guest_write_file(GUEST_SECURITYFS "/ima/policy", rule,
				 sizeof(rule) - 1);
	else if (strstr(guest_cmdline, "policy=credence") &&
		 guest_insert("/credence.ko", &us))
		guest_die("load", "/credence.ko");
}

static inline void guest_print_status(void)
{
	static const char ima[] = GUEST_SECURITYFS
		"/ima/runtime_measurements_count";
	static char log[GUEST_MAX_IMAGE];
	char text[GUEST_MAX_TEXT], *line, *rest;

	text[guest_read_file(GUEST_SECURITYFS "/credence/status", text,
			     GUEST_MAX_TEXT - 1)] = 0;
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		printf("STATUS %s\n", line);
	printf("LOG %zu\n", guest_read_file(GUEST_SECURITYFS "/credence/log",
					    log, sizeof(log)));
	text[guest_read_file(ima, text, GUEST_MAX_TEXT - 1)] = 0;
	printf("IMA %ld\n", strtol(text, NULL, 10));
}

#endif /* GUEST_H */
