// SPDX-License-Identifier: Apache-2.0
/* Who may read the log, and whole records whatever way it is read. */
#include "kselftest_harness.h"
#include "measurer.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 480 /* a debug kernel, a busy machine */

#define STOCK  "dummy"
#define NOBODY 65534

static const char *const files[] = { LOG_FILE, LOG_ASCII_FILE, STATUS_FILE };
#define N_FILES (sizeof(files) / sizeof(files[0]))

/* One more record, or two. */
static int add_record(void)
{
	static char path[256];

	if (!path[0])
		snprintf(path, sizeof(path), "%s", stock_module(STOCK));
	if (module_is_loaded(STOCK))
		unload(STOCK);
	return load_file(path, "");
}

/* As another user: the errno of opening each file; 0 if any could be read. */
static int open_all(void)
{
	unsigned int i;

	for (i = 0; i < N_FILES; i++) {
		char byte;
		int fd = open(files[i], O_RDONLY);

		if (fd < 0 && errno != EACCES && errno != EPERM)
			return 1;
		if (fd >= 0 && read(fd, &byte, 1) >= 0)
			return 2;
	}
	return 0;
}

/* Root of a new user namespace, mapped to the user outside. */
static int open_all_as_mapped_root(uid_t outside)
{
	char map[32];

	snprintf(map, sizeof(map), "0 %u 1", outside);
	if (unshare(CLONE_NEWUSER) ||
	    file_puts("/proc/self/setgroups", "deny") ||
	    file_puts("/proc/self/uid_map", map) ||
	    file_puts("/proc/self/gid_map", map) || geteuid() != 0)
		return 3;
	return open_all();
}

static int in_child(int (*fn)(uid_t), uid_t user)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (user && (setresgid(user, user, user) ||
			     setresuid(user, user, user)))
			_exit(4);
		if (user && prctl(PR_SET_DUMPABLE, 1))
			_exit(5);
		_exit(fn(user));
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int plain_open_all(uid_t user)
{
	return open_all();
}

TEST(unprivileged_user_may_not_read)
{
	EXPECT_EQ(0, in_child(plain_open_all, NOBODY));
}

TEST(mapped_root_may_not_read)
{
	EXPECT_EQ(0, in_child(open_all_as_mapped_root, NOBODY));
}

TEST(real_root_may_read)
{
	EXPECT_EQ(2, in_child(plain_open_all, 0));
}

TEST(nobody_may_write)
{
	unsigned int i;

	for (i = 0; i < N_FILES; i++)
		EXPECT_GT(0, file_puts(files[i], "x"));
}

TEST(one_byte_reads)
{
	int fd = open(LOG_FILE, O_RDONLY);
	struct log log;
	uint8_t byte;
	size_t at = 0;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, log_read(&log));
	while (read(fd, &byte, 1) == 1) {
		ASSERT_LT(at, log.len);
		ASSERT_EQ(log.bytes[at], byte);
		at++;
	}
	EXPECT_EQ(log.len, at);
	close(fd);
	log_done(&log);
}

TEST(seeks_and_pread)
{
	static const size_t sizes[] = { 1, 3, 7, 4095, 4096, 4097, 65536 };
	static uint8_t part[65536];
	int fd = open(LOG_FILE, O_RDONLY);
	struct log log;
	unsigned int i;
	size_t at;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, log_read(&log));
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (at = 0; at < log.len; at += 1 + log.len / 23) {
			size_t left = log.len - at;
			ssize_t got = pread(fd, part, sizes[i], at);

			ASSERT_LT(0, got);
			ASSERT_GE(left, got);
			ASSERT_EQ(0, memcmp(part, log.bytes + at, got));
			ASSERT_EQ(at, lseek(fd, at, SEEK_SET));
			ASSERT_EQ(got, read(fd, part, sizes[i]));
			ASSERT_EQ(0, memcmp(part, log.bytes + at, got));
		}
	}
	close(fd);
	log_done(&log);
}

