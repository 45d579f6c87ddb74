// SPDX-License-Identifier: Apache-2.0
#include "signer.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "authority.h"
#include "io.h"

#define MAX_KEY_FILE 65536u

struct crd_signer {
	EVP_PKEY *key;
	X509 *cert;
	struct stack_st_X509 *chain;
};

/* Where a key's passphrase comes from, and what went wrong there. */
struct asked {
	const struct crd_signer_files *files;
	struct crd_error why;
	bool wanted;
};

static int passphrase_of_file(struct asked *a, char *buf, int size)
{
	uint8_t *bytes;
	size_t len, n;

	if (crd_io_read(a->files->passphrase, 4096, &bytes, &len, &a->why) < 0)
		return -1;
	n = strcspn((char *)bytes, "\r\n");
	if (n >= (size_t)size) {
		crd_io_err(&a->why, 0, "%s: the passphrase is too long",
			   a->files->passphrase);
		n = 0;
	}
	memcpy(buf, bytes, n);
	OPENSSL_cleanse(bytes, len);
	free(bytes);
	return n ? (int)n : -1;
}

/* Only at a terminal; a script must not wait for somebody who is not there. */
static int passphrase_of_person(struct asked *a, char *buf, int size)
{
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
	char prompt[512];

	if (tty < 0) {
		crd_io_err(
			&a->why, 0,
			"%s has a passphrase, and there is no terminal to ask at; give --passphrase-file",
			a->files->key);
		return -1;
	}
	close(tty);
	snprintf(prompt, sizeof(prompt),
		 "Passphrase of %.400s: ", a->files->key);
	if (EVP_read_pw_string(buf, size, prompt, 0) != 0)
		return -1;
	return (int)strlen(buf);
}

static int ask(char *buf, int size, int rwflag, void *ctx)
{
	struct asked *a = ctx;

	(void)rwflag;
	a->wanted = true;
	return a->files->passphrase ? passphrase_of_file(a, buf, size) :
				      passphrase_of_person(a, buf, size);
}

static int open_pem(const char *path, BIO **ret_bio, uint8_t **ret_bytes,
		    size_t *ret_len, struct crd_error *err)
{
	int r = crd_io_read(path, MAX_KEY_FILE, ret_bytes, ret_len, err);

	if (r < 0)
		return r;
	*ret_bio = BIO_new_mem_buf(*ret_bytes, (int)*ret_len);
	return *ret_bio ? 0 : crd_io_err(err, -ENOMEM, "out of memory");
}

static int load_key(struct crd_signer *s, const struct crd_signer_files *files,
		    struct crd_error *err)
{
	struct asked a = { .files = files };
	uint8_t *bytes = NULL;
	BIO *bio = NULL;
	size_t len = 0;
	int r = open_pem(files->key, &bio, &bytes, &len, err);

	if (r == 0) {
		s->key = PEM_read_bio_PrivateKey(bio, NULL, ask, &a);
		if (!s->key && a.why.text[0])
			r = crd_io_err(err, -EBADMSG, "%s", a.why.text);
		else if (!s->key)
			r = crd_io_err(err, -EBADMSG, "%s: %s", files->key,
				       a.wanted ? "the passphrase is wrong" :
						  "not a private key in PEM");
	}
	ERR_clear_error();
	BIO_free(bio);
	if (bytes)
		OPENSSL_cleanse(bytes, len);
	free(bytes);
	return r;
}

/* The first certificate, or with `chain` all of them. */
static int load_certs(struct crd_signer *s, const char *path, bool chain,
		      struct crd_error *err)
{
	uint8_t *bytes = NULL;
	BIO *bio = NULL;
	X509 *cert = NULL;
	size_t len = 0;
	int n = 0, r = open_pem(path, &bio, &bytes, &len, err);

	while (r == 0 && (chain || !n) &&
	       (cert = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
		n++;
		if (!chain)
			s->cert = cert;
		else if (!sk_X509_push(s->chain, cert))
			r = crd_io_err(err, -ENOMEM, "out of memory");
	}
	if (r == 0 && !n)
		r = crd_io_err(err, -EBADMSG, "%s: no certificate in PEM",
			       path);
	ERR_clear_error();
	BIO_free(bio);
	free(bytes);
	return r;
}

int crd_signer_load(const struct crd_signer_files *files,
		    struct crd_signer **ret_signer, struct crd_error *err)
{
	struct crd_signer *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return crd_io_err(err, -ENOMEM, "out of memory");
	s->chain = sk_X509_new_null();
	r = s->chain ? load_certs(s, files->cert, false, err) :
		       crd_io_err(err, -ENOMEM, "out of memory");
	if (r == 0 && files->chain)
		r = load_certs(s, files->chain, true, err);
	if (r == 0)
		r = load_key(s, files, err);
	if (r == 0 && X509_check_private_key(s->cert, s->key) != 1)
		r = crd_io_err(err, -EBADMSG,
			       "%s is not the certificate of the key %s",
			       files->cert, files->key);
	ERR_clear_error();
	if (r < 0)
		crd_signer_free(&s);
	else
		*ret_signer = s;
	return r;
}

void crd_signer_free(struct crd_signer **signer)
{
	if (!*signer)
		return;
	EVP_PKEY_free((*signer)->key);
	X509_free((*signer)->cert);
	sk_X509_pop_free((*signer)->chain, X509_free);
	free(*signer);
	*signer = NULL;
}

/* No hash weaker than the key deserves. */
static const EVP_MD *hash_for(const EVP_PKEY *key)
{
	int bits = EVP_PKEY_get_bits(key);

	if (!EVP_PKEY_is_a(key, "EC"))
		return EVP_sha256();
	return bits > 384 ? EVP_sha512() :
	       bits > 256 ? EVP_sha384() :
			    EVP_sha256();
}

static CMS_ContentInfo *sign(const struct crd_signer *s, BIO *manifest)
{
	const unsigned int flags = CMS_PARTIAL | CMS_DETACHED | CMS_BINARY;
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, s->chain, NULL, flags);

	if (cms &&
	    CMS_add1_signer(cms, s->cert, s->key, hash_for(s->key),
			    CMS_BINARY | CMS_NOSMIMECAP) &&
	    CMS_final(cms, manifest, NULL, CMS_DETACHED | CMS_BINARY) == 1)
		return cms;
	CMS_ContentInfo_free(cms);
	return NULL;
}

int crd_signer_sign(const struct crd_signer *signer, struct crd_buf manifest,
		    uint8_t **ret_bytes, size_t *ret_len, struct crd_error *err)
{
	BIO *bio = BIO_new_mem_buf(manifest.ptr, (int)manifest.len);
	CMS_ContentInfo *cms = bio ? sign(signer, bio) : NULL;
	unsigned char *der = NULL;
	int n = cms ? i2d_CMS_ContentInfo(cms, &der) : -1;
	uint8_t *bytes = n > 0 ? malloc((size_t)n) : NULL;
	const char *why = ERR_reason_error_string(ERR_peek_last_error());
	int r = 0;

	if (bytes) {
		memcpy(bytes, der, (size_t)n);
		*ret_bytes = bytes;
		*ret_len = (size_t)n;
	} else {
		r = crd_io_err(err, -EIO, "cannot sign: %s",
			       why ? why : "libcrypto gives no reason");
	}
	ERR_clear_error();
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	BIO_free(bio);
	return r;
}
