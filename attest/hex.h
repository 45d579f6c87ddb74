/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hex - reading hexadecimal digits. What Credence writes has them in lower
 * case, and where two spellings would be two names, no other is taken; what
 * people and other programs write may have capitals.
 */
#ifndef CRD_HEX_H
#define CRD_HEX_H

#include <stdbool.h>
#include <stdint.h>

#include "attest.h"

/* The value of a digit in lower case; -1: it is none. */
int crd_hex_digit(uint8_t c);
/* In lower case or capitals. */
int crd_hex_any_digit(uint8_t c);
/* Nothing but digits in lower case? An empty text has no other. */
bool crd_is_hex(struct crd_buf text);
/*
 * text.len / 2 bytes, of two digits each, as one of the functions above takes
 * them. False: something else is there, and some bytes may be written.
 */
bool crd_hex_read(struct crd_buf text, int (*digit)(uint8_t c),
		  uint8_t *ret_bytes);

#endif /* CRD_HEX_H */
