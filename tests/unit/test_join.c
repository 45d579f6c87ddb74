// SPDX-License-Identifier: Apache-2.0
/* join - who drives what with which firmware, and devices that are not one. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "build_evidence.h"
#include "small_registry.h"

static struct be be;
static struct crd_registry *reg;
static struct crd_inventory inv;

static const struct be_device card = {
	.bus = "pci",
	.name = "0000:00:03.0",
	.port = "0000:00/03.0",
	.vendor = 0x8086,
	.product = 0x10d3,
	.subvendor = 0x19e5,
	.class_code = 0x020000,
};
static const struct be_device stick = {
	.bus = "usb",
	.name = "1-1",
	.port = "0000:00/04.0/usb/1",
	.vendor = 0x951,
	.product = 0x1666,
	.serial = "0001",
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

static void read_log(void)
{
	struct crd_error err = { .text = "" };

	crd_inventory_done(&inv);
	if (crd_inventory_from_log(soft_log_buf(&be.log), UINT64_MAX, &inv,
				   &err))
		fail_msg("%s", err.text);
}

/* The device recorded as number n, with its link. */
static const struct crd_link *device(uint32_t n, struct crd_component *c)
{
	struct crd_inventory_iter it = { .inventory = &inv, .registry = reg };

	while (crd_inventory_next(&it, c)) {
		if (c->kind == CRD_KIND_DEVICE && c->recnum == n)
			return crd_inventory_link(&inv, c->entry);
	}
	fail_msg("no device in record %u", n);
	return NULL;
}

static uint32_t recnum(uint32_t entry)
{
	return entry < inv.n_entries ? inv.entries[entry].recnum : UINT32_MAX;
}

static void says(uint32_t n, const char *want)
{
	struct crd_component c;
	char *text = NULL;

	device(n, &c);
	assert_int_equal(crd_join_say(&inv, reg, NULL, c.entry, &text), 0);
	if (strcmp(text, want))
		fail_msg("says: %s\nwant: %s", text, want);
	free(text);
}

static struct be_device with(struct be_device d, const char *driver,
			     const char *module)
{
	d.driver = driver;
	d.module = module;
	return d;
}

/* Module, device, bind, image, in that order. */
static void test_whole_story(void **state)
{
	const struct crd_link *link;
	struct crd_component c;

	be_load(&be, (struct be_driver)BE_GOOD("e1000e"));	     /* 1 */
	be_device(&be, CRD_EV_DEVICE, card);			     /* 2 */
	be_device(&be, CRD_EV_BIND, with(card, "e1000e", "e1000e")); /* 3 */
	be_image(&be, "a.fw", card);				     /* 4 */
	be_image(&be, "b.fw", card);				     /* 5 */
	read_log();
	link = device(2, &c);
	assert_true(link->bound);
	assert_int_equal(recnum(link->binding), 3);
	assert_int_equal(recnum(link->module), 1);
	assert_int_equal(recnum(link->firmware), 4);
	link = crd_inventory_link(&inv, link->firmware);
	assert_int_equal(recnum(link->next), 5);
	assert_int_equal(recnum(link->parent), 2);
	assert_string_equal(c.entity, "intel");
	assert_int_equal(c.grade, CRD_GRADE_MEASURED);
	assert_int_equal(c.n_vendors, 2);
	says(2, "network card 0000:00:03.0 (Intel Corporation, 8086:10d3), "
		"driven by e1000e (signature verified), runs firmware a.fw, "
		"b.fw");
}

/* A snapshot names the driver itself, and the module may come after it. */
static void test_snapshot(void **state)
{
	struct be_device d[2] = { with(card, "e1000e", "e1000e"), stick };
	struct be_driver module = BE_GOOD("e1000e");
	const struct crd_link *link;
	struct crd_component c;

	d[1].class_code = 0x080650;
	be_devices(&be, d, 2);	      /* 1 */
	be_snapshot(&be, &module, 1); /* 2 */
	read_log();
	link = device(1, &c);
	assert_int_equal(c.item, 0);
	assert_true(link->bound);
	assert_int_equal(link->binding, c.entry);
	assert_int_equal(recnum(link->module), 2);
	assert_int_equal(c.flags, 0);
}

