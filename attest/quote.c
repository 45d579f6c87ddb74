// SPDX-License-Identifier: Apache-2.0
/*
 * quote - TPMS_ATTEST (TPM 2.0 Library, Part 2, 10.12.12), TPMT_SIGNATURE
 * (11.3.4), and the only doorway through which a quote is believed.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "attest_private.h"
#include "bounds.h"
#include "reader.h"

#define TPM_GENERATED_VALUE 0xff544347u
#define TPM_ST_ATTEST_QUOTE 0x8018

struct selection {
	uint32_t count; /* of banks */
	uint16_t bank;	/* of the first */
	uint32_t pcrs;	/* of the first */
};

struct statement {
	uint32_t magic;
	uint16_t type;
	struct selection selection;
	struct crd_quote quote;
};

struct signature {
	uint16_t scheme;
	uint16_t hash;
	struct crd_buf rsa;
	struct crd_buf r, s;
};

/* Everything a step of the check may look at. */
struct check {
	const struct crd_ak *ak;
	struct crd_buf attest;
	struct statement statement;
	struct signature signature;
	const struct crd_quote_expect *expect;
	const struct crd_pcrs *pcrs;
	struct crd_error *err;
};

/* TPMS_PCR_SELECTION (10.6.2) */
static void read_bank(struct crd_reader *r, struct selection *s, bool first)
{
	uint16_t bank = rd_be16(r);
	uint8_t size = rd_u8(r);
	struct crd_buf map = rd_take(r, size);

	if (size < 1 || size > 4)
		r->failed = true;
	if (!first || rd_failed(r))
		return;
	s->bank = bank;
	for (size_t i = 0; i < map.len; i++)
		s->pcrs |= (uint32_t)map.ptr[i] << 8 * i;
}

/* TPML_PCR_SELECTION (10.9.7) */
static void read_selection(struct crd_reader *r, struct selection *s)
{
	s->count = rd_be32(r);
	if (s->count > CRD_MAX_SELECTIONS)
		r->failed = true;
	for (uint32_t i = 0; i < s->count && !rd_failed(r); i++)
		read_bank(r, s, i == 0);
}

/* The body is read only of a quote; other types end at QUOTE_TYPE. */
static int read_statement(struct crd_buf in, struct statement *st,
			  struct crd_error *err)
{
	struct crd_quote *q = &st->quote;
	struct crd_reader r;
	uint8_t safe;

	if (in.len > CRD_MAX_ATTEST)
		return crd_fail(err, -E2BIG, 0,
				"the quote is %zu bytes, over %u", in.len,
				CRD_MAX_ATTEST);
	rd_init(&r, in, 0);
	st->magic = rd_be32(&r);
	st->type = rd_be16(&r);
	q->signer = rd_tpm2b(&r);
	q->extra = rd_tpm2b(&r);
	q->clock = rd_be64(&r);
	q->reset_count = rd_be32(&r);
	q->restart_count = rd_be32(&r);
	safe = rd_u8(&r);
	if (safe > 1)
		r.failed = true;
	q->safe = safe;
	q->firmware = rd_be64(&r);
	if (!rd_failed(&r) && st->type != TPM_ST_ATTEST_QUOTE)
		return 0;
	read_selection(&r, &st->selection);
	q->pcr_digest = rd_tpm2b(&r);
	if (rd_failed(&r))
		return crd_fail_short(err, &r, "the quote");
	if (rd_left(&r))
		return crd_fail(err, -EBADMSG, rd_offset(&r),
				"%zu bytes follow the quote's end",
				rd_left(&r));
	q->bank = st->selection.bank;
	q->pcrs = st->selection.pcrs;
	return 0;
}

/* Of a scheme we do not know, only the first field can be read. */
static int read_signature(struct crd_buf in, struct signature *sig,
			  struct crd_error *err)
{
	struct crd_reader r;

	if (in.len > CRD_MAX_TPM_SIG)
		return crd_fail(err, -E2BIG, 0,
				"the signature is %zu bytes, over %u", in.len,
				CRD_MAX_TPM_SIG);
	rd_init(&r, in, 0);
	sig->scheme = rd_be16(&r);
	sig->hash = rd_be16(&r);
	if (sig->scheme == CRD_TPM_ECDSA) {
		sig->r = rd_tpm2b(&r);
		sig->s = rd_tpm2b(&r);
	} else if (sig->scheme == CRD_TPM_RSASSA ||
		   sig->scheme == CRD_TPM_RSAPSS) {
		sig->rsa = rd_tpm2b(&r);
	} else if (!rd_failed(&r)) {
		return 0;
	}
	if (rd_failed(&r))
		return crd_fail_short(err, &r, "the signature");
	if (rd_left(&r))
		return crd_fail(err, -EBADMSG, rd_offset(&r),
				"%zu bytes follow the signature's end",
				rd_left(&r));
	return 0;
}

