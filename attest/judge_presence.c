// SPDX-License-Identifier: Apache-2.0
/*
 * Components that must be there, and that must not be too many. A component
 * counts once: a USB device with its interfaces. What is gone, failed, or came
 * after the quote counts against, never for; and that something is not there
 * counts only where the measurer says that it would have seen it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "credence.h"
#include "judge.h"
#include "policy_cond.h"
#include "policy_joined.h"

/* Past these the rest is counted only. */
enum { MAX_SHOWN = 8, MAX_WORDS = 16 };

/* What was found of one of them. */
struct crd_found {
	uint64_t certain, possible;
	uint64_t unclear; /* declared, in words that are not understood */
	uint32_t shown[MAX_SHOWN]; /* entries, certain or possible */
	unsigned int n_shown;
	uint8_t *seen; /* by entry: what of it was counted */
};

enum { SEEN_CERTAIN = 1, SEEN_POSSIBLE = 2 };

int crd_presence_start(struct crd_judge *j)
{
	const struct crd_policy *p = j->policy;
	size_t i, n = j->w->report->inventory.n_entries;

	if (!p->n_presence)
		return 0;
	j->found = calloc(p->n_presence, sizeof(*j->found));
	if (!j->found)
		return -ENOMEM;
	for (i = 0; i < p->n_presence; i++) {
		j->found[i].seen = calloc(n + 1, 1);
		if (!j->found[i].seen)
			return -ENOMEM;
	}
	return 0;
}

void crd_presence_done(struct crd_judge *j)
{
	size_t i;

	for (i = 0; j->found && i < j->policy->n_presence; i++)
		free(j->found[i].seen);
	free(j->found);
	j->found = NULL;
}

static void count(struct crd_found *f, uint32_t root, uint32_t entry,
		  uint8_t as, uint64_t *ret_count)
{
	if (f->seen[root] & as)
		return;
	if (!f->seen[root] && f->n_shown < MAX_SHOWN)
		f->shown[f->n_shown++] = entry;
	f->seen[root] |= as;
	++*ret_count;
}

static uint64_t keys_of(const struct crd_policy *p,
			const struct crd_presence *want)
{
	return want->has_most ? crd_when_keys(p, want->possible) :
				crd_when_keys(p, want->certain);
}

void crd_presence_note(struct crd_judge *j)
{
	const uint32_t lost = CRD_FLAG_NOT_COVERED | CRD_FLAG_GONE |
			      CRD_FLAG_FAILED;
	const struct crd_component *c = j->m.c;
	const struct crd_policy *p = j->policy;
	uint64_t doubt = crd_declared_doubt(c);
	uint32_t root;
	size_t i;

	if (!p->n_presence)
		return;
	root = crd_device_root(&j->w->report->inventory, c->entry);
	for (i = 0; i < p->n_presence; i++) {
		const struct crd_presence *want = &p->presence[i];
		struct crd_found *f = &j->found[i];
		bool unclear = doubt & keys_of(p, want);

		f->unclear += unclear;
		if (want->has_most &&
		    crd_matcher_holds(&j->m, want->possible, false))
			count(f, root, c->entry, SEEN_POSSIBLE, &f->possible);
		if (want->least && !(c->flags & lost) && !unclear &&
		    crd_matcher_holds(&j->m, want->certain, true))
			count(f, root, c->entry, SEEN_CERTAIN, &f->certain);
	}
}

/* --- what the measurer must see, for nothing to be nothing --- */

struct words {
	struct crd_buf word[MAX_WORDS];
	unsigned int n;
};

static void add_word(struct words *w, struct crd_buf word)
{
	if (w->n < MAX_WORDS)
		w->word[w->n++] = word;
}

/* The buses that it names; else all that a measurer can see. */
static void add_buses(struct words *w, const struct crd_policy *p,
		      const struct crd_cond *bus)
{
	unsigned int before = w->n;
	uint32_t i;

	for (i = 0; bus && !bus->negate && i < bus->n; i++) {
		if (p->values[bus->first + i].how != CRD_HOW_IS)
			break;
		add_word(w, p->values[bus->first + i].text);
	}
	if (bus && !bus->negate && !bus->unknown && bus->n && i == bus->n)
		return;
	w->n = before;
	add_word(w, crd_buf_of("pci"));
	add_word(w, crd_buf_of("usb"));
}

