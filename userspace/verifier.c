// SPDX-License-Identifier: Apache-2.0
#include "verifier.h"

#include <errno.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "challenge.h"
#include "context.h"
#include "io.h"

/* A file read while a policy loads, to be freed. */
struct read_file {
	uint8_t *bytes;
	size_t len;
};

/* Digest lists that a policy names: files beside it, kept while it loads. */
#define MAX_FETCHED 64

struct fetch {
	const char *policy;
	const struct crd_sealed *sealed;
	struct read_file files[MAX_FETCHED];
	size_t n;
	struct crd_error err;
	int failed;
};

static bool leaves_folder(const char *file)
{
	const char *at = file;

	if (*file == '/' || !*file)
		return true;
	for (; at; at = strchr(at, '/')) {
		at += *at == '/';
		if (!strncmp(at, "..", 2) && (!at[2] || at[2] == '/'))
			return true;
	}
	return false;
}

static int fetch(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	struct fetch *f = ctx;
	const char *slash = strrchr(f->policy, '/');
	int folder = slash ? (int)(slash - f->policy) + 1 : 0;
	char path[PATH_MAX];
	struct read_file *to = &f->files[f->n];
	int r;

	if (f->n == MAX_FETCHED)
		r = crd_io_err(&f->err, -E2BIG, "more than %d files are named",
			       MAX_FETCHED);
	else if (leaves_folder(file))
		r = crd_io_err(&f->err, -EINVAL,
			       "%s is not below the policy's own folder", file);
	else if ((size_t)snprintf(path, sizeof(path), "%.*s%s", folder,
				  f->policy, file) >= sizeof(path))
		r = crd_io_err(&f->err, -ENAMETOOLONG, "%s is too long", file);
	else
		r = crd_io_read(path, CRD_MAX_POLICY_FILE, &to->bytes, &to->len,
				&f->err);
	if (r == 0) {
		f->n++;
		*ret_bytes = (struct crd_buf){ to->bytes, to->len };
		r = crd_sealed_check(f->sealed, file, *ret_bytes, &f->err);
	}
	f->failed = r;
	return r;
}

/* file:line:col: text, as compilers and editors have it */
static int policy_error(const char *path, int r, const struct crd_error *why,
			struct crd_error *err)
{
	if (!why->line)
		return crd_io_err(err, r, "%s: %s", path, why->text);
	return crd_io_err(err, r, "%s:%u:%u: %s", path, why->line, why->column,
			  why->text);
}

/* A policy, or waivers for the one that is loaded. */
static int parse_policy(struct crd_verifier *v, const char *path,
			const struct read_file *yaml,
			const struct crd_sealed *sealed, struct crd_error *err)
{
	const struct crd_buf bytes = { yaml->bytes, yaml->len };
	struct fetch *f = calloc(1, sizeof(*f));
	struct crd_error why = { 0 };
	int r;

	if (!f)
		return crd_io_err(err, -ENOMEM, "out of memory");
	f->policy = path;
	f->sealed = sealed;
	r = v->policy ? crd_policy_add_waivers(v->policy, bytes, path, fetch, f,
					       &why) :
			crd_policy_load(bytes, fetch, f, &v->policy, &why);
	if (r < 0 && f->failed) {
		strcpy(why.text, f->err.text);
		r = f->failed;
	}
	if (r < 0)
		policy_error(path, r, &why, err);
	while (f->n)
		free(f->files[--f->n].bytes);
	free(f);
	return r;
}

/* A bare name that is no file here may be that of an installed policy. */
static const char *find_policy(const char *file, char path[static PATH_MAX])
{
	if (strchr(file, '/') || access(file, F_OK) == 0)
		return file;
	if (crd_data_path("policies", file, "", path) == 0 &&
	    access(path, F_OK) == 0)
		return path;
	if (crd_data_path("policies", file, ".yaml", path) == 0 &&
	    access(path, F_OK) == 0)
		return path;
	return file;
}

