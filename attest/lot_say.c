// SPDX-License-Identifier: Apache-2.0
/* A lot for people, for machines, and for a spreadsheet. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diff_say.h"
#include "json_set.h"
#include "lot_private.h"
#include "page.h"

#define LOT_SCHEMA "credence-lot-1"

enum { MAX_NAMES = 20, MAX_LINES = 100 };

static const char *name_of(const struct crd_lot_show *s, uint32_t name)
{
	return s->name(name, s->name_ctx);
}

static const struct crd_lot_row *rows_of(const struct crd_lot *lot,
					 const struct crd_lot_config *c)
{
	return &lot->rows[c->first];
}

/* "missing", "extra", "different": what it is against the reference. */
static const char *relation_of(const struct crd_change *c)
{
	switch (c->kind) {
	case CRD_CHANGE_ADDED:
		return "extra";
	case CRD_CHANGE_DOUBLED:
		return "doubled";
	case CRD_CHANGE_REMOVED:
		return "missing";
	case CRD_CHANGE_MOVED:
	case CRD_CHANGE_SWAPPED:
		return "elsewhere";
	default:
		return "different";
	}
}

static void say_name(struct crd_str *str, const struct crd_lot_show *s,
		     uint32_t name)
{
	crd_str_safe(str, crd_buf_of(name_of(s, name)));
}

static void flow(struct crd_page *p, struct crd_str *line, size_t indent)
{
	crd_page_flow(p, line->ptr ? line->ptr : "", indent, indent);
	p->str.failed |= line->failed;
	crd_str_done(line);
}

static void head(struct crd_page *p, const struct crd_lot_show *s)
{
	struct crd_lot_sum sum;
	struct crd_str line = { 0 };
	bool bad;

	crd_lot_sum(s->lot, &sum);
	bad = sum.differ || sum.unproven || sum.malformed || sum.twins;
	if (!sum.proven)
		crd_str_puts(&line,
			     "No machine is proven; nothing was compared");
	else if (!sum.differ)
		crd_str_fmt(&line, "All %zu are alike", sum.alike);
	else
		crd_str_fmt(&line, "%zu of %zu are alike; %s%zu differ%s",
			    sum.alike, sum.proven,
			    sum.differ == 1 ? "this " : "these ", sum.differ,
			    sum.differ == 1 ? "s" : "");
	if (sum.unproven + sum.malformed)
		crd_str_fmt(&line, "; %zu not compared",
			    sum.unproven + sum.malformed);
	if (sum.twins)
		crd_str_fmt(&line, "; keys or serial numbers seen twice: %zu",
			    sum.twins);
	crd_str_puts(&line, sum.differ ? ":" : ".");
	crd_page_begin(p, bad ? YELLOW : GREEN);
	flow(p, &line, 0);
	crd_page_end(p, bad ? YELLOW : GREEN);
	if (!sum.proven)
		return;
	if (s->reference)
		crd_str_puts(&line, "Compared with ");
	else
		crd_str_fmt(
			&line, "Compared with what most are%s, as in ",
			2 * sum.alike > sum.proven ?
				"" :
				" (no majority: a person must choose with --reference)");
	if (s->reference)
		crd_str_safe(&line, crd_buf_of(s->reference));
	else
		say_name(&line, s, s->lot->reference.name);
	crd_str_fmt(&line, "; %zu distinct configuration%s.",
		    sum.configurations, sum.configurations == 1 ? "" : "s");
	flow(p, &line, 0);
}

/* Names of a configuration's machines, not more than fit a line or two. */
static void say_names(struct crd_str *str, const struct crd_lot_show *s,
		      const struct crd_lot_config *c)
{
	uint32_t i;

	for (i = 0; i < c->n && i < MAX_NAMES; i++) {
		crd_str_puts(str, i ? ", " : "");
		say_name(str, s, rows_of(s->lot, c)[i].name);
	}
	if (i < c->n)
		crd_str_fmt(str, " and %u more", c->n - i);
}

static void say_changes(struct crd_page *p, const struct crd_diff *diff,
			bool tolerated)
{
	struct crd_str line = { 0 };
	size_t i, n = 0;

	for (i = 0; i < diff->n; i++) {
		const struct crd_change *c = &diff->changes[i];

		if ((c->class == CRD_CHANGE_TOLERATED) != tolerated ||
		    n++ >= MAX_LINES)
			continue;
		crd_str_fmt(&line, "%s (%s): ", relation_of(c),
			    crd_change_class_name(c->class));
		crd_change_say(&line, c);
		crd_str_puts(&p->str, "  -  ");
		flow(p, &line, 5);
	}
	if (n > MAX_LINES)
		crd_str_fmt(&p->str, "  and %zu more\n", n - MAX_LINES);
}

