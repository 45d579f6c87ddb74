/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_scene - machines from harmless to bad under one policy, their reports,
 * and the files in golden/ that they are compared with.
 */
#ifndef REPORT_SCENE_H
#define REPORT_SCENE_H

#include "attest/appraise_private.h"
#include "build_evidence.h"
#include "small_registry.h"

#define HEAD                                                             \
	"policy: test\nversion: 3\nauthority: A\n"                       \
	"valid: { from: 2026-01-01, until: 2026-12-31 }\n"               \
	"requires: { identity: pinned, freshness: 1m, secure_boot: on, " \
	"lockdown: integrity, measurer: any }\n"
#define DIGESTS \
	"digest_lists: [ { id: ok, known: yes, digests: [ " OK " ] } ]\n"
#define OK "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define CHANGED \
	"ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHERWISE "otherwise: { known: admit, unknown: refer }\n"

/* One line a rule, so that a test can shuffle them. */
static const char *const rules[] = {
	"  - { id: listed, when: { listed: [list-a, list-b] }, then: refuse, because: The supplier is on a list. }\n",
	"  - { id: unsigned, when: { kind: driver, flags: [unsigned, unverified] }, then: refuse, because: Nobody vouches for it., advice: Ask for a signed one. }\n",
	"  - { id: closed, when: { flags: proprietary }, then: refer, because: Closed drivers are looked at. }\n",
	"  - { id: firmware, when: { kind: firmware, digest: { not: ok } }, then: refuse, because: Only what is known. }\n",
	"  - { id: elsewhere, when: { jurisdiction: { not: [US, unknown] } }, then: refer, because: Ask first. }\n",
	"  - { id: built-in, when: { origin: built-in }, then: admit, because: Part of the kernel. }\n",
};
enum { N_RULES = sizeof(rules) / sizeof(rules[0]) };

static const char waiver[] =
	"waivers: [ { id: W-1, rule: listed, component: { kind: driver, name: hinic }, until: 2026-09-21, approved_by: The Director, because: Replaced soon. } ]\n";

static inline char *yaml_of(const int *order, const char *more)
{
	struct crd_str str = { 0 };
	int i;

	crd_str_puts(&str, HEAD DIGESTS "rules:\n");
	for (i = 0; i < N_RULES; i++)
		crd_str_puts(&str, rules[order ? order[i] : i]);
	crd_str_puts(&str, OTHERWISE);
	crd_str_puts(&str, more);
	return crd_str_take(&str);
}

static inline struct crd_policy *policy_of(const int *order, const char *more)
{
	char *yaml = yaml_of(order, more);
	struct crd_policy *policy = NULL;
	struct crd_error err = { .text = "" };

	if (crd_policy_load(small_buf(yaml), NULL, NULL, &policy, &err))
		fail_msg("%u:%u %s", err.line, err.column, err.text);
	free(yaml);
	return policy;
}

static inline void add_named(struct be *b, const char *name, const char *author)
{
	struct be_driver d = BE_GOOD(name);

	d.authors[0] = author;
	be_load(b, d);
}

/* What may be in a machine, from harmless to bad. */
static inline void add_component(struct be *b, unsigned int which)
{
	struct be_driver d = BE_GOOD("d");

	switch (which % 10) {
	case 0:
		add_named(b, "e1000e", "Intel");
		break;
	case 1:
		be_firmware(b, "carl9170-1.fw", OK);
		break;
	case 2:
		d.license = "Closed";
		be_load(b, d);
		break;
	case 3:
		add_named(b, "nb", "Newbridge");
		break;
	case 4:
		d.sig_status = CRD_SIG_NONE;
		d.name = "evil\\x1b[31m\xe2\x80\xaex";
		be_load(b, d);
		break;
	case 5:
		be_firmware(b, "carl9170-1.fw", CHANGED);
		break;
	case 6:
		add_named(b, "hinic", "Huawei Technologies CO., Ltd");
		break;
	case 7:
		be_result(b, b->n - 1, ENODEV, NULL);
		break;
	case 8:
		d.origin = CRD_ORIGIN_BUILT_IN;
		d.digest = 0;
		be_snapshot(b, &d, 1);
		break;
	default:
		be_event(b, CRD_EV_HOOK_LOST, "ftrace \\x0a off");
		break;
	}
}

