// SPDX-License-Identifier: Apache-2.0
/*
 * host - made-up machines, good and hostile, and all that is said of them.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/utsname.h>

#include <cmocka.h>

#include "credence.h"
#include "fields.h"
#include "host.h"
#include "module_file.h"
#include "said.h"
#include "scratch.h"
#include "sys.h"

static struct crd_host *host;

static int forget(void **state)
{
	crd_host_free(&host);
	scratch_drop(state);
	return scratch_make(state);
}

static void put(const char *path, const char *text)
{
	scratch_write(path, text, strlen(text));
}

static void link_to(const char *target, const char *path)
{
	char full[512];

	/* makes the folders on the way */
	snprintf(full, sizeof(full), "%s.", path);
	put(full, "");
	assert_int_equal(unlink(scratch_path(full)), 0);
	assert_int_equal(symlink(target, scratch_path(path)), 0);
}

static const struct crd_inventory *look(void)
{
	struct crd_error err = { .text = "" };

	crd_host_free(&host);
	if (crd_host_read(scratch, &host, &err))
		fail_msg("%s", err.text);
	assert_true(said_sound(crd_host_inventory(host)));
	return crd_host_inventory(host);
}

/* Entries of that event, in order, are these lines. */
static void expect(uint16_t event, const char *const *lines)
{
	const struct crd_inventory *inv = look();
	size_t i;

	for (i = 0; i < inv->n_entries; i++) {
		if (inv->entries[i].event != event)
			continue;
		if (!*lines)
			fail_msg("unexpected: %s",
				 said_line(inv, &inv->entries[i]));
		assert_string_equal(said_line(inv, &inv->entries[i]), *lines);
		lines++;
	}
	if (*lines)
		fail_msg("missing: %s", *lines);
}

/* Does the coverage have such a line? */
static bool covers(const char *text)
{
	const struct crd_inventory *inv = crd_host_inventory(host);
	const struct crd_entry *e = &inv->entries[inv->n_entries - 1];

	assert_int_equal(e->event, CRD_EV_COVERAGE);
	return strstr(said_line(inv, e), text) != NULL;
}

/* The line of entry i, of what was looked at last. */
static const char *line(size_t i)
{
	const struct crd_inventory *inv = crd_host_inventory(host);

	return said_line(inv, &inv->entries[i]);
}

/* A device as sysfs shows it: a folder, and a link to it in the bus's. */
static void device(const char *bus, const char *where, const char *uevent)
{
	const char *name = strrchr(where, '/') + 1;
	char path[512], target[512];

	snprintf(path, sizeof(path), "sys/devices/%s/uevent", where);
	put(path, uevent);
	snprintf(path, sizeof(path), "sys/bus/%s/devices/%s", bus, name);
	snprintf(target, sizeof(target), "../../../devices/%s", where);
	link_to(target, path);
}

#define ETH "pci0000:00/0000:00:1c.0/0000:02:00.0"

static void test_pci(void **state)
{
	device("pci", "pci0000:00/0000:00:1c.0",
	       "DRIVER=pcieport\nPCI_CLASS=60400\nPCI_ID=8086:9D10\n"
	       "PCI_SUBSYS_ID=0000:0000\nPCI_SLOT_NAME=0000:00:1c.0\n");
	device("pci", ETH,
	       "DRIVER=e1000e\nPCI_CLASS=20000\nPCI_ID=8086:10D3\n"
	       "PCI_SUBSYS_ID=8086:A01F\n");
	put("sys/devices/" ETH "/revision", "0x03\n");
	put("sys/devices/" ETH "/removable", "removable\n");
	link_to("../0000:02:00.1", "sys/devices/" ETH "/physfn");
	link_to("../../../../module/e1000e_mod",
		"sys/bus/pci/drivers/e1000e/module");
	expect(CRD_EV_DEVICE,
	       (const char *[]){
		       "11 device=0000:00:1c.0 driver=pcieport bus=pci "
		       "port=0000:00/1c.0 vendor=8086 id=9d10 "
		       "class=60400",
		       "11 device=0000:02:00.0 driver=e1000e bus=pci "
		       "module=e1000e_mod parent=pci/0000:00:1c.0 "
		       "port=0000:00/1c.0/00.0 vendor=8086 id=10d3 "
		       "subvendor=8086 subid=a01f class=20000 rev=3 flags=6",
		       NULL });
	assert_true(covers("seen=pci: "));
	assert_true(covers("notseen=usb: "));
}

