// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find the appended signature, the GNU build id and .modinfo in the image of
 * a module. Whatever does not hold is left out; that is no error, the kernel
 * will refuse such an image and its digest is recorded all the same.
 */
#include <linux/ctype.h>
#include <linux/elf.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/tpm.h>
#include <linux/unaligned.h>
#include "image.h"
#include "procfile.h"

/* struct module_signature, from the end of the image */
#define CRD_SIG_MARK	"~Module signature appended~\n"
#define CRD_SIG_MARKLEN	(sizeof(CRD_SIG_MARK) - 1)
#define CRD_SIG_INFO	12
#define CRD_SIG_ID_TYPE	2	/* offset */
#define CRD_SIG_LEN	8	/* offset */
#define CRD_SIG_PKCS7	2

/*
 * Of the object identifiers 2.16.840.1.101.3.4.2.N, in DER, N = 2 is SHA-384
 * and 3 is SHA-512. That it is named is enough: whose hash it is in the end,
 * who checks the signature will see.
 */
static u16 crd_image_sig_hash(const u8 *sig, size_t len)
{
	static const u8 sha2[] = { 0x06, 0x09, 0x60, 0x86, 0x48,
				   0x01, 0x65, 0x03, 0x04, 0x02 };
	size_t i;

	for (i = 0; i + sizeof(sha2) < min_t(size_t, len, CRD_MAX_SIGNATURE);
	     i++) {
		if (memcmp(sig + i, sha2, sizeof(sha2)))
			continue;
		if (sig[i + sizeof(sha2)] == 2)
			return TPM_ALG_SHA384;
		if (sig[i + sizeof(sha2)] == 3)
			return TPM_ALG_SHA512;
	}
	return 0;
}

/* Bytes in front of the signature; all of them if it is not sound. */
static void crd_image_signature(struct crd_image *im, const u8 *data,
				size_t len)
{
	const u8 *info;
	size_t left = len;
	size_t sig_len;

	im->payload = len;
	if (left < CRD_SIG_MARKLEN + CRD_SIG_INFO ||
	    memcmp(data + left - CRD_SIG_MARKLEN, CRD_SIG_MARK,
		   CRD_SIG_MARKLEN))
		return;
	left -= CRD_SIG_MARKLEN + CRD_SIG_INFO;
	info = data + left;
	sig_len = get_unaligned_be32(info + CRD_SIG_LEN);
	if (info[CRD_SIG_ID_TYPE] != CRD_SIG_PKCS7 || !sig_len ||
	    sig_len > left)
		return;
	im->payload = left - sig_len;
	im->sig = data + im->payload;
	im->sig_len = sig_len;
	im->sig_hash = crd_image_sig_hash(im->sig, sig_len);
}

/* The image up to its signature, as the section headers see it. */
struct crd_elf {
	const u8 *data;
	size_t len;
	struct elf64_hdr eh;
	const u8 *names;
	size_t names_len;
};

static bool crd_elf_bytes(const struct crd_elf *elf,
			  const struct elf64_shdr *sh, const u8 **ret_data,
			  size_t *ret_len)
{
	if (sh->sh_type == SHT_NOBITS || sh->sh_offset > elf->len ||
	    sh->sh_size > elf->len - sh->sh_offset)
		return false;
	*ret_data = elf->data + sh->sh_offset;
	*ret_len = sh->sh_size;
	return true;
}

/* Section header @i; crd_elf_open() has checked that the table is there. */
static void crd_elf_section(const struct crd_elf *elf, unsigned int i,
			    struct elf64_shdr *ret_sh)
{
	memcpy(ret_sh, elf->data + elf->eh.e_shoff + i * sizeof(*ret_sh),
	       sizeof(*ret_sh));
}

static bool crd_elf_open(struct crd_elf *elf, const u8 *data, size_t len)
{
	struct elf64_shdr sh;

	elf->data = data;
	elf->len = len;
	if (len < sizeof(elf->eh))
		return false;
	memcpy(&elf->eh, data, sizeof(elf->eh));
	if (memcmp(elf->eh.e_ident, ELFMAG, SELFMAG) ||
	    elf->eh.e_ident[EI_CLASS] != ELFCLASS64 ||
	    elf->eh.e_shentsize != sizeof(sh) ||
	    elf->eh.e_shoff > len ||
	    elf->eh.e_shnum > (len - elf->eh.e_shoff) / sizeof(sh) ||
	    elf->eh.e_shstrndx >= elf->eh.e_shnum)
		return false;
	crd_elf_section(elf, elf->eh.e_shstrndx, &sh);
	return crd_elf_bytes(elf, &sh, &elf->names, &elf->names_len);
}

static bool crd_elf_named(const struct crd_elf *elf,
			  const struct elf64_shdr *sh, const char *name)
{
	size_t size = strlen(name) + 1;

	return sh->sh_name < elf->names_len &&
	       size <= elf->names_len - sh->sh_name &&
	       !memcmp(elf->names + sh->sh_name, name, size);
}

static bool crd_str_starts(const struct crd_str *str, const char *prefix)
{
	size_t len = strlen(prefix);

	return str->len >= len && !memcmp(str->text, prefix, len);
}

static void crd_image_add_vendor(struct crd_image *im, const char *bus,
				 const char *id)
{
	struct crd_vendor v;
	unsigned int i;

	snprintf(v.text, sizeof(v.text), "%s:%c%c%c%c", bus, tolower(id[0]),
		 tolower(id[1]), tolower(id[2]), tolower(id[3]));
	for (i = 0; i < im->vendors; i++)
		if (!strcmp(im->vendor[i].text, v.text))
			return;
	if (im->vendors == CRD_MAX_REPEAT)
		im->more_vendors = true;
	else
		im->vendor[im->vendors++] = v;
}

