// SPDX-License-Identifier: Apache-2.0
/*
 * Signers: whom the policy trusts to sign drivers, by certificates in files,
 * and what that makes of a driver's signature.
 */
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "attest_private.h"
#include "credence.h"
#include "policy_private.h"
#include "reader.h"

/* In the order of the bits. */
static const char *const words[CRD_SIGNER_WORDS] = {
	"none",	 "verified",	"unverified", "distribution",
	"wrong", "unknown-key", "unreadable",
};

const char *crd_signer_name(const struct crd_policy *policy, unsigned int bit)
{
	if (bit < CRD_SIGNER_WORDS)
		return words[bit];
	if (bit < CRD_SIGNER_FIRST ||
	    bit - CRD_SIGNER_FIRST >= policy->n_signers)
		return NULL;
	return policy->signers[bit - CRD_SIGNER_FIRST].id;
}

static bool has_distribution(const struct crd_policy *p)
{
	size_t i;

	for (i = 0; i < p->n_signers; i++) {
		if (p->signers[i].distribution)
			return true;
	}
	return false;
}

static int find_bit(const struct crd_policy *p, const char *text)
{
	unsigned int bit;
	const char *name;

	for (bit = 0; bit < CRD_SIGNER_FIRST + p->n_signers; bit++) {
		name = crd_signer_name(p, bit);
		if (name && !strcmp(name, text))
			return (int)bit;
	}
	return -1;
}

/* A word that can never hold is a mistake, and a dangerous one under `not`. */
int crd_want_signer(const struct crd_load *l, const struct crd_node *node,
		    unsigned int *ret_bit)
{
	const struct crd_policy *p = l->policy;
	const char *text = NULL;
	int bit, ret = crd_want_id(l, node, "signer", &text);

	if (ret)
		return ret;
	bit = find_bit(p, text);
	if (bit < 0)
		return crd_node_fail(
			l, node,
			"'%s' is not under signers, nor one of: none, verified, unverified, distribution, wrong, unknown-key, unreadable",
			text);
	if (bit == CRD_SIGNER_DISTRIBUTION && !has_distribution(p))
		return crd_node_fail(
			l, node,
			"signer: distribution needs a signer with distribution: yes");
	if (bit > CRD_SIGNER_DISTRIBUTION && !p->n_signers)
		return crd_node_fail(l, node,
				     "signer: %s needs signers:", text);
	*ret_bit = (unsigned int)bit;
	return 0;
}

