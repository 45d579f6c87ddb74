// SPDX-License-Identifier: Apache-2.0
/*
 * Conditions on what a component is joined to. By the name of its module a
 * driver is joined to the devices that were bound to it and to the firmware that
 * it asked for; by the device that asked, firmware is joined to devices. Where
 * several loads of a module had that name, each may have been the driver: all of
 * them count.
 */
#include "policy_joined.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "credence.h"

/*
 * What is known of all that are joined: these bits, and above them an entry to
 * show. 0: there is none.
 */
enum {
	MEMBER = 1,
	COUNTS = 2,  /* one that the quote covers, and that is still there */
	HOLDS = 4,   /* the conditions do for one, to refuse */
	NOT_ALL = 8, /* they do not for one, to admit */
	FLAGS = 15,
	SHIFT = 4,
};

typedef uint32_t tally_t;

struct crd_joined {
	const struct crd_inventory *inv;
	size_t n;	   /* entries */
	uint32_t *group;   /* by entry: of the module's name that it bears */
	uint32_t *bound;   /* by entry: the device that it says is bound */
	uint32_t *device;  /* by entry: under which all of one device is */
	uint32_t n_groups; /* 0 is nobody's */
	bool *seen;	   /* by group: there is a record of such a driver */
	const struct crd_cond *conds[POL_MAX_JOINS];
	uint32_t n_conds;
	tally_t *answers; /* by condition, then by entry */
	tally_t *members; /* likewise, while they are brought together */
};

static tally_t fold(tally_t a, tally_t b)
{
	uint32_t show = a >> SHIFT;

	if (!a || !b)
		return a | b;
	if ((a & HOLDS) == (b & HOLDS) ? b >> SHIFT < show : b & HOLDS)
		show = b >> SHIFT;
	return show << SHIFT | ((a | b) & FLAGS);
}

static bool is_covered(const struct crd_joined *j, uint32_t entry)
{
	return !(j->inv->entries[entry].flags & CRD_FLAG_NOT_COVERED);
}

/* What a record after the quote adds can only count against. */
static tally_t through(const struct crd_joined *j, uint32_t entry, tally_t t)
{
	return is_covered(j, entry) ? t : t & ~(tally_t)COUNTS;
}

static struct crd_buf field(const struct crd_joined *j, uint32_t entry,
			    uint8_t type)
{
	struct crd_buf value = { NULL, 0 };

	crd_field_get(crd_entry_fields(j->inv, &j->inv->entries[entry]), type,
		      &value);
	return value;
}

uint32_t crd_device_root(const struct crd_inventory *inv, uint32_t entry)
{
	const struct crd_entry *e = &inv->entries[entry];
	uint32_t parent = crd_inventory_link(inv, entry)->parent;
	struct crd_buf value;

	if (parent == CRD_NO_ENTRY || e->event != CRD_EV_DEVICE ||
	    !crd_field_get(crd_entry_fields(inv, e), CRD_F_INTERFACE, &value))
		return entry;
	return parent;
}

/* The module's name that an entry bears. */
static struct crd_buf module_of(const struct crd_joined *j, uint32_t entry)
{
	switch (j->inv->entries[entry].event) {
	case CRD_EV_MODULE:
	case CRD_EV_MODULE_RESULT:
		return field(j, entry, CRD_F_NAME);
	case CRD_EV_DEVICE:
		if (!field(j, entry, CRD_F_DRIVER).ptr)
			break;
		/* fallthrough */
	case CRD_EV_BIND:
	case CRD_EV_FIRMWARE:
		return field(j, entry, CRD_F_MODULE);
	default:
		break;
	}
	return (struct crd_buf){ NULL, 0 };
}

struct bearer {
	struct crd_buf name;
	uint32_t entry;
};

static int bearer_order(const void *a, const void *b)
{
	const struct bearer *x = a, *y = b;

	return crd_field_order(x->name, y->name);
}

