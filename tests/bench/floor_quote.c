// SPDX-License-Identifier: Apache-2.0
/*
 * floor_quote - the floor under bench_quote: libcrypto alone, used plainly.
 * usage: floor_quote KIND MODE [SECONDS]
 *   KIND     p256 | rsa2048
 *   MODE     cached    EVP_DigestVerify over a 145-byte statement with a ready
 *                      key, SHA-256 over 24 PCR values, two comparisons
 *            uncached  the same after EVP_PKEY_fromdata() of the raw numbers
 *   SECONDS  how long (default 0.5)
 * prints one line: KIND MODE RATE
 */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <string.h>

#include "rate.h"

#define STATEMENT 145
#define DIGEST	  32

struct floor {
	EVP_PKEY *key;
	OSSL_PARAM *raw;
	EVP_PKEY_CTX *from;
	EVP_MD_CTX *verify, *hash;
	unsigned char statement[STATEMENT], sig[512], pcrs[24 * DIGEST];
	unsigned char nonce[DIGEST];
	size_t sig_len;
};

static void need(int good, const char *what)
{
	if (good != 1)
		rate_die(what);
}

static void check(struct floor *f, EVP_PKEY *key)
{
	unsigned char got[DIGEST];

	EVP_MD_CTX_reset(f->verify);
	need(EVP_DigestVerifyInit(f->verify, NULL, EVP_sha256(), NULL, key),
	     "EVP_DigestVerifyInit");
	need(EVP_DigestVerify(f->verify, f->sig, f->sig_len, f->statement,
			      STATEMENT),
	     "EVP_DigestVerify");
	need(EVP_DigestInit_ex(f->hash, EVP_sha256(), NULL), "hash");
	need(EVP_DigestUpdate(f->hash, f->pcrs, sizeof(f->pcrs)), "hash");
	need(EVP_DigestFinal_ex(f->hash, got, NULL), "hash");
	need(!CRYPTO_memcmp(got, f->statement + STATEMENT - DIGEST, DIGEST) &&
		     !CRYPTO_memcmp(f->nonce, f->statement + 40, DIGEST),
	     "comparison");
}

static void run_cached(void *ctx)
{
	struct floor *f = ctx;

	check(f, f->key);
}

static void run_uncached(void *ctx)
{
	struct floor *f = ctx;
	EVP_PKEY *key = NULL;

	need(EVP_PKEY_fromdata_init(f->from), "EVP_PKEY_fromdata_init");
	need(EVP_PKEY_fromdata(f->from, &key, EVP_PKEY_PUBLIC_KEY, f->raw),
	     "EVP_PKEY_fromdata");
	check(f, key);
	EVP_PKEY_free(key);
}

static void push_numbers(OSSL_PARAM_BLD *bld, const EVP_PKEY *key, BIGNUM **n,
			 BIGNUM **e)
{
	need(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, n), "n");
	need(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, e), "e");
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, *n);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, *e);
}

static void set_raw(struct floor *f, int rsa)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *n = NULL, *e = NULL;
	unsigned char point[128];
	size_t len = 0;

	if (rsa) {
		push_numbers(bld, f->key, &n, &e);
	} else {
		EVP_PKEY_get_octet_string_param(f->key, OSSL_PKEY_PARAM_PUB_KEY,
						point, sizeof(point), &len);
		OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME,
						"P-256", 0);
		OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY,
						 point, len);
	}
	f->raw = OSSL_PARAM_BLD_to_param(bld);
	need(f->raw != NULL, "OSSL_PARAM_BLD_to_param");
	OSSL_PARAM_BLD_free(bld);
	BN_free(n);
	BN_free(e);
}

/* The private half signs once and is dropped: a verifier has none. */
static void set_key(struct floor *f, int rsa)
{
	EVP_PKEY *pair = rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");

	need(pair != NULL, "key generation");
	f->sig_len = sizeof(f->sig);
	need(EVP_DigestSignInit(f->verify, NULL, EVP_sha256(), NULL, pair),
	     "EVP_DigestSignInit");
	need(EVP_DigestSign(f->verify, f->sig, &f->sig_len, f->statement,
			    STATEMENT),
	     "EVP_DigestSign");
	f->key = pair;
	set_raw(f, rsa);
	f->key = NULL;
	f->from = EVP_PKEY_CTX_new_from_name(NULL, rsa ? "RSA" : "EC", NULL);
	need(EVP_PKEY_fromdata_init(f->from), "EVP_PKEY_fromdata_init");
	need(EVP_PKEY_fromdata(f->from, &f->key, EVP_PKEY_PUBLIC_KEY, f->raw),
	     "EVP_PKEY_fromdata");
	EVP_PKEY_free(pair);
}

int main(int argc, char **argv)
{
	static struct floor f;
	const char *kind = argc > 2 ? argv[1] : "";
	const char *mode = argc > 2 ? argv[2] : "";
	double seconds = argc > 3 ? strtod(argv[3], NULL) : 0.5;
	void (*run)(void *ctx) = strcmp(mode, "uncached") ? run_cached :
							    run_uncached;

	if ((strcmp(kind, "p256") && strcmp(kind, "rsa2048")) ||
	    (strcmp(mode, "cached") && strcmp(mode, "uncached"))) {
		fprintf(stderr, "usage: floor_quote p256|rsa2048 "
				"cached|uncached [SECONDS]\n");
		return 2;
	}
	f.verify = EVP_MD_CTX_new();
	f.hash = EVP_MD_CTX_new();
	memset(f.nonce, 7, sizeof(f.nonce));
	memcpy(f.statement + 40, f.nonce, sizeof(f.nonce));
	need(EVP_Digest(f.pcrs, sizeof(f.pcrs),
			f.statement + STATEMENT - DIGEST, NULL, EVP_sha256(),
			NULL),
	     "EVP_Digest");
	set_key(&f, !strcmp(kind, "rsa2048"));
	rate_of(run, &f, seconds / 10); /* warm up */
	printf("%s %s %.0f\n", kind, mode, rate_of(run, &f, seconds));
	EVP_PKEY_CTX_free(f.from);
	OSSL_PARAM_free(f.raw);
	EVP_PKEY_free(f.key);
	EVP_MD_CTX_free(f.verify);
	EVP_MD_CTX_free(f.hash);
	return 0;
}
