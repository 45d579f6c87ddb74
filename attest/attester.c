// SPDX-License-Identifier: Apache-2.0
/*
 * A bundle by itself: is it what some TPM signed at some time? For comparing
 * machines with each other, where nobody asks when.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "appraise_private.h"
#include "attest_private.h"
#include "compare.h"
#include "credence.h"

struct reading {
	const struct crd_attester_in *in;
	struct crd_attester *m;
	struct crd_evidence evidence;
	struct crd_ak *ak;
	struct crd_replayer replayer;
	bool replaying;
	struct crd_digest found;
	uint64_t gap_at;
	bool gap;
	uint32_t log_pcr;
	struct crd_error *err;
};

/* The first reason stays. */
static int doubt(struct reading *r, enum crd_reason reason, const char *fmt,
		 ...)
{
	va_list ap;

	if (r->m->reason != CRD_REASON_NONE)
		return 0;
	r->m->reason = reason;
	va_start(ap, fmt);
	vsnprintf(r->m->why, sizeof(r->m->why), fmt, ap);
	va_end(ap);
	return 0;
}

static bool is_trusted(const struct reading *r)
{
	struct crd_buf name = crd_ak_name(r->ak);
	size_t i;

	for (i = 0; i < r->in->n_trusted_aks; i++) {
		if (crd_buf_equal(r->in->trusted_aks[i], name))
			return true;
	}
	return !r->in->n_trusted_aks;
}

static int set_name(struct reading *r)
{
	struct crd_buf name = crd_ak_name(r->ak);
	struct crd_str hex = { 0 };
	int ret = 0;

	crd_str_hex(&hex, name.ptr, name.len);
	if (hex.failed || hex.len >= sizeof(r->m->ak_name))
		ret = -ENOMEM;
	else
		memcpy(r->m->ak_name, hex.ptr, hex.len + 1);
	crd_str_done(&hex);
	return ret;
}

/* 0: read; what is wrong with it is a doubt. */
static int check_key(struct reading *r)
{
	const char *fault;
	int ret = crd_ak_parse(r->evidence.ak, &r->ak, r->err);

	if (ret == -EOPNOTSUPP)
		return doubt(r, CRD_REASON_AK_UNTRUSTED, "%s", r->err->text);
	if (!ret)
		ret = set_name(r);
	if (ret)
		return ret;
	fault = crd_ak_attributes_fault(r->ak);
	if (fault)
		return doubt(r, CRD_REASON_AK_UNTRUSTED,
			     "its key could sign anything: %s", fault);
	if (!is_trusted(r))
		return doubt(r, CRD_REASON_AK_UNTRUSTED,
			     "its key is none of those that were named");
	return 0;
}

static int check_quote(struct reading *r)
{
	const struct crd_quote_expect expect = { .any_qualifying = true,
						 .pcrs = CRD_QUOTE_PCRS };
	enum crd_reason reason;
	struct crd_quote quote;
	int ret;

	if (!r->ak)
		return 0;
	ret = crd_quote_check(r->ak, r->evidence.attest, r->evidence.signature,
			      &expect, &r->evidence.pcrs, &quote, &reason,
			      r->err);
	if (!ret && reason != CRD_REASON_NONE)
		doubt(r, reason, "%s", r->err->text);
	return ret;
}

static int on_anchor(struct reading *r, const struct crd_record *rec)
{
	uint16_t bank = r->evidence.pcrs.bank;

	r->m->anchor = rec->fields;
	r->log_pcr = rec->pcr;
	if (r->m->reason != CRD_REASON_NONE || rec->pcr != r->in->pcr ||
	    !crd_anchor_pcr(rec->fields, bank, &r->found))
		return 0;
	r->replaying = true;
	return crd_replayer_start(&r->replayer, bank, &r->found,
				  &r->evidence.pcrs.value[rec->pcr], r->err);
}

static bool is_gap(uint16_t event)
{
	return event == CRD_EV_FAULT || event == CRD_EV_LOG_FULL ||
	       event == CRD_EV_HOOK_LOST || event == CRD_EV_UNLOAD;
}

static int on_record(const struct crd_record *rec, void *ctx)
{
	struct reading *r = ctx;
	int ret = 0;

	r->m->records += !rec->group;
	if (rec->event == CRD_EV_ANCHOR)
		ret = on_anchor(r, rec);
	if (!ret && r->replaying)
		ret = crd_replayer_add(&r->replayer, rec);
	if (is_gap(rec->event) && !r->gap) {
		r->gap = true;
		r->gap_at = rec->recnum;
	}
	return ret ? ret : crd_inventory_add(rec, &r->m->inventory, r->err);
}

static int conclude(struct reading *r)
{
	static const uint8_t zero[CRD_MAX_DIGEST];
	enum crd_reason reason;

	if (r->log_pcr != r->in->pcr)
		return doubt(r, CRD_REASON_PCR_COVERAGE,
			     "its log is that of PCR %u, not %u", r->log_pcr,
			     r->in->pcr);
	if (!r->replaying)
		return doubt(r, CRD_REASON_PCR_BANK,
			     "its log names no value for the quoted bank");
	reason = crd_replayer_finish(&r->replayer, r->err);
	if (reason != CRD_REASON_NONE)
		return doubt(r, reason, "%s", r->err->text);
	if (memcmp(r->found.bytes, zero, r->found.len))
		return doubt(r, CRD_REASON_LOG_GAP,
			     "something used the measurer's register first");
	if (r->gap)
		return doubt(r, CRD_REASON_LOG_GAP,
			     "its log has a gap, record %llu",
			     (unsigned long long)r->gap_at);
	r->m->covered = r->replayer.covered;
	return 0;
}

static int check_log(struct reading *r)
{
	enum crd_reason reason;
	int ret;

	if (!r->evidence.log_measurer.ptr)
		return doubt(r, CRD_REASON_LOG_MEASURER,
			     "it holds no measurer's log");
	r->m->inventory.log = r->evidence.log_measurer;
	ret = crd_cel_walk(r->evidence.log_measurer, on_record, r, &reason,
			   r->err);
	if (ret)
		return ret;
	if (reason != CRD_REASON_NONE)
		return doubt(r, reason, "%s", r->err->text);
	if (r->m->reason == CRD_REASON_NONE)
		conclude(r);
	if (r->m->reason != CRD_REASON_NONE)
		return 0;
	ret = crd_inventory_join(&r->m->inventory);
	if (!ret)
		crd_inventory_cover(&r->m->inventory, r->m->covered);
	return ret;
}

int crd_attester_read(const struct crd_attester_in *in,
		      struct crd_attester *ret_machine, struct crd_error *err)
{
	struct crd_error own = { 0 };
	struct crd_attester m = { 0 };
	struct reading r = { .in = in, .m = &m, .err = err ? err : &own };
	int ret;

	ret = crd_hash(CRD_ALG_SHA256, &in->bundle, 1, &m.evidence_digest);
	if (!ret)
		ret = crd_evidence_decode(in->bundle, &r.evidence, r.err);
	if (!ret)
		ret = check_key(&r);
	if (!ret)
		ret = check_quote(&r);
	if (!ret)
		ret = check_log(&r);
	crd_replayer_done(&r.replayer);
	crd_ak_free(&r.ak);
	m.genuine = m.reason == CRD_REASON_NONE;
	if (ret || !m.genuine)
		crd_inventory_done(&m.inventory);
	if (!ret)
		*ret_machine = m;
	return ret;
}

void crd_attester_done(struct crd_attester *machine)
{
	crd_inventory_done(&machine->inventory);
}
