// SPDX-License-Identifier: Apache-2.0
/* Keys and certificates that live in the TPM. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "tpm_private.h"

#define SRK_HANDLE     0x81000001u /* TCG registry of reserved handles */
#define NV_EK_CERT_RSA 0x01c00002u /* EK credential profile, 2.2.1.4 */
#define NV_EK_CERT_ECC 0x01c0000au
#define NV_CHUNK       512 /* every TPM gives that much at once */

#define AK_ATTRIBUTES                                                 \
	(TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |             \
	 TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_USERWITHAUTH | \
	 TPMA_OBJECT_NODA | TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_SIGN_ENCRYPT)
#define SRK_ATTRIBUTES                                                \
	(TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |             \
	 TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_USERWITHAUTH | \
	 TPMA_OBJECT_NODA | TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT)

static const TPM2B_PUBLIC ak_ecc = { .publicArea = {
	.type = TPM2_ALG_ECC,
	.nameAlg = TPM2_ALG_SHA256,
	.objectAttributes = AK_ATTRIBUTES,
	.parameters.eccDetail = {
		.symmetric.algorithm = TPM2_ALG_NULL,
		.scheme = { .scheme = TPM2_ALG_ECDSA,
			    .details.ecdsa.hashAlg = TPM2_ALG_SHA256 },
		.curveID = TPM2_ECC_NIST_P256,
		.kdf.scheme = TPM2_ALG_NULL,
	},
} };

static const TPM2B_PUBLIC ak_rsa = { .publicArea = {
	.type = TPM2_ALG_RSA,
	.nameAlg = TPM2_ALG_SHA256,
	.objectAttributes = AK_ATTRIBUTES,
	.parameters.rsaDetail = {
		.symmetric.algorithm = TPM2_ALG_NULL,
		.scheme = { .scheme = TPM2_ALG_RSASSA,
			    .details.rsassa.hashAlg = TPM2_ALG_SHA256 },
		.keyBits = 2048,
	},
} };

/* The ECC storage key of the TCG provisioning guidance; quick to derive. */
static const TPM2B_PUBLIC srk = { .publicArea = {
	.type = TPM2_ALG_ECC,
	.nameAlg = TPM2_ALG_SHA256,
	.objectAttributes = SRK_ATTRIBUTES,
	.parameters.eccDetail = {
		.symmetric = { .algorithm = TPM2_ALG_AES,
			       .keyBits.aes = 128,
			       .mode.aes = TPM2_ALG_CFB },
		.scheme.scheme = TPM2_ALG_NULL,
		.curveID = TPM2_ECC_NIST_P256,
		.kdf.scheme = TPM2_ALG_NULL,
	},
	.unique.ecc = { .x.size = 32, .y.size = 32 },
} };

static void flush(struct crd_tpm *tpm, ESYS_TR *tr)
{
	if (*tr != ESYS_TR_NONE)
		crd_tss.Esys_FlushContext(tpm->esys, *tr);
	*tr = ESYS_TR_NONE;
}

static int read_public(struct crd_tpm *tpm, ESYS_TR tr,
		       TPM2B_PUBLIC **ret_public, struct crd_error *err)
{
	TPM2B_NAME *name = NULL, *qualified = NULL;
	TSS2_RC rc;

	rc = crd_tss.Esys_ReadPublic(tpm->esys, tr, ESYS_TR_NONE, ESYS_TR_NONE,
				     ESYS_TR_NONE, ret_public, &name,
				     &qualified);
	if (rc != TSS2_RC_SUCCESS)
		return crd_tss_fail(err, rc, "TPM2_ReadPublic");
	crd_tss.Esys_Free(name);
	crd_tss.Esys_Free(qualified);
	return 0;
}

static int open_handle(struct crd_tpm *tpm, uint32_t handle, ESYS_TR *ret_tr,
		       struct crd_error *err)
{
	TSS2_RC rc;

	rc = crd_tss.Esys_TR_FromTPMPublic(tpm->esys, handle, ESYS_TR_NONE,
					   ESYS_TR_NONE, ESYS_TR_NONE, ret_tr);
	if (rc == TSS2_RC_SUCCESS)
		return 0;
	return crd_tss_fail(err, rc, "opening a handle");
}

static int marshal(const TPM2B_PUBLIC *pub, struct crd_blob *ret_blob,
		   struct crd_error *err)
{
	TSS2_RC rc;

