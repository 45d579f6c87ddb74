// SPDX-License-Identifier: Apache-2.0
/*
 * idlist - whose an id is: lists as hwdata and ieee-data have them, cut short,
 * and lists that are lacking, odd, broken or too long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idlist.h"
#include "scratch.h"

#define HWDATA "usr/share/hwdata/"
#define IEEE   "usr/share/ieee-data/"
#define MISC   "usr/share/misc/"

static const char pnp_ids[] = "AAA\tAvolites Ltd\n"
			      "DEL\tDell Inc.\n"
			      "HWP\tHewlett Packard\n"
			      "INL\tInnoLux Display Corporation\n";
static const char oui_txt[] =
	"OUI/MA-L                                                    Organization                                 \r\n"
	"company_id                                                  Organization                                 \r\n"
	"                                                            Address                                      \r\n"
	"\r\n"
	"00-22-72   (hex)\t\tAmerican Micro-Fuel Device Corp.\r\n"
	"002272     (base 16)\t\tAmerican Micro-Fuel Device Corp.\r\n"
	"\t\t\t\t2181 Buchanan Loop\r\n"
	"\t\t\t\tFerndale  WA  98248\r\n"
	"\t\t\t\tUS\r\n"
	"\r\n"
	"00-E0-FC   (hex)\t\tHUAWEI TECHNOLOGIES CO.,LTD\r\n"
	"00E0FC     (base 16)\t\tHUAWEI TECHNOLOGIES CO.,LTD\r\n"
	"\t\t\t\tSHENZHEN 518057    12345\r\n"
	"\r\n";
static const char mam_txt[] =
	"74-1A-E0   (hex)\t\tPrivate\r\n"
	"900000-9FFFFF     (base 16)\t\tPrivate\r\n"
	"\r\n"
	"20-85-93   (hex)\t\tIOG Products LLC\r\n"
	"B00000-BFFFFF     (base 16)\t\tIOG Products LLC\r\n";
static const char oui36_txt[] =
	"70-B3-D5   (hex)\t\tTELEPLATFORMS\r\n"
	"F2F000-F2FFFF     (base 16)\t\tTELEPLATFORMS\r\n"
	"70-B3-D5   (hex)\t\t2M Technology\r\n"
	"719000-719FFF     (base 16)\t\t2M Technology\r\n";
static const char iab_txt[] =
	"00-50-C2                      (hex)                         DEUTA-WERKE GmbH                             \r\n"
	"7D5000-7D5FFF                 (base 16)                     DEUTA-WERKE GmbH                             \r\n";
static const char pci_ids[] = "8086  Intel Corporation\n"
			      "\t10d3  82574L Gigabit Network Connection\n"
			      "8088  Beijing Wangxun Technology Co., Ltd.\n";

static struct crd_idlist *lists;

static void put(const char *name, const char *text)
{
	scratch_write(name, text, strlen(text));
}

static void open_lists(void)
{
	crd_idlist_free(&lists);
	lists = crd_idlist_new(scratch);
	assert_non_null(lists);
}

static int clean(void **state)
{
	crd_idlist_free(&lists);
	scratch_drop(NULL);
	return scratch_make(NULL);
}

static enum crd_named ask(const char *scheme, const char *value,
			  struct crd_buf *ret_name)
{
	struct crd_buf v = { (const uint8_t *)value, strlen(value) };

	return crd_idlist_named(scheme, v, ret_name, lists);
}

/* name NULL: the list does not have it. */
static void expect(const char *scheme, const char *value, const char *name)
{
	struct crd_buf found = { NULL, 0 };
	enum crd_named named = ask(scheme, value, &found);

	if (named != (name ? CRD_NAMED : CRD_NAMED_NOT) ||
	    (name && (found.len != strlen(name) ||
		      memcmp(found.ptr, name, found.len) != 0)))
		fail_msg("%s:%s: %d '%.*s'", scheme, value, named,
			 (int)found.len, found.ptr ? (char *)found.ptr : "");
}

static void expect_no_list(const char *scheme, const char *value)
{
	struct crd_buf found;

	if (ask(scheme, value, &found) != CRD_NAMED_NO_LIST)
		fail_msg("%s:%s", scheme, value);
}

static void test_lacking(void **state)
{
	open_lists();
	assert_string_equal(crd_idlist_missing(lists), ""); /* none was asked */
	expect_no_list("jedec", "1:ce");
	expect_no_list("", "");
	assert_string_equal(crd_idlist_missing(lists), "");
	expect_no_list("pnp", "DEL");
	assert_string_equal(crd_idlist_missing(lists), "pnp.ids");
	expect_no_list("oui", "00e0fc");
	expect_no_list("usb", "8086");
	expect_no_list("pci", "8086");
	assert_string_equal(crd_idlist_missing(lists),
			    "pci.ids, usb.ids, pnp.ids, oui.txt");
	crd_idlist_free(&lists);
	lists = crd_idlist_new(scratch_path("void")); /* no such folder */
	assert_non_null(lists);
	expect_no_list("pnp", "DEL");
	expect_no_list("pci", "8086");
	crd_idlist_free(&lists);
	crd_idlist_free(&lists); /* nothing more */
}

