// SPDX-License-Identifier: Apache-2.0
/*
 * What a thing is, said in several words: "Intel Wi-Fi 6 card". Known words are
 * looked for among whole words, the longest first; what they are within is not
 * guessed at. Of several the last is what it is ("server memory"), but a radio
 * is one wherever it is said. Where words are joined, denied or of other
 * letters, what is understood may not be all: that is unclear.
 */
#include <string.h>

#include "bid_private.h"
#include "words.h"

/* Of how many words the longest known one is, "USB modem or serial port". */
enum { MAX_JOINED = 5, MAX_FOLDED = 64 };

#define BIT(class) (1u << CRD_CLASS_##class)

static bool is_among(struct crd_buf word, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (crd_buf_equal(word, crd_buf_of(list[i])))
			return true;
	}
	return false;
}

/* After these comes something else. */
static bool is_joint(struct crd_buf word)
{
	static const char *const list[] = { "and",  "with", "plus",	"or",
					    "incl", "for",  "including" };

	return is_among(word, list, sizeof(list) / sizeof(list[0]));
}

/* With these, what is said is not so, or not yet. */
static bool is_denial(struct crd_buf word)
{
	static const char *const list[] = {
		"no",	  "not",      "non",  "without", "ready",    "option",
		"header", "optional", "slot", "socket",	 "prepared",
	};

	return is_among(word, list, sizeof(list) / sizeof(list[0]));
}

/* What stands beside a word for a thing and changes nothing. */
static bool is_filler(struct crd_buf word)
{
	static const char *const list[] = {
		"card",	   "adapter",  "adaptor", "module",	"chip",
		"unit",	   "internal", "built",	  "in",		"integrated",
		"onboard", "external", "pci",	  "pcie",	"express",
		"usb",	   "m",	       "sata",	  "controller", "interface",
		"the",	   "a",	       "6e",	  "combo",	"device",
	};
	size_t i;

	for (i = 0; i < word.len; i++) {
		if (word.ptr[i] < '0' || word.ptr[i] > '9')
			return is_among(word, list,
					sizeof(list) / sizeof(list[0]));
	}
	return true;
}

/* Words i to i + n as one, and without the s of many. */
static const struct crd_bid_word *look_up(const struct crd_words *w,
					  unsigned int i, unsigned int n)
{
	const struct crd_bid_word *is;
	char folded[MAX_FOLDED];
	size_t len = 0, least = 0;

	for (; n; n--, i++) {
		struct crd_buf word = crd_word(w, i);

		if (word.len >= sizeof(folded) - len)
			return NULL;
		least = len; /* the last word is a part of it, or apart */
		memcpy(folded + len, word.ptr, word.len);
		len += word.len;
	}
	folded[len] = '\0';
	is = crd_bid_word_folded(folded, least);
	if (is || len < 4 || folded[len - 1] != 's')
		return is;
	folded[len - 1] = '\0';
	return crd_bid_word_folded(folded, least);
}

static const struct crd_bid_word *longest(const struct crd_words *w,
					  unsigned int i, unsigned int *ret_n)
{
	const struct crd_bid_word *is = NULL;
	unsigned int n = w->n - i < MAX_JOINED ? w->n - i : MAX_JOINED;

	while (n > 1 && !(is = look_up(w, i, n)))
		n--;
	*ret_n = n;
	return is ? is : look_up(w, i, 1);
}

static bool is_radio(const struct crd_bid_word *is)
{
	return is->classes & BIT(WIRELESS);
}

/* "device", "controller": whatever else is said says more. */
static bool is_vague(const struct crd_bid_word *is)
{
	return is->kind == CRD_KIND_DEVICE && !(is->classes & ~BIT(CONTROLLER));
}

static bool is_nothing(const struct crd_bid_word *is)
{
	return is->kind == CRD_KIND_PLATFORM && !is->part;
}

