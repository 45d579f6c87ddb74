/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TPM that misbehaves on command: swtpm behind the kernel's vTPM proxy, and
 * between them a process that can be told to delay, to answer something else,
 * to say nothing, to be gone, to come back reset.
 */
#ifndef KSELFTEST_RELAY_H
#define KSELFTEST_RELAY_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define RELAY_ALWAYS	  UINT32_MAX
#define RELAY_PCR_EXTEND  0x182
#define RELAY_READ_CLOCK  0x181
#define RELAY_CREATE	  0x131 /* the kernel waits 5 minutes for it */
#define RELAY_OTHER_BYTES 16

/**
 * struct relay_fault - what is wrong
 * @command: with which command; 0: with all of them
 * @times: how often from now on
 * @delay_ms: before anything else is done
 * @answer: response code, without asking the TPM; 0: ask it
 * @silent: no answer at all
 * @bytes: answer that many bytes of nonsense; 0: a proper answer
 */
struct relay_fault {
	uint32_t command;
	uint32_t times;
	uint32_t delay_ms;
	uint32_t answer;
	bool silent;
	uint32_t bytes;
};

enum relay_reset {
	RELAY_KEEP,
	RELAY_RESET,	 /* power lost, and the firmware started it */
	RELAY_UNSTARTED, /* power lost, and nobody did */
};

/* Shared by the relay's process and the one that tests. */
struct relay_shared {
	struct relay_fault fault;
	enum relay_reset reset;
	uint32_t extends; /* that were asked for */
	uint32_t creates;
	bool told;	/* to wait no longer */
	int32_t number; /* of the device; -1: not yet */
};

struct relay {
	struct relay_shared *shared;
	pid_t pid;
	pthread_t busy;
};

/* With the TPM's state in that folder; 0 or -errno once the kernel has it. */
int relay_start(struct relay *relay, const char *state);
void relay_stop(struct relay *relay);
void relay_set(struct relay *relay, struct relay_fault fault);
/* Done when this returns; what TPM there is then answers. */
void relay_reset(struct relay *relay, enum relay_reset how);
/*
 * Somebody else's command that takes so long: a kind for which the kernel's
 * driver waits. It is under way when this returns. 0 or -errno.
 */
int relay_keep_busy(struct relay *relay, uint32_t ms);
void relay_busy_cut(struct relay *relay); /* it ends now */
void relay_busy_end(struct relay *relay); /* waits for it */
uint32_t relay_extends(const struct relay *relay);

#endif /* KSELFTEST_RELAY_H */
