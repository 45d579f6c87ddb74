// SPDX-License-Identifier: Apache-2.0
/*
 * An inventory for people: a tree by bus, each device with its driver and
 * firmware, then what belongs to no device, then the platform, and last what
 * nobody has seen. A line is 80 columns wide.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "credence.h"
#include "inventory_private.h"
#include "inventory_text.h"
#include "registry_private.h"

/* Columns: what it is, its id, vendor, jurisdictions; then the grade. */
enum { WHAT = 35, ID = 10, VENDOR = 13, SEAT = 5, STEP = 2, SHORT_DIGEST = 8 };

void crd_inv_indent(struct crd_inv_text *t, unsigned int columns)
{
	crd_str_fmt(&t->page.str, "%*s", (int)columns, "");
}

/* A line below a row, of the thing that stands there. */
void crd_inv_detail(struct crd_inv_text *t, unsigned int indent,
		    enum crd_colour colour, struct crd_str *text)
{
	struct crd_page *p = &t->page;

	p->str.failed |= text->failed;
	if (text->len) {
		crd_inv_indent(t, indent);
		/* one colour for all its lines: a code takes no column */
		crd_page_begin(p, colour);
		crd_page_flow(p, text->ptr, indent, indent + STEP);
		crd_page_end(p, colour);
	}
	crd_str_done(text);
}

static void seat(struct crd_inv_text *t, const struct crd_component *c)
{
	const struct crd_registry *registry = t->show->registry;
	const struct crd_entity *e;
	char text[8] = "-";

	if (registry && c->entity) {
		e = &registry->entities[c->vendors[0]];
		strcpy(text, e->hq);
		if (strcmp(e->hq, e->ultimate)) {
			strcat(text, "/");
			strcat(text, e->ultimate);
		}
	}
	crd_page_cell(&t->page, PLAIN, text, SEAT);
}

void crd_inv_row(struct crd_inv_text *t, unsigned int indent, const char *what,
		 const char *id, const struct crd_component *c)
{
	struct crd_str lists = { 0 };
	enum crd_colour colour;

	crd_lists_say(&lists, t->show, c);
	colour = lists.len ? RED : BOLD;
	crd_inv_indent(t, indent);
	crd_page_cell(&t->page, colour, what,
		      indent < WHAT - ID ? WHAT - indent : ID);
	crd_page_cell(&t->page, PLAIN, id, ID);
	crd_page_cell(&t->page, lists.len ? RED : PLAIN,
		      c->entity ? c->entity : "-", VENDOR);
	seat(t, c);
	crd_page_put(&t->page, PLAIN, crd_grade_name(c->grade));
	crd_str_puts(&t->page.str, "\n");
	if (lists.len) {
		struct crd_str line = { 0 };

		crd_str_fmt(&line, "on lists: %s", lists.ptr);
		crd_inv_detail(t, indent + STEP, RED, &line);
	}
	t->page.str.failed |= lists.failed;
	crd_str_done(&lists);
	crd_inv_count(t, c);
}

/* Each once, in however many lines it is spoken of. */
void crd_inv_count(struct crd_inv_text *t, const struct crd_component *c)
{
	if (!t->counted[c->entry])
		t->shown[c->kind]++;
	t->counted[c->entry] = 1;
}

void crd_inv_digest(struct crd_str *str, const struct crd_digest *d)
{
	if (!d->alg)
		return;
	crd_str_fmt(str, " %s:", crd_alg_name(d->alg));
	crd_str_hex(str, d->bytes,
		    d->len < SHORT_DIGEST ? d->len : SHORT_DIGEST);
}

/* What is of no interest here: that all of it is so is said once. */
static uint32_t flags_of(const struct crd_inv_text *t,
			 const struct crd_component *c)
{
	uint32_t no = CRD_FLAG_NOT_COVERED | CRD_FLAG_UNSIGNED |
		      CRD_FLAG_UNVERIFIED;

	if (t->show->inventory->self_reported)
		no |= CRD_FLAG_UNMEASURED;
	return c->flags & ~no;
}

static void flags(struct crd_inv_text *t, unsigned int indent,
		  const struct crd_component *c)
{
	struct crd_str line = { 0 };

	crd_flags_say(&line, flags_of(t, c));
	if (c->looks_like)
		crd_str_fmt(&line, " of %s", c->looks_like);
	crd_inv_detail(t, indent, YELLOW, &line);
}

