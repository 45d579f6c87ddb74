// SPDX-License-Identifier: Apache-2.0
/* The numbers and texts in which bills of materials speak of parts. */
#include <errno.h>
#include <string.h>

#include "bid_private.h"

struct crd_buf crd_bid_trim(struct crd_buf text)
{
	while (text.len && text.ptr[0] <= ' ') {
		text.ptr++;
		text.len--;
	}
	while (text.len && text.ptr[text.len - 1] <= ' ')
		text.len--;
	return text;
}

size_t crd_bid_fold(struct crd_buf text, char *out, size_t size)
{
	size_t i, n = 0;

	for (i = 0; i < text.len && n + 1 < size; i++) {
		uint8_t c = text.ptr[i];

		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c >= 0x80)
			out[n++] = (char)c;
	}
	out[n] = '\0';
	return i == text.len ? n : 0;
}

bool crd_bid_is(struct crd_buf text, const char *folded)
{
	char word[64];

	return crd_bid_fold(text, word, sizeof(word)) && !strcmp(word, folded);
}

void crd_bid_item_init(struct crd_bid_item *item)
{
	*item = (struct crd_bid_item){
		.vendor = -1,
		.device = -1,
		.subvendor = -1,
		.subdevice = -1,
		.revision = -1,
		.class_code = -1,
		.quantity = 1,
	};
}

int crd_bid_set_text(struct crd_bid_reader *r, const char *what,
		     struct crd_buf *said, struct crd_buf text)
{
	text = crd_bid_trim(text);
	if (!text.len)
		return 0;
	if (said->len && !crd_buf_equal(*said, text))
		return crd_bid_fail(r, -EBADMSG,
				    "the %s is given twice, differently", what);
	*said = text;
	return 0;
}

int crd_bid_set_hex(struct crd_bid_reader *r, const char *what, int32_t *said,
		    struct crd_buf text, unsigned int max_digits)
{
	struct crd_buf hex = crd_bid_trim(text);
	int32_t value = 0;
	size_t i;

	if (!hex.len)
		return 0;
	if (hex.len > 2 && hex.ptr[0] == '0' && (hex.ptr[1] | 0x20) == 'x') {
		hex.ptr += 2;
		hex.len -= 2;
	}
	for (i = 0; i < hex.len && hex.len <= max_digits; i++) {
		if (crd_hex_any_digit(hex.ptr[i]) < 0)
			break;
		value = value << 4 | crd_hex_any_digit(hex.ptr[i]);
	}
	if (i != hex.len)
		return crd_bid_fail(
			r, -EBADMSG,
			"the %s '%.*s' is not 1 to %u hexadecimal digits", what,
			(int)(text.len > 40 ? 40 : text.len), text.ptr,
			max_digits);
	if (*said >= 0 && *said != value)
		return crd_bid_fail(r, -EBADMSG,
				    "the %s is given twice, differently", what);
	*said = value;
	return 0;
}

int crd_bid_set_quantity(struct crd_bid_reader *r, struct crd_bid_item *item,
			 struct crd_buf text)
{
	struct crd_buf digits = crd_bid_trim(text);
	uint32_t n = 0;
	size_t i;

	if (!digits.len)
		return 0;
	for (i = 0; i < digits.len && n <= CRD_MAX_BID_QUANTITY; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
			break;
		n = n * 10 + (digits.ptr[i] - '0');
	}
	if (i < digits.len && n <= CRD_MAX_BID_QUANTITY)
		return crd_bid_fail(r, -EBADMSG,
				    "the quantity '%.*s' is not a whole number",
				    (int)(text.len > 40 ? 40 : text.len),
				    text.ptr);
	if (n > CRD_MAX_BID_QUANTITY)
		return crd_bid_fail(r, -E2BIG, "the quantity is over %d",
				    CRD_MAX_BID_QUANTITY);
	if (!n)
		return crd_bid_fail(r, -EBADMSG, "the quantity is 0");
	item->quantity = n;
	return 0;
}

int crd_bid_set_bus(struct crd_bid_reader *r, struct crd_bid_item *item,
		    struct crd_buf text)
{
	static const struct {
		const char *word, *bus;
	} buses[] = {
		{ "pci", "pci" },  { "pcie", "pci" }, { "pciexpress", "pci" },
		{ "nvme", "pci" }, { "usb", "usb" },
	};
	size_t i;

	for (i = 0; i < sizeof(buses) / sizeof(buses[0]); i++) {
		if (!crd_bid_is(text, buses[i].word))
			continue;
		if (item->bus && strcmp(item->bus, buses[i].bus))
			return crd_bid_fail(r, -EBADMSG,
					    "says of itself pci and usb");
		item->bus = buses[i].bus;
	}
	return 0;
}

#define BIT(class) (1u << CRD_CLASS_##class)

enum { SMBIOS_SYSTEM = 1 };

static bool is_any_device(const struct crd_bid_word *is)
{
	return is->kind == CRD_KIND_DEVICE && !is->classes;
}

/* May a word that comes later say more than the one before? */
static bool refines(const struct crd_bid_word *is,
		    const struct crd_bid_word *more)
{
	if (is->kind == CRD_KIND_FIRMWARE) /* "firmware", then "BIOS" */
		return more->part == CRD_PART_SMBIOS && !more->smbios_type;
	/* "device", then "network card" or "battery" */
	return is_any_device(is) && !is_any_device(more);
}

