// SPDX-License-Identifier: Apache-2.0
/*
 * The first process of a virtual machine whose clock counts instructions: runs
 * each command of /tools so many times and prints how long it took.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS	  5 /* after one that only warms the caches */
#define MAX_WORDS 32

extern char **environ;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void mount_all(void)
{
	static const char *const folders[][2] = {
		{ "/proc", "proc" },
		{ "/sys", "sysfs" },
		{ "/dev", "devtmpfs" },
		{ "/tmp", "tmpfs" },
	};
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		mkdir(folders[i][0], 0755);
		if (mount(folders[i][1], folders[i][0], folders[i][1], 0,
			  NULL) < 0 &&
		    errno != EBUSY)
			printf("FAULT mount %s: %m\n", folders[i][0]);
	}
}

/* Its exit status, or -1; *ret_ns is for all of its life. */
static int run(char **words, posix_spawn_file_actions_t *actions,
	       uint64_t *ret_ns)
{
	uint64_t begin = now_ns();
	int status = -1;
	pid_t child;

	if (posix_spawnp(&child, words[0], actions, NULL, words, environ))
		return -1;
	if (waitpid(child, &status, 0) < 0)
		return -1;
	*ret_ns = now_ns() - begin;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* TOOL status ns... = the command */
static void measure(char *line)
{
	posix_spawn_file_actions_t actions;
	uint64_t ns[ROUNDS + 1] = { 0 };
	char *words[MAX_WORDS + 1] = { 0 }, *copy = strdup(line), *rest;
	int i, status = 0;

	for (i = 0; i < MAX_WORDS; i++)
		words[i] = strtok_r(i ? NULL : copy, " ", &rest);
	posix_spawn_file_actions_init(&actions);
	for (i = 0; i < 3; i++)
		posix_spawn_file_actions_addopen(&actions, i, "/dev/null",
						 O_RDWR, 0);
	for (i = 0; i <= ROUNDS && !status; i++)
		status = run(words, &actions, &ns[i]);
	printf("TOOL %d", status);
	for (i = 1; i <= ROUNDS; i++)
		printf(" %llu", (unsigned long long)ns[i]);
	printf(" = %s\n", line);
	fflush(stdout);
	posix_spawn_file_actions_destroy(&actions);
	free(copy);
}

int main(void)
{
	char line[512];
	FILE *tools;

	if (getpid() != 1)
		return 1;
	mount_all();
	setenv("PATH", "/usr/bin", 1);
	tools = fopen("/tools", "r");
	while (tools && fgets(line, sizeof(line), tools)) {
		line[strcspn(line, "\n")] = '\0';
		measure(line);
	}
	printf("DONE\n");
	fflush(stdout);
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
