// SPDX-License-Identifier: Apache-2.0
/* seen/ID in the state folder: what was signed, in its newest version. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "challenge.h"
#include "io.h"
#include "store_private.h"

#define LOCK	    ".lock"
#define RECORD_TEXT 512

struct record {
	uint64_t version; /* 0: none */
	struct crd_digest content;
};

/* SHA-256 over authority, kind and name, in hexadecimal. */
static int name_record(const struct crd_digest *id, const struct crd_seen *seen,
		       char name[static 2 * CRD_MAX_DIGEST + 1])
{
	const char *kind = crd_seal_kind_name(seen->kind);
	const struct crd_buf parts[] = {
		{ id->bytes, id->len },
		{ (const uint8_t *)kind, strlen(kind) + 1 },
		{ (const uint8_t *)seen->name, strlen(seen->name) },
	};
	struct crd_digest digest;
	int r = crd_hash(CRD_ALG_SHA256, parts, 3, &digest);

	if (r == 0)
		crd_hex(digest.bytes, digest.len, name);
	return r;
}

static void format(const struct crd_seen *seen, const struct record *rec,
		   char text[static RECORD_TEXT])
{
	char hex[2 * CRD_MAX_DIGEST + 1];

	crd_hex(rec->content.bytes, rec->content.len, hex);
	snprintf(text, RECORD_TEXT,
		 "credence-seen 1\nversion: %" PRIu64
		 "\ncontent: %s\nkind: %s\nname: %s\n",
		 rec->version, hex, crd_seal_kind_name(seen->kind), seen->name);
}

/* What was written is read again, and nothing else: it is all or damaged. */
static int parse(const struct crd_seen *seen, const char *text,
		 struct record *ret_rec)
{
	static const char head[] = "credence-seen 1\nversion: ";
	static const char next[] = "\ncontent: ";
	struct record rec = { .content = { .alg = CRD_ALG_SHA256, .len = 32 } };
	char again[RECORD_TEXT], *end;

	if (strncmp(text, head, strlen(head)))
		return -EBADMSG;
	rec.version = strtoull(text + strlen(head), &end, 10);
	if (strncmp(end, next, strlen(next)))
		return -EBADMSG;
	end += strlen(next);
	if (strlen(end) < 64 || crd_unhex(end, 64, rec.content.bytes, 32) < 0)
		return -EBADMSG;
	format(seen, &rec, again);
	if (!rec.version || strcmp(again, text))
		return -EBADMSG;
	*ret_rec = rec;
	return 0;
}

static int read_record(int dir, const char *name, const struct crd_seen *seen,
		       struct record *ret_rec)
{
	uint8_t *bytes = NULL;
	size_t len;
	int r = crd_store_read_record(dir, name, &bytes, &len);

	ret_rec->version = 0;
	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = strlen((char *)bytes) == len ?
			    parse(seen, (char *)bytes, ret_rec) :
			    -EBADMSG;
	free(bytes);
	return r == -E2BIG || r == -ELOOP ? -EBADMSG : r;
}

static int write_record(int dir, const char *name, const struct crd_seen *seen)
{
	const struct record rec = { seen->version, seen->content };
	char text[RECORD_TEXT], temp[32];
	int r;

	format(seen, &rec, text);
	r = crd_store_write_temp(dir, text, temp);
	if (r < 0)
		return r;
	if (renameat(dir, temp, dir, name) < 0) {
		r = -errno;
		unlinkat(dir, temp, 0);
		return r;
	}
	return crd_store_sync_names(dir);
}

/* What is known of it under any of the authorities, newest first. */
struct known {
	uint64_t newest;
	bool differs; /* the newest is this version, and another content */
	uint64_t own; /* under the one that vouches for it */
};

static int look(int dir, const struct crd_digest *ids, size_t n_ids, size_t own,
		const struct crd_seen *seen, struct known *known,
		struct crd_error *err, const char *folder)
{
	char name[2 * CRD_MAX_DIGEST + 1];
	struct record rec = { 0 };
	size_t i;
	int r;

	for (i = 0; i < n_ids; i++) {
		r = name_record(&ids[i], seen, name);
		if (r == 0)
			r = read_record(dir, name, seen, &rec);
		if (r < 0)
			return crd_io_err(
				err, r,
				"%s/seen/%s: cannot tell which version of %s was seen: %s",
				folder, name, seen->name,
				r == -EBADMSG ? "the record is damaged" :
						strerror(-r));
		if (i == own)
			known->own = rec.version;
		if (rec.version > known->newest)
			known->newest = rec.version;
		if (rec.version == seen->version &&
		    !crd_digest_equal(&rec.content, &seen->content))
			known->differs = true;
	}
	return 0;
}

static enum crd_seen_result result_of(const struct known *known,
				      const struct crd_seen *seen)
{
	if (!known->newest)
		return CRD_SEEN_FIRST;
	if (known->newest > seen->version)
		return CRD_SEEN_OLDER;
	if (known->newest < seen->version)
		return CRD_SEEN_NEWER;
	return known->differs ? CRD_SEEN_DIFFERS : CRD_SEEN_SAME;
}

/* In the folder, whose lock is held. */
static int compare(struct crd_store *store, int dir,
		   const struct crd_digest *ids, size_t n_ids, size_t own,
		   const struct crd_seen *seen, uint64_t *ret_newest,
		   enum crd_seen_result *ret_result, struct crd_error *err)
{
	char name[2 * CRD_MAX_DIGEST + 1];
	struct known known = { 0 };
	int r = look(dir, ids, n_ids, own, seen, &known, err, store->dir);

	if (r < 0)
		return r;
	*ret_newest = known.newest;
	*ret_result = result_of(&known, seen);
	if (*ret_result == CRD_SEEN_OLDER || *ret_result == CRD_SEEN_DIFFERS ||
	    known.own == seen->version)
		return 0;
	r = name_record(&ids[own], seen, name);
	if (r == 0)
		r = write_record(dir, name, seen);
	return r < 0 ? crd_io_err(err, r, "cannot keep %s/seen/%s: %s",
				  store->dir, name, strerror(-r)) :
		       0;
}

static int open_seen(struct crd_store *store, int *ret_dir, int *ret_lock)
{
	char path[PATH_MAX + 8];
	int r = 0;

	snprintf(path, sizeof(path), "%s/seen", store->dir);
	if (mkdir(path, 0700) == 0) {
		int parent =
			open(store->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		r = parent < 0 ? -errno : crd_store_sync_names(parent);
		if (parent >= 0)
			close(parent);
	} else if (errno != EEXIST) {
		r = -errno;
	}
	if (r < 0)
		return r;
	*ret_dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*ret_dir < 0)
		return -errno;
	*ret_lock = openat(*ret_dir, LOCK,
			   O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*ret_lock < 0)
		return -errno;
	while (flock(*ret_lock, LOCK_EX) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

int crd_store_see(struct crd_store *store, const struct crd_digest *ids,
		  size_t n_ids, size_t own, const struct crd_seen *seen,
		  uint64_t *ret_newest, enum crd_seen_result *ret_result,
		  struct crd_error *err)
{
	int dir = -1, lock = -1;
	int r = open_seen(store, &dir, &lock);

	if (r < 0)
		crd_io_err(err, r, "state folder: cannot use %s/seen: %s",
			   store->dir, strerror(-r));
	else
		r = compare(store, dir, ids, n_ids, own, seen, ret_newest,
			    ret_result, err);
	if (lock >= 0)
		close(lock); /* and with it the lock */
	if (dir >= 0)
		close(dir);
	return r;
}
