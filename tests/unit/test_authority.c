// SPDX-License-Identifier: Apache-2.0
/*
 * authority - a signature counts only if it is over these bytes, strong, from
 * a certificate for this use, valid then, under a pinned one.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attest/authority.h"
#include "soft_pki.h"

#define TEXT "# credence-manifest 1\nwhatever it says\n"

static struct pki_cert root, other, between, signer;
static struct crd_anchors *anchors;

static struct crd_buf buf(const char *text)
{
	return (struct crd_buf){ (const uint8_t *)text, strlen(text) };
}

static struct crd_anchors *pin(const struct pki_cert *const *certs, size_t n)
{
	struct crd_anchors *a = NULL;
	char *pem = pki_pem(certs, n);
	struct crd_error err = { 0 };

	if (crd_anchors_parse(buf(pem), &a, &err))
		fail_msg("%s", err.text);
	free(pem);
	return a;
}

static int set_up(void **state)
{
	const struct pki_cert *const pinned[] = { &root };

	root = pki_make(
		(struct pki_want){ .name = "Root", .issuer = NULL, PKI_CA });
	other = pki_make((struct pki_want){
		.name = "Other root", .issuer = NULL, PKI_CA });
	between = pki_make((struct pki_want){
		.name = "Between", .issuer = &root, PKI_CA });
	signer = pki_make((struct pki_want){
		.name = "Signer", .issuer = &root, PKI_SIGNER });
	anchors = pin(pinned, 1);
	return 0;
}

static int tear_down(void **state)
{
	crd_anchors_free(&anchors);
	pki_drop(&root);
	pki_drop(&other);
	pki_drop(&between);
	pki_drop(&signer);
	return 0;
}

/* Fails unless that is what is found. What was signed is freed. */
static void finds_at(const char *what, const struct crd_anchors *a,
		     struct crd_buf cms, int64_t now, enum crd_seal_fault want,
		     const char *says)
{
	struct crd_signed_by by = { .subject = "untouched" };
	enum crd_seal_fault fault = CRD_SEAL_STRANGER;
	struct crd_error err = { 0 };
	int ret =
		crd_authority_check(a, buf(TEXT), cms, now, &by, &fault, &err);

	if (ret || fault != want || (says && !strstr(err.text, says)))
		fail_msg("%s: %d, fault %d, %s", what, ret, fault, err.text);
	if (want)
		assert_string_equal(by.subject, "untouched");
	assert_int_equal(ERR_peek_error(), 0);
	OPENSSL_free((void *)(uintptr_t)cms.ptr);
}

static void finds(const char *what, struct crd_buf cms,
		  enum crd_seal_fault want, const char *says)
{
	finds_at(what, anchors, cms, PKI_NOW, want, says);
}

static struct crd_buf copy(const void *bytes, size_t len)
{
	return (struct crd_buf){ OPENSSL_memdup(bytes, len), len };
}

static void test_no_signature(void **state)
{
	static const char pem[] =
		"-----BEGIN CMS-----\nMAA=\n-----END CMS-----\n";
	static uint8_t huge[CRD_MAX_CMS + 1] = { 0x30 };

	finds_at("empty", anchors, (struct crd_buf){ NULL, 0 }, PKI_NOW,
		 CRD_SEAL_MALFORMED, "empty");
	finds("PEM", copy(pem, sizeof(pem)), CRD_SEAL_MALFORMED, "PEM");
	finds("huge", copy(huge, sizeof(huge)), CRD_SEAL_MALFORMED, "64 KiB");
	finds("text", copy(TEXT, strlen(TEXT)), CRD_SEAL_MALFORMED, "no DER");
	finds("indefinite", copy("\x30\x80\0\0", 4), CRD_SEAL_MALFORMED,
	      "no DER");
}

