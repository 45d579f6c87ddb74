// SPDX-License-Identifier: Apache-2.0
/* policy_signers - wrong sections first; then what `signer` means. */
#include <errno.h>
#include <openssl/pem.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/attest_private.h"
#include "credence.h"
#include "policy_text.h"
#include "soft_signer.h"

#define PAYLOAD "the module's bytes"

static struct soft_signer ours, vendor, stranger;

/* Files that a policy can name. */
static struct {
	const char *name;
	struct soft_bytes bytes;
} files[] = {
	{ "ours.pem", { .n = 0 } },   { "vendor.pem", { .n = 0 } },
	{ "both.pem", { .n = 0 } },   { "ours.der", { .n = 0 } },
	{ "empty.pem", { .n = 0 } },  { "text.pem", { .n = 0 } },
	{ "key.pem", { .n = 0 } },    { "broken.pem", { .n = 0 } },
	{ "second.pem", { .n = 0 } }, { "weak.pem", { .n = 0 } },
	{ "other.pem", { .n = 0 } },
};

static struct soft_bytes *file_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		if (!strcmp(files[i].name, name))
			return &files[i].bytes;
	}
	return NULL;
}

static int fetch(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	struct soft_bytes *bytes = file_of(file);

	if (!bytes)
		return -ENOENT;
	*ret_bytes = soft_buf(bytes);
	return 0;
}

static void put_pem(const char *file, X509 *cert)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;

	PEM_write_bio_X509(bio, cert);
	n = BIO_get_mem_data(bio, &text);
	soft_put(file_of(file), text, (size_t)n);
	BIO_free(bio);
}

static void put_text(const char *file, const char *text)
{
	soft_put(file_of(file), text, strlen(text));
}

