// SPDX-License-Identifier: Apache-2.0
/*
 * registry audit - all that is wrong, each with its place; what is strange is
 * told apart from what is wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/registry.h"
#include "small_registry.h"

enum { ENTITIES, IDENTIFIERS, LISTS, LISTINGS, SOURCES, RELEASE, N_TABLES };

static const char *const good[N_TABLES] = {
	small_entities, small_identifiers, small_lists,
	small_listings, small_sources,	   "version,date\n7,2026-12-31\n"
};

static const char head[] = "scheme,value,entity_id,source,note\n";

/* One table replaced, and all that is said of it, a line for each. */
struct row {
	const char *what;
	int table;
	const char *text;
	const char *says;
};

static const struct row rows[] = {
	{ "nothing", ENTITIES, small_entities, "" },
	{ "every field of one row", ENTITIES,
	  "entity_id,name,parent_entity_id,hq_jurisdiction,ultimate_parent_jurisdiction,kind,confidence,basis,as_of\n"
	  "huawei,\"Huawei Technologies Co., Ltd.\",huawei-holding,CN,CN,network,medium,x,2026-06-08\n"
	  "huawei-holding,Huawei Holding,,CN,CN,other,medium,x,2026-06-08\n"
	  "ibm,,no body,us,U,vendors,sure,,soon\n"
	  "intel,Intel Corporation,,US,US,chipmaker,high,x,2026-01-01\n"
	  "newbridge,Newbridge Inc.,huawei-holding,US,CN,network,low,x,2026-01-01\n",
	  "entities.csv:4:6:E\nentities.csv:4:19:E\nentities.csv:4:27:E\n"
	  "entities.csv:4:32:E\nentities.csv:4:33:E\nentities.csv:4:5:E\n"
	  "entities.csv:4:14:E\nentities.csv:4:17:E\nentities.csv:4:6:E\n" },
	{ "rows that are none, and one after them", IDENTIFIERS,
	  "scheme,value,entity_id,source,note\n"
	  "modsigner,a\"b,intel,src,x\n"
	  "modsigner,Intel,intel\n"
	  "\n"
	  "modsigner,Intel,intel,src,x\377\n"
	  "pci,19e5,huaway,src,x\n",
	  "identifiers.csv:2:12:E\nidentifiers.csv:3:22:E\n"
	  "identifiers.csv:4:1:E\nidentifiers.csv:5:28:E\n"
	  "identifiers.csv:6:10:E\n" },
	{ "rows at the wrong place are read too", IDENTIFIERS,
	  "scheme,value,entity_id,source,note\n"
	  "pci,8086,intel,src,x\n"
	  "pci,19e5,huaway,scr,x\n"
	  "pci,19e5,huawei,src,x\n"
	  "pcj,19E5,huawei,src,x\n",
	  "identifiers.csv:3:5:E\nidentifiers.csv:3:10:E\n"
	  "identifiers.csv:3:17:E\nidentifiers.csv:4:5:E\n"
	  "identifiers.csv:5:1:E\n" },
	{ "two circles", ENTITIES,
	  "entity_id,name,parent_entity_id,hq_jurisdiction,ultimate_parent_jurisdiction,kind,confidence,basis,as_of\n"
	  "huawei,H,ibm,CN,CN,network,medium,x,2026-01-01\n"
	  "huawei-holding,H,huawei-holding,CN,CN,other,medium,x,2026-01-01\n"
	  "ibm,I,huawei,US,US,vendor,high,x,2026-01-01\n"
	  "intel,I,nobody,US,US,chipmaker,high,x,2026-01-01\n"
	  "newbridge,N,,US,CN,network,low,x,2026-01-01\n",
	  "entities.csv:5:9:E\nentities.csv:2:10:E\nentities.csv:3:18:E\n"
	  "entities.csv:4:7:E\nentities.csv:6:17:E\n" },
	{ "a table without a header ends it", ENTITIES, "entity_id,name\n",
	  "entities.csv:1:15:E\n" },
	{ "an empty table", LISTS, "", "lists.csv:1:1:E\n" },
	{ "listings", LISTINGS,
	  "list_id,entity_id,effective_date,end_date,scope,citation,confidence\n"
	  "list-a,huawei,2019-08-12,,s,c,high\n"
	  "list-b,huaway,2026-13-01,never,,,sure\n"
	  "list-b,ibm,2026-01-02,2026-01-01,s,c,high\n"
	  "list-c,ibm,2026-01-02,,s,c,high\n",
	  "listings.csv:3:8:E\nlistings.csv:3:15:E\nlistings.csv:3:26:E\n"
	  "listings.csv:3:32:E\nlistings.csv:3:33:E\nlistings.csv:3:34:E\n"
	  "listings.csv:4:23:E\nlistings.csv:5:1:E\nlistings.csv:2:15:W\n" },
	{ "days after the edition", SOURCES,
	  "source_id,title,date,address\nsrc,Source,2027-01-01,\n",
	  "sources.csv:2:12:W\n" },
	{ "two editions", RELEASE, "version,date\n0,2026-01-01\n2,x\n",
	  "release.csv:2:1:E\nrelease.csv:3:1:E\n" },
	{ "no edition", RELEASE, "version,date\n", "release.csv:2:1:E\n" },
};

