// SPDX-License-Identifier: Apache-2.0
/* io - files whole or not at all, messages without raw bytes. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io.h"
#include "scratch.h"

static size_t files_in(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	size_t n = 0;

	assert_non_null(dir);
	while ((d = readdir(dir)))
		n += d->d_name[0] != '.' || strlen(d->d_name) > 2;
	closedir(dir);
	return n;
}

static void assert_holds(const char *path, const char *text)
{
	struct crd_error err;
	uint8_t *bytes;
	size_t len;

	assert_int_equal(crd_io_read(path, 1000, &bytes, &len, &err), 0);
	assert_int_equal(len, strlen(text));
	assert_string_equal((char *)bytes, text);
	free(bytes);
}

static void test_read_bad(void **state)
{
	struct crd_error err;
	uint8_t *bytes;
	size_t len;

	assert_int_equal(crd_io_read(scratch_path("none"), 10, &bytes, &len,
				     &err),
			 -ENOENT);
	assert_non_null(strstr(err.text, "none"));
	assert_int_equal(crd_io_read(scratch, 10, &bytes, &len, &err), -EISDIR);
	scratch_write("eleven", "12345678901", 11);
	assert_int_equal(crd_io_read(scratch_path("eleven"), 10, &bytes, &len,
				     &err),
			 -E2BIG);
	assert_non_null(strstr(err.text, "longer than 10"));
}

static void test_read_sizes(void **state)
{
	static const size_t sizes[] = { 0,     1,     10,    16382, 16383,
					16384, 16385, 32768, 100000 };
	uint8_t *big = calloc(1, 100000), *bytes;
	size_t len, i;

	assert_non_null(big);
	memset(big, 'x', 100000);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		scratch_write("sized", big, sizes[i]);
		/* exactly the limit is allowed */
		assert_int_equal(crd_io_read(scratch_path("sized"), sizes[i],
					     &bytes, &len, NULL),
				 0);
		assert_int_equal(len, sizes[i]);
		assert_memory_equal(bytes, big, len);
		assert_int_equal(bytes[len], 0);
		free(bytes);
		if (sizes[i])
			assert_int_equal(crd_io_read(scratch_path("sized"),
						     sizes[i] - 1, &bytes, &len,
						     NULL),
					 -E2BIG);
	}
	free(big);
}

