// SPDX-License-Identifier: Apache-2.0
/* component - what the policy sees of each record of a log. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/appraise_private.h"
#include "build_evidence.h"
#include "small_registry.h"

static struct be be;
static struct crd_registry *reg;

static struct crd_component components[64]; /* of the last inventory */

static struct crd_inventory inventory(uint64_t covered)
{
	struct crd_inventory inv = { 0 };
	struct crd_inventory_iter it = { .inventory = &inv, .registry = reg };
	struct crd_error err = { .text = "" };
	size_t n = 0;

	if (crd_inventory_from_log(soft_log_buf(&be.log), covered, &inv, &err))
		fail_msg("%s", err.text);
	assert_true(inv.n < 64);
	while (crd_inventory_next(&it, &components[n]))
		n++;
	assert_int_equal(n, inv.n);
	assert_false(crd_inventory_next(&it, &components[n]));
	return inv;
}

static int setup(void **state)
{
	be_start(&be);
	reg = small_registry();
	return 0;
}

static int teardown(void **state)
{
	be_done(&be);
	crd_registry_free(&reg);
	return 0;
}

/* The flags of one driver, by what its record says. */
struct row {
	const char *what;
	struct be_driver d;
	uint32_t flags;
};

#define D(...)                                                             \
	{                                                                  \
		.name = "d", .license = "GPL", .digest = 1,                \
		.origin = CRD_ORIGIN_FILE, .sig_status = CRD_SIG_VERIFIED, \
		__VA_ARGS__                                                \
	}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
static const struct row rows[] = {
	{ "ordinary", D(.name = "d"), 0 },
	{ "no signature", D(.sig_status = CRD_SIG_NONE), CRD_FLAG_UNSIGNED },
	{ "signature not verified", D(.sig_status = CRD_SIG_UNVERIFIED),
	  CRD_FLAG_UNVERIFIED },
	{ "verified, but the kernel is tainted by it", D(.taints = 1 << 13),
	  CRD_FLAG_UNVERIFIED },
	{ "not in tree", D(.outside = true), CRD_FLAG_OUT_OF_TREE },
	{ "says in tree, taint says no", D(.taints = 1 << 12),
	  CRD_FLAG_OUT_OF_TREE },
	{ "licence of a company", D(.license = "Proprietary"),
	  CRD_FLAG_PROPRIETARY },
	{ "no licence", D(.license = NULL), CRD_FLAG_PROPRIETARY },
	{ "a licence like GPL", D(.license = "GPL v3"), CRD_FLAG_PROPRIETARY },
	{ "GPL and a zero byte", D(.license = "GPL\\x00"),
	  CRD_FLAG_PROPRIETARY },
	{ "dual licence", D(.license = "Dual MIT/GPL"), 0 },
	{ "taint proprietary", D(.taints = 1), CRD_FLAG_PROPRIETARY },
	{ "staging", D(.taints = 1 << 10), CRD_FLAG_STAGING },
	{ "forced by taint", D(.taints = 2), CRD_FLAG_FORCED },
	{ "forced by flag 1", D(.load_flags = 1), CRD_FLAG_FORCED },
	{ "forced by flag 2", D(.load_flags = 2), CRD_FLAG_FORCED },
	{ "compressed file", D(.load_flags = 4), 0 },
	{ "from memory", D(.origin = CRD_ORIGIN_MEMORY), CRD_FLAG_FROM_MEMORY },
	{ "from a memfd", D(.origin = CRD_ORIGIN_ANONYMOUS),
	  CRD_FLAG_FROM_MEMORY },
	{ "unmeasured", D(.origin = CRD_ORIGIN_UNMEASURED, .digest = 0),
	  CRD_FLAG_UNMEASURED },
	{ "a file without a digest", D(.digest = 0), CRD_FLAG_UNMEASURED },
	{ "an origin unheard of", D(.origin = 99), CRD_FLAG_UNMEASURED },
	{ "built in",
	  D(.origin = CRD_ORIGIN_BUILT_IN, .sig_status = 0, .digest = 0,
	    .license = NULL),
	  CRD_FLAG_BUILT_IN },
	{ "there before us", D(.origin = CRD_ORIGIN_PRE_EXISTING, .digest = 0),
	  CRD_FLAG_PRE_EXISTING },
	{ "there before us, unsigned",
	  D(.origin = CRD_ORIGIN_PRE_EXISTING, .digest = 0, .sig_status = 0),
	  CRD_FLAG_PRE_EXISTING | CRD_FLAG_UNSIGNED },
};
#pragma GCC diagnostic pop

