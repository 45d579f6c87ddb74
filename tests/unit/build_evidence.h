/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build_evidence - a whole machine for tests: a log of drivers and firmware, a
 * software key, a challenge, a quote, a bundle. Each part can be bent before
 * the bundle is closed.
 */
#ifndef BUILD_EVIDENCE_H
#define BUILD_EVIDENCE_H

#include "soft_log.h"

#define BE_MAX_RECORDS 512
#define BE_NOW	       1790000000 /* 2026-09-21 */

struct be_driver {
	const char *name, *path, *license, *version;
	const char *authors[3];
	uint8_t digest; /* first byte of it; 0: none */
	uint8_t origin;
	uint8_t sig_status;
	bool outside; /* no intree=Y */
	uint64_t taints;
	uint32_t load_flags;
};

/* An ordinary driver of the distribution. */
#define BE_GOOD(driver)                                                        \
	(struct be_driver)                                                     \
	{                                                                      \
		.name = driver, .path = "/lib/modules/x.ko", .license = "GPL", \
		.digest = 7, .origin = CRD_ORIGIN_FILE,                        \
		.sig_status = CRD_SIG_VERIFIED,                                \
	}

struct be {
	struct soft_ak ak;
	struct soft_bytes public, attest, signature;
	struct crd_ak *parsed;
	struct crd_buf ak_name;
	struct soft_log log;
	struct crd_digest pcr[BE_MAX_RECORDS + 1]; /* before record n */
	uint64_t n;
	uint8_t secure_boot, lockdown;
	uint8_t found;	     /* first byte of the PCR before the anchor */
	uint32_t attributes; /* of the key */
	uint16_t min_bank;
	struct crd_challenge challenge;
	uint8_t *claims;
	size_t claims_len;
	uint8_t *bundle;
	size_t bundle_len;
};

static inline void be_add(struct be *b, struct soft_record *r)
{
	struct soft_bytes tlv = { .n = 0 };
	struct crd_buf part;
	struct crd_digest d;

	soft_check(b->n < BE_MAX_RECORDS, "room for records");
	r->recnum = b->n;
	soft_tlv(&tlv, CRD_CEL_CONTENT, r->content.b, r->content.n);
	part = soft_buf(&tlv);
	soft_check(!crd_hash(CRD_ALG_SHA256, &part, 1, &d), "hash");
	soft_log_add(&b->log, r);
	b->pcr[b->n + 1] = b->pcr[b->n];
	crd_extend(&b->pcr[b->n + 1], d.bytes, d.len);
	b->n++;
}

static inline void be_anchor(struct be *b)
{
	struct soft_record r = soft_record(0, CRD_EV_ANCHOR);
	uint8_t found[33] = { CRD_ALG_SHA256, b->found };

	b->n = 0;
	b->log.n = 0;
	b->pcr[0] = (struct crd_digest){ .alg = CRD_ALG_SHA256, .len = 32 };
	b->pcr[0].bytes[0] = b->found;
	soft_tlv(&r.content, CRD_F_BUILD_ID, "0123456789abcdefghij", 20);
	soft_tlv(&r.content, CRD_F_PCR_FOUND, found, sizeof(found));
	soft_tlv_be(&r.content, CRD_F_RESET_COUNT, 1, 4);
	soft_tlv_text(&r.content, CRD_F_KERNEL_RELEASE, "6.1.0-56-amd64");
	soft_tlv_text(&r.content, CRD_F_MACHINE, "x86_64");
	soft_tlv_be(&r.content, CRD_F_LOCKDOWN, b->lockdown, 1);
	soft_tlv_be(&r.content, CRD_F_SECURE_BOOT, b->secure_boot, 1);
	soft_tlv_be(&r.content, CRD_F_BANK,
		    (uint64_t)CRD_ALG_SHA256 << 16 | CRD_ALG_SHA256, 4);
	be_add(b, &r);
}

