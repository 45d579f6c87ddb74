// SPDX-License-Identifier: Apache-2.0
/*
 * A delivery against its bid: what is missing, what came besides, what is not
 * as declared, and what cannot be compared. What is tolerated is counted and
 * told; policies/README.md has the rules.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bid_match.h"
#include "bid_private.h"
#include "judge.h"

enum { MAX_LINES = 64, MAX_NAMED = 8 };

#define BIT(class) (1u << CRD_CLASS_##class)

/* What a bill of a whole machine does not list one by one. */
#define CARRIERS (BIT(BRIDGE) | BIT(HUB) | BIT(SYSTEM) | BIT(CONTROLLER))
#define ON_CHIP                                                                \
	(CARRIERS | BIT(MEMORY) | BIT(PROCESSOR) | BIT(SERIAL) | BIT(CRYPTO) | \
	 BIT(OTHER))
/* What lets in or out, wherever it hides. */
#define GATES                                                        \
	(BIT(NETWORK) | BIT(WIRELESS) | BIT(STORAGE) | BIT(CAMERA) | \
	 BIT(INPUT) | BIT(CRYPTO) | BIT(SMARTCARD))

/* Why a measured part is no extra one. */
enum extra { EXTRA, CHIPSET, SAME_CARD, NOT_LISTED, N_EXTRA };

/* Why a declared part cannot be compared. */
enum blind { NO_SUCH_SORT, PERHAPS_UNSEEN, NO_IDENTITY, NO_DIGEST, N_BLIND };

struct compare {
	struct crd_work *w;
	struct crd_bid_match match;
	enum crd_verdict verdict; /* of what does not fit */
	bool lists_bridges;	  /* so it lists all there is */
	size_t found[CRD_HOW_MAX], extra[N_EXTRA];
	size_t n_missing, n_different, lines, more;
	struct crd_str blind[N_BLIND];
	size_t n_blind[N_BLIND];
};

static void component_of(const struct crd_bid_side *side, size_t i,
			 struct crd_component *ret_c)
{
	crd_inventory_get(side->inv, side->registry, side->parts[i].entry,
			  ret_c);
}

static void note_blind(struct compare *k, enum blind why,
		       const struct crd_component *c)
{
	if (k->n_blind[why]++ >= MAX_NAMED)
		return;
	crd_str_puts(&k->blind[why], k->blind[why].len ? ", " : "");
	crd_component_label(&k->blind[why], c);
}

/* One that does not fit; past MAX_LINES they are counted. */
static int fail(struct compare *k, const char *check, struct crd_str *component,
		struct crd_str *observed, struct crd_str *expected,
		struct crd_str *place, struct crd_str *sentence)
{
	int ret = 0;

	if (component->failed || observed->failed || expected->failed ||
	    place->failed || sentence->failed)
		ret = -ENOMEM;
	else if (k->lines++ >= MAX_LINES)
		k->more++;
	else
		ret = crd_report_add(
			k->w->report, CRD_STAGE_COMPONENTS, CRD_FAILED,
			CRD_REASON_INVENTORY, k->verdict, check,
			&(struct crd_says){
				.component = component->ptr,
				.observed = observed->ptr,
				.expected = expected->ptr,
				.place = place->ptr,
				.sentence = sentence->ptr,
				.next_step =
					"Compare the delivery with the order, and ask the supplier.",
			});
	crd_str_done(component);
	crd_str_done(observed);
	crd_str_done(expected);
	crd_str_done(place);
	crd_str_done(sentence);
	return ret;
}

static int say_missing(struct compare *k, const struct crd_component *c,
		       size_t declared, size_t missing)
{
	struct crd_str label = { 0 }, seen = { 0 }, want = { 0 };
	struct crd_str place = { 0 }, sentence = { 0 };

	crd_component_label(&label, c);
	crd_place_say(&place, k->match.declared.inv, c);
	crd_str_fmt(&seen, "%zu", declared - missing);
	crd_str_fmt(&want, "%zu", declared);
	if (declared == 1) {
		crd_str_puts(&sentence, "Missing: the bid declares the ");
		crd_component_label(&sentence, c);
		crd_str_puts(&sentence, "; it was not measured.");
	} else {
		crd_str_fmt(&sentence, "Missing: the bid declares %zu of the ",
			    declared);
		crd_component_label(&sentence, c);
		crd_str_fmt(&sentence, "; %zu were measured.",
			    declared - missing);
	}
	k->n_missing += missing;
	return fail(k, "bid-missing", &label, &seen, &want, &place, &sentence);
}

