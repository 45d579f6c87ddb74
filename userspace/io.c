// SPDX-License-Identifier: Apache-2.0
#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MESSAGE_MAX 1024

/* One per process: how messages are shown. Set once, while options are read. */
static struct {
	const char *verb;
	bool json;
	bool csv;
	bool quiet;
} io;

void crd_io_verb(const char *verb)
{
	io.verb = verb;
}

void crd_io_json(bool json)
{
	io.json = json;
}

void crd_io_csv(bool csv)
{
	io.csv = csv;
}

void crd_io_quiet(bool quiet)
{
	io.quiet = quiet;
}

bool crd_io_is_json(void)
{
	return io.json;
}

bool crd_io_is_csv(void)
{
	return io.csv;
}

bool crd_io_is_quiet(void)
{
	return io.quiet;
}

int crd_io_put(const char *text, size_t len, void *ctx)
{
	fwrite(text, 1, len, stdout);
	return 0;
}

bool crd_io_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return (!no || !*no) && isatty(STDOUT_FILENO);
}

unsigned int crd_io_text_flags(void)
{
	return (crd_io_colour() ? CRD_TEXT_COLOUR : 0) |
	       (io.quiet ? CRD_TEXT_QUIET : 0);
}

/* Length of the well-formed UTF-8 sequence at s (Unicode 15, table 3-7), or 0 */
static size_t utf8_len(const unsigned char *s, size_t left)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t n, i;

	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (left < n)
		return 0;
	if (s[0] == 0xe0)
		low = 0xa0;
	if (s[0] == 0xed)
		high = 0x9f;
	if (s[0] == 0xf0)
		low = 0x90;
	if (s[0] == 0xf4)
		high = 0x8f;
	if (s[1] < low || s[1] > high)
		return 0;
	for (i = 2; i < n; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	return n;
}

/* C1 controls, line separators and marks that turn the writing direction */
static bool utf8_misleads(const unsigned char *s, size_t n)
{
	if (n == 2 && s[0] == 0xc2 && s[1] < 0xa0)
		return true;
	if (n != 3 || s[0] != 0xe2)
		return n == 3 && s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf;
	return (s[1] == 0x80 && s[2] >= 0x8b && s[2] <= 0x8f) ||
	       (s[1] == 0x80 && s[2] >= 0xa8 && s[2] <= 0xae) ||
	       (s[1] == 0x81 && s[2] >= 0xa0 && s[2] <= 0xaf);
}

void crd_io_escape(const char *text, size_t len, char *out, size_t size)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t at = 0, i = 0, n;

	/* four bytes are the longest that one step writes */
	while (i < len && at + 5 <= size) {
		n = s[i] >= 0x20 && s[i] < 0x7f ? 1 : utf8_len(s + i, len - i);
		if (n == 0 || utf8_misleads(s + i, n)) {
			at += (size_t)sprintf(out + at, "\\x%02x", s[i]);
			i++;
			continue;
		}
		memcpy(out + at, s + i, n);
		at += n;
		i += n;
	}
	if (size)
		out[at] = '\0';
}

void crd_io_json_string(FILE *out, const char *text)
{
	const char *p;

	fputc('"', out);
	for (p = text; *p; p++) {
		if (*p == '"' || *p == '\\')
			fprintf(out, "\\%c", *p);
		else if ((unsigned char)*p < 0x20)
			fprintf(out, "\\u%04x", (unsigned char)*p);
		else
			fputc(*p, out);
	}
	fputc('"', out);
}

static void show(const char *text, char *line, size_t size)
{
	crd_io_escape(text, strlen(text), line, size);
	fprintf(stderr, "credence%s%s: %s\n", io.verb ? " " : "",
		io.verb ? io.verb : "", line);
}

static int show_error(int code, const char *text)
{
	char line[4 * MESSAGE_MAX];

	show(text, line, sizeof(line));
	if (io.json) {
		printf("{\"error\": {\"exit\": %d, \"text\": ", code);
		crd_io_json_string(stdout, line);
		printf("}}\n");
		fflush(stdout);
	}
	return code;
}

int crd_io_error(int code, const char *format, ...)
{
	char text[MESSAGE_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return show_error(code, text);
}

int crd_io_fail(int code, const struct crd_error *err)
{
	return show_error(code, err->text);
}

int crd_io_no_memory(void)
{
	return crd_io_error(CRD_EXIT_FAILURE, "out of memory");
}

int crd_io_answered(int rc)
{
	if (rc >= 0)
		return -1;
	return crd_io_error(CRD_EXIT_FAILURE, "no answer: %s", strerror(-rc));
}

void crd_io_note(const char *format, ...)
{
	char text[MESSAGE_MAX], line[4 * MESSAGE_MAX];
	va_list ap;

	if (io.quiet)
		return;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	show(text, line, sizeof(line));
}

int crd_io_err(struct crd_error *err, int rc, const char *format, ...)
{
	va_list ap;

	if (!err)
		return rc;
	memset(err, 0, sizeof(*err));
	va_start(ap, format);
	vsnprintf(err->text, sizeof(err->text), format, ap);
	va_end(ap);
	return rc;
}

int crd_io_input_exit(int rc)
{
	switch (rc) {
	case -ENOENT:
	case -ENOTDIR:
	case -EISDIR:
	case -ENAMETOOLONG:
	case -EBADMSG:
	case -E2BIG:
	case -EINVAL:
	case -EOPNOTSUPP:
	case -EKEYREJECTED:
		return CRD_EXIT_USAGE;
	default:
		return CRD_EXIT_FAILURE;
	}
}

/* Room to begin with: the size that the file says it has, if it is one. */
static size_t first_room(int fd, size_t max)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || st.st_size < 16384 ||
	    (uintmax_t)st.st_size > max)
		return 16384;
	return (size_t)st.st_size + 2;
}