static void put_odd_cert(const char *file, EVP_PKEY *key)
{
	X509 *cert = soft_cert(key, "Odd", 9, true);

	put_pem(file, cert);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static int make(void **state)
{
	soft_signer_of(&ours, EVP_EC_gen("P-256"), "Ours", 1);
	soft_signer_of(&vendor, EVP_EC_gen("P-256"), "Vendor \033[1m", 2);
	soft_signer_of(&stranger, EVP_EC_gen("P-256"), "Stranger", 3);
	put_pem("ours.pem", ours.cert);
	put_pem("vendor.pem", vendor.cert);
	put_text("both.pem", "# comment\n");
	put_pem("both.pem", ours.cert);
	put_text("both.pem", "more text\n");
	put_pem("both.pem", vendor.cert);
	put_pem("both.pem", ours.cert);
	soft_cert_der(ours.cert, file_of("ours.der"));
	put_text("text.pem", "nothing here\n");
	put_text("key.pem", "-----BEGIN PUBLIC KEY-----\nMAA=\n"
			    "-----END PUBLIC KEY-----\n");
	put_text("broken.pem", "-----BEGIN CERTIFICATE-----\nMAA\n");
	put_pem("second.pem", ours.cert);
	put_text("second.pem", "-----BEGIN CERTIFICATE-----\nMAA=\n"
			       "-----END CERTIFICATE-----\n");
	put_odd_cert("weak.pem", EVP_RSA_gen(1024));
	put_odd_cert("other.pem", EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
	return 0;
}

static int drop(void **state)
{
	soft_signer_done(&ours);
	soft_signer_done(&vendor);
	soft_signer_done(&stranger);
	return 0;
}

#define SIGNERS(text, when)                       \
	HEAD "signers:\n" text "rules:\n"         \
	     "  - { id: r, when: { signer: " when \
	     " }, then: refuse, because: B }\n" OTHERWISE
#define ENTRY(id, file) "  - { id: " id ", certificates: " file " }\n"
#define DIST(id, file) \
	"  - { id: " id ", certificates: " file ", distribution: yes }\n"

static int load_signers(const char *yaml, struct crd_policy **ret_policy,
			struct crd_error *err)
{
	memset(err, 0, sizeof(*err));
	*ret_policy = NULL;
	return crd_policy_load(small_buf(yaml), fetch, NULL, ret_policy, err);
}

static void test_bad(void **state)
{
	static const struct {
		const char *yaml;
		unsigned int line, column; /* HEAD has 5 lines */
		const char *says;
	} rows[] = {
		{ SIGNERS(ENTRY("a", "missing.pem"), "a"), 7, 28,
		  "missing.pem" },
		{ SIGNERS(ENTRY("a", "../ours.pem"), "a"), 7, 28, "below" },
		{ SIGNERS(ENTRY("a", "/ours.pem"), "a"), 7, 28, "below" },
		{ SIGNERS(ENTRY("a", "empty.pem"), "a"), 7, 28,
		  "no certificate" },
		{ SIGNERS(ENTRY("a", "text.pem"), "a"), 7, 28,
		  "no certificate" },
		{ SIGNERS(ENTRY("a", "key.pem"), "a"), 7, 28, "'PUBLIC KEY'" },
		{ SIGNERS(ENTRY("a", "broken.pem"), "a"), 7, 28, "PEM" },
		{ SIGNERS(ENTRY("a", "second.pem"), "a"), 7, 28,
		  "certificate 2" },
		{ SIGNERS(ENTRY("a", "weak.pem"), "a"), 7, 28, "2048" },
		{ SIGNERS(ENTRY("a", "other.pem"), "a"), 7, 28, "neither RSA" },
		{ SIGNERS(ENTRY("a", "[ours.pem]"), "a"), 7, 28, "a list" },
		{ SIGNERS(ENTRY("a b", "ours.pem"), "a"), 7, 11, "id" },
		{ SIGNERS(ENTRY("wrong", "ours.pem"), "wrong"), 7, 11,
		  "meaning of its own" },
		{ SIGNERS(ENTRY("verified", "ours.pem"), "verified"), 7, 11,
		  "meaning of its own" },
		{ SIGNERS(ENTRY("unknown", "ours.pem"), "unknown"), 7, 11,
		  "cannot be an id" },
		{ SIGNERS(ENTRY("a", "ours.pem") ENTRY("a", "vendor.pem"), "a"),
		  8, 11, "stands twice" },
		{ SIGNERS(ENTRY("a", "ours.pem") ENTRY("b", "both.pem"), "a"),
		  8, 28, "signer 'a'" },
		{ SIGNERS("  - { id: a }\n", "a"), 7, 5, "certificates" },
		{ SIGNERS("  - { id: a, certificates: ours.pem, distribution: true }\n",
			  "a"),
		  7, 52, "yes" },
		{ SIGNERS("  - { id: a, certificate: ours.pem }\n", "a"), 7, 14,
		  "unknown key" },
		{ SIGNERS("  []\n", "a"), 7, 3, "empty" },
		/* conditions */
		{ SIGNERS(ENTRY("a", "ours.pem"), "b"), 9, 30, "'b'" },
		{ SIGNERS(ENTRY("a", "ours.pem"), "[a, b]"), 9, 34, "'b'" },
		{ SIGNERS(ENTRY("a", "ours.pem"), "{ not: b }"), 9, 37, "'b'" },
		{ SIGNERS(ENTRY("a", "ours.pem"), "A"), 9, 30, "'A'" },
		{ SIGNERS(ENTRY("a", "ours.pem"), "unknown"), 9, 30,
		  "'unknown'" },
		{ SIGNERS(ENTRY("a", "ours.pem"), "distribution"), 9, 30,
		  "distribution: yes" },
		{ SIGNERS(ENTRY("a", "ours.pem"), "{ like: \"a*\" }"), 9, 30,
		  "no { ... }" },
		{ WHEN("signer: distribution"), 6, 35, "distribution: yes" },
		{ WHEN("signer: { not: distribution }"), 6, 42,
		  "distribution: yes" },
		{ WHEN("signer: wrong"), 6, 35, "needs signers" },
		{ WHEN("signer: unknown-key"), 6, 35, "needs signers" },
		{ WHEN("signer: unreadable"), 6, 35, "needs signers" },
		{ WHEN("signer: debian"), 6, 35, "'debian'" },
	};
	struct crd_policy *p;
	struct crd_error err;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int ret = load_signers(rows[i].yaml, &p, &err);

		if (ret != -EBADMSG || err.line != rows[i].line ||
		    err.column != rows[i].column ||
		    !strstr(err.text, rows[i].says))
			fail_msg("row %zu: %d, %u:%u %s", i, ret, err.line,
				 err.column, err.text);
		assert_null(p);
	}
	/* who cannot read files cannot have signers */
	assert_int_equal(load(SIGNERS(ENTRY("a", "ours.pem"), "a"), &p, &err),
			 -EBADMSG);
}

static void test_limits(void **state)
{
	struct crd_str yaml = { 0 };
	struct crd_policy *p;
	struct crd_error err;
	int i;

	crd_str_puts(&yaml, HEAD "signers:\n");
	for (i = 0; i < POL_MAX_SIGNERS + 1; i++)
		crd_str_fmt(&yaml, ENTRY("s%d", "ours.pem"), i);
	crd_str_puts(&yaml, RULE("kind: driver", "refuse") OTHERWISE);
	assert_int_equal(load_signers(yaml.ptr, &p, &err), -E2BIG);
	crd_str_done(&yaml);
}

/* How a driver comes to be signed. */
enum made { NOT, OURS, VENDORS, STRANGERS, WRONG, NOISE, UNSEEN };

static struct soft_bytes sig;

static struct crd_component signed_driver(enum made made, uint8_t kernel)
{
	const char *payload = made == WRONG ? "another module" : PAYLOAD;
	struct crd_component c = { .kind = CRD_KIND_DRIVER,
				   .origin = CRD_ORIGIN_FILE,
				   .sig_status = kernel };
	struct soft_sig s = { .by = made == VENDORS   ? &vendor :
				    made == STRANGERS ? &stranger :
							&ours,
			      .payload = payload,
			      .hash = CRD_ALG_SHA256 };

	c.name = small_buf("d");
	c.payload = soft_digest(CRD_ALG_SHA256, PAYLOAD, strlen(PAYLOAD));
	if (made == NOT || made == UNSEEN)
		return c;
	soft_sig_make(&s, &sig);
	if (made == NOISE)
		sig.b[0] ^= 1;
	c.signature = soft_buf(&sig);
	return c;
}

/* Which words hold for it: the kernel's, then ours. */
static void test_words(void **state)
{
	static const char *const words[] = { "none",	   "verified",
					     "unverified", "distribution",
					     "wrong",	   "unknown-key",
					     "unreadable", "ours",
					     "vendor" };
	static const struct {
		enum made made;
		uint8_t kernel;
		const char *hold; /* a letter for each word */
		bool known;
	} rows[] = {
		{ NOT, CRD_SIG_NONE, "x........", false },
		{ OURS, CRD_SIG_VERIFIED, ".x.x...x.", true },
		{ OURS, CRD_SIG_UNVERIFIED, "..xx...x.", true },
		{ OURS, 77, "..xx...x.", true },
		{ VENDORS, CRD_SIG_VERIFIED, ".x......x", true },
		{ STRANGERS, CRD_SIG_VERIFIED, ".x...x...", true },
		{ STRANGERS, CRD_SIG_UNVERIFIED, "..x..x...", false },
		{ WRONG, CRD_SIG_VERIFIED, ".x..x....", false },
		{ WRONG, CRD_SIG_NONE, "x...x....", false },
		{ NOISE, CRD_SIG_VERIFIED, ".x....x..", true },
		{ NOISE, CRD_SIG_UNVERIFIED, "..x...x..", false },
		{ UNSEEN, CRD_SIG_VERIFIED, ".x.......", true },
	};
	size_t i, w;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		for (w = 0; w < sizeof(words) / sizeof(*words); w++) {
			struct crd_component c =
				signed_driver(rows[i].made, rows[i].kernel);
			char yaml[1024];
			struct crd_policy *p;
			struct crd_matcher m;
			struct crd_error err;
			bool holds;

			snprintf(yaml, sizeof(yaml),
				 SIGNERS(DIST("ours", "ours.pem")
						 ENTRY("vendor", "vendor.pem"),
					 "%s"),
				 words[w]);
			assert_int_equal(load_signers(yaml, &p, &err), 0);
			assert_int_equal(crd_signer_find(p, &c), 0);
			assert_int_equal(crd_matcher_init(&m, p, NULL, 0), 0);
			assert_int_equal(crd_matcher_set(&m, &c), 0);
			holds = crd_matcher_holds(&m, p->rules[0].when, false);
			if (holds != (rows[i].hold[w] == 'x'))
				fail_msg("row %zu, %s: %d", i, words[w], holds);
			assert_int_equal(crd_matcher_known(&m), rows[i].known);
			crd_matcher_done(&m);
			crd_policy_free(&p);
		}
	}
}