/* Cut anywhere, or with one byte behind it. */
static void test_cut(void **state)
{
	struct crd_buf cms = pki_sign(&signer, NULL, NULL, 0, buf(TEXT));
	uint8_t *more = OPENSSL_malloc(cms.len + 1);
	size_t n;

	memcpy(more, cms.ptr, cms.len);
	more[cms.len] = 0;
	finds("more", (struct crd_buf){ more, cms.len + 1 }, CRD_SEAL_MALFORMED,
	      "behind its end");
	for (n = 0; n < cms.len; n++)
		finds("cut", copy(cms.ptr, n), CRD_SEAL_MALFORMED, NULL);
	finds("whole", cms, CRD_SEAL_GOOD, NULL);
}

/*
 * A bit turned anywhere is seen, but in what is not signed and says nothing:
 * then it is still that signer's signature over that text.
 */
static void test_bits(void **state)
{
	struct crd_buf cms = pki_sign(&signer, NULL, NULL, 0, buf(TEXT));
	struct crd_signed_by good, by;
	enum crd_seal_fault fault;
	uint8_t *bent = OPENSSL_memdup(cms.ptr, cms.len);
	unsigned int passed = 0;
	size_t i;

	assert_int_equal(crd_authority_check(anchors, buf(TEXT), cms, PKI_NOW,
					     &good, &fault, NULL),
			 0);
	assert_int_equal(fault, CRD_SEAL_GOOD);
	for (i = 0; i < cms.len; i++) {
		bent[i] ^= 1u << i % 8;
		assert_int_equal(
			crd_authority_check(anchors, buf(TEXT),
					    (struct crd_buf){ bent, cms.len },
					    PKI_NOW, &by, &fault, NULL),
			0);
		bent[i] ^= 1u << i % 8;
		if (fault)
			continue;
		passed++;
		assert_memory_equal(good.fingerprint.bytes,
				    by.fingerprint.bytes, 32);
	}
	assert_in_range(passed, 0, 16);
	OPENSSL_free(bent);
	OPENSSL_free((void *)(uintptr_t)cms.ptr);
}

static void test_good(void **state)
{
	struct crd_buf cms = pki_sign(&signer, NULL, NULL, 0, buf(TEXT));
	enum crd_seal_fault fault = CRD_SEAL_STRANGER;
	struct crd_signed_by by;
	uint8_t want[32];

	assert_int_equal(crd_authority_check(anchors, buf(TEXT), cms, PKI_NOW,
					     &by, &fault, NULL),
			 0);
	assert_int_equal(fault, CRD_SEAL_GOOD);
	assert_string_equal(by.subject, "CN=Signer");
	assert_string_equal(by.anchor, "CN=Root");
	assert_string_equal(by.key, "P-256");
	assert_string_equal(by.hash, "sha256");
	assert_int_equal(by.from, PKI_FROM);
	assert_int_equal(by.until, PKI_UNTIL);
	assert_int_equal(by.anchor_index, 0);
	assert_int_equal(X509_digest(signer.cert, EVP_sha256(), want, NULL), 1);
	assert_memory_equal(by.fingerprint.bytes, want, 32);
	OPENSSL_free((void *)(uintptr_t)cms.ptr);
}

static void test_other_bytes(void **state)
{
	finds("other text", pki_sign(&signer, NULL, NULL, 0, buf(TEXT " ")),
	      CRD_SEAL_WRONG, "does not fit");
	finds("no attributes",
	      pki_sign(&signer, NULL, NULL, CMS_NOATTR, buf(TEXT "x")),
	      CRD_SEAL_WRONG, "does not fit");
	finds("good without attributes",
	      pki_sign(&signer, NULL, NULL, CMS_NOATTR, buf(TEXT)),
	      CRD_SEAL_GOOD, NULL);
}

