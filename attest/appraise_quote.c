// SPDX-License-Identifier: Apache-2.0
/* Identity, freshness, quote: is this what that machine's TPM signed now? */
#include <errno.h>
#include <string.h>

#include "appraise_private.h"

static int bad_key(struct crd_work *w, int error, const struct crd_error *err)
{
	bool malformed = error != -EOPNOTSUPP;

	w->report->evidence_malformed |= malformed;
	return crd_fail_check(
		w, CRD_STAGE_IDENTITY,
		malformed ? CRD_REASON_MALFORMED : CRD_REASON_AK_UNTRUSTED,
		"ak",
		&(struct crd_says){
			.observed = err->text,
			.expected = "an attestation key of a known kind",
			.place = "evidence, ak",
			.sentence =
				"The key that the machine names as its own cannot be used.",
			.next_step =
				"Have the machine make a new key and attest again.",
		});
}

static int check_attributes(struct crd_work *w, bool *ret_ok)
{
	const char *fault = crd_ak_attributes_fault(w->ak);

	*ret_ok = !fault;
	if (!fault)
		return crd_pass(
			w, CRD_STAGE_IDENTITY, "ak-attributes",
			&(struct crd_says){
				.observed = crd_ak_kind(w->ak),
				.sentence =
					"The key is one that a TPM uses for attestation only.",
			});
	return crd_fail_check(
		w, CRD_STAGE_IDENTITY, CRD_REASON_AK_UNTRUSTED, "ak-attributes",
		&(struct crd_says){
			.observed = fault,
			.expected =
				"fixedTPM, fixedParent, sensitiveDataOrigin, restricted, sign",
			.place = "evidence, ak",
			.sentence =
				"The key could sign anything, not only what a TPM measured.",
			.next_step =
				"Have the machine make a proper attestation key.",
		});
}

static bool is_pinned(const struct crd_work *w)
{
	struct crd_buf name = crd_ak_name(w->ak);
	size_t i;

	for (i = 0; i < w->in->n_trusted_aks; i++) {
		if (crd_buf_equal(w->in->trusted_aks[i], name))
			return true;
	}
	return false;
}

static int check_pinned(struct crd_work *w, bool *ret_ok)
{
	bool required = w->in->policy->requires.identity_pinned;
	bool named = w->in->n_trusted_aks != 0;

	*ret_ok = is_pinned(w);
	if (*ret_ok)
		return crd_pass(
			w, CRD_STAGE_IDENTITY, "ak-pinned",
			&(struct crd_says){
				.observed = w->report->ak_name,
				.sentence =
					"The key belongs to a machine that the operator named.",
			});
	if (!named && (!required || w->in->at_rest)) {
		*ret_ok = true;
		return crd_skip(
			w, CRD_STAGE_IDENTITY, false, "ak-pinned",
			required ?
				"Which machine this is was not checked: evidence from a store was to be compared, and no key was named." :
				"Which machine this is was not checked: no key was named as trusted, and the policy does not ask.");
	}
	return crd_fail_check(
		w, CRD_STAGE_IDENTITY, CRD_REASON_AK_UNTRUSTED, "ak-pinned",
		&(struct crd_says){
			.observed = w->report->ak_name,
			.expected =
				named ? "a key that the operator named" :
					"a key named by the operator; none was given",
			.place = "evidence, ak",
			.sentence =
				"The evidence is signed by a key that is not known to belong to this machine.",
			.next_step =
				"Enrol the machine's key by a way that you trust, then name it.",
		});
}

int crd_appraise_identity(struct crd_work *w)
{
	struct crd_error err = { 0 };
	struct crd_str hex = { 0 };
	struct crd_buf name;
	bool proper = false, pinned = false;
	int ret;

	ret = crd_ak_parse(w->evidence.ak, &w->ak, &err);
	if (ret == -ENOMEM || ret == -EIO)
		return ret;
	if (ret)
		return bad_key(w, ret, &err);
	name = crd_ak_name(w->ak);
	crd_str_hex(&hex, name.ptr, name.len);
	if (hex.failed || hex.len >= sizeof(w->report->ak_name))
		ret = -ENOMEM;
	else
		memcpy(w->report->ak_name, hex.ptr, hex.len + 1);
	crd_str_done(&hex);
	if (!ret)
		ret = check_attributes(w, &proper);
	if (!ret)
		ret = check_pinned(w, &pinned);
	w->ak_trusted = proper && pinned;
	if (!ret)
		ret = crd_skip(
			w, CRD_STAGE_IDENTITY, false, "ek-certificate",
			"Who made this TPM was not checked: endorsement certificates are not evaluated yet.");
	return ret;
}