static int group_by_name(struct crd_joined *j)
{
	struct bearer *b = calloc(j->n + 1, sizeof(*b));
	size_t i, n = 0;

	j->group = calloc(j->n + 1, sizeof(*j->group));
	if (!b || !j->group) {
		free(b);
		return -ENOMEM;
	}
	for (i = 0; i < j->n; i++) {
		b[n].name = module_of(j, (uint32_t)i);
		b[n].entry = (uint32_t)i;
		n += b[n].name.len != 0;
	}
	if (n)
		qsort(b, n, sizeof(*b), bearer_order);
	for (i = 0, j->n_groups = 1; i < n; i++) {
		if (i && !crd_buf_equal(b[i].name, b[i - 1].name))
			j->n_groups++;
		j->group[b[i].entry] = j->n_groups;
	}
	j->n_groups++;
	free(b);
	j->seen = calloc(j->n_groups, sizeof(*j->seen));
	return j->seen ? 0 : -ENOMEM;
}

static tally_t ask(const struct crd_matcher *m, const struct crd_cond *cond,
		   uint32_t entry)
{
	const uint32_t lost = CRD_FLAG_NOT_COVERED | CRD_FLAG_GONE |
			      CRD_FLAG_FAILED;
	tally_t t = MEMBER | entry << SHIFT;

	if (!(m->c->flags & lost))
		t |= COUNTS;
	if (crd_matcher_holds(m, cond->inner, false))
		t |= HOLDS;
	if (!crd_matcher_holds(m, cond->inner, true))
		t |= NOT_ALL;
	return t;
}

/* Each component once: what is each condition's answer? */
static int ask_all(struct crd_joined *j, struct crd_matcher *m,
		   const struct crd_parts *parts)
{
	struct crd_parts_iter it = { .parts = parts };
	const struct crd_component *c;
	uint32_t k;
	bool ready; /* the matcher, for it */
	int ret = 0;

	while (!ret && (c = crd_parts_next(&it))) {
		if (c->kind == CRD_KIND_DRIVER && is_covered(j, c->entry) &&
		    !(c->flags & CRD_FLAG_FAILED))
			j->seen[j->group[c->entry]] = true;
		ready = false;
		for (k = 0; !ret && k < j->n_conds; k++) {
			if (!crd_cond_is_of(j->conds[k]->key, c->kind))
				continue;
			if (!ready)
				ret = crd_matcher_set(m, c);
			ready = true;
			if (!ret)
				j->members[k * j->n + c->entry] =
					ask(m, j->conds[k], c->entry);
		}
	}
	return ret;
}

/*
 * A driver that is named, but of which there is no record: part of the kernel,
 * or else never measured.
 */
static int ask_unseen(struct crd_joined *j, struct crd_matcher *m,
		      const struct crd_cond *cond, uint32_t entry,
		      tally_t *ret_tally)
{
	bool module = j->group[entry] != 0;
	struct crd_component c = {
		.kind = CRD_KIND_DRIVER,
		.recnum = j->inv->entries[entry].recnum,
		.entry = entry,
		.origin = module ? CRD_ORIGIN_UNMEASURED : CRD_ORIGIN_BUILT_IN,
		.flags = module ? CRD_FLAG_UNMEASURED | CRD_FLAG_UNVERIFIED :
				  CRD_FLAG_BUILT_IN,
		.sig_status = module ? CRD_SIG_UNVERIFIED : CRD_SIG_NONE,
		.vendor_id = -1,
		.device_id = -1,
		.subvendor_id = -1,
		.subdevice_id = -1,
	};
	int ret;

	c.name = module ? module_of(j, entry) : field(j, entry, CRD_F_DRIVER);
	c.flags |= j->inv->entries[entry].flags & CRD_FLAG_NOT_COVERED;
	crd_component_find_vendors(&c, m->registry);
	ret = crd_matcher_set(m, &c);
	if (!ret)
		*ret_tally = ask(m, cond, entry);
	return ret;
}

