// SPDX-License-Identifier: Apache-2.0
/*
 * modload - how long module loads take, as the first process of a virtual
 * machine: open() and finit_module() of each /mod/NAME.ko, several rounds.
 *
 * Every load is of a fresh copy under a new path and inode, so that whoever
 * caches by inode (IMA does) measures it anew; the copy is made before the
 * clock starts, the module is unloaded after it stops.
 *
 * On the kernel command line:
 *	rounds=N		how often (default 5); one more to warm up
 *	burst=1			all at once, from a process each, instead of
 *				one after the other
 *	policy=ima		measure under IMA: func=MODULE_CHECK
 *	policy=credence		measure with /credence.ko, loaded first
 * /pre/NAME.ko, in order of name, are loaded before everything else.
 *
 * Prints, for scripts/bench to read:
 *	MOD name bytes us...		one figure a round
 *	EXTEND name us...		of these, spent waiting for the TPM, as
 *					the measurer's status says; else 0
 *	BURST modules us...		until the last was there; one a round
 *	RECORDS n			of all these rounds
 *	STATUS key=value		each line of the measurer's status
 *	LOG bytes			served by the measurer's log
 *	IMA entries
 *	DONE modules
 */
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
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_MODULES 64
#define MAX_ROUNDS  32
#define MAX_IMAGE   (8u << 20)
#define MAX_TEXT    8192
#define SECURITYFS  "/sys/kernel/security"

struct module {
	char name[NAME_MAX];
	size_t size;
	double us[MAX_ROUNDS];
	double extend_us[MAX_ROUNDS];
};

static struct module modules[MAX_MODULES];
static char image[MAX_IMAGE];
static char cmdline[MAX_TEXT];

/* There is nobody to return to: say it, and end the machine. */
static void stop(void)
{
	fflush(stdout);
	sync();
	reboot(RB_POWER_OFF);
}

static void die(const char *what, const char *name)
{
	printf("FAIL %s %s: %s\n", what, name, strerror(errno));
	stop();
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* The whole file, or as much of it as fits; 0 if it cannot be opened. */
static size_t read_file(const char *path, char *to, size_t max)
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

static void write_file(const char *path, const char *from, size_t len)
{
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, from, len) != (ssize_t)len)
		die("write", path);
	close(fd);
}

static void prepare(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/copy", 0755);
	if (mount("proc", "/proc", "proc", 0, NULL) ||
	    mount("sys", "/sys", "sysfs", 0, NULL) ||
	    mount("security", SECURITYFS, "securityfs", 0, NULL))
		die("mount", SECURITYFS);
	cmdline[read_file("/proc/cmdline", cmdline, MAX_TEXT - 1)] = 0;
}

/* Value of word= on the kernel command line, as a number. */
static int option(const char *word, int otherwise)
{
	const char *at = strstr(cmdline, word);

	return at ? (int)strtol(at + strlen(word), NULL, 10) : otherwise;
}

static int insert(const char *path, double *ret_us)
{
	double start = now_us();
	long rc;
	int fd;

	/* open() is in it: some policies measure there */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	rc = syscall(SYS_finit_module, fd, "", 0);
	*ret_us = now_us() - start;
	close(fd);
	return rc ? -1 : 0;
}

/* A file's name as the kernel names the module. */
static void kernel_name(const char *file, char *to)
{
	size_t i;

	for (i = 0; file[i] && strcmp(file + i, ".ko") != 0; i++)
		to[i] = file[i] == '-' ? '_' : file[i];
	to[i] = 0;
}

static void remove_module(const char *file)
{
	char name[NAME_MAX];
	int tries;

	kernel_name(file, name);
	for (tries = 0; tries < 50; tries++) {
		if (!syscall(SYS_delete_module, name, O_NONBLOCK))
			return;
		usleep(20000);
	}
	die("unload", name);
}

static int is_module(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".ko");
}

static void load_before(void)
{
	struct dirent **list;
	char path[PATH_MAX];
	double us;
	int i, n;

	n = scandir("/pre", &list, is_module, alphasort);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/pre/%s", list[i]->d_name);
		if (insert(path, &us))
			die("load", path);
	}
}

static void start_measuring(void)
{
	static const char rule[] = "measure func=MODULE_CHECK\n";
	double us;

	if (strstr(cmdline, "policy=ima"))
		write_file(SECURITYFS "/ima/policy", rule, sizeof(rule) - 1);
	else if (strstr(cmdline, "policy=credence") &&
		 insert("/credence.ko", &us))
		die("load", "/credence.ko");
}

static int find_modules(void)
{
	struct dirent **list;
	int i, n;

	n = scandir("/mod", &list, is_module, alphasort);
	if (n <= 0 || n > MAX_MODULES)
		die("list", "/mod");
	for (i = 0; i < n; i++)
		strcpy(modules[i].name, list[i]->d_name);
	return n;
}

