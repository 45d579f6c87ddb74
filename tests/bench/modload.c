// SPDX-License-Identifier: Apache-2.0
/*
 * modload - how long module loads take, as the first process of a virtual
 * machine: open() and finit_module() of each /mod/NAME.ko, several rounds.
 *
 * Every load is of a fresh copy under a new path and inode, so that whoever
 * caches by inode (IMA does) measures it anew; the copy is made before the
 * clock starts, the module is unloaded after it stops.
 *
 * On the kernel command line, beside what guest.h knows:
 *	rounds=N		how often (default 5); one more to warm up
 *	burst=1			all at once, from a process each, instead of
 *				one after the other
 *
 * Prints, for scripts/bench to read:
 *	MOD name bytes us...		one figure a round
 *	EXTEND name us...		of these, spent waiting for the TPM, as
 *					the measurer's status says; else 0
 *	BURST modules us...		until the last was there; one a round
 *	RECORDS n			of all these rounds
 *	DONE modules
 * and what guest_print_status() does.
 */
#include <sys/wait.h>

#include "guest.h"

#define MAX_MODULES 64
#define MAX_ROUNDS  32

struct module {
	char name[NAME_MAX];
	size_t size;
	double us[MAX_ROUNDS];
	double extend_us[MAX_ROUNDS];
};

static struct module modules[MAX_MODULES];
static char image[GUEST_MAX_IMAGE];

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
	guest_die("unload", name);
}

static int find_modules(void)
{
	struct dirent **list;
	int i, n;

	n = scandir("/mod", &list, guest_is_module, alphasort);
	if (n <= 0 || n > MAX_MODULES)
		guest_die("list", "/mod");
	for (i = 0; i < n; i++)
		strcpy(modules[i].name, list[i]->d_name);
	return n;
}

/* A number of the measurer's status; 0 without one. */
static double status_number(const char *key)
{
	char text[GUEST_MAX_TEXT];
	const char *at;

	text[guest_read_file(GUEST_SECURITYFS "/credence/status", text,
			     GUEST_MAX_TEXT - 1)] = 0;
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
	mod->size = guest_read_file(from, image, sizeof(image));
	guest_write_file(ret_copy, image, mod->size);
}

static void load_once(struct module *mod, int round, double *ret_us,
		      double *ret_extend)
{
	char copy[PATH_MAX];
	double before;

	copy_module(mod, round, copy);
	before = extend_us();
	if (guest_insert(copy, ret_us))
		guest_die("load", mod->name);
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
	_exit(guest_insert(copy, &us) ? 1 : 0);
}

static double burst_once(int n, int round)
{
	static char copies[MAX_MODULES][PATH_MAX];
	double start, took;
	int gate[2], status, i;

	if (pipe(gate))
		guest_die("pipe", "gate");
	for (i = 0; i < n; i++) {
		copy_module(&modules[i], round, copies[i]);
		if (!fork())
			burst_child(gate[0], copies[i]);
	}
	/* They are all asleep at the gate by then. */
	usleep(200000);
	start = guest_now_us();
	if (write(gate[1], image, (size_t)n) != n)
		guest_die("write", "gate");
	for (i = 0; i < n; i++)
		if (wait(&status) < 0 || status)
			guest_die("load", "burst");
	took = guest_now_us() - start;
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

int main(void)
{
	int rounds, n;

	guest_prepare();
	rounds = guest_option("rounds=", 5);
	if (rounds < 1 || rounds > MAX_ROUNDS) {
		errno = EINVAL;
		guest_die("option", "rounds=");
	}
	guest_load_before();
	guest_start_measuring();
	n = find_modules();
	if (guest_option("burst=", 0)) {
		burst(n, rounds);
	} else {
		measure(n, rounds);
		print_modules(n, rounds);
	}
	guest_print_status();
	printf("DONE %d\n", n);
	guest_stop();
	return 0;
}