static bool is_interface(const struct crd_component *c)
{
	struct crd_buf number;

	return crd_field_get(c->fields, CRD_F_INTERFACE, &number);
}

/* An interface is called what its device is. */
static void names(struct crd_inv_text *t, unsigned int indent,
		  const struct crd_component *c)
{
	struct crd_str vendor = { 0 }, device = { 0 }, line = { 0 };

	if (!is_interface(c) && crd_device_name(t->show, c, &vendor, &device)) {
		if (!c->entity && vendor.len)
			crd_str_fmt(&line, "%s%s", vendor.ptr,
				    device.len ? " " : "");
		if (device.len)
			crd_str_puts(&line, device.ptr);
	}
	crd_inv_detail(t, indent, DIM, &line);
	crd_str_done(&vendor);
	crd_str_done(&device);
}

static void quote(struct crd_str *line, const char *before, struct crd_buf text)
{
	if (!text.len)
		return;
	crd_str_fmt(line, "%s\"", before);
	crd_str_safe(line, text);
	crd_str_puts(line, "\"");
}

/* A device's own words. */
static void claims(struct crd_inv_text *t, unsigned int indent,
		   const struct crd_component *c)
{
	struct crd_str line = { 0 };

	quote(&line, " ", c->manufacturer);
	quote(&line, " ", c->product);
	quote(&line, " serial number ", c->serial);
	if (line.len) {
		struct crd_str all = { 0 };

		crd_str_fmt(&all, "says of itself%s", line.ptr);
		crd_inv_detail(t, indent, DIM, &all);
	}
	crd_str_done(&line);
}

static void say_module(struct crd_inv_text *t, struct crd_str *line,
		       uint32_t module, struct crd_buf name,
		       struct crd_buf driver)
{
	struct crd_component c;
	enum crd_kernel_word state;

	if (!name.len) {
		crd_str_puts(line, ", in the kernel");
		return;
	}
	if (!crd_buf_equal(name, driver)) {
		crd_str_puts(line, ", module ");
		crd_str_safe(line, name);
	}
	if (!crd_inventory_get(t->show->inventory, t->show->registry, module,
			       &c)) {
		crd_str_puts(line, ", which no record shows");
		return;
	}
	state = crd_kernel_word_of(&c);
	crd_str_fmt(line, ", signature %s", crd_kernel_word_name(state));
	if (c.entity)
		crd_str_fmt(line, ", by %s (%s)", c.entity,
			    crd_grade_name(c.grade));
	if (flags_of(t, &c)) {
		crd_str_puts(line, ", ");
		crd_flags_say(line, flags_of(t, &c));
	}
	crd_inv_count(t, &c);
}

static void driver(struct crd_inv_text *t, unsigned int indent,
		   const struct crd_link *link)
{
	const struct crd_inventory *inv = t->show->inventory;
	struct crd_buf name = { 0 }, module = { 0 }, fields;
	struct crd_str line = { 0 };

	if (link->binding == CRD_NO_ENTRY)
		return;
	fields = crd_entry_fields(inv, &inv->entries[link->binding]);
	crd_field_get(fields, CRD_F_DRIVER, &name);
	crd_field_get(fields, CRD_F_MODULE, &module);
	crd_str_puts(&line, link->bound ? "driver " : "driver, let go again: ");
	crd_str_safe(&line, name);
	say_module(t, &line, link->module, module, name);
	crd_inv_detail(t, indent, PLAIN, &line);
}

static void images(struct crd_inv_text *t, unsigned int indent,
		   const struct crd_link *link)
{
	const struct crd_inventory *inv = t->show->inventory;
	struct crd_component c;
	uint32_t image;

	for (image = link->firmware;
	     crd_inventory_get(inv, t->show->registry, image, &c);
	     image = crd_inventory_link(inv, image)->next) {
		struct crd_str line = { 0 };

		crd_str_puts(&line, "firmware ");
		crd_str_safe(&line, c.name);
		crd_inv_digest(&line, &c.digest);
		if (flags_of(t, &c)) {
			crd_str_puts(&line, ", ");
			crd_flags_say(&line, flags_of(t, &c));
		}
		crd_inv_detail(t, indent, PLAIN, &line);
		crd_inv_count(t, &c);
	}
}

