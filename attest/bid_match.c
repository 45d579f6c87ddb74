// SPDX-License-Identifier: Apache-2.0
#include "bid_match.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is said on both sides, and differs. */
static bool number_differs(int32_t a, int32_t b)
{
	return a >= 0 && b >= 0 && a != b;
}

static bool contradicts(const struct crd_bid_part *d,
			const struct crd_bid_part *m)
{
	return number_differs(d->subvendor, m->subvendor) ||
	       number_differs(d->subdevice, m->subdevice) ||
	       number_differs(d->revision, m->revision) ||
	       (d->serial && m->serial &&
		!crd_bid_same_text(d->serial, m->serial));
}

/* The longest word with a digit in it, from 3 letters up; NULL: none. */
static const char *key_word(const char *model, size_t *ret_len)
{
	const char *at, *best = NULL;
	size_t len, i;

	*ret_len = 2;
	for (at = model; at && *at; at += len) {
		at += *at == ' ';
		len = strcspn(at, " ");
		for (i = 0; i < len && (at[i] < '0' || at[i] > '9'); i++)
			;
		if (i < len && len > *ret_len) {
			best = at;
			*ret_len = len;
		}
	}
	return best;
}

static bool has_word(const char *text, const char *word, size_t len)
{
	const char *at = text;

	while (at && (at = strchr(at, ' ')) && at[1]) {
		at++;
		if (strcspn(at, " ") == len && !memcmp(at, word, len))
			return true;
	}
	return false;
}

static bool same_model(const struct crd_bid_part *d,
		       const struct crd_bid_part *m)
{
	return crd_bid_same_text(d->model, m->model) ||
	       crd_bid_same_text(d->other_model, m->model) ||
	       crd_bid_same_text(d->model, m->other_model);
}

static bool model_word(const struct crd_bid_part *d,
		       const struct crd_bid_part *m)
{
	size_t len;
	const char *word = key_word(d->model, &len);

	return word && (has_word(m->model, word, len) ||
			has_word(m->other_model, word, len));
}

/* Do the makers, as far as they are known, speak for it or not against it? */
static bool makers_agree(const struct crd_bid_part *d,
			 const struct crd_bid_part *m)
{
	return !d->n_vendors || !m->n_vendors || crd_bid_part_shares(d, m);
}

/* All that the bill says it is for; and a radio is never just a cable. */
static bool same_class(const struct crd_bid_part *d,
		       const struct crd_bid_part *m)
{
	const uint32_t radio = 1u << CRD_CLASS_WIRELESS;

	return d->words && !(d->words & ~m->words) &&
	       (d->words & radio) == (m->words & radio);
}

static enum crd_bid_how device_how(const struct crd_bid_part *d,
				   const struct crd_bid_part *m)
{
	if (d->bus && d->bus != m->bus)
		return CRD_HOW_NOT;
	if (d->vendor >= 0 && d->device >= 0)
		return d->vendor == m->vendor && d->device == m->device ?
			       CRD_HOW_IDS :
			       CRD_HOW_NOT;
	if (d->vendor >= 0)
		return d->vendor == m->vendor && same_class(d, m) ?
			       CRD_HOW_CLASS :
			       CRD_HOW_NOT;
	if (!makers_agree(d, m))
		return CRD_HOW_NOT;
	if (crd_bid_same_text(d->serial, m->serial))
		return CRD_HOW_SERIAL;
	if (!crd_bid_part_shares(d, m))
		return CRD_HOW_NOT;
	if (same_model(d, m))
		return CRD_HOW_MODEL;
	/* a USB device says what it is called; one on PCI never does */
	if (m->model && d->model && model_word(d, m))
		return CRD_HOW_WORD;
	return same_class(d, m) && (!m->model || !d->model) ? CRD_HOW_CLASS :
							      CRD_HOW_NOT;
}

