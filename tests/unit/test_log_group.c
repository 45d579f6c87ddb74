// SPDX-License-Identifier: Apache-2.0
/* log_group - items of SNAPSHOT and BATCH records, and what is no item. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "log_scene.h"

/* One item of a group after a good anchor. */
struct item_row {
	const char *what;
	uint16_t group;
	int ret;
	enum crd_reason reason;
	const char *item; /* hex */
};

#define S	CRD_EV_SNAPSHOT
#define B	CRD_EV_BATCH
#define MODULE	"01000000020003"
#define TIME	"02000000080000000000000001"
#define NAME	"100000000161"
#define ORIGIN	"120000000101"
#define REFUSED 0, CRD_REASON_LOG_MEASURER
#define BROKEN	-EBADMSG, CRD_REASON_MALFORMED
#define GOOD	0, CRD_REASON_NONE

static const struct item_row item_rows[] = {
	{ "empty", S, BROKEN, "" },
	{ "no event", S, BROKEN, NAME },
	{ "event of 1", S, BROKEN, "010000000103" },
	{ "event of 4", S, BROKEN, "010000000400000003" },
	{ "event cut", S, BROKEN, "010000000200" },
	{ "length of 2^32-1", S, BROKEN, "01ffffffff0003" },
	{ "time first", B, BROKEN, TIME MODULE },
	{ "no time", B, BROKEN, MODULE NAME },
	{ "time of 4", B, BROKEN, MODULE "020000000400000001" },
	{ "a time in a snapshot", S, BROKEN, MODULE TIME },
	{ "two events", S, BROKEN, MODULE MODULE },
	{ "two times", B, BROKEN, MODULE TIME TIME },
	{ "format", S, BROKEN, "00000000064352444e0001" MODULE },
	{ "format after", S, BROKEN, MODULE "00000000064352444e0001" },
	{ "item in item", S, BROKEN, MODULE "3000000007" MODULE },
	{ "out of order", S, BROKEN, MODULE ORIGIN NAME },
	{ "two names", S, BROKEN, MODULE NAME NAME },
	{ "newline", B, BROKEN, MODULE TIME "10000000010a" },
	{ "cut", B, BROKEN, MODULE TIME "1000000005616263" },
	{ "anchor", S, REFUSED, "01000000020001" },
	{ "snapshot", S, REFUSED, "01000000020002" },
	{ "batch", B, REFUSED, "0100000002000a" TIME },
	{ "event 0", S, REFUSED, "01000000020000" },
	{ "event 19", B, REFUSED, "01000000020013" TIME },
	{ "event 259", S, REFUSED, "01000000020103" },

	{ "bare module", S, GOOD, MODULE },
	{ "named module", S, GOOD, MODULE NAME ORIGIN },
	{ "module in a batch", B, GOOD, MODULE TIME NAME },
	{ "unknown field", B, GOOD, MODULE TIME "f000000000" },
	{ "power", B, GOOD, "01000000020012" TIME },
};

static unsigned int items_seen;

static int count(const struct crd_record *rec, void *ctx)
{
	unsigned int *records = ctx;

	if (rec->group)
		items_seen++;
	else
		(*records)++;
	return 0;
}

static void test_items(void **state)
{
	enum crd_reason reason;
	struct crd_error err;

	for (size_t i = 0; i < sizeof(item_rows) / sizeof(item_rows[0]); i++) {
		const struct item_row *row = &item_rows[i];
		struct soft_record r = soft_record(1, row->group);
		unsigned int records = 0, good = !row->ret && !row->reason;
		struct soft_bytes item;
		int ret;

		items_seen = 0;
		soft_hex(&item, row->item);
		soft_item(&r, &item);
		soft_log_good(&log_bytes, 1, one_bank, 0);
		soft_log_add(&log_bytes, &r);
		ret = crd_cel_walk(soft_log_buf(&log_bytes), count, &records,
				   &reason, &err);
		if (ret != row->ret || reason != row->reason ||
		    records != 1 + good || items_seen != good)
			fail_msg("%s: %d %s, %u records, %u items (%s)",
				 row->what, ret, crd_reason_name(reason),
				 records, items_seen, err.text);
	}
}

