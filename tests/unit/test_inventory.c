// SPDX-License-Identifier: Apache-2.0
/*
 * inventory - trees of made-up machines, filters, and a log against what the
 * machine says. The whole of one stands in golden/tree*; with
 * CRD_UPDATE_GOLDEN set it is written anew, for a person to read over.
 */
#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "attest/inventory_private.h"
#include "credence.h"
#include "fields.h"
#include "small_registry.h"

#define NOW 1798761600 /* 2027-01-01, when all listings are in force */

/* A machine as it is being described; a log, unless it is self-reported. */
struct machine {
	struct crd_fields f;
	struct crd_inventory inv;
};

static void place(struct machine *m, const char *bus, const char *name,
		  const char *driver, const char *module)
{
	crd_fields_str(&m->f, CRD_F_DEVICE, name);
	crd_fields_str(&m->f, CRD_F_DRIVER, driver);
	crd_fields_str(&m->f, CRD_F_BUS, bus);
	crd_fields_str(&m->f, CRD_F_MODULE, module);
}

struct device {
	const char *bus, *name, *driver, *module, *parent;
	uint16_t vendor, id;
	uint32_t class;
	const char *maker, *product, *serial;
	int interface; /* number + 1 */
};

static void device(struct machine *m, struct device d)
{
	crd_fields_begin(&m->f, CRD_EV_DEVICE);
	place(m, d.bus, d.name, d.driver, d.module);
	crd_fields_str(&m->f, CRD_F_PARENT, d.parent);
	crd_fields_str(&m->f, CRD_F_PORT, d.name);
	crd_fields_uint(&m->f, CRD_F_VENDOR_ID, d.vendor, 2);
	crd_fields_uint(&m->f, CRD_F_DEVICE_ID, d.id, 2);
	crd_fields_uint(&m->f, CRD_F_CLASS, d.class, 4);
	crd_fields_str(&m->f, CRD_F_MANUFACTURER, d.maker);
	crd_fields_str(&m->f, CRD_F_PRODUCT, d.product);
	crd_fields_str(&m->f, CRD_F_SERIAL, d.serial);
	if (d.interface)
		crd_fields_uint(&m->f, CRD_F_INTERFACE,
				(uint64_t)d.interface - 1, 1);
	crd_fields_end(&m->f);
}

static void event(struct machine *m, uint16_t type, const char *bus,
		  const char *name, const char *driver, const char *module)
{
	crd_fields_begin(&m->f, type);
	place(m, bus, name, driver, module);
	crd_fields_end(&m->f);
}

static void module(struct machine *m, const char *name, const char *author,
		   int status, const char *srcversion)
{
	crd_fields_begin(&m->f, CRD_EV_MODULE);
	crd_fields_str(&m->f, CRD_F_NAME, name);
	if (status >= 0)
		crd_fields_uint(&m->f, CRD_F_SIG_STATUS, (uint64_t)status, 1);
	crd_fields_str(&m->f, CRD_F_AUTHOR, author);
	crd_fields_str(&m->f, CRD_F_SRCVERSION, srcversion);
	crd_fields_end(&m->f);
}

static void firmware(struct machine *m, const char *name, const char *bus,
		     const char *asked)
{
	struct crd_digest digest = { .alg = CRD_ALG_SHA256, .len = 32 };

	memset(digest.bytes, 0x5a, 32);
	crd_fields_begin(&m->f, CRD_EV_FIRMWARE);
	crd_fields_str(&m->f, CRD_F_NAME, name);
	crd_fields_uint(&m->f, CRD_F_ORIGIN, CRD_ORIGIN_FILE, 1);
	crd_fields_hash(&m->f, CRD_F_DIGEST, &digest);
	crd_fields_str(&m->f, CRD_F_DEVICE, asked);
	crd_fields_str(&m->f, CRD_F_BUS, bus);
	crd_fields_end(&m->f);
}

static void smbios(struct machine *m, uint8_t type, uint16_t handle,
		   const char *maker, const char *product)
{
	const uint8_t data[] = { type, 8, (uint8_t)handle, 0, 1, 2, 0, 0 };

	crd_fields_begin(&m->f, CRD_EV_PLATFORM);
	crd_fields_uint(&m->f, CRD_F_PART, CRD_PART_SMBIOS, 1);
	crd_fields_uint(&m->f, CRD_F_SMBIOS_TYPE, type, 1);
	crd_fields_uint(&m->f, CRD_F_HANDLE, handle, 2);
	crd_fields_bytes(&m->f, CRD_F_DATA, data, sizeof(data));
	crd_fields_str(&m->f, CRD_F_STRING, maker);
	crd_fields_str(&m->f, CRD_F_STRING, product);
	crd_fields_end(&m->f);
}

