// SPDX-License-Identifier: Apache-2.0
/*
 * A part of the platform in an example, as the measurer records one: SMBIOS
 * structures with their strings, other parts with a field for each answer.
 */
#include <errno.h>
#include <string.h>

#include "appraise_private.h"
#include "credence.h"
#include "example.h"
#include "fields.h"
#include "policy_cond.h"

/* Up to the last number of a string that is read: a processor's serial. */
enum { HEADER = 4, FORMATTED = 0x21 };

/* The first type of structures that such a word stands for. */
static uint8_t type_of(int structure)
{
	uint8_t type = 0;

	if (structure < 0)
		return 0;
	while (type < UINT8_MAX &&
	       crd_smbios_bit(type) != (unsigned int)structure)
		type++;
	return type;
}

static const char *word_of(const struct crd_example_part *part)
{
	if (part->kind != CRD_KIND_PLATFORM)
		return part->bus ? part->bus : crd_kind_name(part->kind);
	if (part->part == CRD_PART_SMBIOS)
		return crd_cond_specs[CRD_COND_STRUCTURE]
			.words[crd_smbios_bit(type_of(part->structure))];
	return crd_cond_specs[CRD_COND_PART].words[part->part];
}

/* A BIOS has one text for both. */
static bool is_two_in_one(const struct crd_example_part *part)
{
	const struct crd_smbios_strings *s;

	if (part->part != CRD_PART_SMBIOS || !part->product || !part->version)
		return false;
	s = crd_smbios_strings(type_of(part->structure));
	return s && s->product == s->version &&
	       strcmp(part->product, part->version);
}

int crd_example_possible(const struct crd_load *l,
			 const struct crd_node **values,
			 struct crd_example_part *part)
{
	static const enum crd_cond_key keys[] = {
		CRD_COND_ID,	   CRD_COND_SUBSYSTEM,	  CRD_COND_VERSION,
		CRD_COND_RELEASED, CRD_COND_MANUFACTURER, CRD_COND_PRODUCT,
		CRD_COND_SERIAL,
	};
	struct crd_component c = { .kind = part->kind };
	size_t i;

	if (part->kind == CRD_KIND_PLATFORM && part->structure >= 0 &&
	    !values[CRD_COND_PART])
		part->part = CRD_PART_SMBIOS;
	c.part = (uint8_t)part->part;
	c.smbios_type = type_of(part->structure);
	c.bus = crd_buf_of(part->bus ? part->bus : "pci");
	if (part->structure >= 0 && part->part != CRD_PART_SMBIOS)
		return crd_node_fail(l, values[CRD_COND_STRUCTURE],
				     "only `part: smbios` has a structure");
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (values[keys[i]] && crd_never_says(&c, keys[i]))
			return crd_node_fail(
				l, values[keys[i]],
				"a component of kind %s has no %s if it is '%.20s'",
				crd_kind_name(part->kind),
				crd_cond_name(keys[i]), word_of(part));
	}
	if (is_two_in_one(part))
		return crd_node_fail(
			l, values[CRD_COND_VERSION],
			"the product of a BIOS is its version: they cannot differ");
	return 0;
}

/* Formatted area and strings, with a number of each where the type has it. */
static void put_smbios(struct crd_fields *f,
		       const struct crd_example_part *part, uint8_t type)
{
	const struct crd_smbios_strings *s = crd_smbios_strings(type);
	uint8_t data[FORMATTED] = { type, FORMATTED };
	const char *texts[5];
	unsigned int i, n = 0;

	if (s) {
		const struct {
			uint8_t at;
			const char *text;
		} rows[] = {
			{ s->maker, part->manufacturer },
			{ s->product, part->product },
			{ s->version, part->version },
			{ s->serial, part->serial },
			{ s->released, part->released },
		};

		for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			if (rows[i].at < HEADER || !rows[i].text ||
			    !*rows[i].text)
				continue;
			texts[n++] = rows[i].text;
			data[rows[i].at] = (uint8_t)n;
		}
	}
	crd_fields_uint(f, CRD_F_SMBIOS_TYPE, type, 1);
	crd_fields_bytes(f, CRD_F_DATA, data, sizeof(data));
	for (i = 0; i < n; i++)
		crd_fields_str(f, CRD_F_STRING, texts[i]);
}

/* What is a number in the log, where each sort of part has it. */
static void put_numbers(struct crd_fields *f,
			const struct crd_example_part *part)
{
	static const struct {
		int part;
		uint8_t field;
		unsigned int width;
	} rows[] = {
		{ CRD_PART_ACPI, CRD_F_OEM_REVISION, 4 },
		{ CRD_PART_ESRT, CRD_F_FW_VERSION, 4 },
		{ CRD_PART_CPU, CRD_F_MICROCODE, 4 },
		{ CRD_PART_TPM, CRD_F_TPM_FIRMWARE, 8 },
	};
	size_t i;

	if (part->has_guid)
		crd_fields_bytes(f, CRD_F_FW_CLASS, part->guid,
				 sizeof(part->guid));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]) && part->version; i++) {
		if (rows[i].part == part->part)
			crd_fields_uint(f, rows[i].field, part->number,
					rows[i].width);
	}
}

void crd_example_put_platform(struct crd_fields *f,
			      const struct crd_example_part *part)
{
	crd_fields_begin(f, CRD_EV_PLATFORM);
	crd_fields_str(f, CRD_F_NAME, part->name);
	if (part->digest.alg)
		crd_fields_hash(f, CRD_F_DIGEST, &part->digest);
	if (part->part != CRD_PART_SMBIOS) {
		crd_fields_str(f, CRD_F_MANUFACTURER, part->manufacturer);
		crd_fields_str(f, CRD_F_PRODUCT, part->product);
	}
	crd_fields_uint(f, CRD_F_PART, (uint64_t)part->part, 1);
	if (part->part == CRD_PART_SMBIOS)
		put_smbios(f, part, type_of(part->structure));
	put_numbers(f, part);
	crd_fields_end(f);
}