static bool is_software(const struct crd_bid_word *is)
{
	return is->kind <= CRD_KIND_FIRMWARE;
}

static bool same_sort(const struct crd_bid_word *a,
		      const struct crd_bid_word *b)
{
	return a->kind == b->kind && a->part == b->part &&
	       a->smbios_type == b->smbios_type &&
	       (a->classes == b->classes || is_radio(a) || is_radio(b));
}

/* Both stand there, b later. Which of them it is, and whether that is clear. */
static void both(struct crd_bid_phrase *p, const struct crd_bid_word *b,
		 bool turned)
{
	const struct crd_bid_word *a = p->is;

	if (!a || is_vague(a) || (is_radio(b) && same_sort(a, b))) {
		p->is = b;
		return;
	}
	if (is_vague(b) || same_sort(a, b))
		return;
	p->unclear |= turned;
	if (is_radio(a) || is_radio(b)) {
		/* "Wi-Fi firmware" is none */
		if (is_software(b) && !turned) {
			p->is = b;
			return;
		}
		p->unclear |= a->kind != b->kind;
		p->is = is_radio(a) ? a : b;
	} else if (is_nothing(b) && a->classes) {
		p->unclear = true; /* "camera sensor" */
	} else if (!turned) {
		p->is = b;
	}
}

bool crd_bid_word_is_size(const struct crd_bid_word *is)
{
	return is->word[0] >= '2' && is->word[0] <= '6' &&
	       !strcmp(is->word + 1, "g");
}

/* "4G" of memory is how large it is. */
static bool is_size(const struct crd_words *w)
{
	unsigned int i, n;

	for (i = 0; i < w->n; i += n) {
		const struct crd_bid_word *is = longest(w, i, &n);

		if (is &&
		    ((is->part == CRD_PART_SMBIOS && is->smbios_type == 17) ||
		     is->classes & (BIT(STORAGE) | BIT(DISPLAY))))
			return true;
	}
	return false;
}

static bool has_other_letters(const struct crd_words *w)
{
	size_t i;

	for (i = 0; i < w->len; i++) {
		if ((uint8_t)w->text[i] >= 0x80)
			return true;
	}
	return w->strange;
}

/* "SSD, network card", "network card + SSD" */
static bool has_sign(struct crd_buf text, const char *signs)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] && strchr(signs, text.ptr[i]))
			return true;
	}
	return false;
}

/* The words one after the other. */
static void read_words(struct crd_bid_phrase *p, const struct crd_words *w,
		       struct crd_buf text)
{
	bool joined = has_sign(text, "+&"), turned = joined;
	const struct crd_bid_word *is;
	bool strange = false;
	unsigned int i, n;

	turned |= has_sign(text, "/,;|");
	for (i = 0; i < w->n; i += n) {
		is = longest(w, i, &n);
		if (is && !(crd_bid_word_is_size(is) && is_size(w))) {
			both(p, is, turned);
			p->classes |= is->classes;
		} else if (is_joint(crd_word(w, i))) {
			joined = turned = true;
		} else if (is_denial(crd_word(w, i))) {
			p->unclear = true;
		} else if (!is_filler(crd_word(w, i))) {
			strange = true;
		}
	}
	p->unclear |= joined && strange;
	p->whole = p->is && !strange;
}

struct crd_bid_phrase crd_bid_phrase(struct crd_buf text)
{
	struct crd_bid_phrase p = { .is = crd_bid_word(text), .whole = true };
	struct crd_words w;

	if (p.is) {
		p.classes = p.is->classes;
		return p;
	}
	p.whole = false;
	if (!crd_words_of(text, CRD_WORDS_CASE, &w))
		return p;
	p.unclear = has_other_letters(&w);
	read_words(&p, &w, text);
	if (!p.is || p.is->kind != CRD_KIND_DEVICE)
		p.classes = 0;
	else if (!is_vague(p.is))
		p.classes &= ~BIT(CONTROLLER) | p.is->classes;
	return p;
}