#define HUB  "pci0000:00/0000:00:04.0/usb1"
#define TREE HUB "/1-1/1-1.2"

static void test_usb(void **state)
{
	device("usb", HUB,
	       "DEVTYPE=usb_device\nDRIVER=usb\nPRODUCT=1d6b/2/601\nTYPE=9/0/1\n");
	device("usb", HUB "/1-1",
	       "DRIVER=usb\nPRODUCT=409/55aa/100\nTYPE=9/0/0\n");
	device("usb", TREE, "DRIVER=usb\nPRODUCT=46d/c31c/6400\nTYPE=0/0/0\n");
	device("usb", TREE "/1-1.2:1.1",
	       "DRIVER=usbhid\nPRODUCT=46d/c31c/6400\nTYPE=0/0/0\nINTERFACE=3/1/2\n");
	device("usb", "pci0000:00/0000:00:04.0/usb65/65-1", "");
	device("usb", "pci0000:00/0000:00:04.0/usb2", "PRODUCT=1d6b/3/601\n");
	device("usb", "pci0000:00/0000:00:04.0/usb2/2-1", "");
	put("sys/devices/pci0000:00/0000:00:04.0/usb2/speed", "5000\n");
	put("sys/devices/" HUB "/speed", "480\n");
	put("sys/devices/" TREE "/manufacturer", "Logi\x1b[31m\\\n");
	put("sys/devices/" TREE "/product", "Keyboard\n");
	put("sys/devices/" TREE "/serial", "\xff\xfe 1\n");
	put("sys/devices/" TREE "/authorized", "0\n");
	put("sys/devices/" TREE "/removable", "fixed\n");
	expect(CRD_EV_DEVICE,
	       (const char *[]){
		       "11 device=usb1 driver=usb bus=usb "
		       "parent=pci/0000:00:04.0 port=0000:00/04.0/usb "
		       "vendor=1d6b id=2 class=90001 rev=601 flags=10",
		       "11 device=usb2 bus=usb parent=pci/0000:00:04.0 "
		       "port=0000:00/04.0/usb3 vendor=1d6b id=3 rev=601 "
		       "flags=10",
		       "11 device=1-1 driver=usb bus=usb parent=usb/usb1 "
		       "port=0000:00/04.0/usb/1 vendor=409 id=55aa class=90000 "
		       "rev=100",
		       "11 device=1-1.2 driver=usb bus=usb parent=usb/1-1 "
		       "port=0000:00/04.0/usb/1.2 vendor=46d id=c31c class=0 "
		       "rev=6400 maker=Logi\\x1b[31m\\x5c product=Keyboard "
		       "serial=\\xff\\xfe 1 flags=8",
		       "11 device=1-1.2:1.1 driver=usbhid bus=usb "
		       "parent=usb/1-1.2 port=0000:00/04.0/usb/1.2:1.1 vendor=46d "
		       "id=c31c class=30102 interface=1",
		       "11 device=2-1 bus=usb parent=usb/usb2 "
		       "port=0000:00/04.0/usb3/1",
		       "11 device=65-1 bus=usb parent=usb/usb65 "
		       "port=0000:00/04.0/usb/1",
		       NULL });
}

