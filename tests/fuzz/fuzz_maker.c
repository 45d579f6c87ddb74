// SPDX-License-Identifier: Apache-2.0
/*
 * Texts of firmware: words, placeholders, JEDEC codes, makers. One byte is the
 * type of structure, the rest the text. What holds of every text is checked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attest/maker.h"
#include "attest/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char entities[] =
	"entity_id,name,parent_entity_id,hq_jurisdiction,ultimate_parent_jurisdiction,kind,confidence,basis,as_of\n"
	"dell,Dell,,US,US,vendor,high,x,2026-01-01\n"
	"intel,Intel,,US,US,vendor,high,x,2026-01-01\n"
	"samsung,Samsung,,KR,KR,vendor,high,x,2026-01-01\n";
static const char identifiers[] = "scheme,value,entity_id,source,note\n"
				  "form,hp-battery,intel,src,x\n"
				  "jedec,1:ce,samsung,src,x\n"
				  "smbios,\"Dell, Inc.\",dell,src,x\n"
				  "smbios,Intel,intel,src,x\n"
				  "words,dell *,dell,src,x\n"
				  "words,dell two words,intel,src,x\n"
				  "words,intel,intel,src,x\n"
				  "words-battery,smp *,samsung,src,x\n"
				  "words-memory,dell,samsung,src,x\n";
static const char lists[] =
	"list_id,title,authority,jurisdiction,effective_date,citation,prohibits\n";
static const char listings[] =
	"list_id,entity_id,effective_date,end_date,scope,citation,confidence\n";
static const char sources[] = "source_id,title,date,address\n"
			      "src,Source,2026-01-01,\n";
static const char release[] = "version,date\n1,2026-01-01\n";

static struct crd_buf buf(const char *text)
{
	return (struct crd_buf){ (const uint8_t *)text, strlen(text) };
}

static struct crd_registry *load(bool unchecked)
{
	struct crd_registry_files files = { buf(entities), buf(identifiers),
					    buf(lists),	   buf(listings),
					    buf(sources),  buf(release),
					    unchecked };
	struct crd_registry *reg = NULL;
	struct crd_error err = { .text = "" };

	if (crd_registry_load(&files, &reg, &err)) {
		fprintf(stderr, "%u: %s\n", err.line, err.text);
		abort();
	}
	return reg;
}

/* Each word looks like something, but perhaps one of another encoding. */
static void look(struct crd_buf text)
{
	struct crd_words words, looks, bare;
	bool plain = !memchr(text.ptr, '|', text.len);
	size_t i;

	for (i = 0; i < text.len; i++)
		plain = plain && text.ptr[i] < 0x80;
	if (!crd_words_of(text, CRD_WORDS_CASE, &words))
		return;
	crd_words_look(&words, &looks);
	if (looks.n > words.n || looks.len > WORDS_ROOM)
		abort();
	if (!plain || !crd_words_of(text, CRD_WORDS_BARE, &bare))
		return;
	if (looks.n != words.n || looks.len != bare.len ||
	    memcmp(looks.text, bare.text, bare.len) != 0)
		abort();
	if (looks.n &&
	    crd_words_looks_of((uint8_t)words.text[0]) != looks.text[0] &&
	    looks.text[0] != 'm' && looks.text[0] != 'w')
		abort();
}

/* Words are what they are made of: folding them again changes nothing. */
static void fold(struct crd_buf text, enum crd_words_fold how)
{
	struct crd_words once, twice;
	struct crd_buf all;
	unsigned int i;

	if (!crd_words_of(text, how, &once))
		return;
	for (i = 0; i < once.n; i++) {
		if (!crd_word(&once, i).len)
			abort();
	}
	if (crd_words_name(&once) > once.n || once.len > WORDS_ROOM)
		abort();
	all = (struct crd_buf){ (const uint8_t *)once.text, once.len };
	if (how != CRD_WORDS_CASE || !crd_words_of(all, how, &twice))
		return;
	if (twice.n != once.n || twice.len != once.len ||
	    memcmp(twice.text, once.text, once.len) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crd_registry *reg;
	struct crd_registry *later;
	struct crd_maker first, again;
	struct crd_jedec code;
	struct crd_buf text;

	if (!size)
		return 0;
	if (!reg)
		reg = load(false);
	text = (struct crd_buf){ data + 1, size - 1 };
	fold(text, CRD_WORDS_CASE);
	fold(text, CRD_WORDS_LOOKS);
	fold(text, CRD_WORDS_BARE);
	look(text);
	if (crd_jedec_parse(text, &code) == CRD_JEDEC_CODE &&
	    (!code.bank || !__builtin_parity(code.code)))
		abort();
	crd_maker_find(reg, data[0], text, &first);
	/* by one that reads no more than it must */
	later = load(true);
	crd_maker_find(later, data[0], text, &again);
	if (first.how != again.how || !first.entity != !again.entity ||
	    (first.entity && strcmp(first.entity, again.entity) != 0) ||
	    strcmp(first.value, again.value) != 0 ||
	    (first.how > CRD_MAKER_PLACEHOLDER) != (first.entity != NULL))
		abort();
	crd_registry_free(&later);
	/* what fills a field names nobody */
	if (crd_is_placeholder(text) && first.how != CRD_MAKER_PLACEHOLDER &&
	    first.how != CRD_MAKER_EXACT && first.how != CRD_MAKER_FORM &&
	    first.how != CRD_MAKER_JEDEC && size <= WORDS_MAX_TEXT)
		abort();
	return 0;
}