static bool crd_str_hex(const char *text, size_t len)
{
	while (len--)
		if (!isxdigit(*text++))
			return false;
	return true;
}

/* "pci:v000019E5d..." or "usb:v0BDAp..."; a vendor of "*" says nothing. */
static void crd_image_alias(struct crd_image *im, const struct crd_str *alias)
{
	if (crd_str_starts(alias, "pci:v0000") && alias->len >= 13 &&
	    crd_str_hex(alias->text + 9, 4))
		crd_image_add_vendor(im, "pci", alias->text + 9);
	else if (crd_str_starts(alias, "usb:v") && alias->len >= 9 &&
		 crd_str_hex(alias->text + 5, 4))
		crd_image_add_vendor(im, "usb", alias->text + 5);
}

static void crd_strs_add(struct crd_strs *strs, const struct crd_str *str)
{
	if (strs->n == CRD_MAX_REPEAT)
		strs->more = true;
	else
		strs->str[strs->n++] = *str;
}

static void crd_str_set(struct crd_str *to, const struct crd_str *str)
{
	if (!to->text)
		*to = *str;
}

static bool crd_str_key(const struct crd_str *key, const char *name)
{
	return key->len == strlen(name) && !memcmp(key->text, name, key->len);
}

static void crd_image_pair(struct crd_image *im, const struct crd_str *key,
			   const struct crd_str *value)
{
	const struct {
		const char *key;
		struct crd_str *one;
		struct crd_strs *many;
	} known[] = {
		{ "name", &im->name, NULL },
		{ "author", NULL, &im->author },
		{ "license", &im->license, NULL },
		{ "version", &im->version, NULL },
		{ "srcversion", &im->srcversion, NULL },
		{ "vermagic", &im->vermagic, NULL },
		{ "intree", &im->intree, NULL },
		{ "firmware", NULL, &im->firmware },
		{ "description", &im->description, NULL },
	};
	size_t i;

	if (crd_str_key(key, "alias")) {
		crd_image_alias(im, value);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (!crd_str_key(key, known[i].key))
			continue;
		if (known[i].one)
			crd_str_set(known[i].one, value);
		else
			crd_strs_add(known[i].many, value);
		return;
	}
}

/* NUL-separated key=value. The last may lack its NUL. */
static void crd_image_modinfo(struct crd_image *im, const u8 *data, size_t len)
{
	const char *p = (const char *)data;
	const char *end = p + len;

	while (p < end) {
		size_t n = strnlen(p, end - p);
		const char *eq = memchr(p, '=', n);

		if (eq) {
			struct crd_str key = { p, eq - p };
			struct crd_str value = { eq + 1, p + n - (eq + 1) };

			crd_image_pair(im, &key, &value);
		}
		p += n + 1;
	}
}

/**
 * crd_image_parse() - take an image apart
 * @im: set in full; what is not there, or not sound, is absent
 * @data: the image, of any bytes
 * @len: its length
 */
void crd_image_parse(struct crd_image *im, const u8 *data, size_t len)
{
	struct crd_elf elf;
	const u8 *part;
	struct elf64_shdr sh;
	unsigned int i;
	size_t n;

	memset(im, 0, sizeof(*im));
	crd_image_signature(im, data, len);
	if (!crd_elf_open(&elf, data, im->payload))
		return;
	for (i = 0; i < elf.eh.e_shnum; i++) {
		crd_elf_section(&elf, i, &sh);
		if (!crd_elf_bytes(&elf, &sh, &part, &n))
			continue;
		if (sh.sh_type == SHT_NOTE && !im->build_id)
			im->build_id_len = crd_note_build_id(part, n,
							     &im->build_id);
		else if (crd_elf_named(&elf, &sh, ".modinfo"))
			crd_image_modinfo(im, part, n);
	}
}

static void crd_image_put(struct crd_event *ev, u8 field,
			  const struct crd_str *str)
{
	if (str->text)
		crd_event_text(ev, field, str->text, str->len, CRD_MAX_TEXT);
}

static void crd_image_puts(struct crd_event *ev, u8 field,
			   const struct crd_strs *strs)
{
	unsigned int i;

	for (i = 0; i < strs->n; i++)
		crd_image_put(ev, field, &strs->str[i]);
	if (strs->more)
		crd_event_cut(ev, field);
}

/* The fields AUTHOR to ALIAS_VENDOR. */
void crd_image_info(const struct crd_image *im, struct crd_event *fields)
{
	unsigned int i;

	crd_image_puts(fields, CRD_F_AUTHOR, &im->author);
	crd_image_put(fields, CRD_F_LICENSE, &im->license);
	crd_image_put(fields, CRD_F_VERSION, &im->version);
	crd_image_put(fields, CRD_F_SRCVERSION, &im->srcversion);
	crd_image_put(fields, CRD_F_VERMAGIC, &im->vermagic);
	if (crd_str_key(&im->intree, "Y"))
		crd_event_uint(fields, CRD_F_INTREE, 1, 1);
	crd_image_puts(fields, CRD_F_FIRMWARE, &im->firmware);
	crd_image_put(fields, CRD_F_DESCRIPTION, &im->description);
	for (i = 0; i < im->vendors; i++)
		crd_event_str(fields, CRD_F_ALIAS_VENDOR, im->vendor[i].text);
	if (im->more_vendors)
		crd_event_cut(fields, CRD_F_ALIAS_VENDOR);
}