static int stale(struct crd_work *w, const char *expected, const char *sentence)
{
	const struct crd_challenge *ch = w->in->challenge;
	struct crd_str seen = { 0 };
	int ret;

	crd_str_puts(&seen, "issued ");
	crd_str_time(&seen, ch->issued);
	crd_str_puts(&seen, ", expires ");
	crd_str_time(&seen, ch->expires);
	crd_str_puts(&seen, ", now ");
	crd_str_time(&seen, w->in->now);
	ret = seen.failed ?
		      -ENOMEM :
		      crd_fail_check(
			      w, CRD_STAGE_FRESHNESS, CRD_REASON_STALE,
			      "challenge",
			      &(struct crd_says){
				      .observed = seen.ptr,
				      .expected = expected,
				      .place = "challenge",
				      .sentence = sentence,
				      .next_step =
					      "Make a new challenge and have the machine attest again.",
			      });
	crd_str_done(&seen);
	return ret;
}

int crd_appraise_freshness(struct crd_work *w)
{
	const struct crd_challenge *ch = w->in->challenge;
	int64_t most = w->in->policy->requires.freshness;
	int64_t now = w->in->now;
	struct crd_str expected = { 0 };
	int ret;

	if (w->in->at_rest)
		return crd_skip(
			w, CRD_STAGE_FRESHNESS, false, "challenge",
			"When this was signed was not asked: it is evidence from a store.");
	if (!ch || ch->nonce_len < CRD_NONCE_MIN ||
	    ch->nonce_len > CRD_NONCE_MAX)
		return crd_fail_check(
			w, CRD_STAGE_FRESHNESS, CRD_REASON_NONCE, "challenge",
			&(struct crd_says){
				.observed = "no usable challenge",
				.expected = "the challenge that was sent",
				.sentence =
					"Without the challenge nobody can tell whether this evidence is new or a recording.",
				.next_step =
					"Give the challenge file, or make one and have the machine attest again.",
			});
	if (ch->issued > now)
		return stale(
			w, "a challenge issued before now",
			"The challenge comes from the future: a clock is wrong, or the file was altered.");
	if (now > ch->expires)
		return stale(w, "a challenge that has not expired",
			     "The challenge has expired.");
	/* issued <= now <= expires: the difference fits unless absurd. */
	if (ch->issued < 0 || now - ch->issued > most) {
		crd_str_fmt(
			&expected,
			"a challenge at most %lld seconds old, by the policy",
			(long long)most);
		ret = stale(w, expected.ptr,
			    "The challenge is older than the policy accepts.");
		crd_str_done(&expected);
		return ret;
	}
	w->in_time = true;
	return crd_pass(w, CRD_STAGE_FRESHNESS, "challenge",
			&(struct crd_says){
				.sentence = "The challenge is recent.",
			});
}

/* Sentences for those who do not know the TPM's words. */
static const char *quote_sentence(enum crd_reason reason)
{
	switch (reason) {
	case CRD_REASON_QUOTE_TYPE:
		return "What was signed is not a statement of measurements made by a TPM.";
	case CRD_REASON_QUOTE_SIG:
		return "The signature is not good: the evidence was altered, or another key signed it.";
	case CRD_REASON_NONCE:
		return "This evidence was not made for this challenge: it is a recording, or its self-reported part was altered.";
	case CRD_REASON_PCR_COVERAGE:
		return "The TPM did not sign exactly the measurements that are needed.";
	case CRD_REASON_PCR_BANK:
		return "The TPM signed measurements made with a hash that does not count.";
	case CRD_REASON_PCR_MISMATCH:
		return "The measurements carried in the evidence are not those that the TPM signed.";
	case CRD_REASON_MALFORMED:
		return "The TPM's statement is damaged.";
	default:
		return "The TPM's statement is not accepted.";
	}
}