static uint64_t bits_of(const struct crd_cond *cond)
{
	return cond->negate ? ~cond->mask : cond->mask;
}

static void add_parts(struct words *w, uint64_t parts)
{
	static const struct {
		unsigned int part;
		const char *word;
	} rows[] = {
		{ CRD_PART_SMBIOS, "smbios" },
		{ CRD_PART_SMBIOS_TABLE, "smbios" },
		{ CRD_PART_ACPI, "acpi" },
		{ CRD_PART_ESRT, "esrt" },
		{ CRD_PART_CPU, "cpu" },
		{ CRD_PART_TPM, "tpm" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (parts >> rows[i].part & 1)
			add_word(w, crd_buf_of(rows[i].word));
	}
}

/* By the kinds of components for which all of the conditions can hold. */
static struct words words_for(const struct crd_policy *p, struct crd_when when)
{
	const struct crd_cond *cond = &p->conds[when.first], *bus = NULL;
	uint64_t kinds = (1u << CRD_KIND_MAX) - 1, parts = UINT64_MAX;
	struct words w = { .n = 0 };
	uint32_t i;

	for (i = 0; i < when.n; i++) {
		kinds &= crd_cond_specs[cond[i].key].kinds;
		if (cond[i].key == CRD_COND_KIND)
			kinds &= bits_of(&cond[i]);
		else if (cond[i].key == CRD_COND_PART)
			parts &= bits_of(&cond[i]);
		else if (cond[i].key == CRD_COND_STRUCTURE)
			parts &= 1u << CRD_PART_SMBIOS;
		else if (cond[i].key == CRD_COND_BUS)
			bus = &cond[i];
	}
	if (kinds >> CRD_KIND_DEVICE & 1)
		add_buses(&w, p, bus);
	if (kinds >> CRD_KIND_DRIVER & 1)
		add_word(&w, crd_buf_of("modules"));
	if (kinds >> CRD_KIND_FIRMWARE & 1)
		add_word(&w, crd_buf_of("firmware"));
	if (kinds >> CRD_KIND_PLATFORM & 1)
		add_parts(&w, parts);
	return w;
}

static bool has_word(struct crd_buf fields, uint8_t want, struct crd_buf word)
{
	struct crd_field_iter it = { fields };
	struct crd_buf value;
	uint8_t type;

	while (crd_field_next(&it, &type, &value)) {
		if (type == want && value.len > word.len &&
		    value.ptr[word.len] == ':' &&
		    !memcmp(value.ptr, word.ptr, word.len))
			return true;
	}
	return false;
}

/* Does a record say so? SEEN counts if the quote covers it, NOT_SEEN always. */
static bool is_said(const struct crd_inventory *inv, uint8_t type,
		    struct crd_buf word)
{
	const struct crd_entry *e = inv->entries;
	const struct crd_entry *end = e + inv->n_entries;

	for (; e < end; e++) {
		if (e->event == CRD_EV_COVERAGE &&
		    (type == CRD_F_NOT_SEEN ||
		     !(e->flags & CRD_FLAG_NOT_COVERED)) &&
		    has_word(crd_entry_fields(inv, e), type, word))
			return true;
	}
	return false;
}

/* "pci, usb": what it would have to see, and does not; "": all of it. */
static void say_unseen(struct crd_str *str, const struct crd_judge *j,
		       struct crd_when when)
{
	const struct crd_inventory *inv = &j->w->report->inventory;
	const struct words w = words_for(j->policy, when);
	const char *sep = "";
	unsigned int i;

	/* a bid declares all that there will be */
	if (inv->source)
		return;
	for (i = 0; i < w.n; i++) {
		if (is_said(inv, CRD_F_SEEN, w.word[i]))
			continue;
		crd_str_puts(str, sep);
		crd_str_safe(str, w.word[i]);
		sep = ", ";
	}
	if (is_said(inv, CRD_F_NOT_SEEN, crd_buf_of("snapshot")))
		crd_str_fmt(str, "%sall that was there at the start", sep);
}

/* --- findings --- */

static void say_when(struct crd_str *str, const struct crd_judge *j,
		     struct crd_when when)
{
	uint32_t i;

	for (i = 0; i < when.n; i++) {
		if (i)
			crd_str_puts(str, i + 1 == when.n ? " and " : ", ");
		crd_cond_say(str, j->policy, &j->policy->conds[when.first + i]);
	}
}

static void say_bounds(struct crd_str *str, const struct crd_presence *want)
{
	if (want->has_most && !want->most)
		crd_str_puts(str, "none");
	else if (want->has_most && want->most == want->least)
		crd_str_fmt(str, "exactly %" PRIu32, want->least);
	else if (want->has_most && want->least)
		crd_str_fmt(str, "%" PRIu32 " to %" PRIu32, want->least,
			    want->most);
	else if (want->has_most)
		crd_str_fmt(str, "at most %" PRIu32, want->most);
	else
		crd_str_fmt(str, "at least %" PRIu32, want->least);
}

static void say_found(struct crd_str *seen, struct crd_str *place,
		      const struct crd_judge *j,
		      const struct crd_presence *want,
		      const struct crd_found *f)
{
	const struct crd_inventory *inv = &j->w->report->inventory;
	uint64_t all = want->has_most ? f->possible : f->certain;
	struct crd_component c;
	unsigned int i;

	crd_str_fmt(seen, "%" PRIu64, all);
	if (want->has_most && want->least && f->certain != f->possible)
		crd_str_fmt(seen, ", %" PRIu64 " of them for certain",
			    f->certain);
	for (i = 0; i < f->n_shown; i++) {
		crd_inventory_get(inv, j->m.registry, f->shown[i], &c);
		crd_str_puts(seen, i ? ", " : ": ");
		crd_component_label(seen, &c);
		crd_str_puts(place, i ? ", " : "");
		crd_place_say(place, inv, &c);
	}
	if (f->n_shown == MAX_SHOWN && all > MAX_SHOWN)
		crd_str_puts(seen, " and more");
}

/* What is wrong, if anything is, in the order in which it counts. */
static enum crd_outcome say_outcome(struct crd_str *sentence,
				    struct crd_judge *j,
				    const struct crd_presence *want,
				    const struct crd_found *f)
{
	bool many = want->has_most && f->possible > want->most;
	struct crd_str unseen = { 0 };
	enum crd_outcome outcome = CRD_FAILED;

	crd_str_puts(sentence, "Of components with ");
	say_when(sentence, j, want->has_most ? want->possible : want->certain);
	crd_str_puts(sentence, " the policy wants ");
	say_bounds(sentence, want);
	if (want->has_most)
		say_unseen(&unseen, j, want->possible);
	if (many) {
		crd_str_fmt(sentence, ", and there are %" PRIu64 ".",
			    f->possible);
	} else if (f->certain < want->least) {
		crd_str_fmt(sentence, ", and of %" PRIu64 " it is certain.",
			    f->certain);
	} else if (unseen.len) {
		crd_str_fmt(
			sentence,
			", which could not be checked: the measurer does not say that it sees %s.",
			unseen.ptr);
		outcome = CRD_NOT_EVALUATED;
	} else if (want->has_most && f->unclear) {
		crd_str_fmt(
			sentence,
			", which could not be checked: the bid does not say in words that are understood what %" PRIu64
			" %s.",
			f->unclear, f->unclear == 1 ? "part is" : "parts are");
		outcome = CRD_NOT_EVALUATED;
	} else {
		crd_str_puts(sentence, ", and so it is.");
		outcome = CRD_PASSED;
	}
	sentence->failed |= unseen.failed;
	crd_str_done(&unseen);
	if (outcome != CRD_PASSED)
		crd_str_fmt(sentence, " %s", crd_hit_text(j, want->because));
	return outcome;
}

/* A waiver makes it as good as passed; one that does not is told. */
struct exception {
	const struct crd_waiver *waiver, *lapsed; /* NULL: none */
};

static struct exception find_exception(struct crd_str *sentence,
				       const struct crd_judge *j,
				       const struct crd_presence *want,
				       enum crd_outcome outcome)
{
	uint32_t index = (uint32_t)(want - j->policy->presence);
	enum crd_waiver_lack why = CRD_WAIVER_ENDED;
	struct exception e = { NULL, NULL };

	if (outcome == CRD_PASSED)
		return e;
	e.waiver = crd_matcher_presence_waiver(&j->m, index);
	if (e.waiver) {
		crd_waiver_say(sentence, j, e.waiver);
		return e;
	}
	e.lapsed = crd_matcher_presence_lapsed(&j->m, index, &why);
	crd_lapsed_say(sentence, e.lapsed, why);
	return e;
}

static const char *id_of(const struct crd_waiver *waiver)
{
	return waiver ? waiver->id : NULL;
}

/* The bidder must say more: that alone is no reason to refuse. */
static bool is_unclear(const struct crd_found *f, enum crd_outcome outcome)
{
	return outcome == CRD_NOT_EVALUATED && f->unclear;
}

static const char *next_step(const struct crd_judge *j,
			     const struct crd_presence *want,
			     const struct crd_found *f,
			     enum crd_outcome outcome, bool waived)
{
	const char *advice = crd_hit_text(j, want->advice);

	if (outcome == CRD_PASSED)
		return NULL;
	if (advice || waived)
		return advice;
	if (is_unclear(f, outcome))
		return "Ask the bidder to name the class of each part.";
	return want->then == CRD_REFUSE ?
		       "Put right what is missing or too much, restart and measure again." :
		       "Ask the person who decides for this site.";
}

static int say_one(struct crd_judge *j, const struct crd_presence *want,
		   const struct crd_found *f)
{
	struct crd_str seen = { 0 }, place = { 0 }, expected = { 0 };
	struct crd_str sentence = { 0 };
	enum crd_outcome found, outcome;
	struct exception except;
	int ret = -ENOMEM;

	found = say_outcome(&sentence, j, want, f);
	except = find_exception(&sentence, j, want, found);
	outcome = except.waiver ? CRD_PASSED : found;
	say_found(&seen, &place, j, want, f);
	say_bounds(&expected, want);
	crd_str_puts(&expected, " with ");
	say_when(&expected, j, want->has_most ? want->possible : want->certain);
	if (!seen.failed && !place.failed && !expected.failed &&
	    !sentence.failed)
		ret = crd_report_add(
			j->w->report, CRD_STAGE_POLICY, outcome,
			outcome == CRD_FAILED ? CRD_REASON_POLICY_RULE :
						CRD_REASON_NONE,
			outcome == CRD_PASSED  ? CRD_ADMIT :
			is_unclear(f, outcome) ? CRD_REFER :
						 want->then,
			want->id,
			&(struct crd_says){
				.observed = seen.ptr,
				.expected = expected.ptr,
				.place = place.ptr,
				.sentence = sentence.ptr,
				.next_step = next_step(j, want, f, found,
						       except.waiver),
				.waiver = id_of(except.waiver),
				.lapsed = id_of(except.lapsed),
			});
	crd_str_done(&seen);
	crd_str_done(&place);
	crd_str_done(&expected);
	crd_str_done(&sentence);
	return ret;
}

static int id_order(const void *a, const void *b, void *ctx)
{
	const struct crd_presence *all = ctx;

	return strcmp(all[*(const size_t *)a].id, all[*(const size_t *)b].id);
}

static bool is_short(const struct crd_presence *want, const struct crd_found *f)
{
	return f->certain < want->least &&
	       !(want->has_most && f->possible > want->most);
}

/* By id, not by their place in the file. */
int crd_presence_say(struct crd_judge *j)
{
	bool partial = j->w->report->inventory.partial;
	const struct crd_policy *p = j->policy;
	size_t i, order[POL_MAX_PRESENCE];
	int ret = 0;

	for (i = 0; i < p->n_presence; i++)
		order[i] = i;
	if (p->n_presence)
		qsort_r(order, p->n_presence, sizeof(*order), id_order,
			p->presence);
	for (i = 0; !ret && i < p->n_presence; i++) {
		if (partial &&
		    is_short(&p->presence[order[i]], &j->found[order[i]]))
			continue;
		ret = say_one(j, &p->presence[order[i]], &j->found[order[i]]);
	}
	return ret;
}
