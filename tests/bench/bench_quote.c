// SPDX-License-Identifier: Apache-2.0
/*
 * bench_quote - quote checks per second and core.
 * usage: bench_quote KIND MODE [SECONDS]
 *   KIND     p256 | rsa2048
 *   MODE     cached    crd_quote_check() with a key that is at hand
 *            uncached  crd_ak_parse() before, crd_ak_free() after each
 *   SECONDS  how long (default 0.5)
 * prints one line: KIND MODE RATE
 * The floors under both, same form: floor_quote.
 */
#include "rate.h"
#include "tests/unit/soft_ak.h"

struct bench {
	struct soft_bytes public, attest, sig;
	struct crd_ak *ak;
	struct crd_pcrs pcrs;
	struct crd_quote_expect expect;
};

static void check(struct bench *b, const struct crd_ak *ak)
{
	struct crd_quote quote;
	enum crd_reason reason;

	if (crd_quote_check(ak, soft_buf(&b->attest), soft_buf(&b->sig),
			    &b->expect, &b->pcrs, &quote, &reason, NULL) ||
	    reason != CRD_REASON_NONE)
		rate_die("crd_quote_check");
}

static void run_cached(void *ctx)
{
	struct bench *b = ctx;

	check(b, b->ak);
}

static void run_uncached(void *ctx)
{
	struct bench *b = ctx;
	struct crd_ak *ak;

	if (crd_ak_parse(soft_buf(&b->public), &ak, NULL))
		rate_die("crd_ak_parse");
	check(b, ak);
	crd_ak_free(&ak);
}

static void set_up(struct bench *b, int kind)
{
	static const uint8_t nonce[32] = { 1, 2, 3 };
	struct crd_digest digest;
	struct soft_quote quote = {
		.magic = 0xff544347,
		.type = 0x8018,
		.extra = { nonce, sizeof(nonce) },
		.safe = 1,
		.banks = 1,
		.bank = CRD_ALG_SHA256,
		.map = { 0xff, 0xff, 0xff },
		.map_size = 3,
	};
	struct soft_ak ak;

	soft_ak_new(&ak, kind);
	soft_ak_public(&ak, &b->public);
	b->expect.qualifying = quote.extra;
	b->expect.pcrs = 0xffffff; /* 24, as the floor hashes */
	soft_pcrs(&b->pcrs, CRD_ALG_SHA256, b->expect.pcrs, CRD_ALG_SHA256,
		  &digest);
	quote.pcr_digest = (struct crd_buf){ digest.bytes, digest.len };
	soft_quote_marshal(&quote, &b->attest);
	soft_ak_sign(&ak, soft_buf(&b->attest), &b->sig);
	soft_ak_done(&ak);
	if (crd_ak_parse(soft_buf(&b->public), &b->ak, NULL))
		rate_die("crd_ak_parse");
}

int main(int argc, char **argv)
{
	static struct bench b;
	const char *kind = argc > 2 ? argv[1] : "";
	const char *mode = argc > 2 ? argv[2] : "";
	double seconds = argc > 3 ? strtod(argv[3], NULL) : 0.5;
	void (*run)(void *ctx) = strcmp(mode, "uncached") ? run_cached :
							    run_uncached;

	if ((strcmp(kind, "p256") && strcmp(kind, "rsa2048")) ||
	    (strcmp(mode, "cached") && strcmp(mode, "uncached"))) {
		fprintf(stderr, "usage: bench_quote p256|rsa2048 "
				"cached|uncached [SECONDS]\n");
		return 2;
	}
	set_up(&b, strcmp(kind, "p256") ? SOFT_RSASSA : SOFT_P256);
	rate_of(run, &b, seconds / 10); /* warm up */
	printf("%s %s %.0f\n", kind, mode, rate_of(run, &b, seconds));
	crd_ak_free(&b.ak);
	return 0;
}