/*
 * A policy, or waivers for it, and the files that it names; signed, if an
 * authority is pinned.
 */
static int read_policy(struct crd_verifier *v, enum crd_seal_kind kind,
		       const char *path, struct crd_error *err)
{
	const bool policy = kind == CRD_SEAL_POLICY;
	struct crd_sealed *sealed = NULL;
	struct read_file yaml = { 0 };
	int r = crd_io_read(path, CRD_MAX_POLICY_FILE, &yaml.bytes, &yaml.len,
			    err);

	if (r == 0)
		r = crd_sealed_open(&v->pin, kind, path, &sealed, err);
	if (r == 0)
		r = crd_sealed_check(sealed, crd_sealed_name(path),
				     (struct crd_buf){ yaml.bytes, yaml.len },
				     err);
	if (r == 0)
		r = parse_policy(v, path, &yaml, sealed, err);
	if (r == 0)
		r = crd_sealed_accept(
			&v->pin, sealed,
			policy ? crd_policy_name(v->policy) : NULL,
			policy ? crd_policy_version(v->policy) :
				 crd_policy_waivers_version(v->policy),
			err);
	crd_sealed_free(&sealed);
	free(yaml.bytes);
	return r;
}

static int load_policy(struct crd_verifier *v, bool registry,
		       struct crd_error *err)
{
	char installed[PATH_MAX];
	const char *path = find_policy(v->policy_file, installed);
	struct crd_error why = { 0 };
	size_t i;
	int r = read_policy(v, CRD_SEAL_POLICY, path, err);

	for (i = 0; i < v->waivers.n && r == 0; i++)
		r = read_policy(v, CRD_SEAL_WAIVERS, v->waivers.items[i], err);
	if (r < 0 || !(registry || crd_policy_needs_registry(v->policy)))
		return r;
	r = crd_verifier_load_registry(v, err);
	if (r < 0)
		return r;
	r = crd_policy_check(v->policy, v->registry, &why);
	return r < 0 ? policy_error(path, r, &why, err) : 0;
}

int crd_verifier_trust(struct crd_verifier *v, struct crd_buf public_area,
		       struct crd_error *err)
{
	size_t n = 0;
	struct crd_ak *ak = NULL;
	struct crd_buf name;
	int r;

	while (n < CRD_MAX_LIST && v->ak_names[n].ptr)
		n++;
	if (n == CRD_MAX_LIST)
		return crd_io_err(err, -E2BIG, "too many keys");
	r = crd_ak_parse(public_area, &ak, err);
	if (r < 0)
		return r;
	name = crd_ak_name(ak);
	memcpy(v->ak_bytes[n], name.ptr, name.len);
	v->ak_names[n] = (struct crd_buf){ v->ak_bytes[n], name.len };
	crd_ak_free(&ak);
	return 0;
}

/* A TPM name is a hash identifier and that hash. */
static bool is_name(const char *text, uint8_t *bytes, size_t *ret_len)
{
	size_t len = strlen(text) / 2;

	if (len < 2 || len > CRD_MAX_NAME ||
	    crd_unhex(text, strlen(text), bytes, len) < 0)
		return false;
	*ret_len = len;
	return crd_alg_size((uint16_t)(bytes[0] << 8 | bytes[1])) == len - 2;
}

static int load_ak(struct crd_verifier *v, size_t i, struct crd_error *err)
{
	const char *text = v->aks.items[i];
	struct read_file file = { 0 };
	struct crd_error why = { 0 };
	size_t len;
	int r;

	if (is_name(text, v->ak_bytes[i], &len)) {
		v->ak_names[i] = (struct crd_buf){ v->ak_bytes[i], len };
		return 0;
	}
	r = crd_io_read(text, CRD_MAX_KEY_FILE, &file.bytes, &file.len, err);
	if (r < 0)
		return r;
	r = crd_verifier_trust(v, (struct crd_buf){ file.bytes, file.len },
			       &why);
	if (r < 0)
		crd_io_err(err, r, "%s: not the public area of a TPM key: %s",
			   text, why.text);
	free(file.bytes);
	return r;
}

