// SPDX-License-Identifier: Apache-2.0
#include "seal.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io.h"
#include "store.h"

struct crd_sealed {
	struct crd_gather *gather; /* NULL: held against the manifest */
	char path[PATH_MAX];	   /* of the manifest */
	uint8_t *text;		   /* that the manifest's views are of */
	struct crd_manifest manifest;
	struct crd_signed_by by;
};

static int anchor_path(const struct crd_pin *pin, char path[static PATH_MAX])
{
	const char *config = getenv("CREDENCE_CONFIG_DIR");

	if (!config || !*config)
		config = CRD_CONFIG_DIR;
	return (pin->anchor_file ?
			snprintf(path, PATH_MAX, "%s", pin->anchor_file) :
			snprintf(path, PATH_MAX, "%s/authority.pem", config)) <
			       PATH_MAX ?
		       0 :
		       -ENAMETOOLONG;
}

int crd_pin_load(struct crd_pin *pin, struct crd_error *err)
{
	char path[PATH_MAX];
	struct crd_error why = { 0 };
	uint8_t *bytes = NULL;
	size_t len = 0;
	int r = anchor_path(pin, path);

	if (pin->nobody)
		return 0;
	if (r < 0)
		return crd_io_err(err, r, "--authority is too long");
	r = crd_io_read(path, CRD_MAX_ANCHOR_FILE, &bytes, &len, err);
	/* only where there is no such file nobody is pinned */
	if (r == -ENOENT && !pin->anchor_file)
		return 0;
	if (r < 0)
		return r;
	r = crd_anchors_parse((struct crd_buf){ bytes, len }, &pin->anchors,
			      &why);
	if (r < 0)
		crd_io_err(err, r, "%s: no certificates of an authority: %s",
			   path, r == -ENOMEM ? "out of memory" : why.text);
	free(bytes);
	return r;
}

void crd_pin_done(struct crd_pin *pin)
{
	crd_anchors_free(&pin->anchors);
	pin->n_seals = 0;
}

const char *crd_sealed_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int crd_sealed_path(enum crd_seal_kind kind, const char *path,
		    const char *ending, char *to, size_t size)
{
	int n = snprintf(to, size, "%s%s.sum%s", path,
			 kind == CRD_SEAL_REGISTRY ? "/registry" : "", ending);

	return n >= 0 && (size_t)n < size ? 0 : -ENAMETOOLONG;
}

void crd_sealed_free(struct crd_sealed **sealed)
{
	if (!*sealed)
		return;
	crd_manifest_done(&(*sealed)->manifest);
	free((*sealed)->text);
	free(*sealed);
	*sealed = NULL;
}

/* A file that has to be there for what is at `path` to count as signed. */
static int read_part(enum crd_seal_kind kind, const char *path,
		     const char *ending, size_t max, char *part,
		     struct crd_buf *ret_bytes, struct crd_error *err)
{
	uint8_t *bytes;
	size_t len;
	int r = crd_sealed_path(kind, path, ending, part, PATH_MAX);

	if (r < 0)
		return crd_io_err(err, r, "%s is too long", path);
	r = crd_io_read(part, max, &bytes, &len, err);
	if (r == -ENOENT)
		return crd_io_err(
			err, -EKEYREJECTED,
			"%s is not signed: there is no %s; an authority is pinned, so its signature is needed (credence policy sign)",
			path, part);
	if (r == 0)
		*ret_bytes = (struct crd_buf){ bytes, len };
	return r;
}

/* The signature comes first: what nobody signed is not even parsed. */
static int check_signature(const struct crd_pin *pin, struct crd_buf manifest,
			   struct crd_buf cms, const char *path,
			   struct crd_signed_by *ret_by, struct crd_error *err)
{
	int64_t now = pin->now ? pin->now : time(NULL);
	enum crd_seal_fault fault = CRD_SEAL_MALFORMED;
	struct crd_error why = { 0 };
	int r = crd_authority_check(pin->anchors, manifest, cms, now, ret_by,
				    &fault, &why);

	if (r < 0)
		return crd_io_err(err, r, "%s.p7s: %s", path, strerror(-r));
	if (fault)
		return crd_io_err(err, -EKEYREJECTED, "%s.p7s: %s", path,
				  why.text);
	return 0;
}