/*
 * securityfs and /proc say size 0, and a file may grow while it is read: what
 * is said of the size is not relied on, the end is found.
 */
int crd_io_read_fd(int fd, size_t max, uint8_t **ret_bytes, size_t *ret_len)
{
	size_t size = first_room(fd, max), len = 0;
	uint8_t *bytes = malloc(size), *more;
	ssize_t n;
	int r = -ENOMEM;

	if (!bytes)
		return r;
	for (;;) {
		if (len + 1 >= size) {
			size *= 2;
			more = realloc(bytes, size);
			if (!more)
				goto fail;
			bytes = more;
		}
		n = read(fd, bytes + len, size - len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		r = n < 0 ? -errno : -E2BIG;
		if (n < 0 || len + (size_t)n > max)
			goto fail;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	bytes[len] = 0;
	*ret_bytes = bytes;
	*ret_len = len;
	return 0;
fail:
	free(bytes);
	return r;
}

int crd_io_read(const char *path, size_t max, uint8_t **ret_bytes,
		size_t *ret_len, struct crd_error *err)
{
	bool std = strcmp(path, "-") == 0;
	int fd = std ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return crd_io_err(err, -errno, "cannot open %s: %m", path);
	r = crd_io_read_fd(fd, max, ret_bytes, ret_len);
	if (r == -E2BIG)
		crd_io_err(err, r, "%s is longer than %zu bytes", path, max);
	else if (r < 0)
		crd_io_err(err, r, "cannot read %s: %s", path, strerror(-r));
	if (!std)
		close(fd);
	return r;
}

/* An empty file cannot be mapped: it is the empty text. */
static int map_fd(int fd, size_t max, const uint8_t **ret_bytes,
		  size_t *ret_len)
{
	struct stat st;
	void *at;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if ((uintmax_t)st.st_size > max)
		return -E2BIG;
	at = st.st_size ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE,
			       fd, 0) :
			  NULL;
	if (at == MAP_FAILED)
		return -errno;
	*ret_bytes = at;
	*ret_len = (size_t)st.st_size;
	return 0;
}

int crd_io_map(const char *path, size_t max, const uint8_t **ret_bytes,
	       size_t *ret_len, struct crd_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int r = fd < 0 ? -errno : map_fd(fd, max, ret_bytes, ret_len);

	if (r < 0)
		crd_io_err(err, r, "cannot read %s: %s", path, strerror(-r));
	if (fd >= 0)
		close(fd);
	return r;
}

int crd_io_write_fd(int fd, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	ssize_t n;

	while (len) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* What is not a regular file (a pipe, /dev/null) must not be replaced. */
static int write_in_place(const char *path, const void *bytes, size_t len)
{
	bool std = strcmp(path, "-") == 0;
	int fd = std ? STDOUT_FILENO : open(path, O_WRONLY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	if (std)
		fflush(stdout);
	r = crd_io_write_fd(fd, bytes, len);
	if (!std && close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

static int sync_folder_of(const char *path)
{
	char folder[PATH_MAX];
	char *slash;
	int fd, r = 0;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (!slash)
		strcpy(folder, ".");
	else
		slash[slash == folder] = '\0';
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* some file systems cannot sync a folder; they say EINVAL */
	if (fsync(fd) < 0 && errno != EINVAL)
		r = -errno;
	close(fd);
	return r;
}

static int replace(const char *path, mode_t mode, const void *bytes, size_t len)
{
	char temp[PATH_MAX];
	int fd, r;

	if ((size_t)snprintf(temp, sizeof(temp), "%s.XXXXXX", path) >=
	    sizeof(temp))
		return -ENAMETOOLONG;
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = crd_io_write_fd(fd, bytes, len);
	if (r == 0 && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && rename(temp, path) < 0)
		r = -errno;
	if (r < 0)
		unlink(temp);
	return r < 0 ? r : sync_folder_of(path);
}

int crd_io_write(const char *path, mode_t mode, const void *bytes, size_t len,
		 struct crd_error *err)
{
	char real[PATH_MAX];
	struct stat st;
	int r;

	if (strcmp(path, "-") == 0 ||
	    (stat(path, &st) == 0 && !S_ISREG(st.st_mode)))
		r = write_in_place(path, bytes, len);
	else if (realpath(path, real)) /* keeps a symbolic link a link */
		r = replace(real, mode, bytes, len);
	else
		r = replace(path, mode, bytes, len);
	if (r < 0)
		crd_io_err(err, r, "cannot write %s: %s",
			   strcmp(path, "-") ? path : "standard output",
			   strerror(-r));
	return r;
}