/* An interface has no ids of its own: what it can do stands there. */
static void ids(struct crd_str *str, const struct crd_component *c)
{
	if (is_interface(c))
		crd_str_fmt(str, "%02x/%02x/%02x", c->class_code >> 16 & 0xff,
			    c->class_code >> 8 & 0xff, c->class_code & 0xff);
	else if (c->vendor_id >= 0 && c->device_id >= 0)
		crd_str_fmt(str, "%04x:%04x", (unsigned int)c->vendor_id,
			    (unsigned int)c->device_id);
	else
		crd_str_puts(str, "-");
}

static void device(struct crd_inv_text *t, uint32_t entry, unsigned int depth)
{
	const struct crd_link *link =
		crd_inventory_link(t->show->inventory, entry);
	unsigned int indent = STEP * (depth + 1);
	struct crd_str what = { 0 }, id = { 0 };
	struct crd_component c;

	if (!crd_inventory_get(t->show->inventory, t->show->registry, entry,
			       &c))
		return;
	crd_str_safe(&what, c.device);
	crd_str_fmt(&what, " %s", crd_class_noun(&c));
	ids(&id, &c);
	crd_inv_row(t, indent, what.ptr ? what.ptr : "", id.ptr ? id.ptr : "",
		    &c);
	t->page.str.failed |= what.failed || id.failed;
	crd_str_done(&what);
	crd_str_done(&id);
	indent += STEP;
	names(t, indent, &c);
	claims(t, indent, &c);
	driver(t, indent, link);
	images(t, indent, link);
	flags(t, indent, &c);
}

void crd_inv_heading(struct crd_inv_text *t, const char *text)
{
	crd_page_heading(&t->page, text);
}

/* "pci" as a heading */
static void bus_heading(struct crd_inv_text *t, struct crd_buf bus)
{
	struct crd_str text = { 0 };
	size_t i;

	crd_str_safe(&text, bus);
	for (i = 0; i < text.len; i++)
		if (text.ptr[i] >= 'a' && text.ptr[i] <= 'z')
			text.ptr[i] = (char)(text.ptr[i] - 'a' + 'A');
	crd_inv_heading(t, text.ptr ? text.ptr : "Devices");
	t->page.str.failed |= text.failed;
	crd_str_done(&text);
}

static int devices(struct crd_inv_text *t, struct crd_tree *tree)
{
	const struct crd_inventory *inv = t->show->inventory;
	struct crd_buf bus, last = { NULL, 0 };
	unsigned int depth;
	uint32_t entry;
	int ret = 0;

	while (!ret && crd_tree_next(tree, &entry, &depth)) {
		if (!depth) {
			bus = (struct crd_buf){ NULL, 0 };
			crd_field_get(crd_entry_fields(inv,
						       &inv->entries[entry]),
				      CRD_F_BUS, &bus);
			if (!last.ptr || !crd_buf_equal(bus, last))
				bus_heading(t, bus);
			last = bus;
		}
		device(t, entry, depth);
		ret = crd_inv_flush(t);
	}
	return ret;
}

static void driver_row(struct crd_inv_text *t, const struct crd_component *c)
{
	enum crd_kernel_word state = crd_kernel_word_of(c);
	struct crd_str name = { 0 };

	if (c->name.len)
		crd_str_safe(&name, c->name);
	else
		crd_str_puts(&name, "(no name)");
	crd_inv_row(t, STEP, name.ptr ? name.ptr : "",
		    crd_kernel_word_name(state), c);
	flags(t, 2 * STEP, c);
	t->page.str.failed |= name.failed;
	crd_str_done(&name);
}

static void image_row(struct crd_inv_text *t, const struct crd_component *c)
{
	struct crd_str name = { 0 }, line = { 0 };

	crd_str_safe(&name, c->name);
	crd_inv_row(t, STEP, name.ptr ? name.ptr : "(no name)", "-", c);
	crd_inv_digest(&line, &c->digest);
	if (line.len)
		crd_inv_detail(t, 2 * STEP - 1, DIM, &line);
	flags(t, 2 * STEP, c);
	t->page.str.failed |= name.failed;
	crd_str_done(&name);
	crd_str_done(&line);
}

