// SPDX-License-Identifier: Apache-2.0
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "challenge.h"
#include "io.h"
#include "store_private.h"

#define MAX_RECORD 4096

void crd_store_free(struct crd_store **store)
{
	if (!*store)
		return;
	if ((*store)->open >= 0)
		close((*store)->open);
	if ((*store)->used >= 0)
		close((*store)->used);
	free(*store);
	*store = NULL;
}

static int open_folder(const struct crd_store *s, const char *name, bool make,
		       int *ret_fd, struct crd_error *err)
{
	char path[PATH_MAX + 8];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", s->dir, name);
	if (make && mkdir(path, 0700) < 0 && errno != EEXIST)
		return crd_io_err(err, -errno, "cannot make %s: %m", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return crd_io_err(
			err, -errno, "state folder: cannot open %s: %m%s", path,
			make ? "" :
			       "; 'credence challenge' makes it, --state DIR names another; kept evidence needs the one where its challenge was spent, and --now");
	*ret_fd = fd;
	return 0;
}

/* A folder is there for good only when its parent has been synced. */
static int sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = 0;

	if (fd < 0)
		return -errno;
	if (fsync(fd) < 0 && errno != EINVAL)
		r = -errno;
	close(fd);
	return r;
}

int crd_store_open(const char *dir, bool make, struct crd_store **ret_store,
		   struct crd_error *err)
{
	struct crd_store *s;
	int r = -ENAMETOOLONG;

	if (!dir)
		dir = getenv("CREDENCE_STATE_DIR");
	if (!dir || !*dir)
		dir = CRD_STATE_DIR;
	s = calloc(1, sizeof(*s));
	if (!s)
		return crd_io_err(err, -ENOMEM, "out of memory");
	s->open = s->used = -1;
	if ((size_t)snprintf(s->dir, sizeof(s->dir), "%s", dir) >=
	    sizeof(s->dir)) {
		crd_io_err(err, r, "the state folder's name is too long");
		goto out;
	}
	if (make && mkdir(dir, 0700) < 0 && errno != EEXIST) {
		r = crd_io_err(err, -errno, "cannot make %s: %m", dir);
		goto out;
	}
	r = open_folder(s, "open", make, &s->open, err);
	if (r == 0)
		r = open_folder(s, "used", make, &s->used, err);
	if (r == 0 && make)
		r = sync_folder(dir);
	if (r == 0) {
		*ret_store = s;
		s = NULL;
	}
out:
	crd_store_free(&s);
	return r;
}

/* The file's name: the nonce, which is as unique as anything can be. */
static void name_of(const struct crd_challenge *c,
		    char name[static 2 * CRD_NONCE_MAX + 1])
{
	crd_hex(c->nonce, c->nonce_len, name);
}

/* A whole, synced file; -EEXIST if the name is taken. Its name is not synced. */
static int write_new(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			0600);
	int r;

	if (fd < 0)
		return -errno;
	r = crd_io_write_fd(fd, text, strlen(text));
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r < 0)
		unlinkat(dir, name, 0);
	return r;
}

int crd_store_sync_names(int dir)
{
	/* some file systems cannot sync a folder; they say EINVAL */
	return fsync(dir) < 0 && errno != EINVAL ? -errno : 0;
}

int crd_store_write_temp(int dir, const char *text, char temp[static 32])
{
	uint8_t random[8];
	int r = crd_challenge_random(random, sizeof(random));

	if (r < 0)
		return r;
	strcpy(temp, ".new-");
	crd_hex(random, sizeof(random), temp + strlen(temp));
	return write_new(dir, temp, text);
}