static void test_who(void **state)
{
	struct pki_cert stranger = pki_make((struct pki_want){
		.name = "Stranger", .issuer = &other, PKI_SIGNER });
	struct pki_cert self = pki_make((struct pki_want){
		.name = "Signer", .issuer = NULL, PKI_SIGNER });
	struct pki_cert deep = pki_make((struct pki_want){
		.name = "Deep", .issuer = &between, PKI_SIGNER });

	finds("stranger", pki_sign(&stranger, NULL, NULL, 0, buf(TEXT)),
	      CRD_SEAL_STRANGER, "CN=Stranger");
	finds("stranger with his root",
	      pki_sign(&stranger, &other, NULL, 0, buf(TEXT)),
	      CRD_SEAL_STRANGER, "not under the pinned");
	finds("stranger with our root",
	      pki_sign(&stranger, &root, NULL, 0, buf(TEXT)), CRD_SEAL_STRANGER,
	      NULL);
	finds("same name, by itself", pki_sign(&self, NULL, NULL, 0, buf(TEXT)),
	      CRD_SEAL_STRANGER, NULL);
	finds("below one between",
	      pki_sign(&deep, &between, NULL, 0, buf(TEXT)), CRD_SEAL_GOOD,
	      NULL);
	finds("that one is missing", pki_sign(&deep, NULL, NULL, 0, buf(TEXT)),
	      CRD_SEAL_STRANGER, NULL);
	finds("no certificate",
	      pki_sign(&signer, NULL, NULL, CMS_NOCERTS, buf(TEXT)),
	      CRD_SEAL_STRANGER, "does not bring");
	finds("by key id",
	      pki_sign(&signer, NULL, NULL, CMS_USE_KEYID, buf(TEXT)),
	      CRD_SEAL_GOOD, NULL);
	pki_drop(&stranger);
	pki_drop(&self);
	pki_drop(&deep);
}

/* A signer that issued a certificate although it may not. */
static void test_no_authority(void **state)
{
	struct pki_cert leaf = pki_make((struct pki_want){
		.name = "Leaf", .issuer = &signer, PKI_SIGNER });
	struct pki_cert tls_ca =
		pki_make((struct pki_want){ .name = "TLS CA",
					    .issuer = &root,
					    "keyCertSign",
					    "serverAuth",
					    "critical,CA:TRUE" });
	struct pki_cert below = pki_make((struct pki_want){
		.name = "Below", .issuer = &tls_ca, PKI_SIGNER });

	finds("by no authority", pki_sign(&leaf, &signer, NULL, 0, buf(TEXT)),
	      CRD_SEAL_STRANGER, NULL);
	finds("by one for something else",
	      pki_sign(&below, &tls_ca, NULL, 0, buf(TEXT)), CRD_SEAL_USAGE,
	      "not for codeSigning");
	pki_drop(&leaf);
	pki_drop(&tls_ca);
	pki_drop(&below);
}

/* Both certificates in one chain may lie too far below the anchor. */
static void test_depth(void **state)
{
	struct pki_cert chain[8] = { root };
	char name[16];
	CMS_ContentInfo *cms;
	int i, n, last;

	for (n = 1; n < 8; n++) {
		snprintf(name, sizeof(name), "CA %d", n);
		chain[n] = pki_make((struct pki_want){
			.name = name, .issuer = &chain[n - 1], PKI_CA });
	}
	for (last = 5; last < 8; last++) {
		struct pki_cert leaf = pki_make((struct pki_want){
			.name = "Leaf", .issuer = &chain[last], PKI_SIGNER });

		cms = pki_begin();
		assert_non_null(CMS_add1_signer(cms, leaf.cert, leaf.key,
						EVP_sha256(), CMS_BINARY));
		for (i = 1; i <= last; i++)
			assert_int_equal(CMS_add1_cert(cms, chain[i].cert), 1);
		pki_end(cms, buf(TEXT), CMS_DETACHED);
		finds("deep", pki_der(cms),
		      last == 5 ? CRD_SEAL_GOOD : CRD_SEAL_STRANGER, NULL);
		CMS_ContentInfo_free(cms);
		pki_drop(&leaf);
	}
	for (n = 1; n < 8; n++)
		pki_drop(&chain[n]);
}