/* What no kernel writes: taken for what it is, or left out. */
static void test_device_bad(void **state)
{
	device("pci", "x/0000:00:00.0", "");
	device("pci", "x/0000:00:01.0",
	       "PCI_ID=8086\nPCI_CLASS=zz\nPCI_SUBSYS_ID=:\nDRIVER=../../x\n");
	device("pci", "x/0000:00:02.0",
	       "PCI_ID=:10d3\nPCI_CLASS=-1\nDRIVER=\nDRIVER=late\n");
	device("usb", "x/1-2",
	       "PRODUCT=fffffffffffffffff/2\nTYPE=999/0/0\nINTERFACE=1/2");
	device("usb", "x/1-2:1.999", "INTERFACE=1/2/3");
	link_to("0000:00:09.0", "sys/bus/pci/devices/0000:00:09.0"); /* loop */
	link_to("../../../devices/gone", "sys/bus/pci/devices/0000:00:0a.0");
	put("sys/bus/pci/devices/a_file", "");
	put("sys/bus/pci/devices/0000:00:0b.0/uevent/x", "");
	look();
	assert_true(covers("notseen=pci: 4 devices that cannot be read"));
	expect(CRD_EV_DEVICE,
	       (const char *[]){
		       "11 device=0000:00:00.0 bus=pci port=00.0",
		       "11 device=0000:00:01.0 driver=../../x bus=pci "
		       "port=01.0 vendor=8086",
		       "11 device=0000:00:02.0 bus=pci port=02.0 id=10d3",
		       "11 device=1-2 bus=usb id=2",
		       "11 device=1-2:1.999 bus=usb class=10203", NULL });
}

/* A page of it: cut, and said to be. */
static void test_long_driver(void **state)
{
	char big[3 * 4096];

	memset(big, 'A', sizeof(big));
	memcpy(big, "DRIVER=", 7);
	big[sizeof(big) - 1] = '\0';
	device("usb", "x/1-1", big);
	look();
	big[7 + CRD_MAX_TEXT] = '\0';
	assert_non_null(strstr(line(0), "11 cut=2d device=1-1 driver=A"));
	assert_non_null(strstr(line(0), big + 7));
	assert_null(strstr(line(0), "module="));
}

static void test_smbios(void **state)
{
	static const char table[] = "\x01\x06\x34\x12\x01\x02"
				    "QEMU\0a\\\x1b\0\0"
				    "\x05\x04\x01\x00\0\0" /* not wanted */
				    "\x7f\x04\xff\xff\0\0"
				    "behind it";

	scratch_write("sys/firmware/dmi/tables/DMI", table, sizeof(table) - 1);
	expect(CRD_EV_PLATFORM,
	       (const char *[]){ "15 part=1 type=1 handle=1234 data=6 "
				 "string=QEMU string=a\\x5c\\x1b",
				 "15 size=1c digest=33 count=3 part=2", NULL });
	assert_false(covers("notseen=smbios"));
	scratch_write("sys/firmware/dmi/tables/DMI", table, 20);
	expect(CRD_EV_PLATFORM,
	       (const char *[]){ "15 part=1 type=1 handle=1234 data=6 "
				 "string=QEMU string=a\\x5c\\x1b",
				 "15 size=10 digest=33 count=1 part=2", NULL });
	assert_true(covers("notseen=smbios: what follows structure 1"));
	put("sys/firmware/dmi/tables/DMI", "\x01");
	put("proc/modules", "");
	expect(CRD_EV_PLATFORM, (const char *[]){ NULL });
	assert_true(covers("notseen=smbios: "));
}

/* Strings without number, and a table beyond the limit. */
static void test_smbios_large(void **state)
{
	static char table[(1 << 20) + 2];
	char *at = table;
	int i;

	at += sprintf(at, "\x0b\x04%c%c", 1, 1);
	for (i = 0; i < 100; i++)
		at += sprintf(at, "%d", i) + 1;
	at++;
	scratch_write("sys/firmware/dmi/tables/DMI", table,
		      (size_t)(at - table));
	look();
	assert_non_null(strstr(line(0), "15 cut=64 "));
	assert_non_null(strstr(line(0), "string=63"));
	assert_null(strstr(line(0), "string=64"));
	scratch_write("sys/firmware/dmi/tables/DMI", table, sizeof(table));
	put("proc/modules", "");
	expect(CRD_EV_PLATFORM, (const char *[]){ NULL });
	assert_true(covers("notseen=smbios: "));
}

#define SSDT                                                           \
	"SSDT\x24\0\0\0\x02\x99OEMID BXPC\0\0\0\0\x01\0\0\0INTL\x01\0" \
	"\x02\0"

