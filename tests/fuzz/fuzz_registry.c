// SPDX-License-Identifier: Apache-2.0
/*
 * Registry CSV: six tables in one input, each ended by a line "%". What loads
 * is asked about its own identifiers and lists.
 */
#include <stdlib.h>
#include <string.h>

#include "attest/maker.h"
#include "attest/registry.h"
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

/* What stands in the table is what is found. */
static void ask(const struct crd_registry *reg)
{
	const struct crd_table *table = &reg->identifiers_csv;
	struct crd_list_set set = { { 0 } };
	struct crd_row row;
	size_t i, at;

	if (crd_table_row(table, 0, &row, NULL))
		abort();
	for (at = row.len + 1; at < table->bytes.len; at += row.len + 1) {
		char scheme[16] = "";
		uint16_t got;

		if (crd_table_row(table, at, &row, NULL))
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

static enum crd_named named(const char *scheme, struct crd_buf value,
			    struct crd_buf *ret_name, void *ctx)
{
	*ret_name = value;
	return value.len % 3;
}

/* Both forms of each answer agree on whether there is one. */
static void look_up(const struct crd_registry *reg)
{
	static const char *const what[] = {
		"pci:8086",	      "smbios17:80CE",	  "author:Intel <a@b>",
		"firmware:iwlwifi-1", "oui:00e0fc123456", "entity:huawei",
		"list:us-ndaa-889",
	};
	struct crd_error err;
	size_t i;

	for (i = 0; i < sizeof(what) / sizeof(what[0]); i++) {
		struct crd_question q = { .what = what[i],
					  .day = 20000,
					  .named = named };
		bool a = false, b = false;
		char *text, *json;

		if (crd_lookup_text(reg, &q, &a, &text, &err) ||
		    crd_lookup_json(reg, &q, &b, &json, &err) || a != b)
			abort();
		free(text);
		free(json);
	}
}

/* Tables that nobody has looked at: any answer will do, if it is the same. */
static void ask_unchecked(struct crd_registry_files *files)
{
	static const char *const makers[] = { "Intel",	    "lntel",
					      "Huawei Foo", "\u0410cme",
					      "(x)",	    "zzz" };
	struct crd_registry *reg = NULL;
	struct crd_list_set set = { { 0 } };
	struct crd_maker maker;
	uint16_t entity;
	size_t i;

	files->unchecked = true;
	if (crd_registry_load(files, &reg, NULL))
		return;
	crd_registry_lookup(reg, "pci", "8086");
	crd_registry_lookup(reg, "modsigner", "Intel");
	for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		crd_maker_find(reg, 22, crd_buf_of(makers[i]), &maker);
	entity = crd_registry_entity(reg, "huawei");
	if (entity != crd_registry_entity(reg, "huawei"))
		abort();
	crd_registry_lists_of(reg, entity, 20000, &set);
	for (i = 0; i < reg->n_entities; i++) {
		if (crd_registry_entity(reg, reg->entities[i].id) != i)
			abort();
		crd_registry_lists_of(reg, (uint16_t)i, 20000, &set);
	}
	crd_registry_free(&reg);
}

struct audited {
	size_t errors, warnings;
};

static void on_fault(const struct crd_fault *fault, void *ctx)
{
	struct audited *a = ctx;

	if (!fault->line || !fault->column || !fault->text[0])
		abort();
	*(fault->warning ? &a->warnings : &a->errors) += 1;
}

/* What loads has no error of its own; what does not has one at least. */
static void audit(const struct crd_registry_files *files, bool good)
{
	struct audited seen = { 0 };
	struct crd_audit a = { .fault = on_fault, .fault_ctx = &seen };

	if (crd_registry_audit(files, &a) || a.errors != seen.errors ||
	    a.warnings != seen.warnings || good != !a.errors)
		abort();
	a.named = named;
	if (crd_registry_audit(files, &a))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crd_buf left = { data, size };
	struct crd_registry_files files = { 0 };
	struct crd_registry *reg = NULL;
	struct crd_error err = { 0 };
	int ret;

	files.entities = take(&left);
	files.identifiers = take(&left);
	files.lists = take(&left);
	files.listings = take(&left);
	files.sources = take(&left);
	files.release = take(&left);
	ret = crd_registry_load(&files, &reg, &err);
	if (!ret) {
		ask(reg);
		look_up(reg);
		crd_registry_free(&reg);
	} else if (!err.line || !err.column || !err.text[0]) {
		abort(); /* an error without a place or a word */
	}
	audit(&files, !ret);
	ask_unchecked(&files);
	return 0;
}
