// SPDX-License-Identifier: Apache-2.0
/*
 * Whom a text of SMBIOS names. A row of the registry that is that text decides;
 * else the longest pattern of whole words; nothing is taken from a part of a
 * word, and nothing is guessed. A text that reads like a maker's name and is
 * written with other letters is that of nobody, and said to look like it.
 */
#include "maker_private.h"

#include <stdio.h>

#include "placeholder.h"

enum {
	MEMORY_DEVICE = 17,
	PORTABLE_BATTERY = 22,
};

static const char *check_pattern(struct crd_buf value)
{
	struct crd_words w;
	bool more;

	value = crd_pattern_words(value, &more);
	if (!crd_words_of(value, CRD_WORDS_CASE, &w) || !w.n || w.strange)
		return "is not made of words";
	if (w.len != value.len || memcmp(w.text, value.ptr, w.len) != 0)
		return "is not as words are compared: small letters and digits, one space between words, at the end perhaps ' *'";
	if (crd_words_fill(value, &w) || crd_words_nobody(&w))
		return "names nobody";
	if (!more && crd_words_name(&w) != w.n)
		return "ends with a legal form, which is left out of a pattern";
	return NULL;
}

static bool is_scope(struct crd_buf scheme, enum crd_maker_scope scope)
{
	return crd_buf_equal(scheme, crd_buf_of(crd_scope_names[scope]));
}

const char *crd_maker_check(struct crd_buf scheme, struct crd_buf value)
{
	if (is_scope(scheme, CRD_SCOPE_ALL) ||
	    is_scope(scheme, CRD_SCOPE_BATTERY) ||
	    is_scope(scheme, CRD_SCOPE_MEMORY))
		return check_pattern(value);
	if (crd_buf_equal(scheme, crd_buf_of("form")) &&
	    !crd_maker_is_form(value))
		return "is no form that is known";
	return NULL;
}

/* A question: words, and where they stand. */
struct ask {
	const struct crd_registry *reg;
	const struct crd_words *words;
	enum crd_words_fold fold;
	enum crd_maker_scope scope;    /* beside ALL */
	bool exact;		       /* only what stands under smbios */
	const struct crd_words *cased; /* the question by case alone */
};

/* Are these the first k words of the question? */
static bool has_words(const struct ask *ask, const struct crd_pattern *p,
		      unsigned int k)
{
	const struct crd_words *asked = ask->words;
	struct crd_words w;
	struct crd_row row;
	bool more;

	if (!crd_table_key(&ask->reg->identifiers_csv, p->row, 2, &row))
		return false;
	if (p->scope != CRD_SCOPE_EXACT)
		row.field[1] = crd_pattern_words(row.field[1], &more);
	return crd_words_of(row.field[1], ask->fold, &w) && w.n == k &&
	       w.len == asked->end[k - 1] &&
	       !memcmp(w.text, asked->text, w.len);
}

static bool may_match(const struct ask *ask, const struct crd_pattern *p,
		      bool whole)
{
	if (ask->exact)
		return whole && p->scope == CRD_SCOPE_EXACT;
	if (p->scope == CRD_SCOPE_EXACT)
		return whole && ask->fold != CRD_WORDS_CASE;
	return (whole || p->more) &&
	       (p->scope == CRD_SCOPE_ALL || p->scope == ask->scope);
}

/*
 * Of two that fit: one without a star, one of the narrower scope, the one that
 * stands first.
 */
static bool beats(const struct crd_pattern *p, const struct crd_pattern *best)
{
	if (!best)
		return true;
	if (p->more != best->more)
		return !p->more;
	if (p->scope != best->scope)
		return p->scope < best->scope;
	return p->row < best->row;
}

/* The same words, and not only the same looks. */
static bool same_letters(const struct ask *looked, const struct crd_pattern *p,
			 unsigned int k)
{
	struct ask ask = *looked;

	ask.words = looked->cased;
	ask.fold = CRD_WORDS_CASE;
	return !ask.words->strange && k <= ask.words->n &&
	       has_words(&ask, p, k);
}

static const struct crd_pattern *
find_words(const struct ask *ask, unsigned int k, bool whole, uint32_t hash)
{
	const struct crd_makers *m = ask->reg->makers;
	const struct crd_pattern *p, *best = NULL;

	for (p = crd_makers_first(m, hash); p; p = crd_makers_next(m, p)) {
		if (p->looks != hash || !may_match(ask, p, whole))
			continue;
		if (ask->fold != CRD_WORDS_CASE && same_letters(ask, p, k))
			return p;
		if (beats(p, best) && has_words(ask, p, k))
			best = p;
	}
	return best;
}

/* The longest pattern; *ret_k: its words. */
static const struct crd_pattern *find_longest(const struct ask *ask,
					      unsigned int *ret_k)
{
	const struct crd_words *w = ask->words;
	const struct crd_pattern *p, *best = NULL;
	unsigned int k, name = crd_words_name(w);
	struct crd_words looks;
	uint32_t hash = CRD_MAKERS_SEED;
	size_t from = 0;

	crd_words_look(w, &looks);
	if (looks.n)
		crd_makers_want(ask->reg, looks.text[0]);
	for (k = 1; k <= looks.n; k++) {
		hash = crd_makers_hash(hash, looks.text + from,
				       looks.end[k - 1] - from);
		from = looks.end[k - 1];
		p = find_words(ask, k, k == w->n || k == name, hash);
		if (p) {
			best = p;
			*ret_k = k;
		}
	}
	return best;
}

