/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rooms of the measurer that need no other: what they are given and what
 * they give back, in a kernel that looks for mistakes. credence_kunit.ko.
 */
#ifndef TESTS_KUNIT_SUITES_H
#define TESTS_KUNIT_SUITES_H

#include <kunit/test.h>

extern struct kunit_suite crd_text_suite;
extern struct kunit_suite crd_event_suite;
extern struct kunit_suite crd_store_suite;
extern struct kunit_suite crd_digest_suite;
extern struct kunit_suite crd_log_suite;

/* Older kernels have no KUNIT_EXPECT_MEMEQ. */
static inline void expect_bytes(struct kunit *test, const char *name,
				const void *want, const void *got, size_t len)
{
	const u8 *w = want, *g = got;
	size_t i;

	for (i = 0; i < len && w[i] == g[i]; i++)
		;
	KUNIT_EXPECT_EQ_MSG(test, i, len, "%s: byte %zu is %02x, not %02x",
			    name, i, i < len ? g[i] : 0, i < len ? w[i] : 0);
}

#endif /* TESTS_KUNIT_SUITES_H */