/*
 * A sixth of a verdict's time would go into tables of ciphers by their old
 * names. All that is used here is asked for by the providers' names.
 */
static void spare_tables(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
				    OPENSSL_INIT_NO_ADD_ALL_DIGESTS |
				    OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
				    OPENSSL_INIT_NO_LOAD_CONFIG,
			    NULL);
}

int crd_verifier_load_aks(struct crd_verifier *v, struct crd_error *err)
{
	size_t i;
	int r = 0;

	spare_tables();
	for (i = 0; i < v->aks.n && r == 0; i++)
		r = load_ak(v, i, err);
	return r;
}

/* No mistake: a report may be asked for in the reader's language anyway. */
static void note_language(const struct crd_verifier *v)
{
	if (v->language && v->policy &&
	    !crd_policy_speaks(v->policy, v->language))
		crd_io_note(
			"--language %s: no text of %s is in that language; each is shown in that of its file",
			v->language, v->policy_file);
}

static int load(struct crd_verifier *v, bool registry, struct crd_error *err)
{
	int r;

	spare_tables();
	if (v->language && !crd_language_valid(v->language))
		return crd_io_err(
			err, -EINVAL,
			"--language %s: give the tag of a language, such as en, fr or pt-BR",
			v->language);
	r = crd_pin_load(&v->pin, err);
	if (r == 0)
		r = crd_context_parse(&v->contexts, &v->context, err);
	if (r == 0)
		r = load_policy(v, registry, err);
	if (r == 0)
		r = crd_verifier_load_aks(v, err);
	if (r < 0)
		crd_verifier_done(v);
	else
		note_language(v);
	return r;
}

int crd_verifier_load(struct crd_verifier *v, struct crd_error *err)
{
	return load(v, false, err);
}

int crd_verifier_load_both(struct crd_verifier *v, struct crd_error *err)
{
	return load(v, true, err);
}

int crd_verifier_load_all(struct crd_verifier *v, struct crd_error *err)
{
	v->pin.nobody = true;
	return load(v, true, err);
}

void crd_verifier_done(struct crd_verifier *v)
{
	crd_policy_free(&v->policy);
	crd_registry_free(&v->registry);
	crd_registry_bytes_free(&v->registry_bytes);
	crd_pin_done(&v->pin);
	memset(v->ak_names, 0, sizeof(v->ak_names));
}

int crd_verifier_asked(const struct crd_verifier *v,
		       const struct crd_report *report)
{
	if (!v->explain || !*v->explain ||
	    crd_explain_finds(report, v->explain))
		return -1;
	return crd_io_error(
		CRD_EXIT_USAGE,
		"--explain=%s: nothing is called so, no component, rule or presence",
		v->explain);
}

/* JSON and explanations list all components: never whole in memory. */
int crd_verifier_print(const struct crd_verifier *v,
		       const struct crd_report *report)
{
	const char *only = v->explain && *v->explain ? v->explain : NULL;
	unsigned int flags = crd_io_text_flags();
	char *text = NULL;
	int r;

	if (crd_io_is_json() && v->explain)
		return crd_explain_json(report, only, crd_io_put, NULL);
	if (crd_io_is_json())
		return crd_report_json_put(report, crd_io_put, NULL);
	r = crd_report_text(report, flags, &text);
	if (r == 0)
		fputs(text, stdout);
	free(text);
	if (r == 0 && v->explain && !crd_io_is_quiet())
		r = crd_explain_text(report, only, flags, crd_io_put, NULL);
	return r;
}

int crd_verifier_exit(const struct crd_report *report)
{
	if (report->evidence_malformed)
		return CRD_EXIT_MALFORMED;
	switch (report->verdict) {
	case CRD_ADMIT:
		return CRD_EXIT_OK;
	case CRD_REFER:
		return CRD_EXIT_REFERRED;
	default:
		return CRD_EXIT_REFUSED;
	}
}
