// SPDX-License-Identifier: Apache-2.0
/*
 * The report for people: the verdict, then why, then what was checked, what
 * was not, what the machine loaded, and the details of each reason. Every
 * text in a finding is safe already; what comes from components is made so.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "appraise_private.h"
#include "credence.h"
#include "page.h"
#include "report_authority.h"
#include "report_reason.h"

enum { LABEL = 12 };

static enum crd_colour verdict_colour(enum crd_verdict verdict)
{
	return verdict == CRD_ADMIT ? GREEN :
	       verdict == CRD_REFER ? YELLOW :
				      RED;
}

static void verdict_line(struct crd_page *p, const struct crd_report *r)
{
	static const char *const lines[] = {
		"ADMIT: nothing speaks against this machine.",
		"REFER: a person must decide about this machine.",
		"REFUSE: this machine must not be let in.",
	};
	static const char *const declared[] = {
		"ADMIT: nothing speaks against this bid, as it was declared.",
		"REFER: a person must decide about this bid.",
		"REFUSE: what this bid declares must not be let in.",
	};
	bool bid = r->inventory.declared;

	crd_page_put(p, verdict_colour(r->verdict),
		     bid ? declared[r->verdict] : lines[r->verdict]);
	crd_str_puts(&p->str, "\n");
	if (bid)
		crd_str_puts(&p->str, "Declared, nothing was measured.\n");
}

/* A text that was made for it, which is then empty. */
static void flow(struct crd_page *p, struct crd_str *text, size_t at,
		 size_t indent)
{
	p->str.failed |= text->failed;
	crd_page_flow(p, text->ptr ? text->ptr : "", at, indent);
	crd_str_done(text);
}

/* What the machine is for, as whoever asked told it. */
static void say_context(struct crd_str *line, const struct crd_context *c,
			bool ended)
{
	const struct {
		const char *what, *value;
	} rows[] = { { "site", c->site },
		     { "destination", c->destination },
		     { "purpose", c->purpose } };
	const char *sep = ended ? " For " : ". For ";
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!rows[i].value)
			continue;
		crd_str_fmt(line, "%s%s ", sep, rows[i].what);
		crd_str_safe(line, crd_buf_of(rows[i].value));
		sep = ", ";
	}
	if (crd_context_given(c))
		crd_str_puts(line, ".");
}

static void head(struct crd_page *p, const struct crd_report *r)
{
	struct crd_str line = { 0 };

	crd_str_fmt(&line, "Policy %s, version %" PRIu64 ", on ",
		    r->policy_name, r->policy_version);
	crd_str_time(&line, r->when);
	if (r->machine)
		crd_str_fmt(&line, ". Machine: Linux %s.", r->machine);
	if (r->bid)
		crd_str_fmt(&line, "%s Bid: %s.", r->machine ? "" : ".",
			    r->bid);
	if (r->bid_left_out)
		crd_str_fmt(&line, " Left out: %s.", r->bid_left_out);
	if (r->as_of) {
		crd_str_puts(&line, r->machine ? " As of " : ". As of ");
		crd_str_date(&line, r->as_of);
		crd_str_puts(
			&line,
			": lists, waivers and the policy's period are those of that day.");
	}
	say_context(&line, &r->context, r->machine || r->as_of);
	flow(p, &line, 0, 0);
}

static void reasons(struct crd_page *p, const struct crd_report *r)
{
	const struct crd_told *told;
	struct crd_str text = { 0 };
	struct crd_items items;
	const char *word;
	size_t n;

	p->str.failed |= crd_items_reasons(r, &items) < 0;
	while ((told = crd_items_next(&items, &n))) {
		if (items.number == 1)
			crd_page_heading(p, "Why");
		word = crd_verdict_name(told->f->verdict);
		crd_str_fmt(&p->str, "%3u. ", items.number);
		crd_page_put(p, verdict_colour(told->f->verdict), word);
		crd_str_puts(&p->str, ": ");
		crd_told_say(&text, told, n);
		flow(p, &text, 5 + strlen(word) + 2, 5);
	}
	crd_items_done(&items);
}

