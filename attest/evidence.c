// SPDX-License-Identifier: Apache-2.0
/*
 * evidence - the bundle, a CMW collection in deterministic CBOR. The format
 * stands in evidence.cddl. One table of members serves both directions; it is
 * in the order that deterministic encoding demands, so that a reader which
 * goes through it once refuses unknown, repeated and misplaced members alike.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attest_private.h"
#include "bounds.h"
#include "cbor.h"

#define CMWC_TYPE	 "__cmwc_t"
#define CMWC_VALUE	 "tag:credence.invalid,2026:evidence#1"
#define IND_ENDORSEMENTS 2
#define IND_EVIDENCE	 4
#define NOT_A_FIELD	 SIZE_MAX
#define MAX_OVERHEAD	 8192 /* heads, labels, media types, pcrs */

#define FIELD(name) offsetof(struct crd_evidence, name)

static const struct member {
	const char *label;
	const char *type; /* media type */
	size_t field;	  /* of struct crd_evidence */
	uint32_t limit;
	uint8_t ind; /* CMW indicator */
	bool required;
} members[] = {
	{ "ak", "application/vnd.credence.tpm2b-public", FIELD(ak),
	  CRD_MAX_SMALL, IND_EVIDENCE, true },
	{ "pcrs", "application/vnd.credence.pcrs+cbor", FIELD(pcrs),
	  CRD_MAX_SMALL, IND_EVIDENCE, true },
	{ "attest", "application/vnd.credence.tpms-attest", FIELD(attest),
	  CRD_MAX_SMALL, IND_EVIDENCE, true },
	{ "claims", "application/vnd.credence.claims+cbor", FIELD(claims),
	  CRD_MAX_CLAIMS, IND_EVIDENCE, true },
	{ "ak-cert", "application/pkix-cert", FIELD(ak_cert), CRD_MAX_SMALL,
	  IND_ENDORSEMENTS, false },
	{ "ek-cert", "application/pkix-cert", FIELD(ek_cert), CRD_MAX_SMALL,
	  IND_ENDORSEMENTS, false },
	{ "log-ima", "application/vnd.credence.ima-binary", FIELD(log_ima),
	  CRD_MAX_LOG, IND_EVIDENCE, false },
	{ "log-tcg", "application/vnd.credence.tcg-eventlog", FIELD(log_tcg),
	  CRD_MAX_LOG, IND_EVIDENCE, false },
	{ CMWC_TYPE, CMWC_VALUE, NOT_A_FIELD, 0, 0, true },
	{ "signature", "application/vnd.credence.tpmt-signature",
	  FIELD(signature), CRD_MAX_SMALL, IND_EVIDENCE, true },
	{ "log-measurer", "application/vnd.credence.cel-tlv",
	  FIELD(log_measurer), CRD_MAX_LOG, IND_EVIDENCE, false },
};
enum { N_MEMBERS = sizeof(members) / sizeof(members[0]) };

static struct crd_buf text_buf(const char *text)
{
	return (struct crd_buf){ (const uint8_t *)text, strlen(text) };
}

/* pcrs is the one member that is not carried as it is. */
static bool is_pcrs(const struct member *m)
{
	return m->field == FIELD(pcrs);
}

static int read_pcr(struct crd_reader *r, uint64_t *next, struct crd_pcrs *pcrs,
		    struct crd_error *err)
{
	size_t at = rd_offset(r);
	uint64_t n = crd_cbor_head(r, CRD_CBOR_UINT);
	struct crd_buf value = crd_cbor_string(r, CRD_CBOR_BYTES);
	struct crd_digest *d;

	if (rd_failed(r))
		return crd_fail_short(err, r, "evidence: the PCR values");
	if (n < *next || n >= CRD_N_PCRS)
		return crd_fail(err, -EBADMSG, at,
				"evidence: PCR %" PRIu64
				" is repeated, out of order or too high",
				n);
	if (value.len != crd_alg_size(pcrs->bank))
		return crd_fail(err, -EBADMSG, at,
				"evidence: the value of PCR %" PRIu64
				" has %zu bytes",
				n, value.len);
	d = &pcrs->value[n];
	d->alg = pcrs->bank;
	d->len = (uint16_t)value.len;
	memcpy(d->bytes, value.ptr, value.len);
	pcrs->mask |= 1u << n;
	*next = n + 1;
	return 0;
}

static int read_pcrs(struct crd_buf in, size_t origin, struct crd_pcrs *pcrs,
		     struct crd_error *err)
{
	struct crd_reader r;
	uint64_t parts, bank, count, next = 0;
	int ret = 0;