/* Notes the sentence and gives the class, for the steps below. */
#define REFUSE(c, class, ...) (crd_fail((c)->err, 0, 0, __VA_ARGS__), (class))

/*
 * DER INTEGER of a TPM2B number at most `size` bytes long: no leading zeros
 * but the one that keeps it positive. Returns the bytes written, 0 if refused.
 */
static size_t put_integer(uint8_t *to, struct crd_buf n, size_t size)
{
	size_t pad;

	if (n.len > size)
		return 0;
	while (n.len && !n.ptr[0]) {
		n.ptr++;
		n.len--;
	}
	if (!n.len)
		return 0;
	pad = n.ptr[0] >> 7;
	to[0] = 0x02;
	to[1] = (uint8_t)(n.len + pad);
	to[2] = 0;
	memcpy(to + 2 + pad, n.ptr, n.len);
	return 2 + pad + n.len;
}

/* SEQUENCE of two INTEGERs of at most 49 bytes: short lengths suffice. */
#define MAX_ECDSA_DER (2 + 2 * (2 + 1 + 48))

static size_t put_ecdsa(uint8_t *to, const struct signature *sig, size_t size)
{
	size_t r = put_integer(to + 2, sig->r, size);
	size_t s = r ? put_integer(to + 2 + r, sig->s, size) : 0;

	if (!s)
		return 0;
	to[0] = 0x30;
	to[1] = (uint8_t)(r + s);
	return 2 + r + s;
}

static int check_signature(struct check *c, enum crd_reason *ret_reason)
{
	const struct crd_ak *ak = c->ak;
	struct crd_buf bytes = c->signature.rsa;
	uint8_t der[MAX_ECDSA_DER];
	struct crd_digest digest;
	int ret;

	if (ak->scheme == CRD_TPM_NULL || c->signature.scheme != ak->scheme ||
	    c->signature.hash != ak->hash) {
		*ret_reason = REFUSE(c, CRD_REASON_QUOTE_SIG,
				     "the signature's scheme 0x%04x with hash "
				     "0x%04x is not the key's (0x%04x, 0x%04x)",
				     c->signature.scheme, c->signature.hash,
				     ak->scheme, ak->hash);
		return 0;
	}
	if (ak->scheme == CRD_TPM_ECDSA) {
		bytes.ptr = der;
		bytes.len = put_ecdsa(der, &c->signature,
				      crd_ak_coordinate_size(ak));
	}
	ret = crd_hash(ak->hash, &c->attest, 1, &digest);
	if (!ret && bytes.len)
		ret = crd_ak_verify(ak, bytes, &digest);
	if (ret < 0)
		return ret;
	*ret_reason = ret ? CRD_REASON_NONE :
			    REFUSE(c, CRD_REASON_QUOTE_SIG,
				   "the signature was not made by the "
				   "attestation key over this quote");
	return 0;
}

static enum crd_reason check_type(struct check *c)
{
	if (c->statement.magic != TPM_GENERATED_VALUE)
		return REFUSE(c, CRD_REASON_QUOTE_TYPE,
			      "the statement does not begin with the TPM's "
			      "mark: 0x%08" PRIx32 " instead of 0x%08x",
			      c->statement.magic, TPM_GENERATED_VALUE);
	if (c->statement.type != TPM_ST_ATTEST_QUOTE)
		return REFUSE(c, CRD_REASON_QUOTE_TYPE,
			      "the statement is of type 0x%04x, a quote is "
			      "0x%04x",
			      c->statement.type, TPM_ST_ATTEST_QUOTE);
	return CRD_REASON_NONE;
}

/* An empty expectation is a caller's error, and never met. */
static enum crd_reason check_nonce(struct check *c)
{
	if (c->expect->any_qualifying)
		return CRD_REASON_NONE;
	if (c->expect->qualifying.len &&
	    crd_buf_equal(c->statement.quote.extra, c->expect->qualifying))
		return CRD_REASON_NONE;
	return REFUSE(c, CRD_REASON_NONCE,
		      "the quote answers another challenge or carries other "
		      "claims: its qualifying data (%zu bytes) is not the "
		      "expected value (%zu bytes)",
		      c->statement.quote.extra.len, c->expect->qualifying.len);
}