static const struct usage {
	const char *name, *usage, *purpose;
	enum crd_seal_fault fault;
} usages[] = {
	{ "none", NULL, NULL, CRD_SEAL_USAGE },
	{ "no purpose", "digitalSignature", NULL, CRD_SEAL_USAGE },
	{ "no usage", NULL, "codeSigning", CRD_SEAL_USAGE },
	{ "for keys", "keyEncipherment", "codeSigning", CRD_SEAL_USAGE },
	{ "non-repudiation", "nonRepudiation", "codeSigning", CRD_SEAL_USAGE },
	{ "server", "digitalSignature", "serverAuth", CRD_SEAL_USAGE },
	{ "mail", "digitalSignature", "emailProtection", CRD_SEAL_USAGE },
	{ "any", "digitalSignature", "anyExtendedKeyUsage", CRD_SEAL_USAGE },
	{ "critical other", "digitalSignature", "critical,timeStamping",
	  CRD_SEAL_USAGE },
	{ "both", "digitalSignature,nonRepudiation",
	  "critical,codeSigning,emailProtection", CRD_SEAL_GOOD },
	{ "just that", "critical,digitalSignature", "codeSigning",
	  CRD_SEAL_GOOD },
};

static void test_usage(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(usages) / sizeof(*usages); i++) {
		struct pki_cert c = pki_make(
			(struct pki_want){ .name = "Used",
					   .issuer = &root,
					   .usage = usages[i].usage,
					   .purpose = usages[i].purpose });

		finds(usages[i].name, pki_sign(&c, NULL, NULL, 0, buf(TEXT)),
		      usages[i].fault, usages[i].fault ? "usage" : NULL);
		pki_drop(&c);
	}
}

static void test_time(void **state)
{
	struct crd_buf cms = pki_sign(&signer, NULL, NULL, 0, buf(TEXT));
	struct pki_cert brief =
		pki_make((struct pki_want){ .name = "Brief",
					    .issuer = &root,
					    .usage = "digitalSignature",
					    .purpose = "codeSigning",
					    .from = PKI_NOW,
					    .until = PKI_NOW + 10 });
	static const struct {
		int64_t at;
		enum crd_seal_fault fault;
	} times[] = {
		{ PKI_FROM - 1, CRD_SEAL_EXPIRED },
		{ PKI_FROM, CRD_SEAL_GOOD },
		{ PKI_UNTIL - 1, CRD_SEAL_GOOD },
		{ PKI_UNTIL, CRD_SEAL_EXPIRED },
		{ 0, CRD_SEAL_EXPIRED },
		{ 253402300799, CRD_SEAL_EXPIRED },
	};
	size_t i;

	for (i = 0; i < sizeof(times) / sizeof(*times); i++) {
		finds_at("time", anchors, copy(cms.ptr, cms.len), times[i].at,
			 times[i].fault, NULL);
		finds_at("time, no anchor", NULL, copy(cms.ptr, cms.len),
			 times[i].at, times[i].fault, NULL);
	}
	OPENSSL_free((void *)(uintptr_t)cms.ptr);
	finds_at(
		"not yet", anchors, pki_sign(&brief, NULL, NULL, 0, buf(TEXT)),
		PKI_NOW - 1, CRD_SEAL_EXPIRED,
		"CN=Brief is not yet valid: it is from 2026-05-28 20:26:40 until 2026-05-28 20:26:50 UTC, and was judged as of 2026-05-28 20:26:39 (--now)");
	finds_at(
		"over", anchors, pki_sign(&brief, NULL, NULL, 0, buf(TEXT)),
		PKI_NOW + 11, CRD_SEAL_EXPIRED,
		"CN=Brief has expired: it is from 2026-05-28 20:26:40 until 2026-05-28 20:26:50 UTC, and was judged as of 2026-05-28 20:26:51 (--now)");
	pki_drop(&brief);
}

/* An anchor that is over is none, and neither is one between. */
static void test_time_above(void **state)
{
	struct pki_cert old = pki_make((struct pki_want){
		.name = "Old", .issuer = NULL, PKI_CA, .until = PKI_NOW - 1 });
	struct pki_cert middle =
		pki_make((struct pki_want){ .name = "Middle",
					    .issuer = &root,
					    PKI_CA,
					    .until = PKI_NOW - 1 });
	struct pki_cert a = pki_make(
		(struct pki_want){ .name = "A", .issuer = &old, PKI_SIGNER });
	struct pki_cert b = pki_make((struct pki_want){
		.name = "B", .issuer = &middle, PKI_SIGNER });
	const struct pki_cert *const pinned[] = { &old };
	struct crd_anchors *pins = pin(pinned, 1);

	finds_at("anchor", pins, pki_sign(&a, NULL, NULL, 0, buf(TEXT)),
		 PKI_NOW, CRD_SEAL_EXPIRED, "CN=Old");
	finds("between", pki_sign(&b, &middle, NULL, 0, buf(TEXT)),
	      CRD_SEAL_EXPIRED, "CN=Middle");
	crd_anchors_free(&pins);
	pki_drop(&old);
	pki_drop(&middle);
	pki_drop(&a);
	pki_drop(&b);
}

