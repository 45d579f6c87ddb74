// SPDX-License-Identifier: Apache-2.0
/*
 * What the parts of the board say of themselves. SMBIOS structures by the
 * tables of DMTF DSP0134, 7: which byte numbers which string, and which bytes
 * are handles, addresses or a state, that no two starts need to have alike.
 */
#include <string.h>

#include "appraise_private.h"
#include "credence.h"
#include "maker.h"
#include "thing.h"

enum { MAX_FIELDS = 8, MAX_MASKS = 4, MAX_SHOWN = 64 };

struct smbios_layout {
	uint8_t type;
	struct {
		uint8_t at, what, role;
	} text[MAX_FIELDS];
	struct {
		uint8_t at, len;
	} masked[MAX_MASKS];
};

#define ID	CRD_ROLE_ID
#define CONTENT CRD_ROLE_CONTENT
#define SERIAL	CRD_ROLE_SERIAL
#define PLACE	CRD_ROLE_PLACE
#define LOOSE	CRD_ROLE_LOOSE

static const struct smbios_layout layouts[] = {
	{ 0,
	  { { 0x04, CRD_T_MAKER, ID },
	    { 0x05, CRD_T_VERSION, CONTENT },
	    { 0x08, CRD_T_DATE, CONTENT } },
	  { { 0 } } },
	{ 1,
	  { { 0x04, CRD_T_MAKER, ID },
	    { 0x05, CRD_T_PRODUCT, ID },
	    { 0x06, CRD_T_VERSION, CONTENT },
	    { 0x07, CRD_T_SERIAL, SERIAL } },
	  /* UUID, which is a trait; what woke it */
	  { { 0x08, 16 }, { 0x18, 1 } } },
	{ 2,
	  { { 0x04, CRD_T_MAKER, ID },
	    { 0x05, CRD_T_PRODUCT, ID },
	    { 0x06, CRD_T_VERSION, CONTENT },
	    { 0x07, CRD_T_SERIAL, SERIAL },
	    { 0x0a, CRD_T_PLACE, PLACE },
	    { 0x08, CRD_T_ASSET, LOOSE } },
	  { { 0x0b, 2 }, { 0x0f, 255 } } }, /* handles */
	{ 3,
	  { { 0x04, CRD_T_MAKER, ID },
	    { 0x06, CRD_T_VERSION, CONTENT },
	    { 0x07, CRD_T_SERIAL, SERIAL },
	    { 0x08, CRD_T_ASSET, LOOSE } },
	  { { 0x09, 4 } } }, /* states at the start */
	{ 4,
	  { { 0x07, CRD_T_MAKER, ID },
	    { 0x10, CRD_T_PRODUCT, ID },
	    { 0x22, CRD_T_VERSION, CONTENT },
	    { 0x20, CRD_T_SERIAL, SERIAL },
	    { 0x04, CRD_T_PLACE, PLACE },
	    { 0x21, CRD_T_ASSET, LOOSE } },
	  { { 0x16, 2 }, { 0x1a, 6 } } }, /* speed now; caches' handles */
	{ 9,
	  { { 0x04, CRD_T_PLACE, PLACE } },
	  { { 0x07, 1 }, { 0x0d, 4 } } }, /* in use; bus address */
	{ 16, { { 0 } }, { { 0x0b, 2 } } },
	{ 17,
	  { { 0x17, CRD_T_MAKER, ID },
	    { 0x1a, CRD_T_PRODUCT, ID },
	    { 0x18, CRD_T_SERIAL, SERIAL },
	    { 0x10, CRD_T_PLACE, PLACE },
	    { 0x19, CRD_T_ASSET, LOOSE } },
	  { { 0x04, 4 }, { 0x11, 1 } } }, /* handles; bank, which is a place */
	{ 41,
	  { { 0x04, CRD_T_PLACE, PLACE } },
	  { { 0x07, 4 } } }, /* bus address */
};

