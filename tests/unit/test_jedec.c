// SPDX-License-Identifier: Apache-2.0
/* JEDEC codes in the spellings of SMBIOS type 17. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "attest/maker.h"

static struct crd_buf buf(const char *text)
{
	return (struct crd_buf){ (const uint8_t *)text, strlen(text) };
}

static const char *const nots[] = {
	/* names, numbers, halves of codes */
	"Samsung",
	"Kingston",
	"NotSpecified",
	"8",
	"80C",
	"80CE0",
	"80CG",
	"0x8",
	"80 C E",
	"80  CE",
	"80CE ",
	"80-CE",
	"JEDEC 80CE",
	"JEDECID:80CE",
	"Unknown - [0x9B85",
	"Unknown - [0x9B8]",
	"Unknown - 9B85",
	"Unknown (9b05",
	"Unknown (9b0)",
	"Unknown ID:9B05",
	/* two bytes are what these marks are around */
	"Unknown - [0x9B8500]",
	"Unknown (9b)",
	"Unknown ID:0x80CE000080CE",
	/* more than eight bytes: the text of a part number */
	"0x4D342037305432383634415A332D43443520",
	"80CE000080CE000080CE",
	/* nibbles that came out wrong */
	"04=>",
	"859<",
	"029?",
	"Bank 6, Hex 9B",
	"Bank , Hex 0x9B",
	"Bank 0, Hex 0x9B",
	"Bank 6 Hex 0x9B",
	"Bank 6, Hex 0x9B ",
	"Bank 6, Hex 0x9BCE",
	"Bank 19, Hex 0x9B",
	"Bank 4294967302, Hex 0x9B",
	"Bank 6, Hex 0x9A", /* parity */
	"Bank: 0xE",
};

static const char *const empties[] = {
	"",
	"0x",
	"JEDEC ID:",
	"jedec id:",
	"00",
	"0000",
	"0x0000",
	"FFFF",
	"000000000000",
	"FFFFFFFFFFFFFFFF",
	"JEDEC ID:00 00 00 00 00 00 00 00",
	"Unknown ID:0x0000",
	"Unknown - [0x0000]",
	"FFFF000000000000",
};

static const char *const unclear[] = {
	/* one byte has no bank */
	"CE",
	"0x2C",
	"51",
	/* neither order has a code with its parity */
	"1234",
	"802D",
	"00CF",
	"4EA5",
	/* banks that there are none of */
	"93CE",
	"13CE",
	"7F7F7F7F7F7F7F7F",
	/* 0 and 0x7f name nobody, with or without parity */
	"8080",
	"807F",
	"7F7F",
	"85FF",
	/* dates of production: year and week */
	"1315",
	"0715",
	"0807",
	"1302",
	"2651",
	"0032",
	"0080",
	/* the first must be the maker of the module */
	"0000000080AD",
	"000000B30000",
	"00CE00000A06",
	"019800000080",
	"163600000000",
	"2C80000080AD",
	/* a code, then a place, a date and a serial number */
	"JEDEC ID:2C 01 09 42 E4 10 AD 57",
	"JEDEC ID:98 04 11 28 39 15 29 0B",
	"0B1310516F701D13",
	/* zeros, then something */
	"00000000000000CE",
	"0098000000000000",
	"FFFFFFFFFFFFFF2C",
	"314F000000000000",
	/* one way round only, and no digit tells which */
	"9801" /* decimal: a number, not Kingston's code swapped */,
	"01020304",
	"20131502",
	"80CE12",
	"80CE0000CE",
	/* a number's bytes, count last: this is no code */
	"Unknown - [0x859B]",
	"Unknown (2d00)",
	"Unknown (8000)",
};

