// SPDX-License-Identifier: Apache-2.0
/* hwdata - lists as they are installed, short, odd and broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hwdata.h"
#include "scratch.h"

#define LIST                            \
	"#\n#\tList of PCI ID's\n#\n\n" \
	"0001  First\n"                 \
	"8086  Intel Corporation\n"     \
	"# a comment\n"                 \
	"\t0007  82379AB\n"             \
	"\t10d3  82574L Gigabit\n"      \
	"\t\t103c 1785  NC112i\n"       \
	"\t\t8086 a01f  Gigabit CT\n"   \
	"\t10d4  One more\n"            \
	"8087  No devices\n"            \
	"ffff  Last\n"                  \
	"\tffff  Nothing\n"             \
	"\nC 00  Unclassified device\n" \
	"\t00  Non-VGA\n"               \
	"AT 0100  USB\nHID 21  HID\nVT 0100  x\n"

static struct crd_hwdata *hwdata;

static void load(const char *text, size_t len)
{
	crd_hwdata_free(&hwdata);
	scratch_write("usr/share/misc/pci.ids", text, len);
	hwdata = crd_hwdata_new(scratch);
	assert_non_null(hwdata);
}

static const char *name(const char *bus, uint16_t vendor, int32_t device)
{
	static char text[128];
	struct crd_buf found;

	if (!crd_hwdata_name(bus, vendor, device, &found, hwdata))
		return NULL;
	snprintf(text, sizeof(text), "%.*s", (int)found.len,
		 (const char *)found.ptr);
	return text;
}

static void test_names(void **state)
{
	load(LIST, sizeof(LIST) - 1);
	assert_string_equal(name("pci", 1, -1), "First");
	assert_string_equal(name("pci", 0x8086, -1), "Intel Corporation");
	assert_string_equal(name("pci", 0x8086, 7), "82379AB");
	assert_string_equal(name("pci", 0x8086, 0x10d3), "82574L Gigabit");
	assert_string_equal(name("pci", 0x8086, 0x10d4), "One more");
	assert_string_equal(name("pci", 0x8087, -1), "No devices");
	assert_string_equal(name("pci", 0xffff, -1), "Last");
	assert_string_equal(name("pci", 0xffff, 0xffff), "Nothing");
	assert_null(name("pci", 0, -1));
	assert_null(name("pci", 0x8085, -1));
	assert_null(name("pci", 0x8086, 0));
	assert_null(name("pci", 0x8086, 0x10d2));
	assert_null(name("pci", 0x8087, 0x10d3));
	assert_null(name("pci", 1, 0));
	assert_null(name("usb", 0x8086, -1)); /* there is no such list */
	assert_null(name("i2c", 0x8086, -1));
	crd_hwdata_free(&hwdata);
	crd_hwdata_free(&hwdata);
}

/* More vendors than are remembered, each asked for twice. */
static void test_many(void **state)
{
	static char list[1 << 18];
	char *at = list;
	char want[32];
	unsigned int i, round;

	for (i = 0; i < 5000; i += 2)
		at += sprintf(at, "%04x  Vendor %u\n\t0001  Device of %u\n", i,
			      i, i);
	load(list, (size_t)(at - list));
	for (round = 0; round < 2; round++) {
		for (i = 0; i < 5000; i++) {
			sprintf(want, "Device of %u", i);
			if (i % 2)
				assert_null(name("pci", (uint16_t)i, 1));
			else
				assert_string_equal(name("pci", (uint16_t)i, 1),
						    want);
		}
	}
	crd_hwdata_free(&hwdata);
}

/* Cut anywhere: a name or none, but nothing behind the end. */
static void test_cut(void **state)
{
	static const char text[] = LIST;
	size_t len;

	for (len = 0; len < sizeof(text); len++) {
		load(text, len);
		name("pci", 0xffff, 0xffff);
		name("pci", 0x8086, 0x10d3);
		if (len > 200)
			assert_string_equal(name("pci", 1, -1), "First");
	}
	crd_hwdata_free(&hwdata);
}

static void test_odd(void **state)
{
	static const char *const odd[] = {
		"\n",
		"\t\t\t",
		"8086",
		"8086  ",
		"8086 Intel\n",
		"C",
		"\t8086  x",
		"8086  a\n8086  b\n",
		"ffff  a\n0001  b\n8086  c\n",
	};
	size_t i;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		load(odd[i], strlen(odd[i]));
		name("pci", 0x8086, -1);
		name("pci", 0x8086, 1);
	}
	crd_hwdata_free(&hwdata);
	hwdata = crd_hwdata_new(scratch_path("void"));
	assert_null(name("pci", 0x8086, -1));
	crd_hwdata_free(&hwdata);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_odd),
	};

	return cmocka_run_group_tests_name("hwdata", tests, scratch_make,
					   scratch_drop);
}