static inline struct crd_report *appraise(struct be *b,
					  const struct crd_policy *p,
					  const struct crd_registry *reg)
{
	struct crd_appraisal in = be_appraisal(b, p, reg);
	struct crd_report *r = NULL;

	assert_int_equal(crd_appraise(&in, &r), 0);
	return r;
}

/* Keys and signatures are new each time: put something fixed in their place. */
static inline void fix(struct crd_report *r)
{
	size_t i;

	memset(r->evidence_digest.bytes, 0xee, r->evidence_digest.len);
	strcpy(r->ak_name, "000b");
	for (i = 0; i < r->n_findings; i++) {
		if (strcmp(r->findings[i].check, "ak-pinned"))
			continue;
		free(r->findings[i].observed);
		r->findings[i].observed = strdup("000b");
	}
}

static inline char *slurp(const char *name)
{
	char path[128];
	char *text = calloc(1, 1 << 20);
	FILE *f;

	snprintf(path, sizeof(path), "tests/unit/golden/%s", name);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_in_range(fread(text, 1, (1 << 20) - 1, f), 1, 1 << 20);
	fclose(f);
	return text;
}

static inline void compare(const char *name, const char *text)
{
	char *want;

	if (getenv("CRD_UPDATE_GOLDEN")) {
		char path[128];
		FILE *f;

		snprintf(path, sizeof(path), "tests/unit/golden/%s", name);
		f = fopen(path, "wb");
		assert_non_null(f);
		fputs(text, f);
		fclose(f);
	}
	want = slurp(name);
	if (strcmp(want, text))
		fail_msg("%s is not:\n%s", name, text);
	free(want);
}

struct golden {
	const char *name;
	const unsigned int components[12];
	unsigned int n;
	int uncovered;
	bool waived;
	enum crd_verdict verdict;
	void (*more)(struct be *b);
};

/* What a snapshot shows of a small machine, and what it cannot show. */
static inline void add_machine(struct be *b)
{
	static const char *const seen[] = { "modules: each load",
					    "pci: each device", "usb: likewise",
					    NULL };
	static const char *const blind[] = {
		"dma: code that a device writes into memory",
		"option-rom: what is in the expansion \\x0a ROMs", NULL
	};
	const struct be_device devices[] = {
		{ .bus = "pci",
		  .name = "0000:00:00.0",
		  .vendor = 0x8086,
		  .product = 0x29c0,
		  .class_code = 0x060000 },
		{ .bus = "pci",
		  .name = "0000:00:02.0",
		  .driver = "e1000e",
		  .module = "e1000e",
		  .port = "0000:00/02.0",
		  .vendor = 0x8086,
		  .product = 0x10d3,
		  .subvendor = 0x8086,
		  .class_code = 0x020000 },
		{ .bus = "pci",
		  .name = "0000:00:03.0",
		  .driver = "ahci",
		  .port = "0000:00/03.0",
		  .vendor = 0x8086,
		  .product = 0x2922,
		  .class_code = 0x010601 },
	};

	be_devices(b, devices, 3);
	be_coverage(b, seen, blind);
	add_named(b, "e1000e", "Intel");
	be_image(b, "carl9170-1.fw", devices[1]);
}

