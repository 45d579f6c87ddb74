/* SPDX-License-Identifier: Apache-2.0 */
/* page - text for people: 80 columns, colour where it is wanted. */
#ifndef CRD_PAGE_H
#define CRD_PAGE_H

#include "text_private.h"

enum { CRD_PAGE_WIDTH = 80 };

enum crd_colour { PLAIN, BOLD, DIM, RED, GREEN, YELLOW };

struct crd_page {
	struct crd_str str;
	bool colour;
};

void crd_page_put(struct crd_page *p, enum crd_colour colour, const char *text);
/* The same around what is added in between. */
void crd_page_begin(struct crd_page *p, enum crd_colour colour);
void crd_page_end(struct crd_page *p, enum crd_colour colour);
/* An empty line, then the text in bold. */
void crd_page_heading(struct crd_page *p, const char *text);
/* Flows text from column `at` on; later lines begin at `indent`. */
void crd_page_flow(struct crd_page *p, const char *text, size_t at,
		   size_t indent);
/* A cell of at most `width` columns, cut with "..", then blanks. */
void crd_page_cell(struct crd_page *p, enum crd_colour colour, const char *text,
		   size_t width);
/* Columns a text takes: one a character. */
size_t crd_page_columns(const char *text, size_t len);
/* Hands over what there is, so that no text is as long as an inventory. */
int crd_page_flush(struct crd_page *p, crd_put_fn put, void *ctx);

#endif /* CRD_PAGE_H */