static int make_room(struct crd_policy *p)
{
	struct crd_cert *more;

	/* full when it is empty, or at a power of two */
	if (p->n_certs & (p->n_certs - 1))
		return 0;
	more = realloc(p->certs,
		       (p->n_certs ? 2 * p->n_certs : 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	p->certs = more;
	return 0;
}

static int add_cert(const struct crd_load *l, const struct crd_node *node,
		    struct crd_cert *cert)
{
	struct crd_policy *p = l->policy;
	size_t i;
	int ret;

	cert->owner = (unsigned int)p->n_signers - 1;
	for (i = 0; i < p->n_certs; i++) {
		if (!crd_buf_equal(p->certs[i].whole, cert->whole))
			continue;
		if (p->certs[i].owner != cert->owner)
			return crd_node_fail(
				l, node,
				"%.120s: a certificate in it is that of signer '%s' already",
				node->text, p->signers[p->certs[i].owner].id);
		crd_cert_done(cert);
		return 0;
	}
	if (p->n_certs == POL_MAX_CERTS)
		return crd_fail_at(l->err, node->line, node->column, -E2BIG,
				   "more than %d certificates", POL_MAX_CERTS);
	ret = make_room(p);
	if (!ret)
		p->certs[p->n_certs++] = *cert;
	return ret;
}

static int read_cert(const struct crd_load *l, const struct crd_node *node,
		     struct crd_buf der, unsigned int n)
{
	struct crd_error why = { 0 };
	struct crd_cert cert = { 0 };
	int ret = crd_cert_parse(der, &cert, &why);

	if (ret == -EBADMSG || ret == -E2BIG || ret == -EOPNOTSUPP)
		return crd_fail_at(l->err, node->line, node->column, -EBADMSG,
				   "%.100s, certificate %u: %s", node->text, n,
				   why.text);
	if (!ret)
		ret = add_cert(l, node, &cert);
	if (ret)
		crd_cert_done(&cert);
	return ret;
}

/* 1: the next block of PEM; 0: there is none; -errno */
static int next_pem(BIO *bio, char **ret_name, struct crd_buf *ret_der)
{
	unsigned char *der = NULL;
	char *header = NULL;
	unsigned long error;
	long len = 0;

	ERR_clear_error();
	if (PEM_read_bio(bio, ret_name, &header, &der, &len) == 1) {
		OPENSSL_free(header);
		*ret_der = (struct crd_buf){ der, (size_t)len };
		return 1;
	}
	error = ERR_peek_last_error();
	if (ERR_GET_LIB(error) == ERR_LIB_PEM &&
	    ERR_GET_REASON(error) == PEM_R_NO_START_LINE) {
		ERR_clear_error();
		return 0;
	}
	return crd_crypto_error(-EBADMSG);
}

static int read_pem(const struct crd_load *l, const struct crd_node *node,
		    BIO *bio)
{
	struct crd_buf der = { NULL, 0 };
	unsigned int n = 0;
	char *name = NULL;
	int ret;

	while ((ret = next_pem(bio, &name, &der)) == 1) {
		if (strcmp(name, PEM_STRING_X509))
			ret = crd_node_fail(l, node,
					    "%.120s: '%.40s' is no certificate",
					    node->text, name);
		else
			ret = read_cert(l, node, der, ++n);
		OPENSSL_free(name);
		OPENSSL_free((void *)der.ptr);
		if (ret)
			return ret;
	}
	if (ret == -EBADMSG)
		return crd_node_fail(
			l, node, "%.120s: malformed PEM after %u certificates",
			node->text, n);
	if (!ret && !n)
		return crd_node_fail(l, node,
				     "%.120s: there is no certificate in it",
				     node->text);
	return ret;
}

/* PEM, one after the other, text between them; or DER, a single one. */
static int load_file(const struct crd_load *l, const struct crd_node *node)
{
	struct crd_buf bytes = { NULL, 0 };
	int ret = crd_want_file(l, node, "certificates", &bytes);
	BIO *bio;

	if (ret)
		return ret;
	if (bytes.len > POL_MAX_CERT_BYTES)
		return crd_fail_at(l->err, node->line, node->column, -E2BIG,
				   "%.120s: larger than %d bytes", node->text,
				   POL_MAX_CERT_BYTES);
	if (bytes.len > 1 && bytes.ptr[0] == 0x30 && bytes.ptr[1] >= 0x80)
		return read_cert(l, node, bytes, 1);
	bio = BIO_new_mem_buf(bytes.len ? (const void *)bytes.ptr : "",
			      (int)bytes.len);
	if (!bio)
		return -ENOMEM;
	ret = read_pem(l, node, bio);
	BIO_free(bio);
	return ret;
}

static int load_signer(const struct crd_load *l, const struct crd_node *node)
{
	static const char *const yes_no[] = { "no", "yes", NULL };
	static const struct crd_key keys[] = { { "id", true },
					       { "certificates", true },
					       { "distribution", false } };
	struct crd_policy *p = l->policy;
	struct crd_signer signer = { 0 };
	const struct crd_node *v[3];
	unsigned int distribution = 0;
	int ret = crd_want_map(l, node, "a signer", keys, 3, v);

	if (!ret)
		ret = crd_want_id(l, v[0], "id", &signer.id);
	if (!ret && v[2])
		ret = crd_want_word(l, v[2], "distribution", yes_no,
				    &distribution);
	if (ret)
		return ret;
	if (!strcmp(signer.id, "unknown"))
		return crd_node_fail(l, v[0], "'unknown' cannot be an id");
	ret = find_bit(p, signer.id);
	if (ret >= CRD_SIGNER_FIRST)
		return crd_node_fail(l, v[0], "id '%s' stands twice",
				     signer.id);
	if (ret >= 0)
		return crd_node_fail(l, v[0], "'%s' has a meaning of its own",
				     signer.id);
	if (l->base) { /* drivers that were unknown there */
		ret = crd_looser(l, node, "signers", signer.id,
				 (struct crd_said_at){ NULL, 0 });
		if (ret)
			return ret;
	}
	signer.distribution = distribution;
	p->signers[p->n_signers++] = signer;
	return load_file(l, v[1]);
}

int crd_signers_load(const struct crd_load *l, const struct crd_node *node)
{
	const struct crd_node *c;
	int ret = crd_want_list(l, node, "signers",
				POL_MAX_SIGNERS - l->policy->n_signers);

	for (c = ret ? NULL : crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = load_signer(l, c);
	return ret;
}

void crd_signers_done(struct crd_policy *policy)
{
	size_t i;

	for (i = 0; i < policy->n_certs; i++)
		crd_cert_done(&policy->certs[i]);
	free(policy->certs);
}

int crd_signer_find(const struct crd_policy *policy, struct crd_component *c)
{
	const struct crd_digest digests[] = { c->payload, c->payload_too };
	enum crd_signed result = CRD_SIGNED_UNREADABLE;
	struct crd_signature sig;
	size_t cert = 0;
	int ret = 0;

	c->signing = (struct crd_signing){ 0 };
	if (c->kind != CRD_KIND_DRIVER || !c->signature.ptr || !policy->n_certs)
		return 0;
	if (!crd_signature_parse(c->signature, &sig, NULL))
		ret = crd_signature_check(&sig, digests, 2, policy->certs,
					  policy->n_certs, &result, &cert);
	if (ret)
		return ret;
	c->signing.result = result;
	c->signing.cert = (uint16_t)cert;
	return 0;
}

uint64_t crd_signer_bits(const struct crd_policy *policy,
			 const struct crd_component *c)
{
	uint8_t status = c->sig_status;
	unsigned int owner;
	uint64_t bits;

	if (c->flags & CRD_FLAG_UNVERIFIED || status > CRD_SIG_UNVERIFIED)
		status = CRD_SIG_UNVERIFIED;
	bits = 1ull << status;
	switch (c->signing.result) {
	case CRD_SIGNED_VALID:
		owner = policy->certs[c->signing.cert].owner;
		bits |= 1ull << (CRD_SIGNER_FIRST + owner);
		if (policy->signers[owner].distribution)
			bits |= 1ull << CRD_SIGNER_DISTRIBUTION;
		break;
	case CRD_SIGNED_WRONG:
		bits |= 1ull << CRD_SIGNER_WRONG;
		break;
	case CRD_SIGNED_UNKNOWN_KEY:
		bits |= 1ull << CRD_SIGNER_UNKNOWN_KEY;
		break;
	case CRD_SIGNED_UNREADABLE:
		bits |= 1ull << CRD_SIGNER_UNREADABLE;
		break;
	default:
		break;
	}
	return bits;
}
