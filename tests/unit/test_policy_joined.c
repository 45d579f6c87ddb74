// SPDX-License-Identifier: Apache-2.0
/*
 * policy_joined - a device judged by its driver and its firmware, a driver by
 * its devices; and that in doubt it counts against.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "attest/judge.h"
#include "attest/policy_joined.h"
#include "build_evidence.h"
#include "filled.h"
#include "policy_text.h"

static struct be be;
static struct crd_registry *reg;
static struct crd_inventory inv;

static const struct be_device card = {
	.bus = "pci",
	.name = "0000:00:03.0",
	.port = "0000:00/03.0",
	.vendor = 0x8086,
	.product = 0x10d3,
	.class_code = 0x020000,
};
static const struct be_device disk = {
	.bus = "pci",
	.name = "0000:00:04.0",
	.port = "0000:00/04.0",
	.vendor = 0x19e5,
	.product = 0x1822,
	.class_code = 0x010802,
};
static const struct be_device stick = {
	.bus = "usb",
	.name = "1-1",
	.port = "0000:00/05.0/usb/1",
	.vendor = 0x0cf3,
	.product = 0x9170,
	.class_code = 0xff0000,
};
static const struct be_device radio = {
	.bus = "usb",
	.name = "1-1:1.0",
	.port = "0000:00/05.0/usb/1:1.0",
	.parent = "usb/1-1",
	.vendor = 0x0cf3,
	.product = 0x9170,
	.class_code = 0xe00101,
	.interface = true,
};

static int setup(void **state)
{
	be_start(&be);
	reg = small_registry();
	memset(&inv, 0, sizeof(inv));
	return 0;
}

static int teardown(void **state)
{
	crd_inventory_done(&inv);
	crd_registry_free(&reg);
	be_done(&be);
	return 0;
}

static void read_log(uint64_t covered)
{
	struct crd_error err = { .text = "" };

	crd_inventory_done(&inv);
	if (crd_inventory_from_log(soft_log_buf(&be.log), covered, &inv, &err))
		fail_msg("%s", err.text);
}

static struct be_device with(struct be_device d, const char *driver,
			     const char *module)
{
	d.driver = driver;
	d.module = module;
	return d;
}

static struct be_driver unsigned_driver(const char *name)
{
	struct be_driver d = BE_GOOD(name);

	d.sig_status = CRD_SIG_NONE;
	d.digest = 9;
	return d;
}

static void bind(struct be_device d, const char *driver, const char *module)
{
	be_device(&be, CRD_EV_BIND, with(d, driver, module));
}

static bool find(uint64_t recnum, struct crd_component *c)
{
	struct crd_inventory_iter it = { .inventory = &inv, .registry = reg };

	while (crd_inventory_next(&it, c)) {
		if (c->recnum == recnum)
			return true;
	}
	return false;
}

/* Does it hold for the component of that record? */
struct joined {
	uint64_t recnum;
	const char *when;
	bool refuse, admit;
};

static bool holds(uint64_t recnum, const char *when, const char *then,
		  bool benefit)
{
	const struct crd_parts parts = { .inventory = &inv, .registry = reg };
	struct crd_matcher m;
	struct crd_component c;
	struct crd_policy *p;
	char yaml[2048];
	bool ret;

	snprintf(yaml, sizeof(yaml),
		 HEAD "digest_lists: [ { id: ok, digests: [ " SHA256
		      " ] } ]\n" RULE("%s", "%s") OTHERWISE,
		 when, then);
	p = good(yaml);
	assert_int_equal(crd_matcher_init(&m, p, reg, 20800), 0);
	assert_int_equal(crd_joined_load(&m, &parts), 0);
	assert_true(find(recnum, &c));
	assert_int_equal(crd_matcher_set(&m, &c), 0);
	ret = crd_matcher_holds(&m, p->rules[0].when, benefit);
	crd_matcher_done(&m);
	crd_policy_free(&p);
	return ret;
}