/* What has no entry is no list. */
static void test_odd(void **state)
{
	static const char *const odd[] = {
		"",
		"\n\n\n",
		"DEL",
		"DEL\t",
		"DEL Dell Inc.\n",
		"DELL\tDell Inc.\n",
		"\tDell Inc.\n",
		"(base 16)",
		"(hex)(base 16)\n",
		"(hex)\n(base 16) a\n",
		"00E0FC     (base 16)\t\tno block before it\n",
		"00-E0-F    (hex)\t\tx\n00E0F     (base 16)\t\tx\n",
		"00-E0-FC   (hex)\t\tx\n",
		"00-E0-FC   (HEX)\t\tx\n00E0FC     (BASE 16)\t\tx\n",
	};
	size_t i;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		put(HWDATA "pnp.ids", odd[i]);
		put(IEEE "oui.txt", odd[i]);
		open_lists();
		expect_no_list("pnp", "DEL");
		expect_no_list("oui", "00e0fc");
		assert_string_equal(crd_idlist_missing(lists),
				    "pnp.ids, oui.txt");
	}
}

static void test_pnp(void **state)
{
	put(HWDATA "pnp.ids", pnp_ids);
	open_lists();
	expect("pnp", "AAA", "Avolites Ltd");
	expect("pnp", "INL", "InnoLux Display Corporation");
	expect("pnp", "HWP", "Hewlett Packard");
	expect("pnp", "AAB", NULL);
	expect("pnp", "del", NULL); /* who asks knows the case */
	expect("pnp", "DE", NULL);
	expect("pnp", "DELL", NULL);
	expect("pnp", "", NULL);
	expect("pnp", "DELDELDELDELDEL", NULL);
	expect("pnp", "Dell Inc.", NULL); /* that is for oui */
	assert_string_equal(crd_idlist_missing(lists), "");
}

static void test_oui(void **state)
{
	put(IEEE "oui.txt", oui_txt);
	put(IEEE "mam.txt", mam_txt);
	put(IEEE "oui36.txt", oui36_txt);
	put(IEEE "iab.txt", iab_txt);
	open_lists();
	expect("oui", "002272", "American Micro-Fuel Device Corp.");
	expect("oui", "00e0fc", "HUAWEI TECHNOLOGIES CO.,LTD");
	expect("oui", "00e0fd", NULL);
	/* a block that is divided has no owner but of its parts */
	expect("oui", "741ae0", NULL);
	expect("oui", "741ae09", "Private");
	expect("oui", "741ae08", NULL);
	expect("oui", "208593b", "IOG Products LLC");
	expect("oui", "70b3d5f2f", "TELEPLATFORMS");
	expect("oui", "70b3d5719", "2M Technology");
	expect("oui", "70b3d5718", NULL);
	expect("oui", "70b3d57", NULL);
	expect("oui", "0050c27d5", "DEUTA-WERKE GmbH");
	/* who asks in capitals asks for a prefix that is not there */
	expect("oui", "00E0FC", NULL);
	expect("oui", "00e0f", NULL);
	expect("oui", "", NULL);
	assert_string_equal(crd_idlist_missing(lists), "");
}

static void test_companies(void **state)
{
	char name[300];

	put(IEEE "oui.txt", oui_txt);
	put(IEEE "oui36.txt", "70-B3-D5   (hex)\t\tACME M LTD\r\n"
			      "F2F000-F2FFFF     (base 16)\t\tACME M LTD\r\n");
	open_lists();
	expect("oui", "HUAWEI TECHNOLOGIES CO.,LTD",
	       "HUAWEI TECHNOLOGIES CO.,LTD");
	/* the list has it without, and the answer is what was asked for */
	expect("oui", "ACME \"M\" LTD", "ACME \"M\" LTD");
	expect("oui", "HUAWEI TECHNOLOGIES CO.,LT", NULL);
	expect("oui", "HUAWEI TECHNOLOGIES CO.,LTD ", NULL);
	expect("oui", "Huawei Technologies Co.,Ltd", NULL);
	expect("oui", "SHENZHEN 518057    12345", NULL); /* an address */
	expect("oui", "12345", NULL); /* too short for a prefix */
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	expect("oui", name, NULL);
	name[256] = '\0';
	expect("oui", name, NULL);
}

