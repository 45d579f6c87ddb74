/* SPDX-License-Identifier: Apache-2.0 */
/* quote_scene - a good quote, to be bent, and the check of what comes of it. */
#ifndef QUOTE_SCENE_H
#define QUOTE_SCENE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "soft_ak.h"

#define PCRS CRD_QUOTE_PCRS

static const uint8_t nonce[32] = "0123456789abcdefghijklmnopqrstu";

/* A good quote and everything needed to check it. */
struct scene {
	struct soft_ak soft;
	struct crd_ak *ak;
	struct soft_quote quote;
	struct crd_digest pcr_digest;
	struct crd_pcrs pcrs;
	struct crd_quote_expect expect;
	struct soft_bytes attest, sig;
};

static inline void scene_sign(struct scene *s)
{
	soft_quote_marshal(&s->quote, &s->attest);
	soft_ak_sign(&s->soft, soft_buf(&s->attest), &s->sig);
}

static inline void scene_init(struct scene *s, int kind)
{
	struct soft_bytes public;

	memset(s, 0, sizeof(*s));
	soft_ak_new(&s->soft, kind);
	soft_ak_public(&s->soft, &public);
	assert_int_equal(crd_ak_parse(soft_buf(&public), &s->ak, NULL), 0);
	soft_pcrs(&s->pcrs, CRD_ALG_SHA256, PCRS, s->soft.kind->hash,
		  &s->pcr_digest);
	s->expect.qualifying = (struct crd_buf){ nonce, sizeof(nonce) };
	s->expect.pcrs = PCRS;
	s->quote = (struct soft_quote){
		.magic = 0xff544347,
		.type = 0x8018,
		.extra = { nonce, sizeof(nonce) },
		.safe = 1,
		.banks = 1,
		.bank = CRD_ALG_SHA256,
		.map = { 0xff, 0xff },
		.map_size = 3,
		.pcr_digest = { s->pcr_digest.bytes, s->pcr_digest.len },
	};
	scene_sign(s);
}

static inline void scene_done(struct scene *s)
{
	crd_ak_free(&s->ak);
	soft_ak_done(&s->soft);
}

/* Checks, and that nothing but a genuine quote is handed out. */
static inline int check(const struct scene *s, struct crd_buf attest,
			struct crd_buf sig, enum crd_reason *ret_reason)
{
	struct crd_quote quote;
	struct crd_error err = { .text = "" };
	struct crd_quote untouched;
	int ret;

	memset(&quote, 0x5a, sizeof(quote));
	untouched = quote;
	ret = crd_quote_check(s->ak, attest, sig, &s->expect, &s->pcrs, &quote,
			      ret_reason, &err);
	if (ret)
		assert_int_equal(*ret_reason, CRD_REASON_MALFORMED);
	if (ret || *ret_reason != CRD_REASON_NONE) {
		assert_memory_equal(&quote, &untouched, sizeof(quote));
		assert_true(err.text[0] != '\0');
	}
	return ret;
}

static inline void expect_row(const struct scene *s, const char *what,
			      int want_ret, enum crd_reason want)
{
	enum crd_reason reason;
	int ret = check(s, soft_buf(&s->attest), soft_buf(&s->sig), &reason);

	if (ret == want_ret && reason == want)
		return;
	fail_msg("%s: got %d %s, want %d %s", what, ret,
		 crd_reason_name(reason), want_ret, crd_reason_name(want));
}

#endif /* QUOTE_SCENE_H */
