// SPDX-License-Identifier: GPL-2.0-only
/*
 * The encoding of an event, byte for byte: what uapi/credence.h says. TIME is
 * the only thing that is not known before.
 */
#include <linux/slab.h>
#include <linux/unaligned.h>
#include "../../kmod/event.h"
#include "../../kmod/text.h"
#include "suites.h"

/* Content TLV's header, FORMAT, EVENT, TIME. */
#define HEAD		(CRD_TLV_HEADER + (CRD_TLV_HEADER + 6) + \
			 (CRD_TLV_HEADER + 2) + (CRD_TLV_HEADER + 8))
#define TIME_AT		(HEAD - 8)
#define BYTES(s)	{ .at = (s), .len = sizeof(s) - 1 }

/* The content is this head, and then exactly these bytes. */
static void expect_content(struct kunit *test, struct crd_event *ev,
			   const char *name, const char *fields, size_t len)
{
	u8 want[HEAD];
	const u8 *content = NULL;
	size_t got = 0;

	memcpy(want,
	       "\315\0\0\0\0\0\0\0\0\006CRDN\0\001\001\0\0\0\002\0\0\002\0\0\0\010",
	       TIME_AT);
	put_unaligned_be32(HEAD - CRD_TLV_HEADER + len, want + 1);
	put_unaligned_be16(ev->type, want + TIME_AT - CRD_TLV_HEADER - 2);
	KUNIT_ASSERT_EQ_MSG(test, crd_event_encode(ev, &content, &got), 0,
			    "%s", name);
	KUNIT_ASSERT_EQ_MSG(test, got, HEAD + len, "%s", name);
	expect_bytes(test, name, want, content, TIME_AT);
	expect_bytes(test, name, fields, content + HEAD, len);
	KUNIT_EXPECT_NE_MSG(test, get_unaligned_be64(content + TIME_AT), 0ULL,
			    "%s", name);
}

static void put_nothing(struct crd_event *ev)
{
}

static void put_u8(struct crd_event *ev)
{
	crd_event_uint(ev, CRD_F_ORIGIN, 0x1ff, 1);
}

static void put_u16(struct crd_event *ev)
{
	crd_event_uint(ev, CRD_F_ORIGIN, 0x10203, 2);
}

static void put_u32(struct crd_event *ev)
{
	crd_event_uint(ev, CRD_F_RESULT, (u32)-EKEYREJECTED, 4);
}

static void put_u64(struct crd_event *ev)
{
	crd_event_uint(ev, CRD_F_SIZE, 0x0102030405060708ULL, 8);
}

static void put_bytes(struct crd_event *ev)
{
	crd_event_bytes(ev, CRD_F_BUILD_ID, "\0\x01\xff", 3);
}

static void put_no_bytes(struct crd_event *ev)
{
	crd_event_bytes(ev, CRD_F_BUILD_ID, "", 0);
}

static void put_text(struct crd_event *ev)
{
	crd_event_str(ev, CRD_F_NAME, "e1000");
}

static void put_no_text(struct crd_event *ev)
{
	crd_event_str(ev, CRD_F_NAME, "");
}

static void put_hostile_text(struct crd_event *ev)
{
	crd_event_text(ev, CRD_F_NAME, "a\0\xff", 3, CRD_MAX_TEXT);
}

static void put_cut_text(struct crd_event *ev)
{
	crd_event_text(ev, CRD_F_AUTHOR, "abcdef", 6, 4);
}

static void put_two_cuts(struct crd_event *ev)
{
	crd_event_text(ev, CRD_F_NAME, "abc", 3, 1);
	crd_event_text(ev, CRD_F_AUTHOR, "ab", 2, 1);
	crd_event_text(ev, CRD_F_AUTHOR, "cd", 2, 1);
}

static void put_told_cut(struct crd_event *ev)
{
	crd_event_bytes(ev, CRD_F_SIGNATURE, "\x30", 1);
	crd_event_cut(ev, CRD_F_SIGNATURE);
}