static void say_config(struct crd_page *p, const struct crd_lot_show *s,
		       const struct crd_lot_config *c)
{
	struct crd_str line = { 0 };

	crd_str_puts(&p->str, "\n");
	crd_page_begin(p, BOLD);
	say_names(&line, s, c);
	flow(p, &line, 0);
	crd_page_end(p, BOLD);
	if (c->diff)
		say_changes(p, c->diff, c->alike);
	else
		crd_str_puts(&p->str, "  -  not looked at: too many differ\n");
}

static int say_configs(struct crd_page *p, const struct crd_lot_show *s,
		       bool alike, const char *heading)
{
	bool some = false;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < s->lot->n_configs; i++) {
		const struct crd_lot_config *c = &s->lot->configs[i];

		if (c->is_reference || c->alike != alike)
			continue;
		if (!some && heading)
			crd_page_heading(p, heading);
		some = true;
		say_config(p, s, c);
		ret = crd_page_flush(p, s->put, s->put_ctx);
	}
	return ret;
}

static const char *mark_noun(uint8_t kind)
{
	static const char *const nouns[] = { "the same bundle",
					     "the same attestation key",
					     "one serial number" };

	return nouns[kind];
}

/* Each bearer once, though it may bear the mark twice. */
static uint32_t twin_names(struct crd_str *str, const struct crd_lot_show *s,
			   const struct crd_lot_twin *t)
{
	const struct crd_lot *lot = s->lot;
	uint32_t i, n = 0;

	for (i = t->first; i < t->first + t->n; i++) {
		if (i > t->first && lot->marks[i].row == lot->marks[i - 1].row)
			continue;
		if (n++ >= MAX_NAMES)
			continue;
		crd_str_puts(str, n > 1 ? ", " : "");
		say_name(str, s, crd_mark_name(lot, &lot->marks[i]));
	}
	if (n > MAX_NAMES)
		crd_str_fmt(str, " and %u more", n - MAX_NAMES);
	return n;
}

static void say_twins(struct crd_page *p, const struct crd_lot_show *s,
		      bool common, const char *heading)
{
	struct crd_str line = { 0 };
	bool some = false;
	size_t i;

	for (i = 0; i < s->lot->n_twins; i++) {
		const struct crd_lot_twin *t = &s->lot->twins[i];

		if (t->common != common)
			continue;
		if (!some)
			crd_page_heading(p, heading);
		some = true;
		twin_names(&line, s, t);
		crd_str_fmt(&line, ": %s",
			    mark_noun(s->lot->marks[t->first].kind));
		if (t->label && *t->label)
			crd_str_fmt(&line, ": %s", t->label);
		crd_str_puts(&p->str, "  -  ");
		flow(p, &line, 5);
	}
	if (!common && s->lot->more_twins)
		crd_str_fmt(&p->str, "  and %zu more\n", s->lot->more_twins);
}

static void say_left_out(struct crd_page *p, const struct crd_lot_show *s)
{
	struct crd_str line = { 0 };
	size_t i;

	for (i = 0; i < s->lot->n_left_out; i++) {
		const struct crd_lot_left_out *l = &s->lot->left_out[i];

		if (!i)
			crd_page_heading(p, "Not compared");
		say_name(&line, s, l->name);
		crd_str_fmt(&line, ": %s: %s (%s)",
			    l->malformed ? "malformed" : "not proven", l->why,
			    crd_reason_name(l->reason));
		crd_str_puts(&p->str, "  -  ");
		flow(p, &line, 5);
	}
}

static void say_tolerated(struct crd_page *p)
{
	crd_page_heading(p, "Tolerated, and not looked at");
	crd_str_puts(&p->str, "  -  ");
	crd_page_flow(
		p,
		"Serial numbers, attestation keys and asset tags, which are each machine's own; texts that say nothing; addresses given out at each start, and the tables that hold them; the order and time of records.",
		5, 5);
	crd_str_puts(&p->str, "  -  ");
	crd_page_flow(
		p,
		"When the evidence was made (its freshness), and what machines report of themselves beside their log. Each quote was checked by the key in its bundle.",
		5, 5);
}

int crd_lot_text(const struct crd_lot_show *show)
{
	struct crd_page p = { .colour = show->flags & CRD_TEXT_COLOUR };
	int ret = 0;

	head(&p, show);
	if (!(show->flags & CRD_TEXT_QUIET)) {
		ret = say_configs(&p, show, false, NULL);
		say_twins(&p, show, false, "Seen twice");
		say_left_out(&p, show);
		if (!ret)
			ret = say_configs(&p, show, true,
					  "Alike, but in other places");
		say_twins(
			&p, show, true,
			"Serial numbers that tell nothing: too many have them");
		say_tolerated(&p);
	}
	if (!ret)
		ret = crd_page_flush(&p, show->put, show->put_ctx);
	crd_str_done(&p.str);
	return ret;
}

