// SPDX-License-Identifier: Apache-2.0
/*
 * A declared component. What a log says of drivers (signature, origin, flags)
 * nobody has seen. Makers are known by the numbers that the bill gives, else by
 * their names; all of it is the bidder's word.
 */

#include "bid_private.h"
#include "maker.h"
#include "registry_private.h"

struct crd_buf crd_declared_text(const struct crd_component *c, uint8_t type)
{
	struct crd_buf text = { NULL, 0 };

	if (c->grade == CRD_GRADE_DECLARED)
		crd_field_get(c->fields, type, &text);
	return text;
}

struct crd_buf crd_declared_word(const struct crd_component *c)
{
	return crd_declared_text(c, CRD_DF_WORD);
}

enum crd_seen crd_declared_seen(const struct crd_component *c)
{
	uint64_t seen;

	if (!crd_field_u64(c->fields, CRD_DF_SEEN, &seen))
		return CRD_SEEN_PERHAPS;
	return (enum crd_seen)seen;
}

/* One thing that the bill says of who made it. */
struct statement {
	bool given;
	uint16_t entity; /* REG_NONE: not known */
	const char *basis;
};

static void add(struct crd_component *c, const struct crd_registry *registry,
		const struct statement *said, bool first)
{
	unsigned int i;

	if (first) {
		c->entity = registry->entities[said->entity].id;
		c->entity_basis = said->basis;
	}
	for (i = 0; i < c->n_vendors; i++) {
		if (c->vendors[i] == said->entity)
			return;
	}
	c->vendors[c->n_vendors++] = said->entity;
}

static uint16_t by_id(const struct crd_component *c,
		      const struct crd_registry *registry, int32_t id)
{
	bool pci = crd_buf_equal(c->bus, crd_buf_of("pci"));

	if (id < 0 || (!pci && !crd_buf_equal(c->bus, crd_buf_of("usb"))))
		return REG_NONE;
	return crd_registry_vendor(registry, pci, (uint16_t)id);
}

/*
 * By its name: as firmware's makers are found, else as authors of drivers and
 * makers of TPMs are. Of a look-alike it is told whom it looks like.
 */
static uint16_t by_text(struct crd_component *c,
			const struct crd_registry *registry,
			struct crd_buf text)
{
	static const char *const schemes[] = { "modsigner", "tpm", "cpuid" };
	bool smbios = c->part == CRD_PART_SMBIOS;
	uint8_t room[CRD_MAX_TEXT];
	uint16_t entity = REG_NONE;
	struct crd_maker maker;
	size_t i;

	if (!text.len || text.len > sizeof(room))
		return REG_NONE;
	text = crd_bid_trim(crd_unescape(text, room));
	if (!text.len)
		return REG_NONE;
	crd_maker_find(registry, smbios ? c->smbios_type : CRD_MAKER_ANY_TYPE,
		       text, &maker);
	if (maker.how >= CRD_MAKER_EXACT)
		return maker.number;
	for (i = 0; i < 3 && entity == REG_NONE; i++)
		entity = crd_registry_find(registry, schemes[i], text);
	if (entity == REG_NONE && maker.how == CRD_MAKER_LOOK_ALIKE) {
		c->flags |= CRD_FLAG_LOOK_ALIKE;
		c->looks_like = maker.entity;
	}
	return entity;
}

/* Of a firmware image, by what it is called: only if the registry knows it. */
static uint16_t by_name(const struct crd_component *c,
			const struct crd_registry *registry)
{
	uint8_t room[CRD_MAX_TEXT];
	struct crd_row row;
	size_t at;

	if (c->kind != CRD_KIND_FIRMWARE || !c->name.len ||
	    c->name.len > sizeof(room) ||
	    !crd_registry_firmware(registry, crd_unescape(c->name, room), &row,
				   &at))
		return REG_NONE;
	return crd_registry_entity_of(registry, row.field[2]);
}

/*
 * Ids and the maker's name answer one question: each that is given counts, and
 * one that is not known is a stranger. The first decides whether the part
 * itself is known. A supplier only delivers: he counts if he is known, or if
 * nobody else is named.
 */
static void find_vendors(struct crd_component *c,
			 const struct crd_registry *registry)
{
	struct crd_buf maker = c->kind <= CRD_KIND_FIRMWARE ? c->authors[0] :
							      c->manufacturer;
	struct crd_buf supplier = crd_declared_text(c, CRD_DF_SUPPLIER);
	uint16_t named = by_name(c, registry);
	const struct statement said[] = {
		{ c->bus.len && c->vendor_id >= 0,
		  by_id(c, registry, c->vendor_id), "declared vendor id" },
		{ maker.len, by_text(c, registry, maker),
		  "declared manufacturer" },
		{ c->bus.len && c->subvendor_id >= 0,
		  by_id(c, registry, c->subvendor_id),
		  "declared subsystem id" },
		{ named != REG_NONE, named, "declared firmware name" },
		{ supplier.len, by_text(c, registry, supplier),
		  "declared supplier" },
	};
	size_t i, n_given = 0;

	for (i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		if (!said[i].given)
			continue;
		if (said[i].entity != REG_NONE)
			add(c, registry, &said[i], !n_given);
		else if (i < 4 || !n_given)
			c->n_strangers++;
		n_given++;
	}
	if (!n_given)
		c->n_strangers++;
}

void crd_component_declare(struct crd_component *c,
			   const struct crd_registry *registry)
{
	uint64_t words;

	c->grade = CRD_GRADE_DECLARED;
	c->flags = 0;
	c->sig_status = CRD_SIG_UNKNOWN;
	if (!c->has_class && crd_field_u64(c->fields, CRD_DF_CLASS, &words)) {
		c->said_class = (uint32_t)words;
		c->has_class = true;
	}
	if (registry)
		find_vendors(c, registry);
}
