/* SPDX-License-Identifier: Apache-2.0 */
/* soft_bundle - evidence bundles for tests: good, or bent in one place. */
#ifndef SOFT_BUNDLE_H
#define SOFT_BUNDLE_H

#include "soft_ak.h"

#define TAG "tag:credence.invalid,2026:evidence#1"
#define VND "application/vnd.credence."

/*
 * The test's own CBOR, written from RFC 8949: heads of any width, to be bent.
 */
static inline void head(struct soft_bytes *to, int major, uint64_t value,
			int width)
{
	int info = width == 8 ? 27 : width == 4 ? 26 : width == 2 ? 25 : 24;

	if (!width) {
		soft_be(to, (uint64_t)major << 5 | value, 1);
		return;
	}
	soft_be(to, (uint64_t)major << 5 | (uint64_t)info, 1);
	soft_be(to, value, width);
}

static inline int width_of(uint64_t value)
{
	return value < 24 ? 0 : value < 256 ? 1 : value < 65536 ? 2 : 4;
}

static inline void string(struct soft_bytes *to, int major, const void *from,
			  size_t n)
{
	head(to, major, n, width_of(n));
	soft_put(to, from, n);
}

static inline void text(struct soft_bytes *to, const char *from)
{
	string(to, 3, from, strlen(from));
}

static inline void pcrs_of(struct soft_bytes *to, unsigned int n_pcrs)
{
	uint8_t value[32] = { 0 };

	to->n = 0;
	head(to, 4, 2, 0);
	head(to, 0, CRD_ALG_SHA256, 0);
	head(to, 5, n_pcrs, width_of(n_pcrs));
	for (unsigned int n = 0; n < n_pcrs; n++) {
		value[0] = (uint8_t)n;
		head(to, 0, n, width_of(n));
		string(to, 2, value, sizeof(value));
	}
}

/* A bundle as a list of members, in order; NULL label: the tag. */
struct item {
	const char *label, *type;
	const char *value; /* bytes; NULL: the PCR values */
	int ind;
};

static const struct item good_items[] = {
	{ "ak", VND "tpm2b-public", "key", 4 },
	{ "pcrs", VND "pcrs+cbor", NULL, 4 },
	{ "attest", VND "tpms-attest", "statement", 4 },
	{ "claims", VND "claims+cbor", "\xa1\x61\x61\x61\x62", 4 },
	{ "ak-cert", "application/pkix-cert", "cert1", 2 },
	{ "ek-cert", "application/pkix-cert", "cert2", 2 },
	{ "log-ima", VND "ima-binary", "ima", 4 },
	{ "log-tcg", VND "tcg-eventlog", "tcg", 4 },
	{ "__cmwc_t", TAG, "", -1 },
	{ "signature", VND "tpmt-signature", "sig", 4 },
	{ "log-measurer", VND "cel-tlv", "log", 4 },
};
enum { N_ITEMS = 11 };

static inline void put_item(struct soft_bytes *to, const struct item *item)
{
	struct soft_bytes pcrs;

	text(to, item->label);
	if (item->ind < 0) {
		text(to, item->type);
		return;
	}
	head(to, 4, 3, 0);
	text(to, item->type);
	if (item->value) {
		string(to, 2, item->value, strlen(item->value));
	} else {
		pcrs_of(&pcrs, 16);
		string(to, 2, pcrs.b, pcrs.n);
	}
	head(to, 0, (uint64_t)item->ind, 0);
}

static inline void bundle_of(struct soft_bytes *to, const struct item *items,
			     size_t n)
{
	to->n = 0;
	head(to, 5, n, 0);
	for (size_t i = 0; i < n; i++)
		put_item(to, &items[i]);
}

#endif /* SOFT_BUNDLE_H */
