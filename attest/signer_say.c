// SPDX-License-Identifier: Apache-2.0
/* Who signed a driver, in words, for findings, reports and inventories. */
#include <stdlib.h>

#include "appraise_private.h"
#include "attest_private.h"
#include "credence.h"

struct crd_signer_named crd_signer_named(const struct crd_policy *policy,
					 const struct crd_component *c)
{
	struct crd_signer_named named = { 0 };
	struct crd_signature sig;

	if (policy && c->signing.result == CRD_SIGNED_VALID)
		return crd_cert_named(policy, c->signing.cert);
	if (!c->signature.ptr || crd_signature_parse(c->signature, &sig, NULL))
		return named;
	if (sig.issuer.ptr)
		named.name = crd_common_name(sig.issuer);
	named.serial = sig.serial;
	named.key_id = sig.key_id;
	return named;
}

struct crd_signer_named crd_cert_named(const struct crd_policy *policy,
				       size_t cert)
{
	const struct crd_cert *c = &policy->certs[cert];

	return (struct crd_signer_named){ &policy->signers[c->owner],
					  crd_common_name(c->subject),
					  c->serial, c->key_id };
}

void crd_signer_named_say(struct crd_str *str,
			  const struct crd_signer_named *named)
{
	bool id = named->key_id.ptr != NULL;
	struct crd_buf key = id ? named->key_id : named->serial;

	if (named->name.ptr) {
		crd_str_puts(str, "\"");
		crd_str_safe(str, named->name);
		crd_str_puts(str, "\", ");
	}
	if (key.ptr) {
		crd_str_puts(str, id ? "key " : "serial ");
		crd_str_hex(str, key.ptr, key.len);
	} else {
		crd_str_puts(str, "without a name");
	}
}

static uint8_t kernels_word(const struct crd_component *c)
{
	return c->flags & CRD_FLAG_UNVERIFIED ||
			       c->sig_status > CRD_SIG_UNVERIFIED ?
		       CRD_SIG_UNVERIFIED :
		       c->sig_status;
}

/* A phrase after "The driver hinic". */
void crd_signer_why(struct crd_str *str, const struct crd_policy *policy,
		    const struct crd_component *c)
{
	static const char *const phrases[] = {
		"carries no signature",
		"carries a signature that the kernel verified",
		"carries a signature that the kernel did not verify",
	};
	static const char *const ours[CRD_SIGNED_MAX] = {
		"",
		", and that is genuine by this check too: ",
		", but that is not genuine: it names a key that the policy knows and does not fit what was loaded: ",
		", made with a key that the policy does not know: ",
		", of a kind that cannot be checked here: ",
	};
	struct crd_signer_named named;

	crd_str_puts(str, phrases[kernels_word(c)]);
	if (c->signing.result == CRD_SIGNED_UNSEEN)
		return;
	named = crd_signer_named(policy, c);
	crd_str_puts(str, ours[c->signing.result]);
	if (named.who)
		crd_str_fmt(str, "%s, ", named.who->id);
	crd_signer_named_say(str, &named);
}

/* "signature verified, valid: debian, "CN", key 01ab" */
void crd_signer_observe(struct crd_str *str, const struct crd_policy *policy,
			const struct crd_component *c)
{
	struct crd_signer_named named;

	crd_str_fmt(str, "signature %s", crd_sig_status_name(c->sig_status));
	if (c->signing.result == CRD_SIGNED_UNSEEN)
		return;
	named = crd_signer_named(policy, c);
	crd_str_fmt(str, ", %s: ", crd_signed_name(c->signing.result));
	if (named.who)
		crd_str_fmt(str, "%s, ", named.who->id);
	crd_signer_named_say(str, &named);
}

/* The report's line; nothing if no signature was checked. */
void crd_signers_count(struct crd_str *str, const struct crd_report *r)
{
	static const char *const phrases[CRD_SIGNED_MAX] = {
		NULL,
		NULL,
		"not genuine",
		"by keys that the policy does not know",
		"that cannot be checked here",
	};
	size_t n_certs = r->policy ? r->policy->n_certs : 0;
	size_t i, results[CRD_SIGNED_MAX] = { 0 };
	size_t *certs = calloc(n_certs + 1, sizeof(*certs));
	const char *sep = "";

	str->failed |= !certs;
	for (i = 0; certs && i < r->n_signings; i++) {
		const struct crd_signing *s = &r->signings[i];

		results[s->result]++;
		if (s->result == CRD_SIGNED_VALID)
			certs[s->cert]++;
	}
	for (i = 0; certs && i < n_certs; i++) {
		struct crd_signer_named named;

		if (!certs[i])
			continue;
		named = crd_cert_named(r->policy, i);
		crd_str_fmt(str, "%s%zu by %s (", sep, certs[i], named.who->id);
		crd_signer_named_say(str, &named);
		crd_str_puts(str, ")");
		sep = ", ";
	}
	for (i = CRD_SIGNED_WRONG; i < CRD_SIGNED_MAX; i++) {
		if (!results[i])
			continue;
		crd_str_fmt(str, "%s%zu %s", sep, results[i], phrases[i]);
		sep = ", ";
	}
	free(certs);
}
