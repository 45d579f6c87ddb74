// SPDX-License-Identifier: Apache-2.0
/*
 * Does a condition hold for a component? policy_private.h states the two
 * principles: doubt counts against, and `unknown` is asked for by name.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "credence.h"
#include "policy_private.h"

static size_t char_len(struct crd_buf text, size_t at)
{
	size_t n = crd_utf8_len(text.ptr + at, text.len - at);

	return n ? n : 1; /* a stray byte is a character of its own */
}

/* * any run, ? one character; goes back to the last * only. */
bool crd_glob(struct crd_buf pattern, struct crd_buf text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, mark = 0;

	while (t < text.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = ++p;
			mark = t;
		} else if (p < pattern.len && pattern.ptr[p] == '?') {
			p++;
			t += char_len(text, t);
		} else if (p < pattern.len && pattern.ptr[p] == text.ptr[t]) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star;
			mark += char_len(text, mark);
			t = mark;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

static void resolve(struct crd_matcher *m, const struct crd_cond *cond)
{
	const struct crd_value *v = &m->policy->values[cond->first];
	uint16_t *index = &m->indexes[cond->first];
	struct crd_list_set *set = &m->listed[cond - m->policy->conds];
	uint32_t i;

	for (i = 0; i < cond->n; i++) {
		const char *text = (const char *)v[i].text.ptr;

		if (cond->key == CRD_COND_VENDOR)
			index[i] = crd_registry_entity(m->registry, text);
		if (cond->key != CRD_COND_LISTED)
			continue;
		index[i] = crd_registry_list(m->registry, text);
		if (index[i] != REG_NONE)
			crd_list_set_add(set, index[i]);
	}
}

int crd_matcher_init(struct crd_matcher *m, const struct crd_policy *policy,
		     const struct crd_registry *registry, int32_t day)
{
	size_t i;

	memset(m, 0, sizeof(*m));
	m->policy = policy;
	m->registry = registry;
	m->day = day;
	m->indexes = calloc(policy->n_values + 1, sizeof(*m->indexes));
	m->listed = calloc(policy->n_conds + 1, sizeof(*m->listed));
	if (!m->indexes || !m->listed) {
		crd_matcher_done(m);
		return -ENOMEM;
	}
	for (i = 0; registry && i < policy->n_conds; i++)
		resolve(m, &policy->conds[i]);
	return 0;
}

void crd_matcher_done(struct crd_matcher *m)
{
	free(m->indexes);
	free(m->listed);
	free(m->room);
	memset(m, 0, sizeof(*m));
}

static void set_text(struct crd_matcher *m, struct crd_buf *to,
		     struct crd_buf from, size_t *used)
{
	*to = from.ptr ? crd_unescape(from, m->room + *used) : from;
	*used += from.len;
}

int crd_matcher_set(struct crd_matcher *m, const struct crd_component *c)
{
	size_t used = 0, need = c->name.len + c->path.len + c->license.len +
				c->version.len + c->bus.len;
	unsigned int i;
	uint8_t *room;

	for (i = 0; i < c->n_authors; i++)
		need += c->authors[i].len;
	if (need > m->room_len) {
		room = realloc(m->room, need);
		if (!room)
			return -ENOMEM;
		m->room = room;
		m->room_len = need;
	}
	m->c = c;
	m->text[CRD_COND_ID] = (struct crd_buf){ NULL, 0 };
	if (c->vendor_id >= 0 && c->device_id >= 0) {
		snprintf(m->id, sizeof(m->id), "%04x:%04x",
			 (unsigned int)c->vendor_id & 0xffff,
			 (unsigned int)c->device_id & 0xffff);
		m->text[CRD_COND_ID] = crd_buf_of(m->id);
	}
	set_text(m, &m->text[CRD_COND_BUS], c->bus, &used);
	set_text(m, &m->text[CRD_COND_NAME], c->name, &used);
	set_text(m, &m->text[CRD_COND_PATH], c->path, &used);
	set_text(m, &m->text[CRD_COND_LICENSE], c->license, &used);
	set_text(m, &m->text[CRD_COND_VERSION], c->version, &used);
	for (i = 0; i < c->n_authors; i++)
		set_text(m, &m->authors[i], c->authors[i], &used);
	m->digest_lists = crd_digests_find(m->policy, &c->digest) |
			  crd_digests_find(m->policy, &c->payload) |
			  crd_digests_find(m->policy, &c->payload_too);
	return 0;
}

/* `in` for one of several answers, folded into the whole. */
struct fold {
	bool benefit;
	bool negate;
	bool holds;
};

static struct fold fold_start(const struct crd_cond *cond, bool benefit)
{
	return (struct fold){ benefit, cond->negate, benefit };
}

static void fold_add(struct fold *f, bool in)
{
	bool holds = in != f->negate;

	f->holds = f->benefit ? f->holds && holds : f->holds || holds;
}

/* The evidence does not say. */
static bool holds_unknown(const struct crd_cond *cond, bool benefit)
{
	if (cond->negate)
		return !benefit && !cond->unknown;
	return cond->unknown;
}

static bool text_in(const struct crd_matcher *m, const struct crd_cond *cond,
		    struct crd_buf text)
{
	const struct crd_value *v = &m->policy->values[cond->first];
	uint32_t i;

	for (i = 0; i < cond->n; i++) {
		if (v[i].like ? crd_glob(v[i].text, text) :
				crd_buf_equal(v[i].text, text))
			return true;
	}
	return false;
}

static bool match_text(const struct crd_matcher *m, const struct crd_cond *cond,
		       const struct crd_buf *texts, unsigned int n,
		       bool benefit)
{
	struct fold f = fold_start(cond, benefit);
	unsigned int i;

	if (!n || !texts[0].ptr)
		return holds_unknown(cond, benefit);
	for (i = 0; i < n; i++)
		fold_add(&f, text_in(m, cond, texts[i]));
	return f.holds;
}

static bool vendor_in(const struct crd_matcher *m, const struct crd_cond *cond,
		      uint16_t vendor)
{
	const uint16_t *index = &m->indexes[cond->first];
	uint32_t i;

	for (i = 0; i < cond->n; i++) {
		if (index[i] != REG_NONE &&
		    crd_registry_below(m->registry, vendor, index[i]))
			return true;
	}
	return false;
}

static bool country_in(const struct crd_matcher *m, const struct crd_cond *cond,
		       const char *country)
{
	const struct crd_value *v = &m->policy->values[cond->first];
	uint32_t i;

	for (i = 0; i < cond->n; i++) {
		if (!memcmp(v[i].text.ptr, country, 2))
			return true;
	}
	return false;
}

static bool listed_in(const struct crd_matcher *m, const struct crd_cond *cond,
		      uint16_t vendor)
{
	const struct crd_list_set *want = &m->listed[cond - m->policy->conds];
	struct crd_list_set have = { { 0 } };
	size_t i;

	crd_registry_lists_of(m->registry, vendor, m->day, &have);
	for (i = 0; i < REG_MAX_LISTS / 64; i++) {
		if (want->word[i] & have.word[i])
			return true;
	}
	return false;
}

/*
 * To admit or to waive, an author who is not in the registry makes the whole
 * unknown: it may be anybody.
 */
static bool match_vendor(const struct crd_matcher *m,
			 const struct crd_cond *cond, bool benefit)
{
	struct fold f = fold_start(cond, benefit);
	const struct crd_entity *e;
	unsigned int i;

	/* an ACPI table, a slot: nobody is named, so there is no doubt */
	if (m->c->kind == CRD_KIND_PLATFORM && !m->c->n_vendors &&
	    !m->c->n_strangers)
		return false;
	if (!m->registry || !m->c->n_vendors || (benefit && m->c->n_strangers))
		return holds_unknown(cond, benefit);
	for (i = 0; i < m->c->n_vendors; i++) {
		uint16_t vendor = m->c->vendors[i];

		e = &m->registry->entities[vendor];
		if (cond->key == CRD_COND_VENDOR) {
			fold_add(&f, vendor_in(m, cond, vendor));
		} else if (cond->key == CRD_COND_LISTED) {
			fold_add(&f, listed_in(m, cond, vendor));
		} else {
			fold_add(&f, country_in(m, cond, e->hq));
			fold_add(&f, country_in(m, cond, e->ultimate));
		}
	}
	return f.holds;
}

static bool match_digest(const struct crd_matcher *m,
			 const struct crd_cond *cond, bool benefit)
{
	/* of devices and parts there may be none, which is no doubt */
	if (!m->c->digest.alg)
		return m->c->kind <= CRD_KIND_FIRMWARE &&
		       holds_unknown(cond, benefit);
	return !!(m->digest_lists & cond->mask) != cond->negate;
}

/*
 * Two answers to one question, the kernel's and ours. Where ours is lacking,
 * nothing is admitted or waived because it is not that.
 */
static bool match_signer(const struct crd_matcher *m,
			 const struct crd_cond *cond, bool benefit)
{
	const uint64_t kernels = (1ull << CRD_SIGNER_DISTRIBUTION) - 1;
	uint8_t found = m->c->signing.result;

	if (m->c->kind != CRD_KIND_DRIVER)
		return false;
	if (crd_signer_bits(m->policy, m->c) & cond->mask)
		return !cond->negate;
	return cond->negate && !(benefit && cond->mask & ~kernels &&
				 m->c->sig_status != CRD_SIG_NONE &&
				 (found == CRD_SIGNED_UNSEEN ||
				  found == CRD_SIGNED_UNREADABLE));
}

static uint64_t word_bits(const struct crd_component *c, enum crd_cond_key key)
{
	switch (key) {
	case CRD_COND_KIND:
		return 1ull << c->kind;
	case CRD_COND_FLAGS:
		return c->flags;
	case CRD_COND_CLASS:
		return crd_class_words(c);
	case CRD_COND_PART:
		return 1ull << (c->part <= CRD_PART_TPM ? c->part : 0);
	default: /* what this reader does not know counts as unmeasured */
		return 1ull
		       << (c->origin <= CRD_ORIGIN_PLATFORM ? c->origin : 0);
	}
}

bool crd_matcher_cond(const struct crd_matcher *m, const struct crd_cond *cond,
		      bool benefit)
{
	if (!crd_cond_applies(cond->key, m->c->kind))
		return false;
	switch (cond->key) {
	case CRD_COND_CLASS:
		if (!m->c->has_class)
			return holds_unknown(cond, benefit);
		/* fallthrough */
	case CRD_COND_KIND:
	case CRD_COND_FLAGS:
	case CRD_COND_ORIGIN:
	case CRD_COND_PART:
		return !!(word_bits(m->c, cond->key) & cond->mask) !=
		       cond->negate;
	case CRD_COND_SIGNER:
		return match_signer(m, cond, benefit);
	case CRD_COND_AUTHOR:
		return match_text(m, cond, m->authors, m->c->n_authors,
				  benefit);
	case CRD_COND_DIGEST:
		return match_digest(m, cond, benefit);
	case CRD_COND_VENDOR:
	case CRD_COND_JURISDICTION:
	case CRD_COND_LISTED:
		return match_vendor(m, cond, benefit);
	default:
		return match_text(m, cond, &m->text[cond->key], 1, benefit);
	}
}

bool crd_matcher_holds(const struct crd_matcher *m, struct crd_when when,
		       bool benefit)
{
	const struct crd_cond *cond = &m->policy->conds[when.first];
	uint32_t i;

	for (i = 0; i < when.n; i++) {
		if (!crd_matcher_cond(m, &cond[i], benefit))
			return false;
	}
	return true;
}

/* Ours goes before the kernel's, where the policy knows the key. */
static bool signature_vouches(const struct crd_component *c)
{
	if (c->kind != CRD_KIND_DRIVER)
		return false;
	if (c->signing.result == CRD_SIGNED_VALID ||
	    c->signing.result == CRD_SIGNED_WRONG)
		return c->signing.result == CRD_SIGNED_VALID;
	return c->sig_status == CRD_SIG_VERIFIED &&
	       !(c->flags & CRD_FLAG_UNVERIFIED);
}

enum crd_known_by crd_matcher_known_by(const struct crd_matcher *m)
{
	const struct crd_component *c = m->c;
	size_t i;

	/* a device: whose design it is, not only who built it in; a firmware
	 * image: its name could be that of any
	 */
	if (c->kind == CRD_KIND_DEVICE	 ? c->entity != NULL :
	    c->kind == CRD_KIND_FIRMWARE ? false :
					   c->n_vendors != 0)
		return CRD_KNOWN_BY_VENDOR;
	if (signature_vouches(c))
		return CRD_KNOWN_BY_SIGNATURE;
	for (i = 0; i < m->policy->n_lists; i++) {
		if (m->policy->lists[i].known && m->digest_lists >> i & 1)
			return CRD_KNOWN_BY_DIGEST;
	}
	return CRD_NOT_KNOWN;
}

bool crd_matcher_known(const struct crd_matcher *m)
{
	return crd_matcher_known_by(m) != CRD_NOT_KNOWN;
}