static int bad_quote(struct crd_work *w, enum crd_reason reason,
		     const struct crd_error *err)
{
	bool nonce = reason == CRD_REASON_NONCE;
	int ret;

	w->report->evidence_malformed |= reason == CRD_REASON_MALFORMED;
	ret = crd_fail_check(
		w, nonce ? CRD_STAGE_FRESHNESS : CRD_STAGE_QUOTE, reason,
		nonce ? "nonce" : "quote",
		&(struct crd_says){
			.observed = err->text,
			.expected =
				nonce ? "qualifying data made from this challenge and these claims" :
					"a quote by this key, over this challenge and PCRs 0 to 15 of one bank",
			.place = nonce ? "evidence, attest" :
					 "evidence, attest and signature",
			.sentence = quote_sentence(reason),
			.next_step =
				"Have the machine attest again; if this repeats, treat the machine as tampered with.",
		});
	if (!ret && nonce)
		ret = crd_skip(
			w, CRD_STAGE_QUOTE, true, "quote",
			"The signature is by this key, but over another challenge; nothing more was checked.");
	return ret;
}

static int check_bank(struct crd_work *w)
{
	uint16_t have = w->report->quote.bank;
	uint16_t least = w->in->policy->requires.bank;

	if (crd_alg_rank(have) >= crd_alg_rank(least))
		return 0;
	return crd_fail_check(
		w, CRD_STAGE_QUOTE, CRD_REASON_PCR_BANK, "pcr-bank",
		&(struct crd_says){
			.observed = crd_alg_name(have) ? crd_alg_name(have) :
							 "unknown",
			.expected = crd_alg_name(least),
			.place = "evidence, attest",
			.sentence =
				"The TPM signed measurements made with a weaker hash than the policy accepts.",
			.next_step =
				"Enable the stronger PCR bank in the machine's firmware settings.",
		});
}

static int good_quote(struct crd_work *w)
{
	int ret;

	w->genuine = true;
	w->report->fresh = w->in_time && w->ak_trusted;
	ret = crd_pass(
		w, CRD_STAGE_QUOTE, "quote",
		&(struct crd_says){
			.observed = crd_alg_name(w->report->quote.bank),
			.sentence =
				w->in->at_rest ?
					"A TPM's key signed these measurements at some time." :
				w->ak_trusted ?
					"The machine's TPM signed these measurements in answer to this challenge." :
					"The key signed these measurements in answer to this challenge, but the key is not trusted.",
		});
	if (ret || w->in->at_rest)
		return ret ? ret : check_bank(w);
	if (w->ak_trusted)
		ret = crd_pass(
			w, CRD_STAGE_FRESHNESS, "nonce",
			&(struct crd_says){
				.sentence =
					"The answer is to this very challenge.",
			});
	else
		ret = crd_skip(
			w, CRD_STAGE_FRESHNESS, true, "nonce",
			"The answer is to this challenge, but a key that is not trusted gave it.");
	return ret ? ret : check_bank(w);
}

int crd_appraise_quote(struct crd_work *w)
{
	const struct crd_challenge *ch = w->in->challenge;
	struct crd_quote_expect expect = { .any_qualifying = w->in->at_rest,
					   .pcrs = CRD_QUOTE_PCRS };
	enum crd_reason reason = CRD_REASON_MALFORMED;
	struct crd_error err = { 0 };
	struct crd_digest qualifying;
	int ret;

	if (!w->ak)
		return crd_skip(
			w, CRD_STAGE_QUOTE, true, "quote",
			"Not checked: there is no usable key to check the signature with.");
	if (!w->in->at_rest) {
		if (!ch || ch->nonce_len < CRD_NONCE_MIN ||
		    ch->nonce_len > CRD_NONCE_MAX)
			return crd_skip(
				w, CRD_STAGE_QUOTE, true, "quote",
				"Not checked: there is no challenge to compare with.");
		ret = crd_qualifying_data((struct crd_buf){ ch->nonce,
							    ch->nonce_len },
					  w->evidence.claims, &qualifying);
		if (ret)
			return ret;
		expect.qualifying =
			(struct crd_buf){ qualifying.bytes, qualifying.len };
	}
	ret = crd_quote_check(w->ak, w->evidence.attest, w->evidence.signature,
			      &expect, &w->evidence.pcrs, &w->report->quote,
			      &reason, &err);
	if (ret && ret != -EBADMSG && ret != -E2BIG)
		return ret;
	if (ret || reason != CRD_REASON_NONE)
		return bad_quote(w, ret ? CRD_REASON_MALFORMED : reason, &err);
	return good_quote(w);
}
