// SPDX-License-Identifier: Apache-2.0
/*
 * A registry that is only looked things up in: what it reads when asked is what
 * it would have read before, and what nobody asked for does not matter.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/maker.h"
#include "attest/registry_private.h"
#include "attest/words.h"
#include "real_registry.h"
#include "small_registry.h"

#define HEADER \
	"entity_id,name,parent_entity_id,hq_jurisdiction,ultimate_parent_jurisdiction,kind,confidence,basis,as_of\n"
#define NO_LISTINGS \
	"list_id,entity_id,effective_date,end_date,scope,citation,confidence\n"

static int load(const char *entities, const char *identifiers,
		const char *listings, struct crd_registry **ret,
		struct crd_error *err)
{
	struct crd_registry_files files = { small_buf(entities),
					    small_buf(identifiers),
					    small_buf(small_lists),
					    small_buf(listings),
					    small_buf(""),
					    small_buf(""),
					    true };

	return crd_registry_load(&files, ret, err);
}

/* Files that cannot be looked things up in at all. */
static void test_bad(void **state)
{
	static const struct {
		const char *what, *entities, *identifiers, *listings, *says;
		unsigned int line;
	} rows[] = {
		{ "no header", "", small_identifiers, small_listings, "empty",
		  1 },
		{ "another header", "entity,name\n", small_identifiers,
		  small_listings, "header", 1 },
		{ "cut short", HEADER "intel", small_identifiers,
		  small_listings, "cut short", 1 },
		{ "identifiers cut short", small_entities,
		  "scheme,value,entity_id,source,note", small_listings,
		  "cut short", 1 },
		{ "listed, and nowhere else", HEADER, small_identifiers,
		  small_listings, "not in entities.csv", 2 },
		{ "listed, in a circle",
		  HEADER "huawei,H,huawei,CN,CN,other,low,x,2026-01-01\n",
		  small_identifiers, small_listings, "not in entities.csv", 2 },
	};
	struct crd_registry *reg = NULL;
	struct crd_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(&err, 0, sizeof(err));
		if (load(rows[i].entities, rows[i].identifiers,
			 rows[i].listings, &reg, &err) != -EBADMSG ||
		    err.line != rows[i].line || !strstr(err.text, rows[i].says))
			fail_msg("%s: %u %s", rows[i].what, err.line, err.text);
	}
}

/* A chain that breaks is nobody's, and leaves nothing behind. */
static void test_chains(void **state)
{
	static const char entities[] = HEADER
		"a,A,b,US,US,other,low,x,2026-01-01\n"
		"b,B,c,US,US,other,low,x,2026-01-01\n"
		"c,C,a,US,US,other,low,x,2026-01-01\n"
		"child,Child,top,CA,US,other,low,x,2026-01-01\n"
		"few,Few\n"
		"grandchild,Grandchild,child,FR,US,other,low,x,2026-01-01\n"
		"orphan,Orphan,nobody,US,US,other,low,x,2026-01-01\n"
		"self,Self,self,US,US,other,low,x,2026-01-01\n"
		"\"top\",\"Top, \"\"Inc.\"\"\",,US,US,other,low,x,2026-01-01\n"
		"under,Under,few,US,US,other,low,x,2026-01-01\n"
		"\n";
	static const char *const none[] = { "a",     "b",	 "c",
					    "few",   "orphan",	 "self",
					    "under", "",	 "entity_id",
					    "zzz",   "nobody",	 "child,Child",
					    "chil",  "childish", "\"top\"" };
	const struct crd_entity *e;
	struct crd_registry *reg = NULL;
	uint16_t child, grand;
	unsigned int round;
	size_t i, n = 0, text;

	(void)state;
	assert_int_equal(
		load(entities, small_identifiers, NO_LISTINGS, &reg, NULL), 0);
	assert_int_equal(reg->n_entities, 0);
	text = reg->text_len;
	for (round = 0; round < 3; round++) {
		for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
			assert_int_equal(crd_registry_entity(reg, none[i]),
					 REG_NONE);
		assert_int_equal(reg->n_entities, n);
		assert_int_equal(reg->text_len, text);
		grand = crd_registry_entity(reg, "grandchild");
		child = crd_registry_entity(reg, "child");
		n = reg->n_entities;
		text = reg->text_len;
		assert_int_equal(n, 3);
		assert_int_equal(reg->entities[grand].parent, child);
		e = &reg->entities[reg->entities[child].parent];
		assert_string_equal(e->id, "top");
		assert_string_equal(e->name, "Top, \"Inc.\"");
		assert_string_equal(e->hq, "US");
		assert_int_equal(e->parent, REG_NONE);
		assert_int_equal(crd_registry_entity(reg, "top"),
				 reg->entities[child].parent);
		assert_string_equal(reg->entities[grand].ultimate, "US");
	}
	crd_registry_free(&reg);
}

