// SPDX-License-Identifier: Apache-2.0
/* The parts of the platform, contradictions, and what was not seen. */
#include <inttypes.h>
#include <string.h>

#include "credence.h"
#include "inventory_private.h"
#include "inventory_text.h"

static uint64_t number(const struct crd_component *c, uint8_t type)
{
	uint64_t value = 0;

	crd_field_u64(c->fields, type, &value);
	return value;
}

static bool has(const struct crd_component *c, uint8_t type)
{
	struct crd_buf value;

	return crd_field_get(c->fields, type, &value);
}

/* Every text of an SMBIOS structure, in order. */
static void strings(struct crd_str *line, const struct crd_component *c)
{
	struct crd_field_iter it = { c->fields };
	struct crd_buf value;
	const char *sep = "";
	uint8_t type;

	while (crd_field_next(&it, &type, &value)) {
		if (type != CRD_F_STRING || !value.len)
			continue;
		crd_str_fmt(line, "%s\"", sep);
		crd_str_safe(line, value);
		crd_str_puts(line, "\"");
		sep = " ";
	}
}

static const char *smbios_noun(uint8_t type)
{
	static const struct {
		uint8_t type;
		const char *noun;
	} nouns[] = {
		{ 0, "board firmware" }, { 1, "system" },
		{ 2, "board" },		 { 3, "case" },
		{ 4, "processor" },	 { 9, "slot" },
		{ 11, "maker's texts" }, { 16, "memory array" },
		{ 17, "memory module" }, { 41, "device on the board" },
		{ 43, "TPM" },
	};
	size_t i;

	for (i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++) {
		if (nouns[i].type == type)
			return nouns[i].noun;
	}
	return "structure";
}

static void smbios(struct crd_str *what, struct crd_str *id,
		   struct crd_str *line, const struct crd_component *c)
{
	crd_str_fmt(what, "SMBIOS %s", smbios_noun(c->smbios_type));
	crd_str_fmt(id, "0x%04x", (unsigned int)number(c, CRD_F_HANDLE));
	strings(line, c);
}

static void table(struct crd_str *what, struct crd_str *id,
		  struct crd_str *line, const struct crd_component *c)
{
	crd_str_puts(what, "SMBIOS, the whole table");
	crd_str_fmt(id, "%" PRIu64 " B", number(c, CRD_F_SIZE));
	if (c->digest.alg)
		crd_str_puts(line, "digest");
	crd_inv_digest(line, &c->digest);
}

static void acpi(struct crd_str *what, struct crd_str *id, struct crd_str *line,
		 const struct crd_component *c)
{
	struct crd_buf oem = { NULL, 0 }, oem_table = { NULL, 0 };

	crd_field_get(c->fields, CRD_F_OEM_ID, &oem);
	crd_field_get(c->fields, CRD_F_OEM_TABLE_ID, &oem_table);
	crd_str_puts(what, "ACPI ");
	crd_str_safe(what, c->name);
	if (number(c, CRD_F_DYNAMIC))
		crd_str_puts(what, ", loaded later");
	if (has(c, CRD_F_SIZE))
		crd_str_fmt(id, "%" PRIu64 " B", number(c, CRD_F_SIZE));
	else
		crd_str_puts(id, "-");
	if (oem.len) {
		crd_str_puts(line, "\"");
		crd_str_safe(line, oem);
		crd_str_puts(line, "\" \"");
		crd_str_safe(line, oem_table);
		crd_str_puts(line, "\"");
	} else if (c->digest.alg) {
		crd_str_puts(line, "digest");
	}
	crd_inv_digest(line, &c->digest);
}

/* As people write it: the first three parts are little-endian. */
static void guid(struct crd_str *line, struct crd_buf g)
{
	static const uint8_t order[] = { 3, 2, 1,  0,  5,  4,  7,  6,
					 8, 9, 10, 11, 12, 13, 14, 15 };
	size_t i;

	for (i = 0; g.len == sizeof(order) && i < sizeof(order); i++)
		crd_str_fmt(line, "%s%02x",
			    i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			    g.ptr[order[i]]);
}

static void esrt(struct crd_str *what, struct crd_str *id, struct crd_str *line,
		 const struct crd_component *c)
{
	static const char *const types[] = { "firmware", "system firmware",
					     "device firmware", "UEFI driver" };
	uint64_t type = number(c, CRD_F_FW_TYPE);
	struct crd_buf class = { NULL, 0 };

	crd_field_get(c->fields, CRD_F_FW_CLASS, &class);
	crd_str_fmt(what, "%s that can be updated", types[type < 4 ? type : 0]);
	crd_str_fmt(id, "0x%" PRIx64, number(c, CRD_F_FW_VERSION));
	guid(line, class);
	crd_str_fmt(line, ", lowest version 0x%" PRIx64,
		    number(c, CRD_F_FW_LOWEST));
	if (number(c, CRD_F_FW_LAST_STATUS))
		crd_str_fmt(line,
			    ", last update to 0x%" PRIx64
			    " failed with status %" PRIu64,
			    number(c, CRD_F_FW_LAST_VERSION),
			    number(c, CRD_F_FW_LAST_STATUS));
}