/* -EEXIST if the name is taken; link() would do, but FAT has no links. */
static int claim(int dir, const char *temp, const char *name)
{
	if (renameat2(dir, temp, dir, name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (linkat(dir, temp, dir, name, 0) < 0)
		return -errno;
	unlinkat(dir, temp, 0);
	return 0;
}

static int put_new(int dir, const char *name, const char *text)
{
	char temp[32];
	int r;

	r = crd_store_write_temp(dir, text, temp);
	if (r < 0)
		return r;
	r = claim(dir, temp, name);
	if (r < 0)
		unlinkat(dir, temp, 0);
	return r < 0 ? r : crd_store_sync_names(dir);
}

/*
 * Unlike what is put in open/, of use only when whole, this counts by being
 * there: one process makes the name, and no verdict is shown before name and
 * text are on disk. A power cut earlier leaves the challenge open, or spent
 * without a verdict, never good for two. Without a rename between the two
 * syncs the second has as good as nothing left to write.
 */
static int put_used(int dir, const char *name, const char *text)
{
	int r = write_new(dir, name, text);

	return r < 0 ? r : crd_store_sync_names(dir);
}

int crd_store_add(struct crd_store *store, const struct crd_challenge *c,
		  struct crd_error *err)
{
	char name[2 * CRD_NONCE_MAX + 1], text[CRD_CHALLENGE_TEXT];
	int r;

	name_of(c, name);
	crd_challenge_format(c, text);
	r = put_new(store->open, name, text);
	if (r < 0)
		crd_io_err(err, r, "cannot keep the challenge in %s/open: %s",
			   store->dir, strerror(-r));
	return r;
}

int crd_store_read_record(int dir, const char *name, uint8_t **ret_bytes,
			  size_t *ret_len)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int r;

	if (fd < 0)
		return -errno;
	r = crd_io_read_fd(fd, MAX_RECORD, ret_bytes, ret_len);
	close(fd);
	return r;
}

/* Our own record, written below: the digest follows its key. */
static void digest_of(const uint8_t *record, struct crd_digest *ret_digest)
{
	static const char key[] = "\"evidence\": \"";
	const char *at = strstr((const char *)record, key);

	memset(ret_digest, 0, sizeof(*ret_digest));
	if (!at || strnlen(at + strlen(key), 64) < 64 ||
	    crd_unhex(at + strlen(key), 64, ret_digest->bytes, 32) < 0)
		return;
	ret_digest->alg = CRD_ALG_SHA256;
	ret_digest->len = 32;
}

int crd_store_find(struct crd_store *store, const struct crd_challenge *c,
		   enum crd_spent *ret_spent, struct crd_challenge *ret_kept,
		   struct crd_digest *ret_evidence, struct crd_error *err)
{
	char name[2 * CRD_NONCE_MAX + 1];
	struct crd_error why = { 0 };
	uint8_t *bytes = NULL;
	size_t len;
	int r;

	name_of(c, name);
	/*
	 * open/ first: spending makes used/ before it removes open/, so a
	 * challenge on its way is found in one of the two.
	 */
	r = crd_store_read_record(store->open, name, &bytes, &len);
	if (r == 0) {
		r = crd_challenge_parse(bytes, len, ret_kept, &why);
		*ret_spent = CRD_OPEN;
	}
	free(bytes);
	bytes = NULL;
	if (r < 0 && r != -ENOENT)
		goto out;
	if (r == -ENOENT)
		*ret_spent = CRD_UNKNOWN;
	r = crd_store_read_record(store->used, name, &bytes, &len);
	if (r == 0) {
		*ret_spent = CRD_USED;
		digest_of(bytes, ret_evidence);
	}
	if (r == -ENOENT)
		r = 0;
out:
	if (r < 0)
		crd_io_err(err, r, "state folder %s: cannot read %s: %s%s",
			   store->dir, name, why.text,
			   why.text[0] ? "" : strerror(-r));
	free(bytes);
	return r;
}

int crd_store_spend(struct crd_store *store, const struct crd_challenge *c,
		    const struct crd_report *report, struct crd_error *err)
{
	char name[2 * CRD_NONCE_MAX + 1], text[1024];
	char evidence[2 * CRD_MAX_DIGEST + 1], policy[2 * CRD_MAX_DIGEST + 1];
	char when[CRD_TIME_TEXT];
	int r;

	name_of(c, name);
	crd_hex(report->evidence_digest.bytes, report->evidence_digest.len,
		evidence);
	crd_hex(report->policy_digest.bytes, report->policy_digest.len, policy);
	crd_time_format(report->when, when);
	snprintf(
		text, sizeof(text),
		"{\"credence-used\": 1,\n \"nonce\": \"%s\",\n"
		" \"evidence\": \"%s\",\n \"policy\": \"%s\",\n"
		" \"ak\": \"%s\",\n \"verdict\": \"%s\",\n \"when\": \"%s\"}\n",
		name, evidence, policy, report->ak_name,
		crd_verdict_name(report->verdict), when);
	r = put_used(store->used, name, text);
	if (r == -EEXIST)
		return crd_io_err(err, r, "the challenge is already used");
	if (r < 0)
		return crd_io_err(err, r,
				  "cannot mark the challenge as used in %s: %s",
				  store->dir, strerror(-r));
	/*
	 * From here on it is spent: used/ outweighs open/, so nothing hangs on
	 * the removal, which is not even synced.
	 */
	unlinkat(store->open, name, 0);
	return 0;
}