	ret_blob->len = 0;
	rc = crd_tss.Tss2_MU_TPM2B_PUBLIC_Marshal(
		pub, ret_blob->bytes, sizeof(ret_blob->bytes), &ret_blob->len);
	if (rc == TSS2_RC_SUCCESS)
		return 0;
	return crd_tss_fail(err, rc, "writing a public area");
}

/* Equal in all but the key itself: compared as a whole, so nothing slips by. */
static int like_template(const TPM2B_PUBLIC *found,
			 const TPM2B_PUBLIC *template, bool *ret_like,
			 struct crd_error *err)
{
	TPM2B_PUBLIC bare = *found;
	struct crd_blob a, b;
	int r;

	bare.size = 0;
	memset(&bare.publicArea.unique, 0, sizeof(bare.publicArea.unique));
	r = marshal(&bare, &a, err);
	if (r == 0)
		r = marshal(template, &b, err);
	if (r == 0)
		*ret_like = a.len == b.len && !memcmp(a.bytes, b.bytes, a.len);
	return r;
}

static bool is_storage_key(const TPM2B_PUBLIC *pub)
{
	uint32_t has = pub->publicArea.objectAttributes;
	uint32_t must = SRK_ATTRIBUTES & ~TPMA_OBJECT_NODA;

	return (has & must) == must && !(has & TPMA_OBJECT_SIGN_ENCRYPT);
}

/* ESYS_TR_NONE if there is no storage key that we could use. */
static int find_srk(struct crd_tpm *tpm, ESYS_TR *ret_tr, struct crd_error *err)
{
	TPM2B_PUBLIC *pub = NULL;
	ESYS_TR tr = ESYS_TR_NONE;
	bool has;
	int r;

	*ret_tr = ESYS_TR_NONE;
	r = crd_tpm_has_handle(tpm, SRK_HANDLE, &has, err);
	if (r < 0 || !has)
		return r;
	r = open_handle(tpm, SRK_HANDLE, &tr, err);
	if (r == 0)
		r = read_public(tpm, tr, &pub, err);
	if (r == 0 && is_storage_key(pub))
		*ret_tr = tr;
	else if (tr != ESYS_TR_NONE)
		crd_tss.Esys_TR_Close(tpm->esys, &tr);
	crd_tss.Esys_Free(pub);
	return r;
}

static int make_primary(struct crd_tpm *tpm, ESYS_TR *ret_tr,
			struct crd_error *err)
{
	const TPM2B_SENSITIVE_CREATE sensitive = { 0 };
	const TPM2B_DATA outside = { 0 };
	const TPML_PCR_SELECTION none = { 0 };
	TPM2B_PUBLIC *pub;
	TPM2B_CREATION_DATA *data;
	TPM2B_DIGEST *hash;
	TPMT_TK_CREATION *ticket;
	TSS2_RC rc;

	rc = crd_tss.Esys_CreatePrimary(tpm->esys, ESYS_TR_RH_OWNER,
					ESYS_TR_PASSWORD, ESYS_TR_NONE,
					ESYS_TR_NONE, &sensitive, &srk,
					&outside, &none, ret_tr, &pub, &data,
					&hash, &ticket);
	if (rc != TSS2_RC_SUCCESS) {
		*ret_tr = ESYS_TR_NONE;
		return crd_tss_fail(
			err, rc, "TPM2_CreatePrimary in the owner hierarchy");
	}
	crd_tss.Esys_Free(pub);
	crd_tss.Esys_Free(data);
	crd_tss.Esys_Free(hash);
	crd_tss.Esys_Free(ticket);
	return 0;
}

/* A new key under parent, loaded. */
static int make_key(struct crd_tpm *tpm, ESYS_TR parent,
		    const TPM2B_PUBLIC *template, ESYS_TR *ret_tr,
		    struct crd_error *err)
{
	const TPM2B_SENSITIVE_CREATE sensitive = { 0 };
	const TPM2B_DATA outside = { 0 };
	const TPML_PCR_SELECTION none = { 0 };
	TPM2B_PRIVATE *private;
	TPM2B_PUBLIC *pub;
	TPM2B_CREATION_DATA *data;
	TPM2B_DIGEST *hash;
	TPMT_TK_CREATION *ticket;
	TSS2_RC rc;