/* The lists of divided blocks are not everywhere; the main one has to be. */
static void test_parts(void **state)
{
	put(IEEE "mam.txt", mam_txt);
	open_lists();
	expect_no_list("oui", "741ae09");
	assert_string_equal(crd_idlist_missing(lists), "oui.txt");
	put(IEEE "oui.txt", oui_txt);
	open_lists();
	expect("oui", "741ae09", "Private");
	expect("oui", "70b3d5f2f", NULL);
	expect("oui", "00e0fc", "HUAWEI TECHNOLOGIES CO.,LTD");
}

/* The first folder that has a list, not all of them together. */
static void test_folders(void **state)
{
	put(MISC "pnp.ids", "DEL\tmisc\nINL\tmisc\n");
	open_lists();
	expect("pnp", "DEL", "misc");
	put(IEEE "pnp.ids", "DEL\tieee-data\n");
	open_lists();
	expect("pnp", "DEL", "ieee-data");
	put(HWDATA "pnp.ids", "DEL\thwdata\n");
	open_lists();
	expect("pnp", "DEL", "hwdata");
	expect("pnp", "INL", NULL);
	/* read once: what changes meanwhile does not count */
	put(HWDATA "pnp.ids", "DEL\tanother\n");
	expect("pnp", "DEL", "hwdata");
}

static void test_numbers(void **state)
{
	put(MISC "pci.ids", pci_ids);
	put(HWDATA "usb.ids", "0951  Kingston Technology\n");
	open_lists();
	expect("pci", "8086", "Intel Corporation");
	expect("pci", "8088", "Beijing Wangxun Technology Co., Ltd.");
	expect("pci", "8087", NULL);
	expect("pci", "10d3", NULL); /* a device */
	expect("usb", "0951", "Kingston Technology");
	expect("usb", "8086", NULL);
	expect("pci", "", NULL);
	expect("pci", "808", NULL);
	expect("pci", "80866", NULL);
	expect("pci", "808g", NULL);
	expect("pci", " 808", NULL);
	expect("pci", "-001", NULL);
	expect("pci", "0x80", NULL);
	assert_string_equal(crd_idlist_missing(lists), "");
}

/* Cut anywhere: a name or the beginning of one, and nothing behind the end. */
static void test_cut(void **state)
{
	struct crd_buf found;
	size_t len;

	for (len = 0; len <= strlen(oui36_txt); len++) {
		put(IEEE "oui.txt", oui_txt);
		scratch_write(IEEE "oui36.txt", oui36_txt, len);
		scratch_write(HWDATA "pnp.ids", pnp_ids,
			      len < strlen(pnp_ids) ? len : strlen(pnp_ids));
		open_lists();
		expect("oui", "00e0fc", "HUAWEI TECHNOLOGIES CO.,LTD");
		if (ask("oui", "70b3d5719", &found) == CRD_NAMED)
			assert_memory_equal(found.ptr, "2M Technology",
					    found.len);
		if (ask("pnp", "INL", &found) == CRD_NAMED)
			assert_memory_equal(found.ptr,
					    "InnoLux Display Corporation",
					    found.len);
		if (len > strlen("AAA\tAvolites Ltd"))
			expect("pnp", "AAA", "Avolites Ltd");
	}
}

/* Over the limit a list is as if it were not there; at the limit it is read. */
static void test_too_long(void **state)
{
	enum { MAX = 1 << 20, LINE = 6 };
	char *text = malloc((size_t)(MAX + 1) * LINE);
	size_t i;

	assert_non_null(text);
	for (i = 0; i <= MAX; i++)
		memcpy(text + i * LINE, i ? "DEL\ty\n" : "AAA\tx\n", LINE);
	scratch_write(HWDATA "pnp.ids", text, (size_t)MAX * LINE);
	open_lists();
	expect("pnp", "AAA", "x");
	scratch_write(HWDATA "pnp.ids", text, (size_t)(MAX + 1) * LINE);
	open_lists();
	expect_no_list("pnp", "AAA");
	assert_string_equal(crd_idlist_missing(lists), "pnp.ids");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_lacking, clean),
		cmocka_unit_test_teardown(test_odd, clean),
		cmocka_unit_test_teardown(test_pnp, clean),
		cmocka_unit_test_teardown(test_oui, clean),
		cmocka_unit_test_teardown(test_companies, clean),
		cmocka_unit_test_teardown(test_parts, clean),
		cmocka_unit_test_teardown(test_folders, clean),
		cmocka_unit_test_teardown(test_numbers, clean),
		cmocka_unit_test_teardown(test_cut, clean),
		cmocka_unit_test_teardown(test_too_long, clean),
	};

	return cmocka_run_group_tests_name("idlist", tests, scratch_make,
					   scratch_drop);
}
