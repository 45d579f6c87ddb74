// SPDX-License-Identifier: Apache-2.0
/* Machines of one delivery: what is kept of each, and who is looked at again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "attest_private.h"
#include "lot_private.h"

enum { MAX_LOOKED_AT = 1000 }; /* configurations that are explained */

int crd_lot_new(struct crd_lot **ret_lot)
{
	*ret_lot = calloc(1, sizeof(**ret_lot));
	return *ret_lot ? 0 : -ENOMEM;
}

void crd_lot_free(struct crd_lot **lot)
{
	struct crd_lot *l = *lot;
	size_t i;

	if (!l)
		return;
	for (i = 0; i < l->n_configs; i++)
		crd_diff_free(&l->configs[i].diff);
	for (i = 0; i < l->n_twins; i++)
		free(l->twins[i].label);
	for (i = 0; i < l->n_left_out; i++)
		free(l->left_out[i].why);
	free(l->rows);
	free(l->marks);
	free(l->left_out);
	free(l->configs);
	free(l->twins);
	free(l);
	*lot = NULL;
}

/* Room for one more, or NULL. */
static void *room(void *array, size_t *cap, size_t n, size_t size)
{
	size_t more = *cap ? 2 * *cap : 64;

	if (n < *cap)
		return array;
	array = realloc(array, more * size);
	if (array)
		*cap = more;
	return array;
}

int crd_tag_order(const void *a, const void *b)
{
	return memcmp(a, b, CRD_TAG);
}

static struct crd_tag tag_of(const void *bytes, size_t len)
{
	struct crd_digest digest;
	struct crd_tag tag;

	crd_sha256((struct crd_buf){ bytes, len }, &digest);
	memcpy(tag.bytes, digest.bytes, CRD_TAG);
	return tag;
}

/* What one thing adds: itself, and where it sits. */
struct piece {
	uint8_t sort, type;
	struct crd_tag content, place;
};

/* Those that the quote covers, as a set. */
static int sum_up(const struct crd_things *things, bool places,
		  struct crd_tag *ret_tag)
{
	struct crd_tag *tags = malloc((things->n + 1) * sizeof(*tags));
	size_t i, n = 0;

	if (!tags)
		return -ENOMEM;
	for (i = 0; i < things->n; i++) {
		const struct crd_thing *t = &things->things[i];
		struct piece p = { t->sort, t->type, t->content, { { 0 } } };

		if (t->uncovered)
			continue;
		if (places)
			p.place = t->place;
		tags[n++] = tag_of(&p, sizeof(p));
	}
	qsort(tags, n, sizeof(*tags), crd_tag_order);
	*ret_tag = tag_of(tags, n * sizeof(*tags));
	free(tags);
	return 0;
}

static int add_mark(struct crd_lot *lot, enum crd_mark kind, struct crd_tag tag)
{
	void *more = room(lot->marks, &lot->marks_cap, lot->n_marks,
			  sizeof(*lot->marks));

	if (!more)
		return -ENOMEM;
	lot->marks = more;
	lot->marks[lot->n_marks++] =
		(struct crd_lot_mark){ tag, (uint32_t)lot->n_rows,
				       (uint8_t)kind };
	return 0;
}

/* The serial number of a thing, whatever else is told of it. */
static bool serial_tag(const struct crd_things *things,
		       const struct crd_thing *thing,
		       const struct crd_trait *trait, struct crd_tag *ret_tag)
{
	struct crd_buf text = crd_trait_text(things, trait);
	struct crd_str all = { 0 };
	bool ok;

	if (trait->role != CRD_ROLE_SERIAL)
		return false;
	crd_str_fmt(&all, "%u %u %u ", thing->sort, thing->type, trait->what);
	crd_str_hex(&all, thing->id.bytes, CRD_TAG);
	crd_str_add(&all, (const char *)text.ptr, text.len);
	ok = !all.failed;
	*ret_tag = tag_of(all.ptr, all.len);
	crd_str_done(&all);
	return ok;
}

