// SPDX-License-Identifier: Apache-2.0
/* Impact for people, in 80 columns. */
#include <inttypes.h>
#include <string.h>

#include "impact_private.h"
#include "page.h"

enum { TOP_ROWS = 10, MAX_NAMES = 20 };

static void counted(struct crd_page *p, uint64_t n, const char *what)
{
	crd_str_fmt(&p->str, "  %8" PRIu64 "  %s\n", n, what);
}

static void say_head(struct crd_page *p, const struct crd_impact *im)
{
	const struct crd_impact_sum *s = &im->sum;

	crd_page_begin(p, BOLD);
	crd_str_fmt(&p->str, "Impact of %s version %" PRIu64,
		    crd_policy_name(im->in.after),
		    crd_policy_version(im->in.after));
	crd_page_end(p, BOLD);
	crd_str_fmt(&p->str, ", against %s version %" PRIu64 "\n\n",
		    crd_policy_name(im->in.before),
		    crd_policy_version(im->in.before));
	counted(p, im->n,
		im->n == 1 ? "machine, under both policies" :
			     "machines, each under both policies");
	counted(p, s->same, "keep their verdict");
	counted(p, s->worse, "get a worse one");
	counted(p, s->better, "get a better one");
	if (s->malformed)
		counted(p, s->malformed,
			"files are no evidence, and not counted");
}

static void say_matrix(struct crd_page *p, const struct crd_impact_sum *s)
{
	static const enum crd_colour colours[] = { GREEN, YELLOW, RED };
	unsigned int b, a;

	crd_page_heading(p, "From verdict to verdict");
	crd_str_fmt(&p->str, "  %-16s%10s%10s%10s\n", "before \\ after",
		    "admit", "refer", "refuse");
	for (b = CRD_ADMIT; b <= CRD_REFUSE; b++) {
		crd_str_puts(&p->str, "  ");
		crd_page_cell(p, colours[b], crd_verdict_name(b), 15);
		for (a = CRD_ADMIT; a <= CRD_REFUSE; a++) {
			crd_page_begin(p, a == b ? PLAIN : colours[a]);
			crd_str_fmt(&p->str, "%10" PRIu64, s->machines[b][a]);
			crd_page_end(p, a == b ? PLAIN : colours[a]);
		}
		crd_str_puts(&p->str, "\n");
	}
}

static void say_row(struct crd_page *p, const struct crd_impact_row *r,
		    uint64_t n)
{
	crd_str_fmt(&p->str, "  %8" PRIu64 "  ", n);
	crd_str_puts(&p->str, r->text);
	if (r->more)
		crd_str_fmt(&p->str, " for %s", r->more);
	if (r->cause != CRD_CAUSE_WAIVER && r->alone)
		crd_str_fmt(&p->str, " (%" PRIu64 " by this alone)", r->alone);
	crd_str_puts(&p->str, "\n");
}

static int say_list(struct crd_page *p, const struct crd_impact *im,
		    unsigned int side, enum crd_cause cause,
		    enum crd_impact_by by, const char *heading)
{
	struct crd_impact_list list;
	size_t i;
	int ret = crd_impact_list(im, side, cause, by, &list);

	if (ret)
		return ret;
	if (list.n)
		crd_page_heading(p, heading);
	for (i = 0; i < list.n && i < TOP_ROWS; i++)
		say_row(p, list.rows[i],
			by == CRD_BY_ALONE ? list.rows[i]->alone :
					     list.rows[i]->changed);
	if (list.n > TOP_ROWS)
		crd_str_fmt(&p->str,
			    "  %8s  and %zu more; --format json has all\n", "",
			    list.n - TOP_ROWS);
	crd_impact_list_done(&list);
	return 0;
}

static int say_causes(struct crd_page *p, const struct crd_impact *im)
{
	static const struct {
		unsigned int side;
		enum crd_cause cause;
		enum crd_impact_by by;
		const char *heading;
	} lists[] = {
		{ 1, CRD_CAUSE_RULE, CRD_BY_CHANGED,
		  "Worse by rule (machines)" },
		{ 1, CRD_CAUSE_CHECK, CRD_BY_CHANGED,
		  "Worse by a demand on the whole machine" },
		{ 1, CRD_CAUSE_COMPONENT, CRD_BY_CHANGED,
		  "Worse by component" },
		{ 1, CRD_CAUSE_VENDOR, CRD_BY_CHANGED, "Worse by vendor" },
		{ 0, CRD_CAUSE_RULE, CRD_BY_CHANGED,
		  "Better, as this rule of the old policy no longer decides" },
		{ 0, CRD_CAUSE_CHECK, CRD_BY_CHANGED,
		  "Better, as this demand is gone or weaker" },
		{ 1, CRD_CAUSE_WAIVER, CRD_BY_ALONE,
		  "What one waiver would save (machines with a better verdict)" },
	};
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < sizeof(lists) / sizeof(lists[0]); i++)
		ret = say_list(p, im, lists[i].side, lists[i].cause,
			       lists[i].by, lists[i].heading);
	if (im->table.lost)
		crd_str_fmt(
			&p->str,
			"\n  %" PRIu64
			" causes found no room in the tables: the lists are not complete.\n",
			im->table.lost);
	return ret;
}

static void say_machine(struct crd_page *p, const struct crd_impact_show *s,
			size_t at)
{
	const struct crd_impact_answer *a = &s->answers[at];

	if (a->malformed)
		crd_str_puts(&p->str, "  ");
	else
		crd_str_fmt(&p->str, "  %-6s -> %-8s",
			    crd_verdict_name(a->before),
			    crd_verdict_name(a->after));
	crd_str_safe(&p->str, crd_buf_of(s->name(at, s->name_ctx)));
	crd_str_puts(&p->str, "\n");
}

static void say_machines(struct crd_page *p, const struct crd_impact_show *s,
			 bool malformed, const char *heading)
{
	size_t i, n = 0;

	for (i = 0; i < s->n; i++) {
		const struct crd_impact_answer *a = &s->answers[i];

		if (a->malformed != malformed ||
		    (!malformed && a->before == a->after))
			continue;
		if (!n)
			crd_page_heading(p, heading);
		if (n++ < MAX_NAMES)
			say_machine(p, s, i);
	}
	if (n > MAX_NAMES)
		crd_str_fmt(&p->str, "  and %zu more; --format csv has all\n",
			    n - MAX_NAMES);
}

static void say_notes(struct crd_page *p)
{
	crd_str_puts(&p->str, "\n  ");
	crd_page_flow(
		p,
		"Signatures and logs were checked; when each machine attested, and to whom, was not asked. A machine counts once for each rule, component and vendor that its verdict rests on.",
		2, 2);
}

int crd_impact_text(const struct crd_impact_show *show)
{
	struct crd_page p = { .colour = show->flags & CRD_TEXT_COLOUR };
	const struct crd_impact *im = show->impact;
	int ret = 0;

	if (show->flags & CRD_TEXT_QUIET) {
		crd_str_fmt(&p.str,
			    "%" PRIu64 " machines: %" PRIu64 " worse, %" PRIu64
			    " better\n",
			    im->n, im->sum.worse, im->sum.better);
	} else {
		say_head(&p, im);
		say_matrix(&p, &im->sum);
		ret = say_causes(&p, im);
		say_machines(&p, show, false, "Machines that change");
		say_machines(&p, show, true, "Files that are no evidence");
		say_notes(&p);
	}
	if (!ret)
		ret = crd_page_flush(&p, show->put, show->put_ctx);
	crd_str_done(&p.str);
	return ret;
}
