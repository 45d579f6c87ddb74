// SPDX-License-Identifier: Apache-2.0
/*
 * Codes in place of a maker's name that only one company writes. Whose they are
 * stands in the registry under scheme form.
 */
#include "maker_private.h"

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* In capitals only. */
static bool is_code_digit(uint8_t c)
{
	return crd_hex_any_digit(c) >= 0 && !(c >= 'a');
}

static bool is_upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

/*
 * One to three digits, then one or two pairs of hexadecimal digits, then
 * perhaps "A", with a dash before each: "13-42", "131-42-6E", "333-54-5D-A".
 */
static bool is_hp_battery(struct crd_buf t)
{
	unsigned int pairs = 0;
	size_t i = 0;

	while (i < t.len && is_digit(t.ptr[i]))
		i++;
	if (!i || i > 3)
		return false;
	while (pairs < 2 && t.len - i >= 3 && t.ptr[i] == '-' &&
	       is_code_digit(t.ptr[i + 1]) && is_code_digit(t.ptr[i + 2])) {
		pairs++;
		i += 3;
	}
	if (pairs == 2 && t.len - i == 2 && t.ptr[i] == '-' &&
	    t.ptr[i + 1] == 'A')
		i += 2;
	return pairs && i == t.len;
}

/* "FRANBBATA112110259": a part's serial number, 18 characters. */
static bool is_framework_part(struct crd_buf t)
{
	size_t i;

	if (t.len != 18 || memcmp(t.ptr, "FRAN", 4) != 0)
		return false;
	for (i = 4; i < t.len; i++) {
		if (!is_upper(t.ptr[i]) && !is_digit(t.ptr[i]))
			return false;
	}
	return true;
}

/* "MS-7309", "MS-168A": what it calls a board or a notebook. */
static bool is_msi_model(struct crd_buf t)
{
	size_t i;

	if (t.len != 7 || memcmp(t.ptr, "MS-", 3) != 0)
		return false;
	for (i = 3; i < t.len; i++) {
		if (!is_upper(t.ptr[i]) && !is_digit(t.ptr[i]))
			return false;
	}
	return is_digit(t.ptr[5]) && (is_digit(t.ptr[3]) || t.ptr[3] == 'N');
}

/* Of structures from first to last. */
static const struct {
	const char *name;
	int first, last;
	bool (*matches)(struct crd_buf text);
} forms[] = {
	{ "framework-part", 22, 22, is_framework_part },
	{ "hp-battery", 22, 22, is_hp_battery },
	{ "msi-model", 0, 3, is_msi_model },
};

const char *crd_maker_form(int smbios_type, struct crd_buf text)
{
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (forms[i].first <= smbios_type &&
		    smbios_type <= forms[i].last && forms[i].matches(text))
			return forms[i].name;
	}
	return NULL;
}

bool crd_maker_is_form(struct crd_buf name)
{
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (crd_buf_equal(crd_buf_of(forms[i].name), name))
			return true;
	}
	return false;
}