/* The last driver counts, and whether it let go. */
static void test_bind_and_unbind(void **state)
{
	struct be_driver unsigned_one = BE_GOOD("vfio_pci");
	struct crd_component c;

	unsigned_one.sig_status = CRD_SIG_NONE;
	be_load(&be, unsigned_one);				     /* 1 */
	be_device(&be, CRD_EV_BIND, with(card, "early", "early"));   /* 2 */
	be_device(&be, CRD_EV_DEVICE, card);			     /* 3 */
	be_device(&be, CRD_EV_BIND, with(card, "e1000e", "e1000e")); /* 4 */
	be_device(&be, CRD_EV_UNBIND, with(card, "e1000e", "e1000e"));
	be_device(&be, CRD_EV_BIND, with(card, "vfio-pci", "vfio_pci"));
	read_log();
	assert_int_equal(recnum(device(3, &c)->binding), 6);
	says(3, "network card 0000:00:03.0 (Intel Corporation, 8086:10d3), "
		"driven by vfio-pci (not signed)");
	be_device(&be, CRD_EV_UNBIND, with(card, "vfio-pci", "vfio_pci"));
	read_log();
	assert_false(device(3, &c)->bound);
	says(3, "network card 0000:00:03.0 (Intel Corporation, 8086:10d3), "
		"once driven by vfio-pci (not signed)");
}

/* A module that failed is not the one; one loaded later is not either. */
static void test_which_module(void **state)
{
	struct crd_component c;

	be_load(&be, (struct be_driver)BE_GOOD("drv")); /* 1 */
	be_load(&be, (struct be_driver)BE_GOOD("drv")); /* 2 */
	be_result(&be, 2, ENOEXEC, NULL);		/* 3 */
	be_device(&be, CRD_EV_DEVICE, card);		/* 4 */
	be_device(&be, CRD_EV_BIND, with(card, "drv", "drv"));
	be_load(&be, (struct be_driver)BE_GOOD("drv")); /* 6 */
	read_log();
	assert_int_equal(recnum(device(4, &c)->module), 1);
}

/* Firmware for something on no bus that is measured: what it sits on. */
static void test_firmware_by_parent(void **state)
{
	struct be_device phy = { .name = "phy0", .parent = "pci/0000:00:03.0" };
	struct be_device both = stick;
	struct crd_component c;

	both.parent = "pci/0000:00:03.0";
	be_device(&be, CRD_EV_DEVICE, card);  /* 1 */
	be_device(&be, CRD_EV_DEVICE, stick); /* 2 */
	be_image(&be, "phy.fw", phy);	      /* 3 */
	be_image(&be, "stick.fw", both);      /* 4: who asked is closer */
	phy.parent = "no-slash";
	be_image(&be, "lost.fw", phy); /* 5 */
	read_log();
	assert_int_equal(recnum(device(1, &c)->firmware), 3);
	assert_int_equal(recnum(device(2, &c)->firmware), 4);
}

/* What came and went stays, and a second one of the name is another. */
static void test_came_and_went(void **state)
{
	struct crd_component c;

	be_device(&be, CRD_EV_DEVICE, stick);	   /* 1 */
	be_device(&be, CRD_EV_DEVICE_GONE, stick); /* 2 */
	be_device(&be, CRD_EV_DEVICE, stick);	   /* 3 */
	be_device(&be, CRD_EV_DEVICE_GONE, card);  /* 4: never came */
	read_log();
	device(1, &c);
	assert_int_equal(c.flags, CRD_FLAG_GONE);
	device(3, &c);
	assert_int_equal(c.flags, 0);
	says(1, "device 1-1 (vendor unknown, 0951:1666), without a driver; it "
		"has left again");
}

struct port_row {
	const char *what;
	struct be_device then;
	uint32_t flags;
};

static void test_one_port(void **state)
{
	struct port_row rows[] = {
		{ "the same", stick, 0 },
		{ "another product", stick, CRD_FLAG_RE_IDENTIFIED },
		{ "another serial", stick, CRD_FLAG_RE_IDENTIFIED },
		{ "no serial", stick, CRD_FLAG_RE_IDENTIFIED },
		{ "another class", stick, CRD_FLAG_RE_IDENTIFIED },
		{ "another address", stick, 0 },
		{ "another port", stick, 0 },
		{ "no port", stick, 0 },
	};
	size_t i;

	rows[1].then.product++;
	rows[2].then.serial = "0002";
	rows[3].then.serial = NULL;
	rows[4].then.class_code = 0x030101;
	rows[5].then.name = "1-9";
	rows[6].then.port = "elsewhere";
	rows[7].then.port = NULL;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_component c;

		be_anchor(&be);
		be_device(&be, CRD_EV_DEVICE, stick);	     /* 1 */
		be_device(&be, CRD_EV_DEVICE_GONE, stick);   /* 2 */
		be_device(&be, CRD_EV_DEVICE, rows[i].then); /* 3 */
		read_log();
		device(3, &c);
		if (c.flags != rows[i].flags)
			fail_msg("%s: flags 0x%x", rows[i].what, c.flags);
		device(1, &c);
		assert_int_equal(c.flags, CRD_FLAG_GONE);
	}
}

