// SPDX-License-Identifier: Apache-2.0
/* fact - each answer with its grade and its record; one condition alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/appraise_private.h"
#include "credence.h"
#include "policy_text.h"

struct row {
	const char *when;
	bool asked, known, refuse, admit;
	enum crd_grade grade;
	const char *words;
};

static void check_rows(const struct crd_component *c,
		       const struct crd_registry *reg, const struct row *rows,
		       size_t n)
{
	struct crd_matcher m;
	char yaml[1024];
	size_t i;

	for (i = 0; i < n; i++) {
		const struct row *row = &rows[i];
		struct crd_str str = { 0 };
		const struct crd_cond *cond;
		struct crd_policy *p;
		struct crd_fact f;

		snprintf(yaml, sizeof(yaml),
			 HEAD "digest_lists: [ { id: ok, digests: [ " SHA256
			      " ] } ]\n" RULE("%s", "refuse") OTHERWISE,
			 row->when);
		p = good(yaml);
		assert_int_equal(crd_matcher_init(&m, p, reg, 20800), 0);
		assert_int_equal(crd_matcher_set(&m, c), 0);
		cond = &p->conds[p->rules[0].when.first];
		f = crd_fact_of(&m, cond);
		crd_fact_say(&str, &m, cond);
		if (f.asked != row->asked || f.known != row->known ||
		    f.grade != row->grade || strcmp(str.ptr, row->words) ||
		    crd_matcher_cond(&m, cond, false) != row->refuse ||
		    crd_matcher_cond(&m, cond, true) != row->admit)
			fail_msg("%s: asked %d known %d grade %s: %s",
				 row->when, f.asked, f.known,
				 crd_grade_name(f.grade), str.ptr);
		assert_int_equal(f.recnum, c->recnum);
		assert_int_equal(f.item, c->item);
		assert_int_equal(f.in_group, c->in_group);
		crd_str_done(&str);
		crd_matcher_done(&m);
		crd_policy_free(&p);
	}
}

#define ROWS(c, reg, ...)                                                   \
	do {                                                                \
		static const struct row rows[] = { __VA_ARGS__ };           \
		check_rows((c), (reg), rows, sizeof(rows) / sizeof(*rows)); \
	} while (0)

/* What the kernel saw, what a driver says of itself, and what is not there. */
static void test_driver(void **state)
{
	struct crd_registry *reg = small_registry();
	struct crd_component c = { .kind = CRD_KIND_DRIVER,
				   .recnum = 7,
				   .in_group = true,
				   .item = 3,
				   .origin = CRD_ORIGIN_FILE,
				   .sig_status = CRD_SIG_VERIFIED };

	c.name = small_buf("hinic");
	c.license = small_buf("GPL");
	c.authors[c.n_authors++] = small_buf("Huawei Technologies CO., Ltd");
	crd_component_find_vendors(&c, reg);
	ROWS(&c, reg,
	     { "kind: driver", true, true, true, true, CRD_GRADE_MEASURED,
	       "kind driver" },
	     { "name: hinic", true, true, true, true, CRD_GRADE_MEASURED,
	       "name \"hinic\"" },
	     { "license: { not: GPL }", true, true, false, false,
	       CRD_GRADE_TEXT, "license \"GPL\"" },
	     { "version: { not: \"1\" }", true, false, true, false,
	       CRD_GRADE_UNKNOWN, "version unknown" },
	     { "path: unknown", true, false, true, true, CRD_GRADE_UNKNOWN,
	       "path unknown" },
	     { "digest: ok", true, false, false, false, CRD_GRADE_UNKNOWN,
	       "no digest" },
	     { "signer: verified", true, true, true, true, CRD_GRADE_MEASURED,
	       "signature verified" },
	     { "flags: failed", true, true, false, false, CRD_GRADE_MEASURED,
	       "no flags" },
	     { "class: network", false, false, false, false, CRD_GRADE_UNKNOWN,
	       "class unknown" },
	     { "bus: { not: pci }", false, false, false, false,
	       CRD_GRADE_UNKNOWN, "bus unknown" },
	     { "vendor: huawei", true, true, true, true, CRD_GRADE_TEXT,
	       "author \"Huawei Technologies CO., Ltd\"; vendor huawei (CN, last owner CN; grade text)" }, );
	crd_registry_free(&reg);
}

/* Nobody to look a vendor up in: not known, whatever the component says. */
static void test_without_registry(void **state)
{
	struct crd_component c = { .kind = CRD_KIND_DRIVER, .recnum = 1 };

	c.authors[c.n_authors++] = small_buf("Intel");
	crd_component_find_vendors(&c, NULL);
	ROWS(&c, NULL,
	     { "vendor: intel", true, false, false, false, CRD_GRADE_UNKNOWN,
	       "author \"Intel\"; vendor unknown" },
	     { "author: Intel", true, true, true, true, CRD_GRADE_TEXT,
	       "author \"Intel\"" }, );
}

/* The numbers of a bus are measured; what user space says of them is not. */
static void test_device(void **state)
{
	struct crd_registry *reg = small_registry();
	struct crd_component c = { .kind = CRD_KIND_DEVICE,
				   .recnum = 2,
				   .vendor_id = 0x8086,
				   .device_id = 0x10d3,
				   .subvendor_id = -1,
				   .class_code = 0x020000,
				   .has_class = true };

	c.bus = small_buf("pci");
	c.name = small_buf("0000:00:03.0");
	crd_component_find_vendors(&c, reg);
	ROWS(&c, reg,
	     { "id: \"8086:10d3\"", true, true, true, true, CRD_GRADE_MEASURED,
	       "id \"8086:10d3\"" },
	     { "class: network", true, true, true, true, CRD_GRADE_MEASURED,
	       "class network" },
	     { "vendor: intel", true, true, true, true, CRD_GRADE_MEASURED,
	       "id 8086:10d3; vendor intel (US, last owner US; grade measured, identifier only)" },
	     { "signer: none", false, false, false, false, CRD_GRADE_UNKNOWN,
	       "signature none" }, );
	c.grade = CRD_GRADE_SELF_REPORTED;
	ROWS(&c, reg,
	     { "id: \"8086:10d3\"", true, true, true, true,
	       CRD_GRADE_SELF_REPORTED, "id \"8086:10d3\"" },
	     { "vendor: { not: intel }", true, true, false, false,
	       CRD_GRADE_SELF_REPORTED,
	       "id 8086:10d3; vendor intel (US, last owner US; grade self-reported)" }, );
	crd_registry_free(&reg);
}

/* A signature that was verified here is worth more than the kernel's word. */
static void test_certified(void **state)
{
	struct crd_policy *p = good(WHEN("signer: verified"));
	struct crd_component c = { .kind = CRD_KIND_DRIVER,
				   .sig_status = CRD_SIG_VERIFIED };
	struct crd_matcher m;

	assert_int_equal(crd_matcher_init(&m, p, NULL, 20800), 0);
	assert_int_equal(crd_matcher_set(&m, &c), 0);
	assert_int_equal(crd_fact_of(&m, &p->conds[0]).grade,
			 CRD_GRADE_MEASURED);
	c.signing.result = CRD_SIGNED_WRONG;
	assert_int_equal(crd_fact_of(&m, &p->conds[0]).grade,
			 CRD_GRADE_MEASURED);
	c.signing.result = CRD_SIGNED_VALID;
	assert_int_equal(crd_fact_of(&m, &p->conds[0]).grade,
			 CRD_GRADE_CERTIFIED);
	crd_matcher_done(&m);
	crd_policy_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_driver),
		cmocka_unit_test(test_without_registry),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_certified),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
