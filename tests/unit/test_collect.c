// SPDX-License-Identifier: Apache-2.0
/* collect - the logs of a machine, real or hostile. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collect.h"
#include "scratch.h"

static void test_banks(void **state)
{
	enum { S1 = 4, S256 = 11, S384 = 12, S512 = 13, SM3 = 18 };
	static const struct {
		uint16_t tpm[4], log[4];
		size_t n_tpm, n_log;
		uint16_t want;
	} cases[] = {
		{ { 0 }, { 0 }, 0, 0, 0 },
		{ { S1 }, { S1 }, 1, 1, 0 }, /* too weak, even if common */
		{ { SM3 }, { 0 }, 1, 0, 0 }, /* not known to us */
		{ { 0 }, { S256 }, 0, 1, 0 },
		{ { S256 }, { 0 }, 1, 0, S256 },
		{ { S1, S256 }, { 0 }, 2, 0, S256 },
		{ { S1, S256, S384 }, { 0 }, 3, 0, S384 },
		{ { S512, S384, S256 }, { 0 }, 3, 0, S512 },
		{ { S1, S256, S384 }, { S1, S256 }, 3, 2, S256 },
		{ { S384, S256, S1 }, { S256, S1 }, 3, 2, S256 },
		{ { S1, S256 }, { S1 }, 2, 1, S256 }, /* none in common */
		{ { S256, S384 }, { S384, S256 }, 2, 2, S384 },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			crd_collect_choose_bank(cases[i].tpm, cases[i].n_tpm,
						cases[i].log, cases[i].n_log),
			cases[i].want);
}

static void test_log_banks_bad(void **state)
{
	static const char *const bad[] = { "", "x", "\0\0\0\0\x08", "\xff" };
	uint16_t banks[8];
	size_t i, n = 99;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct crd_log log = { (uint8_t *)(intptr_t)bad[i],
				       strlen(bad[i]) };

		crd_collect_banks(&log, banks, 8, &n);
		assert_int_equal(n, 0);
	}
	n = 99;
	crd_collect_banks(&(struct crd_log){ 0 }, banks, 8, &n);
	assert_int_equal(n, 0);
}

static void test_logs(void **state)
{
	struct crd_logs logs = { 0 };
	struct crd_error err;

	assert_int_equal(crd_collect_logs(scratch_path("void"), &logs, &err),
			 0);
	assert_null(logs.measurer.bytes);
	assert_null(logs.tcg.bytes);
	assert_null(logs.ima.bytes);
	scratch_write("m/" CRD_PATH_MEASURER, "log", 3);
	scratch_write("m/" CRD_PATH_IMA, "", 0);
	assert_int_equal(crd_collect_logs(scratch_path("m"), &logs, &err), 0);
	assert_int_equal(logs.measurer.len, 3);
	assert_null(logs.tcg.bytes);
	assert_non_null(logs.ima.bytes); /* there, but empty */
	assert_int_equal(logs.ima.len, 0);
	crd_collect_done(&logs);
	assert_null(logs.measurer.bytes);
}

/* A folder where a log should be, and a log without end. */
static void test_logs_bad(void **state)
{
	struct crd_logs logs = { 0 };
	struct crd_error err;
	char longer[5000];

	scratch_write("f/" CRD_PATH_TCG "/x", "", 0);
	assert_int_equal(crd_collect_logs(scratch_path("f"), &logs, &err),
			 -EISDIR);
	scratch_write("e/" CRD_PATH_MEASURER, "log", 3);
	scratch_write("e/sys/kernel/security/ima/x", "", 0);
	assert_int_equal(symlink("/dev/zero", scratch_path("e/" CRD_PATH_IMA)),
			 0);
	assert_int_equal(crd_collect_logs(scratch_path("e"), &logs, &err),
			 -E2BIG);
	assert_null(logs.measurer.bytes);
	memset(longer, 'a', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(crd_collect_logs(longer, &logs, &err), -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_banks),
		cmocka_unit_test(test_log_banks_bad),
		cmocka_unit_test(test_logs),
		cmocka_unit_test(test_logs_bad),
	};

	return cmocka_run_group_tests_name("collect", tests, scratch_make,
					   scratch_drop);
}