static inline void be_text(struct soft_bytes *to, uint8_t type,
			   const char *text)
{
	if (text)
		soft_tlv_text(to, type, text);
}

static inline void be_hash(struct soft_bytes *to, uint8_t type, uint8_t first)
{
	uint8_t hash[33] = { CRD_ALG_SHA256, first };

	if (first)
		soft_tlv(to, type, hash, sizeof(hash));
}

/* The fields of a driver, in the order of their numbers. */
static inline void be_driver_fields(struct soft_bytes *to,
				    const struct be_driver *d)
{
	be_text(to, CRD_F_NAME, d->name);
	be_text(to, CRD_F_PATH, d->path);
	soft_tlv_be(to, CRD_F_ORIGIN, d->origin, 1);
	be_hash(to, CRD_F_DIGEST, d->digest);
	soft_tlv_be(to, CRD_F_SIG_STATUS, d->sig_status, 1);
	for (int i = 0; i < 3; i++)
		be_text(to, CRD_F_AUTHOR, d->authors[i]);
	be_text(to, CRD_F_LICENSE, d->license);
	be_text(to, CRD_F_VERSION, d->version);
	if (!d->outside && d->digest)
		soft_tlv_be(to, CRD_F_INTREE, 1, 1);
	soft_tlv_be(to, CRD_F_TAINTS, d->taints, 8);
	if (d->load_flags)
		soft_tlv_be(to, CRD_F_LOAD_FLAGS, d->load_flags, 4);
}

static inline void be_load(struct be *b, struct be_driver d)
{
	struct soft_record r = soft_record(0, CRD_EV_MODULE);

	be_driver_fields(&r.content, &d);
	be_add(b, &r);
}

static inline void be_snapshot(struct be *b, const struct be_driver *d, int n)
{
	struct soft_record r = soft_record(0, CRD_EV_SNAPSHOT);

	for (int i = 0; i < n; i++) {
		struct soft_bytes item;

		soft_item_lead(&item, CRD_EV_MODULE, false);
		be_driver_fields(&item, &d[i]);
		soft_item(&r, &item);
	}
	be_add(b, &r);
}

static inline void be_firmware(struct be *b, const char *name,
			       const char *digest_hex)
{
	struct soft_record r = soft_record(0, CRD_EV_FIRMWARE);
	struct soft_bytes hash;

	be_text(&r.content, CRD_F_NAME, name);
	soft_tlv_be(&r.content, CRD_F_ORIGIN, CRD_ORIGIN_FILE, 1);
	soft_hex(&hash, "0b");
	if (digest_hex) {
		struct soft_bytes value;

		soft_hex(&value, digest_hex);
		soft_put(&hash, value.b, value.n);
		soft_tlv(&r.content, CRD_F_DIGEST, hash.b, hash.n);
	}
	be_add(b, &r);
}

/* ref UINT64_MAX: of a load that was never recorded */
static inline void be_result(struct be *b, uint64_t ref, int error,
			     const struct be_driver *d)
{
	struct soft_record r = soft_record(0, CRD_EV_MODULE_RESULT);

	if (d)
		be_driver_fields(&r.content, d);
	if (ref != UINT64_MAX)
		soft_tlv_be(&r.content, CRD_F_REF, ref, 8);
	soft_tlv_be(&r.content, CRD_F_RESULT, (uint32_t)-error, 4);
	be_add(b, &r);
}

/* A device, or what happens to one. ids, class 0: not said. */
struct be_device {
	const char *bus, *name, *port, *parent, *driver, *module, *serial;
	uint16_t vendor, product, subvendor;
	uint32_t class_code;
	bool interface; /* number 0 of its parent */
};