/* Does the measurer look at that bus? Its coverage says "usb: ..." if so. */
static bool bus_is_seen(const struct crd_work *w, struct crd_buf bus)
{
	struct crd_field_iter it = { w->report->coverage };
	struct crd_buf value;
	uint8_t type;

	while (crd_field_next(&it, &type, &value)) {
		if (type == CRD_F_SEEN && bus.len && value.len > bus.len &&
		    value.ptr[bus.len] == ':' &&
		    !memcmp(value.ptr, bus.ptr, bus.len))
			return true;
	}
	return false;
}

/* N_BLIND: it can, and is missing. */
static enum blind why_blind(const struct compare *k,
			    const struct crd_bid_part *p,
			    const struct crd_component *c)
{
	if (p->kind != CRD_KIND_DEVICE)
		return N_BLIND;
	if (p->vendor >= 0)
		return bus_is_seen(k->w, c->bus) ? N_BLIND : PERHAPS_UNSEEN;
	if (p->seen == CRD_SEEN_PERHAPS)
		return PERHAPS_UNSEEN;
	return p->n_vendors && p->words ? N_BLIND : NO_IDENTITY;
}

/* Of each line of the bill: how many of its parts have no mate. */
static int compare_declared(struct compare *k)
{
	const struct crd_bid_side *side = &k->match.declared;
	size_t i, from, missing;
	struct crd_component c;
	enum blind why;
	int ret = 0;

	for (from = 0; !ret && from < side->n; from = i) {
		missing = 0;
		for (i = from; i < side->n &&
			       side->parts[i].line == side->parts[from].line;
		     i++)
			missing += side->parts[i].mate == CRD_NO_MATE;
		if (!missing)
			continue;
		component_of(side, from, &c);
		why = why_blind(k, &side->parts[from], &c);
		if (why != N_BLIND)
			note_blind(k, why, &c);
		else
			ret = say_missing(k, &c, i - from, missing);
	}
	return ret;
}

/* Of what is measured besides, a bill that lists bridges lists all. */
static bool is_chipset(const struct compare *k, const struct crd_bid_part *p)
{
	uint32_t words = p->words & ~BIT(COMPOSITE);

	if (k->lists_bridges || !words)
		return false;
	if (!(words & ~CARRIERS))
		return true;
	if (!p->root_bus)
		return false;
	return !(words & ~ON_CHIP) || (words == BIT(STORAGE) &&
				       (p->class_code & 0xffff00) != 0x010800);
}

/* A further function of a card that the bill declares. */
static bool is_same_card(const struct compare *k, const struct crd_bid_part *p)
{
	const struct crd_bid_side *side = &k->match.measured;
	const struct crd_bid_part *other;
	size_t i;

	if (p->bus != 'p' || p->root_bus)
		return false;
	for (i = 0; i < side->n; i++) {
		other = &side->parts[i];
		if (other->mate != CRD_NO_MATE && other->slot == p->slot &&
		    other->bus == 'p' && other->vendor == p->vendor &&
		    (other->device == p->device || !(p->words & GATES)))
			return true;
	}
	return false;
}

static bool lists_sort(const struct compare *k, const struct crd_bid_part *p)
{
	const struct crd_bid_side *side = &k->match.declared;
	size_t i;

	for (i = 0; i < side->n; i++) {
		if (side->parts[i].kind == p->kind &&
		    side->parts[i].part == p->part &&
		    side->parts[i].smbios_type == p->smbios_type)
			return true;
	}
	return false;
}

static enum extra extra_of(const struct compare *k,
			   const struct crd_bid_part *p)
{
	if (p->kind <= CRD_KIND_FIRMWARE)
		return NOT_LISTED;
	if (p->kind == CRD_KIND_PLATFORM)
		return lists_sort(k, p) ? EXTRA : NOT_LISTED;
	if (is_same_card(k, p))
		return SAME_CARD;
	return is_chipset(k, p) ? CHIPSET : EXTRA;
}