enum {
	SMBIOS_SYSTEM = 1,
	SMBIOS_MEMORY = 17,
	UUID_AT = 8,
	UUID_LEN = 16,
	MEMORY_SIZE_AT = 12,
};

static const struct smbios_layout *layout_of(uint8_t type)
{
	size_t i;

	for (i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		if (layouts[i].type == type)
			return &layouts[i];
	}
	return NULL;
}

/* String number n, from 1. */
static struct crd_buf string_of(struct crd_buf fields, uint8_t n)
{
	struct crd_field_iter it = { fields };
	struct crd_buf value;
	uint8_t type;

	while (n && crd_field_next(&it, &type, &value)) {
		if (type == CRD_F_STRING && !--n)
			return value;
	}
	return (struct crd_buf){ NULL, 0 };
}

/* The bytes between, without those that are told otherwise, or not at all. */
static void add_data(struct crd_things *t, const struct smbios_layout *l,
		     struct crd_buf data)
{
	uint8_t copy[CRD_MAX_DATA];
	size_t i, k;

	if (data.len > sizeof(copy) || data.len < 4)
		return;
	memcpy(copy, data.ptr, data.len);
	copy[2] = copy[3] = 0; /* the handle */
	for (i = 0; l && i < MAX_FIELDS && l->text[i].at; i++) {
		if (l->text[i].at < data.len)
			copy[l->text[i].at] = 0;
	}
	for (i = 0; l && i < MAX_MASKS && l->masked[i].at; i++) {
		for (k = l->masked[i].at;
		     k < data.len &&
		     k < (size_t)l->masked[i].at + l->masked[i].len;
		     k++)
			copy[k] = 0;
	}
	crd_trait_add_hex(t, CRD_T_DATA, CRD_ROLE_CONTENT,
			  (struct crd_buf){ copy, data.len });
}

/* Strings that no byte of the layout numbers, and all of what has none. */
static void add_texts(struct crd_things *t, const struct smbios_layout *l,
		      const struct crd_component *c, struct crd_buf data)
{
	struct crd_field_iter it = { c->fields };
	struct crd_str text = { 0 };
	struct crd_buf value;
	uint8_t type, n = 0;
	bool told;
	size_t i;

	while (crd_field_next(&it, &type, &value)) {
		if (type != CRD_F_STRING)
			continue;
		n++;
		told = l && l->type == SMBIOS_MEMORY && data.len > 0x11 &&
		       data.ptr[0x11] == n;
		for (i = 0; l && i < MAX_FIELDS && l->text[i].at; i++)
			told |= l->text[i].at < data.len &&
				data.ptr[l->text[i].at] == n;
		if (told || crd_is_placeholder(value))
			continue;
		crd_str_puts(&text, text.len ? ", " : "");
		crd_str_add(&text, (const char *)value.ptr, value.len);
	}
	crd_trait_add(t, CRD_T_TEXTS, CRD_ROLE_CONTENT,
		      (struct crd_buf){ (uint8_t *)text.ptr, text.len });
	t->texts.failed |= text.failed;
	crd_str_done(&text);
}

static void add_fields(struct crd_things *t, const struct smbios_layout *l,
		       const struct crd_component *c, struct crd_buf data)
{
	size_t i;

	for (i = 0; l && i < MAX_FIELDS && l->text[i].at; i++) {
		if (l->text[i].at < data.len)
			crd_trait_add_said(t, l->text[i].what, l->text[i].role,
					   string_of(c->fields,
						     data.ptr[l->text[i].at]));
	}
}

static void add_uuid(struct crd_things *t, struct crd_buf data)
{
	struct crd_buf uuid = { data.ptr + UUID_AT, UUID_LEN };
	size_t i;

	if (data.len < UUID_AT + UUID_LEN)
		return;
	for (i = 1; i < UUID_LEN && uuid.ptr[i] == uuid.ptr[0]; i++)
		;
	if (i < UUID_LEN) /* all zeros or all ones are none */
		crd_trait_add_hex(t, CRD_T_UUID, CRD_ROLE_SERIAL, uuid);
}