static void test_flags(void **state)
{
	struct crd_inventory inv;
	size_t i, n = sizeof(rows) / sizeof(rows[0]);

	for (i = 0; i < n; i++)
		be_load(&be, rows[i].d);
	inv = inventory(UINT64_MAX);
	assert_int_equal(inv.n, n);
	for (i = 0; i < n; i++) {
		if (components[i].flags != rows[i].flags)
			fail_msg("%s: %x, not %x", rows[i].what,
				 components[i].flags, rows[i].flags);
		assert_int_equal(components[i].recnum, i + 1);
	}
	crd_inventory_done(&inv);
}

/* Who wrote it: to the letter or not at all. */
static const struct {
	const char *author, *entity;
} authors[] = {
	{ "Huawei Technologies CO., Ltd", "huawei" },
	{ "Huawei Technologies CO., Ltd <dev@example.org>", "huawei" },
	{ "Huawei Technologies CO., Ltd, <dev@example.org>", "huawei" },
	{ "Huawei Technologies CO., Ltd <a> <b>", NULL },
	{ " Intel ", "intel" },
	{ "Intel <x>", "intel" },
	{ "intel", NULL },
	{ "Intel Inside", NULL },
	{ "Not Intel", NULL },
	{ "Intel, Huawei", NULL },
	{ "<Intel>", NULL },
	{ "Intel>", NULL },
	{ "Inte\xd3\x8f", NULL }, /* a letter that looks like l */
	{ "Intel\\x00", NULL },
	{ "", NULL },
	{ "<>", NULL },
	{ ">", NULL },
};

static void test_authors(void **state)
{
	struct crd_inventory inv;
	size_t i, n = sizeof(authors) / sizeof(authors[0]);

	for (i = 0; i < n; i++) {
		struct be_driver d = BE_GOOD("d");

		d.authors[0] = authors[i].author;
		be_load(&be, d);
	}
	inv = inventory(UINT64_MAX);
	for (i = 0; i < n; i++) {
		const struct crd_component *c = &components[i];

		if (!c->entity != !authors[i].entity ||
		    (c->entity && strcmp(c->entity, authors[i].entity)))
			fail_msg("'%s' is %s", authors[i].author,
				 c->entity ? c->entity : "unknown");
		assert_int_equal(c->grade, c->entity ? CRD_GRADE_TEXT :
						       CRD_GRADE_UNKNOWN);
	}
	crd_inventory_done(&inv);
}

/* Of several authors each one counts, and none twice. */
static void test_several(void **state)
{
	struct be_driver d = BE_GOOD("d");
	struct crd_inventory inv;

	d.authors[0] = "Nobody";
	d.authors[1] = "Intel";
	d.authors[2] = "Huawei Technologies CO., Ltd";
	be_load(&be, d);
	d.authors[0] = "Intel <a>";
	d.authors[2] = "Intel <b>";
	be_load(&be, d);
	inv = inventory(UINT64_MAX);
	assert_int_equal(components[0].n_authors, 3);
	assert_int_equal(components[0].n_vendors, 2);
	assert_string_equal(components[0].entity, "intel");
	assert_int_equal(components[1].n_vendors, 1);
	crd_inventory_done(&inv);
}

/* A device id that a driver serves, or firmware, says nothing of an author. */
static void test_no_provenance(void **state)
{
	struct soft_record r = soft_record(0, CRD_EV_MODULE);
	struct crd_inventory inv;

	soft_tlv_text(&r.content, CRD_F_NAME, "d");
	soft_tlv_text(&r.content, CRD_F_ALIAS_VENDOR, "pci:19e5");
	be_add(&be, &r);
	be_firmware(&be, "Intel", NULL);
	inv = inventory(UINT64_MAX);
	assert_null(components[0].entity);
	assert_null(components[1].entity);
	assert_int_equal(components[1].kind, CRD_KIND_FIRMWARE);
	assert_int_equal(components[1].flags, CRD_FLAG_UNMEASURED);
	crd_inventory_done(&inv);
}

