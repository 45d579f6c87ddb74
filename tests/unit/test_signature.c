// SPDX-License-Identifier: Apache-2.0
/* signature - what is no signature of a signer, and what is one. */
#include <errno.h>
#include <openssl/cms.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "credence.h"
#include "soft_signer.h"
#include "tests/vectors/module_debian.h"

#define PAYLOAD "the module's bytes"
#define OTHER	"another module's bytes"

static struct soft_signer rsa, ec, ec384, impostor, stranger;

static int make_signers(void **state)
{
	soft_signer_of(&rsa, EVP_RSA_gen(2048), "RSA", 1);
	soft_signer_of(&ec, EVP_EC_gen("P-256"), "EC", 2);
	soft_signer_of(&ec384, EVP_EC_gen("P-384"), "EC384", 3);
	/* the same name and number, another key */
	soft_signer_of(&impostor, EVP_EC_gen("P-256"), "EC", 2);
	soft_signer_of(&stranger, EVP_EC_gen("P-256"), "Stranger", 4);
	return 0;
}

static int drop_signers(void **state)
{
	soft_signer_done(&rsa);
	soft_signer_done(&ec);
	soft_signer_done(&ec384);
	soft_signer_done(&impostor);
	soft_signer_done(&stranger);
	return 0;
}

/* Parses memory of the exact size, so that ASan sees overreads. */
static int check(struct crd_buf der, const char *payload,
		 const struct crd_cert *certs, size_t n_certs,
		 enum crd_signed *ret_result, size_t *ret_cert)
{
	struct crd_digest digests[3] = {
		soft_digest(CRD_ALG_SHA256, payload, strlen(payload)),
		soft_digest(CRD_ALG_SHA384, payload, strlen(payload)),
		soft_digest(CRD_ALG_SHA512, payload, strlen(payload)),
	};
	uint8_t *copy = malloc(der.len ? der.len : 1);
	struct crd_error err = { .text = "" };
	struct crd_signature sig;
	int ret;

	memcpy(copy, der.ptr, der.len);
	ret = crd_signature_parse((struct crd_buf){ copy, der.len }, &sig,
				  &err);
	if (ret)
		assert_true(err.text[0] != '\0');
	else
		assert_int_equal(crd_signature_check(&sig, digests, 3, certs,
						     n_certs, ret_result,
						     ret_cert),
				 0);
	free(copy);
	return ret;
}

/* Against the four signers; not the stranger. */
static int check_known(struct crd_buf der, const char *payload,
		       enum crd_signed *ret_result, size_t *ret_cert)
{
	const struct crd_cert certs[] = { rsa.trusted, ec.trusted,
					  ec384.trusted };

	return check(der, payload, certs, 3, ret_result, ret_cert);
}

static void expect(const char *what, const struct soft_sig *s,
		   const char *payload, int want, enum crd_signed want_result)
{
	enum crd_signed result = CRD_SIGNED_MAX;
	struct soft_bytes der;
	size_t cert = 99;
	int ret;

	soft_sig_make(s, &der);
	ret = check_known(soft_buf(&der), payload, &result, &cert);
	if (ret != want || (!ret && result != want_result))
		fail_msg("%s: got %d %s, want %d %s", what, ret,
			 crd_signed_name(result), want,
			 crd_signed_name(want_result));
	if (!ret && result == CRD_SIGNED_VALID)
		assert_true(cert < 3);
	else
		assert_int_equal(cert, 99);
}