static void acpi(struct machine *m, const char *name, uint8_t byte, bool read)
{
	struct crd_digest digest = { .alg = CRD_ALG_SHA256, .len = 32 };

	memset(digest.bytes, byte, 32);
	crd_fields_begin(&m->f, CRD_EV_PLATFORM);
	crd_fields_str(&m->f, CRD_F_NAME, name);
	if (read) {
		crd_fields_uint(&m->f, CRD_F_SIZE, 36, 8);
		crd_fields_hash(&m->f, CRD_F_DIGEST, &digest);
	}
	crd_fields_uint(&m->f, CRD_F_PART, CRD_PART_ACPI, 1);
	if (read) {
		crd_fields_str(&m->f, CRD_F_OEM_ID, "BOCHS");
		crd_fields_str(&m->f, CRD_F_OEM_TABLE_ID, "BXPC");
	}
	crd_fields_end(&m->f);
}

static void rest_of_platform(struct machine *m)
{
	static const uint8_t guid[16] = { 0x78, 0x56, 0x34, 0x12, 0xbc, 0x9a };

	crd_fields_begin(&m->f, CRD_EV_PLATFORM);
	crd_fields_uint(&m->f, CRD_F_PART, CRD_PART_ESRT, 1);
	crd_fields_bytes(&m->f, CRD_F_FW_CLASS, guid, sizeof(guid));
	crd_fields_uint(&m->f, CRD_F_FW_TYPE, 2, 4);
	crd_fields_uint(&m->f, CRD_F_FW_VERSION, 0x10001, 4);
	crd_fields_uint(&m->f, CRD_F_FW_LAST_VERSION, 0x10002, 4);
	crd_fields_uint(&m->f, CRD_F_FW_LAST_STATUS, 3, 4);
	crd_fields_end(&m->f);
	crd_fields_begin(&m->f, CRD_EV_PLATFORM);
	crd_fields_uint(&m->f, CRD_F_COUNT, 2, 8);
	crd_fields_str(&m->f, CRD_F_MANUFACTURER, "GenuineIntel");
	crd_fields_str(&m->f, CRD_F_PRODUCT, "Xeon \\\x1b[2J");
	crd_fields_uint(&m->f, CRD_F_PART, CRD_PART_CPU, 1);
	crd_fields_uint(&m->f, CRD_F_CPU_FAMILY, 6, 4);
	crd_fields_uint(&m->f, CRD_F_MICROCODE, 0x5003605, 4);
	crd_fields_end(&m->f);
	crd_fields_begin(&m->f, CRD_EV_PLATFORM);
	crd_fields_str(&m->f, CRD_F_MANUFACTURER, "IBM");
	crd_fields_str(&m->f, CRD_F_PRODUCT, "SW   TPM");
	crd_fields_uint(&m->f, CRD_F_PART, CRD_PART_TPM, 1);
	crd_fields_uint(&m->f, CRD_F_TPM_FIRMWARE, 0x2019102300163636ull, 8);
	crd_fields_uint(&m->f, CRD_F_BUS_ENCRYPTION, CRD_BUS_ENCRYPTION_ABSENT,
			1);
	crd_fields_end(&m->f);
	crd_fields_begin(&m->f, CRD_EV_PLATFORM);
	crd_fields_uint(&m->f, CRD_F_PART, 99, 1);
	crd_fields_end(&m->f);
}

static void coverage(struct machine *m, const char *const *seen,
		     const char *not_seen)
{
	crd_fields_begin(&m->f, CRD_EV_COVERAGE);
	while (*seen)
		crd_fields_str(&m->f, CRD_F_SEEN, *seen++);
	crd_fields_str(&m->f, CRD_F_NOT_SEEN, not_seen);
	crd_fields_end(&m->f);
}

static const char *const both_buses[] = { "pci: all", "usb: all", NULL };

static const struct crd_inventory *done(struct machine *m, bool self_reported)
{
	assert_int_equal(m->f.error, 0);
	assert_int_equal(crd_inventory_from_said((struct crd_buf){ m->f.bytes,
								   m->f.len },
						 m->f.items, m->f.n, &m->inv),
			 0);
	m->inv.self_reported = self_reported;
	return &m->inv;
}