static int say_extra(struct compare *k, const struct crd_component *c)
{
	struct crd_str label = { 0 }, seen = { 0 }, want = { 0 };
	struct crd_str place = { 0 }, sentence = { 0 };

	crd_component_label(&label, c);
	crd_place_say(&place, k->match.measured.inv, c);
	crd_str_puts(&seen, c->entity ? c->entity : "vendor unknown");
	if (c->vendor_id >= 0) {
		crd_str_puts(&seen, ", id ");
		crd_ids_say(&seen, c);
	}
	crd_str_puts(&want, "a part that the bid declares");
	crd_str_puts(&sentence, "Extra: the ");
	crd_component_label(&sentence, c);
	crd_str_fmt(&sentence,
		    " (%s) was measured; the bid does not declare it.",
		    seen.ptr ? seen.ptr : "");
	return fail(k, "bid-extra", &label, &seen, &want, &place, &sentence);
}

static int compare_measured(struct compare *k)
{
	const struct crd_bid_side *side = &k->match.measured;
	struct crd_component c;
	enum extra what;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < side->n; i++) {
		if (side->parts[i].mate != CRD_NO_MATE)
			continue;
		what = extra_of(k, &side->parts[i]);
		k->extra[what]++;
		component_of(side, i, &c);
		if (what == EXTRA)
			ret = say_extra(k, &c);
	}
	return ret;
}

static int say_different(struct compare *k, struct crd_bid_pair *pair)
{
	struct crd_str label = { 0 }, place = { 0 }, sentence = { 0 };

	k->n_different++;
	crd_component_label(&label, &pair->declared);
	crd_place_say(&place, k->match.declared.inv, &pair->declared);
	crd_str_puts(&place, "; ");
	crd_place_say(&place, k->match.measured.inv, &pair->measured);
	crd_str_puts(&sentence, "Different: the ");
	crd_component_label(&sentence, &pair->declared);
	crd_str_fmt(&sentence, " was declared with %s, and measured with %s.",
		    pair->want.ptr ? pair->want.ptr : "", pair->seen.ptr);
	return fail(k, "bid-different", &label, &pair->seen, &pair->want,
		    &place, &sentence);
}

static int compare_pair(struct compare *k, size_t i)
{
	struct crd_bid_pair pair = { .p = &k->match.declared.parts[i] };
	int ret;

	pair.q = &k->match.measured.parts[pair.p->mate];
	component_of(&k->match.declared, i, &pair.declared);
	component_of(&k->match.measured, pair.p->mate, &pair.measured);
	crd_bid_differ(&pair);
	if (pair.no_identity)
		note_blind(k, NO_IDENTITY, &pair.declared);
	if (pair.no_digest)
		note_blind(k, NO_DIGEST, &pair.declared);
	if (pair.seen.len)
		return say_different(k, &pair);
	ret = pair.seen.failed || pair.want.failed ? -ENOMEM : 0;
	crd_str_done(&pair.seen);
	crd_str_done(&pair.want);
	return ret;
}

static int compare_pairs(struct compare *k)
{
	const struct crd_bid_side *side = &k->match.declared;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < side->n; i++) {
		k->found[side->parts[i].how]++;
		if (side->parts[i].bus == 'p' &&
		    side->parts[i].words & BIT(BRIDGE))
			k->lists_bridges = true;
		if (side->parts[i].mate != CRD_NO_MATE)
			ret = compare_pair(k, i);
	}
	return ret;
}

static int say_more(struct compare *k)
{
	struct crd_str sentence = { 0 };
	int ret;

	if (!k->more)
		return 0;
	crd_str_fmt(&sentence,
		    "%zu more parts are missing, extra or different.", k->more);
	ret = crd_report_add(k->w->report, CRD_STAGE_COMPONENTS, CRD_FAILED,
			     CRD_REASON_INVENTORY, k->verdict, "bid-more",
			     &(struct crd_says){ .sentence = sentence.ptr });
	crd_str_done(&sentence);
	return ret;
}

/* Sorts that no measurer sees: not matched at all. */
static void find_never_seen(struct compare *k)
{
	struct crd_inventory_iter it = { .inventory = k->match.declared.inv,
					 .registry = k->w->in->registry };
	struct crd_component c;

	while (crd_inventory_next(&it, &c)) {
		if (crd_declared_seen(&c) == CRD_SEEN_NEVER && !c.item)
			note_blind(k, NO_SUCH_SORT, &c);
	}
}

