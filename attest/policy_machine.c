// SPDX-License-Identifier: Apache-2.0
/*
 * Which machines a waiver is for, and which machine this is. The name of its
 * attestation key is what the TPM proved. Maker, model, serial number and UUID
 * are texts of its firmware, as the measurer read them: they tell machines of
 * one owner apart, and stop nobody who can write to the firmware's flash.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appraise_private.h"
#include "credence.h"
#include "maker.h"

enum {
	SMBIOS_SYSTEM = 1,
	UUID_AT = 8, /* DSP0134, 7.2 */
	UUID_BYTES = 16,
};

/* UUIDs that a maker forgot to set, without the dashes. */
static bool is_no_uuid(const char *uuid)
{
	static const char *const rows[] = {
		"03000200-0400-0500-0006-000700080009",
		"00020003-0004-0005-0006-000700080009",
		"12345678-1234-5678-90ab-cddeefaabbcc",
		"01234567-89ab-cdef-0123-456789abcdef",
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!strcmp(uuid, rows[i]))
			return true;
	}
	/* one digit all along */
	for (i = 1; uuid[i]; i++) {
		if (uuid[i] != '-' && uuid[i] != uuid[0])
			return false;
	}
	return true;
}

static bool is_uuid(const char *text)
{
	static const char form[] = "00000000-0000-0000-0000-000000000000";
	size_t i;

	for (i = 0; form[i]; i++) {
		if (form[i] == '-' ? text[i] != '-' :
				     crd_hex_digit((uint8_t)text[i]) < 0)
			return false;
	}
	return !text[i];
}

/* The name of a TPM key: a hash algorithm and that hash, in hexadecimal. */
static bool read_ak(const char *text, size_t len,
		    struct crd_machine_want *machine)
{
	uint8_t *to = machine->ak;

	if (len < 4 || len > 2 * CRD_MAX_NAME ||
	    !crd_hex_read((struct crd_buf){ (const uint8_t *)text, len },
			  crd_hex_digit, to))
		return false;
	machine->ak_len = len / 2;
	return crd_alg_rank((uint16_t)(to[0] << 8 | to[1])) &&
	       crd_alg_size((uint16_t)(to[0] << 8 | to[1])) ==
		       machine->ak_len - 2;
}

static int add_machine(struct crd_policy *p, struct crd_waiver *w,
		       const struct crd_machine_want *machine)
{
	struct crd_machine_want *more;

	if (p->n_machines == POL_MAX_MACHINES)
		return -E2BIG;
	/* full when it is empty, or at a power of two */
	if (!(p->n_machines & (p->n_machines - 1))) {
		more = realloc(p->machines,
			       (p->n_machines ? 2 * p->n_machines : 1) *
				       sizeof(*more));
		if (!more)
			return -ENOMEM;
		p->machines = more;
	}
	p->machines[p->n_machines++] = *machine;
	w->n_machines++;
	return 0;
}

static int too_many(const struct crd_load *l, const struct crd_node *node)
{
	return crd_fail_at(l->err, node->line, node->column, -E2BIG,
			   "more than %d machines in all waivers",
			   POL_MAX_MACHINES);
}

/* A text that tells machines apart, or at least models. */
static int want_telling(const struct crd_load *l, const struct crd_node *node,
			const char *what, const char **ret_text)
{
	int ret = node ? crd_want_text(l, node, what, ret_text) : 0;

	if (!ret && node && crd_is_placeholder(crd_buf_of(*ret_text)))
		ret = crd_node_fail(
			l, node,
			"'%.60s' only fills the field: it names no machine",
			*ret_text);
	return ret;
}

static int want_uuid(const struct crd_load *l, const struct crd_node *node,
		     const char **ret_uuid)
{
	int ret = crd_want_text(l, node, "uuid", ret_uuid);

	if (!ret && !is_uuid(*ret_uuid))
		ret = crd_node_fail(
			l, node,
			"uuid must be like 4c4c4544-0042-3510-8052-b4c04f334433, in small letters");
	if (!ret && is_no_uuid(*ret_uuid))
		ret = crd_node_fail(
			l, node,
			"'%s' only fills the field: it names no machine",
			*ret_uuid);
	return ret;
}

enum { WANT_AK, WANT_UUID, WANT_SERIAL, WANT_PRODUCT, WANT_MAKER, WANT_MAX };

static int check_telling(const struct crd_load *l, const struct crd_node *node,
			 const struct crd_machine_want *m)
{
	if (!m->ak_len && !m->uuid && !m->serial && !m->product)
		return crd_node_fail(
			l, node,
			"a machine is named by ak, uuid, serial or product");
	if (m->serial && !m->product && !m->manufacturer)
		return crd_node_fail(
			l, node,
			"a serial number is one of a maker's: give product or manufacturer too");
	return 0;
}