static void drop(struct machine *m)
{
	crd_inventory_done(&m->inv);
	crd_fields_done(&m->f);
	memset(m, 0, sizeof(*m));
}

#define BRIDGE "pci/0000:00:1c.0"
#define XHCI   "0000:00:04.0"

static void fill(struct machine *m, bool log)
{
	device(m, (struct device){ .bus = "pci",
				   .name = "0000:00:1c.0",
				   .driver = "pcieport",
				   .vendor = 0x8086,
				   .id = 0x3420,
				   .class = 0x60400 });
	device(m, (struct device){ .bus = "pci",
				   .name = "0000:02:00.0",
				   .driver = log ? NULL : "hinic",
				   .module = log ? NULL : "hinic",
				   .parent = BRIDGE,
				   .vendor = 0x19e5,
				   .id = 0x1822,
				   .class = 0x20000 });
	device(m, (struct device){ .bus = "pci",
				   .name = XHCI,
				   .driver = "xhci_hcd",
				   .module = "xhci_pci",
				   .vendor = 0x1b36,
				   .id = 0xd,
				   .class = 0xc0330 });
	device(m, (struct device){ .bus = "usb",
				   .name = "usb1",
				   .driver = "usb",
				   .module = "usbcore",
				   .parent = "pci/" XHCI,
				   .vendor = 0x1d6b,
				   .id = 2,
				   .class = 0x90000 });
	device(m, (struct device){ .bus = "usb",
				   .name = "1-10",
				   .driver = "usb",
				   .module = "usbcore",
				   .parent = "usb/usb1",
				   .vendor = 0x46d,
				   .id = 1,
				   .maker = "Evil\x1b[31m \"quoted\"",
				   .product = "Stick",
				   .serial = "42" });
	device(m, (struct device){ .bus = "usb",
				   .name = "1-2",
				   .parent = "usb/usb1",
				   .vendor = 0x46d,
				   .id = 2 });
	device(m, (struct device){ .bus = "usb",
				   .name = "1-10:1.0",
				   .driver = "usb-storage",
				   .module = "usb_storage",
				   .parent = "usb/1-10",
				   .vendor = 0x46d,
				   .id = 1,
				   .class = 0x80650,
				   .interface = 1 });
	device(m, (struct device){ .bus = "usb",
				   .name = "1-10:1.1",
				   .driver = "usbhid",
				   .module = "usbhid",
				   .parent = "usb/1-10",
				   .vendor = 0x46d,
				   .id = 1,
				   .class = 0x30101,
				   .interface = 2 });
	module(m, "hinic", "Huawei Technologies CO., Ltd", CRD_SIG_VERIFIED,
	       "S1");
	module(m, "usbcore", NULL, CRD_SIG_VERIFIED, NULL);
	module(m, "xhci_pci", NULL, CRD_SIG_UNVERIFIED, NULL);
	module(m, "usbhid", NULL, CRD_SIG_NONE, NULL);
	module(m, "usb_storage", NULL, log ? CRD_SIG_VERIFIED : -1, NULL);
	module(m, "ext4", "Newbridge", CRD_SIG_VERIFIED, NULL);
	if (log) {
		event(m, CRD_EV_BIND, "pci", "0000:02:00.0", "hinic", "hinic");
		event(m, CRD_EV_BIND, "usb", "1-2", "btusb", "btusb");
		event(m, CRD_EV_UNBIND, "usb", "1-2", "btusb", "btusb");
		firmware(m, "hinic/fw.bin", "pci", "0000:02:00.0");
		firmware(m, "regulatory.db", "platform", "regulatory.0");
	}
	smbios(m, 1, 0x100, "QEMU", "Standard \\ PC");
	smbios(m, 17, 0x11, "", "DIMM");
	acpi(m, "DSDT", 1, true);
	rest_of_platform(m);
	coverage(m, both_buses, "option-rom: what is in expansion ROMs");
}

static bool name_of(const char *bus, uint16_t vendor, int32_t id,
		    struct crd_buf *ret_name, void *ctx)
{
	if (vendor != 0x1b36 && vendor != 0x8086)
		return false;
	*ret_name = small_buf(id < 0	       ? "Red \x1b Hat" :
			      vendor == 0x1b36 ? "xHCI Controller" :
						 "Root Port");
	return id < 0 || id == 0xd || id == 0x3420;
}

static int put(const char *text, size_t len, void *ctx)
{
	crd_str_add(ctx, text, len);
	return 0;
}

