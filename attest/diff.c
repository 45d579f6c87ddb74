// SPDX-License-Identifier: Apache-2.0
/*
 * Two machines, component by component: what pairs, what differs in a pair,
 * what is on one side only. How components pair is a list of rules, tried one
 * after the other; see pair_by.
 */
#include "diff_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "credence.h"
#include "pair.h"

/*
 * The same content elsewhere is a thing that moved; another content in the
 * same place is a thing that was exchanged: so content comes before place.
 */
enum pair_by {
	BY_ALL,		   /* content, serial number, place */
	BY_CONTENT_SERIAL, /* that very part, elsewhere */
	BY_CONTENT_PLACE,  /* one like it, in its place */
	BY_CONTENT,	   /* one like it */
	BY_ID_SERIAL,	   /* that very part, says something else */
	BY_ID_PLACE,	   /* the same model in its place */
	BY_ID,		   /* the same model or name */
	BY_PLACE,	   /* whatever is there now */
	BY_STEM,	   /* a name with other numbers */
	BY_SORT,	   /* of what a machine has one of */
	N_PAIR_BY
};

static bool is_single(const struct crd_thing *thing)
{
	return thing->sort == CRD_SORT_START || thing->sort == CRD_SORT_TABLE ||
	       thing->sort == CRD_SORT_CPU || thing->sort == CRD_SORT_TPM ||
	       (thing->sort == CRD_SORT_SMBIOS && thing->type <= 3);
}

static void put(struct crd_pair_key *key, unsigned int at,
		const struct crd_tag *tag)
{
	memcpy(key->bytes + CRD_TAG * at, tag->bytes, CRD_TAG);
}

static bool key_of(const void *side, size_t item, unsigned int rule,
		   struct crd_pair_key *key)
{
	const struct crd_things *things = side;
	const struct crd_thing *t = &things->things[item];

	key->bytes[0] = t->sort;
	key->bytes[1] = t->type;
	switch (rule) {
	case BY_ALL:
		put(key, 2, &t->serial);
		put(key, 3, &t->place);
		break;
	case BY_CONTENT_SERIAL:
	case BY_ID_SERIAL:
		put(key, 2, &t->serial);
		break;
	case BY_CONTENT_PLACE:
	case BY_ID_PLACE:
		put(key, 3, &t->place);
		break;
	case BY_PLACE:
		put(key, 3, &t->place);
		return t->has_place;
	case BY_STEM:
		put(key, 1, &t->stem);
		return t->has_stem;
	case BY_SORT:
		return is_single(t);
	default:
		break;
	}
	put(key, 1, rule >= BY_ID_SERIAL ? &t->id : &t->content);
	return t->has_serial ||
	       (rule != BY_CONTENT_SERIAL && rule != BY_ID_SERIAL);
}

/* Those past the quote stand last. */
static size_t covered(const struct crd_things *things)
{
	size_t n = things->n;

	while (n && things->things[n - 1].uncovered)
		n--;
	return n;
}

static const struct crd_thing *first_of(const struct crd_things *things,
					enum crd_sort sort)
{
	size_t i;

	for (i = 0; i < things->n; i++) {
		if (things->things[i].sort == sort && !things->things[i].type)
			return &things->things[i];
	}
	return NULL;
}

/* By two traits, of which one may tell what the other does not. */
static enum crd_age age_by(const struct crd_diffing *d, enum crd_sort sort,
			   enum crd_trait_what one, enum crd_trait_what two)
{
	const struct crd_difference pair = {
		.before = first_of(&d->before, sort),
		.after = first_of(&d->after, sort),
	};

	if (!pair.before || !pair.after)
		return pair.before || pair.after ? CRD_OTHER_AGE : CRD_SAME_AGE;
	return crd_age_both(crd_trait_age(&d->view, &pair, one),
			    crd_trait_age(&d->view, &pair, two));
}

static int tag_order(const void *a, const void *b)
{
	return memcmp(a, b, CRD_TAG);
}

/* Who signed the drivers that were there: with its key, and by name alone. */
static int gather_signers(struct crd_diffing *d)
{
	struct crd_change_view *v = &d->view;
	size_t i;

	v->signers = malloc((2 * d->n_before + 1) * sizeof(*v->signers));
	if (!v->signers)
		return -ENOMEM;
	for (i = 0; i < d->n_before; i++) {
		const struct crd_thing *t = &d->before.things[i];

		if (t->sort != CRD_SORT_DRIVER)
			continue;
		v->n_signers += crd_signer_tag(&d->before, t, false,
					       &v->signers[v->n_signers]);
		v->n_signers += crd_signer_tag(&d->before, t, true,
					       &v->signers[v->n_signers]);
	}
	if (v->n_signers)
		qsort(v->signers, v->n_signers, sizeof(*v->signers), tag_order);
	return 0;
}

