// SPDX-License-Identifier: Apache-2.0
#include "modinfo.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_SECTIONS 16384
#define MAX_SECTION  (1u << 20) /* names, or .modinfo */

/* include/linux/module_signature.h: after the signature and its trailer */
#define MAGIC "~Module signature appended~\n"

static bool take(int fd, uint64_t at, void *to, size_t len)
{
	return at <= INT64_MAX && pread(fd, to, len, (off_t)at) == (ssize_t)len;
}

/* With a NUL behind it. */
static int section(int fd, const Elf64_Shdr *s, uint8_t **ret_bytes)
{
	uint8_t *bytes;

	if (s->sh_type == SHT_NOBITS)
		return -EBADMSG;
	if (s->sh_size > MAX_SECTION)
		return -E2BIG;
	bytes = malloc(s->sh_size + 1);
	if (!bytes)
		return -ENOMEM;
	if (!take(fd, s->sh_offset, bytes, s->sh_size)) {
		free(bytes);
		return -EBADMSG;
	}
	bytes[s->sh_size] = '\0';
	*ret_bytes = bytes;
	return 0;
}

/* All section headers, to be freed. */
static int section_headers(int fd, Elf64_Ehdr *head, Elf64_Shdr **ret_headers)
{
	size_t size;
	Elf64_Shdr *s;

	if (!take(fd, 0, head, sizeof(*head)) ||
	    memcmp(head->e_ident, ELFMAG, SELFMAG) ||
	    head->e_ident[EI_CLASS] != ELFCLASS64 ||
	    head->e_ident[EI_DATA] != ELFDATA2LSB ||
	    head->e_shentsize != sizeof(*s) || !head->e_shnum ||
	    head->e_shstrndx >= head->e_shnum)
		return -EBADMSG;
	if (head->e_shnum > MAX_SECTIONS)
		return -E2BIG;
	size = head->e_shnum * sizeof(*s);
	s = malloc(size);
	if (!s)
		return -ENOMEM;
	if (!take(fd, head->e_shoff, s, size)) {
		free(s);
		return -EBADMSG;
	}
	*ret_headers = s;
	return 0;
}

int crd_modinfo_read(int fd, uint8_t **ret_section, size_t *ret_len)
{
	Elf64_Shdr *s = NULL, *found = NULL;
	uint8_t *names = NULL;
	Elf64_Ehdr head;
	unsigned int i;
	int r;

	r = section_headers(fd, &head, &s);
	if (!r)
		r = section(fd, &s[head.e_shstrndx], &names);
	for (i = 0; !r && !found && i < head.e_shnum; i++) {
		if (s[i].sh_name < s[head.e_shstrndx].sh_size &&
		    !strcmp((char *)names + s[i].sh_name, ".modinfo"))
			found = &s[i];
	}
	if (!r)
		r = found ? section(fd, found, ret_section) : -EBADMSG;
	if (!r)
		*ret_len = found->sh_size;
	free(names);
	free(s);
	return r;
}

bool crd_modinfo_signed(int fd)
{
	char end[sizeof(MAGIC) - 1];
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_size > (off_t)sizeof(end) &&
	       take(fd, (uint64_t)st.st_size - sizeof(end), end, sizeof(end)) &&
	       !memcmp(end, MAGIC, sizeof(end));
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