/* `not`: doubt counts against; and only drivers are signed. */
static void test_not(void **state)
{
	static const struct {
		enum made made;
		uint8_t kernel;
		const char *when;
		bool refuse, admit;
	} rows[] = {
		{ OURS, CRD_SIG_VERIFIED, "{ not: distribution }", false,
		  false },
		{ VENDORS, CRD_SIG_VERIFIED, "{ not: distribution }", true,
		  true },
		{ NOT, CRD_SIG_NONE, "{ not: distribution }", true, true },
		{ UNSEEN, CRD_SIG_VERIFIED, "{ not: distribution }", true,
		  false },
		{ UNSEEN, CRD_SIG_VERIFIED, "{ not: none }", true, true },
		{ UNSEEN, CRD_SIG_VERIFIED, "{ not: wrong }", true, false },
		{ NOISE, CRD_SIG_VERIFIED, "{ not: wrong }", true, false },
		{ NOISE, CRD_SIG_VERIFIED, "{ not: unreadable }", false,
		  false },
		{ STRANGERS, CRD_SIG_VERIFIED, "{ not: [ours, vendor] }", true,
		  true },
		{ VENDORS, CRD_SIG_VERIFIED, "{ not: [ours, vendor] }", false,
		  false },
		{ WRONG, CRD_SIG_VERIFIED, "[wrong, none]", true, true },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct crd_component c =
			signed_driver(rows[i].made, rows[i].kernel);
		char yaml[1024];
		struct crd_policy *p;
		struct crd_matcher m;
		struct crd_error err;
		bool refuse, admit;

		snprintf(yaml, sizeof(yaml),
			 SIGNERS(DIST("ours", "both.pem")
					 ENTRY("vendor", "vendor.pem"),
				 "%s"),
			 rows[i].when);
		assert_int_equal(load_signers(yaml, &p, &err), -EBADMSG);
		snprintf(yaml, sizeof(yaml),
			 SIGNERS(DIST("ours", "ours.der")
					 ENTRY("vendor", "vendor.pem"),
				 "%s"),
			 rows[i].when);
		assert_int_equal(load_signers(yaml, &p, &err), 0);
		assert_int_equal(crd_signer_find(p, &c), 0);
		assert_int_equal(crd_matcher_init(&m, p, NULL, 0), 0);
		assert_int_equal(crd_matcher_set(&m, &c), 0);
		refuse = crd_matcher_holds(&m, p->rules[0].when, false);
		admit = crd_matcher_holds(&m, p->rules[0].when, true);
		if (refuse != rows[i].refuse || admit != rows[i].admit)
			fail_msg("row %zu: %d %d", i, refuse, admit);
		c.kind = CRD_KIND_FIRMWARE;
		assert_false(crd_matcher_holds(&m, p->rules[0].when, false));
		assert_false(crd_matcher_holds(&m, p->rules[0].when, true));
		crd_matcher_done(&m);
		crd_policy_free(&p);
	}
}

