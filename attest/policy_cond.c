// SPDX-License-Identifier: Apache-2.0
/*
 * What a rule can ask: each key with the values that it takes and the kinds of
 * components that have an answer; and conditions in words.
 */
#include "policy_cond.h"

static const char *const kind_words[] = { "driver", "firmware", "device",
					  "platform", NULL };
static const char *const part_words[] = { "other", "smbios", "smbios-table",
					  "acpi",  "esrt",   "cpu",
					  "tpm",   NULL };
/* In the order of crd_smbios_bit(). */
static const char *const structure_words[] = {
	"firmware",  "system",	       "board",	      "chassis",
	"processor", "slot",	       "oem-strings", "memory-array",
	"memory",    "onboard-device", "tpm",	      "other",
	NULL
};
static const char *const origin_words[] = {
	"unmeasured", "file",	"memory",   "anonymous", "pre-existing",
	"built-in",   "cached", "platform", NULL
};
/* In the order of enum crd_flag. */
static const char *const flag_words[] = {
	"unsigned",	"unverified",	"out-of-tree",
	"proprietary",	"staging",	"unmeasured",
	"pre-existing", "built-in",	"from-memory",
	"failed",	"forced",	"not-covered",
	"deferred",	"gone",		"re-identified",
	"same-serial",	"contradicted", "external",
	"dynamic",	"look-alike",	NULL
};
/* In the order of enum crd_grade. */
static const char *const grade_words[] = { "certified", "measured",
					   "text",	"self-reported",
					   "declared",	"unknown",
					   NULL };

#define DRIVER	 (1u << CRD_KIND_DRIVER)
#define FIRMWARE (1u << CRD_KIND_FIRMWARE)
#define DEVICE	 (1u << CRD_KIND_DEVICE)
#define PLATFORM (1u << CRD_KIND_PLATFORM)
#define ALL	 (DRIVER | FIRMWARE | DEVICE | PLATFORM)

/* In the order of enum crd_cond_key. */
const struct crd_cond_spec crd_cond_specs[CRD_COND_MAX] = {
	{ "kind", CRD_FORM_WORDS, ALL, kind_words },
	{ "flags", CRD_FORM_WORDS, ALL, flag_words },
	{ "signer", CRD_FORM_SIGNERS, DRIVER, NULL },
	{ "origin", CRD_FORM_WORDS, DRIVER | FIRMWARE, origin_words },
	{ "class", CRD_FORM_WORDS, DEVICE, crd_class_names },
	{ "part", CRD_FORM_WORDS, PLATFORM, part_words },
	{ "structure", CRD_FORM_WORDS, PLATFORM, structure_words },
	{ "bus", CRD_FORM_TEXT, DEVICE, NULL },
	{ "id", CRD_FORM_TEXT, DEVICE | PLATFORM, NULL },
	{ "subsystem", CRD_FORM_TEXT, DEVICE, NULL },
	{ "name", CRD_FORM_TEXT, ALL, NULL },
	{ "port", CRD_FORM_TEXT, DEVICE, NULL },
	{ "path", CRD_FORM_TEXT, DRIVER | FIRMWARE, NULL },
	{ "author", CRD_FORM_TEXT, DRIVER | FIRMWARE, NULL },
	{ "license", CRD_FORM_TEXT, DRIVER | FIRMWARE, NULL },
	{ "version", CRD_FORM_VERSION, ALL, NULL },
	{ "released", CRD_FORM_DATE, PLATFORM, NULL },
	{ "manufacturer", CRD_FORM_TEXT, DEVICE | PLATFORM, NULL },
	{ "product", CRD_FORM_TEXT, DEVICE | PLATFORM, NULL },
	{ "serial", CRD_FORM_TEXT, DEVICE | PLATFORM, NULL },
	{ "digest", CRD_FORM_DIGESTS, ALL, NULL },
	{ "component_list", CRD_FORM_COMPONENTS, ALL, NULL },
	{ "vendor", CRD_FORM_ID, ALL, NULL },
	{ "jurisdiction", CRD_FORM_COUNTRY, ALL, NULL },
	{ "listed", CRD_FORM_ID, ALL, NULL },
	{ "grade", CRD_FORM_GRADE, ALL, grade_words },
	{ "kernel", CRD_FORM_VERSION, ALL, NULL },
	{ "site", CRD_FORM_TEXT, ALL, NULL },
	{ "destination", CRD_FORM_COUNTRY, ALL, NULL },
	{ "purpose", CRD_FORM_TEXT, ALL, NULL },
	{ "driver", CRD_FORM_JOIN, DEVICE | FIRMWARE, NULL },
	{ "firmware", CRD_FORM_JOIN, DEVICE | DRIVER, NULL },
	{ "device", CRD_FORM_JOIN, DRIVER | FIRMWARE, NULL },
};

const char *crd_cond_name(enum crd_cond_key key)
{
	return crd_cond_specs[key].name;
}