static void test_acpi(void **state)
{
	scratch_write("sys/firmware/acpi/tables/SSDT1", SSDT, 36);
	scratch_write("sys/firmware/acpi/tables/dynamic/SSDT10", SSDT, 36);
	scratch_write("sys/firmware/acpi/tables/FACS", SSDT, 36);
	put("sys/firmware/acpi/tables/APIC", "cut");
	put("sys/firmware/acpi/tables/data/x", "");
	put("sys/firmware/acpi/tables/HPET/x", "");
	expect(CRD_EV_PLATFORM,
	       (const char *[]){
		       "15 name=APIC size=3 digest=33 part=3",
		       "15 name=FACS size=24 digest=33 rev=2 part=3 oem=OEMID "
		       "oemtable=BXPC oemrev=1 creator=INTL creatorrev=20001",
		       "15 name=HPET part=3",
		       "15 name=SSDT size=24 digest=33 rev=2 part=3 oem=OEMID "
		       "oemtable=BXPC oemrev=1 creator=INTL creatorrev=20001",
		       "15 name=SSDT size=24 digest=33 rev=2 part=3 oem=OEMID "
		       "oemtable=BXPC oemrev=1 creator=INTL creatorrev=20001 "
		       "dynamic=1",
		       NULL });
	assert_true(covers("notseen=acpi: what is in 1 tables"));
}

#define ESRT "sys/firmware/efi/esrt/entries/entry0/"

static void test_esrt(void **state)
{
	put(ESRT "fw_class", "12345678-9abc-def0-1122-334455667788\n");
	put(ESRT "fw_type", "1\n");
	put(ESRT "fw_version", "65536\n");
	put(ESRT "lowest_supported_fw_version", "4294967296\n"); /* 33 bits */
	put(ESRT "capsule_flags", "0x8010\n");
	put(ESRT "last_attempt_version", "many\n");
	put(ESRT "last_attempt_status", "0\n");
	put("sys/firmware/efi/esrt/entries/entry1/fw_class", "12345678");
	put("sys/firmware/efi/esrt/entries/entry2/fw_class",
	    "12345678-9abc-def0-1122-334455667788x");
	put("sys/firmware/efi/esrt/entries/entry3", "");
	expect(CRD_EV_PLATFORM,
	       (const char *[]){ "15 part=4 guid=78563412bc9af0de11223344556677"
				 "88 fwtype=1 fwversion=10000 fwflags=8010 "
				 "laststatus=0",
				 NULL });
	assert_true(covers("notseen=esrt: 3 entries that cannot be read"));
}

static void test_cpu(void **state)
{
	static const char one[] =
		"processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\n"
		"model\t\t: 85\nmodel name\t: Intel(R) Xeon(R)\nstepping\t: 7\n"
		"microcode\t: 0x5003605\nflags\t\t: fpu vme\n\n";
	char text[4096];

	snprintf(text, sizeof(text), "%s%sprocessor\t: 9\nmodel\t: x\n", one,
		 one);
	put("proc/cpuinfo", text);
	expect(CRD_EV_PLATFORM,
	       (const char *[]){
		       "15 count=2 maker=GenuineIntel product=Intel(R) Xeon(R) "
		       "part=5 family=6 model=55 stepping=7 microcode=5003605",
		       "15 count=1 part=5 family=0 model=0 stepping=0 "
		       "microcode=0",
		       NULL });
	put("proc/cpuinfo", "nothing: of the kind\n");
	put("proc/modules", "");
	expect(CRD_EV_PLATFORM, (const char *[]){ NULL });
	assert_true(covers("notseen=cpu: "));
}

static void test_tpm(void **state)
{
	put("sys/class/tpm/tpm0/null_name", "00\n");
	put("sys/class/tpm/tpm1/x", "");
	expect(CRD_EV_PLATFORM,
	       (const char *[]){ "15 name=tpm0 part=6 encryption=1",
				 "15 name=tpm1 part=6", NULL });
}

static void module_path(char *path, const char *file)
{
	struct utsname u;

	assert_int_equal(uname(&u), 0);
	sprintf(path, "lib/modules/%.64s/%s", u.release, file);
}

