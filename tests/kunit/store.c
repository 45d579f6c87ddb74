// SPDX-License-Identifier: GPL-2.0-only
/* The store: bounds, pages, what readers see. */
#include <linux/slab.h>
#include "../../kmod/store.h"
#include "suites.h"

#define STORE_MAX	(3 * PAGE_SIZE)
#define RESERVE	PAGE_SIZE

static int store_init(struct kunit *test)
{
	struct crd_store *st = kunit_kzalloc(test, sizeof(*st), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, st);
	test->priv = st;
	return crd_store_init(st, STORE_MAX, RESERVE);
}

static void store_exit(struct kunit *test)
{
	if (test->priv)
		crd_store_exit(test->priv);
}

/* Bytes that tell where they are. */
static u8 *pattern(struct kunit *test, size_t from, size_t len)
{
	u8 *bytes = kunit_kzalloc(test, len + 1, GFP_KERNEL);
	size_t i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, bytes);
	for (i = 0; i < len; i++)
		bytes[i] = (from + i) * 7 + ((from + i) >> 8);
	return bytes;
}

static int add(struct kunit *test, size_t len, bool reserve)
{
	struct crd_store *st = test->priv;
	struct crd_store_part part = {
		.data = pattern(test, crd_store_len(st), len),
		.len = len,
	};

	return crd_store_append(st, &part, 1, reserve);
}

/* All that is there, by both ways of reading. */
static void expect_pattern(struct kunit *test)
{
	struct crd_store *st = test->priv;
	u64 len = crd_store_len(st), at = 0;
	u8 *want = pattern(test, 0, len);
	u8 *got = kunit_kzalloc(test, len + 1, GFP_KERNEL);
	const u8 *span;
	size_t n;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, got);
	KUNIT_EXPECT_EQ(test, crd_store_copy(st, 0, got, len), 0);
	expect_bytes(test, "copy", want, got, len);
	for (n = crd_store_span(st, 0, &span); n;
	     n = crd_store_span(st, at, &span)) {
		KUNIT_EXPECT_LE(test, n, PAGE_SIZE);
		expect_bytes(test, "span", want + at, span, n);
		at += n;
	}
	KUNIT_EXPECT_EQ(test, at, len);
}

static void store_empty(struct kunit *test)
{
	struct crd_store *st = test->priv;
	const u8 *span = NULL;
	u8 byte;

	KUNIT_EXPECT_EQ(test, crd_store_len(st), 0ULL);
	KUNIT_EXPECT_EQ(test, crd_store_span(st, 0, &span), (size_t)0);
	KUNIT_EXPECT_PTR_EQ(test, span, (const u8 *)NULL);
	KUNIT_EXPECT_EQ(test, crd_store_copy(st, 0, &byte, 1), -ENODATA);
	KUNIT_EXPECT_EQ(test, crd_store_copy(st, 0, &byte, 0), 0);
}

static void store_bounds(struct kunit *test)
{
	static const struct {
		const char *name;
		size_t len;
		bool reserve;
		int rc;
	} steps[] = {
		{ "more than there is", STORE_MAX + 1, true, -ENOSPC },
		{ "into the reserve", STORE_MAX - RESERVE + 1, false, -ENOSPC },
		{ "up to the reserve", STORE_MAX - RESERVE, false, 0 },
		{ "one byte more", 1, false, -ENOSPC },
		{ "nothing more", 0, false, 0 },
		{ "the reserve and one", RESERVE + 1, true, -ENOSPC },
		{ "half the reserve", RESERVE / 2, true, 0 },
		{ "the other half", RESERVE / 2, true, 0 },
		{ "full", 1, true, -ENOSPC },
	};
	struct crd_store *st = test->priv;
	u64 len = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		KUNIT_EXPECT_EQ_MSG(test,
				    add(test, steps[i].len, steps[i].reserve),
				    steps[i].rc, "%s", steps[i].name);
		len += steps[i].rc ? 0 : steps[i].len;
		KUNIT_EXPECT_EQ_MSG(test, crd_store_len(st), len, "%s",
				    steps[i].name);
	}
	expect_pattern(test);
}

/* Pieces of every awkward size, over the ends of pages. */
static void store_pieces(struct kunit *test)
{
	static const size_t sizes[] = { 1, 0, 2, 4092, 1, 1, 4095, 3 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		KUNIT_EXPECT_EQ(test, add(test, sizes[i], true), 0);
	expect_pattern(test);
}

/* All parts of an append, or none. */
static void store_parts(struct kunit *test)
{
	struct crd_store *st = test->priv;
	struct crd_store_part part[] = {
		{ .data = pattern(test, 0, 10), .len = 10 },
		{ .data = pattern(test, 10, PAGE_SIZE), .len = PAGE_SIZE },
		{ .data = pattern(test, 0, 1), .len = STORE_MAX },
	};

	KUNIT_EXPECT_EQ(test, crd_store_append(st, part, 3, true), -ENOSPC);
	KUNIT_EXPECT_EQ(test, crd_store_len(st), 0ULL);
	KUNIT_EXPECT_EQ(test, crd_store_append(st, part, 2, false), 0);
	expect_pattern(test);
}

static void store_copy_bounds(struct kunit *test)
{
	struct crd_store *st = test->priv;
	u8 *want = pattern(test, 0, 100);
	u8 got[100];

	KUNIT_ASSERT_EQ(test, add(test, 100, false), 0);
	KUNIT_EXPECT_EQ(test, crd_store_copy(st, 1, got, 100), -ENODATA);
	KUNIT_EXPECT_EQ(test, crd_store_copy(st, 100, got, 1), -ENODATA);
	KUNIT_EXPECT_EQ(test, crd_store_copy(st, 99, got, 1), 0);
	KUNIT_EXPECT_EQ(test, got[0], want[99]);
}

/* The memory told is what is held: pages in use, spares, the directory. */
static void store_memory(struct kunit *test)
{
	struct crd_store *st = test->priv;
	u64 before = crd_store_memory(st);

	KUNIT_EXPECT_EQ(test, before,
			CRD_STORE_SPARE * PAGE_SIZE + sizeof(u8 **));
	KUNIT_ASSERT_EQ(test, add(test, 1, false), 0);
	/* a table and a page */
	KUNIT_EXPECT_EQ(test, crd_store_memory(st), before + 2 * PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, add(test, PAGE_SIZE, false), 0);
	KUNIT_EXPECT_EQ(test, crd_store_memory(st), before + 3 * PAGE_SIZE);
}

static struct kunit_case store_kunit_cases[] = {
	KUNIT_CASE(store_empty),
	KUNIT_CASE(store_bounds),
	KUNIT_CASE(store_pieces),
	KUNIT_CASE(store_parts),
	KUNIT_CASE(store_copy_bounds),
	KUNIT_CASE(store_memory),
	{}
};

struct kunit_suite crd_store_suite = {
	.name = "crd_store",
	.init = store_init,
	.exit = store_exit,
	.test_cases = store_kunit_cases,
};
