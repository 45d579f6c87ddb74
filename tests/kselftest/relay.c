// SPDX-License-Identifier: Apache-2.0
#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vtpm_proxy.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TPM_BYTES	 4096
#define TPM_HEADER	 10
#define TPM_NO_SESSIONS	 0x8001
#define TPM_SET_LOCALITY 0x20001000
#define STEP		 20   /* ms, between looks at what we are told */
#define START_TRIES	 1200 /* of 50 ms: a debug kernel is slow */
#define STARTS		 5    /* the kernel gives up on a TPM that is slow */

/* The other end of swtpm's socket. */
struct soft_tpm {
	const char *state;
	pid_t pid;
	int fd;
};

static uint32_t be32_get(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static void be32_put(uint8_t *p, uint32_t value)
{
	p[0] = value >> 24;
	p[1] = value >> 16;
	p[2] = value >> 8;
	p[3] = value;
}

static void sleep_ms(uint32_t ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

static void soft_tpm_stop(struct soft_tpm *tpm)
{
	close(tpm->fd);
	kill(tpm->pid, SIGKILL);
	waitpid(tpm->pid, NULL, 0);
}

/* Runs until its socket is closed. */
static int soft_tpm_start(struct soft_tpm *tpm, const char *flags)
{
	char dir[160], fd[16];
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return -errno;
	snprintf(dir, sizeof(dir), "dir=%s", tpm->state);
	snprintf(fd, sizeof(fd), "%d", pair[1]);
	tpm->pid = fork();
	if (!tpm->pid) {
		close(pair[0]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execlp("swtpm", "swtpm", "socket", "--tpm2", "--tpmstate", dir,
		       "--fd", fd, "--flags", flags, "--log", "file=/dev/null",
		       NULL);
		_exit(127);
	}
	close(pair[1]);
	tpm->fd = pair[0];
	return tpm->pid < 0 ? -errno : 0;
}

static bool read_all(int fd, uint8_t *to, size_t len)
{
	ssize_t got;

	while (len) {
		got = read(fd, to, len);
		if (got <= 0)
			return false;
		to += got;
		len -= got;
	}
	return true;
}

/* Length of the answer, which takes the command's place; 0: there is none. */
static size_t soft_tpm_ask(const struct soft_tpm *tpm, uint8_t *buf, size_t len)
{
	uint32_t size;

	if (write(tpm->fd, buf, len) != (ssize_t)len ||
	    !read_all(tpm->fd, buf, TPM_HEADER))
		return 0;
	size = be32_get(buf + 2);
	if (size < TPM_HEADER || size > TPM_BYTES ||
	    !read_all(tpm->fd, buf + TPM_HEADER, size - TPM_HEADER))
		return 0;
	return size;
}

static size_t answer_code(uint8_t *buf, uint32_t code)
{
	buf[0] = TPM_NO_SESSIONS >> 8;
	buf[1] = TPM_NO_SESSIONS & 0xff;
	be32_put(buf + 2, TPM_HEADER);
	be32_put(buf + 6, code);
	return TPM_HEADER;
}

/*
 * Until it answers, if only that it was not started: the kernel gives up on a
 * command after less time than a program takes to begin on a busy machine.
 */
static bool soft_tpm_await(const struct soft_tpm *tpm)
{
	uint8_t buf[TPM_BYTES] = {
		TPM_NO_SESSIONS >> 8,
		TPM_NO_SESSIONS & 0xff,
		0,
		0,
		0,
		TPM_HEADER,
		0,
		0,
		1,
		0x81,
	};

	return soft_tpm_ask(tpm, buf, TPM_HEADER) > 0;
}

static void relay_obey_reset(struct relay_shared *shared, struct soft_tpm *tpm)
{
	enum relay_reset how =
		__atomic_load_n(&shared->reset, __ATOMIC_SEQ_CST);

	if (how == RELAY_KEEP)
		return;
	soft_tpm_stop(tpm);
	if (soft_tpm_start(tpm, how == RELAY_RESET ?
					"not-need-init,startup-clear" :
					"not-need-init") ||
	    !soft_tpm_await(tpm))
		_exit(1);
	__atomic_store_n(&shared->reset, RELAY_KEEP, __ATOMIC_SEQ_CST);
}

static void relay_delay(const struct relay_shared *shared, uint32_t ms)
{
	uint32_t step;

	for (; ms && !__atomic_load_n(&shared->told, __ATOMIC_SEQ_CST);
	     ms -= step) {
		step = ms < STEP ? ms : STEP;
		sleep_ms(step);
	}
}

/* Length of the answer in the command's place; 0: nothing is said. */
static size_t relay_serve(struct relay_shared *shared, struct soft_tpm *tpm,
			  uint8_t *buf, size_t len)
{
	struct relay_fault fault = { .times = 0 };
	uint32_t command = be32_get(buf + 6);

	/* That one is between the kernel and us. */
	if (command == TPM_SET_LOCALITY)
		return answer_code(buf, 0);
	if (command == RELAY_PCR_EXTEND)
		__atomic_fetch_add(&shared->extends, 1, __ATOMIC_SEQ_CST);
	if (command == RELAY_CREATE)
		__atomic_fetch_add(&shared->creates, 1, __ATOMIC_SEQ_CST);
	if (shared->fault.times &&
	    (!shared->fault.command || shared->fault.command == command)) {
		fault = shared->fault;
		if (fault.times != RELAY_ALWAYS)
			shared->fault.times--;
	}
	relay_delay(shared, fault.delay_ms);
	if (fault.silent)
		return 0;
	if (fault.answer)
		return answer_code(buf, fault.answer);
	if (fault.bytes) {
		memset(buf, 0xa5, fault.bytes);
		return fault.bytes;
	}
	return soft_tpm_ask(tpm, buf, len);
}

/* The relay's process; ends when it is killed. */
static void relay_run(struct relay_shared *shared, const char *state)
{
	struct vtpm_proxy_new_dev dev = { .flags = VTPM_PROXY_FLAG_TPM2 };
	struct soft_tpm tpm = { .state = state };
	int control = open("/dev/vtpmx", O_RDWR | O_CLOEXEC);
	uint8_t buf[TPM_BYTES];
	ssize_t len;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (control < 0 || soft_tpm_start(&tpm, "not-need-init") ||
	    !soft_tpm_await(&tpm) ||
	    ioctl(control, VTPM_PROXY_IOC_NEW_DEV, &dev))
		_exit(1);
	fcntl((int)dev.fd, F_SETFD, FD_CLOEXEC);
	shared->number = (int32_t)dev.tpm_num;
	for (;;) {
		struct pollfd kernel = { .fd = (int)dev.fd, .events = POLLIN };

		relay_obey_reset(shared, &tpm);
		if (!poll(&kernel, 1, STEP))
			continue;
		len = read((int)dev.fd, buf, sizeof(buf));
		if (len < TPM_HEADER)
			_exit(1);
		len = (ssize_t)relay_serve(shared, &tpm, buf, (size_t)len);
		/* An answer that comes too late is not taken: never mind. */
		if (len && write((int)dev.fd, buf, (size_t)len) < 0 &&
		    errno != EIO)
			_exit(1);
	}
}

static bool relay_is_there(const struct relay *relay)
{
	char path[80];

	snprintf(path, sizeof(path), "/sys/class/tpm/tpm%d/pcr-sha256/13",
		 relay->shared->number);
	return relay->shared->number >= 0 && !access(path, R_OK);
}

/* It ends when the kernel gives up on it. */
static bool relay_has_ended(struct relay *relay)
{
	if (waitpid(relay->pid, NULL, WNOHANG) != relay->pid)
		return false;
	relay->pid = 0;
	return true;
}

static bool relay_start_once(struct relay *relay, const char *state)
{
	unsigned int i;

	*relay->shared = (struct relay_shared){ .number = -1 };
	relay->pid = fork();
	if (!relay->pid)
		relay_run(relay->shared, state);
	for (i = 0; i < START_TRIES; i++) {
		if (relay_is_there(relay))
			return true;
		if (relay_has_ended(relay))
			return false;
		sleep_ms(50);
	}
	return false;
}

int relay_start(struct relay *relay, const char *state)
{
	unsigned int i;

	relay->shared = mmap(NULL, sizeof(*relay->shared),
			     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			     -1, 0);
	if (relay->shared == MAP_FAILED)
		return -errno;
	for (i = 0; i < STARTS; i++) {
		if (relay_start_once(relay, state))
			return 0;
		relay_stop(relay);
	}
	return -ETIMEDOUT;
}

void relay_stop(struct relay *relay)
{
	if (relay->pid <= 0)
		return;
	kill(relay->pid, SIGKILL);
	waitpid(relay->pid, NULL, 0);
	relay->pid = 0;
}

void relay_set(struct relay *relay, struct relay_fault fault)
{
	relay->shared->fault.times = 0;
	relay->shared->fault = fault;
}

void relay_reset(struct relay *relay, enum relay_reset how)
{
	__atomic_store_n(&relay->shared->reset, how, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&relay->shared->reset, __ATOMIC_SEQ_CST) !=
		       RELAY_KEEP &&
	       !relay_has_ended(relay))
		sleep_ms(STEP);
}

uint32_t relay_extends(const struct relay *relay)
{
	return __atomic_load_n(&relay->shared->extends, __ATOMIC_SEQ_CST);
}

static void *ask_for_create(void *ctx)
{
	static const uint8_t create[] = {
		0x80, 0x01, 0, 0, 0, 10, 0, 0, 1, 0x31
	};
	const struct relay *relay = ctx;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/tpm%d", relay->shared->number);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	(void)!write(fd, create, sizeof(create));
	close(fd);
	return NULL;
}

int relay_keep_busy(struct relay *relay, uint32_t ms)
{
	uint32_t *creates = &relay->shared->creates;
	unsigned int i;
	int err;

	__atomic_store_n(creates, 0, __ATOMIC_SEQ_CST);
	__atomic_store_n(&relay->shared->told, false, __ATOMIC_SEQ_CST);
	relay_set(relay, (struct relay_fault){
				 .command = RELAY_CREATE,
				 .times = 1,
				 .delay_ms = ms,
				 .answer = 0x101,
			 });
	err = pthread_create(&relay->busy, NULL, ask_for_create, relay);
	for (i = 0; !err && i < START_TRIES &&
		    !__atomic_load_n(creates, __ATOMIC_SEQ_CST);
	     i++)
		sleep_ms(50);
	return i < START_TRIES ? -err : -ETIMEDOUT;
}

void relay_busy_cut(struct relay *relay)
{
	__atomic_store_n(&relay->shared->told, true, __ATOMIC_SEQ_CST);
}

void relay_busy_end(struct relay *relay)
{
	pthread_join(relay->busy, NULL);
}