/* A number of the measurer's status; 0 without one. */
static double status_number(const char *key)
{
	char text[MAX_TEXT];
	const char *at;

	text[read_file(SECURITYFS "/credence/status", text, MAX_TEXT - 1)] = 0;
	at = strstr(text, key);
	return at ? strtod(at + strlen(key), NULL) : 0;
}

/* How long the measurer has waited for the TPM in all. */
static double extend_us(void)
{
	return status_number("extend_ns=") / 1e3;
}

static void copy_module(struct module *mod, int round, char *ret_copy)
{
	char from[PATH_MAX];

	snprintf(from, sizeof(from), "/mod/%s", mod->name);
	snprintf(ret_copy, PATH_MAX, "/copy/%d_%s", round, mod->name);
	mod->size = read_file(from, image, sizeof(image));
	write_file(ret_copy, image, mod->size);
}

static void load_once(struct module *mod, int round, double *ret_us,
		      double *ret_extend)
{
	char copy[PATH_MAX];
	double before;

	copy_module(mod, round, copy);
	before = extend_us();
	if (insert(copy, ret_us))
		die("load", mod->name);
	*ret_extend = extend_us() - before;
	unlink(copy);
	remove_module(mod->name);
}

/* Round -1 warms up: first use of a path costs what no later one does. */
static void measure(int n, int rounds)
{
	int round, i, at;

	for (round = -1; round < rounds; round++) {
		at = round < 0 ? 0 : round;
		for (i = 0; i < n; i++)
			load_once(&modules[i], round, &modules[i].us[at],
				  &modules[i].extend_us[at]);
	}
}

/* A child's: wait for the others, then load. */
static void burst_child(int gate, const char *copy)
{
	double us;
	char byte;

	if (read(gate, &byte, 1) != 1)
		_exit(1);
	_exit(insert(copy, &us) ? 1 : 0);
}

static double burst_once(int n, int round)
{
	static char copies[MAX_MODULES][PATH_MAX];
	double start, took;
	int gate[2], status, i;

	if (pipe(gate))
		die("pipe", "gate");
	for (i = 0; i < n; i++) {
		copy_module(&modules[i], round, copies[i]);
		if (!fork())
			burst_child(gate[0], copies[i]);
	}
	/* They are all asleep at the gate by then. */
	usleep(200000);
	start = now_us();
	if (write(gate[1], image, (size_t)n) != n)
		die("write", "gate");
	for (i = 0; i < n; i++)
		if (wait(&status) < 0 || status)
			die("load", "burst");
	took = now_us() - start;
	close(gate[0]);
	close(gate[1]);
	for (i = 0; i < n; i++) {
		unlink(copies[i]);
		remove_module(modules[i].name);
	}
	return took;
}

static void burst(int n, int rounds)
{
	double us[MAX_ROUNDS];
	double records;
	int i;

	burst_once(n, rounds);
	records = status_number("records=");
	for (i = 0; i < rounds; i++)
		us[i] = burst_once(n, i);
	printf("BURST %d", n);
	for (i = 0; i < rounds; i++)
		printf(" %.1f", us[i]);
	printf("\nRECORDS %.0f\n", status_number("records=") - records);
}

static void print_modules(int n, int rounds)
{
	int round, i;

	for (i = 0; i < n; i++) {
		printf("MOD %s %zu", modules[i].name, modules[i].size);
		for (round = 0; round < rounds; round++)
			printf(" %.1f", modules[i].us[round]);
		printf("\nEXTEND %s", modules[i].name);
		for (round = 0; round < rounds; round++)
			printf(" %.1f", modules[i].extend_us[round]);
		printf("\n");
	}
}

static void print_status(void)
{
	static const char ima[] = SECURITYFS "/ima/runtime_measurements_count";
	static char log[MAX_IMAGE];
	char text[MAX_TEXT], *line, *rest;

	text[read_file(SECURITYFS "/credence/status", text, MAX_TEXT - 1)] = 0;
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		printf("STATUS %s\n", line);
	printf("LOG %zu\n",
	       read_file(SECURITYFS "/credence/log", log, sizeof(log)));
	text[read_file(ima, text, MAX_TEXT - 1)] = 0;
	printf("IMA %ld\n", strtol(text, NULL, 10));
}

int main(void)
{
	int rounds, n;

	prepare();
	rounds = option("rounds=", 5);
	if (rounds < 1 || rounds > MAX_ROUNDS) {
		errno = EINVAL;
		die("option", "rounds=");
	}
	load_before();
	start_measuring();
	n = find_modules();
	if (option("burst=", 0)) {
		burst(n, rounds);
	} else {
		measure(n, rounds);
		print_modules(n, rounds);
	}
	print_status();
	printf("DONE %d\n", n);
	stop();
	return 0;
}