/* A manifest belongs to one thing only: its kind, its place. */
static int fits(const struct crd_sealed *s, enum crd_seal_kind kind,
		const char *path, struct crd_error *err)
{
	const struct crd_buf *first = &s->manifest.files[0].name;
	const char *name = crd_sealed_name(path);

	if (s->manifest.kind != kind &&
	    (kind != CRD_SEAL_MAX || s->manifest.kind == CRD_SEAL_REGISTRY))
		return crd_io_err(err, -EKEYREJECTED,
				  "%s is signed as a %s, not as a %s", s->path,
				  crd_seal_kind_name(s->manifest.kind),
				  kind == CRD_SEAL_MAX ?
					  "policy" :
					  crd_seal_kind_name(kind));
	if (kind != CRD_SEAL_REGISTRY &&
	    (first->len != strlen(name) ||
	     memcmp(first->ptr, name, first->len) != 0))
		return crd_io_err(
			err, -EKEYREJECTED,
			"%s was signed for %.*s, not for %s: files were renamed or swapped",
			s->path, (int)first->len, (const char *)first->ptr,
			name);
	return 0;
}

static int open_both(struct crd_sealed *s, const struct crd_pin *pin,
		     enum crd_seal_kind kind, const char *path,
		     struct crd_error *err)
{
	struct crd_buf text = { 0 }, cms = { 0 };
	char signature[PATH_MAX];
	struct crd_error why = { 0 };
	int r = read_part(kind, path, "", CRD_MAX_MANIFEST, s->path, &text,
			  err);

	s->text = (uint8_t *)(uintptr_t)text.ptr;
	if (r == 0)
		r = read_part(kind, path, ".p7s", CRD_MAX_CMS, signature, &cms,
			      err);
	if (r == 0)
		r = check_signature(pin, text, cms, s->path, &s->by, err);
	free((void *)(uintptr_t)cms.ptr);
	if (r < 0)
		return r;
	r = crd_manifest_parse(text, &s->manifest, &why);
	if (r < 0)
		return crd_io_err(err, r, "%s:%u:%u: %s", s->path, why.line,
				  why.column, why.text);
	return fits(s, kind, path, err);
}

int crd_sealed_look(const struct crd_pin *pin, enum crd_seal_kind kind,
		    const char *path, struct crd_sealed **ret_sealed,
		    struct crd_error *err)
{
	struct crd_sealed *s = calloc(1, sizeof(*s));
	int r = s ? open_both(s, pin, kind, path, err) :
		    crd_io_err(err, -ENOMEM, "out of memory");

	if (r < 0)
		crd_sealed_free(&s);
	else
		*ret_sealed = s;
	return r;
}

static int open_gathering(struct crd_gather *gather,
			  struct crd_sealed **ret_sealed, struct crd_error *err)
{
	struct crd_sealed *s = calloc(1, sizeof(*s));
	struct crd_manifest *m = &gather->manifest;

	m->files = calloc(CRD_MAX_MANIFEST_FILES, sizeof(*m->files));
	if (!s || !m->files) {
		free(s);
		return crd_io_err(err, -ENOMEM, "out of memory");
	}
	s->gather = gather;
	*ret_sealed = s;
	return 0;
}

int crd_sealed_open(const struct crd_pin *pin, enum crd_seal_kind kind,
		    const char *path, struct crd_sealed **ret_sealed,
		    struct crd_error *err)
{
	*ret_sealed = NULL;
	if (pin->gather && pin->gather->kind == kind)
		return open_gathering(pin->gather, ret_sealed, err);
	if (!pin->anchors)
		return 0;
	if (strcmp(path, "-") == 0)
		return crd_io_err(
			err, -EKEYREJECTED,
			"an authority is pinned: what comes from standard input is not signed");
	return crd_sealed_look(pin, kind, path, ret_sealed, err);
}

const struct crd_manifest *crd_sealed_manifest(const struct crd_sealed *sealed)
{
	return &sealed->manifest;
}

const struct crd_signed_by *crd_sealed_by(const struct crd_sealed *sealed)
{
	return &sealed->by;
}

void crd_gather_done(struct crd_gather *gather)
{
	size_t i;

	for (i = 0; i < gather->manifest.n_files; i++)
		free((void *)(uintptr_t)gather->manifest.files[i].name.ptr);
	crd_manifest_done(&gather->manifest);
}

/* A file that is named twice is read twice, and must be the same. */
static int gather(struct crd_manifest *m, const char *name,
		  struct crd_buf bytes, struct crd_error *err)
{
	struct crd_manifest_file *file = &m->files[m->n_files];
	struct crd_error why;
	char *copy;
	int r = crd_manifest_check(m, name, bytes, &why);

