// SPDX-License-Identifier: Apache-2.0
/*
 * What a bill does not say in words that are understood. A rule that asks for
 * radios finds none in a "gadget"; that must not count for whoever calls it so.
 */
#include <errno.h>

#include "bid_private.h"
#include "judge.h"
#include "policy_cond.h"

enum { MAX_LINES = 64 };

#define BIT(class) (1u << CRD_CLASS_##class)
#define KEY(key)   (1ull << CRD_COND_##key)

/* The words say radio, and the number of the class does not. */
static bool hides_radio(const struct crd_component *c)
{
	uint64_t said;

	return !c->said_class && c->has_class &&
	       crd_field_u64(c->fields, CRD_DF_CLASS, &said) &&
	       said & BIT(WIRELESS) && !(crd_class_words(c) & BIT(WIRELESS));
}

uint64_t crd_declared_doubt(const struct crd_component *c)
{
	const uint64_t all = KEY(KIND) | KEY(CLASS) | KEY(PART) |
			     KEY(STRUCTURE);
	uint64_t says;

	if (c->grade != CRD_GRADE_DECLARED)
		return 0;
	if (hides_radio(c))
		return KEY(CLASS);
	if (!crd_field_u64(c->fields, CRD_DF_SAYS, &says) ||
	    (c->has_class && !c->said_class))
		return 0;
	return says == CRD_SAYS_DEVICE ? KEY(CLASS) : all;
}

/* What rules and presences ask for. */
static uint64_t keys_of(const struct crd_policy *p)
{
	uint64_t keys = 0;
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		keys |= crd_when_keys(p, p->rules[i].when);
	for (i = 0; i < p->n_presence; i++)
		keys |= crd_when_keys(p, p->presence[i].possible) |
			crd_when_keys(p, p->presence[i].certain);
	return keys;
}

static int say_one(struct crd_report *report, const struct crd_component *c)
{
	struct crd_buf word = crd_declared_text(c, CRD_DF_WORD);
	struct crd_str label = { 0 }, place = { 0 }, sentence = { 0 };
	int ret = -ENOMEM;

	crd_component_label(&label, c);
	crd_place_say(&place, &report->inventory, c);
	crd_str_puts(
		&sentence,
		"The bid does not say in words that are understood what the ");
	if (c->name.len)
		crd_str_safe(&sentence, c->name);
	else
		crd_str_puts(&sentence, "part");
	crd_str_fmt(&sentence, " of %s is",
		    report->inventory.places[c->recnum]);
	if (word.len) {
		crd_str_puts(&sentence, "; it writes \"");
		crd_str_safe(&sentence, word);
		crd_str_puts(&sentence, "\"");
	}
	crd_str_puts(&sentence,
		     ". The policy asks for that, so it cannot be cleared.");
	if (!label.failed && !place.failed && !sentence.failed)
		ret = crd_report_add(
			report, CRD_STAGE_POLICY, CRD_NOT_EVALUATED,
			CRD_REASON_NONE, CRD_REFER, "bid-not-understood",
			&(struct crd_says){
				.component = label.ptr,
				.place = place.ptr,
				.sentence = sentence.ptr,
				.expected =
					"a class or part that policies/README.md lists under Bids",
				.next_step =
					"Ask the bidder to name the class of this part, such as wireless, network or storage.",
			});
	crd_str_done(&label);
	crd_str_done(&place);
	crd_str_done(&sentence);
	return ret;
}

static int say_more(struct crd_report *report, size_t n)
{
	struct crd_str sentence = { 0 };
	int ret = -ENOMEM;

	crd_str_fmt(&sentence,
		    "%zu more %s not say in words that are understood what %s.",
		    n, n == 1 ? "line does" : "lines do",
		    n == 1 ? "it lists" : "they list");
	if (!sentence.failed)
		ret = crd_report_add(
			report, CRD_STAGE_POLICY, CRD_NOT_EVALUATED,
			CRD_REASON_NONE, CRD_REFER, "bid-not-understood",
			&(struct crd_says){ .sentence = sentence.ptr });
	crd_str_done(&sentence);
	return ret;
}

int crd_bid_say_doubts(struct crd_work *w)
{
	struct crd_inventory_iter it = { .inventory = &w->report->inventory,
					 .registry = w->in->registry };
	uint64_t keys = keys_of(w->in->policy);
	struct crd_component c;
	size_t n = 0;
	int ret = 0;

	while (!ret && crd_inventory_next(&it, &c)) {
		/* once for a line, whatever its quantity */
		if (c.item || !(crd_declared_doubt(&c) & keys))
			continue;
		if (n++ < MAX_LINES)
			ret = say_one(w->report, &c);
	}
	return ret || n <= MAX_LINES ? ret : say_more(w->report, n - MAX_LINES);
}
