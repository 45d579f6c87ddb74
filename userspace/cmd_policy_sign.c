// SPDX-License-Identifier: Apache-2.0
/* policy sign, policy verify-signature */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "challenge.h"
#include "cmd_policy.h"
#include "io.h"
#include "options.h"
#include "signer.h"
#include "verifier.h"

struct work {
	struct crd_verifier v;
	struct crd_gather gather;
	struct crd_signer_files files;
	const char *path; /* what is signed */
	const char *name; /* --name */
	char own_name[CRD_MAX_MANIFEST_NAME + 1];
	char date[16];
};

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void say_date(int64_t seconds, char to[static 16])
{
	char text[CRD_TIME_TEXT];

	crd_time_format(seconds, text);
	snprintf(to, 16, "%.10s", text);
}

/* spring.yaml is spring: a file of waivers has no name of its own */
static void stem(const char *path, char *to, size_t size)
{
	const char *name = crd_sealed_name(path);
	size_t len = strlen(name);

	if (len > 5 && !strcmp(name + len - 5, ".yaml"))
		len -= 5;
	snprintf(to, size, "%.*s", (int)len, name);
}

/* Reads all of it as a verifier does, so that nothing unsound is signed. */
static int read_all(struct work *w, struct crd_error *err)
{
	struct crd_manifest *m = &w->gather.manifest;
	const char *own = w->own_name;
	int r;

	w->v.pin.nobody = true;
	w->v.pin.gather = &w->gather;
	say_date(time(NULL), w->date);
	if (w->gather.kind == CRD_SEAL_REGISTRY) {
		w->v.registry_dir = w->path;
		r = crd_verifier_load_registry(&w->v, err);
	} else {
		r = crd_verifier_load(&w->v, err);
	}
	if (r < 0)
		return r;
	switch (w->gather.kind) {
	case CRD_SEAL_REGISTRY:
		own = "registry";
		m->version = crd_registry_version(w->v.registry);
		say_date(86400 * (int64_t)crd_registry_date(w->v.registry),
			 w->date);
		break;
	case CRD_SEAL_WAIVERS:
		stem(w->path, w->own_name, sizeof(w->own_name));
		m->version = crd_policy_waivers_version(w->v.policy);
		break;
	default:
		own = crd_policy_name(w->v.policy);
		m->version = crd_policy_version(w->v.policy);
	}
	if (w->name)
		own = w->name;
	m->kind = w->gather.kind;
	m->name = (struct crd_buf){ (const uint8_t *)own, strlen(own) };
	m->date = (struct crd_buf){ (uint8_t *)w->date, strlen(w->date) };
	return 0;
}

static bool same_name(const struct crd_manifest *a,
		      const struct crd_manifest *b)
{
	return a->kind == b->kind && a->name.len == b->name.len &&
	       memcmp(a->name.ptr, b->name.ptr, a->name.len) == 0;
}

/* A version that verifiers would refuse is not signed in the first place. */
static int check_previous(const struct crd_manifest *m, const char *path,
			  const struct crd_manifest *now, struct crd_error *err)
{
	if (!same_name(m, now) || m->version < now->version ||
	    (m->version == now->version &&
	     crd_digest_equal(&m->content, &now->content)))
		return 0;
	return crd_io_err(
		err, -EINVAL,
		"%s is of version %" PRIu64
		" already%s; raise the version, as verifiers refuse one that goes back",
		path, m->version,
		m->version == now->version ? ", with other content" : "");
}

static int look_at_previous(const char *path, struct crd_buf text,
			    struct crd_error *err)
{
	struct crd_manifest old = { 0 }, now = { 0 };
	struct crd_error why;
	uint8_t *bytes = NULL;
	size_t len = 0;
	int r = crd_io_read(path, CRD_MAX_MANIFEST, &bytes, &len, err);

	if (r == -ENOENT)
		return 0;
	/* what is no manifest is in the way, but not of a newer version */
	if (r == 0 &&
	    crd_manifest_parse((struct crd_buf){ bytes, len }, &old, &why) ==
		    0 &&
	    crd_manifest_parse(text, &now, &why) == 0)
		r = check_previous(&old, path, &now, err);
	crd_manifest_done(&old);
	crd_manifest_done(&now);
	free(bytes);
	return r;
}

