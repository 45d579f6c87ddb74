// SPDX-License-Identifier: Apache-2.0
/* collect, host, modinfo - what is read from a machine, real or hostile. */
#include <elf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/utsname.h>

#include <cmocka.h>

#include "collect.h"
#include "credence.h"
#include "host.h"
#include "modinfo.h"
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

/* A module file of one section table: null, .modinfo, .shstrtab. */
#define INFO  "license=GPL\0author=A <a@b>\0author=\x1b[1mB\0vermagic=6.1 SMP"
#define NAMES "\0.modinfo\0.shstrtab"

struct elf {
	Elf64_Ehdr head;
	Elf64_Shdr s[3];
	char info[sizeof(INFO)];
	char names[sizeof(NAMES)];
};

static struct elf good_elf(void)
{
	struct elf e = {
		.head = { .e_shoff = offsetof(struct elf, s),
			  .e_shentsize = sizeof(Elf64_Shdr),
			  .e_shnum = 3,
			  .e_shstrndx = 2 },
		.info = INFO,
		.names = NAMES,
	};

	memcpy(e.head.e_ident, ELFMAG, SELFMAG);
	e.head.e_ident[EI_CLASS] = ELFCLASS64;
	e.head.e_ident[EI_DATA] = ELFDATA2LSB;
	e.s[1].sh_name = 1;
	e.s[1].sh_type = SHT_PROGBITS;
	e.s[1].sh_offset = offsetof(struct elf, info);
	e.s[1].sh_size = sizeof(e.info);
	e.s[2].sh_name = 10;
	e.s[2].sh_type = SHT_STRTAB;
	e.s[2].sh_offset = offsetof(struct elf, names);
	e.s[2].sh_size = sizeof(e.names);
	return e;
}

static struct crd_buf buf_of(const struct elf *e)
{
	return (struct crd_buf){ (const uint8_t *)e, sizeof(*e) };
}

static void test_modinfo_bad(void **state)
{
	struct crd_buf section;
	struct elf e;

#define BAD(change)                                                      \
	do {                                                             \
		e = good_elf();                                          \
		change;                                                  \
		assert_int_equal(crd_modinfo_find(buf_of(&e), &section), \
				 -EBADMSG);                              \
	} while (0)
	BAD(e.head.e_ident[0] = 0);
	BAD(e.head.e_ident[EI_CLASS] = ELFCLASS32);
	BAD(e.head.e_ident[EI_DATA] = ELFDATA2MSB);
	BAD(e.head.e_shentsize = 1);
	BAD(e.head.e_shoff = UINT64_MAX);
	BAD(e.head.e_shoff = UINT64_MAX - 63);
	BAD(e.head.e_shoff = sizeof(e));
	BAD(e.head.e_shnum = 0);
	BAD(e.head.e_shnum = 1);
	BAD(e.head.e_shstrndx = 3);
	BAD(e.head.e_shstrndx = 0xffff);
	BAD(e.s[1].sh_type = SHT_NOBITS);
	BAD(e.s[1].sh_size = UINT64_MAX);
	BAD(e.s[1].sh_offset = UINT64_MAX);
	BAD(e.s[1].sh_offset = sizeof(e));
	BAD(e.s[1].sh_name = 0xffffffff);
	BAD(e.s[1].sh_name = 2);
	BAD(e.s[2].sh_size = 5);
	BAD(e.s[2].sh_size = UINT64_MAX);
	BAD(e.s[2].sh_offset = UINT64_MAX);
#undef BAD
}

static void test_modinfo_cut(void **state)
{
	struct elf e = good_elf();
	struct crd_buf section;
	size_t len;

	for (len = 0; len < sizeof(e); len++) {
		uint8_t *copy = malloc(len ? len : 1);

		assert_non_null(copy);
		memcpy(copy, &e, len);
		crd_modinfo_find((struct crd_buf){ copy, len }, &section);
		free(copy);
	}
}

static void test_modinfo(void **state)
{
	struct elf e = good_elf();
	struct crd_buf section, left, value;

	assert_int_equal(crd_modinfo_find(buf_of(&e), &section), 0);
	left = section;
	assert_true(crd_modinfo_next(&left, "author", &value));
	assert_int_equal(value.len, 7);
	assert_memory_equal(value.ptr, "A <a@b>", 7);
	assert_true(crd_modinfo_next(&left, "author", &value));
	assert_false(crd_modinfo_next(&left, "author", &value));
	left = section;
	assert_false(crd_modinfo_next(&left, "auth", &value));
	left = (struct crd_buf){ (const uint8_t *)"a=1", 3 }; /* no NUL */
	assert_true(crd_modinfo_next(&left, "a", &value));
	assert_int_equal(value.len, 1);
	left = (struct crd_buf){ (const uint8_t *)"a=", 2 };
	assert_true(crd_modinfo_next(&left, "a", &value));
	assert_int_equal(value.len, 0);
}