/* A stick that comes back as a keyboard, and a card of a listed supplier. */
static inline void add_trouble(struct be *b)
{
	struct be_device stick = { .bus = "usb",
				   .name = "1-1",
				   .port = "0000:00/04.0/usb/1",
				   .vendor = 0x0951,
				   .product = 0x1666,
				   .serial = "60A4\\x1b[31m" };
	struct be_device part = { .bus = "usb",
				  .name = "1-1:1.0",
				  .parent = "usb/1-1",
				  .port = "0000:00/04.0/usb/1:1.0",
				  .vendor = 0x0951,
				  .product = 0x1666,
				  .class_code = 0x080650 };

	add_machine(b);
	be_device(b, CRD_EV_DEVICE, stick);
	be_device(b, CRD_EV_DEVICE, part);
	part.driver = part.module = "usb_storage";
	be_device(b, CRD_EV_BIND, part);
	be_device(b, CRD_EV_UNBIND, part);
	be_device(b, CRD_EV_DEVICE_GONE, part);
	be_device(b, CRD_EV_DEVICE_GONE, stick);
	stick.product = part.product = 0x1667;
	part.driver = part.module = NULL;
	part.class_code = 0x030101;
	be_device(b, CRD_EV_DEVICE, stick);
	be_device(b, CRD_EV_DEVICE, part);
	be_device(b, CRD_EV_DEVICE,
		  (struct be_device){ .bus = "pci",
				      .name = "0000:01:00.0",
				      .vendor = 0x19e5,
				      .product = 0x1822,
				      .class_code = 0x020000 });
	be_power(b, CRD_POWER_SUSPEND, UINT32_MAX);
	be_power(b, CRD_POWER_RESUME, 2);
	be_activity(b, CRD_ACTIVITY_BPF);
	be_activity(b, CRD_ACTIVITY_KEXEC_IMAGE);
}

static const struct golden goldens[] = {
	{ "admit", { 0, 1, 8 }, 3, 0, false, CRD_ADMIT, NULL },
	{ "refer", { 0, 2, 1, 0 }, 4, 1, false, CRD_REFER, NULL },
	{ "refuse", { 0, 4, 5, 6, 7, 3, 4, 4 }, 8, 1, false, CRD_REFUSE, NULL },
	{ "gap", { 0, 9 }, 2, 1, false, CRD_REFUSE, NULL },
	{ "waived", { 6, 7 }, 2, 0, true, CRD_REFER, NULL },
	{ "machine", { 0 }, 0, 0, false, CRD_REFUSE, add_machine },
	{ "trouble", { 0 }, 0, 0, false, CRD_REFUSE, add_trouble },
};

/* The report borrows from the policy. */
static inline struct crd_report *golden_report(const struct golden *g,
					       struct be *b,
					       const struct crd_registry *reg,
					       struct crd_policy **ret_policy)
{
	struct crd_policy *p = policy_of(NULL, g->waived ? waiver : "");
	struct crd_report *r;
	unsigned int i;

	be_start(b);
	for (i = 0; i < g->n; i++)
		add_component(b, g->components[i]);
	if (g->more)
		g->more(b);
	be_close(b, b->n - (uint64_t)g->uncovered, true);
	r = appraise(b, p, reg);
	fix(r);
	*ret_policy = p;
	return r;
}

/* Lines of at most 80 columns, but for single words that are longer. */
static inline void check_width(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), i, wide = 0;
		const char *last = text;

		for (i = 0; i < len; i++) {
			wide += ((uint8_t)text[i] & 0xc0) != 0x80;
			if (text[i] == ' ')
				last = text + i;
		}
		if (wide > 80 && last > text + 20)
			fail_msg("wide: %.*s", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

static inline void check_printable(const char *text)
{
	for (; *text; text++)
		assert_true((*text >= 0x20 && *text < 0x7f) || *text == '\n' ||
			    (uint8_t)*text >= 0x80);
	assert_null(strstr(text, "\xe2\x80\xae"));
}

/* What was put, in one piece, to be freed; err: what the third put says. */
struct sink {
	struct crd_str str;
	int err;
	unsigned int puts;
};

static inline int put(const char *text, size_t len, void *ctx)
{
	struct sink *sink = ctx;

	crd_str_add(&sink->str, text, len);
	return ++sink->puts < 3 ? 0 : sink->err;
}

#endif /* REPORT_SCENE_H */
