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

enum { WIDTH = 80, LABEL = 12 };

enum colour { PLAIN, BOLD, DIM, RED, GREEN, YELLOW };

struct page {
	struct crd_str str;
	bool colour;
};

static void put(struct page *p, enum colour colour, const char *text)
{
	static const char *const codes[] = { "",	   "\033[1m",
					     "\033[2m",	   "\033[1;31m",
					     "\033[1;32m", "\033[1;33m" };

	if (p->colour && colour != PLAIN)
		crd_str_puts(&p->str, codes[colour]);
	crd_str_puts(&p->str, text);
	if (p->colour && colour != PLAIN)
		crd_str_puts(&p->str, "\033[0m");
}

/* Columns a text takes: one a character. */
static size_t columns(const char *text, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++)
		n += ((uint8_t)text[i] & 0xc0) != 0x80;
	return n;
}

/* Flows text from column `at` on; later lines begin at `indent`. */
static void flow(struct page *p, const char *text, size_t at, size_t indent)
{
	size_t len, wide;
	bool first = true;

	while (*text) {
		len = strcspn(text, " ");
		wide = columns(text, len);
		if (!first && at + 1 + wide > WIDTH) {
			crd_str_fmt(&p->str, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			crd_str_puts(&p->str, " ");
			at++;
		}
		crd_str_add(&p->str, text, len);
		at += wide;
		first = false;
		text += len + (text[len] == ' ');
	}
	crd_str_puts(&p->str, "\n");
}

static void heading(struct page *p, const char *text)
{
	crd_str_puts(&p->str, "\n");
	put(p, BOLD, text);
	crd_str_puts(&p->str, "\n");
}

static enum colour verdict_colour(enum crd_verdict verdict)
{
	return verdict == CRD_ADMIT ? GREEN :
	       verdict == CRD_REFER ? YELLOW :
				      RED;
}

static void verdict_line(struct page *p, const struct crd_report *r)
{
	static const char *const lines[] = {
		"ADMIT: nothing speaks against this machine.",
		"REFER: a person must decide about this machine.",
		"REFUSE: this machine must not be let in.",
	};

	put(p, verdict_colour(r->verdict), lines[r->verdict]);
	crd_str_puts(&p->str, "\n");
}

static void head(struct page *p, const struct crd_report *r)
{
	struct crd_str line = { 0 };

	crd_str_fmt(&line, "Policy %s, version %" PRIu64 ", on ",
		    r->policy_name, r->policy_version);
	crd_str_time(&line, r->when);
	if (r->machine)
		crd_str_fmt(&line, ". Machine: Linux %s.", r->machine);
	flow(p, line.ptr ? line.ptr : "", 0, 0);
	p->str.failed |= line.failed;
	crd_str_done(&line);
}

/* A finding that the verdict rests on. */
static bool is_reason(const struct crd_finding *f)
{
	return f->verdict != CRD_ADMIT;
}

static bool any_failed(const struct crd_report *r)
{
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		if (r->findings[i].outcome == CRD_FAILED)
			return true;
	}
	return false;
}

/* The reasons shown, in order and numbered alike wherever they are shown. */
struct reason_iter {
	const struct crd_report *report;
	bool failed;
	size_t at;
	unsigned int n;
};

static struct reason_iter reason_first(const struct crd_report *r)
{
	return (struct reason_iter){ .report = r, .failed = any_failed(r) };
}

/* What could not be checked is a reason of its own only if nothing failed. */
static const struct crd_finding *reason_next(struct reason_iter *it)
{
	const struct crd_finding *f;

	while (it->at < it->report->n_findings) {
		f = &it->report->findings[it->at++];
		if (!is_reason(f) || (f->outcome != CRD_FAILED && it->failed))
			continue;
		it->n++;
		return f;
	}
	return NULL;
}

static void reasons(struct page *p, const struct crd_report *r)
{
	struct reason_iter it = reason_first(r);
	const struct crd_finding *f;

	while ((f = reason_next(&it))) {
		if (it.n == 1)
			heading(p, "Why");
		crd_str_fmt(&p->str, "%3u. ", it.n);
		flow(p, f->sentence ? f->sentence : f->check, 5, 5);
	}
}

