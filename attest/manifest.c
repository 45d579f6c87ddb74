// SPDX-License-Identifier: Apache-2.0
/*
 * manifest - a list of files with their SHA-256, as sha256sum writes it, with
 * a head that says what it is a list of. One content has one form: what an
 * authority signs cannot be read in two ways.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attest_private.h"
#include "authority.h"
#include "text_private.h"

enum { HEX = 64, MAX_PATH = 1024 };

/* "# kind: " and so on, in this order */
enum head { HEAD_KIND, HEAD_NAME, HEAD_VERSION, HEAD_DATE, HEAD_MAX };
static const char *const heads[HEAD_MAX] = { "kind", "name", "version",
					     "date" };
static const char magic[] = "# credence-manifest 1";

const char *crd_seal_kind_name(enum crd_seal_kind kind)
{
	static const char *const names[CRD_SEAL_MAX] = { "policy", "registry",
							 "waivers" };

	return (unsigned int)kind < CRD_SEAL_MAX ? names[kind] : "unknown";
}

/* A text being read line by line; each line ends with a newline. */
struct lines {
	struct crd_buf left;
	unsigned int n; /* of the line read last */
	struct crd_error *err;
};

static int bad(const struct lines *in, unsigned int column, const char *what)
{
	return crd_fail_at(in->err, in->n, column, -EBADMSG, "%s", what);
}

static bool next_line(struct lines *in, struct crd_buf *ret_line)
{
	const uint8_t *end;

	in->n++;
	if (!in->left.len)
		return false;
	end = memchr(in->left.ptr, '\n', in->left.len);
	if (!end)
		return false;
	*ret_line =
		(struct crd_buf){ in->left.ptr, (size_t)(end - in->left.ptr) };
	in->left.ptr += ret_line->len + 1;
	in->left.len -= ret_line->len + 1;
	return true;
}

/* Characters that can be shown as they are, on one line. */
static bool showable(struct crd_buf text)
{
	size_t i, n;

	for (i = 0; i < text.len; i += n) {
		n = crd_utf8_len(text.ptr + i, text.len - i);
		if (!n || !crd_utf8_showable(text.ptr + i, n))
			return false;
	}
	return true;
}

static bool good_name(struct crd_buf name)
{
	return name.len && name.len <= CRD_MAX_MANIFEST_NAME &&
	       name.ptr[0] != ' ' && name.ptr[name.len - 1] != ' ' &&
	       showable(name);
}

static bool good_part(const uint8_t *part, size_t len)
{
	return len && !(len == 1 && part[0] == '.') &&
	       !(len == 2 && part[0] == '.' && part[1] == '.');
}

/*
 * Below the manifest's folder, written in one way only, and no name that
 * sha256sum would write (\) or read (-, standard input) otherwise.
 */
static bool good_path(struct crd_buf path)
{
	const uint8_t *at = path.ptr, *end = at + path.len, *slash;

	if (!path.len || path.len > MAX_PATH || !showable(path) ||
	    memchr(path.ptr, '\\', path.len) || path.ptr[0] == ' ' ||
	    (path.len == 1 && path.ptr[0] == '-'))
		return false;
	for (;;) {
		slash = memchr(at, '/', (size_t)(end - at));
		if (!good_part(at, (size_t)((slash ? slash : end) - at)))
			return false;
		if (!slash)
			return true;
		at = slash + 1;
	}
}

/* Decimal, without leading zeros, from 1 to UINT64_MAX. */
static bool read_version(struct crd_buf text, uint64_t *ret_version)
{
	uint64_t v = 0;
	size_t i;

	if (!text.len || text.ptr[0] == '0')
		return false;
	for (i = 0; i < text.len; i++) {
		unsigned int digit = text.ptr[i] - (unsigned int)'0';

		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return false;
		v = 10 * v + digit;
	}
	*ret_version = v;
	return true;
}

static bool read_kind(struct crd_buf text, enum crd_seal_kind *ret_kind)
{
	unsigned int kind;

	for (kind = 0; kind < CRD_SEAL_MAX; kind++) {
		if (!crd_buf_equal(text, crd_buf_of(crd_seal_kind_name(kind))))
			continue;
		*ret_kind = kind;
		return true;
	}
	return false;
}

static int take_value(struct lines *in, enum head head, struct crd_buf value,
		      struct crd_manifest *m)
{
	unsigned int column = (unsigned int)strlen(heads[head]) + 5;
	int32_t days;

	switch (head) {
	case HEAD_KIND:
		return read_kind(value, &m->kind) ?
			       0 :
			       bad(in, column,
				   "kind: is policy, registry or waivers");
	case HEAD_NAME:
		m->name = value;
		return good_name(value) ?
			       0 :
			       bad(in, column,
				   "name: is a text of at most 128 bytes");
	case HEAD_VERSION:
		return read_version(value, &m->version) ?
			       0 :
			       bad(in, column,
				   "version: is a number from 1, without leading zeros");
	default:
		m->date = value;
		return crd_date_parse((const char *)value.ptr, value.len,
				      &days) ?
			       0 :
			       bad(in, column,
				   "date: is a day such as 2026-01-31");
	}
}

static int read_head(struct lines *in, struct crd_manifest *m)
{
	struct crd_buf line;
	unsigned int i;
	int ret = 0;

	if (!next_line(in, &line) || !crd_buf_equal(line, crd_buf_of(magic)))
		return bad(
			in, 1,
			"this is no manifest: it does not begin with \"# credence-manifest 1\"");
	for (i = 0; !ret && i < HEAD_MAX; i++) {
		size_t n = strlen(heads[i]);

		if (!next_line(in, &line) || line.len < n + 4 ||
		    memcmp(line.ptr, "# ", 2) ||
		    memcmp(line.ptr + 2, heads[i], n) ||
		    memcmp(line.ptr + 2 + n, ": ", 2))
			return crd_fail_at(in->err, in->n, 1, -EBADMSG,
					   "\"# %s: \" belongs here", heads[i]);
		line.ptr += n + 4;
		line.len -= n + 4;
		ret = take_value(in, i, line, m);
	}
	return ret;
}