static void assert_buf(struct crd_buf buf, const char *text)
{
	assert_int_equal(buf.len, strlen(text));
	assert_memory_equal(buf.ptr, text, buf.len);
}

static void test_host(void **state)
{
	static const char modules[] =
		"my_driver 16384 0 - Live 0x0000000000000000 (OE)\n"
		"other 4096 1 my_driver, Live 0x0000000000000000\n";
	static const char dep[] =
		"kernel/other.ko.xz:\nextra/not-my-driver.ko:\n"
		"extra/my-driver.ko: kernel/other.ko.xz\n";
	struct crd_inventory_iter it = { 0 };
	struct crd_component c[2];
	struct crd_host *host = NULL;
	struct elf e = good_elf();
	struct crd_error err;
	char path[300];
	struct utsname u;

	assert_int_equal(uname(&u), 0);
	scratch_write("h/proc/modules", modules, strlen(modules));
	scratch_write("h/sys/module/my_driver/version", "1.0\n", 4);
	scratch_write("h/sys/module/my_driver/taint", "OE\n", 3);
	snprintf(path, sizeof(path), "h/lib/modules/%s/modules.dep", u.release);
	scratch_write(path, dep, strlen(dep));
	snprintf(path, sizeof(path), "h/lib/modules/%s/extra/my-driver.ko",
		 u.release);
	scratch_write(path, &e, sizeof(e));
	assert_int_equal(crd_host_read(scratch_path("h"), &host, &err), 0);
	assert_int_equal(crd_host_inventory(host)->n, 2);
	it.inventory = crd_host_inventory(host);
	assert_true(crd_inventory_next(&it, &c[0]));
	assert_true(crd_inventory_next(&it, &c[1]));
	assert_false(crd_inventory_next(&it, &c[1]));
	assert_buf(c[0].name, "my_driver");
	assert_buf(c[0].version, "1.0");
	assert_buf(c[0].license, "GPL");
	assert_int_equal(c[0].n_authors, 2);
	assert_buf(c[0].authors[1], "\\x1b[1mB");
	assert_int_equal(c[0].grade, CRD_GRADE_SELF_REPORTED);
	assert_int_equal(c[0].flags,
			 CRD_FLAG_UNMEASURED | CRD_FLAG_NOT_COVERED |
				 CRD_FLAG_OUT_OF_TREE | CRD_FLAG_UNSIGNED);
	assert_buf(c[1].name, "other");
	assert_null(c[1].license.ptr); /* compressed: not read */
	assert_non_null(c[1].path.ptr);
	crd_host_free(&host);
	assert_null(host);
}

static void test_host_bad(void **state)
{
	static const char *const bad[] = {
		"../../etc/passwd 1 0\n",
		"\x20\n",
		"a/b 1 0\n",
		"name.with.dots 1 0\n",
		"a_name_that_is_far_longer_than_any_module_name_can_be_in_this_kernel_of_ours 1\n",
	};
	struct crd_host *host = NULL;
	struct crd_error err;
	size_t i;

	assert_int_equal(crd_host_read(scratch_path("nowhere"), &host, &err),
			 -ENOENT);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		scratch_write("b/proc/modules", bad[i], strlen(bad[i]));
		assert_true(crd_host_read(scratch_path("b"), &host, &err) < 0);
		assert_null(host);
	}
	scratch_write("b/proc/modules", "", 0);
	assert_int_equal(crd_host_read(scratch_path("b"), &host, &err), 0);
	assert_int_equal(crd_host_inventory(host)->n, 0);
	crd_host_free(&host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_banks),
		cmocka_unit_test(test_log_banks_bad),
		cmocka_unit_test(test_logs),
		cmocka_unit_test(test_logs_bad),
		cmocka_unit_test(test_modinfo_bad),
		cmocka_unit_test(test_modinfo_cut),
		cmocka_unit_test(test_modinfo),
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_host_bad),
	};

	return cmocka_run_group_tests_name("collect", tests, scratch_make,
					   scratch_drop);
}
