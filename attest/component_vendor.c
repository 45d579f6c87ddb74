// SPDX-License-Identifier: Apache-2.0
/*
 * Who made a component. A driver's vendor comes from its author fields alone:
 * the devices that it serves (its aliases) say nothing of who wrote it. A
 * device's comes from the numbers that the kernel read from its bus, never
 * from the texts that it tells about itself; those of SMBIOS are all that there
 * is of a board, as the name that it was asked for by of a firmware image.
 */
#include "appraise_private.h"
#include "credence.h"
#include "maker.h"
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

struct crd_buf crd_author_name(struct crd_buf text)
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
	name = crd_author_name(author);
	return name.len ? crd_registry_find(registry, "modsigner", name) :
			  REG_NONE;
}

static void find_authors(struct crd_component *c,
			 const struct crd_registry *registry)
{
	unsigned int i;
	uint16_t entity;

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

/* The first statement is the component's own; entity, if it is known, its. */
static void add_statement(struct crd_component *c,
			  const struct crd_registry *registry, uint16_t entity,
			  const char *basis, enum crd_grade grade)
{
	if (entity == REG_NONE) {
		c->n_strangers++;
		return;
	}
	if (!c->n_vendors && !c->n_strangers) {
		c->entity = registry->entities[entity].id;
		c->entity_basis = basis;
	}
	c->grade = grade;
	add_vendor(c, entity);
}

/* Whose design it is, then who built it in: the subsystem. */
static void find_device(struct crd_component *c,
			const struct crd_registry *registry)
{
	bool pci = crd_buf_equal(c->bus, crd_buf_of("pci"));

	if (c->vendor_id < 0 ||
	    (!pci && !crd_buf_equal(c->bus, crd_buf_of("usb"))))
		return;
	add_statement(
		c, registry,
		crd_registry_vendor(registry, pci, (uint16_t)c->vendor_id),
		pci ? "pci vendor id" : "usb vendor id", CRD_GRADE_MEASURED);
	if (pci && c->subvendor_id >= 0)
		add_statement(c, registry,
			      crd_registry_vendor(registry, true,
						  (uint16_t)c->subvendor_id),
			      "pci subsystem id", CRD_GRADE_MEASURED);
}

/*
 * By the name that the driver asked for. It tells what the image is meant to
 * be; that it is, its digest alone can tell.
 */
static void find_firmware(struct crd_component *c,
			  const struct crd_registry *registry)
{
	uint8_t room[CRD_MAX_TEXT];
	struct crd_row row;
	size_t at;

	if (!c->name.len || c->name.len > sizeof(room))
		return;
	if (crd_registry_firmware(registry, crd_unescape(c->name, room), &row,
				  &at))
		add_statement(c, registry,
			      crd_registry_entity_of(registry, row.field[2]),
			      "firmware name", CRD_GRADE_TEXT);
}

/* A look-alike is nobody that is known; that it is one, is worth telling. */
static void find_smbios(struct crd_component *c,
			const struct crd_registry *registry,
			struct crd_buf text)
{
	static const char *const bases[] = {
		[CRD_MAKER_EXACT] = "smbios manufacturer",
		[CRD_MAKER_PATTERN] = "smbios manufacturer, by its words",
		[CRD_MAKER_FORM] = "smbios manufacturer, a code of its maker",
		[CRD_MAKER_JEDEC] = "smbios manufacturer, a JEDEC code",
	};
	struct crd_maker maker;

	crd_maker_find(registry, c->smbios_type, text, &maker);
	if (maker.how == CRD_MAKER_LOOK_ALIKE) {
		c->flags |= CRD_FLAG_LOOK_ALIKE;
		c->looks_like = maker.entity;
	}
	if (maker.how < CRD_MAKER_EXACT)
		add_statement(c, registry, REG_NONE, NULL, CRD_GRADE_UNKNOWN);
	else
		add_statement(c, registry, maker.number, bases[maker.how],
			      CRD_GRADE_TEXT);
}

static void find_platform(struct crd_component *c,
			  const struct crd_registry *registry)
{
	static const struct {
		const char *scheme, *basis;
	} parts[] = {
		[CRD_PART_SMBIOS] = { "smbios", NULL },
		[CRD_PART_CPU] = { "cpuid", "processor vendor" },
		[CRD_PART_TPM] = { "tpm", "tpm manufacturer" },
	};
	uint8_t room[CRD_MAX_TEXT];
	struct crd_buf maker = c->manufacturer;

	if (c->part >= sizeof(parts) / sizeof(parts[0]) ||
	    !parts[c->part].scheme || maker.len > sizeof(room))
		return;
	maker = trim(crd_unescape(maker, room));
	if (!maker.len)
		return;
	if (c->part == CRD_PART_SMBIOS)
		find_smbios(c, registry, maker);
	else
		add_statement(c, registry,
			      crd_registry_find(registry, parts[c->part].scheme,
						maker),
			      parts[c->part].basis, CRD_GRADE_MEASURED);
}

void crd_component_find_vendors(struct crd_component *c,
				const struct crd_registry *registry)
{
	c->grade = CRD_GRADE_UNKNOWN;
	if (!registry)
		return;
	if (c->kind == CRD_KIND_DRIVER)
		find_authors(c, registry);
	else if (c->kind == CRD_KIND_FIRMWARE)
		find_firmware(c, registry);
	else if (c->kind == CRD_KIND_DEVICE)
		find_device(c, registry);
	else if (c->kind == CRD_KIND_PLATFORM)
		find_platform(c, registry);
}