int crd_machine_load(const struct crd_load *l, const struct crd_node *node,
		     struct crd_machine_want *ret_machine)
{
	static const struct crd_key keys[WANT_MAX] = {
		{ "ak", false },	   { "uuid", false },
		{ "serial", false },	   { "product", false },
		{ "manufacturer", false },
	};
	struct crd_machine_want m = { 0 };
	const struct crd_node *v[WANT_MAX];
	const char *text = NULL;
	int ret = crd_want_map(l, node, "a machine", keys, WANT_MAX, v);

	if (!ret && v[WANT_AK])
		ret = crd_want_text(l, v[WANT_AK], "ak", &text);
	if (!ret && text && !read_ak(text, v[WANT_AK]->len, &m))
		ret = crd_node_fail(
			l, v[WANT_AK],
			"ak must be the name of a TPM key in lower-case hexadecimal, as reports show it");
	if (!ret && v[WANT_UUID])
		ret = want_uuid(l, v[WANT_UUID], &m.uuid);
	if (!ret)
		ret = want_telling(l, v[WANT_SERIAL], "serial", &m.serial);
	if (!ret)
		ret = want_telling(l, v[WANT_PRODUCT], "product", &m.product);
	if (!ret)
		ret = want_telling(l, v[WANT_MAKER], "manufacturer",
				   &m.manufacturer);
	if (!ret)
		ret = check_telling(l, node, &m);
	if (!ret)
		*ret_machine = m;
	return ret;
}

static int load_machine(const struct crd_load *l, const struct crd_node *node,
			struct crd_waiver *w)
{
	struct crd_machine_want m;
	int ret = crd_machine_load(l, node, &m);

	if (!ret)
		ret = add_machine(l->policy, w, &m);
	return ret == -E2BIG ? too_many(l, node) : ret;
}

/* Names of keys, one a line; what follows a space is for people. */
static int read_lot(const struct crd_load *l, const struct crd_node *node,
		    struct crd_buf bytes, struct crd_waiver *w)
{
	const char *at = (const char *)bytes.ptr;
	const char *end = at + bytes.len;
	unsigned int line;
	size_t len, word;
	int ret = 0;

	for (line = 1; !ret && at < end; line++, at += len + 1) {
		struct crd_machine_want m = { 0 };
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		len = stop ? (size_t)(stop - at) : (size_t)(end - at);
		for (word = 0; word < len && !strchr(" \r", at[word]); word++)
			;
		if (*at == '#' || (!word && (!len || *at == '\r')))
			continue;
		if (!read_ak(at, word, &m))
			return crd_node_fail(
				l, node,
				"%.120s, line %u: not the name of a TPM key in lower-case hexadecimal",
				node->text, line);
		ret = add_machine(l->policy, w, &m);
	}
	if (!ret && !w->n_machines)
		return crd_node_fail(l, node,
				     "%.120s: there is no machine in it",
				     node->text);
	return ret == -E2BIG ? too_many(l, node) : ret;
}

static int load_lot(const struct crd_load *l, const struct crd_node *node,
		    struct crd_waiver *w)
{
	static const struct crd_key keys[] = { { "file", true } };
	struct crd_buf bytes = { NULL, 0 };
	const struct crd_node *c, *file;
	int ret;

	if (node->type == CRD_NODE_MAP) {
		ret = crd_want_map(l, node, "a lot", keys, 1, &file);
		if (!ret)
			ret = crd_want_file(l, file, "file", &bytes);
		return ret ? ret : read_lot(l, file, bytes, w);
	}
	ret = crd_want_list(l, node, "lot", POL_MAX_MACHINES);
	for (c = ret ? NULL : crd_node_first(l->yaml, node); !ret && c;
	     c = crd_node_next(l->yaml, c))
		ret = load_machine(l, c, w);
	return ret;
}

int crd_machines_load(const struct crd_load *l, const struct crd_node *machine,
		      const struct crd_node *lot, struct crd_waiver *w)
{
	w->machine = (uint32_t)l->policy->n_machines;
	if (machine && lot)
		return crd_node_fail(l, lot,
				     "give 'machine' or 'lot', not both");
	if (machine)
		return load_machine(l, machine, w);
	return lot ? load_lot(l, lot, w) : 0;
}

/* What the firmware says of the machine; false: nothing that counts. */
static bool is_system(const struct crd_component *c)
{
	const uint32_t doubt = CRD_FLAG_NOT_COVERED | CRD_FLAG_DEFERRED |
			       CRD_FLAG_CONTRADICTED;

	return c->kind == CRD_KIND_PLATFORM && c->part == CRD_PART_SMBIOS &&
	       c->smbios_type == SMBIOS_SYSTEM && !(c->flags & doubt);
}

