/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bid_sheet - CSV as spreadsheets write it, row by row: lines ended by CR, LF
 * or both, quoted fields over several lines, texts kept as texts by ="0012".
 * The strict tables of the registry are table.c's.
 */
#ifndef CRD_BID_SHEET_H
#define CRD_BID_SHEET_H

#include "bid_private.h"

enum { CRD_SHEET_COLUMNS = 64 };

struct crd_sheet {
	struct crd_bid_reader *r; /* its line is that of the row */
	struct crd_buf left;
	char separator;
	unsigned int next_line;
	uint8_t *room; /* unquoted texts of the row: as long as all that is left */
	size_t used;
	struct crd_buf field[CRD_SHEET_COLUMNS]; /* trimmed */
	size_t n_fields;
};

/* All of it, once: UTF-8 without control characters. */
int crd_sheet_check(struct crd_bid_reader *r, struct crd_buf bytes);
/* The next row; there is one while something is left. */
int crd_sheet_row(struct crd_sheet *s);
/* "sep=;" on a line of its own, which only spreadsheets know. */
bool crd_sheet_take_sep(struct crd_sheet *s);

static inline bool crd_sheet_is_empty(const struct crd_sheet *s)
{
	size_t i;

	for (i = 0; i < s->n_fields; i++) {
		if (s->field[i].len)
			return false;
	}
	return true;
}

#endif /* CRD_BID_SHEET_H */