/* E21: /proc says size 0 and has bytes. */
static void test_read_size_zero(void **state)
{
	struct stat st;
	uint8_t *bytes;
	size_t len;

	assert_int_equal(stat("/proc/self/status", &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(crd_io_read("/proc/self/status", 100000, &bytes, &len,
				     NULL),
			 0);
	assert_true(len > 100);
	free(bytes);
}

/* One byte at a time, and a limit that stops an endless writer. */
static void *dribble(void *path)
{
	int fd = open(path, O_WRONLY);
	size_t i;

	for (i = 0; i < 3000; i++)
		if (write(fd, "y", 1) != 1)
			break;
	close(fd);
	return NULL;
}

static void test_read_fifo(void **state)
{
	const char *path = scratch_path("fifo");
	pthread_t thread;
	uint8_t *bytes;
	size_t len;

	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(pthread_create(&thread, NULL, dribble,
					(void *)(intptr_t)path),
			 0);
	assert_int_equal(crd_io_read(path, 3000, &bytes, &len, NULL), 0);
	assert_int_equal(len, 3000);
	pthread_join(thread, NULL);
	free(bytes);
	unlink(path);
	assert_int_equal(crd_io_read("/dev/zero", 100000, &bytes, &len, NULL),
			 -E2BIG);
}

static void test_write(void **state)
{
	const char *path = scratch_path("out");
	struct crd_error err;
	struct stat st;
	size_t before;

	before = files_in(scratch);
	assert_int_equal(crd_io_write(path, 0600, "one", 3, &err), 0);
	assert_holds(path, "one");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(crd_io_write(path, 0644, "second", 6, &err), 0);
	assert_holds(path, "second");
	assert_int_equal(crd_io_write(path, 0644, "", 0, &err), 0);
	assert_holds(path, "");
	assert_int_equal(files_in(scratch), before + 1);
}

static void test_write_bad(void **state)
{
	struct crd_error err;
	size_t before = files_in(scratch);
	char longer[5000];

	assert_int_equal(crd_io_write(scratch_path("no/such/folder"), 0600, "x",
				      1, &err),
			 -ENOENT);
	assert_non_null(strstr(err.text, "no/such/folder"));
	assert_int_equal(crd_io_write(scratch, 0600, "x", 1, &err), -EISDIR);
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(crd_io_write(longer, 0600, "x", 1, &err),
			 -ENAMETOOLONG);
	assert_int_equal(files_in(scratch), before);
	assert_int_equal(crd_io_write("/dev/full", 0600, "x", 1, &err),
			 -ENOSPC);
}

/* A link stays a link, a device stays a device. */
static void test_write_through(void **state)
{
	const char *link = scratch_path("link");
	struct stat st;

	scratch_write("target", "old", 3);
	assert_int_equal(symlink("target", link), 0);
	assert_int_equal(crd_io_write(link, 0600, "new", 3, NULL), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_holds(scratch_path("target"), "new");
	assert_int_equal(crd_io_write("/dev/null", 0600, "x", 1, NULL), 0);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

static void test_escape(void **state)
{
	static const struct {
		const char *raw, *shown;
	} cases[] = {
		{ "", "" },
		{ "plain ~", "plain ~" },
		{ "a\nb\tc", "a\\x0ab\\x09c" },
		{ "\x1b[31mred", "\\x1b[31mred" },
		{ "\x7f", "\\x7f" },
		{ "caf\xc3\xa9", "caf\xc3\xa9" },
		{ "\xe2\x82\xac", "\xe2\x82\xac" },
		{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
		{ "\xc3", "\\xc3" }, /* cut short */
		{ "\xc3(", "\\xc3(" },
		{ "\xc0\xaf", "\\xc0\\xaf" }, /* overlong */
		{ "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" }, /* surrogate */
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
		{ "\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80" },
		{ "\xc2\x9b"
		  "1m",
		  "\\xc2\\x9b1m" },		       /* C1: another ESC [ */
		{ "\xe2\x80\xae", "\\xe2\\x80\\xae" }, /* right to left */
		{ "\xe2\x81\xa6", "\\xe2\\x81\\xa6" },
		{ "\xe2\x80\x8b", "\\xe2\\x80\\x8b" }, /* of no width */
		{ "\xef\xbb\xbf", "\\xef\\xbb\\xbf" },
	};
	char out[64];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		crd_io_escape(cases[i].raw, strlen(cases[i].raw), out,
			      sizeof(out));
		assert_string_equal(out, cases[i].shown);
	}
	crd_io_escape("a\0b", 3, out, sizeof(out));
	assert_string_equal(out, "a\\x00b");
}

/* Whatever the room, never past it and always ended. */
static void test_escape_room(void **state)
{
	static const char raw[] = "ab\xc3\xa9\x01\x02xyz";
	char *out;
	size_t room;

	for (room = 1; room < 40; room++) {
		out = malloc(room);
		assert_non_null(out);
		crd_io_escape(raw, sizeof(raw) - 1, out, room);
		assert_true(strlen(out) < room);
		free(out);
	}
}

static void test_json_string(void **state)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	crd_io_json_string(f, "a\"b\\c\n\x01 caf\xc3\xa9");
	fclose(f);
	assert_string_equal(text, "\"a\\\"b\\\\c\\u000a\\u0001 caf\xc3\xa9\"");
	free(text);
}

static void test_input_exit(void **state)
{
	assert_int_equal(crd_io_input_exit(-ENOENT), CRD_EXIT_USAGE);
	assert_int_equal(crd_io_input_exit(-EBADMSG), CRD_EXIT_USAGE);
	assert_int_equal(crd_io_input_exit(-E2BIG), CRD_EXIT_USAGE);
	assert_int_equal(crd_io_input_exit(-EIO), CRD_EXIT_FAILURE);
	assert_int_equal(crd_io_input_exit(-ENOSPC), CRD_EXIT_FAILURE);
	assert_int_equal(crd_io_input_exit(-ENOMEM), CRD_EXIT_FAILURE);
	assert_int_equal(crd_io_input_exit(-EACCES), CRD_EXIT_FAILURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_bad),
		cmocka_unit_test(test_read_sizes),
		cmocka_unit_test(test_read_size_zero),
		cmocka_unit_test(test_read_fifo),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_write_bad),
		cmocka_unit_test(test_write_through),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_escape_room),
		cmocka_unit_test(test_json_string),
		cmocka_unit_test(test_input_exit),
	};

	return cmocka_run_group_tests_name("io", tests, scratch_make,
					   scratch_drop);
}
