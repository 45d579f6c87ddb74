// SPDX-License-Identifier: Apache-2.0
/*
 * anchors - the certificates that an operator pins, and chains up to them
 * (RFC 5280, section 6, by OpenSSL). No other certificate is trusted, neither
 * the system's nor one that a signature brings along.
 */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "authority_private.h"
#include "bounds.h"
#include "reader.h"
#include "text_private.h"

enum { SECURITY_LEVEL = 2 }; /* 112 bits: no SHA-1, RSA from 2048 bits */

bool crd_x509_time(const ASN1_TIME *time, int64_t *ret_seconds)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;
	bool good = epoch && time &&
		    ASN1_TIME_diff(&days, &seconds, epoch, time) == 1;

	ASN1_TIME_free(epoch);
	*ret_seconds = (int64_t)days * 86400 + seconds;
	return good;
}

int crd_x509_subject(const X509 *cert, char to[static CRD_MAX_SUBJECT])
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct crd_str str = { 0 };
	char *text = NULL;
	long n;
	int ret = -ENOMEM;

	if (!bio ||
	    X509_NAME_print_ex(bio, X509_get_subject_name(cert), 0,
			       XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
		goto out;
	n = BIO_get_mem_data(bio, &text);
	crd_str_safe(&str, (struct crd_buf){ (const uint8_t *)text,
					     n > 0 ? (size_t)n : 0 });
	if (str.failed)
		goto out;
	/* too long: cut in front of a character */
	while (str.len >= CRD_MAX_SUBJECT)
		do
			str.len--;
		while (str.len && (str.ptr[str.len] & 0xc0) == 0x80);
	memcpy(to, str.ptr ? str.ptr : "", str.len);
	to[str.len] = '\0';
	ret = 0;
out:
	ERR_clear_error();
	crd_str_done(&str);
	BIO_free(bio);
	return ret;
}

static int set_id(X509 *cert, struct crd_digest *ret_id)
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);

	if (len <= 0)
		return crd_crypto_error(-EBADMSG);
	crd_sha256((struct crd_buf){ der, (size_t)len }, ret_id);
	OPENSSL_free(der);
	return 0;
}

/* Takes der, one certificate. */
static int add(struct crd_anchors *a, const unsigned char *der, long len,
	       struct crd_error *err)
{
	const unsigned char *at = der;
	size_t n = crd_anchors_n(a);
	X509 *cert;
	int ret;

	if (n == CRD_MAX_ANCHORS)
		return crd_fail(err, -E2BIG, 0, "more than %d certificates",
				CRD_MAX_ANCHORS);
	cert = X509_new_ex(crd_libctx(), NULL);
	if (!cert)
		return crd_crypto_error(-ENOMEM);
	if (len > CRD_MAX_CERT || !d2i_X509(&cert, &at, len) ||
	    at != der + len) {
		ret = crd_crypto_error(-EBADMSG);
		crd_fail(err, ret, 0, "certificate %zu is malformed", n + 1);
		goto out;
	}
	ret = set_id(cert, &a->ids[n]);
	if (ret)
		crd_fail(err, ret, 0, "certificate %zu has no key", n + 1);
	else if (X509_STORE_add_cert(a->store, cert) != 1 ||
		 !sk_X509_push(a->certs, cert))
		ret = crd_crypto_error(-ENOMEM);
	else
		cert = NULL; /* theirs now */
out:
	X509_free(cert);
	return ret;
}

/* Every certificate in a PEM text; what is no certificate is an error. */
static int add_pem(struct crd_anchors *a, struct crd_buf text,
		   struct crd_error *err)
{
	BIO *bio = BIO_new_mem_buf(text.ptr, (int)text.len);
	char *name, *header;
	unsigned char *der;
	long len;
	int ret = bio ? 0 : -ENOMEM;