static bool is_built_in(const struct crd_component *c)
{
	return c->kind == CRD_KIND_DRIVER && c->flags & CRD_FLAG_BUILT_IN;
}

/* Of that kind, held by no device, and it fits? */
static bool is_other(const struct crd_inv_text *t, const struct crd_tree *tree,
		     enum crd_kind kind, uint32_t entry,
		     struct crd_component *ret_component)
{
	const struct crd_inventory *inv = t->show->inventory;

	return crd_inventory_kind(&inv->entries[entry]) == (int)kind &&
	       !crd_tree_holds(tree, entry) &&
	       crd_inventory_get(inv, t->show->registry, entry,
				 ret_component) &&
	       crd_filter_fits(t->show, ret_component);
}

/* Hundreds, of which there is nothing to say but their names. */
static int built_in(struct crd_inv_text *t, const struct crd_tree *tree)
{
	struct crd_str line = { 0 };
	struct crd_component c;
	uint32_t i;

	for (i = 0; i < t->show->inventory->n_entries; i++) {
		if (!is_other(t, tree, CRD_KIND_DRIVER, i, &c) ||
		    !is_built_in(&c))
			continue;
		if (line.len)
			crd_str_puts(&line, ", ");
		crd_str_safe(&line, c.name);
		crd_inv_count(t, &c);
	}
	if (line.len)
		crd_inv_heading(t, "BUILT INTO THE KERNEL");
	crd_inv_detail(t, STEP, PLAIN, &line);
	return crd_inv_flush(t);
}

/* Of one kind, those that fit and that no device holds. */
static int others(struct crd_inv_text *t, const struct crd_tree *tree,
		  enum crd_kind kind, const char *title,
		  void (*row)(struct crd_inv_text *t,
			      const struct crd_component *c))
{
	struct crd_component c;
	bool some = false;
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < t->show->inventory->n_entries; i++) {
		if (!is_other(t, tree, kind, i, &c) || is_built_in(&c))
			continue;
		if (!some)
			crd_inv_heading(t, title);
		some = true;
		row(t, &c);
		ret = crd_inv_flush(t);
	}
	return ret;
}

int crd_inv_flush(struct crd_inv_text *t)
{
	return crd_page_flush(&t->page, t->put, t->ctx);
}

static void columns(struct crd_inv_text *t)
{
	struct crd_page *p = &t->page;

	if (t->show->as_of) {
		crd_str_puts(&p->str, "Lists as of ");
		crd_str_date(&p->str, t->show->as_of);
		crd_str_puts(&p->str, "\n");
	}
	crd_page_cell(p, DIM, "WHAT", WHAT);
	crd_page_cell(p, DIM, "ID", ID);
	crd_page_cell(p, DIM, "VENDOR", VENDOR);
	crd_page_cell(p, DIM, "HQ", SEAT);
	crd_page_put(p, DIM, "GRADE");
	crd_str_puts(&p->str, "\n");
}

static int body(struct crd_inv_text *t, struct crd_tree *tree)
{
	int ret;

	columns(t);
	ret = crd_inv_contradictions(t);
	if (!ret)
		ret = devices(t, tree);
	if (!ret)
		ret = others(t, tree, CRD_KIND_FIRMWARE,
			     "FIRMWARE OF NO DEVICE SHOWN", image_row);
	if (!ret)
		ret = others(t, tree, CRD_KIND_DRIVER,
			     "DRIVERS WITHOUT A DEVICE", driver_row);
	if (!ret)
		ret = built_in(t, tree);
	if (!ret)
		ret = others(t, tree, CRD_KIND_PLATFORM, "PLATFORM",
			     crd_inv_platform);
	if (!ret)
		ret = crd_inv_foot(t);
	return ret;
}

int crd_inventory_text(const struct crd_show *show, crd_put_fn put, void *ctx)
{
	struct crd_inv_text t = {
		.show = show,
		.page = { .colour = show->flags & CRD_TEXT_COLOUR },
		.put = put,
		.ctx = ctx,
	};
	struct crd_tree *tree = NULL;
	int ret = crd_tree_new(show, &tree);

	t.counted = calloc(show->inventory->n_entries + 1, 1);
	if (!ret)
		ret = t.counted ? body(&t, tree) : -ENOMEM;
	free(t.counted);
	crd_str_done(&t.page.str);
	crd_tree_free(&tree);
	return ret;
}