	rc = crd_tss.Esys_Create(tpm->esys, parent, ESYS_TR_PASSWORD,
				 ESYS_TR_NONE, ESYS_TR_NONE, &sensitive,
				 template, &outside, &none, &private, &pub,
				 &data, &hash, &ticket);
	if (rc != TSS2_RC_SUCCESS)
		return crd_tss_fail(err, rc, "TPM2_Create of the key");
	crd_tss.Esys_Free(data);
	crd_tss.Esys_Free(hash);
	crd_tss.Esys_Free(ticket);
	rc = crd_tss.Esys_Load(tpm->esys, parent, ESYS_TR_PASSWORD,
			       ESYS_TR_NONE, ESYS_TR_NONE, private, pub,
			       ret_tr);
	crd_tss.Esys_Free(private);
	crd_tss.Esys_Free(pub);
	if (rc == TSS2_RC_SUCCESS)
		return 0;
	*ret_tr = ESYS_TR_NONE;
	return crd_tss_fail(err, rc, "TPM2_Load of the new key");
}

/* Parent, key, then the key made persistent; nothing loaded stays behind. */
static int make_ak(struct crd_tpm *tpm, const TPM2B_PUBLIC *template,
		   uint32_t handle, struct crd_error *err)
{
	ESYS_TR stored = ESYS_TR_NONE, primary = ESYS_TR_NONE;
	ESYS_TR key = ESYS_TR_NONE, kept = ESYS_TR_NONE;
	TSS2_RC rc;
	int r;

	r = find_srk(tpm, &stored, err);
	/* the storage key may have a password; ours below has none */
	if (r == 0 && stored != ESYS_TR_NONE)
		r = make_key(tpm, stored, template, &key, err);
	if (key == ESYS_TR_NONE) {
		r = make_primary(tpm, &primary, err);
		if (r == 0)
			r = make_key(tpm, primary, template, &key, err);
	}
	if (r < 0)
		goto out;
	rc = crd_tss.Esys_EvictControl(tpm->esys, ESYS_TR_RH_OWNER, key,
				       ESYS_TR_PASSWORD, ESYS_TR_NONE,
				       ESYS_TR_NONE, handle, &kept);
	if (rc != TSS2_RC_SUCCESS)
		r = crd_tss_fail(err, rc, "TPM2_EvictControl of the new key");
out:
	flush(tpm, &key);
	flush(tpm, &primary);
	if (stored != ESYS_TR_NONE)
		crd_tss.Esys_TR_Close(tpm->esys, &stored);
	if (kept != ESYS_TR_NONE)
		crd_tss.Esys_TR_Close(tpm->esys, &kept);
	return r;
}

static int check_ak(const TPM2B_PUBLIC *found, const TPM2B_PUBLIC *template,
		    uint32_t handle, struct crd_error *err)
{
	bool like = false;
	int r = like_template(found, template, &like, err);

	if (r < 0 || like)
		return r;
	return crd_io_err(
		err, -EEXIST,
		"TPM: the object at handle 0x%08x is no attestation key of this program (attributes 0x%08x, not 0x%08x); give another --ak-handle, or remove it with tpm2_evictcontrol",
		handle, found->publicArea.objectAttributes,
		template->publicArea.objectAttributes);
}

int crd_tpm_ak(struct crd_tpm *tpm, enum crd_ak_alg alg, uint32_t handle,
	       struct crd_tpm_ak *ret_ak, struct crd_error *err)
{
	const TPM2B_PUBLIC *template = alg == CRD_AK_RSA ? &ak_rsa : &ak_ecc;
	TPM2B_PUBLIC *pub = NULL;
	bool has;
	int r;

	memset(ret_ak, 0, sizeof(*ret_ak));
	if (!handle)
		handle = alg == CRD_AK_RSA ? CRD_AK_HANDLE_RSA :
					     CRD_AK_HANDLE_ECC;
	r = crd_tpm_has_handle(tpm, handle, &has, err);
	if (r == 0 && !has) {
		ret_ak->created = true;
		r = make_ak(tpm, template, handle, err);
	}
	if (r == 0)
		r = open_handle(tpm, handle, &ret_ak->tr, err);
	if (r == 0)
		r = read_public(tpm, ret_ak->tr, &pub, err);
	if (r == 0)
		r = check_ak(pub, template, handle, err);
	if (r == 0)
		r = marshal(pub, &ret_ak->public_area, err);
	ret_ak->handle = handle;
	crd_tss.Esys_Free(pub);
	return r;
}

/* The area is often longer than the certificate: the outer SEQUENCE rules. */
static size_t der_len(const uint8_t *p, size_t len)
{
	size_t n;

	if (len < 4 || p[0] != 0x30)
		return 0;
	if (p[1] == 0x82)
		n = 4 + ((size_t)p[2] << 8 | p[3]);
	else if (p[1] == 0x81)
		n = 3 + (size_t)p[2];
	else
		n = p[1] < 0x80 ? 2 + (size_t)p[1] : 0;
	return n <= len ? n : 0;
}

