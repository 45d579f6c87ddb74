// SPDX-License-Identifier: Apache-2.0
/*
 * In which languages a policy speaks: where some of its texts are in a language
 * and others are not, a report in that language is half in another one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_static.h"

/* More are not looked at; texts have no more than these each. */
struct languages {
	const char *tags[POL_MAX_LANGUAGES];
	size_t n;
};

enum { MAX_NAMED = 3 }; /* of those that lack one */

struct asking {
	const struct crd_policy *policy;
	struct languages used;
	const char *language; /* NULL: only look what languages there are */
	struct crd_lack lack;
	struct crd_str named;
};

/* Whose texts they are. */
struct place {
	const char *kind, *id;
	uint8_t file;
	const struct crd_node *node;
};

static void note_languages(struct asking *a, struct crd_texts texts)
{
	const struct crd_wording *w = a->policy->wordings + texts.first;
	struct languages *used = &a->used;
	uint32_t i;
	size_t k;

	for (i = 0; i < texts.n; i++) {
		for (k = 0; k < used->n; k++) {
			if (!strcmp(used->tags[k], w[i].language))
				break;
		}
		if (k == used->n && k < POL_MAX_LANGUAGES)
			used->tags[used->n++] = w[i].language;
	}
}

/* One text, as `because` of a rule. */
static void look(struct asking *a, const char *what, struct place of,
		 struct crd_texts texts)
{
	if (!a->language) {
		note_languages(a, texts);
		return;
	}
	if (!texts.n || crd_texts_has(a->policy, texts, a->language))
		return;
	if (!a->lack.n++) {
		a->lack.file = of.file;
		a->lack.node = of.node;
	}
	if (a->lack.n <= MAX_NAMED)
		crd_str_fmt(&a->named, "%s%s of %s '%s'",
			    a->named.len ? ", " : "", what, of.kind, of.id);
}

static void look_at_all(struct asking *a)
{
	const struct crd_policy *p = a->policy;
	size_t i;

	for (i = 0; i < p->n_rules; i++) {
		const struct crd_rule *r = &p->rules[i];
		struct place of = { "rule", r->id, r->file, r->node };

		look(a, "because", of, r->because);
		look(a, "advice", of, r->advice);
	}
	for (i = 0; i < p->n_presence; i++) {
		const struct crd_presence *c = &p->presence[i];
		struct place of = { "presence", c->id, c->file, c->node };

		look(a, "because", of, c->because);
		look(a, "advice", of, c->advice);
	}
	for (i = 0; i < p->n_waivers; i++) {
		const struct crd_waiver *w = &p->waivers[i];
		struct place of = { "waiver", w->id, w->file, w->node };

		look(a, "because", of, w->because);
	}
}

/* Texts that are not there in that one. */
static int look_for(struct asking *a, const char *language, crd_lack_fn fn,
		    void *ctx)
{
	int ret = 0;

	a->language = language;
	a->lack = (struct crd_lack){ .language = language };
	look_at_all(a);
	if (a->lack.n > MAX_NAMED)
		crd_str_fmt(&a->named, " and %zu more", a->lack.n - MAX_NAMED);
	a->lack.named = a->named.ptr;
	if (a->named.failed)
		ret = -ENOMEM;
	else if (a->lack.n)
		ret = fn(&a->lack, ctx);
	crd_str_done(&a->named);
	a->named = (struct crd_str){ 0 };
	return ret;
}

int crd_policy_lacks(const struct crd_policy *policy, crd_lack_fn fn, void *ctx)
{
	struct asking a = { .policy = policy };
	size_t i;
	int ret = 0;

	look_at_all(&a);
	for (i = 0; !ret && a.used.n > 1 && i < a.used.n; i++)
		ret = look_for(&a, a.used.tags[i], fn, ctx);
	return ret;
}

bool crd_policy_speaks(const struct crd_policy *policy, const char *language)
{
	struct asking a = { .policy = policy };
	size_t len = strlen(language), i, n;

	look_at_all(&a);
	/* there is no telling what more than that many are */
	for (i = 0; i < a.used.n && a.used.n < POL_MAX_LANGUAGES; i++) {
		n = strlen(a.used.tags[i]);
		if (n <= len && !memcmp(a.used.tags[i], language, n) &&
		    (!language[n] || language[n] == '-'))
			return true;
	}
	return a.used.n == POL_MAX_LANGUAGES;
}