	if (r != -ENOENT)
		return r < 0 ? crd_io_err(err, r,
					  "%s changed while it was read",
					  name) :
			       0;
	if (m->n_files == CRD_MAX_MANIFEST_FILES)
		return crd_io_err(err, -E2BIG, "more than %d files to sign",
				  CRD_MAX_MANIFEST_FILES);
	copy = strdup(name);
	if (!copy)
		return crd_io_err(err, -ENOMEM, "out of memory");
	file->name = (struct crd_buf){ (uint8_t *)copy, strlen(copy) };
	crd_sha256(bytes, &file->digest);
	m->n_files++;
	return 0;
}

int crd_sealed_check(const struct crd_sealed *sealed, const char *name,
		     struct crd_buf bytes, struct crd_error *err)
{
	struct crd_error why = { 0 };

	if (sealed && sealed->gather)
		return gather(&sealed->gather->manifest, name, bytes, err);
	if (!sealed ||
	    crd_manifest_check(&sealed->manifest, name, bytes, &why) == 0)
		return 0;
	return crd_io_err(err, -EKEYREJECTED, "%s: %s", sealed->path, why.text);
}

/* The head of the manifest is what was signed; the file must agree. */
static int agrees(const struct crd_sealed *s, const struct crd_seal *seal,
		  const char *name, uint64_t version, struct crd_error *err)
{
	if (name && strcmp(name, seal->name))
		return crd_io_err(
			err, -EKEYREJECTED,
			"%s was signed under the name %s, but calls itself %s",
			s->path, seal->name, name);
	if (version && version != seal->version)
		return crd_io_err(
			err, -EKEYREJECTED,
			"%s was signed as version %llu, but calls itself version %llu",
			s->path, (unsigned long long)seal->version,
			(unsigned long long)version);
	return 0;
}

/* Whatever the state folder's trouble is, it is not the operator's input. */
static int see(const struct crd_pin *pin, const struct crd_sealed *s,
	       const struct crd_seal *seal, uint64_t *ret_newest,
	       enum crd_seen_result *ret_result, struct crd_error *err)
{
	struct crd_digest ids[CRD_MAX_ANCHORS];
	const struct crd_seen seen = { seal->kind, seal->name, seal->version,
				       s->manifest.content };
	size_t i, n = crd_anchors_n(pin->anchors);
	struct crd_store *store = NULL;
	int r = crd_store_open(pin->state_dir, !pin->keep_out, &store, err);

	for (i = 0; i < n; i++)
		ids[i] = *crd_anchors_id(pin->anchors, i);
	if (r == 0)
		r = crd_store_see(store, ids, n, s->by.anchor_index, &seen,
				  ret_newest, ret_result, err);
	crd_store_free(&store);
	return r < 0 ? -EIO : 0;
}

static int judge(const struct crd_pin *pin, const struct crd_sealed *s,
		 struct crd_seal *seal, struct crd_error *err)
{
	enum crd_seen_result result = CRD_SEEN_SAME;
	uint64_t newest = 0;
	int r = see(pin, s, seal, &newest, &result, err);

	if (r < 0)
		return r;
	seal->newer = result == CRD_SEEN_OLDER ? newest : 0;
	seal->differs = result == CRD_SEEN_DIFFERS;
	if (pin->allow_older || !(seal->newer || seal->differs))
		return 0;
	if (seal->differs)
		return crd_io_err(
			err, -EKEYREJECTED,
			"%s: version %llu of %s was seen before, with other content; a change needs a higher version",
			s->path, (unsigned long long)seal->version, seal->name);
	return crd_io_err(
		err, -EKEYREJECTED,
		"%s: version %llu of %s is older than version %llu, which this verifier has seen (--allow-older lets it count)",
		s->path, (unsigned long long)seal->version, seal->name,
		(unsigned long long)newest);
}

static void copy(char *to, size_t size, struct crd_buf from)
{
	snprintf(to, size, "%.*s", (int)from.len, (const char *)from.ptr);
}

int crd_sealed_accept(struct crd_pin *pin, const struct crd_sealed *sealed,
		      const char *name, uint64_t version, struct crd_error *err)
{
	struct crd_seal seal = { 0 };
	int r;

	if (!sealed || sealed->gather)
		return 0;
	seal.kind = sealed->manifest.kind;
	seal.version = sealed->manifest.version;
	seal.by = sealed->by;
	copy(seal.name, sizeof(seal.name), sealed->manifest.name);
	copy(seal.date, sizeof(seal.date), sealed->manifest.date);
	if (pin->n_seals == CRD_MAX_SEALS)
		return crd_io_err(err, -E2BIG, "too many signed files");
	r = agrees(sealed, &seal, name, version, err);
	if (r == 0)
		r = judge(pin, sealed, &seal, err);
	if (r == 0)
		pin->seals[pin->n_seals++] = seal;
	return r;
}