static void put_hash(struct crd_event *ev)
{
	crd_event_hash(ev, CRD_F_DIGEST, 0x000b, "\x11\x22", 2);
}

static void put_joined(struct crd_event *ev)
{
	struct crd_event more;

	crd_event_init(&more, ev->type);
	crd_event_text(&more, CRD_F_AUTHOR, "xy", 2, 1);
	crd_event_uint(ev, CRD_F_ORIGIN, 1, 1);
	crd_event_join(ev, &more);
	crd_event_free(&more);
}

static void put_items(struct crd_event *ev)
{
	struct crd_event item;

	crd_event_init(&item, CRD_EV_FIRMWARE);
	crd_event_nest(ev, &item);
	crd_event_text(&item, CRD_F_NAME, "xy", 2, 1);
	crd_event_nest(ev, &item);
	crd_event_free(&item);
}

#define TWO_CUTS \
	"\003\0\0\0\002\020\030\020\0\0\0\001a\030\0\0\0\001a\030\0\0\0\001c"
#define TWO_ITEMS \
	"0\0\0\0\007\001\0\0\0\002\0\0050\0\0\0\023\001\0\0\0\002\0\005\003\0\0\0\001\020\020\0\0\0\001x"

static const struct event_case {
	const char *name;
	void (*put)(struct crd_event *ev);
	struct {
		const char *at;
		size_t len;
	} fields;
} event_cases[] = {
	{ "nothing", put_nothing, BYTES("") },
	{ "the low byte of a number", put_u8, BYTES("\x12\0\0\0\x01\xff") },
	{ "the low two", put_u16, BYTES("\x12\0\0\0\x02\x02\x03") },
	{ "an errno", put_u32, BYTES("\x29\0\0\0\x04\xff\xff\xff\x7f") },
	{ "eight bytes", put_u64,
	  BYTES("\x13\0\0\0\x08\x01\x02\x03\x04\x05\x06\x07\x08") },
	{ "bytes", put_bytes, BYTES("\x23\0\0\0\x03\0\x01\xff") },
	{ "no bytes", put_no_bytes, BYTES("\x23\0\0\0\0") },
	{ "text", put_text, BYTES("\020\0\0\0\005e1000") },
	{ "no text", put_no_text, BYTES("\x10\0\0\0\0") },
	{ "hostile text", put_hostile_text,
	  BYTES("\020\0\0\0\011a\\x00\\xff") },
	{ "text that was cut", put_cut_text,
	  BYTES("\003\0\0\0\001\030\030\0\0\0\004abcd") },
	{ "two fields cut, one of them twice", put_two_cuts,
	  BYTES(TWO_CUTS) },
	{ "a cut that was told", put_told_cut,
	  BYTES("\003\0\0\0\001\026\026\0\0\0\0010") },
	{ "a hash", put_hash, BYTES("\x14\0\0\0\x03\x0b\x11\x22") },
	{ "joined", put_joined,
	  BYTES("\003\0\0\0\001\030\022\0\0\0\001\001\030\0\0\0\001x") },
	{ "items, the cut within its own", put_items, BYTES(TWO_ITEMS) },
};

static void event_encode_table(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(event_cases); i++) {
		const struct event_case *c = &event_cases[i];
		u8 small[CRD_EVENT_SMALL];
		struct crd_event ev;

		crd_event_init(&ev, CRD_EV_MODULE);
		c->put(&ev);
		expect_content(test, &ev, c->name, c->fields.at,
			       c->fields.len);
		crd_event_free(&ev);

		crd_event_init_small(&ev, CRD_EV_FAULT, small, sizeof(small));
		c->put(&ev);
		expect_content(test, &ev, c->name, c->fields.at,
			       c->fields.len);
		crd_event_free(&ev);
	}
}

