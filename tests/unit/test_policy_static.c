// SPDX-License-Identifier: Apache-2.0
/*
 * policy_static, policy_imply - what is found, what is not, and that nothing is
 * claimed of conditions that is not so for the components that a matcher sees.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/policy_static.h"
#include "credence.h"
#include "policy_text.h"

#define DAY 20604 /* 2026-05-31 */
#define R(id, when, then) \
	"  - { id: " id ", when: { " when " }, then: " then ", because: B }\n"
#define W(id, rule, component, more)                                \
	"  - { id: " id ", rule: " rule ", component: { " component \
	" }, approved_by: P, because: B, " more " }\n"
#define T(id, because, advice)                                      \
	"  - { id: " id                                             \
	", when: { kind: driver }, then: refuse, because: " because \
	", advice: " advice " }\n"
#define COUNT                                                                  \
	"presence: [ { id: c, component: { kind: device }, at-most: 9, then: " \
	"refer, because: B } ]\n"
#define WC(id, more) \
	"  - { id: " id ", rule: c, approved_by: P, because: B, " more " }\n"
#define SIGNER "signers: [ { id: s, certificates: c.pem } ]\n"

static int collect(const struct crd_lint *lint, void *ctx)
{
	struct crd_str *said = ctx;

	crd_str_fmt(said, "%s%s %s %u", said->len ? "; " : "",
		    crd_lint_severity_name(lint->severity), lint->check,
		    lint->line);
	assert_true(lint->column && lint->text[0]);
	return 0;
}

