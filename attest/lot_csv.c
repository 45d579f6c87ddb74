// SPDX-License-Identifier: Apache-2.0
/* A lot as a table: a line for each machine, or for each change of it. */
#include <errno.h>

#include "lot_private.h"
#include "text_private.h"

/* Cells of a line, in the order of the head; NULL: empty. */
struct line {
	const char *machine, *status, *class, *change, *rule, *component, *was,
		*why;
};

static int put_line(const struct crd_lot_show *s, const struct line *l)
{
	const char *const cells[] = { l->machine, l->status, l->class,
				      l->change,  l->rule,   l->component,
				      l->was,	  l->why };
	struct crd_str str = { 0 };
	size_t i;
	int ret;

	for (i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		crd_str_puts(&str, i ? "," : "");
		crd_str_cell(&str, cells[i]);
	}
	crd_str_puts(&str, "\n");
	ret = str.failed ? -ENOMEM : s->put(str.ptr, str.len, s->put_ctx);
	crd_str_done(&str);
	return ret;
}

/* A name is the operator's, and may be any bytes. */
static int put_named(const struct crd_lot_show *s, uint32_t name,
		     struct line *l)
{
	struct crd_str str = { 0 };
	int ret;

	crd_str_safe(&str, crd_buf_of(s->name(name, s->name_ctx)));
	l->machine = str.ptr;
	ret = str.failed ? -ENOMEM : put_line(s, l);
	crd_str_done(&str);
	return ret;
}

static int put_changes(const struct crd_lot_show *s, uint32_t name,
		       const struct crd_lot_config *c)
{
	const struct crd_diff *d = c->diff;
	struct line l = { .status = c->alike ? "alike" : "differs" };
	size_t i;
	int ret = 0;

	if (!d || !d->n)
		return put_named(s, name, &l);
	for (i = 0; !ret && i < d->n; i++) {
		const struct crd_change *change = &d->changes[i];

		l.class = crd_change_class_name(change->class);
		l.change = crd_change_kind_name(change->kind);
		l.rule = change->rule;
		l.component = change->component;
		l.was = change->was;
		l.why = change->because;
		ret = put_named(s, name, &l);
	}
	return ret;
}

static int put_twins(const struct crd_lot_show *s)
{
	static const char *const kinds[] = { "bundle", "key", "serial" };
	const struct crd_lot *lot = s->lot;
	size_t i;
	uint32_t k;
	int ret = 0;

	for (i = 0; i < lot->n_twins; i++) {
		const struct crd_lot_twin *t = &lot->twins[i];
		const struct crd_lot_mark *m = &lot->marks[t->first];
		struct line l = { .status = "twin",
				  .class = t->common ? "tolerated" :
						       "suspicion",
				  .change = kinds[m->kind],
				  .component = t->label };

		for (k = 0; !ret && k < t->n; k++) {
			if (!k || m[k].row != m[k - 1].row)
				ret = put_named(s, crd_mark_name(lot, &m[k]),
						&l);
		}
	}
	return ret;
}

int crd_lot_csv(const struct crd_lot_show *show)
{
	const struct crd_lot *lot = show->lot;
	size_t i;
	uint32_t k;
	int ret = put_line(show, &(struct line){ "machine", "status", "class",
						 "change", "rule", "component",
						 "was", "why" });

	for (i = 0; i < lot->n_configs; i++) {
		const struct crd_lot_config *c = &lot->configs[i];

		for (k = 0; !ret && k < c->n; k++)
			ret = put_changes(show, lot->rows[c->first + k].name,
					  c);
	}
	if (!ret)
		ret = put_twins(show);
	for (i = 0; !ret && i < lot->n_left_out; i++) {
		const struct crd_lot_left_out *l = &lot->left_out[i];
		struct line line = { .status = l->malformed ? "malformed" :
							      "unproven",
				     .rule = crd_reason_name(l->reason),
				     .why = l->why };

		ret = put_named(show, l->name, &line);
	}
	return ret;
}