static void weak(const char *what, EVP_PKEY *key, const EVP_MD *md,
		 enum crd_seal_fault want, const char *says)
{
	struct pki_cert c = pki_make((struct pki_want){
		.name = "Weak", .issuer = &root, PKI_SIGNER, .key = key });

	finds(what, pki_sign(&c, NULL, md, 0, buf(TEXT)), want, says);
	pki_drop(&c);
}

static void test_weak(void **state)
{
	weak("SHA-1", NULL, EVP_sha1(), CRD_SEAL_WEAK, "hash");
	weak("MD5", EVP_RSA_gen(2048), EVP_md5(), CRD_SEAL_WEAK, "hash");
	weak("SHA-224", NULL, EVP_sha224(), CRD_SEAL_WEAK, "hash");
	weak("SHA3", EVP_RSA_gen(2048), EVP_sha3_256(), CRD_SEAL_WEAK, "hash");
	weak("RSA-1024", EVP_RSA_gen(1024), NULL, CRD_SEAL_WEAK, "2048");
	weak("RSA-2040", EVP_RSA_gen(2040), NULL, CRD_SEAL_WEAK, "2048");
	weak("P-224", EVP_EC_gen("P-224"), NULL, CRD_SEAL_WEAK, "P-256");
	weak("secp256k1", EVP_EC_gen("secp256k1"), NULL, CRD_SEAL_WEAK,
	     "P-256");
	weak("brainpool", EVP_EC_gen("brainpoolP256r1"), NULL, CRD_SEAL_WEAK,
	     "P-256");
	weak("RSA-2048", EVP_RSA_gen(2048), NULL, CRD_SEAL_GOOD, NULL);
	weak("RSA, SHA-512", EVP_RSA_gen(2048), EVP_sha512(), CRD_SEAL_GOOD,
	     NULL);
	weak("P-384", EVP_EC_gen("P-384"), EVP_sha384(), CRD_SEAL_GOOD, NULL);
	weak("P-521", EVP_EC_gen("P-521"), EVP_sha512(), CRD_SEAL_GOOD, NULL);
}

/* Certificates on the way count too; how an anchor signed itself does not. */
static void test_weak_above(void **state)
{
	struct pki_cert by_sha1 =
		pki_make((struct pki_want){ .name = "By SHA-1",
					    .issuer = &root,
					    PKI_SIGNER,
					    .md = EVP_sha1() });
	struct pki_cert small =
		pki_make((struct pki_want){ .name = "Small",
					    .issuer = &root,
					    PKI_CA,
					    .key = EVP_RSA_gen(1024) });
	struct pki_cert below = pki_make((struct pki_want){
		.name = "Below", .issuer = &small, PKI_SIGNER });
	struct pki_cert old_root = pki_make((struct pki_want){
		.name = "Old root", .issuer = NULL, PKI_CA, .md = EVP_sha1() });
	struct pki_cert new_signer = pki_make((struct pki_want){
		.name = "New", .issuer = &old_root, PKI_SIGNER });
	const struct pki_cert *const pinned[] = { &old_root };
	struct crd_anchors *pins = pin(pinned, 1);

	finds("certificate by SHA-1",
	      pki_sign(&by_sha1, NULL, NULL, 0, buf(TEXT)), CRD_SEAL_WEAK,
	      "CN=By SHA-1");
	finds("small key between", pki_sign(&below, &small, NULL, 0, buf(TEXT)),
	      CRD_SEAL_WEAK, "CN=Small");
	finds_at("root by SHA-1", pins,
		 pki_sign(&new_signer, NULL, NULL, 0, buf(TEXT)), PKI_NOW,
		 CRD_SEAL_GOOD, NULL);
	crd_anchors_free(&pins);
	pki_drop(&by_sha1);
	pki_drop(&small);
	pki_drop(&below);
	pki_drop(&old_root);
	pki_drop(&new_signer);
}