/* Line 6 is "rules:". */
static const struct {
	const char *rules, *more, *said;
} rows[] = {
	{ R("a", "kind: driver", "refuse"), OTHERWISE, "" },
	/* contradictions */
	{ R("a", "kind: driver, class: network", "refuse"), OTHERWISE,
	  "error contradictory 7" },
	{ R("a", "kind: driver, bus: pci", "refer"), OTHERWISE,
	  "error contradictory 7" },
	{ R("a", "kind: device, signer: none", "admit"), OTHERWISE,
	  "error contradictory 7" },
	{ R("a", "class: network, path: /x", "refuse"), OTHERWISE,
	  "error contradictory 7" },
	{ R("a", "part: acpi, class: { not: network }", "refuse"), OTHERWISE,
	  "error contradictory 7" },
	{ R("a", "kind: { not: [driver, firmware, device, platform] }",
	    "refuse"),
	  OTHERWISE, "error contradictory 7" },
	{ R("a", "kind: { not: device }, class: hub", "refuse"), OTHERWISE,
	  "error contradictory 7" },
	{ R("a", "kind: [driver, device], class: hub", "refuse"), OTHERWISE,
	  "" },
	{ R("a", "kind: [driver, firmware], path: /x", "refuse"), OTHERWISE,
	  "" },
	/* unreachable */
	{ R("a", "kind: driver", "refuse")
		  R("b", "kind: driver, name: x", "refer"),
	  OTHERWISE, "warning unreachable 8" },
	{ R("b", "kind: driver, name: x", "admit")
		  R("a", "kind: driver", "refuse"),
	  OTHERWISE, "warning unreachable 7" },
	{ R("a", "class: [network, hub]", "refuse")
		  R("b", "kind: device, class: hub", "refer"),
	  OTHERWISE, "warning unreachable 8" },
	{ R("a", "name: { not: x }", "refuse")
		  R("b", "kind: driver, name: { not: [x, z] }", "refer"),
	  OTHERWISE, "warning unreachable 8" },
	{ R("a", "name: { like: 'x*' }", "refuse")
		  R("b", "name: { like: 'x*' }, flags: forced", "refer"),
	  OTHERWISE, "warning unreachable 8" },
	/* of equal outcome */
	{ R("a", "kind: driver", "refuse")
		  R("b", "kind: driver, name: x", "refuse"),
	  OTHERWISE, "warning redundant 8" },
	{ R("a", "kind: driver, name: x", "refer")
		  R("b", "name: x, kind: driver", "refer"),
	  OTHERWISE, "warning redundant 8" },
	{ R("a", "name: [x, y]", "refer") R("b", "name: [y, x]", "refer"),
	  OTHERWISE, "warning redundant 8" },
	/* reachable after all */
	{ R("a", "kind: driver, name: x", "refuse")
		  R("b", "kind: driver", "refer"),
	  OTHERWISE, "note overlap 8" },
	{ R("a", "name: { like: 'x*' }", "refuse") R("b", "name: xy", "refer"),
	  OTHERWISE, "" },
	{ R("a", "flags: unsigned", "refuse")
		  R("b", "flags: { not: [forced] }", "refer"),
	  OTHERWISE, "note overlap 8" },
	{ R("a", "flags: unsigned", "refuse") R("b", "flags: forced", "refer"),
	  OTHERWISE, "" },
	{ R("a", "vendor: [intel, unknown]", "refuse")
		  R("b", "vendor: [intel, unknown]", "admit"),
	  OTHERWISE, "note overlap 8" },
	{ R("a", "vendor: intel", "refuse") R("b", "vendor: intel", "admit"),
	  OTHERWISE, "warning unreachable 8" },
	{ R("a", "vendor: unknown", "refuse")
		  R("b", "vendor: \"unknown\"", "refer"),
	  OTHERWISE, "" },
	{ R("a", "name: { not: x }", "refuse") R("b", "path: /x", "refer"),
	  OTHERWISE, "" },
	{ R("a", "kind: driver", "refuse") R("b", "name: x", "refer"),
	  OTHERWISE, "note overlap 8" },
	{ R("a", "path: { not: /x }", "refuse") R("b", "kind: device", "refer"),
	  OTHERWISE, "" },
	{ R("a", "kind: driver", "refuse")
		  R("b", "kind: driver, name: x", "refer"),
	  OTHERWISE "waivers:\n" W("w", "a", "name: x", "until: 2026-12-31"),
	  "" },
	/* overlaps */
	{ R("a", "name: [x, y]", "refuse") R("b", "name: [y, z]", "refer"),
	  OTHERWISE, "note overlap 8" },
	{ R("a", "name: [x, y]", "refuse") R("b", "name: [z]", "refer"),
	  OTHERWISE, "" },
	{ R("a", "name: x, kind: driver", "refuse")
		  R("b", "name: x, kind: device", "refer"),
	  OTHERWISE, "" },
	{ R("a", "name: x", "refuse") R("b", "path: /x", "refer"), OTHERWISE,
	  "" },
	{ R("a", "class: hub", "refuse")
		  R("b", "class: hub, bus: usb", "admit"),
	  OTHERWISE, "warning unreachable 8" },
	/* waivers */
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE "waivers:\n" W("w", "a", "name: x", "until: 2026-12-31"),
	  "" },
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE "waivers:\n" W("w", "a", "name: x", "until: 2026-05-31"),
	  "" },
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE "waivers:\n" W("w", "a", "name: x", "until: 2026-05-30"),
	  "warning expired 10" },
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE "waivers:\n" W("w", "a", "name: x",
				   "from: 2026-06-01, until: 2026-12-31"),
	  "note not-yet 10" },
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE "waivers:\n" W("w", "a", "name: x",
				   "from: 2027-01-01, until: 2027-12-31"),
	  "warning never-in-force 10" },
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE "waivers:\n" W("w", "a", "name: x, kind: device",
				   "until: 2026-12-31"),
	  "error idle-waiver 10" },
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE
	  "waivers:\n" W("w", "a", "path: /x, class: hub", "until: 2026-12-31"),
	  "error contradictory 10" },
	{ R("a", "name: { not: [x, y] }", "refuse"),
	  OTHERWISE "waivers:\n" W("w", "a", "name: x", "until: 2026-12-31"),
	  "error idle-waiver 10" },
	{ R("a", "name: [x, y]", "refuse"),
	  OTHERWISE
	  "waivers:\n" W("w", "a", "name: [z, y]", "until: 2026-12-31"),
	  "" },
	{ R("a", "name: { like: 'x*' }", "refuse"),
	  OTHERWISE "waivers:\n" W("w", "a", "name: y", "until: 2026-12-31"),
	  "" },
	{ R("a", "flags: forced", "refuse"),
	  OTHERWISE "waivers:\n" W("w", "a", "name: y, flags: { not: staging }",
				   "until: 2026-12-31"),
	  "" },
	/* waivers of what is counted */
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE COUNT
	  "waivers:\n" WC("w", "machine: { product: P }, until: 2026-12-31"),
	  "" },
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE COUNT "waivers:\n" WC("w", "until: 2026-12-31"),
	  "note broad-waiver 11" },
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE COUNT
	  "waivers:\n" WC("w", "machine: { product: P }, until: 2026-05-30"),
	  "warning expired 11" },
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE COUNT "waivers:\n" WC(
		  "w",
		  "machine: { product: P }, from: 2027-01-01, until: 2027-12-31"),
	  "warning never-in-force 11" },
	{ R("a", "kind: driver", "refuse")
		  R("b", "kind: driver, name: x", "refer"),
	  OTHERWISE COUNT
	  "waivers:\n" WC("w", "machine: { product: P }, until: 2026-12-31"),
	  "warning unreachable 8" },
	/* signers, and what nobody signs */
	{ R("a", "kind: driver, signer: { not: verified }", "refuse"),
	  OTHERWISE, "note built-in 7" },
	{ R("a", "signer: [none, unverified]", "refer"), OTHERWISE,
	  "note built-in 7" },
	{ R("a", "signer: none, name: { not: x }, path: { not: /x }", "refuse"),
	  OTHERWISE, "note built-in 7" },
	{ R("a", "signer: none, vendor: { not: intel }", "refuse"), OTHERWISE,
	  "note built-in 7" },
	{ R("a", "signer: none, vendor: unknown, flags: built-in", "refuse"),
	  OTHERWISE, "note built-in 7" },
	{ R("a", "signer: { not: verified }, origin: { not: built-in }",
	    "refuse"),
	  OTHERWISE, "" },
	{ R("a", "signer: none, origin: [file, memory]", "refuse"), OTHERWISE,
	  "" },
	{ R("a", "signer: none, origin: [file, built-in]", "refuse"), OTHERWISE,
	  "note built-in 7" },
	{ R("a", "signer: none, flags: { not: built-in }", "refuse"), OTHERWISE,
	  "" },
	{ R("a", "signer: none, flags: out-of-tree", "refuse"), OTHERWISE, "" },
	{ R("a", "signer: none, name: x", "refuse"), OTHERWISE, "" },
	{ R("a", "signer: none, author: Intel", "refuse"), OTHERWISE, "" },
	{ R("a", "signer: none, vendor: { not: [intel, unknown] }", "refuse"),
	  OTHERWISE, "" },
	{ R("a", "signer: unverified", "refuse"), OTHERWISE, "" },
	{ R("a", "signer: { not: none }", "refuse"), OTHERWISE, "" },
	{ R("a", "signer: { not: verified }", "admit"), OTHERWISE, "" },
	{ R("a", "flags: [unsigned, unverified]", "refuse"), OTHERWISE, "" },
	/* languages */
	{ T("a", "{ en: B, fr: B }", "{ en: A, fr: A }"), OTHERWISE, "" },
	{ T("a", "B", "A"), OTHERWISE, "" },
	{ T("a", "{ en: B, fr: B }", "A"), OTHERWISE, "note languages 7" },
	{ T("a", "{ en: B, fr: B }", "{ en: A, fr-CA: A }"), OTHERWISE,
	  "note languages 7" },
	{ T("a", "{ en: B, fr: B, fr-CA: B }", "{ en: A, fr: A }"), OTHERWISE,
	  "" },
	{ T("a", "{ en: B, fr: B }", "{ en: A, pt: A }"), OTHERWISE,
	  "note languages 7; note languages 7" },
	{ T("a", "{ en: B, fr: B }", "{ en: A, fr: A }"),
	  OTHERWISE COUNT
	  "waivers:\n" W("w", "a", "name: x", "until: 2026-12-31"),
	  "note languages 9" },
	{ T("a", "{ en: B, fr: B }", "A") T("b", "B", "A"), OTHERWISE,
	  "warning redundant 8; note languages 7" },
	/* the rest */
	{ R("a", "kind: driver", "refuse"),
	  "otherwise: { known: admit, unknown: admit }\n", "note lax 1" },
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE "digest_lists: [ { id: l, digests: [" SHA256 "] } ]\n",
	  "warning unused 1" },
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE "digest_lists: [ { id: l, digests: [" SHA256
		    "], known: yes } ]\n",
	  "" },
	{ R("a", "digest: { not: l }", "refuse"),
	  OTHERWISE "digest_lists: [ { id: l, digests: [" SHA256 "] } ]\n",
	  "" },
	{ R("a", "kind: driver", "refuse"),
	  OTHERWISE
	  "references: { measurers: [ { build_id: \"0011223344556677\" } ] }\n",
	  "warning unused 1" },
};