static void check(const struct joined *rows, size_t n)
{
	bool refuse, admit;
	size_t i;

	for (i = 0; i < n; i++) {
		/* `none` can only be asked where it does good */
		bool none = strstr(rows[i].when, "none") &&
			    !strstr(rows[i].when, "signer");

		admit = holds(rows[i].recnum, rows[i].when, "admit", true);
		refuse = none ? rows[i].refuse :
				holds(rows[i].recnum, rows[i].when, "refuse",
				      false);
		if (refuse != rows[i].refuse || admit != rows[i].admit)
			fail_msg("record %u, %s: refuse %d admit %d",
				 (unsigned int)rows[i].recnum, rows[i].when,
				 refuse, admit);
	}
}

#define CHECK(...)                                                   \
	do {                                                         \
		static const struct joined rows[] = { __VA_ARGS__ }; \
		check(rows, sizeof(rows) / sizeof(rows[0]));         \
	} while (0)

static void test_driver_of_device(void **state)
{
	be_load(&be, (struct be_driver)BE_GOOD("e1000e")); /* 1 */
	be_load(&be, unsigned_driver("hinic"));		   /* 2 */
	be_device(&be, CRD_EV_DEVICE, card);		   /* 3 */
	bind(card, "e1000e", "e1000e");			   /* 4 */
	be_device(&be, CRD_EV_DEVICE, disk);		   /* 5 */
	bind(disk, "hinic", "hinic");			   /* 6 */
	read_log(UINT64_MAX);
	CHECK({ 3, "driver: { signer: verified }", true, true },
	      { 3, "driver: { signer: { not: verified } }", false, false },
	      { 3, "driver: { flags: unsigned }", false, false },
	      { 3, "driver: { name: e1000e, license: GPL }", true, true },
	      { 3, "driver: { name: e1000e, license: MIT }", false, false },
	      { 3, "driver: none", false, false },
	      { 5, "driver: { flags: unsigned }", true, true },
	      { 5, "class: storage, driver: { signer: { not: verified } }",
		true, true },
	      { 5, "class: network, driver: { flags: unsigned }", false,
		false },
	      { 5, "driver: { digest: { not: ok } }", true, true },
	      /* and the other way round */
	      { 1, "device: { class: network }", true, true },
	      { 1, "device: { class: storage }", false, false },
	      { 2, "device: { id: \"19e5:1822\" }", true, true },
	      { 2, "device: { vendor: huawei }", true, true },
	      { 2, "device: { listed: list-a }", true, true },
	      { 1, "device: { listed: list-a }", false, false },
	      /* a driver has no driver, a device no device */
	      { 1, "driver: { name: e1000e }", false, false },
	      { 3, "device: { class: network }", false, false }, );
}

/* Nothing is joined: no answer, and no doubt. */
static void test_nothing(void **state)
{
	be_load(&be, (struct be_driver)BE_GOOD("e1000e")); /* 1 */
	be_device(&be, CRD_EV_DEVICE, card);		   /* 2 */
	be_firmware(&be, "lonely.fw", NULL);		   /* 3 */
	read_log(UINT64_MAX);
	CHECK({ 2, "driver: { signer: { not: verified } }", false, false },
	      { 2, "driver: { name: { like: \"*\" } }", false, false },
	      { 2, "driver: none", true, true },
	      { 2, "firmware: { digest: { not: ok } }", false, false },
	      { 2, "firmware: none", true, true },
	      { 1, "device: none, firmware: none", true, true },
	      { 3, "driver: none, device: none", true, true },
	      { 3, "device: { class: { not: network } }", false, false }, );
}

