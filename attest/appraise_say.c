// SPDX-License-Identifier: Apache-2.0
/*
 * Why a rule holds for a component, in words. One phrase a condition, joined
 * to a sentence that begins with "The driver hinic" and ends with the reason
 * that the policy's author gave.
 */
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "credence.h"
#include "policy_joined.h"

static const char *const flag_phrases[] = {
	"carries no signature",
	"carries a signature that the kernel did not verify",
	"does not come with the kernel's own sources",
	"has a licence that keeps its source closed",
	"is of staging quality, by the kernel's own word",
	"was loaded without its contents being seen",
	"was there before the measurer started",
	"is built into the kernel",
	"was loaded from memory, not from a file",
	"was tried, but failed to load",
	"was forced past the kernel's version checks",
	"was recorded after the TPM signed",
	"was recorded after the fact, as the TPM slept",
	"left the machine again",
	"came to a port that held another device before",
	"gives the serial number of another device that was there at the time",
	"is contradicted by another source of this log",
	"sits outside the machine, or can be pulled out",
	"was loaded into the firmware's tables at run time",
	"names a maker in letters that only look like the right ones",
};

/* "A", "A and B", "A, B and C": called for each in turn. */
static void join(struct crd_str *str, unsigned int i, unsigned int n)
{
	if (i)
		crd_str_puts(str, i + 1 == n ? " and " : ", ");
}

static unsigned int bits(uint64_t word)
{
	return (unsigned int)__builtin_popcountll(word);
}

static void why_flags(struct crd_str *str, const struct crd_matcher *m,
		      const struct crd_cond *cond)
{
	uint64_t set = m->c->flags & cond->mask;
	unsigned int bit, i = 0, n = bits(set);

	if (cond->negate) {
		crd_str_puts(str, "has none of these marks: ");
		crd_flags_say(str, (uint32_t)cond->mask);
		return;
	}
	for (bit = 0; bit < sizeof(flag_phrases) / sizeof(*flag_phrases);
	     bit++) {
		if (!(set >> bit & 1))
			continue;
		join(str, i++, n);
		crd_str_puts(str, flag_phrases[bit]);
	}
}

static void why_digest(struct crd_str *str, const struct crd_matcher *m,
		       const struct crd_cond *cond)
{
	unsigned int list, i = 0, n = bits(cond->mask);

	if (!m->c->digest.alg) {
		crd_str_puts(str, "has contents that nobody saw");
		return;
	}
	crd_str_fmt(str, "has contents that are %s ",
		    cond->negate ? "not on the list" : "on the list");
	for (list = 0; list < POL_MAX_LISTS; list++) {
		if (!(cond->mask >> list & 1))
			continue;
		if (i)
			crd_str_puts(str, i + 1 == n ? " or " : ", ");
		i++;
		crd_str_puts(str, m->policy->lists[list].id);
	}
}

/* The text itself, as the component gives it. */
static void why_text(struct crd_str *str, const struct crd_matcher *m,
		     const struct crd_cond *cond)
{
	const char *name = cond->key == CRD_COND_RELEASED ?
				   "release date" :
				   crd_cond_name(cond->key);
	struct crd_buf text = m->text[cond->key];

	if (cond->key == CRD_COND_AUTHOR)
		text = m->authors[0];
	if (!text.ptr || (cond->key == CRD_COND_AUTHOR && !m->c->n_authors)) {
		crd_str_fmt(str, "gives no %s", name);
		return;
	}
	crd_str_fmt(str, "has the %s \"", name);
	crd_str_safe(str, text);
	crd_str_puts(str, "\"");
}

static void why_lists(struct crd_str *str, const struct crd_matcher *m,
		      const struct crd_cond *cond)
{
	uint64_t lists = cond->negate ? cond->mask :
					m->component_lists & cond->mask;
	unsigned int list, i = 0, n = bits(lists);

	crd_str_fmt(str, "is %s the component list ",
		    cond->negate ? "not on" : "on");
	for (list = 0; list < POL_MAX_COMPONENT_LISTS; list++) {
		if (!(lists >> list & 1))
			continue;
		join(str, i++, n);
		crd_str_puts(str, m->policy->component_lists[list].id);
	}
}

static void why_grade(struct crd_str *str, const struct crd_matcher *m)
{
	if (!m->registry || !m->c->n_vendors) {
		crd_str_puts(str, "has a maker who is not known");
		return;
	}
	crd_str_fmt(str, "has a maker who is known by a statement of grade %s",
		    crd_grade_name(m->c->grade));
	if (m->c->n_strangers)
		crd_str_puts(str, ", and another who is not known");
}