static void test_rows(void **state)
{
	char yaml[2048];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct crd_str said = { 0 };
		struct crd_policy *p;

		snprintf(yaml, sizeof(yaml), HEAD "rules:\n%s%s", rows[i].rules,
			 rows[i].more);
		p = good(yaml);
		assert_int_equal(crd_policy_lint(p, DAY, collect, &said), 0);
		if (strcmp(said.ptr ? said.ptr : "", rows[i].said))
			fail_msg("%s\n%s: not %s", yaml,
				 said.ptr ? said.ptr : "", rows[i].said);
		crd_str_done(&said);
		crd_policy_free(&p);
	}
}

static void test_days(void **state)
{
	static const struct {
		const char *day, *said;
	} days[] = {
		{ "2025-12-31", "note not-yet 1" },
		{ "2026-01-01", "" },
		{ "2026-12-31", "" },
		{ "2027-01-01", "warning expired 1" },
	};
	struct crd_policy *p = good(WHEN("kind: driver"));
	size_t i;

	for (i = 0; i < sizeof(days) / sizeof(*days); i++) {
		struct crd_str said = { 0 };
		int32_t day;

		assert_true(crd_date_parse(days[i].day, 10, &day));
		assert_int_equal(crd_policy_lint(p, day, collect, &said), 0);
		assert_string_equal(said.ptr ? said.ptr : "", days[i].said);
		crd_str_done(&said);
	}
	crd_policy_free(&p);
}