/* A driver that is named and of which there is no record. */
static void test_unseen_driver(void **state)
{
	be_device(&be, CRD_EV_DEVICE, card); /* 1 */
	bind(card, "e1000e", "e1000e");	     /* 2 */
	be_device(&be, CRD_EV_DEVICE, disk); /* 3 */
	bind(disk, "nvme", NULL);	     /* 4: part of the kernel */
	read_log(UINT64_MAX);
	CHECK({ 1, "driver: { flags: unmeasured }", true, true },
	      { 1, "driver: { signer: verified }", false, false },
	      { 1, "driver: { signer: { not: verified } }", true, true },
	      { 1, "driver: { name: e1000e }", true, true },
	      { 1, "driver: { version: { not: { at-least: \"1\" } } }", true,
		false },
	      { 1, "driver: { digest: { not: ok } }", true, false },
	      { 3, "driver: { origin: built-in }", true, true },
	      { 3, "driver: { flags: unmeasured }", false, false },
	      { 3, "driver: { name: nvme }", true, true },
	      { 3,
		"driver: { signer: { not: verified }, origin: { not: built-in } }",
		false, false }, );
}

/* Whichever of several it was: one is enough against it, all are for it. */
static void test_several(void **state)
{
	be_load(&be, (struct be_driver)BE_GOOD("e1000e")); /* 1 */
	be_device(&be, CRD_EV_DEVICE, card);		   /* 2 */
	bind(card, "e1000e", "e1000e");			   /* 3 */
	be_load(&be, unsigned_driver("e1000e"));	   /* 4 */
	be_image(&be, "a.fw", card);			   /* 5 */
	be_firmware(&be, "b.fw", SHA256);		   /* 6 */
	read_log(UINT64_MAX);
	CHECK({ 2, "driver: { signer: verified }", true, false },
	      { 2, "driver: { flags: unsigned }", true, false },
	      { 2, "driver: { name: e1000e }", true, true },
	      { 2, "firmware: { name: a.fw }", true, true },
	      { 2, "firmware: { digest: { not: ok } }", true, true },
	      { 2, "firmware: { digest: ok }", false, false }, );
	be_device(&be, CRD_EV_UNBIND, with(card, "e1000e", "e1000e"));
	be_load(&be, (struct be_driver)BE_GOOD("other"));
	bind(card, "other", "other");
	be_image(&be, "z.fw", card);
	read_log(UINT64_MAX);
	/* once driven by it counts, whatever came after */
	CHECK({ 2, "driver: { flags: unsigned }", true, false },
	      { 2, "driver: { name: other }", true, false },
	      { 2, "firmware: { name: a.fw }", true, false },
	      { 2, "firmware: { path: unknown }", true, true }, );
}

/* What the quote does not cover counts against, and never for. */
static void test_not_covered(void **state)
{
	be_device(&be, CRD_EV_DEVICE, card);		   /* 1 */
	be_load(&be, (struct be_driver)BE_GOOD("e1000e")); /* 2 */
	bind(card, "e1000e", "e1000e");			   /* 3 */
	read_log(UINT64_MAX);
	CHECK({ 1, "driver: { signer: verified }", true, true }, );
	read_log(be.n - 1); /* the anchor is a record too */
	CHECK({ 1, "driver: { signer: verified }", true, false },
	      { 1, "driver: none", false, false }, );
	/* and a record to come does not make up for one that lacks */
	read_log(be.n - 2);
	CHECK({ 1, "driver: { signer: { not: verified } }", true, false },
	      { 1, "driver: { flags: unmeasured }", true, false }, );
}

/* A load that failed is no driver to rely on, but it may have been one. */
static void test_failed(void **state)
{
	be_device(&be, CRD_EV_DEVICE, card);	 /* 1 */
	be_load(&be, unsigned_driver("e1000e")); /* 2 */
	bind(card, "e1000e", "e1000e");		 /* 3 */
	be_result(&be, 2, EINVAL, NULL);	 /* 4 */
	read_log(UINT64_MAX);
	CHECK({ 1, "driver: { flags: unsigned }", true, false },
	      { 1, "driver: { flags: unmeasured }", true, false }, );
}