static void on_fault(const struct crd_fault *f, void *ctx)
{
	char *to = ctx;

	to += strlen(to);
	sprintf(to, "%s:%u:%u:%c\n", f->file, f->line, f->column,
		f->warning ? 'W' : 'E');
}

static void on_text(const struct crd_fault *f, void *ctx)
{
	strcat(ctx, f->text);
	strcat(ctx, "\n");
}

static struct crd_registry_files files_of(int table, const char *text)
{
	struct crd_buf b[N_TABLES];
	int i;

	for (i = 0; i < N_TABLES; i++)
		b[i] = small_buf(i == table ? text : good[i]);
	return (struct crd_registry_files){ b[0], b[1], b[2], b[3],
					    b[4], b[5], false };
}

static void test_all(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_registry_files files =
			files_of(rows[i].table, rows[i].text);
		char seen[4096] = "";
		struct crd_audit a = { .fault = on_fault, .fault_ctx = seen };
		struct crd_registry *reg = NULL;

		assert_int_equal(crd_registry_audit(&files, &a), 0);
		if (strcmp(seen, rows[i].says))
			fail_msg("%s:\n%s", rows[i].what, seen);
		/* whoever loads it stops at the first error, if there is one */
		assert_int_equal(crd_registry_load(&files, &reg, NULL) != 0,
				 a.errors != 0);
		crd_registry_free(&reg);
	}
}

static enum crd_named named(const char *scheme, struct crd_buf value,
			    struct crd_buf *ret_name, void *ctx)
{
	static const struct {
		const char *scheme, *value, *name;
	} ids[] = {
		{ "pci", "8086", "Intel Corp." },
		{ "pci", "8087", "INTEL" },
		{ "pci", "8088", "Beijing Wangxun Technology" },
		{ "pci", "8089", "Technology Co., Ltd." },
		{ "oui", "00e0fc", "HUAWEI TECHNOLOGIES CO.,LTD" },
		{ "oui", "00e0fd", "A-TREND TECHNOLOGY CO., LTD." },
		{ "oui", "Strange Name", "Strange Name" },
	};
	size_t i;

	if (!strcmp(scheme, "usb"))
		return CRD_NAMED_NO_LIST;
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (!strcmp(ids[i].scheme, scheme) &&
		    value.len == strlen(ids[i].value) &&
		    !memcmp(ids[i].value, value.ptr, value.len)) {
			*ret_name = small_buf(ids[i].name);
			return CRD_NAMED;
		}
	return CRD_NAMED_NOT;
}

