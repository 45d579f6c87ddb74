// SPDX-License-Identifier: Apache-2.0
/*
 * Where two sources of one log tell different stories. Only what both state in
 * numbers that mean the same: SMBIOS repeats what CPUID answered when the
 * board's firmware asked; the kernel asked again.
 */
#include <string.h>

#include "appraise_private.h"
#include "credence.h"

enum {
	SMBIOS_PROCESSOR = 4,
	PROCESSOR_ID = 8, /* of eight bytes; EAX of CPUID leaf 1 comes first */
	PROCESSOR_ID_END = 16,
	MAX_MODELS = 16, /* kinds of processors in one machine */
};

struct model {
	uint64_t family, model, stepping;
};

/* What CPUID leaf 1 packs into EAX. */
static struct model unpack(uint32_t eax)
{
	struct model m = { eax >> 8 & 15, eax >> 4 & 15, eax & 15 };

	if (m.family == 6 || m.family == 15)
		m.model += (uint64_t)(eax >> 16 & 15) << 4;
	if (m.family == 15)
		m.family += eax >> 20 & 255;
	return m;
}

/* Of makers whose processors answer CPUID so. */
static bool read_model(const struct crd_component *c, struct model *ret_model)
{
	struct model m;

	if (c->part != CRD_PART_CPU ||
	    (!crd_buf_equal(c->manufacturer, crd_buf_of("GenuineIntel")) &&
	     !crd_buf_equal(c->manufacturer, crd_buf_of("AuthenticAMD"))))
		return false;
	if (!crd_field_u64(c->fields, CRD_F_CPU_FAMILY, &m.family) ||
	    !crd_field_u64(c->fields, CRD_F_CPU_MODEL, &m.model) ||
	    !crd_field_u64(c->fields, CRD_F_CPU_STEPPING, &m.stepping))
		return false;
	*ret_model = m;
	return true;
}

/* EAX as SMBIOS has it; 0: it does not say. */
static uint32_t processor_id(const struct crd_component *c)
{
	struct crd_buf data;

	if (c->part != CRD_PART_SMBIOS || c->smbios_type != SMBIOS_PROCESSOR ||
	    !crd_field_get(c->fields, CRD_F_DATA, &data) ||
	    data.len < PROCESSOR_ID_END)
		return 0;
	data.ptr += PROCESSOR_ID;
	return data.ptr[0] | (uint32_t)data.ptr[1] << 8 |
	       (uint32_t)data.ptr[2] << 16 | (uint32_t)data.ptr[3] << 24;
}

static bool among(const struct model *models, size_t n, struct model m)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (models[i].family == m.family &&
		    models[i].model == m.model &&
		    models[i].stepping == m.stepping)
			return true;
	}
	return false;
}

void crd_inventory_contradict(struct crd_inventory *inv)
{
	struct crd_inventory_iter it = { .inventory = inv };
	struct model models[MAX_MODELS];
	struct crd_component c;
	size_t n = 0;

	if (!inv->n_kind[CRD_KIND_PLATFORM])
		return;
	while (crd_inventory_next(&it, &c)) {
		if (c.kind == CRD_KIND_PLATFORM && n < MAX_MODELS &&
		    read_model(&c, &models[n]))
			n++;
	}
	it.next = 0;
	while (n && crd_inventory_next(&it, &c)) {
		uint32_t eax;

		if (c.kind != CRD_KIND_PLATFORM)
			continue;
		eax = processor_id(&c);
		if (eax && !among(models, n, unpack(eax)))
			inv->entries[c.entry].flags |= CRD_FLAG_CONTRADICTED;
	}
}