static bool value_stands(const struct crd_pcrs *pcrs, unsigned int n)
{
	const struct crd_digest *v = &pcrs->value[n];

	return v->alg == pcrs->bank && v->len == crd_alg_size(pcrs->bank);
}

/*
 * Values travel beside the quote, unsigned. Exactly those are taken that the
 * signed selection covers; one more or one less refuses them all.
 */
static enum crd_reason check_coverage(struct check *c)
{
	const struct selection *s = &c->statement.selection;
	const struct crd_pcrs *pcrs = c->pcrs;
	uint32_t wanted = c->expect->pcrs;

	if (s->count != 1)
		return REFUSE(c, CRD_REASON_PCR_COVERAGE,
			      "the quote selects %" PRIu32 " banks, not one",
			      s->count);
	if (s->pcrs != wanted || !wanted)
		return REFUSE(c, CRD_REASON_PCR_COVERAGE,
			      "the quote covers PCRs 0x%06" PRIx32
			      ", wanted are exactly 0x%06" PRIx32,
			      s->pcrs, wanted);
	if (s->bank != pcrs->bank || !crd_alg_size(pcrs->bank))
		return REFUSE(c, CRD_REASON_PCR_COVERAGE,
			      "the quote covers bank 0x%04x, the values given "
			      "are of bank 0x%04x",
			      s->bank, pcrs->bank);
	if (pcrs->mask != wanted)
		return REFUSE(c, CRD_REASON_PCR_COVERAGE,
			      "values are given for PCRs 0x%06" PRIx32
			      ", the quote covers 0x%06" PRIx32,
			      pcrs->mask, s->pcrs);
	for (unsigned int n = 0; n < CRD_N_PCRS; n++)
		if (wanted >> n & 1 && !value_stands(pcrs, n))
			return REFUSE(c, CRD_REASON_PCR_COVERAGE,
				      "the value of PCR %u is not of bank "
				      "0x%04x",
				      n, pcrs->bank);
	return wanted >> CRD_N_PCRS ? CRD_REASON_PCR_COVERAGE : CRD_REASON_NONE;
}

/* pcrDigest is made with the hash of the signing scheme, not the bank's. */
static int check_values(struct check *c, enum crd_reason *ret_reason)
{
	const struct crd_buf signed_digest = c->statement.quote.pcr_digest;
	struct crd_buf parts[CRD_N_PCRS];
	struct crd_digest digest;
	size_t n_parts = 0;
	int ret;

	for (unsigned int n = 0; n < CRD_N_PCRS; n++) {
		if (!(c->expect->pcrs >> n & 1))
			continue;
		parts[n_parts].ptr = c->pcrs->value[n].bytes;
		parts[n_parts++].len = c->pcrs->value[n].len;
	}
	ret = crd_hash(c->ak->hash, parts, n_parts, &digest);
	if (ret)
		return ret;
	*ret_reason = CRD_REASON_NONE;
	if (!crd_buf_equal(signed_digest,
			   (struct crd_buf){ digest.bytes, digest.len }))
		*ret_reason = REFUSE(c, CRD_REASON_PCR_MISMATCH,
				     "the PCR values given are not those that "
				     "the TPM signed");
	return 0;
}

static int run_checks(struct check *c, enum crd_reason *ret_reason)
{
	int ret = check_signature(c, ret_reason);

	if (ret || *ret_reason)
		return ret;
	*ret_reason = check_type(c);
	if (!*ret_reason)
		*ret_reason = check_nonce(c);
	if (!*ret_reason)
		*ret_reason = check_coverage(c);
	return *ret_reason ? 0 : check_values(c, ret_reason);
}

int crd_quote_check(const struct crd_ak *ak, struct crd_buf attest,
		    struct crd_buf signature,
		    const struct crd_quote_expect *expect,
		    const struct crd_pcrs *pcrs, struct crd_quote *ret_quote,
		    enum crd_reason *ret_reason, struct crd_error *err)
{
	struct check c = { .ak = ak,
			   .attest = attest,
			   .expect = expect,
			   .pcrs = pcrs,
			   .err = err };
	enum crd_reason reason = CRD_REASON_MALFORMED;
	int ret;

	*ret_reason = CRD_REASON_MALFORMED;
	ret = read_statement(attest, &c.statement, err);
	if (!ret)
		ret = read_signature(signature, &c.signature, err);
	if (ret)
		return ret;
	ret = run_checks(&c, &reason);
	if (ret)
		return crd_fail(err, ret, 0,
				"libcrypto could not check the quote");
	*ret_reason = reason;
	if (reason == CRD_REASON_NONE)
		*ret_quote = c.statement.quote;
	return 0;
}