/* Several certificates of one signer, twice the same among them. */
static void test_many(void **state)
{
	struct crd_policy *p;
	struct crd_error err;

	assert_int_equal(load_signers(SIGNERS(ENTRY("a", "both.pem"), "a"), &p,
				      &err),
			 0);
	assert_int_equal(p->n_certs, 2);
	assert_string_equal(crd_signer_name(p, CRD_SIGNER_FIRST), "a");
	assert_null(crd_signer_name(p, CRD_SIGNER_FIRST + 1));
	assert_null(crd_signer_name(p, CRD_SIGNER_WORDS));
	crd_policy_free(&p);
}

/* The second digest in the log is the one that counts, if it is the hash. */
static void test_second_digest(void **state)
{
	struct soft_sig s = { .by = &ours,
			      .payload = PAYLOAD,
			      .hash = CRD_ALG_SHA384 };
	struct crd_component c = signed_driver(NOT, CRD_SIG_VERIFIED);
	struct crd_policy *p;
	struct crd_error err;

	assert_int_equal(load_signers(SIGNERS(ENTRY("a", "both.pem"), "a"), &p,
				      &err),
			 0);
	soft_sig_make(&s, &sig);
	c.signature = soft_buf(&sig);
	assert_int_equal(crd_signer_find(p, &c), 0);
	assert_int_equal(c.signing.result, CRD_SIGNED_UNREADABLE);
	c.payload_too = soft_digest(CRD_ALG_SHA384, PAYLOAD, strlen(PAYLOAD));
	assert_int_equal(crd_signer_find(p, &c), 0);
	assert_int_equal(c.signing.result, CRD_SIGNED_VALID);
	c.payload_too.bytes[0] ^= 1;
	assert_int_equal(crd_signer_find(p, &c), 0);
	assert_int_equal(c.signing.result, CRD_SIGNED_WRONG);
	crd_policy_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_not),
		cmocka_unit_test(test_second_digest),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