static bool is_empty_slot(uint8_t type, struct crd_buf data)
{
	return type == SMBIOS_MEMORY && data.len > MEMORY_SIZE_AT + 1 &&
	       !data.ptr[MEMORY_SIZE_AT] && !data.ptr[MEMORY_SIZE_AT + 1];
}

static bool traits_of_smbios(struct crd_things *t,
			     const struct crd_component *c)
{
	const struct smbios_layout *l = layout_of(c->smbios_type);
	struct crd_buf data = { NULL, 0 };

	crd_field_get(c->fields, CRD_F_DATA, &data);
	if (is_empty_slot(c->smbios_type, data))
		return false;
	add_fields(t, l, c, data);
	add_data(t, l, data);
	add_texts(t, l, c, data);
	if (c->smbios_type == SMBIOS_SYSTEM)
		add_uuid(t, data);
	if (c->flags & CRD_FLAG_CONTRADICTED)
		crd_trait_add(t, CRD_T_MARKS, CRD_ROLE_CONTENT,
			      crd_buf_of("contradicted"));
	return true;
}

/*
 * Tables that hold where others are in memory, or what is written there at
 * each start. What they lead to is measured by itself.
 */
static bool holds_addresses(struct crd_buf name)
{
	static const char *const names[] = { "FACP", "RSDT", "XSDT", "BGRT",
					     "FPDT", "UEFI", "TPM2" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (crd_buf_equal(name, crd_buf_of(names[i])))
			return true;
	}
	return false;
}

static void add_field_number(struct crd_things *t, enum crd_trait_what what,
			     enum crd_role role, const struct crd_component *c,
			     uint8_t type)
{
	uint64_t n;

	if (crd_field_u64(c->fields, type, &n))
		crd_trait_add_number(t, what, role, n);
}

static void traits_of_acpi(struct crd_things *t, const struct crd_component *c)
{
	bool loose = holds_addresses(c->name);
	struct crd_buf maker = { NULL, 0 }, id = { NULL, 0 };

	crd_field_get(c->fields, CRD_F_OEM_ID, &maker);
	crd_field_get(c->fields, CRD_F_OEM_TABLE_ID, &id);
	crd_trait_add(t, CRD_T_NAME, CRD_ROLE_ID, c->name);
	crd_trait_add(t, CRD_T_IDS, CRD_ROLE_ID, id);
	crd_trait_add(t, CRD_T_MAKER, CRD_ROLE_CONTENT, maker);
	add_field_number(t, CRD_T_VERSION, CRD_ROLE_CONTENT, c,
			 CRD_F_OEM_REVISION);
	if (!loose)
		crd_trait_add_digest(t, CRD_T_DIGEST, CRD_ROLE_CONTENT,
				     &c->digest);
	add_field_number(t, CRD_T_SIZE, CRD_ROLE_CONTENT, c, CRD_F_SIZE);
	if (c->flags & CRD_FLAG_DYNAMIC)
		crd_trait_add(t, CRD_T_MARKS, CRD_ROLE_CONTENT,
			      crd_buf_of("dynamic"));
	if (loose)
		crd_trait_add_digest(t, CRD_T_PLACED_DIGEST, CRD_ROLE_LOOSE,
				     &c->digest);
}

