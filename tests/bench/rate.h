/* SPDX-License-Identifier: Apache-2.0 */
/* rate - how often a function runs per second of this thread's CPU time. */
#ifndef RATE_H
#define RATE_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double rate_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline void rate_die(const char *what)
{
	fprintf(stderr, "bench: %s failed\n", what);
	exit(1);
}

/* Runs fn(ctx) for at least `seconds`, in batches of 16. */
static inline double rate_of(void (*fn)(void *ctx), void *ctx, double seconds)
{
	double start = rate_now(), passed;
	unsigned long n = 0;

	do {
		for (int i = 0; i < 16; i++, n++)
			fn(ctx);
		passed = rate_now() - start;
	} while (passed < seconds);
	return (double)n / passed;
}

#endif /* RATE_H */
