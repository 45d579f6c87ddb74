// SPDX-License-Identifier: Apache-2.0
/*
 * Does a condition hold for a component? policy_private.h states the two
 * principles: doubt counts against, and `unknown` is asked for by name.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "credence.h"
#include "policy_fold.h"
#include "policy_joined.h"

static size_t char_len(struct crd_buf text, size_t at)
{
	size_t n = crd_utf8_len(text.ptr + at, text.len - at);

	return n ? n : 1; /* a stray byte is a character of its own */
}

/* What stands behind the last * decides most of it, and costs nothing. */
static bool ends_as(struct crd_buf pattern, struct crd_buf text)
{
	size_t p = pattern.len, t = text.len;

	for (; p && pattern.ptr[p - 1] != '*'; p--) {
		if (pattern.ptr[p - 1] == '?')
			return true;
		if (!t || pattern.ptr[p - 1] != text.ptr[--t])
			return false;
	}
	return p || !t;
}

/* * any run, ? one character; goes back to the last * only. */
bool crd_glob(struct crd_buf pattern, struct crd_buf text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, mark = 0;

	if (!ends_as(pattern, text))
		return false;
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

/* Most rules are about another kind of component than the one at hand. */
static int sort_rules(struct crd_matcher *m)
{
	const struct crd_policy *p = m->policy;
	unsigned int kind;
	uint32_t i, *next;

	next = calloc(CRD_KIND_MAX * p->n_rules + 1, sizeof(*next));
	if (!next)
		return -ENOMEM;
	m->rules = next;
	for (kind = 0; kind < CRD_KIND_MAX; kind++) {
		m->rules_of[kind] = next;
		for (i = 0; i < p->n_rules; i++) {
			if (p->rules[i].when.kinds >> kind & 1)
				*next++ = i;
		}
		m->n_rules_of[kind] = (uint32_t)(next - m->rules_of[kind]);
	}
	return 0;
}

int crd_matcher_init(struct crd_matcher *m, const struct crd_policy *policy,
		     const struct crd_registry *registry, int32_t day)
{
	size_t i;

	memset(m, 0, sizeof(*m));
	m->policy = policy;
	m->registry = registry;
	m->day = day;
	crd_matcher_want(m);
	m->indexes = calloc(policy->n_values + 1, sizeof(*m->indexes));
	m->listed = calloc(policy->n_conds + 1, sizeof(*m->listed));
	if (!m->indexes || !m->listed || sort_rules(m)) {
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
	free(m->rules);
	free(m->room);
	crd_joined_free(&m->joined);
	memset(m, 0, sizeof(*m));
}

/* Whether an answer is among the values; some have no order to tell by. */
enum among { AMONG, NOT_AMONG, CANNOT_TELL };

static enum among within(const struct crd_value *v,
			 const struct crd_version *have)
{
	struct crd_version bound;
	int order;

	if (!have || !crd_version_read(v->text, &bound) ||
	    !crd_version_order(have, &bound, &order))
		return CANNOT_TELL;
	return (v->how == CRD_HOW_AT_LEAST) == (order >= 0) ? AMONG : NOT_AMONG;
}

static enum among is_value(const struct crd_value *v, struct crd_buf text,
			   const struct crd_version *have)
{
	bool is;

	if (v->how >= CRD_HOW_AT_LEAST)
		return within(v, have);
	is = v->how == CRD_HOW_LIKE ? crd_glob(v->text, text) :
				      crd_buf_equal(v->text, text);
	return is ? AMONG : NOT_AMONG;
}

/* Both ends of a range at once; one of them alone may decide against it. */
static enum among in_range(const struct crd_value **v, struct crd_buf text,
			   const struct crd_version *have)
{
	enum among in = is_value(*v, text, have), next;

	while ((*v)->also) {
		next = is_value(++*v, text, have);
		if (in != NOT_AMONG && next != AMONG)
			in = next;
	}
	return in;
}

static enum among text_in(const struct crd_matcher *m,
			  const struct crd_cond *cond, struct crd_buf text)
{
	const struct crd_value *v = &m->policy->values[cond->first];
	const struct crd_value *end = v + cond->n;
	bool ordered = crd_cond_specs[cond->key].form == CRD_FORM_VERSION;
	enum among in, all = NOT_AMONG;
	struct crd_version have;

	ordered = ordered && crd_version_read(text, &have);
	for (; v < end; v++) {
		in = in_range(&v, text, ordered ? &have : NULL);
		if (in == AMONG)
			return AMONG;
		if (in == CANNOT_TELL)
			all = CANNOT_TELL;
	}
	return all;
}

static bool match_text(const struct crd_matcher *m, const struct crd_cond *cond,
		       const struct crd_buf *texts, unsigned int n,
		       bool benefit)
{
	struct crd_fold f = crd_fold_start(cond, benefit);
	unsigned int i;

	if (!n || !texts[0].ptr)
		return crd_holds_unknown(cond, benefit);
	for (i = 0; i < n; i++) {
		enum among in = text_in(m, cond, texts[i]);

		if (in == CANNOT_TELL)
			crd_fold_held(&f, crd_holds_unknown(cond, benefit));
		else
			crd_fold_add(&f, in == AMONG);
	}
	return f.holds;
}

static bool match_day(const struct crd_matcher *m, const struct crd_cond *cond,
		      bool benefit)
{
	const struct crd_value *v = &m->policy->values[cond->first];
	const struct crd_value *end = v + cond->n;
	bool in = false, all = true;

	if (m->released == INT32_MIN)
		return crd_holds_unknown(cond, benefit);
	for (; v < end; v++) {
		if (v->how == CRD_HOW_IS)
			all &= m->released == v->day;
		else
			all &= (v->how == CRD_HOW_AT_LEAST) ==
			       (m->released >= v->day);
		if (v->also) /* the other end of it follows */
			continue;
		in |= all;
		all = true;
	}
	return in != cond->negate;
}

static bool match_digest(const struct crd_matcher *m,
			 const struct crd_cond *cond, bool benefit)
{
	/* of devices and parts there may be none, which is no doubt */
	if (!m->c->digest.alg)
		return m->c->kind <= CRD_KIND_FIRMWARE &&
		       crd_holds_unknown(cond, benefit);
	return !!(m->digest_lists & cond->mask) != cond->negate;
}

/* To admit or to waive as it is not on one, it must be clear that it is not. */
static bool match_components(const struct crd_matcher *m,
			     const struct crd_cond *cond, bool benefit)
{
	if (m->component_lists & cond->mask)
		return !cond->negate;
	return cond->negate && !(benefit && m->maybe_lists & cond->mask);
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
	if (m->words[CRD_COND_SIGNER] & cond->mask)
		return !cond->negate;
	return cond->negate && !(benefit && cond->mask & ~kernels &&
				 m->c->sig_status != CRD_SIG_NONE &&
				 (found == CRD_SIGNED_UNSEEN ||
				  found == CRD_SIGNED_UNREADABLE));
}

/*
 * A text or date. What a part of the platform does not have at all (a slot has
 * no version) is no doubt.
 */
static bool match_said(const struct crd_matcher *m, const struct crd_cond *cond,
		       bool benefit)
{
	if (!m->text[cond->key].ptr && crd_never_says(m->c, cond->key))
		return false;
	if (cond->key == CRD_COND_RELEASED)
		return match_day(m, cond, benefit);
	return match_text(m, cond, &m->text[cond->key], 1, benefit);
}

static bool match_more(const struct crd_matcher *m, const struct crd_cond *cond,
		       bool benefit)
{
	const struct crd_component *c = m->c;

	switch (cond->key) {
	case CRD_COND_STRUCTURE: /* of what is none */
		return false;
	case CRD_COND_CLASS:
		return crd_holds_unknown(cond, benefit);
	case CRD_COND_SIGNER:
		return match_signer(m, cond, benefit);
	case CRD_COND_AUTHOR:
		return match_text(m, cond, m->authors, c->n_authors, benefit);
	case CRD_COND_DIGEST:
		return match_digest(m, cond, benefit);
	case CRD_COND_COMPONENT:
		return match_components(m, cond, benefit);
	case CRD_COND_VENDOR:
	case CRD_COND_JURISDICTION:
	case CRD_COND_LISTED:
		return crd_match_vendor(m, cond, benefit);
	case CRD_COND_GRADE:
		return crd_match_grade(m, cond, benefit);
	case CRD_COND_DESTINATION:
		return crd_match_destination(m, cond, benefit);
	case CRD_COND_DRIVER:
	case CRD_COND_FIRMWARE:
	case CRD_COND_DEVICE:
		return crd_joined_holds(m, cond, benefit);
	default:
		return match_said(m, cond, benefit);
	}
}

/* Its kind can have an answer. */
static inline bool match(const struct crd_matcher *m,
			 const struct crd_cond *cond, bool benefit)
{
	if (m->worded >> cond->key & 1)
		return !!(m->words[cond->key] & cond->mask) != cond->negate;
	return match_more(m, cond, benefit);
}

bool crd_matcher_cond(const struct crd_matcher *m, const struct crd_cond *cond,
		      bool benefit)
{
	return crd_cond_asked(cond, m->c) && match(m, cond, benefit);
}

bool crd_matcher_holds(const struct crd_matcher *m, struct crd_when when,
		       bool benefit)
{
	const struct crd_cond *cond = &m->policy->conds[when.first];
	bool declared = m->c->grade == CRD_GRADE_DECLARED;
	uint32_t i;

	if (!(when.kinds >> m->c->kind & 1))
		return false;
	for (i = 0; i < when.n; i++) {
		if (declared && !crd_cond_asked(&cond[i], m->c))
			return false;
		if (!match(m, &cond[i], benefit))
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
	 * image: its name could be that of any, but a bill may say whose it is
	 */
	if (c->kind == CRD_KIND_FIRMWARE ? c->grade == CRD_GRADE_DECLARED &&
						   c->n_authors && c->entity :
	    c->kind == CRD_KIND_DEVICE ? c->entity != NULL :
					 c->n_vendors != 0)
		return CRD_KNOWN_BY_VENDOR;
	if (signature_vouches(c))
		return CRD_KNOWN_BY_SIGNATURE;
	for (i = 0; i < m->policy->n_lists; i++) {
		if (m->policy->lists[i].known && m->digest_lists >> i & 1)
			return CRD_KNOWN_BY_DIGEST;
	}
	for (i = 0; i < m->policy->n_component_lists; i++) {
		if (m->policy->component_lists[i].known &&
		    m->component_lists >> i & 1)
			return CRD_KNOWN_BY_LIST;
	}
	return CRD_NOT_KNOWN;
}

bool crd_matcher_known(const struct crd_matcher *m)
{
	return crd_matcher_known_by(m) != CRD_NOT_KNOWN;
}
