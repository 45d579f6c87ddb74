// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_smbios - the measurer's parsers of firmware tables, and the fields that
 * it writes of them: the input is an SMBIOS table, then an ESRT.
 */
#include "rooms.h"

static void need(bool good)
{
	if (!good)
		abort();
}

/* Fields ascend, repeat within bounds, and text has nothing raw in it. */
static void look_at_fields(const struct crd_event *ev)
{
	unsigned int strings = 0, i;
	struct event_field field;
	size_t pos = 0;
	u8 last = 0;

	need(!ev->err);
	while (event_next(ev, &pos, &field)) {
		need(field.type > last ||
		     (field.type == last && field.type == CRD_F_STRING));
		last = field.type;
		if (field.type != CRD_F_STRING)
			continue;
		need(field.len <= CRD_MAX_TEXT);
		for (i = 0; i < field.len; i++)
			need(field.value[i] >= 0x20 && field.value[i] != 0x7f);
		strings++;
	}
	need(pos == crd_event_size(ev) && strings <= CRD_MAX_STRINGS);
}

static void look_at_structure(const struct crd_smbios *st)
{
	struct crd_event ev;
	const u8 *content;
	size_t len;

	crd_event_init(&ev, CRD_EV_PLATFORM);
	crd_smbios_fields(&ev, st);
	look_at_fields(&ev);
	need(!crd_event_encode(&ev, &content, &len));
	crd_event_free(&ev);
}

static void try_smbios(const u8 *table, size_t size)
{
	size_t pos = 0, from = 0;
	struct crd_smbios st;

	while (crd_smbios_next(table, size, &pos, &st)) {
		need(st.data == table + from && st.data_len >= 4);
		need(pos > from && pos <= size);
		need(!table[pos - 1] && !table[pos - 2]);
		need(from + st.data_len + st.strings_len < pos);
		look_at_structure(&st);
		from = pos;
	}
	need(pos == from);
}

static void try_esrt(const u8 *table, size_t size)
{
	struct crd_event ev;
	unsigned int count, i;

	if (!crd_esrt_count(table, size, &count))
		return;
	need(count <= CRD_ESRT_MAX);
	for (i = 0; i < count; i++) {
		size_t at = CRD_ESRT_HEADER + (size_t)i * CRD_ESRT_ENTRY;

		if (at + CRD_ESRT_ENTRY > size)
			return;
		crd_event_init(&ev, CRD_EV_PLATFORM);
		crd_esrt_fields(&ev, table + at);
		look_at_fields(&ev);
		crd_event_free(&ev);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_smbios(data, size);
	try_esrt(data, size);
	return 0;
}