static int prepare(struct crd_diffing *d, const struct crd_attester *before,
		   const struct crd_attester *after, unsigned int flags)
{
	bool other = flags & CRD_DIFF_OTHER_MACHINE;
	int ret;

	d->view.before = &d->before;
	d->view.after = &d->after;
	d->view.other_machine = other;
	ret = crd_things_of(before, other, &d->before);
	if (!ret)
		ret = crd_things_of(after, other, &d->after);
	if (ret)
		return ret;
	d->n_before = covered(&d->before);
	d->n_after = covered(&d->after);
	d->diff->n_uncovered = d->after.n - d->n_after;
	d->view.kernel =
		age_by(d, CRD_SORT_START, CRD_T_KERNEL, CRD_T_KERNEL_BUILD);
	d->view.board = age_by(d, CRD_SORT_SMBIOS, CRD_T_DATE, CRD_T_VERSION);
	ret = gather_signers(d);
	d->to_after = malloc((d->n_before + 1) * sizeof(*d->to_after));
	d->to_before = malloc((d->n_after + 1) * sizeof(*d->to_before));
	d->drafts = calloc(d->before.n + d->after.n + 1, sizeof(*d->drafts));
	if (ret || !d->to_after || !d->to_before || !d->drafts)
		return -ENOMEM;
	return crd_pair(&d->before, d->n_before, &d->after, d->n_after,
			N_PAIR_BY, key_of, d->to_after, d->to_before);
}

static void tolerate(struct crd_diffing *d, enum crd_change_rule rule)
{
	d->tolerated[rule]++;
}

/* Its text, unless it says nothing. */
static struct crd_buf said(const struct crd_things *things,
			   const struct crd_trait *trait)
{
	if (!trait || trait->role == CRD_ROLE_VOID)
		return (struct crd_buf){ NULL, 0 };
	return crd_trait_text(things, trait);
}

static bool both_void(const struct crd_trait *a, const struct crd_trait *b)
{
	return a && b && a->role == CRD_ROLE_VOID && b->role == CRD_ROLE_VOID;
}

/* What a trait of a pair comes to; NONE: it is alike. */
static enum crd_change_rule compare(const struct crd_diffing *d,
				    struct crd_difference *diff)
{
	const struct crd_trait *a =
		crd_trait_of(&d->before, diff->before, diff->what);
	const struct crd_trait *b =
		crd_trait_of(&d->after, diff->after, diff->what);

	if (!a && !b)
		return CRD_RULE_NONE;
	if (both_void(a, b)) {
		diff->role = CRD_ROLE_VOID;
		return crd_buf_equal(crd_trait_text(&d->before, a),
				     crd_trait_text(&d->after, b)) ?
			       CRD_RULE_NONE :
			       CRD_RULE_PLACEHOLDER;
	}
	diff->old = said(&d->before, a);
	diff->new = said(&d->after, b);
	if (!diff->old.ptr && !diff->new.ptr)
		return CRD_RULE_NONE;
	diff->role = diff->new.ptr ? b->role : a->role;
	if (diff->old.ptr &&
	    diff->new.ptr &&crd_buf_equal(diff->old, diff->new))
		return CRD_RULE_NONE;
	return crd_rule_of_trait(&d->view, diff);
}

static char *copy(struct crd_buf text)
{
	struct crd_str str = { 0 };

	crd_str_add(&str, (const char *)text.ptr, text.len);
	return crd_str_take(&str);
}

static int add_detail(struct crd_change *c, const struct crd_difference *diff,
		      enum crd_change_rule rule)
{
	const struct crd_rule_says *says = crd_rule_says(rule);
	struct crd_change_detail *more, *detail;