static enum crd_bid_how platform_how(const struct crd_bid_part *d,
				     const struct crd_bid_part *m)
{
	if (d->part != m->part || d->smbios_type != m->smbios_type || !d->part)
		return CRD_HOW_NOT;
	if (!makers_agree(d, m))
		return CRD_HOW_ONLY;
	if (crd_bid_same_text(d->serial, m->serial))
		return CRD_HOW_SERIAL;
	if (same_model(d, m))
		return CRD_HOW_MODEL;
	if (model_word(d, m))
		return CRD_HOW_WORD;
	if (crd_bid_part_shares(d, m) && (!d->model || !m->model))
		return CRD_HOW_CLASS;
	return CRD_HOW_ONLY;
}

static enum crd_bid_how how(const struct crd_bid_part *d,
			    const struct crd_bid_part *m)
{
	/* what came after the TPM signed proves nothing for the bid */
	if (d->kind != m->kind || m->late)
		return CRD_HOW_NOT;
	if (d->kind == CRD_KIND_DEVICE)
		return device_how(d, m);
	if (d->kind == CRD_KIND_PLATFORM)
		return platform_how(d, m);
	return crd_bid_same_text(d->model, m->model) ? CRD_HOW_MODEL :
						       CRD_HOW_NOT;
}

/* One function of each card first, then its others. */
static bool slot_is_taken(const struct crd_bid_side *side, uint32_t slot)
{
	size_t i;

	for (i = 0; i < side->n; i++) {
		if (side->parts[i].slot == slot && !side->parts[i].root_bus &&
		    side->parts[i].mate != CRD_NO_MATE)
			return true;
	}
	return false;
}

/* Strictness of a round: nothing that contradicts, a card of its own. */
enum { STRICT = 1, NEW_CARD = 2 };

static bool take(struct crd_bid_match *b, size_t i, enum crd_bid_how wanted,
		 unsigned int round)
{
	struct crd_bid_part *d = &b->declared.parts[i], *m;
	size_t k;

	for (k = 0; k < b->measured.n; k++) {
		m = &b->measured.parts[k];
		if (m->mate != CRD_NO_MATE || how(d, m) != wanted ||
		    (round & STRICT && contradicts(d, m)))
			continue;
		if (round & NEW_CARD && m->bus == 'p' && !m->root_bus &&
		    slot_is_taken(&b->measured, m->slot))
			continue;
		d->mate = (uint32_t)k;
		m->mate = (uint32_t)i;
		d->how = m->how = (uint8_t)wanted;
		return true;
	}
	return false;
}

/*
 * Round by round, so that no vague match takes what a sure one needs. Of one
 * line of a bill, what was not found once is not sought again in that round.
 */
static void match_round(struct crd_bid_match *b, enum crd_bid_how wanted,
			unsigned int round)
{
	const struct crd_bid_part *parts = b->declared.parts;
	uint32_t missed = UINT32_MAX;
	size_t i;

	for (i = 0; i < b->declared.n; i++) {
		if (parts[i].mate != CRD_NO_MATE || parts[i].line == missed)
			continue;
		if (!take(b, i, wanted, round))
			missed = parts[i].line;
	}
}

int crd_bid_match(struct crd_bid_match *b)
{
	static const unsigned int rounds[] = { STRICT | NEW_CARD, STRICT,
					       NEW_CARD, 0 };
	int wanted, ret = crd_bid_parts(b, false);
	size_t i;

	if (!ret)
		ret = crd_bid_parts(b, true);
	for (wanted = CRD_HOW_IDS; !ret && wanted > CRD_HOW_NOT; wanted--) {
		for (i = 0; i < sizeof(rounds) / sizeof(rounds[0]); i++)
			match_round(b, (enum crd_bid_how)wanted, rounds[i]);
	}
	return ret;
}

static void side_done(struct crd_bid_side *side)
{
	size_t i;

	for (i = 0; i < side->n; i++) {
		free(side->parts[i].model);
		free(side->parts[i].other_model);
		free(side->parts[i].serial);
	}
	free(side->parts);
	side->parts = NULL;
	side->n = 0;
}

void crd_bid_match_done(struct crd_bid_match *b)
{
	side_done(&b->declared);
	side_done(&b->measured);
	free(b->words);
	b->words = NULL;
}
