/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields as a line of text, so that a test can say all that it expects:
 * "11 device=0000:00:02.0 driver=e1000e ..."; numbers are hexadecimal.
 */
#ifndef SAID_H
#define SAID_H

#include <stdio.h>
#include <string.h>

#include "attest/attest_private.h"
#include "attest/bid_private.h"
#include "credence.h"

enum said_form { SAID_TEXT, SAID_HEX, SAID_SIZE };

static const struct said_name {
	uint8_t type;
	enum said_form form;
	const char *name;
} said_names[] = {
	{ CRD_F_TRUNCATED, SAID_HEX, "cut" },
	{ CRD_F_NAME, SAID_TEXT, "name" },
	{ CRD_F_PATH, SAID_TEXT, "path" },
	{ CRD_F_SIZE, SAID_HEX, "size" },
	{ CRD_F_DIGEST, SAID_SIZE, "digest" },
	{ CRD_F_SIG_STATUS, SAID_HEX, "sig" },
	{ CRD_F_AUTHOR, SAID_TEXT, "author" },
	{ CRD_F_LICENSE, SAID_TEXT, "license" },
	{ CRD_F_VERSION, SAID_TEXT, "version" },
	{ CRD_F_SRCVERSION, SAID_TEXT, "srcversion" },
	{ CRD_F_VERMAGIC, SAID_TEXT, "vermagic" },
	{ CRD_F_INTREE, SAID_HEX, "intree" },
	{ CRD_F_FIRMWARE, SAID_TEXT, "firmware" },
	{ CRD_F_TAINTS, SAID_HEX, "taints" },
	{ CRD_F_COUNT, SAID_HEX, "count" },
	{ CRD_F_DEVICE, SAID_TEXT, "device" },
	{ CRD_F_DRIVER, SAID_TEXT, "driver" },
	{ CRD_F_BUS, SAID_TEXT, "bus" },
	{ CRD_F_MODULE, SAID_TEXT, "module" },
	{ CRD_F_PARENT, SAID_TEXT, "parent" },
	{ CRD_F_PORT, SAID_TEXT, "port" },
	{ CRD_F_VENDOR_ID, SAID_HEX, "vendor" },
	{ CRD_F_DEVICE_ID, SAID_HEX, "id" },
	{ CRD_F_SUBVENDOR_ID, SAID_HEX, "subvendor" },
	{ CRD_F_SUBDEVICE_ID, SAID_HEX, "subid" },
	{ CRD_F_CLASS, SAID_HEX, "class" },
	{ CRD_F_REVISION, SAID_HEX, "rev" },
	{ CRD_F_MANUFACTURER, SAID_TEXT, "maker" },
	{ CRD_F_PRODUCT, SAID_TEXT, "product" },
	{ CRD_F_SERIAL, SAID_TEXT, "serial" },
	{ CRD_F_DEVICE_FLAGS, SAID_HEX, "flags" },
	{ CRD_F_INTERFACE, SAID_HEX, "interface" },
	{ CRD_F_PART, SAID_HEX, "part" },
	{ CRD_F_SMBIOS_TYPE, SAID_HEX, "type" },
	{ CRD_F_HANDLE, SAID_HEX, "handle" },
	{ CRD_F_DATA, SAID_SIZE, "data" },
	{ CRD_F_STRING, SAID_TEXT, "string" },
	{ CRD_F_OEM_ID, SAID_TEXT, "oem" },
	{ CRD_F_OEM_TABLE_ID, SAID_TEXT, "oemtable" },
	{ CRD_F_OEM_REVISION, SAID_HEX, "oemrev" },
	{ CRD_F_CREATOR_ID, SAID_TEXT, "creator" },
	{ CRD_F_CREATOR_REVISION, SAID_HEX, "creatorrev" },
	{ CRD_F_DYNAMIC, SAID_HEX, "dynamic" },
	{ CRD_F_FW_CLASS, SAID_HEX, "guid" },
	{ CRD_F_FW_TYPE, SAID_HEX, "fwtype" },
	{ CRD_F_FW_VERSION, SAID_HEX, "fwversion" },
	{ CRD_F_FW_LOWEST, SAID_HEX, "lowest" },
	{ CRD_F_FW_FLAGS, SAID_HEX, "fwflags" },
	{ CRD_F_FW_LAST_VERSION, SAID_HEX, "lastversion" },
	{ CRD_F_FW_LAST_STATUS, SAID_HEX, "laststatus" },
	{ CRD_F_CPU_FAMILY, SAID_HEX, "family" },
	{ CRD_F_CPU_MODEL, SAID_HEX, "model" },
	{ CRD_F_CPU_STEPPING, SAID_HEX, "stepping" },
	{ CRD_F_MICROCODE, SAID_HEX, "microcode" },
	{ CRD_F_BUS_ENCRYPTION, SAID_HEX, "encryption" },
	{ CRD_F_SEEN, SAID_TEXT, "seen" },
	{ CRD_F_NOT_SEEN, SAID_TEXT, "notseen" },
	/* of what is declared: attest/bid_private.h */
	{ CRD_DF_WORD, SAID_TEXT, "word" },
	{ CRD_DF_SUPPLIER, SAID_TEXT, "supplier" },
	{ CRD_DF_PART_NUMBER, SAID_TEXT, "partnumber" },
	{ CRD_DF_CLASS, SAID_HEX, "classes" },
	{ CRD_DF_SEEN, SAID_HEX, "measured" },
	{ CRD_DF_SAYS, SAID_HEX, "says" },
};