static void waivers(struct crd_page *p, const struct crd_report *r)
{
	const struct crd_told *told;
	struct crd_str text = { 0 };
	struct crd_items items;
	size_t n;

	p->str.failed |= crd_items_waived(r, &items) < 0;
	while ((told = crd_items_next(&items, &n))) {
		if (items.number == 1)
			crd_page_heading(p, "Waived");
		crd_str_puts(&p->str, "  -  ");
		crd_told_say(&text, told, n);
		flow(p, &text, 5, 5);
	}
	crd_items_done(&items);
}

static void stage_line(struct crd_page *p, const struct crd_report *r,
		       enum crd_stage stage)
{
	static const char *const words[] = { "not checked", "passed",
					     "FAILED" };
	static const enum crd_colour colours[] = { YELLOW, GREEN, RED };
	unsigned int n[3] = { 0, 0, 0 };
	const struct crd_finding *f;
	enum crd_outcome outcome = r->stages[stage];
	bool refer = outcome == CRD_FAILED;
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		f = &r->findings[i];
		if (f->stage != stage)
			continue;
		n[f->outcome]++;
		refer = refer &&
			(f->outcome != CRD_FAILED || f->verdict == CRD_REFER);
	}
	crd_str_fmt(&p->str, "  %-*s ", LABEL, crd_stage_name(stage));
	if (refer)
		crd_page_put(p, YELLOW, "for a person to decide");
	else
		crd_page_put(p, colours[outcome], words[outcome]);
	if (n[CRD_FAILED] > 1)
		crd_str_fmt(&p->str, ", %u reasons", n[CRD_FAILED]);
	if (n[CRD_NOT_EVALUATED] && outcome != CRD_NOT_EVALUATED)
		crd_str_fmt(&p->str, ", %u not checked", n[CRD_NOT_EVALUATED]);
	crd_str_puts(&p->str, "\n");
}

static void not_checked(struct crd_page *p, const struct crd_report *r)
{
	const struct crd_finding *f = r->findings;
	bool some = false;
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		if (f[i].outcome != CRD_NOT_EVALUATED)
			continue;
		if (!some)
			crd_page_heading(
				p,
				r->inventory.declared ?
					"Not checked: what the delivery must still show" :
					"Not checked, so neither good nor bad");
		some = true;
		crd_str_fmt(&p->str, "  %-*s ", LABEL,
			    crd_stage_name(f[i].stage));
		crd_page_flow(p, f[i].sentence, LABEL + 3, LABEL + 3);
	}
}

static void detail(struct crd_page *p, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	crd_str_puts(&p->str, "     ");
	crd_page_put(p, DIM, label);
	crd_page_flow(p, text, 15, 15);
}

/* Of all that are told together. */
static void detail_list(struct crd_page *p, const char *label,
			const struct crd_told *told, size_t n,
			enum crd_told_what what)
{
	struct crd_str text = { 0 };

	crd_told_list(&text, told, n, what);
	detail(p, label, text.ptr);
	p->str.failed |= text.failed;
	crd_str_done(&text);
}

static void details(struct crd_page *p, const struct crd_report *r)
{
	const struct crd_finding *f;
	const struct crd_told *told;
	struct crd_items items;
	size_t n;

	p->str.failed |= crd_items_reasons(r, &items) < 0;
	while ((told = crd_items_next(&items, &n))) {
		f = told->f;
		if (items.number == 1)
			crd_page_heading(p, "Details");
		crd_str_fmt(&p->str, "%3u. %s", items.number,
			    crd_stage_name(f->stage));
		crd_str_fmt(&p->str, ", %s (%s, %s)\n", f->check,
			    crd_reason_name(f->reason),
			    crd_verdict_name(f->verdict));
		detail_list(p, "component ", told, n, CRD_TOLD_COMPONENT);
		detail_list(p, "found     ", told, n, CRD_TOLD_OBSERVED);
		detail(p, "wanted    ", f->expected);
		detail_list(p, "where     ", told, n, CRD_TOLD_PLACE);
		detail(p, "to do     ", f->next_step);
	}
	crd_items_done(&items);
}

/* How many components of a kind there are, and how many with each flag. */
struct tally {
	size_t all;
	size_t flags[32];
};

static void tally_add(struct tally *t, const struct crd_component *c)
{
	unsigned int bit;

	t->all++;
	for (bit = 0; bit < 32; bit++)
		t->flags[bit] += c->flags >> bit & 1;
}

