// SPDX-License-Identifier: Apache-2.0
#include "tpm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "tpm_private.h"

/*
 * Something extends a PCR between our reading and the TPM's signing as long
 * as modules are loading; each try is a fresh chance.
 */
#define MAX_TRIES 256
#define PCR_BYTES 3 /* of a selection: 24 PCRs, as PC clients have */

static const int held_signals[] = { SIGINT, SIGTERM, SIGHUP };
#define N_HELD (sizeof(held_signals) / sizeof(held_signals[0]))

static void hold_signals(sigset_t *ret_before)
{
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < N_HELD; i++)
		sigaddset(&set, held_signals[i]);
	sigprocmask(SIG_BLOCK, &set, ret_before);
}

bool crd_tpm_interrupted(void)
{
	sigset_t set;
	size_t i;

	sigpending(&set);
	for (i = 0; i < N_HELD; i++)
		if (sigismember(&set, held_signals[i]))
			return true;
	return false;
}

int crd_tpm_open(const char *conf, struct crd_tpm **ret_tpm,
		 struct crd_error *err)
{
	struct crd_tpm *tpm;
	TSS2_RC rc;
	int r;

	if (!conf)
		conf = getenv("TPM2TOOLS_TCTI");
	if (!conf || !*conf)
		conf = CRD_TCTI_DEFAULT;
	r = crd_tss_load(err);
	if (r < 0)
		return r;
	tpm = calloc(1, sizeof(*tpm));
	if (!tpm)
		return crd_io_err(err, -ENOMEM, "out of memory");
	hold_signals(&tpm->signals_before);
	rc = crd_tss.Tss2_TctiLdr_Initialize(conf, &tpm->tcti);
	if (rc != TSS2_RC_SUCCESS) {
		r = crd_io_err(
			err, -ENODEV,
			"no TPM at '%s' (0x%x); give --tcti or TPM2TOOLS_TCTI",
			conf, rc);
		goto out;
	}
	rc = crd_tss.Esys_Initialize(&tpm->esys, tpm->tcti, NULL);
	if (rc != TSS2_RC_SUCCESS) {
		r = crd_tss_fail(err, rc, "start of a session with it");
		goto out;
	}
	*ret_tpm = tpm;
	tpm = NULL;
out:
	crd_tpm_close(&tpm);
	return r;
}