static const struct {
	const char *text;
	uint8_t bank, code;
} codes[] = {
	/* the count first, with parity or without */
	{ "80CE", 1, 0xce },
	{ "00CE", 1, 0xce },
	{ "80ce", 1, 0xce },
	{ "0x80CE", 1, 0xce },
	{ "0X80CE", 1, 0xce },
	{ "859B", 6, 0x9b },
	{ "059B", 6, 0x9b },
	{ "0198", 2, 0x98 },
	{ "0194", 2, 0x94 },
	{ "029E", 3, 0x9e },
	{ "04CB", 5, 0xcb },
	{ "830B", 4, 0x0b },
	{ "8502", 6, 0x02 },
	{ "8001", 1, 0x01 },
	{ "8C26", 13, 0x26 },
	{ "0B92", 12, 0x92 },
	{ "0443", 5, 0x43 }, /* no memory of 2004 has an SMBIOS like that */
	{ "0215", 3, 0x15 },
	{ "11AB", 18, 0xab },
	{ "7F98", 2, 0x98 },
	{ "01 98", 2, 0x98 },
	{ "JEDEC ID:80 AD", 1, 0xad },
	{ "JEDEC ID:04 43", 5, 0x43 },
	{ "JEDEC ID:07 07", 8, 0x07 }, /* marked: no date */
	{ "0x0702", 8, 0x02 },
	/* only the other order can be */
	{ "2C00", 1, 0x2c },
	{ "CE00", 1, 0xce },
	{ "0x2C00", 1, 0x2c },
	{ "0xAD00", 1, 0xad },
	{ "2C80", 1, 0x2c },
	{ "9E02", 3, 0x9e },
	{ "0x9801", 2, 0x98 },
	/* a number's bytes */
	{ "Unknown - [0x9B85]", 6, 0x9b },
	{ "UNKNOWN - [0x9b85]", 6, 0x9b },
	{ "Unknown - [0x0285]", 6, 0x02 },
	{ "Unknown - [0x0180]", 1, 0x01 },
	{ "Unknown ID:0x9B05", 6, 0x9b },
	{ "Unknown (9b05)", 6, 0x9b },
	{ "Unknown (0x9b05)", 6, 0x9b },
	{ "Unknown (f186)", 7, 0xf1 },
	/* with who made the chips, and the register between them */
	{ "80CE000080CE", 1, 0xce },
	{ "80AD000080AD", 1, 0xad },
	{ "01980000802C", 2, 0x98 },
	{ "80CE00000000", 1, 0xce },
	{ "00CE00B300CE", 1, 0xce },
	{ "00CE04B300CE", 1, 0xce },
	{ "00AD063200AD", 1, 0xad },
	{ "80AD808980AD", 1, 0xad },
	{ "80AD7FB380AD", 1, 0xad },
	{ "04CB000080AD", 5, 0xcb },
	/* two pairs, one way round or the other */
	{ "98010000", 2, 0x98 },
	{ "2C802C80", 1, 0x2c },
	{ "9B852C80", 6, 0x9b },
	{ "FE02FE02", 3, 0xfe },
	{ "80AD0000", 1, 0xad },
	/* one 7f for each bank */
	{ "CE00000000000000", 1, 0xce },
	{ "0xCE00000000000000", 1, 0xce },
	{ "2CFFFFFFFFFFFFFF", 1, 0x2c },
	{ "4000000000000000", 1, 0x40 },
	{ "7F98000000000000", 2, 0x98 },
	{ "7F980000000000", 2, 0x98 },
	{ "7F7F9E0000000000", 3, 0x9e },
	{ "7F7FFE0000000000", 3, 0xfe },
	{ "7F7F7F7F7F9B0000", 6, 0x9b },
	{ "7F7F7F7F7F7F7F02", 8, 0x02 },
	{ "7F7FBA00FFFFFFFF", 3, 0xba },
	{ "JEDEC ID:7F 7F 7F 0B 00 00 00 00", 4, 0x0b },
	{ "JEDEC ID:7F 7F 7F 7F 7F 9B FF FF", 6, 0x9b },
	{ "JEDEC ID:CE 00 00 00 00 00 00 00", 1, 0xce },
	/* a pair in a long field */
	{ "CE80000000000000", 1, 0xce },
	{ "FE02000000000000", 3, 0xfe },
	{ "0198000000000000", 2, 0x98 },
	{ "8001000000000000", 1, 0x01 },
	/* as the table is printed */
	{ "Bank 6, Hex 0x9B", 6, 0x9b },
	{ "bank 1, hex 0xce", 1, 0xce },
	{ "Bank 18, Hex 0xAB", 18, 0xab },
};

static void expect(const char *text, enum crd_jedec_form want)
{
	struct crd_jedec code;
	enum crd_jedec_form got = crd_jedec_parse(buf(text), &code);

	if (got != want)
		fail_msg("'%s': %d, not %d", text, got, want);
}

static void test_nots(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(nots) / sizeof(nots[0]); i++)
		expect(nots[i], CRD_JEDEC_NOT);
}

static void test_empties(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(empties) / sizeof(empties[0]); i++)
		expect(empties[i], CRD_JEDEC_EMPTY);
}

static void test_unclear(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(unclear) / sizeof(unclear[0]); i++)
		expect(unclear[i], CRD_JEDEC_UNCLEAR);
}

static void test_codes(void **state)
{
	struct crd_jedec c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		expect(codes[i].text, CRD_JEDEC_CODE);
		crd_jedec_parse(buf(codes[i].text), &c);
		if (c.bank != codes[i].bank || c.code != codes[i].code)
			fail_msg("'%s': %u:%02x, not %u:%02x", codes[i].text,
				 c.bank, c.code, codes[i].bank, codes[i].code);
	}
}

/* Every pair of bytes: a code has odd parity and a bank that there is. */
static void test_all_pairs(void **state)
{
	struct crd_jedec c;
	char text[8];
	unsigned int i, n = 0;

	(void)state;
	for (i = 0; i < 0x10000; i++) {
		snprintf(text, sizeof(text), "0x%04X", i);
		if (crd_jedec_parse(buf(text), &c) != CRD_JEDEC_CODE)
			continue;
		n++;
		assert_in_range(c.bank, 1, 18);
		assert_true(__builtin_parity(c.code));
		assert_int_not_equal(c.code & 0x7f, 0);
		assert_int_not_equal(c.code & 0x7f, 0x7f);
		/* one of the two bytes is the code */
		assert_true(c.code == i >> 8 || c.code == (i & 0xff));
	}
	/* 126 codes in 18 banks, some in either order and with or without
	 * parity of the count
	 */
	assert_true(n > 2 * 18 * 126 && n < 6 * 18 * 126);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nots),
		cmocka_unit_test(test_empties),
		cmocka_unit_test(test_unclear),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_all_pairs),
	};

	return cmocka_run_group_tests_name("jedec", tests, NULL, NULL);
}