	rd_init(&r, in, origin);
	parts = crd_cbor_head(&r, CRD_CBOR_ARRAY);
	bank = crd_cbor_head(&r, CRD_CBOR_UINT);
	count = crd_cbor_head(&r, CRD_CBOR_MAP);
	if (rd_failed(&r) || parts != 2 || !count)
		return crd_fail(err, -EBADMSG, rd_offset(&r),
				"evidence: the PCR values are not a bank and "
				"a map");
	if (bank > UINT16_MAX || !crd_alg_size((uint16_t)bank))
		return crd_fail(err, -EOPNOTSUPP, origin,
				"evidence: PCR bank 0x%04" PRIx64
				" is not supported",
				bank);
	pcrs->bank = (uint16_t)bank;
	for (uint64_t i = 0; i < count && !ret; i++)
		ret = read_pcr(&r, &next, pcrs, err);
	if (!ret && rd_left(&r))
		return crd_fail(err, -EBADMSG, rd_offset(&r),
				"evidence: bytes follow the PCR values");
	return ret;
}

static int store(const struct member *m, struct crd_buf value, size_t at,
		 struct crd_evidence *ev, struct crd_error *err)
{
	if (value.len > m->limit)
		return crd_fail(err, -E2BIG, at,
				"evidence: %s is %zu bytes, over %" PRIu32,
				m->label, value.len, m->limit);
	if (is_pcrs(m))
		return read_pcrs(value, at, &ev->pcrs, err);
	memcpy((char *)ev + m->field, &value, sizeof(value));
	return 0;
}

/* The value of a member: [media type, bytes, indicator]. */
static int read_member(struct crd_reader *r, const struct member *m,
		       struct crd_evidence *ev, struct crd_error *err)
{
	size_t at = rd_offset(r);
	struct crd_buf value;
	bool good;

	if (m->field == NOT_A_FIELD) {
		if (crd_cbor_expect(r, m->type))
			return 0;
		return crd_fail(err, rd_failed(r) ? -EBADMSG : -EOPNOTSUPP, at,
				"evidence: not of the type %s", m->type);
	}
	good = crd_cbor_head(r, CRD_CBOR_ARRAY) == 3;
	good = crd_cbor_expect(r, m->type) && good;
	value = crd_cbor_string(r, CRD_CBOR_BYTES);
	at = rd_offset(r) - value.len;
	good = crd_cbor_head(r, CRD_CBOR_UINT) == m->ind && good;
	if (rd_failed(r) || !good)
		return crd_fail(err, -EBADMSG, rd_offset(r),
				"evidence: %s is not [\"%s\", bytes, %u]",
				m->label, m->type, m->ind);
	return store(m, value, at, ev, err);
}

/* From *next on; what is skipped must not be required. */
static const struct member *find_member(struct crd_buf label, size_t *next)
{
	for (size_t i = *next; i < N_MEMBERS; i++) {
		if (crd_buf_equal(label, text_buf(members[i].label))) {
			*next = i + 1;
			return &members[i];
		}
		if (members[i].required)
			return NULL;
	}
	return NULL;
}

static int no_member(const struct crd_reader *r, size_t at, size_t next,
		     struct crd_error *err)
{
	while (next < N_MEMBERS && !members[next].required)
		next++;
	if (rd_failed(r))
		return crd_fail_short(err, r, "evidence: the bundle");
	if (next == N_MEMBERS)
		return crd_fail(err, -EBADMSG, at,
				"evidence: a member is unknown, repeated or "
				"out of order (byte %zu)",
				at);
	return crd_fail(err, -EBADMSG, at,
			"evidence: \"%s\" is missing, or what stands in its "
			"place is unknown, repeated or out of order (byte %zu)",
			members[next].label, at);
}

static int read_members(struct crd_reader *r, struct crd_evidence *ev,
			struct crd_error *err)
{
	uint64_t count = crd_cbor_head(r, CRD_CBOR_MAP);
	size_t next = 0;
	int ret;

	if (rd_failed(r))
		return crd_fail(err, -EBADMSG, 0,
				"evidence: this is no Credence evidence: it "
				"does not begin with a CBOR map");
	for (uint64_t i = 0; i < count; i++) {
		size_t at = rd_offset(r);
		struct crd_buf label = crd_cbor_string(r, CRD_CBOR_TEXT);
		const struct member *m = find_member(label, &next);

		if (rd_failed(r) || !m)
			return no_member(r, at, next, err);
		ret = read_member(r, m, ev, err);
		if (ret)
			return ret;
	}
	for (; next < N_MEMBERS; next++)
		if (members[next].required)
			return no_member(r, rd_offset(r), next, err);
	if (rd_left(r))
		return crd_fail(err, -EBADMSG, rd_offset(r),
				"evidence: %zu bytes follow the bundle's end",
				rd_left(r));
	return 0;
}

/* Claims are refused here when they do not parse, though nobody looks yet. */
static int check_claims(struct crd_buf bundle, const struct crd_evidence *ev,
			struct crd_error *err)
{
	int ret = crd_claims_walk(ev->claims, NULL, NULL, err);

