// SPDX-License-Identifier: Apache-2.0
/*
 * Machines against each other: what is proven of a bundle, what pairs, and
 * what a comparison must hold to whatever it compares.
 * What each rule says of a whole machine is in tests/cli/47-diff.sh.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/change.h"
#include "attest/pair.h"
#include "build_evidence.h"

/* Items of a letter each; rule 0 pairs equal letters, rule 1 any two. */
static bool letter_key(const void *side, size_t item, unsigned int rule,
		       struct crd_pair_key *key)
{
	const char *letters = side;

	key->bytes[0] = rule ? 1 : (uint8_t)letters[item];
	return letters[item] != '-';
}

static void pair(const char *a, const char *b, unsigned int rules,
		 const char *want)
{
	uint32_t to_b[16], to_a[16];
	char got[32] = "";

	assert_int_equal(crd_pair(a, strlen(a), b, strlen(b), rules, letter_key,
				  to_b, to_a),
			 0);
	for (size_t i = 0; i < strlen(a); i++) {
		snprintf(got + i, sizeof(got) - i, "%c",
			 to_b[i] == CRD_UNPAIRED ? '.' : '0' + (int)to_b[i]);
		if (to_b[i] != CRD_UNPAIRED)
			assert_int_equal(to_a[to_b[i]], i);
	}
	assert_string_equal(got, want);
}

static void test_pairs(void **state)
{
	pair("", "", 1, "");
	pair("ab", "", 1, "..");
	pair("", "ab", 1, "");
	pair("ab", "ba", 1, "10");
	pair("aab", "aac", 1, "01.");
	pair("aaa", "aa", 1, "01.");
	pair("aa", "aaa", 1, "01");
	pair("abc", "cxa", 2, "210");
	pair("xay", "abc", 2, "102");
	pair("-a", "a-", 2, ".0");
	pair("ab", "cd", 0, "..");
}

/* A machine with what the tests below change. */
static void office(struct be *b)
{
	const struct be_device parts[] = {
		{ .bus = "pci",
		  .name = "0000:00:1f.6",
		  .port = "0000:00/1f.6",
		  .vendor = 0x8086,
		  .product = 0x15bb,
		  .class_code = 0x020000 },
		{ .bus = "usb",
		  .name = "1-1",
		  .port = "0000:00/14.0/usb/1",
		  .serial = "A1",
		  .vendor = 0x413c,
		  .product = 0x2113 },
	};

	be_start(b);
	be_devices(b, parts, 2);
	be_load(b, (struct be_driver)BE_GOOD("e1000e"));
	be_firmware(b, "a-1.fw", NULL);
}

static void close_machine(struct be *b)
{
	be_close(b, b->n, true);
}

static int read_machine(const struct be *b, struct crd_attester *m,
			struct crd_error *err)
{
	const struct crd_attester_in in = {
		.bundle = { b->bundle, b->bundle_len },
		.pcr = 13,
	};

	return crd_attester_read(&in, m, err);
}

static void expect_doubt(struct be *b, enum crd_reason reason)
{
	struct crd_attester m;

	assert_int_equal(read_machine(b, &m, NULL), 0);
	assert_false(m.genuine);
	assert_int_equal(m.reason, reason);
	assert_true(m.why[0]);
	assert_int_equal(m.inventory.n, 0);
	crd_attester_done(&m);
	be_done(b);
}

static void test_not_proven(void **state)
{
	struct be b;

	office(&b);
	b.attributes = 0x00040072u; /* not restricted */
	close_machine(&b);
	expect_doubt(&b, CRD_REASON_AK_UNTRUSTED);
	office(&b);
	be_close(&b, b.n, false);
	expect_doubt(&b, CRD_REASON_LOG_MEASURER);
	office(&b);
	be_close(&b, 0, true); /* the quote covers no record */
	expect_doubt(&b, CRD_REASON_PCR_MISMATCH);
	office(&b);
	be_event(&b, CRD_EV_HOOK_LOST, "off");
	close_machine(&b);
	expect_doubt(&b, CRD_REASON_LOG_GAP);
	be_start(&b);
	b.found = 1; /* somebody was there before */
	be_anchor(&b);
	close_machine(&b);
	expect_doubt(&b, CRD_REASON_LOG_GAP);
}