static int read_nv(struct crd_tpm *tpm, ESYS_TR index, ESYS_TR auth,
		   uint8_t *bytes, size_t len, struct crd_error *err)
{
	TPM2B_MAX_NV_BUFFER *data;
	size_t at = 0, n;
	TSS2_RC rc;

	while (at < len) {
		n = len - at < NV_CHUNK ? len - at : NV_CHUNK;
		rc = crd_tss.Esys_NV_Read(tpm->esys, auth, index,
					  ESYS_TR_PASSWORD, ESYS_TR_NONE,
					  ESYS_TR_NONE, (uint16_t)n,
					  (uint16_t)at, &data);
		if (rc != TSS2_RC_SUCCESS)
			return crd_tss_fail(
				err, rc, "TPM2_NV_Read of the EK certificate");
		n = data->size <= n ? data->size : 0;
		memcpy(bytes + at, data->buffer, n);
		crd_tss.Esys_Free(data);
		if (!n)
			return crd_io_err(err, -EIO,
					  "TPM: TPM2_NV_Read gave nothing");
		at += n;
	}
	return 0;
}

/* *ret_bytes stays NULL for an index that holds no readable certificate. */
static int read_cert(struct crd_tpm *tpm, ESYS_TR index, uint8_t **ret_bytes,
		     size_t *ret_len, struct crd_error *err)
{
	TPM2B_NV_PUBLIC *pub = NULL;
	TPM2B_NAME *name = NULL;
	uint8_t *bytes = NULL;
	uint32_t attributes;
	size_t len;
	TSS2_RC rc;
	int r = 0;

	rc = crd_tss.Esys_NV_ReadPublic(tpm->esys, index, ESYS_TR_NONE,
					ESYS_TR_NONE, ESYS_TR_NONE, &pub,
					&name);
	if (rc != TSS2_RC_SUCCESS)
		return crd_tss_fail(err, rc, "TPM2_NV_ReadPublic");
	len = pub->nvPublic.dataSize;
	attributes = pub->nvPublic.attributes;
	crd_tss.Esys_Free(pub);
	crd_tss.Esys_Free(name);
	if (!(attributes & TPMA_NV_WRITTEN) || len > CRD_MAX_EK_CERT ||
	    !(attributes & (TPMA_NV_AUTHREAD | TPMA_NV_OWNERREAD)))
		return 0;
	bytes = calloc(1, len ? len : 1);
	if (!bytes)
		return crd_io_err(err, -ENOMEM, "out of memory");
	r = read_nv(tpm, index,
		    attributes & TPMA_NV_AUTHREAD ? index : ESYS_TR_RH_OWNER,
		    bytes, len, err);
	*ret_len = r == 0 ? der_len(bytes, len) : 0;
	if (*ret_len) {
		*ret_bytes = bytes;
		return 0;
	}
	free(bytes);
	return r;
}

static int try_cert(struct crd_tpm *tpm, uint32_t handle, uint8_t **ret_bytes,
		    size_t *ret_len, struct crd_error *err)
{
	ESYS_TR index = ESYS_TR_NONE;
	bool has;
	int r;

	r = crd_tpm_has_handle(tpm, handle, &has, err);
	if (r < 0 || !has)
		return r;
	r = open_handle(tpm, handle, &index, err);
	if (r == 0)
		r = read_cert(tpm, index, ret_bytes, ret_len, err);
	if (index != ESYS_TR_NONE)
		crd_tss.Esys_TR_Close(tpm->esys, &index);
	return r;
}

int crd_tpm_ek_cert(struct crd_tpm *tpm, enum crd_ak_alg alg,
		    uint8_t **ret_bytes, size_t *ret_len, struct crd_error *err)
{
	bool rsa = alg == CRD_AK_RSA;
	int r;

	*ret_bytes = NULL;
	*ret_len = 0;
	r = try_cert(tpm, rsa ? NV_EK_CERT_RSA : NV_EK_CERT_ECC, ret_bytes,
		     ret_len, err);
	if (r == 0 && !*ret_bytes)
		r = try_cert(tpm, rsa ? NV_EK_CERT_ECC : NV_EK_CERT_RSA,
			     ret_bytes, ret_len, err);
	return r;
}