static int stop(const struct crd_lint *lint, void *ctx)
{
	++*(int *)ctx;
	return -ECANCELED;
}

static void test_stopped(void **state)
{
	struct crd_policy *p = good(HEAD RULE(
		"kind: driver, bus: pci",
		"refuse") "otherwise: { known: admit, unknown: admit }\n");
	int n = 0;

	assert_int_equal(crd_policy_lint(p, DAY, stop, &n), -ECANCELED);
	assert_int_equal(n, 1);
	crd_policy_free(&p);
}

static int fetch(const char *file, void *ctx, struct crd_buf *ret_bytes)
{
	*ret_bytes = crd_buf_of(ctx);
	return 0;
}

/* What a policy that extends another has to tell. */
static void test_tiers(void **state)
{
	static char base[] = HEAD RULE("kind: driver", "refuse") OTHERWISE
		"waivers: [ { id: w, rule: r, component: { name: a }, until: 2026-12-31, approved_by: P, because: B } ]\n";
	static const char child[] =
		"policy: c\nversion: 1\nauthority: A\nextends: base.yaml\n"
		"loosens:\n"
		"  - { what: requires.bank, because: B }\n"
		"  - { what: requires.freshness, because: B }\n"
		"requires: { freshness: 20m }\n";
	struct crd_policy *p = NULL;
	struct crd_str said = { 0 };

	assert_int_equal(
		crd_policy_load(small_buf(child), fetch, base, &p, NULL), 0);
	assert_int_equal(crd_policy_lint(p, DAY, collect, &said), 0);
	assert_string_equal(said.ptr, "warning not-looser 6; note looser 7; "
				      "note waivers-left 1");
	crd_str_done(&said);
	crd_policy_free(&p);
}

static int collect_text(const struct crd_lint *lint, void *ctx)
{
	crd_str_fmt(ctx, "%s:%u %s\n", lint->file ? lint->file : "", lint->line,
		    lint->text);
	return 0;
}