static void test_named_keys(void **state)
{
	struct be b;
	struct crd_attester m;
	struct crd_attester_in in = { .pcr = 13 };
	struct crd_buf other = { (const uint8_t *)"\0\x0b", 2 };

	office(&b);
	close_machine(&b);
	in.bundle = (struct crd_buf){ b.bundle, b.bundle_len };
	in.trusted_aks = &other;
	in.n_trusted_aks = 1;
	assert_int_equal(crd_attester_read(&in, &m, NULL), 0);
	assert_int_equal(m.reason, CRD_REASON_AK_UNTRUSTED);
	crd_attester_done(&m);
	in.trusted_aks = &b.ak_name;
	assert_int_equal(crd_attester_read(&in, &m, NULL), 0);
	assert_true(m.genuine);
	assert_int_equal(m.inventory.n, 4);
	crd_attester_done(&m);
	in.pcr = 12;
	assert_int_equal(crd_attester_read(&in, &m, NULL), 0);
	assert_int_equal(m.reason, CRD_REASON_PCR_COVERAGE);
	crd_attester_done(&m);
	be_done(&b);
}

/* No byte of a bundle can be changed, but of what nobody looks at. */
static void test_each_byte(void **state)
{
	struct be b;
	size_t i, genuine = 0, claims = 0;

	office(&b);
	close_machine(&b);
	for (i = 0; i < b.bundle_len; i++) {
		struct crd_attester m;
		struct crd_error err;

		b.bundle[i] ^= 0x20;
		if (!read_machine(&b, &m, &err)) {
			genuine += m.genuine;
			crd_attester_done(&m);
		}
		b.bundle[i] ^= 0x20;
		claims = b.claims_len;
	}
	/* self-reported claims, bound by a nonce that nobody asks for here */
	assert_true(genuine <= claims);
	be_done(&b);
}

static void test_truncated(void **state)
{
	struct be b;

	office(&b);
	close_machine(&b);
	while (b.bundle_len--) {
		struct crd_attester m;

		assert_int_equal(read_machine(&b, &m, NULL), -EBADMSG);
	}
	be_done(&b);
}

/* Two machines, each with a log of its own. */
struct two {
	struct be before, after;
	struct crd_attester a, b;
	struct crd_diff *diff;
};

static void compare(struct two *t, unsigned int flags)
{
	close_machine(&t->before);
	close_machine(&t->after);
	assert_int_equal(read_machine(&t->before, &t->a, NULL), 0);
	assert_int_equal(read_machine(&t->after, &t->b, NULL), 0);
	assert_true(t->a.genuine && t->b.genuine);
	assert_int_equal(crd_diff_new(&t->a, &t->b, flags, &t->diff), 0);
}

static void two_done(struct two *t)
{
	crd_diff_free(&t->diff);
	assert_null(t->diff);
	crd_attester_done(&t->a);
	crd_attester_done(&t->b);
	be_done(&t->before);
	be_done(&t->after);
}

static const struct crd_change *
only_change(const struct two *t, enum crd_change_kind kind, const char *rule)
{
	const struct crd_change *found = NULL;

	for (size_t i = 0; i < t->diff->n; i++) {
		if (t->diff->changes[i].kind != kind)
			continue;
		assert_null(found);
		found = &t->diff->changes[i];
	}
	assert_non_null(found);
	assert_string_equal(found->rule, rule);
	return found;
}