static void test_pss(void **state)
{
	struct pki_cert c =
		pki_make((struct pki_want){ .name = "PSS",
					    .issuer = &root,
					    PKI_SIGNER,
					    .key = EVP_RSA_gen(2048) });
	CMS_ContentInfo *cms = pki_begin();
	CMS_SignerInfo *info = CMS_add1_signer(cms, c.cert, c.key, EVP_sha256(),
					       CMS_KEY_PARAM | CMS_BINARY);

	assert_int_equal(
		EVP_PKEY_CTX_set_rsa_padding(CMS_SignerInfo_get0_pkey_ctx(info),
					     RSA_PKCS1_PSS_PADDING),
		1);
	pki_end(cms, buf(TEXT), CMS_DETACHED);
	finds("PSS", pki_der(cms), CRD_SEAL_WEAK, "no supported kind");
	CMS_ContentInfo_free(cms);
	pki_drop(&c);
}

/* Two signers, of which one would do; none; what is signed inside; CRLs. */
static void test_shape(void **state)
{
	struct pki_cert second = pki_make((struct pki_want){
		.name = "Second", .issuer = &root, PKI_SIGNER });
	CMS_ContentInfo *cms = pki_begin();
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *then;
	int i;

	CMS_add1_signer(cms, signer.cert, signer.key, EVP_sha256(), CMS_BINARY);
	CMS_add1_signer(cms, second.cert, second.key, EVP_sha256(), CMS_BINARY);
	pki_end(cms, buf(TEXT), CMS_DETACHED);
	finds("two signers", pki_der(cms), CRD_SEAL_MALFORMED,
	      "exactly one signer");
	CMS_ContentInfo_free(cms);

	cms = pki_begin();
	finds("no signer", pki_der(cms), CRD_SEAL_MALFORMED,
	      "exactly one signer");
	CMS_ContentInfo_free(cms);

	cms = CMS_sign(signer.cert, signer.key, NULL, NULL,
		       CMS_PARTIAL | CMS_BINARY);
	pki_end(cms, buf(TEXT), 0);
	finds("not detached", pki_der(cms), CRD_SEAL_MALFORMED,
	      "carries what it signs");
	CMS_ContentInfo_free(cms);

	cms = CMS_sign(signer.cert, signer.key, NULL, NULL,
		       CMS_PARTIAL | CMS_BINARY | CMS_DETACHED);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(root.cert));
	then = ASN1_TIME_set(NULL, PKI_FROM);
	X509_CRL_set1_lastUpdate(crl, then);
	X509_CRL_sign(crl, root.key, EVP_sha256());
	assert_int_equal(CMS_add1_crl(cms, crl), 1);
	pki_end(cms, buf(TEXT), CMS_DETACHED);
	finds("revocation list", pki_der(cms), CRD_SEAL_MALFORMED,
	      "revocation");
	CMS_ContentInfo_free(cms);
	ASN1_TIME_free(then);
	X509_CRL_free(crl);

	cms = CMS_sign(signer.cert, signer.key, NULL, NULL,
		       CMS_PARTIAL | CMS_BINARY | CMS_DETACHED);
	for (i = 0; i < CRD_MAX_SIGNER_CERTS; i++) {
		struct pki_cert c = pki_make((struct pki_want){
			.name = "More", .issuer = &root, PKI_SIGNER });

		CMS_add1_cert(cms, c.cert);
		pki_drop(&c);
	}
	pki_end(cms, buf(TEXT), CMS_DETACHED);
	finds("many certificates", pki_der(cms), CRD_SEAL_MALFORMED,
	      "too many");
	CMS_ContentInfo_free(cms);
	pki_drop(&second);
}

