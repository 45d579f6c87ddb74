// SPDX-License-Identifier: Apache-2.0
/*
 * Impact as one HTML page that loads nothing: two bars for the verdicts before
 * and after, and bars for what made the difference. Every text is escaped.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "impact_private.h"
#include "text_private.h"

enum { TOP_ROWS = 15, MAX_NAMES = 200, BAR = 560 };

struct html {
	struct crd_str str;
	const struct crd_impact_show *show;
};

static const char *const colours[] = { "#2e7d32", "#f9a825", "#c62828" };

static void put_html(struct crd_str *str, const char *text)
{
	struct crd_str safe = { 0 };
	const char *p;

	crd_str_safe(&safe, crd_buf_of(text));
	str->failed |= safe.failed;
	for (p = safe.ptr ? safe.ptr : ""; *p; p++) {
		switch (*p) {
		case '&':
			crd_str_puts(str, "&amp;");
			break;
		case '<':
			crd_str_puts(str, "&lt;");
			break;
		case '>':
			crd_str_puts(str, "&gt;");
			break;
		case '"':
			crd_str_puts(str, "&quot;");
			break;
		default:
			crd_str_add(str, p, 1);
		}
	}
	crd_str_done(&safe);
}

static void head(struct html *h)
{
	static const char style[] =
		"body{font:16px/1.45 system-ui,sans-serif;color:#222;max-width:50em;margin:2em auto;padding:0 1em}"
		"h1{font-size:1.5em;margin-bottom:0}h2{font-size:1.1em;margin:1.6em 0 .4em}"
		"table{border-collapse:collapse}td,th{padding:.2em .7em .2em 0;text-align:left;vertical-align:top}"
		"td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
		".bar{display:inline-block;height:.8em;background:#c62828}.good .bar{background:#2e7d32}"
		".note{color:#555}.key span{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em}"
		"@media print{body{margin:0;max-width:none}}";
	const struct crd_impact *im = h->show->impact;

	crd_str_puts(
		&h->str,
		"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n<title>Impact of ");
	put_html(&h->str, crd_policy_name(im->in.after));
	crd_str_fmt(&h->str,
		    "</title>\n<style>%s</style></head><body>\n<h1>Impact of ",
		    style);
	put_html(&h->str, crd_policy_name(im->in.after));
	crd_str_fmt(&h->str,
		    " version %" PRIu64 "</h1>\n<p class=\"note\">against ",
		    crd_policy_version(im->in.after));
	put_html(&h->str, crd_policy_name(im->in.before));
	crd_str_fmt(&h->str, " version %" PRIu64 ", on ",
		    crd_policy_version(im->in.before));
	crd_str_time(&h->str, im->in.now);
	crd_str_puts(&h->str, "</p>\n");
}

static void sums(struct html *h)
{
	const struct crd_impact_sum *s = &h->show->impact->sum;

	crd_str_fmt(&h->str,
		    "<p><b>%" PRIu64 "</b> machines: <b>%" PRIu64
		    "</b> keep their verdict, <b>%" PRIu64
		    "</b> get a worse one, <b>%" PRIu64 "</b> a better one.",
		    h->show->impact->n, s->same, s->worse, s->better);
	if (s->malformed)
		crd_str_fmt(&h->str,
			    " %" PRIu64
			    " files are no evidence and not counted.",
			    s->malformed);
	crd_str_puts(&h->str, "</p>\n");
}

static uint64_t with_verdict(const struct crd_impact_sum *s, bool after,
			     unsigned int verdict)
{
	uint64_t n = 0;
	unsigned int i;

	for (i = CRD_ADMIT; i <= CRD_REFUSE; i++)
		n += after ? s->machines[i][verdict] : s->machines[verdict][i];
	return n;
}

static void stacked(struct html *h, bool after, unsigned int y)
{
	const struct crd_impact *im = h->show->impact;
	double x = 70, wide;
	unsigned int v;

	crd_str_fmt(&h->str, "<text x=\"0\" y=\"%u\">%s</text>", y + 19,
		    after ? "after" : "before");
	for (v = CRD_ADMIT; v <= CRD_REFUSE; v++) {
		uint64_t n = with_verdict(&im->sum, after, v);

		if (!n)
			continue;
		wide = (double)BAR * (double)n / (double)im->n;
		crd_str_fmt(
			&h->str,
			"<rect x=\"%.1f\" y=\"%u\" width=\"%.1f\" height=\"28\" fill=\"%s\"><title>%s: %" PRIu64
			"</title></rect>",
			x, y, wide, colours[v], crd_verdict_name(v), n);
		if (wide > 40)
			crd_str_fmt(
				&h->str,
				"<text x=\"%.1f\" y=\"%u\" fill=\"%s\">%" PRIu64
				"</text>",
				x + 6, y + 19, v == CRD_REFER ? "#222" : "#fff",
				n);
		x += wide;
	}
}

static void chart(struct html *h)
{
	unsigned int v;

	if (!h->show->impact->n)
		return;
	crd_str_fmt(
		&h->str,
		"<svg role=\"img\" aria-label=\"verdicts before and after\" viewBox=\"0 0 %d 76\" width=\"100%%\" font-size=\"14\" font-family=\"system-ui,sans-serif\">",
		BAR + 80);
	stacked(h, false, 4);
	stacked(h, true, 42);
	crd_str_puts(&h->str, "</svg>\n<p class=\"key\">");
	for (v = CRD_ADMIT; v <= CRD_REFUSE; v++)
		crd_str_fmt(&h->str, "<span style=\"background:%s\"></span>%s",
			    colours[v], crd_verdict_name(v));
	crd_str_puts(&h->str, "</p>\n");
}

static void row(struct html *h, const struct crd_impact_row *r, uint64_t n,
		uint64_t most)
{
	crd_str_puts(&h->str, "<tr><td>");
	put_html(&h->str, r->text);
	if (r->more) {
		crd_str_puts(&h->str, " for ");
		put_html(&h->str, r->more);
	}
	crd_str_fmt(&h->str, "</td><td class=\"n\">%" PRIu64 "</td>", n);
	if (r->cause != CRD_CAUSE_WAIVER)
		crd_str_fmt(&h->str, "<td class=\"n\">%" PRIu64 "</td>",
			    r->alone);
	crd_str_fmt(
		&h->str,
		"<td><span class=\"bar\" style=\"width:%.1fem\"></span></td></tr>\n",
		12.0 * (double)n / (double)most);
}

struct section {
	unsigned int side;
	enum crd_cause cause;
	enum crd_impact_by by;
	const char *heading, *column;
};

static int section(struct html *h, const struct section *s)
{
	struct crd_impact_list list;
	size_t i;
	int ret = crd_impact_list(h->show->impact, s->side, s->cause, s->by,
				  &list);

	if (ret || !list.n)
		goto out;
	crd_str_fmt(
		&h->str,
		"<h2>%s</h2>\n<table%s><tr><th>%s</th><th class=\"n\">machines</th>%s<th></th></tr>\n",
		s->heading,
		s->side && s->cause != CRD_CAUSE_WAIVER ? "" :
							  " class=\"good\"",
		s->column,
		s->cause == CRD_CAUSE_WAIVER ?
			"" :
			"<th class=\"n\">by it alone</th>");
	for (i = 0; i < list.n && i < TOP_ROWS; i++) {
		bool alone = s->by == CRD_BY_ALONE;

		row(h, list.rows[i],
		    alone ? list.rows[i]->alone : list.rows[i]->changed,
		    alone ? list.rows[0]->alone : list.rows[0]->changed);
	}
	crd_str_puts(&h->str, "</table>\n");
	if (list.n > TOP_ROWS)
		crd_str_fmt(&h->str, "<p class=\"note\">and %zu more</p>\n",
			    list.n - TOP_ROWS);
out:
	crd_impact_list_done(&list);
	return ret;
}

static int sections(struct html *h)
{
	static const struct section all[] = {
		{ 1, CRD_CAUSE_RULE, CRD_BY_CHANGED, "Worse by rule", "rule" },
		{ 1, CRD_CAUSE_CHECK, CRD_BY_CHANGED,
		  "Worse by a demand on the whole machine", "demand" },
		{ 1, CRD_CAUSE_COMPONENT, CRD_BY_CHANGED, "Worse by component",
		  "component" },
		{ 1, CRD_CAUSE_VENDOR, CRD_BY_CHANGED, "Worse by vendor",
		  "vendor" },
		{ 0, CRD_CAUSE_RULE, CRD_BY_CHANGED,
		  "Better, as this rule of the old policy no longer decides",
		  "rule" },
		{ 0, CRD_CAUSE_CHECK, CRD_BY_CHANGED,
		  "Better, as this demand is gone or weaker", "demand" },
		{ 1, CRD_CAUSE_WAIVER, CRD_BY_ALONE,
		  "What one waiver would save", "waiver of rule" },
	};
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < sizeof(all) / sizeof(all[0]); i++)
		ret = section(h, &all[i]);
	return ret;
}

static void machines(struct html *h)
{
	const struct crd_impact_show *s = h->show;
	size_t i, n = 0;

	for (i = 0; i < s->n; i++) {
		const struct crd_impact_answer *a = &s->answers[i];

		if (a->before == a->after || n++ >= MAX_NAMES)
			continue;
		if (n == 1)
			crd_str_puts(
				&h->str,
				"<h2>Machines that change</h2>\n<table><tr><th>before</th><th>after</th><th>evidence</th></tr>\n");
		crd_str_fmt(&h->str, "<tr><td>%s</td><td>%s</td><td>",
			    crd_verdict_name(a->before),
			    crd_verdict_name(a->after));
		put_html(&h->str, s->name(i, s->name_ctx));
		crd_str_puts(&h->str, "</td></tr>\n");
	}
	if (n)
		crd_str_puts(&h->str, "</table>\n");
	if (n > MAX_NAMES)
		crd_str_fmt(&h->str, "<p class=\"note\">and %zu more</p>\n",
			    n - MAX_NAMES);
}

int crd_impact_html(const struct crd_impact_show *show)
{
	struct html h = { .show = show };
	int ret;

	head(&h);
	sums(&h);
	chart(&h);
	ret = sections(&h);
	machines(&h);
	crd_str_puts(
		&h.str,
		"<p class=\"note\">Signatures and logs were checked; when each machine attested, and to whom, was not asked. A machine counts once for each rule, component and vendor that its verdict rests on.</p>\n</body></html>\n");
	if (!ret && h.str.failed)
		ret = -ENOMEM;
	if (!ret)
		ret = show->put(h.str.ptr, h.str.len, show->put_ctx);
	crd_str_done(&h.str);
	return ret;
}