static bool keep_text(char to[static CRD_MACHINE_TEXT], struct crd_buf escaped)
{
	uint8_t room[CRD_MACHINE_TEXT];
	struct crd_buf text;

	if (!escaped.len || escaped.len >= sizeof(room))
		return false;
	text = crd_unescape(escaped, room);
	while (text.len && text.ptr[text.len - 1] == ' ')
		text.len--;
	if (crd_is_placeholder(text) || memchr(text.ptr, 0, text.len))
		return false;
	memcpy(to, text.ptr, text.len);
	to[text.len] = '\0';
	return true;
}

/* The first three numbers are little-endian since SMBIOS 2.6. */
static void keep_uuid(struct crd_machine *m, struct crd_buf data)
{
	static const uint8_t order[UUID_BYTES] = {
		3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15
	};
	char *to = m->uuid;
	size_t i;

	if (data.len < UUID_AT + UUID_BYTES)
		return;
	for (i = 0; i < UUID_BYTES; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		snprintf(to, 3, "%02x", data.ptr[UUID_AT + order[i]]);
		to += 2;
	}
	if (is_no_uuid(m->uuid))
		m->uuid[0] = '\0';
}

/* The string whose number stands at that place of the formatted area. */
static struct crd_buf string_at(const struct crd_component *c,
				struct crd_buf data, size_t at)
{
	struct crd_field_iter it = { c->fields };
	uint8_t type, n = at < data.len ? data.ptr[at] : 0;
	struct crd_buf value;

	while (n && crd_field_next(&it, &type, &value)) {
		if (type == CRD_F_STRING && !--n)
			return value;
	}
	return (struct crd_buf){ NULL, 0 };
}

void crd_machine_read(struct crd_machine *machine,
		      const struct crd_inventory *inventory, struct crd_buf ak)
{
	struct crd_inventory_iter it = { .inventory = inventory };
	struct crd_machine m = { .ak = ak };
	struct crd_component c;
	struct crd_buf data;
	unsigned int n = 0;

	while (crd_inventory_next(&it, &c)) {
		if (!is_system(&c) ||
		    !crd_field_get(c.fields, CRD_F_DATA, &data))
			continue;
		if (n++) /* two stories about one machine: none counts */
			m = (struct crd_machine){ .ak = ak };
		if (n > 1)
			break;
		keep_text(m.manufacturer, string_at(&c, data, 4));
		keep_text(m.product, string_at(&c, data, 5));
		keep_text(m.serial, string_at(&c, data, 7));
		keep_uuid(&m, data);
	}
	*machine = m;
}

static void copy_text(const char *text, char *room, size_t size)
{
	if (text && strlen(text) < size)
		memcpy(room, text, strlen(text) + 1);
}

void crd_machine_be(struct crd_machine *machine,
		    const struct crd_machine_want *want)
{
	memset(machine, 0, sizeof(*machine));
	if (want->ak_len)
		machine->ak = (struct crd_buf){ want->ak, want->ak_len };
	copy_text(want->manufacturer, machine->manufacturer,
		  sizeof(machine->manufacturer));
	copy_text(want->product, machine->product, sizeof(machine->product));
	copy_text(want->serial, machine->serial, sizeof(machine->serial));
	copy_text(want->uuid, machine->uuid, sizeof(machine->uuid));
}

static bool text_fits(const char *want, const char *have)
{
	return !want || !strcmp(want, have);
}

const struct crd_machine_want *
crd_machine_find(const struct crd_policy *policy,
		 const struct crd_waiver *waiver,
		 const struct crd_machine *machine)
{
	const struct crd_machine_want *want, *end;

	if (!machine || !waiver->n_machines)
		return NULL;
	want = policy->machines + waiver->machine;
	end = want + waiver->n_machines;
	for (; want < end; want++) {
		if ((!want->ak_len ||
		     crd_buf_equal((struct crd_buf){ want->ak, want->ak_len },
				   machine->ak)) &&
		    text_fits(want->uuid, machine->uuid) &&
		    text_fits(want->serial, machine->serial) &&
		    text_fits(want->product, machine->product) &&
		    text_fits(want->manufacturer, machine->manufacturer))
			return want;
	}
	return NULL;
}

bool crd_machine_fits(const struct crd_policy *policy,
		      const struct crd_waiver *waiver,
		      const struct crd_machine *machine)
{
	return !waiver->n_machines || crd_machine_find(policy, waiver, machine);
}

void crd_machine_say(struct crd_str *str, const struct crd_machine_want *want)
{
	if (want->ak_len) {
		crd_str_puts(str, "known by its TPM key (measured)");
		return;
	}
	crd_str_puts(str, "known by what its firmware says (text):");
	if (want->manufacturer)
		crd_str_fmt(str, " %s", want->manufacturer);
	if (want->product)
		crd_str_fmt(str, " %s", want->product);
	if (want->serial)
		crd_str_fmt(str, " serial number %s", want->serial);
	if (want->uuid)
		crd_str_fmt(str, " UUID %s", want->uuid);
}