/* In each row one thing is bent, of a signature without and with attributes. */
static const struct bent {
	const char *what;
	struct soft_sig how;
	int want; /* 0: well-formed, see result */
	enum crd_signed result;
} bents[] = {
	{ "of another type", { .type = OID_ENVELOPED }, -EBADMSG, 0 },
	{ "a byte behind it", { .tail = "00" }, -EBADMSG, 0 },
	{ "an element behind it", { .tail = "0500" }, -EBADMSG, 0 },
	{ "an element behind the data", { .data_tail = "0500" }, -EBADMSG, 0 },
	{ "an element behind the signer", { .info_tail = "0500" }, -EBADMSG, 0 },
	{ "version 0", { .version = "020100" }, -EBADMSG, 0 },
	{ "version 2", { .version = "020102" }, -EBADMSG, 0 },
	{ "version 257", { .version = "02020101" }, -EBADMSG, 0 },
	{ "version 3 for a serial", { .version = "020103" }, -EBADMSG, 0 },
	{ "signer version 3 for a serial",
	  { .info_version = "020103" },
	  -EBADMSG,
	  0 },
	{ "signer version -1", { .info_version = "0201ff" }, -EBADMSG, 0 },
	{ "its content inside", { .more_content = "a0030401aa" }, -EBADMSG, 0 },
	{ "content of another type", { .content = OID_ENVELOPED }, -EBADMSG, 0 },
	{ "no hash", { .set_hash = "" }, -EBADMSG, 0 },
	{ "two hashes", { .set_hash = ALG_SHA256 ALG_SHA384 }, -EBADMSG, 0 },
	{ "another hash for the signer",
	  { .set_hash = ALG_SHA384 },
	  -EBADMSG,
	  0 },
	{ "a hash with a parameter",
	  { .set_hash = "300e0609608648016503040201020101" },
	  -EBADMSG,
	  0 },
	{ "a NULL that is not empty",
	  { .info_hash = "300e060960864801650304020105"
			 "0100" },
	  -EBADMSG,
	  0 },
	{ "SHA-1",
	  { .set_hash = ALG_SHA1, .info_hash = ALG_SHA1 },
	  -EOPNOTSUPP,
	  0 },
	{ "SHA3-256",
	  { .set_hash = ALG_SHA3_256, .info_hash = ALG_SHA3_256 },
	  -EOPNOTSUPP,
	  0 },
	{ "a scheme for a hash",
	  { .info_hash = ALG_ECDSA_SHA256 },
	  -EOPNOTSUPP,
	  0 },
	{ "a hash for a scheme", { .scheme = ALG_SHA256 }, -EOPNOTSUPP, 0 },
	{ "a scheme with another hash",
	  { .scheme = ALG_ECDSA_SHA384 },
	  -EOPNOTSUPP,
	  0 },
	{ "RSA-PSS", { .scheme = ALG_RSA_PSS }, -EOPNOTSUPP, 0 },
	{ "Ed25519", { .scheme = ALG_ED25519 }, -EOPNOTSUPP, 0 },
	{ "ML-DSA-65", { .scheme = ALG_ML_DSA_65 }, -EOPNOTSUPP, 0 },
	{ "two signers", { .twice = true }, -EOPNOTSUPP, 0 },
	{ "no signer", { .none = true }, -EBADMSG, 0 },
	{ "no serial", { .serial = "" }, -EBADMSG, 0 },
	{ "an empty serial", { .serial = "0200" }, -EBADMSG, 0 },
	{ "another serial", { .serial = "020109" }, 0, CRD_SIGNED_UNKNOWN_KEY },
	{ "a serial with a zero in front",
	  { .serial = "02020002" },
	  0,
	  CRD_SIGNED_UNKNOWN_KEY },
	{ "another kind of key", { .scheme = ALG_RSA }, 0, CRD_SIGNED_WRONG },
	{ "hash with NULL",
	  { .set_hash = ALG_SHA256_NULL, .info_hash = ALG_SHA256_NULL },
	  0,
	  CRD_SIGNED_VALID },
	{ "unsigned attributes",
	  { .unsigned_attributes = "a10430020500" },
	  0,
	  CRD_SIGNED_VALID },
	{ "certificates inside",
	  { .certificates = "a0020500" },
	  0,
	  CRD_SIGNED_VALID },
};

static void test_bent(void **state)
{
	size_t i;
	int with;

	for (i = 0; i < 2 * sizeof(bents) / sizeof(*bents); i++) {
		const struct bent *b = &bents[i / 2];
		struct soft_sig s = b->how;

		with = i % 2;
		s.by = &ec;
		s.payload = PAYLOAD;
		s.hash = CRD_ALG_SHA256;
		s.attributes = with;
		expect(b->what, &s, PAYLOAD, b->want, b->result);
	}
}

