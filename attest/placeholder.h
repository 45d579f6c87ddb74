/* SPDX-License-Identifier: Apache-2.0 */
/* placeholder.c from inside: of a text that was made into words before. */
#ifndef CRD_PLACEHOLDER_H
#define CRD_PLACEHOLDER_H

#include "maker.h"
#include "words.h"

/* As crd_is_placeholder(). words: of text, by case. */
bool crd_words_fill(struct crd_buf text, const struct crd_words *words);
/* Only numbers and kinds of machine ("Notebook", "Mini PC"), which as the name
 * of a maker is that of nobody.
 */
bool crd_words_nobody(const struct crd_words *words);

#endif /* CRD_PLACEHOLDER_H */