static void test_other_content(void **state)
{
	BIO *bio = BIO_new_mem_buf(TEXT, -1);
	CMS_ContentInfo *cms = CMS_data_create(bio, CMS_BINARY);

	finds("data", pki_der(cms), CRD_SEAL_MALFORMED, NULL);
	CMS_ContentInfo_free(cms);
	(void)BIO_reset(bio);
	cms = CMS_digest_create(bio, EVP_sha256(), CMS_BINARY);
	finds("digest", pki_der(cms), CRD_SEAL_MALFORMED, "SignedData");
	CMS_ContentInfo_free(cms);
	BIO_free(bio);
	cms = pki_begin();
	CMS_add1_signer(cms, signer.cert, signer.key, EVP_sha256(), CMS_BINARY);
	CMS_set1_eContentType(cms, OBJ_nid2obj(NID_id_smime_ct_TSTInfo));
	pki_end(cms, buf(TEXT), CMS_DETACHED);
	finds("other type", pki_der(cms), CRD_SEAL_MALFORMED, "malformed");
	CMS_ContentInfo_free(cms);
}

/* The signer's own certificate may be pinned, or any above it. */
static void test_anchor_kinds(void **state)
{
	struct pki_cert deep = pki_make((struct pki_want){
		.name = "Deep", .issuer = &between, PKI_SIGNER });
	struct pki_cert lone = pki_make((struct pki_want){
		.name = "Lone", .issuer = NULL, PKI_SIGNER });
	const struct pki_cert *const many[] = { &other, &between, &lone };
	struct crd_anchors *pins = pin(many, 3);
	struct crd_signed_by by;
	enum crd_seal_fault fault;
	struct crd_buf cms;

	finds_at("between", pins, pki_sign(&deep, NULL, NULL, 0, buf(TEXT)),
		 PKI_NOW, CRD_SEAL_GOOD, NULL);
	finds_at("itself", pins,
		 pki_sign(&lone, NULL, NULL, CMS_NOCERTS, buf(TEXT)), PKI_NOW,
		 CRD_SEAL_GOOD, NULL);
	finds_at("above what is pinned", pins,
		 pki_sign(&signer, &root, NULL, 0, buf(TEXT)), PKI_NOW,
		 CRD_SEAL_STRANGER, NULL);
	cms = pki_sign(&lone, NULL, NULL, 0, buf(TEXT));
	assert_int_equal(crd_authority_check(pins, buf(TEXT), cms, PKI_NOW, &by,
					     &fault, NULL),
			 0);
	assert_int_equal(by.anchor_index, 2);
	assert_string_equal(by.anchor, "CN=Lone");
	OPENSSL_free((void *)(uintptr_t)cms.ptr);
	crd_anchors_free(&pins);
	pki_drop(&deep);
	pki_drop(&lone);
}

static void test_no_anchor(void **state)
{
	struct pki_cert tls =
		pki_make((struct pki_want){ .name = "TLS",
					    .issuer = &other,
					    .usage = "digitalSignature",
					    .purpose = "serverAuth" });

	finds_at("sound", NULL, pki_sign(&signer, NULL, NULL, 0, buf(TEXT)),
		 PKI_NOW, CRD_SEAL_GOOD, NULL);
	finds_at("unsound", NULL, pki_sign(&tls, NULL, NULL, 0, buf(TEXT)),
		 PKI_NOW, CRD_SEAL_USAGE, NULL);
	pki_drop(&tls);
}

/* A renewed certificate of the same key is the same authority. */
static void test_ids(void **state)
{
	struct pki_cert renewed =
		pki_make((struct pki_want){ .name = "Root, renewed",
					    .issuer = NULL,
					    PKI_CA,
					    .key = root.key,
					    .until = PKI_UNTIL + 1000 });
	const struct pki_cert *const all[] = { &renewed, &other };
	struct crd_anchors *pins = pin(all, 2);

	EVP_PKEY_up_ref(root.key);
	assert_int_equal(crd_anchors_n(pins), 2);
	assert_true(crd_digest_equal(crd_anchors_id(pins, 0),
				     crd_anchors_id(anchors, 0)));
	assert_false(crd_digest_equal(crd_anchors_id(pins, 1),
				      crd_anchors_id(anchors, 0)));
	crd_anchors_free(&pins);
	pki_drop(&renewed);
}

