// SPDX-License-Identifier: Apache-2.0
/*
 * peak - the largest resident size that a command reached.
 * usage: peak COMMAND [ARG...]      prints KiB on standard error, last line;
 *                                   exits as the command did
 *
 * It is asked of /proc when the command is about to end. getrusage(2) would
 * say more: its figure begins with the size of whoever started the command,
 * and newer kernels count for it by processor, which is out by a megabyte.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static long peak_kib(pid_t pid)
{
	char path[64], line[256];
	long kib = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		if (!strncmp(line, "VmHWM:", 6))
			kib = strtol(line + 6, NULL, 10);
	}
	if (f)
		fclose(f);
	return kib;
}

static void start(char **argv)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	execvp(argv[0], argv);
	fprintf(stderr, "peak: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* Signals are passed on; the traps are ours: of exec, and before the end. */
static int follow(pid_t pid, long *ret_kib)
{
	int status;

	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		int sig = WSTOPSIG(status);

		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8))
			*ret_kib = peak_kib(pid);
		else if (sig == SIGTRAP)
			ptrace(PTRACE_SETOPTIONS, pid, NULL,
			       PTRACE_O_TRACEEXIT);
		ptrace(PTRACE_CONT, pid, NULL, sig == SIGTRAP ? 0 : sig);
	}
	return status;
}

int main(int argc, char **argv)
{
	long kib = -1;
	int status;
	pid_t pid;

	if (argc < 2) {
		fprintf(stderr, "usage: peak COMMAND [ARG...]\n");
		return 2;
	}
	pid = fork();
	if (pid == 0)
		start(argv + 1);
	if (pid < 0) {
		perror("peak");
		return 1;
	}
	status = follow(pid, &kib);
	fprintf(stderr, "%ld\n", kib);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