static void test_results(void **state)
{
	struct be_driver d = BE_GOOD("d"), other = BE_GOOD("other");
	struct crd_inventory inv;

	other.digest = 9;
	be_load(&be, d);			     /* 1 */
	be_result(&be, 1, ENODEV, NULL);	     /* of 1 */
	be_result(&be, UINT64_MAX, ENOEXEC, &other); /* of its own */
	be_result(&be, 999, EINVAL, &d);	     /* of nobody */
	be_result(&be, 0, EINVAL, &d);		     /* of the anchor */
	be_result(&be, UINT64_MAX, EEXIST, &d);	     /* of 1 once more */
	be_result(&be, UINT64_MAX, EEXIST, NULL);    /* of who knows */
	other.digest = 11;
	be_result(&be, UINT64_MAX, EEXIST, &other); /* seen nowhere else */
	inv = inventory(UINT64_MAX);
	assert_int_equal(inv.n, 6);
	assert_int_equal(components[0].flags, CRD_FLAG_FAILED);
	assert_int_equal(components[0].result, -ENODEV);
	assert_int_equal(components[1].flags, CRD_FLAG_FAILED);
	assert_int_equal(components[1].result, -ENOEXEC);
	assert_int_equal(components[2].recnum, 4);
	assert_int_equal(components[3].recnum, 5);
	assert_int_equal(components[4].recnum, 7);
	assert_true(components[4].flags & CRD_FLAG_UNMEASURED);
	assert_int_equal(components[5].recnum, 8);
	crd_inventory_done(&inv);
}

static void test_snapshot_and_cover(void **state)
{
	struct be_driver d[3] = { BE_GOOD("a"), BE_GOOD("b"), BE_GOOD("c") };
	struct crd_inventory inv;
	int i;

	for (i = 0; i < 3; i++) {
		d[i].digest = 0;
		d[i].origin = i == 2 ? CRD_ORIGIN_BUILT_IN :
				       CRD_ORIGIN_PRE_EXISTING;
	}
	be_snapshot(&be, d, 3);
	be_load(&be, (struct be_driver)BE_GOOD("late"));
	inv = inventory(2);
	assert_int_equal(inv.n, 4);
	assert_int_equal(components[1].recnum, 1);
	assert_int_equal(components[1].item, 1);
	assert_int_equal(components[1].flags, CRD_FLAG_PRE_EXISTING);
	assert_int_equal(components[2].flags, CRD_FLAG_BUILT_IN);
	assert_int_equal(components[3].flags, CRD_FLAG_NOT_COVERED);
	crd_inventory_done(&inv);
	crd_inventory_done(&inv);
}

static void test_bad_log(void **state)
{
	struct crd_inventory inv = { .n = 77 };
	struct crd_error err = { .text = "" };

	be_load(&be, (struct be_driver)BE_GOOD("d"));
	be.log.b[be.log.n - 1] ^= 1;
	assert_int_equal(crd_inventory_from_log(soft_log_buf(&be.log), 9, &inv,
						&err),
			 -EBADMSG);
	assert_int_equal(inv.n, 77);
	assert_true(err.text[0] != '\0');
}

/*
 * Groups between records, empty ones, bare items, and a repeat of what an
 * item shows: each component comes once, in order, with its own number.
 */
