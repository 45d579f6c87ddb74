/* SPDX-License-Identifier: Apache-2.0 */
/* static checks from inside: conditions as they were written. */
#ifndef CRD_POLICY_STATIC_H
#define CRD_POLICY_STATIC_H

#include "appraise_private.h"

/* policy_imply.c: the conditions of a rule or a waiver. */
struct crd_asks {
	const struct crd_yaml *yaml;
	const struct crd_node *when; /* a map */
	bool benefit;		     /* as in crd_matcher_holds() */
	unsigned int kinds;	     /* bits: that can meet them; 0: none */
};

/* Those under that key of the map, which there is. */
struct crd_asks crd_asks_of(const struct crd_policy *policy, uint8_t file,
			    const struct crd_node *map, const char *key,
			    bool benefit);
/* Does b hold for every component for which a holds? False: cannot tell. */
bool crd_asks_cover(const struct crd_asks *b, const struct crd_asks *a);
/* Is there no component for which both hold? False: cannot tell. */
bool crd_asks_exclude(const struct crd_asks *a, const struct crd_asks *b);
/*
 * Has a all keys of b, and values in common with it in each? May both hold, as
 * far as can be told? Not sound, but for what is told for information.
 */
bool crd_asks_touch(const struct crd_asks *a, const struct crd_asks *b);

/* policy_languages.c: texts that are not there in a language of others. */
struct crd_lack {
	const char *language;
	size_t n;
	const char *named;	     /* "because of rule 'a', ..." */
	const struct crd_node *node; /* the first of them */
	uint8_t file;
};

typedef int (*crd_lack_fn)(const struct crd_lack *lack, void *ctx);
/* Calls fn for each language, until it returns other than 0; that, -ENOMEM. */
int crd_policy_lacks(const struct crd_policy *policy, crd_lack_fn fn,
		     void *ctx);

#endif /* CRD_POLICY_STATIC_H */