/* A USB device and its interfaces are one: whose firmware it is, and what for. */
static void test_interfaces(void **state)
{
	be_load(&be, (struct be_driver)BE_GOOD("carl9170")); /* 1 */
	be_device(&be, CRD_EV_DEVICE, stick);		     /* 2 */
	be_device(&be, CRD_EV_DEVICE, radio);		     /* 3 */
	bind(radio, "carl9170", "carl9170");		     /* 4 */
	be_image(&be, "carl9170-1.fw",
		 with(stick, "carl9170", "carl9170")); /* 5 */
	read_log(UINT64_MAX);
	CHECK({ 3, "class: wireless, firmware: { digest: { not: ok } }", true,
		true },
	      { 2, "firmware: { name: carl9170-1.fw }", true, true },
	      { 5, "device: { class: wireless }", true, false },
	      { 5, "device: { bus: usb }", true, true },
	      { 5, "driver: { name: carl9170 }", true, true },
	      { 1, "firmware: { name: { like: \"carl*\" } }", true, true },
	      { 3, "driver: { name: carl9170 }", true, true },
	      { 2, "driver: { name: carl9170 }", false, false }, );
}

/* A device that came twice under one name: each has its own firmware. */
static void test_came_back(void **state)
{
	be_device(&be, CRD_EV_DEVICE, card);	  /* 1 */
	be_image(&be, "a.fw", card);		  /* 2 */
	be_device(&be, CRD_EV_DEVICE_GONE, card); /* 3 */
	be_device(&be, CRD_EV_DEVICE, card);	  /* 4 */
	be_image(&be, "b.fw", card);		  /* 5 */
	read_log(UINT64_MAX);
	CHECK({ 1, "firmware: { name: a.fw }", true, true },
	      { 4, "firmware: { name: a.fw }", false, false },
	      { 4, "firmware: { name: b.fw }", true, true },
	      /* it is gone: nothing good comes of it */
	      { 2, "device: { class: network }", true, false },
	      { 5, "device: { class: network }", true, true }, );
}

/* What was bound already as the measurer came. */
static void test_snapshot(void **state)
{
	const struct be_driver old = BE_GOOD("e1000e");
	const struct be_device there[] = { with(card, "e1000e", "e1000e"),
					   disk };

	be_snapshot(&be, &old, 1);
	be_devices(&be, there, 2);
	read_log(UINT64_MAX);
	CHECK({ 2, "driver: { signer: verified, name: e1000e }", true, true },
	      { 1, "device: { class: network }", true, true },
	      { 1, "device: { class: storage }", false, false }, );
}

/* What people are told: which one it was. */
static void test_witness(void **state)
{
	struct crd_policy *p =
		good(WHEN("driver: { flags: unsigned }, kind: device"));
	const struct crd_parts parts = { .inventory = &inv, .registry = reg };
	struct crd_str why = { 0 }, seen = { 0 };
	const struct crd_cond *cond;
	struct crd_component c;
	struct crd_matcher m;

	be_load(&be, (struct be_driver)BE_GOOD("e1000e")); /* 1 */
	be_device(&be, CRD_EV_DEVICE, card);		   /* 2 */
	bind(card, "e1000e", "e1000e");			   /* 3 */
	be_load(&be, unsigned_driver("e1000e"));	   /* 4 */
	be_device(&be, CRD_EV_DEVICE, disk);		   /* 5 */
	bind(disk, "nvme", "nvme");			   /* 6 */
	read_log(UINT64_MAX);
	assert_int_equal(crd_matcher_init(&m, p, reg, 20800), 0);
	assert_int_equal(crd_joined_load(&m, &parts), 0);
	assert_true(find(2, &c));
	assert_int_equal(crd_matcher_set(&m, &c), 0);
	cond = &p->conds[p->rules[0].when.first + 1];
	assert_int_equal(cond->key, CRD_COND_DRIVER);
	assert_int_equal(crd_fact_of(&m, cond).recnum, 4);
	crd_say_why(&why, &m, p->rules[0].when);
	assert_string_equal(
		why.ptr,
		"is driven by the driver e1000e, which carries no signature");
	crd_fact_say(&seen, &m, cond);
	assert_string_equal(seen.ptr,
			    "driver e1000e of measurer log, record 4");
	crd_str_done(&why);
	crd_str_done(&seen);
	assert_true(find(5, &c));
	assert_int_equal(crd_matcher_set(&m, &c), 0);
	crd_say_why(&why, &m, p->rules[0].when);
	assert_string_equal(
		why.ptr, "is driven by a driver of which there is no record");
	crd_fact_say(&seen, &m, cond);
	assert_string_equal(
		seen.ptr,
		"driver without a record of its own, named in measurer log, record 6");
	crd_str_done(&why);
	crd_str_done(&seen);
	crd_cond_say(&seen, p, cond);
	assert_string_equal(seen.ptr, "driver with flags unsigned");
	crd_str_done(&seen);
	crd_matcher_done(&m);
	crd_policy_free(&p);
}

