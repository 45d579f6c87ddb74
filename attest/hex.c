// SPDX-License-Identifier: Apache-2.0
/* Hexadecimal digits. */
#include "hex.h"

int crd_hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int crd_hex_any_digit(uint8_t c)
{
	return crd_hex_digit(c >= 'A' && c <= 'F' ? c | 0x20 : c);
}

bool crd_is_hex(struct crd_buf text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (crd_hex_digit(text.ptr[i]) < 0)
			return false;
	}
	return true;
}

bool crd_hex_read(struct crd_buf text, int (*digit)(uint8_t c),
		  uint8_t *ret_bytes)
{
	int high, low;
	size_t i;

	for (i = 0; i < text.len / 2; i++) {
		high = digit(text.ptr[2 * i]);
		low = digit(text.ptr[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		ret_bytes[i] = (uint8_t)(high << 4 | low);
	}
	return text.len % 2 == 0;
}
