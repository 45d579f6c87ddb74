// SPDX-License-Identifier: Apache-2.0
/*
 * Registry CSV: four tables in one input, each ended by a line "%". What loads
 * is asked about its own identifiers and lists.
 */
#include <stdlib.h>
#include <string.h>

#include "attest/registry_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct crd_buf take(struct crd_buf *left)
{
	struct crd_buf part = *left;
	const uint8_t *end =
		left->len ? memmem(left->ptr, left->len, "%\n", 2) : NULL;

	if (!end) {
		left->len = 0;
		return part;
	}
	part.len = (size_t)(end - left->ptr);
	left->len -= part.len + 2;
	left->ptr = end + 2;
	return part;
}

static void ask(const struct crd_registry *reg)
{
	struct crd_list_set set = { { 0 } };
	struct crd_row row;
	size_t i;

	for (i = 0; i < reg->n_identifiers; i++) {
		char scheme[16] = "";
		uint16_t got;

		if (crd_table_row(&reg->identifiers_csv, reg->identifiers[i],
				  &row, NULL))
			abort();
		memcpy(scheme, row.field[0].ptr, row.field[0].len);
		got = crd_registry_find(reg, scheme, row.field[1]);
		if (got == REG_NONE ||
		    got != crd_registry_entity_of(reg, row.field[2]))
			abort();
	}
	for (i = 0; i < reg->n_entities; i++)
		crd_registry_lists_of(reg, (uint16_t)i, 20000, &set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crd_buf left = { data, size };
	struct crd_registry_files files;
	struct crd_registry *reg = NULL;
	struct crd_error err = { 0 };
	int ret;

	files.entities = take(&left);
	files.identifiers = take(&left);
	files.lists = take(&left);
	files.listings = take(&left);
	ret = crd_registry_load(&files, &reg, &err);
	if (!ret) {
		ask(reg);
		crd_registry_free(&reg);
	} else if (!err.line || !err.column || !err.text[0]) {
		abort(); /* an error without a place or a word */
	}
	return 0;
}
