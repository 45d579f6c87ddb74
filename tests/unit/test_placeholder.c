// SPDX-License-Identifier: Apache-2.0
/* Texts that only fill a field, and texts that do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "attest/maker.h"

static const char *const placeholders[] = {
	"",
	" ",
	"   ",
	".",
	"--",
	"_",
	"...............................",
	"@",
	"To be filled by O.E.M.",
	"To Be Filled By O.E.M.",
	"TO BE FILLED BY O.E.M",
	"To be filled by OEM.",
	"To Be Filled By O.E.M. by More String",
	"To be Filled",
	"Default string",
	"Default String",
	"DEFAULT_STRING",
	"$(DEFAULT_STRING)",
	"Default",
	"OEM default string inject",
	"Default string be filled by O.E.M",
	"OEM Default string000",
	"Not Specified",
	"Not Available",
	"Not Applicable",
	"Not Installed",
	"Not Present",
	"Not Defined",
	"None",
	"none",
	"N/A",
	"n/a",
	"NA",
	"NULL",
	"Null",
	"nil",
	"Empty",
	"[Empty]",
	"Empty/NO DIMM",
	"NO DIMM",
	"No Enclosure",
	"Unknown",
	"UNKNOWN",
	"Unknow",
	"UnKnow",
	"Unkown",
	"Undefined",
	"Unde",
	"Undefi",
	"INVALID",
	"<BAD INDEX>",
	"<OUT OF SPEC>",
	"Other",
	"OEM",
	"O.E.M",
	"O.E.M.",
	"ODM",
	"System manufacturer",
	"System Manufacturer",
	"System Product Name",
	"System Version",
	"System Serial Number",
	"Chassis Serial Number",
	"Base Board Serial Number",
	"Chassis Manufacture",
	"Chassis Manufacturer",
	"OEM Chassis ManuFacturer",
	"Uknown Chassis Manufacture",
	"Battery Manufacturer",
	"Batt Manufacture",
	"Battery 1 Manufacturer",
	"Board Manufacturer",
	"Type2 - Board Vendor Name1",
	"Type2 - Board Manufacturer",
	"Manufacturer",
	"Manufacturer0",
	"Manufacturer15",
	"Manufacturer 0",
	"Mfg 1",
	"A1_Manufacturer1",
	"A1_PartNum1",
	"Array 1 Manufacturer 12",
	"Dimm0_Manufacturer",
	"DimmG2_Manufacturer",
	"DIMM3_CPU2_Manufacturer1",
	"ChannelD_Dimm2_Manufacturer",
	"MKF_SMBIOS_TYPE17_MANUFACTURER",
	"DmiChassisMfgName",
	"Asset Tag",
	"No Asset Tag",
	"0",
	"00",
	"0000",
	"0000000000000000",
	"00-00-00-00",
	"0x0000",
	"FFFF",
	"ffffffff",
	"FFFFFFFF-FFFF",
	"0xFFFF",
	"XXXXXXXX",
	"xxxx",
	"0123456789",
	"1234567890",
	"123456789",
	"MB-1234567890",
	"SSN12345678901234567",
	", Inc.",
	"-Virtual Battery 0-",
	"Intel SR 1",
	"JEDEC ID:",
};

static const char *const others[] = {
	/* names */
	"Intel",
	"Dell Inc.",
	"System76",
	"System76, Inc.",
	"Micro Memory Bank",
	"OEMTech",
	"Chassis Plans",
	"Battery Technology",
	"Unknown Worlds",
	"Nothing",
	"Nonesuch",
	"Emptyless",
	"Default Systems Inc",
	"IFF",
	/* serial numbers, tags, versions */
	"1",
	"12",
	"F",
	"FA",
	"007",
	"4711",
	"0001",
	"00010",
	"F0F0",
	"0F",
	"X1",
	"SN 4711",
	"SN-000123",
	"Serial 12345",
	"PC-01",
	"1.0",
	"A01",
	"DIMM",
	"DIMM 12",
	"Manufacturer 12345",
	"123456781",
	"R90ABCDE",
	"S3YJNX0K123456",
	"0xDEADBEEF",
	"99999999",
	/* look like one in other letters; they are said to be nobody's later */
	"Unkn\xd0\xbewn",
	"\xc3\xb8\xc3\xb8",
	/* of another encoding: who knows */
	"\xff\xfe",
	"Unknown\xe1",
};

static bool ask(const char *text)
{
	return crd_is_placeholder(
		(struct crd_buf){ (const uint8_t *)text, strlen(text) });
}

static void test_placeholders(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++) {
		if (!ask(placeholders[i]))
			fail_msg("'%s' is a placeholder", placeholders[i]);
	}
	assert_true(crd_is_placeholder((struct crd_buf){ NULL, 0 }));
}

static void test_others(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (ask(others[i]))
			fail_msg("'%s' is no placeholder", others[i]);
	}
}

/* Longer than any name. */
static void test_long(void **state)
{
	char text[600];
	size_t i;

	(void)state;
	memset(text, '0', sizeof(text));
	assert_true(crd_is_placeholder(
		(struct crd_buf){ (const uint8_t *)text, sizeof(text) }));
	text[599] = '1';
	assert_false(crd_is_placeholder(
		(struct crd_buf){ (const uint8_t *)text, sizeof(text) }));
	for (i = 0; i < sizeof(text); i++)
		text[i] = i % 2 ? ' ' : 'o';
	assert_false(crd_is_placeholder(
		(struct crd_buf){ (const uint8_t *)text, 255 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_placeholders),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests_name("placeholder", tests, NULL, NULL);
}