/* What it extends speaks less languages, or a file of waivers does. */
static void test_languages(void **state)
{
	static char base[] = HEAD RULE("kind: driver", "refuse") OTHERWISE;
	static const char child[] =
		"policy: c\nversion: 1\nauthority: A\nextends: base.yaml\n"
		"rules:\n"
		"  - { id: own, when: { kind: device }, then: refuse, because: { en: B, pt: B, fr: B } }\n";
	static const char waivers[] =
		"waivers_for: c\nversion: 1\nauthority: A\nlanguage: pt\n"
		"waivers:\n" W("w", "own", "name: x", "until: 2026-12-31");
	struct crd_policy *p = NULL;
	struct crd_str said = { 0 };

	assert_int_equal(
		crd_policy_load(small_buf(child), fetch, base, &p, NULL), 0);
	assert_int_equal(crd_policy_add_waivers(p, small_buf(waivers), "w.yaml",
						fetch, base, NULL),
			 0);
	assert_int_equal(crd_policy_lint(p, DAY, collect_text, &said), 0);
	assert_string_equal(
		said.ptr,
		"w.yaml:6 not in en, as other texts are: because of waiver 'w'\n"
		"base.yaml:6 not in pt, as other texts are: because of rule 'r'\n"
		"base.yaml:6 not in fr, as other texts are: because of rule 'r', because of waiver 'w'\n");
	assert_true(crd_policy_speaks(p, "pt"));
	assert_true(crd_policy_speaks(p, "pt-BR"));
	assert_true(crd_policy_speaks(p, "en"));
	assert_false(crd_policy_speaks(p, "de"));
	assert_false(crd_policy_speaks(p, "p"));
	assert_false(crd_policy_speaks(p, "ptx"));
	crd_str_done(&said);
	crd_policy_free(&p);
}

/* Conditions of which each two, and two of two, are held against each other. */
static const char *const conds[] = {
	"kind: driver",
	"kind: [driver, firmware]",
	"kind: { not: device }",
	"flags: unsigned",
	"flags: [unsigned, forced]",
	"flags: { not: unsigned }",
	"signer: [none, verified]",
	"signer: { not: none }",
	"origin: file",
	"origin: { not: [file, memory] }",
	"name: a",
	"name: [a, b, unknown]",
	"name: { not: a }",
	"name: { not: [a, unknown] }",
	"name: { like: 'a*' }",
	"class: network",
	"class: { not: [network, hub] }",
	"vendor: intel",
	"vendor: [intel, unknown]",
	"vendor: { not: intel }",
	"vendor: { not: [intel, unknown] }",
	"jurisdiction: [US, unknown]",
	"jurisdiction: { not: CN }",
	"listed: list-a",
	"listed: { not: [list-a, unknown] }",
	"grade: [measured, text]",
	"grade: { not: [measured, unknown] }",
	"version: [\"1.0\", \"2.0\"]",
	"version: { at-least: \"1.5\" }",
	"version: { not: { below: \"1.5\" } }",
	"site: [x, unknown]",
	"author: Intel",
	"author: { not: [Intel, Nobody] }",
};
#define N_CONDS	     (sizeof(conds) / sizeof(*conds))
#define N_COMPONENTS 96

static struct crd_component components[N_COMPONENTS];

static void make_components(const struct crd_registry *reg)
{
	static const char *const names[] = { "a", "b", "ab", NULL };
	static const char *const authors[] = { "Intel", "Nobody",
					       "Huawei Technologies CO., Ltd",
					       "Newbridge", NULL };
	size_t i;

	for (i = 0; i < N_COMPONENTS; i++) {
		struct crd_component *c = &components[i];

		memset(c, 0, sizeof(*c));
		c->kind = i % 3; /* drivers, firmware, devices */
		c->vendor_id = c->device_id = -1;
		if (names[i / 3 % 4])
			c->name = small_buf(names[i / 3 % 4]);
		c->flags = i % 5 == 1 ? CRD_FLAG_UNSIGNED :
			   i % 5 == 2 ? CRD_FLAG_FORCED | CRD_FLAG_UNSIGNED :
			   i % 5 == 3 ? CRD_FLAG_FORCED :
					0;
		c->sig_status = i % 7 % 3;
		c->origin = i % 4;
		if (i % 4)
			c->version = small_buf(i % 4 == 1 ? "1.0" :
					       i % 4 == 2 ? "2.0" :
							    "beta");
		c->has_class = i % 2;
		c->class_code = i % 11 < 5 ? 0x020000 : 0x030000;
		if (c->kind == CRD_KIND_DEVICE) {
			c->bus = small_buf("pci");
			c->vendor_id = i % 8 < 4 ? 0x8086 : 0x19e5;
		} else if (authors[i % 5]) {
			c->authors[c->n_authors++] = small_buf(authors[i % 5]);
			if (i % 13 < 6)
				c->authors[c->n_authors++] =
					small_buf(authors[i % 4]);
		}
		crd_component_find_vendors(c, reg);
	}
}