/* The text, to be freed. */
static char *text_of(const struct crd_show *show)
{
	struct crd_str str = { 0 };

	assert_int_equal(crd_inventory_text(show, put, &str), 0);
	crd_str_puts(&str, "");
	return crd_str_take(&str);
}

static void compare(const char *name, const char *text)
{
	static char want[1 << 16];
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "tests/unit/golden/%s", name);
	if (getenv("CRD_UPDATE_GOLDEN")) {
		f = fopen(path, "wb");
		assert_non_null(f);
		fputs(text, f);
		fclose(f);
	}
	f = fopen(path, "rb");
	assert_non_null(f);
	want[fread(want, 1, sizeof(want) - 1, f)] = '\0';
	fclose(f);
	if (strcmp(want, text))
		fail_msg("%s is not:\n%s", name, text);
}

static void check_lines(const char *text)
{
	for (; *text; text += strcspn(text, "\n") + 1) {
		size_t i, len = strcspn(text, "\n");

		if (len > 80 || (len && text[len - 1] == ' '))
			fail_msg("%.*s", (int)len, text);
		for (i = 0; i < len; i++)
			assert_true((uint8_t)text[i] >= 0x20 &&
				    text[i] != 0x7f);
	}
}

static void test_golden(void **state)
{
	struct machine log = { 0 }, now = { 0 };
	struct crd_registry *reg = small_registry();
	struct crd_show show = { .registry = reg, .now = NOW, .name = name_of };
	struct crd_str json = { 0 };
	char *text;
	json_t *o;

	fill(&log, true);
	fill(&now, false);
	module(&now, "hidden\x1b", NULL, CRD_SIG_NONE, NULL);
	show.inventory = done(&log, false);
	show.beside = done(&now, true);
	text = text_of(&show);
	compare("tree.expected", text);
	check_lines(text);
	free(text);
	assert_int_equal(crd_inventory_json(&show, put, &json), 0);
	crd_str_puts(&json, "");
	compare("tree.json", json.ptr);
	o = json_loads(json.ptr, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(o);
	json_decref(o);
	crd_str_done(&json);
	show.inventory = show.beside;
	show.beside = NULL;
	text = text_of(&show);
	compare("tree-self.expected", text);
	check_lines(text);
	free(text);
	drop(&log);
	drop(&now);
	crd_registry_free(&reg);
}

/* What each filter leaves: in the text this is there, and that is not. */
static void test_filters(void **state)
{
	static const struct {
		struct crd_filter filter;
		const char *has, *not ;
	} rows[] = {
		{ { .bus = "usb" }, "1-10:1.0", "SMBIOS" },
		{ { .bus = "usb" }, XHCI, "0000:02:00.0" }, /* on the way */
		{ { .bus = "platform" }, "SMBIOS", "usb1" },
		{ { .kind = "driver" }, "ext4", "SMBIOS" },
		{ { .kind = "firmware" }, "hinic/fw.bin", "1-10" },
		{ { .kind = "platform" }, "ACPI DSDT", "ext4" },
		{ { .kind = "device" }, "1-2 ", "ext4" },
		{ { .class = "network" }, "0000:02:00.0", "1-10" },
		{ { .class = "keyboard" }, "1-10:1.1", "1-10:1.0" },
		{ { .vendor = "19e5" }, "0000:02:00.0", "usb1" },
		{ { .vendor = "huawei-holding" }, "0000:02:00.0", "usb1" },
		{ { .vendor = "huawei-holding" }, "ext4", "usb1" },
		{ { .vendor = "intel" }, "0000:00:1c.0", "ext4" },
		{ { .listed = true }, "list-a", "usb1" },
		{ { .unsigned_only = true }, "1-10:1.1", "1-10:1.0" },
		{ { .unsigned_only = true }, "xhci_pci", "ext4" },
		{ { .bus = "pci", .class = "network" }, "0000:02:00.0", XHCI },
		{ { .class = "printer" }, "0 devices", "0000" },
	};
	struct crd_registry *reg = small_registry();
	struct crd_show show = { .registry = reg, .now = NOW };
	struct machine m = { 0 };
	size_t i;

	fill(&m, true);
	show.inventory = done(&m, false);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text;

		show.filter = rows[i].filter;
		assert_null(crd_filter_fault(&show.filter, reg));
		text = text_of(&show);
		if (!strstr(text, rows[i].has) || strstr(text, rows[i].not ))
			fail_msg("row %zu: %s", i, text);
		check_lines(text);
		free(text);
	}
	drop(&m);
	crd_registry_free(&reg);
}