	while (!ret && PEM_read_bio(bio, &name, &header, &der, &len) == 1) {
		if (!strcmp(name, PEM_STRING_X509))
			ret = add(a, der, len, err);
		else
			ret = crd_fail(
				err, -EBADMSG, 0,
				"a %s stands there, which is no certificate",
				name);
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_free(der);
	}
	if (!ret &&
	    ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		ret = crd_fail(err, -EBADMSG, 0, "the PEM is damaged");
	ERR_clear_error();
	BIO_free(bio);
	return ret;
}

int crd_anchors_parse(struct crd_buf bytes, struct crd_anchors **ret_anchors,
		      struct crd_error *err)
{
	struct crd_anchors *a;
	int ret = -ENOMEM;

	if (bytes.len > CRD_MAX_ANCHOR_FILE)
		return crd_fail(err, -E2BIG, 0, "longer than %u bytes",
				CRD_MAX_ANCHOR_FILE);
	if (!crd_libctx())
		return -EIO;
	a = calloc(1, sizeof(*a));
	if (!a)
		return -ENOMEM;
	a->certs = sk_X509_new_null();
	a->store = X509_STORE_new();
	if (!a->certs || !a->store)
		goto out;
	if (bytes.len && bytes.ptr[0] == 0x30)
		ret = add(a, bytes.ptr, (long)bytes.len, err);
	else
		ret = add_pem(a, bytes, err);
	if (!ret && !crd_anchors_n(a))
		ret = crd_fail(err, -EBADMSG, 0, "there is no certificate");
	if (!ret) {
		*ret_anchors = a;
		a = NULL;
	}
out:
	ERR_clear_error();
	crd_anchors_free(&a);
	return ret;
}

void crd_anchors_free(struct crd_anchors **anchors)
{
	if (!*anchors)
		return;
	sk_X509_pop_free((*anchors)->certs, X509_free);
	X509_STORE_free((*anchors)->store);
	free(*anchors);
	*anchors = NULL;
}

size_t crd_anchors_n(const struct crd_anchors *anchors)
{
	return (size_t)sk_X509_num(anchors->certs);
}

const struct crd_digest *crd_anchors_id(const struct crd_anchors *anchors,
					size_t i)
{
	return &anchors->ids[i];
}

static enum crd_seal_fault fault_of(int error)
{
	switch (error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return CRD_SEAL_EXPIRED;
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
	case X509_V_ERR_CA_MD_TOO_WEAK:
		return CRD_SEAL_WEAK;
	default:
		return CRD_SEAL_STRANGER;
	}
}

enum { SECONDS_OF_DAY = 86400 };

/* "2026-11-26 01:00:00" */
static void say_time(struct crd_str *str, int64_t at)
{
	int32_t day = crd_date_of(at);
	int second = (int)(at - (int64_t)day * SECONDS_OF_DAY);

	crd_str_date(str, day);
	crd_str_fmt(str, " %02d:%02d:%02d", second / 3600, second / 60 % 60,
		    second % 60);
}

/* Over, or not begun: at what time, which may not be that of the clock. */
static int fail_dates(struct crd_check *c, const char *whose, int64_t from,
		      int64_t until)
{
	struct crd_str said = { 0 };
	int ret;

	crd_str_puts(&said, "it is from ");
	say_time(&said, from);
	crd_str_puts(&said, " until ");
	say_time(&said, until);
	crd_str_puts(&said, " UTC, and was judged as of ");
	say_time(&said, c->now);
	if (said.failed)
		ret = -ENOMEM;
	else
		ret = crd_fail(c->err, 0, 0,
			       "the certificate of %.80s %s: %s (--now)", whose,
			       c->now < from ? "is not yet valid" :
					       "has expired",
			       said.ptr);
	crd_str_done(&said);
	return ret;
}

static int refuse(struct crd_check *c, const X509_STORE_CTX *ctx)
{
	int error = X509_STORE_CTX_get_error(ctx);
	const X509 *at = X509_STORE_CTX_get_current_cert(ctx);
	char whose[CRD_MAX_SUBJECT] = "";
	int64_t from, until;

	if (error == X509_V_ERR_OUT_OF_MEM ||
	    (at && crd_x509_subject(at, whose) < 0))
		return -ENOMEM;
	*c->ret_fault = fault_of(error);
	if (*c->ret_fault == CRD_SEAL_STRANGER)
		return crd_fail(
			c->err, 0, 0,
			"signed by %.80s, who is not under the pinned authority: %s",
			c->by.subject, X509_verify_cert_error_string(error));
	if (*c->ret_fault == CRD_SEAL_EXPIRED && at &&
	    crd_x509_time(X509_get0_notBefore(at), &from) &&
	    crd_x509_time(X509_get0_notAfter(at), &until))
		return fail_dates(c, whose, from, until);
	return crd_fail(c->err, 0, 0, "the certificate of %.80s: %s", whose,
			X509_verify_cert_error_string(error));
}

/* Those between signer and anchor must be allowed to stand for such signers. */
static bool usage_fits(X509 *cert)
{
	uint32_t flags = X509_get_extension_flags(cert);

	return !(flags & EXFLAG_XKUSAGE) || (X509_get_extended_key_usage(cert) &
					     (XKU_CODE_SIGN | XKU_ANYEKU));
}

/* The chain is good: which anchor is it, and do usages on the way fit? */
static int end_of_chain(struct crd_check *c, X509_STORE_CTX *ctx)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(ctx);
	int i, n = sk_X509_num(chain);
	X509 *anchor = sk_X509_value(chain, n - 1);