	more = realloc(c->details, (c->n_details + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	c->details = more;
	detail = &more[c->n_details++];
	*detail = (struct crd_change_detail){ crd_trait_name(diff->what),
					      says->id, says->class, NULL,
					      NULL };
	if (diff->old.ptr)
		detail->before = copy(diff->old);
	if (diff->new.ptr)
		detail->after = copy(diff->new);
	return (diff->old.ptr && !detail->before) ||
			       (diff->new.ptr && !detail->after) ?
		       -ENOMEM :
		       0;
}

/* The most suspicious decides; of two alike, the earlier, but where it sits. */
static void judge(struct crd_draft *draft, enum crd_change_rule rule)
{
	const struct crd_rule_says *says = crd_rule_says(rule);

	if (draft->change.rule && says->class <= draft->change.class &&
	    !(rule == CRD_RULE_SLOT && says->class == draft->change.class))
		return;
	draft->change.rule = says->id;
	draft->change.because = says->because;
	draft->change.class = says->class;
}

static bool is_replaced(const struct crd_difference *diff,
			enum crd_change_rule rule)
{
	return rule == CRD_RULE_LIKE_FOR_LIKE ||
	       (diff->role == CRD_ROLE_ID &&
		diff->after->sort != CRD_SORT_FIRMWARE &&
		diff->after->sort != CRD_SORT_START);
}

/* All that differs in a pair. A pair that is only tolerated is no change. */
static int compare_pair(struct crd_diffing *d, const struct crd_thing *before,
			const struct crd_thing *after)
{
	struct crd_draft *draft = &d->drafts[d->n_drafts];
	bool moved = false, replaced = false;
	enum crd_change_rule rule;
	unsigned int what;
	int ret = 0;

	draft->before = before;
	draft->after = after;
	for (what = 0; !ret && what < CRD_T_MAX; what++) {
		struct crd_difference diff = { .before = before,
					       .after = after,
					       .what = what };

		rule = compare(d, &diff);
		if (rule == CRD_RULE_NONE)
			continue;
		judge(draft, rule);
		moved |= rule == CRD_RULE_SLOT;
		replaced |= is_replaced(&diff, rule);
		if (crd_rule_says(rule)->class == CRD_CHANGE_TOLERATED)
			tolerate(d, rule);
		if (crd_rule_says(rule)->class != CRD_CHANGE_TOLERATED ||
		    rule == CRD_RULE_SLOT)
			ret = add_detail(&draft->change, &diff, rule);
	}
	if (draft->change.n_details)
		d->n_drafts++;
	else
		memset(draft, 0, sizeof(*draft));
	draft->change.kind = replaced ? CRD_CHANGE_REPLACED :
			     moved    ? CRD_CHANGE_MOVED :
					CRD_CHANGE_CHANGED;
	return ret;
}

static int compare_pairs(struct crd_diffing *d)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < d->n_after; i++) {
		if (d->to_before[i] == CRD_UNPAIRED)
			continue;
		d->diff->n_compared++;
		ret = compare_pair(d, &d->before.things[d->to_before[i]],
				   &d->after.things[i]);
	}
	return ret;
}

static void add_one_sided(struct crd_diffing *d, const struct crd_thing *before,
			  const struct crd_thing *after,
			  enum crd_change_kind kind, enum crd_change_rule rule)
{
	struct crd_draft *draft = &d->drafts[d->n_drafts++];

	draft->before = before;
	draft->after = after;
	draft->change.kind = kind;
	judge(draft, rule);
}

static void find_removed(struct crd_diffing *d)
{
	size_t i;

	for (i = 0; i < d->n_before; i++) {
		const struct crd_thing *t = &d->before.things[i];

		if (d->to_after[i] == CRD_UNPAIRED)
			add_one_sided(d, t, NULL, CRD_CHANGE_REMOVED,
				      crd_rule_of_removed(&d->view, t));
	}
}

static void find_added(struct crd_diffing *d)
{
	enum crd_change_rule rule;
	size_t i;

	for (i = 0; i < d->after.n; i++) {
		const struct crd_thing *t = &d->after.things[i];
		bool like;

		if (i < d->n_after ? d->to_before[i] != CRD_UNPAIRED :
				     crd_diffing_knows(d, t))
			continue;
		rule = crd_rule_of_added(&d->view, t);
		like = crd_diffing_has_like(d, t);
		if (crd_diffing_serial_twice(d, t))
			rule = CRD_RULE_SERIAL_TWICE;
		add_one_sided(d, NULL, t,
			      like ? CRD_CHANGE_DOUBLED : CRD_CHANGE_ADDED,
			      rule);
	}
}

static void diffing_done(struct crd_diffing *d)
{
	size_t i;

	for (i = 0; i < d->n_drafts; i++)
		crd_change_done(&d->drafts[i].change);
	free(d->drafts);
	free(d->view.signers);
	free(d->to_after);
	free(d->to_before);
	free(d->like);
	free(d->contents);
	crd_things_done(&d->before);
	crd_things_done(&d->after);
}

int crd_diff_new(const struct crd_attester *before,
		 const struct crd_attester *after, unsigned int flags,
		 struct crd_diff **ret_diff)
{
	struct crd_diffing d = { .diff = calloc(1, sizeof(*d.diff)) };
	int ret = d.diff ? prepare(&d, before, after, flags) : -ENOMEM;

	if (!ret)
		ret = compare_pairs(&d);
	if (!ret)
		ret = crd_diffing_index(&d);
	if (!ret) {
		find_removed(&d);
		find_added(&d);
		crd_diffing_find_swaps(&d);
		ret = crd_diffing_finish(&d);
	}
	diffing_done(&d);
	if (ret)
		crd_diff_free(&d.diff);
	else
		*ret_diff = d.diff;
	return ret;
}
