// SPDX-License-Identifier: Apache-2.0
/* Components in words, for findings, reports and inventories. */
#include "appraise_private.h"
#include "credence.h"

const char *crd_kind_name(enum crd_kind kind)
{
	static const char *const names[] = { "driver", "firmware", "device",
					     "platform" };

	return (unsigned int)kind < CRD_KIND_MAX ? names[kind] : "unknown";
}

static const char *pick(const char *const *names, size_t n, size_t i)
{
	return i < n ? names[i] : "unknown";
}

const char *crd_origin_name(uint8_t origin)
{
	static const char *const names[] = { "unmeasured",   "file",
					     "memory",	     "anonymous",
					     "pre-existing", "built-in",
					     "cached",	     "platform" };

	return pick(names, 8, origin);
}

const char *crd_sig_status_name(uint8_t status)
{
	static const char *const names[] = { "none", "verified", "unverified" };

	return pick(names, 3, status);
}

const char *crd_grade_name(enum crd_grade grade)
{
	static const char *const names[] = { "certified", "measured",
					     "text",	  "self-reported",
					     "declared",  "unknown" };

	return pick(names, 6, grade);
}

static void say_smbios(struct crd_str *str, const struct crd_component *c)
{
	static const struct {
		uint8_t type;
		const char *noun;
	} nouns[] = {
		{ 0, "firmware" },	 { 1, "system" },
		{ 2, "board" },		 { 3, "chassis" },
		{ 4, "processor" },	 { 9, "slot" },
		{ 11, "OEM strings" },	 { 16, "memory array" },
		{ 17, "memory module" }, { 41, "onboard device" },
		{ 43, "TPM" },
	};
	size_t i;

	for (i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++) {
		if (nouns[i].type == c->smbios_type) {
			crd_str_fmt(str, "%s%s",
				    c->grade == CRD_GRADE_DECLARED ? "" :
								     "SMBIOS ",
				    nouns[i].noun);
			return;
		}
	}
	crd_str_fmt(str, "SMBIOS structure of type %u", c->smbios_type);
}

static void say_platform(struct crd_str *str, const struct crd_component *c)
{
	struct crd_buf word = crd_declared_word(c);

	switch (c->part) {
	case CRD_PART_SMBIOS:
		say_smbios(str, c);
		break;
	case CRD_PART_SMBIOS_TABLE:
		crd_str_puts(str, "SMBIOS table");
		break;
	case CRD_PART_ACPI:
		crd_str_puts(str, "ACPI table ");
		crd_str_safe(str, c->name);
		break;
	case CRD_PART_ESRT:
		crd_str_puts(str, "firmware resource");
		break;
	case CRD_PART_CPU:
		crd_str_puts(str, "processor");
		break;
	case CRD_PART_TPM:
		crd_str_puts(str, "TPM");
		break;
	default:
		if (word.len)
			crd_str_safe(str, word);
		else
			crd_str_puts(str, c->grade == CRD_GRADE_DECLARED ?
						  "part" :
						  "part of the platform");
		break;
	}
	if (c->product.len && c->part != CRD_PART_ACPI) {
		crd_str_puts(str, " ");
		crd_str_safe(str, c->product);
	}
}

void crd_component_label(struct crd_str *str, const struct crd_component *c)
{
	if (c->kind == CRD_KIND_PLATFORM) {
		say_platform(str, c);
		return;
	}
	crd_str_fmt(str, "%s ",
		    c->kind == CRD_KIND_DEVICE ? crd_class_noun(c) :
						 crd_kind_name(c->kind));
	if (c->name.len)
		crd_str_safe(str, c->name);
	else
		crd_str_puts(str, "without a name");
}

void crd_flags_say(struct crd_str *str, uint32_t flags)
{
	const char *name, *sep = "";
	unsigned int bit;

	for (bit = 0; (name = crd_flag_name(bit)); bit++) {
		if (!(flags >> bit & 1))
			continue;
		crd_str_fmt(str, "%s%s", sep, name);
		sep = ", ";
	}
}
