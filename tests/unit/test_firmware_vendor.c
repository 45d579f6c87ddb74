// SPDX-License-Identifier: Apache-2.0
/*
 * firmware vendor - the name that an image was asked for by tells whose it is
 * meant to be: enough for rules that speak of makers, not to make it known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "appraise_scene.h"

#define POLICY(rule)                                         \
	HEAD(STRICT)                                         \
	"rules:\n  - { id: r, when: { kind: firmware, " rule \
	", because: B. }\n"                                  \
	"otherwise: { known: admit, unknown: refer }\n"

struct row {
	const char *name;
	const char *yaml;
	enum crd_verdict verdict;
	const char *says; /* of rule r; NULL: it does not hold */
};

static const char on_list[] = POLICY("listed: list-a }, then: refuse");
static const char country[] = POLICY("jurisdiction: CN }, then: refuse");
static const char unknown[] = POLICY("vendor: unknown }, then: refuse");
static const char by_intel[] = POLICY("vendor: intel }, then: admit");
static const char elsewhere[] =
	POLICY("jurisdiction: { not: [US, unknown] } }, then: refuse");

static const struct row rows[] = {
	{ "fw-h1.bin", on_list, CRD_REFUSE,
	  "has the name of an image for products of Huawei Technologies" },
	{ "fw-i1.bin", on_list, CRD_REFER, NULL },
	{ "carl.fw", on_list, CRD_REFER, NULL },
	{ "fw-n1.bin", country, CRD_REFUSE, "its last owner in CN" },
	{ "fw-h1.bin", elsewhere, CRD_REFUSE, "headquarters in CN" },
	{ "fw-i1.bin", elsewhere, CRD_REFER, NULL },
	{ "carl.fw", elsewhere, CRD_REFER, NULL },
	{ "carl.fw", unknown, CRD_REFUSE,
	  "has a name that the registry does not know" },
	{ "fw-i1.bin", unknown, CRD_REFER, NULL },
	{ "fw-i1.bin", by_intel, CRD_ADMIT, NULL },
	{ "fw-h1.bin", by_intel, CRD_REFER, NULL },
	/* as the log escapes what is no UTF-8; what only looks alike */
	{ "fw-h\\xff.bin", on_list, CRD_REFUSE, "Huawei" },
	{ "/fw-h1.bin", on_list, CRD_REFER, NULL },
	{ "FW-H1.bin", on_list, CRD_REFER, NULL },
};

static struct crd_registry *registry(char **ret_identifiers)
{
	struct crd_registry_files files = {
		.entities = small_buf(small_entities),
		.lists = small_buf(small_lists),
		.listings = small_buf(small_listings),
		.sources = small_buf(small_sources),
		.release = small_buf(small_release)
	};
	const char *rest = strchr(small_identifiers, '\n') + 1;
	struct crd_registry *reg = NULL;
	char *text = calloc(1, sizeof(small_identifiers) + 256);

	assert_non_null(text);
	sprintf(text,
		"scheme,value,entity_id,source,note\n"
		"firmware,fw-h*,huawei,src,\nfirmware,fw-i*,intel,src,\n"
		"firmware,fw-n*,newbridge,src,\n%s",
		rest);
	files.identifiers = small_buf(text);
	assert_int_equal(crd_registry_load(&files, &reg, NULL), 0);
	*ret_identifiers = text;
	return reg;
}

static struct crd_report *report_of(const struct row *row,
				    struct crd_registry *reg, struct be *b)
{
	struct be_driver e1000 = BE_GOOD("e1000");
	struct scene s = { .yaml = row->yaml,
			   .reg = reg,
			   .covered = UINT64_MAX };
	struct crd_report *r;

	be_start(&s.be);
	e1000.authors[0] = "Intel";
	be_snapshot(&s.be, NULL, 0);
	be_load(&s.be, e1000);
	be_firmware(&s.be, row->name, BAD_DIGEST);
	close_scene(&s);
	r = run(&s);
	*b = s.be;
	return r;
}

static void test_rules(void **state)
{
	char *identifiers;
	struct crd_registry *reg = registry(&identifiers);
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct be b;
		struct crd_report *r = report_of(&rows[i], reg, &b);
		const struct crd_finding *f = find(r, "r", CRD_FAILED);

		if (r->verdict != rows[i].verdict || !f != !rows[i].says ||
		    (f && !strstr(f->sentence, rows[i].says)))
			fail_msg("row %zu, %s: %s, %s", i, rows[i].name,
				 crd_verdict_name(r->verdict),
				 f ? f->sentence : "-");
		crd_report_free(&r);
		be_done(&b);
	}
	crd_registry_free(&reg);
	free(identifiers);
}

/* Machines are told the vendor, on what grounds and how good they are. */
static void test_json(void **state)
{
	char *identifiers, *json;
	struct crd_registry *reg = registry(&identifiers);
	struct be b;
	struct crd_report *r = report_of(&rows[0], reg, &b);

	r->policy = NULL; /* gone */
	assert_int_equal(crd_report_json(r, &json), 0);
	assert_non_null(strstr(json, "\"basis\": \"firmware name\""));
	assert_non_null(strstr(json, "\"grade\": \"text\""));
	free(json);
	crd_report_free(&r);
	be_done(&b);
	crd_registry_free(&reg);
	free(identifiers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