static void test_filter_faults(void **state)
{
	static const struct crd_filter bad[] = {
		{ .bus = "PCI" },	{ .kind = "devices" },
		{ .class = "" },	{ .class = "networks" },
		{ .vendor = "808" },	{ .vendor = "80866" },
		{ .vendor = "nobody" }, { .vendor = "8O86" },
	};
	struct crd_registry *reg = small_registry();
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_non_null(crd_filter_fault(&bad[i], reg));
	assert_non_null(crd_filter_fault(
		&(struct crd_filter){ .vendor = "intel" }, NULL));
	assert_null(crd_filter_fault(&(struct crd_filter){ .vendor = "8086" },
				     NULL));
	crd_registry_free(&reg);
}

/* Devices behind each other, behind themselves, and far too deep. */
static void test_odd_trees(void **state)
{
	struct crd_show show = { .now = NOW };
	struct machine m = { 0 };
	char name[16], parent[24], *text;
	int i;

	device(&m,
	       (struct device){ .bus = "pci", .name = "a", .parent = "pci/b" });
	device(&m,
	       (struct device){ .bus = "pci", .name = "b", .parent = "pci/a" });
	device(&m,
	       (struct device){ .bus = "pci", .name = "a", .parent = "pci/b" });
	device(&m,
	       (struct device){ .bus = "pci", .name = "c", .parent = "pci/c" });
	device(&m, (struct device){
			   .bus = "pci", .name = "d", .parent = "no slash" });
	for (i = 0; i < 200; i++) {
		sprintf(name, "x%d", i);
		sprintf(parent, "pci/x%d", i - 1);
		device(&m, (struct device){ .bus = "pci",
					    .name = name,
					    .parent = parent });
	}
	device(&m, (struct device){ .bus = "", .name = "" });
	show.inventory = done(&m, false);
	text = text_of(&show);
	assert_non_null(strstr(text, "\n206 devices"));
	assert_non_null(strstr(text, "x199"));
	free(text);
	drop(&m);
}

struct found {
	char lines[32][512];
	size_t n;
};

static int found(const struct crd_contradiction *c, void *ctx)
{
	struct found *all = ctx;

	assert_in_range(all->n, 0, 31);
	snprintf(all->lines[all->n++], 512, "%s | %s | %s%s", c->component,
		 c->log, c->now, c->entry ? "" : " | no record");
	return 0;
}

static void expect(struct machine *log, struct machine *now,
		   const char *const *lines)
{
	static struct found all;
	size_t i;

	all.n = 0;
	assert_int_equal(crd_inventory_compare(done(log, false),
					       done(now, true), found, &all),
			 0);
	for (i = 0; i < all.n && *lines; i++, lines++)
		assert_string_equal(all.lines[i], *lines);
	if (i < all.n)
		fail_msg("unexpected: %s", all.lines[i]);
	if (*lines)
		fail_msg("missing: %s", *lines);
	drop(log);
	drop(now);
}

static void test_agree(void **state)
{
	struct machine log = { 0 }, now = { 0 };

	fill(&log, true);
	fill(&now, false);
	module(&log, "unloaded", NULL, CRD_SIG_VERIFIED, NULL);
	module(&now, "credence", NULL, CRD_SIG_NONE, NULL);
	/* came and went again, and another in its place */
	device(&log, (struct device){ .bus = "usb",
				      .name = "1-3",
				      .parent = "usb/usb1",
				      .vendor = 1 });
	event(&log, CRD_EV_DEVICE_GONE, "usb", "1-3", NULL, NULL);
	device(&log, (struct device){ .bus = "usb",
				      .name = "1-3",
				      .parent = "usb/usb1",
				      .vendor = 2 });
	event(&log, CRD_EV_DEVICE_GONE, "usb", "1-3", NULL, NULL);
	device(&log, (struct device){ .bus = "usb",
				      .name = "1-4",
				      .parent = "usb/usb1",
				      .vendor = 1 });
	event(&log, CRD_EV_DEVICE_GONE, "usb", "1-4", NULL, NULL);
	device(&log, (struct device){ .bus = "usb",
				      .name = "1-4",
				      .parent = "usb/usb1",
				      .vendor = 2 });
	device(&now, (struct device){ .bus = "usb",
				      .name = "1-4",
				      .parent = "usb/usb1",
				      .vendor = 2 });
	/* without root the tables' names are all there is */
	acpi(&now, "SSDT", 0, false);
	expect(&log, &now, (const char *[]){ NULL });
}

