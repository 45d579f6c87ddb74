// SPDX-License-Identifier: Apache-2.0
#include "agent.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "challenge.h"
#include "claims.h"
#include "collect.h"
#include "io.h"

#define MAX_BANKS 16

int crd_agent_check(const struct crd_agent *agent)
{
	uint32_t h = agent->handle;

	if (agent->alg_name && strcmp(agent->alg_name, "ecc") &&
	    strcmp(agent->alg_name, "rsa"))
		return crd_io_error(CRD_EXIT_USAGE,
				    "--ak-alg %s: give ecc or rsa",
				    agent->alg_name);
	if (h && (h < 0x81000000u || h > 0x817fffffu))
		return crd_io_error(
			CRD_EXIT_USAGE,
			"--ak-handle 0x%08x: the owner's persistent handles are 0x81000000 to 0x817fffff",
			h);
	return -1;
}

static int name_key(struct crd_attested *a, struct crd_error *err)
{
	struct crd_ak *ak = NULL;
	struct crd_buf name;
	int r;

	r = crd_ak_parse((struct crd_buf){ a->ak.bytes, a->ak.len }, &ak, err);
	if (r < 0)
		return r;
	name = crd_ak_name(ak);
	crd_hex(name.ptr, name.len, a->ak_name);
	crd_ak_free(&ak);
	return 0;
}

/* What is extended must be quoted, so the log has a say in the bank. */
static int choose_bank(struct crd_tpm *tpm, const struct crd_agent *agent,
		       uint16_t *ret_bank, struct crd_error *err)
{
	uint16_t tpm_banks[MAX_BANKS], log_banks[MAX_BANKS];
	struct crd_log log = { 0 };
	size_t n_tpm, n_log;
	int r;

	r = crd_tpm_banks(tpm, CRD_QUOTE_PCRS, tpm_banks, MAX_BANKS, &n_tpm,
			  err);
	if (r == 0)
		r = crd_collect_file(agent->root, CRD_PATH_MEASURER, &log, err);
	if (r < 0)
		return r;
	crd_collect_banks(&log, log_banks, MAX_BANKS, &n_log);
	free(log.bytes);
	*ret_bank = crd_collect_choose_bank(tpm_banks, n_tpm, log_banks, n_log);
	if (*ret_bank)
		return 0;
	return crd_io_err(
		err, -EOPNOTSUPP,
		"TPM: no active bank of SHA-256, SHA-384 or SHA-512 with PCRs 0 to 15; see tpm2_pcrallocate");
}

static struct crd_buf buf(const void *bytes, size_t len)
{
	return (struct crd_buf){ bytes, len };
}

static int encode(const struct crd_tpm_quote *q, struct crd_attested *a,
		  struct crd_buf claims, struct crd_buf ek_cert,
		  const struct crd_logs *logs, struct crd_error *err)
{
	struct crd_evidence e = {
		.attest = buf(q->attest.bytes, q->attest.len),
		.signature = buf(q->signature.bytes, q->signature.len),
		.ak = buf(a->ak.bytes, a->ak.len),
		.ek_cert = ek_cert,
		.log_measurer = buf(logs->measurer.bytes, logs->measurer.len),
		.log_tcg = buf(logs->tcg.bytes, logs->tcg.len),
		.log_ima = buf(logs->ima.bytes, logs->ima.len),
		.claims = claims,
		.pcrs = q->pcrs,
	};
	int r = crd_evidence_encode(&e, &a->evidence, &a->len);

	if (r < 0)
		crd_io_err(err, r, "cannot encode the evidence: %s",
			   strerror(-r));
	return r;
}

/*
 * Quote first, logs after: a log may run past the quote, a quote that runs
 * past the log would look like records taken away.
 */
static int quote_and_collect(const struct crd_agent *agent, struct crd_tpm *tpm,
			     const struct crd_tpm_ak *ak,
			     const struct crd_challenge *c,
			     struct crd_buf claims, struct crd_tpm_quote *q,
			     struct crd_logs *logs, struct crd_error *err)
{
	struct crd_digest qualifying;
	uint16_t bank;
	int r;

	r = crd_qualifying_data(buf(c->nonce, c->nonce_len), claims,
				&qualifying);
	if (r < 0)
		return crd_io_err(err, r, "cannot hash the challenge: %s",
				  strerror(-r));
	r = choose_bank(tpm, agent, &bank, err);
	if (r == 0)
		r = crd_tpm_quote(tpm, ak, bank, CRD_QUOTE_PCRS,
				  buf(qualifying.bytes, qualifying.len), q,
				  err);
	if (r == 0)
		r = crd_collect_logs(agent->root, logs, err);
	return r;
}

static int answer(const struct crd_agent *agent, struct crd_tpm *tpm,
		  enum crd_ak_alg alg, const struct crd_tpm_ak *ak,
		  const struct crd_challenge *c, struct crd_attested *a,
		  struct crd_error *err)
{
	struct crd_tpm_quote *q = calloc(1, sizeof(*q));
	uint8_t *claims = NULL, *cert = NULL;
	size_t claims_len, cert_len = 0;
	struct crd_logs logs = { 0 };
	struct crd_tpm_info info;
	int r;

	if (!q)
		return crd_io_err(err, -ENOMEM, "out of memory");
	r = crd_tpm_info(tpm, &info, err);
	if (r == 0)
		r = crd_tpm_ek_cert(tpm, alg, &cert, &cert_len, err);
	if (r == 0)
		r = crd_claims_collect(&info, &claims, &claims_len, err);
	if (r == 0)
		r = quote_and_collect(agent, tpm, ak, c,
				      buf(claims, claims_len), q, &logs, err);
	if (r == 0)
		r = encode(q, a, buf(claims, claims_len), buf(cert, cert_len),
			   &logs, err);
	if (r == 0 && !logs.measurer.bytes)
		crd_io_note(
			"this kernel has no measurer's log; is credence.ko loaded?");
	a->bank = q->pcrs.bank;
	a->tries = q->tries;
	crd_collect_done(&logs);
	free(claims);
	free(cert);
	free(q);
	return r;
}

int crd_agent_attest(const struct crd_agent *agent,
		     const struct crd_challenge *challenge,
		     struct crd_attested *ret_attested, struct crd_error *err)
{
	enum crd_ak_alg alg = agent->alg_name &&
					      !strcmp(agent->alg_name, "rsa") ?
				      CRD_AK_RSA :
				      CRD_AK_ECC;
	struct crd_attested a = { 0 };
	struct crd_tpm *tpm = NULL;
	struct crd_tpm_ak ak;
	int r;

	r = crd_tpm_open(agent->tcti, &tpm, err);
	if (r < 0)
		return r;
	r = crd_tpm_ak(tpm, alg, agent->handle, &ak, err);
	if (r == 0 && ak.created)
		crd_io_note("made an attestation key, kept at handle 0x%08x",
			    ak.handle);
	if (r == 0) {
		a.ak = ak.public_area;
		a.ak_handle = ak.handle;
		r = name_key(&a, err);
	}
	if (r == 0 && challenge)
		r = answer(agent, tpm, alg, &ak, challenge, &a, err);
	crd_tpm_close(&tpm);
	if (r < 0)
		crd_agent_done(&a);
	else
		*ret_attested = a;
	return r;
}

void crd_agent_done(struct crd_attested *attested)
{
	free(attested->evidence);
	attested->evidence = NULL;
	attested->len = 0;
}