/* What a verifier will demand, asked of our own signature at once. */
static int check_own(struct crd_buf text, struct crd_buf cms,
		     const struct work *w, struct crd_signed_by *ret_by,
		     struct crd_error *err)
{
	enum crd_seal_fault fault = CRD_SEAL_MALFORMED;
	struct crd_error why = { 0 };
	int r = crd_authority_check(NULL, text, cms, time(NULL), ret_by, &fault,
				    &why);

	if (r == 0 && fault)
		r = -EINVAL;
	return r < 0 ? crd_io_err(err, r, "%s: no verifier would take it: %s",
				  w->files.cert, why.text) :
		       0;
}

static int write_both(const struct work *w, const char *text,
		      struct crd_buf cms, struct crd_error *err)
{
	char path[PATH_MAX];
	int r = crd_sealed_path(w->gather.kind, w->path, "", path,
				sizeof(path));

	if (r == 0)
		r = look_at_previous(path,
				     (struct crd_buf){ (const uint8_t *)text,
						       strlen(text) },
				     err);
	if (r == 0)
		r = crd_io_write(path, 0644, text, strlen(text), err);
	if (r < 0)
		return r;
	crd_sealed_path(w->gather.kind, w->path, ".p7s", path, sizeof(path));
	return crd_io_write(path, 0644, cms.ptr, cms.len, err);
}

static void tell(const struct work *w, const struct crd_signed_by *by)
{
	const struct crd_manifest *m = &w->gather.manifest;

	if (crd_io_is_json()) {
		printf("{\"credence-signed\": 1, \"kind\": \"%s\", \"name\": ",
		       crd_seal_kind_name(m->kind));
		crd_io_json_string(stdout, (const char *)m->name.ptr);
		printf(", \"version\": %" PRIu64
		       ", \"date\": \"%s\", \"files\": %zu, \"subject\": ",
		       m->version, w->date, m->n_files);
		crd_io_json_string(stdout, by->subject);
		printf("}\n");
	} else if (!crd_io_is_quiet()) {
		printf("%s %s, version %" PRIu64 ", %zu file%s, signed by %s\n",
		       crd_seal_kind_name(m->kind), (const char *)m->name.ptr,
		       m->version, m->n_files, m->n_files == 1 ? "" : "s",
		       by->subject);
	}
}

static int sign(struct work *w, const struct crd_signer *signer,
		struct crd_error *err)
{
	struct crd_signed_by by;
	struct crd_error why = { 0 };
	uint8_t *cms = NULL;
	char *text = NULL;
	size_t len = 0;
	struct crd_buf bytes;
	int r = crd_manifest_format(&w->gather.manifest, &text, &why);

	if (r < 0)
		return crd_io_err(err, r, "%s cannot be signed: %s", w->path,
				  why.text);
	bytes = (struct crd_buf){ (uint8_t *)text, strlen(text) };
	r = crd_signer_sign(signer, bytes, &cms, &len, err);
	if (r == 0)
		r = check_own(bytes, (struct crd_buf){ cms, len }, w, &by, err);
	if (r == 0)
		r = write_both(w, text, (struct crd_buf){ cms, len }, err);
	if (r == 0)
		tell(w, &by);
	free(cms);
	free(text);
	return r;
}

static int run_sign(struct work *w)
{
	struct crd_signer *signer = NULL;
	struct crd_error err;
	int r;

	w->gather.kind = is_folder(w->path) ? CRD_SEAL_REGISTRY :
			 w->v.policy_file   ? CRD_SEAL_WAIVERS :
					      CRD_SEAL_POLICY;
	if (w->gather.kind == CRD_SEAL_POLICY && w->name)
		return crd_io_error(
			CRD_EXIT_USAGE,
			"--name: a policy is signed under the name that it has");
	if (w->gather.kind == CRD_SEAL_WAIVERS)
		w->v.waivers = (struct crd_list){ { w->path }, 1 };
	else
		w->v.policy_file = w->path;
	r = crd_signer_load(&w->files, &signer, &err);
	if (r == 0)
		r = read_all(w, &err);
	if (r == 0)
		r = sign(w, signer, &err);
	crd_signer_free(&signer);
	crd_verifier_done(&w->v);
	crd_gather_done(&w->gather);
	return r < 0 ? crd_io_fail(crd_io_input_exit(r), &err) : CRD_EXIT_OK;
}

