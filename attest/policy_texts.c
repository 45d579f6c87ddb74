// SPDX-License-Identifier: Apache-2.0
/*
 * Texts for people, in one or more languages. Which languages they are is
 * said by tags of BCP 47 (RFC 5646): language, script and region, spelt as
 * section 2.1.1 recommends, so that one language has one tag. A text is looked
 * up as RFC 4647, section 3.4 has it, and there always is one: that in the
 * language of the file.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_private.h"

static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char digits[] = "0123456789";

/* Is it n characters, all of that set? */
static bool all_of(const char *at, size_t len, size_t n, const char *set)
{
	return len == n && strspn(at, set) >= n;
}

static bool is_script(const char *at, size_t len)
{
	return len == 4 && strchr(upper, at[0]) && strspn(at + 1, lower) >= 3;
}

static bool is_region(const char *at, size_t len)
{
	return all_of(at, len, 2, upper) || all_of(at, len, 3, digits);
}

static bool is_language(const char *tag)
{
	size_t len = strcspn(tag, "-");

	if (!all_of(tag, len, 2, lower) && !all_of(tag, len, 3, lower))
		return false;
	tag += len;
	len = *tag ? strcspn(tag + 1, "-") : 0;
	if (len && is_script(tag + 1, len)) {
		tag += 1 + len;
		len = *tag ? strcspn(tag + 1, "-") : 0;
	}
	if (len && is_region(tag + 1, len))
		tag += 1 + len;
	return !*tag;
}

bool crd_language_valid(const char *tag)
{
	return strlen(tag) <= POL_MAX_LANGUAGE && is_language(tag);
}

static int tag_fail(const struct crd_load *l, const struct crd_node *node)
{
	return crd_node_fail(
		l, node,
		"'%.40s' is not the tag of a language, such as en, fr, pt-BR or zh-Hant",
		node->text);
}

int crd_want_language(const struct crd_load *l, const struct crd_node *node,
		      const char *what, const char **ret_tag)
{
	int ret = crd_want_text(l, node, what, ret_tag);

	if (!ret && !crd_language_valid(*ret_tag))
		ret = tag_fail(l, node);
	return ret;
}

static int add_wording(struct crd_policy *p, struct crd_texts *texts,
		       const char *language, const char *text)
{
	struct crd_wording *more;

	/* full when it is empty, or at a power of two */
	if (!(p->n_wordings & (p->n_wordings - 1))) {
		more = realloc(p->wordings,
			       (p->n_wordings ? 2 * p->n_wordings : 1) *
				       sizeof(*more));
		if (!more)
			return -ENOMEM;
		p->wordings = more;
	}
	p->wordings[p->n_wordings++] = (struct crd_wording){ language, text };
	texts->n++;
	return 0;
}

/* The file's own language goes first: it is the last resort. */
static void put_first(struct crd_wording *words, uint32_t n,
		      const char *language)
{
	struct crd_wording own;
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(words[i].language, language))
			continue;
		own = words[i];
		memmove(words + 1, words, i * sizeof(*words));
		words[0] = own;
		return;
	}
}

static int load_map(const struct crd_load *l, const struct crd_node *node,
		    const char *what, struct crd_texts *texts)
{
	struct crd_policy *p = l->policy;
	const struct crd_node *c, *key;
	const char *text;
	bool own = false;
	int ret = 0;

	if (node->n_children > POL_MAX_LANGUAGES)
		return crd_node_fail(l, node, "%s is in more than %d languages",
				     what, POL_MAX_LANGUAGES);
	for (c = crd_node_first(l->yaml, node); c;
	     c = crd_node_next(l->yaml, c)) {
		key = &l->yaml->nodes[c->key];
		if (!crd_language_valid(key->text))
			return tag_fail(l, key);
		ret = crd_want_text(l, c, what, &text);
		if (!ret)
			ret = add_wording(p, texts, key->text, text);
		if (ret)
			return ret;
		own |= !strcmp(key->text, l->language);
	}
	if (!own)
		return crd_node_fail(
			l, node,
			"%s is not there in '%s', the language of this file",
			what, l->language);
	put_first(p->wordings + texts->first, texts->n, l->language);
	return 0;
}

int crd_texts_load(const struct crd_load *l, const struct crd_node *node,
		   const char *what, struct crd_texts *ret_texts)
{
	struct crd_texts texts = { (uint32_t)l->policy->n_wordings, 0 };
	const char *text;
	int ret;

	if (node->type == CRD_NODE_MAP) {
		ret = load_map(l, node, what, &texts);
	} else {
		ret = crd_want_text(l, node, what, &text);
		if (!ret)
			ret = add_wording(l->policy, &texts, l->language, text);
	}
	if (!ret)
		*ret_texts = texts;
	return ret;
}

static const char *find(const struct crd_wording *words, uint32_t n,
			const char *tag, size_t len)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (strlen(words[i].language) == len &&
		    !memcmp(words[i].language, tag, len))
			return words[i].text;
	}
	return NULL;
}

/* In that language, or in a broader one. */
static const char *look_up(const struct crd_policy *policy,
			   struct crd_texts texts, const char *language)
{
	const struct crd_wording *words = policy->wordings + texts.first;
	const char *text = NULL;
	size_t len;

	for (len = strlen(language); len && !text; len--) {
		if (!language[len] || language[len] == '-')
			text = find(words, texts.n, language, len);
	}
	return text;
}

bool crd_texts_has(const struct crd_policy *policy, struct crd_texts texts,
		   const char *language)
{
	return look_up(policy, texts, language) != NULL;
}

const char *crd_texts_in(const struct crd_policy *policy,
			 struct crd_texts texts, const char *language)
{
	const char *text;

	if (!texts.n)
		return NULL;
	text = look_up(policy, texts, language ? language : policy->language);
	return text ? text : policy->wordings[texts.first].text;
}