/* The driver that an entry names, whose device's or image's it is. */
static int driver_of(struct crd_joined *j, struct crd_matcher *m,
		     const struct crd_cond *cond, const tally_t *by_name,
		     uint32_t entry, tally_t *ret_tally)
{
	uint32_t group = j->group[entry];
	tally_t unseen = 0;
	int ret = 0;

	*ret_tally = group ? through(j, entry, by_name[group]) : 0;
	if (group ? j->seen[group] : !field(j, entry, CRD_F_DRIVER).ptr)
		return 0;
	ret = ask_unseen(j, m, cond, entry, &unseen);
	*ret_tally = fold(*ret_tally, unseen);
	return ret;
}

/* The device that was bound, as a BIND or the device's own record says. */
static uint32_t bound_device(const struct crd_joined *j, uint32_t entry)
{
	const struct crd_entry *e = &j->inv->entries[entry];

	if (e->event == CRD_EV_DEVICE)
		return field(j, entry, CRD_F_DRIVER).ptr ? entry : CRD_NO_ENTRY;
	if (e->event == CRD_EV_BIND)
		return crd_inventory_link(j->inv, entry)->parent;
	return CRD_NO_ENTRY;
}

/* The entry under which all that is of one device is brought together. */
static uint32_t device_of(const struct crd_joined *j, uint32_t entry)
{
	if (j->inv->entries[entry].event == CRD_EV_FIRMWARE) {
		entry = crd_inventory_link(j->inv, entry)->parent;
		if (entry == CRD_NO_ENTRY)
			return entry;
	}
	return crd_device_root(j->inv, entry);
}

static int place_devices(struct crd_joined *j)
{
	uint32_t i;
	int kind;

	j->bound = malloc((j->n + 1) * sizeof(*j->bound));
	j->device = malloc((j->n + 1) * sizeof(*j->device));
	if (!j->bound || !j->device)
		return -ENOMEM;
	for (i = 0; i < j->n; i++) {
		kind = crd_inventory_kind(&j->inv->entries[i]);
		j->bound[i] = bound_device(j, i);
		j->device[i] = kind == CRD_KIND_FIRMWARE ||
					       kind == CRD_KIND_DEVICE ?
				       device_of(j, i) :
				       CRD_NO_ENTRY;
	}
	return 0;
}

/* Members by the name of the module, and by the device. */
static void gather(const struct crd_joined *j, const struct crd_cond *cond,
		   const tally_t *members, tally_t *by_name, tally_t *by_device)
{
	uint32_t i, at;

	for (i = 0; i < j->n; i++) {
		at = cond->key == CRD_COND_DEVICE ? j->bound[i] : i;
		if (at != CRD_NO_ENTRY && j->group[i])
			by_name[j->group[i]] = fold(by_name[j->group[i]],
						    through(j, i, members[at]));
		if (!members[i])
			continue;
		at = j->device[i];
		if (at != CRD_NO_ENTRY)
			by_device[at] = fold(by_device[at], members[i]);
	}
}

/* To those who are asked about: the answers of what they are joined to. */
static int spread(struct crd_joined *j, struct crd_matcher *m,
		  const struct crd_cond *cond, const tally_t *by_name,
		  const tally_t *by_device, tally_t *answers)
{
	uint32_t i, at;
	tally_t t;
	int ret = 0;

	for (i = 0; !ret && i < j->n; i++) {
		int kind = crd_inventory_kind(&j->inv->entries[i]);

		if (kind == CRD_KIND_DRIVER) {
			answers[i] = by_name[j->group[i]];
		} else if (cond->key != CRD_COND_DRIVER) {
			at = j->device[i];
			answers[i] = at == CRD_NO_ENTRY ? 0 : by_device[at];
		} else {
			at = kind == CRD_KIND_FIRMWARE ? i : j->bound[i];
			if (at == CRD_NO_ENTRY)
				continue;
			ret = driver_of(j, m, cond, by_name, i, &t);
			answers[at] = fold(answers[at], t);
		}
	}
	return ret;
}