int crd_policy_sign(int argc, char **argv)
{
	static const struct crd_cmd cmd = {
		.name = "policy sign",
		.summary = "sign a policy, waivers for one, or a registry",
		.synopsis =
			"FILE|DIR --key FILE --cert FILE [--chain FILE] [OPTION...]",
		.notes =
			"Writes FILE.sum, the digests of FILE and of every file that it names, and the\n"
			"signature over that, FILE.sum.p7s; of a registry DIR/registry.sum and its own.",
	};
	struct work w = { 0 };
	const struct crd_option opts[] = {
		{ "key", 0, CRD_OPT_TEXT, &w.files.key, "FILE",
		  "private key, PEM (PKCS#8)" },
		{ "cert", 0, CRD_OPT_TEXT, &w.files.cert, "FILE",
		  "its certificate, PEM" },
		{ "chain", 0, CRD_OPT_TEXT, &w.files.chain, "FILE",
		  "certificates between it and the authority's, PEM" },
		{ "passphrase-file", 0, CRD_OPT_TEXT, &w.files.passphrase,
		  "FILE", "its first line is the key's; default: ask" },
		{ "policy", 'p', CRD_OPT_TEXT, &w.v.policy_file, "FILE",
		  "FILE has waivers for this policy" },
		{ "registry", 0, CRD_OPT_TEXT, &w.v.registry_dir, "DIR",
		  "vendor registry that FILE is checked against" },
		{ "name", 0, CRD_OPT_TEXT, &w.name, "NAME",
		  "of a registry or waivers; default: registry, the file's" },
		{ 0 },
	};
	int r = crd_options_parse(&cmd, opts, argc, argv, &w.path, 1);

	if (r < 0)
		r = crd_options_need("FILE", w.path);
	if (r < 0)
		r = crd_options_need("--key", w.files.key);
	if (r < 0)
		r = crd_options_need("--cert", w.files.cert);
	return r < 0 ? run_sign(&w) : r;
}

/* Every file of the manifest, from below the folder where it stands. */
static int check_files(const struct crd_sealed *s, const char *sum,
		       struct crd_error *err)
{
	const struct crd_manifest *m = crd_sealed_manifest(s);
	int folder = (int)(crd_sealed_name(sum) - sum);
	char path[PATH_MAX], name[PATH_MAX];
	uint8_t *bytes;
	size_t i, len;
	int r = 0;

	for (i = 0; i < m->n_files && r == 0; i++) {
		const struct crd_buf *file = &m->files[i].name;

		snprintf(name, sizeof(name), "%.*s", (int)file->len,
			 (const char *)file->ptr);
		if ((size_t)snprintf(path, sizeof(path), "%.*s%s", folder, sum,
				     name) >= sizeof(path))
			return crd_io_err(err, -ENAMETOOLONG, "%s is too long",
					  name);
		r = crd_io_read(path, CRD_MAX_REGISTRY_FILE, &bytes, &len, err);
		if (r < 0)
			return r;
		r = crd_sealed_check(s, name, (struct crd_buf){ bytes, len },
				     err);
		free(bytes);
	}
	return r;
}

static void show_text(const struct crd_manifest *m,
		      const struct crd_signed_by *by, bool pinned)
{
	char hex[2 * CRD_MAX_DIGEST + 1];
	char from[CRD_TIME_TEXT], until[CRD_TIME_TEXT];
	size_t i;

	crd_hex(by->fingerprint.bytes, by->fingerprint.len, hex);
	crd_time_format(by->from, from);
	crd_time_format(by->until, until);
	printf("%s %.*s, version %" PRIu64 " of %.*s\n",
	       crd_seal_kind_name(m->kind), (int)m->name.len,
	       (const char *)m->name.ptr, m->version, (int)m->date.len,
	       (const char *)m->date.ptr);
	printf("  signed by    %s\n  certificate  sha256 %s\n", by->subject,
	       hex);
	printf("  key          %s, over %s\n  valid        %s until %s\n",
	       by->key, by->hash, from, until);
	printf("  authority    %s\n",
	       pinned ? by->anchor : "nobody is pinned, so anyone may be it");
	for (i = 0; i < m->n_files; i++)
		printf("  %s %.*s\n", i ? "            " : "over        ",
		       (int)m->files[i].name.len,
		       (const char *)m->files[i].name.ptr);
}