/* A bad item late in a group: nothing of the group is handed over. */
static void test_all_or_nothing(void **state)
{
	struct soft_record r = soft_record(1, CRD_EV_SNAPSHOT);
	struct soft_bytes item;
	enum crd_reason reason;
	struct crd_error err;
	unsigned int records = 0;

	items_seen = 0;
	soft_item_lead(&item, CRD_EV_DEVICE, false);
	for (int i = 0; i < 100; i++)
		soft_item(&r, &item);
	soft_item_lead(&item, CRD_EV_BATCH, false);
	soft_item(&r, &item);
	soft_log_good(&log_bytes, 1, one_bank, 0);
	soft_log_add(&log_bytes, &r);
	assert_int_equal(crd_cel_walk(soft_log_buf(&log_bytes), count, &records,
				      &reason, &err),
			 0);
	assert_int_equal(reason, CRD_REASON_LOG_MEASURER);
	assert_int_equal(records, 1);
	assert_int_equal(items_seen, 0);
	assert_non_null(strstr(err.text, "record 1, item 100"));
}

/* A group of n bare modules after a good anchor: more than a soft_record. */
static void put_group(int n)
{
	static uint8_t tlv[CRD_TLV_HEADER + CRD_MAX_CONTENT];
	struct soft_bytes lead = { .n = 0 }, item, one = { .n = 0 };
	struct crd_digest d;
	size_t at = CRD_TLV_HEADER;

	soft_lead(&lead, CRD_EV_SNAPSHOT);
	soft_item_lead(&item, CRD_EV_MODULE, false);
	soft_tlv(&one, CRD_F_ITEM, item.b, item.n);
	memcpy(tlv + at, lead.b, lead.n);
	for (at += lead.n; n--; at += one.n)
		memcpy(tlv + at, one.b, one.n);
	lead.n = 0;
	soft_be(&lead, CRD_CEL_CONTENT, 1);
	soft_be(&lead, at - CRD_TLV_HEADER, 4);
	memcpy(tlv, lead.b, lead.n);
	crd_hash(CRD_ALG_SHA256, &(struct crd_buf){ tlv, at }, 1, &d);
	lead.n = item.n = 0;
	soft_tlv_be(&lead, CRD_CEL_RECNUM, 1, 8);
	soft_tlv_be(&lead, CRD_CEL_PCR, 13, 1);
	soft_tlv(&item, CRD_ALG_SHA256, d.bytes, d.len);
	soft_tlv(&lead, CRD_CEL_DIGESTS, item.b, item.n);
	soft_log_good(&log_bytes, 1, one_bank, 0);
	soft_log_put(&log_bytes, lead.b, lead.n);
	soft_log_put(&log_bytes, tlv, at);
}

static void test_too_many(void **state)
{
	enum crd_reason reason;
	struct crd_error err;
	unsigned int records;

	for (int over = 0; over < 2; over++) {
		records = items_seen = 0;
		put_group(CRD_MAX_ITEMS + over);
		assert_int_equal(crd_cel_walk(soft_log_buf(&log_bytes), count,
					      &records, &reason, &err),
				 over ? -E2BIG : 0);
		assert_int_equal(items_seen, over ? 0 : CRD_MAX_ITEMS);
	}
}

static int look(const struct crd_record *rec, void *ctx)
{
	unsigned int *n = ctx;
	struct crd_buf name;

	if (!rec->group)
		return 0;
	assert_int_equal(rec->group, rec->recnum == 1 ? S : B);
	assert_int_equal(rec->item, *n % 2);
	assert_int_equal(rec->event, *n % 2 ? CRD_EV_DEVICE : CRD_EV_PLATFORM);
	assert_int_equal(rec->time, rec->recnum == 1 ? 123456789 : 234567890);
	assert_int_equal(rec->pcr, 13);
	assert_int_equal(rec->n_digests, 1);
	assert_true(crd_field_get(rec->fields, CRD_F_NAME, &name));
	assert_int_equal(name.len, 1);
	assert_int_equal(name.ptr[0], 'a' + *n % 2);
	++*n;
	return *n == 4 ? 44 : 0;
}

static void test_contents(void **state)
{
	struct soft_bytes item;
	enum crd_reason reason;
	unsigned int n = 0;

	soft_log_good(&log_bytes, 1, one_bank, 0);
	for (int i = 0; i < 4; i++) {
		static struct soft_record r;

		if (i % 2 == 0)
			r = soft_record(1 + i / 2u, i < 2 ? S : B);
		soft_item_lead(&item, i % 2 ? CRD_EV_DEVICE : CRD_EV_PLATFORM,
			       i >= 2);
		soft_tlv_text(&item, CRD_F_NAME, i % 2 ? "b" : "a");
		soft_item(&r, &item);
		if (i % 2)
			soft_log_add(&log_bytes, &r);
	}
	assert_int_equal(crd_cel_walk(soft_log_buf(&log_bytes), look, &n,
				      &reason, NULL),
			 44);
	assert_int_equal(reason, CRD_REASON_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_contents),
	};

	return cmocka_run_group_tests_name("log_group", tests, NULL, NULL);
}
