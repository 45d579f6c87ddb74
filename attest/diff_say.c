// SPDX-License-Identifier: Apache-2.0
/* A comparison for people, and for machines. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "diff_say.h"
#include "json_set.h"
#include "page.h"

#define DIFF_SCHEMA "credence-diff-1"

enum {
	MAX_VALUE = 72,	 /* of a text that is shown to people */
	MAX_OPAQUE = 24, /* of one that nobody reads */
	MAX_LINES = 200, /* of one class; past these the rest is counted */
};

/* "2 updates" */
static void count(struct crd_str *str, size_t n, const char *noun,
		  const char *nouns)
{
	crd_str_fmt(str, "%zu %s", n, n == 1 ? noun : nouns);
}

/* Digests, keys and raw data: a beginning will do. */
static size_t room_for(const char *what)
{
	static const char *const opaque[] = { "digest", "data",
					      "attestation key", "signing key",
					      "UUID" };
	size_t i;

	for (i = 0; i < sizeof(opaque) / sizeof(opaque[0]); i++) {
		if (!strcmp(what, opaque[i]))
			return MAX_OPAQUE;
	}
	return MAX_VALUE;
}

void crd_value_say(struct crd_str *str, const char *what, const char *text)
{
	size_t len = text ? strlen(text) : 0;
	size_t max = room_for(what);

	if (!text) {
		crd_str_puts(str, "nothing");
		return;
	}
	crd_str_puts(str, "\"");
	if (len > max) { /* at a whole character */
		for (len = max; ((uint8_t)text[len] & 0xc0) == 0x80;)
			len--;
		crd_str_add(str, text, len);
		crd_str_puts(str, "..");
	} else {
		crd_str_puts(str, text);
	}
	crd_str_puts(str, "\"");
}

void crd_change_say(struct crd_str *str, const struct crd_change *c)
{
	const char *sep = ": ";
	size_t i;

	crd_str_puts(str, c->component);
	if (c->was && strcmp(c->was, c->component))
		crd_str_fmt(str, ", where %s was", c->was);
	for (i = 0; i < c->n_details; i++) {
		const struct crd_change_detail *d = &c->details[i];

		crd_str_fmt(str, "%s%s ", sep, d->what);
		crd_value_say(str, d->what, d->before);
		crd_str_puts(str, " then, ");
		crd_value_say(str, d->what, d->after);
		crd_str_puts(str, " now");
		sep = "; ";
	}
	crd_str_fmt(str, ". %s (%s)", c->because, c->rule);
}

static void head(struct crd_page *p, const struct crd_diff *d)
{
	static const struct {
		enum crd_colour colour;
		const char *line;
	} lines[CRD_CHANGE_CLASS_MAX] = {
		{ GREEN, "THE SAME: nothing changed but what may vary." },
		{ GREEN, "UPDATED: all that changed came the ordinary way." },
		{ GREEN, "REPAIRED: parts were exchanged for their like." },
		{ YELLOW, "SUSPICION: a person must look at what changed." },
	};
	enum crd_change_class class = crd_diff_class(d);

	crd_page_put(p, lines[class].colour, lines[class].line);
	crd_str_puts(&p->str, "\n");
	count(&p->str, d->n_compared, "component", "components");
	crd_str_puts(&p->str, " on both sides; ");
	count(&p->str, d->n_class[CRD_CHANGE_SUSPICION], "suspicion, ",
	      "suspicions, ");
	count(&p->str, d->n_class[CRD_CHANGE_REPAIR], "repair, ", "repairs, ");
	count(&p->str, d->n_class[CRD_CHANGE_UPDATE], "update", "updates");
	crd_str_puts(&p->str, ".\n");
}

static void changes_of(struct crd_page *p, const struct crd_diff *d,
		       enum crd_change_class class, const char *heading)
{
	size_t i, n = 0;

	for (i = 0; i < d->n; i++) {
		struct crd_str line = { 0 };

		if (d->changes[i].class != class || n++ >= MAX_LINES)
			continue;
		if (n == 1)
			crd_page_heading(p, heading);
		crd_str_fmt(&line,
			    "%s: ", crd_change_kind_name(d->changes[i].kind));
		crd_change_say(&line, &d->changes[i]);
		crd_str_puts(&p->str, "  -  ");
		crd_page_flow(p, line.ptr ? line.ptr : "", 5, 5);
		p->str.failed |= line.failed;
		crd_str_done(&line);
	}
	if (n > MAX_LINES)
		crd_str_fmt(&p->str, "  and %zu more\n", n - MAX_LINES);
}

void crd_tolerated_say(struct crd_str *str, const struct crd_tolerated *t,
		       size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		crd_str_fmt(str, "%s%s (%zu)", i ? ", " : "", t[i].what,
			    t[i].n);
}

