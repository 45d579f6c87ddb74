/* SPDX-License-Identifier: Apache-2.0 */
/* The text of an inventory, in its two files. */
#ifndef CRD_INVENTORY_TEXT_H
#define CRD_INVENTORY_TEXT_H

#include "page.h"

struct crd_inv_text {
	const struct crd_show *show;
	struct crd_page page;
	crd_put_fn put;
	void *ctx;
	size_t shown[CRD_KIND_MAX];
	uint8_t *counted; /* by entry */
};

/* inventory_text.c */
void crd_inv_indent(struct crd_inv_text *t, unsigned int columns);
void crd_inv_heading(struct crd_inv_text *t, const char *text);
/* One thing: what it is, its id, then vendor, jurisdictions, grade, lists. */
void crd_inv_row(struct crd_inv_text *t, unsigned int indent, const char *what,
		 const char *id, const struct crd_component *c);
void crd_inv_count(struct crd_inv_text *t, const struct crd_component *c);
/* A line about it, emptied; none if it is empty. */
void crd_inv_detail(struct crd_inv_text *t, unsigned int indent,
		    enum crd_colour colour, struct crd_str *text);
/* " sha256:0123456789abcdef", its beginning */
void crd_inv_digest(struct crd_str *str, const struct crd_digest *digest);
int crd_inv_flush(struct crd_inv_text *t);

/* inventory_text_more.c */
void crd_inv_platform(struct crd_inv_text *t, const struct crd_component *c);
int crd_inv_contradictions(struct crd_inv_text *t);
/* How many there are, and what was not seen. */
int crd_inv_foot(struct crd_inv_text *t);

#endif /* CRD_INVENTORY_TEXT_H */