/* As many above one another as may be, and one more. */
static void test_long_chain(void **state)
{
	char text[8192] = HEADER;
	struct crd_registry *reg = NULL;
	size_t len = strlen(text);
	unsigned int i;

	(void)state;
	for (i = 0; i <= REG_MAX_CHAIN + 1; i++)
		len += (size_t)snprintf(
			text + len, sizeof(text) - len,
			i > REG_MAX_CHAIN ?
				"e%02u,E,,US,US,other,low,x,2026-01-01\n" :
				"e%02u,E,e%02u,US,US,other,low,x,2026-01-01\n",
			i, i + 1);
	assert_int_equal(load(text, small_identifiers, NO_LISTINGS, &reg, NULL),
			 0);
	assert_int_equal(crd_registry_entity(reg, "e00"), REG_NONE);
	assert_int_equal(reg->n_entities, 0);
	assert_int_not_equal(crd_registry_entity(reg, "e01"), REG_NONE);
	assert_int_equal(reg->n_entities, REG_MAX_CHAIN + 1);
	crd_registry_free(&reg);
}

/* It answers the same, and forgives what nobody looks at. */
static void test_lookup(void **state)
{
	static const char odd[] = "scheme,value,entity_id,source,note\n"
				  "pci,19e5,nobody,no-source,x\n"
				  "pci,8086,intel,src,x\n"
				  "not a row\n";
	struct crd_registry *reg = NULL;

	(void)state;
	assert_int_equal(load(small_entities, small_identifiers, small_listings,
			      &reg, NULL),
			 0);
	assert_string_equal(crd_registry_lookup(reg, "pci", "19e5"), "huawei");
	assert_null(crd_registry_lookup(reg, "scheme", "value"));
	assert_int_equal(crd_registry_digest(reg)->alg, 0);
	assert_int_equal(crd_registry_version(reg), 0);
	crd_registry_free(&reg);
	assert_int_equal(load(small_entities, odd, small_listings, &reg, NULL),
			 0);
	assert_null(crd_registry_lookup(reg, "pci", "19e5"));
	assert_string_equal(crd_registry_lookup(reg, "pci", "8086"), "intel");
	crd_registry_free(&reg);
}

