// SPDX-License-Identifier: Apache-2.0
/*
 * Who made a component. A vendor comes from the author fields of a driver
 * alone. The devices that a driver serves (its aliases) say nothing of who
 * wrote it.
 */
#include "appraise_private.h"
#include "credence.h"
#include "registry_private.h"

static void add_vendor(struct crd_component *c, uint16_t vendor)
{
	unsigned int i;

	for (i = 0; i < c->n_vendors; i++) {
		if (c->vendors[i] == vendor)
			return;
	}
	c->vendors[c->n_vendors++] = vendor;
}

static struct crd_buf trim(struct crd_buf text)
{
	while (text.len && text.ptr[0] == ' ') {
		text.ptr++;
		text.len--;
	}
	while (text.len && text.ptr[text.len - 1] == ' ')
		text.len--;
	return text;
}

/* "Name <mail>", "Name, <mail>": the name. Anything else: empty. */
static struct crd_buf without_mail(struct crd_buf text)
{
	size_t at = text.len;

	if (!at || text.ptr[at - 1] != '>')
		return (struct crd_buf){ NULL, 0 };
	while (at && text.ptr[at - 1] != '<')
		at--;
	if (!at)
		return (struct crd_buf){ NULL, 0 };
	text.len = at - 1;
	text = trim(text);
	if (text.len && text.ptr[text.len - 1] == ',')
		text.len--;
	return trim(text);
}

/*
 * The whole author string, or what is left of it without a mail address at
 * its end, must stand in the registry to the letter. Nothing is guessed from
 * parts of it.
 */
static uint16_t find_author(const struct crd_registry *registry,
			    struct crd_buf author)
{
	uint8_t room[CRD_MAX_TEXT];
	struct crd_buf name;
	uint16_t entity;

	if (author.len > sizeof(room))
		return REG_NONE;
	author = trim(crd_unescape(author, room));
	entity = crd_registry_find(registry, "modsigner", author);
	if (entity != REG_NONE)
		return entity;
	name = without_mail(author);
	return name.len ? crd_registry_find(registry, "modsigner", name) :
			  REG_NONE;
}

void crd_component_find_vendors(struct crd_component *c,
				const struct crd_registry *registry)
{
	unsigned int i;
	uint16_t entity;

	c->grade = CRD_GRADE_UNKNOWN;
	if (!registry || c->kind != CRD_KIND_DRIVER)
		return;
	for (i = 0; i < c->n_authors; i++) {
		entity = find_author(registry, c->authors[i]);
		if (entity != REG_NONE)
			add_vendor(c, entity);
		else
			c->n_strangers++;
	}
	if (!c->n_vendors)
		return;
	c->entity = registry->entities[c->vendors[0]].id;
	c->entity_basis = "module author";
	c->grade = CRD_GRADE_TEXT;
}