/* Signed attributes that do not say what they must, or lie. */
static void test_attributes(void **state)
{
	static const struct bent rows[] = {
		{ "no digest", { .no_digest = true }, -EBADMSG, 0 },
		{ "no type", { .no_type = true }, -EBADMSG, 0 },
		{ "none at all",
		  { .no_digest = true, .no_type = true },
		  -EBADMSG,
		  0 },
		{ "another type",
		  { .attribute_type = OID_SIGNED_DATA },
		  -EBADMSG,
		  0 },
		{ "a type twice",
		  { .more_attribute = "3018" OID_CONTENT_TYPE "310b" OID_DATA },
		  -EBADMSG,
		  0 },
		{ "a second digest",
		  { .more_attribute = "3013" OID_MESSAGE_DIGEST "310604040102"
				      "0304" },
		  -EBADMSG,
		  0 },
		{ "what is no attribute",
		  { .more_attribute = "0500" },
		  -EBADMSG,
		  0 },
		{ "cut short", { .more_attribute = "3003" }, -EBADMSG, 0 },
		{ "the digest of another module",
		  { .digest_of = OTHER },
		  0,
		  CRD_SIGNED_WRONG },
		{ "one that is not known",
		  { .more_attribute = "301c" OID_SIGNING_TIME
				      "310f170d3236303130313030303030305a" },
		  0,
		  CRD_SIGNED_VALID },
	};
	struct soft_sig s;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		s = rows[i].how;
		s.by = &ec;
		s.payload = PAYLOAD;
		s.hash = CRD_ALG_SHA256;
		s.attributes = true;
		expect(rows[i].what, &s, PAYLOAD, rows[i].want, rows[i].result);
	}
	/* the digest is honest, but this is another module */
	s = (struct soft_sig){ .by = &ec,
			       .payload = PAYLOAD,
			       .hash = CRD_ALG_SHA256,
			       .attributes = true };
	expect("another module", &s, OTHER, 0, CRD_SIGNED_WRONG);
	/* it lies for the other module: what was signed is still not that */
	s.digest_of = OTHER;
	expect("a lie for it", &s, PAYLOAD, 0, CRD_SIGNED_WRONG);
}

/* Each key with each hash and each way to name and to sign. */
static void test_kinds(void **state)
{
	static const uint16_t hashes[] = { CRD_ALG_SHA256, CRD_ALG_SHA384,
					   CRD_ALG_SHA512 };
	const struct soft_signer *signers[] = { &rsa, &ec, &ec384 };
	unsigned int i;

	for (i = 0; i < 3 * 3 * 4; i++) {
		struct soft_sig s = { .by = signers[i % 3],
				      .payload = PAYLOAD,
				      .hash = hashes[i / 3 % 3],
				      .by_key_id = i / 9 & 1,
				      .attributes = i / 9 & 2 };

		if (!s.by->rsa && s.hash == CRD_ALG_SHA512)
			s.scheme = "300a06082a8648ce3d040304";
		expect("good", &s, PAYLOAD, 0, CRD_SIGNED_VALID);
		expect("of another module", &s, OTHER, 0, CRD_SIGNED_WRONG);
		s.by = &stranger;
		if (signers[i % 3]->rsa && s.hash == CRD_ALG_SHA512)
			s.scheme = "300a06082a8648ce3d040304";
		expect("a stranger's", &s, PAYLOAD, 0, CRD_SIGNED_UNKNOWN_KEY);
	}
	for (i = 0; i < 2; i++) {
		struct soft_sig s = { .by = &rsa,
				      .payload = PAYLOAD,
				      .hash = CRD_ALG_SHA256,
				      .scheme = i ? ALG_RSA_SHA384 :
						    ALG_RSA_SHA256 };

		expect("RSA with its hash", &s, PAYLOAD, i ? -EOPNOTSUPP : 0,
		       CRD_SIGNED_VALID);
	}
}