static void show_json(const struct crd_manifest *m,
		      const struct crd_signed_by *by, bool pinned)
{
	char hex[2 * CRD_MAX_DIGEST + 1], text[1025];
	size_t i;

	crd_hex(by->fingerprint.bytes, by->fingerprint.len, hex);
	printf("{\"credence-signature\": 1, \"kind\": \"%s\", \"name\": ",
	       crd_seal_kind_name(m->kind));
	snprintf(text, sizeof(text), "%.*s", (int)m->name.len,
		 (const char *)m->name.ptr);
	crd_io_json_string(stdout, text);
	printf(", \"version\": %" PRIu64 ", \"date\": \"%.*s\", \"subject\": ",
	       m->version, (int)m->date.len, (const char *)m->date.ptr);
	crd_io_json_string(stdout, by->subject);
	printf(", \"certificate\": \"sha256:%s\", \"key\": \"%s\", \"hash\": \"%s\", \"valid_from\": %" PRId64
	       ", \"valid_until\": %" PRId64 ", \"anchor\": ",
	       hex, by->key, by->hash, by->from, by->until);
	if (pinned)
		crd_io_json_string(stdout, by->anchor);
	else
		printf("null");
	for (i = 0; i < m->n_files; i++) {
		snprintf(text, sizeof(text), "%.*s", (int)m->files[i].name.len,
			 (const char *)m->files[i].name.ptr);
		printf(i ? ", " : ", \"files\": [");
		crd_io_json_string(stdout, text);
	}
	printf("]}\n");
}

static int look(struct crd_pin *pin, const char *path)
{
	enum crd_seal_kind kind = is_folder(path) ? CRD_SEAL_REGISTRY :
						    CRD_SEAL_MAX;
	struct crd_sealed *s = NULL;
	struct crd_error err;
	char sum[PATH_MAX];
	int r = crd_pin_load(pin, &err);

	if (r == 0)
		r = crd_sealed_look(pin, kind, path, &s, &err);
	if (r == 0)
		r = crd_sealed_path(kind, path, "", sum, sizeof(sum));
	if (r == 0)
		r = check_files(s, sum, &err);
	if (r < 0)
		r = crd_io_fail(crd_io_input_exit(r), &err);
	else {
		const bool pinned = pin->anchors;

		r = pinned ? CRD_EXIT_OK : CRD_EXIT_REFERRED;
		if (crd_io_is_json())
			show_json(crd_sealed_manifest(s), crd_sealed_by(s),
				  pinned);
		else if (!crd_io_is_quiet())
			show_text(crd_sealed_manifest(s), crd_sealed_by(s),
				  pinned);
	}
	crd_sealed_free(&s);
	crd_pin_done(pin);
	return r;
}

int crd_policy_verify_signature(int argc, char **argv)
{
	static const struct crd_cmd cmd = {
		.name = "policy verify-signature",
		.summary =
			"who signed a policy, waivers or a registry, and over what",
		.synopsis = "FILE|DIR [--authority FILE] [--now TIME]",
		.notes =
			"Exit: 0 the pinned authority vouches for it, 4 sound, but nobody is pinned,\n"
			"2 not signed, or not so that it counts. Versions seen before are not asked for.",
	};
	struct crd_pin pin = { 0 };
	const char *path = NULL;
	const struct crd_option opts[] = {
		{ "authority", 0, CRD_OPT_TEXT, &pin.anchor_file, "FILE",
		  "certificates of who may sign; default: the installed ones" },
		{ "now", 0, CRD_OPT_TIME, &pin.now, "TIME",
		  "as of TIME, e.g. 2026-01-31T12:00:00Z" },
		{ 0 },
	};
	int r = crd_options_parse(&cmd, opts, argc, argv, &path, 1);

	if (r < 0)
		r = crd_options_need("FILE", path);
	return r < 0 ? look(&pin, path) : r;
}
