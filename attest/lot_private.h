/* SPDX-License-Identifier: Apache-2.0 */
/* A lot from inside, for who tells of it. */
#ifndef CRD_LOT_PRIVATE_H
#define CRD_LOT_PRIVATE_H

#include "thing.h"

/* One machine: what it is made of, and with the places where that sits. */
struct crd_lot_row {
	struct crd_tag made_of, placed, evidence;
	uint32_t name;
	uint32_t config; /* once settled */
};

/* What no two machines should share. */
enum crd_mark { CRD_MARK_EVIDENCE, CRD_MARK_KEY, CRD_MARK_SERIAL };

struct crd_lot_mark {
	struct crd_tag tag;
	uint32_t row;
	uint8_t kind; /* enum crd_mark */
};

/* Rows that are alike in all, places included. */
struct crd_lot_config {
	uint32_t first, n; /* in rows */
	uint32_t name;	   /* the lowest of them */
	bool alike;	   /* to the reference, but for places */
	bool is_reference;
	struct crd_diff *diff; /* NULL: not looked at */
};

/* A mark that several bear. */
struct crd_lot_twin {
	uint32_t first, n; /* in marks */
	uint32_t name;	   /* the lowest that bears it */
	bool common;	   /* half of the lot has it: it tells nothing */
	char *label;	   /* "memory module X: serial number Y" */
};

struct crd_lot_left_out {
	uint32_t name;
	bool malformed;
	enum crd_reason reason;
	char *why;
};

struct crd_lot {
	struct crd_lot_row *rows;
	size_t n_rows, rows_cap;
	struct crd_lot_mark *marks;
	size_t n_marks, marks_cap;
	struct crd_lot_left_out *left_out;
	size_t n_left_out, left_out_cap;
	bool has_reference, settled;
	struct crd_lot_row reference;
	/* once settled, in the order of names */
	struct crd_lot_config *configs;
	size_t n_configs;
	struct crd_lot_twin *twins;
	size_t n_twins, more_twins;
	size_t n_made_of; /* distinct, but for places */
	size_t next_config, next_twin;
};

int crd_tag_order(const void *a, const void *b); /* of struct crd_tag */

/* The row's name, of a mark. */
static inline uint32_t crd_mark_name(const struct crd_lot *lot,
				     const struct crd_lot_mark *mark)
{
	return lot->rows[mark->row].name;
}

#endif /* CRD_LOT_PRIVATE_H */