/* Of the machine and what it is for. */
static void why_machine(struct crd_str *str, const struct crd_matcher *m,
			const struct crd_cond *cond)
{
	static const char *const phrases[CRD_COND_MAX] = {
		[CRD_COND_KERNEL] = "is in a machine with the kernel ",
		[CRD_COND_SITE] = "is in a machine for the site ",
		[CRD_COND_DESTINATION] = "is in a machine that goes to ",
		[CRD_COND_PURPOSE] = "is in a machine for the purpose ",
	};
	struct crd_buf text = m->text[cond->key];

	if (cond->key == CRD_COND_DESTINATION)
		text = crd_buf_of(m->context.destination);
	if (!text.ptr) {
		crd_str_fmt(str, "is in a machine whose %s was not told",
			    crd_cond_name(cond->key));
		return;
	}
	crd_str_puts(str, phrases[cond->key]);
	crd_str_safe(str, text);
}

/* "is driven by the driver hinic, which carries no signature" */
static void why_joined(struct crd_str *str, const struct crd_matcher *m,
		       const struct crd_cond *cond)
{
	static const char *const verbs[] = { "is driven by", "runs", "serves" };
	const char *what = crd_cond_name(cond->key);
	uint32_t entry = crd_joined_witness(m, cond);
	struct crd_matcher other = *m;
	struct crd_component c;

	if (entry == CRD_NO_ENTRY) {
		crd_str_fmt(str, "has no %s", what);
		return;
	}
	crd_str_fmt(str, "%s ", verbs[cond->key - CRD_COND_DRIVER]);
	if (!crd_joined_get(m, cond, entry, &c)) {
		crd_str_fmt(str, "a %s of which there is no record", what);
		return;
	}
	crd_str_puts(str, "the ");
	crd_component_label(str, &c);
	crd_str_puts(str, ", which ");
	other.room = NULL;
	other.room_len = 0;
	if (crd_signer_find(m->policy, &c) || crd_matcher_set(&other, &c))
		str->failed = true;
	else
		crd_say_why(str, &other, cond->inner);
	free(other.room);
}

static const char *vendor_name(const struct crd_matcher *m, unsigned int i)
{
	return m->registry->entities[m->c->vendors[i]].name;
}

/* What is known of its maker, and how. */
static void say_maker(struct crd_str *str, const struct crd_matcher *m,
		      unsigned int i)
{
	const char *name = vendor_name(m, i);

	if (m->c->grade == CRD_GRADE_DECLARED)
		crd_str_fmt(str, "is declared as one of %s", name);
	else if (m->c->kind == CRD_KIND_DEVICE)
		crd_str_fmt(str, "carries the vendor id of %s", name);
	else if (m->c->kind == CRD_KIND_FIRMWARE)
		crd_str_fmt(str, "has the name of an image for products of %s",
			    name);
	else if (m->c->kind == CRD_KIND_PLATFORM)
		crd_str_fmt(str, "names %s as its maker", name);
	else
		crd_str_fmt(str, "names %s as its author", name);
}

/* The list of the policy's choice on which this vendor stands, or NULL. */
static const struct crd_listing *find_listing(const struct crd_matcher *m,
					      const struct crd_cond *cond,
					      uint16_t vendor,
					      unsigned int *ret_more)
{
	const struct crd_listing *l, *first = NULL;
	uint32_t i;

	*ret_more = 0;
	for (i = 0; i < cond->n; i++) {
		uint16_t list = m->indexes[cond->first + i];

		l = list == REG_NONE ? NULL :
				       crd_registry_listing(m->registry, vendor,
							    list, m->day);
		if (l && first)
			++*ret_more;
		else if (l)
			first = l;
	}
	return first;
}