static void refuses(const void *bytes, size_t len, int want, const char *says)
{
	struct crd_anchors *a = NULL;
	struct crd_error err = { 0 };
	int ret = crd_anchors_parse((struct crd_buf){ bytes, len }, &a, &err);

	if (ret != want || !strstr(err.text, says))
		fail_msg("%d: %s", ret, err.text);
	assert_null(a);
	assert_int_equal(ERR_peek_error(), 0);
}

static void test_bad_anchors(void **state)
{
	const struct pki_cert *const one[] = { &root };
	const struct pki_cert *many[17];
	char *pem = pki_pem(one, 1), *all, *at;
	unsigned char *der = NULL;
	int n = i2d_X509(root.cert, &der);
	struct crd_anchors *a = NULL;
	size_t i;

	refuses("", 0, -EBADMSG, "no certificate");
	refuses("hello\n", 6, -EBADMSG, "no certificate");
	refuses("0", 1, -EBADMSG, "malformed");
	refuses(der, (size_t)n - 1, -EBADMSG, "malformed");
	assert_int_equal(crd_anchors_parse((struct crd_buf){ der, (size_t)n },
					   &a, NULL),
			 0);
	crd_anchors_free(&a);
	der = realloc(der, (size_t)n + 1);
	der[n] = 0;
	refuses(der, (size_t)n + 1, -EBADMSG, "malformed");
	free(der);
	/* another thing that PEM can hold, and one that does not end */
	at = strstr(pem, "BEGIN CERT");
	memcpy(at, "BEGIN GHOST", 10);
	refuses(pem, strlen(pem), -EBADMSG, "damaged");
	free(pem);
	refuses("-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n", 54,
		-EBADMSG, "X509 CRL");
	refuses("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
		60, -EBADMSG, "malformed");
	for (i = 0; i < 17; i++)
		many[i] = &root;
	all = pki_pem(many, 17);
	refuses(all, strlen(all), -E2BIG, "16");
	free(all);
	all = calloc(1, CRD_MAX_ANCHOR_FILE + 1);
	refuses(all, CRD_MAX_ANCHOR_FILE + 1, -E2BIG, "longer");
	free(all);
}

/* What a certificate says of itself is shown safely, and cut if need be. */
static void test_subject(void **state)
{
	static const char nasty[] =
		"a\x1b[31m\n\xe2\x80\xae,+\xc3\xa9 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	struct pki_cert c = pki_make((struct pki_want){
		.name = nasty, .issuer = &root, PKI_SIGNER });
	struct crd_buf cms = pki_sign(&c, NULL, NULL, 0, buf(TEXT));
	enum crd_seal_fault fault;
	struct crd_signed_by by;
	size_t i;

	assert_int_equal(crd_authority_check(anchors, buf(TEXT), cms, PKI_NOW,
					     &by, &fault, NULL),
			 0);
	assert_int_equal(fault, CRD_SEAL_GOOD);
	assert_int_equal(strncmp(by.subject, "CN=a", 4), 0);
	for (i = 0; by.subject[i]; i++)
		assert_true((uint8_t)by.subject[i] >= 0x20);
	assert_null(strstr(by.subject, "\xe2\x80\xae"));
	assert_non_null(strstr(by.subject, "\xc3\xa9"));
	OPENSSL_free((void *)(uintptr_t)cms.ptr);
	pki_drop(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_signature),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_other_bytes),
		cmocka_unit_test(test_who),
		cmocka_unit_test(test_no_authority),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_time_above),
		cmocka_unit_test(test_weak),
		cmocka_unit_test(test_weak_above),
		cmocka_unit_test(test_pss),
		cmocka_unit_test(test_shape),
		cmocka_unit_test(test_other_content),
		cmocka_unit_test(test_anchor_kinds),
		cmocka_unit_test(test_no_anchor),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_bad_anchors),
		cmocka_unit_test(test_subject),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