static inline size_t said_value(char *at, size_t room, enum said_form form,
				struct crd_buf v)
{
	size_t i, n = 0;

	if (form == SAID_TEXT)
		return (size_t)snprintf(at, room, "%.*s", (int)v.len,
					(const char *)v.ptr);
	if (form == SAID_SIZE)
		return (size_t)snprintf(at, room, "%zu", v.len);
	/* without the zeros in front */
	for (i = 0; i + 1 < v.len && !v.ptr[i] && v.len <= 8; i++)
		;
	for (; i < v.len && n < room; i++)
		n += (size_t)snprintf(at + n, room - n, n ? "%02x" : "%x",
				      v.ptr[i]);
	return n;
}

/* The line of one entry, in a buffer that the next call uses again. */
static inline const char *said_line(const struct crd_inventory *inv,
				    const struct crd_entry *e)
{
	static char line[16384];
	struct crd_field_iter it = { { inv->log.ptr + e->offset, e->len } };
	const struct said_name *name;
	struct crd_buf value;
	uint8_t type;
	size_t i, at;

	at = (size_t)snprintf(line, sizeof(line), "%u", e->event);
	while (crd_field_next(&it, &type, &value)) {
		name = NULL;
		for (i = 0; i < sizeof(said_names) / sizeof(*said_names); i++)
			if (said_names[i].type == type)
				name = &said_names[i];
		at += (size_t)snprintf(line + at, sizeof(line) - at,
				       " %s=", name ? name->name : "?");
		at += said_value(line + at, sizeof(line) - at,
				 name ? name->form : SAID_SIZE, value);
	}
	return line;
}

/* Are the fields what a reader of a log would accept? */
static inline bool said_sound(const struct crd_inventory *inv)
{
	size_t i;

	for (i = 0; i < inv->n_entries; i++) {
		struct crd_buf fields = { inv->log.ptr + inv->entries[i].offset,
					  inv->entries[i].len };
		struct crd_error err;

		if (crd_fields_check(inv->entries[i].event, fields, 0, &err)) {
			printf("%s\n%s\n", err.text,
			       said_line(inv, &inv->entries[i]));
			return false;
		}
	}
	return true;
}

#endif /* SAID_H */
