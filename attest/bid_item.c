// SPDX-License-Identifier: Apache-2.0
/*
 * The words and numbers in which bills of materials speak of parts. A word
 * counts if it is the whole of what stands there: nothing is guessed from
 * words within a sentence.
 */
#include <errno.h>
#include <string.h>

#include "bid_private.h"

#define BIT(class)	 (1u << CRD_CLASS_##class)
#define NONE		 CRD_KIND_PLATFORM, 0, 0, CRD_SEEN_NEVER, 0
#define SMBIOS(type)	 CRD_KIND_PLATFORM, CRD_PART_SMBIOS, type, CRD_SEEN, 0
#define DEVICE(classes)	 CRD_KIND_DEVICE, 0, 0, CRD_SEEN, classes
#define PERHAPS(classes) CRD_KIND_DEVICE, 0, 0, CRD_SEEN_PERHAPS, classes
#define UNSEEN(classes)	 CRD_KIND_DEVICE, 0, 0, CRD_SEEN_NEVER, classes

/*
 * PERHAPS: a disk on NVMe is a device of its own, one on SATA is not; USB
 * devices are seen if they are plugged in. UNSEEN: on no bus that is measured.
 */
static const struct crd_bid_word words[] = {
	{ "bios", SMBIOS(0) },
	{ "uefi", SMBIOS(0) },
	{ "uefifirmware", SMBIOS(0) },
	{ "systemfirmware", SMBIOS(0) },
	{ "system", SMBIOS(1) },
	{ "computer", SMBIOS(1) },
	{ "desktop", SMBIOS(1) },
	{ "laptop", SMBIOS(1) },
	{ "notebook", SMBIOS(1) },
	{ "server", SMBIOS(1) },
	{ "workstation", SMBIOS(1) },
	{ "board", SMBIOS(2) },
	{ "baseboard", SMBIOS(2) },
	{ "mainboard", SMBIOS(2) },
	{ "motherboard", SMBIOS(2) },
	{ "systemboard", SMBIOS(2) },
	{ "chassis", SMBIOS(3) },
	{ "case", SMBIOS(3) },
	{ "enclosure", SMBIOS(3) },
	{ "cpu", SMBIOS(4) },
	{ "processor", SMBIOS(4) },
	{ "memory", SMBIOS(17) },
	{ "memorymodule", SMBIOS(17) },
	{ "dimm", SMBIOS(17) },
	{ "sodimm", SMBIOS(17) },
	{ "ram", SMBIOS(17) },
	{ "tpm", CRD_KIND_PLATFORM, CRD_PART_TPM, 0, CRD_SEEN, 0 },
	{ "driver", CRD_KIND_DRIVER, 0, 0, CRD_SEEN, 0 },
	{ "devicedriver", CRD_KIND_DRIVER, 0, 0, CRD_SEEN, 0 },
	{ "kernelmodule", CRD_KIND_DRIVER, 0, 0, CRD_SEEN, 0 },
	{ "firmware", CRD_KIND_FIRMWARE, 0, 0, CRD_SEEN, 0 },
	{ "device", DEVICE(0) },
	{ "pcidevice", DEVICE(0) },
	{ "usbdevice", PERHAPS(0) },
	{ "network", DEVICE(BIT(NETWORK)) },
	{ "networkadapter", DEVICE(BIT(NETWORK)) },
	{ "networkcard", DEVICE(BIT(NETWORK)) },
	{ "networkinterface", DEVICE(BIT(NETWORK)) },
	{ "ethernet", DEVICE(BIT(NETWORK)) },
	{ "ethernetcontroller", DEVICE(BIT(NETWORK)) },
	{ "lan", DEVICE(BIT(NETWORK)) },
	{ "nic", DEVICE(BIT(NETWORK)) },
	{ "wireless", DEVICE(BIT(NETWORK) | BIT(WIRELESS)) },
	{ "wifi", DEVICE(BIT(NETWORK) | BIT(WIRELESS)) },
	{ "wlan", DEVICE(BIT(NETWORK) | BIT(WIRELESS)) },
	{ "modem", PERHAPS(BIT(NETWORK) | BIT(WIRELESS)) },
	{ "wwan", PERHAPS(BIT(NETWORK) | BIT(WIRELESS)) },
	{ "bluetooth", PERHAPS(BIT(WIRELESS)) },
	{ "bluetoothcontroller", PERHAPS(BIT(WIRELESS)) },
	{ "storage", PERHAPS(BIT(STORAGE)) },
	{ "disk", PERHAPS(BIT(STORAGE)) },
	{ "drive", PERHAPS(BIT(STORAGE)) },
	{ "harddisk", PERHAPS(BIT(STORAGE)) },
	{ "hdd", PERHAPS(BIT(STORAGE)) },
	{ "ssd", PERHAPS(BIT(STORAGE)) },
	{ "nvme", DEVICE(BIT(STORAGE)) },
	{ "nvmessd", DEVICE(BIT(STORAGE)) },
	{ "storagecontroller", DEVICE(BIT(STORAGE)) },
	{ "raidcontroller", DEVICE(BIT(STORAGE)) },
	{ "usbstorage", PERHAPS(BIT(STORAGE) | BIT(USB_STORAGE)) },
	{ "display", PERHAPS(BIT(DISPLAY)) },
	{ "displayadapter", DEVICE(BIT(DISPLAY)) },
	{ "graphics", DEVICE(BIT(DISPLAY)) },
	{ "graphicscard", DEVICE(BIT(DISPLAY)) },
	{ "gpu", DEVICE(BIT(DISPLAY)) },
	{ "videocard", DEVICE(BIT(DISPLAY)) },
	{ "monitor", UNSEEN(BIT(DISPLAY)) },
	{ "displayconnector", UNSEEN(BIT(DISPLAY)) },
	{ "audio", DEVICE(BIT(AUDIO)) },
	{ "audiocontroller", DEVICE(BIT(AUDIO)) },
	{ "soundcard", DEVICE(BIT(AUDIO)) },
	{ "audiodevice", UNSEEN(BIT(AUDIO)) },
	{ "camera", PERHAPS(BIT(CAMERA)) },
	{ "webcam", PERHAPS(BIT(CAMERA)) },
	{ "input", PERHAPS(BIT(INPUT)) },
	{ "keyboard", PERHAPS(BIT(INPUT) | BIT(KEYBOARD)) },
	{ "mouse", PERHAPS(BIT(INPUT) | BIT(MOUSE)) },
	{ "printer", PERHAPS(BIT(PRINTER)) },
	{ "smartcard", PERHAPS(BIT(SMARTCARD)) },
	{ "smartcardreader", PERHAPS(BIT(SMARTCARD)) },
	{ "serial", DEVICE(BIT(SERIAL)) },
	{ "crypto", DEVICE(BIT(CRYPTO)) },
	{ "accelerator", DEVICE(BIT(PROCESSOR)) },
	{ "bridge", DEVICE(BIT(BRIDGE)) },
	{ "controller", DEVICE(BIT(CONTROLLER)) },
	{ "bus", DEVICE(BIT(CONTROLLER)) },
	{ "usbcontroller", DEVICE(BIT(CONTROLLER)) },
	{ "hub", PERHAPS(BIT(HUB)) },
	{ "battery", NONE },
	{ "cable", NONE },
	{ "fan", NONE },
	{ "power", NONE },
	{ "poweradapter", NONE },
	{ "powersupply", NONE },
	{ "psu", NONE },
	{ "sensor", NONE },
	{ "thermalzone", NONE },
	{ "operatingsystem", NONE },
	{ "os", NONE },
	{ "application", NONE },
	{ "container", NONE },
	{ "cryptographicasset", NONE },
	{ "data", NONE },
	{ "file", NONE },
	{ "framework", NONE },
	{ "library", NONE },
	{ "machinelearningmodel", NONE },
	{ "platform", NONE },
	{ "software", NONE },
};

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