static inline void be_device_fields(struct soft_bytes *to,
				    const struct be_device *d)
{
	be_text(to, CRD_F_DEVICE, d->name);
	be_text(to, CRD_F_DRIVER, d->driver);
	be_text(to, CRD_F_BUS, d->bus);
	be_text(to, CRD_F_MODULE, d->module);
	be_text(to, CRD_F_PARENT, d->parent);
	be_text(to, CRD_F_PORT, d->port);
	if (d->vendor)
		soft_tlv_be(to, CRD_F_VENDOR_ID, d->vendor, 2);
	if (d->vendor)
		soft_tlv_be(to, CRD_F_DEVICE_ID, d->product, 2);
	if (d->subvendor)
		soft_tlv_be(to, CRD_F_SUBVENDOR_ID, d->subvendor, 2);
	if (d->class_code)
		soft_tlv_be(to, CRD_F_CLASS, d->class_code, 4);
	be_text(to, CRD_F_SERIAL, d->serial);
	if (d->interface)
		soft_tlv_be(to, CRD_F_INTERFACE, 0, 1);
}

static inline void be_device(struct be *b, uint16_t event, struct be_device d)
{
	struct soft_record r = soft_record(0, event);

	be_device_fields(&r.content, &d);
	be_add(b, &r);
}

/* A snapshot of n devices. */
static inline void be_devices(struct be *b, const struct be_device *d, int n)
{
	struct soft_record r = soft_record(0, CRD_EV_SNAPSHOT);

	for (int i = 0; i < n; i++) {
		struct soft_bytes item;

		soft_item_lead(&item, CRD_EV_DEVICE, false);
		be_device_fields(&item, &d[i]);
		soft_item(&r, &item);
	}
	be_add(b, &r);
}

/* An image for a device; digest as in be_firmware(), here without one. */
static inline void be_image(struct be *b, const char *name, struct be_device d)
{
	struct soft_record r = soft_record(0, CRD_EV_FIRMWARE);
	uint8_t hash[33] = { CRD_ALG_SHA256, 7 };

	be_text(&r.content, CRD_F_NAME, name);
	soft_tlv_be(&r.content, CRD_F_ORIGIN, CRD_ORIGIN_FILE, 1);
	soft_tlv(&r.content, CRD_F_DIGEST, hash, sizeof(hash));
	be_device_fields(&r.content, &d);
	be_add(b, &r);
}

/* reset UINT32_MAX: the TPM does not tell */
static inline void be_power(struct be *b, uint8_t power, uint32_t reset)
{
	struct soft_record r = soft_record(0, CRD_EV_POWER);

	if (reset != UINT32_MAX)
		soft_tlv_be(&r.content, CRD_F_RESET_COUNT, reset, 4);
	soft_tlv_be(&r.content, CRD_F_POWER, power, 1);
	be_add(b, &r);
}

static inline void be_activity(struct be *b, uint8_t activity)
{
	struct soft_record r = soft_record(0, CRD_EV_ACTIVITY);

	soft_tlv_be(&r.content, CRD_F_ACTIVITY, activity, 1);
	be_add(b, &r);
}

static inline void be_coverage(struct be *b, const char *const *seen,
			       const char *const *not_seen)
{
	struct soft_record r = soft_record(0, CRD_EV_COVERAGE);

	for (; *seen; seen++)
		be_text(&r.content, CRD_F_SEEN, *seen);
	for (; *not_seen; not_seen++)
		be_text(&r.content, CRD_F_NOT_SEEN, *not_seen);
	be_add(b, &r);
}

static inline void be_event(struct be *b, uint16_t event, const char *reason)
{
	struct soft_record r = soft_record(0, event);

	be_text(&r.content, CRD_F_REASON, reason);
	be_add(b, &r);
}

/* A machine with an anchor, Secure Boot and lockdown, no component yet. */
static inline void be_start(struct be *b)
{
	memset(b, 0, sizeof(*b));
	soft_ak_new(&b->ak, SOFT_P256);
	b->secure_boot = CRD_SECURE_BOOT_ON;
	b->lockdown = CRD_LOCKDOWN_INTEGRITY;
	b->attributes = SOFT_AK_ATTRIBUTES;
	b->challenge.nonce_len = 32;
	memset(b->challenge.nonce, 0x5a, 32);
	b->challenge.issued = BE_NOW - 30;
	b->challenge.expires = BE_NOW + 570;
	be_anchor(b);
}