/* The first error stays, and nothing is added after it. */
static void event_errors_stick(struct kunit *test)
{
	u8 small[CRD_EVENT_PROLOGUE + 16];
	const u8 *content;
	struct crd_event ev;
	size_t len;

	crd_event_init_small(&ev, CRD_EV_FAULT, small, sizeof(small));
	crd_event_bytes(&ev, CRD_F_BUILD_ID, "0123456789abc", 13);
	KUNIT_EXPECT_EQ(test, ev.err, -ENOSPC);
	crd_event_uint(&ev, CRD_F_ORIGIN, 1, 1);
	KUNIT_EXPECT_EQ(test, crd_event_size(&ev), (size_t)0);
	crd_event_bytes(&ev, CRD_F_BUILD_ID, small, CRD_MAX_CONTENT + 1);
	KUNIT_EXPECT_EQ(test, crd_event_encode(&ev, &content, &len), -ENOSPC);
	KUNIT_EXPECT_EQ(test, crd_event_encode(&ev, &content, &len), -ENOSPC);
}

static void event_errors_spread(struct kunit *test)
{
	struct crd_event ev, bad;
	const u8 *content;
	u8 byte = 0;
	size_t len;

	crd_event_init(&bad, CRD_EV_MODULE);
	crd_event_bytes(&bad, CRD_F_BUILD_ID, &byte, CRD_MAX_CONTENT);
	KUNIT_EXPECT_EQ(test, bad.err, -E2BIG);

	crd_event_init(&ev, CRD_EV_MODULE);
	crd_event_join(&ev, &bad);
	KUNIT_EXPECT_EQ(test, crd_event_encode(&ev, &content, &len), -E2BIG);
	crd_event_free(&ev);

	crd_event_init(&ev, CRD_EV_SNAPSHOT);
	crd_event_nest(&ev, &bad);
	KUNIT_EXPECT_EQ(test, crd_event_encode(&ev, &content, &len), -E2BIG);
	crd_event_free(&ev);
	crd_event_free(&bad);
}

/* The value of the content TLV may have so many bytes, and no more. */
static void event_content_limit(struct kunit *test)
{
	const size_t most = CRD_MAX_CONTENT - (HEAD - CRD_TLV_HEADER) -
			    CRD_TLV_HEADER;
	u8 *bytes = kvzalloc(CRD_MAX_CONTENT, GFP_KERNEL);
	struct crd_event ev;
	const u8 *content;
	size_t len, more;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, bytes);
	for (more = 0; more < 2; more++) {
		crd_event_init(&ev, CRD_EV_MODULE);
		crd_event_bytes(&ev, CRD_F_SIGNATURE, bytes, most + more);
		KUNIT_EXPECT_EQ(test, crd_event_encode(&ev, &content, &len),
				more ? -E2BIG : 0);
		if (!more)
			KUNIT_EXPECT_EQ(test, len,
					(size_t)CRD_TLV_HEADER +
					CRD_MAX_CONTENT);
		crd_event_free(&ev);
	}
	kvfree(bytes);
}

/* Text grows under escaping up to its limit, which is after escaping. */
static void event_text_limit(struct kunit *test)
{
	static const struct {
		char fill;
		size_t in, limit, out;
		bool cut;
	} cases[] = {
		{ 'a', CRD_MAX_TEXT, CRD_MAX_TEXT, CRD_MAX_TEXT },
		{ 'a', CRD_MAX_TEXT + 1, CRD_MAX_TEXT, CRD_MAX_TEXT, true },
		{ '\n', CRD_MAX_TEXT / 4, CRD_MAX_TEXT, CRD_MAX_TEXT },
		{ '\n', CRD_MAX_TEXT / 4 + 1, CRD_MAX_TEXT, CRD_MAX_TEXT,
		  true },
		{ '\n', 2, 7, 4, true },
		{ 'a', CRD_MAX_PATH, CRD_MAX_PATH, CRD_MAX_PATH },
		{ 'a', CRD_MAX_PATH + 1, CRD_MAX_PATH, CRD_MAX_PATH, true },
	};
	char *text = kunit_kzalloc(test, CRD_MAX_PATH + 1, GFP_KERNEL);
	size_t i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, text);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct crd_event ev;

		memset(text, cases[i].fill, cases[i].in);
		crd_event_init(&ev, CRD_EV_MODULE);
		crd_event_text(&ev, CRD_F_PATH, text, cases[i].in,
			       cases[i].limit);
		KUNIT_EXPECT_EQ_MSG(test, crd_event_size(&ev),
				    CRD_TLV_HEADER + cases[i].out,
				    "case %zu", i);
		KUNIT_EXPECT_EQ_MSG(test, (bool)test_bit(CRD_F_PATH, ev.cut),
				    cases[i].cut, "case %zu", i);
		crd_event_free(&ev);
	}
}