/*
 * However many are joined to however many, it is one walk over them: with
 * pairs this would be 40,000 times as much.
 */
static void test_many(void **state)
{
	struct be_device d = card;
	char name[16];
	int i;

	for (i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "0000:%02x:00.0", i);
		d.name = name;
		be_device(&be, CRD_EV_DEVICE, with(d, "x", "x"));
		be_load(&be, (struct be_driver)BE_GOOD("x"));
	}
	be_load(&be, unsigned_driver("x"));
	read_log(UINT64_MAX);
	CHECK({ 1, "driver: { flags: unsigned }", true, false },
	      { 399, "driver: { flags: unsigned }", true, false },
	      { 2, "device: { name: \"0000:c7:00.0\" }", true, false },
	      { 401, "device: { class: network }", true, true }, );
}

/* J06: what only fills a field is not said to those who ask through a join. */
static void test_filled(void **state)
{
	static const char *const filled[] = { FILLED };
	struct be_device d = disk;
	size_t i;

	for (i = 0; i < sizeof(filled) / sizeof(filled[0]); i++) {
		be_done(&be); /* that of the setup, or of the text before */
		be_start(&be);
		be_load(&be, (struct be_driver)BE_GOOD("nvme")); /* 1 */
		d.serial = filled[i];
		be_device(&be, CRD_EV_DEVICE, d); /* 2 */
		bind(d, "nvme", "nvme");
		be_image(&be, "fw.bin", d); /* 4 */
		read_log(UINT64_MAX);
		CHECK({ 1, "device: { serial: unknown }", true, true },
		      { 1, "device: { serial: { not: unknown } }", false,
			false },
		      { 1, "device: { serial: { not: S1 } }", true, false },
		      { 1, "device: { class: storage, serial: { not: S1 } }",
			true, false },
		      { 1,
			"device: { serial: [\"00000000\", \"FFFFFFFF\", Not Specified, To be filled by O.E.M.] }",
			false, false },
		      { 4, "device: { serial: unknown }", true, true },
		      { 4, "device: { serial: { not: S1 } }", true, false },
		      { 4, "device: { serial: { like: \"*\" } }", false,
			false }, );
	}
	d.serial = "S2";
	be_device(&be, CRD_EV_DEVICE, with(d, "nvme", "nvme")); /* 5 */
	read_log(UINT64_MAX);
	/* of two devices one says it */
	CHECK({ 1, "device: { serial: S2 }", true, false },
	      { 1, "device: { serial: unknown }", true, false }, );
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(test_driver_of_device),
		SCENE(test_nothing),
		SCENE(test_unseen_driver),
		SCENE(test_several),
		SCENE(test_not_covered),
		SCENE(test_failed),
		SCENE(test_interfaces),
		SCENE(test_came_back),
		SCENE(test_snapshot),
		SCENE(test_witness),
		SCENE(test_many),
		SCENE(test_filled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