/* One rule of one or two conditions. */
static struct crd_policy *policy_of(size_t n, bool benefit)
{
	char yaml[1024];
	size_t a = n % N_CONDS, b = n / N_CONDS;
	size_t key_a = strcspn(conds[a], ":"), key_b = strcspn(conds[b], ":");

	if (a != b && key_a == key_b && !strncmp(conds[a], conds[b], key_a))
		return NULL; /* a key twice */
	snprintf(yaml, sizeof(yaml), HEAD RULE("%s%s%s", "%s") OTHERWISE,
		 conds[a], a == b ? "" : ", ", a == b ? "" : conds[b],
		 benefit ? "admit" : "refuse");
	return good(yaml);
}

struct meets {
	struct crd_policy *policy;
	struct crd_asks asks;
	bool holds[N_COMPONENTS];
};

static void fill(struct meets *m, const struct crd_registry *reg, bool benefit)
{
	struct crd_matcher matcher;
	size_t i;

	m->asks = crd_asks_of(m->policy, 0, m->policy->rules[0].node, "when",
			      benefit);
	assert_int_equal(crd_matcher_init(&matcher, m->policy, reg, 20800), 0);
	for (i = 0; i < N_COMPONENTS; i++) {
		assert_int_equal(crd_matcher_set(&matcher, &components[i]), 0);
		m->holds[i] = crd_matcher_holds(
			&matcher, m->policy->rules[0].when, benefit);
	}
	crd_matcher_done(&matcher);
}

/* A claim that one component proves wrong is a wrong claim. */
static void hold_against(const struct meets *a, const struct meets *b,
			 size_t n[2])
{
	bool covers = crd_asks_cover(&b->asks, &a->asks);
	bool excludes = crd_asks_exclude(&a->asks, &b->asks);
	size_t i;

	n[0] += covers;
	n[1] += excludes;
	for (i = 0; i < N_COMPONENTS; i++) {
		if ((covers && a->holds[i] && !b->holds[i]) ||
		    (excludes && a->holds[i] && b->holds[i]) ||
		    (!a->asks.kinds && a->holds[i]))
			fail_msg("component %zu, covers %d:\n%s\n%s", i, covers,
				 a->policy->files[0].yaml.text,
				 b->policy->files[0].yaml.text);
	}
}

static void test_sound(void **state)
{
	static struct meets all[2][N_CONDS * N_CONDS];
	struct crd_registry *reg = small_registry();
	size_t i, j, n[2] = { 0, 0 };
	int benefit;

	make_components(reg);
	for (benefit = 0; benefit < 2; benefit++) {
		for (i = 0; i < N_CONDS * N_CONDS; i++) {
			all[benefit][i].policy = policy_of(i, benefit);
			if (all[benefit][i].policy)
				fill(&all[benefit][i], reg, benefit);
		}
	}
	for (i = 0; i < N_CONDS * N_CONDS; i++) {
		for (j = 0; all[0][i].policy && j < N_CONDS * N_CONDS; j++) {
			if (!all[0][j].policy)
				continue;
			hold_against(&all[0][i], &all[0][j], n);
			hold_against(&all[1][i], &all[0][j], n);
			hold_against(&all[1][i], &all[1][j], n);
			hold_against(&all[0][i], &all[1][j], n);
		}
	}
	/* neither is it silent */
	assert_true(n[0] > 5000 && n[1] > 5000);
	for (i = 0; i < N_CONDS * N_CONDS; i++) {
		crd_policy_free(&all[0][i].policy);
		crd_policy_free(&all[1][i].policy);
	}
	crd_registry_free(&reg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_tiers),
		cmocka_unit_test(test_sound),
		cmocka_unit_test(test_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