/* A certificate with the same name and number as a trusted one. */
static void test_impostor(void **state)
{
	const struct crd_cert both[] = { impostor.trusted, ec.trusted };
	struct soft_sig s = { .by = &impostor,
			      .payload = PAYLOAD,
			      .hash = CRD_ALG_SHA256 };
	enum crd_signed result;
	struct soft_bytes der;
	size_t cert = 0;

	expect("an impostor's", &s, PAYLOAD, 0, CRD_SIGNED_WRONG);
	s.by_key_id = true; /* that names another key, however */
	expect("an impostor's key", &s, PAYLOAD, 0, CRD_SIGNED_UNKNOWN_KEY);
	/* Where both are trusted, the one that fits is found. */
	s.by = &ec;
	s.by_key_id = false;
	soft_sig_make(&s, &der);
	assert_int_equal(
		check(soft_buf(&der), PAYLOAD, both, 2, &result, &cert), 0);
	assert_int_equal(result, CRD_SIGNED_VALID);
	assert_int_equal(cert, 1);
	assert_int_equal(
		check(soft_buf(&der), PAYLOAD, NULL, 0, &result, &cert), 0);
	assert_int_equal(result, CRD_SIGNED_UNKNOWN_KEY);
}

/* The log has no digest in the signature's hash. */
static void test_no_digest(void **state)
{
	const struct crd_digest only =
		soft_digest(CRD_ALG_SHA256, PAYLOAD, strlen(PAYLOAD));
	struct soft_sig s = { .by = &rsa,
			      .payload = PAYLOAD,
			      .hash = CRD_ALG_SHA512 };
	struct crd_signature sig;
	enum crd_signed result;
	struct soft_bytes der;
	size_t cert;

	soft_sig_make(&s, &der);
	assert_int_equal(crd_signature_parse(soft_buf(&der), &sig, NULL), 0);
	assert_int_equal(crd_signature_check(&sig, &only, 1, &rsa.trusted, 1,
					     &result, &cert),
			 0);
	assert_int_equal(result, CRD_SIGNED_UNREADABLE);
	assert_int_equal(crd_signature_check(&sig, &only, 1, &ec.trusted, 1,
					     &result, &cert),
			 0);
	assert_int_equal(result, CRD_SIGNED_UNKNOWN_KEY);
}