static void traits_of_cpu(struct crd_things *t, const struct crd_component *c)
{
	uint64_t family = 0, model = 0, stepping = 0;
	struct crd_str ids = { 0 };

	crd_field_u64(c->fields, CRD_F_CPU_FAMILY, &family);
	crd_field_u64(c->fields, CRD_F_CPU_MODEL, &model);
	crd_field_u64(c->fields, CRD_F_CPU_STEPPING, &stepping);
	crd_str_fmt(&ids, "family %u model %u stepping %u",
		    (unsigned int)family, (unsigned int)model,
		    (unsigned int)stepping);
	crd_trait_add(t, CRD_T_IDS, CRD_ROLE_ID,
		      (struct crd_buf){ (uint8_t *)ids.ptr, ids.len });
	t->texts.failed |= ids.failed;
	crd_str_done(&ids);
	crd_trait_add(t, CRD_T_MAKER, CRD_ROLE_ID, c->manufacturer);
	crd_trait_add(t, CRD_T_PRODUCT, CRD_ROLE_ID, c->product);
	add_field_number(t, CRD_T_VERSION, CRD_ROLE_CONTENT, c,
			 CRD_F_MICROCODE);
	add_field_number(t, CRD_T_COUNT, CRD_ROLE_CONTENT, c, CRD_F_COUNT);
}

static void traits_of_tpm(struct crd_things *t, const struct crd_component *c)
{
	static const char *const words[] = { "off", "on", "not possible" };
	uint64_t n;

	crd_trait_add(t, CRD_T_MAKER, CRD_ROLE_ID, c->manufacturer);
	crd_trait_add(t, CRD_T_PRODUCT, CRD_ROLE_ID, c->product);
	add_field_number(t, CRD_T_VERSION, CRD_ROLE_CONTENT, c,
			 CRD_F_TPM_FIRMWARE);
	add_field_number(t, CRD_T_DATA, CRD_ROLE_CONTENT, c,
			 CRD_F_TPM_REVISION);
	if (crd_field_u64(c->fields, CRD_F_BUS_ENCRYPTION, &n))
		crd_trait_add(t, CRD_T_BUS_ENCRYPTION, CRD_ROLE_CONTENT,
			      crd_buf_of(n < 3 ? words[n] : "unknown"));
}

static void traits_of_esrt(struct crd_things *t, const struct crd_component *c)
{
	struct crd_buf class = { NULL, 0 };

	crd_field_get(c->fields, CRD_F_FW_CLASS, &class);
	crd_trait_add_hex(t, CRD_T_IDS, CRD_ROLE_ID, class);
	add_field_number(t, CRD_T_VERSION, CRD_ROLE_CONTENT, c,
			 CRD_F_FW_VERSION);
	add_field_number(t, CRD_T_LOWEST, CRD_ROLE_CONTENT, c, CRD_F_FW_LOWEST);
}

/* Each structure that is recorded is compared by itself. */
static void traits_of_table(struct crd_things *t, const struct crd_component *c)
{
	crd_trait_add_digest(t, CRD_T_PLACED_DIGEST, CRD_ROLE_LOOSE,
			     &c->digest);
}

bool crd_traits_of_platform(struct crd_things *t, const struct crd_component *c,
			    struct crd_thing *thing)
{
	thing->flags = c->flags;
	thing->type = c->smbios_type;
	switch (c->part) {
	case CRD_PART_SMBIOS:
		thing->sort = CRD_SORT_SMBIOS;
		return traits_of_smbios(t, c);
	case CRD_PART_SMBIOS_TABLE:
		thing->sort = CRD_SORT_TABLE;
		traits_of_table(t, c);
		return true;
	case CRD_PART_ACPI:
		thing->sort = CRD_SORT_ACPI;
		traits_of_acpi(t, c);
		return true;
	case CRD_PART_ESRT:
		thing->sort = CRD_SORT_ESRT;
		traits_of_esrt(t, c);
		return true;
	case CRD_PART_CPU:
		thing->sort = CRD_SORT_CPU;
		traits_of_cpu(t, c);
		return true;
	case CRD_PART_TPM:
		thing->sort = CRD_SORT_TPM;
		traits_of_tpm(t, c);
		return true;
	default: /* a later kind of part: all that it says, as one */
		thing->sort = CRD_SORT_OTHER;
		thing->type = c->part;
		crd_trait_add_hex(t, CRD_T_DATA, CRD_ROLE_CONTENT, c->fields);
		return true;
	}
}
