// SPDX-License-Identifier: Apache-2.0
/* Impact for machines and for a spreadsheet. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "impact_private.h"
#include "json_set.h"

#define IMPACT_SCHEMA "credence-impact-1"

static json_t *policy_json(const struct crd_policy *policy, bool *ok)
{
	json_t *o = json_object();

	set_text(o, "name", crd_policy_name(policy), ok);
	set_number(o, "version", crd_policy_version(policy), ok);
	set_digest(o, "digest", crd_policy_digest(policy), ok);
	return o;
}

static json_t *matrix_json(const struct crd_impact_sum *s, bool *ok)
{
	json_t *o = json_object();
	unsigned int b, a;

	for (b = CRD_ADMIT; b <= CRD_REFUSE; b++) {
		json_t *line = json_object();

		for (a = CRD_ADMIT; a <= CRD_REFUSE; a++)
			set_number(line, crd_verdict_name(a), s->machines[b][a],
				   ok);
		set(o, crd_verdict_name(b), line, ok);
	}
	return o;
}

static json_t *row_json(const struct crd_impact_row *r, bool *ok)
{
	json_t *o = json_object();

	if (r->cause == CRD_CAUSE_WAIVER) {
		set_text(o, "rule", r->text, ok);
		set_text(o, "component", r->more, ok);
		set_number(o, "saves", r->alone, ok);
		return o;
	}
	set_text(o, "id", r->text, ok);
	set_number(o, "machines", r->machines, ok);
	set_number(o, "changed", r->changed, ok);
	set_number(o, "alone", r->alone, ok);
	return o;
}

static int list_json(const struct crd_impact *im, unsigned int side,
		     enum crd_cause cause, enum crd_impact_by by, json_t *o,
		     bool *ok)
{
	struct crd_impact_list list;
	json_t *array = json_array();
	size_t i;
	int ret = crd_impact_list(im, side, cause, by, &list);

	if (ret) {
		json_decref(array);
		return ret;
	}
	for (i = 0; i < list.n; i++)
		append(array, row_json(list.rows[i], ok), ok);
	set(o, crd_cause_names[cause], array, ok);
	crd_impact_list_done(&list);
	return 0;
}

static int side_json(const struct crd_impact *im, unsigned int side,
		     const char *key, json_t *o, bool *ok)
{
	json_t *lists = json_object();
	unsigned int cause;
	int ret = 0;

	for (cause = 0; !ret && cause < CRD_CAUSE_WAIVER; cause++)
		ret = list_json(im, side, cause, CRD_BY_CHANGED, lists, ok);
	if (!ret && side)
		ret = list_json(im, side, CRD_CAUSE_WAIVER, CRD_BY_ALONE, lists,
				ok);
	set(o, key, lists, ok);
	return ret;
}

static int head_json(const struct crd_impact *im, char **ret_text)
{
	json_t *o = json_object();
	bool ok = true;
	int ret;

	set_text(o, "schema", IMPACT_SCHEMA, &ok);
	set_text(o, "freshness", "not-evaluated", &ok);
	set(o, "before", policy_json(im->in.before, &ok), &ok);
	set(o, "after", policy_json(im->in.after, &ok), &ok);
	set_time(o, "when", im->in.now, &ok);
	if (im->in.as_of)
		set_day(o, "as_of", im->in.as_of, &ok);
	set_number(o, "machines", im->n, &ok);
	set_number(o, "same", im->sum.same, &ok);
	set_number(o, "worse", im->sum.worse, &ok);
	set_number(o, "better", im->sum.better, &ok);
	set_number(o, "malformed", im->sum.malformed, &ok);
	set_number(o, "causes_lost", im->table.lost, &ok);
	set(o, "verdicts", matrix_json(&im->sum, &ok), &ok);
	ret = side_json(im, 1, "worse_by", o, &ok);
	if (!ret)
		ret = side_json(im, 0, "better_without", o, &ok);
	*ret_text = ret || !ok ? NULL :
				 json_dumps(o, JSON_SORT_KEYS | JSON_INDENT(2));
	json_decref(o);
	return ret ? ret : *ret_text ? 0 : -ENOMEM;
}

static int put_machine(const struct crd_impact_show *s, size_t i, bool first)
{
	const struct crd_impact_answer *a = &s->answers[i];
	json_t *o = json_object();
	char *text = NULL;
	bool ok = true;
	int ret;

	set_safe(o, "evidence", crd_buf_of(s->name(i, s->name_ctx)), &ok);
	if (a->malformed) {
		set(o, "malformed", json_true(), &ok);
	} else {
		set_text(o, "before", crd_verdict_name(a->before), &ok);
		set_text(o, "after", crd_verdict_name(a->after), &ok);
	}
	if (ok)
		text = json_dumps(o, JSON_SORT_KEYS);
	json_decref(o);
	if (!text)
		return -ENOMEM;
	ret = first ? s->put("\n    ", 5, s->put_ctx) :
		      s->put(",\n    ", 6, s->put_ctx);
	if (!ret)
		ret = s->put(text, strlen(text), s->put_ctx);
	free(text);
	return ret;
}

/* One by one behind the rest, as they may be very many. */
int crd_impact_json(const struct crd_impact_show *show)
{
	static const char lead[] = ",\n  \"changed\": [", end[] = "\n  ]\n}\n";
	bool first = true;
	char *text;
	size_t i;
	int ret = head_json(show->impact, &text);

	if (ret)
		return ret;
	/* without the "\n}" */
	ret = show->put(text, strlen(text) - 2, show->put_ctx);
	free(text);
	if (!ret)
		ret = show->put(lead, sizeof(lead) - 1, show->put_ctx);
	for (i = 0; !ret && i < show->n; i++) {
		const struct crd_impact_answer *a = &show->answers[i];

		if (a->before == a->after && !a->malformed)
			continue;
		ret = put_machine(show, i, first);
		first = false;
	}
	return ret ? ret : show->put(end, sizeof(end) - 1, show->put_ctx);
}

static const char *change_of(const struct crd_impact_answer *a)
{
	if (a->malformed)
		return "malformed";
	return a->after > a->before ? "worse" :
	       a->after < a->before ? "better" :
				      "same";
}

static int put_line(const struct crd_impact_show *s, const char *name,
		    const struct crd_impact_answer *a)
{
	struct crd_str line = { 0 }, safe = { 0 };
	int ret;

	crd_str_safe(&safe, crd_buf_of(name));
	crd_str_cell(&line, safe.ptr);
	crd_str_fmt(&line, ",%s,%s,%s\n",
		    a->malformed ? "" : crd_verdict_name(a->before),
		    a->malformed ? "" : crd_verdict_name(a->after),
		    change_of(a));
	ret = line.failed || safe.failed ?
		      -ENOMEM :
		      s->put(line.ptr, line.len, s->put_ctx);
	crd_str_done(&line);
	crd_str_done(&safe);
	return ret;
}

int crd_impact_csv(const struct crd_impact_show *show)
{
	static const char head[] = "evidence,before,after,change\n";
	size_t i;
	int ret = show->put(head, sizeof(head) - 1, show->put_ctx);

	for (i = 0; !ret && i < show->n; i++)
		ret = put_line(show, show->name(i, show->name_ctx),
			       &show->answers[i]);
	return ret;
}