/* Cut anywhere it does not parse; with any bit turned it is never valid. */
static void test_cut_and_turned(void **state)
{
	unsigned int i, bit, known = 0;

	for (i = 0; i < 4; i++) {
		struct soft_sig s = { .by = i & 1 ? &ec : &rsa,
				      .payload = PAYLOAD,
				      .hash = CRD_ALG_SHA256,
				      .attributes = i & 2 };
		enum crd_signed result;
		struct soft_bytes der;
		size_t cert, n;

		soft_sig_make(&s, &der);
		for (n = 0; n < der.n; n++)
			assert_int_equal(
				check_known((struct crd_buf){ der.b, n },
					    PAYLOAD, &result, &cert),
				-EBADMSG);
		for (bit = 0; bit < 8 * der.n; bit++) {
			der.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
			result = CRD_SIGNED_MAX;
			check_known(soft_buf(&der), PAYLOAD, &result, &cert);
			if (result == CRD_SIGNED_VALID)
				fail_msg("bit %u of signature %u", bit, i);
			known += result == CRD_SIGNED_WRONG;
			der.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	}
	assert_true(known > 4 * 8 * 64); /* all those of the numbers */
}

static void test_sizes(void **state)
{
	struct soft_sig s = { .by = &ec,
			      .payload = PAYLOAD,
			      .hash = CRD_ALG_SHA256 };
	size_t cert, big = CRD_MAX_SIGNATURE + 1;
	uint8_t *huge = calloc(1, big);
	enum crd_signed result;
	struct soft_bytes der;

	assert_int_equal(check_known((struct crd_buf){ huge, big }, PAYLOAD,
				     &result, &cert),
			 -E2BIG);
	assert_int_equal(check_known((struct crd_buf){ huge, big - 1 }, PAYLOAD,
				     &result, &cert),
			 -EBADMSG);
	/* 4 GiB by its own account */
	soft_sig_make(&s, &der);
	memcpy(huge, der.b, der.n);
	memcpy(huge, "\x30\x84\xff\xff\xff\xff", 6);
	assert_int_equal(check_known((struct crd_buf){ huge, big - 1 }, PAYLOAD,
				     &result, &cert),
			 -EBADMSG);
	free(huge);
}

/* libcrypto's own signatures, made as the kernel's sign-file makes them. */
static void test_cms(void **state)
{
	static const unsigned int flags[] = {
		CMS_NOATTR,	CMS_NOATTR | CMS_USE_KEYID, 0, CMS_USE_KEYID,
		CMS_NOSMIMECAP,
	};
	const struct soft_signer *signers[] = { &rsa, &ec, &ec384 };
	const unsigned int all = CMS_NOCERTS | CMS_DETACHED | CMS_BINARY |
				 CMS_PARTIAL;
	unsigned int i;

	for (i = 0; i < 3 * sizeof(flags) / sizeof(*flags); i++) {
		const struct soft_signer *s = signers[i % 3];
		BIO *in = BIO_new_mem_buf(PAYLOAD, -1);
		CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, all);
		enum crd_signed result = CRD_SIGNED_MAX;
		unsigned char *der = NULL;
		size_t cert = 99;
		int n;

		soft_check(CMS_add1_signer(cms, s->cert, s->key, EVP_sha256(),
					   flags[i / 3] | all) != NULL &&
				   CMS_final(cms, in, NULL, all) == 1,
			   "CMS");
		n = i2d_CMS_ContentInfo(cms, &der);
		assert_int_equal(check_known((struct crd_buf){ der, (size_t)n },
					     PAYLOAD, &result, &cert),
				 0);
		assert_int_equal(result, CRD_SIGNED_VALID);
		assert_int_equal(cert, i % 3);
		check_known((struct crd_buf){ der, (size_t)n }, OTHER, &result,
			    &cert);
		assert_int_equal(result, CRD_SIGNED_WRONG);
		OPENSSL_free(der);
		CMS_ContentInfo_free(cms);
		BIO_free(in);
	}
}

/* A driver of Debian's kernel 6.12, and the certificate in that kernel. */
static void test_debian(void **state)
{
	struct soft_bytes sig, der, payload;
	struct crd_digest digest = { .alg = CRD_ALG_SHA256, .len = 32 };
	struct crd_signature parsed;
	enum crd_signed result;
	struct crd_cert cert;
	size_t at = 1;

	soft_hex(&sig, V_MODULE_SIGNATURE);
	soft_hex(&der, V_MODULE_CERT);
	soft_hex(&payload, V_MODULE_PAYLOAD_SHA256);
	memcpy(digest.bytes, payload.b, 32);
	assert_int_equal(crd_cert_parse(soft_buf(&der), &cert, NULL), 0);
	assert_int_equal(crd_signature_parse(soft_buf(&sig), &parsed, NULL), 0);
	assert_int_equal(parsed.type, CRD_TPM_ECC);
	assert_null(parsed.attributes.ptr);
	assert_int_equal(crd_signature_check(&parsed, &digest, 1, &cert, 1,
					     &result, &at),
			 0);
	assert_int_equal(result, CRD_SIGNED_VALID);
	assert_int_equal(at, 0);
	digest.bytes[31] ^= 1;
	assert_int_equal(crd_signature_check(&parsed, &digest, 1, &cert, 1,
					     &result, &at),
			 0);
	assert_int_equal(result, CRD_SIGNED_WRONG);
	crd_cert_done(&cert);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bent),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_cut_and_turned),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_impostor),
		cmocka_unit_test(test_no_digest),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_cms),
		cmocka_unit_test(test_debian),
	};

	return cmocka_run_group_tests(tests, make_signers, drop_signers);
}