TEST(offsets_beyond_the_end)
{
	int fd = open(LOG_FILE, O_RDONLY);
	uint8_t byte;

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, pread(fd, &byte, 1, 1LL << 40));
	EXPECT_EQ(0, pread(fd, &byte, 1, INT64_MAX - 1));
	EXPECT_EQ(-1, pread(fd, &byte, 1, -1));
	EXPECT_EQ(-1, lseek(fd, -1, SEEK_SET));
	close(fd);
}

TEST(ascii_has_a_line_for_each_record)
{
	uint8_t *text;
	size_t len, i;
	uint64_t lines = 0;

	ASSERT_EQ(0, file_read(LOG_ASCII_FILE, &text, &len));
	for (i = 0; i < len; i++) {
		lines += text[i] == '\n';
		EXPECT_TRUE(text[i] == '\n' ||
			    (text[i] >= ' ' && text[i] != 0x7f));
	}
	EXPECT_EQ(log_records(), lines);
	free(text);
}

TEST(status_is_keys_and_values)
{
	uint8_t *text;
	char *line, *save = NULL, records[40];
	size_t len;

	ASSERT_EQ(0, file_read(STATUS_FILE, &text, &len));
	snprintf(records, sizeof(records), "records=%llu",
		 (unsigned long long)log_records());
	EXPECT_NE(NULL, strstr((char *)text, "pcr="));
	EXPECT_NE(NULL, strstr((char *)text, "state="));
	EXPECT_NE(NULL, strstr((char *)text, records))
	{
		TH_LOG("no %s in: %s", records, text);
	}
	for (line = strtok_r((char *)text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		EXPECT_NE(NULL, strchr(line, '='));
	free(text);
}

static void *add_record_later(void *arg)
{
	usleep(300000);
	*(int *)arg = add_record();
	return NULL;
}

TEST(poll_wakes_on_a_new_record)
{
	struct pollfd pfd = { .fd = open(LOG_FILE, O_RDONLY),
			      .events = POLLIN };
	static uint8_t sink[65536];
	int added = -1, ready;
	pthread_t thread;

	ASSERT_LE(0, pfd.fd);
	EXPECT_EQ(1, poll(&pfd, 1, 0)); /* there is something to read */
	while (read(pfd.fd, sink, sizeof(sink)) > 0)
		continue;
	EXPECT_EQ(0, poll(&pfd, 1, 100)); /* and now nothing */
	ASSERT_EQ(0, pthread_create(&thread, NULL, add_record_later, &added));
	ready = poll(&pfd, 1, 20000);
	pthread_join(thread, NULL);
	EXPECT_EQ(0, added);
	EXPECT_EQ(1, ready);
	EXPECT_TRUE(pfd.revents & POLLIN);
	EXPECT_LT(0, read(pfd.fd, sink, sizeof(sink)));
	close(pfd.fd);
}

static volatile bool stop_reading;

/* Every snapshot must be a sound log that has the one before as prefix. */
static void *read_all_the_time(void *arg)
{
	struct log before = { .records = 0 }, log;
	intptr_t faults = 0;

	while (!stop_reading) {
		if (log_read(&log)) {
			faults++;
			continue;
		}
		if (log.len < before.len ||
		    (before.len && memcmp(log.bytes, before.bytes, before.len)))
			faults++;
		log_done(&before);
		before = log;
	}
	log_done(&before);
	return (void *)faults;
}

TEST(readers_and_writers_at_once)
{
	pthread_t readers[4];
	unsigned int i;
	void *faults;
	const char *fault;

	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, pthread_create(&readers[i], NULL,
					    read_all_the_time, NULL));
	for (i = 0; i < 100; i++)
		EXPECT_EQ(0, add_record());
	stop_reading = true;
	for (i = 0; i < 4; i++) {
		pthread_join(readers[i], &faults);
		EXPECT_EQ(NULL, faults);
	}
	fault = golden_rule();
	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
}

TEST_HARNESS_MAIN
