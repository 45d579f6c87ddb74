// SPDX-License-Identifier: Apache-2.0
/* Components in words, for findings, reports and inventories. */
#include "appraise_private.h"
#include "credence.h"

const char *crd_kind_name(enum crd_kind kind)
{
	return kind == CRD_KIND_DRIVER ? "driver" : "firmware";
}

static const char *pick(const char *const *names, size_t n, size_t i)
{
	return i < n ? names[i] : "unknown";
}

const char *crd_origin_name(uint8_t origin)
{
	static const char *const names[] = { "unmeasured",   "file",
					     "memory",	     "anonymous",
					     "pre-existing", "built-in" };

	return pick(names, 6, origin);
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

void crd_component_label(struct crd_str *str, const struct crd_component *c)
{
	crd_str_fmt(str, "%s ", crd_kind_name(c->kind));
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