static void test_machines_of_a_lot(void **state)
{
	struct two t = { 0 };

	office(&t.before);
	office(&t.after);
	compare(&t, CRD_DIFF_OTHER_MACHINE);
	assert_int_equal(t.diff->n, 0);
	assert_int_equal(crd_diff_class(t.diff), CRD_CHANGE_TOLERATED);
	assert_int_equal(t.diff->n_compared, 5); /* the start is one */
	assert_int_equal(t.diff->n_tolerated, 1);
	assert_string_equal(t.diff->tolerated[0].rule, "own-key");
	two_done(&t);
}

static void test_another_key(void **state)
{
	struct two t = { 0 };

	office(&t.before);
	office(&t.after);
	compare(&t, 0);
	only_change(&t, CRD_CHANGE_CHANGED, "key-changed");
	assert_int_equal(crd_diff_class(t.diff), CRD_CHANGE_SUSPICION);
	two_done(&t);
}

/* What comes after the quote can be new, but does not fill a gap. */
static void test_after_the_quote(void **state)
{
	const struct be_driver late = BE_GOOD("late");
	struct two t = { 0 };

	office(&t.before);
	be_load(&t.before, late);
	office(&t.after);
	be_load(&t.after, late);
	be_load(&t.after, (struct be_driver)BE_GOOD("later"));
	be_close(&t.after, t.after.n - 2, true);
	close_machine(&t.before);
	assert_int_equal(read_machine(&t.before, &t.a, NULL), 0);
	assert_int_equal(read_machine(&t.after, &t.b, NULL), 0);
	assert_int_equal(
		crd_diff_new(&t.a, &t.b, CRD_DIFF_OTHER_MACHINE, &t.diff), 0);
	assert_int_equal(t.diff->n_uncovered, 2);
	only_change(&t, CRD_CHANGE_REMOVED, "not-loaded");
	only_change(&t, CRD_CHANGE_ADDED, "new-driver");
	two_done(&t);
}

/* Of a thousand alike, some are gone: as many, and no quadratic time. */
static void test_many_alike(void **state)
{
	struct two t = { 0 };
	size_t removed = 0;

	for (int side = 0; side < 2; side++) {
		struct be *b = side ? &t.after : &t.before;

		be_start(b);
		for (int k = 0; k < 10; k++) {
			struct be_device d[50];
			char names[50][2][16];

			for (int i = 0; i < 50 - side; i++) {
				int n = k * 50 + i;

				snprintf(names[i][0], 16, "%d-%d", side, n);
				snprintf(names[i][1], 16, "p/%d", n);
				d[i] = (struct be_device){ .bus = "pci",
							   .name = names[i][0],
							   .port = names[i][1],
							   .vendor = 0x8086,
							   .product = 1 };
			}
			be_devices(b, d, 50 - side);
		}
	}
	compare(&t, CRD_DIFF_OTHER_MACHINE);
	for (size_t i = 0; i < t.diff->n; i++)
		removed += t.diff->changes[i].kind == CRD_CHANGE_REMOVED;
	assert_int_equal(removed, 10);
	assert_int_equal(t.diff->n, 10);
	two_done(&t);
}

static const char *name_of(uint32_t name, void *ctx)
{
	static char names[8][8];

	snprintf(names[name % 8], sizeof(names[0]), "m%u", name);
	return names[name % 8];
}

static int append(const char *bytes, size_t len, void *ctx)
{
	strncat(ctx, bytes, len);
	return 0;
}

/* A lot of some machines; differ: how many of them have another driver. */
static void make_lot(struct be *machines, int n, int differ)
{
	for (int i = 0; i < n; i++) {
		struct be_driver other = BE_GOOD("e1000e");

		other.digest = 9;
		office(&machines[i]);
		if (i < differ)
			be_load(&machines[i], other);
		close_machine(&machines[i]);
	}
}