	if (ret && err)
		err->offset += (size_t)(ev->claims.ptr - bundle.ptr);
	return ret;
}

int crd_evidence_decode(struct crd_buf bundle,
			struct crd_evidence *ret_evidence,
			struct crd_error *err)
{
	struct crd_evidence ev = { 0 };
	struct crd_reader r;
	int ret;

	if (bundle.len > CRD_MAX_EVIDENCE)
		return crd_fail(err, -E2BIG, 0, "evidence: %zu bytes, over %u",
				bundle.len, CRD_MAX_EVIDENCE);
	rd_init(&r, bundle, 0);
	ret = read_members(&r, &ev, err);
	if (!ret)
		ret = check_claims(bundle, &ev, err);
	if (!ret)
		*ret_evidence = ev;
	return ret;
}

static struct crd_buf get(const struct crd_evidence *ev, const struct member *m)
{
	struct crd_buf value;

	memcpy(&value, (const char *)ev + m->field, sizeof(value));
	return value;
}

static bool present(const struct crd_evidence *ev, const struct member *m)
{
	if (m->field == NOT_A_FIELD)
		return true;
	return is_pcrs(m) ? ev->pcrs.mask != 0 : get(ev, m).ptr != NULL;
}

static int put_pcrs(struct crd_writer *w, const struct crd_pcrs *pcrs)
{
	struct crd_writer inner;
	struct crd_buf value = { NULL, 0 };
	uint8_t *bytes;
	int ret;

	crd_writer_init(&inner, CRD_MAX_SMALL, CRD_N_PCRS * CRD_MAX_DIGEST);
	crd_cbor_put_head(&inner, CRD_CBOR_ARRAY, 2);
	crd_cbor_put_head(&inner, CRD_CBOR_UINT, pcrs->bank);
	crd_cbor_put_head(&inner, CRD_CBOR_MAP,
			  (uint64_t)__builtin_popcount(pcrs->mask));
	for (unsigned int n = 0; n < CRD_N_PCRS; n++) {
		if (!(pcrs->mask >> n & 1))
			continue;
		crd_cbor_put_head(&inner, CRD_CBOR_UINT, n);
		value.ptr = pcrs->value[n].bytes;
		value.len = pcrs->value[n].len;
		crd_cbor_put_string(&inner, CRD_CBOR_BYTES, value);
	}
	ret = crd_writer_finish(&inner, &bytes, &value.len);
	if (ret)
		return ret;
	value.ptr = bytes;
	crd_cbor_put_string(w, CRD_CBOR_BYTES, value);
	free(bytes);
	return 0;
}

static int put_member(struct crd_writer *w, const struct member *m,
		      const struct crd_evidence *ev)
{
	int ret = 0;

	crd_cbor_put_string(w, CRD_CBOR_TEXT, text_buf(m->label));
	if (m->field == NOT_A_FIELD) {
		crd_cbor_put_string(w, CRD_CBOR_TEXT, text_buf(m->type));
		return 0;
	}
	crd_cbor_put_head(w, CRD_CBOR_ARRAY, 3);
	crd_cbor_put_string(w, CRD_CBOR_TEXT, text_buf(m->type));
	if (is_pcrs(m))
		ret = put_pcrs(w, &ev->pcrs);
	else if (get(ev, m).len > m->limit)
		ret = -E2BIG;
	else
		crd_cbor_put_string(w, CRD_CBOR_BYTES, get(ev, m));
	crd_cbor_put_head(w, CRD_CBOR_UINT, m->ind);
	return ret;
}

/* -EINVAL if something required is missing. */
static int measure(const struct crd_evidence *ev, size_t *ret_size,
		   size_t *ret_count)
{
	size_t size = MAX_OVERHEAD, count = 0;

	for (size_t i = 0; i < N_MEMBERS; i++) {
		if (!present(ev, &members[i])) {
			if (members[i].required)
				return -EINVAL;
			continue;
		}
		count++;
		if (members[i].field != NOT_A_FIELD && !is_pcrs(&members[i]))
			size += get(ev, &members[i]).len;
	}
	*ret_size = size;
	*ret_count = count;
	return 0;
}

int crd_evidence_encode(const struct crd_evidence *evidence,
			uint8_t **ret_bytes, size_t *ret_len)
{
	struct crd_writer w;
	size_t size, count;
	int ret;

	ret = measure(evidence, &size, &count);
	if (ret)
		return ret;
	crd_writer_init(&w, CRD_MAX_EVIDENCE, size);
	crd_cbor_put_head(&w, CRD_CBOR_MAP, count);
	for (size_t i = 0; i < N_MEMBERS && !w.error; i++)
		if (present(evidence, &members[i]))
			w.error = put_member(&w, &members[i], evidence);
	return crd_writer_finish(&w, ret_bytes, ret_len);
}