static void waivers(struct page *p, const struct crd_report *r)
{
	const struct crd_finding *f = r->findings;
	bool some = false;
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		if (!f[i].waiver)
			continue;
		if (!some)
			heading(p, "Waived");
		some = true;
		crd_str_puts(&p->str, "  -  ");
		flow(p, f[i].sentence, 5, 5);
	}
}

static void stage_line(struct page *p, const struct crd_report *r,
		       enum crd_stage stage)
{
	static const char *const words[] = { "not checked", "passed",
					     "FAILED" };
	static const enum colour colours[] = { YELLOW, GREEN, RED };
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
		put(p, YELLOW, "for a person to decide");
	else
		put(p, colours[outcome], words[outcome]);
	if (n[CRD_FAILED] > 1)
		crd_str_fmt(&p->str, ", %u reasons", n[CRD_FAILED]);
	if (n[CRD_NOT_EVALUATED] && outcome != CRD_NOT_EVALUATED)
		crd_str_fmt(&p->str, ", %u not checked", n[CRD_NOT_EVALUATED]);
	crd_str_puts(&p->str, "\n");
}

static void not_checked(struct page *p, const struct crd_report *r)
{
	const struct crd_finding *f = r->findings;
	bool some = false;
	size_t i;

	for (i = 0; i < r->n_findings; i++) {
		if (f[i].outcome != CRD_NOT_EVALUATED)
			continue;
		if (!some)
			heading(p, "Not checked, so neither good nor bad");
		some = true;
		crd_str_fmt(&p->str, "  %-*s ", LABEL,
			    crd_stage_name(f[i].stage));
		flow(p, f[i].sentence, LABEL + 3, LABEL + 3);
	}
}

static void detail(struct page *p, const char *label, const char *text)
{
	if (!text)
		return;
	crd_str_puts(&p->str, "     ");
	put(p, DIM, label);
	flow(p, text, 15, 15);
}

static void details(struct page *p, const struct crd_report *r)
{
	struct reason_iter it = reason_first(r);
	const struct crd_finding *f;

	while ((f = reason_next(&it))) {
		if (it.n == 1)
			heading(p, "Details");
		crd_str_fmt(&p->str, "%3u. %s", it.n, crd_stage_name(f->stage));
		crd_str_fmt(&p->str, ", %s (%s, %s)\n", f->check,
			    crd_reason_name(f->reason),
			    crd_verdict_name(f->verdict));
		detail(p, "component ", f->component);
		detail(p, "found     ", f->observed);
		detail(p, "wanted    ", f->expected);
		detail(p, "where     ", f->place);
		detail(p, "to do     ", f->next_step);
	}
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

static void count_line(struct page *p, const struct tally *t, const char *what)
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
	flow(p, line.ptr ? line.ptr : "", 2, 4);
	p->str.failed |= line.failed;
	crd_str_done(&line);
}

static void signatures(struct page *p, const struct crd_report *r)
{
	struct crd_str line = { 0 };

	crd_signers_count(&line, r);
	if (line.len) {
		crd_str_puts(&p->str, "  signatures: ");
		flow(p, line.ptr, 14, 4);
	}
	p->str.failed |= line.failed;
	crd_str_done(&line);
}

static void components(struct page *p, const struct crd_report *r)
{
	struct crd_inventory_iter it = { .inventory = &r->inventory };
	struct tally tallies[2] = { 0 };
	struct crd_component c;

	while (crd_inventory_next(&it, &c))
		tally_add(&tallies[c.kind], &c);
	heading(p, "Components");
	count_line(p, &tallies[CRD_KIND_DRIVER], "driver");
	count_line(p, &tallies[CRD_KIND_FIRMWARE], "firmware image");
	signatures(p, r);
	crd_str_fmt(&p->str,
		    "  %" PRIu64 " of %" PRIu64
		    " log records are covered by the TPM's signature\n",
		    r->covered, r->records);
}

static void digest_line(struct page *p, const char *label,
			const struct crd_digest *d)
{
	if (!d->alg)
		return;
	crd_str_fmt(&p->str, "  %-*s ", LABEL, label);
	crd_str_hex(&p->str, d->bytes, d->len);
	crd_str_puts(&p->str, "\n");
}

