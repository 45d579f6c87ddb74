/* SPDX-License-Identifier: Apache-2.0 */
/* Changes in words and in JSON, for all who tell of them. */
#ifndef CRD_DIFF_SAY_H
#define CRD_DIFF_SAY_H

#include <jansson.h>

#include "compare.h"
#include "text_private.h"

/* A text of a detail, or its beginning. */
void crd_value_say(struct crd_str *str, const char *what, const char *text);
void crd_change_say(struct crd_str *str, const struct crd_change *change);
/* "serial numbers (3), places (1)" */
void crd_tolerated_say(struct crd_str *str, const struct crd_tolerated *t,
		       size_t n);
json_t *crd_change_json(const struct crd_change *change, bool *ok);
json_t *crd_tolerated_json(const struct crd_tolerated *t, size_t n, bool *ok);
/* Takes the object over. */
int crd_json_text(json_t *object, bool ok, char **ret_text);

#endif /* CRD_DIFF_SAY_H */