static bool same_lists(const struct crd_list_set *a,
		       const struct crd_list_set *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* Each entity that we ship: what it is, what is above it, where it is listed. */
static void test_shipped(void **state)
{
	struct crd_registry *checked = real_registry(false);
	uint8_t *bytes[6];
	struct crd_registry *later;
	size_t i, n;

	(void)state;
	memcpy(bytes, real_bytes, sizeof(bytes));
	later = real_registry(true);
	/* only what is listed, and what is above that */
	assert_in_range(later->n_entities, 1, checked->n_entities / 4);
	for (n = checked->n_entities, i = n; i--;) {
		const struct crd_entity *e = &checked->entities[i], *f;
		struct crd_list_set a = { { 0 } }, b = { { 0 } };
		uint16_t number = crd_registry_entity(later, e->id);

		assert_int_not_equal(number, REG_NONE);
		f = &later->entities[number];
		assert_string_equal(f->id, e->id);
		assert_string_equal(f->name, e->name);
		assert_string_equal(f->hq, e->hq);
		assert_string_equal(f->ultimate, e->ultimate);
		assert_int_equal(f->parent == REG_NONE, e->parent == REG_NONE);
		if (f->parent != REG_NONE)
			assert_string_equal(later->entities[f->parent].id,
					    checked->entities[e->parent].id);
		crd_registry_lists_of(checked, (uint16_t)i, 20600, &a);
		crd_registry_lists_of(later, number, 20600, &b);
		assert_true(same_lists(&a, &b));
	}
	assert_int_equal(later->n_entities, n);
	crd_registry_free(&later);
	real_registry_free(&checked);
	for (i = 0; i < 6; i++)
		free(bytes[i]);
}

static void same_maker(const struct crd_registry *checked,
		       const struct crd_registry *later, int type,
		       struct crd_buf text)
{
	struct crd_maker a, b;

	crd_maker_find(checked, type, text, &a);
	crd_maker_find(later, type, text, &b);
	if (a.how != b.how || !a.entity != !b.entity ||
	    (a.entity && strcmp(a.entity, b.entity) != 0) ||
	    (a.entity && strcmp(a.value, b.value) != 0))
		fail_msg("%d:%.*s: %s %s, not %s %s", type, CRD_FIELD(text),
			 crd_maker_how_name(b.how), b.entity ? b.entity : "-",
			 crd_maker_how_name(a.how), a.entity ? a.entity : "-");
}

/* Its value as it is, and read for another: i for l, m for rn. */
static void ask_value(const struct crd_registry *checked,
		      const struct crd_registry *later, struct crd_buf value)
{
	static const int types[] = { 1, 17, 22 };
	char text[2 * WORDS_MAX_TEXT];
	size_t i, len = 0;

	for (i = 0; i < value.len && i < WORDS_MAX_TEXT; i++) {
		switch (value.ptr[i]) {
		case 'm':
			text[len++] = 'r';
			text[len++] = 'n';
			break;
		case 'w':
			text[len++] = 'v';
			text[len++] = 'v';
			break;
		case 'l':
			text[len++] = '1';
			break;
		default:
			text[len++] = (char)value.ptr[i];
		}
	}
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		same_maker(checked, later, types[i], value);
		same_maker(checked, later, types[i],
			   (struct crd_buf){ (const uint8_t *)text, len });
	}
}

static bool is_name(struct crd_buf scheme)
{
	return (scheme.len >= 5 && !memcmp(scheme.ptr, "words", 5)) ||
	       crd_buf_equal(scheme, small_buf("smbios"));
}

/* Every name that we ship, from the last to the first. */
static void test_makers(void **state)
{
	struct crd_registry *checked = real_registry(false);
	const struct crd_table *table = &checked->identifiers_csv;
	uint8_t *bytes[6];
	struct crd_registry *later;
	size_t i, at, asked = 0;
	struct crd_row row;

	(void)state;
	memcpy(bytes, real_bytes, sizeof(bytes));
	later = real_registry(true);
	same_maker(checked, later, 1, small_buf("zzz no such name"));
	for (at = table->bytes.len; at;) {
		at = crd_table_line(table, at - 1);
		assert_int_equal(crd_table_row(table, at, &row, NULL), 0);
		if (!is_name(row.field[0]))
			continue;
		ask_value(checked, later, row.field[1]);
		asked++;
	}
	assert_true(asked > 5000);
	crd_registry_free(&later);
	real_registry_free(&checked);
	for (i = 0; i < 6; i++)
		free(bytes[i]);
}

/* Each as the first question: that has read what it needs. */
static void test_first_question(void **state)
{
	static const char *const names[] = {
		"Intel",       "lntel",	      "1ntel",		"Micro-Star",
		"rnicro star", "Rnicro-Star", "vvistron",	"Wistron",
		"\"Dell\"",    "(Dell)",      "De11",		"\u0410SUS",
		"\u00c5sus",   "0racle",      "Quanta",		"5amsung",
		"Sarnsung",    "|ntel",	      "\u2018HP\u2019", "",
	};
	struct crd_registry *checked = real_registry(false);
	struct crd_registry *later;
	uint8_t *bytes[6];
	size_t i, k;

	(void)state;
	memcpy(bytes, real_bytes, sizeof(bytes));
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		later = real_registry(true);
		same_maker(checked, later, 22, small_buf(names[i]));
		crd_registry_free(&later);
		for (k = 0; k < 6; k++)
			free(real_bytes[k]);
	}
	memcpy(real_bytes, bytes, sizeof(bytes));
	real_registry_free(&checked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_long_chain),
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_makers),
		cmocka_unit_test(test_first_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