static void test_modules(void **state)
{
	static const char dep[] =
		"kernel/other.ko.xz:\nextra/not-my-driver.ko:\nodd\n:\n/:\n"
		"extra/my-driver.ko: kernel/other.ko.xz\n"
		"kernel/my-driver.ko:\nextra/gone.ko:\n";
	struct elf e = good_elf();
	char path[300], want[3][1024];

	put("proc/modules", "other 4096 1 my_driver, Live 0x0000000000000000\n"
			    "my_driver 16384 0 - Live 0x0000000000000000 (OE)\n"
			    "gone 1 0 - Live 0x0 (P)\nnowhere 1 0\n");
	put("sys/module/my_driver/version", "1.0\n");
	put("sys/module/my_driver/srcversion", "\x1b\n");
	module_path(path, "modules.dep");
	put(path, dep);
	module_path(path, "kernel/other.ko.xz");
	put(path, "\xfd"
		  "7zXZ");
	module_path(path, "extra/my-driver.ko");
	scratch_write(path, &e, sizeof(e));
	snprintf(want[0], sizeof(want[0]),
		 "3 name=my_driver path=/%s size=%zx sig=0 author=A <a@b> "
		 "author=\\x1b[1mB license=GPL version=1.0 srcversion=\\x1b "
		 "vermagic=6.1 SMP intree=0 taints=3000",
		 path, sizeof(e));
	module_path(path, "kernel/other.ko.xz");
	snprintf(want[1], sizeof(want[1]),
		 "3 name=other path=/%s size=5 taints=0", path);
	module_path(path, "extra/gone.ko");
	snprintf(want[2], sizeof(want[2]), "3 name=gone path=/%s taints=1",
		 path);
	expect(CRD_EV_MODULE,
	       (const char *[]){ want[2], want[0], "3 name=nowhere taints=0",
				 want[1], NULL });
	assert_true(
		covers("notseen=modules: signature, author and licence of 3"));
}

static void test_modules_bad(void **state)
{
	static const char *const bad[] = {
		"../../etc/passwd 1 0\n",
		"\x20\n",
		"a/b 1 0\n",
		"name.with.dots 1 0\n",
		"a_name_that_is_far_longer_than_any_module_name_can_be_in_this_kernel_of_ours 1\n",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put("proc/modules", bad[i]);
		expect(CRD_EV_MODULE, (const char *[]){ NULL });
		assert_true(covers("notseen=modules: 1 lines"));
	}
	put("proc/modules", "");
	expect(CRD_EV_MODULE, (const char *[]){ NULL });
	assert_false(covers("notseen=modules:"));
}

static void test_nothing(void **state)
{
	struct crd_error err;

	assert_int_equal(crd_host_read(scratch, &host, &err), -ENOENT);
	assert_non_null(strstr(err.text, "neither"));
	assert_int_equal(crd_host_read(scratch_path("void"), &host, &err),
			 -ENOENT);
	assert_null(host);
}

/* Pipes and endless files where attributes should be: nobody waits. */
static void test_hostile_files(void **state)
{
	device("usb", "x/1-1", "PRODUCT=1/2/3\n");
	assert_int_equal(
		mkfifo(scratch_path("sys/devices/x/1-1/product"), 0600), 0);
	assert_int_equal(symlink("/dev/zero",
				 scratch_path("sys/devices/x/1-1/serial")),
			 0);
	assert_int_equal(symlink("/dev/zero",
				 scratch_path("sys/devices/x/1-1/authorized")),
			 0);
	put("proc/x", "");
	assert_int_equal(symlink("/dev/zero", scratch_path("proc/modules")), 0);
	assert_int_equal(symlink("/dev/zero", scratch_path("proc/cpuinfo")), 0);
	look();
	assert_true(covers("notseen=modules: "));
	assert_true(covers("notseen=cpu: "));
}