/* What is said beside the word that counts. */
static void add_phrase(struct crd_bid_item *item,
		       const struct crd_bid_phrase *p)
{
	bool device = p->is->kind == CRD_KIND_DEVICE;

	if (item->is->kind == CRD_KIND_DEVICE && device) {
		item->classes |= p->classes;
		item->unclear |= p->unclear;
	} else if (item->is->kind == CRD_KIND_PLATFORM && device) {
		/* a board, or a radio? */
		item->unclear |= p->classes & BIT(WIRELESS) ||
				 (item->is->part && p->classes);
	}
}

void crd_bid_set_word(struct crd_bid_item *item, struct crd_buf text)
{
	struct crd_bid_phrase p;

	text = crd_bid_trim(text);
	if (!text.len)
		return;
	p = crd_bid_phrase(text);
	if (!p.is && (!item->is || is_any_device(item->is))) {
		item->word = text;
		item->unclear = true;
	} else if (p.is && (!item->is || refines(item->is, p.is))) {
		item->word = text;
		item->is = p.is;
		item->classes |= p.classes;
		item->unclear |= p.unclear;
	} else if (p.is) {
		add_phrase(item, &p);
	}
}

/* "4G" may be how large it is, but of a computer or a network card. */
static bool is_sized(const struct crd_bid_item *item, uint32_t classes)
{
	if (item->is && item->is->kind == CRD_KIND_PLATFORM)
		return item->is->part != CRD_PART_SMBIOS ||
		       item->is->smbios_type != SMBIOS_SYSTEM;
	return classes & ~(BIT(NETWORK) | BIT(WIRELESS));
}

void crd_bid_use_name(struct crd_bid_item *item)
{
	struct crd_bid_phrase p = crd_bid_phrase(item->name);
	uint32_t classes = item->classes | (item->is ? item->is->classes : 0);
	bool open = !classes && !p.unclear && item->class_code < 0;

	if (!p.is || (crd_bid_word_is_size(p.is) && is_sized(item, classes)))
		return;
	if (item->is && item->is->kind != CRD_KIND_DEVICE) {
		item->unclear |= item->is->part && p.classes & BIT(WIRELESS);
		return;
	}
	if (p.is->kind == CRD_KIND_DEVICE &&
	    (open || p.classes & BIT(WIRELESS))) {
		item->classes |= p.classes;
		if (!item->is)
			item->is = p.is;
	} else if (open && p.is->part == CRD_PART_TPM && !item->bus) {
		item->is = p.is;
	}
}

int crd_bid_set_hash(struct crd_bid_reader *r, struct crd_bid_item *item,
		     struct crd_buf alg, struct crd_buf hex)
{
	static const uint16_t algs[] = { CRD_ALG_SHA256, CRD_ALG_SHA384,
					 CRD_ALG_SHA512 };
	struct crd_digest d = { 0 };
	size_t i;

	for (i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		if (crd_bid_is(alg, crd_alg_name(algs[i])))
			d.alg = algs[i];
	}
	if (!d.alg) /* weak, or none that is measured */
		return 0;
	d.len = (uint16_t)crd_alg_size(d.alg);
	hex = crd_bid_trim(hex);
	if (hex.len != 2u * d.len ||
	    !crd_hex_read(hex, crd_hex_any_digit, d.bytes))
		return crd_bid_fail(r, -EBADMSG,
				    "a %s hash is not %u hexadecimal digits",
				    crd_alg_name(d.alg), 2u * d.len);
	if (item->digest.alg == d.alg && !crd_digest_equal(&item->digest, &d))
		return crd_bid_fail(r, -EBADMSG,
				    "the %s hash is given twice, differently",
				    crd_alg_name(d.alg));
	if (!item->digest.alg || d.alg < item->digest.alg)
		item->digest = d;
	return 0;
}

/* The next part of it, up to the sign. */
static struct crd_buf cut(struct crd_buf *left, char sign)
{
	struct crd_buf part = *left;
	const uint8_t *at = left->len ? memchr(left->ptr, sign, left->len) :
					NULL;

	if (!at) {
		*left = (struct crd_buf){ left->ptr + left->len, 0 };
		return part;
	}
	part.len = (size_t)(at - left->ptr);
	left->ptr += part.len + 1;
	left->len -= part.len + 1;
	return part;
}

/* cpe:2.3:h:intel:x710:... or cpe:/o:vendor:product:version */
void crd_bid_set_cpe(struct crd_bid_item *item, struct crd_buf cpe)
{
	struct crd_buf left = crd_bid_trim(cpe), lead, vendor, version;

	if (!left.len || !crd_buf_equal(cut(&left, ':'), crd_buf_of("cpe")))
		return;
	lead = cut(&left, ':');
	if (crd_buf_equal(lead, crd_buf_of("2.3")))
		cut(&left, ':');
	vendor = cut(&left, ':');
	cut(&left, ':');
	version = cut(&left, ':');
	/* * is any, - is none; a backslash is quoting of what follows */
	if (!item->maker.len && !item->supplier.len && vendor.len > 1 &&
	    !memchr(vendor.ptr, '\\', vendor.len))
		item->maker = vendor;
	if (!item->version.len && version.len > 1 &&
	    !memchr(version.ptr, '\\', version.len))
		item->version = version;
}

/* pkg:type/namespace/name@version?qualifiers#path */
void crd_bid_set_purl(struct crd_bid_item *item, struct crd_buf purl)
{
	struct crd_buf left = crd_bid_trim(purl), version;

	if (!left.len || !crd_buf_equal(cut(&left, ':'), crd_buf_of("pkg")))
		return;
	cut(&left, '@');
	version = cut(&left, '?');
	if (!item->version.len && version.len &&
	    !memchr(version.ptr, '%', version.len) &&
	    !memchr(version.ptr, '#', version.len))
		item->version = version;
}
