// SPDX-License-Identifier: Apache-2.0
/* modinfo - what module files say, whole, cut and made up. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "modinfo.h"
#include "module_file.h"

static uint8_t *info; /* what was read last */
static size_t info_len;

static int file_of(const void *bytes, size_t len)
{
	int fd = memfd_create("module", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	return fd;
}

static int read_file(const void *bytes, size_t len)
{
	int fd = file_of(bytes, len), r;

	free(info);
	info = NULL;
	r = crd_modinfo_read(fd, &info, &info_len);
	close(fd);
	return r;
}

static bool is_signed(const void *bytes, size_t len)
{
	int fd = file_of(bytes, len);
	bool found = crd_modinfo_signed(fd);

	close(fd);
	return found;
}

static void test_modinfo_bad(void **state)
{
	struct elf e;

#define BAD(change)                                                   \
	do {                                                          \
		e = good_elf();                                       \
		change;                                               \
		assert_int_equal(read_file(&e, sizeof(e)), -EBADMSG); \
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
	BAD(e.s[1].sh_offset = UINT64_MAX);
	BAD(e.s[1].sh_offset = sizeof(e));
	BAD(e.s[1].sh_name = 0xffffffff);
	BAD(e.s[1].sh_name = 2);
	BAD(e.s[2].sh_size = 5);
	BAD(e.s[2].sh_offset = UINT64_MAX);
#undef BAD
}

static void test_modinfo_cut(void **state)
{
	struct elf e = good_elf();
	size_t len, end = offsetof(struct elf, names) + sizeof(e.names);

	for (len = 0; len < end; len++)
		assert_int_equal(read_file(&e, len), -EBADMSG);
	assert_int_equal(read_file(&e, len), 0);
}

/* Sizes beyond all reason are not asked memory for. */
static void test_modinfo_large(void **state)
{
	struct elf e = good_elf();

	e.s[1].sh_size = UINT64_MAX;
	assert_int_equal(read_file(&e, sizeof(e)), -E2BIG);
	e = good_elf();
	e.s[2].sh_size = (1 << 20) + 1;
	assert_int_equal(read_file(&e, sizeof(e)), -E2BIG);
	e = good_elf();
	e.head.e_shnum = 0xfff0;
	assert_int_equal(read_file(&e, sizeof(e)), -E2BIG);
}

static void test_signed(void **state)
{
	static const char magic[] = "x~Module signature appended~\n";

	assert_false(is_signed("", 0));
	assert_false(is_signed(magic, sizeof(magic) - 2));
	assert_false(is_signed(magic, sizeof(magic)));
	assert_false(is_signed(magic + 1, sizeof(magic) - 2)); /* all of it */
	assert_true(is_signed(magic, sizeof(magic) - 1));
}

static void test_modinfo(void **state)
{
	struct elf e = good_elf();
	struct crd_buf section, left, value;

	assert_int_equal(read_file(&e, sizeof(e)), 0);
	section = (struct crd_buf){ info, info_len };
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

static int drop(void **state)
{
	free(info);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modinfo_bad),
		cmocka_unit_test(test_modinfo_cut),
		cmocka_unit_test(test_modinfo_large),
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_modinfo),
	};

	return cmocka_run_group_tests_name("modinfo", tests, NULL, drop);
}