static void test_disagree(void **state)
{
	struct machine log = { 0 }, now = { 0 };

	device(&log, (struct device){ .bus = "pci",
				      .name = "0000:00:01.0",
				      .driver = "a",
				      .module = "a",
				      .vendor = 0x8086,
				      .id = 1,
				      .class = 0x20000 });
	device(&now, (struct device){ .bus = "pci",
				      .name = "0000:00:01.0",
				      .driver = "a",
				      .vendor = 0x8086,
				      .id = 2,
				      .class = 0x20000 });
	device(&log, (struct device){ .bus = "usb",
				      .name = "1-1",
				      .vendor = 1,
				      .id = 1,
				      .maker = "A",
				      .product = "B",
				      .serial = "C" });
	device(&now, (struct device){ .bus = "usb",
				      .name = "1-1",
				      .driver = "d",
				      .module = "d",
				      .vendor = 1,
				      .id = 1,
				      .maker = "A",
				      .product = "B",
				      .serial = "D\x1b" });
	device(&log,
	       (struct device){
		       .bus = "usb", .name = "1-2", .vendor = 1, .id = 1 });
	device(&now,
	       (struct device){
		       .bus = "usb", .name = "1-3", .vendor = 1, .id = 1 });
	device(&log,
	       (struct device){
		       .bus = "usb", .name = "1-5", .vendor = 1, .id = 1 });
	event(&log, CRD_EV_DEVICE_GONE, "usb", "1-5", NULL, NULL);
	device(&now,
	       (struct device){
		       .bus = "usb", .name = "1-5", .vendor = 1, .id = 1 });
	module(&log, "m", NULL, CRD_SIG_VERIFIED, "S1");
	module(&now, "m", NULL, CRD_SIG_VERIFIED, "S2");
	module(&now, "hidden", NULL, CRD_SIG_NONE, NULL);
	smbios(&log, 1, 0x100, "QEMU", "PC");
	smbios(&now, 1, 0x100, "Dell", "PC");
	smbios(&now, 2, 0x200, "Board", "PC");
	acpi(&log, "DSDT", 1, true);
	acpi(&now, "DSDT", 2, true);
	coverage(&log, both_buses, NULL);
	coverage(&now, both_buses, NULL);
	expect(&log, &now,
	       (const char *[]){
		       "network card 0000:00:01.0 | device id 0001 | device id 0002",
		       "network card 0000:00:01.0 | driver a, module a | driver a, in the kernel",
		       "USB device 1-1 | serial number \"C\" | serial number \"D\\x1b\"",
		       "USB device 1-1 | no driver | driver d, module d",
		       "USB device 1-2 | it is there | it is not there",
		       "driver m | source version \"S1\" | source version \"S2\"",
		       "SMBIOS system PC | text \"QEMU\" | text \"Dell\"",
		       "ACPI table DSDT | it is there | it is not there",
		       "USB device 1-3 | it was never seen | it is there | no record",
		       "USB device 1-5 | it was never seen | it is there | no record",
		       "driver hidden | it was never seen | it is there | no record",
		       "SMBIOS board PC | it was never seen | it is there | no record",
		       "ACPI table DSDT | it was never seen | it is there | no record",
		       NULL });
}

/* Who is blind to a bus, or to all of a sort, contradicts nobody. */
static void test_blind(void **state)
{
	static const char *const pci[] = { "pci: all", "usb-interfaces: x",
					   "usb", NULL };
	struct machine log = { 0 }, now = { 0 };

	device(&log,
	       (struct device){
		       .bus = "usb", .name = "1-1", .vendor = 1, .id = 1 });
	smbios(&log, 1, 0x100, "QEMU", "PC");
	coverage(&log, both_buses, NULL);
	coverage(&now, pci, NULL);
	expect(&log, &now, (const char *[]){ NULL });
	device(&now,
	       (struct device){
		       .bus = "usb", .name = "1-1", .vendor = 1, .id = 1 });
	acpi(&now, "DSDT", 2, true);
	expect(&log, &now, (const char *[]){ NULL });
	/* but a driver is seen by every log */
	module(&now, "m", NULL, CRD_SIG_NONE, NULL);
	expect(&log, &now,
	       (const char *[]){
		       "driver m | it was never seen | it is there | no record",
		       NULL });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_filter_faults),
		cmocka_unit_test(test_odd_trees),
		cmocka_unit_test(test_agree),
		cmocka_unit_test(test_disagree),
		cmocka_unit_test(test_blind),
	};

	return cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
}