static const struct crd_manifest_file *find(const struct crd_manifest *m,
					    struct crd_buf name)
{
	size_t i;

	for (i = 0; i < m->n_files; i++) {
		if (crd_buf_equal(m->files[i].name, name))
			return &m->files[i];
	}
	return NULL;
}

static int read_file(struct lines *in, struct crd_buf line,
		     struct crd_manifest *m)
{
	struct crd_manifest_file *file = &m->files[m->n_files];

	if (m->n_files == CRD_MAX_MANIFEST_FILES)
		return crd_fail_at(in->err, in->n, 1, -E2BIG,
				   "more than %d files are named",
				   CRD_MAX_MANIFEST_FILES);
	if (line.len < HEX + 2 ||
	    !crd_hex_read((struct crd_buf){ line.ptr, HEX }, crd_hex_digit,
			  file->digest.bytes) ||
	    memcmp(line.ptr + HEX, "  ", 2))
		return bad(
			in, 1,
			"a SHA-256 in small hexadecimal digits, two blanks and a file's name belong here");
	file->digest.alg = CRD_ALG_SHA256;
	file->digest.len = HEX / 2;
	file->name = (struct crd_buf){ line.ptr + HEX + 2, line.len - HEX - 2 };
	if (!good_path(file->name))
		return bad(
			in, HEX + 3,
			"the file's name must be a plain path below the manifest's folder");
	if (find(m, file->name))
		return bad(in, HEX + 3, "the file is named twice");
	m->n_files++;
	return 0;
}

static int read_files(struct lines *in, struct crd_manifest *m)
{
	struct crd_buf body = in->left, line;
	int ret = 0;

	m->files = calloc(CRD_MAX_MANIFEST_FILES, sizeof(*m->files));
	if (!m->files)
		return -ENOMEM;
	while (!ret && in->left.len) {
		if (!next_line(in, &line))
			return bad(in, 1, "the last line has no end");
		ret = read_file(in, line, m);
	}
	if (!ret && !m->n_files) {
		in->n++;
		return bad(in, 1, "no file is named");
	}
	return ret ? ret : crd_hash(CRD_ALG_SHA256, &body, 1, &m->content);
}

int crd_manifest_parse(struct crd_buf text, struct crd_manifest *ret_manifest,
		       struct crd_error *err)
{
	struct lines in = { text, 0, err };
	struct crd_manifest m = { 0 };
	int ret;

	if (text.len > CRD_MAX_MANIFEST)
		return crd_fail_at(err, 1, 1, -E2BIG,
				   "the manifest is longer than %u bytes",
				   CRD_MAX_MANIFEST);
	ret = read_head(&in, &m);
	if (!ret)
		ret = read_files(&in, &m);
	if (ret) {
		crd_manifest_done(&m);
		return ret;
	}
	*ret_manifest = m;
	return 0;
}

void crd_manifest_done(struct crd_manifest *manifest)
{
	free(manifest->files);
	memset(manifest, 0, sizeof(*manifest));
}

int crd_manifest_check(const struct crd_manifest *manifest, const char *name,
		       struct crd_buf bytes, struct crd_error *err)
{
	const struct crd_manifest_file *file = find(manifest, crd_buf_of(name));
	struct crd_digest digest;

	if (!file)
		return crd_fail_at(err, 0, 0, -ENOENT,
				   "%s is not among the files that were signed",
				   name);
	crd_sha256(bytes, &digest);
	if (!crd_digest_equal(&digest, &file->digest))
		return crd_fail_at(
			err, 0, 0, -EKEYREJECTED,
			"%s is not the file that was signed: it was changed, or is another version",
			name);
	return 0;
}

int crd_manifest_format(const struct crd_manifest *manifest, char **ret_text,
			struct crd_error *err)
{
	struct crd_manifest again = { 0 };
	struct crd_str str = { 0 };
	size_t i;
	int ret;

	crd_str_fmt(&str, "%s\n# kind: %s\n# name: %.*s\n", magic,
		    crd_seal_kind_name(manifest->kind), (int)manifest->name.len,
		    (const char *)manifest->name.ptr);
	crd_str_fmt(&str, "# version: %" PRIu64 "\n# date: %.*s\n",
		    manifest->version, (int)manifest->date.len,
		    (const char *)manifest->date.ptr);
	for (i = 0; i < manifest->n_files; i++) {
		const struct crd_manifest_file *file = &manifest->files[i];

		crd_str_hex(&str, file->digest.bytes, file->digest.len);
		crd_str_puts(&str, "  ");
		crd_str_add(&str, (const char *)file->name.ptr, file->name.len);
		crd_str_puts(&str, "\n");
	}
	if (str.failed) {
		crd_str_done(&str);
		return -ENOMEM;
	}
	/* what could be read in another way is not written */
	ret = crd_manifest_parse(crd_buf_of(str.ptr), &again, err);
	if (!ret && again.n_files != manifest->n_files)
		ret = crd_fail_at(err, 0, 0, -EINVAL,
				  "a file's name has a line's end in it");
	crd_manifest_done(&again);
	if (ret) {
		crd_str_done(&str);
		return ret == -ENOMEM ? ret : -EINVAL;
	}
	*ret_text = crd_str_take(&str);
	return *ret_text ? 0 : -ENOMEM;
}