bool crd_cond_applies(enum crd_cond_key key, enum crd_kind kind)
{
	return crd_cond_specs[key].kinds >> kind & 1;
}

bool crd_cond_measured(const struct crd_cond *cond)
{
	switch (cond->key) {
	case CRD_COND_SIGNER:
	case CRD_COND_ORIGIN:
	case CRD_COND_PATH:
	case CRD_COND_PORT:
	case CRD_COND_RELEASED:
	case CRD_COND_KERNEL:
	case CRD_COND_DRIVER:
	case CRD_COND_FIRMWARE:
	case CRD_COND_DEVICE:
		return true;
	case CRD_COND_FLAGS: /* a name may be a look-alike in a bill, too */
		return cond->mask & ~(uint64_t)CRD_FLAG_LOOK_ALIKE;
	case CRD_COND_GRADE: /* whoever wants it measured, waits for it */
		return !(cond->mask &
			 (1u << CRD_GRADE_DECLARED | 1u << CRD_GRADE_UNKNOWN));
	default:
		return false;
	}
}

bool crd_cond_asked(const struct crd_cond *cond, const struct crd_component *c)
{
	if (!crd_cond_applies(cond->key, c->kind))
		return false;
	if (c->grade != CRD_GRADE_DECLARED)
		return true;
	if (cond->key == CRD_COND_DIGEST)
		return c->digest.alg != 0;
	if (cond->key == CRD_COND_FLAGS && c->flags & cond->mask)
		return true;
	return !crd_cond_measured(cond);
}

unsigned int crd_smbios_bit(uint8_t type)
{
	static const uint8_t types[] = { 0, 1, 2, 3, 4, 9, 11, 16, 17, 41, 43 };
	unsigned int i;

	for (i = 0; i < sizeof(types) && types[i] != type; i++)
		;
	return i;
}

uint64_t crd_when_keys(const struct crd_policy *policy, struct crd_when when)
{
	uint64_t keys = 0;
	uint32_t i;

	for (i = 0; i < when.n; i++)
		keys |= 1ull << policy->conds[when.first + i].key;
	return keys;
}

static const char *bit_name(const struct crd_policy *policy,
			    enum crd_cond_key key, unsigned int bit)
{
	switch (crd_cond_specs[key].form) {
	case CRD_FORM_DIGESTS:
		return policy->lists[bit].id;
	case CRD_FORM_COMPONENTS:
		return policy->component_lists[bit].id;
	case CRD_FORM_SIGNERS:
		return crd_signer_name(policy, bit);
	default:
		return crd_cond_specs[key].words[bit];
	}
}

static void say_mask(struct crd_str *str, const struct crd_policy *policy,
		     const struct crd_cond *cond, const char **sep)
{
	unsigned int i;

	for (i = 0; i < 64; i++) {
		if (!(cond->mask >> i & 1))
			continue;
		crd_str_fmt(str, "%s%s", *sep, bit_name(policy, cond->key, i));
		*sep = ", ";
	}
}

static void say_value(struct crd_str *str, const struct crd_cond *cond,
		      const struct crd_value *v)
{
	enum crd_form form = crd_cond_specs[cond->key].form;
	bool date = form == CRD_FORM_DATE;
	bool quote = form == CRD_FORM_TEXT ||
		     (form == CRD_FORM_VERSION && v->how <= CRD_HOW_LIKE);
	const char *const words[] = {
		[CRD_HOW_IS] = "",
		[CRD_HOW_LIKE] = "like ",
		[CRD_HOW_AT_LEAST] = date ? "from " : "at least ",
		[CRD_HOW_BELOW] = date ? "before " : "below ",
	};

	crd_str_fmt(str, quote ? "%s\"%s\"" : "%s%s", words[v->how],
		    (const char *)v->text.ptr);
}

static void say_inner(struct crd_str *str, const struct crd_policy *policy,
		      const struct crd_cond *cond)
{
	uint32_t i;

	if (cond->none)
		crd_str_puts(str, "none");
	for (i = 0; i < cond->inner.n; i++) {
		crd_str_puts(str, i ? ", " : "with ");
		crd_cond_say(str, policy,
			     &policy->conds[cond->inner.first + i]);
	}
}

void crd_cond_say(struct crd_str *str, const struct crd_policy *policy,
		  const struct crd_cond *cond)
{
	const char *sep = "";
	uint32_t i;

	crd_str_fmt(str, "%s %s", crd_cond_name(cond->key),
		    cond->negate ? "not " : "");
	if (crd_cond_is_join(cond->key)) {
		say_inner(str, policy, cond);
		return;
	}
	say_mask(str, policy, cond, &sep);
	for (i = 0; i < cond->n; i++) {
		const struct crd_value *v = &policy->values[cond->first + i];

		crd_str_puts(str, i && v[-1].also ? " and " : sep);
		say_value(str, cond, v);
		sep = ", ";
	}
	if (cond->unknown)
		crd_str_fmt(str, "%sunknown", sep);
}