static void append_name(json_t *array, const struct crd_lot_show *s,
			uint32_t name, bool *ok)
{
	struct crd_str str = { 0 };

	say_name(&str, s, name);
	append(array, str.failed ? NULL : json_stringn(str.ptr, str.len), ok);
	crd_str_done(&str);
}

static json_t *names_json(const struct crd_lot_show *s,
			  const struct crd_lot_config *c, bool *ok)
{
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < c->n; i++)
		append_name(array, s, rows_of(s->lot, c)[i].name, ok);
	return array;
}

static json_t *config_json(const struct crd_lot_show *s,
			   const struct crd_lot_config *c, bool *ok)
{
	json_t *o = json_object(), *changes = json_array();
	const struct crd_diff *d = c->diff;
	size_t i;

	set(o, "machines", names_json(s, c, ok), ok);
	set(o, "alike", json_boolean(c->alike), ok);
	set(o, "reference", json_boolean(c->is_reference), ok);
	for (i = 0; d && i < d->n; i++) {
		json_t *change = crd_change_json(&d->changes[i], ok);

		set_text(change, "relation", relation_of(&d->changes[i]), ok);
		append(changes, change, ok);
	}
	set(o, "changes", changes, ok);
	if (d)
		set_text(o, "class", crd_change_class_name(crd_diff_class(d)),
			 ok);
	if (d)
		set(o, "tolerated",
		    crd_tolerated_json(d->tolerated, d->n_tolerated, ok), ok);
	return o;
}

static json_t *twin_json(const struct crd_lot_show *s,
			 const struct crd_lot_twin *t, bool *ok)
{
	json_t *o = json_object(), *names = json_array();
	const struct crd_lot_mark *m = &s->lot->marks[t->first];
	uint32_t i;

	for (i = t->first; i < t->first + t->n; i++) {
		if (i == t->first ||
		    s->lot->marks[i].row != s->lot->marks[i - 1].row)
			append_name(names, s,
				    crd_mark_name(s->lot, &s->lot->marks[i]),
				    ok);
	}
	set(o, "machines", names, ok);
	set_text(o, "same",
		 m->kind == CRD_MARK_EVIDENCE ? "bundle" :
		 m->kind == CRD_MARK_KEY      ? "key" :
						"serial",
		 ok);
	set_text(o, "what", t->label, ok);
	set(o, "tolerated", json_boolean(t->common), ok);
	return o;
}

static json_t *left_out_json(const struct crd_lot_show *s,
			     const struct crd_lot_left_out *l, bool *ok)
{
	json_t *o = json_object();

	set_safe(o, "machine", crd_buf_of(name_of(s, l->name)), ok);
	set_text(o, "status", l->malformed ? "malformed" : "unproven", ok);
	set_text(o, "reason", crd_reason_name(l->reason), ok);
	set_text(o, "why", l->why, ok);
	return o;
}

static json_t *sum_json(const struct crd_lot *lot, bool *ok)
{
	json_t *o = json_object();
	struct crd_lot_sum sum;

	crd_lot_sum(lot, &sum);
	set_number(o, "proven", sum.proven, ok);
	set_number(o, "alike", sum.alike, ok);
	set_number(o, "differ", sum.differ, ok);
	set_number(o, "unproven", sum.unproven, ok);
	set_number(o, "malformed", sum.malformed, ok);
	set_number(o, "configurations", sum.configurations, ok);
	set_number(o, "seen_twice", sum.twins, ok);
	return o;
}

int crd_lot_json(const struct crd_lot_show *show)
{
	const struct crd_lot *lot = show->lot;
	json_t *o = json_object(), *configs = json_array();
	json_t *twins = json_array(), *left_out = json_array();
	bool ok = true;
	char *text;
	size_t i;
	int ret;

	set_text(o, "schema", LOT_SCHEMA, &ok);
	set_text(o, "freshness", "not-evaluated", &ok);
	set(o, "sum", sum_json(lot, &ok), &ok);
	if (show->reference)
		set_safe(o, "reference", crd_buf_of(show->reference), &ok);
	else if (lot->n_rows)
		set_safe(o, "reference",
			 crd_buf_of(name_of(show, lot->reference.name)), &ok);
	for (i = 0; i < lot->n_configs; i++)
		append(configs, config_json(show, &lot->configs[i], &ok), &ok);
	for (i = 0; i < lot->n_twins; i++)
		append(twins, twin_json(show, &lot->twins[i], &ok), &ok);
	for (i = 0; i < lot->n_left_out; i++)
		append(left_out, left_out_json(show, &lot->left_out[i], &ok),
		       &ok);
	set(o, "configurations", configs, &ok);
	set(o, "seen_twice", twins, &ok);
	set(o, "not_compared", left_out, &ok);
	ret = crd_json_text(o, ok, &text);
	if (!ret)
		ret = show->put(text, strlen(text), show->put_ctx);
	if (!ret)
		ret = show->put("\n", 1, show->put_ctx);
	free(text);
	return ret;
}
