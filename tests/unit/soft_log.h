/* SPDX-License-Identifier: Apache-2.0 */
/*
 * soft_log - a measurer's log, for tests: made as kmod/uapi/credence.h says,
 * or bent in one place and given fitting digests all the same.
 */
#ifndef SOFT_LOG_H
#define SOFT_LOG_H

#include <credence.h>

#include "soft_ak.h"

#define SOFT_LOG_MAX (256 * 1024)

struct soft_log {
	uint8_t b[SOFT_LOG_MAX];
	size_t n;
};

/* A record with its parts at hand. */
struct soft_record {
	uint64_t recnum;
	uint8_t recnum_width;
	uint32_t pcr;
	uint8_t pcr_width;
	unsigned int n_banks;
	uint8_t banks[10];
	uint16_t used[10]; /* hash; 0: zeros for a digest */
	int digest_change; /* added to each digest's size */
	uint8_t content_type;
	struct soft_bytes content;
};

static inline void soft_log_put(struct soft_log *log, const void *from,
				size_t n)
{
	soft_check(n <= SOFT_LOG_MAX - log->n, "room in the log");
	memcpy(log->b + log->n, from, n);
	log->n += n;
}

static inline struct crd_buf soft_log_buf(const struct soft_log *log)
{
	return (struct crd_buf){ log->b, log->n };
}

static inline void soft_tlv(struct soft_bytes *to, uint8_t type,
			    const void *value, size_t n)
{
	soft_be(to, type, 1);
	soft_be(to, n, 4);
	soft_put(to, value, n);
}

static inline void soft_tlv_be(struct soft_bytes *to, uint8_t type,
			       uint64_t value, int width)
{
	soft_be(to, type, 1);
	soft_be(to, (uint64_t)width, 4);
	soft_be(to, value, width);
}

static inline void soft_tlv_text(struct soft_bytes *to, uint8_t type,
				 const char *text)
{
	soft_tlv(to, type, text, strlen(text));
}

/* FORMAT, EVENT, TIME */
static inline void soft_lead(struct soft_bytes *to, uint16_t event)
{
	to->n = 0;
	soft_tlv_be(to, CRD_F_FORMAT,
		    (uint64_t)CRD_FORMAT_MAGIC << 16 | CRD_FORMAT_VERSION, 6);
	soft_tlv_be(to, CRD_F_EVENT, event, 2);
	soft_tlv_be(to, CRD_F_TIME, 123456789, 8);
}

/* EVENT, and TIME if it is for a batch */
static inline void soft_item_lead(struct soft_bytes *to, uint16_t event,
				  bool timed)
{
	to->n = 0;
	soft_tlv_be(to, CRD_F_EVENT, event, 2);
	if (timed)
		soft_tlv_be(to, CRD_F_TIME, 234567890, 8);
}

static inline void soft_item(struct soft_record *group,
			     const struct soft_bytes *item)
{
	soft_tlv(&group->content, CRD_F_ITEM, item->b, item->n);
}

/* Record `recnum` of PCR 13 with one bank, SHA-256, and only leading fields. */
static inline struct soft_record soft_record(uint64_t recnum, uint16_t event)
{
	struct soft_record r = { .recnum = recnum,
				 .recnum_width = 8,
				 .pcr = 13,
				 .pcr_width = 1,
				 .n_banks = 1,
				 .banks = { CRD_ALG_SHA256 },
				 .used = { CRD_ALG_SHA256 },
				 .content_type = CRD_CEL_CONTENT };

	soft_lead(&r.content, event);
	return r;
}

static inline void soft_set_banks(struct soft_record *r, unsigned int n,
				  const uint8_t *banks)
{
	r->n_banks = n;
	for (unsigned int i = 0; i < n; i++) {
		r->banks[i] = banks[i];
		r->used[i] = crd_alg_size(banks[i]) ? banks[i] : CRD_ALG_SHA256;
	}
}

/* PCR_FOUND with zeros, a text, and BANK, for each bank of the record. */
static inline void soft_anchor_fields(struct soft_record *r)
{
	uint8_t found[1 + CRD_MAX_DIGEST] = { 0 };

	for (unsigned int i = 0; i < r->n_banks; i++) {
		size_t size = crd_alg_size(r->banks[i]);

		found[0] = r->banks[i];
		soft_tlv(&r->content, CRD_F_PCR_FOUND, found,
			 1 + (size ? size : 32));
	}
	soft_tlv_text(&r->content, CRD_F_KERNEL_RELEASE, "6.1.0-56-amd64");
	for (unsigned int i = 0; i < r->n_banks; i++)
		soft_tlv_be(&r->content, CRD_F_BANK,
			    (uint64_t)r->banks[i] << 16 | r->used[i], 4);
}

static inline void soft_module_fields(struct soft_record *r, const char *name)
{
	uint8_t digest[33] = { CRD_ALG_SHA256, 1, 2, 3 };

	soft_tlv_text(&r->content, CRD_F_NAME, name);
	soft_tlv_be(&r->content, CRD_F_ORIGIN, CRD_ORIGIN_FILE, 1);
	soft_tlv_be(&r->content, CRD_F_SIZE, 4096, 8);
	soft_tlv(&r->content, CRD_F_DIGEST, digest, sizeof(digest));
	soft_tlv_text(&r->content, CRD_F_AUTHOR, "One");
	soft_tlv_text(&r->content, CRD_F_AUTHOR, "Two \\x09 \xc3\xa9");
}

static inline void soft_put_digests(const struct soft_record *r,
				    const struct soft_bytes *content_tlv,
				    struct soft_bytes *to)
{
	struct crd_buf part = soft_buf(content_tlv);
	struct crd_digest d;

	for (unsigned int i = 0; i < r->n_banks; i++) {
		size_t size = crd_alg_size(r->banks[i]);
		int len = (int)(size ? size : 32) + r->digest_change;

		memset(&d, 0, sizeof(d));
		if (r->used[i])
			crd_hash(r->used[i], &part, 1, &d);
		soft_tlv(to, r->banks[i], d.bytes, (size_t)len);
	}
}

static inline void soft_log_add(struct soft_log *log,
				const struct soft_record *r)
{
	struct soft_bytes head = { .n = 0 }, digests = { .n = 0 };
	struct soft_bytes content = { .n = 0 };

	soft_tlv(&content, r->content_type, r->content.b, r->content.n);
	soft_put_digests(r, &content, &digests);
	soft_tlv_be(&head, CRD_CEL_RECNUM, r->recnum, r->recnum_width);
	soft_tlv_be(&head, CRD_CEL_PCR, r->pcr, r->pcr_width);
	soft_tlv(&head, CRD_CEL_DIGESTS, digests.b, digests.n);
	soft_log_put(log, head.b, head.n);
	soft_log_put(log, content.b, content.n);
}

/* An anchor and n module records, all sound. */
static inline void soft_log_good(struct soft_log *log, unsigned int n_banks,
				 const uint8_t *banks, unsigned int n)
{
	struct soft_record r = soft_record(0, CRD_EV_ANCHOR);

	log->n = 0;
	soft_set_banks(&r, n_banks, banks);
	soft_anchor_fields(&r);
	soft_log_add(log, &r);
	for (unsigned int i = 1; i <= n; i++) {
		char name[16];

		r = soft_record(i, CRD_EV_MODULE);
		soft_set_banks(&r, n_banks, banks);
		snprintf(name, sizeof(name), "module%u", i);
		soft_module_fields(&r, name);
		soft_log_add(log, &r);
	}
}

#endif /* SOFT_LOG_H */