/* fn is told of each serial number; its non-zero return ends it. */
static int each_serial(const struct crd_things *things,
		       int (*fn)(const struct crd_things *things,
				 const struct crd_thing *thing,
				 const struct crd_trait *trait,
				 const struct crd_tag *tag, void *ctx),
		       void *ctx)
{
	struct crd_tag tag;
	size_t i;
	uint32_t k;
	int ret = 0;

	for (i = 0; !ret && i < things->n; i++) {
		const struct crd_thing *t = &things->things[i];

		for (k = t->first; !ret && k < t->first + t->n; k++) {
			if (serial_tag(things, t, &things->traits[k], &tag))
				ret = fn(things, t, &things->traits[k], &tag,
					 ctx);
		}
	}
	return ret;
}

static int mark_serial(const struct crd_things *things,
		       const struct crd_thing *thing,
		       const struct crd_trait *trait, const struct crd_tag *tag,
		       void *ctx)
{
	return add_mark(ctx, CRD_MARK_SERIAL, *tag);
}

static int row_of(const struct crd_attester *machine,
		  const struct crd_things *things, struct crd_lot_row *ret_row)
{
	int ret = sum_up(things, false, &ret_row->made_of);

	memcpy(ret_row->evidence.bytes, machine->evidence_digest.bytes,
	       CRD_TAG);
	return ret ? ret : sum_up(things, true, &ret_row->placed);
}

int crd_lot_reference(struct crd_lot *lot, const struct crd_attester *machine)
{
	struct crd_things things;
	int ret = crd_things_of(machine, true, &things);

	if (ret)
		return ret;
	ret = row_of(machine, &things, &lot->reference);
	lot->has_reference = !ret;
	crd_things_done(&things);
	return ret;
}

int crd_lot_add(struct crd_lot *lot, uint32_t name,
		const struct crd_attester *machine)
{
	struct crd_lot_row row = { .name = name };
	struct crd_things things;
	void *more = room(lot->rows, &lot->rows_cap, lot->n_rows, sizeof(row));
	int ret;

	if (!more)
		return -ENOMEM;
	lot->rows = more;
	ret = crd_things_of(machine, true, &things);
	if (ret)
		return ret;
	ret = row_of(machine, &things, &row);
	if (!ret)
		ret = add_mark(lot, CRD_MARK_EVIDENCE, row.evidence);
	if (!ret)
		ret = add_mark(lot, CRD_MARK_KEY,
			       tag_of(machine->ak_name,
				      strlen(machine->ak_name)));
	if (!ret)
		ret = each_serial(&things, mark_serial, lot);
	if (!ret)
		lot->rows[lot->n_rows++] = row;
	crd_things_done(&things);
	return ret;
}

int crd_lot_leave_out(struct crd_lot *lot, uint32_t name, bool malformed,
		      enum crd_reason reason, const char *why)
{
	struct crd_str text = { 0 };
	void *more = room(lot->left_out, &lot->left_out_cap, lot->n_left_out,
			  sizeof(*lot->left_out));
	char *copy;

	if (!more)
		return -ENOMEM;
	lot->left_out = more;
	crd_str_safe(&text, crd_buf_of(why));
	copy = crd_str_take(&text);
	if (!copy)
		return -ENOMEM;
	lot->left_out[lot->n_left_out++] =
		(struct crd_lot_left_out){ name, malformed, reason, copy };
	return 0;
}

bool crd_lot_next(struct crd_lot *lot, uint32_t *ret_name)
{
	while (lot->next_config < lot->n_configs &&
	       lot->next_config < MAX_LOOKED_AT) {
		struct crd_lot_config *c = &lot->configs[lot->next_config++];

		*ret_name = c->name;
		if (!c->is_reference)
			return true;
	}
	while (lot->next_twin < lot->n_twins) {
		struct crd_lot_twin *t = &lot->twins[lot->next_twin++];

		*ret_name = t->name;
		if (!t->label)
			return true;
	}
	return false;
}