	for (i = 1; i < n - 1; i++) {
		if (usage_fits(sk_X509_value(chain, i)))
			continue;
		*c->ret_fault = CRD_SEAL_USAGE;
		return crd_fail(
			c->err, 0, 0,
			"signed by %.80s, whose certificate comes from one that is not for codeSigning",
			c->by.subject);
	}
	for (i = 0; i < sk_X509_num(c->anchors->certs); i++) {
		if (X509_cmp(sk_X509_value(c->anchors->certs, i), anchor))
			continue;
		c->by.anchor_index = (size_t)i;
		return crd_x509_subject(anchor, c->by.anchor);
	}
	return -EIO;
}

/*
 * Valid at that time by its own word; for who asks without an anchor. The last
 * second does not belong to it, as OpenSSL has it.
 */
static int dates_only(struct crd_check *c)
{
	if (c->now >= c->by.from && c->now < c->by.until)
		return 0;
	*c->ret_fault = CRD_SEAL_EXPIRED;
	return fail_dates(c, c->by.subject, c->by.from, c->by.until);
}

static bool set_up(struct crd_check *c, X509_STORE_CTX *ctx)
{
	X509_VERIFY_PARAM *param;

	if (X509_STORE_CTX_init(ctx, c->anchors->store, c->signer,
				c->brought) != 1)
		return false;
	param = X509_STORE_CTX_get0_param(ctx);
	X509_VERIFY_PARAM_set_time(param, (time_t)c->now);
	X509_VERIFY_PARAM_set_depth(param, CRD_MAX_SIGNER_CHAIN);
	X509_VERIFY_PARAM_set_auth_level(param, SECURITY_LEVEL);
	/* an anchor need not be its own issuer: it is pinned */
	return X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) ==
	       1;
}

int crd_chain_check(struct crd_check *c)
{
	X509_STORE_CTX *ctx;
	int ret;

	if (!c->anchors)
		return dates_only(c);
	c->brought = CMS_get1_certs(c->cms);
	ctx = X509_STORE_CTX_new_ex(crd_libctx(), NULL);
	if (!ctx || !set_up(c, ctx))
		ret = crd_crypto_error(-ENOMEM);
	else if (X509_verify_cert(ctx) == 1)
		ret = end_of_chain(c, ctx);
	else
		ret = refuse(c, ctx);
	X509_STORE_CTX_free(ctx);
	sk_X509_pop_free(c->brought, X509_free);
	c->brought = NULL;
	ERR_clear_error();
	return ret;
}
