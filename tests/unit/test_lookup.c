// SPDX-License-Identifier: Apache-2.0
/*
 * lookup - questions that are none, things nobody knows, and what is said of
 * those that are known. Whole answers are tested on the command line.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "attest/registry.h"
#include "small_registry.h"
#include "text_private.h"

static struct crd_registry *reg;

static int setup(void **state)
{
	reg = small_registry();
	return 0;
}

static int teardown(void **state)
{
	crd_registry_free(&reg);
	return 0;
}

static enum crd_named named(const char *scheme, struct crd_buf value,
			    struct crd_buf *ret_name, void *ctx)
{
	*ret_name = small_buf("A \033[31mname");
	return strcmp(scheme, "pci") ? CRD_NAMED_NO_LIST :
	       value.ptr[0] == '8'   ? CRD_NAMED :
				       CRD_NAMED_NOT;
}

static int32_t day_of(const char *text)
{
	int32_t day = 0;

	assert_true(crd_date_parse(text, strlen(text), &day));
	return day;
}

/* Both forms of the answer; they never disagree on whether it is known. */
static int ask(const char *what, const char *day, bool *ret_known,
	       char **ret_text, json_t **ret_json)
{
	struct crd_question q = { .what = what,
				  .day = day_of(day),
				  .named = named };
	struct crd_error err = { .text = "" };
	bool known = false;
	char *json = NULL;
	int ret = crd_lookup_text(reg, &q, ret_known, ret_text, &err);

	assert_int_equal(crd_lookup_json(reg, &q, &known, &json, &err), ret);
	if (ret) {
		assert_int_equal(ret, -EINVAL);
		assert_true(err.text[0]);
		return ret;
	}
	assert_int_equal(known, *ret_known);
	*ret_json = json_loads(json, 0, NULL);
	assert_non_null(*ret_json);
	free(json);
	return 0;
}

static void test_no_question(void **state)
{
	static const char *const bad[] = {
		"",
		":",
		"pci",
		"pci:",
		"pci:808",
		"pci:80866",
		"pci:808g",
		"pci: 8086",
		"pci:0x0x80",
		"PCI:8086",
		"pcix:8086",
		"usb:80\n6",
		"pnp:AB",
		"pnp:ABCD",
		"entity:",
		"list:",
		"smbios256:x",
		"smbios999:x",
		"smbios1000:x",
		"smbiosx:y",
	};
	json_t *json;
	char *text;
	bool known;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (ask(bad[i], "2026-01-01", &known, &text, &json) != -EINVAL)
			fail_msg("'%s'", bad[i]);
}

struct row {
	const char *what;
	const char *entity; /* NULL: unknown */
	const char *says;
};

static void test_answers(void **state)
{
	static const struct row rows[] = {
		{ "pci:8086", "intel", "identifiers.csv:6" },
		{ "pci:0x8086", "intel", "source: Source; 2026-01-01 (src" },
		{ "pci:19E5", "huawei", "last owner: Huawei Holding" },
		{ "pci:19e6", NULL, "pci.ids of this machine: does not" },
		{ "pci:8087", NULL, "pci.ids of this machine: A \\x1b[31m" },
		{ "usb:8086", NULL, "usb.ids of this machine: not installed" },
		{ "author:Intel", "intel", "to the letter" },
		{ "author:Intel <x@y>", "intel", "without the mail address" },
		{ "author:Intel, <x@y>", "intel", "without the mail" },
		{ "author:intel", NULL, "nothing of it" },
		{ "modsigner:Newbridge", "newbridge",
		  "jurisdictions: US, and CN through its last owner" },
		{ "entity:newbridge", "newbridge", "0 of 1 in force" },
		{ "newbridge", "newbridge", "0 of 1 in force" },
		{ "Huawei Holding", "huawei-holding", "huawei-holding" },
		{ "Nobody & Sons", NULL, "unknown" },
		{ "entity:Newbridge", NULL, "nothing of it" },
		{ "smbios:To Be Filled By O.E.M.", NULL,
		  "a text that firmware leaves" },
		{ "smbios:\033[31m", NULL, "\\x1b[31m" },
		{ "list:list-x", NULL, "nothing of it" },
		{ "firmware:x", NULL, "nothing of it" },
		{ "oui:00:11:22", NULL, "nothing of it" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		json_t *json, *first;
		char *text;
		bool known;

		if (ask(r->what, "2020-01-01", &known, &text, &json))
			fail_msg("%s: no question", r->what);
		first = json_array_get(json_object_get(json, "entities"), 0);
		if (known != (r->entity != NULL) || !strstr(text, r->says) ||
		    strchr(text, '\033') || !first != !r->entity ||
		    (first &&
		     strcmp(json_string_value(json_object_get(first, "entity")),
			    r->entity)))
			fail_msg("%s: %s", r->what, text);
		free(text);
		json_decref(json);
	}
}

/* list-a names huawei from 2019-08-13, list-b its owner from 2026-09-21. */
static void test_days(void **state)
{
	static const struct {
		const char *what, *day, *says;
	} rows[] = {
		{ "pci:19e5", "2019-08-12", "0 of 2 in force" },
		{ "pci:19e5", "2019-08-13", "1 of 2 in force" },
		{ "pci:19e5", "2026-09-20",
		  "list-b: not in force, begins 2026-09-21; through its owner Huawei" },
		{ "pci:19e5", "2026-09-21", "2 of 2 in force" },
		{ "entity:newbridge", "2026-09-21", "1 of 1 in force" },
		{ "entity:intel", "2026-09-21", "on none" },
		{ "list:list-a", "2019-08-12", "huawei: not in force" },
		{ "list:list-a", "2019-08-13", "huawei: in force since" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text, *at;
		json_t *json;
		bool known;

		assert_int_equal(ask(rows[i].what, rows[i].day, &known, &text,
				     &json),
				 0);
		/* as one line */
		for (at = text; *at; at++)
			if (*at == '\n')
				*at = ' ';
		while ((at = strstr(text, "  ")))
			memmove(at, at + 1, strlen(at));
		if (!known || !strstr(text, rows[i].says))
			fail_msg("%s %s: %s", rows[i].what, rows[i].day, text);
		free(text);
		json_decref(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_question),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_days),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