static const struct crd_lot_row *find_row(const struct crd_lot *lot,
					  uint32_t name)
{
	size_t i;

	for (i = 0; i < lot->n_rows; i++) {
		if (lot->rows[i].name == name)
			return &lot->rows[i];
	}
	return NULL;
}

/* A serial number in words, for the twins that bear it. */
struct label {
	struct crd_lot *lot;
	uint32_t name;
};

static int label_serial(const struct crd_things *things,
			const struct crd_thing *thing,
			const struct crd_trait *trait,
			const struct crd_tag *tag, void *ctx)
{
	const struct label *l = ctx;
	struct crd_component c;
	size_t i;

	for (i = 0; i < l->lot->n_twins; i++) {
		struct crd_lot_twin *t = &l->lot->twins[i];
		const struct crd_lot_mark *m = &l->lot->marks[t->first];
		struct crd_buf text = crd_trait_text(things, trait);
		struct crd_str str = { 0 };

		if (t->name != l->name || t->label ||
		    m->kind != CRD_MARK_SERIAL || crd_tag_order(&m->tag, tag))
			continue;
		if (crd_inventory_get(&things->machine->inventory, NULL,
				      thing->entry, &c))
			crd_component_label(&str, &c);
		crd_str_fmt(&str, ", %s ", crd_trait_name(trait->what));
		crd_str_add(&str, (const char *)text.ptr, text.len);
		t->label = crd_str_take(&str);
		if (!t->label)
			return -ENOMEM;
	}
	return 0;
}

static int label_twins(struct crd_lot *lot, uint32_t name,
		       const struct crd_attester *machine)
{
	struct label l = { lot, name };
	struct crd_things things;
	size_t i;
	int ret = crd_things_of(machine, true, &things);

	if (ret)
		return ret;
	ret = each_serial(&things, label_serial, &l);
	crd_things_done(&things);
	for (i = 0; !ret && i < lot->n_twins; i++) {
		struct crd_lot_twin *t = &lot->twins[i];

		if (t->name != name || t->label)
			continue;
		t->label = strdup(lot->marks[t->first].kind == CRD_MARK_KEY ?
					  machine->ak_name :
					  "");
		ret = t->label ? 0 : -ENOMEM;
	}
	return ret;
}

int crd_lot_look(struct crd_lot *lot, uint32_t name,
		 const struct crd_attester *machine,
		 const struct crd_attester *reference)
{
	const struct crd_lot_row *row = find_row(lot, name);
	struct crd_lot_config *c;
	int ret = 0;

	if (!row || memcmp(row->evidence.bytes, machine->evidence_digest.bytes,
			   CRD_TAG))
		return -ESTALE;
	c = &lot->configs[row->config];
	if (c->name == name && !c->is_reference && !c->diff)
		ret = crd_diff_new(reference, machine, CRD_DIFF_OTHER_MACHINE,
				   &c->diff);
	return ret ? ret : label_twins(lot, name, machine);
}

void crd_lot_sum(const struct crd_lot *lot, struct crd_lot_sum *ret_sum)
{
	struct crd_lot_sum sum = { .proven = lot->n_rows,
				   .configurations = lot->n_made_of };
	size_t i;

	for (i = 0; i < lot->n_configs; i++)
		*(lot->configs[i].alike ? &sum.alike : &sum.differ) +=
			lot->configs[i].n;
	for (i = 0; i < lot->n_left_out; i++)
		*(lot->left_out[i].malformed ? &sum.malformed :
					       &sum.unproven) += 1;
	for (i = 0; i < lot->n_twins; i++)
		sum.twins += !lot->twins[i].common;
	sum.twins += lot->more_twins;
	*ret_sum = sum;
}