void crd_tpm_close(struct crd_tpm **tpm)
{
	sigset_t before;

	if (!*tpm)
		return;
	if ((*tpm)->esys)
		crd_tss.Esys_Finalize(&(*tpm)->esys);
	if ((*tpm)->tcti)
		crd_tss.Tss2_TctiLdr_Finalize(&(*tpm)->tcti);
	before = (*tpm)->signals_before;
	free(*tpm);
	*tpm = NULL;
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static int get_capability(struct crd_tpm *tpm, uint32_t what, uint32_t first,
			  uint32_t count, TPMS_CAPABILITY_DATA **ret_data,
			  struct crd_error *err)
{
	TPMI_YES_NO more;
	TSS2_RC rc;

	rc = crd_tss.Esys_GetCapability(tpm->esys, ESYS_TR_NONE, ESYS_TR_NONE,
					ESYS_TR_NONE, what, first, count, &more,
					ret_data);
	if (rc == TSS2_RC_SUCCESS)
		return 0;
	return crd_tss_fail(err, rc, "TPM2_GetCapability");
}

int crd_tpm_has_handle(struct crd_tpm *tpm, uint32_t handle, bool *ret_has,
		       struct crd_error *err)
{
	TPMS_CAPABILITY_DATA *data;
	int r;

	r = get_capability(tpm, TPM2_CAP_HANDLES, handle, 1, &data, err);
	if (r < 0)
		return r;
	*ret_has = data->data.handles.count > 0 &&
		   data->data.handles.handle[0] == handle;
	crd_tss.Esys_Free(data);
	return 0;
}

/* Four characters of a property, as far as they are printable. */
static void put_chars(char *text, size_t size, uint32_t value)
{
	size_t at = strlen(text);
	int shift;

	for (shift = 24; shift >= 0 && at + 1 < size; shift -= 8) {
		char c = (char)(value >> shift);

		if (c > ' ' && c < 0x7f)
			text[at++] = c;
	}
	text[at] = '\0';
}

int crd_tpm_info(struct crd_tpm *tpm, struct crd_tpm_info *ret_info,
		 struct crd_error *err)
{
	struct crd_tpm_info info = { 0 };
	TPMS_CAPABILITY_DATA *data;
	TPML_TAGGED_TPM_PROPERTY *list;
	uint32_t i, fw1 = 0, fw2 = 0;
	int r;

	r = get_capability(tpm, TPM2_CAP_TPM_PROPERTIES, TPM2_PT_FIXED,
			   TPM2_MAX_TPM_PROPERTIES, &data, err);
	if (r < 0)
		return r;
	list = &data->data.tpmProperties;
	for (i = 0; i < list->count; i++) {
		uint32_t value = list->tpmProperty[i].value;

		switch (list->tpmProperty[i].property) {
		case TPM2_PT_MANUFACTURER:
			put_chars(info.manufacturer, sizeof(info.manufacturer),
				  value);
			break;
		case TPM2_PT_VENDOR_STRING_1:
		case TPM2_PT_VENDOR_STRING_2:
		case TPM2_PT_VENDOR_STRING_3:
		case TPM2_PT_VENDOR_STRING_4:
			put_chars(info.vendor, sizeof(info.vendor), value);
			break;
		case TPM2_PT_FIRMWARE_VERSION_1:
			fw1 = value;
			break;
		case TPM2_PT_FIRMWARE_VERSION_2:
			fw2 = value;
			break;
		default:
			break;
		}
	}
	crd_tss.Esys_Free(data);
	snprintf(info.firmware, sizeof(info.firmware), "%08x.%08x", fw1, fw2);
	*ret_info = info;
	return 0;
}

static uint32_t selected(const TPMS_PCR_SELECTION *s)
{
	uint32_t mask = 0;
	unsigned int i;

	for (i = 0; i < s->sizeofSelect && i < PCR_BYTES; i++)
		mask |= (uint32_t)s->pcrSelect[i] << (8 * i);
	return mask;
}

int crd_tpm_banks(struct crd_tpm *tpm, uint32_t pcrs, uint16_t *ret_banks,
		  size_t max, size_t *ret_n, struct crd_error *err)
{
	TPMS_CAPABILITY_DATA *data;
	const TPML_PCR_SELECTION *list;
	size_t n = 0;
	uint32_t i;
	int r;

	r = get_capability(tpm, TPM2_CAP_PCRS, 0, 1, &data, err);
	if (r < 0)
		return r;
	list = &data->data.assignedPCR;
	for (i = 0; i < list->count && n < max; i++)
		if ((selected(&list->pcrSelections[i]) & pcrs) == pcrs)
			ret_banks[n++] = list->pcrSelections[i].hash;
	crd_tss.Esys_Free(data);
	*ret_n = n;
	return 0;
}

static void select_pcrs(uint16_t bank, uint32_t pcrs, TPML_PCR_SELECTION *s)
{
	unsigned int i;

	memset(s, 0, sizeof(*s));
	s->count = 1;
	s->pcrSelections[0].hash = bank;
	s->pcrSelections[0].sizeofSelect = PCR_BYTES;
	for (i = 0; i < PCR_BYTES; i++)
		s->pcrSelections[0].pcrSelect[i] = (uint8_t)(pcrs >> (8 * i));
}

/* Puts what one TPM2_PCR_Read gave into place; 0 PCRs if it makes no sense. */
static uint32_t take_values(const TPML_PCR_SELECTION *got, uint32_t wanted,
			    const TPML_DIGEST *values, struct crd_pcrs *pcrs)
{
	uint32_t mask = got->count == 1 ? selected(&got->pcrSelections[0]) : 0;
	uint32_t at = 0;
	unsigned int n;

	if (mask & ~wanted)
		return 0;
	for (n = 0; n < 24; n++) {
		if (!(mask & (1u << n)))
			continue;
		if (at >= values->count ||
		    values->digests[at].size != crd_alg_size(pcrs->bank))
			return 0;
		pcrs->value[n].alg = pcrs->bank;
		pcrs->value[n].len = values->digests[at].size;
		memcpy(pcrs->value[n].bytes, values->digests[at].buffer,
		       values->digests[at].size);
		at++;
	}
	pcrs->mask |= mask;
	return mask;
}

/* A TPM gives eight values or so at a time. */
static int read_pcrs(struct crd_tpm *tpm, uint16_t bank, uint32_t wanted,
		     struct crd_pcrs *ret_pcrs, struct crd_error *err)
{
	TPML_PCR_SELECTION in, *out;
	TPML_DIGEST *values;
	uint32_t counter, got;
	TSS2_RC rc;

	memset(ret_pcrs, 0, sizeof(*ret_pcrs));
	ret_pcrs->bank = bank;
	while (wanted) {
		select_pcrs(bank, wanted, &in);
		rc = crd_tss.Esys_PCR_Read(tpm->esys, ESYS_TR_NONE,
					   ESYS_TR_NONE, ESYS_TR_NONE, &in,
					   &counter, &out, &values);
		if (rc != TSS2_RC_SUCCESS)
			return crd_tss_fail(err, rc, "TPM2_PCR_Read");
		got = take_values(out, wanted, values, ret_pcrs);
		crd_tss.Esys_Free(out);
		crd_tss.Esys_Free(values);
		if (!got)
			return crd_io_err(
				err, -EIO,
				"TPM: TPM2_PCR_Read gave no values for PCRs 0x%x of %s",
				wanted, crd_alg_name(bank));
		wanted &= ~got;
	}
	return 0;
}

/* Our keys sign with SHA-256, so that is what pcrDigest is made with. */
static int fits(const TPM2B_ATTEST *quoted, const struct crd_pcrs *pcrs,
		bool *ret_fits, struct crd_error *err)
{
	struct crd_buf parts[24];
	struct crd_digest digest;
	const TPM2B_DIGEST *told;
	TPMS_ATTEST attest;
	size_t n = 0, offset = 0, i;
	TSS2_RC rc;
	int r;

	rc = crd_tss.Tss2_MU_TPMS_ATTEST_Unmarshal(
		quoted->attestationData, quoted->size, &offset, &attest);
	if (rc != TSS2_RC_SUCCESS || attest.type != TPM2_ST_ATTEST_QUOTE)
		return crd_tss_fail(err, rc, "reading its quote");
	for (i = 0; i < 24; i++)
		if (pcrs->mask & (1u << i))
			parts[n++] = (struct crd_buf){ pcrs->value[i].bytes,
						       pcrs->value[i].len };
	r = crd_hash(CRD_ALG_SHA256, parts, n, &digest);
	if (r < 0)
		return crd_io_err(err, r, "hashing PCR values: %s",
				  strerror(-r));
	told = &attest.attested.quote.pcrDigest;
	*ret_fits = told->size == digest.len &&
		    !memcmp(told->buffer, digest.bytes, digest.len);
	return 0;
}

/* The scheme is part of the key; the command must not name another. */
static const TPMT_SIG_SCHEME keys_own = { .scheme = TPM2_ALG_NULL };

static int quote_once(struct crd_tpm *tpm, const struct crd_tpm_ak *ak,
		      uint32_t pcrs, const TPM2B_DATA *qualifying,
		      struct crd_tpm_quote *q, bool *ret_fits,
		      struct crd_error *err)
{
	TPML_PCR_SELECTION selection;
	TPM2B_ATTEST *quoted = NULL;
	TPMT_SIGNATURE *signature = NULL;
	size_t len = 0;
	TSS2_RC rc;
	int r;

	r = read_pcrs(tpm, q->pcrs.bank, pcrs, &q->pcrs, err);
	if (r < 0)
		return r;
	select_pcrs(q->pcrs.bank, pcrs, &selection);
	rc = crd_tss.Esys_Quote(tpm->esys, ak->tr, ESYS_TR_PASSWORD,
				ESYS_TR_NONE, ESYS_TR_NONE, qualifying,
				&keys_own, &selection, &quoted, &signature);
	if (rc != TSS2_RC_SUCCESS)
		return crd_tss_fail(err, rc, "TPM2_Quote");
	r = fits(quoted, &q->pcrs, ret_fits, err);
	if (r < 0)
		goto out;
	memcpy(q->attest.bytes, quoted->attestationData, quoted->size);
	q->attest.len = quoted->size;
	rc = crd_tss.Tss2_MU_TPMT_SIGNATURE_Marshal(signature,
						    q->signature.bytes,
						    sizeof(q->signature.bytes),
						    &len);
	q->signature.len = len;
	if (rc != TSS2_RC_SUCCESS)
		r = crd_tss_fail(err, rc, "writing its signature");
out:
	crd_tss.Esys_Free(quoted);
	crd_tss.Esys_Free(signature);
	return r;
}

int crd_tpm_quote(struct crd_tpm *tpm, const struct crd_tpm_ak *ak,
		  uint16_t bank, uint32_t pcrs, struct crd_buf qualifying,
		  struct crd_tpm_quote *ret_quote, struct crd_error *err)
{
	TPM2B_DATA data = { .size = (uint16_t)qualifying.len };
	bool fit = false;
	int r;

	if (qualifying.len > sizeof(data.buffer))
		return crd_io_err(err, -EINVAL, "qualifying data too long");
	memcpy(data.buffer, qualifying.ptr, qualifying.len);
	memset(ret_quote, 0, sizeof(*ret_quote));
	ret_quote->pcrs.bank = bank;
	while (ret_quote->tries < MAX_TRIES) {
		if (crd_tpm_interrupted())
			return crd_io_err(err, -EINTR, "interrupted");
		ret_quote->tries++;
		r = quote_once(tpm, ak, pcrs, &data, ret_quote, &fit, err);
		if (r < 0 || fit)
			return r;
	}
	return crd_io_err(
		err, -EAGAIN,
		"PCRs kept changing over %d quotes; try again when the machine has settled",
		MAX_TRIES);
}