/* Text of every length around its limit, with an odd character at its end. */
static void test_cut(void **state)
{
	static const char *const tails[] = { "a",
					     "\\",
					     "\x01",
					     "\xc3\xa9",
					     "\xf0\x9f\x98\x80",
					     "\xff",
					     "\x80\x80\x80\x80\x80" };
	struct crd_said said;
	char text[2 * CRD_MAX_TEXT];
	struct crd_inventory inv;
	size_t i, len;

	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		for (len = CRD_MAX_TEXT - 20; len < CRD_MAX_TEXT + 4; len++) {
			struct crd_fields f = { 0 };

			memset(text, 'x', len);
			strcpy(text + len, tails[i]);
			crd_fields_begin(&f, CRD_EV_DEVICE);
			crd_fields_str(&f, CRD_F_PRODUCT, text);
			crd_fields_end(&f);
			assert_int_equal(f.error, 0);
			said = f.items[0];
			assert_int_equal(
				crd_inventory_from_said(
					(struct crd_buf){ f.bytes, f.len },
					&said, 1, &inv),
				0);
			assert_true(said_sound(&inv));
			if (len + 4 * strlen(tails[i]) < CRD_MAX_TEXT)
				assert_null(strstr(said_line(&inv, inv.entries),
						   "cut="));
			if (len + strlen(tails[i]) > CRD_MAX_TEXT)
				assert_non_null(
					strstr(said_line(&inv, inv.entries),
					       "cut=3a"));
			crd_inventory_done(&inv);
			crd_fields_done(&f);
		}
	}
}

static void test_sys(void **state)
{
	static const struct {
		const char *text;
		int base;
		bool good;
		uint64_t value;
	} numbers[] = {
		{ "", 10, false, 0 },
		{ " 1", 10, false, 0 },
		{ "-1", 10, false, 0 },
		{ "+1", 10, false, 0 },
		{ "1x", 10, false, 0 },
		{ "a", 10, false, 0 },
		{ "0x", 16, false, 0 },
		{ "99999999999999999999", 10, false, 0 },
		{ "0", 10, true, 0 },
		{ "12", 10, true, 12 },
		{ "0xfF", 16, true, 255 },
		{ "ff", 16, true, 255 },
	};
	struct crd_sys_names names;
	uint64_t value;
	size_t i;
	int dir;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (crd_sys_number(numbers[i].text, numbers[i].base, &value) !=
		    numbers[i].good)
			fail_msg("'%s'", numbers[i].text);
		if (numbers[i].good)
			assert_int_equal(value, numbers[i].value);
	}
	put("d/1-10", "");
	put("d/1-2", "");
	put("d/.hidden", "");
	put("d/a_name_of_sixty_four_bytes_is_one_too_long_for_what_is_kept_here",
	    "");
	dir = crd_sys_folder(-1, scratch_path("d"));
	assert_true(dir >= 0);
	assert_int_equal(crd_sys_list(dir, &names), 0);
	assert_int_equal(names.n, 2);
	assert_int_equal(names.left_out, 1);
	assert_string_equal(names.name[0], "1-2");
	assert_string_equal(names.name[1], "1-10");
	crd_sys_names_done(&names);
	close(dir);
	assert_int_equal(crd_sys_folder(-1, scratch_path("d/1-2")), -ENOTDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_pci, forget),
		cmocka_unit_test_teardown(test_usb, forget),
		cmocka_unit_test_teardown(test_device_bad, forget),
		cmocka_unit_test_teardown(test_long_driver, forget),
		cmocka_unit_test_teardown(test_smbios, forget),
		cmocka_unit_test_teardown(test_smbios_large, forget),
		cmocka_unit_test_teardown(test_acpi, forget),
		cmocka_unit_test_teardown(test_esrt, forget),
		cmocka_unit_test_teardown(test_cpu, forget),
		cmocka_unit_test_teardown(test_tpm, forget),
		cmocka_unit_test_teardown(test_modules, forget),
		cmocka_unit_test_teardown(test_modules_bad, forget),
		cmocka_unit_test_teardown(test_nothing, forget),
		cmocka_unit_test_teardown(test_hostile_files, forget),
		cmocka_unit_test_teardown(test_cut, forget),
		cmocka_unit_test_teardown(test_sys, forget),
	};

	return cmocka_run_group_tests_name("host", tests, scratch_make,
					   scratch_drop);
}
