// SPDX-License-Identifier: Apache-2.0
/*
 * paths - what a kernel does all day and no measurer records, as the first
 * process of a virtual machine. See guest.h for the kernel command line.
 *
 * Prints, for scripts/bench to read:
 *	PATH us... = name	one figure a round
 *	DONE paths
 * and what guest_print_status() does. Called with an argument it only ends:
 * that is the process that one of the paths starts.
 */
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "guest.h"

#define ROUNDS 7

enum {
	PAGE = 4096,
	FILE_BYTES = 16 * PAGE,
	MAP_BYTES = 64 * PAGE,
};

static char bytes[FILE_BYTES];

static void system_call(void)
{
	syscall(SYS_getppid);
}

static void read_a_file(void)
{
	if (guest_read_file("/copy/file", bytes, sizeof(bytes)) !=
	    sizeof(bytes))
		guest_die("read", "/copy/file");
}

static void write_a_file(void)
{
	guest_write_file("/copy/new", bytes, sizeof(bytes));
	if (unlink("/copy/new"))
		guest_die("unlink", "/copy/new");
}

static void read_an_attribute(void)
{
	if (!guest_read_file("/sys/kernel/uevent_seqnum", bytes, PAGE))
		guest_die("read", "uevent_seqnum");
}

static void touch_memory(void)
{
	size_t i;
	char *at = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		guest_die("map", "memory");
	for (i = 0; i < MAP_BYTES; i += PAGE)
		at[i] = 1;
	munmap(at, MAP_BYTES);
}

/* There and back through another process: two switches. */
static void switch_processes(void)
{
	static int ends[2] = { -1, -1 };
	char byte = 1;

	if (ends[0] < 0) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
			guest_die("open", "socket");
		if (!fork()) {
			while (read(ends[1], &byte, 1) == 1 &&
			       write(ends[1], &byte, 1) == 1)
				;
			_exit(0);
		}
	}
	if (write(ends[0], &byte, 1) != 1 || read(ends[0], &byte, 1) != 1)
		guest_die("pass", "byte");
}

static void start_a_process(void)
{
	char *const argv[] = { "/init", "end", NULL };
	int status = -1;
	pid_t child = fork();

	if (!child) {
		execv("/init", argv);
		_exit(1);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status)
		guest_die("start", "/init");
}

static const struct {
	const char *name;
	void (*walk)(void);
	int times;
} paths[] = {
	{ "a system call", system_call, 100000 },
	{ "read a file", read_a_file, 2000 },
	{ "write a file", write_a_file, 1000 },
	{ "read an attribute in /sys", read_an_attribute, 2000 },
	{ "map and touch memory", touch_memory, 500 },
	{ "switch between processes", switch_processes, 5000 },
	{ "start a process", start_a_process, 200 },
};

#define N_PATHS (sizeof(paths) / sizeof(paths[0]))

static double walk(size_t path)
{
	double start = guest_now_us();
	int i;

	for (i = 0; i < paths[path].times; i++)
		paths[path].walk();
	return guest_now_us() - start;
}

/* Round -1 warms up. */
static void measure(void)
{
	static double us[N_PATHS][ROUNDS];
	int round;
	size_t i;

	for (round = -1; round < ROUNDS; round++)
		for (i = 0; i < N_PATHS; i++)
			us[i][round < 0 ? 0 : round] = walk(i);
	for (i = 0; i < N_PATHS; i++) {
		printf("PATH");
		for (round = 0; round < ROUNDS; round++)
			printf(" %.1f", us[i][round]);
		printf(" = %s\n", paths[i].name);
	}
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1 && getpid() != 1)
		return 0;
	guest_prepare();
	guest_load_before();
	guest_start_measuring();
	guest_write_file("/copy/file", bytes, sizeof(bytes));
	measure();
	guest_print_status();
	printf("DONE %zu\n", N_PATHS);
	guest_stop();
	return 0;
}