static inline void be_key(struct be *b)
{
	struct soft_public p = soft_public_of(&b->ak);
	struct soft_bytes inner;

	p.attributes = b->attributes;
	soft_marshal(&b->ak, &p, &inner);
	b->public.n = 0;
	soft_2b(&b->public, inner.b, inner.n);
	crd_ak_free(&b->parsed);
	soft_check(!crd_ak_parse(soft_buf(&b->public), &b->parsed, NULL),
		   "key");
	b->ak_name = crd_ak_name(b->parsed);
}

static inline void be_sign(struct be *b, struct crd_pcrs *pcrs)
{
	struct soft_quote q = { .magic = 0xff544347,
				.type = 0x8018,
				.safe = 1,
				.banks = 1,
				.bank = pcrs->bank,
				.map = { 0xff, 0xff, 0 },
				.map_size = 3 };
	struct crd_buf parts[16];
	struct crd_digest qualifying, pcr_digest;

	for (int i = 0; i < 16; i++)
		parts[i] = (struct crd_buf){ pcrs->value[i].bytes,
					     pcrs->value[i].len };
	crd_hash(b->ak.kind->hash, parts, 16, &pcr_digest);
	crd_qualifying_data(
		(struct crd_buf){ b->challenge.nonce, b->challenge.nonce_len },
		(struct crd_buf){ b->claims, b->claims_len }, &qualifying);
	q.extra = (struct crd_buf){ qualifying.bytes, qualifying.len };
	q.pcr_digest = (struct crd_buf){ pcr_digest.bytes, pcr_digest.len };
	soft_quote_marshal(&q, &b->attest);
	soft_ak_sign(&b->ak, soft_buf(&b->attest), &b->signature);
}

/* Quotes after the first `covered` records and packs everything. */
static inline void be_close(struct be *b, uint64_t covered, bool with_log)
{
	static const struct crd_claim claims[] = { { "agent.version", "1" } };
	struct crd_evidence ev;
	struct crd_digest unused;

	memset(&ev, 0, sizeof(ev));
	free(b->bundle);
	free(b->claims);
	be_key(b);
	soft_check(!crd_claims_encode(claims, 1, &b->claims, &b->claims_len),
		   "claims");
	soft_pcrs(&ev.pcrs, CRD_ALG_SHA256, CRD_QUOTE_PCRS, b->ak.kind->hash,
		  &unused);
	ev.pcrs.value[13] = b->pcr[covered];
	be_sign(b, &ev.pcrs);
	ev.attest = soft_buf(&b->attest);
	ev.signature = soft_buf(&b->signature);
	ev.ak = soft_buf(&b->public);
	ev.claims = (struct crd_buf){ b->claims, b->claims_len };
	if (with_log)
		ev.log_measurer = soft_log_buf(&b->log);
	soft_check(!crd_evidence_encode(&ev, &b->bundle, &b->bundle_len),
		   "bundle");
}

static inline struct crd_appraisal be_appraisal(const struct be *b,
						const struct crd_policy *policy,
						const struct crd_registry *reg)
{
	return (struct crd_appraisal){
		.evidence = { b->bundle, b->bundle_len },
		.challenge = &b->challenge,
		.policy = policy,
		.registry = reg,
		.trusted_aks = &b->ak_name,
		.n_trusted_aks = 1,
		.now = BE_NOW,
	};
}

static inline void be_done(struct be *b)
{
	crd_ak_free(&b->parsed);
	soft_ak_done(&b->ak);
	free(b->claims);
	free(b->bundle);
}

#endif /* BUILD_EVIDENCE_H */