static void test_groups(void **state)
{
	struct be_driver d[2] = { BE_GOOD("a"), BE_GOOD("b") };
	struct soft_record r = soft_record(0, CRD_EV_SNAPSHOT);
	struct soft_bytes item;
	struct crd_inventory inv;

	d[1].digest = 77;
	be_snapshot(&be, d, 0);	     /* 1 */
	be_snapshot(&be, d, 2);	     /* 2 */
	be_firmware(&be, "f", NULL); /* 3 */
	be_snapshot(&be, d, 1);	     /* 4 */
	soft_item_lead(&item, CRD_EV_MODULE, false);
	soft_item(&r, &item);
	soft_item(&r, &item);
	be_add(&be, &r);			   /* 5 */
	be_result(&be, UINT64_MAX, EEXIST, &d[1]); /* 6: of 2 once more */
	be_result(&be, 2, EINVAL, NULL);	   /* 7: of no single driver */
	be_result(&be, 3, EINVAL, NULL);	   /* 8: nor this */
	inv = inventory(5);
	assert_int_equal(inv.n, 8);
	assert_int_equal(inv.n_kind[CRD_KIND_FIRMWARE], 1);
	assert_int_equal(components[1].recnum, 2);
	assert_int_equal(components[1].item, 1);
	assert_int_equal(components[1].digest.alg, CRD_ALG_SHA256);
	assert_false(components[2].in_group);
	assert_int_equal(components[2].item, 0);
	assert_int_equal(components[3].recnum, 4);
	assert_int_equal(components[3].flags & CRD_FLAG_NOT_COVERED, 0);
	assert_int_equal(components[5].recnum, 5);
	assert_int_equal(components[5].item, 1);
	assert_null(components[5].name.ptr);
	assert_true(components[5].flags & CRD_FLAG_NOT_COVERED);
	assert_int_equal(components[6].recnum, 7);
	assert_int_equal(components[7].recnum, 8);
	assert_int_equal(components[7].result, -EINVAL);
	crd_inventory_done(&inv);
}

/* What there can be at most of has room, and one more is an error. */
static void test_many(void **state)
{
	struct soft_record r = soft_record(0, CRD_EV_SNAPSHOT);
	struct crd_inventory inv = { 0 };
	struct crd_error err = { .text = "" };
	struct soft_bytes item;
	int i;

	soft_item_lead(&item, CRD_EV_MODULE, false);
	for (i = 0; i < 300; i++)
		soft_item(&r, &item);
	be_add(&be, &r);
	if (crd_inventory_from_log(soft_log_buf(&be.log), 9, &inv, &err))
		fail_msg("%s", err.text);
	assert_int_equal(inv.n, 300);
	assert_int_equal(inv.n_entries, 300);
	assert_true(inv.cap <= be.log.n / 12 + 1);
	crd_inventory_done(&inv);
}

/* A batch is what its items are, and results find them by number and item. */
static void test_batch(void **state)
{
	struct be_driver d = BE_GOOD("a");
	struct soft_record r = soft_record(0, CRD_EV_BATCH);
	struct crd_inventory inv;
	struct soft_bytes item;
	int i;

	for (i = 0; i < 3; i++) {
		soft_item_lead(&item, i == 1 ? CRD_EV_FIRMWARE : CRD_EV_MODULE,
			       true);
		be_driver_fields(&item, &d);
		soft_item(&r, &item);
	}
	soft_item_lead(&item, CRD_EV_MODULE_RESULT, true);
	soft_tlv_be(&item, CRD_F_REF, 1, 8);
	soft_tlv_be(&item, CRD_F_RESULT, (uint32_t)-ENODEV, 4);
	soft_tlv_be(&item, CRD_F_REF_ITEM, 2, 4);
	soft_item(&r, &item);
	be_add(&be, &r);		 /* 1 */
	be_result(&be, 1, EINVAL, NULL); /* 2: a group is no driver */
	inv = inventory(UINT64_MAX);
	assert_int_equal(inv.n, 4);
	assert_int_equal(components[0].flags, 0);
	assert_int_equal(components[0].origin, CRD_ORIGIN_FILE);
	assert_int_equal(components[1].kind, CRD_KIND_FIRMWARE);
	assert_true(components[2].in_group);
	assert_int_equal(components[2].item, 2);
	assert_int_equal(components[2].flags, CRD_FLAG_FAILED);
	assert_int_equal(components[2].result, -ENODEV);
	assert_int_equal(components[3].recnum, 2);
	assert_int_equal(components[3].flags & CRD_FLAG_FAILED,
			 CRD_FLAG_FAILED);
	crd_inventory_done(&inv);
}

static void test_names(void **state)
{
	assert_string_equal(crd_flag_name(0), "unsigned");
	assert_string_equal(crd_flag_name(11), "not-covered");
	assert_string_equal(crd_flag_name(18), "dynamic");
	assert_string_equal(crd_flag_name(19), "look-alike");
	assert_null(crd_flag_name(20));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_flags),	 T(test_authors),
		T(test_several), T(test_no_provenance),
		T(test_results), T(test_snapshot_and_cover),
		T(test_bad_log), T(test_names),
		T(test_groups),	 T(test_many),
		T(test_batch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