static void tolerated(struct crd_page *p, const struct crd_diff *d)
{
	struct crd_str line = { 0 };

	if (d->n_tolerated) {
		crd_page_heading(p, "Tolerated differences");
		crd_tolerated_say(&line, d->tolerated, d->n_tolerated);
		crd_str_puts(&line, ".");
		crd_str_puts(&p->str, "  -  ");
		crd_page_flow(p, line.ptr ? line.ptr : "", 5, 5);
		p->str.failed |= line.failed;
		crd_str_done(&line);
	}
	crd_page_heading(p, "Not looked at");
	crd_str_puts(&p->str, "  -  ");
	crd_page_flow(
		p,
		"When the evidence was made (its freshness), what machines report of themselves beside their log, and the order and time of records.",
		5, 5);
	if (!d->n_uncovered)
		return;
	crd_str_puts(&p->str, "  -  ");
	count(&line, d->n_uncovered, "component was", "components were");
	crd_str_puts(
		&line,
		" recorded after the TPM signed; they count where they are new.");
	crd_page_flow(p, line.ptr ? line.ptr : "", 5, 5);
	p->str.failed |= line.failed;
	crd_str_done(&line);
}

int crd_diff_text(const struct crd_diff *diff, unsigned int flags,
		  char **ret_text)
{
	struct crd_page p = { .colour = flags & CRD_TEXT_COLOUR };

	head(&p, diff);
	if (!(flags & CRD_TEXT_QUIET)) {
		changes_of(&p, diff, CRD_CHANGE_SUSPICION, "Suspicion");
		changes_of(&p, diff, CRD_CHANGE_REPAIR, "Repair");
		changes_of(&p, diff, CRD_CHANGE_UPDATE, "Update");
		changes_of(&p, diff, CRD_CHANGE_TOLERATED, "Moved");
		tolerated(&p, diff);
	}
	*ret_text = crd_str_take(&p.str);
	return *ret_text ? 0 : -ENOMEM;
}

static json_t *detail_json(const struct crd_change_detail *d, bool *ok)
{
	json_t *o = json_object();

	set_text(o, "what", d->what, ok);
	set_text(o, "rule", d->rule, ok);
	set_text(o, "class", crd_change_class_name(d->class), ok);
	set_text(o, "before", d->before, ok);
	set_text(o, "after", d->after, ok);
	return o;
}

json_t *crd_change_json(const struct crd_change *c, bool *ok)
{
	json_t *o = json_object(), *details = json_array();
	size_t i;

	set_text(o, "change", crd_change_kind_name(c->kind), ok);
	set_text(o, "class", crd_change_class_name(c->class), ok);
	set_text(o, "rule", c->rule, ok);
	set_text(o, "because", c->because, ok);
	set_text(o, "component", c->component, ok);
	set_text(o, "was", c->was, ok);
	set_text(o, "where", c->where, ok);
	for (i = 0; i < c->n_details; i++)
		append(details, detail_json(&c->details[i], ok), ok);
	set(o, "details", details, ok);
	return o;
}

json_t *crd_tolerated_json(const struct crd_tolerated *t, size_t n, bool *ok)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < n; i++) {
		json_t *o = json_object();

		set_text(o, "rule", t[i].rule, ok);
		set_text(o, "what", t[i].what, ok);
		set_number(o, "components", t[i].n, ok);
		append(array, o, ok);
	}
	return array;
}

static json_t *machine_json(const struct crd_attester *m, bool *ok)
{
	json_t *o = json_object();

	set_text(o, "key", m->ak_name, ok);
	set_digest(o, "evidence", &m->evidence_digest, ok);
	set_number(o, "records", m->records, ok);
	set_number(o, "covered", m->covered, ok);
	return o;
}

int crd_json_text(json_t *o, bool ok, char **ret_text)
{
	*ret_text = ok ? json_dumps(o, JSON_INDENT(2) | JSON_SORT_KEYS) : NULL;
	json_decref(o);
	return *ret_text ? 0 : -ENOMEM;
}

int crd_diff_json(const struct crd_diff *diff,
		  const struct crd_attester *before,
		  const struct crd_attester *after, char **ret_text)
{
	json_t *o = json_object(), *changes = json_array();
	bool ok = true;
	size_t i;

	set_text(o, "schema", DIFF_SCHEMA, &ok);
	set_text(o, "class", crd_change_class_name(crd_diff_class(diff)), &ok);
	set(o, "same_machine",
	    json_boolean(!strcmp(before->ak_name, after->ak_name)), &ok);
	set_text(o, "freshness", "not-evaluated", &ok);
	set(o, "before", machine_json(before, &ok), &ok);
	set(o, "after", machine_json(after, &ok), &ok);
	set_number(o, "compared", diff->n_compared, &ok);
	set_number(o, "not_covered", diff->n_uncovered, &ok);
	for (i = 0; i < diff->n; i++)
		append(changes, crd_change_json(&diff->changes[i], &ok), &ok);
	set(o, "changes", changes, &ok);
	set(o, "tolerated",
	    crd_tolerated_json(diff->tolerated, diff->n_tolerated, &ok), &ok);
	return crd_json_text(o, ok, ret_text);
}