static void take(const struct crd_registry *reg, enum crd_maker_how how,
		 uint16_t entity, const char *scheme, struct crd_buf value,
		 struct crd_maker *ret)
{
	ret->how = how;
	ret->number = entity;
	ret->entity = reg->entities[entity].id;
	ret->scheme = scheme;
	snprintf(ret->value, sizeof(ret->value), "%.*s", CRD_FIELD(value));
}

/* Its entity is there, but where nobody checked it. */
static void take_pattern(const struct crd_registry *reg, enum crd_maker_how how,
			 const struct crd_pattern *p, struct crd_maker *ret)
{
	struct crd_row row;
	uint16_t entity = REG_NONE;

	if (!crd_table_row(&reg->identifiers_csv, p->row, &row, NULL))
		entity = crd_registry_entity_of(reg, row.field[2]);
	if (entity != REG_NONE)
		take(reg, how, entity, crd_scope_names[p->scope], row.field[1],
		     ret);
}

static bool take_value(const struct crd_registry *reg, enum crd_maker_how how,
		       const char *scheme, struct crd_buf value,
		       struct crd_maker *ret)
{
	uint16_t entity = crd_registry_find(reg, scheme, value);

	if (entity == REG_NONE)
		return false;
	take(reg, how, entity, scheme, value, ret);
	return true;
}

/* "Intel compatible" is not Intel's. */
static bool denies(const struct crd_words *w)
{
	static const char *const words[] = {
		"compatible", "compatibel", "compat",	   "clone",
		"replica",    "imitation",  "replacement", "fake",
	};
	unsigned int i;
	size_t k;

	for (i = 1; i < w->n; i++) {
		for (k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
			if (crd_word_is(w, i, words[k]))
				return true;
		}
	}
	return false;
}

/*
 * After no pattern fitted, whatever reads like one; after one did, whether the
 * whole text reads like a name of the registry that it is not.
 */
static bool find_twin(const struct ask *asked, struct crd_buf text,
		      bool whole_only, struct crd_maker *ret)
{
	struct ask ask = *asked;
	const struct crd_pattern *p;
	struct crd_words w;
	unsigned int k = 0;

	ask.fold = whole_only ? CRD_WORDS_LOOKS : CRD_WORDS_BARE;
	ask.exact = whole_only;
	ask.words = &w;
	if (!crd_words_of(text, ask.fold, &w) || !w.n)
		return false;
	p = find_longest(&ask, &k);
	if (!p || (whole_only && k < w.n) || same_letters(&ask, p, k))
		return false;
	take_pattern(ask.reg, CRD_MAKER_LOOK_ALIKE, p, ret);
	return true;
}

static void find_pattern(const struct ask *ask, struct crd_buf text,
			 struct crd_maker *ret)
{
	const struct crd_words *w = ask->words;
	const struct crd_pattern *p = NULL;
	unsigned int k = 0;

	if (denies(w))
		return;
	if (!w->strange)
		p = find_longest(ask, &k);
	if (!find_twin(ask, text, p != NULL, ret) && p)
		take_pattern(ask->reg, CRD_MAKER_PATTERN, p, ret);
}

/* Codes of memory makers. True: what the text is, is known. */
static bool find_jedec(const struct crd_registry *reg, struct crd_buf text,
		       struct crd_maker *ret)
{
	struct crd_jedec code;
	char value[16];

	switch (crd_jedec_parse(text, &code)) {
	case CRD_JEDEC_CODE:
		break;
	case CRD_JEDEC_EMPTY:
		ret->how = CRD_MAKER_PLACEHOLDER;
		return true;
	default:
		return false;
	}
	snprintf(value, sizeof(value), "%u:%02x", code.bank, code.code);
	take_value(reg, CRD_MAKER_JEDEC, "jedec", crd_buf_of(value), ret);
	return true;
}

static struct crd_buf trim(struct crd_buf text)
{
	while (text.len && text.ptr[0] == ' ') {
		text.ptr++;
		text.len--;
	}
	while (text.len && text.ptr[text.len - 1] == ' ')
		text.len--;
	return text;
}

void crd_maker_find(const struct crd_registry *registry, int smbios_type,
		    struct crd_buf text, struct crd_maker *ret_maker)
{
	struct crd_words words;
	struct ask ask = { registry,	  &words, CRD_WORDS_CASE,
			   CRD_SCOPE_ALL, false,  &words };
	const char *form;

	memset(ret_maker, 0, sizeof(*ret_maker));
	text = trim(text);
	if (take_value(registry, CRD_MAKER_EXACT, "smbios", text, ret_maker) ||
	    !crd_words_of(text, CRD_WORDS_CASE, &words))
		return;
	form = crd_maker_form(smbios_type, text);
	if (form) {
		take_value(registry, CRD_MAKER_FORM, "form", crd_buf_of(form),
			   ret_maker);
		return;
	}
	if (smbios_type == MEMORY_DEVICE) {
		ask.scope = CRD_SCOPE_MEMORY;
		/* before "unknown" is heard in "Unknown (2c00)" */
		if (find_jedec(registry, text, ret_maker))
			return;
	} else if (smbios_type == PORTABLE_BATTERY) {
		ask.scope = CRD_SCOPE_BATTERY;
	}
	if (crd_words_fill(text, &words) || crd_words_nobody(&words))
		ret_maker->how = CRD_MAKER_PLACEHOLDER;
	else
		find_pattern(&ask, text, ret_maker);
}

const char *crd_maker_how_name(enum crd_maker_how how)
{
	static const char *const names[] = { "unknown",	   "placeholder",
					     "look-alike", "exact",
					     "pattern",	   "form",
					     "jedec" };

	return (unsigned int)how < sizeof(names) / sizeof(names[0]) ?
		       names[how] :
		       "unknown";
}