const struct crd_bid_word *crd_bid_word(struct crd_buf text)
{
	char folded[64];
	size_t i;

	if (!crd_bid_fold(text, folded, sizeof(folded)))
		return NULL;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(folded, words[i].word))
			return &words[i];
	}
	return NULL;
}

const struct crd_bid_word *crd_bid_word_smbios(uint8_t type)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].part == CRD_PART_SMBIOS &&
		    words[i].smbios_type == type)
			return &words[i];
	}
	return crd_bid_word(crd_buf_of("platform"));
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

/* May a word that comes later say more than the one before? */
static bool refines(const struct crd_bid_word *is,
		    const struct crd_bid_word *more)
{
	if (is->kind == CRD_KIND_FIRMWARE) /* "firmware", then "BIOS" */
		return more->part == CRD_PART_SMBIOS && !more->smbios_type;
	/* "device", then "network card" or "battery" */
	return is->kind == CRD_KIND_DEVICE && !is->classes &&
	       (more->kind != CRD_KIND_DEVICE || more->classes);
}

void crd_bid_set_word(struct crd_bid_item *item, struct crd_buf text)
{
	const struct crd_bid_word *is;

	text = crd_bid_trim(text);
	is = crd_bid_word(text);
	if (!text.len || (item->is && (!is || !refines(item->is, is))))
		return;
	item->word = text;
	item->is = is;
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
