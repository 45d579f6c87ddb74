// SPDX-License-Identifier: Apache-2.0
/* Findings in the order in which people read them, alike ones together. */
#include "report_reason.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Fewer of which the same is said are told one by one, with all details. */
#define MIN_TOGETHER 4

typedef bool (*wanted_fn)(const struct crd_finding *f, enum crd_verdict failed);

/*
 * What could not be checked is a reason of its own only if it is worse than
 * all that failed.
 */
static bool is_reason(const struct crd_finding *f, enum crd_verdict failed)
{
	return f->verdict != CRD_ADMIT &&
	       (f->outcome == CRD_FAILED || f->verdict > failed);
}

static bool is_waived(const struct crd_finding *f, enum crd_verdict failed)
{
	return f->waiver != NULL;
}

static enum crd_verdict worst_failed(const struct crd_report *r)
{
	enum crd_verdict worst = CRD_ADMIT;
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		if (r->findings[i].outcome == CRD_FAILED &&
		    r->findings[i].verdict > worst)
			worst = r->findings[i].verdict;
	}
	return worst;
}

/* After "The driver e1000"; NULL: it does not begin so. */
static const char *rest_of(const struct crd_finding *f)
{
	static const char the[] = "The ";
	const char *at = f->sentence;
	size_t len;

	if (!at || !f->component || strncmp(at, the, strlen(the)))
		return NULL;
	at += strlen(the);
	len = strlen(f->component);
	return strncmp(at, f->component, len) ? NULL : at + len;
}

static int text_order(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : !a - !b;
}

/* 0: the same is said of both, for the same rule and by the same waiver. */
static int compare(const struct crd_told *x, const struct crd_told *y)
{
	int d = strcmp(x->f->check, y->f->check);

	if (!d)
		d = (int)x->f->verdict - (int)y->f->verdict;
	if (!d)
		d = text_order(x->f->waiver, y->f->waiver);
	if (!d)
		d = text_order(x->rest, y->rest);
	/* without a component's name there is nothing to fold */
	if (!d && !x->rest)
		d = x->at < y->at ? -1 : x->at > y->at;
	return d;
}

static int alike_order(const void *a, const void *b)
{
	const struct crd_told *x = a, *y = b;
	int d = compare(x, y);

	return d ? d : x->at < y->at ? -1 : x->at > y->at;
}

static int reading_order(const void *a, const void *b)
{
	const struct crd_told *x = a, *y = b;

	if (x->f->verdict != y->f->verdict)
		return x->f->verdict > y->f->verdict ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* What is said of enough of them gets the place of the first. */
static void fold(struct crd_told *told, size_t n)
{
	size_t i, k, end;

	qsort(told, n, sizeof(*told), alike_order);
	for (i = 0; i < n; i = end) {
		for (end = i + 1; end < n && !compare(told + i, told + end);)
			end++;
		if (end - i < MIN_TOGETHER)
			end = i + 1;
		for (k = i; k < end; k++)
			told[k].first = told[i].at;
	}
	qsort(told, n, sizeof(*told), reading_order);
}

static int collect(const struct crd_report *r, wanted_fn wanted,
		   struct crd_items *items)
{
	const enum crd_verdict failed = worst_failed(r);
	size_t i;

	*items = (struct crd_items){ .told = calloc(r->n_findings + 1,
						    sizeof(*items->told)) };
	if (!items->told)
		return -ENOMEM;
	for (i = 0; i < r->n_findings; i++) {
		const struct crd_finding *f = &r->findings[i];

		if (wanted(f, failed))
			items->told[items->n++] =
				(struct crd_told){ f, rest_of(f), i, i };
	}
	if (items->n)
		fold(items->told, items->n);
	return 0;
}

int crd_items_reasons(const struct crd_report *report, struct crd_items *items)
{
	return collect(report, is_reason, items);
}

int crd_items_waived(const struct crd_report *report, struct crd_items *items)
{
	return collect(report, is_waived, items);
}

void crd_items_done(struct crd_items *items)
{
	free(items->told);
	*items = (struct crd_items){ .told = NULL };
}

const struct crd_told *crd_items_next(struct crd_items *items, size_t *ret_n)
{
	const struct crd_told *first = items->told + items->next;
	size_t n = 0, left = items->n - items->next;

	while (n < left && first[n].first == first->first)
		n++;
	*ret_n = n;
	items->next += n;
	items->number += n > 0;
	return n ? first : NULL;
}

void crd_told_say(struct crd_str *str, const struct crd_told *told, size_t n)
{
	const struct crd_finding *f = told->f;
	size_t i;

	crd_str_puts(str, f->sentence ? f->sentence : f->check);
	if (n == 1)
		return;
	crd_str_fmt(str, " The same holds for %zu more components: ", n - 1);
	for (i = 1; i < n; i++)
		crd_str_fmt(str, "%s%s", i > 1 ? ", " : "",
			    told[i].f->component);
	crd_str_puts(str, ".");
}

static const char *text_of(const struct crd_finding *f, enum crd_told_what what)
{
	return what == CRD_TOLD_COMPONENT ? f->component :
	       what == CRD_TOLD_OBSERVED  ? f->observed :
					    f->place;
}

void crd_told_list(struct crd_str *str, const struct crd_told *told, size_t n,
		   enum crd_told_what what)
{
	bool same = true;
	size_t i;

	for (i = 1; i < n; i++)
		same = same && !text_order(text_of(told->f, what),
					   text_of(told[i].f, what));
	for (i = 0; i < (same ? 1 : n); i++) {
		const char *text = text_of(told[i].f, what);

		if (text)
			crd_str_fmt(str, "%s%s", i ? "; " : "", text);
	}
}