static void count_line(struct crd_page *p, const struct tally *t,
		       const char *what)
{
	struct crd_str line = { 0 };
	const char *name, *sep = ": ";
	unsigned int bit;

	crd_str_fmt(&line, "%zu %s%s", t->all, what, t->all == 1 ? "" : "s");
	for (bit = 0; (name = crd_flag_name(bit)); bit++) {
		if (!t->flags[bit])
			continue;
		crd_str_fmt(&line, "%s%zu %s", sep, t->flags[bit], name);
		sep = ", ";
	}
	crd_str_puts(&p->str, "  ");
	flow(p, &line, 2, 4);
}

static void count_lines(struct crd_page *p, const struct tally *tallies)
{
	static const char *const nouns[CRD_KIND_MAX] = {
		"driver", "firmware image", "device", "platform part"
	};
	unsigned int kind;

	for (kind = 0; kind < CRD_KIND_MAX; kind++) {
		if (tallies[kind].all || kind <= CRD_KIND_FIRMWARE)
			count_line(p, &tallies[kind], nouns[kind]);
	}
}

static void signatures(struct crd_page *p, const struct crd_report *r)
{
	struct crd_str line = { 0 };

	crd_signers_count(&line, r);
	if (line.len) {
		crd_str_puts(&p->str, "  signatures: ");
		crd_page_flow(p, line.ptr, 14, 4);
	}
	p->str.failed |= line.failed;
	crd_str_done(&line);
}

static void components(struct crd_page *p, const struct crd_report *r)
{
	struct crd_inventory_iter it = { .inventory = &r->inventory };
	struct tally tallies[CRD_KIND_MAX] = { 0 };
	struct crd_component c;

	while (crd_inventory_next(&it, &c))
		tally_add(&tallies[c.kind], &c);
	crd_page_heading(p, "Components");
	count_lines(p, tallies);
	if (r->inventory.declared)
		return;
	signatures(p, r);
	crd_str_fmt(&p->str,
		    "  %" PRIu64 " of %" PRIu64
		    " log records are covered by the TPM's signature\n",
		    r->covered, r->records);
}

static void digest_line(struct crd_page *p, const char *label,
			const struct crd_digest *d)
{
	if (!d->alg)
		return;
	crd_str_fmt(&p->str, "  %-*s ", LABEL, label);
	crd_str_hex(&p->str, d->bytes, d->len);
	crd_str_puts(&p->str, "\n");
}

/* The policies that it extends, and files of waivers. */
static void file_lines(struct crd_page *p, const struct crd_policy *policy)
{
	size_t i;

	for (i = 1; policy && i < policy->n_files; i++)
		digest_line(p, policy->files[i].waivers ? "waivers" : "extends",
			    &policy->files[i].digest);
}

/* A line that can be copied into a waiver's `machine`. */
static void key_line(struct crd_page *p, const struct crd_report *r)
{
	if (!*r->ak_name)
		return;
	crd_page_heading(p, r->stages[CRD_STAGE_QUOTE] == CRD_PASSED ?
				    "Key that signed (a waiver's machine: ak)" :
				    "Key in the evidence");
	crd_str_fmt(&p->str, "  ak: %s\n", r->ak_name);
}

int crd_report_text(const struct crd_report *report, unsigned int flags,
		    char **ret_text)
{
	struct crd_page p = { .colour = flags & CRD_TEXT_COLOUR };
	unsigned int stage;

	verdict_line(&p, report);
	if (!(flags & CRD_TEXT_QUIET)) {
		head(&p, report);
		reasons(&p, report);
		waivers(&p, report);
		crd_report_notes(&p, report);
		crd_page_heading(&p, "What was checked");
		for (stage = 0; stage < CRD_STAGE_MAX; stage++)
			stage_line(&p, report, stage);
		not_checked(&p, report);
		components(&p, report);
		crd_report_devices(&p, report);
		crd_report_blind_spots(&p, report);
		details(&p, report);
		crd_report_authority(&p, report);
		key_line(&p, report);
		crd_page_heading(&p, "Digests (SHA-256)");
		digest_line(&p, "evidence", &report->evidence_digest);
		digest_line(&p, "bid", &report->bid_digest);
		digest_line(&p, "policy", &report->policy_digest);
		file_lines(&p, report->policy);
		digest_line(&p, "registry", &report->registry_digest);
	}
	*ret_text = crd_str_take(&p.str);
	return *ret_text ? 0 : -ENOMEM;
}