static int bring_together(struct crd_joined *j, struct crd_matcher *m,
			  uint32_t k)
{
	tally_t *by_name = calloc(j->n_groups, sizeof(*by_name));
	tally_t *by_device = calloc(j->n + 1, sizeof(*by_device));
	int ret = -ENOMEM;

	if (by_name && by_device) {
		gather(j, j->conds[k], j->members + k * j->n, by_name,
		       by_device);
		by_name[0] = 0; /* those who bear no name */
		ret = spread(j, m, j->conds[k], by_name, by_device,
			     j->answers + k * j->n);
	}
	free(by_name);
	free(by_device);
	return ret;
}

static int load(struct crd_joined *j, struct crd_matcher *m,
		const struct crd_parts *parts)
{
	uint32_t k;
	int ret = group_by_name(j);

	if (!ret)
		ret = place_devices(j);
	j->answers = calloc(j->n_conds * j->n + 1, sizeof(*j->answers));
	j->members = calloc(j->n_conds * j->n + 1, sizeof(*j->members));
	if (!j->answers || !j->members)
		ret = -ENOMEM;
	if (!ret)
		ret = ask_all(j, m, parts);
	for (k = 0; !ret && k < j->n_conds; k++)
		ret = bring_together(j, m, k);
	free(j->members);
	j->members = NULL;
	return ret;
}

int crd_joined_load(struct crd_matcher *m, const struct crd_parts *parts)
{
	const struct crd_policy *p = m->policy;
	struct crd_matcher asked = *m; /* of others than m's component */
	struct crd_joined *j;
	size_t i;
	int ret;

	if (!p->n_joins)
		return 0;
	j = calloc(1, sizeof(*j));
	if (!j)
		return -ENOMEM;
	j->inv = parts->inventory;
	j->n = parts->inventory->n_entries;
	j->n_conds = p->n_joins;
	/* each is set below, but who checks this code cannot know that */
	for (i = 0; i < p->n_joins; i++)
		j->conds[i] = p->conds;
	for (i = 0; i < p->n_conds; i++) {
		if (crd_cond_is_join(p->conds[i].key))
			j->conds[p->conds[i].join] = &p->conds[i];
	}
	asked.room = NULL;
	asked.room_len = 0;
	ret = load(j, &asked, parts);
	free(asked.room);
	if (ret)
		crd_joined_free(&j);
	else
		m->joined = j;
	return ret;
}

void crd_joined_free(struct crd_joined **joined)
{
	struct crd_joined *j = *joined;

	if (!j)
		return;
	free(j->group);
	free(j->bound);
	free(j->device);
	free(j->seen);
	free(j->answers);
	free(j->members);
	free(j);
	*joined = NULL;
}

static tally_t answer(const struct crd_matcher *m, const struct crd_cond *cond)
{
	const struct crd_joined *j = m->joined;

	return j && m->c->entry < j->n ?
		       j->answers[cond->join * j->n + m->c->entry] :
		       0;
}

bool crd_joined_holds(const struct crd_matcher *m, const struct crd_cond *cond,
		      bool benefit)
{
	tally_t t = answer(m, cond);

	if (cond->none)
		return !(t & MEMBER);
	if (benefit)
		return t & COUNTS && !(t & NOT_ALL);
	return t & HOLDS;
}

uint32_t crd_joined_witness(const struct crd_matcher *m,
			    const struct crd_cond *cond)
{
	tally_t t = answer(m, cond);

	return t ? t >> SHIFT : CRD_NO_ENTRY;
}

const struct crd_inventory *crd_joined_inventory(const struct crd_matcher *m)
{
	return m->joined->inv;
}

bool crd_joined_get(const struct crd_matcher *m, const struct crd_cond *cond,
		    uint32_t entry, struct crd_component *ret_c)
{
	const struct crd_entry *e = &m->joined->inv->entries[entry];

	if (crd_inventory_get(m->joined->inv, m->registry, entry, ret_c) &&
	    crd_cond_is_of(cond->key, ret_c->kind))
		return true;
	*ret_c = (struct crd_component){ .recnum = e->recnum,
					 .in_group = e->group,
					 .item = e->item,
					 .entry = entry };
	return false;
}