static int say_blind(struct compare *k)
{
	static const char *const why[N_BLIND] = {
		"the measurer does not see such parts",
		"they were not found, and may be on a bus that is not measured or not plugged in",
		"the bid gives neither ids nor a maker and a model that can be compared",
		"the log has no digest of them in that hash",
	};
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < N_BLIND; i++) {
		struct crd_str sentence = { 0 };

		if (!k->n_blind[i])
			continue;
		crd_str_fmt(&sentence, "Cannot be compared, as %s: %s", why[i],
			    k->blind[i].ptr ? k->blind[i].ptr : "");
		if (k->n_blind[i] > MAX_NAMED)
			crd_str_fmt(&sentence, " and %zu more",
				    k->n_blind[i] - MAX_NAMED);
		crd_str_puts(&sentence, ".");
		ret = sentence.failed || k->blind[i].failed ?
			      -ENOMEM :
			      crd_skip(k->w, CRD_STAGE_COMPONENTS, false,
				       "bid-not-compared", sentence.ptr);
		crd_str_done(&sentence);
	}
	return ret;
}

static int say_summary(struct compare *k)
{
	const size_t *f = k->found, *e = k->extra;
	struct crd_str seen = { 0 }, sentence = { 0 };
	int ret;

	crd_str_fmt(
		&seen,
		"found by ids: %zu, by serial number: %zu, by maker and model: %zu, by a word of the model: %zu, by maker and class: %zu; missing: %zu, extra: %zu, different: %zu",
		f[CRD_HOW_IDS], f[CRD_HOW_SERIAL], f[CRD_HOW_MODEL],
		f[CRD_HOW_WORD], f[CRD_HOW_CLASS], k->n_missing, e[EXTRA],
		k->n_different);
	crd_str_fmt(
		&sentence,
		"The delivery was compared with the bid (%s). Tolerated as not listed in bids: %zu parts of the chipset, bridges, hubs and controllers; %zu further functions of declared cards; %zu parts of sorts that the bid does not list, drivers and firmware images.",
		k->w->in->bid->said, e[CHIPSET], e[SAME_CARD], e[NOT_LISTED]);
	if (seen.failed || sentence.failed)
		ret = -ENOMEM;
	else
		ret = crd_pass(k->w, CRD_STAGE_COMPONENTS, "bid",
			       &(struct crd_says){ .observed = seen.ptr,
						   .sentence = sentence.ptr });
	crd_str_done(&seen);
	crd_str_done(&sentence);
	return ret;
}

static int compare(struct compare *k)
{
	int ret = crd_bid_match(&k->match);

	if (ret == -E2BIG)
		return crd_skip(
			k->w, CRD_STAGE_COMPONENTS, true, "bid",
			"Not compared with the bid: there are too many parts.");
	if (!ret)
		ret = compare_pairs(k);
	if (!ret)
		ret = compare_declared(k);
	if (!ret)
		ret = compare_measured(k);
	if (ret)
		return ret;
	find_never_seen(k);
	ret = say_more(k);
	if (!ret)
		ret = say_blind(k);
	return ret ? ret : say_summary(k);
}

int crd_appraise_bid(struct crd_work *w)
{
	struct compare k = {
		.w = w,
		.verdict = w->in->policy->requires.bid_match ? CRD_REFUSE :
							       CRD_REFER,
	};
	unsigned int i;
	int ret;

	if (!w->in->bid && k.verdict == CRD_REFER)
		return 0;
	if (!w->in->bid)
		return crd_skip(
			w, CRD_STAGE_COMPONENTS, true, "bid",
			"The policy wants the delivery compared with its bid, but no bid was given.");
	w->report->bid_digest = w->in->bid->digest;
	ret = crd_report_name_bid(w->report, w->in->bid);
	if (ret)
		return ret;
	if (!w->replayed)
		return crd_skip(
			w, CRD_STAGE_COMPONENTS, true, "bid",
			"Not compared with the bid: what is in the machine is not proven.");
	k.match.declared.inv = &w->in->bid->inventory;
	k.match.measured.inv = &w->report->inventory;
	k.match.declared.registry = k.match.measured.registry = w->in->registry;
	ret = compare(&k);
	crd_bid_match_done(&k.match);
	for (i = 0; i < N_BLIND; i++)
		crd_str_done(&k.blind[i]);
	return ret;
}