static void cpu(struct crd_str *what, struct crd_str *id, struct crd_str *line,
		const struct crd_component *c)
{
	uint64_t n = number(c, CRD_F_COUNT);

	if (n > 1)
		crd_str_fmt(what, "%" PRIu64 " processors", n);
	else
		crd_str_puts(what, "processor");
	crd_str_fmt(id, "%" PRIu64 "/%" PRIu64 "/%" PRIu64,
		    number(c, CRD_F_CPU_FAMILY), number(c, CRD_F_CPU_MODEL),
		    number(c, CRD_F_CPU_STEPPING));
	crd_str_safe(line, c->product);
	crd_str_fmt(line, "%smicrocode 0x%" PRIx64, line->len ? ", " : "",
		    number(c, CRD_F_MICROCODE));
}

static void tpm(struct crd_str *what, struct crd_str *id, struct crd_str *line,
		const struct crd_component *c)
{
	static const char *const encryption[] = { "switched off", "on",
						  "unknown to this kernel" };
	uint64_t firmware = number(c, CRD_F_TPM_FIRMWARE);
	uint64_t state = number(c, CRD_F_BUS_ENCRYPTION);

	crd_str_puts(what, "TPM");
	if (c->manufacturer.len)
		crd_str_safe(id, c->manufacturer);
	else
		crd_str_puts(id, "-");
	crd_str_safe(line, c->product);
	if (has(c, CRD_F_TPM_FIRMWARE))
		crd_str_fmt(line, "%sfirmware %x.%x", line->len ? ", " : "",
			    (unsigned int)(firmware >> 32),
			    (unsigned int)firmware);
	if (has(c, CRD_F_BUS_ENCRYPTION))
		crd_str_fmt(line, "%sbus encryption %s", line->len ? ", " : "",
			    state < 3 ? encryption[state] : "not known");
}

typedef void (*say_fn)(struct crd_str *what, struct crd_str *id,
		       struct crd_str *line, const struct crd_component *c);

void crd_inv_platform(struct crd_inv_text *t, const struct crd_component *c)
{
	static const say_fn parts[] = {
		[CRD_PART_SMBIOS] = smbios, [CRD_PART_SMBIOS_TABLE] = table,
		[CRD_PART_ACPI] = acpi,	    [CRD_PART_ESRT] = esrt,
		[CRD_PART_CPU] = cpu,	    [CRD_PART_TPM] = tpm,
	};
	struct crd_str what = { 0 }, id = { 0 }, line = { 0 };

	if (c->part && c->part < sizeof(parts) / sizeof(parts[0]))
		parts[c->part](&what, &id, &line, c);
	else
		crd_str_puts(&what, "a part that this version does not know");
	crd_inv_row(t, 2, what.ptr ? what.ptr : "", id.ptr ? id.ptr : "-", c);
	crd_inv_detail(t, 4, DIM, &line);
	t->page.str.failed |= what.failed || id.failed;
	crd_str_done(&what);
	crd_str_done(&id);
}

struct contradictions {
	struct crd_inv_text *t;
	size_t n;
};

static int on_contradiction(const struct crd_contradiction *c, void *ctx)
{
	struct contradictions *all = ctx;
	struct crd_str line = { 0 };

	if (!all->n++)
		crd_inv_heading(all->t, "CONTRADICTIONS");
	crd_str_fmt(&line, "%s: the log says: %s; the machine says now: %s",
		    c->component, c->log, c->now);
	crd_inv_detail(all->t, 2, RED, &line);
	return crd_inv_flush(all->t);
}

int crd_inv_contradictions(struct crd_inv_text *t)
{
	struct contradictions all = { t, 0 };

	if (!t->show->beside)
		return 0;
	return crd_inventory_compare(t->show->inventory, t->show->beside,
				     on_contradiction, &all);
}

static void count(struct crd_inv_text *t)
{
	static const char *const nouns[CRD_KIND_MAX][2] = {
		[CRD_KIND_DEVICE] = { "device", "devices" },
		[CRD_KIND_DRIVER] = { "driver", "drivers" },
		[CRD_KIND_FIRMWARE] = { "firmware image", "firmware images" },
		[CRD_KIND_PLATFORM] = { "part of the platform",
					"parts of the platform" },
	};
	static const enum crd_kind order[] = { CRD_KIND_DEVICE, CRD_KIND_DRIVER,
					       CRD_KIND_FIRMWARE,
					       CRD_KIND_PLATFORM };
	const char *sep = "";
	size_t i, n;

	crd_str_puts(&t->page.str, "\n");
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		n = t->shown[order[i]];
		crd_str_fmt(&t->page.str, "%s%zu %s", sep, n,
			    nouns[order[i]][n != 1]);
		sep = ", ";
	}
	crd_str_puts(&t->page.str, "\n");
}

/* Lines of one sort of all coverage records there are. */
static void cover(struct crd_inv_text *t, uint8_t wanted, const char *title)
{
	const struct crd_inventory *inv = t->show->inventory;
	struct crd_field_iter it;
	struct crd_buf value;
	bool some = false;
	uint8_t type;
	size_t i;

	for (i = 0; i < inv->n_entries; i++) {
		if (inv->entries[i].event != CRD_EV_COVERAGE)
			continue;
		it.left = crd_entry_fields(inv, &inv->entries[i]);
		while (crd_field_next(&it, &type, &value)) {
			struct crd_str line = { 0 };

			if (type != wanted)
				continue;
			if (!some)
				crd_inv_heading(t, title);
			some = true;
			crd_str_safe(&line, value);
			crd_inv_detail(t, 2, PLAIN, &line);
		}
	}
}

int crd_inv_foot(struct crd_inv_text *t)
{
	count(t);
	cover(t, CRD_F_NOT_SEEN, "NOT SEEN");
	return crd_inv_flush(t);
}