int crd_report_text(const struct crd_report *report, unsigned int flags,
		    char **ret_text)
{
	struct page p = { .colour = flags & CRD_TEXT_COLOUR };
	unsigned int stage;

	verdict_line(&p, report);
	if (!(flags & CRD_TEXT_QUIET)) {
		head(&p, report);
		reasons(&p, report);
		waivers(&p, report);
		heading(&p, "What was checked");
		for (stage = 0; stage < CRD_STAGE_MAX; stage++)
			stage_line(&p, report, stage);
		not_checked(&p, report);
		components(&p, report);
		details(&p, report);
		heading(&p, "Digests (SHA-256)");
		digest_line(&p, "evidence", &report->evidence_digest);
		digest_line(&p, "policy", &report->policy_digest);
		digest_line(&p, "registry", &report->registry_digest);
	}
	*ret_text = crd_str_take(&p.str);
	return *ret_text ? 0 : -ENOMEM;
}

/* A cell of at most `width` columns, cut with an ellipsis, then blanks. */
static void cell(struct page *p, const char *text, size_t width)
{
	size_t len = strlen(text), n = columns(text, len);

	if (n > width) {
		for (n = len = 0; n + 2 < width; n++) {
			len++;
			while (((uint8_t)text[len] & 0xc0) == 0x80)
				len++;
		}
		crd_str_add(&p->str, text, len);
		crd_str_puts(&p->str, "..");
		n += 2;
	} else {
		crd_str_add(&p->str, text, len);
	}
	crd_str_fmt(&p->str, "%*s", (int)(width - n + 1), "");
}

static void row(struct page *p, const struct crd_component *c)
{
	struct crd_str name = { 0 }, flags = { 0 };

	if (c->name.len)
		crd_str_safe(&name, c->name);
	else
		crd_str_puts(&name, "(no name)");
	crd_flags_say(&flags, c->flags);
	cell(p, crd_kind_name(c->kind), 8);
	cell(p, name.ptr ? name.ptr : "", 26);
	cell(p,
	     c->kind == CRD_KIND_DRIVER ? crd_sig_status_name(c->sig_status) :
					  "-",
	     10);
	cell(p, c->entity ? c->entity : "-", 14);
	flow(p, flags.ptr ? flags.ptr : "-", 62, 62);
	p->str.failed |= name.failed || flags.failed;
	crd_str_done(&name);
	crd_str_done(&flags);
}

/* Hands over what there is, so that no text is as long as an inventory. */
static int flush(struct page *p, crd_put_fn put_text, void *ctx)
{
	int ret = p->str.failed ? -ENOMEM : 0;

	if (!ret && p->str.len)
		ret = put_text(p->str.ptr, p->str.len, ctx);
	p->str.len = 0;
	return ret;
}

int crd_inventory_text(const struct crd_inventory *inventory,
		       const struct crd_registry *registry, unsigned int flags,
		       crd_put_fn put_text, void *ctx)
{
	struct crd_inventory_iter it = { .inventory = inventory,
					 .registry = registry };
	struct page p = { .colour = flags & CRD_TEXT_COLOUR };
	struct tally tallies[2] = { 0 };
	struct crd_component c;
	int ret = 0;

	put(&p, BOLD,
	    "KIND     NAME                       SIGNATURE  VENDOR         FLAGS");
	crd_str_puts(&p.str, "\n");
	while (!ret && crd_inventory_next(&it, &c)) {
		tally_add(&tallies[c.kind], &c);
		row(&p, &c);
		ret = flush(&p, put_text, ctx);
	}
	crd_str_puts(&p.str, "\n");
	count_line(&p, &tallies[CRD_KIND_DRIVER], "driver");
	count_line(&p, &tallies[CRD_KIND_FIRMWARE], "firmware image");
	if (registry)
		crd_str_puts(
			&p.str,
			"  Vendor: the author that the driver names, if the registry knows it. Anybody\n"
			"  can write any name there.\n");
	if (!ret)
		ret = flush(&p, put_text, ctx);
	crd_str_done(&p.str);
	return ret;
}