static void why_listed(struct crd_str *str, const struct crd_matcher *m,
		       const struct crd_cond *cond)
{
	const struct crd_listing *l = NULL;
	unsigned int v, more = 0;
	const char *title;

	for (v = 0; v < m->c->n_vendors; v++) {
		l = find_listing(m, cond, m->c->vendors[v], &more);
		if (l)
			break;
	}
	if (!l || cond->negate) {
		crd_str_puts(str, "is of nobody who is on one of the lists");
		return;
	}
	say_maker(str, m, v);
	crd_str_puts(str, "; ");
	if (l->entity == m->c->vendors[v])
		crd_str_puts(str, "that supplier");
	else
		crd_str_fmt(str, "its owner %s",
			    m->registry->entities[l->entity].name);
	title = m->registry->lists[l->list].title;
	/* What follows a colon is for lawyers; the id leads to it. */
	crd_str_fmt(str, " is on the list \"%.*s\" since ",
		    (int)strcspn(title, ":"), title);
	crd_str_date(str, l->since);
	if (l->until != INT32_MAX) {
		crd_str_puts(str, " until ");
		crd_str_date(str, l->until);
	}
	if (more)
		crd_str_fmt(str, " (and on %u more)", more);
}

static void why_country(struct crd_str *str, const struct crd_matcher *m)
{
	const struct crd_entity *e = &m->registry->entities[m->c->vendors[0]];

	say_maker(str, m, 0);
	crd_str_fmt(str, ", with headquarters in %s", e->hq);
	if (strcmp(e->hq, e->ultimate))
		crd_str_fmt(str, " and its last owner in %s", e->ultimate);
}

static void why_vendor(struct crd_str *str, const struct crd_matcher *m,
		       const struct crd_cond *cond)
{
	static const char *const none[CRD_KIND_MAX] = {
		"names no author whom the registry knows",
		"has a name that the registry does not know",
		"carries no vendor id that the registry knows",
		"names no maker whom the registry knows",
	};

	if (!m->registry || !m->c->n_vendors)
		crd_str_puts(str, none[m->c->kind]);
	else if (cond->key == CRD_COND_LISTED)
		why_listed(str, m, cond);
	else if (cond->key == CRD_COND_JURISDICTION)
		why_country(str, m);
	else
		say_maker(str, m, 0);
}

static void why(struct crd_str *str, const struct crd_matcher *m,
		const struct crd_cond *cond)
{
	switch (cond->key) {
	case CRD_COND_FLAGS:
		why_flags(str, m, cond);
		break;
	case CRD_COND_SIGNER:
		crd_signer_why(str, m->policy, m->c);
		break;
	case CRD_COND_ORIGIN:
		crd_str_fmt(str, "has the origin %s",
			    crd_origin_name(m->c->origin));
		break;
	case CRD_COND_DIGEST:
		why_digest(str, m, cond);
		break;
	case CRD_COND_COMPONENT:
		why_lists(str, m, cond);
		break;
	case CRD_COND_GRADE:
		why_grade(str, m);
		break;
	case CRD_COND_KERNEL:
	case CRD_COND_SITE:
	case CRD_COND_DESTINATION:
	case CRD_COND_PURPOSE:
		why_machine(str, m, cond);
		break;
	case CRD_COND_DRIVER:
	case CRD_COND_FIRMWARE:
	case CRD_COND_DEVICE:
		why_joined(str, m, cond);
		break;
	case CRD_COND_VENDOR:
	case CRD_COND_JURISDICTION:
	case CRD_COND_LISTED:
		why_vendor(str, m, cond);
		break;
	default:
		why_text(str, m, cond);
		break;
	}
}

/*
 * The kind is in "The driver hinic" already, the class in "The network card";
 * exceptions say little.
 */
bool crd_worth_saying(const struct crd_cond *cond)
{
	switch (cond->key) {
	case CRD_COND_KIND:
	case CRD_COND_CLASS:
	case CRD_COND_PART:
	case CRD_COND_STRUCTURE:
	case CRD_COND_BUS:
		return false;
	default:
		return !(cond->key == CRD_COND_ORIGIN && cond->negate);
	}
}

void crd_say_why(struct crd_str *str, const struct crd_matcher *m,
		 struct crd_when when)
{
	const struct crd_cond *cond = &m->policy->conds[when.first];
	unsigned int said = 0, n = 0;
	uint32_t i;

	for (i = 0; i < when.n; i++)
		n += crd_worth_saying(&cond[i]);
	for (i = 0; i < when.n; i++) {
		if (!crd_worth_saying(&cond[i]))
			continue;
		join(str, said++, n);
		why(str, m, &cond[i]);
	}
	if (!n && m->c->kind == CRD_KIND_PLATFORM)
		crd_str_puts(str, "is a part of the platform");
	else if (!n && m->c->kind == CRD_KIND_DEVICE)
		crd_str_fmt(str, "is a %s", crd_class_noun(m->c));
	else if (!n)
		crd_str_fmt(str, "is a %s", crd_kind_name(m->c->kind));
}