static void test_same_serial(void **state)
{
	struct be_device twin = stick;
	struct crd_component c;

	twin.name = "1-2";
	twin.port = "0000:00/04.0/usb/2";
	be_device(&be, CRD_EV_DEVICE, stick);	   /* 1 */
	be_device(&be, CRD_EV_DEVICE_GONE, stick); /* 2 */
	be_device(&be, CRD_EV_DEVICE, twin);	   /* 3: moved there */
	read_log();
	device(3, &c);
	assert_int_equal(c.flags, 0);
	be_device(&be, CRD_EV_DEVICE, stick); /* 4: at once */
	read_log();
	device(3, &c);
	assert_int_equal(c.flags, CRD_FLAG_SAME_SERIAL);
	device(4, &c);
	assert_int_equal(c.flags, CRD_FLAG_SAME_SERIAL);
	device(1, &c);
	assert_int_equal(c.flags, CRD_FLAG_GONE);
}

/* A number that only fills the field tells no two devices to be one. */
static void test_no_serial(void **state)
{
	static const char *const numbers[] = { "0123456789", "000000000000",
					       "Not Specified", "\\x00\\x00" };
	struct be_device one = stick, twin = stick;
	struct crd_component c;
	size_t i;

	twin.name = "1-2";
	twin.port = "0000:00/04.0/usb/2";
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		one.serial = twin.serial = numbers[i];
		be_device(&be, CRD_EV_DEVICE, one);
		be_device(&be, CRD_EV_DEVICE, twin);
	}
	read_log();
	device(1, &c);
	assert_int_equal(c.flags & CRD_FLAG_SAME_SERIAL, 0);
	device(2, &c);
	assert_int_equal(c.flags & CRD_FLAG_SAME_SERIAL, 0);
}

/* Two names of one hash are easily made; the names decide all the same. */
static void test_names_not_hashes(void **state)
{
	struct be_device a = card, b = card;
	struct crd_component c;

	a.name = "dev-549599"; /* with "pci", of one hash */
	b.name = "dev-712382";
	a.port = b.port = NULL;
	be_device(&be, CRD_EV_DEVICE, a);      /* 1 */
	be_device(&be, CRD_EV_DEVICE, b);      /* 2 */
	be_device(&be, CRD_EV_DEVICE_GONE, b); /* 3 */
	read_log();
	device(1, &c);
	assert_int_equal(c.flags, 0);
	device(2, &c);
	assert_int_equal(c.flags, CRD_FLAG_GONE);
}

/* Things that speak of nothing leave everything as it is. */
static void test_nothing_to_join(void **state)
{
	struct be_device none = { .name = NULL };
	const struct crd_link *link;
	struct crd_component c;
	char *text = NULL;

	be_device(&be, CRD_EV_BIND, none);
	be_device(&be, CRD_EV_DEVICE, none); /* 2 */
	be_device(&be, CRD_EV_UNBIND, none);
	be_device(&be, CRD_EV_DEVICE_GONE, none);
	be_image(&be, "x.fw", none);
	read_log();
	assert_int_equal(inv.n, 2);
	link = device(2, &c);
	assert_int_equal(link->binding, CRD_NO_ENTRY);
	assert_int_equal(link->firmware, CRD_NO_ENTRY);
	assert_int_equal(c.flags, 0);
	assert_int_equal(c.vendor_id, -1);
	says(2, "device without a name (vendor unknown), without a driver");
	assert_int_equal(crd_join_say(&inv, reg, NULL, 99, &text), -EINVAL);
	assert_int_equal(crd_join_say(&inv, reg, NULL, 0, &text), -EINVAL);
	assert_false(crd_inventory_get(&inv, reg, CRD_NO_ENTRY, &c));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_whole_story),	    T(test_snapshot),
		T(test_bind_and_unbind),    T(test_which_module),
		T(test_firmware_by_parent), T(test_came_and_went),
		T(test_one_port),	    T(test_same_serial),
		T(test_no_serial),	    T(test_names_not_hashes),
		T(test_nothing_to_join),
	};

	return cmocka_run_group_tests_name("join", tests, NULL, NULL);
}
