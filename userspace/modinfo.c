// SPDX-License-Identifier: Apache-2.0
#include "modinfo.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

/* Copies, so that a section that is not aligned does no harm. */
static bool take(struct crd_buf file, uint64_t at, void *to, size_t len)
{
	if (at > file.len || file.len - at < len)
		return false;
	memcpy(to, file.ptr + at, len);
	return true;
}

static bool section(struct crd_buf file, const Elf64_Shdr *s,
		    struct crd_buf *ret)
{
	if (s->sh_type == SHT_NOBITS || s->sh_offset > file.len ||
	    file.len - s->sh_offset < s->sh_size)
		return false;
	*ret = (struct crd_buf){ file.ptr + s->sh_offset, s->sh_size };
	return true;
}

static bool named(struct crd_buf names, uint32_t at, const char *name)
{
	size_t len = strlen(name) + 1;

	return at < names.len && names.len - at >= len &&
	       !memcmp(names.ptr + at, name, len);
}

int crd_modinfo_find(struct crd_buf module, struct crd_buf *ret_section)
{
	struct crd_buf names;
	Elf64_Ehdr head;
	Elf64_Shdr s;
	uint64_t at;
	unsigned int i;

	if (!take(module, 0, &head, sizeof(head)) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) ||
	    head.e_ident[EI_CLASS] != ELFCLASS64 ||
	    head.e_ident[EI_DATA] != ELFDATA2LSB ||
	    head.e_shentsize != sizeof(s) || head.e_shoff > module.len)
		return -EBADMSG;
	at = head.e_shoff;
	if (!take(module, at + (uint64_t)head.e_shstrndx * sizeof(s), &s,
		  sizeof(s)) ||
	    !section(module, &s, &names))
		return -EBADMSG;
	for (i = 0; i < head.e_shnum; i++, at += sizeof(s)) {
		if (!take(module, at, &s, sizeof(s)))
			return -EBADMSG;
		if (named(names, s.sh_name, ".modinfo"))
			return section(module, &s, ret_section) ? 0 : -EBADMSG;
	}
	return -EBADMSG;
}

bool crd_modinfo_next(struct crd_buf *left, const char *key,
		      struct crd_buf *ret_value)
{
	size_t key_len = strlen(key);

	while (left->len) {
		const uint8_t *text = left->ptr;
		size_t len = strnlen((const char *)text, left->len);
		size_t step = len < left->len ? len + 1 : len;

		left->ptr += step;
		left->len -= step;
		if (len <= key_len || memcmp(text, key, key_len) ||
		    text[key_len] != '=')
			continue;
		*ret_value = (struct crd_buf){ text + key_len + 1,
					       len - key_len - 1 };
		return true;
	}
	return false;
}