/* Ids in lists, under a name with a word of the entity's, or not. */
static void test_named(void **state)
{
	static const struct {
		const char *row, *says;
		size_t errors, warnings;
	} ids[] = {
		{ "pci,8086,intel,pci-ids,x", "", 0, 0 },
		{ "pci,8087,intel,pci-ids,x", "", 0, 0 },
		{ "pci,8088,intel,pci-ids,x", "pci '8088' is 'Beijing", 0, 1 },
		{ "pci,8086,huawei,pci-ids,x", "'Intel Corp.' in pci.ids", 0,
		  1 },
		/* nothing but words that all have */
		{ "pci,8089,intel,pci-ids,x", "", 0, 0 },
		{ "pci,808a,intel,pci-ids,x", "'808a' is not in pci.ids", 1,
		  0 },
		{ "pci,808a,intel,src,x", "nor said to be", 0, 1 },
		{ "usb,808a,intel,usb-ids,x", "", 0, 0 },
		{ "oui,00e0fc,huawei,ieee-ra,x", "", 0, 0 },
		{ "oui,00e0fd,huawei,ieee-ra,x", "A-TREND", 0, 1 },
		{ "oui,00e0fe,huawei,ieee-ra,x", "the IEEE's list", 1, 0 },
		/* a name is the id itself */
		{ "oui,Strange Name,huawei,ieee-ra,x", "", 0, 0 },
		{ "oui,No Name,huawei,ieee-ra,x", "not in the IEEE", 1, 0 },
		{ "smbios,Any,huawei,src,x", "", 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		char text[256], seen[1024] = "";
		struct crd_audit a = { .named = named,
				       .fault = on_text,
				       .fault_ctx = seen };
		struct crd_registry_files files;

		snprintf(text, sizeof(text), "%s%s\n", head, ids[i].row);
		files = files_of(IDENTIFIERS, text);
		files.sources = small_buf("source_id,title,date,address\n"
					  "ieee-ra,I,2025-01-01,\n"
					  "pci-ids,P,2025-01-01,\n"
					  "src,S,2025-01-01,\n"
					  "usb-ids,U,2025-01-01,\n");
		files.release = small_buf("version,date\n1,2026-12-31\n");
		assert_int_equal(crd_registry_audit(&files, &a), 0);
		if (a.errors != ids[i].errors ||
		    a.warnings != ids[i].warnings || !strstr(seen, ids[i].says))
			fail_msg("%s: %s", ids[i].row, seen);
	}
}

static void test_counts(void **state)
{
	struct crd_registry_files files = files_of(RELEASE, small_release);
	char seen[4096] = "";
	struct crd_audit a = { .fault = on_fault, .fault_ctx = seen };
	struct crd_registry *reg = small_registry();

	assert_int_equal(crd_registry_audit(&files, &a), 0);
	assert_int_equal(a.entities, 5);
	assert_int_equal(a.identifiers, 5);
	assert_int_equal(a.lists, 2);
	assert_int_equal(a.listings, 2);
	assert_int_equal(a.sources, 1);
	assert_int_equal(a.version, 7);
	assert_true(crd_digest_equal(&a.digest, crd_registry_digest(reg)));
	crd_registry_free(&reg);
}

/* Ten thousand bad rows are ten thousand errors, and take no time. */
static void test_many(void **state)
{
	enum { N = 10000 };
	struct crd_registry_files files;
	char *text = malloc(N * 32 + sizeof(head)), *at = text;
	size_t n = 0;
	struct crd_audit a = { .fault_ctx = &n };
	int i;

	at += sprintf(at, "%s", head);
	for (i = 0; i < N; i++)
		at += sprintf(at, "pci,%04x,nobody,src,\n", i);
	files = files_of(IDENTIFIERS, text);
	a.fault = on_text;
	a.fault_ctx = calloc(N, 64);
	assert_int_equal(crd_registry_audit(&files, &a), 0);
	assert_int_equal(a.errors, N);
	free(a.fault_ctx);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