/* More fields cut than TRUNCATED has room for: a list that is full. */
static void event_many_cuts(struct kunit *test)
{
	struct crd_event ev;
	const u8 *content;
	unsigned int f;
	size_t len;

	crd_event_init(&ev, CRD_EV_MODULE);
	for (f = 0x10; f < 0x10 + CRD_EVENT_MAX_CUT + 8; f++)
		crd_event_cut(&ev, f);
	KUNIT_ASSERT_EQ(test, crd_event_encode(&ev, &content, &len), 0);
	KUNIT_ASSERT_EQ(test, len,
			(size_t)HEAD + CRD_TLV_HEADER + CRD_EVENT_MAX_CUT);
	KUNIT_EXPECT_EQ(test, content[HEAD], (u8)CRD_F_TRUNCATED);
	for (f = 0; f < CRD_EVENT_MAX_CUT; f++)
		KUNIT_EXPECT_EQ(test, content[HEAD + CRD_TLV_HEADER + f],
				(u8)(0x10 + f));
	crd_event_free(&ev);
}

/* Growing moves the bytes; they stay what they were. */
static void event_growth(struct kunit *test)
{
	const size_t each = CRD_TLV_HEADER + 8;
	struct crd_event ev;
	const u8 *content;
	size_t len, i;

	crd_event_init(&ev, CRD_EV_SNAPSHOT);
	for (i = 0; i < 5000; i++)
		crd_event_uint(&ev, CRD_F_SIZE, i, 8);
	KUNIT_ASSERT_EQ(test, crd_event_encode(&ev, &content, &len), 0);
	KUNIT_ASSERT_EQ(test, len, HEAD + 5000 * each);
	for (i = 0; i < 5000; i++) {
		const u8 *p = content + HEAD + i * each + CRD_TLV_HEADER;

		if (get_unaligned_be64(p) != i)
			break;
	}
	KUNIT_EXPECT_EQ(test, i, (size_t)5000);
	crd_event_free(&ev);
}

/* Freed, it is empty, and can be freed once more. */
static void event_free_twice(struct kunit *test)
{
	struct crd_event ev;

	crd_event_init(&ev, CRD_EV_MODULE);
	crd_event_free(&ev);
	crd_event_str(&ev, CRD_F_NAME, "again");
	KUNIT_EXPECT_EQ(test, crd_event_size(&ev), CRD_TLV_HEADER + (size_t)5);
	crd_event_free(&ev);
	crd_event_free(&ev);
	KUNIT_EXPECT_EQ(test, crd_event_size(&ev), (size_t)0);
}

static struct kunit_case event_kunit_cases[] = {
	KUNIT_CASE(event_encode_table),
	KUNIT_CASE(event_errors_stick),
	KUNIT_CASE(event_errors_spread),
	KUNIT_CASE(event_content_limit),
	KUNIT_CASE(event_text_limit),
	KUNIT_CASE(event_many_cuts),
	KUNIT_CASE(event_growth),
	KUNIT_CASE(event_free_twice),
	{}
};

struct kunit_suite crd_event_suite = {
	.name = "crd_event",
	.test_cases = event_kunit_cases,
};