/* In which order they come does not matter, but their names do. */
static void run_lot(struct be *machines, int n, const int *order,
		    char text_out[static 16384], struct crd_lot_sum *sum)
{
	struct crd_lot *lot = NULL;
	struct crd_attester reference = { 0 }, m;
	struct crd_lot_show show = { .name = name_of,
				     .put = append,
				     .put_ctx = text_out };
	uint32_t name;

	*text_out = 0;
	assert_int_equal(crd_lot_new(&lot), 0);
	for (int i = 0; i < n; i++) {
		assert_int_equal(read_machine(&machines[order[i]], &m, NULL),
				 0);
		assert_int_equal(crd_lot_add(lot, (uint32_t)order[i], &m), 0);
		crd_attester_done(&m);
	}
	assert_int_equal(crd_lot_settle(lot, &name), 0);
	if (n) {
		assert_int_equal(
			read_machine(&machines[name], &reference, NULL), 0);
	} else {
		assert_int_equal(name, CRD_NO_NAME);
	}
	while (crd_lot_next(lot, &name)) {
		assert_int_equal(read_machine(&machines[name], &m, NULL), 0);
		assert_int_equal(crd_lot_look(lot, name, &m, &reference), 0);
		crd_attester_done(&m);
	}
	crd_lot_sum(lot, sum);
	show.lot = lot;
	assert_int_equal(crd_lot_text(&show), 0);
	crd_attester_done(&reference);
	crd_lot_free(&lot);
	assert_null(lot);
}

static void test_lot(void **state)
{
	static const int forth[] = { 0, 1, 2, 3, 4 },
			 back[] = { 4, 3, 2, 1, 0 };
	static char one[16384], two[16384];
	struct be machines[5];
	struct crd_lot_sum sum;

	make_lot(machines, 5, 2);
	run_lot(machines, 5, forth, one, &sum);
	assert_int_equal(sum.proven, 5);
	assert_int_equal(sum.alike, 3);
	assert_int_equal(sum.differ, 2);
	assert_int_equal(sum.configurations, 2);
	/* they have the keyboard's serial number in common: no news */
	assert_int_equal(sum.twins, 0);
	assert_non_null(strstr(one, "3 of 5 are alike"));
	assert_non_null(strstr(one, "m0, m1"));
	run_lot(machines, 5, back, two, &sum);
	assert_string_equal(one, two);
	run_lot(machines, 2, forth, one, &sum);
	assert_int_equal(sum.alike, 2);
	assert_int_equal(sum.twins, 1); /* of two, it is */
	run_lot(machines, 0, forth, one, &sum);
	assert_int_equal(sum.proven, 0);
	assert_non_null(strstr(one, "No machine is proven"));
	for (int i = 0; i < 5; i++)
		be_done(&machines[i]);
}

static void test_changed_in_between(void **state)
{
	struct be machines[2];
	struct crd_lot *lot;
	struct crd_attester m;
	uint32_t name;

	make_lot(machines, 2, 1);
	assert_int_equal(crd_lot_new(&lot), 0);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(read_machine(&machines[i], &m, NULL), 0);
		assert_int_equal(crd_lot_add(lot, i, &m), 0);
		crd_attester_done(&m);
	}
	assert_int_equal(crd_lot_settle(lot, &name), 0);
	assert_int_equal(name, 0); /* of two alike in number, the first */
	assert_int_equal(read_machine(&machines[0], &m, NULL), 0);
	assert_int_equal(crd_lot_look(lot, 1, &m, &m), -ESTALE);
	assert_int_equal(crd_lot_look(lot, 7, &m, &m), -ESTALE);
	crd_attester_done(&m);
	crd_lot_free(&lot);
	be_done(&machines[0]);
	be_done(&machines[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_not_proven),
		cmocka_unit_test(test_named_keys),
		cmocka_unit_test(test_each_byte),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_machines_of_a_lot),
		cmocka_unit_test(test_another_key),
		cmocka_unit_test(test_after_the_quote),
		cmocka_unit_test(test_many_alike),
		cmocka_unit_test(test_lot),
		cmocka_unit_test(test_changed_in_between),
	};

	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
